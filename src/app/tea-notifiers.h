/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-house-list.h"

G_BEGIN_DECLS

#define TEA_TYPE_NOTIFIERS (tea_notifiers_get_type ())

G_DECLARE_FINAL_TYPE (TeaNotifiers, tea_notifiers, TEA, NOTIFIERS, GObject)

TeaNotifiers *tea_notifiers_new (GApplication *application, TeaHouseList *houses);

void tea_notifiers_set_in_view (TeaNotifiers *self, TeaPlace *place);
TeaPlace *tea_notifiers_find (TeaNotifiers *self, const char *id);
void tea_notifiers_mark_read (TeaNotifiers *self, const char *id);

G_END_DECLS
