/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-fixture.h"

#include <glib/gstdio.h>

void
tea_log_fixture_init (TeaLogFixture *self, gboolean is_fake)
{
  *self = (TeaLogFixture){ .is_fake = is_fake };
  self->random = g_rand_new_with_seed (g_test_rand_int_range (0, G_MAXINT));
  self->clock = tea_clock_new_manual (1000 * G_TIME_SPAN_DAY);
  self->told = g_array_new (FALSE, FALSE, sizeof (guint64));

  if (is_fake)
    {
      self->house = tea_fake_house_new (1001, self->random);
      self->faults
          = (TeaFakeFaults){ .hole = 0.3, .repeat = 0.5, .max_delay = 5000, .save_lag = 20000 };
    }
  else
    self->directory = g_dir_make_tmp ("tea-log-XXXXXX", NULL);

  tea_log_fixture_open (self);
}

void
tea_log_fixture_clear (TeaLogFixture *self)
{
  tea_log_fixture_close (self);
  g_rand_free (self->random);
  g_array_unref (self->told);
  g_assert_finalize_object (self->clock);

  if (self->is_fake)
    tea_fake_house_unref (self->house);
  else
    {
      g_autoptr (GDir) folder = g_dir_open (self->directory, 0, NULL);
      const char *name = NULL;

      while ((name = g_dir_read_name (folder)) != NULL)
        {
          g_autofree char *path = g_build_filename (self->directory, name, NULL);

          g_assert_cmpint (g_unlink (path), ==, 0);
        }
      g_assert_cmpint (g_rmdir (self->directory), ==, 0);
      g_free (self->directory);
    }
}

static void
appended_cb (TeaLog *log, guint64 seq, guint64 version, GBytes *record, gpointer user_data)
{
  TeaLogFixture *self = user_data;

  g_assert_nonnull (record);
  g_assert_cmpuint (seq, <=, tea_log_get_head (log));
  g_array_append_val (self->told, seq);
}

static void
state_changed_cb (TeaLog *log, gpointer user_data)
{
  ((TeaLogFixture *) user_data)->n_state_changes++;
}

TeaLog *
tea_log_fixture_open_log (TeaLogFixture *self, guint32 room)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TeaLog *log = NULL;

  tea_store_open_log_async (self->store, room, NULL, tea_log_fixture_result_cb, &result);
  log = tea_store_open_log_finish (self->store, tea_log_fixture_wait (self, &result), &error);
  g_assert_no_error (error);

  return log;
}

void
tea_log_fixture_open (TeaLogFixture *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_fake)
    self->store
        = TEA_STORE (tea_fake_store_new (self->house, self->clock, self->random, &self->faults));
  else
    self->store = TEA_STORE (tea_sqlite_store_open (self->directory, self->clock, &error));
  g_assert_no_error (error);

  self->log = tea_log_fixture_open_log (self, TEA_ROOM_INFO_HALL);
  g_array_set_size (self->told, 0);
  g_signal_connect (self->log, "appended", G_CALLBACK (appended_cb), self);
  g_signal_connect (self->log, "state-changed", G_CALLBACK (state_changed_cb), self);
}

void
tea_log_fixture_close (TeaLogFixture *self)
{
  if (self->log != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->log, self);
      g_assert_finalize_object (self->log);
    }
  if (self->store != NULL)
    g_assert_finalize_object (self->store);
  self->log = NULL;
  self->store = NULL;
}

void
tea_log_fixture_reopen (TeaLogFixture *self)
{
  tea_log_fixture_close (self);
  tea_log_fixture_open (self);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* One step of whatever is under way. */
void
tea_log_fixture_step (TeaLogFixture *self)
{
  guint source = 0;

  if (g_main_context_iteration (NULL, FALSE))
    return;

  if (self->is_fake)
    {
      gint64 due = tea_clock_get_next_due (self->clock);

      tea_clock_advance (self->clock, due >= 0 ? due : tea_clock_get_time (self->clock));
      return;
    }

  tea_clock_advance (self->clock, tea_clock_get_time (self->clock));
  source = g_timeout_add (100, wake_cb, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

/* Days pass, of which each counts. */
void
tea_log_fixture_live (TeaLogFixture *self, guint n_days)
{
  gint64 end = tea_clock_get_time (self->clock) + n_days * G_TIME_SPAN_DAY;

  while (tea_clock_get_time (self->clock) < end)
    {
      tea_clock_advance (self->clock,
                         MIN (end, tea_clock_get_time (self->clock) + G_TIME_SPAN_HOUR));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

void
tea_log_fixture_result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

GAsyncResult *
tea_log_fixture_wait (TeaLogFixture *self, GAsyncResult **result)
{
  tea_log_fixture_until (self, *result != NULL);

  return *result;
}

GBytes *
tea_log_fixture_author (guint author)
{
  g_autofree char *text = g_strdup_printf ("author %u", author);

  return g_bytes_new (text, strlen (text));
}

guint64
tea_log_fixture_append (
    TeaLogFixture *self, guint author, guint64 number, gboolean *was_there, GError **error)
{
  g_autoptr (GBytes) name = tea_log_fixture_author (author);
  g_autofree char *text = g_strdup_printf ("%u:%" G_GUINT64_FORMAT, author, number);
  g_autoptr (GBytes) record = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_append_async (self->log, name, number, 0, record, NULL, tea_log_fixture_result_cb,
                        &result);

  return tea_log_append_finish (self->log, tea_log_fixture_wait (self, &result), was_there, error);
}

/* Appends what has to be new. */
guint64
tea_log_fixture_add (TeaLogFixture *self, guint author, guint64 number)
{
  g_autoptr (GError) error = NULL;
  gboolean was_there = TRUE;
  guint64 seq = tea_log_fixture_append (self, author, number, &was_there, &error);

  g_assert_no_error (error);
  g_assert_false (was_there);
  g_assert_cmpuint (seq, >, 0);

  return seq;
}

GPtrArray *
tea_log_fixture_read (TeaLogFixture *self,
                      guint64 from,
                      guint max_records,
                      gsize max_bytes,
                      guint64 *next,
                      gboolean *reached_head,
                      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_read_async (self->log, from, max_records, max_bytes, NULL, tea_log_fixture_result_cb,
                      &result);

  return tea_log_read_finish (self->log, tea_log_fixture_wait (self, &result), next, reached_head,
                              error);
}

/* All that is kept, as one text. */
char *
tea_log_fixture_list (TeaLogFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  GString *list = g_string_new (NULL);
  gboolean reached_head = FALSE;
  guint64 latest = 0;

  entries = tea_log_fixture_read (self, tea_log_get_first (self->log), G_MAXUINT, G_MAXSIZE, NULL,
                                  &reached_head, &error);
  g_assert_no_error (error);
  g_assert_true (reached_head);
  for (guint i = 0; i < entries->len; i++)
    {
      const TeaLogEntry *entry = g_ptr_array_index (entries, i);

      g_assert_cmpuint (entry->seq, >, latest);
      latest = entry->seq;
      g_string_append_printf (list, "%.*s ", (int) g_bytes_get_size (entry->record),
                              (const char *) g_bytes_get_data (entry->record, NULL));
    }

  return g_string_free (list, FALSE);
}

guint64
tea_log_fixture_find (TeaLogFixture *self, guint author, guint64 *seq)
{
  g_autoptr (GBytes) name = tea_log_fixture_author (author);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 number = 0;

  tea_log_find_async (self->log, name, NULL, tea_log_fixture_result_cb, &result);
  tea_log_find_finish (self->log, tea_log_fixture_wait (self, &result), &number, seq, &error);
  g_assert_no_error (error);

  return number;
}

void
tea_log_fixture_erase (TeaLogFixture *self, guint64 seq)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_log_erase_async (self->log, seq, NULL, tea_log_fixture_result_cb, &result);
  tea_log_erase_finish (self->log, tea_log_fixture_wait (self, &result), &error);
  g_assert_no_error (error);
}

GBytes *
tea_log_fixture_export (TeaLogFixture *self)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_log_export_async (self->log, stream, NULL, tea_log_fixture_result_cb, &result);
  tea_log_export_finish (self->log, tea_log_fixture_wait (self, &result), &error);
  g_assert_no_error (error);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

gboolean
tea_log_fixture_import (TeaLogFixture *self, GBytes *bytes, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_import_async (self->log, stream, NULL, tea_log_fixture_result_cb, &result);

  return tea_log_import_finish (self->log, tea_log_fixture_wait (self, &result), error);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const TeaRegisteredName *one = *(const TeaRegisteredName *const *) a;
  const TeaRegisteredName *other = *(const TeaRegisteredName *const *) b;

  return strcmp (one->name, other->name);
}

/* The roll as one text. */
char *
tea_log_fixture_load (TeaLogFixture *self, guint64 *as_of)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  GString *list = g_string_new (NULL);

  tea_name_store_load_async (TEA_NAME_STORE (self->store), FALSE, NULL, tea_log_fixture_result_cb,
                             &result);
  entries = tea_name_store_load_finish (TEA_NAME_STORE (self->store),
                                        tea_log_fixture_wait (self, &result), as_of, &error);
  g_assert_no_error (error);
  g_ptr_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const TeaRegisteredName *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (list, "%s/%s/%" G_GUINT64_FORMAT "/%" G_GINT64_FORMAT " ",
                              entry->name, entry->key != NULL ? entry->key : "-", entry->joined,
                              entry->last_used);
    }

  return g_string_free (list, FALSE);
}
