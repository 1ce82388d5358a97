/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaUndertaking:
 *
 * Something that takes several steps, and that both whoever has asked for it and whoever
 * does it may give up.
 */
typedef struct
{
  /*< private >*/
  GTask *task;         /* (owned) (nullable): while it goes on */
  GCancellable *steps; /* (owned) (nullable): of its steps */
  GSource *source;     /* (owned) (nullable): the caller gives up */
} TeaUndertaking;

GCancellable *tea_undertaking_begin (TeaUndertaking *self,
                                     GTask *task,
                                     GCancellableSourceFunc given_up,
                                     gpointer user_data);
gboolean tea_undertaking_goes_on (const TeaUndertaking *self);
GCancellable *tea_undertaking_get_steps (const TeaUndertaking *self);
void tea_undertaking_cancel_steps (TeaUndertaking *self);
GTask *tea_undertaking_end (TeaUndertaking *self);

G_END_DECLS
