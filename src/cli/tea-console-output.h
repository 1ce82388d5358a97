/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-terminal.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_OUTPUT (tea_console_output_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleOutput, tea_console_output, TEA, CONSOLE_OUTPUT, GObject)

TeaConsoleOutput *tea_console_output_new (gboolean json, TeaTerminal *terminal);

void tea_console_output_write_event (TeaConsoleOutput *self, TeaEvent *event);
void tea_console_output_write_gap (TeaConsoleOutput *self);
void tea_console_output_write_own (TeaConsoleOutput *self, TeaTimelineItem *item);
void tea_console_output_write_error (TeaConsoleOutput *self, const char *text);
void tea_console_output_write_history (TeaConsoleOutput *self, guint n_events, gboolean has_older);
void tea_console_output_write_members (TeaConsoleOutput *self, GListModel *members, gboolean known);

gboolean tea_console_output_is_settled (TeaConsoleOutput *self);
gboolean tea_console_output_is_idle (TeaConsoleOutput *self);

G_END_DECLS
