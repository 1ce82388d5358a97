/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-selection-header.h"

#include <glib/gi18n.h>

/**
 * TeaSelectionHeader:
 *
 * The header bar while somebody selects messages: how many there are.
 */
struct _TeaSelectionHeader
{
  AdwBin parent_instance;

  GtkWidget *title_label;
};

G_DEFINE_FINAL_TYPE (TeaSelectionHeader, tea_selection_header, ADW_TYPE_BIN)

static void
changed_cb (TeaSelectionHeader *self, TeaSelection *selection)
{
  guint n = tea_selection_get_n_items (selection);
  g_autofree char *title = NULL;

  g_assert (TEA_IS_SELECTION_HEADER (self));

  /* Translators: how many messages are selected */
  title = g_strdup_printf (ngettext ("%u Selected", "%u Selected", n), n);
  gtk_label_set_text (GTK_LABEL (self->title_label), title);
  gtk_widget_set_visible (GTK_WIDGET (self), tea_selection_is_active (selection));
}

static void
tea_selection_header_class_init (TeaSelectionHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-selection-header.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaSelectionHeader, title_label);
}

static void
tea_selection_header_init (TeaSelectionHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * tea_selection_header_set_selection:
 * @self: a header bar
 * @selection: the selection that it tells about
 *
 * To be called once: the header bar is visible while somebody selects.
 */
void
tea_selection_header_set_selection (TeaSelectionHeader *self, TeaSelection *selection)
{
  g_return_if_fail (TEA_IS_SELECTION_HEADER (self));
  g_return_if_fail (TEA_IS_SELECTION (selection));

  g_signal_connect_object (selection, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self, selection);
}
