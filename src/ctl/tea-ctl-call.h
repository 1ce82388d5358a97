/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

GVariant *tea_ctl_call (const char *data_dir,
                        const char *method,
                        GVariant *parameters,
                        GUnixFDList *fds,
                        GError **error);

G_END_DECLS
