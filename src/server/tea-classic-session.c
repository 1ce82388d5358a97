/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-session.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-classic-line.h"
#include "tea-inet-address.h"
#include "tea-session-log.h"

/* Who is here is the one thing a member can ask that is answered at length. */
#define ASK_INTERVAL G_TIME_SPAN_SECOND

/* Who says too much at once is told so, but no more often than this. */
#define SLOWING_INTERVAL G_TIME_SPAN_SECOND

/* What a client asks for while it is let in or out waits. Nobody has to ask for more. */
#define MAX_WAITING 32

/* How far a session is. */
typedef enum
{
  STATE_NEW,      /* has asked for nothing */
  STATE_ENTERING, /* it is to be let in */
  STATE_INSIDE,
  STATE_LEAVING, /* it is to be let out */
  STATE_OVER,
} State;

/**
 * TeaClassicSession:
 *
 * Somebody who is in the hall by the classic protocol, or on their way in or out.
 */
struct _TeaClassicSession
{
  GObject parent_instance;

  const TeaClassicContext *context; /* (unowned) (nullable): NULL once it is over */
  GInetSocketAddress *address;      /* (owned): where its client is */
  TeaQuota *quota;                  /* (unowned): until it is over */
  State state;
  TeaName *name;  /* (owned) (nullable): what its client is called, or wants to be */
  TeaStay *stay;  /* (owned) (nullable): once inside */
  guint64 since;  /* what happened up to here is not for it */
  GQueue waiting; /* (element-type TeaClassicRequest): what its client asks for next, while
                     it is let in or out */

  gsize credit;       /* how many bytes it may be sent for those that came from it */
  gint64 entered;     /* when its client came in, in µs since the Unix epoch, UTC */
  gint64 last_heard;  /* when its client last sent anything, in µs on the clock */
  gint64 last_asked;  /* when its client last asked who is here, in µs on the clock */
  gint64 last_slowed; /* when its client was last told to wait, in µs on the clock */
};

G_DEFINE_FINAL_TYPE (TeaClassicSession, tea_classic_session, G_TYPE_OBJECT)

enum
{
  SIGNAL_ENTERED,
  SIGNAL_OVER,
  SIGNAL_REFUSED,
  SIGNAL_REQUEST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
refuse (TeaClassicSession *self, const char *reason)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, reason);
}

static TeaPresence *
get_presence (TeaClassicSession *self)
{
  return tea_room_get_presence (self->context->room);
}

/* Whatever the client asked for meanwhile is done now, in the order in which it was: by
 * this session, or another one where this one is over. */
static void
catch_up (TeaClassicSession *self)
{
  GQueue waiting = self->waiting;
  TeaClassicRequest *request;

  g_queue_init (&self->waiting);
  while ((request = g_queue_pop_head (&waiting)) != NULL)
    g_signal_emit (self, signals[SIGNAL_REQUEST], 0, request);
}

static void
finish (TeaClassicSession *self)
{
  tea_classic_session_end (self);
  g_signal_emit (self, signals[SIGNAL_OVER], 0);
}

static void
write_log (TeaClassicSession *self, TeaSessionNews news, const char *what)
{
  g_autofree char *address
      = g_inet_address_to_string (g_inet_socket_address_get_address (self->address));

  tea_session_log_write (news, tea_name_get_text (self->name), NULL, address, "%s; %u in the house",
                         what, tea_presence_get_n_people (get_presence (self)));
}

static void
entered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) self = user_data;
  g_autoptr (TeaStay) stay = NULL;
  g_autoptr (GError) error = NULL;

  stay = tea_presence_enter_finish (TEA_PRESENCE (object), result, &error);
  if (self->state == STATE_OVER)
    return;

  if (stay == NULL)
    {
      finish (self);
      refuse (self, error->message);
      catch_up (self);
      return;
    }

  /* It may be written in another way than was asked for. */
  g_clear_pointer (&self->name, tea_name_unref);
  self->name = tea_name_ref (tea_stay_get_name (stay));
  self->since = tea_stay_get_since (stay);
  self->stay = g_steal_pointer (&stay);
  self->state = STATE_INSIDE;
  self->last_heard = tea_clock_get_time (self->context->clock);
  self->entered = tea_clock_get_real_time (self->context->clock);
  tea_classic_session_send (self, self->context->accepted);

  write_log (self, TEA_SESSION_ENTERED, "entered");
  g_signal_emit (self, signals[SIGNAL_ENTERED], 0, self->since);
  catch_up (self);
}

static void
settled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) self = user_data;

  tea_room_writer_settle_finish (TEA_ROOM_WRITER (object), result, NULL);
  if (self->state == STATE_INSIDE)
    tea_classic_session_send (self, self->context->accepted);
}

static void
enter (TeaClassicSession *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (self->state == STATE_INSIDE && tea_name_matches (self->name, text))
    {
      /* The answer got lost, or the client wants to know whether we are there: then the
       * answer tells as well that there was no more to hear. */
      tea_room_writer_settle_async (tea_room_get_writer (self->context->room), settled_cb,
                                    g_object_ref (self));
      return;
    }

  if (self->state == STATE_INSIDE)
    {
      g_autofree char *reason = g_strdup_printf (_ ("You are here as “%s” already. Leave first."),
                                                 tea_name_get_text (self->name));

      refuse (self, reason);
      return;
    }

  self->name = tea_name_new (text, &error);
  if (self->name == NULL)
    {
      finish (self);
      refuse (self, error->message);
      return;
    }

  self->state = STATE_ENTERING;
  tea_presence_enter_async (get_presence (self), self->name, NULL, NULL, NULL, entered_cb,
                            g_object_ref (self));
}

static void
left_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) self = user_data;

  tea_presence_leave_finish (TEA_PRESENCE (object), result, NULL);
  if (self->state == STATE_OVER)
    return;

  tea_classic_session_send (self, self->context->exit);
  write_log (self, TEA_SESSION_LEFT, "left");
  finish (self);
  catch_up (self);
}

static void
leave (TeaClassicSession *self)
{
  self->state = STATE_LEAVING;
  tea_presence_leave_async (get_presence (self), g_steal_pointer (&self->stay), left_cb,
                            g_object_ref (self));
}

static void
said_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaClassicSession) self = user_data;
  g_autoptr (GError) error = NULL;

  if (tea_room_tell_finish (TEA_ROOM (object), result, &error) == 0 && self->state != STATE_OVER)
    refuse (self, error->message);
}

static void
say (TeaClassicSession *self, const char *text)
{
  const TeaDraft draft = { .kind = TEA_EVENT_MESSAGE, .author = self->name, .text = text };
  gint64 now = tea_clock_get_time (self->context->clock);

  if (tea_quota_say (self->quota, strlen (text)) == 0)
    {
      tea_room_tell_async (self->context->room, &draft, said_cb, g_object_ref (self));
      return;
    }

  if (self->last_slowed != 0 && now - self->last_slowed < SLOWING_INTERVAL)
    return;

  self->last_slowed = now;
  refuse (self, _ ("You say too much at once. Wait a little."));
}

static void
tell_who_is_here (TeaClassicSession *self)
{
  gint64 now = tea_clock_get_time (self->context->clock);
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) people = NULL;
  g_autoptr (GPtrArray) datagrams = NULL;

  if (self->last_asked != 0 && now - self->last_asked < ASK_INTERVAL)
    return;

  self->last_asked = now;
  people = tea_presence_list (get_presence (self), 0, G_MAXUINT, NULL);
  names = g_ptr_array_sized_new (people->len + 1);
  for (guint i = 0; i < people->len; i++)
    {
      const TeaPerson *person = g_ptr_array_index (people, i);

      g_ptr_array_add (names, (gpointer) tea_name_get_text (person->name));
    }
  g_ptr_array_add (names, NULL);

  datagrams = tea_classic_line_encode_present ((const char *const *) names->pdata);
  for (guint i = 0; i < datagrams->len; i++)
    tea_classic_session_send (self, g_ptr_array_index (datagrams, i));
}

static void
handle (TeaClassicSession *self, const TeaClassicRequest *request)
{
  if (request->kind == TEA_CLASSIC_ENTER)
    {
      enter (self, request->name);
      return;
    }

  if (!tea_name_matches (self->name, request->name))
    {
      g_autofree char *reason = g_strdup_printf (_ ("You are here as “%s”, not under that name."),
                                                 tea_name_get_text (self->name));

      refuse (self, reason);
    }
  else if (request->kind == TEA_CLASSIC_LEAVE)
    {
      leave (self);
    }
  else if (request->kind == TEA_CLASSIC_SAY)
    {
      say (self, request->text);
    }
  else
    {
      tell_who_is_here (self);
    }
}

static void
tea_classic_session_finalize (GObject *object)
{
  TeaClassicSession *self = TEA_CLASSIC_SESSION (object);

  g_clear_pointer (&self->stay, tea_stay_lose);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) tea_classic_request_free);
  g_object_unref (self->address);
  g_clear_pointer (&self->name, tea_name_unref);

  G_OBJECT_CLASS (tea_classic_session_parent_class)->finalize (object);
}

static void
tea_classic_session_class_init (TeaClassicSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_classic_session_finalize;

  /**
   * TeaClassicSession::entered:
   * @self: the session
   * @since: the latest event that is not for it
   *
   * Its client is inside, and knows it.
   */
  signals[SIGNAL_ENTERED] = g_signal_new ("entered", TEA_TYPE_CLASSIC_SESSION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  /**
   * TeaClassicSession::over:
   * @self: the session
   *
   * Its client is out, or was not let in.
   */
  signals[SIGNAL_OVER] = g_signal_new ("over", TEA_TYPE_CLASSIC_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaClassicSession::refused:
   * @self: the session
   * @reason: why, in words
   *
   * What its client has asked for is refused.
   */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", TEA_TYPE_CLASSIC_SESSION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * TeaClassicSession::request:
   * @self: the session
   * @request: (transfer full) (type gpointer): what its client has asked for
   *
   * A request that had to wait is to be handled now.
   */
  signals[SIGNAL_REQUEST] = g_signal_new ("request", TEA_TYPE_CLASSIC_SESSION, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
tea_classic_session_init (TeaClassicSession *self)
{
  g_queue_init (&self->waiting);
}

/**
 * tea_classic_session_new:
 * @context: (transfer none): what it has in common with others, until it is over
 * @address: where its client is
 * @quota: (transfer none): what its client may do, until it is over
 *
 * Returns: (transfer full): a session of somebody who is outside
 */
TeaClassicSession *
tea_classic_session_new (const TeaClassicContext *context,
                         GInetSocketAddress *address,
                         TeaQuota *quota)
{
  TeaClassicSession *self;

  g_return_val_if_fail (context != NULL, NULL);
  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);
  g_return_val_if_fail (quota != NULL, NULL);

  self = g_object_new (TEA_TYPE_CLASSIC_SESSION, NULL);
  self->context = context;
  self->address = g_object_ref (address);
  self->quota = quota;

  return self;
}

/**
 * tea_classic_session_end:
 * @self: a session
 *
 * Ends a session without a word.
 */
void
tea_classic_session_end (TeaClassicSession *self)
{
  g_return_if_fail (TEA_IS_CLASSIC_SESSION (self));

  self->state = STATE_OVER;
  self->context = NULL;
  g_clear_pointer (&self->stay, tea_stay_lose);
}

/**
 * tea_classic_session_get_address:
 * @self: a session
 *
 * Returns: (transfer none): where its client is
 */
GInetSocketAddress *
tea_classic_session_get_address (TeaClassicSession *self)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), NULL);

  return self->address;
}

/**
 * tea_classic_session_get_quota:
 * @self: a session
 *
 * Returns: (transfer none): what its client may do
 */
TeaQuota *
tea_classic_session_get_quota (TeaClassicSession *self)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), NULL);

  return self->quota;
}

/**
 * tea_classic_session_get_last_heard:
 * @self: a session
 *
 * Returns: when its client last sent anything, in µs on the clock
 */
gint64
tea_classic_session_get_last_heard (TeaClassicSession *self)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), 0);

  return self->last_heard;
}

/**
 * tea_classic_session_is_inside:
 * @self: a session
 *
 * Returns: whether its client is inside, and not on the way out
 */
gboolean
tea_classic_session_is_inside (TeaClassicSession *self)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), FALSE);

  return self->state == STATE_INSIDE;
}

/**
 * tea_classic_session_describe:
 * @self: a session whose client is inside
 *
 * Returns: (transfer full): what is known of it
 */
TeaSessionInfo *
tea_classic_session_describe (TeaClassicSession *self)
{
  TeaSessionInfo *info;
  TeaClock *clock;
  gint64 heard;

  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), NULL);
  g_return_val_if_fail (self->state == STATE_INSIDE, NULL);

  clock = self->context->clock;
  info = g_new0 (TeaSessionInfo, 1);
  info->name = g_strdup (tea_name_get_text (self->name));
  info->address = g_inet_address_to_string (g_inet_socket_address_get_address (self->address));
  info->since = self->entered;
  heard = tea_clock_get_real_time (clock) - (tea_clock_get_time (clock) - self->last_heard);
  info->heard = MAX (info->since, heard);
  info->n_rooms = 1;

  return info;
}

/**
 * tea_classic_session_handle:
 * @self: a session
 * @request: (transfer full): what its client asks for; to enter where it is new
 *
 * Does what is asked for, or later where the client is on its way in or out.
 */
void
tea_classic_session_handle (TeaClassicSession *self, TeaClassicRequest *request)
{
  g_autoptr (TeaClassicRequest) owned = request;
  g_autoptr (TeaClassicSession) kept = NULL;

  g_return_if_fail (TEA_IS_CLASSIC_SESSION (self));
  g_return_if_fail (request != NULL);

  kept = g_object_ref (self);
  if (kept->state == STATE_NEW || kept->state == STATE_INSIDE)
    handle (kept, owned);
  else if (kept->waiting.length < MAX_WAITING)
    g_queue_push_tail (&kept->waiting, g_steal_pointer (&owned));
}

/**
 * tea_classic_session_hears:
 * @self: a session
 * @event: what happened
 *
 * Returns: whether that is for its client: one's own lines do not come back
 */
gboolean
tea_classic_session_hears (TeaClassicSession *self, TeaEvent *event)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_SESSION (self), FALSE);

  return (self->state == STATE_INSIDE || self->state == STATE_LEAVING)
         && tea_event_get_seq (event) > self->since
         && !g_str_equal (tea_event_get_author (event), tea_name_get_text (self->name));
}

/**
 * tea_classic_session_note_heard:
 * @self: a session that is not over
 * @size: how many bytes
 *
 * Its client has sent something.
 */
void
tea_classic_session_note_heard (TeaClassicSession *self, gsize size)
{
  g_return_if_fail (TEA_IS_CLASSIC_SESSION (self));
  g_return_if_fail (self->state != STATE_OVER);

  self->last_heard = tea_clock_get_time (self->context->clock);
  tea_classic_post_earn (self->context->post, &self->credit, size);
}

/**
 * tea_classic_session_send:
 * @self: a session that is not over
 * @datagram: what its client is to get
 *
 * Sends something, unless it is more than its client may be sent.
 */
void
tea_classic_session_send (TeaClassicSession *self, GBytes *datagram)
{
  g_return_if_fail (TEA_IS_CLASSIC_SESSION (self));
  g_return_if_fail (self->state != STATE_OVER);

  tea_classic_post_send (self->context->post, self->address, &self->credit, datagram);
}

/**
 * tea_classic_session_lose:
 * @self: a session of somebody who is inside
 * @how: what has become of its client
 *
 * Ends a session whose client is gone.
 */
void
tea_classic_session_lose (TeaClassicSession *self, const char *how)
{
  g_return_if_fail (TEA_IS_CLASSIC_SESSION (self));
  g_return_if_fail (self->state == STATE_INSIDE);

  write_log (self, TEA_SESSION_LOST, how);
  finish (self);
}
