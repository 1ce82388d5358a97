/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-link.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-event-sequence.h"
#include "tea-member-query.h"
#include "tea-older-events.h"
#include "tea-text.h"

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
  const TeaRoundTrip *round_trip;

  TeaRoomLinkFuncs funcs;
  gpointer user_data; /* (nullable): once nobody is told any more */

  guint64 wanted_since;
  guint32 wanted_history;

  gboolean is_open;
  guint64 epoch;            /* 0 before it is known */
  guint64 first;            /* the first number that is kept */
  guint64 passed;           /* there is a gap before this number; 0 when there is none */
  TeaEventSequence *events; /* (owned) */
  TeaOlderEvents *older;    /* (owned) */
  TeaMemberQuery *members;  /* (owned) */
  TeaOutbox *outbox;        /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaRoomLink, tea_room_link, G_TYPE_OBJECT)

static void
send_cb (GBytes *frame, gpointer user_data)
{
  tea_packer_send (TEA_ROOM_LINK (user_data)->packer, frame);
}

static void
say_cb (GBytes *frame, gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  tea_heartbeat_note_said (self->heartbeat);
  tea_packer_send (self->packer, frame);
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  tea_member_query_take_event (self->members, event);
  if (self->user_data != NULL)
    self->funcs.event (event, self->user_data);
}

static void
tell_gap (TeaRoomLink *self)
{
  if (self->user_data != NULL)
    self->funcs.gap (self->user_data);
}

static void
gap_cb (gpointer user_data)
{
  TeaRoomLink *self = TEA_ROOM_LINK (user_data);

  self->passed = tea_event_sequence_get_head (self->events);
  tea_member_query_ask (self->members, self->passed);
  tell_gap (self);
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

static void
tea_room_link_dispose (GObject *object)
{
  TeaRoomLink *self = TEA_ROOM_LINK (object);

  self->user_data = NULL;
  if (self->is_open)
    tea_room_link_pause (self);
  g_clear_pointer (&self->events, tea_event_sequence_free);
  g_clear_pointer (&self->older, tea_older_events_free);
  g_clear_pointer (&self->members, tea_member_query_free);
  g_clear_object (&self->outbox);

  G_OBJECT_CLASS (tea_room_link_parent_class)->dispose (object);
}

static void
tea_room_link_class_init (TeaRoomLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_room_link_dispose;
}

static void
tea_room_link_init (TeaRoomLink *self)
{
}

/**
 * tea_room_link_new:
 * @clock: by which clock
 * @packer: where to send frames; it has to stay while the link is open
 * @heartbeat: whom to tell that an answer is waited for; the same
 * @round_trip: how long answers take; the same
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
                   const TeaRoundTrip *round_trip,
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
  g_return_val_if_fail (TEA_IS_OUTBOX (outbox), NULL);
  g_return_val_if_fail (TEA_IS_MEMBER_LIST (members), NULL);
  g_return_val_if_fail (funcs != NULL && user_data != NULL, NULL);

  self = g_object_new (TEA_TYPE_ROOM_LINK, NULL);
  self->packer = packer;
  self->heartbeat = heartbeat;
  self->round_trip = round_trip;
  self->outbox = g_object_ref (outbox);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->events = tea_event_sequence_new (clock, round_trip, &event_funcs, self);
  self->older = tea_older_events_new (clock, round_trip, &older_funcs, self);
  self->members = tea_member_query_new (clock, round_trip, members, &member_funcs, self);

  return self;
}

/**
 * tea_room_link_set_start:
 * @self: a link that was never open
 * @since: an event after which everything is wanted; 0 for the latest history
 * @history: how many of the latest events are wanted; %G_MAXUINT32 for all
 *
 * Chooses what is told first.
 */
void
tea_room_link_set_start (TeaRoomLink *self, guint64 since, guint32 history)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  self->wanted_since = since;
  self->wanted_history = history;
}

/**
 * tea_room_link_detach:
 * @self: a link
 *
 * Tells its conversation nothing any more; whoever waits for older history is told that it
 * cannot be had.
 */
void
tea_room_link_detach (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  self->user_data = NULL;
  tea_older_events_give_up (self->older);
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

  return self->is_open;
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
 * tea_room_link_get_since:
 * @self: a link
 *
 * Returns: the number after which everything is wanted; 0 for the latest history
 */
guint64
tea_room_link_get_since (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return self->epoch != 0 ? tea_event_sequence_get_settled (self->events) : self->wanted_since;
}

/**
 * tea_room_link_get_history:
 * @self: a link
 *
 * Returns: how many of the latest events are wanted
 */
guint32
tea_room_link_get_history (TeaRoomLink *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_LINK (self), 0);

  return self->wanted_history;
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

static void
begin_log (TeaRoomLink *self, guint64 settled, gboolean is_cut)
{
  tea_event_sequence_forget (self->events);
  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  tea_older_events_begin (self->older, self->first, settled + 1, is_cut);
}

/* Goes on where the log was left, or begins with it. Returns whether who is in the room
 * has to be asked for: it does not follow from what happened since. */
static gboolean
take_log (TeaRoomLink *self, const TeaFrame *frame)
{
  guint64 epoch = frame->entered.epoch;
  guint64 start = frame->entered.start;
  guint64 settled = tea_event_sequence_get_settled (self->events);

  self->first = frame->entered.first;

  if (self->epoch == 0)
    {
      self->epoch = epoch;
      /* What is asked for from a number on is not cut down to the latest of it. */
      if (self->wanted_since > 0 && self->wanted_since <= frame->entered.head)
        start = MAX (self->wanted_since + 1, self->first);
      else if (self->wanted_history == G_MAXUINT32)
        start = self->first;
      if (self->wanted_since > 0 && start > self->wanted_since + 1)
        tell_gap (self);
      begin_log (self, start - 1, FALSE);
      return TRUE;
    }

  if (self->epoch != epoch || settled > frame->entered.head)
    {
      self->epoch = epoch;
      self->passed = frame->entered.head;
      tell_gap (self);
      tea_member_query_forget (self->members);
      begin_log (self, start - 1, TRUE);
      return TRUE;
    }

  tea_event_sequence_start (self->events, settled, G_MAXUINT64);
  tea_older_events_take_first (self->older, self->first);
  tea_older_events_resume (self->older);

  /* Where there is a gap it will be asked for anyway. */
  return start <= settled + 1 && !tea_member_query_is_answered (self->members);
}

/**
 * tea_room_link_take_entered:
 * @self: a link that is not open
 * @stream: what tells this program's numbers from those of others
 * @frame: an ENTERED frame
 *
 * The room is open: begins, or goes on.
 */
void
tea_room_link_take_entered (TeaRoomLink *self, guint32 stream, const TeaFrame *frame)
{
  gboolean is_going_on;
  guint n_said;

  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (!self->is_open);

  is_going_on = self->epoch == frame->entered.epoch;
  self->is_open = TRUE;
  if (take_log (self, frame))
    tea_member_query_ask (self->members, frame->entered.head);

  n_said = tea_outbox_open (self->outbox, stream, frame->entered.number, self->round_trip, say_cb,
                            self);
  if (self->user_data != NULL)
    self->funcs.opened (n_said, self->user_data);

  /* Where the server lets us go on further ahead than where we were, there is a gap. */
  tea_event_sequence_take_bounds (self->events, is_going_on ? frame->entered.start : self->first,
                                  frame->entered.head);
}

/**
 * tea_room_link_pause:
 * @self: a link
 *
 * There is no connection for now: asks for nothing, and says nothing.
 */
void
tea_room_link_pause (TeaRoomLink *self)
{
  g_return_if_fail (TEA_IS_ROOM_LINK (self));

  if (!self->is_open)
    return;

  self->is_open = FALSE;
  tea_event_sequence_pause (self->events);
  tea_older_events_pause (self->older);
  tea_member_query_pause (self->members);
  tea_outbox_close (self->outbox);
  if (self->user_data != NULL)
    self->funcs.closed (self->user_data);
}

static void
take_event (TeaRoomLink *self, TeaEvent *event)
{
  tea_older_events_take_event (self->older, event);
  tea_event_sequence_take_event (self->events, event);
}

static void
take_piece (TeaRoomLink *self, const TeaFrame *frame)
{
  tea_older_events_take_piece (self->older, frame->piece.seq, frame->piece.index,
                               frame->piece.count, frame->piece.bytes);
  tea_event_sequence_take_piece (self->events, frame->piece.seq, frame->piece.index,
                                 frame->piece.count, frame->piece.bytes);
}

static void
take_empty (TeaRoomLink *self, guint64 from, guint64 to)
{
  tea_older_events_take_empty (self->older, from, to);
  tea_event_sequence_take_empty (self->events, from, to);
  tea_member_query_take_empty (self->members, to, tea_event_sequence_get_head (self->events));
}

static void
take_nack (TeaRoomLink *self, const TeaFrame *frame)
{
  g_autofree char *reason = tea_text_make_safe (frame->nack.text);

  tea_outbox_take_nack (self->outbox, frame->nack.number, frame->nack.code, reason);
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
  g_return_if_fail (TEA_IS_ROOM_LINK (self));
  g_return_if_fail (frame != NULL);

  if (!self->is_open)
    return;

  switch ((guint) frame->type)
    {
    case TEA_FRAME_EVENT:
      take_event (self, frame->event.event);
      break;
    case TEA_FRAME_PIECE:
      take_piece (self, frame);
      break;
    case TEA_FRAME_EMPTY:
      take_empty (self, frame->empty.from, frame->empty.to);
      break;
    case TEA_FRAME_HEAD:
      tea_event_sequence_take_bounds (self->events, frame->head.first, frame->head.head);
      tea_older_events_take_first (self->older, frame->head.first);
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
    case TEA_FRAME_PRESENT:
      tea_member_query_take_page (self->members, frame->present.as_of, frame->present.next,
                                  frame->present.members, frame->present.n_members);
      break;
    default:
      break;
    }
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

  if (self->is_open && tea_older_events_exist (self->older))
    tea_older_events_load (self->older, n_events, g_steal_pointer (&task));
  else
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The older messages could not be fetched."));
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

  return g_task_propagate_pointer (G_TASK (result), error);
}
