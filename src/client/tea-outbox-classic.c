/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox-private.h"

/* What becomes of messages where servers acknowledge nothing. */

/* A refusal, or a lost link, concerns what was sent this long before it. */
#define DOUBT (2 * G_TIME_SPAN_SECOND)
/* Servers that repeat one's own lines do so within so many. */
#define SENT_MAX 32

/* It was given to the network. */
void
_tea_outbox_remember_sent (TeaOutbox *self, TeaTimelineItem *item)
{
  self->n_unheard++;
  g_queue_push_head (&self->sent, g_object_ref (item));
  if (g_queue_get_length (&self->sent) > SENT_MAX)
    g_object_unref (g_queue_pop_tail (&self->sent));
}

static gboolean
is_in_doubt (TeaOutbox *self, TeaTimelineItem *item)
{
  return tea_clock_get_real_time (self->clock) - tea_timeline_item_get_time (item) < DOUBT;
}

/**
 * tea_outbox_take_refusal:
 * @self: an outbox
 * @reason: why the server refused something
 *
 * What a server refuses is most likely what was just said: that message has failed.
 *
 * Returns: whether there was one
 */
gboolean
tea_outbox_take_refusal (TeaOutbox *self, const char *reason)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  if (g_queue_is_empty (&self->sent) || !is_in_doubt (self, g_queue_peek_head (&self->sent)))
    return FALSE;

  item = g_queue_pop_head (&self->sent);
  self->n_unheard -= MIN (self->n_unheard, 1);
  _tea_outbox_set_delivery (self, item, TEA_DELIVERY_FAILED, reason);

  return TRUE;
}

/**
 * tea_outbox_take_echo:
 * @self: an outbox
 * @text: a message that came from the server under one's own name
 *
 * Some servers send one's own lines back.
 *
 * Returns: whether this is one of them
 */
gboolean
tea_outbox_take_echo (TeaOutbox *self, const char *text)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  for (GList *l = self->sent.tail; l != NULL; l = l->prev)
    {
      if (g_str_equal (tea_timeline_item_get_text (l->data), text))
        {
          g_object_unref (l->data);
          g_queue_delete_link (&self->sent, l);
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * tea_outbox_note_heard:
 * @self: an outbox
 *
 * The server sent something: it was there when the latest messages were sent.
 */
void
tea_outbox_note_heard (TeaOutbox *self)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  self->n_unheard = 0;
}

/* What was said since the server was last heard, and a moment ago, it most likely did not
 * hear: that waits to be sent again. */
void
_tea_outbox_take_back_sent (TeaOutbox *self)
{
  while (!g_queue_is_empty (&self->sent))
    {
      gboolean unheard = g_queue_get_length (&self->sent) <= self->n_unheard;
      g_autoptr (TeaTimelineItem) item = g_queue_pop_tail (&self->sent);

      if (unheard && is_in_doubt (self, item))
        _tea_outbox_set_delivery (self, item, TEA_DELIVERY_WAITING, NULL);
    }
  self->n_unheard = 0;
}
