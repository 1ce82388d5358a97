/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-search.h"

#include "tea-conversation-private.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-test-connector.h"

/* Two rooms of a house that is the test: the hall, and Den in channel 1. */
typedef struct
{
  TeaClock *clock;
  TeaTestConnector *connector;
  TeaSecureLink *link;
  TeaConversation *rooms[2];
  GListStore *list;
  char *answer; /* (nullable) */
} Fixture;

static void
settle (Fixture *fixture)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock));
}

static void
send (Fixture *fixture, guint16 channel, GBytes *frame)
{
  tea_test_server_send (fixture->connector->server, channel, frame);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_link_join_finish (TEA_LINK (source), result, NULL));
}

static GBytes *
encode_opened (const char *address)
{
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_OPENED,
                                        .opened = { .epoch = 7,
                                                    .first = 1,
                                                    .start = 101,
                                                    .head = 100,
                                                    .role = TEA_ROOM_ROLE_MEMBER,
                                                    .address = address,
                                                    .title = "" } });
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const addresses[] = { "", "Den" };

  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->connector = g_object_new (TEA_TYPE_TEST_CONNECTOR, NULL);
  fixture->link = tea_secure_link_new (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector),
                                       "Mei", NULL, 0xabcd);
  fixture->list = g_list_store_new (TEA_TYPE_CONVERSATION);
  for (guint i = 0; i < 2; i++)
    {
      fixture->rooms[i] = tea_conversation_new (fixture->clock, addresses[i]);
      tea_conversation_enter (fixture->rooms[i], "Mei");
      tea_conversation_follow_secure (fixture->rooms[i], fixture->link,
                                      &(TeaRoomPlan){ .address = addresses[i], .history = 50 });
      g_list_store_append (fixture->list, fixture->rooms[i]);
    }

  tea_link_join_async (TEA_LINK (fixture->link), NULL, joined_cb, NULL);
  settle (fixture);
  send (fixture, 0, tea_frame_encode_entered (0, "Mei", ""));
  send (fixture, 0, encode_opened (""));
  settle (fixture);
  send (fixture, 1, encode_opened ("Den"));
  settle (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->list);
  for (guint i = 0; i < 2; i++)
    g_assert_finalize_object (fixture->rooms[i]);
  g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->clock);
  g_free (fixture->answer);
}

/* What is looked for, and asked for, since the last time. */
static char *
take_asked (Fixture *fixture)
{
  TeaTestServer *server = fixture->connector->server;
  GString *text = g_string_new (NULL);

  settle (fixture);
  for (guint i = 0; i < server->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (server->sent, i));
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        if (frame.type == TEA_FRAME_FIND)
          g_string_append_printf (text, "%u:%u,%" G_GUINT64_FORMAT ",%s ", frame.channel,
                                  frame.find.number, frame.find.before, frame.find.words);
    }
  g_ptr_array_set_size (server->sent, 0);

  return g_strchomp (g_string_free (text, FALSE));
}

#define assert_asked(fixture, expected)            \
  G_STMT_START                                     \
  {                                                \
    g_autofree char *asked = take_asked (fixture); \
    g_assert_cmpstr (asked, ==, expected);         \
  }                                                \
  G_STMT_END

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = tea_search_next_finish (TEA_SEARCH (source), result, &error);
  GString *text = g_string_new (error != NULL ? error->message : NULL);

  for (guint i = 0; hits != NULL && i < hits->len; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " ",
                            tea_conversation_get_address (
                                tea_search_hit_get_conversation (hits->pdata[i])),
                            tea_event_get_seq (tea_search_hit_get_event (hits->pdata[i])));
  g_clear_pointer (&fixture->answer, g_free);
  fixture->answer = g_strchomp (g_string_free (text, FALSE));
}

static void
look (Fixture *fixture, TeaSearch *search, guint n)
{
  g_clear_pointer (&fixture->answer, g_free);
  tea_search_next_async (search, n, NULL, found_cb, fixture);
}

/* The server has found a message, or none, and tells it. */
static void
answer (Fixture *fixture, guint16 channel, guint32 number, guint64 seq, gint64 time, guint64 next)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (MAX (seq, 1), TEA_EVENT_MESSAGE, time, "Noor", "tea", NULL, 0, 0);

  send (fixture, channel, tea_frame_encode_found (number, next, &seq, seq > 0 ? 1 : 0));
  settle (fixture);
  if (seq > 0)
    send (fixture, channel, tea_frame_encode_event (event));
  settle (fixture);
}

/* The newest of all rooms first: a room that has told all it found is asked on before another
 * one's older message counts. */
static void
test_everywhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaSearch) search = tea_search_new (G_LIST_MODEL (fixture->list), "tea");

  assert_asked (fixture, "");
  look (fixture, search, 3);
  assert_asked (fixture, "0:1,0,tea 1:1,0,tea");
  answer (fixture, 0, 1, 90, 500, 90);
  assert_asked (fixture, "");
  answer (fixture, 1, 1, 80, 400, 80);
  assert_asked (fixture, "0:2,90,tea");
  g_assert_null (fixture->answer);

  /* It did not get far: there may be more. */
  answer (fixture, 0, 2, 0, 0, 50);
  assert_asked (fixture, "0:3,50,tea");
  answer (fixture, 0, 3, 40, 300, 0);
  assert_asked (fixture, "1:2,80,tea");
  answer (fixture, 1, 2, 70, 350, 70);
  g_assert_cmpstr (fixture->answer, ==, "90 Den80 Den70");

  look (fixture, search, 3);
  assert_asked (fixture, "1:3,70,tea");
  answer (fixture, 1, 3, 0, 0, 0);
  g_assert_cmpstr (fixture->answer, ==, "40");
  look (fixture, search, 3);
  settle (fixture);
  g_assert_cmpstr (fixture->answer, ==, "");
}

/* What the other rooms have is told. */
static void
test_room_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaSearch) search = tea_search_new (G_LIST_MODEL (fixture->list), "tea");

  look (fixture, search, 3);
  assert_asked (fixture, "0:1,0,tea 1:1,0,tea");
  answer (fixture, 0, 1, 90, 500, 0);
  tea_conversation_unfollow (fixture->rooms[1]);
  settle (fixture);
  g_assert_cmpstr (fixture->answer, ==, "90");

  tea_conversation_unfollow (fixture->rooms[0]);
  g_clear_object (&search);
  search = tea_search_new (G_LIST_MODEL (fixture->list), "tea");
  look (fixture, search, 3);
  settle (fixture);
  g_assert_cmpstr (fixture->answer, ==, "");
}

static void
test_no_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaSearch) search = tea_search_new (G_LIST_MODEL (fixture->list), "");

  look (fixture, search, 3);
  settle (fixture);
  g_assert_true (g_str_has_prefix (fixture->answer, "One can look for"));
  g_assert_cmpstr (tea_search_get_words (search), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/search/everywhere", test_everywhere);
  ADD ("/search/room-fails", test_room_fails);
  ADD ("/search/no-words", test_no_words);

  return g_test_run ();
}
