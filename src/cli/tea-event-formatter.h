/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-member.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_EVENT_FORMATTER (tea_event_formatter_get_type ())

G_DECLARE_FINAL_TYPE (TeaEventFormatter, tea_event_formatter, TEA, EVENT_FORMATTER, GObject)

TeaEventFormatter *tea_event_formatter_new (gboolean json);

char *tea_event_formatter_format (TeaEventFormatter *self, TeaEvent *event);

char *tea_event_formatter_format_gap (TeaEventFormatter *self);
char *tea_event_formatter_format_own (TeaEventFormatter *self, TeaTimelineItem *item);

char *tea_event_formatter_format_error (const char *text);
char *tea_event_formatter_format_history (guint n_events, gboolean has_older);
char *tea_event_formatter_format_members (GListModel *members, gboolean known);

G_END_DECLS
