/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-word-query.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-frame-encode.h"
#include "tea-undertaking.h"

/* Servers look for a tenth of a second, and take a question a second. */
#define PATIENCE G_TIME_SPAN_SECOND

struct _TeaWordQuery
{
  guint32 number;
  char *words;
  guint64 before;
  TeaUndertaking asking;
  TeaTimer *timer; /* (owned): when to ask again */
  TeaFrameFunc send;
  gpointer user_data;
};

/**
 * tea_found_numbers_free:
 * @self: (transfer full): what was found
 *
 * Frees it.
 */
void
tea_found_numbers_free (TeaFoundNumbers *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->seqs);
  g_free (self);
}

static GTask *
end (TeaWordQuery *self)
{
  tea_timer_unset (self->timer);

  return tea_undertaking_end (&self->asking);
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = end (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
ask_again_cb (gpointer user_data)
{
  tea_word_query_ask (user_data);
}

/**
 * tea_word_query_new:
 * @clock: by which clock
 * @number: which question of the room it is, above 0
 * @words: what to look for
 * @before: only messages before this number; 0 for all
 * @task: (transfer full): given a #TeaFoundNumbers
 * @send: how to send a frame
 * @user_data: for @send
 *
 * Returns: (transfer full): a query that has not asked yet
 */
TeaWordQuery *
tea_word_query_new (TeaClock *clock,
                    guint32 number,
                    const char *words,
                    guint64 before,
                    GTask *task,
                    TeaFrameFunc send,
                    gpointer user_data)
{
  TeaWordQuery *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (words != NULL, NULL);
  g_return_val_if_fail (G_IS_TASK (task), NULL);
  g_return_val_if_fail (send != NULL, NULL);

  self = g_new0 (TeaWordQuery, 1);
  self->number = number;
  self->words = g_strdup (words);
  self->before = before;
  self->timer = tea_timer_new (clock, ask_again_cb, self);
  self->send = send;
  self->user_data = user_data;
  tea_undertaking_begin (&self->asking, task, given_up_cb, self);

  return self;
}

/**
 * tea_word_query_free:
 * @self: (transfer full): a query
 *
 * Frees a query; whoever waits for the answer is told that there is none.
 */
void
tea_word_query_free (TeaWordQuery *self)
{
  g_return_if_fail (self != NULL);

  tea_word_query_give_up (self);
  g_free (self->words);
  tea_timer_free (self->timer);
  g_free (self);
}

/**
 * tea_word_query_ask:
 * @self: a query that goes on
 *
 * There is a way to the room: asks until there is an answer.
 */
void
tea_word_query_ask (TeaWordQuery *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_set (self->timer, PATIENCE);
  self->send (tea_frame_encode_find (self->number, self->before, self->words), self->user_data);
}

/**
 * tea_word_query_pause:
 * @self: a query
 *
 * Asks for nothing, for now.
 */
void
tea_word_query_pause (TeaWordQuery *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
}

/**
 * tea_word_query_give_up:
 * @self: a query
 *
 * Whoever waits for the answer is told that there is none.
 */
void
tea_word_query_give_up (TeaWordQuery *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (self != NULL);

  task = end (self);
  if (task != NULL)
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The server did not answer the search."));
}

/**
 * tea_word_query_goes_on:
 * @self: a query
 *
 * Returns: whether somebody still waits for the answer
 */
gboolean
tea_word_query_goes_on (TeaWordQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return tea_undertaking_goes_on (&self->asking);
}

/**
 * tea_word_query_take_found:
 * @self: a query
 * @frame: a FOUND frame
 *
 * Takes the answer, if it is to this question.
 */
void
tea_word_query_take_found (TeaWordQuery *self, const TeaFrame *frame)
{
  g_autoptr (GTask) task = NULL;
  TeaFoundNumbers *found;

  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  if (frame->found.number != self->number || !tea_undertaking_goes_on (&self->asking))
    return;

  task = end (self);
  found = g_new0 (TeaFoundNumbers, 1);
  found->seqs = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (frame->found.events.n_items > 0)
    g_array_append_vals (found->seqs, frame->found.events.items,
                         (guint) frame->found.events.n_items);
  found->next = frame->found.next;
  g_task_return_pointer (task, found, (GDestroyNotify) tea_found_numbers_free);
}
