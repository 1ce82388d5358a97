/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <malloc.h>
#include <time.h>

#include "tea-datagram.h"
#include "tea-dtls-listener.h"
#include "tea-dtls-server-channel.h"
#include "tea-dtls-session.h"
#include "tea-endpoint.h"
#include "tea-packet-channel.h"
#include "tea-ticket-key.h"

#define N_GUESTS 1000
#define N_ROUNDS 50
#define PACKET_MAX 1150
/* The number and the tag of AES-GCM. */
#define RECORD_OVERHEAD (8 + 16)

/* A client's side: a socket that is looked at when its turn comes. */
typedef struct
{
  GSocket *socket;         /* (owned) */
  TeaDtlsSession *session; /* (owned) (nullable) */
  GBytes *resumption;      /* (owned) (nullable) */
} Guest;

typedef struct
{
  TeaClock *clock;
  TeaIdentity *identity; /* of all guests */
  TeaEndpoint *endpoint;
  TeaDtlsListener *listener;
  GPtrArray *channels; /* (element-type TeaPacketChannel): all that were accepted */
  double spent;        /* s of CPU on the guests' side */
} Bench;

static double
get_cpu (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);

  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static void
received_cb (Bench *self, GInetSocketAddress *address, GBytes *datagram)
{
  tea_dtls_listener_receive (self->listener, address, datagram);
}

static void
accepted_cb (Bench *self, TeaPacketChannel *channel)
{
  g_ptr_array_add (self->channels, g_object_ref (channel));
}

static void
send_cb (GBytes *datagram, gpointer user_data)
{
  Guest *guest = user_data;
  gsize size;
  const char *data = g_bytes_get_data (datagram, &size);

  g_socket_send (guest->socket, data, size, NULL, NULL);
}

static void
guest_open (Bench *self, Guest *guest)
{
  GSocketAddress *address = G_SOCKET_ADDRESS (tea_endpoint_get_local_address (self->endpoint));

  g_clear_object (&guest->socket);
  guest->socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_set_blocking (guest->socket, FALSE);
  g_assert_true (g_socket_connect (guest->socket, address, NULL, NULL));
  guest->session = tea_dtls_session_new_client (self->identity, guest->resumption, self->clock,
                                                send_cb, guest);
  tea_dtls_session_start (guest->session);
}

static void
guest_take (Guest *guest, gboolean throws_away)
{
  guint8 buffer[2048];
  gssize size;

  while ((size = g_socket_receive (guest->socket, (char *) buffer, sizeof buffer, NULL, NULL)) > 0)
    {
      gboolean newest;
      GBytes *packet;

      if (throws_away)
        continue;

      tea_dtls_session_receive (guest->session, buffer, (gsize) size);
      while ((packet = tea_dtls_session_read (guest->session, &newest)) != NULL)
        g_bytes_unref (packet);
    }
}

/* All at once; the guests' own work is not counted. */
static double
open_all (Bench *self, Guest *guests)
{
  double start = get_cpu ();

  self->spent = 0;
  g_ptr_array_set_size (self->channels, 0);
  for (guint i = 0; i < N_GUESTS; i++)
    {
      double before = get_cpu ();

      guest_open (self, &guests[i]);
      self->spent += get_cpu () - before;

      while (tea_dtls_session_get_state (guests[i].session) != TEA_DTLS_OPEN
             || self->channels->len <= i)
        {
          g_main_context_iteration (NULL, FALSE);
          before = get_cpu ();
          guest_take (&guests[i], FALSE);
          self->spent += get_cpu () - before;
        }
    }

  return get_cpu () - start - self->spent;
}

static void
close_all (Bench *self, Guest *guests)
{
  for (guint i = 0; i < N_GUESTS; i++)
    {
      g_clear_pointer (&guests[i].resumption, g_bytes_unref);
      guests[i].resumption = tea_dtls_session_get_resumption (guests[i].session);
      g_clear_pointer (&guests[i].session, tea_dtls_session_free);
      tea_packet_channel_close (g_ptr_array_index (self->channels, i));
    }
  g_ptr_array_set_size (self->channels, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Every second round is unencrypted, at the length that the record has. */
static void
deliver (Bench *self, Guest *guests, gsize packet_size, guint n_packets)
{
  static const guint8 data[PACKET_MAX + TEA_DATAGRAM_RECORD_HEADER + RECORD_OVERHEAD] = { 0 };
  g_autoptr (GBytes) packet = g_bytes_new_static (data, packet_size);
  g_autoptr (GBytes) plain
      = g_bytes_new_static (data, packet_size + TEA_DATAGRAM_RECORD_HEADER + RECORD_OVERHEAD);
  double spent[2] = { 0, 0 };

  for (guint i = 0; i < 2 * N_ROUNDS; i++)
    {
      gboolean encrypts = i % 2 == 0;
      double start = get_cpu ();

      for (guint j = 0; j < N_GUESTS * n_packets; j++)
        {
          TeaDtlsServerChannel *channel = g_ptr_array_index (self->channels, j / n_packets);

          if (encrypts)
            tea_packet_channel_send (TEA_PACKET_CHANNEL (channel), packet);
          else
            tea_endpoint_send (self->endpoint, tea_dtls_server_channel_get_address (channel),
                               plain);
        }
      tea_endpoint_flush (self->endpoint);
      spent[encrypts] += get_cpu () - start;

      for (guint j = 0; j < N_GUESTS; j++)
        guest_take (&guests[j], !encrypts);
    }

  g_print ("%u packets of %zu bytes to each of %d: %.2f us a packet, unencrypted %.2f us\n",
           n_packets, packet_size, N_GUESTS, spent[1] / N_ROUNDS / N_GUESTS / n_packets * 1e6,
           spent[0] / N_ROUNDS / N_GUESTS / n_packets * 1e6);
}

/* What is in use with the sessions on both sides, less the guests' own. */
static void
measure_memory (Bench *self, Guest *guests)
{
  gsize with = mallinfo2 ().uordblks;
  gsize with_server;

  for (guint i = 0; i < N_GUESTS; i++)
    {
      guests[i].resumption = tea_dtls_session_get_resumption (guests[i].session);
      g_clear_pointer (&guests[i].session, tea_dtls_session_free);
    }
  with_server = mallinfo2 ().uordblks;
  for (guint i = 0; i < N_GUESTS; i++)
    tea_packet_channel_close (g_ptr_array_index (self->channels, i));
  g_ptr_array_set_size (self->channels, 0);
  while (g_main_context_iteration (NULL, FALSE))
    continue;

  g_print ("Memory of a session: server %.1f KiB, client %.1f KiB\n",
           (double) (with_server - mallinfo2 ().uordblks) / 1024 / N_GUESTS,
           (double) (with - with_server) / 1024 / N_GUESTS);
}

int
main (void)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (TeaIdentity) server = tea_identity_new_ephemeral ();
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaEndpoint) endpoint = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), NULL);
  g_autoptr (TeaTicketKey) ticket_key = tea_ticket_key_new (server, clock);
  g_autoptr (TeaDtlsListener) listener
      = tea_dtls_listener_new (endpoint, server, ticket_key, clock);
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree Guest *guests = g_new0 (Guest, N_GUESTS);
  Bench bench = { clock, identity, endpoint, listener, channels, 0 };
  double spent;

  g_signal_connect_swapped (endpoint, "received", G_CALLBACK (received_cb), &bench);
  g_signal_connect_swapped (listener, "accepted", G_CALLBACK (accepted_cb), &bench);

  spent = open_all (&bench, guests);
  g_print ("Full handshakes: %.0f per s of CPU (client %.0f)\n", N_GUESTS / spent,
           N_GUESTS / bench.spent);
  deliver (&bench, guests, 120, 1);
  deliver (&bench, guests, PACKET_MAX, 1);
  deliver (&bench, guests, PACKET_MAX, 2);
  deliver (&bench, guests, PACKET_MAX, 8);
  close_all (&bench, guests);

  spent = open_all (&bench, guests);
  for (guint i = 0; i < N_GUESTS; i++)
    g_assert_true (tea_dtls_session_is_resumed (guests[i].session));
  g_print ("Resumptions: %.0f per s of CPU (client %.0f)\n", N_GUESTS / spent,
           N_GUESTS / bench.spent);
  g_print ("A ticket and what belongs to it: %zu bytes\n", g_bytes_get_size (guests[0].resumption));
  close_all (&bench, guests);

  for (guint i = 0; i < N_GUESTS; i++)
    g_clear_pointer (&guests[i].resumption, g_bytes_unref);
  open_all (&bench, guests);
  measure_memory (&bench, guests);

  for (guint i = 0; i < N_GUESTS; i++)
    {
      g_clear_object (&guests[i].socket);
      g_clear_pointer (&guests[i].resumption, g_bytes_unref);
    }

  return 0;
}
