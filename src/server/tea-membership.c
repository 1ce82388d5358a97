/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-membership.h"

/**
 * tea_membership_new:
 * @key: the fingerprint of the member's key
 * @name: the name under which they were here last
 * @role: as on the wire; 0 for somebody who is invited and has not come
 * @joined: the number of the event by which they became a member, or were invited
 *
 * Returns: (transfer full): a membership
 */
TeaMembership *
tea_membership_new (const char *key, const char *name, guint8 role, guint64 joined)
{
  TeaMembership *self = NULL;

  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_new (TeaMembership, 1);
  self->key = g_strdup (key);
  self->name = g_strdup (name);
  self->role = role;
  self->joined = joined;

  return self;
}

/**
 * tea_membership_copy:
 * @self: a membership
 *
 * Returns: (transfer full): a copy
 */
TeaMembership *
tea_membership_copy (const TeaMembership *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tea_membership_new (self->key, self->name, self->role, self->joined);
}

/**
 * tea_membership_free:
 * @self: (transfer full): a membership
 *
 * Frees a membership.
 */
void
tea_membership_free (TeaMembership *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->key);
  g_free (self->name);
  g_free (self);
}
