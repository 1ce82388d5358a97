/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-message-facts.h"

G_BEGIN_DECLS

char *tea_event_words_format (TeaEvent *event, const TeaMessageFacts *target);
char *tea_event_words_format_message (const TeaMessageFacts *message,
                                      const TeaMessageFacts *target,
                                      gboolean is_numbered);

G_END_DECLS
