/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-rejoiner.h"

#include "tea-client-state.h"
#include "tea-error.h"

/* A wait is an eighth of the time the server has been away, so that nobody is back much
 * later than it; a fifth longer or shorter by chance, so that not all who lost the same
 * server come at once. Even the longest can be short. A try is one hello of 740 bytes where
 * the host says that nobody listens, and three in two seconds, for six of them, where nobody
 * says anything: 1,000 clients send 1.5 MB in a second at first, and a third of it later on.
 * From a server that has just gone and is back they want 2,000 sessions in a second at most;
 * it can resume 10,000. */
#define WAIT_SHARE 8
#define SHORTEST_WAIT (500 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_WAIT (10 * G_TIME_SPAN_SECOND)
/* A server that is there, and lets nobody in for now, has had all the work of a handshake. */
#define BUSY_WAIT (5 * G_TIME_SPAN_SECOND)
/* How long whoever is not patient tries. */
#define PATIENCE (3 * G_TIME_SPAN_MINUTE)
/* Where the server is likely to be there: a moment, in which it can begin anew. */
#define SOON_MIN (100 * G_TIME_SPAN_MILLISECOND)
#define SOON_MAX (300 * G_TIME_SPAN_MILLISECOND)

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
  gint64 began;              /* when it began to try; 0 while there is no need to */
  TeaTimer *timer;           /* (owned): of the next try */
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

/* The machine has slept: what it waited for may be there long since. */
static void
jumped_cb (TeaRejoiner *self)
{
  g_assert (TEA_IS_REJOINER (self));

  if (tea_timer_get_due (self->timer) != 0)
    tea_rejoiner_try_now (self);
}

static gint64
choose_between (gint64 shortest, gint64 longest)
{
  return (gint64) g_random_double_range ((double) shortest, (double) longest);
}

static void
plan_try (TeaRejoiner *self, gint64 wait)
{
  tea_timer_set (self->timer, wait);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, TEA_CLIENT_LOST);
}

static void
plan_next_try (TeaRejoiner *self, gint64 shortest)
{
  gint64 gone = tea_clock_get_time (self->clock) - self->began;
  gint64 wait = CLAMP (gone / WAIT_SHARE, shortest, LONGEST_WAIT);

  if (gone >= PATIENCE && !self->patient)
    {
      self->began = 0;
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, TEA_CLIENT_GIVEN_UP);
      return;
    }

  plan_try (self, choose_between (wait * 4 / 5, wait * 6 / 5));
}

static gboolean
is_busy (const GError *error)
{
  return g_error_matches (error, TEA_ERROR, TEA_ERROR_TRY_LATER)
         || g_error_matches (error, TEA_ERROR, TEA_ERROR_ROOM_FULL);
}

/* Whether asking again may help, without anybody doing something about it. */
static gboolean
is_final (const GError *error)
{
  return error->domain == TEA_ERROR && error->code != TEA_ERROR_NO_ANSWER && !is_busy (error);
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
      self->began = 0;
      g_signal_emit (self, signals[SIGNAL_REJOINED], 0);
    }
  else if (is_final (error))
    {
      self->began = 0;
      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, error->message);
    }
  else
    {
      plan_next_try (self, is_busy (error) ? BUSY_WAIT : SHORTEST_WAIT);
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
  g_signal_connect_object (clock, "jumped", G_CALLBACK (jumped_cb), self, G_CONNECT_SWAPPED);

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

  self->began = tea_clock_get_time (self->clock);
  if (soon)
    plan_try (self, choose_between (SOON_MIN, SOON_MAX));
  else
    plan_next_try (self, SHORTEST_WAIT);
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

  if (self->began == 0)
    self->began = tea_clock_get_time (self->clock);
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
