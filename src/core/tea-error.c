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

G_DEFINE_ENUM_TYPE (TeaError,
                    tea_error,
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NAME_EMPTY, "name-empty"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NAME_TOO_LONG, "name-too-long"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NAME_INVALID, "name-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NAME_TAKEN, "name-taken"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_ADDRESS_INVALID, "address-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_TEXT_INVALID, "text-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_REQUEST_INVALID, "request-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NOT_A_MEMBER, "not-a-member"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_ALREADY_A_MEMBER, "already-a-member"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_ROOM_FULL, "room-full"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NOT_ALLOWED, "not-allowed"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NO_ANSWER, "no-answer"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_CONFIG_INVALID, "config-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_NOT_SECURE, "not-secure"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_KEY_CHANGED, "key-changed"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_PASSWORD_NEEDED, "password-needed"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_PASSWORD_WRONG, "password-wrong"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_TRY_LATER, "try-later"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_KEY_INVALID, "key-invalid"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_KEY_UNEXPECTED, "key-unexpected"),
                    G_DEFINE_ENUM_VALUE (TEA_ERROR_KEY_NOT_KEPT, "key-not-kept"))
