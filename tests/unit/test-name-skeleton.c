/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-skeleton.h"

static void
test_vectors (void)
{
  static const struct
  {
    const char *one;
    const char *other;
    gboolean alike;
  } vectors[] = {
    { "Mei", "Mei", TRUE },        { "Mei", "mei", TRUE },       { "Mei", "Меі", TRUE },
    { "Mei", "rnei", TRUE },       { "Ivan", "lvan", TRUE },     { "Bob", "Воb", TRUE },
    { "Bob", "B0b", TRUE },        { "paypal", "раураl", TRUE }, { "Noor", "Νοοr", TRUE },
    { "口力", "ロカ", TRUE },      { "Mei", "Mai", FALSE },      { "Mei", "Mei2", FALSE },
    { "Zoe", "Zoë", FALSE },       { "Anna", "Аня", FALSE },     { "小明", "小朋", FALSE },
    { "guest1", "guest2", FALSE }, { "bill", "bili", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *one = tea_name_skeleton (vectors[i].one);
      g_autofree char *other = tea_name_skeleton (vectors[i].other);

      g_test_message ("%s and %s", vectors[i].one, vectors[i].other);
      g_assert_cmpint (g_str_equal (one, other), ==, vectors[i].alike);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-skeleton/vectors", test_vectors);

  return g_test_run ();
}
