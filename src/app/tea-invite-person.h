/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-place.h"

G_BEGIN_DECLS

void tea_invite_person (GtkWindow *window, TeaPlace *place, const char *name);

G_END_DECLS
