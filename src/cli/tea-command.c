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
 * at what comes behind, and loses memory over texts that break off. */
static gboolean
is_fit_for_parser (const char *line)
{
  gboolean quoted = FALSE;
  gboolean complete = FALSE;
  guint depth = 0;

  for (const char *p = line; *p != '\0'; p++)
    {
      if (complete && !g_ascii_isspace (*p))
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
          if (depth == 0)
            return FALSE;
          complete = --depth == 0;
        }
    }

  return complete;
}

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, text);

  return FALSE;
}

static gboolean
parse_say (TeaCommand *self, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) != G_TYPE_STRING)
    return refuse (error, _ ("“say” needs a text."));

  self->kind = TEA_COMMAND_SAY;
  self->text = g_strdup (json_node_get_string (value));

  return TRUE;
}

static gboolean
is_true (JsonNode *value)
{
  return json_node_get_value_type (value) == G_TYPE_BOOLEAN && json_node_get_boolean (value);
}

static gboolean
parse_leave (TeaCommand *self, JsonNode *value, GError **error)
{
  if (!is_true (value))
    return refuse (error, _ ("“leave” needs true."));

  self->kind = TEA_COMMAND_LEAVE;

  return TRUE;
}

static gboolean
parse_who (TeaCommand *self, JsonNode *value, GError **error)
{
  if (!is_true (value))
    return refuse (error, _ ("“who” needs true."));

  self->kind = TEA_COMMAND_WHO;

  return TRUE;
}

static gboolean
parse_history (TeaCommand *self, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) != G_TYPE_INT64 || json_node_get_int (value) < 1
      || json_node_get_int (value) > TEA_COMMAND_HISTORY_MAX)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                   _ ("“history” needs a number from 1 to %u."), TEA_COMMAND_HISTORY_MAX);
      return FALSE;
    }

  self->kind = TEA_COMMAND_HISTORY;
  self->n_events = (guint) json_node_get_int (value);

  return TRUE;
}

static gboolean
parse_object (TeaCommand *self, JsonObject *object, GError **error)
{
  static const struct
  {
    const char *name;
    gboolean (*parse) (TeaCommand *self, JsonNode *value, GError **error);
  } commands[] = {
    { "say", parse_say },
    { "leave", parse_leave },
    { "history", parse_history },
    { "who", parse_who },
  };

  if (json_object_get_size (object) == 1)
    for (size_t i = 0; i < G_N_ELEMENTS (commands); i++)
      if (json_object_has_member (object, commands[i].name))
        return commands[i].parse (self, json_object_get_member (object, commands[i].name), error);

  return refuse (error, _ ("A command has one member: “say”, “leave”, “history” or “who”."));
}

/**
 * tea_command_parse:
 * @self: (out): the command; to be cleared in any case
 * @line: a line of input, in valid UTF-8
 * @error: return location for a #GError
 *
 * Reads a command: a JSON object with one member.
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
}
