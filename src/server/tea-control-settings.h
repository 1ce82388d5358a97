/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-control.h"
#include "tea-drop-counter.h"
#include "tea-server-config.h"

G_BEGIN_DECLS

/**
 * TeaControlReloadFunc:
 * @changed: (out) (array zero-terminated=1): the names of settings that are changed
 * @waiting: (out) (array zero-terminated=1): the names of those that wait for a restart
 * @user_data: what was given with it
 * @error: return location for a #GError
 *
 * Reads the settings again, and changes what can be changed now.
 *
 * Returns: whether they are fit; if not, nothing is changed
 */
typedef gboolean (*TeaControlReloadFunc) (char ***changed,
                                          char ***waiting,
                                          gpointer user_data,
                                          GError **error);

void tea_control_settings_add (TeaControl *control,
                               const TeaServerConfig *config,
                               TeaDropCounter *drops,
                               TeaControlReloadFunc reload,
                               gpointer user_data);

G_END_DECLS
