/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-place.h"

G_BEGIN_DECLS

#define TEA_TYPE_INVITATION_PAGE (tea_invitation_page_get_type ())

G_DECLARE_FINAL_TYPE (TeaInvitationPage, tea_invitation_page, TEA, INVITATION_PAGE, AdwBin)

GtkWidget *tea_invitation_page_new (TeaPlace *place);

TeaPlace *tea_invitation_page_get_place (TeaInvitationPage *self);

G_END_DECLS
