/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "tea-client.h"
#include "tea-history.h"
#include "tea-room-address.h"
#include "tea-timeline-private.h"
#include "tea-timeline-view.h"

/* What somebody reads must not move by a pixel while older lines arrive above it: a real
 * server sends them, and where a line is, is measured in every frame. TEAHOUSED tells where
 * the server is. */

#define N_LINES 400
#define N_FIRST 50
#define LIMIT_SECONDS 30

typedef struct
{
  char *folder;
  GSubprocess *server;
  GNetworkAddress *address;
  TeaClient *client;
  TeaHistory *history;
  TeaTimelineView *view;
  GtkWidget *window;
  GdkFrameClock *clock;

  gboolean late;
  gboolean joined;
  TeaTimelineItem *watched; /* (owned) (nullable): the line that must not move */
  float y;                  /* where it was first */
  float moved;              /* how far from there it was at most */
  guint n_frames;
  guint n_watched_frames;
} Fixture;

static gboolean
late_cb (gpointer user_data)
{
  ((Fixture *) user_data)->late = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Iterates until a condition is true, which must not take long. */
#define WAIT(fixture, condition)                                               \
  G_STMT_START                                                                 \
  {                                                                            \
    guint late_id = g_timeout_add_seconds (LIMIT_SECONDS, late_cb, (fixture)); \
    while (!(condition) && !(fixture)->late)                                   \
      g_main_context_iteration (NULL, TRUE);                                   \
    g_source_remove (late_id);                                                 \
    g_assert_false ((fixture)->late);                                          \
  }                                                                            \
  G_STMT_END

static gboolean
find_y (Fixture *fixture, TeaTimelineItem *item, float *y)
{
  GtkWidget *row = tea_timeline_view_get_row (fixture->view, item);
  graphene_point_t origin = GRAPHENE_POINT_INIT (0, 0);
  graphene_point_t point;

  if (row == NULL || !gtk_widget_get_mapped (row)
      || !gtk_widget_compute_point (row, GTK_WIDGET (fixture->view), &origin, &point))
    return FALSE;

  *y = point.y;

  return TRUE;
}

static void
after_paint_cb (Fixture *fixture)
{
  float y = 0;

  fixture->n_frames++;
  if (fixture->watched == NULL)
    return;

  g_assert_true (find_y (fixture, fixture->watched, &y));
  fixture->moved = MAX (fixture->moved, ABS (y - fixture->y));
  fixture->n_watched_frames++;
}

static void
paint (Fixture *fixture, guint n_frames)
{
  for (guint i = 0; i < n_frames; i++)
    {
      guint before = fixture->n_frames;

      gtk_widget_queue_draw (GTK_WIDGET (fixture->view));
      WAIT (fixture, fixture->n_frames > before);
    }
}

static void
start_server (Fixture *fixture)
{
  g_autofree char *data = g_build_filename (fixture->folder, "room", NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->server
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          &error, g_getenv ("TEAHOUSED"), "--address", "127.0.0.1", "--port", "0",
                          "--data-dir", data, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->server));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  regex = g_regex_new ("udp://(\\S+) fingerprint", 0, 0, NULL);
  g_assert_true (g_regex_match (regex, line, 0, &match));
  address = g_match_info_fetch (match, 1);
  fixture->address = tea_room_address_parse (address, &error);
  g_assert_no_error (error);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  tea_client_join_finish (TEA_CLIENT (source), result, &error);
  g_assert_no_error (error);
  ((Fixture *) user_data)->joined = TRUE;
}

static TeaClient *
enter (Fixture *fixture, const char *name, guint history)
{
  g_autofree char *key = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *known = g_build_filename (fixture->folder, "known-servers", NULL);
  TeaClient *client = tea_client_new ();

  tea_client_set_identity_file (client, key);
  tea_client_set_known_servers_file (client, known);
  tea_client_set_history (client, history);
  fixture->joined = FALSE;
  tea_client_join_async (client, fixture->address, name, NULL, joined_cb, fixture);
  WAIT (fixture, fixture->joined);

  return client;
}

/* Lines of one to four rows, so that nobody can guess how high they are together. */
static void
fill_room (Fixture *fixture)
{
  g_autoptr (TeaClient) client = enter (fixture, "Noor", 0);

  for (guint i = 0; i < N_LINES; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      g_string_printf (text, "line %u", i);
      for (guint j = 0; j < i * 7 % 40; j++)
        g_string_append (text, " and more");
      tea_client_say (client, text->str, &error);
      g_assert_no_error (error);
    }
  WAIT (fixture, tea_client_get_n_unsent (client) == 0);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("teahouse-XXXXXX", &error);
  g_assert_no_error (error);
  start_server (fixture);
  fill_room (fixture);

  fixture->client = enter (fixture, "Mei", N_FIRST);
  fixture->history = tea_history_new (fixture->client, tea_client_get_hall (fixture->client));
  fixture->view = TEA_TIMELINE_VIEW (tea_timeline_view_new ());
  tea_timeline_view_set_own_name (fixture->view, "Mei");
  tea_timeline_view_set_history (fixture->view, fixture->history);
  tea_timeline_view_set_conversation (fixture->view, tea_client_get_hall (fixture->client));
  tea_timeline_view_set_model (fixture->view, tea_client_get_timeline (fixture->client));

  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_widget_realize (fixture->window);
  fixture->clock = g_object_ref (gtk_widget_get_frame_clock (fixture->window));
  g_signal_connect_swapped (fixture->clock, "after-paint", G_CALLBACK (after_paint_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_signal_handlers_disconnect_by_data (fixture->clock, fixture);
  g_object_unref (fixture->clock);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_clear_object (&fixture->watched);
  g_object_unref (fixture->history);
  g_object_unref (fixture->client);
  g_object_unref (fixture->address);
  g_subprocess_force_exit (fixture->server);
  g_subprocess_wait (fixture->server, NULL, NULL);
  g_object_unref (fixture->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static GtkAdjustment *
find_adjustment (GtkWidget *widget)
{
  GtkAdjustment *found = NULL;

  if (GTK_IS_SCROLLED_WINDOW (widget))
    return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_adjustment (child);

  return found;
}

/* Watches the first line that is wholly in view. */
static void
watch (Fixture *fixture)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (fixture->client));
  guint n = g_list_model_get_n_items (timeline);

  g_clear_object (&fixture->watched);
  for (guint i = 0; i < n && fixture->watched == NULL; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && find_y (fixture, item, &fixture->y) && fixture->y >= 0)
        fixture->watched = g_steal_pointer (&item);
    }
  g_assert_nonnull (fixture->watched);
}

/* The server sleeps until the line that is watched has been seen to stand still. */
static void
test_reading (Fixture *fixture, gconstpointer user_data)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (fixture->client));
  guint n_first = g_list_model_get_n_items (timeline);
  guint n_pages = 0;

  paint (fixture, 3);
  while (tea_history_get_state (fixture->history) != TEA_HISTORY_BEGINNING)
    {
      GtkAdjustment *adjustment = find_adjustment (GTK_WIDGET (fixture->view));
      guint n = g_list_model_get_n_items (timeline);

      g_subprocess_send_signal (fixture->server, SIGSTOP);
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment)
                                                - 0.8 * gtk_adjustment_get_page_size (adjustment));
      paint (fixture, 3);
      watch (fixture);
      paint (fixture, 2);

      g_subprocess_send_signal (fixture->server, SIGCONT);
      WAIT (fixture, tea_history_get_state (fixture->history) != TEA_HISTORY_LOADING);
      paint (fixture, 5);
      if (g_list_model_get_n_items (timeline) > n)
        n_pages++;
      g_clear_object (&fixture->watched);
    }

  g_test_message ("%u lines in %u pages came above the one that was read; in %u frames it moved "
                  "by %.2f px at most",
                  g_list_model_get_n_items (timeline) - n_first, n_pages, fixture->n_watched_frames,
                  fixture->moved);
  g_assert_cmpuint (g_list_model_get_n_items (timeline), >=, N_LINES);
  g_assert_cmpuint (n_pages, >=, 3);
  g_assert_cmpfloat (fixture->moved, <, 0.001);
}

static TeaTimelineItem *
find_message (Fixture *fixture, gboolean last)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (fixture->client));
  guint n = g_list_model_get_n_items (timeline);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, last ? n - 1 - i : i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE)
        return g_steal_pointer (&item);
    }

  return NULL;
}

/* What may have been changed in a gap is fetched anew when it is seen, and not before. */
static void
test_looking (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaTimelineItem) first = NULL;
  g_autoptr (TeaTimelineItem) last = NULL;

  paint (fixture, 3);
  first = find_message (fixture, FALSE);
  last = find_message (fixture, TRUE);
  tea_timeline_append_gap (tea_client_get_timeline (fixture->client));
  g_assert_true (tea_timeline_item_is_stale (last));
  WAIT (fixture, !tea_timeline_item_is_stale (last));
  g_assert_true (tea_timeline_item_is_stale (first));
}

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/teahousechat/Teahouse/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  load_style ();

  g_test_add ("/timeline-history/reading", Fixture, NULL, set_up, test_reading, tear_down);
  g_test_add ("/timeline-history/looking", Fixture, NULL, set_up, test_looking, tear_down);

  return g_test_run ();
}
