/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-link.h"

#include <string.h>

#include "resolver-fixture.h"
#include "tea-endpoint.h"
#include "tea-error.h"

#define STEP (20 * G_TIME_SPAN_MILLISECOND)

/* A room that lets everybody in. */
typedef struct
{
  TeaEndpoint *endpoint; /* (owned) */
  gboolean is_silent;
  guint n_entered;
} Room;

typedef struct
{
  TeaClock *clock; /* (owned) */
  Room here;
  Room there;             /* at another address, but the same port */
  TestResolver *resolver; /* (owned) */
  TeaLink *link;          /* (owned) */
  GAsyncResult *result;   /* (owned) (nullable) */
} Fixture;

static void
received_cb (Room *self, GInetSocketAddress *address, GBytes *datagram)
{
  gsize size;
  const char *data = g_bytes_get_data (datagram, &size);
  g_autoptr (GBytes) answer = g_bytes_new_static ("Y", 1);

  if (self->is_silent || size == 0 || data[0] != 'L')
    return;

  self->n_entered++;
  tea_endpoint_send (self->endpoint, address, answer);
}

static void
room_open (Room *self, const char *host, guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GError) error = NULL;

  self->endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (self->endpoint, "received", G_CALLBACK (received_cb), self);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GNetworkAddress) address = NULL;
  guint16 port;

  room_open (&fixture->here, "127.0.0.1", 0);
  port = g_inet_socket_address_get_port (tea_endpoint_get_local_address (fixture->here.endpoint));
  room_open (&fixture->there, "127.0.0.2", port);
  fixture->clock = tea_clock_new_manual (0);
  fixture->resolver = test_resolver_new ("127.0.0.1");
  address = G_NETWORK_ADDRESS (g_network_address_new ("moving.example", port));
  fixture->link = TEA_LINK (tea_classic_link_new (fixture->clock, address, "Mei"));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->link);
  g_assert_finalize_object (fixture->here.endpoint);
  g_assert_finalize_object (fixture->there.endpoint);
  g_object_unref (fixture->clock);
  g_object_unref (fixture->resolver);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static gboolean
join (Fixture *fixture, GError **error)
{
  gint64 limit = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;
  gboolean inside;

  tea_link_join_async (fixture->link, NULL, joined_cb, fixture);
  while (fixture->result == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, limit);
      while (fixture->result == NULL && g_main_context_iteration (NULL, FALSE))
        ;
      tea_clock_advance (fixture->clock, tea_clock_get_time (fixture->clock) + STEP);
    }

  inside = tea_link_join_finish (fixture->link, fixture->result, error);
  g_clear_object (&fixture->result);

  return inside;
}

/* The room has moved, and its name with it: who comes back asks where it is now. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (join (fixture, &error));
  g_assert_cmpuint (fixture->here.n_entered, ==, 1);

  fixture->here.is_silent = TRUE;
  fixture->resolver->address = "127.0.0.2";
  g_assert_true (join (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->there.n_entered, ==, 1);

  /* And back. */
  fixture->here.is_silent = FALSE;
  fixture->there.is_silent = TRUE;
  fixture->resolver->address = "127.0.0.1";
  g_assert_true (join (fixture, &error));
  g_assert_cmpuint (fixture->here.n_entered, ==, 2);
}

/* Only the network is away: who comes back is who they were, at their own address. */
static void
test_network_away (Fixture *fixture, gconstpointer data)
{
  static const char *const addresses[] = { "127.0.0.1", NULL };

  g_assert_true (join (fixture, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      guint n_asked = fixture->resolver->n_asked;

      g_test_message ("vector %zu", i);
      fixture->here.is_silent = TRUE;
      fixture->resolver->address = addresses[i];
      g_assert_false (join (fixture, &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_NO_ANSWER);
      g_assert_cmpuint (fixture->resolver->n_asked, >, n_asked);

      fixture->here.is_silent = FALSE;
      g_assert_true (join (fixture, NULL));
    }

  g_assert_cmpuint (fixture->there.n_entered, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/classic-link/moved", Fixture, NULL, set_up, test_moved, tear_down);
  g_test_add ("/classic-link/network-away", Fixture, NULL, set_up, test_network_away, tear_down);

  return g_test_run ();
}
