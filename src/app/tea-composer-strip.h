/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_COMPOSER_STRIP (tea_composer_strip_get_type ())

G_DECLARE_FINAL_TYPE (TeaComposerStrip, tea_composer_strip, TEA, COMPOSER_STRIP, AdwBin)

void tea_composer_strip_show_reply (TeaComposerStrip *self, TeaTimelineItem *item);
void tea_composer_strip_show_edit (TeaComposerStrip *self, TeaTimelineItem *item);
void tea_composer_strip_hide (TeaComposerStrip *self);

G_END_DECLS
