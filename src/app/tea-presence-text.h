/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"

G_BEGIN_DECLS

char *tea_presence_text_new (GPtrArray *events);
char *tea_presence_text_new_lines (GPtrArray *events);

G_END_DECLS
