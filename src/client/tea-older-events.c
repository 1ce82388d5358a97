/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-older-events.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

/* How many are asked for at a time, at most. */
#define PAGE_MAX 1000

struct _TeaOlderEvents
{
  TeaOlderEventsFuncs funcs;
  gpointer user_data;

  guint64 first;   /* the first number that is kept */
  guint64 oldest;  /* the first number that was told; 0 before any was */
  gboolean is_cut; /* what is before that was of another log */

  /* a page */
  TeaEventSequence *sequence; /* (owned) */
  TeaUndertaking loading;
  GPtrArray *events; /* (owned) (nullable) (element-type TeaEvent) */
  guint64 from;
  guint n_events;
};

static void
load_page (TeaOlderEvents *self)
{
  guint64 last = self->oldest - 1;
  guint64 from = last > self->n_events ? last - self->n_events + 1 : 1;

  self->from = MAX (from, self->first);
  tea_event_sequence_start (self->sequence, self->from - 1, last);
  tea_event_sequence_take_bounds (self->sequence, self->first, last);
}

static GTask *
end_loading (TeaOlderEvents *self)
{
  tea_event_sequence_pause (self->sequence);
  g_clear_pointer (&self->events, g_ptr_array_unref);

  return tea_undertaking_end (&self->loading);
}

static void
fail (TeaOlderEvents *self)
{
  g_autoptr (GTask) task = end_loading (self);

  if (task != NULL)
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The older messages could not be fetched."));
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = end_loading (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaOlderEvents *self = user_data;

  g_ptr_array_add (self->events, tea_event_ref (event));
}

static void
gap_cb (gpointer user_data)
{
}

static void
advanced_cb (gpointer user_data)
{
  TeaOlderEvents *self = user_data;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GTask) task = NULL;

  if (tea_event_sequence_get_settled (self->sequence) < self->oldest - 1)
    return;

  /* There may be nothing at all in a page; then the one before it is wanted. */
  self->oldest = self->from;
  if (self->events->len == 0 && tea_older_events_exist (self))
    {
      load_page (self);
      return;
    }

  events = g_steal_pointer (&self->events);
  task = end_loading (self);
  g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
  self->funcs.changed (self->user_data);
}

static void
send_cb (GBytes *frame, gpointer user_data)
{
  TeaOlderEvents *self = user_data;

  self->funcs.send (frame, self->user_data);
}

/**
 * tea_older_events_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): the older events of a room that is not known yet: none
 */
TeaOlderEvents *
tea_older_events_new (TeaClock *clock,
                      TeaRoundTrip *round_trip,
                      const TeaOlderEventsFuncs *funcs,
                      gpointer user_data)
{
  static const TeaEventSequenceFuncs sequence_funcs = {
    .event = event_cb,
    .gap = gap_cb,
    .advanced = advanced_cb,
    .send = send_cb,
  };
  TeaOlderEvents *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaOlderEvents, 1);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->sequence = tea_event_sequence_new (clock, round_trip, &sequence_funcs, self);

  return self;
}

/**
 * tea_older_events_free:
 * @self: (transfer full): older events
 *
 * Frees them; whoever waits for a page is told that it cannot be had.
 */
void
tea_older_events_free (TeaOlderEvents *self)
{
  g_return_if_fail (self != NULL);

  fail (self);
  tea_event_sequence_free (self->sequence);
  g_free (self);
}

/**
 * tea_older_events_begin:
 * @self: older events
 * @first: the first number that is kept
 * @oldest: the first number that is told
 * @is_cut: whether what was told before that was of another log
 *
 * The room is entered for the first time, or its log is another.
 */
void
tea_older_events_begin (TeaOlderEvents *self, guint64 first, guint64 oldest, gboolean is_cut)
{
  g_return_if_fail (self != NULL);

  fail (self);
  self->first = first;
  self->oldest = oldest;
  self->is_cut = is_cut;
}

/**
 * tea_older_events_resume:
 * @self: older events
 *
 * The connection is there again: goes on with the page that is asked for.
 */
void
tea_older_events_resume (TeaOlderEvents *self)
{
  g_return_if_fail (self != NULL);

  if (!tea_undertaking_goes_on (&self->loading))
    return;

  tea_event_sequence_start (self->sequence, tea_event_sequence_get_settled (self->sequence),
                            self->oldest - 1);
  tea_event_sequence_take_bounds (self->sequence, self->first, self->oldest - 1);
}

/**
 * tea_older_events_pause:
 * @self: older events
 *
 * Asks for nothing, for now.
 */
void
tea_older_events_pause (TeaOlderEvents *self)
{
  g_return_if_fail (self != NULL);

  tea_event_sequence_pause (self->sequence);
}

/**
 * tea_older_events_exist:
 * @self: older events
 *
 * Returns: whether there are any
 */
gboolean
tea_older_events_exist (TeaOlderEvents *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !self->is_cut && self->oldest > MAX (self->first, 1);
}

/**
 * tea_older_events_load:
 * @self: older events of which there are some, and of which none are being loaded
 * @n_events: about how many are wanted
 * @task: (transfer full): given a (element-type TeaEvent) #GPtrArray, oldest first
 *
 * Fetches the latest of them.
 */
void
tea_older_events_load (TeaOlderEvents *self, guint n_events, GTask *task)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (tea_older_events_exist (self));

  tea_undertaking_begin (&self->loading, task, given_up_cb, self);
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->n_events = MIN (n_events, PAGE_MAX);
  load_page (self);
}

/**
 * tea_older_events_give_up:
 * @self: older events
 *
 * Nobody wants any more what was asked for.
 */
void
tea_older_events_give_up (TeaOlderEvents *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  task = end_loading (self);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left");
}

/**
 * tea_older_events_take_first:
 * @self: older events
 * @first: the first number that is kept
 *
 * Takes note of where the log begins.
 */
void
tea_older_events_take_first (TeaOlderEvents *self, guint64 first)
{
  gboolean existed;

  g_return_if_fail (self != NULL);

  existed = tea_older_events_exist (self);
  self->first = MAX (self->first, first);
  if (tea_undertaking_goes_on (&self->loading))
    tea_event_sequence_take_bounds (self->sequence, self->first, self->oldest - 1);
  if (tea_older_events_exist (self) != existed)
    self->funcs.changed (self->user_data);
}

/**
 * tea_older_events_take_event:
 * @self: older events
 * @event: an event with a number
 *
 * Takes what came, where it is wanted.
 */
void
tea_older_events_take_event (TeaOlderEvents *self, TeaEvent *event)
{
  g_return_if_fail (self != NULL);

  tea_event_sequence_take_event (self->sequence, event);
}

/**
 * tea_older_events_take_piece:
 * @self: older events
 * @frame: a PIECE or a MORE_PIECE
 *
 * Takes a piece of a long event, where it is wanted.
 */
void
tea_older_events_take_piece (TeaOlderEvents *self, const TeaFrame *frame)
{
  g_return_if_fail (self != NULL);

  tea_event_sequence_take_piece (self->sequence, frame);
}

/**
 * tea_older_events_take_empty:
 * @self: older events
 * @from: a number
 * @to: a number, not below @from
 *
 * Takes note that these numbers hold nothing.
 */
void
tea_older_events_take_empty (TeaOlderEvents *self, guint64 from, guint64 to)
{
  g_return_if_fail (self != NULL);

  tea_event_sequence_take_empty (self->sequence, from, to);
}
