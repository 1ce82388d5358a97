/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-service.h"
#include "tea-dtls-listener.h"
#include "tea-endpoint.h"
#include "tea-house.h"
#include "tea-secure-service.h"

G_BEGIN_DECLS

/**
 * TeaMetricsSources:
 * @house: the house
 * @endpoint: its socket
 * @listener: who begins to speak to it by the secure protocol
 * @secure: its sessions by that
 * @classic: those by the classic protocol
 * @clock: what time it is
 * @data_dir: (type filename): where the house is kept
 *
 * What is measured.
 */
typedef struct
{
  TeaHouse *house;
  TeaEndpoint *endpoint;
  TeaDtlsListener *listener;
  TeaSecureService *secure;
  TeaClassicService *classic;
  TeaClock *clock;
  const char *data_dir;
} TeaMetricsSources;

#define TEA_TYPE_METRICS (tea_metrics_get_type ())

G_DECLARE_FINAL_TYPE (TeaMetrics, tea_metrics, TEA, METRICS, GObject)

TeaMetrics *tea_metrics_new (const TeaMetricsSources *sources);
char *tea_metrics_collect (TeaMetrics *self);
gboolean tea_metrics_is_well (TeaMetrics *self, char **problem);

G_END_DECLS
