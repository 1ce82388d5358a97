/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-command.h"

static const char *const names[TEA_COMMAND_N_KINDS] = {
  [TEA_COMMAND_SAY] = "say",           [TEA_COMMAND_LEAVE] = "leave",
  [TEA_COMMAND_HISTORY] = "history",   [TEA_COMMAND_WHO] = "who",
  [TEA_COMMAND_ROOMS] = "rooms",       [TEA_COMMAND_OPEN] = "open",
  [TEA_COMMAND_MAKE] = "make",         [TEA_COMMAND_CLOSE] = "close",
  [TEA_COMMAND_READ] = "read",         [TEA_COMMAND_INVITE] = "invite",
  [TEA_COMMAND_RENAME] = "rename",     [TEA_COMMAND_ARCHIVE] = "archive",
  [TEA_COMMAND_TYPING] = "typing",     [TEA_COMMAND_HELP] = "help",
  [TEA_COMMAND_REPLY] = "reply",       [TEA_COMMAND_EDIT] = "edit",
  [TEA_COMMAND_REMOVE] = "remove",     [TEA_COMMAND_REACT] = "react",
  [TEA_COMMAND_PIN] = "pin",           [TEA_COMMAND_TOPIC] = "topic",
  [TEA_COMMAND_MESSAGES] = "messages", [TEA_COMMAND_SEARCH] = "search",
  [TEA_COMMAND_SHOW] = "show",         [TEA_COMMAND_ROLE] = "role",
  [TEA_COMMAND_SEND_OUT] = "send_out", [TEA_COMMAND_LET_IN] = "let_in",
  [TEA_COMMAND_MUTE] = "mute",         [TEA_COMMAND_SLOW] = "slow",
};

/**
 * tea_command_copy:
 * @self: a command
 *
 * Returns: (transfer full): the same
 */
TeaCommand *
tea_command_copy (const TeaCommand *self)
{
  TeaCommand *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->text = g_strdup (self->text);
  copy->room = g_strdup (self->room);
  copy->title = g_strdup (self->title);
  copy->password = g_strdup (self->password);
  copy->reason = g_strdup (self->reason);

  return copy;
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
  g_clear_pointer (&self->reason, g_free);
}

/**
 * tea_command_free:
 * @self: (transfer full): a copy
 *
 * Frees a command.
 */
void
tea_command_free (TeaCommand *self)
{
  tea_command_clear (self);
  g_free (self);
}

/**
 * tea_command_kind_get_name:
 * @kind: a kind of command
 *
 * Returns: what it is called, to programs and to people
 */
const char *
tea_command_kind_get_name (TeaCommandKind kind)
{
  g_return_val_if_fail (kind < TEA_COMMAND_N_KINDS, NULL);

  return names[kind];
}

/**
 * tea_command_take_role:
 * @name: what a role is called, to programs and to people: `owner`, `moderator`, `member`
 * @role: (out): which it is
 *
 * Returns: whether somebody can be given such a role
 */
gboolean
tea_command_take_role (const char *name, TeaRoomRole *role)
{
  g_autoptr (GEnumClass) roles = g_type_class_ref (TEA_TYPE_ROOM_ROLE);
  const GEnumValue *value;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (role != NULL, FALSE);

  value = g_enum_get_value_by_nick (roles, name);
  if (value == NULL || value->value == TEA_ROOM_ROLE_NONE)
    return FALSE;

  *role = (TeaRoomRole) value->value;

  return TRUE;
}
