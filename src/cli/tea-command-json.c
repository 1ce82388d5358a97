/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command-json.h"

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

typedef enum
{
  VALUE_TEXT,
  VALUE_TRUE,
  VALUE_BOOLEAN,
  VALUE_OFF, /* true is for no longer */
  VALUE_NUMBER,
  VALUE_FLAG,
  VALUE_ROLE,
} ValueType;

/* A member of an object, and where in a command its value goes. */
typedef struct
{
  const char *name; /* (nullable): that of the command */
  ValueType type;
  gsize offset;
  guint64 min; /* of a number */
  guint64 max; /* of a number; or the flag */
} Member;

#define FIELD(member) G_STRUCT_OFFSET (TeaCommand, member)

/* What can stand beside the command itself. */
enum
{
  ROOM = 1 << 0,
  PASSWORD = 1 << 1,
  TITLE = 1 << 2,
  HIDDEN = 1 << 3,
  CLOSED = 1 << 4,
  MEMBERS_INVITE = 1 << 5,
  MEMBERS_PIN = 1 << 6,
  HISTORY_FROM_JOINING = 1 << 7,
  REPLY = 1 << 8,
  TEXT = 1 << 9,
  TO = 1 << 10,
  OFF = 1 << 11,
  BEFORE = 1 << 12,
  AS = 1 << 13,
  REASON = 1 << 14,
  SECONDS = 1 << 15,
  FOREVER = 1 << 16,
  ERASE = 1 << 17,
  NETWORK = 1 << 18,
  AROUND = 1 << 19,
};

/* In the order of these bits. */
static const Member extras[] = {
  { "room", VALUE_TEXT, FIELD (room), 0, 0 },
  { "password", VALUE_TEXT, FIELD (password), 0, 0 },
  { "title", VALUE_TEXT, FIELD (title), 0, 0 },
  { "hidden", VALUE_BOOLEAN, FIELD (is_hidden), 0, 0 },
  { "closed", VALUE_FLAG, FIELD (flags), 0, TEA_ROOM_BY_INVITATION },
  { "members_invite", VALUE_FLAG, FIELD (flags), 0, TEA_ROOM_MEMBERS_MAY_INVITE },
  { "members_pin", VALUE_FLAG, FIELD (flags), 0, TEA_ROOM_MEMBERS_MAY_PIN },
  { "history_from_joining", VALUE_FLAG, FIELD (flags), 0, TEA_ROOM_HISTORY_FROM_JOINING },
  { "reply", VALUE_NUMBER, FIELD (target), 1, G_MAXINT64 },
  { "text", VALUE_TEXT, FIELD (text), 0, 0 },
  { "to", VALUE_NUMBER, FIELD (target), 1, G_MAXINT64 },
  { "off", VALUE_OFF, FIELD (is_on), 0, 0 },
  { "before", VALUE_NUMBER, FIELD (before), 1, G_MAXINT64 },
  { "as", VALUE_ROLE, FIELD (role), 0, 0 },
  { "reason", VALUE_TEXT, FIELD (reason), 0, 0 },
  { "seconds", VALUE_NUMBER, FIELD (seconds), 1, TEA_COMMAND_SECONDS_MAX },
  { "forever", VALUE_BOOLEAN, FIELD (is_forever), 0, 0 },
  { "erase", VALUE_NUMBER, FIELD (erase), 1, G_MAXINT64 },
  { "network", VALUE_BOOLEAN, FIELD (with_network), 0, 0 },
  { "around", VALUE_NUMBER, FIELD (number), 0, TEA_COMMAND_AROUND_MAX },
};

#define TEXT_VALUE                       \
  {                                      \
    NULL, VALUE_TEXT, FIELD (text), 0, 0 \
  }
#define TRUE_VALUE                        \
  {                                       \
    NULL, VALUE_TRUE, FIELD (is_on), 0, 0 \
  }
#define BOOLEAN_VALUE                        \
  {                                          \
    NULL, VALUE_BOOLEAN, FIELD (is_on), 0, 0 \
  }
#define NUMBER_VALUE(field, min, max)           \
  {                                             \
    NULL, VALUE_NUMBER, FIELD (field), min, max \
  }

/* The commands of programs: the value of each, and what may, and what has to, stand beside it. */
static const struct
{
  TeaCommandKind kind;
  Member value;
  guint may;
  guint must;
} commands[] = {
  { TEA_COMMAND_SAY, TEXT_VALUE, ROOM | REPLY, 0 },
  { TEA_COMMAND_LEAVE, TRUE_VALUE, ROOM, 0 },
  { TEA_COMMAND_HISTORY, NUMBER_VALUE (number, 1, TEA_COMMAND_HISTORY_MAX), ROOM, 0 },
  { TEA_COMMAND_WHO, TRUE_VALUE, ROOM, 0 },
  { TEA_COMMAND_ROOMS, TRUE_VALUE, 0, 0 },
  { TEA_COMMAND_OPEN, TEXT_VALUE, PASSWORD, 0 },
  { TEA_COMMAND_MAKE, TEXT_VALUE,
    PASSWORD | TITLE | HIDDEN | CLOSED | MEMBERS_INVITE | MEMBERS_PIN | HISTORY_FROM_JOINING, 0 },
  { TEA_COMMAND_CLOSE, TEXT_VALUE, 0, 0 },
  { TEA_COMMAND_READ, NUMBER_VALUE (number, 1, G_MAXINT64), ROOM, 0 },
  { TEA_COMMAND_INVITE, TEXT_VALUE, ROOM, 0 },
  { TEA_COMMAND_RENAME, TEXT_VALUE, ROOM, 0 },
  { TEA_COMMAND_ARCHIVE, BOOLEAN_VALUE, ROOM, 0 },
  { TEA_COMMAND_TYPING, BOOLEAN_VALUE, ROOM, 0 },
  { TEA_COMMAND_EDIT, NUMBER_VALUE (target, 1, G_MAXINT64), ROOM, TEXT },
  { TEA_COMMAND_REMOVE, NUMBER_VALUE (target, 1, G_MAXINT64), ROOM, 0 },
  { TEA_COMMAND_REACT, TEXT_VALUE, ROOM | OFF, TO },
  { TEA_COMMAND_PIN, NUMBER_VALUE (target, 1, G_MAXINT64), ROOM | OFF, 0 },
  { TEA_COMMAND_TOPIC, TEXT_VALUE, ROOM, 0 },
  { TEA_COMMAND_SEARCH, TEXT_VALUE, ROOM | BEFORE, 0 },
  { TEA_COMMAND_SHOW, NUMBER_VALUE (target, 1, G_MAXINT64), ROOM | AROUND, 0 },
  { TEA_COMMAND_ROLE, TEXT_VALUE, ROOM, AS },
  { TEA_COMMAND_SEND_OUT, TEXT_VALUE, ROOM | REASON | SECONDS | FOREVER | ERASE | NETWORK, 0 },
  { TEA_COMMAND_LET_IN, TEXT_VALUE, ROOM, 0 },
  { TEA_COMMAND_MUTE, TEXT_VALUE, ROOM | REASON | SECONDS | OFF, 0 },
  { TEA_COMMAND_SLOW, NUMBER_VALUE (number, 0, TEA_COMMAND_SLOW_MAX), ROOM, 0 },
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
take_number (
    guint64 *number, const char *name, const Member *member, JsonNode *value, GError **error)
{
  g_autofree char *least = NULL;
  g_autofree char *most = NULL;

  if (json_node_get_value_type (value) == G_TYPE_INT64 && json_node_get_int (value) >= 0
      && (guint64) json_node_get_int (value) >= member->min
      && (guint64) json_node_get_int (value) <= member->max)
    {
      *number = (guint64) json_node_get_int (value);
      return TRUE;
    }

  least = g_strdup_printf ("%" G_GUINT64_FORMAT, member->min);
  most = g_strdup_printf ("%" G_GUINT64_FORMAT, member->max);
  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("“%s” needs a number from %s to %s."), name, least, most);

  return FALSE;
}

static gboolean
take_role (TeaRoomRole *role, const char *name, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) == G_TYPE_STRING
      && tea_command_take_role (json_node_get_string (value), role))
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               _ ("“%s” needs one of these: owner, moderator, member."), name);

  return FALSE;
}

static gboolean
take_member (TeaCommand *command, const Member *member, JsonNode *value, GError **error)
{
  const char *name
      = member->name != NULL ? member->name : tea_command_kind_get_name (command->kind);
  gpointer field = G_STRUCT_MEMBER_P (command, member->offset);
  gboolean is_set = FALSE;

  switch (member->type)
    {
    case VALUE_TEXT:
      return take_text (field, name, value, error);
    case VALUE_TRUE:
      return take_boolean (field, name, TRUE, value, error);
    case VALUE_BOOLEAN:
      return take_boolean (field, name, FALSE, value, error);
    case VALUE_NUMBER:
      return take_number (field, name, member, value, error);
    case VALUE_ROLE:
      return take_role (field, name, value, error);

    case VALUE_OFF:
      if (!take_boolean (&is_set, name, FALSE, value, error))
        return FALSE;
      *(gboolean *) field = !is_set;
      return TRUE;

    case VALUE_FLAG:
    default:
      if (!take_boolean (&is_set, name, FALSE, value, error))
        return FALSE;
      if (is_set)
        *(TeaRoomFlags *) field |= (TeaRoomFlags) member->max;
      return TRUE;
    }
}

static gboolean
take_extra (TeaCommand *command, const char *name, guint may, JsonNode *value, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    if ((may & (1u << i)) != 0 && g_str_equal (name, extras[i].name))
      return take_member (command, &extras[i], value, error);

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” does not go with “%s”."), name,
               tea_command_kind_get_name (command->kind));

  return FALSE;
}

static gboolean
refuse_missing (const char *name, const char *missing, GError **error)
{
  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID, _ ("“%s” needs “%s” besides."), name,
               missing);

  return FALSE;
}

static gboolean
check_whole (TeaCommand *command, JsonObject *object, guint must, GError **error)
{
  const char *name = tea_command_kind_get_name (command->kind);

  for (guint i = 0; i < G_N_ELEMENTS (extras); i++)
    if ((must & (1u << i)) != 0 && !json_object_has_member (object, extras[i].name))
      return refuse_missing (name, extras[i].name, error);

  /* Each room has numbers of its own. */
  if (command->before != 0 && command->room == NULL)
    return refuse_missing ("before", "room", error);

  return TRUE;
}

static gboolean
refuse_unknown (GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            tea_command_kind_get_name (commands[i].kind));

  g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
               /* Translators: %s is a list of words that are not translated. */
               _ ("A command has one of these members: %s."), list->str);

  return FALSE;
}

static gboolean
parse_object (TeaCommand *command, JsonObject *object, GError **error)
{
  g_autoptr (GList) members = json_object_get_members (object);
  gsize row = 0;
  guint n_commands = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (json_object_has_member (object, tea_command_kind_get_name (commands[i].kind)))
      {
        row = i;
        n_commands++;
      }

  if (n_commands != 1)
    return refuse_unknown (error);

  command->kind = commands[row].kind;
  command->is_on = (commands[row].may & OFF) != 0;
  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (object, l->data);

      if (g_str_equal (l->data, tea_command_kind_get_name (command->kind))
              ? !take_member (command, &commands[row].value, value, error)
              : !take_extra (command, l->data, commands[row].may | commands[row].must, value,
                             error))
        return FALSE;
    }

  command->is_everywhere = command->kind == TEA_COMMAND_SEARCH && command->room == NULL;

  return check_whole (command, object, commands[row].must, error);
}

/**
 * tea_command_json_parse:
 * @command: (out): the command; to be cleared in any case
 * @line: a line of input, in valid UTF-8
 * @error: return location for a #GError
 *
 * Reads a command of a program: a JSON object with one member that is called like the
 * command, and such as go with it.
 *
 * Returns: whether it is one; if not, @error is %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_command_json_parse (TeaCommand *command, const char *line, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root = NULL;

  g_return_val_if_fail (command != NULL, FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  *command = (TeaCommand) TEA_COMMAND_INIT;
  parser = json_parser_new ();
  if (is_fit_for_parser (line) && json_parser_load_from_data (parser, line, -1, NULL))
    root = json_parser_get_root (parser);

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (error, _ ("A command is a JSON object on one line, such as "
                             "{\"say\":\"hello\"}."));

  return parse_object (command, json_node_get_object (root), error);
}
