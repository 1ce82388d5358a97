/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-writer.h"

static void
test_one_line (void)
{
  if (g_test_subprocess ())
    {
      tea_log_writer_install ();
      g_warning ("%s is refused", "Eve\nMei is refused\033[2J\u2028\xff");
      g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "MESSAGE", "%s\r!", "again");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*Eve\n    Mei is refused*[2J\n    * is refused\n"
                             "*again*!\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);

  g_test_add_func ("/log-writer/one-line", test_one_line);

  return g_test_run ();
}
