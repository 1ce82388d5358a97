/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-drop-counter.h"
#include "tea-frame.h"
#include "tea-house.h"
#include "tea-packet-channel.h"
#include "tea-password.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

#define TEA_TYPE_SECURE_SERVICE (tea_secure_service_get_type ())

G_DECLARE_FINAL_TYPE (TeaSecureService, tea_secure_service, TEA, SECURE_SERVICE, GObject)

TeaSecureService *tea_secure_service_new (TeaHouse *house, TeaClock *clock, TeaPassword *password);
void tea_secure_service_set_password (TeaSecureService *self, TeaPassword *password);
void tea_secure_service_tell_limits (TeaSecureService *self);
void tea_secure_service_set_ration (TeaSecureService *self,
                                    guint messages_per_second,
                                    guint bytes_per_second);

void tea_secure_service_set_drops (TeaSecureService *self, TeaDropCounter *drops);

void tea_secure_service_accept (TeaSecureService *self, TeaPacketChannel *channel);
void tea_secure_service_say_goodbye (TeaSecureService *self, TeaBye code);
guint tea_secure_service_get_n_sessions (TeaSecureService *self);
TeaSecureCounts tea_secure_service_get_counts (TeaSecureService *self);
GPtrArray *tea_secure_service_list_sessions (TeaSecureService *self);

G_END_DECLS
