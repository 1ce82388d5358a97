/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-calendar.h"
#include "tea-event.h"
#include "tea-log.h"
#include "tea-name.h"

G_BEGIN_DECLS

/**
 * TeaDraft:
 * @kind: what happens
 * @author: what they are called who do it
 * @text: (nullable): what is said
 * @key: (nullable): the fingerprint of the author's key; %NULL for somebody without one
 * @stream: which of the programs of that key says it
 * @number: which of that program's messages it is, from 1 on; 0 for what nobody repeats
 * @target: the event that it refers to; 0 for none
 * @data: (nullable): what belongs to its kind besides the text
 * @is_repeat: whether it may be stored already
 *
 * An event that has not happened yet.
 */
typedef struct
{
  TeaEventKind kind;
  TeaName *author;
  const char *text;
  const char *key;
  guint32 stream;
  guint32 number;
  guint64 target;
  GBytes *data;
  gboolean is_repeat;
} TeaDraft;

TeaDraft *tea_draft_copy (const TeaDraft *self);
void tea_draft_free (TeaDraft *self);

#define TEA_TYPE_ROOM_WRITER (tea_room_writer_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomWriter, tea_room_writer, TEA, ROOM_WRITER, GObject)

TeaRoomWriter *tea_room_writer_new (TeaLog *log, TeaCalendar *calendar, TeaClock *clock);
void tea_room_writer_close (TeaRoomWriter *self);

void tea_room_writer_note_time (TeaRoomWriter *self, gint64 time);

void tea_room_writer_write_async (TeaRoomWriter *self,
                                  const TeaDraft *draft,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
void tea_room_writer_amend_async (TeaRoomWriter *self,
                                  const TeaDraft *draft,
                                  GBytes *before,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
guint64 tea_room_writer_write_finish (TeaRoomWriter *self, GAsyncResult *result, GError **error);

void tea_room_writer_settle_async (TeaRoomWriter *self,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean tea_room_writer_settle_finish (TeaRoomWriter *self, GAsyncResult *result, GError **error);

void tea_room_writer_find_number_async (TeaRoomWriter *self,
                                        const char *key,
                                        guint32 stream,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean tea_room_writer_find_number_finish (TeaRoomWriter *self,
                                             GAsyncResult *result,
                                             guint32 *number,
                                             GError **error);

GError *tea_room_writer_explain (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDraft, tea_draft_free)

G_END_DECLS
