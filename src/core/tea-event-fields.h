/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-kind.h"
#include "tea-message-form.h"

G_BEGIN_DECLS

/**
 * TeaEventFields:
 * @seq: its number in the room's log, above 0; 0 for none
 * @kind: what happened
 * @wire_kind: the number of the kind where @kind is %TEA_EVENT_OTHER; else it does not count
 * @time: when, in µs since the Unix epoch, UTC
 * @author: (nullable): who did it; %NULL where nobody did
 * @text: (nullable): what was said; %NULL where nothing was
 * @key: (nullable): the fingerprint of the author's key, where it is known
 * @stream: which of the programs of that key said it; 0 when none is known
 * @number: which of that program's messages it is, from 1 on; 0 when none is known
 * @target: the event that it refers to; 0 for none
 * @version: the latest change that it takes account of; 0 for none
 * @data: (nullable): what belongs to its kind besides the text; %NULL for nothing
 * @form: (nullable): what has become of a message; %NULL where nothing has, and for other kinds
 *
 * All that an event can have. What is left out is 0.
 */
typedef struct _TeaEventFields
{
  guint64 seq;
  TeaEventKind kind;
  guint8 wire_kind;
  gint64 time;
  const char *author;
  const char *text;
  const char *key;
  guint32 stream;
  guint32 number;
  guint64 target;
  guint64 version;
  GBytes *data;
  TeaMessageForm *form;
} TeaEventFields;

G_END_DECLS
