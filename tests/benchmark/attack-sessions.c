/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "attack.h"

#include "tea-dtls-connector.h"
#include "tea-frame-encode.h"

#define N_PULLERS 30
#define N_TALKERS 60
/* As often as a machine lets them that does other things, too. */
#define TURN_MS 2
#define AT_ONCE 4

typedef struct
{
  guint index;
  guint32 number;
  TeaIdentity *identity;       /* (owned) */
  TeaDtlsConnector *connector; /* (owned) */
  TeaPacketChannel *channel;   /* (owned) (nullable) */
  gboolean is_talker;
} Session;

static guint64 n_sent;
static guint64 n_bytes_sent;
static guint64 n_got;
static guint64 n_bytes_got;

static void
send_frames (Session *self, GBytes *first, GBytes *second, GBytes *third)
{
  GBytes *frames[] = { first, second, third };
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    if (frames[i] != NULL)
      {
        gsize size;
        const guint8 *data = g_bytes_get_data (frames[i], &size);

        g_byte_array_append (packet, data, (guint) size);
        g_bytes_unref (frames[i]);
      }
  n_sent++;
  n_bytes_sent += packet->len;
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&packet));
  tea_packet_channel_send (self->channel, bytes);
}

static void
packet_cb (TeaPacketChannel *channel, GBytes *packet, gpointer user_data)
{
  n_got++;
  n_bytes_got += g_bytes_get_size (packet);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Session *self = user_data;
  g_autofree char *name = g_strdup_printf ("%s%u", self->is_talker ? "s" : "p", self->index);

  self->channel = tea_packet_connector_connect_finish (TEA_PACKET_CONNECTOR (object), result, NULL);
  if (self->channel == NULL)
    return;

  g_signal_connect (self->channel, "packet", G_CALLBACK (packet_cb), self);
  send_frames (self, tea_frame_encode_hello (1, 1, "attack"),
               tea_frame_encode_enter (self->index + 1, name, ""),
               tea_frame_encode_open (0, 0, 0, 0, "", ""));
}

static gboolean
turn_cb (gpointer user_data)
{
  GPtrArray *sessions = user_data;
  const TeaRange all[] = { { 1, G_MAXINT64 } };
  const char text[] = "and then some sixty characters of what people may say to all.";

  for (guint i = 0; i < sessions->len; i++)
    {
      Session *session = g_ptr_array_index (sessions, i);

      for (guint j = 0; session->channel != NULL && j < AT_ONCE; j++)
        {
          GBytes *frame;

          if (session->is_talker)
            {
              session->number++;
              frame = tea_frame_encode_say (session->number, session->number, text);
            }
          else
            {
              frame = tea_frame_encode_pull (all, 1);
            }
          send_frames (session, frame, NULL, NULL);
        }
    }

  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
run_sessions (guint16 port, gint64 time, guint n, gboolean is_talker)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GPtrArray) sessions = g_ptr_array_new ();
  g_autoptr (TeaClock) clock = tea_clock_new ();

  for (guint i = 0; i < n; i++)
    {
      Session *session = g_new0 (Session, 1);
      g_autoptr (GSocketConnectable) address = g_network_address_new (ATTACK_SERVER, port);

      session->index = i;
      session->is_talker = is_talker;
      session->identity = tea_identity_new_ephemeral ();
      session->connector = tea_dtls_connector_new (G_NETWORK_ADDRESS (address), session->identity,
                                                   NULL, NULL, clock);
      tea_packet_connector_connect_async (TEA_PACKET_CONNECTOR (session->connector), NULL,
                                          connected_cb, session);
      g_ptr_array_add (sessions, session);
    }

  g_timeout_add (TURN_MS, turn_cb, sessions);
  g_timeout_add ((guint) (time / G_TIME_SPAN_MILLISECOND), end_cb, loop);
  g_main_loop_run (loop);
  g_print ("sent %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT " bytes), got %" G_GUINT64_FORMAT
           " (%" G_GUINT64_FORMAT " bytes)\n",
           n_sent, n_bytes_sent, n_got, n_bytes_got);
}

void
attack_pull (guint16 port, guint rate, gint64 time)
{
  run_sessions (port, time, N_PULLERS, FALSE);
}

void
attack_say (guint16 port, guint rate, gint64 time)
{
  run_sessions (port, time, N_TALKERS, TRUE);
}
