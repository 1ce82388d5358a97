/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-rejoiner.h"

#include "tea-client-state.h"
#include "tea-error.h"

/* Waits between tries: 1, 2, 4 … 30 s, each a fifth longer or shorter by chance, so
 * that many who lost the same server do not all return at once. */
#define FIRST_WAIT 1.0
#define LONGEST_WAIT 30.0
#define TRIES_MAX 10
/* Where the server is likely to be there: a moment, in which it can begin anew. */
#define SOON_MIN 0.1
#define SOON_MAX 0.3

/**
 * TeaRejoiner:
 *
 * Finds the way back into a room through a link that was lost: tries again and again,
 * at growing distances, until it is in, is refused, or gives up.
 */
struct _TeaRejoiner
{
  GObject parent_instance;

  TeaLink *link;   /* (owned) */
  TeaClock *clock; /* (owned) */
  gboolean patient;

  GCancellable *cancellable; /* (owned) (nullable): of the try that goes on */
  guint n_tries;
  TeaTimer *timer; /* (owned): of the next try */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_REJOINED,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaRejoiner, tea_rejoiner, G_TYPE_OBJECT)

static void
try_cb (gpointer user_data)
{
  tea_rejoiner_try_now (TEA_REJOINER (user_data));
}

static void
plan_try (TeaRejoiner *self, double wait)
{
  tea_timer_set (self->timer, (gint64) (wait * (double) G_TIME_SPAN_SECOND));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, TEA_CLIENT_LOST);
}

static void
plan_next_try (TeaRejoiner *self)
{
  double wait = LONGEST_WAIT;

  if (self->n_tries >= TRIES_MAX && !self->patient)
    {
      self->n_tries = 0;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, TEA_CLIENT_GIVEN_UP);
      return;
    }

  if (self->n_tries < TRIES_MAX)
    wait = MIN (FIRST_WAIT * (1u << self->n_tries++), LONGEST_WAIT);

  plan_try (self, wait * g_random_double_range (0.8, 1.2));
}

/* Whether asking again may help, without anybody doing something about it. */
static gboolean
is_final (const GError *error)
{
  return error->domain == TEA_ERROR && error->code != TEA_ERROR_NO_ANSWER
         && error->code != TEA_ERROR_TRY_LATER && error->code != TEA_ERROR_ROOM_FULL;
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaRejoiner) self = TEA_REJOINER (user_data);
  g_autoptr (GError) error = NULL;
  gboolean inside = tea_link_join_finish (TEA_LINK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);

  if (inside)
    {
      self->n_tries = 0;
      g_signal_emit (self, signals[SIGNAL_REJOINED], 0);
    }
  else if (is_final (error))
    {
      self->n_tries = 0;
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, error->message);
    }
  else
    {
      plan_next_try (self);
    }
}

static void
tea_rejoiner_dispose (GObject *object)
{
  TeaRejoiner *self = TEA_REJOINER (object);

  tea_rejoiner_stop (self);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_object (&self->link);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_rejoiner_parent_class)->dispose (object);
}

static void
tea_rejoiner_class_init (TeaRejoinerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_rejoiner_dispose;

  /**
   * TeaRejoiner::changed:
   * @self: the rejoiner
   * @state: %TEA_CLIENT_LOST: the next try is planned; %TEA_CLIENT_REJOINING: a try
   *   begins; %TEA_CLIENT_GIVEN_UP: no more is tried, unless asked for
   *
   * It goes on, or does not.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_REJOINER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_CLIENT_STATE);
  /**
   * TeaRejoiner::rejoined:
   * @self: the rejoiner
   *
   * The link is in the room again.
   */
  signals[SIGNAL_REJOINED] = g_signal_new ("rejoined", TEA_TYPE_REJOINER, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaRejoiner::refused:
   * @self: the rejoiner
   * @reason: the server's own words
   *
   * The server answers, and does not let us in.
   */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", TEA_TYPE_REJOINER, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tea_rejoiner_init (TeaRejoiner *self)
{
}

/**
 * tea_rejoiner_new:
 * @link: the link to bring back
 * @clock: by which clock
 * @patient: whether to go on for ever
 *
 * Returns: (transfer full): a rejoiner that does nothing yet
 */
TeaRejoiner *
tea_rejoiner_new (TeaLink *link, TeaClock *clock, gboolean patient)
{
  TeaRejoiner *self;

  g_return_val_if_fail (TEA_IS_LINK (link), NULL);

  self = g_object_new (TEA_TYPE_REJOINER, NULL);
  self->link = g_object_ref (link);
  self->clock = g_object_ref (clock);
  self->patient = patient;
  self->timer = tea_timer_new (clock, try_cb, self);

  return self;
}

/**
 * tea_rejoiner_start:
 * @self: a rejoiner
 * @soon: whether the server is likely to be there again in a moment
 *
 * The link was lost: plans the first try.
 */
void
tea_rejoiner_start (TeaRejoiner *self, gboolean soon)
{
  g_return_if_fail (TEA_IS_REJOINER (self));

  self->n_tries = 0;
  if (soon)
    plan_try (self, g_random_double_range (SOON_MIN, SOON_MAX));
  else
    plan_next_try (self);
}

/**
 * tea_rejoiner_try_now:
 * @self: a rejoiner
 *
 * Tries at once, unless a try goes on already.
 */
void
tea_rejoiner_try_now (TeaRejoiner *self)
{
  g_return_if_fail (TEA_IS_REJOINER (self));

  tea_timer_unset (self->timer);
  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, TEA_CLIENT_REJOINING);
  tea_link_join_async (self->link, self->cancellable, join_cb, g_object_ref (self));
}

/**
 * tea_rejoiner_stop:
 * @self: a rejoiner
 *
 * Stops trying.
 */
void
tea_rejoiner_stop (TeaRejoiner *self)
{
  g_return_if_fail (TEA_IS_REJOINER (self));

  if (self->timer != NULL)
    tea_timer_unset (self->timer);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/**
 * tea_rejoiner_get_next_try:
 * @self: a rejoiner
 *
 * Returns: when the next try is, on its clock, in µs; 0 when none is planned
 */
gint64
tea_rejoiner_get_next_try (TeaRejoiner *self)
{
  g_return_val_if_fail (TEA_IS_REJOINER (self), 0);

  return tea_timer_get_due (self->timer);
}
