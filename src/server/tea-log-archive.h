/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-roll-store.h"

G_BEGIN_DECLS

/**
 * TeaLogArchiveHandler:
 * @begin: the log's first and latest number, and what its roll takes account of
 * @author: an author's latest number and where it is, or was
 * @name: an entry of the roll
 * @record: a record; %NULL where it was erased. They come in ascending order, and each
 *   after its author
 *
 * What is to be done with each part of an exported log, in the order in which they come.
 * Each tells whether to go on.
 */
typedef struct
{
  gboolean (*begin) (
      gpointer user_data, guint64 first, guint64 head, guint64 as_of, GError **error);
  gboolean (*author) (
      gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error);
  gboolean (*name) (gpointer user_data, TeaRollEntry *entry, GError **error);
  gboolean (*record) (gpointer user_data,
                      guint64 seq,
                      GBytes *author,
                      guint64 number,
                      gint64 time,
                      GBytes *record,
                      GError **error);
} TeaLogArchiveHandler;

/**
 * TeaLogArchiveWriter:
 *
 * Writes a log to a stream.
 */
typedef struct _TeaLogArchiveWriter TeaLogArchiveWriter;

TeaLogArchiveWriter *tea_log_archive_writer_new (GOutputStream *stream, GCancellable *cancellable);
void tea_log_archive_writer_free (TeaLogArchiveWriter *self);

gboolean tea_log_archive_writer_begin (
    TeaLogArchiveWriter *self, guint64 first, guint64 head, guint64 as_of, GError **error);
gboolean tea_log_archive_writer_add_author (
    TeaLogArchiveWriter *self, GBytes *author, guint64 number, guint64 seq, GError **error);
gboolean tea_log_archive_writer_add_name (TeaLogArchiveWriter *self,
                                          const TeaRollEntry *entry,
                                          GError **error);
gboolean tea_log_archive_writer_add_record (TeaLogArchiveWriter *self,
                                            guint64 seq,
                                            GBytes *author,
                                            guint64 number,
                                            gint64 time,
                                            GBytes *record,
                                            GError **error);
gboolean tea_log_archive_writer_end (TeaLogArchiveWriter *self, GError **error);

gboolean tea_log_archive_read (GInputStream *stream,
                               const TeaLogArchiveHandler *handler,
                               gpointer user_data,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaLogArchiveWriter, tea_log_archive_writer_free)

G_END_DECLS
