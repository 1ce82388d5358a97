/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-session.h"

#include <errno.h>
#include <string.h>

#include "tea-datagram.h"
#include "tea-dtls-sealer.h"
#include "tea-dtls-setup.h"

/* What is sure to fit through nearly every network without being cut into fragments. */
#define DATAGRAM_SIZE 1200
/* What goes out without a route stands behind the room for one all the same. */
#define OUT_SIZE (TEA_DATAGRAM_ROUTE_SIZE + DATAGRAM_SIZE)
#define RETRANSMIT_FIRST 200
#define RETRANSMIT_TOTAL 60000
/* The most that a record can hold (RFC 5246, section 6.2.1). */
#define PACKET_SIZE_MAX 16384
/* No packet begins with it. */
#define PROOF_MARK 0
#define PROOF_SIZE_MAX 256

G_STATIC_ASSERT (TEA_DTLS_SESSION_OVERHEAD == TEA_DTLS_SEALER_OVERHEAD);

struct _TeaDtlsSession
{
  gnutls_session_t session;
  TeaIdentity *identity; /* (owned): has the credentials */
  TeaTimer *timer;       /* (owned) (nullable): as long as there is a handshake */
  TeaDtlsSendFunc send;
  gpointer user_data;

  TeaDtlsState state;
  gboolean is_client;
  gboolean is_small;  /* a client's that asks for small datagrams */
  gboolean is_padded; /* what a client says first is as long as what comes later may be */
  gboolean has_heard; /* anything of the other side */
  int failure;
  char *peer_key; /* (nullable) */
  guint64 route;
  guint64 newest; /* the highest number of a record that came, and one more */
  guint64 window; /* of the 64 below that: a bit for each that came, the lowest for the newest */
  TeaDtlsSealer *sealer; /* (owned) (nullable): NULL until something is sent */
  gsize packet_size;     /* 0 until it is known */
  GBytes *proof;         /* (owned) (nullable): a client's that has resumed a session */

  /* Records that came in one datagram and have not been looked at yet. */
  const guint8 *in;
  gsize in_size;

  /* Only within a call: records that go out in one datagram, behind the room for the
   * route. */
  guint8 *out;
  gsize out_size;
};

/* A client that has only a small path says so; the server follows. */
static gboolean
is_small (TeaDtlsSession *self)
{
  return self->is_small || tea_dtls_setup_is_small (self->session);
}

static gsize
get_datagram_size (TeaDtlsSession *self)
{
  return is_small (self) ? TEA_DTLS_DATAGRAM_SIZE_SMALL : DATAGRAM_SIZE;
}

static gsize
get_records_size (TeaDtlsSession *self)
{
  return get_datagram_size (self) - TEA_DATAGRAM_ROUTE_SIZE;
}

/* A record that nobody reads, for the path to show whether it takes a datagram of this
 * size: else the answer to a request may come, and nothing after it. */
static void
pad (TeaDtlsSession *self)
{
  guint8 *padding = self->out + TEA_DATAGRAM_ROUTE_SIZE + self->out_size;
  gsize room = get_datagram_size (self) - self->out_size;

  if (self->out_size == 0 || room <= TEA_DATAGRAM_RECORD_HEADER)
    return;

  tea_datagram_write_padding (padding, room);
  self->out_size += room;
}

/* Whether what is about to go out belongs to the handshake. */
static gboolean
repeats_handshake (TeaDtlsSession *self)
{
  return self->out_size > 0
         && tea_datagram_is_handshake (self->out + TEA_DATAGRAM_ROUTE_SIZE, self->out_size);
}

/* A client names its session once it has one, so that the server finds it wherever the
 * client is by then. What may still belong to the handshake goes without: a server that has
 * not finished does not know the name yet. */
static void
flush (TeaDtlsSession *self)
{
  const guint8 *records = self->out + TEA_DATAGRAM_ROUTE_SIZE;
  g_autoptr (GBytes) datagram = NULL;

  if (self->out_size == 0)
    return;

  if (self->is_client && self->state != TEA_DTLS_HANDSHAKE && !repeats_handshake (self))
    {
      tea_datagram_write_route (self->route, self->out);
      datagram = g_bytes_new (self->out, TEA_DATAGRAM_ROUTE_SIZE + self->out_size);
    }
  else
    {
      datagram = g_bytes_new (records, self->out_size);
    }

  self->out_size = 0;
  self->send (datagram, self->user_data);
}

/* GnuTLS would send each record of a flight by itself, and the loss of any costs a round. */
static ssize_t
push_cb (gnutls_transport_ptr_t user_data, const void *record, size_t size)
{
  TeaDtlsSession *self = user_data;

  g_assert (self->out != NULL);

  if (size > get_records_size (self))
    {
      gnutls_transport_set_errno (self->session, EMSGSIZE);
      return -1;
    }

  if (self->out_size + size > get_records_size (self))
    flush (self);

  memcpy (self->out + TEA_DATAGRAM_ROUTE_SIZE + self->out_size, record, size);
  self->out_size += size;

  return (ssize_t) size;
}

/* One record a call: GnuTLS takes what it is given for one. */
static ssize_t
pull_cb (gnutls_transport_ptr_t user_data, void *buffer, size_t size)
{
  TeaDtlsSession *self = user_data;
  gsize record = tea_datagram_get_record_size (self->in, self->in_size);

  if (record == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }

  memcpy (buffer, self->in, MIN (record, size));
  self->in += record;
  self->in_size -= record;

  return (ssize_t) MIN (record, size);
}

static int
pull_timeout_cb (gnutls_transport_ptr_t user_data, unsigned int milliseconds)
{
  TeaDtlsSession *self = user_data;

  return self->in_size > 0 ? 1 : 0;
}

static void
fail (TeaDtlsSession *self, int failure)
{
  self->state = TEA_DTLS_FAILED;
  self->failure = failure;
  self->in_size = 0;
  g_clear_pointer (&self->timer, tea_timer_free);
}

/* GnuTLS may send something in any of its functions. */
static void
give_back_number (TeaDtlsSession *self)
{
  if (self->sealer != NULL)
    tea_dtls_sealer_give_back (self->sealer);
}

/* Whether a record comes for the first time, as far as that can be known. GnuTLS forgets what
 * has come whenever it is told its next number. */
static gboolean
note_number (TeaDtlsSession *self, guint64 number, gboolean *newest)
{
  guint64 next = number + 1;
  guint64 bit;

  *newest = next > self->newest;
  if (*newest)
    {
      guint64 step = next - self->newest;

      self->window = (step < 64 ? self->window << step : 0) | 1;
      self->newest = next;
      return TRUE;
    }

  if (self->newest - next >= 64)
    return FALSE;

  bit = G_GUINT64_CONSTANT (1) << (self->newest - next);
  if ((self->window & bit) != 0)
    return FALSE;

  self->window |= bit;

  return TRUE;
}

/* "Again" also means that a record was thrown away, and a time-out is about a handshake that
 * is long over; neither says that there are no more. */
static gssize
receive_record (TeaDtlsSession *self, guint8 *buffer, gboolean *newest)
{
  guint64 sequence = 0;

  give_back_number (self);
  while (self->in_size > 0)
    {
      gssize size
          = gnutls_record_recv_seq (self->session, buffer, PACKET_SIZE_MAX, (guint8 *) &sequence);

      if (size >= 0)
        {
          /* There is no number with the end of a session. */
          if (size == 0 || note_number (self, GUINT64_FROM_BE (sequence), newest))
            return size;
          continue;
        }

      if (size != GNUTLS_E_TIMEDOUT && gnutls_error_is_fatal ((int) size))
        return size;
    }

  return GNUTLS_E_AGAIN;
}

/* A client that resumes a session sends the proof behind the last message of the handshake,
 * in the same datagram, as often as that is sent. */
static gboolean
send_proof (TeaDtlsSession *self)
{
  guint8 buffer[PROOF_SIZE_MAX] = { PROOF_MARK };
  const void *proof;
  gsize size;

  if (self->proof == NULL)
    self->proof = tea_dtls_setup_make_proof (self->session, self->identity);
  if (self->proof == NULL || g_bytes_get_size (self->proof) >= sizeof buffer)
    return FALSE;

  proof = g_bytes_get_data (self->proof, &size);
  give_back_number (self);
  memcpy (buffer + 1, proof, size);

  return gnutls_record_send (self->session, buffer, size + 1) >= 0;
}

static gboolean
receive_proof (TeaDtlsSession *self)
{
  guint8 buffer[PACKET_SIZE_MAX];
  gboolean newest;
  gssize size = receive_record (self, buffer, &newest);

  return size > 1 && buffer[0] == PROOF_MARK
         && tea_dtls_setup_check_proof (self->session, buffer + 1, (gsize) size - 1);
}

/* Resuming proves that the server could open the ticket, which takes its key, and that the
 * client knows what is in it, which does not take the client's. */
static gboolean
is_proved (TeaDtlsSession *self)
{
  if (!tea_dtls_session_is_resumed (self))
    return TRUE;

  return self->is_client ? send_proof (self) : receive_proof (self);
}

static void
open_session (TeaDtlsSession *self)
{
  int result = tea_dtls_setup_get_route (self->session, &self->route);

  self->peer_key = tea_dtls_setup_get_peer_key (self->session);
  if (result < 0 || self->peer_key == NULL || !is_proved (self))
    {
      fail (self, result < 0 ? result : GNUTLS_E_CERTIFICATE_ERROR);
      return;
    }

  self->state = TEA_DTLS_OPEN;
  g_clear_pointer (&self->timer, tea_timer_free);
}

/* Where GnuTLS has sent nothing yet it says that it should have repeated it long ago. */
static void
wait_for_answer (TeaDtlsSession *self)
{
  guint milliseconds = gnutls_dtls_get_timeout (self->session);

  tea_timer_set (self->timer,
                 (milliseconds > 0 ? milliseconds : RETRANSMIT_FIRST) * G_TIME_SPAN_MILLISECOND);
}

static void
shake_hands (TeaDtlsSession *self)
{
  int result;

  do
    {
      result = gnutls_handshake (self->session);
    }
  while (result < 0 && !gnutls_error_is_fatal (result) && self->in_size > 0);

  if (result == 0)
    open_session (self);
  else if (gnutls_error_is_fatal (result))
    fail (self, result);
  else
    wait_for_answer (self);
}

static void
timeout_cb (gpointer user_data)
{
  tea_dtls_session_start (user_data);
}

static TeaDtlsSession *
session_new (gnutls_session_t session,
             TeaIdentity *identity,
             TeaClock *clock,
             TeaDtlsSendFunc send,
             gpointer user_data)
{
  TeaDtlsSession *self = g_new0 (TeaDtlsSession, 1);

  self->session = session;
  self->identity = g_object_ref (identity);
  self->timer = tea_timer_new (clock, timeout_cb, self);
  self->send = send;
  self->user_data = user_data;

  gnutls_dtls_set_mtu (session, DATAGRAM_SIZE - TEA_DATAGRAM_ROUTE_SIZE);
  /* gnutls_handshake_set_timeout() would put the first of these back to a second. */
  gnutls_dtls_set_timeouts (session, RETRANSMIT_FIRST, RETRANSMIT_TOTAL);
  gnutls_transport_set_ptr (session, self);
  gnutls_transport_set_push_function (session, push_cb);
  gnutls_transport_set_pull_function (session, pull_cb);
  gnutls_transport_set_pull_timeout_function (session, pull_timeout_cb);

  return self;
}

/**
 * tea_dtls_session_new_client:
 * @identity: who we are
 * @resumption: (nullable): what tea_dtls_session_get_resumption() of an earlier session
 *   with the same server gave
 * @clock: by which to repeat what gets lost
 * @send: sends a datagram to the server
 * @user_data: for @send
 *
 * Returns: (transfer full): a session that has not sent anything yet
 */
TeaDtlsSession *
tea_dtls_session_new_client (TeaIdentity *identity,
                             GBytes *resumption,
                             TeaClock *clock,
                             TeaDtlsSendFunc send,
                             gpointer user_data)
{
  TeaDtlsSession *self;

  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (send != NULL, NULL);

  self = session_new (tea_dtls_setup_new_client (identity, resumption), identity, clock, send,
                      user_data);
  self->is_client = TRUE;

  return self;
}

/**
 * tea_dtls_session_new_server:
 * @identity: who we are
 * @ticket_key: what to seal tickets with
 * @prestate: what the client's cookie has brought
 * @clock: by which to repeat what gets lost
 * @send: sends a datagram to the client
 * @user_data: for @send
 *
 * Returns: (transfer full): a session that waits for the request that had the cookie
 */
TeaDtlsSession *
tea_dtls_session_new_server (TeaIdentity *identity,
                             GBytes *ticket_key,
                             const gnutls_dtls_prestate_st *prestate,
                             TeaClock *clock,
                             TeaDtlsSendFunc send,
                             gpointer user_data)
{
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (ticket_key != NULL, NULL);
  g_return_val_if_fail (prestate != NULL, NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (send != NULL, NULL);

  return session_new (tea_dtls_setup_new_server (identity, ticket_key, prestate), identity, clock,
                      send, user_data);
}

/**
 * tea_dtls_session_free:
 * @self: (transfer full): a session
 *
 * Forgets a session, without a word to the other side.
 */
void
tea_dtls_session_free (TeaDtlsSession *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->out == NULL);

  g_clear_pointer (&self->sealer, tea_dtls_sealer_free);
  gnutls_deinit (self->session);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_object_unref (self->identity);
  g_clear_pointer (&self->proof, g_bytes_unref);
  g_free (self->peer_key);
  g_free (self);
}

/**
 * tea_dtls_session_set_small:
 * @self: a client's session that has not been started
 *
 * Makes both sides send no datagrams of more than %TEA_DTLS_DATAGRAM_SIZE_SMALL bytes.
 */
void
tea_dtls_session_set_small (TeaDtlsSession *self)
{
  g_return_if_fail (self != NULL);

  self->is_small = TRUE;
  gnutls_record_set_max_size (self->session, TEA_DTLS_SETUP_SMALL_PACKET);
}

/**
 * tea_dtls_session_set_padded:
 * @self: a client's session that has not been started
 *
 * Makes the first request as long as any datagram of the session may be: where it is
 * answered, the path takes those.
 */
void
tea_dtls_session_set_padded (TeaDtlsSession *self)
{
  g_return_if_fail (self != NULL);

  self->is_padded = TRUE;
}

/**
 * tea_dtls_session_start:
 * @self: a session that is not open
 *
 * Begins a session, on a client's side, or goes on with what is to be repeated.
 */
void
tea_dtls_session_start (TeaDtlsSession *self)
{
  guint8 out[OUT_SIZE];

  g_return_if_fail (self != NULL);

  if (self->state != TEA_DTLS_HANDSHAKE)
    return;

  self->out = out;
  shake_hands (self);
  if (self->is_padded && !self->has_heard)
    pad (self);
  flush (self);
  self->out = NULL;
}

/**
 * tea_dtls_session_receive:
 * @self: a session
 * @records: (array length=size): whole records, from tea_datagram_classify()
 * @size: their size
 *
 * Gives a session what came. It may be open or have failed afterwards. The packets in it
 * are to be taken with [method@Tea.DtlsSession.read] while @records are still there.
 */
void
tea_dtls_session_receive (TeaDtlsSession *self, const guint8 *records, gsize size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (records != NULL);

  self->in = records;
  self->in_size = size;
  self->has_heard = TRUE;
  tea_dtls_session_start (self);
}

/**
 * tea_dtls_session_read:
 * @self: a session
 * @newest: (out): whether the other side has sent nothing later that came already
 *
 * Opens the next packet of what came last.
 *
 * Returns: (transfer full) (nullable): a packet that is surely from the other side, and
 *   came only once; %NULL when there are no more, and the session may be closed
 */
GBytes *
tea_dtls_session_read (TeaDtlsSession *self, gboolean *newest)
{
  guint8 out[OUT_SIZE];
  guint8 buffer[PACKET_SIZE_MAX];
  gssize size;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (newest != NULL, NULL);

  if (self->state != TEA_DTLS_OPEN || self->in_size == 0)
    return NULL;

  /* A proof that comes again is none of the packets. */
  self->out = out;
  do
    size = receive_record (self, buffer, newest);
  while (size > 0 && buffer[0] == PROOF_MARK);
  if (self->proof != NULL && repeats_handshake (self))
    send_proof (self);
  flush (self);
  self->out = NULL;

  if (size == 0)
    {
      self->state = TEA_DTLS_CLOSED;
      self->in_size = 0;
    }
  else if (size < 0 && size != GNUTLS_E_AGAIN)
    {
      fail (self, (int) size);
    }

  if (size <= 0)
    return NULL;

  return g_bytes_new (buffer, (gsize) size);
}

/**
 * tea_dtls_session_seal:
 * @self: a session
 * @packet: (array length=size): at most [method@Tea.DtlsSession.get_packet_size] bytes
 * @size: how many
 * @record: where to write the record: @size + %TEA_DTLS_SESSION_OVERHEAD bytes
 *
 * Seals a packet, for the caller to send.
 *
 * Returns: the size of the record; 0 when the session is not open, or the packet is too long
 */
gsize
tea_dtls_session_seal (TeaDtlsSession *self, const guint8 *packet, gsize size, guint8 *record)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (packet != NULL && record != NULL, 0);

  if (self->state != TEA_DTLS_OPEN || size > tea_dtls_session_get_packet_size (self))
    return 0;

  if (self->sealer == NULL)
    self->sealer = tea_dtls_sealer_new (self->session);

  return self->sealer != NULL ? tea_dtls_sealer_seal (self->sealer, packet, size, record) : 0;
}

/**
 * tea_dtls_session_send:
 * @self: a session
 * @packet: at most [method@Tea.DtlsSession.get_packet_size] bytes
 *
 * Seals and sends a packet.
 *
 * Returns: whether it was; not when the session is not open, or the packet is too long
 */
gboolean
tea_dtls_session_send (TeaDtlsSession *self, GBytes *packet)
{
  guint8 out[OUT_SIZE];
  const void *data;
  gsize size;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (packet != NULL, FALSE);

  data = g_bytes_get_data (packet, &size);
  self->out = out;
  self->out_size = tea_dtls_session_seal (self, data, size, out + TEA_DATAGRAM_ROUTE_SIZE);
  size = self->out_size;
  flush (self);
  self->out = NULL;

  return size > 0;
}

/**
 * tea_dtls_session_close:
 * @self: a session
 *
 * Says goodbye to the other side, if there is one.
 */
void
tea_dtls_session_close (TeaDtlsSession *self)
{
  guint8 out[OUT_SIZE];

  g_return_if_fail (self != NULL);

  if (self->state == TEA_DTLS_OPEN)
    {
      self->out = out;
      give_back_number (self);
      gnutls_bye (self->session, GNUTLS_SHUT_WR);
      flush (self);
      self->out = NULL;
    }

  self->state = TEA_DTLS_CLOSED;
  self->in_size = 0;
  g_clear_pointer (&self->timer, tea_timer_free);
}

/**
 * tea_dtls_session_get_state:
 * @self: a session
 *
 * Returns: how far it is
 */
TeaDtlsState
tea_dtls_session_get_state (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, TEA_DTLS_CLOSED);

  return self->state;
}

/**
 * tea_dtls_session_get_failure:
 * @self: a session
 *
 * Returns: (transfer none): why it failed, in the words of GnuTLS
 */
const char *
tea_dtls_session_get_failure (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return gnutls_strerror (self->failure);
}

/**
 * tea_dtls_session_is_resumed:
 * @self: a session that is open
 *
 * Returns: whether it goes on from an earlier one
 */
gboolean
tea_dtls_session_is_resumed (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return gnutls_session_is_resumed (self->session) != 0;
}

/**
 * tea_dtls_session_get_peer_key:
 * @self: a session that is open
 *
 * Returns: (transfer none): the fingerprint of the key that the other side holds
 */
const char *
tea_dtls_session_get_peer_key (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->peer_key;
}

/**
 * tea_dtls_session_get_route:
 * @self: a session that is open
 *
 * Returns: its name, which both sides know and nobody can guess
 */
guint64
tea_dtls_session_get_route (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->route;
}

/**
 * tea_dtls_session_get_packet_size:
 * @self: a session that is open
 *
 * Returns: how many bytes a packet can have
 */
gsize
tea_dtls_session_get_packet_size (TeaDtlsSession *self)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->packet_size == 0)
    {
      self->packet_size = gnutls_dtls_get_data_mtu (self->session);
      if (is_small (self))
        self->packet_size = MIN (self->packet_size, TEA_DTLS_SETUP_SMALL_PACKET);
    }

  return self->packet_size;
}

/**
 * tea_dtls_session_get_resumption:
 * @self: a client's session that is open
 *
 * Returns: (transfer full) (nullable): what the next session with the same server can go
 *   on from; a secret
 */
GBytes *
tea_dtls_session_get_resumption (TeaDtlsSession *self)
{
  gnutls_datum_t data = { NULL };

  g_return_val_if_fail (self != NULL, NULL);

  if (gnutls_session_get_data2 (self->session, &data) < 0)
    return NULL;

  return g_bytes_new_with_free_func (data.data, data.size, gnutls_free, data.data);
}
