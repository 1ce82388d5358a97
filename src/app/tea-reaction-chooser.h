/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_REACTION_CHOOSER (tea_reaction_chooser_get_type ())

G_DECLARE_FINAL_TYPE (TeaReactionChooser, tea_reaction_chooser, TEA, REACTION_CHOOSER, AdwBin)

GtkWidget *tea_reaction_chooser_new (guint64 seq);

G_END_DECLS
