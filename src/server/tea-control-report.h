/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-classic-service.h"
#include "tea-control.h"
#include "tea-house.h"
#include "tea-secure-service.h"

G_BEGIN_DECLS

/**
 * TeaControlSources:
 * @house: (owned): the house
 * @secure: (owned): its sessions by the secure protocol
 * @classic: (owned) (nullable): those by the classic one
 * @clock: (owned): what time it is
 * @address: (owned): where the server listens
 *
 * What is told about.
 */
typedef struct
{
  TeaHouse *house;
  TeaSecureService *secure;
  TeaClassicService *classic;
  TeaClock *clock;
  char *address;
} TeaControlSources;

void tea_control_report_add (TeaControl *control, const TeaControlSources *sources);

G_END_DECLS
