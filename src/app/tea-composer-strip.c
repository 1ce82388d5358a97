/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-composer-strip.h"

#include <glib/gi18n.h>

#include "tea-message-state.h"
#include "tea-text.h"

/**
 * TeaComposerStrip:
 *
 * What is above the text that one writes: the message that it answers, or changes, with a button
 * that gives that up.
 */
struct _TeaComposerStrip
{
  AdwBin parent_instance;

  TeaTimelineItem *item; /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of @item */

  GtkRevealer *revealer;
  GtkWidget *icon;
  GtkWidget *name_label;
  GtkWidget *text_label;
  GtkWidget *close_button;
};

enum
{
  SIGNAL_CLOSE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaComposerStrip, tea_composer_strip, ADW_TYPE_BIN)

static void
item_changed_cb (TeaComposerStrip *self)
{
  g_autofree char *text = NULL;

  g_assert (TEA_IS_COMPOSER_STRIP (self));

  text = tea_message_state_dup_line (self->item);
  gtk_label_set_text (GTK_LABEL (self->text_label), text);
}

static void
show (TeaComposerStrip *self,
      TeaTimelineItem *item,
      const char *icon_name,
      const char *name,
      const char *close)
{
  g_set_object (&self->item, item);
  g_signal_group_set_target (self->signals, item);
  item_changed_cb (self);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon_name);
  gtk_label_set_text (GTK_LABEL (self->name_label), name);
  gtk_widget_set_tooltip_text (self->close_button, close);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->close_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, close, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

static void
close_clicked_cb (TeaComposerStrip *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSE], 0);
}

/* GTK 4.8 would come to the button by Tab also where it is not revealed. */
static void
revealed_cb (TeaComposerStrip *self)
{
  if (!gtk_revealer_get_reveal_child (self->revealer)
      && !gtk_revealer_get_child_revealed (self->revealer))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
tea_composer_strip_dispose (GObject *object)
{
  TeaComposerStrip *self = TEA_COMPOSER_STRIP (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (tea_composer_strip_parent_class)->dispose (object);
}

static void
tea_composer_strip_class_init (TeaComposerStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tea_composer_strip_dispose;

  /**
   * TeaComposerStrip::close:
   * @self: the strip
   *
   * What is above the text is to be given up.
   */
  signals[SIGNAL_CLOSE] = g_signal_new ("close", TEA_TYPE_COMPOSER_STRIP, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-composer-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaComposerStrip, revealer);
  gtk_widget_class_bind_template_child (widget_class, TeaComposerStrip, icon);
  gtk_widget_class_bind_template_child (widget_class, TeaComposerStrip, name_label);
  gtk_widget_class_bind_template_child (widget_class, TeaComposerStrip, text_label);
  gtk_widget_class_bind_template_child (widget_class, TeaComposerStrip, close_button);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, revealed_cb);
}

static void
tea_composer_strip_init (TeaComposerStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  self->signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::text", G_CALLBACK (item_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::removed-by", G_CALLBACK (item_changed_cb),
                                  self);
}

/**
 * tea_composer_strip_show_reply:
 * @self: a strip
 * @item: the message that is answered
 */
void
tea_composer_strip_show_reply (TeaComposerStrip *self, TeaTimelineItem *item)
{
  g_autofree char *label = NULL;

  g_return_if_fail (TEA_IS_COMPOSER_STRIP (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  show (self, item, "mail-reply-sender-symbolic", tea_timeline_item_get_author (item),
        _ ("Do Not Reply"));
  /* Translators: %s is a name. */
  label = tea_text_format (_ ("Reply to %s"), tea_timeline_item_get_author (item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name_label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

/**
 * tea_composer_strip_show_edit:
 * @self: a strip
 * @item: the message that is given another text
 */
void
tea_composer_strip_show_edit (TeaComposerStrip *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_COMPOSER_STRIP (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  show (self, item, "document-edit-symbolic", _ ("Edit Message"), _ ("Do Not Edit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name_label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Edit Message"), -1);
}

/**
 * tea_composer_strip_hide:
 * @self: a strip
 *
 * Nothing is answered or changed any more.
 */
void
tea_composer_strip_hide (TeaComposerStrip *self)
{
  g_return_if_fail (TEA_IS_COMPOSER_STRIP (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  revealed_cb (self);
}
