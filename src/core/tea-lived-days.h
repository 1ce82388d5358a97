/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaLivedDays:
 *
 * How many days a program has lived through. What is to go after a number of days is to
 * be counted in these: a clock that is wrong for hours makes nothing old.
 *
 * A day has been lived through when the program has run for ten minutes of it. A clock that
 * jumps is in doubt until the program has run for a day without another jump: until then no
 * day counts. A jump is an hour back or more, or 45 days ahead or more, while the program
 * runs or since it ran last; less is what sleep, a time server, or a closed room explain,
 * and can count for one day only. What is stamped with the time meanwhile gets the one that
 * it would be without the jump.
 */
typedef struct _TeaLivedDays TeaLivedDays;

/**
 * TeaLivedDaysNews:
 * @TEA_LIVED_DAYS_NOTHING: nothing
 * @TEA_LIVED_DAYS_PASSED: one more day counts
 * @TEA_LIVED_DAYS_JUMPED: the clock has jumped, and is in doubt
 * @TEA_LIVED_DAYS_SETTLED: the clock is in doubt no more
 *
 * What a look at the clock has shown.
 */
typedef enum
{
  TEA_LIVED_DAYS_NOTHING,
  TEA_LIVED_DAYS_PASSED,
  TEA_LIVED_DAYS_JUMPED,
  TEA_LIVED_DAYS_SETTLED,
} TeaLivedDaysNews;

TeaLivedDays *tea_lived_days_new (const char *saved);
void tea_lived_days_free (TeaLivedDays *self);
char *tea_lived_days_save (TeaLivedDays *self);

TeaLivedDaysNews tea_lived_days_note (TeaLivedDays *self, gint64 time, gint64 real_time);

guint64 tea_lived_days_get_number (TeaLivedDays *self);
gboolean tea_lived_days_is_settled (TeaLivedDays *self);
gint64 tea_lived_days_get_time (TeaLivedDays *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaLivedDays, tea_lived_days_free)

G_END_DECLS
