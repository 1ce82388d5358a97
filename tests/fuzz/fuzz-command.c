/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>

#include "tea-command.h"
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

static char *
write_again (const TeaCommand *command)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autoptr (JsonNode) root = NULL;
  const char *name = tea_command_kind_get_name (command->kind);

  if (command->text != NULL)
    {
      add_text (builder, name, command->text);
    }
  else if (command->number != 0)
    {
      json_builder_set_member_name (builder, name);
      json_builder_add_int_value (builder, (gint64) command->number);
    }
  else
    {
      add_boolean (builder, name, command->is_on);
    }

  add_text (builder, "room", command->room);
  add_text (builder, "title", command->title);
  add_text (builder, "password", command->password);
  if (command->kind == TEA_COMMAND_MAKE)
    {
      add_boolean (builder, "hidden", command->is_hidden);
      add_boolean (builder, "closed", (command->flags & TEA_ROOM_BY_INVITATION) != 0);
      add_boolean (builder, "members_invite", (command->flags & TEA_ROOM_MEMBERS_MAY_INVITE) != 0);
      add_boolean (builder, "history_from_joining",
                   (command->flags & TEA_ROOM_HISTORY_FROM_JOINING) != 0);
    }

  root = json_builder_get_root (json_builder_end_object (builder));

  return json_to_string (root, FALSE);
}

static void
check_typed (const char *line)
{
  g_auto (TeaCommand) command = TEA_COMMAND_INIT;
  g_autoptr (GError) error = NULL;

  if (!tea_command_parse_line (&command, line, &error))
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
  if (!tea_command_parse (&command, line, &error))
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
      return 0;
    }

  g_assert_no_error (error);
  g_assert_true (command.text == NULL || g_utf8_validate (command.text, -1, NULL));
  g_assert_true (command.kind != TEA_COMMAND_HISTORY || command.number <= TEA_COMMAND_HISTORY_MAX);

  written = write_again (&command);
  g_assert_true (tea_command_parse (&again, written, &error));
  g_assert_no_error (error);
  g_assert_cmpint (again.kind, ==, command.kind);
  g_assert_cmpstr (again.text, ==, command.text);
  g_assert_cmpstr (again.room, ==, command.room);
  g_assert_cmpstr (again.title, ==, command.title);
  g_assert_cmpstr (again.password, ==, command.password);
  g_assert_cmpuint (again.number, ==, command.number);
  g_assert_cmpuint (again.flags, ==, command.flags);
  g_assert_cmpint (again.is_hidden, ==, command.is_hidden);
  g_assert_cmpint (again.is_on, ==, command.is_on);

  return 0;
}
