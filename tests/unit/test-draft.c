/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "tea-draft.h"

typedef struct
{
  char *folder; /* which is not there at first */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_dir_make_tmp ("teahouse-XXXXXX", NULL);

  fixture->folder = g_build_filename (parent, "drafts", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);
  g_autoptr (GDir) directory = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_assert_cmpint (g_rmdir (parent), ==, 0);
  g_free (fixture->folder);
}

static void
assert_text (Fixture *fixture, const char *house, const char *room, const char *expected)
{
  g_autoptr (TeaDraft) draft = tea_draft_new (fixture->folder, house, room);

  g_assert_cmpstr (tea_draft_get_text (draft), ==, expected);
}

static void
write_text (Fixture *fixture, const char *house, const char *room, const char *text)
{
  TeaDraft *draft = tea_draft_new (fixture->folder, house, room);

  tea_draft_set_text (draft, text);
  g_assert_cmpstr (tea_draft_get_text (draft), ==, text);
  g_assert_finalize_object (draft);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;

  return n;
}

/* Every room has its own. */
static void
test_rooms (Fixture *fixture, gconstpointer data)
{
  assert_text (fixture, "house", "", "");
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));

  write_text (fixture, "house", "", "Is the tea\nready?");
  write_text (fixture, "house", "lounge", "茶好了");
  assert_text (fixture, "house", "", "Is the tea\nready?");
  assert_text (fixture, "house", "lounge", "茶好了");
  assert_text (fixture, "house", "kitchen", "");
  assert_text (fixture, "other", "", "");
  assert_text (fixture, "houselounge", "", "");
  g_assert_cmpuint (count_files (fixture), ==, 2);
}

/* What was sent leaves nothing behind. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  write_text (fixture, "house", "", "");
  g_assert_cmpuint (count_files (fixture), ==, 0);
  write_text (fixture, "house", "", "a");
  write_text (fixture, "house", "", "");
  g_assert_cmpuint (count_files (fixture), ==, 0);
  assert_text (fixture, "house", "", "");
}

/* Who ends without a word loses no more than a second. */
static void
test_delay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaDraft) draft = tea_draft_new (fixture->folder, "house", "");

  tea_draft_set_text (draft, "a");
  tea_draft_set_text (draft, "ab");
  while (count_files (fixture) == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_text (fixture, "house", "", "ab");
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) directory = NULL;
  g_autofree char *path = NULL;

  write_text (fixture, "house", "", "a");
  directory = g_dir_open (fixture->folder, 0, NULL);
  path = g_build_filename (fixture->folder, g_dir_read_name (directory), NULL);
  g_assert_true (g_file_set_contents (path, "\xff\xfe", 2, NULL));
  assert_text (fixture, "house", "", "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/draft/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("rooms", test_rooms);
  ADD ("empty", test_empty);
  ADD ("delay", test_delay);
  ADD ("damaged", test_damaged);

  return g_test_run ();
}
