/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-conversation.h"
#include "tea-selection.h"

G_BEGIN_DECLS

#define TEA_TYPE_SELECTION_ACTIONS (tea_selection_actions_get_type ())

G_DECLARE_FINAL_TYPE (TeaSelectionActions, tea_selection_actions, TEA, SELECTION_ACTIONS, GObject)

TeaSelectionActions *tea_selection_actions_new (TeaSelection *selection,
                                                TeaConversation *conversation,
                                                GtkWidget *widget);

G_END_DECLS
