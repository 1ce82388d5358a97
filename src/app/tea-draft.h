/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_DRAFT (tea_draft_get_type ())

G_DECLARE_FINAL_TYPE (TeaDraft, tea_draft, TEA, DRAFT, GObject)

TeaDraft *tea_draft_new (const char *folder, const char *house, const char *room);

const char *tea_draft_get_text (TeaDraft *self);
void tea_draft_set_text (TeaDraft *self, const char *text);
void tea_draft_save (TeaDraft *self);

G_END_DECLS
