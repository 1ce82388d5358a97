/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "tea-event.h"
#include "tea-message-form.h"

G_BEGIN_DECLS

/**
 * TeaTimelineItemKind:
 * @TEA_TIMELINE_ITEM_MESSAGE: somebody said something
 * @TEA_TIMELINE_ITEM_PRESENCE: people came and went; several may be folded into one
 * @TEA_TIMELINE_ITEM_NOTICE: the server, or the program itself, says something
 * @TEA_TIMELINE_ITEM_DAY: a new day begins here
 * @TEA_TIMELINE_ITEM_UNREAD: what follows has not been read
 * @TEA_TIMELINE_ITEM_WAITING: what follows waits to be sent
 * @TEA_TIMELINE_ITEM_GAP: something is missing here, and cannot be had any more
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
  TEA_TIMELINE_ITEM_GAP,
} TeaTimelineItemKind;

#define TEA_TYPE_TIMELINE_ITEM_KIND (tea_timeline_item_kind_get_type ())

GType tea_timeline_item_kind_get_type (void);

/**
 * TeaDelivery:
 * @TEA_DELIVERY_SENT: given to the network; the classic protocol tells no more
 * @TEA_DELIVERY_WAITING: kept until there is a connection again, or until the server can store
 *   it: then tea_timeline_item_get_failure() tells why it cannot
 * @TEA_DELIVERY_FAILED: refused by the server, or impossible to send
 * @TEA_DELIVERY_SENDING: on its way to a server that is there, but has not said yet that
 *   it is stored
 * @TEA_DELIVERY_DELIVERED: stored by the server; everybody gets it
 *
 * How far a message has come. One of somebody else's is %TEA_DELIVERY_SENT.
 */
typedef enum
{
  TEA_DELIVERY_SENT,
  TEA_DELIVERY_WAITING,
  TEA_DELIVERY_FAILED,
  TEA_DELIVERY_SENDING,
  TEA_DELIVERY_DELIVERED,
} TeaDelivery;

#define TEA_TYPE_DELIVERY (tea_delivery_get_type ())

GType tea_delivery_get_type (void);

#define TEA_TYPE_TIMELINE_ITEM (tea_timeline_item_get_type ())

G_DECLARE_FINAL_TYPE (TeaTimelineItem, tea_timeline_item, TEA, TIMELINE_ITEM, GObject)

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
guint64 tea_timeline_item_get_seq (TeaTimelineItem *self);
const char *tea_timeline_item_get_id (TeaTimelineItem *self);
gint64 tea_timeline_item_get_hold_until (TeaTimelineItem *self);

guint64 tea_timeline_item_get_reply_to (TeaTimelineItem *self);
guint64 tea_timeline_item_get_version (TeaTimelineItem *self);
gint64 tea_timeline_item_get_edited (TeaTimelineItem *self);
const char *tea_timeline_item_get_removed_by (TeaTimelineItem *self);
GPtrArray *tea_timeline_item_get_reactions (TeaTimelineItem *self);
gboolean tea_timeline_item_is_removed (TeaTimelineItem *self);
gboolean tea_timeline_item_is_pinned (TeaTimelineItem *self);
gboolean tea_timeline_item_is_stale (TeaTimelineItem *self);

G_END_DECLS
