/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-search-text.h"

#include <string.h>

/* Chinese, Japanese and Korean do not put spaces where people would look for a word, so there
 * every two neighbours are a word of the index. All that makes a word is decided here: the index
 * gets words of letters and digits, folded, with spaces between them. */

#define FIRST_DIACRITIC 0x300
#define LAST_DIACRITIC 0x36f

/* A word, or one character of a script without spaces. */
typedef struct
{
  char *text;
  gboolean is_single; /* one character of such a script */
  gboolean is_joined; /* and so is what stands directly in front */
} Atom;

typedef struct
{
  GArray *atoms;      /* (owned) (element-type Atom) */
  gboolean is_prefix; /* its last word may go on */
} Term;

static void
atom_clear (gpointer data)
{
  Atom *atom = data;

  g_free (atom->text);
}

static void
term_clear (gpointer data)
{
  Term *term = data;

  g_array_unref (term->atoms);
}

static gboolean
is_diacritic (gunichar c)
{
  return c >= FIRST_DIACRITIC && c <= LAST_DIACRITIC;
}

static gboolean
has_no_spaces (gunichar c)
{
  if (c == 0x3005 || c == 0x3007 || c == 0x30fc || c == 0x3099 || c == 0x309a)
    return TRUE;
  if (c < 0x1100 || !g_unichar_isalnum (c))
    return FALSE;

  switch ((int) g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_BOPOMOFO:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_quotation_mark (gunichar c)
{
  return c == '"' || c == 0x201c || c == 0x201d;
}

static gboolean
is_ascii (const char *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isprint (text[i]) && !g_ascii_isspace (text[i]))
      return FALSE;

  return TRUE;
}

/* What texts are compared by: width, case and diacritics do not count. Marks of kana stay. */
static char *
fold (const char *text, gsize size)
{
  g_autofree char *apart = NULL;
  g_autofree char *small = NULL;
  g_autoptr (GString) bare = g_string_new (NULL);

  /* Much is, and there only case is left. */
  if (is_ascii (text, size))
    return g_ascii_strdown (text, (gssize) size);

  apart = g_utf8_normalize (text, (gssize) size, G_NORMALIZE_NFKD);
  g_return_val_if_fail (apart != NULL, g_strdup (""));

  for (const char *p = apart; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_diacritic (g_utf8_get_char (p)))
      g_string_append_unichar (bare, g_utf8_get_char (p));
  small = g_utf8_casefold (bare->str, (gssize) bare->len);

  return g_utf8_normalize (small, -1, G_NORMALIZE_NFKC);
}

static void
add_atom (GArray *atoms, const char *start, const char *end, gboolean is_single, gboolean is_joined)
{
  Atom atom = { g_strndup (start, (gsize) (end - start)), is_single, is_joined };

  g_array_append_val (atoms, atom);
}

/* Takes a text apart. */
static GArray *
find_atoms (const char *text, gsize size)
{
  g_autofree char *folded = fold (text, size);
  GArray *atoms = g_array_new (FALSE, FALSE, sizeof (Atom));
  const char *word = NULL;
  gboolean after_single = FALSE;
  const char *next;

  g_array_set_clear_func (atoms, atom_clear);
  for (const char *p = folded; *p != '\0'; p = next)
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_single = has_no_spaces (c);
      gboolean is_mark = !is_single && g_unichar_ismark (c);

      next = g_utf8_next_char (p);
      if (is_mark)
        continue;

      if (word != NULL && (is_single || !g_unichar_isalnum (c)))
        {
          add_atom (atoms, word, p, FALSE, FALSE);
          word = NULL;
        }
      if (is_single)
        add_atom (atoms, p, next, TRUE, after_single);
      else if (word == NULL && g_unichar_isalnum (c))
        word = p;
      after_single = is_single;
    }
  if (word != NULL)
    add_atom (atoms, word, folded + strlen (folded), FALSE, FALSE);

  return atoms;
}

static const Atom *
get_atom (GArray *atoms, guint index)
{
  return index < atoms->len ? &g_array_index (atoms, Atom, index) : NULL;
}

static gboolean
is_followed (GArray *atoms, guint index)
{
  const Atom *next = get_atom (atoms, index + 1);

  return next != NULL && next->is_joined;
}

static void
add_term (GArray *terms, const char *start, const char *end, gboolean is_prefix)
{
  Term term = { find_atoms (start, (gsize) (end - start)), is_prefix };

  if (term.atoms->len > 0)
    g_array_append_val (terms, term);
  else
    term_clear (&term);
}

/* What is between spaces is a term; what is between quotation marks is one, and whole. */
static GArray *
find_terms (const char *words)
{
  GArray *terms = g_array_new (FALSE, FALSE, sizeof (Term));
  gboolean is_quoted = FALSE;
  const char *start = words;

  g_array_set_clear_func (terms, term_clear);
  for (const char *p = words;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_mark = is_quotation_mark (c);

      if (c == '\0' || is_mark || (!is_quoted && g_unichar_isspace (c)))
        {
          add_term (terms, start, p, !(is_quoted && is_mark));
          start = c == '\0' ? p : g_utf8_next_char (p);
        }
      if (c == '\0')
        break;
      if (is_mark)
        is_quoted = !is_quoted;
    }

  /* Only the last word may still be being typed. */
  for (guint i = 0; i + 1 < terms->len; i++)
    g_array_index (terms, Term, i).is_prefix = FALSE;

  return terms;
}

static gboolean
is_term_at (const Term *term, GArray *atoms, guint index)
{
  for (guint i = 0; i < term->atoms->len; i++)
    {
      const Atom *wanted = get_atom (term->atoms, i);
      const Atom *atom = get_atom (atoms, index + i);
      gboolean may_go_on = term->is_prefix && i + 1 == term->atoms->len && !wanted->is_single;

      if (atom == NULL || atom->is_single != wanted->is_single
          || (wanted->is_joined && !atom->is_joined))
        return FALSE;
      if (may_go_on ? !g_str_has_prefix (atom->text, wanted->text)
                    : !g_str_equal (atom->text, wanted->text))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_term (GArray *atoms, const Term *term)
{
  for (guint i = 0; i + term->atoms->len <= atoms->len; i++)
    if (is_term_at (term, atoms, i))
      return TRUE;

  return FALSE;
}

static void
add_to_query (GString *query, const char *first, const char *second, gboolean is_prefix)
{
  g_string_append_printf (query, "%s\"%s%s\"%s", query->len > 0 ? " AND " : "", first, second,
                          is_prefix ? " *" : "");
}

/**
 * tea_search_text_split:
 * @text: the text of a message, in valid UTF-8
 *
 * Makes the words that a text is found by: of letters and digits, folded, with a space between
 * each two. Every two characters of Chinese, Japanese or Korean that stand side by side are a
 * word, and so is the last of them.
 *
 * Returns: (transfer full): the words
 */
char *
tea_search_text_split (const char *text)
{
  g_autoptr (GArray) atoms = NULL;
  g_autoptr (GString) split = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  atoms = find_atoms (text, strlen (text));
  for (guint i = 0; i < atoms->len; i++)
    {
      if (i > 0)
        g_string_append_c (split, ' ');
      g_string_append (split, get_atom (atoms, i)->text);
      if (is_followed (atoms, i))
        g_string_append (split, get_atom (atoms, i + 1)->text);
    }

  return g_string_free (g_steal_pointer (&split), FALSE);
}

/**
 * tea_search_text_query:
 * @words: what somebody looks for, in valid UTF-8: words with spaces between them, or several
 *   between quotation marks; of the last one the beginning is enough
 *
 * Makes the question for an index of SQLite's FTS5 over words of tea_search_text_split(). It finds
 * all that tea_search_text_matches() takes, and more: the index knows no order of words.
 *
 * Returns: (transfer full) (nullable): the question; %NULL where there is nothing to look for
 */
char *
tea_search_text_query (const char *words)
{
  g_autoptr (GArray) terms = NULL;
  g_autoptr (GString) query = g_string_new (NULL);

  g_return_val_if_fail (words != NULL, NULL);

  terms = find_terms (words);
  for (guint i = 0; i < terms->len; i++)
    {
      const Term *term = &g_array_index (terms, Term, i);

      for (guint j = 0; j < term->atoms->len; j++)
        {
          const Atom *atom = get_atom (term->atoms, j);
          gboolean is_last = j + 1 == term->atoms->len;

          if (is_followed (term->atoms, j))
            add_to_query (query, atom->text, get_atom (term->atoms, j + 1)->text, FALSE);
          else if (!atom->is_joined)
            add_to_query (query, atom->text, "", atom->is_single || (is_last && term->is_prefix));
        }
    }

  if (query->len == 0)
    return NULL;

  return g_string_free (g_steal_pointer (&query), FALSE);
}

/**
 * tea_search_text_matches:
 * @text: the text of a message, in valid UTF-8
 * @words: what somebody looks for, as for tea_search_text_query()
 *
 * Tells whether a text has what somebody looks for: each of the words, and those between
 * quotation marks in a row.
 *
 * Returns: whether it does; %FALSE where there is nothing to look for
 */
gboolean
tea_search_text_matches (const char *text, const char *words)
{
  g_autoptr (GArray) terms = NULL;
  g_autoptr (GArray) atoms = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (words != NULL, FALSE);

  terms = find_terms (words);
  if (terms->len == 0)
    return FALSE;

  atoms = find_atoms (text, strlen (text));
  for (guint i = 0; i < terms->len; i++)
    if (!has_term (atoms, &g_array_index (terms, Term, i)))
      return FALSE;

  return TRUE;
}
