/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-info.h"

#include <string.h>

#define PAIR_MARK '@'

G_DEFINE_BOXED_TYPE (TeaRoomInfo, tea_room_info, tea_room_info_copy, tea_room_info_free)

/**
 * tea_room_info_new:
 * @address: where the room is found, as its owner writes it
 * @folded: the same in folded form, by which it is found
 *
 * Returns: (transfer full): a room without a number, title, flags, password or owner
 */
TeaRoomInfo *
tea_room_info_new (const char *address, const char *folded)
{
  TeaRoomInfo *self = NULL;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (folded != NULL, NULL);

  self = g_new0 (TeaRoomInfo, 1);
  self->address = g_strdup (address);
  self->folded = g_strdup (folded);
  self->title = g_strdup ("");

  return self;
}

/**
 * tea_room_info_new_pair:
 * @one: the fingerprint of a key
 * @other: the fingerprint of another
 *
 * Returns: (transfer full): the room of two keys, without a number or flags, the same in
 *   whichever order they are given
 */
TeaRoomInfo *
tea_room_info_new_pair (const char *one, const char *other)
{
  g_autofree char *folded = tea_room_info_fold_pair (one, other);

  return tea_room_info_new (folded, folded);
}

/**
 * tea_room_info_copy:
 * @self: what is known of a room
 *
 * Returns: (transfer full): a copy
 */
TeaRoomInfo *
tea_room_info_copy (const TeaRoomInfo *self)
{
  TeaRoomInfo *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->address = g_strdup (self->address);
  copy->folded = g_strdup (self->folded);
  copy->title = g_strdup (self->title);
  copy->password = g_strdup (self->password);
  copy->owner = g_strdup (self->owner);

  return copy;
}

/**
 * tea_room_info_free:
 * @self: (transfer full): what is known of a room
 *
 * Frees it.
 */
void
tea_room_info_free (TeaRoomInfo *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->address);
  g_free (self->folded);
  g_free (self->title);
  g_free (self->password);
  g_free (self->owner);
  g_free (self);
}

/**
 * tea_room_info_fold_pair:
 * @one: the fingerprint of a key
 * @other: the fingerprint of another
 *
 * Returns: (transfer full): by what the room of these two is found, in whichever order they
 *   are given
 */
char *
tea_room_info_fold_pair (const char *one, const char *other)
{
  gboolean in_order = FALSE;

  g_return_val_if_fail (one != NULL, NULL);
  g_return_val_if_fail (other != NULL, NULL);

  in_order = strcmp (one, other) <= 0;

  return g_strdup_printf ("%c%s%c%s", PAIR_MARK, in_order ? one : other, PAIR_MARK,
                          in_order ? other : one);
}

/**
 * tea_room_info_dup_other:
 * @self: what is known of a room
 * @key: the fingerprint of a key
 *
 * Tells who the other one in a pair is.
 *
 * Returns: (transfer full) (nullable): the fingerprint of the other's key; %NULL where the
 *   room is no pair, or not one of that key
 */
char *
tea_room_info_dup_other (const TeaRoomInfo *self, const char *key)
{
  g_auto (GStrv) keys = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  if (self->folded[0] != PAIR_MARK)
    return NULL;

  keys = g_strsplit (self->folded + 1, "@", 2);
  if (g_strv_length (keys) != 2)
    return NULL;

  if (g_str_equal (keys[0], key))
    return g_strdup (keys[1]);

  return g_str_equal (keys[1], key) ? g_strdup (keys[0]) : NULL;
}
