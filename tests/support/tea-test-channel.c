/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-test-channel.h"

#include "tea-fingerprint.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame.h"
#include "tea-packet-builder.h"

#define PACKET_SIZE 1163

/* How a house has it that nobody has told otherwise. */
#define USUAL_EDIT_HOURS 24

static void
tea_test_channel_send (TeaPacketChannel *channel, GBytes *packet)
{
  TeaTestChannel *self = TEA_TEST_CHANNEL (channel);

  g_assert_false (self->is_closed);
  g_assert_cmpuint (g_bytes_get_size (packet), <=, PACKET_SIZE);
  g_ptr_array_add (self->sent, g_bytes_ref (packet));
}

static gsize
tea_test_channel_get_packet_size (TeaPacketChannel *channel)
{
  return PACKET_SIZE;
}

static const char *
tea_test_channel_get_peer_key (TeaPacketChannel *channel)
{
  return TEA_TEST_CHANNEL (channel)->key;
}

static char *
tea_test_channel_dup_peer_address (TeaServerChannel *channel)
{
  return g_strdup (TEA_TEST_CHANNEL (channel)->address);
}

static void
tea_test_channel_prove_path (TeaServerChannel *channel)
{
  TEA_TEST_CHANNEL (channel)->n_proved++;
}

static void
tea_test_channel_close (TeaPacketChannel *channel)
{
  TEA_TEST_CHANNEL (channel)->is_closed = TRUE;
}

static void
tea_test_channel_packet_channel_init (TeaPacketChannelInterface *iface)
{
  iface->send = tea_test_channel_send;
  iface->get_packet_size = tea_test_channel_get_packet_size;
  iface->get_peer_key = tea_test_channel_get_peer_key;
  iface->close = tea_test_channel_close;
}

static void
tea_test_channel_server_channel_init (TeaServerChannelInterface *iface)
{
  iface->dup_peer_address = tea_test_channel_dup_peer_address;
  iface->prove_path = tea_test_channel_prove_path;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTestChannel,
                               tea_test_channel,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL,
                                                      tea_test_channel_packet_channel_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_SERVER_CHANNEL,
                                                          tea_test_channel_server_channel_init))

static void
tea_test_channel_finalize (GObject *object)
{
  TeaTestChannel *self = TEA_TEST_CHANNEL (object);

  g_free (self->key);
  g_free (self->address);
  g_ptr_array_unref (self->sent);

  G_OBJECT_CLASS (tea_test_channel_parent_class)->finalize (object);
}

static void
tea_test_channel_class_init (TeaTestChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_test_channel_finalize;
}

static void
tea_test_channel_init (TeaTestChannel *self)
{
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

/**
 * tea_test_channel_new:
 * @person: whose key it is
 *
 * Returns: (transfer full): a channel on which nothing was sent
 */
TeaTestChannel *
tea_test_channel_new (guint8 person)
{
  TeaTestChannel *self = g_object_new (TEA_TYPE_TEST_CHANNEL, NULL);
  guint8 digest[TEA_FINGERPRINT_SIZE] = { person };

  self->key = tea_fingerprint_from_bytes (digest);
  self->address = g_strdup_printf ("192.0.2.%u", person);

  return self;
}

/**
 * tea_test_channel_receive:
 * @self: a channel
 * @frame: (transfer full): a frame from the client
 * @...: more frames, and %NULL
 *
 * The client sends a packet. What stands behind a frame of tea_frame_encode_in() is of that
 * channel.
 */
void
tea_test_channel_receive (TeaTestChannel *self, GBytes *frame, ...)
{
  TeaPacketBuilder *builder = tea_packet_builder_new (G_MAXUINT16);
  g_autoptr (GBytes) packet = NULL;
  va_list frames;

  va_start (frames, frame);
  for (; frame != NULL; frame = va_arg (frames, GBytes *))
    {
      tea_packet_builder_add (builder, 0, frame);
      g_bytes_unref (frame);
    }
  va_end (frames);

  packet = tea_packet_builder_take (builder);
  tea_packet_builder_free (builder);
  tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (self), packet);
}

static void
describe (const TeaFrame *frame, GString *text)
{
  static const char signs[TEA_EVENT_OTHER + 1] = {
    [TEA_EVENT_JOINED] = '+',   [TEA_EVENT_LEFT] = '-',     [TEA_EVENT_MESSAGE] = ':',
    [TEA_EVENT_INVITED] = '>',  [TEA_EVENT_SETTINGS] = '=', [TEA_EVENT_ARCHIVED] = '#',
    [TEA_EVENT_EDITED] = '~',   [TEA_EVENT_REMOVED] = '!',  [TEA_EVENT_REACTED] = '*',
    [TEA_EVENT_PINNED] = '^',   [TEA_EVENT_TOPIC] = '@',    [TEA_EVENT_ROLE] = '%',
    [TEA_EVENT_SENT_OUT] = 'x', [TEA_EVENT_MUTED] = 'm',    [TEA_EVENT_OTHER] = '?',
  };
  TeaEvent *event = NULL;

  switch ((guint) frame->type)
    {
    case TEA_FRAME_WELCOME:
      g_string_append_printf (text, "welcome %u", frame->welcome.version);
      break;
    case TEA_FRAME_ENTERED:
      g_string_append_printf (text, "entered %s", frame->entered.name);
      break;
    case TEA_FRAME_OPENED:
      g_string_append_printf (text,
                              "opened %s%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT " said %u",
                              frame->opened.address, *frame->opened.address != '\0' ? " " : "",
                              frame->opened.start, frame->opened.head, frame->opened.number);
      for (gsize i = 0; i < frame->opened.standing.n_items; i++)
        g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i == 0 ? " with " : "+",
                                frame->opened.standing.items[i]);
      break;
    case TEA_FRAME_CLOSE:
      g_string_append_printf (text, "close %u", frame->close.code);
      break;
    case TEA_FRAME_ROOM_LIST:
      g_string_append_printf (text, "rooms %u after “%s” next “%s”:", frame->room_list.which,
                              frame->room_list.after, frame->room_list.next);
      for (guint i = 0; i < frame->room_list.n_rooms; i++)
        g_string_append_printf (text, " %s", frame->room_list.rooms[i].address);
      break;
    case TEA_FRAME_TOTAL:
      g_string_append_printf (text, "total %" G_GUINT64_FORMAT, frame->total.sum);
      break;
    case TEA_FRAME_HOLD:
      g_string_append_printf (text, "hold %u: %u ms", frame->hold.number, frame->hold.delay);
      break;
    case TEA_FRAME_TYPING:
      g_string_append_printf (text, "typing %s", frame->typing.name);
      break;
    case TEA_FRAME_READ:
      g_string_append_printf (text, "read %" G_GUINT64_FORMAT " unread %u", frame->read.read,
                              frame->read.unread);
      break;
    case TEA_FRAME_REFUSED:
      g_string_append_printf (text, "refused %u", frame->refused.code);
      if (*frame->refused.suggestion != '\0')
        g_string_append_printf (text, " try %s", frame->refused.suggestion);
      break;
    case TEA_FRAME_EVENT:
    case TEA_FRAME_MORE:
      event = frame->event.event;
      g_string_append_printf (text, "%" G_GUINT64_FORMAT "%c%s", tea_event_get_seq (event),
                              signs[tea_event_get_kind (event)], tea_event_get_author (event));
      if (tea_event_get_target (event) != 0)
        g_string_append_printf (text, " to %" G_GUINT64_FORMAT, tea_event_get_target (event));
      if (tea_event_get_version (event) != 0)
        g_string_append_printf (text, " as of %" G_GUINT64_FORMAT, tea_event_get_version (event));
      if (tea_event_get_text (event) != NULL)
        g_string_append_printf (text, " %.20s", tea_event_get_text (event));
      break;
    case TEA_FRAME_PIECE:
    case TEA_FRAME_MORE_PIECE:
      g_string_append_printf (text, "%" G_GUINT64_FORMAT "/%u", frame->piece.seq,
                              frame->piece.index);
      break;
    case TEA_FRAME_EMPTY:
      g_string_append_printf (text, "empty %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT,
                              frame->empty.from, frame->empty.to);
      break;
    case TEA_FRAME_HEAD:
      g_string_append_printf (text, "head %" G_GUINT64_FORMAT, frame->head.head);
      break;
    case TEA_FRAME_SAY_PIECES:
      g_string_append_printf (text, "pieces %u: %x", frame->say_pieces.number,
                              frame->say_pieces.received);
      break;
    case TEA_FRAME_ACK:
      g_string_append_printf (text, "ack %u=%" G_GUINT64_FORMAT, frame->ack.number, frame->ack.seq);
      break;
    case TEA_FRAME_NACK:
      g_string_append_printf (text, "nack %u: %u", frame->nack.number, frame->nack.code);
      break;
    case TEA_FRAME_PONG:
      g_string_append_printf (text, "pong %" G_GUINT64_FORMAT, frame->pong.token);
      break;
    case TEA_FRAME_PRESENT:
      g_string_append_printf (text, "present %" G_GUINT64_FORMAT " next %" G_GUINT64_FORMAT ":",
                              frame->present.as_of, frame->present.next);
      for (guint i = 0; i < frame->present.n_members; i++)
        g_string_append_printf (text, " %s", frame->present.members[i].name);
      break;
    case TEA_FRAME_CHALLENGE:
      g_string_append (text, "challenge");
      break;
    case TEA_FRAME_FOUND:
      g_string_append_printf (text, "found %u next %" G_GUINT64_FORMAT ":", frame->found.number,
                              frame->found.next);
      for (gsize i = 0; i < frame->found.events.n_items; i++)
        g_string_append_printf (text, " %" G_GUINT64_FORMAT, frame->found.events.items[i]);
      break;
    case TEA_FRAME_LIMITS:
      g_string_append_printf (text, "limits %u", frame->limits.edit_hours);
      break;
    case TEA_FRAME_BYE:
      g_string_append_printf (text, "bye %u", frame->bye.code);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Every session is told the limits. */
static gboolean
is_usual (const TeaFrame *frame)
{
  return frame->type == TEA_FRAME_LIMITS && frame->limits.edit_hours == USUAL_EDIT_HOURS;
}

/**
 * tea_test_channel_take_sent:
 * @self: a channel
 *
 * Returns: (transfer full): what the server has sent since the last time, in words: frames
 *   are parted by commas, packets by bars; channels other than 0 stand in brackets.
 *   Limits are left out where they are as usual
 */
char *
tea_test_channel_take_sent (TeaTestChannel *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (self->sent, i));
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      g_autoptr (GError) error = NULL;
      gboolean is_first = TRUE;

      if (i > 0)
        g_string_append (text, " | ");
      while (tea_frame_reader_next (&reader, &frame, &error))
        {
          if (frame.type == TEA_FRAME_IN || is_usual (&frame))
            continue;

          if (!is_first)
            g_string_append (text, ", ");
          is_first = FALSE;
          if (frame.channel != 0)
            g_string_append_printf (text, "[%u] ", frame.channel);
          describe (&frame, text);
        }
      g_assert_no_error (error);
    }
  g_ptr_array_set_size (self->sent, 0);

  return g_string_free (text, FALSE);
}
