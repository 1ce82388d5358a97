/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-fields.h"

G_BEGIN_DECLS

/* The rules for events, wherever they come from and go to: frames and logs. */
const char *tea_event_rules_check (const TeaEventFields *fields);
const char *tea_event_rules_check_saying (TeaEventKind kind, const char *text, GBytes *data);
gboolean tea_event_rules_is_plain (const TeaEventFields *fields);

G_END_DECLS
