/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"
#include "tea-member.h"

G_BEGIN_DECLS

#define TEA_TYPE_SESSION (tea_session_get_type ())

G_DECLARE_INTERFACE (TeaSession, tea_session, TEA, SESSION, GObject)

/**
 * TeaSessionInterface:
 * @deliver: something happened in the room; the event is the session's own doing
 *   where @author is its member
 *
 * How a room speaks to somebody who is in it, whatever protocol they use.
 */
struct _TeaSessionInterface
{
  GTypeInterface parent_iface;

  void (*deliver) (TeaSession *self, TeaMember *author, TeaEvent *event);
};

void tea_session_deliver (TeaSession *self, TeaMember *author, TeaEvent *event);

G_END_DECLS
