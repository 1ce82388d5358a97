/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-session.h"

G_BEGIN_DECLS

/**
 * TEA_ROOM_MAX_MEMBERS:
 *
 * The most people a room takes.
 */
#define TEA_ROOM_MAX_MEMBERS 4096

#define TEA_TYPE_ROOM (tea_room_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoom, tea_room, TEA, ROOM, GObject)

TeaRoom *tea_room_new (void);

TeaMember *tea_room_join (TeaRoom *self, TeaSession *session, const char *name, GError **error);
void tea_room_say (TeaRoom *self, TeaMember *member, const char *text);
void tea_room_leave (TeaRoom *self, TeaMember *member);

TeaMember *tea_room_find (TeaRoom *self, const char *name);
guint tea_room_get_n_members (TeaRoom *self);
char **tea_room_dup_names (TeaRoom *self);

G_END_DECLS
