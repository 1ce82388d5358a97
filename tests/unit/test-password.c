/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <crypt.h>

#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-frame.h"
#include "tea-password.h"

static void
verified_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **answer = user_data;

  *answer = g_object_ref (result);
}

static gboolean
verify (TeaPassword *password, const char *text, GError **error)
{
  g_autoptr (GAsyncResult) answer = NULL;

  tea_password_verify_async (password, text, NULL, verified_cb, &answer);
  g_assert_null (answer);
  while (answer == NULL)
    g_main_context_iteration (NULL, TRUE);

  return tea_password_verify_finish (password, answer, error);
}

static void
test_round (void)
{
  static const char *const texts[] = { "secret", "with space ", "茶馆", "$y$" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) wrong = NULL;
      g_autofree char *hash = tea_password_hash (texts[i], &error);
      g_autofree char *other = tea_password_hash (texts[i], NULL);
      g_autofree char *similar = g_strconcat (texts[i], "x", NULL);
      g_autoptr (TeaPassword) password = NULL;

      g_test_message ("vector %zu: %s", i, hash);
      g_assert_no_error (error);
      g_assert_null (strstr (hash, texts[i][0] == '$' ? "\n" : texts[i]));
      /* Each has a salt of its own. */
      g_assert_cmpstr (hash, !=, other);

      password = tea_password_new (hash, &error);
      g_assert_no_error (error);

      g_assert_false (verify (password, similar, &wrong));
      g_assert_error (wrong, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG);
      g_assert_false (tea_password_is_known (password, texts[i]));

      g_assert_true (verify (password, texts[i], &error));
      g_assert_no_error (error);
      g_assert_true (tea_password_is_known (password, texts[i]));
      g_assert_false (tea_password_is_known (password, similar));
      g_assert_false (tea_password_is_known (password, ""));
    }
}

/* A password is the same however a keyboard or an input method writes it. */
static void
test_spellings (void)
{
  static const struct
  {
    const char *set;
    const char *typed;
    gboolean is_same;
  } vectors[] = {
    { "café", "cafe\u0301", TRUE },
    { "cafe\u0301", "café", TRUE },
    { "한글", "\u1112\u1161\u11ab\u1100\u1173\u11af", TRUE },
    { "Ω", "\u2126", TRUE },
    { "绿 茶", "绿\u3000茶", TRUE },
    { "green\u00a0tea", "green tea", TRUE },
    { "a\u0323\u0307", "a\u0307\u0323", TRUE },
    { "café", "cafe", FALSE },
    { "café", "Café", FALSE },
    { "tea2", "tea２", FALSE },
    { "fin", "ﬁn", FALSE },
    { "green tea", "greentea", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *hash = tea_password_hash (vectors[i].set, NULL);
      g_autoptr (TeaPassword) password = tea_password_new (hash, NULL);

      g_test_message ("vector %zu", i);
      g_assert_cmpint (verify (password, vectors[i].typed, NULL), ==, vectors[i].is_same);
      g_assert_cmpint (tea_password_is_known (password, vectors[i].set), ==, vectors[i].is_same);
      g_assert_cmpint (tea_password_is_known (password, vectors[i].typed), ==, vectors[i].is_same);
    }
}

/* What opened the door before passwords were normalized still does. */
static void
test_old_hash (void)
{
  static const char *const texts[] = { "café", "cafe\u0301", "绿\u3000茶", "secret" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *some_hash = tea_password_hash ("secret", NULL);
      struct crypt_data data = { 0 };
      g_autoptr (TeaPassword) password
          = tea_password_new (crypt_r (texts[i], some_hash, &data), NULL);

      g_test_message ("vector %zu", i);
      g_assert_true (verify (password, texts[i], NULL));
      g_assert_true (tea_password_is_known (password, texts[i]));
      g_assert_false (verify (password, "", NULL));
    }
}

static void
test_unfit (void)
{
  g_autofree char *hash = tea_password_hash ("secret", NULL);
  g_autofree char *cut = g_strndup (hash, strlen (hash) - 3);
  g_autofree char *long_text = g_strnfill (TEA_PASSWORD_MAX_BYTES + 1, 'a');
  const char *const hashes[] = {
    "", "secret", "ab01FAX.bQRSU", "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0", "$y$j9T$abc", "*0", cut,
  };
  const char *const texts[] = { "", long_text, "\xff\xfe" };

  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("hash %zu: %s", i, hashes[i]);
      g_assert_null (tea_password_new (hashes[i], &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("text %zu", i);
      g_assert_null (tea_password_hash (texts[i], &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
    }
}

static void
test_file (void)
{
  g_autofree char *path = NULL;
  g_autofree char *hash = tea_password_hash ("secret", NULL);
  g_autofree char *contents = g_strconcat (hash, "\r\n# the password of our room\n", NULL);
  g_autoptr (TeaPassword) password = NULL;
  g_autoptr (GError) error = NULL;
  gint fd = g_file_open_tmp ("password-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  g_assert_true (
      g_file_set_contents_full (path, contents, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));

  password = tea_password_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (verify (password, "secret", NULL));

  /* What everybody can change proves nothing. */
  g_assert_cmpint (g_chmod (path, 0606), ==, 0);
  g_assert_null (tea_password_load (path, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (
      g_file_set_contents_full (path, "secret\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_null (tea_password_load (path, &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
  g_assert_nonnull (strstr (error->message, "--hash-password"));
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_null (tea_password_load (path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/password/round", test_round);
  g_test_add_func ("/password/spellings", test_spellings);
  g_test_add_func ("/password/old-hash", test_old_hash);
  g_test_add_func ("/password/unfit", test_unfit);
  g_test_add_func ("/password/file", test_file);

  return g_test_run ();
}
