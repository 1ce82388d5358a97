/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-entry.h"

#include <glib/gi18n.h>

#include "tea-join.h"
#include "tea-name.h"
#include "tea-room-address.h"
#include "tea-terminal.h"
#include "tea-text.h"

/**
 * TeaConsoleEntry:
 *
 * The terminal client's way into a room: asks whoever is at the terminal what [class@Tea.Join]
 * wants to know. Where nobody is, a question is the end.
 */
struct _TeaConsoleEntry
{
  GObject parent_instance;

  TeaJoin *join;            /* (owned) */
  TeaConsoleInput *input;   /* (owned) */
  GNetworkAddress *address; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaConsoleEntry, tea_console_entry, G_TYPE_OBJECT)

static void join (GTask *task);
static void ask_for_name (GTask *task);

static void
finish (GTask *task, TeaExitStatus status)
{
  g_task_return_int (task, status);
}

/* Takes an answer. Where there is none, that is the end, with @status. */
static gboolean
take_line (GTask *task, GAsyncResult *result, TeaExitStatus status, char **line)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  *line = tea_console_input_read_finish (self->input, result, &error);
  if (*line != NULL)
    return TRUE;

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_printerr ("%s\n", error->message);
  finish (task, status);

  return FALSE;
}

static void
name_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  if (!take_line (task, result, TEA_EXIT_LEFT, &line))
    return;

  if (!tea_name_validate (g_strstrip (line), &error))
    {
      g_printerr ("%s\n", error->message);
      ask_for_name (task);
      return;
    }

  tea_join_set_name (self->join, line);
  join (task);
}

static void
ask_for_name (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  tea_console_input_read_async (self->input, _ ("Your name:"), FALSE, g_task_get_cancellable (task),
                                name_cb, g_object_ref (task));
}

static void
password_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));
  g_autofree char *line = NULL;

  if (!take_line (task, result, TEA_EXIT_REFUSED, &line))
    return;

  tea_join_set_password (self->join, line);
  join (task);
}

static void
ask_for_password (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  tea_console_input_read_async (self->input, _ ("Password:"), TRUE, g_task_get_cancellable (task),
                                password_cb, g_object_ref (task));
}

/* Whether the answer was yes; if not, it is over. */
static gboolean
take_yes (GTask *task, GAsyncResult *result, TeaExitStatus otherwise)
{
  g_autofree char *line = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *yes = g_utf8_casefold (C_ ("answer", "y"), -1);

  if (!take_line (task, result, otherwise, &line))
    return FALSE;

  answer = g_utf8_casefold (g_strstrip (line), -1);
  if (*answer != '\0' && (g_str_has_prefix (answer, yes) || g_str_has_prefix (answer, "y")))
    return TRUE;

  finish (task, otherwise);

  return FALSE;
}

static void
classic_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  if (!take_yes (task, result, TEA_EXIT_NO_ANSWER))
    return;

  tea_join_accept_classic (self->join);
  join (task);
}

static void
unkept_key_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  if (!take_yes (task, result, TEA_EXIT_USAGE))
    return;

  tea_join_trust_key (self->join);
  join (task);
}

static void
ask_for_classic (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  tea_console_input_read_async (
      self->input,
      /* Translators: “y” is the answer of the context “answer”. */
      _ ("It is not private, and messages can get lost. Join anyway? [y/N]"), FALSE,
      g_task_get_cancellable (task), classic_cb, g_object_ref (task));
}

static void
meet_other_key (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));
  g_autofree char *address
      = tea_room_address_join_host_port (g_network_address_get_hostname (self->address),
                                         g_network_address_get_port (self->address));

  g_printerr (_ ("If you know why it has another, let “teahouse-cli forget %s” forget the one "
                 "it had, and join again.\n"),
              address);
  finish (task, TEA_EXIT_KEY_CHANGED);
}

static void
meet_unkept_key (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  if (tea_console_input_is_interactive (self->input))
    {
      tea_console_input_read_async (self->input,
                                    /* Translators: “y” is the answer of the context “answer”. */
                                    _ ("Join anyway? [y/N]"), FALSE, g_task_get_cancellable (task),
                                    unkept_key_cb, g_object_ref (task));
      return;
    }

  g_printerr (
      _ ("By a link that tells the key (teahouse://HOST/#KEY) you can join all the same.\n"));
  finish (task, TEA_EXIT_USAGE);
}

static void
meet_classic (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  if (tea_console_input_is_interactive (self->input))
    {
      ask_for_classic (task);
    }
  else
    {
      g_printerr (_ ("With --classic you can join it all the same: it is not private then, and "
                     "messages can get lost.\n"));
      finish (task, TEA_EXIT_NO_ANSWER);
    }
}

static void
meet_password (GTask *task, gboolean is_missing)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  if (tea_console_input_is_interactive (self->input))
    {
      ask_for_password (task);
      return;
    }

  if (is_missing)
    g_printerr (_ ("Write it into a file, and say where that is: --password-file FILE.\n"));
  finish (task, TEA_EXIT_REFUSED);
}

static void
meet_refused_name (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));
  const char *suggestion = tea_client_get_suggestion (tea_join_get_client (self->join));

  if (suggestion != NULL)
    {
      g_autofree char *safe = tea_text_make_safe (suggestion);
      g_autofree char *sentence = tea_text_format (_ ("“%s” is free.\n"), safe);

      g_printerr ("%s", sentence);
    }

  if (tea_console_input_is_interactive (self->input))
    ask_for_name (task);
  else
    finish (task, TEA_EXIT_REFUSED);
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  TeaJoinOutcome outcome = tea_join_try_finish (TEA_JOIN (source), result, &error);

  if (error != NULL && outcome != TEA_JOIN_CANCELLED)
    tea_terminal_tell (error->message);

  switch (outcome)
    {
    case TEA_JOIN_ENTERED:
    case TEA_JOIN_CANCELLED:
      finish (task, TEA_EXIT_LEFT);
      break;

    case TEA_JOIN_NAME_MISSING:
      ask_for_name (task);
      break;

    case TEA_JOIN_NAME_UNFIT:
    case TEA_JOIN_NAME_TAKEN:
      meet_refused_name (task);
      break;

    case TEA_JOIN_PASSWORD_MISSING:
    case TEA_JOIN_PASSWORD_WRONG:
      meet_password (task, outcome == TEA_JOIN_PASSWORD_MISSING);
      break;

    case TEA_JOIN_NOT_SECURE:
      meet_classic (task);
      break;

    case TEA_JOIN_KEY_CHANGED:
      meet_other_key (task);
      break;

    case TEA_JOIN_KEY_UNEXPECTED:
      finish (task, TEA_EXIT_KEY_CHANGED);
      break;

    case TEA_JOIN_KEY_NOT_KEPT:
      meet_unkept_key (task);
      break;

    case TEA_JOIN_REFUSED:
      finish (task, TEA_EXIT_REFUSED);
      break;

    case TEA_JOIN_FAILED:
      finish (task, TEA_EXIT_USAGE);
      break;

    case TEA_JOIN_NO_ANSWER:
    default:
      finish (task, TEA_EXIT_NO_ANSWER);
      break;
    }
}

static void
join (GTask *task)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (g_task_get_source_object (task));

  tea_join_try_async (self->join, g_task_get_cancellable (task), tried_cb, g_object_ref (task));
}

static void
tea_console_entry_dispose (GObject *object)
{
  TeaConsoleEntry *self = TEA_CONSOLE_ENTRY (object);

  g_clear_object (&self->join);
  g_clear_object (&self->input);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (tea_console_entry_parent_class)->dispose (object);
}

static void
tea_console_entry_class_init (TeaConsoleEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_entry_dispose;
}

static void
tea_console_entry_init (TeaConsoleEntry *self)
{
}

/**
 * tea_console_entry_new:
 * @client: a client that is in no room
 * @input: where answers come from
 * @address: where the room is
 * @name: (nullable): the name to enter under; %NULL to ask for one
 *
 * Returns: (transfer full): a way into the room
 */
TeaConsoleEntry *
tea_console_entry_new (TeaClient *client,
                       TeaConsoleInput *input,
                       GNetworkAddress *address,
                       const char *name)
{
  TeaConsoleEntry *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_CONSOLE_INPUT (input), NULL);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE_ENTRY, NULL);
  self->join = tea_join_new (client);
  tea_join_set_address (self->join, address);
  tea_join_set_name (self->join, name);
  self->input = g_object_ref (input);
  self->address = g_object_ref (address);

  return self;
}

/**
 * tea_console_entry_enter_async:
 * @self: a way into a room
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Enters the room.
 */
void
tea_console_entry_enter_async (TeaConsoleEntry *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_ENTRY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_entry_enter_async);
  g_task_set_check_cancellable (task, FALSE);

  join (task);
}

/**
 * tea_console_entry_enter_finish:
 * @self: a way into a room
 * @result: what the callback was given
 *
 * Returns: %TEA_EXIT_LEFT where the client is in the room, or somebody changed their
 *   mind; else with what the program has to end
 */
TeaExitStatus
tea_console_entry_enter_finish (TeaConsoleEntry *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), TEA_EXIT_USAGE);

  return (TeaExitStatus) g_task_propagate_int (G_TASK (result), NULL);
}
