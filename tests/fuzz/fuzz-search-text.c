/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-search-text.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What is looked for, a line feed, and the text in which. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *input = g_strndup ((const char *) data, size);
  g_autofree char *split = NULL;
  g_autofree char *query = NULL;
  char *text = strchr (input, '\n');

  if (text == NULL || !g_utf8_validate (input, -1, NULL))
    return 0;

  *text++ = '\0';
  split = tea_search_text_split (text);
  g_assert_true (g_utf8_validate (split, -1, NULL));
  g_assert_null (strpbrk (split, "\"\n*'()"));

  query = tea_search_text_query (input);
  if (query == NULL)
    g_assert_false (tea_search_text_matches (text, input));

  return 0;
}
