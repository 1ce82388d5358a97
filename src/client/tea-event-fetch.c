/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fetch.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-frame-encode.h"
#include "tea-frame-rules.h"
#include "tea-piece-collector.h"
#include "tea-undertaking.h"

/* How many events are asked for at a time: an answer has about 16 KiB. */
#define ASKED_MAX 64

/* An event that is wanted. */
typedef struct
{
  guint64 seq;
  TeaEvent *event;              /* (owned) (nullable) */
  TeaPieceCollector *collector; /* (owned) (nullable) */
  gboolean is_settled;          /* it is there, or gone */
} Wanted;

struct _TeaEventFetch
{
  TeaClock *clock; /* (owned) */
  const TeaRoundTrip *round_trip;
  GArray *wanted; /* (element-type Wanted): by number */
  guint n_open;   /* how many of them are not settled */
  guint n_asked;  /* how many of these are asked for */
  TeaUndertaking fetching;
  TeaTimer *timer; /* (owned): when to ask again */
  gint64 patience;
  TeaFrameFunc send;
  gpointer user_data;
};

static void
wanted_clear (gpointer data)
{
  Wanted *wanted = data;

  g_clear_pointer (&wanted->event, tea_event_unref);
  g_clear_pointer (&wanted->collector, tea_piece_collector_free);
}

static Wanted *
get (TeaEventFetch *self, guint index)
{
  return &g_array_index (self->wanted, Wanted, index);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Wanted *one = a;
  const Wanted *other = b;

  return (one->seq > other->seq) - (one->seq < other->seq);
}

/* (nullable): where it is not wanted, or not any more. */
static Wanted *
find_open (TeaEventFetch *self, guint64 seq)
{
  const Wanted key = { .seq = seq };
  Wanted *wanted;
  guint index;

  if (!tea_undertaking_goes_on (&self->fetching)
      || !g_array_binary_search (self->wanted, &key, compare, &index))
    return NULL;

  wanted = get (self, index);

  return wanted->is_settled ? NULL : wanted;
}

/* Asks for the missing pieces of what has come in part, where nothing else is missing. */
static void
ask_for_pieces (TeaEventFetch *self)
{
  for (guint i = 0; i < self->wanted->len; i++)
    {
      Wanted *wanted = get (self, i);

      if (wanted->is_settled)
        continue;

      self->n_asked++;
      self->send (tea_frame_encode_pull_pieces (wanted->seq, tea_piece_collector_get_missing (
                                                                 wanted->collector)),
                  self->user_data);
    }
}

static void
ask (TeaEventFetch *self)
{
  TeaRange ranges[TEA_PULL_MAX_RANGES];
  guint n_ranges = 0;

  self->n_asked = 0;
  for (guint i = 0; i < self->wanted->len && self->n_asked < ASKED_MAX; i++)
    {
      Wanted *wanted = get (self, i);

      if (wanted->is_settled || wanted->collector != NULL)
        continue;

      if (n_ranges > 0 && ranges[n_ranges - 1].to + 1 == wanted->seq)
        ranges[n_ranges - 1].to++;
      else if (n_ranges < G_N_ELEMENTS (ranges))
        ranges[n_ranges++] = (TeaRange){ .from = wanted->seq, .to = wanted->seq };
      else
        break;
      self->n_asked++;
    }

  if (n_ranges > 0)
    self->send (tea_frame_encode_pull (ranges, n_ranges), self->user_data);
  else
    ask_for_pieces (self);
  tea_timer_set (self->timer, self->patience);
}

static void
ask_again_cb (gpointer user_data)
{
  TeaEventFetch *self = user_data;

  self->patience = tea_round_trip_get_next_patience (self->patience);
  ask (self);
}

static GTask *
end (TeaEventFetch *self)
{
  tea_timer_unset (self->timer);

  return tea_undertaking_end (&self->fetching);
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = end (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Whoever is told may let go of the fetch. */
static void
answer (TeaEventFetch *self)
{
  g_autoptr (GTask) task = end (self);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);

  for (guint i = 0; i < self->wanted->len; i++)
    if (get (self, i)->event != NULL)
      g_ptr_array_add (events, tea_event_ref (get (self, i)->event));

  g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
}

static void
settle (TeaEventFetch *self, Wanted *wanted, TeaEvent *event)
{
  g_clear_pointer (&wanted->collector, tea_piece_collector_free);
  wanted->event = event != NULL ? tea_event_ref (event) : NULL;
  wanted->is_settled = TRUE;
  self->n_open--;
  if (self->n_asked > 0)
    self->n_asked--;
}

static void
go_on (TeaEventFetch *self)
{
  if (self->n_open == 0)
    answer (self);
  else if (self->n_asked == 0)
    tea_event_fetch_ask (self);
}

/**
 * tea_event_fetch_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @seqs: (element-type guint64): the numbers of the events, each once; not empty
 * @task: (transfer full): given a (element-type TeaEvent) #GPtrArray of those that are not gone,
 *   oldest first
 * @send: how to send a frame
 * @user_data: for @send
 *
 * Returns: (transfer full): a fetch that has not asked yet
 */
TeaEventFetch *
tea_event_fetch_new (TeaClock *clock,
                     const TeaRoundTrip *round_trip,
                     GArray *seqs,
                     GTask *task,
                     TeaFrameFunc send,
                     gpointer user_data)
{
  TeaEventFetch *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);
  g_return_val_if_fail (seqs != NULL && seqs->len > 0, NULL);
  g_return_val_if_fail (G_IS_TASK (task), NULL);
  g_return_val_if_fail (send != NULL, NULL);

  self = g_new0 (TeaEventFetch, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->wanted = g_array_new (FALSE, TRUE, sizeof (Wanted));
  g_array_set_clear_func (self->wanted, wanted_clear);
  for (guint i = 0; i < seqs->len; i++)
    {
      const Wanted wanted = { .seq = g_array_index (seqs, guint64, i) };

      g_array_append_val (self->wanted, wanted);
    }
  g_array_sort (self->wanted, compare);
  self->n_open = seqs->len;
  self->timer = tea_timer_new (clock, ask_again_cb, self);
  self->send = send;
  self->user_data = user_data;
  tea_undertaking_begin (&self->fetching, task, given_up_cb, self);

  return self;
}

/**
 * tea_event_fetch_free:
 * @self: (transfer full): a fetch
 *
 * Frees a fetch; whoever waits for the events is told that they cannot be had.
 */
void
tea_event_fetch_free (TeaEventFetch *self)
{
  g_return_if_fail (self != NULL);

  tea_event_fetch_give_up (self);
  g_array_unref (self->wanted);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_event_fetch_ask:
 * @self: a fetch that goes on
 *
 * There is a way to the room: asks for what is not there.
 */
void
tea_event_fetch_ask (TeaEventFetch *self)
{
  g_return_if_fail (self != NULL);

  self->patience = tea_round_trip_get_patience (self->round_trip);
  ask (self);
}

/**
 * tea_event_fetch_pause:
 * @self: a fetch
 *
 * Asks for nothing, for now.
 */
void
tea_event_fetch_pause (TeaEventFetch *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
}

/**
 * tea_event_fetch_give_up:
 * @self: a fetch
 *
 * Whoever waits for the events is told that they cannot be had.
 */
void
tea_event_fetch_give_up (TeaEventFetch *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  task = end (self);
  if (task != NULL)
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The messages could not be fetched."));
}

/**
 * tea_event_fetch_goes_on:
 * @self: a fetch
 *
 * Returns: whether somebody still waits for the events
 */
gboolean
tea_event_fetch_goes_on (TeaEventFetch *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_undertaking_goes_on (&self->fetching);
}

/**
 * tea_event_fetch_take_event:
 * @self: a fetch
 * @event: an event with a number
 *
 * Takes what came, where it is wanted.
 */
void
tea_event_fetch_take_event (TeaEventFetch *self, TeaEvent *event)
{
  Wanted *wanted;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  wanted = find_open (self, tea_event_get_seq (event));
  if (wanted == NULL)
    return;

  settle (self, wanted, event);
  go_on (self);
}

static void
put_together (TeaEventFetch *self, Wanted *wanted, TeaFrameType whole)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  /* What cannot be put together is asked for as a whole again. */
  if (tea_piece_collector_read_frame (wanted->collector, whole, wanted->seq, &frame, NULL))
    settle (self, wanted, frame.event.event);
  else
    g_clear_pointer (&wanted->collector, tea_piece_collector_free);
}

/**
 * tea_event_fetch_take_piece:
 * @self: a fetch
 * @frame: a PIECE or a MORE_PIECE
 *
 * Takes a piece of a long event, where it is wanted.
 */
void
tea_event_fetch_take_piece (TeaEventFetch *self, const TeaFrame *frame)
{
  Wanted *wanted;

  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  wanted = find_open (self, frame->piece.seq);
  if (wanted == NULL)
    return;

  if (wanted->collector == NULL)
    wanted->collector = tea_piece_collector_new ();
  if (!tea_piece_collector_set_version (wanted->collector, frame->piece.version))
    return;

  /* The others are on their way as well: it is early to ask for them. */
  self->patience = tea_round_trip_get_patience (self->round_trip);
  tea_timer_set (self->timer, self->patience);

  tea_piece_collector_add (wanted->collector, frame->piece.index, frame->piece.count,
                           frame->piece.bytes);
  if (tea_piece_collector_is_complete (wanted->collector))
    put_together (self, wanted,
                  frame->type == TEA_FRAME_MORE_PIECE ? TEA_FRAME_MORE : TEA_FRAME_EVENT);
  go_on (self);
}

/**
 * tea_event_fetch_take_empty:
 * @self: a fetch
 * @from: a number
 * @to: a number, not below @from
 *
 * Takes note that these numbers hold nothing.
 */
void
tea_event_fetch_take_empty (TeaEventFetch *self, guint64 from, guint64 to)
{
  gboolean is_news = FALSE;

  g_return_if_fail (self != NULL);

  if (!tea_undertaking_goes_on (&self->fetching))
    return;

  for (guint i = 0; i < self->wanted->len; i++)
    {
      Wanted *wanted = get (self, i);

      if (wanted->seq < from || wanted->seq > to || wanted->is_settled)
        continue;

      settle (self, wanted, NULL);
      is_news = TRUE;
    }

  if (is_news)
    go_on (self);
}
