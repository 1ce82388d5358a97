/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-encode.h"

#include <string.h>

#include "tea-body.h"
#include "tea-event-rules.h"
#include "tea-frame-event.h"
#include "tea-frame-rules.h"

#define ENCODE(type_, field_, ...) \
  tea_frame_encode (&(TeaFrame){ .type = (type_), .field_ = { __VA_ARGS__ } })

/* Reasons may be translations of any length. */
static char *
shorten_reason (const char *text)
{
  gsize size = strlen (text);

  if (size > TEA_REASON_MAX_BYTES)
    size = (gsize) (g_utf8_find_prev_char (text, text + TEA_REASON_MAX_BYTES + 1) - text);

  return g_strndup (text, size);
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

/**
 * tea_frame_encode:
 * @self: a frame of which the type and the fields of that are filled in
 *
 * Writes a frame. What breaks a rule of PROTOCOL.md is a fault of this program and is not
 * written.
 *
 * Returns: (transfer full) (nullable): the frame; %NULL if it breaks a rule
 */
GBytes *
tea_frame_encode (const TeaFrame *self)
{
  const TeaFrameRules *rules;
  const char *rule;
  guint8 numbers[TEA_FRAME_NUMBERS_MAX_BYTES];
  g_autoptr (GVariant) body = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  rules = tea_frame_rules_get (self->type);
  g_return_val_if_fail (rules != NULL, NULL);

  rule = tea_frame_rules_check (self);
  if (rule != NULL)
    {
      g_critical ("A frame would break a rule (%s: %s)", rules->name, rule);
      return NULL;
    }

  if (rules->type == NULL)
    return make_frame (self->type, NULL, 0);

  if (self->type == TEA_FRAME_EVENT)
    return tea_frame_event_write (self);
  if (tea_frame_rules_is_of_numbers (rules))
    return make_frame (self->type, numbers, tea_frame_rules_write_numbers (self, numbers));

  body = tea_body_write (tea_frame_rules_write (self));

  return make_frame (self->type, g_variant_get_data (body), g_variant_get_size (body));
}

/**
 * tea_frame_encode_hello:
 * @minimum: the oldest version that is spoken
 * @maximum: the newest
 * @software: what this program calls itself
 *
 * Writes the first frame of a client.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_hello (guint8 minimum, guint8 maximum, const char *software)
{
  return ENCODE (TEA_FRAME_HELLO, hello, .minimum = minimum, .maximum = maximum,
                 .software = software);
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
  return ENCODE (TEA_FRAME_WELCOME, welcome, .version = version, .software = software);
}

/**
 * tea_frame_encode_enter:
 * @stream: this program's number among those of its key, not 0
 * @name: the name that is asked for
 * @password: the house's password; `""` for none
 *
 * Writes a request to be let into the house.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_enter (guint32 stream, const char *name, const char *password)
{
  return ENCODE (TEA_FRAME_ENTER, enter, .stream = stream, .name = name, .password = password);
}

/**
 * tea_frame_encode_entered:
 * @flags: what the client may do
 * @name: the name the client has
 * @title: what the house is called; `""` for nothing
 *
 * Writes the answer to somebody who is let into the house.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_entered (TeaHouseFlags flags, const char *name, const char *title)
{
  return ENCODE (TEA_FRAME_ENTERED, entered, .flags = flags, .name = name, .title = title);
}

/**
 * tea_frame_encode_refused:
 * @code: why
 * @text: why, in the server's words
 * @suggestion: a name that is free; `""` for none
 *
 * Writes the answer to somebody who is not let in, or gets no room opened.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_refused (TeaRefusal code, const char *text, const char *suggestion)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  reason = shorten_reason (text);

  return ENCODE (TEA_FRAME_REFUSED, refused, .code = code, .text = reason,
                 .suggestion = suggestion);
}

/**
 * tea_frame_encode_event:
 * @event: an event of a log, with its number there
 *
 * Writes an event, without its author's key: as EVENT, or as MORE where it has what only that
 * can say. The frame of a long one is too long for a packet: see tea_frame_split_event().
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_event (TeaEvent *event)
{
  g_return_val_if_fail (event != NULL, NULL);

  return ENCODE (tea_event_rules_is_plain (tea_event_get_fields (event)) ? TEA_FRAME_EVENT
                                                                         : TEA_FRAME_MORE,
                 event, .event = event);
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
  return ENCODE (TEA_FRAME_EMPTY, empty, .from = from, .to = to);
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
  return ENCODE (TEA_FRAME_HEAD, head, .first = first, .head = head);
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

  return ENCODE (TEA_FRAME_PULL, pull, .ranges = ranges, .n_ranges = n_ranges);
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
  return ENCODE (TEA_FRAME_PULL_PIECES, pull_pieces, .seq = seq, .missing = missing);
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
  return ENCODE (TEA_FRAME_SAY, say, .number = number, .oldest = oldest, .text = text);
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
  return ENCODE (TEA_FRAME_SAY_PIECES, say_pieces, .number = number, .received = received);
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
  return ENCODE (TEA_FRAME_ACK, ack, .number = number, .seq = seq);
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

  g_return_val_if_fail (text != NULL, NULL);

  reason = shorten_reason (text);

  return ENCODE (TEA_FRAME_NACK, nack, .number = number, .code = code, .text = reason);
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
  return ENCODE (TEA_FRAME_PING, ping, .token = token);
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
  return ENCODE (TEA_FRAME_PONG, pong, .token = token);
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
  return ENCODE (TEA_FRAME_WHO, who, .after = after);
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
  g_return_val_if_fail (members != NULL || n_members == 0, NULL);

  return ENCODE (TEA_FRAME_PRESENT, present, .as_of = as_of, .next = next, .members = members,
                 .n_members = n_members);
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
  return ENCODE (TEA_FRAME_CHALLENGE, challenge, .token = token);
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
  return ENCODE (TEA_FRAME_RESPONSE, response, .token = token);
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
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_LEAVE });
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

  return ENCODE (TEA_FRAME_BYE, bye, .code = code, .text = reason);
}

/**
 * tea_frame_encode_in:
 * @channel: a channel; 0 for that of the hall
 *
 * Writes that what follows in a packet is of a channel.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_in (guint16 channel)
{
  return ENCODE (TEA_FRAME_IN, in, .channel = channel);
}

/**
 * tea_frame_encode_open:
 * @epoch: of the log that @since counts in; 0 when none is known
 * @since: up to which number everything is known; 0 when nothing is
 * @check: what tea_event_get_check() tells of the event @since; 0 where it is not known
 * @history: how many of the latest events are wanted at most; 0 for all since
 * @room: the address of the room; `""` for the hall
 * @password: the room's password; `""` for none
 *
 * Writes a request to open a room in a channel.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_open (guint64 epoch,
                       guint64 since,
                       guint64 check,
                       guint32 history,
                       const char *room,
                       const char *password)
{
  return ENCODE (TEA_FRAME_OPEN, open, .epoch = epoch, .since = since, .check = check,
                 .history = history, .room = room, .password = password);
}

/**
 * tea_frame_encode_close:
 * @code: why
 * @text: why, in the server's words; or the address of a room
 *
 * Writes that a channel is closed.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_close (TeaClose code, const char *text)
{
  g_autofree char *reason = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  reason = shorten_reason (text);

  return ENCODE (TEA_FRAME_CLOSE, close, .code = code, .text = reason);
}

/**
 * tea_frame_encode_make:
 * @flags: how the room is to be
 * @address: the address of the room
 * @title: what it is called; `""` where the address is all
 * @password: the room's password; `""` for none
 *
 * Writes a request to make a room and to open it in a channel.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_make (TeaRoomFlags flags,
                       const char *address,
                       const char *title,
                       const char *password)
{
  return ENCODE (TEA_FRAME_MAKE, make, .flags = flags, .address = address, .title = title,
                 .password = password);
}

/**
 * tea_frame_encode_rooms:
 * @which: which rooms
 * @after: only those behind this address; `""` for all
 *
 * Writes the question which rooms there are.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_rooms (TeaRooms which, const char *after)
{
  return ENCODE (TEA_FRAME_ROOMS, rooms, .which = which, .after = after);
}

/**
 * tea_frame_encode_room_list:
 * @which: which rooms
 * @after: what the question had; `""` in news
 * @next: after which address to ask again; `""` when these are all
 * @rooms: (array length=n_rooms) (nullable): the rooms
 * @n_rooms: how many
 *
 * Writes which rooms there are, or some of them: as many as one packet takes.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_room_list (
    TeaRooms which, const char *after, const char *next, const TeaListedRoom *rooms, guint n_rooms)
{
  g_return_val_if_fail (rooms != NULL || n_rooms == 0, NULL);

  return ENCODE (TEA_FRAME_ROOM_LIST, room_list, .which = which, .after = after, .next = next,
                 .rooms = rooms, .n_rooms = n_rooms);
}

/**
 * tea_frame_encode_total:
 * @sum: of the ends of the logs of all open rooms
 *
 * Writes how far all open rooms have come.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_total (guint64 sum)
{
  return ENCODE (TEA_FRAME_TOTAL, total, .sum = sum);
}

/**
 * tea_frame_encode_heads:
 *
 * Writes a request for the end of the log of each open room.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_heads (void)
{
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_HEADS });
}

/**
 * tea_frame_encode_tell:
 * @number: which of the stream's messages it is, from 1 on
 * @oldest: the stream's lowest number that may still be said, from 1 to @number
 * @kind: what is done
 * @target: the event that is meant; 0 for none
 * @text: with which text; `""` for none
 * @data: (nullable): with which data; %NULL for none
 *
 * Writes what a message cannot say. If the frame is too long for a packet, see
 * tea_frame_split_tell().
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_tell (guint32 number,
                       guint32 oldest,
                       TeaEventKind kind,
                       guint64 target,
                       const char *text,
                       GBytes *data)
{
  int wire = tea_event_kind_to_wire (kind);

  g_return_val_if_fail (wire >= 0, NULL);

  return ENCODE (TEA_FRAME_TELL, tell, .number = number, .oldest = oldest, .target = target,
                 .wire_kind = (guint8) wire, .text = text, .data = data);
}

/**
 * tea_frame_encode_hold:
 * @number: which of the stream's messages
 * @delay: in ms
 *
 * Writes that a message may be said again after a while.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_hold (guint32 number, guint32 delay)
{
  return ENCODE (TEA_FRAME_HOLD, hold, .number = number, .delay = delay);
}

/**
 * tea_frame_encode_typing:
 * @name: who; `""` from a client
 *
 * Writes that somebody is writing.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_typing (const char *name)
{
  return ENCODE (TEA_FRAME_TYPING, typing, .name = name);
}

/**
 * tea_frame_encode_read:
 * @read: up to which number
 * @unread: how many messages come after it; 0 from a client
 *
 * Writes up to where somebody has read.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_read (guint64 read, guint32 unread)
{
  return ENCODE (TEA_FRAME_READ, read, .read = read, .unread = unread);
}

/**
 * tea_frame_encode_find:
 * @number: which question of the client it is, not 0
 * @before: only events before this one are wanted; 0 for all
 * @words: what is looked for, see tea_search_text_query()
 *
 * Writes that a client looks for messages.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_find (guint32 number, guint64 before, const char *words)
{
  return ENCODE (TEA_FRAME_FIND, find, .number = number, .before = before, .words = words);
}

/**
 * tea_frame_encode_found:
 * @number: of the question
 * @next: before which event to go on; 0 where these are all
 * @seqs: (array length=n_seqs): the numbers of the events, the newest first
 * @n_seqs: how many they are, at most %TEA_FOUND_MAX_EVENTS
 *
 * Writes which messages were found.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_found (guint32 number, guint64 next, const guint64 *seqs, guint n_seqs)
{
  return ENCODE (TEA_FRAME_FOUND, found, .number = number, .next = next,
                 .events = { seqs, n_seqs });
}

/**
 * tea_frame_encode_limits:
 * @max_file: the largest file, in bytes; 0 where there are none
 * @space: how many bytes of files are left for the client's key
 * @edit_hours: for how long one may edit a message; 0 for ever
 * @port: the port of TCP for files; 0 for none
 *
 * Writes what is allowed to a client.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_limits (guint64 max_file, guint64 space, guint32 edit_hours, guint16 port)
{
  return ENCODE (TEA_FRAME_LIMITS, limits, .max_file = max_file, .space = space,
                 .edit_hours = edit_hours, .port = port);
}
