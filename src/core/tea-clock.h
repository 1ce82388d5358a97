/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TeaTimer:
 *
 * A moment on a [class@Tea.Clock] at which something is to be done. It is made once
 * and set as often as needed.
 */
typedef struct _TeaTimer TeaTimer;

/**
 * TeaTimerFunc:
 * @user_data: what was given to tea_timer_new()
 *
 * Called once when a timer's moment has come. It may set the timer again, and may free
 * it.
 */
typedef void (*TeaTimerFunc) (gpointer user_data);

#define TEA_TYPE_CLOCK (tea_clock_get_type ())

G_DECLARE_FINAL_TYPE (TeaClock, tea_clock, TEA, CLOCK, GObject)

TeaClock *tea_clock_new (void);
TeaClock *tea_clock_new_manual (gint64 real_time);

gint64 tea_clock_get_time (TeaClock *self);
gint64 tea_clock_get_real_time (TeaClock *self);

gint64 tea_clock_get_next_due (TeaClock *self);
void tea_clock_advance (TeaClock *self, gint64 time);
void tea_clock_sleep (TeaClock *self, gint64 time);

TeaTimer *tea_timer_new (TeaClock *clock, TeaTimerFunc callback, gpointer user_data);
void tea_timer_free (TeaTimer *self);

void tea_timer_set (TeaTimer *self, gint64 delay);
void tea_timer_set_at (TeaTimer *self, gint64 time);
void tea_timer_unset (TeaTimer *self);
gint64 tea_timer_get_due (TeaTimer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaTimer, tea_timer_free)

G_END_DECLS
