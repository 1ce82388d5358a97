/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"
#include "tea-message-form.h"
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
 * @slow_mode: how many seconds a member waits between messages; %TEA_SLOW_UNCHANGED for as before
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
  guint32 slow_mode;
} TeaRoomSettings;

#define TEA_ROOM_SETTINGS_INIT \
  {                            \
    NULL, NULL, 0, 0, 0, 0     \
  }

void tea_room_settings_clear (TeaRoomSettings *self);

/**
 * TeaSentOut:
 * @key: (owned): the fingerprint of the key that is sent out
 * @name: (owned): what they are called; `""` where a client does not know
 * @until: how long they stay out, in µs since the Unix epoch, UTC: 0 where they may come back at
 *   once, which also lifts a ban; %TEA_EVENT_MAX_TIME for good
 * @erase: from which number on all that they said under that name is removed; 0 for nothing
 * @with_network: whether the network that they came from stays out, too
 *
 * What an event of the kind %TEA_EVENT_SENT_OUT carries.
 */
typedef struct
{
  char *key;
  char *name;
  gint64 until;
  guint64 erase;
  gboolean with_network;
} TeaSentOut;

#define TEA_SENT_OUT_INIT   \
  {                         \
    NULL, NULL, 0, 0, FALSE \
  }

void tea_sent_out_clear (TeaSentOut *self);
gboolean tea_sent_out_erases (const TeaSentOut *self, TeaEvent *event);

gboolean tea_event_data_is_allowed (TeaEventKind kind, GBytes *data);

GBytes *tea_event_data_encode_settings (const TeaRoomSettings *settings);
gboolean tea_event_data_decode_settings (GBytes *data, TeaRoomSettings *settings);
GBytes *tea_event_data_encode_key (const char *fingerprint);
char *tea_event_data_decode_key (GBytes *data);
GBytes *tea_event_data_encode_switch (gboolean set);
gboolean tea_event_data_decode_switch (GBytes *data, gboolean *set);
GBytes *tea_event_data_encode_role (const char *fingerprint, TeaRoomRole role);
gboolean tea_event_data_decode_role (GBytes *data, char **fingerprint, TeaRoomRole *role);
GBytes *tea_event_data_encode_sent_out (const TeaSentOut *sent_out);
gboolean tea_event_data_decode_sent_out (GBytes *data, TeaSentOut *sent_out);
GBytes *tea_event_data_encode_muted (const char *key, const char *name, gint64 until);
gboolean tea_event_data_decode_muted (GBytes *data, char **key, char **name, gint64 *until);
GBytes *tea_event_data_encode_reacted (gboolean set, guint count, const char *const *names);
gboolean tea_event_data_decode_reacted (GBytes *data, gboolean *set, guint *count, char ***names);
GBytes *tea_event_data_encode_form (TeaMessageForm *form);
TeaMessageForm *tea_event_data_decode_form (GBytes *data);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaRoomSettings, tea_room_settings_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaSentOut, tea_sent_out_clear)

G_END_DECLS
