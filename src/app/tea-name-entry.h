/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_NAME_ENTRY (tea_name_entry_get_type ())

G_DECLARE_FINAL_TYPE (TeaNameEntry, tea_name_entry, TEA, NAME_ENTRY, AdwBin)

const char *tea_name_entry_get_name (TeaNameEntry *self);
void tea_name_entry_set_name (TeaNameEntry *self, const char *name);
gboolean tea_name_entry_is_fit (TeaNameEntry *self);
void tea_name_entry_set_refusal (TeaNameEntry *self, const char *refusal, const char *suggestion);
void tea_name_entry_focus (TeaNameEntry *self);

G_END_DECLS
