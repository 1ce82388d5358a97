/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-words.h"

#include <string.h>

#include <glib/gi18n.h>

#include "tea-event-details.h"
#include "tea-text.h"

/* So many characters tell which message is meant. */
#define QUOTE_MAX 40

static char *
make_safe (const char *text)
{
  return text != NULL ? tea_text_make_safe (text) : NULL;
}

static char *
make_number (guint64 seq)
{
  return g_strdup_printf ("#%" G_GUINT64_FORMAT, seq);
}

/* How a message begins; NULL where nothing is known of it, or left. */
static char *
make_quote (const TeaMessageFacts *message)
{
  g_autofree char *line = NULL;
  g_autofree char *safe = NULL;

  if (message == NULL || message->text == NULL || message->removed_by != NULL)
    return NULL;

  line = g_strndup (message->text, strcspn (message->text, "\r\n"));
  if (g_utf8_strlen (line, -1) > QUOTE_MAX)
    {
      g_autofree char *beginning = g_utf8_substring (line, 0, QUOTE_MAX);

      g_free (line);
      line = g_strconcat (beginning, "…", NULL);
    }
  safe = make_safe (line);

  return g_steal_pointer (&safe);
}

/* What is said, and to what it answers. */
static char *
format_said (const TeaMessageFacts *message, const TeaMessageFacts *target, const char *text)
{
  g_autofree char *author = make_safe (message->author);
  g_autofree char *number = make_number (message->reply);
  g_autofree char *quote = make_quote (target);
  g_autofree char *other = target != NULL ? make_safe (target->author) : NULL;

  if (message->reply == 0)
    return tea_text_format ("%s ： %s", author, text);
  if (quote == NULL)
    /* Translators: somebody, the number of the message that they answer, their answer */
    return tea_text_format (_ ("%s to %s ： %s"), author, number, text);

  /* Translators: somebody, whom they answer, how that begins, their answer */
  return tea_text_format (_ ("%s to %s (“%s”) ： %s"), author, other, quote, text);
}

static void
append_reactions (GString *line, GPtrArray *reactions)
{
  for (guint i = 0; reactions != NULL && i < reactions->len; i++)
    {
      TeaReaction *reaction = g_ptr_array_index (reactions, i);
      g_autofree char *emoji = make_safe (tea_reaction_get_emoji (reaction));

      g_string_append_printf (line, "  %s %u", emoji, tea_reaction_get_count (reaction));
    }
}

static char *
make_text (const TeaMessageFacts *message)
{
  g_autofree char *text = make_safe (message->text);
  g_autofree char *remover = make_safe (message->removed_by);

  if (remover != NULL)
    return g_strcmp0 (message->removed_by, message->author) == 0
               ? g_strdup (_ ("(removed)"))
               : tea_text_format (_ ("(removed by %s)"), remover);

  return message->edited != 0 ? tea_text_format (_ ("%s (edited)"), text) : g_steal_pointer (&text);
}

/* What became of a room, as far as somebody has to know it. */
static char *
format_settings (TeaEventDetails *details, const char *author)
{
  const char *title = tea_event_details_get_title (details);
  guint slow_mode = tea_event_details_get_slow_mode (details);
  g_autofree char *safe
      = make_safe (*title != '\0' ? title : tea_event_details_get_address (details));

  if (slow_mode == 0)
    return tea_text_format (_ ("%s lets members speak without waiting"), author);
  if (slow_mode != TEA_SLOW_UNCHANGED)
    return tea_text_format (ngettext ("%s lets members wait %u second between messages",
                                      "%s lets members wait %u seconds between messages",
                                      slow_mode),
                            author, slow_mode);

  return tea_text_format (_ ("%s changed the settings of the room; it is called “%s”"), author,
                          safe);
}

static char *
format_archived (TeaEventDetails *details, const char *author)
{
  return tea_event_details_get_is_set (details)
             ? tea_text_format (_ ("%s archived the room: nobody can say anything there"), author)
             : tea_text_format (_ ("%s opened the archived room again"), author);
}

static char *
format_reacted (TeaEventDetails *details,
                const char *author,
                const char *emoji,
                const char *number,
                const TeaMessageFacts *target)
{
  g_autofree char *quote = make_quote (target);
  g_autofree char *safe = make_safe (emoji);

  if (!tea_event_details_get_is_set (details))
    return tea_text_format (_ ("%s took %s back from %s"), author, safe, number);
  if (quote == NULL)
    return tea_text_format (_ ("%s reacted with %s to %s"), author, safe, number);

  return tea_text_format (_ ("%s reacted with %s to “%s” (%s)"), author, safe, quote, number);
}

static char *
format_pinned (TeaEventDetails *details,
               const char *author,
               const char *number,
               const TeaMessageFacts *target)
{
  g_autofree char *quote = make_quote (target);

  if (!tea_event_details_get_is_set (details))
    return tea_text_format (_ ("%s unpinned %s"), author, number);
  if (quote == NULL)
    return tea_text_format (_ ("%s pinned %s"), author, number);

  return tea_text_format (_ ("%s pinned “%s” (%s)"), author, quote, number);
}

static char *
format_removed (TeaEvent *event, const char *author, const TeaMessageFacts *target)
{
  g_autofree char *number = make_number (tea_event_get_target (event));
  g_autofree char *other = target != NULL ? make_safe (target->author) : NULL;

  if (other == NULL || g_strcmp0 (target->author, tea_event_get_author (event)) == 0)
    return tea_text_format (_ ("%s removed %s"), author, number);

  return tea_text_format (_ ("%s removed %s, which %s had said"), author, number, other);
}

/* What is more than a text. */
static char *
format_details (TeaEvent *event,
                const char *author,
                const char *number,
                const TeaMessageFacts *target)
{
  g_autoptr (TeaEventDetails) details = tea_event_details_new (event);
  g_autofree char *sentence = NULL;

  if (details != NULL)
    switch ((guint) tea_event_get_kind (event))
      {
      case TEA_EVENT_SETTINGS:
        return format_settings (details, author);
      case TEA_EVENT_ARCHIVED:
        return format_archived (details, author);
      case TEA_EVENT_REACTED:
        return format_reacted (details, author, tea_event_get_text (event), number, target);
      case TEA_EVENT_PINNED:
        return format_pinned (details, author, number, target);
      default:
        break;
      }

  sentence = tea_event_details_describe (event);

  return make_safe (sentence);
}

/**
 * tea_event_words_format:
 * @event: what happened
 * @target: (nullable): what is known of the message that it is about
 *
 * Returns: (transfer full) (nullable): the event in words, without a line break at its end; %NULL
 *   where it is nothing to people
 */
char *
tea_event_words_format (TeaEvent *event, const TeaMessageFacts *target)
{
  g_autofree char *author = NULL;
  g_autofree char *text = NULL;
  g_autofree char *number = NULL;
  TeaMessageFacts message;

  g_return_val_if_fail (event != NULL, NULL);

  author = make_safe (tea_event_get_author (event));
  text = make_safe (tea_event_get_text (event));
  number = make_number (tea_event_get_target (event));

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      return tea_text_format (_ ("%s entered the room"), author);
    case TEA_EVENT_LEFT:
      return tea_text_format (_ ("%s left the room"), author);
    case TEA_EVENT_MESSAGE:
      message = tea_message_facts_of_event (event);
      return tea_event_words_format_message (&message, target, FALSE);
    case TEA_EVENT_REFUSED:
      return tea_text_format (_ ("The server refused: %s"), text);
    case TEA_EVENT_NOTICE:
      return g_steal_pointer (&text);
    case TEA_EVENT_INVITED:
      return text != NULL && *text != '\0' ? tea_text_format (_ ("%s invited %s"), author, text)
                                           : tea_text_format (_ ("%s invited somebody"), author);
    case TEA_EVENT_EDITED:
      /* Translators: somebody, the number of their message, what it says now */
      return tea_text_format (_ ("%s edited %s ： %s"), author, number, text);
    case TEA_EVENT_REMOVED:
      return format_removed (event, author, target);
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_PINNED:
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_ROLE:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
      return format_details (event, author, number, target);
    case TEA_EVENT_OTHER:
    default:
      return NULL;
    }
}

/**
 * tea_event_words_format_message:
 * @message: a message
 * @target: (nullable): what is known of the message that it answers
 * @is_numbered: whether its number stands in front
 *
 * Returns: (transfer full): the message as it is now, without a line break at its end
 */
char *
tea_event_words_format_message (const TeaMessageFacts *message,
                                const TeaMessageFacts *target,
                                gboolean is_numbered)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *said = NULL;

  g_return_val_if_fail (message != NULL, NULL);

  text = make_text (message);
  said = format_said (message, target, text);
  if (is_numbered)
    g_string_append_printf (line, "#%" G_GUINT64_FORMAT " ", message->seq);
  g_string_append (line, said);
  append_reactions (line, message->reactions);

  return g_string_free (g_steal_pointer (&line), FALSE);
}
