/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-datagram.h"
#include "tea-dtls-cookies.h"
#include "tea-dtls-sealer.h"
#include "tea-dtls-session.h"
#include "tea-ticket-key.h"

#define EPOCH (G_GUINT64_CONSTANT (1) << 48)
#define NUMBER_MAX (EPOCH - 1)

static char *
to_hex (const guint8 *data, gsize size)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (hex, "%02x", data[i]);

  return g_string_free (g_steal_pointer (&hex), FALSE);
}

static TeaDtlsSealer *
sealer_new (gnutls_cipher_algorithm_t algorithm, guint64 number)
{
  gboolean is_aes = algorithm == GNUTLS_CIPHER_AES_128_GCM;
  guint8 key_bytes[32];
  guint8 iv_bytes[12];
  const gnutls_datum_t key = { key_bytes, is_aes ? 16 : 32 };
  const gnutls_datum_t iv = { iv_bytes, is_aes ? 4 : 12 };

  for (guint i = 0; i < sizeof key_bytes; i++)
    key_bytes[i] = (guint8) i;
  for (guint i = 0; i < sizeof iv_bytes; i++)
    iv_bytes[i] = (guint8) (0xa0 + i);

  return tea_dtls_sealer_new_from_state (algorithm, &key, &iv, number);
}

/* The records were made with OpenSSL. */
static void
test_vectors (void)
{
  static const struct
  {
    gnutls_cipher_algorithm_t algorithm;
    guint64 number;
    const char *packet;
    const char *record;
  } vectors[] = {
    { GNUTLS_CIPHER_AES_128_GCM, EPOCH, "tea",
      "17fefd0001000000000000001b0001000000000000e53268ebb6a505b4a45806e1bf9c62cb1bdba8" },
    { GNUTLS_CIPHER_AES_128_GCM, EPOCH + 258, "",
      "17fefd0001000000000102001800010000000001020778e34c9158e509a0f99f82be8f2e4c" },
    { GNUTLS_CIPHER_AES_128_GCM, EPOCH + NUMBER_MAX - 1, "leaves",
      "17fefd0001fffffffffffe001e0001fffffffffffec0080fd75941b627014abe08a8882c56f3cd23ac5fef" },
    { GNUTLS_CIPHER_CHACHA20_POLY1305, EPOCH, "tea",
      "17fefd0001000000000000001327b3a7208fa0a18d07d274b695a21ccbfaa79c" },
    { GNUTLS_CIPHER_CHACHA20_POLY1305, EPOCH + 258, "",
      "17fefd000100000000010200106543bf54441f4a466df26b8e64e42c70" },
    { GNUTLS_CIPHER_CHACHA20_POLY1305, EPOCH + NUMBER_MAX - 1, "leaves",
      "17fefd0001fffffffffffe0016d5c8c73daf43ac4a19655d5fcb7487980a86bc453faa" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaDtlsSealer) sealer = sealer_new (vectors[i].algorithm, vectors[i].number);
      const char *packet = vectors[i].packet;
      guint8 record[16 + TEA_DTLS_SEALER_OVERHEAD];
      gsize size = tea_dtls_sealer_seal (sealer, (const guint8 *) packet, strlen (packet), record);
      g_autofree char *hex = to_hex (record, size);

      g_assert_cmpstr (hex, ==, vectors[i].record);
    }
}

/* After the last number there is none, for the first belongs to another epoch. */
static void
test_last_number (void)
{
  g_autoptr (TeaDtlsSealer) sealer = sealer_new (GNUTLS_CIPHER_AES_128_GCM, EPOCH + NUMBER_MAX - 1);
  const guint8 packet[] = { 1 };
  guint8 record[1 + TEA_DTLS_SEALER_OVERHEAD];

  g_assert_cmpuint (tea_dtls_sealer_seal (sealer, packet, 1, record), >, 0);
  g_assert_cmpuint (tea_dtls_sealer_seal (sealer, packet, 1, record), ==, 0);
}

static void
test_odd_state (void)
{
  guint8 bytes[32] = { 0 };
  const gnutls_datum_t key = { bytes, 16 };
  const gnutls_datum_t odd_iv = { bytes, 8 };

  g_assert_null (tea_dtls_sealer_new_from_state (GNUTLS_CIPHER_AES_128_GCM, &key, &odd_iv, EPOCH));
}

/* Two sides, and a network between them that loses, repeats and reorders. */
typedef struct _Side Side;

struct _Side
{
  TeaDtlsSession *session; /* (owned) */
  Side *other;
  GRand *random;
  GPtrArray *sent;      /* (element-type GBytes): all datagrams */
  GPtrArray *on_way;    /* (element-type GBytes): to the other */
  GHashTable *records;  /* (element-type utf8 GBytes): by epoch and number */
  GHashTable *received; /* (element-type utf8): what the other side's packets said */
  guint n_said;
};

static void
note_records (Side *self, const guint8 *data, gsize size)
{
  gsize record_size;

  while ((record_size = tea_datagram_get_record_size (data, size)) > 0)
    {
      g_autofree char *number = to_hex (data + 3, 8);
      g_autoptr (GBytes) record = g_bytes_new (data, record_size);

      if (data[4] != 0 || data[3] != 0)
        g_assert_true (g_hash_table_insert (self->records, g_steal_pointer (&number),
                                            g_steal_pointer (&record)));
      data += record_size;
      size -= record_size;
    }
}

static void
send_cb (GBytes *datagram, gpointer user_data)
{
  Side *self = user_data;
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  gsize skipped = data[0] == TEA_DATAGRAM_ROUTE_MARK ? TEA_DATAGRAM_ROUTE_SIZE : 0;
  g_autoptr (GBytes) records = g_bytes_new_from_bytes (datagram, skipped, size - skipped);

  note_records (self, data + skipped, size - skipped);
  g_ptr_array_add (self->sent, g_bytes_ref (records));
  g_ptr_array_add (self->on_way, g_steal_pointer (&records));
}

static void
side_init (Side *self, Side *other, GRand *random)
{
  self->other = other;
  self->random = random;
  self->sent = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->on_way = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->records
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->received = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
side_clear (Side *self)
{
  tea_dtls_session_free (self->session);
  g_ptr_array_unref (self->sent);
  g_ptr_array_unref (self->on_way);
  g_hash_table_unref (self->records);
  g_hash_table_unref (self->received);
}

/* No packet comes twice, whatever was sent meanwhile. */
static void
side_receive (Side *self, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  gboolean newest;
  GBytes *packet;

  tea_dtls_session_receive (self->session, data, size);
  while ((packet = tea_dtls_session_read (self->session, &newest)) != NULL)
    {
      char *text = g_strndup (g_bytes_get_data (packet, NULL), g_bytes_get_size (packet));

      g_assert_true (g_hash_table_add (self->received, text));
      g_bytes_unref (packet);
    }
}

static void
side_say (Side *self)
{
  g_autofree char *text = g_strdup_printf ("%u", self->n_said++);
  g_autoptr (GBytes) packet = g_bytes_new (text, strlen (text));

  tea_dtls_session_send (self->session, packet);
}

static void
side_step (Side *self)
{
  GPtrArray *on_way = self->on_way;
  guint what = (guint) g_rand_int_range (self->random, 0, 8);

  if (what < 2)
    {
      side_say (self);
    }
  else if (what == 2 && self->sent->len > 0)
    {
      guint i = (guint) g_rand_int_range (self->random, 0, (gint32) self->sent->len);

      side_receive (self->other, g_ptr_array_index (self->sent, i));
    }
  else if (on_way->len > 0)
    {
      guint i = (guint) g_rand_int_range (self->random, 0, (gint32) MIN (on_way->len, 3));
      g_autoptr (GBytes) datagram = g_ptr_array_steal_index (on_way, i);

      if (what > 3)
        side_receive (self->other, datagram);
    }
}

/* The client's first two messages, one without a cookie and one with, are not lost. */
static TeaDtlsSession *
shake_hands (Side *server, Side *client, TeaIdentity *identity, GBytes *ticket_key, TeaClock *clock)
{
  g_autoptr (TeaDtlsCookies) cookies = tea_dtls_cookies_new (clock);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 1);
  GInetSocketAddress *from = G_INET_SOCKET_ADDRESS (address);
  gnutls_dtls_prestate_st prestate;
  g_autoptr (GBytes) hello = NULL;
  g_autoptr (GBytes) answer = NULL;
  gsize size;
  const guint8 *data;

  tea_dtls_session_start (client->session);
  hello = g_ptr_array_steal_index (client->on_way, 0);
  answer = tea_dtls_cookies_bake (cookies, from, hello);
  data = g_bytes_get_data (answer, &size);
  tea_dtls_session_receive (client->session, data, size);
  g_assert_true (
      tea_dtls_cookies_check (cookies, from, g_ptr_array_index (client->on_way, 0), &prestate));

  return tea_dtls_session_new_server (identity, ticket_key, &prestate, clock, send_cb, server);
}

/* GnuTLS sends as well: what it repeats of the handshake, and the goodbye. */
static void
test_numbers (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaTicketKey) ticket_key = tea_ticket_key_new (identity, clock);
  guint n_open = 0;

  for (guint seed = 0; seed < 30; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      Side client = { 0 };
      Side server = { 0 };

      side_init (&client, &server, random);
      side_init (&server, &client, random);
      client.session = tea_dtls_session_new_client (identity, NULL, clock, send_cb, &client);
      server.session
          = shake_hands (&server, &client, identity, tea_ticket_key_get_bytes (ticket_key), clock);
      for (guint i = 0; i < 600; i++)
        {
          side_step (i % 2 == 0 ? &client : &server);
          if (client.on_way->len == 0 && server.on_way->len == 0)
            tea_clock_advance (clock, 300 * G_TIME_SPAN_MILLISECOND);
        }

      if (g_hash_table_size (client.received) > 0 && g_hash_table_size (server.received) > 0)
        n_open++;
      tea_dtls_session_close (server.session);
      tea_dtls_session_close (client.session);
      side_clear (&client);
      side_clear (&server);
    }

  g_assert_cmpuint (n_open, >, 20);
}

static void
deliver_all (Side *self)
{
  while (self->on_way->len > 0)
    {
      g_autoptr (GBytes) datagram = g_ptr_array_steal_index (self->on_way, 0);

      side_receive (self->other, datagram);
    }
}

/* The server is open and has said something when the client repeats its last message, as the
 * server's got lost. GnuTLS goes by the time of the day. */
static void
test_repeated_handshake (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new ();
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (TeaTicketKey) ticket_key = tea_ticket_key_new (identity, clock);
  Side client = { 0 };
  Side server = { 0 };

  side_init (&client, &server, NULL);
  side_init (&server, &client, NULL);
  client.session = tea_dtls_session_new_client (identity, NULL, clock, send_cb, &client);
  server.session
      = shake_hands (&server, &client, identity, tea_ticket_key_get_bytes (ticket_key), clock);

  deliver_all (&client);
  deliver_all (&server);
  deliver_all (&client);
  g_assert_cmpint (tea_dtls_session_get_state (server.session), ==, TEA_DTLS_OPEN);
  for (guint i = 0; i < 3; i++)
    side_say (&server);
  g_ptr_array_set_size (server.on_way, 0);

  while (tea_dtls_session_get_state (client.session) != TEA_DTLS_OPEN)
    {
      g_main_context_iteration (NULL, TRUE);
      deliver_all (&client);
      deliver_all (&server);
    }
  side_say (&server);
  side_say (&client);
  deliver_all (&client);
  deliver_all (&server);
  g_assert_cmpuint (g_hash_table_size (client.received), ==, 1);
  g_assert_cmpuint (g_hash_table_size (server.received), ==, 1);

  side_clear (&client);
  side_clear (&server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dtls-sealer/vectors", test_vectors);
  g_test_add_func ("/dtls-sealer/last-number", test_last_number);
  g_test_add_func ("/dtls-sealer/odd-state", test_odd_state);
  g_test_add_func ("/dtls-sealer/numbers", test_numbers);
  g_test_add_func ("/dtls-sealer/repeated-handshake", test_repeated_handshake);

  return g_test_run ();
}
