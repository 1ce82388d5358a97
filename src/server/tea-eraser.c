/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-eraser.h"

#include "tea-event-record.h"

/* So many events are looked at, and so many erased, before others have their turn. */
#define BATCH 500
#define BATCH_BYTES (1024 * 1024)

/**
 * TeaEraser:
 *
 * Takes all that somebody said out of a log, in batches.
 */
struct _TeaEraser
{
  GObject parent_instance;

  TeaLog *log; /* (owned) */
};

/* What is to go. */
typedef struct
{
  TeaSentOut sent_out;
  guint64 from;
  guint64 to;
  guint n_erasing; /* how much of a batch is on its way */
  GError *error;   /* (nullable): the first that there was */
} Erasing;

G_DEFINE_FINAL_TYPE (TeaEraser, tea_eraser, G_TYPE_OBJECT)

enum
{
  SIGNAL_ERASED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void go_on (GTask *task);

static void
erasing_free (Erasing *erasing)
{
  tea_sent_out_clear (&erasing->sent_out);
  g_clear_error (&erasing->error);
  g_free (erasing);
}

static void
end_batch (GTask *task)
{
  Erasing *erasing = g_task_get_task_data (task);

  if (erasing->n_erasing > 0)
    return;

  if (erasing->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&erasing->error));
      g_object_unref (task);
      return;
    }

  go_on (task);
}

/* An event on its way out of the log. */
typedef struct
{
  GTask *task; /* (owned) */
  guint64 seq;
} Leaving;

static void
erased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Leaving *leaving = user_data;
  GTask *task = leaving->task;
  Erasing *erasing = g_task_get_task_data (task);
  GError *error = NULL;

  if (tea_log_erase_finish (TEA_LOG (object), result, &error))
    g_signal_emit (g_task_get_source_object (task), signals[SIGNAL_ERASED], 0, leaving->seq);
  else if (erasing->error == NULL)
    erasing->error = error;
  else
    g_error_free (error);

  erasing->n_erasing--;
  end_batch (task);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Erasing *erasing = g_task_get_task_data (task);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  gboolean reached_head = FALSE;
  guint64 next = 0;
  GError *error = NULL;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);
  if (entries == NULL && g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED)
      && tea_log_get_first (TEA_LOG (object)) > erasing->from)
    {
      g_clear_error (&error);
      erasing->from = tea_log_get_first (TEA_LOG (object));
      go_on (task);
      return;
    }

  if (entries == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  for (guint i = 0; i < entries->len; i++)
    {
      const TeaLogEntry *entry = g_ptr_array_index (entries, i);
      g_autoptr (TeaEvent) event = NULL;

      if (entry->seq <= erasing->to)
        event = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);
      if (event != NULL && tea_sent_out_erases (&erasing->sent_out, event))
        g_array_append_val (numbers, entry->seq);
    }

  erasing->from = reached_head ? erasing->to + 1 : next;
  erasing->n_erasing = numbers->len;
  for (guint i = 0; i < numbers->len; i++)
    {
      Leaving *leaving = g_new (Leaving, 1);

      leaving->task = task;
      leaving->seq = g_array_index (numbers, guint64, i);
      tea_log_erase_async (TEA_LOG (object), leaving->seq, NULL, erased_cb, leaving);
    }

  if (numbers->len == 0)
    end_batch (task);
}

/* Takes over the reference to the task. */
static void
go_on (GTask *task)
{
  TeaEraser *self = g_task_get_source_object (task);
  Erasing *erasing = g_task_get_task_data (task);

  if (erasing->from > erasing->to)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  tea_log_read_async (self->log, erasing->from, BATCH, BATCH_BYTES, NULL, read_cb, task);
}

static void
tea_eraser_finalize (GObject *object)
{
  g_object_unref (TEA_ERASER (object)->log);

  G_OBJECT_CLASS (tea_eraser_parent_class)->finalize (object);
}

static void
tea_eraser_class_init (TeaEraserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_eraser_finalize;

  /**
   * TeaEraser::erased:
   * @self: the eraser
   * @seq: the number of an event
   *
   * Nothing is in the log any more under that number.
   */
  signals[SIGNAL_ERASED] = g_signal_new ("erased", TEA_TYPE_ERASER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
tea_eraser_init (TeaEraser *self)
{
}

/**
 * tea_eraser_new:
 * @log: where to erase
 *
 * Returns: (transfer full): an eraser
 */
TeaEraser *
tea_eraser_new (TeaLog *log)
{
  TeaEraser *self = NULL;

  g_return_val_if_fail (TEA_IS_LOG (log), NULL);

  self = g_object_new (TEA_TYPE_ERASER, NULL);
  self->log = g_object_ref (log);

  return self;
}

/**
 * tea_eraser_erase_async:
 * @self: an eraser
 * @sent_out: with what somebody's messages, and their edits, are to go
 * @to: the last number
 * @callback: (nullable): called when it is done
 * @user_data: for @callback
 *
 * Erases what somebody said.
 */
void
tea_eraser_erase_async (TeaEraser *self,
                        const TeaSentOut *sent_out,
                        guint64 to,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Erasing *erasing = NULL;
  GTask *task = NULL;

  g_return_if_fail (TEA_IS_ERASER (self));
  g_return_if_fail (sent_out != NULL && sent_out->erase > 0);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_eraser_erase_async);
  erasing = g_new0 (Erasing, 1);
  erasing->sent_out = *sent_out;
  erasing->sent_out.key = g_strdup (sent_out->key);
  erasing->sent_out.name = g_strdup (sent_out->name);
  erasing->from = MAX (sent_out->erase, tea_log_get_first (self->log));
  erasing->to = to;
  g_task_set_task_data (task, erasing, (GDestroyNotify) erasing_free);
  go_on (task);
}

/**
 * tea_eraser_erase_finish:
 * @self: an eraser
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether all of it is erased; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_eraser_erase_finish (TeaEraser *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
