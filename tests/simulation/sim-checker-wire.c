/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-checker.h"

#include "tea-event-fields.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-name.h"
#include "tea-room-ref.h"

/* What the server is told, and what it tells, frame by frame. */

#define fail sim_checker_fail

#define MAX_HISTORY 1000
#define MADE_HISTORY 50

/* So late a position may be saved, and a name be told that somebody is writing under. */
#define SAVE_TIME (40 * G_TIME_SPAN_SECOND)
#define LEAVING_TIME (4 * G_TIME_SPAN_SECOND)
#define TYPING_TIME (2 * G_TIME_SPAN_SECOND)

/* So long an event is among the latest at most, also where the server was stopped meanwhile. */
#define NEW_TIME (20 * G_TIME_SPAN_SECOND)

#define REAL_TIME G_GINT64_CONSTANT (1767225600000000)

/* So long after somebody has asked for events these may be told twice. */
#define PULL_TIME (5 * G_TIME_SPAN_SECOND)

/* A room that was asked for in a channel of a session. */
typedef struct
{
  SimLedger *ledger; /* (unowned) (nullable): once it is there */
  char *address;
  gboolean makes;
  guint64 epoch;
  guint64 since;
  guint64 check;
  guint32 history;
  guint64 start;       /* what OPENED told */
  guint64 told_before; /* up to where the server surely knew of its log when it was asked for */
  guint32 n_before;    /* how much of the stream */
  gint64 read;         /* how far its owner had read, as far as the server knows */
  gboolean is_open;
  gboolean is_closed;
  guint64 closed_head;
  guint64 opened;    /* the head that OPENED told */
  guint64 floor;     /* from where on its owner might be told then */
  guint64 told;      /* the highest number that was told of */
  guint64 told_then; /* the same before this moment */
  gint64 told_at;
  guint64 left;   /* the latest event by which its owner has left, of those they were told */
  gint64 left_at; /* when they were */
  guint64 newest; /* the highest of the latest packet with events, but for topic and pins */
  guint64 last;   /* and with them */
  gint64 pushed;  /* when that was */
  gint64 pulled;  /* when events were asked for */
} Room;

/* What the server was told through a channel of packets, and told itself. */
typedef struct
{
  guint number; /* for the trace */
  char *owner;  /* as in SimChecker.inside */
  guint32 stream;
  gboolean asked;
  gboolean has_password;
  gboolean entered;
  gboolean left;
  gint64 changed;    /* when a room was opened or closed last */
  GHashTable *rooms; /* (element-type guint Room): by channel */
} Session;

/* How far a key has read in a room. */
typedef struct
{
  guint64 saved; /* surely on the disk */
  guint64 read;
  gint64 raised;
} Position;

static void
room_free (gpointer data)
{
  Room *self = data;

  g_free (self->address);
  g_free (self);
}

static void
session_free (gpointer data)
{
  Session *self = data;

  g_free (self->owner);
  g_hash_table_unref (self->rooms);
  g_free (self);
}

void
sim_checker_init_wire (SimChecker *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, g_object_unref, session_free);
  self->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->typing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
sim_checker_clear_wire (SimChecker *self)
{
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_clear_pointer (&self->typing, g_hash_table_unref);
}

/* Another house is there, in which nobody has read anything. */
void
sim_checker_forget_sessions (SimChecker *self)
{
  g_hash_table_remove_all (self->sessions);
  g_hash_table_remove_all (self->positions);
}

/* What was read just before a server fell may be forgotten. */
void
sim_checker_forget_positions (SimChecker *self)
{
  gint64 now = sim_network_get_time (self->network);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->positions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Position *position = value;

      if (now - position->raised > SAVE_TIME)
        position->saved = position->read;
      position->read = position->saved;
    }
}

static char *
make_id (SimLedger *ledger, const char *text)
{
  return g_strdup_printf ("%u %s", ledger->room, text);
}

static Position *
get_position (SimChecker *self, SimLedger *ledger, const char *key)
{
  g_autofree char *id = make_id (ledger, key);
  Position *position = g_hash_table_lookup (self->positions, id);

  if (position == NULL)
    {
      position = g_new0 (Position, 1);
      g_hash_table_insert (self->positions, g_steal_pointer (&id), position);
    }

  return position;
}

static guint
count_stream (SimLedger *ledger, const char *key, guint32 stream)
{
  g_autofree char *id = g_strdup_printf ("%s %u", key, stream);

  return GPOINTER_TO_UINT (g_hash_table_lookup (ledger->latest, id));
}

static Room *
get_room (Session *session, guint channel)
{
  return g_hash_table_lookup (session->rooms, GUINT_TO_POINTER (channel));
}

/* Conversations of two are there with the first thing that is said. */
static SimLedger *
get_ledger (SimChecker *self, Room *room, const char *key)
{
  if (room->ledger == NULL)
    room->ledger = sim_checker_find_ledger (self, key, room->address);

  return room->ledger;
}

/* What the server says. */

/* Whether the server can know that a claim is wrong; and whether it must believe it. */
static void
judge_claim (
    SimChecker *self, SimLedger *ledger, Room *room, gboolean *may_count, gboolean *must_count)
{
  guint64 first = tea_fake_disk_get_first (ledger->disk);
  TeaEvent *event;

  *may_count = FALSE;
  *must_count = FALSE;
  if (room->epoch != tea_fake_disk_get_epoch (ledger->disk)
      || room->since > sim_ledger_get_head (ledger))
    return;

  /* The log was empty. */
  if (room->since == 0)
    {
      *may_count = *must_count = TRUE;
      return;
    }

  event = sim_ledger_find (ledger, room->since);
  if (event != NULL && sim_ledger_holds (ledger, room->since) && room->since >= first)
    {
      *may_count = *must_count = tea_event_get_check (event) == room->check;
      return;
    }

  /* Nobody can tell that this is another log now. */
  if (ledger->n_restored > 0 && (event == NULL || tea_event_get_check (event) != room->check))
    self->is_over = TRUE;

  /* What was erased, or is not kept, is believed; but the server may still remember it. */
  *may_count = TRUE;
  *must_count = event == NULL || tea_event_get_check (event) == room->check;
  /* What only a made-up claim knows of may be beyond what the server takes for the end. */
  if (room->since > room->told_before)
    *must_count = FALSE;
}

static guint64
find_start (guint64 since, gboolean counts, guint32 history, guint64 head)
{
  guint64 start = counts ? since + 1 : 0;

  if (history != 0)
    start = MAX (start, head + 1 - MIN (head, MIN (history, MAX_HISTORY)));

  return start != 0 ? start : head + 1;
}

static guint64
find_floor (SimLedger *ledger, const char *key)
{
  const TeaRoomInfo *info = sim_ledger_get_info (ledger);
  const guint64 *joined = g_hash_table_lookup (ledger->joined, key);

  if (info == NULL || (info->flags & TEA_ROOM_HISTORY_FROM_JOINING) == 0)
    return 1;

  /* Who only reads sees what is new. */
  return joined != NULL ? *joined : G_MAXUINT64;
}

static void
check_start (
    SimChecker *self, SimLedger *ledger, Room *room, const char *key, const TeaFrame *frame)
{
  guint64 first = frame->opened.first;
  guint64 head = frame->opened.head;
  guint64 floor = find_floor (ledger, key);
  gboolean only_reads = floor == G_MAXUINT64;
  gboolean may_count;
  gboolean must_count;
  gboolean is_right = FALSE;
  gboolean is_told = FALSE;
  guint64 start = frame->opened.start;

  judge_claim (self, ledger, room, &may_count, &must_count);

  for (int counts = must_count; counts <= may_count; counts++)
    {
      guint64 wanted = MAX (find_start (room->since, counts, room->history, head), first);

      /* Who only reads is let in at some moment from then on. */
      if (only_reads
              ? start < MIN (MAX (wanted, room->told_before + 1), head + 1) || start > head + 1
              : start != MIN (MAX (wanted, floor), head + 1))
        continue;
      is_right = TRUE;
      if (counts || room->epoch == 0 || room->epoch != frame->opened.epoch
          || (frame->opened.flags & TEA_OPENED_ANEW) != 0)
        is_told = TRUE;
    }
  if (!is_right)
    fail (self,
          "room %u: OPENED lets go on from %" G_GUINT64_FORMAT " (since %" G_GUINT64_FORMAT
          ", counts %d to %d, history %u, first %" G_GUINT64_FORMAT ", head %" G_GUINT64_FORMAT
          ", floor %" G_GUINT64_FORMAT ")",
          ledger->room, start, room->since, must_count, may_count, room->history, first, head,
          floor);
  else if (!is_told)
    fail (self, "room %u: OPENED hides that the claim to know %" G_GUINT64_FORMAT " is wrong",
          ledger->room, room->since);
}

static void
check_opened (
    SimChecker *self, Session *session, Room *room, const char *key, const TeaFrame *frame)
{
  SimLedger *ledger = get_ledger (self, room, key);
  guint64 head = frame->opened.head;
  const guint64 *left;
  guint n_most;
  guint n_stored;

  if (ledger == NULL)
    {
      if (tea_room_kind_from_address (room->address) != TEA_ROOM_KIND_PAIR || head != 0)
        fail (self, "OPENED for '%s', which is not there", room->address);
      return;
    }

  n_stored = count_stream (ledger, key, session->stream);
  left = g_hash_table_lookup (ledger->left, key);
  /* That they have left may come after what OPENED tells of; the room is closed again then. */
  if (!room->is_open && !sim_ledger_is_open_to (ledger, key) && (left == NULL || *left <= head))
    fail (self, "room %u is opened for %.12s, who may not see it", ledger->room, key);
  if (head > sim_ledger_get_head (ledger))
    fail (self, "room %u: OPENED tells of %" G_GUINT64_FORMAT ", which is not committed",
          ledger->room, head);
  if (frame->opened.epoch != tea_fake_disk_get_epoch (ledger->disk))
    fail (self, "room %u: OPENED tells of another epoch", ledger->room);
  if (frame->opened.first > MIN (tea_fake_disk_get_first (ledger->disk), head + 1))
    fail (self, "room %u: OPENED begins at %" G_GUINT64_FORMAT, ledger->room, frame->opened.first);
  if (!room->is_open)
    check_start (self, ledger, room, key, frame);
  if ((!room->is_open && frame->opened.number < room->n_before) || frame->opened.number > n_stored)
    fail (self, "room %u: OPENED tells of message %u of %u", ledger->room, frame->opened.number,
          n_stored);
  if (ledger->room == TEA_ROOM_INFO_HALL && !sim_checker_find_inside (self, session->owner, NULL))
    fail (self, "OPENED is told before %s is in", session->owner);

  /* Their own message may have been erased before anybody was told of it. */
  if (frame->opened.read < (guint64) room->read
      || frame->opened.read > sim_ledger_get_head (ledger))
    fail (self,
          "room %u: OPENED tells %.12s that they have read up to %" G_GUINT64_FORMAT
          ", not %" G_GINT64_FORMAT,
          ledger->room, key, frame->opened.read, room->read);
  n_most
      = sim_ledger_count_messages (ledger, frame->opened.read, sim_ledger_get_head (ledger), FALSE);
  if (frame->opened.unread > n_most)
    fail (self, "room %u: OPENED tells %.12s of %u unread, but there are %u", ledger->room, key,
          frame->opened.unread, n_most);
}

/* What is pushed goes once to each place: whoever gets it twice at a time has two. It may go in
   front of a topic, too. */
static void
check_pushed (SimChecker *self, Session *session, guint64 newest, guint64 last, guint channel)
{
  Room *room = get_room (session, channel);
  gint64 now = sim_network_get_time (self->network);

  if (room->pushed == now && room->newest == newest && room->last == last
      && (room->pulled == 0 || now - room->pulled > PULL_TIME))
    fail (self, "%" G_GUINT64_FORMAT " is pushed twice to %s in channel %u", newest, session->owner,
          channel);
  room->newest = newest;
  room->last = last;
  room->pushed = now;
}

/* Whether somebody had a room open before they joined it, and may be told something by that: who
   only reads what is archived goes on to, and who leaves hears more until that is answered. */
static gboolean
was_open_before (Room *room, SimLedger *ledger, const char *key, guint64 seq)
{
  const guint64 *joined = g_hash_table_lookup (ledger->joined, key);
  const guint64 *left = g_hash_table_lookup (ledger->left, key);

  if (joined == NULL || room->opened >= *joined || seq < room->floor)
    return FALSE;

  return left == NULL || *left < room->floor || seq <= *left
         || (room->left_at != 0 && room->told_at - room->left_at <= LEAVING_TIME);
}

/* The topic and what is pinned are told with every opening. */
static gboolean
is_told_again (TeaEventKind kind)
{
  return kind == TEA_EVENT_TOPIC || kind == TEA_EVENT_PINNED;
}

static gboolean
is_of_room (SimLedger *ledger, guint64 seq)
{
  TeaEvent *event = sim_ledger_find (ledger, seq);

  return event != NULL && is_told_again (tea_event_get_kind (event));
}

static void
check_told (SimChecker *self, Room *room, SimLedger *ledger, const char *key, guint64 seq)
{
  guint64 removal = sim_ledger_get_removal (ledger, seq);
  const guint64 *left;

  if (removal != 0 && removal <= room->told)
    fail (self, "room %u: %" G_GUINT64_FORMAT " is told, which is removed by %" G_GUINT64_FORMAT,
          ledger->room, seq, removal);

  if (!sim_checker_may_be_told (self, ledger, seq))
    fail (self, "room %u: EVENT %" G_GUINT64_FORMAT " is erased", ledger->room, seq);
  if (room->told_at != sim_network_get_time (self->network))
    room->told_then = room->told;
  room->told_at = sim_network_get_time (self->network);

  /* That one has left may be told together with what comes after it; the room is closed when
     that is answered. */
  left = g_hash_table_lookup (ledger->left, key);
  if (left != NULL && seq == *left && room->left != *left)
    {
      room->left = *left;
      room->left_at = room->told_at;
    }
  if (!sim_ledger_may_see (ledger, key, seq)
      && (left == NULL
          || (*left <= room->told_then && room->told_at - room->left_at > LEAVING_TIME)))
    fail (self, "room %u: %.12s is told %" G_GUINT64_FORMAT ", but may not see it", ledger->room,
          key, seq);
  if (g_hash_table_contains (ledger->joined, key) && seq < find_floor (ledger, key)
      && !was_open_before (room, ledger, key, seq) && !is_of_room (ledger, seq))
    fail (self, "room %u: %.12s is told %" G_GUINT64_FORMAT " of before they joined", ledger->room,
          key, seq);
  if (room->is_closed && seq > room->closed_head)
    fail (self, "room %u: %" G_GUINT64_FORMAT " is told in a channel that is closed", ledger->room,
          seq);
  room->told = MAX (room->told, seq);
  ledger->told = MAX (ledger->told, seq);
}

/* A page of history is messages. What is new may come in front of what is newer. */
static void
check_page (SimChecker *self, Room *room, SimLedger *ledger, TeaEvent *event)
{
  gint64 now = REAL_TIME + sim_network_get_time (self->network);

  if (!self->clock_jumps && tea_event_get_seq (event) < room->start
      && tea_event_kind_amends (tea_event_get_kind (event))
      && now - tea_event_get_time (event) > NEW_TIME)
    fail (self, "room %u: %" G_GUINT64_FORMAT " is told, a change from before %" G_GUINT64_FORMAT,
          ledger->room, tea_event_get_seq (event), room->start);
}

static void
check_total (SimChecker *self, Session *session, guint64 sum)
{
  guint64 least = 0;
  guint64 most = 0;
  GHashTableIter iter;
  gpointer value;

  if (session->changed == sim_network_get_time (self->network))
    return;

  g_hash_table_iter_init (&iter, session->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Room *room = value;

      if (!room->is_open)
        continue;
      least += room->told;
      most += room->ledger != NULL ? sim_ledger_get_head (room->ledger) : 0;
    }
  if (sum < least || sum > most)
    fail (self,
          "TOTAL says %" G_GUINT64_FORMAT " to %s, not %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
          sum, session->owner, least, most);
}

static void
check_listed (SimChecker *self, const char *key, const TeaFrame *frame)
{
  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    {
      const TeaListedRoom *listed = &frame->room_list.rooms[i];
      SimLedger *ledger = sim_checker_find_ledger (self, key, listed->address);
      const TeaRoomInfo *info = ledger != NULL ? sim_ledger_get_info (ledger) : NULL;

      if (info == NULL)
        {
          fail (self, "'%s' is listed, but is not there", listed->address);
          return;
        }
      if (listed->head > sim_ledger_get_head (ledger))
        fail (self, "room %u is listed with %" G_GUINT64_FORMAT ", which is not committed",
              ledger->room, listed->head);
      if (frame->room_list.which == TEA_ROOMS_LISTED)
        {
          if ((info->flags & (TEA_ROOM_LISTED | TEA_ROOM_PAIR)) != TEA_ROOM_LISTED)
            fail (self, "room %u is listed for everybody, but is not to be", ledger->room);
        }
      /* That somebody has left, or is not invited any more, is saved a little later; and who came
         while they were sent out is a member who is kept out. */
      else if (!sim_ledger_is_open_to (ledger, key) && !g_hash_table_contains (ledger->left, key)
               && !g_hash_table_contains (ledger->joined, key)
               && !g_hash_table_contains (ledger->invited, key)
               && !g_hash_table_contains (ledger->uninvited, key))
        fail (self, "room %u is shown to %.12s, whom it does not concern (%d, role %d, flags %u)",
              ledger->room, key, frame->room_list.which, listed->role, listed->flags);
      if (listed->unread > sim_ledger_count_messages (ledger, 0, G_MAXUINT64, FALSE))
        fail (self, "room %u is listed with %u unread", ledger->room, listed->unread);
    }
}

/* Who writes is told of while they do, to those who see the room. */
static void
check_typing (SimChecker *self, SimLedger *ledger, const char *name)
{
  g_autofree char *folded = tea_name_fold (name);
  g_autofree char *id = make_id (ledger, folded);
  const gint64 *when = g_hash_table_lookup (self->typing, id);

  if (when == NULL || sim_network_get_time (self->network) - *when > TYPING_TIME)
    fail (self, "room %u: %s is said to write, but does not", ledger->room, name);
}

static void
watch_room_down (SimChecker *self, Session *session, Room *room, const char *key, TeaFrame *frame)
{
  SimLedger *ledger = get_ledger (self, room, key);
  Position *position;
  TeaEvent *event;

  if (frame->type == TEA_FRAME_OPENED)
    {
      check_opened (self, session, room, key, frame);
      if (!room->is_open)
        {
          session->changed = sim_network_get_time (self->network);
          room->opened = frame->opened.head;
          room->floor = ledger != NULL ? find_floor (ledger, key) : 1;
          if (room->floor == G_MAXUINT64)
            room->floor = room->told_before + 1;
        }
      room->is_open = TRUE;
      room->start = frame->opened.start;
      room->told = MAX (room->told, frame->opened.head);
      return;
    }
  if (frame->type == TEA_FRAME_CLOSE && frame->close.code == TEA_CLOSE_NOT_OPEN && !room->is_open)
    return; /* not yet */
  if (frame->type == TEA_FRAME_CLOSE)
    {
      session->changed = sim_network_get_time (self->network);
      room->is_open = FALSE;
      room->is_closed = TRUE;
      room->closed_head = ledger != NULL ? sim_ledger_get_head (ledger) : 0;
      return;
    }
  if (ledger == NULL)
    {
      if (frame->type == TEA_FRAME_EVENT || frame->type == TEA_FRAME_MORE
          || frame->type == TEA_FRAME_PIECE || frame->type == TEA_FRAME_ACK)
        fail (self, "something is told of '%s', which is not there", room->address);
      return;
    }

  switch ((int) frame->type)
    {
    case TEA_FRAME_HEAD:
      if (frame->head.head > sim_ledger_get_head (ledger))
        fail (self, "room %u: HEAD tells of %" G_GUINT64_FORMAT ", which is not committed",
              ledger->room, frame->head.head);
      if (frame->head.first > MIN (tea_fake_disk_get_first (ledger->disk), frame->head.head + 1))
        fail (self, "room %u: HEAD begins at %" G_GUINT64_FORMAT, ledger->room, frame->head.first);
      room->told = MAX (room->told, frame->head.head);
      break;

    case TEA_FRAME_EVENT:
    case TEA_FRAME_MORE:
      if (!sim_ledger_has (ledger, frame->event.event))
        fail (self, "room %u: EVENT %" G_GUINT64_FORMAT " is not what is committed", ledger->room,
              tea_event_get_seq (frame->event.event));
      check_page (self, room, ledger, frame->event.event);
      check_told (self, room, ledger, key, tea_event_get_seq (frame->event.event));
      break;

    case TEA_FRAME_PIECE:
    case TEA_FRAME_MORE_PIECE:
      if (sim_ledger_find (ledger, frame->piece.seq) == NULL)
        fail (self, "room %u: PIECE of %" G_GUINT64_FORMAT ", which is not committed", ledger->room,
              frame->piece.seq);
      if (frame->piece.index == 0)
        check_told (self, room, ledger, key, frame->piece.seq);
      break;

    case TEA_FRAME_EMPTY:
      if (!sim_ledger_is_empty (ledger, MAX (frame->empty.from, find_floor (ledger, key)),
                                frame->empty.to, room->start))
        fail (self,
              "room %u: EMPTY %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
              ", but there is something",
              ledger->room, frame->empty.from, frame->empty.to);
      break;

    case TEA_FRAME_ACK:
      event = sim_ledger_find (ledger, frame->ack.seq);
      if (event == NULL || g_strcmp0 (tea_event_get_key (event), key) != 0
          || tea_event_get_stream (event) != session->stream
          || tea_event_get_number (event) != frame->ack.number)
        fail (self, "room %u: ACK of %u as %" G_GUINT64_FORMAT ", which is not committed",
              ledger->room, frame->ack.number, frame->ack.seq);
      break;

    case TEA_FRAME_READ:
      position = get_position (self, ledger, key);
      if (frame->read.read < position->read)
        fail (self,
              "room %u: %.12s is told to have read up to %" G_GUINT64_FORMAT
              ", not %" G_GUINT64_FORMAT,
              ledger->room, key, frame->read.read, position->read);
      if (frame->read.read > sim_ledger_get_head (ledger))
        fail (self, "room %u: READ of %" G_GUINT64_FORMAT ", which is not committed", ledger->room,
              frame->read.read);
      if (frame->read.unread
          > sim_ledger_count_messages (ledger, frame->read.read, G_MAXUINT64, FALSE))
        fail (self, "room %u: READ tells %.12s of %u unread", ledger->room, key,
              frame->read.unread);
      position->read = frame->read.read;
      position->raised = sim_network_get_time (self->network);
      break;

    case TEA_FRAME_TYPING:
      check_typing (self, ledger, frame->typing.name);
      if (!sim_ledger_may_see (ledger, key, 0))
        fail (self, "room %u: %.12s is told who writes", ledger->room, key);
      break;

    default:
      break;
    }
}

static void
watch_down (SimChecker *self, const char *key, Session *session, TeaFrame *frame)
{
  Room *room = get_room (session, frame->channel);

  if (frame->type == TEA_FRAME_ENTERED)
    {
      if (!session->asked)
        fail (self, "ENTERED without ENTER");
      else if (!sim_checker_find_inside (self, session->owner, NULL))
        fail (self, "ENTERED is told before %s is in", session->owner);
      else if (self->password != NULL && !session->has_password)
        fail (self, "ENTERED without the password");
      session->entered = TRUE;
    }
  else if (frame->type == TEA_FRAME_TOTAL)
    {
      check_total (self, session, frame->total.sum);
    }
  else if (frame->type == TEA_FRAME_ROOM_LIST)
    {
      check_listed (self, key, frame);
    }
  else if (!tea_frame_type_is_of_channel (frame->type))
    {
      /* of the session alone */
    }
  else if (room != NULL)
    {
      if (!session->entered && frame->type != TEA_FRAME_REFUSED)
        fail (self, "%s is told of a room, but is not in", session->owner);
      watch_room_down (self, session, room, key, frame);
    }
  else if (frame->type != TEA_FRAME_REFUSED && frame->type != TEA_FRAME_CLOSE)
    {
      fail (self, "frame %d in a channel in which nothing was asked for", frame->type);
    }
}

/* What the server hears. */

static void
note_asked (SimChecker *self, Session *session, const char *key, const TeaFrame *frame)
{
  Room *room = get_room (session, frame->channel);
  gboolean makes = frame->type == TEA_FRAME_MAKE;
  const char *address = makes ? frame->make.address : frame->open.room;
  SimLedger *ledger;

  if (session->left || (room != NULL && room->is_open))
    return;

  /* A repeat. Another one takes the place of one that is not answered. */
  if (room != NULL && !room->is_closed && room->makes == makes
      && g_str_equal (room->address, address)
      && (makes
          || (room->epoch == frame->open.epoch && room->since == frame->open.since
              && room->check == frame->open.check && room->history == frame->open.history)))
    return;

  room = g_new0 (Room, 1);
  room->address = g_strdup (address);
  room->makes = makes;
  room->history = makes ? MADE_HISTORY : frame->open.history;
  if (!makes)
    {
      room->epoch = frame->open.epoch;
      room->since = frame->open.since;
      room->check = frame->open.check;
    }
  ledger = get_ledger (self, room, key);
  if (ledger != NULL)
    {
      room->told_before = ledger->told;
      room->n_before = count_stream (ledger, key, session->stream);
      room->read = (gint64) get_position (self, ledger, key)->read;
    }
  g_hash_table_insert (session->rooms, GUINT_TO_POINTER (frame->channel), room);
}

static void
note_closed (SimChecker *self, Session *session, const TeaFrame *frame)
{
  Room *room = get_room (session, frame->channel);

  if (room == NULL || frame->close.code == TEA_CLOSE_NOT_INTERESTED)
    return;

  session->changed = sim_network_get_time (self->network);
  room->is_open = FALSE;
  room->is_closed = TRUE;
  room->closed_head = room->ledger != NULL ? sim_ledger_get_head (room->ledger) : 0;
}

static void
note_pulled (SimChecker *self, Session *session, const TeaFrame *frame)
{
  Room *room = get_room (session, frame->channel);

  if (room != NULL)
    room->pulled = sim_network_get_time (self->network);
}

static void
note_typing (SimChecker *self, const char *key, Session *session, const TeaFrame *frame)
{
  Room *room = get_room (session, frame->channel);
  g_autofree char *folded = NULL;
  gint64 now = sim_network_get_time (self->network);

  if (room == NULL || get_ledger (self, room, key) == NULL || !room->is_open)
    return;

  folded = g_strndup (session->owner, (gsize) (strchr (session->owner, ' ') - session->owner));
  g_hash_table_insert (self->typing, make_id (room->ledger, folded), g_memdup2 (&now, sizeof now));
}

static void
watch_up (SimChecker *self, const char *key, Session *session, const TeaFrame *frame)
{
  switch ((int) frame->type)
    {
    case TEA_FRAME_LEAVE:
      if (session->owner != NULL && !session->left)
        {
          session->left = TRUE;
          sim_checker_note_goodbye (self, session->owner);
        }
      break;

    case TEA_FRAME_ENTER:
      if (g_strcmp0 (self->password, frame->enter.password) == 0)
        session->has_password = TRUE;
      if (!session->asked)
        {
          session->asked = TRUE;
          session->owner = sim_checker_make_owner (frame->enter.name, key);
          session->stream = frame->enter.stream;
        }
      break;

    case TEA_FRAME_OPEN:
    case TEA_FRAME_MAKE:
      note_asked (self, session, key, frame);
      break;

    case TEA_FRAME_CLOSE:
      note_closed (self, session, frame);
      break;

    case TEA_FRAME_PULL:
    case TEA_FRAME_PULL_PIECES:
      note_pulled (self, session, frame);
      break;

    case TEA_FRAME_TYPING:
      note_typing (self, key, session, frame);
      break;

    default:
      break;
    }
}

static void
note_heard (SimChecker *self, Session *session)
{
  GArray *times = g_hash_table_lookup (self->heard_of, session->owner);
  gint64 now = sim_network_get_time (self->network);

  if (times == NULL)
    {
      times = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (self->heard_of, g_strdup (session->owner), times);
    }
  g_array_append_val (times, now);
}

/* What a frame is about, for the trace. */
static guint64
get_number (const TeaFrame *frame)
{
  switch ((int) frame->type)
    {
    case TEA_FRAME_SAY:
      return frame->say.number;
    case TEA_FRAME_TELL:
      return frame->tell.number;
    case TEA_FRAME_EVENT:
    case TEA_FRAME_MORE:
      return tea_event_get_seq (frame->event.event);
    case TEA_FRAME_HEAD:
      return frame->head.head;
    case TEA_FRAME_ACK:
      return frame->ack.seq;
    case TEA_FRAME_READ:
      return frame->read.read;
    case TEA_FRAME_OPEN:
      return frame->open.since;
    case TEA_FRAME_OPENED:
      return frame->opened.start;
    case TEA_FRAME_PULL:
      return frame->pull.ranges[0].from;
    case TEA_FRAME_EMPTY:
      return frame->empty.from;
    case TEA_FRAME_REFUSED:
      return frame->refused.code;
    case TEA_FRAME_NACK:
      return frame->nack.code;
    default:
      return 0;
    }
}

/* To be called with all packets that the server gets, and sends. */
void
sim_checker_watch (SimChecker *self, TeaPacketChannel *channel, GBytes *packet, gboolean up)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  const char *key = tea_packet_channel_get_peer_key (channel);
  Session *session = g_hash_table_lookup (self->sessions, channel);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;
  guint64 newest = 0;
  guint64 last = 0;
  guint newest_channel = 0;
  gboolean has_head = FALSE;

  if (session == NULL)
    {
      session = g_new0 (Session, 1);
      session->number = ++self->n_sessions;
      session->rooms = g_hash_table_new_full (NULL, NULL, NULL, room_free);
      g_hash_table_insert (self->sessions, g_object_ref (channel), session);
    }
  if (up && session->entered)
    note_heard (self, session);

  while (tea_frame_reader_next (&reader, &frame, &error))
    {
      sim_trace (self->network, "%s %.12s/%u: %u %s %" G_GUINT64_FORMAT, up ? "from" : "to", key,
                 session->number, frame.channel, tea_frame_type_get_name (frame.type),
                 get_number (&frame));
      if (up)
        watch_up (self, key, session, &frame);
      else
        watch_down (self, key, session, &frame);
      has_head |= frame.type == TEA_FRAME_HEAD;
      if (!up && (frame.type == TEA_FRAME_EVENT || frame.type == TEA_FRAME_MORE)
          && get_room (session, frame.channel) != NULL)
        {
          last = tea_event_get_seq (frame.event.event);
          if (frame.channel != newest_channel)
            newest = 0;
          if (!is_told_again (tea_event_get_kind (frame.event.event)))
            newest = last;
          newest_channel = frame.channel;
        }
    }
  /* HEAD brings events along, whenever it comes. */
  if (newest > 0 && !has_head)
    check_pushed (self, session, newest, last, newest_channel);
  g_assert_no_error (error);
}
