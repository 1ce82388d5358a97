/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TEA_NAME_RATION_BURST:
 *
 * How many new names a network can have at once: as many as there can be people here.
 */
#define TEA_NAME_RATION_BURST 4096

/**
 * TEA_NAME_RATION_PER_DAY:
 *
 * How many more it can have each day, once it has had these.
 */
#define TEA_NAME_RATION_PER_DAY 500

/**
 * TeaNameRation:
 *
 * How many names that are new to a house come from each network: keys and names cost nothing,
 * and each is kept for long. It is not kept where somebody came from.
 */
typedef struct _TeaNameRation TeaNameRation;

TeaNameRation *tea_name_ration_new (TeaClock *clock);
void tea_name_ration_free (TeaNameRation *self);

gboolean tea_name_ration_take (TeaNameRation *self, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaNameRation, tea_name_ration_free)

G_END_DECLS
