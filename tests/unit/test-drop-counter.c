/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-drop-counter.h"
#include "tea-inet-address.h"

static guint64
get_network (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return tea_inet_address_get_network (address, TEA_NETWORK_WIDE);
}

static void
test_totals (void)
{
  g_autoptr (TeaDropCounter) drops = tea_drop_counter_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");
  guint64 network = 0;

  g_assert_cmpuint (tea_drop_counter_find_most (drops, TEA_DROP_NONSENSE, &network), ==, 0);
  tea_drop_counter_note (drops, TEA_DROP_NONSENSE, 0);
  tea_drop_counter_note_from (drops, TEA_DROP_MESSAGES, address);
  tea_drop_counter_note_from (drops, TEA_DROP_MESSAGES, NULL);
  tea_drop_counter_note_from (NULL, TEA_DROP_MESSAGES, address);
  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    g_assert_cmpuint (tea_drop_counter_get_n (drops, drop), ==,
                      drop == TEA_DROP_NONSENSE   ? 1
                      : drop == TEA_DROP_MESSAGES ? 2
                                                  : 0);

  tea_drop_counter_begin (drops);
  g_assert_cmpuint (tea_drop_counter_get_n (drops, TEA_DROP_MESSAGES), ==, 2);
  g_assert_cmpuint (tea_drop_counter_find_most (drops, TEA_DROP_MESSAGES, &network), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&drops));
}

/* Where a third comes from is found among thousands of networks, whatever the order is. */
static void
test_networks (void)
{
  static const char *const attackers[] = { "198.51.100.7", "2001:db8:1:2::3", "203.0.113.255" };

  for (guint i = 0; i < G_N_ELEMENTS (attackers); i++)
    {
      g_autoptr (TeaDropCounter) drops = tea_drop_counter_new ();
      guint64 found = 0;
      guint64 n;

      for (guint j = 0; j < 9000; j++)
        tea_drop_counter_note (drops, TEA_DROP_CROWDED,
                               j % 3 == i ? get_network (attackers[i])
                                          : get_network ("10.0.0.1") + ((guint64) j << 8));
      n = tea_drop_counter_find_most (drops, TEA_DROP_CROWDED, &found);
      g_assert_cmpuint (found, ==, get_network (attackers[i]));
      g_assert_cmpuint (n, >=, 3000);
      g_assert_cmpuint (tea_drop_counter_find_most (drops, TEA_DROP_NONSENSE, &found), ==, 0);
    }
}

static void
noted_cb (TeaDropCounter *drops, guint *n_noted)
{
  (*n_noted)++;
}

/* It is told once until it begins again. */
static void
test_noted (void)
{
  g_autoptr (TeaDropCounter) drops = tea_drop_counter_new ();
  guint n_noted = 0;

  g_signal_connect (drops, "noted", G_CALLBACK (noted_cb), &n_noted);
  for (guint i = 1; i <= 3; i++)
    {
      tea_drop_counter_note (drops, TEA_DROP_NONSENSE, 1);
      tea_drop_counter_note (drops, TEA_DROP_CROWDED, 1);
      g_assert_cmpuint (n_noted, ==, i);
      tea_drop_counter_begin (drops);
    }
}

/* Each reason has a name of its own within its class, and words. */
static void
test_words (void)
{
  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    {
      g_assert_cmpuint (strlen (tea_drop_describe (drop)), >, 0);
      for (TeaDrop other = 0; other < drop; other++)
        if (tea_drop_get_class (other) == tea_drop_get_class (drop))
          g_assert_cmpstr (tea_drop_get_name (other), !=, tea_drop_get_name (drop));
    }
}

static void
test_describe_network (void)
{
  static const char *const vectors[][2] = {
    { "192.0.2.77", "192.0.2.0/24" },
    { "0.0.0.1", "0.0.0.0/24" },
    { "255.255.255.255", "255.255.255.0/24" },
    { "2001:db8:1:2::3", "2001:db8:1::/48" },
    { "fe80::1", "fe80::/48" },
    { "::1", "::/48" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text = tea_inet_address_describe_network (get_network (vectors[i][0]));

      g_assert_cmpstr (text, ==, vectors[i][1]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drop-counter/totals", test_totals);
  g_test_add_func ("/drop-counter/networks", test_networks);
  g_test_add_func ("/drop-counter/noted", test_noted);
  g_test_add_func ("/drop-counter/words", test_words);
  g_test_add_func ("/drop-counter/describe-network", test_describe_network);

  return g_test_run ();
}
