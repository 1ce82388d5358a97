/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-refusal.h"
#include "tea-room-ref.h"
#include "tea-turns.h"

/* How much of what was taken account of before is read again at a start: everybody comes
 * back then, and asks for it. */
#define WARM_UP_EVENTS 100

/**
 * TeaRoom:
 *
 * A room: one log and what is known of it. What somebody does is written into the log, if
 * they may do it; once that is stored, and the log tells of it, it has happened, and
 * everyone is told of it in that order.
 *
 * The hall has a presence: whoever is in the house is in it. Any other room has members,
 * here or not.
 */
struct _TeaRoom
{
  GObject parent_instance;

  TeaStore *store;       /* (owned) */
  TeaLog *log;           /* (owned) */
  TeaRoomInfo *info;     /* (owned) */
  GHashTable *operators; /* (owned) (element-type utf8): the keys of the operators */

  TeaRoomWriter *writer; /* (owned) */
  TeaRoomReader *reader; /* (owned) */
  TeaPresence *presence; /* (owned) (nullable): in the hall */
  TeaMembers *members;   /* (owned) (nullable): in any other room */
  gboolean is_open;      /* between open and close */
  guint64 as_of;         /* what was kept took account of the events up to here */
  guint n_updates;       /* how often what is known of it is on its way to the store */
  gboolean is_its_turn;  /* whether it is its turn to get another address */
};

G_DEFINE_FINAL_TYPE (TeaRoom, tea_room, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_RENAMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The store knows the new address, or there is none. */
static void
end_turn (TeaRoom *self)
{
  if (!self->is_its_turn || self->n_updates > 0)
    return;

  self->is_its_turn = FALSE;
  tea_turns_end (tea_turns_get (self->store));
}

static void
updated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaRoom) self = TEA_ROOM (user_data);
  g_autoptr (GError) error = NULL;

  if (!tea_store_update_room_finish (TEA_STORE (object), result, &error))
    g_warning ("The settings of a room could not be kept: %s", error->message);

  self->n_updates--;
  end_turn (self);
}

static void
take_info (TeaRoom *self, TeaRoomInfo *info)
{
  g_autoptr (TeaRoomInfo) before = self->info;

  self->info = info;
  self->n_updates++;
  tea_store_update_room_async (self->store, info, NULL, updated_cb, g_object_ref (self));
  if (!g_str_equal (before->folded, info->folded))
    g_signal_emit (self, signals[SIGNAL_RENAMED], 0, before->folded);
}

static void
apply_settings (TeaRoom *self, TeaEvent *event)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  g_autofree char *folded = NULL;
  TeaRoomInfo *info;

  if (!tea_event_data_decode_settings (tea_event_get_data (event), &settings))
    return;

  info = tea_room_info_copy (self->info);
  folded = tea_room_ref_fold (settings.address);
  if (folded != NULL && !tea_room_is_hall (self))
    {
      g_free (info->address);
      g_free (info->folded);
      info->address = g_strdup (settings.address);
      info->folded = g_steal_pointer (&folded);
    }
  g_free (info->title);
  info->title = g_strdup (settings.title);
  info->flags = (info->flags & ~(guint32) TEA_ROOM_SETTABLE_FLAGS)
                | (settings.flags & TEA_ROOM_SETTABLE_FLAGS);
  if (tea_room_kind_from_address (info->address) == TEA_ROOM_KIND_HIDDEN)
    info->flags &= ~(guint32) TEA_ROOM_LISTED;
  if (settings.retain_days != TEA_RETAIN_DAYS_UNCHANGED)
    info->retain_days = settings.retain_days;
  if (settings.retain_events != TEA_RETAIN_EVENTS_UNCHANGED)
    info->retain_events = (guint32) MIN (settings.retain_events, G_MAXUINT32);
  take_info (self, info);
}

static void
apply_archived (TeaRoom *self, TeaEvent *event)
{
  gboolean is_archived = FALSE;
  TeaRoomInfo *info;

  if (!tea_event_data_decode_switch (tea_event_get_data (event), &is_archived))
    return;

  info = tea_room_info_copy (self->info);
  if (is_archived)
    info->flags |= TEA_ROOM_ARCHIVED;
  else
    info->flags &= ~(guint32) TEA_ROOM_ARCHIVED;
  take_info (self, info);
}

/* Takes account of what happened, before anybody is told of it. */
static void
apply (TeaRoom *self, TeaEvent *event)
{
  if (self->presence != NULL)
    tea_presence_apply (self->presence, event);
  else
    tea_members_apply (self->members, event);

  if (tea_event_get_seq (event) <= self->as_of)
    return;

  if (tea_event_get_kind (event) == TEA_EVENT_SETTINGS)
    apply_settings (self, event);
  else if (tea_event_get_kind (event) == TEA_EVENT_ARCHIVED)
    apply_archived (self, event);
  else if (tea_event_get_kind (event) == TEA_EVENT_LEFT && self->members != NULL
           && g_strcmp0 (self->info->owner, tea_members_get_owner (self->members)) != 0)
    {
      TeaRoomInfo *info = tea_room_info_copy (self->info);

      g_free (info->owner);
      info->owner = g_strdup (tea_members_get_owner (self->members));
      take_info (self, info);
    }
}

static void
event_cb (TeaRoom *self, TeaEvent *event)
{
  g_assert (TEA_IS_ROOM (self));

  apply (self, event);
  if (!self->is_open)
    {
      tea_room_writer_note_time (self->writer, tea_event_get_time (event));
      return;
    }

  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
  if (self->presence != NULL)
    tea_presence_settle (self->presence);
}

static void
tea_room_finalize (GObject *object)
{
  TeaRoom *self = TEA_ROOM (object);

  g_clear_object (&self->presence);
  g_clear_object (&self->members);
  g_object_unref (self->reader);
  g_object_unref (self->writer);
  g_hash_table_unref (self->operators);
  tea_room_info_free (self->info);
  g_object_unref (self->log);
  g_object_unref (self->store);

  G_OBJECT_CLASS (tea_room_parent_class)->finalize (object);
}

static void
tea_room_class_init (TeaRoomClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_room_finalize;

  /**
   * TeaRoom::event:
   * @self: the room
   * @event: what happened
   *
   * Something has happened in the room, and is stored. Each event comes once, in the order
   * of the log.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaRoom::renamed:
   * @self: the room
   * @before: the folded address that it had
   *
   * The room has another address now.
   */
  signals[SIGNAL_RENAMED] = g_signal_new ("renamed", TEA_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tea_room_init (TeaRoom *self)
{
}

static TeaRoom *
make_room (
    TeaStore *store, TeaLog *log, const TeaRoomInfo *info, GHashTable *operators, TeaClock *clock)
{
  TeaRoom *self = g_object_new (TEA_TYPE_ROOM, NULL);

  self->store = g_object_ref (store);
  self->log = g_object_ref (log);
  self->info = tea_room_info_copy (info);
  self->operators = g_hash_table_ref (operators);
  self->writer = tea_room_writer_new (log, tea_store_get_calendar (store), clock);
  self->reader = tea_room_reader_new (log);
  g_signal_connect_object (self->reader, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_room_new:
 * @store: where is kept what is known of it
 * @log: what happened in it
 * @info: what is known of it
 * @operators: (element-type utf8): the keys of the operators
 * @clock: what time it is there
 *
 * Returns: (transfer full): a room that is not open yet
 */
TeaRoom *
tea_room_new (
    TeaStore *store, TeaLog *log, const TeaRoomInfo *info, GHashTable *operators, TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = make_room (store, log, info, operators, clock);
  self->members = tea_members_new (store, info->number, self->writer, clock);
  tea_members_set_owner (self->members, info->owner);

  return self;
}

/**
 * tea_room_new_hall:
 * @store: where is kept what is known of it, and who is here
 * @log: what happened in it
 * @info: what is known of it
 * @operators: (element-type utf8): the keys of the operators
 * @names: whose the names are
 * @clock: what time it is there
 *
 * Returns: (transfer full): the hall, which is not open yet
 */
TeaRoom *
tea_room_new_hall (TeaStore *store,
                   TeaLog *log,
                   const TeaRoomInfo *info,
                   GHashTable *operators,
                   TeaNameRegistry *names,
                   TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = make_room (store, log, info, operators, clock);
  self->presence = tea_presence_new (self->writer, names, TEA_NAME_STORE (store),
                                     tea_store_get_calendar (store), clock);

  return self;
}

static void
begin (TeaRoom *self)
{
  self->is_open = TRUE;
  if (self->presence != NULL)
    tea_presence_open (self->presence);
  tea_room_reader_follow (self->reader);
}

static void
replayed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!tea_room_reader_replay_finish (TEA_ROOM_READER (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  begin (self);
  g_task_return_boolean (task, TRUE);
}

static void
replay (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);

  tea_room_reader_replay_async (self->reader, self->as_of - MIN (self->as_of, WARM_UP_EVENTS) + 1,
                                g_task_get_cancellable (task), replayed_cb, task);
}

static void
presence_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (tea_presence_load_finish (TEA_PRESENCE (object), result, &self->as_of, &error))
    replay (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
members_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (tea_members_load_finish (TEA_MEMBERS (object), result, &self->as_of, &error))
    replay (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * tea_room_open_async:
 * @self: a room that was not opened before
 * @cancellable: (nullable): to give up with
 * @callback: called when it is open
 * @user_data: for @callback
 *
 * Opens the room as it was: loads who is in it, and reads in the log what happened after
 * that was saved.
 */
void
tea_room_open_async (TeaRoom *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task;
  guint64 head;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (!self->is_open);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_open_async);
  head = tea_log_get_head (self->log);
  if (self->presence != NULL)
    {
      tea_presence_load_async (self->presence, head, cancellable, presence_loaded_cb, task);
      return;
    }

  if (tea_room_is_pair (self))
    tea_members_set_fixed (self->members, NULL);
  tea_members_load_async (self->members, head, cancellable, members_loaded_cb, task);
}

/**
 * tea_room_open_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is open; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_room_open_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_room_open_draft:
 * @self: a room that was not opened before, in which nothing ever happened
 * @members: (element-type TeaMembership): who belongs to it for ever
 *
 * Opens a room of which nothing is kept yet.
 */
void
tea_room_open_draft (TeaRoom *self, GPtrArray *members)
{
  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (self->members != NULL);

  tea_members_set_fixed (self->members, members);
  begin (self);
}

/**
 * tea_room_save:
 * @self: a room
 *
 * Keeps who is in it, so that what is asked of the store is right.
 */
void
tea_room_save (TeaRoom *self)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  if (self->members != NULL && self->is_open)
    tea_members_save (self->members);
}

/**
 * tea_room_close:
 * @self: a room
 *
 * Closes the room, and saves who is in it. Nobody leaves by that. What is under way may
 * still be stored. Does nothing where the room is not open.
 */
void
tea_room_close (TeaRoom *self)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  if (!self->is_open)
    return;

  self->is_open = FALSE;
  tea_room_reader_close (self->reader);
  tea_room_writer_close (self->writer);
  if (self->presence != NULL)
    tea_presence_close (self->presence);
  else
    tea_members_close (self->members);
}

/**
 * tea_room_get_info:
 * @self: a room
 *
 * Returns: (transfer none): what is known of it; it counts until the next event
 */
const TeaRoomInfo *
tea_room_get_info (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->info;
}

/**
 * tea_room_get_flags:
 * @self: a room
 *
 * Returns: how it is, as clients are told
 */
TeaRoomFlags
tea_room_get_flags (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);

  return (TeaRoomFlags) (self->info->flags
                         | (self->info->password != NULL ? TEA_ROOM_HAS_PASSWORD : 0)
                         | (tea_room_is_pair (self) ? TEA_ROOM_PAIR : 0));
}

/**
 * tea_room_is_hall:
 * @self: a room
 *
 * Returns: whether it is the room in which everybody is
 */
gboolean
tea_room_is_hall (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), FALSE);

  return self->presence != NULL;
}

/**
 * tea_room_is_pair:
 * @self: a room
 *
 * Returns: whether it is the private conversation of two keys
 */
gboolean
tea_room_is_pair (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), FALSE);

  return self->info->folded[0] == '@';
}

/**
 * tea_room_get_role:
 * @self: a room
 * @key: the fingerprint of a key
 *
 * Returns: what its owner may do here: operators own the hall and each room that is listed
 */
TeaRoomRole
tea_room_get_role (TeaRoom *self, const char *key)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), TEA_ROOM_ROLE_NONE);
  g_return_val_if_fail (key != NULL, TEA_ROOM_ROLE_NONE);

  if (g_hash_table_contains (self->operators, key)
      && (tea_room_is_hall (self) || (self->info->flags & TEA_ROOM_LISTED) != 0))
    return TEA_ROOM_ROLE_OWNER;

  return tea_room_is_hall (self) ? TEA_ROOM_ROLE_MEMBER : tea_members_get_role (self->members, key);
}

/**
 * tea_room_get_reader:
 * @self: a room
 *
 * Returns: (transfer none): what reads its log
 */
TeaRoomReader *
tea_room_get_reader (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->reader;
}

/**
 * tea_room_get_writer:
 * @self: a room
 *
 * Returns: (transfer none): what writes its log
 */
TeaRoomWriter *
tea_room_get_writer (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->writer;
}

/**
 * tea_room_get_presence:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): who is in the hall; %NULL for any other room
 */
TeaPresence *
tea_room_get_presence (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->presence;
}

/**
 * tea_room_get_members:
 * @self: a room
 *
 * Returns: (transfer none) (nullable): who belongs to the room; %NULL for the hall
 */
TeaMembers *
tea_room_get_members (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->members;
}

static GError *
check_message (const TeaDraft *draft)
{
  gsize size = draft->text != NULL ? strlen (draft->text) : 0;

  if (size == 0 || !g_utf8_validate (draft->text, (gssize) size, NULL))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT,
                            _ ("There is nothing to say, or it is not valid UTF-8 text."));

  if (size > TEA_TEXT_MAX_BYTES)
    {
      g_autofree char *text
          = g_strdup_printf (_ ("A message can have at most %d bytes."), TEA_TEXT_MAX_BYTES);

      return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, text);
    }

  return NULL;
}

static GError *
check_settings (TeaRoom *self, const TeaDraft *draft)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  TeaRoomKind kind;

  if (!tea_event_data_decode_settings (draft->data, &settings))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("These are no settings of a room."));

  kind = tea_room_kind_from_address (settings.address);
  if (tea_room_is_hall (self) ? kind != TEA_ROOM_KIND_HALL
                              : kind != TEA_ROOM_KIND_NAMED && kind != TEA_ROOM_KIND_HIDDEN)
    return tea_refusal_new (TEA_REFUSAL_NAME_UNFIT, _ ("A room cannot have that name."));

  return NULL;
}

static GError *
check_invitation (TeaRoom *self, const TeaDraft *draft)
{
  g_autoptr (TeaName) name = NULL;
  GError *error = NULL;

  if (draft->text != NULL && *draft->text != '\0')
    {
      name = tea_name_new (draft->text, &error);
      if (name == NULL)
        return error;
    }

  if (tea_members_is_full (self->members))
    return tea_refusal_new (TEA_REFUSAL_ROOM_FULL, _ ("The room is full. Try again later."));

  return NULL;
}

/* Who may do what, and to which rooms it can be done. */
static GError *
check (TeaRoom *self, const TeaDraft *draft)
{
  gboolean is_common = !tea_room_is_hall (self) && !tea_room_is_pair (self);
  TeaRoomRole role = TEA_ROOM_ROLE_MEMBER;
  TeaRoomRole needed = TEA_ROOM_ROLE_MEMBER;
  gboolean is_possible = TRUE;

  if (draft->key != NULL)
    role = tea_room_get_role (self, draft->key);

  switch ((guint) draft->kind)
    {
    case TEA_EVENT_MESSAGE:
      break;
    case TEA_EVENT_LEFT:
      is_possible = is_common;
      break;
    case TEA_EVENT_SETTINGS:
      is_possible = !tea_room_is_pair (self);
      needed = TEA_ROOM_ROLE_OWNER;
      break;
    case TEA_EVENT_INVITED:
      is_possible = is_common;
      if ((self->info->flags & TEA_ROOM_MEMBERS_MAY_INVITE) == 0)
        needed = TEA_ROOM_ROLE_MODERATOR;
      break;
    case TEA_EVENT_ARCHIVED:
      is_possible = is_common;
      needed = TEA_ROOM_ROLE_OWNER;
      break;
    default:
      is_possible = FALSE;
    }

  /* Who reads what is archived is no member, and cannot become one by coming again. */
  if (self->members != NULL
      && tea_members_get_role (self->members, draft->key) == TEA_ROOM_ROLE_NONE)
    return (self->info->flags & TEA_ROOM_ARCHIVED) != 0
               ? tea_refusal_new (TEA_REFUSAL_ARCHIVED, _ ("The room is archived."))
               : tea_refusal_new (TEA_REFUSAL_NOT_INSIDE, _ ("You are not in the room."));

  if (!is_possible || role < needed)
    return tea_refusal_new (TEA_REFUSAL_NOT_YOURS, _ ("That is not yours to do."));

  if ((self->info->flags & TEA_ROOM_ARCHIVED) != 0 && draft->kind != TEA_EVENT_LEFT
      && draft->kind != TEA_EVENT_ARCHIVED)
    return tea_refusal_new (TEA_REFUSAL_ARCHIVED, _ ("The room is archived."));

  if (draft->target > 0
      && (!tea_event_kind_may_have_target (draft->kind)
          || draft->target > tea_room_reader_get_head (self->reader)))
    return tea_refusal_new (TEA_REFUSAL_GONE, _ ("What this refers to is not there."));

  if (draft->kind == TEA_EVENT_MESSAGE)
    return check_message (draft);
  if (draft->kind == TEA_EVENT_INVITED)
    return check_invitation (self, draft);
  if (draft->kind == TEA_EVENT_SETTINGS)
    return check_settings (self, draft);

  return NULL;
}

/* What is to be written, while something has to be found out before. */
typedef struct
{
  TeaDraft draft;
  char *folded; /* (nullable): the address that the room is to have */
  gboolean is_counted;
  gboolean has_turn; /* whether it is its turn to give the room another address */
} Telling;

static void
telling_free (Telling *telling)
{
  tea_name_unref (telling->draft.author);
  g_free ((char *) telling->draft.text);
  g_free ((char *) telling->draft.key);
  g_clear_pointer (&telling->draft.data, g_bytes_unref);
  g_free (telling->folded);
  g_free (telling);
}

static Telling *
telling_new (const TeaDraft *draft)
{
  Telling *telling = g_new0 (Telling, 1);

  telling->draft = *draft;
  telling->draft.author = tea_name_ref (draft->author);
  telling->draft.text = g_strdup (draft->text);
  telling->draft.key = g_strdup (draft->key);
  telling->draft.data = draft->data != NULL ? g_bytes_ref (draft->data) : NULL;

  return telling;
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  GError *error = NULL;
  guint64 seq = tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);

  if (seq != 0)
    g_task_return_pointer (task, g_memdup2 (&seq, sizeof seq), g_free);
  else
    g_task_return_error (task, error);

  if (telling->is_counted)
    tea_presence_end_writing (self->presence, telling->draft.author);
  if (telling->has_turn)
    end_turn (self);
}

static void
write_draft (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);

  if (self->presence != NULL)
    {
      telling->is_counted
          = tea_presence_begin_writing (self->presence, telling->draft.author, telling->draft.key);
      if (!telling->is_counted)
        {
          g_task_return_error (task, tea_refusal_new (TEA_REFUSAL_NOT_INSIDE,
                                                      _ ("You are not in the room.")));
          g_object_unref (task);
          return;
        }
    }

  tea_room_writer_write_async (self->writer, &telling->draft, written_cb, task);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  g_autoptr (TeaRoomInfo) other = NULL;
  g_autoptr (GError) error = NULL;
  GError *refusal = NULL;

  if (!tea_store_find_room_finish (TEA_STORE (object), result, &other, &error))
    refusal = tea_room_writer_explain (error);
  else if (other != NULL && other->number != self->info->number
           && g_str_equal (other->folded, telling->folded))
    refusal = tea_refusal_new (TEA_REFUSAL_NAME_TAKEN, _ ("Another room has that name."));

  if (refusal == NULL)
    {
      write_draft (g_steal_pointer (&task));
      return;
    }

  g_task_return_error (task, refusal);
  end_turn (self);
}

static void
turn_cb (gpointer user_data)
{
  GTask *task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);

  self->is_its_turn = telling->has_turn = TRUE;
  tea_store_find_room_async (self->store, telling->folded, NULL, looked_up_cb, task);
}

/* Another address has to be free. */
static gboolean
needs_look_up (TeaRoom *self, Telling *telling)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;

  if (telling->draft.kind != TEA_EVENT_SETTINGS || tea_room_is_hall (self)
      || !tea_event_data_decode_settings (telling->draft.data, &settings))
    return FALSE;

  telling->folded = tea_room_ref_fold (settings.address);

  return !g_str_equal (telling->folded, self->info->folded);
}

/**
 * tea_room_tell_async:
 * @self: a room
 * @draft: (transfer none): what somebody does who has the room open
 * @callback: called when everyone has heard of it, or it is clear that they will not
 * @user_data: for @callback
 *
 * Writes what somebody says or does, if they may: see tea_room_writer_write_async().
 */
void
tea_room_tell_async (TeaRoom *self,
                     const TeaDraft *draft,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Telling *telling;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (draft != NULL && draft->author != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_tell_async);
  telling = telling_new (draft);
  g_task_set_task_data (task, telling, (GDestroyNotify) telling_free);

  error = check (self, draft);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (needs_look_up (self, telling))
    tea_turns_take (tea_turns_get (self->store), turn_cb, g_steal_pointer (&task));
  else
    write_draft (g_steal_pointer (&task));
}

/**
 * tea_room_tell_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: the number of the event, also for a repeat; 0 where it was not written, with
 *   @error one that tea_refusal_from_error() understands
 */
guint64
tea_room_tell_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_autofree guint64 *seq = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  seq = g_task_propagate_pointer (G_TASK (result), error);

  return seq != NULL ? *seq : 0;
}
