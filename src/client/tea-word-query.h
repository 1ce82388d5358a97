/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-clock.h"
#include "tea-frame.h"
#include "tea-round-trip.h"

G_BEGIN_DECLS

/**
 * TeaWordQuery:
 *
 * Asks a server which messages of a room have some words.
 */
typedef struct _TeaWordQuery TeaWordQuery;

/**
 * TeaFoundNumbers:
 * @seqs: (owned) (element-type guint64): the numbers of messages, the highest first
 * @next: before which number to ask on; 0 where there are no more
 *
 * What a server has found.
 */
typedef struct
{
  GArray *seqs;
  guint64 next;
} TeaFoundNumbers;

void tea_found_numbers_free (TeaFoundNumbers *self);

TeaWordQuery *tea_word_query_new (TeaClock *clock,
                                  guint32 number,
                                  const char *words,
                                  guint64 before,
                                  GTask *task,
                                  TeaFrameFunc send,
                                  gpointer user_data);
void tea_word_query_free (TeaWordQuery *self);

void tea_word_query_ask (TeaWordQuery *self);
void tea_word_query_pause (TeaWordQuery *self);
void tea_word_query_give_up (TeaWordQuery *self);
gboolean tea_word_query_goes_on (TeaWordQuery *self);

void tea_word_query_take_found (TeaWordQuery *self, const TeaFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaFoundNumbers, tea_found_numbers_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaWordQuery, tea_word_query_free)

G_END_DECLS
