/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tea-classic-line.h"
#include "tea-name.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
assert_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
check_line (const TeaClassicLine *line)
{
  switch (line->kind)
    {
    case TEA_CLASSIC_LINE_ACCEPTED:
    case TEA_CLASSIC_LINE_EXIT:
      g_assert_null (line->author);
      g_assert_null (line->text);
      break;

    case TEA_CLASSIC_LINE_REFUSED:
      g_assert_null (line->author);
      if (line->text != NULL)
        assert_text (line->text);
      break;

    case TEA_CLASSIC_LINE_MESSAGE:
      assert_text (line->author);
      assert_text (line->text);
      g_assert_cmpuint (strlen (line->author), >, 0);
      g_assert_null (strpbrk (line->author, " \t\r\n"));
      break;

    case TEA_CLASSIC_LINE_JOINED:
    case TEA_CLASSIC_LINE_LEFT:
      g_assert_true (tea_name_validate (line->author, NULL));
      g_assert_null (line->text);
      break;

    case TEA_CLASSIC_LINE_PRESENT:
      g_assert_cmpuint (line->part, >=, 1);
      g_assert_cmpuint (line->part, <=, line->n_parts);
      g_assert_nonnull (line->names);
      for (char **name = line->names; *name != NULL; name++)
        g_assert_true (tea_name_validate (*name, NULL));
      break;

    case TEA_CLASSIC_LINE_NOTICE:
      g_assert_null (line->author);
      assert_text (line->text);
      break;

    default:
      g_assert_not_reached ();
    }

  g_assert_true ((line->names != NULL) == (line->kind == TEA_CLASSIC_LINE_PRESENT));
}

/* They are replaced. */
static gboolean
has_controls (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/* What our own server would make of it is read as the same. */
static void
check_again (const TeaClassicLine *line)
{
  g_autoptr (GBytes) datagram = NULL;
  g_autoptr (TeaClassicLine) again = NULL;
  gsize size;
  const guint8 *data;

  if (line->kind == TEA_CLASSIC_LINE_MESSAGE && tea_name_validate (line->author, NULL))
    datagram = tea_classic_line_encode_message (line->author, line->text);
  else if (line->kind == TEA_CLASSIC_LINE_JOINED)
    datagram = tea_classic_line_encode_joined (line->author);
  else if (line->kind == TEA_CLASSIC_LINE_LEFT)
    datagram = tea_classic_line_encode_left (line->author);
  else
    return;

  data = g_bytes_get_data (datagram, &size);
  again = tea_classic_line_parse (data, size);
  g_assert_cmpint (again->kind, ==, line->kind);
  g_assert_cmpstr (again->author, ==, line->author);
  if (!has_controls (line->text))
    g_assert_cmpstr (again->text, ==, line->text);
  g_assert_true (tea_classic_line_is_from_room (data, size));
}

static void
check_names_again (const TeaClassicLine *line)
{
  g_autoptr (GPtrArray) datagrams = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  if (line->kind != TEA_CLASSIC_LINE_PRESENT)
    return;

  datagrams = tea_classic_line_encode_present ((const char *const *) line->names);
  for (guint i = 0; i < datagrams->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (datagrams, i), &size);
      g_autoptr (TeaClassicLine) part = tea_classic_line_parse (data, size);

      g_assert_cmpuint (size, <=, 1200);
      g_assert_cmpint (part->kind, ==, TEA_CLASSIC_LINE_PRESENT);
      g_assert_cmpuint (part->part, ==, i + 1);
      g_assert_cmpuint (part->n_parts, ==, datagrams->len);
      g_strv_builder_addv (builder, (const char **) part->names);
    }

  names = g_strv_builder_end (builder);
  g_assert_true (g_strv_equal ((const char *const *) names, (const char *const *) line->names));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicLine) line = tea_classic_line_parse (data, size);
  g_autoptr (TeaClassicLine) answer = tea_classic_line_parse_answer (data, size);

  check_line (line);
  check_again (line);
  check_names_again (line);

  check_line (answer);
  g_assert_true (answer->kind == TEA_CLASSIC_LINE_ACCEPTED
                 || answer->kind == TEA_CLASSIC_LINE_REFUSED);
  g_assert_true ((answer->kind == TEA_CLASSIC_LINE_ACCEPTED)
                 == (line->kind == TEA_CLASSIC_LINE_ACCEPTED));

  if (tea_classic_line_is_from_room (data, size))
    g_assert_true (line->kind == TEA_CLASSIC_LINE_JOINED || line->kind == TEA_CLASSIC_LINE_LEFT
                   || line->kind == TEA_CLASSIC_LINE_MESSAGE);

  return 0;
}
