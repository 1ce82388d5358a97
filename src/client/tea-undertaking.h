/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaUndertaking:
 *
 * Something that goes on, and that both whoever has asked for it and whoever does it may
 * give up.
 */
typedef struct
{
  GCancellable *cancellable; /* (owned) (nullable): while it goes on */
  GCancellable *asked;       /* (owned) (nullable): of whoever has asked for it */
  gulong asked_id;
} TeaUndertaking;

GCancellable *tea_undertaking_begin (TeaUndertaking *self, GCancellable *asked);
gboolean tea_undertaking_goes_on (const TeaUndertaking *self);
void tea_undertaking_end (TeaUndertaking *self);
void tea_undertaking_give_up (TeaUndertaking *self);

G_END_DECLS
