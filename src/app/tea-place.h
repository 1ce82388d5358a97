/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"
#include "tea-draft.h"
#include "tea-notify-choice.h"

G_BEGIN_DECLS

/**
 * TeaPlaceKind:
 * @TEA_PLACE_HALL: the hall of a house, which bears its name
 * @TEA_PLACE_ROOM: another room
 * @TEA_PLACE_PERSON: the private conversation with somebody
 * @TEA_PLACE_INVITATION: a room to which one is invited
 *
 * What a place is.
 */
typedef enum
{
  TEA_PLACE_HALL,
  TEA_PLACE_ROOM,
  TEA_PLACE_PERSON,
  TEA_PLACE_INVITATION,
} TeaPlaceKind;

#define TEA_TYPE_PLACE (tea_place_get_type ())

G_DECLARE_FINAL_TYPE (TeaPlace, tea_place, TEA, PLACE, GObject)

TeaPlace *tea_place_new (TeaClient *client, TeaConversation *conversation, gboolean is_hosted);
TeaPlace *tea_place_new_invitation (TeaClient *client, TeaListing *listing, gboolean is_hosted);

TeaPlaceKind tea_place_get_kind (TeaPlace *self);
TeaClient *tea_place_get_client (TeaPlace *self);
TeaConversation *tea_place_get_conversation (TeaPlace *self);
TeaListing *tea_place_get_listing (TeaPlace *self);
TeaDraft *tea_place_get_draft (TeaPlace *self);
TeaNotifyChoice *tea_place_get_notify_choice (TeaPlace *self);

const char *tea_place_get_address (TeaPlace *self);
const char *tea_place_get_name (TeaPlace *self);
const char *tea_place_get_house_name (TeaPlace *self);
TeaTimelineItem *tea_place_get_last (TeaPlace *self);
gint64 tea_place_get_time (TeaPlace *self);
guint tea_place_get_unread (TeaPlace *self);
gboolean tea_place_get_is_mentioned (TeaPlace *self);
gboolean tea_place_get_is_typing (TeaPlace *self);
gboolean tea_place_get_is_hosted (TeaPlace *self);
gboolean tea_place_get_is_private (TeaPlace *self);
gboolean tea_place_get_is_lost (TeaPlace *self);
gboolean tea_place_get_is_muted (TeaPlace *self);
gboolean tea_place_may_invite (TeaPlace *self);
gboolean tea_place_has_news (TeaPlace *self);

G_END_DECLS
