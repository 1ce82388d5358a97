/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-stored-form.h"

G_BEGIN_DECLS

/* How a room's events are written into its log. */
GBytes *tea_event_record_encode (TeaEvent *event);
GBytes *tea_event_record_encode_form (TeaEvent *event, TeaStoredForm *form);
GBytes *tea_event_record_dup_later (GBytes *record, gint64 time);
TeaEvent *tea_event_record_decode (guint64 seq, guint64 version, GBytes *record, GError **error);
TeaStoredForm *tea_event_record_get_form (GBytes *record);

G_END_DECLS
