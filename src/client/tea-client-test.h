/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-clock.h"
#include "tea-packet-connector.h"

G_BEGIN_DECLS

/* For tests: time is that of @clock, and what is sent goes through @connector alone. */
TeaClient *tea_client_new_for_test (TeaClock *clock, TeaPacketConnector *connector);
guint64 tea_client_get_epoch (TeaClient *self);

G_END_DECLS
