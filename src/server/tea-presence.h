/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-event.h"
#include "tea-name-registry.h"
#include "tea-name-store.h"
#include "tea-room-writer.h"

G_BEGIN_DECLS

/**
 * TEA_PRESENCE_MAX:
 *
 * The most people who can be in a house, where nothing else is set.
 */
#define TEA_PRESENCE_MAX 4096

/**
 * TEA_PRESENCE_DEFAULT_GRACE:
 *
 * For how long somebody whose connection broke counts as here, in µs.
 */
#define TEA_PRESENCE_DEFAULT_GRACE (30 * G_TIME_SPAN_SECOND)

/**
 * TeaPerson:
 * @name: what they are called
 * @key: (nullable): the fingerprint of their key; %NULL for somebody without one
 * @joined: the number of the event by which they are here
 *
 * Somebody who is in the house.
 */
typedef struct
{
  TeaName *name;
  const char *key;
  guint64 joined;
} TeaPerson;

/**
 * TeaStay:
 *
 * One session by which somebody is in the house.
 */
typedef struct _TeaStay TeaStay;

#define TEA_TYPE_PRESENCE (tea_presence_get_type ())

G_DECLARE_FINAL_TYPE (TeaPresence, tea_presence, TEA, PRESENCE, GObject)

TeaPresence *tea_presence_new (TeaRoomWriter *writer,
                               TeaNameRegistry *names,
                               TeaNameStore *store,
                               TeaCalendar *calendar,
                               TeaClock *clock);
void tea_presence_set_grace (TeaPresence *self, GTimeSpan grace);
void tea_presence_set_is_closing (TeaPresence *self, gboolean is_closing);
void tea_presence_set_max (TeaPresence *self, guint max);

void tea_presence_load_async (TeaPresence *self,
                              guint64 head,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean
tea_presence_load_finish (TeaPresence *self, GAsyncResult *result, guint64 *as_of, GError **error);
void tea_presence_open (TeaPresence *self);
void tea_presence_close (TeaPresence *self);

void tea_presence_save (TeaPresence *self);

void tea_presence_apply (TeaPresence *self, TeaEvent *event);
void tea_presence_settle (TeaPresence *self);

void tea_presence_enter_async (TeaPresence *self,
                               TeaName *name,
                               const char *key,
                               const char *address,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
TeaStay *tea_presence_enter_finish (TeaPresence *self, GAsyncResult *result, GError **error);

TeaName *tea_stay_get_name (TeaStay *self);
guint64 tea_stay_get_since (TeaStay *self);
void tea_stay_leave (TeaStay *self);
void tea_stay_lose (TeaStay *self);

void tea_presence_leave_async (TeaPresence *self,
                               TeaStay *stay,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean tea_presence_leave_finish (TeaPresence *self, GAsyncResult *result, GError **error);

void tea_presence_send_out (TeaPresence *self, const char *key);

gboolean tea_presence_begin_writing (TeaPresence *self, TeaName *name, const char *key);
void tea_presence_end_writing (TeaPresence *self, TeaName *name);

const TeaPerson *tea_presence_find (TeaPresence *self, TeaName *name);
guint tea_presence_get_n_people (TeaPresence *self);
GPtrArray *tea_presence_list (TeaPresence *self, guint64 after, guint max, guint64 *next);
void tea_presence_suggest_name_async (TeaPresence *self,
                                      TeaName *name,
                                      const char *key,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
TeaName *tea_presence_suggest_name_finish (TeaPresence *self, GAsyncResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaStay, tea_stay_lose)

G_END_DECLS
