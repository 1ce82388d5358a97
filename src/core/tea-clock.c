/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* The time of day is set by small steps all the time. */
#define JUMP (2 * G_TIME_SPAN_SECOND)

/**
 * TeaClock:
 *
 * What time it is, and what is to be done when. All that waits in a server or a client
 * waits here: one source in the main loop, however many timers there are. It stands still
 * while the machine sleeps. The clock of a test stands still until it is told to go on.
 */
struct _TeaClock
{
  GObject parent_instance;

  GSequence *timers;  /* (element-type TeaTimer) (unowned): those that are set, by time */
  gint64 next_due;    /* of the first of them; -1 where there is none */
  GSource *source;    /* (owned) (nullable): none where the time is set by hand */
  int jump_fd;        /* readable when the time of day was set; -1 where nothing tells */
  gpointer jump_tag;  /* (nullable): of it in the source */
  gint64 real_offset; /* from the time to the time of day */

  gint64 time; /* of a clock that is set by hand */
};

enum
{
  SIGNAL_JUMPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _TeaTimer
{
  TeaClock *clock; /* (owned) */
  TeaTimerFunc callback;
  gpointer user_data;

  gint64 due;
  GSequenceIter *place; /* (nullable): NULL when it is not set */
};

G_DEFINE_FINAL_TYPE (TeaClock, tea_clock, G_TYPE_OBJECT)

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch };

/* Timers of the same moment go off in the order in which they were set. */
static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const TeaTimer *one = a;
  const TeaTimer *other = b;

  return (one->due > other->due) - (one->due < other->due);
}

static TeaTimer *
get_first (TeaClock *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->timers);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
remove_timer (TeaClock *self, TeaTimer *timer)
{
  TeaTimer *first;

  g_sequence_remove (timer->place);
  timer->place = NULL;
  first = get_first (self);
  self->next_due = first != NULL ? first->due : -1;
}

static void
add_timer (TeaClock *self, TeaTimer *timer)
{
  timer->place = g_sequence_insert_sorted (self->timers, timer, compare_due, NULL);
  if (self->next_due < 0 || timer->due < self->next_due)
    self->next_due = timer->due;
}

/* To tell the main loop something wakes it up. So it is told what comes earlier than it knows;
 * that nothing is due any more, or later, it finds out when it looks. */
static void
update_source (TeaClock *self)
{
  gint64 next = self->next_due;
  gint64 known = self->source != NULL ? g_source_get_ready_time (self->source) : 0;

  if (next >= 0 && (known < 0 || next < known))
    g_source_set_ready_time (self->source, next);
}

static void
run_due (TeaClock *self, gint64 time)
{
  while (self->next_due >= 0 && self->next_due <= time)
    {
      TeaTimer *timer = get_first (self);

      if (self->source == NULL)
        self->time = MAX (self->time, timer->due);
      remove_timer (self, timer);
      timer->callback (timer->user_data);
    }
}

/* Timers stand still during sleep, and what waits for one would not learn of it at once.
 * The kernel takes waking up for a change of the time of day, and tells of that. */
static void
watch_jumps (TeaClock *self)
{
  const struct itimerspec never = { .it_value.tv_sec = G_MAXLONG };

  self->real_offset = g_get_real_time () - g_get_monotonic_time ();
  self->jump_fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->jump_fd < 0)
    return;

  timerfd_settime (self->jump_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
  self->jump_tag = g_source_add_unix_fd (self->source, self->jump_fd, G_IO_IN);
}

static void
look_for_jump (TeaClock *self)
{
  guint64 nothing;
  gint64 before = self->real_offset;

  if (self->jump_tag != NULL && g_source_query_unix_fd (self->source, self->jump_tag) != 0
      && read (self->jump_fd, &nothing, sizeof nothing) < 0 && errno != ECANCELED)
    g_debug ("Nothing tells when the time is set: %s", g_strerror (errno));

  self->real_offset = g_get_real_time () - g_get_monotonic_time ();
  if (ABS (self->real_offset - before) > JUMP)
    g_signal_emit (self, signals[SIGNAL_JUMPED], 0);
}

static gboolean
ready_cb (gpointer user_data)
{
  g_autoptr (TeaClock) self = g_object_ref (user_data);

  look_for_jump (self);
  run_due (self, g_get_monotonic_time ());
  if (self->source != NULL)
    g_source_set_ready_time (self->source, tea_clock_get_next_due (self));

  return G_SOURCE_CONTINUE;
}

static void
tea_clock_dispose (GObject *object)
{
  TeaClock *self = TEA_CLOCK (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->jump_fd >= 0)
    close (self->jump_fd);
  self->jump_fd = -1;

  G_OBJECT_CLASS (tea_clock_parent_class)->dispose (object);
}

static void
tea_clock_finalize (GObject *object)
{
  TeaClock *self = TEA_CLOCK (object);

  g_sequence_free (self->timers);

  G_OBJECT_CLASS (tea_clock_parent_class)->finalize (object);
}

static void
tea_clock_class_init (TeaClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_clock_dispose;
  object_class->finalize = tea_clock_finalize;

  /**
   * TeaClock::jumped:
   * @self: the clock
   *
   * The time of day has gone on without the clock: the machine has slept, or was told that
   * it is much earlier or later.
   */
  signals[SIGNAL_JUMPED] = g_signal_new ("jumped", TEA_TYPE_CLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
}

static void
tea_clock_init (TeaClock *self)
{
  self->timers = g_sequence_new (NULL);
  self->next_due = -1;
  self->jump_fd = -1;
}

/**
 * tea_clock_new:
 *
 * Returns: (transfer full): a clock that goes as the system's does, and whose timers go
 *   off in the thread-default main context
 */
TeaClock *
tea_clock_new (void)
{
  TeaClock *self = g_object_new (TEA_TYPE_CLOCK, NULL);

  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_static_name (self->source, "TeaClock");
  g_source_set_callback (self->source, ready_cb, self, NULL);
  /* What a timer calls may serve the main context until something else is done. */
  g_source_set_can_recurse (self->source, TRUE);
  watch_jumps (self);
  g_source_attach (self->source, g_main_context_get_thread_default ());

  return self;
}

/**
 * tea_clock_new_manual:
 * @real_time: what it shows at first, in µs since the Unix epoch, UTC
 *
 * Returns: (transfer full): a clock that stands still but for [method@Tea.Clock.advance]
 */
TeaClock *
tea_clock_new_manual (gint64 real_time)
{
  TeaClock *self = g_object_new (TEA_TYPE_CLOCK, NULL);

  /* Zero is what nobody has set. */
  self->time = 1;
  self->real_offset = real_time - self->time;

  return self;
}

/**
 * tea_clock_get_time:
 * @self: a clock
 *
 * Returns: the time that never goes back, in µs, above zero
 */
gint64
tea_clock_get_time (TeaClock *self)
{
  g_return_val_if_fail (TEA_IS_CLOCK (self), 0);

  return self->source != NULL ? g_get_monotonic_time () : self->time;
}

/**
 * tea_clock_get_real_time:
 * @self: a clock
 *
 * Returns: the time of day, in µs since the Unix epoch, UTC
 */
gint64
tea_clock_get_real_time (TeaClock *self)
{
  g_return_val_if_fail (TEA_IS_CLOCK (self), 0);

  return self->source != NULL ? g_get_real_time () : self->time + self->real_offset;
}

/**
 * tea_clock_get_next_due:
 * @self: a clock
 *
 * Returns: the moment of the timer that is due first, in µs on this clock; -1 when none
 *   is set
 */
gint64
tea_clock_get_next_due (TeaClock *self)
{
  g_return_val_if_fail (TEA_IS_CLOCK (self), -1);

  return self->next_due;
}

/**
 * tea_clock_advance:
 * @self: a clock that is set by hand
 * @time: until when, in µs on this clock
 *
 * Lets time pass: what is due until then is done, each at its own moment.
 */
void
tea_clock_advance (TeaClock *self, gint64 time)
{
  g_return_if_fail (TEA_IS_CLOCK (self));
  g_return_if_fail (self->source == NULL);

  run_due (self, time);
  self->time = MAX (self->time, time);
}

/**
 * tea_clock_sleep:
 * @self: a clock that is set by hand
 * @time: how long, in µs
 *
 * Lets the time of day go on, as it does while a machine sleeps.
 */
void
tea_clock_sleep (TeaClock *self, gint64 time)
{
  g_return_if_fail (TEA_IS_CLOCK (self));
  g_return_if_fail (self->source == NULL);

  self->real_offset += time;
  if (ABS (time) > JUMP)
    g_signal_emit (self, signals[SIGNAL_JUMPED], 0);
}

/**
 * tea_timer_new:
 * @clock: by which clock
 * @callback: what to do
 * @user_data: (nullable): for @callback
 *
 * Returns: (transfer full): a timer that is not set
 */
TeaTimer *
tea_timer_new (TeaClock *clock, TeaTimerFunc callback, gpointer user_data)
{
  TeaTimer *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (callback != NULL, NULL);

  self = g_new0 (TeaTimer, 1);
  self->clock = g_object_ref (clock);
  self->callback = callback;
  self->user_data = user_data;

  return self;
}

/**
 * tea_timer_free:
 * @self: (transfer full): a timer
 *
 * Frees a timer; it does not go off any more.
 */
void
tea_timer_free (TeaTimer *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_timer_set:
 * @self: a timer
 * @delay: in how many µs
 *
 * Sets a timer, whatever it was set to before.
 */
void
tea_timer_set (TeaTimer *self, gint64 delay)
{
  g_return_if_fail (self != NULL);

  tea_timer_set_at (self, tea_clock_get_time (self->clock) + MAX (delay, 0));
}

/**
 * tea_timer_set_at:
 * @self: a timer
 * @time: when, in µs on its clock
 *
 * Sets a timer, whatever it was set to before.
 */
void
tea_timer_set_at (TeaTimer *self, gint64 time)
{
  g_return_if_fail (self != NULL);

  if (self->place != NULL)
    remove_timer (self->clock, self);

  self->due = MAX (time, 0);
  add_timer (self->clock, self);
  update_source (self->clock);
}

/**
 * tea_timer_unset:
 * @self: a timer
 *
 * Makes a timer not go off.
 */
void
tea_timer_unset (TeaTimer *self)
{
  g_return_if_fail (self != NULL);

  if (self->place == NULL)
    return;

  remove_timer (self->clock, self);
  update_source (self->clock);
}

/**
 * tea_timer_get_due:
 * @self: a timer
 *
 * Returns: when it goes off, in µs on its clock; 0 when it is not set
 */
gint64
tea_timer_get_due (TeaTimer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->place != NULL ? self->due : 0;
}
