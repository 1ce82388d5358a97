/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"

/* clang-format off: it would read the dashes as minus signs. */
/**
 * tea_error_quark:
 *
 * Gives the name of the error domain; use %TEA_ERROR.
 *
 * Returns: the name of the domain
 */
G_DEFINE_QUARK (tea-error-quark, tea_error)
/* clang-format on */
