/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-name-store.h"
#include "tea-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_SQLITE_STORE (tea_sqlite_store_get_type ())

G_DECLARE_FINAL_TYPE (TeaSqliteStore, tea_sqlite_store, TEA, SQLITE_STORE, GObject)

TeaSqliteStore *tea_sqlite_store_open (const char *directory, TeaClock *clock, GError **error);
void tea_sqlite_store_close (TeaSqliteStore *self);

G_END_DECLS
