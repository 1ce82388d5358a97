/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <gnutls/crypto.h>

#include "tea-dtls-setup.h"
#include "tea-frame-encode.h"

/* The secure protocol as its text has it. The handshake, and what is sent, is GnuTLS's work;
 * what is received is opened here, which takes a quarter of the time. */

#define DATAGRAM_SIZE 1200
#define PACKET_SIZE 1154
#define RECORD_HEAD 13
#define EXPLICIT_NONCE 8
#define TAG 16
#define ROUTE_SIZE 9
#define N_AT_ONCE 16

#define WINDOW 512
#define MAX_ASKED 128

#define PING_INTERVAL (5 * G_TIME_SPAN_SECOND)
#define LOSSY_PING_INTERVAL (1 * G_TIME_SPAN_SECOND)
#define REPEAT_MIN (20 * G_TIME_SPAN_MILLISECOND)
#define REPEAT_MAX G_TIME_SPAN_SECOND
/* Who had to ask for something lately says each message twice, so soon. */
#define LOSSY_TIME (10 * G_TIME_SPAN_MINUTE)
#define AGAIN (3 * G_TIME_SPAN_MILLISECOND)

/* An event that came before those in front of it. */
typedef struct
{
  guint64 seq; /* 0 for none */
  guint sender;
  guint32 number; /* 0 where it is no message of the benchmark */
  gint64 time;
} Early;

typedef struct
{
  guint32 number; /* 0 for none */
  guint n_tries;
  gboolean is_twice; /* it is said again soon */
  gint64 time;
  gint64 due;
  gint64 interval;
  GBytes *frame; /* (owned) */
} Saying;

typedef struct
{
  Guest parent;

  TeaIdentity *identity; /* (owned) */
  gnutls_session_t session;
  gboolean is_shaken; /* hands */
  const guint8 *in;
  gsize in_size;
  guint8 flight[DATAGRAM_SIZE];
  gsize flight_size;
  guint8 route[ROUTE_SIZE];
  gnutls_aead_cipher_hd_t opener;
  guint8 nonce[12];

  GByteArray *out; /* frames for the next packet */

  gint64 ask_due;
  gint64 ask_interval;
  gboolean is_opened;
  gint64 ping_due;
  gint64 round_trip; /* 0 when it is not known */
  gint64 lossy_until;
  guint64 who_after;
  gint64 who_due;
  gint64 who_interval;

  guint64 next; /* the number that is heard next */
  guint64 head; /* the highest of which it knows */
  Early *early; /* (nullable): WINDOW of them */
  gint64 pull_due;
  gint64 pull_interval;
  guint64 pulled_to; /* 0 when nothing is asked for */

  Saying sayings[CROWD_MAX_IN_FLIGHT];
} TeahouseGuest;

static ssize_t
push_cb (gnutls_transport_ptr_t user_data, const void *data, size_t size)
{
  TeahouseGuest *self = user_data;
  guint8 datagram[DATAGRAM_SIZE];

  if (!self->is_shaken)
    {
      if (self->flight_size + size > sizeof self->flight)
        {
          send (self->parent.socket, self->flight, self->flight_size, 0);
          self->flight_size = 0;
        }
      memcpy (self->flight + self->flight_size, data, size);
      self->flight_size += size;
      return (ssize_t) size;
    }

  memcpy (datagram, self->route, ROUTE_SIZE);
  memcpy (datagram + ROUTE_SIZE, data, size);
  send (self->parent.socket, datagram, ROUTE_SIZE + size, 0);

  return (ssize_t) size;
}

static ssize_t
pull_cb (gnutls_transport_ptr_t user_data, void *buffer, size_t size)
{
  TeahouseGuest *self = user_data;
  gsize record;

  if (self->in_size < RECORD_HEAD)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  record = RECORD_HEAD + ((gsize) self->in[11] << 8 | self->in[12]);
  record = MIN (record, MIN (self->in_size, size));
  memcpy (buffer, self->in, record);
  self->in += record;
  self->in_size -= record;

  return (ssize_t) record;
}

static int
pull_timeout_cb (gnutls_transport_ptr_t user_data, unsigned int milliseconds)
{
  return ((TeahouseGuest *) user_data)->in_size >= RECORD_HEAD;
}

static void
update_due (TeahouseGuest *self)
{
  gint64 due = MIN (MIN (self->ask_due, self->ping_due), MIN (self->pull_due, self->who_due));

  if (self->parent.n_in_flight > 0)
    for (guint i = 0; i < CROWD_MAX_IN_FLIGHT; i++)
      if (self->sayings[i].number != 0)
        due = MIN (due, self->sayings[i].due);
  crowd_set_due (&self->parent, due);
}

static void
send_packet (TeahouseGuest *self)
{
  if (self->out->len == 0)
    return;
  if (gnutls_record_send (self->session, self->out->data, self->out->len) < 0)
    crowd_failed (&self->parent, "a packet cannot be sent");
  g_byte_array_set_size (self->out, 0);
}

static void
add_frame (TeahouseGuest *self, GBytes *frame)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (frame, &size);

  if (self->out->len + size > PACKET_SIZE)
    send_packet (self);
  g_byte_array_append (self->out, data, (guint) size);
}

static void
take_frame (TeahouseGuest *self, GBytes *frame)
{
  add_frame (self, frame);
  g_bytes_unref (frame);
}

static gint64
first_interval (TeahouseGuest *self)
{
  return CLAMP (self->round_trip * 5 / 4, REPEAT_MIN, REPEAT_MAX);
}

static gint64
next_interval (gint64 interval)
{
  return MIN (interval * 3 / 2, REPEAT_MAX);
}

static void
ask_to_enter (TeahouseGuest *self)
{
  g_autofree char *name = g_strdup_printf ("guest%u", self->parent.index);

  take_frame (self, tea_frame_encode_hello (1, 1, "benchmark"));
  take_frame (self, tea_frame_encode_enter (self->parent.index + 1, name, ""));
  take_frame (self, tea_frame_encode_open (0, 0, 0, 0, "", ""));
  self->ask_due = self->parent.crowd->now + self->ask_interval;
  self->ask_interval = MIN (2 * self->ask_interval, G_TIME_SPAN_SECOND);
}

static void
ping (TeahouseGuest *self)
{
  take_frame (self, tea_frame_encode_ping ((guint64) self->parent.crowd->now));
  self->ping_due
      = self->parent.crowd->now
        + (self->lossy_until > self->parent.crowd->now ? LOSSY_PING_INTERVAL : PING_INTERVAL);
}

static void
ask_who (TeahouseGuest *self)
{
  take_frame (self, tea_frame_encode_who (self->who_after));
  self->who_due = self->parent.crowd->now + self->who_interval;
  self->who_interval = next_interval (self->who_interval);
}

static Early *
get_early (TeahouseGuest *self, guint64 seq)
{
  return &self->early[seq % WINDOW];
}

/* Asks for what is missing, as much as comes in one answer. */
static void
pull (TeahouseGuest *self)
{
  TeaRange ranges[TEA_PULL_MAX_RANGES];
  guint n_ranges = 0;
  guint64 last = MIN (self->head, self->next + MAX_ASKED - 1);

  for (guint64 seq = self->next; seq <= last; seq++)
    {
      if (self->early != NULL && get_early (self, seq)->seq == seq)
        continue;
      if (n_ranges > 0 && ranges[n_ranges - 1].to == seq - 1)
        ranges[n_ranges - 1].to = seq;
      else if (n_ranges == TEA_PULL_MAX_RANGES)
        break;
      else
        ranges[n_ranges++] = (TeaRange){ seq, seq };
    }
  take_frame (self, tea_frame_encode_pull (ranges, n_ranges));
  self->parent.crowd->count.n_pulls++;
  self->pulled_to = ranges[n_ranges - 1].to;
  self->pull_due = self->parent.crowd->now + self->pull_interval;
  self->pull_interval = next_interval (self->pull_interval);
}

/* After all that has come together was read. */
static void
look_for_gaps (TeahouseGuest *self)
{
  if (!self->is_opened)
    return;
  if (self->next > self->head)
    {
      self->pulled_to = 0;
      self->pull_due = CROWD_NEVER;
    }
  else if (self->pulled_to == 0 || self->next > self->pulled_to)
    {
      self->lossy_until = self->parent.crowd->now + LOSSY_TIME;
      self->pull_interval = first_interval (self);
      pull (self);
    }
}

static void
hear (TeahouseGuest *self, const Early *event)
{
  self->next++;
  if (event->number != 0)
    crowd_heard (&self->parent, event->sender, event->number, event->time);
}

static void
hear_early (TeahouseGuest *self)
{
  while (self->early != NULL && get_early (self, self->next)->seq == self->next)
    hear (self, get_early (self, self->next));
}

static void
take_event (TeahouseGuest *self, const Early *event)
{
  self->head = MAX (self->head, event->seq);
  if (!self->is_opened)
    return;
  if (event->seq < self->next)
    {
      self->parent.crowd->count.n_again++;
      return;
    }
  if (event->seq == self->next)
    {
      hear (self, event);
      hear_early (self);
    }
  else if (event->seq < self->next + WINDOW)
    {
      if (self->early == NULL)
        self->early = g_new0 (Early, WINDOW);
      if (get_early (self, event->seq)->seq == event->seq)
        self->parent.crowd->count.n_again++;
      *get_early (self, event->seq) = *event;
    }
}

static guint16
read_u16 (const guint8 *bytes)
{
  return (guint16) (bytes[0] | bytes[1] << 8);
}

static guint32
read_u32 (const guint8 *bytes)
{
  return (guint32) read_u16 (bytes) | (guint32) read_u16 (bytes + 2) << 16;
}

static guint64
read_u64 (const guint8 *bytes)
{
  return (guint64) read_u32 (bytes) | (guint64) read_u32 (bytes + 4) << 32;
}

/* (txuuyss): behind the text and its zero stands where the author ends. */
static void
read_event (TeahouseGuest *self, const guint8 *body, gsize size)
{
  Early event = { 0 };
  gsize end_size = size > 255 ? 2 : 1;
  gsize text;

  if (size < 28)
    return;
  event.seq = read_u64 (body);
  text = end_size == 2 ? read_u16 (body + size - 2) : body[size - 1];
  if (body[24] != 2 || text + end_size + 1 > size
      || !crowd_read_text ((const char *) body + text, size - end_size - 1 - text, &event.sender,
                           &event.number, &event.time))
    event.number = 0;
  take_event (self, &event);
}

static void
read_empty (TeahouseGuest *self, const guint8 *body)
{
  guint64 to = MIN (read_u64 (body + 8), self->next + WINDOW - 1);

  for (guint64 seq = MAX (read_u64 (body), self->next); seq <= to; seq++)
    take_event (self, &(Early){ .seq = seq });
}

static void
read_opened (TeahouseGuest *self, const guint8 *body)
{
  if (self->is_opened)
    return;
  self->is_opened = TRUE;
  self->ask_due = CROWD_NEVER;
  self->next = read_u64 (body + 16);
  self->head = MAX (self->head, read_u64 (body + 24));
  ping (self);
  crowd_inside (&self->parent);
  self->who_interval = first_interval (self);
  ask_who (self);
}

static void
read_present (TeahouseGuest *self, const guint8 *body)
{
  guint64 next = read_u64 (body + 8);

  if (self->who_due == CROWD_NEVER || (next != 0 && next <= self->who_after))
    return;
  if (next == 0)
    {
      self->who_due = CROWD_NEVER;
      crowd_told (&self->parent);
      return;
    }
  self->who_after = next;
  self->who_interval = first_interval (self);
  ask_who (self);
}

static Saying *
find_saying (TeahouseGuest *self, guint32 number)
{
  for (guint i = 0; i < CROWD_MAX_IN_FLIGHT; i++)
    if (self->sayings[i].number == number)
      return &self->sayings[i];

  return NULL;
}

static void
learn_round_trip (TeahouseGuest *self, gint64 taken)
{
  self->round_trip = self->round_trip == 0 ? taken : (7 * self->round_trip + taken) / 8;
}

static void
read_ack (TeahouseGuest *self, const guint8 *body)
{
  guint32 number = read_u32 (body + 8);
  Saying *saying = number != 0 ? find_saying (self, number) : NULL;

  self->head = MAX (self->head, read_u64 (body));
  if (saying == NULL)
    return;
  if (saying->n_tries == 1)
    learn_round_trip (self, self->parent.crowd->now - saying->time);
  saying->number = 0;
  g_clear_pointer (&saying->frame, g_bytes_unref);
  crowd_settled (&self->parent);
}

static void
read_hold (TeahouseGuest *self, const guint8 *body)
{
  Saying *saying = find_saying (self, MAX (read_u32 (body), 1));

  if (saying != NULL)
    saying->due = self->parent.crowd->now + read_u32 (body + 4) * G_TIME_SPAN_MILLISECOND;
}

static void
read_packet (TeahouseGuest *self, const guint8 *packet, gsize size)
{
  gsize body_size;

  for (gsize place = 0; place + TEA_FRAME_HEAD_SIZE <= size; place += body_size)
    {
      guint type = packet[place];
      const guint8 *body;

      body_size = read_u16 (packet + place + 1);
      place += TEA_FRAME_HEAD_SIZE;
      body = packet + place;
      if (body_size > size - place)
        return;

      switch (type)
        {
        case TEA_FRAME_EVENT:
          read_event (self, body, body_size);
          break;
        case TEA_FRAME_MORE:
          take_event (self, &(Early){ .seq = read_u64 (body) });
          break;
        case TEA_FRAME_EMPTY:
          read_empty (self, body);
          break;
        case TEA_FRAME_HEAD:
          self->head = MAX (self->head, read_u64 (body + 8));
          break;
        case TEA_FRAME_ACK:
          read_ack (self, body);
          break;
        case TEA_FRAME_NACK:
          crowd_failed (&self->parent, "message %u is refused, code %u", read_u32 (body), body[4]);
          break;
        case TEA_FRAME_HOLD:
          read_hold (self, body);
          break;
        case TEA_FRAME_OPENED:
          read_opened (self, body);
          break;
        case TEA_FRAME_PRESENT:
          read_present (self, body);
          break;
        case TEA_FRAME_PING:
          take_frame (self, tea_frame_encode_pong (read_u64 (body)));
          break;
        case TEA_FRAME_PONG:
          learn_round_trip (self, self->parent.crowd->now - (gint64) read_u64 (body));
          break;
        case TEA_FRAME_CHALLENGE:
          take_frame (self, tea_frame_encode_response (read_u64 (body)));
          break;
        case TEA_FRAME_REFUSED:
          crowd_failed (&self->parent, "is refused, code %u: %s", body[0], body + 1);
          break;
        case TEA_FRAME_BYE:
          crowd_failed (&self->parent, "is sent away, code %u: %s", body[0], body + 1);
          break;
        default:
          break;
        }
    }
}

static void
send_flight (TeahouseGuest *self)
{
  if (self->flight_size > 0)
    send (self->parent.socket, self->flight, self->flight_size, 0);
  self->flight_size = 0;
}

/* From now on what comes is opened here. */
static void
take_keys (TeahouseGuest *self)
{
  gnutls_datum_t nonce;
  gnutls_datum_t key;
  guint8 number[8];
  guint64 route;

  if (gnutls_cipher_get (self->session) != GNUTLS_CIPHER_AES_128_GCM
      || gnutls_record_get_state (self->session, 1, NULL, &nonce, &key, number) < 0
      || gnutls_aead_cipher_init (&self->opener, GNUTLS_CIPHER_AES_128_GCM, &key) < 0
      || tea_dtls_setup_get_route (self->session, &route) < 0)
    g_error ("This session is not of AES-GCM.");
  memcpy (self->nonce, nonce.data, 4);
  route = GUINT64_TO_BE (route);
  self->route[0] = 0xc1;
  memcpy (self->route + 1, &route, sizeof route);
}

static void
shake (TeahouseGuest *self)
{
  int result;

  do
    result = gnutls_handshake (self->session);
  while (result < 0 && !gnutls_error_is_fatal (result) && self->in_size >= RECORD_HEAD);
  send_flight (self);

  if (result == 0)
    {
      take_keys (self);
      self->is_shaken = TRUE;
      self->ask_interval = 250 * G_TIME_SPAN_MILLISECOND;
      ask_to_enter (self);
    }
  else if (gnutls_error_is_fatal (result))
    {
      self->ask_due = CROWD_NEVER;
      crowd_failed (&self->parent, "has no session: %s", gnutls_strerror (result));
    }
  else
    self->ask_due
        = self->parent.crowd->now
          + MAX (gnutls_dtls_get_timeout (self->session), 1) * (gint64) G_TIME_SPAN_MILLISECOND;
}

/* Where the record has the number, its additional data has the number, too, and then type,
 * version and the size of what is in it. */
static void
open_record (TeahouseGuest *self, const guint8 *record, gsize size)
{
  guint8 packet[DATAGRAM_SIZE];
  guint8 head[RECORD_HEAD];
  gsize packet_size = sizeof packet;
  gsize plain = size - RECORD_HEAD - EXPLICIT_NONCE - TAG;

  if (size < RECORD_HEAD + EXPLICIT_NONCE + TAG || record[4] == 0)
    return;
  memcpy (head, record + 3, 8);
  memcpy (head + 8, record, 3);
  head[11] = (guint8) (plain >> 8);
  head[12] = (guint8) plain;
  memcpy (self->nonce + 4, record + RECORD_HEAD, EXPLICIT_NONCE);
  if (gnutls_aead_cipher_decrypt (self->opener, self->nonce, sizeof self->nonce, head, sizeof head,
                                  TAG, record + RECORD_HEAD + EXPLICIT_NONCE,
                                  size - RECORD_HEAD - EXPLICIT_NONCE, packet, &packet_size)
      >= 0)
    read_packet (self, packet, packet_size);
}

static void
receive_datagram (TeahouseGuest *self, const guint8 *datagram, gsize size)
{
  guint8 nothing[DATAGRAM_SIZE];
  gsize record;

  if (!self->is_shaken)
    {
      self->in = datagram;
      self->in_size = size;
      shake (self);
      return;
    }

  for (gsize place = 0; place + RECORD_HEAD <= size; place += record)
    {
      record = RECORD_HEAD + ((gsize) datagram[place + 11] << 8 | datagram[place + 12]);
      if (record > size - place)
        return;
      if (datagram[place] == 23)
        open_record (self, datagram + place, record);
      else if (datagram[place] == 22)
        {
          self->in = datagram + place;
          self->in_size = record;
          gnutls_record_recv (self->session, nothing, sizeof nothing);
        }
    }
}

static void
guest_receive (Guest *guest)
{
  static guint8 buffers[N_AT_ONCE][2048];
  static struct iovec vectors[N_AT_ONCE];
  static struct mmsghdr messages[N_AT_ONCE];
  TeahouseGuest *self = (TeahouseGuest *) guest;
  int n_received;

  for (guint i = 0; i < N_AT_ONCE; i++)
    {
      vectors[i] = (struct iovec){ buffers[i], sizeof buffers[i] };
      messages[i].msg_hdr.msg_iov = &vectors[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  n_received = recvmmsg (guest->socket, messages, N_AT_ONCE, MSG_DONTWAIT, NULL);
  for (int i = 0; i < n_received; i++)
    {
      guest->crowd->count.n_datagrams++;
      guest->crowd->count.n_bytes += messages[i].msg_len;
      receive_datagram (self, buffers[i], messages[i].msg_len);
    }
  look_for_gaps (self);
  update_due (self);
}

static void
guest_expire (Guest *guest)
{
  TeahouseGuest *self = (TeahouseGuest *) guest;
  gint64 now = guest->crowd->now;

  if (self->ask_due <= now && !self->is_shaken)
    shake (self);
  else if (self->ask_due <= now)
    ask_to_enter (self);
  if (self->ping_due <= now)
    ping (self);
  if (self->who_due <= now)
    ask_who (self);
  if (self->pull_due <= now)
    pull (self);
  for (guint i = 0; i < CROWD_MAX_IN_FLIGHT && guest->n_in_flight > 0; i++)
    if (self->sayings[i].number != 0 && self->sayings[i].due <= now)
      {
        Saying *saying = &self->sayings[i];

        saying->n_tries++;
        if (!saying->is_twice)
          saying->interval = next_interval (saying->interval);
        saying->is_twice = FALSE;
        saying->due = now + saying->interval;
        add_frame (self, saying->frame);
        guest->crowd->count.n_repeats++;
      }
  update_due (self);
}

static void
guest_say (Guest *guest, guint32 number, gint64 time, const char *text)
{
  TeahouseGuest *self = (TeahouseGuest *) guest;
  Saying *saying = find_saying (self, 0);
  guint32 oldest = number;

  for (guint i = 0; i < CROWD_MAX_IN_FLIGHT; i++)
    if (self->sayings[i].number != 0)
      oldest = MIN (oldest, self->sayings[i].number);
  saying->number = number;
  saying->n_tries = 1;
  saying->time = time;
  saying->interval = first_interval (self);
  saying->is_twice = self->lossy_until > time && guest->n_in_flight <= 1;
  saying->due = time + (saying->is_twice ? AGAIN : saying->interval);
  saying->frame = tea_frame_encode_say (number, oldest, text);
  add_frame (self, saying->frame);
  update_due (self);
}

static void
guest_flush (Guest *guest)
{
  send_packet ((TeahouseGuest *) guest);
}

static gboolean
guest_is_behind (Guest *guest)
{
  TeahouseGuest *self = (TeahouseGuest *) guest;

  return self->next <= self->head;
}

static void
guest_open (Guest *guest)
{
  TeahouseGuest *self = (TeahouseGuest *) guest;

  self->identity = tea_identity_new_ephemeral ();
  self->session = tea_dtls_setup_new_client (self->identity, NULL);
  self->out = g_byte_array_sized_new (DATAGRAM_SIZE);
  self->ping_due = self->pull_due = self->who_due = CROWD_NEVER;
  gnutls_dtls_set_mtu (self->session, DATAGRAM_SIZE - ROUTE_SIZE);
  gnutls_dtls_set_timeouts (self->session, 200, 60000);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, push_cb);
  gnutls_transport_set_pull_function (self->session, pull_cb);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout_cb);
  shake (self);
  update_due (self);
}

static void
guest_close (Guest *guest)
{
  TeahouseGuest *self = (TeahouseGuest *) guest;

  if (self->is_shaken)
    {
      take_frame (self, tea_frame_encode_leave ());
      send_packet (self);
      gnutls_aead_cipher_deinit (self->opener);
    }
  gnutls_deinit (self->session);
  for (guint i = 0; i < CROWD_MAX_IN_FLIGHT; i++)
    g_clear_pointer (&self->sayings[i].frame, g_bytes_unref);
  g_byte_array_unref (self->out);
  g_free (self->early);
  g_object_unref (self->identity);
}

const CrowdProtocol crowd_teahouse = {
  .name = "teahouse",
  .guest_size = sizeof (TeahouseGuest),
  .socket_type = SOCK_DGRAM,
  .tells_settled = TRUE,
  .tells_told = TRUE,
  .open = guest_open,
  .receive = guest_receive,
  .say = guest_say,
  .flush = guest_flush,
  .expire = guest_expire,
  .is_behind = guest_is_behind,
  .close = guest_close,
};
