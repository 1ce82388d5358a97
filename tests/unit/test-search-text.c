/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-search-text.h"

static void
test_split (void)
{
  static const char *const texts[][2] = {
    { "", "" },
    { "…!", "" },
    { "Tea, please!", "tea please" },
    { "green-tea 2go", "green tea 2go" },
    { "Ｔｅａ", "tea" },
    { "Crème brûlée", "creme brulee" },
    { "Straße", "strasse" },
    { "Ωμέγα ёж", "ωμεγα еж" },
    { "茶", "茶" },
    { "喝茶", "喝茶 茶" },
    { "我爱喝茶。好", "我爱 爱喝 喝茶 茶 好" },
    { "喝tea吧", "喝 tea 吧" },
    { "お茶をください", "お茶 茶を をく くだ ださ さい い" },
    { "コーヒー", "コー ーヒ ヒー ー" },
    { "ｶﾞｽ", "ガス ス" },
    { "人々", "人々 々" },
    { "차를 마시자", "차를 를 마시 시자 자" },
    { "🍵 tea", "tea" },
    { "\"AND\" *", "and" },
    { "नमस्ते", "नमस्ते" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *split = tea_search_text_split (texts[i][0]);

      g_assert_cmpstr (split, ==, texts[i][1]);
    }
}

static void
test_query (void)
{
  static const char *const words[][2] = {
    { "", NULL },
    { " … \"\" ", NULL },
    { "tea", "\"tea\" *" },
    { "green tea", "\"green\" AND \"tea\" *" },
    { "\"green tea\"", "\"green\" AND \"tea\"" },
    { "\"green tea", "\"green\" AND \"tea\" *" },
    { "Grün \"Tee\"", "\"grun\" AND \"tee\"" },
    { "“oolong” tea", "\"oolong\" AND \"tea\" *" },
    { "茶", "\"茶\" *" },
    { "喝茶", "\"喝茶\"" },
    { "爱喝茶", "\"爱喝\" AND \"喝茶\"" },
    { "茶 tea", "\"茶\" * AND \"tea\" *" },
    { "NOT tea* OR (x)", "\"not\" AND \"tea\" AND \"or\" AND \"x\" *" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *query = tea_search_text_query (words[i][0]);

      g_assert_cmpstr (query, ==, words[i][1]);
    }
}

static void
test_matches (void)
{
  static const struct
  {
    const char *text;
    const char *words;
    gboolean matches;
  } pairs[] = {
    { "Green tea, please", "tea", TRUE },
    { "Green tea, please", "TEA green", TRUE },
    { "Green tea, please", "plea", TRUE },
    { "Green tea, please", "gre tea", FALSE },
    { "Green tea, please", "\"green tea\"", TRUE },
    { "Green tea, please", "\"tea green\"", FALSE },
    { "Green tea, please", "\"green te\"", FALSE },
    { "Green tea, please", "\"green te", TRUE },
    { "Green tea, please", "coffee", FALSE },
    { "Green tea, please", "", FALSE },
    { "Crème brûlée", "creme", TRUE },
    { "Creme brulee", "crème", TRUE },
    { "我爱喝茶", "喝茶", TRUE },
    { "我爱喝茶", "茶", TRUE },
    { "我爱喝茶", "爱喝茶", TRUE },
    { "我爱喝茶", "爱茶", FALSE },
    { "我爱喝茶", "喝茶 我", TRUE },
    { "喝，茶", "喝茶", FALSE },
    { "爱喝 喝茶", "爱喝茶", FALSE },
    { "お茶をください", "ください", TRUE },
    { "お茶をください", "くさい", FALSE },
    { "ガス", "カス", FALSE },
    { "ｶﾞｽ", "ガス", TRUE },
    { "차를 마시자", "마시", TRUE },
    { "차를 마시자", "를 차", TRUE },
    { "차를 마시자", "를마", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_test_message ("%s: %s", pairs[i].text, pairs[i].words);
      g_assert_cmpint (tea_search_text_matches (pairs[i].text, pairs[i].words), ==,
                       pairs[i].matches);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search-text/split", test_split);
  g_test_add_func ("/search-text/query", test_query);
  g_test_add_func ("/search-text/matches", test_matches);

  return g_test_run ();
}
