/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-network.h"

#include "tea-client-channel.h"
#include "tea-server-channel.h"

#include "tea-error.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"

/* How long a client knocks before it takes it that nobody is there, and how often. */
#define KNOCK_LIMIT (10 * G_TIME_SPAN_SECOND)
#define KNOCK_FIRST (200 * G_TIME_SPAN_MILLISECOND)

/* How long what comes for a stopped program waits before it is looked at again. */
#define HOLD_TIME (100 * G_TIME_SPAN_MILLISECOND)

/* So long after somebody has asked nobody answers any more. */
#define HOLD_LIMIT (3 * G_TIME_SPAN_SECOND)

/* The machine tells that nobody listens there (ICMP), if its firewall lets it. */
#define UNREACHABLE_CHANCE 0.7

/* The port of the first client's socket. */
#define FIRST_PORT 40000

typedef enum
{
  PACKET_HELLO,       /* up: let me prove my address */
  PACKET_COOKIE,      /* down: then show this */
  PACKET_FINISHED,    /* up: here, and the rest of the handshake */
  PACKET_READY,       /* down: the handshake is over */
  PACKET_DATA,        /* either */
  PACKET_CLOSE,       /* either: goodbye */
  PACKET_UNREACHABLE, /* either, from the machine */
  PACKET_DATAGRAM,    /* either: in no channel */
} PacketKind;

#define SIM_TYPE_CHANNEL (sim_channel_get_type ())
G_DECLARE_FINAL_TYPE (SimChannel, sim_channel, SIM, CHANNEL, GObject)

#define SIM_TYPE_CONNECTOR (sim_connector_get_type ())
G_DECLARE_FINAL_TYPE (SimConnector, sim_connector, SIM, CONNECTOR, GObject)

struct _SimNetwork
{
  GRand *dice; /* (unowned) */
  SimWatchFunc watch;
  SimDatagramFunc watch_datagram;
  gpointer watch_data;

  gint64 time;
  GSequence *packets; /* (owned) (element-type Packet): by time */
  guint64 n_packets;
  guint64 n_channels;

  /* The server's side. */
  SimProgram *server; /* (unowned) (nullable): NULL while it does not run */
  guint incarnation;  /* which of its programs that is */
  SimAcceptFunc accept;
  SimDatagramFunc receive;
  gpointer accept_data;
  GPtrArray *ends; /* (owned) (element-type SimChannel): its side of the channels */

  GPtrArray *clients; /* (owned) (element-type SimChannel): the clients' side */
  GPtrArray *sockets; /* (owned) (element-type SimSocket): by their port, for ever */
};

struct _SimSocket
{
  SimNetwork *network; /* (unowned) */
  SimLink *link;       /* (unowned) */
  SimProgram *program; /* (unowned) (nullable): NULL once it is closed */
  guint port;
  SimSocketFunc receive;
  gpointer receive_data;
};

/* One side of a way for packets. */
struct _SimChannel
{
  GObject parent_instance;

  SimNetwork *network; /* (unowned) */
  SimLink *link;       /* (unowned) */
  SimProgram *program; /* (unowned) */
  guint64 id;
  char *own_key;
  char *peer_key;
  SimChannel *client; /* (owned) (nullable): of a server's side, its client's */
  gboolean dead;
  guint64 n_sent;

  /* A client's side, as long as it knocks. */
  GTask *task; /* (owned) (nullable) */
  TeaTimer *timer;
  gint64 give_up;
  gint64 pause;
  guint incarnation; /* of the server whose cookie it has; 0: none yet */

  /* A server's side. */
  guint address;
  guint64 newest;
  gint64 allowance; /* how many bytes may be sent to an address not proved; -1: all */
};

struct _SimConnector
{
  GObject parent_instance;

  SimNetwork *network; /* (unowned) */
  SimLink *link;       /* (unowned) */
  SimProgram *program; /* (unowned) */
  char *client_key;
  char *server_key;
};

typedef struct
{
  gint64 due;
  PacketKind kind;
  gboolean up;
  SimLink *link;      /* (unowned) */
  SimChannel *client; /* (owned) (nullable): the client's side, wherever it goes */
  SimSocket *socket;  /* (unowned) (nullable): the same, of what is in no channel */
  guint incarnation;
  guint address;
  guint64 counter;
  GBytes *bytes; /* (owned) (nullable) */
} Packet;

static void sim_channel_iface_init (TeaPacketChannelInterface *iface);
static void sim_channel_client_init (TeaClientChannelInterface *iface);
static void sim_channel_server_init (TeaServerChannelInterface *iface);
static void sim_connector_iface_init (TeaPacketConnectorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (
    SimChannel,
    sim_channel,
    G_TYPE_OBJECT,
    G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CHANNEL, sim_channel_iface_init)
        G_IMPLEMENT_INTERFACE (TEA_TYPE_CLIENT_CHANNEL, sim_channel_client_init)
            G_IMPLEMENT_INTERFACE (TEA_TYPE_SERVER_CHANNEL, sim_channel_server_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (SimConnector,
                               sim_connector,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_PACKET_CONNECTOR,
                                                      sim_connector_iface_init))

static gboolean trace_printed;
static gboolean trace_summed;
static guint64 trace_sum;

/* The network. */

static void
packet_free (gpointer data)
{
  Packet *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Packet *one = a;
  const Packet *other = b;

  return (one->due > other->due) - (one->due < other->due);
}

static gboolean
happens (SimNetwork *self, double chance)
{
  return chance > 0 && g_rand_double (self->dice) < chance;
}

static Packet *
packet_new (SimChannel *client, PacketKind kind, gboolean up, guint address)
{
  Packet *self = g_new0 (Packet, 1);

  self->kind = kind;
  self->up = up;
  self->link = client->link;
  self->client = g_object_ref (client);
  self->address = address;

  return self;
}

static Packet *
datagram_new (SimSocket *socket, PacketKind kind, gboolean up, guint address, GBytes *bytes)
{
  Packet *self = g_new0 (Packet, 1);

  self->kind = kind;
  self->up = up;
  self->link = socket->link;
  self->socket = socket;
  self->address = address;
  self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;

  return self;
}

static Packet *
packet_copy (const Packet *packet)
{
  Packet *self = g_memdup2 (packet, sizeof *packet);

  if (self->client != NULL)
    g_object_ref (self->client);
  if (self->bytes != NULL)
    g_bytes_ref (self->bytes);

  return self;
}

/* Whether a packet has anything of a room that is not the hall. */
static gboolean
is_of_rooms (GBytes *bytes)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (bytes);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  while (tea_frame_reader_next (&reader, &frame, NULL))
    if (frame.type == TEA_FRAME_IN)
      return TRUE;

  return FALSE;
}

/* Whether a packet has an event that is held back. */
static gboolean
is_held (const SimHold *hold, GBytes *bytes)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (bytes);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;

  while (tea_frame_reader_next (&reader, &frame, NULL))
    {
      guint64 seq = 0;

      if (frame.type == TEA_FRAME_EVENT || frame.type == TEA_FRAME_MORE)
        seq = tea_event_get_seq (frame.event.event);
      else if (frame.type == TEA_FRAME_PIECE || frame.type == TEA_FRAME_MORE_PIECE)
        seq = frame.piece.seq;
      if (seq != 0 && seq >= hold->from && seq <= hold->to)
        return TRUE;
    }

  return FALSE;
}

/* When a packet arrives that would do so at a moment. */
static gint64
hold_back (SimNetwork *self, Packet *packet, gint64 due)
{
  SimHold *hold = &packet->link->hold;

  if (hold->to == 0 || packet->up || packet->kind != PACKET_DATA)
    return due;
  if (self->time > (hold->until != 0 ? hold->until : hold->end))
    {
      *hold = (SimHold){ 0 };
      return due;
    }
  if (!is_held (hold, packet->bytes))
    return due;
  if (hold->until == 0)
    hold->until = due + hold->delay;

  return MAX (due, hold->until);
}

/* Takes the packet. */
static void
put_on_the_way (SimNetwork *self, Packet *packet)
{
  SimLink *link = packet->link;
  guint n_copies = happens (self, link->doubled) ? 2 : 1;

  if (packet->up ? link->cut_up : link->cut_down)
    n_copies = 0;
  if (!packet->up && link->cut_rooms && packet->kind == PACKET_DATA && is_of_rooms (packet->bytes))
    n_copies = 0;

  for (guint i = 0; i < n_copies; i++)
    {
      Packet *copy;
      gint64 jitter = link->jitter;

      if (happens (self, packet->up ? link->loss_up : link->loss_down))
        continue;

      /* A few come very late. */
      if (jitter > 0 && happens (self, 0.02))
        jitter = 400 * G_TIME_SPAN_MILLISECOND;

      copy = packet_copy (packet);
      copy->due
          = hold_back (self, packet,
                       self->time + link->delay
                           + (jitter > 0 ? g_rand_int_range (self->dice, 0, (gint32) jitter) : 0));
      g_sequence_insert_sorted (self->packets, copy, compare_due, NULL);
    }

  packet_free (packet);
}

static SimChannel *
find_end (SimNetwork *self, SimChannel *client)
{
  for (guint i = 0; i < self->ends->len; i++)
    {
      SimChannel *end = self->ends->pdata[i];

      if (end->client == client)
        return end;
    }

  return NULL;
}

static void
answer (SimChannel *client, PacketKind kind, guint address, guint incarnation)
{
  Packet *packet = packet_new (client, kind, FALSE, address);

  packet->incarnation = incarnation;
  put_on_the_way (client->network, packet);
}

static void
finish_handshake (SimNetwork *self, Packet *packet)
{
  SimChannel *client = packet->client;
  SimChannel *end = find_end (self, client);
  gboolean is_new = end == NULL;

  /* Who had a session and said goodbye, or whose handshake was begun by an earlier program,
     is nobody. */
  if (packet->incarnation != self->incarnation || (is_new && client->n_sent > 0))
    return;

  if (is_new)
    {
      end = g_object_new (SIM_TYPE_CHANNEL, NULL);
      end->network = self;
      end->link = client->link;
      end->program = self->server;
      end->id = client->id;
      end->own_key = g_strdup (client->peer_key);
      end->peer_key = g_strdup (client->own_key);
      end->client = g_object_ref (client);
      end->address = packet->address;
      end->allowance = -1;
      g_ptr_array_add (self->ends, end);
      sim_trace (self, "server: channel %" G_GUINT64_FORMAT " of %.10s", end->id, end->peer_key);
    }

  answer (client, PACKET_READY, packet->address, self->incarnation);
  if (is_new)
    self->accept (TEA_PACKET_CHANNEL (end), self->accept_data);
}

static void
datagram_arrives_at_server (SimNetwork *self, Packet *packet)
{
  SimSocket *socket = packet->socket;

  if (self->server != NULL)
    {
      self->watch_datagram (packet->address, socket->port, packet->bytes, TRUE, self->watch_data);
      self->receive (packet->address, socket->port, packet->bytes, TRUE, self->accept_data);
    }
  else if (packet->kind == PACKET_DATAGRAM && happens (self, UNREACHABLE_CHANCE))
    {
      put_on_the_way (self,
                      datagram_new (socket, PACKET_UNREACHABLE, FALSE, packet->address, NULL));
    }
}

static void
datagram_arrives_at_client (SimNetwork *self, Packet *packet)
{
  SimSocket *socket = packet->socket;

  if (socket->program != NULL)
    socket->receive (packet->bytes, socket->receive_data);
  else if (packet->kind == PACKET_DATAGRAM && happens (self, UNREACHABLE_CHANCE))
    put_on_the_way (self, datagram_new (socket, PACKET_UNREACHABLE, TRUE, packet->address, NULL));
}

static void
arrive_at_server (SimNetwork *self, Packet *packet)
{
  g_autoptr (SimChannel) end = NULL;

  if (packet->socket != NULL)
    {
      datagram_arrives_at_server (self, packet);
      return;
    }
  if (self->server == NULL)
    {
      if (happens (self, UNREACHABLE_CHANCE))
        answer (packet->client, PACKET_UNREACHABLE, packet->address, 0);
      return;
    }

  if (packet->kind == PACKET_HELLO)
    {
      answer (packet->client, PACKET_COOKIE, packet->address, self->incarnation);
      return;
    }
  if (packet->kind == PACKET_FINISHED)
    {
      finish_handshake (self, packet);
      return;
    }

  end = find_end (self, packet->client);
  if (end == NULL)
    return;
  g_object_ref (end);

  /* What machines tell counts only from where the other side is. */
  if (packet->kind == PACKET_CLOSE
      || (packet->kind == PACKET_UNREACHABLE && packet->address == end->address))
    {
      end->dead = TRUE;
      g_ptr_array_remove (self->ends, end);
      sim_trace (self, "server: channel %" G_GUINT64_FORMAT " closed by client", end->id);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (end));
      return;
    }
  if (packet->kind != PACKET_DATA)
    return;

  if (packet->counter > end->newest)
    {
      end->newest = packet->counter;
      if (packet->address != end->address)
        {
          end->address = packet->address;
          end->allowance = 0;
          sim_trace (self, "server: channel %" G_GUINT64_FORMAT " moved", end->id);
          tea_server_channel_emit_moved (TEA_SERVER_CHANNEL (end));
        }
    }
  if (end->allowance >= 0 && packet->address == end->address)
    end->allowance += (gint64) g_bytes_get_size (packet->bytes);

  if (end->dead)
    return;
  self->watch (TEA_PACKET_CHANNEL (end), packet->bytes, TRUE, self->watch_data);
  tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (end), packet->bytes);
}

static void
arrive_at_client (SimNetwork *self, Packet *packet)
{
  SimChannel *client = packet->client;

  if (packet->link->address != packet->address)
    return;
  if (packet->socket != NULL)
    {
      datagram_arrives_at_client (self, packet);
      return;
    }

  if (client->dead)
    {
      if (packet->kind == PACKET_DATA && happens (self, UNREACHABLE_CHANCE))
        put_on_the_way (self, packet_new (client, PACKET_UNREACHABLE, TRUE, client->link->address));
      return;
    }

  if (client->task != NULL)
    {
      if (packet->kind == PACKET_COOKIE && client->incarnation == 0)
        {
          client->incarnation = packet->incarnation;
          client->pause = KNOCK_FIRST;
          tea_timer_set (client->timer, 0);
        }
      else if (packet->kind == PACKET_READY)
        {
          g_autoptr (GTask) task = g_steal_pointer (&client->task);

          tea_timer_unset (client->timer);
          g_task_return_pointer (task, g_object_ref (client), g_object_unref);
        }
    }
  else if (packet->kind == PACKET_CLOSE || packet->kind == PACKET_UNREACHABLE)
    {
      client->dead = TRUE;
      sim_trace (self, "%.10s: channel %" G_GUINT64_FORMAT " closed by server", client->own_key,
                 client->id);
      tea_packet_channel_emit_closed (TEA_PACKET_CHANNEL (client));
    }
  else if (packet->kind == PACKET_DATA)
    {
      tea_packet_channel_emit_packet (TEA_PACKET_CHANNEL (client), packet->bytes);
    }
}

SimNetwork *
sim_network_new (GRand *dice,
                 SimWatchFunc watch,
                 SimDatagramFunc watch_datagram,
                 gpointer user_data)
{
  SimNetwork *self = g_new0 (SimNetwork, 1);

  self->dice = dice;
  self->watch = watch;
  self->watch_datagram = watch_datagram;
  self->watch_data = user_data;
  self->time = 1;
  self->packets = g_sequence_new (packet_free);
  self->ends = g_ptr_array_new_with_free_func (g_object_unref);
  self->clients = g_ptr_array_new_with_free_func (g_object_unref);
  self->sockets = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
sim_network_free (SimNetwork *self)
{
  g_sequence_free (self->packets);
  g_ptr_array_unref (self->ends);
  g_ptr_array_unref (self->clients);
  g_ptr_array_unref (self->sockets);
  g_free (self);
}

/* Holds back what is sent next of some events. */
void
sim_network_hold (SimNetwork *self, SimLink *link, guint64 from, guint64 to, gint64 delay)
{
  link->hold = (SimHold){ .from = from, .to = to, .delay = delay, .end = self->time + HOLD_LIMIT };
}

gint64
sim_network_get_time (SimNetwork *self)
{
  return self->time;
}

/* When the next packet arrives; -1 where none is on the way. */
gint64
sim_network_get_next_due (SimNetwork *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->packets);

  return g_sequence_iter_is_end (first) ? -1 : ((Packet *) g_sequence_get (first))->due;
}

void
sim_network_set_time (SimNetwork *self, gint64 time)
{
  self->time = time;
}

/* Who is touched by a packet; NULL where nobody is. */
static SimProgram *
find_program (SimNetwork *self, Packet *packet)
{
  if (packet->up)
    return self->server;
  if (packet->socket != NULL)
    return packet->socket->program;

  return packet->client->dead ? NULL : packet->client->program;
}

/* Lets one packet arrive that is due, and tells whose program that touched. */
SimProgram *
sim_network_deliver (SimNetwork *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->packets);
  SimProgram *program;
  Packet *packet;

  if (g_sequence_iter_is_end (first))
    return NULL;
  packet = g_sequence_get (first);
  if (packet->due > self->time)
    return NULL;

  program = find_program (self, packet);
  if (program != NULL && program->stopped)
    {
      packet->due = self->time + HOLD_TIME;
      g_sequence_sort_changed (first, compare_due, NULL);
      return NULL;
    }

  packet = packet_copy (packet);
  g_sequence_remove (first);

  if (program != NULL)
    sim_program_enter (program);
  if (packet->up)
    arrive_at_server (self, packet);
  else
    arrive_at_client (self, packet);
  if (program != NULL)
    sim_program_leave (program);
  packet_free (packet);

  return program;
}

/* The server is there from now on. */
void
sim_network_open (SimNetwork *self,
                  SimProgram *server,
                  SimAcceptFunc accept,
                  SimDatagramFunc receive,
                  gpointer user_data)
{
  self->server = server;
  self->incarnation++;
  self->accept = accept;
  self->receive = receive;
  self->accept_data = user_data;
}

/* The server is gone, in whatever way: what it does from now on has no effect. */
void
sim_network_close (SimNetwork *self)
{
  for (guint i = 0; i < self->ends->len; i++)
    ((SimChannel *) self->ends->pdata[i])->dead = TRUE;
  g_ptr_array_set_size (self->ends, 0);
  self->server = NULL;
}

static void
fail (SimChannel *client, GQuark domain, int code)
{
  g_autoptr (GTask) task = g_steal_pointer (&client->task);

  client->dead = TRUE;
  tea_timer_unset (client->timer);
  g_task_return_new_error (task, domain, code, "Nobody answers.");
}

/* The same for a client. */
void
sim_network_kill_client (SimNetwork *self, SimProgram *client)
{
  for (guint i = self->clients->len; i > 0; i--)
    {
      SimChannel *channel = self->clients->pdata[i - 1];

      if (channel->program != client)
        continue;
      channel->dead = TRUE;
      if (channel->task != NULL)
        fail (channel, G_IO_ERROR, G_IO_ERROR_FAILED);
      g_clear_pointer (&channel->timer, tea_timer_free);
      channel->program = NULL;
      g_ptr_array_remove_index (self->clients, i - 1);
    }
  for (guint i = 0; i < self->sockets->len; i++)
    {
      SimSocket *socket = self->sockets->pdata[i];

      if (socket->program == client)
        sim_socket_close (socket);
    }
}

/* Datagrams in no channel. */

/* Opens a socket on a client's machine. It belongs to the network. */
SimSocket *
sim_socket_new (SimNetwork *network,
                SimLink *link,
                SimProgram *client,
                SimSocketFunc receive,
                gpointer user_data)
{
  SimSocket *self = g_new0 (SimSocket, 1);

  self->network = network;
  self->link = link;
  self->program = client;
  self->port = FIRST_PORT + network->sockets->len;
  self->receive = receive;
  self->receive_data = user_data;
  g_ptr_array_add (network->sockets, self);

  return self;
}

void
sim_socket_close (SimSocket *self)
{
  self->program = NULL;
}

void
sim_socket_send (SimSocket *self, GBytes *datagram)
{
  if (self->program == NULL)
    return;

  g_assert_false (self->program->stopped);
  put_on_the_way (self->network,
                  datagram_new (self, PACKET_DATAGRAM, TRUE, self->link->address, datagram));
}

/* The server sends something. */
void
sim_network_send (SimNetwork *self, guint address, guint port, GBytes *datagram)
{
  g_assert_cmpuint (port - FIRST_PORT, <, self->sockets->len);
  g_assert_false (self->server->stopped);

  self->watch_datagram (address, port, datagram, FALSE, self->watch_data);
  put_on_the_way (self, datagram_new (self->sockets->pdata[port - FIRST_PORT], PACKET_DATAGRAM,
                                      FALSE, address, datagram));
}

/* A channel. */

static void
sim_channel_send (TeaPacketChannel *channel, GBytes *bytes)
{
  SimChannel *self = SIM_CHANNEL (channel);
  gboolean up = self->client == NULL;
  Packet *packet;

  if (self->dead)
    return;
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  g_assert_cmpuint (g_bytes_get_size (bytes), <=, tea_packet_channel_get_packet_size (channel));
  g_assert_false (self->program->stopped);

  if (!up)
    {
      self->network->watch (channel, bytes, FALSE, self->network->watch_data);
      if (self->allowance >= 0)
        {
          if (self->allowance < (gint64) g_bytes_get_size (bytes))
            return;
          self->allowance -= (gint64) g_bytes_get_size (bytes);
        }
    }

  packet = packet_new (up ? self : self->client, PACKET_DATA, up,
                       up ? self->link->address : self->address);
  packet->bytes = g_bytes_ref (bytes);
  packet->counter = ++self->n_sent;
  put_on_the_way (self->network, packet);
}

static gsize
sim_channel_get_packet_size (TeaPacketChannel *channel)
{
  /* Not the same everywhere. */
  return 1000 + SIM_CHANNEL (channel)->id % 164;
}

static const char *
sim_channel_get_peer_key (TeaPacketChannel *channel)
{
  return SIM_CHANNEL (channel)->peer_key;
}

static void
sim_channel_prove_path (TeaServerChannel *channel)
{
  SIM_CHANNEL (channel)->allowance = -1;
}

static void
sim_channel_rebind (TeaClientChannel *channel)
{
  SimChannel *self = SIM_CHANNEL (channel);

  if (self->client == NULL && !self->dead)
    self->link->address++;
}

static void
sim_channel_close (TeaPacketChannel *channel)
{
  SimChannel *self = SIM_CHANNEL (channel);
  gboolean up = self->client == NULL;

  if (self->dead)
    return;

  self->dead = TRUE;
  sim_trace (self->network, "%s: closes channel %" G_GUINT64_FORMAT, up ? "client" : "server",
             self->id);
  put_on_the_way (self->network, packet_new (up ? self : self->client, PACKET_CLOSE, up,
                                             up ? self->link->address : self->address));
  if (!up)
    g_ptr_array_remove (self->network->ends, self);
}

static void
sim_channel_finalize (GObject *object)
{
  SimChannel *self = SIM_CHANNEL (object);

  g_assert_null (self->task);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_object (&self->client);
  g_free (self->own_key);
  g_free (self->peer_key);

  G_OBJECT_CLASS (sim_channel_parent_class)->finalize (object);
}

static void
sim_channel_class_init (SimChannelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_channel_finalize;
}

static void
sim_channel_init (SimChannel *self)
{
}

static void
sim_channel_iface_init (TeaPacketChannelInterface *iface)
{
  iface->send = sim_channel_send;
  iface->get_packet_size = sim_channel_get_packet_size;
  iface->get_peer_key = sim_channel_get_peer_key;
  iface->close = sim_channel_close;
}

static void
sim_channel_client_init (TeaClientChannelInterface *iface)
{
  iface->rebind = sim_channel_rebind;
}

static char *
sim_channel_dup_peer_address (TeaServerChannel *channel)
{
  return NULL;
}

static void
sim_channel_server_init (TeaServerChannelInterface *iface)
{
  iface->dup_peer_address = sim_channel_dup_peer_address;
  iface->prove_path = sim_channel_prove_path;
}

/* A connector. */

static void
knock_cb (gpointer user_data)
{
  SimChannel *self = user_data;
  gint64 now = tea_clock_get_time (self->program->clock);
  Packet *packet;

  if (g_task_return_error_if_cancelled (self->task))
    {
      g_clear_object (&self->task);
      self->dead = TRUE;
      return;
    }
  if (now >= self->give_up)
    {
      fail (self, TEA_ERROR, TEA_ERROR_NO_ANSWER);
      return;
    }

  packet = packet_new (self, self->incarnation == 0 ? PACKET_HELLO : PACKET_FINISHED, TRUE,
                       self->link->address);
  packet->incarnation = self->incarnation;
  put_on_the_way (self->network, packet);
  tea_timer_set (self->timer, self->pause);
  self->pause *= 2;
}

static void
sim_connector_connect_async (TeaPacketConnector *connector,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  SimConnector *self = SIM_CONNECTOR (connector);
  SimChannel *channel = g_object_new (SIM_TYPE_CHANNEL, NULL);

  channel->network = self->network;
  channel->link = self->link;
  channel->program = self->program;
  channel->id = ++self->network->n_channels;
  channel->own_key = g_strdup (self->client_key);
  channel->peer_key = g_strdup (self->server_key);
  channel->timer = tea_timer_new (self->program->clock, knock_cb, channel);
  channel->give_up = tea_clock_get_time (self->program->clock) + KNOCK_LIMIT;
  channel->pause = KNOCK_FIRST;
  channel->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (channel->task, sim_connector_connect_async);
  tea_timer_set (channel->timer, 0);
  g_ptr_array_add (self->network->clients, channel);
}

static TeaPacketChannel *
sim_connector_connect_finish (TeaPacketConnector *connector, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sim_connector_finalize (GObject *object)
{
  SimConnector *self = SIM_CONNECTOR (object);

  g_free (self->client_key);
  g_free (self->server_key);

  G_OBJECT_CLASS (sim_connector_parent_class)->finalize (object);
}

static void
sim_connector_class_init (SimConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_connector_finalize;
}

static void
sim_connector_init (SimConnector *self)
{
}

static void
sim_connector_iface_init (TeaPacketConnectorInterface *iface)
{
  iface->connect_async = sim_connector_connect_async;
  iface->connect_finish = sim_connector_connect_finish;
}

TeaPacketConnector *
sim_connector_new (SimNetwork *network,
                   SimLink *link,
                   SimProgram *client,
                   const char *client_key,
                   const char *server_key)
{
  SimConnector *self = g_object_new (SIM_TYPE_CONNECTOR, NULL);

  self->network = network;
  self->link = link;
  self->program = client;
  self->client_key = g_strdup (client_key);
  self->server_key = g_strdup (server_key);

  return TEA_PACKET_CONNECTOR (self);
}

/* The trace. */

void
sim_trace_begin (gboolean printed, gboolean summed)
{
  trace_printed = printed;
  trace_summed = summed;
  trace_sum = G_GUINT64_CONSTANT (0xcbf29ce484222325);
}

void
sim_trace (SimNetwork *network, const char *format, ...)
{
  g_autofree char *text = NULL;
  gint64 time = sim_network_get_time (network);
  va_list arguments;

  if (!trace_printed && !trace_summed)
    return;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  trace_sum = (trace_sum ^ (guint64) time) * G_GUINT64_CONSTANT (0x100000001b3);
  for (const char *c = text; *c != '\0'; c++)
    trace_sum = (trace_sum ^ (guint8) *c) * G_GUINT64_CONSTANT (0x100000001b3);

  if (trace_printed)
    g_printerr ("%10.6f  %s\n", (double) time / G_USEC_PER_SEC, text);
}

/* What differs for different traces, where they are summed up. */
guint64
sim_trace_end (void)
{
  return trace_sum;
}
