/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"
#include "tea-refusal.h"
#include "tea-room-flags.h"

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
 * TEA_FRAME_HEAD_SIZE:
 *
 * How many bytes stand in front of every body: the type, and the body's size.
 */
#define TEA_FRAME_HEAD_SIZE 3

/**
 * TEA_UNREAD_MORE:
 *
 * What is told of messages that were not read where there are as many or more.
 */
#define TEA_UNREAD_MORE 1000

/**
 * TEA_FOUND_MAX_EVENTS:
 *
 * How many events one answer to a search can name.
 */
#define TEA_FOUND_MAX_EVENTS 50

/**
 * TEA_OPENED_MAX_STANDING:
 *
 * How many events can come again when a room is opened: of its topic, and of what is pinned.
 */
#define TEA_OPENED_MAX_STANDING 51

/**
 * TEA_OPENED_ANEW:
 *
 * In the flags of an OPENED: what the client says to know is of another log. It is of this
 * answer, not of the room.
 */
#define TEA_OPENED_ANEW ((guint32) 1 << 16)

/**
 * TeaFrameType:
 * @TEA_FRAME_UNKNOWN: of a later version; to be passed over
 * @TEA_FRAME_HELLO: client: which versions it speaks
 * @TEA_FRAME_WELCOME: server: which version it is to be
 * @TEA_FRAME_ENTER: client: let me into the house
 * @TEA_FRAME_ENTERED: server: you are in
 * @TEA_FRAME_REFUSED: server: you are not, and why; or the room is not open, and why
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
 * @TEA_FRAME_IN: either: what follows in this packet is of this channel
 * @TEA_FRAME_OPEN: client: open a room in this channel
 * @TEA_FRAME_OPENED: server: it is open
 * @TEA_FRAME_CLOSE: either: this channel is closed, and why
 * @TEA_FRAME_MAKE: client: make a room and open it in this channel
 * @TEA_FRAME_ROOMS: client: which rooms are there?
 * @TEA_FRAME_ROOM_LIST: server: some of those that are
 * @TEA_FRAME_TOTAL: server: the sum of the ends of the logs of all open rooms
 * @TEA_FRAME_HEADS: client: tell the end of each
 * @TEA_FRAME_TELL: client: I do something that a message cannot say
 * @TEA_FRAME_TELL_PIECE: client: a part of that
 * @TEA_FRAME_MORE: server: something happened that EVENT cannot say
 * @TEA_FRAME_MORE_PIECE: server: a part of that, too long for one packet
 * @TEA_FRAME_HOLD: server: this message may be said again after a while
 * @TEA_FRAME_TYPING: either: somebody is writing
 * @TEA_FRAME_READ: either: what was read up to where
 * @TEA_FRAME_FIND: client: which messages have these words?
 * @TEA_FRAME_FOUND: server: these have
 * @TEA_FRAME_LIMITS: server: what is allowed to this client
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
  TEA_FRAME_IN = 25,
  TEA_FRAME_OPEN = 26,
  TEA_FRAME_OPENED = 27,
  TEA_FRAME_CLOSE = 28,
  TEA_FRAME_MAKE = 29,
  TEA_FRAME_ROOMS = 30,
  TEA_FRAME_ROOM_LIST = 31,
  TEA_FRAME_TOTAL = 32,
  TEA_FRAME_HEADS = 33,
  TEA_FRAME_TELL = 34,
  TEA_FRAME_TELL_PIECE = 35,
  TEA_FRAME_MORE = 36,
  TEA_FRAME_MORE_PIECE = 37,
  TEA_FRAME_HOLD = 38,
  TEA_FRAME_TYPING = 39,
  TEA_FRAME_READ = 40,
  TEA_FRAME_FIND = 41,
  TEA_FRAME_FOUND = 42,
  TEA_FRAME_LIMITS = 43,
} TeaFrameType;

/**
 * TeaFrameSender:
 * @TEA_FRAME_SENDER_CLIENT: clients
 * @TEA_FRAME_SENDER_SERVER: servers
 *
 * Who sends a frame; some are sent by both.
 */
typedef enum
{
  TEA_FRAME_SENDER_CLIENT = 1 << 0,
  TEA_FRAME_SENDER_SERVER = 1 << 1,
} TeaFrameSender;

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
 * TeaClose:
 * @TEA_CLOSE_ASKED: the other side asked for it
 * @TEA_CLOSE_NOT_OPEN: no room is open in this channel
 * @TEA_CLOSE_OUT: whoever has the session is not a member any more
 * @TEA_CLOSE_GONE: the room is not there any more
 * @TEA_CLOSE_NOT_INTERESTED: client: no more news of the room whose address is the text
 *
 * Why a channel is closed. Codes of later versions are read as %TEA_CLOSE_OUT.
 */
typedef enum
{
  TEA_CLOSE_ASKED = 0,
  TEA_CLOSE_NOT_OPEN = 1,
  TEA_CLOSE_OUT = 2,
  TEA_CLOSE_GONE = 3,
  TEA_CLOSE_NOT_INTERESTED = 4,
} TeaClose;

/**
 * TeaRooms:
 * @TEA_ROOMS_MINE: those of which one is a member
 * @TEA_ROOMS_LISTED: those that everybody in the house finds
 * @TEA_ROOMS_NEWS: one that has news; nobody asks for that
 *
 * Which rooms a client asks for, and a server tells.
 */
typedef enum
{
  TEA_ROOMS_MINE = 0,
  TEA_ROOMS_LISTED = 1,
  TEA_ROOMS_NEWS = 2,
} TeaRooms;

/**
 * TeaHouseFlags:
 * @TEA_HOUSE_MAY_MAKE_ROOMS: whoever entered may make rooms
 * @TEA_HOUSE_OPERATOR: whoever entered is an operator
 * @TEA_HOUSE_NO_PAIRS: there are no private conversations
 *
 * What a server tells with ENTERED. Other bits are of later versions.
 */
typedef enum
{
  TEA_HOUSE_MAY_MAKE_ROOMS = 1 << 0,
  TEA_HOUSE_OPERATOR = 1 << 1,
  TEA_HOUSE_NO_PAIRS = 1 << 2,
} TeaHouseFlags;

/**
 * TeaListedRoom:
 * @head: the latest number of its log; 0 where that is not told
 * @unread: how many messages were not read; %TEA_UNREAD_MORE for as many or more
 * @n_members: how many members it has
 * @flags: how it is
 * @role: what one may do there
 * @address: its address
 * @title: what it is called; `""` where the address is all
 *
 * A room in the list of rooms.
 */
typedef struct
{
  guint64 head;
  guint32 unread;
  guint32 n_members;
  TeaRoomFlags flags;
  TeaRoomRole role;
  const char *address;
  const char *title;
} TeaListedRoom;

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
 * TeaFrameNumbers:
 * @items: (array length=n_items): numbers of events
 * @n_items: how many
 *
 * Some events, by their numbers.
 */
typedef struct
{
  const guint64 *items;
  gsize n_items;
} TeaFrameNumbers;

/**
 * TeaFrame:
 * @type: which kind it is, and with it, which of the fields below count
 * @channel: in which channel it stands; 0 for one of the session
 *
 * A frame that was read. Pointers in it live until the next frame is read, or
 * tea_frame_clear(); strings are valid UTF-8, and every rule of PROTOCOL.md is kept. Or a frame
 * that is to be written, see tea_frame_encode(): what it points to is then the writer's.
 *
 * Names are not looked at beyond their size: that of an ENTER may be unfit, or empty.
 */
typedef struct
{
  TeaFrameType type;
  guint16 channel;

  union
  {
    struct
    {
      guint8 minimum;
      guint8 maximum;
      const char *software;
    } hello;
    struct
    {
      guint8 version;
      const char *software;
    } welcome;
    struct
    {
      guint32 stream;
      const char *name;
      const char *password; /* of the house; "" when none is given */
    } enter;
    struct
    {
      TeaHouseFlags flags;
      const char *name;
      const char *title; /* what the house is called; "" for nothing */
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
    } event;           /* of MORE, too */
    struct
    {
      guint64 seq;
      guint64 version; /* of the form that it is a piece of; 0 in a PIECE */
      guint16 index;
      guint16 count;
      GBytes *bytes; /* of the body of the event's frame */
    } piece;         /* and MORE_PIECE */
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
      guint16 index;
      guint16 count;
      GBytes *bytes; /* of the text; or of the body of TELL */
    } say_piece;     /* and TELL_PIECE */
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
    struct
    {
      guint16 channel;
    } in;
    struct
    {
      guint64 epoch;   /* of the log that @since counts in; 0 when none is known */
      guint64 since;   /* everything up to here is known; 0 when nothing is */
      guint64 check;   /* of the event of that number; 0 where that is not known */
      guint32 history; /* how many of the latest events are wanted at most; 0 for all since */
      const char *room;
      const char *password; /* of the room; "" when none is given */
    } open;
    struct
    {
      guint64 epoch;
      guint64 first;      /* the first number that is kept; 1 in an empty log */
      guint64 start;      /* what the client is to have everything from, on */
      guint64 head;       /* the latest number; 0 in an empty log */
      guint64 read;       /* up to where one has read */
      guint32 number;     /* the latest message stored of the client's stream; 0 for none */
      guint32 unread;     /* messages after @read; TEA_UNREAD_MORE for as many or more */
      TeaRoomFlags flags; /* how the room is; and TEA_OPENED_ANEW */
      guint32 slow_mode;  /* how many seconds members wait between messages */
      TeaRoomRole role;   /* what one may do there */
      const char *address;
      const char *title;
      TeaFrameNumbers standing; /* the events that come again, up to TEA_OPENED_MAX_STANDING */
    } opened;
    struct
    {
      TeaClose code;
      const char *text;
    } close;
    struct
    {
      TeaRoomFlags flags;
      const char *address;
      const char *title;
      const char *password;
    } make;
    struct
    {
      TeaRooms which;
      const char *after; /* only those behind this address; "" for all */
    } rooms;
    struct
    {
      TeaRooms which;
      const char *after; /* of the question that this answers */
      const char *next;  /* ask ROOMS again, after this address; "" when these are all */
      const TeaListedRoom *rooms;
      guint n_rooms;
    } room_list;
    struct
    {
      guint64 sum;
    } total;
    struct
    {
      guint32 number;
      guint32 oldest;
      guint64 target;   /* the event that is meant; 0 for none */
      guint8 wire_kind; /* see tea_event_kind_from_wire() */
      const char *text; /* "" for none */
      GBytes *data;     /* may be empty */
    } tell;
    struct
    {
      guint32 number;
      guint32 delay; /* in ms */
    } hold;
    struct
    {
      const char *name; /* "" from a client */
    } typing;
    struct
    {
      guint64 read;
      guint32 unread; /* 0 from a client */
    } read;
    struct
    {
      guint32 number; /* of the question */
      guint64 before; /* only events before this one; 0 for all */
      const char *words;
    } find;
    struct
    {
      guint32 number;
      guint64 next;           /* ask FIND again, before this event; 0 when these are all */
      TeaFrameNumbers events; /* the newest first; up to TEA_FOUND_MAX_EVENTS */
    } found;
    struct
    {
      guint64 max_file;   /* the largest file, in bytes; 0 where there are none */
      guint64 space;      /* how many bytes of files are left for this key */
      guint32 edit_hours; /* for how long one may edit a message; 0 for ever */
      guint16 port;       /* of TCP; 0 for none */
    } limits;
  };

  /*< private >*/
  GVariant *body;
} TeaFrame;

#define TEA_FRAME_INIT        \
  {                           \
    .type = TEA_FRAME_UNKNOWN \
  }

G_END_DECLS
