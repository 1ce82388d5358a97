/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event.h"

G_BEGIN_DECLS

#define TEA_TYPE_EVENT_PRINTER (tea_event_printer_get_type ())

G_DECLARE_FINAL_TYPE (TeaEventPrinter, tea_event_printer, TEA, EVENT_PRINTER, GObject)

TeaEventPrinter *tea_event_printer_new (gboolean json, gboolean terminal);

char *tea_event_printer_format (TeaEventPrinter *self, TeaEvent *event);
void tea_event_printer_print (TeaEventPrinter *self, TeaEvent *event);

char *tea_event_printer_make_safe (const char *text);

G_END_DECLS
