/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline.h"

#include "tea-mention.h"
#include "tea-name.h"
#include "tea-timeline-item-private.h"

/* How far apart messages of one author may be to count as one run, and arrivals and
 * departures to be told in one line. */
#define GROUP_GAP (5 * 60 * G_TIME_SPAN_SECOND)
#define PRESENCE_GAP (10 * 60 * G_TIME_SPAN_SECOND)

/**
 * TeaTimeline:
 *
 * What happened in a room, as lines to be shown: a [iface@Gio.ListModel] of
 * [class@Tea.TimelineItem], oldest first.
 *
 * Messages of one author follow each other as a group, comings and goings are folded
 * into one line, a line stands where a day begins and where unread messages begin.
 * One's own messages that are not sent stay last, in the order they were written.
 */
struct _TeaTimeline
{
  GObject parent_instance;

  GPtrArray *items; /* (element-type TeaTimelineItem): the settled ones, then the pending ones */
  guint n_pending;

  TeaTimelineItem *unread_line;  /* (unowned) (nullable) */
  TeaTimelineItem *waiting_line; /* (unowned) (nullable) */

  char *own_name;  /* (nullable) */
  GRegex *mention; /* (owned) (nullable) */
  gboolean reading;
};

static GType
tea_timeline_get_item_type (GListModel *model)
{
  return TEA_TYPE_TIMELINE_ITEM;
}

static guint
tea_timeline_get_n_items (GListModel *model)
{
  TeaTimeline *self = TEA_TIMELINE (model);

  return self->items->len;
}

static gpointer
tea_timeline_get_item (GListModel *model, guint position)
{
  TeaTimeline *self = TEA_TIMELINE (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
tea_timeline_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tea_timeline_get_item_type;
  iface->get_n_items = tea_timeline_get_n_items;
  iface->get_item = tea_timeline_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaTimeline,
                               tea_timeline,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tea_timeline_list_model_init))

static guint
count_settled (TeaTimeline *self)
{
  return self->items->len - self->n_pending;
}

static TeaTimelineItem *
peek_item (TeaTimeline *self, guint position)
{
  return position < self->items->len ? g_ptr_array_index (self->items, position) : NULL;
}

static TeaTimelineItem *
peek_last_settled (TeaTimeline *self)
{
  return count_settled (self) > 0 ? peek_item (self, count_settled (self) - 1) : NULL;
}

static gboolean
is_kind (TeaTimelineItem *item, TeaTimelineItemKind kind)
{
  return item != NULL && tea_timeline_item_get_kind (item) == kind;
}

static gboolean
is_same_run (TeaTimelineItem *before, TeaTimelineItem *item)
{
  return is_kind (before, TEA_TIMELINE_ITEM_MESSAGE)
         && tea_timeline_item_is_own (before) == tea_timeline_item_is_own (item)
         && g_str_equal (tea_timeline_item_get_author (before), tea_timeline_item_get_author (item))
         && tea_timeline_item_get_time (item) - tea_timeline_item_get_time (before) < GROUP_GAP;
}

static void
update_group (TeaTimeline *self, guint position)
{
  TeaTimelineItem *item = peek_item (self, position);
  TeaTimelineItem *before = position > 0 ? peek_item (self, position - 1) : NULL;

  if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE))
    _tea_timeline_item_set_first_of_group (item, !is_same_run (before, item));
}

static void
insert (TeaTimeline *self, guint position, TeaTimelineItem *item)
{
  g_ptr_array_insert (self->items, (gint) position, g_object_ref (item));
  update_group (self, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
  update_group (self, position + 1);
}

static void
remove_at (TeaTimeline *self, guint position)
{
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  update_group (self, position);
}

static gboolean
is_same_day (gint64 one, gint64 other)
{
  g_autoptr (GDateTime) one_utc = g_date_time_new_from_unix_utc (one / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) other_utc = g_date_time_new_from_unix_utc (other / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) one_local = g_date_time_to_local (one_utc);
  g_autoptr (GDateTime) other_local = g_date_time_to_local (other_utc);

  return g_date_time_get_year (one_local) == g_date_time_get_year (other_local)
         && g_date_time_get_day_of_year (one_local) == g_date_time_get_day_of_year (other_local);
}

static void
settle (TeaTimeline *self, TeaTimelineItem *item)
{
  TeaTimelineItem *last = peek_last_settled (self);
  gint64 time = tea_timeline_item_get_time (item);

  if (last == NULL || !is_same_day (tea_timeline_item_get_time (last), time))
    {
      g_autoptr (TeaTimelineItem) day = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_DAY, time);
      insert (self, count_settled (self), day);
    }

  if (self->unread_line == NULL && !self->reading && is_kind (item, TEA_TIMELINE_ITEM_MESSAGE)
      && !tea_timeline_item_is_own (item))
    {
      g_autoptr (TeaTimelineItem) line
          = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_UNREAD, time);
      self->unread_line = line;
      insert (self, count_settled (self), line);
    }

  insert (self, count_settled (self), item);
}

static void
settle_presence (TeaTimeline *self, TeaEvent *event)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  TeaTimelineItem *last = peek_last_settled (self);

  if (is_kind (last, TEA_TIMELINE_ITEM_PRESENCE))
    {
      GPtrArray *events = tea_timeline_item_get_events (last);
      TeaEvent *latest = g_ptr_array_index (events, events->len - 1);

      if (tea_event_get_time (event) - tea_event_get_time (latest) < PRESENCE_GAP
          && is_same_day (tea_event_get_time (latest), tea_event_get_time (event)))
        {
          _tea_timeline_item_fold (last, event);
          return;
        }
    }

  item = tea_timeline_item_new_presence (event);
  settle (self, item);
}

static void
update_waiting_line (TeaTimeline *self)
{
  gboolean wanted = tea_timeline_get_next_waiting (self) != NULL;

  if (wanted && self->waiting_line == NULL)
    {
      g_autoptr (TeaTimelineItem) line
          = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_WAITING, g_get_real_time ());
      guint position = count_settled (self);

      self->waiting_line = line;
      self->n_pending++;
      insert (self, position, line);
    }
  else if (!wanted && self->waiting_line != NULL)
    {
      tea_timeline_remove (self, self->waiting_line);
    }
}

static void
tea_timeline_finalize (GObject *object)
{
  TeaTimeline *self = TEA_TIMELINE (object);

  g_ptr_array_unref (self->items);
  g_free (self->own_name);
  g_clear_pointer (&self->mention, g_regex_unref);

  G_OBJECT_CLASS (tea_timeline_parent_class)->finalize (object);
}

static void
tea_timeline_class_init (TeaTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_timeline_finalize;
}

static void
tea_timeline_init (TeaTimeline *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->reading = TRUE;
}

/**
 * tea_timeline_new:
 *
 * Makes a timeline. That of a room is made by its [class@Tea.Client].
 *
 * Returns: (transfer full): a timeline in which nothing has happened yet
 */
TeaTimeline *
tea_timeline_new (void)
{
  return g_object_new (TEA_TYPE_TIMELINE, NULL);
}

/**
 * tea_timeline_set_own_name:
 * @self: a timeline
 * @name: what this program's user is called
 *
 * Tells who "I" am, so that mentions of me can be found. Applies to what is
 * appended from now on.
 */
void
tea_timeline_set_own_name (TeaTimeline *self, const char *name)
{
  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (name != NULL);

  g_free (self->own_name);
  self->own_name = g_strdup (name);
  g_clear_pointer (&self->mention, g_regex_unref);
  self->mention = tea_mention_regex_new (name);
}

/**
 * tea_timeline_set_reading:
 * @self: a timeline
 * @reading: whether somebody sees new messages as they come
 *
 * Tells whether new messages are read at once. The first message that comes while
 * they are not gets a line before it, the unread line, unless there is one already.
 */
void
tea_timeline_set_reading (TeaTimeline *self, gboolean reading)
{
  g_return_if_fail (TEA_IS_TIMELINE (self));

  self->reading = reading;
}

/**
 * tea_timeline_clear_unread:
 * @self: a timeline
 *
 * Takes the unread line away: everything has been read.
 */
void
tea_timeline_clear_unread (TeaTimeline *self)
{
  g_return_if_fail (TEA_IS_TIMELINE (self));

  if (self->unread_line != NULL)
    tea_timeline_remove (self, self->unread_line);
}

/**
 * tea_timeline_append_event:
 * @self: a timeline
 * @event: what happened
 *
 * Adds what somebody else, or the server, did.
 */
void
tea_timeline_append_event (TeaTimeline *self, TeaEvent *event)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  const char *text;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (event != NULL);

  text = tea_event_get_text (event);

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
    case TEA_EVENT_LEFT:
      settle_presence (self, event);
      break;

    case TEA_EVENT_MESSAGE:
      item = tea_timeline_item_new_message (tea_event_get_author (event), text,
                                            tea_event_get_time (event), FALSE);
      if (self->mention != NULL)
        _tea_timeline_item_set_mentions_me (item, g_regex_match (self->mention, text, 0, NULL));
      settle (self, item);
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
      item = tea_timeline_item_new_notice (text, tea_event_get_time (event));
      settle (self, item);
      break;

    default:
      g_assert_not_reached ();
    }
}

/**
 * tea_timeline_append_own:
 * @self: a timeline
 * @text: what this program's user says
 * @time: when, in µs since the Unix epoch
 * @delivery: how far it has come
 *
 * Adds a message of one's own. Having written, one has read: the unread line goes.
 *
 * Returns: (transfer none): the line of the message
 */
TeaTimelineItem *
tea_timeline_append_own (TeaTimeline *self, const char *text, gint64 time, TeaDelivery delivery)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_val_if_fail (TEA_IS_TIMELINE (self), NULL);
  g_return_val_if_fail (self->own_name != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  tea_timeline_clear_unread (self);

  item = tea_timeline_item_new_message (self->own_name, text, time, TRUE);
  _tea_timeline_item_set_delivery (item, delivery, NULL);

  if (delivery == TEA_DELIVERY_SENT)
    {
      settle (self, item);
    }
  else
    {
      self->n_pending++;
      insert (self, self->items->len, item);
      update_waiting_line (self);
    }

  return item;
}

/**
 * tea_timeline_set_delivery:
 * @self: a timeline
 * @item: a message of one's own
 * @delivery: how far it has come
 * @failure: (nullable): why it failed, where that is known
 *
 * Tells how far a message has come. One that is sent takes its place among what
 * has happened, at this moment; one that is not stays last.
 */
void
tea_timeline_set_delivery (TeaTimeline *self,
                           TeaTimelineItem *item,
                           TeaDelivery delivery,
                           const char *failure)
{
  g_autoptr (TeaTimelineItem) kept = NULL;
  TeaDelivery before;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  kept = g_object_ref (item);
  before = tea_timeline_item_get_delivery (item);

  if (before == TEA_DELIVERY_SENT && delivery != TEA_DELIVERY_SENT)
    {
      tea_timeline_remove (self, item);
      _tea_timeline_item_set_delivery (item, delivery, failure);
      self->n_pending++;
      insert (self, self->items->len, item);
    }
  else if (before != TEA_DELIVERY_SENT && delivery == TEA_DELIVERY_SENT)
    {
      tea_timeline_remove (self, item);
      _tea_timeline_item_set_delivery (item, delivery, failure);
      _tea_timeline_item_set_time (item, g_get_real_time ());
      settle (self, item);
    }
  else
    {
      _tea_timeline_item_set_delivery (item, delivery, failure);
    }

  update_waiting_line (self);
}

/**
 * tea_timeline_remove:
 * @self: a timeline
 * @item: one of its lines
 *
 * Takes a line out.
 */
void
tea_timeline_remove (TeaTimeline *self, TeaTimelineItem *item)
{
  guint position;

  g_return_if_fail (TEA_IS_TIMELINE (self));

  if (!g_ptr_array_find (self->items, item, &position))
    return;

  if (position >= count_settled (self))
    self->n_pending--;
  if (item == self->unread_line)
    self->unread_line = NULL;
  if (item == self->waiting_line)
    self->waiting_line = NULL;

  remove_at (self, position);
  update_waiting_line (self);
}

/**
 * tea_timeline_get_next_waiting:
 * @self: a timeline
 *
 * Finds what is to be sent next.
 *
 * Returns: (transfer none) (nullable): the message that has waited longest to be
 *   sent, or %NULL when none does
 */
TeaTimelineItem *
tea_timeline_get_next_waiting (TeaTimeline *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE (self), NULL);

  for (guint i = count_settled (self); i < self->items->len; i++)
    {
      TeaTimelineItem *item = peek_item (self, i);

      if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_WAITING)
        return item;
    }

  return NULL;
}
