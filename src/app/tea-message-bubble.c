/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-bubble.h"

#include <glib/gi18n.h>

#include "tea-message-markup.h"
#include "tea-message-quote.h"
#include "tea-message-state.h"
#include "tea-message-text.h"
#include "tea-text.h"
#include "tea-time-text.h"
#include "tea-tooltip.h"

/* Between the strip of a reply and its text. */
#define QUOTE_SPACE 5

/* That a message was edited is said behind it, as small among big emoji as in a text. */
#define EDITED_SIZE 82
#define EDITED_SIZE_EMOJI 37

/**
 * TeaMessageBubble:
 *
 * The text of a message, and the bubble round it, which looks as the message stands:
 * one's own, a mention, waiting, failed or removed. In a reply, what it answers is above.
 */
struct _TeaMessageBubble
{
  GtkWidget parent_instance;

  TeaTimelineItem *item;      /* (owned) (nullable) */
  GSignalGroup *item_signals; /* (owned): of the item */
  TeaReader *reader;          /* (owned) (nullable) */

  GtkWidget *quote; /* (nullable): made when first needed */
  TeaMessageText *text;

  guint style; /* flags of the classes the bubble has */
  gboolean is_emoji;
  gboolean is_faded;
  guint n_removed; /* how many messages that were removed it stands for */
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

static gboolean
query_tooltip_cb (TeaMessageBubble *self, int x, int y, gboolean keyboard_mode, GtkTooltip *tooltip)
{
  const char *uri = tea_message_text_get_uri (self->text);
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
copy_cb (TeaMessageBubble *self)
{
  g_assert (TEA_IS_MESSAGE_BUBBLE (self));

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

/* No-break spaces before it: it is not alone in a line where it need not be. */
static char *
make_edited (TeaMessageBubble *self)
{
  return g_strdup_printf ("<span size=\"%d%%\" alpha=\"72%%\">\302\240 %s</span>",
                          self->is_emoji ? EDITED_SIZE_EMOJI : EDITED_SIZE,
                          /* Translators: small, behind a message that was edited */
                          _ ("edited"));
}

static void
show_text (TeaMessageBubble *self)
{
  gboolean removed = tea_timeline_item_is_removed (self->item);
  g_autofree char *text = removed ? tea_message_state_dup_removed (self->item, self->n_removed)
                                  : tea_message_state_dup_text (self->item);
  g_autofree char *edited = NULL;

  self->is_emoji = !removed && tea_message_markup_count_emoji (text) > 0;
  if (!removed && tea_timeline_item_get_edited (self->item) != 0)
    edited = make_edited (self);
  tea_message_text_set_text (self->text, text,
                             tea_timeline_item_mentions_me (self->item)
                                 ? tea_reader_get_mention (self->reader)
                                 : NULL,
                             edited);
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
      self->quote = tea_message_quote_new (TRUE);
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
  if (self->text != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->text));
  self->text = NULL;

  G_OBJECT_CLASS (tea_message_bubble_parent_class)->dispose (object);
}

static void
tea_message_bubble_class_init (TeaMessageBubbleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_message_bubble_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
tea_message_bubble_init (TeaMessageBubble *self)
{
  static const char *const notifications[] = { "notify::text", "notify::mention", "notify::edited",
                                               "notify::removed-by", "notify::reply-to" };
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), QUOTE_SPACE);

  self->item_signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  for (guint i = 0; i < G_N_ELEMENTS (notifications); i++)
    g_signal_group_connect_swapped (self->item_signals, notifications[i], G_CALLBACK (text_cb),
                                    self);

  self->text = TEA_MESSAGE_TEXT (tea_message_text_new ());
  gtk_widget_set_has_tooltip (GTK_WIDGET (self->text), TRUE);
  g_signal_connect_object (self->text, "query-tooltip", G_CALLBACK (query_tooltip_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text, "copy", G_CALLBACK (copy_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (GTK_WIDGET (self->text), GTK_WIDGET (self));

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
  self->n_removed = 1;
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
 * tea_message_bubble_set_n_removed:
 * @self: a bubble of a message that was removed
 * @n_removed: how many messages that were removed it stands for
 */
void
tea_message_bubble_set_n_removed (TeaMessageBubble *self, guint n_removed)
{
  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (self->item != NULL);

  if (self->n_removed == n_removed)
    return;

  self->n_removed = n_removed;
  show_text (self);
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

  g_return_if_fail (TEA_IS_MESSAGE_BUBBLE (self));
  g_return_if_fail (self->item != NULL);

  selected = tea_message_text_dup_selected (self->text);
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
