/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-record.h"
#include "tea-fingerprint.h"
#include "tea-log-fixture.h"

/* Mei is forgotten, and Noor is not. */

typedef struct
{
  guint8 digest[TEA_FINGERPRINT_SIZE];
  char *key;
  const char *name;
  guint64 number; /* of the latest that they said */
} Person;

typedef struct
{
  TeaLogFixture base;
  Person mei;
  Person noor;
  guint32 kitchen;
} House;

static void
init_person (Person *person, guint8 first, const char *name)
{
  for (guint i = 0; i < sizeof person->digest; i++)
    person->digest[i] = (guint8) (first + 7 * i);
  person->key = tea_fingerprint_from_bytes (person->digest);
  person->name = name;
  person->number = 0;
}

static TeaEvent *
make_event (const Person *who, TeaEventKind kind, guint64 target, const char *text, GBytes *data)
{
  const TeaEventFields fields = { .seq = 1,
                                  .kind = kind,
                                  .wire_kind = (guint8) tea_event_kind_to_wire (kind),
                                  .time = 1,
                                  .author = who->name,
                                  .text = text,
                                  .key = who->key,
                                  .stream = 1,
                                  .number = (guint32) who->number,
                                  .target = target,
                                  .data = data };

  return tea_event_new_from_fields (&fields);
}

static GBytes *
make_record (const Person *who, TeaEventKind kind, guint64 target, const char *text, GBytes *data)
{
  g_autoptr (TeaEvent) event = make_event (who, kind, target, text, data);

  return tea_event_record_encode (event);
}

static GBytes *
make_author (const Person *who)
{
  guint8 author[TEA_FINGERPRINT_SIZE + 4] = { 0 };

  memcpy (author, who->digest, sizeof who->digest);

  return g_bytes_new (author, sizeof author);
}

/* @data: (transfer full) (nullable) */
static guint64
add (House *self,
     TeaLog *log,
     Person *who,
     TeaEventKind kind,
     guint64 target,
     const char *text,
     GBytes *data)
{
  g_autoptr (GBytes) owned = data;
  g_autoptr (GBytes) author = make_author (who);
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 seq;

  who->number++;
  record = make_record (who, kind, target, text, owned);
  tea_log_append_async (log, author, who->number, 0, record, NULL, tea_log_fixture_result_cb,
                        &result);
  seq = tea_log_append_finish (log, tea_log_fixture_wait (&self->base, &result), NULL, &error);
  g_assert_no_error (error);

  return seq;
}

/* Both have reacted to a message, or it was removed. */
static guint64
amend (House *self, guint64 target, Person *who, const char *text, TeaStoredForm *form)
{
  g_autoptr (GBytes) author = make_author (who);
  g_autoptr (TeaEvent) event = make_event (&self->noor, TEA_EVENT_MESSAGE, 0, text, NULL);
  g_autoptr (GBytes) stored = tea_event_record_encode_form (event, form);
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GBytes) data = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const char *names[] = { self->mei.name, self->noor.name, NULL };
  guint64 seq;

  who->number++;
  data = tea_event_data_encode_reacted (TRUE, 2, names);
  record = make_record (who, TEA_EVENT_REACTED, target, "🍵", data);
  tea_log_amend_async (self->base.log, author, who->number, record, target, stored, FALSE, NULL,
                       tea_log_fixture_result_cb, &result);
  seq = tea_log_amend_finish (self->base.log, tea_log_fixture_wait (&self->base, &result), NULL,
                              NULL);
  g_assert_cmpuint (seq, >, 0);

  return seq;
}

static guint32
make_room (House *self, TeaRoomInfo *owned, const char *owner)
{
  g_autoptr (TeaRoomInfo) info = owned;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint32 number = 0;

  info->owner = g_strdup (owner);
  tea_store_make_room_async (self->base.store, info, NULL, tea_log_fixture_result_cb, &result);
  tea_store_make_room_finish (self->base.store, tea_log_fixture_wait (&self->base, &result),
                              &number, &error);
  g_assert_no_error (error);

  return number;
}

static void
keep_names (House *self)
{
  g_autoptr (GPtrArray) names
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  const char *const none[] = { NULL };

  g_ptr_array_add (names, tea_registered_name_new (self->mei.name, self->mei.key, 0, 1, 1));
  g_ptr_array_add (names, tea_registered_name_new ("Meinhardt", self->mei.key, 0, 1, 1));
  g_ptr_array_add (names, tea_registered_name_new (self->noor.name, self->noor.key, 0, 1, 1));
  tea_name_store_save (TEA_NAME_STORE (self->base.store), names, none, 0);
}

static void
keep_members (House *self, guint32 room)
{
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  g_autoptr (GPtrArray) positions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_position_free);
  const char *const none[] = { NULL };

  g_ptr_array_add (members, tea_membership_new (self->mei.key, self->mei.name, 3, 1));
  g_ptr_array_add (members, tea_membership_new (self->noor.key, self->noor.name, 1, 2));
  tea_store_save_members (self->base.store, room, members, none, 0);
  g_ptr_array_add (positions, tea_position_new (self->mei.key, room, 1));
  g_ptr_array_add (positions, tea_position_new (self->noor.key, room, 1));
  tea_store_save_positions (self->base.store, positions);
}

static void
keep_rules (House *self, guint32 room, guint64 of_mei, guint64 of_noor)
{
  g_autoptr (TeaRoomRules) rules = tea_room_rules_new ();
  g_autoptr (GBytes) set = tea_event_data_encode_switch (TRUE);
  g_autoptr (GBytes) by_mei = make_record (&self->mei, TEA_EVENT_PINNED, of_noor, NULL, set);
  g_autoptr (GBytes) by_noor = make_record (&self->noor, TEA_EVENT_PINNED, of_mei, NULL, set);
  g_autoptr (GBytes) kept = make_record (&self->noor, TEA_EVENT_PINNED, of_noor + 1, NULL, set);
  g_autoptr (GBytes) topic = make_record (&self->mei, TEA_EVENT_TOPIC, 0, "zebrawood", NULL);

  g_ptr_array_add (rules->mutes, tea_restriction_new (self->mei.key, G_MAXINT64, "zesty"));
  g_ptr_array_add (rules->bans, tea_restriction_new (self->noor.key, G_MAXINT64, "lemon"));
  g_ptr_array_add (rules->roles, tea_membership_new (self->mei.key, self->mei.name, 2, 0));
  g_ptr_array_add (rules->pins, tea_pin_new (of_noor, 90, by_mei));
  g_ptr_array_add (rules->pins, tea_pin_new (of_mei, 91, by_noor));
  g_ptr_array_add (rules->pins, tea_pin_new (of_noor + 1, 92, kept));
  tea_room_rules_set_topic (rules, 93, topic);
  tea_store_save_rules (self->base.store, room, rules);
}

/* While somebody reads the files cannot be cleared: that is tried again after a while. */
static guint64
finish_forgetting (House *self, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  guint64 n_events = 0;

  while (*result == NULL)
    {
      tea_log_fixture_step (&self->base);
      tea_clock_advance (self->base.clock,
                         tea_clock_get_time (self->base.clock) + G_TIME_SPAN_SECOND);
    }
  g_assert_true (tea_store_forget_finish (self->base.store, *result, &n_events, &error));
  g_assert_no_error (error);

  return n_events;
}

static guint64
forget (House *self)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_forget_async (self->base.store, self->mei.key, tea_log_fixture_result_cb, &result);

  return finish_forgetting (self, &result);
}

static gboolean
is_in_a_file (House *self, const void *data, gsize size)
{
  g_autoptr (GDir) folder = g_dir_open (self->base.directory, 0, NULL);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->base.directory, name, NULL);
      g_autofree char *contents = NULL;
      gsize length = 0;

      g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
      if (memmem (contents, length, data, size) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
assert_files (House *self, gboolean has_mei)
{
  static const char *const gone[] = { "zucchini", "zwieback", "zebrawood", "zesty", "Meinhardt" };
  static const char *const kept[] = { "lemongrass", "lemonade", "lemon" };

  g_assert_cmpint (is_in_a_file (self, self->mei.digest, TEA_FINGERPRINT_SIZE), ==, has_mei);
  g_assert_cmpint (is_in_a_file (self, self->mei.key, strlen (self->mei.key)), ==, has_mei);
  g_assert_cmpint (is_in_a_file (self, self->mei.name, strlen (self->mei.name)), ==, has_mei);
  g_assert_true (is_in_a_file (self, self->noor.digest, TEA_FINGERPRINT_SIZE));
  g_assert_true (is_in_a_file (self, self->noor.key, strlen (self->noor.key)));
  for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
    {
      g_test_message ("%s", gone[i]);
      g_assert_cmpint (is_in_a_file (self, gone[i], strlen (gone[i])), ==, has_mei);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    g_assert_true (is_in_a_file (self, kept[i], strlen (kept[i])));
}

/* What is stored under a number; NULL for nothing. */
static TeaEvent *
read_event (House *self, guint64 seq)
{
  g_autoptr (GPtrArray) entries
      = tea_log_fixture_read (&self->base, seq, 1, 100000, NULL, NULL, NULL);
  const TeaLogEntry *entry = entries->len > 0 ? g_ptr_array_index (entries, 0) : NULL;

  return entry != NULL && entry->seq == seq
             ? tea_event_record_decode (seq, entry->version, entry->record, NULL)
             : NULL;
}

static void
set_up (House *self, gconstpointer data)
{
  tea_log_fixture_init (&self->base, FALSE);
  init_person (&self->mei, 1, "Meilinchen");
  init_person (&self->noor, 2, "Noorderlicht");
  self->kitchen = make_room (self, tea_room_info_new ("Kitchen", "kitchen"), self->mei.key);
}

static void
tear_down (House *self, gconstpointer data)
{
  tea_log_fixture_clear (&self->base);
  g_free (self->mei.key);
  g_free (self->noor.key);
}

static void
test_everywhere (House *self, gconstpointer data)
{
  g_autoptr (TeaStoredForm) reactions = tea_stored_form_new ();
  g_autoptr (TeaStoredForm) removal = tea_stored_form_new ();
  g_autoptr (TeaLog) kitchen = tea_log_fixture_open_log (&self->base, self->kitchen);
  g_autoptr (TeaLog) private = NULL;
  g_autoptr (TeaEvent) liked = NULL;
  g_autoptr (TeaEvent) removed = NULL;
  g_autoptr (TeaEvent) told = NULL;
  TeaReaction *reaction;
  TeaLog *hall = self->base.log;
  const TeaSentOut sent_out = { .key = self->mei.key, .name = (char *) self->mei.name };
  guint32 pair = make_room (self, tea_room_info_new_pair (self->mei.key, self->noor.key), NULL);
  guint64 epoch = tea_log_get_epoch (hall);
  guint64 of_mei;
  guint64 of_noor;
  guint64 telling;

  private = tea_log_fixture_open_log (&self->base, pair);
  add (self, hall, &self->mei, TEA_EVENT_JOINED, 0, NULL, NULL);
  of_mei = add (self, hall, &self->mei, TEA_EVENT_MESSAGE, 0, "zucchini", NULL);
  of_noor = add (self, hall, &self->noor, TEA_EVENT_MESSAGE, 0, "lemongrass", NULL);
  add (self, hall, &self->noor, TEA_EVENT_MESSAGE, 0, "lemonade", NULL);
  add (self, hall, &self->noor, TEA_EVENT_INVITED, 0, self->mei.name,
       tea_event_data_encode_key (self->mei.key));
  add (self, hall, &self->noor, TEA_EVENT_SENT_OUT, 0, "zesty",
       tea_event_data_encode_sent_out (&sent_out));
  add (self, kitchen, &self->mei, TEA_EVENT_MESSAGE, 0, "zwieback", NULL);
  add (self, private, &self->noor, TEA_EVENT_MESSAGE, 0, "zwieback too", NULL);

  tea_stored_form_react (reactions, "🍵", self->mei.key, self->mei.name, TRUE);
  tea_stored_form_react (reactions, "🍵", self->noor.key, self->noor.name, TRUE);
  telling = amend (self, of_noor, &self->noor, "lemongrass", reactions);
  tea_stored_form_remove (removal, self->mei.name);
  amend (self, of_noor + 1, &self->mei, NULL, removal);
  keep_names (self);
  keep_members (self, self->kitchen);
  keep_rules (self, TEA_ROOM_INFO_HALL, of_mei, of_noor);
  /* Something that is answered comes after what is only kept. */
  add (self, hall, &self->noor, TEA_EVENT_MESSAGE, 0, "lemonade", NULL);
  assert_files (self, TRUE);

  g_clear_object (&private);
  g_assert_cmpuint (forget (self), >=, 10);
  assert_files (self, FALSE);
  g_assert_cmpuint (forget (self), ==, 0);
  g_clear_object (&kitchen);
  tea_log_fixture_reopen (&self->base);
  assert_files (self, FALSE);
  g_assert_cmpuint (tea_log_get_epoch (self->base.log), !=, epoch);

  g_assert_null (read_event (self, of_mei));
  told = read_event (self, telling);
  g_assert_null (told);
  liked = read_event (self, of_noor);
  g_assert_cmpstr (tea_event_get_text (liked), ==, "lemongrass");
  g_assert_cmpuint (tea_message_form_get_reactions (tea_event_get_form (liked))->len, ==, 1);
  reaction = g_ptr_array_index (tea_message_form_get_reactions (tea_event_get_form (liked)), 0);
  g_assert_cmpuint (tea_reaction_get_count (reaction), ==, 1);
  g_assert_cmpstr (tea_reaction_get_names (reaction)[0], ==, self->noor.name);
  removed = read_event (self, of_noor + 1);
  g_assert_cmpstr (tea_message_form_get_removed_by (tea_event_get_form (removed)), ==, "Teahouse");
}

/* The rules of the hall, without what was theirs. */
static void
test_rules (House *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaRoomRules) rules = NULL;
  guint64 of_mei;
  guint64 of_noor;

  of_mei = add (self, self->base.log, &self->mei, TEA_EVENT_MESSAGE, 0, "zucchini", NULL);
  of_noor = add (self, self->base.log, &self->noor, TEA_EVENT_MESSAGE, 0, "lemongrass", NULL);
  add (self, self->base.log, &self->noor, TEA_EVENT_MESSAGE, 0, "lemonade", NULL);
  keep_rules (self, TEA_ROOM_INFO_HALL, of_mei, of_noor);
  forget (self);

  tea_store_load_rules_async (self->base.store, TEA_ROOM_INFO_HALL, NULL, tea_log_fixture_result_cb,
                              &result);
  rules = tea_store_load_rules_finish (self->base.store,
                                       tea_log_fixture_wait (&self->base, &result), NULL);
  g_assert_cmpuint (rules->mutes->len, ==, 0);
  g_assert_cmpuint (rules->bans->len, ==, 1);
  g_assert_cmpuint (rules->roles->len, ==, 0);
  g_assert_cmpuint (rules->pins->len, ==, 1);
  g_assert_cmpuint (((TeaPin *) g_ptr_array_index (rules->pins, 0))->target, ==, of_noor + 1);
  g_assert_null (rules->topic);
}

/* More than one step has to be done, and others go on meanwhile. */
static void
test_many (House *self, gconstpointer data)
{
  const guint n = 1200;
  g_autoptr (GAsyncResult) result = NULL;
  guint64 seq;

  for (guint i = 0; i < n; i++)
    add (self, self->base.log, i % 2 == 0 ? &self->mei : &self->noor, TEA_EVENT_MESSAGE, 0,
         i % 2 == 0 ? "zucchini" : "lemongrass", NULL);
  tea_store_forget_async (self->base.store, self->mei.key, tea_log_fixture_result_cb, &result);
  seq = add (self, self->base.log, &self->noor, TEA_EVENT_MESSAGE, 0, "lemonade", NULL);
  g_assert_cmpuint (seq, ==, n + 1);
  g_assert_cmpuint (finish_forgetting (self, &result), ==, n / 2);
  g_assert_false (is_in_a_file (self, "zucchini", strlen ("zucchini")));
  g_assert_cmpuint (add (self, self->base.log, &self->noor, TEA_EVENT_MESSAGE, 0, "tea", NULL), ==,
                    n + 2);
}

/* Who comes again is somebody new. */
static void
test_again (House *self, gconstpointer data)
{
  g_autoptr (TeaEvent) event = NULL;
  guint64 seq;

  add (self, self->base.log, &self->mei, TEA_EVENT_MESSAGE, 0, "zucchini", NULL);
  g_assert_cmpuint (forget (self), ==, 1);
  self->mei.number = 0;
  seq = add (self, self->base.log, &self->mei, TEA_EVENT_MESSAGE, 0, "melon", NULL);
  g_assert_cmpuint (seq, ==, 2);
  event = read_event (self, seq);
  g_assert_cmpstr (tea_event_get_text (event), ==, "melon");
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (House *self, gconstpointer data);
  } tests[] = { { "everywhere", test_everywhere },
                { "rules", test_rules },
                { "many", test_many },
                { "again", test_again } };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/sqlite-forget/", tests[i].name, NULL);

      g_test_add (path, House, NULL, set_up, tests[i].test, tear_down);
    }

  return g_test_run ();
}
