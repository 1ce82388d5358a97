/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-endpoint.h"
#include "tea-room.h"
#include "tea-server-config.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLASSIC_SERVICE (tea_classic_service_get_type ())

G_DECLARE_FINAL_TYPE (TeaClassicService, tea_classic_service, TEA, CLASSIC_SERVICE, GObject)

TeaClassicService *tea_classic_service_new (TeaRoom *room,
                                            TeaEndpoint *endpoint,
                                            TeaClock *clock,
                                            const TeaServerConfig *config);
void tea_classic_service_set_config (TeaClassicService *self,
                                     const TeaServerConfig *config,
                                     TeaClassicPolicy policy);

void tea_classic_service_receive (TeaClassicService *self,
                                  GInetSocketAddress *address,
                                  GBytes *datagram);
void tea_classic_service_unreachable (TeaClassicService *self, GInetSocketAddress *address);
void tea_classic_service_say_goodbye (TeaClassicService *self);
guint tea_classic_service_get_n_sessions (TeaClassicService *self);
GPtrArray *tea_classic_service_list_sessions (TeaClassicService *self);

G_END_DECLS
