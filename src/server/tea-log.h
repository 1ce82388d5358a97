/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-limits.h"

G_BEGIN_DECLS

/**
 * TEA_LOG_ERROR:
 *
 * The error domain of logs.
 */
#define TEA_LOG_ERROR (tea_log_error_quark ())

/**
 * TeaLogError:
 * @TEA_LOG_ERROR_REJECTED: it can never be stored: too large, or its number is below the
 *   author's latest and not known any more, or the log is closed
 * @TEA_LOG_ERROR_BUSY: too much is waiting; nothing was tried
 * @TEA_LOG_ERROR_UNAVAILABLE: it is surely not stored: a full disk, for example
 * @TEA_LOG_ERROR_UNKNOWN: it may be stored or not; the same append again will tell
 * @TEA_LOG_ERROR_TRUNCATED: what was asked for is before the first that is kept
 * @TEA_LOG_ERROR_DAMAGED: the log cannot be read
 * @TEA_LOG_ERROR_IN_USE: another program has the log open
 * @TEA_LOG_ERROR_FOREIGN: what is there is no log of this program, or one of a newer
 *   version of it
 * @TEA_LOG_ERROR_OUT_OF_ORDER: it is surely not stored, as what was to come before it is not
 * @TEA_LOG_ERROR_NO_ROOM: there is no such room, or not any more
 * @TEA_LOG_ERROR_TAKEN: another room has that address
 *
 * What can go wrong with a log. The messages are whole translated sentences, fit to be
 * shown to an operator.
 */
typedef enum
{
  TEA_LOG_ERROR_REJECTED,
  TEA_LOG_ERROR_BUSY,
  TEA_LOG_ERROR_UNAVAILABLE,
  TEA_LOG_ERROR_UNKNOWN,
  TEA_LOG_ERROR_TRUNCATED,
  TEA_LOG_ERROR_DAMAGED,
  TEA_LOG_ERROR_IN_USE,
  TEA_LOG_ERROR_FOREIGN,
  TEA_LOG_ERROR_OUT_OF_ORDER,
  TEA_LOG_ERROR_NO_ROOM,
  TEA_LOG_ERROR_TAKEN,
} TeaLogError;

/**
 * TEA_LOG_MAX_RECORD:
 *
 * How many bytes a record can have.
 */
#define TEA_LOG_MAX_RECORD TEA_RECORD_MAX_BYTES

/**
 * TEA_LOG_MAX_AUTHOR:
 *
 * How many bytes an author can have.
 */
#define TEA_LOG_MAX_AUTHOR 64

/**
 * TEA_LOG_MAX_SEQ:
 *
 * The highest number that a record can have.
 */
#define TEA_LOG_MAX_SEQ ((G_GUINT64_CONSTANT (1) << 40) - 1)

/**
 * TeaLogState:
 * @TEA_LOG_READY: appends are stored
 * @TEA_LOG_DEGRADED: the latest append was not; reading works
 * @TEA_LOG_OFFLINE: nothing works
 *
 * How a log is.
 */
typedef enum
{
  TEA_LOG_READY,
  TEA_LOG_DEGRADED,
  TEA_LOG_OFFLINE,
} TeaLogState;

/**
 * TeaLogEntry:
 * @seq: its number, above 0
 * @version: the number of the latest amendment of it; 0 where there was none
 * @record: what was appended, or what an amendment has put in its place
 *
 * What a log holds under a number.
 */
typedef struct
{
  guint64 seq;
  guint64 version;
  GBytes *record;
} TeaLogEntry;

TeaLogEntry *tea_log_entry_new (guint64 seq, guint64 version, GBytes *record);
void tea_log_entry_free (TeaLogEntry *self);

#define TEA_TYPE_LOG (tea_log_get_type ())

G_DECLARE_INTERFACE (TeaLog, tea_log, TEA, LOG, GObject)

/**
 * TeaLogInterface:
 * @append_async: idempotent by (author, number) for as long as the log lives: the same
 *   pair again answers the number under which it is stored, even after it has been erased,
 *   and for an author's latest even after retention has removed it, until that is a month
 *   old at least. An author's numbers begin above 0 and rise, with or without gaps. Where an
 *   author has several appends under way, each but the first says after which number it is to
 *   come, and is stored only where that is. After %TEA_LOG_ERROR_UNKNOWN the same is appended
 *   again
 * @append_finish: under which number it is stored
 * @amend_async: append, and in the same moment put something else in the place of an earlier
 *   record; idempotent as @append_async is: a repeat changes nothing. Nothing else of its author
 *   is under way when it begins. What was to take the place of something that is not there is
 *   erased at once
 * @amend_finish: under which number it is stored
 * @find_async: how far an author has come
 * @find_finish: the author's latest number and where it is stored; 0 for both when nothing
 *   is stored of them
 * @read_async: in ascending order as many records as fit both limits, but one at least
 *   where there is one; none beyond @get_head
 * @read_finish: (transfer full) (element-type TeaLogEntry): the records, where to go on,
 *   and whether these were the last. What was erased is left out. Reading from before
 *   @get_first is %TEA_LOG_ERROR_TRUNCATED
 * @erase_async: take away what is stored under a number, and the latest amendment that took its
 *   place; the number is not given again
 * @erase_finish: also successful when nothing is there
 * @renew_epoch_async: begin another epoch: for when the log turns out to be an older copy
 *   of itself, so that its numbers come again
 * @renew_epoch_finish: whether it has begun
 * @export_async: write all that is kept; see tea_log_archive_writer_new()
 * @export_finish: whether all is written; the stream stays open
 * @import_async: take all of an exported log; only where nothing was ever appended
 * @import_finish: whether all was taken; otherwise nothing was
 * @subscribe: from then on, [signal@Tea.Log::appended] tells of every record from that
 *   number on, once each, in ascending order, after its commit. What was there before comes
 *   as well. A log has one subscriber; a second call begins anew
 * @get_head: the latest number; a lower bound, 0 when there never was one
 * @get_first: the first number that may be kept; a lower bound, above 0
 * @get_epoch: what changes when numbers begin anew or go back: when a log is made,
 *   imported, or told to; above 0
 * @get_durability: what an answered append has reached: "synced" is the disk
 * @get_state: how the log is
 *
 * A room's log: records in one order, each under a number that rises and is never given
 * again within an epoch. Numbers may begin above 1 and have holes; how long an append
 * takes is not promised, nor that the head is the very latest.
 *
 * Nothing blocks. Every call answers once, in the main context that was thread-default
 * where the log was made. Where there is a subscriber, an append is answered after
 * [signal@Tea.Log::appended] has told of it and of all before it, unless that was there
 * before what is of interest; also while the log still tells of the past. An amendment is
 * answered after [signal@Tea.Log::amended], too. Only a log that is closed answers without
 * that. What cannot be read because it is damaged is passed over
 * as if it had been erased.
 */
struct _TeaLogInterface
{
  GTypeInterface parent_iface;

  void (*append_async) (TeaLog *self,
                        GBytes *author,
                        guint64 number,
                        guint64 after,
                        GBytes *record,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  guint64 (*append_finish) (TeaLog *self,
                            GAsyncResult *result,
                            gboolean *was_there,
                            GError **error);

  void (*amend_async) (TeaLog *self,
                       GBytes *author,
                       guint64 number,
                       GBytes *record,
                       guint64 target,
                       GBytes *form,
                       gboolean replaces,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  guint64 (*amend_finish) (TeaLog *self, GAsyncResult *result, gboolean *was_there, GError **error);

  void (*find_async) (TeaLog *self,
                      GBytes *author,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*find_finish) (
      TeaLog *self, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error);

  void (*read_async) (TeaLog *self,
                      guint64 from,
                      guint max_records,
                      gsize max_bytes,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  GPtrArray *(*read_finish) (
      TeaLog *self, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error);

  void (*erase_async) (TeaLog *self,
                       guint64 seq,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*erase_finish) (TeaLog *self, GAsyncResult *result, GError **error);

  void (*renew_epoch_async) (TeaLog *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
  gboolean (*renew_epoch_finish) (TeaLog *self, GAsyncResult *result, GError **error);

  void (*export_async) (TeaLog *self,
                        GOutputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*export_finish) (TeaLog *self, GAsyncResult *result, GError **error);
  void (*import_async) (TeaLog *self,
                        GInputStream *stream,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*import_finish) (TeaLog *self, GAsyncResult *result, GError **error);

  void (*subscribe) (TeaLog *self, guint64 from);

  guint64 (*get_head) (TeaLog *self);
  guint64 (*get_first) (TeaLog *self);
  guint64 (*get_epoch) (TeaLog *self);
  const char *(*get_durability) (TeaLog *self);
  TeaLogState (*get_state) (TeaLog *self);
};

GQuark tea_log_error_quark (void);

void tea_log_append_async (TeaLog *self,
                           GBytes *author,
                           guint64 number,
                           guint64 after,
                           GBytes *record,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
guint64
tea_log_append_finish (TeaLog *self, GAsyncResult *result, gboolean *was_there, GError **error);

void tea_log_amend_async (TeaLog *self,
                          GBytes *author,
                          guint64 number,
                          GBytes *record,
                          guint64 target,
                          GBytes *form,
                          gboolean replaces,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
guint64
tea_log_amend_finish (TeaLog *self, GAsyncResult *result, gboolean *was_there, GError **error);

void tea_log_find_async (TeaLog *self,
                         GBytes *author,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean tea_log_find_finish (
    TeaLog *self, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error);

void tea_log_read_async (TeaLog *self,
                         guint64 from,
                         guint max_records,
                         gsize max_bytes,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
GPtrArray *tea_log_read_finish (
    TeaLog *self, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error);

void tea_log_erase_async (TeaLog *self,
                          guint64 seq,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean tea_log_erase_finish (TeaLog *self, GAsyncResult *result, GError **error);

void tea_log_renew_epoch_async (TeaLog *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean tea_log_renew_epoch_finish (TeaLog *self, GAsyncResult *result, GError **error);

void tea_log_export_async (TeaLog *self,
                           GOutputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_log_export_finish (TeaLog *self, GAsyncResult *result, GError **error);
void tea_log_import_async (TeaLog *self,
                           GInputStream *stream,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_log_import_finish (TeaLog *self, GAsyncResult *result, GError **error);

void tea_log_subscribe (TeaLog *self, guint64 from);

guint64 tea_log_get_head (TeaLog *self);
guint64 tea_log_get_first (TeaLog *self);
guint64 tea_log_get_epoch (TeaLog *self);
const char *tea_log_get_durability (TeaLog *self);
TeaLogState tea_log_get_state (TeaLog *self);

/* For the kinds of logs. */
void tea_log_emit_appended (TeaLog *self, guint64 seq, guint64 version, GBytes *record);
void tea_log_emit_amended (TeaLog *self, guint64 target, guint64 version, GBytes *form);
void tea_log_emit_state_changed (TeaLog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaLogEntry, tea_log_entry_free)

G_END_DECLS
