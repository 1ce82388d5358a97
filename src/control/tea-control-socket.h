/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TEA_CONTROL_OBJECT_PATH:
 *
 * Under which path a server is found on its control socket.
 */
#define TEA_CONTROL_OBJECT_PATH "/io/github/teahousechat/Control"

/**
 * TEA_CONTROL_INTERFACE:
 *
 * What it has there.
 */
#define TEA_CONTROL_INTERFACE "io.github.teahousechat.Control"

char *tea_control_socket_dup_path (const char *data_dir);
char *tea_control_socket_dup_address (const char *data_dir);
GDBusAuthObserver *tea_control_socket_make_observer (void);

G_END_DECLS
