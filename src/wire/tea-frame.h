/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"

G_BEGIN_DECLS

/**
 * TEA_PROTOCOL_VERSION:
 *
 * The newest version of the secure protocol that this program speaks.
 */
#define TEA_PROTOCOL_VERSION 1

/**
 * TEA_PIECE_SIZE:
 *
 * How many bytes a piece of something long has, but for the last.
 */
#define TEA_PIECE_SIZE 900

/**
 * TEA_MAX_PIECES:
 *
 * How many pieces something long can have: a bit each in 32.
 */
#define TEA_MAX_PIECES 32

/**
 * TEA_PULL_MAX_RANGES:
 *
 * How many ranges one request for events can name.
 */
#define TEA_PULL_MAX_RANGES 16

/**
 * TEA_PACKET_MAX_FRAMES:
 *
 * How many frames a packet can have, those of later versions counted.
 */
#define TEA_PACKET_MAX_FRAMES 128

/**
 * TeaFrameType:
 * @TEA_FRAME_UNKNOWN: of a later version; to be passed over
 * @TEA_FRAME_HELLO: client: which versions it speaks, which room it means
 * @TEA_FRAME_WELCOME: server: which version it is to be
 * @TEA_FRAME_ENTER: client: let me in
 * @TEA_FRAME_ENTERED: server: you are in
 * @TEA_FRAME_REFUSED: server: you are not, and why
 * @TEA_FRAME_EVENT: server: something happened
 * @TEA_FRAME_PIECE: server: a part of an event too long for one packet
 * @TEA_FRAME_EMPTY: server: these numbers hold nothing
 * @TEA_FRAME_HEAD: server: where the log begins and ends
 * @TEA_FRAME_PULL: client: send me these numbers
 * @TEA_FRAME_PULL_PIECES: client: send me these pieces of an event
 * @TEA_FRAME_SAY: client: I say
 * @TEA_FRAME_SAY_PIECE: client: a part of what I say
 * @TEA_FRAME_SAY_PIECES: server: which parts of it have come
 * @TEA_FRAME_ACK: server: it is stored, under this number
 * @TEA_FRAME_NACK: server: it is not, and why
 * @TEA_FRAME_PING: either: are you there?
 * @TEA_FRAME_PONG: either: yes
 * @TEA_FRAME_WHO: client: who is in the room?
 * @TEA_FRAME_PRESENT: server: some of those who are
 * @TEA_FRAME_CHALLENGE: server: show that you can be reached where you are
 * @TEA_FRAME_RESPONSE: client: I can
 * @TEA_FRAME_LEAVE: client: goodbye
 * @TEA_FRAME_BYE: server: goodbye, and why
 *
 * The kinds of frames, with their numbers on the wire.
 */
typedef enum
{
  TEA_FRAME_UNKNOWN = 0,
  TEA_FRAME_HELLO = 1,
  TEA_FRAME_WELCOME = 2,
  TEA_FRAME_ENTER = 3,
  TEA_FRAME_ENTERED = 4,
  TEA_FRAME_REFUSED = 5,
  TEA_FRAME_EVENT = 6,
  TEA_FRAME_PIECE = 7,
  TEA_FRAME_EMPTY = 8,
  TEA_FRAME_HEAD = 9,
  TEA_FRAME_PULL = 10,
  TEA_FRAME_PULL_PIECES = 11,
  TEA_FRAME_SAY = 12,
  TEA_FRAME_SAY_PIECE = 13,
  TEA_FRAME_SAY_PIECES = 14,
  TEA_FRAME_ACK = 15,
  TEA_FRAME_NACK = 16,
  TEA_FRAME_PING = 17,
  TEA_FRAME_PONG = 18,
  TEA_FRAME_WHO = 19,
  TEA_FRAME_PRESENT = 20,
  TEA_FRAME_CHALLENGE = 21,
  TEA_FRAME_RESPONSE = 22,
  TEA_FRAME_LEAVE = 23,
  TEA_FRAME_BYE = 24,
} TeaFrameType;

/**
 * TeaRefusal:
 * @TEA_REFUSAL_OTHER: for the reason the text tells
 * @TEA_REFUSAL_VERSION: no version of the protocol is spoken by both
 * @TEA_REFUSAL_NO_ROOM: there is no room of that name
 * @TEA_REFUSAL_NAME_UNFIT: the name cannot be one
 * @TEA_REFUSAL_NAME_TAKEN: the name is somebody else's; there may be a suggestion
 * @TEA_REFUSAL_ROOM_FULL: the room takes no more people
 * @TEA_REFUSAL_PASSWORD_NEEDED: the room has a password, and none was given
 * @TEA_REFUSAL_PASSWORD_WRONG: that is not the room's password
 * @TEA_REFUSAL_TRY_LATER: too many tries, or the server's disk is full; try again later
 * @TEA_REFUSAL_NOT_INSIDE: said by somebody who is not in the room
 * @TEA_REFUSAL_TEXT_UNFIT: the message is empty, too long or not text
 *
 * Why a server does not do what a client asks. The text that goes with it is the server's
 * own; clients show their own words for what they know. Codes of later versions are read
 * as %TEA_REFUSAL_OTHER.
 */
typedef enum
{
  TEA_REFUSAL_OTHER = 0,
  TEA_REFUSAL_VERSION = 1,
  TEA_REFUSAL_NO_ROOM = 2,
  TEA_REFUSAL_NAME_UNFIT = 3,
  TEA_REFUSAL_NAME_TAKEN = 4,
  TEA_REFUSAL_ROOM_FULL = 5,
  TEA_REFUSAL_PASSWORD_NEEDED = 6,
  TEA_REFUSAL_PASSWORD_WRONG = 7,
  TEA_REFUSAL_TRY_LATER = 8,
  TEA_REFUSAL_NOT_INSIDE = 9,
  TEA_REFUSAL_TEXT_UNFIT = 10,
} TeaRefusal;

/**
 * TeaBye:
 * @TEA_BYE_LEFT: the client asked for it
 * @TEA_BYE_CLOSED: the room is closed for good; do not come back by yourself
 * @TEA_BYE_RESTART: the server goes down, but means to be back; try again
 * @TEA_BYE_UNKNOWN: the server does not know this session (any more); enter again
 *
 * Why a server says goodbye. Codes of later versions are read as %TEA_BYE_CLOSED.
 */
typedef enum
{
  TEA_BYE_LEFT = 0,
  TEA_BYE_CLOSED = 1,
  TEA_BYE_RESTART = 2,
  TEA_BYE_UNKNOWN = 3,
} TeaBye;

/**
 * TeaRange:
 * @from: the first number
 * @to: the last number, not below @from
 *
 * Some numbers of a log that follow each other.
 */
typedef struct
{
  guint64 from;
  guint64 to;
} TeaRange;

/**
 * TeaPresentMember:
 * @joined: the number of the event by which they are in the room
 * @name: what they are called
 * @key: (nullable): the fingerprint of their key; %NULL for classic members
 *
 * Somebody who is in the room.
 */
typedef struct
{
  guint64 joined;
  const char *name;
  const char *key;
} TeaPresentMember;

/**
 * TeaFrame:
 * @type: which kind it is, and with it, which of the fields below count
 *
 * A frame that was read. Pointers in it live until the next frame is read, or
 * tea_frame_clear(); strings are valid UTF-8, and every rule of PROTOCOL.md is kept.
 *
 * Names are not looked at beyond their size: that of an ENTER may be unfit, or empty.
 */
typedef struct
{
  TeaFrameType type;

  union
  {
    struct
    {
      guint8 minimum;
      guint8 maximum;
      const char *software;
      const char *room; /* "" for the server's only one */
    } hello;
    struct
    {
      guint8 version;
      const char *software;
    } welcome;
    struct
    {
      guint64 epoch; /* of the log that @since counts in; 0 when none is known */
      guint64 since; /* everything up to here is known; 0 when nothing is */
      guint32 stream;
      guint32 history; /* how many of the latest events are wanted when nothing is known */
      const char *name;
      const char *password; /* "" when none is given */
    } enter;
    struct
    {
      guint64 epoch;
      guint64 first;  /* the first number that is kept; 1 in an empty log */
      guint64 start;  /* what the client is to have everything from, on */
      guint64 head;   /* the latest number; 0 in an empty log */
      guint32 number; /* the latest number stored of the client's stream; 0 for none */
      const char *name;
      const char *room; /* what the room is called; "" for nothing */
    } entered;
    struct
    {
      TeaRefusal code;
      const char *text;
      const char *suggestion; /* "" for none */
    } refused;
    struct
    {
      TeaEvent *event; /* without the author's key */
    } event;
    struct
    {
      guint64 seq;
      guint index;
      guint count;
      GBytes *bytes; /* of the body of the event's frame */
    } piece;
    TeaRange empty;
    struct
    {
      guint64 first;
      guint64 head;
    } head;
    struct
    {
      const TeaRange *ranges;
      guint n_ranges; /* 1 to TEA_PULL_MAX_RANGES */
    } pull;
    struct
    {
      guint64 seq;
      guint32 missing; /* a bit for each piece, the lowest for the first */
    } pull_pieces;
    struct
    {
      guint32 number;
      guint32 oldest; /* the stream's lowest number that may still be said, up to @number */
      const char *text;
    } say;
    struct
    {
      guint32 number;
      guint32 oldest;
      guint index;
      guint count;
      GBytes *bytes; /* of the text */
    } say_piece;
    struct
    {
      guint32 number;
      guint32 received;
    } say_pieces;
    struct
    {
      guint64 seq;
      guint32 number;
    } ack;
    struct
    {
      guint32 number;
      TeaRefusal code;
      const char *text;
    } nack;
    struct
    {
      guint64 token; /* comes back with the PONG */
    } ping;
    struct
    {
      guint64 token;
    } pong;
    struct
    {
      guint64 after; /* only those who joined after this number */
    } who;
    struct
    {
      guint64 as_of; /* up to which event this takes account */
      guint64 next;  /* ask WHO again, after this number; 0 when these are all */
      const TeaPresentMember *members;
      guint n_members;
    } present;
    struct
    {
      guint64 token;
    } challenge;
    struct
    {
      guint64 token;
    } response;
    struct
    {
      TeaBye code;
      const char *text;
    } bye;
  };

  /*< private >*/
  GVariant *body;
  gpointer owned;
} TeaFrame;

#define TEA_FRAME_INIT        \
  {                           \
    .type = TEA_FRAME_UNKNOWN \
  }

/**
 * TeaFrameReader:
 *
 * Where one is in a packet. The packet has to stay for as long.
 */
typedef struct
{
  /*< private >*/
  GBytes *packet;
  gsize offset;
  guint n_frames;
} TeaFrameReader;

#define TEA_FRAME_READER_INIT(packet_) \
  {                                    \
    .packet = (packet_)                \
  }

void tea_frame_clear (TeaFrame *self);
gboolean tea_frame_reader_next (TeaFrameReader *self, TeaFrame *frame, GError **error);

GBytes *
tea_frame_encode_hello (guint8 minimum, guint8 maximum, const char *software, const char *room);
GBytes *tea_frame_encode_welcome (guint8 version, const char *software);
GBytes *tea_frame_encode_enter (guint64 epoch,
                                guint64 since,
                                guint32 stream,
                                guint32 history,
                                const char *name,
                                const char *password);
GBytes *tea_frame_encode_entered (guint64 epoch,
                                  guint64 first,
                                  guint64 start,
                                  guint64 head,
                                  guint32 number,
                                  const char *name,
                                  const char *room);
GBytes *tea_frame_encode_refused (TeaRefusal code, const char *text, const char *suggestion);
GBytes *tea_frame_encode_event (TeaEvent *event);
GBytes *tea_frame_encode_empty (guint64 from, guint64 to);
GBytes *tea_frame_encode_head (guint64 first, guint64 head);
GBytes *tea_frame_encode_pull (const TeaRange *ranges, guint n_ranges);
GBytes *tea_frame_encode_pull_pieces (guint64 seq, guint32 missing);
GBytes *tea_frame_encode_say (guint32 number, guint32 oldest, const char *text);
GBytes *tea_frame_encode_say_pieces (guint32 number, guint32 received);
GBytes *tea_frame_encode_ack (guint32 number, guint64 seq);
GBytes *tea_frame_encode_nack (guint32 number, TeaRefusal code, const char *text);
GBytes *tea_frame_encode_ping (guint64 token);
GBytes *tea_frame_encode_pong (guint64 token);
GBytes *tea_frame_encode_who (guint64 after);
GBytes *tea_frame_encode_present (guint64 as_of,
                                  guint64 next,
                                  const TeaPresentMember *members,
                                  guint n_members);
GBytes *tea_frame_encode_challenge (guint64 token);
GBytes *tea_frame_encode_response (guint64 token);
GBytes *tea_frame_encode_leave (void);
GBytes *tea_frame_encode_bye (TeaBye code, const char *text);

/* What is too long for one packet: the pieces' frames of an event's frame, and of a text. */
GPtrArray *tea_frame_split_event (GBytes *event_frame, guint64 seq);
GPtrArray *tea_frame_split_say (guint32 number, guint32 oldest, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaFrame, tea_frame_clear)

G_END_DECLS
