/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-lived-days.h"

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR
#define DAY G_TIME_SPAN_DAY

/* Noon of a day in November 2026. */
#define NOON (20787 * DAY + 12 * HOUR)

typedef struct
{
  TeaLivedDays *days; /* (owned) */
  gint64 time;
  gint64 real_time;
  guint n_jumps;
  guint n_settled;
} Life;

static Life *
life_new (gint64 real_time)
{
  Life *self = g_new0 (Life, 1);

  self->days = tea_lived_days_new (NULL);
  self->time = 1000 * MINUTE;
  self->real_time = real_time;

  return self;
}

static void
life_free (Life *self)
{
  tea_lived_days_free (self->days);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Life, life_free)

static void
note (Life *self)
{
  guint64 before = tea_lived_days_get_number (self->days);
  TeaLivedDaysNews news = tea_lived_days_note (self->days, self->time, self->real_time);

  self->n_jumps += news == TEA_LIVED_DAYS_JUMPED;
  self->n_settled += news == TEA_LIVED_DAYS_SETTLED;
  g_assert_cmpuint (tea_lived_days_get_number (self->days), ==,
                    before + (news == TEA_LIVED_DAYS_PASSED));
  if (news == TEA_LIVED_DAYS_JUMPED)
    g_assert_false (tea_lived_days_is_settled (self->days));
  if (news == TEA_LIVED_DAYS_PASSED || news == TEA_LIVED_DAYS_SETTLED)
    g_assert_true (tea_lived_days_is_settled (self->days));
}

static void
run (Life *self, gint64 duration)
{
  note (self);
  for (gint64 done = 0; done < duration; done += MINUTE)
    {
      self->time += MINUTE;
      self->real_time += MINUTE;
      note (self);
    }
}

/* The machine is started again, and its own time begins anew. */
static void
restart (Life *self, gint64 after)
{
  g_autofree char *saved = tea_lived_days_save (self->days);
  g_autofree char *again = NULL;

  tea_lived_days_free (self->days);
  self->days = tea_lived_days_new (saved);
  again = tea_lived_days_save (self->days);
  g_assert_cmpstr (again, ==, saved);
  self->time = MINUTE;
  self->real_time += after;
}

#define R(minutes)         \
  {                        \
    'r', (minutes) *MINUTE \
  }
#define S(time) \
  {             \
    's', (time) \
  }
#define J(time) \
  {             \
    'j', (time) \
  }

/* What is lived (r), in minutes; how long the program does not run (s) till it starts again;
 * by how much the clock jumps while it runs (j). */
static const struct
{
  const char *what;
  struct
  {
    char kind;
    gint64 time;
  } steps[8];
  guint times; /* all of them are done */
  guint number;
  guint n_jumps;
  gboolean is_settled;
} vectors[] = {
  { "nothing", { R (5) }, 1, 0, 0, TRUE },
  { "ten minutes", { R (10) }, 1, 1, 0, TRUE },
  { "ten minutes in parts", { R (4), S (HOUR), R (6) }, 1, 1, 0, TRUE },
  { "parts of two days", { R (6), S (DAY), R (6) }, 1, 0, 0, TRUE },
  { "thirty days", { R (30 * 24 * 60) }, 1, 31, 0, TRUE },
  { "an evening each day", { R (180), S (DAY - 3 * HOUR) }, 30, 30, 0, TRUE },
  { "an evening each week", { R (120), S (7 * DAY - 2 * HOUR) }, 10, 10, 0, TRUE },
  { "a summer's rest", { R (600), S (40 * DAY), R (60) }, 1, 2, 0, TRUE },

  /* A wrong clock, and the right one again, make nothing old for a day each. */
  { "70 s, 400 days ahead",
    { R (60), J (400 * DAY), R (1), J (-400 * DAY), R (23 * 60) },
    1,
    1,
    2,
    FALSE },
  { "started 400 days ahead", { R (60), S (400 * DAY), R (600) }, 1, 1, 1, FALSE },
  { "started 400 days ahead, and right again",
    { R (60), S (400 * DAY), R (600), S (-400 * DAY), R (25 * 60) },
    1,
    2,
    2,
    TRUE },
  { "1970, until a time server answers",
    { R (60), S (-NOON), R (3), J (NOON + HOUR), R (60) },
    1,
    1,
    2,
    FALSE },
  { "1970 again and again",
    { R (60), S (-NOON), R (600), S (NOON + HOUR), R (60) },
    20,
    1,
    40,
    FALSE },
  { "a jump that stays", { R (60), J (400 * DAY), R (23 * 60) }, 1, 1, 1, FALSE },
  { "a jump that stays for a day", { R (60), J (400 * DAY), R (25 * 60) }, 1, 2, 1, TRUE },
  { "a jump that stays for evenings",
    { R (60), J (400 * DAY), R (600), S (14 * HOUR), R (600), S (14 * HOUR), R (300) },
    1,
    2,
    1,
    TRUE },
  { "from day to day", { R (30), J (400 * DAY), R (30), J (-399 * DAY) }, 50, 1, 99, FALSE },

  /* What happens all the time is no jump. */
  { "sleep", { R (60), J (9 * HOUR), R (60), J (30 * DAY), R (60) }, 1, 2, 0, TRUE },
  { "a slow clock", { R (59), J (MINUTE) }, 24, 2, 0, TRUE },
  { "a fast clock", { R (61), J (-MINUTE) }, 24, 2, 0, TRUE },
  { "to and fro",
    { R (12 * 60), J (50 * MINUTE), R (20), J (-50 * MINUTE), R (20) },
    1,
    2,
    0,
    TRUE },
};

static void
test_days (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (Life) life = life_new (NOON);

      g_test_message ("vector %zu: %s", i, vectors[i].what);
      for (guint j = 0; j < vectors[i].times * G_N_ELEMENTS (vectors[i].steps); j++)
        {
          gint64 time = vectors[i].steps[j % G_N_ELEMENTS (vectors[i].steps)].time;

          switch (vectors[i].steps[j % G_N_ELEMENTS (vectors[i].steps)].kind)
            {
            case 'r':
              run (life, time);
              break;
            case 's':
              restart (life, time);
              break;
            case 'j':
              life->real_time += time;
              break;
            default:
              break;
            }
        }

      g_assert_cmpuint (tea_lived_days_get_number (life->days), ==, vectors[i].number);
      g_assert_cmpuint (life->n_jumps, ==, vectors[i].n_jumps);
      g_assert_cmpint (tea_lived_days_is_settled (life->days), ==, vectors[i].is_settled);
      g_assert_cmpuint (life->n_settled, ==,
                        vectors[i].n_jumps > 0 && vectors[i].is_settled ? 1 : 0);
    }
}

/* What was saved by nobody is as good as nothing. */
static void
test_saved (void)
{
  static const char *const saved[] = {
    "",
    "1",
    "0 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "1 -7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "1 7 0 0 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "1 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 x",
    "1 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
    "1 9223372036854775808 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
  };
  g_autoptr (TeaLivedDays) days
      = tea_lived_days_new ("1 7 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");

  g_assert_cmpuint (tea_lived_days_get_number (days), ==, 7);

  for (gsize i = 0; i < G_N_ELEMENTS (saved); i++)
    {
      g_autoptr (TeaLivedDays) none = tea_lived_days_new (saved[i]);

      g_test_message ("vector %zu", i);
      g_assert_cmpuint (tea_lived_days_get_number (none), ==, 0);
      g_assert_true (tea_lived_days_is_settled (none));
    }
}

static void
jump (Life *self, gint64 time)
{
  self->real_time += time;
  note (self);
}

/* What is stamped goes on as if the clock had not jumped, until it stood for a day. */
static void
test_time (void)
{
  g_autoptr (Life) life = life_new (NOON);

  run (life, HOUR);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + HOUR);

  /* Nobody can tell sleep from a small jump. */
  jump (life, 9 * HOUR);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 10 * HOUR);

  /* Ahead for a while, and right again. */
  jump (life, 400 * DAY);
  run (life, HOUR);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 11 * HOUR);
  jump (life, -400 * DAY);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 11 * HOUR);

  /* 1970, also for a new start. */
  restart (life, HOUR - life->real_time);
  run (life, HOUR);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 12 * HOUR);
  jump (life, NOON + 13 * HOUR - life->real_time);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 13 * HOUR);

  /* A closed house opens long after. */
  restart (life, 100 * DAY);
  run (life, DAY - MINUTE);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 37 * HOUR - MINUTE);
  run (life, MINUTE);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON + 100 * DAY + 37 * HOUR);
}

/* A clock that was never right is not held on to. */
static void
test_time_of_a_first_start (void)
{
  g_autoptr (Life) life = life_new (HOUR);

  run (life, HOUR);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, 2 * HOUR);
  jump (life, NOON - life->real_time);
  g_assert_cmpint (tea_lived_days_get_time (life->days), ==, NOON);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lived-days/days", test_days);
  g_test_add_func ("/lived-days/saved", test_saved);

  g_test_add_func ("/lived-days/time", test_time);
  g_test_add_func ("/lived-days/time-of-a-first-start", test_time_of_a_first_start);

  return g_test_run ();
}
