/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-members.h"

#include <glib/gi18n-lib.h>

#include "tea-event-data.h"
#include "tea-refusal.h"

/* They are saved so long after something happened. */
#define SAVE_DELAY (2 * G_TIME_SPAN_SECOND)
#define SAVE_EVENTS 1000

/**
 * TeaMembers:
 *
 * Who belongs to a room, here or not, and who is invited to it: a reading of the room's log.
 */
struct _TeaMembers
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
  guint32 room;
  TeaRoomWriter *writer; /* (owned) */
  gboolean is_fixed;     /* whether nobody ever comes or goes: those of a pair */
  gboolean is_closed;
  char *owner; /* (owned) (nullable): on whose account the room goes */

  GHashTable *memberships; /* (element-type utf8 Entry): by key */
  GSequence *members;      /* (element-type Entry) (unowned): as they joined */
  GHashTable *joining;     /* (element-type utf8 GPtrArray(GTask)): by key */

  guint64 head;        /* the latest event that it takes account of */
  guint64 saved;       /* the event that what is saved takes account of */
  GHashTable *unsaved; /* (element-type utf8): keys */
  TeaTimer *save_timer;
};

typedef struct
{
  TeaMembership *membership; /* (owned) */
  GSequenceIter *iter;       /* (nullable): among the members */
} Entry;

G_DEFINE_FINAL_TYPE (TeaMembers, tea_members, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  if (entry->iter != NULL)
    g_sequence_remove (entry->iter);
  tea_membership_free (entry->membership);
  g_free (entry);
}

static int
compare_joined (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const TeaMembership *one = ((const Entry *) a)->membership;
  const TeaMembership *other = ((const Entry *) b)->membership;

  return (one->joined > other->joined) - (one->joined < other->joined);
}

static void
put (TeaMembers *self, const char *key, const char *name, TeaRoomRole role, guint64 joined)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->membership = tea_membership_new (key, name, (guint8) role, joined);
  if (role != TEA_ROOM_ROLE_NONE)
    entry->iter = g_sequence_insert_sorted (self->members, entry, compare_joined, NULL);
  g_hash_table_replace (self->memberships, entry->membership->key, entry);
}

static void
mark (TeaMembers *self, const char *key)
{
  g_hash_table_add (self->unsaved, g_strdup (key));
}

static void
save_cb (gpointer user_data)
{
  tea_members_save (TEA_MEMBERS (user_data));
}

/* The owner who has been a member for longest. */
static const TeaMembership *
find_first_owner (TeaMembers *self)
{
  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->members);
       !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      const TeaMembership *membership = ((Entry *) g_sequence_get (iter))->membership;

      if (membership->role == TEA_ROOM_ROLE_OWNER)
        return membership;
    }

  return NULL;
}

/* When the last owner leaves, whoever has been moderator for longest owns the room; where
 * there is none, the operators do. */
static void
find_owner (TeaMembers *self)
{
  const TeaMembership *owner = find_first_owner (self);

  if (owner != NULL)
    {
      if (self->owner == NULL || tea_members_get_role (self, self->owner) != TEA_ROOM_ROLE_OWNER)
        tea_members_set_owner (self, owner->key);
      return;
    }

  g_clear_pointer (&self->owner, g_free);
  for (GSequenceIter *iter = g_sequence_get_begin_iter (self->members);
       !g_sequence_iter_is_end (iter); iter = g_sequence_iter_next (iter))
    {
      TeaMembership *membership = ((Entry *) g_sequence_get (iter))->membership;

      if (membership->role == TEA_ROOM_ROLE_MODERATOR)
        {
          membership->role = TEA_ROOM_ROLE_OWNER;
          self->owner = g_strdup (membership->key);
          mark (self, membership->key);
          return;
        }
    }
}

static void
apply_joined (TeaMembers *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  TeaRoomRole role = tea_members_get_role (self, key);

  if (role == TEA_ROOM_ROLE_NONE)
    role = g_strcmp0 (self->owner, key) == 0 ? TEA_ROOM_ROLE_OWNER : TEA_ROOM_ROLE_MEMBER;
  put (self, key, tea_event_get_author (event), role, tea_event_get_seq (event));
  mark (self, key);
}

static void
remove_member (TeaMembers *self, const char *key)
{
  TeaRoomRole role = tea_members_get_role (self, key);

  if (!g_hash_table_remove (self->memberships, key))
    return;

  mark (self, key);
  if (role == TEA_ROOM_ROLE_OWNER)
    find_owner (self);
}

static void
apply_sent_out (TeaMembers *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out))
    remove_member (self, sent_out.key);
}

static void
apply_role (TeaMembers *self, TeaEvent *event)
{
  g_autofree char *key = NULL;
  TeaRoomRole role = TEA_ROOM_ROLE_NONE;
  gboolean was_owner = FALSE;
  Entry *entry = NULL;

  if (tea_event_data_decode_role (tea_event_get_data (event), &key, &role))
    entry = g_hash_table_lookup (self->memberships, key);
  if (entry == NULL || entry->membership->role == TEA_ROOM_ROLE_NONE)
    return;

  was_owner = entry->membership->role == TEA_ROOM_ROLE_OWNER;
  entry->membership->role = (guint8) role;
  mark (self, key);
  if (was_owner)
    find_owner (self);
}

static void
apply_invited (TeaMembers *self, TeaEvent *event)
{
  g_autofree char *key = tea_event_data_decode_key (tea_event_get_data (event));
  const char *name = tea_event_get_text (event);

  if (key == NULL || tea_members_get_role (self, key) != TEA_ROOM_ROLE_NONE)
    return;

  put (self, key, name != NULL ? name : "", TEA_ROOM_ROLE_NONE, tea_event_get_seq (event));
  mark (self, key);
}

static void
answer_joining (TeaMembers *self, const char *key, const GError *error)
{
  g_autoptr (GPtrArray) tasks = g_hash_table_lookup (self->joining, key);

  if (tasks == NULL)
    return;

  g_ptr_array_ref (tasks);
  g_hash_table_remove (self->joining, key);
  for (guint i = 0; i < tasks->len; i++)
    if (error != NULL)
      g_task_return_error (g_ptr_array_index (tasks, i), g_error_copy (error));
    else
      g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
}

static void
tea_members_dispose (GObject *object)
{
  g_clear_pointer (&TEA_MEMBERS (object)->save_timer, tea_timer_free);

  G_OBJECT_CLASS (tea_members_parent_class)->dispose (object);
}

static void
tea_members_finalize (GObject *object)
{
  TeaMembers *self = TEA_MEMBERS (object);

  g_hash_table_unref (self->joining);
  g_hash_table_unref (self->memberships);
  g_sequence_free (self->members);
  g_hash_table_unref (self->unsaved);
  g_free (self->owner);
  g_object_unref (self->writer);
  g_object_unref (self->store);

  G_OBJECT_CLASS (tea_members_parent_class)->finalize (object);
}

static void
tea_members_class_init (TeaMembersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_members_dispose;
  object_class->finalize = tea_members_finalize;
}

static void
tea_members_init (TeaMembers *self)
{
  self->memberships
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) entry_free);
  self->members = g_sequence_new (NULL);
  self->joining
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->unsaved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * tea_members_new:
 * @store: where they are kept
 * @room: the room's number
 * @writer: what writes the room's log
 * @clock: by which clock
 *
 * Returns: (transfer full): the members of a room, of whom none is known yet
 */
TeaMembers *
tea_members_new (TeaStore *store, guint32 room, TeaRoomWriter *writer, TeaClock *clock)
{
  TeaMembers *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_ROOM_WRITER (writer), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_MEMBERS, NULL);
  self->store = g_object_ref (store);
  self->room = room;
  self->writer = g_object_ref (writer);
  self->save_timer = tea_timer_new (clock, save_cb, self);

  return self;
}

/**
 * tea_members_set_fixed:
 * @self: the members of a pair
 * @members: (nullable) (element-type TeaMembership): the two; %NULL where they are to be loaded
 *
 * Lets nobody come or go any more.
 */
void
tea_members_set_fixed (TeaMembers *self, GPtrArray *members)
{
  g_return_if_fail (TEA_IS_MEMBERS (self));

  self->is_fixed = TRUE;
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      TeaMembership *membership = g_ptr_array_index (members, i);

      put (self, membership->key, membership->name, membership->role, membership->joined);
    }
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaMembers *self = g_task_get_source_object (task);
  const guint64 *head = g_task_get_task_data (task);
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (GError) error = NULL;
  guint64 as_of = 0;

  members = tea_store_load_members_finish (TEA_STORE (object), result, &as_of, &error);
  if (members == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < members->len; i++)
    {
      TeaMembership *membership = g_ptr_array_index (members, i);

      put (self, membership->key, membership->name, membership->role, membership->joined);
    }

  self->saved = self->head = MIN (as_of, *head);
  g_task_return_pointer (task, g_memdup2 (&self->head, sizeof self->head), g_free);
}

/**
 * tea_members_load_async:
 * @self: members of whom none is known yet
 * @head: the latest event of the room's log
 * @cancellable: (nullable): to give up with
 * @callback: called when they are loaded
 * @user_data: for @callback
 *
 * Takes over what was saved. What has happened since is to be applied then.
 */
void
tea_members_load_async (TeaMembers *self,
                        guint64 head,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_MEMBERS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_members_load_async);
  g_task_set_task_data (task, g_memdup2 (&head, sizeof head), g_free);
  tea_store_load_members_async (self->store, self->room, cancellable, loaded_cb, task);
}

/**
 * tea_members_load_finish:
 * @self: the members
 * @result: what the callback was given
 * @as_of: (out): the latest event that is taken account of
 * @error: return location for a #GError
 *
 * Returns: whether they are loaded; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_members_load_finish (TeaMembers *self, GAsyncResult *result, guint64 *as_of, GError **error)
{
  g_autofree guint64 *loaded = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  loaded = g_task_propagate_pointer (G_TASK (result), error);
  if (loaded != NULL)
    *as_of = *loaded;

  return loaded != NULL;
}

/**
 * tea_members_save:
 * @self: the members
 *
 * Keeps what has changed.
 */
void
tea_members_save (TeaMembers *self)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) removed = NULL;
  GHashTableIter iter;
  char *key;

  g_return_if_fail (TEA_IS_MEMBERS (self));

  tea_timer_unset (self->save_timer);
  if (self->saved == self->head)
    return;

  changed = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  removed = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, (gpointer *) &key, NULL))
    {
      Entry *entry = g_hash_table_lookup (self->memberships, key);

      if (entry != NULL)
        g_ptr_array_add (changed, tea_membership_copy (entry->membership));
      else
        g_ptr_array_add (removed, key);
    }
  g_ptr_array_add (removed, NULL);

  tea_store_save_members (self->store, self->room, changed, (const char *const *) removed->pdata,
                          self->head);
  g_hash_table_remove_all (self->unsaved);
  self->saved = self->head;
}

/**
 * tea_members_close:
 * @self: the members
 *
 * Keeps what has changed, and lets nobody join any more.
 */
void
tea_members_close (TeaMembers *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_MEMBERS (self));

  self->is_closed = TRUE;
  tea_members_save (self);

  error = tea_refusal_new (TEA_REFUSAL_TRY_LATER, _ ("The room is closed. Try again later."));
  while (g_hash_table_size (self->joining) > 0)
    {
      GHashTableIter iter;
      char *key = NULL;

      g_hash_table_iter_init (&iter, self->joining);
      g_hash_table_iter_next (&iter, (gpointer *) &key, NULL);
      answer_joining (self, key, error);
    }
}

/**
 * tea_members_set_owner:
 * @self: the members
 * @key: (nullable): the fingerprint of the key on whose account the room goes
 *
 * Tells whose the room is: that key is its owner as soon as it joins.
 */
void
tea_members_set_owner (TeaMembers *self, const char *key)
{
  g_return_if_fail (TEA_IS_MEMBERS (self));

  g_free (self->owner);
  self->owner = g_strdup (key);
}

/**
 * tea_members_get_owner:
 * @self: the members
 *
 * Returns: (transfer none) (nullable): the key on whose account the room goes
 */
const char *
tea_members_get_owner (TeaMembers *self)
{
  g_return_val_if_fail (TEA_IS_MEMBERS (self), NULL);

  return self->owner;
}

/**
 * tea_members_apply:
 * @self: the members
 * @event: what happened next in the room
 *
 * Takes account of an event.
 */
void
tea_members_apply (TeaMembers *self, TeaEvent *event)
{
  g_return_if_fail (TEA_IS_MEMBERS (self));

  if (tea_event_get_seq (event) <= self->head)
    return;

  self->head = tea_event_get_seq (event);
  if (!self->is_fixed && tea_event_get_key (event) != NULL)
    switch ((guint) tea_event_get_kind (event))
      {
      case TEA_EVENT_JOINED:
        apply_joined (self, event);
        break;
      case TEA_EVENT_LEFT:
        remove_member (self, tea_event_get_key (event));
        break;
      case TEA_EVENT_SENT_OUT:
        apply_sent_out (self, event);
        break;
      case TEA_EVENT_ROLE:
        apply_role (self, event);
        break;
      case TEA_EVENT_INVITED:
        apply_invited (self, event);
        break;
      default:
        break;
      }

  if (self->head - self->saved >= SAVE_EVENTS)
    tea_members_save (self);
  else if (tea_timer_get_due (self->save_timer) == 0)
    tea_timer_set (self->save_timer, SAVE_DELAY);
}

static void
joined_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaMembers *self = g_task_get_source_object (task);
  const char *key = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);
  answer_joining (self, key, error);
}

/**
 * tea_members_join_async:
 * @self: the members
 * @name: what somebody is called
 * @key: the fingerprint of their key, which may join
 * @callback: called when they are a member
 * @user_data: for @callback
 *
 * Makes somebody a member, once everyone has heard of it; who is one already is told so.
 */
void
tea_members_join_async (TeaMembers *self,
                        TeaName *name,
                        const char *key,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  const TeaDraft draft = { .kind = TEA_EVENT_JOINED, .author = name, .key = key };
  g_autoptr (GTask) task = NULL;
  GPtrArray *tasks;

  g_return_if_fail (TEA_IS_MEMBERS (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_members_join_async);
  g_task_set_task_data (task, g_strdup (key), g_free);

  if (tea_members_get_role (self, key) != TEA_ROOM_ROLE_NONE)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  tasks = g_hash_table_lookup (self->joining, key);
  if (tasks != NULL)
    {
      g_ptr_array_add (tasks, g_steal_pointer (&task));
      return;
    }

  if (self->is_closed || self->is_fixed)
    {
      g_task_return_error (task, tea_refusal_new (TEA_REFUSAL_TRY_LATER,
                                                  _ ("The room is closed. Try again later.")));
      return;
    }

  if (tea_members_get_n_members (self) + g_hash_table_size (self->joining) >= TEA_MEMBERS_MAX)
    {
      g_task_return_error (task, tea_refusal_new (TEA_REFUSAL_ROOM_FULL,
                                                  _ ("The room is full. Try again later.")));
      return;
    }

  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (tasks, g_object_ref (task));
  g_hash_table_insert (self->joining, g_strdup (key), tasks);
  tea_room_writer_write_async (self->writer, &draft, joined_cb, g_steal_pointer (&task));
}

/**
 * tea_members_join_finish:
 * @self: the members
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether they are a member; if not, @error tells why
 */
gboolean
tea_members_join_finish (TeaMembers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_members_find:
 * @self: the members
 * @key: the fingerprint of a key
 *
 * Returns: (transfer none) (nullable): their membership, or invitation; it counts until the
 *   next event
 */
const TeaMembership *
tea_members_find (TeaMembers *self, const char *key)
{
  Entry *entry;

  g_return_val_if_fail (TEA_IS_MEMBERS (self), NULL);

  entry = g_hash_table_lookup (self->memberships, key);

  return entry != NULL ? entry->membership : NULL;
}

/**
 * tea_members_get_role:
 * @self: the members
 * @key: the fingerprint of a key
 *
 * Returns: their role; %TEA_ROOM_ROLE_NONE for who is no member
 */
TeaRoomRole
tea_members_get_role (TeaMembers *self, const char *key)
{
  const TeaMembership *membership = tea_members_find (self, key);

  return membership != NULL ? (TeaRoomRole) membership->role : TEA_ROOM_ROLE_NONE;
}

/**
 * tea_members_is_invited:
 * @self: the members
 * @key: the fingerprint of a key
 *
 * Returns: whether they are invited, and have not come
 */
gboolean
tea_members_is_invited (TeaMembers *self, const char *key)
{
  const TeaMembership *membership = tea_members_find (self, key);

  return membership != NULL && membership->role == TEA_ROOM_ROLE_NONE;
}

/**
 * tea_members_get_n_members:
 * @self: the members
 *
 * Returns: how many there are; those who are only invited do not count
 */
guint
tea_members_get_n_members (TeaMembers *self)
{
  g_return_val_if_fail (TEA_IS_MEMBERS (self), 0);

  return (guint) g_sequence_get_length (self->members);
}

/**
 * tea_members_is_full:
 * @self: the members
 *
 * Returns: whether nobody else can be invited: there are as many members and invitations as a
 *   room can have members
 */
gboolean
tea_members_is_full (TeaMembers *self)
{
  g_return_val_if_fail (TEA_IS_MEMBERS (self), TRUE);

  return g_hash_table_size (self->memberships) >= TEA_MEMBERS_MAX;
}

/**
 * tea_members_list:
 * @self: the members
 * @after: those who joined after this event
 * @max: how many at most, above 0
 * @next: (out): the event after which to go on; 0 when these are all
 *
 * Returns: (transfer container) (element-type TeaMembership): members, in the order in which
 *   they joined; they count until the next event
 */
GPtrArray *
tea_members_list (TeaMembers *self, guint64 after, guint max, guint64 *next)
{
  TeaMembership bound = { .joined = after };
  const Entry wanted = { .membership = &bound };
  g_autoptr (GPtrArray) list = NULL;
  GSequenceIter *iter;

  g_return_val_if_fail (TEA_IS_MEMBERS (self), NULL);
  g_return_val_if_fail (max > 0, NULL);

  list = g_ptr_array_new ();
  iter = g_sequence_search (self->members, (gpointer) &wanted, compare_joined, NULL);
  for (; !g_sequence_iter_is_end (iter) && list->len < max; iter = g_sequence_iter_next (iter))
    {
      TeaMembership *membership = ((Entry *) g_sequence_get (iter))->membership;

      g_ptr_array_add (list, membership);
      after = membership->joined;
    }

  *next = g_sequence_iter_is_end (iter) ? 0 : after;

  return g_steal_pointer (&list);
}

/**
 * tea_members_list_concerned:
 * @self: the members
 *
 * Returns: (transfer container) (element-type TeaMembership): all members, and all who are
 *   invited, in no order; they count until the next event
 */
GPtrArray *
tea_members_list_concerned (TeaMembers *self)
{
  g_autoptr (GPtrArray) list = NULL;
  GHashTableIter iter;
  Entry *entry;

  g_return_val_if_fail (TEA_IS_MEMBERS (self), NULL);

  list = g_ptr_array_sized_new (g_hash_table_size (self->memberships));
  g_hash_table_iter_init (&iter, self->memberships);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    g_ptr_array_add (list, entry->membership);

  return g_steal_pointer (&list);
}
