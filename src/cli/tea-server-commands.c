/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-server-commands.h"

#include <stdio.h>

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "tea-address-book.h"
#include "tea-room-address.h"

/* What the terminal client can be told about the servers that are known. */

static char *
write_address (GNetworkAddress *address)
{
  return tea_room_address_join_host_port (g_network_address_get_hostname (address),
                                          g_network_address_get_port (address));
}

static void
print_server (const char *address, const char *fingerprint, gboolean json)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  if (!json)
    {
      g_print ("%s %s\n", address, fingerprint);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "address");
  json_builder_add_string_value (builder, address);
  json_builder_set_member_name (builder, "fingerprint");
  json_builder_add_string_value (builder, fingerprint);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_print ("%s\n", line);
}

/**
 * tea_servers_print:
 * @json: whether a program reads it
 *
 * Prints the servers whose keys are known, one a line.
 *
 * Returns: how it went
 */
TeaExitStatus
tea_servers_print (gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = tea_address_book_list (&error);
  TeaExitStatus status = TEA_EXIT_LEFT;

  if (servers == NULL)
    {
      g_printerr ("%s\n", error->message);
      return TEA_EXIT_USAGE;
    }

  for (guint i = 0; i < servers->len; i++)
    {
      GNetworkAddress *server = g_ptr_array_index (servers, i);
      g_autofree char *address = write_address (server);
      g_autofree char *fingerprint = NULL;
      g_autoptr (GError) local_error = NULL;

      if (tea_address_book_lookup (server, &fingerprint, &local_error))
        {
          print_server (address, fingerprint, json);
        }
      else
        {
          g_printerr ("%s\n", local_error->message);
          status = TEA_EXIT_USAGE;
        }
    }

  if (fflush (stdout) != 0 || ferror (stdout) != 0)
    {
      g_printerr (_ ("The list could not be written.\n"));
      status = TEA_EXIT_USAGE;
    }

  return status;
}

/**
 * tea_servers_forget:
 * @address: where a server is
 *
 * Forgets the key of a server: the next one it shows is taken for its own.
 *
 * Returns: how it went
 */
TeaExitStatus
tea_servers_forget (GNetworkAddress *address)
{
  g_autofree char *shown = write_address (address);
  g_autofree char *fingerprint = NULL;
  g_autoptr (GError) error = NULL;

  /* What cannot be read there can be forgotten all the same. */
  if (tea_address_book_lookup (address, &fingerprint, NULL) && fingerprint == NULL)
    {
      g_printerr (_ ("No key of %s is known.\n"), shown);
      return TEA_EXIT_LEFT;
    }

  if (tea_address_book_forget (address, &error))
    return TEA_EXIT_LEFT;

  g_printerr ("%s\n", error->message);

  return TEA_EXIT_USAGE;
}
