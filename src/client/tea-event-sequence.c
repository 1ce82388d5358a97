/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-sequence.h"

#include "tea-event-fields.h"
#include "tea-frame-encode.h"
#include "tea-frame-rules.h"
#include "tea-piece-collector.h"

/* How far beyond the last settled number anything is kept. */
#define KEPT_MAX 512
/* No log gets as far. A server that says so must not make us count beyond 64 bits. */
#define LAST_MAX ((guint64) G_MAXINT64)
/* How much is asked for at a time: about 16 KiB, by the size that events have. */
#define ASKED_BYTES (16 * 1024)
#define ASKED_MIN 8
#define ASKED_MAX 128
#define OVERHEAD 64
/* Where a later event has come, an earlier one may only have been overtaken: it is asked for
 * after this part of a round trip. */
#define OVERTAKEN 8
/* How many long events are put together at a time. */
#define COLLECTORS_MAX 32

/* What is known of a number beyond those settled. */
typedef struct
{
  TeaEvent *event;              /* (owned) (nullable) */
  TeaPieceCollector *collector; /* (owned) (nullable) */
  TeaFrameType whole;           /* what the collector's pieces are of */
  gboolean is_empty;
  gint64 missed; /* when it was first seen to be missing; 0 before that */
  gint64 asked;  /* when it was first asked for; 0 before that */
  gint64 ask_at; /* when to ask for it, or again */
  gint64 patience;
} Slot;

struct _TeaEventSequence
{
  TeaClock *clock; /* (owned) */
  TeaRoundTrip *round_trip;
  TeaEventSequenceFuncs funcs;
  gpointer user_data;

  gboolean is_running;
  guint64 settled;  /* everything up to here was told, or is empty */
  guint64 check;    /* of the event of that number; 0 where that is not known */
  guint64 noted;    /* the same, when it was last told by @advanced */
  guint64 last;     /* nothing is wanted beyond this */
  guint64 head;     /* the latest number that is known to be, up to @last */
  guint64 filled;   /* the highest number of an event that has come */
  guint64 asked_to; /* the highest number that was ever asked for */
  gint64 moved;     /* when something was last settled, or a piece came */

  GHashTable *slots; /* (element-type guint64 Slot): beyond @settled */
  guint n_collectors;
  gint64 average_size;
  TeaTimer *timer; /* (owned): when to ask again */
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  g_clear_pointer (&slot->event, tea_event_unref);
  g_clear_pointer (&slot->collector, tea_piece_collector_free);
  g_free (slot);
}

static Slot *
find (TeaEventSequence *self, guint64 seq)
{
  return g_hash_table_lookup (self->slots, &seq);
}

static Slot *
find_or_add (TeaEventSequence *self, guint64 seq)
{
  Slot *slot = find (self, seq);
  guint64 *key;

  if (slot != NULL)
    return slot;

  slot = g_new0 (Slot, 1);
  key = g_new (guint64, 1);
  *key = seq;
  g_hash_table_insert (self->slots, key, slot);

  return slot;
}

static gboolean
is_wanted (TeaEventSequence *self, guint64 seq)
{
  return seq > self->settled && seq <= MIN (self->last, self->settled + KEPT_MAX);
}

static void
note_head (TeaEventSequence *self, guint64 head)
{
  self->head = MAX (self->head, MIN (head, self->last));
}

static gboolean
is_filled (const Slot *slot)
{
  return slot != NULL && (slot->event != NULL || slot->is_empty);
}

static void
clear_collector (TeaEventSequence *self, Slot *slot)
{
  if (slot->collector != NULL)
    self->n_collectors--;
  g_clear_pointer (&slot->collector, tea_piece_collector_free);
}

static void
forget (TeaEventSequence *self, guint64 seq)
{
  Slot *slot = find (self, seq);

  if (slot != NULL)
    clear_collector (self, slot);
  g_hash_table_remove (self->slots, &seq);
}

/* How many numbers are still to come of those that were asked for lately. */
static gint64
count_under_way (TeaEventSequence *self, gint64 now)
{
  gint64 n = 0;

  for (guint64 seq = self->settled + 1; seq <= self->asked_to; seq++)
    {
      Slot *slot = find (self, seq);

      if (slot != NULL && slot->ask_at > now && !is_filled (slot))
        n++;
    }

  return n;
}

/* Whether to wait a little: what is missing may be on its way. If not, it got lost. */
static gboolean
is_overtaken (TeaEventSequence *self, guint64 seq, Slot *slot, gint64 now)
{
  if (seq > self->filled || slot->asked != 0)
    return FALSE;

  if (slot->missed == 0)
    {
      slot->missed = now;
      slot->ask_at = now + tea_round_trip_get_time (self->round_trip) / OVERTAKEN;
    }
  if (slot->ask_at > now)
    return TRUE;

  tea_round_trip_note_loss (self->round_trip, now);

  return FALSE;
}

/* Asks for what is missing and was not asked for lately, and plans when to do so again.
 * Further numbers wait until half of those under way have come: a request takes the place of
 * the one before it if the server has not begun with that. */
static void
ask (TeaEventSequence *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  gint64 next = G_MAXINT64;
  gint64 n_askable = CLAMP (ASKED_BYTES / self->average_size, ASKED_MIN, ASKED_MAX);
  gboolean goes_further = count_under_way (self, now) <= n_askable / 2;
  TeaRange ranges[TEA_PULL_MAX_RANGES];
  guint n_ranges = 0;
  gint64 n_asked = 0;

  for (guint64 seq = self->settled + 1;
       seq <= MIN (self->head, self->settled + KEPT_MAX) && n_asked < n_askable; seq++)
    {
      Slot *slot = find (self, seq);
      gboolean is_next;

      if (is_filled (slot))
        continue;

      n_asked++;
      if (seq > self->asked_to && !goes_further)
        break;
      self->asked_to = MAX (self->asked_to, seq);

      slot = find_or_add (self, seq);
      if (is_overtaken (self, seq, slot, now) || slot->ask_at > now)
        {
          next = MIN (next, slot->ask_at);
          continue;
        }

      is_next = n_ranges > 0 && ranges[n_ranges - 1].to + 1 == seq;
      if (slot->collector == NULL && !is_next && n_ranges == G_N_ELEMENTS (ranges))
        {
          next = MIN (next, now + tea_round_trip_get_patience (self->round_trip));
          break;
        }

      slot->patience = slot->asked == 0 ? tea_round_trip_get_patience (self->round_trip)
                                        : tea_round_trip_get_next_patience (slot->patience);
      if (slot->asked == 0)
        slot->asked = now;
      slot->ask_at = now + slot->patience;
      next = MIN (next, slot->ask_at);

      if (slot->collector != NULL)
        self->funcs.send (tea_frame_encode_pull_pieces (seq, tea_piece_collector_get_missing (
                                                                 slot->collector)),
                          self->user_data);
      else if (is_next)
        ranges[n_ranges - 1].to = seq;
      else
        ranges[n_ranges++] = (TeaRange){ .from = seq, .to = seq };
    }

  if (n_ranges > 0)
    self->funcs.send (tea_frame_encode_pull (ranges, n_ranges), self->user_data);

  if (next != G_MAXINT64)
    tea_timer_set_at (self->timer, next);
  else
    tea_timer_unset (self->timer);
}

static void
ask_cb (gpointer user_data)
{
  TeaEventSequence *self = user_data;

  if (self->is_running)
    ask (self);
}

/* Tells what has become a row. Whoever is told may stop, or begin anew. */
static void
go_on (TeaEventSequence *self)
{
  Slot *slot;

  while (self->is_running && is_filled (slot = find (self, self->settled + 1)))
    {
      g_autoptr (TeaEvent) event = g_steal_pointer (&slot->event);

      self->settled++;
      self->moved = tea_clock_get_time (self->clock);
      self->check = event != NULL ? tea_event_get_check (event) : 0;
      forget (self, self->settled);
      if (event != NULL)
        self->funcs.event (event, self->user_data);
    }

  if (!self->is_running)
    return;

  ask (self);
  if (self->settled == self->noted || self->funcs.advanced == NULL)
    return;

  self->noted = self->settled;
  self->funcs.advanced (self->user_data);
}

/* What is up to there will not come any more. */
static void
skip_to (TeaEventSequence *self, guint64 settled)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (settled != self->settled)
    self->check = 0;
  self->settled = settled;
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (*(guint64 *) key > settled)
        continue;

      clear_collector (self, value);
      g_hash_table_iter_remove (&iter);
    }
}

static void
fill (TeaEventSequence *self, guint64 seq, TeaEvent *event)
{
  Slot *slot = find_or_add (self, seq);
  const char *text = tea_event_get_text (event);
  gint64 size = OVERHEAD + (text != NULL ? (gint64) strlen (text) : 0);

  self->average_size = (7 * self->average_size + size) / 8;
  self->filled = MAX (self->filled, seq);
  clear_collector (self, slot);
  slot->event = tea_event_ref (event);
}

/**
 * tea_event_sequence_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a sequence that takes nothing yet
 */
TeaEventSequence *
tea_event_sequence_new (TeaClock *clock,
                        TeaRoundTrip *round_trip,
                        const TeaEventSequenceFuncs *funcs,
                        gpointer user_data)
{
  TeaEventSequence *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaEventSequence, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->slots = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, slot_free);
  self->average_size = 2 * OVERHEAD;
  self->timer = tea_timer_new (clock, ask_cb, self);

  return self;
}

/**
 * tea_event_sequence_free:
 * @self: (transfer full): a sequence
 *
 * Frees a sequence.
 */
void
tea_event_sequence_free (TeaEventSequence *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->slots);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_event_sequence_forget:
 * @self: a sequence
 *
 * Forgets all that is kept: it is of another log.
 */
void
tea_event_sequence_forget (TeaEventSequence *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->slots);
  self->n_collectors = 0;
  self->settled = 0;
  self->check = 0;
  self->head = 0;
  self->filled = 0;
  self->asked_to = 0;
}

/**
 * tea_event_sequence_start:
 * @self: a sequence
 * @settled: everything up to this number is known, or not wanted
 * @last: nothing is wanted beyond this number; %G_MAXUINT64 for no end
 *
 * Begins, or goes on after a pause. What came out of turn before that is asked for anew: up to
 * @settled the server has proved to have the same log, but not beyond that.
 */
void
tea_event_sequence_start (TeaEventSequence *self, guint64 settled, guint64 last)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->slots);
  self->n_collectors = 0;
  self->head = 0;
  self->filled = 0;
  self->asked_to = 0;
  self->is_running = TRUE;
  self->moved = tea_clock_get_time (self->clock);
  self->last = MIN (last, LAST_MAX);
  skip_to (self, MIN (settled, self->last));
  self->noted = self->settled;
}

/**
 * tea_event_sequence_pause:
 * @self: a sequence
 *
 * Takes nothing, and asks for nothing, for now.
 */
void
tea_event_sequence_pause (TeaEventSequence *self)
{
  g_return_if_fail (self != NULL);

  self->is_running = FALSE;
  tea_timer_unset (self->timer);
}

/**
 * tea_event_sequence_get_settled:
 * @self: a sequence
 *
 * Returns: the number up to which everything was told, or is empty
 */
guint64
tea_event_sequence_get_settled (TeaEventSequence *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->settled;
}

/**
 * tea_event_sequence_get_waiting_since:
 * @self: a sequence
 *
 * Tells since when what comes next is asked for in vain.
 *
 * Returns: since when, in µs of the clock; 0 when nothing is asked for
 */
gint64
tea_event_sequence_get_waiting_since (TeaEventSequence *self)
{
  Slot *slot;

  g_return_val_if_fail (self != NULL, 0);

  slot = self->is_running ? find (self, self->settled + 1) : NULL;
  if (slot == NULL || slot->asked == 0)
    return 0;

  return MAX (slot->asked, self->moved);
}

/**
 * tea_event_sequence_get_check:
 * @self: a sequence
 *
 * Returns: what proves that the event is known whose number
 *   tea_event_sequence_get_settled() gives; 0 where it is not
 */
guint64
tea_event_sequence_get_check (TeaEventSequence *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->check;
}

/**
 * tea_event_sequence_get_head:
 * @self: a sequence
 *
 * Returns: the latest number that is known to be; 0 when none is
 */
guint64
tea_event_sequence_get_head (TeaEventSequence *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->head;
}

/**
 * tea_event_sequence_take_event:
 * @self: a sequence
 * @event: an event with a number
 *
 * Takes what came; whether it was asked for, comes early or again does not matter.
 */
void
tea_event_sequence_take_event (TeaEventSequence *self, TeaEvent *event)
{
  guint64 seq;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  if (!self->is_running)
    return;

  seq = tea_event_get_seq (event);
  note_head (self, seq);
  /* It may be older history: what is known of it proves later that this is the same log. */
  if (seq == self->settled)
    self->check = tea_event_get_check (event);
  if (is_wanted (self, seq) && !is_filled (find (self, seq)))
    fill (self, seq, event);
  go_on (self);
}

/* The collector for a piece; (nullable) when there are too many, or it is of an earlier form than
   what has come. */
static TeaPieceCollector *
find_collector (TeaEventSequence *self, Slot *slot, const TeaFrame *piece)
{
  if (slot->collector == NULL && self->n_collectors < COLLECTORS_MAX)
    {
      slot->collector = tea_piece_collector_new ();
      self->n_collectors++;
    }
  if (slot->collector == NULL
      || !tea_piece_collector_set_version (slot->collector, piece->piece.version))
    return NULL;
  slot->whole = piece->type == TEA_FRAME_MORE_PIECE ? TEA_FRAME_MORE : TEA_FRAME_EVENT;

  return slot->collector;
}

static void
put_together (TeaEventSequence *self, guint64 seq, Slot *slot)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  gboolean is_read
      = tea_piece_collector_read_frame (slot->collector, slot->whole, seq, &frame, NULL);

  clear_collector (self, slot);
  if (is_read)
    fill (self, seq, frame.event.event);
}

/**
 * tea_event_sequence_take_piece:
 * @self: a sequence
 * @frame: a PIECE or a MORE_PIECE
 *
 * Takes a piece of a long event.
 */
void
tea_event_sequence_take_piece (TeaEventSequence *self, const TeaFrame *frame)
{
  guint64 seq;
  Slot *slot;
  TeaPieceCollector *collector;

  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  if (!self->is_running)
    return;

  seq = frame->piece.seq;
  note_head (self, seq);
  if (!is_wanted (self, seq) || is_filled (find (self, seq)))
    {
      go_on (self);
      return;
    }

  slot = find_or_add (self, seq);
  collector = find_collector (self, slot, frame);
  if (collector == NULL)
    return;

  /* The others are on their way as well: it is early to ask for them. */
  slot->patience = tea_round_trip_get_patience (self->round_trip);
  slot->ask_at = tea_clock_get_time (self->clock) + slot->patience;
  slot->asked = slot->asked != 0 ? slot->asked : tea_clock_get_time (self->clock);

  self->moved = tea_clock_get_time (self->clock);
  tea_piece_collector_add (collector, frame->piece.index, frame->piece.count, frame->piece.bytes);
  if (tea_piece_collector_is_complete (collector))
    put_together (self, seq, slot);
  go_on (self);
}

/**
 * tea_event_sequence_take_empty:
 * @self: a sequence
 * @from: a number
 * @to: a number, not below @from
 *
 * Takes note that these numbers hold nothing.
 */
void
tea_event_sequence_take_empty (TeaEventSequence *self, guint64 from, guint64 to)
{
  g_return_if_fail (self != NULL);

  if (!self->is_running || to <= self->settled)
    return;

  to = MIN (to, self->head);
  if (from <= self->settled + 1)
    {
      skip_to (self, MAX (to, self->settled));
    }
  else
    {
      for (guint64 seq = from; seq <= to && is_wanted (self, seq); seq++)
        find_or_add (self, seq)->is_empty = TRUE;
    }
  go_on (self);
}

/**
 * tea_event_sequence_take_bounds:
 * @self: a sequence
 * @first: the first number that is kept
 * @head: the latest number
 *
 * Takes note of where the log begins and ends.
 */
void
tea_event_sequence_take_bounds (TeaEventSequence *self, guint64 first, guint64 head)
{
  g_return_if_fail (self != NULL);

  if (!self->is_running)
    return;

  note_head (self, head);
  first = MIN (first, self->last);
  if (first > self->settled + 1)
    {
      skip_to (self, first - 1);
      if (self->funcs.gap != NULL)
        self->funcs.gap (self->user_data);
    }
  go_on (self);
}
