/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-refresher.h"

#include "tea-timeline-private.h"

/**
 * TeaRefresher:
 *
 * Has messages told anew that stand before a gap, when somebody looks at them: what was done to
 * them in the gap is not known.
 */
struct _TeaRefresher
{
  GObject parent_instance;

  TeaTimeline *timeline; /* (owned) */
  GArray *asked;         /* (owned) (nullable) (element-type guint64): while it asks */
  gboolean looks_on;     /* something else was looked at since */
  guint64 from;          /* what was looked at last */
  guint64 to;
};

G_DEFINE_FINAL_TYPE (TeaRefresher, tea_refresher, G_TYPE_OBJECT)

static void
tea_refresher_dispose (GObject *object)
{
  TeaRefresher *self = TEA_REFRESHER (object);

  g_clear_object (&self->timeline);
  g_clear_pointer (&self->asked, g_array_unref);

  G_OBJECT_CLASS (tea_refresher_parent_class)->dispose (object);
}

static void
tea_refresher_class_init (TeaRefresherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_refresher_dispose;
}

static void
tea_refresher_init (TeaRefresher *self)
{
}

/**
 * tea_refresher_new:
 * @timeline: what is shown
 *
 * Returns: (transfer full): one that does not ask
 */
TeaRefresher *
tea_refresher_new (TeaTimeline *timeline)
{
  TeaRefresher *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);

  self = g_object_new (TEA_TYPE_REFRESHER, NULL);
  self->timeline = g_object_ref (timeline);

  return self;
}

/* What does not come is gone; from before the beginning of the log it is only not kept. */
static void
take_forms (TeaRefresher *self, GArray *asked, GPtrArray *events, guint64 first)
{
  guint next = 0;

  for (guint i = 0; i < asked->len; i++)
    {
      guint64 seq = g_array_index (asked, guint64, i);

      if (next < events->len && tea_event_get_seq (g_ptr_array_index (events, next)) == seq)
        tea_timeline_take_form (self->timeline, g_ptr_array_index (events, next++));
      else if (seq >= first)
        tea_timeline_take_empty (self->timeline, seq);
    }
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaRefresher) self = TEA_REFRESHER (user_data);
  TeaRoomLink *room = TEA_ROOM_LINK (source);
  g_autoptr (GArray) asked = g_steal_pointer (&self->asked);
  g_autoptr (GPtrArray) events = tea_room_link_fetch_finish (room, result, NULL);

  /* Where it did not work somebody will look again. */
  if (events == NULL)
    return;

  take_forms (self, asked, events, tea_room_link_get_first (room));
  if (self->looks_on)
    tea_refresher_look_at (self, room, self->from, self->to);
}

/**
 * tea_refresher_look_at:
 * @self: a refresher
 * @room: the way to the room
 * @from: the first number that is seen
 * @to: the last
 *
 * Has told anew what may be out of date there; what is asked for already goes first.
 */
void
tea_refresher_look_at (TeaRefresher *self, TeaRoomLink *room, guint64 from, guint64 to)
{
  g_autoptr (GArray) stale = NULL;

  g_return_if_fail (TEA_IS_REFRESHER (self));
  g_return_if_fail (TEA_IS_ROOM_LINK (room));

  self->looks_on = self->asked != NULL && (self->looks_on || from != self->from || to != self->to);
  self->from = from;
  self->to = to;
  if (self->asked != NULL)
    return;

  stale = tea_timeline_list_stale (self->timeline, from, to);
  if (stale->len == 0)
    return;

  self->asked = g_array_ref (stale);
  tea_room_link_fetch_async (room, stale, NULL, fetched_cb, g_object_ref (self));
}
