/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-request.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-limits.h"

static gboolean
find_kind (char letter, TeaClassicRequestKind *kind)
{
  switch (letter)
    {
    case 'L':
      *kind = TEA_CLASSIC_ENTER;
      return TRUE;
    case 'C':
      *kind = TEA_CLASSIC_SAY;
      return TRUE;
    case 'E':
    case 'Q':
      *kind = TEA_CLASSIC_LEAVE;
      return TRUE;
    case 'W':
      *kind = TEA_CLASSIC_WHO;
      return TRUE;
    default:
      return FALSE;
    }
}

static gsize
measure_without (const char *text, gsize size, const char *characters)
{
  while (size > 0 && text[size - 1] != '\0' && strchr (characters, text[size - 1]) != NULL)
    size--;

  return size;
}

/**
 * tea_classic_request_parse:
 * @data: (array length=size): a datagram
 * @size: its size in bytes
 * @error: return location for a #GError
 *
 * Reads a request of the classic protocol (PROTOCOL.md, "Classic"): a letter, a
 * space, a name, and for `C` another space and the text, which is everything that
 * follows.
 *
 * Many clients send the zero byte that ends a C string, or what is left of a buffer
 * of zeros: zeros at the end are dropped. Where a name is the last thing in a
 * request, so is a line break after it.
 *
 * Returns: (transfer full): the request, or %NULL with @error set to one of the
 *   %TEA_ERROR domain
 */
TeaClassicRequest *
tea_classic_request_parse (const guint8 *data, gsize size, GError **error)
{
  g_autoptr (TeaClassicRequest) self = NULL;
  const char *name;
  gsize name_size;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  while (size > 0 && data[size - 1] == '\0')
    size--;

  self = g_new0 (TeaClassicRequest, 1);

  if (size == 0 || !find_kind ((char) data[0], &self->kind) || (size > 1 && data[1] != ' '))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("Unknown request. Write “L name” to enter, “C name text” to say "
                              "something, “E name” to leave."));
      return NULL;
    }

  if (!g_utf8_validate_len ((const char *) data, size, NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                           _ ("This is not valid UTF-8 text."));
      return NULL;
    }

  name = (const char *) data + MIN (size, 2);
  name_size = size - MIN (size, 2);
  if (self->kind == TEA_CLASSIC_SAY)
    {
      const char *space = memchr (name, ' ', name_size);
      gsize text_size = space != NULL ? (gsize) (name + name_size - space - 1) : 0;

      if (text_size == 0)
        {
          g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                               _ ("There is nothing to say. Write “C name text”."));
          return NULL;
        }

      if (text_size > TEA_TEXT_MAX_BYTES)
        {
          g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                       _ ("A message can have at most %d bytes."), TEA_TEXT_MAX_BYTES);
          return NULL;
        }

      self->text = g_strndup (space + 1, text_size);
      name_size = (gsize) (space - name);
    }
  else
    {
      name_size = measure_without (name, name_size, "\r\n");
    }

  if (name_size == 0)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_EMPTY, _ ("A name is needed."));
      return NULL;
    }

  self->name = g_strndup (name, name_size);

  return g_steal_pointer (&self);
}

/**
 * tea_classic_request_free:
 * @self: (transfer full): a request
 *
 * Frees a request.
 */
void
tea_classic_request_free (TeaClassicRequest *self)
{
  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

/**
 * tea_classic_request_encode:
 * @kind: what is asked for
 * @name: who asks
 * @text: (nullable): what is said; only for %TEA_CLASSIC_SAY
 *
 * Writes a request as a datagram.
 *
 * Returns: (transfer full): the datagram
 */
GBytes *
tea_classic_request_encode (TeaClassicRequestKind kind, const char *name, const char *text)
{
  static const char letters[] = { 'L', 'C', 'E', 'W', 'Q' };
  char *datagram = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail ((text != NULL) == (kind == TEA_CLASSIC_SAY), NULL);

  if (text != NULL)
    datagram = g_strdup_printf ("%c %s %s", letters[kind], name, text);
  else
    datagram = g_strdup_printf ("%c %s", letters[kind], name);

  return g_bytes_new_take (datagram, strlen (datagram));
}

/**
 * tea_classic_is_answer:
 * @data: (array length=size): a datagram
 * @size: its size in bytes
 *
 * Tells whether a datagram looks like what a server answers. A server must not
 * answer such a datagram: somebody who forges a sender could make two servers
 * answer each other for ever.
 *
 * Returns: whether the datagram is empty, or begins as `Y`, `N` or `OK` do
 */
gboolean
tea_classic_is_answer (const guint8 *data, gsize size)
{
  g_return_val_if_fail (data != NULL || size == 0, TRUE);

  return size == 0 || strchr ("YyNnOo", data[0]) != NULL;
}
