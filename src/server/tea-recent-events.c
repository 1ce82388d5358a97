/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-recent-events.h"

#include <string.h>

static TeaEvent *
get_nth (TeaRecentEvents *self, guint n)
{
  return self->ring[(self->first + n) % TEA_RECENT_EVENTS_MAX].event;
}

static gsize
measure (TeaEvent *event)
{
  const char *text = tea_event_get_text (event);

  return text != NULL ? strlen (text) : 0;
}

static void
drop_first (TeaRecentEvents *self)
{
  TeaEvent *event = get_nth (self, 0);

  self->first = (self->first + 1) % TEA_RECENT_EVENTS_MAX;
  self->n--;
  self->n_bytes -= measure (event);
  tea_event_unref (event);
}

/* The first that is not below a number. */
static guint
search (TeaRecentEvents *self, guint64 seq)
{
  guint low = 0;
  guint high = self->n;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (tea_event_get_seq (get_nth (self, middle)) < seq)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static gboolean
is_nth (TeaRecentEvents *self, guint n, guint64 seq)
{
  return n < self->n && tea_event_get_seq (get_nth (self, n)) == seq;
}

static gboolean
is_stale (TeaRecentEvents *self, guint n)
{
  return self->ring[(self->first + n) % TEA_RECENT_EVENTS_MAX].is_stale;
}

/**
 * tea_recent_events_clear: (skip)
 * @self: a memory
 *
 * Forgets everything.
 */
void
tea_recent_events_clear (TeaRecentEvents *self)
{
  while (self->n > 0)
    drop_first (self);
}

/**
 * tea_recent_events_add: (skip)
 * @self: a memory
 * @event: what happened next
 *
 * Remembers an event, and forgets the oldest where there are too many.
 */
void
tea_recent_events_add (TeaRecentEvents *self, TeaEvent *event)
{
  guint place;

  if (self->n == TEA_RECENT_EVENTS_MAX)
    drop_first (self);

  place = (self->first + self->n) % TEA_RECENT_EVENTS_MAX;
  self->ring[place].event = tea_event_ref (event);
  self->ring[place].is_stale = FALSE;
  self->n++;
  self->n_bytes += measure (event);

  while (self->n > 1 && self->n_bytes > TEA_RECENT_EVENTS_MAX_BYTES)
    drop_first (self);
}

/**
 * tea_recent_events_find: (skip)
 * @self: a memory
 * @seq: a number
 *
 * Returns: (transfer none) (nullable): the event of that number, if it is remembered as it is now
 */
TeaEvent *
tea_recent_events_find (TeaRecentEvents *self, guint64 seq)
{
  guint n = search (self, seq);

  return is_nth (self, n, seq) && !is_stale (self, n) ? get_nth (self, n) : NULL;
}

/**
 * tea_recent_events_distrust: (skip)
 * @self: a memory
 * @seq: a number
 *
 * What that event is now is not remembered, until tea_recent_events_replace() tells.
 */
void
tea_recent_events_distrust (TeaRecentEvents *self, guint64 seq)
{
  guint n = search (self, seq);

  if (is_nth (self, n, seq))
    self->ring[(self->first + n) % TEA_RECENT_EVENTS_MAX].is_stale = TRUE;
}

/**
 * tea_recent_events_replace: (skip)
 * @self: a memory
 * @event: what an event has become
 *
 * Puts an event in the place of the one of that number, where that is remembered.
 */
void
tea_recent_events_replace (TeaRecentEvents *self, TeaEvent *event)
{
  guint n = search (self, tea_event_get_seq (event));
  guint place = (self->first + n) % TEA_RECENT_EVENTS_MAX;

  if (!is_nth (self, n, tea_event_get_seq (event)))
    return;

  self->n_bytes -= measure (self->ring[place].event);
  tea_event_unref (self->ring[place].event);
  self->ring[place].event = tea_event_ref (event);
  self->ring[place].is_stale = FALSE;
  self->n_bytes += measure (event);
}

static void
remove_nth (TeaRecentEvents *self, guint n)
{
  TeaEvent *event = get_nth (self, n);

  self->n_bytes -= measure (event);
  for (guint i = n; i + 1 < self->n; i++)
    self->ring[(self->first + i) % TEA_RECENT_EVENTS_MAX]
        = self->ring[(self->first + i + 1) % TEA_RECENT_EVENTS_MAX];
  self->n--;
  tea_event_unref (event);
}

/**
 * tea_recent_events_remove: (skip)
 * @self: a memory
 * @seq: a number
 *
 * Forgets an event that is not in the log any more.
 */
void
tea_recent_events_remove (TeaRecentEvents *self, guint64 seq)
{
  guint n = search (self, seq);

  if (is_nth (self, n, seq))
    remove_nth (self, n);
}

/**
 * tea_recent_events_find_edit: (skip)
 * @self: a memory
 * @target: the number of a message
 * @before: the number of what has replaced its edits
 *
 * Returns: the number of an edit that is not in the log any more; 0 where there is none
 */
guint64
tea_recent_events_find_edit (TeaRecentEvents *self, guint64 target, guint64 before)
{
  for (guint n = search (self, target); n < self->n; n++)
    {
      TeaEvent *event = get_nth (self, n);

      if (tea_event_get_seq (event) >= before)
        break;
      if (tea_event_get_kind (event) == TEA_EVENT_EDITED && tea_event_get_target (event) == target)
        return tea_event_get_seq (event);
    }

  return 0;
}

/**
 * tea_recent_events_find_erased: (skip)
 * @self: a memory
 * @sent_out: with what somebody's messages are to go
 *
 * Returns: the number of one of these; 0 where there is none
 */
guint64
tea_recent_events_find_erased (TeaRecentEvents *self, const TeaSentOut *sent_out)
{
  for (guint n = search (self, sent_out->erase); n < self->n; n++)
    if (tea_sent_out_erases (sent_out, get_nth (self, n)))
      return tea_event_get_seq (get_nth (self, n));

  return 0;
}

/**
 * tea_recent_events_read: (skip)
 * @self: a memory
 * @from: the first number
 * @to: the last number
 * @max_bytes: how many bytes of text at most, but for the first event
 * @events: (element-type TeaEvent): where to add the events
 * @next: (out): the number to go on from
 *
 * Reads some events, if all of them are remembered as they are now. Otherwise what was added is
 * of no account.
 *
 * Returns: whether they are
 */
gboolean
tea_recent_events_read (TeaRecentEvents *self,
                        guint64 from,
                        guint64 to,
                        gsize max_bytes,
                        GPtrArray *events,
                        guint64 *next)
{
  gsize n_bytes = 0;

  if (self->n == 0 || from < tea_event_get_seq (get_nth (self, 0)))
    return FALSE;

  *next = to + 1;
  for (guint i = search (self, from); i < self->n; i++)
    {
      TeaEvent *event = get_nth (self, i);

      if (tea_event_get_seq (event) > to)
        break;
      if (is_stale (self, i))
        return FALSE;

      n_bytes += measure (event);
      if (events->len > 0 && n_bytes > max_bytes)
        {
          *next = tea_event_get_seq (event);
          break;
        }

      g_ptr_array_add (events, tea_event_ref (event));
    }

  return TRUE;
}
