/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-member.h"

G_BEGIN_DECLS

#define TEA_TYPE_MEMBER_LIST (tea_member_list_get_type ())

G_DECLARE_FINAL_TYPE (TeaMemberList, tea_member_list, TEA, MEMBER_LIST, GObject)

TeaMemberList *tea_member_list_new (void);

void tea_member_list_set_own (TeaMemberList *self, const char *name);
TeaMember *tea_member_list_lookup (TeaMemberList *self, const char *name);
void tea_member_list_add (TeaMemberList *self, TeaMember *member);
void tea_member_list_remove (TeaMemberList *self, const char *name);
void tea_member_list_set (TeaMemberList *self, GPtrArray *members);

G_END_DECLS
