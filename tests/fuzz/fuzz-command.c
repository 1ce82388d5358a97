/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <json-glib/json-glib.h>

#include "tea-command.h"
#include "tea-error.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *
write_again (const TeaCommand *command)
{
  g_autoptr (JsonBuilder) builder = json_builder_begin_object (json_builder_new ());
  g_autoptr (JsonNode) root = NULL;

  switch (command->kind)
    {
    case TEA_COMMAND_SAY:
      json_builder_set_member_name (builder, "say");
      json_builder_add_string_value (builder, command->text);
      break;
    case TEA_COMMAND_HISTORY:
      json_builder_set_member_name (builder, "history");
      json_builder_add_int_value (builder, command->n_events);
      break;
    case TEA_COMMAND_LEAVE:
      json_builder_set_member_name (builder, "leave");
      json_builder_add_boolean_value (builder, TRUE);
      break;
    case TEA_COMMAND_WHO:
      json_builder_set_member_name (builder, "who");
      json_builder_add_boolean_value (builder, TRUE);
      break;
    default:
      g_assert_not_reached ();
    }

  root = json_builder_get_root (json_builder_end_object (builder));

  return json_to_string (root, FALSE);
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

  if (!tea_command_parse (&command, line, &error))
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID);
      g_assert_null (command.text);
      return 0;
    }

  g_assert_no_error (error);
  g_assert_cmpint (command.text != NULL, ==, command.kind == TEA_COMMAND_SAY);
  g_assert_true (command.text == NULL || g_utf8_validate (command.text, -1, NULL));
  g_assert_cmpuint (command.n_events, <=, TEA_COMMAND_HISTORY_MAX);

  written = write_again (&command);
  g_assert_true (tea_command_parse (&again, written, &error));
  g_assert_no_error (error);
  g_assert_cmpint (again.kind, ==, command.kind);
  g_assert_cmpstr (again.text, ==, command.text);
  g_assert_cmpuint (again.n_events, ==, command.n_events);

  return 0;
}
