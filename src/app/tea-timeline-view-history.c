/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-view-private.h"

#include <glib/gi18n.h>

#include "tea-reveal.h"

/* What was before the first line: got before somebody who scrolls up can see its end, and
 * where nothing could be scrolled up, until it could; and put above what they read, which does
 * not move. */

/* How many pages ahead. */
#define PAGES_AHEAD 2

/* What comes in less is not worth a spinner that flickers. */
#define PATIENCE_MS 300

static gboolean
is_near_beginning (TeaTimelineView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  return gtk_widget_get_mapped (GTK_WIDGET (self))
         && gtk_adjustment_get_value (adjustment) - gtk_adjustment_get_lower (adjustment)
                <= PAGES_AHEAD * gtk_adjustment_get_page_size (adjustment);
}

static void
patience_over_cb (gpointer user_data)
{
  TeaTimelineView *self = user_data;

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  self->loading_id = 0;
  tea_reveal (self->loading, TRUE);
}

/* Goes on looking for a message as long as there is something before the first line. */
static void
go_on_seeking (TeaTimelineView *self)
{
  if (tea_timeline_find_message (self->model, self->sought) != NULL)
    {
      tea_timeline_view_show_message (self, self->sought);
      return;
    }

  switch (tea_history_get_state (self->history))
    {
    case TEA_HISTORY_MORE:
      tea_history_load (self->history);
      /* It did not even begin. */
      if (tea_history_get_state (self->history) == TEA_HISTORY_MORE)
        self->sought = 0;
      break;
    case TEA_HISTORY_BEGINNING:
      self->sought = 0;
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                                  _ ("This message is not kept any more"));
      break;
    case TEA_HISTORY_LOADING:
    default:
      break;
    }
}

static void
changed_cb (TeaTimelineView *self)
{
  TeaHistoryState state = tea_history_get_state (self->history);
  guint n = _tea_timeline_view_history_count_head (self);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (state != TEA_HISTORY_LOADING)
    {
      g_clear_handle_id (&self->loading_id, g_source_remove);
      tea_reveal (self->loading, FALSE);
    }
  else if (self->loading_id == 0)
    {
      self->loading_id = g_timeout_add_once (PATIENCE_MS, patience_over_cb, self);
    }

  /* Only where nothing will be put before it any more: whoever sees the first line would
   * see all that is put after it move them away from what they read. */
  if (state == TEA_HISTORY_BEGINNING && n == 0)
    g_list_store_append (self->head, self->history);
  else if (state != TEA_HISTORY_BEGINNING && n > 0)
    g_list_store_remove_all (self->head);

  if (self->sought != 0)
    go_on_seeking (self);

  /* What came may have gone into a line that was there, and need no room. */
  _tea_timeline_view_queue_update (self);
}

/* Puts the line where the room began before what is shown. */
GListModel *
_tea_timeline_view_history_wrap (TeaTimelineView *self, GListModel *model)
{
  g_autoptr (GListStore) parts = NULL;

  if (model == NULL || self->head == NULL)
    return model != NULL ? g_object_ref (model) : NULL;

  parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_list_store_append (parts, self->head);
  g_list_store_append (parts, model);

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&parts))));
}

guint
_tea_timeline_view_history_count_head (TeaTimelineView *self)
{
  return self->head != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->head)) : 0;
}

/* Somebody scrolls. */
void
_tea_timeline_view_history_scrolled (TeaTimelineView *self)
{
  self->sought = 0;
  if (self->history != NULL && is_near_beginning (self))
    tea_history_insist (self->history);
}

/* Gets what was before until a message is there, and shows it; 0 ends that. Whoever scrolls
 * meanwhile wants to be somewhere else. */
void
_tea_timeline_view_history_seek (TeaTimelineView *self, guint64 seq)
{
  self->sought = self->history != NULL ? seq : 0;
  if (self->sought != 0)
    go_on_seeking (self);
}

/* The list has another size or place. */
void
_tea_timeline_view_history_moved (TeaTimelineView *self)
{
  if (self->history != NULL && is_near_beginning (self))
    tea_history_load (self->history);
}

void
_tea_timeline_view_history_dispose (TeaTimelineView *self)
{
  g_clear_handle_id (&self->loading_id, g_source_remove);
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_func (self->history, changed_cb, self);
  g_clear_object (&self->history);
  g_clear_object (&self->head);
}

/**
 * tea_timeline_view_set_history:
 * @self: a view that shows nothing yet
 * @history: what was before the first line
 *
 * Has the view ask for what was before as somebody scrolls up, and say where the room
 * began. To be set once, before the model.
 */
void
tea_timeline_view_set_history (TeaTimelineView *self, TeaHistory *history)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));
  g_return_if_fail (TEA_IS_HISTORY (history));
  g_return_if_fail (self->model == NULL && self->history == NULL);

  self->history = g_object_ref (history);
  self->head = g_list_store_new (TEA_TYPE_HISTORY);
  g_signal_connect_object (history, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
}
