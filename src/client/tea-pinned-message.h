/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TEA_TYPE_PINNED_MESSAGE (tea_pinned_message_get_type ())

G_DECLARE_FINAL_TYPE (TeaPinnedMessage, tea_pinned_message, TEA, PINNED_MESSAGE, GObject)

TeaPinnedMessage *
tea_pinned_message_new (guint64 target, guint64 seq, gint64 time, const char *author);

guint64 tea_pinned_message_get_target (TeaPinnedMessage *self);
guint64 tea_pinned_message_get_seq (TeaPinnedMessage *self);
gint64 tea_pinned_message_get_time (TeaPinnedMessage *self);
const char *tea_pinned_message_get_author (TeaPinnedMessage *self);

G_END_DECLS
