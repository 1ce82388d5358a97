/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "attack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAM_SIZE 2048
#define BATCH 32
/* The port that all invented addresses have: so one socket hears all the answers. */
#define PORT 4444
#define N_PORTS 4200

#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

/* Parts of DTLS (RFC 6347) and its handshake (RFC 5246). */
#define RECORD_HEADER 13
#define MESSAGE_HEADER 12
#define HELLO_VERIFY_REQUEST 3
#define COOKIE_OFFSET (RECORD_HEADER + MESSAGE_HEADER + 2)

/* One socket with all addresses of the benchmark's network. */
typedef struct
{
  int socket;
  struct sockaddr_in6 server;
  socklen_t server_size;

  guint64 n_sent;
  guint64 n_bytes_sent;
  guint64 n_got;
  guint64 n_bytes_got;
  guint64 n_hellos; /* handshakes that the server has taken up */
} Attacker;

/* Room for a control message: a struct that ends in a flexible array is not copied. */
typedef struct
{
  _Alignas(struct cmsghdr) guint8 bytes[CMSG_SPACE (sizeof (struct in6_pktinfo))];
} Control;

static int
open_socket (int family, const char *source, guint16 port)
{
  int fd = socket (family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  int on = 1;
  int buffer = 4 * 1024 * 1024;
  struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons (port) };
  struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons (port) };
  int result;

  if (fd < 0)
    g_error ("No socket: %s", g_strerror (errno));
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (family == AF_INET)
    {
      setsockopt (fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
      if (source != NULL)
        inet_pton (family, source, &ipv4.sin_addr);
      result = bind (fd, (struct sockaddr *) &ipv4, sizeof ipv4);
    }
  else
    {
      setsockopt (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
      setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
      setsockopt (fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof on);
      result = bind (fd, (struct sockaddr *) &ipv6, sizeof ipv6);
    }
  if (result != 0)
    g_error ("Cannot bind: %s", g_strerror (errno));

  return fd;
}

static void
attacker_init (Attacker *self, int family, guint16 port)
{
  memset (self, 0, sizeof *self);
  self->socket = open_socket (family, NULL, PORT);
  if (family == AF_INET)
    {
      struct sockaddr_in *address = (gpointer) &self->server;

      address->sin_family = AF_INET;
      address->sin_port = htons (port);
      inet_pton (AF_INET, ATTACK_SERVER, &address->sin_addr);
      self->server_size = sizeof *address;
    }
  else
    {
      self->server.sin6_family = AF_INET6;
      self->server.sin6_port = htons (port);
      inet_pton (AF_INET6, ATTACK_SERVER_IPV6, &self->server.sin6_addr);
      self->server_size = sizeof self->server;
    }
}

static void
report (const Attacker *self)
{
  g_print ("sent %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT " bytes), got %" G_GUINT64_FORMAT
           " (%" G_GUINT64_FORMAT " bytes), %" G_GUINT64_FORMAT " handshakes\n",
           self->n_sent, self->n_bytes_sent, self->n_got, self->n_bytes_got, self->n_hellos);
}

static struct cmsghdr *
get_header (const Control *control)
{
  return (gpointer) control->bytes;
}

static void
set_info (Control *control, int level, int type, gconstpointer info, gsize size)
{
  struct cmsghdr *header = get_header (control);

  header->cmsg_level = level;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (header), info, size);
}

/* An address of the network 10.0.0.0/8, by its number. */
static Control
from_ipv4 (guint32 number)
{
  Control control = { 0 };
  struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl (0x0a000000 + number % 0xff0000) };

  set_info (&control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);

  return control;
}

/* An address in 2001:db8::/32, in the network of 64 bits that @number tells. */
static Control
from_ipv6 (guint32 number)
{
  Control control = { 0 };
  struct in6_pktinfo info = { 0 };
  guint8 *bytes = info.ipi6_addr.s6_addr;

  memcpy (bytes, "\x20\x01\x0d\xb8", 4);
  for (guint i = 0; i < 4; i++)
    bytes[4 + i] = (guint8) (number >> (8 * (3 - i)));
  bytes[15] = 1;
  set_info (&control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);

  return control;
}

static void
send_from (Attacker *self, const Control *control, const void *data, gsize size)
{
  Control copy = *control;
  struct iovec vector = { (void *) data, size };
  struct msghdr message = { .msg_name = &self->server,
                            .msg_namelen = self->server_size,
                            .msg_iov = &vector,
                            .msg_iovlen = 1,
                            .msg_control = &copy,
                            .msg_controllen = get_header (control)->cmsg_level == IPPROTO_IP
                                                  ? CMSG_SPACE (sizeof (struct in_pktinfo))
                                                  : CMSG_SPACE (sizeof (struct in6_pktinfo)) };

  if (sendmsg (self->socket, &message, 0) < 0)
    return;
  self->n_sent++;
  self->n_bytes_sent += size;
}

typedef void (*AnswerFunc) (Attacker *self, const Control *to, const guint8 *data, gsize size);

static void
take_answers (Attacker *self, AnswerFunc func)
{
  guint8 data[DATAGRAM_SIZE];

  for (;;)
    {
      Control control = { 0 };
      struct iovec vector = { data, sizeof data };
      struct msghdr message = { .msg_iov = &vector,
                                .msg_iovlen = 1,
                                .msg_control = &control,
                                .msg_controllen = sizeof control };
      ssize_t size = recvmsg (self->socket, &message, 0);

      if (size < 0)
        return;
      self->n_got++;
      self->n_bytes_got += (gsize) size;
      if (func != NULL)
        {
          /* What told where it came in tells from where to answer. */
          if (get_header (&control)->cmsg_level == IPPROTO_IP)
            {
              struct in_pktinfo info;

              memcpy (&info, CMSG_DATA (get_header (&control)), sizeof info);
              info.ipi_spec_dst = info.ipi_addr;
              info.ipi_ifindex = 0;
              memcpy (CMSG_DATA (get_header (&control)), &info, sizeof info);
            }
          func (self, &control, data, (gsize) size);
        }
    }
}

/* How many are to be sent by now. */
static guint64
get_due (gint64 begin, guint rate)
{
  return (guint64) (g_get_monotonic_time () - begin) * rate / G_TIME_SPAN_SECOND;
}

typedef void (*SendFunc) (Attacker *self, guint64 number);

static void
run (Attacker *self, guint rate, gint64 time, SendFunc send, AnswerFunc answer)
{
  gint64 begin = g_get_monotonic_time ();
  guint64 number = 0;

  while (g_get_monotonic_time () < begin + time)
    {
      guint64 due = rate > 0 ? get_due (begin, rate) : number + BATCH;

      for (; number < due; number++)
        send (self, number);
      take_answers (self, answer);
      if (rate > 0)
        g_usleep (500);
    }
  report (self);
  close (self->socket);
}

static void
send_enter (Attacker *self, guint64 number)
{
  g_autofree char *request = g_strdup_printf ("L x%" G_GUINT64_FORMAT, number);
  /* As far apart as a network of 24 bits lets them. */
  const Control control = from_ipv4 ((guint32) (number * 40503));

  send_from (self, &control, request, strlen (request));
}

static void
run_invented (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_enter, NULL);
}

/* One host that asks from each of its ports once, and hears what comes. */
static void
run_ports (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;
  g_autofree int *sockets = g_new (int, N_PORTS);
  gint64 begin = g_get_monotonic_time ();
  guint8 data[DATAGRAM_SIZE];
  guint n = 0;

  attacker_init (&attacker, AF_INET, port);
  while (g_get_monotonic_time () < begin + time)
    {
      for (; n < N_PORTS && n < get_due (begin, rate); n++)
        {
          g_autofree char *request = g_strdup_printf ("L p%u", n);

          sockets[n] = open_socket (AF_INET, "10.9.9.9", 0);
          if (sendto (sockets[n], request, strlen (request), 0, (gpointer) &attacker.server,
                      attacker.server_size)
              > 0)
            {
              attacker.n_sent++;
              attacker.n_bytes_sent += strlen (request);
            }
        }
      for (guint i = 0; i < n; i++)
        {
          ssize_t size;

          while ((size = recv (sockets[i], data, sizeof data, 0)) >= 0)
            {
              attacker.n_got++;
              attacker.n_bytes_got += (gsize) size;
            }
        }
      g_usleep (1000);
    }
  report (&attacker);
}

static void
send_victim (Attacker *self, guint64 number)
{
  const Control control = from_ipv4 (0x080808);

  send_from (self, &control, "L victim", 8);
}

static void
run_forged (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_victim, NULL);
}

static void
send_talk (Attacker *self, guint64 number)
{
  guint who = (guint) (number % 10);
  const Control control = from_ipv4 (0x010100 + who);
  g_autofree char *request
      = number < 10
            ? g_strdup_printf ("L t%u", who)
            : g_strdup_printf ("C t%u and then some sixty characters of what they say", who);

  send_from (self, &control, request, strlen (request));
}

static void
run_talkers (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_talk, NULL);
}

/* A request that GnuTLS takes up: ECDHE-ECDSA with AES, secp256r1 and its signatures, and the
 * extended master secret. */
static gsize
write_hello (guint8 *to, const guint8 *random, const guint8 *cookie, guint8 cookie_size)
{
  static const guint8 extensions[]
      = { 0, 20, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3, 0, 23, 0, 0 };
  static const guint8 suites[] = { 0, 2, 0xc0, 0x2b, 1, 0 };
  guint8 *body = to + RECORD_HEADER + MESSAGE_HEADER;
  guint8 number = cookie_size > 0;
  gsize size = 0;

  body[size++] = 0xfe;
  body[size++] = 0xfd;
  memcpy (body + size, random, 32);
  size += 32;
  body[size++] = 0;
  body[size++] = cookie_size;
  if (cookie_size > 0)
    memcpy (body + size, cookie, cookie_size);
  size += cookie_size;
  memcpy (body + size, suites, sizeof suites);
  size += sizeof suites;
  memcpy (body + size, extensions, sizeof extensions);
  size += sizeof extensions;

  memset (to, 0, RECORD_HEADER + MESSAGE_HEADER);
  to[0] = 22;
  to[1] = 0xfe;
  to[2] = 0xff;
  to[10] = number;
  to[11] = (guint8) ((size + MESSAGE_HEADER) >> 8);
  to[12] = (guint8) (size + MESSAGE_HEADER);
  to[13] = 1;
  to[15] = (guint8) (size >> 8);
  to[16] = (guint8) size;
  to[18] = number;
  to[23] = (guint8) (size >> 8);
  to[24] = (guint8) size;

  return RECORD_HEADER + MESSAGE_HEADER + size;
}

/* The same for all, so that the answer need not tell which it was. */
static const guint8 *const client_random = (const guint8 *) "half-open handshakes without end";

static void
send_hello (Attacker *self, const Control *from)
{
  guint8 hello[DATAGRAM_SIZE];

  send_from (self, from, hello, write_hello (hello, client_random, NULL, 0));
}

/* Sends the cookie back, and nothing after that. */
static void
answer_hello (Attacker *self, const Control *to, const guint8 *data, gsize size)
{
  guint8 hello[DATAGRAM_SIZE];

  if (size <= COOKIE_OFFSET || data[RECORD_HEADER] != HELLO_VERIFY_REQUEST
      || size < COOKIE_OFFSET + 1U + data[COOKIE_OFFSET])
    {
      self->n_hellos += size > RECORD_HEADER && data[RECORD_HEADER] == 2;
      return;
    }

  send_from (self, to, hello,
             write_hello (hello, client_random, data + COOKIE_OFFSET + 1, data[COOKIE_OFFSET]));
}

static void
send_half_256 (Attacker *self, guint64 number)
{
  /* Each time another address of one of 256 networks. */
  const Control from = from_ipv4 ((guint32) ((number % 256) << 8 | (number >> 8) % 250));

  send_hello (self, &from);
}

static void
run_half_open (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_half_256, answer_hello);
}

static void
send_half_131072 (Attacker *self, guint64 number)
{
  const Control from = from_ipv6 ((guint32) (number % 131072));

  send_hello (self, &from);
}

static void
run_half_open_ipv6 (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET6, port);
  run (&attacker, rate, time, send_half_131072, answer_hello);
}

static void
send_hello_anywhere (Attacker *self, guint64 number)
{
  const Control from = from_ipv4 ((guint32) (number * 40503));

  send_hello (self, &from);
}

static void
run_hellos (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_hello_anywhere, NULL);
}

static void
send_route (Attacker *self, guint64 number)
{
  guint8 data[100] = { 0xc1 };
  const Control from = from_ipv4 ((guint32) number);

  memcpy (data + 1, &number, sizeof number);
  memcpy (data + 9, "\x17\xfe\xfd\0\1\0\0\0\0\0\1\0\x4e", 13);
  send_from (self, &from, data, sizeof data);
}

static void
run_routes (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_route, NULL);
}

static void
send_garbage (Attacker *self, guint64 number)
{
  guint32 data[25];
  const Control from = from_ipv4 ((guint32) number);

  for (guint i = 0; i < G_N_ELEMENTS (data); i++)
    data[i] = g_random_int ();
  send_from (self, &from, data, sizeof data);
}

static void
run_garbage (guint16 port, guint rate, gint64 time)
{
  Attacker attacker;

  attacker_init (&attacker, AF_INET, port);
  run (&attacker, rate, time, send_garbage, NULL);
}

static void
run_nothing (guint16 port, guint rate, gint64 time)
{
  g_usleep ((gulong) time);
  g_print ("-\n");
}

const Attack attacks[] = {
  { "quiet", "nothing", 0, run_nothing, NULL },
  { "invented", "classic L from invented local addresses", 2000, run_invented, NULL },
  { "ports", "classic L from 4,200 ports of one host", 2000, run_ports, NULL },
  { "forged", "classic L with a stranger's address", 1, run_forged, NULL },
  { "talkers", "ten classic members that talk", 2000, run_talkers, NULL },
  { "half-open", "half-open handshakes, 256 networks", 2000, run_half_open, NULL },
  { "half-open-ipv6", "half-open handshakes, 131,072 networks", 5000, run_half_open_ipv6, NULL },
  { "hellos", "ClientHellos without a cookie", 0, run_hellos, NULL },
  { "routes", "random routes", 0, run_routes, NULL },
  { "garbage", "garbage", 0, run_garbage, NULL },
  { "pull", "PULL in a loop, 30 keys of one address", 0, attack_pull, NULL },
  { "say", "SAY, 60 keys of one address", 0, attack_say, NULL },
};
const guint n_attacks = G_N_ELEMENTS (attacks);
