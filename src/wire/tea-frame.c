/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"

static gboolean
is_within (const char *text, gsize maximum)
{
  return strlen (text) <= maximum;
}

static gboolean
is_name (const char *name)
{
  return *name != '\0' && is_within (name, TEA_WIRE_NAME_MAX_BYTES);
}

static gboolean
is_text (const char *text)
{
  return *text != '\0' && is_within (text, TEA_TEXT_MAX_BYTES);
}

static gboolean
is_range (const TeaRange *range)
{
  return range->from > 0 && range->from <= range->to;
}

/* Every piece is full, but for the last, which is not empty. */
static gboolean
is_piece (guint index, guint count, gsize size)
{
  return count <= TEA_MAX_PIECES && index < count && size > 0 && size <= TEA_PIECE_SIZE
         && (index == count - 1 || size == TEA_PIECE_SIZE);
}

/* Later versions may have more of them. */
static TeaRefusal
refusal_from_wire (guint8 code)
{
  return code <= TEA_REFUSAL_TEXT_UNFIT ? (TeaRefusal) code : TEA_REFUSAL_OTHER;
}

static TeaBye
bye_from_wire (guint8 code)
{
  return code <= TEA_BYE_UNKNOWN ? (TeaBye) code : TEA_BYE_CLOSED;
}

static const char *
read_hello (TeaFrame *self)
{
  g_variant_get (self->body, "(yy&s&s)", &self->hello.minimum, &self->hello.maximum,
                 &self->hello.software, &self->hello.room);

  TEA_FRAME_CHECK (self->hello.minimum > 0, "versions begin with 1");
  TEA_FRAME_CHECK (self->hello.minimum <= self->hello.maximum,
                   "the minimum is not above the maximum");
  TEA_FRAME_CHECK (is_within (self->hello.software, TEA_WIRE_LABEL_MAX_BYTES),
                   "the software's name fits");
  TEA_FRAME_CHECK (is_within (self->hello.room, TEA_WIRE_LABEL_MAX_BYTES), "the room's name fits");

  return NULL;
}

static const char *
read_welcome (TeaFrame *self)
{
  g_variant_get (self->body, "(y&s)", &self->welcome.version, &self->welcome.software);

  TEA_FRAME_CHECK (self->welcome.version > 0, "versions begin with 1");
  TEA_FRAME_CHECK (is_within (self->welcome.software, TEA_WIRE_LABEL_MAX_BYTES),
                   "the software's name fits");

  return NULL;
}

static const char *
read_enter (TeaFrame *self)
{
  g_variant_get (self->body, "(ttuu&s&s)", &self->enter.epoch, &self->enter.since,
                 &self->enter.stream, &self->enter.history, &self->enter.name,
                 &self->enter.password);

  TEA_FRAME_CHECK (self->enter.stream > 0, "the stream is not 0");
  TEA_FRAME_CHECK (is_within (self->enter.name, TEA_WIRE_NAME_MAX_BYTES), "the name fits");
  TEA_FRAME_CHECK (is_within (self->enter.password, TEA_PASSWORD_MAX_BYTES), "the password fits");

  return NULL;
}

static const char *
read_entered (TeaFrame *self)
{
  g_variant_get (self->body, "(ttttu&s&s)", &self->entered.epoch, &self->entered.first,
                 &self->entered.start, &self->entered.head, &self->entered.number,
                 &self->entered.name, &self->entered.room);

  TEA_FRAME_CHECK (self->entered.epoch > 0, "the epoch is not 0");
  TEA_FRAME_CHECK (self->entered.first > 0, "the first number is not 0");
  TEA_FRAME_CHECK (self->entered.first <= self->entered.start, "the start is not before the first");
  TEA_FRAME_CHECK (self->entered.start - 1 <= self->entered.head,
                   "the start is not beyond the end");
  TEA_FRAME_CHECK (is_name (self->entered.name), "the name is there and fits");
  TEA_FRAME_CHECK (is_within (self->entered.room, TEA_WIRE_LABEL_MAX_BYTES),
                   "the room's name fits");

  return NULL;
}

static const char *
read_refused (TeaFrame *self)
{
  guint8 code;

  g_variant_get (self->body, "(y&s&s)", &code, &self->refused.text, &self->refused.suggestion);
  self->refused.code = refusal_from_wire (code);

  TEA_FRAME_CHECK (is_within (self->refused.text, TEA_REASON_MAX_BYTES), "the reason fits");
  TEA_FRAME_CHECK (is_within (self->refused.suggestion, TEA_WIRE_NAME_MAX_BYTES),
                   "the suggestion fits");

  return NULL;
}

static GBytes *
dup_child_bytes (GVariant *body, gsize index)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (body, index);

  return g_variant_get_data_as_bytes (child);
}

static const char *
read_piece (TeaFrame *self)
{
  guint16 index, count;

  g_variant_get (self->body, "(tqq@ay)", &self->piece.seq, &index, &count, NULL);
  self->piece.index = index;
  self->piece.count = count;
  self->piece.bytes = dup_child_bytes (self->body, 3);

  TEA_FRAME_CHECK (self->piece.seq > 0, "the event's number is not 0");
  TEA_FRAME_CHECK (is_piece (index, count, g_bytes_get_size (self->piece.bytes)),
                   "the piece is one of its count and has its size");

  return NULL;
}

static const char *
read_empty (TeaFrame *self)
{
  g_variant_get (self->body, "(tt)", &self->empty.from, &self->empty.to);

  TEA_FRAME_CHECK (is_range (&self->empty), "a range goes from 1 on upwards");

  return NULL;
}

static const char *
read_head (TeaFrame *self)
{
  g_variant_get (self->body, "(tt)", &self->head.first, &self->head.head);

  TEA_FRAME_CHECK (self->head.first > 0, "the first number is not 0");
  TEA_FRAME_CHECK (self->head.first - 1 <= self->head.head, "the first is not beyond the end");

  return NULL;
}

static const char *
read_pull (TeaFrame *self)
{
  gsize n_ranges;

  G_STATIC_ASSERT (sizeof (TeaRange) == 2 * sizeof (guint64));
  self->pull.ranges = g_variant_get_fixed_array (self->body, &n_ranges, sizeof (TeaRange));
  self->pull.n_ranges = (guint) n_ranges;

  TEA_FRAME_CHECK (n_ranges > 0 && n_ranges <= TEA_PULL_MAX_RANGES, "there are 1 to 16 ranges");
  for (guint i = 0; i < self->pull.n_ranges; i++)
    TEA_FRAME_CHECK (is_range (&self->pull.ranges[i]), "a range goes from 1 on upwards");

  return NULL;
}

static const char *
read_pull_pieces (TeaFrame *self)
{
  g_variant_get (self->body, "(tu)", &self->pull_pieces.seq, &self->pull_pieces.missing);

  TEA_FRAME_CHECK (self->pull_pieces.seq > 0, "the event's number is not 0");
  TEA_FRAME_CHECK (self->pull_pieces.missing > 0, "something is missing");

  return NULL;
}

static const char *
read_say (TeaFrame *self)
{
  g_variant_get (self->body, "(uu&s)", &self->say.number, &self->say.oldest, &self->say.text);

  TEA_FRAME_CHECK (self->say.oldest > 0, "the message's number is not 0");
  TEA_FRAME_CHECK (self->say.oldest <= self->say.number, "the oldest is not above the message");
  TEA_FRAME_CHECK (is_text (self->say.text), "the text is there and fits");

  return NULL;
}

static const char *
read_say_piece (TeaFrame *self)
{
  guint16 index, count;

  g_variant_get (self->body, "(uuqq@ay)", &self->say_piece.number, &self->say_piece.oldest, &index,
                 &count, NULL);
  self->say_piece.index = index;
  self->say_piece.count = count;
  self->say_piece.bytes = dup_child_bytes (self->body, 4);

  TEA_FRAME_CHECK (self->say_piece.oldest > 0, "the message's number is not 0");
  TEA_FRAME_CHECK (self->say_piece.oldest <= self->say_piece.number,
                   "the oldest is not above the message");
  TEA_FRAME_CHECK (is_piece (index, count, g_bytes_get_size (self->say_piece.bytes)),
                   "the piece is one of its count and has its size");

  return NULL;
}

static const char *
read_say_pieces (TeaFrame *self)
{
  g_variant_get (self->body, "(uu)", &self->say_pieces.number, &self->say_pieces.received);

  TEA_FRAME_CHECK (self->say_pieces.number > 0, "the message's number is not 0");

  return NULL;
}

static const char *
read_ack (TeaFrame *self)
{
  g_variant_get (self->body, "(tu)", &self->ack.seq, &self->ack.number);

  TEA_FRAME_CHECK (self->ack.seq > 0, "the event's number is not 0");
  TEA_FRAME_CHECK (self->ack.number > 0, "the message's number is not 0");

  return NULL;
}

static const char *
read_nack (TeaFrame *self)
{
  guint8 code;

  g_variant_get (self->body, "(uy&s)", &self->nack.number, &code, &self->nack.text);
  self->nack.code = refusal_from_wire (code);

  TEA_FRAME_CHECK (self->nack.number > 0, "the message's number is not 0");
  TEA_FRAME_CHECK (is_within (self->nack.text, TEA_REASON_MAX_BYTES), "the reason fits");

  return NULL;
}

static const char *
read_ping (TeaFrame *self)
{
  g_variant_get (self->body, "(t)", &self->ping.token);

  return NULL;
}

static const char *
read_pong (TeaFrame *self)
{
  g_variant_get (self->body, "(t)", &self->pong.token);

  return NULL;
}

static const char *
read_who (TeaFrame *self)
{
  g_variant_get (self->body, "(t)", &self->who.after);

  return NULL;
}

static const char *
read_member (TeaPresentMember *member, GVariant *child)
{
  g_autoptr (GVariant) key = NULL;
  gsize size;

  g_variant_get (child, "(t&s@ay)", &member->joined, &member->name, &key);
  size = g_variant_get_size (key);

  TEA_FRAME_CHECK (is_name (member->name), "the name is there and fits");
  TEA_FRAME_CHECK (size == 0 || size == TEA_FINGERPRINT_SIZE,
                   "a key is of 32 bytes, or there is none");

  if (size > 0)
    member->key = tea_fingerprint_from_bytes (g_variant_get_data (key));

  return NULL;
}

static const char *
read_present (TeaFrame *self)
{
  g_autoptr (GVariant) list = NULL;
  TeaPresentMember *members;
  guint64 last = 0;

  g_variant_get (self->body, "(tt@a(tsay))", &self->present.as_of, &self->present.next, &list);
  self->present.n_members = (guint) g_variant_n_children (list);
  members = g_new0 (TeaPresentMember, self->present.n_members);
  self->present.members = members;

  for (guint i = 0; i < self->present.n_members; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      const char *rule = read_member (&members[i], child);

      TEA_FRAME_CHECK (rule == NULL, rule);
      TEA_FRAME_CHECK (members[i].joined > last, "members come in the order of joining, from 1 on");
      last = members[i].joined;
    }
  TEA_FRAME_CHECK (self->present.next == 0 || self->present.next >= last,
                   "the next are later ones");

  return NULL;
}

static const char *
read_challenge (TeaFrame *self)
{
  g_variant_get (self->body, "(t)", &self->challenge.token);

  return NULL;
}

static const char *
read_response (TeaFrame *self)
{
  g_variant_get (self->body, "(t)", &self->response.token);

  return NULL;
}

static const char *
read_bye (TeaFrame *self)
{
  guint8 code;

  g_variant_get (self->body, "(y&s)", &code, &self->bye.text);
  self->bye.code = bye_from_wire (code);

  TEA_FRAME_CHECK (is_within (self->bye.text, TEA_REASON_MAX_BYTES), "the reason fits");

  return NULL;
}

/* All that is to be known of a kind of frames, but for the two with bodies that are read
 * in a way of their own. */
static const struct
{
  const char *name;
  const char *type;
  const char *(*read) (TeaFrame *self);
} kinds[] = {
  [TEA_FRAME_HELLO] = { "HELLO", "(yyss)", read_hello },
  [TEA_FRAME_WELCOME] = { "WELCOME", "(ys)", read_welcome },
  [TEA_FRAME_ENTER] = { "ENTER", "(ttuuss)", read_enter },
  [TEA_FRAME_ENTERED] = { "ENTERED", "(ttttuss)", read_entered },
  [TEA_FRAME_REFUSED] = { "REFUSED", "(yss)", read_refused },
  [TEA_FRAME_EVENT] = { "EVENT" },
  [TEA_FRAME_PIECE] = { "PIECE", "(tqqay)", read_piece },
  [TEA_FRAME_EMPTY] = { "EMPTY", "(tt)", read_empty },
  [TEA_FRAME_HEAD] = { "HEAD", "(tt)", read_head },
  [TEA_FRAME_PULL] = { "PULL", "a(tt)", read_pull },
  [TEA_FRAME_PULL_PIECES] = { "PULL_PIECES", "(tu)", read_pull_pieces },
  [TEA_FRAME_SAY] = { "SAY", "(uus)", read_say },
  [TEA_FRAME_SAY_PIECE] = { "SAY_PIECE", "(uuqqay)", read_say_piece },
  [TEA_FRAME_SAY_PIECES] = { "SAY_PIECES", "(uu)", read_say_pieces },
  [TEA_FRAME_ACK] = { "ACK", "(tu)", read_ack },
  [TEA_FRAME_NACK] = { "NACK", "(uys)", read_nack },
  [TEA_FRAME_PING] = { "PING", "(t)", read_ping },
  [TEA_FRAME_PONG] = { "PONG", "(t)", read_pong },
  [TEA_FRAME_WHO] = { "WHO", "(t)", read_who },
  [TEA_FRAME_PRESENT] = { "PRESENT", "(tta(tsay))", read_present },
  [TEA_FRAME_CHALLENGE] = { "CHALLENGE", "(t)", read_challenge },
  [TEA_FRAME_RESPONSE] = { "RESPONSE", "(t)", read_response },
  [TEA_FRAME_LEAVE] = { "LEAVE" },
  [TEA_FRAME_BYE] = { "BYE", "(ys)", read_bye },
};

/* Reads a body, which need not be aligned. */
static const char *
read_body (TeaFrame *self, GBytes *packet, gsize offset, gsize size)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) body = NULL;

  if (self->type == TEA_FRAME_LEAVE)
    return size == 0 ? NULL : "the body is empty";

  if (self->type == TEA_FRAME_EVENT)
    return tea_frame_read_event ((const guint8 *) g_bytes_get_data (packet, NULL) + offset, size,
                                 &self->event.event);

  /* Where the bytes are not aligned, GLib copies them. */
  bytes = g_bytes_new_from_bytes (packet, offset, size);
  body = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (kinds[self->type].type), bytes, FALSE));
  TEA_FRAME_CHECK (g_variant_is_normal_form (body), "the body is in normal form");

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  self->body = g_steal_pointer (&body);
#else
  self->body = g_variant_byteswap (body);
#endif

  return kinds[self->type].read (self);
}

static void
free_members (TeaFrame *self)
{
  for (guint i = 0; i < self->present.n_members; i++)
    g_free ((char *) self->present.members[i].key);
  g_free ((TeaPresentMember *) self->present.members);
}

/**
 * tea_frame_clear:
 * @self: a frame
 *
 * Frees what a frame holds. It can be read into again.
 */
void
tea_frame_clear (TeaFrame *self)
{
  g_return_if_fail (self != NULL);

  if (self->type == TEA_FRAME_EVENT)
    g_clear_pointer (&self->event.event, tea_event_unref);
  else if (self->type == TEA_FRAME_PIECE)
    g_clear_pointer (&self->piece.bytes, g_bytes_unref);
  else if (self->type == TEA_FRAME_SAY_PIECE)
    g_clear_pointer (&self->say_piece.bytes, g_bytes_unref);
  else if (self->type == TEA_FRAME_PRESENT)
    free_members (self);

  g_clear_pointer (&self->body, g_variant_unref);
  memset (self, 0, sizeof *self);
}

/**
 * tea_frame_reader_next:
 * @self: where one is in a packet
 * @frame: where to put the frame; what it holds is freed first
 * @error: return location for a #GError
 *
 * Reads the next frame of a packet. A frame of a kind that is not known comes as
 * %TEA_FRAME_UNKNOWN and is to be passed over.
 *
 * With the first frame that does not keep to the protocol (PROTOCOL.md, "Frames") reading
 * ends: the rest of the packet is dropped, and any further call returns %FALSE without an
 * error. The frames before it count.
 *
 * Returns: whether there is a frame: %FALSE without @error at the packet's end, or with
 *   @error set to %TEA_ERROR_REQUEST_INVALID
 */
gboolean
tea_frame_reader_next (TeaFrameReader *self, TeaFrame *frame, GError **error)
{
  gsize size;
  const guint8 *packet;
  const char *name = "?";
  const char *rule = NULL;

  g_return_val_if_fail (self != NULL && self->packet != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tea_frame_clear (frame);

  packet = g_bytes_get_data (self->packet, &size);
  if (self->offset >= size)
    return FALSE;

  packet += self->offset;
  size -= self->offset;
  if (packet[0] > TEA_FRAME_UNKNOWN && packet[0] < G_N_ELEMENTS (kinds))
    {
      frame->type = (TeaFrameType) packet[0];
      name = kinds[frame->type].name;
    }

  if (++self->n_frames > TEA_PACKET_MAX_FRAMES)
    {
      rule = "a packet has at most 128 frames";
    }
  else if (size < TEA_FRAME_HEAD_SIZE
           || size - TEA_FRAME_HEAD_SIZE < (gsize) packet[1] + ((gsize) packet[2] << 8))
    {
      rule = "a frame ends within its packet";
    }
  else
    {
      gsize body_size = (gsize) packet[1] + ((gsize) packet[2] << 8);
      gsize offset = self->offset + TEA_FRAME_HEAD_SIZE;

      self->offset = offset + body_size;
      if (frame->type != TEA_FRAME_UNKNOWN)
        rule = read_body (frame, self->packet, offset, body_size);
    }

  if (rule != NULL)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                   /* Translators: the first is a word of the protocol such as PULL, the
                    * second a rule in English, both for those who look for the fault. */
                   _ ("The other side does not keep to the protocol (%s: %s)."), name, rule);
      tea_frame_clear (frame);
      self->offset = g_bytes_get_size (self->packet);
      return FALSE;
    }

  return TRUE;
}
