/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-private.h"

#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-mention.h"
#include "tea-timeline-item-private.h"
#include "tea-timeline-rules.h"

/**
 * TeaTimeline:
 *
 * What happened in a room, as lines to be shown: a [iface@Gio.ListModel] of
 * [class@Tea.TimelineItem], oldest first.
 *
 * Messages of one author follow each other as a group, comings and goings are folded
 * into one line, a line stands where a day begins and where unread messages begin.
 * One's own messages that are not sent stay last, in the order they were written. Where
 * the room has a log, everybody's timeline has the order of the log.
 */
struct _TeaTimeline
{
  GObject parent_instance;

  GPtrArray *items; /* (element-type TeaTimelineItem): the settled ones, then the pending ones */
  guint n_pending;
  guint n_waiting; /* of these: messages that wait */

  GHashTable *messages; /* (element-type guint64 TeaTimelineItem): those of the log, settled */
  GHashTable *pinned;   /* (element-type guint64): the numbers of what is pinned */

  guint64 read;                  /* up to where everything was read before this program */
  guint64 read_head;             /* and how far the log went then; 0 where that is not known */
  TeaTimelineItem *unread_line;  /* (unowned) (nullable) */
  TeaTimelineItem *waiting_line; /* (unowned) (nullable) */

  TeaName *own_name; /* (owned) (nullable) */
  GRegex *mention;   /* (owned) (nullable) */
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

/* Takes account of a pending line; @by is 1 when it comes, -1 when it goes. */
static void
count_pending (TeaTimeline *self, TeaTimelineItem *item, int by)
{
  self->n_pending += (guint) by;
  if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE)
      && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_WAITING)
    self->n_waiting += (guint) by;
}

static void
update_group (TeaTimeline *self, guint position)
{
  TeaTimelineItem *item = peek_item (self, position);
  TeaTimelineItem *before = position > 0 ? peek_item (self, position - 1) : NULL;

  if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE))
    _tea_timeline_item_set_first_of_group (item, !_tea_timeline_is_same_run (before, item));
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

static guint64 *
new_key (guint64 seq)
{
  return g_memdup2 (&seq, sizeof seq);
}

/* From now on changes to a message find its line. */
static void
note_message (TeaTimeline *self, TeaTimelineItem *item)
{
  guint64 seq = tea_timeline_item_get_seq (item);

  if (seq == 0 || !is_kind (item, TEA_TIMELINE_ITEM_MESSAGE))
    return;

  g_hash_table_replace (self->messages, new_key (seq), item);
  _tea_timeline_item_set_pinned (item, g_hash_table_contains (self->pinned, &seq));
}

/* Its line stays, and means nothing to the log any more. */
static void
forget_message (TeaTimeline *self, TeaTimelineItem *item)
{
  guint64 seq = tea_timeline_item_get_seq (item);

  if (g_hash_table_lookup (self->messages, &seq) == item)
    g_hash_table_remove (self->messages, &seq);
}

static void
settle_day (TeaTimeline *self, gint64 time)
{
  TeaTimelineItem *last = peek_last_settled (self);
  g_autoptr (TeaTimelineItem) day = NULL;

  if (last != NULL && _tea_timeline_is_same_day (tea_timeline_item_get_time (last), time))
    return;

  day = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_DAY, time);
  insert (self, count_settled (self), day);
}

static gboolean
is_of_others (TeaTimelineItem *item)
{
  return is_kind (item, TEA_TIMELINE_ITEM_MESSAGE) && !tea_timeline_item_is_own (item);
}

/* Whether a message came after what was read, and before this program did. */
static gboolean
was_missed (TeaTimeline *self, TeaTimelineItem *item)
{
  guint64 seq = tea_timeline_item_get_seq (item);

  return is_of_others (item) && seq > self->read && seq <= self->read_head;
}

static void
settle (TeaTimeline *self, TeaTimelineItem *item)
{
  gint64 time = tea_timeline_item_get_time (item);

  settle_day (self, time);

  if (self->unread_line == NULL && is_of_others (item)
      && (!self->reading || was_missed (self, item)))
    {
      g_autoptr (TeaTimelineItem) line
          = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_UNREAD, time);
      self->unread_line = line;
      insert (self, count_settled (self), line);
    }

  note_message (self, item);
  insert (self, count_settled (self), item);
}

/* A message of one's own often is where it belongs already. */
static gboolean
settle_in_place (TeaTimeline *self, TeaTimelineItem *item)
{
  guint position;

  if (peek_item (self, count_settled (self)) != item)
    return FALSE;

  settle_day (self, tea_timeline_item_get_time (item));
  position = count_settled (self);
  note_message (self, item);
  count_pending (self, item, -1);
  update_group (self, position);
  update_group (self, position + 1);

  return TRUE;
}

static void
update_waiting_line (TeaTimeline *self)
{
  TeaTimelineItem *next = tea_timeline_get_next_waiting (self);

  if (next != NULL && self->waiting_line == NULL)
    {
      g_autoptr (TeaTimelineItem) line
          = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_WAITING,
                                        tea_timeline_item_get_time (next));
      guint position = count_settled (self);

      self->waiting_line = line;
      count_pending (self, line, 1);
      insert (self, position, line);
    }
  else if (next == NULL && self->waiting_line != NULL)
    {
      tea_timeline_remove (self, self->waiting_line);
    }
}

static void
tea_timeline_finalize (GObject *object)
{
  TeaTimeline *self = TEA_TIMELINE (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->messages);
  g_hash_table_unref (self->pinned);
  g_clear_pointer (&self->own_name, tea_name_unref);
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
  self->messages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->pinned = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->reading = TRUE;
}

/**
 * tea_timeline_new: (skip)
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

  g_clear_pointer (&self->own_name, tea_name_unref);
  self->own_name = tea_name_new_unchecked (name);
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

  self->read_head = 0;
  if (self->unread_line != NULL)
    tea_timeline_remove (self, self->unread_line);
}

/**
 * tea_timeline_set_unread: (skip)
 * @self: a timeline in which nothing has happened yet
 * @read: the number up to which everything was read
 * @head: the latest number in the log
 *
 * Tells what was not read when this program came: the unread line is before that, also where it
 * is history that is got later.
 */
void
tea_timeline_set_unread (TeaTimeline *self, guint64 read, guint64 head)
{
  g_return_if_fail (TEA_IS_TIMELINE (self));

  self->read = read;
  self->read_head = head;
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
  TeaTimelineItem *last;
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (event != NULL);

  if (!_tea_timeline_is_shown (event))
    return;

  item = _tea_timeline_item_for_event (event, self->own_name, self->mention);
  last = peek_last_settled (self);

  if (is_kind (item, TEA_TIMELINE_ITEM_PRESENCE)
      && _tea_timeline_can_fold (last, tea_event_get_time (event)))
    _tea_timeline_item_fold (last, event);
  else
    settle (self, item);
}

/**
 * tea_timeline_append_gap: (skip)
 * @self: a timeline
 *
 * Tells that something is missing between what is there and what will come. Messages that are
 * there may have been changed by that.
 */
void
tea_timeline_append_gap (TeaTimeline *self)
{
  g_autoptr (TeaTimelineItem) item = NULL;
  g_autoptr (GList) messages = NULL;
  TeaTimelineItem *last;

  g_return_if_fail (TEA_IS_TIMELINE (self));

  messages = g_hash_table_get_values (self->messages);
  for (GList *l = messages; l != NULL; l = l->next)
    _tea_timeline_item_set_stale (l->data, TRUE);

  last = peek_last_settled (self);
  if (last == NULL || is_kind (last, TEA_TIMELINE_ITEM_GAP))
    return;

  item = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_GAP, tea_timeline_item_get_time (last));
  insert (self, count_settled (self), item);
}

/**
 * tea_timeline_begin_anew: (skip)
 * @self: a timeline
 *
 * Tells that what will come is of another log: numbers of what is there mean nothing any more.
 */
void
tea_timeline_begin_anew (TeaTimeline *self)
{
  g_return_if_fail (TEA_IS_TIMELINE (self));

  g_hash_table_remove_all (self->messages);
  g_hash_table_remove_all (self->pinned);
  tea_timeline_append_gap (self);
}

/* Where older messages were not read either, the line is before the first of these. */
static void
place_unread_line (TeaTimeline *self, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      TeaTimelineItem *item = g_ptr_array_index (lines, i);
      TeaTimelineItem *line;

      if (!was_missed (self, item))
        continue;

      if (self->unread_line != NULL)
        tea_timeline_remove (self, self->unread_line);
      line = tea_timeline_item_new_line (TEA_TIMELINE_ITEM_UNREAD,
                                         tea_timeline_item_get_time (item));
      self->unread_line = line;
      g_ptr_array_insert (lines, (gint) i, line);
      return;
    }
}

/**
 * tea_timeline_prepend_events: (skip)
 * @self: a timeline
 * @events: (element-type TeaEvent): what happened before all that is there, oldest first
 *
 * Adds older history at the beginning. What is there stays, but for the line of a day
 * that turns out to have begun earlier, which moves there.
 */
void
tea_timeline_prepend_events (TeaTimeline *self, GPtrArray *events)
{
  g_autoptr (GPtrArray) lines = NULL;
  TeaTimelineItem *last;
  TeaTimelineItem *first;
  guint n_removed;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (events != NULL);

  if (events->len == 0)
    return;

  lines = _tea_timeline_lines_for_events (events, self->own_name, self->mention);
  if (lines->len == 0)
    return;

  place_unread_line (self, lines);

  last = g_ptr_array_index (lines, lines->len - 1);
  n_removed = count_settled (self) > 0 && is_kind (peek_item (self, 0), TEA_TIMELINE_ITEM_DAY)
              && _tea_timeline_is_same_day (tea_event_get_time (
                                                g_ptr_array_index (events, events->len - 1)),
                                            tea_timeline_item_get_time (peek_item (self, 0)));

  first = n_removed < count_settled (self) ? peek_item (self, n_removed) : NULL;
  if (is_kind (first, TEA_TIMELINE_ITEM_PRESENCE)
      && _tea_timeline_can_fold (last, tea_timeline_item_get_time (first)))
    {
      _tea_timeline_item_fold_before (first, tea_timeline_item_get_events (last));
      g_ptr_array_set_size (lines, (int) lines->len - 1);
    }

  if (n_removed > 0)
    g_ptr_array_remove_index (self->items, 0);
  for (guint i = 0; i < lines->len; i++)
    {
      g_ptr_array_insert (self->items, (gint) i, g_object_ref (g_ptr_array_index (lines, i)));
      note_message (self, g_ptr_array_index (lines, i));
      update_group (self, i);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_removed, lines->len);
  update_group (self, lines->len);
}

/**
 * tea_timeline_append_own:
 * @self: a timeline
 * @text: what this program's user says
 * @reply_to: the message that it answers; 0 for none
 * @time: when, in µs since the Unix epoch
 * @delivery: how far it has come
 *
 * Adds a message of one's own. Having written, one has read: the unread line goes.
 *
 * Returns: (transfer none): the line of the message
 */
TeaTimelineItem *
tea_timeline_append_own (
    TeaTimeline *self, const char *text, guint64 reply_to, gint64 time, TeaDelivery delivery)
{
  g_autoptr (TeaTimelineItem) item = NULL;

  g_return_val_if_fail (TEA_IS_TIMELINE (self), NULL);
  g_return_val_if_fail (self->own_name != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  tea_timeline_clear_unread (self);

  item = tea_timeline_item_new_message (tea_name_get_text (self->own_name), text, time, TRUE);
  _tea_timeline_item_set_reply_to (item, reply_to);
  _tea_timeline_item_set_delivery (item, delivery, NULL);

  if (delivery == TEA_DELIVERY_SENT)
    {
      settle (self, item);
    }
  else
    {
      count_pending (self, item, 1);
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
 * @failure: (nullable): why it failed or cannot be stored for now, where that is known
 *
 * Tells how far a message has come. One that is sent takes its place among what
 * has happened; one that is not stays last.
 */
void
tea_timeline_set_delivery (TeaTimeline *self,
                           TeaTimelineItem *item,
                           TeaDelivery delivery,
                           const char *failure)
{
  g_autoptr (TeaTimelineItem) kept = NULL;
  gboolean pending;
  guint position;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  if (!g_ptr_array_find (self->items, item, &position))
    return;

  kept = g_object_ref (item);
  pending = position >= count_settled (self);

  if (!pending && delivery != TEA_DELIVERY_SENT)
    {
      tea_timeline_remove (self, item);
      _tea_timeline_item_set_delivery (item, delivery, failure);
      count_pending (self, item, 1);
      insert (self, self->items->len, item);
    }
  else if (pending && delivery == TEA_DELIVERY_SENT)
    {
      tea_timeline_remove (self, item);
      _tea_timeline_item_set_delivery (item, delivery, failure);
      settle (self, item);
    }
  else if (pending)
    {
      count_pending (self, item, -1);
      _tea_timeline_item_set_delivery (item, delivery, failure);
      count_pending (self, item, 1);
    }
  else
    {
      _tea_timeline_item_set_delivery (item, delivery, failure);
    }

  update_waiting_line (self);
}

/**
 * tea_timeline_settle_own: (skip)
 * @self: a timeline
 * @item: a message of one's own that is pending
 * @seq: its number in the room's log
 * @time: when, in µs since the Unix epoch
 *
 * Gives a delivered message its place, after all that happened before it.
 */
void
tea_timeline_settle_own (TeaTimeline *self, TeaTimelineItem *item, guint64 seq, gint64 time)
{
  g_autoptr (TeaTimelineItem) kept = NULL;
  g_autoptr (TeaEvent) message = NULL;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (TEA_IS_TIMELINE_ITEM (item));

  kept = g_object_ref (item);
  message = tea_event_new_from_fields (&(TeaEventFields){
      .seq = seq,
      .kind = TEA_EVENT_MESSAGE,
      .time = time,
      .author = tea_timeline_item_get_author (item),
      .text = tea_timeline_item_get_text (item),
      .target = tea_timeline_item_get_reply_to (item),
  });
  _tea_timeline_item_set_message (item, message);
  _tea_timeline_item_set_seq (item, seq);
  _tea_timeline_item_set_time (item, time);
  tea_timeline_set_delivery (self, item, TEA_DELIVERY_DELIVERED, NULL);

  if (settle_in_place (self, item))
    return;

  tea_timeline_remove (self, item);
  settle (self, item);
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
    count_pending (self, item, -1);
  if (item == self->unread_line)
    self->unread_line = NULL;
  if (item == self->waiting_line)
    self->waiting_line = NULL;
  forget_message (self, item);

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

  for (guint i = count_settled (self); self->n_waiting > 0 && i < self->items->len; i++)
    {
      TeaTimelineItem *item = peek_item (self, i);

      if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_WAITING)
        return item;
    }

  return NULL;
}

/**
 * tea_timeline_find_message:
 * @self: a timeline
 * @seq: a number in the room's log
 *
 * Finds the line of a message: of one that a reply answers, say.
 *
 * Returns: (transfer none) (nullable): the line; %NULL where the timeline does not have it
 */
TeaTimelineItem *
tea_timeline_find_message (TeaTimeline *self, guint64 seq)
{
  g_return_val_if_fail (TEA_IS_TIMELINE (self), NULL);

  return g_hash_table_lookup (self->messages, &seq);
}

static void
show_message (TeaTimeline *self, TeaTimelineItem *item, TeaEvent *message)
{
  _tea_timeline_item_set_message (item, message);
  if (self->mention != NULL && !tea_timeline_item_is_own (item))
    _tea_timeline_item_set_mentions_me (item,
                                        g_regex_match (self->mention,
                                                       tea_timeline_item_get_text (item), 0, NULL));
}

/* Nothing is left to be read where all that follows the line was removed. */
static void
update_unread_line (TeaTimeline *self)
{
  guint position;

  if (self->unread_line == NULL || !g_ptr_array_find (self->items, self->unread_line, &position))
    return;

  for (guint i = position + 1; i < count_settled (self); i++)
    {
      TeaTimelineItem *item = peek_item (self, i);

      if (is_kind (item, TEA_TIMELINE_ITEM_MESSAGE) && !tea_timeline_item_is_own (item)
          && !tea_timeline_item_is_removed (item))
        return;
    }

  tea_timeline_remove (self, self->unread_line);
}

/* The lines that a change may be about. */
static GPtrArray *
list_targets (TeaTimeline *self, TeaEvent *change)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func (g_object_unref);
  TeaTimelineItem *target;
  GHashTableIter iter;
  gpointer item;

  if (tea_event_get_kind (change) == TEA_EVENT_SENT_OUT)
    {
      g_hash_table_iter_init (&iter, self->messages);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        g_ptr_array_add (targets, g_object_ref (item));
      return targets;
    }

  target = tea_timeline_find_message (self, tea_event_get_target (change));
  if (target != NULL)
    g_ptr_array_add (targets, g_object_ref (target));

  return targets;
}

/**
 * tea_timeline_take_change: (skip)
 * @self: a timeline
 * @change: what was done to messages
 *
 * Shows messages as they are after a change. What they take account of already changes nothing.
 *
 * Returns: (transfer full) (element-type guint64): the numbers of those that are removed by it
 */
GArray *
tea_timeline_take_change (TeaTimeline *self, TeaEvent *change)
{
  GArray *removed = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GPtrArray) targets = NULL;

  g_return_val_if_fail (TEA_IS_TIMELINE (self), removed);
  g_return_val_if_fail (change != NULL, removed);

  targets = list_targets (self, change);
  for (guint i = 0; i < targets->len; i++)
    {
      TeaTimelineItem *item = g_ptr_array_index (targets, i);
      TeaEvent *before = _tea_timeline_item_get_message (item);
      g_autoptr (TeaEvent) after = tea_event_form_follow (before, change);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (after == before)
        continue;

      show_message (self, item, after);
      if (tea_timeline_item_is_removed (item))
        g_array_append_val (removed, seq);
    }

  if (removed->len > 0)
    update_unread_line (self);

  return removed;
}

/**
 * tea_timeline_take_form: (skip)
 * @self: a timeline
 * @message: a message, as it was told again
 *
 * Shows a message as it is now. Where the line takes account of later changes already, it was told
 * too late.
 */
void
tea_timeline_take_form (TeaTimeline *self, TeaEvent *message)
{
  TeaTimelineItem *item;

  g_return_if_fail (TEA_IS_TIMELINE (self));
  g_return_if_fail (message != NULL);

  item = tea_timeline_find_message (self, tea_event_get_seq (message));
  if (item == NULL || tea_event_get_kind (message) != TEA_EVENT_MESSAGE
      || tea_event_get_version (message) < tea_timeline_item_get_version (item))
    return;

  show_message (self, item, message);
  _tea_timeline_item_set_stale (item, FALSE);
  update_unread_line (self);
}

/**
 * tea_timeline_take_empty: (skip)
 * @self: a timeline
 * @seq: a number in the room's log that holds nothing any more
 *
 * Shows that a message was removed, it is not known by whom.
 */
void
tea_timeline_take_empty (TeaTimeline *self, guint64 seq)
{
  g_autoptr (TeaEvent) removed = NULL;
  TeaTimelineItem *item;
  TeaEventFields fields;

  g_return_if_fail (TEA_IS_TIMELINE (self));

  item = tea_timeline_find_message (self, seq);
  if (item == NULL)
    return;

  fields = *tea_event_get_fields (_tea_timeline_item_get_message (item));
  if (fields.text != NULL)
    {
      fields.text = NULL;
      fields.form = NULL;
      removed = tea_event_new_from_fields (&fields);
      show_message (self, item, removed);
    }
  _tea_timeline_item_set_stale (item, FALSE);
  update_unread_line (self);
}

/**
 * tea_timeline_set_pinned: (skip)
 * @self: a timeline
 * @seq: the number of a message, which need not be there
 * @pinned: whether it is pinned
 *
 * Tells whether a message is pinned in the room.
 */
void
tea_timeline_set_pinned (TeaTimeline *self, guint64 seq, gboolean pinned)
{
  TeaTimelineItem *item;

  g_return_if_fail (TEA_IS_TIMELINE (self));

  if (pinned)
    g_hash_table_add (self->pinned, new_key (seq));
  else
    g_hash_table_remove (self->pinned, &seq);

  item = tea_timeline_find_message (self, seq);
  if (item != NULL)
    _tea_timeline_item_set_pinned (item, pinned);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const guint64 *one = a;
  const guint64 *other = b;

  return (*one > *other) - (*one < *other);
}

/**
 * tea_timeline_list_stale: (skip)
 * @self: a timeline
 * @from: a number in the room's log
 * @to: another, not below it
 *
 * Tells which messages may have been changed since they were told.
 *
 * Returns: (transfer full) (element-type guint64): their numbers, the lowest first
 */
GArray *
tea_timeline_list_stale (TeaTimeline *self, guint64 from, guint64 to)
{
  GArray *stale = g_array_new (FALSE, FALSE, sizeof (guint64));
  GHashTableIter iter;
  gpointer key;
  gpointer item;

  g_return_val_if_fail (TEA_IS_TIMELINE (self), stale);

  g_hash_table_iter_init (&iter, self->messages);
  while (g_hash_table_iter_next (&iter, &key, &item))
    {
      guint64 seq = *(guint64 *) key;

      if (seq >= from && seq <= to && tea_timeline_item_is_stale (item))
        g_array_append_val (stale, seq);
    }
  g_array_sort (stale, compare_numbers);

  return stale;
}
