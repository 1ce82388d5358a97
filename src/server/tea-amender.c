/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-amender.h"

#include <glib/gi18n-lib.h>

#include "tea-event-record.h"
#include "tea-refusal.h"

/**
 * TeaAmender:
 *
 * Writes what is about a message: reads what the log has of that, asks whether this may be done
 * to it, and writes it, where it changes the message with what that is then. Of each message one
 * such thing is under way at a time, and the next begins with its result.
 */
struct _TeaAmender
{
  GObject parent_instance;

  TeaLog *log;           /* (owned) */
  TeaRoomWriter *writer; /* (owned) */
  TeaAmenderCheck check;
  gpointer user_data;
  GHashTable *changes; /* (element-type guint64 GQueue(GTask)): by message; the first is under
                          way */
};

G_DEFINE_FINAL_TYPE (TeaAmender, tea_amender, G_TYPE_OBJECT)

static void begin (GTask *task);

static GError *
make_gone (void)
{
  return tea_refusal_new (TEA_REFUSAL_GONE, _ ("The message that this is about is gone."));
}

/* The change has its answer: the next one of that message begins. */
static void
go_on (TeaAmender *self, guint64 target)
{
  GQueue *queue = g_hash_table_lookup (self->changes, &target);

  g_object_unref (g_queue_pop_head (queue));
  if (g_queue_is_empty (queue))
    g_hash_table_remove (self->changes, &target);
  else
    begin (g_queue_peek_head (queue));
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const TeaDraft *draft = g_task_get_task_data (task);
  GError *error = NULL;
  guint64 seq = tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);

  if (seq != 0)
    g_task_return_pointer (task, g_memdup2 (&seq, sizeof seq), g_free);
  else
    g_task_return_error (task, error);

  go_on (g_task_get_source_object (task), draft->target);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaAmender *self = g_task_get_source_object (task);
  const TeaDraft *draft = g_task_get_task_data (task);
  const TeaLogEntry *entry = NULL;
  GBytes *record = NULL;
  g_autoptr (TeaEvent) message = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  GError *refusal = NULL;
  gboolean reached_head = FALSE;
  guint64 next = 0;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries != NULL && entries->len > 0)
    entry = g_ptr_array_index (entries, 0);
  if (entry != NULL && entry->seq == draft->target)
    {
      message = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);
      record = tea_event_kind_amends (draft->kind) ? entry->record : NULL;
    }

  if (entries == NULL && !g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
    refusal = tea_room_writer_explain (error);
  else if (message == NULL || tea_event_get_kind (message) != TEA_EVENT_MESSAGE)
    refusal = make_gone ();
  else
    refusal = self->check (message, draft, self->user_data);

  if (refusal == NULL)
    {
      tea_room_writer_amend_async (self->writer, draft, record, written_cb,
                                   g_steal_pointer (&task));
      return;
    }

  g_task_return_error (task, refusal);
  go_on (self, draft->target);
}

static void
begin (GTask *task)
{
  TeaAmender *self = g_task_get_source_object (task);
  const TeaDraft *draft = g_task_get_task_data (task);

  tea_log_read_async (self->log, draft->target, 1, G_MAXSIZE, NULL, read_cb, g_object_ref (task));
}

static void
queue_free (GQueue *queue)
{
  g_queue_free_full (queue, g_object_unref);
}

static void
tea_amender_finalize (GObject *object)
{
  TeaAmender *self = TEA_AMENDER (object);

  g_hash_table_unref (self->changes);
  g_object_unref (self->writer);
  g_object_unref (self->log);

  G_OBJECT_CLASS (tea_amender_parent_class)->finalize (object);
}

static void
tea_amender_class_init (TeaAmenderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_amender_finalize;
}

static void
tea_amender_init (TeaAmender *self)
{
  self->changes
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) queue_free);
}

/**
 * tea_amender_new:
 * @log: where the messages are
 * @writer: what writes that log
 * @check: what decides about each change
 * @user_data: for @check, as long as the amender is there
 *
 * Returns: (transfer full): an amender
 */
TeaAmender *
tea_amender_new (TeaLog *log, TeaRoomWriter *writer, TeaAmenderCheck check, gpointer user_data)
{
  TeaAmender *self = NULL;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (TEA_IS_ROOM_WRITER (writer), NULL);
  g_return_val_if_fail (check != NULL, NULL);

  self = g_object_new (TEA_TYPE_AMENDER, NULL);
  self->log = g_object_ref (log);
  self->writer = g_object_ref (writer);
  self->check = check;
  self->user_data = user_data;

  return self;
}

/**
 * tea_amender_amend_async:
 * @self: an amender
 * @draft: what is to be done to a message
 * @callback: called when everyone has heard of it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Changes a message, after all changes of it that were asked for before.
 */
void
tea_amender_amend_async (TeaAmender *self,
                         const TeaDraft *draft,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GQueue *queue = NULL;
  GTask *task = NULL;

  g_return_if_fail (TEA_IS_AMENDER (self));
  g_return_if_fail (draft != NULL && draft->target > 0);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_amender_amend_async);
  g_task_set_task_data (task, tea_draft_copy (draft), (GDestroyNotify) tea_draft_free);

  queue = g_hash_table_lookup (self->changes, &draft->target);
  if (queue == NULL)
    {
      queue = g_queue_new ();
      g_hash_table_insert (self->changes, g_memdup2 (&draft->target, sizeof draft->target), queue);
    }
  g_queue_push_tail (queue, task);
  if (queue->length == 1)
    begin (task);
}

/**
 * tea_amender_amend_finish:
 * @self: an amender
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: the number of the event, also for a repeat; 0 where it was not written, with
 *   @error one that tea_refusal_from_error() understands
 */
guint64
tea_amender_amend_finish (TeaAmender *self, GAsyncResult *result, GError **error)
{
  g_autofree guint64 *seq = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  seq = g_task_propagate_pointer (G_TASK (result), error);

  return seq != NULL ? *seq : 0;
}
