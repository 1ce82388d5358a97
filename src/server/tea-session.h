/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"

G_BEGIN_DECLS

#define TEA_TYPE_SESSION (tea_session_get_type ())

G_DECLARE_INTERFACE (TeaSession, tea_session, TEA, SESSION, GObject)

/**
 * TeaSessionInterface:
 * @deliver: something happened in the room, and is stored. Every session hears every
 *   event, its own member's too, once each, in the order of the log, from the moment its
 *   entering was answered on
 *
 * How a room speaks to somebody who is in it, whatever protocol they use.
 */
struct _TeaSessionInterface
{
  GTypeInterface parent_iface;

  void (*deliver) (TeaSession *self, TeaEvent *event);
};

void tea_session_deliver (TeaSession *self, TeaEvent *event);

G_END_DECLS
