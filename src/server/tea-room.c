/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-amender.h"
#include "tea-door.h"
#include "tea-emoji.h"
#include "tea-eraser.h"
#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-refusal.h"
#include "tea-room-ref.h"
#include "tea-tempo.h"
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

  TeaStore *store;   /* (owned) */
  TeaLog *log;       /* (owned) */
  TeaRoomInfo *info; /* (owned) */
  TeaPolicy *policy; /* (owned) */

  TeaRoomWriter *writer; /* (owned) */
  TeaRoomReader *reader; /* (owned) */
  TeaRuleBook *book;     /* (owned) */
  TeaAmender *amender;   /* (owned) */
  TeaEraser *eraser;     /* (owned) */
  GPtrArray *replayed;   /* (owned) (element-type TeaEvent): who was sent out before it is open */
  TeaTempo *tempo;       /* (owned): of members, where they are to be slow */
  TeaPresence *presence; /* (owned) (nullable): in the hall */
  TeaMembers *members;   /* (owned) (nullable): in any other room */
  gboolean is_open;      /* between open and close */
  guint64 as_of;         /* what was kept took account of the events up to here */
  guint n_pinning;       /* how many pins are on their way */
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
  /* What is kept of the rules never takes account of less than what is kept of the rest. */
  if (tea_event_get_seq (event) > self->as_of)
    tea_rule_book_apply (self->book, event);
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
  else if ((tea_event_get_kind (event) == TEA_EVENT_LEFT
            || tea_event_get_kind (event) == TEA_EVENT_SENT_OUT
            || tea_event_get_kind (event) == TEA_EVENT_ROLE)
           && self->members != NULL
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
      if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT)
        g_ptr_array_add (self->replayed, tea_event_ref (event));
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
  g_object_unref (self->amender);
  g_object_unref (self->eraser);
  g_ptr_array_unref (self->replayed);
  g_object_unref (self->reader);
  g_object_unref (self->writer);
  g_object_unref (self->book);
  tea_tempo_free (self->tempo);
  g_object_unref (self->policy);
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

static void
erased_cb (TeaRoom *self, guint64 seq)
{
  g_assert (TEA_IS_ROOM (self));

  tea_room_reader_forget (self->reader, seq);
  tea_rule_book_unpin (self->book, seq);
}

static GError *check_target (TeaEvent *message, const TeaDraft *draft, gpointer user_data);

static TeaRoom *
make_room (
    TeaStore *store, TeaLog *log, const TeaRoomInfo *info, TeaPolicy *policy, TeaClock *clock)
{
  TeaRoom *self = g_object_new (TEA_TYPE_ROOM, NULL);

  self->store = g_object_ref (store);
  self->log = g_object_ref (log);
  self->info = tea_room_info_copy (info);
  self->policy = g_object_ref (policy);
  self->writer = tea_room_writer_new (log, tea_store_get_calendar (store), clock);
  self->reader = tea_room_reader_new (log);
  self->book = tea_rule_book_new (store, info->number);
  self->amender = tea_amender_new (log, self->writer, check_target, self);
  self->eraser = tea_eraser_new (log);
  self->replayed = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->tempo = tea_tempo_new (clock);
  g_signal_connect_object (self->eraser, "erased", G_CALLBACK (erased_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reader, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_room_new:
 * @store: where is kept what is known of it
 * @log: what happened in it
 * @info: what is known of it
 * @policy: what holds in the whole house
 * @clock: what time it is there
 *
 * Returns: (transfer full): a room that is not open yet
 */
TeaRoom *
tea_room_new (
    TeaStore *store, TeaLog *log, const TeaRoomInfo *info, TeaPolicy *policy, TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = make_room (store, log, info, policy, clock);
  self->members = tea_members_new (store, info->number, self->writer, clock);
  tea_members_set_owner (self->members, info->owner);

  return self;
}

/**
 * tea_room_new_hall:
 * @store: where is kept what is known of it, and who is here
 * @log: what happened in it
 * @info: what is known of it
 * @policy: what holds in the whole house
 * @names: whose the names are
 * @clock: what time it is there
 *
 * Returns: (transfer full): the hall, which is not open yet
 */
TeaRoom *
tea_room_new_hall (TeaStore *store,
                   TeaLog *log,
                   const TeaRoomInfo *info,
                   TeaPolicy *policy,
                   TeaNameRegistry *names,
                   TeaClock *clock)
{
  TeaRoom *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_LOG (log), NULL);
  g_return_val_if_fail (info != NULL, NULL);

  self = make_room (store, log, info, policy, clock);
  self->presence = tea_presence_new (self->writer, names, TEA_NAME_STORE (store),
                                     tea_store_get_calendar (store), clock);

  return self;
}

/* What a server did not come to erase before it fell. */
static void
go_on_erasing (TeaRoom *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT
      && tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out)
      && sent_out.erase != 0 && sent_out.erase <= tea_event_get_seq (event))
    tea_eraser_erase_async (self->eraser, &sent_out, tea_event_get_seq (event), NULL, NULL);
}

static void
begin (TeaRoom *self)
{
  self->is_open = TRUE;
  if (self->presence != NULL)
    tea_presence_open (self->presence);
  tea_room_reader_follow (self->reader);
  for (guint i = 0; i < self->replayed->len; i++)
    go_on_erasing (self, g_ptr_array_index (self->replayed, i));
  g_ptr_array_set_size (self->replayed, 0);
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

static void
rules_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  guint64 head = tea_log_get_head (self->log);
  GError *error = NULL;

  if (!tea_rule_book_load_finish (TEA_RULE_BOOK (object), result, &error))
    g_task_return_error (task, error);
  else if (self->presence != NULL)
    tea_presence_load_async (self->presence, head, cancellable, presence_loaded_cb,
                             g_steal_pointer (&task));
  else
    tea_members_load_async (self->members, head, cancellable, members_loaded_cb,
                            g_steal_pointer (&task));
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

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (!self->is_open);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_open_async);
  if (self->presence == NULL && tea_room_is_pair (self))
    tea_members_set_fixed (self->members, NULL);
  tea_rule_book_load_async (self->book, cancellable, rules_loaded_cb, task);
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
 * tea_room_set_password:
 * @self: a room that is open, but not the hall and no pair
 * @hash: (nullable): the hash of its password; %NULL where it is to have none
 *
 * Keeps another password for the room.
 */
void
tea_room_set_password (TeaRoom *self, const char *hash)
{
  TeaRoomInfo *info;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (self->presence == NULL && !tea_room_is_pair (self));

  info = tea_room_info_copy (self->info);
  g_free (info->password);
  info->password = g_strdup (hash);
  take_info (self, info);
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

  if (tea_policy_is_operator (self->policy, key)
      && (tea_room_is_hall (self) || (self->info->flags & TEA_ROOM_LISTED) != 0))
    return TEA_ROOM_ROLE_OWNER;

  return tea_room_is_hall (self) ? tea_rule_book_get_role (self->book, key)
                                 : tea_members_get_role (self->members, key);
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

/**
 * tea_room_get_rule_book:
 * @self: a room
 *
 * Returns: (transfer none): what holds in it
 */
TeaRuleBook *
tea_room_get_rule_book (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  return self->book;
}

/**
 * tea_room_is_kept_out:
 * @self: a room
 * @key: the fingerprint of a key
 * @until: (out) (optional): until when, in µs since 1970 UTC; %TEA_EVENT_MAX_TIME for good
 *
 * Returns: whether its owner was sent out, and must not come back yet
 */
gboolean
tea_room_is_kept_out (TeaRoom *self, const char *key, gint64 *until)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  return tea_rule_book_is_banned (self->book, key, until)
         && tea_room_get_role (self, key) < TEA_ROOM_ROLE_OWNER;
}

static gint64
get_wait (TeaRoom *self, TeaEventKind kind, TeaRoomRole role, const char *key, const char *who)
{
  gint64 interval = tea_rule_book_get_slow_mode (self->book) * G_TIME_SPAN_SECOND;
  gint64 wait = 0;

  if (kind != TEA_EVENT_MESSAGE || role >= TEA_ROOM_ROLE_MODERATOR)
    return 0;

  if (interval > 0)
    wait = tea_tempo_get_wait (self->tempo, who, interval);

  return MAX (wait, tea_policy_get_wait (self->policy, key));
}

/**
 * tea_room_get_wait:
 * @self: a room
 * @kind: what somebody wants to do
 * @key: the fingerprint of their key
 *
 * Tells how long they have to wait because everybody is to speak slowly, or because they are
 * new to the house.
 *
 * Returns: for how many µs; 0 where they need not
 */
gint64
tea_room_get_wait (TeaRoom *self, TeaEventKind kind, const char *key)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);
  g_return_val_if_fail (key != NULL, 0);

  return get_wait (self, kind, tea_room_get_role (self, key), key, key);
}

static GError *
check_message (const TeaDraft *draft)
{
  gsize max = tea_event_kind_get_max_text (draft->kind);
  gsize size = draft->text != NULL ? strlen (draft->text) : 0;

  if ((size == 0 && tea_event_kind_needs_text (draft->kind))
      || (size > 0 && !g_utf8_validate (draft->text, (gssize) size, NULL)))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT,
                            _ ("There is nothing to say, or it is not valid UTF-8 text."));

  if (size > max)
    {
      g_autofree char *text
          = g_strdup_printf (_ ("A message can have at most %d bytes."), (int) max);

      return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, text);
    }

  if (draft->kind == TEA_EVENT_REACTED && !tea_emoji_is_one (draft->text))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("A reaction is one emoji."));

  return NULL;
}

static GError *
make_not_yours (void)
{
  return tea_refusal_new (TEA_REFUSAL_NOT_YOURS, _ ("That is not yours to do."));
}

static GError *
make_gone (void)
{
  return tea_refusal_new (TEA_REFUSAL_GONE, _ ("What this refers to is not there."));
}

/* Whether somebody may do something to somebody else: a moderator to members, an owner to all
 * who are not owners. */
static gboolean
may_act_on (TeaRoom *self, const char *key, const char *other)
{
  return g_strcmp0 (key, other) != 0
         && (key == NULL || tea_policy_is_house (self->policy, key)
             || tea_room_get_role (self, key) > tea_room_get_role (self, other));
}

static gint64
get_now (TeaRoom *self)
{
  return tea_calendar_get_time (tea_store_get_calendar (self->store));
}

/* Decides about what is done to a message, as that is now. */
static GError *
check_target (TeaEvent *message, const TeaDraft *draft, gpointer user_data)
{
  TeaRoom *self = TEA_ROOM (user_data);
  const char *author = tea_event_get_key (message);
  gboolean is_own = draft->key != NULL && g_strcmp0 (author, draft->key) == 0;
  TeaMessageForm *form = tea_event_get_form (message);
  gint64 hours = tea_policy_get_edit_hours (self->policy);
  gboolean is_removed = form != NULL && tea_message_form_get_removed_by (form) != NULL;

  if (is_removed)
    return make_gone ();

  switch ((guint) draft->kind)
    {
    case TEA_EVENT_EDITED:
      if (!is_own)
        return make_not_yours ();
      if (hours > 0 && tea_event_get_time (message) + hours * G_TIME_SPAN_HOUR < get_now (self))
        return tea_refusal_new (TEA_REFUSAL_NOT_YOURS, _ ("This message is too old to be edited."));
      return NULL;
    case TEA_EVENT_REMOVED:
      if (is_own)
        return NULL;
      if (draft->key == NULL || tea_room_get_role (self, draft->key) < TEA_ROOM_ROLE_MODERATOR
          || (author != NULL && !may_act_on (self, draft->key, author)))
        return make_not_yours ();
      return NULL;
    default:
      return NULL;
    }
}

static GError *
check_pin (TeaRoom *self, const TeaDraft *draft)
{
  gboolean is_set = FALSE;

  if (!tea_event_data_decode_switch (draft->data, &is_set))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("This cannot be understood."));

  if (is_set && !tea_rule_book_is_pinned (self->book, draft->target)
      && tea_rule_book_get_n_pins (self->book) + self->n_pinning >= TEA_RULE_BOOK_MAX_PINS)
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("As much is pinned as can be."));

  return NULL;
}

static GError *
check_role (TeaRoom *self, const TeaDraft *draft)
{
  g_autofree char *key = NULL;
  TeaRoomRole role = TEA_ROOM_ROLE_NONE;

  if (!tea_event_data_decode_role (draft->data, &key, &role))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("This cannot be understood."));

  /* Who is an operator is not decided here. */
  if (tea_policy_is_operator (self->policy, key)
      && tea_room_get_role (self, key) == TEA_ROOM_ROLE_OWNER
      && (self->members == NULL
          || tea_members_get_role (self->members, key) != TEA_ROOM_ROLE_OWNER))
    return make_not_yours ();

  if (self->members != NULL && tea_members_get_role (self->members, key) == TEA_ROOM_ROLE_NONE)
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("They are not in the room."));

  return NULL;
}

static GError *
check_sent_out (TeaRoom *self, const TeaDraft *draft)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (!tea_event_data_decode_sent_out (draft->data, &sent_out))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("This cannot be understood."));

  if (!may_act_on (self, draft->key, sent_out.key)
      || (sent_out.with_network
          && (!tea_room_is_hall (self)
              || (draft->key != NULL && !tea_policy_is_operator (self->policy, draft->key)))))
    return make_not_yours ();

  if (sent_out.until > 0 && tea_rule_book_is_full (self->book))
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("As many are kept out or muted as can be."));

  return NULL;
}

static GError *
check_muted (TeaRoom *self, const TeaDraft *draft)
{
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;
  gint64 until = 0;

  if (!tea_event_data_decode_muted (draft->data, &key, &name, &until))
    return tea_refusal_new (TEA_REFUSAL_TEXT_UNFIT, _ ("This cannot be understood."));

  if (!may_act_on (self, draft->key, key))
    return make_not_yours ();

  if (until > 0 && tea_rule_book_is_full (self->book))
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("As many are kept out or muted as can be."));

  return NULL;
}

static GError *
check_mute_of_author (TeaRoom *self, const TeaDraft *draft)
{
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;
  gint64 until = 0;

  if (draft->key == NULL || !tea_rule_book_is_muted (self->book, draft->key, &until))
    return NULL;

  if (until >= TEA_EVENT_MAX_TIME)
    return tea_refusal_new (TEA_REFUSAL_NOT_YOURS, _ ("You may not say anything here."));

  time = tea_door_describe_time (until);
  text = g_strdup_printf (_ ("You may not say anything here before %s."), time);

  return tea_refusal_new (TEA_REFUSAL_NOT_BEFORE, text);
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
  g_autofree char *key = NULL;
  GError *error = NULL;

  if (draft->text != NULL && *draft->text != '\0')
    {
      name = tea_name_new (draft->text, &error);
      if (name == NULL)
        return error;
    }

  key = tea_event_data_decode_key (draft->data);
  if (key != NULL && tea_room_is_kept_out (self, key, NULL))
    return tea_refusal_new (TEA_REFUSAL_NOT_YOURS, _ ("They were sent out of the room."));

  if (tea_members_is_full (self->members))
    return tea_refusal_new (TEA_REFUSAL_ROOM_FULL, _ ("The room is full. Try again later."));

  return NULL;
}

/* What is to be looked at before something is written that somebody may do. */
static GError *
check_content (TeaRoom *self, const TeaDraft *draft)
{
  switch ((guint) draft->kind)
    {
    case TEA_EVENT_INVITED:
      return check_invitation (self, draft);
    case TEA_EVENT_SETTINGS:
      return check_settings (self, draft);
    case TEA_EVENT_PINNED:
      return check_pin (self, draft);
    case TEA_EVENT_ROLE:
      return check_role (self, draft);
    case TEA_EVENT_SENT_OUT:
      return check_sent_out (self, draft);
    case TEA_EVENT_MUTED:
      return check_muted (self, draft);
    default:
      return NULL;
    }
}

/* Who may do what, and to which rooms it can be done. */
static GError *
check_right (TeaRoom *self, const TeaDraft *draft, TeaRoomRole role)
{
  gboolean is_pair = tea_room_is_pair (self);
  gboolean is_common = !tea_room_is_hall (self) && !is_pair;
  TeaRoomRole needed = TEA_ROOM_ROLE_MEMBER;
  gboolean is_possible = TRUE;

  switch ((guint) draft->kind)
    {
    case TEA_EVENT_MESSAGE:
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
      break;
    case TEA_EVENT_LEFT:
      is_possible = is_common;
      break;
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ROLE:
      is_possible = !is_pair;
      needed = TEA_ROOM_ROLE_OWNER;
      break;
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
      is_possible = !is_pair;
      needed = TEA_ROOM_ROLE_MODERATOR;
      break;
    case TEA_EVENT_PINNED:
      is_possible = !is_pair;
      if ((self->info->flags & TEA_ROOM_MEMBERS_MAY_PIN) == 0)
        needed = TEA_ROOM_ROLE_MODERATOR;
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

  return is_possible && role >= needed ? NULL : make_not_yours ();
}

/* What an archived room still takes, and who is muted still does. */
static gboolean
is_speech (TeaEventKind kind)
{
  return kind == TEA_EVENT_MESSAGE || kind == TEA_EVENT_EDITED || kind == TEA_EVENT_REACTED
         || kind == TEA_EVENT_PINNED || kind == TEA_EVENT_TOPIC;
}

/* Members see nothing from before they joined where the room is so, and do nothing to it. */
static gboolean
is_seen (TeaRoom *self, const TeaDraft *draft)
{
  const TeaMembership *membership = self->members != NULL && draft->key != NULL
                                        ? tea_members_find (self->members, draft->key)
                                        : NULL;

  return draft->target <= tea_room_reader_get_head (self->reader)
         && ((self->info->flags & TEA_ROOM_HISTORY_FROM_JOINING) == 0 || membership == NULL
             || draft->target >= membership->joined);
}

static const char *
get_who (const TeaDraft *draft)
{
  return draft->key != NULL ? draft->key : tea_name_get_folded (draft->author);
}

static GError *
check (TeaRoom *self, const TeaDraft *draft)
{
  gboolean is_archived = (self->info->flags & TEA_ROOM_ARCHIVED) != 0;
  TeaRoomRole role = TEA_ROOM_ROLE_MEMBER;
  GError *error = NULL;

  if (draft->key != NULL)
    role = tea_room_get_role (self, draft->key);

  /* Who reads what is archived is no member, and cannot become one by coming again. */
  if (self->members != NULL && !tea_policy_is_house (self->policy, draft->key)
      && tea_members_get_role (self->members, draft->key) == TEA_ROOM_ROLE_NONE)
    return is_archived ? tea_refusal_new (TEA_REFUSAL_ARCHIVED, _ ("The room is archived."))
                       : tea_refusal_new (TEA_REFUSAL_NOT_INSIDE, _ ("You are not in the room."));

  error = check_right (self, draft, role);
  if (error != NULL)
    return error;

  if (is_archived && draft->kind != TEA_EVENT_LEFT && draft->kind != TEA_EVENT_ARCHIVED
      && draft->kind != TEA_EVENT_REMOVED)
    return tea_refusal_new (TEA_REFUSAL_ARCHIVED, _ ("The room is archived."));

  if (draft->target > 0 ? !tea_event_kind_may_have_target (draft->kind) || !is_seen (self, draft)
                        : tea_event_kind_needs_target (draft->kind))
    return make_gone ();

  error = is_speech (draft->kind) ? check_mute_of_author (self, draft) : NULL;
  if (error == NULL)
    error = check_message (draft);
  if (error == NULL)
    error = check_content (self, draft);
  if (error != NULL)
    return error;

  if (get_wait (self, draft->kind, role, draft->key, get_who (draft)) > 0)
    return tea_refusal_new (TEA_REFUSAL_NOT_BEFORE,
                            _ ("Everybody is to speak slowly here. Wait a little."));

  return NULL;
}

/* What is to be written, while something has to be found out before. */
typedef struct
{
  TeaDraft *draft; /* (owned) */
  char *folded;    /* (owned) (nullable): the address that the room is to have */
  guint64 seq;     /* the event that it has become; 0 for none yet */
  gboolean is_counted;
  gboolean is_pinning;
  gboolean is_slow;  /* whether its author has to wait now before they say more */
  gboolean has_turn; /* whether it is its turn to give the room another address */
} Telling;

static void
telling_free (Telling *telling)
{
  tea_draft_free (telling->draft);
  g_free (telling->folded);
  g_free (telling);
}

/* What somebody is called to whom something happens: the room knows better than whoever does
 * it, but for those who are not there. */
static const char *
find_name (TeaRoom *self, const char *key, const char *otherwise)
{
  const TeaMembership *membership = NULL;
  g_autoptr (GPtrArray) people = NULL;

  if (self->members != NULL)
    {
      membership = tea_members_find (self->members, key);
      return membership != NULL ? membership->name : otherwise;
    }

  /* In the hall they may have several. */
  people = *otherwise == '\0' ? tea_presence_list (self->presence, 0, G_MAXUINT, NULL) : NULL;
  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      const TeaPerson *person = g_ptr_array_index (people, i);

      if (g_strcmp0 (person->key, key) == 0)
        return tea_name_get_text (person->name);
    }

  return otherwise;
}

static GBytes *
name_subject (TeaRoom *self, const TeaDraft *draft)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;
  gint64 until = 0;

  if (draft->kind == TEA_EVENT_SENT_OUT && tea_event_data_decode_sent_out (draft->data, &sent_out))
    {
      name = g_steal_pointer (&sent_out.name);
      sent_out.name = g_strdup (find_name (self, sent_out.key, name));
      return tea_event_data_encode_sent_out (&sent_out);
    }

  if (draft->kind == TEA_EVENT_MUTED
      && tea_event_data_decode_muted (draft->data, &key, &name, &until))
    return tea_event_data_encode_muted (key, find_name (self, key, name), until);

  return draft->data != NULL ? g_bytes_ref (draft->data) : NULL;
}

static Telling *
telling_new (TeaRoom *self, const TeaDraft *draft)
{
  Telling *telling = g_new0 (Telling, 1);

  telling->draft = tea_draft_copy (draft);
  g_clear_pointer (&telling->draft->data, g_bytes_unref);
  telling->draft->data = name_subject (self, draft);

  return telling;
}

static void
begin_slowly (TeaRoom *self, Telling *telling)
{
  gint64 interval = tea_rule_book_get_slow_mode (self->book) * G_TIME_SPAN_SECOND;

  if (telling->draft->kind != TEA_EVENT_MESSAGE)
    return;

  telling->is_slow = TRUE;
  if (interval > 0)
    tea_tempo_note (self->tempo, get_who (telling->draft), interval);
  tea_policy_note_message (self->policy, telling->draft->key);
}

/* Nothing of it is under way any more. */
static void
end_telling (TeaRoom *self, Telling *telling)
{
  if (telling->is_counted)
    tea_presence_end_writing (self->presence, telling->draft->author);
  telling->is_counted = FALSE;
  if (telling->is_pinning)
    self->n_pinning--;
  telling->is_pinning = FALSE;
  if (telling->is_slow && telling->seq == 0)
    {
      tea_tempo_take_back (self->tempo, get_who (telling->draft));
      tea_policy_take_back (self->policy, telling->draft->key);
    }
  telling->is_slow = FALSE;
  if (telling->has_turn)
    end_turn (self);
  telling->has_turn = FALSE;
}

static void
answer (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);

  g_task_return_pointer (task, g_memdup2 (&telling->seq, sizeof telling->seq), g_free);
  end_telling (self, telling);
}

static void
all_erased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (tea_eraser_erase_finish (TEA_ERASER (object), result, &error))
    {
      answer (task);
      return;
    }

  /* Whoever repeats it lets it go on. */
  g_task_return_error (task, tea_room_writer_explain (error));
  end_telling (self, g_task_get_task_data (task));
}

/* It is stored, and everybody has heard of it; perhaps something has to follow. */
static void
follow (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (telling->draft->kind != TEA_EVENT_SENT_OUT
      || !tea_event_data_decode_sent_out (telling->draft->data, &sent_out) || sent_out.erase == 0
      || sent_out.erase > telling->seq)
    {
      answer (task);
      g_object_unref (task);
      return;
    }

  tea_eraser_erase_async (self->eraser, &sent_out, telling->seq, all_erased_cb, task);
}

static void
repeated_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  GError *error = NULL;

  telling->seq = tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);
  if (telling->seq != 0)
    {
      follow (task);
      return;
    }

  g_task_return_error (task, error);
  end_telling (self, telling);
  g_object_unref (task);
}

/* A refusal that waits for it to be known whether the same is stored already. */
typedef struct
{
  GTask *task;
  GError *error;
} Doubt;

static void
number_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Doubt *doubt = user_data;
  GTask *task = doubt->task;
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  guint32 number = 0;

  if (tea_room_writer_find_number_finish (TEA_ROOM_WRITER (object), result, &number, NULL)
      && number >= telling->draft->number)
    {
      g_error_free (doubt->error);
      tea_room_writer_write_async (self->writer, telling->draft, repeated_cb, task);
      return;
    }

  g_task_return_error (task, doubt->error);
  end_telling (self, telling);
  g_object_unref (task);
}

/* What was stored is stored, even if the same would be refused by now: nothing that the log
 * has not is written under a number up to the latest. Takes over task and error. */
static void
refuse (GTask *task, GError *error)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);
  Doubt *doubt = NULL;

  if (telling->draft->number == 0 || !telling->draft->is_repeat)
    {
      g_task_return_error (task, error);
      end_telling (self, telling);
      g_object_unref (task);
      return;
    }

  doubt = g_new (Doubt, 1);
  doubt->task = task;
  doubt->error = error;
  tea_room_writer_find_number_async (self->writer, telling->draft->key, telling->draft->stream,
                                     NULL, number_found_cb, doubt);
}

static void
take_written (GTask *task, guint64 seq, GError *error)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);

  telling->seq = seq;
  if (seq != 0)
    {
      follow (task);
    }
  else if (error->domain == TEA_REFUSAL)
    {
      refuse (task, error);
    }
  else
    {
      g_task_return_error (task, error);
      end_telling (self, telling);
      g_object_unref (task);
    }
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  guint64 seq = tea_room_writer_write_finish (TEA_ROOM_WRITER (object), result, &error);

  take_written (user_data, seq, error);
}

static void
amended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  guint64 seq = tea_amender_amend_finish (TEA_AMENDER (object), result, &error);

  take_written (user_data, seq, error);
}

static gboolean
is_about_message (Telling *telling)
{
  gboolean is_set = FALSE;

  return tea_event_kind_amends (telling->draft->kind)
         || (telling->draft->kind == TEA_EVENT_PINNED
             && tea_event_data_decode_switch (telling->draft->data, &is_set) && is_set);
}

/* Returns whether it is on its way into the log. */
static gboolean
write_draft (GTask *task)
{
  TeaRoom *self = g_task_get_source_object (task);
  Telling *telling = g_task_get_task_data (task);

  if (self->presence != NULL && !tea_policy_is_house (self->policy, telling->draft->key))
    {
      telling->is_counted = tea_presence_begin_writing (self->presence, telling->draft->author,
                                                        telling->draft->key);
      if (!telling->is_counted)
        {
          g_task_return_error (task, tea_refusal_new (TEA_REFUSAL_NOT_INSIDE,
                                                      _ ("You are not in the room.")));
          end_telling (self, telling);
          g_object_unref (task);
          return FALSE;
        }
    }

  begin_slowly (self, telling);
  if (!is_about_message (telling))
    {
      tea_room_writer_write_async (self->writer, telling->draft, written_cb, task);
      return TRUE;
    }

  telling->is_pinning = telling->draft->kind == TEA_EVENT_PINNED;
  if (telling->is_pinning)
    self->n_pinning++;
  tea_amender_amend_async (self->amender, telling->draft, amended_cb, task);

  return FALSE;
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
  end_telling (self, telling);
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

  if (telling->draft->kind != TEA_EVENT_SETTINGS || tea_room_is_hall (self)
      || !tea_event_data_decode_settings (telling->draft->data, &settings))
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
 *
 * Returns: whether more can be told before there is an answer, and is stored only if this is:
 *   so it is with messages that are on their way into the log. All else may change who may do
 *   what, or comes into the log later than what is told after it
 */
gboolean
tea_room_tell_async (TeaRoom *self,
                     const TeaDraft *draft,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Telling *telling;

  g_return_val_if_fail (TEA_IS_ROOM (self), FALSE);
  g_return_val_if_fail (draft != NULL && draft->author != NULL, FALSE);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_tell_async);
  telling = telling_new (self, draft);
  g_task_set_task_data (task, telling, (GDestroyNotify) telling_free);

  error = check (self, draft);
  if (error == NULL && !needs_look_up (self, telling))
    return write_draft (g_steal_pointer (&task)) && draft->kind == TEA_EVENT_MESSAGE;

  if (error != NULL)
    refuse (g_steal_pointer (&task), error);
  else
    tea_turns_take (tea_turns_get (self->store), turn_cb, g_steal_pointer (&task));

  return FALSE;
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
