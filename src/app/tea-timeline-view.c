/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-view-private.h"

#include <glib/gi18n.h>

#include "tea-message-state.h"
#include "tea-reveal.h"

/* How far from the end the pill comes. */
#define PILL_DISTANCE 80

/**
 * TeaTimelineView:
 *
 * Shows a [class@Tea.Timeline], with a pill that leads back to the end.
 *
 * The view tells its timeline when new messages are read at once, and has the unread
 * line taken away when somebody who has seen the end leaves the window.
 *
 * Actions: `timeline.catch-up` goes to the unread line, or else to the end; `message.show`
 * goes to the message of a number;
 * `timeline.copy`, `timeline.mention`, `timeline.retry` and `timeline.delete` belong to
 * the menu of a message.
 */
enum
{
  PROP_0,
  PROP_AT_END,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_DISCARD,
  SIGNAL_MENTION,
  SIGNAL_READ,
  SIGNAL_RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaTimelineView, tea_timeline_view, GTK_TYPE_WIDGET)

/* Set on an own message that has been shown: one that is sent at last moves, and that
 * is no reason to go where it goes. */
static G_DEFINE_QUARK (tea_timeline_view_seen, seen)

static TeaTimelineItem *
peek_item (TeaTimelineView *self, guint position)
{
  g_autoptr (TeaTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);

  /* The timeline keeps it. */
  return item;
}

static gboolean
is_pending (TeaTimelineItem *item)
{
  return tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_WAITING
         || !tea_message_state_is_settled (item);
}

/* What may have been changed since it was told is fetched anew when it is seen. */
static void
look (TeaTimelineView *self)
{
  guint n_items = self->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;
  guint n_head = _tea_timeline_view_history_count_head (self);
  guint64 from = 0;
  guint64 to = 0;
  guint first;
  guint last;

  if (self->conversation == NULL || n_items == 0
      || !tea_timeline_scroller_get_seen (self->scroller, &first, &last) || last < n_head)
    return;

  last = MIN (last - n_head, n_items - 1);
  for (guint i = first > n_head ? first - n_head : 0; i <= last; i++)
    {
      TeaTimelineItem *item = peek_item (self, i);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (!tea_timeline_item_is_stale (item))
        continue;

      from = from == 0 ? seq : MIN (from, seq);
      to = MAX (to, seq);
    }

  if (to > 0)
    tea_conversation_look_at (self->conversation, from, to);
}

static gboolean
update_pill_cb (gpointer user_data)
{
  TeaTimelineView *self = user_data;
  double distance = tea_timeline_scroller_get_distance (self->scroller);

  self->update_id = 0;
  _tea_timeline_view_history_moved (self);
  look (self);

  if (!self->at_end && self->n_new > 0)
    {
      g_autofree char *news
          = g_strdup_printf (ngettext ("%u new message", "%u new messages", (gulong) self->n_new),
                             self->n_new);

      tea_timeline_pill_show (self->pill, news, news);
    }
  else if (!self->at_end && distance > PILL_DISTANCE)
    {
      tea_timeline_pill_show (self->pill, NULL, _ ("Go to the newest message"));
    }
  else
    {
      tea_timeline_pill_hide (self->pill);
    }

  return G_SOURCE_REMOVE;
}

/* Scrolling and allocating call this: only afterwards may a size change. */
void
_tea_timeline_view_queue_update (TeaTimelineView *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 30, update_pill_cb, self, NULL);
}

static void
scrolled_cb (TeaTimelineView *self)
{
  g_assert (TEA_IS_TIMELINE_VIEW (self));

  _tea_timeline_view_history_scrolled (self);
  _tea_timeline_view_queue_update (self);
}

static void
update_reading (TeaTimelineView *self)
{
  gboolean reading = self->at_end && self->window_active && self->in_view;

  if (self->model == NULL)
    return;

  tea_timeline_set_reading (self->model, reading);
  if (reading)
    g_signal_emit (self, signals[SIGNAL_READ], 0);
}

static void
at_end_cb (TeaTimelineView *self)
{
  gboolean at_end = tea_timeline_scroller_get_at_end (self->scroller);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (self->at_end == at_end)
    return;

  self->at_end = at_end;
  if (at_end)
    self->n_new = 0;
  update_reading (self);
  _tea_timeline_view_queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AT_END]);
}

static void
is_active_cb (TeaTimelineView *self, GParamSpec *pspec, GtkWindow *window)
{
  gboolean active = gtk_window_is_active (window);

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  if (self->window_active == active)
    return;

  /* Who leaves having seen the end has read everything. */
  if (!active && self->at_end && self->in_view && self->model != NULL)
    tea_timeline_clear_unread (self->model);

  self->window_active = active;
  update_reading (self);
}

static gboolean
is_at_end_of_model (TeaTimelineView *self, guint position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  for (; position < n; position++)
    if (!is_pending (peek_item (self, position)))
      return FALSE;

  return TRUE;
}

static void
items_changed_cb (
    TeaTimelineView *self, guint position, guint removed, guint added, GListModel *model)
{
  gboolean jump = FALSE;

  g_assert (TEA_IS_TIMELINE_VIEW (self));

  /* What is put before is history, not news. */
  if (added == 0 || !is_at_end_of_model (self, position + added))
    return;

  for (guint i = position; i < position + added; i++)
    {
      TeaTimelineItem *item = peek_item (self, i);

      if (tea_timeline_item_get_kind (item) != TEA_TIMELINE_ITEM_MESSAGE)
        continue;

      if (!tea_timeline_item_is_own (item))
        {
          if (!self->at_end)
            self->n_new++;
        }
      else if (g_object_get_qdata (G_OBJECT (item), seen_quark ()) == NULL)
        {
          g_object_set_qdata (G_OBJECT (item), seen_quark (), GINT_TO_POINTER (TRUE));
          jump = TRUE;
        }
    }

  if (jump)
    tea_timeline_scroller_scroll_to_end (self->scroller, FALSE);
  update_reading (self);
  _tea_timeline_view_queue_update (self);
}

static gboolean
find_unread (TeaTimelineView *self, guint *position)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;

  while (n-- > 0)
    if (tea_timeline_item_get_kind (peek_item (self, n)) == TEA_TIMELINE_ITEM_UNREAD)
      {
        *position = n;
        return TRUE;
      }

  return FALSE;
}

/* Above the reader, the unread line has been passed already: then it is the end that is
 * looked for. */
static void
catch_up_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  graphene_rect_t bounds;
  GtkWidget *row = NULL;
  guint position;

  if (!find_unread (self, &position))
    {
      tea_timeline_view_scroll_to_end (self);
      return;
    }

  row = tea_timeline_scroller_get_row (self->scroller, peek_item (self, position));
  if (row != NULL && gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, widget, &bounds)
      && bounds.origin.y < gtk_widget_get_height (widget))
    tea_timeline_view_scroll_to_end (self);
  else
    tea_timeline_view_scroll_to_unread (self);
}

static void
show_message_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  tea_timeline_view_show_message (TEA_TIMELINE_VIEW (widget), g_variant_get_uint64 (parameter));
}

static void
tea_timeline_view_root (GtkWidget *widget)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (tea_timeline_view_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);
  if (GTK_IS_WINDOW (root))
    {
      g_signal_connect_object (root, "notify::is-active", G_CALLBACK (is_active_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (root, "notify::focus-widget",
                               G_CALLBACK (_tea_timeline_view_menu_focus_moved), self,
                               G_CONNECT_SWAPPED);
      is_active_cb (self, NULL, GTK_WINDOW (root));
    }
}

static void
tea_timeline_view_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_root (widget), widget);

  GTK_WIDGET_CLASS (tea_timeline_view_parent_class)->unroot (widget);
}

static void
tea_timeline_view_dispose (GObject *object)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (object);
  GtkWidget *child;

  if (self->scroller != NULL)
    tea_timeline_view_set_model (self, NULL);
  g_clear_handle_id (&self->update_id, g_source_remove);
  _tea_timeline_view_history_dispose (self);
  _tea_timeline_view_rows_dispose (self);
  _tea_timeline_view_menu_dispose (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->own_name, g_free);
  g_clear_object (&self->conversation);
  self->scroller = NULL;

  G_OBJECT_CLASS (tea_timeline_view_parent_class)->dispose (object);
}

static void
tea_timeline_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaTimelineView *self = TEA_TIMELINE_VIEW (object);

  switch (prop_id)
    {
    case PROP_AT_END:
      g_value_set_boolean (value, self->at_end);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_timeline_view_class_init (TeaTimelineViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_timeline_view_dispose;
  object_class->get_property = tea_timeline_view_get_property;
  widget_class->root = tea_timeline_view_root;
  widget_class->unroot = tea_timeline_view_unroot;

  /**
   * TeaTimelineView:at-end:
   *
   * Whether the end of the timeline can be seen.
   */
  properties[PROP_AT_END] = g_param_spec_boolean ("at-end", NULL, NULL, TRUE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaTimelineView::discard:
   * @self: the view
   * @item: a message
   *
   * A message that is not sent is to be given up.
   */
  signals[SIGNAL_DISCARD] = g_signal_new ("discard", TEA_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaTimelineView::mention:
   * @self: the view
   * @name: somebody's name
   *
   * Somebody is to be mentioned in the next message.
   */
  signals[SIGNAL_MENTION] = g_signal_new ("mention", TEA_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * TeaTimelineView::read:
   * @self: the view
   *
   * Everything that is there was seen.
   */
  signals[SIGNAL_READ] = g_signal_new ("read", TEA_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaTimelineView::retry:
   * @self: the view
   * @item: a message
   *
   * A message that could not be sent is to be sent once more.
   */
  signals[SIGNAL_RETRY] = g_signal_new ("retry", TEA_TYPE_TIMELINE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);

  g_type_ensure (TEA_TYPE_TIMELINE_PILL);
  g_type_ensure (TEA_TYPE_TIMELINE_SCROLLER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-timeline-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaTimelineView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, TeaTimelineView, scroller);
  gtk_widget_class_bind_template_child (widget_class, TeaTimelineView, pill);
  gtk_widget_class_bind_template_child (widget_class, TeaTimelineView, loading);

  gtk_widget_class_install_action (widget_class, "timeline.catch-up", NULL, catch_up_action);
  gtk_widget_class_install_action (widget_class, "message.show", "t", show_message_action);
  _tea_timeline_view_menu_class_init (widget_class);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "timeline");
}

static void
tea_timeline_view_init (TeaTimelineView *self)
{
  self->at_end = TRUE;
  self->in_view = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Whoever comes to a message by keyboard has not selected it. GTK has one switch for
   * all labels only. */
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-label-select-on-focus", FALSE,
                NULL);

  _tea_timeline_view_rows_init (self);
  g_signal_connect_object (self->scroller, "notify::at-end", G_CALLBACK (at_end_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scroller, "moved", G_CALLBACK (_tea_timeline_view_queue_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->scroller, "scrolled", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);

  _tea_timeline_view_menu_init (self);
  tea_reveal (self->loading, FALSE);
  _tea_timeline_view_queue_update (self);
}

/**
 * tea_timeline_view_new:
 *
 * Returns: (transfer full): a view that shows nothing
 */
GtkWidget *
tea_timeline_view_new (void)
{
  return g_object_new (TEA_TYPE_TIMELINE_VIEW, NULL);
}

/**
 * tea_timeline_view_set_model:
 * @self: a view
 * @model: (nullable) (transfer none): what to show
 *
 * Sets what is shown, and goes to its end.
 */
void
tea_timeline_view_set_model (TeaTimelineView *self, TeaTimeline *model)
{
  g_autoptr (GListModel) wrapped = NULL;

  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));
  g_return_if_fail (model == NULL || TEA_IS_TIMELINE (model));

  if (self->model == model)
    return;

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, items_changed_cb, self);

  g_clear_object (&self->menu_item);
  g_clear_object (&self->flash_item);
  self->n_new = 0;
  g_set_object (&self->model, model);
  g_clear_object (&self->reader);
  if (model != NULL)
    self->reader = tea_reader_new (self->own_name, model, self->conversation);
  /* Before the scroller: whether the end was in view counts from before the change. */
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self,
                             G_CONNECT_SWAPPED);
  wrapped = _tea_timeline_view_history_wrap (self, G_LIST_MODEL (model));
  tea_timeline_scroller_set_model (self->scroller, wrapped);
  update_reading (self);
}

/**
 * tea_timeline_view_set_own_name:
 * @self: a view
 * @name: (nullable): what this program's user is called
 *
 * Tells who reads: what to show bold where somebody mentions them, and what they did
 * themselves. To be set before the model.
 */
void
tea_timeline_view_set_own_name (TeaTimelineView *self, const char *name)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  g_free (self->own_name);
  self->own_name = g_strdup (name);
}

/**
 * tea_timeline_view_set_conversation:
 * @self: a view
 * @conversation: (nullable): what the model is of
 *
 * Tells where messages can be had that are quoted and not in the model. To be set before
 * the model.
 */
void
tea_timeline_view_set_conversation (TeaTimelineView *self, TeaConversation *conversation)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));
  g_return_if_fail (conversation == NULL || TEA_IS_CONVERSATION (conversation));

  if (self->conversation == conversation)
    return;

  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_func (self->conversation, _tea_timeline_view_queue_update,
                                          self);
  g_set_object (&self->conversation, conversation);
  /* Only then can be fetched what may have been changed. */
  if (conversation != NULL)
    g_signal_connect_object (conversation, "notify::is-open",
                             G_CALLBACK (_tea_timeline_view_queue_update), self, G_CONNECT_SWAPPED);
}

/**
 * tea_timeline_view_set_in_view:
 * @self: a view
 * @in_view: whether its room is looked at, and not another; at first it is
 *
 * Nothing is read in a room that is kept behind another.
 */
void
tea_timeline_view_set_in_view (TeaTimelineView *self, gboolean in_view)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  if (self->in_view == in_view)
    return;

  /* Who goes elsewhere having seen the end has read everything. */
  if (!in_view && self->at_end && self->window_active && self->model != NULL)
    tea_timeline_clear_unread (self->model);

  self->in_view = in_view;
  update_reading (self);
}

/**
 * tea_timeline_view_get_at_end:
 * @self: a view
 *
 * Returns: whether the end can be seen
 */
gboolean
tea_timeline_view_get_at_end (TeaTimelineView *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_VIEW (self), FALSE);

  return self->at_end;
}

/**
 * tea_timeline_view_get_n_new:
 * @self: a view
 *
 * Returns: how many messages of others have come since the end went out of view
 */
guint
tea_timeline_view_get_n_new (TeaTimelineView *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_VIEW (self), 0);

  return self->n_new;
}

/**
 * tea_timeline_view_get_quotes:
 * @self: a view that has a model
 *
 * Returns: (transfer none): where to look for messages that are named elsewhere
 */
TeaQuotes *
tea_timeline_view_get_quotes (TeaTimelineView *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_VIEW (self), NULL);
  g_return_val_if_fail (self->reader != NULL, NULL);

  return tea_reader_get_quotes (self->reader);
}

/**
 * tea_timeline_view_get_selection:
 * @self: a view that has a model
 *
 * Returns: (transfer none): the messages that are selected
 */
TeaSelection *
tea_timeline_view_get_selection (TeaTimelineView *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_VIEW (self), NULL);
  g_return_val_if_fail (self->reader != NULL, NULL);

  return tea_reader_get_selection (self->reader);
}

/**
 * tea_timeline_view_get_row:
 * @self: a view
 * @item: an item of the model
 *
 * Returns: (transfer none) (nullable): the row of @item, if it has one at the moment
 */
GtkWidget *
tea_timeline_view_get_row (TeaTimelineView *self, TeaTimelineItem *item)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_VIEW (self), NULL);

  return tea_timeline_scroller_get_row (self->scroller, item);
}

/**
 * tea_timeline_view_scroll_to_end:
 * @self: a view
 *
 * Goes to the newest line and stays there.
 */
void
tea_timeline_view_scroll_to_end (TeaTimelineView *self)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  tea_timeline_scroller_scroll_to_end (self->scroller, TRUE);
}

/**
 * tea_timeline_view_scroll_to_unread:
 * @self: a view
 *
 * Goes to the unread line and draws the eye to the message below it; or goes to the
 * end if there is no such line.
 */
void
tea_timeline_view_scroll_to_unread (TeaTimelineView *self)
{
  guint position;

  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  if (!find_unread (self, &position))
    {
      tea_timeline_view_scroll_to_end (self);
      return;
    }

  tea_timeline_scroller_scroll_to (self->scroller,
                                   position + _tea_timeline_view_history_count_head (self));
  if (position + 1 < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    _tea_timeline_view_flash (self, peek_item (self, position + 1));
}

/**
 * tea_timeline_view_show_message:
 * @self: a view
 * @seq: the number of a message
 *
 * Goes to a message and draws the eye to it. Where it is from before the first line, what
 * was before is got until it is there.
 */
void
tea_timeline_view_show_message (TeaTimelineView *self, guint64 seq)
{
  TeaTimelineItem *item;

  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  item = self->model != NULL ? tea_timeline_find_message (self->model, seq) : NULL;
  if (item == NULL && self->reader != NULL
      && tea_quotes_is_gone (tea_reader_get_quotes (self->reader), seq))
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                                  _ ("This message is not kept any more"));
      return;
    }
  if (item == NULL)
    {
      _tea_timeline_view_history_seek (self, seq);
      return;
    }

  _tea_timeline_view_history_seek (self, 0);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->model)); i++)
    if (peek_item (self, i) == item)
      {
        tea_timeline_scroller_scroll_to (self->scroller,
                                         i + _tea_timeline_view_history_count_head (self));
        break;
      }
  _tea_timeline_view_flash (self, item);
}

/**
 * tea_timeline_view_scroll_pages:
 * @self: a view
 * @pages: how many pages to go down; up if negative
 *
 * Scrolls as Page Down and Page Up do, for keys that are pressed somewhere else.
 */
void
tea_timeline_view_scroll_pages (TeaTimelineView *self, int pages)
{
  g_return_if_fail (TEA_IS_TIMELINE_VIEW (self));

  for (int i = 0; i < ABS (pages); i++)
    {
      gboolean handled;

      g_signal_emit_by_name (self->scrolled, "scroll-child",
                             pages > 0 ? GTK_SCROLL_PAGE_DOWN : GTK_SCROLL_PAGE_UP, FALSE,
                             &handled);
    }
}
