/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLASSIC_MEMBER_QUERY (tea_classic_member_query_get_type ())

G_DECLARE_FINAL_TYPE (
    TeaClassicMemberQuery, tea_classic_member_query, TEA, CLASSIC_MEMBER_QUERY, GObject)

TeaClassicMemberQuery *tea_classic_member_query_new (TeaClock *clock);

void tea_classic_member_query_start (TeaClassicMemberQuery *self);
void tea_classic_member_query_stop (TeaClassicMemberQuery *self);
void tea_classic_member_query_take_part (TeaClassicMemberQuery *self,
                                         guint part,
                                         guint n_parts,
                                         char **names);
gboolean tea_classic_member_query_take_refusal (TeaClassicMemberQuery *self, const char *reason);

G_END_DECLS
