/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-output.h"

#include <unistd.h>

#include "tea-event-formatter.h"
#include "tea-line-writer.h"

/**
 * TeaConsoleOutput:
 *
 * What the terminal client prints on standard output: what happens in the room, and, for
 * programs, what becomes of what they say.
 */
struct _TeaConsoleOutput
{
  GObject parent_instance;

  gboolean json;
  TeaEventFormatter *formatter; /* (owned) */
  TeaTerminal *terminal;        /* (owned) (nullable): what is written goes there */
  TeaLineWriter *writer;        /* (owned) */
  GHashTable *sending;          /* (element-type TeaTimelineItem): there is more to tell */
};

enum
{
  SIGNAL_DRAINED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConsoleOutput, tea_console_output, G_TYPE_OBJECT)

static void
drained_cb (TeaConsoleOutput *self)
{
  g_assert (TEA_IS_CONSOLE_OUTPUT (self));

  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
failed_cb (TeaConsoleOutput *self, const GError *error)
{
  g_assert (TEA_IS_CONSOLE_OUTPUT (self));

  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
write_line (TeaConsoleOutput *self, const char *line)
{
  g_autofree char *whole = NULL;

  if (self->terminal == NULL)
    {
      tea_line_writer_write (self->writer, line);
      return;
    }

  whole = g_strconcat (line, "\n", NULL);
  tea_terminal_print (self->terminal, whole);
}

static void
tea_console_output_dispose (GObject *object)
{
  TeaConsoleOutput *self = TEA_CONSOLE_OUTPUT (object);

  g_clear_object (&self->formatter);
  g_clear_object (&self->writer);
  g_clear_object (&self->terminal);
  g_clear_pointer (&self->sending, g_hash_table_unref);

  G_OBJECT_CLASS (tea_console_output_parent_class)->dispose (object);
}

static void
tea_console_output_class_init (TeaConsoleOutputClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_output_dispose;

  /**
   * TeaConsoleOutput::drained:
   * @self: the output
   *
   * Everything is written, or nothing can be any more.
   */
  signals[SIGNAL_DRAINED] = g_signal_new ("drained", TEA_TYPE_CONSOLE_OUTPUT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaConsoleOutput::failed:
   * @self: the output
   * @error: why
   *
   * Nothing more can be written.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", TEA_TYPE_CONSOLE_OUTPUT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
tea_console_output_init (TeaConsoleOutput *self)
{
  self->sending = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * tea_console_output_new:
 * @json: whether a program reads it
 * @terminal: (nullable): the terminal that somebody types at
 *
 * Returns: (transfer full): standard output
 */
TeaConsoleOutput *
tea_console_output_new (gboolean json, TeaTerminal *terminal)
{
  TeaConsoleOutput *self = g_object_new (TEA_TYPE_CONSOLE_OUTPUT, NULL);

  self->json = json;
  self->formatter = tea_event_formatter_new (json);
  if (terminal != NULL && isatty (STDOUT_FILENO))
    {
      self->terminal = g_object_ref (terminal);
      self->writer = g_object_ref (tea_terminal_get_writer (terminal));
    }
  else
    {
      self->writer = tea_line_writer_new (STDOUT_FILENO);
    }
  g_signal_connect_object (self->writer, "drained", G_CALLBACK (drained_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->writer, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_output_write_event:
 * @self: standard output
 * @event: what happened
 *
 * Tells what happened in the room.
 */
void
tea_console_output_write_event (TeaConsoleOutput *self, TeaEvent *event)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  line = tea_event_formatter_format (self->formatter, event);
  if (line != NULL)
    write_line (self, line);
}

/**
 * tea_console_output_write_gap:
 * @self: standard output
 *
 * Tells that some of what happened in the room is not told.
 */
void
tea_console_output_write_gap (TeaConsoleOutput *self)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  line = tea_event_formatter_format_gap (self->formatter);
  write_line (self, line);
}

/**
 * tea_console_output_write_own:
 * @self: standard output
 * @item: a message of one's own
 *
 * Tells how far a message has come.
 */
void
tea_console_output_write_own (TeaConsoleOutput *self, TeaTimelineItem *item)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  /* Sent again after the server was away, it is as far as it was. */
  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_SENDING
      && g_hash_table_contains (self->sending, item))
    return;

  line = tea_event_formatter_format_own (self->formatter, item);
  if (line == NULL)
    return;

  write_line (self, line);
  if (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_SENDING)
    g_hash_table_add (self->sending, g_object_ref (item));
  else
    g_hash_table_remove (self->sending, item);
}

/**
 * tea_console_output_write_error:
 * @self: standard output
 * @text: what is wrong
 *
 * Tells that something that came in was not done: programs read it where they read all
 * else, people on standard error.
 */
void
tea_console_output_write_error (TeaConsoleOutput *self, const char *text)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));
  g_return_if_fail (text != NULL);

  if (!self->json)
    {
      g_printerr ("%s\n", text);
      return;
    }

  line = tea_event_formatter_format_error (text);
  write_line (self, line);
}

/**
 * tea_console_output_write_history:
 * @self: standard output
 * @n_events: how many older events came before this
 * @has_older: whether there are more
 *
 * Tells that all of the history that was asked for is told.
 */
void
tea_console_output_write_history (TeaConsoleOutput *self, guint n_events, gboolean has_older)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));

  line = tea_event_formatter_format_history (n_events, has_older);
  write_line (self, line);
}

/**
 * tea_console_output_write_members:
 * @self: standard output
 * @members: who is in the room, a list of #TeaMember
 * @known: whether that is everybody
 *
 * Tells who is in the room.
 */
void
tea_console_output_write_members (TeaConsoleOutput *self, GListModel *members, gboolean known)
{
  g_autofree char *line = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_OUTPUT (self));
  g_return_if_fail (G_IS_LIST_MODEL (members));

  line = tea_event_formatter_format_members (members, known);
  write_line (self, line);
}

/**
 * tea_console_output_is_settled:
 * @self: standard output
 *
 * Returns: whether nothing more is to be told about what was said here
 */
gboolean
tea_console_output_is_settled (TeaConsoleOutput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (self), TRUE);

  return g_hash_table_size (self->sending) == 0;
}

/**
 * tea_console_output_is_idle:
 * @self: standard output
 *
 * Returns: whether everything is written
 */
gboolean
tea_console_output_is_idle (TeaConsoleOutput *self)
{
  g_return_val_if_fail (TEA_IS_CONSOLE_OUTPUT (self), TRUE);

  return tea_line_writer_is_idle (self->writer);
}
