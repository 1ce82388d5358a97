/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-conversation.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_PEOPLE (tea_console_people_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsolePeople, tea_console_people, TEA, CONSOLE_PEOPLE, GObject)

TeaConsolePeople *tea_console_people_new (TeaConversation *hall);

void tea_console_people_hear (TeaConsolePeople *self, TeaEvent *event);
void tea_console_people_find_key_async (TeaConsolePeople *self,
                                        const char *name,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
char *
tea_console_people_find_key_finish (TeaConsolePeople *self, GAsyncResult *result, GError **error);

G_END_DECLS
