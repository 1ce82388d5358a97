/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-metrics.h"

G_BEGIN_DECLS

#define TEA_TYPE_METRICS_SERVICE (tea_metrics_service_get_type ())

G_DECLARE_FINAL_TYPE (TeaMetricsService, tea_metrics_service, TEA, METRICS_SERVICE, GObject)

TeaMetricsService *tea_metrics_service_new (TeaMetrics *metrics, guint16 port, GError **error);
guint16 tea_metrics_service_get_port (TeaMetricsService *self);

G_END_DECLS
