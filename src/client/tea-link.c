/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-link.h"

/**
 * TeaLink:
 *
 * A client's connection to a room. What comes through it is told by signals; none of
 * its calls waits.
 */
G_DEFINE_INTERFACE (TeaLink, tea_link, G_TYPE_OBJECT)

enum
{
  SIGNAL_EVENT,
  SIGNAL_PRESENT,
  SIGNAL_LOST,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
tea_link_default_init (TeaLinkInterface *iface)
{
  /**
   * TeaLink::event:
   * @self: the link
   * @event: what happened
   *
   * Something happened in the room.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaLink::present:
   * @self: the link
   * @names: the names of all who are in the room
   *
   * The server told who is in the room.
   */
  signals[SIGNAL_PRESENT] = g_signal_new ("present", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  /**
   * TeaLink::lost:
   * @self: the link
   *
   * The server does not answer any more; the link can be used to join again.
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  /**
   * TeaLink::ended:
   * @self: the link
   *
   * The server said goodbye.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
}

/**
 * tea_link_join_async:
 * @self: a link
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Asks to enter the room.
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
 * Returns: whether one is in the room; if not, @error is %TEA_ERROR_REFUSED with the
 *   server's own words, %TEA_ERROR_NO_ANSWER, or one of GIO's
 */
gboolean
tea_link_join_finish (TeaLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  return TEA_LINK_GET_IFACE (self)->join_finish (self, result, error);
}

/**
 * tea_link_say:
 * @self: a link that is in a room
 * @text: what to say
 * @error: return location for a #GError
 *
 * Sends a message.
 *
 * Returns: whether it was given to the network
 */
gboolean
tea_link_say (TeaLink *self, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  return TEA_LINK_GET_IFACE (self)->say (self, text, error);
}

/**
 * tea_link_leave_async:
 * @self: a link
 * @cancellable: (nullable): to give up with
 * @callback: called when the server has answered, or will not
 * @user_data: for @callback
 *
 * Leaves the room.
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
 * tea_link_emit_event:
 * @self: a link
 * @event: what happened
 *
 * Emits [signal@Tea.Link::event].
 */
void
tea_link_emit_event (TeaLink *self, TeaEvent *event)
{
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

/**
 * tea_link_emit_present:
 * @self: a link
 * @names: (array zero-terminated=1): who is in the room
 *
 * Emits [signal@Tea.Link::present].
 */
void
tea_link_emit_present (TeaLink *self, const char *const *names)
{
  g_signal_emit (self, signals[SIGNAL_PRESENT], 0, names);
}

/**
 * tea_link_emit_lost:
 * @self: a link
 *
 * Emits [signal@Tea.Link::lost].
 */
void
tea_link_emit_lost (TeaLink *self)
{
  g_signal_emit (self, signals[SIGNAL_LOST], 0);
}

/**
 * tea_link_emit_ended:
 * @self: a link
 *
 * Emits [signal@Tea.Link::ended].
 */
void
tea_link_emit_ended (TeaLink *self)
{
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}
