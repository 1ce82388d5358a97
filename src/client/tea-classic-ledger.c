/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-ledger.h"

/* A refusal, or a lost link, concerns what was sent this long before it. */
#define DOUBT (2 * G_TIME_SPAN_SECOND)
/* Servers that repeat one's own lines do so within so many. */
#define SENT_MAX 32

typedef struct
{
  TeaTimelineItem *item; /* (owned) */
  gint64 sent_at;        /* on the clock */
} Sent;

struct _TeaClassicLedger
{
  TeaClock *clock; /* (owned) */
  GQueue sent;     /* (element-type Sent): the newest first */
  guint n_unheard; /* how many of them since the server last sent anything */
};

static void
sent_free (gpointer data)
{
  Sent *sent = data;

  g_object_unref (sent->item);
  g_free (sent);
}

/* Takes what was sent. */
static TeaTimelineItem *
take_item (Sent *sent)
{
  TeaTimelineItem *item = g_object_ref (sent->item);

  sent_free (sent);

  return item;
}

static gboolean
is_in_doubt (TeaClassicLedger *self, const Sent *sent)
{
  return tea_clock_get_time (self->clock) - sent->sent_at < DOUBT;
}

/**
 * tea_classic_ledger_new:
 * @clock: what time it is
 *
 * Returns: (transfer full): an empty ledger
 */
TeaClassicLedger *
tea_classic_ledger_new (TeaClock *clock)
{
  TeaClassicLedger *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_new0 (TeaClassicLedger, 1);
  self->clock = g_object_ref (clock);
  g_queue_init (&self->sent);

  return self;
}

/**
 * tea_classic_ledger_free:
 * @self: (transfer full): a ledger
 *
 * Frees a ledger.
 */
void
tea_classic_ledger_free (TeaClassicLedger *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->sent, sent_free);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_classic_ledger_add:
 * @self: a ledger
 * @item: a message that was just given to the network
 *
 * Remembers a message.
 */
void
tea_classic_ledger_add (TeaClassicLedger *self, TeaTimelineItem *item)
{
  Sent *sent;

  g_return_if_fail (self != NULL);
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  sent = g_new0 (Sent, 1);
  sent->item = g_object_ref (item);
  sent->sent_at = tea_clock_get_time (self->clock);
  self->n_unheard++;
  g_queue_push_head (&self->sent, sent);
  if (g_queue_get_length (&self->sent) > SENT_MAX)
    sent_free (g_queue_pop_tail (&self->sent));
}

/**
 * tea_classic_ledger_take_refusal:
 * @self: a ledger
 *
 * The server has refused something: that is most likely what was just said.
 *
 * Returns: (transfer full) (nullable): that message, where there is one
 */
TeaTimelineItem *
tea_classic_ledger_take_refusal (TeaClassicLedger *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (g_queue_is_empty (&self->sent) || !is_in_doubt (self, g_queue_peek_head (&self->sent)))
    return NULL;

  self->n_unheard -= MIN (self->n_unheard, 1);

  return take_item (g_queue_pop_head (&self->sent));
}

/**
 * tea_classic_ledger_take_echo:
 * @self: a ledger
 * @text: a message that came from the server under one's own name
 *
 * Some servers send one's own lines back.
 *
 * Returns: whether this is one of them
 */
gboolean
tea_classic_ledger_take_echo (TeaClassicLedger *self, const char *text)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  for (GList *l = self->sent.tail; l != NULL; l = l->prev)
    {
      Sent *sent = l->data;

      if (g_str_equal (tea_timeline_item_get_text (sent->item), text))
        {
          sent_free (sent);
          g_queue_delete_link (&self->sent, l);
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * tea_classic_ledger_note_heard:
 * @self: a ledger
 *
 * The server sent something: it was there when the latest messages were sent.
 */
void
tea_classic_ledger_note_heard (TeaClassicLedger *self)
{
  g_return_if_fail (self != NULL);

  self->n_unheard = 0;
}

/**
 * tea_classic_ledger_take_unheard:
 * @self: a ledger
 *
 * The server turns out not to be there: empties the ledger.
 *
 * Returns: (transfer full) (element-type TeaTimelineItem): what it most likely did not
 *   hear, oldest first: what was said since it was last heard, and a moment ago
 */
GPtrArray *
tea_classic_ledger_take_unheard (TeaClassicLedger *self)
{
  GPtrArray *unheard = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (self != NULL, unheard);

  while (!g_queue_is_empty (&self->sent))
    {
      gboolean is_unheard = g_queue_get_length (&self->sent) <= self->n_unheard;
      Sent *sent = g_queue_pop_tail (&self->sent);

      if (is_unheard && is_in_doubt (self, sent))
        g_ptr_array_add (unheard, take_item (sent));
      else
        sent_free (sent);
    }
  self->n_unheard = 0;

  return unheard;
}
