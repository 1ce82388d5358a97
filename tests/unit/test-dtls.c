/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include <glib/gstdio.h>

#include "dtls-fixture.h"
#include "resolver-fixture.h"
#include "tea-datagram.h"
#include "tea-dtls-session.h"

static void
test_both_ways (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  End *guest = server_get_end (server);
  gsize size = tea_packet_channel_get_packet_size (client->channel);
  g_autofree char *longest = g_strnfill (size, 'x');

  g_assert_cmpstr (tea_packet_channel_get_peer_key (client->channel), ==,
                   tea_identity_get_fingerprint (server->identity));
  g_assert_cmpstr (tea_packet_channel_get_peer_key (guest->channel), ==,
                   tea_identity_get_fingerprint (identity));
  g_assert_cmpstr (tea_dtls_connector_get_server_key (connector), ==,
                   tea_identity_get_fingerprint (server->identity));
  g_assert_cmpuint (size, >=, 1000);
  g_assert_cmpuint (size, ==, tea_packet_channel_get_packet_size (guest->channel));
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);
  g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 0);

  end_say (client, "hello");
  end_say (client, longest);
  end_say (guest, "welcome");
  end_say (guest, longest);
  ITERATE_WHILE (!end_has_heard (guest, longest) || !end_has_heard (client, longest));
  g_assert_true (g_str_has_prefix (guest->heard->str, "hello "));
  g_assert_true (g_str_has_prefix (client->heard->str, "welcome "));

  tea_packet_channel_close (client->channel);
  ITERATE_WHILE (guest->n_closed == 0);
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 0);
  end_say (guest, "nobody hears this");
  end_say (client, "nor this");
  g_assert_cmpuint (guest->n_closed, ==, 1);
  g_assert_cmpuint (client->n_closed, ==, 0);
}

static void
test_server_closes (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);

  tea_packet_channel_close (server_get_end (server)->channel);
  ITERATE_WHILE (client->n_closed == 0);
  g_assert_cmpuint (server_get_end (server)->n_closed, ==, 0);
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 0);
}

static gboolean
is_resumed (End *client)
{
  return tea_dtls_client_channel_is_resumed (TEA_DTLS_CLIENT_CHANNEL (client->channel));
}

static void
test_resumption (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (End) client = connect_well (connector);
      End *guest;

      g_assert_true (is_resumed (client) == (i > 0 && i < 3));
      end_say (client, "back");
      ITERATE_WHILE (server->ends->len <= i || !end_has_heard (server_get_end (server), "back"));
      guest = server_get_end (server);
      g_assert_true (tea_dtls_server_channel_is_resumed (TEA_DTLS_SERVER_CHANNEL (guest->channel))
                     == is_resumed (client));
      g_assert_cmpstr (tea_packet_channel_get_peer_key (guest->channel), ==,
                       tea_identity_get_fingerprint (identity));
      g_assert_cmpstr (tea_packet_channel_get_peer_key (client->channel), ==,
                       tea_identity_get_fingerprint (server->identity));

      /* A restart, without a goodbye; then one that has lost its ticket key. */
      if (i == 2)
        {
          g_object_unref (server->ticket_key);
          server->ticket_key = tea_ticket_key_new (server->identity, clock);
        }
      if (i > 0)
        server_listen (server);
    }
}

/* What proves who resumes comes again with what was lost. */
static void
test_resumption_loss (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = NULL;
  End *guest;

  end_free (connect_well (connector));
  ITERATE_WHILE (server->ends->len == 0);
  relay->n_finals = 2;
  client = connect_well (connector);
  g_assert_true (is_resumed (client));
  ITERATE_WHILE (server->ends->len < 2);
  g_assert_cmpuint (relay->n_finals, ==, 0);

  /* The server has had it by now; a late copy is no packet. */
  guest = server_get_end (server);
  for (guint i = 0; i < relay->up->len; i++)
    tea_channel_send (relay->far, g_ptr_array_index (relay->up, i), NULL);
  end_say (client, "back");
  ITERATE_WHILE (!end_has_heard (guest, "back"));
  g_assert_cmpstr (guest->heard->str, ==, "back ");
  g_assert_true (tea_dtls_server_channel_is_resumed (TEA_DTLS_SERVER_CHANNEL (guest->channel)));
}

/* A server with another key cannot open the tickets of the one before, though its ticket
 * key stayed: it was set up anew, or somebody has stolen that. */
static void
test_resumption_other_server (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ticket.key", NULL);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (End) client = NULL;

      if (i == 2)
        {
          g_object_unref (server->identity);
          server->identity = tea_identity_new_ephemeral ();
        }
      g_object_unref (server->ticket_key);
      server->ticket_key = tea_ticket_key_load_or_create (path, server->identity, clock, &error);
      g_assert_no_error (error);
      server_listen (server);

      client = connect_to (connector, NULL, &error);
      if (i < 2)
        g_assert_true (is_resumed (client) == (i == 1));
      else
        g_assert_null (client);
    }

  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_CHANGED);
  g_assert_cmpstr (tea_dtls_connector_get_server_key (connector), ==,
                   tea_identity_get_fingerprint (server->identity));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
ignore_news_cb (TeaDtlsClientChannel *channel, TeaDtlsNews news, gpointer user_data)
{
  *(TeaDtlsNews *) user_data = news;
}

/* Whoever knows all of a session, but has not the key of who began it, is nobody. */
static void
test_resumption_other_client (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaIdentity) other = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GBytes) stolen
      = tea_dtls_client_channel_get_resumption (TEA_DTLS_CLIENT_CHANNEL (client->channel));
  TeaIdentity *const vectors[] = { other, identity };

  ITERATE_WHILE (server->ends->len == 0);

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (TeaDtlsClientChannel) channel
          = tea_dtls_client_channel_new (server_get_address (server), vectors[i], stolen, clock,
                                         &error);
      g_autoptr (End) end = end_new (TEA_PACKET_CHANNEL (channel));
      TeaDtlsNews news = TEA_DTLS_NEWS_ANSWERED;

      g_assert_no_error (error);
      tea_dtls_client_channel_start (channel, ignore_news_cb, &news);
      ITERATE_WHILE (news != TEA_DTLS_NEWS_OPEN);
      g_assert_true (tea_dtls_client_channel_is_resumed (channel));
      end_say (end, "me");

      /* The server does not know the session of somebody else. */
      if (vectors[i] == other)
        ITERATE_WHILE (end->n_doubted == 0);
      else
        ITERATE_WHILE (server->ends->len == 1 || !end_has_heard (server_get_end (server), "me"));
      g_assert_cmpuint (server->ends->len, ==, vectors[i] == other ? 1 : 2);
      tea_dtls_client_channel_stop_telling (channel);
    }
}

/* Who forgets a server meets it anew, even in the same life of the program. */
static void
test_resumption_forgotten (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "known", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (path);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, known, clock);
  g_autoptr (GSocketConnectable) address
      = g_network_address_new ("127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (
                                                server_get_address (server))));

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (End) client = NULL;

      if (i == 2)
        g_assert_true (tea_known_servers_forget (known, G_NETWORK_ADDRESS (address), NULL));
      client = connect_well (connector);
      g_assert_true (is_resumed (client) == (i == 1));
    }

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_wrong_key (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaIdentity) other = tea_identity_new_ephemeral ();
  const char *right = tea_identity_get_fingerprint (server->identity);
  const char *wrong = tea_identity_get_fingerprint (other);
  g_autoptr (TeaDtlsConnector) good
      = connector_new (server_get_address (server), identity, right, NULL, clock);
  g_autoptr (TeaDtlsConnector) bad
      = connector_new (server_get_address (server), identity, wrong, NULL, clock);
  G_GNUC_UNUSED g_autoptr (End) client = connect_well (good);
  g_autoptr (GError) error = NULL;

  g_assert_null (connect_to (bad, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_UNEXPECTED);
  g_assert_nonnull (strstr (error->message, right));
  g_assert_nonnull (strstr (error->message, wrong));
  g_assert_cmpstr (tea_dtls_connector_get_server_key (bad), ==, right);
  ITERATE_WHILE (tea_dtls_listener_get_n_sessions (server->listener) != 1);
}

static void
test_pins (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "known", NULL);
  g_autofree char *lock = g_strconcat (path, ".lock", NULL);
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (path);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, known, clock);
  g_autoptr (GSocketConnectable) address
      = g_network_address_new ("127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (
                                                server_get_address (server))));
  g_autoptr (TeaDtlsConnector) linked = NULL;
  g_autofree char *first = g_strdup (tea_identity_get_fingerprint (server->identity));
  g_autofree char *pinned = NULL;
  g_autoptr (GError) error = NULL;

  end_free (connect_well (connector));
  g_assert_true (tea_known_servers_lookup (known, G_NETWORK_ADDRESS (address), &pinned, NULL));
  g_assert_cmpstr (pinned, ==, first);

  g_object_unref (server->identity);
  server->identity = tea_identity_new_ephemeral ();
  g_object_unref (server->ticket_key);
  server->ticket_key = tea_ticket_key_new (server->identity, clock);
  server_listen (server);

  g_assert_null (connect_to (connector, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_CHANGED);
  g_assert_nonnull (strstr (error->message, first));
  g_assert_nonnull (strstr (error->message, tea_identity_get_fingerprint (server->identity)));

  g_clear_error (&error);

  /* A link that names the new key is no reason to forget the old one. */
  linked = connector_new (server_get_address (server), identity,
                          tea_identity_get_fingerprint (server->identity), known, clock);
  g_assert_null (connect_to (linked, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_CHANGED);
  g_assert_nonnull (strstr (error->message, first));

  g_assert_true (tea_known_servers_forget (known, G_NETWORK_ADDRESS (address), NULL));
  end_free (connect_well (linked));
  end_free (connect_well (connector));

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (lock), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Where the key of a first visit cannot be written down, that is said before anything else,
 * and the visit is the person's decision. */
static void
test_pin_not_kept (void)
{
  g_autofree char *folder = g_dir_make_tmp ("teahouse-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "known", NULL);
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (path);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autofree char *key = g_strdup (tea_identity_get_fingerprint (server->identity));
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, known, clock);
  g_autoptr (TeaDtlsConnector) linked
      = connector_new (server_get_address (server), identity, key, known, clock);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("/proc/self/nothing/known", path), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_error (&error);
      g_assert_null (connect_to (connector, NULL, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_NOT_KEPT);
      g_assert_nonnull (strstr (error->message, key));
      g_assert_nonnull (strstr (error->message, path));
    }
  end_free (connect_well (linked));

  tea_dtls_connector_trust (connector, tea_dtls_connector_get_server_key (connector));
  end_free (connect_well (connector));
  end_free (connect_well (connector));

  /* It does not trust just anybody. */
  g_object_unref (server->identity);
  server->identity = tea_identity_new_ephemeral ();
  g_object_unref (server->ticket_key);
  server->ticket_key = tea_ticket_key_new (server->identity, clock);
  server_listen (server);
  g_clear_error (&error);
  g_assert_null (connect_to (connector, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_KEY_CHANGED);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A server that moves takes its name along. Who has been there asks where it is now; where
 * nobody knows, it may still be where it was. */
static void
test_moved_server (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) here = server_new (clock);
  g_autoptr (Server) there = server_new (clock);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (server_get_address (here)));
  g_autoptr (GSocketAddress) elsewhere = g_inet_socket_address_new_from_string ("127.0.0.2", port);
  g_autoptr (GSocketConnectable) address = g_network_address_new ("moving.example", port);
  g_autoptr (TestResolver) resolver = test_resolver_new ("127.0.0.1");
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = tea_dtls_connector_new (G_NETWORK_ADDRESS (address), identity, NULL, NULL, clock);
  g_autoptr (GError) error = NULL;

  g_object_unref (there->endpoint);
  there->endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (elsewhere), &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (there->endpoint, "received", G_CALLBACK (server_received_cb), there);
  g_clear_object (&there->listener);
  there->listener
      = tea_dtls_listener_new (there->endpoint, here->identity, here->ticket_key, clock);
  g_signal_connect_swapped (there->listener, "accepted", G_CALLBACK (server_accepted_cb), there);

  end_free (connect_well (connector));
  ITERATE_WHILE (here->ends->len == 0);
  resolver->address = "127.0.0.2";
  end_free (connect_well (connector));
  ITERATE_WHILE (there->ends->len == 0);
  resolver->address = NULL;
  end_free (connect_well (connector));
  ITERATE_WHILE (there->ends->len == 1);
  g_assert_cmpuint (here->ends->len, ==, 1);
}

static void
test_nobody_there (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GError) error = NULL;

  /* Nobody loses patience: the time stands still. */
  tea_endpoint_close (server->endpoint);
  g_assert_null (connect_to (connector, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_NO_ANSWER);

  /* Nothing proves that it was the server's machine that said so: each time it is only a
   * reason to ask. */
  for (guint i = 1; i <= 2; i++)
    {
      end_say (client, "hello?");
      ITERATE_WHILE (client->n_doubted < i);
    }
  g_assert_cmpuint (client->n_closed, ==, 0);
}

/* Who is only asked for a cookie, and then not let in, is not told that nobody is there. */
static void
test_full (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaClock) server_clock = tea_clock_new ();
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Server) server = server_new (server_clock);
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_dtls_listener_set_limits (server->listener, 0, 1);
  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), NULL, connected_cb,
                                      &result);
  ITERATE_WHILE (relay->up->len < 2);
  iterate_pending ();
  g_assert_null (result);
  tea_clock_advance (clock, tea_clock_get_time (clock) + G_TIME_SPAN_MINUTE);
  ITERATE_WHILE (result == NULL);
  g_assert_null (
      tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (connector), result, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
  g_assert_nonnull (strstr (error->message, " answers, but "));
}

static void
answer_classic_cb (TeaEndpoint *endpoint, GInetSocketAddress *address, GBytes *datagram)
{
  g_autoptr (GBytes) answer = g_bytes_new_static ("N ?", 3);

  tea_endpoint_send (endpoint, address, answer);
}

static void
test_not_secure (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (TeaEndpoint) endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), NULL);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (G_SOCKET_ADDRESS (tea_endpoint_get_local_address (endpoint)), identity, NULL,
                       NULL, clock);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_signal_connect (endpoint, "received", G_CALLBACK (answer_classic_cb), NULL);
  g_assert_null (connect_to (connector, NULL, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_NOT_SECURE);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (connect_to (connector, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_finalize_object (g_steal_pointer (&connector));
}

/* Says what gets no further than to the relay, and returns what that has of it. */
static GBytes *
hold_back (Relay *relay, End *client, const char *text)
{
  guint n = relay->up->len;

  relay->holds_up = TRUE;
  end_say (client, text);
  ITERATE_WHILE (relay->up->len == n);
  relay->holds_up = FALSE;

  return g_bytes_ref (g_ptr_array_index (relay->up, n));
}

/* The client's address changes, and somebody who has kept a packet sends it again, from
 * yet another address. */
static void
test_roaming (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (Relay) thief = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GBytes) late = NULL;
  g_autoptr (GBytes) newest = NULL;
  g_autoptr (GBytes) elsewhere = NULL;
  End *guest;
  gsize got = 0;

  end_say (client, "here");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "here"));
  guest = server_get_end (server);

  /* One is kept back, the next goes through. */
  late = hold_back (relay, client, "late");
  end_say (client, "newest");
  ITERATE_WHILE (!end_has_heard (guest, "newest"));
  newest = g_bytes_ref (g_ptr_array_index (relay->up, relay->up->len - 1));

  /* What came already is nothing; what comes late is taken, but moves nobody. */
  tea_channel_send (thief->far, newest, NULL);
  tea_channel_send (thief->far, late, NULL);
  ITERATE_WHILE (!end_has_heard (guest, "late"));
  tea_channel_send (thief->far, late, NULL);
  iterate_pending ();
  g_assert_cmpuint (guest->n_moved, ==, 0);
  g_assert_cmpstr (guest->heard->str, ==, "here newest late ");
  end_say (guest, "still there?");
  ITERATE_WHILE (!end_has_heard (client, "still there?"));
  g_assert_cmpuint (thief->down->len, ==, 0);

  /* The newest, passed on from elsewhere: as much comes back as went there. */
  elsewhere = hold_back (relay, client, "elsewhere");
  tea_channel_send (thief->far, elsewhere, NULL);
  ITERATE_WHILE (guest->n_moved == 0);
  g_assert_true (end_has_heard (guest, "elsewhere"));
  for (guint i = 0; i < 10; i++)
    end_say (guest, "ok?");
  ITERATE_WHILE (thief->down->len == 0);
  iterate_pending ();
  for (guint i = 0; i < thief->down->len; i++)
    got += g_bytes_get_size (g_ptr_array_index (thief->down, i));
  g_assert_cmpuint (got, <=, g_bytes_get_size (elsewhere));

  /* The client speaks for itself again, and proves that it is there. */
  guest->proves = TRUE;
  end_say (client, "mine");
  ITERATE_WHILE (guest->n_moved == 1);
  g_string_truncate (client->heard, 0);
  for (guint i = 0; i < 10; i++)
    end_say (guest, "all of it");
  ITERATE_WHILE (client->heard->len < 10 * strlen ("all of it "));
  g_assert_cmpuint (server->ends->len, ==, 1);
  g_assert_cmpuint (guest->n_closed + client->n_closed, ==, 0);
}

static void
test_rebind (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  End *guest = server_get_end (server);

  guest->proves = TRUE;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = g_strdup_printf ("moved-%u", i);

      tea_client_channel_rebind (TEA_CLIENT_CHANNEL (client->channel));
      end_say (client, text);
      ITERATE_WHILE (!end_has_heard (guest, text));
      g_assert_cmpuint (guest->n_moved, ==, i + 1);
      end_say (guest, text);
      ITERATE_WHILE (!end_has_heard (client, text));
    }

  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);
  g_assert_cmpuint (guest->n_closed + client->n_closed, ==, 0);
}

/* A client that was started anew, behind the same address. */
static void
test_same_address (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaIdentity) other = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) one
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (TeaDtlsConnector) another
      = connector_new (relay_get_address (relay), other, NULL, NULL, clock);
  g_autoptr (End) first = connect_well (one);
  g_autoptr (End) second = NULL;
  g_autoptr (GPtrArray) hellos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  End *guest;

  end_say (first, "one");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "one"));
  for (guint i = 0; i < relay->up->len; i++)
    g_ptr_array_add (hellos, g_bytes_ref (g_ptr_array_index (relay->up, i)));

  second = connect_well (another);
  end_say (second, "two");
  ITERATE_WHILE (server->ends->len < 2 || !end_has_heard (server_get_end (server), "two"));

  guest = server_get_end (server);
  g_assert_cmpuint (((End *) g_ptr_array_index (server->ends, 0))->n_closed, ==, 1);
  g_assert_cmpuint (guest->n_closed, ==, 0);
  g_assert_cmpstr (tea_packet_channel_get_peer_key (guest->channel), ==,
                   tea_identity_get_fingerprint (other));
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);

  /* The first one's way in, once more: it begins, and comes to nothing. */
  for (guint i = 0; i < hellos->len; i++)
    tea_channel_send (relay->far, g_ptr_array_index (hellos, i), NULL);
  iterate_pending ();
  end_say (second, "three");
  ITERATE_WHILE (!end_has_heard (guest, "three"));
  end_say (guest, "four");
  ITERATE_WHILE (!end_has_heard (second, "four"));
  g_assert_cmpuint (guest->n_closed + second->n_closed, ==, 0);
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);
}

static void
inject (Relay *relay, const guint8 *data, gsize size)
{
  g_autoptr (GBytes) datagram = g_bytes_new (data, size);

  tea_channel_send (relay->far, datagram, NULL);
  tea_endpoint_send (relay->near, relay->client, datagram);
}

/* Real datagrams, cut and with bytes changed, as they come and in between. */
static void
inject_damaged (Relay *relay, GBytes *original)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (original, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize i = 0; i < size; i += 1 + size / 40)
    inject (relay, data, i);

  for (guint i = 0; i < 60; i++)
    {
      gsize place = (gsize) g_rand_int_range (relay->random, 0, (gint32) MIN (size, 40));
      guint8 kept = copy[place];

      copy[place] = (guint8) g_rand_int (relay->random);
      inject (relay, copy, size);
      copy[place] = kept;
      if (i % 10 == 0)
        iterate_pending ();
    }
}

static void
test_junk (void)
{
  static const guint8 alert[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40 };
  static const guint8 closing[] = { 21, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 99, 0, 2, 1, 0 };
  static const guint8 empty_record[] = { 23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 99, 0, 0 };
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  End *guest;

  end_say (client, "here");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "here"));
  guest = server_get_end (server);
  end_say (guest, "there");
  ITERATE_WHILE (!end_has_heard (client, "there"));

  for (guint i = 0; i < relay->up->len; i++)
    g_ptr_array_add (seen, g_bytes_ref (g_ptr_array_index (relay->up, i)));
  for (guint i = 0; i < relay->down->len; i++)
    g_ptr_array_add (seen, g_bytes_ref (g_ptr_array_index (relay->down, i)));

  inject (relay, alert, 0);
  inject (relay, alert, sizeof alert);
  inject (relay, closing, sizeof closing);
  inject (relay, empty_record, sizeof empty_record);
  for (guint i = 0; i < seen->len; i++)
    {
      inject_damaged (relay, g_ptr_array_index (seen, i));
      iterate_pending ();
      g_assert_cmpuint (guest->n_closed + client->n_closed, ==, 0);
    }

  g_assert_cmpstr (guest->heard->str, ==, "here ");
  g_assert_cmpstr (client->heard->str, ==, "there ");
  end_say (client, "well?");
  end_say (guest, "well!");
  ITERATE_WHILE (!end_has_heard (guest, "well?") || !end_has_heard (client, "well!"));
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);
}

static void
keep_cb (GBytes *datagram, gpointer user_data)
{
  g_ptr_array_add (user_data, g_bytes_ref (datagram));
}

static void
count_cb (TeaChannel *socket, GBytes *datagram, gpointer user_data)
{
  *(gsize *) user_data += g_bytes_get_size (datagram);
}

/* Nothing is kept of strangers, and they get less than they sent. */
static void
test_cookies (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (GPtrArray) hellos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (TeaDtlsSession) session
      = tea_dtls_session_new_client (identity, NULL, clock, keep_cb, hellos);
  GBytes *hello;

  tea_dtls_session_start (session);
  g_assert_cmpuint (hellos->len, ==, 1);
  hello = g_ptr_array_index (hellos, 0);

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (TeaChannel) socket = tea_channel_new (server_get_address (server), NULL);
      gsize answered = 0;

      g_signal_connect (socket, "received", G_CALLBACK (count_cb), &answered);
      g_assert_true (tea_channel_send (socket, hello, NULL));
      ITERATE_WHILE (answered == 0);
      g_assert_cmpuint (answered, <=, g_bytes_get_size (hello));
    }

  g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 0);
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 0);
}

/* A cookie is of no use to anybody else, nor after some minutes. The second that comes is what
 * has it: the time stands still, so that nothing is repeated. */
static void
test_cookies_of_others (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaClock) server_clock = tea_clock_new_manual (0);
  g_autoptr (Server) server = server_new (server_clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (Relay) thief = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GBytes) hello = g_bytes_ref (g_ptr_array_index (relay->up, 1));

  tea_packet_channel_close (client->channel);
  ITERATE_WHILE (tea_dtls_listener_get_n_sessions (server->listener) > 0);

  tea_channel_send (thief->far, hello, NULL);
  ITERATE_WHILE (thief->down->len == 0);
  g_assert_cmpuint (g_bytes_get_size (g_ptr_array_index (thief->down, 0)), <,
                    g_bytes_get_size (hello));
  g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 0);

  tea_channel_send (relay->far, hello, NULL);
  ITERATE_WHILE (tea_dtls_listener_get_n_handshakes (server->listener) == 0);

  /* Nobody goes on with it. */
  tea_clock_advance (server_clock, tea_clock_get_time (server_clock) + 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 0);

  tea_clock_advance (server_clock, tea_clock_get_time (server_clock) + 5 * G_TIME_SPAN_MINUTE);
  g_ptr_array_set_size (relay->down, 0);
  tea_channel_send (relay->far, hello, NULL);
  ITERATE_WHILE (relay->down->len == 0);
  g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 0);
}

static void
test_loss (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = NULL;
  guint n_tries = 0;

  relay->loss = 0.3;
  for (guint i = 0; i < 2; i++)
    {
      End *guest = NULL;

      /* As any client does, again until it works: the last that one says to be let in again may
       * be lost, and the server knows nothing of it then. */
      while (guest == NULL)
        {
          g_autofree char *text = g_strdup_printf ("through-%u", n_tries++);

          g_clear_pointer (&client, end_free);
          client = connect_to (connector, NULL, NULL);
          while (client != NULL && client->n_doubted == 0 && guest == NULL)
            {
              end_say (client, text);
              iterate_for (20);
              if (server->ends->len > 0 && end_has_heard (server_get_end (server), text))
                guest = server_get_end (server);
            }
        }
      while (client->heard->len == 0)
        {
          end_say (guest, "back");
          iterate_for (20);
        }

      tea_packet_channel_close (client->channel);
      g_clear_pointer (&client, end_free);
      g_ptr_array_set_size (server->ends, 0);
      server_listen (server);
    }
}

/* Time goes quickly where nothing happens. */
static End *
connect_by_clock (TeaDtlsConnector *connector, TeaClock *clock, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaPacketChannel) channel = NULL;

  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), NULL, connected_cb,
                                      &result);
  while (result == NULL)
    {
      while (result == NULL && g_main_context_iteration (NULL, FALSE))
        ;
      tea_clock_advance (clock, tea_clock_get_time (clock) + 20 * G_TIME_SPAN_MILLISECOND);
    }
  channel = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (connector), result, error);

  return channel != NULL ? end_new (channel) : NULL;
}

static void
mend_cb (gpointer user_data)
{
  ((Relay *) user_data)->loss = 0;
}

/* Networks that take only packets of so many bytes, without a word about longer ones. IPv4
 * and UDP take 28 of these. */
static void
test_narrow_path (void)
{
  static const struct
  {
    gsize packet;
    gsize small; /* what packets have there; 0 where there is no way */
    gsize usual;
  } vectors[] = {
    { 1500, 0, 1154 }, { 1228, 0, 1154 }, { 1227, 1024, 0 },
    { 1100, 1024, 0 }, { 1099, 0, 0 },    { 600, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaClock) server_clock = tea_clock_new ();
      g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
      g_autoptr (Server) server = server_new (server_clock);
      g_autoptr (Relay) relay = relay_new (server);
      g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
      g_autoptr (TeaDtlsConnector) connector
          = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
      gsize size = MAX (vectors[i].small, vectors[i].usual);
      g_autofree char *text = g_strnfill (size, 'x');

      g_test_message ("vector %zu: %zu bytes", i, vectors[i].packet);
      relay->has_ports = TRUE;
      relay->most = vectors[i].packet - 28;

      /* And again, with a ticket. */
      for (guint j = 0; j < (size > 0 ? 2 : 1); j++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (End) client = connect_by_clock (connector, clock, &error);
          End *guest;

          if (size == 0)
            {
              g_assert_error (error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
              g_assert_nonnull (strstr (error->message, "small packets"));
              continue;
            }

          g_assert_no_error (error);
          ITERATE_WHILE (server->ends->len <= j);
          guest = server_get_end (server);
          g_assert_cmpuint (tea_packet_channel_get_packet_size (client->channel), ==, size);
          g_assert_cmpuint (tea_packet_channel_get_packet_size (guest->channel), ==, size);
          end_say (client, text);
          ITERATE_WHILE (!end_has_heard (guest, text));
          end_say (guest, text);
          ITERATE_WHILE (!end_has_heard (client, text));
        }
    }
}

/* A server that has just come back is not behind a narrow path. */
static void
test_late_server (void)
{
  g_autoptr (TeaClock) server_clock = tea_clock_new ();
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (Server) server = server_new (server_clock);
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (TeaTimer) timer = tea_timer_new (clock, mend_cb, relay);
  g_autoptr (End) client = NULL;
  g_autoptr (GError) error = NULL;

  relay->has_ports = TRUE;
  relay->loss = 1;
  tea_timer_set (timer, 1400 * G_TIME_SPAN_MILLISECOND);
  client = connect_by_clock (connector, clock, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tea_packet_channel_get_packet_size (client->channel), ==, 1154);
}

static void
test_limits (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (server_get_address (server), identity, NULL, NULL, clock);
  g_autoptr (GPtrArray) relays = g_ptr_array_new_with_free_func ((GDestroyNotify) relay_free);
  g_autoptr (End) client = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaPacketChannel) channel = NULL;

  tea_dtls_listener_set_limits (server->listener, 1, 3);

  /* Those who get no further than a good cookie. */
  for (guint i = 0; i < 6; i++)
    {
      Relay *relay = relay_new (server);
      g_autoptr (TeaDtlsConnector) stuck
          = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
      g_autoptr (GCancellable) giving_up = g_cancellable_new ();
      g_autoptr (GAsyncResult) given_up = NULL;

      g_ptr_array_add (relays, relay);
      tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (stuck), giving_up, connected_cb,
                                          &given_up);
      ITERATE_WHILE (relay->up->len < 2);
      relay->holds_up = TRUE;
      g_cancellable_cancel (giving_up);
      ITERATE_WHILE (given_up == NULL);
      g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), <=, 3);
    }

  client = connect_well (connector);
  ITERATE_WHILE (tea_dtls_listener_get_n_sessions (server->listener) == 0);

  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), cancellable, connected_cb,
                                      &result);
  iterate_for (300);
  g_assert_null (result);
  g_assert_cmpuint (tea_dtls_listener_get_n_sessions (server->listener), ==, 1);

  /* There is room again. */
  tea_packet_channel_close (client->channel);
  ITERATE_WHILE (result == NULL);
  channel = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (connector), result, NULL);
  g_assert_nonnull (channel);
}

/* Somebody who has a good cookie goes on with what makes old versions of GnuTLS read and write
 * where they must not. */
static void
test_fragments (void)
{
  static const guint8 vectors[][80] = {
    /* The record: number, size. The message: type, size, number, offset, fragment's size. */
    { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 12, 16, 16, 0, 0, 0, 2, 0, 0, 5, 0, 0, 0 },
    { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 8, 0, 13, 11, 0, 0, 2, 0, 3, 0, 0, 0, 0, 0, 1 },
    { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 7, 0, 13, 11, 255, 0, 0, 0, 3, 128, 0, 0, 0, 0, 1 },
    /* Several messages: one of no bytes, and one of some that is the same otherwise. */
    { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 6, 0, 12, 11, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0 },
    { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 5, 0, 20, 11, 0, 0, 8, 0, 5, 0, 0, 0, 0, 0, 8 },
  };
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (TeaPacketChannel) channel = NULL;
  g_autoptr (GError) error = NULL;

  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), NULL, connected_cb,
                                      &result);
  ITERATE_WHILE (tea_dtls_listener_get_n_handshakes (server->listener) == 0);
  relay->holds_up = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GBytes) datagram
          = g_bytes_new (vectors[i], TEA_DATAGRAM_RECORD_HEADER + vectors[i][12]);

      g_test_message ("vector %zu", i);
      tea_channel_send (relay->far, datagram, NULL);
      iterate_pending ();
      g_assert_cmpuint (tea_dtls_listener_get_n_handshakes (server->listener), ==, 1);
    }

  relay->holds_up = FALSE;
  ITERATE_WHILE (result == NULL);
  channel = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (connector), result, &error);
  g_assert_no_error (error);
}

/* A request whose number GnuTLS never comes to: it waits, and that takes no time. The client
 * repeats nothing meanwhile. */
static void
test_odd_number (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaClock) server_clock = tea_clock_new_manual (0);
  g_autoptr (Server) server = server_new (server_clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree guint8 *request = NULL;
  g_autoptr (GBytes) datagram = NULL;
  gsize size;

  tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (connector), cancellable, connected_cb,
                                      &result);
  ITERATE_WHILE (relay->up->len < 1);
  relay->holds_up = TRUE;
  ITERATE_WHILE (relay->up->len < 2);
  size = g_bytes_get_size (relay->up->pdata[1]);
  request = g_memdup2 (g_bytes_get_data (relay->up->pdata[1], NULL), size);
  request[TEA_DATAGRAM_RECORD_HEADER + 4] = 1;
  datagram = g_bytes_new (request, size);
  tea_channel_send (relay->far, datagram, NULL);
  ITERATE_WHILE (tea_dtls_listener_get_n_handshakes (server->listener) == 0);
  g_assert_cmpint (tea_clock_get_next_due (server_clock), >, tea_clock_get_time (server_clock));

  g_cancellable_cancel (cancellable);
  ITERATE_WHILE (result == NULL);
}

static GBytes *
get_last (GPtrArray *datagrams)
{
  g_assert_cmpuint (datagrams->len, >, 0);

  return g_ptr_array_index (datagrams, datagrams->len - 1);
}

static void
send_part (Relay *relay, GBytes *datagram, gsize size)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (datagram, 0, size);

  g_assert_true (tea_channel_send (relay->far, part, NULL));
}

/* A server that was started anew does not know the session, and says so. */
static void
test_hints (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (End) again = NULL;
  GBytes *datagram;
  GBytes *hint;

  end_say (client, "here");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "here"));
  server_listen (server);
  g_ptr_array_set_size (relay->down, 0);

  end_say (client, "still there?");
  ITERATE_WHILE (client->n_doubted == 0);
  datagram = get_last (relay->up);
  hint = get_last (relay->down);
  g_assert_cmpuint (relay->down->len, ==, 1);
  g_assert_cmpuint (g_bytes_get_size (hint), ==, TEA_DATAGRAM_HINT_SIZE);
  g_assert_cmpuint (g_bytes_get_size (hint), <, g_bytes_get_size (datagram));

  /* What is not whole gets no answer; nor does a hint. */
  for (gsize size = 0; size < g_bytes_get_size (datagram); size++)
    send_part (relay, datagram, size);
  send_part (relay, hint, TEA_DATAGRAM_HINT_SIZE);
  send_part (relay, datagram, g_bytes_get_size (datagram));
  ITERATE_WHILE (client->n_doubted < 2);
  iterate_pending ();
  g_assert_cmpuint (relay->down->len, ==, 2);

  /* It is only a reason to ask: the way back is a new session. */
  g_assert_cmpuint (client->n_closed, ==, 0);
  again = connect_well (connector);
  g_assert_true (is_resumed (again));
  end_say (again, "back");
  ITERATE_WHILE (!end_has_heard (server_get_end (server), "back"));
  g_assert_cmpuint (again->n_doubted, ==, 0);
}

/* Only a hint about the own session is one. */
static void
test_hints_of_others (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (Server) server = server_new (clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  guint8 hint[TEA_DATAGRAM_HINT_SIZE];
  guint64 route;
  gsize size;
  const guint8 *data;

  end_say (client, "here");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "here"));
  data = g_bytes_get_data (get_last (relay->up), &size);
  g_assert_cmpint (tea_datagram_classify (data, size), ==, TEA_DATAGRAM_ROUTED);
  route = tea_datagram_get_route (data, size);

  for (guint bit = 0; bit < 64; bit++)
    {
      tea_datagram_write_hint (route ^ (G_GUINT64_CONSTANT (1) << bit), hint);
      inject (relay, hint, sizeof hint);
    }
  tea_datagram_write_hint (route, hint);
  inject (relay, hint, sizeof hint - 1);
  end_say (server_get_end (server), "there");
  ITERATE_WHILE (!end_has_heard (client, "there"));
  g_assert_cmpuint (client->n_doubted, ==, 0);

  /* A forged one is told, and changes nothing. */
  inject (relay, hint, sizeof hint);
  ITERATE_WHILE (client->n_doubted == 0);
  end_say (client, "well?");
  end_say (server_get_end (server), "well!");
  ITERATE_WHILE (!end_has_heard (server_get_end (server), "well?")
                 || !end_has_heard (client, "well!"));
  g_assert_cmpuint (client->n_doubted, ==, 1);
  g_assert_cmpuint (client->n_closed, ==, 0);
}

/* Says the same so often, and waits for an answer each time; then some more in vain. */
static void
expect_hints (Relay *relay, GBytes *datagram, guint n)
{
  g_ptr_array_set_size (relay->down, 0);
  for (guint i = 0; i < n; i++)
    {
      tea_channel_send (relay->far, datagram, NULL);
      ITERATE_WHILE (relay->down->len <= i);
    }
  for (guint i = 0; i < 20; i++)
    tea_channel_send (relay->far, datagram, NULL);
  iterate_pending ();
  g_assert_cmpuint (relay->down->len, ==, n);
}

static void
test_hints_limit (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (TeaClock) server_clock = tea_clock_new_manual (0);
  g_autoptr (Server) server = server_new (server_clock);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (Relay) relay = relay_new (server);
  g_autoptr (TeaDtlsConnector) connector
      = connector_new (relay_get_address (relay), identity, NULL, NULL, clock);
  g_autoptr (End) client = connect_well (connector);
  g_autoptr (GBytes) datagram = NULL;

  end_say (client, "here");
  ITERATE_WHILE (server->ends->len == 0 || !end_has_heard (server_get_end (server), "here"));
  datagram = g_bytes_ref (get_last (relay->up));
  server_listen (server);

  expect_hints (relay, datagram, 1000);
  tea_clock_advance (server_clock, tea_clock_get_time (server_clock) + G_TIME_SPAN_SECOND);
  expect_hints (relay, datagram, 500);
  tea_clock_advance (server_clock, tea_clock_get_time (server_clock) + G_TIME_SPAN_MINUTE);
  expect_hints (relay, datagram, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dtls/both-ways", test_both_ways);
  g_test_add_func ("/dtls/server-closes", test_server_closes);
  g_test_add_func ("/dtls/resumption", test_resumption);
  g_test_add_func ("/dtls/resumption-loss", test_resumption_loss);
  g_test_add_func ("/dtls/resumption-other-server", test_resumption_other_server);
  g_test_add_func ("/dtls/resumption-other-client", test_resumption_other_client);
  g_test_add_func ("/dtls/resumption-forgotten", test_resumption_forgotten);
  g_test_add_func ("/dtls/wrong-key", test_wrong_key);
  g_test_add_func ("/dtls/pins", test_pins);
  g_test_add_func ("/dtls/pin-not-kept", test_pin_not_kept);
  g_test_add_func ("/dtls/moved-server", test_moved_server);
  g_test_add_func ("/dtls/nobody-there", test_nobody_there);
  g_test_add_func ("/dtls/full", test_full);
  g_test_add_func ("/dtls/not-secure", test_not_secure);
  g_test_add_func ("/dtls/roaming", test_roaming);
  g_test_add_func ("/dtls/rebind", test_rebind);
  g_test_add_func ("/dtls/same-address", test_same_address);
  g_test_add_func ("/dtls/junk", test_junk);
  g_test_add_func ("/dtls/fragments", test_fragments);
  g_test_add_func ("/dtls/odd-number", test_odd_number);
  g_test_add_func ("/dtls/cookies", test_cookies);
  g_test_add_func ("/dtls/cookies-of-others", test_cookies_of_others);
  g_test_add_func ("/dtls/loss", test_loss);
  g_test_add_func ("/dtls/narrow-path", test_narrow_path);
  g_test_add_func ("/dtls/late-server", test_late_server);
  g_test_add_func ("/dtls/limits", test_limits);
  g_test_add_func ("/dtls/hints", test_hints);
  g_test_add_func ("/dtls/hints-of-others", test_hints_of_others);
  g_test_add_func ("/dtls/hints-limit", test_hints_limit);

  return g_test_run ();
}
