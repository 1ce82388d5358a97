/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-data.h"

G_BEGIN_DECLS

/**
 * TEA_RECENT_EVENTS_MAX:
 *
 * How many events are remembered at most.
 */
#define TEA_RECENT_EVENTS_MAX 1024

/**
 * TEA_RECENT_EVENTS_MAX_BYTES:
 *
 * How many bytes of text they can have together, but for the latest.
 */
#define TEA_RECENT_EVENTS_MAX_BYTES (1024 * 1024)

/**
 * TeaRecentEvents:
 *
 * The latest events of a log, so that what everyone asks for need not be read. Of some it may be
 * known that they have become something else, but not what.
 */
typedef struct
{
  /*< private >*/
  struct
  {
    TeaEvent *event;
    gboolean is_stale;
  } ring[TEA_RECENT_EVENTS_MAX];
  guint first;
  guint n;
  gsize n_bytes;
} TeaRecentEvents;

void tea_recent_events_clear (TeaRecentEvents *self);
void tea_recent_events_add (TeaRecentEvents *self, TeaEvent *event);
void tea_recent_events_distrust (TeaRecentEvents *self, guint64 seq);
void tea_recent_events_replace (TeaRecentEvents *self, TeaEvent *event);
void tea_recent_events_remove (TeaRecentEvents *self, guint64 seq);
guint64 tea_recent_events_find_edit (TeaRecentEvents *self, guint64 target, guint64 before);
guint64 tea_recent_events_find_erased (TeaRecentEvents *self, const TeaSentOut *sent_out);
TeaEvent *tea_recent_events_find (TeaRecentEvents *self, guint64 seq);
gboolean tea_recent_events_read (TeaRecentEvents *self,
                                 guint64 from,
                                 guint64 to,
                                 gsize max_bytes,
                                 GPtrArray *events,
                                 guint64 *next);

G_END_DECLS
