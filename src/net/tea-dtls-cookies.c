/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-cookies.h"

#include <string.h>

#include <gnutls/crypto.h>

#include "tea-datagram.h"

/* A cookie is good until the second change of the key after it was baked. */
#define KEY_LIFE (2 * G_TIME_SPAN_MINUTE)
#define KEY_SIZE 16

/* What a cookie is bound to: address, port, scope, and the very request. */
#define DATA_SIZE (16 + 2 + 4 + TEA_DATAGRAM_RANDOM_SIZE)

struct _TeaDtlsCookies
{
  TeaClock *clock; /* (owned) */

  guint8 keys[2][KEY_SIZE]; /* the current and the one before */
  gint64 key_made;
};

static void
make_key (guint8 *key)
{
  if (gnutls_rnd (GNUTLS_RND_KEY, key, KEY_SIZE) < 0)
    g_error ("There are no random numbers");
}

static void
renew_keys (TeaDtlsCookies *self)
{
  gint64 age = tea_clock_get_time (self->clock) - self->key_made;

  if (age < KEY_LIFE)
    return;

  memcpy (self->keys[1], self->keys[0], KEY_SIZE);
  make_key (self->keys[0]);
  if (age >= 2 * KEY_LIFE)
    make_key (self->keys[1]);
  self->key_made += age;
}

static void
write_data (GInetSocketAddress *address, GBytes *hello, guint8 *data)
{
  GInetAddress *inet = g_inet_socket_address_get_address (address);
  guint16 port = g_inet_socket_address_get_port (address);
  guint32 scope = 0;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (hello, &size);

  if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6)
    scope = g_inet_socket_address_get_scope_id (address);

  memset (data, 0, DATA_SIZE);
  memcpy (data, g_inet_address_to_bytes (inet), g_inet_address_get_native_size (inet));
  memcpy (data + 16, &port, sizeof port);
  memcpy (data + 18, &scope, sizeof scope);
  memcpy (data + 22, tea_datagram_get_client_random (bytes, size), TEA_DATAGRAM_RANDOM_SIZE);
}

static ssize_t
push_cb (gnutls_transport_ptr_t user_data, const void *data, size_t size)
{
  g_byte_array_append (user_data, data, (guint) size);

  return (ssize_t) size;
}

/**
 * tea_dtls_cookies_new:
 * @clock: by which to change the key
 *
 * Returns: (transfer full): cookies with a new key
 */
TeaDtlsCookies *
tea_dtls_cookies_new (TeaClock *clock)
{
  TeaDtlsCookies *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaDtlsCookies, 1);
  self->clock = g_object_ref (clock);
  self->key_made = tea_clock_get_time (clock);
  make_key (self->keys[0]);
  make_key (self->keys[1]);

  return self;
}

/**
 * tea_dtls_cookies_free:
 * @self: (transfer full): cookies
 *
 * Throws the key away: none of its cookies is good any more.
 */
void
tea_dtls_cookies_free (TeaDtlsCookies *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_dtls_cookies_check:
 * @self: cookies
 * @address: where a request came from, normalized
 * @hello: the request, which has what tea_datagram_get_client_random() looks for
 * @prestate: (out caller-allocates): what the session has to know of it
 *
 * Returns: whether the request has a good cookie
 */
gboolean
tea_dtls_cookies_check (TeaDtlsCookies *self,
                        GInetSocketAddress *address,
                        GBytes *hello,
                        gnutls_dtls_prestate_st *prestate)
{
  guint8 data[DATA_SIZE];
  gsize size;
  guint8 *bytes = (guint8 *) g_bytes_get_data (hello, &size);

  g_return_val_if_fail (self != NULL, FALSE);

  renew_keys (self);
  write_data (address, hello, data);
  for (guint i = 0; i < G_N_ELEMENTS (self->keys); i++)
    {
      gnutls_datum_t key = { self->keys[i], KEY_SIZE };

      *prestate = (gnutls_dtls_prestate_st){ 0 };
      if (gnutls_dtls_cookie_verify (&key, data, sizeof data, bytes, size, prestate) >= 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * tea_dtls_cookies_bake:
 * @self: cookies
 * @address: where a request came from, normalized
 * @hello: the request, which has what tea_datagram_get_client_random() looks for
 *
 * Returns: (transfer full): the answer to a request that has no good cookie: one that is
 *   good for it from that address
 */
GBytes *
tea_dtls_cookies_bake (TeaDtlsCookies *self, GInetSocketAddress *address, GBytes *hello)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 data[DATA_SIZE];
  gnutls_datum_t key;
  gnutls_dtls_prestate_st prestate = { 0 };

  g_return_val_if_fail (self != NULL, NULL);

  renew_keys (self);
  write_data (address, hello, data);
  key = (gnutls_datum_t){ self->keys[0], KEY_SIZE };
  gnutls_dtls_cookie_send (&key, data, sizeof data, &prestate, answer, push_cb);

  return g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}
