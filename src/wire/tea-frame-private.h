/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/* The type and the body's size in front of every body. */
#define TEA_FRAME_HEAD_SIZE 3

/* What reads a body says which rule it breaks. */
#define TEA_FRAME_CHECK(condition_, rule_) \
  G_STMT_START                             \
  {                                        \
    if (!(condition_))                     \
      return (rule_);                      \
  }                                        \
  G_STMT_END

GBytes *tea_frame_encode_body (TeaFrameType type, GVariant *body);
const char *tea_frame_read_event (const guint8 *body, gsize size, TeaEvent **event);

G_END_DECLS
