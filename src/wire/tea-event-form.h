/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"

G_BEGIN_DECLS

/* What changes make of messages: in a log, and in what is shown. */
GBytes *tea_event_form_apply (GBytes *record, TeaEvent *change, GError **error);
TeaEvent *tea_event_form_describe (GBytes *record, TeaEvent *change);
TeaEvent *tea_event_form_follow (TeaEvent *message, TeaEvent *change);

G_END_DECLS
