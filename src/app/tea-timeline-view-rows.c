/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-view-private.h"

#include <glib/gi18n.h>

#include "tea-divider-row.h"
#include "tea-message-row.h"
#include "tea-notice-row.h"
#include "tea-person-card.h"
#include "tea-popup.h"
#include "tea-removed-run.h"

/* The rows: which one shows what, and what comes of what is done to it. */

static void
flash_row (TeaTimelineView *self, TeaMessageRow *row)
{
  g_clear_object (&self->flash_item);
  tea_message_bubble_flash (tea_message_row_get_bubble (row));
}

static void
remove_card (TeaTimelineView *self)
{
  g_clear_pointer (&self->card, gtk_widget_unparent);
}

static void
mention_cb (TeaTimelineView *self, const char *name)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  g_signal_emit_by_name (self, "mention", name);
}

static void
about_cb (TeaTimelineView *self, TeaMessageRow *row)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  graphene_rect_t bounds;

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (!gtk_widget_compute_bounds (tea_message_row_get_avatar (row), GTK_WIDGET (self), &bounds))
    return;

  /* A child of the view, not of the row: the row may become another's while it shows. */
  remove_card (self);
  self->card = tea_person_card_new (tea_timeline_item_get_author (tea_message_row_get_item (row)));
  gtk_widget_set_parent (self->card, GTK_WIDGET (self));
  gtk_popover_set_position (GTK_POPOVER (self->card), rtl ? GTK_POS_LEFT : GTK_POS_RIGHT);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->card),
                               &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                                (int) bounds.size.width,
                                                (int) bounds.size.height });
  g_signal_connect_object (self->card, "mention", G_CALLBACK (mention_cb), self, G_CONNECT_SWAPPED);
  tea_popup (GTK_POPOVER (self->card));
}

static void
retry_cb (TeaTimelineView *self, TeaMessageRow *row)
{
  g_autoptr (TeaTimelineItem) item = g_object_ref (tea_message_row_get_item (row));

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  g_signal_emit_by_name (self, "retry", item);
}

static void
discard_cb (TeaTimelineView *self, TeaMessageRow *row)
{
  g_autoptr (TeaTimelineItem) item = g_object_ref (tea_message_row_get_item (row));

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  g_signal_emit_by_name (self, "discard", item);
}

static void
more_cb (TeaTimelineView *self, TeaMessageRow *row)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  _tea_timeline_view_menu_show (self, row, tea_message_row_get_more (row));
}

static void
show_removed (TeaTimelineView *self, guint position, TeaTimelineItem *item)
{
  GtkWidget *row = tea_timeline_scroller_get_row (self->scroller, item);

  if (TEA_IS_MESSAGE_ROW (row) && tea_timeline_item_is_removed (item)
      && tea_message_row_get_item (TEA_MESSAGE_ROW (row)) == item)
    tea_message_row_set_n_removed (TEA_MESSAGE_ROW (row),
                                   tea_removed_run_measure (G_LIST_MODEL (self->model), position));
}

/* The rows of what was removed before it and behind it say something else now. */
static void
removed_cb (TeaTimelineView *self, TeaMessageRow *row)
{
  GListModel *model = G_LIST_MODEL (self->model);
  TeaTimelineItem *removed = tea_message_row_get_item (row);
  guint position = g_list_model_get_n_items (model);
  guint first;

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  while (position-- > 0)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, position);

      if (item == removed)
        break;
    }
  if (position == G_MAXUINT)
    return;

  first = tea_removed_run_find_first (model, position);
  for (guint i = first; i < first + tea_removed_run_measure (model, first); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);

      show_removed (self, i, item);
    }
}

static GtkWidget *
new_message_row (TeaTimelineView *self)
{
  GtkWidget *row = tea_message_row_new ();

  g_signal_connect_object (row, "about", G_CALLBACK (about_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "more", G_CALLBACK (more_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "removed", G_CALLBACK (removed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "retry", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "discard", G_CALLBACK (discard_cb), self, G_CONNECT_SWAPPED);

  return row;
}

static void
setup_cb (TeaTimelineView *self, GtkListItem *list_item)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_child (list_item, new_message_row (self));
}

static void
bind_beginning (GtkListItem *list_item)
{
  const char *text = _ ("There is nothing older");
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *tile;

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_css_classes (label, (const char *[]){ "caption", "soft", "beginning", NULL });
  gtk_list_item_set_child (list_item, label);

  tile = gtk_widget_get_parent (label);
  if (tile != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
bind_cb (TeaTimelineView *self, GtkListItem *list_item)
{
  TeaTimelineItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *child = gtk_list_item_get_child (list_item);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (TEA_IS_HISTORY (item))
    {
      bind_beginning (list_item);
      return;
    }

  switch (tea_timeline_item_get_kind (item))
    {
    case TEA_TIMELINE_ITEM_MESSAGE:
      if (!TEA_IS_MESSAGE_ROW (child))
        gtk_list_item_set_child (list_item, child = new_message_row (self));
      tea_message_row_set_item (TEA_MESSAGE_ROW (child), item, self->reader);
      if (tea_timeline_item_is_removed (item))
        tea_message_row_set_n_removed (
            TEA_MESSAGE_ROW (child),
            tea_removed_run_measure (G_LIST_MODEL (self->model),
                                     gtk_list_item_get_position (list_item)
                                         - _tea_timeline_view_history_count_head (self)));
      if (item == self->flash_item)
        flash_row (self, TEA_MESSAGE_ROW (child));
      break;

    case TEA_TIMELINE_ITEM_PRESENCE:
    case TEA_TIMELINE_ITEM_NOTICE:
    case TEA_TIMELINE_ITEM_GAP:
      if (!TEA_IS_NOTICE_ROW (child))
        gtk_list_item_set_child (list_item, child = tea_notice_row_new ());
      tea_notice_row_set_item (TEA_NOTICE_ROW (child), item);
      break;

    case TEA_TIMELINE_ITEM_DAY:
    case TEA_TIMELINE_ITEM_UNREAD:
    case TEA_TIMELINE_ITEM_WAITING:
      if (!TEA_IS_DIVIDER_ROW (child))
        gtk_list_item_set_child (list_item, child = tea_divider_row_new ());
      tea_divider_row_set_item (TEA_DIVIDER_ROW (child), item);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
unbind_cb (TeaTimelineView *self, GtkListItem *list_item)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (TEA_IS_MESSAGE_ROW (child))
    tea_message_row_set_item (TEA_MESSAGE_ROW (child), NULL, NULL);
  else if (TEA_IS_NOTICE_ROW (child))
    tea_notice_row_set_item (TEA_NOTICE_ROW (child), NULL);
  else if (TEA_IS_DIVIDER_ROW (child))
    tea_divider_row_set_item (TEA_DIVIDER_ROW (child), NULL);
}

void
_tea_timeline_view_rows_init (TeaTimelineView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  tea_timeline_scroller_set_factory (self->scroller, factory);
}

void
_tea_timeline_view_rows_dispose (TeaTimelineView *self)
{
  remove_card (self);
  g_clear_object (&self->flash_item);
}

/* Draws the eye to a message, as soon as it has a row. */
void
_tea_timeline_view_flash (TeaTimelineView *self, TeaTimelineItem *item)
{
  GtkWidget *row = tea_timeline_scroller_get_row (self->scroller, item);

  g_set_object (&self->flash_item, item);
  if (TEA_IS_MESSAGE_ROW (row))
    flash_row (self, TEA_MESSAGE_ROW (row));
}
