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
  TeaQuota *quota = tea_quotas_take (f->quotas, "k1", NULL);

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
  TeaQuota *quota = tea_quotas_take (f->quotas, "k1", NULL);

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
  TeaQuota *first = tea_quotas_take (f->quotas, "k1", NULL);
  TeaQuota *second = tea_quotas_take (f->quotas, "k1", NULL);
  TeaQuota *other = tea_quotas_take (f->quotas, "k2", NULL);

  g_assert_true (first == second);
  g_assert_cmpuint (tea_quota_get_n_sessions (first), ==, 2);
  g_assert_cmpuint (count_entered (first), ==, 100);
  g_assert_cmpuint (count_entered (other), ==, 100);
  tea_quotas_give_back (f->quotas, first);
  tea_quotas_give_back (f->quotas, second);
  tea_quotas_give_back (f->quotas, other);

  pass (f, 10 * G_TIME_SPAN_SECOND);
  first = tea_quotas_take (f->quotas, "k1", NULL);
  g_assert_cmpuint (tea_quota_get_n_sessions (first), ==, 1);
  g_assert_cmpuint (count_entered (first), ==, 10);
  tea_quotas_give_back (f->quotas, first);
}

static guint
count_found (TeaQuota *quota)
{
  guint n = 0;

  while (n < 10000 && tea_quota_find (quota))
    n++;

  return n;
}

static guint
count_pulled (TeaQuota *quota)
{
  guint n = 0;

  for (; n < 10000 && tea_quota_may_pull (quota); n++)
    tea_quota_pull (quota, 1024 * 1024);

  return n;
}

/* Keys are free: with many of them an address gets four times what one gets, the network around
 * it eight times, all sixteen times; and what else is to be had is bounded, too. */
static void
test_networks (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *address; /* with the key's number at its end */
    guint n_said;
    guint n_asked;
    guint n_found;
    guint n_pulled;
  } vectors[] = {
    { "192.0.2.1", 800, 32000, 20, 16 },         { "192.0.2.%u", 1600, 64000, 40, 32 },
    { "192.0.%u.1", 3200, 128000, 80, 64 },      { "2001:db8:0:1::%u", 800, 32000, 20, 16 },
    { "2001:db8:0:%u::1", 1600, 64000, 40, 32 }, { "2001:db8:%u::1", 3200, 128000, 80, 64 },
    { "127.0.0.1", 20000, 400000, 500, 100 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_auto (GStrv) parts = g_strsplit (vectors[i].address, "%u", 2);
      g_autoptr (TeaQuotas) quotas = tea_quotas_new (f->clock);
      guint n_said = 0;
      guint n_asked = 0;
      guint n_found = 0;
      guint n_pulled = 0;

      g_test_message ("%s", vectors[i].address);
      for (guint j = 0; j < 100; j++)
        {
          g_autofree char *key = g_strdup_printf ("k%u", j);
          g_autofree char *address = parts[1] != NULL
                                         ? g_strdup_printf ("%s%u%s", parts[0], j, parts[1])
                                         : g_strdup (parts[0]);
          TeaQuota *quota = tea_quotas_take (quotas, key, address);

          n_said += count_said (quota, 1);
          n_asked += count_asked (quota, 1);
          n_found += count_found (quota);
          n_pulled += count_pulled (quota);
          tea_quotas_give_back (quotas, quota);
        }
      g_assert_cmpuint (n_said, ==, vectors[i].n_said);
      g_assert_cmpuint (n_asked, ==, vectors[i].n_asked);
      g_assert_cmpuint (n_found, ==, vectors[i].n_found);
      g_assert_cmpuint (n_pulled, >=, vectors[i].n_pulled);
      g_assert_cmpuint (n_pulled, <=, vectors[i].n_pulled + 1);
    }
}

/* Who has to wait because of their network is told how long. */
static void
test_network_wait (Fixture *f, gconstpointer data)
{
  static const char address[] = "192.0.2.1";
  TeaQuota *quota;
  gint64 wait;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      quota = tea_quotas_take (f->quotas, key, address);
      g_assert_cmpuint (count_said (quota, 1), ==, 200);
      tea_quotas_give_back (f->quotas, quota);
    }

  quota = tea_quotas_take (f->quotas, "k5", address);
  wait = tea_quota_say (quota, 1);
  g_assert_cmpint (wait, >, 0);
  pass (f, wait);
  g_assert_cmpint (tea_quota_say (quota, 1), ==, 0);
  tea_quotas_give_back (f->quotas, quota);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/quota/saying", Fixture, NULL, set_up, test_saying, tear_down);
  g_test_add ("/quota/entering-and-asking", Fixture, NULL, set_up, test_entering_and_asking,
              tear_down);
  g_test_add ("/quota/sharing", Fixture, NULL, set_up, test_sharing, tear_down);
  g_test_add ("/quota/networks", Fixture, NULL, set_up, test_networks, tear_down);
  g_test_add ("/quota/network-wait", Fixture, NULL, set_up, test_network_wait, tear_down);

  return g_test_run ();
}
