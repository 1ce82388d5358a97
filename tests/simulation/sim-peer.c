/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-peer.h"

#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-packet-builder.h"
#include "tea-piece-collector.h"

#define MS G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND

#define SERVER_KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* How often it looks at what is to be repeated, and when it does. */
#define TICK (100 * MS)
#define REPEAT (300 * MS)
#define PATIENCE (6 * SECOND)
#define PING_AFTER (2 * SECOND)

#define MAX_OPENING 16
#define MAX_EARLY 512

/* A frame that is to be sent. */
typedef struct
{
  guint16 channel;
  GBytes *frame;
} Sent;

/* A message that was not answered. */
typedef struct
{
  guint32 number;
  gint64 not_before;
  TeaEventKind kind;
  guint8 wire_kind;
  guint64 target;
  char *text;
  GBytes *data;
} Said;

static void
sent_free (gpointer data)
{
  Sent *self = data;

  g_bytes_unref (self->frame);
  g_free (self);
}

static void
said_free (gpointer data)
{
  Said *self = data;

  g_free (self->text);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static void
event_free (gpointer data)
{
  if (data != NULL)
    tea_event_unref (data);
}

static void
room_free (gpointer data)
{
  SimPeerRoom *self = data;

  g_free (self->address);
  sim_view_free (self->view);
  g_clear_pointer (&self->opening, g_bytes_unref);
  g_hash_table_unref (self->standing);
  g_hash_table_unref (self->early);
  g_hash_table_unref (self->pieces);
  g_queue_clear_full (&self->says, said_free);
  g_free (self);
}

SimPeer *
sim_peer_new (SimChecker *checker, guint index, const char *name, const char *key)
{
  SimPeer *self = g_new0 (SimPeer, 1);

  self->index = index;
  self->checker = checker;
  self->network = checker->network;
  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->link.address = 100000 + 1000 * (index + 1);
  self->rooms = g_ptr_array_new_with_free_func (room_free);
  self->frames = g_ptr_array_new_with_free_func (sent_free);

  return self;
}

void
sim_peer_free (SimPeer *self)
{
  if (self->runs)
    sim_peer_crash (self);
  g_ptr_array_unref (self->rooms);
  g_ptr_array_unref (self->frames);
  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

gboolean
sim_peer_acts (SimPeer *self)
{
  return self->runs && !self->program.stopped;
}

gboolean
sim_peer_is_inside (SimPeer *self)
{
  return self->runs && self->is_inside;
}

static gint64
get_time (SimPeer *self)
{
  return tea_clock_get_time (self->program.clock);
}

/* Sending. */

/* Takes the frame. */
static void
send (SimPeer *self, guint16 channel, GBytes *frame)
{
  Sent *sent = g_new (Sent, 1);

  sent->channel = channel;
  sent->frame = frame;
  g_ptr_array_add (self->frames, sent);
}

static void
flush (SimPeer *self)
{
  g_autoptr (TeaPacketBuilder) builder = NULL;

  if (self->frames->len == 0)
    return;
  if (self->channel == NULL)
    {
      g_ptr_array_set_size (self->frames, 0);
      return;
    }

  builder = tea_packet_builder_new (tea_packet_channel_get_packet_size (self->channel));
  for (guint i = 0; i < self->frames->len; i++)
    {
      Sent *sent = self->frames->pdata[i];

      if (!tea_packet_builder_fits (builder, sent->channel, sent->frame))
        {
          g_autoptr (GBytes) packet = tea_packet_builder_take (builder);

          tea_packet_channel_send (self->channel, packet);
        }
      tea_packet_builder_add (builder, sent->channel, sent->frame);
    }
  if (!tea_packet_builder_is_empty (builder))
    {
      g_autoptr (GBytes) packet = tea_packet_builder_take (builder);

      tea_packet_channel_send (self->channel, packet);
    }
  g_ptr_array_set_size (self->frames, 0);
}

static void
send_open (SimPeer *self, SimPeerRoom *room)
{
  guint64 epoch = room->epoch;
  guint64 since = room->next > 0 ? room->next - 1 : 0;
  guint64 check = room->check;

  /* The same again each time it is repeated. */
  if (room->opening != NULL)
    {
      send (self, room->channel, g_bytes_ref (room->opening));
      return;
    }
  if (room->makes)
    {
      room->opening = tea_frame_encode_make (room->flags, room->address, "A room", "");
      send (self, room->channel, g_bytes_ref (room->opening));
      return;
    }
  if (self->lies)
    {
      SimLedger *ledger = sim_view_get_ledger (room->view);

      if (room->claimed_epoch == 0)
        room->claimed_epoch = ledger != NULL ? tea_fake_disk_get_epoch (ledger->disk) : 1;
      epoch = room->claimed_epoch;
      since = 1 + room->channel % 40;
      check = room->channel;
    }
  room->claimed = since;
  room->opening = tea_frame_encode_open (epoch, since, check, room->history, room->address, "");
  send (self, room->channel, g_bytes_ref (room->opening));
}

static void
send_say (SimPeer *self, SimPeerRoom *room, Said *said)
{
  Said *oldest = g_queue_peek_head (&room->says);

  if (said->kind == TEA_EVENT_MESSAGE && said->target == 0)
    send (self, room->channel, tea_frame_encode_say (said->number, oldest->number, said->text));
  else
    send (self, room->channel,
          tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_TELL,
                                         .tell = { .number = said->number,
                                                   .oldest = oldest->number,
                                                   .target = said->target,
                                                   .wire_kind = said->wire_kind,
                                                   .text = said->text,
                                                   .data = said->data } }));
}

static void
say_all (SimPeer *self, SimPeerRoom *room)
{
  guint n = 0;

  for (GList *l = room->says.head; l != NULL && n < 8; l = l->next, n++)
    if (((Said *) l->data)->not_before <= get_time (self))
      send_say (self, room, l->data);
}

static void
pull (SimPeer *self, SimPeerRoom *room)
{
  TeaRange ranges[TEA_PULL_MAX_RANGES];
  guint n = 0;
  guint64 end = MIN (room->head, room->next + 63);

  for (guint64 seq = room->next; seq <= end && n < TEA_PULL_MAX_RANGES; seq++)
    {
      if (g_hash_table_contains (room->early, &seq))
        continue;
      if (n > 0 && ranges[n - 1].to + 1 == seq)
        ranges[n - 1].to = seq;
      else
        ranges[n++] = (TeaRange){ seq, seq };
    }
  if (n > 0)
    send (self, room->channel, tea_frame_encode_pull (ranges, n));
  room->pulled = get_time (self);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *) a;
  guint64 other = *(const guint64 *) b;

  return one < other ? -1 : one > other;
}

/* What came before its beginning, and was asked for. */
static void
pull_back (SimPeer *self, SimPeerRoom *room)
{
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
  TeaRange ranges[TEA_PULL_MAX_RANGES];
  GHashTableIter iter;
  gpointer seq;
  guint n = 0;

  g_hash_table_iter_init (&iter, room->view->awaited);
  while (g_hash_table_iter_next (&iter, &seq, NULL))
    g_array_append_vals (wanted, seq, 1);
  g_array_sort (wanted, compare_numbers);
  for (guint i = 0; i < wanted->len; i++)
    {
      guint64 number = g_array_index (wanted, guint64, i);

      if (n > 0 && ranges[n - 1].to + 1 == number)
        ranges[n - 1].to = number;
      else if (n < TEA_PULL_MAX_RANGES)
        ranges[n++] = (TeaRange){ number, number };
      else
        break;
    }
  if (n > 0)
    send (self, room->channel, tea_frame_encode_pull (ranges, n));
  room->pulled_back = get_time (self);
}

/* Receiving. */

static SimPeerRoom *
find_channel (SimPeer *self, guint16 channel)
{
  for (guint i = 0; i < self->rooms->len; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      if (room->wanted && room->asked != 0 && room->channel == channel)
        return room;
    }

  return NULL;
}

static void
forget_channel (SimPeerRoom *room)
{
  room->is_open = FALSE;
  room->asked = 0;
  room->claimed_epoch = 0;
  room->pulled = 0;
  g_clear_pointer (&room->opening, g_bytes_unref);
  g_hash_table_remove_all (room->standing);
  g_hash_table_remove_all (room->pieces);
}

/* What is in a row is shown. */
static void
advance (SimPeer *self, SimPeerRoom *room)
{
  gpointer event;

  while (g_hash_table_lookup_extended (room->early, &room->next, NULL, &event))
    {
      if (event != NULL)
        {
          room->check = tea_event_get_check (event);
          /* What one says oneself is read. */
          if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE
              && tea_event_get_stream (event) == self->stream)
            room->read = MAX (room->read, room->next);
          if (!self->lies)
            sim_view_add (room->view, event);
        }
      else
        {
          room->check = 0;
        }
      g_hash_table_remove (room->early, &room->next);
      room->next++;
    }
  if (room->next <= room->head && room->pulled == 0)
    pull (self, room);
  if (room->next > room->head)
    room->pulled = 0;
}

static void
take_number (SimPeer *self, SimPeerRoom *room, guint64 seq, TeaEvent *event)
{
  room->head = MAX (room->head, seq);
  if (g_hash_table_remove (room->standing, &seq) && event != NULL && !self->lies)
    sim_view_take_standing (room->view, event);
  if (seq < room->next && !self->lies)
    sim_view_answer (room->view, seq, event);
  if (seq >= room->next && seq < room->next + MAX_EARLY
      && g_hash_table_lookup (room->early, &seq) == NULL)
    g_hash_table_insert (room->early, g_memdup2 (&seq, sizeof seq),
                         event != NULL ? tea_event_ref (event) : NULL);
  g_hash_table_remove (room->pieces, &seq);
}

static void
begin_anew (SimPeer *self, SimPeerRoom *room, guint64 next, gboolean is_gap)
{
  room->next = next;
  room->check = 0;
  if (is_gap && !self->lies)
    sim_view_add_gap (room->view);
  sim_view_set_start (room->view, next);
}

static void
take_first (SimPeer *self, SimPeerRoom *room, guint64 first)
{
  if (first <= room->next)
    return;

  /* What is gone is not lacking where it never was anything. */
  for (guint64 seq = room->next; seq < first; seq++)
    {
      gpointer event;

      if (!g_hash_table_lookup_extended (room->early, &seq, NULL, &event))
        {
          begin_anew (self, room, first, TRUE);
          room->has_gap = TRUE;
          return;
        }
      advance (self, room);
      if (room->next >= first)
        return;
    }
}

static void
take_opened (SimPeer *self, SimPeerRoom *room, const TeaFrame *frame)
{
  gboolean was_known = room->epoch != 0;
  gboolean is_gap;

  room->has_gap = FALSE;
  g_hash_table_remove_all (room->standing);
  for (gsize i = 0; i < frame->opened.standing.n_items; i++)
    g_hash_table_add (room->standing,
                      g_memdup2 (&frame->opened.standing.items[i], sizeof (guint64)));
  if (room->is_open)
    return;

  is_gap = was_known
           && (room->epoch != frame->opened.epoch || frame->opened.start != room->claimed + 1
               || (frame->opened.flags & TEA_OPENED_ANEW) != 0 || self->lies);
  if (room->makes && was_known)
    is_gap = TRUE;
  sim_trace (self->network, "%s in '%s': opened from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
             self->name, room->address, frame->opened.start, frame->opened.head);
  g_hash_table_remove_all (room->early);
  room->makes = FALSE;
  room->is_open = TRUE;
  room->is_refused = FALSE;
  room->role = frame->opened.role;
  room->flags = frame->opened.flags;
  if (!was_known || is_gap)
    begin_anew (self, room, frame->opened.start, is_gap);
  room->epoch = frame->opened.epoch;
  room->head = frame->opened.head; /* the log may have been set back */
  if (is_gap || !was_known)
    room->read = frame->opened.read;
  if (frame->opened.read < room->read)
    send (self, room->channel, tea_frame_encode_read (room->read, 0));
  room->read = MAX (room->read, frame->opened.read);
  room->unread = frame->opened.unread;
  while (!g_queue_is_empty (&room->says)
         && ((Said *) g_queue_peek_head (&room->says))->number <= frame->opened.number)
    said_free (g_queue_pop_head (&room->says));
  advance (self, room);
  say_all (self, room);
}

static void
drop (SimPeer *self)
{
  if (self->channel != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->channel, self);
      tea_packet_channel_close (self->channel);
    }
  g_clear_object (&self->channel);
  self->is_inside = FALSE;
  g_ptr_array_set_size (self->frames, 0);
  for (guint i = 0; i < self->rooms->len; i++)
    forget_channel (self->rooms->pdata[i]);
}

static Said *
find_said (SimPeerRoom *room, guint32 number)
{
  for (GList *l = room->says.head; l != NULL; l = l->next)
    if (((Said *) l->data)->number == number)
      return l->data;

  return NULL;
}

static void
take_nack (SimPeer *self, SimPeerRoom *room, guint32 number, TeaRefusal code)
{
  Said *said = find_said (room, number);

  if (said == NULL)
    return;
  if (code == TEA_REFUSAL_NOT_INSIDE)
    {
      drop (self);
      return;
    }
  if (code == TEA_REFUSAL_TRY_LATER || code == TEA_REFUSAL_NOT_BEFORE)
    {
      said->not_before = get_time (self) + SECOND;
      return;
    }
  g_queue_remove (&room->says, said);
  said_free (said);
}

static void
take_piece (SimPeer *self, SimPeerRoom *room, TeaFrame *frame)
{
  TeaPieceCollector *collector = g_hash_table_lookup (room->pieces, &frame->piece.seq);
  g_auto (TeaFrame) whole = TEA_FRAME_INIT;
  guint64 seq = frame->piece.seq;

  room->head = MAX (room->head, seq);
  if (collector == NULL)
    {
      collector = tea_piece_collector_new ();
      g_hash_table_insert (room->pieces, g_memdup2 (&seq, sizeof seq), collector);
    }
  if (!tea_piece_collector_set_version (collector, frame->piece.version)
      || !tea_piece_collector_add (collector, frame->piece.index, frame->piece.count,
                                   frame->piece.bytes)
      || !tea_piece_collector_is_complete (collector))
    return;
  if (tea_piece_collector_read_frame (collector,
                                      frame->type == TEA_FRAME_PIECE ? TEA_FRAME_EVENT
                                                                     : TEA_FRAME_MORE,
                                      seq, &whole, NULL))
    take_number (self, room, seq, whole.event.event);
}

/* What is being opened may not be open yet. */
static void
take_close (SimPeerRoom *room, TeaClose code)
{
  if (code == TEA_CLOSE_NOT_OPEN && !room->is_open)
    return;

  if (code != TEA_CLOSE_NOT_OPEN)
    room->wanted = FALSE;
  forget_channel (room);
}

static void
take_room_frame (SimPeer *self, SimPeerRoom *room, TeaFrame *frame)
{
  Said *said;

  if (frame->type == TEA_FRAME_OPENED)
    {
      take_opened (self, room, frame);
      return;
    }
  if (frame->type == TEA_FRAME_REFUSED)
    {
      sim_trace (self->network, "%s in '%s': refused %d", self->name, room->address,
                 frame->refused.code);
      if (room->is_open)
        return;
      if (frame->refused.code == TEA_REFUSAL_TRY_LATER
          || frame->refused.code == TEA_REFUSAL_ROOM_FULL)
        {
          room->not_before = get_time (self) + 2 * SECOND;
          return;
        }
      room->is_refused = TRUE;
      forget_channel (room);
      return;
    }
  if (frame->type == TEA_FRAME_CLOSE)
    {
      take_close (room, frame->close.code);
      return;
    }
  if (!room->is_open)
    return;

  switch ((int) frame->type)
    {
    case TEA_FRAME_EVENT:
    case TEA_FRAME_MORE:
      take_number (self, room, tea_event_get_seq (frame->event.event), frame->event.event);
      break;

    case TEA_FRAME_PIECE:
    case TEA_FRAME_MORE_PIECE:
      take_piece (self, room, frame);
      break;

    case TEA_FRAME_EMPTY:
      for (guint64 seq = frame->empty.from; seq <= frame->empty.to && seq < room->next; seq++)
        sim_view_answer (room->view, seq, NULL);
      for (guint64 seq = MAX (frame->empty.from, room->next);
           seq <= frame->empty.to && seq < room->next + MAX_EARLY; seq++)
        take_number (self, room, seq, NULL);
      break;

    case TEA_FRAME_HEAD:
      room->head = MAX (room->head, frame->head.head);
      take_first (self, room, frame->head.first);
      break;

    case TEA_FRAME_ACK:
      said = find_said (room, frame->ack.number);
      if (said != NULL)
        {
          g_queue_remove (&room->says, said);
          said_free (said);
        }
      break;

    case TEA_FRAME_NACK:
      take_nack (self, room, frame->nack.number, frame->nack.code);
      break;

    case TEA_FRAME_HOLD:
      said = find_said (room, frame->hold.number);
      if (said != NULL)
        said->not_before = get_time (self) + frame->hold.delay * MS;
      break;

    case TEA_FRAME_READ:
      room->read = MAX (room->read, frame->read.read);
      room->unread = frame->read.unread;
      break;

    default:
      return;
    }
  if (room->is_open)
    advance (self, room);
}

static void
take_total (SimPeer *self, guint64 sum)
{
  guint64 own = 0;

  for (guint i = 0; i < self->rooms->len; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      if (room->wanted && room->asked != 0 && !room->is_open)
        return;
      own += room->is_open ? room->head : 0;
    }
  if (own != sum)
    send (self, 0, tea_frame_encode_heads ());
}

static void
take_news (SimPeer *self, const TeaFrame *frame)
{
  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    {
      const char *address = frame->room_list.rooms[i].address;
      SimPeerRoom *room = sim_peer_get_room (self, address);

      if (frame->room_list.which != TEA_ROOMS_NEWS || (room != NULL && room->wanted))
        continue;
      if (g_random_int_range (0, 10) < 7)
        sim_peer_open (self, address);
      else
        send (self, 0, tea_frame_encode_close (TEA_CLOSE_NOT_INTERESTED, address));
    }
}

/* Whether the session goes on. */
static gboolean
take_frame (SimPeer *self, TeaFrame *frame)
{
  SimPeerRoom *room = find_channel (self, frame->channel);

  switch ((int) frame->type)
    {
    case TEA_FRAME_ENTERED:
      self->is_inside = TRUE;
      self->may_make = (frame->entered.flags & TEA_HOUSE_MAY_MAKE_ROOMS) != 0;
      return TRUE;

    case TEA_FRAME_PING:
      send (self, 0, tea_frame_encode_pong (frame->ping.token));
      return TRUE;

    case TEA_FRAME_CHALLENGE:
      send (self, 0, tea_frame_encode_response (frame->challenge.token));
      return TRUE;

    case TEA_FRAME_BYE:
      drop (self);
      return FALSE;

    case TEA_FRAME_TOTAL:
      take_total (self, frame->total.sum);
      return TRUE;

    case TEA_FRAME_ROOM_LIST:
      take_news (self, frame);
      return TRUE;

    case TEA_FRAME_REFUSED:
      if (!self->is_inside)
        {
          drop (self);
          return FALSE;
        }
      break;

    default:
      break;
    }

  if (room != NULL)
    take_room_frame (self, room, frame);
  else if (frame->type == TEA_FRAME_HEAD)
    send (self, frame->channel, tea_frame_encode_close (TEA_CLOSE_NOT_OPEN, ""));

  return TRUE;
}

static void
packet_cb (SimPeer *self, GBytes *packet)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  self->heard = get_time (self);
  while (self->channel != NULL && tea_frame_reader_next (&reader, &frame, NULL))
    if (!take_frame (self, &frame))
      return;
  flush (self);
}

static void
closed_cb (SimPeer *self)
{
  drop (self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  TeaPacketChannel *channel
      = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (source), result, &error);
  SimPeer *self = user_data;

  if (channel == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
    return; /* its program has died */

  self->is_connecting = FALSE;
  if (channel == NULL)
    return;

  self->channel = channel;
  self->n_channels = 0;
  self->heard = get_time (self);
  self->entered = 0;
  g_signal_connect_swapped (channel, "packet", G_CALLBACK (packet_cb), self);
  g_signal_connect_swapped (channel, "closed", G_CALLBACK (closed_cb), self);
}

static void
ask_for_rooms (SimPeer *self)
{
  gint64 now = get_time (self);
  guint n_opening = 0;

  for (guint i = 0; i < self->rooms->len && n_opening < MAX_OPENING; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      if (!room->wanted || room->is_refused || now < room->not_before
          || (room->is_open && !room->has_gap && g_hash_table_size (room->standing) == 0))
        continue;
      n_opening++;
      if (room->asked != 0 && now - room->asked < REPEAT)
        continue;
      if (room->asked == 0)
        room->channel = *room->address == '\0' ? 0 : ++self->n_channels;
      room->asked = now;
      send_open (self, room);
    }
}

static void
tick_cb (gpointer user_data)
{
  SimPeer *self = user_data;
  gint64 now = get_time (self);

  tea_timer_set (self->timer, TICK);
  if (self->channel != NULL && now - self->heard > PATIENCE)
    drop (self);
  if (self->channel == NULL)
    {
      if (!self->is_connecting)
        {
          self->is_connecting = TRUE;
          tea_packet_connector_connect_async (self->connector, self->cancellable, connected_cb,
                                              self);
        }
      return;
    }

  if (!self->is_inside)
    {
      if (self->entered == 0 || now - self->entered > REPEAT)
        {
          self->entered = now;
          send (self, 0, tea_frame_encode_hello (1, 1, "peer"));
          send (self, 0, tea_frame_encode_enter (self->stream, self->name, ""));
        }
      flush (self);
      return;
    }

  ask_for_rooms (self);
  for (guint i = 0; i < self->rooms->len; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      if (!room->is_open)
        continue;
      if (room->next <= room->head && now - room->pulled > REPEAT)
        pull (self, room);
      else if (room->next > room->head && g_hash_table_size (room->view->awaited) > 0
               && now - room->pulled_back > REPEAT)
        pull_back (self, room);
      say_all (self, room);
    }
  if (now - self->heard > PING_AFTER || now - self->entered > 5 * SECOND)
    {
      self->entered = now;
      send (self, 0, tea_frame_encode_ping (++self->token));
    }
  flush (self);
}

void
sim_peer_start (SimPeer *self)
{
  if (self->runs)
    return;

  sim_trace (self->network, "%s/%u: starts", self->name, self->index);
  self->runs = TRUE;
  sim_program_init (&self->program, sim_network_get_time (self->network));
  sim_program_enter (&self->program);
  self->stream = MAX (g_random_int (), 1);
  self->connector
      = sim_connector_new (self->network, &self->link, &self->program, self->key, SERVER_KEY);
  self->timer = tea_timer_new (self->program.clock, tick_cb, self);
  tea_timer_set (self->timer, 0);
  sim_program_leave (&self->program);
  sim_peer_open (self, "");
}

/* It knows nothing of the room any more but what was said there and not answered. */
static void
forget_room (SimPeer *self, SimPeerRoom *room)
{
  SimView *view = sim_view_new (self->checker, self->name, self->key, room->address, TRUE);

  forget_channel (room);
  sim_view_free (room->view);
  room->view = view;
  room->epoch = 0;
  room->next = 0;
  room->check = 0;
  room->head = 0;
  room->read = 0;
  g_hash_table_remove_all (room->early);
}

/* As by SIGKILL: it knows nothing when it is started again. */
void
sim_peer_crash (SimPeer *self)
{
  sim_trace (self->network, "%s/%u: dies", self->name, self->index);
  self->runs = FALSE;
  self->is_inside = FALSE;
  if (self->channel != NULL)
    g_signal_handlers_disconnect_by_data (self->channel, self);
  sim_network_kill_client (self->network, &self->program);
  sim_program_enter (&self->program);
  g_clear_object (&self->channel);
  g_clear_object (&self->connector);
  g_clear_pointer (&self->timer, tea_timer_free);
  sim_program_leave (&self->program);
  sim_program_settle (&self->program);
  sim_program_clear (&self->program);
  self->is_connecting = FALSE;
  g_ptr_array_set_size (self->frames, 0);

  for (guint i = 0; i < self->rooms->len; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      forget_room (self, room);
      room->history = self->history;
      room->n_said = 0;
      g_queue_clear_full (&room->says, said_free);
      g_queue_init (&room->says);
    }
}

SimPeerRoom *
sim_peer_get_room (SimPeer *self, const char *address)
{
  for (guint i = 0; i < self->rooms->len; i++)
    {
      SimPeerRoom *room = self->rooms->pdata[i];

      if (g_str_equal (room->address, address))
        return room;
    }

  return NULL;
}

/* Its owner wants to see a room. */
SimPeerRoom *
sim_peer_open (SimPeer *self, const char *address)
{
  SimPeerRoom *room = sim_peer_get_room (self, address);

  if (room == NULL)
    {
      room = g_new0 (SimPeerRoom, 1);
      room->address = g_strdup (address);
      room->history = self->history;
      room->view = sim_view_new (self->checker, self->name, self->key, address, TRUE);
      room->standing = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
      room->early = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, event_free);
      room->pieces = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                            (GDestroyNotify) tea_piece_collector_free);
      g_queue_init (&room->says);
      g_ptr_array_add (self->rooms, room);
    }
  room->wanted = TRUE;
  room->is_refused = FALSE;

  return room;
}

SimPeerRoom *
sim_peer_make (SimPeer *self, const char *address, TeaRoomFlags flags)
{
  SimPeerRoom *room = sim_peer_open (self, address);

  if (!room->is_open && room->asked == 0)
    {
      room->makes = TRUE;
      room->flags = flags;
    }

  return room;
}

/* Its owner looks away. */
void
sim_peer_close (SimPeer *self, SimPeerRoom *room)
{
  if (!room->wanted || *room->address == '\0')
    return;

  sim_trace (self->network, "%s in '%s': closes", self->name, room->address);
  if (room->asked != 0)
    {
      sim_program_enter (&self->program);
      send (self, room->channel, tea_frame_encode_close (TEA_CLOSE_ASKED, ""));
      flush (self);
      sim_program_leave (&self->program);
    }
  room->wanted = FALSE;
  forget_channel (room);
}

/* Its owner comes back, and sees only what is new at first. */
void
sim_peer_look_anew (SimPeer *self, SimPeerRoom *room, guint32 history)
{
  if (!room->is_open || self->lies || *room->address == '\0')
    return;

  sim_peer_close (self, room);
  forget_room (self, room);
  room->history = history;
  room->wanted = TRUE;
}

void
sim_peer_tell (SimPeer *self,
               SimPeerRoom *room,
               TeaEventKind kind,
               guint8 wire_kind,
               guint64 target,
               const char *text,
               GBytes *data)
{
  Said *said;

  if (!room->is_open || g_queue_get_length (&room->says) > 20)
    return;

  said = g_new0 (Said, 1);
  said->number = ++room->n_said;
  said->kind = kind;
  said->wire_kind = wire_kind;
  said->target = target;
  said->text = g_strdup (text);
  said->data = data != NULL ? g_bytes_ref (data) : g_bytes_new (NULL, 0);
  g_queue_push_tail (&room->says, said);
  sim_trace (self->network, "%s in '%s': tells %u, kind %u", self->name, room->address,
             said->number, wire_kind);
  sim_program_enter (&self->program);
  send_say (self, room, said);
  flush (self);
  sim_program_leave (&self->program);
}

/* Something that nobody else says. */
void
sim_peer_say (SimPeer *self, SimPeerRoom *room)
{
  g_autofree char *text = g_strdup_printf ("p%u.%u", self->index, ++self->n_texts);

  sim_peer_tell (self, room, TEA_EVENT_MESSAGE, 2, 0, text, NULL);
}

/* Its owner wants to see some of what came before. Whether there may be something. */
gboolean
sim_peer_look_back (SimPeer *self, SimPeerRoom *room)
{
  guint64 end = room->view->page != 0 ? room->view->page : room->view->start;
  guint64 from = end > 11 ? end - 10 : 1;

  if (!room->is_open || self->lies || end <= 1)
    return FALSE;

  sim_trace (self->network, "%s in '%s': looks back to %" G_GUINT64_FORMAT, self->name,
             room->address, from);
  for (guint64 seq = from; seq < end; seq++)
    sim_view_await (room->view, seq);
  room->view->page = from;
  sim_program_enter (&self->program);
  pull_back (self, room);
  flush (self);
  sim_program_leave (&self->program);

  return TRUE;
}

/* Its owner has read all that is there. */
void
sim_peer_read (SimPeer *self, SimPeerRoom *room)
{
  if (!room->is_open || room->next <= 1 || room->next - 1 <= room->read)
    return;

  room->read = room->next - 1;
  room->read_sent = get_time (self);
  room->unread = 0;
  sim_program_enter (&self->program);
  send (self, room->channel, tea_frame_encode_read (room->read, 0));
  flush (self);
  sim_program_leave (&self->program);
}

void
sim_peer_type (SimPeer *self, SimPeerRoom *room)
{
  if (!room->is_open)
    return;

  sim_program_enter (&self->program);
  send (self, room->channel, tea_frame_encode_typing (""));
  flush (self);
  sim_program_leave (&self->program);
}

void
sim_peer_list (SimPeer *self, TeaRooms which)
{
  if (!self->is_inside)
    return;

  sim_program_enter (&self->program);
  send (self, 0, tea_frame_encode_rooms (which, ""));
  flush (self);
  sim_program_leave (&self->program);
}

/* Says things that a newer program might say, or one with a fault. */
void
sim_peer_babble (SimPeer *self, GRand *dice)
{
  const guint8 unknown[] = { (guint8) g_rand_int_range (dice, 50, 256), 3, 0, 1, 2, 3 };
  guint16 channel = (guint16) g_rand_int_range (dice, 0, 400);
  SimPeerRoom *room = self->rooms->pdata[g_rand_int_range (dice, 0, (gint32) self->rooms->len)];

  if (!self->is_inside)
    return;

  sim_trace (self->network, "%s: babbles", self->name);
  sim_program_enter (&self->program);
  send (self, 0, g_bytes_new (unknown, sizeof unknown));
  if (find_channel (self, channel) == NULL && channel > self->n_channels)
    {
      send (self, channel, tea_frame_encode_say (1, 1, "Nobody is to hear this"));
      send (self, channel, tea_frame_encode_read (G_MAXINT64, 0));
      send (self, channel, tea_frame_encode_pull (&(TeaRange){ 1, 100 }, 1));
      send (self, channel, tea_frame_encode_close (TEA_CLOSE_NOT_OPEN, ""));
    }
  if (room->is_open)
    {
      /* The same again, and another one, which may be late. */
      send (self, room->channel, tea_frame_encode_open (room->epoch, 1, 1, 5, room->address, ""));
      send (self, room->channel,
            tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_HEAD, .head = { 1, 1 } }));
      send (self, room->channel, tea_frame_encode_pull (&(TeaRange){ room->next, G_MAXINT64 }, 1));
    }
  flush (self);
  sim_program_leave (&self->program);
}
