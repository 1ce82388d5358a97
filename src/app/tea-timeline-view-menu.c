/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-view-private.h"

#include <glib/gi18n.h>

#include "tea-message-row.h"
#include "tea-popup.h"

/* The menu of a message: by the secondary button, Shift+F10 or the menu key. */

static TeaMessageRow *
find_row (TeaTimelineView *self, GtkWidget *widget)
{
  GtkWidget *row;

  if (widget == NULL || !gtk_widget_is_ancestor (widget, GTK_WIDGET (self->scroller)))
    return NULL;

  row = gtk_widget_get_ancestor (widget, TEA_TYPE_MESSAGE_ROW);
  /* The focus is on the list's tile, which the row is in. */
  if (row == NULL)
    row = gtk_widget_get_first_child (widget);

  return TEA_IS_MESSAGE_ROW (row) && tea_message_row_get_item (TEA_MESSAGE_ROW (row)) != NULL
             ? TEA_MESSAGE_ROW (row)
             : NULL;
}

static GMenuModel *
build_menu (TeaTimelineItem *item)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);

  g_menu_append (menu, _ ("_Copy"), "timeline.copy");
  if (!tea_timeline_item_is_own (item))
    g_menu_append (menu, _ ("_Mention"), "timeline.mention");
  if (delivery == TEA_DELIVERY_FAILED
      || (delivery == TEA_DELIVERY_WAITING && tea_timeline_item_get_failure (item) != NULL))
    g_menu_append (menu, _ ("_Retry"), "timeline.retry");
  if (delivery == TEA_DELIVERY_FAILED || delivery == TEA_DELIVERY_WAITING)
    g_menu_append (menu, _ ("_Delete"), "timeline.delete");

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static void
show_menu (TeaTimelineView *self, TeaMessageRow *row, const GdkRectangle *where)
{
  g_autoptr (GMenuModel) model = NULL;

  g_set_object (&self->menu_item, tea_message_row_get_item (row));
  model = build_menu (self->menu_item);

  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (model);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_popover_set_position (GTK_POPOVER (self->menu), GTK_POS_BOTTOM);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
    }
  else
    {
      gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
    }

  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), where);
  tea_popup (GTK_POPOVER (self->menu));
}

static void
pressed_cb (TeaTimelineView *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  TeaMessageRow *row = find_row (self, picked);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (row == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (self, row, &(GdkRectangle){ (int) x, (int) y, 1, 1 });
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaMessageRow *row = find_row (self, gtk_root_get_focus (gtk_widget_get_root (widget)));
  graphene_rect_t bounds;

  if (row == NULL || !gtk_widget_compute_bounds (GTK_WIDGET (row), widget, &bounds))
    return FALSE;

  show_menu (self, row,
             &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                              (int) bounds.size.height });

  return TRUE;
}

static void
emoji_picked_cb (TeaTimelineView *self, const char *emoji)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "message.react", "(tsb)", self->emoji_seq, emoji,
                              TRUE);
}

/* Nearly two thousand emoji: only when somebody wants one. */
static void
choose_reaction_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaTimelineItem *item = NULL;
  GtkWidget *row = NULL;
  graphene_rect_t bounds;

  self->emoji_seq = g_variant_get_uint64 (parameter);
  if (self->model != NULL)
    item = tea_timeline_find_message (self->model, self->emoji_seq);
  if (item != NULL)
    row = tea_timeline_scroller_get_row (self->scroller, item);
  if (!TEA_IS_MESSAGE_ROW (row)
      || !gtk_widget_compute_bounds (
          GTK_WIDGET (tea_message_row_get_bubble (TEA_MESSAGE_ROW (row))), widget, &bounds))
    return;

  if (self->emoji_chooser == NULL)
    {
      self->emoji_chooser = gtk_emoji_chooser_new ();
      gtk_widget_set_parent (self->emoji_chooser, widget);
      g_signal_connect_object (self->emoji_chooser, "emoji-picked", G_CALLBACK (emoji_picked_cb),
                               self, G_CONNECT_SWAPPED);
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->emoji_chooser),
                               &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                                (int) bounds.size.width,
                                                (int) bounds.size.height });
  tea_popup (GTK_POPOVER (self->emoji_chooser));
}

static void
copy_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  GtkWidget *row;

  if (self->menu_item == NULL)
    return;

  row = tea_timeline_scroller_get_row (self->scroller, self->menu_item);
  if (TEA_IS_MESSAGE_ROW (row))
    tea_message_bubble_copy (tea_message_row_get_bubble (TEA_MESSAGE_ROW (row)));
}

static void
mention_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);

  if (self->menu_item != NULL)
    g_signal_emit_by_name (self, "mention", tea_timeline_item_get_author (self->menu_item));
}

static void
retry_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);

  if (self->menu_item != NULL)
    g_signal_emit_by_name (self, "retry", self->menu_item);
}

static void
delete_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);

  if (self->menu_item != NULL)
    g_signal_emit_by_name (self, "discard", self->menu_item);
}

void
_tea_timeline_view_menu_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "message.choose-reaction", "t",
                                   choose_reaction_action);
  gtk_widget_class_install_action (widget_class, "timeline.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "timeline.mention", NULL, mention_action);
  gtk_widget_class_install_action (widget_class, "timeline.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "timeline.delete", NULL, delete_action);
}

void
_tea_timeline_view_menu_init (TeaTimelineView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  /* Before the label, which has a menu of its own. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Shift>F10|Menu"),
                        gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
_tea_timeline_view_menu_dispose (TeaTimelineView *self)
{
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->emoji_chooser, gtk_widget_unparent);
  g_clear_object (&self->menu_item);
}
