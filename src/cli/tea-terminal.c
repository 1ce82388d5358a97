/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <glib-unix.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "tea-text.h"

/* So many lines can be had back with the arrow keys. */
#define HISTORY_MAX 500

/* For so long a terminal that does not read is waited for at the end, in ms. */
#define PATIENCE 200

/**
 * TeaTerminal:
 *
 * The terminal that the program runs on. What somebody types there is edited by readline,
 * of which there is one in a program; what is printed meanwhile comes above that line.
 *
 * The terminal is written to without waiting: where it is stopped, the program is not.
 */
struct _TeaTerminal
{
  GObject parent_instance;

  TeaLineWriter *writer; /* (owned) */
  int fd;                /* of the writer */
  FILE *stream;          /* readline's way to the writer */
  GSource *jobs;         /* (owned): Ctrl+Z, and what comes after it */
  int jobs_fd;
  guint size_source;
  gboolean closed;

  GTask *task;    /* (owned) (nullable): reads a line */
  GSource *input; /* (owned) (nullable): there is something to read for it */
  GSource *cancelled;
  TeaTerminalComplete complete; /* (nullable) */
  gpointer complete_data;
  char *prompt;
  char *line;         /* (nullable): what was typed */
  gboolean remember;  /* the line can be had back */
  gboolean is_typed;  /* there is a line, or the end of all */
  gboolean is_edited; /* readline has the terminal */
  gboolean is_hidden; /* what is typed is not on the screen now */
  gboolean is_away;   /* another program has the terminal */
  guint show_source;
};

G_DEFINE_FINAL_TYPE (TeaTerminal, tea_terminal, G_TYPE_OBJECT)

/* Readline knows no user data. */
static TeaTerminal *instance;

/* How the terminal was found. */
static struct termios found;
static gboolean is_found;

static ssize_t
stream_write (void *cookie, const char *data, size_t size)
{
  tea_line_writer_write_bytes (((TeaTerminal *) cookie)->writer, data, size);

  return (ssize_t) size;
}

static void
show (TeaTerminal *self)
{
  g_clear_handle_id (&self->show_source, g_source_remove);
  if (!self->is_hidden || self->is_away)
    return;

  self->is_hidden = FALSE;
  rl_forced_update_display ();
  fflush (self->stream);
}

static void
show_cb (gpointer user_data)
{
  TeaTerminal *self = user_data;

  self->show_source = 0;
  show (self);
}

static void
hide (TeaTerminal *self)
{
  if (!self->is_edited || self->is_hidden)
    return;

  rl_clear_visible_line ();
  fflush (self->stream);
  self->is_hidden = TRUE;
}

static void
typed_cb (char *line)
{
  TeaTerminal *self = instance;

  if (line != NULL && *line != '\0' && self->remember)
    add_history (line);
  g_free (self->line);
  self->line = g_strdup (line);
  free (line);
  self->is_typed = TRUE;
}

static void
begin_editing (TeaTerminal *self)
{
  self->is_edited = TRUE;
  self->is_hidden = FALSE;
  rl_callback_handler_install (self->prompt, typed_cb);
  fflush (self->stream);
}

/* What is half typed stays to be seen. */
static void
end_editing (TeaTerminal *self)
{
  if (!self->is_edited)
    return;

  show (self);
  if (*self->prompt != '\0' || rl_end > 0)
    tea_line_writer_write_bytes (self->writer, "\r\n", 2);
  rl_callback_handler_remove ();
  fflush (self->stream);
  self->is_edited = FALSE;
}

static void
stop_reading (TeaTerminal *self)
{
  if (self->input != NULL)
    g_source_destroy (self->input);
  g_clear_pointer (&self->input, g_source_unref);
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaTerminal) self = g_object_ref (TEA_TERMINAL (user_data));
  g_autoptr (GTask) task = NULL;
  char *line;

  show (self);
  rl_callback_read_char ();
  fflush (self->stream);
  if (!self->is_typed)
    return G_SOURCE_CONTINUE;

  self->is_typed = FALSE;
  task = g_steal_pointer (&self->task);
  line = self->line != NULL ? g_utf8_make_valid (self->line, -1) : NULL;
  g_clear_pointer (&self->line, g_free);
  stop_reading (self);
  if (line == NULL)
    end_editing (self);
  g_task_return_pointer (task, line, g_free);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (TeaTerminal) self = g_object_ref (TEA_TERMINAL (user_data));
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  stop_reading (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static gboolean
resized_cb (gpointer user_data)
{
  TeaTerminal *self = user_data;

  if (self->is_edited)
    {
      show (self);
      rl_resize_terminal ();
      fflush (self->stream);
    }

  return G_SOURCE_CONTINUE;
}

static void
suspend (TeaTerminal *self)
{
  sigset_t signals;

  if (self->is_edited)
    {
      hide (self);
      rl_deprep_terminal ();
      fflush (self->stream);
    }
  self->is_away = TRUE;
  tea_line_writer_flush (self->writer, PATIENCE);

  sigemptyset (&signals);
  sigaddset (&signals, SIGTSTP);
  raise (SIGTSTP);
  pthread_sigmask (SIG_UNBLOCK, &signals, NULL);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
}

static void
go_on (TeaTerminal *self)
{
  self->is_away = tcgetpgrp (STDIN_FILENO) != getpgrp ();
  if (!self->is_edited || self->is_away)
    return;

  hide (self);
  rl_prep_terminal (TRUE);
  show (self);
}

static gboolean
job_cb (int fd, GIOCondition condition, gpointer user_data)
{
  TeaTerminal *self = user_data;
  struct signalfd_siginfo info;

  if (read (fd, &info, sizeof info) != sizeof info)
    return G_SOURCE_CONTINUE;

  if (info.ssi_signo == SIGTSTP)
    suspend (self);
  go_on (self);

  return G_SOURCE_CONTINUE;
}

static void
watch_jobs (TeaTerminal *self)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGTSTP);
  sigaddset (&signals, SIGCONT);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);

  self->jobs_fd = signalfd (-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (self->jobs_fd < 0)
    return;

  self->jobs = g_unix_fd_source_new (self->jobs_fd, G_IO_IN);
  g_source_set_callback (self->jobs, G_SOURCE_FUNC (job_cb), self, NULL);
  g_source_attach (self->jobs, g_main_context_get_thread_default ());
}

/* Readline asks for one after the other, and frees them. */
static char *
next_candidate (const char *word, int state)
{
  static char **candidates;
  static guint n_given;
  char *candidate;

  if (state == 0)
    {
      g_autofree char *line = g_strndup (rl_line_buffer, (gsize) (rl_point - (int) strlen (word)));

      g_strfreev (candidates);
      candidates = instance->complete != NULL
                       ? instance->complete (line, word, instance->complete_data)
                       : NULL;
      n_given = 0;
    }

  if (candidates == NULL || candidates[n_given] == NULL)
    return NULL;

  candidate = candidates[n_given++];

  return strdup (candidate);
}

/* Nothing here may wait for another key: that stops the program. What the user's own
 * settings of readline say, holds for the rest. */
static void
set_up_editor (TeaTerminal *self)
{
  rl_readline_name = "teahouse-cli";
  rl_instream = stdin;
  rl_outstream = self->stream;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;
  rl_completion_entry_function = next_candidate;
  rl_completion_query_items = 0;
  rl_completer_word_break_characters = (char *) " \t";
  rl_ignore_completion_duplicates = 1;
  rl_initialize ();
  rl_variable_bind ("enable-bracketed-paste", "off");
  rl_variable_bind ("page-completions", "off");
  rl_variable_bind ("input-meta", "on");
  rl_variable_bind ("output-meta", "on");
  rl_variable_bind ("convert-meta", "off");
  using_history ();
  stifle_history (HISTORY_MAX);
}

static void
printerr_cb (const char *text)
{
  if (instance != NULL && isatty (STDERR_FILENO))
    tea_terminal_print (instance, text);
  else
    fputs (text, stderr);
}

static void
tea_terminal_dispose (GObject *object)
{
  TeaTerminal *self = TEA_TERMINAL (object);

  tea_terminal_close (self);
  g_clear_object (&self->writer);

  G_OBJECT_CLASS (tea_terminal_parent_class)->dispose (object);
}

static void
tea_terminal_finalize (GObject *object)
{
  TeaTerminal *self = TEA_TERMINAL (object);

  g_free (self->prompt);
  g_free (self->line);

  G_OBJECT_CLASS (tea_terminal_parent_class)->finalize (object);
}

static void
tea_terminal_class_init (TeaTerminalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_terminal_dispose;
  object_class->finalize = tea_terminal_finalize;
}

static void
tea_terminal_init (TeaTerminal *self)
{
  self->fd = -1;
  self->jobs_fd = -1;
  self->prompt = g_strdup ("");
}

/* The descriptors that were given are shared with other programs: what is set for a new
 * one concerns nobody else. */
static int
open_anew (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d",
                                           isatty (STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO);

  return open (path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/**
 * tea_terminal_open:
 *
 * From here on, what is written to standard error is printed on the terminal, too.
 *
 * Returns: (transfer full) (nullable): the terminal; %NULL if nobody types there, or nothing
 *   can be shown there
 */
TeaTerminal *
tea_terminal_open (void)
{
  g_autoptr (TeaTerminal) self = NULL;
  const cookie_io_functions_t functions = { .write = stream_write };

  g_return_val_if_fail (instance == NULL, NULL);

  if (!isatty (STDIN_FILENO) || (!isatty (STDERR_FILENO) && !isatty (STDOUT_FILENO))
      || tcgetattr (STDIN_FILENO, &found) != 0)
    return NULL;

  is_found = TRUE;
  self = g_object_new (TEA_TYPE_TERMINAL, NULL);
  self->fd = open_anew ();
  if (self->fd < 0)
    return NULL;

  self->writer = tea_line_writer_new (self->fd);
  self->stream = fopencookie (self, "w", functions);
  if (self->stream == NULL)
    return NULL;

  fflush (stderr);
  instance = self;
  set_up_editor (self);
  watch_jobs (self);
  self->size_source = g_unix_signal_add (SIGWINCH, resized_cb, self);
  g_set_printerr_handler (printerr_cb);

  return g_steal_pointer (&self);
}

/**
 * tea_terminal_close:
 * @self: the terminal
 *
 * Leaves the terminal as it was found, with all that was printed.
 */
void
tea_terminal_close (TeaTerminal *self)
{
  g_return_if_fail (TEA_IS_TERMINAL (self));

  if (self->closed)
    return;

  self->closed = TRUE;
  self->complete = NULL;
  stop_reading (self);
  if (self->task != NULL)
    g_task_return_new_error (self->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed");
  g_clear_object (&self->task);
  end_editing (self);
  g_clear_handle_id (&self->show_source, g_source_remove);
  g_clear_handle_id (&self->size_source, g_source_remove);
  if (self->jobs != NULL)
    g_source_destroy (self->jobs);
  g_clear_pointer (&self->jobs, g_source_unref);
  if (self->jobs_fd >= 0)
    close (self->jobs_fd);

  if (instance == self)
    g_set_printerr_handler (NULL);
  instance = NULL;
  rl_outstream = NULL;
  if (self->stream != NULL)
    fclose (self->stream);
  if (self->writer != NULL)
    tea_line_writer_flush (self->writer, PATIENCE);
  if (self->fd >= 0)
    close (self->fd);
}

/**
 * tea_terminal_get_writer:
 * @self: the terminal
 *
 * Returns: (transfer none): what writes there, to see how far it is
 */
TeaLineWriter *
tea_terminal_get_writer (TeaTerminal *self)
{
  g_return_val_if_fail (TEA_IS_TERMINAL (self), NULL);

  return self->writer;
}

/**
 * tea_terminal_print:
 * @self: the terminal
 * @text: what there is to print, line breaks included
 *
 * Prints something, above what is being typed.
 */
void
tea_terminal_print (TeaTerminal *self, const char *text)
{
  g_return_if_fail (TEA_IS_TERMINAL (self));
  g_return_if_fail (text != NULL);

  hide (self);
  tea_line_writer_write_bytes (self->writer, text, strlen (text));

  /* Once for all that is printed in this turn. */
  if (self->is_edited && self->show_source == 0)
    self->show_source = g_idle_add_once (show_cb, self);
}

/**
 * tea_terminal_set_complete:
 * @self: the terminal
 * @complete: (nullable): finds what the Tab key can make of a word
 * @user_data: for @complete
 */
void
tea_terminal_set_complete (TeaTerminal *self, TeaTerminalComplete complete, gpointer user_data)
{
  g_return_if_fail (TEA_IS_TERMINAL (self));

  self->complete = complete;
  self->complete_data = user_data;
}

/**
 * tea_terminal_read_async:
 * @self: a terminal from which nobody reads
 * @prompt: what stands before the line; it may be empty
 * @remember: whether the line can be had back with the arrow keys
 * @cancellable: (nullable): to give up with
 * @callback: called when there is a line
 * @user_data: for @callback
 *
 * Lets somebody type a line.
 */
void
tea_terminal_read_async (TeaTerminal *self,
                         const char *prompt,
                         gboolean remember,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GMainContext *context = g_main_context_get_thread_default ();

  g_return_if_fail (TEA_IS_TERMINAL (self));
  g_return_if_fail (prompt != NULL);
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_terminal_read_async);
  self->remember = remember;

  if (!g_str_equal (self->prompt, prompt))
    {
      g_free (self->prompt);
      self->prompt = g_strdup (prompt);
      if (self->is_edited)
        {
          hide (self);
          rl_set_prompt (prompt);
          show (self);
        }
    }
  if (!self->is_edited)
    begin_editing (self);

  self->input = g_unix_fd_source_new (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->input, G_SOURCE_FUNC (input_cb), self, NULL);
  g_source_attach (self->input, context);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
      g_source_attach (self->cancelled, context);
    }
}

/**
 * tea_terminal_read_finish:
 * @self: the terminal
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the line in valid UTF-8, without its end; %NULL
 *   without @error when no more will be typed
 */
char *
tea_terminal_read_finish (TeaTerminal *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_terminal_set_echo:
 * @echo: whether what is typed is to be seen
 *
 * Shows or hides what is typed at standard input and is read there, not edited. Does nothing
 * where there is no terminal.
 */
void
tea_terminal_set_echo (gboolean echo)
{
  struct termios settings;

  if (instance != NULL)
    end_editing (instance);
  if (tcgetattr (STDIN_FILENO, &settings) != 0)
    return;

  if (echo)
    settings.c_lflag |= ECHO;
  else
    settings.c_lflag &= ~(tcflag_t) ECHO;

  tcsetattr (STDIN_FILENO, TCSADRAIN, &settings);
}

/**
 * tea_terminal_restore:
 *
 * Leaves the terminal as it was found, in a signal handler of a program that ends.
 */
void
tea_terminal_restore (void)
{
  if (is_found)
    tcsetattr (STDIN_FILENO, TCSANOW, &found);
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
