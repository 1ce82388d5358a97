/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-say-queue.h"

/* How many messages are under way at a time, and how many long ones of them. */
#define WINDOW 16
#define LONG_WINDOW 2

typedef struct
{
  guint32 number;
  char *text;
  gboolean is_long; /* said in pieces */
  guint32 received; /* which of them have come */
  gint64 say_at;    /* when to say it again; 0 before it was said */
  gint64 patience;
} Saying;

struct _TeaSayQueue
{
  TeaClock *clock; /* (owned) */
  const TeaRoundTrip *round_trip;
  TeaSayQueueFuncs funcs;
  gpointer user_data;

  gboolean is_running;
  guint32 parked_from; /* from there on the server takes nothing now; 0 when it does */
  guint32 next;        /* the number of the next message */
  GQueue sayings;      /* (element-type Saying): in the order of their numbers */
  TeaTimer *timer;     /* (owned): when to say one again */
};

static void
saying_free (gpointer data)
{
  Saying *saying = data;

  g_free (saying->text);
  g_free (saying);
}

/* What is below it is settled or given up: the server need not wait for that. */
static guint32
get_oldest (TeaSayQueue *self)
{
  return ((Saying *) g_queue_peek_head (&self->sayings))->number;
}

static void
say_pieces (TeaSayQueue *self, Saying *saying)
{
  g_autoptr (GPtrArray) pieces
      = tea_frame_split_say (saying->number, get_oldest (self), saying->text);
  gboolean is_missing = FALSE;

  for (guint i = 0; i < pieces->len; i++)
    if ((saying->received & ((guint32) 1 << i)) == 0)
      {
        self->funcs.send (g_bytes_ref (g_ptr_array_index (pieces, i)), self->user_data);
        is_missing = TRUE;
      }

  /* All of them have come, but the answer has not: this makes the server give it again, or
   * tell which pieces it still has. */
  if (!is_missing)
    self->funcs.send (g_bytes_ref (g_ptr_array_index (pieces, 0)), self->user_data);
}

static void
say (TeaSayQueue *self, Saying *saying)
{
  gint64 now = tea_clock_get_time (self->clock);

  saying->patience = saying->say_at == 0 ? tea_round_trip_get_patience (self->round_trip)
                                         : tea_round_trip_get_next_patience (saying->patience);
  saying->say_at = now + saying->patience;

  if (saying->is_long)
    say_pieces (self, saying);
  else
    self->funcs.send (tea_frame_encode_say (saying->number, get_oldest (self), saying->text),
                      self->user_data);
}

static gboolean
is_parked (TeaSayQueue *self, guint32 number)
{
  return self->parked_from != 0 && number >= self->parked_from;
}

static void
go_on (TeaSayQueue *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  gint64 next = G_MAXINT64;
  guint n_under_way = 0;
  guint n_long = 0;

  tea_timer_unset (self->timer);
  if (!self->is_running)
    return;

  for (GList *l = self->sayings.head; l != NULL && n_under_way < WINDOW; l = l->next)
    {
      Saying *saying = l->data;

      /* Short ones behind it would have to wait for it anyway. */
      if (is_parked (self, saying->number) || (saying->is_long && n_long++ == LONG_WINDOW))
        break;

      n_under_way++;
      if (saying->say_at <= now)
        say (self, saying);
      next = MIN (next, saying->say_at);
    }

  if (next != G_MAXINT64)
    tea_timer_set_at (self->timer, next);
}

static void
go_on_cb (gpointer user_data)
{
  go_on (user_data);
}

static GList *
find (TeaSayQueue *self, guint32 number)
{
  for (GList *l = self->sayings.head; l != NULL; l = l->next)
    if (((Saying *) l->data)->number == number)
      return l;

  return NULL;
}

static gboolean
settle (TeaSayQueue *self, guint32 number)
{
  GList *link = find (self, number);
  Saying *first;

  if (link == NULL)
    return FALSE;

  saying_free (link->data);
  g_queue_delete_link (&self->sayings, link);

  /* The server may wait for what was in between, but was given up. */
  first = g_queue_peek_head (&self->sayings);
  if (first != NULL && first->number > number + 1)
    first->say_at = 0;

  return TRUE;
}

/**
 * tea_say_queue_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): an empty queue that says nothing yet
 */
TeaSayQueue *
tea_say_queue_new (TeaClock *clock,
                   const TeaRoundTrip *round_trip,
                   const TeaSayQueueFuncs *funcs,
                   gpointer user_data)
{
  TeaSayQueue *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaSayQueue, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->next = 1;
  g_queue_init (&self->sayings);
  self->timer = tea_timer_new (clock, go_on_cb, self);

  return self;
}

/**
 * tea_say_queue_free:
 * @self: (transfer full): a queue
 *
 * Frees a queue; nothing more is said.
 */
void
tea_say_queue_free (TeaSayQueue *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->sayings, saying_free);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_say_queue_push:
 * @self: a queue
 * @text: what to say
 *
 * Adds a message at the end.
 *
 * Returns: its number, above 0
 */
guint32
tea_say_queue_push (TeaSayQueue *self, const char *text)
{
  Saying *saying;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (text != NULL, 0);

  saying = g_new0 (Saying, 1);
  saying->number = self->next++;
  saying->text = g_strdup (text);
  saying->is_long = strlen (text) > TEA_PIECE_SIZE;
  g_queue_push_tail (&self->sayings, saying);
  tea_say_queue_unpark (self);

  return saying->number;
}

/**
 * tea_say_queue_unpark:
 * @self: a queue
 *
 * Tries again what the server did not take lately.
 */
void
tea_say_queue_unpark (TeaSayQueue *self)
{
  g_return_if_fail (self != NULL);

  for (GList *l = self->sayings.head; l != NULL && self->parked_from != 0; l = l->next)
    if (is_parked (self, ((Saying *) l->data)->number))
      {
        ((Saying *) l->data)->say_at = 0;
        ((Saying *) l->data)->received = 0;
      }

  self->parked_from = 0;
  go_on (self);
}

/**
 * tea_say_queue_withdraw:
 * @self: a queue
 * @number: which message
 *
 * Does not say a message any more, if it is still there.
 */
void
tea_say_queue_withdraw (TeaSayQueue *self, guint32 number)
{
  g_return_if_fail (self != NULL);

  settle (self, number);
  go_on (self);
}

/**
 * tea_say_queue_start:
 * @self: a queue
 * @stored: the latest number that the server has stored
 *
 * Begins to say what is there, or goes on with what is not stored yet.
 */
void
tea_say_queue_start (TeaSayQueue *self, guint32 stored)
{
  Saying *first;

  g_return_if_fail (self != NULL);

  while ((first = g_queue_peek_head (&self->sayings)) != NULL && first->number <= stored)
    tea_say_queue_take_ack (self, first->number, 0);

  for (GList *l = self->sayings.head; l != NULL; l = l->next)
    {
      ((Saying *) l->data)->say_at = 0;
      ((Saying *) l->data)->received = 0;
    }

  self->is_running = TRUE;
  self->parked_from = 0;
  go_on (self);
}

/**
 * tea_say_queue_pause:
 * @self: a queue
 *
 * Says nothing for now.
 */
void
tea_say_queue_pause (TeaSayQueue *self)
{
  g_return_if_fail (self != NULL);

  self->is_running = FALSE;
  tea_timer_unset (self->timer);
}

/**
 * tea_say_queue_is_empty:
 * @self: a queue
 *
 * Returns: whether it is known of all messages what became of them
 */
gboolean
tea_say_queue_is_empty (TeaSayQueue *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return g_queue_is_empty (&self->sayings);
}

/**
 * tea_say_queue_get_next_number:
 * @self: a queue
 *
 * Returns: the number that the next message gets
 */
guint32
tea_say_queue_get_next_number (TeaSayQueue *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->next;
}

/**
 * tea_say_queue_take_ack:
 * @self: a queue
 * @number: which message
 * @seq: its number in the room's log; 0 when that is not known
 *
 * A message is stored.
 */
void
tea_say_queue_take_ack (TeaSayQueue *self, guint32 number, guint64 seq)
{
  g_return_if_fail (self != NULL);

  if (!settle (self, number))
    return;

  self->funcs.delivered (number, seq, self->user_data);
  go_on (self);
}

/* Messages are stored in order: what is behind one that cannot be stored now cannot be
 * either. All of them keep their numbers, and wait to be said again. What is before it
 * has been stored, as its answer will tell. */
static void
park (TeaSayQueue *self, guint32 number, TeaRefusal code, const char *text)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (GList *l = find (self, number); l != NULL && !is_parked (self, ((Saying *) l->data)->number);
       l = l->next)
    g_array_append_val (numbers, ((Saying *) l->data)->number);

  self->parked_from = number;
  go_on (self);
  for (guint i = 0; i < numbers->len; i++)
    self->funcs.refused (g_array_index (numbers, guint32, i), code, text, self->user_data);
}

/**
 * tea_say_queue_take_nack:
 * @self: a queue
 * @number: which message
 * @code: why, for programs
 * @text: why, in the server's words
 *
 * A message is not stored. With %TEA_REFUSAL_TRY_LATER it may be said again, under the
 * same number; otherwise it will never be.
 */
void
tea_say_queue_take_nack (TeaSayQueue *self, guint32 number, TeaRefusal code, const char *text)
{
  g_return_if_fail (self != NULL);

  if (is_parked (self, number) || find (self, number) == NULL)
    return;

  if (code == TEA_REFUSAL_TRY_LATER)
    {
      park (self, number, code, text);
      return;
    }

  settle (self, number);
  self->funcs.refused (number, code, text, self->user_data);
  go_on (self);
}

/**
 * tea_say_queue_take_pieces:
 * @self: a queue
 * @number: which message
 * @received: a bit for each piece of it that has come
 *
 * Takes note of which pieces need not be said again.
 */
void
tea_say_queue_take_pieces (TeaSayQueue *self, guint32 number, guint32 received)
{
  GList *link;
  Saying *saying;

  g_return_if_fail (self != NULL);

  link = find (self, number);
  saying = link != NULL ? link->data : NULL;
  if (saying == NULL || !saying->is_long)
    return;

  /* There is somebody, who takes pieces: not the time to become slow. */
  if ((received & ~saying->received) != 0)
    saying->patience = tea_round_trip_get_patience (self->round_trip);
  /* Fewer than before, where the server has dropped them. */
  saying->received = received;
}
