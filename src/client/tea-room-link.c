/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-link.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-event-fetch.h"
#include "tea-event-sequence.h"
#include "tea-frame-encode.h"
#include "tea-kept-changes.h"
#include "tea-member-query.h"
#include "tea-older-events.h"
#include "tea-standing-events.h"
#include "tea-text.h"

/* How much history servers tell at once. */
#define HISTORY_MAX 1000
/* A password may have to be checked. */
#define OPEN_PATIENCE_MIN (100 * G_TIME_SPAN_MILLISECOND)

/**
 * TeaRoomLink:
 *
 * One room on a connection: what happens there is told in order and without holes, what
 * one says goes there, its members and older history are asked for. It lives through many
 * channels, and goes on in the room's log where it was.
 */
struct _TeaRoomLink
{
  GObject parent_instance;

  /* of the connection, which pauses the link before they go */
  TeaPacker *packer;
  TeaHeartbeat *heartbeat;
  TeaRoundTrip *round_trip;

  TeaRoomLinkFuncs funcs;
  gpointer user_data; /* (nullable): once nobody is told any more */

  /* how to open it */
  char *address;
  char *password;
  gboolean makes;
  TeaRoomFlags flags;
  char *title;
  guint64 wanted_since;
  guint32 wanted_history;

  enum
  {
    STAGE_CLOSED,
    STAGE_OPENING,
    STAGE_OPEN,
  } stage;
  guint16 channel;
  guint32 stream;
  GBytes *opening;      /* (owned) (nullable): the frame that was sent to open it */
  TeaTimer *open_timer; /* (owned): when to ask again */
  gint64 patience;

  guint64 epoch;               /* 0 before it is known */
  guint64 first;               /* the first number that is kept */
  guint64 passed;              /* there is a gap before this number; 0 when there is none */
  TeaEventSequence *events;    /* (owned) */
  TeaOlderEvents *older;       /* (owned) */
  TeaMemberQuery *members;     /* (owned) */
  TeaOutbox *outbox;           /* (owned) */
  TeaStandingEvents *standing; /* (owned) */

  TeaKeptChanges *changes; /* (owned) */
  GPtrArray *fetches;      /* (element-type TeaEventFetch) */
  GPtrArray *queries;      /* (element-type TeaWordQuery) */
  guint32 n_queries;       /* how many there were */
  TeaClock *clock;         /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaRoomLink, tea_room_link, G_TYPE_OBJECT)

static void
send_cb (GBytes *frame, gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  tea_packer_send (self->packer, self->channel, frame);
}

static void
say_cb (GBytes *frame, gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  tea_heartbeat_note_said (self->heartbeat);
  tea_packer_send (self->packer, self->channel, frame);
}

static void
open_again_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  self->patience = tea_round_trip_get_next_patience (self->patience);
  tea_room_link_ask_to_open (self);
  tea_timer_set (self->open_timer, self->patience);
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  tea_member_query_take_event (self->members, event);
  tea_kept_changes_take_event (self->changes, event);
  if (self->user_data != NULL)
    self->funcs.event (event, self->user_data);
}

static void
tell_gap (TeaRoomLink *self, gboolean is_anew)
{
  if (self->user_data != NULL)
    self->funcs.gap (is_anew, self->user_data);
}

static void
gap_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  self->passed = tea_event_sequence_get_head (self->events);
  tea_member_query_ask (self->members, self->passed);
  tell_gap (self, FALSE);
}

static void
advanced_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);
  guint64 passed = self->passed;

  if (passed == 0 || tea_event_sequence_get_settled (self->events) < passed)
    return;

  self->passed = 0;
  tea_outbox_take_passed (self->outbox, passed);
}

static void
answered_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  if (self->user_data != NULL)
    self->funcs.members_told (self->user_data);
}

static void
older_changed_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  if (self->user_data != NULL)
    self->funcs.older (self->user_data);
}

/* Questions that are under way */

static void
give_up_questions (TeaRoomLink *self)
{
  for (guint i = self->fetches->len; i-- > 0;)
    tea_event_fetch_give_up (g_ptr_array_index (self->fetches, i));
  for (guint i = self->queries->len; i-- > 0;)
    tea_word_query_give_up (g_ptr_array_index (self->queries, i));
}

static void
pause_questions (TeaRoomLink *self)
{
  for (guint i = 0; i < self->fetches->len; i++)
    tea_event_fetch_pause (g_ptr_array_index (self->fetches, i));
  for (guint i = 0; i < self->queries->len; i++)
    tea_word_query_pause (g_ptr_array_index (self->queries, i));
}

/* Those that are answered, or given up. */
static void
drop_ended (TeaRoomLink *self)
{
  for (guint i = self->fetches->len; i-- > 0;)
    if (!tea_event_fetch_goes_on (g_ptr_array_index (self->fetches, i)))
      {
        tea_kept_changes_end (self->changes);
        g_ptr_array_remove_index (self->fetches, i);
      }
  for (guint i = self->queries->len; i-- > 0;)
    if (!tea_word_query_goes_on (g_ptr_array_index (self->queries, i)))
      g_ptr_array_remove_index (self->queries, i);
}

static void
resume_questions (TeaRoomLink *self)
{
  drop_ended (self);
  for (guint i = 0; i < self->fetches->len; i++)
    tea_event_fetch_ask (g_ptr_array_index (self->fetches, i));
  for (guint i = 0; i < self->queries->len; i++)
    tea_word_query_ask (g_ptr_array_index (self->queries, i));
}

static void
tea_room_link_dispose (GObject *object)
{
  TeaRoomLink *self = TEA_ROOM_LINK (object);

  self->user_data = NULL;
  if (self->events != NULL)
    tea_room_link_pause (self);
  g_clear_pointer (&self->open_timer, tea_timer_free);
  g_clear_pointer (&self->fetches, g_ptr_array_unref);
  g_clear_pointer (&self->queries, g_ptr_array_unref);
  g_clear_pointer (&self->changes, tea_kept_changes_free);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->events, tea_event_sequence_free);
  g_clear_pointer (&self->older, tea_older_events_free);
  g_clear_pointer (&self->members, tea_member_query_free);
  g_clear_pointer (&self->standing, tea_standing_events_free);
  g_clear_object (&self->outbox);

  G_OBJECT_CLASS (tea_room_link_parent_class)->dispose (object);
}

static void
tea_room_link_finalize (GObject *object)
{
  TeaRoomLink *self = TEA_ROOM_LINK (object);

  g_clear_pointer (&self->opening, g_bytes_unref);
  g_free (self->address);
  g_free (self->password);
  g_free (self->title);

  G_OBJECT_CLASS (tea_room_link_parent_class)->finalize (object);
}

static void
tea_room_link_class_init (TeaRoomLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_room_link_dispose;
  object_class->finalize = tea_room_link_finalize;
}

static void
tea_room_link_init (TeaRoomLink *self)
{
  self->fetches = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_fetch_free);
  self->queries = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_word_query_free);
}

/**
 * tea_room_link_new:
 * @clock: by which clock
 * @packer: where to send frames; it has to stay while the link is open
 * @heartbeat: whom to tell that an answer is waited for; the same
 * @round_trip: how long answers take; the same
 * @plan: which room it is; it need not stay
 * @outbox: what one says in the room
 * @members: the list of who is there
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a link that is not open
 */
TeaRoomLink *
tea_room_link_new (TeaClock *clock,
                   TeaPacker *packer,
                   TeaHeartbeat *heartbeat,
                   TeaRoundTrip *round_trip,
                   const TeaRoomPlan *plan,
                   TeaOutbox *outbox,
                   TeaMemberList *members,
                   const TeaRoomLinkFuncs *funcs,
                   gpointer user_data)
{
  static const TeaEventSequenceFuncs event_funcs = {
    .event = event_cb,
    .gap = gap_cb,
    .advanced = advanced_cb,
    .send = send_cb,
  };
  static const TeaOlderEventsFuncs older_funcs = {
    .changed = older_changed_cb,
    .send = send_cb,
  };
  static const TeaMemberQueryFuncs member_funcs = {
    .answered = answered_cb,
    .send = send_cb,
  };
  TeaRoomLink *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (packer != NULL && heartbeat != NULL && round_trip != NULL, NULL);
  g_return_val_if_fail (plan != NULL && plan->address != NULL, NULL);
  g_return_val_if_fail (TEA_IS_OUTBOX (outbox), NULL);
  g_return_val_if_fail (TEA_IS_MEMBER_LIST (members), NULL);
  g_return_val_if_fail (funcs != NULL && user_data != NULL, NULL);

  self = g_object_new (TEA_TYPE_ROOM_LINK, NULL);
  self->packer = packer;
  self->heartbeat = heartbeat;
  self->round_trip = round_trip;
  self->address = g_strdup (plan->address);
  self->password = g_strdup (plan->password != NULL ? plan->password : "");
  self->makes = plan->makes;
  self->flags = plan->flags;
  self->title = g_strdup (plan->title != NULL ? plan->title : "");
  self->wanted_since = plan->since;
  self->wanted_history = plan->history;
  self->clock = g_object_ref (clock);
  self->changes = tea_kept_changes_new (clock);
  self->open_timer = tea_timer_new (clock, open_again_cb, self);
  self->outbox = g_object_ref (outbox);
  self->standing = tea_standing_events_new ();
  self->funcs = *funcs;
  self->user_data = user_data;
  self->events = tea_event_sequence_new (clock, round_trip, &event_funcs, self);
  self->older = tea_older_events_new (clock, round_trip, &older_funcs, self);
  self->members = tea_member_query_new (clock, round_trip, members, &member_funcs, self);

  return self;
}

/**
 * tea_room_link_detach:
 * @self: a link
 *
 * Tells its conversation nothing any more; what is asked for is given up.
 */
void
tea_room_link_detach (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  self->user_data = NULL;
  tea_older_events_give_up (self->older);
  give_up_questions (self);
}

/**
 * tea_room_link_get_epoch:
 * @self: a link
 *
 * Returns: which log the room has; 0 before that is known
 */
guint64
tea_room_link_get_epoch (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return self->epoch;
}

/**
 * tea_room_link_get_first:
 * @self: a link
 *
 * Returns: the first number that the room's log keeps, as far as is known
 */
guint64
tea_room_link_get_first (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return self->first;
}

/**
 * tea_room_link_get_head:
 * @self: a link
 *
 * Returns: the latest number in the room's log that is known to be
 */
guint64
tea_room_link_get_head (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return tea_event_sequence_get_head (self->events);
}

/**
 * tea_room_link_get_told:
 * @self: a link
 *
 * Returns: the number up to which everything was told, or will not be
 */
guint64
tea_room_link_get_told (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return tea_event_sequence_get_settled (self->events);
}

/**
 * tea_room_link_get_waiting_since:
 * @self: a link
 *
 * Tells since when what happened is asked for in vain, or what is said is not answered.
 *
 * Returns: since when, in µs of the clock; 0 when neither is so
 */
gint64
tea_room_link_get_waiting_since (TeaRoomLink *self)
{
  gint64 asked, said;

  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  if (self->stage != STAGE_OPEN)
    return 0;

  asked = tea_event_sequence_get_waiting_since (self->events);
  said = tea_outbox_get_waiting_since (self->outbox);

  return asked != 0 && said != 0 ? MIN (asked, said) : MAX (asked, said);
}

/**
 * tea_room_link_get_outbox:
 * @self: a link
 *
 * Returns: (transfer none): what one says in the room
 */
TeaOutbox *
tea_room_link_get_outbox (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), NULL);

  return self->outbox;
}

/* Opening */

static GBytes *
new_opening (TeaRoomLink *self)
{
  guint64 settled = tea_event_sequence_get_settled (self->events);

  if (self->makes && self->epoch == 0)
    return tea_frame_encode_make (self->flags, self->address, self->title, self->password);

  if (self->epoch == 0)
    return tea_frame_encode_open (0, 0, 0, MIN (self->wanted_history, HISTORY_MAX), self->address,
                                  self->password);

  /* Whoever was there wants all that happened since, be it from the first event on. */
  return tea_frame_encode_open (self->epoch, settled, tea_event_sequence_get_check (self->events),
                                0, self->address, self->password);
}

/**
 * tea_room_link_open:
 * @self: a link that is closed
 * @channel: in which channel
 * @stream: what tells this program's numbers from those of others
 *
 * Asks for the room.
 */
void
tea_room_link_open (TeaRoomLink *self, guint16 channel, guint32 stream)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (self->stage == STAGE_CLOSED);

  self->stage = STAGE_OPENING;
  self->channel = channel;
  self->stream = stream;
  g_clear_pointer (&self->opening, g_bytes_unref);
  self->opening = new_opening (self);
  tea_room_link_ask_to_open (self);
}

/**
 * tea_room_link_keep_asking:
 * @self: a link that is opening
 * @wait: when to ask again, in µs from now; 0 for when an answer is due
 *
 * Asks for the room again and again until there is an answer.
 */
void
tea_room_link_keep_asking (TeaRoomLink *self, gint64 wait)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (self->stage == STAGE_OPENING);

  self->patience = MAX (tea_round_trip_get_patience (self->round_trip), OPEN_PATIENCE_MIN);
  tea_timer_set (self->open_timer, MAX (wait, self->patience));
}

/**
 * tea_room_link_ask_to_open:
 * @self: a link that is opening or open
 *
 * Asks for the room once more. Where it is open on the server that changes nothing; where it is
 * not any more, it is opened.
 */
void
tea_room_link_ask_to_open (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (self->opening != NULL);

  tea_packer_send (self->packer, self->channel, g_bytes_ref (self->opening));
}

/**
 * tea_room_link_is_open:
 * @self: a link
 *
 * Returns: whether the server tells it what happens
 */
gboolean
tea_room_link_is_open (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), FALSE);

  return self->stage == STAGE_OPEN;
}

/**
 * tea_room_link_is_opening:
 * @self: a link
 *
 * Returns: whether it waits for the answer
 */
gboolean
tea_room_link_is_opening (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), FALSE);

  return self->stage == STAGE_OPENING;
}

/**
 * tea_room_link_get_channel:
 * @self: a link that is opening or open
 *
 * Returns: in which channel
 */
guint16
tea_room_link_get_channel (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return self->channel;
}

/**
 * tea_room_link_is_foreign:
 * @self: a link that is opening
 * @frame: an OPENED frame
 *
 * Returns: whether another program has chosen the same stream: its messages are not ours
 */
gboolean
tea_room_link_is_foreign (TeaRoomLink *self, const TeaFrame *frame)
{
  guint32 next;

  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), FALSE);

  /* In a room that is opened once more the numbers are of the time before it was closed. */
  next = tea_outbox_get_next_number (self->outbox);
  if (self->channel != 0 && next == 1)
    return FALSE;

  return self->stage == STAGE_OPENING && frame->opened.number >= next;
}

static void
begin_log (TeaRoomLink *self, guint64 settled, gboolean is_cut)
{
  tea_event_sequence_forget (self->events);
  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  tea_older_events_begin (self->older, self->first, settled + 1, is_cut);
}

/* Where to begin with a log that is not known. */
static guint64
choose_start (TeaRoomLink *self, const TeaFrame *frame)
{
  guint64 head = frame->opened.head;

  if (self->wanted_history == G_MAXUINT32)
    return self->first;

  return MAX (self->first,
              head + 1 - MIN (head, MIN ((guint64) self->wanted_history, HISTORY_MAX)));
}

/* What was known is of another log, or of another past of this one. */
static gboolean
begins_anew (TeaRoomLink *self, const TeaFrame *frame)
{
  guint64 settled = tea_event_sequence_get_settled (self->events);

  return frame->opened.epoch != self->epoch || settled > frame->opened.head
         || frame->opened.start <= settled || (frame->opened.flags & TEA_OPENED_ANEW) != 0;
}

/* Goes on where the log was left, or begins with it. Returns whether who is in the room
 * has to be asked for: it does not follow from what happened since. */
static gboolean
take_log (TeaRoomLink *self, const TeaFrame *frame)
{
  guint64 settled = tea_event_sequence_get_settled (self->events);
  guint64 start = frame->opened.start;

  self->first = frame->opened.first;

  if (self->epoch == 0)
    {
      self->epoch = frame->opened.epoch;
      /* What is asked for from a number on is not cut down to the latest of it. */
      if (self->wanted_since > 0 && self->wanted_since <= frame->opened.head)
        start = MAX (self->wanted_since + 1, self->first);
      else if (self->wanted_history == G_MAXUINT32)
        start = self->first;
      if (self->wanted_since > 0 && start > self->wanted_since + 1)
        tell_gap (self, FALSE);
      begin_log (self, start - 1, FALSE);
      return TRUE;
    }

  if (begins_anew (self, frame))
    {
      self->epoch = frame->opened.epoch;
      self->passed = frame->opened.head;
      tea_kept_changes_forget (self->changes);
      give_up_questions (self);
      tell_gap (self, TRUE);
      tea_member_query_forget (self->members);
      begin_log (self, choose_start (self, frame) - 1, TRUE);
      return TRUE;
    }

  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  tea_older_events_take_first (self->older, self->first);
  tea_older_events_resume (self->older);

  /* Where there is a gap it will be asked for anyway. */
  return (start <= settled + 1 || settled == 0) && !tea_member_query_is_answered (self->members);
}

/* What stands comes right behind OPENED. What got lost of it comes with another one. */
static void
wait_for_standing (TeaRoomLink *self)
{
  if (tea_standing_events_are_there (self->standing))
    tea_timer_unset (self->open_timer);
  else if (tea_timer_get_due (self->open_timer) == 0)
    tea_timer_set (self->open_timer, self->patience);
}

/**
 * tea_room_link_take_opened:
 * @self: a link
 * @frame: an OPENED frame
 *
 * The room is open: begins, or goes on. What comes again, or was not asked for, only tells
 * where the log ends.
 */
void
tea_room_link_take_opened (TeaRoomLink *self, const TeaFrame *frame)
{
  G_GNUC_UNUSED g_autoptr (TeaRoomLink) kept = NULL;
  gboolean is_going_on;
  gboolean is_whole;
  guint n_said;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  /* Whoever is told may let go of the link: the room is open already, under another name. */
  kept = g_object_ref (self);
  if (self->stage == STAGE_OPEN)
    {
      tea_event_sequence_take_bounds (self->events, frame->opened.first, frame->opened.head);
      tea_standing_events_expect (self->standing, &frame->opened.standing);
      wait_for_standing (self);
    }
  if (self->stage != STAGE_OPENING)
    return;

  tea_timer_unset (self->open_timer);
  self->stage = STAGE_OPEN;
  tea_standing_events_begin (self->standing);
  tea_standing_events_expect (self->standing, &frame->opened.standing);
  /* Whoever knows of no event yet is cut down to nothing by what the server would tell. */
  is_going_on = self->epoch != 0 && !begins_anew (self, frame)
                && tea_event_sequence_get_settled (self->events) > 0;
  is_whole
      = is_going_on && frame->opened.start <= tea_event_sequence_get_settled (self->events) + 1;
  /* In the conversation of two everybody knows who they are. */
  if (take_log (self, frame) && (frame->opened.flags & TEA_ROOM_PAIR) == 0)
    tea_member_query_ask (self->members, frame->opened.head);

  n_said
      = tea_outbox_open (self->outbox, self->epoch, self->stream, frame->opened.number,
                         frame->opened.role != TEA_ROOM_ROLE_NONE, self->round_trip, say_cb, self);
  if (self->user_data != NULL)
    self->funcs.opened (frame, n_said, is_whole, self->user_data);
  if (self->stage == STAGE_OPEN)
    resume_questions (self);

  /* Where the server lets us go on further ahead than where we were, there is a gap. */
  if (self->stage == STAGE_OPEN)
    {
      tea_event_sequence_take_bounds (self->events, is_going_on ? frame->opened.start : self->first,
                                      frame->opened.head);
      self->patience = MAX (tea_round_trip_get_patience (self->round_trip), OPEN_PATIENCE_MIN);
      wait_for_standing (self);
    }
}

static void
stop (TeaRoomLink *self)
{
  gboolean was_open = self->stage == STAGE_OPEN;

  self->stage = STAGE_CLOSED;
  tea_timer_unset (self->open_timer);
  tea_event_sequence_pause (self->events);
  tea_older_events_pause (self->older);
  pause_questions (self);
  tea_member_query_pause (self->members);
  if (was_open)
    tea_outbox_close (self->outbox);
}

/**
 * tea_room_link_pause:
 * @self: a link
 *
 * There is no connection for now, or no channel: asks for nothing, and says nothing.
 */
void
tea_room_link_pause (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  if (self->stage == STAGE_CLOSED)
    return;

  stop (self);
  if (self->user_data != NULL)
    self->funcs.closed (NULL, self->user_data);
}

/**
 * tea_room_link_end:
 * @self: a link
 * @error: why
 *
 * The room is not open, and will not be.
 */
void
tea_room_link_end (TeaRoomLink *self, const GError *error)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (error != NULL);

  stop (self);
  tea_older_events_give_up (self->older);
  give_up_questions (self);
  if (self->user_data != NULL)
    self->funcs.closed (error, self->user_data);
}

static void
tell_standing (TeaRoomLink *self, TeaEvent *event)
{
  wait_for_standing (self);
  if (self->user_data != NULL)
    self->funcs.standing (event, self->user_data);
}

static void
take_event (TeaRoomLink *self, TeaEvent *event)
{
  if (tea_standing_events_take_event (self->standing, event))
    tell_standing (self, event);
  for (guint i = 0; i < self->fetches->len; i++)
    tea_event_fetch_take_event (g_ptr_array_index (self->fetches, i), event);
  tea_older_events_take_event (self->older, event);
  tea_event_sequence_take_event (self->events, event);
}

static void
take_piece (TeaRoomLink *self, const TeaFrame *frame)
{
  g_autoptr (TeaEvent) event = tea_standing_events_take_piece (self->standing, frame);

  if (event != NULL)
    tell_standing (self, event);
  for (guint i = 0; i < self->fetches->len; i++)
    tea_event_fetch_take_piece (g_ptr_array_index (self->fetches, i), frame);
  tea_older_events_take_piece (self->older, frame);
  tea_event_sequence_take_piece (self->events, frame);
}

static void
take_empty (TeaRoomLink *self, guint64 from, guint64 to)
{
  for (guint i = 0; i < self->fetches->len; i++)
    tea_event_fetch_take_empty (g_ptr_array_index (self->fetches, i), from, to);
  tea_older_events_take_empty (self->older, from, to);
  tea_event_sequence_take_empty (self->events, from, to);
  tea_member_query_take_empty (self->members, to, tea_event_sequence_get_head (self->events));
}

static void
take_found (TeaRoomLink *self, const TeaFrame *frame)
{
  for (guint i = 0; i < self->queries->len; i++)
    tea_word_query_take_found (g_ptr_array_index (self->queries, i), frame);
}

static void
take_nack (TeaRoomLink *self, const TeaFrame *frame)
{
  g_autofree char *reason = tea_text_make_safe (frame->nack.text);

  tea_outbox_take_nack (self->outbox, frame->nack.number, frame->nack.code, reason);
}

/* What changed within a gap of the topic, and of what is pinned, comes with the room's opening. */
static void
take_head (TeaRoomLink *self, const TeaFrame *frame)
{
  gboolean is_gap = frame->head.first > tea_event_sequence_get_settled (self->events) + 1;

  tea_event_sequence_take_bounds (self->events, frame->head.first, frame->head.head);
  if (self->stage != STAGE_OPEN)
    return;

  tea_older_events_take_first (self->older, frame->head.first);
  if (!is_gap)
    return;

  tea_standing_events_begin (self->standing);
  tea_room_link_ask_to_open (self);
  tea_timer_set (self->open_timer, self->patience);
}

/**
 * tea_room_link_take_frame:
 * @self: a link
 * @frame: a frame about the room
 *
 * Takes what the server tells; while the link is not open, nothing.
 */
void
tea_room_link_take_frame (TeaRoomLink *self, const TeaFrame *frame)
{
  G_GNUC_UNUSED g_autoptr (TeaRoomLink) kept = NULL;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (frame != NULL);

  if (self->stage != STAGE_OPEN)
    return;

  /* Whoever is told may let go of the link. */
  kept = g_object_ref (self);
  drop_ended (self);
  switch ((guint) frame->type)
    {
    case TEA_FRAME_EVENT:
    case TEA_FRAME_MORE:
      take_event (self, frame->event.event);
      break;
    case TEA_FRAME_PIECE:
    case TEA_FRAME_MORE_PIECE:
      take_piece (self, frame);
      break;
    case TEA_FRAME_EMPTY:
      take_empty (self, frame->empty.from, frame->empty.to);
      break;
    case TEA_FRAME_HEAD:
      take_head (self, frame);
      break;
    case TEA_FRAME_SAY_PIECES:
      tea_outbox_take_pieces (self->outbox, frame->say_pieces.number, frame->say_pieces.received);
      break;
    case TEA_FRAME_ACK:
      tea_outbox_take_ack (self->outbox, frame->ack.number, frame->ack.seq);
      break;
    case TEA_FRAME_NACK:
      take_nack (self, frame);
      break;
    case TEA_FRAME_HOLD:
      tea_outbox_take_hold (self->outbox, frame->hold.number, frame->hold.delay);
      break;
    case TEA_FRAME_TYPING:
      if (self->user_data != NULL)
        self->funcs.typing (frame->typing.name, self->user_data);
      break;
    case TEA_FRAME_READ:
      if (self->user_data != NULL)
        self->funcs.read (frame->read.read, frame->read.unread, self->user_data);
      break;
    case TEA_FRAME_FOUND:
      take_found (self, frame);
      break;
    case TEA_FRAME_PRESENT:
      tea_member_query_take_page (self->members, frame->present.as_of, frame->present.next,
                                  frame->present.members, frame->present.n_members);
      break;
    default:
      break;
    }
}

/**
 * tea_room_link_ask_members:
 * @self: a link
 *
 * Asks who is there once more, if the room is open.
 */
void
tea_room_link_ask_members (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  if (self->stage == STAGE_OPEN)
    tea_member_query_ask (self->members, tea_event_sequence_get_settled (self->events));
}

/**
 * tea_room_link_tell_typing:
 * @self: a link
 *
 * Tells the others that one is writing, if the room is open.
 */
void
tea_room_link_tell_typing (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  if (self->stage == STAGE_OPEN)
    tea_packer_send (self->packer, self->channel, tea_frame_encode_typing (""));
}

/**
 * tea_room_link_tell_read:
 * @self: a link
 * @read: up to which event one has read
 *
 * Tells the server, if the room is open.
 */
void
tea_room_link_tell_read (TeaRoomLink *self, guint64 read)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  if (self->stage == STAGE_OPEN)
    tea_packer_send (self->packer, self->channel, tea_frame_encode_read (read, 0));
}

/**
 * tea_room_link_has_older:
 * @self: a link
 *
 * Returns: whether there is older history than what was told
 */
gboolean
tea_room_link_has_older (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), FALSE);

  return tea_older_events_exist (self->older);
}

/**
 * tea_room_link_load_older_async:
 * @self: a link that does not load older history already
 * @n_events: about how many events are wanted
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Fetches older history.
 */
void
tea_room_link_load_older_async (TeaRoomLink *self,
                                guint n_events,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_link_load_older_async);

  tea_kept_changes_begin (self->changes);
  if (self->stage == STAGE_OPEN && tea_older_events_exist (self->older))
    tea_older_events_load (self->older, n_events, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The older messages could not be fetched."));
}

/* What was asked for, brought up to date. */
static GPtrArray *
follow_changes (TeaRoomLink *self, GPtrArray *events)
{
  GPtrArray *now = g_ptr_array_new_full (events->len, (GDestroyNotify) tea_event_unref);

  for (guint i = 0; i < events->len; i++)
    g_ptr_array_add (now, tea_kept_changes_follow (self->changes, g_ptr_array_index (events, i)));

  return now;
}

static GPtrArray *
finish_with_changes (TeaRoomLink *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) events = g_task_propagate_pointer (G_TASK (result), error);

  return events != NULL ? follow_changes (self, events) : NULL;
}

/**
 * tea_room_link_load_older_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): what happened before what was told,
 *   oldest first; %NULL with @error %TEA_ERROR_NO_ANSWER or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_room_link_load_older_finish (TeaRoomLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  tea_kept_changes_end (self->changes);

  return finish_with_changes (self, result, error);
}

/**
 * tea_room_link_fetch_async:
 * @self: a link
 * @seqs: (element-type guint64): numbers of events, each once
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Gets events that stand anywhere in the room's log, up to what was told. Several such calls can
 * be under way at a time.
 */
void
tea_room_link_fetch_async (TeaRoomLink *self,
                           GArray *seqs,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TeaEventFetch *fetch;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (seqs != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_link_fetch_async);

  if (self->stage != STAGE_OPEN)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                               _ ("The messages could not be fetched."));
      return;
    }
  if (seqs->len == 0)
    {
      g_task_return_pointer (task, g_ptr_array_new (), (GDestroyNotify) g_ptr_array_unref);
      return;
    }

  tea_kept_changes_begin (self->changes);
  fetch = tea_event_fetch_new (self->clock, self->round_trip, seqs, g_steal_pointer (&task),
                               send_cb, self);
  g_ptr_array_add (self->fetches, fetch);
  tea_event_fetch_ask (fetch);
}

/**
 * tea_room_link_fetch_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): the events as they are now, the oldest first,
 *   without those that are gone; %NULL with @error %TEA_ERROR_NO_ANSWER or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_room_link_fetch_finish (TeaRoomLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return finish_with_changes (self, result, error);
}

/**
 * tea_room_link_find_async:
 * @self: a link
 * @words: what to look for
 * @before: only messages before this number; 0 for all
 * @cancellable: (nullable): to give up with
 * @callback: called when there is an answer
 * @user_data: for @callback
 *
 * Asks which messages have some words. Several such calls can be under way at a time.
 */
void
tea_room_link_find_async (TeaRoomLink *self,
                          const char *words,
                          guint64 before,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TeaWordQuery *query;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (words != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_link_find_async);

  if (self->stage != STAGE_OPEN)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                               _ ("The server did not answer the search."));
      return;
    }

  query = tea_word_query_new (self->clock, ++self->n_queries, words, before,
                              g_steal_pointer (&task), send_cb, self);
  g_ptr_array_add (self->queries, query);
  tea_word_query_ask (query);
}

/**
 * tea_room_link_find_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the numbers of the messages; %NULL with @error %TEA_ERROR_NO_ANSWER
 *   or %G_IO_ERROR_CANCELLED
 */
TeaFoundNumbers *
tea_room_link_find_finish (TeaRoomLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
