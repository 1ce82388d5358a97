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
is_free (TeaNameRegistry *names, const char *text, const char *key)
{
  return tea_name_registry_is_free (names, find (names, text), key);
}

typedef struct
{
  TeaClock *clock;
  TeaCalendar *calendar;
  TeaNameRegistry *names;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = tea_clock_new_manual (1000 * DAY);
  f->calendar = tea_calendar_new (f->clock, NULL);
  f->names = tea_name_registry_new (f->calendar);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->names);
  g_assert_finalize_object (f->calendar);
  g_assert_finalize_object (f->clock);
}

/* Lets days pass, each of which the house lives through. */
static void
live (Fixture *f, guint n_days)
{
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + n_days * DAY);
}

static void
test_owners (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;

  tea_name_registry_set_lifetime (names, 10);
  take (names, "Mei", "k1", 0);
  take (names, "Bob", NULL, 0);

  /* Nobody gets a name that is in use, and who has no key owns none. */
  g_assert_false (is_free (names, "mei", "k1"));
  g_assert_null (find (names, "bob"));
  g_assert_true (is_free (names, "lin", NULL));

  live (f, 2);
  release (names, "MEI", 2 * DAY);
  live (f, 10);
  g_assert_true (is_free (names, "mei", "k1"));
  g_assert_false (is_free (names, "mei", "k2"));
  g_assert_false (is_free (names, "mei", NULL));
  live (f, 1);
  g_assert_true (is_free (names, "mei", "k2"));
  g_assert_true (is_free (names, "mei", NULL));

  /* Whoever takes it then owns it, as they write it. */
  take (names, "MEI", "k2", 13 * DAY);
  g_assert_cmpstr (tea_name_get_text (find (names, "mei")->name), ==, "MEI");
  release (names, "Mei", 13 * DAY);
  g_assert_false (is_free (names, "mei", "k1"));
  g_assert_true (is_free (names, "mei", "k2"));

  /* No lifetime is for ever. */
  tea_name_registry_set_lifetime (names, 0);
  live (f, 100);
  g_assert_false (is_free (names, "mei", "k1"));

  /* Who has no key ends what was owned before. */
  take (names, "Mei", NULL, 30 * DAY);
  g_assert_null (find (names, "mei"));
}

static void
test_expiry (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;

  tea_name_registry_set_lifetime (names, 10);
  take (names, "Mei", "k1", 0);
  take (names, "Bob", "k2", 0);
  live (f, 1);
  release (names, "Bob", DAY);

  live (f, 10);
  tea_name_registry_expire (names);
  g_assert_nonnull (find (names, "bob"));
  live (f, 1);
  tea_name_registry_expire (names);
  g_assert_null (find (names, "bob"));
  g_assert_nonnull (find (names, "mei"));
}

/* A clock that is a year ahead gives nothing away. */
static void
test_wrong_clock (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;

  tea_name_registry_set_lifetime (names, 10);
  take (names, "Mei", "k1", 0);
  release (names, "Mei", 0);
  live (f, 11);
  g_assert_true (is_free (names, "mei", "k2"));

  /* As long as the clock is in doubt, not even what was free before. */
  tea_clock_sleep (f->clock, 400 * DAY);
  g_assert_false (is_free (names, "mei", "k2"));
  tea_name_registry_expire (names);
  g_assert_nonnull (find (names, "mei"));
  live (f, 1);
  g_assert_true (is_free (names, "mei", "k2"));

  take (names, "Mei", "k2", 0);
  release (names, "Mei", 0);
  tea_clock_sleep (f->clock, -400 * DAY);
  live (f, 3);
  g_assert_false (is_free (names, "mei", "k1"));
}

static void
add (TeaNameRegistry *names, const char *text, const char *key, gint64 last_used)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  tea_name_registry_add (names,
                         &(TeaOwnedName){ .name = name, .key = key, .last_used = last_used });
}

/* Only names of who is here are in memory. */
static void
test_absent (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;

  tea_name_registry_hold (names, "k1");
  g_assert_false (tea_name_registry_is_known (names, "k1"));
  add (names, "Lin", "k1", 1);
  add (names, "Mei", "k1", 2);
  tea_name_registry_set_known (names, "k1");
  tea_name_registry_forget_absent (names);
  g_assert_true (tea_name_registry_is_known (names, "k1"));
  g_assert_nonnull (find (names, "lin"));

  /* What is known already is newer. */
  take (names, "Mei", "k1", 5);
  tea_name_registry_let_go (names, "k1");
  add (names, "Mei", "k2", 9);
  g_assert_cmpstr (find (names, "mei")->key, ==, "k1");
  tea_name_registry_forget_absent (names);
  g_assert_cmpuint (tea_name_registry_get_n_names (names), ==, 2);

  release (names, "Mei", 6);
  g_assert_cmpuint (tea_name_registry_get_n_names (names), ==, 2);
  tea_name_registry_forget_absent (names);
  g_assert_cmpuint (tea_name_registry_get_n_names (names), ==, 0);
  g_assert_false (tea_name_registry_is_known (names, "k1"));
  g_assert_null (tea_name_registry_find_latest (names, "k1"));
}

/* Nobody keeps all good names for themselves: the name that its owner has not used for
 * longest goes, but no name that is in use. */
static void
test_too_many (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;

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
  g_assert_true (is_free (names, "name1", "k2"));
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
test_changes (Fixture *f, gconstpointer data)
{
  TeaNameRegistry *names = f->names;
  g_autoptr (GString) changes = g_string_new (NULL);

  g_signal_connect (names, "changed", G_CALLBACK (changed_cb), changes);
  take (names, "Mei", "k1", 0);
  release (names, "Mei", 1);
  release (names, "Nobody", 1);
  take (names, "Bob", NULL, 2);
  tea_name_registry_set_lifetime (names, 10);
  live (f, 12);
  tea_name_registry_expire (names);
  g_assert_cmpstr (changes->str, ==, "mei mei mei ");
}

/* In a test where warnings are fatal the clock may jump. */
static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && g_str_has_prefix (fields[i].value, "The clock"))
      return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/name-registry/owners", test_owners },           { "/name-registry/expiry", test_expiry },
    { "/name-registry/wrong-clock", test_wrong_clock }, { "/name-registry/absent", test_absent },
    { "/name-registry/too-many", test_too_many },       { "/name-registry/changes", test_changes },
  };

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
