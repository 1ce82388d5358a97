/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-session.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-name.h"
#include "tea-secure-service-private.h"

/* How somebody gets in: HELLO, ENTER and what answers them. A client repeats both until
 * it is answered, so that every step has to bear being asked for again. */

#define SOFTWARE "Teahouse"

/* How much of the past a newcomer can ask for at once; there is more page by page. */
#define MAX_HISTORY 1000

/* For how long a refusal is given again to the very same request: it is a repeat, and
 * nothing has changed. */
#define REPEAT_TIME G_TIME_SPAN_SECOND

static void
answer (TeaSecureSession *self, TeaSecureState state, GBytes *frame)
{
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = frame;
  self->answered = tea_clock_get_time (self->clock);
  self->state = state;
  tea_secure_sender_send (self->sender, g_bytes_ref (frame));
}

static void
refuse (TeaSecureSession *self, TeaRefusal code, const char *text)
{
  g_autofree char *suggestion = NULL;

  g_debug ("%s is refused: %s", self->request.name, text);

  if (code == TEA_REFUSAL_NAME_TAKEN)
    suggestion = tea_room_suggest_name (self->room, self->request.name,
                                        tea_packet_channel_get_peer_key (self->channel));

  self->refusal = code;
  answer (self, TEA_SECURE_NEW,
          tea_frame_encode_refused (code, text, suggestion != NULL ? suggestion : ""));
}

static TeaRefusal
find_refusal (const GError *error)
{
  if (error->domain != TEA_ERROR)
    return TEA_REFUSAL_TRY_LATER;

  switch ((guint) error->code)
    {
    case TEA_ERROR_NAME_EMPTY:
    case TEA_ERROR_NAME_TOO_LONG:
    case TEA_ERROR_NAME_INVALID:
      return TEA_REFUSAL_NAME_UNFIT;
    case TEA_ERROR_NAME_TAKEN:
      return TEA_REFUSAL_NAME_TAKEN;
    case TEA_ERROR_ROOM_FULL:
      return TEA_REFUSAL_ROOM_FULL;
    case TEA_ERROR_PASSWORD_WRONG:
      return TEA_REFUSAL_PASSWORD_WRONG;
    case TEA_ERROR_TRY_LATER:
      return TEA_REFUSAL_TRY_LATER;
    default:
      return TEA_REFUSAL_OTHER;
    }
}

static void
let_in (TeaSecureSession *self)
{
  guint64 head = tea_room_get_head (self->room);
  guint64 first = MIN (tea_room_get_first (self->room), head + 1);
  guint64 epoch = tea_room_get_epoch (self->room);
  guint64 start;
  g_autofree char *address = tea_packet_channel_dup_peer_address (self->channel);

  /* Numbers of another log, or of one that was set back, mean nothing. */
  if (self->request.since <= head && self->request.epoch == epoch)
    start = self->request.since + 1;
  else
    start = head + 1 - MIN (head, MIN (self->request.history, MAX_HISTORY));

  self->speech = tea_speech_new (self->room, self->clock, TEA_SESSION (self), self->sender,
                                 self->ration, self->request.stream, self->request.number);
  self->pulls = tea_pull_queue_new (self->room, self->sender, self->ration);
  answer (self, TEA_SECURE_INSIDE,
          tea_frame_encode_entered (epoch, first, MAX (start, first), head, self->request.number,
                                    tea_member_get_name (self->member), ""));

  tea_secure_service_replace (self->service, self);

  /* The heartbeat begins with the first who is here, whether that was an event or not. */
  tea_secure_service_note_event (self->service);

  g_message ("%s (%s) entered; %u in the room", tea_member_get_name (self->member),
             address != NULL ? address : tea_packet_channel_get_peer_key (self->channel),
             tea_room_get_n_members (self->room));
}

static void
entered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (TeaMember) member = NULL;
  g_autoptr (GError) error = NULL;

  member = tea_room_enter_finish (TEA_ROOM (object), result, &error);
  if (self->state != TEA_SECURE_ENTERING)
    {
      /* Gone before it was in. */
      if (member != NULL && self->has_left)
        tea_room_leave (self->room, TEA_SESSION (self));
      else if (member != NULL)
        tea_room_lose (self->room, TEA_SESSION (self));
      return;
    }

  if (member == NULL)
    {
      refuse (self, find_refusal (error), error->message);
      return;
    }

  self->member = g_steal_pointer (&member);
  let_in (self);
}

static void
since_checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_checked = tea_room_check_since_finish (TEA_ROOM (object), result, &error);

  if (self->state != TEA_SECURE_ENTERING)
    return;

  if (!is_checked)
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, error->message);
      return;
    }

  /* Who is there already, and only comes back, makes no event. */
  if (tea_name_validate (self->request.name, NULL)
      && tea_room_find (self->room, self->request.name) == NULL && !tea_ration_enter (self->ration))
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, _ ("You come and go too often. Wait a little."));
      return;
    }

  tea_room_enter_async (self->room, TEA_SESSION (self), self->request.name,
                        tea_packet_channel_get_peer_key (self->channel), NULL, entered_cb,
                        g_object_ref (self));
}

static void
number_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean found;

  found = tea_room_get_number_finish (TEA_ROOM (object), result, &self->request.number, &error);
  if (self->state != TEA_SECURE_ENTERING)
    return;

  if (!found)
    {
      refuse (self, TEA_REFUSAL_TRY_LATER, error->message);
      return;
    }

  tea_room_check_since_async (self->room, self->request.epoch, self->request.since,
                              since_checked_cb, g_object_ref (self));
}

static void
find_number (TeaSecureSession *self)
{
  tea_room_get_number_async (self->room, tea_packet_channel_get_peer_key (self->channel),
                             self->request.stream, NULL, number_found_cb, g_object_ref (self));
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaSecureSession) self = TEA_SECURE_SESSION (user_data);
  g_autoptr (GError) error = NULL;
  gboolean is_right;

  is_right = tea_password_guard_check_finish (TEA_PASSWORD_GUARD (object), result, &error);
  if (self->state != TEA_SECURE_ENTERING)
    return;

  if (is_right)
    find_number (self);
  else
    refuse (self, find_refusal (error), error->message);
}

static void
check_password (TeaSecureSession *self)
{
  g_autofree char *address = NULL;

  if (self->guard == NULL)
    {
      find_number (self);
      return;
    }

  if (*self->request.password == '\0')
    {
      refuse (self, TEA_REFUSAL_PASSWORD_NEEDED, _ ("This room has a password."));
      return;
    }

  address = tea_packet_channel_dup_peer_address (self->channel);
  tea_password_guard_check_async (self->guard, self->request.password,
                                  tea_packet_channel_get_peer_key (self->channel), address,
                                  checked_cb, g_object_ref (self));
}

static gboolean
is_repeat (TeaSecureSession *self, const TeaFrame *frame)
{
  return self->request.name != NULL && self->request.stream == frame->enter.stream
         && g_str_equal (self->request.name, frame->enter.name)
         && g_str_equal (self->request.password, frame->enter.password);
}

/* The same wrong password again is a repeat, not another guess. */
static gboolean
is_answered (TeaSecureSession *self, const TeaFrame *frame)
{
  return self->answer != NULL && is_repeat (self, frame)
         && (self->refusal == TEA_REFUSAL_PASSWORD_WRONG
             || tea_clock_get_time (self->clock) - self->answered < REPEAT_TIME);
}

/**
 * tea_secure_session_greet:
 * @self: a session
 * @frame: a hello
 *
 * Agrees on a version of the protocol.
 */
void
tea_secure_session_greet (TeaSecureSession *self, const TeaFrame *frame)
{
  TeaRefusal refusal;
  const char *text;

  if (frame->hello.minimum <= TEA_PROTOCOL_VERSION && frame->hello.maximum >= TEA_PROTOCOL_VERSION
      && *frame->hello.room == '\0')
    {
      self->is_welcome = TRUE;
      tea_secure_sender_send (self->sender,
                              tea_frame_encode_welcome (TEA_PROTOCOL_VERSION, SOFTWARE));
      return;
    }

  if (*frame->hello.room != '\0')
    {
      refusal = TEA_REFUSAL_NO_ROOM;
      text = _ ("There is no room of that name here.");
    }
  else
    {
      refusal = TEA_REFUSAL_VERSION;
      text = _ ("This server speaks another version of the protocol.");
    }

  tea_secure_sender_send (self->sender, tea_frame_encode_refused (refusal, text, ""));
}

/**
 * tea_secure_session_enter:
 * @self: a session
 * @frame: a request to be let in
 *
 * Lets somebody in, unless there is something against it.
 */
void
tea_secure_session_enter (TeaSecureSession *self, const TeaFrame *frame)
{
  /* Without a version nothing can be understood; the hello will come again as well. */
  if (!self->is_welcome || self->state == TEA_SECURE_ENTERING)
    return;

  /* What was asked before something else was answered may come late. */
  if (self->state == TEA_SECURE_INSIDE)
    {
      if (is_repeat (self, frame))
        tea_secure_sender_send (self->sender, g_bytes_ref (self->answer));
      return;
    }

  if (is_answered (self, frame))
    {
      tea_secure_sender_send (self->sender, g_bytes_ref (self->answer));
      return;
    }

  tea_secure_session_clear_request (self);
  self->request.epoch = frame->enter.epoch;
  self->request.since = frame->enter.since;
  self->request.stream = frame->enter.stream;
  self->request.history = frame->enter.history;
  self->request.name = g_strdup (frame->enter.name);
  self->request.password = g_strdup (frame->enter.password);
  self->state = TEA_SECURE_ENTERING;
  check_password (self);
}

/**
 * tea_secure_session_clear_request:
 * @self: a session
 *
 * Forgets what was asked, and above all the password.
 */
void
tea_secure_session_clear_request (TeaSecureSession *self)
{
  if (self->request.password != NULL)
    explicit_bzero (self->request.password, strlen (self->request.password));
  g_clear_pointer (&self->request.password, g_free);
  g_clear_pointer (&self->request.name, g_free);
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->refusal = TEA_REFUSAL_OTHER;
}
