/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-parts.h"

/* Text as it is, code in brackets, and a bar between the parts. */
static char *
describe (const char *text)
{
  g_autoptr (GPtrArray) parts = tea_message_parts_new (text);
  g_autoptr (GString) described = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const TeaMessagePart *part = g_ptr_array_index (parts, i);

      g_string_append_printf (described, part->is_code ? "%s[%s]" : "%s%s", i > 0 ? "|" : "",
                              part->text);
    }

  return g_string_free (g_steal_pointer (&described), FALSE);
}

static void
test_parts (void)
{
  static const struct
  {
    const char *text;
    const char *parts;
  } vectors[] = {
    { "", "" },
    { "tea", "tea" },
    { "\ntea\n\n", "\ntea\n\n" },
    { "```\ncode\n```", "[code]" },
    { "```code```", "[code]" },
    { "```c\nint x;\n\nint y;\n```", "[int x;\n\nint y;]" },
    { "```objective-c++ \nx\n```", "[x]" },
    { "```two words\nx\n```", "[two words\nx]" },
    { "```aaaaaaaaaaaaaaaaaaaaaaaaa\nx\n```", "[aaaaaaaaaaaaaaaaaaaaaaaaa\nx]" },
    { "before\n```\ncode\n```\nafter", "before|[code]|after" },
    { "before\n\n```\n  code\n\n```  \n\nafter\n", "before|[  code\n]|after" },
    { "```\na\n```\n```\nb\n```", "[a]|[b]" },
    { "```a```\n\n```b```", "[a]|[b]" },
    /* not by itself in its lines */
    { "a ```x``` b", "a ```x``` b" },
    { "```x``` b", "```x``` b" },
    { "```x``` b\n```\ny\n```", "```x``` b|[y]" },
    /* not closed, or empty */
    { "```", "```" },
    { "``````", "``````" },
    { "```\n```", "```\n```" },
    { "```\ncode", "```\ncode" },
    { "a\n```\ncode\n`` `", "a\n```\ncode\n`` `" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *described = describe (vectors[i].text);

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (described, ==, vectors[i].parts);
    }
}

/* What somebody writes makes neither any number of widgets nor any amount of work. */
static void
test_many_blocks (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) parts = NULL;
  const TeaMessagePart *last;

  while (text->len < 16000)
    g_string_append (text, "```x```\n");
  parts = tea_message_parts_new (text->str);
  last = g_ptr_array_index (parts, parts->len - 1);
  g_assert_cmpuint (parts->len, ==, 21);
  g_assert_false (last->is_code);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-parts/parts", test_parts);
  g_test_add_func ("/message-parts/many-blocks", test_many_blocks);

  return g_test_run ();
}
