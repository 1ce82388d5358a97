/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-secure-service.h"
#include "tea-secure-session.h"

G_BEGIN_DECLS

/* What the service does for its sessions. */
TeaRation *tea_secure_service_take_ration (TeaSecureService *self, const char *key);
void tea_secure_service_give_back_ration (TeaSecureService *self, TeaRation *ration);
void tea_secure_service_note_heard (TeaSecureService *self, TeaSecureSession *session);
void tea_secure_service_note_event (TeaSecureService *self);
void tea_secure_service_replace (TeaSecureService *self, TeaSecureSession *session);
void tea_secure_service_forget (TeaSecureService *self, TeaSecureSession *session);

G_END_DECLS
