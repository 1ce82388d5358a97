/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command.h"

#include <string.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tea-error.h"

/* No command has anything in it that is nested. */
#define DEPTH_MAX 8

static guint
parse_hex (const char *p)
{
  guint value = 0;

  for (guint i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (p[i]))
        return 0;
      value = value * 16 + (guint) g_ascii_xdigit_value (p[i]);
    }

  return value;
}

/* How long the escape sequence is that begins here; 0 where it means no character of a
 * text. Characters beyond the first plane are written as two halves. */
static size_t
measure_escape (const char *p)
{
  guint value;
  guint second;

  if (p[1] != 'u')
    return p[1] != '\0' && strchr ("\"\\/bfnrt", p[1]) != NULL ? 2 : 0;

  value = parse_hex (p + 2);
  if (value < 0xd800 || value > 0xdfff)
    return value != 0 ? 6 : 0;

  second = value < 0xdc00 && g_str_has_prefix (p + 6, "\\u") ? parse_hex (p + 8) : 0;

  return second >= 0xdc00 && second <= 0xdfff ? 12 : 0;
}

/* JSON-GLib calls itself for each level, takes some things that are no JSON, does not look
 * at what comes behind, and loses memory over what comes before and over texts that break off. */
static gboolean
is_fit_for_parser (const char *line)
{
  gboolean quoted = FALSE;
  gboolean complete = FALSE;
  guint depth = 0;

  for (const char *p = line; *p != '\0'; p++)
    {
      if (depth == 0 && (complete || *p != '{') && !g_ascii_isspace (*p))
        {
          return FALSE;
        }
      else if (*p == '"')
        {
          quoted = !quoted;
        }
      else if (quoted && *p == '\\')
        {
          size_t size = measure_escape (p);

          if (size == 0)
            return FALSE;
          p += size - 1;
        }
      else if (quoted)
        {
          continue;
        }
      else if (strchr ("'/#", *p) != NULL
               || (*p == '0' && g_ascii_isalnum (p[1]) && (p == line || !g_ascii_isdigit (p[-1]))))
        {
          return FALSE;
        }
      else if (*p == '{' || *p == '[')
        {
          if (++depth > DEPTH_MAX)
            return FALSE;
        }
      else if (*p == '}' || *p == ']')
        {
          complete = --depth == 0;
        }
    }

  return complete;
}

/* What stands beside the command itself. */
enum
{
  EXTRA_ROOM = 1 << 0,
  EXTRA_PASSWORD = 1 << 1,
  EXTRA_MAKE = 1 << 2,
};

typedef enum
{
  VALUE_TEXT,
  VALUE_TRUE,
  VALUE_BOOLEAN,
  VALUE_NUMBER,
} Value;

static const struct
{
  const char *name;
  Value value;
  guint64 max; /* of a number */
  guint extras;
} commands[] = {
  [TEA_COMMAND_SAY] = { "say", VALUE_TEXT, 0, EXTRA_ROOM },
  [TEA_COMMAND_LEAVE] = { "leave", VALUE_TRUE, 0, EXTRA_ROOM },
  [TEA_COMMAND_HISTORY] = { "history", VALUE_NUMBER, TEA_COMMAND_HISTORY_MAX, EXTRA_ROOM },
  [TEA_COMMAND_WHO] = { "who", VALUE_TRUE, 0, EXTRA_ROOM },
  [TEA_COMMAND_ROOMS] = { "rooms", VALUE_TRUE, 0, 0 },
  [TEA_COMMAND_OPEN] = { "open", VALUE_TEXT, 0, EXTRA_PASSWORD },
  [TEA_COMMAND_MAKE] = { "make", VALUE_TEXT, 0, EXTRA_PASSWORD | EXTRA_MAKE },
  [TEA_COMMAND_CLOSE] = { "close", VALUE_TEXT, 0, 0 },
  [TEA_COMMAND_READ] = { "read", VALUE_NUMBER, G_MAXINT64, EXTRA_ROOM },
  [TEA_COMMAND_INVITE] = { "invite", VALUE_TEXT, 0, EXTRA_ROOM },
  [TEA_COMMAND_RENAME] = { "rename", VALUE_TEXT, 0, EXTRA_ROOM },
  [TEA_COMMAND_ARCHIVE] = { "archive", VALUE_BOOLEAN, 0, EXTRA_ROOM },
  [TEA_COMMAND_TYPING] = { "typing", VALUE_BOOLEAN, 0, EXTRA_ROOM },
  [TEA_COMMAND_HELP] = { "help", VALUE_TRUE, 0, 0 },
};

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, text);

  return FALSE;
}

static gboolean
take_text (char **text, const char *name, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) != G_TYPE_STRING)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” needs a text."), name);
      return FALSE;
    }

  *text = g_strdup (json_node_get_string (value));

  return TRUE;
}

static gboolean
take_boolean (
    gboolean *is_on, const char *name, gboolean only_true, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN
      && (!only_true || json_node_get_boolean (value)))
    {
      *is_on = json_node_get_boolean (value);
      return TRUE;
    }

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               only_true ? _ ("“%s” needs true.") : _ ("“%s” needs true or false."), name);

  return FALSE;
}

static gboolean
refuse_number (const char *name, guint64 max, GError **error)
{
  g_autofree char *most = g_strdup_printf ("%" G_GUINT64_FORMAT, max);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” needs a number from 1 to %s."),
               name, most);

  return FALSE;
}

static gboolean
take_number (guint64 *number, const char *name, guint64 max, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) == G_TYPE_INT64 && json_node_get_int (value) >= 1
      && (guint64) json_node_get_int (value) <= max)
    {
      *number = (guint64) json_node_get_int (value);
      return TRUE;
    }

  return refuse_number (name, max, error);
}

static gboolean
take_flag (TeaCommand *self, TeaRoomFlags flag, const char *name, JsonNode *value, GError **error)
{
  gboolean is_on = FALSE;

  if (!take_boolean (&is_on, name, FALSE, value, error))
    return FALSE;

  if (is_on)
    self->flags |= flag;

  return TRUE;
}

static gboolean
take_value (TeaCommand *self, JsonNode *value, GError **error)
{
  const char *name = commands[self->kind].name;

  switch (commands[self->kind].value)
    {
    case VALUE_TEXT:
      return take_text (&self->text, name, value, error);
    case VALUE_TRUE:
      return take_boolean (&self->is_on, name, TRUE, value, error);
    case VALUE_BOOLEAN:
      return take_boolean (&self->is_on, name, FALSE, value, error);
    case VALUE_NUMBER:
    default:
      return take_number (&self->number, name, commands[self->kind].max, value, error);
    }
}

static gboolean
take_extra (TeaCommand *self, const char *name, JsonNode *value, GError **error)
{
  guint extras = commands[self->kind].extras;

  if ((extras & EXTRA_ROOM) != 0 && g_str_equal (name, "room"))
    return take_text (&self->room, name, value, error);
  if ((extras & EXTRA_PASSWORD) != 0 && g_str_equal (name, "password"))
    return take_text (&self->password, name, value, error);
  if ((extras & EXTRA_MAKE) != 0 && g_str_equal (name, "title"))
    return take_text (&self->title, name, value, error);
  if ((extras & EXTRA_MAKE) != 0 && g_str_equal (name, "hidden"))
    return take_boolean (&self->is_hidden, name, FALSE, value, error);
  if ((extras & EXTRA_MAKE) != 0 && g_str_equal (name, "closed"))
    return take_flag (self, TEA_ROOM_BY_INVITATION, name, value, error);
  if ((extras & EXTRA_MAKE) != 0 && g_str_equal (name, "members_invite"))
    return take_flag (self, TEA_ROOM_MEMBERS_MAY_INVITE, name, value, error);
  if ((extras & EXTRA_MAKE) != 0 && g_str_equal (name, "history_from_joining"))
    return take_flag (self, TEA_ROOM_HISTORY_FROM_JOINING, name, value, error);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” does not go with “%s”."), name,
               commands[self->kind].name);

  return FALSE;
}

static gboolean
refuse_unknown (GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (i != TEA_COMMAND_HELP)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", commands[i].name);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               /* Translators: %s is a list of words that are not translated. */
               _ ("A command has one of these members: %s."), names->str);

  return FALSE;
}

static gboolean
parse_object (TeaCommand *self, JsonObject *object, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);
  guint n_commands = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (i != TEA_COMMAND_HELP && json_object_has_member (object, commands[i].name))
      {
        self->kind = (TeaCommandKind) i;
        n_commands++;
      }

  if (n_commands != 1)
    return refuse_unknown (error);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (object, l->data);

      if (g_str_equal (l->data, commands[self->kind].name)
              ? !take_value (self, value, error)
              : !take_extra (self, l->data, value, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * tea_command_parse:
 * @self: (out): the command; to be cleared in any case
 * @line: a line of input, in valid UTF-8
 * @error: return location for a #GError
 *
 * Reads a command of a program: a JSON object with one member that is called like the
 * command, and such as go with it.
 *
 * Returns: whether it is one; if not, @error is %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_command_parse (TeaCommand *self, const char *line, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  *self = (TeaCommand) TEA_COMMAND_INIT;
  parser = json_parser_new ();
  if (is_fit_for_parser (line) && json_parser_load_from_data (parser, line, -1, NULL))
    root = json_parser_get_root (parser);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (error, _ ("A command is a JSON object on one line, such as "
                             "{\"say\":\"hello\"}."));

  return parse_object (self, json_node_get_object (root), error);
}

/* What people can type. */
static const TeaCommandKind typed[] = {
  TEA_COMMAND_LEAVE,  TEA_COMMAND_HISTORY, TEA_COMMAND_WHO,   TEA_COMMAND_ROOMS,
  TEA_COMMAND_OPEN,   TEA_COMMAND_MAKE,    TEA_COMMAND_CLOSE, TEA_COMMAND_INVITE,
  TEA_COMMAND_RENAME, TEA_COMMAND_ARCHIVE, TEA_COMMAND_HELP,
};

/* Of "/make --closed Kitchen" what stands in front of the name. */
static gboolean
take_option (TeaCommand *self, const char *word)
{
  if (g_str_equal (word, "--hidden"))
    self->is_hidden = TRUE;
  else if (g_str_equal (word, "--closed"))
    self->flags |= TEA_ROOM_BY_INVITATION;
  else if (g_str_equal (word, "--password"))
    self->asks_password = TRUE;
  else
    return FALSE;

  return TRUE;
}

static gboolean
take_words (TeaCommand *self, const char *words, GError **error)
{
  g_autofree char *rest = g_strstrip (g_strdup (words));
  const char *text = rest;

  while (self->kind == TEA_COMMAND_MAKE && g_str_has_prefix (text, "--"))
    {
      g_autofree char *word = g_strndup (text, strcspn (text, " "));

      if (!take_option (self, word))
        {
          g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                       _ ("“%s” does not go with “%s”."), word, commands[self->kind].name);
          return FALSE;
        }
      text += strlen (word);
      text += strspn (text, " ");
    }

  switch ((guint) self->kind)
    {
    case TEA_COMMAND_HISTORY:
      self->number = 50;
      if (*text != '\0'
          && !g_ascii_string_to_unsigned (text, 10, 1, TEA_COMMAND_HISTORY_MAX, &self->number,
                                          NULL))
        return refuse_number ("history", TEA_COMMAND_HISTORY_MAX, error);
      return TRUE;

    case TEA_COMMAND_ARCHIVE:
      self->is_on = !g_str_equal (text, "off");
      return TRUE;

    case TEA_COMMAND_CLOSE:
    case TEA_COMMAND_LEAVE:
    case TEA_COMMAND_WHO:
      self->room = *text != '\0' ? g_strdup (text) : NULL;
      return TRUE;

    case TEA_COMMAND_MAKE:
    case TEA_COMMAND_INVITE:
    case TEA_COMMAND_RENAME:
      if (*text == '\0')
        {
          g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“/%s” needs a name."),
                       commands[self->kind].name);
          return FALSE;
        }
      break;

    default:
      break;
    }

  self->text = g_strdup (text);

  return TRUE;
}

/**
 * tea_command_parse_line:
 * @self: (out): the command; to be cleared in any case
 * @line: what somebody typed, in valid UTF-8
 * @error: return location for a #GError
 *
 * Reads what a person typed: `/open Kitchen` and the like; what does not begin with a slash, or
 * begins with two, is to be said.
 *
 * Returns: whether it is something; if not, @error is %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_command_parse_line (TeaCommand *self, const char *line, GError **error)
{
  g_autofree char *word = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  *self = (TeaCommand) TEA_COMMAND_INIT;
  if (*line != '/' || line[1] == '/')
    {
      self->text = g_strdup (*line == '/' ? line + 1 : line);
      return TRUE;
    }

  word = g_strndup (line + 1, strcspn (line + 1, " \t"));
  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    if (g_str_equal (word, commands[typed[i]].name))
      {
        self->kind = typed[i];
        return take_words (self, line + 1 + strlen (word), error);
      }

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("There is no command “/%s”; “/help” lists them. With another slash in front it "
                  "is said."),
               word);

  return FALSE;
}

/**
 * tea_command_list_typed:
 *
 * Returns: (transfer full): what people can type, with the slash
 */
char **
tea_command_list_typed (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *word = g_strconcat ("/", commands[typed[i]].name, NULL);

      g_strv_builder_add (builder, word);
    }

  return g_strv_builder_end (builder);
}

/**
 * tea_command_kind_get_name:
 * @kind: a kind of command
 *
 * Returns: what it is called in JSON
 */
const char *
tea_command_kind_get_name (TeaCommandKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (commands), NULL);

  return commands[kind].name;
}

/**
 * tea_command_clear:
 * @self: a command
 *
 * Frees what is in a command.
 */
void
tea_command_clear (TeaCommand *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->room, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->password, g_free);
}
