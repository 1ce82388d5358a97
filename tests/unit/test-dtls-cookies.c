/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-datagram.h"
#include "tea-dtls-cookies.h"
#include "tea-dtls-session.h"

static void
keep_cb (GBytes *datagram, gpointer user_data)
{
  g_ptr_array_add (user_data, g_bytes_ref (datagram));
}

static GInetSocketAddress *
make_address (const char *host, guint16 port, guint32 scope)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", address, "port", (guint) port,
                       "scope-id", scope, NULL);
}

/* What a client sends once it has got the cookie for its first request. */
static GBytes *
ask_twice (TeaDtlsCookies *cookies, GInetSocketAddress *address, TeaClock *clock)
{
  g_autoptr (TeaIdentity) identity = tea_identity_new_ephemeral ();
  g_autoptr (GPtrArray) hellos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (TeaDtlsSession) session
      = tea_dtls_session_new_client (identity, NULL, clock, keep_cb, hellos);
  g_autoptr (GBytes) answer = NULL;
  gnutls_dtls_prestate_st prestate;

  tea_dtls_session_start (session);
  g_assert_cmpuint (hellos->len, ==, 1);
  g_assert_false (tea_dtls_cookies_check (cookies, address, hellos->pdata[0], &prestate));

  answer = tea_dtls_cookies_bake (cookies, address, hellos->pdata[0]);
  tea_dtls_session_receive (session, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_assert_cmpuint (hellos->len, ==, 2);

  return g_bytes_ref (hellos->pdata[1]);
}

/* A cookie is good for where it was sent, and for nothing that differs in one thing. */
static void
test_bound (void)
{
  static const struct
  {
    const char *host;
    guint16 port;
    guint32 scope;
  } places[] = {
    { "192.0.2.1", 8000, 0 }, { "192.0.2.2", 8000, 0 }, { "192.0.2.1", 8001, 0 },
    { "fe80::1", 8000, 1 },   { "fe80::1", 8000, 2 },   { "fe80::2", 8000, 1 },
    { "fe80::1", 8001, 1 },
  };
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  TeaDtlsCookies *cookies = tea_dtls_cookies_new (clock);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GInetSocketAddress) address
          = make_address (places[i].host, places[i].port, places[i].scope);
      g_autoptr (GBytes) hello = ask_twice (cookies, address, clock);

      for (gsize j = 0; j < G_N_ELEMENTS (places); j++)
        {
          g_autoptr (GInetSocketAddress) other
              = make_address (places[j].host, places[j].port, places[j].scope);
          gnutls_dtls_prestate_st prestate;

          g_test_message ("vectors %zu and %zu", i, j);
          g_assert_cmpint (tea_dtls_cookies_check (cookies, other, hello, &prestate), ==, i == j);
        }
    }

  tea_dtls_cookies_free (cookies);
}

/* The random bytes of the request are those that the cookie was asked for with. */
static void
test_other_request (void)
{
  g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
  TeaDtlsCookies *cookies = tea_dtls_cookies_new (clock);
  g_autoptr (GInetSocketAddress) address = make_address ("192.0.2.1", 8000, 0);
  g_autoptr (GBytes) hello = ask_twice (cookies, address, clock);
  gsize size;
  const guint8 *data = g_bytes_get_data (hello, &size);
  gsize start = (gsize) (tea_datagram_get_client_random (data, size) - data);

  for (gsize i = 0; i < TEA_DATAGRAM_RANDOM_SIZE; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (data, size);
      g_autoptr (GBytes) other = NULL;
      gnutls_dtls_prestate_st prestate;

      changed[start + i] ^= 1;
      other = g_bytes_new (changed, size);
      g_assert_false (tea_dtls_cookies_check (cookies, address, other, &prestate));
    }

  tea_dtls_cookies_free (cookies);
}

/* A key serves for two minutes, and for two more what it has made is good. */
static void
test_age (void)
{
  static const struct
  {
    gint64 made; /* seconds after the first key */
    gint64 shown;
    gboolean good;
  } vectors[] = {
    { 0, 0, TRUE },     { 0, 119, TRUE },    { 0, 239, TRUE },    { 0, 240, FALSE },
    { 0, 3600, FALSE }, { 119, 239, TRUE },  { 119, 240, FALSE }, { 121, 240, TRUE },
    { 121, 360, TRUE }, { 121, 361, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (TeaClock) clock = tea_clock_new_manual (0);
      TeaDtlsCookies *cookies = tea_dtls_cookies_new (clock);
      g_autoptr (GInetSocketAddress) address = make_address ("192.0.2.1", 8000, 0);
      g_autoptr (GBytes) hello = NULL;
      gint64 start = tea_clock_get_time (clock);
      gnutls_dtls_prestate_st prestate;

      g_test_message ("vector %zu", i);
      tea_clock_advance (clock, start + vectors[i].made * G_TIME_SPAN_SECOND);
      hello = ask_twice (cookies, address, clock);
      tea_clock_advance (clock, start + vectors[i].shown * G_TIME_SPAN_SECOND);
      g_assert_cmpint (tea_dtls_cookies_check (cookies, address, hello, &prestate), ==,
                       vectors[i].good);
      tea_dtls_cookies_free (cookies);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dtls-cookies/bound", test_bound);
  g_test_add_func ("/dtls-cookies/other-request", test_other_request);
  g_test_add_func ("/dtls-cookies/age", test_age);

  return g_test_run ();
}
