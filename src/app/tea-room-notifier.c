/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-room-notifier.h"

#include <glib/gi18n.h>

#include "tea-mention.h"
#include "tea-text.h"

/* How often the notification of a room changes, at most. */
#define PACE (3 * G_TIME_SPAN_SECOND)

/* What was said so long ago cannot have made the program open the room. */
#define LATELY G_TIME_SPAN_MINUTE

/* Of a long message so many characters are shown. */
#define MAX_CHARACTERS 250

/**
 * TeaRoomNotifier:
 *
 * Notifies the user of what is new in a room that they do not look at.
 *
 * A room has one notification. It tells who wrote what, or how many messages there are, and
 * goes away when these are read: here, or on another device of the same person. A click on it
 * is the action `app.show-room` with the id of the notifier, its button `app.mark-read`.
 */
struct _TeaRoomNotifier
{
  GObject parent_instance;

  GApplication *application;     /* (owned) */
  TeaConversation *conversation; /* (owned) */
  TeaNotifyChoice *choice;       /* (owned) */
  GSettings *settings;           /* (owned) */
  GRegex *mention;               /* (owned) (nullable): what mentions the user */
  char *id;
  char *room_name;
  gboolean in_view;

  /* What is not read and notified of, or will be in a moment. */
  guint n_messages;
  guint64 last_seq; /* the number of the latest one; 0 where the room has no log */
  char *last_author;
  char *last_text;
  gboolean is_urgent;

  gint64 sent_at;
  guint pace_source; /* for what came too soon after that */
};

G_DEFINE_FINAL_TYPE (TeaRoomNotifier, tea_room_notifier, G_TYPE_OBJECT)

static gboolean
is_pair (TeaRoomNotifier *self)
{
  return (tea_conversation_get_flags (self->conversation) & TEA_ROOM_PAIR) != 0;
}

static char *
make_title (TeaRoomNotifier *self)
{
  if (self->n_messages > 1)
    return g_strdup (self->room_name);
  if (is_pair (self))
    return g_strdup (self->last_author);

  /* Translators: who wrote, and in which room. */
  return tea_text_format (_ ("%s in %s"), self->last_author, self->room_name);
}

static char *
make_body (TeaRoomNotifier *self)
{
  g_autofree char *start = NULL;

  if (self->n_messages > 1)
    return g_strdup_printf (ngettext ("%u new message", "%u new messages", self->n_messages),
                            self->n_messages);
  if (!g_settings_get_boolean (self->settings, "notify-text"))
    return NULL;
  if (g_utf8_strlen (self->last_text, -1) <= MAX_CHARACTERS)
    return g_strdup (self->last_text);

  start = g_utf8_substring (self->last_text, 0, MAX_CHARACTERS);

  return g_strconcat (start, "…", NULL);
}

static void
show (TeaRoomNotifier *self)
{
  g_autofree char *title = make_title (self);
  g_autofree char *body = make_body (self);
  g_autoptr (GNotification) notification = g_notification_new (title);

  if (body != NULL)
    g_notification_set_body (notification, body);
  g_notification_set_category (notification, "im.received");
  g_notification_set_priority (notification, self->is_urgent ? G_NOTIFICATION_PRIORITY_HIGH
                                                             : G_NOTIFICATION_PRIORITY_NORMAL);
  g_notification_set_default_action_and_target (notification, "app.show-room", "s", self->id);
  g_notification_add_button_with_target (notification, _ ("Mark as Read"), "app.mark-read", "s",
                                         self->id);
  g_application_send_notification (self->application, self->id, notification);
  self->sent_at = g_get_monotonic_time ();
}

static gboolean
pace_cb (gpointer user_data)
{
  TeaRoomNotifier *self = user_data;

  g_assert (TEA_IS_ROOM_NOTIFIER (self));

  self->pace_source = 0;
  show (self);

  return G_SOURCE_REMOVE;
}

static void
show_soon (TeaRoomNotifier *self)
{
  gint64 left = self->sent_at == 0 ? 0 : self->sent_at + PACE - g_get_monotonic_time ();

  if (self->pace_source != 0)
    return;

  if (left > 0)
    self->pace_source = g_timeout_add ((guint) (left / G_TIME_SPAN_MILLISECOND) + 1, pace_cb, self);
  else
    show (self);
}

static void
withdraw (TeaRoomNotifier *self)
{
  if (self->n_messages == 0)
    return;

  self->n_messages = 0;
  self->last_seq = 0;
  self->is_urgent = FALSE;
  g_clear_pointer (&self->last_author, g_free);
  g_clear_pointer (&self->last_text, g_free);
  g_clear_handle_id (&self->pace_source, g_source_remove);
  g_application_withdraw_notification (self->application, self->id);
}

/* Whoever begins a conversation says something before it can be opened here. */
static gboolean
is_beginning (TeaRoomNotifier *self, TeaEvent *event)
{
  return is_pair (self) && g_get_real_time () - tea_event_get_time (event) < LATELY;
}

/* What was there before this program is history; what was read elsewhere is known. */
static gboolean
is_news (TeaRoomNotifier *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);

  if (self->in_view || tea_event_get_kind (event) != TEA_EVENT_MESSAGE
      || tea_event_get_text (event) == NULL || tea_event_get_author (event) == NULL)
    return FALSE;

  if (seq == 0)
    return TRUE;

  return seq > tea_conversation_get_read (self->conversation)
         && (seq > tea_conversation_get_arrival (self->conversation) || is_beginning (self, event));
}

static void
event_cb (TeaRoomNotifier *self, TeaEvent *event)
{
  TeaNotify notify = tea_notify_choice_get_notify (self->choice);
  gboolean is_urgent;

  g_assert (TEA_IS_ROOM_NOTIFIER (self));

  if (!is_news (self, event) || notify == TEA_NOTIFY_NOTHING)
    return;

  is_urgent = is_pair (self)
              || (self->mention != NULL
                  && g_regex_match (self->mention, tea_event_get_text (event), 0, NULL));
  if (notify == TEA_NOTIFY_MENTIONS && !is_urgent)
    return;

  self->n_messages++;
  self->last_seq = tea_event_get_seq (event);
  g_free (self->last_author);
  self->last_author = g_strdup (tea_event_get_author (event));
  g_free (self->last_text);
  self->last_text = g_strdup (tea_event_get_text (event));
  self->is_urgent |= is_urgent;
  show_soon (self);
}

/* Also where what was not read has been removed. */
static void
read_cb (TeaRoomNotifier *self)
{
  g_assert (TEA_IS_ROOM_NOTIFIER (self));

  if (self->last_seq > 0
      && (tea_conversation_get_read (self->conversation) >= self->last_seq
          || tea_conversation_get_unread (self->conversation) == 0))
    withdraw (self);
}

static void
choice_cb (TeaRoomNotifier *self)
{
  g_assert (TEA_IS_ROOM_NOTIFIER (self));

  if (tea_notify_choice_get_notify (self->choice) == TEA_NOTIFY_NOTHING)
    withdraw (self);
}

static void
tea_room_notifier_dispose (GObject *object)
{
  TeaRoomNotifier *self = TEA_ROOM_NOTIFIER (object);

  if (self->application != NULL)
    withdraw (self);
  g_clear_object (&self->application);
  g_clear_object (&self->conversation);
  g_clear_object (&self->choice);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_room_notifier_parent_class)->dispose (object);
}

static void
tea_room_notifier_finalize (GObject *object)
{
  TeaRoomNotifier *self = TEA_ROOM_NOTIFIER (object);

  g_clear_pointer (&self->mention, g_regex_unref);
  g_free (self->id);
  g_free (self->room_name);

  G_OBJECT_CLASS (tea_room_notifier_parent_class)->finalize (object);
}

static void
tea_room_notifier_class_init (TeaRoomNotifierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_room_notifier_dispose;
  object_class->finalize = tea_room_notifier_finalize;
}

static void
tea_room_notifier_init (TeaRoomNotifier *self)
{
  self->settings = g_settings_new (APPLICATION_ID);
}

/**
 * tea_room_notifier_new:
 * @application: the program
 * @conversation: what happens in the room
 * @choice: of what to notify
 * @id: what tells the room from all others of this program
 * @own_name: what the user is called there
 * @room_name: what the room is called
 *
 * Returns: (transfer full): a notifier, which notifies until it is disposed of
 */
TeaRoomNotifier *
tea_room_notifier_new (GApplication *application,
                       TeaConversation *conversation,
                       TeaNotifyChoice *choice,
                       const char *id,
                       const char *own_name,
                       const char *room_name)
{
  TeaRoomNotifier *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (TEA_IS_NOTIFY_CHOICE (choice), NULL);
  g_return_val_if_fail (id != NULL && own_name != NULL && room_name != NULL, NULL);

  self = g_object_new (TEA_TYPE_ROOM_NOTIFIER, NULL);
  self->application = g_object_ref (application);
  self->conversation = g_object_ref (conversation);
  self->choice = g_object_ref (choice);
  self->id = g_strdup (id);
  self->room_name = g_strdup (room_name);
  self->mention = tea_mention_regex_new (own_name);

  g_signal_connect_object (conversation, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (read_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (choice, "notify::choice", G_CALLBACK (choice_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_room_notifier_get_id:
 * @self: a notifier
 *
 * Returns: what the actions of its notification are given to tell the room
 */
const char *
tea_room_notifier_get_id (TeaRoomNotifier *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_NOTIFIER (self), NULL);

  return self->id;
}

/**
 * tea_room_notifier_set_in_view:
 * @self: a notifier
 * @in_view: whether the room is the one that the active window shows
 *
 * Tells whether the user sees what happens there: then there is nothing to notify them of.
 */
void
tea_room_notifier_set_in_view (TeaRoomNotifier *self, gboolean in_view)
{
  g_return_if_fail (TEA_IS_ROOM_NOTIFIER (self));

  self->in_view = in_view;
  if (in_view)
    withdraw (self);
}

/**
 * tea_room_notifier_mark_read:
 * @self: a notifier
 *
 * The user has read what the notification told of.
 */
void
tea_room_notifier_mark_read (TeaRoomNotifier *self)
{
  g_return_if_fail (TEA_IS_ROOM_NOTIFIER (self));

  if (self->last_seq > 0)
    tea_conversation_mark_read (self->conversation, self->last_seq);
  withdraw (self);
}
