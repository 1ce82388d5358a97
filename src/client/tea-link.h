/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-event.h"
#include "tea-member.h"

G_BEGIN_DECLS

#define TEA_TYPE_LINK (tea_link_get_type ())

G_DECLARE_INTERFACE (TeaLink, tea_link, TEA, LINK, GObject)

/**
 * TeaLinkInterface:
 * @join_async: enter the room, for the first time or again after the link was lost
 * @join_finish: whether that worked
 * @say: say something. A link that learns what becomes of it gives it a number, above 0,
 *   and tells in the end by ::delivered or ::refused, also after it was lost meanwhile
 * @get_stream: (nullable): what numbers count in
 * @retry: (nullable): say again what was refused for now, under the same number
 * @withdraw: (nullable): forget what was refused
 * @has_older: (nullable): whether there is older history
 * @load_older_async: (nullable): fetch older history
 * @load_older_finish: (nullable): (transfer full) (element-type TeaEvent): the events
 * @leave_async: say goodbye
 * @leave_finish: whether that worked; it does in the end
 *
 * How a client reaches a room, whatever protocol is spoken there.
 */
struct _TeaLinkInterface
{
  GTypeInterface parent_iface;

  void (*join_async) (TeaLink *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*join_finish) (TeaLink *self, GAsyncResult *result, GError **error);
  gboolean (*say) (TeaLink *self, const char *text, guint32 *number, GError **error);
  guint32 (*get_stream) (TeaLink *self);
  void (*retry) (TeaLink *self);
  void (*withdraw) (TeaLink *self, guint32 number);
  gboolean (*has_older) (TeaLink *self);
  void (*load_older_async) (TeaLink *self,
                            guint n_events,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  GPtrArray *(*load_older_finish) (TeaLink *self, GAsyncResult *result, GError **error);
  void (*leave_async) (TeaLink *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*leave_finish) (TeaLink *self, GAsyncResult *result, GError **error);
};

void tea_link_join_async (TeaLink *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean tea_link_join_finish (TeaLink *self, GAsyncResult *result, GError **error);
gboolean tea_link_say (TeaLink *self, const char *text, guint32 *number, GError **error);
guint32 tea_link_get_stream (TeaLink *self);
void tea_link_retry (TeaLink *self);
void tea_link_withdraw (TeaLink *self, guint32 number);
gboolean tea_link_has_older (TeaLink *self);
void tea_link_load_older_async (TeaLink *self,
                                guint n_events,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *tea_link_load_older_finish (TeaLink *self, GAsyncResult *result, GError **error);
void tea_link_leave_async (TeaLink *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_link_leave_finish (TeaLink *self, GAsyncResult *result, GError **error);

/* For the kinds of links. */
void tea_link_emit_event (TeaLink *self, TeaEvent *event);
void tea_link_emit_present (TeaLink *self, GPtrArray *members);
void tea_link_emit_arrived (TeaLink *self, TeaMember *member);
void tea_link_emit_departed (TeaLink *self, const char *name);
void tea_link_emit_delivered (TeaLink *self, guint32 number, guint64 seq);
void tea_link_emit_refused (TeaLink *self, guint32 number, const char *reason, gboolean is_final);
void tea_link_emit_gap (TeaLink *self);
void tea_link_emit_passed (TeaLink *self, guint64 seq);
void tea_link_emit_history (TeaLink *self);
void tea_link_emit_lost (TeaLink *self, gboolean soon);
void tea_link_emit_ended (TeaLink *self, const char *reason);

G_END_DECLS
