/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-quota.h"

#include <gio/gio.h>

#include "tea-network-ration.h"

/* So many seconds' worth at once. */
#define MESSAGES_BURST 4
#define BYTES_BURST 16
/* As good as no limit. */
#define UNLIMITED 1e12

/* How often somebody may come into the room: everybody is told of it each time. */
#define ENTRIES_PER_SECOND 1
#define ENTRIES_BURST 100

/* More frames than any program needs. */
#define FRAMES_PER_SECOND 1000
#define FRAMES_PER_MESSAGE (1.0 * FRAMES_PER_SECOND / TEA_QUOTA_MESSAGES_PER_SECOND)
#define FRAMES_BURST 4

/* How often words are looked for. */
#define FINDS_PER_SECOND 1
#define FINDS_BURST 5

/* How much of the past. */
#define PULLED_PER_SECOND (4 * 1024 * 1024)
#define PULLED_BURST (1024 * 1024)

/* What an address may have, the network around it, and all: so many times as much as a key, for
 * keys are free. That is for a class behind one address, and a LAN party in all. */
#define ADDRESS_FACTOR 4
#define NETWORK_FACTOR 8
#define ALL_FACTOR 16
/* Of frames, and of the past at once, a thousand need more when they come back after a restart;
 * but the past for longer does not become more by asking for it with many keys. */
#define FRAMES_FACTOR 2
#define PULLED_FACTOR 0.5
#define PULLED_NETWORK_BURST (4.0 * 1024 * 1024)

/* Whoever goes and comes back does not begin anew: for as long as it takes until they might
 * have done nothing. So many are remembered who are not here. */
#define MEMORY ((ENTRIES_BURST / ENTRIES_PER_SECOND) * G_TIME_SPAN_SECOND)
#define MAX_ABSENT 4096

struct _TeaQuotas
{
  TeaClock *clock;       /* (owned) */
  TeaDropCounter *drops; /* (owned) (nullable): counts who wanted more than there was */
  double messages;       /* how many a second */
  double bytes;          /* the same */
  struct
  {
    TeaNetworkRation *messages; /* (owned) */
    TeaNetworkRation *bytes;    /* (owned) */
    TeaNetworkRation *frames;   /* (owned) */
    TeaNetworkRation *finds;    /* (owned) */
    TeaNetworkRation *pulled;   /* (owned) */
  } networks;
  GHashTable *quotas; /* (element-type utf8 TeaQuota) */
  GQueue absent;      /* (element-type TeaQuota): who went first is the first */
};

struct _TeaQuota
{
  TeaQuotas *quotas;     /* (unowned) */
  char *id;              /* (owned) */
  GInetAddress *address; /* (owned) (nullable): from where the latest session came */
  guint n_sessions;
  gint64 left; /* when the last session ended */
  GList link;  /* among the absent */

  TeaTokenBucket messages;
  TeaTokenBucket bytes;
  TeaTokenBucket entries;
  TeaTokenBucket frames;
  TeaTokenBucket finds;
  TeaTokenBucket pulled;
};

static void
quota_free (TeaQuota *quota)
{
  g_free (quota->id);
  g_clear_object (&quota->address);
  g_free (quota);
}

static TeaNetworkRation *
make_ration (TeaClock *clock, double per_second, double most)
{
  const TeaNetworkRate address = { per_second * ADDRESS_FACTOR, most * ADDRESS_FACTOR };
  const TeaNetworkRate network = { per_second * NETWORK_FACTOR, most * NETWORK_FACTOR };
  const TeaNetworkRate all = { per_second * ALL_FACTOR, most * ALL_FACTOR };

  return tea_network_ration_new (clock, &address, &network, &all);
}

static double
get_frames (TeaQuotas *self)
{
  return MAX (FRAMES_PER_SECOND, self->messages * FRAMES_PER_MESSAGE);
}

static void
clear_rations (TeaQuotas *self)
{
  g_clear_pointer (&self->networks.messages, tea_network_ration_free);
  g_clear_pointer (&self->networks.bytes, tea_network_ration_free);
  g_clear_pointer (&self->networks.frames, tea_network_ration_free);
  g_clear_pointer (&self->networks.finds, tea_network_ration_free);
  g_clear_pointer (&self->networks.pulled, tea_network_ration_free);
}

static void
make_rations (TeaQuotas *self)
{
  double frames = get_frames (self) * FRAMES_FACTOR;

  clear_rations (self);
  self->networks.messages
      = make_ration (self->clock, self->messages, self->messages * MESSAGES_BURST);
  self->networks.bytes = make_ration (self->clock, self->bytes, self->bytes * BYTES_BURST);
  self->networks.frames = make_ration (self->clock, frames, frames * FRAMES_BURST);
  self->networks.finds = make_ration (self->clock, FINDS_PER_SECOND, FINDS_BURST);
  self->networks.pulled
      = make_ration (self->clock, PULLED_PER_SECOND * PULLED_FACTOR, PULLED_NETWORK_BURST);
}

/* As much as somebody may say who has said nothing yet. */
static void
fill (TeaQuota *self)
{
  const TeaQuotas *all = self->quotas;
  double frames = get_frames (self->quotas);

  tea_token_bucket_init (&self->messages, all->messages, all->messages * MESSAGES_BURST);
  tea_token_bucket_init (&self->bytes, all->bytes, all->bytes * BYTES_BURST);
  tea_token_bucket_init (&self->frames, frames, frames * FRAMES_BURST);
}

static gint64
get_network_wait (TeaQuota *self, TeaNetworkRation *ration, double amount)
{
  return self->address != NULL ? tea_network_ration_get_wait (ration, self->address, amount) : 0;
}

static void
charge_network (TeaQuota *self, TeaNetworkRation *ration, double amount)
{
  if (self->address != NULL)
    tea_network_ration_charge (ration, self->address, amount);
}

/* Returns whether there was enough, and counts it where there was not. */
static gboolean
note (TeaQuota *self, TeaDrop limit, gboolean is_enough)
{
  if (!is_enough)
    tea_drop_counter_note_from (self->quotas->drops, limit, self->address);

  return is_enough;
}

static void
forget_absent (TeaQuotas *self)
{
  gint64 now = tea_clock_get_time (self->clock);
  TeaQuota *quota;

  while ((quota = g_queue_peek_head (&self->absent)) != NULL
         && (quota->left + MEMORY <= now || self->absent.length > MAX_ABSENT))
    {
      g_queue_unlink (&self->absent, &quota->link);
      g_hash_table_remove (self->quotas, quota->id);
    }
}

/**
 * tea_quotas_new: (skip)
 * @clock: by which clock there is more again
 *
 * Returns: (transfer full): the quotas of nobody yet
 */
TeaQuotas *
tea_quotas_new (TeaClock *clock)
{
  TeaQuotas *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaQuotas, 1);
  self->clock = g_object_ref (clock);
  self->quotas = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) quota_free);
  tea_quotas_set_ration (self, TEA_QUOTA_MESSAGES_PER_SECOND, TEA_QUOTA_BYTES_PER_SECOND);
  g_queue_init (&self->absent);

  return self;
}

/**
 * tea_quotas_set_ration: (skip)
 * @self: the quotas
 * @messages_per_second: how many messages; 0 for any number
 * @bytes_per_second: how many bytes; 0 for any number
 *
 * Sets how much everybody may say, and all of a network. Nothing is held against anybody any more.
 */
void
tea_quotas_set_ration (TeaQuotas *self, guint messages_per_second, guint bytes_per_second)
{
  GHashTableIter iter;
  TeaQuota *quota;

  g_return_if_fail (self != NULL);

  self->messages = messages_per_second > 0 ? messages_per_second : UNLIMITED;
  self->bytes = bytes_per_second > 0 ? bytes_per_second : UNLIMITED;
  make_rations (self);

  g_hash_table_iter_init (&iter, self->quotas);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &quota))
    fill (quota);
}

/**
 * tea_quotas_set_drops: (skip)
 * @self: the quotas
 * @drops: (nullable): what counts who wants more than there is
 *
 * Lets the limits be counted that are met.
 */
void
tea_quotas_set_drops (TeaQuotas *self, TeaDropCounter *drops)
{
  g_return_if_fail (self != NULL);

  g_set_object (&self->drops, drops);
}

/**
 * tea_quotas_free: (skip)
 * @self: (transfer full): quotas that nobody has any more
 *
 * Frees the quotas.
 */
void
tea_quotas_free (TeaQuotas *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->quotas);
  clear_rations (self);
  g_clear_object (&self->drops);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_quotas_take: (skip)
 * @self: the quotas
 * @id: whose
 * @address: (nullable): the IP address that they speak from, where that counts
 *
 * Counts a session of somebody. What they do counts for where their latest session came from,
 * too.
 *
 * Returns: (transfer none): what they may do, until tea_quotas_give_back()
 */
TeaQuota *
tea_quotas_take (TeaQuotas *self, const char *id, const char *address)
{
  g_autoptr (GInetAddress) inet = NULL;
  TeaQuota *quota;

  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  if (address != NULL)
    inet = g_inet_address_new_from_string (address);
  forget_absent (self);
  quota = g_hash_table_lookup (self->quotas, id);
  if (quota == NULL)
    {
      quota = g_new0 (TeaQuota, 1);
      quota->quotas = self;
      quota->id = g_strdup (id);
      quota->link.data = quota;
      fill (quota);
      tea_token_bucket_init (&quota->entries, ENTRIES_PER_SECOND, ENTRIES_BURST);
      tea_token_bucket_init (&quota->finds, FINDS_PER_SECOND, FINDS_BURST);
      tea_token_bucket_init (&quota->pulled, PULLED_PER_SECOND, PULLED_BURST);
      g_hash_table_insert (self->quotas, quota->id, quota);
    }
  else if (quota->n_sessions == 0)
    {
      g_queue_unlink (&self->absent, &quota->link);
    }
  quota->n_sessions++;
  g_set_object (&quota->address, inet);

  return quota;
}

/**
 * tea_quotas_give_back: (skip)
 * @self: the quotas
 * @quota: one of them
 *
 * Counts a session no more.
 */
void
tea_quotas_give_back (TeaQuotas *self, TeaQuota *quota)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (quota->n_sessions > 0);

  if (--quota->n_sessions > 0)
    return;

  quota->left = tea_clock_get_time (self->clock);
  g_queue_push_tail_link (&self->absent, &quota->link);
  forget_absent (self);
}

/**
 * tea_quota_get_n_sessions: (skip)
 * @self: a quota
 *
 * Returns: how many sessions share it
 */
guint
tea_quota_get_n_sessions (TeaQuota *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_sessions;
}

/**
 * tea_quota_note: (skip)
 * @self: a quota
 * @limit: a limit that is kept elsewhere
 *
 * Counts that somebody has met it.
 */
void
tea_quota_note (TeaQuota *self, TeaDrop limit)
{
  g_return_if_fail (self != NULL);

  note (self, limit, FALSE);
}

/**
 * tea_quota_enter: (skip)
 * @self: a quota
 *
 * Takes from the quota what it costs to come into the room.
 *
 * Returns: whether there was enough
 */
gboolean
tea_quota_enter (TeaQuota *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return note (self, TEA_DROP_ENTRIES,
               tea_token_bucket_take (&self->entries, tea_clock_get_time (self->quotas->clock), 1));
}

/**
 * tea_quota_say: (skip)
 * @self: a quota
 * @size: how many bytes a message has, no more than one can have
 *
 * Takes from the quota what it costs to say something.
 *
 * Returns: 0; or for how many µs there is not enough yet, and nothing was taken
 */
gint64
tea_quota_say (TeaQuota *self, gsize size)
{
  TeaQuotas *all;
  gint64 now;
  gint64 message_wait;
  gint64 bytes_wait;

  g_return_val_if_fail (self != NULL, 0);

  all = self->quotas;
  now = tea_clock_get_time (all->clock);
  message_wait = MAX (tea_token_bucket_get_wait (&self->messages, now, 1),
                      get_network_wait (self, all->networks.messages, 1));
  bytes_wait = MAX (tea_token_bucket_get_wait (&self->bytes, now, (double) size),
                    get_network_wait (self, all->networks.bytes, (double) size));
  if (!note (self, TEA_DROP_MESSAGES, message_wait == 0 && bytes_wait == 0))
    return MAX (message_wait, bytes_wait);

  tea_token_bucket_charge (&self->messages, now, 1);
  tea_token_bucket_charge (&self->bytes, now, (double) size);
  charge_network (self, all->networks.messages, 1);
  charge_network (self, all->networks.bytes, (double) size);

  return 0;
}

/* Takes something of which somebody and their network have a ration each. */
static gboolean
take (TeaQuota *self, TeaTokenBucket *bucket, TeaNetworkRation *ration, double amount)
{
  if (get_network_wait (self, ration, amount) > 0
      || !tea_token_bucket_take (bucket, tea_clock_get_time (self->quotas->clock), amount))
    return FALSE;

  charge_network (self, ration, amount);

  return TRUE;
}

/**
 * tea_quota_ask: (skip)
 * @self: a quota
 * @cost: what it is about as much work as: so many of the cheapest frames
 *
 * Takes from the quota what it costs to send a frame.
 *
 * Returns: whether there was enough
 */
gboolean
tea_quota_ask (TeaQuota *self, guint cost)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return note (self, TEA_DROP_FRAMES,
               take (self, &self->frames, self->quotas->networks.frames, cost));
}

/**
 * tea_quota_find: (skip)
 * @self: a quota
 *
 * Takes from the quota what it costs to look for words.
 *
 * Returns: whether there was enough
 */
gboolean
tea_quota_find (TeaQuota *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return note (self, TEA_DROP_SEARCHES, take (self, &self->finds, self->quotas->networks.finds, 1));
}

/**
 * tea_quota_may_pull: (skip)
 * @self: a quota
 *
 * Returns: whether there is something left of what may be had of the past
 */
gboolean
tea_quota_may_pull (TeaQuota *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return note (self, TEA_DROP_HISTORY,
               tea_token_bucket_get_wait (&self->pulled, tea_clock_get_time (self->quotas->clock),
                                          1)
                       == 0
                   && get_network_wait (self, self->quotas->networks.pulled, 1) == 0);
}

/**
 * tea_quota_pull: (skip)
 * @self: a quota
 * @size: how many bytes were had
 *
 * Takes from the quota what was had of the past, even if it was more than there is.
 */
void
tea_quota_pull (TeaQuota *self, gsize size)
{
  g_return_if_fail (self != NULL);

  tea_token_bucket_charge (&self->pulled, tea_clock_get_time (self->quotas->clock), (double) size);
  charge_network (self, self->quotas->networks.pulled, (double) size);
}
