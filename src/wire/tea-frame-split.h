/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/* What is too long for one packet: the frames of the pieces of a frame, and of a text. */
GPtrArray *tea_frame_split_event (GBytes *event_frame, guint64 seq);
GPtrArray *tea_frame_split_say (guint32 number, guint32 oldest, const char *text);
GPtrArray *tea_frame_split_tell (GBytes *tell_frame, guint32 number, guint32 oldest);

G_END_DECLS
