/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-member.h"
#include "tea-message-facts.h"
#include "tea-room-flags.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

/**
 * TeaRoomFacts:
 * @address: its address
 * @title: what it is called; `""` where the address is all
 * @flags: how it is
 * @role: what the user may do there
 * @unread: how many messages the user has not read
 * @n_members: how many members it has
 * @is_open: whether it is open here
 * @read_known: whether @read is known
 * @read: up to which event the user has read
 *
 * What there is to tell of a room.
 */
typedef struct
{
  const char *address;
  const char *title;
  TeaRoomFlags flags;
  TeaRoomRole role;
  guint unread;
  guint n_members;
  gboolean is_open;
  gboolean read_known;
  guint64 read;
} TeaRoomFacts;

/**
 * TeaFoundFacts:
 * @room: the address of the room that it is in
 * @label: (nullable): what people call the room; %NULL where that is plain
 * @event: the event as it is now
 *
 * A message that was looked for, or an event that is beside it.
 */
typedef struct
{
  const char *room;
  const char *label;
  TeaEvent *event;
} TeaFoundFacts;

#define TEA_TYPE_EVENT_FORMATTER (tea_event_formatter_get_type ())

G_DECLARE_FINAL_TYPE (TeaEventFormatter, tea_event_formatter, TEA, EVENT_FORMATTER, GObject)

TeaEventFormatter *tea_event_formatter_new (gboolean json);

char *tea_event_formatter_format (TeaEventFormatter *self,
                                  const char *room,
                                  const char *label,
                                  TeaEvent *event,
                                  const TeaMessageFacts *target);
char *tea_event_formatter_format_message (TeaEventFormatter *self,
                                          const char *label,
                                          const TeaMessageFacts *message,
                                          const TeaMessageFacts *target);
char *tea_event_formatter_format_found (
    const char *command, const char *room, const char *asked, GArray *found, guint64 next);
char *tea_event_formatter_format_shown (const char *command,
                                        const char *room,
                                        guint64 target,
                                        GArray *found);
char *tea_event_formatter_format_gap (TeaEventFormatter *self, const char *room, const char *label);
char *
tea_event_formatter_format_own (TeaEventFormatter *self, const char *room, TeaTimelineItem *item);
char *tea_event_formatter_format_answer (const char *kind,
                                         const char *command,
                                         const char *room,
                                         const char *asked,
                                         guint64 target,
                                         const char *text);
char *tea_event_formatter_format_history (const char *room, guint n_events, gboolean has_older);
char *tea_event_formatter_format_members (TeaEventFormatter *self,
                                          const char *room,
                                          GListModel *members,
                                          gboolean known);
char *tea_event_formatter_format_room (TeaEventFormatter *self,
                                       const char *kind,
                                       const char *command,
                                       const char *asked,
                                       const TeaRoomFacts *facts);
char *tea_event_formatter_format_rooms (TeaEventFormatter *self, GArray *rooms);
char *tea_event_formatter_format_position (const char *room, guint64 read, guint unread);
char *tea_event_formatter_format_about (TeaEventFormatter *self,
                                        const char *room,
                                        const char *label,
                                        const char *topic,
                                        GListModel *pins);
char *tea_event_formatter_format_typing (const char *room, const char *const *names);

G_END_DECLS
