/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-identity.h"
#include "tea-ticket-key.h"

#define N_PROGRAMS 6

typedef struct
{
  char *folder;
  char *path;
} Fixture;

/* Warnings end a test, but for those that are expected. */
static guint n_expected_warnings;

static GLogWriterOutput
write_log_cb (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (level != G_LOG_LEVEL_WARNING || n_expected_warnings == 0)
    return g_log_writer_default (level, fields, n_fields, user_data);

  n_expected_warnings--;

  return G_LOG_WRITER_HANDLED;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "private", "identity.pem", NULL);
}

/* Nothing is left but what was asked for. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static guint
get_mode (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return info.st_mode & 07777;
}

static void
write_file (Fixture *fixture, const char *contents, int mode)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents_full (fixture->path, contents, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (fixture->path, mode), ==, 0);
}

static void
test_made_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaIdentity) first = tea_identity_load_or_create (fixture->path, &error);
  g_autoptr (TeaIdentity) again = NULL;
  g_autoptr (TeaIdentity) other = tea_identity_new_ephemeral ();
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_assert_no_error (error);
  g_assert_true (tea_fingerprint_to_bytes (tea_identity_get_fingerprint (first), digest));
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
  g_assert_cmpuint (get_mode (folder), ==, 0700);

  again = tea_identity_load_or_create (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tea_identity_get_fingerprint (first), ==, tea_identity_get_fingerprint (again));
  g_assert_cmpstr (tea_identity_get_fingerprint (first), !=, tea_identity_get_fingerprint (other));
  g_assert_finalize_object (g_steal_pointer (&again));
}

/* Several programs that start at once; each writes who it is into a pipe. */
static void
test_made_by_several (Fixture *fixture, gconstpointer data)
{
  char fingerprints[N_PROGRAMS][128] = { { 0 } };
  int pipes[N_PROGRAMS][2];
  int start[2];

  g_assert_cmpint (pipe (start), ==, 0);
  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      pid_t pid;

      g_assert_cmpint (pipe (pipes[i]), ==, 0);
      pid = fork ();
      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          TeaIdentity *identity;
          const char *fingerprint;
          char go;

          close (start[1]);
          if (read (start[0], &go, 1) != 0)
            _exit (1);
          identity = tea_identity_load_or_create (fixture->path, NULL);
          fingerprint = identity != NULL ? tea_identity_get_fingerprint (identity) : "nobody";
          _exit (write (pipes[i][1], fingerprint, strlen (fingerprint)) > 0 ? 0 : 1);
        }
      close (pipes[i][1]);
    }

  close (start[0]);
  close (start[1]);
  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      g_assert_cmpint (read (pipes[i][0], fingerprints[i], sizeof fingerprints[i] - 1), >, 0);
      g_assert_true (g_str_has_prefix (fingerprints[i], "SHA256:"));
      g_assert_cmpstr (fingerprints[i], ==, fingerprints[0]);
      close (pipes[i][0]);
      wait (NULL);
    }
}

static void
test_readable_by_others (Fixture *fixture, gconstpointer data)
{
  static const int modes[] = { 0640, 0604, 0620 };
  G_GNUC_UNUSED g_autoptr (TeaIdentity) identity
      = tea_identity_load_or_create (fixture->path, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (g_chmod (fixture->path, modes[i]), ==, 0);
      g_assert_null (tea_identity_load_or_create (fixture->path, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID);
      g_assert_nonnull (strstr (error->message, fixture->path));
      g_assert_nonnull (strstr (error->message, "chmod 600"));
    }
}

/* The halves of two different keys. */
static char *
make_mixed_file (Fixture *fixture)
{
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  char *certificate;

  g_object_unref (tea_identity_load_or_create (fixture->path, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &one, NULL, NULL));
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_object_unref (tea_identity_load_or_create (fixture->path, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &other, NULL, NULL));

  *strstr (one, "-----BEGIN CERTIFICATE") = '\0';
  certificate = strstr (other, "-----BEGIN CERTIFICATE");
  g_assert_nonnull (certificate);

  return g_strconcat (one, certificate, NULL);
}

static void
test_no_key (Fixture *fixture, gconstpointer data)
{
  g_autofree char *mixed = make_mixed_file (fixture);
  const char *const contents[]
      = { "", "\n", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n", mixed };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *kept = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu", i);
      write_file (fixture, contents[i], 0600);
      g_assert_null (tea_identity_load_or_create (fixture->path, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID);
      g_assert_nonnull (strstr (error->message, fixture->path));
      g_assert_true (g_file_get_contents (fixture->path, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, contents[i]);
    }
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *below = NULL;

  /* A folder in its place, and a file in the folder's place. */
  g_assert_cmpint (g_mkdir_with_parents (fixture->path, 0700), ==, 0);
  g_assert_null (tea_identity_load_or_create (fixture->path, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  write_file (fixture, "", 0600);
  below = g_build_filename (fixture->path, "identity.pem", NULL);
  g_assert_null (tea_identity_load_or_create (below, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

static GBytes *
get_ticket_key (Fixture *fixture, TeaIdentity *identity, TeaClock *clock)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaTicketKey) key
      = tea_ticket_key_load_or_create (fixture->path, identity, clock, &error);

  g_assert_no_error (error);

  return g_bytes_ref (tea_ticket_key_get_bytes (key));
}

static void
test_ticket_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaIdentity) somebody_else = tea_identity_new_ephemeral ();
  g_autoptr (GBytes) first = get_ticket_key (fixture, identity, clock);
  g_autoptr (GBytes) again = get_ticket_key (fixture, identity, clock);
  g_autoptr (GBytes) of_another = get_ticket_key (fixture, somebody_else, clock);
  g_autoptr (TeaTicketKey) other = tea_ticket_key_new (identity, clock);
  g_autofree char *contents = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
  g_assert_true (g_bytes_equal (first, again));
  g_assert_false (g_bytes_equal (first, tea_ticket_key_get_bytes (other)));

  /* Of the same file, another server makes another key, and a thief none. */
  g_assert_false (g_bytes_equal (first, of_another));
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, g_bytes_get_size (first));
  g_assert_true (memcmp (contents, g_bytes_get_data (first, NULL), size) != 0);

  g_assert_cmpint (g_chmod (fixture->path, 0644), ==, 0);
  g_assert_null (tea_ticket_key_load_or_create (fixture->path, identity, clock, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID);
  g_clear_error (&error);

  write_file (fixture, "too short", 0600);
  g_assert_null (tea_ticket_key_load_or_create (fixture->path, identity, clock, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID);
}

/* A file that is elsewhere is made there, and made anew there. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *file = g_build_filename (folder, "elsewhere", NULL);
  g_autoptr (TeaClock) clock = tea_clock_new_manual (g_get_real_time ());
  g_autoptr (TeaIdentity) identity = NULL;
  g_autoptr (TeaTicketKey) key = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("elsewhere", fixture->path), ==, 0);
  identity = tea_identity_load_or_create (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (get_mode (file), ==, 0600);
  g_assert_cmpint (g_unlink (file), ==, 0);

  key = tea_ticket_key_load_or_create (fixture->path, identity, clock, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (file, &before, NULL, NULL));
  tea_clock_advance (clock, tea_clock_get_time (clock) + 25 * G_TIME_SPAN_HOUR);
  g_assert_true (g_file_get_contents (file, &after, NULL, NULL));
  g_assert_true (memcmp (before, after, 64) != 0);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_unlink (file), ==, 0);
}

/* A new one every day, whether the server goes on or is started anew. */
static void
test_ticket_key_age (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (g_get_real_time ());
  g_autoptr (TeaClock) past = tea_clock_new_manual (g_get_real_time () - G_TIME_SPAN_DAY);
  gint64 start = tea_clock_get_time (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaTicketKey) key
      = tea_ticket_key_load_or_create (fixture->path, identity, clock, &error);
  g_autoptr (TeaTicketKey) other = tea_ticket_key_new (identity, clock);
  g_autoptr (GBytes) first = g_bytes_ref (tea_ticket_key_get_bytes (key));
  g_autoptr (GBytes) first_other = g_bytes_ref (tea_ticket_key_get_bytes (other));
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) third = NULL;
  g_autoptr (GBytes) fourth = NULL;
  g_autofree char *before = NULL;
  g_autofree char *contents = NULL;
  gsize size;

  /* Started again after half a day, it is made anew with the day. */
  tea_clock_advance (clock, start + G_TIME_SPAN_DAY / 2);
  g_object_unref (key);
  key = tea_ticket_key_load_or_create (fixture->path, identity, clock, &error);
  tea_clock_advance (clock, start + G_TIME_SPAN_DAY - G_TIME_SPAN_MINUTE);
  g_assert_true (g_bytes_equal (tea_ticket_key_get_bytes (key), first));
  g_assert_true (tea_ticket_key_get_bytes (other) == first_other);
  g_assert_true (g_file_get_contents (fixture->path, &before, NULL, NULL));
  tea_clock_advance (clock, start + G_TIME_SPAN_DAY + G_TIME_SPAN_MINUTE);
  second = g_bytes_ref (tea_ticket_key_get_bytes (key));
  g_assert_false (g_bytes_equal (first, second));
  g_assert_false (g_bytes_equal (first_other, tea_ticket_key_get_bytes (other)));
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  g_assert_true (memcmp (contents, before, size) != 0);
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);

  /* Started again after a long time. */
  g_clear_object (&key);
  tea_clock_advance (clock, start + 3 * G_TIME_SPAN_DAY);
  third = get_ticket_key (fixture, identity, clock);
  g_assert_false (g_bytes_equal (second, third));

  /* Where it cannot be written, there is a new one all the same. */
  key = tea_ticket_key_load_or_create (fixture->path, identity, past, &error);
  g_assert_no_error (error);
  fourth = g_bytes_ref (tea_ticket_key_get_bytes (key));
  g_assert_false (g_bytes_equal (third, fourth));
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  n_expected_warnings = 1;
  tea_clock_advance (past, tea_clock_get_time (past) + G_TIME_SPAN_DAY);
  g_assert_cmpuint (n_expected_warnings, ==, 0);
  g_assert_false (g_bytes_equal (fourth, tea_ticket_key_get_bytes (key)));
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);

  g_test_add ("/identity/made-once", Fixture, NULL, set_up, test_made_once, tear_down);
  g_test_add ("/identity/made-by-several", Fixture, NULL, set_up, test_made_by_several, tear_down);
  g_test_add ("/identity/readable-by-others", Fixture, NULL, set_up, test_readable_by_others,
              tear_down);
  g_test_add ("/identity/no-key", Fixture, NULL, set_up, test_no_key, tear_down);
  g_test_add ("/identity/no-file", Fixture, NULL, set_up, test_no_file, tear_down);
  g_test_add ("/identity/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/identity/ticket-key", Fixture, NULL, set_up, test_ticket_key, tear_down);
  g_test_add ("/identity/ticket-key-age", Fixture, NULL, set_up, test_ticket_key_age, tear_down);

  return g_test_run ();
}
