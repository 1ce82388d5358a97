/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-registry.h"

/**
 * TeaNameRegistry:
 *
 * Which names belong to the keys that are in the house. There is one for the house; the names
 * of keys that are not here are on the disk alone. A name is its owner's until nobody has
 * used it for its lifetime, or its owner has taken too many others since.
 */
struct _TeaNameRegistry
{
  GObject parent_instance;

  TeaCalendar *calendar; /* (owned) */
  guint n_days;          /* how long a name stays its owner's who does not come; 0: for ever */
  GHashTable *names;     /* (element-type TeaName Name) */
  GHashTable *owners;    /* (element-type utf8 Owner): by their keys */
  GHashTable *absent;    /* (element-type Owner) (unowned): who may not be here any more */
};

/* A key that owns names, or is about to. */
typedef struct
{
  char *key;         /* (owned) */
  GPtrArray *names;  /* (element-type Name) (unowned) */
  guint n_holds;     /* how many are about to enter */
  gboolean is_known; /* all its names are here */
} Owner;

typedef struct
{
  TeaOwnedName public;
  TeaName *name; /* (owned) */
  Owner *owner;  /* (unowned) */
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
  g_free (name);
}

static void
owner_free (Owner *owner)
{
  g_ptr_array_unref (owner->names);
  g_free (owner->key);
  g_free (owner);
}

static void
emit_changed (TeaNameRegistry *self, TeaName *name)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, name);
}

static Owner *
find_owner (TeaNameRegistry *self, const char *key)
{
  return g_hash_table_lookup (self->owners, key);
}

static Owner *
get_owner (TeaNameRegistry *self, const char *key)
{
  Owner *owner = find_owner (self, key);

  if (owner != NULL)
    return owner;

  owner = g_new0 (Owner, 1);
  owner->key = g_strdup (key);
  owner->names = g_ptr_array_new ();
  g_hash_table_insert (self->owners, owner->key, owner);
  g_hash_table_add (self->absent, owner);

  return owner;
}

static guint
count_in_use (Owner *owner)
{
  guint n = 0;

  for (guint i = 0; i < owner->names->len; i++)
    n += ((Name *) g_ptr_array_index (owner->names, i))->public.is_in_use;

  return n;
}

static Name *
add_name (TeaNameRegistry *self, TeaName *name, const char *key)
{
  Name *known = g_new0 (Name, 1);

  known->name = tea_name_ref (name);
  known->owner = get_owner (self, key);
  known->public.name = known->name;
  known->public.key = known->owner->key;
  g_ptr_array_add (known->owner->names, known);
  g_hash_table_insert (self->names, known->name, known);

  return known;
}

static void
remove_name (TeaNameRegistry *self, Name *name)
{
  g_autoptr (TeaName) removed = tea_name_ref (name->name);

  g_ptr_array_remove (name->owner->names, name);
  g_hash_table_remove (self->names, removed);
  emit_changed (self, removed);
}

/* Whoever takes one name too many gives up the one that they have not used for longest. */
static void
limit_names (TeaNameRegistry *self, Owner *owner)
{
  while (owner->names->len > TEA_NAME_REGISTRY_MAX_NAMES)
    {
      Name *oldest = NULL;

      for (guint i = 0; i < owner->names->len; i++)
        {
          Name *name = g_ptr_array_index (owner->names, i);

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
is_expired (TeaNameRegistry *self, const TeaOwnedName *name)
{
  return !name->is_in_use && name->last_day < tea_name_registry_get_oldest (self);
}

static void
tea_name_registry_finalize (GObject *object)
{
  TeaNameRegistry *self = TEA_NAME_REGISTRY (object);

  g_hash_table_unref (self->absent);
  g_hash_table_unref (self->owners);
  g_hash_table_unref (self->names);
  g_object_unref (self->calendar);

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
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) owner_free);
  self->absent = g_hash_table_new (NULL, NULL);
}

/**
 * tea_name_registry_new:
 * @calendar: which day of the house's life it is
 *
 * Returns: (transfer full): a registry without names
 */
TeaNameRegistry *
tea_name_registry_new (TeaCalendar *calendar)
{
  TeaNameRegistry *self;

  g_return_val_if_fail (TEA_IS_CALENDAR (calendar), NULL);

  self = g_object_new (TEA_TYPE_NAME_REGISTRY, NULL);
  self->calendar = g_object_ref (calendar);

  return self;
}

/**
 * tea_name_registry_set_lifetime:
 * @self: a registry
 * @n_days: for how many days of the house's life a name stays its owner's who does not come;
 *   0: for ever
 *
 * Sets when names become free again.
 */
void
tea_name_registry_set_lifetime (TeaNameRegistry *self, guint n_days)
{
  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  self->n_days = n_days;
}

/**
 * tea_name_registry_get_oldest:
 * @self: a registry
 *
 * Returns: the day before which a name is to have been used last to be free; 0 where none is,
 *   as also while the clock is in doubt
 */
guint64
tea_name_registry_get_oldest (TeaNameRegistry *self)
{
  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), 0);

  return tea_calendar_get_oldest (self->calendar, self->n_days);
}

/**
 * tea_name_registry_add:
 * @self: a registry
 * @name: what is kept of a name
 *
 * Takes over what is kept. What is known already is newer, and stays.
 */
void
tea_name_registry_add (TeaNameRegistry *self, const TeaOwnedName *name)
{
  Name *known;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));
  g_return_if_fail (name != NULL && name->key != NULL);

  if (g_hash_table_contains (self->names, name->name))
    return;

  known = add_name (self, name->name, name->key);
  known->public.last_used = name->last_used;
  known->public.last_day = name->last_day;
  known->public.is_in_use = name->is_in_use;
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

  known = add_name (self, name, key);
  known->public.last_used = time;
  known->public.last_day = tea_calendar_get_today (self->calendar);
  known->public.is_in_use = TRUE;
  emit_changed (self, name);
  limit_names (self, known->owner);
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
  known->public.last_day = tea_calendar_get_today (self->calendar);
  g_hash_table_add (self->absent, known->owner);
  emit_changed (self, name);
}

/**
 * tea_name_registry_assign:
 * @self: a registry
 * @name: a name that nobody uses now
 * @key: (nullable): the fingerprint of the key that is to own it; %NULL for nobody
 * @for_good: whether it stays theirs who do not use it, until they do
 *
 * Decides whose a name is.
 */
void
tea_name_registry_assign (TeaNameRegistry *self, TeaName *name, const char *key, gboolean for_good)
{
  Name *known;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));
  g_return_if_fail (name != NULL);

  known = g_hash_table_lookup (self->names, name);
  g_return_if_fail (known == NULL || !known->public.is_in_use);

  if (known != NULL)
    remove_name (self, known);
  if (key != NULL)
    {
      known = add_name (self, name, key);
      known->public.last_used = tea_calendar_get_time (self->calendar);
      known->public.last_day = for_good ? G_MAXINT64 : tea_calendar_get_today (self->calendar);
      g_hash_table_add (self->absent, known->owner);
    }
  emit_changed (self, name);
}

/**
 * tea_name_registry_expire:
 * @self: a registry
 *
 * Forgets names that nobody has used for their lifetime.
 */
void
tea_name_registry_expire (TeaNameRegistry *self)
{
  g_autoptr (GPtrArray) expired = NULL;
  GHashTableIter iter;
  Name *name;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  expired = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &name))
    if (is_expired (self, &name->public))
      g_ptr_array_add (expired, name);

  for (guint i = 0; i < expired->len; i++)
    remove_name (self, g_ptr_array_index (expired, i));
}

/**
 * tea_name_registry_hold:
 * @self: a registry
 * @key: the fingerprint of a key whose owner is about to enter
 *
 * Keeps what is known of a key until tea_name_registry_let_go(), also while its owner is not
 * here.
 */
void
tea_name_registry_hold (TeaNameRegistry *self, const char *key)
{
  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));
  g_return_if_fail (key != NULL);

  get_owner (self, key)->n_holds++;
}

/**
 * tea_name_registry_let_go:
 * @self: a registry
 * @key: the fingerprint of a key that is held
 *
 * Counts a hold of tea_name_registry_hold() no more.
 */
void
tea_name_registry_let_go (TeaNameRegistry *self, const char *key)
{
  Owner *owner;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  owner = find_owner (self, key);
  g_return_if_fail (owner != NULL && owner->n_holds > 0);

  owner->n_holds--;
  g_hash_table_add (self->absent, owner);
}

/**
 * tea_name_registry_set_known:
 * @self: a registry
 * @key: the fingerprint of a key that is held, or uses a name
 *
 * Takes note that all names of a key were added.
 */
void
tea_name_registry_set_known (TeaNameRegistry *self, const char *key)
{
  Owner *owner;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  owner = get_owner (self, key);
  owner->is_known = TRUE;
  limit_names (self, owner);
}

/**
 * tea_name_registry_is_known:
 * @self: a registry
 * @key: the fingerprint of a key
 *
 * Returns: whether all names of a key are here
 */
gboolean
tea_name_registry_is_known (TeaNameRegistry *self, const char *key)
{
  Owner *owner;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), FALSE);

  owner = find_owner (self, key);

  return owner != NULL && owner->is_known;
}

/**
 * tea_name_registry_forget_absent:
 * @self: a registry
 *
 * Forgets the names of keys that use none and are not held: for when all that has changed is
 * on the disk, or on its way there.
 */
void
tea_name_registry_forget_absent (TeaNameRegistry *self)
{
  GHashTableIter iter;
  Owner *owner;

  g_return_if_fail (TEA_IS_NAME_REGISTRY (self));

  g_hash_table_iter_init (&iter, self->absent);
  while (g_hash_table_iter_next (&iter, (gpointer *) &owner, NULL))
    {
      g_hash_table_iter_remove (&iter);
      if (owner->n_holds > 0 || count_in_use (owner) > 0)
        continue;

      for (guint i = 0; i < owner->names->len; i++)
        g_hash_table_remove (self->names, ((Name *) g_ptr_array_index (owner->names, i))->name);
      g_hash_table_remove (self->owners, owner->key);
    }
}

/**
 * tea_name_registry_find:
 * @self: a registry
 * @name: a name
 *
 * Returns: (transfer none) (nullable): whose the name is, where its owner is here; it counts
 *   until that changes
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
 * Returns: (transfer none) (nullable): which of its names its owner, who is here, uses now, or
 *   used last
 */
const TeaOwnedName *
tea_name_registry_find_latest (TeaNameRegistry *self, const char *key)
{
  const TeaOwnedName *latest = NULL;
  Owner *owner;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  owner = find_owner (self, key);
  for (guint i = 0; owner != NULL && i < owner->names->len; i++)
    {
      const TeaOwnedName *name = &((Name *) g_ptr_array_index (owner->names, i))->public;

      if (latest == NULL || name->is_in_use > latest->is_in_use
          || (name->is_in_use == latest->is_in_use && name->last_used > latest->last_used))
        latest = name;
    }

  return latest;
}

/**
 * tea_name_registry_is_free:
 * @self: a registry
 * @name: (nullable): what is known of a name; %NULL where it is nobody's
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 *
 * Tells whether somebody may take a name: nobody uses it, and it is theirs, or nobody's
 * (any more).
 *
 * Returns: whether they may
 */
gboolean
tea_name_registry_is_free (TeaNameRegistry *self, const TeaOwnedName *name, const char *key)
{
  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), FALSE);

  if (name == NULL)
    return TRUE;
  if (name->is_in_use)
    return FALSE;

  return g_strcmp0 (name->key, key) == 0 || is_expired (self, name);
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
  Owner *owner;

  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), 0);
  g_return_val_if_fail (key != NULL, 0);

  owner = find_owner (self, key);

  return owner != NULL ? count_in_use (owner) : 0;
}

/**
 * tea_name_registry_get_n_names:
 * @self: a registry
 *
 * Returns: how many names are here
 */
guint
tea_name_registry_get_n_names (TeaNameRegistry *self)
{
  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (self), 0);

  return g_hash_table_size (self->names);
}
