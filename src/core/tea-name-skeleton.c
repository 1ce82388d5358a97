/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name-skeleton.h"

#include <string.h>

#include "tea-name.h"

/* Letters that most fonts draw alike, each row after the letter that stands for all: from the
 * table of Unicode's security mechanisms (UTS 39, confusables.txt), what people could take for
 * one of the letters that names mostly have. */
static const struct
{
  const char *letter;
  const char *others;
} rows[] = {
  { "a", "аαɑ" },  { "A", "АΑ" },  { "b", "Ьƅ" },   { "B", "ВΒ" },      { "c", "сϲ" },
  { "C", "СϹ" },   { "d", "ԁ" },   { "e", "еҽ" },   { "E", "ЕΕ" },      { "g", "ɡց" },
  { "G", "Ԍ" },    { "h", "һհ" },  { "H", "НΗ" },   { "i", "іιıɩ" },    { "j", "јϳ" },
  { "J", "ЈͿ" }, { "k", "κк" },  { "K", "КΚ" },   { "l", "I1ӏІΙӀǀ" }, { "M", "МΜ" },
  { "n", "ոη" },   { "N", "Ν" },   { "o", "оοσօ" }, { "O", "0ОΟՕ〇" },  { "p", "рρ" },
  { "P", "РΡ" },   { "q", "ԛ" },   { "Q", "Ԛ" },    { "r", "г" },       { "s", "ѕ" },
  { "S", "ЅՏ" },   { "T", "ТΤ" },  { "u", "υս" },   { "U", "Ս" },       { "v", "νѵ" },
  { "V", "Ѵ" },    { "w", "ԝ" },   { "W", "Ԝ" },    { "x", "хχ" },      { "X", "ХΧ" },
  { "y", "уγү" },  { "Y", "ҮΥ" },  { "Z", "Ζ" },    { "一", "ー" },     { "二", "ニ" },
  { "八", "ハ" },  { "力", "カ" }, { "卜", "ト" },  { "口", "ロ" },     { "夕", "タ" },
  { "工", "エ" },
};

static GHashTable *
make_table (void)
{
  GHashTable *table = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (const char *p = rows[i].others; *p != '\0'; p = g_utf8_next_char (p))
      g_hash_table_insert (table, GUINT_TO_POINTER (g_utf8_get_char (p)),
                           (gpointer) rows[i].letter);

  return table;
}

/**
 * tea_name_skeleton:
 * @name: a name
 *
 * Brings a name into a form that names have in common which look alike (UTS 39, section 4): one
 * letter stands for all that are drawn like it. It is for comparing, not for showing.
 *
 * Returns: (transfer full): the form
 */
char *
tea_name_skeleton (const char *name)
{
  static GHashTable *table;
  g_autoptr (GString) skeleton = g_string_new (NULL);
  g_autofree char *composed = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, make_table ());

  composed = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);
  for (const char *p = composed != NULL ? composed : name; *p != '\0'; p = g_utf8_next_char (p))
    {
      const char *letter = g_hash_table_lookup (table, GUINT_TO_POINTER (g_utf8_get_char (p)));

      if (letter != NULL)
        g_string_append (skeleton, letter);
      else
        g_string_append_unichar (skeleton, g_utf8_get_char (p));
    }
  g_string_replace (skeleton, "rn", "m", 0);

  return tea_name_fold (skeleton->str);
}
