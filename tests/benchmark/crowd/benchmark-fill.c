/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Fills the hall of a new house with messages: benchmark-fill FOLDER EVENTS. */

#include <stdlib.h>
#include <string.h>

#include "tea-event-record.h"
#include "tea-room-info.h"
#include "tea-sqlite-store.h"

#define N_AUTHORS 100
#define TEXT "sixty characters and no more of what people may say in a line"

typedef struct
{
  TeaLog *log;
  guint n_left;
  guint n_under_way;
} Fill;

typedef struct
{
  Fill *fill;
  GBytes *name;
  guint32 number;
} Author;

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  TeaLog **log = user_data;

  *log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (*log == NULL)
    g_error ("%s", error->message);
}

static void append (Author *author);

static void
appended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Author *author = user_data;

  if (tea_log_append_finish (TEA_LOG (object), result, NULL, &error) == 0)
    g_error ("%s", error->message);
  author->fill->n_under_way--;
  append (author);
}

static void
append (Author *author)
{
  Fill *fill = author->fill;
  g_autoptr (TeaEvent) event = NULL;
  g_autoptr (GBytes) record = NULL;

  if (fill->n_left == 0)
    return;
  fill->n_left--;
  fill->n_under_way++;
  author->number++;
  event = tea_event_new_logged (0, TEA_EVENT_MESSAGE, g_get_real_time (), "Somebody", TEXT, NULL, 1,
                                author->number);
  record = tea_event_record_encode (event);
  tea_log_append_async (fill->log, author->name, author->number, 0, record, NULL, appended_cb,
                        author);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaClock) clock = tea_clock_new ();
  Author authors[N_AUTHORS];
  Fill fill = { 0 };
  TeaSqliteStore *store;

  if (argc != 3)
    g_error ("Which folder, and how many?");
  store = tea_sqlite_store_open (argv[1], clock, &error);
  if (store == NULL)
    g_error ("%s", error->message);
  tea_store_open_log_async (TEA_STORE (store), TEA_ROOM_INFO_HALL, NULL, opened_cb, &fill.log);
  while (fill.log == NULL)
    g_main_context_iteration (NULL, TRUE);

  fill.n_left = (guint) atoi (argv[2]);
  for (guint i = 0; i < N_AUTHORS; i++)
    {
      char name[36] = { 0 };

      g_snprintf (name, sizeof name, "author %u", i);
      authors[i] = (Author){ &fill, g_bytes_new (name, sizeof name), 0 };
      append (&authors[i]);
    }
  while (fill.n_under_way > 0)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < N_AUTHORS; i++)
    g_bytes_unref (authors[i].name);
  g_object_unref (fill.log);
  tea_sqlite_store_close (store);
  g_object_unref (store);

  return 0;
}
