/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-lived-days.h"

#include <string.h>

#define MOST_BACK G_TIME_SPAN_HOUR
#define MOST_AHEAD (45 * G_TIME_SPAN_DAY)
#define LEAST_OF_DAY (10 * G_TIME_SPAN_MINUTE)
#define LEAST_AFTER_JUMP G_TIME_SPAN_DAY

/* A clock that goes to and fro does not count a day twice. */
#define N_RECENT 16

/* What is written in front, in case that it is ever another text. */
#define FORMAT "1"
#define N_FIELDS (7 + N_RECENT)

/* 2026: no clock of a machine that runs this program is right before. */
#define FIRST_TIME (G_GINT64_CONSTANT (1767225600) * G_TIME_SPAN_SECOND)

struct _TeaLivedDays
{
  guint64 number;
  gint64 recent[N_RECENT]; /* days since the Unix epoch that counted, the latest first */

  gint64 time;      /* of the latest look, which is the program's own; 0 before the first */
  gint64 real_time; /* of the latest look; 0 when there never was one */

  gint64 day;    /* of the latest look, since the Unix epoch */
  gint64 in_day; /* for how long the program has run in it */
  gint64 doubt;  /* for how long it has to run until the clock is believed */

  gint64 believed; /* what time it was then, as far as is believed; 0 before the first look */
};

static gint64
find_day (gint64 real_time)
{
  return real_time / G_TIME_SPAN_DAY - (real_time % G_TIME_SPAN_DAY < 0 ? 1 : 0);
}

static gboolean
has_counted (TeaLivedDays *self, gint64 day)
{
  for (guint i = 0; i < MIN (self->number, N_RECENT); i++)
    if (self->recent[i] == day)
      return TRUE;

  return FALSE;
}

static gboolean
load (TeaLivedDays *self, const char *saved)
{
  g_auto (GStrv) fields = g_strsplit (saved, " ", 0);
  gint64 numbers[N_FIELDS];

  if (g_strv_length (fields) != N_FIELDS || !g_str_equal (fields[0], FORMAT))
    return FALSE;

  for (guint i = 1; i < N_FIELDS; i++)
    if (!g_ascii_string_to_signed (fields[i], 10, i == 3 || i > 6 ? G_MININT64 : 0, G_MAXINT64,
                                   &numbers[i], NULL))
      return FALSE;

  self->number = (guint64) numbers[1];
  self->real_time = numbers[2];
  self->day = numbers[3];
  self->in_day = numbers[4];
  self->doubt = MIN (numbers[5], LEAST_AFTER_JUMP);
  self->believed = numbers[6];
  for (guint i = 0; i < N_RECENT; i++)
    self->recent[i] = numbers[7 + i];

  return TRUE;
}

/**
 * tea_lived_days_new:
 * @saved: (nullable): what tea_lived_days_save() gave when the program ran last; %NULL the
 *   first time. What it cannot have given is taken for %NULL
 *
 * Returns: (transfer full): the days that a program has lived through
 */
TeaLivedDays *
tea_lived_days_new (const char *saved)
{
  TeaLivedDays *self = g_new0 (TeaLivedDays, 1);

  if (saved != NULL && !load (self, saved))
    memset (self, 0, sizeof *self);

  return self;
}

/**
 * tea_lived_days_free:
 * @self: (transfer full): lived days
 *
 * Frees them.
 */
void
tea_lived_days_free (TeaLivedDays *self)
{
  g_free (self);
}

/**
 * tea_lived_days_save:
 * @self: lived days
 *
 * Returns: (transfer full): a line of text from which the next life of the program can go
 *   on, to be kept whenever tea_lived_days_note() tells something, and now and then: what
 *   the program ran since does not count
 */
char *
tea_lived_days_save (TeaLivedDays *self)
{
  GString *saved;

  g_return_val_if_fail (self != NULL, NULL);

  saved = g_string_new (FORMAT);
  g_string_append_printf (saved,
                          " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                          self->number, self->real_time, self->day, self->in_day, self->doubt,
                          self->believed);
  for (guint i = 0; i < N_RECENT; i++)
    g_string_append_printf (saved, " %" G_GINT64_FORMAT, self->recent[i]);

  return g_string_free (saved, FALSE);
}

/* Whether it can be that late, so long after it was that early. */
static gboolean
can_be (gint64 before, gint64 elapsed, gint64 real_time)
{
  gint64 beyond = real_time - (before + elapsed);

  return beyond > -MOST_BACK && beyond < MOST_AHEAD;
}

/* A clock that has jumped and is put right is believed at once, and so is one that has
 * stood for a day. Until then time goes on as if it had not jumped. */
static void
note_time (TeaLivedDays *self, gint64 elapsed, gint64 real_time)
{
  if (self->believed < FIRST_TIME || self->doubt == 0
      || can_be (self->believed, elapsed, real_time))
    self->believed = real_time;
  else
    self->believed += elapsed;
}

/**
 * tea_lived_days_note:
 * @self: lived days
 * @time: the time that never goes back, in µs, as [method@Tea.Clock.get_time] tells it
 * @real_time: the time of day, in µs since the Unix epoch, UTC
 *
 * Has a look at the clock. Do so when the program starts, every minute, when the clock
 * says that it has jumped, and before anything is to go for its age.
 *
 * Returns: what that has shown
 */
TeaLivedDaysNews
tea_lived_days_note (TeaLivedDays *self, gint64 time, gint64 real_time)
{
  gint64 elapsed;
  gboolean jumped;
  gboolean was_settled;

  g_return_val_if_fail (self != NULL, TEA_LIVED_DAYS_NOTHING);
  g_return_val_if_fail (time > 0, TEA_LIVED_DAYS_NOTHING);

  real_time = MAX (real_time, 1);
  elapsed = self->time > 0 ? MAX (time - self->time, 0) : 0;
  jumped = self->real_time > 0 && !can_be (self->real_time, elapsed, real_time);
  was_settled = self->doubt == 0;

  if (jumped || find_day (real_time) != self->day)
    self->in_day = 0;
  else
    self->in_day += elapsed;
  self->doubt = jumped ? LEAST_AFTER_JUMP : MAX (self->doubt - elapsed, 0);
  note_time (self, elapsed, real_time);
  self->day = find_day (real_time);
  self->time = time;
  self->real_time = real_time;

  if (jumped)
    return TEA_LIVED_DAYS_JUMPED;
  if (self->doubt > 0)
    return TEA_LIVED_DAYS_NOTHING;
  if (!was_settled)
    return TEA_LIVED_DAYS_SETTLED;
  if (self->in_day < LEAST_OF_DAY || has_counted (self, self->day))
    return TEA_LIVED_DAYS_NOTHING;

  memmove (self->recent + 1, self->recent, (N_RECENT - 1) * sizeof *self->recent);
  self->recent[0] = self->day;
  self->number++;

  return TEA_LIVED_DAYS_PASSED;
}

/**
 * tea_lived_days_get_number:
 * @self: lived days
 *
 * Returns: how many there are, in all lives of the program
 */
guint64
tea_lived_days_get_number (TeaLivedDays *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

/**
 * tea_lived_days_is_settled:
 * @self: lived days
 *
 * Returns: whether the clock can be believed; as long as not, nothing is to go for its age
 */
gboolean
tea_lived_days_is_settled (TeaLivedDays *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->doubt == 0;
}

/**
 * tea_lived_days_get_time:
 * @self: lived days
 *
 * Returns: the time of day at the latest look, as far as it is believed, in µs since the Unix
 *   epoch, UTC; 0 before the first. While the clock is in doubt this goes on from what it
 *   was before
 */
gint64
tea_lived_days_get_time (TeaLivedDays *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->believed;
}
