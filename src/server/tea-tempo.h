/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TeaTempo:
 *
 * How long ago each member of a room has said something, where they must not say much.
 */
typedef struct _TeaTempo TeaTempo;

TeaTempo *tea_tempo_new (TeaClock *clock);
void tea_tempo_free (TeaTempo *self);

gint64 tea_tempo_get_wait (TeaTempo *self, const char *who, gint64 interval);
void tea_tempo_note (TeaTempo *self, const char *who, gint64 interval);
void tea_tempo_take_back (TeaTempo *self, const char *who);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaTempo, tea_tempo_free)

G_END_DECLS
