/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-link.h"

/**
 * TeaLink:
 *
 * A client's way to a server. None of its calls waits.
 */
G_DEFINE_INTERFACE (TeaLink, tea_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_LOST,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tea_link_default_init (TeaLinkInterface *iface)
{
  /**
   * TeaLink::lost:
   * @self: the link
   * @soon: whether it is likely to be there again in a moment
   *
   * The server does not answer any more; the link can be used to join again.
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  /**
   * TeaLink::ended:
   * @self: the link
   * @reason: (nullable): why
   *
   * The server said goodbye.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/**
 * tea_link_join_async:
 * @self: a link
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Asks to enter.
 */
void
tea_link_join_async (TeaLink *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_return_if_fail (TEA_IS_LINK (self));

  TEA_LINK_GET_IFACE (self)->join_async (self, cancellable, callback, user_data);
}

/**
 * tea_link_join_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether one is in; if not, @error is %TEA_ERROR_REFUSED with the
 *   server's own words, %TEA_ERROR_NO_ANSWER, or one of GIO's
 */
gboolean
tea_link_join_finish (TeaLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  return TEA_LINK_GET_IFACE (self)->join_finish (self, result, error);
}

/**
 * tea_link_leave_async:
 * @self: a link
 * @cancellable: (nullable): to give up with
 * @callback: called when the server has answered, or will not
 * @user_data: for @callback
 *
 * Leaves.
 */
void
tea_link_leave_async (TeaLink *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (TEA_IS_LINK (self));

  TEA_LINK_GET_IFACE (self)->leave_async (self, cancellable, callback, user_data);
}

/**
 * tea_link_leave_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether one has left; only cancelling prevents it
 */
gboolean
tea_link_leave_finish (TeaLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  return TEA_LINK_GET_IFACE (self)->leave_finish (self, result, error);
}

/**
 * tea_link_emit_lost:
 * @self: a link
 * @soon: whether it is likely to be there again in a moment
 *
 * Emits [signal@Tea.Link::lost].
 */
void
tea_link_emit_lost (TeaLink *self, gboolean soon)
{
  g_signal_emit (self, signals[SIGNAL_LOST], 0, soon);
}

/**
 * tea_link_emit_ended:
 * @self: a link
 * @reason: (nullable): why
 *
 * Emits [signal@Tea.Link::ended].
 */
void
tea_link_emit_ended (TeaLink *self, const char *reason)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, reason);
}
