/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-log.h"
#include "tea-roll.h"

#define DAY G_TIME_SPAN_DAY

static void
joined (TeaRoll *roll, guint64 seq, gint64 time, const char *name, const char *key)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, TEA_EVENT_JOINED, time, name, NULL, key, 0, 0);

  tea_roll_apply (roll, event);
}

static void
left (TeaRoll *roll, guint64 seq, gint64 time, const char *name)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, TEA_EVENT_LEFT, time, name, NULL, NULL, 0, 0);

  tea_roll_apply (roll, event);
}

static char *
describe (TeaRoll *roll)
{
  g_autoptr (GPtrArray) present = tea_roll_list_present (roll, 0, G_MAXUINT, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_cmpuint (present->len, ==, tea_roll_get_n_present (roll));
  for (guint i = 0; i < present->len; i++)
    {
      TeaRollEntry *entry = g_ptr_array_index (present, i);

      g_string_append_printf (text, "%" G_GUINT64_FORMAT " %s %s, ", entry->joined, entry->name,
                              entry->key != NULL ? entry->key : "-");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_present (TeaRoll *roll, const char *expected)
{
  g_autofree char *text = describe (roll);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_presence (void)
{
  g_autoptr (TeaRoll) roll = tea_roll_new ();
  g_autoptr (TeaEvent) message
      = tea_event_new_logged (5, TEA_EVENT_MESSAGE, 0, "Lin", "hello", NULL, 0, 0);

  joined (roll, 1, 0, "Mei", "k1");
  joined (roll, 2, 0, "Bob", NULL);
  joined (roll, 4, 0, "Ann", "k2");
  tea_roll_apply (roll, message);
  assert_present (roll, "1 Mei k1, 2 Bob -, 4 Ann k2, ");

  left (roll, 6, 0, "BOB");
  left (roll, 7, 0, "Nobody");
  left (roll, 8, 0, "mei");
  assert_present (roll, "4 Ann k2, ");

  /* As it is written now. */
  joined (roll, 9, 0, "MEI", "k1");
  assert_present (roll, "4 Ann k2, 9 MEI k1, ");

  /* The same once more changes nothing, nor does a second goodbye. */
  joined (roll, 9, 0, "MEI", "k1");
  left (roll, 6, 0, "Bob");
  assert_present (roll, "4 Ann k2, 9 MEI k1, ");
}

static void
test_owners (void)
{
  g_autoptr (TeaRoll) roll = tea_roll_new ();

  tea_roll_set_lifetime (roll, 10 * DAY);
  joined (roll, 1, 0, "Mei", "k1");
  joined (roll, 2, 0, "Bob", NULL);

  /* Nobody can enter under a name that is in the room: that is not the roll's to say. */
  g_assert_false (tea_roll_is_free (roll, "mei", "k1", 0));
  g_assert_false (tea_roll_is_free (roll, "bob", NULL, 0));
  g_assert_true (tea_roll_is_free (roll, "lin", NULL, 0));

  left (roll, 3, 2 * DAY, "Mei");
  left (roll, 4, 2 * DAY, "Bob");
  g_assert_true (tea_roll_is_free (roll, "mei", "k1", 3 * DAY));
  g_assert_false (tea_roll_is_free (roll, "mei", "k2", 12 * DAY - 1));
  g_assert_false (tea_roll_is_free (roll, "mei", NULL, 12 * DAY - 1));
  g_assert_true (tea_roll_is_free (roll, "mei", "k2", 12 * DAY));
  g_assert_true (tea_roll_is_free (roll, "mei", NULL, 12 * DAY));
  g_assert_true (tea_roll_is_free (roll, "bob", "k2", 2 * DAY));
  g_assert_null (tea_roll_find (roll, "bob"));

  /* Whoever takes it then owns it. */
  joined (roll, 5, 12 * DAY, "Mei", "k2");
  left (roll, 6, 12 * DAY, "Mei");
  g_assert_false (tea_roll_is_free (roll, "mei", "k1", 12 * DAY));
  g_assert_true (tea_roll_is_free (roll, "mei", "k2", 12 * DAY));

  /* A clock that was put back makes nothing free; no lifetime is for ever. */
  g_assert_false (tea_roll_is_free (roll, "mei", "k1", 0));
  tea_roll_set_lifetime (roll, 0);
  g_assert_false (tea_roll_is_free (roll, "mei", "k1", G_MAXINT64));
}

static void
test_expiry (void)
{
  g_autoptr (TeaRoll) roll = tea_roll_new ();

  tea_roll_set_lifetime (roll, 10 * DAY);
  joined (roll, 1, 0, "Mei", "k1");
  joined (roll, 2, 0, "Bob", "k2");
  left (roll, 3, DAY, "Bob");

  tea_roll_expire (roll, 11 * DAY - 1);
  g_assert_nonnull (tea_roll_find (roll, "bob"));
  tea_roll_expire (roll, 11 * DAY);
  g_assert_null (tea_roll_find (roll, "bob"));
  g_assert_nonnull (tea_roll_find (roll, "mei"));
}

static void
test_pages (void)
{
  g_autoptr (TeaRoll) roll = tea_roll_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  guint64 next = 0;
  guint n_pages = 0;

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      joined (roll, 10 * (i + 1), 0, name, NULL);
    }

  do
    {
      g_autoptr (GPtrArray) page = tea_roll_list_present (roll, next, 3, &next);

      for (guint i = 0; i < page->len; i++)
        g_string_append_printf (text, "%s ", ((TeaRollEntry *) page->pdata[i])->name);

      /* Who leaves in between does not make anybody else be left out. */
      if (n_pages++ == 0)
        left (roll, 500, 0, "guest2");
    }
  while (next != 0);

  g_assert_cmpuint (n_pages, ==, 4);
  g_assert_cmpstr (text->str, ==,
                   "guest0 guest1 guest2 guest3 guest4 guest5 guest6 guest7 guest8 guest9 ");
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TeaRoll *roll = user_data;
  g_autoptr (GPtrArray) entries = NULL;

  entries = tea_roll_store_load_finish (TEA_ROLL_STORE (object), result, NULL, NULL);
  g_assert_nonnull (entries);
  tea_roll_load (roll, entries);
}

static void
run (TeaClock *clock)
{
  tea_clock_advance (clock, tea_clock_get_time (clock) + G_TIME_SPAN_SECOND);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Only what has changed is saved, and what comes back is the same. */
static void
test_saving (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaFakeDisk) disk = tea_fake_disk_new (1, random);
  TeaFakeFaults faults = { 0 };
  g_autoptr (TeaFakeLog) store = tea_fake_log_new (disk, clock, random, &faults);
  g_autoptr (TeaRoll) roll = tea_roll_new ();
  g_autoptr (TeaRoll) loaded = tea_roll_new ();
  g_autofree char *before = NULL;

  g_assert_false (tea_roll_is_changed (roll));
  joined (roll, 1, DAY, "Mei", "k1");
  joined (roll, 2, DAY, "Bob", NULL);
  joined (roll, 3, DAY, "Ann", "k2");
  joined (roll, 4, DAY, "Lin", "k3");
  g_assert_true (tea_roll_is_changed (roll));
  tea_roll_save (roll, TEA_ROLL_STORE (store), 4);
  g_assert_false (tea_roll_is_changed (roll));
  run (clock);

  left (roll, 5, 2 * DAY, "Bob");
  left (roll, 6, 3 * DAY, "Ann");
  joined (roll, 7, 3 * DAY, "Sam", NULL);
  left (roll, 8, 3 * DAY, "Nobody");
  tea_roll_save (roll, TEA_ROLL_STORE (store), 8);
  before = describe (roll);
  run (clock);

  tea_roll_store_load_async (TEA_ROLL_STORE (store), NULL, loaded_cb, loaded);
  run (clock);
  assert_present (loaded, before);
  g_assert_cmpstr (before, ==, "1 Mei k1, 4 Lin k3, 7 Sam -, ");
  g_assert_null (tea_roll_find (loaded, "bob"));
  g_assert_cmpstr (tea_roll_find (loaded, "ann")->key, ==, "k2");
  g_assert_cmpint (tea_roll_find (loaded, "ann")->last_used, ==, 3 * DAY);

  /* Of a log that is another one only the owners are kept. */
  tea_roll_forget_presence (loaded);
  assert_present (loaded, "");
  g_assert_null (tea_roll_find (loaded, "sam"));
  g_assert_cmpstr (tea_roll_find (loaded, "mei")->key, ==, "k1");
}

/* Nobody keeps all good names for themselves: the name that its owner has not used for
 * longest goes, but nobody who is here loses theirs. */
static void
test_too_many (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (TeaFakeDisk) disk = tea_fake_disk_new (1, random);
  TeaFakeFaults faults = { 0 };
  g_autoptr (TeaFakeLog) store = tea_fake_log_new (disk, clock, random, &faults);
  g_autoptr (TeaRoll) roll = tea_roll_new ();
  g_autoptr (TeaRoll) loaded = tea_roll_new ();
  guint64 seq = 0;

  joined (roll, ++seq, 1 * DAY, "Mei", "k2");
  left (roll, ++seq, 1 * DAY, "Mei");
  for (guint i = 0; i < TEA_ROLL_MAX_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("name%u", i);

      joined (roll, ++seq, 2 * DAY, name, "k1");
      /* The second and then the fourth were not used for longest, the third never left. */
      if (i != 2)
        left (roll, ++seq, i == 1 || i == 3 ? (2 + i) * DAY : 6 * DAY, name);
    }
  tea_roll_save (roll, TEA_ROLL_STORE (store), seq);
  run (clock);

  /* A name that they have already is not one more. */
  joined (roll, ++seq, 7 * DAY, "name0", "k1");
  left (roll, ++seq, 7 * DAY, "name0");
  g_assert_nonnull (tea_roll_find (roll, "name1"));

  joined (roll, ++seq, 7 * DAY, "another", "k1");
  g_assert_null (tea_roll_find (roll, "name1"));
  g_assert_true (tea_roll_is_free (roll, "name1", "k2", 7 * DAY));
  g_assert_nonnull (tea_roll_find (roll, "name0"));
  g_assert_nonnull (tea_roll_find (roll, "name2"));
  g_assert_nonnull (tea_roll_find (roll, "another"));
  g_assert_nonnull (tea_roll_find (roll, "mei"));

  /* It is gone on the disk as well, and what was loaded counts. */
  tea_roll_save (roll, TEA_ROLL_STORE (store), seq);
  run (clock);
  tea_roll_store_load_async (TEA_ROLL_STORE (store), NULL, loaded_cb, loaded);
  run (clock);
  g_assert_null (tea_roll_find (loaded, "name1"));
  g_assert_nonnull (tea_roll_find (loaded, "name3"));
  joined (loaded, ++seq, 8 * DAY, "last", "k1");
  g_assert_null (tea_roll_find (loaded, "name3"));

  for (guint i = 0; i < TEA_ROLL_MAX_NAMES; i++)
    {
      g_autofree char *name = g_strdup_printf ("here%u", i);

      g_assert_cmpuint (tea_roll_count_present (loaded, "k1"), ==, 3 + i);
      joined (loaded, ++seq, 9 * DAY, name, "k1");
    }
  g_assert_cmpuint (tea_roll_count_present (loaded, "k2"), ==, 0);
  g_assert_nonnull (tea_roll_find (loaded, "name2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roll/presence", test_presence);
  g_test_add_func ("/roll/owners", test_owners);
  g_test_add_func ("/roll/expiry", test_expiry);
  g_test_add_func ("/roll/pages", test_pages);
  g_test_add_func ("/roll/saving", test_saving);
  g_test_add_func ("/roll/too-many", test_too_many);

  return g_test_run ();
}
