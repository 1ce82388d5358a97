/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-drop-counter.h"

#include "tea-inet-address.h"

/* Of so many networks the drops are counted, for each reason: whoever has an eighth of all is
 * among them ("Space-Saving"). */
#define N_NETWORKS 8

typedef struct
{
  guint64 network;
  guint64 n;
} Network;

/**
 * TeaDropCounter:
 *
 * Counts what a server drops and refuses: how much of it for which reason since it was started,
 * and from which network most of it came lately.
 */
struct _TeaDropCounter
{
  GObject parent_instance;

  guint64 totals[TEA_N_DROPS];
  Network networks[TEA_N_DROPS][N_NETWORKS];
  gboolean has_noted; /* since the latest beginning */
};

enum
{
  SIGNAL_NOTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaDropCounter, tea_drop_counter, G_TYPE_OBJECT)

static const struct
{
  TeaDropClass class;
  const char *name;
  const char *words;
} drops[TEA_N_DROPS] = {
  [TEA_DROP_NONSENSE] = { TEA_DROP_OF_DATAGRAMS, "nonsense", "datagrams of no protocol" },
  [TEA_DROP_CROWDED] = { TEA_DROP_OF_DATAGRAMS, "crowded", "datagrams of too many strangers" },
  [TEA_DROP_BLOCKED]
  = { TEA_DROP_OF_DATAGRAMS, "blocked", "datagrams that the network did not take" },
  [TEA_DROP_UNPROVED]
  = { TEA_DROP_OF_DATAGRAMS, "unproved", "datagrams to addresses that are not proved" },
  [TEA_DROP_CLASSIC_BYTES]
  = { TEA_DROP_OF_DATAGRAMS, "classic-bytes", "datagrams to classic clients" },
  [TEA_DROP_HANDSHAKE_FAILED] = { TEA_DROP_OF_HANDSHAKES, "failed", "handshakes that failed" },
  [TEA_DROP_HANDSHAKE_TIMEOUT]
  = { TEA_DROP_OF_HANDSHAKES, "timeout", "handshakes that were never finished" },
  [TEA_DROP_HANDSHAKE_DISPLACED]
  = { TEA_DROP_OF_HANDSHAKES, "displaced", "unfinished handshakes among too many" },
  [TEA_DROP_HANDSHAKE_RATE] = { TEA_DROP_OF_HANDSHAKES, "rate", "handshakes that came too fast" },
  [TEA_DROP_HANDSHAKE_FULL] = { TEA_DROP_OF_HANDSHAKES, "full", "handshakes with no place left" },
  [TEA_DROP_MESSAGES] = { TEA_DROP_BY_LIMITS, "messages", "times too much was said" },
  [TEA_DROP_ENTRIES] = { TEA_DROP_BY_LIMITS, "entries", "entries too many" },
  [TEA_DROP_FRAMES] = { TEA_DROP_BY_LIMITS, "frames", "frames too many" },
  [TEA_DROP_SEARCHES] = { TEA_DROP_BY_LIMITS, "searches", "searches too many" },
  [TEA_DROP_HISTORY] = { TEA_DROP_BY_LIMITS, "history", "requests for too much history" },
  [TEA_DROP_SESSIONS] = { TEA_DROP_BY_LIMITS, "sessions", "sessions too many of a key" },
  [TEA_DROP_PEOPLE] = { TEA_DROP_BY_LIMITS, "people", "people with no place left" },
  [TEA_DROP_CLASSIC_JOINS]
  = { TEA_DROP_BY_LIMITS, "classic-joins", "classic clients that came too fast" },
  [TEA_DROP_CLASSIC_PLACES]
  = { TEA_DROP_BY_LIMITS, "classic-places", "classic clients with no place left" },
  [TEA_DROP_CLASSIC_REFUSALS]
  = { TEA_DROP_BY_LIMITS, "classic-refusals", "classic requests without an answer" },
};

static void
tea_drop_counter_class_init (TeaDropCounterClass *klass)
{
  /**
   * TeaDropCounter::noted:
   * @self: the counter
   *
   * Something was dropped, for the first time since tea_drop_counter_begin().
   */
  signals[SIGNAL_NOTED] = g_signal_new ("noted", TEA_TYPE_DROP_COUNTER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_drop_counter_init (TeaDropCounter *self)
{
}

/**
 * tea_drop_get_class: (skip)
 * @drop: why something was dropped
 *
 * Returns: what kind of thing that is
 */
TeaDropClass
tea_drop_get_class (TeaDrop drop)
{
  g_return_val_if_fail (drop < TEA_N_DROPS, TEA_DROP_OF_DATAGRAMS);

  return drops[drop].class;
}

/**
 * tea_drop_get_name: (skip)
 * @drop: why something was dropped
 *
 * Returns: one word for it, for programs: among those of its class it is the only one
 */
const char *
tea_drop_get_name (TeaDrop drop)
{
  g_return_val_if_fail (drop < TEA_N_DROPS, NULL);

  return drops[drop].name;
}

/**
 * tea_drop_describe: (skip)
 * @drop: why something was dropped
 *
 * Returns: words for the log of the server, to go behind a number
 */
const char *
tea_drop_describe (TeaDrop drop)
{
  g_return_val_if_fail (drop < TEA_N_DROPS, NULL);

  return drops[drop].words;
}

/**
 * tea_drop_counter_new: (skip)
 *
 * Returns: (transfer full): a counter that has counted nothing
 */
TeaDropCounter *
tea_drop_counter_new (void)
{
  return g_object_new (TEA_TYPE_DROP_COUNTER, NULL);
}

/**
 * tea_drop_counter_note: (skip)
 * @self: a counter
 * @drop: why something was dropped
 * @network: from which network it came, as tea_inet_address_get_network() numbers wide ones;
 *   0 where that is not known
 *
 * Counts something that was dropped. It is cheap.
 */
void
tea_drop_counter_note (TeaDropCounter *self, TeaDrop drop, guint64 network)
{
  Network *found;

  g_return_if_fail (TEA_IS_DROP_COUNTER (self));
  g_return_if_fail (drop < TEA_N_DROPS);

  self->totals[drop]++;

  /* The one that is not there takes the place of the smallest, and what that has. */
  found = &self->networks[drop][0];
  for (guint i = 0; i < N_NETWORKS && found->network != network; i++)
    {
      Network *other = &self->networks[drop][i];

      if (other->network == network || other->n < found->n)
        found = other;
    }
  found->network = network;
  found->n++;

  if (self->has_noted)
    return;

  self->has_noted = TRUE;
  g_signal_emit (self, signals[SIGNAL_NOTED], 0);
}

/**
 * tea_drop_counter_note_from: (skip)
 * @self: (nullable): a counter; nothing is counted without one
 * @drop: why something was dropped
 * @address: (nullable): from where it came
 *
 * Counts something that was dropped.
 */
void
tea_drop_counter_note_from (TeaDropCounter *self, TeaDrop drop, GInetAddress *address)
{
  if (self != NULL)
    tea_drop_counter_note (
        self, drop, address != NULL ? tea_inet_address_get_network (address, TEA_NETWORK_WIDE) : 0);
}

/**
 * tea_drop_counter_get_n: (skip)
 * @self: a counter
 * @drop: a reason
 *
 * Returns: how much was dropped for it, ever
 */
guint64
tea_drop_counter_get_n (TeaDropCounter *self, TeaDrop drop)
{
  g_return_val_if_fail (TEA_IS_DROP_COUNTER (self), 0);
  g_return_val_if_fail (drop < TEA_N_DROPS, 0);

  return self->totals[drop];
}

/**
 * tea_drop_counter_find_most: (skip)
 * @self: a counter
 * @drop: a reason
 * @network: (out): from where most came of what was dropped for it since
 *   tea_drop_counter_begin(); 0 where that is not known
 *
 * Returns: about how much that was, and never less
 */
guint64
tea_drop_counter_find_most (TeaDropCounter *self, TeaDrop drop, guint64 *network)
{
  const Network *most;

  g_return_val_if_fail (TEA_IS_DROP_COUNTER (self), 0);
  g_return_val_if_fail (drop < TEA_N_DROPS, 0);
  g_return_val_if_fail (network != NULL, 0);

  most = &self->networks[drop][0];
  for (guint i = 1; i < N_NETWORKS; i++)
    if (self->networks[drop][i].n > most->n)
      most = &self->networks[drop][i];
  *network = most->network;

  return most->n;
}

/**
 * tea_drop_counter_begin: (skip)
 * @self: a counter
 *
 * Forgets where things came from, and tells when the next comes. The totals stay.
 */
void
tea_drop_counter_begin (TeaDropCounter *self)
{
  g_return_if_fail (TEA_IS_DROP_COUNTER (self));

  memset (self->networks, 0, sizeof self->networks);
  self->has_noted = FALSE;
}
