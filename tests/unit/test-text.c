/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "tea-text.h"

#define LRM "\xe2\x80\x8e"
#define RLM "\xe2\x80\x8f"
#define RLO "\xe2\x80\xae"
#define LRI "\xe2\x81\xa6"
#define RLI "\xe2\x81\xa7"
#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"
#define LAST_PRIVATE "\xf4\x8f\xbf\xbd"

static void
test_isolate (void)
{
  static const struct
  {
    const char *text;
    const char *isolated;
  } vectors[] = {
    { "", FSI PDI },
    { "Mei", FSI "Mei" PDI },
    { "שלום", FSI "שלום" PDI },
    { LRI "a" PDI, FSI LRI "a" PDI PDI },
    { "a" PDI "ש", FSI "aש" PDI },
    { PDI PDI, FSI PDI },
    { LRI RLI FSI "a", FSI LRI RLI FSI "a" PDI PDI PDI PDI },
    { LRI "a" PDI PDI "b", FSI LRI "a" PDI "b" PDI },
    { RLO "a", FSI RLO "a" PDI },
    /* No isolate reaches beyond its paragraph. */
    { "a\nש", FSI "a" PDI "\n" FSI "ש" PDI },
    { RLI "a\n" PDI "b", FSI RLI "a" PDI PDI "\n" FSI "b" PDI },
    { "a\xe2\x80\xa9"
      "b",
      FSI "a" PDI "\xe2\x80\xa9" FSI "b" PDI },
    /* The beginning of a character that is not there. */
    { "\xe0", FSI "�" PDI },
    { "a\xf4\x8f", FSI "a��" PDI },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *isolated = tea_text_isolate (vectors[i].text);

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (isolated, ==, vectors[i].isolated);
    }
}

static void
test_format (void)
{
  static const struct
  {
    const char *sentence; /* with two strings */
    const char *a;
    const char *b;
    const char *text;
  } vectors[] = {
    { "%s and %s left", "Aiko", "茶", "Aiko and 茶 left" },
    { "%s and %s left", "Aiko", "שלום", LRM FSI "Aiko" PDI " and " FSI "שלום" PDI " left" },
    { "%2$s before %1$s", "שלום", "Sam", LRM FSI "Sam" PDI " before " FSI "שלום" PDI },
    { "%s和%s离开了", "مها", "b", LRM FSI "مها" PDI "和" FSI "b" PDI "离开了" },
    { "%s ו־%s יצאו", "Sam", "C++", RLM FSI "Sam" PDI " ו־" FSI "C++" PDI " יצאו" },
    /* no words of its own */
    { "%s: %s", "א", "b", FSI "א" PDI ": " FSI "b" PDI },
    { "%%1 %s %s", "א", "b", "%1 " FSI "א" PDI " " FSI "b" PDI },
    /* what a piece holds is never a place for another */
    { "%s said %s", "%s", "א", LRM FSI "%s" PDI " said " FSI "א" PDI },
    { "%s said %s", LAST_PRIVATE, "א", LRM FSI LAST_PRIVATE PDI " said " FSI "א" PDI },
    { "%s said %s", "a" PDI RLO "b", "c", LRM FSI "a" RLO "b" PDI " said " FSI "c" PDI },
    { "%s said %s", "", "א", LRM FSI PDI " said " FSI "א" PDI },
    { "%.1s said %s", "abc", "א", LRM FSI "a" PDI " said " FSI "א" PDI },
    { "%s said %s", "\xe0", "א", LRM FSI "�" PDI " said " FSI "א" PDI },
    { "%s said %s", "Mei", "\xff", "Mei said �" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *text = NULL;

      g_test_message ("vector %zu", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
      text = tea_text_format (vectors[i].sentence, vectors[i].a, vectors[i].b);
#pragma GCC diagnostic pop
      g_assert_cmpstr (text, ==, vectors[i].text);
    }
}

static void
test_format_numbers (void)
{
  g_autofree char *plain = tea_text_format ("%s, %d and %5.1f%%", "a", 3, 2.5);
  g_autofree char *mixed = tea_text_format ("%d others with %s, %lu", 3, "א", 4711ul);

  g_assert_cmpstr (plain, ==, "a, 3 and   2.5%");
  g_assert_cmpstr (mixed, ==, LRM "3 others with " FSI "א" PDI ", 4711");
}

static void
test_set_error (void)
{
  g_autoptr (GError) error = NULL;

  tea_text_set_error (NULL, G_IO_ERROR, G_IO_ERROR_FAILED, "%s failed", "a");
  tea_text_set_error (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s failed", "א");
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, LRM FSI "א" PDI " failed");
}

static void
test_make_safe (void)
{
  static const struct
  {
    const char *text;
    const char *safe;
  } vectors[] = {
    { "a\tb", "a\tb" },
    { "a\nb", "a\n    b" },
    { "a\rb\x1b[2J", "a\xef\xbf\xbd"
                     "b\xef\xbf\xbd[2J" },
    { RLO "a", "\xef\xbf\xbd"
               "a" },
    { LRM FSI "a" PDI RLM, LRM FSI "a" PDI RLM },
    { FSI "a", FSI "a" PDI },
    { RLI "a\n" PDI "b", RLI "a" PDI "\n    \xef\xbf\xbd"
                             "b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *safe = tea_text_make_safe (vectors[i].text);

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (safe, ==, vectors[i].safe);
    }
}

static void
test_tidy (void)
{
  static const struct
  {
    const char *text;
    const char *tidy;
  } vectors[] = {
    { "", "" },
    { "tea", "tea" },
    { "tea\n", "tea" },
    { "tea\r\n", "tea" },
    { "tea \t\r\n\n", "tea" },
    { "\xe3\x80\x80 \n", "" },
    { "\x01\x1b", "" },
    { "a\r\nb\rc\nd", "a\nb\nc\nd" },
    { "a\xe2\x80\xa8"
      "b\xe2\x80\xa9"
      "c\xc2\x85"
      "d\fe\vf",
      "a\nb\nc\nd\ne\nf" },
    { "a\r\n\r\nb", "a\n\nb" },
    { "a\r\r\nb", "a\n\nb" },
    /* The first line may be indented. */
    { "\n \n  a\n  b\n", "  a\n  b" },
    { "\ta", "\ta" },
    { "a \n b", "a \n b" },
    { "a\x1b[2J\x07"
      "b\xc2\x9b"
      "c\x7f",
      "a[2Jbc" },
    { RLO "a", RLO "a" },
    { "👩‍👧", "👩‍👧" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *tidy = tea_text_tidy (vectors[i].text);
      g_autofree char *again = tea_text_tidy (tidy);

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (tidy, ==, vectors[i].tidy);
      g_assert_cmpstr (again, ==, tidy);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/isolate", test_isolate);
  g_test_add_func ("/text/format", test_format);
  g_test_add_func ("/text/format-numbers", test_format_numbers);
  g_test_add_func ("/text/set-error", test_set_error);
  g_test_add_func ("/text/make-safe", test_make_safe);
  g_test_add_func ("/text/tidy", test_tidy);

  return g_test_run ();
}
