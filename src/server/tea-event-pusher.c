/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-pusher.h"

#include "tea-frame.h"
#include "tea-packet-builder.h"

/* A pushed packet carries so many events from before, as long as these are so new that
 * they may be on their way again: they close most holes before anybody has to ask. */
#define N_BEFORE 2
#define RECENT G_TIME_SPAN_SECOND

/**
 * TeaEventPusher:
 *
 * Sends new events to everyone. Each is encoded once, and in most turns everyone is sent
 * the same packets.
 */
struct _TeaEventPusher
{
  GObject parent_instance;

  TeaClock *clock; /* (owned) */

  GPtrArray *recent;     /* (element-type Push): of this turn, and the few before it */
  guint64 n_forgotten;   /* how many came before those */
  GQueue waiting;        /* (element-type TeaSecureSender): who has something to send */
  TeaTimer *flush_timer; /* (owned) */

  /* What most are sent in this turn. */
  GPtrArray *packets; /* (element-type GBytes) (nullable) */
  guint64 packets_from;
  gsize packets_size;
};

struct _TeaSecureSender
{
  TeaEventPusher *pusher;    /* (owned) */
  TeaPacketChannel *channel; /* (owned) */
  gsize packet_size;

  GPtrArray *frames; /* (element-type GBytes): its own */
  gboolean has_pushes;
  guint64 push_from; /* the first event that is new to it, counted from the beginning */

  GList link;
  gboolean is_waiting;
};

/* An event on its way to everyone. */
typedef struct
{
  guint64 seq;
  gint64 time; /* when it came, on the clock */
  GBytes *frame;
  GPtrArray *pieces; /* (element-type GBytes) (nullable): where it was too long for somebody */
} Push;

/* Fills packets. */
typedef struct
{
  TeaPacketBuilder *builder;
  GPtrArray *packets; /* (element-type GBytes) */
  gsize packet_size;
  gsize used;
} Packing;

G_DEFINE_FINAL_TYPE (TeaEventPusher, tea_event_pusher, G_TYPE_OBJECT)

static void
push_free (Push *push)
{
  g_bytes_unref (push->frame);
  g_clear_pointer (&push->pieces, g_ptr_array_unref);
  g_free (push);
}

static void
packing_begin (Packing *self, gsize packet_size)
{
  self->builder = tea_packet_builder_new (packet_size);
  self->packets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->packet_size = packet_size;
  self->used = 0;
}

static void
packing_close_packet (Packing *self)
{
  if (!tea_packet_builder_is_empty (self->builder))
    g_ptr_array_add (self->packets, tea_packet_builder_take (self->builder));
  self->used = 0;
}

static void
packing_add (Packing *self, GBytes *frame)
{
  if (!tea_packet_builder_fits (self->builder, frame))
    packing_close_packet (self);

  tea_packet_builder_add (self->builder, frame);
  self->used += g_bytes_get_size (frame);
}

static GPtrArray *
packing_end (Packing *self)
{
  packing_close_packet (self);
  g_clear_pointer (&self->builder, tea_packet_builder_free);

  return g_steal_pointer (&self->packets);
}

static Push *
get_push (TeaEventPusher *self, guint i)
{
  return g_ptr_array_index (self->recent, i);
}

static void
pack_long (Packing *packing, Push *push)
{
  if (push->pieces == NULL)
    push->pieces = tea_frame_split_event (push->frame, push->seq);

  for (guint i = 0; i < push->pieces->len; i++)
    packing_add (packing, g_ptr_array_index (push->pieces, i));
}

/* From the event @begin on as many as fit into the packet, and before them those from
 * before, where there is room. Returns where to go on. */
static guint
pack_some (TeaEventPusher *self, Packing *packing, guint begin)
{
  gint64 oldest = tea_clock_get_time (self->clock) - RECENT;
  gsize room = packing->packet_size - packing->used;
  guint end = begin;
  guint from = begin;

  while (end < self->recent->len && g_bytes_get_size (get_push (self, end)->frame) <= room)
    room -= g_bytes_get_size (get_push (self, end++)->frame);

  while (from > 0 && begin - from < N_BEFORE && get_push (self, from - 1)->time >= oldest
         && g_bytes_get_size (get_push (self, from - 1)->frame) <= room)
    room -= g_bytes_get_size (get_push (self, --from)->frame);

  for (guint i = from; i < end; i++)
    packing_add (packing, get_push (self, i)->frame);

  return end;
}

static void
pack_pushes (TeaEventPusher *self, Packing *packing, guint begin)
{
  while (begin < self->recent->len)
    {
      Push *push = get_push (self, begin);

      if (g_bytes_get_size (push->frame) > packing->packet_size)
        {
          pack_long (packing, push);
          begin++;
          continue;
        }

      if (!tea_packet_builder_fits (packing->builder, push->frame))
        packing_close_packet (packing);

      begin = pack_some (self, packing, begin);
    }
}

static void
send_packets (TeaSecureSender *sender, GPtrArray *packets)
{
  for (guint i = 0; i < packets->len; i++)
    tea_packet_channel_send (sender->channel, g_ptr_array_index (packets, i));
}

/* Most have nothing of their own to send, and miss the same. */
static void
send_shared_packets (TeaEventPusher *self, TeaSecureSender *sender)
{
  if (self->packets == NULL || self->packets_from != sender->push_from
      || self->packets_size != sender->packet_size)
    {
      Packing packing;

      packing_begin (&packing, sender->packet_size);
      pack_pushes (self, &packing, (guint) (sender->push_from - self->n_forgotten));

      g_clear_pointer (&self->packets, g_ptr_array_unref);
      self->packets = packing_end (&packing);
      self->packets_from = sender->push_from;
      self->packets_size = sender->packet_size;
    }

  send_packets (sender, self->packets);
}

static void
send_own_packets (TeaEventPusher *self, TeaSecureSender *sender)
{
  g_autoptr (GPtrArray) packets = NULL;
  Packing packing;

  packing_begin (&packing, sender->packet_size);
  for (guint i = 0; i < sender->frames->len; i++)
    packing_add (&packing, g_ptr_array_index (sender->frames, i));
  if (sender->has_pushes)
    pack_pushes (self, &packing, (guint) (sender->push_from - self->n_forgotten));

  packets = packing_end (&packing);
  send_packets (sender, packets);
}

static void
stop_waiting (TeaSecureSender *sender)
{
  if (!sender->is_waiting)
    return;

  g_queue_unlink (&sender->pusher->waiting, &sender->link);
  sender->is_waiting = FALSE;
}

static void
start_waiting (TeaSecureSender *sender)
{
  TeaEventPusher *self = sender->pusher;

  if (sender->is_waiting)
    return;

  if (g_queue_is_empty (&self->waiting))
    tea_timer_set (self->flush_timer, 0);
  g_queue_push_tail_link (&self->waiting, &sender->link);
  sender->is_waiting = TRUE;
}

static void
flush_cb (gpointer user_data)
{
  g_autoptr (TeaEventPusher) self = g_object_ref (TEA_EVENT_PUSHER (user_data));
  TeaSecureSender *sender;

  while ((sender = g_queue_peek_head (&self->waiting)) != NULL)
    tea_secure_sender_flush (sender);

  g_clear_pointer (&self->packets, g_ptr_array_unref);
  if (self->recent->len > N_BEFORE)
    {
      guint n = self->recent->len - N_BEFORE;

      g_ptr_array_remove_range (self->recent, 0, n);
      self->n_forgotten += n;
    }
}

static void
tea_event_pusher_finalize (GObject *object)
{
  TeaEventPusher *self = TEA_EVENT_PUSHER (object);

  g_clear_pointer (&self->packets, g_ptr_array_unref);
  g_ptr_array_unref (self->recent);
  tea_timer_free (self->flush_timer);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_event_pusher_parent_class)->finalize (object);
}

static void
tea_event_pusher_class_init (TeaEventPusherClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_event_pusher_finalize;
}

static void
tea_event_pusher_init (TeaEventPusher *self)
{
  self->recent = g_ptr_array_new_with_free_func ((GDestroyNotify) push_free);
  g_queue_init (&self->waiting);
}

/**
 * tea_event_pusher_new:
 * @clock: whose turns count
 *
 * Returns: (transfer full): a pusher that knows no events yet
 */
TeaEventPusher *
tea_event_pusher_new (TeaClock *clock)
{
  TeaEventPusher *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_EVENT_PUSHER, NULL);
  self->clock = g_object_ref (clock);
  self->flush_timer = tea_timer_new (clock, flush_cb, self);

  return self;
}

/**
 * tea_event_pusher_make_announcement:
 * @self: a pusher
 * @head: the frame of the log's head
 * @packet_size: how many bytes a packet can have
 *
 * Makes packets for everyone that tell where the log ends, together with the latest
 * events: whoever has missed them need not ask.
 *
 * Returns: (transfer full) (element-type GBytes): the packets
 */
GPtrArray *
tea_event_pusher_make_announcement (TeaEventPusher *self, GBytes *head, gsize packet_size)
{
  gsize room = packet_size - g_bytes_get_size (head);
  guint n = 0;
  gint64 oldest;
  Packing packing;

  g_return_val_if_fail (TEA_IS_EVENT_PUSHER (self), NULL);

  packing_begin (&packing, packet_size);
  oldest = tea_clock_get_time (self->clock) - RECENT;

  while (n < N_BEFORE && n < self->recent->len)
    {
      Push *push = get_push (self, self->recent->len - n - 1);
      gsize size = g_bytes_get_size (push->frame);

      if (size > room || push->time < oldest)
        break;
      room -= size;
      n++;
    }

  for (guint i = self->recent->len - n; i < self->recent->len; i++)
    packing_add (&packing, get_push (self, i)->frame);
  packing_add (&packing, head);

  return packing_end (&packing);
}

/**
 * tea_secure_sender_new:
 * @pusher: who knows the new events
 * @channel: where to send them
 *
 * Returns: (transfer full): a sender
 */
TeaSecureSender *
tea_secure_sender_new (TeaEventPusher *pusher, TeaPacketChannel *channel)
{
  TeaSecureSender *self;

  g_return_val_if_fail (TEA_IS_EVENT_PUSHER (pusher), NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CHANNEL (channel), NULL);

  self = g_new0 (TeaSecureSender, 1);
  self->pusher = g_object_ref (pusher);
  self->channel = g_object_ref (channel);
  self->packet_size = tea_packet_channel_get_packet_size (channel);
  self->frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->link.data = self;

  return self;
}

/**
 * tea_secure_sender_free:
 * @self: (transfer full): a sender
 *
 * Frees a sender; what waits is not sent.
 */
void
tea_secure_sender_free (TeaSecureSender *self)
{
  g_return_if_fail (self != NULL);

  stop_waiting (self);
  g_ptr_array_unref (self->frames);
  g_object_unref (self->channel);
  g_object_unref (self->pusher);
  g_free (self);
}

/**
 * tea_secure_sender_send:
 * @self: a sender
 * @frame: (transfer full): a frame that fits into a packet
 *
 * Sends a frame, at the end of the turn.
 */
void
tea_secure_sender_send (TeaSecureSender *self, GBytes *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  g_ptr_array_add (self->frames, frame);
  start_waiting (self);
}

/**
 * tea_secure_sender_send_event:
 * @self: a sender
 * @event: an event, maybe an old one
 * @pieces: which pieces of it, where it is too long for a packet: a bit for each
 *
 * Sends an event to this client alone, at the end of the turn.
 *
 * Returns: how many bytes it takes
 */
gsize
tea_secure_sender_send_event (TeaSecureSender *self, TeaEvent *event, guint32 pieces)
{
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (GPtrArray) frames = NULL;
  gsize size = 0;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (event != NULL, 0);

  frame = tea_frame_encode_event (event);
  if (g_bytes_get_size (frame) <= self->packet_size)
    {
      size = g_bytes_get_size (frame);
      tea_secure_sender_send (self, g_steal_pointer (&frame));
      return size;
    }

  frames = tea_frame_split_event (frame, tea_event_get_seq (event));
  for (guint i = 0; i < frames->len; i++)
    if ((pieces & (guint32) 1 << i) != 0)
      {
        size += g_bytes_get_size (g_ptr_array_index (frames, i));
        tea_secure_sender_send (self, g_bytes_ref (g_ptr_array_index (frames, i)));
      }

  return size;
}

/**
 * tea_secure_sender_push:
 * @self: a sender
 * @event: what has just happened
 *
 * Sends a new event, at the end of the turn, as others are sent it.
 *
 * Returns: whether this sender is the first
 */
gboolean
tea_secure_sender_push (TeaSecureSender *self, TeaEvent *event)
{
  TeaEventPusher *pusher;
  guint64 seq;
  gboolean is_first;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  pusher = self->pusher;
  seq = tea_event_get_seq (event);
  is_first = pusher->recent->len == 0 || get_push (pusher, pusher->recent->len - 1)->seq != seq;
  if (is_first)
    {
      Push *push = g_new0 (Push, 1);

      push->seq = seq;
      push->time = tea_clock_get_time (pusher->clock);
      push->frame = tea_frame_encode_event (event);
      g_ptr_array_add (pusher->recent, push);
      g_clear_pointer (&pusher->packets, g_ptr_array_unref);
    }

  if (!self->has_pushes)
    {
      self->has_pushes = TRUE;
      self->push_from = pusher->n_forgotten + pusher->recent->len - 1;
    }
  start_waiting (self);

  return is_first;
}

/**
 * tea_secure_sender_flush:
 * @self: a sender
 *
 * Sends what waits now, not at the end of the turn.
 */
void
tea_secure_sender_flush (TeaSecureSender *self)
{
  g_return_if_fail (self != NULL);

  stop_waiting (self);

  if (self->frames->len > 0)
    send_own_packets (self->pusher, self);
  else if (self->has_pushes)
    send_shared_packets (self->pusher, self);

  g_ptr_array_set_size (self->frames, 0);
  self->has_pushes = FALSE;
}
