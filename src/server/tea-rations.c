/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-rations.h"

/* More messages than anybody writes, also a program, and less than what would keep others
 * from being heard or fill the disk in an hour. */
#define MESSAGES_PER_SECOND 50
#define MESSAGES_BURST 200
#define BYTES_PER_SECOND (64 * 1024)
#define BYTES_BURST (1024 * 1024)

/* How often somebody may come into the room: everybody is told of it each time. */
#define ENTRIES_PER_SECOND 1
#define ENTRIES_BURST 100

/* More frames than any program needs. */
#define FRAMES_PER_SECOND 1000
#define FRAMES_BURST 4000

/* How much of the past. */
#define PULLED_PER_SECOND (4 * 1024 * 1024)
#define PULLED_BURST (1024 * 1024)

/* Whoever goes and comes back does not begin anew: for as long as it takes until they might
 * have done nothing. So many are remembered who are not here. */
#define MEMORY ((ENTRIES_BURST / ENTRIES_PER_SECOND) * G_TIME_SPAN_SECOND)
#define MAX_ABSENT 4096

struct _TeaRations
{
  TeaClock *clock;     /* (owned) */
  GHashTable *rations; /* (element-type utf8 TeaRation) */
  GQueue absent;       /* (element-type TeaRation): who went first is the first */
};

struct _TeaRation
{
  TeaRations *rations; /* (unowned) */
  char *id;            /* (owned) */
  guint n_sessions;
  gint64 left; /* when the last session ended */
  GList link;  /* among the absent */

  TeaTokenBucket messages;
  TeaTokenBucket bytes;
  TeaTokenBucket entries;
  TeaTokenBucket frames;
  TeaTokenBucket pulled;
};

static void
ration_free (TeaRation *ration)
{
  g_free (ration->id);
  g_free (ration);
}

static void
forget_absent (TeaRations *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  TeaRation *ration;

  while ((ration = g_queue_peek_head (&self->absent)) != NULL
         && (ration->left + MEMORY <= now || self->absent.length > MAX_ABSENT))
    {
      g_queue_unlink (&self->absent, &ration->link);
      g_hash_table_remove (self->rations, ration->id);
    }
}

/**
 * tea_rations_new: (skip)
 * @clock: by which clock there is more again
 *
 * Returns: (transfer full): the rations of nobody yet
 */
TeaRations *
tea_rations_new (TeaClock *clock)
{
  TeaRations *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaRations, 1);
  self->clock = g_object_ref (clock);
  self->rations
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) ration_free);
  g_queue_init (&self->absent);

  return self;
}

/**
 * tea_rations_free: (skip)
 * @self: (transfer full): rations that nobody has any more
 *
 * Frees the rations.
 */
void
tea_rations_free (TeaRations *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->rations);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_rations_take: (skip)
 * @self: the rations
 * @id: whose
 *
 * Counts a session of somebody.
 *
 * Returns: (transfer none): what they may do, until tea_rations_give_back()
 */
TeaRation *
tea_rations_take (TeaRations *self, const char *id)
{
  TeaRation *ration;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  forget_absent (self);
  ration = g_hash_table_lookup (self->rations, id);
  if (ration == NULL)
    {
      ration = g_new0 (TeaRation, 1);
      ration->rations = self;
      ration->id = g_strdup (id);
      ration->link.data = ration;
      tea_token_bucket_init (&ration->messages, MESSAGES_PER_SECOND, MESSAGES_BURST);
      tea_token_bucket_init (&ration->bytes, BYTES_PER_SECOND, BYTES_BURST);
      tea_token_bucket_init (&ration->entries, ENTRIES_PER_SECOND, ENTRIES_BURST);
      tea_token_bucket_init (&ration->frames, FRAMES_PER_SECOND, FRAMES_BURST);
      tea_token_bucket_init (&ration->pulled, PULLED_PER_SECOND, PULLED_BURST);
      g_hash_table_insert (self->rations, ration->id, ration);
    }
  else if (ration->n_sessions == 0)
    {
      g_queue_unlink (&self->absent, &ration->link);
    }
  ration->n_sessions++;

  return ration;
}

/**
 * tea_rations_give_back: (skip)
 * @self: the rations
 * @ration: one of them
 *
 * Counts a session no more.
 */
void
tea_rations_give_back (TeaRations *self, TeaRation *ration)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (ration->n_sessions > 0);

  if (--ration->n_sessions > 0)
    return;

  ration->left = tea_clock_get_time (self->clock);
  g_queue_push_tail_link (&self->absent, &ration->link);
  forget_absent (self);
}

/**
 * tea_ration_get_n_sessions: (skip)
 * @self: a ration
 *
 * Returns: how many sessions share it
 */
guint
tea_ration_get_n_sessions (TeaRation *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_sessions;
}

/**
 * tea_ration_enter: (skip)
 * @self: a ration
 *
 * Takes from the ration what it costs to come into the room.
 *
 * Returns: whether there was enough
 */
gboolean
tea_ration_enter (TeaRation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_token_bucket_take (&self->entries, tea_clock_get_time (self->rations->clock), 1);
}

/**
 * tea_ration_say: (skip)
 * @self: a ration
 * @size: how many bytes a message has, no more than one can have
 *
 * Takes from the ration what it costs to say something.
 *
 * Returns: 0; or for how many µs there is not enough yet, and nothing was taken
 */
gint64
tea_ration_say (TeaRation *self, gsize size)
{
  gint64 now;
  gint64 message_wait;
  gint64 bytes_wait;

  g_return_val_if_fail (self != NULL, 0);

  now = tea_clock_get_time (self->rations->clock);
  message_wait = tea_token_bucket_get_wait (&self->messages, now, 1);
  bytes_wait = tea_token_bucket_get_wait (&self->bytes, now, (double) size);
  if (message_wait > 0 || bytes_wait > 0)
    return MAX (message_wait, bytes_wait);

  tea_token_bucket_charge (&self->messages, now, 1);
  tea_token_bucket_charge (&self->bytes, now, (double) size);

  return 0;
}

/**
 * tea_ration_ask: (skip)
 * @self: a ration
 * @cost: what it is about as much work as: so many of the cheapest frames
 *
 * Takes from the ration what it costs to send a frame.
 *
 * Returns: whether there was enough
 */
gboolean
tea_ration_ask (TeaRation *self, guint cost)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_token_bucket_take (&self->frames, tea_clock_get_time (self->rations->clock), cost);
}

/**
 * tea_ration_may_pull: (skip)
 * @self: a ration
 *
 * Returns: whether there is something left of what may be had of the past
 */
gboolean
tea_ration_may_pull (TeaRation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_token_bucket_get_wait (&self->pulled, tea_clock_get_time (self->rations->clock), 1)
         == 0;
}

/**
 * tea_ration_pull: (skip)
 * @self: a ration
 * @size: how many bytes were had
 *
 * Takes from the ration what was had of the past, even if it was more than there is.
 */
void
tea_ration_pull (TeaRation *self, gsize size)
{
  g_return_if_fail (self != NULL);

  tea_token_bucket_charge (&self->pulled, tea_clock_get_time (self->rations->clock), (double) size);
}
