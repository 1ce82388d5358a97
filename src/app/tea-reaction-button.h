/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-reader.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_REACTION_BUTTON (tea_reaction_button_get_type ())

G_DECLARE_FINAL_TYPE (TeaReactionButton, tea_reaction_button, TEA, REACTION_BUTTON, GtkButton)

GtkWidget *tea_reaction_button_new (void);

void tea_reaction_button_show (TeaReactionButton *self,
                               guint64 seq,
                               TeaReaction *reaction,
                               TeaReader *reader);

G_END_DECLS
