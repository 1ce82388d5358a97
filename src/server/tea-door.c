/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-door.h"

#include <glib/gi18n-lib.h>

#include "tea-limits.h"
#include "tea-refusal.h"

/* So many addresses are remembered: where keys came from last. */
#define MAX_ADDRESSES 65536
#define ADDRESS_MEMORY (7 * G_TIME_SPAN_DAY)

/**
 * TeaDoor:
 *
 * Who may come into the house: not who is banned, and from a banned network only who had a name
 * before.
 */
struct _TeaDoor
{
  GObject parent_instance;

  TeaRuleBook *book;      /* (owned): of the hall */
  TeaPolicy *policy;      /* (owned) */
  TeaNameRegistry *names; /* (owned) */
  TeaNameStore *store;    /* (owned) */
  TeaClock *clock;        /* (owned) */
  GHashTable *addresses;  /* (element-type utf8 Address): by key */
  GQueue by_age;          /* (element-type Address): the oldest first */
};

/* Where somebody came from last. It is written down nowhere. */
typedef struct
{
  char *key;
  char *address;
  gint64 time;
  GList link;
} Address;

/* Who asks to be let in. */
typedef struct
{
  char *key;
  char *address; /* (nullable) */
} Asking;

G_DEFINE_FINAL_TYPE (TeaDoor, tea_door, G_TYPE_OBJECT)

static void
address_free (Address *address)
{
  g_free (address->key);
  g_free (address->address);
  g_free (address);
}

static void
asking_free (Asking *asking)
{
  g_free (asking->key);
  g_free (asking->address);
  g_free (asking);
}

static GError *
make_refusal (gint64 until)
{
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (until >= TEA_EVENT_MAX_TIME)
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("You were sent out of this house for good."));

  time = tea_door_describe_time (until);
  text = g_strdup_printf (_ ("You were sent out. You may come back at %s."), time);

  return tea_refusal_new (TEA_REFUSAL_NOT_BEFORE, text);
}

/* It is known whether they own a name here. */
static void
decide (GTask *task, gboolean is_known)
{
  TeaDoor *self = g_task_get_source_object (task);
  const Asking *asking = g_task_get_task_data (task);
  gint64 until = tea_rule_book_get_network_ban (self->book, asking->address);
  GError *error = NULL;

  if (!tea_door_check (self, asking->key, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (until != 0 && (!is_known || tea_policy_was_new (self->policy, asking->key))
      && !tea_policy_is_operator (self->policy, asking->key))
    {
      g_task_return_error (task, make_refusal (until));
      return;
    }

  if (!is_known)
    tea_policy_note_new (self->policy, asking->key);
  g_task_return_boolean (task, TRUE);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  entries = tea_name_store_list_owned_finish (TEA_NAME_STORE (object), result, &error);
  if (entries != NULL)
    decide (task, entries->len > 0);
  else
    g_task_return_error (
        task, tea_refusal_new (TEA_REFUSAL_TRY_LATER,
                               _ ("The server cannot let you in now. Try again later.")));
}

static void
tea_door_finalize (GObject *object)
{
  TeaDoor *self = TEA_DOOR (object);

  g_hash_table_unref (self->addresses);
  g_object_unref (self->book);
  g_object_unref (self->policy);
  g_object_unref (self->names);
  g_object_unref (self->store);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_door_parent_class)->finalize (object);
}

static void
tea_door_class_init (TeaDoorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_door_finalize;
}

static void
tea_door_init (TeaDoor *self)
{
  self->addresses
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) address_free);
  g_queue_init (&self->by_age);
}

/**
 * tea_door_new:
 * @book: what holds in the hall
 * @policy: what holds in the house
 * @names: whose the names are
 * @store: where those are kept
 * @clock: by which clock
 *
 * Returns: (transfer full): the door of a house
 */
TeaDoor *
tea_door_new (TeaRuleBook *book,
              TeaPolicy *policy,
              TeaNameRegistry *names,
              TeaNameStore *store,
              TeaClock *clock)
{
  TeaDoor *self = NULL;

  g_return_val_if_fail (TEA_IS_RULE_BOOK (book), NULL);
  g_return_val_if_fail (TEA_IS_POLICY (policy), NULL);
  g_return_val_if_fail (TEA_IS_NAME_REGISTRY (names), NULL);
  g_return_val_if_fail (TEA_IS_NAME_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_DOOR, NULL);
  self->book = g_object_ref (book);
  self->policy = g_object_ref (policy);
  self->names = g_object_ref (names);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * tea_door_needs_names:
 * @self: a door
 *
 * Returns: whether it is of account which names they own: else tea_door_check() suffices
 */
gboolean
tea_door_needs_names (TeaDoor *self)
{
  g_return_val_if_fail (TEA_IS_DOOR (self), FALSE);

  return tea_policy_has_newcomers (self->policy) || tea_rule_book_has_network_bans (self->book);
}

/**
 * tea_door_ask_async:
 * @self: a door
 * @key: the fingerprint of the key of who wants to come in
 * @address: (nullable): the IP address that they speak from
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks whether somebody may come into the house, whatever they want to be called.
 */
void
tea_door_ask_async (TeaDoor *self,
                    const char *key,
                    const char *address,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Asking *asking = NULL;

  g_return_if_fail (TEA_IS_DOOR (self));
  g_return_if_fail (key != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_door_ask_async);
  asking = g_new0 (Asking, 1);
  asking->key = g_strdup (key);
  asking->address = g_strdup (address);
  g_task_set_task_data (task, asking, (GDestroyNotify) asking_free);

  if (tea_name_registry_find_latest (self->names, key) != NULL)
    decide (task, TRUE);
  else if (tea_name_registry_is_known (self->names, key))
    decide (task, FALSE);
  else
    tea_name_store_list_owned_async (self->store, key, NULL, listed_cb, g_steal_pointer (&task));
}

/**
 * tea_door_ask_finish:
 * @self: a door
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether they may come in; if not, @error is one that tea_refusal_from_error()
 *   understands
 */
gboolean
tea_door_ask_finish (TeaDoor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_door_check:
 * @self: a door
 * @key: the fingerprint of a key
 * @error: return location for a #GError
 *
 * Tells whether a key may be in the house, for when its owner is nearly in.
 *
 * Returns: whether it may; if not, @error is one that tea_refusal_from_error() understands
 */
gboolean
tea_door_check (TeaDoor *self, const char *key, GError **error)
{
  gint64 until = 0;

  g_return_val_if_fail (TEA_IS_DOOR (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (tea_policy_is_operator (self->policy, key)
      || !tea_rule_book_is_banned (self->book, key, &until))
    return TRUE;

  g_propagate_error (error, make_refusal (until));

  return FALSE;
}

/**
 * tea_door_note_address:
 * @self: a door
 * @key: the fingerprint of the key of somebody who has come in
 * @address: (nullable): the IP address that they speak from
 *
 * Remembers from where somebody came last, for a week, in case that their network is banned.
 */
void
tea_door_note_address (TeaDoor *self, const char *key, const char *address)
{
  Address *entry = NULL;
  gint64 now;

  g_return_if_fail (TEA_IS_DOOR (self));
  g_return_if_fail (key != NULL);

  if (address == NULL)
    return;

  now = tea_clock_get_time (self->clock);
  entry = g_hash_table_lookup (self->addresses, key);
  if (entry == NULL)
    {
      entry = g_new0 (Address, 1);
      entry->key = g_strdup (key);
      entry->link.data = entry;
      g_hash_table_insert (self->addresses, entry->key, entry);
    }
  else
    {
      g_queue_unlink (&self->by_age, &entry->link);
      g_free (entry->address);
    }
  entry->address = g_strdup (address);
  entry->time = now;
  g_queue_push_tail_link (&self->by_age, &entry->link);

  while ((entry = g_queue_peek_head (&self->by_age)) != NULL
         && (entry->time + ADDRESS_MEMORY <= now || self->by_age.length > MAX_ADDRESSES))
    {
      g_queue_unlink (&self->by_age, &entry->link);
      g_hash_table_remove (self->addresses, entry->key);
    }
}

/**
 * tea_door_find_address:
 * @self: a door
 * @key: the fingerprint of a key
 *
 * Returns: (transfer none) (nullable): from where its owner came last; %NULL where that is not
 *   known
 */
const char *
tea_door_find_address (TeaDoor *self, const char *key)
{
  const Address *entry = NULL;

  g_return_val_if_fail (TEA_IS_DOOR (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  entry = g_hash_table_lookup (self->addresses, key);

  return entry != NULL ? entry->address : NULL;
}

/**
 * tea_door_describe_time: (skip)
 * @time: a time, in µs since 1970 UTC
 *
 * Returns: (transfer full): the minute by which that is over, for people anywhere
 */
char *
tea_door_describe_time (gint64 time)
{
  gint64 over = MIN (time + 59 * G_TIME_SPAN_SECOND, TEA_EVENT_MAX_TIME);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (over / G_TIME_SPAN_SECOND);

  return g_date_time_format (date, "%Y-%m-%d %H:%M UTC");
}
