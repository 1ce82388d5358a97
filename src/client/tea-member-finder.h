/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-member-list.h"

G_BEGIN_DECLS

/**
 * TeaMemberFinder:
 *
 * Finds somebody in a room by their name, with their key, which is not known of everybody before
 * the server is asked.
 */
typedef struct _TeaMemberFinder TeaMemberFinder;

TeaMemberFinder *tea_member_finder_new (TeaMemberList *members);
void tea_member_finder_free (TeaMemberFinder *self);

gboolean tea_member_finder_find (TeaMemberFinder *self, const char *name, GTask *task);
void tea_member_finder_finish (TeaMemberFinder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaMemberFinder, tea_member_finder_free)

G_END_DECLS
