/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_SERVICE_MANAGER (tea_service_manager_get_type ())

G_DECLARE_FINAL_TYPE (TeaServiceManager, tea_service_manager, TEA, SERVICE_MANAGER, GObject)

TeaServiceManager *tea_service_manager_new (void);

gboolean tea_service_manager_take_socket (TeaServiceManager *self,
                                          int *fd,
                                          gboolean *is_kept,
                                          GError **error);
void tea_service_manager_keep_socket (TeaServiceManager *self, int fd);
void tea_service_manager_forget_socket (TeaServiceManager *self);
void tea_service_manager_notify_status (TeaServiceManager *self, const char *status);
void tea_service_manager_notify_ready (TeaServiceManager *self, const char *status);
void tea_service_manager_notify_stopping (TeaServiceManager *self);

G_END_DECLS
