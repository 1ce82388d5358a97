/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-ration.h"

typedef struct
{
  TeaClock *clock;
  TeaNameRation *ration;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = tea_clock_new_manual (0);
  f->ration = tea_name_ration_new (f->clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  tea_name_ration_free (f->ration);
  g_assert_finalize_object (f->clock);
}

static guint
take_all (Fixture *f, const char *address)
{
  guint n = 0;

  while (tea_name_ration_take (f->ration, address))
    n++;

  return n;
}

/* Whoever has one address of an IPv6 network has all of it. */
static void
test_networks (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (take_all (f, "192.0.2.1"), ==, TEA_NAME_RATION_BURST);
  g_assert_cmpuint (take_all (f, "192.0.2.2"), ==, TEA_NAME_RATION_BURST);
  g_assert_cmpuint (take_all (f, "2001:db8:0:1::1"), ==, TEA_NAME_RATION_BURST);
  g_assert_cmpuint (take_all (f, "2001:db8:0:1:2::2"), ==, 0);
  g_assert_cmpuint (take_all (f, "2001:db8:0:2::1"), ==, TEA_NAME_RATION_BURST);

  tea_clock_advance (f->clock,
                     tea_clock_get_time (f->clock) + G_TIME_SPAN_DAY + G_TIME_SPAN_SECOND);
  g_assert_cmpuint (take_all (f, "192.0.2.1"), ==, TEA_NAME_RATION_PER_DAY);
}

/* Others do not make a network forgotten that has had all. */
static void
test_many_networks (Fixture *f, gconstpointer data)
{
  take_all (f, "192.0.2.1");
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.0.%u.%u", i / 256, i % 256);

      g_assert_true (tea_name_ration_take (f->ration, address));
    }
  g_assert_false (tea_name_ration_take (f->ration, "192.0.2.1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/name-ration/networks", Fixture, NULL, set_up, test_networks, tear_down);
  g_test_add ("/name-ration/many-networks", Fixture, NULL, set_up, test_many_networks, tear_down);

  return g_test_run ();
}
