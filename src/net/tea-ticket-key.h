/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-identity.h"

G_BEGIN_DECLS

#define TEA_TYPE_TICKET_KEY (tea_ticket_key_get_type ())

G_DECLARE_FINAL_TYPE (TeaTicketKey, tea_ticket_key, TEA, TICKET_KEY, GObject)

TeaTicketKey *tea_ticket_key_new (TeaIdentity *identity, TeaClock *clock);
TeaTicketKey *tea_ticket_key_load_or_create (const char *path,
                                             TeaIdentity *identity,
                                             TeaClock *clock,
                                             GError **error);

GBytes *tea_ticket_key_get_bytes (TeaTicketKey *self);

G_END_DECLS
