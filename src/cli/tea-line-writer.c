/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-line-writer.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include <glib-unix.h>

/**
 * TeaLineWriter:
 *
 * Writes lines to a file descriptor without ever waiting for whoever reads there.
 */
struct _TeaLineWriter
{
  GObject parent_instance;

  int fd;
  GByteArray *pending;
  GSource *source; /* (owned) (nullable): writable */
  gboolean failed; /* nothing more can be written */
};

enum
{
  SIGNAL_DRAINED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaLineWriter, tea_line_writer, G_TYPE_OBJECT)

/* The descriptor is shared with other programs, so it is not made non-blocking: where
 * it is writable, so much can be written without waiting (POSIX, PIPE_BUF). */
static void
write_some (TeaLineWriter *self, GError **error)
{
  gssize n_written = write (self->fd, self->pending->data, MIN (self->pending->len, PIPE_BUF));

  if (n_written >= 0)
    {
      g_byte_array_remove_range (self->pending, 0, (guint) n_written);
    }
  else if (errno != EINTR && errno != EAGAIN)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      g_byte_array_set_size (self->pending, 0);
      self->failed = TRUE;
    }
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaLineWriter) self = g_object_ref (TEA_LINE_WRITER (user_data));
  g_autoptr (GError) error = NULL;

  write_some (self, &error);
  if (self->pending->len > 0)
    return G_SOURCE_CONTINUE;

  g_clear_pointer (&self->source, g_source_unref);
  if (error != NULL)
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);

  return G_SOURCE_REMOVE;
}

static void
tea_line_writer_finalize (GObject *object)
{
  TeaLineWriter *self = TEA_LINE_WRITER (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_byte_array_unref (self->pending);

  G_OBJECT_CLASS (tea_line_writer_parent_class)->finalize (object);
}

static void
tea_line_writer_class_init (TeaLineWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_line_writer_finalize;

  /**
   * TeaLineWriter::drained:
   * @self: the writer
   *
   * Everything is written, or nothing can be any more.
   */
  signals[SIGNAL_DRAINED] = g_signal_new ("drained", TEA_TYPE_LINE_WRITER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaLineWriter::failed:
   * @self: the writer
   * @error: why
   *
   * Something could not be written, and nothing more will be.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", TEA_TYPE_LINE_WRITER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
tea_line_writer_init (TeaLineWriter *self)
{
  self->pending = g_byte_array_new ();
}

/**
 * tea_line_writer_new:
 * @fd: where to write; it stays open when the writer goes
 *
 * Returns: (transfer full): a writer that works in the thread-default main context
 */
TeaLineWriter *
tea_line_writer_new (int fd)
{
  TeaLineWriter *self = g_object_new (TEA_TYPE_LINE_WRITER, NULL);

  self->fd = fd;

  return self;
}

/**
 * tea_line_writer_write:
 * @self: a writer
 * @line: a line, in UTF-8 whatever the locale, without the line break at its end
 *
 * Writes a line as soon as somebody can take it.
 */
void
tea_line_writer_write (TeaLineWriter *self, const char *line)
{
  g_return_if_fail (TEA_IS_LINE_WRITER (self));
  g_return_if_fail (line != NULL);

  tea_line_writer_write_bytes (self, line, strlen (line));
  tea_line_writer_write_bytes (self, "\n", 1);
}

/**
 * tea_line_writer_write_bytes:
 * @self: a writer
 * @bytes: (array length=size): what to write
 * @size: how many there are
 *
 * Writes bytes as soon as somebody can take them.
 */
void
tea_line_writer_write_bytes (TeaLineWriter *self, const char *bytes, gsize size)
{
  g_return_if_fail (TEA_IS_LINE_WRITER (self));

  if (self->failed || size == 0)
    return;

  g_byte_array_append (self->pending, (const guint8 *) bytes, (guint) size);
  if (self->source == NULL)
    {
      self->source = g_unix_fd_source_new (self->fd, G_IO_OUT);
      g_source_set_callback (self->source, G_SOURCE_FUNC (writable_cb), self, NULL);
      g_source_attach (self->source, g_main_context_get_thread_default ());
    }
}

/**
 * tea_line_writer_flush:
 * @self: a writer
 * @timeout: for how long somebody may take nothing, in ms
 *
 * Writes now what waits, as far as it is taken.
 */
void
tea_line_writer_flush (TeaLineWriter *self, gint timeout)
{
  GPollFD poll = { .events = G_IO_OUT };

  g_return_if_fail (TEA_IS_LINE_WRITER (self));

  poll.fd = self->fd;
  while (self->pending->len > 0 && g_poll (&poll, 1, timeout) > 0)
    write_some (self, NULL);
}

/**
 * tea_line_writer_is_idle:
 * @self: a writer
 *
 * Returns: whether everything is written
 */
gboolean
tea_line_writer_is_idle (TeaLineWriter *self)
{
  g_return_val_if_fail (TEA_IS_LINE_WRITER (self), TRUE);

  return self->source == NULL;
}
