/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-password-prompt.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"

static char *
read_line (GError **error)
{
  g_autofree char *line = NULL;
  size_t size = 0;
  ssize_t length = getline (&line, &size, stdin);

  if (length < 0)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID, _ ("There is no password."));
      return NULL;
    }

  line[strcspn (line, "\r\n")] = '\0';

  return g_steal_pointer (&line);
}

/* What is typed is not shown; the line break that is not shown either is made up for. */
static char *
ask (const char *question, GError **error)
{
  struct termios shown;
  struct termios hidden;
  gboolean can_hide = tcgetattr (STDIN_FILENO, &shown) == 0;
  char *line;

  /* Before the question: hiding drops what was typed already. */
  if (can_hide)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }

  g_printerr ("%s ", question);
  line = read_line (error);

  if (can_hide)
    tcsetattr (STDIN_FILENO, TCSADRAIN, &shown);
  g_printerr ("\n");

  return line;
}

/**
 * tea_password_prompt:
 * @error: return location for a #GError
 *
 * Reads a password from standard input. At a terminal it is asked for twice, and not
 * shown.
 *
 * Returns: (transfer full): the password, or %NULL with @error
 */
char *
tea_password_prompt (GError **error)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!isatty (STDIN_FILENO))
    return read_line (error);

  first = ask (_ ("Password of the room:"), error);
  if (first == NULL)
    return NULL;

  second = ask (_ ("The same again:"), error);
  if (second == NULL)
    return NULL;

  if (!g_str_equal (first, second))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                           _ ("These were two different passwords."));
      return NULL;
    }

  return g_steal_pointer (&first);
}
