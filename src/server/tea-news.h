/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"
#include "tea-house.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

/**
 * TeaNews:
 *
 * What there is new in rooms to which a session's client belongs, or is invited, and which it
 * does not have open.
 */
typedef struct _TeaNews TeaNews;

TeaNews *tea_news_new (TeaHouse *house, TeaClock *clock, TeaSecureSender *sender, const char *key);
void tea_news_free (TeaNews *self);

void tea_news_add (TeaNews *self, TeaRoom *room);
void tea_news_forget (TeaNews *self, guint32 room);
void tea_news_decline (TeaNews *self, const char *address);

char *tea_news_fold_address (const char *key, const char *address);
void tea_news_describe (TeaHouse *house,
                        const char *key,
                        const TeaStoreListing *listing,
                        TeaListedRoom *room,
                        GPtrArray *strings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaNews, tea_news_free)

G_END_DECLS
