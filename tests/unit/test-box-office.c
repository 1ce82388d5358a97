/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-box-office.h"

typedef struct
{
  GMainLoop *loop;
  GArray *windows; /* (element-type guint): which window sold each ticket */
  GCancellable *cancellable;
  guint cancel_at;
  GError *error;
} Fixture;

/* The order is part of the promise: the n-th call is the n-th ticket. */
static void
sold_cb (guint window, guint ticket, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_array_append_val (fixture->windows, window);
  g_assert_cmpuint (fixture->windows->len, ==, ticket);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (G_CANCELLABLE (user_data));

  return G_SOURCE_REMOVE;
}

static void
sold_until_cb (guint window, guint ticket, gpointer user_data)
{
  Fixture *fixture = user_data;

  sold_cb (window, ticket, user_data);
  if (ticket == fixture->cancel_at)
    g_idle_add (cancel_cb, fixture->cancellable);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  tea_box_office_sell_finish (TEA_BOX_OFFICE (source), result, &fixture->error);
  g_main_loop_quit (fixture->loop);
}

static void
sell (Fixture *fixture, guint n_tickets, guint n_windows, GTimeSpan sale_time, TeaSaleFunc sold)
{
  g_autoptr (TeaBoxOffice) office
      = tea_box_office_new (n_tickets, n_windows, sale_time, sold, fixture);

  g_array_set_size (fixture->windows, 0);
  tea_box_office_sell_async (office, fixture->cancellable, closed_cb, fixture);
  g_main_loop_run (fixture->loop);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->loop = g_main_loop_new (NULL, FALSE);
  fixture->windows = g_array_new (FALSE, FALSE, sizeof (guint));
  fixture->cancellable = g_cancellable_new ();
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_main_loop_unref (fixture->loop);
  g_array_unref (fixture->windows);
  g_object_unref (fixture->cancellable);
  g_clear_error (&fixture->error);
}

static void
test_every_window_sells (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 20; round++)
    {
      guint n_sold[11] = { 0 };

      /* However quick the windows are, and though one could sell everything. */
      sell (fixture, 200, 10, 0, sold_cb);
      g_assert_no_error (fixture->error);
      g_assert_cmpuint (fixture->windows->len, ==, 200);

      for (guint i = 0; i < fixture->windows->len; i++)
        n_sold[g_array_index (fixture->windows, guint, i)]++;
      for (guint window = 1; window <= 10; window++)
        g_assert_cmpuint (n_sold[window], ==, 20);
    }
}

static void
test_fewer_tickets_than_windows (Fixture *fixture, gconstpointer data)
{
  sell (fixture, 3, 10, G_TIME_SPAN_MILLISECOND, sold_cb);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->windows->len, ==, 3);

  sell (fixture, 0, 10, G_TIME_SPAN_MILLISECOND, sold_cb);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->windows->len, ==, 0);
}

static void
test_one_window (Fixture *fixture, gconstpointer data)
{
  sell (fixture, 20, 1, G_TIME_SPAN_MILLISECOND, sold_cb);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->windows->len, ==, 20);
}

static void
test_closing_early (Fixture *fixture, gconstpointer data)
{
  fixture->cancel_at = 15;
  sell (fixture, 10000, 10, 10 * G_TIME_SPAN_MILLISECOND, sold_until_cb);

  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->windows->len, >=, 15);
  g_assert_cmpuint (fixture->windows->len, <, 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/box-office/" path, Fixture, NULL, setup, func, teardown)
  ADD ("every-window-sells", test_every_window_sells);
  ADD ("fewer-tickets-than-windows", test_fewer_tickets_than_windows);
  ADD ("one-window", test_one_window);
  ADD ("closing-early", test_closing_early);
#undef ADD

  return g_test_run ();
}
