/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"

G_BEGIN_DECLS

/**
 * TeaReading:
 *
 * How far somebody has read in a room, on whatever device, and how much there is after it: what
 * the server counted, and what came in since.
 */
typedef struct _TeaReading TeaReading;

/**
 * TeaReadingFuncs:
 * @changed: the position, or how much comes after it, is another
 * @tell: tell the server the position
 *
 * What a reading tells.
 */
typedef struct
{
  void (*changed) (gpointer user_data);
  void (*tell) (guint64 read, gpointer user_data);
} TeaReadingFuncs;

TeaReading *tea_reading_new (TeaClock *clock, const TeaReadingFuncs *funcs, gpointer user_data);
void tea_reading_free (TeaReading *self);

guint64 tea_reading_get_read (TeaReading *self);
guint tea_reading_get_unread (TeaReading *self);
void tea_reading_mark (TeaReading *self, guint64 seq);
void tea_reading_tell_now (TeaReading *self);

void tea_reading_take_told (TeaReading *self, guint64 read, guint unread, guint64 head);
void tea_reading_take_event (TeaReading *self, TeaEvent *event, gboolean is_own);
void tea_reading_take_removed (TeaReading *self, guint64 seq, guint64 removal);
void tea_reading_take_gap (TeaReading *self);
void tea_reading_begin_anew (TeaReading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaReading, tea_reading_free)

G_END_DECLS
