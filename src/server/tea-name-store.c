/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-store.h"

/**
 * TeaNameStore:
 *
 * Where the names of a house outlive the server.
 */
G_DEFINE_INTERFACE (TeaNameStore, tea_name_store, G_TYPE_OBJECT)

static void
tea_name_store_default_init (TeaNameStoreInterface *iface)
{
}

/**
 * tea_registered_name_new:
 * @name: a name, as its owner writes it
 * @key: (nullable): the fingerprint of the key that owns it
 * @joined: the number of the event by which its owner is in the room; 0 when not there
 * @last_used: when its owner was last there, in µs since the Unix epoch, UTC
 * @last_day: on which day of the house's life that was
 *
 * Returns: (transfer full): an entry
 */
TeaRegisteredName *
tea_registered_name_new (
    const char *name, const char *key, guint64 joined, gint64 last_used, guint64 last_day)
{
  TeaRegisteredName *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new (TeaRegisteredName, 1);
  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->joined = joined;
  self->last_used = last_used;
  self->last_day = last_day;

  return self;
}

/**
 * tea_registered_name_copy:
 * @self: an entry
 *
 * Returns: (transfer full): another one like it
 */
TeaRegisteredName *
tea_registered_name_copy (const TeaRegisteredName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tea_registered_name_new (self->name, self->key, self->joined, self->last_used,
                                  self->last_day);
}

/**
 * tea_registered_name_free:
 * @self: (transfer full): an entry
 *
 * Frees an entry.
 */
void
tea_registered_name_free (TeaRegisteredName *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

/**
 * tea_name_store_load_async:
 * @self: a name store
 * @only_here: whether only the names of those are wanted who are in the hall, and the
 *   others that belong to the same keys
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept, with what was saved before.
 */
void
tea_name_store_load_async (TeaNameStore *self,
                           gboolean only_here,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_NAME_STORE (self));

  TEA_NAME_STORE_GET_IFACE (self)->load_async (self, only_here, cancellable, callback, user_data);
}

/**
 * tea_name_store_load_finish:
 * @self: a name store
 * @result: what the callback was given
 * @as_of: (out) (optional): up to which number of the log it takes account of it; 0 when
 *   nothing was ever kept
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaRegisteredName): the entries, in no order, or %NULL
 */
GPtrArray *
tea_name_store_load_finish (TeaNameStore *self,
                            GAsyncResult *result,
                            guint64 *as_of,
                            GError **error)
{
  g_return_val_if_fail (TEA_IS_NAME_STORE (self), NULL);

  return TEA_NAME_STORE_GET_IFACE (self)->load_finish (self, result, as_of, error);
}

/**
 * tea_name_store_lookup_async:
 * @self: a name store
 * @folded: a folded name
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept of one name, with what was saved before.
 */
void
tea_name_store_lookup_async (TeaNameStore *self,
                             const char *folded,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (TEA_IS_NAME_STORE (self));
  g_return_if_fail (folded != NULL);

  TEA_NAME_STORE_GET_IFACE (self)->lookup_async (self, folded, cancellable, callback, user_data);
}

/**
 * tea_name_store_lookup_finish:
 * @self: a name store
 * @result: what the callback was given
 * @entry: (out) (transfer full) (nullable): what is kept; %NULL for a name that is nobody's
 * @n_names: (out): how many names are kept in all
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer
 */
gboolean
tea_name_store_lookup_finish (TeaNameStore *self,
                              GAsyncResult *result,
                              TeaRegisteredName **entry,
                              guint *n_names,
                              GError **error)
{
  g_return_val_if_fail (TEA_IS_NAME_STORE (self), FALSE);
  g_return_val_if_fail (entry != NULL && n_names != NULL, FALSE);

  return TEA_NAME_STORE_GET_IFACE (self)->lookup_finish (self, result, entry, n_names, error);
}

/**
 * tea_name_store_list_owned_async:
 * @self: a name store
 * @key: the fingerprint of a key
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is kept of all names of a key, with what was saved before.
 */
void
tea_name_store_list_owned_async (TeaNameStore *self,
                                 const char *key,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (TEA_IS_NAME_STORE (self));
  g_return_if_fail (key != NULL);

  TEA_NAME_STORE_GET_IFACE (self)->list_owned_async (self, key, cancellable, callback, user_data);
}

/**
 * tea_name_store_list_owned_finish:
 * @self: a name store
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaRegisteredName): the entries, in no order, or %NULL
 */
GPtrArray *
tea_name_store_list_owned_finish (TeaNameStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_NAME_STORE (self), NULL);

  return TEA_NAME_STORE_GET_IFACE (self)->list_owned_finish (self, result, error);
}

/**
 * tea_name_store_forget_unused:
 * @self: a name store
 * @day: a day of the house's life
 *
 * Forgets the names of all whose owner was not here on it or since then, and is not here
 * now, some time later, in the order of what is saved.
 */
void
tea_name_store_forget_unused (TeaNameStore *self, guint64 day)
{
  g_return_if_fail (TEA_IS_NAME_STORE (self));

  TEA_NAME_STORE_GET_IFACE (self)->forget_unused (self, day);
}

/**
 * tea_name_store_save:
 * @self: a name store
 * @changed: (nullable) (element-type TeaRegisteredName): what to keep, over what was there under
 *   the same folded name
 * @removed: (nullable) (array zero-terminated=1): the folded names to forget
 * @as_of: up to which number of the log the names take account of it now
 *
 * Keeps changes of the names: all of these or none, some time later. What cannot be written
 * now is tried again by itself, before anything that comes after it.
 */
void
tea_name_store_save (TeaNameStore *self,
                     GPtrArray *changed,
                     const char *const *removed,
                     guint64 as_of)
{
  g_return_if_fail (TEA_IS_NAME_STORE (self));

  TEA_NAME_STORE_GET_IFACE (self)->save (self, changed, removed, as_of);
}
