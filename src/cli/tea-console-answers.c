/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-answers.h"

/* For so long it is waited for the server to tell who is in the room, in ms. */
#define WAIT_FOR_MEMBERS 5000

/**
 * TeaConsoleAnswers:
 *
 * What the terminal client answers to programs: what happened before all that was printed,
 * and who is in the room.
 */
struct _TeaConsoleAnswers
{
  GObject parent_instance;

  TeaClient *client;        /* (owned) */
  TeaConsoleOutput *output; /* (owned) */
  guint n_older;            /* how many older events were told */

  GTask *who; /* (owned) (nullable): waits for the members */
  guint wait_source;
  gboolean waited_in_vain; /* and would do so again */
};

G_DEFINE_FINAL_TYPE (TeaConsoleAnswers, tea_console_answers, G_TYPE_OBJECT)

/* Somebody has left meanwhile: nobody waits for the answer. */
static gboolean
is_too_late (TeaConsoleAnswers *self, GTask *task)
{
  if (tea_client_get_state (self->client) == TEA_CLIENT_LEAVING)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left meanwhile");
  else if (!g_task_return_error_if_cancelled (task))
    return FALSE;

  return TRUE;
}

static void
older_event_cb (TeaConsoleAnswers *self, TeaEvent *event)
{
  g_assert (TEA_IS_CONSOLE_ANSWERS (self));

  self->n_older++;
  tea_console_output_write_event (self->output, event);
}

static void
older_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleAnswers *self = TEA_CONSOLE_ANSWERS (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  if (is_too_late (self, task))
    return;

  if (tea_client_load_older_finish (self->client, result, &error))
    tea_console_output_write_history (self->output, self->n_older,
                                      tea_client_get_has_older (self->client));
  else
    tea_console_output_write_error (self->output, error->message);
  g_task_return_boolean (task, TRUE);
}

static void
tell_members (TeaConsoleAnswers *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->who);

  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (is_too_late (self, task))
    return;

  tea_console_output_write_members (self->output, tea_client_get_members (self->client),
                                    tea_client_get_members_known (self->client));
  g_task_return_boolean (task, TRUE);
}

static void
members_known_cb (TeaConsoleAnswers *self)
{
  g_assert (TEA_IS_CONSOLE_ANSWERS (self));

  if (self->who != NULL && tea_client_get_members_known (self->client))
    tell_members (self);
}

/* What could not be told may be told now. */
static void
state_cb (TeaConsoleAnswers *self)
{
  g_assert (TEA_IS_CONSOLE_ANSWERS (self));

  self->waited_in_vain = FALSE;
}

static void
waited_cb (gpointer user_data)
{
  TeaConsoleAnswers *self = user_data;

  self->wait_source = 0;
  self->waited_in_vain = TRUE;
  tell_members (self);
}

static void
tea_console_answers_dispose (GObject *object)
{
  TeaConsoleAnswers *self = TEA_CONSOLE_ANSWERS (object);

  g_clear_handle_id (&self->wait_source, g_source_remove);
  g_clear_object (&self->who);
  g_clear_object (&self->client);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (tea_console_answers_parent_class)->dispose (object);
}

static void
tea_console_answers_class_init (TeaConsoleAnswersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_answers_dispose;
}

static void
tea_console_answers_init (TeaConsoleAnswers *self)
{
}

/**
 * tea_console_answers_new:
 * @client: a client
 * @output: where to answer
 *
 * Returns: (transfer full): what answers questions about the client's room
 */
TeaConsoleAnswers *
tea_console_answers_new (TeaClient *client, TeaConsoleOutput *output)
{
  TeaConsoleAnswers *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (output), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE_ANSWERS, NULL);
  self->client = g_object_ref (client);
  self->output = g_object_ref (output);

  g_signal_connect_object (client, "older-event", G_CALLBACK (older_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::members-known", G_CALLBACK (members_known_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_answers_give_async:
 * @self: what answers questions, and is answering none
 * @question: what to answer: %TEA_COMMAND_HISTORY or %TEA_COMMAND_WHO
 * @cancellable: (nullable): to give up with
 * @callback: called when it is answered
 * @user_data: for @callback
 *
 * Answers a question on standard output.
 */
void
tea_console_answers_give_async (TeaConsoleAnswers *self,
                                const TeaCommand *question,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_ANSWERS (self));
  g_return_if_fail (self->who == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_answers_give_async);

  if (question->kind == TEA_COMMAND_HISTORY)
    {
      self->n_older = 0;
      tea_client_load_older_async (self->client, question->n_events, NULL, older_cb,
                                   g_steal_pointer (&task));
      return;
    }

  self->who = g_steal_pointer (&task);
  if (tea_client_get_members_known (self->client) || self->waited_in_vain)
    tell_members (self);
  else
    self->wait_source = g_timeout_add_once (WAIT_FOR_MEMBERS, waited_cb, self);
}

/**
 * tea_console_answers_give_finish:
 * @self: what answers questions
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer, be it that there is none; if not, @error is
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
tea_console_answers_give_finish (TeaConsoleAnswers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
