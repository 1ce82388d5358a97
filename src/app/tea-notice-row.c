/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-notice-row.h"

#include <glib/gi18n.h>

#include "tea-message-markup.h"
#include "tea-presence-text.h"

#define MIN_WIDTH 160
#define SPACE_ABOVE 12
#define BUTTON_SPACE_ABOVE 10
#define ICON_SIZE 14
#define ICON_SPACE 6
#define MIN_CHARACTERS 8

/**
 * TeaNoticeRow:
 *
 * The row of what nobody said: a notice, that something is missing, or people who came
 * and went. Several of these are a button with one sentence, which opens to one line each.
 */
struct _TeaNoticeRow
{
  GtkWidget parent_instance;

  TeaTimelineItem *item; /* (owned) (nullable) */

  GtkWidget *icon;
  GtkWidget *label;
  GtkWidget *button;
  GtkWidget *button_label;
};

G_DEFINE_FINAL_TYPE (TeaNoticeRow, tea_notice_row, GTK_TYPE_WIDGET)

/* Set on an item whose row is open: rows come and go, what was opened stays open. */
static G_DEFINE_QUARK (tea_notice_row_open, is_open)

static int
get_natural (GtkWidget *widget, GtkOrientation orientation)
{
  int natural;

  gtk_widget_measure (widget, orientation, -1, NULL, &natural, NULL, NULL);

  return natural;
}

static int
get_label_width (TeaNoticeRow *self, int width)
{
  int minimum;
  int natural;

  if (gtk_widget_get_visible (self->icon))
    width -= ICON_SIZE + ICON_SPACE;
  gtk_widget_measure (self->label, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);

  return MAX (minimum, MIN (natural, width));
}

static int
get_label_height (TeaNoticeRow *self, int width)
{
  int height;

  gtk_widget_measure (self->label, GTK_ORIENTATION_VERTICAL, get_label_width (self, width), &height,
                      NULL, NULL, NULL);

  return height;
}

static void
update (TeaNoticeRow *self)
{
  GPtrArray *events = tea_timeline_item_get_events (self->item);
  gboolean open = g_object_get_qdata (G_OBJECT (self->item), is_open_quark ()) != NULL;
  gboolean folded = events != NULL && events->len > 1;
  GtkWidget *tile = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *markup = NULL;

  if (events != NULL)
    text = tea_presence_text_new (events);
  else if (tea_timeline_item_get_kind (self->item) == TEA_TIMELINE_ITEM_GAP)
    text = g_strdup (_ ("Some messages may be missing here"));
  else
    text = g_strdup (tea_timeline_item_get_text (self->item));

  if (folded && open)
    lines = tea_presence_text_new_lines (events);

  gtk_widget_set_visible (self->icon, events == NULL);
  gtk_widget_set_visible (self->button, folded);
  gtk_widget_set_visible (self->label, !folded || open);
  markup = tea_message_markup_new_plain (folded && open ? lines : text);
  gtk_label_set_markup (GTK_LABEL (self->label), markup);
  gtk_label_set_text (GTK_LABEL (self->button_label), folded ? text : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);

  if (open)
    gtk_widget_add_css_class (self->button, "open");
  else
    gtk_widget_remove_css_class (self->button, "open");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_EXPANDED, open,
                               -1);

  if (tile != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
events_cb (TeaNoticeRow *self, GParamSpec *pspec, TeaTimelineItem *item)
{
  g_assert (TEA_IS_NOTICE_ROW (self));

  update (self);
}

static void
clicked_cb (TeaNoticeRow *self, GtkButton *button)
{
  g_assert (TEA_IS_NOTICE_ROW (self));

  tea_notice_row_set_open (self,
                           g_object_get_qdata (G_OBJECT (self->item), is_open_quark ()) == NULL);
}

static GtkSizeRequestMode
tea_notice_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tea_notice_row_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  TeaNoticeRow *self = TEA_NOTICE_ROW (widget);
  int height;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }

  if (gtk_widget_get_visible (self->button))
    height = BUTTON_SPACE_ABOVE + get_natural (self->button, GTK_ORIENTATION_VERTICAL);
  else
    height = SPACE_ABOVE;

  if (gtk_widget_get_visible (self->label))
    height += get_label_height (self, MAX (for_size, MIN_WIDTH));

  *minimum = *natural = height;
}

static void
tea_notice_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TeaNoticeRow *self = TEA_NOTICE_ROW (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int y = SPACE_ABOVE;

  if (gtk_widget_get_visible (self->button))
    {
      int button_width = MIN (get_natural (self->button, GTK_ORIENTATION_HORIZONTAL), width);
      int button_height = get_natural (self->button, GTK_ORIENTATION_VERTICAL);

      y = BUTTON_SPACE_ABOVE;
      gtk_widget_size_allocate (self->button,
                                &(GtkAllocation){ (width - button_width) / 2, y, button_width,
                                                  button_height },
                                -1);
      y += button_height;
    }

  if (gtk_widget_get_visible (self->label))
    {
      int label_width = get_label_width (self, width);
      int label_height = get_label_height (self, width);
      int icon = gtk_widget_get_visible (self->icon) ? ICON_SIZE + ICON_SPACE : 0;
      int start = (width - label_width - icon) / 2;

      gtk_widget_size_allocate (self->label,
                                &(GtkAllocation){ rtl ? start : start + icon, y, label_width,
                                                  label_height },
                                -1);

      if (icon > 0)
        {
          int icon_height = MIN (get_natural (self->label, GTK_ORIENTATION_VERTICAL), label_height);

          gtk_widget_measure (self->icon, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
          icon_height = MAX (icon_height, get_natural (self->icon, GTK_ORIENTATION_VERTICAL));
          gtk_widget_size_allocate (self->icon,
                                    &(GtkAllocation){ rtl ? start + label_width + ICON_SPACE
                                                          : start,
                                                      y, ICON_SIZE, icon_height },
                                    -1);
        }
    }
}

static void
tea_notice_row_dispose (GObject *object)
{
  TeaNoticeRow *self = TEA_NOTICE_ROW (object);

  tea_notice_row_set_item (self, NULL);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);

  G_OBJECT_CLASS (tea_notice_row_parent_class)->dispose (object);
}

static void
tea_notice_row_class_init (TeaNoticeRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_notice_row_dispose;
  widget_class->get_request_mode = tea_notice_row_get_request_mode;
  widget_class->measure = tea_notice_row_measure;
  widget_class->size_allocate = tea_notice_row_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "notice");
}

static void
tea_notice_row_init (TeaNoticeRow *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "pan-down-symbolic", "pixel-size",
                                   12, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  self->icon
      = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-information-symbolic", "pixel-size",
                      ICON_SIZE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));

  self->label = gtk_label_new (NULL);
  /* A hyphen that is not there makes another name. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (self->label), attributes);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_width_chars (GTK_LABEL (self->label), MIN_CHARACTERS);
  gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
  /* Marks above marks reach as high as somebody likes. */
  gtk_widget_set_overflow (self->label, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  self->button_label = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->button_label, "caption");
  gtk_label_set_ellipsize (GTK_LABEL (self->button_label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_overflow (self->button_label, GTK_OVERFLOW_HIDDEN);
  gtk_box_append (GTK_BOX (box), self->button_label);
  gtk_box_append (GTK_BOX (box), arrow);

  self->button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->button), box);
  gtk_widget_add_css_class (self->button, "flat");
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}

/**
 * tea_notice_row_new:
 *
 * Returns: (transfer full): a row that says nothing
 */
GtkWidget *
tea_notice_row_new (void)
{
  return g_object_new (TEA_TYPE_NOTICE_ROW, NULL);
}

/**
 * tea_notice_row_set_item:
 * @self: a row
 * @item: (nullable): a notice, a gap, or arrivals and departures
 *
 * Shows an item, and follows it as more is folded into it.
 */
void
tea_notice_row_set_item (TeaNoticeRow *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_NOTICE_ROW (self));
  g_return_if_fail (item == NULL || TEA_IS_TIMELINE_ITEM (item));

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_func (self->item, events_cb, self);
  g_set_object (&self->item, item);

  if (item == NULL)
    return;

  g_signal_connect_object (item, "notify::events", G_CALLBACK (events_cb), self, G_CONNECT_SWAPPED);
  update (self);
}

/**
 * tea_notice_row_set_open:
 * @self: a row
 * @open: whether to show a line for each arrival and departure
 *
 * Opens or closes the row. Its item remembers.
 */
void
tea_notice_row_set_open (TeaNoticeRow *self, gboolean open)
{
  g_return_if_fail (TEA_IS_NOTICE_ROW (self));
  g_return_if_fail (self->item != NULL);

  g_object_set_qdata (G_OBJECT (self->item), is_open_quark (), GINT_TO_POINTER (open));
  update (self);
}
