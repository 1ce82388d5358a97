/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-pusher.h"
#include "tea-rations.h"
#include "tea-room.h"

G_BEGIN_DECLS

#define TEA_TYPE_SPEECH (tea_speech_get_type ())

G_DECLARE_FINAL_TYPE (TeaSpeech, tea_speech, TEA, SPEECH, GObject)

TeaSpeech *tea_speech_new (TeaRoom *room,
                           TeaClock *clock,
                           TeaSession *session,
                           TeaSecureSender *sender,
                           TeaRation *ration,
                           guint32 stream,
                           guint32 number);
void tea_speech_close (TeaSpeech *self);

void tea_speech_say (TeaSpeech *self, guint32 number, guint32 oldest, const char *text);
void tea_speech_say_piece (
    TeaSpeech *self, guint32 number, guint32 oldest, guint index, guint count, GBytes *bytes);

G_END_DECLS
