/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"

/**
 * tea_error_quark:
 *
 * Gives the name of the error domain; use %TEA_ERROR.
 *
 * Returns: the name of the domain
 */
/* The dashes would be read as minus signs. */
/* clang-format off */
G_DEFINE_QUARK (tea-error-quark, tea_error)
/* clang-format on */
