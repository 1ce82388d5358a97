/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-fixture.h"

#include <string.h>

/* What every kind of log promises. Each test runs with each kind. */

static void
test_append (TeaLogFixture *f)
{
  g_autofree char *list = NULL;
  guint64 latest = 0;

  g_assert_cmpuint (tea_log_get_head (f->log), ==, 0);
  g_assert_cmpuint (tea_log_get_first (f->log), ==, f->is_fake ? 1001 : 1);
  g_assert_cmpint (tea_log_get_state (f->log), ==, TEA_LOG_READY);
  g_assert_cmpstr (tea_log_get_durability (f->log), ==, f->is_fake ? "memory" : "synced");

  for (guint i = 1; i <= 5; i++)
    for (guint author = 1; author <= 2; author++)
      {
        guint64 seq = tea_log_fixture_add (f, author, 10 * i);

        g_assert_cmpuint (seq, >, latest);
        if (!f->is_fake)
          g_assert_cmpuint (seq, ==, latest + 1);
        g_assert_cmpuint (tea_log_get_head (f->log), ==, seq);
        latest = seq;
      }

  list = tea_log_fixture_list (f);
  g_assert_cmpstr (list, ==, "1:10 2:10 1:20 2:20 1:30 2:30 1:40 2:40 1:50 2:50 ");
}

static void
assert_known (TeaLogFixture *f, guint author, guint64 number, guint64 seq)
{
  g_autoptr (GError) error = NULL;
  gboolean was_there = FALSE;

  g_assert_cmpuint (tea_log_fixture_append (f, author, number, &was_there, &error), ==, seq);
  g_assert_no_error (error);
  g_assert_true (was_there);
}

static void
assert_rejected (TeaLogFixture *f, guint author, guint64 number)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (tea_log_fixture_append (f, author, number, NULL, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);
}

static void
test_repeats (TeaLogFixture *f)
{
  guint64 first = tea_log_fixture_add (f, 1, 3);
  guint64 second = tea_log_fixture_add (f, 1, 7);
  guint64 other = tea_log_fixture_add (f, 2, 7);

  for (guint round = 0; round < 2; round++)
    {
      g_autofree char *list = NULL;

      assert_known (f, 1, 7, second);
      assert_known (f, 1, 3, first);
      assert_known (f, 2, 7, other);
      /* A gap that was left stays one. */
      assert_rejected (f, 1, 5);
      assert_rejected (f, 2, 1);

      list = tea_log_fixture_list (f);
      g_assert_cmpstr (list, ==, "1:3 1:7 2:7 ");
      tea_log_fixture_reopen (f);
    }

  tea_log_fixture_erase (f, first);
  tea_log_fixture_erase (f, second);
  assert_known (f, 1, 3, first);
  assert_known (f, 1, 7, second);
  g_assert_cmpuint (tea_log_fixture_add (f, 1, 8), >, other);
}

static void
begin_append (TeaLogFixture *f, guint64 number, guint64 after, GAsyncResult **result)
{
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);
  g_autoptr (GBytes) record = g_bytes_new (text, strlen (text));

  tea_log_append_async (f->log, author, number, after, record, NULL, tea_log_fixture_result_cb,
                        result);
}

/* Several of an author are stored in their order, and none without those before it. */
static void
test_order (TeaLogFixture *f)
{
  static const struct
  {
    guint64 number;
    guint64 after;
    int code; /* -1 where it is stored */
  } vectors[] = {
    { 1, 0, -1 },
    { 2, 1, -1 },
    { 5, 2, -1 },
    { 7, 6, TEA_LOG_ERROR_OUT_OF_ORDER },
    { 8, 7, TEA_LOG_ERROR_OUT_OF_ORDER },
    /* A repeat is known, whatever it is to come after. */
    { 2, 1, -1 },
    { 5, 4, -1 },
    { 6, 5, -1 },
    { 7, 6, -1 },
    /* What it is to come after is not the latest any more. */
    { 8, 2, -1 },
    { 4, 2, TEA_LOG_ERROR_REJECTED },
  };
  GAsyncResult *results[G_N_ELEMENTS (vectors)] = { NULL };
  g_autofree char *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    begin_append (f, vectors[i].number, vectors[i].after, &results[i]);

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GAsyncResult) result = tea_log_fixture_wait (f, &results[i]);
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu", i);
      g_assert_true ((tea_log_append_finish (f->log, result, NULL, &error) != 0)
                     == (vectors[i].code < 0));
      if (vectors[i].code >= 0)
        g_assert_error (error, TEA_LOG_ERROR, vectors[i].code);
    }
  list = tea_log_fixture_list (f);
  g_assert_cmpstr (list, ==, "1 2 5 6 7 8 ");
}

static void
test_find (TeaLogFixture *f)
{
  guint64 seq = 99;
  guint64 latest;

  g_assert_cmpuint (tea_log_fixture_find (f, 1, &seq), ==, 0);
  g_assert_cmpuint (seq, ==, 0);

  tea_log_fixture_add (f, 1, 1);
  latest = tea_log_fixture_add (f, 1, 4);
  tea_log_fixture_add (f, 2, 9);
  g_assert_cmpuint (tea_log_fixture_find (f, 1, &seq), ==, 4);
  g_assert_cmpuint (seq, ==, latest);
}

static guint64
append_bytes (TeaLogFixture *f, guint64 number, gsize size, GError **error)
{
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GBytes) record = g_bytes_new_take (g_malloc0 (size + 1), size);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_append_async (f->log, author, number, 0, record, NULL, tea_log_fixture_result_cb,
                        &result);

  return tea_log_append_finish (f->log, tea_log_fixture_wait (f, &result), NULL, error);
}

static void
test_sizes (TeaLogFixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  append_bytes (f, 1, TEA_LOG_MAX_RECORD, &error);
  g_assert_no_error (error);
  append_bytes (f, 2, 0, &error);
  g_assert_no_error (error);
  append_bytes (f, 3, TEA_LOG_MAX_RECORD + 1, &error);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);
  g_clear_error (&error);

  entries = tea_log_fixture_read (f, tea_log_get_first (f->log), 9, G_MAXSIZE, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpuint (g_bytes_get_size (((TeaLogEntry *) entries->pdata[0])->record), ==,
                    TEA_LOG_MAX_RECORD);
  g_assert_cmpuint (g_bytes_get_size (((TeaLogEntry *) entries->pdata[1])->record), ==, 0);
}

static void
read_and_check (TeaLogFixture *f,
                guint64 from,
                guint max_records,
                gsize max_bytes,
                guint n,
                guint64 next,
                gboolean reached_head)
{
  g_autoptr (GError) error = NULL;
  guint64 got_next = 0;
  gboolean got_head = FALSE;
  g_autoptr (GPtrArray) entries
      = tea_log_fixture_read (f, from, max_records, max_bytes, &got_next, &got_head, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, n);
  g_assert_cmpuint (got_next, ==, next);
  g_assert_cmpint (got_head, ==, reached_head);
}

static void
test_read (TeaLogFixture *f)
{
  guint64 seqs[6] = { 0 };
  guint64 first = tea_log_get_first (f->log);

  read_and_check (f, first, 10, 1000, 0, first, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = tea_log_fixture_add (f, 1, i + 1);

  /* Three bytes each. */
  read_and_check (f, first, 10, 1000, 6, seqs[5] + 1, TRUE);
  read_and_check (f, seqs[1], 2, 1000, 2, seqs[2] + 1, FALSE);
  read_and_check (f, seqs[1], 10, 7, 2, seqs[2] + 1, FALSE);
  read_and_check (f, seqs[1], 10, 0, 1, seqs[1] + 1, FALSE);
  read_and_check (f, seqs[5], 1, 0, 1, seqs[5] + 1, TRUE);
  read_and_check (f, seqs[5] + 1, 10, 1000, 0, seqs[5] + 1, TRUE);
  read_and_check (f, G_MAXUINT64, 10, 1000, 0, G_MAXUINT64, TRUE);

  tea_log_fixture_erase (f, seqs[2]);
  tea_log_fixture_erase (f, seqs[2]);
  tea_log_fixture_erase (f, seqs[5] + 100);
  read_and_check (f, seqs[1], 2, 1000, 2, seqs[3] + 1, FALSE);
}

static void
test_erase_the_last (TeaLogFixture *f)
{
  guint64 latest;

  tea_log_fixture_add (f, 1, 1);
  latest = tea_log_fixture_add (f, 1, 2);
  tea_log_fixture_erase (f, latest);
  tea_log_fixture_reopen (f);
  g_assert_cmpuint (tea_log_get_head (f->log), ==, latest);
  g_assert_cmpuint (tea_log_fixture_add (f, 1, 3), >, latest);
}

static void
assert_told (TeaLogFixture *f, const guint64 *seqs, guint n)
{
  tea_log_fixture_until (f, f->told->len >= n);

  /* What would come twice would come now. */
  for (guint i = 0; i < 20 && f->is_fake; i++)
    tea_log_fixture_step (f);
  g_assert_cmpuint (f->told->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_array_index (f->told, guint64, i), ==, seqs[i]);
}

/* Amends without asking what comes of it. */
static guint64
amend (TeaLogFixture *f,
       guint author,
       guint64 number,
       guint64 target,
       const char *text,
       gboolean replaces,
       gboolean *was_there)
{
  g_autoptr (GBytes) name = tea_log_fixture_author (author);
  g_autofree char *amendment = g_strdup_printf ("%s!", text);
  g_autoptr (GBytes) record = g_bytes_new (amendment, strlen (amendment));
  g_autoptr (GBytes) form = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 seq = 0;

  tea_log_amend_async (f->log, name, number, record, target, form, replaces, NULL,
                       tea_log_fixture_result_cb, &result);
  seq = tea_log_amend_finish (f->log, tea_log_fixture_wait (f, &result), was_there, &error);
  g_assert_no_error (error);

  return seq;
}

static void
assert_list (TeaLogFixture *f, const char *expected)
{
  g_autofree char *list = tea_log_fixture_list (f);

  g_assert_cmpstr (list, ==, expected);
}

static guint64
get_version (TeaLogFixture *f, guint64 seq)
{
  g_autoptr (GPtrArray) entries = tea_log_fixture_read (f, seq, 1, 0, NULL, NULL, NULL);

  g_assert_cmpuint (((TeaLogEntry *) entries->pdata[0])->seq, ==, seq);

  return ((TeaLogEntry *) entries->pdata[0])->version;
}

static void
test_amend (TeaLogFixture *f)
{
  gboolean was_there = TRUE;
  guint64 target = tea_log_fixture_add (f, 1, 1);
  guint64 other = tea_log_fixture_add (f, 2, 1);
  guint64 first = amend (f, 1, 2, target, "a", FALSE, &was_there);
  guint64 second = 0;

  g_assert_cmpuint (first, >, other);
  g_assert_false (was_there);
  g_assert_cmpuint (get_version (f, target), ==, first);
  g_assert_cmpuint (get_version (f, other), ==, 0);
  assert_list (f, "a 2:1 a! ");

  /* The second edit takes the first one's place. What does not replace stays. */
  amend (f, 1, 3, target, "b", TRUE, NULL);
  amend (f, 3, 1, target, "b+", FALSE, NULL);
  assert_list (f, "b+ 2:1 a! b! b+! ");
  second = amend (f, 1, 4, target, "c", TRUE, NULL);
  assert_list (f, "c 2:1 a! b+! c! ");
  g_assert_cmpuint (get_version (f, target), ==, second);
  amend (f, 2, 2, other, "d", TRUE, NULL);
  assert_list (f, "c d a! b+! c! d! ");

  /* A repeat changes nothing, whatever it brings. */
  for (guint round = 0; round < 2; round++)
    {
      g_assert_cmpuint (amend (f, 1, 2, target, "x", TRUE, &was_there), ==, first);
      g_assert_true (was_there);
      assert_list (f, "c d a! b+! c! d! ");
      g_assert_cmpuint (get_version (f, target), ==, second);
      tea_log_fixture_reopen (f);
    }
  amend (f, 1, 5, target, "e", TRUE, NULL);
  assert_list (f, "e d a! b+! d! e! ");
}

static void
test_amend_what_is_gone (TeaLogFixture *f)
{
  guint64 target = tea_log_fixture_add (f, 1, 1);

  tea_log_fixture_erase (f, target);
  amend (f, 1, 2, target, "a", TRUE, NULL);
  amend (f, 1, 3, target + 1000, "b", TRUE, NULL);
  amend (f, 1, 4, target, "c", FALSE, NULL);
  assert_list (f, "c! ");

  /* With what is erased goes what has taken its place. */
  target = tea_log_fixture_add (f, 2, 1);
  amend (f, 2, 2, target, "d", TRUE, NULL);
  amend (f, 2, 3, target, "e", FALSE, NULL);
  assert_list (f, "c! e d! e! ");
  tea_log_fixture_erase (f, target);
  assert_list (f, "c! e! ");
}

/* What ::appended and ::amended told, in the order in which they did. */
static void
note_appended_cb (TeaLog *log, guint64 seq, guint64 version, GBytes *record, gpointer user_data)
{
  g_string_append_printf (user_data, "%.*s%s ", (int) g_bytes_get_size (record),
                          (const char *) g_bytes_get_data (record, NULL), version != 0 ? "*" : "");
}

static void
note_amended_cb (TeaLog *log, guint64 target, guint64 version, GBytes *form, gpointer user_data)
{
  g_assert_cmpuint (version, >, target);
  g_string_append_printf (user_data, "(%.*s) ", (int) g_bytes_get_size (form),
                          (const char *) g_bytes_get_data (form, NULL));
}

static void
test_amended_is_told (TeaLogFixture *f)
{
  g_autoptr (GString) told = g_string_new (NULL);
  guint64 target = tea_log_fixture_add (f, 1, 1);
  guint64 other = 0;

  amend (f, 1, 2, target, "a", TRUE, NULL);
  other = tea_log_fixture_add (f, 2, 1);
  g_signal_connect (f->log, "appended", G_CALLBACK (note_appended_cb), told);
  g_signal_connect (f->log, "amended", G_CALLBACK (note_amended_cb), told);

  /* The past is told as it is now. */
  tea_log_subscribe (f->log, 1);
  tea_log_fixture_until (f, f->told->len == 3);
  g_assert_cmpstr (told->str, ==, "a* a! 2:1 ");

  g_string_truncate (told, 0);
  amend (f, 2, 2, other, "b", TRUE, NULL);
  g_assert_cmpstr (told->str, ==, "b! (b) ");

  /* Whoever had no answer hears what stands there now. */
  g_string_truncate (told, 0);
  amend (f, 1, 2, target, "x", TRUE, NULL);
  g_assert_cmpstr (told->str, ==, "(a) ");
  g_signal_handlers_disconnect_by_data (f->log, told);
}

static void
test_subscribe (TeaLogFixture *f)
{
  guint64 seqs[40] = { 0 };

  for (guint i = 0; i < 20; i++)
    seqs[i] = tea_log_fixture_add (f, 1, i + 1);
  g_assert_cmpuint (f->told->len, ==, 0);

  /* What is there, and what comes. */
  tea_log_subscribe (f->log, seqs[5]);
  for (guint i = 20; i < 40; i++)
    seqs[i] = tea_log_fixture_add (f, 1, i + 1);
  assert_told (f, seqs + 5, 35);

  /* Anew. */
  g_array_set_size (f->told, 0);
  tea_log_subscribe (f->log, 0);
  assert_told (f, seqs, 40);
}

static void
test_subscribe_to_what_comes (TeaLogFixture *f)
{
  guint64 seqs[3] = { 0 };

  seqs[0] = tea_log_fixture_add (f, 1, 1);
  tea_log_subscribe (f->log, seqs[0] + 1);
  for (guint i = 1; i < 3; i++)
    seqs[i] = tea_log_fixture_add (f, 1, i + 1);
  assert_told (f, seqs + 1, 2);
}

static void
subscribe_again_cb (TeaLog *log, guint64 seq, guint64 version, GBytes *record, gpointer user_data)
{
  gboolean *is_again = user_data;

  if (!*is_again)
    tea_log_subscribe (log, seq);
  *is_again = TRUE;
}

static void
test_subscribe_while_told (TeaLogFixture *f)
{
  guint64 seqs[4] = { 0 };
  gboolean is_again = FALSE;

  for (guint i = 1; i < 4; i++)
    seqs[i] = tea_log_fixture_add (f, 1, i);
  seqs[0] = seqs[1];
  g_signal_connect (f->log, "appended", G_CALLBACK (subscribe_again_cb), &is_again);
  tea_log_subscribe (f->log, 1);
  assert_told (f, seqs, 4);
}

#define N_AT_ONCE 60

static void
test_many_at_once (TeaLogFixture *f)
{
  GAsyncResult *results[N_AT_ONCE] = { NULL };
  guint64 seqs[N_AT_ONCE] = { 0 };

  tea_log_subscribe (f->log, 1);
  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      g_autoptr (GBytes) author = tea_log_fixture_author (i);

      tea_log_append_async (f->log, author, 1, 0, author, NULL, tea_log_fixture_result_cb,
                            &results[i]);
    }

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      g_autoptr (GAsyncResult) result = tea_log_fixture_wait (f, &results[i]);
      g_autoptr (GError) error = NULL;

      seqs[i] = tea_log_append_finish (f->log, result, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (seqs[i], >, i > 0 ? seqs[i - 1] : 0);
    }
  assert_told (f, seqs, N_AT_ONCE);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  TeaLogFixture *f = user_data;
  g_autoptr (GError) error = NULL;
  guint64 seq = tea_log_append_finish (f->log, result, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (f->told->len, >, 0);
  g_assert_cmpuint (g_array_index (f->told, guint64, f->told->len - 1), >=, seq);
  f->n_answered++;
}

static void
append_and_watch (TeaLogFixture *f, guint author, guint64 number)
{
  g_autoptr (GBytes) name = tea_log_fixture_author (author);

  tea_log_append_async (f->log, name, number, 0, name, NULL, answered_cb, f);
}

/* Whoever is answered finds that the subscriber has heard of it, and of all before it. */
static void
test_told_before_answered (TeaLogFixture *f)
{
  guint64 seqs[700] = { 0 };
  guint n_told = 0;

  for (guint i = 0; i < 600; i++)
    seqs[i] = tea_log_fixture_add (f, 1, i + 1);

  /* While it still tells of the past, and when that is over; also of a repeat. */
  tea_log_subscribe (f->log, 1);
  for (guint i = 0; i < 20; i++)
    append_and_watch (f, 2 + i, 1);
  append_and_watch (f, 1, 600);
  tea_log_fixture_until (f, f->n_answered == 21);
  for (guint i = 0; i < 20; i++)
    append_and_watch (f, 2 + i, 2);
  tea_log_fixture_until (f, f->n_answered == 41);

  /* A subscriber that begins anew in between. */
  append_and_watch (f, 2, 3);
  n_told = f->told->len;
  g_array_set_size (f->told, 0);
  tea_log_subscribe (f->log, seqs[100]);
  append_and_watch (f, 3, 3);
  tea_log_fixture_until (f, f->n_answered == 43);
  g_assert_cmpuint (n_told, >=, 640);
  tea_log_fixture_until (f, f->told->len == 542);
  g_assert_cmpuint (g_array_index (f->told, guint64, 0), ==, seqs[100]);
}

/* Sets what is to be kept once a roll is saved that takes account of all up to a number. */
static void
retain (TeaLogFixture *f, guint64 as_of, guint max_days, guint64 max_records)
{
  tea_name_store_save (TEA_NAME_STORE (f->store), NULL, NULL, as_of);
  for (guint i = 0; i < 3; i++)
    tea_log_fixture_step (f);
  tea_store_set_retention (f->store, max_days, max_records);
}

static void
test_retention_by_count (TeaLogFixture *f)
{
  guint64 seqs[1300] = { 0 };
  g_autofree char *list = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    seqs[i] = tea_log_fixture_add (f, 1 + i / 650, i + 1);

  /* What no roll takes account of would be forgotten after a crash: it stays. */
  retain (f, seqs[299], 0, 3);
  tea_log_fixture_until (f, tea_log_get_first (f->log) >= seqs[299]);
  for (guint i = 0; i < 5; i++)
    tea_log_fixture_step (f);
  g_assert_cmpuint (tea_log_get_first (f->log), <=, seqs[300]);

  retain (f, seqs[1299], 0, 3);
  tea_log_fixture_until (f, tea_log_get_first (f->log) == seqs[1297]);
  list = tea_log_fixture_list (f);
  g_assert_cmpstr (list, ==, "2:1298 2:1299 2:1300 ");
  g_assert_cmpuint (tea_log_get_head (f->log), ==, seqs[1299]);

  entries = tea_log_fixture_read (f, seqs[1296], 10, 1000, NULL, NULL, &error);
  g_assert_null (entries);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED);

  /* An author's latest is known for ever. */
  assert_known (f, 1, 650, seqs[649]);
  assert_rejected (f, 1, 649);
  assert_known (f, 2, 1299, seqs[1298]);

  /* Who wants to hear of what is gone hears of what is there. */
  tea_log_subscribe (f->log, 1);
  assert_told (f, seqs + 1297, 3);
}

/* Whoever hears that something is gone finds out what is first. */
static void
test_retention_while_reading (TeaLogFixture *f)
{
  g_autoptr (GError) error = NULL;
  guint64 first = tea_log_get_first (f->log);

  for (guint i = 0; i < 1300; i++)
    tea_log_fixture_add (f, 1, i + 1);
  retain (f, tea_log_get_head (f->log), 0, 3);
  while (error == NULL)
    {
      G_GNUC_UNUSED g_autoptr (GPtrArray) entries
          = tea_log_fixture_read (f, first, 1, 1000, NULL, NULL, &error);
    }
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED);
  g_assert_cmpuint (tea_log_get_first (f->log), >, first);
}

static void
test_retention_by_age (TeaLogFixture *f)
{
  g_autofree char *list = NULL;
  g_autofree char *nothing = NULL;
  guint64 young;

  tea_log_fixture_add (f, 1, 1);
  tea_log_fixture_add (f, 1, 2);
  tea_log_fixture_live (f, 2);
  young = tea_log_fixture_add (f, 1, 3);

  retain (f, young, 1, 0);
  tea_log_fixture_until (f, tea_log_get_first (f->log) == young);
  list = tea_log_fixture_list (f);
  g_assert_cmpstr (list, ==, "1:3 ");

  /* The last goes, too, but its number does not come again. */
  tea_log_fixture_live (f, 2);
  do
    {
      g_free (nothing);
      tea_log_fixture_step (f);
      nothing = tea_log_fixture_list (f);
    }
  while (*nothing != '\0');
  tea_log_fixture_reopen (f);
  g_assert_cmpuint (tea_log_get_head (f->log), ==, young);
  assert_known (f, 1, 3, young);
  g_assert_cmpuint (tea_log_fixture_add (f, 1, 4), >, young);
}

/* How often it was said that the clock has jumped, and that it is believed again. */
static guint n_jumps;
static guint n_settled;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && g_str_has_prefix (fields[i].value, "The clock"))
      {
        n_jumps += level == G_LOG_LEVEL_WARNING;
        n_settled += level == G_LOG_LEVEL_MESSAGE;
        return G_LOG_WRITER_HANDLED;
      }

  return g_log_writer_default (level, fields, n_fields, user_data);
}

/* The machine is started again, and its clock shows something else. */
static void
set_clock (TeaLogFixture *f, gint64 real_time, guint max_days)
{
  tea_log_fixture_close (f);
  g_object_unref (f->clock);
  f->clock = tea_clock_new_manual (real_time);
  tea_log_fixture_open (f);
  retain (f, tea_log_get_head (f->log), max_days, 0);
}

/* Whatever is to go goes meanwhile: what is asked for later is done later. */
static void
wait_for_retention (TeaLogFixture *f)
{
  for (guint i = 0; i < 100 && f->is_fake; i++)
    tea_log_fixture_step (f);
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + 20 * G_TIME_SPAN_MINUTE);
  for (guint i = 0; i < 2; i++)
    tea_log_fixture_erase (f, 1);
}

/* One start with a clock that is wrong, in either direction, destroys nothing, and what was
 * written meanwhile gets as old as anything else. */
static void
test_retention_with_a_wrong_clock (TeaLogFixture *f)
{
  static const gint64 wrong[] = { 400 * G_TIME_SPAN_DAY, -999 * G_TIME_SPAN_DAY };
  guint64 first = tea_log_get_first (f->log);
  guint64 last = 0;

  tea_log_fixture_add (f, 1, 1);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gint64 now;

      tea_log_fixture_live (f, 3);
      now = tea_clock_get_real_time (f->clock);
      n_jumps = n_settled = 0;

      set_clock (f, now + wrong[i], 30);
      last = tea_log_fixture_add (f, 1, 2 + i);
      wait_for_retention (f);
      g_assert_cmpuint (n_jumps, ==, 1);
      g_assert_cmpuint (tea_log_get_first (f->log), ==, first);

      set_clock (f, now + G_TIME_SPAN_HOUR, 30);
      wait_for_retention (f);
      g_assert_cmpuint (n_jumps, ==, 2);
      g_assert_cmpuint (tea_log_get_first (f->log), ==, first);

      tea_log_fixture_live (f, 2);
      g_assert_cmpuint (n_settled, ==, 1);
    }

  /* The same while it runs. */
  tea_clock_sleep (f->clock, 400 * G_TIME_SPAN_DAY);
  wait_for_retention (f);
  tea_clock_sleep (f->clock, -400 * G_TIME_SPAN_DAY);
  wait_for_retention (f);
  g_assert_cmpuint (tea_log_get_first (f->log), ==, first);

  tea_log_fixture_live (f, 40);
  tea_log_fixture_until (f, tea_log_get_first (f->log) == last);
}

/* What was to be removed before the clock jumped waits until that has stood for a day. */
static void
test_retention_in_doubt (TeaLogFixture *f)
{
  guint64 first = tea_log_get_first (f->log);

  tea_log_fixture_add (f, 1, 1);
  tea_log_fixture_live (f, 3);
  tea_log_fixture_add (f, 1, 2);
  set_clock (f, tea_clock_get_real_time (f->clock) + 400 * G_TIME_SPAN_DAY, 1);
  wait_for_retention (f);
  g_assert_cmpuint (tea_log_get_first (f->log), ==, first);

  tea_log_fixture_live (f, 1);
  tea_log_fixture_until (f, tea_log_get_first (f->log) > first);
}

/* What stands is believed after a day, but no day was lived through in between. */
static void
test_retention_after_a_long_holiday (TeaLogFixture *f)
{
  guint64 first = tea_log_get_first (f->log);

  tea_log_fixture_add (f, 1, 1);
  tea_log_fixture_live (f, 2);
  tea_log_fixture_add (f, 1, 2);
  set_clock (f, tea_clock_get_real_time (f->clock) + 100 * G_TIME_SPAN_DAY, 4);
  tea_log_fixture_live (f, 2);
  wait_for_retention (f);
  g_assert_cmpuint (tea_log_get_first (f->log), ==, first);

  tea_log_fixture_live (f, 4);
  tea_log_fixture_until (f, tea_log_get_first (f->log) > first);
}

static void
test_renewed_epoch (TeaLogFixture *f)
{
  guint64 epoch = tea_log_get_epoch (f->log);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 renewed;
  guint64 head;

  head = tea_log_fixture_add (f, 1, 1);
  tea_log_renew_epoch_async (f->log, NULL, tea_log_fixture_result_cb, &result);
  tea_log_fixture_wait (f, &result);
  g_assert_true (tea_log_renew_epoch_finish (f->log, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  renewed = tea_log_get_epoch (f->log);
  g_assert_cmpuint (renewed, !=, epoch);
  g_assert_cmpuint (renewed, >, 0);
  g_assert_cmpuint (renewed, <=, G_MAXINT64);

  /* Everything else is as it was. */
  g_assert_cmpuint (tea_log_get_head (f->log), ==, head);
  assert_known (f, 1, 1, head);
  tea_log_fixture_reopen (f);
  g_assert_cmpuint (tea_log_get_epoch (f->log), ==, renewed);
  g_assert_cmpuint (tea_log_fixture_add (f, 1, 2), >, head);
}

static void
test_epoch (TeaLogFixture *f)
{
  guint64 epoch = tea_log_get_epoch (f->log);
  TeaLogFixture other;

  g_assert_cmpuint (epoch, >, 0);
  g_assert_cmpuint (epoch, <=, G_MAXINT64);
  tea_log_fixture_add (f, 1, 1);
  tea_log_fixture_reopen (f);
  g_assert_cmpuint (tea_log_get_epoch (f->log), ==, epoch);

  tea_log_fixture_init (&other, f->is_fake);
  g_assert_cmpuint (tea_log_get_epoch (other.log), !=, epoch);
  tea_log_fixture_clear (&other);
}

static void
save (TeaLogFixture *f, const char *name, const char *key, guint64 joined, guint64 as_of)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);

  g_ptr_array_add (changed, tea_registered_name_new (name, key, joined, 55, 0));
  tea_name_store_save (TEA_NAME_STORE (f->store), changed, NULL, as_of);
}

/* Waits until what was saved is what is read. */
static void
assert_roll (TeaLogFixture *f, const char *expected, guint64 as_of)
{
  guint64 got_as_of = G_MAXUINT64;
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;
  g_autofree char *roll = tea_log_fixture_load (f, &got_as_of);

  while (got_as_of != as_of && g_get_monotonic_time () < end)
    {
      g_free (roll);
      tea_log_fixture_step (f);
      roll = tea_log_fixture_load (f, &got_as_of);
    }
  g_assert_cmpuint (got_as_of, ==, as_of);
  g_assert_cmpstr (roll, ==, expected);
}

static void
test_roll (TeaLogFixture *f)
{
  static const char *const removed[] = { "noor", NULL };
  guint64 seq;

  assert_roll (f, "", 0);

  save (f, "Mei", "SHA256:a", 0, 0);
  seq = tea_log_fixture_add (f, 1, 1);
  save (f, "Noor", NULL, 1, seq);
  assert_roll (f, "Mei/SHA256:a/0/55 Noor/-/1/55 ", seq);

  /* The same name, written otherwise. */
  seq = tea_log_fixture_add (f, 1, 2);
  save (f, "MEI", "SHA256:b", 1, seq);
  assert_roll (f, "MEI/SHA256:b/1/55 Noor/-/1/55 ", seq);

  seq = tea_log_fixture_add (f, 1, 3);
  tea_name_store_save (TEA_NAME_STORE (f->store), NULL, removed, seq);
  assert_roll (f, "MEI/SHA256:b/1/55 ", seq);

  tea_log_fixture_reopen (f);
  assert_roll (f, "MEI/SHA256:b/1/55 ", seq);
}

static void
test_export (TeaLogFixture *f)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint64 seqs[7] = { 0 };

  for (guint i = 1; i < 6; i++)
    seqs[i] = tea_log_fixture_add (f, i % 2, i);
  save (f, "Mei", "SHA256:a", 1, seqs[5]);
  assert_roll (f, "Mei/SHA256:a/1/55 ", seqs[5]);
  tea_log_fixture_erase (f, seqs[3]);
  tea_store_set_retention (f->store, 0, 4);
  tea_log_fixture_until (f, tea_log_get_first (f->log) == seqs[2]);
  bytes = tea_log_fixture_export (f);

  /* Into either kind. */
  for (guint kind = 0; kind < 2; kind++)
    {
      TeaLogFixture other;
      g_autofree char *list = NULL;
      guint64 epoch;

      tea_log_fixture_init (&other, kind);
      epoch = tea_log_get_epoch (other.log);
      tea_log_subscribe (other.log, 1);
      tea_log_fixture_import (&other, bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (tea_log_get_epoch (other.log), !=, epoch);
      g_assert_cmpuint (tea_log_get_epoch (other.log), !=, tea_log_get_epoch (f->log));
      g_assert_cmpuint (tea_log_get_head (other.log), ==, seqs[5]);
      g_assert_cmpuint (tea_log_get_first (other.log), ==, seqs[2]);
      tea_log_fixture_until (&other, other.told->len == 3);

      list = tea_log_fixture_list (&other);
      g_assert_cmpstr (list, ==, "0:2 0:4 1:5 ");
      assert_roll (&other, "Mei/SHA256:a/1/55 ", seqs[5]);
      assert_known (&other, 1, 3, seqs[3]);
      assert_known (&other, 0, 4, seqs[4]);
      assert_rejected (&other, 1, 1);
      g_assert_cmpuint (tea_log_fixture_add (&other, 1, 6), >, seqs[5]);

      g_assert_false (tea_log_fixture_import (&other, bytes, &error));
      g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);
      g_clear_error (&error);
      tea_log_fixture_clear (&other);
    }
}

static TeaRoomRules *
load_rules (TeaLogFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_load_rules_async (f->store, TEA_ROOM_INFO_HALL, NULL, tea_log_fixture_result_cb,
                              &result);

  return tea_store_load_rules_finish (f->store, tea_log_fixture_wait (f, &result), NULL);
}

/* What was amended stays that, and goes on being it; the rules come along. */
static void
test_export_of_what_was_amended (TeaLogFixture *f)
{
  g_autoptr (TeaRoomRules) rules = tea_room_rules_new ();
  g_autoptr (GBytes) topic = g_bytes_new_static ("topic", 5);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint64 target = tea_log_fixture_add (f, 1, 1);
  guint64 version = 0;

  amend (f, 1, 2, target, "a", TRUE, NULL);
  version = amend (f, 2, 1, target, "a+", FALSE, NULL);
  g_ptr_array_add (rules->bans, tea_restriction_new ("ada", 99, "noise"));
  g_ptr_array_add (rules->roles, tea_membership_new ("mei", "Mei", 2, target));
  g_ptr_array_add (rules->pins, tea_pin_new (target, version, topic));
  tea_room_rules_set_topic (rules, version, topic);
  rules->slow_mode = 30;
  tea_store_save_rules (f->store, TEA_ROOM_INFO_HALL, rules);
  g_clear_pointer (&rules, tea_room_rules_free);
  rules = load_rules (f);
  bytes = tea_log_fixture_export (f);

  for (guint kind = 0; kind < 2; kind++)
    {
      g_autoptr (TeaRoomRules) theirs = NULL;
      TeaLogFixture other;

      tea_log_fixture_init (&other, kind);
      tea_log_fixture_import (&other, bytes, &error);
      g_assert_no_error (error);
      tea_log_fixture_reopen (&other);
      assert_list (&other, "a+ a! a+! ");
      g_assert_cmpuint (get_version (&other, target), ==, version);
      amend (&other, 1, 3, target, "b", TRUE, NULL);
      assert_list (&other, "b a+! b! ");

      theirs = load_rules (&other);
      g_assert_cmpstr (((TeaRestriction *) theirs->bans->pdata[0])->reason, ==, "noise");
      g_assert_cmpuint (((TeaMembership *) theirs->roles->pdata[0])->role, ==, 2);
      g_assert_cmpuint (((TeaPin *) theirs->pins->pdata[0])->target, ==, target);
      g_assert_cmpuint (theirs->topic_seq, ==, version);
      g_assert_cmpuint (theirs->slow_mode, ==, 30);
      tea_log_fixture_clear (&other);
    }
}

static void
test_export_of_nothing (TeaLogFixture *f)
{
  g_autoptr (GBytes) bytes = tea_log_fixture_export (f);
  g_autoptr (GError) error = NULL;
  TeaLogFixture other;

  tea_log_fixture_init (&other, f->is_fake);
  tea_log_fixture_import (&other, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tea_log_get_head (other.log), ==, 0);
  tea_log_fixture_clear (&other);
}

/* Whatever is wrong with a stream, nothing of it stays. */
static void
test_import_of_what_is_damaged (TeaLogFixture *f)
{
  TeaLogFixture other;
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *data = NULL;
  gsize size = 0;

  for (guint i = 1; i < 4; i++)
    tea_log_fixture_add (f, i % 2, i);
  save (f, "Mei", "SHA256:a", 1, tea_log_get_head (f->log));
  assert_roll (f, "Mei/SHA256:a/1/55 ", tea_log_get_head (f->log));
  bytes = tea_log_fixture_export (f);
  data = g_bytes_get_data (bytes, &size);

  tea_log_fixture_init (&other, f->is_fake);
  for (gsize i = 0; i < 2 * size; i++)
    {
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GError) error = NULL;
      guint8 *copy = g_memdup2 (data, size);

      /* First cut short, then with one wrong byte. */
      if (i >= size)
        copy[i - size] ^= (guint8) g_rand_int_range (f->random, 1, 256);
      damaged = g_bytes_new_take (copy, MIN (i, size));

      g_assert_false (tea_log_fixture_import (&other, damaged, &error));
      g_assert_true (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED)
                     || g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN));
    }
  g_assert_cmpuint (tea_log_get_head (other.log), ==, 0);
  g_assert_cmpint (tea_log_get_state (other.log), ==, TEA_LOG_READY);
  g_assert_cmpuint (tea_log_fixture_find (&other, 1, NULL), ==, 0);
  assert_roll (&other, "", 0);
  tea_log_fixture_add (&other, 1, 1);
  tea_log_fixture_clear (&other);
}

static void
test_busy (TeaLogFixture *f)
{
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  GAsyncResult *results[5000] = { NULL };
  guint n_stored = 0;
  guint n_busy = 0;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    tea_log_append_async (f->log, author, i + 1, 0, author, NULL, tea_log_fixture_result_cb,
                          &results[i]);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GAsyncResult) result = tea_log_fixture_wait (f, &results[i]);
      g_autoptr (GError) error = NULL;

      if (tea_log_append_finish (f->log, result, NULL, &error) != 0)
        n_stored++;
      else
        {
          g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY);
          n_busy++;
        }
    }

  g_assert_cmpuint (n_stored, >, 0);
  g_assert_cmpuint (n_busy, >, 0);
  g_assert_cmpuint (tea_log_fixture_find (f, 1, NULL), ==, n_stored);
  g_assert_cmpint (tea_log_get_state (f->log), ==, TEA_LOG_READY);
  tea_log_fixture_add (f, 1, 6000);
}

static void
test_cancelled (TeaLogFixture *f)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) early = NULL;
  g_autoptr (GAsyncResult) late = NULL;
  g_autoptr (GError) error = NULL;

  /* Once it has begun, there is an answer: somebody else may see it already. */
  tea_log_append_async (f->log, author, 1, 0, author, cancellable, tea_log_fixture_result_cb,
                        &late);
  g_cancellable_cancel (cancellable);
  tea_log_append_async (f->log, author, 2, 0, author, cancellable, tea_log_fixture_result_cb,
                        &early);

  g_assert_cmpuint (tea_log_append_finish (f->log, tea_log_fixture_wait (f, &late), NULL, &error),
                    >, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (tea_log_append_finish (f->log, tea_log_fixture_wait (f, &early), NULL, &error),
                    ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (tea_log_fixture_find (f, 1, NULL), ==, 1);
}

/* Appends by three authors as a server does, through whatever goes wrong. */
static void
test_faults_of_a_fake (void)
{
  TeaLogFixture f;
  guint n_answers[TEA_LOG_ERROR_FOREIGN + 1] = { 0 };
  GString *expected = g_string_new (NULL);
  g_autofree char *list = NULL;

  tea_log_fixture_init (&f, TRUE);
  f.faults.busy = f.faults.unavailable = 0.1;
  f.faults.unknown_lost = f.faults.unknown_stored = 0.15;
  tea_log_subscribe (f.log, 1);

  for (guint i = 0; i < 600;)
    {
      g_autoptr (GError) error = NULL;

      if (tea_log_fixture_append (&f, i % 3, i / 3 + 1, NULL, &error) != 0)
        {
          g_string_append_printf (expected, "%u:%u ", i % 3, i / 3 + 1);
          i++;
        }
      else
        n_answers[error->code]++;
    }

  g_assert_cmpuint (n_answers[TEA_LOG_ERROR_BUSY], >, 0);
  g_assert_cmpuint (n_answers[TEA_LOG_ERROR_UNAVAILABLE], >, 0);
  g_assert_cmpuint (n_answers[TEA_LOG_ERROR_UNKNOWN], >, 0);
  g_assert_cmpuint (f.n_state_changes, >, 0);

  tea_log_fixture_until (&f, f.told->len == 600);
  for (guint i = 1; i < 600; i++)
    g_assert_cmpuint (g_array_index (f.told, guint64, i), >,
                      g_array_index (f.told, guint64, i - 1));

  list = tea_log_fixture_list (&f);
  g_assert_cmpstr (list, ==, expected->str);
  g_string_free (expected, TRUE);
  tea_log_fixture_clear (&f);
}

/* Nothing that was answered is lost in a crash, and the rest can be appended again. */
static void
test_crashes_of_a_fake (void)
{
  TeaLogFixture f;

  tea_log_fixture_init (&f, TRUE);
  for (guint round = 1; round <= 100; round++)
    {
      GAsyncResult *results[5] = { NULL };
      guint64 seqs[5] = { 0 };
      guint n_steps = (guint) g_rand_int_range (f.random, 0, 40);

      for (guint i = 0; i < 5; i++)
        {
          g_autoptr (GBytes) author = tea_log_fixture_author (i);

          tea_log_append_async (f.log, author, round, 0, author, NULL, tea_log_fixture_result_cb,
                                &results[i]);
        }
      for (guint i = 0; i < n_steps; i++)
        tea_log_fixture_step (&f);
      tea_fake_store_crash (TEA_FAKE_STORE (f.store));

      for (guint i = 0; i < 5; i++)
        {
          g_autoptr (GAsyncResult) result = tea_log_fixture_wait (&f, &results[i]);

          seqs[i] = tea_log_append_finish (f.log, result, NULL, NULL);
        }
      assert_rejected (&f, 1, round);

      tea_log_fixture_reopen (&f);
      for (guint i = 0; i < 5; i++)
        {
          g_autoptr (GError) error = NULL;
          gboolean was_there = FALSE;
          guint64 seq = tea_log_fixture_append (&f, i, round, &was_there, &error);

          g_assert_no_error (error);
          if (seqs[i] != 0)
            g_assert_cmpuint (seq, ==, seqs[i]);
          g_assert_true (was_there || seqs[i] == 0);
        }
    }
  tea_log_fixture_clear (&f);
}

typedef void (*TestFunc) (TeaLogFixture *f);

static const struct
{
  const char *name;
  TestFunc func;
} tests[] = {
  { "append", test_append },
  { "repeats", test_repeats },
  { "order", test_order },
  { "find", test_find },
  { "sizes", test_sizes },
  { "read", test_read },
  { "erase-the-last", test_erase_the_last },
  { "amend", test_amend },
  { "amend/what-is-gone", test_amend_what_is_gone },
  { "amend/is-told", test_amended_is_told },
  { "subscribe", test_subscribe },
  { "subscribe/to-what-comes", test_subscribe_to_what_comes },
  { "subscribe/while-told", test_subscribe_while_told },
  { "told-before-answered", test_told_before_answered },
  { "many-at-once", test_many_at_once },
  { "retention/by-count", test_retention_by_count },
  { "retention/while-reading", test_retention_while_reading },
  { "retention/by-age", test_retention_by_age },
  { "retention/with-a-wrong-clock", test_retention_with_a_wrong_clock },
  { "retention/in-doubt", test_retention_in_doubt },
  { "retention/after-a-long-holiday", test_retention_after_a_long_holiday },
  { "epoch", test_epoch },
  { "epoch/renewed", test_renewed_epoch },
  { "roll", test_roll },
  { "export", test_export },
  { "export/of-what-was-amended", test_export_of_what_was_amended },
  { "export/of-nothing", test_export_of_nothing },
  { "import/of-what-is-damaged", test_import_of_what_is_damaged },
  { "busy", test_busy },
  { "cancelled", test_cancelled },
};

static void
run (gconstpointer data, gboolean is_fake)
{
  TeaLogFixture fixture;

  tea_log_fixture_init (&fixture, is_fake);
  tests[GPOINTER_TO_SIZE (data)].func (&fixture);
  tea_log_fixture_clear (&fixture);
}

static void
run_with_sqlite (gconstpointer data)
{
  run (data, FALSE);
}

static void
run_with_fake (gconstpointer data)
{
  run (data, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *sqlite = g_strconcat ("/log/sqlite/", tests[i].name, NULL);
      g_autofree char *fake = g_strconcat ("/log/fake/", tests[i].name, NULL);

      g_test_add_data_func (sqlite, GSIZE_TO_POINTER (i), run_with_sqlite);
      g_test_add_data_func (fake, GSIZE_TO_POINTER (i), run_with_fake);
    }
  g_test_add_func ("/log/fake/faults", test_faults_of_a_fake);
  g_test_add_func ("/log/fake/crashes", test_crashes_of_a_fake);

  return g_test_run ();
}
