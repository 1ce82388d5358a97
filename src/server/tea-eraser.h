/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-data.h"
#include "tea-log.h"

G_BEGIN_DECLS

#define TEA_TYPE_ERASER (tea_eraser_get_type ())

G_DECLARE_FINAL_TYPE (TeaEraser, tea_eraser, TEA, ERASER, GObject)

TeaEraser *tea_eraser_new (TeaLog *log);

void tea_eraser_erase_async (TeaEraser *self,
                             const TeaSentOut *sent_out,
                             guint64 to,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean tea_eraser_erase_finish (TeaEraser *self, GAsyncResult *result, GError **error);

G_END_DECLS
