/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-conversation.h"

G_BEGIN_DECLS

#define TEA_TYPE_QUOTES (tea_quotes_get_type ())

G_DECLARE_FINAL_TYPE (TeaQuotes, tea_quotes, TEA, QUOTES, GObject)

TeaQuotes *tea_quotes_new (TeaTimeline *timeline, TeaConversation *conversation);

TeaTimelineItem *tea_quotes_find (TeaQuotes *self, guint64 seq);
gboolean tea_quotes_is_gone (TeaQuotes *self, guint64 seq);

G_END_DECLS
