/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-writer.h"

#include "tea-text.h"

static char *
make_safe (const GLogField *field)
{
  g_autofree char *text = g_utf8_make_valid (field->value, field->length);

  return tea_text_make_safe (text);
}

/**
 * tea_log_writer_write:
 * @level: how important it is
 * @fields: (array length=n_fields): what there is to log
 * @n_fields: how many there are
 * @user_data: unused
 *
 * Logs as GLib does, but what others wrote, a name or a reason, does no more in the log than
 * be seen: it neither looks like a line of its own nor steers a terminal.
 *
 * Returns: whether it was logged
 */
GLogWriterOutput
tea_log_writer_write (GLogLevelFlags level,
                      const GLogField *fields,
                      gsize n_fields,
                      gpointer user_data)
{
  g_autofree GLogField *safe = NULL;
  g_autofree char *message = NULL;

  g_return_val_if_fail (fields != NULL, G_LOG_WRITER_UNHANDLED);

  safe = g_memdup2 (fields, n_fields * sizeof *fields);
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && message == NULL)
      {
        message = make_safe (&fields[i]);
        safe[i].value = message;
        safe[i].length = -1;
      }

  return g_log_writer_default (level, safe, n_fields, NULL);
}

/**
 * tea_log_writer_install:
 *
 * Makes tea_log_writer_write() what logs in this program, on standard error.
 */
void
tea_log_writer_install (void)
{
  g_log_writer_default_set_use_stderr (TRUE);
  g_log_set_writer_func (tea_log_writer_write, NULL, NULL);
}
