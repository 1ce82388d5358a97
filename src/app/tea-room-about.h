/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-conversation.h"
#include "tea-quotes.h"

G_BEGIN_DECLS

#define TEA_TYPE_ROOM_ABOUT (tea_room_about_get_type ())

G_DECLARE_FINAL_TYPE (TeaRoomAbout, tea_room_about, TEA, ROOM_ABOUT, AdwBin)

void tea_room_about_set_conversation (TeaRoomAbout *self,
                                      TeaConversation *conversation,
                                      TeaQuotes *quotes);

G_END_DECLS
