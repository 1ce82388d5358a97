/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-admission.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-event-fields.h"
#include "tea-frame.h"
#include "tea-limits.h"
#include "tea-refusal.h"
#include "tea-room-ref.h"
#include "tea-turns.h"

/* How much of the past a newcomer can ask for at once; there is more page by page. */
#define MAX_HISTORY 1000

/* So many rooms an owner can have, and a house. */
#define MAX_OWNED 20
#define MAX_ROOMS 10000

/*
 * What opening a room takes, step by step: the room is found, or made; whoever comes is let
 * in, if they may come, and is a member then; and at last it is found out where they stand.
 *
 * To whom a hidden room or a pair does not concern it is as if it were not there: the same
 * code, by the same steps.
 */
typedef struct
{
  TeaAdmissionRequest *request; /* (owned) */
  TeaName *name;                /* (owned) */
  char *key;                    /* (owned) */
  guint32 stream;
  char *address;   /* (owned) (nullable) */
  TeaQuota *quota; /* (unowned): until it is cancelled */

  TeaRoomKind kind;
  char *folded;            /* (owned) */
  TeaRoomInfo *new_room;   /* (owned) (nullable): the room to make */
  TeaTurns *turns;         /* (owned) (nullable): while it is its turn to make a room */
  TeaAdmission *admission; /* (owned) */
  gboolean is_member;
  guint64 joined; /* by which event they are a member */
} Asking;

static void
end_turn (Asking *asking)
{
  g_autoptr (TeaTurns) turns = g_steal_pointer (&asking->turns);

  if (turns != NULL)
    tea_turns_end (turns);
}

static void
asking_free (Asking *asking)
{
  end_turn (asking);
  tea_admission_request_free (asking->request);
  tea_name_unref (asking->name);
  g_free (asking->key);
  g_free (asking->address);
  g_free (asking->folded);
  g_clear_pointer (&asking->new_room, tea_room_info_free);
  tea_admission_free (asking->admission);
  g_free (asking);
}

static void
refuse (GTask *task, TeaRefusal code, const char *text)
{
  g_task_return_error (task, tea_refusal_new (code, text));
  g_object_unref (task);
}

static void
refuse_later (GTask *task, const char *reason)
{
  g_debug ("A room cannot be opened: %s", reason);
  refuse (task, TEA_REFUSAL_TRY_LATER,
          _ ("The server cannot open this room now. Try again later."));
}

static void
refuse_unknown (GTask *task)
{
  refuse (task, TEA_REFUSAL_NO_ROOM, _ ("There is no room of that name here."));
}

/* NULL for who is no member, though they may be invited, and in the hall. */
static const TeaMembership *
find_membership (TeaRoom *room, const char *key)
{
  TeaMembers *members = tea_room_get_members (room);
  const TeaMembership *membership = members != NULL ? tea_members_find (members, key) : NULL;

  return membership != NULL && membership->role != TEA_ROOM_ROLE_NONE ? membership : NULL;
}

static const TeaMembership *
get_membership (Asking *asking)
{
  return find_membership (asking->admission->room, asking->key);
}

/* Whether they have left since they came in, or joined what they were only to read: both by
 * another program. What they may see is to be decided anew then. */
static gboolean
has_changed (const Asking *asking, TeaRoom *room)
{
  const TeaMembership *membership = find_membership (room, asking->key);

  return asking->is_member != (membership != NULL)
         || (membership != NULL && membership->joined != asking->joined);
}

/* Somebody who was sent out of a room does not come back by that they come again, nor by that
 * they are on their way. */
static GError *
make_kept_out (TeaRoom *room, const char *key)
{
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;
  gint64 until = 0;

  if (tea_room_is_hall (room) || !tea_room_is_kept_out (room, key, &until))
    return NULL;

  if (tea_room_kind_from_address (tea_room_get_info (room)->address) == TEA_ROOM_KIND_HIDDEN)
    return tea_refusal_new (TEA_REFUSAL_NO_ROOM, _ ("There is no room of that name here."));

  if (until >= TEA_EVENT_MAX_TIME)
    return tea_refusal_new (TEA_REFUSAL_OTHER, _ ("You were sent out of this room for good."));

  time = tea_door_describe_time (until);
  text = g_strdup_printf (_ ("You were sent out. You may come back at %s."), time);

  return tea_refusal_new (TEA_REFUSAL_NOT_BEFORE, text);
}

static void
unread_counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!tea_store_count_unread_finish (TEA_STORE (object), result, &asking->admission->n_unread,
                                      &error))
    refuse_later (g_steal_pointer (&task), error->message);
  else
    g_task_return_pointer (task, g_steal_pointer (&asking->admission),
                           (GDestroyNotify) tea_admission_free);
}

/* What was said before somebody came is nothing that they have not read. */
static guint64
find_joined (TeaHouse *house, Asking *asking)
{
  const TeaMembership *membership = get_membership (asking);
  const TeaPerson *person = NULL;

  if (membership != NULL)
    return membership->joined;
  if (tea_room_is_hall (asking->admission->room))
    person = tea_presence_find (tea_house_get_presence (house), asking->name);

  return person != NULL && asking->admission->read == 0 ? person->joined : 0;
}

static void
position_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!tea_positions_find_finish (TEA_POSITIONS (object), result, &asking->admission->read, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  asking->admission->read = MAX (asking->admission->read, find_joined (house, asking));
  tea_store_count_unread_async (tea_house_get_store (house),
                                tea_room_get_info (asking->admission->room)->number,
                                MAX (asking->admission->read, asking->admission->floor - 1),
                                TEA_UNREAD_MORE, g_task_get_cancellable (task), unread_counted_cb,
                                g_object_ref (task));
}

static void
number_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!tea_room_writer_find_number_finish (TEA_ROOM_WRITER (object), result,
                                           &asking->admission->number, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  tea_positions_find_async (tea_house_get_positions (house),
                            tea_room_get_info (asking->admission->room)->number, asking->key,
                            position_found_cb, g_object_ref (task));
}

/* Numbers of another log, or of one that was set back and written past, mean nothing. */
static void
take_standing (GTask *task, gboolean is_proved)
{
  Asking *asking = g_task_get_task_data (task);
  TeaAdmission *admission = asking->admission;

  admission->next = is_proved ? asking->request->since + 1 : 0;
  admission->history = MIN (asking->request->history, MAX_HISTORY);
  admission->is_anew = asking->request->epoch != 0 && !is_proved;

  tea_room_writer_find_number_async (tea_room_get_writer (admission->room), asking->key,
                                     asking->stream, g_task_get_cancellable (task), number_found_cb,
                                     task);
}

static gboolean
fits (Asking *asking, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);

      if (tea_event_get_seq (event) == asking->request->since)
        return tea_event_get_check (event) == asking->request->check;
    }

  /* What was there once, and is erased, is believed. */
  return TRUE;
}

static void
since_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;

  events = tea_room_reader_read_finish (TEA_ROOM_READER (object), result, NULL, &error);
  if (events == NULL)
    refuse_later (g_steal_pointer (&task), error->message);
  else
    take_standing (g_steal_pointer (&task), fits (asking, events));
}

static void
find_standing (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  TeaRoomReader *reader = tea_room_get_reader (asking->admission->room);
  guint64 since = asking->request->since;

  if (asking->request->epoch != tea_room_reader_get_epoch (reader)
      || since > tea_room_reader_get_head (reader))
    {
      take_standing (task, FALSE);
      return;
    }

  if (since == 0)
    {
      take_standing (task, TRUE);
      return;
    }

  tea_room_reader_read_async (reader, since, since, G_MAXSIZE, g_task_get_cancellable (task),
                              since_read_cb, task);
}

/* They are in: what is left is to find out where they stand. */
static void
come_in (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  TeaRoom *room = asking->admission->room;
  const TeaMembership *membership = get_membership (asking);

  asking->is_member = membership != NULL;
  asking->joined = membership != NULL ? membership->joined : 0;
  asking->admission->floor = 1;
  if ((tea_room_get_flags (room) & TEA_ROOM_HISTORY_FROM_JOINING) != 0)
    asking->admission->floor = membership != NULL
                                   ? MAX (membership->joined, 1)
                                   : tea_room_reader_get_head (tea_room_get_reader (room)) + 1;

  find_standing (task);
}

/* They may have been sent out while they came in. */
static void
leave_again (Asking *asking)
{
  const TeaDraft draft = { .kind = TEA_EVENT_LEFT, .author = asking->name, .key = asking->key };

  if (get_membership (asking) != NULL)
    tea_room_writer_write_async (tea_room_get_writer (asking->admission->room), &draft, NULL, NULL);
}

static void
joined_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *asking = g_task_get_task_data (task);
  GError *error = NULL;

  if (!tea_members_join_finish (TEA_MEMBERS (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  error = make_kept_out (asking->admission->room, asking->key);
  if (error != NULL)
    {
      leave_again (asking);
      g_task_return_error (task, error);
      return;
    }

  /* That they joined can be known to all long before it is known to be stored. */
  if (get_membership (asking) == NULL)
    refuse_later (g_steal_pointer (&task), "its owner has left or joined it meanwhile");
  else
    come_in (g_steal_pointer (&task));
}

static void
join (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  TeaRoom *room = asking->admission->room;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  /* Nobody joins what is archived; but all who might have joined may read. */
  if ((tea_room_get_flags (room) & TEA_ROOM_ARCHIVED) != 0)
    come_in (task);
  else if (!tea_quota_enter (asking->quota))
    refuse (task, TEA_REFUSAL_TRY_LATER, _ ("You come and go too often. Wait a little."));
  else
    tea_members_join_async (tea_room_get_members (room), asking->name, asking->key, joined_cb,
                            task);
}

static void
password_checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (tea_password_guard_check_finish (TEA_PASSWORD_GUARD (object), result, &error))
    join (g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static void
check_password (GTask *task)
{
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);
  const TeaRoomInfo *info = tea_room_get_info (asking->admission->room);
  g_autoptr (GError) error = NULL;
  TeaPasswordGuard *guard;

  if (info->password == NULL)
    {
      join (task);
      return;
    }

  if (*asking->request->password == '\0')
    {
      refuse (task, TEA_REFUSAL_PASSWORD_NEEDED, _ ("This room has a password."));
      return;
    }

  guard = tea_house_get_guard (house, info, &error);
  if (guard == NULL)
    refuse_later (task, error->message);
  else
    tea_password_guard_check_async (guard, asking->request->password, asking->key, asking->address,
                                    password_checked_cb, task);
}

/* Decides whether somebody may come into a room that is not the hall. */
static void
admit (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  TeaRoom *room = asking->admission->room;
  TeaMembers *members = tea_room_get_members (room);
  TeaRoomFlags flags = tea_room_get_flags (room);
  gboolean is_hidden
      = tea_room_kind_from_address (tea_room_get_info (room)->address) == TEA_ROOM_KIND_HIDDEN;
  gboolean is_closed = (flags & TEA_ROOM_LINK_SUFFICES) == 0
                       && (is_hidden || (flags & TEA_ROOM_BY_INVITATION) != 0);

  GError *error = make_kept_out (room, asking->key);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (tea_members_get_role (members, asking->key) != TEA_ROOM_ROLE_NONE)
    come_in (task);
  else if (tea_room_is_pair (room))
    refuse_unknown (task);
  else if (tea_members_get_owner (members) != NULL
           && g_strcmp0 (tea_members_get_owner (members), asking->key) != 0
           && tea_room_reader_get_head (tea_room_get_reader (room)) == 0)
    refuse_unknown (task); /* whose owner has not come yet */
  else if (tea_members_is_invited (members, asking->key)
           || tea_room_get_role (room, asking->key) == TEA_ROOM_ROLE_OWNER
           || g_strcmp0 (tea_members_get_owner (members), asking->key) == 0)
    join (task);
  else if (is_closed && (is_hidden || (flags & TEA_ROOM_LISTED) == 0))
    refuse_unknown (task);
  else if (is_closed)
    refuse (task, TEA_REFUSAL_BY_INVITATION, _ ("Only who is invited gets into this room."));
  else
    check_password (task);
}

static void
take_room (GTask *task, TeaRoom *room)
{
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);

  asking->admission->room = g_object_ref (room);
  asking->admission->house = g_object_ref (house);
  tea_house_hold (house, room);
}

static void
made_room_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (TeaRoom) room = NULL;
  g_autoptr (GError) error = NULL;

  if (!tea_house_load_finish (TEA_HOUSE (object), result, &room, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  if (room == NULL)
    {
      refuse_unknown (g_steal_pointer (&task));
      return;
    }

  take_room (task, room);
  admit (g_steal_pointer (&task));
}

static void
refuse_taken (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);

  /* Nobody is to find out by that that a hidden room is there. */
  if (asking->kind == TEA_ROOM_KIND_HIDDEN)
    refuse_unknown (task);
  else
    refuse (task, TEA_REFUSAL_NAME_TAKEN, _ ("Another room has that name."));
}

static void loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data);

static void
made_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean is_made = tea_store_make_room_finish (TEA_STORE (object), result, NULL, &error);

  end_turn (asking);
  if (is_made)
    {
      g_message ("%s made the room “%s”", tea_name_get_text (asking->name),
                 asking->kind == TEA_ROOM_KIND_HIDDEN ? "~" : asking->request->address);
      tea_house_load_async (house, asking->folded, made_room_loaded_cb, g_steal_pointer (&task));
    }
  else if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN))
    {
      /* Somebody was quicker, and that may have been the same key by another program. */
      tea_house_load_async (house, asking->folded, loaded_cb, g_steal_pointer (&task));
    }
  else
    {
      refuse_later (g_steal_pointer (&task), error->message);
    }
}

static void
make (GTask *task)
{
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);

  tea_store_make_room_async (tea_house_get_store (house), asking->new_room, NULL, made_cb, task);
}

static void
hash_cb (GTask *task, gpointer source, gpointer password, GCancellable *cancellable)
{
  GError *error = NULL;
  char *hash = tea_password_hash (password, &error);

  if (hash != NULL)
    g_task_return_pointer (task, hash, g_free);
  else
    g_task_return_error (task, error);
}

static void
hashed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *asking = g_task_get_task_data (task);
  GError *error = NULL;

  asking->new_room->password = g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    make (g_steal_pointer (&task));
}

/* Hashing is slow on purpose. The thread is not to be the last that holds the house. */
static void
hash_password (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GTask) hashing = NULL;

  if (*asking->request->password == '\0')
    {
      make (task);
      return;
    }

  hashing = g_task_new (NULL, NULL, hashed_cb, task);
  g_task_set_source_tag (hashing, hash_password);
  g_task_set_task_data (hashing, g_strdup (asking->request->password), g_free);
  g_task_run_in_thread (hashing, hash_cb);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  guint n_rooms = 0;
  guint n_owned = 0;

  if (!tea_store_count_rooms_finish (TEA_STORE (object), result, &n_rooms, &n_owned, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  if (n_owned >= MAX_OWNED || n_rooms >= MAX_ROOMS)
    {
      refuse (g_steal_pointer (&task), TEA_REFUSAL_OTHER,
              n_owned >= MAX_OWNED ? _ ("You own as many rooms as anybody can.")
                                   : _ ("This server takes no more rooms."));
      return;
    }

  asking->new_room = tea_room_info_new (asking->request->address, asking->folded);
  g_free (asking->new_room->title);
  asking->new_room->title = g_strdup (asking->request->title);
  asking->new_room->flags = asking->request->flags & TEA_ROOM_SETTABLE_FLAGS;
  if (asking->kind == TEA_ROOM_KIND_HIDDEN)
    asking->new_room->flags &= ~(guint32) TEA_ROOM_LISTED;
  asking->new_room->owner = g_strdup (asking->key);
  asking->new_room->made = g_get_real_time ();
  hash_password (g_steal_pointer (&task));
}

/* So that nobody has more rooms in the end than they may, one is made after the other. */
static void
turn_cb (gpointer user_data)
{
  GTask *task = user_data;
  TeaStore *store = tea_house_get_store (g_task_get_source_object (task));
  Asking *asking = g_task_get_task_data (task);

  asking->turns = g_object_ref (tea_turns_get (store));
  tea_store_count_rooms_async (store, asking->key, NULL, counted_cb, task);
}

/* What sleeps is in the store. */
static void
common_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *house = g_task_get_source_object (task);
  Asking *asking = g_task_get_task_data (task);
  g_autofree char *other = tea_room_ref_dup_pair_key (asking->request->address);
  g_autoptr (TeaRoom) room = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_there = FALSE;

  if (!tea_store_find_common_finish (TEA_STORE (object), result, &is_there, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  if (is_there)
    room = tea_house_draft_pair (house, asking->key, other);
  if (room == NULL)
    {
      refuse_unknown (g_steal_pointer (&task));
      return;
    }

  take_room (task, room);
  admit (g_steal_pointer (&task));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaHouse *house = TEA_HOUSE (object);
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (TeaRoom) room = NULL;
  g_autofree char *other = NULL;
  g_autoptr (GError) error = NULL;

  if (!tea_house_load_finish (house, result, &room, &error))
    {
      refuse_later (g_steal_pointer (&task), error->message);
      return;
    }

  if (asking->request->is_make)
    {
      gboolean is_own
          = room != NULL
            && g_strcmp0 (tea_members_get_owner (tea_room_get_members (room)), asking->key) == 0;

      /* An address that a room had before is free to others than its owner. */
      if (room == NULL
          || (!is_own && !g_str_equal (tea_room_get_info (room)->folded, asking->folded)))
        {
          tea_turns_take (tea_turns_get (tea_house_get_store (house)), turn_cb,
                          g_steal_pointer (&task));
          return;
        }

      if (!is_own)
        {
          refuse_taken (g_steal_pointer (&task));
          return;
        }
    }
  else if (room == NULL && asking->kind == TEA_ROOM_KIND_PAIR)
    {
      other = tea_room_ref_dup_pair_key (asking->request->address);
      if (!tea_house_has_common_room (house, asking->key, other))
        {
          tea_store_find_common_async (tea_house_get_store (house), asking->key, other, NULL,
                                       common_found_cb, g_steal_pointer (&task));
          return;
        }

      room = tea_house_draft_pair (house, asking->key, other);
    }

  if (room == NULL)
    {
      refuse_unknown (g_steal_pointer (&task));
      return;
    }

  take_room (task, room);
  admit (g_steal_pointer (&task));
}

static gboolean
find_folded (Asking *asking)
{
  if (asking->kind == TEA_ROOM_KIND_PAIR)
    {
      g_autofree char *other = tea_room_ref_dup_pair_key (asking->request->address);

      if (other == NULL || g_str_equal (other, asking->key))
        return FALSE;
      asking->folded = tea_room_info_fold_pair (asking->key, other);
    }
  else
    {
      asking->folded = tea_room_ref_fold (asking->request->address);
    }

  return asking->folded != NULL;
}

/**
 * tea_admission_request_copy: (skip)
 * @self: a request
 *
 * Returns: (transfer full): a copy
 */
TeaAdmissionRequest *
tea_admission_request_copy (const TeaAdmissionRequest *self)
{
  TeaAdmissionRequest *copy = g_memdup2 (self, sizeof *self);

  copy->address = g_strdup (self->address);
  copy->password = g_strdup (self->password);
  copy->title = g_strdup (self->title);

  return copy;
}

/**
 * tea_admission_request_equal: (skip)
 * @self: a request
 * @other: another one
 *
 * Returns: whether they ask for the same
 */
gboolean
tea_admission_request_equal (const TeaAdmissionRequest *self, const TeaAdmissionRequest *other)
{
  return self->is_make == other->is_make && self->flags == other->flags
         && self->epoch == other->epoch && self->since == other->since
         && self->check == other->check && self->history == other->history
         && g_str_equal (self->address, other->address)
         && g_str_equal (self->password, other->password)
         && g_str_equal (self->title, other->title);
}

/**
 * tea_admission_request_free: (skip)
 * @self: (transfer full): a request
 *
 * Frees a request, and forgets its password.
 */
void
tea_admission_request_free (TeaAdmissionRequest *self)
{
  g_return_if_fail (self != NULL);

  explicit_bzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->address);
  g_free (self->title);
  g_free (self);
}

/**
 * tea_admission_get_start: (skip)
 * @self: an admission
 *
 * Returns: from where on its owner is to have everything, as the log is now
 */
guint64
tea_admission_get_start (const TeaAdmission *self)
{
  TeaRoomReader *reader;
  guint64 head, start;

  g_return_val_if_fail (self != NULL, 0);

  reader = tea_room_get_reader (self->room);
  head = tea_room_reader_get_head (reader);
  start = self->next;
  if (self->history != 0)
    start = MAX (start, head + 1 - MIN (head, self->history));
  if (start == 0)
    start = head + 1;

  start = MIN (MAX (start, self->floor), head + 1);

  return MAX (start, tea_room_reader_get_first (reader));
}

/**
 * tea_admission_free: (skip)
 * @self: (nullable) (transfer full): an admission
 *
 * Frees an admission; its room may sleep then.
 */
void
tea_admission_free (TeaAdmission *self)
{
  if (self == NULL)
    return;

  if (self->room != NULL)
    tea_house_release (self->house, self->room);
  g_clear_object (&self->room);
  g_clear_object (&self->house);
  g_free (self);
}

/**
 * tea_admission_ask_async: (skip)
 * @house: a house
 * @request: (transfer none): what is asked for
 * @visitor: (transfer none): by whom
 * @cancellable: (nullable): to give up with
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Opens a room for somebody, if they may come, and makes it before if it is to be made. They
 * are a member of it then.
 */
void
tea_admission_ask_async (TeaHouse *house,
                         const TeaAdmissionRequest *request,
                         const TeaVisitor *visitor,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;
  Asking *asking;

  g_return_if_fail (TEA_IS_HOUSE (house));
  g_return_if_fail (request != NULL && visitor != NULL);

  task = g_task_new (house, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_admission_ask_async);
  asking = g_new0 (Asking, 1);
  asking->request = tea_admission_request_copy (request);
  asking->name = tea_name_ref (visitor->name);
  asking->key = g_strdup (visitor->key);
  asking->stream = visitor->stream;
  asking->address = g_strdup (visitor->address);
  asking->quota = visitor->quota;
  asking->admission = g_new0 (TeaAdmission, 1);
  asking->kind = tea_room_kind_from_address (request->address);
  g_task_set_task_data (task, asking, (GDestroyNotify) asking_free);

  if (asking->kind == TEA_ROOM_KIND_HALL && !request->is_make)
    {
      take_room (task, tea_house_get_hall (house));
      come_in (task);
    }
  else if (request->is_make && !tea_house_may_make_rooms (house, visitor->key))
    {
      refuse (task, TEA_REFUSAL_NOT_YOURS, _ ("Making rooms is not yours to do here."));
    }
  else if (request->is_make && asking->kind != TEA_ROOM_KIND_NAMED
           && asking->kind != TEA_ROOM_KIND_HIDDEN)
    {
      refuse (task, TEA_REFUSAL_NAME_UNFIT, _ ("A room cannot have that name."));
    }
  else if (asking->kind == TEA_ROOM_KIND_PAIR && !tea_house_get_has_pairs (house))
    {
      refuse (task, TEA_REFUSAL_OTHER, _ ("There are no private conversations in this house."));
    }
  else if (asking->kind == TEA_ROOM_KIND_PAIR
           && tea_policy_is_newcomer (tea_house_get_policy (house), visitor->key))
    {
      refuse (task, TEA_REFUSAL_NOT_BEFORE,
              _ ("You are new here. You may speak to somebody alone after a while."));
    }
  else if (asking->kind == TEA_ROOM_KIND_NONE || !find_folded (asking))
    {
      refuse_unknown (task);
    }
  else
    {
      tea_house_load_async (house, asking->folded, loaded_cb, task);
    }
}

/**
 * tea_admission_ask_finish: (skip)
 * @house: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what they get; or %NULL, with @error one that
 *   tea_refusal_from_error() understands
 */
TeaAdmission *
tea_admission_ask_finish (TeaHouse *house, GAsyncResult *result, GError **error)
{
  g_autoptr (TeaAdmission) admission = NULL;
  const Asking *asking = NULL;
  GError *refusal = NULL;

  g_return_val_if_fail (g_task_is_valid (result, house), NULL);

  admission = g_task_propagate_pointer (G_TASK (result), error);
  if (admission == NULL)
    return NULL;

  /* Until this very moment they may have left, or have been sent out. */
  asking = g_task_get_task_data (G_TASK (result));
  refusal = make_kept_out (admission->room, asking->key);
  if (refusal == NULL && has_changed (asking, admission->room))
    refusal = tea_refusal_new (TEA_REFUSAL_TRY_LATER,
                               _ ("The server cannot open this room now. Try again later."));
  if (refusal == NULL)
    return g_steal_pointer (&admission);

  g_propagate_error (error, refusal);

  return NULL;
}
