/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-reading.h"

/* How often the server is told, at most. */
#define PACE (2 * G_TIME_SPAN_SECOND)
/* More than so many are not counted. */
#define UNREAD_MAX 1000

struct _TeaReading
{
  TeaClock *clock; /* (owned) */
  TeaReadingFuncs funcs;
  gpointer user_data;

  guint64 read;
  guint unread;
  guint64 counted;  /* the server's count takes account of events up to here */
  guint64 complete; /* from here on all that counts is in @others */
  GArray *others;   /* (element-type guint64): what others said after @read, and was told */

  TeaTimer *timer; /* (owned): when to tell the server */
  gint64 told_at;
  guint64 told; /* the latest position that the server knows of */
};

static void
tell (TeaReading *self)
{
  if (self->read <= self->told)
    return;

  self->told = self->read;
  self->told_at = tea_clock_get_time (self->clock);
  self->funcs.tell (self->read, self->user_data);
}

static void
tell_cb (gpointer user_data)
{
  tell (user_data);
}

static void
plan_to_tell (TeaReading *self)
{
  gint64 now = tea_clock_get_time (self->clock);

  if (self->told_at == 0 || now - self->told_at >= PACE)
    tell (self);
  else if (tea_timer_get_due (self->timer) == 0)
    tea_timer_set_at (self->timer, self->told_at + PACE);
}

static void
set (TeaReading *self, guint64 read, guint unread)
{
  unread = MIN (unread, UNREAD_MAX);
  if (read == self->read && unread == self->unread)
    return;

  self->read = read;
  self->unread = unread;
  self->funcs.changed (self->user_data);
}

/* Forgets what was read, and returns how much is left. */
static guint
drop_read (TeaReading *self, guint64 read)
{
  guint n_read = 0;

  while (n_read < self->others->len && g_array_index (self->others, guint64, n_read) <= read)
    n_read++;
  g_array_remove_range (self->others, 0, n_read);

  return self->others->len;
}

static void
move_to (TeaReading *self, guint64 read)
{
  guint n_left = drop_read (self, read);

  /* Of what was never told one does not know how much of it is behind the position. */
  set (self, read, read + 1 >= self->complete ? n_left : MAX (n_left, self->unread));
}

/**
 * tea_reading_new:
 * @clock: by which clock
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): the position of somebody who has read nothing
 */
TeaReading *
tea_reading_new (TeaClock *clock, const TeaReadingFuncs *funcs, gpointer user_data)
{
  TeaReading *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaReading, 1);
  self->clock = g_object_ref (clock);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->others = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->timer = tea_timer_new (clock, tell_cb, self);

  return self;
}

/**
 * tea_reading_free:
 * @self: (transfer full): a position
 *
 * Frees a position.
 */
void
tea_reading_free (TeaReading *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->others);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_reading_get_read:
 * @self: a position
 *
 * Returns: the number up to which everything was read
 */
guint64
tea_reading_get_read (TeaReading *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->read;
}

/**
 * tea_reading_get_unread:
 * @self: a position
 *
 * Returns: how many messages of others come after it, up to 1000
 */
guint
tea_reading_get_unread (TeaReading *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->unread;
}

/**
 * tea_reading_mark:
 * @self: a position
 * @seq: the number of an event
 *
 * Everything up to that event was read here. The position never goes back.
 */
void
tea_reading_mark (TeaReading *self, guint64 seq)
{
  g_return_if_fail (self != NULL);

  if (seq <= self->read)
    return;

  move_to (self, seq);
  plan_to_tell (self);
}

/**
 * tea_reading_tell_now:
 * @self: a reading
 *
 * Tells the server how far somebody has read, if it does not know: they go.
 */
void
tea_reading_tell_now (TeaReading *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
  tell (self);
}

/**
 * tea_reading_take_told:
 * @self: a position
 * @read: the number up to which everything was read, on whatever device
 * @unread: how many messages come after it
 * @head: up to where the server has counted
 *
 * The server tells the position. Where that is behind what is known here, the server did not
 * hear of it, and is told again.
 */
void
tea_reading_take_told (TeaReading *self, guint64 read, guint unread, guint64 head)
{
  g_return_if_fail (self != NULL);

  if (read < self->read)
    {
      self->told = read;
      plan_to_tell (self);
      return;
    }

  self->told = MAX (self->told, read);
  self->counted = head;
  drop_read (self, read);
  set (self, read, unread);
}

/**
 * tea_reading_take_event:
 * @self: a position
 * @event: the next event of the room
 * @is_own: whether it is of the same person
 *
 * Takes note of what comes in. Whoever says something has read what was before it.
 */
void
tea_reading_take_event (TeaReading *self, TeaEvent *event, gboolean is_own)
{
  guint64 seq;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  seq = tea_event_get_seq (event);
  if (self->complete == 0)
    self->complete = seq;
  if (seq <= self->read || !tea_event_kind_counts_as_unread (tea_event_get_kind (event)))
    return;

  if (is_own)
    {
      /* The server knows that by itself. */
      self->told = MAX (self->told, seq);
      move_to (self, seq);
      return;
    }

  /* Of what was removed no text is left. */
  if (tea_event_get_text (event) == NULL)
    return;

  if (self->others->len == UNREAD_MAX)
    {
      g_array_remove_index (self->others, 0);
      self->complete = g_array_index (self->others, guint64, 0);
    }
  g_array_append_val (self->others, seq);
  if (seq > self->counted)
    set (self, self->read, self->unread + 1);
}

static gboolean
drop_other (TeaReading *self, guint64 seq)
{
  for (guint i = 0; i < self->others->len; i++)
    if (g_array_index (self->others, guint64, i) == seq)
      {
        g_array_remove_index (self->others, i);
        return TRUE;
      }

  return FALSE;
}

/**
 * tea_reading_take_removed:
 * @self: a position
 * @seq: the number of a message of somebody else
 * @removal: the number of the event by which it was removed
 *
 * Takes note that there is nothing to be read any more. What the server has counted after that is
 * without it; what was never told here is in the server's count, or in none.
 */
void
tea_reading_take_removed (TeaReading *self, guint64 seq, guint64 removal)
{
  gboolean was_told;

  g_return_if_fail (self != NULL);

  if (seq <= self->read)
    return;

  was_told = drop_other (self, seq);
  if (removal > self->counted && (was_told || seq <= self->counted) && self->unread > 0)
    set (self, self->read, self->unread - 1);
}

/**
 * tea_reading_take_gap:
 * @self: a position
 *
 * What comes next does not go on where the last event was.
 */
void
tea_reading_take_gap (TeaReading *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->others, 0);
  self->complete = 0;
}

/**
 * tea_reading_begin_anew:
 * @self: a position
 *
 * What comes next is of another log: what was read of the one before says nothing of it. The
 * server tells what was.
 */
void
tea_reading_begin_anew (TeaReading *self)
{
  g_return_if_fail (self != NULL);

  tea_reading_take_gap (self);
  tea_timer_unset (self->timer);
  self->told = 0;
  self->counted = 0;
  set (self, 0, 0);
}
