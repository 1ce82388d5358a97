/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-client.h"

G_BEGIN_DECLS

#define TEA_TYPE_STATE_BAR (tea_state_bar_get_type ())

G_DECLARE_FINAL_TYPE (TeaStateBar, tea_state_bar, TEA, STATE_BAR, AdwBin)

void tea_state_bar_set_client (TeaStateBar *self, TeaClient *client);
gboolean tea_state_bar_is_shown (TeaStateBar *self);

G_END_DECLS
