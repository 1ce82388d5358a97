/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ticket-key.h"

#include <glib/gi18n-lib.h>
#include <gnutls/gnutls.h>

#include "tea-error.h"
#include "tea-private-file.h"

/* What gnutls_session_ticket_key_generate() makes. */
#define KEY_SIZE 64

/**
 * tea_ticket_key_new:
 *
 * Returns: (transfer full): a new key that a server seals its guests' tickets with
 */
GBytes *
tea_ticket_key_new (void)
{
  gnutls_datum_t key = { NULL };
  GBytes *bytes;

  if (gnutls_session_ticket_key_generate (&key) < 0)
    g_error ("Could not make a ticket key");

  bytes = g_bytes_new (key.data, key.size);
  gnutls_memset (key.data, 0, key.size);
  gnutls_free (key.data);

  return bytes;
}

/**
 * tea_ticket_key_load_or_create:
 * @path: a file
 * @error: return location for a #GError
 *
 * Reads the key that a server seals its guests' tickets with; the first time, makes it.
 * As long as it is the same, guests come back quickly, after a restart too. Keys of
 * sessions are derived from it by the hour: who steals it later cannot read what was said.
 *
 * Returns: (transfer full): the key, or %NULL with @error set: %TEA_ERROR_KEY_INVALID if
 *   the file is no such key, or others can read it
 */
GBytes *
tea_ticket_key_load_or_create (const char *path, GError **error)
{
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  key = tea_private_file_load (path, &local_error);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_autoptr (GBytes) made = tea_ticket_key_new ();

      g_clear_error (&local_error);
      if (!tea_private_file_create (path, made, error))
        return NULL;

      key = tea_private_file_load (path, &local_error);
    }

  if (key == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (g_bytes_get_size (key) != KEY_SIZE)
    {
      shown = g_filename_display_name (path);
      g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID,
                   _ ("“%s” does not hold a ticket key. Delete it: a new one is made, and guests "
                      "come back a little more slowly once."),
                   shown);
      return NULL;
    }

  return g_steal_pointer (&key);
}
