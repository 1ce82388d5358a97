/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-client-state.h"

G_DEFINE_ENUM_TYPE (TeaClientState,
                    tea_client_state,
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_OUTSIDE, "outside"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_JOINING, "joining"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_INSIDE, "inside"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_REJOINING, "rejoining"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_GIVEN_UP, "given-up"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_LEAVING, "leaving"),
                    G_DEFINE_ENUM_VALUE (TEA_CLIENT_ENDED, "ended"))

G_DEFINE_ENUM_TYPE (TeaProtocol,
                    tea_protocol,
                    G_DEFINE_ENUM_VALUE (TEA_PROTOCOL_SECURE, "secure"),
                    G_DEFINE_ENUM_VALUE (TEA_PROTOCOL_CLASSIC, "classic"))
