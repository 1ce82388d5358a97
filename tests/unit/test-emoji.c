/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-emoji.h"

static void
test_is_one (void)
{
  static const struct
  {
    const char *text;
    gboolean is_one;
  } texts[] = {
    { "🍵", TRUE },
    { "👍🏽", TRUE },
    { "❤", TRUE },
    { "❤️", TRUE },
    { "❤️‍🔥", TRUE },
    { "👩‍👩‍👧‍👦", TRUE },
    { "🇩🇪", TRUE },
    { "🏴󠁧󠁢󠁳󠁣󠁴󠁿", TRUE },
    { "1️⃣", TRUE },
    { "#⃣", TRUE },
    { "©", TRUE },
    { "‼️", TRUE },
    { "ℹ️", TRUE },
    { "☕", TRUE },
    { "", FALSE },
    { " ", FALSE },
    { "a", FALSE },
    { "1", FALSE },
    { "+", FALSE },
    { "+1", FALSE },
    { "茶", FALSE },
    { "🍵🍵", FALSE },
    { "🍵 ", FALSE },
    { "🍵a", FALSE },
    { "🇩", FALSE },
    { "🇩🇪🇫", FALSE },
    { "🍵\342\200\215", FALSE },
    { "\342\200\215🍵", FALSE },
    { "\357\270\217", FALSE },
    { "🏴󠁧󠁢", FALSE },
    { "🍵\n", FALSE },
    { "\342\200\256", FALSE },
    { "👨🏻‍❤️‍💋‍👨🏿", FALSE }, /* 35 bytes */
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%s", texts[i].text);
      g_assert_cmpint (tea_emoji_is_one (texts[i].text), ==, texts[i].is_one);
    }
}

static void
test_fold (void)
{
  static const char *const texts[][2] = {
    { "❤️", "❤" }, { "❤\357\270\216", "❤" }, { "❤️‍🔥", "❤‍🔥" }, { "🍵", "🍵" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *folded = tea_emoji_fold (texts[i][0]);

      g_assert_cmpstr (folded, ==, texts[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/emoji/is-one", test_is_one);
  g_test_add_func ("/emoji/fold", test_fold);

  return g_test_run ();
}
