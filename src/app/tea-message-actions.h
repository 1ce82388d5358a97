/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "tea-conversation.h"

G_BEGIN_DECLS

#define TEA_TYPE_MESSAGE_ACTIONS (tea_message_actions_get_type ())

G_DECLARE_FINAL_TYPE (TeaMessageActions, tea_message_actions, TEA, MESSAGE_ACTIONS, GObject)

TeaMessageActions *tea_message_actions_new (TeaConversation *conversation, GtkWidget *widget);

G_END_DECLS
