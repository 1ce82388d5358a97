/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-recent-events.h"

#include <string.h>

static TeaEvent *
get_nth (TeaRecentEvents *self, guint n)
{
  return self->ring[(self->first + n) % TEA_RECENT_EVENTS_MAX];
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
  if (self->n == TEA_RECENT_EVENTS_MAX)
    drop_first (self);

  self->ring[(self->first + self->n) % TEA_RECENT_EVENTS_MAX] = tea_event_ref (event);
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
 * Returns: (transfer none) (nullable): the event of that number, if it is remembered
 */
TeaEvent *
tea_recent_events_find (TeaRecentEvents *self, guint64 seq)
{
  guint n = search (self, seq);

  return n < self->n && tea_event_get_seq (get_nth (self, n)) == seq ? get_nth (self, n) : NULL;
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
 * Reads some events, if all of them are remembered.
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
