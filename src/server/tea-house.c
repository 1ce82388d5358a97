/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-house.h"

#include "tea-event-data.h"

/* The network of somebody is kept out for so long at most. */
#define NETWORK_BAN (7 * G_TIME_SPAN_DAY)

/**
 * TeaHouse:
 *
 * A house and its rooms: finds a room by its address, loads it for whoever opens it first,
 * and lets it sleep when nobody has had it open for a while. Whoever is in the house is in
 * the hall, and names are those of the house.
 *
 * Of a room that sleeps nothing is kept in memory, and nothing is timed.
 */
struct _TeaHouse
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
  TeaClock *clock; /* (owned) */
  GTimeSpan grace;
  TeaRoomMakers makers;
  gboolean has_pairs;
  TeaPolicy *policy; /* (owned) */
  TeaDoor *door;     /* (owned) (nullable): once it is open */

  TeaNameRegistry *names;  /* (owned) */
  TeaPositions *positions; /* (owned) */
  TeaRoom *hall;           /* (owned) (nullable): once it is opened */
  gboolean is_open;

  GHashTable *rooms;     /* (element-type guint32 Loaded): by number, without the hall */
  GHashTable *addresses; /* (element-type utf8 Loaded): by folded address */
  GHashTable *loading;   /* (element-type guint32 GPtrArray(GTask)): by number */
  GQueue idle;           /* (element-type Loaded): which nobody has open, the longest first */
  TeaTimer *sleep_timer; /* (owned) */
  GHashTable *guards;    /* (element-type guint32 TeaPasswordGuard): by a room's number */
};

/* A room that is awake. */
typedef struct
{
  TeaRoom *room; /* (owned) */
  char *folded;  /* (owned) */
  guint n_users;
  gint64 idle_since;
  GList link; /* among those that nobody has open */
} Loaded;

G_DEFINE_FINAL_TYPE (TeaHouse, tea_house, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
loaded_free (Loaded *loaded)
{
  tea_room_close (loaded->room);
  g_object_unref (loaded->room);
  g_free (loaded->folded);
  g_free (loaded);
}

static Loaded *
find_loaded (TeaHouse *self, TeaRoom *room)
{
  return g_hash_table_lookup (self->rooms, GUINT_TO_POINTER (tea_room_get_info (room)->number));
}

static void
drop (TeaHouse *self, Loaded *loaded)
{
  guint32 number = tea_room_get_info (loaded->room)->number;

  if (loaded->n_users == 0)
    g_queue_unlink (&self->idle, &loaded->link);
  g_hash_table_remove (self->addresses, loaded->folded);
  g_hash_table_remove (self->rooms, GUINT_TO_POINTER (number));
}

static void
sleep_cb (gpointer user_data)
{
  TeaHouse *self = TEA_HOUSE (user_data);
  gint64 limit = tea_clock_get_time (self->clock) - TEA_HOUSE_SLEEP_DELAY;
  Loaded *loaded;

  while ((loaded = g_queue_peek_head (&self->idle)) != NULL && loaded->idle_since <= limit)
    drop (self, loaded);

  if (loaded != NULL)
    tea_timer_set_at (self->sleep_timer, loaded->idle_since + TEA_HOUSE_SLEEP_DELAY);
}

static void
make_idle (TeaHouse *self, Loaded *loaded)
{
  loaded->idle_since = tea_clock_get_time (self->clock);
  g_queue_push_tail_link (&self->idle, &loaded->link);
  if (self->idle.length == 1)
    tea_timer_set (self->sleep_timer, TEA_HOUSE_SLEEP_DELAY);
}

static void
event_cb (TeaHouse *self, TeaEvent *event, TeaRoom *room)
{
  g_assert (TEA_IS_HOUSE (self));

  g_signal_emit (self, signals[SIGNAL_EVENT], 0, room, event);
}

static void
renamed_cb (TeaHouse *self, const char *before, TeaRoom *room)
{
  Loaded *loaded = find_loaded (self, room);

  g_assert (TEA_IS_HOUSE (self));

  if (loaded == NULL)
    return;

  g_hash_table_remove (self->addresses, loaded->folded);
  g_free (loaded->folded);
  loaded->folded = g_strdup (tea_room_get_info (room)->folded);
  g_hash_table_insert (self->addresses, loaded->folded, loaded);
}

/* Takes a room among those that are awake. */
static void
add_room (TeaHouse *self, TeaRoom *room)
{
  const TeaRoomInfo *info = tea_room_get_info (room);
  Loaded *loaded = g_new0 (Loaded, 1);

  loaded->room = g_object_ref (room);
  loaded->folded = g_strdup (info->folded);
  loaded->link.data = loaded;
  g_hash_table_insert (self->rooms, GUINT_TO_POINTER (info->number), loaded);
  g_hash_table_insert (self->addresses, loaded->folded, loaded);
  make_idle (self, loaded);

  g_signal_connect_object (room, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (room, "renamed", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
}

static void
tea_house_dispose (GObject *object)
{
  TeaHouse *self = TEA_HOUSE (object);

  tea_house_close (self);
  g_clear_pointer (&self->sleep_timer, tea_timer_free);

  G_OBJECT_CLASS (tea_house_parent_class)->dispose (object);
}

static void
tea_house_finalize (GObject *object)
{
  TeaHouse *self = TEA_HOUSE (object);

  g_hash_table_unref (self->addresses);
  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->loading);
  g_hash_table_unref (self->guards);
  g_clear_object (&self->door);
  g_clear_object (&self->hall);
  g_object_unref (self->policy);
  g_object_unref (self->positions);
  g_object_unref (self->names);
  g_object_unref (self->store);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_house_parent_class)->finalize (object);
}

static void
tea_house_class_init (TeaHouseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_house_dispose;
  object_class->finalize = tea_house_finalize;

  /**
   * TeaHouse::event:
   * @self: the house
   * @room: one of its rooms, but not the hall
   * @event: what happened there
   *
   * Something has happened in a room, and whoever has it open was told of it.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, TEA_TYPE_ROOM, TEA_TYPE_EVENT);
  /**
   * TeaHouse::gone:
   * @self: the house
   * @room: a room that was awake
   *
   * There is no such room any more. Whoever has it open is to let go of it.
   */
  signals[SIGNAL_GONE] = g_signal_new ("gone", TEA_TYPE_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, TEA_TYPE_ROOM);
}

static void
tea_house_init (TeaHouse *self)
{
  self->grace = TEA_PRESENCE_DEFAULT_GRACE;
  self->has_pairs = TRUE;
  self->rooms = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) loaded_free);
  self->addresses = g_hash_table_new (g_str_hash, g_str_equal);
  self->loading = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->guards = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_queue_init (&self->idle);
}

/**
 * tea_house_new:
 * @store: what is kept of the house
 * @clock: what time it is there
 *
 * Returns: (transfer full): a house that is not open yet
 */
TeaHouse *
tea_house_new (TeaStore *store, TeaClock *clock)
{
  TeaHouse *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_HOUSE, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->names = tea_name_registry_new (tea_store_get_calendar (store));
  tea_name_registry_set_lifetime (self->names, TEA_HOUSE_DEFAULT_NAME_LIFETIME);
  self->policy = tea_policy_new (clock);
  self->positions = tea_positions_new (store, clock);
  self->sleep_timer = tea_timer_new (clock, sleep_cb, self);

  return self;
}

/**
 * tea_house_set_grace:
 * @self: a house
 * @grace: a time, in µs
 *
 * Sets for how long somebody with a key whose last session is lost counts as here, and
 * everybody after a start of the server.
 */
void
tea_house_set_grace (TeaHouse *self, GTimeSpan grace)
{
  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (grace >= 0);

  self->grace = grace;
  if (self->hall != NULL)
    tea_presence_set_grace (tea_room_get_presence (self->hall), grace);
}

/**
 * tea_house_set_name_lifetime:
 * @self: a house
 * @n_days: a number of days that the house has lived through; 0: for ever
 *
 * Sets for how long a name stays its owner's who does not come.
 */
void
tea_house_set_name_lifetime (TeaHouse *self, guint n_days)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  tea_name_registry_set_lifetime (self->names, n_days);
}

/**
 * tea_house_set_makers:
 * @self: a house
 * @makers: who may make rooms
 *
 * Sets who may make rooms.
 */
void
tea_house_set_makers (TeaHouse *self, TeaRoomMakers makers)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  self->makers = makers;
}

/**
 * tea_house_set_has_pairs:
 * @self: a house
 * @has_pairs: whether there are private conversations
 *
 * Sets whether two people can speak alone. What they said while they could stays in the log.
 */
void
tea_house_set_has_pairs (TeaHouse *self, gboolean has_pairs)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  self->has_pairs = has_pairs;
}

/**
 * tea_house_get_has_pairs:
 * @self: a house
 *
 * Returns: whether there are private conversations
 */
gboolean
tea_house_get_has_pairs (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), FALSE);

  return self->has_pairs;
}

/**
 * tea_house_set_operators:
 * @self: a house
 * @keys: (array zero-terminated=1): the fingerprints of keys
 *
 * Makes their owners operators, and nobody else: they own the hall and each room that is listed.
 */
void
tea_house_set_operators (TeaHouse *self, const char *const *keys)
{
  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (keys != NULL);

  tea_policy_set_operators (self->policy, keys);
}

/**
 * tea_house_set_key:
 * @self: a house that is not open
 * @key: the fingerprint of the server's key
 *
 * Lets the house itself speak and keep order, under a name that is nobody else's.
 */
void
tea_house_set_key (TeaHouse *self, const char *key)
{
  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (key != NULL && self->hall == NULL);

  tea_policy_set_house_key (self->policy, key);
}

static void
reserve_own_name (TeaHouse *self)
{
  g_autoptr (TeaName) name = tea_name_new_unchecked (TEA_POLICY_HOUSE_NAME);
  const TeaOwnedName *owned = tea_name_registry_find (self->names, name);

  if (tea_policy_get_house_key (self->policy) != NULL && (owned == NULL || !owned->is_in_use))
    tea_name_registry_assign (self->names, name, tea_policy_get_house_key (self->policy), TRUE);
}

/* Where somebody is sent out of the house, none of their names stays there by itself, nor their
 * network's. */
static void
hall_event_cb (TeaHouse *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  const char *address = NULL;

  g_assert (TEA_IS_HOUSE (self));

  if (tea_event_get_kind (event) != TEA_EVENT_SENT_OUT
      || !tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out))
    return;

  tea_presence_send_out (tea_house_get_presence (self), sent_out.key);
  address = tea_door_find_address (self->door, sent_out.key);
  if (sent_out.with_network && address != NULL)
    tea_rule_book_ban_network (tea_room_get_rule_book (self->hall), address,
                               MIN (sent_out.until,
                                    tea_calendar_get_time (tea_store_get_calendar (self->store))
                                        + NETWORK_BAN));
}

static void
hall_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!tea_room_open_finish (TEA_ROOM (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->is_open = TRUE;
  self->door = tea_door_new (tea_room_get_rule_book (self->hall), self->policy, self->names,
                             TEA_NAME_STORE (self->store), self->clock);
  g_signal_connect_object (self->hall, "event", G_CALLBACK (hall_event_cb), self,
                           G_CONNECT_SWAPPED);
  reserve_own_name (self);
  g_task_return_boolean (task, TRUE);
}

static void
hall_log_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *self = g_task_get_source_object (task);
  const TeaRoomInfo *info = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (TeaLog) log = NULL;
  GError *error = NULL;

  log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (log == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->hall = tea_room_new_hall (self->store, log, info, self->policy, self->names, self->clock);
  tea_presence_set_grace (tea_room_get_presence (self->hall), self->grace);
  tea_room_open_async (self->hall, cancellable, hall_opened_cb, g_steal_pointer (&task));
}

static void
hall_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  TeaRoomInfo *info = NULL;
  GError *error = NULL;

  if (!tea_store_get_room_finish (TEA_STORE (object), result, &info, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (info == NULL)
    info = tea_room_info_new ("", "");
  g_task_set_task_data (task, info, (GDestroyNotify) tea_room_info_free);
  tea_store_open_log_async (TEA_STORE (object), TEA_ROOM_INFO_HALL, cancellable, hall_log_opened_cb,
                            g_steal_pointer (&task));
}

/**
 * tea_house_open_async:
 * @self: a house that was not opened before
 * @cancellable: (nullable): to give up with
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the house as it was. Whoever was in it has the grace time to come back, without
 * anybody hearing that they were gone.
 */
void
tea_house_open_async (TeaHouse *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (self->hall == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_house_open_async);
  tea_store_get_room_async (self->store, TEA_ROOM_INFO_HALL, cancellable, hall_found_cb, task);
}

/**
 * tea_house_open_finish:
 * @self: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is open; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_house_open_finish (TeaHouse *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_house_save:
 * @self: a house
 *
 * Keeps what is known of rooms that are awake, so that what is asked of the store is right.
 */
void
tea_house_save (TeaHouse *self)
{
  GHashTableIter iter;
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &loaded))
    tea_room_save (loaded->room);
  tea_positions_save (self->positions);
}

/**
 * tea_house_close:
 * @self: a house
 *
 * Closes the house. Nobody leaves: they are there again for the grace time when it is
 * opened the next time. What is under way may still be stored, but is answered with
 * %TEA_ERROR_TRY_LATER. Does nothing where it is not open.
 */
void
tea_house_close (TeaHouse *self)
{
  g_return_if_fail (TEA_IS_HOUSE (self));

  self->is_open = FALSE;
  tea_timer_unset (self->sleep_timer);
  tea_positions_save (self->positions);
  g_queue_init (&self->idle);
  g_hash_table_remove_all (self->addresses);
  g_hash_table_remove_all (self->rooms);
  if (self->hall != NULL)
    tea_room_close (self->hall);
}

/**
 * tea_house_get_policy:
 * @self: a house
 *
 * Returns: (transfer none): what holds in all its rooms
 */
TeaPolicy *
tea_house_get_policy (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->policy;
}

/**
 * tea_house_get_door:
 * @self: a house that was opened
 *
 * Returns: (transfer none): who may come in
 */
TeaDoor *
tea_house_get_door (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->door;
}

/**
 * tea_house_get_store:
 * @self: a house
 *
 * Returns: (transfer none): what is kept of it
 */
TeaStore *
tea_house_get_store (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->store;
}

/**
 * tea_house_get_hall:
 * @self: a house that is open
 *
 * Returns: (transfer none): the room in which everybody is
 */
TeaRoom *
tea_house_get_hall (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->hall;
}

/**
 * tea_house_get_presence:
 * @self: a house that is open
 *
 * Returns: (transfer none): who is here
 */
TeaPresence *
tea_house_get_presence (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);
  g_return_val_if_fail (self->hall != NULL, NULL);

  return tea_room_get_presence (self->hall);
}

/**
 * tea_house_get_names:
 * @self: a house
 *
 * Returns: (transfer none): whose the names are
 */
TeaNameRegistry *
tea_house_get_names (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->names;
}

/**
 * tea_house_get_positions:
 * @self: a house
 *
 * Returns: (transfer none): how far everybody has read
 */
TeaPositions *
tea_house_get_positions (TeaHouse *self)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  return self->positions;
}

/**
 * tea_house_get_guard:
 * @self: a house
 * @info: a room that has a password
 * @error: return location for a #GError
 *
 * Returns: (transfer none) (nullable): who knows the password of the room, and its mistakes,
 *   also those of before the room slept; %NULL with @error where what is kept is no hash
 */
TeaPasswordGuard *
tea_house_get_guard (TeaHouse *self, const TeaRoomInfo *info, GError **error)
{
  g_autoptr (TeaPassword) password = NULL;
  TeaPasswordGuard *guard;

  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);
  g_return_val_if_fail (info != NULL && info->password != NULL, NULL);

  guard = g_hash_table_lookup (self->guards, GUINT_TO_POINTER (info->number));
  if (guard != NULL)
    return guard;

  password = tea_password_new (info->password, error);
  if (password == NULL)
    return NULL;

  guard = tea_password_guard_new (password, self->clock);
  g_hash_table_insert (self->guards, GUINT_TO_POINTER (info->number), guard);

  return guard;
}

/**
 * tea_house_set_room_password:
 * @self: a house
 * @room: one of its rooms that is awake, but not the hall and no pair
 * @hash: (nullable): the hash of its password; %NULL where it is to have none
 *
 * Sets what whoever becomes a member from now on has to know. Who is one stays.
 */
void
tea_house_set_room_password (TeaHouse *self, TeaRoom *room, const char *hash)
{
  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (TEA_IS_ROOM (room));

  tea_room_set_password (room, hash);
  g_hash_table_remove (self->guards, GUINT_TO_POINTER (tea_room_get_info (room)->number));
}

/**
 * tea_house_may_make_rooms:
 * @self: a house
 * @key: the fingerprint of a key
 *
 * Returns: whether its owner may make rooms
 */
gboolean
tea_house_may_make_rooms (TeaHouse *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), FALSE);

  return self->makers == TEA_ROOM_MAKERS_MEMBERS
         || (self->makers == TEA_ROOM_MAKERS_OPERATORS && tea_house_is_operator (self, key));
}

/**
 * tea_house_is_operator:
 * @self: a house
 * @key: the fingerprint of a key
 *
 * Returns: whether its owner is an operator
 */
gboolean
tea_house_is_operator (TeaHouse *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_HOUSE (self), FALSE);

  return tea_policy_is_operator (self->policy, key);
}

/**
 * tea_house_find_name:
 * @self: a house
 * @key: the fingerprint of a key
 *
 * Returns: what its owner is called here; of somebody who is not here, what they were called in
 *   a room that is awake; empty where that is not known
 */
const char *
tea_house_find_name (TeaHouse *self, const char *key)
{
  const TeaOwnedName *name;
  GHashTableIter iter;
  Loaded *loaded;

  g_return_val_if_fail (TEA_IS_HOUSE (self), "");

  name = tea_name_registry_find_latest (self->names, key);
  if (name != NULL)
    return tea_name_get_text (name->name);

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &loaded))
    {
      const TeaMembership *membership = tea_members_find (tea_room_get_members (loaded->room), key);

      if (membership != NULL && *membership->name != '\0')
        return membership->name;
    }

  return "";
}

/**
 * tea_house_is_here:
 * @self: a house
 * @key: the fingerprint of a key
 *
 * Returns: whether its owner is in the house, or may be back at any moment
 */
gboolean
tea_house_is_here (TeaHouse *self, const char *key)
{
  const TeaOwnedName *name;

  g_return_val_if_fail (TEA_IS_HOUSE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  name = tea_name_registry_find_latest (self->names, key);

  return name != NULL && name->is_in_use;
}

/**
 * tea_house_has_common_room:
 * @self: a house
 * @one: the fingerprint of a key
 * @other: the fingerprint of another one
 *
 * Returns: whether there is a room that is awake and that both belong to; the hall is one
 *   while both are in it
 */
gboolean
tea_house_has_common_room (TeaHouse *self, const char *one, const char *other)
{
  GHashTableIter iter;
  Loaded *loaded;

  g_return_val_if_fail (TEA_IS_HOUSE (self), FALSE);

  if (tea_house_is_here (self, one) && tea_house_is_here (self, other))
    return TRUE;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &loaded))
    {
      TeaMembers *members = tea_room_get_members (loaded->room);

      if (tea_members_get_role (members, one) != TEA_ROOM_ROLE_NONE
          && tea_members_get_role (members, other) != TEA_ROOM_ROLE_NONE)
        return TRUE;
    }

  return FALSE;
}

/* Who asks for a room at once that is just being loaded gets it as well. */
static void
answer_loading (TeaHouse *self, guint32 number, TeaRoom *room, const GError *error)
{
  g_autoptr (GPtrArray) tasks = g_hash_table_lookup (self->loading, GUINT_TO_POINTER (number));

  if (tasks == NULL)
    return;

  g_ptr_array_ref (tasks);
  g_hash_table_remove (self->loading, GUINT_TO_POINTER (number));
  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_pointer (task, g_object_ref (room), g_object_unref);
    }
}

static void
room_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaHouse) self = user_data;
  TeaRoom *room = TEA_ROOM (object);
  g_autoptr (GError) error = NULL;
  guint32 number = tea_room_get_info (room)->number;

  if (tea_room_open_finish (room, result, &error) && self->is_open)
    add_room (self, room);
  else if (error == NULL)
    error = g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE, "");
  answer_loading (self, number, room, error);
}

static void
log_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *self = g_task_get_source_object (task);
  const TeaRoomInfo *info = g_task_get_task_data (task);
  g_autoptr (TeaLog) log = NULL;
  g_autoptr (GError) error = NULL;

  log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (log == NULL)
    {
      answer_loading (self, info->number, NULL, error);
    }
  else
    {
      g_autoptr (TeaRoom) room = tea_room_new (self->store, log, info, self->policy, self->clock);

      tea_room_open_async (room, NULL, room_opened_cb, g_object_ref (self));
    }
}

/* What is not there takes the same steps as what is. */
static void
nothing_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  G_GNUC_UNUSED g_autoptr (TeaLog) log
      = tea_store_open_log_finish (TEA_STORE (object), result, NULL);

  g_task_return_pointer (task, NULL, NULL);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *self = g_task_get_source_object (task);
  TeaRoomInfo *info = NULL;
  GError *error = NULL;
  GPtrArray *tasks;
  Loaded *loaded;

  if (!tea_store_find_room_finish (TEA_STORE (object), result, &info, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (info == NULL || info->number == TEA_ROOM_INFO_HALL)
    {
      g_clear_pointer (&info, tea_room_info_free);
      tea_store_open_log_async (self->store, TEA_ROOM_INFO_MAX_NUMBER, NULL, nothing_opened_cb,
                                g_steal_pointer (&task));
      return;
    }

  g_task_set_task_data (task, info, (GDestroyNotify) tea_room_info_free);
  loaded = g_hash_table_lookup (self->rooms, GUINT_TO_POINTER (info->number));
  if (loaded != NULL)
    {
      g_task_return_pointer (task, g_object_ref (loaded->room), g_object_unref);
      return;
    }

  tasks = g_hash_table_lookup (self->loading, GUINT_TO_POINTER (info->number));
  if (tasks != NULL)
    {
      g_ptr_array_add (tasks, g_steal_pointer (&task));
      return;
    }

  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (tasks, g_object_ref (task));
  g_hash_table_insert (self->loading, GUINT_TO_POINTER (info->number), tasks);
  tea_store_open_log_async (self->store, info->number, NULL, log_opened_cb,
                            g_steal_pointer (&task));
}

/**
 * tea_house_load_async:
 * @self: a house
 * @folded: the folded address of a room that is not the hall
 * @callback: called with the room
 * @user_data: for @callback
 *
 * Finds a room, and wakes it where it sleeps.
 */
void
tea_house_load_async (TeaHouse *self,
                      const char *folded,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (folded != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_house_load_async);

  loaded = g_hash_table_lookup (self->addresses, folded);
  if (loaded != NULL)
    g_task_return_pointer (task, g_object_ref (loaded->room), g_object_unref);
  else
    tea_store_find_room_async (self->store, folded, NULL, found_cb, g_steal_pointer (&task));
}

/**
 * tea_house_load_finish:
 * @self: a house
 * @result: what the callback was given
 * @room: (out) (transfer full) (nullable): the room; %NULL where there is none
 * @error: return location for a #GError
 *
 * The room is awake for a while; who needs it for longer calls tea_house_hold() at once.
 *
 * Returns: whether there is an answer; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_house_load_finish (TeaHouse *self, GAsyncResult *result, TeaRoom **room, GError **error)
{
  GError *own = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  *room = g_task_propagate_pointer (G_TASK (result), &own);
  if (own == NULL)
    return TRUE;

  g_propagate_error (error, own);

  return FALSE;
}

/**
 * tea_house_draft_pair:
 * @self: a house
 * @one: the fingerprint of a key
 * @other: the fingerprint of another one, with which it has no conversation on the disk
 *
 * Begins the private conversation of two keys, unless that has just been begun. It is on the
 * disk with its first message; until then it leaves no trace.
 *
 * Returns: (transfer full) (nullable): their room; %NULL where there cannot be more rooms
 */
TeaRoom *
tea_house_draft_pair (TeaHouse *self, const char *one, const char *other)
{
  g_autoptr (TeaRoomInfo) info = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (TeaLog) log = NULL;
  const Loaded *loaded;
  TeaRoom *room;

  g_return_val_if_fail (TEA_IS_HOUSE (self), NULL);

  /* Both may have looked for it at a time. */
  info = tea_room_info_new_pair (one, other);
  loaded = g_hash_table_lookup (self->addresses, info->folded);
  if (loaded != NULL)
    return g_object_ref (loaded->room);

  info->made = tea_clock_get_real_time (self->clock);
  members = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  g_ptr_array_add (members, tea_membership_new (one, tea_house_find_name (self, one),
                                                TEA_ROOM_ROLE_MEMBER, 0));
  g_ptr_array_add (members, tea_membership_new (other, tea_house_find_name (self, other),
                                                TEA_ROOM_ROLE_MEMBER, 0));

  log = tea_store_draft_room (self->store, info, members);
  if (log == NULL)
    return NULL;

  room = tea_room_new (self->store, log, info, self->policy, self->clock);
  tea_room_open_draft (room, members);
  add_room (self, room);

  return room;
}

/**
 * tea_house_hold:
 * @self: a house
 * @room: one of its rooms that is awake
 *
 * Keeps a room awake until tea_house_release().
 */
void
tea_house_hold (TeaHouse *self, TeaRoom *room)
{
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (TEA_IS_ROOM (room));

  loaded = tea_room_is_hall (room) ? NULL : find_loaded (self, room);
  if (loaded != NULL && loaded->n_users++ == 0)
    g_queue_unlink (&self->idle, &loaded->link);
}

/**
 * tea_house_release:
 * @self: a house
 * @room: a room that was held
 *
 * Lets a room sleep after a while, when nobody else holds it.
 */
void
tea_house_release (TeaHouse *self, TeaRoom *room)
{
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (TEA_IS_ROOM (room));

  loaded = tea_room_is_hall (room) ? NULL : find_loaded (self, room);
  if (loaded != NULL && --loaded->n_users == 0)
    make_idle (self, loaded);
}

/**
 * tea_house_sleep_now:
 * @self: a house
 *
 * Lets all rooms sleep that nobody holds: what is known of them is read anew when somebody comes.
 */
void
tea_house_sleep_now (TeaHouse *self)
{
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));

  while ((loaded = g_queue_peek_head (&self->idle)) != NULL)
    drop (self, loaded);
}

/**
 * tea_house_drop:
 * @self: a house
 * @room: one of its rooms that is awake, but not the hall
 *
 * Closes a room that is about to be removed: whoever has it open is told that it is gone.
 */
void
tea_house_drop (TeaHouse *self, TeaRoom *room)
{
  g_autoptr (TeaRoom) kept = NULL;
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (TEA_IS_ROOM (room) && !tea_room_is_hall (room));

  kept = g_object_ref (room);
  if (find_loaded (self, room) == NULL)
    return;

  g_signal_emit (self, signals[SIGNAL_GONE], 0, room);
  loaded = find_loaded (self, room);
  if (loaded != NULL)
    drop (self, loaded);
}

/**
 * tea_house_drop_pairs:
 * @self: a house
 * @key: the fingerprint of a key
 *
 * Closes the private conversations of somebody, which are about to be removed.
 */
void
tea_house_drop_pairs (TeaHouse *self, const char *key)
{
  g_autoptr (GPtrArray) pairs = NULL;
  GHashTableIter iter;
  Loaded *loaded;

  g_return_if_fail (TEA_IS_HOUSE (self));
  g_return_if_fail (key != NULL);

  pairs = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &loaded))
    {
      g_autofree char *other = tea_room_info_dup_other (tea_room_get_info (loaded->room), key);

      if (other != NULL)
        g_ptr_array_add (pairs, g_object_ref (loaded->room));
    }

  for (guint i = 0; i < pairs->len; i++)
    tea_house_drop (self, g_ptr_array_index (pairs, i));
}
