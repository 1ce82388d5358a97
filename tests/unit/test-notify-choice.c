/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-notify-choice.h"

static void
count_cb (guint *n)
{
  (*n)++;
}

/* A room has a choice of its own only where it differs from the one for all. */
static void
test_choice (void)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);
  g_autoptr (TeaNotifyChoice) one = tea_notify_choice_new ("house", "one");
  g_autoptr (TeaNotifyChoice) other = tea_notify_choice_new ("house", "other");
  g_autoptr (TeaNotifyChoice) again = NULL;
  g_autoptr (GVariant) rooms = NULL;
  guint n_one = 0;
  guint n_other = 0;

  g_signal_connect_swapped (one, "notify::choice", G_CALLBACK (count_cb), &n_one);
  g_signal_connect_swapped (other, "notify::choice", G_CALLBACK (count_cb), &n_other);
  g_assert_cmpstr (tea_notify_choice_get_choice (one), ==, "mentions");

  g_object_set (one, "choice", "all", NULL);
  g_assert_cmpint (tea_notify_choice_get_notify (one), ==, TEA_NOTIFY_ALL);
  g_assert_cmpint (tea_notify_choice_get_notify (other), ==, TEA_NOTIFY_MENTIONS);
  g_assert_cmpuint (n_one, ==, 1);
  g_assert_cmpuint (n_other, ==, 0);

  again = tea_notify_choice_new ("house", "one");
  g_assert_cmpstr (tea_notify_choice_get_choice (again), ==, "all");

  g_settings_set_string (settings, "notify", "nothing");
  g_assert_cmpstr (tea_notify_choice_get_choice (one), ==, "all");
  g_assert_cmpstr (tea_notify_choice_get_choice (other), ==, "nothing");
  g_assert_cmpuint (n_one, ==, 1);
  g_assert_cmpuint (n_other, ==, 1);

  /* What is no choice is none. */
  tea_notify_choice_set_choice (one, "loud");
  g_assert_cmpstr (tea_notify_choice_get_choice (one), ==, "all");

  tea_notify_choice_set_choice (other, "mentions");
  tea_notify_choice_set_choice (one, "nothing");
  rooms = g_settings_get_value (settings, "notify-rooms");
  g_assert_cmpuint (g_variant_n_children (rooms), ==, 1);
  g_settings_set_string (settings, "notify", "mentions");
  g_assert_cmpstr (tea_notify_choice_get_choice (one), ==, "mentions");
  g_assert_cmpstr (tea_notify_choice_get_choice (other), ==, "mentions");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/notify-choice/choice", test_choice);

  return g_test_run ();
}
