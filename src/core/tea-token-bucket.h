/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaTokenBucket:
 *
 * How much of something may be had at once, and how quickly there is more.
 */
typedef struct
{
  /*< private >*/
  double per_second;
  double most;
  double left;
  gint64 counted;
} TeaTokenBucket;

void tea_token_bucket_init (TeaTokenBucket *self, double per_second, double most);
gboolean tea_token_bucket_take (TeaTokenBucket *self, gint64 now, double amount);
void tea_token_bucket_charge (TeaTokenBucket *self, gint64 now, double amount);
gint64 tea_token_bucket_get_wait (TeaTokenBucket *self, gint64 now, double amount);

G_END_DECLS
