/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-exit-status.h"

G_BEGIN_DECLS

TeaExitStatus tea_servers_print (gboolean json);
TeaExitStatus tea_servers_forget (GNetworkAddress *address);

G_END_DECLS
