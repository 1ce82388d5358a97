/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TeaRegisteredName:
 * @name: a name, as its owner writes it
 * @key: (nullable): the fingerprint of the key that owns it; %NULL where it is borrowed
 *   through the classic protocol
 * @joined: the number of the event by which its owner is in the room; 0 when not there
 * @last_used: when its owner was last there, in µs since the Unix epoch, UTC
 * @last_day: on which day of the house's life that was
 *
 * A name, whose it is, and whether they are in the room.
 */
typedef struct
{
  char *name;
  char *key;
  guint64 joined;
  gint64 last_used;
  guint64 last_day;
} TeaRegisteredName;

TeaRegisteredName *tea_registered_name_new (
    const char *name, const char *key, guint64 joined, gint64 last_used, guint64 last_day);
TeaRegisteredName *tea_registered_name_copy (const TeaRegisteredName *self);
void tea_registered_name_free (TeaRegisteredName *self);

#define TEA_TYPE_NAME_STORE (tea_name_store_get_type ())

G_DECLARE_INTERFACE (TeaNameStore, tea_name_store, TEA, NAME_STORE, GObject)

/**
 * TeaNameStoreInterface:
 * @load_async: read what is kept of all names, or only of those of who is here, others of
 *   the same keys included
 * @load_finish: (transfer full) (element-type TeaRegisteredName): the entries, and up to which
 *   number of the log they take account of it
 * @lookup_async: read what is kept of one name
 * @lookup_finish: whether there is an answer, and (transfer full) (nullable) the entry, and
 *   how many names are kept in all
 * @list_owned_async: read what is kept of the names of one key
 * @list_owned_finish: (transfer full) (element-type TeaRegisteredName): their entries
 * @forget_unused: forget the names whose owner was not here since a day, and is not now
 * @save: keep @changed (by their folded names, over what was there) and forget @removed
 *   (folded names), as of the event @as_of; it is on disk some time later, all of it or
 *   none. Saves keep their order, and none is on disk before what was appended before it
 *
 * Where the names of a house are kept: a reading of the log, so that nobody has to read all
 * of it again. It may lag behind the log; what came after @as_of is read there.
 */
struct _TeaNameStoreInterface
{
  GTypeInterface parent_iface;

  void (*load_async) (TeaNameStore *self,
                      gboolean only_here,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  GPtrArray *(*load_finish) (TeaNameStore *self,
                             GAsyncResult *result,
                             guint64 *as_of,
                             GError **error);
  void (*lookup_async) (TeaNameStore *self,
                        const char *folded,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*lookup_finish) (TeaNameStore *self,
                             GAsyncResult *result,
                             TeaRegisteredName **entry,
                             guint *n_names,
                             GError **error);
  void (*list_owned_async) (TeaNameStore *self,
                            const char *key,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  GPtrArray *(*list_owned_finish) (TeaNameStore *self, GAsyncResult *result, GError **error);
  void (*forget_unused) (TeaNameStore *self, guint64 day);
  void (*save) (TeaNameStore *self, GPtrArray *changed, const char *const *removed, guint64 as_of);
};

void tea_name_store_load_async (TeaNameStore *self,
                                gboolean only_here,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *tea_name_store_load_finish (TeaNameStore *self,
                                       GAsyncResult *result,
                                       guint64 *as_of,
                                       GError **error);
void tea_name_store_lookup_async (TeaNameStore *self,
                                  const char *folded,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_name_store_lookup_finish (TeaNameStore *self,
                                       GAsyncResult *result,
                                       TeaRegisteredName **entry,
                                       guint *n_names,
                                       GError **error);
void tea_name_store_list_owned_async (TeaNameStore *self,
                                      const char *key,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
GPtrArray *
tea_name_store_list_owned_finish (TeaNameStore *self, GAsyncResult *result, GError **error);
void tea_name_store_forget_unused (TeaNameStore *self, guint64 day);
void tea_name_store_save (TeaNameStore *self,
                          GPtrArray *changed,
                          const char *const *removed,
                          guint64 as_of);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRegisteredName, tea_registered_name_free)

G_END_DECLS
