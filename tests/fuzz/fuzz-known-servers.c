/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-known-servers.h"

#define KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *folder;
static char *path;

static void
remove_folder (void)
{
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);

  g_unlink (path);
  g_unlink (lock);
  g_rmdir (folder);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  /* In memory where that can be had: each input is a file. */
  if (g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", "/dev/shm", TRUE);
  folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  g_assert_nonnull (folder);
  path = g_build_filename (folder, "known-servers", NULL);
  atexit (remove_folder);

  return 0;
}

/* Whether a key is known; that it is can be told only where its line is in order. */
static char *
lookup (TeaKnownServers *known, GNetworkAddress *address)
{
  g_autoptr (GError) error = NULL;
  char *fingerprint = NULL;

  if (tea_known_servers_lookup (known, address, &fingerprint, &error))
    return fingerprint;

  g_assert_null (fingerprint);
  g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));

  return NULL;
}

static void
assert_same (TeaKnownServers *known, GPtrArray *addresses, GPtrArray *keys)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *key = lookup (known, addresses->pdata[i]);

      g_assert_cmpstr (key, ==, keys->pdata[i]);
    }
}

/* A key that is remembered is known, and forgotten when it is forgotten; what the file says of
 * others stays. */
static void
check_changes (TeaKnownServers *known, GPtrArray *addresses, GPtrArray *keys)
{
  g_autoptr (TeaKnownServers) other = tea_known_servers_new (path);
  g_autoptr (GNetworkAddress) address = NULL;
  g_autofree char *remembered = NULL;
  g_autofree char *forgotten = NULL;
  g_autoptr (GError) error = NULL;

  address = G_NETWORK_ADDRESS (g_network_address_new ("teahouse.example", 8888));
  tea_known_servers_remember (known, address, KEY, &error);
  g_assert_no_error (error);
  remembered = lookup (other, address);
  g_assert_cmpstr (remembered, ==, KEY);

  tea_known_servers_forget (other, address, &error);
  g_assert_no_error (error);
  forgotten = lookup (known, address);
  g_assert_null (forgotten);

  for (guint i = 0; i < addresses->len; i++)
    if (g_str_equal (g_network_address_get_hostname (addresses->pdata[i]), "teahouse.example"))
      return;
  assert_same (known, addresses, keys);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (path);
  g_autoptr (GPtrArray) addresses = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE,
                            0600, &error);
  g_assert_no_error (error);

  addresses = tea_known_servers_list (known, &error);
  if (addresses == NULL)
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  for (guint i = 0; i < addresses->len; i++)
    {
      g_assert_true (
          g_utf8_validate (g_network_address_get_hostname (addresses->pdata[i]), -1, NULL));
      g_ptr_array_add (keys, lookup (known, addresses->pdata[i]));
    }
  check_changes (known, addresses, keys);

  return 0;
}
