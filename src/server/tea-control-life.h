/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-control.h"
#include "tea-house.h"

G_BEGIN_DECLS

/**
 * TeaControlEndFunc:
 * @user_data: what was given with it
 *
 * The server is to end.
 */
typedef void (*TeaControlEndFunc) (gpointer user_data);

void tea_control_life_add (TeaControl *control,
                           TeaHouse *house,
                           TeaClock *clock,
                           TeaControlEndFunc end,
                           gpointer user_data);

G_END_DECLS
