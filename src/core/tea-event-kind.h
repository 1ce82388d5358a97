/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TeaEventKind:
 * @TEA_EVENT_JOINED: the author entered the room, or became a member of it
 * @TEA_EVENT_LEFT: the author left, or was cut off
 * @TEA_EVENT_MESSAGE: the author said something
 * @TEA_EVENT_NOTICE: the server said something that is none of the others
 * @TEA_EVENT_REFUSED: the server refused a request of this client
 * @TEA_EVENT_INVITED: the author invited somebody, whose name may be the text
 * @TEA_EVENT_SETTINGS: the author changed the room's settings
 * @TEA_EVENT_ARCHIVED: the author archived the room, or opened it again
 * @TEA_EVENT_EDITED: the author gave a message of theirs another text
 * @TEA_EVENT_REMOVED: the author removed a message, of theirs or of somebody else
 * @TEA_EVENT_REACTED: the author reacted to a message, or took that back; the text is an emoji
 * @TEA_EVENT_PINNED: the author pinned a message, or took that back
 * @TEA_EVENT_TOPIC: the author changed the topic of the room; the text is what it is now
 * @TEA_EVENT_ROLE: the author gave a member, whose name is the text, another role
 * @TEA_EVENT_SENT_OUT: the author sent somebody out of the room; the text is the reason
 * @TEA_EVENT_MUTED: the author muted somebody, or let them speak again; the text is the reason
 * @TEA_EVENT_OTHER: of a later version of this program; nothing is shown of it
 *
 * What happened in a room. A notice and a refusal concern one client alone; everything else
 * is seen by everyone in the room.
 */
typedef enum
{
  TEA_EVENT_JOINED,
  TEA_EVENT_LEFT,
  TEA_EVENT_MESSAGE,
  TEA_EVENT_NOTICE,
  TEA_EVENT_REFUSED,
  TEA_EVENT_INVITED,
  TEA_EVENT_SETTINGS,
  TEA_EVENT_ARCHIVED,
  TEA_EVENT_EDITED,
  TEA_EVENT_REMOVED,
  TEA_EVENT_REACTED,
  TEA_EVENT_PINNED,
  TEA_EVENT_TOPIC,
  TEA_EVENT_ROLE,
  TEA_EVENT_SENT_OUT,
  TEA_EVENT_MUTED,
  TEA_EVENT_OTHER,
} TeaEventKind;

#define TEA_TYPE_EVENT_KIND (tea_event_kind_get_type ())

GType tea_event_kind_get_type (void);

TeaEventKind tea_event_kind_from_wire (guint8 wire);
int tea_event_kind_to_wire (TeaEventKind kind);

gboolean tea_event_kind_is_logged (TeaEventKind kind);
gboolean tea_event_kind_needs_text (TeaEventKind kind);
gboolean tea_event_kind_may_have_text (TeaEventKind kind);
gsize tea_event_kind_get_max_text (TeaEventKind kind);
gboolean tea_event_kind_may_have_target (TeaEventKind kind);
gboolean tea_event_kind_needs_target (TeaEventKind kind);
gboolean tea_event_kind_amends (TeaEventKind kind);
gboolean tea_event_kind_counts_as_unread (TeaEventKind kind);

G_END_DECLS
