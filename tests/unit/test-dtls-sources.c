/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dtls-fixture.h"
#include "tea-dtls-session.h"
#include "tea-dtls-sources.h"

#define BURST 500

/* An address that a client could have. What is sent there comes to the test. */
struct _TestAddress
{
  GInetSocketAddress parent_instance;

  GSocketAddress *real; /* (owned) */
};

G_DECLARE_FINAL_TYPE (TestAddress, test_address, TEST, ADDRESS, GInetSocketAddress)
G_DEFINE_FINAL_TYPE (TestAddress, test_address, G_TYPE_INET_SOCKET_ADDRESS)

static gssize
test_address_get_native_size (GSocketAddress *address)
{
  return g_socket_address_get_native_size (TEST_ADDRESS (address)->real);
}

static gboolean
test_address_to_native (GSocketAddress *address, gpointer dest, gsize size, GError **error)
{
  return g_socket_address_to_native (TEST_ADDRESS (address)->real, dest, size, error);
}

static void
test_address_finalize (GObject *object)
{
  g_object_unref (TEST_ADDRESS (object)->real);

  G_OBJECT_CLASS (test_address_parent_class)->finalize (object);
}

static void
test_address_class_init (TestAddressClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_address_finalize;
  G_SOCKET_ADDRESS_CLASS (klass)->get_native_size = test_address_get_native_size;
  G_SOCKET_ADDRESS_CLASS (klass)->to_native = test_address_to_native;
}

static void
test_address_init (TestAddress *self)
{
}

/* A server, and clients all over the world. */
typedef struct
{
  TeaClock *client_clock;
  TeaClock *clock;
  TeaIdentity *identity;
  Server *server;
  guint n_guests;
} World;

typedef struct
{
  World *world;
  GSocket *socket;
  GInetSocketAddress *address;
  TeaDtlsSession *session;
  guint patience; /* how many datagrams it takes before it waits */
} Guest;

static void
guest_free (Guest *self)
{
  tea_dtls_session_free (self->session);
  g_object_unref (self->socket);
  g_object_unref (self->address);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guest, guest_free)

static void
guest_send_cb (GBytes *datagram, gpointer user_data)
{
  Guest *self = user_data;

  tea_dtls_listener_receive (self->world->server->listener, self->address, datagram);
}

/* Takes what came, as far as it means to. */
static void
guest_listen (Guest *self)
{
  char buffer[2048];
  gssize size;

  while (self->patience > 0
         && (size = g_socket_receive (self->socket, buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      self->patience--;
      tea_dtls_session_receive (self->session, (const guint8 *) buffer, (gsize) size);
    }
}

static GInetSocketAddress *
make_address (Guest *self, const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  TestAddress *made = g_object_new (test_address_get_type (), "address", address, "port",
                                    1024 + self->world->n_guests++, NULL);

  made->real = g_socket_get_local_address (self->socket, NULL);
  g_assert_nonnull (made->real);

  return G_INET_SOCKET_ADDRESS (made);
}

static guint
count_handshakes (World *self)
{
  return tea_dtls_listener_get_n_handshakes (self->server->listener);
}

static guint
count_sessions (World *self)
{
  return tea_dtls_listener_get_n_sessions (self->server->listener);
}

/* Gets as far as to have sent its cookie. */
static Guest *
guest_new (World *world, const char *host, GBytes *resumption)
{
  Guest *self = g_new0 (Guest, 1);
  g_autofree char *own
      = g_strdup_printf ("127.1.%u.%u", world->n_guests / 256, world->n_guests % 256);
  g_autoptr (GSocketAddress) real = g_inet_socket_address_new_from_string (own, 0);

  /* No port is used twice: what those before are still told is not for this one. */
  self->world = world;
  self->socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_set_blocking (self->socket, FALSE);
  g_assert_true (g_socket_bind (self->socket, real, FALSE, NULL));
  self->address = make_address (self, host);
  self->session = tea_dtls_session_new_client (world->identity, resumption, world->client_clock,
                                               guest_send_cb, self);

  self->patience = 1;
  tea_dtls_session_start (self->session);
  ITERATE_WHILE ((guest_listen (self), self->patience > 0));

  return self;
}

/* Whether it is let in so far; it goes no further. */
static gboolean
knock (World *self, const char *host)
{
  guint n_handshakes = count_handshakes (self);
  G_GNUC_UNUSED g_autoptr (Guest) guest = guest_new (self, host, NULL);

  return count_handshakes (self) > n_handshakes;
}

static gboolean
is_open (Guest *self)
{
  return tea_dtls_session_get_state (self->session) == TEA_DTLS_OPEN;
}

/* Nobody else repeats anything: the clients' time stands still. */
static void
guest_go_on (Guest *self)
{
  guint n_sessions = count_sessions (self->world);

  self->patience = G_MAXUINT;
  ITERATE_WHILE ((guest_listen (self), tea_dtls_session_start (self->session),
                  !is_open (self) || count_sessions (self->world) == n_sessions));
}

static Guest *
enter (World *self, const char *host, GBytes *resumption)
{
  Guest *guest = guest_new (self, host, resumption);

  guest_go_on (guest);

  return guest;
}

static void
pass (World *self, gint64 time)
{
  tea_clock_advance (self->clock, tea_clock_get_time (self->clock) + time);
}

static void
world_set_up (World *self, gconstpointer data)
{
  self->client_clock = tea_clock_new_manual (0);
  self->clock = tea_clock_new_manual (0);
  self->identity = tea_identity_new_ephemeral ();
  self->server = server_new (self->clock);
}

static void
world_tear_down (World *self, gconstpointer data)
{
  server_free (self->server);
  g_assert_finalize_object (self->identity);
  g_object_unref (self->clock);
  g_object_unref (self->client_clock);
}

/* Somebody asks and asks, from one address or all that a network has: after a while in
 * vain, and nobody else notices. */
static void
test_ration (World *self, gconstpointer data)
{
  static const struct
  {
    const char *network; /* (nullable) */
    const char *neighbour;
    const char *stranger;
  } vectors[] = {
    { NULL, "203.0.113.7", "203.0.113.8" },
    { "2001:db8:0:1::", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:2::1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (Guest) guest = NULL;

      g_test_message ("vector %zu", i);
      for (guint j = 0; j < BURST; j++)
        {
          g_autofree char *host = g_strdup_printf ("%s%x", vectors[i].network, j);

          g_assert_true (knock (self, vectors[i].network != NULL ? host : vectors[i].neighbour));
        }
      g_assert_false (knock (self, vectors[i].neighbour));
      guest_free (enter (self, vectors[i].stranger, NULL));

      /* A hundred a second. */
      pass (self, G_TIME_SPAN_SECOND / 50 + 1);
      g_assert_true (knock (self, vectors[i].neighbour));
      g_assert_true (knock (self, vectors[i].neighbour));
      g_assert_false (knock (self, vectors[i].neighbour));

      /* Whoever has to wait asks again without being told, and is in. */
      guest = guest_new (self, vectors[i].neighbour, NULL);
      pass (self, G_TIME_SPAN_SECOND / 100 + 1);
      guest_go_on (guest);

      /* Later nothing is held against anybody. */
      pass (self, G_TIME_SPAN_MINUTE);
    }
}

/* A good ticket makes it cheap: two for one. */
static void
test_tickets (World *self, gconstpointer data)
{
  static const char host[] = "203.0.113.7";
  g_autoptr (Guest) first = enter (self, host, NULL);
  g_autoptr (GBytes) resumption = tea_dtls_session_get_resumption (first->session);

  for (guint i = 0; i < BURST - 10; i++)
    g_assert_true (knock (self, host));

  for (guint i = 0; i < 16; i++)
    {
      g_autoptr (Guest) guest = enter (self, host, resumption);

      g_assert_true (tea_dtls_session_is_resumed (guest->session));
    }
  g_assert_true (knock (self, host));
  g_assert_false (knock (self, host));
}

static void
test_same_machine (World *self, gconstpointer data)
{
  for (guint i = 0; i < BURST + 100; i++)
    {
      g_assert_true (knock (self, "127.0.0.1"));
      g_assert_true (i % 10 != 0 || knock (self, "::1"));
    }
}

/* Who has most handshakes loses the oldest of them, and nobody else one. */
static void
test_handshakes (World *self, gconstpointer data)
{
  g_autoptr (Guest) first = NULL;
  g_autoptr (Guest) one = NULL;
  g_autoptr (Guest) other = NULL;

  tea_dtls_listener_set_limits (self->server->listener, 100, 8);

  first = guest_new (self, "203.0.113.1", NULL);
  one = guest_new (self, "203.0.113.2", NULL);
  for (guint i = 0; i < 3; i++)
    g_assert_true (knock (self, "203.0.113.2"));
  g_assert_cmpuint (count_handshakes (self), ==, 5);

  /* Half of them is enough for one. Those that may still succeed stay. */
  g_assert_false (knock (self, "203.0.113.2"));
  other = guest_new (self, "203.0.113.2", NULL);
  g_assert_cmpuint (count_handshakes (self), ==, 5);
  guest_go_on (one);
  g_assert_true (knock (self, "203.0.113.2"));
  g_assert_cmpuint (count_handshakes (self), ==, 5);

  for (guint i = 0; i < 3; i++)
    g_assert_true (knock (self, "203.0.113.3"));
  g_assert_cmpuint (count_handshakes (self), ==, 8);

  /* All places are taken: one of four has to go, not the oldest of all. */
  guest_free (guest_new (self, "203.0.113.4", NULL));
  g_assert_cmpuint (count_handshakes (self), ==, 8);
  guest_go_on (first);

  /* After a while, the own oldest one goes, too; whoever had to wait is in. */
  pass (self, 2 * G_TIME_SPAN_SECOND);
  for (guint i = 0; i < 2; i++)
    guest_free (guest_new (self, "203.0.113.2", NULL));
  g_assert_cmpuint (count_handshakes (self), ==, 8);
  guest_go_on (other);

  pass (self, 30 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count_handshakes (self), ==, 0);
}

static void
prove_cb (TeaServerChannel *channel, gpointer user_data)
{
  tea_server_channel_prove_path (channel);
}

/* A quarter of all sessions is enough for one, wherever its clients go then. */
static void
test_sessions (World *self, gconstpointer data)
{
  static const char text[] = "hello from elsewhere";
  g_autoptr (GBytes) packet = g_bytes_new_static (text, sizeof text);
  g_autoptr (Guest) one = NULL;
  g_autoptr (Guest) other = NULL;
  End *end;

  tea_dtls_listener_set_limits (self->server->listener, 8, 100);

  one = enter (self, "203.0.113.1", NULL);
  other = enter (self, "203.0.113.1", NULL);
  end = server_get_end (self->server);
  g_signal_connect (end->channel, "moved", G_CALLBACK (prove_cb), NULL);
  g_assert_false (knock (self, "203.0.113.1"));
  g_assert_true (knock (self, "203.0.113.2"));

  g_object_unref (other->address);
  other->address = make_address (other, "203.0.113.3");
  tea_dtls_session_send (other->session, packet);
  g_assert_cmpuint (end->n_moved, ==, 1);
  g_assert_false (knock (self, "203.0.113.1"));

  tea_dtls_session_close (other->session);
  g_assert_cmpuint (end->n_closed, ==, 1);
  g_assert_true (knock (self, "203.0.113.1"));
  g_assert_cmpuint (count_sessions (self), ==, 1);
}

static GInetSocketAddress *
make_plain_address (guint number)
{
  g_autofree char *host = g_strdup_printf ("10.%u.%u.7", number / 256, number % 256);

  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (host, 8888));
}

/* Who is gone takes no memory. */
static void
test_memory (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaDtlsSources) sources = tea_dtls_sources_new (clock, 2, 2);
  g_autoptr (GInetSocketAddress) first = make_plain_address (0);
  TeaDtlsSource *source;

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GInetSocketAddress) address = make_plain_address (i);

      g_assert_true (tea_dtls_sources_may_begin (sources, address));
      source = tea_dtls_sources_begin (sources, address);
      tea_dtls_sources_charge (sources, address, FALSE);
      g_assert_true (tea_dtls_sources_lookup (sources, address) == source);
      tea_dtls_sources_drop (sources, source);
    }
  g_assert_cmpuint (tea_dtls_sources_get_n (sources), ==, 0);

  /* Those who are here stay. */
  source = tea_dtls_sources_begin (sources, first);
  g_assert_false (tea_dtls_sources_is_crowded (sources, source));
  g_assert_true (tea_dtls_sources_begin (sources, first) == source);
  g_assert_true (tea_dtls_sources_is_crowded (sources, source));
  tea_dtls_sources_open (sources, source);
  tea_dtls_sources_open (sources, source);
  g_assert_false (tea_dtls_sources_is_crowded (sources, source));
  g_assert_false (tea_dtls_sources_may_begin (sources, first));
  tea_dtls_sources_close (sources, source);
  g_assert_true (tea_dtls_sources_may_begin (sources, first));
  g_assert_cmpuint (tea_dtls_sources_get_n (sources), ==, 1);
  tea_dtls_sources_close (sources, source);
  tea_clock_advance (clock, G_TIME_SPAN_MINUTE);

  /* Nobody gets a new ration by being away for a moment. */
  for (guint i = 0; i < BURST; i++)
    {
      g_assert_true (tea_dtls_sources_may_begin (sources, first));
      source = tea_dtls_sources_begin (sources, first);
      tea_dtls_sources_charge (sources, first, FALSE);
      tea_dtls_sources_drop (sources, source);
    }
  g_assert_false (tea_dtls_sources_may_begin (sources, first));
}

/* One address of a network, or one of its networks. */
static GInetSocketAddress *
make_address_of (const char *network, guint number)
{
  gboolean is_ipv6 = strchr (network, ':') != NULL;
  g_autofree char *host = is_ipv6 ? g_strdup_printf ("%s%x::1", network, number)
                                  : g_strdup_printf ("%s%u", network, number);

  return G_INET_SOCKET_ADDRESS (g_inet_socket_address_new_from_string (host, 8888));
}

/* Begins as many as it may, and ends none. */
static guint
begin_all (TeaDtlsSources *sources, const char *network)
{
  guint n = 0;

  for (;; n++)
    {
      g_autoptr (GInetSocketAddress) address = make_address_of (network, n % 250);

      if (!tea_dtls_sources_may_begin (sources, address))
        return n;
      tea_dtls_sources_begin (sources, address);
      tea_dtls_sources_charge (sources, address, FALSE);
    }
}

/* A network has its share, however many addresses it has, and so have all: what is left then is
 * for those who have nothing unfinished. */
static void
test_networks (void)
{
  static const char *const networks[] = { "203.0.113.", "2001:db8:0:", "198.51.100.", "192.0.2." };
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaDtlsSources) sources = tea_dtls_sources_new (clock, 10000, 10000);
  g_autoptr (GInetSocketAddress) neighbour = make_address_of ("203.0.113.", 251);
  guint n;

  tea_dtls_sources_set_rate (sources, 40);
  n = begin_all (sources, networks[0]);
  g_assert_cmpuint (n, ==, 80);

  /* The reserve lets each of the others begin one. */
  for (guint i = 1; i < G_N_ELEMENTS (networks); i++)
    g_assert_cmpuint (begin_all (sources, networks[i]), ==, 1);

  /* There is more every second, and half of it at most for one network. */
  tea_clock_advance (clock, tea_clock_get_time (clock) + 10 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (begin_all (sources, networks[0]), ==, 80);
  g_assert_false (tea_dtls_sources_may_begin (sources, neighbour));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/dtls-sources/ration", World, NULL, world_set_up, test_ration, world_tear_down);
  g_test_add ("/dtls-sources/tickets", World, NULL, world_set_up, test_tickets, world_tear_down);
  g_test_add ("/dtls-sources/same-machine", World, NULL, world_set_up, test_same_machine,
              world_tear_down);
  g_test_add ("/dtls-sources/handshakes", World, NULL, world_set_up, test_handshakes,
              world_tear_down);
  g_test_add ("/dtls-sources/sessions", World, NULL, world_set_up, test_sessions, world_tear_down);
  g_test_add_func ("/dtls-sources/memory", test_memory);
  g_test_add_func ("/dtls-sources/networks", test_networks);

  return g_test_run ();
}
