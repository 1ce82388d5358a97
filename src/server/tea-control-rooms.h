/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-control.h"
#include "tea-house.h"

G_BEGIN_DECLS

void tea_control_rooms_add (TeaControl *control, TeaHouse *house);

G_END_DECLS
