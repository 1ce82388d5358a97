/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_PERSON_CARD (tea_person_card_get_type ())

G_DECLARE_FINAL_TYPE (TeaPersonCard, tea_person_card, TEA, PERSON_CARD, GtkPopover)

GtkWidget *tea_person_card_new (const char *name);

G_END_DECLS
