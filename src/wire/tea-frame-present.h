/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

GBytes *tea_frame_present_write (
    guint64 as_of, guint64 next, const TeaPresentMember *members, guint n_members, gsize max_size);

G_END_DECLS
