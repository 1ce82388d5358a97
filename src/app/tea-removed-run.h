/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

guint tea_removed_run_measure (GListModel *timeline, guint position);
guint tea_removed_run_find_first (GListModel *timeline, guint position);

G_END_DECLS
