/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-room-about.h"

#include "tea-message-quote.h"
#include "tea-pinned-message.h"

/**
 * TeaRoomAbout:
 *
 * What a room is about, above who is in it: its topic, and the messages that are pinned, the
 * latest first, which lead to where they were said. There is nothing to be seen of it in a room
 * that has neither.
 */
struct _TeaRoomAbout
{
  AdwBin parent_instance;

  TeaConversation *conversation; /* (owned) (nullable) */
  TeaQuotes *quotes;             /* (owned) (nullable) */

  GtkWidget *topic_box;
  GtkWidget *topic_label;
  GtkWidget *pins_box;
  GtkWidget *pins;
};

G_DEFINE_FINAL_TYPE (TeaRoomAbout, tea_room_about, ADW_TYPE_BIN)

static void
update (TeaRoomAbout *self)
{
  const char *topic = tea_conversation_get_topic (self->conversation);
  guint n_pins = g_list_model_get_n_items (tea_conversation_get_pins (self->conversation));

  gtk_label_set_text (GTK_LABEL (self->topic_label), topic);
  gtk_widget_set_visible (self->topic_box, *topic != '\0');
  gtk_widget_set_visible (self->pins_box, n_pins > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), *topic != '\0' || n_pins > 0);
}

static void
topic_changed_cb (TeaRoomAbout *self)
{
  g_assert (TEA_IS_ROOM_ABOUT (self));

  update (self);
}

/* There are few of them, and they seldom change. */
static void
pins_changed_cb (TeaRoomAbout *self)
{
  GListModel *pins = tea_conversation_get_pins (self->conversation);
  GtkWidget *child;

  g_assert (TEA_IS_ROOM_ABOUT (self));

  while ((child = gtk_widget_get_first_child (self->pins)) != NULL)
    gtk_box_remove (GTK_BOX (self->pins), child);

  for (guint i = 0; i < g_list_model_get_n_items (pins); i++)
    {
      g_autoptr (TeaPinnedMessage) pin = g_list_model_get_item (pins, i);
      GtkWidget *quote = tea_message_quote_new (FALSE);

      tea_message_quote_set_target (TEA_MESSAGE_QUOTE (quote), self->quotes,
                                    tea_pinned_message_get_target (pin));
      gtk_box_prepend (GTK_BOX (self->pins), quote);
    }
  update (self);
}

static void
tea_room_about_dispose (GObject *object)
{
  TeaRoomAbout *self = TEA_ROOM_ABOUT (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->quotes);

  G_OBJECT_CLASS (tea_room_about_parent_class)->dispose (object);
}

static void
tea_room_about_class_init (TeaRoomAboutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_room_about_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-room-about.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaRoomAbout, topic_box);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomAbout, topic_label);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomAbout, pins_box);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomAbout, pins);
}

static void
tea_room_about_init (TeaRoomAbout *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * tea_room_about_set_conversation:
 * @self: a widget that tells of no room
 * @conversation: the room
 * @quotes: where to look for what is pinned
 *
 * Tells of a room, and follows it as it changes. To be called once.
 */
void
tea_room_about_set_conversation (TeaRoomAbout *self,
                                 TeaConversation *conversation,
                                 TeaQuotes *quotes)
{
  g_return_if_fail (TEA_IS_ROOM_ABOUT (self));
  g_return_if_fail (TEA_IS_CONVERSATION (conversation));
  g_return_if_fail (TEA_IS_QUOTES (quotes));
  g_return_if_fail (self->conversation == NULL);

  self->conversation = g_object_ref (conversation);
  self->quotes = g_object_ref (quotes);
  g_signal_connect_object (conversation, "notify::topic", G_CALLBACK (topic_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_conversation_get_pins (conversation), "items-changed",
                           G_CALLBACK (pins_changed_cb), self, G_CONNECT_SWAPPED);
  pins_changed_cb (self);
}
