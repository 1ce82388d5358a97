/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-outbox.h"

G_BEGIN_DECLS

struct _TeaOutbox
{
  GObject parent_instance;

  TeaClock *clock;       /* (owned) */
  TeaTimeline *timeline; /* (owned) */
  guint n_unsent;

  /* by links that give numbers */
  GHashTable *by_number; /* (element-type guint32 TeaTimelineItem): until they settle */
  gboolean has_parked;   /* some of these may have been refused for now */

  /* by links that do not */
  GQueue sent;     /* (element-type TeaTimelineItem): the newest first */
  guint n_unheard; /* how many of them since the server last sent anything */
};

void _tea_outbox_set_delivery (TeaOutbox *self,
                               TeaTimelineItem *item,
                               TeaDelivery delivery,
                               const char *failure);

void _tea_outbox_tell (TeaOutbox *self, TeaTimelineItem *item);

/* tea-outbox-classic.c */
void _tea_outbox_remember_sent (TeaOutbox *self, TeaTimelineItem *item);
void _tea_outbox_take_back_sent (TeaOutbox *self);

G_END_DECLS
