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
  guint max_handshakes;

  GHashTable *by_address; /* (element-type GInetSocketAddress TeaDtlsServerChannel) */
  GQueue by_age;          /* (element-type TeaDtlsServerChannel): the oldest first */
  TeaTimer *timer;        /* (owned) */
};

static void
deadline_cb (gpointer user_data)
{
  TeaDtlsHandshakes *self = user_data;
  gint64 now = tea_clock_get_time (self->clock);
  TeaDtlsServerChannel *channel;

  while ((channel = g_queue_peek_head (&self->by_age)) != NULL && channel->deadline <= now)
    tea_dtls_handshakes_drop (self, channel);
  if (channel != NULL)
    tea_timer_set_at (self->timer, channel->deadline);
}

/* Who takes longest is most likely to be somebody who only wants to fill the room, and most
 * of these come from the same place. */
static TeaDtlsServerChannel *
find_oldest (TeaDtlsHandshakes *self, TeaDtlsSource *source)
{
  TeaDtlsServerChannel *found = NULL;
  guint most = 0;

  for (GList *l = self->by_age.head; l != NULL; l = l->next)
    {
      TeaDtlsServerChannel *channel = l->data;
      guint n = tea_dtls_source_get_n_handshakes (channel->source);

      if (channel->source == source)
        return channel;

      if (source == NULL && n > most)
        {
          found = channel;
          most = n;
        }
    }

  return found;
}

/**
 * tea_dtls_handshakes_new:
 * @clock: by which to lose patience
 * @sources: (transfer none): where clients come from, which have to stay
 * @max_handshakes: how many there may be
 *
 * Returns: (transfer full): no handshakes yet
 */
TeaDtlsHandshakes *
tea_dtls_handshakes_new (TeaClock *clock, TeaDtlsSources *sources, guint max_handshakes)
{
  TeaDtlsHandshakes *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (sources != NULL, NULL);

  self = g_new0 (TeaDtlsHandshakes, 1);
  self->clock = g_object_ref (clock);
  self->sources = sources;
  self->max_handshakes = max_handshakes;
  self->by_address = g_hash_table_new_full (tea_inet_address_hash, tea_inet_address_equal,
                                            g_object_unref, g_object_unref);
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
  TeaDtlsServerChannel *channel;

  g_return_if_fail (self != NULL);

  while ((channel = g_queue_peek_head (&self->by_age)) != NULL)
    tea_dtls_handshakes_drop (self, channel);
  g_hash_table_unref (self->by_address);
  tea_timer_free (self->timer);
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
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->by_address, address);
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
  TeaDtlsServerChannel *other;
  gboolean is_crowded;

  g_return_val_if_fail (self != NULL, FALSE);

  source = tea_dtls_sources_lookup (self->sources, address);
  if (!tea_dtls_sources_may_begin (self->sources, source))
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

  tea_dtls_handshakes_drop (self, other);

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
  g_return_if_fail (self != NULL);
  g_return_if_fail (TEA_IS_DTLS_SERVER_CHANNEL (channel));

  channel->source = tea_dtls_sources_begin (self->sources, channel->address);
  channel->deadline = tea_clock_get_time (self->clock) + HANDSHAKE_LIMIT;
  g_hash_table_insert (self->by_address, g_object_ref (channel->address), g_object_ref (channel));
  g_queue_push_tail_link (&self->by_age, &channel->link);
  if (g_queue_get_length (&self->by_age) == 1)
    tea_timer_set_at (self->timer, channel->deadline);
}

/**
 * tea_dtls_handshakes_take:
 * @self: handshakes
 * @channel: a channel, which somebody else holds too
 *
 * Takes a handshake out; it goes on counting for its source.
 *
 * Returns: whether it was among them
 */
gboolean
tea_dtls_handshakes_take (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (g_hash_table_lookup (self->by_address, channel->address) != channel)
    return FALSE;

  g_queue_unlink (&self->by_age, &channel->link);
  g_hash_table_remove (self->by_address, channel->address);

  return TRUE;
}

/**
 * tea_dtls_handshakes_drop:
 * @self: handshakes
 * @channel: one of them
 *
 * Forgets a handshake, about which nothing is said any more.
 */
void
tea_dtls_handshakes_drop (TeaDtlsHandshakes *self, TeaDtlsServerChannel *channel)
{
  G_GNUC_UNUSED g_autoptr (TeaDtlsServerChannel) kept = g_object_ref (channel);

  g_return_if_fail (self != NULL);

  channel->listener = NULL;
  if (tea_dtls_handshakes_take (self, channel))
    tea_dtls_sources_drop (self->sources, g_steal_pointer (&channel->source));
}
