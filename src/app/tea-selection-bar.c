/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-selection-bar.h"

/**
 * TeaSelectionBar:
 *
 * What can be done with the messages that are selected: buttons of the actions of
 * [class@Tea.SelectionActions].
 */
struct _TeaSelectionBar
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (TeaSelectionBar, tea_selection_bar, ADW_TYPE_BIN)

static void
tea_selection_bar_class_init (TeaSelectionBarClass *klass)
{
  gtk_widget_class_set_template_from_resource (
      GTK_WIDGET_CLASS (klass), "/io/github/teahousechat/Teahouse/tea-selection-bar.ui");
}

static void
tea_selection_bar_init (TeaSelectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
