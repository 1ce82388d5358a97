/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox-private.h"

#include "tea-timeline-private.h"

/* What becomes of messages that are stored, but do not come out of the room's log. */

/* In the order of the log; those whose number is not known come last. */
static int
compare_items (gconstpointer a, gconstpointer b)
{
  guint64 one = tea_timeline_item_get_seq (*(TeaTimelineItem **) a) - 1;
  guint64 other = tea_timeline_item_get_seq (*(TeaTimelineItem **) b) - 1;

  return (one > other) - (one < other);
}

static void
settle_passed (TeaOutbox *self, guint64 seq, gboolean with_unknown)
{
  g_autoptr (GPtrArray) passed = g_ptr_array_new_with_free_func (g_object_unref);
  gpointer value;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->by_number);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      guint64 own = tea_timeline_item_get_seq (value);

      if (tea_timeline_item_get_delivery (value) == TEA_DELIVERY_DELIVERED
          && (own > 0 ? own <= seq : with_unknown))
        {
          g_ptr_array_add (passed, g_object_ref (value));
          g_hash_table_iter_remove (&iter);
        }
    }

  g_ptr_array_sort (passed, compare_items);
  for (guint i = 0; i < passed->len; i++)
    {
      TeaTimelineItem *item = passed->pdata[i];

      tea_timeline_settle_own (self->timeline, item, tea_timeline_item_get_seq (item),
                               tea_timeline_item_get_time (item));
      _tea_outbox_tell (self, item);
    }
}

/**
 * tea_outbox_take_passed:
 * @self: an outbox
 * @seq: a number in the room's log
 *
 * What was delivered up to that number, and did not come, has its place in a gap.
 */
void
tea_outbox_take_passed (TeaOutbox *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));

  settle_passed (self, seq, TRUE);
}

/**
 * tea_outbox_take_next:
 * @self: an outbox
 * @seq: the number of what comes next out of the room's log
 *
 * What is stored before that, and did not come, has its place before what comes.
 */
void
tea_outbox_take_next (TeaOutbox *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_OUTBOX (self));
  g_return_if_fail (seq > 0);

  if (g_hash_table_size (self->by_number) > 0)
    settle_passed (self, seq - 1, FALSE);
}
