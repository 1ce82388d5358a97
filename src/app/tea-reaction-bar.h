/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-reader.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_REACTION_BAR (tea_reaction_bar_get_type ())

G_DECLARE_FINAL_TYPE (TeaReactionBar, tea_reaction_bar, TEA, REACTION_BAR, GtkWidget)

GtkWidget *tea_reaction_bar_new (void);

void tea_reaction_bar_show (TeaReactionBar *self, TeaTimelineItem *item, TeaReader *reader);

G_END_DECLS
