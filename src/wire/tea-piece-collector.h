/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/**
 * TeaPieceCollector:
 *
 * Puts the pieces of something long together again, in whatever order they come.
 */
typedef struct _TeaPieceCollector TeaPieceCollector;

TeaPieceCollector *tea_piece_collector_new (void);
void tea_piece_collector_free (TeaPieceCollector *self);

gboolean tea_piece_collector_set_version (TeaPieceCollector *self, guint64 version);
gboolean tea_piece_collector_add (TeaPieceCollector *self, guint index, guint count, GBytes *bytes);
guint32 tea_piece_collector_get_received (TeaPieceCollector *self);
guint32 tea_piece_collector_get_missing (TeaPieceCollector *self);
gboolean tea_piece_collector_is_complete (TeaPieceCollector *self);
char *tea_piece_collector_dup_text (TeaPieceCollector *self, GError **error);
gboolean tea_piece_collector_read_frame (
    TeaPieceCollector *self, TeaFrameType type, guint64 number, TeaFrame *frame, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPieceCollector, tea_piece_collector_free)

G_END_DECLS
