/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_REMEMBERED_HOUSES (tea_remembered_houses_get_type ())

G_DECLARE_FINAL_TYPE (TeaRememberedHouses, tea_remembered_houses, TEA, REMEMBERED_HOUSES, GObject)

TeaRememberedHouses *tea_remembered_houses_new (GSettings *settings);

void tea_remembered_houses_add (TeaRememberedHouses *self, const char *address, const char *name);
void tea_remembered_houses_remove (TeaRememberedHouses *self, const char *address);

guint tea_remembered_houses_get_n (TeaRememberedHouses *self);
char *tea_remembered_houses_dup (TeaRememberedHouses *self, guint position, char **name);

G_END_DECLS
