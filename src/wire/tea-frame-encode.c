/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-private.h"

#include <string.h>

/* What does not keep to the rules is a fault of this program: it is not sent. */
static gboolean
is_within (const char *text, gsize maximum)
{
  return text != NULL && strlen (text) <= maximum;
}

static gboolean
is_name (const char *name)
{
  return is_within (name, TEA_WIRE_NAME_MAX_BYTES) && *name != '\0';
}

static GBytes *
make_frame (TeaFrameType type, gconstpointer body, gsize size)
{
  guint8 *frame;

  g_return_val_if_fail (size <= G_MAXUINT16, NULL);

  frame = g_malloc (TEA_FRAME_HEAD_SIZE + size);
  frame[0] = (guint8) type;
  frame[1] = size & 0xFF;
  frame[2] = (guint8) (size >> 8);
  if (size > 0)
    memcpy (frame + TEA_FRAME_HEAD_SIZE, body, size);

  return g_bytes_new_take (frame, TEA_FRAME_HEAD_SIZE + size);
}

/* Writes a frame with a body, which it takes if it is floating. */
GBytes *
tea_frame_encode_body (TeaFrameType type, GVariant *body)
{
  g_autoptr (GVariant) native = g_variant_ref_sink (body);

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return make_frame (type, g_variant_get_data (native), g_variant_get_size (native));
#else
  g_autoptr (GVariant) swapped = g_variant_byteswap (native);

  return make_frame (type, g_variant_get_data (swapped), g_variant_get_size (swapped));
#endif
}

/* Reasons may be translations of any length. */
static char *
shorten_reason (const char *text)
{
  gsize size = strlen (text);

  if (size > TEA_REASON_MAX_BYTES)
    size = (gsize) (g_utf8_find_prev_char (text, text + TEA_REASON_MAX_BYTES + 1) - text);

  return g_strndup (text, size);
}

/**
 * tea_frame_encode_hello:
 * @minimum: the oldest version that is spoken
 * @maximum: the newest
 * @software: what this program calls itself
 * @room: the room's name; `""` for the only one of the server
 *
 * Writes the first frame of a client.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_hello (guint8 minimum, guint8 maximum, const char *software, const char *room)
{
  g_return_val_if_fail (minimum > 0 && minimum <= maximum, NULL);
  g_return_val_if_fail (is_within (software, TEA_WIRE_LABEL_MAX_BYTES), NULL);
  g_return_val_if_fail (is_within (room, TEA_WIRE_LABEL_MAX_BYTES), NULL);

  return tea_frame_encode_body (TEA_FRAME_HELLO,
                                g_variant_new ("(yyss)", minimum, maximum, software, room));
}

/**
 * tea_frame_encode_welcome:
 * @version: the version that both are to speak
 * @software: what this program calls itself
 *
 * Writes a server's answer to a hello.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_welcome (guint8 version, const char *software)
{
  g_return_val_if_fail (version > 0, NULL);
  g_return_val_if_fail (is_within (software, TEA_WIRE_LABEL_MAX_BYTES), NULL);

  return tea_frame_encode_body (TEA_FRAME_WELCOME, g_variant_new ("(ys)", version, software));
}

/**
 * tea_frame_encode_enter:
 * @epoch: of the log that @since counts in; 0 when none is known
 * @since: up to which number everything is known; 0 when nothing is
 * @stream: this program's number among those of its key, not 0
 * @history: how many of the latest events are wanted when nothing is known
 * @name: the name that is asked for
 * @password: the room's password; `""` for none
 *
 * Writes a request to be let in.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_enter (guint64 epoch,
                        guint64 since,
                        guint32 stream,
                        guint32 history,
                        const char *name,
                        const char *password)
{
  g_return_val_if_fail (stream > 0, NULL);
  g_return_val_if_fail (is_within (name, TEA_WIRE_NAME_MAX_BYTES), NULL);
  g_return_val_if_fail (is_within (password, TEA_PASSWORD_MAX_BYTES), NULL);

  return tea_frame_encode_body (TEA_FRAME_ENTER, g_variant_new ("(ttuuss)", epoch, since, stream,
                                                                history, name, password));
}

/**
 * tea_frame_encode_entered:
 * @epoch: of the log, not 0
 * @first: the first number that is kept, above 0
 * @start: from which number on the client gets everything, from @first to @head + 1
 * @head: the latest number; 0 in an empty log
 * @number: the latest message stored of the client's stream; 0 for none
 * @name: the name the client has
 * @room: what the room is called; `""` for nothing
 *
 * Writes the answer to somebody who is let in.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_entered (guint64 epoch,
                          guint64 first,
                          guint64 start,
                          guint64 head,
                          guint32 number,
                          const char *name,
                          const char *room)
{
  g_return_val_if_fail (epoch > 0, NULL);
  g_return_val_if_fail (first > 0 && first <= start && start - 1 <= head, NULL);
  g_return_val_if_fail (is_name (name), NULL);
  g_return_val_if_fail (is_within (room, TEA_WIRE_LABEL_MAX_BYTES), NULL);

  return tea_frame_encode_body (TEA_FRAME_ENTERED, g_variant_new ("(ttttuss)", epoch, first, start,
                                                                  head, number, name, room));
}

/**
 * tea_frame_encode_refused:
 * @code: why
 * @text: why, in the server's words
 * @suggestion: a name that is free; `""` for none
 *
 * Writes the answer to somebody who is not let in.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_refused (TeaRefusal code, const char *text, const char *suggestion)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (is_within (suggestion, TEA_WIRE_NAME_MAX_BYTES), NULL);

  reason = shorten_reason (text);

  return tea_frame_encode_body (TEA_FRAME_REFUSED,
                                g_variant_new ("(yss)", (guint8) code, reason, suggestion));
}

/**
 * tea_frame_encode_empty:
 * @from: the first number
 * @to: the last one
 *
 * Writes that some numbers hold nothing.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_empty (guint64 from, guint64 to)
{
  g_return_val_if_fail (from > 0 && from <= to, NULL);

  return tea_frame_encode_body (TEA_FRAME_EMPTY, g_variant_new ("(tt)", from, to));
}

/**
 * tea_frame_encode_head:
 * @first: the first number that is kept, above 0
 * @head: the latest number; 0 in an empty log
 *
 * Writes where the log begins and ends.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_head (guint64 first, guint64 head)
{
  g_return_val_if_fail (first > 0 && first - 1 <= head, NULL);

  return tea_frame_encode_body (TEA_FRAME_HEAD, g_variant_new ("(tt)", first, head));
}

/**
 * tea_frame_encode_pull:
 * @ranges: (array length=n_ranges): which numbers
 * @n_ranges: how many ranges, from 1 to %TEA_PULL_MAX_RANGES
 *
 * Writes a request for events.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_pull (const TeaRange *ranges, guint n_ranges)
{
  g_return_val_if_fail (ranges != NULL, NULL);
  g_return_val_if_fail (n_ranges > 0 && n_ranges <= TEA_PULL_MAX_RANGES, NULL);

  for (guint i = 0; i < n_ranges; i++)
    g_return_val_if_fail (ranges[i].from > 0 && ranges[i].from <= ranges[i].to, NULL);

  return tea_frame_encode_body (TEA_FRAME_PULL,
                                g_variant_new_fixed_array (G_VARIANT_TYPE ("(tt)"), ranges,
                                                           n_ranges, sizeof (TeaRange)));
}

/**
 * tea_frame_encode_pull_pieces:
 * @seq: of which event
 * @missing: which pieces: a bit for each, the lowest for the first
 *
 * Writes a request for pieces of an event. Bits beyond the last piece may be set, as the
 * asker may not know how many there are.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_pull_pieces (guint64 seq, guint32 missing)
{
  g_return_val_if_fail (seq > 0, NULL);
  g_return_val_if_fail (missing > 0, NULL);

  return tea_frame_encode_body (TEA_FRAME_PULL_PIECES, g_variant_new ("(tu)", seq, missing));
}

/**
 * tea_frame_encode_say:
 * @number: which of the stream's messages it is, from 1 on
 * @oldest: the stream's lowest number that may still be said, from 1 to @number
 * @text: what is said
 *
 * Writes a message. If the frame is too long for a packet, see tea_frame_split_say().
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_say (guint32 number, guint32 oldest, const char *text)
{
  g_return_val_if_fail (oldest > 0 && oldest <= number, NULL);
  g_return_val_if_fail (is_within (text, TEA_TEXT_MAX_BYTES) && *text != '\0', NULL);

  return tea_frame_encode_body (TEA_FRAME_SAY, g_variant_new ("(uus)", number, oldest, text));
}

/**
 * tea_frame_encode_say_pieces:
 * @number: of which message
 * @received: which pieces have come: a bit for each, the lowest for the first
 *
 * Writes which pieces of a message have come.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_say_pieces (guint32 number, guint32 received)
{
  g_return_val_if_fail (number > 0, NULL);

  return tea_frame_encode_body (TEA_FRAME_SAY_PIECES, g_variant_new ("(uu)", number, received));
}

/**
 * tea_frame_encode_ack:
 * @number: which of the stream's messages
 * @seq: the number under which it is stored
 *
 * Writes that a message is stored.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_ack (guint32 number, guint64 seq)
{
  g_return_val_if_fail (number > 0, NULL);
  g_return_val_if_fail (seq > 0, NULL);

  return tea_frame_encode_body (TEA_FRAME_ACK, g_variant_new ("(tu)", seq, number));
}

/**
 * tea_frame_encode_nack:
 * @number: which of the stream's messages
 * @code: why
 * @text: why, in the server's words
 *
 * Writes that a message is not stored.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_nack (guint32 number, TeaRefusal code, const char *text)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (number > 0, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  reason = shorten_reason (text);

  return tea_frame_encode_body (TEA_FRAME_NACK,
                                g_variant_new ("(uys)", number, (guint8) code, reason));
}

/**
 * tea_frame_encode_ping:
 * @token: comes back in the answer
 *
 * Writes a question whether the other side is there.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_ping (guint64 token)
{
  return tea_frame_encode_body (TEA_FRAME_PING, g_variant_new ("(t)", token));
}

/**
 * tea_frame_encode_pong:
 * @token: what came with the question
 *
 * Writes the answer to a ping.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_pong (guint64 token)
{
  return tea_frame_encode_body (TEA_FRAME_PONG, g_variant_new ("(t)", token));
}

/**
 * tea_frame_encode_who:
 * @after: only those who joined after this number; 0 for all
 *
 * Writes the question who is in the room.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_who (guint64 after)
{
  return tea_frame_encode_body (TEA_FRAME_WHO, g_variant_new ("(t)", after));
}

/**
 * tea_frame_encode_present:
 * @as_of: up to which event this takes account
 * @next: after which number to ask again: that of the last of @members; 0 when these are
 *   all
 * @members: (array length=n_members) (nullable): in the order in which they joined
 * @n_members: how many
 *
 * Writes who is in the room, or a part of them: as many as one packet takes.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_present (guint64 as_of,
                          guint64 next,
                          const TeaPresentMember *members,
                          guint n_members)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("(tta(tsay))"));
  guint64 last = 0;

  g_return_val_if_fail (members != NULL || n_members == 0, NULL);

  g_variant_builder_add (&builder, "t", as_of);
  g_variant_builder_add (&builder, "t", next);
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(tsay)"));
  for (guint i = 0; i < n_members; i++)
    {
      guint8 digest[TEA_FINGERPRINT_SIZE];
      gsize size = members[i].key != NULL ? sizeof digest : 0;

      g_return_val_if_fail (members[i].joined > last, NULL);
      g_return_val_if_fail (is_name (members[i].name), NULL);
      g_return_val_if_fail (size == 0 || tea_fingerprint_to_bytes (members[i].key, digest), NULL);

      last = members[i].joined;
      g_variant_builder_add (&builder, "(ts@ay)", members[i].joined, members[i].name,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, size, 1));
    }
  g_variant_builder_close (&builder);
  g_return_val_if_fail (next == 0 || next >= last, NULL);

  return tea_frame_encode_body (TEA_FRAME_PRESENT, g_variant_builder_end (&builder));
}

/**
 * tea_frame_encode_challenge:
 * @token: what the client has to send back
 *
 * Writes a question whether the client is where it seems to be.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_challenge (guint64 token)
{
  return tea_frame_encode_body (TEA_FRAME_CHALLENGE, g_variant_new ("(t)", token));
}

/**
 * tea_frame_encode_response:
 * @token: what came with the challenge
 *
 * Writes the answer to a challenge.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_response (guint64 token)
{
  return tea_frame_encode_body (TEA_FRAME_RESPONSE, g_variant_new ("(t)", token));
}

/**
 * tea_frame_encode_leave:
 *
 * Writes a client's goodbye.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_leave (void)
{
  return make_frame (TEA_FRAME_LEAVE, NULL, 0);
}

/**
 * tea_frame_encode_bye:
 * @code: why
 * @text: why, in the server's words
 *
 * Writes a server's goodbye.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_bye (TeaBye code, const char *text)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  reason = shorten_reason (text);

  return tea_frame_encode_body (TEA_FRAME_BYE, g_variant_new ("(ys)", (guint8) code, reason));
}
