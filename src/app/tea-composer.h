/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_COMPOSER (tea_composer_get_type ())

G_DECLARE_FINAL_TYPE (TeaComposer, tea_composer, TEA, COMPOSER, AdwBin)

void tea_composer_set_hint (TeaComposer *self, const char *hint);
void tea_composer_set_members (TeaComposer *self, GListModel *members);
char *tea_composer_dup_draft (TeaComposer *self);
void tea_composer_set_text (TeaComposer *self, const char *text);

void tea_composer_reply (TeaComposer *self, TeaTimelineItem *item);
void tea_composer_edit (TeaComposer *self, TeaTimelineItem *item);
gboolean tea_composer_give_up (TeaComposer *self);
TeaTimelineItem *tea_composer_get_answered (TeaComposer *self);
TeaTimelineItem *tea_composer_get_edited (TeaComposer *self);

void tea_composer_mention (TeaComposer *self, const char *name);
gboolean tea_composer_take_key (TeaComposer *self, GtkEventControllerKey *controller);

G_END_DECLS
