/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaMessagePart:
 * @text: what was written, without the fences of code
 * @is_code: whether it is a block of code
 *
 * A part of a message that is shown by itself.
 */
typedef struct
{
  char *text;
  gboolean is_code;
} TeaMessagePart;

GPtrArray *tea_message_parts_new (const char *text);

G_END_DECLS
