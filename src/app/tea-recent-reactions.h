/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TEA_RECENT_REACTIONS:
 *
 * How many emojis are at hand to react with.
 */
#define TEA_RECENT_REACTIONS 6

char **tea_recent_reactions_dup (void);
void tea_recent_reactions_note (const char *emoji);

G_END_DECLS
