/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-hints.h"

#include "tea-datagram.h"
#include "tea-token-bucket.h"

/* Enough for a large room that is back: whoever gets none finds out by the silence. */
#define PER_SECOND 500
#define BURST 1000

struct _TeaDtlsHints
{
  TeaEndpoint *endpoint; /* (owned) */
  TeaClock *clock;       /* (owned) */
  TeaTokenBucket bucket;
};

/**
 * tea_dtls_hints_new:
 * @endpoint: the server's socket
 * @clock: by which clock
 *
 * Returns: (transfer full): what gives hints
 */
TeaDtlsHints *
tea_dtls_hints_new (TeaEndpoint *endpoint, TeaClock *clock)
{
  TeaDtlsHints *self;

  g_return_val_if_fail (TEA_IS_ENDPOINT (endpoint), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaDtlsHints, 1);
  self->endpoint = g_object_ref (endpoint);
  self->clock = g_object_ref (clock);
  tea_token_bucket_init (&self->bucket, PER_SECOND, BURST);

  return self;
}

/**
 * tea_dtls_hints_free:
 * @self: (transfer full): what gives hints
 *
 * Frees it.
 */
void
tea_dtls_hints_free (TeaDtlsHints *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->endpoint);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_dtls_hints_may_give:
 * @self: what gives hints
 *
 * Returns: whether tea_dtls_hints_give() would tell anybody anything now
 */
gboolean
tea_dtls_hints_may_give (TeaDtlsHints *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_token_bucket_get_wait (&self->bucket, tea_clock_get_time (self->clock), 1) == 0;
}

/**
 * tea_dtls_hints_give:
 * @self: what gives hints
 * @address: where a datagram with a route and records came from
 * @route: which session it named
 *
 * Tells whoever is there that the session is not known here, unless too many were told
 * something of the kind just now.
 */
void
tea_dtls_hints_give (TeaDtlsHints *self, GInetSocketAddress *address, guint64 route)
{
  guint8 data[TEA_DATAGRAM_HINT_SIZE];
  g_autoptr (GBytes) hint = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));

  if (!tea_token_bucket_take (&self->bucket, tea_clock_get_time (self->clock), 1))
    return;

  tea_datagram_write_hint (route, data);
  hint = g_bytes_new (data, sizeof data);
  tea_endpoint_send (self->endpoint, address, hint);
}
