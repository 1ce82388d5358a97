/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-refusal.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-text.h"

/* What stands for a refusal where this program has its own words for it. */
static const struct
{
  TeaRefusal code;
  TeaError error;
  const char *text;
} explanations[] = {
  { TEA_REFUSAL_VERSION, TEA_ERROR_REFUSED,
    N_ ("The server speaks another version of the protocol. Is there a newer version of this "
        "program?") },
  { TEA_REFUSAL_NO_ROOM, TEA_ERROR_REFUSED, N_ ("The server has no room of that name.") },
  { TEA_REFUSAL_NAME_UNFIT, TEA_ERROR_NAME_INVALID,
    N_ ("The server does not take that name. Choose another.") },
  { TEA_REFUSAL_NAME_TAKEN, TEA_ERROR_NAME_TAKEN,
    N_ ("That name belongs to somebody else. Choose another.") },
  { TEA_REFUSAL_ROOM_FULL, TEA_ERROR_ROOM_FULL, N_ ("The room is full. Try again after a while.") },
  { TEA_REFUSAL_PASSWORD_NEEDED, TEA_ERROR_PASSWORD_NEEDED, N_ ("The room has a password.") },
  { TEA_REFUSAL_PASSWORD_WRONG, TEA_ERROR_PASSWORD_WRONG, N_ ("That is not the room’s password.") },
  { TEA_REFUSAL_NOT_YOURS, TEA_ERROR_NOT_ALLOWED, N_ ("That is not yours to do.") },
  { TEA_REFUSAL_GONE, TEA_ERROR_NOT_ALLOWED, N_ ("The message that this is about is gone.") },
  { TEA_REFUSAL_BY_INVITATION, TEA_ERROR_NOT_ALLOWED,
    N_ ("Only who is invited gets into the room.") },
  { TEA_REFUSAL_ARCHIVED, TEA_ERROR_NOT_ALLOWED,
    N_ ("The room is archived: nobody says anything there any more.") },
};

G_DEFINE_QUARK (tea - refusal - quark, tea_refusal)

/**
 * tea_refusal_new: (skip)
 * @code: why
 * @text: why, in words
 *
 * Returns: (transfer full): an error
 */
GError *
tea_refusal_new (TeaRefusal code, const char *text)
{
  return g_error_new_literal (TEA_REFUSAL, (int) code, text);
}

/**
 * tea_refusal_from_error: (skip)
 * @error: an error of %TEA_REFUSAL or %TEA_ERROR
 *
 * Returns: what to tell a client of it
 */
TeaRefusal
tea_refusal_from_error (const GError *error)
{
  g_return_val_if_fail (error != NULL, TEA_REFUSAL_OTHER);

  if (error->domain == TEA_REFUSAL)
    return (TeaRefusal) error->code;
  if (error->domain != TEA_ERROR)
    return TEA_REFUSAL_TRY_LATER;

  switch ((guint) error->code)
    {
    case TEA_ERROR_NAME_EMPTY:
    case TEA_ERROR_NAME_TOO_LONG:
    case TEA_ERROR_NAME_INVALID:
    case TEA_ERROR_ADDRESS_INVALID:
      return TEA_REFUSAL_NAME_UNFIT;
    case TEA_ERROR_NAME_TAKEN:
      return TEA_REFUSAL_NAME_TAKEN;
    case TEA_ERROR_ROOM_FULL:
      return TEA_REFUSAL_ROOM_FULL;
    case TEA_ERROR_PASSWORD_NEEDED:
      return TEA_REFUSAL_PASSWORD_NEEDED;
    case TEA_ERROR_PASSWORD_WRONG:
      return TEA_REFUSAL_PASSWORD_WRONG;
    case TEA_ERROR_TRY_LATER:
      return TEA_REFUSAL_TRY_LATER;
    case TEA_ERROR_NOT_A_MEMBER:
      return TEA_REFUSAL_NOT_INSIDE;
    case TEA_ERROR_TEXT_INVALID:
      return TEA_REFUSAL_TEXT_UNFIT;
    default:
      return TEA_REFUSAL_OTHER;
    }
}

/**
 * tea_refusal_passes: (skip)
 * @code: why something was refused
 *
 * Returns: whether the same may be done later: nothing is settled by the refusal
 */
gboolean
tea_refusal_passes (TeaRefusal code)
{
  return code == TEA_REFUSAL_TRY_LATER || code == TEA_REFUSAL_NOT_INSIDE
         || code == TEA_REFUSAL_NOT_BEFORE;
}

/**
 * tea_refusal_to_error:
 * @code: why a server refuses something
 * @reason: its own words
 *
 * Returns: (transfer full): what to tell the user
 */
GError *
tea_refusal_to_error (TeaRefusal code, const char *reason)
{
  g_autofree char *safe = NULL;

  g_return_val_if_fail (reason != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (explanations); i++)
    if (explanations[i].code == code)
      return g_error_new_literal (TEA_ERROR, (int) explanations[i].error, _ (explanations[i].text));

  safe = tea_text_make_safe (reason);
  if (code == TEA_REFUSAL_TRY_LATER)
    return g_error_new_literal (TEA_ERROR, TEA_ERROR_TRY_LATER,
                                *safe != '\0'
                                    ? safe
                                    : _ ("The server takes nobody now. Try again later."));

  return g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED,
                              *safe != '\0' ? safe : _ ("The server does not let us in."));
}
