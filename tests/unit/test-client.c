/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A client whose server keeps to no rule, and whose user does not either. What comes of it
 * is not worth much; but nothing breaks, and every call has an answer. */

#include "tea-client-channel.h"
#include "tea-client-test.h"

#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-frame.h"
#include "tea-limits.h"
#include "tea-packet-builder.h"

#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame-split.h"
#include "tea-test-connector.h"

#define SECOND G_TIME_SPAN_SECOND
#define KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* The client, and who uses it. */

typedef struct
{
  GRand *dice;
  TeaClock *clock;
  TeaTestConnector *connector;
  TeaClient *client;
  GNetworkAddress *address;
  GCancellable *cancellable;
  guint64 head;  /* the latest number of the log, if there were one */
  guint n_asked; /* calls that have to be answered */
  guint n_answered;
  guint n_entered;
  guint n_opened;
  guint n_events;
} Fixture;

static guint
roll (Fixture *fixture, guint n_sides)
{
  return (guint) g_rand_int_range (fixture->dice, 0, (gint32) n_sides);
}

static gboolean
fails_cb (gpointer user_data)
{
  return roll (user_data, 4) == 0;
}

static void
event_cb (Fixture *fixture)
{
  fixture->n_events++;
}

static void
set_up (Fixture *fixture, gconstpointer seed)
{
  g_random_set_seed (GPOINTER_TO_UINT (seed));
  fixture->dice = g_rand_new_with_seed (GPOINTER_TO_UINT (seed));
  fixture->clock = tea_clock_new_manual (1763899200 * SECOND);
  fixture->connector = g_object_new (TEA_TYPE_TEST_CONNECTOR, NULL);
  fixture->connector->fails = fails_cb;
  fixture->connector->user_data = fixture;
  fixture->client
      = tea_client_new_for_test (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector));
  fixture->address = G_NETWORK_ADDRESS (g_network_address_new ("tea.example", 8888));
  fixture->cancellable = g_cancellable_new ();
  g_signal_connect_swapped (fixture->client, "event", G_CALLBACK (event_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->client);
  g_clear_object (&fixture->connector->server);
  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->clock);
  g_object_unref (fixture->address);
  g_object_unref (fixture->cancellable);
  g_rand_free (fixture->dice);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_answered++;
  if (tea_client_join_finish (TEA_CLIENT (source), result, NULL))
    fixture->n_entered++;
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->n_answered++;
  tea_client_leave_finish (TEA_CLIENT (source), result, NULL);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (TeaConversation) conversation
      = tea_client_open_room_finish (TEA_CLIENT (source), result, NULL);

  fixture->n_answered++;
  if (conversation != NULL)
    fixture->n_opened++;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (GPtrArray) rooms
      = tea_client_list_rooms_finish (TEA_CLIENT (source), result, NULL);

  ((Fixture *) user_data)->n_answered++;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->n_answered++;
  tea_client_load_older_finish (TEA_CLIENT (source), result, NULL);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (GPtrArray) events
      = tea_conversation_search_finish (TEA_CONVERSATION (source), result, NULL, NULL);

  ((Fixture *) user_data)->n_answered++;
}

static void
hits_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (GPtrArray) hits
      = tea_search_next_finish (TEA_SEARCH (source), result, NULL);

  ((Fixture *) user_data)->n_answered++;
}

static void
around_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  G_GNUC_UNUSED g_autoptr (GPtrArray) events
      = tea_conversation_load_around_finish (TEA_CONVERSATION (source), result, NULL);

  ((Fixture *) user_data)->n_answered++;
}

static void
sent_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  tea_client_send_out_finish (TEA_CLIENT (source), result, NULL);
  ((Fixture *) user_data)->n_answered++;
}

static void
muted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  tea_client_mute_finish (TEA_CLIENT (source), result, NULL);
  ((Fixture *) user_data)->n_answered++;
}

/* What a server may say. */

static guint64
choose_number (Fixture *fixture)
{
  const guint64 edges[]
      = { 1, 511, 512, 513, G_MAXUINT32, G_MAXINT64 - 1, G_MAXINT64, G_MAXUINT64 };

  if (roll (fixture, 100) == 0)
    return edges[roll (fixture, G_N_ELEMENTS (edges))];

  return 1 + fixture->head - MIN (fixture->head, 20) + roll (fixture, 30);
}

/* What one would expect, most of the time. */
static guint64
choose_around (Fixture *fixture, guint64 expected)
{
  return roll (fixture, 8) == 0 ? choose_number (fixture) : expected;
}

static const char *
choose_name (Fixture *fixture)
{
  const char *const names[] = { "Mei", "MEI", "Noor", "a b", "Noor:", "\n", "\xe2\x80\xae", "x" };

  return names[roll (fixture, G_N_ELEMENTS (names))];
}

static const char *
choose_text (Fixture *fixture)
{
  const char *const texts[] = { "", "hello Mei", "\n\n", "\x1b[31m" };

  return texts[roll (fixture, G_N_ELEMENTS (texts))];
}

/* What the client has chosen; 0 before that. */
static guint32
get_stream (Fixture *fixture)
{
  GPtrArray *sent = fixture->connector->server->sent;

  for (guint i = 0; i < sent->len; i++)
    {
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;
      TeaFrameReader reader = TEA_FRAME_READER_INIT (g_ptr_array_index (sent, i));
      g_autoptr (GError) error = NULL;

      while (tea_frame_reader_next (&reader, &frame, &error))
        if (frame.type == TEA_FRAME_ENTER)
          return frame.enter.stream;
      g_assert_no_error (error);
    }

  return 0;
}

static GBytes *
make_event (Fixture *fixture)
{
  TeaEventKind kind = (TeaEventKind) roll (fixture, 3);
  guint32 own = get_stream (fixture);
  guint64 seq = choose_around (fixture, fixture->head + 1);
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (seq, kind, (gint64) roll (fixture, 2) * TEA_EVENT_MAX_TIME,
                              choose_name (fixture), kind == TEA_EVENT_MESSAGE ? "hello Mei" : NULL,
                              NULL, roll (fixture, 2) == 0 && own != 0 ? own : 1,
                              (guint32) choose_number (fixture));

  if (seq == fixture->head + 1)
    fixture->head++;

  return tea_frame_encode_event (event);
}

static GBytes *
make_change (Fixture *fixture)
{
  static const TeaEventKind kinds[]
      = { TEA_EVENT_EDITED, TEA_EVENT_REMOVED,  TEA_EVENT_REACTED, TEA_EVENT_PINNED,
          TEA_EVENT_TOPIC,  TEA_EVENT_SENT_OUT, TEA_EVENT_ROLE,    TEA_EVENT_MUTED };
  const char *const names[] = { choose_name (fixture), NULL };
  gboolean is_set = roll (fixture, 2) == 0;
  TeaEventFields fields = { .kind = kinds[roll (fixture, G_N_ELEMENTS (kinds))],
                            .seq = choose_around (fixture, fixture->head + 1),
                            .author = choose_name (fixture) };
  g_autoptr (GBytes) data = NULL;
  g_autoptr (TeaEvent) event = NULL;

  if (tea_event_kind_needs_target (fields.kind))
    fields.target = choose_number (fixture);
  if (tea_event_kind_needs_text (fields.kind) || fields.kind == TEA_EVENT_ROLE)
    fields.text = fields.kind == TEA_EVENT_REACTED ? "🍵" : choose_name (fixture);
  if (fields.kind == TEA_EVENT_PINNED)
    data = tea_event_data_encode_switch (is_set);
  else if (fields.kind == TEA_EVENT_REACTED)
    data = tea_event_data_encode_reacted (is_set, is_set, is_set ? names : NULL);
  else if (fields.kind == TEA_EVENT_ROLE)
    data = tea_event_data_encode_role (KEY, TEA_ROOM_ROLE_OWNER);
  else if (fields.kind == TEA_EVENT_MUTED)
    data = tea_event_data_encode_muted (KEY, names[0], TEA_EVENT_MAX_TIME);
  else if (fields.kind == TEA_EVENT_SENT_OUT)
    data = tea_event_data_encode_sent_out (&(TeaSentOut){
        .key = (char *) KEY, .name = (char *) names[0], .erase = choose_number (fixture) });
  fields.data = data;
  event = tea_event_new_from_fields (&fields);
  if (fields.seq == fixture->head + 1)
    fixture->head++;

  return tea_frame_encode_event (event);
}

/* A message that was changed: as it is now, or was. */
static GBytes *
make_form (Fixture *fixture)
{
  gboolean is_removed = roll (fixture, 2) == 0;
  g_autoptr (TeaMessageForm) form
      = tea_message_form_new (is_removed ? 0 : 5, is_removed ? "Noor" : NULL, NULL);
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (
      &(TeaEventFields){ .seq = choose_number (fixture),
                         .kind = TEA_EVENT_MESSAGE,
                         .author = choose_name (fixture),
                         .text = is_removed ? NULL : "hello",
                         .target = roll (fixture, 2) == 0 ? 0 : choose_number (fixture),
                         .version = choose_number (fixture),
                         .form = form });

  return tea_frame_encode_event (event);
}

static GBytes *
make_found (Fixture *fixture)
{
  guint64 seqs[] = { choose_number (fixture), 0 };
  guint n_seqs = roll (fixture, 3);

  if (seqs[0] == 1)
    n_seqs = MIN (n_seqs, 1);
  seqs[1] = seqs[0] / 2;

  return tea_frame_encode_found (1 + roll (fixture, 10), n_seqs > 0 ? roll (fixture, 2) : 0, seqs,
                                 n_seqs);
}

static GBytes *
make_piece (Fixture *fixture)
{
  g_autofree char *text = g_strnfill (TEA_PIECE_SIZE * 2, 'x');
  guint64 seq = choose_number (fixture);
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (roll (fixture, 4) == 0 ? 7 : seq, TEA_EVENT_MESSAGE, 0, "Noor",
                              text + roll (fixture, TEA_PIECE_SIZE), NULL, 0, 0);
  g_autoptr (GBytes) whole = tea_frame_encode_event (event);
  g_autoptr (GPtrArray) pieces = tea_frame_split_event (whole, seq);

  return g_bytes_ref (g_ptr_array_index (pieces, roll (fixture, pieces->len)));
}

static GBytes *
make_present (Fixture *fixture)
{
  guint64 first = choose_number (fixture);
  TeaPresentMember members[]
      = { { first, choose_name (fixture), roll (fixture, 2) == 0 ? KEY : NULL },
          { first < G_MAXUINT64 ? first + 1 : first, "Sam", NULL } };
  guint n = first < G_MAXUINT64 ? roll (fixture, 3) : roll (fixture, 2);
  guint64 next = roll (fixture, 2) == 0 && first < G_MAXUINT64 ? first + 1 : 0;

  return tea_frame_encode_present (choose_number (fixture), next, members, n);
}

static GBytes *
make_opened (Fixture *fixture)
{
  static const char *const addresses[] = { "", "Kitchen", "Parlour", "@", "~" };
  guint64 first = choose_around (fixture, 1);
  guint64 start = choose_around (fixture, fixture->head + 1);
  guint64 head = choose_around (fixture, fixture->head);

  start = MAX (first, start);
  head = MAX (start - 1, head);

  return tea_frame_encode (
      &(TeaFrame){ .type = TEA_FRAME_OPENED,
                   .opened = { .epoch = 1 + choose_around (fixture, 0) % 2,
                               .first = first,
                               .start = start,
                               .head = head,
                               .read = choose_around (fixture, 0),
                               .number = (guint32) choose_around (fixture, 0) % 8,
                               .unread = roll (fixture, 3),
                               .flags = (TeaRoomFlags) (1 << roll (fixture, 18)),
                               .role = (TeaRoomRole) roll (fixture, 4),
                               .address = addresses[roll (fixture, G_N_ELEMENTS (addresses))],
                               .title = choose_name (fixture) } });
}

static GBytes *
make_entered (Fixture *fixture)
{
  return tea_frame_encode_entered ((TeaHouseFlags) roll (fixture, 8), choose_name (fixture),
                                   choose_text (fixture));
}

static GBytes *
make_room_list (Fixture *fixture)
{
  const TeaListedRoom room = { .address = "Kitchen", .title = choose_text (fixture) };
  const char *after = roll (fixture, 2) == 0 ? "" : "Kitchen";

  return tea_frame_encode_room_list ((TeaRooms) roll (fixture, 3), after,
                                     roll (fixture, 2) == 0 ? "" : "Kitchen", &room,
                                     roll (fixture, 2));
}

static GBytes *
make_rare_frame (Fixture *fixture, guint32 number, guint64 one)
{
  switch (roll (fixture, 40))
    {
    case 0:
      return roll (fixture, 2) == 0 ? make_entered (fixture) : make_opened (fixture);
    case 14:
      return make_room_list (fixture);
    case 15:
      return tea_frame_encode_total (roll (fixture, 2) == 0 ? fixture->head : one);
    case 16:
      return tea_frame_encode_close ((TeaClose) roll (fixture, TEA_CLOSE_NOT_INTERESTED + 1),
                                     choose_text (fixture));
    case 17:
      return tea_frame_encode_hold (number, (guint32) one);
    case 18:
      return tea_frame_encode_typing (choose_name (fixture));
    case 19:
      return tea_frame_encode_read (one, roll (fixture, 3));
    case 1:
      return tea_frame_encode_refused ((TeaRefusal) roll (fixture, TEA_REFUSAL_ARCHIVED + 1),
                                       choose_text (fixture), choose_name (fixture));
    case 2:
      return tea_frame_encode_bye ((TeaBye) roll (fixture, TEA_BYE_UNKNOWN + 1),
                                   choose_text (fixture));
    case 3:
      return tea_frame_encode_welcome (1, choose_text (fixture));
    case 4:
      return tea_frame_encode_leave ();
    case 5:
      return tea_frame_encode_say (number, 1, "x");
    case 6:
      return tea_frame_encode_who (one);
    case 7:
    case 8:
      return tea_frame_encode_ping (one);
    case 9:
      return tea_frame_encode_challenge (one);
    case 10:
    case 11:
    case 12:
    case 13:
      return tea_frame_encode_nack (number, (TeaRefusal) roll (fixture, TEA_REFUSAL_ARCHIVED + 1),
                                    choose_text (fixture));
    default:
      return tea_frame_encode_pong (one);
    }
}

static GBytes *
make_frame (Fixture *fixture)
{
  guint64 one = choose_number (fixture);
  guint64 other = choose_number (fixture);
  guint32 number = 1 + (guint32) roll (fixture, 20);

  if (tea_client_get_state (fixture->client) != TEA_CLIENT_INSIDE && roll (fixture, 2) == 0)
    return roll (fixture, 2) == 0 ? make_entered (fixture) : make_opened (fixture);

  switch (roll (fixture, 15))
    {
    case 11:
    case 12:
      return make_change (fixture);
    case 13:
      return make_form (fixture);
    case 14:
      return roll (fixture, 4) == 0 ? tea_frame_encode_limits (0, 0, number, 0)
                                    : make_found (fixture);
    case 10:
      return make_opened (fixture);
    case 0:
      return make_present (fixture);
    case 1:
      return tea_frame_encode_empty (MIN (one, other), MAX (one, other));
    case 2:
      return tea_frame_encode_head (MIN (one, other), MAX (one, other));
    case 3:
    case 4:
      return tea_frame_encode_ack (number, one);
    case 5:
      return tea_frame_encode_say_pieces (number, (guint32) other);
    case 6:
      return make_piece (fixture);
    case 7:
      return make_rare_frame (fixture, number, one);
    default:
      return make_event (fixture);
    }
}

static void
let_server_speak (Fixture *fixture)
{
  g_autoptr (TeaTestServer) channel = NULL;
  g_autoptr (TeaPacketBuilder) builder = tea_packet_builder_new (1154);
  guint n_frames = 1 + roll (fixture, 4);

  g_set_object (&channel, fixture->connector->server);
  if (channel == NULL || channel->is_closed)
    return;

  if (roll (fixture, 200) == 0)
    {
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (channel));
      return;
    }
  if (roll (fixture, 200) == 0)
    {
      tea_client_channel_emit_doubted (TEA_CLIENT_CHANNEL (channel));
      return;
    }

  for (guint i = 0; i < n_frames; i++)
    {
      g_autoptr (GBytes) frame = make_frame (fixture);
      guint16 room = roll (fixture, 3) == 0 ? (guint16) roll (fixture, 5) : (guint16) 0;

      if (tea_packet_builder_fits (builder, room, frame))
        tea_packet_builder_add (builder, room, frame);
    }
  if (!tea_packet_builder_is_empty (builder))
    {
      g_autoptr (GBytes) packet = tea_packet_builder_take (builder);

      tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (channel), packet);
    }
}

/* What somebody may do with a client. */
static void
let_user_act (Fixture *fixture)
{
  TeaClient *client = fixture->client;
  TeaClientState state = tea_client_get_state (client);
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client));
  guint n_items = g_list_model_get_n_items (timeline);
  g_autoptr (TeaTimelineItem) item = NULL;
  g_autofree char *text = NULL;

  if (n_items > 0)
    item = g_list_model_get_item (timeline, n_items - 1 - roll (fixture, MIN (n_items, 5)));

  if (state == TEA_CLIENT_OUTSIDE)
    {
      fixture->n_asked++;
      g_object_unref (fixture->cancellable);
      fixture->cancellable = g_cancellable_new ();
      tea_client_join_async (client, fixture->address, "Mei", fixture->cancellable, joined_cb,
                             fixture);
      return;
    }

  switch (roll (fixture, 100))
    {
    case 0:
      fixture->n_asked++;
      tea_client_leave_async (client, NULL, left_cb, fixture);
      break;
    case 1:
      g_cancellable_cancel (fixture->cancellable);
      break;
    case 2:
      fixture->n_asked++;
      tea_client_load_older_async (client, 1 + roll (fixture, 2000), fixture->cancellable,
                                   loaded_cb, fixture);
      break;
    case 3:
      tea_client_reconnect (client);
      break;
    case 4:
      tea_clock_sleep (fixture->clock, 3600 * SECOND);
      break;
    case 5:
      if (item != NULL && tea_timeline_item_is_own (item)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
        tea_client_retry (client, item);
      break;
    case 6:
      if (item != NULL && tea_timeline_item_is_own (item))
        tea_client_discard (client, item);
      break;
    case 7:
    case 8:
      text = g_strnfill (TEA_TEXT_MAX_BYTES, 'x');
      tea_client_say (client, text, NULL);
      break;
    default:
      tea_client_say (client, "hello", NULL);
    }
}

/* What somebody may do with its rooms. */
static void
let_user_open (Fixture *fixture)
{
  static const char *const addresses[] = { "Kitchen", "Parlour", "Hall", "~aaaaaaaaaaaaaaaa" };
  TeaClient *client = fixture->client;
  GListModel *conversations = tea_client_get_conversations (client);
  g_autoptr (TeaConversation) conversation
      = g_list_model_get_item (conversations,
                               roll (fixture, g_list_model_get_n_items (conversations)));

  if (tea_client_get_state (client) == TEA_CLIENT_OUTSIDE)
    return;

  switch (roll (fixture, 10))
    {
    case 0:
    case 1:
    case 2:
      fixture->n_asked++;
      tea_client_open_room_async (client, addresses[roll (fixture, 4)], NULL,
                                  roll (fixture, 4) == 0 ? fixture->cancellable : NULL, opened_cb,
                                  fixture);
      break;
    case 3:
      fixture->n_asked++;
      tea_client_list_rooms_async (client, (TeaRoomList) roll (fixture, 2), NULL, listed_cb,
                                   fixture);
      break;
    case 4:
      if (conversation != tea_client_get_hall (client))
        tea_client_close_room (client, conversation);
      break;
    case 5:
      tea_conversation_mark_read (conversation, choose_number (fixture));
      break;
    case 6:
      tea_conversation_archive (conversation, TRUE);
      break;
    case 7:
      tea_conversation_set_typing (conversation, TRUE);
      break;
    default:
      tea_conversation_say (conversation, "hello", NULL);
    }
}

/* What somebody may do with what is said. */
static void
let_user_change (Fixture *fixture)
{
  TeaClient *client = fixture->client;
  GCancellable *cancellable = roll (fixture, 4) == 0 ? fixture->cancellable : NULL;
  GListModel *conversations = tea_client_get_conversations (client);
  g_autoptr (TeaConversation) conversation
      = g_list_model_get_item (conversations,
                               roll (fixture, g_list_model_get_n_items (conversations)));
  g_autoptr (TeaSearch) search = NULL;
  guint64 seq = choose_number (fixture);

  if (tea_client_get_state (client) == TEA_CLIENT_OUTSIDE)
    return;

  switch (roll (fixture, 14))
    {
    case 0:
      tea_conversation_reply (conversation, seq, "yes", NULL);
      break;
    case 1:
      tea_conversation_edit (conversation, seq, choose_text (fixture), NULL);
      break;
    case 2:
      tea_conversation_remove (conversation, seq, NULL);
      break;
    case 3:
      tea_conversation_react (conversation, seq, roll (fixture, 4) == 0 ? "x" : "🍵", TRUE, NULL);
      break;
    case 4:
      tea_conversation_pin (conversation, seq, TRUE, NULL);
      break;
    case 5:
      tea_conversation_set_topic (conversation, choose_text (fixture), NULL);
      break;
    case 6:
      tea_conversation_look_at (conversation, 1, seq);
      break;
    case 7:
    case 8:
      fixture->n_asked++;
      tea_conversation_search_async (conversation, choose_text (fixture), roll (fixture, 9),
                                     cancellable, searched_cb, fixture);
      break;
    case 9:
      fixture->n_asked++;
      search = tea_client_search (client, "hello");
      tea_search_next_async (search, 1 + roll (fixture, 9), cancellable, hits_cb, fixture);
      break;
    case 10:
      fixture->n_asked++;
      tea_client_send_out_async (client, choose_name (fixture), NULL, 0, seq, cancellable,
                                 sent_out_cb, fixture);
      break;
    case 11:
      fixture->n_asked++;
      tea_client_mute_async (client, choose_name (fixture), "x", 1, cancellable, muted_cb, fixture);
      break;
    default:
      fixture->n_asked++;
      tea_conversation_load_around_async (conversation, seq, roll (fixture, 300), cancellable,
                                          around_cb, fixture);
    }
}

static void
test_anything (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 2000; i++)
    {
      if (roll (fixture, 5) == 0)
        let_user_open (fixture);
      else if (roll (fixture, 5) == 0)
        let_user_change (fixture);
      else if (roll (fixture, 3) == 0)
        let_user_act (fixture);
      else
        let_server_speak (fixture);
      if (roll (fixture, 2) == 0)
        settle ();
      if (roll (fixture, 4) == 0)
        tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock)
                                               + roll (fixture, 3000) * G_TIME_SPAN_MILLISECOND);
    }

  /* Whatever it has been told, it can be left, and then everybody has an answer. */
  for (guint i = 0; i < 2; i++)
    {
      fixture->n_asked++;
      tea_client_leave_async (fixture->client, NULL, left_cb, fixture);
      settle ();
      tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + 60 * SECOND);
      settle ();
    }
  g_assert_cmpint (tea_client_get_state (fixture->client), ==, TEA_CLIENT_OUTSIDE);
  g_assert_cmpuint (fixture->n_answered, ==, fixture->n_asked);
  g_assert_cmpuint (g_list_model_get_n_items (tea_client_get_conversations (fixture->client)), ==,
                    1);
  g_test_message ("entered %u times, opened %u rooms, heard %u events", fixture->n_entered,
                  fixture->n_opened, fixture->n_events);
  g_assert_cmpuint (fixture->n_entered, >, 0);
  g_assert_cmpuint (fixture->n_events, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint seed = 1; seed <= 10; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/client/anything/%u", seed);

      g_test_add (path, Fixture, GUINT_TO_POINTER (seed), set_up, test_anything, tear_down);
    }

  return g_test_run ();
}
