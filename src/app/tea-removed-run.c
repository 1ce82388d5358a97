/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-removed-run.h"

#include "tea-timeline-item.h"

/* Messages of one group that were removed one after the other: one line is enough for them. */

static gboolean
is_removed (GListModel *timeline, guint position)
{
  g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, position);

  return item != NULL && tea_timeline_item_is_removed (item);
}

/* Whether what was removed stands directly behind something that was, too. */
static gboolean
goes_on (GListModel *timeline, guint position)
{
  g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, position);

  return item != NULL && tea_timeline_item_is_removed (item)
         && !tea_timeline_item_is_first_of_group (item) && position > 0
         && is_removed (timeline, position - 1);
}

/**
 * tea_removed_run_measure:
 * @timeline: a [class@Tea.Timeline]
 * @position: where there is a message that was removed
 *
 * Returns: for how many messages the line at @position stands; 0 where one before it stands for it
 */
guint
tea_removed_run_measure (GListModel *timeline, guint position)
{
  guint n = 1;

  g_return_val_if_fail (G_IS_LIST_MODEL (timeline), 1);

  if (goes_on (timeline, position))
    return 0;
  while (goes_on (timeline, position + n))
    n++;

  return n;
}

/**
 * tea_removed_run_find_first:
 * @timeline: a [class@Tea.Timeline]
 * @position: where there is a message that was removed
 *
 * Returns: where the first of those is that are shown in one line with it
 */
guint
tea_removed_run_find_first (GListModel *timeline, guint position)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (timeline), position);

  while (goes_on (timeline, position))
    position--;

  return position;
}
