/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <glib/gstdio.h>

#include "tea-house-list.h"
#include "tea-member.h"
#include "tea-place-list.h"
#include "tea-room-address.h"
#include "tea-room-ref.h"

/* The places of a house at a real server, where somebody else makes rooms and speaks. TEAHOUSED
 * tells where the server is. */

#define LIMIT_SECONDS 30

typedef struct
{
  char *folder;
  GSubprocess *server;
  GNetworkAddress *address;
  TeaClient *noor;
  TeaHouseList *houses;
  TeaJoinedHouse *house; /* (unowned): of Mei */

  gboolean late;
  gboolean done;
  guint n_added;
  guint n_removed;
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

static void
start_server (Fixture *fixture)
{
  g_autofree char *data = g_build_filename (fixture->folder, "house", NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->server
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          &error, g_getenv ("TEAHOUSED"), "--address", "127.0.0.1", "--port", "0",
                          "--rooms", "members", "--data-dir", data, NULL);
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
  ((Fixture *) user_data)->done = TRUE;
}

static TeaClient *
enter (Fixture *fixture, const char *name)
{
  g_autofree char *key = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *known = g_build_filename (fixture->folder, "known-servers", NULL);
  TeaClient *client = tea_client_new ();

  tea_client_set_identity_file (client, key);
  tea_client_set_known_servers_file (client, known);
  fixture->done = FALSE;
  tea_client_join_async (client, fixture->address, name, NULL, joined_cb, fixture);
  WAIT (fixture, fixture->done);

  return client;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaClient) mei = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("teahouse-XXXXXX", &error);
  g_assert_no_error (error);
  start_server (fixture);
  fixture->noor = enter (fixture, "Noor");
  mei = enter (fixture, "Mei");

  fixture->houses = tea_house_list_new ();
  g_signal_connect_swapped (fixture->houses, "place-added", G_CALLBACK (count_cb),
                            &fixture->n_added);
  g_signal_connect_swapped (fixture->houses, "place-removed", G_CALLBACK (count_cb),
                            &fixture->n_removed);
  fixture->house = tea_house_list_add (fixture->houses, mei, NULL);
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
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_house_list_leave_finish (TEA_HOUSE_LIST (source), result, NULL));
  ((Fixture *) user_data)->done = TRUE;
}

/* Everywhere: each place that was added is removed again. */
static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  fixture->done = FALSE;
  tea_house_list_leave_async (fixture->houses, left_cb, fixture);
  WAIT (fixture, fixture->done);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->houses)), ==, 0);
  g_assert_cmpuint (fixture->n_added, ==, fixture->n_removed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->houses);

  g_object_unref (fixture->noor);
  g_object_unref (fixture->address);
  g_subprocess_force_exit (fixture->server);
  g_subprocess_wait (fixture->server, NULL, NULL);
  g_object_unref (fixture->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaConversation **made = user_data;
  g_autoptr (GError) error = NULL;

  *made = tea_client_make_room_finish (TEA_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

static TeaConversation *
make_room (Fixture *fixture, const char *name, TeaRoomFlags flags)
{
  TeaConversation *made = NULL;

  tea_client_make_room_async (fixture->noor, name, NULL, flags, NULL, NULL, made_cb, &made);
  WAIT (fixture, made != NULL);

  return made;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaPlace **opened = user_data;
  g_autoptr (GError) error = NULL;

  *opened = tea_joined_house_open_finish (TEA_JOINED_HOUSE (source), result, &error);
  g_assert_no_error (error);
}

static TeaPlace *
open_room (Fixture *fixture, const char *address)
{
  TeaPlace *opened = NULL;

  tea_joined_house_open_async (fixture->house, address, NULL, NULL, opened_cb, &opened);
  WAIT (fixture, opened != NULL);

  return opened;
}

static void
say (TeaConversation *conversation, const char *text)
{
  g_autoptr (GError) error = NULL;

  tea_conversation_say (conversation, text, &error);
  g_assert_no_error (error);
}

static gboolean
was_said_last (TeaPlace *place, const char *text)
{
  TeaTimelineItem *last = tea_place_get_last (place);

  return last != NULL && g_strcmp0 (tea_timeline_item_get_text (last), text) == 0;
}

/* Reads what was said last. */
static void
read_all (TeaPlace *place)
{
  tea_conversation_mark_read (tea_place_get_conversation (place),
                              tea_timeline_item_get_seq (tea_place_get_last (place)));
}

static guint
count_places (Fixture *fixture)
{
  return g_list_model_get_n_items (tea_joined_house_get_places (fixture->house));
}

static void
test_news (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaConversation) noors = make_room (fixture, "Tasting", TEA_ROOM_LISTED);
  g_autoptr (TeaPlace) place = open_room (fixture, "tasting");
  TeaPlace *hall = tea_joined_house_get_hall (fixture->house);

  g_assert_cmpint (tea_place_get_kind (hall), ==, TEA_PLACE_HALL);
  g_assert_cmpint (tea_place_get_kind (place), ==, TEA_PLACE_ROOM);
  g_assert_cmpstr (tea_place_get_name (place), ==, "Tasting");
  g_assert_cmpstr (tea_place_get_house_name (place), ==, tea_place_get_name (hall));
  g_assert_false (tea_place_get_is_private (place));
  g_assert_false (tea_place_has_news (place));

  say (noors, "Tea?");
  WAIT (fixture, was_said_last (place, "Tea?") && tea_place_get_unread (place) == 1);
  g_assert_true (tea_place_has_news (place));
  g_assert_false (tea_place_get_is_mentioned (place));
  say (noors, "@Mei tea?");
  WAIT (fixture, tea_place_get_is_mentioned (place));
  g_assert_cmpuint (tea_place_get_unread (place), ==, 2);
  say (noors, "Nearly");
  WAIT (fixture, was_said_last (place, "Nearly"));
  g_assert_true (tea_place_get_is_mentioned (place));
  read_all (place);
  WAIT (fixture, !tea_place_get_is_mentioned (place));
  g_assert_false (tea_place_has_news (place));

  /* What one says oneself is no news. */
  say (tea_place_get_conversation (place), "Yes");
  WAIT (fixture, was_said_last (place, "Yes"));
  g_assert_false (tea_place_has_news (place));

  tea_conversation_set_typing (noors, TRUE);
  WAIT (fixture, tea_place_get_is_typing (place));

  tea_joined_house_leave_place (fixture->house, place);
  WAIT (fixture, count_places (fixture) == 1);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaMember **found = user_data;
  g_autoptr (GError) error = NULL;

  *found = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);
  g_assert_no_error (error);
}

static char *
find_key (Fixture *fixture, const char *name)
{
  g_autoptr (TeaMember) found = NULL;

  tea_conversation_find_member_async (tea_client_get_hall (fixture->noor), name, NULL, found_cb,
                                      &found);
  WAIT (fixture, found != NULL);

  return g_strdup (tea_member_get_fingerprint (found));
}

static TeaPlace *
get_last_place (Fixture *fixture)
{
  GListModel *places = tea_joined_house_get_places (fixture->house);
  g_autoptr (TeaPlace) place = g_list_model_get_item (places, count_places (fixture) - 1);

  return place;
}

static void
test_invitation (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaConversation) cellar = make_room (fixture, "Cellar", TEA_ROOM_BY_INVITATION);
  g_autoptr (TeaConversation) attic = make_room (fixture, "Attic", TEA_ROOM_BY_INVITATION);
  g_autoptr (TeaPlace) invitation = NULL;
  g_autoptr (TeaPlace) place = NULL;
  g_autofree char *key = find_key (fixture, "Mei");

  tea_conversation_invite (cellar, key, "Mei");
  WAIT (fixture, count_places (fixture) == 2);
  invitation = g_object_ref (get_last_place (fixture));
  g_assert_cmpint (tea_place_get_kind (invitation), ==, TEA_PLACE_INVITATION);
  g_assert_cmpstr (tea_place_get_name (invitation), ==, "Cellar");
  g_assert_null (tea_place_get_conversation (invitation));
  g_assert_true (tea_place_has_news (invitation));

  /* Who comes in has been invited no longer. */
  place = open_room (fixture, tea_place_get_address (invitation));
  g_assert_cmpuint (count_places (fixture), ==, 2);
  g_assert_true (get_last_place (fixture) == place);
  g_assert_true (tea_place_get_is_private (place));

  tea_conversation_invite (attic, key, "Mei");
  WAIT (fixture, count_places (fixture) == 3);
  tea_joined_house_leave_place (fixture->house, get_last_place (fixture));
  g_assert_cmpuint (count_places (fixture), ==, 2);
}

static void
pair_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaConversation **opened = user_data;
  g_autoptr (GError) error = NULL;

  *opened = tea_client_open_room_finish (TEA_CLIENT (source), result, &error);
  g_assert_no_error (error);
}

/* It appears with what somebody says in it first. */
static void
test_private_conversation (Fixture *fixture, gconstpointer user_data)
{
  TeaConversation *noors = NULL;
  g_autofree char *key = find_key (fixture, "Mei");
  g_autofree char *address = tea_room_ref_make_pair (key);
  TeaPlace *place;

  tea_client_open_room_async (fixture->noor, address, NULL, NULL, pair_opened_cb, &noors);
  WAIT (fixture, noors != NULL);
  g_assert_cmpuint (count_places (fixture), ==, 1);
  say (noors, "Are you there?");
  WAIT (fixture, count_places (fixture) == 2);
  place = get_last_place (fixture);
  g_assert_cmpint (tea_place_get_kind (place), ==, TEA_PLACE_PERSON);
  g_assert_cmpstr (tea_place_get_name (place), ==, "Noor");
  WAIT (fixture, was_said_last (place, "Are you there?") && tea_place_get_unread (place) == 1);
  g_object_unref (noors);
}

static void
assert_order (TeaPlaceList *list, TeaPlace *first, TeaPlace *second, TeaPlace *third)
{
  TeaPlace *places[] = { first, second, third };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      tea_place_list_set_place (list, places[i]);
      g_assert_true (tea_place_list_get_neighbour (list, 1, FALSE) == places[(i + 1) % 3]);
      g_assert_true (tea_place_list_get_neighbour (list, -1, FALSE) == places[(i + 2) % 3]);
    }
}

/* The hall first, then what was said latest. */
static void
test_order (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (TeaConversation) noors_garden = make_room (fixture, "Garden", TEA_ROOM_LISTED);
  g_autoptr (TeaConversation) noors_tasting = make_room (fixture, "Tasting", TEA_ROOM_LISTED);
  g_autoptr (TeaPlace) garden = open_room (fixture, "Garden");
  g_autoptr (TeaPlace) tasting = open_room (fixture, "Tasting");
  TeaPlace *hall = tea_joined_house_get_hall (fixture->house);
  GtkWidget *window = gtk_window_new ();
  TeaPlaceList *list = TEA_PLACE_LIST (tea_place_list_new ());

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (list));
  tea_place_list_set_houses (list, fixture->houses);
  assert_order (list, hall, garden, tasting);
  g_assert_cmpuint (tea_place_list_get_news (list), ==, 0);

  tea_place_list_set_place (list, hall);
  say (noors_tasting, "Tea?");
  WAIT (fixture, tea_place_list_get_news (list) == 1);
  g_assert_true (tea_place_list_get_neighbour (list, -1, TRUE) == tasting);
  assert_order (list, hall, tasting, garden);

  tea_place_list_set_place (list, hall);
  say (noors_garden, "Cups?");
  WAIT (fixture, tea_place_list_get_news (list) == 2);
  assert_order (list, hall, garden, tasting);

  /* Where one is, is not elsewhere. */
  tea_place_list_set_place (list, tasting);
  g_assert_cmpuint (tea_place_list_get_news (list), ==, 1);
  g_assert_true (tea_place_list_get_neighbour (list, 1, TRUE) == garden);
  read_all (garden);
  WAIT (fixture, tea_place_list_get_news (list) == 0);
  g_assert_null (tea_place_list_get_neighbour (list, 1, TRUE));

  gtk_window_destroy (GTK_WINDOW (window));
}

/* A link leads to a house that is there, if it promises no other key. */
static void
test_find (Fixture *fixture, gconstpointer user_data)
{
  const char *key = tea_client_get_server_key (fixture->noor);
  g_autofree char *link = tea_room_address_to_link (fixture->address, key);
  g_autofree char *other_key = g_strdup (key);
  g_autofree char *other_link = NULL;
  g_autoptr (GNetworkAddress) linked = tea_room_address_parse (link, NULL);
  g_autoptr (GNetworkAddress) other = NULL;
  g_autoptr (GNetworkAddress) elsewhere = tea_room_address_parse ("127.0.0.2", NULL);

  other_key[strlen (other_key) - 2] = other_key[strlen (other_key) - 2] == 'A' ? 'B' : 'A';
  other_link = tea_room_address_to_link (fixture->address, other_key);
  other = tea_room_address_parse (other_link, NULL);

  g_assert_true (tea_house_list_find (fixture->houses, fixture->address) == fixture->house);
  g_assert_true (tea_house_list_find (fixture->houses, linked) == fixture->house);
  g_assert_null (tea_house_list_find (fixture->houses, other));
  g_assert_null (tea_house_list_find (fixture->houses, elsewhere));
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  int status;

  /* Drafts go there. GLib has directories for each test, and loses their names. */
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  adw_init ();

#define ADD(path, test) g_test_add ("/house-list" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/find", test_find);
  ADD ("/invitation", test_invitation);
  ADD ("/news", test_news);
  ADD ("/order", test_order);
  ADD ("/private-conversation", test_private_conversation);

  status = g_test_run ();
  remove_folder (folder);

  return status;
}
