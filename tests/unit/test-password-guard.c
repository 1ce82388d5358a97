/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-password-guard.h"

typedef struct
{
  TeaClock *clock;
  TeaPassword *password;
  TeaPasswordGuard *guard;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *hash = tea_password_hash ("right", NULL);

  self->clock = tea_clock_new_manual (0);
  self->password = tea_password_new (hash, NULL);
  self->guard = tea_password_guard_new (self->password, self->clock);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->guard);
  /* The thread that looked at it last may hold it a moment longer. */
  g_object_unref (self->password);
  g_assert_finalize_object (self->clock);
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

/* Returns what became of it: 'y', 'n', or 'w' for wait. */
static char
check (Fixture *self, const char *text, const char *key, const char *address)
{
  g_autoptr (GAsyncResult) answer = NULL;
  g_autoptr (GError) error = NULL;

  tea_password_guard_check_async (self->guard, text, key, address, checked_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);

  if (tea_password_guard_check_finish (self->guard, answer, &error))
    return 'y';
  if (g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG))
    return 'n';
  g_assert_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER);

  return 'w';
}

static void
pass (Fixture *self, gint64 time)
{
  tea_clock_advance (self->clock, tea_clock_get_time (self->clock) + time);
}

/* Each mistake doubles the wait, and whoever waits is not even looked at. */
static void
test_key (Fixture *self, gconstpointer data)
{
  gint64 wait = G_TIME_SPAN_SECOND;

  for (guint i = 0; i < 6; i++)
    {
      g_assert_cmpint (check (self, "wrong", "key", NULL), ==, 'n');
      g_assert_cmpint (check (self, "right", "key", NULL), ==, 'w');
      pass (self, wait - 1);
      g_assert_cmpint (check (self, "right", "key", NULL), ==, 'w');
      /* Others do not wait for it. */
      g_assert_cmpint (check (self, "right", "other", NULL), ==, 'y');
      pass (self, 1);
      wait *= 2;
    }

  g_assert_cmpint (check (self, "right", "key", NULL), ==, 'y');

  /* All is forgiven. */
  g_assert_cmpint (check (self, "wrong", "key", NULL), ==, 'n');
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_cmpint (check (self, "right", "key", NULL), ==, 'y');
}

/* New keys cost nothing: then the address has to wait, and of IPv6 the whole network. */
static void
test_address (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *guessers[5];
    const char *same;
    const char *other;
  } vectors[] = {
    { { "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1" },
      "192.0.2.1",
      "192.0.2.2" },
    { { "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::ffff:1" },
      "2001:db8::9",
      "2001:db8:0:1::9" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *newcomer = g_strdup_printf ("new %zu", i);

      for (guint guess = 0; guess < 5; guess++)
        {
          g_autofree char *key = g_strdup_printf ("key %zu %u", i, guess);

          g_assert_cmpint (check (self, "wrong", key, vectors[i].guessers[guess]), ==, 'n');
        }

      g_assert_cmpint (check (self, "right", newcomer, vectors[i].same), ==, 'w');
      g_assert_cmpint (check (self, "right", "neighbour", vectors[i].other), ==, 'y');
      pass (self, G_TIME_SPAN_SECOND);
      g_assert_cmpint (check (self, "right", newcomer, vectors[i].same), ==, 'y');
    }
}

/* However many try at once, each is counted before the next is looked at. */
static void
test_at_once (Fixture *self, gconstpointer data)
{
  GAsyncResult *answers[10] = { NULL };
  guint n_wrong = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    tea_password_guard_check_async (self->guard, "wrong", "key", NULL, checked_cb, &answers[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GError) error = NULL;

      while (answers[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_false (tea_password_guard_check_finish (self->guard, answers[i], &error));
      n_wrong += g_error_matches (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG);
      g_object_unref (answers[i]);
    }

  g_assert_cmpuint (n_wrong, ==, 1);
}

/* Mistakes of long ago do not count, and the waits do not grow for ever. */
static void
test_time (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 12; i++)
    {
      g_assert_cmpint (check (self, "wrong", "key", NULL), ==, 'n');
      pass (self, 15 * G_TIME_SPAN_MINUTE);
    }

  pass (self, G_TIME_SPAN_HOUR);
  g_assert_cmpint (check (self, "wrong", "key", NULL), ==, 'n');
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_cmpint (check (self, "right", "key", NULL), ==, 'y');
}

/* In a school everybody has one address: one pupil who guesses keeps nobody out who was in
 * before, and whose network has failed for a moment. */
static void
test_trusted (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) guess = NULL;
  g_autoptr (GAsyncResult) answer = NULL;

  g_assert_cmpint (check (self, "right", "mei", "192.0.2.1"), ==, 'y');
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("key %u", i);

      g_assert_cmpint (check (self, "wrong", key, "192.0.2.1"), ==, 'n');
    }
  g_assert_cmpint (check (self, "right", "new", "192.0.2.1"), ==, 'w');
  g_assert_cmpint (check (self, "right", "mei", "192.0.2.1"), ==, 'y');

  /* Nor behind what is being looked at. */
  tea_password_guard_check_async (self->guard, "wrong", "other", "192.0.2.2", checked_cb, &guess);
  tea_password_guard_check_async (self->guard, "right", "mei", "192.0.2.1", checked_cb, &answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (tea_password_guard_check_finish (self->guard, answer, NULL));
  while (guess == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (tea_password_guard_check_finish (self->guard, guess, NULL));

  /* Their own mistakes count. */
  g_assert_cmpint (check (self, "wrong", "mei", "192.0.2.3"), ==, 'n');
  g_assert_cmpint (check (self, "right", "mei", "192.0.2.3"), ==, 'w');

  /* So many are remembered, and who was right longest ago is not. */
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_cmpint (check (self, "right", "mei", "192.0.2.3"), ==, 'y');
  for (guint i = 0; i < 4095; i++)
    {
      g_autofree char *key = g_strdup_printf ("pupil %u", i);

      g_assert_cmpint (check (self, "right", key, NULL), ==, 'y');
    }
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("one more %u", i);

      g_assert_cmpint (check (self, "wrong", key, "192.0.2.4"), ==, 'n');
    }
  g_assert_cmpint (check (self, "right", "mei", "192.0.2.4"), ==, 'y');
  g_assert_cmpint (check (self, "right", "pupil 0", NULL), ==, 'y');
  g_assert_cmpint (check (self, "right", "another", NULL), ==, 'y');
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *key = g_strdup_printf ("even more %u", i);

      g_assert_cmpint (check (self, "wrong", key, "192.0.2.5"), ==, 'n');
    }
  g_assert_cmpint (check (self, "right", "pupil 1", "192.0.2.5"), ==, 'w');
  g_assert_cmpint (check (self, "right", "pupil 0", "192.0.2.5"), ==, 'y');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define add(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

  add ("/password-guard/key", test_key);
  add ("/password-guard/address", test_address);
  add ("/password-guard/at-once", test_at_once);
  add ("/password-guard/time", test_time);
  add ("/password-guard/trusted", test_trusted);

  return g_test_run ();
}
