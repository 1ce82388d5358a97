/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-name-store.h"
#include "tea-store.h"

G_BEGIN_DECLS

/**
 * TeaLogArchiveRoom:
 * @info: (owned): the room; its number counts only where it comes from
 * @old_addresses: (owned) (array zero-terminated=1): folded addresses that lead to it, too
 * @first: the first number of its log
 * @head: the latest
 * @as_of: what its members take account of, or the hall's names
 *
 * What stands before the log of a room.
 */
typedef struct
{
  TeaRoomInfo *info;
  GStrv old_addresses;
  guint64 first;
  guint64 head;
  guint64 as_of;
} TeaLogArchiveRoom;

/**
 * TeaLogArchiveHandler:
 * @room: a room; what comes next is of it
 * @author: an author's latest number and where it is, or was
 * @name: a name, in the hall
 * @member: a member, in any other room
 * @rules: what holds in the room; not called where nothing was set
 * @record: a record; %NULL where it was erased. They come in ascending order, and each
 *   after its author
 * @amended: a record that has come was amended by that number at last, and by that one which
 *   took the place of one before it, or 0
 *
 * What is to be done with each part of exported logs, in the order in which they come.
 * Each tells whether to go on.
 */
typedef struct
{
  gboolean (*room) (gpointer user_data, const TeaLogArchiveRoom *room, GError **error);
  gboolean (*author) (
      gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error);
  gboolean (*name) (gpointer user_data, const TeaRegisteredName *entry, GError **error);
  gboolean (*member) (gpointer user_data, const TeaMembership *member, GError **error);
  gboolean (*rules) (gpointer user_data, const TeaRoomRules *rules, GError **error);
  gboolean (*record) (gpointer user_data,
                      guint64 seq,
                      GBytes *author,
                      guint64 number,
                      GBytes *record,
                      GError **error);
  gboolean (*amended) (
      gpointer user_data, guint64 seq, guint64 version, guint64 replaced_by, GError **error);
} TeaLogArchiveHandler;

/**
 * TeaLogArchiveWriter:
 *
 * Writes the logs of one room or more to a stream.
 */
typedef struct _TeaLogArchiveWriter TeaLogArchiveWriter;

void tea_log_archive_room_clear (TeaLogArchiveRoom *self);

TeaLogArchiveWriter *tea_log_archive_writer_new (GOutputStream *stream, GCancellable *cancellable);
void tea_log_archive_writer_free (TeaLogArchiveWriter *self);

gboolean tea_log_archive_writer_begin (TeaLogArchiveWriter *self, GError **error);
gboolean tea_log_archive_writer_begin_room (TeaLogArchiveWriter *self,
                                            const TeaLogArchiveRoom *room,
                                            GError **error);
gboolean tea_log_archive_writer_add_author (
    TeaLogArchiveWriter *self, GBytes *author, guint64 number, guint64 seq, GError **error);
gboolean tea_log_archive_writer_add_name (TeaLogArchiveWriter *self,
                                          const TeaRegisteredName *entry,
                                          GError **error);
gboolean tea_log_archive_writer_add_member (TeaLogArchiveWriter *self,
                                            const TeaMembership *member,
                                            GError **error);
gboolean tea_log_archive_writer_add_rules (TeaLogArchiveWriter *self,
                                           const TeaRoomRules *rules,
                                           GError **error);
gboolean tea_log_archive_writer_add_amended (
    TeaLogArchiveWriter *self, guint64 seq, guint64 version, guint64 replaced_by, GError **error);
gboolean tea_log_archive_writer_add_record (TeaLogArchiveWriter *self,
                                            guint64 seq,
                                            GBytes *author,
                                            guint64 number,
                                            GBytes *record,
                                            GError **error);
gboolean tea_log_archive_writer_end (TeaLogArchiveWriter *self, GError **error);

gboolean tea_log_archive_read (GInputStream *stream,
                               const TeaLogArchiveHandler *handler,
                               gpointer user_data,
                               GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaLogArchiveRoom, tea_log_archive_room_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaLogArchiveWriter, tea_log_archive_writer_free)

G_END_DECLS
