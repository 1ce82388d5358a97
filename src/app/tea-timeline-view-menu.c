/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-view-private.h"

/* What is done with a message: by its menu, which the secondary button, a long press, Shift+F10
 * or the menu key show, or by keys. */

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

static gboolean
is_selecting (TeaTimelineView *self)
{
  return self->reader != NULL && tea_selection_is_active (tea_reader_get_selection (self->reader));
}

static TeaMessageRights
get_rights (TeaTimelineView *self, TeaTimelineItem *item)
{
  return tea_message_rights_get (item, self->conversation);
}

static void
show_menu (TeaTimelineView *self, TeaMessageRow *row, const GdkRectangle *where)
{
  TeaTimelineItem *item = tea_message_row_get_item (row);

  /* Nothing can be done with what was removed, and only one thing while one selects. */
  if (tea_timeline_item_is_removed (item) || is_selecting (self))
    return;

  g_set_object (&self->menu_item, item);
  tea_message_menu_show (self->menu, self->menu_item, get_rights (self, self->menu_item), where);
}

static gboolean
get_place (TeaTimelineView *self, GtkWidget *widget, GdkRectangle *place)
{
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (widget, GTK_WIDGET (self), &bounds))
    return FALSE;

  *place = (GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                           (int) bounds.size.height };

  return TRUE;
}

static gboolean
show_menu_at (TeaTimelineView *self, double x, double y)
{
  TeaMessageRow *row = find_row (self, gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT));

  if (row == NULL || is_selecting (self))
    return FALSE;

  show_menu (self, row, &(GdkRectangle){ (int) x, (int) y, 1, 1 });

  return TRUE;
}

static void
pressed_cb (TeaTimelineView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (show_menu_at (self, x, y))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
long_pressed_cb (TeaTimelineView *self, double x, double y, GtkGesture *gesture)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  show_menu_at (self, x, y);
}

/* While somebody selects, a click anywhere on a row is about the row. */
static void
select_pressed_cb (TeaTimelineView *self, int n_press, double x, double y, GtkGesture *gesture)
{
  TeaMessageRow *row = find_row (self, gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT));
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (row == NULL || !is_selecting (self))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  if ((state & GDK_SHIFT_MASK) != 0)
    tea_selection_extend (tea_reader_get_selection (self->reader), tea_message_row_get_item (row));
  else
    tea_selection_toggle (tea_reader_get_selection (self->reader), tea_message_row_get_item (row));
}

static TeaMessageRow *
find_focused_row (TeaTimelineView *self)
{
  return find_row (self, gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self))));
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaMessageRow *row = find_focused_row (self);
  GdkRectangle place;

  if (row == NULL || !get_place (self, GTK_WIDGET (tea_message_row_get_bubble (row)), &place))
    return FALSE;

  show_menu (self, row, &place);

  return TRUE;
}

/* Keys on a message: each does something that its message allows. */
static const struct
{
  const char *trigger;
  TeaMessageRights right;
  const char *action;
} keys[] = {
  { "<Control>r", TEA_MESSAGE_REPLY, "message.reply" },
  { "F2", TEA_MESSAGE_EDIT, "message.edit" },
  { "Delete|KP_Delete", TEA_MESSAGE_REMOVE, "message.remove" },
};

static gboolean
right_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaMessageRow *row = find_focused_row (self);
  guint key = GPOINTER_TO_UINT (user_data);
  TeaTimelineItem *item = row != NULL ? tea_message_row_get_item (row) : NULL;

  if (item == NULL || is_selecting (self) || (get_rights (self, item) & keys[key].right) == 0)
    return FALSE;

  return gtk_widget_activate_action (widget, keys[key].action, "t",
                                     tea_timeline_item_get_seq (item));
}

static gboolean
copy_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaMessageRow *row = find_focused_row (self);

  if (row == NULL)
    return FALSE;
  if (is_selecting (self))
    return gtk_widget_activate_action (widget, "selection.copy", NULL);

  tea_message_bubble_copy (tea_message_row_get_bubble (row));

  return TRUE;
}

static gboolean
select_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  TeaMessageRow *row = find_focused_row (self);

  if (row == NULL || !is_selecting (self))
    return FALSE;

  tea_selection_toggle (tea_reader_get_selection (self->reader), tea_message_row_get_item (row));

  return TRUE;
}

static void
select_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);

  if (self->menu_item != NULL && self->reader != NULL)
    tea_selection_begin (tea_reader_get_selection (self->reader), self->menu_item);
}

static void
choose_reaction_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  guint64 seq = g_variant_get_uint64 (parameter);
  TeaTimelineItem *item = NULL;
  GtkWidget *row = NULL;
  GdkRectangle place;

  if (self->model != NULL)
    item = tea_timeline_find_message (self->model, seq);
  if (item != NULL)
    row = tea_timeline_scroller_get_row (self->scroller, item);
  if (TEA_IS_MESSAGE_ROW (row)
      && get_place (self, GTK_WIDGET (tea_message_row_get_bubble (TEA_MESSAGE_ROW (row))), &place))
    tea_message_menu_choose_reaction (self->menu, seq, &place);
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
  gtk_widget_class_install_action (widget_class, "timeline.select", NULL, select_action);
  gtk_widget_class_install_action (widget_class, "timeline.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "timeline.delete", NULL, delete_action);
}

void
_tea_timeline_view_menu_init (TeaTimelineView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *select = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();
  GtkEventController *menu_keys = gtk_shortcut_controller_new ();
  GtkEventController *other_keys = gtk_shortcut_controller_new ();

  self->menu = tea_message_menu_new (GTK_WIDGET (self));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (select), GTK_PHASE_CAPTURE);
  g_signal_connect_object (select, "pressed", G_CALLBACK (select_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (select));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_object (long_press, "pressed", G_CALLBACK (long_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (long_press));

  /* Before the label, which has a menu of its own, and the list, which has a selection. */
  gtk_event_controller_set_propagation_phase (menu_keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (menu_keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Shift>F10|Menu"),
                        gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (menu_keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("space|KP_Space"),
                        gtk_callback_action_new (select_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), menu_keys);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (other_keys),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger),
                          gtk_callback_action_new (right_key_cb, GUINT_TO_POINTER (i), NULL)));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (other_keys),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>c"),
                        gtk_callback_action_new (copy_key_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), other_keys);
}

/* Shows what one can do with the message of a row, beside a place in it. */
void
_tea_timeline_view_menu_show (TeaTimelineView *self, TeaMessageRow *row, GtkWidget *place)
{
  GdkRectangle where;

  if (get_place (self, place, &where))
    show_menu (self, row, &where);
}

static void
offer_more_cb (gpointer user_data)
{
  TeaTimelineView *self = user_data;
  TeaMessageRow *row
      = gtk_widget_get_root (GTK_WIDGET (self)) != NULL ? find_focused_row (self) : NULL;

  self->focus_id = 0;
  if (row != NULL)
    tea_message_row_offer_more (row);
}

/* Whoever comes to a message by keyboard finds the same button as whoever points at it. The focus
 * may move in the midst of an allocation, when no row may get another child. */
void
_tea_timeline_view_menu_focus_moved (TeaTimelineView *self)
{
  if (self->focus_id == 0 && find_focused_row (self) != NULL)
    self->focus_id = g_idle_add_once (offer_more_cb, self);
}

void
_tea_timeline_view_menu_dispose (TeaTimelineView *self)
{
  g_clear_handle_id (&self->focus_id, g_source_remove);
  g_clear_object (&self->menu);
  g_clear_object (&self->menu_item);
}
