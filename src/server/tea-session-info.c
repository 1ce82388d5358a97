/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-session-info.h"

/**
 * tea_session_info_free: (skip)
 * @self: (transfer full): what is known of a session
 *
 * Frees it.
 */
void
tea_session_info_free (TeaSessionInfo *self)
{
  g_free (self->name);
  g_free (self->key);
  g_free (self->address);
  g_free (self);
}
