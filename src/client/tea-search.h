/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-conversation.h"

G_BEGIN_DECLS

/**
 * TeaSearchHit:
 *
 * A message that was found, and where. Never changed once made.
 */
typedef struct _TeaSearchHit TeaSearchHit;

#define TEA_TYPE_SEARCH_HIT (tea_search_hit_get_type ())

GType tea_search_hit_get_type (void);

TeaSearchHit *tea_search_hit_ref (TeaSearchHit *self);
void tea_search_hit_unref (TeaSearchHit *self);

TeaConversation *tea_search_hit_get_conversation (TeaSearchHit *self);
TeaEvent *tea_search_hit_get_event (TeaSearchHit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSearchHit, tea_search_hit_unref)

#define TEA_TYPE_SEARCH (tea_search_get_type ())

G_DECLARE_FINAL_TYPE (TeaSearch, tea_search, TEA, SEARCH, GObject)

TeaSearch *tea_search_new (GListModel *conversations, const char *words);

void tea_search_next_async (TeaSearch *self,
                            guint n_hits,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *tea_search_next_finish (TeaSearch *self, GAsyncResult *result, GError **error);

const char *tea_search_get_words (TeaSearch *self);

G_END_DECLS
