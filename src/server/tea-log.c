/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log.h"

/**
 * TeaLog:
 *
 * What happened in a room, in order and for good. What is said is acknowledged and shown
 * only once it is in here.
 */
G_DEFINE_INTERFACE (TeaLog, tea_log, G_TYPE_OBJECT)

G_DEFINE_QUARK (tea - log - error - quark, tea_log_error)

enum
{
  SIGNAL_APPENDED,
  SIGNAL_AMENDED,
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tea_log_default_init (TeaLogInterface *iface)
{
  /**
   * TeaLog::appended:
   * @self: the log
   * @seq: its number
   * @version: the number of the latest amendment of it; 0 for none, as for all that is new
   * @record: what is stored under that number
   *
   * A record was committed, or was there when [method@Tea.Log.subscribe] was called.
   */
  signals[SIGNAL_APPENDED]
      = g_signal_new ("appended", TEA_TYPE_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      3, G_TYPE_UINT64, G_TYPE_UINT64, G_TYPE_BYTES);
  /**
   * TeaLog::amended:
   * @self: the log
   * @target: the number of what was amended
   * @version: the number of the amendment
   * @form: what is stored under @target now
   *
   * A record has got another form. [signal@Tea.Log::appended] has told of the amendment
   * itself right before, and nobody was answered yet. When an amendment is repeated, this
   * may be told again. There has to be a subscriber.
   */
  signals[SIGNAL_AMENDED]
      = g_signal_new ("amended", TEA_TYPE_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      3, G_TYPE_UINT64, G_TYPE_UINT64, G_TYPE_BYTES);
  /**
   * TeaLog::state-changed:
   * @self: the log
   *
   * The log works again, or does not any more; see [method@Tea.Log.get_state].
   */
  signals[SIGNAL_STATE_CHANGED] = g_signal_new ("state-changed", TEA_TYPE_LOG, G_SIGNAL_RUN_LAST, 0,
                                                NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * tea_log_entry_new:
 * @seq: its number, above 0
 * @version: the number of the latest amendment of it; 0 where there was none
 * @record: what is stored under that number
 *
 * Returns: (transfer full): an entry
 */
TeaLogEntry *
tea_log_entry_new (guint64 seq, guint64 version, GBytes *record)
{
  TeaLogEntry *self;

  g_return_val_if_fail (seq > 0, NULL);
  g_return_val_if_fail (record != NULL, NULL);

  self = g_new (TeaLogEntry, 1);
  self->seq = seq;
  self->version = version;
  self->record = g_bytes_ref (record);

  return self;
}

/**
 * tea_log_entry_free:
 * @self: (transfer full): an entry
 *
 * Frees an entry.
 */
void
tea_log_entry_free (TeaLogEntry *self)
{
  g_return_if_fail (self != NULL);

  g_bytes_unref (self->record);
  g_free (self);
}

/**
 * tea_log_append_async:
 * @self: a log
 * @author: whose it is; 1 to %TEA_LOG_MAX_AUTHOR bytes
 * @number: the author's number for it, above 0
 * @after: below @number: which of the author's numbers has to be stored before; 0 for none
 * @record: what to keep
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Appends a record, unless the author has appended one under that number already.
 */
void
tea_log_append_async (TeaLog *self,
                      GBytes *author,
                      guint64 number,
                      guint64 after,
                      GBytes *record,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (author != NULL && g_bytes_get_size (author) > 0);
  g_return_if_fail (g_bytes_get_size (author) <= TEA_LOG_MAX_AUTHOR);
  g_return_if_fail (number > after && number <= G_MAXINT64);
  g_return_if_fail (record != NULL);

  TEA_LOG_GET_IFACE (self)->append_async (self, author, number, after, record, cancellable,
                                          callback, user_data);
}

/**
 * tea_log_append_finish:
 * @self: a log
 * @result: what the callback was given
 * @was_there: (out) (optional): whether it had been appended before
 * @error: return location for a #GError
 *
 * Returns: the number under which it is stored; 0 if it is not, and @error is
 *   %TEA_LOG_ERROR_REJECTED, %TEA_LOG_ERROR_BUSY, %TEA_LOG_ERROR_OUT_OF_ORDER,
 *   %TEA_LOG_ERROR_UNAVAILABLE or %TEA_LOG_ERROR_UNKNOWN
 */
guint64
tea_log_append_finish (TeaLog *self, GAsyncResult *result, gboolean *was_there, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), 0);

  return TEA_LOG_GET_IFACE (self)->append_finish (self, result, was_there, error);
}

/**
 * tea_log_amend_async:
 * @self: a log
 * @author: whose the amendment is; 1 to %TEA_LOG_MAX_AUTHOR bytes
 * @number: the author's number for it, above 0
 * @record: what to append
 * @target: the number of what it amends
 * @form: what is to stand there then
 * @replaces: whether it takes the place of the latest amendment of @target that did so: that
 *   one is erased
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Appends a record as tea_log_append_async() does and, unless it was there, puts @form in the
 * place of what is stored under @target: both or nothing. What stood there is gone. Where
 * nothing is stored under @target any more, the record is appended only.
 */
void
tea_log_amend_async (TeaLog *self,
                     GBytes *author,
                     guint64 number,
                     GBytes *record,
                     guint64 target,
                     GBytes *form,
                     gboolean replaces,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (author != NULL && g_bytes_get_size (author) > 0);
  g_return_if_fail (g_bytes_get_size (author) <= TEA_LOG_MAX_AUTHOR);
  g_return_if_fail (number > 0 && number <= G_MAXINT64);
  g_return_if_fail (record != NULL && form != NULL);
  g_return_if_fail (target > 0 && target <= TEA_LOG_MAX_SEQ);

  TEA_LOG_GET_IFACE (self)->amend_async (self, author, number, record, target, form, replaces,
                                         cancellable, callback, user_data);
}

/**
 * tea_log_amend_finish:
 * @self: a log
 * @result: what the callback was given
 * @was_there: (out) (optional): whether it had been appended before
 * @error: return location for a #GError
 *
 * Returns: the number under which it is stored; 0 if it is not, and @error is as that of
 *   tea_log_append_finish()
 */
guint64
tea_log_amend_finish (TeaLog *self, GAsyncResult *result, gboolean *was_there, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), 0);

  return TEA_LOG_GET_IFACE (self)->amend_finish (self, result, was_there, error);
}

/**
 * tea_log_find_async:
 * @self: a log
 * @author: whose
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds an author's latest number. What is being appended meanwhile may not count yet.
 */
void
tea_log_find_async (TeaLog *self,
                    GBytes *author,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (author != NULL);

  TEA_LOG_GET_IFACE (self)->find_async (self, author, cancellable, callback, user_data);
}

/**
 * tea_log_find_finish:
 * @self: a log
 * @result: what the callback was given
 * @number: (out) (optional): the author's latest number; 0 for one who is not known
 * @seq: (out) (optional): where that is stored, or was before retention removed it
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is %TEA_LOG_ERROR_DAMAGED or
 *   %TEA_LOG_ERROR_UNAVAILABLE
 */
gboolean
tea_log_find_finish (
    TeaLog *self, GAsyncResult *result, guint64 *number, guint64 *seq, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), FALSE);

  return TEA_LOG_GET_IFACE (self)->find_finish (self, result, number, seq, error);
}

/**
 * tea_log_read_async:
 * @self: a log
 * @from: the first number that is of interest
 * @max_records: how many records are wanted, above 0
 * @max_bytes: how many bytes they may have together
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Reads what is stored from a number on.
 */
void
tea_log_read_async (TeaLog *self,
                    guint64 from,
                    guint max_records,
                    gsize max_bytes,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (max_records > 0);

  TEA_LOG_GET_IFACE (self)->read_async (self, from, max_records, max_bytes, cancellable, callback,
                                        user_data);
}

/**
 * tea_log_read_finish:
 * @self: a log
 * @result: what the callback was given
 * @next: (out) (optional): the number to go on reading from
 * @reached_head: (out) (optional): whether there was no more
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaLogEntry): the records in ascending order, or
 *   %NULL, and @error is %TEA_LOG_ERROR_TRUNCATED, %TEA_LOG_ERROR_DAMAGED or
 *   %TEA_LOG_ERROR_UNAVAILABLE
 */
GPtrArray *
tea_log_read_finish (
    TeaLog *self, GAsyncResult *result, guint64 *next, gboolean *reached_head, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), NULL);

  return TEA_LOG_GET_IFACE (self)->read_finish (self, result, next, reached_head, error);
}

/**
 * tea_log_erase_async:
 * @self: a log
 * @seq: the number of what is to go
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called when it is gone
 * @user_data: for @callback
 *
 * Takes away a record for good. Its number stays empty.
 */
void
tea_log_erase_async (TeaLog *self,
                     guint64 seq,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));

  TEA_LOG_GET_IFACE (self)->erase_async (self, seq, cancellable, callback, user_data);
}

/**
 * tea_log_erase_finish:
 * @self: a log
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether nothing is stored under that number any more
 */
gboolean
tea_log_erase_finish (TeaLog *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), FALSE);

  return TEA_LOG_GET_IFACE (self)->erase_finish (self, result, error);
}

/**
 * tea_log_renew_epoch_async:
 * @self: a log
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Begins another epoch, in which the numbers go on from where they are.
 */
void
tea_log_renew_epoch_async (TeaLog *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));

  TEA_LOG_GET_IFACE (self)->renew_epoch_async (self, cancellable, callback, user_data);
}

/**
 * tea_log_renew_epoch_finish:
 * @self: a log
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the epoch is another one; if not, @error is %TEA_LOG_ERROR_UNAVAILABLE
 *   or %TEA_LOG_ERROR_UNKNOWN
 */
gboolean
tea_log_renew_epoch_finish (TeaLog *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), FALSE);

  return TEA_LOG_GET_IFACE (self)->renew_epoch_finish (self, result, error);
}

/**
 * tea_log_export_async:
 * @self: a log
 * @stream: where to
 * @cancellable: (nullable): to give up with
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes all that is kept to a stream, as it is at one moment. The stream is used in
 * another thread until then.
 */
void
tea_log_export_async (TeaLog *self,
                      GOutputStream *stream,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  TEA_LOG_GET_IFACE (self)->export_async (self, stream, cancellable, callback, user_data);
}

/**
 * tea_log_export_finish:
 * @self: a log
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all was written
 */
gboolean
tea_log_export_finish (TeaLog *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), FALSE);

  return TEA_LOG_GET_IFACE (self)->export_finish (self, result, error);
}

/**
 * tea_log_import_async:
 * @self: a log to which nothing was ever appended
 * @stream: what was exported
 * @cancellable: (nullable): to not begin with; what has begun goes on
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes over all of another log, with its numbers, in an epoch of its own. The stream is
 * used in another thread until then.
 */
void
tea_log_import_async (TeaLog *self,
                      GInputStream *stream,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (TEA_IS_LOG (self));
  g_return_if_fail (G_IS_INPUT_STREAM (stream));

  TEA_LOG_GET_IFACE (self)->import_async (self, stream, cancellable, callback, user_data);
}

/**
 * tea_log_import_finish:
 * @self: a log
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all was taken over; otherwise nothing was, and @error is
 *   %TEA_LOG_ERROR_REJECTED where there is something in the log, %TEA_LOG_ERROR_FOREIGN or
 *   %TEA_LOG_ERROR_DAMAGED where the stream is no exported log or not a whole one, or
 *   another one
 */
gboolean
tea_log_import_finish (TeaLog *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LOG (self), FALSE);

  return TEA_LOG_GET_IFACE (self)->import_finish (self, result, error);
}

/**
 * tea_log_subscribe:
 * @self: a log
 * @from: the first number that is of interest
 *
 * Begins to emit [signal@Tea.Log::appended], for all from that number on.
 */
void
tea_log_subscribe (TeaLog *self, guint64 from)
{
  g_return_if_fail (TEA_IS_LOG (self));

  TEA_LOG_GET_IFACE (self)->subscribe (self, from);
}

/**
 * tea_log_get_head:
 * @self: a log
 *
 * Returns: the latest number; 0 when nothing was ever appended
 */
guint64
tea_log_get_head (TeaLog *self)
{
  g_return_val_if_fail (TEA_IS_LOG (self), 0);

  return TEA_LOG_GET_IFACE (self)->get_head (self);
}

/**
 * tea_log_get_first:
 * @self: a log
 *
 * Returns: the number before which nothing is kept; above 0
 */
guint64
tea_log_get_first (TeaLog *self)
{
  g_return_val_if_fail (TEA_IS_LOG (self), 1);

  return TEA_LOG_GET_IFACE (self)->get_first (self);
}

/**
 * tea_log_get_epoch:
 * @self: a log
 *
 * Returns: the epoch in which its numbers mean something; above 0
 */
guint64
tea_log_get_epoch (TeaLog *self)
{
  g_return_val_if_fail (TEA_IS_LOG (self), 0);

  return TEA_LOG_GET_IFACE (self)->get_epoch (self);
}

/**
 * tea_log_get_durability:
 * @self: a log
 *
 * Returns: what an answered append has reached: "synced" where it is on the disk,
 *   "memory" where it is nowhere else
 */
const char *
tea_log_get_durability (TeaLog *self)
{
  g_return_val_if_fail (TEA_IS_LOG (self), NULL);

  return TEA_LOG_GET_IFACE (self)->get_durability (self);
}

/**
 * tea_log_get_state:
 * @self: a log
 *
 * Returns: how the log is
 */
TeaLogState
tea_log_get_state (TeaLog *self)
{
  g_return_val_if_fail (TEA_IS_LOG (self), TEA_LOG_OFFLINE);

  return TEA_LOG_GET_IFACE (self)->get_state (self);
}

/**
 * tea_log_emit_appended:
 * @self: a log
 * @seq: its number
 * @version: the number of the latest amendment of it; 0 for none
 * @record: what is stored under that number
 *
 * Emits [signal@Tea.Log::appended].
 */
void
tea_log_emit_appended (TeaLog *self, guint64 seq, guint64 version, GBytes *record)
{
  g_signal_emit (self, signals[SIGNAL_APPENDED], 0, seq, version, record);
}

/**
 * tea_log_emit_amended:
 * @self: a log
 * @target: the number of what was amended
 * @version: the number of the amendment
 * @form: what is stored under @target now
 *
 * Emits [signal@Tea.Log::amended].
 */
void
tea_log_emit_amended (TeaLog *self, guint64 target, guint64 version, GBytes *form)
{
  g_signal_emit (self, signals[SIGNAL_AMENDED], 0, target, version, form);
}

/**
 * tea_log_emit_state_changed:
 * @self: a log
 *
 * Emits [signal@Tea.Log::state-changed].
 */
void
tea_log_emit_state_changed (TeaLog *self)
{
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}
