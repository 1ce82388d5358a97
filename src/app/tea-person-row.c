/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-person-row.h"

#include <glib/gi18n.h>

#include "tea-text.h"

/**
 * TeaPersonRow:
 *
 * Somebody in the list of the people present.
 */
struct _TeaPersonRow
{
  GtkListBoxRow parent_instance;

  TeaMember *member; /* (owned) */

  GtkWidget *avatar;
  GtkWidget *name_label;
  GtkWidget *you_badge;
  GtkWidget *host_badge;
};

G_DEFINE_FINAL_TYPE (TeaPersonRow, tea_person_row, GTK_TYPE_LIST_BOX_ROW)

static void
tea_person_row_dispose (GObject *object)
{
  TeaPersonRow *self = TEA_PERSON_ROW (object);

  g_clear_object (&self->member);

  G_OBJECT_CLASS (tea_person_row_parent_class)->dispose (object);
}

static void
tea_person_row_class_init (TeaPersonRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_person_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-person-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPersonRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, TeaPersonRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPersonRow, you_badge);
  gtk_widget_class_bind_template_child (widget_class, TeaPersonRow, host_badge);
}

static void
tea_person_row_init (TeaPersonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_person_row_new:
 * @member: somebody who is in the room
 * @is_you: whether that is this program's user
 * @is_host: whether that is who hosts the room
 *
 * Returns: (transfer full): the row of @member
 */
GtkWidget *
tea_person_row_new (TeaMember *member, gboolean is_you, gboolean is_host)
{
  TeaPersonRow *self;
  g_autofree char *label = NULL;
  const char *name;

  g_return_val_if_fail (TEA_IS_MEMBER (member), NULL);

  self = g_object_new (TEA_TYPE_PERSON_ROW, NULL);
  self->member = g_object_ref (member);
  name = tea_member_get_name (member);

  adw_avatar_set_text (ADW_AVATAR (self->avatar), name);
  gtk_label_set_label (GTK_LABEL (self->name_label), name);
  gtk_widget_set_visible (self->you_badge, is_you);
  gtk_widget_set_visible (self->host_badge, is_host);

  if (is_you)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "you");
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
    }

  if (is_you && is_host)
    /* Translators: %s is the user's own name, as a screen reader says it. */
    label = tea_text_format (_ ("%s, you, host"), name);
  else if (is_you)
    /* Translators: %s is the user's own name, as a screen reader says it. */
    label = tea_text_format (_ ("%s, you"), name);
  else if (is_host)
    /* Translators: %s is the name of who hosts the room, as a screen reader says it. */
    label = tea_text_format (_ ("%s, host"), name);
  else
    label = g_strdup (name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return GTK_WIDGET (self);
}

/**
 * tea_person_row_get_member:
 * @self: a row
 *
 * Returns: (transfer none): who the row shows
 */
TeaMember *
tea_person_row_get_member (TeaPersonRow *self)
{
  g_return_val_if_fail (TEA_IS_PERSON_ROW (self), NULL);

  return self->member;
}
