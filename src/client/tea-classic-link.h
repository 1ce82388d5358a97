/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-link.h"

G_BEGIN_DECLS

#define TEA_TYPE_CLASSIC_LINK (tea_classic_link_get_type ())

G_DECLARE_FINAL_TYPE (TeaClassicLink, tea_classic_link, TEA, CLASSIC_LINK, GObject)

TeaClassicLink *tea_classic_link_new (TeaClock *clock, GNetworkAddress *address, const char *name);

gboolean tea_classic_link_say (TeaClassicLink *self, const char *text, GError **error);

G_END_DECLS
