/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

GError *tea_refusal_to_error (TeaRefusal code, const char *reason);

G_END_DECLS
