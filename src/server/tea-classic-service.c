/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-service.h"

#include <glib/gi18n-lib.h>

#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-classic-session.h"
#include "tea-inet-address.h"
#include "tea-name.h"
#include "tea-token-bucket.h"

/* Refusals to strangers are longer than what they asked, and a sender can be forged:
 * this many at once, this many a second, and no more. */
#define REFUSALS_BURST 1000
#define REFUSALS_PER_SECOND 500

/* Who is here is the one thing a member can ask that is answered at length. */
#define ASK_INTERVAL G_TIME_SPAN_SECOND

/* Who says too much at once is told so, but no more often than this. */
#define SLOWING_INTERVAL G_TIME_SPAN_SECOND

/* What a client asks for while it is let in or out waits. Nobody has to ask for more. */
#define MAX_WAITING 32

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
  TeaClock *clock;       /* (owned) */
  TeaClassicPolicy policy;
  gint64 idle_timeout; /* µs */

  GHashTable *sessions; /* (element-type GInetSocketAddress TeaClassicSession) */
  GQueue by_silence;    /* (element-type TeaClassicSession): inside, the longest silent first */
  TeaTimer *idle_timer; /* (owned) */

  GBytes *accepted; /* (owned) */
  GBytes *exit;     /* (owned) */

  TeaEvent *encoded_event; /* (owned) (nullable): what @encoded says */
  GBytes *encoded;         /* (owned) (nullable) */

  TeaRations *rations; /* (owned): by address */
  TeaTokenBucket refusals;
};

G_DEFINE_FINAL_TYPE (TeaClassicService, tea_classic_service, G_TYPE_OBJECT)

static void
dispatch (TeaClassicService *self, GInetSocketAddress *address, TeaClassicRequest *request);

static gboolean
may_answer_stranger (TeaClassicService *self)
{
  return tea_token_bucket_take (&self->refusals, tea_clock_get_time (self->clock), 1);
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

/* Whatever the client asked for meanwhile is done now, in the order in which it was. */
static void
catch_up (TeaClassicService *self, TeaClassicSession *session)
{
  GQueue waiting = session->waiting;
  TeaClassicRequest *request;

  g_queue_init (&session->waiting);
  while ((request = g_queue_pop_head (&waiting)) != NULL)
    dispatch (self, session->address, request);
}

static void
forget (TeaClassicService *self, TeaClassicSession *session)
{
  if (session->state == TEA_CLASSIC_INSIDE)
    g_queue_unlink (&self->by_silence, &session->link);
  session->state = TEA_CLASSIC_OVER;
  tea_rations_give_back (self->rations, session->ration);
  session->ration = NULL;
  g_hash_table_remove (self->sessions, session->address);
}

static void
cut_off (TeaClassicService *self, TeaClassicSession *session, const char *how)
{
  g_autoptr (TeaClassicSession) kept = g_object_ref (session);
  g_autofree char *text = tea_inet_address_to_string (kept->address);

  forget (self, kept);
  tea_room_lose (self->room, TEA_SESSION (kept));
  g_message ("%s (%s) %s", kept->name, text, how);
}

static void
schedule_idle_check (TeaClassicService *self)
{
  TeaClassicSession *session = g_queue_peek_head (&self->by_silence);

  if (session != NULL && tea_timer_get_due (self->idle_timer) == 0)
    tea_timer_set_at (self->idle_timer, session->last_heard + self->idle_timeout);
}

static void
idle_check_cb (gpointer user_data)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (user_data);
  TeaClassicSession *session;
  gint64 limit = tea_clock_get_time (self->clock) - self->idle_timeout;

  while ((session = g_queue_peek_head (&self->by_silence)) != NULL && session->last_heard <= limit)
    {
      g_autoptr (GInetSocketAddress) address = g_object_ref (session->address);

      cut_off (self, session, "was silent for too long");
      tea_endpoint_send (self->endpoint, address, self->exit);
    }

  schedule_idle_check (self);
}

static void
entered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) session = user_data;
  g_autoptr (TeaClassicService) self = NULL;
  g_autoptr (TeaMember) member = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  member = tea_room_enter_finish (TEA_ROOM (object), result, &error);
  if (session->service == NULL)
    return;

  self = g_object_ref (session->service);
  if (member == NULL)
    {
      forget (self, session);
      refuse (self, session->address, error->message);
      catch_up (self, session);
      return;
    }

  /* It may be written in another way than was asked for. */
  g_free (session->name);
  session->name = g_strdup (tea_member_get_name (member));
  session->state = TEA_CLASSIC_INSIDE;
  session->last_heard = tea_clock_get_time (self->clock);
  g_queue_push_tail_link (&self->by_silence, &session->link);
  schedule_idle_check (self);

  tea_endpoint_send (self->endpoint, session->address, self->accepted);

  text = tea_inet_address_to_string (session->address);
  g_message ("%s (%s) entered; %u in the room", session->name, text,
             tea_room_get_n_members (self->room));
  catch_up (self, session);
}

static void
settled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) session = user_data;

  tea_room_settle_finish (TEA_ROOM (object), result, NULL);
  if (session->service != NULL && session->state == TEA_CLASSIC_INSIDE)
    tea_endpoint_send (session->service->endpoint, session->address, session->service->accepted);
}

static void
enter (TeaClassicService *self,
       TeaClassicSession *session,
       GInetSocketAddress *address,
       const char *name)
{
  g_autofree char *text = NULL;
  g_autofree char *address_text = NULL;
  TeaRation *ration;

  /* The answer got lost, or the client wants to know whether we are there: then the
   * answer tells as well that there was no more to hear. */
  if (session != NULL && tea_name_equal (session->name, name))
    {
      tea_room_settle_async (self->room, settled_cb, g_object_ref (session));
      return;
    }

  if (session != NULL)
    {
      text = g_strdup_printf (_ ("You are here as “%s” already. Leave first."), session->name);
      refuse (self, address, text);
      return;
    }

  /* Who was here before the server was started again can come back under their name, but
   * nobody from outside instead of them. */
  if (!tea_inet_address_is_local (address) && tea_name_validate (name, NULL)
      && tea_room_find (self->room, name) != NULL)
    {
      text = g_strdup_printf (_ ("“%s” is taken."), name);
      refuse (self, address, text);
      return;
    }

  address_text = tea_inet_address_to_string (address);
  ration = tea_rations_take (self->rations, address_text);
  if (!tea_ration_enter (ration))
    {
      tea_rations_give_back (self->rations, ration);
      refuse (self, address, _ ("You come and go too often. Wait a little."));
      return;
    }

  session = tea_classic_session_new (self, address, name);
  session->ration = ration;
  g_hash_table_insert (self->sessions, session->address, session);
  tea_room_enter_async (self->room, TEA_SESSION (session), name, NULL, NULL, entered_cb,
                        g_object_ref (session));
}

static void
left_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) session = user_data;
  g_autoptr (TeaClassicService) self = NULL;
  g_autofree char *text = tea_inet_address_to_string (session->address);

  tea_room_leave_finish (TEA_ROOM (object), result, NULL);
  if (session->service == NULL)
    return;

  self = g_object_ref (session->service);
  forget (self, session);
  tea_endpoint_send (self->endpoint, session->address, self->exit);
  g_message ("%s (%s) left; %u in the room", session->name, text,
             tea_room_get_n_members (self->room));
  catch_up (self, session);
}

static void
leave (TeaClassicService *self,
       TeaClassicSession *session,
       GInetSocketAddress *address,
       const char *name)
{
  if (session != NULL)
    {
      g_queue_unlink (&self->by_silence, &session->link);
      session->state = TEA_CLASSIC_LEAVING;
      tea_room_leave_async (self->room, TEA_SESSION (session), left_cb, g_object_ref (session));
    }
  else if (tea_room_find (self->room, name) != NULL)
    {
      refuse (self, address, _ ("Somebody else has that name here."));
    }
  else if (may_answer_stranger (self))
    {
      /* Also for who is outside already: the first answer may have got lost. */
      tea_endpoint_send (self->endpoint, address, self->exit);
    }
}

static void
said_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) session = user_data;
  g_autoptr (GError) error = NULL;

  if (tea_room_say_finish (TEA_ROOM (object), result, &error) == 0 && session->service != NULL)
    refuse (session->service, session->address, error->message);
}

static void
say (TeaClassicService *self, TeaClassicSession *session, const char *text)
{
  gint64 now = tea_clock_get_time (self->clock);

  if (tea_ration_say (session->ration, strlen (text)) == 0)
    {
      tea_room_say_async (self->room, TEA_SESSION (session), 0, 0, text, NULL, said_cb,
                          g_object_ref (session));
      return;
    }

  if (session->last_slowed != 0 && now - session->last_slowed < SLOWING_INTERVAL)
    return;

  session->last_slowed = now;
  refuse (self, session->address, _ ("You say too much at once. Wait a little."));
}

static void
tell_who_is_here (TeaClassicService *self, TeaClassicSession *session)
{
  g_auto (GStrv) names = NULL;
  g_autoptr (GPtrArray) datagrams = NULL;
  gint64 now = tea_clock_get_time (self->clock);

  if (session->last_asked != 0 && now - session->last_asked < ASK_INTERVAL)
    return;

  session->last_asked = now;
  names = tea_room_dup_names (self->room);
  datagrams = tea_classic_line_encode_present ((const char *const *) names);
  for (guint i = 0; i < datagrams->len; i++)
    tea_endpoint_send (self->endpoint, session->address, g_ptr_array_index (datagrams, i));
}

static void
handle (TeaClassicService *self, GInetSocketAddress *address, const TeaClassicRequest *request)
{
  TeaClassicSession *session = g_hash_table_lookup (self->sessions, address);

  if (request->kind == TEA_CLASSIC_ENTER)
    {
      enter (self, session, address, request->name);
      return;
    }

  if (session != NULL && !tea_name_equal (session->name, request->name))
    {
      g_autofree char *reason
          = g_strdup_printf (_ ("You are here as “%s”, not under that name."), session->name);
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
    say (self, session, request->text);
  else
    tell_who_is_here (self, session);
}

/* Does what is asked for, or later where the client is on its way in or out. */
static void
dispatch (TeaClassicService *self, GInetSocketAddress *address, TeaClassicRequest *request)
{
  TeaClassicSession *session = g_hash_table_lookup (self->sessions, address);

  if (session == NULL || session->state == TEA_CLASSIC_INSIDE)
    {
      handle (self, address, request);
      tea_classic_request_free (request);
    }
  else if (session->waiting.length < MAX_WAITING)
    {
      g_queue_push_tail (&session->waiting, request);
    }
  else
    {
      tea_classic_request_free (request);
    }
}

static void
tea_classic_service_dispose (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);
  TeaClassicSession *session;
  GHashTableIter iter;

  g_clear_pointer (&self->idle_timer, tea_timer_free);
  g_queue_init (&self->by_silence);

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    session->service = NULL;
  g_hash_table_remove_all (self->sessions);
  g_clear_object (&self->room);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_classic_service_parent_class)->dispose (object);
}

static void
tea_classic_service_finalize (GObject *object)
{
  TeaClassicService *self = TEA_CLASSIC_SERVICE (object);

  g_hash_table_unref (self->sessions);
  g_clear_pointer (&self->rations, tea_rations_free);
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
  tea_token_bucket_init (&self->refusals, REFUSALS_PER_SECOND, REFUSALS_BURST);
}

/**
 * tea_classic_service_new:
 * @room: the room to serve
 * @endpoint: what to send through
 * @clock: what time it is
 * @config: what the operator has set
 *
 * Returns: (transfer full): a service that knows no clients yet
 */
TeaClassicService *
tea_classic_service_new (TeaRoom *room,
                         TeaEndpoint *endpoint,
                         TeaClock *clock,
                         const TeaServerConfig *config)
{
  TeaClassicService *self = g_object_new (TEA_TYPE_CLASSIC_SERVICE, NULL);

  self->room = g_object_ref (room);
  self->endpoint = g_object_ref (endpoint);
  self->clock = g_object_ref (clock);
  self->idle_timer = tea_timer_new (clock, idle_check_cb, self);
  self->rations = tea_rations_new (clock);
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
  if (session != NULL && session->state == TEA_CLASSIC_INSIDE)
    {
      session->last_heard = tea_clock_get_time (self->clock);
      g_queue_unlink (&self->by_silence, &session->link);
      g_queue_push_tail_link (&self->by_silence, &session->link);
    }

  request = tea_classic_request_parse (data, size, &error);
  if (request != NULL)
    dispatch (self, address, g_steal_pointer (&request));
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
  if (session != NULL && session->state == TEA_CLASSIC_INSIDE)
    cut_off (self, session, "is gone");
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
      else if (tea_event_get_kind (event) == TEA_EVENT_LEFT)
        self->encoded = tea_classic_line_encode_left (author);
    }

  /* Of the other kinds the classic protocol knows nothing. */
  if (self->encoded != NULL)
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
