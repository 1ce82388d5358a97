/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-calendar.h"
#include "tea-log.h"
#include "tea-membership.h"
#include "tea-room-info.h"
#include "tea-room-rules.h"
#include "tea-store-load.h"

G_BEGIN_DECLS

/**
 * TEA_STORE_MAX_UNREAD:
 *
 * Where counting what is unread stops.
 */
#define TEA_STORE_MAX_UNREAD 1000

/**
 * TeaPosition:
 * @key: the fingerprint of a key
 * @room: a room's number
 * @read: the number of the latest event that they have read
 *
 * How far somebody has read in a room.
 */
typedef struct
{
  char *key;
  guint32 room;
  guint64 read;
} TeaPosition;

/**
 * TeaStoreListing:
 * @info: (owned): the room
 * @head: the number of its latest event
 * @read: how far who asks has read
 * @other_name: (owned) (nullable): of the conversation of two, what the other one was called
 *   when it was here last
 * @n_unread: how many messages came after that; %TEA_STORE_MAX_UNREAD for that or more
 * @n_members: how many members it has; those who are only invited do not count
 * @role: the role of who asks; 0 where they are no member, or only invited
 * @is_invited: whether who asks is invited and has not come
 *
 * A room as it stands in a list, for one reader.
 */
typedef struct
{
  TeaRoomInfo *info;
  guint64 head;
  guint64 read;
  char *other_name;
  guint n_unread;
  guint n_members;
  guint8 role;
  gboolean is_invited;
} TeaStoreListing;

/**
 * TeaStoreList:
 * @TEA_STORE_MINE: those in which a key is a member or invited
 * @TEA_STORE_LISTED: those that everybody may know of
 * @TEA_STORE_ALL: all, for an operator
 *
 * Which rooms a list has. The hall is in none.
 */
typedef enum
{
  TEA_STORE_MINE,
  TEA_STORE_LISTED,
  TEA_STORE_ALL,
} TeaStoreList;

TeaPosition *tea_position_new (const char *key, guint32 room, guint64 read);
void tea_position_free (TeaPosition *self);

void tea_store_listing_free (TeaStoreListing *self);

#define TEA_TYPE_STORE (tea_store_get_type ())

G_DECLARE_INTERFACE (TeaStore, tea_store, TEA, STORE, GObject)

/**
 * TeaStoreInterface:
 * @open_log_async: open the log of a room
 * @open_log_finish: (transfer full): the log, the same for everybody who has it
 * @draft_room: (transfer full): give a room a number and an empty log; it is on the disk
 *   with the first record of that, and leaves no trace before
 * @make_room_async: make a room
 * @make_room_finish: its number
 * @find_room_async: find a room by its folded address
 * @find_room_finish: (transfer full) (nullable): the room
 * @get_room_async: find a room by its number
 * @get_room_finish: (transfer full) (nullable): the room
 * @update_room_async: change what is known of a room, its address included
 * @update_room_finish: whether it is changed
 * @remove_room_async: remove a room with all that belongs to it
 * @remove_room_finish: whether it is removed
 * @count_rooms_async: count the rooms
 * @count_rooms_finish: how many there are, and how many go on the account of a key
 * @find_common_async: find out whether two keys are members of one room
 * @find_common_finish: whether they are
 * @list_rooms_async: list rooms
 * @list_rooms_finish: (transfer full) (element-type TeaStoreListing): a page of the list
 * @load_members_async: read the members of a room
 * @load_members_finish: (transfer full) (element-type TeaMembership): its members, and up
 *   to which number of its log they take account of it
 * @save_members: keep changes of the members of a room, as of a number of its log
 * @load_rules_async: read what holds in a room
 * @load_rules_finish: (transfer full): its rules
 * @save_rules: keep what holds in a room
 * @find_words_async: find messages with words, the newest first
 * @find_words_finish: (transfer full) (element-type guint64): their numbers, and where to go on
 * @load_position_async: read how far somebody has read
 * @load_position_finish: whether there is an answer
 * @save_positions: keep how far some have read; a position only rises
 * @count_unread_async: count the messages after a number
 * @count_unread_finish: how many there are
 * @set_retention: what to keep in rooms that do not say so themselves
 * @backup_async: write a copy of the whole database to another file
 * @backup_finish: whether it is written
 * @export_async: write all rooms to a stream
 * @export_finish: whether all is written; the stream stays open
 * @import_async: take over all that was exported; only into an empty house
 * @import_finish: whether all was taken; otherwise nothing was
 * @forget_async: take somebody out of all that is kept, and out of the files
 * @forget_finish: whether nothing of them is left
 * @reindex_async: have the index of words made anew
 * @reindex_finish: whether that has begun
 * @get_calendar: which day of the house's life it is
 * @get_state: how the store is
 * @get_load: what the disk has had to do
 * @dup_problem: (transfer full) (nullable): what is wrong, as a sentence
 *
 * What a house keeps: its rooms, each with a log, who belongs to them, and how far
 * everybody has read. One commit is for whatever has happened in all rooms since the last.
 * Only rooms whose log somebody holds take memory or time.
 *
 * A store is a [iface@Tea.RollStore], too: that of the hall's names.
 *
 * Nothing blocks. Every call answers once, in the main context that was thread-default
 * where the store was made. What is written is written in the order in which it was asked
 * for; what is read sees all that was asked for before, unless the disk has refused that.
 * What is only saved (members, rules, positions, names) is not answered: what cannot be written
 * now is tried again by itself, before anything that comes after it.
 *
 * Errors are those of %TEA_LOG_ERROR.
 */
struct _TeaStoreInterface
{
  GTypeInterface parent_iface;

  void (*open_log_async) (TeaStore *self,
                          guint32 room,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  TeaLog *(*open_log_finish) (TeaStore *self, GAsyncResult *result, GError **error);
  TeaLog *(*draft_room) (TeaStore *self, TeaRoomInfo *info, GPtrArray *members);

  void (*make_room_async) (TeaStore *self,
                           const TeaRoomInfo *info,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  gboolean (*make_room_finish) (TeaStore *self,
                                GAsyncResult *result,
                                guint32 *number,
                                GError **error);

  void (*find_room_async) (TeaStore *self,
                           const char *folded,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  gboolean (*find_room_finish) (TeaStore *self,
                                GAsyncResult *result,
                                TeaRoomInfo **info,
                                GError **error);

  void (*get_room_async) (TeaStore *self,
                          guint32 room,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  gboolean (*get_room_finish) (TeaStore *self,
                               GAsyncResult *result,
                               TeaRoomInfo **info,
                               GError **error);

  void (*update_room_async) (TeaStore *self,
                             const TeaRoomInfo *info,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gboolean (*update_room_finish) (TeaStore *self, GAsyncResult *result, GError **error);

  void (*remove_room_async) (TeaStore *self,
                             guint32 room,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gboolean (*remove_room_finish) (TeaStore *self, GAsyncResult *result, GError **error);

  void (*count_rooms_async) (TeaStore *self,
                             const char *owner,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gboolean (*count_rooms_finish) (
      TeaStore *self, GAsyncResult *result, guint *n_rooms, guint *n_owned, GError **error);

  void (*find_common_async) (TeaStore *self,
                             const char *one,
                             const char *other,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gboolean (*find_common_finish) (TeaStore *self,
                                  GAsyncResult *result,
                                  gboolean *is_there,
                                  GError **error);

  void (*list_rooms_async) (TeaStore *self,
                            TeaStoreList which,
                            const char *key,
                            const char *after,
                            guint max,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  GPtrArray *(*list_rooms_finish) (TeaStore *self, GAsyncResult *result, GError **error);

  void (*load_members_async) (TeaStore *self,
                              guint32 room,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
  GPtrArray *(*load_members_finish) (TeaStore *self,
                                     GAsyncResult *result,
                                     guint64 *as_of,
                                     GError **error);
  void (*save_members) (
      TeaStore *self, guint32 room, GPtrArray *changed, const char *const *removed, guint64 as_of);

  void (*load_rules_async) (TeaStore *self,
                            guint32 room,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  TeaRoomRules *(*load_rules_finish) (TeaStore *self, GAsyncResult *result, GError **error);
  void (*save_rules) (TeaStore *self, guint32 room, const TeaRoomRules *rules);

  void (*find_words_async) (TeaStore *self,
                            guint32 room,
                            guint64 from,
                            guint64 before,
                            const char *words,
                            guint max,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  GArray *(*find_words_finish) (TeaStore *self,
                                GAsyncResult *result,
                                guint64 *next,
                                GError **error);

  void (*load_position_async) (TeaStore *self,
                               guint32 room,
                               const char *key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
  gboolean (*load_position_finish) (TeaStore *self,
                                    GAsyncResult *result,
                                    guint64 *read,
                                    GError **error);
  void (*save_positions) (TeaStore *self, GPtrArray *positions);

  void (*count_unread_async) (TeaStore *self,
                              guint32 room,
                              guint64 after,
                              guint max,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
  gboolean (*count_unread_finish) (TeaStore *self,
                                   GAsyncResult *result,
                                   guint *n_unread,
                                   GError **error);

  void (*set_retention) (TeaStore *self, guint max_days, guint64 max_records);

  void (*backup_async) (TeaStore *self,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*backup_finish) (TeaStore *self, GAsyncResult *result, GError **error);
  void (*export_async) (TeaStore *self,
                        GOutputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*export_finish) (TeaStore *self, GAsyncResult *result, GError **error);
  void (*import_async) (TeaStore *self,
                        GInputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*import_finish) (TeaStore *self, GAsyncResult *result, GError **error);

  void (*forget_async) (TeaStore *self,
                        const char *key,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*forget_finish) (TeaStore *self,
                             GAsyncResult *result,
                             guint64 *n_events,
                             GError **error);

  void (*reindex_async) (TeaStore *self, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*reindex_finish) (TeaStore *self, GAsyncResult *result, GError **error);

  TeaCalendar *(*get_calendar) (TeaStore *self);
  TeaLogState (*get_state) (TeaStore *self);
  TeaStoreLoad (*get_load) (TeaStore *self);
  char *(*dup_problem) (TeaStore *self);
};

void tea_store_open_log_async (TeaStore *self,
                               guint32 room,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
TeaLog *tea_store_open_log_finish (TeaStore *self, GAsyncResult *result, GError **error);
TeaLog *tea_store_draft_room (TeaStore *self, TeaRoomInfo *info, GPtrArray *members);

void tea_store_make_room_async (TeaStore *self,
                                const TeaRoomInfo *info,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean
tea_store_make_room_finish (TeaStore *self, GAsyncResult *result, guint32 *number, GError **error);

void tea_store_find_room_async (TeaStore *self,
                                const char *folded,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_store_find_room_finish (TeaStore *self,
                                     GAsyncResult *result,
                                     TeaRoomInfo **info,
                                     GError **error);

void tea_store_get_room_async (TeaStore *self,
                               guint32 room,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean tea_store_get_room_finish (TeaStore *self,
                                    GAsyncResult *result,
                                    TeaRoomInfo **info,
                                    GError **error);

void tea_store_update_room_async (TeaStore *self,
                                  const TeaRoomInfo *info,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_store_update_room_finish (TeaStore *self, GAsyncResult *result, GError **error);

void tea_store_remove_room_async (TeaStore *self,
                                  guint32 room,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_store_remove_room_finish (TeaStore *self, GAsyncResult *result, GError **error);

void tea_store_count_rooms_async (TeaStore *self,
                                  const char *owner,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_store_count_rooms_finish (
    TeaStore *self, GAsyncResult *result, guint *n_rooms, guint *n_owned, GError **error);

void tea_store_find_common_async (TeaStore *self,
                                  const char *one,
                                  const char *other,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean tea_store_find_common_finish (TeaStore *self,
                                       GAsyncResult *result,
                                       gboolean *is_there,
                                       GError **error);

void tea_store_list_rooms_async (TeaStore *self,
                                 TeaStoreList which,
                                 const char *key,
                                 const char *after,
                                 guint max,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *tea_store_list_rooms_finish (TeaStore *self, GAsyncResult *result, GError **error);

void tea_store_load_members_async (TeaStore *self,
                                   guint32 room,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *tea_store_load_members_finish (TeaStore *self,
                                          GAsyncResult *result,
                                          guint64 *as_of,
                                          GError **error);
void tea_store_save_members (
    TeaStore *self, guint32 room, GPtrArray *changed, const char *const *removed, guint64 as_of);

void tea_store_load_rules_async (TeaStore *self,
                                 guint32 room,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
TeaRoomRules *tea_store_load_rules_finish (TeaStore *self, GAsyncResult *result, GError **error);
void tea_store_save_rules (TeaStore *self, guint32 room, const TeaRoomRules *rules);

void tea_store_find_words_async (TeaStore *self,
                                 guint32 room,
                                 guint64 from,
                                 guint64 before,
                                 const char *words,
                                 guint max,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GArray *
tea_store_find_words_finish (TeaStore *self, GAsyncResult *result, guint64 *next, GError **error);

void tea_store_load_position_async (TeaStore *self,
                                    guint32 room,
                                    const char *key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean tea_store_load_position_finish (TeaStore *self,
                                         GAsyncResult *result,
                                         guint64 *read,
                                         GError **error);
void tea_store_save_positions (TeaStore *self, GPtrArray *positions);

void tea_store_count_unread_async (TeaStore *self,
                                   guint32 room,
                                   guint64 after,
                                   guint max,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean tea_store_count_unread_finish (TeaStore *self,
                                        GAsyncResult *result,
                                        guint *n_unread,
                                        GError **error);

void tea_store_set_retention (TeaStore *self, guint max_days, guint64 max_records);

void tea_store_backup_async (TeaStore *self,
                             const char *path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_store_backup_finish (TeaStore *self, GAsyncResult *result, GError **error);
void tea_store_export_async (TeaStore *self,
                             GOutputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_store_export_finish (TeaStore *self, GAsyncResult *result, GError **error);
void tea_store_import_async (TeaStore *self,
                             GInputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_store_import_finish (TeaStore *self, GAsyncResult *result, GError **error);

void tea_store_forget_async (TeaStore *self,
                             const char *key,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean
tea_store_forget_finish (TeaStore *self, GAsyncResult *result, guint64 *n_events, GError **error);

void tea_store_reindex_async (TeaStore *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean tea_store_reindex_finish (TeaStore *self, GAsyncResult *result, GError **error);

TeaCalendar *tea_store_get_calendar (TeaStore *self);
TeaLogState tea_store_get_state (TeaStore *self);
TeaStoreLoad tea_store_get_load (TeaStore *self);
char *tea_store_dup_problem (TeaStore *self);

/* For the kinds of stores. */
void tea_store_emit_state_changed (TeaStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPosition, tea_position_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaStoreListing, tea_store_listing_free)

G_END_DECLS
