/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-sources.h"

#include "tea-inet-address.h"
#include "tea-token-bucket.h"

/* What a source may cost: a full handshake takes half a millisecond, so a twentieth of the
 * machine's time, and a quarter of a second at once. A school behind one address that comes
 * back after a restart is in at once where its tickets are good, and else after a few
 * seconds; whoever has to wait asks again by itself. */
#define PER_SECOND 100
#define BURST 500
#define FULL_COST 1.0
#define RESUMED_COST 0.5

/* After so long without a client a source has its whole ration again. */
#define FORGET_AFTER (BURST / PER_SECOND * G_TIME_SPAN_SECOND)
#define MAX_IDLE 4096

struct _TeaDtlsSources
{
  TeaClock *clock; /* (owned) */
  guint max_sessions;
  guint max_handshakes;

  GHashTable *by_network; /* (element-type utf8 TeaDtlsSource) */
  GQueue idle;            /* (element-type TeaDtlsSource): without clients, the longest first */
};

struct _TeaDtlsSource
{
  char *network;
  gboolean is_exempt;
  TeaTokenBucket bucket;
  guint n_handshakes;
  guint n_sessions;

  GList link; /* among the idle */
  gint64 idle_since;
};

static void
source_free (TeaDtlsSource *source)
{
  g_free (source->network);
  g_free (source);
}

/* Who is on this very machine can slow it down without us; and it may be somebody who
 * passes on what many others say. */
static gboolean
is_exempt (GInetSocketAddress *address)
{
  return g_inet_address_get_is_loopback (g_inet_socket_address_get_address (address));
}

static void
forget (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_queue_unlink (&self->idle, &source->link);
  g_hash_table_remove (self->by_network, source->network);
}

static void
forget_idle (TeaDtlsSources *self)
{
  gint64 limit = tea_clock_get_time (self->clock) - FORGET_AFTER;
  TeaDtlsSource *source;

  while ((source = g_queue_peek_head (&self->idle)) != NULL
         && (source->idle_since <= limit || g_queue_get_length (&self->idle) > MAX_IDLE))
    forget (self, source);
}

static void
note_left (TeaDtlsSources *self, TeaDtlsSource *source)
{
  if (source->n_handshakes + source->n_sessions > 0)
    return;

  source->idle_since = tea_clock_get_time (self->clock);
  g_queue_push_tail_link (&self->idle, &source->link);
  forget_idle (self);
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
  g_queue_init (&self->idle);
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
 * @source: (nullable): one of them, or %NULL for one that is not known
 *
 * Tells whether one more client of a source may begin a handshake now. Where not, it is
 * told nothing, and asks again.
 *
 * Returns: whether it may
 */
gboolean
tea_dtls_sources_may_begin (TeaDtlsSources *self, TeaDtlsSource *source)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (source == NULL || source->is_exempt)
    return TRUE;

  return source->n_sessions < self->max_sessions
         && tea_token_bucket_get_wait (&source->bucket, tea_clock_get_time (self->clock), FULL_COST)
                == 0;
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
  TeaDtlsSource *source;

  g_return_val_if_fail (self != NULL, NULL);

  forget_idle (self);

  source = tea_dtls_sources_lookup (self, address);
  if (source == NULL)
    {
      source = g_new0 (TeaDtlsSource, 1);
      source->network = tea_inet_address_to_network (g_inet_socket_address_get_address (address));
      source->is_exempt = is_exempt (address);
      source->link.data = source;
      tea_token_bucket_init (&source->bucket, PER_SECOND, BURST);
      g_hash_table_insert (self->by_network, source->network, source);
    }
  else if (source->n_handshakes + source->n_sessions == 0)
    {
      g_queue_unlink (&self->idle, &source->link);
    }

  source->n_handshakes++;

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
  TeaDtlsSource *source;

  g_return_if_fail (self != NULL);

  source = tea_dtls_sources_lookup (self, address);
  if (source != NULL)
    tea_token_bucket_charge (&source->bucket, tea_clock_get_time (self->clock),
                             resumed ? RESUMED_COST : FULL_COST);
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
