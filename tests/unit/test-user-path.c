/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-user-path.h"

/* The environment of this program says nothing of use about the user's folders. */
static void
test_empty_environment (void)
{
  g_autofree char *home = tea_user_path_dup_home ();
  g_autofree char *data = tea_user_path_dup_data_dir ();
  g_autofree char *config = tea_user_path_dup_config_dir ();

  g_assert_true (g_path_is_absolute (home));
  g_assert_true (g_path_is_absolute (data));
  g_assert_true (g_str_has_prefix (data, home));
  g_assert_true (g_str_has_suffix (data, "/.local/share"));
  g_assert_true (g_path_is_absolute (config));
  g_assert_true (g_str_has_prefix (config, home));
  g_assert_true (g_str_has_suffix (config, "/.config"));
}

static void
test_expand (void)
{
  static const struct
  {
    const char *path;
    const char *below_home; /* (nullable) */
    const char *expanded;   /* (nullable) */
  } vectors[] = {
    { "/a/~", NULL, "/a/~" }, { "a~", NULL, "a~" },     { "", NULL, "" },
    { "~", "", NULL },        { "~/", "", NULL },       { "~/a/b", "a/b", NULL },
    { "~mei", NULL, NULL },   { "~mei/a", NULL, NULL },
  };
  g_autofree char *home = tea_user_path_dup_home ();

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *path = tea_user_path_expand (vectors[i].path, &error);
      g_autofree char *expected = vectors[i].below_home != NULL
                                      ? g_build_filename (home, vectors[i].below_home, NULL)
                                      : g_strdup (vectors[i].expanded);
      g_autofree char *plain = path != NULL ? g_canonicalize_filename (path, "/") : NULL;
      g_autofree char *plain_expected
          = expected != NULL ? g_canonicalize_filename (expected, "/") : NULL;

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (plain, ==, plain_expected);
      if (path == NULL)
        g_assert_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID);
    }
}

int
main (int argc, char *argv[])
{
  /* Before GLib has read them. */
  g_setenv ("HOME", "", TRUE);
  g_setenv ("XDG_DATA_HOME", "data", TRUE);
  g_setenv ("XDG_CONFIG_HOME", "", TRUE);

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/user-path/empty-environment", test_empty_environment);
  g_test_add_func ("/user-path/expand", test_expand);

  return g_test_run ();
}
