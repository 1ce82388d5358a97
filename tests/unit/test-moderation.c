/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "secure-fixture.h"

#include "tea-door.h"
#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"

#define MINUTE G_TIME_SPAN_MINUTE
#define MEI 1
#define NOOR 2
#define KAI 3
#define BOSS 9

/* A kitchen of Mei's, where Noor and Kai are members, and the operator of the house. */
typedef struct
{
  Fixture base;
  TeaTestChannel *mei;
  TeaTestChannel *noor;
  TeaTestChannel *kai;
  guint32 numbers[256]; /* the latest that was told, by person */
} Kitchen;

static char *
make_key (guint8 person)
{
  guint8 digest[TEA_FINGERPRINT_SIZE] = { person };

  return tea_fingerprint_from_bytes (digest);
}

static GBytes *
open_kitchen (void)
{
  return tea_frame_encode_open (0, 0, 0, 50, "Kitchen", "");
}

static gint64
get_now (Kitchen *self)
{
  return tea_clock_get_real_time (self->base.clock);
}

static void
assert_has (TeaTestChannel *channel, const char *wanted)
{
  g_autofree char *sent = tea_test_channel_take_sent (channel);

  if (strstr (sent, wanted) == NULL)
    g_error ("“%s” is not in “%s”", wanted, sent);
}

static void
assert_lacks (TeaTestChannel *channel, const char *unwanted)
{
  g_autofree char *sent = tea_test_channel_take_sent (channel);

  if (strstr (sent, unwanted) != NULL)
    g_error ("“%s” is in “%s”", unwanted, sent);
}

static void
quieten (Kitchen *self)
{
  pass (&self->base, 2 * G_TIME_SPAN_SECOND);
  forget_sent (self->mei);
  forget_sent (self->noor);
  forget_sent (self->kai);
}

/* The latest number that the log of a room has. */
static guint64
get_latest (Kitchen *self, TeaTestChannel *channel)
{
  g_autofree char *sent = NULL;
  const char *head = NULL;

  tea_test_channel_receive (channel, tea_frame_encode_heads (), NULL);
  settle (&self->base);
  sent = tea_test_channel_take_sent (channel);
  head = strstr (sent, "[1] head ");
  g_assert_nonnull (head);

  return g_ascii_strtoull (head + strlen ("[1] head "), NULL, 10);
}

static guint8
get_person (TeaTestChannel *channel)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_assert_true (
      tea_fingerprint_to_bytes (tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (channel)),
                                digest));

  return digest[0];
}

/* Somebody does something in the kitchen, and hears @answer: "ack" or the code of a refusal. */
static void
try_in (Kitchen *self,
        guint16 in,
        TeaTestChannel *channel,
        TeaEventKind kind,
        guint64 target,
        const char *text,
        GBytes *data,
        const char *answer)
{
  guint32 number = ++self->numbers[get_person (channel)];
  g_autoptr (GBytes) owned = data != NULL ? data : g_bytes_new (NULL, 0);
  g_autofree char *wanted = NULL;

  tea_test_channel_receive (channel, tea_frame_encode_in (in),
                            tea_frame_encode_tell (number, number, (guint8) kind, target, text,
                                                   owned),
                            NULL);
  settle (&self->base);
  wanted = g_str_equal (answer, "ack") ? g_strdup_printf ("ack %u=", number)
                                       : g_strdup_printf ("nack %u: %s", number, answer);
  assert_has (channel, wanted);
}

#define try(self, channel, kind, target, text, data, answer) \
  try_in (self, 1, channel, kind, target, text, data, answer)

static GBytes *
sent_out (guint8 person, gint64 until, guint64 erase)
{
  g_autofree char *key = make_key (person);
  const TeaSentOut data = { key, (char *) "", until, erase, FALSE };

  return tea_event_data_encode_sent_out (&data);
}

static GBytes *
sent_out_with_network (guint8 person, gint64 until)
{
  g_autofree char *key = make_key (person);
  const TeaSentOut data = { key, (char *) "", until, 0, TRUE };

  return tea_event_data_encode_sent_out (&data);
}

static GBytes *
muted (guint8 person, gint64 until)
{
  g_autofree char *key = make_key (person);

  return tea_event_data_encode_muted (key, "", until);
}

static GBytes *
role (guint8 person, TeaRoomRole wanted)
{
  g_autofree char *key = make_key (person);

  return tea_event_data_encode_role (key, wanted);
}

static GBytes *
set (gboolean is_set)
{
  return tea_event_data_encode_switch (is_set);
}

static GBytes *
reacted (gboolean is_set)
{
  return tea_event_data_encode_reacted (is_set, 0, NULL);
}

static GBytes *
settings (TeaRoomFlags flags, guint32 slow_mode)
{
  const TeaRoomSettings data = { .address = (char *) "Kitchen",
                                 .title = (char *) "",
                                 .flags = flags,
                                 .retain_days = TEA_RETAIN_DAYS_UNCHANGED,
                                 .retain_events = TEA_RETAIN_EVENTS_UNCHANGED,
                                 .slow_mode = slow_mode };

  return tea_event_data_encode_settings (&data);
}

static guint64
say_in_kitchen (Kitchen *self, TeaTestChannel *channel, const char *text)
{
  try (self, channel, TEA_EVENT_MESSAGE, 0, text, NULL, "ack");

  return get_latest (self, channel);
}

static TeaTestChannel *
enter_kitchen (Kitchen *self, guint8 person, const char *name)
{
  TeaTestChannel *channel = come_in (&self->base, person, name);

  tea_test_channel_receive (channel, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (channel, "[1] opened Kitchen");

  return channel;
}

/* Another device of somebody, with a stream of its own. */
static TeaTestChannel *
connect_device (Kitchen *self, guint8 person, const char *name)
{
  TeaTestChannel *channel = connect_person (&self->base, person);

  tea_test_channel_receive (channel, hello (), tea_frame_encode_enter (STREAM + 1, name, ""), NULL);
  settle (&self->base);

  return channel;
}

static void
set_up_kitchen (Kitchen *self, gconstpointer data)
{
  set_up (&self->base, data);
  stop (&self->base, TEA_BYE_RESTART);
  self->base.makers = TEA_ROOM_MAKERS_MEMBERS;
  self->base.operator= make_key (BOSS);
  start (&self->base);

  self->mei = come_in (&self->base, MEI, "Mei");
  tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                            tea_frame_encode_make (TEA_ROOM_LISTED, "Kitchen", "", ""), NULL);
  settle (&self->base);
  self->noor = enter_kitchen (self, NOOR, "Noor");
  self->kai = enter_kitchen (self, KAI, "Kai");
  quieten (self);
}

static void
tear_down_kitchen (Kitchen *self, gconstpointer data)
{
  tear_down (&self->base, data);
  g_clear_object (&self->mei);
  g_clear_object (&self->noor);
  g_clear_object (&self->kai);
}

/* The server is started again, and all three come back. */
static void
restart (Kitchen *self)
{
  quieten (self);
  stop (&self->base, TEA_BYE_RESTART);
  start (&self->base);
  g_clear_object (&self->mei);
  g_clear_object (&self->noor);
  g_clear_object (&self->kai);
  self->mei = enter_kitchen (self, MEI, "Mei");
  self->noor = enter_kitchen (self, NOOR, "Noor");
  self->kai = enter_kitchen (self, KAI, "Kai");
  quieten (self);
}

/* Who may change a message, and how. */
static void
test_changes (Kitchen *self, gconstpointer data)
{
  guint64 mine = say_in_kitchen (self, self->noor, "tea?");
  guint64 other = say_in_kitchen (self, self->kai, "coffee");

  quieten (self);
  try (self, self->noor, TEA_EVENT_EDITED, mine, "tea!", NULL, "ack");
  assert_has (self->kai, "6~Noor to 4 tea!");
  try (self, self->kai, TEA_EVENT_EDITED, mine, "no tea", NULL, "11");
  try (self, self->mei, TEA_EVENT_EDITED, mine, "no tea", NULL, "11");
  try (self, self->noor, TEA_EVENT_EDITED, 999, "tea", NULL, "13");
  try (self, self->noor, TEA_EVENT_EDITED, 1, "tea", NULL, "13");
  try (self, self->noor, TEA_EVENT_REACTED, 6, "🍵", reacted (TRUE), "13");
  try (self, self->noor, TEA_EVENT_REACTED, other, "🍵", reacted (TRUE), "ack");
  try (self, self->noor, TEA_EVENT_REACTED, other, "tea", reacted (TRUE), "10");
  try (self, self->noor, TEA_EVENT_REACTED, other, "🍵🍵", reacted (TRUE), "10");
  try (self, self->noor, TEA_EVENT_REMOVED, other, "", NULL, "11");
  try (self, self->noor, TEA_EVENT_MESSAGE, other, "A reply", NULL, "ack");

  try (self, self->noor, TEA_EVENT_REMOVED, mine, "", NULL, "ack");
  try (self, self->noor, TEA_EVENT_EDITED, mine, "tea", NULL, "13");
  try (self, self->noor, TEA_EVENT_REACTED, mine, "🍵", reacted (TRUE), "13");
  try (self, self->noor, TEA_EVENT_REMOVED, mine, "", NULL, "13");
  try (self, self->mei, TEA_EVENT_PINNED, mine, "", set (TRUE), "13");
}

static void
set_edit_hours (Kitchen *self, guint n_hours)
{
  tea_policy_set_edit_hours (tea_house_get_policy (self->base.house), n_hours);
}

static void
test_edit_hours (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->noor, "tea?");
  g_autoptr (TeaTestChannel) late = NULL;

  set_edit_hours (self, 1);
  for (guint i = 0; i < 7; i++)
    {
      pass (&self->base, 10 * MINUTE - G_TIME_SPAN_SECOND);
      g_clear_object (&self->noor);
      self->noor = enter_kitchen (self, NOOR, "Noor");
      try (self, self->noor, TEA_EVENT_EDITED, seq, "tea!", NULL, i < 6 ? "ack" : "11");
    }

  set_edit_hours (self, 0);
  try (self, self->noor, TEA_EVENT_EDITED, seq, "tea!", NULL, "ack");
  set_edit_hours (self, 1);
  try (self, self->noor, TEA_EVENT_REMOVED, seq, "", NULL, "ack");

  late = come_in (&self->base, 4, "Lin");
  assert_lacks (late, "limits");
  g_clear_object (&late);
  late = connect_person (&self->base, 5);
  tea_test_channel_receive (late, hello (), enter_with ("Ada", ""), NULL);
  settle (&self->base);
  assert_has (late, "entered Ada, limits 1");
}

/* Of one message one change is under way at a time: each begins with what the one before made. */
static void
test_changes_at_once (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->noor, "tea?");
  const TeaRange range = { seq, seq };
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) on = reacted (TRUE);

  self->base.faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_tell (2, 2, TEA_EVENT_EDITED, seq, "tea!", none),
                            NULL);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1),
                            tea_frame_encode_tell (1, 1, TEA_EVENT_REACTED, seq, "🍵", on), NULL);
  tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                            tea_frame_encode_tell (1, 1, TEA_EVENT_REACTED, seq, "☕", on), NULL);
  pass (&self->base, G_TIME_SPAN_SECOND);
  quieten (self);

  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  pass (&self->base, G_TIME_SPAN_SECOND);
  assert_has (self->kai, "4:Noor as of 7 tea!");
  {
    g_autoptr (TeaEvent) event = tea_event_ref (
        tea_room_reader_peek (tea_room_get_reader (tea_house_get_hall (self->base.house)), 1));

    g_assert_nonnull (event);
  }
}

/* Below where a client begins, it is told messages as they are now, and no changes. */
static void
test_history (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->noor, "tea?");
  const TeaRange range = { seq, seq + 9 };
  g_autoptr (TeaTestChannel) lin = come_in (&self->base, 4, "Lin");

  try (self, self->noor, TEA_EVENT_EDITED, seq, "tea!", NULL, "ack");
  try (self, self->kai, TEA_EVENT_REACTED, seq, "🍵", reacted (TRUE), "ack");
  try (self, self->kai, TEA_EVENT_REACTED, seq, "🍵", reacted (FALSE), "ack");
  say_in_kitchen (self, self->mei, "Good.");

  tea_test_channel_receive (lin, tea_frame_encode_in (1),
                            tea_frame_encode_open (0, 0, 0, 1, "Kitchen", ""), NULL);
  pass (&self->base, 2 * G_TIME_SPAN_SECOND);
  forget_sent (lin);
  tea_test_channel_receive (lin, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1), NULL);
  settle (&self->base);
  assert_has (lin, "[1] 4:Noor as of 7 tea!, [1] empty 5-7, [1] 8:Mei Good., [1] 9+Lin");

  /* Who was there before gets the changes, but not what has replaced an edit. */
  quieten (self);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  settle (&self->base);
  assert_has (self->kai, "5~Noor to 4 tea!");
  try (self, self->noor, TEA_EVENT_REMOVED, seq, "", NULL, "ack");
  quieten (self);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  settle (&self->base);
  assert_lacks (self->kai, "tea");
}

/* A change is told of before it is known whether the log has it: pages have it from then on. */
static void
test_doubtful_change (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->noor, "tea");
  guint32 number = ++self->numbers[MEI];
  g_autofree char *wanted
      = g_strdup_printf ("[1] %" G_GUINT64_FORMAT ":Noor as of %" G_GUINT64_FORMAT " tea", seq,
                         seq + 1);
  g_autoptr (GBytes) set_one = reacted (TRUE);

  quieten (self);
  self->base.faults.unknown_stored = 1;
  tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                            tea_frame_encode_tell (number, number, TEA_EVENT_REACTED, seq, "🍵",
                                                   set_one),
                            NULL);
  settle (&self->base);
  assert_lacks (self->mei, "ack");
  assert_has (self->kai, "🍵");
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1),
                            tea_frame_encode_pull (&(TeaRange){ seq, seq }, 1), NULL);
  settle (&self->base);
  assert_has (self->kai, wanted);
}

/* What was taken back is not told any more, not even to whom it may have got lost. */
static void
test_old_texts (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->noor, "first");
  const TeaRange range = { seq, seq };

  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  try (self, self->noor, TEA_EVENT_EDITED, seq, "second", NULL, "ack");
  forget_sent (self->kai);
  try (self, self->noor, TEA_EVENT_EDITED, seq, "third", NULL, "ack");
  assert_has (self->kai, "[1] 4:Noor as of 6 third, [1] empty 5-5, [1] 6~Noor to 4 third");
  try (self, self->noor, TEA_EVENT_REMOVED, seq, "", NULL, "ack");
  forget_sent (self->kai);
  try (self, self->mei, TEA_EVENT_MESSAGE, 0, "tea", NULL, "ack");
  assert_has (self->kai, "[1] empty 6-6, [1] 7!Noor to 4, [1] 8:Mei tea");
}

/* A moderator acts on members, and on nobody else. */
static void
test_roles (Kitchen *self, gconstpointer data)
{
  guint64 of_owner = 0;
  guint64 of_member = 0;

  try (self, self->noor, TEA_EVENT_ROLE, 0, "Noor", role (NOOR, TEA_ROOM_ROLE_OWNER), "11");
  try (self, self->noor, TEA_EVENT_TOPIC, 0, "Tea", NULL, "11");
  try (self, self->noor, TEA_EVENT_MUTED, 0, "", muted (KAI, 0), "11");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "11");

  try (self, self->mei, TEA_EVENT_ROLE, 0, "Noor", role (NOOR, TEA_ROOM_ROLE_MODERATOR), "ack");
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Lin", role (4, TEA_ROOM_ROLE_MODERATOR), "0");
  of_owner = say_in_kitchen (self, self->mei, "Welcome");
  of_member = say_in_kitchen (self, self->kai, "Hm");
  try (self, self->noor, TEA_EVENT_TOPIC, 0, "Tea", NULL, "ack");
  try (self, self->noor, TEA_EVENT_ROLE, 0, "Kai", role (KAI, TEA_ROOM_ROLE_MODERATOR), "11");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (MEI, 0, 0), "11");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (NOOR, 0, 0), "11");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (BOSS, 0, 0), "11");
  try (self, self->noor, TEA_EVENT_MUTED, 0, "", muted (MEI, TEA_EVENT_MAX_TIME), "11");
  try (self, self->noor, TEA_EVENT_REMOVED, of_owner, "", NULL, "11");
  try (self, self->noor, TEA_EVENT_REMOVED, of_member, "", NULL, "ack");
  try (self, self->noor, TEA_EVENT_PINNED, of_owner, "", set (TRUE), "ack");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out_with_network (KAI, 0), "11");

  /* Nor on other moderators. */
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Kai", role (KAI, TEA_ROOM_ROLE_MODERATOR), "ack");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "11");
  restart (self);
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "11");
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Kai", role (KAI, TEA_ROOM_ROLE_MEMBER), "ack");
  try (self, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "ack");

  /* Who is an operator is nobody's to say. */
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Boss", role (BOSS, TEA_ROOM_ROLE_MEMBER), "11");
}

/* When the last owner is none any more, the moderator who has been there longest is. */
static void
test_last_owner (Kitchen *self, gconstpointer data)
{
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Kai", role (KAI, TEA_ROOM_ROLE_MODERATOR), "ack");
  try (self, self->mei, TEA_EVENT_ROLE, 0, "Mei", role (MEI, TEA_ROOM_ROLE_MEMBER), "ack");
  try (self, self->mei, TEA_EVENT_TOPIC, 0, "Tea", NULL, "11");
  try (self, self->kai, TEA_EVENT_ROLE, 0, "Noor", role (NOOR, TEA_ROOM_ROLE_OWNER), "ack");
}

/* In the hall roles are kept, too. */
static void
test_hall_roles (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) boss = come_in (&self->base, BOSS, "Boss");

  try_in (self, 0, self->noor, TEA_EVENT_TOPIC, 0, "Tea", NULL, "11");
  try_in (self, 0, boss, TEA_EVENT_ROLE, 0, "Noor", role (NOOR, TEA_ROOM_ROLE_MODERATOR), "ack");
  restart (self);
  self->numbers[NOOR] = 0;
  try_in (self, 0, self->noor, TEA_EVENT_TOPIC, 0, "Tea", NULL, "ack");
  try_in (self, 0, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (BOSS, 0, 0), "11");
  try_in (self, 0, self->noor, TEA_EVENT_MUTED, 0, "", muted (KAI, TEA_EVENT_MAX_TIME), "ack");
  try_in (self, 0, self->kai, TEA_EVENT_MESSAGE, 0, "Hm", NULL, "11");
}

/* Who is sent out of a room is out by every device, and comes back when it is time. */
static void
test_sent_out (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) phone = connect_device (self, KAI, "Kai");

  tea_test_channel_receive (phone, tea_frame_encode_in (5), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (phone, "[5] opened Kitchen");

  try (self, self->mei, TEA_EVENT_SENT_OUT, 0, "Rude",
       sent_out (KAI, get_now (self) + 5 * MINUTE, 0), "ack");
  assert_has (self->kai, "[1] close 2");
  assert_has (phone, "[5] close 2");
  assert_has (self->noor, "4xMei Rude");

  tea_test_channel_receive (phone, tea_frame_encode_in (6), open_kitchen (), NULL);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (2), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (phone, "[6] refused 12");
  assert_has (self->kai, "[2] refused 12");
  try (self, self->mei, TEA_EVENT_INVITED, 0, "Kai",
       tea_event_data_encode_key (tea_packet_channel_get_peer_key (TEA_PACKET_CHANNEL (phone))),
       "11");

  pass (&self->base, 5 * MINUTE);
  g_clear_object (&self->kai);
  self->kai = enter_kitchen (self, KAI, "Kai");
}

/* For good; unless somebody thinks better of it. */
static void
test_banned (Kitchen *self, gconstpointer data)
{
  try (self, self->mei, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, TEA_EVENT_MAX_TIME, 0), "ack");
  quieten (self);
  stop (&self->base, TEA_BYE_RESTART);
  start (&self->base);
  g_clear_object (&self->kai);
  g_clear_object (&self->mei);
  self->kai = come_in (&self->base, KAI, "Kai");
  self->mei = enter_kitchen (self, MEI, "Mei");
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (self->kai, "[1] refused 0");

  /* And nobody hears that they tried. */
  g_assert_cmpuint (get_latest (self, self->mei), ==, 4);

  try (self, self->mei, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "ack");
  tea_test_channel_receive (self->kai, tea_frame_encode_in (2), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (self->kai, "[2] opened Kitchen");
}

/* Whoever is sent out while they come in is out, at whatever moment that is. */
static void
test_sent_out_meanwhile (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) lin = come_in (&self->base, 4, "Lin");
  g_autoptr (GBytes) out = sent_out (4, TEA_EVENT_MAX_TIME, 0);
  g_autoptr (GBytes) back = sent_out (4, 0, 0);

  self->base.faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;
  for (guint16 i = 0; i < 40; i++)
    {
      g_autofree char *sent = NULL;

      tea_test_channel_receive (lin, tea_frame_encode_in (i + 10), open_kitchen (), NULL);
      pass (&self->base, i * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                                tea_frame_encode_tell (2 * i + 1, 2 * i + 1, TEA_EVENT_SENT_OUT, 0,
                                                       "", out),
                                NULL);
      pass (&self->base, G_TIME_SPAN_SECOND);
      sent = tea_test_channel_take_sent (lin);
      g_assert_true (strstr (sent, "refused 0") != NULL || strstr (sent, "close 2") != NULL);

      /* Nothing is pushed to them any more. */
      tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                                tea_frame_encode_tell (2 * i + 2, 2 * i + 2, TEA_EVENT_SENT_OUT, 0,
                                                       "", back),
                                NULL);
      pass (&self->base, G_TIME_SPAN_SECOND);
      assert_lacks (lin, "xMei");
    }
}

/* Who is sent out of the house hears it by every device, leaves, and is not let in. */
static void
test_sent_out_of_house (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) boss = come_in (&self->base, BOSS, "Boss");
  g_autoptr (TeaTestChannel) phone = connect_device (self, KAI, "Kai");
  g_autoptr (TeaTestChannel) again = NULL;
  guint n_people = get_n_people (&self->base);

  quieten (self);
  try_in (self, 0, self->noor, TEA_EVENT_SENT_OUT, 0, "", sent_out (KAI, 0, 0), "11");
  try_in (self, 0, boss, TEA_EVENT_SENT_OUT, 0, "Rude",
          sent_out (KAI, get_now (self) + 5 * MINUTE, 0), "ack");
  settle (&self->base);
  assert_has (self->kai, "bye 1");
  assert_has (phone, "bye 1");
  g_assert_cmpuint (get_n_people (&self->base), ==, n_people - 1);
  assert_has (self->noor, "-Kai");

  again = connect_person (&self->base, KAI);
  tea_test_channel_receive (again, hello (), enter_with ("Kai", ""), NULL);
  settle (&self->base);
  assert_has (again, "refused 12");
  tea_test_channel_receive (again, enter_with ("Somebody", ""), NULL);
  settle (&self->base);
  assert_has (again, "refused 12");

  pass (&self->base, 5 * MINUTE);
  g_clear_object (&again);
  again = connect_person (&self->base, KAI);
  tea_test_channel_receive (again, hello (), enter_with ("Kai", ""), NULL);
  settle (&self->base);
  assert_has (again, "entered Kai");
}

/* Nobody is in by that they were on their way in. */
static void
test_sent_out_entering (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) boss = come_in (&self->base, BOSS, "Boss");
  g_autoptr (GBytes) out = sent_out (4, TEA_EVENT_MAX_TIME, 0);
  g_autoptr (GBytes) back = sent_out (4, 0, 0);
  g_autoptr (TeaName) name = tea_name_new_unchecked ("Lin");

  self->base.faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;
  for (guint32 i = 0; i < 40; i++)
    {
      g_autoptr (TeaTestChannel) lin = connect_person (&self->base, 4);

      tea_test_channel_receive (lin, hello (), enter_with ("Lin", ""), NULL);
      pass (&self->base, i * G_TIME_SPAN_MILLISECOND);
      tea_test_channel_receive (
          boss, tea_frame_encode_tell (2 * i + 1, 2 * i + 1, TEA_EVENT_SENT_OUT, 0, "", out), NULL);
      pass (&self->base, G_TIME_SPAN_SECOND);
      g_assert_null (tea_presence_find (tea_house_get_presence (self->base.house), name));
      tea_test_channel_receive (boss,
                                tea_frame_encode_tell (2 * i + 2, 2 * i + 2, TEA_EVENT_SENT_OUT, 0,
                                                       "", back),
                                NULL);
      pass (&self->base, G_TIME_SPAN_SECOND);
      forget_sent (boss);
    }
}

/* Of a banned network only those get in who had a name before; it passes after a week. */
static void
test_network (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) boss = come_in (&self->base, BOSS, "Boss");
  g_autoptr (TeaTestChannel) noor = NULL;
  g_autoptr (TeaTestChannel) lin = NULL;

  try_in (self, 0, boss, TEA_EVENT_SENT_OUT, 0, "", sent_out_with_network (KAI, TEA_EVENT_MAX_TIME),
          "ack");
  lin = connect_person (&self->base, 4);
  tea_test_channel_receive (lin, hello (), enter_with ("Lin", ""), NULL);
  noor = connect_person (&self->base, NOOR);
  tea_test_channel_receive (noor, hello (), enter_with ("Noor", ""), NULL);
  settle (&self->base);
  assert_has (lin, "refused 12");
  assert_has (noor, "entered Noor");

  /* From elsewhere they get in; but it is no way round. */
  g_clear_object (&lin);
  lin = tea_test_channel_new (4);
  g_free (lin->address);
  lin->address = g_strdup ("198.51.100.4");
  tea_secure_service_accept (self->base.service, TEA_PACKET_CHANNEL (lin));
  tea_test_channel_receive (lin, hello (), enter_with ("Lin", ""), NULL);
  settle (&self->base);
  assert_has (lin, "entered Lin");
  g_clear_object (&lin);
  lin = connect_person (&self->base, 4);
  tea_test_channel_receive (lin, hello (), enter_with ("Lin", ""), NULL);
  settle (&self->base);
  assert_has (lin, "refused 12");

  /* Kept, wherever the server has been meanwhile; the address is not in the log. */
  quieten (self);
  stop (&self->base, TEA_BYE_RESTART);
  start (&self->base);
  g_clear_object (&lin);
  lin = connect_person (&self->base, 5);
  tea_test_channel_receive (lin, hello (), enter_with ("Ada", ""), NULL);
  settle (&self->base);
  assert_has (lin, "refused 12");

  pass (&self->base, 7 * G_TIME_SPAN_DAY);
  g_clear_object (&lin);
  lin = connect_person (&self->base, 5);
  tea_test_channel_receive (lin, hello (), enter_with ("Ada", ""), NULL);
  settle (&self->base);
  assert_has (lin, "entered Ada");
}

/* Who is muted reads, and takes back what they said. */
static void
test_muted (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->kai, "Hm");

  try (self, self->mei, TEA_EVENT_MUTED, 0, "Loud", muted (KAI, get_now (self) + 3600 * MINUTE),
       "ack");
  try (self, self->kai, TEA_EVENT_MESSAGE, 0, "Hm!", NULL, "12");
  self->numbers[KAI]--;
  restart (self);
  try (self, self->kai, TEA_EVENT_EDITED, seq, "Hm!", NULL, "12");
  self->numbers[KAI]--;
  try (self, self->kai, TEA_EVENT_REACTED, seq, "🍵", reacted (TRUE), "12");
  self->numbers[KAI]--;
  try (self, self->kai, TEA_EVENT_REMOVED, seq, "", NULL, "ack");
  try (self, self->mei, TEA_EVENT_MUTED, 0, "", muted (KAI, 0), "ack");
  try (self, self->kai, TEA_EVENT_MESSAGE, 0, "Thanks", NULL, "ack");
  try (self, self->mei, TEA_EVENT_MUTED, 0, "", muted (KAI, TEA_EVENT_MAX_TIME), "ack");
  try (self, self->kai, TEA_EVENT_MESSAGE, 0, "Hm", NULL, "11");
}

/* What was stored stays acknowledged, whatever has been forbidden since. */
static void
test_repeat (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->kai, "Hm");
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);

  try (self, self->kai, TEA_EVENT_EDITED, seq, "Hm.", NULL, "ack");
  try (self, self->mei, TEA_EVENT_REMOVED, seq, "", NULL, "ack");
  try (self, self->mei, TEA_EVENT_MUTED, 0, "", muted (KAI, TEA_EVENT_MAX_TIME), "ack");
  restart (self);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1),
                            tea_frame_encode_tell (2, 2, TEA_EVENT_EDITED, seq, "Hm.", none), NULL);
  settle (&self->base);
  assert_has (self->kai, "[1] ack 2=5");
}

/* Whoever comes at the minute that is told is not too early. */
static void
test_times (Kitchen *self, gconstpointer data)
{
  const struct
  {
    gint64 time;
    const char *described;
  } vectors[] = {
    { 0, "1970-01-01 00:00 UTC" },
    { G_TIME_SPAN_SECOND, "1970-01-01 00:01 UTC" },
    { 60 * G_TIME_SPAN_SECOND, "1970-01-01 00:01 UTC" },
    { TEA_EVENT_MAX_TIME, "9999-12-31 23:59 UTC" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *described = tea_door_describe_time (vectors[i].time);

      g_assert_cmpstr (described, ==, vectors[i].described);
    }
}

/* Members wait, by whatever device, and moderators do not. */
static void
test_slow_mode (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) phone = connect_device (self, KAI, "Kai");

  tea_test_channel_receive (phone, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  try (self, self->mei, TEA_EVENT_SETTINGS, 0, "", settings (TEA_ROOM_LISTED, 10), "ack");
  say_in_kitchen (self, self->mei, "Slowly");
  say_in_kitchen (self, self->mei, "please");
  say_in_kitchen (self, self->kai, "Yes");
  forget_sent (phone);

  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), say (2, "Yes!"), NULL);
  tea_test_channel_receive (phone, tea_frame_encode_in (1), say (1, "Me, too"), NULL);
  settle (&self->base);
  assert_has (self->kai, "[1] hold 2: 10001 ms");
  assert_has (phone, "[1] hold 1: 10001 ms");

  /* Who asks again is told again for how long. */
  pass (&self->base, 4 * G_TIME_SPAN_SECOND);
  forget_sent (self->kai);
  tea_test_channel_receive (self->kai, tea_frame_encode_in (1), say (2, "Yes!"), NULL);
  settle (&self->base);
  assert_has (self->kai, "[1] hold 2: 6001 ms");

  pass (&self->base, 6 * G_TIME_SPAN_SECOND);
  {
    g_autofree char *one = tea_test_channel_take_sent (self->kai);
    g_autofree char *other = tea_test_channel_take_sent (phone);

    g_assert_true ((strstr (one, "ack 2") != NULL) != (strstr (other, "ack 1") != NULL));
  }

  /* Other settings leave it as it is; reactions need not wait. */
  try (self, self->mei, TEA_EVENT_SETTINGS, 0, "",
       settings (TEA_ROOM_LISTED | TEA_ROOM_MEMBERS_MAY_PIN, TEA_SLOW_UNCHANGED), "ack");
  say_in_kitchen (self, self->noor, "Hm");
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1), say (2, "Hm!"), NULL);
  settle (&self->base);
  assert_has (self->noor, "hold 2");

  /* When it is over, nobody need wait any more. */
  try (self, self->mei, TEA_EVENT_SETTINGS, 0, "", settings (TEA_ROOM_LISTED, 0), "ack");
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1), say (2, "Hm!"), NULL);
  settle (&self->base);
  assert_has (self->noor, "ack 2");
}

/* Whoever is new says little at first, and nothing to anybody alone. */
static void
test_newcomers (Kitchen *self, gconstpointer data)
{
  g_autoptr (TeaTestChannel) lin = NULL;
  g_autoptr (TeaTestChannel) noor = NULL;

  tea_policy_set_newcomers (tea_house_get_policy (self->base.house), 10 * MINUTE);
  lin = enter_kitchen (self, 4, "Lin");
  forget_sent (lin);
  tea_test_channel_receive (lin, say (1, "Hello"), NULL);
  tea_test_channel_receive (lin, tea_frame_encode_in (1), say (1, "Hello"), NULL);
  settle (&self->base);
  assert_has (lin, "[1] hold 1: 30001 ms");
  tea_test_channel_receive (
      lin, tea_frame_encode_in (2),
      tea_frame_encode_open (0, 0, 0, 1, "@AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""), NULL);
  settle (&self->base);
  assert_has (lin, "[2] refused 12");

  /* Noor was there before. */
  noor = connect_device (self, NOOR, "Noor");
  tea_test_channel_receive (noor, open_hall (50), NULL);
  settle (&self->base);
  forget_sent (noor);
  tea_test_channel_receive (noor, say (1, "Hello"), say (2, "Lin"), NULL);
  settle (&self->base);
  assert_lacks (noor, "hold");
}

/* What is pinned, and the topic, come right after OPENED. */
static void
test_pins (Kitchen *self, gconstpointer data)
{
  guint64 first = say_in_kitchen (self, self->mei, "Rules");
  guint64 second = say_in_kitchen (self, self->mei, "Menu");
  g_autoptr (TeaTestChannel) lin = come_in (&self->base, 4, "Lin");

  try (self, self->mei, TEA_EVENT_TOPIC, 0, "Tea", NULL, "ack");
  try (self, self->noor, TEA_EVENT_PINNED, first, "", set (TRUE), "11");
  try (self, self->mei, TEA_EVENT_PINNED, first, "", set (TRUE), "ack");
  try (self, self->mei, TEA_EVENT_PINNED, second, "", set (TRUE), "ack");
  try (self, self->mei, TEA_EVENT_PINNED, 1, "", set (TRUE), "13");
  try (self, self->mei, TEA_EVENT_SETTINGS, 0, "",
       settings (TEA_ROOM_LISTED | TEA_ROOM_MEMBERS_MAY_PIN, TEA_SLOW_UNCHANGED), "ack");
  try (self, self->noor, TEA_EVENT_PINNED, second, "", set (FALSE), "ack");
  restart (self);

  g_clear_object (&lin);
  lin = come_in (&self->base, 4, "Lin");
  tea_test_channel_receive (lin, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (lin, "said 0 with 6+7, [1] 6@Mei Tea, [1] 7^Mei to 4");
  tea_test_channel_receive (lin, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  assert_has (lin, "said 0 with 6+7, [1] 6@Mei Tea, [1] 7^Mei to 4");

  /* What is removed is not pinned any more. */
  try (self, self->mei, TEA_EVENT_REMOVED, first, "", NULL, "ack");
  forget_sent (lin);
  tea_test_channel_receive (lin, tea_frame_encode_in (1), open_kitchen (), NULL);
  settle (&self->base);
  assert_lacks (lin, "^");
}

static void
test_many_pins (Kitchen *self, gconstpointer data)
{
  guint64 first = 0;

  for (guint i = 0; i <= TEA_RULE_BOOK_MAX_PINS; i++)
    {
      guint64 seq = say_in_kitchen (self, self->mei, "Tea");

      if (first == 0)
        first = seq;
      pass (&self->base, G_TIME_SPAN_SECOND);
      try (self, self->mei, TEA_EVENT_PINNED, seq, "", set (TRUE),
           i < TEA_RULE_BOOK_MAX_PINS ? "ack" : "0");
    }

  try (self, self->mei, TEA_EVENT_PINNED, first, "", set (FALSE), "ack");
  try (self, self->mei, TEA_EVENT_PINNED, first, "", set (TRUE), "ack");
}

/* All that somebody said from a number on goes with them. */
static void
test_erase (Kitchen *self, gconstpointer data)
{
  guint64 before = say_in_kitchen (self, self->kai, "Good morning");
  guint64 other = say_in_kitchen (self, self->noor, "Good morning");
  guint64 bad = say_in_kitchen (self, self->kai, "Rubbish");
  const TeaRange range = { before, bad + 9 };

  try (self, self->kai, TEA_EVENT_EDITED, bad, "More rubbish", NULL, "ack");
  try (self, self->mei, TEA_EVENT_PINNED, bad, "", set (TRUE), "ack");
  try (self, self->mei, TEA_EVENT_SENT_OUT, 0, "Rubbish", sent_out (KAI, TEA_EVENT_MAX_TIME, other),
       "ack");
  quieten (self);
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  settle (&self->base);
  assert_has (self->noor, "[1] 4:Kai Good morning, [1] 5:Noor Good morning, [1] empty 6-7, "
                          "[1] 8^Mei to 6, [1] 9xMei Rubbish");
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_find (1, 0, "rubbish"), NULL);
  settle (&self->base);
  assert_has (self->noor, "[1] found 1 next 0:");
}

/* From when everybody hears of it on, nobody is told what goes. */
static void
test_slow_erasing (Kitchen *self, gconstpointer data)
{
  guint64 bad = say_in_kitchen (self, self->kai, "Rubbish");
  guint32 number = ++self->numbers[MEI];
  const TeaRange range = { bad, bad };
  g_autoptr (GBytes) out = sent_out (KAI, 0, bad);
  g_autofree char *wanted
      = g_strdup_printf ("[1] empty %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, bad, bad);
  gboolean is_told = FALSE;

  forget_sent (self->noor);
  self->base.faults.max_delay = 300 * G_TIME_SPAN_MILLISECOND;
  tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                            tea_frame_encode_tell (number, number, TEA_EVENT_SENT_OUT, 0, "Rubbish",
                                                   out),
                            NULL);
  while (!is_told)
    {
      g_autofree char *sent = NULL;

      pass (&self->base, G_TIME_SPAN_MILLISECOND);
      sent = tea_test_channel_take_sent (self->noor);
      is_told = strstr (sent, "xMei") != NULL;
    }

  /* The first HEAD brings the latest events along. */
  pass (&self->base, 300 * G_TIME_SPAN_MILLISECOND);
  assert_lacks (self->noor, "Kai Rubbish");
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1), tea_frame_encode_pull (&range, 1),
                            NULL);
  pass (&self->base, 2 * G_TIME_SPAN_SECOND);
  assert_has (self->noor, wanted);
  self->base.faults.max_delay = 0;
  pass (&self->base, 5 * G_TIME_SPAN_SECOND);
}

/* A server that fell before all of it was erased goes on with that. */
static void
test_erasing_goes_on (Kitchen *self, gconstpointer data)
{
  guint64 bad = say_in_kitchen (self, self->kai, "Rubbish");
  TeaFakeDisk *disk = tea_fake_house_find_room (self->base.kept, "kitchen")->disk;
  g_autofree char *key = make_key (MEI);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GBytes) author = g_bytes_new_static ("moderator", 9);
  g_autoptr (TeaEvent) event = NULL;
  g_autofree char *kai = make_key (KAI);

  stop (&self->base, TEA_BYE_RESTART);
  out = tea_event_data_encode_sent_out (
      &(TeaSentOut){ .key = kai, .name = (char *) "Kai", .erase = bad });
  event = tea_event_new_from_fields (&(TeaEventFields){ .seq = bad + 1,
                                                        .kind = TEA_EVENT_SENT_OUT,
                                                        .time = get_now (self),
                                                        .author = "Mei",
                                                        .key = key,
                                                        .data = out });
  record = tea_event_record_encode (event);
  tea_fake_disk_add (disk, bad + 1, author, 1, 1, record);
  start (&self->base);
  g_assert_true (tea_fake_disk_holds (disk, bad));

  g_clear_object (&self->noor);
  self->noor = enter_kitchen (self, NOOR, "Noor");
  pass (&self->base, G_TIME_SPAN_SECOND);
  g_assert_false (tea_fake_disk_holds (disk, bad));
}

/* Words are found in the form that messages have now, in the order asked for, and not too
 * often. */
static void
test_find (Kitchen *self, gconstpointer data)
{
  guint64 seq = say_in_kitchen (self, self->kai, "green tea and coffee");

  say_in_kitchen (self, self->noor, "tea, green as grass");
  try (self, self->kai, TEA_EVENT_EDITED, seq, "black tea", NULL, "ack");
  quieten (self);

  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_find (1, 0, "tea"),
                            tea_frame_encode_find (2, 5, "tea"),
                            tea_frame_encode_find (3, 0, "coffee"),
                            tea_frame_encode_find (4, 0, "\"green tea\""), NULL);
  settle (&self->base);
  assert_has (self->noor, "[1] found 1 next 0: 5 4, [1] found 2 next 0: 4, [1] found 3 next 0:, "
                          "[1] found 4 next 0:");

  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_find (5, 0, "tea"),
                            tea_frame_encode_find (6, 0, "tea"), NULL);
  settle (&self->base);
  assert_lacks (self->noor, "found 6");
  pass (&self->base, G_TIME_SPAN_SECOND);
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_find (6, 0, "tea"), NULL);
  settle (&self->base);
  assert_has (self->noor, "found 6");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Kitchen *self, gconstpointer data);
  } tests[] = {
    { "changes", test_changes },
    { "edit-hours", test_edit_hours },
    { "changes-at-once", test_changes_at_once },
    { "history", test_history },
    { "doubtful-change", test_doubtful_change },
    { "old-texts", test_old_texts },
    { "roles", test_roles },
    { "last-owner", test_last_owner },
    { "hall-roles", test_hall_roles },
    { "sent-out", test_sent_out },
    { "banned", test_banned },
    { "sent-out-meanwhile", test_sent_out_meanwhile },
    { "sent-out-of-house", test_sent_out_of_house },
    { "sent-out-entering", test_sent_out_entering },
    { "network", test_network },
    { "muted", test_muted },
    { "repeat", test_repeat },
    { "times", test_times },
    { "slow-mode", test_slow_mode },
    { "newcomers", test_newcomers },
    { "pins", test_pins },
    { "many-pins", test_many_pins },
    { "erase", test_erase },
    { "slow-erasing", test_slow_erasing },
    { "erasing-goes-on", test_erasing_goes_on },
    { "find", test_find },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/moderation/", tests[i].name, NULL);

      g_test_add (path, Kitchen, NULL, set_up_kitchen, tests[i].test, tear_down_kitchen);
    }

  return g_test_run ();
}
