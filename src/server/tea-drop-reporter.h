/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-drop-counter.h"

G_BEGIN_DECLS

#define TEA_TYPE_DROP_REPORTER (tea_drop_reporter_get_type ())

G_DECLARE_FINAL_TYPE (TeaDropReporter, tea_drop_reporter, TEA, DROP_REPORTER, GObject)

TeaDropReporter *tea_drop_reporter_new (TeaDropCounter *drops, TeaClock *clock);

G_END_DECLS
