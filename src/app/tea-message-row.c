/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "tea-message-bubble.h"
#include "tea-message-state.h"
#include "tea-reaction-bar.h"
#include "tea-time-text.h"
#include "tea-tooltip.h"

#define MIN_WIDTH 160
#define AVATAR_SIZE 32
#define AVATAR_MARGIN 1 /* what its button has around it */
#define INDENT 42       /* where text begins; one's own keeps as much free */
#define END_SPACE 40    /* what others' messages keep free */
#define HEADER_INDENT 2
#define HEADER_SPACE 6
#define HEADER_GAP 3
#define GROUP_SPACE 10 /* above a group */
#define INNER_SPACE 3  /* inside of one */
#define SIDE_SPACE 8
#define FOOTER_GAP 4
#define MORE_SIZE 28
#define MORE_SPACE 6
#define CHECK_SIZE 28
#define CHECK_INDENT 48 /* how far a message gives way to its check */
#define CHECK_START 7
#define CHECK_END 4
#define CHECK_SPACE 6 /* above and below a message that has one */

/* A message that is delivered sooner needs no word about it. */
#define PATIENCE G_TIME_SPAN_SECOND

/**
 * TeaMessageRow:
 *
 * The row of a message: its author, its time, the bubble with the text, and how far
 * it has come.
 *
 * The row lays itself out, and tells a constant width: a box around a label that wraps
 * looks for the width that fits a height, which takes seven times as long.
 */
struct _TeaMessageRow
{
  GtkWidget parent_instance;

  TeaTimelineItem *item;      /* (owned) (nullable) */
  GSignalGroup *item_signals; /* (owned): of the item */
  TeaReader *reader;          /* (owned) (nullable) */
  GSignalGroup *quotes;       /* (owned): of the reader's quotes, where the item is a reply */
  GSignalGroup *selection;    /* (owned): of the reader's selection */

  GtkWidget *bubble;
  GtkWidget *name;
  GtkWidget *time;
  GtkWidget *avatar;    /* (nullable): a button, made when first needed */
  GtkWidget *sending;   /* (nullable): made when first needed */
  GtkWidget *waiting;   /* (nullable): made when first needed */
  GtkWidget *failed;    /* (nullable): made when first needed */
  GtkWidget *reactions; /* (nullable): made when first needed */
  GtkWidget *more;      /* (nullable): made when first needed */
  GtkWidget *check;     /* (nullable): made when first needed */

  gboolean folded; /* the row of another message that was removed stands for this one */
  guint patience_source;
  guint more_source;
};

enum
{
  SIGNAL_ABOUT,
  SIGNAL_DISCARD,
  SIGNAL_MORE,
  SIGNAL_REMOVED,
  SIGNAL_RETRY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Where everything is, in left-to-right coordinates. */
typedef struct
{
  GdkRectangle bubble;
  GdkRectangle reactions;
  int header_y;
  int header_height;
  int side_width;
  int indent; /* where the avatar is */
  int height;
} Layout;

G_DEFINE_FINAL_TYPE (TeaMessageRow, tea_message_row, GTK_TYPE_WIDGET)

static void update_state (TeaMessageRow *self);

static gboolean
is_first (TeaMessageRow *self)
{
  return self->item != NULL && tea_timeline_item_is_first_of_group (self->item);
}

static gboolean
is_own (TeaMessageRow *self)
{
  return self->item != NULL && tea_timeline_item_is_own (self->item);
}

static gboolean
is_shown (GtkWidget *widget)
{
  return widget != NULL && gtk_widget_get_visible (widget);
}

static int
get_natural (GtkWidget *widget, GtkOrientation orientation)
{
  int natural;

  gtk_widget_measure (widget, orientation, -1, NULL, &natural, NULL, NULL);

  return natural;
}

/* What stands beside the bubble of an own message: its time, or how far it has come. */
static GtkWidget *
get_side (TeaMessageRow *self)
{
  if (!is_own (self))
    return NULL;
  if (is_shown (self->waiting))
    return self->waiting;
  if (is_shown (self->sending))
    return self->sending;

  return is_shown (self->time) ? self->time : NULL;
}

static void
compute_layout (TeaMessageRow *self, int width, Layout *layout)
{
  GtkWidget *side = get_side (self);
  gboolean own = is_own (self);
  gboolean selecting = is_shown (self->check);
  int indent = selecting ? CHECK_INDENT : 0;
  int end = selecting ? CHECK_END : 0;
  int available = width - indent - end - INDENT - (own ? 0 : END_SPACE);
  int minimum;
  int natural;

  memset (layout, 0, sizeof *layout);
  layout->indent = indent;
  layout->header_y = is_first (self) ? GROUP_SPACE : INNER_SPACE;
  if (selecting)
    layout->header_y = CHECK_SPACE;
  layout->bubble.y = layout->header_y;

  if (is_shown (self->name))
    {
      layout->header_height = MAX (get_natural (self->name, GTK_ORIENTATION_VERTICAL),
                                   get_natural (self->time, GTK_ORIENTATION_VERTICAL));
      layout->bubble.y += layout->header_height + HEADER_GAP;
    }
  if (side != NULL)
    {
      layout->side_width = get_natural (side, GTK_ORIENTATION_HORIZONTAL);
      available -= layout->side_width + SIDE_SPACE;
    }

  gtk_widget_measure (self->bubble, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  layout->bubble.width = MAX (minimum, MIN (natural, available));
  gtk_widget_measure (self->bubble, GTK_ORIENTATION_VERTICAL, layout->bubble.width,
                      &layout->bubble.height, NULL, NULL, NULL);
  layout->bubble.x = own ? width - end - layout->bubble.width : indent + INDENT;

  layout->height = layout->bubble.y + layout->bubble.height;
  if (is_shown (self->reactions))
    {
      layout->reactions.x = indent + INDENT;
      layout->reactions.y = layout->height + FOOTER_GAP;
      layout->reactions.width = width - indent - end - INDENT - (own ? 0 : END_SPACE);
      gtk_widget_measure (self->reactions, GTK_ORIENTATION_VERTICAL, layout->reactions.width,
                          &layout->reactions.height, NULL, NULL, NULL);
      layout->height = layout->reactions.y + layout->reactions.height + FOOTER_GAP;
    }
  if (is_shown (self->avatar))
    layout->height = MAX (layout->height, layout->header_y + AVATAR_SIZE);
  if (is_shown (self->failed))
    layout->height += FOOTER_GAP + get_natural (self->failed, GTK_ORIENTATION_VERTICAL);
  if (selecting)
    layout->height = MAX (layout->height, layout->bubble.y + CHECK_SIZE) + CHECK_SPACE;
}

static void
place (TeaMessageRow *self, GtkWidget *child, int row_width, int x, int y, int width, int height)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = row_width - x - width;

  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

static GtkWidget *
new_caption (const char *class_name)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, class_name);

  return label;
}

static void
avatar_clicked_cb (TeaMessageRow *self, GtkButton *button)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  g_signal_emit (self, signals[SIGNAL_ABOUT], 0);
}

static void
retry_clicked_cb (TeaMessageRow *self, GtkButton *button)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
discard_clicked_cb (TeaMessageRow *self, GtkButton *button)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  g_signal_emit (self, signals[SIGNAL_DISCARD], 0);
}

static void
more_clicked_cb (TeaMessageRow *self, GtkButton *button)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  g_signal_emit (self, signals[SIGNAL_MORE], 0);
}

static void
show_side (TeaMessageRow *self, GtkWidget **side, gboolean show, GtkWidget *(*make) (void) )
{
  if (show && *side == NULL)
    {
      *side = make ();
      gtk_widget_set_parent (*side, GTK_WIDGET (self));
    }

  if (*side != NULL)
    gtk_widget_set_visible (*side, show);
}

static void
patience_over_cb (gpointer user_data)
{
  TeaMessageRow *self = user_data;

  g_assert (TEA_IS_MESSAGE_ROW (self));

  self->patience_source = 0;
  update_state (self);
}

/* Whether the message has been on its way for longer than one waits without a word; if
 * it may come to that, looks again. */
static gboolean
is_slow (TeaMessageRow *self)
{
  gint64 age;

  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (tea_timeline_item_get_delivery (self->item) != TEA_DELIVERY_SENDING)
    return FALSE;

  age = MAX (g_get_real_time () - tea_timeline_item_get_time (self->item), 0);
  if (age >= PATIENCE)
    return TRUE;

  self->patience_source
      = g_timeout_add_once ((guint) ((PATIENCE - age) / 1000 + 1), patience_over_cb, self);

  return FALSE;
}

/* Says how long the message still waits, where that is known, and goes on doing so. */
static void
show_hold (TeaMessageRow *self)
{
  guint again
      = tea_message_state_set_hold (self->waiting, tea_timeline_item_get_hold_until (self->item),
                                    g_get_real_time ());

  if (again > 0)
    self->patience_source = g_timeout_add_once (again, patience_over_cb, self);
}

static void
show_failed (TeaMessageRow *self, gboolean show)
{
  if (show && self->failed == NULL)
    {
      self->failed = tea_message_state_new_failed (self, G_CALLBACK (retry_clicked_cb),
                                                   G_CALLBACK (discard_clicked_cb));
      gtk_widget_set_parent (self->failed, GTK_WIDGET (self));
    }

  if (self->failed == NULL)
    return;

  gtk_widget_set_visible (self->failed, show);
  tea_tooltip_set (self->failed, show ? tea_timeline_item_get_failure (self->item) : NULL);
}

static void
show_reactions (TeaMessageRow *self)
{
  gboolean show = tea_timeline_item_get_reactions (self->item) != NULL;

  if (show && self->reactions == NULL)
    {
      self->reactions = tea_reaction_bar_new ();
      gtk_widget_insert_after (self->reactions, GTK_WIDGET (self), self->bubble);
    }

  if (self->reactions == NULL)
    return;

  gtk_widget_set_visible (self->reactions, show);
  if (show)
    tea_reaction_bar_show (TEA_REACTION_BAR (self->reactions), self->item, self->reader);
}

/* While somebody selects, each message has a check, and none can be done something else with. */
static void
show_selection (TeaMessageRow *self)
{
  TeaSelection *selection = tea_reader_get_selection (self->reader);
  gboolean selecting
      = tea_selection_is_active (selection) && !tea_timeline_item_is_removed (self->item);
  gboolean selected = selecting && tea_selection_contains (selection, self->item);
  GtkWidget *tile = gtk_widget_get_parent (GTK_WIDGET (self));

  if (selecting && self->check == NULL)
    {
      self->check = g_object_new (GTK_TYPE_CHECK_BUTTON, "can-target", FALSE, "focusable", FALSE,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      gtk_widget_add_css_class (self->check, "selection-mode");
      gtk_widget_insert_after (self->check, GTK_WIDGET (self), NULL);
    }
  if (self->check == NULL)
    return;

  if (gtk_widget_get_visible (self->check) != selecting)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_set_visible (self->check, selecting);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), selected);
  if (self->more != NULL)
    gtk_widget_set_visible (self->more, !selecting && !tea_timeline_item_is_removed (self->item));
  if (selected)
    gtk_widget_add_css_class (GTK_WIDGET (self), "selected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "selected");
  if (tile != NULL && selecting)
    gtk_accessible_update_state (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_STATE_SELECTED, selected,
                                 -1);
  else if (tile != NULL)
    gtk_accessible_reset_state (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_STATE_SELECTED);
}

static void
show_avatar (TeaMessageRow *self, gboolean show)
{
  g_autofree char *label = NULL;

  if (show && self->avatar == NULL)
    {
      GtkWidget *picture
          = g_object_new (ADW_TYPE_AVATAR, "size", AVATAR_SIZE, "show-initials", TRUE,
                          "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      self->avatar = gtk_button_new ();
      gtk_button_set_child (GTK_BUTTON (self->avatar), picture);
      gtk_widget_add_css_class (self->avatar, "message-avatar");
      g_signal_connect_object (self->avatar, "clicked", G_CALLBACK (avatar_clicked_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_widget_insert_after (self->avatar, GTK_WIDGET (self), NULL);
    }

  if (self->avatar == NULL)
    return;

  gtk_widget_set_visible (self->avatar, show);
  if (!show)
    return;

  adw_avatar_set_text (ADW_AVATAR (gtk_button_get_child (GTK_BUTTON (self->avatar))),
                       tea_timeline_item_get_author (self->item));
  label = tea_message_state_tell_about (self->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->avatar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

/* The list's own tile around the row is what gets the focus. */
static void
update_accessible (TeaMessageRow *self)
{
  GtkWidget *tile = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = NULL;

  if (tile == NULL)
    return;

  label = tea_message_state_tell (self->item, tea_reader_get_quotes (self->reader));
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_state (TeaMessageRow *self)
{
  gboolean first = is_first (self);
  gboolean own = is_own (self);
  gboolean slow = is_slow (self);
  TeaDelivery delivery = tea_timeline_item_get_delivery (self->item);

  show_avatar (self, first && !own);
  show_side (self, &self->waiting, delivery == TEA_DELIVERY_WAITING, tea_message_state_new_waiting);
  show_side (self, &self->sending, slow, tea_message_state_new_sending);
  if (self->waiting != NULL)
    tea_tooltip_set (self->waiting, tea_timeline_item_get_failure (self->item));
  if (delivery == TEA_DELIVERY_WAITING)
    show_hold (self);
  show_failed (self, delivery == TEA_DELIVERY_FAILED);
  show_reactions (self);
  if (self->more != NULL)
    gtk_widget_set_visible (self->more, !tea_timeline_item_is_removed (self->item));
  show_selection (self);
  tea_message_bubble_set_faded (TEA_MESSAGE_BUBBLE (self->bubble), slow);
  gtk_widget_set_visible (self->name, first && !own);
  gtk_widget_set_visible (self->time, first && !slow && delivery != TEA_DELIVERY_WAITING
                                          && delivery != TEA_DELIVERY_FAILED);

  if (first)
    {
      g_autofree char *clock = tea_time_text_new_clock (tea_timeline_item_get_time (self->item));

      gtk_label_set_text (GTK_LABEL (self->time), clock);
      if (!own)
        gtk_label_set_text (GTK_LABEL (self->name), tea_timeline_item_get_author (self->item));
    }

  update_accessible (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
state_cb (TeaMessageRow *self, GParamSpec *pspec, TeaTimelineItem *item)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  tea_message_bubble_update (TEA_MESSAGE_BUBBLE (self->bubble));
  update_state (self);
  if (tea_timeline_item_is_removed (item))
    g_signal_emit (self, signals[SIGNAL_REMOVED], 0);
}

/* Of a row that is folded there is nothing to be seen. */
static void
set_folded (TeaMessageRow *self, gboolean folded)
{
  if (self->folded == folded)
    return;

  self->folded = folded;
  gtk_widget_set_child_visible (GTK_WIDGET (self), !folded);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* Whom a reply answers may be known later. */
static void
quotes_changed_cb (TeaMessageRow *self, guint64 seq)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  if (seq == tea_timeline_item_get_reply_to (self->item))
    update_accessible (self);
}

static void
selection_changed_cb (TeaMessageRow *self)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  show_selection (self);
}

static GtkSizeRequestMode
tea_message_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tea_message_row_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  Layout layout;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }

  if (TEA_MESSAGE_ROW (widget)->folded)
    {
      /* GTK gives no place to what has no height: it would seem to be where it was. */
      *minimum = *natural = 1;
      return;
    }

  compute_layout (TEA_MESSAGE_ROW (widget), MAX (for_size, MIN_WIDTH), &layout);
  *minimum = *natural = layout.height;
}

static void
tea_message_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (widget);
  GtkWidget *side = get_side (self);
  GdkRectangle bubble;
  Layout layout;

  if (self->folded)
    return;

  compute_layout (self, width, &layout);
  bubble = layout.bubble;
  place (self, self->bubble, width, bubble.x, bubble.y, bubble.width, bubble.height);

  if (is_shown (self->check))
    {
      gtk_widget_measure (self->check, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      place (self, self->check, width, CHECK_START,
             bubble.y + MAX ((bubble.height - CHECK_SIZE) / 2, bubble.height - CHECK_SIZE - 4),
             CHECK_SIZE, CHECK_SIZE);
    }

  if (is_shown (self->more))
    {
      int taken = side != NULL ? layout.side_width + SIDE_SPACE : 0;

      gtk_widget_measure (self->more, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      place (self, self->more, width,
             is_own (self) ? bubble.x - taken - MORE_SPACE - MORE_SIZE
                           : bubble.x + bubble.width + MORE_SPACE,
             bubble.y + MIN ((bubble.height - MORE_SIZE) / 2, MORE_SPACE), MORE_SIZE, MORE_SIZE);
    }

  if (is_shown (self->reactions))
    {
      /* A child is told how wide it would be before it is told how wide it is. */
      gtk_widget_measure (self->reactions, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      place (self, self->reactions, width, layout.reactions.x, layout.reactions.y,
             layout.reactions.width, layout.reactions.height);
    }

  if (is_shown (self->avatar))
    place (self, self->avatar, width, layout.indent - AVATAR_MARGIN,
           layout.header_y - AVATAR_MARGIN, AVATAR_SIZE + 2 * AVATAR_MARGIN,
           AVATAR_SIZE + 2 * AVATAR_MARGIN);

  if (is_shown (self->name))
    {
      int time_width = get_natural (self->time, GTK_ORIENTATION_HORIZONTAL);
      int x = layout.indent + INDENT + HEADER_INDENT;
      int name_width = MIN (get_natural (self->name, GTK_ORIENTATION_HORIZONTAL),
                            width - x - HEADER_SPACE - time_width);

      place (self, self->name, width, x, layout.header_y, name_width, layout.header_height);
      if (is_shown (self->time))
        place (self, self->time, width, x + name_width + HEADER_SPACE, layout.header_y, time_width,
               layout.header_height);
    }
  else if (side != NULL)
    {
      int side_height = get_natural (side, GTK_ORIENTATION_VERTICAL);

      place (self, side, width, bubble.x - SIDE_SPACE - layout.side_width,
             bubble.y + bubble.height - side_height - 2, layout.side_width, side_height);
    }

  if (is_shown (self->failed))
    {
      int failed_width = get_natural (self->failed, GTK_ORIENTATION_HORIZONTAL);
      int failed_height = get_natural (self->failed, GTK_ORIENTATION_VERTICAL);

      place (self, self->failed, width, width - failed_width, bubble.y + bubble.height + FOOTER_GAP,
             failed_width, failed_height);
    }
}

static void
offer_more_cb (gpointer user_data)
{
  TeaMessageRow *self = user_data;

  self->more_source = 0;
  if ((gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_PRELIGHT) != 0)
    tea_message_row_offer_more (self);
}

/* Whoever points at the row may want to do something with it. That may turn out in the midst of
 * an allocation, when the row may not get another child. */
static void
tea_message_row_state_flags_changed (GtkWidget *widget, GtkStateFlags before)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (widget);

  if ((gtk_widget_get_state_flags (widget) & ~before & GTK_STATE_FLAG_PRELIGHT) != 0
      && self->item != NULL && self->more == NULL && self->more_source == 0)
    self->more_source = g_idle_add_once (offer_more_cb, self);

  GTK_WIDGET_CLASS (tea_message_row_parent_class)->state_flags_changed (widget, before);
}

static void
tea_message_row_dispose (GObject *object)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (object);

  tea_message_row_set_item (self, NULL, NULL);
  g_clear_handle_id (&self->more_source, g_source_remove);
  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  g_clear_pointer (&self->name, gtk_widget_unparent);
  g_clear_pointer (&self->time, gtk_widget_unparent);
  g_clear_pointer (&self->avatar, gtk_widget_unparent);
  g_clear_pointer (&self->sending, gtk_widget_unparent);
  g_clear_pointer (&self->waiting, gtk_widget_unparent);
  g_clear_pointer (&self->failed, gtk_widget_unparent);
  g_clear_pointer (&self->reactions, gtk_widget_unparent);
  g_clear_pointer (&self->more, gtk_widget_unparent);
  g_clear_pointer (&self->check, gtk_widget_unparent);

  G_OBJECT_CLASS (tea_message_row_parent_class)->dispose (object);
}

static void
tea_message_row_finalize (GObject *object)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (object);

  g_object_unref (self->item_signals);
  g_object_unref (self->quotes);
  g_object_unref (self->selection);

  G_OBJECT_CLASS (tea_message_row_parent_class)->finalize (object);
}

static void
tea_message_row_class_init (TeaMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_message_row_dispose;
  object_class->finalize = tea_message_row_finalize;
  widget_class->get_request_mode = tea_message_row_get_request_mode;
  widget_class->measure = tea_message_row_measure;
  widget_class->size_allocate = tea_message_row_size_allocate;
  widget_class->state_flags_changed = tea_message_row_state_flags_changed;

  /**
   * TeaMessageRow::about:
   *
   * Something about the author is to be shown.
   */
  signals[SIGNAL_ABOUT] = g_signal_new ("about", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaMessageRow::discard:
   *
   * The message is to be given up.
   */
  signals[SIGNAL_DISCARD] = g_signal_new ("discard", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaMessageRow::more:
   *
   * What one can do with the message is to be shown.
   */
  signals[SIGNAL_MORE] = g_signal_new ("more", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaMessageRow::removed:
   *
   * The message was removed, or something else has changed about one that was.
   */
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaMessageRow::retry:
   *
   * The message is to be sent once more.
   */
  signals[SIGNAL_RETRY] = g_signal_new ("retry", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "message");
}

static void
tea_message_row_init (TeaMessageRow *self)
{
  static const char *const notifications[]
      = { "notify::delivery",       "notify::edited",     "notify::failure",
          "notify::first-of-group", "notify::hold-until", "notify::reactions",
          "notify::removed-by",     "notify::text",       "notify::time" };

  self->item_signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    g_signal_group_connect_swapped (self->item_signals, notifications[i], G_CALLBACK (state_cb),
                                    self);

  self->quotes = g_signal_group_new (TEA_TYPE_QUOTES);
  g_signal_group_connect_swapped (self->quotes, "changed", G_CALLBACK (quotes_changed_cb), self);
  self->selection = g_signal_group_new (TEA_TYPE_SELECTION);
  g_signal_group_connect_swapped (self->selection, "changed", G_CALLBACK (selection_changed_cb),
                                  self);

  self->bubble = tea_message_bubble_new ();

  self->name = new_caption ("caption-heading");
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);
  /* Marks above marks reach as high as somebody likes. */
  gtk_widget_set_overflow (self->name, GTK_OVERFLOW_HIDDEN);

  self->time = new_caption ("caption");
  gtk_widget_add_css_class (self->time, "soft");
  gtk_widget_add_css_class (self->time, "numeric");

  gtk_widget_set_parent (self->name, GTK_WIDGET (self));
  gtk_widget_set_parent (self->time, GTK_WIDGET (self));
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
}

/**
 * tea_message_row_new:
 *
 * Returns: (transfer full): a row without a message
 */
GtkWidget *
tea_message_row_new (void)
{
  return g_object_new (TEA_TYPE_MESSAGE_ROW, NULL);
}

/**
 * tea_message_row_set_item:
 * @self: a row
 * @item: (nullable): a message
 * @reader: (nullable): who reads it; not %NULL where there is a message
 *
 * Shows a message, and follows it as it changes.
 */
void
tea_message_row_set_item (TeaMessageRow *self, TeaTimelineItem *item, TeaReader *reader)
{
  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));
  g_return_if_fail (item == NULL || TEA_IS_TIMELINE_ITEM (item));

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_signal_group_set_target (self->item_signals, item);
  g_set_object (&self->item, item);
  g_set_object (&self->reader, reader);
  g_signal_group_set_target (self->selection,
                             item != NULL ? tea_reader_get_selection (reader) : NULL);
  g_signal_group_set_target (self->quotes,
                             item != NULL && tea_timeline_item_get_reply_to (item) != 0
                                 ? tea_reader_get_quotes (reader)
                                 : NULL);
  if (self->bubble != NULL)
    tea_message_bubble_set_item (TEA_MESSAGE_BUBBLE (self->bubble), item, reader);

  set_folded (self, FALSE);
  if (item != NULL)
    update_state (self);
}

/**
 * tea_message_row_get_item:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the message that is shown
 */
TeaTimelineItem *
tea_message_row_get_item (TeaMessageRow *self)
{
  g_return_val_if_fail (TEA_IS_MESSAGE_ROW (self), NULL);

  return self->item;
}

/**
 * tea_message_row_get_bubble:
 * @self: a row
 *
 * Returns: (transfer none): the bubble of the message
 */
TeaMessageBubble *
tea_message_row_get_bubble (TeaMessageRow *self)
{
  g_return_val_if_fail (TEA_IS_MESSAGE_ROW (self), NULL);

  return TEA_MESSAGE_BUBBLE (self->bubble);
}

/**
 * tea_message_row_get_avatar:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the button with the author's picture, if the row
 *   has ever shown one
 */
GtkWidget *
tea_message_row_get_avatar (TeaMessageRow *self)
{
  g_return_val_if_fail (TEA_IS_MESSAGE_ROW (self), NULL);

  return self->avatar;
}

/**
 * tea_message_row_set_n_removed:
 * @self: a row of a message that was removed
 * @n_removed: for how many such messages, one after the other, it stands; 0 where the row of
 *   another one stands for this
 */
void
tea_message_row_set_n_removed (TeaMessageRow *self, guint n_removed)
{
  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));
  g_return_if_fail (self->item != NULL);

  tea_message_bubble_set_n_removed (TEA_MESSAGE_BUBBLE (self->bubble), MAX (n_removed, 1));
  set_folded (self, n_removed == 0);
}

/**
 * tea_message_row_offer_more:
 * @self: a row
 *
 * Gives the row a button for what one can do with the message, seen while one points at the row
 * or comes to it by keyboard.
 */
void
tea_message_row_offer_more (TeaMessageRow *self)
{
  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));

  if (self->more != NULL || self->item == NULL || tea_timeline_item_is_removed (self->item)
      || is_shown (self->check))
    return;

  self->more = gtk_button_new_from_icon_name ("view-more-symbolic");
  gtk_widget_set_tooltip_text (self->more, _ ("More"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("More"), -1);
  gtk_widget_add_css_class (self->more, "message-more");
  g_signal_connect_object (self->more, "clicked", G_CALLBACK (more_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_insert_before (self->more, GTK_WIDGET (self), NULL);
}

/**
 * tea_message_row_get_more:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the button of [method@Tea.MessageRow.offer_more], if there
 *   is one
 */
GtkWidget *
tea_message_row_get_more (TeaMessageRow *self)
{
  g_return_val_if_fail (TEA_IS_MESSAGE_ROW (self), NULL);

  return self->more;
}
