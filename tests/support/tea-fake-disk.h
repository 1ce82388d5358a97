/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-log-archive.h"
#include "tea-log.h"

G_BEGIN_DECLS

/**
 * TeaFakeDisk:
 *
 * What a fake log keeps, and what is there when the next one opens it.
 */
typedef struct _TeaFakeDisk TeaFakeDisk;

/**
 * TeaFakeDiskFunc:
 * @seq: a number
 * @record: what is stored under it from now on
 * @user_data: what was given with it
 *
 * Something is stored.
 */
typedef void (*TeaFakeDiskFunc) (guint64 seq, GBytes *record, gpointer user_data);

TeaFakeDisk *tea_fake_disk_new (guint64 first, GRand *random);
TeaFakeDisk *tea_fake_disk_ref (TeaFakeDisk *self);
void tea_fake_disk_unref (TeaFakeDisk *self);
TeaFakeDisk *tea_fake_disk_copy (TeaFakeDisk *self);
void tea_fake_disk_take (TeaFakeDisk *self, TeaFakeDisk *other);
void tea_fake_disk_renew_epoch (TeaFakeDisk *self, GRand *random);

guint64 tea_fake_disk_get_head (TeaFakeDisk *self);
guint64 tea_fake_disk_get_first (TeaFakeDisk *self);
guint64 tea_fake_disk_get_epoch (TeaFakeDisk *self);
guint64 tea_fake_disk_get_as_of (TeaFakeDisk *self);
void tea_fake_disk_set_as_of (TeaFakeDisk *self, guint64 as_of);
void tea_fake_disk_note_doubtful (TeaFakeDisk *self, GBytes *record);
GBytes *tea_fake_disk_get_doubtful (TeaFakeDisk *self);
gboolean tea_fake_disk_is_empty (TeaFakeDisk *self);

gboolean tea_fake_disk_holds (TeaFakeDisk *self, guint64 seq);
void tea_fake_disk_erase (TeaFakeDisk *self, guint64 seq);
gboolean tea_fake_disk_amend (
    TeaFakeDisk *self, guint64 seq, guint64 version, GBytes *form, gboolean replaces);
GBytes *tea_fake_disk_peek (TeaFakeDisk *self, guint64 seq, guint64 *version);
GBytes *tea_fake_disk_peek_next (TeaFakeDisk *self, guint64 from, guint64 *seq, guint64 *version);
void tea_fake_disk_watch (TeaFakeDisk *self, TeaFakeDiskFunc func, gpointer user_data);

void tea_fake_disk_find (TeaFakeDisk *self, GBytes *author, guint64 *number, guint64 *seq);
guint64 tea_fake_disk_look_up (TeaFakeDisk *self, GBytes *author, guint64 number);
void tea_fake_disk_add (
    TeaFakeDisk *self, guint64 seq, GBytes *author, guint64 number, guint64 day, GBytes *content);
void
tea_fake_disk_set_amended (TeaFakeDisk *self, guint64 seq, guint64 version, guint64 replaced_by);
void tea_fake_disk_set_author (TeaFakeDisk *self, GBytes *author, guint64 number, guint64 seq);
void tea_fake_disk_set_range (TeaFakeDisk *self, guint64 first, guint64 head);
GPtrArray *tea_fake_disk_read (TeaFakeDisk *self,
                               guint64 *from,
                               guint64 head,
                               guint max_records,
                               gsize max_bytes,
                               gboolean *reached_head);
GArray *tea_fake_disk_find_words (
    TeaFakeDisk *self, guint64 from, guint64 before, const char *words, guint max, guint64 *next);
guint tea_fake_disk_count_messages (TeaFakeDisk *self, guint64 after, guint max);
void tea_fake_disk_retain (TeaFakeDisk *self, guint64 oldest, guint64 max_records);
gboolean
tea_fake_disk_write_authors (TeaFakeDisk *self, TeaLogArchiveWriter *writer, GError **error);
gboolean
tea_fake_disk_write_records (TeaFakeDisk *self, TeaLogArchiveWriter *writer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaFakeDisk, tea_fake_disk_unref)

G_END_DECLS
