/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

#define TEA_TYPE_TODAY (tea_today_get_type ())

G_DECLARE_FINAL_TYPE (TeaToday, tea_today, TEA, TODAY, GObject)

TeaToday *tea_today_new (TeaClock *clock);
TeaToday *tea_today_get_default (void);

char *tea_today_describe (TeaToday *self, gint64 time);
char *tea_today_describe_short (TeaToday *self, gint64 time);

G_END_DECLS
