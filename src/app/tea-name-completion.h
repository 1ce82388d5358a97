/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TEA_TYPE_NAME_COMPLETION (tea_name_completion_get_type ())

G_DECLARE_FINAL_TYPE (TeaNameCompletion, tea_name_completion, TEA, NAME_COMPLETION, GObject)

TeaNameCompletion *tea_name_completion_new (GtkTextBuffer *buffer);

void tea_name_completion_set_members (TeaNameCompletion *self, GListModel *members);
gboolean tea_name_completion_next (TeaNameCompletion *self);

G_END_DECLS
