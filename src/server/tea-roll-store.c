/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-roll-store.h"

/**
 * TeaRollStore:
 *
 * Where a room's roll of names outlives the server.
 */
G_DEFINE_INTERFACE (TeaRollStore, tea_roll_store, G_TYPE_OBJECT)

static void
tea_roll_store_default_init (TeaRollStoreInterface *iface)
{
}

/**
 * tea_roll_entry_new:
 * @name: a name, as its owner writes it
 * @key: (nullable): the fingerprint of the key that owns it
 * @joined: the number of the event by which its owner is in the room; 0 when not there
 * @last_used: when its owner was last there, in µs since the Unix epoch, UTC
 * @last_day: on which day of the house's life that was
 *
 * Returns: (transfer full): an entry
 */
TeaRollEntry *
tea_roll_entry_new (
    const char *name, const char *key, guint64 joined, gint64 last_used, guint64 last_day)
{
  TeaRollEntry *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new (TeaRollEntry, 1);
  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->joined = joined;
  self->last_used = last_used;
  self->last_day = last_day;

  return self;
}

/**
 * tea_roll_entry_copy:
 * @self: an entry
 *
 * Returns: (transfer full): another one like it
 */
TeaRollEntry *
tea_roll_entry_copy (const TeaRollEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tea_roll_entry_new (self->name, self->key, self->joined, self->last_used, self->last_day);
}

/**
 * tea_roll_entry_free:
 * @self: (transfer full): an entry
 *
 * Frees an entry.
 */
void
tea_roll_entry_free (TeaRollEntry *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

/**
 * tea_roll_store_load_async:
 * @self: a roll store
 * @only_here: whether only the names of those are wanted who are in the hall, and the
 *   others that belong to the same keys
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept, with what was saved before.
 */
void
tea_roll_store_load_async (TeaRollStore *self,
                           gboolean only_here,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_ROLL_STORE (self));

  TEA_ROLL_STORE_GET_IFACE (self)->load_async (self, only_here, cancellable, callback, user_data);
}

/**
 * tea_roll_store_load_finish:
 * @self: a roll store
 * @result: what the callback was given
 * @as_of: (out) (optional): up to which number of the log it takes account of it; 0 when
 *   nothing was ever kept
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaRollEntry): the entries, in no order, or %NULL
 */
GPtrArray *
tea_roll_store_load_finish (TeaRollStore *self,
                            GAsyncResult *result,
                            guint64 *as_of,
                            GError **error)
{
  g_return_val_if_fail (TEA_IS_ROLL_STORE (self), NULL);

  return TEA_ROLL_STORE_GET_IFACE (self)->load_finish (self, result, as_of, error);
}

/**
 * tea_roll_store_lookup_async:
 * @self: a roll store
 * @folded: a folded name
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept of one name, with what was saved before.
 */
void
tea_roll_store_lookup_async (TeaRollStore *self,
                             const char *folded,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_ROLL_STORE (self));
  g_return_if_fail (folded != NULL);

  TEA_ROLL_STORE_GET_IFACE (self)->lookup_async (self, folded, cancellable, callback, user_data);
}

/**
 * tea_roll_store_lookup_finish:
 * @self: a roll store
 * @result: what the callback was given
 * @entry: (out) (transfer full) (nullable): what is kept; %NULL for a name that is nobody's
 * @n_names: (out): how many names are kept in all
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer
 */
gboolean
tea_roll_store_lookup_finish (
    TeaRollStore *self, GAsyncResult *result, TeaRollEntry **entry, guint *n_names, GError **error)
{
  g_return_val_if_fail (TEA_IS_ROLL_STORE (self), FALSE);
  g_return_val_if_fail (entry != NULL && n_names != NULL, FALSE);

  return TEA_ROLL_STORE_GET_IFACE (self)->lookup_finish (self, result, entry, n_names, error);
}

/**
 * tea_roll_store_list_owned_async:
 * @self: a roll store
 * @key: the fingerprint of a key
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept of all names of a key, with what was saved before.
 */
void
tea_roll_store_list_owned_async (TeaRollStore *self,
                                 const char *key,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (TEA_IS_ROLL_STORE (self));
  g_return_if_fail (key != NULL);

  TEA_ROLL_STORE_GET_IFACE (self)->list_owned_async (self, key, cancellable, callback, user_data);
}

/**
 * tea_roll_store_list_owned_finish:
 * @self: a roll store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaRollEntry): the entries, in no order, or %NULL
 */
GPtrArray *
tea_roll_store_list_owned_finish (TeaRollStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_ROLL_STORE (self), NULL);

  return TEA_ROLL_STORE_GET_IFACE (self)->list_owned_finish (self, result, error);
}

/**
 * tea_roll_store_forget_unused:
 * @self: a roll store
 * @day: a day of the house's life
 *
 * Forgets the names of all whose owner was not here on it or since then, and is not here
 * now, some time later, in the order of what is saved.
 */
void
tea_roll_store_forget_unused (TeaRollStore *self, guint64 day)
{
  g_return_if_fail (TEA_IS_ROLL_STORE (self));

  TEA_ROLL_STORE_GET_IFACE (self)->forget_unused (self, day);
}

/**
 * tea_roll_store_save:
 * @self: a roll store
 * @changed: (nullable) (element-type TeaRollEntry): what to keep, over what was there under
 *   the same folded name
 * @removed: (nullable) (array zero-terminated=1): the folded names to forget
 * @as_of: up to which number of the log the roll takes account of it now
 *
 * Keeps changes of the roll: all of these or none, some time later. What cannot be written
 * now is tried again by itself, before anything that comes after it.
 */
void
tea_roll_store_save (TeaRollStore *self,
                     GPtrArray *changed,
                     const char *const *removed,
                     guint64 as_of)
{
  g_return_if_fail (TEA_IS_ROLL_STORE (self));

  TEA_ROLL_STORE_GET_IFACE (self)->save (self, changed, removed, as_of);
}
