/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/**
 * TeaControlFunc:
 * @group: (type GObject): what knows how it is done
 * @parameters: what is asked for, of the types that the interface has
 * @fds: (nullable): the files that came along
 * @task: (transfer full): what to answer with, by tea_control_answer() or an error whose
 *   message is a sentence for an operator
 *
 * Does what an operator asks for.
 */
typedef void (*TeaControlFunc) (gpointer group,
                                GVariant *parameters,
                                GUnixFDList *fds,
                                GTask *task);

/**
 * TeaControlVerb:
 * @method: a method of the interface
 * @call: what does it
 *
 * Something that an operator can ask for.
 */
typedef struct
{
  const char *method;
  TeaControlFunc call;
} TeaControlVerb;

#define TEA_TYPE_CONTROL (tea_control_get_type ())

G_DECLARE_FINAL_TYPE (TeaControl, tea_control, TEA, CONTROL, GObject)

TeaControl *tea_control_new (void);
void tea_control_add (TeaControl *self, gpointer group, const TeaControlVerb *verbs);

void tea_control_call_async (TeaControl *self,
                             const char *method,
                             GVariant *parameters,
                             GUnixFDList *fds,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GVariant *tea_control_call_finish (TeaControl *self, GAsyncResult *result, GError **error);

void tea_control_answer (GTask *task, GVariant *answer);
void tea_control_refuse (GTask *task, GError *error);

G_END_DECLS
