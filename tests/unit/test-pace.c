/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pace.h"

/* Ten things a second, after a hundred at once. */
#define PER_SECOND 10
#define AT_ONCE 100
#define SECOND G_TIME_SPAN_SECOND

/* How many of what comes at even intervals for so long is too quick. */
static guint
count_quick (TeaPace *self, gint64 *now, guint per_second, guint seconds)
{
  guint n = 0;

  for (guint i = 0; i < per_second * seconds; i++)
    {
      n += tea_pace_is_quick (self, *now);
      *now += SECOND / per_second;
    }

  return n;
}

static void
test_pace (void)
{
  TeaPace pace;
  gint64 now = SECOND;

  tea_pace_init (&pace, PER_SECOND, AT_ONCE);
  g_assert_cmpuint (count_quick (&pace, &now, PER_SECOND, 60), ==, 0);

  /* Nothing but the beginning of what comes at twice the rate is let pass. */
  g_assert_cmpuint (count_quick (&pace, &now, 2 * PER_SECOND, 60), >=, 60 * 2 * PER_SECOND - 210);
  g_assert_true (tea_pace_is_quick (&pace, now));

  /* At half the rate half of what may come at once is there again after ten seconds. */
  g_assert_cmpuint (count_quick (&pace, &now, PER_SECOND / 2, 9), ==, 9 * PER_SECOND / 2);
  count_quick (&pace, &now, PER_SECOND / 2, 3);
  g_assert_cmpuint (count_quick (&pace, &now, PER_SECOND / 2, 60), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace", test_pace);

  return g_test_run ();
}
