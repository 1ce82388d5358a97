/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-box-office.h"

/**
 * TeaBoxOffice:
 *
 * Some tickets, in one list, and some windows, each a thread, that sell them at once.
 *
 * Two rules make the outcome the same every time, however the threads are scheduled:
 *
 * - A window takes a ticket when it is its turn. Every window has a turn from the start,
 *   so every window sells; after a sale it queues up again.
 * - A sale is told when all tickets before it have been. A window that is ready early
 *   waits for the one before it.
 *
 * In between, while a sale takes its time, no lock is held: that is why ten windows are
 * ten times as fast as one.
 */
struct _TeaBoxOffice
{
  GObject parent_instance;

  guint n_tickets;
  guint n_windows;
  GTimeSpan sale_time;
  TeaSaleFunc sold;
  gpointer user_data;

  GMutex mutex;
  GCond changed;

  /* guarded by the mutex */
  guint n_turns;     /* how many have been given out */
  guint turn;        /* whose it is */
  guint n_taken;     /* how many tickets have been taken from the list */
  guint n_told;      /* how many sales have been told */
  guint n_open;      /* how many windows have not closed yet */
  gboolean stopping; /* nobody starts another sale */

  /* of whoever opens and closes it */
  GTask *task;        /* (owned) (nullable): while it is open */
  GPtrArray *threads; /* (element-type GThread) */
  gulong cancelled_id;
};

typedef struct
{
  TeaBoxOffice *office; /* (unowned): the task keeps it until all windows are closed */
  guint number;
} Window;

G_DEFINE_FINAL_TYPE (TeaBoxOffice, tea_box_office, G_TYPE_OBJECT)

/* Returns: the next ticket, or 0 when all are sold */
static guint
take_ticket (TeaBoxOffice *self, guint turn)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint ticket = 0;

  while (self->turn != turn && !self->stopping)
    g_cond_wait (&self->changed, &self->mutex);

  if (!self->stopping && self->n_taken < self->n_tickets)
    ticket = ++self->n_taken;

  self->turn++;
  g_cond_broadcast (&self->changed);

  return ticket;
}

/* Returns: whether the sale came to its end */
static gboolean
serve_customer (TeaBoxOffice *self)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 end = g_get_monotonic_time () + self->sale_time;

  while (!self->stopping)
    if (!g_cond_wait_until (&self->changed, &self->mutex, end))
      return TRUE;

  return FALSE;
}

/* Returns: the turn at which the window may sell again */
static guint
tell_sale (TeaBoxOffice *self, guint window, guint ticket)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->n_told != ticket - 1)
    {
      /* The sale before was broken off. */
      if (self->stopping)
        return self->n_turns++;
      g_cond_wait (&self->changed, &self->mutex);
    }

  self->sold (window, ticket, self->user_data);
  self->n_told++;
  g_cond_broadcast (&self->changed);

  return self->n_turns++;
}

static gboolean
closed_cb (gpointer user_data)
{
  TeaBoxOffice *self = TEA_BOX_OFFICE (user_data);
  g_autoptr (GTask) task = NULL;

  /* They have nothing left to do. Whoever joins a thread sees all that it did. */
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_ptr_array_set_size (self->threads, 0);

  task = g_steal_pointer (&self->task);
  g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
close_window (TeaBoxOffice *self)
{
  g_autoptr (GSource) source = NULL;
  gboolean last;

  g_mutex_lock (&self->mutex);
  last = --self->n_open == 0;
  g_mutex_unlock (&self->mutex);

  if (!last)
    return;

  /* Not g_main_context_invoke(): where nobody runs the context yet, that calls here. */
  source = g_idle_source_new ();
  g_source_set_callback (source, closed_cb, self, NULL);
  g_source_attach (source, g_task_get_context (self->task));
}

static gpointer
window_thread (gpointer data)
{
  g_autofree Window *window = data;
  TeaBoxOffice *self = window->office;
  guint turn = window->number - 1;
  guint ticket;

  while ((ticket = take_ticket (self, turn)) != 0 && serve_customer (self))
    turn = tell_sale (self, window->number, ticket);

  close_window (self);

  return NULL;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaBoxOffice *self = TEA_BOX_OFFICE (user_data);
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
}

static void
tea_box_office_finalize (GObject *object)
{
  TeaBoxOffice *self = TEA_BOX_OFFICE (object);

  g_ptr_array_unref (self->threads);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);

  G_OBJECT_CLASS (tea_box_office_parent_class)->finalize (object);
}

static void
tea_box_office_class_init (TeaBoxOfficeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_box_office_finalize;
}

static void
tea_box_office_init (TeaBoxOffice *self)
{
  self->threads = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
}

/**
 * tea_box_office_new:
 * @n_tickets: how many tickets there are
 * @n_windows: how many windows, 1 or more
 * @sale_time: how long a sale takes, in µs
 * @sold: (scope forever): called for each sale
 * @user_data: for @sold
 *
 * Returns: (transfer full): a box office that is closed
 */
TeaBoxOffice *
tea_box_office_new (
    guint n_tickets, guint n_windows, GTimeSpan sale_time, TeaSaleFunc sold, gpointer user_data)
{
  TeaBoxOffice *self;

  g_return_val_if_fail (n_windows > 0, NULL);
  g_return_val_if_fail (sale_time >= 0, NULL);
  g_return_val_if_fail (sold != NULL, NULL);

  self = g_object_new (TEA_TYPE_BOX_OFFICE, NULL);
  self->n_tickets = n_tickets;
  self->n_windows = n_windows;
  self->sale_time = sale_time;
  self->sold = sold;
  self->user_data = user_data;

  return self;
}

/**
 * tea_box_office_sell_async:
 * @self: a box office that is closed
 * @cancellable: (nullable): to close early with: sales that go on are broken off
 * @callback: called when the last window has closed
 * @user_data: for @callback
 *
 * Opens all windows, and sells until there are no tickets any more.
 */
void
tea_box_office_sell_async (TeaBoxOffice *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_BOX_OFFICE (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_box_office_sell_async);

  self->n_taken = self->n_told = 0;
  self->turn = 0;
  self->n_turns = self->n_open = self->n_windows;
  self->stopping = FALSE;

  self->cancelled_id = 0;
  if (cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);

  for (guint i = 1; i <= self->n_windows; i++)
    {
      g_autofree char *name = g_strdup_printf ("w%u", i);
      Window *window = g_new (Window, 1);

      window->office = self;
      window->number = i;
      g_ptr_array_add (self->threads, g_thread_new (name, window_thread, window));
    }
}

/**
 * tea_box_office_sell_finish:
 * @self: a box office
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether every ticket was sold
 */
gboolean
tea_box_office_sell_finish (TeaBoxOffice *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
