/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-text-file.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"

#define BYTE_ORDER_MARK "\357\273\277"

/**
 * tea_text_file_load:
 * @path: (type filename): a file that somebody has written with an editor
 * @text: (out) (transfer full): what is in it; it need not be valid UTF-8
 * @size: (out) (optional): how many bytes that are
 * @error: return location for a #GError
 *
 * Reads a file. A byte order mark, which some editors put in front, is left out.
 *
 * Returns: whether it could be read; if not, @error is of %G_FILE_ERROR, or
 *   %TEA_ERROR_CONFIG_INVALID for a file in UTF-16
 */
gboolean
tea_text_file_load (const char *path, char **text, gsize *size, GError **error)
{
  gsize length = 0;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!g_file_get_contents (path, text, &length, error))
    return FALSE;

  if (g_str_has_prefix (*text, "\xff\xfe") || g_str_has_prefix (*text, "\xfe\xff"))
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_clear_pointer (text, g_free);
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("“%s” is in UTF-16. Save it in UTF-8."), shown);
      return FALSE;
    }

  if (g_str_has_prefix (*text, BYTE_ORDER_MARK))
    {
      length -= strlen (BYTE_ORDER_MARK);
      memmove (*text, *text + strlen (BYTE_ORDER_MARK), length + 1);
    }

  if (size != NULL)
    *size = length;

  return TRUE;
}
