/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-dtls-handshakes.h"

#include "tea-inet-address.h"

#define HANDSHAKE_LIMIT (20 * G_TIME_SPAN_SECOND)

/* So long a handshake that goes well can take. In this time it does not have to go for
 * another from the same source: that one asks again, and both get in. */
#define PATIENCE G_TIME_SPAN_SECOND

struct _TeaDtlsHandshakes
{
  TeaClock *clock;         /* (owned) */
  TeaDtlsSources *sources; /* (unowned) */
  TeaDropCounter *drops;   /* (owned) */
  guint max_handshakes;

  GHashTable *by_address; /* (element-type GInetSocketAddress Handshake) */
  GQueue by_age;          /* (element-type Handshake): the oldest first */
  TeaTimer *timer;        /* (owned) */
};

typedef struct
{
  TeaDtlsServerChannel *channel; /* (owned) */
  TeaDtlsSource *source;         /* (unowned): where it came from */
  gint64 deadline;               /* when it is given up; µs */
  GList link;                    /* in the queue */
} Handshake;

static void
handshake_free (Handshake *handshake)
{
  g_object_unref (handshake->channel);
  g_free (handshake);
}

static Handshake *
find (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  Handshake *handshake
      = g_hash_table_lookup (self->by_address, tea_dtls_server_channel_get_address (channel));

  return handshake != NULL && handshake->channel == channel ? handshake : NULL;
}

static void
note_drop (TeaDtlsHandshakes *self, Handshake *handshake, TeaDrop drop)
{
  GInetSocketAddress *address = tea_dtls_server_channel_get_address (handshake->channel);

  tea_drop_counter_note_from (self->drops, drop, g_inet_socket_address_get_address (address));
}

static void
deadline_cb (gpointer user_data)
{
  TeaDtlsHandshakes *self = user_data;
  gint64 now = tea_clock_get_time (self->clock);
  Handshake *handshake;

  while ((handshake = g_queue_peek_head (&self->by_age)) != NULL && handshake->deadline <= now)
    {
      note_drop (self, handshake, TEA_DROP_HANDSHAKE_TIMEOUT);
      tea_dtls_handshakes_drop (self, handshake->channel);
    }
  if (handshake != NULL)
    tea_timer_set_at (self->timer, handshake->deadline);
}

/* Who takes longest is most likely to be somebody who only wants to fill the room, and most
 * of these come from the same place. */
static Handshake *
find_oldest (TeaDtlsHandshakes *self, TeaDtlsSource *source)
{
  Handshake *found = NULL;
  guint most = 0;

  for (GList *l = self->by_age.head; l != NULL; l = l->next)
    {
      Handshake *handshake = l->data;
      guint n = tea_dtls_source_get_n_handshakes (handshake->source);

      if (handshake->source == source)
        return handshake;

      if (source == NULL && n > most)
        {
          found = handshake;
          most = n;
        }
    }

  return found;
}

/**
 * tea_dtls_handshakes_new:
 * @clock: by which to lose patience
 * @sources: (transfer none): where clients come from, which have to stay
 * @drops: what counts those that come to nothing
 * @max_handshakes: how many there may be
 *
 * Returns: (transfer full): no handshakes yet
 */
TeaDtlsHandshakes *
tea_dtls_handshakes_new (TeaClock *clock,
                         TeaDtlsSources *sources,
                         TeaDropCounter *drops,
                         guint max_handshakes)
{
  TeaDtlsHandshakes *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (sources != NULL, NULL);

  self = g_new0 (TeaDtlsHandshakes, 1);
  self->clock = g_object_ref (clock);
  self->sources = sources;
  self->drops = g_object_ref (drops);
  self->max_handshakes = max_handshakes;
  self->by_address = g_hash_table_new_full (tea_inet_address_hash, tea_inet_address_equal,
                                            g_object_unref, (GDestroyNotify) handshake_free);
  g_queue_init (&self->by_age);
  self->timer = tea_timer_new (clock, deadline_cb, self);

  return self;
}

/**
 * tea_dtls_handshakes_free:
 * @self: (transfer full): handshakes
 *
 * Drops them all.
 */
void
tea_dtls_handshakes_free (TeaDtlsHandshakes *self)
{
  Handshake *handshake;

  g_return_if_fail (self != NULL);

  while ((handshake = g_queue_peek_head (&self->by_age)) != NULL)
    tea_dtls_handshakes_drop (self, handshake->channel);
  g_hash_table_unref (self->by_address);
  tea_timer_free (self->timer);
  g_object_unref (self->drops);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_dtls_handshakes_set_limit:
 * @self: handshakes
 * @max_handshakes: how many there may be
 *
 * Sets how much memory they may take.
 */
void
tea_dtls_handshakes_set_limit (TeaDtlsHandshakes *self, guint max_handshakes)
{
  g_return_if_fail (self != NULL);

  self->max_handshakes = max_handshakes;
}

/**
 * tea_dtls_handshakes_get_n:
 * @self: handshakes
 *
 * Returns: how many there are
 */
guint
tea_dtls_handshakes_get_n (TeaDtlsHandshakes *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_queue_get_length (&self->by_age);
}

/**
 * tea_dtls_handshakes_lookup:
 * @self: handshakes
 * @address: a normalized address
 *
 * Returns: (transfer none) (nullable): the one that an address has
 */
TeaDtlsServerChannel *
tea_dtls_handshakes_lookup (TeaDtlsHandshakes *self, GInetSocketAddress *address)
{
  Handshake *handshake;

  g_return_val_if_fail (self != NULL, NULL);

  handshake = g_hash_table_lookup (self->by_address, address);

  return handshake != NULL ? handshake->channel : NULL;
}

/**
 * tea_dtls_handshakes_make_room:
 * @self: handshakes
 * @address: the normalized address of somebody who wants to begin one, and has proved to
 *   be there
 *
 * Drops one handshake if that has to be for another: the one that the address had before,
 * or else the oldest of the source that has most.
 *
 * Returns: whether there is room; if not, they have to ask again
 */
gboolean
tea_dtls_handshakes_make_room (TeaDtlsHandshakes *self, GInetSocketAddress *address)
{
  TeaDtlsSource *source;
  Handshake *other;
  gboolean is_crowded;

  g_return_val_if_fail (self != NULL, FALSE);

  source = tea_dtls_sources_lookup (self->sources, address);
  if (!tea_dtls_sources_may_begin (self->sources, address))
    return FALSE;

  other = g_hash_table_lookup (self->by_address, address);
  if (other == NULL)
    {
      is_crowded = tea_dtls_sources_is_crowded (self->sources, source);
      if (!is_crowded && g_queue_get_length (&self->by_age) < self->max_handshakes)
        return TRUE;

      other = find_oldest (self, is_crowded ? source : NULL);
      if (other->source == source
          && other->deadline > tea_clock_get_time (self->clock) + HANDSHAKE_LIMIT - PATIENCE)
        return FALSE;
    }

  note_drop (self, other, TEA_DROP_HANDSHAKE_DISPLACED);
  tea_dtls_handshakes_drop (self, other->channel);

  return TRUE;
}

/**
 * tea_dtls_handshakes_add:
 * @self: handshakes
 * @channel: (transfer none): one more, for which there is room
 *
 * Keeps a handshake, until it is taken out or takes too long.
 */
void
tea_dtls_handshakes_add (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  GInetSocketAddress *address;
  Handshake *handshake;

  g_return_if_fail (self != NULL);
  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (channel));

  address = tea_dtls_server_channel_get_address (channel);
  handshake = g_new0 (Handshake, 1);
  handshake->channel = g_object_ref (channel);
  handshake->source = tea_dtls_sources_begin (self->sources, address);
  handshake->deadline = tea_clock_get_time (self->clock) + HANDSHAKE_LIMIT;
  handshake->link.data = handshake;
  g_hash_table_insert (self->by_address, g_object_ref (address), handshake);
  g_queue_push_tail_link (&self->by_age, &handshake->link);
  if (g_queue_get_length (&self->by_age) == 1)
    tea_timer_set_at (self->timer, handshake->deadline);
}

/**
 * tea_dtls_handshakes_take:
 * @self: handshakes
 * @channel: a channel, which somebody else holds too
 *
 * Takes a handshake out; it goes on counting for its source.
 *
 * Returns: (transfer none) (nullable): its source; %NULL if it was not among them
 */
TeaDtlsSource *
tea_dtls_handshakes_take (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  Handshake *handshake;
  TeaDtlsSource *source;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (channel), NULL);

  handshake = find (self, channel);
  if (handshake == NULL)
    return NULL;

  source = handshake->source;
  g_queue_unlink (&self->by_age, &handshake->link);
  g_hash_table_remove (self->by_address, tea_dtls_server_channel_get_address (channel));

  return source;
}

/**
 * tea_dtls_handshakes_drop:
 * @self: handshakes
 * @channel: a channel
 *
 * Forgets a handshake, about which nothing is said any more.
 *
 * Returns: whether it was among them
 */
gboolean
tea_dtls_handshakes_drop (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);
  TeaDtlsSource *source;

  g_return_val_if_fail (self != NULL, FALSE);

  source = tea_dtls_handshakes_take (self, channel);
  if (source == NULL)
    return FALSE;

  tea_dtls_server_channel_cut (channel);
  tea_dtls_sources_drop (self->sources, source);

  return TRUE;
}
