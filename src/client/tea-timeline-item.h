/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"

G_BEGIN_DECLS

/**
 * TeaTimelineItemKind:
 * @TEA_TIMELINE_ITEM_MESSAGE: somebody said something
 * @TEA_TIMELINE_ITEM_PRESENCE: people came and went; several may be folded into one
 * @TEA_TIMELINE_ITEM_NOTICE: the server, or the program itself, says something
 * @TEA_TIMELINE_ITEM_DAY: a new day begins here
 * @TEA_TIMELINE_ITEM_UNREAD: what follows has not been read
 * @TEA_TIMELINE_ITEM_WAITING: what follows waits to be sent
 *
 * What one line of a timeline is.
 */
typedef enum
{
  TEA_TIMELINE_ITEM_MESSAGE,
  TEA_TIMELINE_ITEM_PRESENCE,
  TEA_TIMELINE_ITEM_NOTICE,
  TEA_TIMELINE_ITEM_DAY,
  TEA_TIMELINE_ITEM_UNREAD,
  TEA_TIMELINE_ITEM_WAITING,
} TeaTimelineItemKind;

/**
 * TeaDelivery:
 * @TEA_DELIVERY_SENT: given to the network; the classic protocol tells no more
 * @TEA_DELIVERY_WAITING: kept until there is a connection again
 * @TEA_DELIVERY_FAILED: refused by the server, or impossible to send
 *
 * How far a message has come.
 */
typedef enum
{
  TEA_DELIVERY_SENT,
  TEA_DELIVERY_WAITING,
  TEA_DELIVERY_FAILED,
} TeaDelivery;

#define TEA_TYPE_TIMELINE_ITEM (tea_timeline_item_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimelineItem, tea_timeline_item, TEA, TIMELINE_ITEM, GObject)

TeaTimelineItem *
tea_timeline_item_new_message (const char *author, const char *text, gint64 time, gboolean own);
TeaTimelineItem *tea_timeline_item_new_presence (TeaEvent *event);
TeaTimelineItem *tea_timeline_item_new_notice (const char *text, gint64 time);
TeaTimelineItem *tea_timeline_item_new_line (TeaTimelineItemKind kind, gint64 time);

TeaTimelineItemKind tea_timeline_item_get_kind (TeaTimelineItem *self);
gint64 tea_timeline_item_get_time (TeaTimelineItem *self);
const char *tea_timeline_item_get_author (TeaTimelineItem *self);
const char *tea_timeline_item_get_text (TeaTimelineItem *self);
gboolean tea_timeline_item_is_own (TeaTimelineItem *self);
gboolean tea_timeline_item_mentions_me (TeaTimelineItem *self);
gboolean tea_timeline_item_is_first_of_group (TeaTimelineItem *self);
TeaDelivery tea_timeline_item_get_delivery (TeaTimelineItem *self);
const char *tea_timeline_item_get_failure (TeaTimelineItem *self);
GPtrArray *tea_timeline_item_get_events (TeaTimelineItem *self);

G_END_DECLS
