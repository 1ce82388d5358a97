/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/* EVENT, which is read and written by hand: there are more of these than of all others. */
const char *tea_frame_event_read (TeaFrame *frame, const guint8 *body, gsize size);
GBytes *tea_frame_event_write (const TeaFrame *frame);

G_END_DECLS
