/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-service.h"

#include <glib/gi18n-lib.h>

#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-classic-session.h"
#include "tea-error.h"
#include "tea-inet-address.h"
#include "tea-name.h"

/* Refusals to strangers are longer than what they asked, and a sender can be forged:
 * this many at once, this many a second, and no more. */
#define REFUSALS_BURST 1000
#define REFUSALS_PER_SECOND 500

/* Who is here is the one thing a member can ask that is answered at length. */
#define ASK_INTERVAL G_TIME_SPAN_SECOND

/**
 * TeaClassicService:
 *
 * The classic protocol's way into a room: knows its clients by their addresses, checks
 * what they ask, and takes out who is gone. PROTOCOL.md has the rules.
 */
struct _TeaClassicService
{
  GObject parent_instance;

  TeaRoom *room;         /* (owned) */
  TeaEndpoint *endpoint; /* (owned) */
  TeaClassicPolicy policy;
  gint64 idle_timeout; /* µs */

  GHashTable *sessions; /* (element-type GInetSocketAddress TeaClassicSession) */
  GQueue by_silence;    /* (element-type TeaClassicSession): the longest silent first */
  GSource *idle_source; /* (owned) (nullable) */

  GBytes *accepted; /* (owned) */
  GBytes *exit;     /* (owned) */

  TeaEvent *encoded_event; /* (owned) (nullable): what @encoded says */
  GBytes *encoded;         /* (owned) (nullable) */

  double refusals_left;
  gint64 refusals_counted;
};

G_DEFINE_FINAL_TYPE (TeaClassicService, tea_classic_service, G_TYPE_OBJECT)

static void schedule_idle_check (TeaClassicService *self);

/* A token bucket. */
static gboolean
may_answer_stranger (TeaClassicService *self)
{
  gint64 now = g_get_monotonic_time ();
  double earned
      = (double) (now - self->refusals_counted) * REFUSALS_PER_SECOND / (double) G_TIME_SPAN_SECOND;

  self->refusals_counted = now;
  self->refusals_left = MIN (self->refusals_left + earned, REFUSALS_BURST);
  if (self->refusals_left < 1)
    return FALSE;

  self->refusals_left -= 1;

  return TRUE;
}

static void
refuse (TeaClassicService *self, GInetSocketAddress *address, const char *reason)
{
  g_autofree char *text = tea_inet_address_to_string (address);
  g_autoptr (GBytes) datagram = NULL;

  g_debug ("%s is refused: %s", text, reason);

  if (!g_hash_table_contains (self->sessions, address) && !may_answer_stranger (self))
    return;

  datagram = tea_classic_line_encode_refused (reason);
  tea_endpoint_send (self->endpoint, address, datagram);
}

static void
end_session (TeaClassicService *self, TeaClassicSession *session, const char *how)
{
  G_GNUC_UNUSED g_autoptr (TeaClassicSession) kept = g_object_ref (session);
  g_autofree char *address = tea_inet_address_to_string (session->address);
  g_autofree char *name = g_strdup (tea_member_get_name (session->member));

  g_queue_unlink (&self->by_silence, &session->link);
  g_hash_table_remove (self->sessions, session->address);
  tea_room_leave (self->room, session->member);

  g_message ("%s (%s) %s; %u in the room", name, address, how, tea_room_get_n_members (self->room));
}

static gboolean
idle_check_cb (gpointer user_data)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (user_data);
  TeaClassicSession *session;
  gint64 limit = g_get_monotonic_time () - self->idle_timeout;

  g_clear_pointer (&self->idle_source, g_source_unref);

  while ((session = g_queue_peek_head (&self->by_silence)) != NULL && session->last_heard <= limit)
    {
      g_autoptr (GInetSocketAddress) address = g_object_ref (session->address);

      end_session (self, session, "was silent for too long");
      tea_endpoint_send (self->endpoint, address, self->exit);
    }

  schedule_idle_check (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_idle_check (TeaClassicService *self)
{
  TeaClassicSession *session = g_queue_peek_head (&self->by_silence);

  if (session == NULL || self->idle_source != NULL)
    return;

  self->idle_source = g_timeout_source_new (0);
  g_source_set_ready_time (self->idle_source, session->last_heard + self->idle_timeout);
  g_source_set_callback (self->idle_source, idle_check_cb, self, NULL);
  g_source_attach (self->idle_source, g_main_context_get_thread_default ());
}

static void
enter (TeaClassicService *self,
       TeaClassicSession *session,
       GInetSocketAddress *address,
       const char *name)
{
  g_autoptr (TeaClassicSession) newcomer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (session != NULL)
    {
      /* The answer got lost, or the client wants to know whether we are there. */
      if (tea_name_equal (tea_member_get_name (session->member), name))
        {
          tea_endpoint_send (self->endpoint, address, self->accepted);
          return;
        }

      text = g_strdup_printf (_ ("You are here as “%s” already. Leave first."),
                              tea_member_get_name (session->member));
      refuse (self, address, text);
      return;
    }

  newcomer = tea_classic_session_new (self, address);
  newcomer->member = tea_room_join (self->room, TEA_SESSION (newcomer), name, &error);
  if (newcomer->member == NULL)
    {
      refuse (self, address, error->message);
      return;
    }

  newcomer->last_heard = g_get_monotonic_time ();
  g_hash_table_insert (self->sessions, newcomer->address, g_object_ref (newcomer));
  g_queue_push_tail_link (&self->by_silence, &newcomer->link);
  schedule_idle_check (self);

  tea_endpoint_send (self->endpoint, address, self->accepted);

  text = tea_inet_address_to_string (address);
  g_message ("%s (%s) entered; %u in the room", name, text, tea_room_get_n_members (self->room));
}

static void
leave (TeaClassicService *self,
       TeaClassicSession *session,
       GInetSocketAddress *address,
       const char *name)
{
  if (session != NULL)
    end_session (self, session, "left");
  else if (tea_room_find (self->room, name) != NULL)
    {
      refuse (self, address, _ ("Somebody else has that name here."));
      return;
    }
  else if (!may_answer_stranger (self))
    return;

  /* Also for who is outside already: the first answer may have got lost. */
  tea_endpoint_send (self->endpoint, address, self->exit);
}

static void
tell_who_is_here (TeaClassicService *self, TeaClassicSession *session)
{
  g_auto (GStrv) names = NULL;
  g_autoptr (GPtrArray) datagrams = NULL;
  gint64 now = g_get_monotonic_time ();

  if (session->last_asked != 0 && now - session->last_asked < ASK_INTERVAL)
    return;

  session->last_asked = now;
  names = tea_room_dup_names (self->room);
  datagrams = tea_classic_line_encode_present ((const char *const *) names);
  for (guint i = 0; i < datagrams->len; i++)
    tea_endpoint_send (self->endpoint, session->address, g_ptr_array_index (datagrams, i));
}

static void
handle (TeaClassicService *self,
        TeaClassicSession *session,
        GInetSocketAddress *address,
        const TeaClassicRequest *request)
{
  if (request->kind == TEA_CLASSIC_ENTER)
    {
      enter (self, session, address, request->name);
      return;
    }

  if (session != NULL && !tea_name_equal (tea_member_get_name (session->member), request->name))
    {
      g_autofree char *reason = g_strdup_printf (_ ("You are here as “%s”, not under that name."),
                                                 tea_member_get_name (session->member));
      refuse (self, address, reason);
      return;
    }

  if (request->kind == TEA_CLASSIC_LEAVE)
    {
      leave (self, session, address, request->name);
      return;
    }

  if (session == NULL)
    {
      refuse (self, address, _ ("You are not in the room. Enter first: “L name”."));
      return;
    }

  if (request->kind == TEA_CLASSIC_SAY)
    tea_room_say (self->room, session->member, request->text);
  else
    tell_who_is_here (self, session);
}

static void
tea_classic_service_dispose (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);

  if (self->idle_source != NULL)
    g_source_destroy (self->idle_source);
  g_clear_pointer (&self->idle_source, g_source_unref);

  g_queue_init (&self->by_silence);
  g_hash_table_remove_all (self->sessions);
  g_clear_object (&self->room);
  g_clear_object (&self->endpoint);

  G_OBJECT_CLASS (tea_classic_service_parent_class)->dispose (object);
}

static void
tea_classic_service_finalize (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);

  g_hash_table_unref (self->sessions);
  g_bytes_unref (self->accepted);
  g_bytes_unref (self->exit);
  g_clear_pointer (&self->encoded_event, tea_event_unref);
  g_clear_pointer (&self->encoded, g_bytes_unref);

  G_OBJECT_CLASS (tea_classic_service_parent_class)->finalize (object);
}

static void
tea_classic_service_class_init (TeaClassicServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_classic_service_dispose;
  object_class->finalize = tea_classic_service_finalize;
}

static void
tea_classic_service_init (TeaClassicService *self)
{
  g_queue_init (&self->by_silence);
  self->sessions
      = g_hash_table_new_full (tea_inet_address_hash, tea_inet_address_equal, NULL, g_object_unref);
  self->exit = g_bytes_new_static ("EXIT", 4);
  self->refusals_left = REFUSALS_BURST;
  self->refusals_counted = g_get_monotonic_time ();
}

/**
 * tea_classic_service_new:
 * @room: the room to serve
 * @endpoint: what to send through
 * @config: what the operator has set
 *
 * Returns: (transfer full): a service that knows no clients yet
 */
TeaClassicService *
tea_classic_service_new (TeaRoom *room, TeaEndpoint *endpoint, const TeaServerConfig *config)
{
  TeaClassicService *self = g_object_new (TEA_TYPE_CLASSIC_SERVICE, NULL);

  self->room = g_object_ref (room);
  self->endpoint = g_object_ref (endpoint);
  self->policy = config->classic;
  self->idle_timeout = config->idle_timeout * G_TIME_SPAN_SECOND;
  self->accepted = g_bytes_new (config->classic_accept, strlen (config->classic_accept));

  return self;
}

/**
 * tea_classic_service_receive:
 * @self: a service
 * @address: where the datagram came from, normalized
 * @datagram: what came
 *
 * Does what a datagram asks for, or refuses it.
 */
void
tea_classic_service_receive (TeaClassicService *self, GInetSocketAddress *address, GBytes *datagram)
{
  g_autoptr (TeaClassicRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  TeaClassicSession *session;
  const guint8 *data;
  gsize size;

  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  data = g_bytes_get_data (datagram, &size);
  if (tea_classic_is_answer (data, size))
    return;

  if (self->policy != TEA_CLASSIC_ANYONE && !tea_inet_address_is_local (address))
    {
      /* Anybody's address can be forged on the way here: not a byte more than came. */
      g_autoptr (GBytes) no = g_bytes_new_static ("N", 1);

      if (may_answer_stranger (self))
        tea_endpoint_send (self->endpoint, address, no);
      return;
    }

  if (self->policy == TEA_CLASSIC_OFF)
    {
      refuse (self, address, _ ("This server does not speak the classic protocol."));
      return;
    }

  session = g_hash_table_lookup (self->sessions, address);
  if (session != NULL)
    {
      session->last_heard = g_get_monotonic_time ();
      g_queue_unlink (&self->by_silence, &session->link);
      g_queue_push_tail_link (&self->by_silence, &session->link);
    }

  request = tea_classic_request_parse (data, size, &error);
  if (request != NULL)
    handle (self, session, address, request);
  else
    refuse (self, address, error->message);
}

/**
 * tea_classic_service_unreachable:
 * @self: a service
 * @address: where nobody listens any more, normalized
 *
 * Takes out who was at an address: their program is gone.
 */
void
tea_classic_service_unreachable (TeaClassicService *self, GInetSocketAddress *address)
{
  TeaClassicSession *session;

  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  session = g_hash_table_lookup (self->sessions, address);
  if (session != NULL)
    end_session (self, session, "is gone");
}

/**
 * tea_classic_service_deliver:
 * @self: a service
 * @address: where a client is
 * @event: what happened in the room
 *
 * Sends an event to a client. It is put into words once, however many it goes to.
 */
void
tea_classic_service_deliver (TeaClassicService *self, GInetSocketAddress *address, TeaEvent *event)
{
  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  if (self->encoded_event != event)
    {
      const char *author = tea_event_get_author (event);

      g_clear_pointer (&self->encoded, g_bytes_unref);
      g_clear_pointer (&self->encoded_event, tea_event_unref);
      self->encoded_event = tea_event_ref (event);

      if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
        self->encoded = tea_classic_line_encode_message (author, tea_event_get_text (event));
      else if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
        self->encoded = tea_classic_line_encode_joined (author);
      else
        self->encoded = tea_classic_line_encode_left (author);
    }

  tea_endpoint_send (self->endpoint, address, self->encoded);
}

/**
 * tea_classic_service_say_goodbye:
 * @self: a service
 *
 * Tells every client that the session is over. For when the server goes down.
 */
void
tea_classic_service_say_goodbye (TeaClassicService *self)
{
  g_return_if_fail (TEA_IS_CLASSIC_SERVICE (self));

  for (GList *l = self->by_silence.head; l != NULL; l = l->next)
    {
      TeaClassicSession *session = l->data;

      tea_endpoint_send (self->endpoint, session->address, self->exit);
    }
}
