/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What nearly every file includes, compiled once for each library: "meson setup -Db_pch=false"
 * does without. */

#include <gio/gio.h>
