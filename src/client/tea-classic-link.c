/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-link.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-name.h"
#include "tea-roll-call.h"
#include "tea-room-address.h"

#define DATAGRAM_SIZE 65536

/* Datagrams get lost: requests are repeated after 250, 500, 1000 and 2000 ms, and the
 * fifth wait is the last: six seconds in all. */
#define FIRST_WAIT 250
#define LONGEST_WAIT 2000
#define ENTER_TRIES 5
#define LEAVE_TRIES 3

/**
 * TeaClassicLink:
 *
 * A link to a room through the classic protocol: one UDP socket, kept for as long as
 * the link lives, because to the server its address is who we are.
 */
struct _TeaClassicLink
{
  GObject parent_instance;

  GNetworkAddress *address; /* (owned) */
  char *name;

  GSocket *socket; /* (owned) (nullable) */
  GSource *source; /* (owned) (nullable) */
  guint8 *buffer;

  enum
  {
    PHASE_OUTSIDE,
    PHASE_ENTERING,
    PHASE_INSIDE,
    PHASE_LEAVING,
  } phase;

  /* entering and leaving */
  GTask *task;                          /* (owned) (nullable) */
  GSource *cancel_source;               /* (owned) (nullable) */
  GSocketAddressEnumerator *enumerator; /* (owned) (nullable) */
  GSource *timer;                       /* (owned) (nullable) */
  guint n_tries;
  gboolean was_inside; /* through this very socket */
  GBytes *early;       /* (owned) (nullable): what came before the answer */

  TeaRollCall *roll_call; /* (owned) */
};

static void tea_classic_link_link_init (TeaLinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaClassicLink,
                               tea_classic_link,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_LINK, tea_classic_link_link_init))

static void try_next_address (TeaClassicLink *self);
static void take_datagram (TeaClassicLink *self, const guint8 *data, gsize size);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
clear_socket (TeaClassicLink *self)
{
  clear_source (&self->source);
  g_clear_object (&self->socket);
  self->was_inside = FALSE;
}

static void
set_timer (TeaClassicLink *self, guint milliseconds, GSourceFunc callback)
{
  clear_source (&self->timer);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static gboolean
send (TeaClassicLink *self, TeaClassicRequestKind kind, const char *text, GError **error)
{
  g_autoptr (GBytes) datagram = tea_classic_request_encode (kind, self->name, text);
  gsize size;
  const char *data = g_bytes_get_data (datagram, &size);

  return g_socket_send (self->socket, data, size, NULL, error) >= 0;
}

static GTask *
finish_task (TeaClassicLink *self, guint phase)
{
  self->phase = phase;
  clear_source (&self->timer);
  clear_source (&self->cancel_source);
  g_clear_object (&self->enumerator);

  return g_steal_pointer (&self->task);
}

static void
fail_to_enter (TeaClassicLink *self, GError *error)
{
  g_autoptr (GTask) task = finish_task (self, PHASE_OUTSIDE);

  g_task_return_error (task, error);
}

static void
finish_leaving (TeaClassicLink *self)
{
  g_autoptr (GTask) task = finish_task (self, PHASE_OUTSIDE);

  clear_socket (self);
  g_task_return_boolean (task, TRUE);
}

static void
lose (TeaClassicLink *self)
{
  self->phase = PHASE_OUTSIDE;
  tea_roll_call_stop (self->roll_call);
  tea_link_emit_lost (TEA_LINK (self));
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
  g_assert (TEA_IS_CLASSIC_LINK (self));

  tea_link_emit_present (TEA_LINK (self), names);
}

static void
enter_inside (TeaClassicLink *self)
{
  g_autoptr (GTask) task = finish_task (self, PHASE_INSIDE);

  self->was_inside = TRUE;
  tea_roll_call_start (self->roll_call);

  g_task_return_boolean (task, TRUE);
}

static void
emit_event (TeaClassicLink *self, TeaEventKind kind, const char *author, const char *text)
{
  g_autoptr (TeaEvent) event = tea_event_new (kind, g_get_real_time (), author, text);

  tea_link_emit_event (TEA_LINK (self), event);
}

static void
refused_cb (TeaClassicLink *self, const char *reason)
{
  g_assert (TEA_IS_CLASSIC_LINK (self));

  emit_event (self, TEA_EVENT_REFUSED, NULL, reason);
}

static void
take_refusal (TeaClassicLink *self, const char *reason)
{
  if (!tea_roll_call_take_refusal (self->roll_call, reason))
    emit_event (self, TEA_EVENT_REFUSED, NULL, reason);
}

static void
take_line (TeaClassicLink *self, TeaClassicLine *line)
{
  switch (line->kind)
    {
    case TEA_CLASSIC_LINE_ACCEPTED:
      break;

    case TEA_CLASSIC_LINE_REFUSED:
      take_refusal (self, line->text != NULL ? line->text : _ ("The server refused this."));
      break;

    case TEA_CLASSIC_LINE_MESSAGE:
      emit_event (self, TEA_EVENT_MESSAGE, line->author, line->text);
      break;

    case TEA_CLASSIC_LINE_JOINED:
      emit_event (self, TEA_EVENT_JOINED, line->author, NULL);
      break;

    case TEA_CLASSIC_LINE_LEFT:
      emit_event (self, TEA_EVENT_LEFT, line->author, NULL);
      break;

    case TEA_CLASSIC_LINE_EXIT:
      self->phase = PHASE_OUTSIDE;
      tea_roll_call_stop (self->roll_call);
      tea_link_emit_ended (TEA_LINK (self));
      break;

    case TEA_CLASSIC_LINE_PRESENT:
      tea_roll_call_take_part (self->roll_call, line->part, line->n_parts,
                               g_steal_pointer (&line->names));
      break;

    case TEA_CLASSIC_LINE_NOTICE:
      emit_event (self, TEA_EVENT_NOTICE, NULL, line->text);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
enter_with_early_line (TeaClassicLink *self)
{
  g_autoptr (GBytes) early = g_steal_pointer (&self->early);
  gsize size;
  const guint8 *data;

  enter_inside (self);
  if (early == NULL)
    return;

  data = g_bytes_get_data (early, &size);
  take_datagram (self, data, size);
}

/* A refusal may read like a line from the room ("name ： taken"), but then it comes
 * again, word for word, in answer to the next try. */
static gboolean
is_refusal_again (TeaClassicLink *self, const guint8 *data, gsize size)
{
  gsize early_size;
  const guint8 *early;

  if (self->early == NULL || self->n_tries <= 1)
    return FALSE;

  early = g_bytes_get_data (self->early, &early_size);

  return size == early_size && memcmp (data, early, size) == 0;
}

/* Whoever is told what happens in the room is in it: the answer got lost, or comes
 * late. */
static void
take_early_line (TeaClassicLink *self, const guint8 *data, gsize size)
{
  if (!self->was_inside && self->n_tries <= 1)
    {
      if (self->early == NULL)
        self->early = g_bytes_new (data, size);
      return;
    }

  enter_with_early_line (self);
  take_datagram (self, data, size);
}

static void
take_datagram (TeaClassicLink *self, const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicLine) line = NULL;

  switch (self->phase)
    {
    case PHASE_ENTERING:
      if (tea_classic_line_is_from_room (data, size) && !is_refusal_again (self, data, size))
        {
          take_early_line (self, data, size);
          break;
        }

      line = tea_classic_line_parse_answer (data, size);
      if (line->kind == TEA_CLASSIC_LINE_ACCEPTED)
        enter_with_early_line (self);
      else
        fail_to_enter (self, g_error_new_literal (
                                 TEA_ERROR, TEA_ERROR_REFUSED,
                                 line->text != NULL
                                     ? line->text
                                     : _ ("The server did not let you in, and did not say why.")));
      break;

    case PHASE_INSIDE:
      line = tea_classic_line_parse (data, size);
      take_line (self, line);
      break;

    case PHASE_LEAVING:
      line = tea_classic_line_parse (data, size);
      if (line->kind == TEA_CLASSIC_LINE_EXIT)
        finish_leaving (self);
      break;

    case PHASE_OUTSIDE:
    default:
      break;
    }
}

static void
take_error (TeaClassicLink *self, GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      g_debug ("Could not receive: %s", error->message);
      return;
    }

  /* The server's machine says that nobody listens there. */
  if (self->phase == PHASE_ENTERING)
    try_next_address (self);
  else if (self->phase == PHASE_INSIDE)
    lose (self);
  else if (self->phase == PHASE_LEAVING)
    finish_leaving (self);
}

static gboolean
ready_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (TeaClassicLink) self = g_object_ref (TEA_CLASSIC_LINK (user_data));
  g_autoptr (GError) error = NULL;
  gssize size = g_socket_receive (socket, (char *) self->buffer, DATAGRAM_SIZE, NULL, &error);

  if (size >= 0)
    take_datagram (self, self->buffer, (gsize) size);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    take_error (self, error);

  return G_SOURCE_CONTINUE;
}

static gboolean
open_socket (TeaClassicLink *self, GSocketAddress *address, GError **error)
{
  clear_socket (self);

  self->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                               G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return FALSE;

  g_socket_set_blocking (self->socket, FALSE);
  if (!g_socket_connect (self->socket, address, NULL, error))
    return FALSE;

  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (ready_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());

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

static gboolean
enter_cb (gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (user_data);
  g_autoptr (GError) error = NULL;

  if (self->n_tries == ENTER_TRIES && self->was_inside)
    {
      /* Keep the socket: if only the network is away, the server still knows it. */
      fail_to_enter (self, new_no_answer_error (self));
      return G_SOURCE_REMOVE;
    }

  if (self->n_tries == ENTER_TRIES
      || (!send (self, TEA_CLASSIC_ENTER, NULL, &error)
          && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)))
    {
      try_next_address (self);
      return G_SOURCE_REMOVE;
    }

  set_timer (self, MIN (FIRST_WAIT << self->n_tries, LONGEST_WAIT), enter_cb);
  self->n_tries++;

  return G_SOURCE_REMOVE;
}

static void
start_asking (TeaClassicLink *self)
{
  self->n_tries = 0;
  g_clear_pointer (&self->early, g_bytes_unref);
  set_timer (self, 0, enter_cb);
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

  if (error != NULL)
    {
      fail_to_enter (self, g_steal_pointer (&error));
    }
  else if (address == NULL)
    {
      fail_to_enter (self, new_no_answer_error (self));
    }
  else if (open_socket (self, address, &error))
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
  clear_source (&self->timer);
  clear_socket (self);

  if (self->enumerator == NULL)
    self->enumerator = g_socket_connectable_enumerate (G_SOCKET_CONNECTABLE (self->address));

  g_socket_address_enumerator_next_async (self->enumerator, g_task_get_cancellable (self->task),
                                          next_address_cb, g_object_ref (self));
}

static gboolean
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (user_data);
  g_autoptr (GTask) task = finish_task (self, PHASE_OUTSIDE);

  clear_socket (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
begin_task (TeaClassicLink *self,
            guint phase,
            gpointer source_tag,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_assert (self->task == NULL);

  self->phase = phase;
  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, source_tag);

  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancel_cb), self, NULL);
      g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
    }
}

static void
tea_classic_link_join_async (TeaLink *link,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (link);

  begin_task (self, PHASE_ENTERING, tea_classic_link_join_async, cancellable, callback, user_data);

  /* Coming back: from the same address, which is who we are to the server. */
  if (self->socket != NULL)
    start_asking (self);
  else
    try_next_address (self);
}

static gboolean
tea_classic_link_finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
tea_classic_link_say (TeaLink *link, const char *text, GError **error)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (link);

  g_return_val_if_fail (self->phase == PHASE_INSIDE, FALSE);

  if (send (self, TEA_CLASSIC_SAY, text, error))
    return TRUE;

  if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    lose (self);

  return FALSE;
}

static gboolean
leave_cb (gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (user_data);

  if (self->n_tries == LEAVE_TRIES || !send (self, TEA_CLASSIC_LEAVE, NULL, NULL))
    {
      finish_leaving (self);
      return G_SOURCE_REMOVE;
    }

  set_timer (self, FIRST_WAIT, leave_cb);
  self->n_tries++;

  return G_SOURCE_REMOVE;
}

static void
tea_classic_link_leave_async (TeaLink *link,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (link);
  gboolean inside = self->phase == PHASE_INSIDE;

  tea_roll_call_stop (self->roll_call);
  begin_task (self, PHASE_LEAVING, tea_classic_link_leave_async, cancellable, callback, user_data);

  if (inside)
    {
      self->n_tries = 0;
      set_timer (self, 0, leave_cb);
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
  iface->say = tea_classic_link_say;
  iface->leave_async = tea_classic_link_leave_async;
  iface->leave_finish = tea_classic_link_finish;
}

static void
tea_classic_link_dispose (GObject *object)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (object);

  clear_source (&self->timer);
  clear_source (&self->cancel_source);
  clear_socket (self);
  g_clear_object (&self->enumerator);
  g_clear_object (&self->address);
  g_clear_object (&self->roll_call);

  G_OBJECT_CLASS (tea_classic_link_parent_class)->dispose (object);
}

static void
tea_classic_link_finalize (GObject *object)
{
  TeaClassicLink *self = TEA_CLASSIC_LINK (object);

  g_free (self->name);
  g_free (self->buffer);
  g_clear_pointer (&self->early, g_bytes_unref);

  G_OBJECT_CLASS (tea_classic_link_parent_class)->finalize (object);
}

static void
tea_classic_link_class_init (TeaClassicLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_classic_link_dispose;
  object_class->finalize = tea_classic_link_finalize;
}

static void
tea_classic_link_init (TeaClassicLink *self)
{
  self->buffer = g_malloc (DATAGRAM_SIZE);

  self->roll_call = tea_roll_call_new ();
  g_object_connect (self->roll_call, "swapped-object-signal::ask", ask_cb, self,
                    "swapped-object-signal::present", present_cb, self,
                    "swapped-object-signal::absent", lose, self, "swapped-object-signal::refused",
                    refused_cb, self, NULL);
}

/**
 * tea_classic_link_new:
 * @address: where the room is
 * @name: a fit name
 *
 * Returns: (transfer full): a link that has not asked to enter yet
 */
TeaClassicLink *
tea_classic_link_new (GNetworkAddress *address, const char *name)
{
  TeaClassicLink *self;

  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), NULL);
  g_return_val_if_fail (tea_name_validate (name, NULL), NULL);

  self = g_object_new (TEA_TYPE_CLASSIC_LINK, NULL);
  self->address = g_object_ref (address);
  self->name = g_strdup (name);

  return self;
}
