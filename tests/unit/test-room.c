/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-event-record.h"
#include "tea-fake-store.h"
#include "tea-fingerprint.h"
#include "tea-house.h"
#include "tea-name-ration.h"
#include "tea-refusal.h"
#include "tea-limits.h"

#define NOW G_GINT64_CONSTANT (1800000000000000)
#define HOUR G_TIME_SPAN_HOUR
#define DAY G_TIME_SPAN_DAY

/* How often it was said that the clock has jumped. */
static guint n_jumps;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && g_str_has_prefix (fields[i].value, "The clock"))
      {
        n_jumps += level == G_LOG_LEVEL_WARNING;
        return G_LOG_WRITER_HANDLED;
      }

  return g_log_writer_default (level, fields, n_fields, user_data);
}

/* Somebody in the hall who writes down what they are told. */
typedef struct
{
  TeaStay *stay; /* (owned) (nullable) */
  TeaName *name; /* (owned) (nullable) */
  char *key;     /* (owned) (nullable) */
  GString *heard;
  guint64 latest;
  gint64 latest_time;
  gboolean is_deaf;
  GPtrArray *listening; /* (owned) (nullable): where it is while it is told of events */
} TestSession;

static TestSession *
new_session (void)
{
  TestSession *self = g_new0 (TestSession, 1);

  self->heard = g_string_new (NULL);

  return self;
}

static void
stop_listening (TestSession *self)
{
  if (self->listening != NULL)
    g_ptr_array_remove (self->listening, self);
  g_clear_pointer (&self->listening, g_ptr_array_unref);
}

static void
test_session_free (TestSession *self)
{
  stop_listening (self);
  g_clear_pointer (&self->stay, tea_stay_lose);
  g_clear_pointer (&self->name, tea_name_unref);
  g_free (self->key);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSession, test_session_free)

static void
hear (TestSession *self, TeaEvent *event)
{
  static const char kinds[]
      = { [TEA_EVENT_JOINED] = '+', [TEA_EVENT_LEFT] = '-', [TEA_EVENT_MESSAGE] = ':' };
  const char *text = tea_event_get_text (event);

  g_assert_cmpuint (tea_event_get_seq (event), >, self->latest);
  self->latest = tea_event_get_seq (event);
  self->latest_time = tea_event_get_time (event);

  if (!self->is_deaf)
    g_string_append_printf (self->heard, "%s%c%s ", tea_event_get_author (event),
                            kinds[tea_event_get_kind (event)], text != NULL ? text : "");
}

/* A room on a log that fails as it is told, by a clock that goes as it is told. */

typedef struct
{
  GRand *random;
  TeaClock *clock;
  TeaFakeHouse *kept;
  TeaFakeFaults faults;
  TeaFakeStore *store;
  TeaHouse *house;
  TeaRoom *room;
  TeaRoomReader *reader;
  TeaPresence *presence;
  GPtrArray *listening; /* (element-type TestSession) */
  char *keys[4];
  TestSession *witness;
} Fixture;

/* Lets time pass, and everything be done meanwhile. */
static void
pass (Fixture *f, gint64 span)
{
  gint64 end = tea_clock_get_time (f->clock) + span;

  for (;;)
    {
      gint64 due;

      while (g_main_context_iteration (NULL, FALSE))
        ;

      due = tea_clock_get_next_due (f->clock);
      if (due < 0 || due > end)
        break;
      tea_clock_advance (f->clock, due);
    }

  tea_clock_advance (f->clock, end);
}

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (Fixture *f, GAsyncResult **result)
{
  for (guint i = 0; *result == NULL && i < 100000; i++)
    pass (f, G_TIME_SPAN_MILLISECOND);
  g_assert_nonnull (*result);

  return *result;
}

static void
event_cb (Fixture *f, TeaEvent *event)
{
  for (guint i = 0; i < f->listening->len; i++)
    hear (g_ptr_array_index (f->listening, i), event);
}

static void
open_room (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  f->store = tea_fake_store_new (f->kept, f->clock, f->random, &f->faults);
  f->house = tea_house_new (TEA_STORE (f->store), f->clock);
  f->listening = g_ptr_array_new ();
  tea_house_open_async (f->house, NULL, result_cb, &result);
  tea_house_open_finish (f->house, wait_for (f, &result), &error);
  g_assert_no_error (error);

  f->room = tea_house_get_hall (f->house);
  f->reader = tea_room_get_reader (f->room);
  f->presence = tea_house_get_presence (f->house);
  g_signal_connect_swapped (f->room, "event", G_CALLBACK (event_cb), f);
}

static void
close_room (Fixture *f, gboolean crashes)
{
  if (!crashes)
    {
      tea_house_close (f->house);
      pass (f, G_TIME_SPAN_SECOND);
    }
  tea_fake_store_crash (f->store);
  tea_house_close (f->house);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_ptr_array_unref (f->listening);
  g_assert_finalize_object (f->house);
  g_assert_finalize_object (f->store);
}

static void
set_up_at (Fixture *f, guint64 first)
{
  f->random = g_rand_new_with_seed (4711);
  f->clock = tea_clock_new_manual (NOW);
  f->kept = tea_fake_house_new (first, f->random);
  for (guint8 i = 0; i < G_N_ELEMENTS (f->keys); i++)
    {
      guint8 digest[TEA_FINGERPRINT_SIZE] = { i };

      f->keys[i] = tea_fingerprint_from_bytes (digest);
    }
  open_room (f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  set_up_at (f, 1);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  f->faults = (TeaFakeFaults){ 0 };
  close_room (f, FALSE);
  g_clear_pointer (&f->witness, test_session_free);
  for (guint i = 0; i < G_N_ELEMENTS (f->keys); i++)
    g_free (f->keys[i]);
  g_clear_pointer (&f->kept, tea_fake_house_unref);
  g_assert_finalize_object (f->clock);
  g_rand_free (f->random);
}

static void
ask_to_enter (
    Fixture *f, const char *text, const char *key, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  tea_presence_enter_async (f->presence, name, key, NULL, cancellable, result_cb, result);
}

/* What happened since they were let in is for them, and so is what happens from now on. */
static gboolean
finish_entering (Fixture *f, TestSession *session, GAsyncResult *result, GError **error)
{
  TeaStay *stay = tea_presence_enter_finish (f->presence, result, error);
  guint64 since;

  if (stay == NULL)
    return FALSE;

  since = tea_stay_get_since (stay);
  g_clear_pointer (&session->stay, tea_stay_lose);
  g_clear_pointer (&session->name, tea_name_unref);
  session->stay = stay;
  session->name = tea_name_ref (tea_stay_get_name (stay));
  for (guint64 seq = since + 1; seq <= tea_room_reader_get_head (f->reader); seq++)
    if (tea_room_reader_peek (f->reader, seq) != NULL && seq > session->latest)
      hear (session, tea_room_reader_peek (f->reader, seq));
  if (session->listening == NULL)
    {
      session->listening = g_ptr_array_ref (f->listening);
      g_ptr_array_add (f->listening, session);
    }

  return TRUE;
}

static int
enter (Fixture *f, TestSession *session, const char *text, const char *key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ask_to_enter (f, text, key, NULL, &result);
  if (finish_entering (f, session, wait_for (f, &result), &error))
    {
      g_free (session->key);
      session->key = g_strdup (key);
      return -1;
    }

  g_assert_true (error->domain == TEA_ERROR);

  return error->code;
}

static void
assert_enters_from (Fixture *f,
                    TestSession *session,
                    const char *text,
                    const char *key,
                    const char *address,
                    int code)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_presence_enter_async (f->presence, name, key, address, NULL, result_cb, &result);
  g_assert_cmpint (finish_entering (f, session, wait_for (f, &result), &error), ==, code < 0);
  g_assert_cmpint (error != NULL ? error->code : -1, ==, code);
}

static void
leave (Fixture *f, TestSession *session)
{
  stop_listening (session);
  g_clear_pointer (&session->stay, tea_stay_leave);
}

static void
lose (Fixture *f, TestSession *session)
{
  stop_listening (session);
  g_clear_pointer (&session->stay, tea_stay_lose);
}

static void
ask_to_say (Fixture *f,
            TestSession *session,
            guint32 stream,
            guint32 number,
            const char *text,
            GAsyncResult **result)
{
  const TeaDraft draft = { .kind = TEA_EVENT_MESSAGE,
                           .author = session->name,
                           .text = text,
                           .key = session->key,
                           .stream = stream,
                           .number = session->key != NULL ? number : 0 };

  tea_room_tell_async (f->room, &draft, result_cb, result);
}

static gboolean
is_here (Fixture *f, const char *text)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (text);

  return tea_presence_find (f->presence, name) != NULL;
}

#define assert_enters(f, session, name, key) g_assert_cmpint (enter (f, session, name, key), ==, -1)
#define assert_refused(f, session, name, key, code) \
  g_assert_cmpint (enter (f, session, name, key), ==, code)

static guint64
say (Fixture *f, TestSession *session, guint32 stream, guint32 number, const char *text, int *code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 seq;

  ask_to_say (f, session, stream, number, text, &result);
  seq = tea_room_tell_finish (f->room, wait_for (f, &result), &error);
  g_assert_true ((seq != 0) == (error == NULL));
  if (code != NULL)
    *code = error != NULL ? error->code : -1;

  return seq;
}

/* Somebody who hears what happens, and is heard of no more. */
static TestSession *
add_witness (Fixture *f)
{
  g_clear_pointer (&f->witness, test_session_free);
  f->witness = new_session ();
  assert_enters (f, f->witness, "Witness", f->keys[3]);
  g_string_truncate (f->witness->heard, 0);

  return f->witness;
}

static void
test_everyone_hears_everything (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) noor = new_session ();

  assert_enters (f, mei, "Mei", NULL);
  assert_enters (f, noor, "Noor", f->keys[0]);
  say (f, mei, 0, 0, "hello", NULL);
  say (f, noor, 1, 1, "hi", NULL);
  leave (f, mei);
  pass (f, 1);
  say (f, noor, 1, 2, "gone", NULL);

  /* What one hears begins when one is in. */
  g_assert_cmpstr (mei->heard->str, ==, "Noor+ Mei:hello Noor:hi ");
  g_assert_cmpstr (noor->heard->str, ==, "Mei:hello Noor:hi Mei- Noor:gone ");
  g_assert_cmpuint (tea_room_reader_get_head (f->reader), ==, noor->latest);
}

static void
test_names_are_unique (Fixture *f, gconstpointer data)
{
  static const char *const same[] = { "Mei", "mei", "MEI", "Ｍｅｉ" };
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) other = new_session ();

  assert_enters (f, mei, "Mei", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      assert_refused (f, other, same[i], NULL, TEA_ERROR_NAME_TAKEN);
      assert_refused (f, other, same[i], f->keys[0], TEA_ERROR_NAME_TAKEN);
      g_assert_true (is_here (f, same[i]));
    }

  /* Nothing of that was heard, and a classic member owns nothing afterwards. */
  g_assert_cmpstr (mei->heard->str, ==, "");
  leave (f, mei);
  assert_enters (f, other, "mei", f->keys[0]);
}

static void
test_unfit_messages (Fixture *f, gconstpointer data)
{
  TestSession *session = add_witness (f);
  g_autofree char *longest = g_strnfill (16384, 'x');
  g_autofree char *longer = g_strnfill (16385, 'x');
  g_autoptr (TestSession) stranger = new_session ();
  int code;

  say (f, session, 1, 1, "", &code);
  g_assert_cmpint (code, ==, TEA_REFUSAL_TEXT_UNFIT);
  say (f, session, 1, 1, "\xff", &code);
  g_assert_cmpint (code, ==, TEA_REFUSAL_TEXT_UNFIT);
  say (f, session, 1, 1, longer, &code);
  g_assert_cmpint (code, ==, TEA_REFUSAL_TEXT_UNFIT);
  say (f, session, 1, 1, longest, &code);
  g_assert_cmpint (code, ==, -1);
  stranger->name = tea_name_new ("Lin", NULL);
  stranger->key = g_strdup (f->keys[0]);
  say (f, stranger, 1, 1, "hello", &code);
  g_assert_cmpint (code, ==, TEA_REFUSAL_NOT_INSIDE);
}

static void
test_who_is_here (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) tomas = new_session ();
  g_autoptr (TestSession) sam = new_session ();
  g_autoptr (TestSession) aiko = new_session ();
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  const TeaPerson *person;
  guint64 next;

  assert_enters (f, tomas, "Tomás", NULL);
  assert_enters (f, sam, "Sam", f->keys[0]);
  assert_enters (f, aiko, "Aiko", f->keys[1]);
  leave (f, sam);
  pass (f, 1);

  first = tea_presence_list (f->presence, 0, 1, &next);
  g_assert_cmpuint (first->len, ==, 1);
  person = g_ptr_array_index (first, 0);
  g_assert_cmpstr (tea_name_get_text (person->name), ==, "Tomás");
  g_assert_null (person->key);
  g_assert_cmpuint (person->joined, ==, next);

  rest = tea_presence_list (f->presence, next, 10, &next);
  g_assert_cmpuint (rest->len, ==, 1);
  person = g_ptr_array_index (rest, 0);
  g_assert_cmpstr (tea_name_get_text (person->name), ==, "Aiko");
  g_assert_cmpstr (person->key, ==, f->keys[1]);
  g_assert_cmpuint (next, ==, 0);
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) sessions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) test_session_free);
  g_autoptr (TestSession) mei = new_session ();

  for (guint i = 0; i < TEA_PRESENCE_MAX; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);
      TestSession *session = new_session ();

      session->is_deaf = TRUE;
      g_ptr_array_add (sessions, session);
      assert_enters (f, session, name, NULL);
    }

  assert_refused (f, mei, "Mei", f->keys[0], TEA_ERROR_ROOM_FULL);
  leave (f, sessions->pdata[7]);
  pass (f, 1);
  assert_enters (f, mei, "Mei", f->keys[0]);
}

/* As many as there is room for are let in, also when all ask at once. */
static void
test_full_at_once (Fixture *f, gconstpointer data)
{
  static GAsyncResult *results[TEA_PRESENCE_MAX + 3];
  g_autoptr (GPtrArray) sessions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) test_session_free);
  guint n_refused = 0;
  guint n_in = 0;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);
      TestSession *session = new_session ();

      session->is_deaf = TRUE;
      g_ptr_array_add (sessions, session);
      ask_to_enter (f, name, NULL, NULL, &results[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_in = finish_entering (f, sessions->pdata[i], wait_for (f, &results[i]), &error);

      n_in += is_in;
      n_refused += g_error_matches (error, TEA_ERROR, TEA_ERROR_ROOM_FULL);
      g_object_unref (results[i]);
    }

  /* The log takes no more than so much at once. */
  g_assert_cmpuint (n_in, ==, tea_presence_get_n_people (f->presence));
  g_assert_cmpuint (n_in, <=, TEA_PRESENCE_MAX);
  g_assert_cmpuint (n_refused, >=, 3);
}

static void
test_names_belong_to_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) other = new_session ();
  g_autoptr (TeaName) name = tea_name_new ("Mei", NULL);
  g_autoptr (TeaName) suggestion = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  tea_house_set_name_lifetime (f->house, 10);
  assert_enters (f, mei, "Mei", f->keys[0]);
  assert_refused (f, other, "Mei", f->keys[1], TEA_ERROR_NAME_TAKEN);
  leave (f, mei);
  pass (f, 9 * G_TIME_SPAN_DAY);

  /* Also while they are not there. */
  assert_refused (f, other, "mei", f->keys[1], TEA_ERROR_NAME_TAKEN);
  assert_refused (f, other, "Mei", NULL, TEA_ERROR_NAME_TAKEN);
  assert_enters (f, mei, "MEI", f->keys[0]);
  assert_enters (f, other, "Mei2", f->keys[1]);
  tea_presence_suggest_name_async (f->presence, name, f->keys[1], result_cb, &result);
  suggestion = tea_presence_suggest_name_finish (f->presence, wait_for (f, &result));
  g_assert_cmpstr (tea_name_get_text (suggestion), ==, "Mei3");

  /* A name that is not used is free one day. */
  leave (f, mei);
  pass (f, 11 * G_TIME_SPAN_DAY);
  assert_enters (f, mei, "Mei", f->keys[2]);
  leave (f, mei);
  pass (f, 1);
  assert_refused (f, mei, "Mei", f->keys[0], TEA_ERROR_NAME_TAKEN);
}

/* Also while what is known of a name goes to the disk, and is not kept in mind any more. */
static void
test_names_while_saving (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) other = new_session ();

  f->faults.max_delay = 200 * G_TIME_SPAN_MILLISECOND;
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("Mei%u", i % 8);

      assert_enters (f, mei, name, f->keys[0]);
      leave (f, mei);
      pass (f, G_TIME_SPAN_SECOND + i * 20 * G_TIME_SPAN_MILLISECOND);
      assert_refused (f, other, name, f->keys[1], TEA_ERROR_NAME_TAKEN);
      pass (f, G_TIME_SPAN_MINUTE);
    }
}

/* A clock that is a year ahead makes no name free, not even one that would be. */
static void
test_names_with_a_wrong_clock (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();

  tea_house_set_name_lifetime (f->house, 10);
  assert_enters (f, mei, "Mei", f->keys[0]);
  leave (f, mei);
  pass (f, 9 * DAY);
  tea_clock_sleep (f->clock, 400 * DAY);
  pass (f, HOUR);
  assert_refused (f, mei, "Mei", f->keys[1], TEA_ERROR_NAME_TAKEN);
  tea_clock_sleep (f->clock, -400 * DAY);
  pass (f, 20 * HOUR);
  assert_refused (f, mei, "Mei", f->keys[1], TEA_ERROR_NAME_TAKEN);

  /* When it has stood for a day, days count again. */
  pass (f, 12 * DAY);
  assert_enters (f, mei, "Mei", f->keys[1]);
}

/* Names and keys cost nothing; what is kept of them does. */
static void
test_new_names_of_a_network (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *address;
    int code;
  } vectors[] = {
    { "another", "192.0.2.1", TEA_ERROR_TRY_LATER },
    { "another", "192.0.2.2", -1 },
    { "name4095", "192.0.2.1", -1 },
  };

  for (guint i = 0; i < TEA_NAME_RATION_BURST; i++)
    {
      g_autofree char *name = g_strdup_printf ("name%u", i);
      g_autoptr (TestSession) session = new_session ();

      assert_enters_from (f, session, name, f->keys[0], "192.0.2.1", -1);
      leave (f, session);
      pass (f, 1);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TestSession) session = new_session ();

      g_test_message ("vector %zu", i);
      assert_enters_from (f, session, vectors[i].name, f->keys[0], vectors[i].address,
                          vectors[i].code);
      leave (f, session);
      pass (f, 1);
    }
}

/* A key can be in the room under several names. */
static void
test_several_names (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) second = new_session ();

  assert_enters (f, mei, "Mei", f->keys[0]);
  assert_enters (f, second, "Lin", f->keys[0]);
  g_assert_cmpuint (tea_presence_get_n_people (f->presence), ==, 2);
}

/* Nobody is in the room under any number of names; for more, one has to be given up. */
static void
test_many_names (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) sessions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) test_session_free);
  g_autoptr (TestSession) other = new_session ();
  g_autoptr (TestSession) another = new_session ();
  GAsyncResult *results[5] = { NULL };

  for (guint i = 0; i < TEA_NAME_REGISTRY_MAX_NAMES - 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("Mei%u", i);

      g_ptr_array_add (sessions, new_session ());
      assert_enters (f, sessions->pdata[i], name, f->keys[0]);
    }

  /* Those who ask at once are counted as well. */
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *name = g_strdup_printf ("Mei%u", TEA_NAME_REGISTRY_MAX_NAMES - 3 + i);
      g_autoptr (TestSession) session = new_session ();

      ask_to_enter (f, name, f->keys[0], NULL, &results[i]);
      g_ptr_array_add (sessions, g_steal_pointer (&session));
    }
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      TestSession *session = g_ptr_array_index (sessions, TEA_NAME_REGISTRY_MAX_NAMES - 3 + i);

      g_assert_cmpint (finish_entering (f, session, wait_for (f, &results[i]), &error), ==, i < 3);
      g_clear_object (&results[i]);
    }

  assert_refused (f, other, "Lin", f->keys[0], TEA_ERROR_REFUSED);
  assert_enters (f, other, "mei3", f->keys[0]);
  assert_enters (f, another, "Lin", f->keys[1]);
  leave (f, another);
  assert_refused (f, another, "Lin", f->keys[0], TEA_ERROR_NAME_TAKEN);

  /* The name of who has gone is free now: it was too many. */
  leave (f, sessions->pdata[5]);
  pass (f, G_TIME_SPAN_SECOND);
  assert_refused (f, another, "Mei5", f->keys[1], TEA_ERROR_NAME_TAKEN);
  assert_enters (f, another, "Ann", f->keys[0]);
  leave (f, another);
  pass (f, G_TIME_SPAN_SECOND);
  assert_enters (f, another, "Mei5", f->keys[1]);
}

static void
test_race (Fixture *f, gconstpointer data)
{
  for (guint round = 0; round < 50; round++)
    {
      g_autofree char *name = g_strdup_printf ("Mei%u", round);
      TestSession *sessions[3] = { new_session (), new_session (), new_session () };
      GAsyncResult *results[3] = { NULL };
      guint n_in = 0;

      f->faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
      f->faults.unavailable = round % 2 == 0 ? 0.4 : 0;
      for (guint i = 0; i < 3; i++)
        ask_to_enter (f, name, i < 2 ? f->keys[i] : NULL, NULL, &results[i]);

      /* Nobody is refused for somebody who is not in yet. */
      g_assert_null (results[1]);

      for (guint i = 0; i < 3; i++)
        {
          g_autoptr (GError) error = NULL;

          if (finish_entering (f, sessions[i], wait_for (f, &results[i]), &error))
            n_in++;
          else if (error->code != TEA_ERROR_TRY_LATER)
            g_assert_true (n_in == 1 && error->code == TEA_ERROR_NAME_TAKEN);
        }

      g_assert_cmpuint (n_in, <=, 1);
      if (f->faults.unavailable <= 0)
        g_assert_cmpuint (n_in, ==, 1);

      /* They go again, as nobody can be here under any number of names. */
      f->faults.unavailable = 0;
      for (guint i = 0; i < 3; i++)
        {
          leave (f, sessions[i]);
          g_object_unref (results[i]);
          test_session_free (sessions[i]);
        }
      pass (f, G_TIME_SPAN_SECOND);
    }
}

static void
test_two_devices (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) desk = new_session ();
  g_autoptr (TestSession) phone = new_session ();
  TestSession *witness = add_witness (f);

  assert_enters (f, desk, "Mei", f->keys[0]);
  assert_enters (f, phone, "mei", f->keys[0]);
  g_assert_cmpuint (tea_presence_get_n_people (f->presence), ==, 2);
  say (f, desk, 1, 1, "from the desk", NULL);
  say (f, phone, 2, 1, "from the phone", NULL);
  leave (f, desk);
  pass (f, G_TIME_SPAN_HOUR);
  say (f, phone, 2, 2, "still here", NULL);
  leave (f, phone);
  pass (f, 1);

  g_assert_cmpstr (desk->heard->str, ==, "Mei:from the desk Mei:from the phone ");
  g_assert_cmpstr (phone->heard->str, ==, "Mei:from the desk Mei:from the phone Mei:still here ");
  g_assert_cmpstr (witness->heard->str, ==,
                   "Mei+ Mei:from the desk Mei:from the phone Mei:still here Mei- ");
}

static void
test_grace (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) back = new_session ();
  g_autoptr (TestSession) other = new_session ();
  TestSession *witness = add_witness (f);

  assert_enters (f, mei, "Mei", f->keys[0]);
  lose (f, mei);
  pass (f, TEA_PRESENCE_DEFAULT_GRACE - G_TIME_SPAN_SECOND);
  assert_refused (f, other, "Mei", f->keys[1], TEA_ERROR_NAME_TAKEN);
  assert_enters (f, back, "Mei", f->keys[0]);
  pass (f, G_TIME_SPAN_HOUR);
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ ");

  lose (f, back);
  pass (f, TEA_PRESENCE_DEFAULT_GRACE - G_TIME_SPAN_SECOND);
  g_assert_true (is_here (f, "Mei"));
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_false (is_here (f, "Mei"));
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Mei- ");

  /* Who has no key is not waited for. */
  assert_enters (f, other, "Ann", NULL);
  lose (f, other);
  pass (f, 1);
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Mei- Ann+ Ann- ");
}

static void
check_restart (Fixture *f, gboolean crashes)
{
  const char *expected[] = { "Ann", "Bob", "Lin", "Mei" };
  TestSession *sessions[] = { new_session (), new_session (), new_session (), new_session () };
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) ann = new_session ();
  g_autoptr (TestSession) gone = new_session ();
  TestSession *witness;

  for (guint i = 0; i < 4; i++)
    assert_enters (f, sessions[i], expected[i], i < 2 ? NULL : f->keys[i - 2]);
  assert_enters (f, gone, "Gone", f->keys[2]);
  leave (f, gone);
  pass (f, 1);

  close_room (f, crashes);
  for (guint i = 0; i < 4; i++)
    test_session_free (sessions[i]);
  open_room (f);
  witness = add_witness (f);
  g_assert_cmpuint (tea_presence_get_n_people (f->presence), ==, 5);

  /* Owners are back, and whoever has a borrowed name is, without a word. */
  pass (f, TEA_PRESENCE_DEFAULT_GRACE / 2);
  assert_refused (f, mei, "Mei", f->keys[2], TEA_ERROR_NAME_TAKEN);
  assert_refused (f, mei, "Gone", f->keys[1], TEA_ERROR_NAME_TAKEN);
  assert_enters (f, mei, "Mei", f->keys[1]);
  assert_refused (f, ann, "Ann", f->keys[2], TEA_ERROR_NAME_TAKEN);
  assert_enters (f, ann, "ann", NULL);
  assert_refused (f, gone, "Ann", NULL, TEA_ERROR_NAME_TAKEN);
  g_assert_cmpstr (witness->heard->str, ==, "");

  /* The others have gone meanwhile. */
  pass (f, TEA_PRESENCE_DEFAULT_GRACE);
  g_assert_true (g_str_equal (witness->heard->str, "Bob- Lin- ")
                 || g_str_equal (witness->heard->str, "Lin- Bob- "));
}

static void
test_restart (Fixture *f, gconstpointer data)
{
  check_restart (f, FALSE);
}

/* The roll was never saved: all is read from the log. */
static void
test_restart_without_a_roll (Fixture *f, gconstpointer data)
{
  f->faults.save_lag = G_TIME_SPAN_DAY;
  check_restart (f, TRUE);
}

/* The saved roll is from a time before most of it. */
static void
test_restart_from_a_late_roll (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) early = new_session ();

  assert_enters (f, early, "Early", f->keys[3]);
  pass (f, G_TIME_SPAN_MINUTE);
  leave (f, early);
  f->faults.save_lag = G_TIME_SPAN_DAY;
  check_restart (f, TRUE);
  assert_refused (f, early, "Early", f->keys[0], TEA_ERROR_NAME_TAKEN);
  assert_enters (f, early, "Early", f->keys[3]);
}

/* What is not known to be stored is repeated until it is; nothing happens twice. */
static void
test_unknown_appends (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) ann = new_session ();
  TestSession *witness = add_witness (f);
  guint64 latest = 0;

  f->faults.unknown_stored = 0.4;
  f->faults.unknown_lost = 0.3;
  f->faults.repeat = 0.3;
  f->faults.hole = 0.2;
  f->faults.max_delay = 10 * G_TIME_SPAN_MILLISECOND;

  assert_enters (f, mei, "Mei", f->keys[0]);
  assert_enters (f, ann, "Ann", NULL);
  g_string_append (expected, "Mei+ Ann+ ");
  for (guint32 i = 1; i <= 50; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      guint64 seq = i % 2 == 0 ? say (f, mei, 9, i, text, NULL) : say (f, ann, 0, 0, text, NULL);

      g_assert_cmpuint (seq, >, latest);
      latest = seq;
      g_string_append_printf (expected, "%s:%u ", i % 2 == 0 ? "Mei" : "Ann", i);
    }
  leave (f, mei);
  pass (f, G_TIME_SPAN_MINUTE);
  leave (f, ann);
  pass (f, G_TIME_SPAN_MINUTE);
  g_string_append (expected, "Mei- Ann- ");

  g_assert_cmpstr (witness->heard->str, ==, expected->str);
}

static void
test_full_disk (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) ann = new_session ();
  g_autoptr (TestSession) lin = new_session ();
  TestSession *witness = add_witness (f);
  int code;

  assert_enters (f, mei, "Mei", f->keys[0]);
  assert_enters (f, ann, "Ann", NULL);
  assert_enters (f, lin, "Lin", f->keys[1]);

  f->faults.unavailable = 1;
  g_assert_cmpuint (say (f, mei, 1, 1, "hello", &code), ==, 0);
  g_assert_cmpint (code, ==, TEA_ERROR_TRY_LATER);
  g_assert_cmpuint (say (f, ann, 0, 0, "hello", &code), ==, 0);
  g_assert_cmpint (code, ==, TEA_ERROR_TRY_LATER);
  leave (f, ann);
  leave (f, lin);
  pass (f, G_TIME_SPAN_MINUTE);
  assert_refused (f, ann, "Sam", f->keys[2], TEA_ERROR_TRY_LATER);

  /* Nothing of that has happened: who comes back meanwhile was never gone. */
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Ann+ Lin+ ");
  assert_enters (f, lin, "Lin", f->keys[1]);

  f->faults.unavailable = 0;
  pass (f, G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (say (f, mei, 1, 1, "hello", NULL), >, 0);
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Ann+ Lin+ Ann- Mei:hello ");
}

/* What comes behind a message that is not stored is not stored before it. */
static void
test_messages_stay_in_order (Fixture *f, gconstpointer data)
{
  TestSession *witness = add_witness (f);
  GAsyncResult *results[3] = { NULL };

  f->faults.busy = 1;
  for (guint32 i = 0; i < 3; i++)
    ask_to_say (f, witness, 5, i + 1, "lost", &results[i]);
  f->faults.busy = 0;
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 seq = tea_room_tell_finish (f->room, wait_for (f, &results[i]), &error);

      /* All or none. */
      g_assert_true (seq == 0 ? g_error_matches (error, TEA_ERROR, TEA_ERROR_TRY_LATER)
                              : error == NULL);
      g_clear_object (&results[i]);
    }

  f->faults.max_delay = 50 * G_TIME_SPAN_MILLISECOND;
  for (guint32 i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i + 1);

      ask_to_say (f, witness, 6, i + 1, text, &results[i]);
    }
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpuint (tea_room_tell_finish (f->room, wait_for (f, &results[i]), NULL), >, 0);
      g_object_unref (results[i]);
    }
  g_assert_true (g_str_has_suffix (witness->heard->str, "Witness:1 Witness:2 Witness:3 "));
}

#define N_AT_ONCE 12

/* Whatever goes wrong with some of what is said at once: what is stored comes in the order in
 * which it was said, once, and nothing comes after what is missing. */
static void
test_many_at_once (Fixture *f, gconstpointer data)
{
  TestSession *witness = add_witness (f);
  g_autoptr (GString) expected = g_string_new (NULL);
  guint n_partly = 0;

  f->faults.busy = f->faults.unavailable = 0.05;
  f->faults.unknown_stored = f->faults.unknown_lost = 0.05;
  f->faults.hole = f->faults.repeat = 0.1;
  f->faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
  for (guint32 next = 1; next < 600;)
    {
      GAsyncResult *results[N_AT_ONCE] = { NULL };
      guint32 first = next;

      for (guint32 i = 0; i < N_AT_ONCE; i++)
        {
          g_autofree char *text = g_strdup_printf ("%u", first + i);

          ask_to_say (f, witness, 9, first + i, text, &results[i]);
        }
      for (guint32 i = 0; i < N_AT_ONCE; i++)
        {
          g_autoptr (GError) error = NULL;
          guint64 seq = tea_room_tell_finish (f->room, wait_for (f, &results[i]), &error);

          if (seq != 0)
            {
              g_assert_cmpuint (first + i, ==, next);
              g_string_append_printf (expected, "Witness:%u ", next++);
            }
          else
            {
              g_assert_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER);
            }
          g_object_unref (results[i]);
        }
      n_partly += next > first && next < first + N_AT_ONCE;
    }

  g_assert_cmpuint (n_partly, >, 5);
  g_assert_cmpstr (witness->heard->str, ==, expected->str);
}

static void
test_repeats (Fixture *f, gconstpointer data)
{
  TestSession *witness = add_witness (f);
  GAsyncResult *results[2] = { NULL };
  g_autoptr (GAsyncResult) found = NULL;
  guint64 seqs[2];
  guint32 number;

  for (guint i = 0; i < 2; i++)
    ask_to_say (f, witness, 7, 1, "once", &results[i]);
  for (guint i = 0; i < 2; i++)
    {
      seqs[i] = tea_room_tell_finish (f->room, wait_for (f, &results[i]), NULL);
      g_object_unref (results[i]);
    }

  g_assert_cmpuint (seqs[0], >, 0);
  g_assert_cmpuint (seqs[0], ==, seqs[1]);
  g_assert_cmpuint (say (f, witness, 7, 1, "once", NULL), ==, seqs[0]);
  say (f, witness, 7, 2, "twice", NULL);
  g_assert_cmpuint (say (f, witness, 7, 1, "once", NULL), ==, seqs[0]);
  g_assert_cmpstr (witness->heard->str, ==, "Witness:once Witness:twice ");

  tea_room_writer_find_number_async (tea_room_get_writer (f->room), f->keys[3], 7, NULL, result_cb,
                                     &found);
  g_assert_true (tea_room_writer_find_number_finish (tea_room_get_writer (f->room),
                                                     wait_for (f, &found), &number, NULL));
  g_assert_cmpuint (number, ==, 2);
  g_clear_object (&found);
  tea_room_writer_find_number_async (tea_room_get_writer (f->room), f->keys[3], 8, NULL, result_cb,
                                     &found);
  g_assert_true (tea_room_writer_find_number_finish (tea_room_get_writer (f->room),
                                                     wait_for (f, &found), &number, NULL));
  g_assert_cmpuint (number, ==, 0);
}

/* A goodbye comes after what was said before it, and is the last that one hears. */
static void
test_leaving_in_order (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (TestSession) ann = new_session ();
  g_autoptr (GAsyncResult) mei_said = NULL;
  g_autoptr (GAsyncResult) ann_said = NULL;
  g_autoptr (GAsyncResult) mei_left = NULL;
  g_autoptr (GAsyncResult) ann_left = NULL;
  TestSession *witness = add_witness (f);

  f->faults.max_delay = 20 * G_TIME_SPAN_MILLISECOND;
  f->faults.unknown_stored = f->faults.unknown_lost = 0.3;
  assert_enters (f, mei, "Mei", f->keys[0]);
  assert_enters (f, ann, "Ann", NULL);
  ask_to_say (f, mei, 1, 1, "bye", &mei_said);
  tea_presence_leave_async (f->presence, g_steal_pointer (&mei->stay), result_cb, &mei_left);
  wait_for (f, &mei_left);
  stop_listening (mei);
  ask_to_say (f, ann, 0, 0, "bye", &ann_said);
  tea_presence_leave_async (f->presence, g_steal_pointer (&ann->stay), result_cb, &ann_left);
  wait_for (f, &ann_left);
  stop_listening (ann);
  pass (f, G_TIME_SPAN_MINUTE);

  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Ann+ Mei:bye Mei- Ann:bye Ann- ");
  g_assert_cmpstr (mei->heard->str, ==, "Ann+ Mei:bye Mei- ");
  g_assert_cmpstr (ann->heard->str, ==, "Mei:bye Mei- Ann:bye Ann- ");
}

/* Who asks again is answered when all that came before has been heard. */
static void
test_settle (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) said = NULL;
  g_autoptr (GAsyncResult) settled = NULL;
  TestSession *witness = add_witness (f);

  f->faults.max_delay = 100 * G_TIME_SPAN_MILLISECOND;
  ask_to_say (f, witness, 1, 1, "hello", &said);
  tea_room_writer_settle_async (tea_room_get_writer (f->room), result_cb, &settled);
  g_assert_null (settled);
  wait_for (f, &settled);
  g_assert_cmpstr (witness->heard->str, ==, "Witness:hello ");

  /* A log that does not know does not keep anybody waiting. */
  f->faults.unknown_lost = 1;
  g_clear_object (&settled);
  g_clear_object (&said);
  ask_to_say (f, witness, 1, 2, "hello", &said);
  tea_room_writer_settle_async (tea_room_get_writer (f->room), result_cb, &settled);
  wait_for (f, &settled);
  g_assert_null (said);
  f->faults.unknown_lost = 0;
  wait_for (f, &said);
}

/* Who gives up while they are let in is not let in, or out again. */
static void
test_giving_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TestSession *witness = add_witness (f);

  /* While it is looked up whose the name is. */
  ask_to_enter (f, "Mei", f->keys[0], cancellable, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (finish_entering (f, mei, wait_for (f, &result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pass (f, HOUR);
  g_assert_cmpstr (witness->heard->str, ==, "");

  /* While it is stored that they enter: whose the name is, is known yet. */
  assert_enters (f, mei, "Mei", f->keys[0]);
  leave (f, mei);
  pass (f, 1);
  g_cancellable_reset (cancellable);
  g_clear_object (&result);
  g_clear_error (&error);
  ask_to_enter (f, "Mei", f->keys[0], cancellable, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (finish_entering (f, mei, wait_for (f, &result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pass (f, HOUR);
  g_assert_cmpstr (witness->heard->str, ==, "Mei+ Mei- Mei+ Mei- ");
  g_assert_cmpstr (mei->heard->str, ==, "");
}

/* Of many who enter at once each hears of exactly those who came after. */
static void
test_nobody_is_missed (Fixture *f, gconstpointer data)
{
  TestSession *sessions[20];
  GAsyncResult *results[20] = { NULL };
  TestSession *witness = add_witness (f);

  f->faults.max_delay = 3 * G_TIME_SPAN_MILLISECOND;
  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      sessions[i] = new_session ();
      ask_to_enter (f, name, NULL, NULL, &results[i]);
    }

  /* Also who takes a while to look at the answer. */
  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_assert_true (finish_entering (f, sessions[i], wait_for (f, &results[i]), NULL));
      g_object_unref (results[i]);
    }
  pass (f, G_TIME_SPAN_MINUTE);

  g_assert_cmpuint (tea_presence_get_n_people (f->presence), ==, 21);
  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_autofree char *arrival = g_strdup_printf ("guest%u+ ", i);
      const char *rest = strstr (witness->heard->str, arrival);

      g_assert_nonnull (rest);
      g_assert_cmpstr (sessions[i]->heard->str, ==, rest + strlen (arrival));
      lose (f, sessions[i]);
      test_session_free (sessions[i]);
    }
}

static GPtrArray *
read_events (Fixture *f, guint64 from, guint64 to, gsize max_bytes, guint64 *next)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *events = NULL;

  tea_room_reader_read_async (f->reader, from, to, max_bytes, NULL, result_cb, &result);
  events = tea_room_reader_read_finish (f->reader, wait_for (f, &result), next, &error);
  g_assert_no_error (error);

  return events;
}

static void
check_history (Fixture *f, guint64 first)
{
  guint64 head = tea_room_reader_get_head (f->reader);
  guint64 from = 0;
  guint n = 0;

  while (from <= head)
    {
      guint64 next;
      g_autoptr (GPtrArray) events = read_events (f, from, G_MAXUINT64 - 1, 400, &next);

      g_assert_cmpuint (next, >, from);
      for (guint i = 0; i < events->len; i++)
        {
          guint64 seq = tea_event_get_seq (events->pdata[i]);

          g_assert_cmpuint (seq, >=, MAX (from, first));
          g_assert_cmpuint (seq, <, next);
          from = seq + 1;
          n++;
        }
      from = next;
    }

  g_assert_cmpuint (n, ==, 151);
}

static void
test_history (Fixture *f, gconstpointer data)
{
  TestSession *witness;
  g_autoptr (GPtrArray) events = NULL;
  guint64 early;
  guint64 next;

  tear_down (f, NULL);
  memset (f, 0, sizeof *f);
  set_up_at (f, 5000);
  g_assert_cmpuint (tea_room_reader_get_first (f->reader), ==, 5000);
  f->faults.hole = 0.5;
  witness = add_witness (f);
  for (guint32 i = 1; i <= 150; i++)
    say (f, witness, 1, i, "a message of some length, so that not all of them fit", NULL);

  /* From memory, and from the log where that does not reach so far. */
  early = say (f, witness, 1, 1, "again", NULL);
  g_assert_nonnull (tea_room_reader_peek (f->reader, early));
  g_assert_null (tea_room_reader_peek (f->reader, 1));
  check_history (f, 5000);
  close_room (f, FALSE);
  open_room (f);
  g_assert_null (tea_room_reader_peek (f->reader, early));
  g_assert_nonnull (tea_room_reader_peek (f->reader, tea_room_reader_get_head (f->reader)));
  check_history (f, 5000);

  /* Nothing is there yet. */
  next = tea_room_reader_get_head (f->reader) + 1;
  events = read_events (f, next, next + 10, 1000, &next);
  g_assert_cmpuint (events->len, ==, 0);
  g_assert_cmpuint (next, ==, tea_room_reader_get_head (f->reader) + 1);
}

/* Starts the room with a clock that shows something else. */
static TestSession *
restart_at (Fixture *f, gint64 real_time)
{
  close_room (f, FALSE);
  g_clear_pointer (&f->witness, test_session_free);
  g_object_unref (f->clock);
  f->clock = tea_clock_new_manual (real_time);
  open_room (f);

  return add_witness (f);
}

/* However the clock goes, lines do not go back in time; and one that is wrong for a while
 * leaves no trace. */
static void
test_times (Fixture *f, gconstpointer data)
{
  static const gint64 wrong[]
      = { NOW + HOUR - G_TIME_SPAN_MINUTE, NOW + 400 * DAY, HOUR, NOW - 30 * DAY };
  TestSession *witness = add_witness (f);
  guint32 number = 2;
  gint64 before;

  n_jumps = 0;
  pass (f, 10 * G_TIME_SPAN_SECOND);
  say (f, witness, 1, 1, "now", NULL);
  before = witness->latest_time;
  g_assert_cmpint (before, >=, NOW + 10 * G_TIME_SPAN_SECOND);
  pass (f, HOUR);
  g_assert_cmpuint (n_jumps, ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      n_jumps = 0;
      witness = restart_at (f, wrong[i]);
      say (f, witness, 1, number++, "with a wrong clock", NULL);
      g_assert_cmpint (witness->latest_time, >=, before);
      g_assert_cmpint (witness->latest_time, <, NOW + (i + 2) * HOUR);
      before = witness->latest_time;
      g_assert_cmpuint (n_jumps, ==, ABS (wrong[i] - NOW) > DAY);

      witness = restart_at (f, NOW + (i + 2) * HOUR);
      say (f, witness, 1, number++, "with the right clock", NULL);
      g_assert_cmpint (witness->latest_time, >=, NOW + (i + 2) * HOUR);
      before = witness->latest_time;
      pass (f, 10 * G_TIME_SPAN_MINUTE);
    }

  /* Of a clock that has stood for a day, and is put back then, the last time stays. */
  tea_clock_sleep (f->clock, 400 * DAY);
  pass (f, 25 * HOUR);
  say (f, witness, 1, number++, "much later", NULL);
  before = witness->latest_time;
  g_assert_cmpint (before, >, NOW + 400 * DAY);
  tea_clock_sleep (f->clock, -400 * DAY);
  pass (f, 50 * HOUR);
  say (f, witness, 1, number++, "before that", NULL);
  g_assert_cmpint (witness->latest_time, >=, before);
}

/* Nor when it takes long to find out whether one of them is stored. */
static void
test_times_in_doubt (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (GAsyncResult) said = NULL;
  g_autoptr (GError) error = NULL;
  TestSession *witness = add_witness (f);
  gint64 before;

  assert_enters (f, mei, "Mei", f->keys[0]);
  f->faults.unknown_lost = 1;
  ask_to_say (f, mei, 1, 1, "in doubt", &said);
  pass (f, G_TIME_SPAN_SECOND);
  f->faults.unknown_lost = 0;
  g_assert_null (said);

  say (f, witness, 1, 1, "meanwhile", NULL);
  before = witness->latest_time;
  g_assert_cmpuint (tea_room_tell_finish (f->room, wait_for (f, &said), &error), !=, 0);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (witness->heard->str, "Witness:meanwhile Mei:in doubt "));
  g_assert_cmpint (witness->latest_time, >=, before);
}

static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autoptr (TestSession) mei = new_session ();
  g_autoptr (GAsyncResult) entered = NULL;
  g_autoptr (GAsyncResult) said = NULL;
  g_autoptr (GError) error = NULL;
  TestSession *witness = add_witness (f);

  f->faults.unknown_lost = 1;
  ask_to_enter (f, "Mei", NULL, NULL, &entered);
  ask_to_say (f, witness, 1, 1, "hello", &said);
  pass (f, G_TIME_SPAN_SECOND);
  g_assert_null (entered);
  g_assert_null (said);

  tea_house_close (f->house);
  g_assert_false (finish_entering (f, mei, wait_for (f, &entered), &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER);
  g_clear_error (&error);
  g_assert_cmpuint (tea_room_tell_finish (f->room, wait_for (f, &said), &error), ==, 0);
  g_assert_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER);
  assert_refused (f, mei, "Mei", NULL, TEA_ERROR_TRY_LATER);
}

/* What is stored when nobody listens to the log any more is answered all the same. */
static void
test_closed_while_it_stores (Fixture *f, gconstpointer data)
{
  TestSession *witness = add_witness (f);
  g_autoptr (GAsyncResult) said = NULL;
  guint64 head = tea_fake_disk_get_head (tea_fake_house_get_disk (f->kept, TEA_ROOM_INFO_HALL));

  ask_to_say (f, witness, 1, 1, "hello", &said);
  tea_house_close (f->house);
  wait_for (f, &said);
  g_assert_cmpuint (tea_fake_disk_get_head (tea_fake_house_get_disk (f->kept, TEA_ROOM_INFO_HALL)),
                    ==, head + 1);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "everyone-hears-everything", test_everyone_hears_everything },
    { "names-are-unique", test_names_are_unique },
    { "unfit-messages", test_unfit_messages },
    { "who-is-here", test_who_is_here },
    { "full", test_full },
    { "full-at-once", test_full_at_once },
    { "names-belong-to-keys", test_names_belong_to_keys },
    { "names-while-saving", test_names_while_saving },
    { "names-with-a-wrong-clock", test_names_with_a_wrong_clock },
    { "new-names-of-a-network", test_new_names_of_a_network },
    { "several-names", test_several_names },
    { "many-names", test_many_names },
    { "race", test_race },
    { "two-devices", test_two_devices },
    { "grace", test_grace },
    { "restart", test_restart },
    { "restart-without-a-roll", test_restart_without_a_roll },
    { "restart-from-a-late-roll", test_restart_from_a_late_roll },
    { "unknown-appends", test_unknown_appends },
    { "full-disk", test_full_disk },
    { "messages-stay-in-order", test_messages_stay_in_order },
    { "many-at-once", test_many_at_once },
    { "repeats", test_repeats },
    { "leaving-in-order", test_leaving_in_order },
    { "settle", test_settle },
    { "giving-up", test_giving_up },
    { "nobody-is-missed", test_nobody_is_missed },
    { "history", test_history },
    { "times", test_times },
    { "times-in-doubt", test_times_in_doubt },
    { "closed", test_closed },
    { "closed-while-it-stores", test_closed_while_it_stores },
  };

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/room/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }

  return g_test_run ();
}
