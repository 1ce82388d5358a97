/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-roll.h"

#include "tea-name.h"

struct _TeaRoll
{
  GHashTable *names;  /* (element-type utf8 Name): by the folded name */
  GSequence *present; /* (element-type Name) (unowned): as they joined */
  GHashTable *owned;  /* (element-type utf8 GPtrArray(Name)): by the key that owns them */
  GHashTable *dirty;  /* (element-type utf8): the folded names that are not saved */
  GTimeSpan lifetime; /* 0: for ever */
};

typedef struct
{
  TeaRollEntry *entry;  /* (owned) */
  char *folded;         /* (owned) */
  GSequenceIter *place; /* (nullable): among those who are present */
} Name;

static void
name_free (Name *name)
{
  tea_roll_entry_free (name->entry);
  g_free (name->folded);
  g_free (name);
}

static int
compare_joined (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Name *one = a;
  const Name *other = b;

  return (one->entry->joined > other->entry->joined) - (one->entry->joined < other->entry->joined);
}

static void
mark_dirty (TeaRoll *self, const char *folded)
{
  g_hash_table_add (self->dirty, g_strdup (folded));
}

static void
note_owner (TeaRoll *self, Name *name)
{
  GPtrArray *names;

  if (name->entry->key == NULL)
    return;

  names = g_hash_table_lookup (self->owned, name->entry->key);
  if (names == NULL)
    {
      names = g_ptr_array_new ();
      g_hash_table_insert (self->owned, g_strdup (name->entry->key), names);
    }
  g_ptr_array_add (names, name);
}

static void
forget_owner (TeaRoll *self, Name *name)
{
  GPtrArray *names;

  if (name->entry->key == NULL)
    return;

  names = g_hash_table_lookup (self->owned, name->entry->key);
  g_ptr_array_remove (names, name);
  if (names->len == 0)
    g_hash_table_remove (self->owned, name->entry->key);
}

static void
remove_name (TeaRoll *self, Name *name)
{
  mark_dirty (self, name->folded);
  forget_owner (self, name);
  if (name->place != NULL)
    g_sequence_remove (name->place);
  g_hash_table_remove (self->names, name->folded);
}

static Name *
add_name (TeaRoll *self, const char *called, const char *key, guint64 joined, gint64 last_used)
{
  Name *name = g_new0 (Name, 1);

  name->entry = tea_roll_entry_new (called, key, joined, last_used);
  name->folded = tea_name_fold (called);
  if (joined != 0)
    name->place = g_sequence_insert_sorted (self->present, name, compare_joined, NULL);
  g_hash_table_replace (self->names, name->folded, name);
  note_owner (self, name);

  return name;
}

/* Whoever takes one name too many gives up the one that they have not used for longest. */
static void
limit_names (TeaRoll *self, const char *key)
{
  GPtrArray *names = key != NULL ? g_hash_table_lookup (self->owned, key) : NULL;

  while (names != NULL && names->len > TEA_ROLL_MAX_NAMES)
    {
      Name *oldest = NULL;

      for (guint i = 0; i < names->len; i++)
        {
          Name *name = g_ptr_array_index (names, i);

          if (name->entry->joined == 0
              && (oldest == NULL || name->entry->last_used < oldest->entry->last_used))
            oldest = name;
        }
      if (oldest == NULL)
        return;

      remove_name (self, oldest);
      names = g_hash_table_lookup (self->owned, key);
    }
}

static gboolean
is_expired (TeaRoll *self, TeaRollEntry *entry, gint64 now)
{
  return entry->joined == 0 && self->lifetime > 0 && now - entry->last_used >= self->lifetime;
}

static void
apply_left (TeaRoll *self, Name *name, gint64 time)
{
  /* What was borrowed is nobody's any more. */
  if (name->entry->key == NULL)
    {
      remove_name (self, name);
      return;
    }

  if (name->place != NULL)
    g_sequence_remove (name->place);
  name->place = NULL;
  name->entry->joined = 0;
  name->entry->last_used = time;
  mark_dirty (self, name->folded);
}

/**
 * tea_roll_new: (skip)
 *
 * Returns: (transfer full): a roll without names
 */
TeaRoll *
tea_roll_new (void)
{
  TeaRoll *self = g_new0 (TeaRoll, 1);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) name_free);
  self->present = g_sequence_new (NULL);
  self->owned
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * tea_roll_free: (skip)
 * @self: (transfer full): a roll
 *
 * Frees a roll.
 */
void
tea_roll_free (TeaRoll *self)
{
  g_return_if_fail (self != NULL);

  g_sequence_free (self->present);
  g_hash_table_unref (self->owned);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->dirty);
  g_free (self);
}

/**
 * tea_roll_set_lifetime: (skip)
 * @self: a roll
 * @lifetime: how long a name stays its owner's who does not come, in µs; 0: for ever
 *
 * Sets when names become free again.
 */
void
tea_roll_set_lifetime (TeaRoll *self, GTimeSpan lifetime)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (lifetime >= 0);

  self->lifetime = lifetime;
}

/**
 * tea_roll_load: (skip)
 * @self: a roll without names
 * @entries: (element-type TeaRollEntry): what was kept of it
 *
 * Takes over what was kept.
 */
void
tea_roll_load (TeaRoll *self, GPtrArray *entries)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (g_hash_table_size (self->names) == 0);

  for (guint i = 0; i < entries->len; i++)
    {
      TeaRollEntry *entry = g_ptr_array_index (entries, i);

      add_name (self, entry->name, entry->key, entry->joined, entry->last_used);
    }
}

/**
 * tea_roll_forget_presence: (skip)
 * @self: a roll
 *
 * Lets nobody be in the room: for when the numbers of the log do not mean the same any
 * more. Names stay their owners'.
 */
void
tea_roll_forget_presence (TeaRoll *self)
{
  g_return_if_fail (self != NULL);

  while (!g_sequence_is_empty (self->present))
    {
      Name *name = g_sequence_get (g_sequence_get_begin_iter (self->present));

      apply_left (self, name, name->entry->last_used);
    }
}

/**
 * tea_roll_apply: (skip)
 * @self: a roll
 * @event: what happened next in the room
 *
 * Takes account of an event. Whoever enters owns the name from then on, if they have a
 * key; whether they may is asked before, with tea_roll_is_free(). Of more than
 * %TEA_ROLL_MAX_NAMES names of a key the one that was not used for longest is nobody's
 * any more.
 */
void
tea_roll_apply (TeaRoll *self, TeaEvent *event)
{
  g_autofree char *folded = NULL;
  Name *name;

  g_return_if_fail (self != NULL);

  if (tea_event_get_kind (event) != TEA_EVENT_JOINED
      && tea_event_get_kind (event) != TEA_EVENT_LEFT)
    return;

  folded = tea_name_fold (tea_event_get_author (event));
  name = g_hash_table_lookup (self->names, folded);
  if (tea_event_get_kind (event) == TEA_EVENT_LEFT)
    {
      if (name != NULL && name->entry->joined != 0)
        apply_left (self, name, tea_event_get_time (event));
      return;
    }

  if (name != NULL)
    remove_name (self, name);
  add_name (self, tea_event_get_author (event), tea_event_get_key (event),
            tea_event_get_seq (event), tea_event_get_time (event));
  mark_dirty (self, folded);
  limit_names (self, tea_event_get_key (event));
}

/**
 * tea_roll_expire: (skip)
 * @self: a roll
 * @now: the time of day, in µs since the Unix epoch, UTC
 *
 * Forgets names that nobody has used for their lifetime.
 */
void
tea_roll_expire (TeaRoll *self, gint64 now)
{
  GHashTableIter iter;
  Name *name;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &name))
    if (is_expired (self, name->entry, now))
      {
        mark_dirty (self, name->folded);
        forget_owner (self, name);
        g_hash_table_iter_remove (&iter);
      }
}

/**
 * tea_roll_save: (skip)
 * @self: a roll
 * @store: where it is kept
 * @as_of: the latest event it takes account of
 *
 * Keeps what has changed since the last time.
 */
void
tea_roll_save (TeaRoll *self, TeaRollStore *store, guint64 as_of)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) removed = NULL;
  GHashTableIter iter;
  char *folded;

  g_return_if_fail (self != NULL);

  changed = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_roll_entry_free);
  removed = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, (gpointer *) &folded, NULL))
    {
      TeaRollEntry *entry = tea_roll_find (self, folded);

      if (entry != NULL)
        g_ptr_array_add (changed, tea_roll_entry_new (entry->name, entry->key, entry->joined,
                                                      entry->last_used));
      else
        g_ptr_array_add (removed, folded);
    }

  g_ptr_array_add (removed, NULL);
  tea_roll_store_save (store, changed, (const char *const *) removed->pdata, as_of);
  g_hash_table_remove_all (self->dirty);
}

/**
 * tea_roll_is_changed: (skip)
 * @self: a roll
 *
 * Returns: whether there is something to save
 */
gboolean
tea_roll_is_changed (TeaRoll *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_size (self->dirty) > 0;
}

/**
 * tea_roll_find: (skip)
 * @self: a roll
 * @folded: a folded name
 *
 * Returns: (transfer none) (nullable): what is known of the name; it counts until the
 *   roll changes
 */
TeaRollEntry *
tea_roll_find (TeaRoll *self, const char *folded)
{
  Name *name;

  g_return_val_if_fail (self != NULL, NULL);

  name = g_hash_table_lookup (self->names, folded);

  return name != NULL ? name->entry : NULL;
}

/**
 * tea_roll_is_free: (skip)
 * @self: a roll
 * @folded: a folded name
 * @key: (nullable): the fingerprint of a key; %NULL for somebody without one
 * @now: the time of day, in µs since the Unix epoch, UTC
 *
 * Tells whether somebody may enter under a name: nobody is there under it, and it is
 * theirs, or nobody's (any more).
 *
 * Returns: whether they may
 */
gboolean
tea_roll_is_free (TeaRoll *self, const char *folded, const char *key, gint64 now)
{
  TeaRollEntry *entry = tea_roll_find (self, folded);

  if (entry == NULL)
    return TRUE;
  if (entry->joined != 0)
    return FALSE;

  return g_strcmp0 (entry->key, key) == 0 || is_expired (self, entry, now);
}

/**
 * tea_roll_count_present: (skip)
 * @self: a roll
 * @key: the fingerprint of a key
 *
 * Returns: under how many names its owner is in the room
 */
guint
tea_roll_count_present (TeaRoll *self, const char *key)
{
  GPtrArray *names;
  guint n = 0;

  g_return_val_if_fail (self != NULL && key != NULL, 0);

  names = g_hash_table_lookup (self->owned, key);
  for (guint i = 0; names != NULL && i < names->len; i++)
    n += ((Name *) g_ptr_array_index (names, i))->entry->joined != 0;

  return n;
}

/**
 * tea_roll_get_n_present: (skip)
 * @self: a roll
 *
 * Returns: how many are in the room
 */
guint
tea_roll_get_n_present (TeaRoll *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) g_sequence_get_length (self->present);
}

/**
 * tea_roll_list_present: (skip)
 * @self: a roll
 * @after: those who joined after this event
 * @max: how many at most
 * @next: (out) (optional): the event after which to go on; 0 when these are all
 *
 * Returns: (transfer container) (element-type TeaRollEntry): who is in the room, as they
 *   joined; the entries count until the roll changes
 */
GPtrArray *
tea_roll_list_present (TeaRoll *self, guint64 after, guint max, guint64 *next)
{
  TeaRollEntry bound = { .joined = after };
  Name wanted = { .entry = &bound };
  GPtrArray *list = NULL;
  GSequenceIter *iter;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_ptr_array_new ();
  iter = g_sequence_search (self->present, &wanted, compare_joined, NULL);
  for (; !g_sequence_iter_is_end (iter) && list->len < max; iter = g_sequence_iter_next (iter))
    {
      Name *name = g_sequence_get (iter);

      g_ptr_array_add (list, name->entry);
      after = name->entry->joined;
    }

  if (next != NULL)
    *next = g_sequence_iter_is_end (iter) ? 0 : after;

  return list;
}
