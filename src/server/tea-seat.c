/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-seat.h"

#include "tea-finder.h"
#include "tea-frame-encode.h"
#include "tea-intake.h"
#include "tea-present-answers.h"
#include "tea-puller.h"
#include "tea-pusher.h"
#include "tea-refusal.h"
#include "tea-room-ref.h"

/* For how long a refusal is given again to the very same request: it is a repeat, and
 * nothing has changed. */
#define REPEAT_TIME G_TIME_SPAN_SECOND

/* That there is no such room is told so long after it was asked: a room that is there, but not
 * for everybody, takes longer or shorter to find than one that is not. */
#define UNKNOWN_DELAY (50 * G_TIME_SPAN_MILLISECOND)

/* How much of a room its owner gets who asks to make it again. */
#define MADE_HISTORY 50

/* That somebody is writing is passed on among so many, and so often. */
#define TYPING_MAX 50
#define TYPING_INTERVAL G_TIME_SPAN_SECOND

/* How far a seat is. */
typedef enum
{
  STATE_WAITING, /* until its owner is in the house */
  STATE_ASKING,
  STATE_REFUSED,
  STATE_OPEN,
  STATE_CLOSED,
} State;

/**
 * TeaSeat:
 *
 * One session's stay in one room, in one channel: how it is opened, what it was sent, what it
 * says, and what it asks for.
 *
 * A client repeats OPEN and MAKE until it is answered, so that every step has to bear being
 * asked for again.
 */
struct _TeaSeat
{
  GObject parent_instance;

  const TeaSeatOwner *owner; /* (unowned): until it is closed */
  guint16 channel;
  State state;

  TeaAdmissionRequest *request; /* (owned) (nullable): what was asked for */
  GCancellable *cancellable;    /* (owned): ends with the seat */
  GBytes *answer;               /* (owned) (nullable): how it was refused */
  gint64 answered;              /* when, in µs */
  TeaRefusal refusal;           /* why it is not open, where it was refused */
  gint64 asked;                 /* when the room was looked for, in µs */
  GBytes *unknown;              /* (owned) (nullable): what it is told after a while */
  TeaTimer *unknown_timer;      /* (owned) (nullable) */

  /* while it is open */
  TeaAdmission *admission; /* (owned) (nullable): keeps the room awake */
  TeaCursor *cursor;       /* (owned) (nullable) */
  TeaIntake *intake;       /* (owned) (nullable) */
  TeaPuller *puller;       /* (owned) (nullable) */
  TeaFinder *finder;       /* (owned) (nullable) */
  guint64 first;           /* the first event that was kept when it was opened */
  guint64 start;           /* from where on its owner is to have everything */
  guint64 pushed;          /* the first event that could be pushed to it */
  guint n_missed;          /* how often something did not arrive that was pushed */
  guint64 read;            /* how far its owner has read, as far as is known here */
  guint64 counted;         /* for which position it is being counted what is unread; 0: none */
  gint64 typed;            /* when it was passed on the last time that its owner is writing */
};

G_DEFINE_FINAL_TYPE (TeaSeat, tea_seat, G_TYPE_OBJECT)

enum
{
  SIGNAL_OPENED,
  SIGNAL_LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
send (TeaSeat *self, GBytes *frame)
{
  tea_secure_sender_send (self->owner->sender, self->channel, frame);
}

static const TeaRoomInfo *
get_info (TeaSeat *self)
{
  return tea_room_get_info (self->admission->room);
}

static void
refuse (TeaSeat *self, GBytes *frame)
{
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = frame;
  self->answered = tea_clock_get_time (self->owner->clock);
  self->state = STATE_REFUSED;
  send (self, g_bytes_ref (frame));
}

/* What whoever asks calls the room: the conversation of two has the other's key and name. */
static void
describe (TeaSeat *self, TeaFrame *frame)
{
  const TeaRoomInfo *info = get_info (self);

  frame->opened.address = info->address;
  frame->opened.title = info->title;
  if (tea_room_is_pair (self->admission->room))
    {
      g_autofree char *other = tea_room_info_dup_other (info, self->owner->visitor.key);

      frame->opened.address = self->request->address;
      frame->opened.title = tea_house_find_name (self->owner->house, other);
    }
}

static void unread_counted_cb (GObject *object, GAsyncResult *result, gpointer user_data);

/* Tells the other sessions of its owner how far they have read. */
static void
tell_read (TeaSeat *self)
{
  if (self->counted != 0 || tea_cursor_is_alone (self->cursor))
    return;

  self->counted = self->read;
  tea_store_count_unread_async (tea_house_get_store (self->owner->house), get_info (self)->number,
                                self->read, TEA_UNREAD_MORE, NULL, unread_counted_cb,
                                g_object_ref (self));
}

static void
unread_counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSeat) self = TEA_SEAT (user_data);
  g_autoptr (GBytes) frame = NULL;
  g_autoptr (GError) error = NULL;
  guint64 counted = self->counted;
  guint n_unread = 0;

  self->counted = 0;
  if (!tea_store_count_unread_finish (TEA_STORE (object), result, &n_unread, &error))
    {
      g_debug ("What is unread cannot be counted: %s", error->message);
      return;
    }

  if (self->state != STATE_OPEN)
    return;

  /* They may have read on meanwhile. */
  if (self->read != counted)
    {
      tell_read (self);
      return;
    }

  /* And so may they elsewhere, where it is told of. */
  if (tea_positions_get_read (tea_house_get_positions (self->owner->house), get_info (self)->number,
                              self->owner->visitor.key)
      > counted)
    return;

  frame = tea_frame_encode_read (counted, n_unread);
  tea_cursor_send_to_own (self->cursor, frame);
}

static gboolean
is_member (TeaSeat *self)
{
  TeaMembers *members = tea_room_get_members (self->admission->room);

  return members == NULL
         || tea_members_get_role (members, self->owner->visitor.key) != TEA_ROOM_ROLE_NONE;
}

static void
stored_cb (TeaSeat *self, TeaEventKind kind, guint64 seq)
{
  TeaRoomReader *reader;

  g_assert (TEA_IS_SEAT (self));

  if (self->state != STATE_OPEN)
    return;

  if (kind == TEA_EVENT_LEFT)
    {
      /* After a repeat they may have come again. */
      if (!is_member (self))
        g_signal_emit (self, signals[SIGNAL_LEFT], 0);
      return;
    }

  /* What one says oneself is read. */
  reader = tea_room_get_reader (self->admission->room);
  if (kind != TEA_EVENT_MESSAGE || seq <= self->read)
    return;

  self->read = seq;
  if (!tea_positions_raise (tea_house_get_positions (self->owner->house), get_info (self)->number,
                            self->owner->visitor.key, seq)
      || tea_quota_get_n_sessions (self->owner->visitor.quota) < 2)
    return;

  if (seq == tea_room_reader_get_head (reader))
    {
      g_autoptr (GBytes) frame = tea_frame_encode_read (seq, 0);

      tea_cursor_send_to_own (self->cursor, frame);
    }
  else
    {
      tell_read (self);
    }
}

/* The room is open. Behind that come the topic and what is pinned, as they are now. */
static void
tell_opened (TeaSeat *self)
{
  TeaAdmission *admission = self->admission;
  g_autoptr (GPtrArray) notices
      = tea_rule_book_list_notices (tea_room_get_rule_book (admission->room));
  g_autoptr (GArray) standing = g_array_new (FALSE, FALSE, sizeof (guint64));
  TeaFrame frame = { .type = TEA_FRAME_OPENED };

  for (guint i = 0; i < notices->len; i++)
    {
      guint64 seq = tea_event_get_seq (g_ptr_array_index (notices, i));

      g_array_append_val (standing, seq);
    }

  frame.opened.epoch = tea_room_reader_get_epoch (tea_room_get_reader (admission->room));
  frame.opened.first = self->first;
  frame.opened.head = self->pushed - 1;
  frame.opened.start = self->start;
  frame.opened.read = admission->read;
  frame.opened.number = admission->number;
  frame.opened.unread = admission->n_unread;
  frame.opened.flags = tea_room_get_flags (admission->room);
  if (admission->is_anew)
    frame.opened.flags |= TEA_OPENED_ANEW;
  frame.opened.slow_mode = tea_rule_book_get_slow_mode (tea_room_get_rule_book (admission->room));
  frame.opened.role = tea_room_get_role (admission->room, self->owner->visitor.key);
  frame.opened.standing = (TeaFrameNumbers){ (gpointer) standing->data, standing->len };
  describe (self, &frame);
  send (self, tea_frame_encode (&frame));

  for (guint i = 0; i < notices->len; i++)
    tea_secure_sender_send_event (self->owner->sender, self->channel,
                                  g_ptr_array_index (notices, i), G_MAXUINT32);
}

static void
take_seat (TeaSeat *self, TeaAdmission *admission)
{
  TeaRoomReader *reader = tea_room_get_reader (admission->room);
  const TeaVisitor *visitor = &self->owner->visitor;
  const TeaIntakeOwner intake_owner
      = { visitor->name, visitor->key, visitor->stream, admission->number };

  self->admission = admission;
  self->read = admission->read;
  self->first = tea_room_reader_get_first (reader);
  self->start = tea_admission_get_start (admission);
  self->pushed = tea_room_reader_get_head (reader) + 1;
  self->cursor = tea_pusher_add (tea_pusher_get (admission->room, self->owner->clock),
                                 self->owner->sender, self->channel, visitor->key);
  self->intake = tea_intake_new (admission->room, self->owner->clock, self->owner->sender,
                                 self->channel, visitor->quota, &intake_owner);
  self->puller = tea_puller_new (reader, self->owner->sender, self->channel, visitor->quota,
                                 admission->floor, self->start);
  self->finder
      = tea_finder_new (tea_house_get_store (self->owner->house),
                        tea_room_get_info (admission->room)->number, reader, self->owner->sender,
                        self->channel, visitor->quota, admission->floor);
  g_signal_connect_object (self->intake, "stored", G_CALLBACK (stored_cb), self, G_CONNECT_SWAPPED);

  self->state = STATE_OPEN;
  tell_opened (self);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
unknown_cb (gpointer user_data)
{
  TeaSeat *self = TEA_SEAT (user_data);

  refuse (self, g_steal_pointer (&self->unknown));
}

static void
answer_unknown (TeaSeat *self, GBytes *frame)
{
  self->unknown = frame;
  if (self->unknown_timer == NULL)
    self->unknown_timer = tea_timer_new (self->owner->clock, unknown_cb, self);
  tea_timer_set_at (self->unknown_timer, self->asked + UNKNOWN_DELAY);
}

static void
admitted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSeat) self = TEA_SEAT (user_data);
  g_autoptr (TeaAdmission) admission = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *frame;

  admission = tea_admission_ask_finish (TEA_HOUSE (object), result, &error);
  if (self->state != STATE_ASKING)
    return;

  if (admission != NULL)
    {
      take_seat (self, g_steal_pointer (&admission));
      return;
    }

  self->refusal = tea_refusal_from_error (error);
  frame = tea_frame_encode_refused (self->refusal, error->message, "");
  if (self->refusal == TEA_REFUSAL_NO_ROOM)
    answer_unknown (self, frame);
  else
    refuse (self, frame);
}

static TeaAdmissionRequest *
make_request (const TeaFrame *frame)
{
  TeaAdmissionRequest request = { 0 };

  if (frame->type == TEA_FRAME_MAKE)
    {
      request.address = (char *) frame->make.address;
      request.password = (char *) frame->make.password;
      request.is_make = TRUE;
      request.flags = frame->make.flags;
      request.title = (char *) frame->make.title;
      request.history = MADE_HISTORY;
    }
  else
    {
      request.address = (char *) frame->open.room;
      request.password = (char *) frame->open.password;
      request.title = (char *) "";
      request.epoch = frame->open.epoch;
      request.since = frame->open.since;
      request.check = frame->open.check;
      request.history = frame->open.history;
    }

  return tea_admission_request_copy (&request);
}

static void
tell_who_is_here (TeaSeat *self, guint64 after)
{
  gsize largest = tea_secure_sender_get_largest (self->owner->sender, self->channel);

  send (self,
        tea_present_answers_make (tea_present_answers_get (self->admission->room), after, largest));
}

/* What was pushed is asked for: it got lost. What came before is history. */
static void
note_missing (TeaSeat *self, guint64 from)
{
  if (from >= self->pushed
      && from <= tea_room_reader_get_head (tea_room_get_reader (self->admission->room)))
    {
      self->n_missed++;
      tea_cursor_note_loss (self->cursor);
    }
}

static void
note_typing (TeaSeat *self)
{
  gint64 now = tea_clock_get_time (self->owner->clock);
  g_autoptr (GBytes) frame = NULL;

  if (!is_member (self)
      || tea_pusher_get_n_cursors (tea_pusher_get (self->admission->room, self->owner->clock))
             > TYPING_MAX
      || (self->typed != 0 && now - self->typed < TYPING_INTERVAL))
    return;

  self->typed = now;
  frame = tea_frame_encode_typing (tea_name_get_text (self->owner->visitor.name));
  tea_cursor_send_to_others (self->cursor, frame);
}

static void
note_read (TeaSeat *self, guint64 read)
{
  read = MIN (read, tea_room_reader_get_head (tea_room_get_reader (self->admission->room)));
  if (read <= self->read || !is_member (self))
    return;

  self->read = read;
  if (tea_positions_raise (tea_house_get_positions (self->owner->house), get_info (self)->number,
                           self->owner->visitor.key, read))
    tell_read (self);
}

static void
tea_seat_dispose (GObject *object)
{
  tea_seat_close (TEA_SEAT (object));

  G_OBJECT_CLASS (tea_seat_parent_class)->dispose (object);
}

static void
tea_seat_finalize (GObject *object)
{
  TeaSeat *self = TEA_SEAT (object);

  g_clear_pointer (&self->request, tea_admission_request_free);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (tea_seat_parent_class)->finalize (object);
}

static void
tea_seat_class_init (TeaSeatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_seat_dispose;
  object_class->finalize = tea_seat_finalize;

  /**
   * TeaSeat::opened:
   * @self: the seat
   *
   * The room is open in its channel.
   */
  signals[SIGNAL_OPENED] = g_signal_new ("opened", TEA_TYPE_SEAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  /**
   * TeaSeat::left:
   * @self: the seat
   *
   * Its owner has left the room for good, by this seat, and knows it.
   */
  signals[SIGNAL_LEFT] = g_signal_new ("left", TEA_TYPE_SEAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
tea_seat_init (TeaSeat *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * tea_seat_new:
 * @owner: (transfer none): whose it is, until it is closed
 * @channel: in which channel
 *
 * Returns: (transfer full): a seat in no room yet
 */
TeaSeat *
tea_seat_new (const TeaSeatOwner *owner, guint16 channel)
{
  TeaSeat *self;

  g_return_val_if_fail (owner != NULL, NULL);

  self = g_object_new (TEA_TYPE_SEAT, NULL);
  self->owner = owner;
  self->channel = channel;

  return self;
}

/**
 * tea_seat_close:
 * @self: a seat
 *
 * Gives up a seat, without a word. What was said and is on its way is still stored.
 */
void
tea_seat_close (TeaSeat *self)
{
  g_return_if_fail (TEA_IS_SEAT (self));

  self->state = STATE_CLOSED;
  g_clear_pointer (&self->unknown_timer, tea_timer_free);
  g_clear_pointer (&self->unknown, g_bytes_unref);
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->cursor, tea_cursor_free);
  if (self->intake != NULL)
    tea_intake_close (self->intake);
  g_clear_object (&self->intake);
  if (self->puller != NULL)
    tea_puller_close (self->puller);
  g_clear_object (&self->puller);
  if (self->finder != NULL)
    tea_finder_close (self->finder);
  g_clear_object (&self->finder);
  g_clear_pointer (&self->admission, tea_admission_free);
}

/* The same wrong password again is a repeat, not another guess. */
static gboolean
is_refused (TeaSeat *self, const TeaAdmissionRequest *request)
{
  return self->answer != NULL && tea_admission_request_equal (self->request, request)
         && (self->refusal == TEA_REFUSAL_PASSWORD_WRONG
             || tea_clock_get_time (self->owner->clock) - self->answered < REPEAT_TIME);
}

/**
 * tea_seat_ask:
 * @self: a seat that is not closed
 * @frame: an OPEN or a MAKE
 *
 * Opens a room, unless there is something against it; as soon as its owner is in the house.
 */
void
tea_seat_ask (TeaSeat *self, const TeaFrame *frame)
{
  g_autoptr (TeaAdmissionRequest) request = NULL;

  g_return_if_fail (TEA_IS_SEAT (self));
  g_return_if_fail (self->state != STATE_CLOSED);

  request = make_request (frame);
  /* What was asked before something else was answered may come late. */
  if (self->state == STATE_OPEN)
    {
      if (tea_admission_request_equal (self->request, request))
        tell_opened (self);
      return;
    }
  if (is_refused (self, request))
    {
      send (self, g_bytes_ref (self->answer));
      return;
    }
  if (self->state == STATE_ASKING)
    return;

  g_clear_pointer (&self->answer, g_bytes_unref);
  g_clear_pointer (&self->request, tea_admission_request_free);
  self->request = g_steal_pointer (&request);
  self->state = STATE_WAITING;
  if (self->owner->visitor.name != NULL)
    tea_seat_begin (self);
}

/**
 * tea_seat_begin:
 * @self: a seat whose owner is in the house
 *
 * Does what was asked for before they were.
 */
void
tea_seat_begin (TeaSeat *self)
{
  g_return_if_fail (TEA_IS_SEAT (self));

  if (self->state != STATE_WAITING || self->request == NULL)
    return;

  self->state = STATE_ASKING;
  self->asked = tea_clock_get_time (self->owner->clock);
  tea_admission_ask_async (self->owner->house, self->request, &self->owner->visitor,
                           self->cancellable, admitted_cb, g_object_ref (self));
}

/**
 * tea_seat_handle:
 * @self: a seat that is open
 * @frame: a frame of its channel from its client
 *
 * Does what a client asks for in the room.
 */
void
tea_seat_handle (TeaSeat *self, const TeaFrame *frame)
{
  g_return_if_fail (TEA_IS_SEAT (self));
  g_return_if_fail (self->state == STATE_OPEN);
  g_return_if_fail (frame != NULL);

  switch ((guint) frame->type)
    {
    case TEA_FRAME_SAY:
      tea_intake_say (self->intake, frame->say.number, frame->say.oldest, frame->say.text);
      break;
    case TEA_FRAME_SAY_PIECE:
    case TEA_FRAME_TELL_PIECE:
      tea_intake_say_piece (self->intake, frame);
      break;
    case TEA_FRAME_TELL:
      tea_intake_tell (self->intake, frame);
      break;
    case TEA_FRAME_PULL:
      for (guint i = 0; i < frame->pull.n_ranges; i++)
        note_missing (self, frame->pull.ranges[i].from);
      tea_puller_pull (self->puller, frame->pull.ranges, frame->pull.n_ranges);
      break;
    case TEA_FRAME_PULL_PIECES:
      note_missing (self, frame->pull_pieces.seq);
      tea_puller_pull_pieces (self->puller, frame->pull_pieces.seq, frame->pull_pieces.missing);
      break;
    case TEA_FRAME_FIND:
      tea_finder_find (self->finder, frame->find.number, frame->find.before, frame->find.words);
      break;
    case TEA_FRAME_WHO:
      tell_who_is_here (self, frame->who.after);
      break;
    case TEA_FRAME_TYPING:
      note_typing (self);
      break;
    case TEA_FRAME_READ:
      note_read (self, frame->read.read);
      break;
    default:
      break;
    }
}

/**
 * tea_seat_get_channel:
 * @self: a seat
 *
 * Returns: in which channel it is
 */
guint16
tea_seat_get_channel (TeaSeat *self)
{
  g_return_val_if_fail (TEA_IS_SEAT (self), 0);

  return self->channel;
}

/**
 * tea_seat_get_room:
 * @self: a seat
 *
 * Returns: (transfer none) (nullable): the room that is open; %NULL where none is
 */
TeaRoom *
tea_seat_get_room (TeaSeat *self)
{
  g_return_val_if_fail (TEA_IS_SEAT (self), NULL);

  return self->state == STATE_OPEN ? self->admission->room : NULL;
}

/**
 * tea_seat_get_n_missed:
 * @self: a seat
 *
 * Returns: how often its client asked for something that it had been sent
 */
guint
tea_seat_get_n_missed (TeaSeat *self)
{
  g_return_val_if_fail (TEA_IS_SEAT (self), 0);

  return self->n_missed;
}

/**
 * tea_seat_is_refused:
 * @self: a seat
 *
 * Returns: whether its room was refused: nothing is kept for it then but the answer
 */
gboolean
tea_seat_is_refused (TeaSeat *self)
{
  g_return_val_if_fail (TEA_IS_SEAT (self), FALSE);

  return self->state == STATE_REFUSED;
}

/**
 * tea_seat_is_leaving:
 * @self: a seat
 *
 * Returns: whether its owner leaves the room for good by it, and has no answer to that yet
 */
gboolean
tea_seat_is_leaving (TeaSeat *self)
{
  g_return_val_if_fail (TEA_IS_SEAT (self), FALSE);

  return self->state == STATE_OPEN && tea_intake_is_leaving (self->intake);
}

/**
 * tea_seat_send_head:
 * @self: a seat that is open
 *
 * Tells the client where the log ends.
 */
void
tea_seat_send_head (TeaSeat *self)
{
  TeaRoomReader *reader;

  g_return_if_fail (TEA_IS_SEAT (self));
  g_return_if_fail (self->state == STATE_OPEN);

  reader = tea_room_get_reader (self->admission->room);
  send (self, tea_frame_encode_head (tea_room_reader_get_first (reader),
                                     tea_room_reader_get_head (reader)));
}
