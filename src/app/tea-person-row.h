/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-member.h"

G_BEGIN_DECLS

#define TEA_TYPE_PERSON_ROW (tea_person_row_get_type ())

G_DECLARE_FINAL_TYPE (TeaPersonRow, tea_person_row, TEA, PERSON_ROW, GtkListBoxRow)

GtkWidget *tea_person_row_new (TeaMember *member, gboolean is_you, gboolean is_host);

TeaMember *tea_person_row_get_member (TeaPersonRow *self);

G_END_DECLS
