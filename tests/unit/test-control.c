/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "secure-fixture.h"
#include "tea-control-backup.h"
#include "tea-control-erase.h"
#include "tea-control-interface.h"
#include "tea-control-life.h"
#include "tea-control-log.h"
#include "tea-control-names.h"
#include "tea-control-order.h"
#include "tea-control-report.h"
#include "tea-control-rooms.h"
#include "tea-control-settings.h"
#include "tea-control-socket.h"
#include "tea-control-transfer.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"
#include "tea-password.h"

#define HOUSE 99
#define MEI 1
#define NOOR 2

/* A house with Mei and Noor in the hall, Mei's kitchen, and her hidden room. */
typedef struct
{
  Fixture base;
  TeaControl *control;
  TeaTestChannel *mei;
  TeaTestChannel *noor;
  TeaEvent *latest;        /* (owned) (nullable): in the hall or the kitchen */
  guint n_ends;            /* how often the server was to end */
  TeaServerConfig *config; /* (owned) */
  TeaDropCounter *drops;   /* (owned) */
  TeaServerConfig *read;   /* (owned) (nullable): what the settings are to be */
} House;

#define HIDDEN "~aaaaaaaaaaaaaaaa"

static char *
make_key (guint8 person)
{
  guint8 digest[TEA_FINGERPRINT_SIZE] = { person };

  return tea_fingerprint_from_bytes (digest);
}

static void
event_cb (House *self, TeaEvent *event)
{
  g_clear_pointer (&self->latest, tea_event_unref);
  self->latest = tea_event_ref (event);
}

static void
room_event_cb (House *self, TeaRoom *room, TeaEvent *event)
{
  event_cb (self, event);
}

static void
end_cb (gpointer user_data)
{
  ((House *) user_data)->n_ends++;
}

static gboolean
reload_cb (char ***changed, char ***waiting, gpointer user_data, GError **error)
{
  House *self = user_data;

  if (self->read != NULL)
    tea_server_config_take_over (self->config, self->read, changed, waiting);
  else
    g_set_error_literal (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID, "There is no setting “tea”.");

  return self->read != NULL;
}

static void
set_up_house (House *self, gconstpointer data)
{
  TeaControlSources sources = { .address = (char *) "[::]:8888" };

  set_up (&self->base, data);
  stop (&self->base, TEA_BYE_RESTART);
  self->base.makers = TEA_ROOM_MAKERS_MEMBERS;
  self->base.key = make_key (HOUSE);
  start (&self->base);

  self->control = tea_control_new ();
  sources.house = self->base.house;
  sources.secure = self->base.service;
  sources.clock = self->base.clock;
  tea_control_report_add (self->control, &sources);
  tea_control_order_add (self->control, self->base.house);
  tea_control_erase_add (self->control, self->base.house, self->base.service);
  tea_control_rooms_add (self->control, self->base.house);
  tea_control_transfer_add (self->control, self->base.house);
  tea_control_log_add (self->control, TEA_STORE (self->base.store));
  tea_control_names_add (self->control, self->base.house);
  tea_control_life_add (self->control, self->base.house, self->base.clock, end_cb, self);
  self->config = tea_server_config_new ();
  self->drops = tea_drop_counter_new ();
  tea_control_settings_add (self->control, self->config, self->drops, reload_cb, self);
  tea_control_backup_add (self->control, TEA_STORE (self->base.store), g_get_tmp_dir ());

  self->mei = come_in (&self->base, MEI, "Mei");
  self->noor = come_in (&self->base, NOOR, "Noor");
  tea_test_channel_receive (self->mei, tea_frame_encode_in (1),
                            tea_frame_encode_make (TEA_ROOM_LISTED, "Kitchen", "", ""),
                            tea_frame_encode_in (2),
                            tea_frame_encode_make (TEA_ROOM_LINK_SUFFICES, HIDDEN, "Secret", ""),
                            NULL);
  settle (&self->base);
  tea_test_channel_receive (self->noor, tea_frame_encode_in (1),
                            tea_frame_encode_open (0, 0, 0, 50, "Kitchen", ""), NULL);
  settle (&self->base);
  g_signal_connect_swapped (tea_house_get_hall (self->base.house), "event", G_CALLBACK (event_cb),
                            self);
  g_signal_connect_swapped (self->base.house, "event", G_CALLBACK (room_event_cb), self);
}

static void
tear_down_house (House *self, gconstpointer data)
{
  g_assert_finalize_object (self->control);
  g_clear_pointer (&self->latest, tea_event_unref);
  g_assert_finalize_object (self->drops);
  g_clear_pointer (&self->config, tea_server_config_free);
  g_clear_pointer (&self->read, tea_server_config_free);
  tear_down (&self->base, data);
  g_assert_finalize_object (self->mei);
  g_assert_finalize_object (self->noor);
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* Arguments as GVariant has them in text. */
static GVariant *
call (House *self, const char *method, const char *arguments, GError **error)
{
  g_autoptr (GVariant) parameters = g_variant_parse (NULL, arguments, NULL, NULL, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_nonnull (parameters);
  tea_control_call_async (self->control, method, parameters, NULL, called_cb, &result);
  pass (&self->base, 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_nonnull (result);

  return tea_control_call_finish (self->control, result, error);
}

static void
assert_does (House *self, const char *method, const char *arguments, TeaEventKind kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, method, arguments, &error);
  guint64 seq = 0;

  g_assert_no_error (error);
  g_variant_get (answer, "(t)", &seq);
  g_assert_cmpuint (tea_event_get_seq (self->latest), >=, seq);
  if (tea_event_get_seq (self->latest) == seq)
    {
      g_assert_cmpint (tea_event_get_kind (self->latest), ==, kind);
      g_assert_cmpstr (tea_event_get_author (self->latest), ==, TEA_POLICY_HOUSE_NAME);
      g_assert_cmpstr (tea_event_get_key (self->latest), ==, self->base.key);
    }
}

static void
assert_refuses (House *self, const char *method, const char *arguments, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, method, arguments, &error);

  g_assert_null (answer);
  g_assert_nonnull (error);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in “%s”", words, error->message);
}

/* The first row of a list in which a member has a value. */
static GVariant *
find_row (
    House *self, const char *method, const char *arguments, const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, method, arguments, &error);
  g_autoptr (GVariant) rows = NULL;

  g_assert_no_error (error);
  rows = g_variant_get_child_value (answer, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *found = NULL;

      if (g_variant_lookup (row, key, "&s", &found) && g_str_equal (found, value))
        return g_steal_pointer (&row);
    }

  return NULL;
}

static void
assert_role (House *self, const char *room, const char *name, const char *wanted)
{
  g_autofree char *arguments = g_strdup_printf ("('%s',)", room);
  g_autoptr (GVariant) row = find_row (self, "ListMembers", arguments, "name", name);
  const char *role = NULL;

  g_assert_nonnull (row);
  g_assert_true (g_variant_lookup (row, "role", "&s", &role));
  g_assert_cmpstr (role, ==, wanted);
}

static void
test_interface (House *self, gconstpointer data)
{
  g_assert_cmpstr (tea_control_interface.name, ==, TEA_CONTROL_INTERFACE);

  /* What is asked for makes no sense, but everything is known. */
  for (GDBusMethodInfo **method = tea_control_interface.methods; *method != NULL; method++)
    {
      GVariantBuilder parameters = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
      g_autoptr (GVariant) tuple = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GVariant) answer = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", (*method)->name);
      for (GDBusArgInfo **argument = (*method)->in_args; argument != NULL && *argument != NULL;
           argument++)
        {
          const char *type = (*argument)->signature;

          if (g_str_equal (type, "s"))
            g_variant_builder_add (&parameters, "s", "no such thing");
          else if (g_str_equal (type, "t"))
            g_variant_builder_add (&parameters, "t", G_GUINT64_CONSTANT (1));
          else if (g_str_equal (type, "u"))
            g_variant_builder_add (&parameters, "u", 1);
          else if (g_str_equal (type, "h"))
            g_variant_builder_add (&parameters, "h", 0);
          else
            g_variant_builder_add (&parameters, "b", FALSE);
        }
      tuple = g_variant_ref_sink (g_variant_builder_end (&parameters));
      tea_control_call_async (self->control, (*method)->name, tuple, NULL, called_cb, &result);
      settle (&self->base);
      g_assert_nonnull (result);
      answer = tea_control_call_finish (self->control, result, &error);
      g_assert_false (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD));
    }
}

static void
test_unknown (House *self, gconstpointer data)
{
  static const struct
  {
    const char *method;
    const char *arguments;
    const char *words;
  } vectors[] = {
    { "Nothing", "()", "Nothing" },
    { "ListMembers", "('Attic',)", "Attic" },
    { "ListMembers", "('two words',)", "spaces" },
    { "Say", "('Attic', 'tea')", "Attic" },
    { "Say", "('', '')", "nothing to say" },
    { "Say", "('" HIDDEN "', 'tea')", "not yours" },
    { "Mute", "('', 'Kai', '', uint64 60)", "Kai" },
    { "Mute", "('', 'SHA256:tea', '', uint64 60)", "SHA256:tea" },
    { "Mute", "('" HIDDEN "', 'Mei', '', uint64 60)", "not yours" },
    { "LetIn", "('', 'Mei')", "not banned" },
    { "SetRole", "('', 'Mei', 'king')", "king" },
    { "SetRole", "('', 'Teahouse', 'member')", "not yours" },
    { "SendOut", "('', 'Teahouse', '', uint64 60, false, false)", "not yours" },
    { "SendOut", "('Kitchen', 'Noor', '', uint64 60, true, false)", "not yours" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %" G_GSIZE_FORMAT, i);
      assert_refuses (self, vectors[i].method, vectors[i].arguments, vectors[i].words);
    }
}

static void
test_report (House *self, gconstpointer data)
{
  g_autoptr (GVariant) hall = find_row (self, "ListRooms", "()", "kind", "hall");
  g_autoptr (GVariant) kitchen = find_row (self, "ListRooms", "()", "room", "Kitchen");
  g_autoptr (GVariant) hidden = find_row (self, "ListRooms", "()", "kind", "hidden");
  g_autoptr (GVariant) session = find_row (self, "ListSessions", "()", "name", "Noor");
  g_autoptr (GVariant) answer = call (self, "GetStatus", "()", NULL);
  g_autoptr (GVariant) status = g_variant_get_child_value (answer, 0);
  guint n = 0;
  const char *text = NULL;

  g_assert_nonnull (hall);
  g_assert_nonnull (kitchen);
  g_assert_nonnull (hidden);
  g_assert_true (g_variant_lookup (kitchen, "members", "u", &n));
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (g_variant_lookup (session, "rooms", "u", &n));
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (g_variant_lookup (status, "people", "u", &n));
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (g_variant_lookup (status, "rooms", "u", &n));
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (g_variant_lookup (status, "fingerprint", "&s", &text));
  g_assert_cmpstr (text, ==, self->base.key);

  assert_role (self, "kitchen", "Mei", "owner");
  assert_role (self, "kitchen", "Noor", "member");
  assert_role (self, "", "Mei", "member");
}

/* Until when a person is muted or kept out: a time, or for good. */
static void
test_until (House *self, gconstpointer data)
{
  gint64 now;
  const struct
  {
    const char *seconds;
    gint64 until; /* from then on */
  } vectors[] = {
    { "0", 0 },
    { "60", G_TIME_SPAN_MINUTE },
    { "18446744073709551615", TEA_EVENT_MAX_TIME },
    { "18446744073709551614", TEA_EVENT_MAX_TIME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *arguments
          = g_strdup_printf ("('Kitchen', 'Noor', 'loud', uint64 %s)", vectors[i].seconds);
      g_autofree char *key = NULL;
      g_autofree char *name = NULL;
      gint64 until = 0;

      now = tea_clock_get_real_time (self->base.clock);
      assert_does (self, "Mute", arguments, TEA_EVENT_MUTED);
      g_assert_true (
          tea_event_data_decode_muted (tea_event_get_data (self->latest), &key, &name, &until));
      g_assert_cmpstr (name, ==, "Noor");
      g_assert_cmpstr (tea_event_get_text (self->latest), ==, "loud");
      g_assert_cmpint (until, ==,
                       vectors[i].until == 0 || vectors[i].until == TEA_EVENT_MAX_TIME
                           ? vectors[i].until
                           : now + vectors[i].until);
    }
}

static void
test_order (House *self, gconstpointer data)
{
  g_autofree char *noor = make_key (NOOR);
  g_autofree char *by_key = g_strdup_printf ("('Kitchen', '%s', 'owner')", noor);
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;

  assert_does (self, "Say", "('', 'tea')", TEA_EVENT_MESSAGE);
  assert_does (self, "Say", "('KITCHEN', 'tea')", TEA_EVENT_MESSAGE);

  assert_does (self, "SetRole", "('Kitchen', 'noor', 'moderator')", TEA_EVENT_ROLE);
  assert_role (self, "Kitchen", "Noor", "moderator");
  assert_does (self, "SetRole", by_key, TEA_EVENT_ROLE);
  assert_role (self, "Kitchen", "Noor", "owner");
  assert_does (self, "SetRole", "('', 'Mei', 'moderator')", TEA_EVENT_ROLE);
  assert_role (self, "", "Mei", "moderator");

  assert_does (self, "SetSlowMode", "('Kitchen', uint32 30)", TEA_EVENT_SETTINGS);
  g_assert_true (tea_event_data_decode_settings (tea_event_get_data (self->latest), &settings));
  g_assert_cmpstr (settings.address, ==, "Kitchen");
  g_assert_cmpuint (settings.slow_mode, ==, 30);
  g_assert_cmpuint (settings.flags, ==, TEA_ROOM_LISTED);
}

static void
test_ban (House *self, gconstpointer data)
{
  g_autoptr (GVariant) row = NULL;
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  assert_does (self, "SendOut", "('Kitchen', 'Noor', 'spam', uint64 3600, false, true)",
               TEA_EVENT_SENT_OUT);
  g_assert_true (tea_event_data_decode_sent_out (tea_event_get_data (self->latest), &sent_out));
  g_assert_cmpstr (sent_out.name, ==, "Noor");
  g_assert_cmpuint (sent_out.erase, ==, 1);
  row = find_row (self, "ListMembers", "('Kitchen',)", "name", "Noor");
  g_assert_null (row);
  assert_does (self, "LetIn", "('Kitchen', 'Noor')", TEA_EVENT_SENT_OUT);
  assert_refuses (self, "LetIn", "('Kitchen', 'Noor')", "not banned");

  /* Who has gone is still known by name. */
  assert_does (self, "SendOut", "('', 'Noor', '', uint64 3600, false, false)", TEA_EVENT_SENT_OUT);
  g_assert_cmpuint (get_n_people (&self->base), ==, 1);
  pass (&self->base, G_TIME_SPAN_MINUTE);
  assert_does (self, "LetIn", "('', 'Noor')", TEA_EVENT_SENT_OUT);
}

static void
assert_done (House *self, const char *method, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = call (self, method, arguments, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answer);
}

static void
assert_enters (House *self, guint8 person, const char *name, const char *words)
{
  TeaTestChannel *channel = connect_person (&self->base, person);
  g_autofree char *sent = NULL;

  tea_test_channel_receive (channel, hello (), enter_with (name, ""), NULL);
  settle (&self->base);
  sent = tea_test_channel_take_sent (channel);
  if (strstr (sent, words) == NULL)
    g_error ("“%s” is not in “%s”", words, sent);
  tea_test_channel_receive (channel, tea_frame_encode_leave (), NULL);
  pass (&self->base, 100 * G_TIME_SPAN_MILLISECOND);
  g_object_unref (channel);
}

static void
test_names (House *self, gconstpointer data)
{
  g_autofree char *kai = make_key (3);
  g_autofree char *for_kai = g_strdup_printf ("('Admin', '%s')", kai);

  assert_done (self, "ReserveName", "('Root', '')");
  assert_enters (self, 3, "root", "refused 4");
  assert_done (self, "ReserveName", "('Root', '')");
  assert_done (self, "FreeName", "('ROOT',)");
  assert_refuses (self, "FreeName", "('Root',)", "nobody");
  assert_enters (self, 3, "Root", "entered Root");
  assert_refuses (self, "ReserveName", "('Root', 'Mei')", kai);
  assert_done (self, "TransferName", "('Root', 'Mei')");
  assert_enters (self, 3, "Root", "refused 4");

  assert_done (self, "ReserveName", for_kai);
  assert_enters (self, 4, "Admin", "refused 4");
  assert_enters (self, 3, "Admin", "entered Admin");

  assert_refuses (self, "FreeName", "('Noor',)", "here");
  assert_refuses (self, "TransferName", "('Noor', 'Mei')", "here");
  assert_refuses (self, "FreeName", "('Teahouse',)", "house");
  assert_refuses (self, "TransferName", "('Teahouse', 'Mei')", "house");
  assert_refuses (self, "ReserveName", "('two words', '')", "spaces");
}

/* What was done in all rooms, in the order of time, and nothing of what was said. */
static void
test_log (House *self, gconstpointer data)
{
  static const char *const wanted[] = { "muted", "role", "settings", "sent-out" };
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) rows = NULL;

  assert_does (self, "Say", "('', 'tea')", TEA_EVENT_MESSAGE);
  assert_does (self, "Mute", "('Kitchen', 'Noor', 'loud', uint64 60)", TEA_EVENT_MUTED);
  assert_does (self, "SetRole", "('', 'Mei', 'moderator')", TEA_EVENT_ROLE);
  assert_does (self, "SetSlowMode", "('Kitchen', uint32 30)", TEA_EVENT_SETTINGS);
  assert_does (self, "SendOut", "('Kitchen', 'Noor', '', uint64 0, false, false)",
               TEA_EVENT_SENT_OUT);

  answer = call (self, "ListLog", "()", NULL);
  rows = g_variant_get_child_value (answer, 0);
  g_assert_cmpuint (g_variant_n_children (rows), ==, G_N_ELEMENTS (wanted));
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *kind = NULL;
      const char *room = NULL;

      g_assert_true (g_variant_lookup (row, "kind", "&s", &kind));
      g_assert_cmpstr (kind, ==, wanted[i]);
      g_assert_true (g_variant_lookup (row, "room", "&s", &room));
      g_assert_cmpstr (room, ==, i == 1 ? "" : "Kitchen");
    }
}

static void
leave (House *self, TeaTestChannel *channel)
{
  tea_test_channel_receive (channel, tea_frame_encode_leave (), NULL);
  pass (&self->base, 100 * G_TIME_SPAN_MILLISECOND);
}

static void
test_stop (House *self, gconstpointer data)
{
  assert_done (self, "Stop", "()");
  g_assert_cmpuint (self->n_ends, ==, 1);
}

/* Nobody new comes in, and the server ends when the last has gone. */
static void
test_drain (House *self, gconstpointer data)
{
  assert_done (self, "Drain", "(uint64 0,)");
  assert_enters (self, 3, "Kai", "refused 8");
  leave (self, self->mei);
  g_assert_cmpuint (self->n_ends, ==, 0);
  leave (self, self->noor);
  g_assert_cmpuint (self->n_ends, ==, 1);
}

static void
test_drain_for (House *self, gconstpointer data)
{
  assert_done (self, "Drain", "(uint64 5,)");
  pass (&self->base, 4 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (self->n_ends, ==, 0);
  pass (&self->base, 2 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (self->n_ends, ==, 1);
}

/* Nobody else has the name of the house. */
static void
test_name (House *self, gconstpointer data)
{
  TeaTestChannel *kai = connect_person (&self->base, 3);

  tea_test_channel_receive (kai, hello (), enter_with ("TeaHouse", ""), NULL);
  settle (&self->base);
  assert_sent (kai, "welcome 1 | refused 4 try TeaHouse2");
  g_object_unref (kai);
}

/* What is read again is told, with what waits for a restart. */
static void
test_settings (House *self, gconstpointer data)
{
  g_autoptr (GVariant) before = find_row (self, "ListSettings", "()", "setting", "grace");
  g_autoptr (GVariant) port = find_row (self, "ListSettings", "()", "setting", "port");
  g_autoptr (GVariant) after = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const char *value = NULL;
  gboolean needs_restart = FALSE;

  g_assert_true (g_variant_lookup (before, "value", "&s", &value));
  g_assert_cmpstr (value, ==, "30");
  g_assert_true (g_variant_lookup (port, "needs-restart", "b", &needs_restart));
  g_assert_true (needs_restart);

  assert_refuses (self, "Reload", "()", "“tea”");
  self->read = tea_server_config_new ();
  g_assert_true (tea_server_config_set (self->read, "grace", "7", NULL));
  g_assert_true (tea_server_config_set (self->read, "port", "7", NULL));
  answer = call (self, "Reload", "()", &error);
  g_assert_no_error (error);
  text = g_variant_print (answer, FALSE);
  g_assert_cmpstr (text, ==, "({'changed': <['grace']>, 'after-restart': <['port']>},)");

  after = find_row (self, "ListSettings", "()", "setting", "grace");
  g_assert_true (g_variant_lookup (after, "value", "&s", &value));
  g_assert_cmpstr (value, ==, "7");
}

/* What is done to rooms is an event of theirs; a new one is empty, and has nobody. */
static void
test_rooms (House *self, gconstpointer data)
{
  g_autofree char *hash = tea_password_hash ("tea", NULL);
  g_autofree char *secret = g_strdup_printf ("('Attic', '%s')", hash);
  g_autoptr (GVariant) made = NULL;
  g_autoptr (GVariant) attic = NULL;
  g_autoptr (GVariant) locked = NULL;
  gboolean has_password = FALSE;
  guint n = 1;

  assert_does (self, "SetTopic", "('Kitchen', 'tea')", TEA_EVENT_TOPIC);
  assert_does (self, "RenameRoom", "('Kitchen', 'Hearth')", TEA_EVENT_SETTINGS);
  assert_role (self, "Hearth", "Mei", "owner");
  assert_does (self, "ArchiveRoom", "('Hearth', true)", TEA_EVENT_ARCHIVED);
  assert_refuses (self, "SetTopic", "('Hearth', 'x')", "archived");
  assert_does (self, "ArchiveRoom", "('Hearth', false)", TEA_EVENT_ARCHIVED);
  assert_does (self, "RenameRoom", "('', 'Jasmine House')", TEA_EVENT_SETTINGS);
  assert_refuses (self, "SetTopic", "('" HIDDEN "', 'x')", "not yours");

  assert_refuses (self, "MakeRoom", "('two words', '', false)", "spaces");
  assert_refuses (self, "MakeRoom", "('', '', false)", "name");
  made = call (self, "MakeRoom", "('Attic', 'Dust', true)", NULL);
  g_assert_nonnull (made);
  assert_refuses (self, "MakeRoom", "('attic', '', false)", "already");
  attic = find_row (self, "ListRooms", "()", "room", "Attic");
  g_assert_true (g_variant_lookup (attic, "members", "u", &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (g_variant_lookup (attic, "password", "b", &has_password));
  g_assert_false (has_password);
  assert_does (self, "Invite", "('Attic', 'Noor')", TEA_EVENT_INVITED);
  assert_role (self, "Attic", "Noor", "invited");

  g_variant_unref (call (self, "SetPassword", secret, NULL));
  locked = find_row (self, "ListRooms", "()", "room", "Attic");
  g_assert_true (g_variant_lookup (locked, "password", "b", &has_password));
  g_assert_true (has_password);
  assert_refuses (self, "SetPassword", "('Attic', 'tea')", "hash");
  assert_refuses (self, "SetPassword", "('', '')", "password-file");

  g_variant_unref (call (self, "EraseRoom", "('Attic',)", NULL));
  assert_refuses (self, "ListMembers", "('Attic',)", "Attic");
  assert_refuses (self, "EraseRoom", "('',)", "hall");
}

/* Also of what nobody can set, and how often each was met. */
static void
test_limits (House *self, gconstpointer data)
{
  static const struct
  {
    const char *limit;
    const char *value;
    guint64 n_met;
  } vectors[] = { { "messages-per-second", "50", 2 },
                  { "bytes-per-second", "65536", 2 },
                  { "max-people", "4096", 0 },
                  { "searches", "", 1 } };

  tea_drop_counter_note (self->drops, TEA_DROP_MESSAGES, 0);
  tea_drop_counter_note (self->drops, TEA_DROP_MESSAGES, 0);
  tea_drop_counter_note (self->drops, TEA_DROP_SEARCHES, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GVariant) row = find_row (self, "ListLimits", "()", "limit", vectors[i].limit);
      const char *value = NULL;
      guint64 n_met = 0;

      g_test_message ("vector %" G_GSIZE_FORMAT, i);
      g_assert_true (g_variant_lookup (row, "value", "&s", &value));
      g_assert_true (g_variant_lookup (row, "met", "t", &n_met));
      g_assert_cmpstr (value, ==, vectors[i].value);
      g_assert_cmpuint (n_met, ==, vectors[i].n_met);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (House *self, gconstpointer data);
  } tests[] = {
    { "interface", test_interface }, { "unknown", test_unknown }, { "report", test_report },
    { "until", test_until },         { "order", test_order },     { "ban", test_ban },
    { "name", test_name },           { "names", test_names },     { "log", test_log },
    { "stop", test_stop },           { "drain", test_drain },     { "drain-for", test_drain_for },
    { "settings", test_settings },   { "limits", test_limits },   { "rooms", test_rooms },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/control/", tests[i].name, NULL);

      g_test_add (path, House, NULL, set_up_house, tests[i].test, tear_down_house);
    }

  return g_test_run ();
}
