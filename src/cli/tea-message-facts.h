/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

/**
 * TeaMessageFacts:
 * @seq: its number; 0 where it has none
 * @author: who said it
 * @text: what it says now
 * @reply: the number of the message that it answers; 0 for none
 * @edited: when it was last edited, in µs since the Unix epoch, UTC; 0 if never
 * @removed_by: (nullable): who removed it, if anybody
 * @reactions: (element-type TeaReaction) (nullable): who reacted
 * @seconds: how long it waits that the server takes it later; 0 where it does not
 *
 * What there is to tell of a message as it is now.
 */
typedef struct
{
  guint64 seq;
  const char *author;
  const char *text;
  guint64 reply;
  gint64 edited;
  const char *removed_by;
  GPtrArray *reactions;
  guint seconds;
} TeaMessageFacts;

TeaMessageFacts tea_message_facts_of_event (TeaEvent *event);
TeaMessageFacts tea_message_facts_of_item (TeaTimelineItem *item);

G_END_DECLS
