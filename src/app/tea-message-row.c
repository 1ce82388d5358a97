/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-row.h"

#include <adwaita.h>
#include <string.h>

#include "tea-message-markup.h"
#include "tea-message-state.h"
#include "tea-time-text.h"

#define MIN_WIDTH 160
#define AVATAR_SIZE 32
#define INDENT 42    /* where text begins; one's own keeps as much free */
#define END_SPACE 40 /* what others' messages keep free */
#define HEADER_INDENT 2
#define HEADER_SPACE 6
#define HEADER_GAP 3
#define GROUP_SPACE 10 /* above a group */
#define INNER_SPACE 3  /* inside of one */
#define SIDE_SPACE 8
#define FOOTER_GAP 4
#define MAX_CHARACTERS 58

/* A label asks for its least width with every height, and lays its text out at that
 * width to know it. This many characters are wide enough to make that cheap. */
#define MIN_CHARACTERS 8

#define THIN_SPACE "\xe2\x80\x89"

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

  TeaTimelineItem *item; /* (owned) (nullable) */
  GRegex *mention;       /* (owned) (nullable) */

  GtkWidget *text;
  GtkWidget *name;
  GtkWidget *time;
  GtkWidget *avatar;  /* (nullable): made when first needed */
  GtkWidget *waiting; /* (nullable): made when first needed */
  GtkWidget *failed;  /* (nullable): made when first needed */

  guint style; /* flags of the classes the bubble has */
  gboolean is_emoji;
  guint flash_id;
};

enum
{
  STYLE_OWN = 1 << 0,
  STYLE_FIRST = 1 << 1,
  STYLE_MENTION = 1 << 2,
  STYLE_EMOJI = 1 << 3,
  STYLE_WAITING = 1 << 4,
  STYLE_FAILED = 1 << 5,
  STYLE_FLASH = 1 << 6,
  N_STYLES = 7,
};

enum
{
  SIGNAL_RETRY,
  SIGNAL_DISCARD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Where everything is, in left-to-right coordinates. */
typedef struct
{
  GdkRectangle text;
  int header_y;
  int header_height;
  int side_width;
  int height;
} Layout;

G_DEFINE_FINAL_TYPE (TeaMessageRow, tea_message_row, GTK_TYPE_WIDGET)

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

/* What stands beside the bubble of an own message: its time, or that it waits. */
static GtkWidget *
get_side (TeaMessageRow *self)
{
  if (!is_own (self))
    return NULL;
  if (is_shown (self->waiting))
    return self->waiting;

  return is_shown (self->time) ? self->time : NULL;
}

static void
compute_layout (TeaMessageRow *self, int width, Layout *layout)
{
  GtkWidget *side = get_side (self);
  gboolean own = is_own (self);
  int available = width - INDENT - (own ? 0 : END_SPACE);
  int minimum;
  int natural;

  memset (layout, 0, sizeof *layout);
  layout->header_y = layout->text.y = is_first (self) ? GROUP_SPACE : INNER_SPACE;

  if (is_shown (self->name))
    {
      layout->header_height = MAX (get_natural (self->name, GTK_ORIENTATION_VERTICAL),
                                   get_natural (self->time, GTK_ORIENTATION_VERTICAL));
      layout->text.y += layout->header_height + HEADER_GAP;
    }
  if (side != NULL)
    {
      layout->side_width = get_natural (side, GTK_ORIENTATION_HORIZONTAL);
      available -= layout->side_width + SIDE_SPACE;
    }

  gtk_widget_measure (self->text, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  layout->text.width = MAX (minimum, MIN (natural, available));
  gtk_widget_measure (self->text, GTK_ORIENTATION_VERTICAL, layout->text.width,
                      &layout->text.height, NULL, NULL, NULL);
  layout->text.x = own ? width - layout->text.width : INDENT;

  layout->height = layout->text.y + layout->text.height;
  if (is_shown (self->avatar))
    layout->height = MAX (layout->height, layout->header_y + AVATAR_SIZE);
  if (is_shown (self->failed))
    layout->height += FOOTER_GAP + get_natural (self->failed, GTK_ORIENTATION_VERTICAL);
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
show_waiting (TeaMessageRow *self, gboolean show)
{
  if (show && self->waiting == NULL)
    {
      self->waiting = tea_message_state_new_waiting ();
      gtk_widget_set_parent (self->waiting, GTK_WIDGET (self));
    }

  if (self->waiting != NULL)
    gtk_widget_set_visible (self->waiting, show);
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
  gtk_widget_set_tooltip_text (self->failed,
                               show ? tea_timeline_item_get_failure (self->item) : NULL);
}

static void
show_avatar (TeaMessageRow *self, gboolean show)
{
  if (show && self->avatar == NULL)
    {
      self->avatar = adw_avatar_new (AVATAR_SIZE, NULL, TRUE);
      gtk_widget_set_parent (self->avatar, GTK_WIDGET (self));
    }

  if (self->avatar == NULL)
    return;

  gtk_widget_set_visible (self->avatar, show);
  if (show)
    adw_avatar_set_text (ADW_AVATAR (self->avatar), tea_timeline_item_get_author (self->item));
}

/* Every change of a class is a new style for the label and what is in it: all at once,
 * and only if there is one. */
static void
set_style (TeaMessageRow *self, guint style)
{
  static const char *const names[N_STYLES]
      = { "own", "first", "mention", "emoji", "waiting", "failed", "flash" };
  const char *classes[N_STYLES + 3] = { "message-text", "bubble" };
  guint n = 2;

  if (self->style == style)
    return;

  self->style = style;
  if (style & STYLE_EMOJI)
    n = 1;
  for (guint i = 0; i < N_STYLES; i++)
    if (style & (1u << i))
      classes[n++] = names[i];

  gtk_widget_set_css_classes (self->text, classes);
}

/* The list's own tile around the row is what gets the focus. */
static void
update_accessible (TeaMessageRow *self)
{
  GtkWidget *tile = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = NULL;

  if (tile == NULL)
    return;

  label = tea_message_state_tell (self->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_state (TeaMessageRow *self)
{
  gboolean first = is_first (self);
  gboolean own = is_own (self);
  TeaDelivery delivery = tea_timeline_item_get_delivery (self->item);
  guint style = 0;

  if (own)
    style |= STYLE_OWN;
  if (first)
    style |= STYLE_FIRST;
  if (tea_timeline_item_mentions_me (self->item))
    style |= STYLE_MENTION;
  if (delivery == TEA_DELIVERY_WAITING)
    style |= STYLE_WAITING;
  if (delivery == TEA_DELIVERY_FAILED)
    style |= STYLE_FAILED;
  /* A sign that is not sent needs its bubble to say so. */
  if (self->is_emoji && delivery == TEA_DELIVERY_SENT)
    style |= STYLE_EMOJI;
  set_style (self, style);

  show_avatar (self, first && !own);
  show_waiting (self, delivery == TEA_DELIVERY_WAITING);
  show_failed (self, delivery == TEA_DELIVERY_FAILED);
  gtk_widget_set_visible (self->name, first && !own);
  gtk_widget_set_visible (self->time, first && delivery == TEA_DELIVERY_SENT);

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
update_text (TeaMessageRow *self)
{
  GtkLabel *label = GTK_LABEL (self->text);
  const char *text = tea_timeline_item_get_text (self->item);
  g_autofree char *markup = NULL;

  markup = tea_message_markup_new (text, tea_timeline_item_mentions_me (self->item) ? self->mention
                                                                                    : NULL);

  self->is_emoji = tea_message_markup_count_emoji (text) > 0;
  gtk_label_set_wrap_mode (label, tea_message_markup_has_long_word (text) ? PANGO_WRAP_WORD_CHAR
                                                                          : PANGO_WRAP_WORD);
  gtk_label_set_width_chars (label, strlen (text) > 3 * MIN_CHARACTERS ? MIN_CHARACTERS : -1);
  gtk_label_set_markup (label, markup);
}

static void
state_cb (TeaMessageRow *self, GParamSpec *pspec, TeaTimelineItem *item)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  update_state (self);
}

static gboolean
query_tooltip_cb (
    TeaMessageRow *self, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip, GtkWidget *text)
{
  g_autofree char *full = NULL;

  g_assert (TEA_IS_MESSAGE_ROW (self));

  /* A link tells where it leads. */
  if (self->item == NULL || gtk_label_get_current_uri (GTK_LABEL (text)) != NULL)
    return FALSE;

  full = tea_time_text_new_full (tea_timeline_item_get_time (self->item));
  gtk_tooltip_set_text (tooltip, full);

  return TRUE;
}

static void
copy_clipboard_cb (TeaMessageRow *self, GtkLabel *text)
{
  g_assert (TEA_IS_MESSAGE_ROW (self));

  g_signal_stop_emission_by_name (text, "copy-clipboard");
  tea_message_row_copy (self);
}

static gboolean
end_flash_cb (gpointer user_data)
{
  TeaMessageRow *self = user_data;

  self->flash_id = 0;
  set_style (self, self->style & ~(guint) STYLE_FLASH);

  return G_SOURCE_REMOVE;
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

  compute_layout (TEA_MESSAGE_ROW (widget), MAX (for_size, MIN_WIDTH), &layout);
  *minimum = *natural = layout.height;
}

static void
tea_message_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (widget);
  GtkWidget *side = get_side (self);
  GdkRectangle text;
  Layout layout;

  compute_layout (self, width, &layout);
  text = layout.text;
  place (self, self->text, width, text.x, text.y, text.width, text.height);

  if (is_shown (self->avatar))
    place (self, self->avatar, width, 0, layout.header_y, AVATAR_SIZE, AVATAR_SIZE);

  if (is_shown (self->name))
    {
      int time_width = get_natural (self->time, GTK_ORIENTATION_HORIZONTAL);
      int x = INDENT + HEADER_INDENT;
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

      place (self, side, width, text.x - SIDE_SPACE - layout.side_width,
             text.y + text.height - side_height - 2, layout.side_width, side_height);
    }

  if (is_shown (self->failed))
    {
      int failed_width = get_natural (self->failed, GTK_ORIENTATION_HORIZONTAL);
      int failed_height = get_natural (self->failed, GTK_ORIENTATION_VERTICAL);

      place (self, self->failed, width, width - failed_width, layout.height - failed_height,
             failed_width, failed_height);
    }
}

static void
tea_message_row_dispose (GObject *object)
{
  TeaMessageRow *self = TEA_MESSAGE_ROW (object);

  tea_message_row_set_item (self, NULL, NULL);
  g_clear_pointer (&self->text, gtk_widget_unparent);
  g_clear_pointer (&self->name, gtk_widget_unparent);
  g_clear_pointer (&self->time, gtk_widget_unparent);
  g_clear_pointer (&self->avatar, gtk_widget_unparent);
  g_clear_pointer (&self->waiting, gtk_widget_unparent);
  g_clear_pointer (&self->failed, gtk_widget_unparent);

  G_OBJECT_CLASS (tea_message_row_parent_class)->dispose (object);
}

static void
tea_message_row_class_init (TeaMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_message_row_dispose;
  widget_class->get_request_mode = tea_message_row_get_request_mode;
  widget_class->measure = tea_message_row_measure;
  widget_class->size_allocate = tea_message_row_size_allocate;

  /**
   * TeaMessageRow::retry:
   *
   * The message is to be sent once more.
   */
  signals[SIGNAL_RETRY] = g_signal_new ("retry", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaMessageRow::discard:
   *
   * The message is to be given up.
   */
  signals[SIGNAL_DISCARD] = g_signal_new ("discard", TEA_TYPE_MESSAGE_ROW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "message");
}

static void
tea_message_row_init (TeaMessageRow *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  /* A hyphen that nobody wrote changes a link or a number. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));

  self->text = gtk_label_new (NULL);
  gtk_label_set_attributes (GTK_LABEL (self->text), attributes);
  gtk_label_set_wrap (GTK_LABEL (self->text), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->text), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->text), MAX_CHARACTERS);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_label_set_selectable (GTK_LABEL (self->text), TRUE);
  gtk_widget_set_has_tooltip (self->text, TRUE);
  self->style = G_MAXUINT;
  set_style (self, 0);
  g_signal_connect_object (self->text, "query-tooltip", G_CALLBACK (query_tooltip_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text, "copy-clipboard", G_CALLBACK (copy_clipboard_cb), self,
                           G_CONNECT_SWAPPED);

  self->name = new_caption ("caption-heading");
  gtk_label_set_ellipsize (GTK_LABEL (self->name), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->name), 0);

  self->time = new_caption ("caption");
  gtk_widget_add_css_class (self->time, "soft");
  gtk_widget_add_css_class (self->time, "numeric");

  gtk_widget_set_parent (self->name, GTK_WIDGET (self));
  gtk_widget_set_parent (self->time, GTK_WIDGET (self));
  gtk_widget_set_parent (self->text, GTK_WIDGET (self));
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
 * @mention: (nullable): what to show bold where @item mentions this program's user
 *
 * Shows a message, and follows it as it changes.
 */
void
tea_message_row_set_item (TeaMessageRow *self, TeaTimelineItem *item, GRegex *mention)
{
  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));
  g_return_if_fail (item == NULL || TEA_IS_TIMELINE_ITEM (item));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, state_cb, self);
  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_set_object (&self->item, item);
  g_clear_pointer (&self->mention, g_regex_unref);

  if (item == NULL)
    return;

  if (mention != NULL)
    self->mention = g_regex_ref (mention);
  g_signal_connect_object (item, "notify::delivery", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::first-of-group", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  update_text (self);
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
 * tea_message_row_copy:
 * @self: a row
 *
 * Copies what is selected, or all of the message if nothing is, as it was written.
 */
void
tea_message_row_copy (TeaMessageRow *self)
{
  g_autofree char *selected = NULL;
  const char *text;
  int start;
  int end;

  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));
  g_return_if_fail (self->item != NULL);

  text = tea_timeline_item_get_text (self->item);

  if (gtk_label_get_selection_bounds (GTK_LABEL (self->text), &start, &end))
    {
      g_autofree char *part
          = g_utf8_substring (gtk_label_get_text (GTK_LABEL (self->text)), start, end);

      /* The padding of code is nobody's text. */
      if (strstr (text, THIN_SPACE) == NULL)
        {
          g_auto (GStrv) parts = g_strsplit (part, THIN_SPACE, -1);
          selected = g_strjoinv (NULL, parts);
        }
      else
        {
          selected = g_steal_pointer (&part);
        }
      text = selected;
    }

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

/**
 * tea_message_row_flash:
 * @self: a row
 *
 * Draws the eye to the row for a moment.
 */
void
tea_message_row_flash (TeaMessageRow *self)
{
  g_return_if_fail (TEA_IS_MESSAGE_ROW (self));

  g_clear_handle_id (&self->flash_id, g_source_remove);
  set_style (self, self->style | STYLE_FLASH);
  self->flash_id = g_timeout_add_seconds (1, end_flash_cb, self);
}
