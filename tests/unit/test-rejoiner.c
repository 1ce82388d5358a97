/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-state.h"
#include "tea-error.h"
#include "tea-rejoiner.h"

#define SECOND G_TIME_SPAN_SECOND
#define LONG (3600 * SECOND)

/* A link to a server that is away, or busy, or there. */

#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;

  int answer; /* a code of TEA_ERROR, or -1 where it lets in */
  guint n_tries;
};

static void
test_link_join_async (TeaLink *link,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  TestLink *self = TEST_LINK (link);
  g_autoptr (GTask) task = g_task_new (link, cancellable, callback, user_data);

  self->n_tries++;
  if (self->answer < 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, TEA_ERROR, self->answer, "No");
}

static gboolean
test_link_join_finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_link_iface_init (TeaLinkInterface *iface)
{
  iface->join_async = test_link_join_async;
  iface->join_finish = test_link_join_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink,
                               test_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, test_link_iface_init))

static void
test_link_class_init (TestLinkClass *klass)
{
}

static void
test_link_init (TestLink *self)
{
  self->answer = TEA_ERROR_NO_ANSWER;
}

/* Somebody who has lost it. */

typedef struct
{
  TeaClock *clock;
  TestLink *link;
  TeaRejoiner *rejoiner;
  TeaClientState state;
  guint n_rejoined;
  guint n_refused;
} Fixture;

static void
changed_cb (Fixture *fixture, TeaClientState state)
{
  fixture->state = state;
}

static void
rejoined_cb (Fixture *fixture)
{
  fixture->n_rejoined++;
}

static void
refused_cb (Fixture *fixture)
{
  fixture->n_refused++;
}

static void
set_up (Fixture *fixture, gconstpointer is_patient)
{
  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->link = g_object_new (TEST_TYPE_LINK, NULL);
  fixture->rejoiner
      = tea_rejoiner_new (TEA_LINK (fixture->link), fixture->clock, is_patient != NULL);
  g_object_connect (fixture->rejoiner, "swapped-signal::changed", changed_cb, fixture,
                    "swapped-signal::rejoined", rejoined_cb, fixture, "swapped-signal::refused",
                    refused_cb, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->rejoiner);
  g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->clock);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Lets the next try happen; returns how long it took to come. */
static gint64
pass_wait (Fixture *fixture)
{
  gint64 wait = tea_rejoiner_get_next_try (fixture->rejoiner) - tea_clock_get_time (fixture->clock);

  g_assert_cmpint (fixture->state, ==, TEA_CLIENT_LOST);
  g_assert_cmpint (wait, >=, 0);
  tea_clock_advance (fixture->clock, tea_rejoiner_get_next_try (fixture->rejoiner));
  g_assert_cmpint (fixture->state, ==, TEA_CLIENT_REJOINING);
  settle ();

  return wait;
}

/* However long the server was away, one is back not much later than it, and does not ask
 * for it all the time. */
static void
test_away (Fixture *fixture, gconstpointer data)
{
  gint64 began = tea_clock_get_time (fixture->clock);
  gint64 gone = 0;

  tea_rejoiner_start (fixture->rejoiner, TRUE);
  g_assert_cmpint (pass_wait (fixture), <=, SECOND / 2);

  while (gone < LONG)
    {
      gint64 wait;

      gone = tea_clock_get_time (fixture->clock) - began;
      wait = pass_wait (fixture);
      g_assert_cmpint (wait, >=, CLAMP (gone / 10, SECOND / 3, 8 * SECOND));
      g_assert_cmpint (wait, <=, CLAMP (gone / 6, SECOND, 12 * SECOND));
    }

  fixture->link->answer = -1;
  pass_wait (fixture);
  g_assert_cmpuint (fixture->n_rejoined, ==, 1);
  g_assert_cmpint (tea_rejoiner_get_next_try (fixture->rejoiner), ==, 0);

  /* The next time it is as at first. */
  fixture->link->answer = TEA_ERROR_NO_ANSWER;
  tea_rejoiner_start (fixture->rejoiner, TRUE);
  pass_wait (fixture);
  g_assert_cmpint (pass_wait (fixture), <=, SECOND);
}

/* A server that is there, but has no place or no time, is asked less often. */
static void
test_busy (Fixture *fixture, gconstpointer data)
{
  const int answers[] = { TEA_ERROR_TRY_LATER, TEA_ERROR_ROOM_FULL };

  tea_rejoiner_start (fixture->rejoiner, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      fixture->link->answer = answers[i];
      pass_wait (fixture);
      g_assert_cmpint (pass_wait (fixture), >=, 4 * SECOND);
    }
  g_assert_cmpuint (fixture->n_refused, ==, 0);

  fixture->link->answer = TEA_ERROR_NAME_TAKEN;
  pass_wait (fixture);
  g_assert_cmpuint (fixture->n_refused, ==, 1);
  g_assert_cmpint (tea_rejoiner_get_next_try (fixture->rejoiner), ==, 0);
}

/* Nobody who opens the lid of a laptop wants to wait. */
static void
test_slept (Fixture *fixture, gconstpointer data)
{
  tea_clock_sleep (fixture->clock, 3600 * SECOND);
  settle ();
  g_assert_cmpuint (fixture->link->n_tries, ==, 0);

  tea_rejoiner_start (fixture->rejoiner, TRUE);
  pass_wait (fixture);
  tea_clock_sleep (fixture->clock, 3600 * SECOND);
  g_assert_cmpint (fixture->state, ==, TEA_CLIENT_REJOINING);
  settle ();
  g_assert_cmpuint (fixture->link->n_tries, ==, 2);
}

/* Not all come at the same moment. */
static void
test_chance (Fixture *fixture, gconstpointer data)
{
  gint64 shortest = G_MAXINT64;
  gint64 longest = 0;

  for (guint i = 0; i < 200; i++)
    {
      gint64 wait;

      tea_rejoiner_start (fixture->rejoiner, FALSE);
      wait = pass_wait (fixture);
      shortest = MIN (shortest, wait);
      longest = MAX (longest, wait);
    }
  g_assert_cmpint (longest * 10, >, shortest * 13);
}

/* Who is not patient gives up, unless asked to try. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  gint64 began = tea_clock_get_time (fixture->clock);
  guint n_tries;

  tea_rejoiner_start (fixture->rejoiner, FALSE);
  while (fixture->state == TEA_CLIENT_LOST)
    pass_wait (fixture);
  g_assert_cmpint (fixture->state, ==, TEA_CLIENT_GIVEN_UP);
  g_assert_cmpint (tea_clock_get_time (fixture->clock) - began, >=, 180 * SECOND);
  g_assert_cmpint (tea_clock_get_time (fixture->clock) - began, <=, 200 * SECOND);
  g_assert_cmpint (tea_rejoiner_get_next_try (fixture->rejoiner), ==, 0);

  n_tries = fixture->link->n_tries;
  tea_rejoiner_try_now (fixture->rejoiner);
  settle ();
  g_assert_cmpuint (fixture->link->n_tries, ==, n_tries + 1);
  g_assert_cmpint (pass_wait (fixture), <=, SECOND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test, patient) \
  g_test_add (path, Fixture, GINT_TO_POINTER (patient), set_up, test, tear_down)

  ADD ("/rejoiner/away", test_away, TRUE);
  ADD ("/rejoiner/busy", test_busy, TRUE);
  ADD ("/rejoiner/slept", test_slept, TRUE);
  ADD ("/rejoiner/chance", test_chance, TRUE);
  ADD ("/rejoiner/given-up", test_given_up, FALSE);

#undef ADD

  return g_test_run ();
}
