/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-drop-reporter.h"

#include "tea-inet-address.h"

/* So long it is counted before something is said, and then twice as long each time. */
#define SHORTEST (2 * G_TIME_SPAN_SECOND)
#define LONGEST (10 * G_TIME_SPAN_MINUTE)

/* Less than this a second is no attack, and is not worth a line. */
#define FEW_PER_SECOND 20

/**
 * TeaDropReporter:
 *
 * Tells in the log when much is dropped: what, how much, and from where most. However much it
 * is, it is one line for a while, and rarer ones as long as it lasts.
 */
struct _TeaDropReporter
{
  GObject parent_instance;

  TeaDropCounter *drops; /* (owned) */
  TeaClock *clock;       /* (owned) */
  TeaTimer *timer;       /* (owned) */
  gint64 interval;       /* µs */
  guint64 told[TEA_N_DROPS];
};

G_DEFINE_FINAL_TYPE (TeaDropReporter, tea_drop_reporter, G_TYPE_OBJECT)

static guint64
get_n (TeaDropReporter *self, TeaDrop drop)
{
  return tea_drop_counter_get_n (self->drops, drop) - self->told[drop];
}

/* What there is most of among that which is not told yet; TEA_N_DROPS where there is nothing. */
static TeaDrop
find_most (TeaDropReporter *self, guint64 *sum)
{
  TeaDrop most = TEA_N_DROPS;

  *sum = 0;
  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    {
      *sum += get_n (self, drop);
      if (get_n (self, drop) > 0
          && (most == TEA_N_DROPS || get_n (self, drop) > get_n (self, most)))
        most = drop;
    }

  return most;
}

static void
tell (TeaDropReporter *self, TeaDrop drop, guint64 sum)
{
  guint64 number = 0;
  guint64 n_most = tea_drop_counter_find_most (self->drops, drop, &number);
  g_autofree char *network = number != 0 ? tea_inet_address_describe_network (number) : NULL;
  g_autofree char *n = g_strdup_printf ("%" G_GUINT64_FORMAT, get_n (self, drop));
  g_autofree char *all = g_strdup_printf ("%" G_GUINT64_FORMAT, sum);
  g_autofree char *from
      = network != NULL
            ? g_strdup_printf (", %u %% of them from %s",
                               (guint) MIN (n_most * 100 / get_n (self, drop), 100), network)
            : g_strdup ("");

  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "TEAHOUSE_EVENT", "dropped",
                    "TEAHOUSE_REASON", tea_drop_get_name (drop), "TEAHOUSE_COUNT", n,
                    "TEAHOUSE_NETWORK", network != NULL ? network : "", "MESSAGE",
                    "Dropped or refused in %.0f s: %s %s%s; %s in all",
                    (double) self->interval / G_TIME_SPAN_SECOND, n, tea_drop_describe (drop), from,
                    all);
}

static void
timer_cb (gpointer user_data)
{
  TeaDropReporter *self = user_data;
  guint64 sum = 0;
  TeaDrop most = find_most (self, &sum);

  if (sum >= (guint64) (self->interval / G_TIME_SPAN_SECOND) * FEW_PER_SECOND)
    {
      tell (self, most, sum);
      self->interval = MIN (2 * self->interval, LONGEST);
    }
  else
    {
      self->interval = SHORTEST;
    }

  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    self->told[drop] = tea_drop_counter_get_n (self->drops, drop);
  tea_drop_counter_begin (self->drops);
}

static void
noted_cb (TeaDropReporter *self)
{
  g_assert (TEA_IS_DROP_REPORTER (self));

  tea_timer_set (self->timer, self->interval);
}

static void
tea_drop_reporter_dispose (GObject *object)
{
  TeaDropReporter *self = TEA_DROP_REPORTER (object);

  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_object (&self->drops);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_drop_reporter_parent_class)->dispose (object);
}

static void
tea_drop_reporter_class_init (TeaDropReporterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_drop_reporter_dispose;
}

static void
tea_drop_reporter_init (TeaDropReporter *self)
{
  self->interval = SHORTEST;
}

/**
 * tea_drop_reporter_new:
 * @drops: what counts
 * @clock: by which clock
 *
 * Tells of what is dropped from now on.
 *
 * Returns: (transfer full): a reporter
 */
TeaDropReporter *
tea_drop_reporter_new (TeaDropCounter *drops, TeaClock *clock)
{
  TeaDropReporter *self;

  g_return_val_if_fail (TEA_IS_DROP_COUNTER (drops), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_DROP_REPORTER, NULL);
  self->drops = g_object_ref (drops);
  self->clock = g_object_ref (clock);
  self->timer = tea_timer_new (clock, timer_cb, self);
  g_signal_connect_object (drops, "noted", G_CALLBACK (noted_cb), self, G_CONNECT_SWAPPED);

  return self;
}
