/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-session.h"

/**
 * TeaSession:
 *
 * Somebody's connection to a room. The room knows its sessions only through this.
 */
G_DEFINE_INTERFACE (TeaSession, tea_session, G_TYPE_OBJECT)

static void
tea_session_default_init (TeaSessionInterface *iface)
{
}

/**
 * tea_session_deliver:
 * @self: a session
 * @event: what happened
 *
 * Tells a session what happened in the room.
 */
void
tea_session_deliver (TeaSession *self, TeaEvent *event)
{
  g_return_if_fail (TEA_IS_SESSION (self));
  g_return_if_fail (event != NULL);

  TEA_SESSION_GET_IFACE (self)->deliver (self, event);
}
