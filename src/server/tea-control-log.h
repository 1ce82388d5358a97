/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-control.h"
#include "tea-store.h"

G_BEGIN_DECLS

void tea_control_log_add (TeaControl *control, TeaStore *store);

G_END_DECLS
