/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-policy.h"

#include "tea-tempo.h"

/* Between two messages of a newcomer. */
#define NEWCOMER_INTERVAL (30 * G_TIME_SPAN_SECOND)

/* So many keys are remembered as new, and for as long as networks are banned. */
#define MAX_NEW 65536
#define NEW_MEMORY (7 * G_TIME_SPAN_DAY)

/**
 * TeaPolicy:
 *
 * What holds in all rooms of a house: who its operators are, for how long one may edit a
 * message, and what newcomers may do.
 */
struct _TeaPolicy
{
  GObject parent_instance;

  TeaClock *clock;       /* (owned) */
  GHashTable *operators; /* (element-type utf8) */
  char *house_key;       /* (owned) (nullable) */
  guint edit_hours;

  GTimeSpan newcomers; /* for how long somebody is new; 0: nobody is */
  GHashTable *seen;    /* (element-type utf8 gint64): when a key was seen first that was new */
  GQueue by_age;       /* (element-type utf8) (unowned): those, the oldest first */
  TeaTempo *tempo;     /* (owned): of newcomers */
};

G_DEFINE_FINAL_TYPE (TeaPolicy, tea_policy, G_TYPE_OBJECT)

static void
tea_policy_finalize (GObject *object)
{
  TeaPolicy *self = TEA_POLICY (object);

  g_queue_clear (&self->by_age);
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->operators);
  g_free (self->house_key);
  tea_tempo_free (self->tempo);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_policy_parent_class)->finalize (object);
}

static void
tea_policy_class_init (TeaPolicyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_policy_finalize;
}

static void
tea_policy_init (TeaPolicy *self)
{
  self->edit_hours = TEA_POLICY_DEFAULT_EDIT_HOURS;
  self->operators = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_queue_init (&self->by_age);
}

/**
 * tea_policy_new:
 * @clock: by which clock
 *
 * Returns: (transfer full): a policy without operators, to which nobody is new
 */
TeaPolicy *
tea_policy_new (TeaClock *clock)
{
  TeaPolicy *self = NULL;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_POLICY, NULL);
  self->clock = g_object_ref (clock);
  self->tempo = tea_tempo_new (clock);

  return self;
}

/**
 * tea_policy_set_operators:
 * @self: a policy
 * @keys: (array zero-terminated=1): the fingerprints of keys
 *
 * Makes their owners operators, and nobody else.
 */
void
tea_policy_set_operators (TeaPolicy *self, const char *const *keys)
{
  g_return_if_fail (TEA_IS_POLICY (self));
  g_return_if_fail (keys != NULL);

  g_hash_table_remove_all (self->operators);
  for (; *keys != NULL; keys++)
    g_hash_table_add (self->operators, g_strdup (*keys));
}

/**
 * tea_policy_is_operator:
 * @self: a policy
 * @key: the fingerprint of a key
 *
 * Returns: whether its owner is an operator, or the house itself
 */
gboolean
tea_policy_is_operator (TeaPolicy *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return g_hash_table_contains (self->operators, key) || tea_policy_is_house (self, key);
}

/**
 * tea_policy_set_house_key:
 * @self: a policy
 * @key: the fingerprint of the server's key
 *
 * Lets the house itself speak and keep order, as whoever runs the server wants it: it may do
 * what an operator may, and need not be in a room for that.
 */
void
tea_policy_set_house_key (TeaPolicy *self, const char *key)
{
  g_return_if_fail (TEA_IS_POLICY (self));
  g_return_if_fail (key != NULL);

  g_free (self->house_key);
  self->house_key = g_strdup (key);
}

/**
 * tea_policy_get_house_key:
 * @self: a policy
 *
 * Returns: (nullable): the fingerprint of the server's key; %NULL where the house cannot do
 *   anything itself
 */
const char *
tea_policy_get_house_key (TeaPolicy *self)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), NULL);

  return self->house_key;
}

/**
 * tea_policy_is_house:
 * @self: a policy
 * @key: (nullable): the fingerprint of a key
 *
 * Returns: whether it is that of the house itself
 */
gboolean
tea_policy_is_house (TeaPolicy *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), FALSE);

  return key != NULL && g_strcmp0 (self->house_key, key) == 0;
}

/**
 * tea_policy_set_edit_hours:
 * @self: a policy
 * @n_hours: a number of hours; 0: for ever
 *
 * Sets for how long one may edit a message.
 */
void
tea_policy_set_edit_hours (TeaPolicy *self, guint n_hours)
{
  g_return_if_fail (TEA_IS_POLICY (self));

  self->edit_hours = n_hours;
}

/**
 * tea_policy_get_edit_hours:
 * @self: a policy
 *
 * Returns: for how many hours one may edit a message; 0: for ever
 */
guint
tea_policy_get_edit_hours (TeaPolicy *self)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), 0);

  return self->edit_hours;
}

/**
 * tea_policy_set_newcomers:
 * @self: a policy
 * @span: for how long somebody is new, in µs; 0: nobody is
 *
 * Sets for how long whoever comes for the first time may not do much.
 */
void
tea_policy_set_newcomers (TeaPolicy *self, GTimeSpan span)
{
  g_return_if_fail (TEA_IS_POLICY (self));
  g_return_if_fail (span >= 0);

  self->newcomers = span;
}

/**
 * tea_policy_has_newcomers:
 * @self: a policy
 *
 * Returns: whether anybody can be a newcomer
 */
gboolean
tea_policy_has_newcomers (TeaPolicy *self)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), FALSE);

  return self->newcomers > 0;
}

/**
 * tea_policy_note_new:
 * @self: a policy
 * @key: the fingerprint of a key that owns nothing in the house
 *
 * Takes note of somebody who comes for the first time.
 */
void
tea_policy_note_new (TeaPolicy *self, const char *key)
{
  const char *oldest = NULL;
  char *copy = NULL;
  gint64 now;

  g_return_if_fail (TEA_IS_POLICY (self));
  g_return_if_fail (key != NULL);

  if (g_hash_table_contains (self->seen, key))
    return;

  now = tea_clock_get_time (self->clock);
  while ((oldest = g_queue_peek_head (&self->by_age)) != NULL
         && (self->by_age.length >= MAX_NEW
             || *(gint64 *) g_hash_table_lookup (self->seen, oldest) + NEW_MEMORY <= now))
    g_hash_table_remove (self->seen, g_queue_pop_head (&self->by_age));

  copy = g_strdup (key);
  g_hash_table_insert (self->seen, copy, g_memdup2 (&now, sizeof now));
  g_queue_push_tail (&self->by_age, copy);
}

/**
 * tea_policy_was_new:
 * @self: a policy
 * @key: the fingerprint of a key
 *
 * Returns: whether it came for the first time within the last week, as far as is known
 */
gboolean
tea_policy_was_new (TeaPolicy *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return g_hash_table_contains (self->seen, key);
}

/**
 * tea_policy_is_newcomer:
 * @self: a policy
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 *
 * Returns: whether it came for the first time only lately
 */
gboolean
tea_policy_is_newcomer (TeaPolicy *self, const char *key)
{
  const gint64 *seen = NULL;

  g_return_val_if_fail (TEA_IS_POLICY (self), FALSE);

  if (self->newcomers == 0 || key == NULL || tea_policy_is_operator (self, key))
    return FALSE;

  seen = g_hash_table_lookup (self->seen, key);

  return seen != NULL && *seen + self->newcomers > tea_clock_get_time (self->clock);
}

/**
 * tea_policy_get_wait:
 * @self: a policy
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 *
 * Returns: how long its owner has to wait before they may say something, as a newcomer, in µs;
 *   0 where they may
 */
gint64
tea_policy_get_wait (TeaPolicy *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_POLICY (self), 0);

  return tea_policy_is_newcomer (self, key)
             ? tea_tempo_get_wait (self->tempo, key, NEWCOMER_INTERVAL)
             : 0;
}

/**
 * tea_policy_note_message:
 * @self: a policy
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 *
 * Takes note that somebody says something, in whatever room.
 */
void
tea_policy_note_message (TeaPolicy *self, const char *key)
{
  g_return_if_fail (TEA_IS_POLICY (self));

  if (tea_policy_is_newcomer (self, key))
    tea_tempo_note (self->tempo, key, NEWCOMER_INTERVAL);
}

/**
 * tea_policy_take_back:
 * @self: a policy
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 *
 * Takes note that what somebody said was not stored.
 */
void
tea_policy_take_back (TeaPolicy *self, const char *key)
{
  g_return_if_fail (TEA_IS_POLICY (self));

  if (key != NULL)
    tea_tempo_take_back (self->tempo, key);
}
