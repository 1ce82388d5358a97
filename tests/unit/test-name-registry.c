/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-registry.h"

#define DAY G_TIME_SPAN_DAY

static void
take (TeaNameRegistry *names, const char *text, const char *key, gint64 time)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  tea_name_registry_take (names, name, key, time);
}

static void
release (TeaNameRegistry *names, const char *text, gint64 time)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  tea_name_registry_release (names, name, time);
}

static const TeaOwnedName *
find (TeaNameRegistry *names, const char *text)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  return tea_name_registry_find (names, name);
}

static gboolean
is_free (TeaNameRegistry *names, const char *text, const char *key, gint64 now)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  return tea_name_registry_is_free (names, name, key, now);
}

static void
test_owners (void)
{
  g_autoptr (TeaNameRegistry) names = tea_name_registry_new ();

  tea_name_registry_set_lifetime (names, 10 * DAY);
  take (names, "Mei", "k1", 0);
  take (names, "Bob", NULL, 0);

  /* Nobody gets a name that is in use, and who has no key owns none. */
  g_assert_false (is_free (names, "mei", "k1", 0));
  g_assert_null (find (names, "bob"));
  g_assert_true (is_free (names, "lin", NULL, 0));

  release (names, "MEI", 2 * DAY);
  g_assert_true (is_free (names, "mei", "k1", 3 * DAY));
  g_assert_false (is_free (names, "mei", "k2", 12 * DAY - 1));
  g_assert_false (is_free (names, "mei", NULL, 12 * DAY - 1));
  g_assert_true (is_free (names, "mei", "k2", 12 * DAY));
  g_assert_true (is_free (names, "mei", NULL, 12 * DAY));

  /* Whoever takes it then owns it, as they write it. */
  take (names, "MEI", "k2", 12 * DAY);
  g_assert_cmpstr (tea_name_get_text (find (names, "mei")->name), ==, "MEI");
  release (names, "Mei", 12 * DAY);
  g_assert_false (is_free (names, "mei", "k1", 12 * DAY));
  g_assert_true (is_free (names, "mei", "k2", 12 * DAY));

  /* A clock that was put back makes nothing free; no lifetime is for ever. */
  g_assert_false (is_free (names, "mei", "k1", 0));
  tea_name_registry_set_lifetime (names, 0);
  g_assert_false (is_free (names, "mei", "k1", G_MAXINT64));

  /* Who has no key ends what was owned before. */
  take (names, "Mei", NULL, 30 * DAY);
  g_assert_null (find (names, "mei"));
}

static void
test_expiry (void)
{
  g_autoptr (TeaNameRegistry) names = tea_name_registry_new ();

  tea_name_registry_set_lifetime (names, 10 * DAY);
  take (names, "Mei", "k1", 0);
  take (names, "Bob", "k2", 0);
  release (names, "Bob", DAY);

  tea_name_registry_expire (names, 11 * DAY - 1);
  g_assert_nonnull (find (names, "bob"));
  tea_name_registry_expire (names, 11 * DAY);
  g_assert_null (find (names, "bob"));
  g_assert_nonnull (find (names, "mei"));
}

/* Nobody keeps all good names for themselves: the name that its owner has not used for
 * longest goes, but no name that is in use. */
static void
test_too_many (void)
{
  g_autoptr (TeaNameRegistry) names = tea_name_registry_new ();

  take (names, "Mei", "k2", 1 * DAY);
  release (names, "Mei", 1 * DAY);
  for (guint i = 0; i < TEA_NAME_REGISTRY_MAX_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("name%u", i);

      take (names, name, "k1", 2 * DAY);
      /* The second and then the fourth were not used for longest, the third never left. */
      if (i != 2)
        release (names, name, i == 1 || i == 3 ? (2 + i) * DAY : 6 * DAY);
    }

  /* A name that they have already is not one more. */
  take (names, "name0", "k1", 7 * DAY);
  release (names, "name0", 7 * DAY);
  g_assert_nonnull (find (names, "name1"));

  take (names, "another", "k1", 7 * DAY);
  g_assert_null (find (names, "name1"));
  g_assert_true (is_free (names, "name1", "k2", 7 * DAY));
  g_assert_nonnull (find (names, "name0"));
  g_assert_nonnull (find (names, "name2"));
  g_assert_nonnull (find (names, "another"));
  g_assert_nonnull (find (names, "mei"));

  take (names, "last", "k1", 8 * DAY);
  g_assert_null (find (names, "name3"));

  for (guint i = 0; i < TEA_NAME_REGISTRY_MAX_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("here%u", i);

      g_assert_cmpuint (tea_name_registry_count_in_use (names, "k1"), ==, 3 + i);
      take (names, name, "k1", 9 * DAY);
    }
  g_assert_cmpuint (tea_name_registry_count_in_use (names, "k2"), ==, 0);
  g_assert_nonnull (find (names, "name2"));
}

static void
changed_cb (TeaNameRegistry *names, TeaName *name, gpointer user_data)
{
  g_string_append_printf (user_data, "%s ", tea_name_get_folded (name));
}

/* What is kept of a name is saved by whoever hears that it has changed. */
static void
test_changes (void)
{
  g_autoptr (TeaNameRegistry) names = tea_name_registry_new ();
  g_autoptr (GString) changes = g_string_new (NULL);

  g_signal_connect (names, "changed", G_CALLBACK (changed_cb), changes);
  take (names, "Mei", "k1", 0);
  release (names, "Mei", 1);
  release (names, "Nobody", 1);
  take (names, "Bob", NULL, 2);
  tea_name_registry_set_lifetime (names, 10);
  tea_name_registry_expire (names, 100);
  g_assert_cmpstr (changes->str, ==, "mei mei mei ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/name-registry/owners", test_owners);
  g_test_add_func ("/name-registry/expiry", test_expiry);
  g_test_add_func ("/name-registry/too-many", test_too_many);
  g_test_add_func ("/name-registry/changes", test_changes);

  return g_test_run ();
}
