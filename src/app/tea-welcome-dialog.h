/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-client.h"
#include "tea-hosted-room.h"

G_BEGIN_DECLS

#define TEA_TYPE_WELCOME_DIALOG (tea_welcome_dialog_get_type ())

G_DECLARE_FINAL_TYPE (TeaWelcomeDialog, tea_welcome_dialog, TEA, WELCOME_DIALOG, AdwWindow)

TeaWelcomeDialog *tea_welcome_dialog_new (GtkWindow *parent);

void tea_welcome_dialog_set_name (TeaWelcomeDialog *self, const char *name);
void tea_welcome_dialog_set_address (TeaWelcomeDialog *self, const char *address);
void tea_welcome_dialog_join (TeaWelcomeDialog *self);
void tea_welcome_dialog_host (TeaWelcomeDialog *self);
void tea_welcome_dialog_cancel (TeaWelcomeDialog *self);

TeaClient *tea_welcome_dialog_get_client (TeaWelcomeDialog *self);
TeaHostedRoom *tea_welcome_dialog_get_hosted_room (TeaWelcomeDialog *self);

G_END_DECLS
