/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-store.h"

#include "tea-name-store.h"

/**
 * TeaStore:
 *
 * The database of a house: its rooms, their logs, their members, and what is kept of each
 * person.
 */
G_DEFINE_INTERFACE_WITH_CODE (TeaStore,
                              tea_store,
                              G_TYPE_OBJECT,
                              g_type_interface_add_prerequisite (g_define_type_id,
                                                                 TEA_TYPE_NAME_STORE))

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tea_store_default_init (TeaStoreInterface *iface)
{
  /**
   * TeaStore::state-changed:
   * @self: the store
   *
   * The store works again, or does not any more, or something was found to be wrong with
   * it; see [method@Tea.Store.get_state] and [method@Tea.Store.dup_problem].
   */
  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed", TEA_TYPE_STORE, G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * tea_position_new:
 * @key: the fingerprint of a key
 * @room: a room's number
 * @read: the number of the latest event that they have read
 *
 * Returns: (transfer full): a position
 */
TeaPosition *
tea_position_new (const char *key, guint32 room, guint64 read)
{
  TeaPosition *self = NULL;

  g_return_val_if_fail (key != NULL, NULL);

  self = g_new (TeaPosition, 1);
  self->key = g_strdup (key);
  self->room = room;
  self->read = read;

  return self;
}

/**
 * tea_position_free:
 * @self: (transfer full): a position
 *
 * Frees a position.
 */
void
tea_position_free (TeaPosition *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->key);
  g_free (self);
}

/**
 * tea_store_listing_free:
 * @self: (transfer full): a room in a list
 *
 * Frees it.
 */
void
tea_store_listing_free (TeaStoreListing *self)
{
  g_return_if_fail (self != NULL);

  tea_room_info_free (self->info);
  g_free (self->other_name);
  g_free (self);
}

/**
 * tea_store_open_log_async:
 * @self: a store
 * @room: which room
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Opens the log of a room that was made or drafted. As long as somebody holds it, everybody
 * gets the same one.
 */
void
tea_store_open_log_async (TeaStore *self,
                          guint32 room,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->open_log_async (self, room, cancellable, callback, user_data);
}

/**
 * tea_store_open_log_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the log, or %NULL, and @error is %TEA_LOG_ERROR_NO_ROOM,
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaLog *
tea_store_open_log_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->open_log_finish (self, result, error);
}

/**
 * tea_store_draft_room:
 * @self: a store
 * @info: what is known of the room; gets its number
 * @members: (nullable) (element-type TeaMembership): who its members are
 *
 * Gives a room its number and an empty log without writing anything: the room is made
 * together with the first record that is appended to it. This is for pairs, where looking
 * at somebody is to leave no trace. The caller sees to it that there is no room with that
 * address, nor another draft; where there is one after all, appending is
 * %TEA_LOG_ERROR_REJECTED.
 *
 * Returns: (transfer full) (nullable): the log; %NULL when there are too many rooms
 */
TeaLog *
tea_store_draft_room (TeaStore *self, TeaRoomInfo *info, GPtrArray *members)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  return TEA_STORE_GET_IFACE (self)->draft_room (self, info, members);
}

/**
 * tea_store_make_room_async:
 * @self: a store
 * @info: what is known of it; its number does not count
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Makes a room with an empty log. What its address was an old one of is not found by that
 * any more.
 */
void
tea_store_make_room_async (TeaStore *self,
                           const TeaRoomInfo *info,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (info != NULL);

  TEA_STORE_GET_IFACE (self)->make_room_async (self, info, cancellable, callback, user_data);
}

/**
 * tea_store_make_room_finish:
 * @self: a store
 * @result: what the callback was given
 * @number: (out) (optional): its number
 * @error: return location for a #GError
 *
 * Returns: whether it is made; if not, @error is %TEA_LOG_ERROR_TAKEN where there is a room
 *   with that folded address, %TEA_LOG_ERROR_REJECTED where there are too many, or
 *   %TEA_LOG_ERROR_UNAVAILABLE or %TEA_LOG_ERROR_UNKNOWN
 */
gboolean
tea_store_make_room_finish (TeaStore *self, GAsyncResult *result, guint32 *number, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->make_room_finish (self, result, number, error);
}

/**
 * tea_store_find_room_async:
 * @self: a store
 * @folded: a folded address, or what tea_room_info_fold_pair() gives
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds a room by its address, or by one that it had before and nobody else has now.
 */
void
tea_store_find_room_async (TeaStore *self,
                           const char *folded,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (folded != NULL);

  TEA_STORE_GET_IFACE (self)->find_room_async (self, folded, cancellable, callback, user_data);
}

/**
 * tea_store_find_room_finish:
 * @self: a store
 * @result: what the callback was given
 * @info: (out) (transfer full) (nullable): the room; %NULL when
 *   there is none
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_find_room_finish (TeaStore *self,
                            GAsyncResult *result,
                            TeaRoomInfo **info,
                            GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  return TEA_STORE_GET_IFACE (self)->find_room_finish (self, result, info, error);
}

/**
 * tea_store_get_room_async:
 * @self: a store
 * @room: which room
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds a room by its number.
 */
void
tea_store_get_room_async (TeaStore *self,
                          guint32 room,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->get_room_async (self, room, cancellable, callback, user_data);
}

/**
 * tea_store_get_room_finish:
 * @self: a store
 * @result: what the callback was given
 * @info: (out) (transfer full) (nullable): the room; %NULL when
 *   there is none
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_get_room_finish (TeaStore *self, GAsyncResult *result, TeaRoomInfo **info, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);
  g_return_val_if_fail (info != NULL, FALSE);

  return TEA_STORE_GET_IFACE (self)->get_room_finish (self, result, info, error);
}

/**
 * tea_store_update_room_async:
 * @self: a store
 * @info: what is to be known of the room with that number
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Changes what is known of a room. Where its address becomes another one, the old one leads
 * to it until another room takes that, but for a hidden room.
 */
void
tea_store_update_room_async (TeaStore *self,
                             const TeaRoomInfo *info,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (info != NULL);

  TEA_STORE_GET_IFACE (self)->update_room_async (self, info, cancellable, callback, user_data);
}

/**
 * tea_store_update_room_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is changed; if not, @error is %TEA_LOG_ERROR_TAKEN,
 *   %TEA_LOG_ERROR_NO_ROOM, %TEA_LOG_ERROR_UNAVAILABLE or %TEA_LOG_ERROR_UNKNOWN
 */
gboolean
tea_store_update_room_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->update_room_finish (self, result, error);
}

/**
 * tea_store_remove_room_async:
 * @self: a store
 * @room: which room; not the hall
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Removes a room with its log, its members and all positions in it. It is not found any
 * more at once; its records go some at a time. Its log takes nothing any more.
 */
void
tea_store_remove_room_async (TeaStore *self,
                             guint32 room,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (room != TEA_ROOM_INFO_HALL);

  TEA_STORE_GET_IFACE (self)->remove_room_async (self, room, cancellable, callback, user_data);
}

/**
 * tea_store_remove_room_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is not there any more; if not, @error is
 *   %TEA_LOG_ERROR_UNAVAILABLE or %TEA_LOG_ERROR_UNKNOWN
 */
gboolean
tea_store_remove_room_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->remove_room_finish (self, result, error);
}

/**
 * tea_store_count_rooms_async:
 * @self: a store
 * @owner: (nullable): the fingerprint of a key
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Counts the rooms, pairs and the hall left aside.
 */
void
tea_store_count_rooms_async (TeaStore *self,
                             const char *owner,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->count_rooms_async (self, owner, cancellable, callback, user_data);
}

/**
 * tea_store_count_rooms_finish:
 * @self: a store
 * @result: what the callback was given
 * @n_rooms: (out) (optional): how many there are
 * @n_owned: (out) (optional): how many go on the account of that key
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_count_rooms_finish (
    TeaStore *self, GAsyncResult *result, guint *n_rooms, guint *n_owned, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->count_rooms_finish (self, result, n_rooms, n_owned, error);
}

/**
 * tea_store_find_common_async:
 * @self: a store
 * @one: the fingerprint of a key
 * @other: the fingerprint of another one
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out whether there is a room, the hall left aside, of which both are members.
 */
void
tea_store_find_common_async (TeaStore *self,
                             const char *one,
                             const char *other,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (one != NULL && other != NULL);

  TEA_STORE_GET_IFACE (self)->find_common_async (self, one, other, cancellable, callback,
                                                 user_data);
}

/**
 * tea_store_find_common_finish:
 * @self: a store
 * @result: what the callback was given
 * @is_there: (out): whether there is one
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_find_common_finish (TeaStore *self,
                              GAsyncResult *result,
                              gboolean *is_there,
                              GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->find_common_finish (self, result, is_there, error);
}

/**
 * tea_store_list_rooms_async:
 * @self: a store
 * @which: which rooms
 * @key: the fingerprint of who asks
 * @after: (nullable): the folded address after which to go on; %NULL to begin
 * @max: how many at most, above 0
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Lists rooms in the order of their folded addresses.
 */
void
tea_store_list_rooms_async (TeaStore *self,
                            TeaStoreList which,
                            const char *key,
                            const char *after,
                            guint max,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (key != NULL);
  g_return_if_fail (max > 0);

  TEA_STORE_GET_IFACE (self)->list_rooms_async (self, which, key, after, max, cancellable, callback,
                                                user_data);
}

/**
 * tea_store_list_rooms_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaStoreListing): the rooms, fewer than were asked for
 *   only at the end; or %NULL, and @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
GPtrArray *
tea_store_list_rooms_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->list_rooms_finish (self, result, error);
}

/**
 * tea_store_load_members_async:
 * @self: a store
 * @room: which room; not the hall, which has names
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads who the members of a room are, and who is invited to it.
 */
void
tea_store_load_members_async (TeaStore *self,
                              guint32 room,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->load_members_async (self, room, cancellable, callback, user_data);
}

/**
 * tea_store_load_members_finish:
 * @self: a store
 * @result: what the callback was given
 * @as_of: (out) (optional): up to which number of the log they take account of it; 0
 *   when nothing was ever kept
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaMembership): the members, in the order in which
 *   they joined, or %NULL, and @error is %TEA_LOG_ERROR_DAMAGED or
 *   %TEA_LOG_ERROR_UNAVAILABLE
 */
GPtrArray *
tea_store_load_members_finish (TeaStore *self, GAsyncResult *result, guint64 *as_of, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->load_members_finish (self, result, as_of, error);
}

/**
 * tea_store_save_members:
 * @self: a store
 * @room: which room
 * @changed: (nullable) (element-type TeaMembership): what to keep, over what was there
 *   for the same key
 * @removed: (nullable) (array zero-terminated=1): the keys to forget
 * @as_of: up to which number of the log the members take account of it now
 *
 * Keeps changes of the members of a room: all of these or none, some time later, but not
 * before what was appended before.
 */
void
tea_store_save_members (
    TeaStore *self, guint32 room, GPtrArray *changed, const char *const *removed, guint64 as_of)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->save_members (self, room, changed, removed, as_of);
}

/**
 * tea_store_load_rules_async:
 * @self: a store
 * @room: which room
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what holds in a room.
 */
void
tea_store_load_rules_async (TeaStore *self,
                            guint32 room,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->load_rules_async (self, room, cancellable, callback, user_data);
}

/**
 * tea_store_load_rules_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the rules, empty where none were saved, or %NULL, and @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaRoomRules *
tea_store_load_rules_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->load_rules_finish (self, result, error);
}

/**
 * tea_store_save_rules:
 * @self: a store
 * @room: which room
 * @rules: what holds in it now, in place of all that was kept
 *
 * Keeps the rules of a room, some time later, but not before what was appended before. They
 * are saved as soon as they change, and before members or names are saved as of a later
 * number: what is told anew after that number then makes the same rules of them, and nothing
 * else has to be known of how far they are.
 */
void
tea_store_save_rules (TeaStore *self, guint32 room, const TeaRoomRules *rules)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (rules != NULL);

  TEA_STORE_GET_IFACE (self)->save_rules (self, room, rules);
}

/**
 * tea_store_find_words_async:
 * @self: a store
 * @room: which room
 * @from: the lowest number of interest
 * @before: only what is below this number is of interest; 0 for all
 * @words: what somebody looks for
 * @max: how many numbers are wanted, above 0
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds the messages of a room that have all these words in the form that they have now; the
 * last of them may be the beginning of one. It is broken off after 100 ms.
 */
void
tea_store_find_words_async (TeaStore *self,
                            guint32 room,
                            guint64 from,
                            guint64 before,
                            const char *words,
                            guint max,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (words != NULL);
  g_return_if_fail (max > 0);

  TEA_STORE_GET_IFACE (self)->find_words_async (self, room, from, before, words, max, cancellable,
                                                callback, user_data);
}

/**
 * tea_store_find_words_finish:
 * @self: a store
 * @result: what the callback was given
 * @next: (out) (optional): the number to go on before; 0 where all was looked through
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type guint64): the numbers of the messages, the newest
 *   first, or %NULL, and @error is %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
GArray *
tea_store_find_words_finish (TeaStore *self, GAsyncResult *result, guint64 *next, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->find_words_finish (self, result, next, error);
}

/**
 * tea_store_load_position_async:
 * @self: a store
 * @room: which room
 * @key: whose
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads how far somebody has read in a room.
 */
void
tea_store_load_position_async (TeaStore *self,
                               guint32 room,
                               const char *key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (key != NULL);

  TEA_STORE_GET_IFACE (self)->load_position_async (self, room, key, cancellable, callback,
                                                   user_data);
}

/**
 * tea_store_load_position_finish:
 * @self: a store
 * @result: what the callback was given
 * @read: (out) (optional): how far; 0 where that was never saved
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_load_position_finish (TeaStore *self, GAsyncResult *result, guint64 *read, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->load_position_finish (self, result, read, error);
}

/**
 * tea_store_save_positions:
 * @self: a store
 * @positions: (element-type TeaPosition): how far some have read
 *
 * Keeps positions, some time later. One that is not above what is kept changes nothing.
 */
void
tea_store_save_positions (TeaStore *self, GPtrArray *positions)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (positions != NULL);

  TEA_STORE_GET_IFACE (self)->save_positions (self, positions);
}

/**
 * tea_store_count_unread_async:
 * @self: a store
 * @room: which room
 * @after: the number after which to count
 * @max: where to stop, above 0
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Counts the messages of a room that came after a number and are still there.
 */
void
tea_store_count_unread_async (TeaStore *self,
                              guint32 room,
                              guint64 after,
                              guint max,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (max > 0);

  TEA_STORE_GET_IFACE (self)->count_unread_async (self, room, after, max, cancellable, callback,
                                                  user_data);
}

/**
 * tea_store_count_unread_finish:
 * @self: a store
 * @result: what the callback was given
 * @n_unread: (out) (optional): how many they are; the @max that was given for that or
 *   more
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is
 *   %TEA_LOG_ERROR_DAMAGED or %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_store_count_unread_finish (TeaStore *self,
                               GAsyncResult *result,
                               guint *n_unread,
                               GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->count_unread_finish (self, result, n_unread, error);
}

/**
 * tea_store_set_retention:
 * @self: a store
 * @max_days: for how many days records are kept; 0 for ever. These are days that the house
 *   has lived through, see [class@Tea.Calendar]
 * @max_records: how many may be kept in each room; 0 for any number
 *
 * Tells what to keep in rooms that say nothing else (see [struct@Tea.RoomInfo]). What
 * exceeds either limit is removed from the beginning of a log some time later, but not
 * before the names or members that are saved beside it take account of it.
 */
void
tea_store_set_retention (TeaStore *self, guint max_days, guint64 max_records)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->set_retention (self, max_days, max_records);
}

/**
 * tea_store_backup_async:
 * @self: a store
 * @path: the file to make; it must not be there yet
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Writes a copy of everything, as it is at one moment, while all goes on. In a house that is
 * opened from it every room begins another epoch.
 */
void
tea_store_backup_async (TeaStore *self,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (path != NULL);

  TEA_STORE_GET_IFACE (self)->backup_async (self, path, cancellable, callback, user_data);
}

/**
 * tea_store_backup_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the copy is written and on the disk; if not, there is none
 */
gboolean
tea_store_backup_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->backup_finish (self, result, error);
}

/**
 * tea_store_export_async:
 * @self: a store
 * @stream: where to
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Writes all rooms with their logs and members, and the names, to a stream, as they are at one
 * moment. The stream is used in another thread until then.
 */
void
tea_store_export_async (TeaStore *self,
                        GOutputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  TEA_STORE_GET_IFACE (self)->export_async (self, stream, cancellable, callback, user_data);
}

/**
 * tea_store_export_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all was written
 */
gboolean
tea_store_export_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->export_finish (self, result, error);
}

/**
 * tea_store_import_async:
 * @self: a store
 * @stream: what was exported
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Takes over all of another house, with the numbers of its events, in epochs of its own. The
 * stream is used in another thread until then.
 */
void
tea_store_import_async (TeaStore *self,
                        GInputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (G_IS_INPUT_STREAM (stream));

  TEA_STORE_GET_IFACE (self)->import_async (self, stream, cancellable, callback, user_data);
}

/**
 * tea_store_import_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all was taken over; otherwise nothing was, and @error is
 *   %TEA_LOG_ERROR_REJECTED where there is something in the house,
 *   %TEA_LOG_ERROR_FOREIGN or %TEA_LOG_ERROR_DAMAGED where the stream is no exported house
 *   or not a whole one, or another one
 */
gboolean
tea_store_import_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->import_finish (self, result, error);
}

/**
 * tea_store_forget_async:
 * @self: a store
 * @key: the fingerprint of a key
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Takes the owner of a key out of all that is kept: what they said and did and what was done to
 * them, their names, memberships, positions, marks and restrictions, and their private
 * conversations as a whole. The epoch of each room where anything of them was is another one then.
 * What is said meanwhile is stored as always. The answer comes when nothing of it is left in a
 * file.
 *
 * Whoever holds what is kept of them in memory may write it again: the same is to be asked once
 * more after that is gone.
 */
void
tea_store_forget_async (TeaStore *self,
                        const char *key,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));
  g_return_if_fail (key != NULL);

  TEA_STORE_GET_IFACE (self)->forget_async (self, key, callback, user_data);
}

/**
 * tea_store_forget_finish:
 * @self: a store
 * @result: what the callback was given
 * @n_events: (out): how many events were erased or changed
 * @error: return location for a #GError
 *
 * Returns: whether nothing of them is left
 */
gboolean
tea_store_forget_finish (TeaStore *self, GAsyncResult *result, guint64 *n_events, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);
  g_return_val_if_fail (n_events != NULL, FALSE);

  return TEA_STORE_GET_IFACE (self)->forget_finish (self, result, n_events, error);
}

/**
 * tea_store_reindex_async:
 * @self: a store
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Throws the index of words away, and begins to make it anew, a little at a time. What is not in
 * it yet is not found.
 */
void
tea_store_reindex_async (TeaStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (TEA_IS_STORE (self));

  TEA_STORE_GET_IFACE (self)->reindex_async (self, callback, user_data);
}

/**
 * tea_store_reindex_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it has begun
 */
gboolean
tea_store_reindex_finish (TeaStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_STORE (self), FALSE);

  return TEA_STORE_GET_IFACE (self)->reindex_finish (self, result, error);
}

/**
 * tea_store_get_calendar:
 * @self: a store
 *
 * Returns: (transfer none): which day of the house's life it is, by which the store knows how
 *   old something is
 */
TeaCalendar *
tea_store_get_calendar (TeaStore *self)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->get_calendar (self);
}

/**
 * tea_store_get_state:
 * @self: a store
 *
 * Returns: how the store is
 */
TeaLogState
tea_store_get_state (TeaStore *self)
{
  g_return_val_if_fail (TEA_IS_STORE (self), TEA_LOG_OFFLINE);

  return TEA_STORE_GET_IFACE (self)->get_state (self);
}

/**
 * tea_store_get_load:
 * @self: a store
 *
 * Returns: what the disk has had to do for it
 */
TeaStoreLoad
tea_store_get_load (TeaStore *self)
{
  g_return_val_if_fail (TEA_IS_STORE (self), (TeaStoreLoad){ 0 });

  return TEA_STORE_GET_IFACE (self)->get_load (self);
}

/**
 * tea_store_dup_problem:
 * @self: a store
 *
 * Tells what is wrong: why nothing can be stored now, or else what was found to be damaged.
 *
 * Returns: (transfer full) (nullable): a translated sentence for the operator; %NULL where
 *   all is well
 */
char *
tea_store_dup_problem (TeaStore *self)
{
  g_return_val_if_fail (TEA_IS_STORE (self), NULL);

  return TEA_STORE_GET_IFACE (self)->dup_problem (self);
}

/**
 * tea_store_emit_state_changed:
 * @self: a store
 *
 * Emits [signal@Tea.Store::state-changed].
 */
void
tea_store_emit_state_changed (TeaStore *self)
{
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}
