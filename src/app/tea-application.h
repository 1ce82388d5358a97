/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_APPLICATION (tea_application_get_type ())

G_DECLARE_FINAL_TYPE (TeaApplication, tea_application, TEA, APPLICATION, AdwApplication)

TeaApplication *tea_application_new (void);

G_END_DECLS
