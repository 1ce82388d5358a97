/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-remembered-houses.h"

static void
assert_house (TeaRememberedHouses *houses, guint position, const char *address, const char *name)
{
  g_autofree char *actual_name = NULL;
  g_autofree char *actual = tea_remembered_houses_dup (houses, position, &actual_name);

  g_assert_cmpstr (actual, ==, address);
  g_assert_cmpstr (actual_name, ==, name);
}

static void
test_order (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);
  g_autoptr (TeaRememberedHouses) houses = tea_remembered_houses_new (settings);
  g_autoptr (TeaRememberedHouses) next = NULL;

  g_assert_cmpuint (tea_remembered_houses_get_n (houses), ==, 0);
  tea_remembered_houses_remove (houses, "one");
  tea_remembered_houses_add (houses, "one", "Mei");
  tea_remembered_houses_add (houses, "two", "Mei");
  tea_remembered_houses_add (houses, "three", "梅子");

  /* The next program finds them; another name changes no place. */
  next = tea_remembered_houses_new (settings);
  tea_remembered_houses_add (next, "two", "Mei2");
  g_assert_cmpuint (tea_remembered_houses_get_n (houses), ==, 3);
  assert_house (houses, 0, "one", "Mei");
  assert_house (houses, 1, "two", "Mei2");
  assert_house (houses, 2, "three", "梅子");

  tea_remembered_houses_remove (next, "one");
  tea_remembered_houses_remove (next, "one");
  g_assert_cmpuint (tea_remembered_houses_get_n (houses), ==, 2);
  assert_house (houses, 0, "two", "Mei2");

  /* Who comes back is at the end. */
  tea_remembered_houses_add (houses, "one", "Mei");
  assert_house (houses, 2, "one", "Mei");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remembered-houses/order", test_order);

  return g_test_run ();
}
