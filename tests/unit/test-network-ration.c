/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-network-places.h"
#include "tea-network-ration.h"

/* Places, or something a second, for one address, the network around it, and all. */
#define PER_ADDRESS 3
#define PER_NETWORK 5
#define IN_ALL 8

typedef struct
{
  TeaClock *clock;
  TeaNetworkRation *ration;
  TeaNetworkPlaces *places;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  const TeaNetworkRate address = { 1, PER_ADDRESS };
  const TeaNetworkRate network = { 2, PER_NETWORK };
  const TeaNetworkRate all = { 4, IN_ALL };

  f->clock = tea_clock_new_manual (0);
  f->ration = tea_network_ration_new (f->clock, &address, &network, &all);
  f->places = tea_network_places_new (PER_ADDRESS, PER_NETWORK, IN_ALL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  tea_network_places_free (f->places);
  tea_network_ration_free (f->ration);
  g_assert_finalize_object (f->clock);
}

/* One after the other they want as much as they can get, from nothing taken. */
static const struct
{
  const char *name;
  struct
  {
    const char *address;
    guint n;
  } asking[4];
} rules[] = {
  { "one address", { { "192.0.2.1", PER_ADDRESS } } },
  { "another of its network", { { "192.0.2.1", PER_ADDRESS }, { "192.0.2.200", 2 } } },
  { "another network", { { "192.0.2.1", PER_ADDRESS }, { "192.0.3.1", PER_ADDRESS } } },
  { "all",
    { { "192.0.2.1", PER_ADDRESS },
      { "192.0.3.1", PER_ADDRESS },
      { "192.0.4.1", 2 },
      { "192.0.5.1", 0 } } },
  { "an IPv6 network of 64 bits",
    { { "2001:db8:0:1::1", PER_ADDRESS }, { "2001:db8:0:1:2::3", 0 } } },
  { "one of 48", { { "2001:db8:0:1::1", PER_ADDRESS }, { "2001:db8:0:2::1", 2 } } },
  { "another of 48", { { "2001:db8:0:1::1", PER_ADDRESS }, { "2001:db8:1:1::1", PER_ADDRESS } } },
};

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      Fixture f;

      g_test_message ("%s", rules[i].name);
      set_up (&f, NULL);
      for (guint j = 0; j < G_N_ELEMENTS (rules[i].asking) && rules[i].asking[j].address != NULL;
           j++)
        {
          g_autoptr (GInetAddress) address
              = g_inet_address_new_from_string (rules[i].asking[j].address);
          guint n_taken = 0;
          guint n_places = 0;

          while (tea_network_ration_take (f.ration, address, 1) == 0)
            n_taken++;
          while (tea_network_places_take (f.places, address))
            n_places++;
          g_assert_cmpuint (n_taken, ==, rules[i].asking[j].n);
          g_assert_cmpuint (n_places, ==, rules[i].asking[j].n);
        }
      tear_down (&f, NULL);
    }
}

/* It is told how long to wait, and that is enough. */
static void
test_wait (Fixture *f, gconstpointer data)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");
  gint64 wait;

  g_assert_cmpint (tea_network_ration_take (f->ration, address, PER_ADDRESS), ==, 0);
  wait = tea_network_ration_take (f->ration, address, 1);
  g_assert_cmpint (wait, >, 0);
  g_assert_cmpint (wait, ==, tea_network_ration_get_wait (f->ration, address, 1));
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + wait);
  g_assert_cmpint (tea_network_ration_take (f->ration, address, 1), ==, 0);

  /* What is charged beyond that is waited for, too. */
  tea_network_ration_charge (f->ration, address, 2);
  g_assert_cmpint (tea_network_ration_get_wait (f->ration, address, 1), >, 2 * G_TIME_SPAN_SECOND);
}

/* This machine may have any amount, but no more places than there are. */
static void
test_loopback (Fixture *f, gconstpointer data)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("::1");

  tea_network_ration_charge (f->ration, address, 1000);
  g_assert_cmpint (tea_network_ration_take (f->ration, address, 1000), ==, 0);
  for (guint i = 0; i < IN_ALL; i++)
    g_assert_true (tea_network_places_take (f->places, address));
  g_assert_false (tea_network_places_take (f->places, address));
}

/* A place that is given back is free for others. */
static void
test_give_back (Fixture *f, gconstpointer data)
{
  g_autoptr (GInetAddress) one = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GInetAddress) other = g_inet_address_new_from_string ("192.0.2.2");

  for (guint i = 0; i < PER_ADDRESS; i++)
    g_assert_true (tea_network_places_take (f->places, one));
  for (guint i = PER_ADDRESS; i < PER_NETWORK; i++)
    g_assert_true (tea_network_places_take (f->places, other));
  g_assert_false (tea_network_places_take (f->places, other));
  g_assert_cmpuint (tea_network_places_get_n_around (f->places, other), ==, PER_NETWORK);

  tea_network_places_give_back (f->places, one);
  g_assert_cmpuint (tea_network_places_get_n (f->places), ==, PER_NETWORK - 1);
  g_assert_true (tea_network_places_take (f->places, other));
  g_assert_false (tea_network_places_take (f->places, one));
}

/* However many networks ask: nobody gets more than there is for all, and the time it takes
 * does not grow. */
static void
test_many_networks (Fixture *f, gconstpointer data)
{
  guint n = 0;

  for (guint i = 0; i < 100000; i++)
    {
      const guint8 bytes[] = { 10, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff };
      g_autoptr (GInetAddress) address
          = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);

      n += tea_network_ration_take (f->ration, address, 1) == 0;
    }
  g_assert_cmpuint (n, ==, IN_ALL);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/network-ration/wait", test_wait },
    { "/network-ration/loopback", test_loopback },
    { "/network-ration/give-back", test_give_back },
    { "/network-ration/many-networks", test_many_networks },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/network-ration/rules", test_rules);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
