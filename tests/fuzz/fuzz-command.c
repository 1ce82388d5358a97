/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>

#include "tea-command-json.h"
#include "tea-command-line.h"
#include "tea-error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  if (text == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_number (JsonBuilder *builder, const char *name, guint64 number)
{
  if (number == 0)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) number);
}

static void
add_value (JsonBuilder *builder, const TeaCommand *command)
{
  const char *name = tea_command_kind_get_name (command->kind);

  switch ((guint) command->kind)
    {
    case TEA_COMMAND_LEAVE:
    case TEA_COMMAND_WHO:
    case TEA_COMMAND_ROOMS:
    case TEA_COMMAND_ARCHIVE:
    case TEA_COMMAND_TYPING:
      add_boolean (builder, name, command->is_on);
      break;

    case TEA_COMMAND_HISTORY:
    case TEA_COMMAND_READ:
      add_number (builder, name, command->number);
      break;

    case TEA_COMMAND_SLOW:
      json_builder_set_member_name (builder, name);
      json_builder_add_int_value (builder, (gint64) command->number);
      break;

    case TEA_COMMAND_EDIT:
    case TEA_COMMAND_REMOVE:
    case TEA_COMMAND_PIN:
    case TEA_COMMAND_SHOW:
      add_number (builder, name, command->target);
      break;

    default:
      add_text (builder, name, command->text);
      break;
    }
}

static void
add_extras (JsonBuilder *builder, const TeaCommand *command)
{
  add_text (builder, "room", command->room);
  add_text (builder, "title", command->title);
  add_text (builder, "password", command->password);
  add_text (builder, "reason", command->reason);
  add_number (builder, "before", command->before);
  add_number (builder, "seconds", command->seconds);
  add_number (builder, "erase", command->erase);

  switch ((guint) command->kind)
    {
    case TEA_COMMAND_SAY:
      add_number (builder, "reply", command->target);
      break;

    case TEA_COMMAND_SHOW:
      add_number (builder, "around", command->number);
      break;

    case TEA_COMMAND_EDIT:
      add_text (builder, "text", command->text);
      break;

    case TEA_COMMAND_REACT:
      add_number (builder, "to", command->target);
      add_boolean (builder, "off", !command->is_on);
      break;

    case TEA_COMMAND_PIN:
    case TEA_COMMAND_MUTE:
      add_boolean (builder, "off", !command->is_on);
      break;

    case TEA_COMMAND_ROLE:
      add_text (builder, "as",
                command->role == TEA_ROOM_ROLE_OWNER       ? "owner"
                : command->role == TEA_ROOM_ROLE_MODERATOR ? "moderator"
                                                           : "member");
      break;

    case TEA_COMMAND_SEND_OUT:
      add_boolean (builder, "forever", command->is_forever);
      add_boolean (builder, "network", command->with_network);
      break;

    case TEA_COMMAND_MAKE:
      add_boolean (builder, "hidden", command->is_hidden);
      add_boolean (builder, "closed", (command->flags & TEA_ROOM_BY_INVITATION) != 0);
      add_boolean (builder, "members_invite", (command->flags & TEA_ROOM_MEMBERS_MAY_INVITE) != 0);
      add_boolean (builder, "members_pin", (command->flags & TEA_ROOM_MEMBERS_MAY_PIN) != 0);
      add_boolean (builder, "history_from_joining",
                   (command->flags & TEA_ROOM_HISTORY_FROM_JOINING) != 0);
      break;

    default:
      break;
    }
}

static char *
write_again (const TeaCommand *command)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autoptr (JsonNode) root = NULL;

  add_value (builder, command);
  add_extras (builder, command);
  root = json_builder_get_root (json_builder_end_object (builder));

  return json_to_string (root, FALSE);
}

static void
assert_same (const TeaCommand *one, const TeaCommand *other)
{
  g_assert_cmpint (one->kind, ==, other->kind);
  g_assert_cmpstr (one->text, ==, other->text);
  g_assert_cmpstr (one->room, ==, other->room);
  g_assert_cmpstr (one->title, ==, other->title);
  g_assert_cmpstr (one->password, ==, other->password);
  g_assert_cmpstr (one->reason, ==, other->reason);
  g_assert_cmpuint (one->number, ==, other->number);
  g_assert_cmpuint (one->target, ==, other->target);
  g_assert_cmpuint (one->before, ==, other->before);
  g_assert_cmpuint (one->seconds, ==, other->seconds);
  g_assert_cmpuint (one->erase, ==, other->erase);
  g_assert_cmpint (one->role, ==, other->role);
  g_assert_cmpuint (one->flags, ==, other->flags);
  g_assert_cmpint (one->is_hidden, ==, other->is_hidden);
  g_assert_cmpint (one->is_on, ==, other->is_on);
  g_assert_cmpint (one->is_forever, ==, other->is_forever);
  g_assert_cmpint (one->with_network, ==, other->with_network);
  g_assert_cmpint (one->is_everywhere, ==, other->is_everywhere);
}

static void
check_typed (const char *line)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  if (!tea_command_line_parse (&command, line, &error))
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
      g_assert_cmpint (*line, ==, '/');
    }
  else if (*line != '/')
    {
      g_assert_cmpint (command.kind, ==, TEA_COMMAND_SAY);
      g_assert_cmpstr (command.text, ==, line);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *line = g_strndup ((const char *) data, size);
  g_autofree char *written = NULL;
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_auto (TeaCommand) again = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  if (!g_utf8_validate (line, -1, NULL))
    return 0;

  check_typed (line);
  if (!tea_command_json_parse (&command, line, &error))
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
      return 0;
    }

  g_assert_no_error (error);
  g_assert_true (command.text == NULL || g_utf8_validate (command.text, -1, NULL));
  g_assert_true (command.kind != TEA_COMMAND_HISTORY || command.number <= TEA_COMMAND_HISTORY_MAX);
  g_assert_cmpuint (command.seconds, <=, TEA_COMMAND_SECONDS_MAX);

  written = write_again (&command);
  g_assert_true (tea_command_json_parse (&again, written, &error));
  g_assert_no_error (error);
  assert_same (&again, &command);

  return 0;
}
