/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-rules.h"

#include <string.h>

#include "tea-event-data.h"
#include "tea-limits.h"

static gboolean
is_removed (TeaMessageForm *form)
{
  return tea_message_form_get_removed_by (form) != NULL;
}

static const char *
check_form (const TeaEventFields *fields)
{
  TeaMessageForm *form = fields->form;
  gint64 edited = tea_message_form_get_edited (form);
  GPtrArray *reactions = tea_message_form_get_reactions (form);

  if (fields->kind != TEA_EVENT_MESSAGE || fields->data != NULL)
    return "only messages have a form";
  if (edited < 0 || edited > TEA_EVENT_MAX_TIME)
    return "the time is within 1970 and 9999";
  if (reactions->len > TEA_MESSAGE_MAX_EMOJIS)
    return "a message has at most 20 emojis";
  for (guint i = 0; i < reactions->len; i++)
    {
      const char *emoji = tea_reaction_get_emoji (reactions->pdata[i]);

      if (*emoji == '\0' || strlen (emoji) > TEA_EMOJI_MAX_BYTES)
        return "the emoji is there and fits";
    }
  if (!is_removed (form))
    return NULL;

  if (strlen (tea_message_form_get_removed_by (form)) > TEA_WIRE_NAME_MAX_BYTES)
    return "the name fits";
  if ((fields->text != NULL && *fields->text != '\0') || edited != 0 || reactions->len > 0)
    return "of what was removed nothing is left";

  return NULL;
}

/**
 * tea_event_rules_check_saying:
 * @kind: what is done
 * @text: (nullable): with which text; %NULL or `""` for none
 * @data: (nullable): with which data; %NULL for none
 *
 * Tells which rule is broken by what somebody wants to make an event of.
 *
 * Returns: (nullable): the rule; %NULL if all are kept
 */
const char *
tea_event_rules_check_saying (TeaEventKind kind, const char *text, GBytes *data)
{
  if (text == NULL)
    text = "";

  if (*text == '\0' && tea_event_kind_needs_text (kind))
    return "a message has a text";
  if (*text != '\0' && !tea_event_kind_may_have_text (kind))
    return "there is a text only where the kind has one";
  if (strlen (text) > tea_event_kind_get_max_text (kind))
    return "the text fits";
  if (!tea_event_data_is_allowed (kind, data))
    return "the data is what the kind has";

  return NULL;
}

/**
 * tea_event_rules_check:
 * @fields: an event of a log; its number there need not be known
 *
 * Tells which rule an event breaks.
 *
 * Returns: (nullable): the rule; %NULL if all are kept
 */
const char *
tea_event_rules_check (const TeaEventFields *fields)
{
  g_return_val_if_fail (fields != NULL, NULL);

  if (!tea_event_kind_is_logged (fields->kind))
    return "the kind is one of logs";
  if (fields->time < 0 || fields->time > TEA_EVENT_MAX_TIME)
    return "the time is within 1970 and 9999";
  if (fields->number > 0 && fields->stream == 0)
    return "what has a number has a stream";
  if (fields->author == NULL || *fields->author == '\0'
      || strlen (fields->author) > TEA_WIRE_NAME_MAX_BYTES)
    return "the author is there and fits";
  if (fields->target > 0 && !tea_event_kind_may_have_target (fields->kind))
    return "it refers to something only where the kind does";
  if (fields->target == 0 && tea_event_kind_needs_target (fields->kind))
    return "it refers to something where the kind does";
  if (fields->form != NULL)
    {
      const char *rule = check_form (fields);

      if (rule != NULL || is_removed (fields->form))
        return rule;
    }

  return tea_event_rules_check_saying (fields->kind, fields->text, fields->data);
}

/**
 * tea_event_rules_is_plain:
 * @fields: an event
 *
 * Tells whether an event has nothing but what all events had at first: then frames and logs
 * have a shorter form for it.
 *
 * Returns: whether it has no more
 */
gboolean
tea_event_rules_is_plain (const TeaEventFields *fields)
{
  g_return_val_if_fail (fields != NULL, FALSE);

  return fields->target == 0 && fields->version == 0 && fields->form == NULL
         && (fields->data == NULL || g_bytes_get_size (fields->data) == 0);
}
