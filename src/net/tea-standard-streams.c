/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-standard-streams.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/**
 * tea_standard_streams_open:
 *
 * Makes sure that standard input, output and error are open, by /dev/null where whoever
 * started the program has closed them: what is opened next would get their numbers, and
 * what is printed would go into a socket or a file. To be called first of all.
 */
void
tea_standard_streams_open (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", O_RDWR) < 0)
      return;
}
