/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-password-prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
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

static const int ending_signals[] = { SIGHUP, SIGINT, SIGTERM };

static volatile sig_atomic_t ended_by;

static void
end_cb (int number)
{
  ended_by = number;
}

/* What signals did before something was asked. */
typedef struct
{
  struct sigaction actions[G_N_ELEMENTS (ending_signals)];
  sigset_t mask;
} Signals;

/* A terminal remembers that it hides what is typed: whoever ends the program meanwhile only
 * ends the waiting. */
static void
catch_signals (Signals *former)
{
  const struct sigaction action = { .sa_handler = end_cb };
  sigset_t caught;

  ended_by = 0;
  sigemptyset (&caught);
  for (size_t i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    {
      sigaddset (&caught, ending_signals[i]);
      sigaction (ending_signals[i], NULL, &former->actions[i]);
      if (former->actions[i].sa_handler != SIG_IGN)
        sigaction (ending_signals[i], &action, NULL);
    }
  sigprocmask (SIG_BLOCK, &caught, &former->mask);
}

/* Until there is a line, or one of the signals: they come now, or not at all. */
static void
wait_for_line (const Signals *former)
{
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

  while (ended_by == 0 && ppoll (&input, 1, NULL, &former->mask) < 0 && errno == EINTR)
    ;
}

static void
release_signals (const Signals *former)
{
  for (size_t i = 0; i < G_N_ELEMENTS (ending_signals); i++)
    sigaction (ending_signals[i], &former->actions[i], NULL);
  sigprocmask (SIG_SETMASK, &former->mask, NULL);

  if (ended_by != 0)
    raise (ended_by);
}

/* What is typed is not shown; the line break that is not shown either is made up for. */
static char *
ask (const char *question, GError **error)
{
  struct termios shown;
  struct termios hidden;
  Signals former;
  gboolean can_hide = tcgetattr (STDIN_FILENO, &shown) == 0;
  char *line = NULL;

  catch_signals (&former);

  /* Before the question: hiding drops what was typed already. */
  if (can_hide)
    {
      hidden = shown;
      hidden.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
    }

  g_printerr ("%s ", question);
  wait_for_line (&former);
  if (ended_by == 0)
    line = read_line (error);

  if (can_hide)
    tcsetattr (STDIN_FILENO, TCSADRAIN, &shown);
  g_printerr ("\n");
  release_signals (&former);

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
