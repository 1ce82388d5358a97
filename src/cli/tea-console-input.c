/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-input.h"

#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>

#define CHUNK_SIZE (16 * 1024)

/**
 * TeaConsoleInput:
 *
 * Reads lines from standard input, and asks for them first where somebody is there to
 * be asked.
 */
struct _TeaConsoleInput
{
  GObject parent_instance;

  TeaTerminal *terminal; /* (owned) (nullable): somebody types there */
  GInputStream *stream;  /* (owned) */
  GByteArray *pending;   /* read, but not taken */
  guint8 chunk[CHUNK_SIZE];
  gsize n_searched;  /* so much of @pending is known to hold no line break */
  gboolean after_cr; /* a line feed would belong to the line break before it */
  gboolean too_long; /* of the line that comes now, the beginning is thrown away */
  gboolean ended;
  gboolean secret; /* what is typed is hidden now */
};

G_DEFINE_FINAL_TYPE (TeaConsoleInput, tea_console_input, G_TYPE_OBJECT)

static void read_more (GTask *task);

/* A terminal remembers that it hides what is typed for longer than the program lives. */
static void
show_typing (TeaConsoleInput *self)
{
  if (!self->secret)
    return;

  tea_terminal_set_echo (TRUE);
  self->secret = FALSE;
  g_printerr ("\n");
}

/* Whether there is a whole line. What comes after the last line break is one as well. */
static gboolean
find_line (TeaConsoleInput *self, gsize *size)
{
  if (self->after_cr && self->pending->len > 0)
    {
      if (self->pending->data[0] == '\n')
        g_byte_array_remove_index (self->pending, 0);
      self->after_cr = FALSE;
    }

  while (self->n_searched < self->pending->len && self->pending->data[self->n_searched] != '\n'
         && self->pending->data[self->n_searched] != '\r')
    self->n_searched++;

  *size = self->n_searched;
  if (self->n_searched < self->pending->len)
    return TRUE;

  if (self->pending->len > TEA_CONSOLE_INPUT_LINE_MAX)
    {
      self->too_long = TRUE;
      g_byte_array_set_size (self->pending, 0);
      self->n_searched = 0;
    }

  return self->ended && (self->pending->len > 0 || self->too_long);
}

static void
return_too_long (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           _ ("A line of input can have %u bytes; what is longer is not said."),
                           TEA_CONSOLE_INPUT_LINE_MAX);
}

static void
take_line (TeaConsoleInput *self, gsize size, GTask *task)
{
  g_autofree char *line = g_utf8_make_valid ((const char *) self->pending->data, (gssize) size);
  gboolean too_long = self->too_long || size > TEA_CONSOLE_INPUT_LINE_MAX;

  if (size < self->pending->len)
    {
      self->after_cr = self->pending->data[size] == '\r';
      size++;
    }
  g_byte_array_remove_range (self->pending, 0, (guint) size);
  self->n_searched = 0;
  self->too_long = FALSE;

  if (too_long)
    return_too_long (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&line), g_free);
}

static void
go_on (GTask *task)
{
  TeaConsoleInput *self = TEA_CONSOLE_INPUT (g_task_get_source_object (task));
  gsize size = 0;

  if (find_line (self, &size))
    {
      show_typing (self);
      take_line (self, size, task);
    }
  else if (self->ended)
    {
      show_typing (self);
      g_task_return_pointer (task, NULL, NULL);
    }
  else
    {
      read_more (task);
    }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsoleInput *self = TEA_CONSOLE_INPUT (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_read < 0)
    {
      show_typing (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_byte_array_append (self->pending, self->chunk, (guint) n_read);
  self->ended = n_read == 0;
  go_on (task);
}

static void
read_more (GTask *task)
{
  TeaConsoleInput *self = TEA_CONSOLE_INPUT (g_task_get_source_object (task));

  g_input_stream_read_async (self->stream, self->chunk, sizeof self->chunk, G_PRIORITY_DEFAULT,
                             g_task_get_cancellable (task), read_cb, g_object_ref (task));
}

static void
typed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = tea_terminal_read_finish (TEA_TERMINAL (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (line != NULL && strlen (line) > TEA_CONSOLE_INPUT_LINE_MAX)
    return_too_long (task);
  else
    g_task_return_pointer (task, g_steal_pointer (&line), g_free);
}

static void
edit_line (TeaConsoleInput *self, const char *prompt, gboolean remember, GTask *task)
{
  g_autofree char *text = g_strconcat (prompt, " ", NULL);

  tea_terminal_read_async (self->terminal, text, remember, g_task_get_cancellable (task), typed_cb,
                           g_object_ref (task));
}

static void
tea_console_input_dispose (GObject *object)
{
  TeaConsoleInput *self = TEA_CONSOLE_INPUT (object);

  show_typing (self);
  g_clear_object (&self->stream);
  g_clear_object (&self->terminal);

  G_OBJECT_CLASS (tea_console_input_parent_class)->dispose (object);
}

static void
tea_console_input_finalize (GObject *object)
{
  TeaConsoleInput *self = TEA_CONSOLE_INPUT (object);

  g_byte_array_unref (self->pending);

  G_OBJECT_CLASS (tea_console_input_parent_class)->finalize (object);
}

static void
tea_console_input_class_init (TeaConsoleInputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_input_dispose;
  object_class->finalize = tea_console_input_finalize;
}

static void
tea_console_input_init (TeaConsoleInput *self)
{
  self->terminal = tea_terminal_open ();
  self->stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  self->pending = g_byte_array_new ();
}

/**
 * tea_console_input_new:
 *
 * Returns: (transfer full): a reader of standard input
 */
TeaConsoleInput *
tea_console_input_new (void)
{
  return g_object_new (TEA_TYPE_CONSOLE_INPUT, NULL);
}

/**
 * tea_console_input_is_interactive:
 * @self: a reader
 *
 * Returns: whether there is somebody to be asked
 */
gboolean
tea_console_input_is_interactive (TeaConsoleInput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_INPUT (self), FALSE);

  return isatty (STDIN_FILENO);
}

/**
 * tea_console_input_close:
 * @self: a reader
 *
 * Leaves the terminal, where there is one, as it was found.
 */
void
tea_console_input_close (TeaConsoleInput *self)
{
  g_return_if_fail (TEA_IS_CONSOLE_INPUT (self));

  show_typing (self);
  if (self->terminal != NULL)
    tea_terminal_close (self->terminal);
}

/**
 * tea_console_input_read_line_async:
 * @self: a reader that is not reading
 * @prompt: what stands before it, where somebody types
 * @cancellable: (nullable): to give up with
 * @callback: called when there is a line
 * @user_data: for @callback
 *
 * Reads one line of what is to be said or done.
 */
void
tea_console_input_read_line_async (TeaConsoleInput *self,
                                   const char *prompt,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_INPUT (self));
  g_return_if_fail (prompt != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_input_read_line_async);

  if (self->terminal != NULL)
    edit_line (self, prompt, TRUE, task);
  else
    go_on (task);
}

/**
 * tea_console_input_read_async:
 * @self: a reader that is not reading
 * @prompt: what to ask
 * @secret: whether nobody may see what is typed
 * @cancellable: (nullable): to give up with
 * @callback: called when there is a line
 * @user_data: for @callback
 *
 * Asks for one line, and reads it.
 */
void
tea_console_input_read_async (TeaConsoleInput *self,
                              const char *prompt,
                              gboolean secret,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_INPUT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_input_read_async);

  if (self->terminal != NULL && !secret)
    {
      edit_line (self, prompt, FALSE, task);
      return;
    }

  if (secret && tea_console_input_is_interactive (self))
    {
      tea_terminal_set_echo (FALSE);
      self->secret = TRUE;
    }
  g_printerr ("%s ", prompt);

  go_on (task);
}

/**
 * tea_console_input_read_finish:
 * @self: a reader
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Of both ways to read one.
 *
 * Returns: (transfer full) (nullable): the line in valid UTF-8, without its end; %NULL with
 *   @error set if it could not be read, %G_IO_ERROR_MESSAGE_TOO_LARGE if it is passed over,
 *   or without @error where there are no more lines
 */
char *
tea_console_input_read_finish (TeaConsoleInput *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_console_input_get_terminal:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): the terminal that somebody types at
 */
TeaTerminal *
tea_console_input_get_terminal (TeaConsoleInput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_INPUT (self), NULL);

  return self->terminal;
}
