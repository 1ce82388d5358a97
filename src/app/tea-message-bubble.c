/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-bubble.h"

#include <string.h>

#include <glib/gi18n.h>

#include "tea-message-markup.h"
#include "tea-message-quote.h"
#include "tea-message-state.h"
#include "tea-text.h"
#include "tea-time-text.h"
#include "tea-tooltip.h"

#define MAX_CHARACTERS 58

/* A label asks for its least width with every height, and lays its text out at that
 * width to know it. This many characters are wide enough to make that cheap. */
#define MIN_CHARACTERS 8

/* Between the strip of a reply and its text. */
#define QUOTE_SPACE 5

/* That a message was edited is said behind it, as small among big emoji as in a text. */
#define EDITED_SIZE 82
#define EDITED_SIZE_EMOJI 37

/* How far the ground of code reaches beyond its text, and how round it is. */
#define CODE_PADDING 2
#define CODE_RADIUS 3

/**
 * TeaMessageBubble:
 *
 * The text of a message, and the bubble round it, which looks as the message stands:
 * one's own, a mention, waiting, failed or removed. In a reply, what it answers is above.
 *
 * The ground of code is drawn here, and not by Pango: that would need spaces in the text
 * to keep a distance, and whoever selects some of it would get them as well.
 */
struct _TeaMessageBubble
{
  GtkWidget parent_instance;

  TeaTimelineItem *item;      /* (owned) (nullable) */
  GSignalGroup *item_signals; /* (owned): of the item */
  TeaReader *reader;          /* (owned) (nullable) */

  GtkWidget *quote; /* (nullable): made when first needed */
  GtkLabel *label;
  glong text_length; /* in characters: what is behind that nobody wrote */

  guint style; /* flags of the classes the bubble has */
  gboolean is_emoji;
  gboolean is_faded;
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
  STYLE_FADED = 1 << 7,
  STYLE_REMOVED = 1 << 8,
  N_STYLES = 9,
};

G_DEFINE_FINAL_TYPE (TeaMessageBubble, tea_message_bubble, GTK_TYPE_WIDGET)

/* Every change of a class is a new style for the bubble and what is in it: all at once,
 * and only if there is one. */
static void
set_style (TeaMessageBubble *self, guint style)
{
  static const char *const names[N_STYLES]
      = { "own", "first", "mention", "emoji", "waiting", "failed", "flash", "faded", "removed" };
  const char *classes[N_STYLES + 3] = { "message-text", "bubble" };
  guint n = 2;

  if (self->style == style)
    return;

  self->style = style;
  if (style & (STYLE_EMOJI | STYLE_REMOVED))
    n = 1;
  for (guint i = 0; i < N_STYLES; i++)
    if (style & (1u << i))
      classes[n++] = names[i];

  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
}

/* Draws the ground of what of a line is between two bytes of the text. */
static void
snapshot_line (GtkSnapshot *snapshot, PangoLayoutIter *iter, int start, int end)
{
  /* The one fixed colour: it works on light and on dark. */
  const GdkRGBA ground = { .5F, .5F, .5F, .22F };
  PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
  g_autofree int *ranges = NULL;
  PangoRectangle rect;
  int n_ranges;

  start = MAX (start, line->start_index);
  end = MIN (end, line->start_index + line->length);
  if (start >= end)
    return;

  pango_layout_iter_get_line_extents (iter, NULL, &rect);
  pango_layout_line_get_x_ranges (line, start, end, &ranges, &n_ranges);
  for (int i = 0; i < n_ranges; i++)
    {
      float x = (float) (PANGO_PIXELS_FLOOR (ranges[2 * i]) - CODE_PADDING);
      float width
          = (float) (PANGO_PIXELS_FLOOR (ranges[2 * i + 1] - ranges[2 * i]) + 2 * CODE_PADDING);
      float y = (float) PANGO_PIXELS (rect.y);
      float height = (float) PANGO_PIXELS (rect.height);
      GskRoundedRect shape;

      gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (x, y, width, height),
                                       CODE_RADIUS);
      gtk_snapshot_push_rounded_clip (snapshot, &shape);
      gtk_snapshot_append_color (snapshot, &ground, &shape.bounds);
      gtk_snapshot_pop (snapshot);
    }
}

/* Code is what has a font of its own. */
static void
snapshot_code (TeaMessageBubble *self, GtkSnapshot *snapshot)
{
  PangoLayout *layout = gtk_label_get_layout (self->label);
  PangoAttrList *list = pango_layout_get_attributes (layout);
  GSList *attributes = list != NULL ? pango_attr_list_get_attributes (list) : NULL;
  int x;
  int y;

  gtk_label_get_layout_offsets (self->label, &x, &y);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));

  for (GSList *l = attributes; l != NULL; l = l->next)
    {
      PangoAttribute *attribute = l->data;
      PangoLayoutIter *iter;

      if (attribute->klass->type != PANGO_ATTR_FAMILY)
        continue;

      iter = pango_layout_get_iter (layout);
      do
        snapshot_line (snapshot, iter, (int) attribute->start_index, (int) attribute->end_index);
      while (pango_layout_iter_next_line (iter));
      pango_layout_iter_free (iter);
    }

  gtk_snapshot_restore (snapshot);
  g_slist_free_full (attributes, (GDestroyNotify) pango_attribute_destroy);
}

static gboolean
query_tooltip_cb (TeaMessageBubble *self,
                  int x,
                  int y,
                  gboolean keyboard_mode,
                  GtkTooltip *tooltip,
                  GtkLabel *label)
{
  const char *uri = gtk_label_get_current_uri (label);
  g_autoptr (GString) text = NULL;
  g_autofree char *full = NULL;

  g_assert (TEA_IS_MESSAGE_BUBBLE (self));

  if (self->item == NULL)
    return FALSE;

  /* Letters of another script may look like those of a place that one knows: where a link
   * leads is in ASCII. */
  if (uri != NULL)
    {
      tea_tooltip_show (tooltip, uri);
      return TRUE;
    }

  full = tea_time_text_new_full (tea_timeline_item_get_time (self->item));
  text = g_string_new (full);
  if (tea_timeline_item_is_own (self->item)
      && tea_timeline_item_get_delivery (self->item) == TEA_DELIVERY_DELIVERED)
    g_string_append_printf (text, "\n%s", _ ("Delivered"));
  if (tea_timeline_item_get_edited (self->item) != 0)
    {
      g_autofree char *time = tea_time_text_new_full (tea_timeline_item_get_edited (self->item));
      /* Translators: when a message was changed by who wrote it */
      g_autofree char *edited = tea_text_format (_ ("Edited: %s"), time);

      g_string_append_printf (text, "\n%s", edited);
    }
  gtk_tooltip_set_text (tooltip, text->str);

  return TRUE;
}

static void
link_shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_debug ("Could not open a link: %s", error->message);
  gtk_widget_activate_action (GTK_WIDGET (source), "win.toast", "s",
                              _ ("No program can open this link"));
}

/* Whatever else is installed, a room is opened here. GTK would tell nobody of a link that
 * cannot be opened. */
static gboolean
activate_link_cb (TeaMessageBubble *self, const char *uri, GtkLabel *label)
{
  g_autoptr (GFile) room = NULL;

  g_assert (TEA_IS_MESSAGE_BUBBLE (self));

  if (!g_str_has_prefix (uri, "teahouse://"))
    {
      gtk_show_uri_full (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri,
                         GDK_CURRENT_TIME, NULL, link_shown_cb, NULL);
      return TRUE;
    }

  room = g_file_new_for_uri (uri);
  g_application_open (g_application_get_default (), &room, 1, "");

  return TRUE;
}

static void
copy_clipboard_cb (TeaMessageBubble *self, GtkLabel *label)
{
  g_assert (TEA_IS_MESSAGE_BUBBLE (self));

  g_signal_stop_emission_by_name (label, "copy-clipboard");
  tea_message_bubble_copy (self);
}

static gboolean
end_flash_cb (gpointer user_data)
{
  TeaMessageBubble *self = user_data;

  self->flash_id = 0;
  set_style (self, self->style & ~(guint) STYLE_FLASH);

  return G_SOURCE_REMOVE;
}

static void
tea_message_bubble_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TeaMessageBubble *self = TEA_MESSAGE_BUBBLE (widget);

  if (self->item != NULL && strchr (tea_timeline_item_get_text (self->item), '`') != NULL)
    snapshot_code (self, snapshot);

  GTK_WIDGET_CLASS (tea_message_bubble_parent_class)->snapshot (widget, snapshot);
}

/* No-break spaces before it: it is not alone in a line where it need not be. */
static char *
add_edited (TeaMessageBubble *self, const char *markup)
{
  return g_strdup_printf ("%s<span size=\"%d%%\" alpha=\"72%%\">\302\240 %s</span>", markup,
                          self->is_emoji ? EDITED_SIZE_EMOJI : EDITED_SIZE,
                          /* Translators: small, behind a message that was edited */
                          _ ("edited"));
}

static void
show_text (TeaMessageBubble *self)
{
  gboolean removed = tea_timeline_item_is_removed (self->item);
  g_autofree char *text = tea_message_state_dup_text (self->item);
  g_autofree char *markup = NULL;

  markup = tea_message_markup_new (text, tea_timeline_item_mentions_me (self->item)
                                             ? tea_reader_get_mention (self->reader)
                                             : NULL);

  self->is_emoji = !removed && tea_message_markup_count_emoji (text) > 0;
  gtk_label_set_width_chars (self->label, strlen (text) > 3 * MIN_CHARACTERS ? MIN_CHARACTERS : -1);
  gtk_label_set_markup (self->label, markup);
  self->text_length = G_MAXLONG;
  if (!removed && tea_timeline_item_get_edited (self->item) != 0)
    {
      g_autofree char *edited = add_edited (self, markup);

      self->text_length = g_utf8_strlen (gtk_label_get_text (self->label), -1);
      gtk_label_set_markup (self->label, edited);
    }
  tea_message_bubble_update (self);
}

static void
show_quote (TeaMessageBubble *self)
{
  guint64 seq = self->item != NULL && !tea_timeline_item_is_removed (self->item)
                    ? tea_timeline_item_get_reply_to (self->item)
                    : 0;

  if (self->quote == NULL && seq == 0)
    return;

  if (self->quote == NULL)
    {
      self->quote = tea_message_quote_new ();
      gtk_widget_insert_after (self->quote, GTK_WIDGET (self), NULL);
    }
  gtk_widget_set_visible (self->quote, seq > 0);
  tea_message_quote_set_target (TEA_MESSAGE_QUOTE (self->quote),
                                seq > 0 ? tea_reader_get_quotes (self->reader) : NULL, seq);
}

static void
text_cb (TeaMessageBubble *self)
{
  g_assert (TEA_IS_MESSAGE_BUBBLE (self));

  show_quote (self);
  show_text (self);
}

static void
tea_message_bubble_dispose (GObject *object)
{
  TeaMessageBubble *self = TEA_MESSAGE_BUBBLE (object);

  g_clear_object (&self->item_signals);
  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_clear_object (&self->item);
  g_clear_object (&self->reader);
  g_clear_pointer (&self->quote, gtk_widget_unparent);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (tea_message_bubble_parent_class)->dispose (object);
}

static void
tea_message_bubble_class_init (TeaMessageBubbleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_message_bubble_dispose;
  widget_class->snapshot = tea_message_bubble_snapshot;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
tea_message_bubble_init (TeaMessageBubble *self)
{
  static const char *const notifications[] = { "notify::text", "notify::mention", "notify::edited",
                                               "notify::removed-by", "notify::reply-to" };
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkWidget *label = gtk_label_new (NULL);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), QUOTE_SPACE);

  /* A hyphen that nobody wrote changes a link or a number. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));

  self->item_signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    g_signal_group_connect_swapped (self->item_signals, notifications[i], G_CALLBACK (text_cb),
                                    self);

  self->label = GTK_LABEL (label);
  gtk_label_set_attributes (self->label, attributes);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (self->label, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_max_width_chars (self->label, MAX_CHARACTERS);
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_selectable (self->label, TRUE);
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect_object (label, "query-tooltip", G_CALLBACK (query_tooltip_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (activate_link_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (label, "copy-clipboard", G_CALLBACK (copy_clipboard_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_parent (label, GTK_WIDGET (self));

  /* Marks above marks reach as high as somebody likes. */
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  self->style = G_MAXUINT;
  set_style (self, 0);
}

/**
 * tea_message_bubble_new:
 *
 * Returns: (transfer full): a bubble without a message
 */
GtkWidget *
tea_message_bubble_new (void)
{
  return g_object_new (TEA_TYPE_MESSAGE_BUBBLE, NULL);
}

/**
 * tea_message_bubble_set_item:
 * @self: a bubble
 * @item: (nullable): a message
 * @reader: (nullable): who reads it; not %NULL where there is a message
 *
 * Shows a message.
 */
void
tea_message_bubble_set_item (TeaMessageBubble *self, TeaTimelineItem *item, TeaReader *reader)
{
  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (item == NULL || TEA_IS_TIMELINE_ITEM (item));
  g_return_if_fail (item == NULL || TEA_IS_READER (reader));

  g_clear_handle_id (&self->flash_id, g_source_remove);
  g_set_object (&self->item, item);
  g_set_object (&self->reader, reader);
  g_signal_group_set_target (self->item_signals, item);
  show_quote (self);
  if (item != NULL)
    show_text (self);
}

/**
 * tea_message_bubble_update:
 * @self: a bubble that has a message
 *
 * To be called when anything but the text of the message has changed.
 */
void
tea_message_bubble_update (TeaMessageBubble *self)
{
  TeaDelivery delivery;
  guint style = 0;

  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (self->item != NULL);

  delivery = tea_timeline_item_get_delivery (self->item);

  if (tea_timeline_item_is_own (self->item))
    style |= STYLE_OWN;
  if (tea_timeline_item_is_first_of_group (self->item))
    style |= STYLE_FIRST;
  if (tea_timeline_item_mentions_me (self->item))
    style |= STYLE_MENTION;
  if (delivery == TEA_DELIVERY_WAITING)
    style |= STYLE_WAITING;
  if (delivery == TEA_DELIVERY_FAILED)
    style |= STYLE_FAILED;
  /* A sign that is not sent needs its bubble to say so. */
  if (self->is_emoji && delivery != TEA_DELIVERY_WAITING && delivery != TEA_DELIVERY_FAILED)
    style |= STYLE_EMOJI;
  if (tea_timeline_item_is_removed (self->item))
    style |= STYLE_REMOVED;
  if (self->is_faded)
    style |= STYLE_FADED;
  if (self->flash_id != 0)
    style |= STYLE_FLASH;

  set_style (self, style);
}

/**
 * tea_message_bubble_set_faded:
 * @self: a bubble that has a message
 * @faded: whether the message is still on its way
 */
void
tea_message_bubble_set_faded (TeaMessageBubble *self, gboolean faded)
{
  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));

  if (self->is_faded == faded)
    return;

  self->is_faded = faded;
  tea_message_bubble_update (self);
}

/**
 * tea_message_bubble_copy:
 * @self: a bubble that has a message
 *
 * Copies what is selected, or all of the message, as it was written, if nothing is.
 */
void
tea_message_bubble_copy (TeaMessageBubble *self)
{
  g_autofree char *selected = NULL;
  int start;
  int end;

  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (self->item != NULL);

  if (gtk_label_get_selection_bounds (self->label, &start, &end) && start < self->text_length)
    selected
        = g_utf8_substring (gtk_label_get_text (self->label), start, MIN (end, self->text_length));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          selected != NULL ? selected : tea_timeline_item_get_text (self->item));
}

/**
 * tea_message_bubble_flash:
 * @self: a bubble that has a message
 *
 * Draws the eye to the bubble for a moment.
 */
void
tea_message_bubble_flash (TeaMessageBubble *self)
{
  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (self->item != NULL);

  g_clear_handle_id (&self->flash_id, g_source_remove);
  self->flash_id = g_timeout_add_seconds (1, end_flash_cb, self);
  tea_message_bubble_update (self);
}
