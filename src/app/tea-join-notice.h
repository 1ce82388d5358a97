/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_JOIN_NOTICE (tea_join_notice_get_type ())

G_DECLARE_FINAL_TYPE (TeaJoinNotice, tea_join_notice, TEA, JOIN_NOTICE, AdwBin)

void tea_join_notice_hide (TeaJoinNotice *self);
void tea_join_notice_show_busy (TeaJoinNotice *self);
void tea_join_notice_show_hint (TeaJoinNotice *self, const char *hint);
void tea_join_notice_show_problem (TeaJoinNotice *self, const char *problem, gboolean can_retry);
void tea_join_notice_show_not_private (TeaJoinNotice *self);
void tea_join_notice_show_unkept_key (TeaJoinNotice *self, const char *explanation);
void
tea_join_notice_show_other_key (TeaJoinNotice *self, const char *explanation, gboolean can_forget);
void tea_join_notice_focus (TeaJoinNotice *self);

G_END_DECLS
