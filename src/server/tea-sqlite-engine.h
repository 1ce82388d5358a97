/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-calendar.h"
#include "tea-log.h"
#include "tea-sqlite-job.h"
#include "tea-store-load.h"

G_BEGIN_DECLS

#define TEA_TYPE_SQLITE_ENGINE (tea_sqlite_engine_get_type ())

G_DECLARE_FINAL_TYPE (TeaSqliteEngine, tea_sqlite_engine, TEA, SQLITE_ENGINE, GObject)

TeaSqliteEngine *tea_sqlite_engine_open (const char *directory, TeaClock *clock, GError **error);
void tea_sqlite_engine_close (TeaSqliteEngine *self);

TeaClock *tea_sqlite_engine_get_clock (TeaSqliteEngine *self);
TeaCalendar *tea_sqlite_engine_get_calendar (TeaSqliteEngine *self);
const char *tea_sqlite_engine_get_path (TeaSqliteEngine *self);
guint32 tea_sqlite_engine_take_number (TeaSqliteEngine *self);
guint32 tea_sqlite_engine_get_latest_number (TeaSqliteEngine *self);
void tea_sqlite_engine_note_number (TeaSqliteEngine *self, guint32 number);
void tea_sqlite_engine_give_number_back (TeaSqliteEngine *self, guint32 number);
TeaLogState tea_sqlite_engine_get_state (TeaSqliteEngine *self);
TeaStoreLoad tea_sqlite_engine_get_load (TeaSqliteEngine *self);
char *tea_sqlite_engine_dup_problem (TeaSqliteEngine *self);

GTask *tea_sqlite_engine_new_task (TeaSqliteEngine *self,
                                   gpointer source,
                                   gpointer source_tag,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gpointer tea_sqlite_engine_finish_task (gpointer source,
                                        GAsyncResult *result,
                                        gpointer source_tag,
                                        GError **error);

void tea_sqlite_engine_run_in_thread (GTask *task, GTaskThreadFunc func);

gboolean tea_sqlite_engine_reserve (TeaSqliteEngine *self, gsize size);
void tea_sqlite_engine_release (TeaSqliteEngine *self, gsize size);

void tea_sqlite_engine_write (TeaSqliteEngine *self, TeaSqliteJob *job);
void tea_sqlite_engine_read (TeaSqliteEngine *self, TeaSqliteJob *job);
void tea_sqlite_engine_find (TeaSqliteEngine *self, TeaSqliteJob *job);
void tea_sqlite_engine_read_after_saves (TeaSqliteEngine *self, TeaSqliteJob *job);

void tea_sqlite_engine_set_retention (TeaSqliteEngine *self, guint max_days, guint64 max_records);
gboolean tea_sqlite_engine_clear_now (TeaSqliteEngine *self);
void tea_sqlite_engine_retain_now (TeaSqliteEngine *self);

G_END_DECLS
