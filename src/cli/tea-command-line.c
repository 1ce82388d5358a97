/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command-line.h"

#include <string.h>

#include <glib/gi18n.h>

#include "tea-error.h"

/* How much is printed unless something else is asked for. */
#define DEFAULT_HISTORY 50
#define DEFAULT_MESSAGES 20

/* Takes what stands behind the word of a command. */
typedef gboolean (*TakeWords) (TeaCommand *command, const char *words, GError **error);

/* Commands are typed with hyphens. */
static char *
make_word (TeaCommandKind kind)
{
  return g_strdelimit (g_strdup (tea_command_kind_get_name (kind)), "_", '-');
}

/* What a command cannot be without. */
typedef enum
{
  NEED_NAME,
  NEED_TEXT,
  NEED_MESSAGE,
} Need;

static gboolean
refuse_without (GError **error, TeaCommandKind kind, Need need)
{
  g_autofree char *word = make_word (kind);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               need == NEED_NAME   ? _ ("“/%s” needs a name.")
               : need == NEED_TEXT ? _ ("“/%s” needs a text.")
                                   : _ ("“/%s” needs the number of a message, as in “#42”."),
               word);

  return FALSE;
}

static gboolean
refuse_word (GError **error, TeaCommandKind kind, const char *other)
{
  g_autofree char *word = make_word (kind);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” does not go with “%s”."),
               other, word);

  return FALSE;
}

static gboolean
refuse_number (GError **error, TeaCommandKind kind, guint64 least, guint64 most)
{
  g_autofree char *word = make_word (kind);
  g_autofree char *from = g_strdup_printf ("%" G_GUINT64_FORMAT, least);
  g_autofree char *to = g_strdup_printf ("%" G_GUINT64_FORMAT, most);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("“%s” needs a number from %s to %s."), word, from, to);

  return FALSE;
}

/* The next word; words then stand behind it. */
static char *
split_word (const char **words)
{
  gsize size = strcspn (*words, " ");
  char *word = g_strndup (*words, size);

  *words += size;
  *words += strspn (*words, " ");

  return word;
}

/* "#42" in front is a message. */
static void
split_number (guint64 *number, const char **words)
{
  const char *rest = *words;
  g_autofree char *word = split_word (&rest);

  if (*word == '#' && g_ascii_string_to_unsigned (word + 1, 10, 1, G_MAXINT64, number, NULL))
    *words = rest;
}

/* "10m" in front is for how long; "ever" is for good. */
static void
split_time (TeaCommand *command, const char **words)
{
  static const struct
  {
    char unit;
    guint64 seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 60 * 60 }, { 'd', 24 * 60 * 60 } };
  const char *rest = *words;
  g_autofree char *word = split_word (&rest);
  gsize size = strspn (word, "0123456789");
  guint64 count = 0;

  if (g_str_equal (word, "ever"))
    {
      command->is_forever = TRUE;
      *words = rest;
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (size > 0 && word[size] == units[i].unit && word[size + 1] == '\0')
      {
        word[size] = '\0';
        if (!g_ascii_string_to_unsigned (word, 10, 1, TEA_COMMAND_SECONDS_MAX / units[i].seconds,
                                         &count, NULL))
          return;
        command->seconds = count * units[i].seconds;
        *words = rest;
        return;
      }
}

static gboolean
take_option (TeaCommand *command, const char *word)
{
  TeaCommandKind kind = command->kind;

  if (kind == TEA_COMMAND_MAKE && g_str_equal (word, "--hidden"))
    command->is_hidden = TRUE;
  else if (kind == TEA_COMMAND_MAKE && g_str_equal (word, "--closed"))
    command->flags |= TEA_ROOM_BY_INVITATION;
  else if (kind == TEA_COMMAND_MAKE && g_str_equal (word, "--password"))
    command->asks_password = TRUE;
  else if (kind == TEA_COMMAND_SEARCH && g_str_equal (word, "--all"))
    command->is_everywhere = TRUE;
  else if (kind == TEA_COMMAND_SEND_OUT && g_str_equal (word, "--erase"))
    command->erase = 1;
  else if (kind == TEA_COMMAND_SEND_OUT && g_str_equal (word, "--network"))
    command->with_network = TRUE;
  else
    return FALSE;

  return TRUE;
}

/* Of "/make --closed Kitchen" what stands in front of the name. */
static gboolean
split_options (TeaCommand *command, const char **words, GError **error)
{
  while (g_str_has_prefix (*words, "--"))
    {
      g_autofree char *word = split_word (words);

      if (!take_option (command, word))
        return refuse_word (error, command->kind, word);
    }

  return TRUE;
}

static gboolean
take_text (TeaCommand *command, const char *words, GError **error)
{
  command->text = g_strdup (words);

  return TRUE;
}

static gboolean
take_name (TeaCommand *command, const char *words, GError **error)
{
  if (command->kind == TEA_COMMAND_MAKE && !split_options (command, &words, error))
    return FALSE;
  if (*words == '\0')
    return refuse_without (error, command->kind, NEED_NAME);

  return take_text (command, words, error);
}

static gboolean
take_room (TeaCommand *command, const char *words, GError **error)
{
  command->room = *words != '\0' ? g_strdup (words) : NULL;

  return TRUE;
}

static gboolean
take_count (TeaCommand *command, const char *words, GError **error)
{
  command->number = command->kind == TEA_COMMAND_HISTORY ? DEFAULT_HISTORY : DEFAULT_MESSAGES;
  if (*words != '\0'
      && !g_ascii_string_to_unsigned (words, 10, 1, TEA_COMMAND_HISTORY_MAX, &command->number,
                                      NULL))
    return refuse_number (error, command->kind, 1, TEA_COMMAND_HISTORY_MAX);

  return TRUE;
}

static gboolean
take_switch (TeaCommand *command, const char *words, GError **error)
{
  command->is_on = !g_str_equal (words, "off");

  return TRUE;
}

/* "[#42] the text" */
static gboolean
take_message_text (TeaCommand *command, const char *words, GError **error)
{
  split_number (&command->target, &words);
  if (*words == '\0')
    return refuse_without (error, command->kind, NEED_TEXT);

  return take_text (command, words, error);
}

/* "[#42] [off]" */
static gboolean
take_message (TeaCommand *command, const char *words, GError **error)
{
  split_number (&command->target, &words);
  command->is_on = !g_str_equal (words, "off");
  if (*words != '\0' && (command->is_on || command->kind != TEA_COMMAND_PIN))
    return refuse_word (error, command->kind, words);

  return TRUE;
}

/* "[#42] 🍵 [off]" */
static gboolean
take_reaction (TeaCommand *command, const char *words, GError **error)
{
  split_number (&command->target, &words);
  command->text = split_word (&words);
  command->is_on = !g_str_equal (words, "off");
  if (*command->text == '\0')
    return refuse_without (error, command->kind, NEED_TEXT);
  if (*words != '\0' && command->is_on)
    return refuse_word (error, command->kind, words);

  return TRUE;
}

/* Without any words it is a question. */
static gboolean
take_topic (TeaCommand *command, const char *words, GError **error)
{
  if (*words != '\0')
    command->text = g_strdup (g_str_equal (words, "off") ? "" : words);

  return TRUE;
}

/* "[--all] [#42] words"; each room has numbers of its own. */
static gboolean
take_search (TeaCommand *command, const char *words, GError **error)
{
  if (!split_options (command, &words, error))
    return FALSE;

  if (!command->is_everywhere)
    split_number (&command->before, &words);
  if (*words == '\0')
    return refuse_without (error, command->kind, NEED_TEXT);

  return take_text (command, words, error);
}

/* "#42 [10]" */
static gboolean
take_show (TeaCommand *command, const char *words, GError **error)
{
  split_number (&command->target, &words);
  if (command->target == 0)
    return refuse_without (error, command->kind, NEED_MESSAGE);
  if (*words != '\0'
      && !g_ascii_string_to_unsigned (words, 10, 0, TEA_COMMAND_AROUND_MAX, &command->number, NULL))
    return refuse_number (error, command->kind, 0, TEA_COMMAND_AROUND_MAX);

  return TRUE;
}

/* "Mei moderator" */
static gboolean
take_role (TeaCommand *command, const char *words, GError **error)
{
  command->text = split_word (&words);
  if (*command->text == '\0')
    return refuse_without (error, command->kind, NEED_NAME);

  if (tea_command_take_role (words, &command->role))
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("“%s” needs one of these: owner, moderator, member."),
               tea_command_kind_get_name (command->kind));

  return FALSE;
}

/* "Mei [10m] [reason]"; who is muted can be so no longer. */
static gboolean
take_person (TeaCommand *command, const char *words, GError **error)
{
  if (!split_options (command, &words, error))
    return FALSE;

  command->is_on = TRUE;
  command->text = split_word (&words);
  if (*command->text == '\0')
    return refuse_without (error, command->kind, NEED_NAME);

  if (command->kind == TEA_COMMAND_MUTE && g_str_equal (words, "off"))
    {
      command->is_on = FALSE;
      return TRUE;
    }

  split_time (command, &words);
  if (*words != '\0')
    command->reason = g_strdup (words);

  return TRUE;
}

static gboolean
take_seconds (TeaCommand *command, const char *words, GError **error)
{
  if (!g_str_equal (words, "off")
      && !g_ascii_string_to_unsigned (words, 10, 1, TEA_COMMAND_SLOW_MAX, &command->number, NULL))
    return refuse_number (error, command->kind, 1, TEA_COMMAND_SLOW_MAX);

  return TRUE;
}

/* What people can type. */
static const struct
{
  TeaCommandKind kind;
  TakeWords take_words;
} commands[] = {
  { TEA_COMMAND_LEAVE, take_room },         { TEA_COMMAND_HISTORY, take_count },
  { TEA_COMMAND_WHO, take_room },           { TEA_COMMAND_ROOMS, take_text },
  { TEA_COMMAND_OPEN, take_text },          { TEA_COMMAND_MAKE, take_name },
  { TEA_COMMAND_CLOSE, take_room },         { TEA_COMMAND_INVITE, take_name },
  { TEA_COMMAND_RENAME, take_name },        { TEA_COMMAND_ARCHIVE, take_switch },
  { TEA_COMMAND_REPLY, take_message_text }, { TEA_COMMAND_EDIT, take_message_text },
  { TEA_COMMAND_REMOVE, take_message },     { TEA_COMMAND_REACT, take_reaction },
  { TEA_COMMAND_PIN, take_message },        { TEA_COMMAND_TOPIC, take_topic },
  { TEA_COMMAND_MESSAGES, take_count },     { TEA_COMMAND_SEARCH, take_search },
  { TEA_COMMAND_SHOW, take_show },          { TEA_COMMAND_ROLE, take_role },
  { TEA_COMMAND_SEND_OUT, take_person },    { TEA_COMMAND_LET_IN, take_name },
  { TEA_COMMAND_MUTE, take_person },        { TEA_COMMAND_SLOW, take_seconds },
  { TEA_COMMAND_HELP, take_text },
};

/**
 * tea_command_line_parse:
 * @command: (out): the command; to be cleared in any case
 * @line: what somebody typed, in valid UTF-8
 * @error: return location for a #GError
 *
 * Reads what a person typed: `/open Kitchen` and the like; what does not begin with a slash, or
 * begins with two, is to be said.
 *
 * Returns: whether it is something; if not, @error is %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_command_line_parse (TeaCommand *command, const char *line, GError **error)
{
  g_autofree char *word = NULL;

  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  *command = (TeaCommand) TEA_COMMAND_INIT;
  if (*line != '/' || line[1] == '/')
    {
      command->text = g_strdup (*line == '/' ? line + 1 : line);
      return TRUE;
    }

  word = g_strndup (line + 1, strcspn (line + 1, " \t"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = make_word (commands[i].kind);

      if (g_str_equal (word, name))
        {
          g_autofree char *words = g_strstrip (g_strdup (line + 1 + strlen (word)));

          command->kind = commands[i].kind;
          return commands[i].take_words (command, words, error);
        }
    }

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("There is no command “/%s”; “/help” lists them. With another slash in front it "
                  "is said."),
               word);

  return FALSE;
}

/**
 * tea_command_line_list:
 *
 * Returns: (transfer full): what people can type, with the slash
 */
char **
tea_command_line_list (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = make_word (commands[i].kind);
      g_autofree char *word = g_strconcat ("/", name, NULL);

      g_strv_builder_add (builder, word);
    }

  return g_strv_builder_end (builder);
}

/**
 * tea_command_line_help:
 *
 * Tells somebody what can be typed.
 */
void
tea_command_line_help (void)
{
  g_printerr (
      _ ("/messages [N]        The latest messages here, with their numbers\n"
         "/reply [#N] TEXT     Answer message N; without a number, the latest of others\n"
         "/edit [#N] TEXT      Give a message of yours another text\n"
         "/remove [#N]         Remove a message\n"
         "/react [#N] EMOJI    React to a message; with “off” behind it, take that back\n"
         "/pin [#N] [off]      Pin a message\n"
         "/topic [TEXT|off]    What this room is about\n"
         "/search [#N] WORDS   Look for words, before message N; --all: in all open rooms\n"
         "/show #N [M]         Show message N, and M around it\n"
         "/role NAME ROLE      Make somebody owner, moderator or member\n"
         "/send-out NAME       Send somebody out; behind the name for how long (10m, 2h, 7d,\n"
         "                     ever) and why; --erase: remove all that they said here\n"
         "/let-in NAME         Let somebody in again who was sent out\n"
         "/mute NAME [off]     Let somebody say nothing here; behind the name as above\n"
         "/slow SECONDS|off    How long members wait between messages\n"));
  g_printerr (
      _ ("/rooms               Which rooms there are\n"
         "/open [ROOM]         Open a room, or go there; without a name, to the hall\n"
         "/open @NAME          Speak with somebody alone\n"
         "/make ROOM           Make a room; --closed: by invitation, --hidden: not listed,\n"
         "                     --password: with a password\n"
         "/close [ROOM]        Close a room; you stay a member\n"
         "/leave [ROOM]        Be a member of it no longer\n"
         "/who                 Who is here\n"
         "/history [N]         What happened before\n"
         "/invite NAME         Invite somebody into this room\n"
         "/rename NAME         Give this room another name\n"
         "/archive [off]       Let nobody say anything here any more\n"
         "//…                  Say something that begins with a slash\n"
         "Ctrl+D leaves the house.\n"));
}
