/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-kept-changes.h"

#include "tea-event-form.h"

/* For how long an answer may still come late, to a question that was repeated. */
#define LATE (10 * G_TIME_SPAN_SECOND)

typedef struct
{
  TeaEvent *event; /* (owned) */
  gint64 told;
} Change;

struct _TeaKeptChanges
{
  TeaClock *clock; /* (owned) */
  GQueue changes;  /* (element-type Change): in the order of the log */
  guint n_asked;   /* how many questions are under way */
};

static void
change_free (gpointer data)
{
  Change *change = data;

  tea_event_unref (change->event);
  g_free (change);
}

/* While an answer is waited for, however long, nothing is dropped. */
static void
drop_old (TeaKeptChanges *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  Change *change;

  while (self->n_asked == 0 && (change = g_queue_peek_head (&self->changes)) != NULL
         && now - change->told > LATE)
    change_free (g_queue_pop_head (&self->changes));
}

/**
 * tea_kept_changes_new:
 * @clock: by which clock
 *
 * Returns: (transfer full): no changes
 */
TeaKeptChanges *
tea_kept_changes_new (TeaClock *clock)
{
  TeaKeptChanges *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaKeptChanges, 1);
  self->clock = g_object_ref (clock);
  g_queue_init (&self->changes);

  return self;
}

/**
 * tea_kept_changes_free:
 * @self: (transfer full): changes
 *
 * Frees them.
 */
void
tea_kept_changes_free (TeaKeptChanges *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->changes, change_free);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_kept_changes_begin:
 * @self: changes
 *
 * Messages are asked for: from now on all changes are kept.
 */
void
tea_kept_changes_begin (TeaKeptChanges *self)
{
  g_return_if_fail (self != NULL);

  drop_old (self);
  self->n_asked++;
}

/**
 * tea_kept_changes_end:
 * @self: changes
 *
 * A question is answered, or given up.
 */
void
tea_kept_changes_end (TeaKeptChanges *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->n_asked > 0);

  self->n_asked--;
}

/**
 * tea_kept_changes_take_event:
 * @self: changes
 * @event: the next event of the room
 *
 * Keeps it for a while, if it changes messages.
 */
void
tea_kept_changes_take_event (TeaKeptChanges *self, TeaEvent *event)
{
  TeaEventKind kind;
  Change *change;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  kind = tea_event_get_kind (event);
  if (!tea_event_kind_amends (kind) && kind != TEA_EVENT_SENT_OUT)
    return;

  drop_old (self);
  change = g_new0 (Change, 1);
  change->event = tea_event_ref (event);
  change->told = tea_clock_get_time (self->clock);
  g_queue_push_tail (&self->changes, change);
}

/**
 * tea_kept_changes_forget:
 * @self: changes
 *
 * What is asked for from now on is of another log.
 */
void
tea_kept_changes_forget (TeaKeptChanges *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->changes, change_free);
}

/**
 * tea_kept_changes_follow:
 * @self: changes
 * @event: an event that was asked for
 *
 * Brings a message up to date.
 *
 * Returns: (transfer full): the message after all changes; other events as they are
 */
TeaEvent *
tea_kept_changes_follow (TeaKeptChanges *self, TeaEvent *event)
{
  TeaEvent *now;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (event != NULL, NULL);

  now = tea_event_ref (event);
  for (GList *l = self->changes.head; l != NULL; l = l->next)
    {
      g_autoptr (TeaEvent) before = now;

      now = tea_event_form_follow (before, ((Change *) l->data)->event);
    }

  return now;
}
