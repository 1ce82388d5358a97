/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event-kind.h"

G_BEGIN_DECLS

/**
 * TeaKeptMessage:
 * @kind: a message, or what else is to be done
 * @target: what it answers, or is about; 0 for nothing
 * @epoch: the epoch of the log in which that is
 * @number: its number in the stream; 0 where it has none yet
 * @time: when it was written, in µs since 1970 UTC
 * @text: (owned): its text; empty for none
 * @data: (owned) (nullable): its data
 *
 * Something that was not yet stored by a server when it was kept.
 */
typedef struct
{
  TeaEventKind kind;
  guint64 target;
  guint64 epoch;
  guint32 number;
  gint64 time;
  char *text;
  GBytes *data;
} TeaKeptMessage;

TeaKeptMessage *tea_kept_message_new (TeaEventKind kind,
                                      guint64 target,
                                      guint64 epoch,
                                      guint32 number,
                                      gint64 time,
                                      const char *text,
                                      GBytes *data);
void tea_kept_message_free (TeaKeptMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaKeptMessage, tea_kept_message_free)

#define TEA_TYPE_OUTBOX_FILE (tea_outbox_file_get_type ())

G_DECLARE_FINAL_TYPE (TeaOutboxFile, tea_outbox_file, TEA, OUTBOX_FILE, GObject)

TeaOutboxFile *tea_outbox_file_open (const char *folder, const char *house, GError **error);

const char *tea_outbox_file_get_house (TeaOutboxFile *self);
gboolean tea_outbox_file_get_is_empty (TeaOutboxFile *self);
guint32 tea_outbox_file_get_stream (TeaOutboxFile *self);
GPtrArray *tea_outbox_file_get_messages (TeaOutboxFile *self, const char *room, guint32 *next);

void tea_outbox_file_set_stream (TeaOutboxFile *self, guint32 stream);
void tea_outbox_file_set_messages (TeaOutboxFile *self,
                                   const char *room,
                                   GPtrArray *messages,
                                   guint32 next);
gboolean tea_outbox_file_save (TeaOutboxFile *self, GError **error);

G_END_DECLS
