/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-fake-store.h"
#include "tea-sqlite-store.h"

G_BEGIN_DECLS

/* A store under test, of either kind, the log of one of its rooms, and their calls without the
 * waiting. */
typedef struct
{
  gboolean is_fake;
  char *directory;
  TeaFakeHouse *house;
  TeaFakeFaults faults;
  GRand *random;
  TeaClock *clock;

  TeaStore *store;
  TeaLog *log;  /* the hall's */
  GArray *told; /* (element-type guint64): what ::appended told, since subscribing */
  guint n_state_changes;
  guint n_answered;
} TeaLogFixture;

void tea_log_fixture_init (TeaLogFixture *self, gboolean is_fake);
void tea_log_fixture_clear (TeaLogFixture *self);
void tea_log_fixture_open (TeaLogFixture *self);
void tea_log_fixture_close (TeaLogFixture *self);
void tea_log_fixture_reopen (TeaLogFixture *self);
void tea_log_fixture_live (TeaLogFixture *self, guint n_days);
void tea_log_fixture_step (TeaLogFixture *self);
TeaLog *tea_log_fixture_open_log (TeaLogFixture *self, guint32 room);

GAsyncResult *tea_log_fixture_wait (TeaLogFixture *self, GAsyncResult **result);
void tea_log_fixture_result_cb (GObject *object, GAsyncResult *result, gpointer user_data);

GBytes *tea_log_fixture_author (guint author);
guint64 tea_log_fixture_append (
    TeaLogFixture *self, guint author, guint64 number, gboolean *was_there, GError **error);
guint64 tea_log_fixture_add (TeaLogFixture *self, guint author, guint64 number);
GPtrArray *tea_log_fixture_read (TeaLogFixture *self,
                                 guint64 from,
                                 guint max_records,
                                 gsize max_bytes,
                                 guint64 *next,
                                 gboolean *reached_head,
                                 GError **error);
char *tea_log_fixture_list (TeaLogFixture *self);
guint64 tea_log_fixture_find (TeaLogFixture *self, guint author, guint64 *seq);
void tea_log_fixture_erase (TeaLogFixture *self, guint64 seq);
GBytes *tea_log_fixture_export (TeaLogFixture *self);
gboolean tea_log_fixture_import (TeaLogFixture *self, GBytes *bytes, GError **error);
char *tea_log_fixture_load (TeaLogFixture *self, guint64 *as_of);

/* Lets the log go on until something is so; fails when it takes long. */
#define tea_log_fixture_until(self, condition)                       \
  G_STMT_START                                                       \
  {                                                                  \
    gint64 _end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND; \
    while (!(condition))                                             \
      {                                                              \
        g_assert_cmpint (g_get_monotonic_time (), <, _end);          \
        tea_log_fixture_step (self);                                 \
      }                                                              \
  }                                                                  \
  G_STMT_END

G_END_DECLS
