/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox.h"

/* A refusal, or a lost link, concerns what was sent this long before it. */
#define DOUBT (2 * G_TIME_SPAN_SECOND)
/* Servers that repeat one's own lines do so within so many. */
#define SENT_MAX 32

/**
 * TeaOutbox:
 *
 * One's own messages on their way into the room: those that wait for a connection,
 * and the latest that were sent, about which a server may still have something to say.
 */
struct _TeaOutbox
{
  GObject parent_instance;

  TeaTimeline *timeline; /* (owned) */
  GQueue sent;           /* (element-type TeaTimelineItem): the newest first */
  guint n_unheard;       /* how many of them since the server last sent anything */
};

G_DEFINE_FINAL_TYPE (TeaOutbox, tea_outbox, G_TYPE_OBJECT)

static void
remember (TeaOutbox *self, TeaTimelineItem *item)
{
  self->n_unheard++;
  g_queue_push_head (&self->sent, g_object_ref (item));
  if (g_queue_get_length (&self->sent) > SENT_MAX)
    g_object_unref (g_queue_pop_tail (&self->sent));
}

static gboolean
is_in_doubt (TeaTimelineItem *item)
{
  return g_get_real_time () - tea_timeline_item_get_time (item) < DOUBT;
}

static void
tea_outbox_dispose (GObject *object)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  g_queue_clear_full (&self->sent, g_object_unref);
  g_clear_object (&self->timeline);

  G_OBJECT_CLASS (tea_outbox_parent_class)->dispose (object);
}

static void
tea_outbox_class_init (TeaOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_outbox_dispose;
}

static void
tea_outbox_init (TeaOutbox *self)
{
  g_queue_init (&self->sent);
}

/**
 * tea_outbox_new:
 * @timeline: where one's own messages are shown
 *
 * Returns: (transfer full): an empty outbox
 */
TeaOutbox *
tea_outbox_new (TeaTimeline *timeline)
{
  TeaOutbox *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);

  self = g_object_new (TEA_TYPE_OUTBOX, NULL);
  self->timeline = g_object_ref (timeline);

  return self;
}

/**
 * tea_outbox_say:
 * @self: an outbox
 * @link: (nullable): a link that is in the room, where there is one
 * @text: what to say
 *
 * Sends a message, or lets it wait when there is no link, or when others wait already.
 */
void
tea_outbox_say (TeaOutbox *self, TeaLink *link, const char *text)
{
  gint64 now = g_get_real_time ();

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (link == NULL || TEA_IS_LINK (link));

  if (link != NULL && tea_timeline_get_next_waiting (self->timeline) == NULL
      && tea_link_say (link, text, NULL))
    remember (self, tea_timeline_append_own (self->timeline, text, now, TEA_DELIVERY_SENT));
  else
    tea_timeline_append_own (self->timeline, text, now, TEA_DELIVERY_WAITING);
}

/**
 * tea_outbox_flush:
 * @self: an outbox
 * @link: a link that is in the room
 *
 * Sends what waits, in the order in which it was written. When the link breaks
 * meanwhile the rest goes on waiting.
 *
 * Returns: how many messages were sent
 */
guint
tea_outbox_flush (TeaOutbox *self, TeaLink *link)
{
  TeaTimelineItem *item;
  guint n_sent = 0;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);
  g_return_val_if_fail (TEA_IS_LINK (link), 0);

  while ((item = tea_timeline_get_next_waiting (self->timeline)) != NULL)
    {
      g_autoptr (GError) error = NULL;

      if (tea_link_say (link, tea_timeline_item_get_text (item), &error))
        {
          remember (self, item);
          tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_SENT, NULL);
          n_sent++;
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        {
          break;
        }
      else
        {
          tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_FAILED, error->message);
        }
    }

  return n_sent;
}

/**
 * tea_outbox_retry:
 * @self: an outbox
 * @item: a message that failed
 *
 * Lets a message wait to be sent again.
 */
void
tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED);

  tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_WAITING, NULL);
}

/**
 * tea_outbox_discard:
 * @self: an outbox
 * @item: a message that is not sent
 *
 * Gives a message up and takes it out of the timeline.
 */
void
tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (tea_timeline_item_get_delivery (item) != TEA_DELIVERY_SENT);

  tea_timeline_remove (self->timeline, item);
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

  if (g_queue_is_empty (&self->sent) || !is_in_doubt (g_queue_peek_head (&self->sent)))
    return FALSE;

  item = g_queue_pop_head (&self->sent);
  self->n_unheard -= MIN (self->n_unheard, 1);
  tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_FAILED, reason);

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

/**
 * tea_outbox_take_back:
 * @self: an outbox
 *
 * The server turns out not to be there. What was said since it was last heard, and a
 * moment ago, it most likely did not hear: that waits to be sent again.
 */
void
tea_outbox_take_back (TeaOutbox *self)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  while (!g_queue_is_empty (&self->sent))
    {
      gboolean unheard = g_queue_get_length (&self->sent) <= self->n_unheard;
      g_autoptr (TeaTimelineItem) item = g_queue_pop_tail (&self->sent);

      if (unheard && is_in_doubt (item))
        tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_WAITING, NULL);
    }
  self->n_unheard = 0;
}
