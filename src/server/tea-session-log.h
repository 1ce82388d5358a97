/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaSessionNews:
 * @TEA_SESSION_ENTERED: somebody entered the house
 * @TEA_SESSION_LEFT: somebody left it
 * @TEA_SESSION_LOST: a session has ended without that
 * @TEA_SESSION_SENT_OUT: somebody was sent out of the house
 *
 * What is logged of sessions.
 */
typedef enum
{
  TEA_SESSION_ENTERED,
  TEA_SESSION_LEFT,
  TEA_SESSION_LOST,
  TEA_SESSION_SENT_OUT,
} TeaSessionNews;

void tea_session_log_set_full_addresses (gboolean are_full);
void tea_session_log_write (TeaSessionNews news,
                            const char *name,
                            const char *key,
                            const char *address,
                            const char *format,
                            ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
