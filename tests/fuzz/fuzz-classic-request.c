/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-limits.h"
#include "tea-name.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What was read is written and read again: it has to be the same. */
static void
check_again (const TeaClassicRequest *request)
{
  g_autoptr (GBytes) datagram
      = tea_classic_request_encode (request->kind, request->name, request->text);
  g_autoptr (TeaClassicRequest) again = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);

  again = tea_classic_request_parse (data, size, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->kind, ==, request->kind);
  g_assert_cmpstr (again->name, ==, request->name);
  g_assert_cmpstr (again->text, ==, request->text);
  g_assert_false (tea_classic_is_answer (data, size));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  request = tea_classic_request_parse (data, size, &error);
  g_assert_true ((request == NULL) == (error != NULL));

  if (request == NULL)
    {
      g_assert_true (error->domain == TEA_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      tea_classic_is_answer (data, size);
      return 0;
    }

  g_assert_true (g_utf8_validate (request->name, -1, NULL));
  g_assert_cmpuint (strlen (request->name), >, 0);
  g_assert_true ((request->text != NULL) == (request->kind == TEA_CLASSIC_SAY));
  if (request->text != NULL)
    {
      g_assert_true (g_utf8_validate (request->text, -1, NULL));
      g_assert_cmpuint (strlen (request->text), >, 0);
      g_assert_cmpuint (strlen (request->text), <=, TEA_TEXT_MAX_BYTES);
    }
  check_again (request);

  /* Names are the server's next step. */
  if (tea_name_validate (request->name, NULL))
    {
      g_autofree char *folded = tea_name_fold (request->name);
      g_autofree char *twice = tea_name_fold (folded);

      g_assert_cmpstr (folded, !=, "");
      g_assert_cmpstr (folded, ==, twice);
      g_assert_true (tea_name_equal (request->name, folded));
    }

  return 0;
}
