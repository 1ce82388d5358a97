/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaMembership:
 * @key: the fingerprint of the member's key
 * @name: the name under which they were here last
 * @role: as on the wire; 0 for somebody who is invited and has not come
 * @joined: the number of the event by which they became a member, or were invited
 *
 * Somebody's place in a room.
 */
typedef struct
{
  char *key;
  char *name;
  guint8 role;
  guint64 joined;
} TeaMembership;

TeaMembership *tea_membership_new (const char *key, const char *name, guint8 role, guint64 joined);
TeaMembership *tea_membership_copy (const TeaMembership *self);
void tea_membership_free (TeaMembership *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaMembership, tea_membership_free)

G_END_DECLS
