/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"

G_BEGIN_DECLS

/**
 * TEA_DTLS_SOURCES_PER_SECOND:
 *
 * How many handshakes may begin in a second: with these a sixth of one core's time is taken, and
 * a LAN party of a thousand is in within three seconds.
 */
#define TEA_DTLS_SOURCES_PER_SECOND 400

/**
 * TeaDtlsSources:
 *
 * Where clients come from, and what each of these networks has had: so that nobody can use
 * up what is there for all. Only those are known who have proved to be where they say, and
 * their names are forgotten as soon as they have nothing here. What they have had of the time
 * that handshakes take is remembered by address, by the network around it and in all, without
 * taking more memory.
 */
typedef struct _TeaDtlsSources TeaDtlsSources;

/**
 * TeaDtlsSource:
 *
 * A network that clients come from: an IPv4 address, with all who share it, or the 2⁶⁴
 * addresses that an IPv6 network has.
 */
typedef struct _TeaDtlsSource TeaDtlsSource;

TeaDtlsSources *tea_dtls_sources_new (TeaClock *clock, guint max_sessions, guint max_handshakes);
void tea_dtls_sources_free (TeaDtlsSources *self);

void tea_dtls_sources_set_limits (TeaDtlsSources *self, guint max_sessions, guint max_handshakes);
void tea_dtls_sources_set_rate (TeaDtlsSources *self, guint per_second);

TeaDtlsSource *tea_dtls_sources_lookup (TeaDtlsSources *self, GInetSocketAddress *address);
gboolean tea_dtls_sources_may_begin (TeaDtlsSources *self, GInetSocketAddress *address);
gboolean tea_dtls_sources_is_crowded (TeaDtlsSources *self, TeaDtlsSource *source);

TeaDtlsSource *tea_dtls_sources_begin (TeaDtlsSources *self, GInetSocketAddress *address);
void tea_dtls_sources_charge (TeaDtlsSources *self, GInetSocketAddress *address, gboolean resumed);
void tea_dtls_sources_open (TeaDtlsSources *self, TeaDtlsSource *source);
void tea_dtls_sources_drop (TeaDtlsSources *self, TeaDtlsSource *source);
void tea_dtls_sources_close (TeaDtlsSources *self, TeaDtlsSource *source);
gboolean tea_dtls_sources_is_quick (TeaDtlsSources *self, TeaDtlsSource *source);

guint tea_dtls_source_get_n_handshakes (TeaDtlsSource *self);
guint tea_dtls_sources_get_n (TeaDtlsSources *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaDtlsSources, tea_dtls_sources_free)

G_END_DECLS
