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
  SIGNAL_ARRIVED,
  SIGNAL_DEPARTED,
  SIGNAL_DELIVERED,
  SIGNAL_REFUSED,
  SIGNAL_GAP,
  SIGNAL_PASSED,
  SIGNAL_HISTORY,
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
   * @members: (element-type TeaMember): all who are in the room
   *
   * The server told who is in the room.
   */
  signals[SIGNAL_PRESENT] = g_signal_new ("present", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  /**
   * TeaLink::arrived:
   * @self: the link
   * @member: who
   *
   * Somebody is in the room.
   */
  signals[SIGNAL_ARRIVED] = g_signal_new ("arrived", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_MEMBER);
  /**
   * TeaLink::departed:
   * @self: the link
   * @name: what they are called
   *
   * Somebody is not in the room any more.
   */
  signals[SIGNAL_DEPARTED] = g_signal_new ("departed", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * TeaLink::delivered:
   * @self: the link
   * @number: which of the messages that were said
   * @seq: its number in the room's log; 0 when that is not known
   *
   * The server has stored a message.
   */
  signals[SIGNAL_DELIVERED] = g_signal_new ("delivered", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT64);
  /**
   * TeaLink::refused:
   * @self: the link
   * @number: which of the messages that were said
   * @reason: why
   * @is_final: whether it can never be said under that number
   *
   * The server does not take a message.
   */
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      3, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_BOOLEAN);
  /**
   * TeaLink::gap:
   * @self: the link
   *
   * Something is missing between what was told before and what will be.
   */
  signals[SIGNAL_GAP]
      = g_signal_new ("gap", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaLink::passed:
   * @self: the link
   * @seq: a number in the room's log
   *
   * After a gap: what was delivered up to that number and was not told since is in the gap.
   */
  signals[SIGNAL_PASSED] = g_signal_new ("passed", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  /**
   * TeaLink::history:
   * @self: the link
   *
   * Whether there is older history has changed.
   */
  signals[SIGNAL_HISTORY] = g_signal_new ("history", TEA_TYPE_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
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
 * @number: (out): what it will be told about under; 0 when nothing will
 * @error: return location for a #GError
 *
 * Sends a message.
 *
 * Returns: whether it was given to the network
 */
gboolean
tea_link_say (TeaLink *self, const char *text, guint32 *number, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  *number = 0;
  return TEA_LINK_GET_IFACE (self)->say (self, text, number, error);
}

/**
 * tea_link_get_stream:
 * @self: a link
 *
 * Returns: what the numbers of messages count in; 0 for links that give none
 */
guint32
tea_link_get_stream (TeaLink *self)
{
  g_return_val_if_fail (TEA_IS_LINK (self), 0);

  if (TEA_LINK_GET_IFACE (self)->get_stream == NULL)
    return 0;

  return TEA_LINK_GET_IFACE (self)->get_stream (self);
}

/**
 * tea_link_retry:
 * @self: a link
 *
 * Says again what was refused for now.
 */
void
tea_link_retry (TeaLink *self)
{
  g_return_if_fail (TEA_IS_LINK (self));

  if (TEA_LINK_GET_IFACE (self)->retry != NULL)
    TEA_LINK_GET_IFACE (self)->retry (self);
}

/**
 * tea_link_withdraw:
 * @self: a link
 * @number: a message that was refused
 *
 * Forgets a message.
 */
void
tea_link_withdraw (TeaLink *self, guint32 number)
{
  g_return_if_fail (TEA_IS_LINK (self));

  if (TEA_LINK_GET_IFACE (self)->withdraw != NULL)
    TEA_LINK_GET_IFACE (self)->withdraw (self, number);
}

/**
 * tea_link_has_older:
 * @self: a link
 *
 * Returns: whether there is older history than what was told
 */
gboolean
tea_link_has_older (TeaLink *self)
{
  g_return_val_if_fail (TEA_IS_LINK (self), FALSE);

  if (TEA_LINK_GET_IFACE (self)->has_older == NULL)
    return FALSE;

  return TEA_LINK_GET_IFACE (self)->has_older (self);
}

/**
 * tea_link_load_older_async:
 * @self: a link that has older history
 * @n_events: about how many events are wanted
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Fetches older history.
 */
void
tea_link_load_older_async (TeaLink *self,
                           guint n_events,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (TEA_IS_LINK (self));

  TEA_LINK_GET_IFACE (self)->load_older_async (self, n_events, cancellable, callback, user_data);
}

/**
 * tea_link_load_older_finish:
 * @self: a link
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type TeaEvent): what happened before what was told,
 *   oldest first; %NULL with @error set
 */
GPtrArray *
tea_link_load_older_finish (TeaLink *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (TEA_IS_LINK (self), NULL);

  return TEA_LINK_GET_IFACE (self)->load_older_finish (self, result, error);
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
 * @members: (element-type TeaMember): who is in the room
 *
 * Emits [signal@Tea.Link::present].
 */
void
tea_link_emit_present (TeaLink *self, GPtrArray *members)
{
  g_signal_emit (self, signals[SIGNAL_PRESENT], 0, members);
}

/**
 * tea_link_emit_arrived:
 * @self: a link
 * @member: who
 *
 * Emits [signal@Tea.Link::arrived].
 */
void
tea_link_emit_arrived (TeaLink *self, TeaMember *member)
{
  g_signal_emit (self, signals[SIGNAL_ARRIVED], 0, member);
}

/**
 * tea_link_emit_departed:
 * @self: a link
 * @name: who
 *
 * Emits [signal@Tea.Link::departed].
 */
void
tea_link_emit_departed (TeaLink *self, const char *name)
{
  g_signal_emit (self, signals[SIGNAL_DEPARTED], 0, name);
}

/**
 * tea_link_emit_delivered:
 * @self: a link
 * @number: which message
 * @seq: its number in the room's log; 0 when that is not known
 *
 * Emits [signal@Tea.Link::delivered].
 */
void
tea_link_emit_delivered (TeaLink *self, guint32 number, guint64 seq)
{
  g_signal_emit (self, signals[SIGNAL_DELIVERED], 0, number, seq);
}

/**
 * tea_link_emit_refused:
 * @self: a link
 * @number: which message
 * @reason: why
 * @is_final: whether it can never be said under that number
 *
 * Emits [signal@Tea.Link::refused].
 */
void
tea_link_emit_refused (TeaLink *self, guint32 number, const char *reason, gboolean is_final)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, number, reason, is_final);
}

/**
 * tea_link_emit_gap:
 * @self: a link
 *
 * Emits [signal@Tea.Link::gap].
 */
void
tea_link_emit_gap (TeaLink *self)
{
  g_signal_emit (self, signals[SIGNAL_GAP], 0);
}

/**
 * tea_link_emit_passed:
 * @self: a link
 * @seq: a number in the room's log
 *
 * Emits [signal@Tea.Link::passed].
 */
void
tea_link_emit_passed (TeaLink *self, guint64 seq)
{
  g_signal_emit (self, signals[SIGNAL_PASSED], 0, seq);
}

/**
 * tea_link_emit_history:
 * @self: a link
 *
 * Emits [signal@Tea.Link::history].
 */
void
tea_link_emit_history (TeaLink *self)
{
  g_signal_emit (self, signals[SIGNAL_HISTORY], 0);
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
