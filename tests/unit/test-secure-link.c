/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-frame.h"
#include "tea-packet-builder.h"
#include "tea-secure-link.h"

#define MS G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND
#define EPOCH 77

/* A channel whose other side is the test. */

#define TEST_TYPE_CHANNEL (test_channel_get_type ())
G_DECLARE_FINAL_TYPE (TestChannel, test_channel, TEST, CHANNEL, GObject)

struct _TestChannel
{
  GObject parent_instance;

  GString *sent; /* what the client has sent, in words */
  guint32 stream;
  guint32 oldest; /* of the latest message */
  guint n_rebound;
  gboolean closed;
};

static void
describe_ranges (GString *text, const TeaFrame *frame)
{
  for (guint i = 0; i < frame->pull.n_ranges; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, i > 0 ? "," : "",
                            frame->pull.ranges[i].from, frame->pull.ranges[i].to);
}

static void
describe (TestChannel *self, const TeaFrame *frame)
{
  GString *text = self->sent;

  switch ((guint) frame->type)
    {
    case TEA_FRAME_HELLO:
      g_string_append_printf (text, "HELLO(%s) ", frame->hello.room);
      break;
    case TEA_FRAME_ENTER:
      self->stream = frame->enter.stream;
      g_string_append_printf (text, "ENTER(%s,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%s) ",
                              frame->enter.name, frame->enter.epoch, frame->enter.since,
                              frame->enter.password);
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
      if (frame->say.oldest != self->oldest)
        g_string_append_printf (text, "from %u: ", frame->say.oldest);
      self->oldest = frame->say.oldest;
      g_string_append_printf (text, "SAY(%u,%s) ", frame->say.number, frame->say.text);
      break;
    case TEA_FRAME_SAY_PIECE:
      if (frame->say_piece.oldest != self->oldest)
        g_string_append_printf (text, "from %u: ", frame->say_piece.oldest);
      self->oldest = frame->say_piece.oldest;
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

static void
test_channel_send (TeaPacketChannel *channel, GBytes *packet)
{
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (packet), <=, 1154);
  while (tea_frame_reader_next (&reader, &frame, &error))
    describe (TEST_CHANNEL (channel), &frame);
  g_assert_no_error (error);
}

static gsize
test_channel_get_packet_size (TeaPacketChannel *channel)
{
  return 1154;
}

static const char *
test_channel_get_peer_key (TeaPacketChannel *channel)
{
  return "SHA256:test";
}

static void
test_channel_rebind (TeaPacketChannel *channel)
{
  TEST_CHANNEL (channel)->n_rebound++;
}

static void
test_channel_close (TeaPacketChannel *channel)
{
  TEST_CHANNEL (channel)->closed = TRUE;
}

static void
test_channel_iface_init (TeaPacketChannelInterface *iface)
{
  iface->send = test_channel_send;
  iface->get_packet_size = test_channel_get_packet_size;
  iface->get_peer_key = test_channel_get_peer_key;
  iface->rebind = test_channel_rebind;
  iface->close = test_channel_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestChannel,
                               test_channel,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL,
                                                      test_channel_iface_init))

static void
test_channel_finalize (GObject *object)
{
  g_string_free (TEST_CHANNEL (object)->sent, TRUE);

  G_OBJECT_CLASS (test_channel_parent_class)->finalize (object);
}

static void
test_channel_class_init (TestChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_channel_finalize;
}

static void
test_channel_init (TestChannel *self)
{
  self->sent = g_string_new (NULL);
  self->oldest = 1;
}

/* What makes such channels. */

#define TEST_TYPE_CONNECTOR (test_connector_get_type ())
G_DECLARE_FINAL_TYPE (TestConnector, test_connector, TEST, CONNECTOR, GObject)

struct _TestConnector
{
  GObject parent_instance;

  TestChannel *channel; /* (owned) (nullable): the latest */
};

static void
test_connector_connect_async (TeaPacketConnector *connector,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  TestConnector *self = TEST_CONNECTOR (connector);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_clear_object (&self->channel);
  self->channel = g_object_new (TEST_TYPE_CHANNEL, NULL);
  g_task_return_pointer (task, g_object_ref (self->channel), g_object_unref);
}

static TeaPacketChannel *
test_connector_connect_finish (TeaPacketConnector *connector, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_connector_iface_init (TeaPacketConnectorInterface *iface)
{
  iface->connect_async = test_connector_connect_async;
  iface->connect_finish = test_connector_connect_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestConnector,
                               test_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CONNECTOR,
                                                      test_connector_iface_init))

static void
test_connector_finalize (GObject *object)
{
  g_clear_object (&TEST_CONNECTOR (object)->channel);

  G_OBJECT_CLASS (test_connector_parent_class)->finalize (object);
}

static void
test_connector_class_init (TestConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_connector_finalize;
}

static void
test_connector_init (TestConnector *self)
{
}

/* A link, and what it tells, in words. */

typedef struct
{
  TeaClock *clock;
  TestConnector *connector;
  TeaLink *link;
  GString *told;
  GError *error; /* of the latest call */
  gboolean done;
} Fixture;

static void
event_cb (Fixture *fixture, TeaEvent *event)
{
  g_string_append_printf (fixture->told, "%" G_GUINT64_FORMAT " ", tea_event_get_seq (event));
}

static int
compare_since (gconstpointer first, gconstpointer second)
{
  guint64 one = tea_member_get_since (*(TeaMember **) first);
  guint64 other = tea_member_get_since (*(TeaMember **) second);

  return one < other ? -1 : one > other;
}

static void
present_cb (Fixture *fixture, GPtrArray *members)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (members, NULL, NULL);

  g_ptr_array_sort (sorted, compare_since);
  g_string_append (fixture->told, "present(");
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (fixture->told, "%s since %" G_GUINT64_FORMAT " ",
                            tea_member_get_name (g_ptr_array_index (sorted, i)),
                            tea_member_get_since (g_ptr_array_index (sorted, i)));
  g_string_append (fixture->told, ") ");
}

static void
arrived_cb (Fixture *fixture, TeaMember *member)
{
  g_string_append_printf (fixture->told, "%s ", tea_member_get_name (member));
}

static void
name_cb (Fixture *fixture, const char *name)
{
  g_string_append_printf (fixture->told, "%s ", name);
}

static void
delivered_cb (Fixture *fixture, guint number, guint64 seq)
{
  g_string_append_printf (fixture->told, "delivered(%u,%" G_GUINT64_FORMAT ") ", number, seq);
}

static void
refused_cb (Fixture *fixture, guint number, const char *reason, gboolean is_final)
{
  g_string_append_printf (fixture->told, "refused(%u,%s,%s) ", number, reason,
                          is_final ? "final" : "for now");
}

static void
gap_cb (Fixture *fixture)
{
  g_string_append (fixture->told, "gap ");
}

static void
passed_cb (Fixture *fixture, guint64 seq)
{
  g_string_append_printf (fixture->told, "passed(%" G_GUINT64_FORMAT ") ", seq);
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

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_random_set_seed (1);
  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->connector = g_object_new (TEST_TYPE_CONNECTOR, NULL);
  fixture->link
      = TEA_LINK (tea_secure_link_new (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector),
                                       "tea", "Mei", "secret", GPOINTER_TO_UINT (data), 50));
  fixture->told = g_string_new (NULL);
  g_object_connect (fixture->link, "swapped-signal::event", event_cb, fixture,
                    "swapped-signal::present", present_cb, fixture, "swapped-signal::arrived",
                    arrived_cb, fixture, "swapped-signal::departed", name_cb, fixture,
                    "swapped-signal::delivered", delivered_cb, fixture, "swapped-signal::refused",
                    refused_cb, fixture, "swapped-signal::gap", gap_cb, fixture,
                    "swapped-signal::passed", passed_cb, fixture, "swapped-signal::lost", lost_cb,
                    fixture, "swapped-signal::ended", ended_cb, fixture, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->link != NULL)
    g_assert_finalize_object (fixture->link);
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
assert_and_clear (GString *text, const char *expected, int line)
{
  g_test_message ("line %d", line);
  g_assert_cmpstr (g_strchomp (text->str), ==, expected);
  g_string_truncate (text, 0);
}

/* What the client has sent until now, and what the link has told. */
#define assert_sent(fixture, expected)                                          \
  G_STMT_START                                                                  \
  {                                                                             \
    pass (fixture, 0);                                                          \
    assert_and_clear ((fixture)->connector->channel->sent, expected, __LINE__); \
  }                                                                             \
  G_STMT_END
#define assert_told(fixture, expected) assert_and_clear ((fixture)->told, expected, __LINE__)

static void
clear_sent (Fixture *fixture)
{
  pass (fixture, 0);
  g_string_truncate (fixture->connector->channel->sent, 0);
}

/* The server sends a packet of one frame, which it takes. */
static void
receive (Fixture *fixture, GBytes *frame)
{
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (1154);
  g_autoptr (GBytes) owned = frame;
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (TestChannel) channel = g_object_ref (fixture->connector->channel);

  tea_packet_builder_add (builder, owned);
  packet = tea_packet_builder_take (builder);
  if (!channel->closed)
    tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (channel), packet);
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

static void
receive_entered (
    Fixture *fixture, guint64 epoch, guint64 first, guint64 start, guint64 head, guint32 number)
{
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_welcome (1, "test"));
  receive (fixture,
           tea_frame_encode_entered (epoch, first, start, head, number, "Mei", "The tea room"));
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
  assert_sent (fixture, "HELLO(tea) ENTER(Mei,0,0,secret)");
  pass (fixture, 249 * MS);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "HELLO(tea) ENTER(Mei,0,0,secret)");
  pass (fixture, 500 * MS);
  assert_sent (fixture, "HELLO(tea) ENTER(Mei,0,0,secret)");
  g_assert_false (fixture->done);

  receive_entered (fixture, EPOCH, 1, 8, 9, 0);
  g_assert_true (fixture->done);
  assert_sent (fixture, "PING WHO(0) PULL(8-9)");
  g_assert_cmpstr (tea_secure_link_get_name (link), ==, "Mei");
  g_assert_cmpstr (tea_secure_link_get_room (link), ==, "The tea room");
  g_assert_cmpstr (tea_secure_link_get_server_key (link), ==, "SHA256:test");
  g_assert_true (tea_link_has_older (fixture->link));
}

static void
test_enter_since (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  assert_sent (fixture, "HELLO(tea) ENTER(Mei,0,5,secret)");
  receive_entered (fixture, EPOCH, 1, 8, 9, 0);
  assert_sent (fixture, "PING WHO(0) PULL(6-9)");
}

static void
test_nobody_lets_in (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  pass (fixture, 30 * SECOND);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
  g_assert_true (fixture->connector->channel->closed);
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
  stream = fixture->connector->channel->stream;
  receive_entered (fixture, EPOCH, 1, 1, 0, 3);
  g_assert_false (fixture->done);
  g_assert_cmpuint (fixture->connector->channel->stream, !=, stream);
  receive_entered (fixture, EPOCH, 1, 1, 0, 0);
  g_assert_true (fixture->done);
  g_assert_cmpuint (tea_link_get_stream (fixture->link), ==, fixture->connector->channel->stream);
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
  receive (fixture, tea_frame_encode_entered (EPOCH, 1, 1, 0, G_MAXUINT32, "Mei", "The tea room"));
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

  /* A hole is asked for at once, and only it. */
  receive_event (fixture, 14);
  assert_told (fixture, "");
  assert_sent (fixture, "PULL(12-13)");
  receive_event (fixture, 16);
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

  /* As what is there comes, more is asked for, but never more than a page ahead. */
  for (; next <= 64; next++)
    receive_event (fixture, next);
  clear_sent (fixture);
  receive_event (fixture, next);
  pass (fixture, 0);
  g_assert_true (g_str_has_prefix (fixture->connector->channel->sent->str, "PULL("));

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
  clear_sent (fixture);
  pass (fixture, 2 * SECOND);
  assert_sent (fixture, "");

  /* Coming back it is told of an end before that: another log. */
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  g_string_truncate (fixture->told, 0);
  join (fixture);
  expected = g_strdup_printf ("HELLO(tea) ENTER(Mei,77,%" G_GINT64_FORMAT ",secret)", G_MAXINT64);
  assert_sent (fixture, expected);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive_event (fixture, 11);
  assert_told (fixture, "gap 11 passed(10)");
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

static guint32
say (Fixture *fixture, const char *text)
{
  guint32 number = 0;

  g_assert_true (tea_link_say (fixture->link, text, &number, NULL));

  return number;
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
  assert_told (fixture, "delivered(2,12)");
  pass (fixture, 29 * MS);
  assert_sent (fixture, "");
  pass (fixture, 1 * MS);
  assert_sent (fixture, "SAY(1,a)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_told (fixture, "delivered(1,11)");
  pass (fixture, 500 * MS);
  assert_sent (fixture, "");
}

static void
test_say_window (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);

  for (guint i = 0; i < 17; i++)
    say (fixture, "x");
  pass (fixture, 0);
  g_assert_nonnull (strstr (fixture->connector->channel->sent->str, "SAY(16,x)"));
  g_assert_null (strstr (fixture->connector->channel->sent->str, "SAY(17,x)"));
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
  assert_told (fixture, "delivered(1,11)");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TEXT_UNFIT, "no"));
  assert_told (fixture, "refused(1,no,final)");
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
  assert_told (fixture, "refused(1,\357\277\275[2J\357\277\275 no,final)");
  receive (fixture, tea_frame_encode_bye (TEA_BYE_CLOSED, words));
  assert_told (fixture, "ended(\357\277\275[2J\357\277\275 no)");
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
  assert_told (fixture, "refused(1,full,for now) refused(2,full,for now)");
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");

  tea_link_retry (fixture->link);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
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
  assert_told (fixture, "refused(3,full,for now)");
  pass (fixture, 20 * MS);
  assert_sent (fixture, "SAY(1,a) SAY(2,b)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  receive (fixture, tea_frame_encode_nack (2, TEA_REFUSAL_TRY_LATER, "full"));
  assert_told (fixture, "delivered(1,11) refused(2,full,for now)");
  pass (fixture, 900 * MS);
  assert_sent (fixture, "");

  say (fixture, "d");
  assert_sent (fixture, "from 2: SAY(2,b) SAY(3,c) SAY(4,d)");
}

/* The server is told that what was given up will not come, so that it waits for none. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = g_strnfill (1000, 'x');

  enter (fixture, 10);
  say (fixture, "a");
  say (fixture, "b");
  say (fixture, "c");
  say (fixture, text);
  receive (fixture, tea_frame_encode_nack (1, TEA_REFUSAL_TRY_LATER, "full"));
  clear_sent (fixture);

  tea_link_withdraw (fixture->link, 2);
  assert_sent (fixture, "");
  tea_link_retry (fixture->link);
  assert_sent (fixture, "SAY(1,a) SAY(3,c) PIECE(4,0/2) PIECE(4,1/2)");
  receive (fixture, tea_frame_encode_ack (1, 11));
  assert_sent (fixture, "from 3: SAY(3,c)");
  receive (fixture, tea_frame_encode_nack (3, TEA_REFUSAL_OTHER, ""));
  pass (fixture, 20 * MS);
  assert_sent (fixture, "from 4: PIECE(4,0/2) PIECE(4,1/2)");

  /* What was refused for good and is said again is a new message. */
  g_assert_cmpuint (say (fixture, "c"), ==, 5);
  assert_sent (fixture, "SAY(5,c)");

  /* The same after coming back. */
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  tea_link_withdraw (fixture->link, 4);
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 1);
  assert_sent (fixture, "PING from 5: SAY(5,c)");
}

static void
test_roster (Fixture *fixture, gconstpointer data)
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
  g_assert_nonnull (strstr (fixture->told->str, "present(Aiko since 2 Sam since 6 Zoe since 12 )"));
  g_assert_null (strstr (fixture->told->str, "Noor"));
  g_string_truncate (fixture->told, 0);

  receive_presence (fixture, 13, TEA_EVENT_LEFT, "Sam");
  assert_told (fixture, "Sam 13");
}

/* Who was not in the room as of number 12 did not leave it at 11 once more. */
static void
test_roster_ahead (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember members[] = { { 12, "Noor", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (12, 0, members, 1));
  assert_told (fixture, "present(Noor since 12 )");
  receive_presence (fixture, 11, TEA_EVENT_LEFT, "Noor");
  receive_presence (fixture, 12, TEA_EVENT_JOINED, "Noor");
  assert_told (fixture, "11 12");
}

/* What is gone from the log may have been somebody's leaving. */
static void
test_roster_empty (Fixture *fixture, gconstpointer data)
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
  g_assert_nonnull (strstr (fixture->told->str, "present(Aiko since 2 )"));
}

/* The numbers of another log tell nothing about who is in the room. */
static void
test_roster_another_log (Fixture *fixture, gconstpointer data)
{
  const TeaPresentMember before[] = { { 2, "Aiko", NULL }, { 4, "Noor", NULL } };

  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  receive (fixture, tea_frame_encode_present (10, 0, before, 2));
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  receive_entered (fixture, EPOCH + 1, 1, 3, 2, 0);
  g_string_truncate (fixture->told, 0);
  receive (fixture, tea_frame_encode_present (2, 0, before, 1));
  assert_told (fixture, "present(Aiko since 2 )");
}

/* A server whose room has members without end. */
static void
test_roster_endless (Fixture *fixture, gconstpointer data)
{
  guint64 joined = 0;
  guint n_told = 0;

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
  g_assert_true (g_str_has_prefix (fixture->told->str, "present("));
  clear_sent (fixture);
  g_string_truncate (fixture->told, 0);

  for (guint64 seq = 11; seq <= 20; seq++)
    {
      g_autofree char *name = g_strdup_printf ("N%" G_GUINT64_FORMAT, seq);

      receive_presence (fixture, seq, TEA_EVENT_JOINED, name);
      n_told += strstr (fixture->told->str, name) != NULL ? 1 : 0;
    }
  g_assert_cmpuint (n_told, ==, 0);
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
  assert_sent (fixture, "HELLO(tea) ENTER(Mei,77,11,secret)");
  receive_entered (fixture, EPOCH, 1, 12, 13, 1);
  assert_told (fixture, "delivered(1,0)");
  assert_sent (fixture, "PING from 2: SAY(2,b) SAY(3,c) PULL(12-13)");
}

static void
test_stays_alive (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  pass_heard (fixture, 20 * SECOND);
  assert_told (fixture, "");
  /* Though it heard enough, it has to be heard from. */
  g_assert_nonnull (strstr (fixture->connector->channel->sent->str, "PING"));

  receive (fixture, tea_frame_encode_ping (5));
  receive (fixture, tea_frame_encode_challenge (6));
  clear_sent (fixture);
  receive (fixture, tea_frame_encode_ping (5));
  receive (fixture, tea_frame_encode_challenge (6));
  assert_sent (fixture, "PONG(5) RESPONSE(6)");
}

static void
test_network_changed (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  tea_secure_link_note_network_changed (TEA_SECURE_LINK (fixture->link));
  assert_sent (fixture, "PING");
  g_assert_cmpuint (fixture->connector->channel->n_rebound, ==, 1);
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
  g_autoptr (TestChannel) channel = g_object_ref (fixture->connector->channel);

  tea_packet_channel_emit_doubted (TEA_PACKET_CHANNEL (channel));
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
  g_assert_true (fixture->connector->channel->closed);
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
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (fixture->connector->channel));
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
  assert_told (fixture, "20 21 passed(21)");

  receive (fixture, tea_frame_encode_head (30, 29));
  assert_told (fixture, "gap passed(29)");
}

static void
test_another_log (Fixture *fixture, gconstpointer data)
{
  enter (fixture, 10);
  receive (fixture, tea_frame_encode_bye (TEA_BYE_RESTART, ""));
  join (fixture);
  g_string_truncate (fixture->told, 0);
  clear_sent (fixture);

  receive_entered (fixture, EPOCH + 1, 1, 2, 3, 0);
  assert_told (fixture, "gap");
  assert_sent (fixture, "PING WHO(0) PULL(2-3)");
  receive_event (fixture, 2);
  receive_event (fixture, 3);
  assert_told (fixture, "2 3 passed(3)");
  g_assert_false (tea_link_has_older (fixture->link));
}

static void
older_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) events = NULL;

  g_clear_error (&fixture->error);
  events = tea_link_load_older_finish (TEA_LINK (source), result, &fixture->error);
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
  g_assert_true (tea_link_has_older (fixture->link));
  clear_sent (fixture);

  tea_link_load_older_async (fixture->link, 4, NULL, older_cb, fixture);
  assert_sent (fixture, "PULL(7-10)");
  receive_event (fixture, 10);
  receive_event (fixture, 8);
  receive_event (fixture, 11);
  receive (fixture, tea_frame_encode_empty (7, 7));
  assert_told (fixture, "11");
  receive_event (fixture, 9);
  pass (fixture, 0);
  assert_told (fixture, "older(8 9 10 )");
  g_assert_true (tea_link_has_older (fixture->link));

  /* Pages without anything are passed over; and it ends where the log begins. */
  clear_sent (fixture);
  tea_link_load_older_async (fixture->link, 2, NULL, older_cb, fixture);
  assert_sent (fixture, "PULL(5-6)");
  receive (fixture, tea_frame_encode_empty (5, 6));
  assert_sent (fixture, "PULL(3-4)");
  receive_event (fixture, 3);
  receive_event (fixture, 4);
  pass (fixture, 0);
  assert_told (fixture, "older(3 4 )");
  g_assert_false (tea_link_has_older (fixture->link));
}

static void
test_history_survives (Fixture *fixture, gconstpointer data)
{
  join (fixture);
  receive_entered (fixture, EPOCH, 1, 11, 10, 0);
  tea_link_load_older_async (fixture->link, 2, NULL, older_cb, fixture);
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
  g_assert_true (fixture->connector->channel->closed);
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
  g_assert_true (fixture->connector->channel->closed);
}

/* A link that nobody wants any more leaves. */
static void
test_leave_dropped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestChannel) channel = NULL;

  enter (fixture, 10);
  channel = g_object_ref (fixture->connector->channel);
  g_assert_finalize_object (g_steal_pointer (&fixture->link));
  assert_sent (fixture, "LEAVE");
  g_assert_true (channel->closed);
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
  ADD ("/secure-link/tail", test_tail);
  ADD ("/secure-link/far-behind", test_far_behind);
  ADD ("/secure-link/beyond", test_beyond);
  ADD ("/secure-link/pieces", test_pieces);
  ADD ("/secure-link/say", test_say);
  ADD ("/secure-link/say-window", test_say_window);
  ADD ("/secure-link/say-pieces", test_say_pieces);
  ADD ("/secure-link/refused", test_refused);
  ADD ("/secure-link/words-of-the-server", test_words_of_the_server);
  ADD ("/secure-link/refused-for-now", test_refused_for_now);
  ADD ("/secure-link/refused-behind", test_refused_behind);
  ADD ("/secure-link/given-up", test_given_up);
  ADD ("/secure-link/roster", test_roster);
  ADD ("/secure-link/roster-ahead", test_roster_ahead);
  ADD ("/secure-link/roster-empty", test_roster_empty);
  ADD ("/secure-link/roster-another-log", test_roster_another_log);
  ADD ("/secure-link/roster-endless", test_roster_endless);
  ADD ("/secure-link/dies-and-resumes", test_dies_and_resumes);
  ADD ("/secure-link/stays-alive", test_stays_alive);
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
  ADD ("/secure-link/leave", test_leave);
  ADD ("/secure-link/leave-unheard", test_leave_unheard);
  ADD ("/secure-link/leave-entering", test_leave_entering);
  ADD ("/secure-link/leave-dropped", test_leave_dropped);

  return g_test_run ();
}
