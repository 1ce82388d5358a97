/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TEA_TYPE_MEMBER (tea_member_get_type ())

G_DECLARE_FINAL_TYPE (TeaMember, tea_member, TEA, MEMBER, GObject)

TeaMember *tea_member_new (const char *name);
TeaMember *tea_member_new_entered (const char *name, guint64 since);
TeaMember *tea_member_new_present (const char *name, guint64 since, const char *fingerprint);

const char *tea_member_get_name (TeaMember *self);
const char *tea_member_get_folded_name (TeaMember *self);
const char *tea_member_get_fingerprint (TeaMember *self);
guint64 tea_member_get_since (TeaMember *self);

G_END_DECLS
