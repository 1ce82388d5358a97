/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-undertaking.h"

static void
asked_cb (GCancellable *asked, gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));
}

/**
 * tea_undertaking_begin:
 * @self: an undertaking that does not go on
 * @asked: (nullable): what whoever has asked for it gives up with
 *
 * Returns: (transfer none): what it ends by being cancelled
 */
GCancellable *
tea_undertaking_begin (TeaUndertaking *self, GCancellable *asked)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->cancellable == NULL, NULL);

  self->cancellable = g_cancellable_new ();
  if (g_set_object (&self->asked, asked))
    self->asked_id = g_cancellable_connect (asked, G_CALLBACK (asked_cb),
                                            g_object_ref (self->cancellable), g_object_unref);

  return self->cancellable;
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

  return self->cancellable != NULL;
}

/**
 * tea_undertaking_end:
 * @self: an undertaking
 *
 * It has come to its end, if it went on.
 */
void
tea_undertaking_end (TeaUndertaking *self)
{
  g_return_if_fail (self != NULL);

  if (self->asked_id != 0)
    g_cancellable_disconnect (self->asked, self->asked_id);
  self->asked_id = 0;
  g_clear_object (&self->asked);
  g_clear_object (&self->cancellable);
}

/**
 * tea_undertaking_give_up:
 * @self: an undertaking
 *
 * Makes it come to its end, if it goes on.
 */
void
tea_undertaking_give_up (TeaUndertaking *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_return_if_fail (self != NULL);

  g_set_object (&cancellable, self->cancellable);
  tea_undertaking_end (self);
  g_cancellable_cancel (cancellable);
}
