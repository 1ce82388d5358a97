/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-quota.h"

typedef struct
{
  TeaClock *clock;
  TeaQuotas *quotas;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = tea_clock_new_manual (0);
  f->quotas = tea_quotas_new (f->clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  tea_quotas_free (f->quotas);
  g_assert_finalize_object (f->clock);
}

static void
pass (Fixture *f, gint64 time)
{
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + time);
}

static guint
count_said (TeaQuota *quota, gsize size)
{
  guint n = 0;

  while (n < 10000 && tea_quota_say (quota, size) == 0)
    n++;

  return n;
}

static guint
count_entered (TeaQuota *quota)
{
  guint n = 0;

  while (n < 10000 && tea_quota_enter (quota))
    n++;

  return n;
}

static guint
count_asked (TeaQuota *quota, guint cost)
{
  guint n = 0;

  while (n < 10000 && tea_quota_ask (quota, cost))
    n++;

  return n;
}

static void
test_saying (Fixture *f, gconstpointer data)
{
  TeaQuota *quota = tea_quotas_take (f->quotas, "k1");

  g_assert_cmpuint (count_said (quota, 1), ==, 200);
  g_assert_cmpint (tea_quota_say (quota, 1), >=, G_TIME_SPAN_SECOND / 50);
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_said (quota, 1), ==, 50);

  /* What is long is counted by its length. */
  pass (f, G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (count_said (quota, 16 * 1024), ==, 64);
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_said (quota, 16 * 1024), ==, 4);
  tea_quotas_give_back (f->quotas, quota);
}

static void
test_entering_and_asking (Fixture *f, gconstpointer data)
{
  TeaQuota *quota = tea_quotas_take (f->quotas, "k1");

  g_assert_cmpuint (count_entered (quota), ==, 100);
  pass (f, 2 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_entered (quota), ==, 2);

  g_assert_cmpuint (count_asked (quota, 10), ==, 400);
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_asked (quota, 1), ==, 1000);

  g_assert_true (tea_quota_may_pull (quota));
  tea_quota_pull (quota, 2 * 1024 * 1024);
  g_assert_false (tea_quota_may_pull (quota));
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_true (tea_quota_may_pull (quota));
  tea_quotas_give_back (f->quotas, quota);
}

/* All sessions of a key share what it may do, and who comes back does not begin anew. */
static void
test_sharing (Fixture *f, gconstpointer data)
{
  TeaQuota *first = tea_quotas_take (f->quotas, "k1");
  TeaQuota *second = tea_quotas_take (f->quotas, "k1");
  TeaQuota *other = tea_quotas_take (f->quotas, "k2");

  g_assert_true (first == second);
  g_assert_cmpuint (tea_quota_get_n_sessions (first), ==, 2);
  g_assert_cmpuint (count_entered (first), ==, 100);
  g_assert_cmpuint (count_entered (other), ==, 100);
  tea_quotas_give_back (f->quotas, first);
  tea_quotas_give_back (f->quotas, second);
  tea_quotas_give_back (f->quotas, other);

  pass (f, 10 * G_TIME_SPAN_SECOND);
  first = tea_quotas_take (f->quotas, "k1");
  g_assert_cmpuint (tea_quota_get_n_sessions (first), ==, 1);
  g_assert_cmpuint (count_entered (first), ==, 10);
  tea_quotas_give_back (f->quotas, first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/quota/saying", Fixture, NULL, set_up, test_saying, tear_down);
  g_test_add ("/quota/entering-and-asking", Fixture, NULL, set_up, test_entering_and_asking,
              tear_down);
  g_test_add ("/quota/sharing", Fixture, NULL, set_up, test_sharing, tear_down);

  return g_test_run ();
}
