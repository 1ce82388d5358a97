/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-state.h"

#include <glib/gi18n.h>

#include "tea-text.h"
#include "tea-time-text.h"

/* How far a message has come, to be seen beside or below its bubble, and to be heard. */

static GtkWidget *
new_state (const char *icon_name, const char *text, const char *class_name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_add_css_class (box, "message-state");
  gtk_widget_add_css_class (box, class_name);

  return box;
}

static GtkWidget *
new_state_button (gpointer owner, const char *text, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_label (text);

  gtk_widget_add_css_class (button, "message-button");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, owner, G_CONNECT_SWAPPED);

  return button;
}

/**
 * tea_message_state_is_settled:
 * @item: a message
 *
 * Returns: whether nothing more has to happen to it, as far as one can know
 */
gboolean
tea_message_state_is_settled (TeaTimelineItem *item)
{
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);

  return delivery == TEA_DELIVERY_SENT || delivery == TEA_DELIVERY_DELIVERED;
}

/**
 * tea_message_state_new_waiting:
 *
 * Returns: (transfer full): what stands beside a message that waits to be sent
 */
GtkWidget *
tea_message_state_new_waiting (void)
{
  return new_state ("document-open-recent-symbolic", _ ("Waiting"), "soft");
}

/**
 * tea_message_state_new_sending:
 *
 * Returns: (transfer full): what stands beside a message that takes its time
 */
GtkWidget *
tea_message_state_new_sending (void)
{
  return new_state ("teahouse-send-symbolic", _ ("Sending…"), "soft");
}

/**
 * tea_message_state_new_failed:
 * @owner: the object to hand to the callbacks
 * @retry: called when the message is to be sent once more
 * @discard: called when the message is to be given up
 *
 * Returns: (transfer full): what stands below a message that could not be sent
 */
GtkWidget *
tea_message_state_new_failed (gpointer owner, GCallback retry, GCallback discard)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *retry_button = new_state_button (owner, _ ("Retry"), retry);

  gtk_widget_remove_css_class (retry_button, "flat");
  gtk_widget_set_margin_start (retry_button, 4);
  gtk_box_append (GTK_BOX (box), new_state ("dialog-warning-symbolic", _ ("Not sent"), "error"));
  gtk_box_append (GTK_BOX (box), retry_button);
  gtk_box_append (GTK_BOX (box), new_state_button (owner, _ ("Delete"), discard));

  return box;
}

/**
 * tea_message_state_dup_text:
 * @item: a message
 *
 * Returns: (transfer full): what it says, or that it was removed
 */
char *
tea_message_state_dup_text (TeaTimelineItem *item)
{
  const char *remover = tea_timeline_item_get_removed_by (item);

  if (!tea_timeline_item_is_removed (item))
    return g_strdup (tea_timeline_item_get_text (item));
  if (remover == NULL)
    return g_strdup (_ ("Removed"));

  /* Translators: in place of a message; who removed it */
  return tea_text_format (_ ("Removed by %s"), remover);
}

/**
 * tea_message_state_tell:
 * @item: a message
 *
 * Says all of a message in one sentence, to be read out.
 *
 * Returns: (transfer full): the sentence
 */
char *
tea_message_state_tell (TeaTimelineItem *item)
{
  const char *name
      = tea_timeline_item_is_own (item) ? _ ("You") : tea_timeline_item_get_author (item);
  g_autofree char *text = tea_message_state_dup_text (item);
  g_autofree char *clock = tea_time_text_new_clock (tea_timeline_item_get_time (item));

  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
    /* Translators: read out by screen readers: name, time, text of a message */
    return tea_text_format (_ ("%s, %s, not sent: %s"), name, clock, text);

  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_WAITING)
    /* Translators: read out by screen readers: name, time, text of a message */
    return tea_text_format (_ ("%s, %s, waiting: %s"), name, clock, text);

  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_SENDING)
    /* Translators: read out by screen readers: name, time, text of a message */
    return tea_text_format (_ ("%s, %s, sending: %s"), name, clock, text);

  if (tea_timeline_item_mentions_me (item))
    /* Translators: read out by screen readers: name, time, text of a message */
    return tea_text_format (_ ("%s, %s, mentions you: %s"), name, clock, text);

  /* Translators: read out by screen readers: name, time, text of a message */
  return tea_text_format (_ ("%s, %s: %s"), name, clock, text);
}

/**
 * tea_message_state_tell_about:
 * @item: a message
 *
 * Says whom one gets to know more about, to be read out.
 *
 * Returns: (transfer full): the words
 */
char *
tea_message_state_tell_about (TeaTimelineItem *item)
{
  /* Translators: a button that shows who somebody is, as a screen reader says it. */
  return tea_text_format (_ ("About %s"), tea_timeline_item_get_author (item));
}
