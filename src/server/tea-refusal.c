
#include "tea-refusal.h"

#include "tea-error.h"

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
