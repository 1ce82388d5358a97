/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-private.h"

#include "tea-name.h"

/* How many variants of a name are tried until a free one is found. */
#define MAX_SUGGESTIONS 64

/**
 * tea_room_find:
 * @self: a room
 * @name: a name in valid UTF-8
 *
 * Returns: (transfer none) (nullable): who is called that in the room
 */
TeaMember *
tea_room_find (TeaRoom *self, const char *name)
{
  g_autofree char *folded = NULL;
  TeaPlace *place;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  folded = tea_name_fold (name);
  place = g_hash_table_lookup (self->places, folded);

  return place != NULL ? place->member : NULL;
}

/**
 * tea_room_get_n_members:
 * @self: a room
 *
 * Returns: how many people are in it
 */
guint
tea_room_get_n_members (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);

  return tea_roll_get_n_present (self->roll);
}

/**
 * tea_room_dup_names:
 * @self: a room
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of all who are in
 *   it, in the order in which they came
 */
char **
tea_room_dup_names (TeaRoom *self)
{
  g_autoptr (GStrvBuilder) names = NULL;
  g_autoptr (GPtrArray) present = NULL;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  names = g_strv_builder_new ();
  present = tea_roll_list_present (self->roll, 0, G_MAXUINT, NULL);
  for (guint i = 0; i < present->len; i++)
    {
      TeaRollEntry *entry = g_ptr_array_index (present, i);

      g_strv_builder_add (names, entry->name);
    }

  return g_strv_builder_end (names);
}

/**
 * tea_room_list_present:
 * @self: a room
 * @after: those who joined after this event
 * @max: how many at most, above 0
 * @as_of: (out) (optional): the latest event this takes account of
 * @next: (out) (optional): the event after which to go on; 0 when these are all
 *
 * Returns: (transfer container) (element-type TeaRollEntry): who is in the room, in the
 *   order in which they came; the entries count until the next event
 */
GPtrArray *
tea_room_list_present (TeaRoom *self, guint64 after, guint max, guint64 *as_of, guint64 *next)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);
  g_return_val_if_fail (max > 0, NULL);

  if (as_of != NULL)
    *as_of = self->head;

  return tea_roll_list_present (self->roll, after, max, next);
}

/**
 * tea_room_suggest_name:
 * @self: a room
 * @name: a fit name
 * @key: (nullable): the fingerprint of the key of who wants it
 *
 * Returns: (transfer full) (nullable): a name like it under which they could enter now
 */
char *
tea_room_suggest_name (TeaRoom *self, const char *name, const char *key)
{
  g_autofree char *suggestion = NULL;
  gint64 now;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  now = tea_clock_get_real_time (self->clock);
  suggestion = g_strdup (name);
  for (guint i = 0; i < MAX_SUGGESTIONS; i++)
    {
      g_autofree char *folded = NULL;
      char *variant = tea_name_suggest (suggestion);

      g_free (suggestion);
      suggestion = variant;
      folded = tea_name_fold (suggestion);
      if (!g_hash_table_contains (self->places, folded)
          && tea_roll_is_free (self->roll, folded, key, now))
        return g_steal_pointer (&suggestion);
    }

  return NULL;
}

/**
 * tea_room_get_first:
 * @self: a room
 *
 * Returns: the number before which nothing is kept
 */
guint64
tea_room_get_first (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 1);

  return tea_log_get_first (self->log);
}

/**
 * tea_room_get_head:
 * @self: a room
 *
 * Returns: the number of the latest event that everyone was told of; 0 before the first
 */
guint64
tea_room_get_head (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);

  return self->head;
}

/**
 * tea_room_get_epoch:
 * @self: a room
 *
 * Returns: the epoch in which its numbers mean something
 */
guint64
tea_room_get_epoch (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);

  return tea_log_get_epoch (self->log);
}

/**
 * tea_room_peek_event:
 * @self: a room
 * @seq: a number
 *
 * Returns: (transfer none) (nullable): the event of that number, if it is one of the
 *   latest
 */
TeaEvent *
tea_room_peek_event (TeaRoom *self, guint64 seq)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return tea_recent_events_find (&self->recent, seq);
}
