/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TeaClientState:
 * @TEA_CLIENT_OUTSIDE: in no room, and not on the way into one
 * @TEA_CLIENT_JOINING: on the way into a room for the first time
 * @TEA_CLIENT_INSIDE: in a room, as far as one can know
 * @TEA_CLIENT_LOST: the server stopped answering; the next try is at a set time
 * @TEA_CLIENT_REJOINING: trying to get back in
 * @TEA_CLIENT_GIVEN_UP: the server stopped answering, and no more is tried unasked
 * @TEA_CLIENT_LEAVING: saying goodbye
 * @TEA_CLIENT_ENDED: the server ended it
 *
 * Where a client stands.
 */
typedef enum
{
  TEA_CLIENT_OUTSIDE,
  TEA_CLIENT_JOINING,
  TEA_CLIENT_INSIDE,
  TEA_CLIENT_LOST,
  TEA_CLIENT_REJOINING,
  TEA_CLIENT_GIVEN_UP,
  TEA_CLIENT_LEAVING,
  TEA_CLIENT_ENDED,
} TeaClientState;

#define TEA_TYPE_CLIENT_STATE (tea_client_state_get_type ())

GType tea_client_state_get_type (void);

/**
 * TeaProtocol:
 * @TEA_PROTOCOL_SECURE: encrypted; nothing is lost, nobody can pass for somebody else
 * @TEA_PROTOCOL_CLASSIC: plain text; neither private nor free of loss
 *
 * How a client speaks with a server.
 */
typedef enum
{
  TEA_PROTOCOL_SECURE,
  TEA_PROTOCOL_CLASSIC,
} TeaProtocol;

#define TEA_TYPE_PROTOCOL (tea_protocol_get_type ())

GType tea_protocol_get_type (void);

G_END_DECLS
