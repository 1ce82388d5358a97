/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox-private.h"

#include "tea-timeline-item-private.h"
#include "tea-timeline-private.h"
#include "tea-timeline-rules.h"

/**
 * TeaOutbox:
 *
 * One's own messages on their way into the room: those that wait for a connection, those
 * that a server has not acknowledged, and, where servers never do, the latest that were
 * sent, about which one may still have something to say.
 */
enum
{
  PROP_0,
  PROP_N_UNSENT,
  N_PROPS
};

enum
{
  SIGNAL_DELIVERY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaOutbox, tea_outbox, G_TYPE_OBJECT)

static void
update_n_unsent (TeaOutbox *self)
{
  guint n_unsent = tea_timeline_get_n_unsent (self->timeline);

  if (self->n_unsent == n_unsent)
    return;

  self->n_unsent = n_unsent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSENT]);
}

void
_tea_outbox_tell (TeaOutbox *self, TeaTimelineItem *item)
{
  g_signal_emit (self, signals[SIGNAL_DELIVERY], 0, item);
  update_n_unsent (self);
}

void
_tea_outbox_set_delivery (TeaOutbox *self,
                          TeaTimelineItem *item,
                          TeaDelivery delivery,
                          const char *failure)
{
  g_autoptr (TeaTimelineItem) kept = g_object_ref (item);

  tea_timeline_set_delivery (self->timeline, item, delivery, failure);
  _tea_outbox_tell (self, kept);
}

static void
note_said (TeaOutbox *self, TeaTimelineItem *item, guint32 number, TeaLink *link)
{
  g_autofree char *id = NULL;

  if (number == 0)
    {
      _tea_outbox_remember_sent (self, item);
      return;
    }

  id = _tea_timeline_dup_id (tea_link_get_stream (link), number);
  _tea_timeline_item_set_id (item, id);
  g_hash_table_insert (self->by_number, GUINT_TO_POINTER (number), g_object_ref (item));
}

static void
append (TeaOutbox *self, const char *text, guint32 number, TeaLink *link)
{
  TeaTimelineItem *item;
  TeaDelivery delivery;

  if (link == NULL)
    delivery = TEA_DELIVERY_WAITING;
  else
    delivery = number > 0 ? TEA_DELIVERY_SENDING : TEA_DELIVERY_SENT;

  item = tea_timeline_append_own (self->timeline, text, tea_clock_get_real_time (self->clock),
                                  delivery);
  if (link != NULL)
    note_said (self, item, number, link);
  _tea_outbox_tell (self, item);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint one = GPOINTER_TO_UINT (a);
  guint other = GPOINTER_TO_UINT (b);

  return (one > other) - (one < other);
}

/* The message of a number that is on its way: whatever becomes of it, it has settled. */
static TeaTimelineItem *
steal_by_number (TeaOutbox *self, guint32 number)
{
  gpointer item = NULL;

  g_hash_table_steal_extended (self->by_number, GUINT_TO_POINTER (number), NULL, &item);

  return item;
}

/* In the order in which they were said. */
static guint
show_by_number (TeaOutbox *self, TeaDelivery before, TeaDelivery after)
{
  g_autoptr (GList) numbers
      = g_list_sort (g_hash_table_get_keys (self->by_number), compare_numbers);
  guint n_shown = 0;

  for (GList *l = numbers; l != NULL; l = l->next)
    {
      TeaTimelineItem *item = g_hash_table_lookup (self->by_number, l->data);

      if (item != NULL && tea_timeline_item_get_delivery (item) == before)
        {
          _tea_outbox_set_delivery (self, item, after, NULL);
          n_shown++;
        }
    }

  return n_shown;
}

/* What was refused for now is said again. */
static guint
show_again (TeaOutbox *self)
{
  if (!self->has_parked)
    return 0;

  self->has_parked = FALSE;

  return show_by_number (self, TEA_DELIVERY_FAILED, TEA_DELIVERY_SENDING);
}

static guint32
find_number (TeaOutbox *self, TeaTimelineItem *item)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->by_number);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (value == item)
      return GPOINTER_TO_UINT (key);

  return 0;
}

static void
tea_outbox_dispose (GObject *object)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  g_queue_clear_full (&self->sent, g_object_unref);
  g_hash_table_remove_all (self->by_number);
  g_clear_object (&self->timeline);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_outbox_parent_class)->dispose (object);
}

static void
tea_outbox_finalize (GObject *object)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  g_hash_table_unref (self->by_number);

  G_OBJECT_CLASS (tea_outbox_parent_class)->finalize (object);
}

static void
tea_outbox_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaOutbox *self = TEA_OUTBOX (object);

  switch (prop_id)
    {
    case PROP_N_UNSENT:
      g_value_set_uint (value, self->n_unsent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_outbox_class_init (TeaOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_outbox_dispose;
  object_class->finalize = tea_outbox_finalize;
  object_class->get_property = tea_outbox_get_property;

  /**
   * TeaOutbox:n-unsent:
   *
   * How many messages wait or are on their way.
   */
  properties[PROP_N_UNSENT] = g_param_spec_uint ("n-unsent", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaOutbox::delivery:
   * @self: the outbox
   * @item: a message
   *
   * A message has come further, or has failed.
   */
  signals[SIGNAL_DELIVERY] = g_signal_new ("delivery", TEA_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
}

static void
tea_outbox_init (TeaOutbox *self)
{
  self->by_number = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_queue_init (&self->sent);
}

/**
 * tea_outbox_new:
 * @timeline: where one's own messages are shown
 * @clock: what time it is
 *
 * Returns: (transfer full): an empty outbox
 */
TeaOutbox *
tea_outbox_new (TeaTimeline *timeline, TeaClock *clock)
{
  TeaOutbox *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);

  self = g_object_new (TEA_TYPE_OUTBOX, NULL);
  self->timeline = g_object_ref (timeline);
  self->clock = g_object_ref (clock);

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
  guint32 number = 0;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (link == NULL || TEA_IS_LINK (link));

  if (link != NULL && tea_timeline_get_next_waiting (self->timeline) == NULL
      && tea_link_say (link, text, &number, NULL))
    {
      show_again (self);
      append (self, text, number, link);
    }
  else
    append (self, text, 0, NULL);
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
      guint32 number = 0;

      if (tea_link_say (link, tea_timeline_item_get_text (item), &number, &error))
        {
          note_said (self, item, number, link);
          _tea_outbox_set_delivery (self, item,
                                    number > 0 ? TEA_DELIVERY_SENDING : TEA_DELIVERY_SENT, NULL);
          n_sent++;
        }
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
        {
          break;
        }
      else
        {
          _tea_outbox_set_delivery (self, item, TEA_DELIVERY_FAILED, error->message);
        }
    }

  return n_sent;
}

/**
 * tea_outbox_retry:
 * @self: an outbox
 * @item: a message that failed
 * @link: (nullable): the link that is in the room, where there is one
 *
 * Lets a message be sent again: at once, where the link still has it, otherwise it waits
 * to be.
 */
void
tea_outbox_retry (TeaOutbox *self, TeaTimelineItem *item, TeaLink *link)
{
  guint32 number;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED);

  number = find_number (self, item);
  if (number != 0 && link != NULL)
    {
      show_again (self);
      tea_link_retry (link);
    }
  else
    {
      _tea_outbox_set_delivery (self, item, TEA_DELIVERY_WAITING, NULL);
    }
}

/**
 * tea_outbox_discard:
 * @self: an outbox
 * @item: a message that is not sent
 * @link: (nullable): the link that it was given to, if any
 *
 * Gives a message up and takes it out of the timeline.
 */
void
tea_outbox_discard (TeaOutbox *self, TeaTimelineItem *item, TeaLink *link)
{
  guint32 number;

  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (tea_outbox_can_discard (self, item));

  number = find_number (self, item);
  if (number != 0 && link != NULL)
    tea_link_withdraw (link, number);
  g_hash_table_remove (self->by_number, GUINT_TO_POINTER (number));

  tea_timeline_remove (self->timeline, item);
  update_n_unsent (self);
}

/**
 * tea_outbox_can_discard:
 * @self: an outbox
 * @item: a message of one's own
 *
 * Returns: whether the message is surely not stored anywhere, and will not be
 */
gboolean
tea_outbox_can_discard (TeaOutbox *self, TeaTimelineItem *item)
{
  TeaDelivery delivery;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (item), FALSE);

  delivery = tea_timeline_item_get_delivery (item);

  return delivery == TEA_DELIVERY_FAILED
         || (delivery == TEA_DELIVERY_WAITING && find_number (self, item) == 0);
}

/**
 * tea_outbox_take_back:
 * @self: an outbox
 *
 * The server turns out not to be there. What it has not acknowledged waits; and of what it
 * would not acknowledge anyway, what it most likely did not hear.
 */
void
tea_outbox_take_back (TeaOutbox *self)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  _tea_outbox_take_back_sent (self);
  show_by_number (self, TEA_DELIVERY_SENDING, TEA_DELIVERY_WAITING);
}

/**
 * tea_outbox_resume:
 * @self: an outbox
 *
 * The link is back, and goes on with the messages that it had taken.
 *
 * Returns: how many there are
 */
guint
tea_outbox_resume (TeaOutbox *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);

  return show_by_number (self, TEA_DELIVERY_WAITING, TEA_DELIVERY_SENDING) + show_again (self);
}

/**
 * tea_outbox_take_delivered:
 * @self: an outbox
 * @number: which message
 * @seq: its number in the room's log; 0 when that is not known
 *
 * A message is stored. It gets its place when it comes out of the room's log.
 */
void
tea_outbox_take_delivered (TeaOutbox *self, guint32 number, guint64 seq)
{
  TeaTimelineItem *item;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  item = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (number));
  if (item == NULL || tea_timeline_item_get_delivery (item) == TEA_DELIVERY_DELIVERED)
    return;

  /* It is told when it has its place: then its time is known as well. */
  if (seq > 0)
    _tea_timeline_item_set_seq (item, seq);
  tea_timeline_set_delivery (self->timeline, item, TEA_DELIVERY_DELIVERED, NULL);
  update_n_unsent (self);
}

/**
 * tea_outbox_take_refused:
 * @self: an outbox
 * @number: which message
 * @reason: why
 * @is_final: whether it can never be said under that number
 *
 * A message is not stored.
 */
void
tea_outbox_take_refused (TeaOutbox *self, guint32 number, const char *reason, gboolean is_final)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_if_fail (TEA_IS_OUTBOX (self));

  item = g_hash_table_lookup (self->by_number, GUINT_TO_POINTER (number));
  if (item == NULL)
    return;

  g_object_ref (item);
  self->has_parked |= !is_final;
  if (is_final)
    {
      g_hash_table_remove (self->by_number, GUINT_TO_POINTER (number));
      _tea_timeline_item_set_id (item, NULL);
    }
  _tea_outbox_set_delivery (self, item, TEA_DELIVERY_FAILED, reason);
}

/**
 * tea_outbox_take_logged:
 * @self: an outbox
 * @event: a message of this very program that came out of the room's log
 *
 * A message has its place.
 *
 * Returns: whether it was on its way
 */
gboolean
tea_outbox_take_logged (TeaOutbox *self, TeaEvent *event)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_val_if_fail (TEA_IS_OUTBOX (self), FALSE);

  item = steal_by_number (self, tea_event_get_number (event));
  if (item == NULL)
    return FALSE;

  tea_timeline_settle_own (self->timeline, item, tea_event_get_seq (event),
                           tea_event_get_time (event));
  _tea_outbox_tell (self, item);

  return TRUE;
}

/**
 * tea_outbox_get_n_unsent:
 * @self: an outbox
 *
 * Returns: how many messages wait or are on their way
 */
guint
tea_outbox_get_n_unsent (TeaOutbox *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX (self), 0);

  return self->n_unsent;
}
