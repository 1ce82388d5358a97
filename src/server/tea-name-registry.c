/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-registry.h"

/**
 * TeaNameRegistry:
 *
 * Which name belongs to which key. There is one for the house. A name is its owner's until
 * nobody has used it for its lifetime, or its owner has taken too many others since.
 */
struct _TeaNameRegistry
{
  GObject parent_instance;

  GHashTable *names;  /* (element-type TeaName Name) */
  GHashTable *owned;  /* (element-type utf8 GPtrArray(Name)): by the key that owns them */
  GTimeSpan lifetime; /* 0: for ever */
};

typedef struct
{
  TeaOwnedName public;
  TeaName *name; /* (owned) */
  char *key;     /* (owned) */
} Name;

G_DEFINE_FINAL_TYPE (TeaNameRegistry, tea_name_registry, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
name_free (Name *name)
{
  tea_name_unref (name->name);
  g_free (name->key);
  g_free (name);
}

static void
emit_changed (TeaNameRegistry *self, TeaName *name)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, name);
}

static void
note_owner (TeaNameRegistry *self, Name *name)
{
  GPtrArray *names = g_hash_table_lookup (self->owned, name->key);

  if (names == NULL)
    {
      names = g_ptr_array_new ();
      g_hash_table_insert (self->owned, g_strdup (name->key), names);
    }
  g_ptr_array_add (names, name);
}

static void
forget_owner (TeaNameRegistry *self, Name *name)
{
  GPtrArray *names = g_hash_table_lookup (self->owned, name->key);

  g_ptr_array_remove (names, name);
  if (names->len == 0)
    g_hash_table_remove (self->owned, name->key);
}

static void
remove_name (TeaNameRegistry *self, Name *name)
{
  g_autoptr (TeaName) removed = tea_name_ref (name->name);

  forget_owner (self, name);
  g_hash_table_remove (self->names, removed);
  emit_changed (self, removed);
}

/* Whoever takes one name too many gives up the one that they have not used for longest. */
static void
limit_names (TeaNameRegistry *self, const char *key)
{
  GPtrArray *names;

  while ((names = g_hash_table_lookup (self->owned, key)) != NULL
         && names->len > TEA_NAME_REGISTRY_MAX_NAMES)
    {
      Name *oldest = NULL;

      for (guint i = 0; i < names->len; i++)
        {
          Name *name = g_ptr_array_index (names, i);

          if (!name->public.is_in_use
              && (oldest == NULL || name->public.last_used < oldest->public.last_used))
            oldest = name;
        }
      if (oldest == NULL)
        return;

      remove_name (self, oldest);
    }
}

static gboolean
is_expired (TeaNameRegistry *self, const TeaOwnedName *name, gint64 now)
{
  return !name->is_in_use && self->lifetime > 0 && now - name->last_used >= self->lifetime;
}

static void
tea_name_registry_finalize (GObject *object)
{
  TeaNameRegistry *self = TEA_NAME_REGISTRY (object);

  g_hash_table_unref (self->owned);
  g_hash_table_unref (self->names);

  G_OBJECT_CLASS (tea_name_registry_parent_class)->finalize (object);
}

static void
tea_name_registry_class_init (TeaNameRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_name_registry_finalize;

  /**
   * TeaNameRegistry::changed:
   * @self: the registry
   * @name: a name
   *
   * What is known of a name has changed.
   */
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", TEA_TYPE_NAME_REGISTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_NAME | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
tea_name_registry_init (TeaNameRegistry *self)
{
  self->names
      = g_hash_table_new_full (tea_name_hash, tea_name_is_same, NULL, (GDestroyNotify) name_free);
  self->owned
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * tea_name_registry_new:
 *
 * Returns: (transfer full): a registry without names
 */
TeaNameRegistry *
tea_name_registry_new (void)
{
  return g_object_new (TEA_TYPE_NAME_REGISTRY, NULL);
}

/**
 * tea_name_registry_set_lifetime:
 * @self: a registry
 * @lifetime: how long a name stays its owner's who does not come, in µs; 0: for ever
 *
 * Sets when names become free again.
 */
void
tea_name_registry_set_lifetime (TeaNameRegistry *self, GTimeSpan lifetime)
{
  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));
  g_return_if_fail (lifetime >= 0);

  self->lifetime = lifetime;
}

/**
 * tea_name_registry_take:
 * @self: a registry
 * @name: a name
 * @key: (nullable): the fingerprint of the key that uses it from now on; %NULL for somebody
 *   without one, who owns nothing
 * @time: when that is, in µs since the Unix epoch, UTC
 *
 * Gives a name to a key, which uses it until tea_name_registry_release(). Whether it may
 * have it is asked before, with tea_name_registry_is_free(). Of more than
 * %TEA_NAME_REGISTRY_MAX_NAMES names of a key the one that was not used for longest is
 * nobody's any more.
 */
void
tea_name_registry_take (TeaNameRegistry *self, TeaName *name, const char *key, gint64 time)
{
  Name *known;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));
  g_return_if_fail (name != NULL);

  known = g_hash_table_lookup (self->names, name);
  if (known != NULL)
    remove_name (self, known);
  if (key == NULL)
    return;

  known = g_new0 (Name, 1);
  known->name = tea_name_ref (name);
  known->key = g_strdup (key);
  known->public = (TeaOwnedName){ known->name, known->key, time, TRUE };
  g_hash_table_insert (self->names, known->name, known);
  note_owner (self, known);
  emit_changed (self, name);
  limit_names (self, key);
}

/**
 * tea_name_registry_release:
 * @self: a registry
 * @name: a name
 * @time: when its owner went, in µs since the Unix epoch, UTC
 *
 * Takes note that the owner of a name does not use it any more. It stays theirs.
 */
void
tea_name_registry_release (TeaNameRegistry *self, TeaName *name, gint64 time)
{
  Name *known;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  known = g_hash_table_lookup (self->names, name);
  if (known == NULL)
    return;

  known->public.is_in_use = FALSE;
  known->public.last_used = time;
  emit_changed (self, name);
}

/**
 * tea_name_registry_expire:
 * @self: a registry
 * @now: the time of day, in µs since the Unix epoch, UTC
 *
 * Forgets names that nobody has used for their lifetime.
 */
void
tea_name_registry_expire (TeaNameRegistry *self, gint64 now)
{
  g_autoptr (GPtrArray) expired = NULL;
  GHashTableIter iter;
  Name *name;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  expired = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &name))
    if (is_expired (self, &name->public, now))
      g_ptr_array_add (expired, name);

  for (guint i = 0; i < expired->len; i++)
    remove_name (self, g_ptr_array_index (expired, i));
}

/**
 * tea_name_registry_find:
 * @self: a registry
 * @name: a name
 *
 * Returns: (transfer none) (nullable): whose the name is; it counts until that changes
 */
const TeaOwnedName *
tea_name_registry_find (TeaNameRegistry *self, TeaName *name)
{
  Name *known;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  known = g_hash_table_lookup (self->names, name);

  return known != NULL ? &known->public : NULL;
}

/**
 * tea_name_registry_find_latest:
 * @self: a registry
 * @key: the fingerprint of a key
 *
 * Returns: (transfer none) (nullable): which of its names its owner uses now, or used last
 */
const TeaOwnedName *
tea_name_registry_find_latest (TeaNameRegistry *self, const char *key)
{
  const TeaOwnedName *latest = NULL;
  GPtrArray *names;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  names = g_hash_table_lookup (self->owned, key);
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const TeaOwnedName *name = &((Name *) g_ptr_array_index (names, i))->public;

      if (latest == NULL || name->is_in_use > latest->is_in_use
          || (name->is_in_use == latest->is_in_use && name->last_used > latest->last_used))
        latest = name;
    }

  return latest;
}

/**
 * tea_name_registry_is_free:
 * @self: a registry
 * @name: a name
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 * @now: the time of day, in µs since the Unix epoch, UTC
 *
 * Tells whether somebody may take a name: nobody uses it, and it is theirs, or nobody's
 * (any more).
 *
 * Returns: whether they may
 */
gboolean
tea_name_registry_is_free (TeaNameRegistry *self, TeaName *name, const char *key, gint64 now)
{
  const TeaOwnedName *owned = tea_name_registry_find (self, name);

  if (owned == NULL)
    return TRUE;
  if (owned->is_in_use)
    return FALSE;

  return g_strcmp0 (owned->key, key) == 0 || is_expired (self, owned, now);
}

/**
 * tea_name_registry_count_in_use:
 * @self: a registry
 * @key: the fingerprint of a key
 *
 * Returns: how many names its owner uses now
 */
guint
tea_name_registry_count_in_use (TeaNameRegistry *self, const char *key)
{
  GPtrArray *names;
  guint n = 0;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), 0);
  g_return_val_if_fail (key != NULL, 0);

  names = g_hash_table_lookup (self->owned, key);
  for (guint i = 0; names != NULL && i < names->len; i++)
    n += ((Name *) g_ptr_array_index (names, i))->public.is_in_use;

  return n;
}
