/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-sources.h"

#include "tea-inet-address.h"
#include "tea-network-places.h"
#include "tea-network-ration.h"
#include "tea-pace.h"
#include "tea-token-bucket.h"

/* A full handshake takes a third of a millisecond, so an address may have a thirtieth of the
 * machine's time, and a sixth of a second at once, and all together four times that. A school
 * behind one address that comes back after a restart is in at once where its tickets are good,
 * and else after a few seconds; whoever has to wait asks again by itself. */
#define ADDRESS_PART 4
#define NETWORK_PART 2
#define ADDRESS_BURST 5
#define NETWORK_BURST 5
#define BURST 3
#define FULL_COST 1.0
#define RESUMED_COST 0.5

/* So many packets a second from one place are a house full of people; who sends more waits for
 * others. */
#define PACKETS_PER_SECOND 2000
#define PACKETS_AT_ONCE 8000

/* The last of what there is for all, in seconds' worth, is for networks that have nothing
 * unfinished: so somebody new gets in while others begin what they never end. */
#define RESERVE 1

struct _TeaDtlsSources
{
  TeaClock *clock; /* (owned) */
  guint max_sessions;
  guint max_handshakes;

  double per_second;
  TeaTokenBucket all;
  TeaNetworkRation *ration;     /* (owned): of handshakes */
  TeaNetworkPlaces *unfinished; /* (owned) */
  GHashTable *by_network;       /* (element-type utf8 TeaDtlsSource): who has any */
};

struct _TeaDtlsSource
{
  char *network;
  GInetAddress *address; /* (owned): one of it */
  gboolean is_exempt;
  guint n_handshakes;
  guint n_sessions;
  TeaPace pace; /* of packets */
};

static void
source_free (TeaDtlsSource *source)
{
  g_free (source->network);
  g_object_unref (source->address);
  g_free (source);
}

/* Who is on this very machine can slow it down without us; and it may be somebody who
 * passes on what many others say. */
static gboolean
is_exempt (GInetAddress *address)
{
  return g_inet_address_get_is_loopback (address);
}

static void
note_left (TeaDtlsSources *self, TeaDtlsSource *source)
{
  if (source->n_handshakes + source->n_sessions == 0)
    g_hash_table_remove (self->by_network, source->network);
}

/**
 * tea_dtls_sources_new:
 * @clock: by which clock
 * @max_sessions: how many sessions a source may have
 * @max_handshakes: how many handshakes a source may have under way
 *
 * Returns: (transfer full): sources, none of which is known yet
 */
TeaDtlsSources *
tea_dtls_sources_new (TeaClock *clock, guint max_sessions, guint max_handshakes)
{
  TeaDtlsSources *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaDtlsSources, 1);
  self->clock = g_object_ref (clock);
  self->by_network
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) source_free);
  self->unfinished = tea_network_places_new (G_MAXUINT, G_MAXUINT, G_MAXUINT);
  tea_dtls_sources_set_rate (self, TEA_DTLS_SOURCES_PER_SECOND);
  tea_dtls_sources_set_limits (self, max_sessions, max_handshakes);

  return self;
}

/**
 * tea_dtls_sources_free:
 * @self: (transfer full): sources
 *
 * Forgets them all.
 */
void
tea_dtls_sources_free (TeaDtlsSources *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_network);
  tea_network_ration_free (self->ration);
  tea_network_places_free (self->unfinished);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_dtls_sources_set_limits:
 * @self: sources
 * @max_sessions: how many sessions a source may have
 * @max_handshakes: how many handshakes a source may have under way
 *
 * Sets how much of what is there for all one source may have.
 */
void
tea_dtls_sources_set_limits (TeaDtlsSources *self, guint max_sessions, guint max_handshakes)
{
  g_return_if_fail (self != NULL);

  self->max_sessions = max_sessions;
  self->max_handshakes = max_handshakes;
}

/**
 * tea_dtls_sources_set_rate:
 * @self: sources
 * @per_second: how many handshakes may begin in a second
 *
 * Sets how much time handshakes may take. Three seconds' worth may begin at once, half of them
 * in one network of 24 or 48 bits, a quarter from one source. Nothing is held against anybody
 * any more.
 */
void
tea_dtls_sources_set_rate (TeaDtlsSources *self, guint per_second)
{
  const double rate = per_second;
  const TeaNetworkRate address
      = { rate / ADDRESS_PART, MAX (rate / ADDRESS_PART * ADDRESS_BURST, 1) };
  const TeaNetworkRate network
      = { rate / NETWORK_PART, MAX (rate / NETWORK_PART * NETWORK_BURST, 1) };
  const TeaNetworkRate all = { rate, rate * NETWORK_BURST };

  g_return_if_fail (self != NULL);
  g_return_if_fail (per_second > 0);

  g_clear_pointer (&self->ration, tea_network_ration_free);
  self->ration = tea_network_ration_new (self->clock, &address, &network, &all);
  self->per_second = rate;
  tea_token_bucket_init (&self->all, rate, rate * BURST);
}

/**
 * tea_dtls_sources_lookup:
 * @self: sources
 * @address: the normalized address of a client
 *
 * Returns: (transfer none) (nullable): where the client comes from, if others have lately
 */
TeaDtlsSource *
tea_dtls_sources_lookup (TeaDtlsSources *self, GInetSocketAddress *address)
{
  g_autofree char *network = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  network = tea_inet_address_to_network (g_inet_socket_address_get_address (address));

  return g_hash_table_lookup (self->by_network, network);
}

/**
 * tea_dtls_sources_may_begin:
 * @self: sources
 * @address: the normalized address of a client
 *
 * Tells whether one more client may begin a handshake there now. Where not, it is told nothing,
 * and asks again.
 *
 * Returns: whether it may
 */
gboolean
tea_dtls_sources_may_begin (TeaDtlsSources *self, GInetSocketAddress *address)
{
  GInetAddress *inet;
  TeaDtlsSource *source;
  double reserve;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), FALSE);

  inet = g_inet_socket_address_get_address (address);
  if (is_exempt (inet))
    return TRUE;

  source = tea_dtls_sources_lookup (self, address);
  if (source != NULL && source->n_sessions >= self->max_sessions)
    return FALSE;

  reserve = tea_network_places_get_n_around (self->unfinished, inet) > 0
                ? self->per_second * RESERVE
                : 0;

  return tea_token_bucket_get_wait (&self->all, tea_clock_get_time (self->clock),
                                    FULL_COST + reserve)
             == 0
         && tea_network_ration_get_wait (self->ration, inet, FULL_COST) == 0;
}

/**
 * tea_dtls_sources_is_crowded:
 * @self: sources
 * @source: (nullable): one of them, or %NULL for one that is not known
 *
 * Returns: whether a source has all the handshakes that it may have
 */
gboolean
tea_dtls_sources_is_crowded (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return source != NULL && !source->is_exempt && source->n_handshakes >= self->max_handshakes;
}

/**
 * tea_dtls_sources_begin:
 * @self: sources
 * @address: the normalized address of a client, which it has proved to have
 *
 * Takes note of a handshake.
 *
 * Returns: (transfer none): where the client comes from; it is there until the handshake is
 *   dropped, or the session that came of it closed. That the client moves is nothing to it:
 *   else a source could be emptied into another and filled again.
 */
TeaDtlsSource *
tea_dtls_sources_begin (TeaDtlsSources *self, GInetSocketAddress *address)
{
  GInetAddress *inet;
  TeaDtlsSource *source;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  inet = g_inet_socket_address_get_address (address);
  source = tea_dtls_sources_lookup (self, address);
  if (source == NULL)
    {
      source = g_new0 (TeaDtlsSource, 1);
      source->network = tea_inet_address_to_network (inet);
      source->address = g_object_ref (inet);
      source->is_exempt = is_exempt (inet);
      tea_pace_init (&source->pace, PACKETS_PER_SECOND, PACKETS_AT_ONCE);
      g_hash_table_insert (self->by_network, source->network, source);
    }

  source->n_handshakes++;
  tea_network_places_take (self->unfinished, source->address);

  return source;
}

/**
 * tea_dtls_sources_charge:
 * @self: sources
 * @address: the normalized address of a client whose request was looked at
 * @resumed: whether it had a good ticket, which makes a handshake cheap
 *
 * Charges a source for a handshake.
 */
void
tea_dtls_sources_charge (TeaDtlsSources *self, GInetSocketAddress *address, gboolean resumed)
{
  GInetAddress *inet;
  double cost = resumed ? RESUMED_COST : FULL_COST;

  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_INET_SOCKET_ADDRESS (address));

  inet = g_inet_socket_address_get_address (address);
  if (is_exempt (inet))
    return;

  tea_token_bucket_charge (&self->all, tea_clock_get_time (self->clock), cost);
  tea_network_ration_charge (self->ration, inet, cost);
}

/**
 * tea_dtls_sources_open:
 * @self: sources
 * @source: where a handshake came from
 *
 * The handshake has become a session.
 */
void
tea_dtls_sources_open (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_if_fail (source != NULL && source->n_handshakes > 0);

  source->n_handshakes--;
  tea_network_places_give_back (self->unfinished, source->address);
  source->n_sessions++;
}

/**
 * tea_dtls_sources_drop:
 * @self: sources
 * @source: where a handshake came from
 *
 * The handshake has come to nothing.
 */
void
tea_dtls_sources_drop (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (source != NULL && source->n_handshakes > 0);

  source->n_handshakes--;
  tea_network_places_give_back (self->unfinished, source->address);
  note_left (self, source);
}

/**
 * tea_dtls_sources_close:
 * @self: sources
 * @source: where a session came from
 *
 * The session is over.
 */
void
tea_dtls_sources_close (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (source != NULL && source->n_sessions > 0);

  source->n_sessions--;
  note_left (self, source);
}

/**
 * tea_dtls_sources_is_quick:
 * @self: sources
 * @source: where a packet came from
 *
 * Takes note of a packet of a session.
 *
 * Returns: whether its source sends more than others should have to wait for
 */
gboolean
tea_dtls_sources_is_quick (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (source != NULL, FALSE);

  return tea_pace_is_quick (&source->pace, tea_clock_get_time (self->clock)) && !source->is_exempt;
}

/**
 * tea_dtls_source_get_n_handshakes:
 * @self: a source
 *
 * Returns: how many handshakes it has under way
 */
guint
tea_dtls_source_get_n_handshakes (TeaDtlsSource *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_handshakes;
}

/**
 * tea_dtls_sources_get_n:
 * @self: sources
 *
 * Returns: how many are known
 */
guint
tea_dtls_sources_get_n (TeaDtlsSources *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->by_network);
}
