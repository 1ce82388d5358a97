/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-log.h"
#include "tea-name-store.h"
#include "tea-store.h"

G_BEGIN_DECLS

#define TEA_TYPE_FAKE_STORE (tea_fake_store_get_type ())

G_DECLARE_FINAL_TYPE (TeaFakeStore, tea_fake_store, TEA, FAKE_STORE, GObject)

TeaFakeStore *tea_fake_store_new (TeaFakeHouse *house,
                                  TeaClock *clock,
                                  GRand *random,
                                  const TeaFakeFaults *faults);
TeaLog *tea_fake_store_open_log (TeaFakeStore *self, guint32 room);
void tea_fake_store_crash (TeaFakeStore *self);

G_END_DECLS
