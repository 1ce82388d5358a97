/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pull-queue.h"

/* How much answers one request: whoever is far behind asks on when they have that, and so
 * sets the pace. */
#define ANSWER_SIZE (16 * 1024)

#define ALL_PIECES G_MAXUINT32

/**
 * TeaPullQueue:
 *
 * Answers one client's requests for events, from the room's memory or the log, one at a
 * time. A request that comes meanwhile takes the place of one that waits: it says what is
 * still missing.
 */
struct _TeaPullQueue
{
  GObject parent_instance;

  TeaRoom *room;           /* (owned) */
  TeaSecureSender *sender; /* (unowned) (nullable): NULL once it is closed */
  TeaRation *ration;       /* (unowned) (nullable): the same */

  GArray *current; /* (element-type Pull): what is being answered, the last one first */
  GArray *waiting; /* (element-type Pull): in the order of the request */
  gsize budget;
  gboolean is_reading;
};

typedef struct
{
  TeaRange range;
  guint32 pieces;
} Pull;

G_DEFINE_FINAL_TYPE (TeaPullQueue, tea_pull_queue, G_TYPE_OBJECT)

static void go_on (TeaPullQueue *self);

static void
send_empty (TeaPullQueue *self, guint64 from, guint64 to)
{
  GBytes *frame = tea_frame_encode_empty (from, to);
  guint64 head = tea_room_get_head (self->room);
  guint64 first = MIN (tea_room_get_first (self->room), head + 1);

  /* Whoever is told that it is empty has to know that there was something. */
  if (from < first)
    tea_secure_sender_send (self->sender, tea_frame_encode_head (first, head));

  self->budget -= MIN (self->budget, g_bytes_get_size (frame));
  tea_ration_pull (self->ration, g_bytes_get_size (frame));
  tea_secure_sender_send (self->sender, frame);
}

static void
send_event (TeaPullQueue *self, TeaEvent *event, guint32 pieces)
{
  gsize size = tea_secure_sender_send_event (self->sender, event, pieces);

  self->budget -= MIN (self->budget, size);
  tea_ration_pull (self->ration, size);
}

static void
take_events (TeaPullQueue *self, Pull *pull, GPtrArray *events, guint64 next)
{
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);
      guint64 seq = tea_event_get_seq (event);

      if (seq < pull->range.from || seq > pull->range.to)
        continue;

      if (seq > pull->range.from)
        send_empty (self, pull->range.from, seq - 1);
      send_event (self, event, pull->pieces);
      pull->range.from = seq + 1;
    }

  if (next > pull->range.from)
    {
      guint64 last = MIN (next - 1, pull->range.to);

      if (last >= pull->range.from)
        send_empty (self, pull->range.from, last);
      pull->range.from = last + 1;
    }
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaPullQueue) self = TEA_PULL_QUEUE (user_data);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  guint64 next = 0;

  self->is_reading = FALSE;
  events = tea_room_read_finish (TEA_ROOM (object), result, &next, &error);
  if (self->sender == NULL)
    return;

  if (events != NULL)
    {
      Pull *pull = &g_array_index (self->current, Pull, self->current->len - 1);
      guint64 from = pull->range.from;

      take_events (self, pull, events, next);
      if (pull->range.from == from)
        g_array_set_size (self->current, 0);
    }
  else if (!g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
    {
      /* The client asks again. */
      g_debug ("Could not read the log: %s", error->message);
      g_array_set_size (self->current, 0);
    }
  else if (tea_room_get_first (self->room)
           <= g_array_index (self->current, Pull, self->current->len - 1).range.from)
    {
      g_array_set_size (self->current, 0);
    }

  go_on (self);
}

/* Returns whether there is more to do at once. */
static gboolean
serve (TeaPullQueue *self, Pull *pull)
{
  guint64 first = tea_room_get_first (self->room);
  guint64 to = MIN (pull->range.to, tea_room_get_head (self->room));

  if (pull->range.from < first && pull->range.from <= to)
    {
      send_empty (self, pull->range.from, MIN (to, first - 1));
      pull->range.from = first;
    }

  while (pull->range.from <= to && self->budget > 0)
    {
      TeaEvent *event = tea_room_peek_event (self->room, pull->range.from);

      if (event == NULL)
        {
          self->is_reading = TRUE;
          tea_room_read_async (self->room, pull->range.from, to, self->budget, NULL, read_cb,
                               g_object_ref (self));
          return FALSE;
        }

      send_event (self, event, pull->pieces);
      pull->range.from++;
    }

  return TRUE;
}

static void
go_on (TeaPullQueue *self)
{
  for (;;)
    {
      while (self->current->len > 0 && self->budget > 0)
        {
          if (!serve (self, &g_array_index (self->current, Pull, self->current->len - 1)))
            return;

          /* What is left of it is either too much, or not there yet. */
          g_array_set_size (self->current, self->current->len - 1);
        }

      g_array_set_size (self->current, 0);
      if (self->waiting->len == 0)
        return;

      for (guint i = self->waiting->len; i > 0; i--)
        g_array_append_val (self->current, g_array_index (self->waiting, Pull, i - 1));
      g_array_set_size (self->waiting, 0);
      self->budget = ANSWER_SIZE;
    }
}

static void
begin (TeaPullQueue *self)
{
  if (!tea_ration_may_pull (self->ration))
    g_array_set_size (self->waiting, 0);
  else if (!self->is_reading)
    go_on (self);
}

static void
tea_pull_queue_finalize (GObject *object)
{
  TeaPullQueue *self = TEA_PULL_QUEUE (object);

  g_array_unref (self->current);
  g_array_unref (self->waiting);
  g_object_unref (self->room);

  G_OBJECT_CLASS (tea_pull_queue_parent_class)->finalize (object);
}

static void
tea_pull_queue_class_init (TeaPullQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_pull_queue_finalize;
}

static void
tea_pull_queue_init (TeaPullQueue *self)
{
  self->current = g_array_new (FALSE, FALSE, sizeof (Pull));
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Pull));
}

/**
 * tea_pull_queue_new:
 * @room: whose events
 * @sender: (transfer none): where the answers go, until tea_pull_queue_close()
 * @ration: (transfer none): how much may be had, until tea_pull_queue_close()
 *
 * Returns: (transfer full): a queue in which nothing waits
 */
TeaPullQueue *
tea_pull_queue_new (TeaRoom *room, TeaSecureSender *sender, TeaRation *ration)
{
  TeaPullQueue *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);
  g_return_val_if_fail (sender != NULL && ration != NULL, NULL);

  self = g_object_new (TEA_TYPE_PULL_QUEUE, NULL);
  self->room = g_object_ref (room);
  self->sender = sender;
  self->ration = ration;

  return self;
}

/**
 * tea_pull_queue_close:
 * @self: a queue
 *
 * Answers nothing any more.
 */
void
tea_pull_queue_close (TeaPullQueue *self)
{
  g_return_if_fail (TEA_IS_PULL_QUEUE (self));

  self->sender = NULL;
  self->ration = NULL;
  g_array_set_size (self->waiting, 0);
}

/**
 * tea_pull_queue_pull:
 * @self: a queue that is not closed
 * @ranges: (array length=n_ranges): the numbers that the client misses
 * @n_ranges: how many ranges
 *
 * Sends events, as many as go into one answer, and which numbers hold nothing. Numbers
 * above the head are passed over.
 */
void
tea_pull_queue_pull (TeaPullQueue *self, const TeaRange *ranges, guint n_ranges)
{
  g_return_if_fail (TEA_IS_PULL_QUEUE (self));
  g_return_if_fail (self->sender != NULL);

  g_array_set_size (self->waiting, 0);
  for (guint i = 0; i < n_ranges; i++)
    {
      Pull pull = { .range = ranges[i], .pieces = ALL_PIECES };

      g_array_append_val (self->waiting, pull);
    }

  begin (self);
}

/**
 * tea_pull_queue_pull_pieces:
 * @self: a queue that is not closed
 * @seq: the number of an event
 * @missing: the pieces that the client misses: a bit for each
 *
 * Sends some pieces of an event.
 */
void
tea_pull_queue_pull_pieces (TeaPullQueue *self, guint64 seq, guint32 missing)
{
  Pull pull = { .range = { seq, seq }, .pieces = missing };

  g_return_if_fail (TEA_IS_PULL_QUEUE (self));
  g_return_if_fail (self->sender != NULL);

  /* Several long events can be under way, each asked for by itself. */
  if (self->waiting->len >= TEA_PULL_MAX_RANGES)
    g_array_remove_index (self->waiting, 0);
  g_array_append_val (self->waiting, pull);

  begin (self);
}
