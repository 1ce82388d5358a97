/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-message-menu.h"
#include "tea-message-row.h"
#include "tea-reader.h"
#include "tea-timeline-pill.h"
#include "tea-timeline-scroller.h"
#include "tea-timeline-view.h"

G_BEGIN_DECLS

struct _TeaTimelineView
{
  GtkWidget parent_instance;

  TeaTimeline *model;  /* (owned) (nullable) */
  TeaHistory *history; /* (owned) (nullable): what was before that */
  GListStore *head;    /* (owned) (nullable): the history, once there is no more of it */
  TeaReader *reader;   /* (owned) (nullable): of @model */

  char *own_name;                /* (owned) (nullable) */
  TeaConversation *conversation; /* (owned) (nullable): what @model is of */

  GtkScrolledWindow *scrolled;
  TeaTimelineScroller *scroller;
  TeaTimelinePill *pill;
  GtkWidget *loading;
  GtkWidget *card; /* (nullable): of whom one wanted to know more about */

  TeaMessageMenu *menu;        /* (owned) */
  TeaTimelineItem *menu_item;  /* (owned) (nullable) */
  TeaTimelineItem *flash_item; /* (owned) (nullable): to draw the eye to, once it has a row */

  guint64 sought; /* the number of a message to show once it is there; 0 for none */
  guint n_new;    /* others' messages that came while the end was out of view */
  gboolean at_end;
  gboolean window_active;
  gboolean in_view;
  guint update_id;
  guint loading_id;
  guint focus_id;
};

/* Looks, a little later, at what is in view. */
void _tea_timeline_view_queue_update (TeaTimelineView *self);

/* What was before the first line. */

GListModel *_tea_timeline_view_history_wrap (TeaTimelineView *self, GListModel *model);
guint _tea_timeline_view_history_count_head (TeaTimelineView *self);
void _tea_timeline_view_history_scrolled (TeaTimelineView *self);
void _tea_timeline_view_history_moved (TeaTimelineView *self);
void _tea_timeline_view_history_seek (TeaTimelineView *self, guint64 seq);
void _tea_timeline_view_history_dispose (TeaTimelineView *self);

/* The rows, and whose card is shown beside one. */

void _tea_timeline_view_rows_init (TeaTimelineView *self);
void _tea_timeline_view_rows_dispose (TeaTimelineView *self);
void _tea_timeline_view_flash (TeaTimelineView *self, TeaTimelineItem *item);

/* What is done with a message, by its menu or by keys. */

void _tea_timeline_view_menu_class_init (GtkWidgetClass *widget_class);
void _tea_timeline_view_menu_init (TeaTimelineView *self);
void _tea_timeline_view_menu_show (TeaTimelineView *self, TeaMessageRow *row, GtkWidget *place);
void _tea_timeline_view_menu_focus_moved (TeaTimelineView *self);
void _tea_timeline_view_menu_dispose (TeaTimelineView *self);

G_END_DECLS
