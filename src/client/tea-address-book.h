/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GPtrArray *tea_address_book_list (GError **error);
gboolean tea_address_book_lookup (GNetworkAddress *address, char **fingerprint, GError **error);
gboolean tea_address_book_forget (GNetworkAddress *address, GError **error);

G_END_DECLS
