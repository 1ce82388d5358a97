/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-known-servers.h"
#include "tea-room-address.h"

#define ONE "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TWO "SHA256:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"

#define N_PROGRAMS 4
#define N_SERVERS 5

typedef struct
{
  char *folder;
  char *path;
  TeaKnownServers *known;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "known-servers", NULL);
  fixture->known = tea_known_servers_new (fixture->path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);

  g_assert_finalize_object (fixture->known);
  g_unlink (fixture->path);
  g_unlink (lock);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static char *
lookup (TeaKnownServers *known, const char *address)
{
  g_autoptr (GNetworkAddress) parsed = tea_room_address_parse (address, NULL);
  g_autoptr (GError) error = NULL;
  char *fingerprint = NULL;

  g_assert_true (tea_known_servers_lookup (known, parsed, &fingerprint, &error));
  g_assert_no_error (error);

  return fingerprint;
}

static void
assert_known (TeaKnownServers *known, const char *address, const char *fingerprint)
{
  g_autofree char *found = lookup (known, address);

  g_assert_cmpstr (found, ==, fingerprint);
}

static void
remember (TeaKnownServers *known, const char *address, const char *fingerprint)
{
  g_autoptr (GNetworkAddress) parsed = tea_room_address_parse (address, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_known_servers_remember (known, parsed, fingerprint, &error));
  g_assert_no_error (error);
}

static void
forget (TeaKnownServers *known, const char *address)
{
  g_autoptr (GNetworkAddress) parsed = tea_room_address_parse (address, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (tea_known_servers_forget (known, parsed, &error));
  g_assert_no_error (error);
}

static void
test_addresses (Fixture *fixture, gconstpointer data)
{
  static const char *const addresses[]
      = { "chat.example.org",   "chat.example.org:9999", "192.0.2.1",
          "[2001:db8::1]:8888", "茶.example.org",        "[fe80::1%eth0]:8888" };
  GStatBuf info;

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_test_message ("vector %zu", i);
      assert_known (fixture->known, addresses[i], NULL);
      remember (fixture->known, addresses[i], i % 2 == 0 ? ONE : TWO);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (TeaKnownServers) again = tea_known_servers_new (fixture->path);

      g_test_message ("vector %zu", i);
      assert_known (again, addresses[i], i % 2 == 0 ? ONE : TWO);
    }

  /* However it is written. */
  assert_known (fixture->known, "Chat.Example.ORG:8888", ONE);
  assert_known (fixture->known, "xn--cl1a.example.org", ONE);
  assert_known (fixture->known, "example.org", NULL);

  remember (fixture->known, "192.0.2.1", TWO);
  assert_known (fixture->known, "192.0.2.1", TWO);
  forget (fixture->known, "192.0.2.1");
  forget (fixture->known, "192.0.2.1");
  assert_known (fixture->known, "192.0.2.1", NULL);

  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
}

static void
test_changed_by_another (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TeaKnownServers) another = tea_known_servers_new (fixture->path);

  assert_known (fixture->known, "one.example.org", NULL);
  remember (another, "one.example.org", ONE);
  assert_known (fixture->known, "one.example.org", ONE);
  remember (fixture->known, "two.example.org", TWO);
  assert_known (another, "two.example.org", TWO);
  assert_known (another, "one.example.org", ONE);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  assert_known (another, "one.example.org", NULL);
}

static void
test_several_programs (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      pid_t pid = fork ();

      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          TeaKnownServers *known = tea_known_servers_new (fixture->path);

          for (guint j = 0; j < N_SERVERS; j++)
            {
              g_autofree char *address = g_strdup_printf ("s%u-%u.example.org", i, j);

              remember (known, address, ONE);
            }
          _exit (0);
        }
    }

  for (guint i = 0; i < N_PROGRAMS; i++)
    {
      int status;

      g_assert_cmpint (wait (&status), >, 0);
      g_assert_cmpint (status, ==, 0);
    }

  for (guint i = 0; i < N_PROGRAMS * N_SERVERS; i++)
    {
      g_autofree char *address
          = g_strdup_printf ("s%u-%u.example.org", i / N_SERVERS, i % N_SERVERS);

      assert_known (fixture->known, address, ONE);
    }
}

static void
make_link (const char *target, const char *path)
{
  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
assert_link (const char *path, const char *target)
{
  g_autofree char *found = g_file_read_link (path, NULL);

  g_assert_cmpstr (found, ==, target);
}

/* A file that is elsewhere is written there, through links to links, and made there. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *file = g_build_filename (elsewhere, "servers", NULL);
  g_autofree char *lock = g_strconcat (file, ".lock", NULL);
  g_autofree char *between = g_build_filename (fixture->folder, "between", NULL);
  g_autoptr (TeaKnownServers) direct = tea_known_servers_new (file);

  make_link ("elsewhere/servers", between);
  make_link (between, fixture->path);

  assert_known (fixture->known, "one.example.org", NULL);
  remember (fixture->known, "one.example.org", ONE);
  remember (fixture->known, "two.example.org", TWO);
  assert_known (direct, "one.example.org", ONE);
  forget (direct, "one.example.org");
  assert_known (fixture->known, "one.example.org", NULL);
  assert_known (fixture->known, "two.example.org", TWO);

  assert_link (fixture->path, between);
  assert_link (between, "elsewhere/servers");
  g_assert_false (g_file_test (file, G_FILE_TEST_IS_SYMLINK));

  g_assert_cmpint (g_unlink (between), ==, 0);
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (elsewhere), ==, 0);
}

static void
test_unwritable (Fixture *fixture, gconstpointer data)
{
  static const char *const targets[] = { "/proc/self/nothing/servers", "/dev/null/servers" };
  g_autoptr (GNetworkAddress) address = tea_room_address_parse ("one.example.org", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu", i);
      make_link (targets[i], fixture->path);
      g_assert_false (tea_known_servers_remember (fixture->known, address, ONE, &error));
      g_assert_nonnull (strstr (error->message, fixture->path));
      g_assert_cmpint (g_unlink (fixture->path), ==, 0);

      /* What is not written is not known. */
      assert_known (fixture->known, "one.example.org", NULL);
    }
}

/* Somebody has the lock and does not give it. */
static void
test_stuck_lock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lock = g_strconcat (fixture->path, ".lock", NULL);
  int other = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gint64 before = g_get_monotonic_time ();

  g_assert_cmpint (flock (other, LOCK_EX), ==, 0);
  remember (fixture->known, "one.example.org", ONE);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 10 * G_TIME_SPAN_SECOND);
  assert_known (fixture->known, "one.example.org", ONE);

  /* Whoever waited in vain does not have it later. */
  close (other);
  remember (fixture->known, "two.example.org", TWO);
  assert_known (fixture->known, "one.example.org", ONE);
  assert_known (fixture->known, "two.example.org", TWO);
}

/* Who cannot read whom they know does not take everybody for new. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = {
    "no key file",
    "no key file \xff",
    "[Servers]\nchat.example.org:8888=SHA256:short\n",
    "[Servers]\nchat.example.org:8888=\n",
  };
  g_autoptr (GNetworkAddress) address = tea_room_address_parse ("chat.example.org", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *fingerprint = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("vector %zu", i);
      g_assert_true (g_file_set_contents (fixture->path, contents[i], -1, NULL));
      g_assert_false (tea_known_servers_lookup (fixture->known, address, &fingerprint, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, fixture->path));
      g_assert_null (fingerprint);
    }
}

/* Whoever lists them can find each again. */
static void
test_list (Fixture *fixture, gconstpointer data)
{
  static const char *const addresses[] = { "127.0.0.1:9000", "[::1]:8888", "chat.example.org:8888",
                                           "茶.example:1", "[fe80::1%eth0]:65535" };
  g_autoptr (GPtrArray) none = tea_known_servers_list (fixture->known, NULL);
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (TeaKnownServers) other = tea_known_servers_new (fixture->path);

  g_assert_cmpuint (none->len, ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GNetworkAddress) address = tea_room_address_parse (addresses[i], NULL);

      g_assert_true (
          tea_known_servers_remember (fixture->known, address, i % 2 != 0 ? ONE : TWO, NULL));
    }

  listed = tea_known_servers_list (other, NULL);
  g_assert_cmpuint (listed->len, ==, G_N_ELEMENTS (addresses));
  for (guint i = 0; i < listed->len; i++)
    {
      g_autofree char *fingerprint = NULL;

      g_assert_true (
          tea_known_servers_lookup (other, g_ptr_array_index (listed, i), &fingerprint, NULL));
      g_assert_cmpstr (fingerprint, ==, i % 2 != 0 ? ONE : TWO);
      g_assert_true (tea_known_servers_forget (other, g_ptr_array_index (listed, i), NULL));
    }

  again = tea_known_servers_list (fixture->known, NULL);
  g_assert_cmpuint (again->len, ==, 0);
}

/* What nobody has written here is passed over. */
static void
test_list_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "[Servers]\nnothing=x\n:80=x\nhost:=x\nhost:0=x\nhost:65536=x\n"
                             "host:80x=x\n%zz:80=x\n%ff:80=x\nhost:80=" ONE "\n";
  g_autoptr (GPtrArray) listed = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  listed = tea_known_servers_list (fixture->known, NULL);
  g_assert_cmpuint (listed->len, ==, 1);
  g_assert_cmpstr (g_network_address_get_hostname (g_ptr_array_index (listed, 0)), ==, "host");

  g_assert_true (g_file_set_contents (fixture->path, "no key file", -1, NULL));
  g_assert_null (tea_known_servers_list (fixture->known, NULL));
}

/* Whoever edits the file by hand may write a server twice: the last line counts, until the server
 * is forgotten. */
static void
test_twice (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "[Servers]\n# One\none.example.org:8888=" ONE "\n"
                             "two.example.org:8888=" TWO "\none.example.org:8888=" ONE "\n"
                             "[Servers]\none.example.org:8888=" TWO "\n";
  g_autoptr (GPtrArray) listed = NULL;
  g_autofree char *left = NULL;

  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
  listed = tea_known_servers_list (fixture->known, NULL);
  g_assert_cmpuint (listed->len, ==, 2);
  assert_known (fixture->known, "one.example.org", TWO);

  remember (fixture->known, "one.example.org", ONE);
  assert_known (fixture->known, "one.example.org", ONE);

  forget (fixture->known, "one.example.org");
  assert_known (fixture->known, "one.example.org", NULL);
  assert_known (fixture->known, "two.example.org", TWO);
  g_assert_true (g_file_get_contents (fixture->path, &left, NULL, NULL));
  g_assert_null (strstr (left, "one.example.org"));
  g_assert_nonnull (strstr (left, "# One"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/known-servers/addresses", Fixture, NULL, set_up, test_addresses, tear_down);
  g_test_add ("/known-servers/changed-by-another", Fixture, NULL, set_up, test_changed_by_another,
              tear_down);
  g_test_add ("/known-servers/several-programs", Fixture, NULL, set_up, test_several_programs,
              tear_down);
  g_test_add ("/known-servers/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/known-servers/unwritable", Fixture, NULL, set_up, test_unwritable, tear_down);
  g_test_add ("/known-servers/stuck-lock", Fixture, NULL, set_up, test_stuck_lock, tear_down);
  g_test_add ("/known-servers/damaged", Fixture, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/known-servers/list", Fixture, NULL, set_up, test_list, tear_down);
  g_test_add ("/known-servers/list-nonsense", Fixture, NULL, set_up, test_list_nonsense, tear_down);
  g_test_add ("/known-servers/twice", Fixture, NULL, set_up, test_twice, tear_down);

  return g_test_run ();
}
