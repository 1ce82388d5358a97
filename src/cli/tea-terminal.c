/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-terminal.h"

#include <termios.h>
#include <unistd.h>

#include "tea-text.h"

/**
 * tea_terminal_set_echo:
 * @echo: whether what is typed is to be seen
 *
 * Shows or hides what is typed on the terminal at standard input; does nothing where
 * there is none. A terminal remembers: whoever hides something has to show again what
 * comes after it.
 */
void
tea_terminal_set_echo (gboolean echo)
{
  struct termios settings;

  if (tcgetattr (STDIN_FILENO, &settings) != 0)
    return;

  if (echo)
    settings.c_lflag |= ECHO;
  else
    settings.c_lflag &= ~(tcflag_t) ECHO;

  tcsetattr (STDIN_FILENO, TCSADRAIN, &settings);
}

/**
 * tea_terminal_tell:
 * @text: what there is to say, in valid UTF-8; somebody else may have written it
 *
 * Says something on standard error, where it does no more than be seen.
 */
void
tea_terminal_tell (const char *text)
{
  g_autofree char *safe = tea_text_make_safe (text);

  g_printerr ("%s\n", safe);
}
