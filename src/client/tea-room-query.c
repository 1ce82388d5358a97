/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-query.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-frame-encode.h"

/* No house has as many. A server that says so must not fill our memory. */
#define ROOMS_MAX 16384

struct _TeaRoomQuery
{
  const TeaRoundTrip *round_trip;
  TeaRooms which;
  GTask *task;      /* (owned) (nullable): until it is answered */
  GPtrArray *rooms; /* (element-type TeaListing): so far */
  char *after;      /* which page is asked for */
  TeaTimer *timer;  /* (owned): when to ask again */
  gint64 patience;
  TeaFrameFunc send;
  gpointer user_data;
};

static void
ask (TeaRoomQuery *self)
{
  tea_timer_set (self->timer, self->patience);
  self->send (tea_frame_encode_rooms (self->which, self->after), self->user_data);
}

static void
ask_again_cb (gpointer user_data)
{
  TeaRoomQuery *self = user_data;

  self->patience = tea_round_trip_get_next_patience (self->patience);
  ask (self);
}

static void
ask_for_page (TeaRoomQuery *self, const char *after)
{
  g_free (self->after);
  self->after = g_strdup (after);
  self->patience = tea_round_trip_get_patience (self->round_trip);
  ask (self);
}

/**
 * tea_room_query_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @which: which rooms
 * @task: (transfer full): given a (element-type TeaListing) #GPtrArray
 * @send: how to send a frame
 * @user_data: for @send
 *
 * Returns: (transfer full): a query that has asked for the first page
 */
TeaRoomQuery *
tea_room_query_new (TeaClock *clock,
                    const TeaRoundTrip *round_trip,
                    TeaRoomList which,
                    GTask *task,
                    TeaFrameFunc send,
                    gpointer user_data)
{
  TeaRoomQuery *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (G_IS_TASK (task), NULL);

  self = g_new0 (TeaRoomQuery, 1);
  self->round_trip = round_trip;
  self->which = which == TEA_ROOM_LIST_MINE ? TEA_ROOMS_MINE : TEA_ROOMS_LISTED;
  self->task = task;
  self->rooms = g_ptr_array_new_with_free_func (g_object_unref);
  self->timer = tea_timer_new (clock, ask_again_cb, self);
  self->send = send;
  self->user_data = user_data;
  ask_for_page (self, "");

  return self;
}

/**
 * tea_room_query_free:
 * @self: (transfer full): a query
 *
 * Frees a query; whoever waits for the answer is told that there is none.
 */
void
tea_room_query_free (TeaRoomQuery *self)
{
  g_return_if_fail (self != NULL);

  if (self->task != NULL)
    g_task_return_new_error (self->task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The server did not tell which rooms it has."));
  g_clear_object (&self->task);
  g_ptr_array_unref (self->rooms);
  g_free (self->after);
  tea_timer_free (self->timer);
  g_free (self);
}

/**
 * tea_room_query_dup_listing:
 * @room: a room in a frame
 *
 * Returns: (transfer full): the same to keep
 */
TeaListing *
tea_room_query_dup_listing (const TeaListedRoom *room)
{
  g_return_val_if_fail (room != NULL, NULL);

  return tea_listing_new (room->address, room->title, room->flags, room->role, room->head,
                          room->unread, room->n_members);
}

/**
 * tea_room_query_take_page:
 * @self: a query
 * @frame: a ROOM_LIST frame
 *
 * Takes a page, if it is the one that is asked for.
 *
 * Returns: whether the query is answered
 */
gboolean
tea_room_query_take_page (TeaRoomQuery *self, const TeaFrame *frame)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (frame != NULL, FALSE);

  if (frame->room_list.which != self->which || g_strcmp0 (frame->room_list.after, self->after) != 0)
    return FALSE;

  for (guint i = 0; i < frame->room_list.n_rooms; i++)
    g_ptr_array_add (self->rooms, tea_room_query_dup_listing (&frame->room_list.rooms[i]));

  if (*frame->room_list.next != '\0' && frame->room_list.n_rooms > 0
      && self->rooms->len < ROOMS_MAX)
    {
      ask_for_page (self, frame->room_list.next);
      return FALSE;
    }

  tea_timer_unset (self->timer);
  g_task_return_pointer (self->task, g_ptr_array_ref (self->rooms),
                         (GDestroyNotify) g_ptr_array_unref);
  g_clear_object (&self->task);

  return TRUE;
}
