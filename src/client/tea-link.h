/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_LINK (tea_link_get_type ())

G_DECLARE_INTERFACE (TeaLink, tea_link, TEA, LINK, GObject)

/**
 * TeaLinkInterface:
 * @join_async: enter, for the first time or again after the link was lost
 * @join_finish: whether that worked
 * @leave_async: say goodbye
 * @leave_finish: whether that worked; it does in the end
 *
 * How a client reaches a server, whatever protocol is spoken there.
 */
struct _TeaLinkInterface
{
  GTypeInterface parent_iface;

  void (*join_async) (TeaLink *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*join_finish) (TeaLink *self, GAsyncResult *result, GError **error);
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
void tea_link_leave_async (TeaLink *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean tea_link_leave_finish (TeaLink *self, GAsyncResult *result, GError **error);

/* For the kinds of links. */
void tea_link_emit_lost (TeaLink *self, gboolean soon);
void tea_link_emit_ended (TeaLink *self, const char *reason);

G_END_DECLS
