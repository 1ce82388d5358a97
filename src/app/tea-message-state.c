/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-state.h"

#include <glib/gi18n.h>

#include "tea-text.h"
#include "tea-time-text.h"

/* So many characters of a message are enough to know it by. */
#define SUMMARY_MAX 200

/* For longer than this nobody counts seconds. */
#define HOLD_COUNTED (100 * G_TIME_SPAN_SECOND)

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
 * tea_message_state_set_hold:
 * @waiting: what stands beside a message that waits
 * @until: when the message is sent again, in µs since the Unix epoch; 0 where that is not known
 * @now: what time it is
 *
 * Says how long a message still waits.
 *
 * Returns: after how many ms that has to be said anew; 0 for never
 */
guint
tea_message_state_set_hold (GtkWidget *waiting, gint64 until, gint64 now)
{
  GtkWidget *label = gtk_widget_get_last_child (waiting);
  gint64 left = until - now;
  g_autofree char *text = NULL;

  if (until == 0 || left <= 0)
    {
      gtk_label_set_text (GTK_LABEL (label), _ ("Waiting"));
      return 0;
    }

  if (left > HOLD_COUNTED)
    {
      g_autofree char *clock = tea_time_text_new_clock (until);

      /* Translators: %s is a time of day, such as 15:30. */
      text = tea_text_format (_ ("Sending at %s"), clock);
      gtk_label_set_text (GTK_LABEL (label), text);
      return (guint) ((left - HOLD_COUNTED) / 1000 + 1);
    }

  text = g_strdup_printf (_ ("Sending in %u s"),
                          (guint) ((left + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND));
  gtk_label_set_text (GTK_LABEL (label), text);

  return (guint) ((left - 1) % G_TIME_SPAN_SECOND / 1000 + 1);
}

/**
 * tea_message_state_dup_removed:
 * @item: a message that was removed
 * @n_removed: for how many such messages its line stands
 *
 * Returns: (transfer full): what is in their place
 */
char *
tea_message_state_dup_removed (TeaTimelineItem *item, guint n_removed)
{
  const char *remover = tea_timeline_item_get_removed_by (item);

  if (n_removed > 1)
    return g_strdup_printf (ngettext ("%u message removed", "%u messages removed", n_removed),
                            n_removed);
  if (remover == NULL || g_strcmp0 (remover, tea_timeline_item_get_author (item)) == 0)
    return g_strdup (_ ("Removed"));

  /* Translators: in place of a message; who removed it */
  return tea_text_format (_ ("Removed by %s"), remover);
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
  return tea_timeline_item_is_removed (item) ? tea_message_state_dup_removed (item, 1)
                                             : g_strdup (tea_timeline_item_get_text (item));
}

/**
 * tea_message_state_dup_line:
 * @item: a message
 *
 * Returns: (transfer full): how it begins, in one line, or that it was removed
 */
char *
tea_message_state_dup_line (TeaTimelineItem *item)
{
  g_autofree char *text = tea_message_state_dup_text (item);
  g_autofree char *beginning
      = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), SUMMARY_MAX));

  g_strdelimit (beginning, "\r\n\t", ' ');

  return g_strstrip (g_steal_pointer (&beginning));
}

/* Adds one more fact to a sentence. */
static void
add_fact (char **sentence, const char *fact)
{
  /* Translators: joins two facts that a screen reader tells about a message */
  char *longer = tea_text_format (_ ("%s, %s"), *sentence, fact);

  g_free (*sentence);
  *sentence = longer;
}

static void
add_target (char **sentence, TeaTimelineItem *item, TeaQuotes *quotes)
{
  TeaTimelineItem *target = tea_quotes_find (quotes, tea_timeline_item_get_reply_to (item));
  g_autofree char *fact = NULL;

  if (target == NULL)
    fact = g_strdup (_ ("replies to an earlier message"));
  else
    /* Translators: read out by screen readers, after who says something and when */
    fact = tea_text_format (_ ("replies to %s"), tea_timeline_item_get_author (target));
  add_fact (sentence, fact);
}

static const char *
tell_delivery (TeaTimelineItem *item)
{
  switch (tea_timeline_item_get_delivery (item))
    {
    case TEA_DELIVERY_FAILED:
      return _ ("not sent");
    case TEA_DELIVERY_WAITING:
      return _ ("waiting");
    case TEA_DELIVERY_SENDING:
      return _ ("sending");
    case TEA_DELIVERY_SENT:
    case TEA_DELIVERY_DELIVERED:
    default:
      return NULL;
    }
}

static guint
count_reactions (TeaTimelineItem *item)
{
  GPtrArray *reactions = tea_timeline_item_get_reactions (item);
  guint n = 0;

  for (guint i = 0; reactions != NULL && i < reactions->len; i++)
    n += tea_reaction_get_count (g_ptr_array_index (reactions, i));

  return n;
}

/**
 * tea_message_state_tell:
 * @item: a message
 * @quotes: where to look for what it answers
 *
 * Says all of a message in one sentence, to be read out.
 *
 * Returns: (transfer full): the sentence
 */
char *
tea_message_state_tell (TeaTimelineItem *item, TeaQuotes *quotes)
{
  const char *delivery = tell_delivery (item);
  guint n_reactions = count_reactions (item);
  g_autofree char *text = tea_message_state_dup_text (item);
  g_autofree char *clock = tea_time_text_new_clock (tea_timeline_item_get_time (item));
  g_autofree char *sentence = NULL;
  char *whole;

  sentence = g_strdup (tea_timeline_item_is_own (item) ? _ ("You")
                                                       : tea_timeline_item_get_author (item));
  add_fact (&sentence, clock);
  if (tea_timeline_item_get_reply_to (item) != 0 && !tea_timeline_item_is_removed (item))
    add_target (&sentence, item, quotes);
  if (delivery != NULL)
    add_fact (&sentence, delivery);
  if (tea_timeline_item_mentions_me (item))
    add_fact (&sentence, _ ("mentions you"));

  /* Translators: read out by screen readers: what is known of a message, and its text */
  whole = tea_text_format (_ ("%s: %s"), sentence, text);
  if (tea_timeline_item_get_edited (item) != 0 && !tea_timeline_item_is_removed (item))
    add_fact (&whole, _ ("edited"));
  if (n_reactions > 0)
    {
      g_autofree char *reactions
          = g_strdup_printf (ngettext ("%u reaction", "%u reactions", n_reactions), n_reactions);

      add_fact (&whole, reactions);
    }

  return whole;
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
