/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-undertaking.h"

/**
 * tea_undertaking_begin:
 * @self: an undertaking that does not go on
 * @task: (transfer full): of whoever has asked for it
 * @given_up: called when the cancellable of @task is cancelled
 * @user_data: for @given_up
 *
 * Begins. While it goes on, @given_up may be called once; it has to end it, or to cancel
 * the steps.
 *
 * Returns: (transfer none): what its steps are to be given up with
 */
GCancellable *
tea_undertaking_begin (TeaUndertaking *self,
                       GTask *task,
                       GCancellableSourceFunc given_up,
                       gpointer user_data)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->task == NULL, NULL);
  g_return_val_if_fail (G_IS_TASK (task), NULL);

  self->task = task;
  self->steps = g_cancellable_new ();

  /* Not the signal: what a cancellable calls must not let go of it. */
  if (g_task_get_cancellable (task) != NULL)
    {
      self->source = g_cancellable_source_new (g_task_get_cancellable (task));
      g_source_set_callback (self->source, G_SOURCE_FUNC (given_up), user_data, NULL);
      g_source_attach (self->source, g_main_context_get_thread_default ());
    }

  return self->steps;
}

/**
 * tea_undertaking_goes_on:
 * @self: an undertaking
 *
 * Returns: whether it has begun and not ended
 */
gboolean
tea_undertaking_goes_on (const TeaUndertaking *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->task != NULL;
}

/**
 * tea_undertaking_get_steps:
 * @self: an undertaking
 *
 * Returns: (transfer none) (nullable): what its steps are to be given up with
 */
GCancellable *
tea_undertaking_get_steps (const TeaUndertaking *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->steps;
}

/**
 * tea_undertaking_cancel_steps:
 * @self: an undertaking
 *
 * Makes the step that it is at fail, if it goes on.
 */
void
tea_undertaking_cancel_steps (TeaUndertaking *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->steps);
}

/**
 * tea_undertaking_end:
 * @self: an undertaking
 *
 * Ends it, if it goes on; a step that is still under way is given up.
 *
 * Returns: (transfer full) (nullable): the task to be answered; %NULL if it did not go on
 */
GTask *
tea_undertaking_end (TeaUndertaking *self)
{
  g_autoptr (GCancellable) steps = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  steps = g_steal_pointer (&self->steps);
  g_cancellable_cancel (steps);

  return g_steal_pointer (&self->task);
}
