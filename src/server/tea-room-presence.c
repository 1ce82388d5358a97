/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-private.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-name.h"

/* How long to wait before a leaving is tried again that could not be stored: doubling,
 * from the first to the last. */
#define FIRST_RETRY G_TIME_SPAN_SECOND
#define LAST_RETRY (30 * G_TIME_SPAN_SECOND)

/* What somebody asked for who wants to enter. */
typedef struct
{
  TeaSession *session; /* (owned) */
  char *name;          /* (owned) */
  char *folded;        /* (owned) */
  char *key;           /* (owned) (nullable) */
  gboolean is_decided;
} Entering;

static void
entering_free (Entering *entering)
{
  g_object_unref (entering->session);
  g_free (entering->name);
  g_free (entering->folded);
  g_free (entering->key);
  g_free (entering);
}

/* Whose leaving is being stored. */
typedef struct
{
  TeaRoom *room; /* (owned) */
  char *folded;  /* (owned) */
} Leaving;

static void
leaving_free (Leaving *leaving)
{
  g_object_unref (leaving->room);
  g_free (leaving->folded);
  g_free (leaving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Leaving, leaving_free)

static void
return_try_later (GTask *task)
{
  g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_TRY_LATER, "%s",
                           _ ("The room is closed. Try again later."));
}

static void
remove_all_seats (TeaPlace *place)
{
  for (TeaSeat *seat; (seat = g_queue_peek_head (&place->seats)) != NULL;)
    g_hash_table_remove (place->room->seats, seat->session);
}

void
tea_place_free (TeaPlace *place)
{
  GTask *task;

  if (place->joining != NULL)
    {
      Entering *entering = g_task_get_task_data (place->joining);

      entering->is_decided = TRUE;
      return_try_later (place->joining);
    }
  g_clear_object (&place->joining);

  while ((task = g_queue_pop_head (&place->waiting)) != NULL)
    {
      return_try_later (task);
      g_object_unref (task);
    }

  remove_all_seats (place);
  tea_timer_free (place->timer);
  g_clear_object (&place->member);
  g_free (place->folded);
  g_free (place);
}

static void
left_cb (guint64 seq, const GError *error, gpointer user_data)
{
  g_autoptr (Leaving) leaving = user_data;
  TeaPlace *place = g_hash_table_lookup (leaving->room->places, leaving->folded);

  if (error == NULL || place == NULL || !place->is_leaving)
    return;

  /* They are out, as far as they know; the room will hear of it when it can be kept. */
  g_debug ("Leaving could not be stored: %s", error->message);
  place->is_leaving = FALSE;
  place->is_left = FALSE;
  remove_all_seats (place);
  tea_timer_set (place->timer, place->retry);
  place->retry = MIN (place->retry * 2, LAST_RETRY);
  tea_place_go_on (place);
}

static void
leave_if_silent (TeaPlace *place)
{
  TeaRoom *self = place->room;
  TeaRollEntry *entry;
  Leaving *leaving;

  if (!place->is_leaving || place->is_left || place->n_saying > 0 || !self->is_open)
    return;

  place->is_left = TRUE;
  entry = tea_roll_find (self->roll, place->folded);
  leaving = g_new0 (Leaving, 1);
  leaving->room = g_object_ref (self);
  leaving->folded = g_strdup (place->folded);
  tea_room_append_presence (self, TEA_EVENT_LEFT, entry->name, entry->key, left_cb, leaving);
}

static void
begin_to_leave (TeaPlace *place)
{
  tea_timer_unset (place->timer);
  place->is_leaving = TRUE;
  leave_if_silent (place);
}

static void
timer_cb (gpointer user_data)
{
  begin_to_leave (user_data);
}

/* When a seat was given up: whose last one it was leaves, or lingers. */
static void
check_seats (TeaPlace *place, gboolean is_lost)
{
  TeaRollEntry *entry = tea_roll_find (place->room->roll, place->folded);

  if (place->member == NULL || place->is_leaving || !g_queue_is_empty (&place->seats))
    return;

  if (is_lost && entry->key != NULL)
    tea_timer_set (place->timer, place->room->grace);
  else
    begin_to_leave (place);
}

static TeaPlace *
get_place (TeaRoom *self, const char *folded)
{
  TeaPlace *place = g_hash_table_lookup (self->places, folded);

  if (place != NULL)
    return place;

  place = g_new0 (TeaPlace, 1);
  place->room = self;
  place->folded = g_strdup (folded);
  place->timer = tea_timer_new (self->clock, timer_cb, place);
  place->retry = FIRST_RETRY;
  g_queue_init (&place->seats);
  g_queue_init (&place->waiting);
  g_hash_table_insert (self->places, place->folded, place);

  return place;
}

/* Who asked may not want to know any more, or be somebody else meanwhile. */
static gboolean
return_if_void (TeaPlace *place, GTask *task)
{
  Entering *entering = g_task_get_task_data (task);
  TeaSeat *seat = g_hash_table_lookup (place->room->seats, entering->session);

  if (g_task_return_error_if_cancelled (task))
    return TRUE;

  if (seat == NULL || seat->place == place)
    return FALSE;

  g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_ALREADY_A_MEMBER,
                           _ ("You are here as “%s” already. Leave first."),
                           tea_member_get_name (seat->place->member));

  return TRUE;
}

static void
seat_task (TeaPlace *place, GTask *task)
{
  Entering *entering = g_task_get_task_data (task);

  entering->is_decided = TRUE;
  if (return_if_void (place, task))
    {
      check_seats (place, TRUE);
      return;
    }

  if (!g_hash_table_contains (place->room->seats, entering->session))
    tea_place_add_seat (place, entering->session);
  tea_timer_unset (place->timer);
  place->retry = FIRST_RETRY;
  g_task_return_pointer (task, g_object_ref (place->member), g_object_unref);
}

static void
joined_cb (guint64 seq, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *self = g_task_get_source_object (task);
  Entering *entering = g_task_get_task_data (task);
  TeaPlace *place = g_hash_table_lookup (self->places, entering->folded);

  self->n_joining--;

  if (error == NULL || entering->is_decided)
    return;

  entering->is_decided = TRUE;
  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED))
    return_try_later (task);
  else
    g_task_return_error (task, tea_room_explain (error));

  g_clear_object (&place->joining);
  tea_place_go_on (place);
}

static gboolean
is_theirs (TeaPlace *place, const char *key)
{
  TeaRollEntry *entry = tea_roll_find (place->room->roll, place->folded);

  /* Who has no key and no session was here before the server was started again: whoever
   * has that name comes back, as far as anybody can know. */
  if (entry->key == NULL)
    return key == NULL && g_queue_is_empty (&place->seats);

  return g_strcmp0 (entry->key, key) == 0;
}

/* Whether somebody is here, or on their way in, under as many names as anybody can. */
static gboolean
has_many_names (TeaRoom *self, const char *key)
{
  GHashTableIter iter;
  TeaPlace *place;
  guint n = tea_roll_count_present (self->roll, key);

  g_hash_table_iter_init (&iter, self->places);
  while (self->n_joining > 0 && g_hash_table_iter_next (&iter, NULL, (gpointer *) &place))
    if (place->joining != NULL && place->member == NULL)
      n += g_strcmp0 (((Entering *) g_task_get_task_data (place->joining))->key, key) == 0;

  return n >= TEA_ROLL_MAX_NAMES;
}

static void
admit (TeaPlace *place, GTask *task)
{
  TeaRoom *self = place->room;
  Entering *entering = g_task_get_task_data (task);

  if (return_if_void (place, task))
    return;

  if (place->member != NULL && is_theirs (place, entering->key))
    {
      seat_task (place, task);
      return;
    }

  if (place->member != NULL
      || !tea_roll_is_free (self->roll, place->folded, entering->key,
                            tea_clock_get_real_time (self->clock)))
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NAME_TAKEN, _ ("“%s” is taken."),
                               entering->name);
      return;
    }

  if (entering->key != NULL && has_many_names (self, entering->key))
    {
      g_task_return_new_error (
          task, TEA_ERROR, TEA_ERROR_REFUSED,
          _ ("You are here under %d names already. Leave under one of them first."),
          TEA_ROLL_MAX_NAMES);
      return;
    }

  if (tea_room_get_n_members (self) + self->n_joining >= TEA_ROOM_MAX_MEMBERS)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_ROOM_FULL, "%s",
                               _ ("The room is full. Try again later."));
      return;
    }

  self->n_joining++;
  place->joining = g_object_ref (task);
  tea_room_append_presence (self, TEA_EVENT_JOINED, entering->name, entering->key, joined_cb,
                            g_object_ref (task));
}

/* Does what is next about a name, and forgets the place when nothing is left to do. */
void
tea_place_go_on (TeaPlace *place)
{
  /* Whoever is answered may ask for the next thing at once. */
  if (place->is_busy)
    return;

  place->is_busy = TRUE;
  leave_if_silent (place);

  while (place->joining == NULL && !place->is_leaving && !g_queue_is_empty (&place->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&place->waiting);

      admit (place, task);
    }

  place->is_busy = FALSE;
  if (place->member == NULL && place->joining == NULL && !place->is_leaving && place->n_saying == 0)
    g_hash_table_remove (place->room->places, place->folded);
}

TeaPlace *
tea_room_begin_presence (TeaRoom *self, TeaEvent *event)
{
  g_autofree char *folded = tea_name_fold (tea_event_get_author (event));
  TeaPlace *place = get_place (self, folded);

  tea_roll_apply (self->roll, event);
  g_clear_object (&place->member);
  place->member = tea_member_new (tea_event_get_author (event));

  return place;
}

TeaPlace *
tea_room_end_presence (TeaRoom *self, TeaEvent *event)
{
  g_autofree char *folded = tea_name_fold (tea_event_get_author (event));
  TeaPlace *place = g_hash_table_lookup (self->places, folded);

  tea_roll_apply (self->roll, event);
  if (place != NULL)
    g_clear_object (&place->member);

  return place;
}

/* When everyone was told that somebody is in, or out. */
void
tea_place_settle (TeaPlace *place)
{
  place->is_busy = TRUE;
  if (place->member == NULL)
    {
      tea_timer_unset (place->timer);
      place->is_leaving = FALSE;
      place->is_left = FALSE;
      remove_all_seats (place);
    }
  else if (place->joining != NULL)
    {
      g_autoptr (GTask) task = g_steal_pointer (&place->joining);

      seat_task (place, task);
    }

  place->is_busy = FALSE;
  tea_place_go_on (place);
}

/* Whoever is in the room by what the log tells has the grace time to come back. */
void
tea_room_restore_presence (TeaRoom *self)
{
  g_autoptr (GPtrArray) present = tea_roll_list_present (self->roll, 0, G_MAXUINT, NULL);

  for (guint i = 0; i < present->len; i++)
    {
      TeaRollEntry *entry = g_ptr_array_index (present, i);
      g_autofree char *folded = tea_name_fold (entry->name);
      TeaPlace *place = get_place (self, folded);

      place->member = tea_member_new (entry->name);
      tea_timer_set (place->timer, self->grace);
    }
}

/**
 * tea_room_enter_async:
 * @self: a room
 * @session: by what somebody takes part in it
 * @name: what they want to be called
 * @key: (nullable): the fingerprint of their key; %NULL for somebody without one
 * @cancellable: (nullable): to give up with
 * @callback: called when they are in, or are not let in
 * @user_data: for @callback
 *
 * Lets somebody in, once everyone has heard of it. Where the owner of the key is in the
 * room under that name already, or is back within the grace time, there is nothing to
 * hear. The name must be fit ([func@Tea.Name.validate]), nobody else's in the room, by
 * its folded form, and not owned by another key.
 */
void
tea_room_enter_async (TeaRoom *self,
                      TeaSession *session,
                      const char *name,
                      const char *key,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Entering *entering;
  TeaPlace *place;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (TEA_IS_SESSION (session));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_room_enter_async);
  g_task_set_check_cancellable (task, FALSE);

  if (!self->is_open)
    {
      return_try_later (task);
      return;
    }

  if (!tea_name_validate (name, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  entering = g_new0 (Entering, 1);
  entering->session = g_object_ref (session);
  entering->name = g_strdup (name);
  entering->folded = tea_name_fold (name);
  entering->key = g_strdup (key);
  g_task_set_task_data (task, entering, (GDestroyNotify) entering_free);

  place = get_place (self, entering->folded);
  g_queue_push_tail (&place->waiting, g_steal_pointer (&task));
  tea_place_go_on (place);
}

/**
 * tea_room_enter_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * From now on the session hears everything.
 *
 * Returns: (transfer full): who they are in the room; or %NULL, with @error one of
 *   %TEA_ERROR
 */
TeaMember *
tea_room_enter_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  Entering *entering;
  TeaMember *member;
  TeaSeat *seat;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  entering = g_task_get_task_data (G_TASK (result));
  member = g_task_propagate_pointer (G_TASK (result), error);
  if (member == NULL)
    return NULL;

  seat = g_hash_table_lookup (self->seats, entering->session);
  if (seat != NULL)
    tea_seat_mark_answered (seat);

  return member;
}

static void
give_up_seat (TeaRoom *self, TeaSession *session, gboolean is_lost)
{
  TeaSeat *seat = g_hash_table_lookup (self->seats, session);
  TeaPlace *place;

  if (seat == NULL)
    return;

  place = seat->place;
  g_hash_table_remove (self->seats, session);
  check_seats (place, is_lost);
}

/**
 * tea_room_leave:
 * @self: a room
 * @session: by what somebody takes part in it
 *
 * Lets somebody out who said goodbye. They stay in the room where they take part by
 * another session as well.
 */
void
tea_room_leave (TeaRoom *self, TeaSession *session)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  give_up_seat (self, session, FALSE);
}

/**
 * tea_room_leave_async:
 * @self: a room
 * @session: by what somebody takes part in it
 * @callback: called when they are out
 * @user_data: for @callback
 *
 * Lets somebody out as tea_room_leave() does, but the session hears everything until it
 * is so, and that last.
 */
void
tea_room_leave_async (TeaRoom *self,
                      TeaSession *session,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TeaSeat *seat;

  g_return_if_fail (TEA_IS_ROOM (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_room_leave_async);

  seat = g_hash_table_lookup (self->seats, session);
  if (seat == NULL || seat->leaving != NULL || seat->place->seats.length > 1)
    {
      tea_room_leave (self, session);
      g_task_return_boolean (task, TRUE);
      return;
    }

  seat->leaving = g_steal_pointer (&task);
  begin_to_leave (seat->place);
}

/**
 * tea_room_leave_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: %TRUE: nobody is kept in. Where their leaving could not be stored, it will be
 *   later
 */
gboolean
tea_room_leave_finish (TeaRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_room_lose:
 * @self: a room
 * @session: by what somebody took part in it
 *
 * Takes note that a session broke. Who has a key, and no other session, is in the room
 * for the grace time yet; who has none is out.
 */
void
tea_room_lose (TeaRoom *self, TeaSession *session)
{
  g_return_if_fail (TEA_IS_ROOM (self));

  give_up_seat (self, session, TRUE);
}
