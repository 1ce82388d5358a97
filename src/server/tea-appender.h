/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-log.h"

G_BEGIN_DECLS

/**
 * TeaAppenderFunc:
 * @seq: the number under which it is stored; 0 if it is not
 * @error: (nullable): why it is not, of the %TEA_LOG_ERROR domain, but never
 *   %TEA_LOG_ERROR_UNKNOWN unless the appender was closed
 * @user_data: what was given to tea_appender_append() or tea_appender_settle()
 *
 * Called once when something is settled.
 */
typedef void (*TeaAppenderFunc) (guint64 seq, const GError *error, gpointer user_data);

#define TEA_TYPE_APPENDER (tea_appender_get_type ())

G_DECLARE_FINAL_TYPE (TeaAppender, tea_appender, TEA, APPENDER, GObject)

TeaAppender *tea_appender_new (TeaLog *log, TeaClock *clock);

void tea_appender_append (TeaAppender *self,
                          GBytes *author,
                          guint64 number,
                          GBytes *record,
                          TeaAppenderFunc callback,
                          gpointer user_data);
void tea_appender_append_own (TeaAppender *self,
                              const char *about,
                              GBytes *record,
                              TeaAppenderFunc callback,
                              gpointer user_data);
void tea_appender_settle (TeaAppender *self, TeaAppenderFunc callback, gpointer user_data);
void tea_appender_told (TeaAppender *self, guint64 seq);
void tea_appender_close (TeaAppender *self);

G_END_DECLS
