/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gnutls/dtls.h>

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TeaDtlsCookies:
 *
 * What a server asks strangers to send back before it keeps anything of them, so that
 * their addresses are true. It needs no memory for that, only a key.
 */
typedef struct _TeaDtlsCookies TeaDtlsCookies;

TeaDtlsCookies *tea_dtls_cookies_new (TeaClock *clock);
void tea_dtls_cookies_free (TeaDtlsCookies *self);

gboolean tea_dtls_cookies_check (TeaDtlsCookies *self,
                                 GInetSocketAddress *address,
                                 GBytes *hello,
                                 gnutls_dtls_prestate_st *prestate);
GBytes *tea_dtls_cookies_bake (TeaDtlsCookies *self, GInetSocketAddress *address, GBytes *hello);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsCookies, tea_dtls_cookies_free)

G_END_DECLS
