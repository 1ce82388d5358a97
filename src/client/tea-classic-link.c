/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-link.h"

#include <glib/gi18n-lib.h>

#include "tea-channel.h"
#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-inet-address.h"
#include "tea-member.h"
#include "tea-name.h"
#include "tea-classic-member-query.h"
#include "tea-room-address.h"
#include "tea-text.h"
#include "tea-undertaking.h"

/* Datagrams get lost: a request to enter is repeated after 250 and 500 ms and then every
 * second, for six seconds in all. Where a fifth is lost each way, one in a thousand fails. */
#define FIRST_WAIT (250 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_WAIT G_TIME_SPAN_SECOND
#define ENTER_TRIES 7

/* Many servers of the lesson know only "Q", and no answer to "E": so both are said, twice. */
#define LEAVE_WAIT (200 * G_TIME_SPAN_MILLISECOND)
#define LEAVE_TRIES 2
#define QUIT_TRIES 2

/**
 * TeaClassicLink:
 *
 * A link to a room through the classic protocol: one UDP socket, kept for as long as
 * the link lives, because to the server its address is who we are.
 */
struct _TeaClassicLink
{
  GObject parent_instance;

  TeaClock *clock;          /* (owned) */
  GNetworkAddress *address; /* (owned) */
  char *name;

  TeaChannel *channel;           /* (owned) (nullable) */
  GSignalGroup *channel_signals; /* (owned) */
  GSocketAddress *server;        /* (owned) (nullable): where @channel goes */
  GSocketAddress *elsewhere;     /* (owned) (nullable): where the room may be now */
  gboolean looks_elsewhere; /* the enumerator does not tell where to ask, but whether it moved */

  enum
  {
    PHASE_OUTSIDE,
    PHASE_ENTERING,
    PHASE_INSIDE,
    PHASE_LEAVING,
  } phase;

  /* entering and leaving */
  TeaUndertaking moving;
  GSocketAddressEnumerator *enumerator; /* (owned) (nullable) */
  TeaTimer *timer;                      /* (owned) */
  guint n_tries;
  gboolean was_inside; /* through this very socket */
  GBytes *early;       /* (owned) (nullable): what came before the answer */
  guint early_try;     /* the latest try when it came */

  TeaClassicMemberQuery *members; /* (owned) */
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_EVENT,
  SIGNAL_PRESENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void tea_classic_link_link_init (TeaLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaClassicLink,
                               tea_classic_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, tea_classic_link_link_init))

static void try_next_address (TeaClassicLink *self);
static void next_address_cb (GObject *source, GAsyncResult *result, gpointer user_data);
static void take_datagram (TeaClassicLink *self, GBytes *datagram);

static void
clear_channel (TeaClassicLink *self)
{
  g_signal_group_set_target (self->channel_signals, NULL);
  g_clear_object (&self->channel);
  self->was_inside = FALSE;
}

static gboolean
send (TeaClassicLink *self, TeaClassicRequestKind kind, const char *text, GError **error)
{
  g_autoptr (GBytes) datagram = tea_classic_request_encode (kind, self->name, text);

  return tea_channel_send (self->channel, datagram, error);
}

static GTask *
finish_moving (TeaClassicLink *self, guint phase)
{
  self->phase = phase;
  tea_timer_unset (self->timer);
  g_clear_object (&self->enumerator);
  g_clear_object (&self->elsewhere);
  self->looks_elsewhere = FALSE;

  return tea_undertaking_end (&self->moving);
}

static void
fail_to_enter (TeaClassicLink *self, GError *error)
{
  g_autoptr (GTask) task = finish_moving (self, PHASE_OUTSIDE);

  g_task_return_error (task, error);
}

static void
finish_leaving (TeaClassicLink *self)
{
  g_autoptr (GTask) task = finish_moving (self, PHASE_OUTSIDE);

  clear_channel (self);
  g_task_return_boolean (task, TRUE);
}

static void
lose (TeaClassicLink *self)
{
  self->phase = PHASE_OUTSIDE;
  tea_classic_member_query_stop (self->members);
  tea_link_emit_lost (TEA_LINK (self), FALSE);
}

static void
ask_cb (TeaClassicLink *self)
{
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_CLASSIC_LINK (self));

  if (!send (self, TEA_CLASSIC_WHO, NULL, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    lose (self);
}

static void
present_cb (TeaClassicLink *self, const char *const *names)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert (TEA_IS_CLASSIC_LINK (self));

  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (members, tea_member_new (names[i]));
  g_signal_emit (self, signals[SIGNAL_PRESENT], 0, members);
}

static void
enter_inside (TeaClassicLink *self)
{
  g_autoptr (GTask) task = finish_moving (self, PHASE_INSIDE);

  self->was_inside = TRUE;
  tea_classic_member_query_start (self->members);

  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  g_task_return_boolean (task, TRUE);
}

static void
refused_cb (TeaClassicLink *self, const char *reason)
{
  g_autoptr (TeaEvent) event
      = tea_event_new (TEA_EVENT_REFUSED, tea_clock_get_real_time (self->clock), NULL, reason);

  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
take_line (TeaClassicLink *self, TeaClassicLine *line)
{
  g_autoptr (TeaEvent) event = NULL;

  switch (line->kind)
    {
    case TEA_CLASSIC_LINE_REFUSED:
      if (!tea_classic_member_query_take_refusal (self->members, line->text))
        refused_cb (self, line->text);
      break;

    case TEA_CLASSIC_LINE_EXIT:
      self->phase = PHASE_OUTSIDE;
      tea_classic_member_query_stop (self->members);
      tea_link_emit_ended (TEA_LINK (self), NULL);
      break;

    case TEA_CLASSIC_LINE_PRESENT:
      tea_classic_member_query_take_part (self->members, line->part, line->n_parts,
                                          g_steal_pointer (&line->names));
      break;

    case TEA_CLASSIC_LINE_ACCEPTED:
    case TEA_CLASSIC_LINE_MESSAGE:
    case TEA_CLASSIC_LINE_JOINED:
    case TEA_CLASSIC_LINE_LEFT:
    case TEA_CLASSIC_LINE_NOTICE:
    default:
      event = tea_classic_line_to_event (line, tea_clock_get_real_time (self->clock));
      if (event != NULL)
        g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
    }
}

static void
enter_with_early_line (TeaClassicLink *self)
{
  g_autoptr (GBytes) early = g_steal_pointer (&self->early);

  enter_inside (self);
  if (early != NULL)
    take_datagram (self, early);
}

/* A refusal may read like a line from the room ("name ： taken"), but then it comes
 * again, word for word, in answer to the next try. */
static gboolean
is_refusal_again (TeaClassicLink *self, GBytes *datagram)
{
  return self->early != NULL && self->n_tries > 1 && g_bytes_equal (self->early, datagram);
}

/* Whoever is told what happens in the room is in it: the answer got lost, or comes late. */
static void
take_early_line (TeaClassicLink *self, GBytes *datagram)
{
  if (!self->was_inside && self->early == NULL)
    {
      self->early = g_bytes_ref (datagram);
      self->early_try = self->n_tries;
    }
  else if (self->was_inside || self->n_tries > self->early_try)
    {
      enter_with_early_line (self);
      take_datagram (self, datagram);
    }
}

static void
take_datagram (TeaClassicLink *self, GBytes *datagram)
{
  g_autoptr (TeaClassicLine) line = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);

  if (self->phase == PHASE_ENTERING)
    {
      if (tea_classic_line_is_from_room (data, size) && !is_refusal_again (self, datagram))
        {
          take_early_line (self, datagram);
          return;
        }

      line = tea_classic_line_parse_answer (data, size);
      if (line->kind == TEA_CLASSIC_LINE_ACCEPTED)
        enter_with_early_line (self);
      else
        {
          g_autofree char *reason = tea_text_make_safe (line->text);

          fail_to_enter (self, g_error_new_literal (TEA_ERROR, TEA_ERROR_REFUSED, reason));
        }
      return;
    }

  line = tea_classic_line_parse (data, size);
  if (self->phase == PHASE_INSIDE)
    take_line (self, line);
  else if (self->phase == PHASE_LEAVING && line->kind == TEA_CLASSIC_LINE_EXIT)
    finish_leaving (self);
}

static void
received_cb (TeaClassicLink *self, GBytes *datagram)
{
  g_autoptr (TeaClassicLink) kept = g_object_ref (self);

  g_assert (TEA_IS_CLASSIC_LINK (self));

  take_datagram (kept, datagram);
}

static void
unreachable_cb (TeaClassicLink *self)
{
  g_assert (TEA_IS_CLASSIC_LINK (self));

  if (self->phase == PHASE_ENTERING)
    try_next_address (self);
  else if (self->phase == PHASE_INSIDE)
    lose (self);
  else if (self->phase == PHASE_LEAVING)
    finish_leaving (self);
}

static gboolean
open_channel (TeaClassicLink *self, GSocketAddress *address, GError **error)
{
  clear_channel (self);

  self->channel = tea_channel_new (address, error);
  if (self->channel == NULL)
    return FALSE;

  g_set_object (&self->server, address);
  g_signal_group_set_target (self->channel_signals, self->channel);

  return TRUE;
}

static GError *
new_no_answer_error (TeaClassicLink *self)
{
  g_autofree char *text = tea_room_address_to_string (self->address);

  return g_error_new (TEA_ERROR, TEA_ERROR_NO_ANSWER,
                      _ ("Nobody answers at %s. Is the address right, and is the room open?"),
                      text);
}

/* Keep the socket, if only the network is away: the server still knows it. */
static void
look_elsewhere (TeaClassicLink *self)
{
  tea_timer_unset (self->timer);
  self->looks_elsewhere = TRUE;
  g_clear_object (&self->enumerator);
  self->enumerator = tea_inet_address_enumerate (self->address);
  g_socket_address_enumerator_next_async (self->enumerator,
                                          tea_undertaking_get_steps (&self->moving),
                                          next_address_cb, g_object_ref (self));
}

static void
ask_to_enter (TeaClassicLink *self)
{
  g_autoptr (GError) error = NULL;

  if (self->n_tries == ENTER_TRIES && self->was_inside)
    {
      look_elsewhere (self);
      return;
    }

  if (self->n_tries == ENTER_TRIES
      || (!send (self, TEA_CLASSIC_ENTER, NULL, &error)
          && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    {
      try_next_address (self);
      return;
    }

  tea_timer_set (self->timer, MIN (FIRST_WAIT << self->n_tries, LONGEST_WAIT));
  self->n_tries++;
}

static void
start_asking (TeaClassicLink *self)
{
  self->n_tries = 0;
  g_clear_pointer (&self->early, g_bytes_unref);
  tea_timer_set (self->timer, 0);
}

static gboolean
is_where_it_was (TeaClassicLink *self, GSocketAddress *address)
{
  return G_IS_INET_SOCKET_ADDRESS (address) && tea_inet_address_equal (address, self->server);
}

/* @address is one of the places where the room is now, %NULL behind the last one. */
static void
take_place (TeaClassicLink *self, GSocketAddress *address)
{
  if (address != NULL && !is_where_it_was (self, address))
    {
      if (self->elsewhere == NULL)
        self->elsewhere = g_object_ref (address);
      g_socket_address_enumerator_next_async (self->enumerator,
                                              tea_undertaking_get_steps (&self->moving),
                                              next_address_cb, g_object_ref (self));
      return;
    }

  self->looks_elsewhere = FALSE;
  if (address == NULL && self->elsewhere != NULL && open_channel (self, self->elsewhere, NULL))
    start_asking (self);
  else
    fail_to_enter (self, new_no_answer_error (self));
}

static void
next_address_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicLink) self = TEA_CLASSIC_LINK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address
      = g_socket_address_enumerator_next_finish (G_SOCKET_ADDRESS_ENUMERATOR (source), result,
                                                 &error);

  if (G_SOCKET_ADDRESS_ENUMERATOR (source) != self->enumerator)
    return;

  if (self->looks_elsewhere)
    {
      take_place (self, address);
    }
  else if (error != NULL)
    {
      fail_to_enter (self, g_steal_pointer (&error));
    }
  else if (address == NULL)
    {
      fail_to_enter (self, new_no_answer_error (self));
    }
  else if (open_channel (self, address, &error))
    {
      start_asking (self);
    }
  else
    {
      g_debug ("Could not reach one of the addresses: %s", error->message);
      try_next_address (self);
    }
}

static void
try_next_address (TeaClassicLink *self)
{
  tea_timer_unset (self->timer);
  clear_channel (self);

  if (self->enumerator == NULL)
    self->enumerator = tea_inet_address_enumerate (self->address);

  g_socket_address_enumerator_next_async (self->enumerator,
                                          tea_undertaking_get_steps (&self->moving),
                                          next_address_cb, g_object_ref (self));
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (user_data);
  g_autoptr (GTask) task = finish_moving (self, PHASE_OUTSIDE);

  clear_channel (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
begin_moving (TeaClassicLink *self,
              guint phase,
              gpointer source_tag,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  tea_undertaking_begin (&self->moving, task, given_up_cb, self);
  self->phase = phase;
}

static void
tea_classic_link_join_async (TeaLink *link,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (link);

  begin_moving (self, PHASE_ENTERING, tea_classic_link_join_async, cancellable, callback,
                user_data);

  /* Coming back: from the same address, which is who we are to the server. */
  if (self->channel != NULL)
    start_asking (self);
  else
    try_next_address (self);
}

static gboolean
tea_classic_link_finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ask_to_leave (TeaClassicLink *self)
{
  TeaClassicRequestKind kind = self->n_tries < LEAVE_TRIES ? TEA_CLASSIC_LEAVE : TEA_CLASSIC_QUIT;

  if (self->n_tries == LEAVE_TRIES + QUIT_TRIES || !send (self, kind, NULL, NULL))
    {
      finish_leaving (self);
      return;
    }

  tea_timer_set (self->timer, LEAVE_WAIT);
  self->n_tries++;
}

static void
timer_cb (gpointer user_data)
{
  g_autoptr (TeaClassicLink) self = g_object_ref (TEA_CLASSIC_LINK (user_data));

  if (self->phase == PHASE_ENTERING)
    ask_to_enter (self);
  else if (self->phase == PHASE_LEAVING)
    ask_to_leave (self);
}

static void
tea_classic_link_leave_async (TeaLink *link,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (link);
  gboolean inside = self->phase == PHASE_INSIDE;

  tea_classic_member_query_stop (self->members);
  begin_moving (self, PHASE_LEAVING, tea_classic_link_leave_async, cancellable, callback,
                user_data);

  if (inside)
    {
      self->n_tries = 0;
      tea_timer_set (self->timer, 0);
    }
  else
    {
      finish_leaving (self);
    }
}

static void
tea_classic_link_link_init (TeaLinkInterface *iface)
{
  iface->join_async = tea_classic_link_join_async;
  iface->join_finish = tea_classic_link_finish;
  iface->leave_async = tea_classic_link_leave_async;
  iface->leave_finish = tea_classic_link_finish;
}

static void
tea_classic_link_dispose (GObject *object)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (object);

  g_clear_pointer (&self->timer, tea_timer_free);
  clear_channel (self);
  g_clear_object (&self->channel_signals);
  g_clear_object (&self->enumerator);
  g_clear_object (&self->elsewhere);
  g_clear_object (&self->server);
  g_clear_object (&self->address);
  g_clear_object (&self->clock);
  g_clear_object (&self->members);

  G_OBJECT_CLASS (tea_classic_link_parent_class)->dispose (object);
}

static void
tea_classic_link_finalize (GObject *object)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (object);

  g_free (self->name);
  g_clear_pointer (&self->early, g_bytes_unref);

  G_OBJECT_CLASS (tea_classic_link_parent_class)->finalize (object);
}

static void
tea_classic_link_class_init (TeaClassicLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_classic_link_dispose;
  object_class->finalize = tea_classic_link_finalize;

  /**
   * TeaClassicLink::opened:
   * @self: the link
   *
   * One is in the room, for the first time or again.
   */
  signals[SIGNAL_OPENED] = g_signal_new ("opened", TEA_TYPE_CLASSIC_LINK, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaClassicLink::event:
   * @self: the link
   * @event: what happened
   *
   * Something happened in the room.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_CLASSIC_LINK, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaClassicLink::present:
   * @self: the link
   * @members: (element-type TeaMember): all who are in the room
   *
   * The server told who is in the room.
   */
  signals[SIGNAL_PRESENT] = g_signal_new ("present", TEA_TYPE_CLASSIC_LINK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static void
tea_classic_link_init (TeaClassicLink *self)
{
  self->channel_signals = g_signal_group_new (TEA_TYPE_CHANNEL);
  g_signal_group_connect_swapped (self->channel_signals, "received", G_CALLBACK (received_cb),
                                  self);
  g_signal_group_connect_swapped (self->channel_signals, "unreachable", G_CALLBACK (unreachable_cb),
                                  self);
}

/**
 * tea_classic_link_new:
 * @clock: by which clock
 * @address: where the room is
 * @name: a fit name
 *
 * Returns: (transfer full): a link that has not asked to enter yet
 */
TeaClassicLink *
tea_classic_link_new (TeaClock *clock, GNetworkAddress *address, const char *name)
{
  TeaClassicLink *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);
  g_return_val_if_fail (tea_name_validate (name, NULL), NULL);

  self = g_object_new (TEA_TYPE_CLASSIC_LINK, NULL);
  self->clock = g_object_ref (clock);
  self->address = g_object_ref (address);
  self->name = g_strdup (name);
  self->timer = tea_timer_new (clock, timer_cb, self);
  self->members = tea_classic_member_query_new (clock);
  g_object_connect (self->members, "swapped-object-signal::ask", ask_cb, self,
                    "swapped-object-signal::present", present_cb, self,
                    "swapped-object-signal::absent", lose, self, "swapped-object-signal::refused",
                    refused_cb, self, NULL);

  return self;
}

/**
 * tea_classic_link_say:
 * @self: a link that is in the room
 * @text: what to say
 * @error: return location for a #GError
 *
 * Sends a message.
 *
 * Returns: whether it was given to the network; with %G_IO_ERROR_CONNECTION_REFUSED the link
 *   is lost
 */
gboolean
tea_classic_link_say (TeaClassicLink *self, const char *text, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (TEA_IS_CLASSIC_LINK (self), FALSE);
  g_return_val_if_fail (self->phase == PHASE_INSIDE, FALSE);

  if (send (self, TEA_CLASSIC_SAY, text, &local))
    return TRUE;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    lose (self);
  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}
