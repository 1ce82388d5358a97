/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-link.h"

#define KEY "#0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"

/* All links of a text, as "text → URI" or as the text alone where the URI is the same, one
 * a line. */
static char *
find_links (const char *text)
{
  g_autoptr (GString) links = g_string_new (NULL);
  const char *p = text;

  while (*p != '\0')
    {
      const char *end = NULL;
      g_autofree char *uri = tea_message_link_read (text, p, &end);
      g_autofree char *shown = uri != NULL ? g_strndup (p, (gsize) (end - p)) : NULL;

      if (uri == NULL)
        {
          p = g_utf8_next_char (p);
          continue;
        }

      g_assert_true (end > p);
      if (links->len > 0)
        g_string_append_c (links, '\n');
      g_string_append (links, shown);
      if (g_strcmp0 (shown, uri) != 0)
        g_string_append_printf (links, " → %s", uri);
      p = end;
    }

  return g_string_free (g_steal_pointer (&links), FALSE);
}

static void
test_links (void)
{
  static const struct
  {
    const char *text;
    const char *links;
  } vectors[] = {
    /* schemes */
    { "http://tea.example", "http://tea.example" },
    { "HTTPS://Tea.Example/A", "HTTPS://Tea.Example/A → https://Tea.Example/A" },
    { "ftp://tea.example javascript:alert(1) file:///etc", "" },
    { "xhttp://tea.example svn+http://tea.example", "" },
    { "éhttp://tea.example", "" },
    { "http:// http://. http://- https:///a http:tea.example", "" },
    /* hosts */
    { "http://localhost:8080/", "http://localhost:8080/" },
    { "http://127.0.0.1/ http://1.2.3/ http://300.1.1.1/ http://7", "http://127.0.0.1/" },
    { "http://3d/ http://a.7z", "http://3d/\nhttp://a.7z" },
    { "http://[::1]:80/a http://[1.2.3.4]/ http://[::1 http://[x]/", "http://[::1]:80/a" },
    { "http://a_b.example http://a.example- http://-a.example",
      "http://a_b.example\nhttp://a.example" },
    { "http://tea.example:8888 http://tea.example:65536/", "http://tea.example:8888" },
    { "http://tea.example: and", "http://tea.example" },
    { "https://münchen.example/", "https://münchen.example/ → https://xn--mnchen-3ya.example/" },
    { "https://例え.テスト/", "https://例え.テスト/ → https://xn--r8jz45g.xn--zckzah/" },
    { "https://пример.испытание",
      "https://пример.испытание → https://xn--e1afmkfd.xn--80akhbyknj4f" },
    { "https://straße.example/", "https://straße.example/" },
    { "http://münchen", "" },
    { "http://\xef\xb8\x8f http://a.\xcc\x81"
      "b http://\xe2\x99\xa5\xef\xb8\x8f",
      "http://a\n"
      "http://\xe2\x99\xa5\xef\xb8\x8f → http://xn--g6h" },
    /* Who stands before the host is not where it leads. */
    { "https://bank.example@evil.example/ http://a:b@tea.example", "" },
    { "https://tea.example/@mei", "https://tea.example/@mei" },
    /* paths */
    { "https://zh.wikipedia.org/wiki/茶馆",
      "https://zh.wikipedia.org/wiki/茶馆 → https://zh.wikipedia.org/wiki/%E8%8C%B6%E9%A6%86" },
    { "https://ja.wikipedia.org/wiki/レオナルド・ダ",
      "https://ja.wikipedia.org/wiki/レオナルド・ダ → https://ja.wikipedia.org/wiki/"
      "%E3%83%AC%E3%82%AA%E3%83%8A%E3%83%AB%E3%83%89%E3%83%BB%E3%83%80" },
    { "https://tea.example/?q=茶#é",
      "https://tea.example/?q=茶#é → https://tea.example/?q=%E8%8C%B6#%C3%A9" },
    { "https://fa.example/می‌خواهم",
      "https://fa.example/می‌خواهم → https://fa.example/"
      "%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85" },
    { "https://tea.example/%E8%8C%B6?a=b&c=%20", "https://tea.example/%E8%8C%B6?a=b&c=%20" },
    { "http://tea.example/?a[]=1&b={2}",
      "http://tea.example/?a[]=1&b={2} → http://tea.example/?a[]=1&b=%7B2%7D" },
    { "http://tea.example/100%", "http://tea.example/100% → http://tea.example/100%25" },
    { "http://tea.example?a", "http://tea.example?a" },
    { "http://tea.example#a", "http://tea.example#a" },
    /* where the sentence goes on */
    { "http://tea.example.", "http://tea.example" },
    { "http://tea.example/a, http://tea.example/b; http://tea.example/c!?",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "(see http://tea.example/a_(b)).", "http://tea.example/a_(b)" },
    { "[http://tea.example/a] {http://tea.example/b}",
      "http://tea.example/a\nhttp://tea.example/b" },
    { "\"http://tea.example/a\" 'http://tea.example/b' <http://tea.example/c>",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "*http://tea.example/a* _http://tea.example/b_",
      "http://tea.example/a\nhttp://tea.example/b" },
    { "http://tea.example/a… http://tea.example/b—and “http://tea.example/c”",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "http://tea.example/A–B", "http://tea.example/A–B → http://tea.example/A%E2%80%93B" },
    { "见http://tea.example/a。好", "http://tea.example/a" },
    { "（http://tea.example/a）「http://tea.example/b」《http://tea.example/c》",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "http://tea.example/a，http://tea.example/b；http://tea.example/c！好",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "http://tea.example/a～ http://tea.example/b：",
      "http://tea.example/a\nhttp://tea.example/b" },
    { "http://tea.example这里 http://tea.example:8888这里",
      "http://tea.example\nhttp://tea.example:8888" },
    { "http://tea.example/a؟ http://tea.example/b، http://tea.example/c।",
      "http://tea.example/a\nhttp://tea.example/b\nhttp://tea.example/c" },
    { "http://tea.example/a\xc2\xa0"
      "b http://tea.example/c\xe3\x80\x80"
      "d",
      "http://tea.example/a\nhttp://tea.example/c" },
    /* Nothing invisible belongs to a link. */
    { "http://tea.example/a\xe2\x80\xae"
      "b http://tea.example/c\xe2\x80\x8b"
      "d",
      "http://tea.example/a\nhttp://tea.example/c" },
    { "http://tea.example\\a", "http://tea.example" },
    /* without a scheme */
    { "www.tea.example", "www.tea.example → http://www.tea.example" },
    { "见WWW.tea.example/茶。", "WWW.tea.example/茶 → http://WWW.tea.example/%E8%8C%B6" },
    { "(www.tea.example)", "www.tea.example → http://www.tea.example" },
    { "www. www.tea www..tea.example xwww.tea.example a.www.tea.example", "" },
    { "www.tea.1 www.www.www.7z", "" },
    { "tea.example tea.example/a", "" },
    /* mail */
    { "mei@tea.example", "mei@tea.example → mailto:mei@tea.example" },
    { "Write to <mei.li+a_b-c@a.tea.example>.",
      "mei.li+a_b-c@a.tea.example → mailto:mei.li+a_b-c@a.tea.example" },
    { "mailto:mei@tea.example: now", "mei@tea.example → mailto:mei@tea.example" },
    { "写给mei@tea.example吧", "mei@tea.example → mailto:mei@tea.example" },
    { "mei@例え.テスト", "mei@例え.テスト → mailto:mei@xn--r8jz45g.xn--zckzah" },
    { "git@tea.example:tea/house.git git@tea.example/a", "" },
    { "@mei @mei@tea.example mei@tea mei@tea.e mei@tea.7 mei@127.0.0.1", "" },
    { "mei.@tea.example me..i@tea.example é.mei@tea.example a/mei@tea.example", "" },
    { "mei@tea.example@sam.example", "" },
    /* rooms */
    { "teahouse://tea.example/", "teahouse://tea.example/" },
    { "Come to teahouse://tea.example:8889/lounge.", "teahouse://tea.example:8889/lounge" },
    { "teahouse://tea.example/茶馆",
      "teahouse://tea.example/茶馆 → teahouse://tea.example/%E8%8C%B6%E9%A6%86" },
    { "(TEAHOUSE://[::1]:8888/" KEY ")",
      "TEAHOUSE://[::1]:8888/" KEY " → teahouse://[::1]:8888/" KEY },
    { "teahouse://tea.example/#short teahouse://tea.example:0/ teahouse://tea.example/a/b", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *links = find_links (vectors[i].text);

      g_test_message ("vector %zu: %s", i, vectors[i].text);
      g_assert_cmpstr (links, ==, vectors[i].links);
    }
}

/* The time grows with the length of the text alone. */
static void
test_long (void)
{
  static const char *const pieces[]
      = { "http://", "http://a/", "http://a",   "teahouse://a#", "www.",
          "a@",      "a.",        "http://a/(", "a@b." };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *links = NULL;
      gint64 start = g_get_monotonic_time ();

      while (text->len < 64 * 1024)
        g_string_append (text, pieces[i]);
      links = find_links (text->str);

      g_test_message ("%s: %" G_GINT64_FORMAT " µs", pieces[i], g_get_monotonic_time () - start);
      g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-link/links", test_links);
  g_test_add_func ("/message-link/long", test_long);

  return g_test_run ();
}
