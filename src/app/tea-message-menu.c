/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-message-menu.h"

#include <glib/gi18n.h>

#include "tea-popup.h"
#include "tea-reaction-chooser.h"

/**
 * TeaMessageMenu:
 *
 * The popover with what one may do with a message, and that with all emojis to react with. Both
 * are made when they are first needed.
 */
struct _TeaMessageMenu
{
  GObject parent_instance;

  GtkWidget *parent;        /* (unowned): what the popovers belong to, and which owns this */
  GtkWidget *popover;       /* (nullable) */
  GtkWidget *emoji_chooser; /* (nullable) */
  guint64 emoji_seq;        /* the message that @emoji_chooser is for */
};

G_DEFINE_FINAL_TYPE (TeaMessageMenu, tea_message_menu, G_TYPE_OBJECT)

static void
append (GMenu *menu, const char *label, const char *action, GVariant *target, const char *accel)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  if (accel != NULL)
    g_menu_item_set_attribute (item, "accel", "s", accel);
  g_menu_append_item (menu, item);
}

static void
append_section (GMenu *menu, GMenu *section)
{
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/* A place in the menu for a widget. */
static void
append_custom (GMenu *menu, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
  g_autoptr (GMenu) section = g_menu_new ();

  g_menu_item_set_attribute (item, "custom", "s", id);
  g_menu_append_item (section, item);
  append_section (menu, section);
}

static void
fill_section (GMenu *section, TeaTimelineItem *item, TeaMessageRights rights)
{
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);
  guint64 seq = tea_timeline_item_get_seq (item);
  gboolean pinned = tea_timeline_item_is_pinned (item);

  if (rights & TEA_MESSAGE_REPLY)
    append (section, _ ("_Reply"), "message.reply", g_variant_new_uint64 (seq), "<Control>r");
  if (rights & TEA_MESSAGE_EDIT)
    append (section, _ ("_Edit"), "message.edit", g_variant_new_uint64 (seq), "F2");
  if (!tea_timeline_item_is_removed (item))
    append (section, _ ("_Copy"), "timeline.copy", NULL, "<Control>c");
  if (!tea_timeline_item_is_own (item))
    append (section, _ ("_Mention"), "timeline.mention", NULL, NULL);
  append (section, _ ("_Select"), "timeline.select", NULL, NULL);
  if (rights & TEA_MESSAGE_PIN)
    append (section, pinned ? _ ("Un_pin") : _ ("_Pin"), "message.pin",
            g_variant_new ("(tb)", seq, !pinned), NULL);
  if (delivery == TEA_DELIVERY_FAILED
      || (delivery == TEA_DELIVERY_WAITING && tea_timeline_item_get_failure (item) != NULL))
    append (section, _ ("_Retry"), "timeline.retry", NULL, NULL);
  if (delivery == TEA_DELIVERY_FAILED || delivery == TEA_DELIVERY_WAITING)
    append (section, _ ("_Delete"), "timeline.delete", NULL, "Delete");
}

static GMenuModel *
build_menu (TeaTimelineItem *item, TeaMessageRights rights)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();

  if (rights & TEA_MESSAGE_REPLY)
    append_custom (menu, "reactions");
  fill_section (section, item, rights);
  append_section (menu, section);
  if (rights & TEA_MESSAGE_REMOVE)
    append (last, _ ("Re_move…"), "message.remove",
            g_variant_new_uint64 (tea_timeline_item_get_seq (item)), "Delete");
  append_section (menu, last);

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static void
emoji_picked_cb (TeaMessageMenu *self, const char *emoji)
{
  g_assert (TEA_IS_MESSAGE_MENU (self));

  gtk_widget_activate_action (self->parent, "message.react", "(tsb)", self->emoji_seq, emoji, TRUE);
}

static void
tea_message_menu_dispose (GObject *object)
{
  TeaMessageMenu *self = TEA_MESSAGE_MENU (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->emoji_chooser, gtk_widget_unparent);

  G_OBJECT_CLASS (tea_message_menu_parent_class)->dispose (object);
}

static void
tea_message_menu_class_init (TeaMessageMenuClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_message_menu_dispose;
}

static void
tea_message_menu_init (TeaMessageMenu *self)
{
}

/**
 * tea_message_menu_new:
 * @parent: what the popovers belong to; it has to stay for as long
 *
 * Returns: (transfer full): a menu that is not shown
 */
TeaMessageMenu *
tea_message_menu_new (GtkWidget *parent)
{
  TeaMessageMenu *self;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);

  self = g_object_new (TEA_TYPE_MESSAGE_MENU, NULL);
  self->parent = parent;

  return self;
}

/**
 * tea_message_menu_show:
 * @self: a menu
 * @item: a message
 * @rights: what one may do with it
 * @where: where it is in the parent
 *
 * Shows what one may do with a message, and nothing else.
 */
void
tea_message_menu_show (TeaMessageMenu *self,
                       TeaTimelineItem *item,
                       TeaMessageRights rights,
                       const GdkRectangle *where)
{
  g_autoptr (GMenuModel) model = NULL;

  g_return_if_fail (TEA_IS_MESSAGE_MENU (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  model = build_menu (item, rights);
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (model);
      gtk_widget_add_css_class (self->popover, "message-menu");
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, self->parent);
    }
  else
    {
      gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), model);
    }
  if (rights & TEA_MESSAGE_REPLY)
    gtk_popover_menu_add_child (GTK_POPOVER_MENU (self->popover),
                                tea_reaction_chooser_new (tea_timeline_item_get_seq (item)),
                                "reactions");

  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), where);
  tea_popup (GTK_POPOVER (self->popover));
}

/**
 * tea_message_menu_choose_reaction:
 * @self: a menu
 * @seq: the number of a message
 * @where: where it is in the parent
 *
 * Shows all emojis, to react to a message with one.
 */
void
tea_message_menu_choose_reaction (TeaMessageMenu *self, guint64 seq, const GdkRectangle *where)
{
  g_return_if_fail (TEA_IS_MESSAGE_MENU (self));

  /* Nearly two thousand emoji: only when somebody wants one. */
  if (self->emoji_chooser == NULL)
    {
      self->emoji_chooser = gtk_emoji_chooser_new ();
      gtk_widget_set_parent (self->emoji_chooser, self->parent);
      g_signal_connect_object (self->emoji_chooser, "emoji-picked", G_CALLBACK (emoji_picked_cb),
                               self, G_CONNECT_SWAPPED);
    }

  self->emoji_seq = seq;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->emoji_chooser), where);
  tea_popup (GTK_POPOVER (self->emoji_chooser));
}
