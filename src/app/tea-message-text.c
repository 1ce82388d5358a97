/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-text.h"

#include <string.h>

#include <glib/gi18n.h>

#include "tea-code-block.h"
#include "tea-message-markup.h"
#include "tea-message-parts.h"

#define MAX_CHARACTERS 58

/* A label asks for its least width with every height, and lays its text out at that
 * width to know it. This many characters are wide enough to make that cheap. */
#define MIN_CHARACTERS 8

/* Between text and blocks of code. */
#define SPACE 6

/* How far the ground of code in a line reaches beyond its text, and how round it is. */
#define CODE_PADDING 2
#define CODE_RADIUS 3

/**
 * TeaMessageText:
 *
 * The text of a message, which can be selected, and whose links can be opened; between the
 * text, blocks of code.
 *
 * The ground of code in a line is drawn here, and not by Pango: that would need spaces in the
 * text to keep a distance, and whoever selects some of it would get them as well.
 */
struct _TeaMessageText
{
  GtkWidget parent_instance;

  GtkLabel *label;  /* of most messages the only one */
  GPtrArray *parts; /* (owned) (nullable) (element-type GtkWidget): what follows */
  glong behind;     /* in characters: where in the last label begins what nobody wrote */
  gboolean has_code;
};

enum
{
  SIGNAL_COPY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaMessageText, tea_message_text, GTK_TYPE_WIDGET)

static guint
count_labels (TeaMessageText *self)
{
  return self->parts != NULL ? self->parts->len + 1 : 1;
}

/* The label of a part, be it text or code. */
static GtkLabel *
get_label (TeaMessageText *self, guint i)
{
  GtkWidget *part = i > 0 ? g_ptr_array_index (self->parts, i - 1) : GTK_WIDGET (self->label);

  return TEA_IS_CODE_BLOCK (part) ? tea_code_block_get_label (TEA_CODE_BLOCK (part))
                                  : GTK_LABEL (part);
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
snapshot_code (TeaMessageText *self, GtkLabel *label, GtkSnapshot *snapshot)
{
  PangoLayout *layout = gtk_label_get_layout (label);
  PangoAttrList *list = pango_layout_get_attributes (layout);
  GSList *attributes = list != NULL ? pango_attr_list_get_attributes (list) : NULL;
  double label_x;
  double label_y;
  int x;
  int y;

  gtk_widget_translate_coordinates (GTK_WIDGET (label), GTK_WIDGET (self), 0, 0, &label_x,
                                    &label_y);
  gtk_label_get_layout_offsets (label, &x, &y);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (label_x + x), (float) (label_y + y)));

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
activate_link_cb (TeaMessageText *self, const char *uri, GtkLabel *label)
{
  g_autoptr (GFile) room = NULL;

  g_assert (TEA_IS_MESSAGE_TEXT (self));

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
copy_clipboard_cb (TeaMessageText *self, GtkLabel *label)
{
  g_assert (TEA_IS_MESSAGE_TEXT (self));

  g_signal_stop_emission_by_name (label, "copy-clipboard");
  g_signal_emit (self, signals[SIGNAL_COPY], 0);
}

static void
follow_label (TeaMessageText *self, GtkLabel *label)
{
  g_signal_connect_object (label, "activate-link", G_CALLBACK (activate_link_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (label, "copy-clipboard", G_CALLBACK (copy_clipboard_cb), self,
                           G_CONNECT_SWAPPED);
}

static GtkLabel *
new_label (TeaMessageText *self)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GtkLabel *label = GTK_LABEL (gtk_label_new (NULL));

  /* A hyphen that nobody wrote changes a link or a number. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_wrap_mode (label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (label, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_max_width_chars (label, MAX_CHARACTERS);
  gtk_label_set_xalign (label, 0);
  gtk_label_set_selectable (label, TRUE);
  follow_label (self, label);

  return label;
}

/* Adds a part behind the others. */
static void
add_part (TeaMessageText *self, GtkWidget *part)
{
  if (self->parts == NULL)
    self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_widget_unparent);

  gtk_widget_set_parent (part, GTK_WIDGET (self));
  g_ptr_array_add (self->parts, part);
}

static void
show_label (TeaMessageText *self, GtkLabel *label, const char *text, GRegex *mention)
{
  g_autofree char *markup = tea_message_markup_new (text, mention);

  gtk_label_set_width_chars (label, strlen (text) > 3 * MIN_CHARACTERS ? MIN_CHARACTERS : -1);
  gtk_label_set_markup (label, markup);
  self->has_code |= strchr (text, '`') != NULL;
}

/* A block of code has nothing behind it: that gets a label of its own. */
static void
show_behind (TeaMessageText *self, const char *text, GRegex *mention, const char *behind)
{
  GtkLabel *last;
  g_autofree char *markup = text != NULL ? tea_message_markup_new (text, mention) : g_strdup ("");
  g_autofree char *whole = g_strconcat (markup, behind, NULL);

  if (text == NULL)
    add_part (self, GTK_WIDGET (new_label (self)));
  last = get_label (self, count_labels (self) - 1);
  self->behind = g_utf8_strlen (gtk_label_get_text (last), -1);
  gtk_label_set_markup (last, whole);
}

static void
tea_message_text_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TeaMessageText *self = TEA_MESSAGE_TEXT (widget);

  for (guint i = 0; self->has_code && i < count_labels (self); i++)
    {
      GtkLabel *label = get_label (self, i);

      if (gtk_widget_get_parent (GTK_WIDGET (label)) == widget
          && gtk_widget_get_mapped (GTK_WIDGET (label)))
        snapshot_code (self, label, snapshot);
    }

  GTK_WIDGET_CLASS (tea_message_text_parent_class)->snapshot (widget, snapshot);
}

static void
tea_message_text_dispose (GObject *object)
{
  TeaMessageText *self = TEA_MESSAGE_TEXT (object);

  g_clear_pointer (&self->parts, g_ptr_array_unref);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (tea_message_text_parent_class)->dispose (object);
}

static void
tea_message_text_class_init (TeaMessageTextClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_message_text_dispose;
  widget_class->snapshot = tea_message_text_snapshot;

  /**
   * TeaMessageText::copy:
   * @self: the text
   *
   * What is selected is to be copied, or all of the message.
   */
  signals[SIGNAL_COPY] = g_signal_new ("copy", TEA_TYPE_MESSAGE_TEXT, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
tea_message_text_init (TeaMessageText *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), SPACE);

  self->label = new_label (self);
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));
}

/**
 * tea_message_text_new:
 *
 * Returns: (transfer full): a text without a letter
 */
GtkWidget *
tea_message_text_new (void)
{
  return g_object_new (TEA_TYPE_MESSAGE_TEXT, NULL);
}

/**
 * tea_message_text_set_text:
 * @self: a text
 * @text: what somebody wrote
 * @mention: (nullable): what to show bold
 * @behind: (nullable): Pango markup that is shown behind it
 *
 * Shows what was written.
 */
void
tea_message_text_set_text (TeaMessageText *self,
                           const char *text,
                           GRegex *mention,
                           const char *behind)
{
  g_autoptr (GPtrArray) parts = NULL;
  const TeaMessagePart *part = NULL;

  g_return_if_fail (TEA_IS_MESSAGE_TEXT (self));
  g_return_if_fail (text != NULL);

  parts = tea_message_parts_new (text);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  self->has_code = FALSE;
  self->behind = G_MAXLONG;

  part = g_ptr_array_index (parts, 0);
  show_label (self, self->label, part->is_code ? "" : part->text, mention);
  gtk_widget_set_visible (GTK_WIDGET (self->label), !part->is_code);

  for (guint i = part->is_code ? 0 : 1; i < parts->len; i++)
    {
      part = g_ptr_array_index (parts, i);
      if (part->is_code)
        {
          add_part (self, tea_code_block_new (part->text));
          follow_label (self, get_label (self, count_labels (self) - 1));
        }
      else
        {
          GtkLabel *label = new_label (self);

          add_part (self, GTK_WIDGET (label));
          show_label (self, label, part->text, mention);
        }
    }

  if (behind != NULL)
    show_behind (self, part->is_code ? NULL : part->text, mention, behind);
}

/**
 * tea_message_text_get_uri:
 * @self: a text
 *
 * Returns: (transfer none) (nullable): where the link leads that is pointed at, if one is
 */
const char *
tea_message_text_get_uri (TeaMessageText *self)
{
  const char *uri = NULL;

  g_return_val_if_fail (TEA_IS_MESSAGE_TEXT (self), NULL);

  for (guint i = 0; uri == NULL && i < count_labels (self); i++)
    uri = gtk_label_get_current_uri (get_label (self, i));

  return uri;
}

/**
 * tea_message_text_dup_selected:
 * @self: a text
 *
 * Returns: (transfer full) (nullable): what of the text is selected, without what is behind it,
 *   if anything is
 */
char *
tea_message_text_dup_selected (TeaMessageText *self)
{
  guint n;

  g_return_val_if_fail (TEA_IS_MESSAGE_TEXT (self), NULL);

  n = count_labels (self);
  for (guint i = 0; i < n; i++)
    {
      GtkLabel *label = get_label (self, i);
      glong limit = i == n - 1 ? self->behind : G_MAXLONG;
      int start;
      int end;

      if (gtk_label_get_selection_bounds (label, &start, &end) && start < limit)
        return g_utf8_substring (gtk_label_get_text (label), start, MIN (end, limit));
    }

  return NULL;
}
