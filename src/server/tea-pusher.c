/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pusher.h"

#include "tea-frame-encode.h"
#include "tea-frame-split.h"
#include "tea-frame.h"
#include "tea-head-announcer.h"

/* Who has lately missed something is taken for somebody on a bad network, for so long. */
#define LOSSY_TIME (10 * G_TIME_SPAN_MINUTE)

/* At first nobody knows: where the room is so small that it costs little, everybody hears of its
 * end as early as they do. */
#define TRIAL_TIME (1 * G_TIME_SPAN_MINUTE)
#define TRIAL_MAX 32

/* To them, a pushed packet carries so many events from before, as long as these are so new
 * that they may be on their way again: they close most holes before anybody has to ask. */
#define N_BEFORE 2
#define RECENT G_TIME_SPAN_SECOND

/* Everybody hears where the log ends 200 ms and 1.2 s after an event, and then by the
 * heartbeat; those on a bad network also 20, 60, 140, 300 … ms after it. */
#define CALM_INTERVAL (200 * G_TIME_SPAN_MILLISECOND)
#define CALM_FACTOR 5
#define SOON_INTERVAL (20 * G_TIME_SPAN_MILLISECOND)
#define SOON_FACTOR 2

/**
 * TeaPusher:
 *
 * Sends what is new in a room to everyone who has it open. Each event is encoded once, and
 * in most turns everyone is sent the same packets.
 */
struct _TeaPusher
{
  GObject parent_instance;

  TeaRoom *room;                    /* (unowned): which owns the pusher */
  TeaClock *clock;                  /* (owned) */
  TeaHeadAnnouncer *announcer;      /* (owned): to everyone */
  TeaHeadAnnouncer *soon_announcer; /* (owned): to those who are to hear soon */
  gint64 soon_until;                /* until when there is anybody for that */

  GQueue cursors;     /* (element-type TeaCursor) */
  guint n_waiting;    /* how many of them have something to be sent */
  gboolean is_steady; /* whether the heartbeat goes on where there are none */

  GPtrArray *recent;   /* (element-type Push): of this turn, and the few before it */
  guint64 n_forgotten; /* how many came before those */

  /* What most are sent in this turn. */
  GHashTable *shared; /* (element-type Shared) */
};

/* The packets of all who miss the same, and have the room in the same channel. */
typedef struct
{
  guint64 from;
  gsize packet_size;
  guint16 channel;
  gboolean is_lossy;
  GPtrArray *packets; /* (owned) (element-type GBytes) */
} Shared;

struct _TeaCursor
{
  TeaPushSource source;
  TeaPusher *pusher;       /* (unowned) */
  TeaSecureSender *sender; /* (unowned) */
  guint16 channel;
  char *key;          /* (owned): whose it is */
  gint64 trial_until; /* nobody knows yet what its client's network is like */
  gboolean is_waiting;
  guint64 from; /* the first event that is new to it, counted from the beginning */
  GList link;
};

/* An event on its way to everyone. */
typedef struct
{
  guint64 seq;
  gint64 time; /* when it came, on the clock */
  GBytes *frame;
  GPtrArray *pieces; /* (element-type GBytes) (nullable): where it was too long for somebody */
} Push;

G_DEFINE_FINAL_TYPE (TeaPusher, tea_pusher, G_TYPE_OBJECT)

enum
{
  SIGNAL_HEARTBEAT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
shared_hash (gconstpointer data)
{
  const Shared *shared = data;

  return (guint) (shared->from * 31 + shared->packet_size * 7 + shared->channel)
         + (guint) shared->is_lossy;
}

static gboolean
shared_equal (gconstpointer a, gconstpointer b)
{
  const Shared *one = a;
  const Shared *other = b;

  return one->from == other->from && one->packet_size == other->packet_size
         && one->channel == other->channel && one->is_lossy == other->is_lossy;
}

static void
shared_free (Shared *shared)
{
  g_ptr_array_unref (shared->packets);
  g_free (shared);
}

static void
push_free (Push *push)
{
  g_bytes_unref (push->frame);
  g_clear_pointer (&push->pieces, g_ptr_array_unref);
  g_free (push);
}

static Push *
get_push (TeaPusher *self, guint i)
{
  return g_ptr_array_index (self->recent, i);
}

static gboolean
is_lossy (TeaCursor *cursor)
{
  return tea_secure_sender_get_lossy_until (cursor->sender)
         > tea_clock_get_time (cursor->pusher->clock);
}

/* Until when it is to hear soon where the log ends. */
static gint64
get_soon_until (TeaCursor *cursor)
{
  return MAX (cursor->trial_until, tea_secure_sender_get_lossy_until (cursor->sender));
}

/* Where members see only what came after they joined, nothing from before goes along: who has
 * just joined would get it as well. */
static guint
get_n_before (TeaPusher *self)
{
  return (tea_room_get_flags (self->room) & TEA_ROOM_HISTORY_FROM_JOINING) != 0 ? 0 : N_BEFORE;
}

static void
pack_long (TeaPacking *packing, guint16 channel, Push *push)
{
  if (push->pieces == NULL)
    push->pieces = tea_frame_split_event (push->frame, push->seq);

  for (guint i = 0; i < push->pieces->len; i++)
    tea_packing_add (packing, channel, g_ptr_array_index (push->pieces, i));
}

/* From the event @begin on as many as fit into the packet, and before them those from
 * before, where there is room. Returns where to go on. */
static guint
pack_some (TeaCursor *cursor, TeaPacking *packing, guint begin)
{
  TeaPusher *self = cursor->pusher;
  guint16 channel = cursor->channel;
  gint64 oldest = tea_clock_get_time (self->clock) - RECENT;
  gsize room = tea_packing_get_room (packing, channel);
  guint n_before = is_lossy (cursor) ? get_n_before (self) : 0;
  guint end = begin;
  guint from = begin;

  while (end < self->recent->len && g_bytes_get_size (get_push (self, end)->frame) <= room)
    room -= g_bytes_get_size (get_push (self, end++)->frame);

  while (from > 0 && begin - from < n_before && get_push (self, from - 1)->time >= oldest
         && g_bytes_get_size (get_push (self, from - 1)->frame) <= room)
    room -= g_bytes_get_size (get_push (self, --from)->frame);

  for (guint i = from; i < end; i++)
    tea_packing_add (packing, channel, get_push (self, i)->frame);

  return end;
}

static void
cursor_pack (TeaPushSource *source, TeaPacking *packing)
{
  TeaCursor *cursor = (TeaCursor *) source;
  TeaPusher *self = cursor->pusher;
  guint begin = (guint) (cursor->from - self->n_forgotten);

  while (begin < self->recent->len)
    {
      Push *push = get_push (self, begin);

      if (g_bytes_get_size (push->frame) > tea_packing_get_largest (packing, cursor->channel))
        {
          pack_long (packing, cursor->channel, push);
          begin++;
          continue;
        }

      if (g_bytes_get_size (push->frame) > tea_packing_get_room (packing, cursor->channel))
        tea_packing_close_packet (packing);

      begin = pack_some (cursor, packing, begin);
    }
}

static GPtrArray *
cursor_get_packets (TeaPushSource *source, gsize packet_size)
{
  TeaCursor *cursor = (TeaCursor *) source;
  TeaPusher *self = cursor->pusher;
  const Shared wanted = { cursor->from, packet_size, cursor->channel, is_lossy (cursor), NULL };
  Shared *shared = g_hash_table_lookup (self->shared, &wanted);
  TeaPacking *packing;

  if (shared != NULL)
    return shared->packets;

  packing = tea_packing_new (packet_size);
  cursor_pack (source, packing);

  shared = g_memdup2 (&wanted, sizeof wanted);
  shared->packets = tea_packing_end (packing);
  g_hash_table_add (self->shared, shared);

  return shared->packets;
}

static void
forget (TeaPusher *self, guint n)
{
  if (n > 0)
    g_ptr_array_remove_range (self->recent, 0, n);
  self->n_forgotten += n;
}

static void
stop_waiting (TeaCursor *cursor)
{
  TeaPusher *self = cursor->pusher;

  if (!cursor->is_waiting)
    return;

  cursor->is_waiting = FALSE;
  if (--self->n_waiting > 0)
    return;

  g_hash_table_remove_all (self->shared);
  if (self->recent->len > N_BEFORE)
    forget (self, self->recent->len - N_BEFORE);
}

static void
cursor_sent (TeaPushSource *source)
{
  stop_waiting ((TeaCursor *) source);
}

static void
event_cb (TeaPusher *self, TeaEvent *event)
{
  guint64 from = self->n_forgotten + self->recent->len;
  Push *push;

  g_assert (TEA_IS_PUSHER (self));

  if (g_queue_is_empty (&self->cursors))
    return;

  push = g_new0 (Push, 1);
  push->seq = tea_event_get_seq (event);
  push->time = tea_clock_get_time (self->clock);
  push->frame = tea_frame_encode_event (event);
  tea_secure_sender_note_deliveries (((TeaCursor *) self->cursors.head->data)->sender,
                                     self->cursors.length);
  g_ptr_array_add (self->recent, push);
  g_hash_table_remove_all (self->shared);

  for (GList *l = self->cursors.head; l != NULL && self->n_waiting < self->cursors.length;
       l = l->next)
    {
      TeaCursor *cursor = l->data;

      if (cursor->is_waiting)
        continue;

      self->soon_until = MAX (self->soon_until, get_soon_until (cursor));
      cursor->is_waiting = TRUE;
      cursor->from = from;
      self->n_waiting++;
      tea_secure_sender_add_source (cursor->sender, &cursor->source);
    }

  tea_head_announcer_note_event (self->announcer);
  if (self->soon_until > push->time)
    tea_head_announcer_note_event (self->soon_announcer);
}

/* What an event was before is not sent any more. */
static void
replace (TeaPusher *self, guint64 seq, GBytes *frame)
{
  for (guint i = 0; i < self->recent->len; i++)
    {
      Push *push = get_push (self, i);

      if (push->seq != seq)
        continue;

      g_bytes_unref (push->frame);
      push->frame = g_bytes_ref (frame);
      g_clear_pointer (&push->pieces, g_ptr_array_unref);
      g_hash_table_remove_all (self->shared);
    }
}

static void
amended_cb (TeaPusher *self, TeaEvent *event)
{
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);

  g_assert (TEA_IS_PUSHER (self));

  replace (self, tea_event_get_seq (event), frame);
}

static void
erased_cb (TeaPusher *self, guint64 seq)
{
  g_autoptr (GBytes) frame = tea_frame_encode_empty (seq, seq);

  g_assert (TEA_IS_PUSHER (self));

  replace (self, seq, frame);
}

/* Packets for everyone that tell where the log ends, together with the latest events:
 * whoever has missed them need not ask. */
static GPtrArray *
make_announcement (TeaPusher *self, GBytes *head, guint16 channel, gsize packet_size)
{
  gsize room = tea_packing_measure_largest (packet_size, channel) - g_bytes_get_size (head);
  gint64 oldest = tea_clock_get_time (self->clock) - RECENT;
  TeaPacking *packing = tea_packing_new (packet_size);
  guint n_before = get_n_before (self);
  guint n = 0;

  while (n < n_before && n < self->recent->len)
    {
      Push *push = get_push (self, self->recent->len - n - 1);
      gsize size = g_bytes_get_size (push->frame);

      if (size > room || push->time < oldest)
        break;
      room -= size;
      n++;
    }

  for (guint i = self->recent->len - n; i < self->recent->len; i++)
    tea_packing_add (packing, channel, get_push (self, i)->frame);
  tea_packing_add (packing, channel, head);

  return tea_packing_end (packing);
}

/* The first time, the latest events go along. */
static void
announce (TeaPusher *self, gboolean is_first, gboolean only_soon)
{
  TeaRoomReader *reader = tea_room_get_reader (self->room);
  g_autoptr (GBytes) frame = tea_frame_encode_head (tea_room_reader_get_first (reader),
                                                    tea_room_reader_get_head (reader));
  gint64 now = tea_clock_get_time (self->clock);
  g_autoptr (GHashTable) made
      = g_hash_table_new_full (shared_hash, shared_equal, (GDestroyNotify) shared_free, NULL);

  for (GList *l = self->cursors.head; l != NULL; l = l->next)
    {
      TeaCursor *cursor = l->data;
      const Shared wanted
          = { 0, tea_secure_sender_get_packet_size (cursor->sender), cursor->channel, FALSE, NULL };
      Shared *shared;

      if (only_soon && get_soon_until (cursor) <= now)
        continue;

      if (!is_first)
        {
          tea_secure_sender_send (cursor->sender, cursor->channel, g_bytes_ref (frame));
          continue;
        }

      shared = g_hash_table_lookup (made, &wanted);
      if (shared == NULL)
        {
          shared = g_memdup2 (&wanted, sizeof wanted);
          shared->packets = make_announcement (self, frame, cursor->channel, wanted.packet_size);
          g_hash_table_add (made, shared);
        }
      tea_secure_sender_send_packets (cursor->sender, shared->packets);
    }
}

/* In the hall that goes on as the heartbeat; of the other rooms that goes along. */
static void
announce_cb (gboolean is_first, gboolean is_steady, gpointer user_data)
{
  TeaPusher *self = TEA_PUSHER (user_data);

  if ((g_queue_is_empty (&self->cursors) && !self->is_steady)
      || (is_steady && !tea_room_is_hall (self->room)))
    tea_head_announcer_stop (self->announcer);

  announce (self, is_first, FALSE);
  if (is_steady)
    g_signal_emit (self, signals[SIGNAL_HEARTBEAT], 0);
}

static void
announce_soon_cb (gboolean is_first, gboolean is_steady, gpointer user_data)
{
  TeaPusher *self = TEA_PUSHER (user_data);

  if (is_steady || self->soon_until <= tea_clock_get_time (self->clock))
    tea_head_announcer_stop (self->soon_announcer);
  else
    announce (self, is_first, TRUE);
}

static void
tea_pusher_finalize (GObject *object)
{
  TeaPusher *self = TEA_PUSHER (object);

  g_assert (g_queue_is_empty (&self->cursors));
  g_hash_table_unref (self->shared);
  g_ptr_array_unref (self->recent);
  tea_head_announcer_free (self->announcer);
  tea_head_announcer_free (self->soon_announcer);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_pusher_parent_class)->finalize (object);
}

static void
tea_pusher_class_init (TeaPusherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_pusher_finalize;

  /**
   * TeaPusher::heartbeat:
   * @self: the pusher
   *
   * Everyone was told where the log ends, as they are time and again when nothing happens.
   */
  signals[SIGNAL_HEARTBEAT] = g_signal_new ("heartbeat", TEA_TYPE_PUSHER, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_pusher_init (TeaPusher *self)
{
  self->recent = g_ptr_array_new_with_free_func ((GDestroyNotify) push_free);
  self->shared
      = g_hash_table_new_full (shared_hash, shared_equal, (GDestroyNotify) shared_free, NULL);
  g_queue_init (&self->cursors);
}

/**
 * tea_pusher_get:
 * @room: a room
 * @clock: whose turns count
 *
 * Returns: (transfer none): the room's pusher, which is there as long as the room
 */
TeaPusher *
tea_pusher_get (TeaRoom *room, TeaClock *clock)
{
  static const char key[] = "tea-pusher";
  TeaPusher *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_get_data (G_OBJECT (room), key);
  if (self != NULL)
    return self;

  self = g_object_new (TEA_TYPE_PUSHER, NULL);
  self->room = room;
  self->clock = g_object_ref (clock);
  self->announcer = tea_head_announcer_new (clock, CALM_INTERVAL, CALM_FACTOR, announce_cb, self);
  self->soon_announcer
      = tea_head_announcer_new (clock, SOON_INTERVAL, SOON_FACTOR, announce_soon_cb, self);
  g_signal_connect_object (room, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_room_get_reader (room), "amended", G_CALLBACK (amended_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_room_get_reader (room), "erased", G_CALLBACK (erased_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (room), key, self, g_object_unref);

  return self;
}

/**
 * tea_pusher_get_n_cursors:
 * @self: a pusher
 *
 * Returns: how many sessions have the room open
 */
guint
tea_pusher_get_n_cursors (TeaPusher *self)
{
  g_return_val_if_fail (TEA_IS_PUSHER (self), 0);

  return self->cursors.length;
}

/**
 * tea_pusher_set_steady:
 * @self: the pusher of the hall
 * @is_steady: whether there are clients in the house
 *
 * Lets the heartbeat go on also while no client has the hall open: that of other rooms goes
 * along.
 */
void
tea_pusher_set_steady (TeaPusher *self, gboolean is_steady)
{
  g_return_if_fail (TEA_IS_PUSHER (self));

  if (is_steady && !self->is_steady && g_queue_is_empty (&self->cursors))
    tea_head_announcer_note_event (self->announcer);
  self->is_steady = is_steady;
}

/**
 * tea_pusher_add:
 * @self: a pusher
 * @sender: (transfer none): what goes to a client, as long as the cursor is there
 * @channel: in which channel the client has the room
 * @key: the fingerprint of the client's key
 *
 * Sends a client everything that happens in the room from now on.
 *
 * Returns: (transfer full): the client's cursor
 */
TeaCursor *
tea_pusher_add (TeaPusher *self, TeaSecureSender *sender, guint16 channel, const char *key)
{
  TeaCursor *cursor;

  g_return_val_if_fail (TEA_IS_PUSHER (self), NULL);
  g_return_val_if_fail (sender != NULL && key != NULL, NULL);

  cursor = g_new0 (TeaCursor, 1);
  cursor->source = (TeaPushSource){ cursor_get_packets, cursor_pack, cursor_sent };
  cursor->pusher = self;
  cursor->sender = sender;
  cursor->channel = channel;
  cursor->key = g_strdup (key);
  cursor->link.data = cursor;
  g_queue_push_tail_link (&self->cursors, &cursor->link);
  if (self->cursors.length <= TRIAL_MAX)
    cursor->trial_until = tea_clock_get_time (self->clock) + TRIAL_TIME;

  /* The heartbeat begins with the first who is here, whether that was an event or not. */
  tea_head_announcer_note_event (self->announcer);

  return cursor;
}

/**
 * tea_cursor_free:
 * @self: (transfer full): a cursor
 *
 * Sends the client nothing any more.
 */
void
tea_cursor_free (TeaCursor *self)
{
  g_return_if_fail (self != NULL);

  if (self->is_waiting)
    tea_secure_sender_remove_source (self->sender, &self->source);
  stop_waiting (self);
  g_queue_unlink (&self->pusher->cursors, &self->link);
  /* Nobody is there any more who may have missed the latest. */
  if (g_queue_is_empty (&self->pusher->cursors))
    forget (self->pusher, self->pusher->recent->len);
  g_free (self->key);
  g_free (self);
}

/**
 * tea_cursor_note_loss:
 * @self: a cursor
 *
 * The client has missed something that it was sent: for a while it gets the latest events
 * twice, and hears sooner where the log ends, in all its rooms.
 */
void
tea_cursor_note_loss (TeaCursor *self)
{
  g_return_if_fail (self != NULL);

  tea_secure_sender_note_loss (self->sender, tea_clock_get_time (self->pusher->clock) + LOSSY_TIME);
}

static void
send_to (TeaCursor *self, GBytes *frame, gboolean is_own)
{
  for (GList *l = self->pusher->cursors.head; l != NULL; l = l->next)
    {
      TeaCursor *cursor = l->data;

      if (cursor != self && g_str_equal (cursor->key, self->key) == is_own)
        tea_secure_sender_send (cursor->sender, cursor->channel, g_bytes_ref (frame));
    }
}

/**
 * tea_cursor_send_to_others:
 * @self: a cursor
 * @frame: (transfer none): a frame
 *
 * Sends a frame to all other people who have the room open.
 */
void
tea_cursor_send_to_others (TeaCursor *self, GBytes *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  send_to (self, frame, FALSE);
}

/**
 * tea_cursor_send_to_own:
 * @self: a cursor
 * @frame: (transfer none): a frame
 *
 * Sends a frame to the other sessions of the same key that have the room open.
 */
void
tea_cursor_send_to_own (TeaCursor *self, GBytes *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  send_to (self, frame, TRUE);
}

/**
 * tea_cursor_is_alone:
 * @self: a cursor
 *
 * Returns: whether no other session of its key has the room open
 */
gboolean
tea_cursor_is_alone (TeaCursor *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  for (GList *l = self->pusher->cursors.head; l != NULL; l = l->next)
    if (l->data != self && g_str_equal (((TeaCursor *) l->data)->key, self->key))
      return FALSE;

  return TRUE;
}
