/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-endpoint.h"

G_BEGIN_DECLS

/**
 * TeaDtlsHints:
 *
 * What a server says to those who go on with a session that it does not know: it was
 * started anew, perhaps. As nothing is known of them, neither can anything be proved to
 * them. Less goes out than came in, and not without end, so that nobody can use that
 * against others.
 */
typedef struct _TeaDtlsHints TeaDtlsHints;

TeaDtlsHints *tea_dtls_hints_new (TeaEndpoint *endpoint, TeaClock *clock);
void tea_dtls_hints_free (TeaDtlsHints *self);

gboolean tea_dtls_hints_may_give (TeaDtlsHints *self);
void tea_dtls_hints_give (TeaDtlsHints *self, GInetSocketAddress *address, guint64 route);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsHints, tea_dtls_hints_free)

G_END_DECLS
