/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-user-path.h"

#include <pwd.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"

/* Where the user's files are. With an empty HOME, GLib would take the working directory,
 * which may be anybody's. */

static char *
dup_dir (const char *dir, const char *below_home)
{
  g_autofree char *home = NULL;

  if (g_path_is_absolute (dir))
    return g_strdup (dir);

  home = tea_user_path_dup_home ();

  return g_build_filename (home, below_home, NULL);
}

/**
 * tea_user_path_dup_home:
 *
 * Returns: (transfer full) (type filename): the user's home folder, an absolute path: that of
 *   the environment, else that of the system's list of users; `/` if there is none
 */
char *
tea_user_path_dup_home (void)
{
  const struct passwd *user;

  if (g_path_is_absolute (g_get_home_dir ()))
    return g_strdup (g_get_home_dir ());

  user = getpwuid (getuid ());
  if (user != NULL && user->pw_dir != NULL && g_path_is_absolute (user->pw_dir))
    return g_strdup (user->pw_dir);

  return g_strdup (G_DIR_SEPARATOR_S);
}

/**
 * tea_user_path_dup_data_dir:
 *
 * Returns: (transfer full) (type filename): the folder of the data of the user's programs, an
 *   absolute path
 */
char *
tea_user_path_dup_data_dir (void)
{
  return dup_dir (g_get_user_data_dir (), ".local/share");
}

/**
 * tea_user_path_dup_config_dir:
 *
 * Returns: (transfer full) (type filename): the folder of the settings of the user's programs,
 *   an absolute path
 */
char *
tea_user_path_dup_config_dir (void)
{
  return dup_dir (g_get_user_config_dir (), ".config");
}

/**
 * tea_user_path_expand:
 * @path: (type filename): a path that somebody has written
 * @error: return location for a #GError
 *
 * Puts the home folder in the place of a `~` at the beginning, which no shell has seen.
 *
 * Returns: (transfer full) (type filename) (nullable): the path; %NULL for one that begins
 *   with `~` and another user's name, with @error %TEA_ERROR_CONFIG_INVALID
 */
char *
tea_user_path_expand (const char *path, GError **error)
{
  g_autofree char *home = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (*path != '~')
    return g_strdup (path);

  if (path[1] != '\0' && path[1] != G_DIR_SEPARATOR)
    {
      g_autofree char *shown = g_filename_display_name (path);

      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("Whose folder is “%s”? Write the whole path."), shown);
      return NULL;
    }

  home = tea_user_path_dup_home ();

  return g_build_filename (home, path + 1, NULL);
}
