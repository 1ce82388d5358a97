/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-message-quote.h"

#include <glib/gi18n.h>

#include "tea-message-state.h"
#include "tea-text.h"

/**
 * TeaMessageQuote:
 *
 * The strip that tells of another message, such as that which a reply answers: a button that
 * leads there. It is as high whatever it says, so that no row moves another.
 */
struct _TeaMessageQuote
{
  GtkButton parent_instance;

  gboolean in_reply;
  TeaQuotes *quotes;     /* (owned) (nullable) */
  guint64 seq;           /* of the message that is answered; 0 for none */
  TeaTimelineItem *item; /* (owned) (nullable): that message, where it is known */

  GSignalGroup *quotes_signals; /* (owned) */
  GSignalGroup *item_signals;   /* (owned) */

  GtkWidget *name_label;
  GtkWidget *text_label;
};

G_DEFINE_FINAL_TYPE (TeaMessageQuote, tea_message_quote, GTK_TYPE_BUTTON)

static void
update (TeaMessageQuote *self)
{
  gboolean removed = self->item != NULL && tea_timeline_item_is_removed (self->item);
  g_autofree char *text = NULL;
  g_autofree char *label = NULL;
  const char *name;

  if (self->item != NULL)
    {
      name = tea_timeline_item_get_author (self->item);
      text = tea_message_state_dup_line (self->item);
      /* Translators: a button in a reply, or one of a message that is pinned, as a screen reader
         says it: name, what they said. */
      label
          = tea_text_format (self->in_reply ? _ ("In reply to %s: %s") : _ ("%s: %s"), name, text);
    }
  else
    {
      /* Translators: in place of the name above a message that is quoted and not known */
      name = _ ("Earlier message");
      text
          = g_strdup (tea_quotes_is_gone (self->quotes, self->seq) ? _ ("Not kept any more") : "…");
      label = g_strdup (self->in_reply ? _ ("In reply to an earlier message") : name);
    }

  gtk_label_set_text (GTK_LABEL (self->name_label), name);
  gtk_label_set_text (GTK_LABEL (self->text_label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (removed || self->item == NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "removed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "removed");
}

static void
item_changed_cb (TeaMessageQuote *self)
{
  g_assert (TEA_IS_MESSAGE_QUOTE (self));

  update (self);
}

static void
find_item (TeaMessageQuote *self)
{
  g_set_object (&self->item, tea_quotes_find (self->quotes, self->seq));
  g_signal_group_set_target (self->item_signals, self->item);
  update (self);
}

static void
quotes_changed_cb (TeaMessageQuote *self, guint64 seq)
{
  g_assert (TEA_IS_MESSAGE_QUOTE (self));

  if (seq == self->seq)
    find_item (self);
}

static void
tea_message_quote_dispose (GObject *object)
{
  TeaMessageQuote *self = TEA_MESSAGE_QUOTE (object);

  g_clear_object (&self->quotes_signals);
  g_clear_object (&self->item_signals);
  g_clear_object (&self->quotes);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (tea_message_quote_parent_class)->dispose (object);
}

static void
tea_message_quote_class_init (TeaMessageQuoteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_message_quote_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-message-quote.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaMessageQuote, name_label);
  gtk_widget_class_bind_template_child (widget_class, TeaMessageQuote, text_label);
}

static void
tea_message_quote_init (TeaMessageQuote *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->quotes_signals = g_signal_group_new (TEA_TYPE_QUOTES);
  g_signal_group_connect_swapped (self->quotes_signals, "changed", G_CALLBACK (quotes_changed_cb),
                                  self);
  self->item_signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->item_signals, "notify::text", G_CALLBACK (item_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->item_signals, "notify::removed-by",
                                  G_CALLBACK (item_changed_cb), self);
}

/**
 * tea_message_quote_new:
 * @in_reply: whether it stands in the reply to the message that it tells of
 *
 * Returns: (transfer full): a strip that tells of no message
 */
GtkWidget *
tea_message_quote_new (gboolean in_reply)
{
  TeaMessageQuote *self = g_object_new (TEA_TYPE_MESSAGE_QUOTE, NULL);

  self->in_reply = in_reply;

  return GTK_WIDGET (self);
}

/**
 * tea_message_quote_set_target:
 * @self: a strip
 * @quotes: (nullable): where to look for the message
 * @seq: the number of the message that is answered; 0 for none
 *
 * Tells of a message, and follows it as it changes.
 */
void
tea_message_quote_set_target (TeaMessageQuote *self, TeaQuotes *quotes, guint64 seq)
{
  g_return_if_fail (TEA_IS_MESSAGE_QUOTE (self));
  g_return_if_fail (quotes == NULL || TEA_IS_QUOTES (quotes));
  g_return_if_fail (quotes != NULL || seq == 0);

  g_set_object (&self->quotes, quotes);
  self->seq = seq;
  g_signal_group_set_target (self->quotes_signals, quotes);
  if (seq > 0)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "t", seq);
      find_item (self);
      return;
    }

  g_clear_object (&self->item);
  g_signal_group_set_target (self->item_signals, NULL);
}
