/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-outbox.h"
#include "tea-timeline-private.h"

#define STREAM 77

typedef struct
{
  char *folder;
  TeaClock *clock;
  TeaRoundTrip round_trip;
  GString *sent; /* the kinds and numbers of frames */
} Fixture;

/* A program: its outbox, and what it shows. */
typedef struct
{
  TeaTimeline *timeline;
  TeaOutbox *outbox;
} Program;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  fixture->clock = tea_clock_new_manual (1763899200 * G_TIME_SPAN_SECOND);
  fixture->sent = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_string_free (fixture->sent, TRUE);
  g_assert_finalize_object (fixture->clock);
}

static TeaOutboxFile *
open_file (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  TeaOutboxFile *file = tea_outbox_file_open (fixture->folder, "house", &error);

  g_assert_no_error (error);

  return file;
}

static void
begin (Fixture *fixture, Program *program)
{
  program->timeline = tea_timeline_new ();
  tea_timeline_set_own_name (program->timeline, "Mei");
  program->outbox = tea_outbox_new (program->timeline, fixture->clock);
}

static void
end (Fixture *fixture, Program *program)
{
  g_assert_finalize_object (program->outbox);
  g_assert_finalize_object (program->timeline);
}

static void
send_cb (GBytes *bytes, gpointer user_data)
{
  Fixture *fixture = user_data;
  TeaFrameReader reader = TEA_FRAME_READER_INIT (bytes);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  g_assert_true (tea_frame_reader_next (&reader, &frame, NULL));
  if (frame.type == TEA_FRAME_SAY)
    g_string_append_printf (fixture->sent, "%u:%s ", frame.say.number, frame.say.text);
  else
    g_string_append_printf (fixture->sent, "%u:kind %u ", frame.tell.number, frame.tell.wire_kind);
  g_bytes_unref (bytes);
}

static guint
open_log (Fixture *fixture, Program *program, guint64 epoch, guint32 stored)
{
  return tea_outbox_open (program->outbox, epoch, STREAM, stored, FALSE, &fixture->round_trip,
                          send_cb, fixture);
}

static guint
open_outbox (Fixture *fixture, Program *program, guint32 stored)
{
  return open_log (fixture, program, 1, stored);
}

static void
save (Fixture *fixture, Program *program)
{
  g_autoptr (TeaOutboxFile) file = open_file (fixture);
  g_autoptr (GError) error = NULL;

  tea_outbox_file_set_stream (file, STREAM);
  tea_outbox_keep (program->outbox, file, "");
  g_assert_true (tea_outbox_file_save (file, &error));
  g_assert_no_error (error);
}

static void
restore (Fixture *fixture, Program *program)
{
  g_autoptr (TeaOutboxFile) file = open_file (fixture);

  tea_outbox_restore (program->outbox, file, "");
}

static void
assert_sent (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->sent->str, ==, expected);
  g_string_truncate (fixture->sent, 0);
}

static void
assert_shown (Program *program, const char *expected)
{
  GListModel *model = G_LIST_MODEL (program->timeline);
  g_autoptr (GString) shown = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE)
        g_string_append_printf (shown, "%s ", tea_timeline_item_get_text (item));
    }
  g_assert_cmpstr (shown->str, ==, expected);
}

/* What was never said gets its numbers from the program that says it. */
static void
test_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) change = tea_event_data_encode_switch (TRUE);
  Program program;

  begin (fixture, &program);
  tea_outbox_say (program.outbox, "a", 0);
  tea_outbox_say (program.outbox, "茶\nb", 12);
  tea_outbox_tell (program.outbox, TEA_EVENT_ARCHIVED, 0, NULL, change);
  save (fixture, &program);
  end (fixture, &program);

  begin (fixture, &program);
  restore (fixture, &program);
  assert_shown (&program, "a 茶\nb ");
  g_assert_cmpuint (tea_outbox_get_n_unsent (program.outbox), ==, 3);
  open_outbox (fixture, &program, 0);
  g_assert_true (g_str_has_prefix (fixture->sent->str, "4097:a "));
  g_assert_nonnull (strstr (fixture->sent->str, " 4099:kind 13 "));
  end (fixture, &program);
}

/* What has been said goes on under its number, and what is stored already is not said. */
static void
test_said (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint32 stored;
    const char *sent;
    const char *shown;
  } vectors[] = {
    { 0, "1:a 2:b ", "a b " },
    { 1, "2:b ", "b " },
    { 2, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      Program program;

      g_test_message ("vector %zu", i);
      begin (fixture, &program);
      open_outbox (fixture, &program, 0);
      tea_outbox_say (program.outbox, "a", 0);
      tea_outbox_say (program.outbox, "b", 0);
      assert_sent (fixture, "1:a 2:b ");
      save (fixture, &program);
      end (fixture, &program);

      begin (fixture, &program);
      restore (fixture, &program);
      assert_shown (&program, "a b ");
      open_outbox (fixture, &program, vectors[i].stored);
      assert_sent (fixture, vectors[i].sent);
      assert_shown (&program, vectors[i].shown);

      /* What is new may not have a number that the earlier program gave without a word. */
      tea_outbox_say (program.outbox, "c", 0);
      g_assert_cmpuint (tea_outbox_get_next_number (program.outbox), >, 4000);
      g_string_truncate (fixture->sent, 0);
      end (fixture, &program);
    }
}

static void
refused_cb (GString *refused, TeaEventKind kind, guint64 target, GError *error)
{
  g_assert_error (error, TEA_ERROR, TEA_ERROR_NOT_ALLOWED);
  g_string_append_printf (refused, "%d of %" G_GUINT64_FORMAT " ", (int) kind, target);
}

/* The numbers of events mean others in another log. */
static void
test_other_log (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 epoch;
    guint32 stored;
    const char *sent;
    guint n_refused;
    guint64 answered;
  } vectors[] = {
    { 1, 0, "1:kind 2 2:kind 5 3:kind 13 4:kind 4 ", 0, 12 },
    { 2, 0, "1:a 3:kind 13 ", 2, 0 },
    { 1, 1, "2:kind 5 3:kind 13 4:kind 4 ", 0, 0 },
    { 2, 2, "3:kind 13 ", 1, 0 },
  };
  g_autoptr (GBytes) change = tea_event_data_encode_switch (TRUE);
  g_autoptr (GBytes) reaction = tea_event_data_encode_reacted (TRUE, 0, NULL);

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (vectors); i++)
    {
      guint v = i / 2;
      gboolean is_same_program = i % 2 == 0;
      g_autoptr (GString) refused = g_string_new (NULL);
      guint n_refused = 0;
      Program program;

      g_test_message ("vector %u", v);
      begin (fixture, &program);
      open_log (fixture, &program, 1, 0);
      tea_outbox_say (program.outbox, "a", 12);
      tea_outbox_tell (program.outbox, TEA_EVENT_REACTED, 12, "🍵", reaction);
      tea_outbox_tell (program.outbox, TEA_EVENT_ARCHIVED, 0, NULL, change);
      tea_outbox_tell (program.outbox, TEA_EVENT_REMOVED, 13, NULL, NULL);
      assert_sent (fixture, "1:kind 2 2:kind 5 3:kind 13 4:kind 4 ");
      tea_outbox_close (program.outbox);
      if (!is_same_program)
        {
          save (fixture, &program);
          end (fixture, &program);
          begin (fixture, &program);
          restore (fixture, &program);
        }

      g_signal_connect_swapped (program.outbox, "refused", G_CALLBACK (refused_cb), refused);
      open_log (fixture, &program, vectors[v].epoch, vectors[v].stored);
      assert_sent (fixture, vectors[v].sent);
      for (const char *c = refused->str; *c != '\0'; c++)
        n_refused += g_str_has_prefix (c, "of 1");
      g_assert_cmpuint (n_refused, ==, vectors[v].n_refused);
      if (vectors[v].stored == 0)
        {
          g_autoptr (TeaTimelineItem) item
              = g_list_model_get_item (G_LIST_MODEL (program.timeline), 0);

          g_assert_cmpuint (tea_timeline_item_get_reply_to (item), ==, vectors[v].answered);
        }
      end (fixture, &program);
    }
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "house", -1);
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  Program program;

  begin (fixture, &program);
  tea_outbox_say (program.outbox, "a", 0);
  save (fixture, &program);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  tea_outbox_give_up (program.outbox);
  assert_shown (&program, "");
  save (fixture, &program);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  end (fixture, &program);
}

/* Two programs with one stream would take each other's messages for their own. */
static void
test_lock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaOutboxFile) file = open_file (fixture);
  g_autoptr (TeaOutboxFile) other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (tea_outbox_file_open (fixture->folder, "house", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  other = tea_outbox_file_open (fixture->folder, "other", NULL);
  g_assert_nonnull (other);

  g_clear_object (&file);
  file = open_file (fixture);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "house", -1);
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "tea", 3, NULL));
  g_assert_null (tea_outbox_file_open (fixture->folder, "house", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add ("/outbox-file/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("waiting", test_waiting);
  ADD ("said", test_said);
  ADD ("other-log", test_other_log);
  ADD ("nothing", test_nothing);
  ADD ("lock", test_lock);
  ADD ("damaged", test_damaged);

  return g_test_run ();
}
