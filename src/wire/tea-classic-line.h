/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event.h"

G_BEGIN_DECLS

/**
 * TeaClassicLineKind:
 * @TEA_CLASSIC_LINE_ACCEPTED: `Y` or `OK`: the request to enter is granted
 * @TEA_CLASSIC_LINE_REFUSED: `N` and a reason: a request is refused
 * @TEA_CLASSIC_LINE_MESSAGE: somebody says something
 * @TEA_CLASSIC_LINE_JOINED: somebody entered
 * @TEA_CLASSIC_LINE_LEFT: somebody left
 * @TEA_CLASSIC_LINE_EXIT: `EXIT`: the session is over
 * @TEA_CLASSIC_LINE_PRESENT: a part of the answer to "who is here"
 * @TEA_CLASSIC_LINE_NOTICE: anything else
 *
 * What a server of the classic protocol says.
 */
typedef enum
{
  TEA_CLASSIC_LINE_ACCEPTED,
  TEA_CLASSIC_LINE_REFUSED,
  TEA_CLASSIC_LINE_MESSAGE,
  TEA_CLASSIC_LINE_JOINED,
  TEA_CLASSIC_LINE_LEFT,
  TEA_CLASSIC_LINE_EXIT,
  TEA_CLASSIC_LINE_PRESENT,
  TEA_CLASSIC_LINE_NOTICE,
} TeaClassicLineKind;

/**
 * TeaClassicLine:
 * @kind: what is said
 * @author: (nullable): of whom it is said
 * @text: (nullable): a message's text, a refusal's reason (always there), or a notice
 * @part: which part of an answer this is, from 1 to @n_parts
 * @n_parts: of how many parts the answer is made
 * @names: (nullable): the names in this part of the answer
 *
 * One datagram from a server of the classic protocol.
 */
typedef struct
{
  TeaClassicLineKind kind;
  char *author;
  char *text;
  guint part;
  guint n_parts;
  char **names;
} TeaClassicLine;

TeaClassicLine *tea_classic_line_parse (const guint8 *data, gsize size);
TeaClassicLine *tea_classic_line_parse_answer (const guint8 *data, gsize size);
TeaEvent *tea_classic_line_to_event (TeaClassicLine *self, gint64 time);
gboolean tea_classic_line_is_from_room (const guint8 *data, gsize size);
void tea_classic_line_free (TeaClassicLine *self);

GBytes *tea_classic_line_encode_refused (const char *reason);
GBytes *tea_classic_line_encode_message (const char *author, const char *text);
GBytes *tea_classic_line_encode_joined (const char *name);
GBytes *tea_classic_line_encode_left (const char *name);
GPtrArray *tea_classic_line_encode_present (const char *const *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaClassicLine, tea_classic_line_free)

G_END_DECLS
