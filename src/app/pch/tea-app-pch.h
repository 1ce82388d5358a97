/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* As tea-pch.h, for what has windows. */

#include <adwaita.h>
