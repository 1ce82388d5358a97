/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-json-line.h"
#include "tea-message-facts.h"

G_BEGIN_DECLS

char *tea_event_json_format (const char *room, TeaEvent *event);
void tea_event_json_add (JsonBuilder *builder, const char *room, TeaEvent *event);
void tea_event_json_add_form (JsonBuilder *builder, const TeaMessageFacts *message);

G_END_DECLS
