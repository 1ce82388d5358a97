/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-rules.h"

#include <string.h>

#include "tea-body.h"
#include "tea-event-data.h"
#include "tea-event-rules.h"

/* What reads and writes a body says which rule it breaks. */
#define CHECK(condition_, rule_) \
  G_STMT_START                   \
  {                              \
    if (!(condition_))           \
      return (rule_);            \
  }                              \
  G_STMT_END

#define NOT_EMPTY 1

typedef enum
{
  FIELD_END,
  FIELD_BYTE,
  FIELD_CHOICE, /* an enumeration; a byte on the wire */
  FIELD_CODE,   /* the same; those of later versions are read as another one */
  FIELD_SHORT,
  FIELD_INT,
  FIELD_LONG,
  FIELD_TEXT,
  FIELD_BYTES,
  FIELD_NUMBERS,
} FieldKind;

struct _TeaFrameField
{
  FieldKind kind;
  gsize offset;     /* in TeaFrame */
  gsize least;      /* of a number; or how many bytes; or what later codes are read as */
  gsize most;       /* bytes of a text; the last of an enumeration; or how many numbers */
  const char *rule; /* (nullable) */
};

#define BYTE(field_, least_, rule_)                                  \
  {                                                                  \
    FIELD_BYTE, G_STRUCT_OFFSET (TeaFrame, field_), least_, 0, rule_ \
  }
#define CHOICE(field_, last_, rule_)                                  \
  {                                                                   \
    FIELD_CHOICE, G_STRUCT_OFFSET (TeaFrame, field_), 0, last_, rule_ \
  }
#define CODE(field_, last_, instead_)                                     \
  {                                                                       \
    FIELD_CODE, G_STRUCT_OFFSET (TeaFrame, field_), instead_, last_, NULL \
  }
#define SHORT(field_)                                           \
  {                                                             \
    FIELD_SHORT, G_STRUCT_OFFSET (TeaFrame, field_), 0, 0, NULL \
  }
#define INT(field_, least_, rule_)                                  \
  {                                                                 \
    FIELD_INT, G_STRUCT_OFFSET (TeaFrame, field_), least_, 0, rule_ \
  }
#define LONG(field_, least_, rule_)                                  \
  {                                                                  \
    FIELD_LONG, G_STRUCT_OFFSET (TeaFrame, field_), least_, 0, rule_ \
  }
#define TEXT(field_, least_, most_, rule_)                               \
  {                                                                      \
    FIELD_TEXT, G_STRUCT_OFFSET (TeaFrame, field_), least_, most_, rule_ \
  }
#define BYTES(field_)                                           \
  {                                                             \
    FIELD_BYTES, G_STRUCT_OFFSET (TeaFrame, field_), 0, 0, NULL \
  }
#define NUMBERS(field_, most_, rule_)                                  \
  {                                                                    \
    FIELD_NUMBERS, G_STRUCT_OFFSET (TeaFrame, field_), 0, most_, rule_ \
  }
#define END                  \
  {                          \
    FIELD_END, 0, 0, 0, NULL \
  }

#define LABEL(field_, rule_) TEXT (field_, 0, TEA_WIRE_LABEL_MAX_BYTES, rule_)
#define ADDRESS(field_) LABEL (field_, "the address of the room fits")
#define TITLE(field_) LABEL (field_, "the title fits")
#define SOFTWARE(field_) LABEL (field_, "the software's name fits")
#define ANY_NAME(field_) TEXT (field_, 0, TEA_WIRE_NAME_MAX_BYTES, "the name fits")
#define NAME(field_) TEXT (field_, NOT_EMPTY, TEA_WIRE_NAME_MAX_BYTES, "the name is there and fits")
#define PASSWORD(field_) TEXT (field_, 0, TEA_PASSWORD_MAX_BYTES, "the password fits")
#define REASON(field_) TEXT (field_, 0, TEA_REASON_MAX_BYTES, "the reason fits")
#define SAID(field_) TEXT (field_, NOT_EMPTY, TEA_TEXT_MAX_BYTES, "the text is there and fits")
#define EVENT_NUMBER(field_) LONG (field_, 1, "the event's number is not 0")
#define MESSAGE_NUMBER(field_) INT (field_, 1, "the message's number is not 0")
#define REFUSAL(field_) CODE (field_, TEA_REFUSAL_ARCHIVED, TEA_REFUSAL_OTHER)
#define EPOCH(field_) LONG (field_, 1, "the epoch is not 0")

#define FIELDS(...) ((const TeaFrameField[]){ __VA_ARGS__, END })

static gboolean
is_within (const char *text, gsize least, gsize most)
{
  return text != NULL && strlen (text) >= least && strlen (text) <= most;
}

static gboolean
is_range (const TeaRange *range)
{
  return range->from > 0 && range->from <= range->to;
}

/* Every piece is full, but for the last, which is not empty. */
static gboolean
is_piece (guint index, guint count, GBytes *bytes)
{
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  return count <= TEA_MAX_PIECES && index < count && size > 0 && size <= TEA_PIECE_SIZE
         && (index == count - 1 || size == TEA_PIECE_SIZE);
}

static const char *
check_versions (const TeaFrame *frame)
{
  CHECK (frame->hello.minimum <= frame->hello.maximum, "the minimum is not above the maximum");

  return NULL;
}

static const char *
check_opened (const TeaFrame *frame)
{
  CHECK (frame->opened.first <= frame->opened.start, "the start is not before the first");
  CHECK (frame->opened.start - 1 <= frame->opened.head, "the start is not beyond the end");
  for (gsize i = 0; i < frame->opened.standing.n_items; i++)
    CHECK (frame->opened.standing.items[i] > 0, "the number of what comes again is not 0");

  return NULL;
}

static const char *
check_piece (const TeaFrame *frame)
{
  CHECK (is_piece (frame->piece.index, frame->piece.count, frame->piece.bytes),
         "the piece is one of its count and has its size");

  return NULL;
}

static const char *
check_say_piece (const TeaFrame *frame)
{
  CHECK (frame->say_piece.oldest <= frame->say_piece.number, "the oldest is not above the message");
  CHECK (is_piece (frame->say_piece.index, frame->say_piece.count, frame->say_piece.bytes),
         "the piece is one of its count and has its size");

  return NULL;
}

static const char *
check_empty (const TeaFrame *frame)
{
  CHECK (is_range (&frame->empty), "a range goes from 1 on upwards");

  return NULL;
}

static const char *
check_head (const TeaFrame *frame)
{
  CHECK (frame->head.first - 1 <= frame->head.head, "the first is not beyond the end");

  return NULL;
}

static const char *
check_say (const TeaFrame *frame)
{
  CHECK (frame->say.oldest <= frame->say.number, "the oldest is not above the message");

  return NULL;
}

static const char *
check_pull (const TeaFrame *frame)
{
  CHECK (frame->pull.n_ranges > 0 && frame->pull.n_ranges <= TEA_PULL_MAX_RANGES,
         "there are 1 to 16 ranges");
  for (guint i = 0; i < frame->pull.n_ranges; i++)
    CHECK (is_range (&frame->pull.ranges[i]), "a range goes from 1 on upwards");

  return NULL;
}

static const char *
read_pull (TeaFrame *frame)
{
  gsize n_ranges;

  G_STATIC_ASSERT (sizeof (TeaRange) == 2 * sizeof (guint64));
  frame->pull.ranges = g_variant_get_fixed_array (frame->body, &n_ranges, sizeof (TeaRange));
  frame->pull.n_ranges = (guint) n_ranges;

  return NULL;
}

static GVariant *
write_pull (const TeaFrame *frame)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE ("(tt)"), frame->pull.ranges,
                                    frame->pull.n_ranges, sizeof (TeaRange));
}

static const char *
check_present (const TeaFrame *frame)
{
  guint64 last = 0;

  for (guint i = 0; i < frame->present.n_members; i++)
    {
      const TeaPresentMember *member = &frame->present.members[i];

      CHECK (is_within (member->name, NOT_EMPTY, TEA_WIRE_NAME_MAX_BYTES),
             "the name is there and fits");
      CHECK (member->joined > last, "members come in the order of joining, from 1 on");
      last = member->joined;
    }
  CHECK (frame->present.next == 0 || frame->present.next >= last, "the next are later ones");

  return NULL;
}

static const char *
read_member (TeaPresentMember *member, GVariant *child)
{
  g_autoptr (GVariant) key = NULL;
  gsize size;

  g_variant_get (child, "(t&s@ay)", &member->joined, &member->name, &key);
  size = g_variant_get_size (key);
  CHECK (size == 0 || size == TEA_FINGERPRINT_SIZE, "a key is of 32 bytes, or there is none");

  if (size > 0)
    member->key = tea_fingerprint_from_bytes (g_variant_get_data (key));

  return NULL;
}

static const char *
read_present (TeaFrame *frame)
{
  g_autoptr (GVariant) list = NULL;
  TeaPresentMember *members;

  g_variant_get (frame->body, "(tt@a(tsay))", &frame->present.as_of, &frame->present.next, &list);
  frame->present.n_members = (guint) g_variant_n_children (list);
  members = g_new0 (TeaPresentMember, frame->present.n_members);
  frame->present.members = members;

  for (guint i = 0; i < frame->present.n_members; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      const char *rule = read_member (&members[i], child);

      CHECK (rule == NULL, rule);
    }

  return NULL;
}

static GVariant *
write_present (const TeaFrame *frame)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("(tta(tsay))"));

  g_variant_builder_add (&builder, "t", frame->present.as_of);
  g_variant_builder_add (&builder, "t", frame->present.next);
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(tsay)"));
  for (guint i = 0; i < frame->present.n_members; i++)
    {
      const TeaPresentMember *member = &frame->present.members[i];
      guint8 digest[TEA_FINGERPRINT_SIZE];
      gsize size = member->key != NULL ? sizeof digest : 0;

      g_return_val_if_fail (size == 0 || tea_fingerprint_to_bytes (member->key, digest), NULL);
      g_variant_builder_add (&builder, "(ts@ay)", member->joined, member->name,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, size, 1));
    }
  g_variant_builder_close (&builder);

  return g_variant_builder_end (&builder);
}

static const char *
check_room_list (const TeaFrame *frame)
{
  CHECK (frame->room_list.which <= TEA_ROOMS_NEWS, "it is one of three lists");
  CHECK (is_within (frame->room_list.after, 0, TEA_WIRE_LABEL_MAX_BYTES)
             && is_within (frame->room_list.next, 0, TEA_WIRE_LABEL_MAX_BYTES),
         "the address of the room fits");
  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    {
      const TeaListedRoom *room = &frame->room_list.rooms[i];

      CHECK (room->role <= TEA_ROOM_ROLE_OWNER, "the role is one of four");
      CHECK (is_within (room->address, 0, TEA_WIRE_LABEL_MAX_BYTES),
             "the address of the room fits");
      CHECK (is_within (room->title, 0, TEA_WIRE_LABEL_MAX_BYTES), "the title fits");
    }

  return NULL;
}

static const char *
read_room_list (TeaFrame *frame)
{
  g_autoptr (GVariant) list = NULL;
  TeaListedRoom *rooms;
  guint8 which;

  g_variant_get (frame->body, "(y&s&s@a(tuuuyss))", &which, &frame->room_list.after,
                 &frame->room_list.next, &list);
  frame->room_list.which = (TeaRooms) which;
  frame->room_list.n_rooms = (guint) g_variant_n_children (list);
  rooms = g_new0 (TeaListedRoom, frame->room_list.n_rooms);
  frame->room_list.rooms = rooms;

  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    {
      TeaListedRoom *room = &rooms[i];
      guint32 flags;
      guint8 role;

      g_variant_get_child (list, i, "(tuuuy&s&s)", &room->head, &room->unread, &room->n_members,
                           &flags, &role, &room->address, &room->title);
      room->flags = (TeaRoomFlags) flags;
      room->role = (TeaRoomRole) role;
    }

  return NULL;
}

static GVariant *
write_room_list (const TeaFrame *frame)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("(yssa(tuuuyss))"));

  g_variant_builder_add (&builder, "y", (guint8) frame->room_list.which);
  g_variant_builder_add (&builder, "s", frame->room_list.after);
  g_variant_builder_add (&builder, "s", frame->room_list.next);
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(tuuuyss)"));
  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    {
      const TeaListedRoom *room = &frame->room_list.rooms[i];

      g_variant_builder_add (&builder, "(tuuuyss)", room->head, room->unread, room->n_members,
                             (guint32) room->flags, (guint8) room->role, room->address,
                             room->title);
    }
  g_variant_builder_close (&builder);

  return g_variant_builder_end (&builder);
}

static const char *
check_tell (const TeaFrame *frame)
{
  CHECK (frame->tell.oldest <= frame->tell.number, "the oldest is not above the message");

  return tea_event_rules_check_saying (tea_event_kind_from_wire (frame->tell.wire_kind),
                                       frame->tell.text, frame->tell.data);
}

/* That of an EVENT or a MORE: what the one can say, the other does not. */
static const char *
check_event (const TeaFrame *frame)
{
  const TeaEventFields *fields;

  CHECK (frame->event.event != NULL, "there is an event");

  fields = tea_event_get_fields (frame->event.event);
  CHECK (fields->seq > 0, "the event's number is not 0");
  CHECK (tea_event_rules_is_plain (fields) == (frame->type == TEA_FRAME_EVENT),
         "MORE is for what EVENT cannot say");

  return tea_event_rules_check (fields);
}

static const char *
read_more (TeaFrame *frame)
{
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GVariant) bytes = NULL;
  g_autoptr (TeaMessageForm) form = NULL;
  TeaEventFields fields = { 0 };

  g_variant_get (frame->body, "(tttxuuy&s&s@ay)", &fields.seq, &fields.target, &fields.version,
                 &fields.time, &fields.stream, &fields.number, &fields.wire_kind, &fields.author,
                 &fields.text, &bytes);
  data = g_variant_get_data_as_bytes (bytes);

  fields.kind = tea_event_kind_from_wire (fields.wire_kind);
  if (fields.kind == TEA_EVENT_MESSAGE && g_bytes_get_size (data) > 0)
    {
      form = tea_event_data_decode_form (data);
      CHECK (form != NULL, "the data is what the kind has");
      fields.form = form;
    }
  else
    {
      fields.data = data;
    }
  if (*fields.text == '\0')
    fields.text = NULL;
  frame->event.event = tea_event_new_from_fields (&fields);

  return NULL;
}

static GVariant *
write_more (const TeaFrame *frame)
{
  const TeaEventFields *fields = tea_event_get_fields (frame->event.event);
  g_autoptr (GBytes) form = fields->form != NULL ? tea_event_data_encode_form (fields->form) : NULL;

  return g_variant_new ("(tttxuuyss@ay)", fields->seq, fields->target, fields->version,
                        fields->time, fields->stream, fields->number, fields->wire_kind,
                        fields->author, fields->text != NULL ? fields->text : "",
                        tea_body_new_bytes (form != NULL ? form : fields->data));
}

static const char *
check_found (const TeaFrame *frame)
{
  const TeaFrameNumbers *events = &frame->found.events;

  for (gsize i = 0; i < events->n_items; i++)
    CHECK (events->items[i] > 0 && (i == 0 || events->items[i] < events->items[i - 1]),
           "the newest event is the first");
  CHECK (events->n_items == 0 || frame->found.next <= events->items[events->n_items - 1],
         "the next are earlier ones");

  return NULL;
}

#define C TEA_FRAME_SENDER_CLIENT
#define S TEA_FRAME_SENDER_SERVER
#define SESSION FALSE
#define CHANNEL TRUE

/* The bodies of EVENT are read and written in tea-frame-event.c. */
static const TeaFrameRules rules[] = {
  [TEA_FRAME_HELLO] = { "HELLO", "(yys)", C, SESSION, 1,
                        FIELDS (BYTE (hello.minimum, 1, "versions begin with 1"),
                                BYTE (hello.maximum, 1, "versions begin with 1"),
                                SOFTWARE (hello.software)),
                        check_versions, NULL, NULL },
  [TEA_FRAME_WELCOME]
  = { "WELCOME", "(ys)", S, SESSION, 1,
      FIELDS (BYTE (welcome.version, 1, "versions begin with 1"), SOFTWARE (welcome.software)),
      NULL, NULL, NULL },
  [TEA_FRAME_ENTER] = { "ENTER", "(uss)", C, SESSION, 1,
                        FIELDS (INT (enter.stream, 1, "the stream is not 0"),
                                ANY_NAME (enter.name),
                                PASSWORD (enter.password)),
                        NULL, NULL, NULL },
  [TEA_FRAME_ENTERED]
  = { "ENTERED", "(uss)", S, SESSION, 1,
      FIELDS (INT (entered.flags, 0, NULL), NAME (entered.name), TITLE (entered.title)), NULL, NULL,
      NULL },
  [TEA_FRAME_REFUSED]
  = { "REFUSED", "(yss)", S, CHANNEL, 1,
      FIELDS (REFUSAL (refused.code),
              REASON (refused.text),
              TEXT (refused.suggestion, 0, TEA_WIRE_NAME_MAX_BYTES, "the suggestion fits")),
      NULL, NULL, NULL },
  [TEA_FRAME_EVENT] = { "EVENT", "(txuuyss)", S, CHANNEL, 1, NULL, check_event, NULL, NULL },
  [TEA_FRAME_PIECE]
  = { "PIECE", "(tqqay)", S, CHANNEL, 1,
      FIELDS (
          EVENT_NUMBER (piece.seq), SHORT (piece.index), SHORT (piece.count), BYTES (piece.bytes)),
      check_piece, NULL, NULL },
  [TEA_FRAME_EMPTY]
  = { "EMPTY", "(tt)", S, CHANNEL, 1, FIELDS (LONG (empty.from, 0, NULL), LONG (empty.to, 0, NULL)),
      check_empty, NULL, NULL },
  [TEA_FRAME_HEAD]
  = { "HEAD", "(tt)", S, CHANNEL, 1,
      FIELDS (LONG (head.first, 1, "the first number is not 0"), LONG (head.head, 0, NULL)),
      check_head, NULL, NULL },
  [TEA_FRAME_PULL] = { "PULL", "a(tt)", C, CHANNEL, 2, NULL, check_pull, read_pull, write_pull },
  [TEA_FRAME_PULL_PIECES]
  = { "PULL_PIECES", "(tu)", C, CHANNEL, 1,
      FIELDS (EVENT_NUMBER (pull_pieces.seq), INT (pull_pieces.missing, 1, "something is missing")),
      NULL, NULL, NULL },
  [TEA_FRAME_SAY]
  = { "SAY", "(uus)", C, CHANNEL, 1,
      FIELDS (MESSAGE_NUMBER (say.number), MESSAGE_NUMBER (say.oldest), SAID (say.text)), check_say,
      NULL, NULL },
  [TEA_FRAME_SAY_PIECE] = { "SAY_PIECE", "(uuqqay)", C, CHANNEL, 1,
                            FIELDS (MESSAGE_NUMBER (say_piece.number),
                                    MESSAGE_NUMBER (say_piece.oldest),
                                    SHORT (say_piece.index),
                                    SHORT (say_piece.count),
                                    BYTES (say_piece.bytes)),
                            check_say_piece, NULL, NULL },
  [TEA_FRAME_SAY_PIECES]
  = { "SAY_PIECES", "(uu)", S, CHANNEL, 1,
      FIELDS (MESSAGE_NUMBER (say_pieces.number), INT (say_pieces.received, 0, NULL)), NULL, NULL,
      NULL },
  [TEA_FRAME_ACK]
  = { "ACK", "(tu)", S, CHANNEL, 1, FIELDS (EVENT_NUMBER (ack.seq), MESSAGE_NUMBER (ack.number)),
      NULL, NULL, NULL },
  [TEA_FRAME_NACK]
  = { "NACK", "(uys)", S, CHANNEL, 1,
      FIELDS (MESSAGE_NUMBER (nack.number), REFUSAL (nack.code), REASON (nack.text)), NULL, NULL,
      NULL },
  [TEA_FRAME_PING]
  = { "PING", "(t)", C | S, SESSION, 1, FIELDS (LONG (ping.token, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_PONG]
  = { "PONG", "(t)", C | S, SESSION, 1, FIELDS (LONG (pong.token, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_WHO]
  = { "WHO", "(t)", C, CHANNEL, 10, FIELDS (LONG (who.after, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_PRESENT]
  = { "PRESENT", "(tta(tsay))", S, CHANNEL, 1, NULL, check_present, read_present, write_present },
  [TEA_FRAME_CHALLENGE] = { "CHALLENGE", "(t)", S, SESSION, 1,
                            FIELDS (LONG (challenge.token, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_RESPONSE]
  = { "RESPONSE", "(t)", C, SESSION, 1, FIELDS (LONG (response.token, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_LEAVE] = { "LEAVE", NULL, C, SESSION, 1, NULL, NULL, NULL, NULL },
  [TEA_FRAME_BYE] = { "BYE", "(ys)", S, SESSION, 1,
                      FIELDS (CODE (bye.code, TEA_BYE_UNKNOWN, TEA_BYE_CLOSED), REASON (bye.text)),
                      NULL, NULL, NULL },
  [TEA_FRAME_IN]
  = { "IN", "(q)", C | S, SESSION, 1, FIELDS (SHORT (in.channel)), NULL, NULL, NULL },
  [TEA_FRAME_OPEN] = { "OPEN", "(tttuss)", C, CHANNEL, 1,
                       FIELDS (LONG (open.epoch, 0, NULL),
                               LONG (open.since, 0, NULL),
                               LONG (open.check, 0, NULL),
                               INT (open.history, 0, NULL),
                               ADDRESS (open.room),
                               PASSWORD (open.password)),
                       NULL, NULL, NULL },
  [TEA_FRAME_OPENED]
  = { "OPENED", "(tttttuuuuyssat)", S, CHANNEL, 1,
      FIELDS (EPOCH (opened.epoch),
              LONG (opened.first, 1, "the first number is not 0"),
              LONG (opened.start, 0, NULL),
              LONG (opened.head, 0, NULL),
              LONG (opened.read, 0, NULL),
              INT (opened.number, 0, NULL),
              INT (opened.unread, 0, NULL),
              INT (opened.flags, 0, NULL),
              INT (opened.slow_mode, 0, NULL),
              CHOICE (opened.role, TEA_ROOM_ROLE_OWNER, "the role is one of four"),
              ADDRESS (opened.address),
              TITLE (opened.title),
              NUMBERS (opened.standing, TEA_OPENED_MAX_STANDING, "at most 51 events come again")),
      check_opened, NULL, NULL },
  [TEA_FRAME_CLOSE]
  = { "CLOSE", "(ys)", C | S, CHANNEL, 1,
      FIELDS (CODE (close.code, TEA_CLOSE_NOT_INTERESTED, TEA_CLOSE_OUT), REASON (close.text)),
      NULL, NULL, NULL },
  [TEA_FRAME_MAKE] = { "MAKE", "(usss)", C, CHANNEL, 10,
                       FIELDS (INT (make.flags, 0, NULL),
                               ADDRESS (make.address),
                               TITLE (make.title),
                               PASSWORD (make.password)),
                       NULL, NULL, NULL },
  [TEA_FRAME_ROOMS] = { "ROOMS", "(ys)", C, SESSION, 10,
                        FIELDS (CHOICE (rooms.which, TEA_ROOMS_LISTED, "it is one of two lists"),
                                ADDRESS (rooms.after)),
                        NULL, NULL, NULL },
  [TEA_FRAME_ROOM_LIST] = { "ROOM_LIST", "(yssa(tuuuyss))", S, SESSION, 1, NULL, check_room_list,
                            read_room_list, write_room_list },
  [TEA_FRAME_TOTAL]
  = { "TOTAL", "(t)", S, SESSION, 1, FIELDS (LONG (total.sum, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_HEADS] = { "HEADS", NULL, C, SESSION, 2, NULL, NULL, NULL, NULL },
  [TEA_FRAME_TELL] = { "TELL", "(uutysay)", C, CHANNEL, 1,
                       FIELDS (MESSAGE_NUMBER (tell.number),
                               MESSAGE_NUMBER (tell.oldest),
                               LONG (tell.target, 0, NULL),
                               BYTE (tell.wire_kind, 0, NULL),
                               TEXT (tell.text, 0, TEA_TEXT_MAX_BYTES, "the text fits"),
                               BYTES (tell.data)),
                       check_tell, NULL, NULL },
  [TEA_FRAME_TELL_PIECE] = { "TELL_PIECE", "(uuqqay)", C, CHANNEL, 1,
                             FIELDS (MESSAGE_NUMBER (say_piece.number),
                                     MESSAGE_NUMBER (say_piece.oldest),
                                     SHORT (say_piece.index),
                                     SHORT (say_piece.count),
                                     BYTES (say_piece.bytes)),
                             check_say_piece, NULL, NULL },
  [TEA_FRAME_MORE]
  = { "MORE", "(tttxuuyssay)", S, CHANNEL, 1, NULL, check_event, read_more, write_more },
  [TEA_FRAME_MORE_PIECE] = { "MORE_PIECE", "(ttqqay)", S, CHANNEL, 1,
                             FIELDS (EVENT_NUMBER (piece.seq),
                                     LONG (piece.version, 0, NULL),
                                     SHORT (piece.index),
                                     SHORT (piece.count),
                                     BYTES (piece.bytes)),
                             check_piece, NULL, NULL },
  [TEA_FRAME_HOLD]
  = { "HOLD", "(uu)", S, CHANNEL, 1,
      FIELDS (MESSAGE_NUMBER (hold.number), INT (hold.delay, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_TYPING]
  = { "TYPING", "(s)", C | S, CHANNEL, 1, FIELDS (ANY_NAME (typing.name)), NULL, NULL, NULL },
  [TEA_FRAME_READ]
  = { "READ", "(tu)", C | S, CHANNEL, 1,
      FIELDS (LONG (read.read, 0, NULL), INT (read.unread, 0, NULL)), NULL, NULL, NULL },
  [TEA_FRAME_FIND]
  = { "FIND", "(uts)", C, CHANNEL, 10,
      FIELDS (INT (find.number, 1, "the question's number is not 0"),
              LONG (find.before, 0, NULL),
              TEXT (find.words, NOT_EMPTY, TEA_WORDS_MAX_BYTES, "the words are there and fit")),
      NULL, NULL, NULL },
  [TEA_FRAME_FOUND]
  = { "FOUND", "(utat)", S, CHANNEL, 1,
      FIELDS (INT (found.number, 1, "the question's number is not 0"),
              LONG (found.next, 0, NULL),
              NUMBERS (found.events, TEA_FOUND_MAX_EVENTS, "there are at most 50 events")),
      check_found, NULL, NULL },
  [TEA_FRAME_LIMITS] = { "LIMITS", "(ttuq)", S, SESSION, 1,
                         FIELDS (LONG (limits.max_file, 0, NULL),
                                 LONG (limits.space, 0, NULL),
                                 INT (limits.edit_hours, 0, NULL),
                                 SHORT (limits.port)),
                         NULL, NULL, NULL },
};

static gboolean
keeps_rule (const TeaFrameField *field, gconstpointer place)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
      return *(const guint8 *) place >= field->least;
    case FIELD_CHOICE:
      return *(const guint *) place <= field->most;
    case FIELD_INT:
      return *(const guint32 *) place >= field->least;
    case FIELD_LONG:
      return *(const guint64 *) place >= field->least;
    case FIELD_TEXT:
      return is_within (*(const char *const *) place, field->least, field->most);
    case FIELD_NUMBERS:
      return ((const TeaFrameNumbers *) place)->n_items <= field->most;
    case FIELD_CODE:
    case FIELD_SHORT:
    case FIELD_BYTES:
    case FIELD_END:
    default:
      return TRUE;
    }
}

static void
set_number (const TeaFrameField *field, gpointer place, guint64 number)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
      *(guint8 *) place = (guint8) number;
      break;
    case FIELD_CHOICE:
      *(guint *) place = (guint) number;
      break;
    case FIELD_CODE:
      *(guint *) place = (guint) (number > field->most ? field->least : number);
      break;
    case FIELD_SHORT:
      *(guint16 *) place = (guint16) number;
      break;
    case FIELD_INT:
      *(guint32 *) place = (guint32) number;
      break;
    case FIELD_LONG:
      *(guint64 *) place = number;
      break;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_NUMBERS:
    case FIELD_END:
    default:
      g_assert_not_reached ();
    }
}

static guint64
get_number (const TeaFrameField *field, gconstpointer place)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
      return *(const guint8 *) place;
    case FIELD_CHOICE:
    case FIELD_CODE:
      return *(const guint *) place;
    case FIELD_SHORT:
      return *(const guint16 *) place;
    case FIELD_INT:
      return *(const guint32 *) place;
    case FIELD_LONG:
      return *(const guint64 *) place;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_NUMBERS:
    case FIELD_END:
    default:
      g_assert_not_reached ();
    }
}

static void
read_field (const TeaFrameField *field, gpointer place, GVariant *value)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
    case FIELD_CHOICE:
    case FIELD_CODE:
      set_number (field, place, g_variant_get_byte (value));
      break;
    case FIELD_SHORT:
      set_number (field, place, g_variant_get_uint16 (value));
      break;
    case FIELD_INT:
      set_number (field, place, g_variant_get_uint32 (value));
      break;
    case FIELD_LONG:
      set_number (field, place, g_variant_get_uint64 (value));
      break;
    case FIELD_TEXT:
      *(const char **) place = g_variant_get_string (value, NULL);
      break;
    case FIELD_BYTES:
      *(GBytes **) place = g_variant_get_data_as_bytes (value);
      break;
    case FIELD_NUMBERS:
      ((TeaFrameNumbers *) place)->items
          = g_variant_get_fixed_array (value, &((TeaFrameNumbers *) place)->n_items,
                                       sizeof (guint64));
      break;
    case FIELD_END:
    default:
      g_assert_not_reached ();
    }
}

static GVariant *
write_field (const TeaFrameField *field, gconstpointer place)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
    case FIELD_CHOICE:
    case FIELD_CODE:
      return g_variant_new_byte ((guint8) get_number (field, place));
    case FIELD_SHORT:
      return g_variant_new_uint16 ((guint16) get_number (field, place));
    case FIELD_INT:
      return g_variant_new_uint32 ((guint32) get_number (field, place));
    case FIELD_LONG:
      return g_variant_new_uint64 (get_number (field, place));
    case FIELD_TEXT:
      return g_variant_new_string (*(const char *const *) place);
    case FIELD_BYTES:
      return tea_body_new_bytes (*(GBytes *const *) place);
    case FIELD_NUMBERS:
      return g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64,
                                        ((const TeaFrameNumbers *) place)->items,
                                        ((const TeaFrameNumbers *) place)->n_items,
                                        sizeof (guint64));
    case FIELD_END:
    default:
      g_assert_not_reached ();
    }
}

/* Gets what is to be known of a kind of frames; NULL for one that is not known. */
const TeaFrameRules *
tea_frame_rules_get (guint type)
{
  return type < G_N_ELEMENTS (rules) && rules[type].name != NULL ? &rules[type] : NULL;
}

/* Returns which rule a frame breaks that was read or is to be written. */
const char *
tea_frame_rules_check (const TeaFrame *frame)
{
  const TeaFrameRules *self = &rules[frame->type];

  for (const TeaFrameField *field = self->fields; field != NULL && field->kind != FIELD_END;
       field++)
    CHECK (keeps_rule (field, G_STRUCT_MEMBER_P (frame, field->offset)), field->rule);

  return self->check != NULL ? self->check (frame) : NULL;
}

/* How many bytes a number has, which stands at a multiple of that; 0 for what is none. */
static gsize
measure_number (const TeaFrameField *field)
{
  switch (field->kind)
    {
    case FIELD_BYTE:
    case FIELD_CHOICE:
    case FIELD_CODE:
      return 1;
    case FIELD_SHORT:
      return 2;
    case FIELD_INT:
      return 4;
    case FIELD_LONG:
      return 8;
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_NUMBERS:
    case FIELD_END:
    default:
      return 0;
    }
}

static gsize
align (gsize position, gsize alignment)
{
  return (position + alignment - 1) & ~(alignment - 1);
}

static gboolean
is_zero (const guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      return FALSE;

  return TRUE;
}

/* Measures bodies of numbers alone; 0 for what has something else. */
static gsize
measure_numbers (const TeaFrameRules *self)
{
  const TeaFrameField *field = self->fields;
  gsize alignment = 1;
  gsize end = 0;

  for (; field != NULL && field->kind != FIELD_END; field++)
    {
      gsize size = measure_number (field);

      if (size == 0)
        return 0;
      alignment = MAX (alignment, size);
      end = align (end, size) + size;
    }

  return align (end, alignment);
}

/* Whether a body is of numbers alone. Most are, and GVariant takes ten times as long for them. */
gboolean
tea_frame_rules_is_of_numbers (const TeaFrameRules *self)
{
  return measure_numbers (self) > 0;
}

/* Reads such a body; returns which rule it breaks. */
const char *
tea_frame_rules_read_numbers (TeaFrame *frame, const guint8 *body, gsize size)
{
  const TeaFrameRules *self = &rules[frame->type];
  gsize end = 0;

  CHECK (size == measure_numbers (self), "the body is in normal form");

  for (const TeaFrameField *field = self->fields; field->kind != FIELD_END; field++)
    {
      gsize width = measure_number (field);
      gsize start = align (end, width);

      CHECK (is_zero (body + end, start - end), "the body is in normal form");
      set_number (field, G_STRUCT_MEMBER_P (frame, field->offset),
                  tea_body_read_number (body + start, width));
      end = start + width;
    }
  CHECK (is_zero (body + end, size - end), "the body is in normal form");

  return tea_frame_rules_check (frame);
}

/* Writes such a body of a frame that keeps to the rules; returns its size. */
gsize
tea_frame_rules_write_numbers (const TeaFrame *frame, guint8 body[TEA_FRAME_NUMBERS_MAX_BYTES])
{
  const TeaFrameRules *self = &rules[frame->type];
  gsize end = 0;

  g_assert (measure_numbers (self) <= TEA_FRAME_NUMBERS_MAX_BYTES);

  memset (body, 0, TEA_FRAME_NUMBERS_MAX_BYTES);
  for (const TeaFrameField *field = self->fields; field->kind != FIELD_END; field++)
    {
      gsize width = measure_number (field);
      gsize start = align (end, width);

      tea_body_write_number (body + start,
                             get_number (field, G_STRUCT_MEMBER_P (frame, field->offset)), width);
      end = start + width;
    }

  return measure_numbers (self);
}

/* Reads the body of a frame, in whatever form; returns which rule it breaks. */
const char *
tea_frame_rules_read (TeaFrame *frame)
{
  const TeaFrameRules *self = &rules[frame->type];
  const char *rule = NULL;
  gsize index = 0;

  for (const TeaFrameField *field = self->fields; field != NULL && field->kind != FIELD_END;
       field++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (frame->body, index++);

      read_field (field, G_STRUCT_MEMBER_P (frame, field->offset), child);
    }

  if (self->read != NULL)
    rule = self->read (frame);

  return rule != NULL ? rule : tea_frame_rules_check (frame);
}

/* Writes the body of a frame that keeps to the rules. */
GVariant *
tea_frame_rules_write (const TeaFrame *frame)
{
  const TeaFrameRules *self = &rules[frame->type];
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);

  if (self->write != NULL)
    return self->write (frame);

  for (const TeaFrameField *field = self->fields; field != NULL && field->kind != FIELD_END;
       field++)
    g_variant_builder_add_value (&builder,
                                 write_field (field, G_STRUCT_MEMBER_P (frame, field->offset)));

  return g_variant_builder_end (&builder);
}

/* Frees what reading a frame has made besides its body. */
void
tea_frame_rules_free (TeaFrame *frame)
{
  const TeaFrameRules *self = &rules[frame->type];

  for (const TeaFrameField *field = self->fields; field != NULL && field->kind != FIELD_END;
       field++)
    if (field->kind == FIELD_BYTES)
      g_clear_pointer ((GBytes **) G_STRUCT_MEMBER_P (frame, field->offset), g_bytes_unref);

  if (frame->type == TEA_FRAME_EVENT || frame->type == TEA_FRAME_MORE)
    {
      g_clear_pointer (&frame->event.event, tea_event_unref);
    }
  else if (frame->type == TEA_FRAME_PRESENT)
    {
      for (guint i = 0; i < frame->present.n_members; i++)
        g_free ((char *) frame->present.members[i].key);
      g_free ((TeaPresentMember *) frame->present.members);
    }
  else if (frame->type == TEA_FRAME_ROOM_LIST)
    {
      g_free ((TeaListedRoom *) frame->room_list.rooms);
    }
}

/**
 * tea_frame_type_get_name:
 * @type: a kind of frames
 *
 * Returns: (nullable): what PROTOCOL.md calls it; %NULL where it is not known
 */
const char *
tea_frame_type_get_name (guint type)
{
  const TeaFrameRules *known = tea_frame_rules_get (type);

  return known != NULL ? known->name : NULL;
}

/**
 * tea_frame_type_is_sent_by:
 * @type: a kind of frames
 * @sender: a client or a server
 *
 * Returns: whether that is who sends such frames; also %TRUE where the kind is not known
 */
gboolean
tea_frame_type_is_sent_by (guint type, TeaFrameSender sender)
{
  const TeaFrameRules *known = tea_frame_rules_get (type);

  return known == NULL || (known->sender & sender) != 0;
}

/**
 * tea_frame_type_is_of_channel:
 * @type: a kind of frames
 *
 * Returns: whether such frames are of the channel that they stand in, and not of the session
 */
gboolean
tea_frame_type_is_of_channel (guint type)
{
  const TeaFrameRules *known = tea_frame_rules_get (type);

  return known != NULL && known->of_channel;
}

/**
 * tea_frame_type_get_cost:
 * @type: a kind of frames
 *
 * Returns: for how many frames such a frame counts, where they are rationed
 */
guint
tea_frame_type_get_cost (guint type)
{
  const TeaFrameRules *known = tea_frame_rules_get (type);

  return known != NULL ? known->cost : 1;
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

  if (self->type != TEA_FRAME_UNKNOWN)
    tea_frame_rules_free (self);

  g_clear_pointer (&self->body, g_variant_unref);
  memset (self, 0, sizeof *self);
}
