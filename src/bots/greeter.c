/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Greets everyone who enters a room: greeter ADDRESS */

#include <tea.h>

static void
event_cb (TeaClient *client, TeaEvent *event)
{
  const char *author = tea_event_get_author (event);
  g_autofree char *text = NULL;

  if (tea_event_get_kind (event) != TEA_EVENT_JOINED
      || g_strcmp0 (author, tea_client_get_name (client)) == 0)
    return;

  text = g_strdup_printf ("Hello, %s!", author);
  tea_client_say (client, text, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TeaClient) greeter = g_object_new (TEA_TYPE_CLIENT, "history", 0, NULL);
  g_autoptr (GNetworkAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (greeter, "event", G_CALLBACK (event_cb), NULL);

  address = tea_room_address_parse (argc > 1 ? argv[1] : "", &error);
  if (address == NULL || !tea_client_join (greeter, address, "Greeter", NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_main_loop_run (loop);

  return 0;
}
