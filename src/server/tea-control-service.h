/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-control.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONTROL_SERVICE (tea_control_service_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlService, tea_control_service, TEA, CONTROL_SERVICE, GObject)

TeaControlService *
tea_control_service_new (TeaControl *control, const char *data_dir, GError **error);
void tea_control_service_stop (TeaControlService *self);

G_END_DECLS
