/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "secure-fixture.h"

#include "tea-event-data.h"
#include "tea-event-kind.h"
#include "tea-fingerprint.h"
#include "tea-frame-encode.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-room-ref.h"

#define HIDDEN "~aaaaaaaaaaaaaaaa"

static GBytes *
in (guint16 channel)
{
  return tea_frame_encode_in (channel);
}

static GBytes *
open_room (const char *address)
{
  return tea_frame_encode_open (0, 0, 0, 50, address, "");
}

static GBytes *
make (TeaRoomFlags flags, const char *address)
{
  return tea_frame_encode_make (flags, address, "", "");
}

static GBytes *
tell (guint32 number, TeaEventKind kind, const char *text, GBytes *data)
{
  g_autoptr (GBytes) owned = data != NULL ? data : g_bytes_new (NULL, 0);

  return tea_frame_encode_tell (number, 1, kind, 0, text, owned);
}

static GBytes *
invite (guint32 number, TeaTestChannel *whom)
{
  return tell (number, TEA_EVENT_INVITED, "",
               tea_event_data_encode_key (
                   tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (whom))));
}

static GBytes *
change_retention (
    guint32 number, const char *address, TeaRoomFlags flags, guint32 n_days, guint64 n_events)
{
  const TeaRoomSettings settings = { .address = (char *) address,
                                     .title = (char *) "Title",
                                     .flags = flags,
                                     .retain_days = n_days,
                                     .retain_events = n_events };

  return tell (number, TEA_EVENT_SETTINGS, "", tea_event_data_encode_settings (&settings));
}

static GBytes *
change (guint32 number, const char *address, TeaRoomFlags flags)
{
  return change_retention (number, address, flags, TEA_RETAIN_DAYS_UNCHANGED,
                           TEA_RETAIN_EVENTS_UNCHANGED);
}

static void
quieten (Fixture *self, TeaTestChannel *channel)
{
  settle (self);
  forget_sent (channel);
}

/* That a room is not there is told after a while. */
static void
wait_unknown (Fixture *self)
{
  pass (self, 50 * G_TIME_SPAN_MILLISECOND);
}

static char *
make_pair_address (TeaTestChannel *other)
{
  return tea_room_ref_make_pair (tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (other)));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (tea_house_load_finish (TEA_HOUSE (object), result, user_data, NULL));
}

static TeaRoom *
load_room (Fixture *self, const char *folded)
{
  TeaRoom *room = NULL;

  tea_house_load_async (self->house, folded, loaded_cb, &room);
  settle (self);

  return room;
}

static void
set_up_members (Fixture *self, gconstpointer data)
{
  set_up (self, data);
  stop (self, TEA_BYE_RESTART);
  self->makers = TEA_ROOM_MAKERS_MEMBERS;
  start (self);
}

/* What comes while ENTER is checked waits for that, the latest in each channel. */
static void
test_waiting (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = connect_person (self, 1);

  tea_test_channel_receive (mei, open_hall (50), in (3), open_room ("Attic"), open_room ("Kitchen"),
                            NULL);
  settle (self);
  assert_sent (mei, "");

  tea_test_channel_receive (mei, hello (), enter_with ("Mei", ""), NULL);
  tea_test_channel_receive (mei, in (4), make (TEA_ROOM_LISTED, "Parlour"), NULL);
  settle (self);
  assert_sent (mei, "welcome 1 | entered Mei | opened 1-1 said 0 | [4] opened Parlour 1-1 said 0");
  wait_unknown (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, "[3] refused 2"));
  }
}

static void
test_making (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  quieten (self, mei);
  tea_test_channel_receive (mei, in (1), say (1, "tea?"), NULL);
  settle (self);
  assert_sent (mei, "[1] 2:Mei tea? | [1] ack 1=2");

  /* The same again changes nothing; its owner gets in so in another session, too. */
  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  assert_sent (mei, "[1] opened Kitchen 1-1 said 0");
  quieten (self, noor);
  tea_test_channel_receive (noor, in (1), make (TEA_ROOM_LISTED, "KITCHEN"), in (2), make (0, ""),
                            in (3), make (0, "two words"), in (4), make (0, "@x"), NULL);
  settle (self);
  assert_sent (noor, "[2] refused 2, [1] refused 4, [3] refused 3, [4] refused 3");

  /* A name in another spelling is the same room, and the numbers of messages are its own. */
  tea_test_channel_receive (noor, in (7), open_room ("kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[7] opened Kitchen 1-3 said 0");
  assert_sent (mei, "[1] 3+Noor");
  tea_test_channel_receive (noor, in (7), say (1, "please"), NULL);
  settle (self);
  assert_sent (noor, "[7] 4:Noor please | [7] ack 1=4");
  g_assert_cmpuint (get_head (self), ==, 2);

  /* The hall has channel 0, and that is for nothing else. */
  tea_test_channel_receive (noor, open_room ("Kitchen"), in (8), open_room (""), NULL);
  settle (self);
  assert_sent (noor, "refused 2, [8] refused 2");
}

static void
test_makers (Fixture *self, gconstpointer data)
{
  static const struct
  {
    TeaRoomMakers makers;
    const char *mei;
    const char *noor;
  } vectors[] = {
    { TEA_ROOM_MAKERS_OPERATORS, "[1] opened Kitchen 1-1 said 0", "[1] refused 11" },
    { TEA_ROOM_MAKERS_MEMBERS, "[1] opened Kitchen 1-1 said 0", "[1] opened Attic 1-1 said 0" },
    { TEA_ROOM_MAKERS_NOBODY, "[1] refused 11", "[1] refused 11" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTestChannel) mei = NULL;
      g_autoptr (TeaTestChannel) noor = NULL;
      guint8 digest[TEA_FINGERPRINT_SIZE] = { 1 };

      g_test_message ("vector %zu", i);
      tear_down (self, NULL);
      set_up (self, NULL);
      stop (self, TEA_BYE_RESTART);
      self->makers = vectors[i].makers;
      self->operator= tea_fingerprint_from_bytes (digest);
      start (self);

      mei = come_in (self, 1, "Mei");
      noor = come_in (self, 2, "Noor");
      quieten (self, mei);
      tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
      tea_test_channel_receive (noor, in (1), make (TEA_ROOM_LISTED, "Attic"), NULL);
      settle (self);
      assert_sent (mei, vectors[i].mei);
      assert_sent (noor, vectors[i].noor);
    }
}

/* Operators own the hall and what is listed, and do not see the rest. */
static void
test_operators (Fixture *self, gconstpointer data)
{
  static const struct
  {
    TeaRoomFlags flags;
    const char *address;
    const char *answer;
    TeaRoomRole role;
  } vectors[] = {
    { TEA_ROOM_LISTED, "Kitchen", "opened Kitchen", TEA_ROOM_ROLE_OWNER },
    { TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION, "Kitchen", "opened Kitchen", TEA_ROOM_ROLE_OWNER },
    { 0, "Kitchen", "opened Kitchen", TEA_ROOM_ROLE_MEMBER },
    { TEA_ROOM_BY_INVITATION, "Kitchen", "refused 2", TEA_ROOM_ROLE_NONE },
    { TEA_ROOM_LISTED, HIDDEN, "refused 2", TEA_ROOM_ROLE_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTestChannel) mei = NULL;
      g_autoptr (TeaTestChannel) boss = NULL;
      g_autoptr (TeaRoom) room = NULL;
      g_autofree char *sent = NULL;
      guint8 digest[TEA_FINGERPRINT_SIZE] = { 9 };

      g_test_message ("vector %zu", i);
      tear_down (self, NULL);
      set_up_members (self, NULL);
      stop (self, TEA_BYE_RESTART);
      self->operator= tea_fingerprint_from_bytes (digest);
      start (self);

      mei = come_in (self, 1, "Mei");
      boss = come_in (self, 9, "Boss");
      tea_test_channel_receive (mei, in (1), make (vectors[i].flags, vectors[i].address), NULL);
      quieten (self, boss);
      tea_test_channel_receive (boss, in (1), open_room (vectors[i].address), NULL);
      wait_unknown (self);
      sent = tea_test_channel_take_sent (boss);
      g_assert_nonnull (strstr (sent, vectors[i].answer));
      room = load_room (self, vectors[i].address[0] == '~' ? HIDDEN : "kitchen");
      g_assert_cmpint (tea_room_get_role (room, self->operator), ==, vectors[i].role);

      /* Nobody else decides about the hall. */
      forget_sent (mei);
      forget_sent (boss);
      tea_test_channel_receive (mei, change (1, "", 0), NULL);
      settle (self);
      assert_sent (mei, "nack 1: 11");
      tea_test_channel_receive (boss, change (1, "", 0), change (2, "Kitchen", 0), NULL);
      settle (self);
      {
        g_autofree char *answers = tea_test_channel_take_sent (boss);

        g_assert_nonnull (strstr (answers, "ack 1=3"));
        g_assert_nonnull (strstr (answers, "nack 2: 3"));
      }
      g_assert_cmpstr (tea_room_get_info (tea_house_get_hall (self->house))->title, ==, "Title");
    }
}

/* Joining and leaving is an event for everybody. */
static void
test_joining_often (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  guint n_in = 0;

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  for (guint16 i = 1; i <= 120; i++)
    {
      g_autofree char *sent = NULL;

      forget_sent (noor);
      tea_test_channel_receive (noor, in (i), open_room ("Kitchen"), NULL);
      settle (self);
      sent = tea_test_channel_take_sent (noor);
      n_in += strstr (sent, "opened") != NULL;
      tea_test_channel_receive (noor, in (i), tell (i, TEA_EVENT_LEFT, "", NULL), NULL);
      settle (self);
    }
  /* One of a hundred was for the house. */
  g_assert_cmpuint (n_in, ==, 99);
}

/* Nobody fills a house with rooms. */
static void
test_many_rooms (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  forget_sent (mei);
  for (guint16 i = 1; i <= 21; i++)
    {
      g_autofree char *name = g_strdup_printf ("room%u", i);
      g_autofree char *answer = i <= 20 ? g_strdup_printf ("[%u] opened %s 1-1 said 0", i, name)
                                        : g_strdup ("[21] refused 0");

      tea_test_channel_receive (mei, in (i), make (TEA_ROOM_LISTED, name), NULL);
      settle (self);
      assert_sent (mei, answer);
    }
}

/* To whom a room does not concern it is as if it were not there. */
static void
test_who_comes_in (Fixture *self, gconstpointer data)
{
  static const struct
  {
    TeaRoomFlags flags;
    const char *address;
    const char *stranger;
    const char *guest;
  } vectors[] = {
    { TEA_ROOM_LISTED, "Kitchen", "opened Kitchen", "opened Kitchen" },
    { 0, "Kitchen", "opened Kitchen", "opened Kitchen" },
    { TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION, "Kitchen", "refused 14", "opened Kitchen" },
    { TEA_ROOM_BY_INVITATION, "Kitchen", "refused 2", "opened Kitchen" },
    { TEA_ROOM_BY_INVITATION | TEA_ROOM_LINK_SUFFICES, "Kitchen", "opened Kitchen",
      "opened Kitchen" },
    { TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION, HIDDEN, "refused 2", "opened " HIDDEN },
    { 0, HIDDEN, "refused 2", "opened " HIDDEN },
    { TEA_ROOM_LINK_SUFFICES, HIDDEN, "opened " HIDDEN, "opened " HIDDEN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaTestChannel) mei = NULL;
      g_autoptr (TeaTestChannel) stranger = NULL;
      g_autoptr (TeaTestChannel) guest = NULL;
      g_autofree char *to_stranger = NULL;
      g_autofree char *to_guest = NULL;

      g_test_message ("vector %zu", i);
      tear_down (self, NULL);
      set_up_members (self, NULL);
      mei = come_in (self, 1, "Mei");
      stranger = come_in (self, 2, "Stranger");
      guest = come_in (self, 3, "Guest");
      tea_test_channel_receive (mei, in (1), make (vectors[i].flags, vectors[i].address), NULL);
      settle (self);
      tea_test_channel_receive (mei, in (1), invite (1, guest), NULL);
      quieten (self, guest);
      forget_sent (stranger);

      tea_test_channel_receive (stranger, in (1), open_room (vectors[i].address), NULL);
      tea_test_channel_receive (guest, in (1), open_room (vectors[i].address), NULL);
      wait_unknown (self);
      to_stranger = tea_test_channel_take_sent (stranger);
      to_guest = tea_test_channel_take_sent (guest);
      g_test_message ("%s; %s", to_stranger, to_guest);
      g_assert_nonnull (strstr (to_stranger, vectors[i].stranger));
      g_assert_nonnull (strstr (to_guest, vectors[i].guest));
    }
}

/* A hidden room, and one that is not there, look the same. */
static void
test_hidden (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (GBytes) there = NULL;

  tea_test_channel_receive (mei, in (1), make (0, HIDDEN), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (noor);

  /* Also by the time that it takes. */
  tea_test_channel_receive (noor, in (1), open_room (HIDDEN), NULL);
  settle (self);
  g_assert_cmpuint (noor->sent->len, ==, 0);
  wait_unknown (self);
  g_assert_cmpuint (noor->sent->len, ==, 1);
  there = g_bytes_ref (noor->sent->pdata[0]);
  forget_sent (noor);
  tea_test_channel_receive (noor, in (1), open_room ("~bbbbbbbbbbbbbbbb"), NULL);
  settle (self);
  g_assert_cmpuint (noor->sent->len, ==, 0);
  wait_unknown (self);
  g_assert_cmpuint (noor->sent->len, ==, 1);
  g_assert_true (g_bytes_equal (there, noor->sent->pdata[0]));
  forget_sent (noor);

  tea_test_channel_receive (noor, tea_frame_encode_rooms (TEA_ROOMS_LISTED, ""),
                            tea_frame_encode_rooms (TEA_ROOMS_MINE, ""), in (2), make (0, HIDDEN),
                            NULL);
  wait_unknown (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (noor);

    g_assert_null (strstr (sent, "~a"));
    g_assert_nonnull (strstr (sent, "[2] refused 2"));
  }
}

static void
wait_for_answer (Fixture *self, TeaTestChannel *channel)
{
  gint64 end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  while (channel->sent->len == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      settle (self);
    }
  settle (self);
}

/* A room's password is guarded as that of the house is, also while the room sleeps. */
static void
test_password (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autofree char *sent = NULL;

  quieten (self, mei);
  forget_sent (noor);
  tea_test_channel_receive (mei, in (1),
                            tea_frame_encode_make (TEA_ROOM_LISTED, "Kitchen", "", "right"), NULL);
  wait_for_answer (self, mei);
  assert_sent (mei, "[1] opened Kitchen 1-1 said 0");

  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[1] refused 6");
  tea_test_channel_receive (noor, in (1), tea_frame_encode_open (0, 0, 0, 50, "Kitchen", "wrong"),
                            NULL);
  wait_for_answer (self, noor);
  assert_sent (noor, "[1] refused 7");
  tea_test_channel_receive (noor, in (1), tea_frame_encode_open (0, 0, 0, 50, "Kitchen", "wrong"),
                            NULL);
  settle (self);
  assert_sent (noor, "[1] refused 7");
  tea_test_channel_receive (noor, in (1), tea_frame_encode_open (0, 0, 0, 50, "Kitchen", "right"),
                            NULL);
  settle (self);
  assert_sent (noor, "[1] refused 8");

  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (noor);
  tea_test_channel_receive (noor, in (1), tea_frame_encode_open (0, 0, 0, 50, "Kitchen", "right"),
                            NULL);
  wait_for_answer (self, noor);
  sent = tea_test_channel_take_sent (noor);
  g_assert_nonnull (strstr (sent, "[1] opened Kitchen"));
}

static void
test_closing (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  quieten (self, mei);
  tea_test_channel_receive (mei, in (1), tea_frame_encode_close (TEA_CLOSE_ASKED, ""),
                            tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  settle (self);
  assert_sent (mei, "[1] close 0, [1] close 0");

  /* What is said in a channel that is not open is answered once a second at most. */
  for (guint i = 1; i <= 10; i++)
    tea_test_channel_receive (mei, in (1), say (i, "x"), tea_frame_encode_who (0), NULL);
  settle (self);
  assert_sent (mei, "[1] close 1, [1] close 1, [1] close 1");

  /* One is a member yet. */
  tea_test_channel_receive (mei, in (2), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (mei, "[2] opened Kitchen 1-1 said 0");
  tea_test_channel_receive (mei, in (2), tea_frame_encode_close (TEA_CLOSE_NOT_OPEN, ""), NULL);
  settle (self);
  assert_sent (mei, "");
  tea_test_channel_receive (mei, in (2), say (1, "x"), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (get_head (self), ==, 1);
}

/* Who leaves for good is out in all sessions, and has to be let in again. */
static void
test_leaving (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 2);

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Noor", ""), NULL);
  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  tea_test_channel_receive (phone, in (5), open_room ("Kitchen"), NULL);
  quieten (self, noor);
  quieten (self, mei);
  forget_sent (phone);

  tea_test_channel_receive (noor, in (1), tell (1, TEA_EVENT_LEFT, "", NULL), NULL);
  settle (self);
  assert_sent (mei, "[1] 3-Noor");
  assert_sent (noor, "[1] 3-Noor | [1] ack 1=3, [1] close 2");
  {
    g_autofree char *sent = tea_test_channel_take_sent (phone);

    g_assert_nonnull (strstr (sent, "[5] close 2"));
  }

  /* Nobody leaves the hall like that. */
  tea_test_channel_receive (mei, tell (1, TEA_EVENT_LEFT, "", NULL), NULL);
  settle (self);
  assert_sent (mei, "nack 1: 11");
}

/* It is the network of a session that is bad, and not of one of its rooms. */
static void
test_loss_in_another_room (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (noor, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  for (guint i = 0; i < 13; i++)
    {
      pass (self, 5 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
      tea_test_channel_receive (noor, tea_frame_encode_pong (0), NULL);
    }
  tea_test_channel_receive (noor, in (1), say (1, "tea"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), tea_frame_encode_pull (&(TeaRange){ 2, 2 }, 1), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (noor);

  for (guint i = 1; i <= 2; i++)
    {
      tea_test_channel_receive (mei, say (i, "hello"), NULL);
      settle (self);
    }
  assert_sent (noor, "3:Mei hello | 3:Mei hello, 4:Mei hello");
  pass (self, 20 * G_TIME_SPAN_MILLISECOND);
  assert_sent (noor, "3:Mei hello, 4:Mei hello, head 4");
}

/* A late OPEN brings nobody back; who wants to come again opens another channel. */
static void
test_late_open (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (9), open_room ("Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (9), tell (1, TEA_EVENT_LEFT, "", NULL), NULL);
  quieten (self, noor);
  quieten (self, mei);

  tea_test_channel_receive (noor, in (9), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[9] close 2");
  assert_sent (mei, "");

  tea_test_channel_receive (noor, in (10), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (mei, "[1] 4+Noor");
  tea_test_channel_receive (noor, in (10), tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  quieten (self, noor);
  tea_test_channel_receive (noor, in (10), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[10] close 0");
}

/* Who leaves while another of their programs is let in is out there, too; also when they are
 * invited again meanwhile. */
static void
test_leaving_meanwhile (Fixture *self, gconstpointer data)
{
  const TeaRoomFlags flags = TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION;
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 2);
  const char *key = tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (noor));
  g_autoptr (TeaRoom) room = NULL;

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Noor", ""), NULL);
  tea_test_channel_receive (mei, in (1), make (flags, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), invite (1, noor), NULL);
  settle (self);
  room = load_room (self, "kitchen");

  self->faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;
  for (guint16 i = 1; i < 40; i++)
    {
      g_autofree char *sent = NULL;
      const char *opened;
      const char *closed;

      tea_test_channel_receive (noor, in (i), open_room ("Kitchen"), NULL);
      pass (self, G_TIME_SPAN_SECOND);
      forget_sent (phone);
      tea_test_channel_receive (phone, in (i), open_room ("Kitchen"), NULL);
      pass (self, 3 * (i % 13) * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (noor, in (i), tell (i, TEA_EVENT_LEFT, "", NULL), NULL);
      pass (self, i % 7 * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (mei, in (1), invite (1 + i, noor), NULL);
      pass (self, G_TIME_SPAN_SECOND);

      sent = tea_test_channel_take_sent (phone);
      opened = g_strrstr (sent, "opened Kitchen");
      closed = g_strrstr (sent, "close 2");
      g_assert_true (opened == NULL || (closed != NULL && closed > opened)
                     || tea_members_get_role (tea_room_get_members (room), key)
                            != TEA_ROOM_ROLE_NONE);
      tea_test_channel_receive (phone, in (i), tell (i, TEA_EVENT_LEFT, "", NULL), NULL);
      pass (self, 10 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (phone, tea_frame_encode_ping (1), NULL);
      tea_test_channel_receive (noor, tea_frame_encode_ping (1), NULL);
      tea_test_channel_receive (mei, tea_frame_encode_ping (1), NULL);
    }
  self->faults.max_delay = 0;
}

/* A room is there for others once its owner is in it, however long the disk takes. */
static void
test_owner_is_first (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  self->faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;
  for (guint16 i = 1; i < 15; i++)
    {
      g_autofree char *address = g_strdup_printf ("Room%u", i);
      g_autofree char *folded = g_strdup_printf ("room%u", i);
      g_autoptr (TeaRoom) room = NULL;
      TeaEvent *first = NULL;

      tea_test_channel_receive (mei, in (i), make (TEA_ROOM_LISTED, address), NULL);
      for (guint16 j = 1; j < 60; j++)
        {
          pass (self, G_TIME_SPAN_MILLISECOND);
          tea_test_channel_receive (noor, in (60 * i + j), open_room (address), NULL);
        }
      pass (self, G_TIME_SPAN_SECOND);

      room = load_room (self, folded);
      first = tea_room_reader_peek (tea_room_get_reader (room), 1);
      g_assert_cmpstr (tea_event_get_author (first), ==, "Mei");
      tea_test_channel_receive (mei, tea_frame_encode_ping (1), NULL);
      pass (self, 10 * G_TIME_SPAN_SECOND);
    }
  self->faults.max_delay = 0;
}

/* Who has joined, and has left by another program before the disk could tell that they joined. */
static void
test_leaving_while_joining (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 2);

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Noor", ""), NULL);
  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  quieten (self, noor);
  quieten (self, phone);

  self->faults.unknown_stored = 1;
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  self->faults.unknown_stored = 0;
  tea_test_channel_receive (phone, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (phone, in (1), tell (1, TEA_EVENT_LEFT, "", NULL), NULL);
  settle (self);
  assert_sent (phone, "[1] opened Kitchen 1-2 said 0 | [1] 3-Noor | [1] ack 1=3, [1] close 2");
  assert_sent (noor, "");

  pass (self, 5 * G_TIME_SPAN_SECOND);
  {
    g_autofree char *sent = tea_test_channel_take_sent (noor);

    g_assert_nonnull (strstr (sent, "[1] refused 8"));
    g_assert_null (strstr (sent, "opened"));
  }
}

/* Who has a room open by its old name, too, and leaves, is out in both channels. */
static void
test_leaving_twofold (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), change (1, "Pantry", TEA_ROOM_LISTED), NULL);
  settle (self);

  for (guint i = 1; i <= 2; i++)
    {
      const guint16 channels[] = { (guint16) (2 * i - 1), (guint16) (2 * i) };
      g_autofree char *sent = NULL;

      g_test_message ("round %u", i);
      tea_test_channel_receive (noor, in (channels[0]), open_room ("Pantry"), in (channels[1]),
                                open_room ("Kitchen"), NULL);
      quieten (self, noor);
      tea_test_channel_receive (noor, in (channels[1]), tell (i, TEA_EVENT_LEFT, "", NULL), NULL);
      /* It may close the one channel before it knows that it is out. */
      if (i == 2)
        tea_test_channel_receive (noor, in (channels[1]),
                                  tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
      settle (self);
      sent = tea_test_channel_take_sent (noor);
      for (guint j = 0; j < (i == 1 ? 2 : 1); j++)
        {
          g_autofree char *closed = g_strdup_printf ("[%u] close 2", channels[j]);

          g_assert_nonnull (strstr (sent, closed));
        }

      tea_test_channel_receive (mei, in (1), say (i + 1, "alone"), NULL);
      settle (self);
      assert_sent (noor, "");
    }
}

/* What is not for everybody to do. */
static void
test_roles (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (noor);

  tea_test_channel_receive (noor, in (1), invite (1, mei), change (2, "Pantry", TEA_ROOM_LISTED),
                            tell (3, TEA_EVENT_ARCHIVED, "", tea_event_data_encode_switch (TRUE)),
                            tell (4, TEA_EVENT_JOINED, "", NULL), NULL);
  settle (self);
  assert_sent (noor, "[1] nack 1: 11, [1] nack 2: 11, [1] nack 3: 11, [1] nack 4: 11");
  tea_test_channel_receive (mei, in (1),
                            change (1, "Pantry", TEA_ROOM_LISTED | TEA_ROOM_MEMBERS_MAY_INVITE),
                            NULL);
  settle (self);
  assert_sent (mei, "[1] 3=Mei | [1] ack 1=3");
  tea_test_channel_receive (noor, in (1), invite (5, mei), NULL);
  settle (self);
  assert_sent (noor, "[1] 3=Mei | [1] 4>Noor | [1] ack 5=4");
}

/* A room that has another name is the same room. */
static void
test_renaming (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), in (2),
                            make (TEA_ROOM_LISTED, "Attic"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), change (1, "Attic", TEA_ROOM_LISTED),
                            change (2, "two words", TEA_ROOM_LISTED),
                            change (3, "Pantry", TEA_ROOM_LISTED), NULL);
  settle (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, "nack 1: 4"));
    g_assert_nonnull (strstr (sent, "nack 2: 3"));
    g_assert_nonnull (strstr (sent, "ack 3=2"));
  }

  quieten (self, noor);
  tea_test_channel_receive (noor, in (1), open_room ("Pantry"), NULL);
  settle (self);
  assert_sent (noor, "[1] opened Pantry 1-3 said 0");
  tea_test_channel_receive (noor, in (2), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[2] opened Pantry 1-3 said 0");

  /* What is hidden is in no list, whatever its owner says. */
  tea_test_channel_receive (mei, in (1), change (4, HIDDEN, TEA_ROOM_LISTED), NULL);
  settle (self);
  forget_sent (noor);
  tea_test_channel_receive (noor, tea_frame_encode_rooms (TEA_ROOMS_LISTED, ""), NULL);
  settle (self);
  assert_sent (noor, "rooms 1 after “” next “”: Attic");
}

static void
assert_retention (Fixture *self, const char *folded, guint n_days, guint n_events)
{
  g_autoptr (TeaRoom) room = load_room (self, folded);

  g_assert_nonnull (room);
  g_assert_cmpuint (tea_room_get_info (room)->retain_days, ==, n_days);
  g_assert_cmpuint (tea_room_get_info (room)->retain_events, ==, n_events);
}

/* Who renames a room says nothing of how long its events are kept. */
static void
test_retention (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), change_retention (1, "Kitchen", TEA_ROOM_LISTED, 30, 1000),
                            NULL);
  settle (self);
  assert_retention (self, "kitchen", 30, 1000);

  tea_test_channel_receive (mei, in (1), change (2, "Pantry", TEA_ROOM_LISTED), NULL);
  settle (self);
  assert_retention (self, "pantry", 30, 1000);

  tea_test_channel_receive (mei, in (1),
                            change_retention (3, "Pantry", 0, 7, TEA_RETAIN_EVENTS_UNCHANGED),
                            NULL);
  settle (self);
  assert_retention (self, "pantry", 7, 1000);

  tea_test_channel_receive (mei, in (1),
                            change_retention (4, "Pantry", 0, TEA_RETAIN_DAYS_UNCHANGED, 0), NULL);
  settle (self);
  assert_retention (self, "pantry", 7, 0);

  stop (self, TEA_BYE_RESTART);
  start (self);
  assert_retention (self, "pantry", 7, 0);
}

static void
test_archived (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1),
                            tell (1, TEA_EVENT_ARCHIVED, "", tea_event_data_encode_switch (TRUE)),
                            say (2, "too late"), NULL);
  settle (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, "ack 1=2"));
    g_assert_nonnull (strstr (sent, "nack 2: 15"));
  }

  /* Everybody may read it, and nobody joins. */
  quieten (self, noor);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[1] opened Kitchen 1-2 said 0");

  tea_test_channel_receive (mei, in (1),
                            tell (3, TEA_EVENT_ARCHIVED, "", tea_event_data_encode_switch (FALSE)),
                            say (4, "again"), NULL);
  settle (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, "ack 4=4"));
  }
}

/* Two keys have one conversation, found from either side, that begins with its first message. */
static void
test_pairs (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) third = come_in (self, 3, "Third");
  g_autoptr (TeaTestChannel) nobody = tea_test_channel_new (9);
  g_autofree char *to_noor = make_pair_address (noor);
  g_autofree char *to_mei = make_pair_address (mei);
  g_autofree char *to_nobody = make_pair_address (nobody);
  g_autofree char *opened = g_strdup_printf ("[1] opened %s 1-0 said 0", to_noor);
  g_autofree char *news = g_strdup_printf ("rooms 2 after “” next “”: %s", to_mei);
  g_autofree char *found = g_strdup_printf ("[4] opened %s 1-1 said 0", to_mei);

  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (noor);
  forget_sent (third);
  tea_test_channel_receive (mei, in (1), open_room (to_noor), in (2), open_room (to_nobody), in (3),
                            open_room (to_mei), NULL);
  wait_unknown (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, opened));
    g_assert_nonnull (strstr (sent, "[2] refused 2"));
    g_assert_nonnull (strstr (sent, "[3] refused 2"));
  }

  /* Looking at somebody leaves no trace. */
  tea_test_channel_receive (mei, tea_frame_encode_rooms (TEA_ROOMS_MINE, ""), NULL);
  settle (self);
  assert_sent (mei, "rooms 0 after “” next “”:");
  assert_sent (noor, "");

  tea_test_channel_receive (mei, in (1), say (1, "just us"), NULL);
  settle (self);
  assert_sent (mei, "[1] 1:Mei just us | [1] ack 1=1");
  assert_sent (noor, news);
  assert_sent (third, "");

  tea_test_channel_receive (noor, in (4), open_room (to_mei), NULL);
  settle (self);
  assert_sent (noor, found);

  /* It cannot be left, and nobody can be invited to it. */
  tea_test_channel_receive (noor, in (4), tell (1, TEA_EVENT_LEFT, "", NULL), invite (2, third),
                            NULL);
  settle (self);
  assert_sent (noor, "[4] nack 1: 11, [4] nack 2: 11");
}

/* A room that both belong to and that sleeps is as good as one that is awake. */
static void
test_pair_with_absent (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) olu = come_in (self, 3, "Olu");
  g_autofree char *to_noor = make_pair_address (noor);
  g_autofree char *opened = g_strdup_printf ("[2] opened %s 1-0 said 0", to_noor);

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  tea_test_channel_receive (noor, tea_frame_encode_leave (), NULL);
  for (guint i = 0; i < 10; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
      tea_test_channel_receive (olu, tea_frame_encode_pong (0), NULL);
      pass (self, 10 * G_TIME_SPAN_SECOND);
    }

  forget_sent (mei);
  forget_sent (olu);
  tea_test_channel_receive (mei, in (2), open_room (to_noor), NULL);
  tea_test_channel_receive (olu, in (2), open_room (to_noor), NULL);
  settle (self);
  assert_sent (mei, opened);
  wait_unknown (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (olu);

    g_assert_nonnull (strstr (sent, "[2] refused 2"));
  }
}

/* Where there are no private conversations, nobody gets into one, and is told why. */
static void
test_no_pairs (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = NULL;
  g_autoptr (TeaTestChannel) noor = NULL;
  g_autofree char *to_noor = NULL;

  tea_house_set_has_pairs (self->house, FALSE);
  mei = come_in (self, 1, "Mei");
  noor = come_in (self, 2, "Noor");
  to_noor = make_pair_address (noor);
  quieten (self, mei);
  tea_test_channel_receive (mei, in (1), open_room (to_noor), NULL);
  settle (self);
  assert_sent (mei, "[1] refused 0");
}

/* What is new in rooms that are not open is told until it is seen. */
static void
test_news (Fixture *self, gconstpointer data)
{
  static const gint64 moments[] = { 1, 3, 7, 15, 31, 63, 123, 183 };
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  gint64 begin;
  guint n_told = 0;

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_BY_INVITATION, "Kitchen"), NULL);
  settle (self);
  forget_sent (noor);
  tea_test_channel_receive (mei, in (1), invite (1, noor), NULL);
  settle (self);
  begin = tea_clock_get_time (self->clock);
  assert_sent (noor, "rooms 2 after “” next “”: Kitchen");

  for (gint64 second = 1; second <= moments[G_N_ELEMENTS (moments) - 1]; second++)
    {
      g_autofree char *sent = NULL;

      tea_test_channel_receive (noor, tea_frame_encode_pong (0), NULL);
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
      pass (self, begin + second * G_TIME_SPAN_SECOND - tea_clock_get_time (self->clock));
      sent = tea_test_channel_take_sent (noor);
      if (strstr (sent, "rooms") != NULL)
        g_assert_cmpint (moments[n_told++], ==, second);
    }
  g_assert_cmpuint (n_told, ==, G_N_ELEMENTS (moments));

  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  quieten (self, noor);

  /* A member hears of what is said, unless they do not want to. */
  tea_test_channel_receive (mei, in (1), say (2, "tea?"), NULL);
  settle (self);
  assert_sent (noor, "rooms 2 after “” next “”: Kitchen");
  tea_test_channel_receive (noor, tea_frame_encode_close (TEA_CLOSE_NOT_INTERESTED, "Kitchen"),
                            NULL);
  tea_test_channel_receive (mei, in (1), say (3, "no?"), NULL);
  pass (self, 4 * G_TIME_SPAN_SECOND);
  {
    g_autofree char *sent = tea_test_channel_take_sent (noor);

    g_assert_null (strstr (sent, "rooms"));
  }
}

static void
test_positions (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) desk = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 2);
  g_autoptr (TeaTestChannel) again = NULL;

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Noor", ""),
                            open_hall (50), NULL);
  settle (self);
  for (guint i = 1; i <= 5; i++)
    tea_test_channel_receive (mei, say (i, "x"), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (desk);
  forget_sent (phone);

  /* Only one's own other sessions are told, and it never goes back. */
  tea_test_channel_receive (desk, tea_frame_encode_read (5, 0), NULL);
  settle (self);
  tea_test_channel_receive (desk, tea_frame_encode_read (3, 0), NULL);
  settle (self);
  assert_sent (phone, "read 5 unread 2");
  assert_sent (desk, "");
  assert_sent (mei, "");

  /* Nobody has read what is not there, and what one says oneself is read. */
  tea_test_channel_receive (desk, tea_frame_encode_read (G_MAXUINT64 / 2, 0), NULL);
  settle (self);
  assert_sent (phone, "read 7 unread 0");
  tea_test_channel_receive (desk, say (1, "mine"), NULL);
  settle (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (phone);

    g_assert_nonnull (strstr (sent, "read 8 unread 0"));
  }

  /* It is kept: within half a minute, and when the house is closed. */
  stop (self, TEA_BYE_RESTART);
  start (self);
  again = connect_person (self, 2);
  tea_test_channel_receive (again, hello (), enter_with ("Noor", ""), open_hall (1), NULL);
  settle (self);
  for (guint i = 0; i < again->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (again->sent->pdata[i]);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        if (frame.type == TEA_FRAME_OPENED)
          {
            g_assert_cmpuint (frame.opened.read, ==, 8);
            g_assert_cmpuint (frame.opened.unread, ==, 0);
          }
    }
}

static void
test_typing (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) phone = connect_person (self, 1);
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);

  tea_test_channel_receive (phone, hello (), tea_frame_encode_enter (STREAM + 1, "Mei", ""),
                            open_hall (0), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  forget_sent (noor);
  forget_sent (phone);

  tea_test_channel_receive (mei, tea_frame_encode_typing (""), tea_frame_encode_typing (""), NULL);
  settle (self);
  assert_sent (noor, "typing Mei");
  assert_sent (mei, "");
  assert_sent (phone, "");

  /* Not among many. */
  for (guint i = 0; i < 48; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      g_ptr_array_add (crowd, come_in (self, (guint8) (10 + i), name));
    }
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (noor);
  tea_test_channel_receive (mei, tea_frame_encode_typing (""), NULL);
  settle (self);
  assert_sent (noor, "");
}

/* Somebody who opens one room, and not the hall. */
static TeaTestChannel *
come_past_hall (Fixture *self, guint8 person, const char *name, const char *room)
{
  TeaTestChannel *channel = connect_person (self, person);

  tea_test_channel_receive (channel, hello (), enter_with (name, ""), in (1), open_room (room),
                            NULL);
  settle (self);

  return channel;
}

/* Whoever has other rooms open, but not the hall, gets the sum of their heads all the same. */
static void
test_heartbeat_without_hall (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = NULL;

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  noor = come_past_hall (self, 2, "Noor", "Kitchen");
  tea_test_channel_receive (mei, tea_frame_encode_leave (), NULL);
  settle (self);
  tea_packet_channel_close (TEA_PACKET_CHANNEL (mei));
  for (guint i = 0; i < 4; i++)
    {
      pass (self, 5 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (noor, tea_frame_encode_pong (0), NULL);
    }
  forget_sent (noor);
  pass (self, 5 * G_TIME_SPAN_SECOND);
  assert_sent (noor, "total 2");
}

/* One heartbeat, however many rooms are open. */
static void
test_heartbeat (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), in (2),
                            make (TEA_ROOM_LISTED, "Attic"), NULL);
  for (guint i = 0; i < 5; i++)
    {
      pass (self, 5 * G_TIME_SPAN_SECOND);
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
    }
  forget_sent (mei);
  pass (self, 5 * G_TIME_SPAN_SECOND);
  assert_sent (mei, "head 1, total 3");

  tea_test_channel_receive (mei, tea_frame_encode_heads (), NULL);
  settle (self);
  {
    g_autofree char *sent = tea_test_channel_take_sent (mei);

    g_assert_nonnull (strstr (sent, "[1] head 1"));
    g_assert_nonnull (strstr (sent, "[2] head 1"));
  }

  tea_test_channel_receive (mei, in (1), tea_frame_encode_close (TEA_CLOSE_ASKED, ""), in (2),
                            tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  pass (self, G_TIME_SPAN_SECOND);
  tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
  forget_sent (mei);
  pass (self, 5 * G_TIME_SPAN_SECOND);
  assert_sent (mei, "head 1");
}

static void
test_listing (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *after = g_strdup ("");
  guint n_pages = 0;

  for (guint16 i = 1; i <= 20; i++)
    {
      g_autofree char *name
          = g_strdup_printf ("a-room-with-quite-a-long-name-%u", 10 + (i * 7) % 20);

      tea_test_channel_receive (mei, in (i), make (TEA_ROOM_LISTED, name), NULL);
      settle (self);
    }
  for (guint16 i = 1; i <= 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("b-room-with-a-long-name-%u", i);

      tea_test_channel_receive (noor, in (i), make (TEA_ROOM_LISTED, name), NULL);
      settle (self);
    }

  do
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (NULL);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      forget_sent (noor);
      tea_test_channel_receive (noor, tea_frame_encode_rooms (TEA_ROOMS_LISTED, after), NULL);
      settle (self);
      g_assert_cmpuint (noor->sent->len, ==, 1);
      reader.packet = noor->sent->pdata[0];
      g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
      g_assert_cmpint (frame.type, ==, TEA_FRAME_ROOM_LIST);
      for (guint i = 0; i < frame.room_list.n_rooms; i++)
        {
          const TeaListedRoom *room = &frame.room_list.rooms[i];
          gboolean is_own = g_str_has_prefix (room->address, "b-");

          g_assert_true (g_hash_table_add (found, g_strdup (room->address)));
          g_assert_cmpint (room->role, ==, is_own ? TEA_ROOM_ROLE_OWNER : TEA_ROOM_ROLE_NONE);
          g_assert_cmpuint (room->head, ==, is_own ? 1 : 0);
          g_assert_cmpuint (room->n_members, ==, 1);
        }
      g_free (after);
      after = g_strdup (frame.room_list.next);
      n_pages++;
    }
  while (*after != '\0');

  g_assert_cmpuint (g_hash_table_size (found), ==, 28);
  g_assert_cmpuint (n_pages, >, 1);
}

/* Nothing is kept in memory, or timed, of a room that nobody has open. */
static void
test_sleeping (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  gpointer room = NULL;

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  {
    g_autoptr (TeaRoom) loaded = load_room (self, "kitchen");

    room = loaded;
    g_object_add_weak_pointer (room, &room);
  }

  for (guint i = 0; i < 30; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
      pass (self, 5 * G_TIME_SPAN_SECOND);
    }
  g_assert_nonnull (room);

  tea_test_channel_receive (mei, in (1), tea_frame_encode_close (TEA_CLOSE_ASKED, ""), NULL);
  for (guint i = 0; i < 11; i++)
    {
      tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
      pass (self, 5 * G_TIME_SPAN_SECOND);
    }
  g_assert_nonnull (room);
  tea_test_channel_receive (mei, tea_frame_encode_pong (0), NULL);
  pass (self, 6 * G_TIME_SPAN_SECOND);
  g_assert_null (room);

  /* It is as it was when it is opened again. */
  forget_sent (mei);
  tea_test_channel_receive (mei, in (2), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (mei, "[2] opened Kitchen 1-1 said 0");
}

/* What one may do is one's own in all rooms together. */
static void
test_quota (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  guint n_stored = 0;
  guint n_held = 0;

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), in (2),
                            make (TEA_ROOM_LISTED, "Attic"), NULL);
  settle (self);
  forget_sent (mei);
  for (guint i = 1; i <= 150; i++)
    {
      tea_test_channel_receive (mei, in (1), say (i, "x"), in (2), say (i, "x"), NULL);
      settle (self);
    }
  for (guint i = 0; i < mei->sent->len; i++)
    {
      TeaFrameReader reader = TEA_FRAME_READER_INIT (mei->sent->pdata[i]);
      g_auto (TeaFrame) frame = TEA_FRAME_INIT;

      while (tea_frame_reader_next (&reader, &frame, NULL))
        {
          n_stored += frame.type == TEA_FRAME_ACK;
          n_held += frame.type == TEA_FRAME_HOLD;
        }
    }
  g_assert_cmpuint (n_stored, ==, 200);
  g_assert_cmpuint (n_held, ==, 2);

  /* What is held is said when there is enough again, and others have their own. */
  forget_sent (mei);
  pass (self, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (mei->sent->len, >, 0);
  tea_test_channel_receive (noor, say (1, "x"), NULL);
  settle (self);
  g_assert_cmpuint (get_head (self), ==, 3);
}

/* Who sees only what came after they joined gets nothing from before, by whatever way. */
static void
test_history_from_joining (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  const TeaRange all = { 1, 100 };

  tea_test_channel_receive (mei, in (1),
                            make (TEA_ROOM_LISTED | TEA_ROOM_HISTORY_FROM_JOINING, "Kitchen"),
                            NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), say (1, "secret"), say (2, "secret"), NULL);
  quieten (self, noor);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  assert_sent (noor, "[1] opened Kitchen 4-4 said 0");
  tea_test_channel_receive (noor, in (1), tea_frame_encode_pull (&all, 1), NULL);
  settle (self);
  assert_sent (noor, "[1] empty 1-3, [1] 4+Noor");
  tea_test_channel_receive (noor, in (1), tea_frame_encode_pull_pieces (2, 1), NULL);
  tea_test_channel_receive (mei, in (1), say (3, "for all"), NULL);
  pass (self, 200 * G_TIME_SPAN_MILLISECOND);
  {
    g_autofree char *sent = tea_test_channel_take_sent (noor);

    g_assert_nonnull (strstr (sent, "for all"));
    g_assert_nonnull (strstr (sent, "head 5"));
    g_assert_null (strstr (sent, "secret"));
  }
}

static void
test_members (Fixture *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) mei = come_in (self, 1, "Mei");
  g_autoptr (TeaTestChannel) noor = come_in (self, 2, "Noor");
  g_autoptr (TeaTestChannel) guest = come_in (self, 3, "Guest");

  tea_test_channel_receive (mei, in (1), make (TEA_ROOM_LISTED, "Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (noor, in (1), open_room ("Kitchen"), NULL);
  settle (self);
  tea_test_channel_receive (mei, in (1), invite (1, guest), NULL);
  tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (noor));
  pass (self, 2 * G_TIME_SPAN_SECOND);

  /* Here or not; but nobody who is only invited. */
  forget_sent (mei);
  tea_test_channel_receive (mei, in (1), tea_frame_encode_who (0), NULL);
  settle (self);
  assert_sent (mei, "[1] present 3 next 0: Mei Noor");

  /* It is the same after a restart, whether it was saved or not. */
  stop (self, TEA_BYE_RESTART);
  start (self);
  g_clear_object (&mei);
  mei = come_in (self, 1, "Mei");
  tea_test_channel_receive (mei, in (1), open_room ("Kitchen"), NULL);
  pass (self, 2 * G_TIME_SPAN_SECOND);
  forget_sent (mei);
  tea_test_channel_receive (mei, in (1), tea_frame_encode_who (0), NULL);
  settle (self);
  assert_sent (mei, "[1] present 3 next 0: Mei Noor");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "waiting", test_waiting },
    { "making", test_making },
    { "makers", test_makers },
    { "operators", test_operators },
    { "joining-often", test_joining_often },
    { "many-rooms", test_many_rooms },
    { "who-comes-in", test_who_comes_in },
    { "hidden", test_hidden },
    { "password", test_password },
    { "closing", test_closing },
    { "leaving", test_leaving },
    { "loss-in-another-room", test_loss_in_another_room },
    { "late-open", test_late_open },
    { "leaving-meanwhile", test_leaving_meanwhile },
    { "owner-is-first", test_owner_is_first },
    { "leaving-while-joining", test_leaving_while_joining },
    { "leaving-twofold", test_leaving_twofold },
    { "roles", test_roles },
    { "renaming", test_renaming },
    { "retention", test_retention },
    { "archived", test_archived },
    { "pairs", test_pairs },
    { "pair-with-absent", test_pair_with_absent },
    { "no-pairs", test_no_pairs },
    { "news", test_news },
    { "positions", test_positions },
    { "typing", test_typing },
    { "heartbeat", test_heartbeat },
    { "heartbeat-without-hall", test_heartbeat_without_hall },
    { "listing", test_listing },
    { "sleeping", test_sleeping },
    { "quota", test_quota },
    { "history-from-joining", test_history_from_joining },
    { "members", test_members },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/rooms/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up_members, tests[i].test, tear_down);
    }

  return g_test_run ();
}
