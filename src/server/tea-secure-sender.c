/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-sender.h"

#include "tea-frame-encode.h"
#include "tea-frame-split.h"
#include "tea-frame.h"

struct _TeaSecureSenders
{
  GQueue waiting;        /* (element-type TeaSecureSender): who has something to send */
  TeaTimer *flush_timer; /* (owned) */
  TeaSecureCounts counts;
};

struct _TeaSecureSender
{
  TeaSecureSenders *senders; /* (unowned) */
  TeaPacketChannel *channel; /* (owned) */
  gsize packet_size;
  gint64 lossy_until;

  GArray *frames;     /* (element-type Waiting): its own */
  GPtrArray *sources; /* (element-type TeaPushSource) (unowned): what has something new for it */

  GList link;
  gboolean is_waiting;
};

typedef struct
{
  guint16 channel;
  GBytes *frame; /* (owned) */
} Waiting;

static void
clear_waiting (gpointer waiting)
{
  g_bytes_unref (((Waiting *) waiting)->frame);
}

static void
stop_waiting (TeaSecureSender *self)
{
  if (!self->is_waiting)
    return;

  g_queue_unlink (&self->senders->waiting, &self->link);
  self->is_waiting = FALSE;
}

static void
start_waiting (TeaSecureSender *self)
{
  TeaSecureSenders *senders = self->senders;

  if (self->is_waiting)
    return;

  if (g_queue_is_empty (&senders->waiting))
    tea_timer_set (senders->flush_timer, 0);
  g_queue_push_tail_link (&senders->waiting, &self->link);
  self->is_waiting = TRUE;
}

static void
flush_cb (gpointer user_data)
{
  TeaSecureSenders *self = user_data;
  TeaSecureSender *sender;

  while ((sender = g_queue_peek_head (&self->waiting)) != NULL)
    tea_secure_sender_flush (sender);
}

/**
 * tea_secure_senders_new: (skip)
 * @clock: whose turns count
 *
 * Returns: (transfer full): senders of nobody yet
 */
TeaSecureSenders *
tea_secure_senders_new (TeaClock *clock)
{
  TeaSecureSenders *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaSecureSenders, 1);
  g_queue_init (&self->waiting);
  self->flush_timer = tea_timer_new (clock, flush_cb, self);

  return self;
}

/**
 * tea_secure_senders_free: (skip)
 * @self: (transfer full): senders, all of which were freed
 *
 * Frees them.
 */
void
tea_secure_senders_free (TeaSecureSenders *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_free (self->flush_timer);
  g_free (self);
}

/**
 * tea_secure_senders_get_counts: (skip)
 * @self: senders
 *
 * Returns: what they have sent
 */
TeaSecureCounts
tea_secure_senders_get_counts (TeaSecureSenders *self)
{
  g_return_val_if_fail (self != NULL, (TeaSecureCounts){ 0 });

  return self->counts;
}

/**
 * tea_secure_sender_new: (skip)
 * @senders: to whom it belongs
 * @channel: where to send
 *
 * Returns: (transfer full): a sender
 */
TeaSecureSender *
tea_secure_sender_new (TeaSecureSenders *senders, TeaPacketChannel *channel)
{
  TeaSecureSender *self;

  g_return_val_if_fail (senders != NULL, NULL);
  g_return_val_if_fail (TEA_IS_PACKET_CHANNEL (channel), NULL);

  self = g_new0 (TeaSecureSender, 1);
  self->senders = senders;
  self->channel = g_object_ref (channel);
  self->packet_size = tea_packet_channel_get_packet_size (channel);
  self->frames = g_array_new (FALSE, FALSE, sizeof (Waiting));
  g_array_set_clear_func (self->frames, clear_waiting);
  self->sources = g_ptr_array_new ();
  self->link.data = self;

  return self;
}

/**
 * tea_secure_sender_free: (skip)
 * @self: (transfer full): a sender
 *
 * Frees a sender; what waits is not sent.
 */
void
tea_secure_sender_free (TeaSecureSender *self)
{
  g_return_if_fail (self != NULL);

  stop_waiting (self);
  g_array_unref (self->frames);
  g_ptr_array_unref (self->sources);
  g_object_unref (self->channel);
  g_free (self);
}

/**
 * tea_secure_sender_get_packet_size: (skip)
 * @self: a sender
 *
 * Returns: how many bytes a packet can have
 */
gsize
tea_secure_sender_get_packet_size (TeaSecureSender *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->packet_size;
}

/**
 * tea_secure_sender_get_largest: (skip)
 * @self: a sender
 * @channel: a channel
 *
 * Returns: how many bytes a frame of that channel can have
 */
gsize
tea_secure_sender_get_largest (TeaSecureSender *self, guint16 channel)
{
  g_return_val_if_fail (self != NULL, 0);

  return tea_packing_measure_largest (self->packet_size, channel);
}

/**
 * tea_secure_sender_note_deliveries: (skip)
 * @self: a sender
 * @n: for how many clients of its senders an event is new
 *
 * Counts an event that is sent to many.
 */
void
tea_secure_sender_note_deliveries (TeaSecureSender *self, guint n)
{
  g_return_if_fail (self != NULL);

  self->senders->counts.n_deliveries += n;
}

/**
 * tea_secure_sender_note_repeat: (skip)
 * @self: a sender
 *
 * Counts that its client said something again.
 */
void
tea_secure_sender_note_repeat (TeaSecureSender *self)
{
  g_return_if_fail (self != NULL);

  self->senders->counts.n_repeats++;
}

/**
 * tea_secure_sender_note_loss: (skip)
 * @self: a sender
 * @until: until when, in µs on the clock
 *
 * Takes the client for somebody on a bad network for a while.
 */
void
tea_secure_sender_note_loss (TeaSecureSender *self, gint64 until)
{
  g_return_if_fail (self != NULL);

  self->senders->counts.n_losses++;
  self->lossy_until = MAX (self->lossy_until, until);
}

/**
 * tea_secure_sender_get_lossy_until: (skip)
 * @self: a sender
 *
 * Returns: until when its client is taken for somebody on a bad network, in µs on the clock;
 *   0 for never
 */
gint64
tea_secure_sender_get_lossy_until (TeaSecureSender *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->lossy_until;
}

/**
 * tea_secure_sender_send: (skip)
 * @self: a sender
 * @channel: in which channel; of no account where the frame is of the session
 * @frame: (transfer full): a frame that fits into a packet
 *
 * Sends a frame, at the end of the turn.
 */
void
tea_secure_sender_send (TeaSecureSender *self, guint16 channel, GBytes *frame)
{
  const Waiting waiting = { channel, frame };

  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  g_array_append_val (self->frames, waiting);
  start_waiting (self);
}

/**
 * tea_secure_sender_send_event: (skip)
 * @self: a sender
 * @channel: in which channel
 * @event: an event, maybe an old one
 * @pieces: which pieces of it, where it is too long for a packet: a bit for each
 *
 * Sends an event to this client alone, at the end of the turn.
 *
 * Returns: how many bytes it takes
 */
gsize
tea_secure_sender_send_event (TeaSecureSender *self,
                              guint16 channel,
                              TeaEvent *event,
                              guint32 pieces)
{
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (GPtrArray) frames = NULL;
  gsize size = 0;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (event != NULL, 0);

  self->senders->counts.n_repairs++;
  frame = tea_frame_encode_event (event);
  if (g_bytes_get_size (frame) <= tea_secure_sender_get_largest (self, channel))
    {
      size = g_bytes_get_size (frame);
      tea_secure_sender_send (self, channel, g_steal_pointer (&frame));
      return size;
    }

  frames = tea_frame_split_event (frame, tea_event_get_seq (event));
  for (guint i = 0; i < frames->len; i++)
    if ((pieces & (guint32) 1 << i) != 0)
      {
        size += g_bytes_get_size (g_ptr_array_index (frames, i));
        tea_secure_sender_send (self, channel, g_bytes_ref (g_ptr_array_index (frames, i)));
      }

  return size;
}

/**
 * tea_secure_sender_send_packets: (skip)
 * @self: a sender
 * @packets: (element-type GBytes): packets
 *
 * Sends packets, now.
 */
void
tea_secure_sender_send_packets (TeaSecureSender *self, GPtrArray *packets)
{
  g_return_if_fail (self != NULL);

  self->senders->counts.n_packets += packets->len;
  for (guint i = 0; i < packets->len; i++)
    tea_packet_channel_send (self->channel, g_ptr_array_index (packets, i));
}

/**
 * tea_secure_sender_add_source: (skip)
 * @self: a sender
 * @source: (transfer none): what has something new, until it was sent
 *
 * Sends what is new, at the end of the turn.
 */
void
tea_secure_sender_add_source (TeaSecureSender *self, TeaPushSource *source)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (source != NULL);

  g_ptr_array_add (self->sources, source);
  start_waiting (self);
}

/**
 * tea_secure_sender_remove_source: (skip)
 * @self: a sender
 * @source: what had something new
 *
 * Does not send it any more.
 */
void
tea_secure_sender_remove_source (TeaSecureSender *self, TeaPushSource *source)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_remove (self->sources, source);
}

static GPtrArray *
make_packets (TeaSecureSender *self)
{
  g_autoptr (TeaPacking) packing = tea_packing_new (self->packet_size);

  for (guint i = 0; i < self->frames->len; i++)
    {
      const Waiting *waiting = &g_array_index (self->frames, Waiting, i);

      tea_packing_add (packing, waiting->channel, waiting->frame);
    }

  for (guint i = 0; i < self->sources->len; i++)
    {
      TeaPushSource *source = g_ptr_array_index (self->sources, i);

      source->pack (source, packing);
    }

  return tea_packing_end (g_steal_pointer (&packing));
}

/**
 * tea_secure_sender_flush: (skip)
 * @self: a sender
 *
 * Sends what waits now, not at the end of the turn.
 */
void
tea_secure_sender_flush (TeaSecureSender *self)
{
  g_return_if_fail (self != NULL);

  stop_waiting (self);

  /* Most have nothing of their own to send, and miss the same. */
  if (self->frames->len == 0 && self->sources->len == 1)
    {
      TeaPushSource *source = g_ptr_array_index (self->sources, 0);

      tea_secure_sender_send_packets (self, source->get_packets (source, self->packet_size));
    }
  else
    {
      g_autoptr (GPtrArray) packets = make_packets (self);

      tea_secure_sender_send_packets (self, packets);
    }

  for (guint i = 0; i < self->sources->len; i++)
    {
      TeaPushSource *source = g_ptr_array_index (self->sources, i);

      source->sent (source);
    }
  g_array_set_size (self->frames, 0);
  g_ptr_array_set_size (self->sources, 0);
}
