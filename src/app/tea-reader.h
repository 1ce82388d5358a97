/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-quotes.h"
#include "tea-selection.h"

G_BEGIN_DECLS

#define TEA_TYPE_READER (tea_reader_get_type ())

G_DECLARE_FINAL_TYPE (TeaReader, tea_reader, TEA, READER, GObject)

TeaReader *tea_reader_new (const char *name, TeaTimeline *timeline, TeaConversation *conversation);

gboolean tea_reader_is_called (TeaReader *self, const char *name);
GRegex *tea_reader_get_mention (TeaReader *self);
TeaQuotes *tea_reader_get_quotes (TeaReader *self);
TeaSelection *tea_reader_get_selection (TeaReader *self);

G_END_DECLS
