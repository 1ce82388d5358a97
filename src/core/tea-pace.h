/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-token-bucket.h"

G_BEGIN_DECLS

/**
 * TeaPace:
 *
 * How quickly things come from somebody. Who is too quick counts as that until they have been
 * slow for a while, and not now so, now so.
 */
typedef struct
{
  /*< private >*/
  TeaTokenBucket bucket;
  gboolean is_quick;
} TeaPace;

void tea_pace_init (TeaPace *self, double per_second, double at_once);
gboolean tea_pace_is_quick (TeaPace *self, gint64 now);

G_END_DECLS
