/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "tea-client-test.h"
#include "tea-error.h"
#include "tea-join.h"
#include "tea-known-servers.h"
#include "tea-room-address.h"

#define FINGERPRINT "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* A way to a server that fails as it is told to. */

#define TEST_TYPE_CONNECTOR (test_connector_get_type ())
G_DECLARE_FINAL_TYPE (TestConnector, test_connector, TEST, CONNECTOR, GObject)

struct _TestConnector
{
  GObject parent_instance;

  GError *error;  /* (owned) (nullable): %NULL where it takes for ever */
  GTask *waiting; /* (owned) (nullable) */
  guint n_tries;
};

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_steal_pointer (&TEST_CONNECTOR (user_data)->waiting);

  g_task_return_error_if_cancelled (task);
}

static void
test_connector_connect_async (TeaPacketConnector *connector,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  TestConnector *self = TEST_CONNECTOR (connector);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_tries++;
  if (self->error != NULL)
    {
      g_task_return_error (task, g_error_copy (self->error));
      return;
    }

  self->waiting = g_steal_pointer (&task);
  g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
}

static TeaPacketChannel *
test_connector_connect_finish (TeaPacketConnector *connector, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_connector_iface_init (TeaPacketConnectorInterface *iface)
{
  iface->connect_async = test_connector_connect_async;
  iface->connect_finish = test_connector_connect_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestConnector,
                               test_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CONNECTOR,
                                                      test_connector_iface_init))

static void
test_connector_finalize (GObject *object)
{
  g_clear_error (&TEST_CONNECTOR (object)->error);

  G_OBJECT_CLASS (test_connector_parent_class)->finalize (object);
}

static void
test_connector_class_init (TestConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_connector_finalize;
}

static void
test_connector_init (TestConnector *self)
{
}

/* A room that speaks the classic protocol: it lets in, or refuses, whoever asks. */

typedef struct
{
  TeaClock *clock;
  TestConnector *connector;
  TeaClient *client;
  TeaJoin *join;

  GSocket *socket;
  GSource *source;
  const char *answer;
  GNetworkAddress *address; /* of the socket */

  gboolean decided;
  TeaJoinOutcome outcome;
  GError *error;
} Fixture;

static gboolean
asked_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GSocketAddress) asker = NULL;
  char request[512];

  if (g_socket_receive_from (socket, &asker, request, sizeof request, NULL, NULL) > 0
      && request[0] == 'L')
    g_socket_send_to (socket, asker, fixture->answer, strlen (fixture->answer), NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static void
open_classic_room (Fixture *fixture)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  fixture->socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (fixture->socket, any, FALSE, &error));
  bound = g_socket_get_local_address (fixture->socket, &error);
  fixture->address = G_NETWORK_ADDRESS (
      g_network_address_new ("127.0.0.1",
                             g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound))));
  fixture->source = g_socket_create_source (fixture->socket, G_IO_IN, NULL);
  g_source_set_callback (fixture->source, G_SOURCE_FUNC (asked_cb), fixture, NULL);
  g_source_attach (fixture->source, NULL);
  fixture->answer = "Y";
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = tea_clock_new ();
  fixture->connector = g_object_new (TEST_TYPE_CONNECTOR, NULL);
  fixture->client
      = tea_client_new_for_test (fixture->clock, TEA_PACKET_CONNECTOR (fixture->connector));
  open_classic_room (fixture);

  fixture->join = tea_join_new (fixture->client);
  tea_join_set_address (fixture->join, fixture->address);
  tea_join_set_name (fixture->join, "Mei");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->join);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->clock);
  g_source_destroy (fixture->source);
  g_source_unref (fixture->source);
  g_object_unref (fixture->socket);
  g_object_unref (fixture->address);
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->outcome = tea_join_try_finish (TEA_JOIN (source), result, &fixture->error);
  fixture->decided = TRUE;
}

static TeaJoinOutcome
try_it (Fixture *fixture)
{
  g_clear_error (&fixture->error);
  fixture->decided = FALSE;
  tea_join_try_async (fixture->join, NULL, tried_cb, fixture);
  while (!fixture->decided)
    g_main_context_iteration (NULL, TRUE);

  return fixture->outcome;
}

static void
let_fail (Fixture *fixture, GQuark domain, int code)
{
  g_clear_error (&fixture->connector->error);
  fixture->connector->error = g_error_new_literal (domain, code, "In words.");
}

/* Each error is one outcome, and is there to be shown. */
static void
test_outcomes (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    GQuark domain;
    int code;
    TeaJoinOutcome outcome;
  } vectors[] = {
    { TEA_ERROR, TEA_ERROR_NAME_TAKEN, TEA_JOIN_NAME_TAKEN },
    { TEA_ERROR, TEA_ERROR_NAME_INVALID, TEA_JOIN_NAME_UNFIT },
    { TEA_ERROR, TEA_ERROR_NAME_TOO_LONG, TEA_JOIN_NAME_UNFIT },
    { TEA_ERROR, TEA_ERROR_REFUSED, TEA_JOIN_NAME_UNFIT },
    { TEA_ERROR, TEA_ERROR_PASSWORD_NEEDED, TEA_JOIN_PASSWORD_MISSING },
    { TEA_ERROR, TEA_ERROR_PASSWORD_WRONG, TEA_JOIN_PASSWORD_WRONG },
    { TEA_ERROR, TEA_ERROR_NOT_SECURE, TEA_JOIN_NOT_SECURE },
    { TEA_ERROR, TEA_ERROR_KEY_CHANGED, TEA_JOIN_KEY_CHANGED },
    { TEA_ERROR, TEA_ERROR_KEY_UNEXPECTED, TEA_JOIN_KEY_UNEXPECTED },
    { TEA_ERROR, TEA_ERROR_KEY_NOT_KEPT, TEA_JOIN_KEY_NOT_KEPT },
    { TEA_ERROR, TEA_ERROR_ROOM_FULL, TEA_JOIN_REFUSED },
    { TEA_ERROR, TEA_ERROR_TRY_LATER, TEA_JOIN_REFUSED },
    { TEA_ERROR, TEA_ERROR_NOT_ALLOWED, TEA_JOIN_REFUSED },
    { TEA_ERROR, TEA_ERROR_NO_ANSWER, TEA_JOIN_NO_ANSWER },
    { TEA_ERROR, TEA_ERROR_KEY_INVALID, TEA_JOIN_FAILED },
    { G_FILE_ERROR, G_FILE_ERROR_ACCES, TEA_JOIN_FAILED },
    { G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, TEA_JOIN_NO_ANSWER },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_test_message ("vector %zu", i);
      let_fail (fixture, vectors[i].domain, vectors[i].code);
      g_assert_cmpint (try_it (fixture), ==, vectors[i].outcome);
      g_assert_error (fixture->error, vectors[i].domain, vectors[i].code);
      g_assert_cmpstr (fixture->error->message, ==, "In words.");
    }
  g_assert_cmpuint (fixture->connector->n_tries, ==, G_N_ELEMENTS (vectors));
}

static void
test_name_missing (Fixture *fixture, gconstpointer data)
{
  tea_join_set_name (fixture->join, NULL);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NAME_MISSING);
  g_assert_no_error (fixture->error);

  tea_join_set_name (fixture->join, "a:b");
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NAME_UNFIT);
  g_assert_error (fixture->error, TEA_ERROR, TEA_ERROR_NAME_INVALID);
  g_assert_cmpuint (fixture->connector->n_tries, ==, 0);
}

static void
test_classic_accepted (Fixture *fixture, gconstpointer data)
{
  let_fail (fixture, TEA_ERROR, TEA_ERROR_NOT_SECURE);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NOT_SECURE);

  tea_join_accept_classic (fixture->join);
  fixture->answer = "N name taken";
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NAME_UNFIT);

  /* What was accepted stays so; encryption is not asked for again. */
  fixture->answer = "Y";
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_ENTERED);
  g_assert_cmpint (tea_client_get_protocol (fixture->client), ==, TEA_PROTOCOL_CLASSIC);
  g_assert_cmpuint (fixture->connector->n_tries, ==, 1);
}

static void
test_classic_accepted_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GNetworkAddress) other = G_NETWORK_ADDRESS (g_network_address_new ("127.0.0.1", 1));

  let_fail (fixture, TEA_ERROR, TEA_ERROR_NOT_SECURE);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NOT_SECURE);
  tea_join_accept_classic (fixture->join);

  tea_join_set_address (fixture->join, other);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NOT_SECURE);
  g_assert_cmpuint (fixture->connector->n_tries, ==, 2);
}

/* Encryption first, and without only where there is none. */
static void
test_falls_back (Fixture *fixture, gconstpointer data)
{
  tea_join_set_falls_back (fixture->join, TRUE);

  let_fail (fixture, TEA_ERROR, TEA_ERROR_KEY_CHANGED);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_KEY_CHANGED);
  g_assert_cmpint (tea_client_get_protocol (fixture->client), ==, TEA_PROTOCOL_SECURE);

  let_fail (fixture, TEA_ERROR, TEA_ERROR_NOT_SECURE);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_ENTERED);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (tea_client_get_protocol (fixture->client), ==, TEA_PROTOCOL_CLASSIC);
  g_assert_cmpuint (fixture->connector->n_tries, ==, 2);
}

/* A link with a key promises encryption: nobody is asked to do without. */
static void
test_link_promises_encryption (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = tea_room_address_to_link (fixture->address, FINGERPRINT);
  g_autoptr (GError) error = NULL;
  g_autoptr (GNetworkAddress) address = tea_room_address_parse (link, &error);

  g_assert_no_error (error);
  tea_join_set_address (fixture->join, address);
  tea_join_set_falls_back (fixture->join, TRUE);
  let_fail (fixture, TEA_ERROR, TEA_ERROR_NOT_SECURE);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NO_ANSWER);
}

static void
test_key_forgotten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tea-join-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "known-servers", NULL);
  g_autofree char *key = NULL;
  g_autoptr (TeaKnownServers) known = tea_known_servers_new (path);

  g_assert_true (tea_known_servers_remember (known, fixture->address, FINGERPRINT, &error));
  tea_client_set_known_servers_file (fixture->client, path);
  let_fail (fixture, TEA_ERROR, TEA_ERROR_KEY_CHANGED);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_KEY_CHANGED);

  g_assert_true (tea_join_forget_key (fixture->join, &error));
  g_assert_true (tea_known_servers_lookup (known, fixture->address, &key, &error));
  g_assert_null (key);

  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  tea_join_try_async (fixture->join, cancellable, tried_cb, fixture);
  g_cancellable_cancel (cancellable);
  while (!fixture->decided)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (fixture->outcome, ==, TEA_JOIN_CANCELLED);

  let_fail (fixture, TEA_ERROR, TEA_ERROR_NO_ANSWER);
  g_assert_cmpint (try_it (fixture), ==, TEA_JOIN_NO_ANSWER);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, function) \
  g_test_add ("/join/" path, Fixture, data, set_up, function, tear_down)
  ADD ("outcomes", NULL, test_outcomes);
  ADD ("name-missing", NULL, test_name_missing);
  ADD ("classic-accepted", NULL, test_classic_accepted);
  ADD ("classic-accepted-elsewhere", NULL, test_classic_accepted_elsewhere);
  ADD ("falls-back", NULL, test_falls_back);
  ADD ("link-promises-encryption", NULL, test_link_promises_encryption);
  ADD ("key-forgotten", NULL, test_key_forgotten);
  ADD ("given-up", NULL, test_given_up);

  return g_test_run ();
}
