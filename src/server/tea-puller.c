/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-puller.h"

#include "tea-frame-encode.h"

/* How much answers one request: whoever is far behind asks on when they have that, and so
 * sets the pace. */
#define ANSWER_SIZE (16 * 1024)

#define ALL_PIECES G_MAXUINT32

/**
 * TeaPuller:
 *
 * Answers one client's requests for events, from memory or the log, one at a
 * time. A request that comes meanwhile takes the place of one that waits: it says what is
 * still missing.
 */
struct _TeaPuller
{
  GObject parent_instance;

  TeaRoomReader *reader;   /* (owned) */
  TeaSecureSender *sender; /* (unowned) (nullable): NULL once it is closed */
  guint16 channel;
  TeaQuota *quota; /* (unowned) (nullable): the same */
  guint64 floor;   /* the first event that the client may see */
  guint64 start;   /* below this, changes are empty to the client */

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

G_DEFINE_FINAL_TYPE (TeaPuller, tea_puller, G_TYPE_OBJECT)

static void go_on (TeaPuller *self);

static void
send_empty (TeaPuller *self, guint64 from, guint64 to)
{
  GBytes *frame = tea_frame_encode_empty (from, to);
  guint64 head = tea_room_reader_get_head (self->reader);
  guint64 first = tea_room_reader_get_first (self->reader);

  /* Whoever is told that it is empty has to know that there was something. */
  if (from < first)
    tea_secure_sender_send (self->sender, self->channel, tea_frame_encode_head (first, head));

  self->budget -= MIN (self->budget, g_bytes_get_size (frame));
  tea_quota_pull (self->quota, g_bytes_get_size (frame));
  tea_secure_sender_send (self->sender, self->channel, frame);
}

static void
send_event (TeaPuller *self, TeaEvent *event, guint32 pieces)
{
  gsize size = tea_secure_sender_send_event (self->sender, self->channel, event, pieces);

  self->budget -= MIN (self->budget, size);
  tea_quota_pull (self->quota, size);
}

/* The message that it changes tells of it, too. */
static gboolean
is_passed_over (TeaPuller *self, TeaEvent *event)
{
  return tea_event_get_seq (event) < self->start
         && tea_event_kind_amends (tea_event_get_kind (event));
}

static void
take_events (TeaPuller *self, Pull *pull, GPtrArray *events, guint64 next)
{
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);
      guint64 seq = tea_event_get_seq (event);

      if (seq < pull->range.from || seq > pull->range.to || is_passed_over (self, event))
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
  g_autoptr (TeaPuller) self = TEA_PULLER (user_data);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;
  guint64 next = 0;

  self->is_reading = FALSE;
  events = tea_room_reader_read_finish (TEA_ROOM_READER (object), result, &next, &error);
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
  else if (tea_room_reader_get_first (self->reader)
           <= g_array_index (self->current, Pull, self->current->len - 1).range.from)
    {
      g_array_set_size (self->current, 0);
    }

  go_on (self);
}

/* Returns whether there is more to do at once. */
static gboolean
serve (TeaPuller *self, Pull *pull)
{
  guint64 first = tea_room_reader_get_first (self->reader);
  guint64 to = MIN (pull->range.to, tea_room_reader_get_head (self->reader));

  first = MAX (first, self->floor);
  if (pull->range.from < first && pull->range.from <= to)
    {
      send_empty (self, pull->range.from, MIN (to, first - 1));
      pull->range.from = first;
    }

  while (pull->range.from <= to && self->budget > 0)
    {
      TeaEvent *event = tea_room_reader_peek (self->reader, pull->range.from);

      /* What is passed over goes along with other numbers that hold nothing. */
      if (event == NULL || is_passed_over (self, event))
        {
          self->is_reading = TRUE;
          tea_room_reader_read_async (self->reader, pull->range.from, to, self->budget, NULL,
                                      read_cb, g_object_ref (self));
          return FALSE;
        }

      send_event (self, event, pull->pieces);
      pull->range.from++;
    }

  return TRUE;
}

static void
go_on (TeaPuller *self)
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
begin (TeaPuller *self)
{
  if (!tea_quota_may_pull (self->quota))
    g_array_set_size (self->waiting, 0);
  else if (!self->is_reading)
    go_on (self);
}

static void
tea_puller_finalize (GObject *object)
{
  TeaPuller *self = TEA_PULLER (object);

  g_array_unref (self->current);
  g_array_unref (self->waiting);
  g_object_unref (self->reader);

  G_OBJECT_CLASS (tea_puller_parent_class)->finalize (object);
}

static void
tea_puller_class_init (TeaPullerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_puller_finalize;
}

static void
tea_puller_init (TeaPuller *self)
{
  self->current = g_array_new (FALSE, FALSE, sizeof (Pull));
  self->waiting = g_array_new (FALSE, FALSE, sizeof (Pull));
}

/**
 * tea_puller_new:
 * @reader: what knows the events
 * @sender: (transfer none): where the answers go, until tea_puller_close()
 * @channel: in which channel
 * @quota: (transfer none): how much may be had, until tea_puller_close()
 * @floor: the first event that the client may see; what is below is empty to it
 * @start: from where on the client is to have everything; of what is below it gets messages as
 *   they are now, and no changes of them
 *
 * Returns: (transfer full): a puller that has nothing to answer
 */
TeaPuller *
tea_puller_new (TeaRoomReader *reader,
                TeaSecureSender *sender,
                guint16 channel,
                TeaQuota *quota,
                guint64 floor,
                guint64 start)
{
  TeaPuller *self;

  g_return_val_if_fail (TEA_IS_ROOM_READER (reader), NULL);
  g_return_val_if_fail (sender != NULL && quota != NULL, NULL);

  self = g_object_new (TEA_TYPE_PULLER, NULL);
  self->reader = g_object_ref (reader);
  self->sender = sender;
  self->channel = channel;
  self->quota = quota;
  self->floor = floor;
  self->start = start;

  return self;
}

/**
 * tea_puller_close:
 * @self: a puller
 *
 * Answers nothing any more.
 */
void
tea_puller_close (TeaPuller *self)
{
  g_return_if_fail (TEA_IS_PULLER (self));

  self->sender = NULL;
  self->quota = NULL;
  g_array_set_size (self->waiting, 0);
}

/**
 * tea_puller_pull:
 * @self: a puller that is not closed
 * @ranges: (array length=n_ranges): the numbers that the client misses
 * @n_ranges: how many ranges
 *
 * Sends events, as many as go into one answer, and which numbers hold nothing. Numbers
 * above the head are passed over.
 */
void
tea_puller_pull (TeaPuller *self, const TeaRange *ranges, guint n_ranges)
{
  g_return_if_fail (TEA_IS_PULLER (self));
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
 * tea_puller_pull_pieces:
 * @self: a puller that is not closed
 * @seq: the number of an event
 * @missing: the pieces that the client misses: a bit for each
 *
 * Sends some pieces of an event.
 */
void
tea_puller_pull_pieces (TeaPuller *self, guint64 seq, guint32 missing)
{
  Pull pull = { .range = { seq, seq }, .pieces = missing };

  g_return_if_fail (TEA_IS_PULLER (self));
  g_return_if_fail (self->sender != NULL);

  /* Several long events can be under way, each asked for by itself. */
  if (self->waiting->len >= TEA_PULL_MAX_RANGES)
    g_array_remove_index (self->waiting, 0);
  g_array_append_val (self->waiting, pull);

  begin (self);
}
