/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"

G_BEGIN_DECLS

/* How a room's events are written into its log. */
GBytes *tea_event_record_encode (TeaEvent *event);
TeaEvent *tea_event_record_decode (guint64 seq, GBytes *record, GError **error);

G_END_DECLS
