/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-private.h"

void
tea_seat_free (TeaSeat *seat)
{
  TeaRoom *room = seat->place->room;

  if (room->next_told == &seat->link)
    room->next_told = seat->link.next;
  g_queue_unlink (&room->listening, &seat->link);
  g_queue_unlink (&seat->place->seats, &seat->place_link);

  if (seat->source != NULL)
    g_source_destroy (seat->source);
  g_clear_pointer (&seat->source, g_source_unref);
  g_queue_clear_full (&seat->early, (GDestroyNotify) tea_event_unref);

  if (seat->leaving != NULL)
    g_task_return_boolean (seat->leaving, TRUE);
  g_clear_object (&seat->leaving);
  g_object_unref (seat->session);
  g_free (seat);
}

static gboolean
deliver_early_cb (gpointer user_data)
{
  TeaSeat *seat = user_data;
  g_autoptr (TeaSession) session = g_object_ref (seat->session);
  g_autoptr (TeaRoom) room = g_object_ref (seat->place->room);
  TeaEvent *event;

  /* The session may end by what it is told. */
  while (g_hash_table_lookup (room->seats, session) == seat
         && (event = g_queue_pop_head (&seat->early)) != NULL)
    {
      tea_session_deliver (session, event);
      tea_event_unref (event);
    }

  if (g_hash_table_lookup (room->seats, session) == seat)
    g_clear_pointer (&seat->source, g_source_unref);

  return G_SOURCE_REMOVE;
}

void
tea_seat_tell (TeaSeat *seat, TeaEvent *event)
{
  g_autoptr (TeaSession) session = g_object_ref (seat->session);

  if (tea_event_get_seq (event) <= seat->since)
    return;

  if (seat->is_answered && seat->source == NULL)
    tea_session_deliver (session, event);
  else
    g_queue_push_tail (&seat->early, tea_event_ref (event));
}

/* A session hears nothing before it has the answer, and then what it has missed meanwhile. */
void
tea_seat_mark_answered (TeaSeat *seat)
{
  if (seat->is_answered)
    return;

  seat->is_answered = TRUE;
  if (g_queue_is_empty (&seat->early))
    return;

  seat->source = g_idle_source_new ();
  g_source_set_priority (seat->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (seat->source, deliver_early_cb, seat, NULL);
  g_source_attach (seat->source, g_main_context_get_thread_default ());
}

void
tea_place_add_seat (TeaPlace *place, TeaSession *session)
{
  TeaSeat *seat = g_new0 (TeaSeat, 1);

  seat->session = g_object_ref (session);
  seat->place = place;
  seat->since = place->room->head;
  g_queue_init (&seat->early);
  seat->link.data = seat;
  seat->place_link.data = seat;
  g_queue_push_tail_link (&place->room->listening, &seat->link);
  g_queue_push_tail_link (&place->seats, &seat->place_link);
  g_hash_table_insert (place->room->seats, session, seat);
}
