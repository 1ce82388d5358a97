/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-name.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

struct _TeaName
{
  char *text;
  char *folded;
};

G_DEFINE_BOXED_TYPE (TeaName, tea_name, tea_name_ref, tea_name_unref)

/* Letters that show as nothing, yet are neither spaces nor format characters by
 * category: two names could differ in them alone. From Default_Ignorable_Code_Point
 * (Unicode 15, DerivedCoreProperties.txt), with the braille blank. Variation
 * selectors stay allowed, emoji need them; folding takes them out. */
static gboolean
is_invisible (gunichar c)
{
  return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x2800
         || c == 0x3164 || c == 0xffa0;
}

static gboolean
is_variation_selector (gunichar c)
{
  return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef)
         || (c >= 0x180b && c <= 0x180d) || c == 0x180f;
}

/* The colon stands between name and text on the wire ("name ： text"): a name with
 * one, or with what looks like one, could speak for somebody else. From what Unicode's
 * confusables.txt has for it, and from the names of characters. The signs of Indic
 * scripts among these, which writing needs, only stand on letters of their script. */
static gboolean
is_colon (gunichar c)
{
  /* In order. */
  static const gunichar colons[] = {
    ':',    0x02d0, 0x02f8, 0x0589, 0x05c3, 0x0703,  0x0704,  0x0705,  0x0706,  0x0707,
    0x0708, 0x0709, 0x1361, 0x1365, 0x1366, 0x16ec,  0x1803,  0x1804,  0x1809,  0x205a,
    0x205d, 0x2236, 0x2237, 0x2254, 0x2255, 0x2982,  0x2af6,  0xa6f4,  0xa789,  0xfbbd,
    0xfbbe, 0xfe13, 0xfe30, 0xfe55, 0xff1a, 0x10781, 0x10af5, 0x12471, 0x12472, 0x1da8a,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (colons) && colons[i] <= c; i++)
    if (c == colons[i])
      return TRUE;

  return FALSE;
}

/* One of those looks like a colon, too, and is a letter that others need. */
static gboolean
is_mark (gunichar c)
{
  return g_unichar_ismark (c) || c == 0xa4fd;
}

/* The Cherokee letters fold to the big ones (CaseFolding.txt of Unicode 15), unlike
 * all others. GLib folds the small ones so and the big ones the other way. */
static gunichar
fold_cherokee (gunichar c)
{
  if (c >= 0x13f8 && c <= 0x13fd)
    return c - 8;
  if (c >= 0xab70 && c <= 0xabbf)
    return c - 0xab70 + 0x13a0;

  return c;
}

static gboolean
check_character (gunichar c, GError **error)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name cannot contain spaces."));
      return FALSE;

    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name cannot contain invisible or control characters."));
      return FALSE;

    default:
      break;
    }

  if (is_invisible (c))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name cannot contain invisible or control characters."));
      return FALSE;
    }

  if (is_colon (c))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name cannot contain a colon."));
      return FALSE;
    }

  return TRUE;
}

/* A mark joins what stands before it: at the beginning of a name that would be somebody
 * else's text, and on letters of another script it is not read as a mark. */
static gboolean
check_mark (gunichar c, GUnicodeScript before, GError **error)
{
  GUnicodeScript script = g_unichar_get_script (c);

  if (before != G_UNICODE_SCRIPT_INVALID_CODE
      && (script == before || script == G_UNICODE_SCRIPT_INHERITED
          || script == G_UNICODE_SCRIPT_COMMON))
    return TRUE;

  g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                       _ ("In a name, a mark cannot stand without its letter."));
  return FALSE;
}

static gboolean
check_characters (const char *text, GError **error)
{
  GUnicodeScript before = G_UNICODE_SCRIPT_INVALID_CODE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!check_character (c, error) || (is_mark (c) && !check_mark (c, before, error)))
        return FALSE;

      if (g_unichar_get_script (c) != G_UNICODE_SCRIPT_INHERITED)
        before = g_unichar_get_script (c);
    }

  return TRUE;
}

static void
tea_name_clear (gpointer data)
{
  TeaName *self = data;

  g_free (self->text);
  g_free (self->folded);
}

/**
 * tea_name_new:
 * @text: (nullable): what somebody wants to be called, any bytes
 * @error: return location for a #GError
 *
 * Makes a name, if it is fit to be one: see [func@Tea.Name.validate].
 *
 * Returns: (transfer full): the name, or %NULL with @error of the %TEA_ERROR domain set
 */
TeaName *
tea_name_new (const char *text, GError **error)
{
  if (!tea_name_validate (text, error))
    return NULL;

  return tea_name_new_unchecked (text);
}

/**
 * tea_name_new_unchecked:
 * @text: a name in valid UTF-8
 *
 * Makes a name of what somebody was called when other rules may have held, as in a log.
 *
 * Returns: (transfer full): the name
 */
TeaName *
tea_name_new_unchecked (const char *text)
{
  TeaName *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_atomic_rc_box_new0 (TeaName);
  self->text = g_strdup (text);
  self->folded = tea_name_fold (text);

  return self;
}

/**
 * tea_name_ref:
 * @self: a name
 *
 * Adds an owner to a name.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaName *
tea_name_ref (TeaName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_name_unref:
 * @self: (transfer full): a name
 *
 * Gives up one ownership of the name; with the last it is freed.
 */
void
tea_name_unref (TeaName *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, tea_name_clear);
}

/**
 * tea_name_get_text:
 * @self: a name
 *
 * Gets the name as it is shown.
 *
 * Returns: the name as it was written
 */
const char *
tea_name_get_text (TeaName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * tea_name_get_folded:
 * @self: a name
 *
 * Gets the name in the form names are compared in: see [func@Tea.Name.fold].
 *
 * Returns: the folded name
 */
const char *
tea_name_get_folded (TeaName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folded;
}

/**
 * tea_name_hash:
 * @name: (type TeaName): a name
 *
 * Makes a hash value of a name, for a table whose keys are names.
 *
 * Returns: the same for all names that are the same
 */
guint
tea_name_hash (gconstpointer name)
{
  const TeaName *self = name;

  g_return_val_if_fail (self != NULL, 0);

  return g_str_hash (self->folded);
}

/**
 * tea_name_is_same:
 * @one: (type TeaName): a name
 * @other: (type TeaName): a name
 *
 * Tells whether two names are the same name, for a table whose keys are names too.
 *
 * Returns: whether they are
 */
gboolean
tea_name_is_same (gconstpointer one, gconstpointer other)
{
  const TeaName *self = one;
  const TeaName *that = other;

  g_return_val_if_fail (self != NULL && that != NULL, FALSE);

  return g_str_equal (self->folded, that->folded);
}

/**
 * tea_name_matches:
 * @self: a name
 * @text: a name in valid UTF-8
 *
 * Tells whether a text is this name; see [func@Tea.Name.fold].
 *
 * Returns: whether it is
 */
gboolean
tea_name_matches (TeaName *self, const char *text)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  /* Nearly always it is written in the same way. */
  if (g_str_equal (text, self->text))
    return TRUE;

  folded = tea_name_fold (text);

  return g_str_equal (folded, self->folded);
}

/**
 * tea_name_validate:
 * @name: (nullable): what somebody wants to be called, any bytes
 * @error: return location for a #GError
 *
 * Tells whether @name can be the name of a member: valid UTF-8, 1 to
 * %TEA_NAME_MAX_CHARACTERS characters, no spaces, no control, format or
 * bidirectional characters, nothing invisible, nothing that looks like a colon, no
 * combining mark but on a letter of its script; and all of this after NFKC normalisation
 * too ("¨" would become a space).
 *
 * The message of @error is a sentence that can be shown while somebody types.
 *
 * Returns: whether the name is fit; if not, @error is of the %TEA_ERROR domain
 */
gboolean
tea_name_validate (const char *name, GError **error)
{
  g_autofree char *folded = NULL;

  if (name == NULL || *name == '\0')
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_EMPTY, _ ("A name is needed."));
      return FALSE;
    }

  if (!g_utf8_validate (name, -1, NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name must be valid UTF-8 text."));
      return FALSE;
    }

  if (g_utf8_strlen (name, -1) > TEA_NAME_MAX_CHARACTERS)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_NAME_TOO_LONG,
                   g_dngettext (GETTEXT_PACKAGE, "A name can have at most %d character.",
                                "A name can have at most %d characters.", TEA_NAME_MAX_CHARACTERS),
                   TEA_NAME_MAX_CHARACTERS);
      return FALSE;
    }

  if (!check_characters (name, error))
    return FALSE;

  folded = tea_name_fold (name);
  if (*folded == '\0')
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("A name cannot contain invisible or control characters."));
      return FALSE;
    }

  return check_characters (folded, error);
}

/**
 * tea_name_fold:
 * @name: a name in valid UTF-8
 *
 * Brings a name into the form names are compared in: NFKC, case folded, and NFKC
 * again (Unicode 15, section 3.13, definition D146: the identifier caseless match),
 * without variation selectors. Two names are the same name when their folded forms
 * are the same bytes.
 *
 * Returns: (transfer full): the folded name
 */
char *
tea_name_fold (const char *name)
{
  g_autofree char *normal = NULL;
  g_autofree char *folded = NULL;
  g_autoptr (GString) visible = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (g_utf8_validate (name, -1, NULL), NULL);

  normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFKC);
  folded = g_utf8_casefold (normal, -1);

  visible = g_string_new (NULL);
  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_variation_selector (g_utf8_get_char (p)))
      g_string_append_unichar (visible, fold_cherokee (g_utf8_get_char (p)));

  return g_utf8_normalize (visible->str, -1, G_NORMALIZE_NFKC);
}

/**
 * tea_name_equal:
 * @one: a name in valid UTF-8
 * @other: a name in valid UTF-8
 *
 * Tells whether two names are the same name; see [func@Tea.Name.fold].
 *
 * Returns: whether they are
 */
gboolean
tea_name_equal (const char *one, const char *other)
{
  g_autofree char *folded_one = tea_name_fold (one);
  g_autofree char *folded_other = tea_name_fold (other);

  return g_strcmp0 (folded_one, folded_other) == 0;
}

/**
 * tea_name_suggest:
 * @name: a fit name that is taken
 *
 * Makes a variant of a name that somebody could take instead: "Mei" gives "Mei2",
 * "Mei2" gives "Mei3". A name that would become too long is shortened.
 *
 * Returns: (transfer full): a fit name other than @name
 */
char *
tea_name_suggest (const char *name)
{
  const char *digits = NULL;
  g_autofree char *stem = NULL;
  g_autofree char *number = NULL;
  glong stem_length;

  g_return_val_if_fail (tea_name_validate (name, NULL), NULL);

  digits = name + strlen (name);
  while (digits > name && g_ascii_isdigit (digits[-1]) && name + strlen (name) - digits < 6)
    digits--;
  if (digits == name)
    digits = name + strlen (name);

  number = g_strdup_printf ("%u",
                            *digits == '\0' ? 2u : (guint) g_ascii_strtoull (digits, NULL, 10) + 1);
  stem_length = MIN (g_utf8_strlen (name, digits - name),
                     TEA_NAME_MAX_CHARACTERS - (glong) strlen (number));
  stem = g_utf8_substring (name, 0, stem_length);

  return g_strconcat (stem, number, NULL);
}
