/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

#define TEA_TYPE_CALENDAR (tea_calendar_get_type ())

G_DECLARE_FINAL_TYPE (TeaCalendar, tea_calendar, TEA, CALENDAR, GObject)

TeaCalendar *tea_calendar_new (TeaClock *clock, const char *saved);
char *tea_calendar_save (TeaCalendar *self);

gint64 tea_calendar_get_time (TeaCalendar *self);
gboolean tea_calendar_is_settled (TeaCalendar *self);
guint64 tea_calendar_get_today (TeaCalendar *self);
guint64 tea_calendar_get_oldest (TeaCalendar *self, guint n_days);

G_END_DECLS
