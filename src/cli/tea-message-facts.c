/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-facts.h"

/**
 * tea_message_facts_of_event:
 * @event: a message
 *
 * Returns: what it tells, as long as the event is there
 */
TeaMessageFacts
tea_message_facts_of_event (TeaEvent *event)
{
  TeaMessageForm *form = tea_event_get_form (event);

  return (TeaMessageFacts){
    .seq = tea_event_get_seq (event),
    .author = tea_event_get_author (event),
    .text = tea_event_get_text (event),
    .reply = tea_event_get_target (event),
    .edited = form != NULL ? tea_message_form_get_edited (form) : 0,
    .removed_by = form != NULL ? tea_message_form_get_removed_by (form) : NULL,
    .reactions = form != NULL ? tea_message_form_get_reactions (form) : NULL,
  };
}

static guint
get_seconds (TeaTimelineItem *item)
{
  gint64 left = tea_timeline_item_get_hold_until (item) - g_get_real_time ();

  return left > 0 ? (guint) ((left + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND) : 0;
}

/**
 * tea_message_facts_of_item:
 * @item: a message in a timeline
 *
 * Returns: what it tells, until it changes
 */
TeaMessageFacts
tea_message_facts_of_item (TeaTimelineItem *item)
{
  return (TeaMessageFacts){
    .seq = tea_timeline_item_get_seq (item),
    .author = tea_timeline_item_get_author (item),
    .text = tea_timeline_item_get_text (item),
    .reply = tea_timeline_item_get_reply_to (item),
    .edited = tea_timeline_item_get_edited (item),
    .removed_by = tea_timeline_item_get_removed_by (item),
    .reactions = tea_timeline_item_get_reactions (item),
    .seconds = get_seconds (item),
  };
}
