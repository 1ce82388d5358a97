/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-kind.h"
#include "tea-room-flags.h"

G_BEGIN_DECLS

/**
 * TeaRoomSettings:
 * @address: (owned): the address of the room
 * @title: (owned): what the room is called; `""` where its address is all
 * @flags: how the room is
 * @retain_days: how many days events are kept; 0 for as the house has it,
 *   %TEA_RETAIN_DAYS_UNCHANGED for as before
 * @retain_events: how many events are kept; 0 for as the house has it,
 *   %TEA_RETAIN_EVENTS_UNCHANGED for as before
 *
 * What an event of the kind %TEA_EVENT_SETTINGS carries.
 */
typedef struct
{
  char *address;
  char *title;
  TeaRoomFlags flags;
  guint32 retain_days;
  guint64 retain_events;
} TeaRoomSettings;

#define TEA_ROOM_SETTINGS_INIT \
  {                            \
    NULL, NULL, 0, 0, 0        \
  }

void tea_room_settings_clear (TeaRoomSettings *self);

gboolean tea_event_data_is_allowed (TeaEventKind kind, GBytes *data);

GBytes *tea_event_data_encode_settings (const TeaRoomSettings *settings);
gboolean tea_event_data_decode_settings (GBytes *data, TeaRoomSettings *settings);
GBytes *tea_event_data_encode_key (const char *fingerprint);
char *tea_event_data_decode_key (GBytes *data);
GBytes *tea_event_data_encode_archived (gboolean archived);
gboolean tea_event_data_decode_archived (GBytes *data, gboolean *archived);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaRoomSettings, tea_room_settings_clear)

G_END_DECLS
