/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-body.h"

/**
 * tea_body_read:
 * @type: what it should be
 * @bytes: the bytes of a body, which need not be aligned
 *
 * Reads a body.
 *
 * Returns: (transfer full) (nullable): its value; %NULL if it is not in normal form
 */
GVariant *
tea_body_read (const char *type, GBytes *bytes)
{
  g_autoptr (GVariant) little = NULL;

  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  /* Where the bytes are not aligned, GLib copies them. */
  little = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, FALSE));
  if (!g_variant_is_normal_form (little))
    return NULL;

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return g_steal_pointer (&little);
#else
  return g_variant_byteswap (little);
#endif
}

/**
 * tea_body_write:
 * @value: (transfer floating): a value
 *
 * Writes a body.
 *
 * Returns: (transfer full): something whose bytes are those of the body
 */
GVariant *
tea_body_write (GVariant *value)
{
  g_autoptr (GVariant) native = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  native = g_variant_ref_sink (value);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return g_steal_pointer (&native);
#else
  return g_variant_byteswap (native);
#endif
}

/**
 * tea_body_new_bytes:
 * @bytes: (nullable): bytes; %NULL for none
 *
 * Makes the part of a body that is bytes.
 *
 * Returns: (transfer floating): a value of the type `ay`
 */
GVariant *
tea_body_new_bytes (GBytes *bytes)
{
  if (bytes == NULL)
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}
