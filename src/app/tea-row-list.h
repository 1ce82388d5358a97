/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TeaRowList:
 *
 * A [class@Gtk.ListView] whose rows can be asked where they are, and that can be
 * moved, both inside of an allocation.
 */
typedef struct _TeaRowList TeaRowList;

TeaRowList *tea_row_list_new (GtkWidget *parent);
void tea_row_list_free (TeaRowList *self);

void tea_row_list_set_factory (TeaRowList *self, GtkListItemFactory *factory);
void tea_row_list_set_model (TeaRowList *self, GListModel *model);
GListModel *tea_row_list_get_model (TeaRowList *self);

GtkWidget *tea_row_list_get_widget (TeaRowList *self);
void tea_row_list_allocate (TeaRowList *self, int width, int height);

double tea_row_list_get_value (TeaRowList *self);
double tea_row_list_get_upper (TeaRowList *self);
double tea_row_list_get_page_size (TeaRowList *self);
double tea_row_list_get_end (TeaRowList *self);
gboolean tea_row_list_move (TeaRowList *self, double value);
void tea_row_list_show (TeaRowList *self, guint position);
gboolean tea_row_list_focus (TeaRowList *self, gpointer item);

gboolean tea_row_list_is_bound (TeaRowList *self, gpointer item);
guint tea_row_list_get_position (TeaRowList *self, gpointer item);
gboolean tea_row_list_get_bounds (TeaRowList *self,
                                  gpointer item,
                                  GtkWidget *target,
                                  graphene_rect_t *bounds);
GtkWidget *tea_row_list_get_row (TeaRowList *self, gpointer item);
gpointer tea_row_list_find_item (TeaRowList *self, GtkWidget *descendant);
gpointer tea_row_list_find_first (TeaRowList *self, GtkWidget *target);
gpointer tea_row_list_find_last (TeaRowList *self, GtkWidget *target);

G_END_DECLS
