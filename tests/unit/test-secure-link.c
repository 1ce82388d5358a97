/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-channel.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-frame.h"
#include "tea-secure-link.h"
#include "tea-timeline-private.h"

#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame-split.h"
#include "tea-test-connector.h"

#define MS G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND
#define EPOCH 77

/* What a client has sent, in words. */

static guint32 sent_stream; /* the latest */
static guint32 sent_oldest; /* of the latest message */

static void
describe_ranges (GString *text, const TeaFrame *frame)
{
  for (guint i = 0; i < frame->pull.n_ranges; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                            frame->pull.ranges[i].from, frame->pull.ranges[i].to);
}

static void
describe (GString *text, const TeaFrame *frame)
{
  switch ((guint) frame->type)
    {
    case TEA_FRAME_IN:
      break;
    case TEA_FRAME_HELLO:
      g_string_append (text, "HELLO ");
      break;
    case TEA_FRAME_ENTER:
      sent_stream = frame->enter.stream;
      g_string_append_printf (text, "ENTER(%s,%s) ", frame->enter.name, frame->enter.password);
      break;
    case TEA_FRAME_OPEN:
      g_string_append_printf (text,
                              "OPEN(%s,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "%s,%u%s%s) ",
                              frame->open.room, frame->open.epoch, frame->open.since,
                              frame->open.check != 0 ? "!" : "", frame->open.history,
                              *frame->open.password != '\0' ? "," : "", frame->open.password);
      break;
    case TEA_FRAME_MAKE:
      g_string_append_printf (text, "MAKE(%s,%s,%u) ", frame->make.address, frame->make.title,
                              (guint) frame->make.flags);
      break;
    case TEA_FRAME_CLOSE:
      g_string_append_printf (text, "CLOSE(%u%s%s) ", (guint) frame->close.code,
                              *frame->close.text != '\0' ? "," : "", frame->close.text);
      break;
    case TEA_FRAME_ROOMS:
      g_string_append_printf (text, "ROOMS(%u,%s) ", (guint) frame->rooms.which,
                              frame->rooms.after);
      break;
    case TEA_FRAME_HEADS:
      g_string_append (text, "HEADS ");
      break;
    case TEA_FRAME_TELL:
      g_string_append_printf (text, "TELL(%u,%u) ", frame->tell.number, frame->tell.wire_kind);
      break;
    case TEA_FRAME_TYPING:
      g_string_append (text, "TYPING ");
      break;
    case TEA_FRAME_READ:
      g_string_append_printf (text, "READ(%" G_GUINT64_FORMAT ") ", frame->read.read);
      break;
    case TEA_FRAME_PULL:
      g_string_append (text, "PULL(");
      describe_ranges (text, frame);
      g_string_append (text, ") ");
      break;
    case TEA_FRAME_PULL_PIECES:
      g_string_append_printf (text, "PULL_PIECES(%" G_GUINT64_FORMAT ",%x) ",
                              frame->pull_pieces.seq, frame->pull_pieces.missing & 0xff);
      break;
    case TEA_FRAME_SAY:
      if (frame->say.oldest != sent_oldest)
        g_string_append_printf (text, "from %u: ", frame->say.oldest);
      sent_oldest = frame->say.oldest;
      g_string_append_printf (text, "SAY(%u,%s) ", frame->say.number, frame->say.text);
      break;
    case TEA_FRAME_SAY_PIECE:
      if (frame->say_piece.oldest != sent_oldest)
        g_string_append_printf (text, "from %u: ", frame->say_piece.oldest);
      sent_oldest = frame->say_piece.oldest;
      g_string_append_printf (text, "PIECE(%u,%u/%u) ", frame->say_piece.number,
                              frame->say_piece.index, frame->say_piece.count);
      break;
    case TEA_FRAME_WHO:
      g_string_append_printf (text, "WHO(%" G_GUINT64_FORMAT ") ", frame->who.after);
      break;
    case TEA_FRAME_PING:
      g_string_append (text, "PING ");
      break;
    case TEA_FRAME_PONG:
      g_string_append_printf (text, "PONG(%" G_GUINT64_FORMAT ") ", frame->pong.token);
      break;
    case TEA_FRAME_RESPONSE:
      g_string_append_printf (text, "RESPONSE(%" G_GUINT64_FORMAT ") ", frame->response.token);
      break;
    case TEA_FRAME_LEAVE:
      g_string_append (text, "LEAVE ");
      break;
    default:
      g_assert_not_reached ();
    }
}

static char *
take_sent (TeaTestServer *server)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < server->sent->len; i++)
    {
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (server->sent, i));
      g_autoptr (GError) error = NULL;

      while (tea_frame_reader_next (&reader, &frame, &error))
        {
          if (frame.channel != 0 && frame.type != TEA_FRAME_IN)
            g_string_append_printf (text, "[%u] ", frame.channel);
          describe (text, &frame);
        }
      g_assert_no_error (error);
    }
  g_ptr_array_set_size (server->sent, 0);

  return g_strchomp (g_string_free (text, FALSE));
}

/* A link with a room, and what it tells, in words. */

typedef struct
{
  TeaClock *clock;
  TeaTestConnector *connector;
  TeaTimeline *timeline;
  TeaMemberList *members;
  TeaOutbox *outbox;
  TeaLink *link;
  TeaRoomLink *room;
  GString *told;
  GError *error; /* of the latest call */
  gboolean done;
} Fixture;

static void
opened_cb (const TeaFrame *frame, guint n_said, gboolean is_whole, gpointer user_data)
{
}

static void
closed_cb (const GError *error, gpointer user_data)
{
  if (error != NULL)
    g_string_append_printf (((Fixture *) user_data)->told, "closed(%s) ", error->message);
}

static void
typing_cb (const char *name, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "typing(%s) ", name);
}

static void
read_cb (guint64 read, guint unread, gpointer user_data)
{
  g_string_append_printf (((Fixture *) user_data)->told, "read(%" G_GUINT64_FORMAT ",%u) ", read,
                          unread);
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->told, "%" G_GUINT64_FORMAT, tea_event_get_seq (event));
  if (tea_event_get_version (event) != 0)
    g_string_append_printf (fixture->told, "@%" G_GUINT64_FORMAT, tea_event_get_version (event));
  g_string_append_c (fixture->told, ' ');
}

static void
gap_cb (gboolean is_anew, gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "gap ");
}

static void
members_told_cb (gpointer user_data)
{
  g_string_append (((Fixture *) user_data)->told, "members ");
}

static void
older_cb (gpointer user_data)
{
}

static void
lost_cb (Fixture *fixture, gboolean soon)
{
  g_string_append (fixture->told, soon ? "lost(soon) " : "lost ");
}

static void
ended_cb (Fixture *fixture, const char *reason)
{
  g_string_append_printf (fixture->told, "ended(%s) ", reason);
}

static int
compare_since (gconstpointer first, gconstpointer second)
{
  guint64 one = tea_member_get_since (*(TeaMember **) first);
  guint64 other = tea_member_get_since (*(TeaMember **) second);

  return one < other ? -1 : one > other;
}

/* Who is in the room, and since when. */
static char *
describe_members (Fixture *fixture)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->members)); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (G_LIST_MODEL (fixture->members), i));
  g_ptr_array_sort (sorted, compare_since);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (text, "%s@%" G_GUINT64_FORMAT " ",
                            tea_member_get_name (g_ptr_array_index (sorted, i)),
                            tea_member_get_since (g_ptr_array_index (sorted, i)));

  return g_strchomp (g_string_free (text, FALSE));
}

/* How far one's own messages have come. */
static char *
describe_own (Fixture *fixture)
{
  static const char *const deliveries[] = { ":", "?", "x", "~", "=" };
  GListModel *model = G_LIST_MODEL (fixture->timeline);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (tea_timeline_item_get_kind (item) != TEA_TIMELINE_ITEM_MESSAGE)
        continue;
      g_string_append_printf (text, "%.10s%s", tea_timeline_item_get_text (item),
                              deliveries[tea_timeline_item_get_delivery (item)]);
      if (tea_timeline_item_get_failure (item) != NULL)
        g_string_append_printf (text, "(%s,%s)", tea_timeline_item_get_failure (item),
                                tea_timeline_item_get_id (item) == NULL ? "final" : "for now");
      else if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_DELIVERED)
        g_string_append_printf (text, "%" G_GUINT64_FORMAT, tea_timeline_item_get_seq (item));
      g_string_append_c (text, ' ');
    }

  return g_strchomp (g_string_free (text, FALSE));
}

#define assert_described(what, fixture, expected)           \
  G_STMT_START                                              \
  {                                                         \
    g_autofree char *described = describe_##what (fixture); \
    g_test_message ("line %d", __LINE__);                   \
    g_assert_cmpstr (described, ==, expected);              \
  }                                                         \
  G_STMT_END
#define assert_members(fixture, expected) assert_described (members, fixture, expected)
#define assert_own(fixture, expected) assert_described (own, fixture, expected)

/* The first of one's own messages that failed, or that the server cannot store. */
static TeaTimelineItem *
find_unstored (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->timeline);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (tea_timeline_item_get_failure (item) != NULL)
        return item;
    }

  return NULL;
}

static void
standing_cb (TeaEvent *event, gpointer user_data)
{
}

static const TeaRoomLinkFuncs funcs = {
  .opened = opened_cb,
  .standing = standing_cb,
  .closed = closed_cb,
  .event = event_cb,
  .gap = gap_cb,
  .members_told = members_told_cb,
  .older = older_cb,
  .typing = typing_cb,
  .read = read_cb,
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_random_set_seed (1);
  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->connector = g_object_new (TEA_TYPE_TEST_CONNECTOR, NULL);
  sent_oldest = 1;
  fixture->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (fixture->timeline, "Mei");
  fixture->members = tea_member_list_new ();
  fixture->outbox = tea_outbox_new (fixture->timeline, fixture->clock);
  fixture->link
      = TEA_LINK (tea_secure_link_new (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector),
                                       "Mei", "secret", 0));
  fixture->told = g_string_new (NULL);
  fixture->room = tea_secure_link_add_room (TEA_SECURE_LINK (fixture->link),
                                            &(TeaRoomPlan){ .address = "",
                                                            .since = GPOINTER_TO_UINT (data),
                                                            .history = 50 },
                                            fixture->outbox, fixture->members, &funcs, fixture);
  g_object_connect (fixture->link, "swapped-signal::lost", lost_cb, fixture,
                    "swapped-signal::ended", ended_cb, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->link != NULL)
    g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->outbox);
  g_assert_finalize_object (fixture->members);
  g_assert_finalize_object (fixture->timeline);
  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->told, TRUE);
  g_clear_error (&fixture->error);
}

/* Lets time pass, and what was waiting for it happen. */
static void
pass (Fixture *fixture, gint64 time)
{
  gint64 end = tea_clock_get_time (fixture->clock) + time;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  tea_clock_advance (fixture->clock, end);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_equal (char *text, const char *expected, int line)
{
  g_test_message ("line %d", line);
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static char *
take_told (Fixture *fixture)
{
  char *told = g_strchomp (g_strdup (fixture->told->str));

  g_string_truncate (fixture->told, 0);

  return told;
}

/* What the client has sent until now, and what the link has told. */
#define assert_sent(fixture, expected)                                           \
  G_STMT_START                                                                   \
  {                                                                              \
    pass (fixture, 0);                                                           \
    assert_equal (take_sent ((fixture)->connector->server), expected, __LINE__); \
  }                                                                              \
  G_STMT_END
#define assert_told(fixture, expected) assert_equal (take_told (fixture), expected, __LINE__)

static void
clear_sent (Fixture *fixture)
{
  pass (fixture, 0);
  g_free (take_sent (fixture->connector->server));
}

/* The server sends a packet of one frame, which it takes. */
static void
receive (Fixture *fixture, GBytes *frame)
{
  tea_test_server_send (fixture->connector->server, 0, frame);
}

static TeaEvent *
new_event (guint64 seq, TeaEventKind kind, const char *author, const char *text)
{
  return tea_event_new_logged (seq, kind, 1763899200 * SECOND, author, text, NULL, 0, 0);
}

static void
receive_event (Fixture *fixture, guint64 seq)
{
  g_autoptr (TeaEvent) event = new_event (seq, TEA_EVENT_MESSAGE, "Noor", "x");

  receive (fixture, tea_frame_encode_event (event));
}

static void
receive_presence (Fixture *fixture, guint64 seq, TeaEventKind kind, const char *author)
{
  g_autoptr (TeaEvent) event = new_event (seq, kind, author, NULL);

  receive (fixture, tea_frame_encode_event (event));
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_error (&fixture->error);
  tea_link_join_finish (TEA_LINK (source), result, &fixture->error);
  fixture->done = TRUE;
}

static void
join (Fixture *fixture)
{
  fixture->done = FALSE;
  tea_link_join_async (fixture->link, NULL, join_cb, fixture);
  pass (fixture, 0);
}

static GBytes *
encode_opened (const char *address,
               guint64 epoch,
               guint64 first,
               guint64 start,
               guint64 head,
               guint32 number,
               guint flags)
{
  return tea_frame_encode (&(TeaFrame){ .type = TEA_FRAME_OPENED,
                                        .opened = { .epoch = epoch,
                                                    .first = first,
                                                    .start = start,
                                                    .head = head,
                                                    .number = number,
                                                    .flags = (TeaRoomFlags) flags,
                                                    .role = TEA_ROOM_ROLE_MEMBER,
                                                    .address = address,
                                                    .title = "" } });
}

static void
receive_entered (
    Fixture *fixture, guint64 epoch, guint64 first, guint64 start, guint64 head, guint32 number)
{
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_welcome (1, "test"));
  receive (fixture, tea_frame_encode_entered (0, "Mei", "The tea room"));
  receive (fixture, encode_opened ("", epoch, first, start, head, number, 0));
  pass (fixture, 0);
  g_assert_no_error (fixture->error);
}

/* Inside, where nothing has happened since @head. The answer took 2 ms. */
static void
enter (Fixture *fixture, guint64 head)
{
  join (fixture);
  pass (fixture, 2 * MS);
  receive_entered (fixture, EPOCH, 1, head + 1, head, 0);
  g_assert_true (fixture->done);
  receive (fixture, tea_frame_encode_present (head, 0, NULL, 0));
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);
}

/* Keeps the heart beating while time passes. */
static void
pass_heard (Fixture *fixture, gint64 time)
{
  for (; time > 0; time -= SECOND)
    {
      pass (fixture, MIN (time, SECOND));
      receive (fixture, tea_frame_encode_pong (0));
    }
}

static void
test_enter (Fixture *fixture, gconstpointer data)
{
  TeaSecureLink *link = TEA_SECURE_LINK (fixture->link);

  join (fixture);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,0,0,50)");
  pass (fixture, 249 * MS);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,0,0,50)");
  pass (fixture, 500 * MS);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,0,0,50)");
  g_assert_false (fixture->done);

  receive_entered (fixture, EPOCH, 1, 8, 9, 0);
  g_assert_true (fixture->done);
  assert_sent (fixture, "PING WHO(0) PULL(8-9)");
  g_assert_cmpstr (tea_secure_link_get_name (link), ==, "Mei");
  g_assert_cmpstr (tea_secure_link_get_title (link), ==, "The tea room");
  g_assert_cmpstr (tea_secure_link_get_server_key (link), ==, "SHA256:test");
  g_assert_true (tea_room_link_has_older (fixture->room));
}

static void
test_enter_since (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,0,0,50)");
  receive_entered (fixture, EPOCH, 1, 8, 9, 0);
  assert_sent (fixture, "PING WHO(0) PULL(6-9)");
}

static void
test_nobody_lets_in (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  pass (fixture, 30 * SECOND);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
  g_assert_true (fixture->connector->server->is_closed);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    TeaRefusal code;
    TeaError error;
  } vectors[] = {
    { TEA_REFUSAL_OTHER, TEA_ERROR_REFUSED },
    { TEA_REFUSAL_VERSION, TEA_ERROR_REFUSED },
    { TEA_REFUSAL_NO_ROOM, TEA_ERROR_REFUSED },
    { TEA_REFUSAL_NAME_UNFIT, TEA_ERROR_NAME_INVALID },
    { TEA_REFUSAL_NAME_TAKEN, TEA_ERROR_NAME_TAKEN },
    { TEA_REFUSAL_ROOM_FULL, TEA_ERROR_ROOM_FULL },
    { TEA_REFUSAL_PASSWORD_NEEDED, TEA_ERROR_PASSWORD_NEEDED },
    { TEA_REFUSAL_PASSWORD_WRONG, TEA_ERROR_PASSWORD_WRONG },
    { TEA_REFUSAL_TRY_LATER, TEA_ERROR_TRY_LATER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu", i);
      join (fixture);
      receive (fixture, tea_frame_encode_refused (vectors[i].code, "no", "Mei2"));
      pass (fixture, 0);
      g_assert_error (fixture->error, TEA_ERROR, (int) vectors[i].error);
      g_assert_cmpstr (tea_secure_link_get_suggestion (TEA_SECURE_LINK (fixture->link)), ==,
                       "Mei2");
    }
}

static void
test_foreign_stream (Fixture *fixture, gconstpointer data)
{
  guint32 stream;

  join (fixture);
  clear_sent (fixture);
  stream = sent_stream;
  receive_entered (fixture, EPOCH, 1, 1, 0, 3);
  clear_sent (fixture);
  g_assert_false (fixture->done);
  g_assert_cmpuint (sent_stream, !=, stream);
  receive_entered (fixture, EPOCH, 1, 1, 0, 0);
  g_assert_true (fixture->done);
  g_assert_cmpuint (tea_secure_link_get_stream (TEA_SECURE_LINK (fixture->link)), ==, sent_stream);
}

/* A server that says so of every stream does not keep us busy for ever. */
static void
test_foreign_streams (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  for (guint i = 0; i < 2; i++)
    {
      receive_entered (fixture, EPOCH, 1, 1, 0, 3);
      g_assert_false (fixture->done);
    }
  receive (fixture, tea_frame_encode_entered (0, "Mei", ""));
  receive (fixture, encode_opened ("", EPOCH, 1, 1, 0, G_MAXUINT32, 0));
  pass (fixture, 0);
  g_assert_true (fixture->done);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
}

static void
test_holes (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);

  receive_event (fixture, 11);
  assert_told (fixture, "11");
  assert_sent (fixture, "");

  /* A hole is asked for after an eighth of a round trip, and only it. */
  receive_event (fixture, 14);
  assert_told (fixture, "");
  assert_sent (fixture, "");
  pass (fixture, 2 * MS / 8);
  assert_sent (fixture, "PULL(12-13)");
  receive_event (fixture, 16);
  pass (fixture, 2 * MS / 8);
  assert_sent (fixture, "PULL(15-15)");

  /* Order and repeats do not matter. */
  receive_event (fixture, 13);
  receive_event (fixture, 14);
  receive_event (fixture, 11);
  assert_told (fixture, "");
  receive_event (fixture, 12);
  assert_told (fixture, "12 13 14");
  receive_event (fixture, 12);
  assert_told (fixture, "");

  /* What does not come is asked for again, less and less often. */
  pass (fixture, 20 * MS);
  assert_sent (fixture, "PULL(15-15)");
  pass (fixture, 29 * MS);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "PULL(15-15)");
  pass (fixture, 45 * MS);
  assert_sent (fixture, "PULL(15-15)");

  receive (fixture, tea_frame_encode_empty (15, 15));
  assert_told (fixture, "16");
  assert_sent (fixture, "WHO(0)");
  receive (fixture, tea_frame_encode_present (16, 0, NULL, 0));
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");
}

static void
test_tail (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);

  receive (fixture, tea_frame_encode_head (1, 10));
  assert_sent (fixture, "");
  receive (fixture, tea_frame_encode_head (1, 12));
  assert_sent (fixture, "PULL(11-12)");
  receive_event (fixture, 12);
  receive_event (fixture, 11);
  assert_told (fixture, "11 12");
}

static void
test_far_behind (Fixture *fixture, gconstpointer data)
{
  guint64 next = 1;

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 1, 100000, 0);
  assert_sent (fixture, "PING WHO(0) PULL(1-128)");

  /* When half of it is there, more is asked for, but never more than a page ahead. */
  for (; next <= 63; next++)
    receive_event (fixture, next);
  assert_sent (fixture, "");
  receive_event (fixture, next);
  assert_sent (fixture, "PULL(129-192)");

  /* What is new meanwhile has to wait for its turn. */
  g_string_truncate (fixture->told, 0);
  receive_event (fixture, 100001);
  assert_told (fixture, "");
}

/* A server that tells of numbers at the end of all numbers. */
static void
test_beyond (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = NULL;

  enter (fixture, 10);
  receive_event (fixture, G_MAXUINT64);
  receive (fixture, tea_frame_encode_head (1, G_MAXUINT64));
  receive (fixture, tea_frame_encode_empty (1, G_MAXUINT64));
  receive (fixture, tea_frame_encode_head (G_MAXUINT64, G_MAXUINT64));
  receive_event (fixture, 1);
  receive (fixture, tea_frame_encode_present (G_MAXUINT64, 0, NULL, 0));
  receive (fixture, encode_opened ("", EPOCH, 1, 11, 10, 0, 0));
  clear_sent (fixture);
  pass (fixture, 2 * SECOND);
  assert_sent (fixture, "");

  /* Coming back it is told of an end before that: another log. */
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  g_string_truncate (fixture->told, 0);
  join (fixture);
  expected
      = g_strdup_printf ("HELLO ENTER(Mei,secret) OPEN(,77,%" G_GINT64_FORMAT ",0)", G_MAXINT64);
  assert_sent (fixture, expected);
  receive_entered (fixture, EPOCH, 11, 11, 10, 0);
  receive_event (fixture, 11);
  assert_told (fixture, "gap 11");
}

static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (2000, 'x');
  g_autoptr (TeaEvent) event = new_event (11, TEA_EVENT_MESSAGE, "Noor", text);
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);
  g_autoptr (GPtrArray) pieces = tea_frame_split_event (frame, 11);

  enter (fixture, 10);
  g_assert_cmpuint (pieces->len, ==, 3);
  receive (fixture, g_bytes_ref (g_ptr_array_index (pieces, 2)));
  receive (fixture, g_bytes_ref (g_ptr_array_index (pieces, 0)));
  assert_sent (fixture, "");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "PULL_PIECES(11,2)");
  receive (fixture, g_bytes_ref (g_ptr_array_index (pieces, 1)));
  assert_told (fixture, "11");
}

/* The pieces of a long message as of an edit, each time to a text of the same size. */
static GPtrArray *
split_form (guint64 version)
{
  g_autofree char *text = g_strnfill (2000, (char) ('a' + version));
  g_autoptr (TeaEvent) event
      = tea_event_new_from_fields (&(TeaEventFields){ .seq = 11,
                                                      .kind = TEA_EVENT_MESSAGE,
                                                      .wire_kind = 2,
                                                      .author = "Noor",
                                                      .text = text,
                                                      .stream = 5,
                                                      .number = 1,
                                                      .target = 3,
                                                      .version = version });
  g_autoptr (GBytes) frame = tea_frame_encode_event (event);

  return tea_frame_split_event (frame, 11);
}

static void
test_pieces_of_versions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) before = split_form (12);
  g_autoptr (GPtrArray) now = split_form (13);

  enter (fixture, 10);
  receive (fixture, g_bytes_ref (before->pdata[0]));
  receive (fixture, g_bytes_ref (before->pdata[1]));
  receive (fixture, g_bytes_ref (now->pdata[2]));
  receive (fixture, g_bytes_ref (before->pdata[2]));
  pass (fixture, 20 * MS);
  assert_sent (fixture, "PULL_PIECES(11,3)");
  receive (fixture, g_bytes_ref (now->pdata[0]));
  receive (fixture, g_bytes_ref (before->pdata[1]));
  receive (fixture, g_bytes_ref (now->pdata[1]));
  assert_told (fixture, "11@13");
}

static guint32
say (Fixture *fixture, const char *text)
{
  guint32 number = tea_outbox_get_next_number (fixture->outbox);

  tea_outbox_say (fixture->outbox, text, 0);

  return number;
}

/* Who has asked for a hole is on a bad network, but not who had only to wait a little. */
static void
test_overtaken (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive_event (fixture, 12);
  pass (fixture, 2 * MS / 8 - 1);
  receive_event (fixture, 11);
  assert_told (fixture, "11 12");
  pass (fixture, 100 * MS);
  assert_sent (fixture, "");
  say (fixture, "a");
  pass (fixture, 3 * MS);
  assert_sent (fixture, "SAY(1,a)");
  receive (fixture, tea_frame_encode_ack (1, 13));

  receive_event (fixture, 14);
  pass (fixture, 1 * MS);
  assert_sent (fixture, "PULL(13-13)");
  receive_event (fixture, 13);
  say (fixture, "b");
  pass (fixture, 3 * MS);
  assert_sent (fixture, "from 2: SAY(2,b) SAY(2,b)");
}

static void
test_say (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);

  g_assert_cmpuint (say (fixture, "a"), ==, 1);
  g_assert_cmpuint (say (fixture, "b"), ==, 2);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");

  receive (fixture, tea_frame_encode_ack (2, 12));
  receive (fixture, tea_frame_encode_ack (2, 12));
  assert_own (fixture, "a~ b=12");
  pass (fixture, 29 * MS);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "SAY(1,a)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_own (fixture, "a=11 b=12");
  pass (fixture, 500 * MS);
  assert_sent (fixture, "");
}

static void
test_say_window (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = NULL;

  enter (fixture, 10);

  for (guint i = 0; i < 17; i++)
    say (fixture, "x");
  pass (fixture, 0);
  sent = take_sent (fixture->connector->server);
  g_assert_nonnull (strstr (sent, "SAY(16,x)"));
  g_assert_null (strstr (sent, "SAY(17,x)"));
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_ack (3, 11));
  assert_sent (fixture, "SAY(17,x)");
}

static void
test_say_pieces (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (2000, 'x');

  enter (fixture, 10);
  say (fixture, text);
  assert_sent (fixture, "PIECE(1,0/3) PIECE(1,1/3) PIECE(1,2/3)");
  receive (fixture, tea_frame_encode_say_pieces (1, 0x5));
  pass (fixture, 20 * MS);
  assert_sent (fixture, "PIECE(1,1/3)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_own (fixture, "xxxxxxxxxx=11");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TEXT_UNFIT, "no"));
  assert_own (fixture, "ax(no,final) b~");
  clear_sent (fixture);
  pass (fixture, 20 * MS);
  assert_sent (fixture, "from 2: SAY(2,b)");
}

/* What a server says may be shown anywhere, and does no more than be seen. */
static void
test_words_of_the_server (Fixture *fixture, gconstpointer data)
{
  static const char words[] = "\033[2J\302\233 no";
  static const TeaRefusal codes[] = { TEA_REFUSAL_TRY_LATER, TEA_REFUSAL_OTHER };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      join (fixture);
      receive (fixture, tea_frame_encode_refused (codes[i], words, ""));
      pass (fixture, 0);
      g_assert_nonnull (fixture->error);
      g_assert_cmpstr (fixture->error->message, ==, "\357\277\275[2J\357\277\275 no");
    }

  enter (fixture, 10);
  say (fixture, "a");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TEXT_UNFIT, words));
  assert_own (fixture, "ax(\357\277\275[2J\357\277\275 no,final)");
  receive (fixture, tea_frame_encode_bye (TEA_BYE_CLOSED, words));
  assert_told (fixture, "ended(\357\277\275[2J\357\277\275 no)");
}

static void
assert_nothing_said (Fixture *fixture)
{
  g_autofree char *sent = take_sent (fixture->connector->server);

  g_assert_null (strstr (sent, "SAY"));
}

/* What cannot be stored now keeps its number, and so does what is behind it. */
static void
test_refused_for_now (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  receive (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_TRY_LATER, "full"));
  assert_own (fixture, "a?(full,for now) b?(full,for now)");
  say (fixture, "c");
  assert_own (fixture, "a?(full,for now) b?(full,for now) c?(full,for now)");
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");

  /* The first of them finds out; however long that takes, nothing new is shown. */
  pass_heard (fixture, 1099 * MS);
  assert_nothing_said (fixture);
  pass (fixture, 1 * MS);
  assert_sent (fixture, "SAY(1,a)");
  assert_own (fixture, "a?(full,for now) b?(full,for now) c?(full,for now)");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  pass_heard (fixture, 3999 * MS);
  assert_nothing_said (fixture);
  pass (fixture, 1 * MS);
  assert_sent (fixture, "SAY(1,a)");

  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_sent (fixture, "from 2: SAY(2,b) SAY(3,c)");
  assert_own (fixture, "a=11 b? c?");
  receive (fixture, tea_frame_encode_ack (2, 12));
  receive (fixture, tea_frame_encode_ack (3, 13));
  assert_own (fixture, "a=11 b=12 c=13");
}

/* A person need not wait for the pause to end, nor does who enters again. */
static void
test_tried_at_once (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  clear_sent (fixture);

  tea_outbox_retry (fixture->outbox, find_unstored (fixture));
  assert_sent (fixture, "SAY(1,a)");
  assert_own (fixture, "a~ b?(full,for now)");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  assert_own (fixture, "a?(full,for now) b?(full,for now)");

  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  assert_own (fixture, "a? b?");
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  assert_sent (fixture, "PING SAY(1,a) SAY(2,b)");
  assert_own (fixture, "a~ b~");
}

/* An answer that got lost is still to be had when later messages cannot be stored. */
static void
test_refused_behind (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  say (fixture, "c");
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_nack (3, TEA_REFUSAL_TRY_LATER, "full"));
  assert_own (fixture, "a~ b~ c?(full,for now)");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  receive (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_TRY_LATER, "full"));
  assert_own (fixture, "a=11 b?(full,for now) c?(full,for now)");
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");

  say (fixture, "d");
  assert_sent (fixture, "");
  tea_outbox_retry (fixture->outbox, find_unstored (fixture));
  assert_sent (fixture, "from 2: SAY(2,b)");
  receive (fixture, tea_frame_encode_ack (2, 12));
  assert_sent (fixture, "from 3: SAY(3,c) SAY(4,d)");
}

/* The server is told that what was given up will not come, so that it waits for none. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1000, 'x');
  g_autoptr (TeaTimelineItem) item = NULL;

  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  say (fixture, "c");
  say (fixture, text);
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  clear_sent (fixture);

  /* Behind the line that tells what waits, and the first. */
  item = g_list_model_get_item (G_LIST_MODEL (fixture->timeline), 2);
  tea_outbox_discard (fixture->outbox, item);
  assert_sent (fixture, "");
  tea_outbox_retry (fixture->outbox, find_unstored (fixture));
  assert_sent (fixture, "SAY(1,a)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_sent (fixture, "from 3: SAY(3,c) PIECE(4,0/2) PIECE(4,1/2)");
  receive (fixture, tea_frame_encode_nack (3, TEA_REFUSAL_OTHER, ""));
  pass (fixture, 20 * MS);
  assert_sent (fixture, "from 4: PIECE(4,0/2) PIECE(4,1/2)");

  /* What was refused for good and is said again is a new message. */
  tea_outbox_retry (fixture->outbox, find_unstored (fixture));
  assert_sent (fixture, "SAY(5,c)");

  /* The same after coming back. */
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 1);
  assert_sent (fixture, "PING PIECE(4,0/2) PIECE(4,1/2) SAY(5,c)");
}

static void
test_members (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember one[] = { { 2, "Aiko", NULL }, { 4, "Noor", NULL } };
  const TeaPresentMember two[] = { { 6, "Sam", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  assert_sent (fixture, "PING WHO(0)");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "WHO(0)");

  /* Noor leaves while the answer that still has her is on its way. */
  receive_presence (fixture, 11, TEA_EVENT_LEFT, "Noor");
  receive_presence (fixture, 12, TEA_EVENT_JOINED, "Zoe");
  receive (fixture, tea_frame_encode_present (10, 4, one, 2));
  assert_sent (fixture, "WHO(4)");
  receive (fixture, tea_frame_encode_present (10, 4, one, 2));
  receive (fixture, tea_frame_encode_present (10, 0, two, 1));
  assert_members (fixture, "Aiko@2 Sam@6 Zoe@12");
  assert_told (fixture, "11 12 members");

  receive_presence (fixture, 13, TEA_EVENT_LEFT, "Sam");
  assert_told (fixture, "13");
  assert_members (fixture, "Aiko@2 Zoe@12");
}

/* Who was not in the room as of number 12 did not leave it at 11 once more. */
static void
test_members_ahead (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember members[] = { { 12, "Noor", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (12, 0, members, 1));
  assert_members (fixture, "Noor@12");
  receive_presence (fixture, 11, TEA_EVENT_LEFT, "Noor");
  assert_members (fixture, "Noor@12");
  receive_presence (fixture, 12, TEA_EVENT_JOINED, "Noor");
  assert_members (fixture, "Noor@12");
  assert_told (fixture, "members 11 12");
}

/* What is gone from the log may have been somebody's leaving. */
static void
test_members_empty (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember before[] = { { 2, "Aiko", NULL }, { 4, "Noor", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (10, 0, before, 2));
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);

  receive (fixture, tea_frame_encode_empty (9, 10));
  assert_sent (fixture, "");

  receive (fixture, tea_frame_encode_head (1, 12));
  receive (fixture, tea_frame_encode_empty (11, G_MAXUINT64));
  receive (fixture, tea_frame_encode_empty (11, 12));
  assert_sent (fixture, "PULL(11-12) WHO(0)");
  receive (fixture, tea_frame_encode_present (12, 0, before, 1));
  assert_members (fixture, "Aiko@2");
}

/* The numbers of another log tell nothing about who is in the room. */
static void
test_members_another_log (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember before[] = { { 2, "Aiko", NULL }, { 4, "Noor", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (10, 0, before, 2));
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH + 1, 3, 3, 2, 0);
  g_string_truncate (fixture->told, 0);
  receive (fixture, tea_frame_encode_present (2, 0, before, 1));
  assert_told (fixture, "members");
  assert_members (fixture, "Aiko@2");
  receive_presence (fixture, 3, TEA_EVENT_LEFT, "Aiko");
  assert_members (fixture, "");
}

/* A server whose room has members without end. */
static void
test_members_endless (Fixture *fixture, gconstpointer data)
{
  guint64 joined = 0;
  guint n_members;

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  while (fixture->told->len == 0 && joined < 100000)
    {
      TeaPresentMember members[16];
      g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < G_N_ELEMENTS (members); i++)
        {
          g_ptr_array_add (names, g_strdup_printf ("M%" G_GUINT64_FORMAT, ++joined));
          members[i] = (TeaPresentMember){ joined, g_ptr_array_index (names, i), NULL };
        }
      receive (fixture, tea_frame_encode_present (10, joined, members, G_N_ELEMENTS (members)));
    }
  assert_told (fixture, "members");
  n_members = g_list_model_get_n_items (G_LIST_MODEL (fixture->members));
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);

  for (guint64 seq = 11; seq <= 20; seq++)
    {
      g_autofree char *name = g_strdup_printf ("N%" G_GUINT64_FORMAT, seq);

      receive_presence (fixture, seq, TEA_EVENT_JOINED, name);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->members)), ==, n_members);
  assert_sent (fixture, "");
}

static void
test_dies_and_resumes (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive_event (fixture, 11);
  say (fixture, "a");
  say (fixture, "b");
  g_string_truncate (fixture->told, 0);
  pass (fixture, 1 * SECOND);
  assert_told (fixture, "");
  pass (fixture, 5 * SECOND);
  assert_told (fixture, "lost(soon)");

  say (fixture, "c");
  join (fixture);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,77,11!,0)");
  receive_entered (fixture, EPOCH, 1, 12, 13, 1);
  assert_own (fixture, "a=0 b~ c~");
  assert_sent (fixture, "PING from 2: SAY(2,b) SAY(3,c) PULL(12-13)");
}

static void
test_stays_alive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = NULL;

  enter (fixture, 10);
  pass_heard (fixture, 20 * SECOND);
  assert_told (fixture, "");
  /* Though it heard enough, it has to be heard from. */
  sent = take_sent (fixture->connector->server);
  g_assert_nonnull (strstr (sent, "PING"));

  receive (fixture, tea_frame_encode_ping (5));
  receive (fixture, tea_frame_encode_challenge (6));
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_ping (5));
  receive (fixture, tea_frame_encode_challenge (6));
  assert_sent (fixture, "PONG(5) RESPONSE(6)");
}

/* Small packets pass, big ones do not: a new handshake finds out how big they may be. Where that
 * does not help it is not tried again so soon. */
static void
test_narrow_path (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive_event (fixture, 13);
  pass_heard (fixture, 9 * SECOND);
  assert_told (fixture, "");
  pass_heard (fixture, 2 * SECOND);
  assert_told (fixture, "lost(soon)");

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 13, 0);
  pass_heard (fixture, 19 * SECOND);
  assert_told (fixture, "");
  pass_heard (fixture, 2 * SECOND);
  assert_told (fixture, "lost(soon)");

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 13, 0);
  receive_event (fixture, 11);
  receive_event (fixture, 12);
  receive_event (fixture, 13);
  assert_told (fixture, "11 12 13");
  pass_heard (fixture, 1 * SECOND);
  say (fixture, "x");
  pass_heard (fixture, 9 * SECOND);
  assert_told (fixture, "");
  pass_heard (fixture, 2 * SECOND);
  assert_told (fixture, "lost(soon)");
}

/* Whoever is answered, if slowly, has a path. */
static void
test_slow_answers (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive_event (fixture, 16);
  say (fixture, "x");
  for (guint64 seq = 11; seq <= 15; seq++)
    {
      pass_heard (fixture, 8 * SECOND);
      receive_event (fixture, seq);
      receive (fixture, tea_frame_encode_hold (1, 2000));
    }
  assert_told (fixture, "11 12 13 14 15 16");
  receive (fixture, tea_frame_encode_hold (1, 60000));
  pass_heard (fixture, 60 * SECOND);
  receive (fixture, tea_frame_encode_ack (1, 17));
  receive_event (fixture, 17);
  pass_heard (fixture, 60 * SECOND);
  assert_told (fixture, "17");
}

static void
test_network_changed (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  tea_secure_link_note_network_changed (TEA_SECURE_LINK (fixture->link));
  assert_sent (fixture, "PING");
  g_assert_cmpuint (fixture->connector->server->n_rebound, ==, 1);
  pass (fixture, 5 * SECOND);
  assert_told (fixture, "lost(soon)");
}

/* Whoever was asleep asks at once whether it is still known. */
static void
test_slept (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  tea_clock_sleep (fixture->clock, 1 * SECOND);
  assert_sent (fixture, "");
  tea_clock_sleep (fixture->clock, 3600 * SECOND);
  assert_sent (fixture, "PING");
  receive (fixture, tea_frame_encode_pong (0));
  pass (fixture, 1 * SECOND);
  assert_sent (fixture, "");

  tea_clock_sleep (fixture->clock, 3600 * SECOND);
  pass (fixture, 2999 * MS);
  assert_told (fixture, "");
  pass (fixture, 1 * SECOND);
  assert_told (fixture, "lost(soon)");
  tea_clock_sleep (fixture->clock, 3600 * SECOND);
  pass (fixture, 0);
}

/* Somebody says that the server knows nothing of us. */
static void
receive_doubt (Fixture *fixture)
{
  g_autoptr (TeaTestServer) channel = g_object_ref (fixture->connector->server);

  tea_client_channel_emit_doubted (TEA_CLIENT_CHANNEL (channel));
}

static void
test_doubted (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  pass (fixture, 1 * SECOND);
  receive_doubt (fixture);
  assert_sent (fixture, "PING");

  /* However often it is said, it is asked as often. */
  receive_doubt (fixture);
  pass (fixture, 99 * MS);
  receive_doubt (fixture);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "PING");
  pass (fixture, 199 * MS);
  receive_doubt (fixture);
  assert_told (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "PING PING");
  receive_doubt (fixture);
  assert_told (fixture, "lost(soon)");
  g_assert_true (fixture->connector->server->is_closed);
}

/* What takes 200 ms each way and back is waited for longer. */
static void
test_doubted_far_away (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  pass (fixture, 200 * MS);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (10, 0, NULL, 0));
  g_string_truncate (fixture->told, 0);

  for (guint i = 0; i < 8; i++)
    {
      receive_doubt (fixture);
      pass (fixture, 100 * MS);
      assert_told (fixture, "");
    }
  receive_doubt (fixture);
  assert_told (fixture, "lost(soon)");
}

/* The server answers: whoever says so is wrong. */
static void
test_doubted_wrongly (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  for (guint i = 0; i < 20; i++)
    {
      pass (fixture, 299 * MS);
      receive_doubt (fixture);
      assert_sent (fixture, "PING");
      receive (fixture, tea_frame_encode_pong (0));
    }
  assert_told (fixture, "");

  /* It was said once, and nobody says anything any more. */
  pass (fixture, 1 * SECOND);
  receive_doubt (fixture);
  pass (fixture, 2900 * MS);
  assert_told (fixture, "");
  pass (fixture, 200 * MS);
  assert_told (fixture, "lost(soon)");
}

/* The server may learn of the channel a little later than we do. */
static void
test_doubted_early (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  receive_doubt (fixture);
  pass (fixture, 250 * MS);
  receive_doubt (fixture);
  pass (fixture, 0);
  g_assert_false (fixture->done);
  pass (fixture, 500 * MS);
  receive_doubt (fixture);
  pass (fixture, 0);
  g_assert_true (fixture->done);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  assert_told (fixture, "lost(soon)");

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (fixture->connector->server));
  assert_told (fixture, "lost(soon)");

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_CLOSED, "good night"));
  assert_told (fixture, "ended(good night)");
}

static void
test_gap (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  g_string_truncate (fixture->told, 0);
  clear_sent (fixture);

  /* What is not kept any more cannot be had. */
  receive_entered (fixture, EPOCH, 20, 20, 21, 0);
  assert_told (fixture, "gap");
  assert_sent (fixture, "PING WHO(0) PULL(20-21)");
  receive_event (fixture, 20);
  receive_event (fixture, 21);
  assert_told (fixture, "20 21");

  receive (fixture, tea_frame_encode_head (30, 29));
  assert_told (fixture, "gap");
}

static void
test_another_log (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  g_string_truncate (fixture->told, 0);
  clear_sent (fixture);

  receive_entered (fixture, EPOCH + 1, 2, 4, 3, 0);
  assert_told (fixture, "gap");
  assert_sent (fixture, "PING WHO(0) PULL(2-3)");
  receive_event (fixture, 2);
  receive_event (fixture, 3);
  assert_told (fixture, "2 3");
  g_assert_false (tea_room_link_has_older (fixture->room));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) events = NULL;

  g_clear_error (&fixture->error);
  events = tea_room_link_load_older_finish (TEA_ROOM_LINK (source), result, &fixture->error);
  g_string_append (fixture->told, "older(");
  for (guint i = 0; events != NULL && i < events->len; i++)
    g_string_append_printf (fixture->told, "%" G_GUINT64_FORMAT " ",
                            tea_event_get_seq (g_ptr_array_index (events, i)));
  g_string_append (fixture->told, ")");
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  receive_entered (fixture, EPOCH, 3, 11, 10, 0);
  g_assert_true (tea_room_link_has_older (fixture->room));
  clear_sent (fixture);

  tea_room_link_load_older_async (fixture->room, 4, NULL, loaded_cb, fixture);
  assert_sent (fixture, "PULL(7-10)");
  receive_event (fixture, 10);
  receive_event (fixture, 8);
  receive_event (fixture, 11);
  receive (fixture, tea_frame_encode_empty (7, 7));
  assert_told (fixture, "11");
  receive_event (fixture, 9);
  pass (fixture, 0);
  assert_told (fixture, "older(8 9 10 )");
  g_assert_true (tea_room_link_has_older (fixture->room));

  /* Pages without anything are passed over; and it ends where the log begins. */
  clear_sent (fixture);
  tea_room_link_load_older_async (fixture->room, 2, NULL, loaded_cb, fixture);
  assert_sent (fixture, "PULL(5-6)");
  receive (fixture, tea_frame_encode_empty (5, 6));
  assert_sent (fixture, "PULL(3-4)");
  receive_event (fixture, 3);
  receive_event (fixture, 4);
  pass (fixture, 0);
  assert_told (fixture, "older(3 4 )");
  g_assert_false (tea_room_link_has_older (fixture->room));
}

static void
test_history_survives (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  tea_room_link_load_older_async (fixture->room, 2, NULL, loaded_cb, fixture);
  receive_event (fixture, 9);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  clear_sent (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  assert_sent (fixture, "PING PULL(10-10) WHO(0)");
  g_string_truncate (fixture->told, 0);
  receive_event (fixture, 10);
  pass (fixture, 0);
  assert_told (fixture, "older(9 10 )");
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->done = tea_link_leave_finish (TEA_LINK (source), result, NULL);
}

static void
test_leave (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "bye");
  clear_sent (fixture);
  fixture->done = FALSE;
  tea_link_leave_async (fixture->link, NULL, leave_cb, fixture);
  assert_sent (fixture, "");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_sent (fixture, "LEAVE");
  pass (fixture, 100 * MS);
  assert_sent (fixture, "LEAVE");
  g_assert_false (fixture->done);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_LEFT, ""));
  pass (fixture, 0);
  g_assert_true (fixture->done);
  g_assert_true (fixture->connector->server->is_closed);
}

static void
test_leave_unheard (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "bye");
  fixture->done = FALSE;
  tea_link_leave_async (fixture->link, NULL, leave_cb, fixture);
  pass (fixture, 999 * MS);
  g_assert_true (fixture->done);
}

/* Who gives up while entering may be in the room already. */
static void
test_leave_entering (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  fixture->done = FALSE;
  tea_link_join_async (fixture->link, cancellable, join_cb, fixture);
  clear_sent (fixture);
  g_cancellable_cancel (cancellable);
  assert_sent (fixture, "LEAVE");
  g_assert_true (fixture->done);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (fixture->connector->server->is_closed);
}

/* A link that nobody wants any more leaves. */
static void
test_leave_dropped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaTestServer) channel = NULL;

  enter (fixture, 10);
  channel = g_object_ref (fixture->connector->server);
  g_assert_finalize_object (g_steal_pointer (&fixture->link));
  assert_sent (fixture, "LEAVE");
  g_assert_true (channel->is_closed);
}

/* Rooms */

static void
receive_in (Fixture *fixture, guint16 channel, GBytes *frame)
{
  tea_test_server_send (fixture->connector->server, channel, frame);
}

static TeaRoomLink *
add_room (Fixture *fixture, const char *address)
{
  g_autoptr (TeaOutbox) outbox = tea_outbox_new (fixture->timeline, fixture->clock);

  return tea_secure_link_add_room (TEA_SECURE_LINK (fixture->link),
                                   &(TeaRoomPlan){ .address = address, .history = 50 }, outbox,
                                   fixture->members, &funcs, fixture);
}

/* A room that is open in channel 1, where nothing has happened since number 4. */
static TeaRoomLink *
open_room (Fixture *fixture, const char *address)
{
  TeaRoomLink *room = add_room (fixture, address);

  pass (fixture, 0);
  receive_in (fixture, 1, encode_opened (address, EPOCH, 1, 5, 4, 0, 0));
  receive_in (fixture, 1, tea_frame_encode_present (4, 0, NULL, 0));
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);

  return room;
}

static void
test_room (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;
  g_autoptr (TeaEvent) event = new_event (5, TEA_EVENT_MESSAGE, "Noor", "x");

  enter (fixture, 10);
  room = add_room (fixture, "Kitchen");
  assert_sent (fixture, "[1] OPEN(Kitchen,0,0,50)");
  pass (fixture, 100 * MS);
  assert_sent (fixture, "[1] OPEN(Kitchen,0,0,50)");
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 5, 4, 0, 0));
  assert_sent (fixture, "[1] WHO(0)");
  g_assert_true (tea_room_link_is_open (room));
  receive_in (fixture, 1, tea_frame_encode_present (4, 0, NULL, 0));
  assert_told (fixture, "members");

  /* Its numbers are its own. */
  receive_in (fixture, 1, tea_frame_encode_event (event));
  assert_told (fixture, "5");
  receive_event (fixture, 11);
  assert_told (fixture, "11");
  tea_outbox_say (tea_room_link_get_outbox (room), "a", 0);
  say (fixture, "b");
  assert_sent (fixture, "[1] SAY(1,a) SAY(1,b)");

  receive_in (fixture, 1, tea_frame_encode_typing ("Noor"));
  receive_in (fixture, 1, tea_frame_encode_read (5, 0));
  assert_told (fixture, "typing(Noor) read(5,0)");
  tea_room_link_tell_typing (room);
  tea_room_link_tell_read (room, 5);
  assert_sent (fixture, "[1] TYPING [1] READ(5)");
}

static void
test_room_refused (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;

  enter (fixture, 10);
  room = add_room (fixture, "Kitchen");
  g_object_add_weak_pointer (G_OBJECT (room), (gpointer *) &room);
  receive_in (fixture, 1, tea_frame_encode_refused (TEA_REFUSAL_BY_INVITATION, "", ""));
  assert_told (fixture, "closed(Only who is invited gets into the room.)");
  g_assert_null (room);
  clear_sent (fixture);
  pass (fixture, 500 * MS);
  assert_sent (fixture, "");
}

/* The channels of the rooms that are asked for in a packet. */
static void
find_openings (GBytes *packet, GArray *channels)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_autoptr (GError) error = NULL;

  while (tea_frame_reader_next (&reader, &frame, &error))
    if (frame.type == TEA_FRAME_OPEN && frame.channel != 0)
      g_array_append_val (channels, frame.channel);
  g_assert_no_error (error);
}

/* Fifty are open after two round trips, and what is asked for at once fits into a packet. */
static void
test_fifty_rooms (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) opened = g_hash_table_new (NULL, NULL);
  guint n_turns = 0;

  enter (fixture, 10);
  for (guint i = 1; i <= 50; i++)
    {
      g_autofree char *address = g_strdup_printf ("Room%u", i);

      add_room (fixture, address);
    }
  while (g_hash_table_size (opened) < 50)
    {
      GPtrArray *sent = fixture->connector->server->sent;
      g_autoptr (GArray) channels = g_array_new (FALSE, FALSE, sizeof (guint16));
      guint n_packets = 0;

      pass (fixture, 0);
      for (guint i = 0; i < sent->len; i++)
        {
          guint n_before = channels->len;

          find_openings (sent->pdata[i], channels);
          n_packets += channels->len > n_before ? 1 : 0;
        }
      if (n_turns == 0)
        g_assert_cmpuint (n_packets, ==, 1);
      clear_sent (fixture);

      for (guint i = 0; i < channels->len; i++)
        {
          guint16 channel = g_array_index (channels, guint16, i);
          g_autofree char *address = g_strdup_printf ("Room%u", channel);

          g_assert_true (g_hash_table_add (opened, GUINT_TO_POINTER ((guint) channel)));
          tea_test_server_send (fixture->connector->server, channel,
                                encode_opened (address, EPOCH, 1, 1, 0, 0, 0));
        }
      n_turns++;
    }
  g_assert_cmpuint (n_turns, ==, 2);
  clear_sent (fixture);
  pass (fixture, 90 * MS);
  g_assert_null (strstr (fixture->told->str, "closed"));
}

static void
test_some_at_a_time (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sent = NULL;

  enter (fixture, 10);
  for (guint i = 1; i <= 26; i++)
    {
      g_autofree char *address = g_strdup_printf ("Room%u", i);

      add_room (fixture, address);
    }
  pass (fixture, 0);
  sent = take_sent (fixture->connector->server);
  g_assert_nonnull (strstr (sent, "[25] OPEN(Room25,"));
  g_assert_null (strstr (sent, "Room26"));
  receive_in (fixture, 3, encode_opened ("Room3", EPOCH, 1, 1, 0, 0, 0));
  assert_sent (fixture, "[3] WHO(0) [26] OPEN(Room26,0,0,50)");
}

/* Each room is opened again where it was, with the proof of that. */
static void
test_rooms_again (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;
  g_autoptr (TeaEvent) event = new_event (5, TEA_EVENT_MESSAGE, "Noor", "x");

  enter (fixture, 10);
  room = open_room (fixture, "Kitchen");
  receive_in (fixture, 1, tea_frame_encode_event (event));
  tea_outbox_say (tea_room_link_get_outbox (room), "a", 0);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  g_assert_false (tea_room_link_is_open (room));
  join (fixture);
  assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,77,10,0)");
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  assert_sent (fixture, "PING [1] OPEN(Kitchen,77,5!,0)");
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 6, 6, 0, 0));
  assert_sent (fixture, "[1] SAY(1,a) [1] PULL(6-6)");
}

/* What was known is of another past of the log, whatever the numbers say. */
static void
test_proof (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 start;
    guint64 head;
    guint flags;
    const char *told;
    const char *sent;
  } vectors[] = {
    { 5, 4, 0, "", "" },
    { 5, 6, 0, "", "[1] PULL(5-6)" },
    { 5, 4, 1 << 16, "gap", "[1] WHO(0) [1] PULL(1-4)" },
    { 5, 6, 1 << 16, "gap", "[1] WHO(0) [1] PULL(1-6)" },
    { 4, 4, 0, "gap", "[1] WHO(0) [1] PULL(1-4)" },
    { 3, 2, 0, "gap", "[1] WHO(0) [1] PULL(1-2)" },
    { 6, 6, 0, "gap", "[1] WHO(0) [1] PULL(6-6)" },
  };
  TeaRoomLink *room = NULL;

  enter (fixture, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu", i);
      room = open_room (fixture, "Kitchen");
      receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
      join (fixture);
      receive_entered (fixture, EPOCH, 1, 11, 10, 0);
      clear_sent (fixture);
      g_string_truncate (fixture->told, 0);
      receive_in (fixture, 1,
                  encode_opened ("Kitchen", EPOCH, 1, vectors[i].start, vectors[i].head, 0,
                                 vectors[i].flags));
      assert_told (fixture, vectors[i].told);
      assert_sent (fixture, vectors[i].sent);
      tea_secure_link_remove_room (TEA_SECURE_LINK (fixture->link), room);
      receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
      join (fixture);
      receive_entered (fixture, EPOCH, 1, 11, 10, 0);
    }
}

/* What came out of turn before the connection was lost may be of another past of the log. */
static void
test_early (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaEvent) event = new_event (7, TEA_EVENT_MESSAGE, "Noor", "x");

  enter (fixture, 10);
  open_room (fixture, "Kitchen");
  receive_in (fixture, 1, tea_frame_encode_event (event));
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 5, 8, 0, 0));
  assert_told (fixture, "");
  assert_sent (fixture, "[1] PULL(5-8)");
}

/* A kind of event that this program does not know settles its number. */
static void
test_unknown_kind (Fixture *fixture, gconstpointer data)
{
  const TeaEventFields fields
      = { .seq = 11, .kind = TEA_EVENT_OTHER, .wire_kind = 200, .author = "Noor", .text = "?" };
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&fields);

  enter (fixture, 10);
  receive (fixture, tea_frame_encode_event (event));
  receive_event (fixture, 12);
  assert_told (fixture, "11 12");
  assert_sent (fixture, "");
}

static void
test_room_closed (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;

  enter (fixture, 10);
  room = open_room (fixture, "Kitchen");

  /* The server has forgotten it. */
  receive_in (fixture, 1, tea_frame_encode_close (TEA_CLOSE_NOT_OPEN, ""));
  assert_sent (fixture, "[2] OPEN(Kitchen,77,4,0)");
  receive_in (fixture, 2, tea_frame_encode_close (TEA_CLOSE_NOT_OPEN, ""));
  receive_in (fixture, 2, encode_opened ("Kitchen", EPOCH, 1, 5, 4, 0, 0));
  g_assert_true (tea_room_link_is_open (room));
  assert_told (fixture, "");

  receive_in (fixture, 2, tea_frame_encode_close (TEA_CLOSE_OUT, "You were rude."));
  assert_told (fixture, "closed(You were rude.)");
  clear_sent (fixture);
  receive_in (fixture, 2, tea_frame_encode_head (1, 9));
  assert_sent (fixture, "[2] CLOSE(1)");
}

/* Who has left a room stays outside, whatever gets lost of the answer. */
static void
test_leave_room (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint32 stored; /* when the connection is back */
    TeaRoomRole role;
    const char *sent;
    const char *told;
  } vectors[] = {
    { 0, TEA_ROOM_ROLE_MEMBER, "[1] TELL(1,1)", "" },
    { 1, TEA_ROOM_ROLE_MEMBER, "[1] TELL(2,1)", "" },
    { 1, TEA_ROOM_ROLE_NONE, "[1] CLOSE(0)", "closed(You are out of the room.)" },
  };

  enter (fixture, 10);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      TeaFrame opened = { .type = TEA_FRAME_OPENED,
                          .opened = { .epoch = EPOCH,
                                      .first = 1,
                                      .start = 5,
                                      .head = 4,
                                      .number = vectors[i].stored,
                                      .role = vectors[i].role,
                                      .address = "Kitchen",
                                      .title = "" } };
      TeaRoomLink *room;

      g_test_message ("vector %zu", i);
      room = open_room (fixture, "Kitchen");
      tea_outbox_tell (tea_room_link_get_outbox (room), TEA_EVENT_LEFT, 0, NULL, NULL);
      assert_sent (fixture, "[1] TELL(1,1)");
      receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
      join (fixture);
      receive_entered (fixture, EPOCH, 1, 11, 10, 0);
      clear_sent (fixture);
      g_string_truncate (fixture->told, 0);
      receive_in (fixture, 1, tea_frame_encode (&opened));
      assert_sent (fixture, vectors[i].sent);
      assert_told (fixture, vectors[i].told);

      /* The CLOSE that follows may get lost as well. */
      if (vectors[i].role != TEA_ROOM_ROLE_NONE)
        {
          receive_in (fixture, 1, tea_frame_encode_ack (vectors[i].stored + 1, 6));
          assert_sent (fixture, "[1] CLOSE(0)");
          assert_told (fixture, "closed(You are out of the room.)");
        }
      receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
      join (fixture);
      assert_sent (fixture, "HELLO ENTER(Mei,secret) OPEN(,77,10,0)");
      receive_entered (fixture, EPOCH, 1, 11, 10, 0);
      assert_sent (fixture, "PING");
    }
}

static void
test_close_room (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;

  enter (fixture, 10);
  room = open_room (fixture, "Kitchen");
  tea_secure_link_remove_room (TEA_SECURE_LINK (fixture->link), room);
  assert_sent (fixture, "[1] CLOSE(0)");

  /* Whether that has come is not known yet: sums say nothing. */
  receive (fixture, tea_frame_encode_total (14));
  assert_sent (fixture, "[1] CLOSE(0)");
  receive_in (fixture, 1, tea_frame_encode_close (TEA_CLOSE_ASKED, ""));
  receive (fixture, tea_frame_encode_total (10));
  assert_sent (fixture, "");
  assert_told (fixture, "");

  tea_secure_link_forget_room (TEA_SECURE_LINK (fixture->link), "Kitchen");
  assert_sent (fixture, "CLOSE(4,Kitchen)");
}

static void
test_total (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  open_room (fixture, "Kitchen");

  receive (fixture, tea_frame_encode_total (14));
  assert_sent (fixture, "");
  receive (fixture, tea_frame_encode_total (15));
  assert_sent (fixture, "HEADS");
  receive (fixture, tea_frame_encode_head (1, 10));
  receive_in (fixture, 1, tea_frame_encode_head (1, 5));
  assert_sent (fixture, "[1] PULL(5-5)");
  receive (fixture, tea_frame_encode_total (15));
  pass (fixture, 0);
  clear_sent (fixture);

  /* The room is not open there any more: its head is not among those that are told. */
  receive (fixture, tea_frame_encode_total (10));
  receive (fixture, tea_frame_encode_head (1, 10));
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_total (10));
  assert_sent (fixture, "[1] OPEN(Kitchen,0,0,50) HEADS");

  /* While a room is being opened nothing is compared. */
  add_room (fixture, "Parlour");
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_total (10));
  assert_sent (fixture, "");
}

/* Another program has chosen the same stream. */
static void
test_room_foreign_stream (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;
  guint32 stream;

  enter (fixture, 10);
  stream = tea_secure_link_get_stream (TEA_SECURE_LINK (fixture->link));
  room = open_room (fixture, "Kitchen");
  tea_outbox_say (tea_room_link_get_outbox (room), "a", 0);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  pass (fixture, 0);
  g_string_truncate (fixture->told, 0);
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 5, 4, 3, 0));
  assert_told (fixture, "lost(soon)");
  g_assert_cmpuint (tea_secure_link_get_stream (TEA_SECURE_LINK (fixture->link)), !=, stream);
}

/* Who spoke in a room, closed it and opens it again goes on with the numbers. */
static void
test_room_once_more (Fixture *fixture, gconstpointer data)
{
  TeaRoomLink *room;

  enter (fixture, 10);
  tea_secure_link_remove_room (TEA_SECURE_LINK (fixture->link), open_room (fixture, "Kitchen"));
  room = add_room (fixture, "Kitchen");
  tea_outbox_say (tea_room_link_get_outbox (room), "a", 0);
  clear_sent (fixture);
  receive_in (fixture, 2, encode_opened ("Kitchen", EPOCH, 1, 5, 4, 3, 0));
  assert_told (fixture, "");
  assert_sent (fixture, "[2] WHO(0) [2] from 4: SAY(4,a)");
}

static void
make_room (Fixture *fixture)
{
  g_autoptr (TeaOutbox) outbox = tea_outbox_new (fixture->timeline, fixture->clock);

  tea_secure_link_add_room (TEA_SECURE_LINK (fixture->link),
                            &(TeaRoomPlan){ .address = "Kitchen",
                                            .makes = TRUE,
                                            .title = "The kitchen",
                                            .flags = TEA_ROOM_LISTED },
                            outbox, fixture->members, &funcs, fixture);
}

static void
test_make_room (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  make_room (fixture);
  assert_sent (fixture, "[1] MAKE(Kitchen,The kitchen,1)");
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 1, 1, 0, 0));
  assert_sent (fixture, "[1] WHO(0) [1] PULL(1-1)");

  /* It is there, and opened as any other. */
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  assert_sent (fixture, "PING [1] OPEN(Kitchen,77,0,0)");
  receive_in (fixture, 1, encode_opened ("Kitchen", EPOCH, 1, 1001, 2000, 0, 0));
  assert_sent (fixture, "[1] WHO(0) [1] PULL(1-128)");
  g_assert_null (strstr (fixture->told->str, "gap"));
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) rooms = NULL;

  g_clear_error (&fixture->error);
  rooms = tea_secure_link_list_rooms_finish (TEA_SECURE_LINK (source), result, &fixture->error);
  g_string_append (fixture->told, "rooms(");
  for (guint i = 0; rooms != NULL && i < rooms->len; i++)
    g_string_append_printf (fixture->told, "%s ", tea_listing_get_address (rooms->pdata[i]));
  g_string_append (fixture->told, ")");
}

static void
news_cb (Fixture *fixture, TeaListing *listing)
{
  g_string_append_printf (fixture->told, "news(%s,%u) ", tea_listing_get_address (listing),
                          tea_listing_get_unread (listing));
}

static void
test_list_rooms (Fixture *fixture, gconstpointer data)
{
  const TeaListedRoom one = { .address = "Kitchen", .title = "", .unread = 3 };
  const TeaListedRoom two = { .address = "Parlour", .title = "" };

  g_signal_connect_swapped (fixture->link, "news", G_CALLBACK (news_cb), fixture);
  enter (fixture, 10);
  tea_secure_link_list_rooms_async (TEA_SECURE_LINK (fixture->link), TEA_ROOM_LIST_LISTED, NULL,
                                    listed_cb, fixture);
  assert_sent (fixture, "ROOMS(1,)");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "ROOMS(1,)");
  receive (fixture, tea_frame_encode_room_list (TEA_ROOMS_NEWS, "", "", &one, 1));
  receive (fixture, tea_frame_encode_room_list (TEA_ROOMS_LISTED, "", "Kitchen", &one, 1));
  receive (fixture, tea_frame_encode_room_list (TEA_ROOMS_LISTED, "", "Kitchen", &one, 1));
  assert_sent (fixture, "ROOMS(1,Kitchen)");
  receive (fixture, tea_frame_encode_room_list (TEA_ROOMS_LISTED, "Kitchen", "", &two, 1));
  pass (fixture, 0);
  assert_told (fixture, "news(Kitchen,3) rooms(Kitchen Parlour )");

  tea_secure_link_list_rooms_async (TEA_SECURE_LINK (fixture->link), TEA_ROOM_LIST_MINE, NULL,
                                    listed_cb, fixture);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  pass (fixture, 0);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
}

/* The server knows how long it takes. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_hold (1, 900));
  pass (fixture, 899 * MS);
  assert_sent (fixture, "");
  assert_own (fixture, "a~ b~");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
}

static void
told_refused_cb (Fixture *fixture, TeaEventKind kind, guint64 target, GError *error)
{
  g_string_append_printf (fixture->told, "refused(%u,%s) ", (guint) kind, error->message);
}

/* What a message cannot say is said as messages are, and in their order. */
static void
test_tell (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) archived = tea_event_data_encode_switch (TRUE);

  enter (fixture, 10);
  g_signal_connect_swapped (fixture->outbox, "refused", G_CALLBACK (told_refused_cb), fixture);
  say (fixture, "a");
  tea_outbox_tell (fixture->outbox, TEA_EVENT_ARCHIVED, 0, NULL, archived);
  tea_outbox_tell (fixture->outbox, TEA_EVENT_LEFT, 0, NULL, NULL);
  assert_sent (fixture, "SAY(1,a) TELL(2,13) TELL(3,1)");
  assert_own (fixture, "a~");
  receive (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_NOT_YOURS, ""));
  assert_told (fixture, "refused(7,That is not yours to do.)");
  receive (fixture, tea_frame_encode_ack (3, 12));
  receive (fixture, tea_frame_encode_ack (1, 11));
  clear_sent (fixture);
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");
  assert_told (fixture, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/secure-link/enter", test_enter);
  g_test_add ("/secure-link/enter-since", Fixture, GUINT_TO_POINTER (5), set_up, test_enter_since,
              tear_down);
  ADD ("/secure-link/nobody-lets-in", test_nobody_lets_in);
  ADD ("/secure-link/refusals", test_refusals);
  ADD ("/secure-link/foreign-stream", test_foreign_stream);
  ADD ("/secure-link/foreign-streams", test_foreign_streams);
  ADD ("/secure-link/holes", test_holes);
  ADD ("/secure-link/overtaken", test_overtaken);
  ADD ("/secure-link/tail", test_tail);
  ADD ("/secure-link/far-behind", test_far_behind);
  ADD ("/secure-link/beyond", test_beyond);
  ADD ("/secure-link/pieces", test_pieces);
  ADD ("/secure-link/pieces-of-versions", test_pieces_of_versions);
  ADD ("/secure-link/say", test_say);
  ADD ("/secure-link/say-window", test_say_window);
  ADD ("/secure-link/say-pieces", test_say_pieces);
  ADD ("/secure-link/refused", test_refused);
  ADD ("/secure-link/words-of-the-server", test_words_of_the_server);
  ADD ("/secure-link/refused-for-now", test_refused_for_now);
  ADD ("/secure-link/refused-behind", test_refused_behind);
  ADD ("/secure-link/tried-at-once", test_tried_at_once);
  ADD ("/secure-link/given-up", test_given_up);
  ADD ("/secure-link/members", test_members);
  ADD ("/secure-link/members-ahead", test_members_ahead);
  ADD ("/secure-link/members-empty", test_members_empty);
  ADD ("/secure-link/members-another-log", test_members_another_log);
  ADD ("/secure-link/members-endless", test_members_endless);
  ADD ("/secure-link/dies-and-resumes", test_dies_and_resumes);
  ADD ("/secure-link/stays-alive", test_stays_alive);
  ADD ("/secure-link/narrow-path", test_narrow_path);
  ADD ("/secure-link/slow-answers", test_slow_answers);
  ADD ("/secure-link/network-changed", test_network_changed);
  ADD ("/secure-link/slept", test_slept);
  ADD ("/secure-link/doubted", test_doubted);
  ADD ("/secure-link/doubted-far-away", test_doubted_far_away);
  ADD ("/secure-link/doubted-wrongly", test_doubted_wrongly);
  ADD ("/secure-link/doubted-early", test_doubted_early);
  ADD ("/secure-link/restart", test_restart);
  ADD ("/secure-link/gap", test_gap);
  ADD ("/secure-link/another-log", test_another_log);
  ADD ("/secure-link/history", test_history);
  ADD ("/secure-link/history-survives", test_history_survives);
  ADD ("/secure-link/room", test_room);
  ADD ("/secure-link/room-refused", test_room_refused);
  ADD ("/secure-link/fifty-rooms", test_fifty_rooms);
  ADD ("/secure-link/some-at-a-time", test_some_at_a_time);
  ADD ("/secure-link/rooms-again", test_rooms_again);
  ADD ("/secure-link/proof", test_proof);
  ADD ("/secure-link/early", test_early);
  ADD ("/secure-link/unknown-kind", test_unknown_kind);
  ADD ("/secure-link/room-closed", test_room_closed);
  ADD ("/secure-link/leave-room", test_leave_room);
  ADD ("/secure-link/close-room", test_close_room);
  ADD ("/secure-link/total", test_total);
  ADD ("/secure-link/room-foreign-stream", test_room_foreign_stream);
  ADD ("/secure-link/room-once-more", test_room_once_more);
  ADD ("/secure-link/make-room", test_make_room);
  ADD ("/secure-link/list-rooms", test_list_rooms);
  ADD ("/secure-link/hold", test_hold);
  ADD ("/secure-link/tell", test_tell);
  ADD ("/secure-link/leave", test_leave);
  ADD ("/secure-link/leave-unheard", test_leave_unheard);
  ADD ("/secure-link/leave-entering", test_leave_entering);
  ADD ("/secure-link/leave-dropped", test_leave_dropped);

  return g_test_run ();
}
