/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-conversation-private.h"

#include <glib/gi18n-lib.h>

#include "tea-emoji.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-member-finder.h"
#include "tea-member-list.h"
#include "tea-name.h"
#include "tea-outbox.h"
#include "tea-pins.h"
#include "tea-reading.h"
#include "tea-refresher.h"
#include "tea-room-ref.h"
#include "tea-room-search.h"
#include "tea-timeline-private.h"
#include "tea-typing.h"
#include "tea-undertaking.h"

/* How many events around one can be loaded. */
#define AROUND_MAX 200

/**
 * TeaConversation:
 *
 * What a client knows of a room, and does there: what happened, who is in it, and what its
 * user says.
 */
struct _TeaConversation
{
  GObject parent_instance;

  char *address;
  char *title;
  TeaRoomFlags flags;
  TeaRoomRole role;
  char *topic;
  guint64 topic_seq; /* the event that it is of */
  guint slow_mode;
  TeaPins *pins; /* (owned) */

  TeaName *own_name;       /* (owned) (nullable) */
  TeaTimeline *timeline;   /* (owned) */
  TeaMemberList *members;  /* (owned) */
  TeaOutbox *outbox;       /* (owned) */
  TeaReading *reading;     /* (owned) */
  TeaTyping *typing;       /* (owned) */
  TeaRefresher *refresher; /* (owned) */
  TeaMemberFinder *finder; /* (owned) */

  /* the way to the room: one of these, or none */
  TeaRoomLink *room;       /* (owned) (nullable) */
  TeaSecureLink *secure;   /* (owned) (nullable): what @room is on */
  TeaClassicLink *classic; /* (owned) (nullable) */
  GSignalGroup *signals;   /* (owned): of @classic */

  TeaUndertaking opening; /* for the first time */
  gboolean is_open;
  gboolean was_open;     /* once */
  guint64 arrival;       /* the latest number in the log then */
  gboolean members_told; /* the list of members was told by the server */
  gboolean is_loading;   /* older history */
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_FLAGS,
  PROP_HAS_OLDER,
  PROP_IS_OPEN,
  PROP_MEMBERS,
  PROP_MEMBERS_KNOWN,
  PROP_N_UNSENT,
  PROP_PINS,
  PROP_READ,
  PROP_ROLE,
  PROP_SLOW_MODE,
  PROP_TIMELINE,
  PROP_TITLE,
  PROP_TOPIC,
  PROP_TYPING,
  PROP_UNREAD,
  N_PROPS
};

enum
{
  SIGNAL_CLOSED,
  SIGNAL_DELIVERY,
  SIGNAL_EVENT,
  SIGNAL_GAP,
  SIGNAL_OLDER_EVENT,
  SIGNAL_OPENED,
  SIGNAL_REFUSED,
  N_SIGNALS
};

#define READABLE (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConversation, tea_conversation, G_TYPE_OBJECT)

/* What the link to the room tells, of either kind */

static void
set_standing (TeaConversation *self, gboolean is_open, gboolean members_told)
{
  gboolean were_known = tea_conversation_get_members_known (self);
  gboolean was_open = self->is_open;

  self->is_open = is_open;
  self->members_told = members_told;
  if (is_open != was_open)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_OPEN]);
  if (tea_conversation_get_members_known (self) != were_known)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMBERS_KNOWN]);
}

static void
set_string (TeaConversation *self, char **member, const char *value, guint property)
{
  if (g_str_equal (*member, value))
    return;

  g_free (*member);
  *member = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* How the room is; bits that are not known are not told. */
static void
set_room (TeaConversation *self, const char *address, const char *title, guint flags)
{
  flags &= (TEA_ROOM_PAIR << 1) - 1;
  set_string (self, &self->address, address, PROP_ADDRESS);
  set_string (self, &self->title, title, PROP_TITLE);
  if (self->flags == (TeaRoomFlags) flags)
    return;

  self->flags = (TeaRoomFlags) flags;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLAGS]);
}

static void
set_role (TeaConversation *self, TeaRoomRole role)
{
  if (self->role == role)
    return;

  self->role = role;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
}

/* What is told again, or late, tells nothing of how the topic is now. */
static void
take_topic (TeaConversation *self, TeaEvent *event)
{
  const char *text = tea_event_get_text (event);

  if (tea_event_get_seq (event) <= self->topic_seq)
    return;

  self->topic_seq = tea_event_get_seq (event);
  set_string (self, &self->topic, text != NULL ? text : "", PROP_TOPIC);
}

static void
set_slow_mode (TeaConversation *self, guint slow_mode)
{
  if (slow_mode == TEA_SLOW_UNCHANGED || self->slow_mode == slow_mode)
    return;

  self->slow_mode = slow_mode;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SLOW_MODE]);
}

/* There is a way to the room, of either kind. */
static void
note_opened (TeaConversation *self, guint n_said)
{
  set_standing (self, TRUE, self->members_told);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_OLDER]);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, n_said);
}

static void
opened_cb (const TeaFrame *frame, guint n_said, gboolean is_whole, gpointer user_data)
{
  g_autoptr (TeaConversation) self = g_object_ref (TEA_CONVERSATION (user_data));
  g_autoptr (GTask) task = tea_undertaking_end (&self->opening);

  set_room (self, frame->opened.address, frame->opened.title, frame->opened.flags);
  set_role (self, frame->opened.role);
  set_slow_mode (self, frame->opened.slow_mode);
  /* What is pinned is told behind it. */
  if (!is_whole)
    tea_pins_forget (self->pins);
  tea_reading_take_told (self->reading, frame->opened.read, frame->opened.unread,
                         frame->opened.head);
  /* Who was never here has not missed anything. */
  if (!self->was_open && frame->opened.read > 0)
    tea_timeline_set_unread (self->timeline, frame->opened.read, frame->opened.head);
  if (!self->was_open)
    self->arrival = frame->opened.head;
  self->was_open = TRUE;
  if ((self->flags & TEA_ROOM_PAIR) != 0)
    {
      g_autoptr (TeaMember) other = NULL;
      g_autofree char *key = tea_room_ref_dup_pair_key (self->address);

      if (*self->title != '\0')
        {
          other = tea_member_new_present (self->title, 0, key);
          tea_member_list_add (self->members, other);
        }
      self->members_told = TRUE;
    }
  note_opened (self, n_said);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
closed_cb (const GError *error, gpointer user_data)
{
  g_autoptr (TeaConversation) self = g_object_ref (TEA_CONVERSATION (user_data));
  g_autoptr (GTask) task = NULL;

  tea_typing_clear (self->typing);
  set_standing (self, FALSE, self->members_told);
  if (error == NULL)
    return;

  tea_member_finder_finish (self->finder);
  task = tea_undertaking_end (&self->opening);
  if (task != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

static void
typing_cb (const char *name, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  if (!tea_name_matches (self->own_name, name))
    tea_typing_take (self->typing, name);
}

static void
read_cb (guint64 read, guint unread, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  tea_reading_take_told (self->reading, read, unread, tea_room_link_get_head (self->room));
}

static void
reading_changed_cb (gpointer user_data)
{
  g_object_notify_by_pspec (G_OBJECT (user_data), properties[PROP_READ]);
  g_object_notify_by_pspec (G_OBJECT (user_data), properties[PROP_UNREAD]);
}

static void
tell_read_cb (guint64 read, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  if (self->room != NULL)
    tea_room_link_tell_read (self->room, read);
}

static void
typing_changed_cb (gpointer user_data)
{
  g_object_notify_by_pspec (G_OBJECT (user_data), properties[PROP_TYPING]);
}

static gboolean
is_own (TeaConversation *self, TeaEvent *event)
{
  const char *author = tea_event_get_author (event);

  return author != NULL && tea_name_matches (self->own_name, author);
}

static gboolean
is_presence (TeaEvent *event)
{
  return tea_event_get_kind (event) == TEA_EVENT_JOINED
         || tea_event_get_kind (event) == TEA_EVENT_LEFT;
}

static void
take_settings (TeaConversation *self, TeaEvent *event)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;

  if (!tea_event_data_decode_settings (tea_event_get_data (event), &settings))
    return;

  set_room (self, settings.address, settings.title,
            settings.flags | (self->flags & TEA_ROOM_ARCHIVED));
  set_slow_mode (self, settings.slow_mode);
}

static void
take_archived (TeaConversation *self, TeaEvent *event)
{
  gboolean is_archived;

  if (tea_event_data_decode_switch (tea_event_get_data (event), &is_archived))
    set_room (self, self->address, self->title,
              is_archived ? self->flags | TEA_ROOM_ARCHIVED : self->flags & ~TEA_ROOM_ARCHIVED);
}

static void
take_role (TeaConversation *self, TeaEvent *event)
{
  g_autofree char *key = NULL;
  TeaRoomRole role;

  if (tea_event_data_decode_role (tea_event_get_data (event), &key, &role)
      && tea_event_get_text (event) != NULL
      && tea_name_matches (self->own_name, tea_event_get_text (event)))
    set_role (self, role);
}

static void
take_removed (TeaConversation *self, guint64 seq, guint64 removal)
{
  tea_pins_take_removed (self->pins, seq);
  tea_reading_take_removed (self->reading, seq, removal);
}

/* What somebody did to messages. */
static void
take_amendment (TeaConversation *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);
  g_autoptr (GArray) removed = tea_timeline_take_change (self->timeline, event);

  /* It counts as unread also where it was not told. */
  if (tea_event_get_kind (event) == TEA_EVENT_REMOVED)
    take_removed (self, tea_event_get_target (event), seq);
  else
    for (guint i = 0; i < removed->len; i++)
      take_removed (self, g_array_index (removed, guint64, i), seq);
}

/* What somebody did to the room, or to messages in it. */
static void
take_change (TeaConversation *self, TeaEvent *event)
{
  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_SETTINGS:
      take_settings (self, event);
      break;
    case TEA_EVENT_ARCHIVED:
      take_archived (self, event);
      break;
    case TEA_EVENT_ROLE:
      take_role (self, event);
      break;
    case TEA_EVENT_TOPIC:
      take_topic (self, event);
      break;
    case TEA_EVENT_PINNED:
      tea_pins_take_event (self->pins, event);
      break;
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_SENT_OUT:
      take_amendment (self, event);
      break;
    default:
      break;
    }
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);
  gboolean own = is_own (self, event);

  tea_outbox_take_next (self->outbox, tea_event_get_seq (event));
  tea_reading_take_event (self->reading, event, own);
  take_change (self, event);
  if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    tea_typing_take_message (self->typing, tea_event_get_author (event));
  if (own && tea_outbox_take_logged (self->outbox, event))
    return;

  if (!own || !is_presence (event))
    tea_timeline_append_event (self->timeline, event);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
standing_cb (TeaEvent *event, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  if (tea_event_get_kind (event) == TEA_EVENT_TOPIC)
    take_topic (self, event);
  else if (tea_event_get_kind (event) == TEA_EVENT_PINNED)
    tea_pins_take_event (self->pins, event);
}

static void
gap_cb (gboolean is_anew, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  /* Who came and left meanwhile is not known. The link asks. */
  set_standing (self, self->is_open, FALSE);
  if (is_anew)
    {
      tea_reading_begin_anew (self->reading);
      tea_timeline_begin_anew (self->timeline);
      self->arrival = 0;
      self->topic_seq = 0;
      set_string (self, &self->topic, "", PROP_TOPIC);
    }
  else
    {
      tea_reading_take_gap (self->reading);
      tea_timeline_append_gap (self->timeline);
    }
  tea_pins_forget (self->pins);
  g_signal_emit (self, signals[SIGNAL_GAP], 0);
}

static void
members_told_cb (gpointer user_data)
{
  g_autoptr (TeaConversation) self = g_object_ref (TEA_CONVERSATION (user_data));

  set_standing (self, self->is_open, TRUE);
  tea_member_finder_finish (self->finder);
}

static void
pinned_cb (guint64 seq, gboolean pinned, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  tea_timeline_set_pinned (self->timeline, seq, pinned);
}

static void
older_cb (gpointer user_data)
{
  g_object_notify_by_pspec (G_OBJECT (user_data), properties[PROP_HAS_OLDER]);
}

/* Somebody of whom no more is known than that they are there. */
static void
add_name (TeaConversation *self, const char *name)
{
  g_autoptr (TeaMember) member = tea_member_new (name);

  tea_member_list_add (self->members, member);
}

static gboolean
classic_say_cb (const char *text, gpointer user_data, GError **error)
{
  return tea_classic_link_say (TEA_CONVERSATION (user_data)->classic, text, error);
}

static void
classic_opened_cb (TeaConversation *self)
{
  g_assert (TEA_IS_CONVERSATION (self));

  note_opened (self, tea_outbox_open_classic (self->outbox, classic_say_cb, self));
}

static void
classic_closed_cb (TeaConversation *self)
{
  g_assert (TEA_IS_CONVERSATION (self));

  tea_outbox_close (self->outbox);
  set_standing (self, FALSE, FALSE);
}

/* Some servers tell one of one's own doings. */
static void
classic_event_cb (TeaConversation *self, TeaEvent *event)
{
  const char *author = tea_event_get_author (event);
  const char *text = tea_event_get_text (event);
  gboolean own = is_own (self, event);
  gboolean is_shown = FALSE;

  g_assert (TEA_IS_CONVERSATION (self));

  tea_outbox_note_heard (self->outbox);
  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      if (own)
        return;
      add_name (self, author);
      break;

    case TEA_EVENT_LEFT:
      if (own)
        return;
      tea_member_list_remove (self->members, author);
      break;

    case TEA_EVENT_MESSAGE:
      if (own && tea_outbox_take_echo (self->outbox, text))
        return;
      add_name (self, author);
      break;

    case TEA_EVENT_REFUSED:
      /* Shown with the message that it concerns. */
      is_shown = tea_outbox_take_refusal (self->outbox, text);
      break;

    default:
      break;
    }

  if (!is_shown)
    tea_timeline_append_event (self->timeline, event);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
classic_present_cb (TeaConversation *self, GPtrArray *members)
{
  g_assert (TEA_IS_CONVERSATION (self));

  tea_outbox_note_heard (self->outbox);
  tea_member_list_set (self->members, members);
  set_standing (self, self->is_open, TRUE);
}

static void
delivery_cb (TeaConversation *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_CONVERSATION (self));

  g_signal_emit (self, signals[SIGNAL_DELIVERY], 0, item);
}

static void
refused_cb (TeaConversation *self, TeaEventKind kind, guint64 target, GError *error)
{
  g_assert (TEA_IS_CONVERSATION (self));

  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, kind, target, error);
}

static void
unsent_cb (TeaConversation *self)
{
  g_assert (TEA_IS_CONVERSATION (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_UNSENT]);
}

static void
tea_conversation_dispose (GObject *object)
{
  TeaConversation *self = TEA_CONVERSATION (object);

  if (self->outbox != NULL)
    tea_conversation_unfollow (self);
  g_clear_object (&self->signals);
  g_clear_pointer (&self->reading, tea_reading_free);
  g_clear_pointer (&self->typing, tea_typing_free);
  g_clear_pointer (&self->finder, tea_member_finder_free);
  g_clear_object (&self->refresher);
  g_clear_object (&self->outbox);
  g_clear_object (&self->timeline);
  g_clear_object (&self->members);
  g_clear_pointer (&self->pins, tea_pins_free);

  G_OBJECT_CLASS (tea_conversation_parent_class)->dispose (object);
}

static void
tea_conversation_finalize (GObject *object)
{
  TeaConversation *self = TEA_CONVERSATION (object);

  g_free (self->address);
  g_free (self->title);
  g_free (self->topic);
  g_clear_pointer (&self->own_name, tea_name_unref);

  G_OBJECT_CLASS (tea_conversation_parent_class)->finalize (object);
}

static void
tea_conversation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaConversation *self = TEA_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_FLAGS:
      g_value_set_flags (value, self->flags);
      break;
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, tea_conversation_get_has_older (self));
      break;
    case PROP_IS_OPEN:
      g_value_set_boolean (value, self->is_open);
      break;
    case PROP_MEMBERS:
      g_value_set_object (value, self->members);
      break;
    case PROP_MEMBERS_KNOWN:
      g_value_set_boolean (value, tea_conversation_get_members_known (self));
      break;
    case PROP_N_UNSENT:
      g_value_set_uint (value, tea_conversation_get_n_unsent (self));
      break;
    case PROP_PINS:
      g_value_set_object (value, tea_pins_get_list (self->pins));
      break;
    case PROP_READ:
      g_value_set_uint64 (value, tea_conversation_get_read (self));
      break;
    case PROP_ROLE:
      g_value_set_enum (value, (int) self->role);
      break;
    case PROP_SLOW_MODE:
      g_value_set_uint (value, self->slow_mode);
      break;
    case PROP_TIMELINE:
      g_value_set_object (value, self->timeline);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_TOPIC:
      g_value_set_string (value, self->topic);
      break;
    case PROP_TYPING:
      g_value_take_boxed (value, tea_conversation_dup_typing (self));
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, tea_conversation_get_unread (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_conversation_class_init (TeaConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_conversation_dispose;
  object_class->finalize = tea_conversation_finalize;
  object_class->get_property = tea_conversation_get_property;

  /**
   * TeaConversation:address:
   *
   * The room's address in its house.
   */
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, READABLE);
  /**
   * TeaConversation:flags:
   *
   * How the room is, as far as is known.
   */
  properties[PROP_FLAGS]
      = g_param_spec_flags ("flags", NULL, NULL, TEA_TYPE_ROOM_FLAGS, 0, READABLE);
  /**
   * TeaConversation:has-older:
   *
   * Whether older history than what is in the timeline can be had.
   */
  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, READABLE);
  /**
   * TeaConversation:is-open: (getter get_is_open)
   *
   * Whether the room is open: what happens there is told at once.
   */
  properties[PROP_IS_OPEN] = g_param_spec_boolean ("is-open", NULL, NULL, FALSE, READABLE);
  /**
   * TeaConversation:members:
   *
   * Who is in the room, a list of [class@Tea.Member].
   */
  properties[PROP_MEMBERS]
      = g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, READABLE);
  /**
   * TeaConversation:members-known:
   *
   * Whether everybody who is in the room is known.
   */
  properties[PROP_MEMBERS_KNOWN]
      = g_param_spec_boolean ("members-known", NULL, NULL, FALSE, READABLE);
  /**
   * TeaConversation:n-unsent:
   *
   * How many of one's own messages, and of the things one does, wait or are on their way. What
   * failed does not count.
   */
  properties[PROP_N_UNSENT] = g_param_spec_uint ("n-unsent", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
  /**
   * TeaConversation:pins:
   *
   * The messages that are pinned, a list of [class@Tea.PinnedMessage].
   */
  properties[PROP_PINS] = g_param_spec_object ("pins", NULL, NULL, G_TYPE_LIST_MODEL, READABLE);
  /**
   * TeaConversation:read:
   *
   * The number of the event up to which the user has read, on whatever device.
   */
  properties[PROP_READ] = g_param_spec_uint64 ("read", NULL, NULL, 0, G_MAXUINT64, 0, READABLE);
  /**
   * TeaConversation:role:
   *
   * What the user may do in the room.
   */
  properties[PROP_ROLE]
      = g_param_spec_enum ("role", NULL, NULL, TEA_TYPE_ROOM_ROLE, TEA_ROOM_ROLE_NONE, READABLE);
  /**
   * TeaConversation:slow-mode:
   *
   * How many seconds members wait between messages, as far as is known.
   */
  properties[PROP_SLOW_MODE]
      = g_param_spec_uint ("slow-mode", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
  /**
   * TeaConversation:timeline:
   *
   * What happened in the room.
   */
  properties[PROP_TIMELINE]
      = g_param_spec_object ("timeline", NULL, NULL, TEA_TYPE_TIMELINE, READABLE);
  /**
   * TeaConversation:title:
   *
   * What the room is called; `""` where its address is all. That of a private conversation is
   * the other one's name.
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, READABLE);
  /**
   * TeaConversation:topic:
   *
   * What the room is about; `""` where nothing is said of that.
   */
  properties[PROP_TOPIC] = g_param_spec_string ("topic", NULL, NULL, NULL, READABLE);
  /**
   * TeaConversation:typing: (getter dup_typing)
   *
   * The names of the others who are writing.
   */
  properties[PROP_TYPING] = g_param_spec_boxed ("typing", NULL, NULL, G_TYPE_STRV, READABLE);
  /**
   * TeaConversation:unread:
   *
   * How many messages of others come after what the user has read, up to 1000.
   */
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, 1000, 0, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaConversation::closed:
   * @self: the conversation
   * @error: why
   *
   * The server has closed the room, or does not let its user in again: nothing more is told.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  /**
   * TeaConversation::delivery:
   * @self: the conversation
   * @item: a message of one's own
   *
   * A message has come further, or has failed; see [method@Tea.TimelineItem.get_delivery].
   * That it is delivered is told when its place in the room's log, and its time there, are
   * known as well.
   */
  signals[SIGNAL_DELIVERY]
      = g_signal_new ("delivery", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_TIMELINE_ITEM);
  /**
   * TeaConversation::event:
   * @self: the conversation
   * @event: what happened
   *
   * Something happened in the room; what this program said itself is not told, but what it did
   * to messages is. Where the room
   * has a log, what comes first is what happened there lately, and each event has its number.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaConversation::gap:
   * @self: the conversation
   *
   * What happened between the last event that was told and the next is not told: it is too
   * much, or not kept any more.
   */
  signals[SIGNAL_GAP] = g_signal_new ("gap", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaConversation::older-event:
   * @self: the conversation
   * @event: what happened
   *
   * Something happened before all that was told so far, as was asked for by
   * [method@Tea.Conversation.load_older_async]: its events come one after the other, the
   * oldest first, before it is finished.
   */
  signals[SIGNAL_OLDER_EVENT]
      = g_signal_new ("older-event", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_EVENT);
  /**
   * TeaConversation::opened:
   * @self: the conversation
   * @n_said: how many waiting messages are said at once
   *
   * There is a way to the room, for the first time or again.
   */
  signals[SIGNAL_OPENED] = g_signal_new ("opened", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  /**
   * TeaConversation::refused:
   * @self: the conversation
   * @kind: what was to be done
   * @target: the event that it is about; 0 for none
   * @error: why
   *
   * The server does not do what [method@Tea.Conversation.edit], say, or
   * [method@Tea.Conversation.invite] asked for: everything but saying a message.
   */
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", TEA_TYPE_CONVERSATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 3, TEA_TYPE_EVENT_KIND, G_TYPE_UINT64, G_TYPE_ERROR);
}

static void
tea_conversation_init (TeaConversation *self)
{
  self->timeline = tea_timeline_new ();
  self->members = tea_member_list_new ();
  self->pins = tea_pins_new (pinned_cb, self);
  self->topic = g_strdup ("");
  self->refresher = tea_refresher_new (self->timeline);
  self->finder = tea_member_finder_new (self->members);
  self->signals = g_signal_group_new (TEA_TYPE_CLASSIC_LINK);
  g_signal_group_connect_swapped (self->signals, "opened", G_CALLBACK (classic_opened_cb), self);
  g_signal_group_connect_swapped (self->signals, "event", G_CALLBACK (classic_event_cb), self);
  g_signal_group_connect_swapped (self->signals, "present", G_CALLBACK (classic_present_cb), self);
  g_signal_group_connect_swapped (self->signals, "lost", G_CALLBACK (classic_closed_cb), self);
  g_signal_group_connect_swapped (self->signals, "ended", G_CALLBACK (classic_closed_cb), self);
}

/**
 * tea_conversation_new: (skip)
 * @clock: by which clock
 * @address: the address of the room; `""` for the hall
 *
 * Returns: (transfer full): a conversation in a room of which nothing is known yet
 */
TeaConversation *
tea_conversation_new (TeaClock *clock, const char *address)
{
  static const TeaReadingFuncs reading_funcs = {
    .changed = reading_changed_cb,
    .tell = tell_read_cb,
  };
  TeaConversation *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (TEA_TYPE_CONVERSATION, NULL);
  self->address = g_strdup (address);
  self->title = g_strdup ("");
  self->reading = tea_reading_new (clock, &reading_funcs, self);
  self->typing = tea_typing_new (clock, typing_changed_cb, self);
  self->outbox = tea_outbox_new (self->timeline, clock);
  g_object_connect (self->outbox, "swapped-object-signal::delivery", delivery_cb, self,
                    "swapped-object-signal::refused", refused_cb, self,
                    "swapped-object-signal::notify::n-unsent", unsent_cb, self, NULL);

  return self;
}

/**
 * tea_conversation_enter: (skip)
 * @self: a conversation
 * @own_name: the name under which the room is entered
 *
 * The user goes into the room, alone as far as one knows.
 */
void
tea_conversation_enter (TeaConversation *self, const char *own_name)
{
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (own_name != NULL);

  tea_conversation_set_own_name (self, own_name);
  tea_member_list_set (self->members, nobody);
  set_standing (self, self->is_open, FALSE);
}

/**
 * tea_conversation_set_own_name: (skip)
 * @self: a conversation
 * @own_name: what the user is called, as the server writes it
 *
 * Writes one's own name as everybody sees it.
 */
void
tea_conversation_set_own_name (TeaConversation *self, const char *own_name)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (own_name != NULL);

  if (self->own_name != NULL && g_str_equal (tea_name_get_text (self->own_name), own_name))
    return;

  g_clear_pointer (&self->own_name, tea_name_unref);
  self->own_name = tea_name_new_unchecked (own_name);
  tea_timeline_set_own_name (self->timeline, own_name);
  tea_member_list_set_own (self->members, own_name);
}

/**
 * tea_conversation_follow_secure: (skip)
 * @self: a conversation without a link
 * @link: a link to the house that the room is in
 * @plan: how to open the room; it need not stay
 *
 * Reaches the room through a link.
 */
void
tea_conversation_follow_secure (TeaConversation *self, TeaSecureLink *link, const TeaRoomPlan *plan)
{
  static const TeaRoomLinkFuncs funcs = {
    .opened = opened_cb,
    .closed = closed_cb,
    .event = event_cb,
    .standing = standing_cb,
    .gap = gap_cb,
    .members_told = members_told_cb,
    .older = older_cb,
    .typing = typing_cb,
    .read = read_cb,
  };

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (self->room == NULL && self->classic == NULL);

  self->secure = g_object_ref (link);
  self->room = g_object_ref (
      tea_secure_link_add_room (link, plan, self->outbox, self->members, &funcs, self));
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (TeaConversation) self = g_object_ref (TEA_CONVERSATION (user_data));
  g_autoptr (GTask) task = tea_undertaking_end (&self->opening);

  tea_conversation_unfollow (self);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/**
 * tea_conversation_open_async: (skip)
 * @self: a conversation without a link
 * @link: a link to the house that the room is in
 * @plan: how to open the room; it need not stay
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens the room.
 */
void
tea_conversation_open_async (TeaConversation *self,
                             TeaSecureLink *link,
                             const TeaRoomPlan *plan,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CONVERSATION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_conversation_open_async);
  tea_undertaking_begin (&self->opening, task, given_up_cb, self);
  tea_conversation_follow_secure (self, link, plan);
}

/**
 * tea_conversation_open_finish: (skip)
 * @self: a conversation
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether the room is open
 */
gboolean
tea_conversation_open_finish (TeaConversation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_conversation_follow_classic: (skip)
 * @self: a conversation without a link
 * @link: a link to the room
 *
 * Reaches the room through a link where there is no log.
 */
void
tea_conversation_follow_classic (TeaConversation *self, TeaClassicLink *link)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (self->room == NULL && self->classic == NULL);
  g_return_if_fail (TEA_IS_CLASSIC_LINK (link));

  self->classic = g_object_ref (link);
  g_signal_group_set_target (self->signals, link);
}

/**
 * tea_conversation_tell_arrival: (skip)
 * @self: a conversation
 * @time: when, in µs since the Unix epoch
 *
 * Tells that its user is in the room, where the room has no log that does.
 */
void
tea_conversation_tell_arrival (TeaConversation *self, gint64 time)
{
  g_autoptr (TeaEvent) event = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));

  event = tea_event_new (TEA_EVENT_JOINED, time, tea_name_get_text (self->own_name), NULL);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

/**
 * tea_conversation_stop: (skip)
 * @self: a conversation
 *
 * The user leaves: what is said from now on waits.
 */
void
tea_conversation_stop (TeaConversation *self)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  tea_reading_tell_now (self->reading);
  tea_outbox_stop (self->outbox);
}

/**
 * tea_conversation_unfollow: (skip)
 * @self: a conversation
 *
 * There is no link any more. What is not said yet waits for the next.
 */
void
tea_conversation_unfollow (TeaConversation *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (self->room != NULL)
    {
      tea_room_link_detach (self->room);
      tea_secure_link_remove_room (self->secure, self->room);
      tea_typing_clear (self->typing);
    }
  else if (self->classic != NULL)
    {
      g_signal_group_set_target (self->signals, NULL);
      tea_outbox_close (self->outbox);
    }
  g_clear_object (&self->room);
  g_clear_object (&self->secure);
  g_clear_object (&self->classic);
  set_standing (self, FALSE, self->members_told);

  tea_member_finder_finish (self->finder);
  task = tea_undertaking_end (&self->opening);
  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left");
}

/**
 * tea_conversation_get_outbox: (skip)
 * @self: a conversation
 *
 * Returns: (transfer none): one's own messages on their way
 */
TeaOutbox *
tea_conversation_get_outbox (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return self->outbox;
}

/**
 * tea_conversation_get_epoch: (skip)
 * @self: a conversation
 *
 * Returns: which log the room has; 0 before that is known
 */
guint64
tea_conversation_get_epoch (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return self->room != NULL ? tea_room_link_get_epoch (self->room) : 0;
}

static gboolean
check_text (const char *text, GError **error)
{
  if (*text != '\0' && strlen (text) <= TEA_TEXT_MAX_BYTES)
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
               _ ("A message can have 1 to %u bytes; this one has %u."), TEA_TEXT_MAX_BYTES,
               (guint) strlen (text));

  return FALSE;
}

/* Where servers tell of no log there is nothing that could be changed. */
static gboolean
check_log (TeaConversation *self, GError **error)
{
  if (self->classic == NULL)
    return TRUE;

  g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NOT_ALLOWED,
                       _ ("That cannot be done on this server."));

  return FALSE;
}

static gboolean
say (TeaConversation *self, const char *text, guint64 reply_to, GError **error)
{
  if (!check_text (text, error))
    return FALSE;

  tea_typing_note_own (self->typing, FALSE);
  tea_outbox_say (self->outbox, text, reply_to);

  return TRUE;
}

/**
 * tea_conversation_say:
 * @self: a conversation
 * @text: what to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Says something, or, while there is no connection, keeps it until there is again. Either
 * way it is in the timeline at once.
 *
 * Returns: whether the text can be said at all; if not, nothing happened and @error
 *   is %TEA_ERROR_TEXT_INVALID
 */
gboolean
tea_conversation_say (TeaConversation *self, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), FALSE);
  g_return_val_if_fail (self->own_name != NULL, FALSE);

  return say (self, text, 0, error);
}

/**
 * tea_conversation_reply:
 * @self: a conversation
 * @seq: the number of the message to answer
 * @text: what to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Answers a message; else as [method@Tea.Conversation.say]. On servers of the classic protocol
 * nobody sees that it is an answer.
 *
 * Returns: whether the text can be said at all; if not, nothing happened and @error
 *   is %TEA_ERROR_TEXT_INVALID
 */
gboolean
tea_conversation_reply (TeaConversation *self, guint64 seq, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (seq > 0, FALSE);
  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), FALSE);
  g_return_val_if_fail (self->own_name != NULL, FALSE);

  return say (self, text, seq, error);
}

/**
 * tea_conversation_mark_read:
 * @self: a conversation
 * @seq: the number of an event
 *
 * The user has read up to there. The server is told, at most every two seconds, and tells
 * the user's other devices; the position never goes back.
 */
void
tea_conversation_mark_read (TeaConversation *self, guint64 seq)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (self->room != NULL)
    tea_reading_mark (self->reading, MIN (seq, tea_room_link_get_told (self->room)));
}

/**
 * tea_conversation_set_typing:
 * @self: a conversation
 * @is_typing: whether the user has just changed what they are about to say, or does not
 *   write any more
 *
 * Tells the others, at most every four seconds, that the user is writing. To be called with
 * each change; they show it for six seconds, or until the message is there.
 */
void
tea_conversation_set_typing (TeaConversation *self, gboolean is_typing)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (tea_typing_note_own (self->typing, is_typing) && self->room != NULL)
    tea_room_link_tell_typing (self->room);
}

/**
 * tea_conversation_dup_typing: (get-property typing)
 * @self: a conversation
 *
 * Tells who of the others is writing.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names, those first who began
 *   first
 */
char **
tea_conversation_dup_typing (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return tea_typing_dup_names (self->typing);
}

/**
 * tea_conversation_leave:
 * @self: a conversation in a room that is neither the hall nor a private one
 *
 * Leaves the room for good: its user is a member no more. The server closes it then, which
 * [signal@Tea.Conversation::closed] tells. (Closing the window is
 * [method@Tea.Client.close_room].)
 */
void
tea_conversation_leave (TeaConversation *self)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  tea_outbox_tell (self->outbox, TEA_EVENT_LEFT, 0, NULL, NULL);
}

/**
 * tea_conversation_invite:
 * @self: a conversation in a room whose members may invite, or where the user is a moderator
 * @fingerprint: the fingerprint of somebody's key
 * @name: (nullable): what they are called
 *
 * Invites somebody.
 */
void
tea_conversation_invite (TeaConversation *self, const char *fingerprint, const char *name)
{
  g_autoptr (GBytes) data = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (fingerprint != NULL);

  data = tea_event_data_encode_key (fingerprint);
  g_return_if_fail (data != NULL);
  tea_outbox_tell (self->outbox, TEA_EVENT_INVITED, 0, name, data);
}

/**
 * tea_conversation_change:
 * @self: a conversation in a room that the user owns
 * @address: the room's address from now on
 * @title: what it is called
 * @flags: how it is; who may make a room chooses among these
 * @retain_days: for how many days events are kept; 0 for as the house has it,
 *   %TEA_RETAIN_DAYS_UNCHANGED for as before
 * @retain_events: how many events are kept; 0 for as the house has it,
 *   %TEA_RETAIN_EVENTS_UNCHANGED for as before
 * @slow_mode: how many seconds members wait between messages; %TEA_SLOW_UNCHANGED for as before
 *
 * Changes the settings of the room.
 */
void
tea_conversation_change (TeaConversation *self,
                         const char *address,
                         const char *title,
                         TeaRoomFlags flags,
                         guint retain_days,
                         guint64 retain_events,
                         guint slow_mode)
{
  g_autoptr (GBytes) data = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (address != NULL && title != NULL);

  data = tea_event_data_encode_settings (&(TeaRoomSettings){
      .address = (char *) address,
      .title = (char *) title,
      .flags = flags,
      .retain_days = retain_days,
      .retain_events = retain_events,
      .slow_mode = slow_mode,
  });
  tea_outbox_tell (self->outbox, TEA_EVENT_SETTINGS, 0, NULL, data);
}

/**
 * tea_conversation_archive:
 * @self: a conversation in a room that the user owns
 * @archived: whether nobody is to say anything any more
 *
 * Archives the room, or opens it again.
 */
void
tea_conversation_archive (TeaConversation *self, gboolean archived)
{
  g_autoptr (GBytes) data = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));

  data = tea_event_data_encode_switch (archived);
  tea_outbox_tell (self->outbox, TEA_EVENT_ARCHIVED, 0, NULL, data);
}

/**
 * tea_conversation_ask_members:
 * @self: a conversation
 *
 * Asks the server who is in the room once more. Of people who came meanwhile it tells the keys
 * too. [property@Tea.Conversation:members-known] is false until it has answered.
 */
void
tea_conversation_ask_members (TeaConversation *self)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (self->room == NULL || (self->flags & TEA_ROOM_PAIR) != 0)
    return;

  set_standing (self, self->is_open, FALSE);
  tea_room_link_ask_members (self->room);
}

/**
 * tea_conversation_edit:
 * @self: a conversation
 * @seq: the number of a message of one's own
 * @text: what it is to say, in valid UTF-8
 * @error: return location for a #GError
 *
 * Gives a message another text, now or when there is a connection again. It is shown when the
 * server has stored it; [signal@Tea.Conversation::refused] tells where it does not.
 * [method@Tea.Client.get_edit_hours] tells for how long messages can be edited.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_edit (TeaConversation *self, guint64 seq, const char *text, GError **error)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (seq > 0, FALSE);
  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), FALSE);

  if (!check_log (self, error) || !check_text (text, error))
    return FALSE;

  tea_outbox_tell (self->outbox, TEA_EVENT_EDITED, seq, text, NULL);

  return TRUE;
}

/**
 * tea_conversation_remove:
 * @self: a conversation
 * @seq: the number of a message, of one's own or, for moderators, of somebody else
 * @error: return location for a #GError
 *
 * Removes a message, now or when there is a connection again: the server keeps nothing of what it
 * said. [signal@Tea.Conversation::refused] tells where it does not do that.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_remove (TeaConversation *self, guint64 seq, GError **error)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (seq > 0, FALSE);

  if (!check_log (self, error))
    return FALSE;

  tea_outbox_tell (self->outbox, TEA_EVENT_REMOVED, seq, NULL, NULL);

  return TRUE;
}

/**
 * tea_conversation_react:
 * @self: a conversation
 * @seq: the number of a message
 * @emoji: one emoji
 * @set: whether to react with it; else that is taken back
 * @error: return location for a #GError
 *
 * Reacts to a message, now or when there is a connection again. The same twice is as once.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_react (
    TeaConversation *self, guint64 seq, const char *emoji, gboolean set, GError **error)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (seq > 0, FALSE);
  g_return_val_if_fail (emoji != NULL && g_utf8_validate (emoji, -1, NULL), FALSE);

  if (!check_log (self, error))
    return FALSE;

  if (!tea_emoji_is_one (emoji))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                           _ ("One can react with one emoji, and nothing else."));
      return FALSE;
    }

  data = tea_event_data_encode_reacted (set, 0, NULL);
  tea_outbox_tell (self->outbox, TEA_EVENT_REACTED, seq, emoji, data);

  return TRUE;
}

/**
 * tea_conversation_pin:
 * @self: a conversation in a room whose members may pin, or where the user is a moderator
 * @seq: the number of a message
 * @pinned: whether it is to be pinned; else that is taken back
 * @error: return location for a #GError
 *
 * Pins a message in the room, now or when there is a connection again.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_pin (TeaConversation *self, guint64 seq, gboolean pinned, GError **error)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (seq > 0, FALSE);

  if (!check_log (self, error))
    return FALSE;

  data = tea_event_data_encode_switch (pinned);
  tea_outbox_tell (self->outbox, TEA_EVENT_PINNED, seq, NULL, data);

  return TRUE;
}

/**
 * tea_conversation_set_topic:
 * @self: a conversation where the user is a moderator
 * @topic: what the room is about, in valid UTF-8; `""` for nothing
 * @error: return location for a #GError
 *
 * Tells what the room is about, now or when there is a connection again.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_set_topic (TeaConversation *self, const char *topic, GError **error)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (topic != NULL && g_utf8_validate (topic, -1, NULL), FALSE);

  if (!check_log (self, error))
    return FALSE;

  if (strlen (topic) > TEA_TOPIC_MAX_BYTES)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
                   _ ("A topic can have up to %u bytes; this one has %u."), TEA_TOPIC_MAX_BYTES,
                   (guint) strlen (topic));
      return FALSE;
    }

  tea_outbox_tell (self->outbox, TEA_EVENT_TOPIC, 0, topic, NULL);

  return TRUE;
}

/**
 * tea_conversation_set_role:
 * @self: a conversation in a room that the user owns
 * @fingerprint: the fingerprint of a member's key
 * @name: what they are called
 * @role: what they may do from now on
 * @error: return location for a #GError
 *
 * Gives a member another role, now or when there is a connection again.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_set_role (TeaConversation *self,
                           const char *fingerprint,
                           const char *name,
                           TeaRoomRole role,
                           GError **error)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL && name != NULL, FALSE);
  g_return_val_if_fail (role != TEA_ROOM_ROLE_NONE, FALSE);

  if (!check_log (self, error))
    return FALSE;

  data = tea_event_data_encode_role (fingerprint, role);
  g_return_val_if_fail (data != NULL, FALSE);
  tea_outbox_tell (self->outbox, TEA_EVENT_ROLE, 0, name, data);

  return TRUE;
}

static gboolean
check_reason (const char *reason, GError **error)
{
  if (reason == NULL || strlen (reason) <= TEA_REASON_MAX_BYTES)
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
               _ ("A reason can have up to %u bytes; this one has %u."), TEA_REASON_MAX_BYTES,
               (guint) strlen (reason));

  return FALSE;
}

/**
 * tea_conversation_send_out:
 * @self: a conversation where the user is a moderator
 * @fingerprint: the fingerprint of somebody's key
 * @name: (nullable): what they are called
 * @reason: (nullable): why, for everybody to read
 * @until: how long they stay out, in µs since the Unix epoch: 0 where they may come back at once,
 *   which also lets somebody in again who stays out; %G_MAXINT64 for good
 * @erase: the number from which on all that they said under that name is removed; 0 for nothing
 * @with_network: whether the network that they came from stays out, too: for operators, in the
 *   hall
 * @error: return location for a #GError
 *
 * Sends somebody out of the room, now or when there is a connection again. Where @erase is given,
 * so is @name.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_send_out (TeaConversation *self,
                           const char *fingerprint,
                           const char *name,
                           const char *reason,
                           gint64 until,
                           guint64 erase,
                           gboolean with_network,
                           GError **error)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);
  g_return_val_if_fail (until >= 0, FALSE);
  g_return_val_if_fail (erase == 0 || name != NULL, FALSE);

  if (!check_log (self, error) || !check_reason (reason, error))
    return FALSE;

  data = tea_event_data_encode_sent_out (&(TeaSentOut){
      .key = (char *) fingerprint,
      .name = (char *) (name != NULL ? name : ""),
      .until = MIN (until, TEA_EVENT_MAX_TIME),
      .erase = erase,
      .with_network = with_network,
  });
  g_return_val_if_fail (data != NULL, FALSE);
  tea_outbox_tell (self->outbox, TEA_EVENT_SENT_OUT, 0, reason, data);

  return TRUE;
}

/**
 * tea_conversation_mute:
 * @self: a conversation where the user is a moderator
 * @fingerprint: the fingerprint of somebody's key
 * @name: (nullable): what they are called
 * @reason: (nullable): why, for everybody to read
 * @until: until when they may not say anything, in µs since the Unix epoch: 0 where they may
 *   speak again; %G_MAXINT64 for good
 * @error: return location for a #GError
 *
 * Lets somebody say nothing any more, or lets them speak again, now or when there is a connection
 * again.
 *
 * Returns: whether that can be asked for at all; if not, nothing happened and @error is
 *   %TEA_ERROR_TEXT_INVALID or %TEA_ERROR_NOT_ALLOWED
 */
gboolean
tea_conversation_mute (TeaConversation *self,
                       const char *fingerprint,
                       const char *name,
                       const char *reason,
                       gint64 until,
                       GError **error)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);
  g_return_val_if_fail (until >= 0, FALSE);

  if (!check_log (self, error) || !check_reason (reason, error))
    return FALSE;

  data = tea_event_data_encode_muted (fingerprint, name != NULL ? name : "",
                                      MIN (until, TEA_EVENT_MAX_TIME));
  g_return_val_if_fail (data != NULL, FALSE);
  tea_outbox_tell (self->outbox, TEA_EVENT_MUTED, 0, reason, data);

  return TRUE;
}

/**
 * tea_conversation_find_member_async:
 * @self: a conversation
 * @name: what somebody is called
 * @cancellable: (nullable): to give up with
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds somebody who is in the room, with the fingerprint of their key. Where that is not known
 * yet the server is asked.
 */
void
tea_conversation_find_member_async (TeaConversation *self,
                                    const char *name,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_conversation_find_member_async);

  if (tea_member_finder_find (self->finder, name, task))
    return;

  if (self->room == NULL || !self->is_open || (self->flags & TEA_ROOM_PAIR) != 0)
    tea_member_finder_finish (self->finder);
  else if (self->members_told)
    tea_conversation_ask_members (self);
}

/**
 * tea_conversation_find_member_finish:
 * @self: a conversation
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells whom [method@Tea.Conversation.find_member_async] has found.
 *
 * Returns: (transfer full): who it is; %NULL with @error %TEA_ERROR_NOT_A_MEMBER where nobody of
 *   that name is in the room, or they have no key, or %G_IO_ERROR_CANCELLED
 */
TeaMember *
tea_conversation_find_member_finish (TeaConversation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
check_way (TeaConversation *self, GError **error)
{
  if (!check_log (self, error))
    return FALSE;
  if (self->room != NULL)
    return TRUE;

  g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                       _ ("The messages could not be fetched."));

  return FALSE;
}

static gboolean
check_words (const char *words, GError **error)
{
  if (*words != '\0' && strlen (words) <= TEA_WORDS_MAX_BYTES)
    return TRUE;

  g_set_error (error, TEA_ERROR, TEA_ERROR_TEXT_INVALID,
               _ ("One can look for 1 to %u bytes; these are %u."), TEA_WORDS_MAX_BYTES,
               (guint) strlen (words));

  return FALSE;
}

static void
return_events (GTask *task, GPtrArray *events, GError *error)
{
  if (events != NULL)
    g_task_return_pointer (task, events, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  guint64 *next = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *events = tea_room_search_finish (TEA_ROOM_LINK (source), result, next, &error);

  return_events (task, events, error);
}

/**
 * tea_conversation_search_async:
 * @self: a conversation
 * @words: what to look for: words with spaces between them, all of which have to be there;
 *   between quotation marks several are one, in that order; the last may go on
 * @before: only messages before this number are wanted; 0 for all
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Looks for messages that have some words, the newest first. Several such calls can be under way
 * at a time.
 */
void
tea_conversation_search_async (TeaConversation *self,
                               const char *words,
                               guint64 before,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (words != NULL && g_utf8_validate (words, -1, NULL));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_conversation_search_async);
  g_task_set_task_data (task, g_new0 (guint64, 1), g_free);

  if (check_words (words, &error) && check_way (self, &error))
    tea_room_search_async (self->room, words, before, cancellable, searched_cb, task);
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
}

/**
 * tea_conversation_search_finish:
 * @self: a conversation
 * @result: what the callback was given
 * @next: (out) (optional): before which number to go on; 0 where there are no more
 * @error: return location for a #GError
 *
 * Tells what [method@Tea.Conversation.search_async] has found. There may be more even where it is
 * nothing: a server looks for a short while only, and @next tells where to go on.
 *
 * Returns: (transfer full) (element-type TeaEvent): up to 50 messages as they are now, the newest
 *   first; %NULL with @error %TEA_ERROR_NO_ANSWER, %TEA_ERROR_TEXT_INVALID,
 *   %TEA_ERROR_NOT_ALLOWED or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_conversation_search_finish (TeaConversation *self,
                                GAsyncResult *result,
                                guint64 *next,
                                GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (next != NULL)
    *next = *(guint64 *) g_task_get_task_data (G_TASK (result));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GError *error = NULL;
  GPtrArray *events = tea_room_link_fetch_finish (TEA_ROOM_LINK (source), result, &error);

  return_events (task, events, error);
}

/* The numbers around one, of those that were told or may be. */
static GArray *
list_around (TeaConversation *self, guint64 seq, guint n_around)
{
  GArray *seqs = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 n_before = MIN (n_around, AROUND_MAX) / 2;
  guint64 from = seq > n_before ? seq - n_before : 1;
  guint64 to
      = MIN (seq + MIN (n_around, AROUND_MAX) - n_before, tea_room_link_get_told (self->room));

  for (guint64 i = MAX (from, tea_room_link_get_first (self->room)); i <= to; i++)
    g_array_append_val (seqs, i);

  return seqs;
}

/**
 * tea_conversation_load_around_async:
 * @self: a conversation
 * @seq: the number of an event
 * @n_around: how many more are wanted, up to 200, half of them before it and half behind it
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Gets an event, of a message that a reply answers, say, or that was found, and what stands around
 * it. It is not put into the timeline. Several such calls can be under way at a time.
 */
void
tea_conversation_load_around_async (TeaConversation *self,
                                    guint64 seq,
                                    guint n_around,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GArray) seqs = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (seq > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_conversation_load_around_async);

  if (!check_way (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  seqs = list_around (self, seq, n_around);
  tea_room_link_fetch_async (self->room, seqs, cancellable, fetched_cb, g_object_ref (task));
}

/**
 * tea_conversation_load_around_finish:
 * @self: a conversation
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells what [method@Tea.Conversation.load_around_async] got.
 *
 * Returns: (transfer full) (element-type TeaEvent): the events as they are now, the oldest first:
 *   what is gone is not among them; %NULL with @error %TEA_ERROR_NO_ANSWER,
 *   %TEA_ERROR_NOT_ALLOWED or %G_IO_ERROR_CANCELLED
 */
GPtrArray *
tea_conversation_load_around_finish (TeaConversation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_conversation_look_at:
 * @self: a conversation
 * @from: the number of an event
 * @to: the number of an event, not below @from
 *
 * The user sees the lines of the timeline from @from to @to. Where messages among them may have
 * been changed since they were told, they are fetched anew.
 */
void
tea_conversation_look_at (TeaConversation *self, guint64 from, guint64 to)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (from <= to);

  if (self->room != NULL && self->is_open)
    tea_refresher_look_at (self->refresher, self->room, from, to);
}

/**
 * tea_conversation_retry:
 * @self: a conversation
 * @item: a message of one's own that failed, or waits because the server can store nothing
 *
 * Tries to send a message again; where it waits behind others, the first of them.
 */
void
tea_conversation_retry (TeaConversation *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  tea_outbox_retry (self->outbox, item);
}

/**
 * tea_conversation_discard:
 * @self: a conversation
 * @item: a message of one's own that waits or has failed
 *
 * Gives a message up and takes it out of the timeline; unless it was on its way when the
 * connection was lost, and may have arrived: that one stays.
 */
void
tea_conversation_discard (TeaConversation *self, TeaTimelineItem *item)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (tea_outbox_can_discard (self->outbox, item))
    tea_outbox_discard (self->outbox, item);
}

static void
prepend (TeaConversation *self, GPtrArray *events)
{
  g_autoptr (GPtrArray) shown = g_ptr_array_new ();

  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);

      if (!is_presence (event) || !is_own (self, event))
        g_ptr_array_add (shown, event);
    }

  tea_timeline_prepend_events (self->timeline, shown);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConversation *self = TEA_CONVERSATION (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events
      = tea_room_link_load_older_finish (TEA_ROOM_LINK (source), result, &error);

  self->is_loading = FALSE;
  if (events == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  prepend (self, events);
  for (guint i = 0; i < events->len; i++)
    g_signal_emit (self, signals[SIGNAL_OLDER_EVENT], 0, g_ptr_array_index (events, i));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_OLDER]);
  g_task_return_boolean (task, TRUE);
}

/**
 * tea_conversation_load_older_async:
 * @self: a conversation
 * @n_events: about how many events are wanted
 * @cancellable: (nullable): to give up with
 * @callback: called when they are there
 * @user_data: for @callback
 *
 * Fetches older history, which is added at the beginning of the timeline, and is told by
 * [signal@Tea.Conversation::older-event]. One such call can be under way at a time.
 */
void
tea_conversation_load_older_async (TeaConversation *self,
                                   guint n_events,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (n_events > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_conversation_load_older_async);

  if (self->is_loading)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "It is loaded already");
      return;
    }

  if (!tea_conversation_get_has_older (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->is_loading = TRUE;
  tea_room_link_load_older_async (self->room, n_events, cancellable, load_cb,
                                  g_steal_pointer (&task));
}

/**
 * tea_conversation_load_older_finish:
 * @self: a conversation
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Tells how [method@Tea.Conversation.load_older_async] went.
 *
 * Returns: whether what could be had is in the timeline; if not, @error is
 *   %TEA_ERROR_NO_ANSWER, %G_IO_ERROR_PENDING or %G_IO_ERROR_CANCELLED
 */
gboolean
tea_conversation_load_older_finish (TeaConversation *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_conversation_get_timeline:
 * @self: a conversation
 *
 * Gives what happened in the room, as lines to be shown.
 *
 * Returns: (transfer none): what happened in the room
 */
TeaTimeline *
tea_conversation_get_timeline (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return self->timeline;
}

/**
 * tea_conversation_get_members:
 * @self: a conversation
 *
 * Tells who is in the room.
 *
 * Returns: (transfer none): who is in the room, as far as is known, a list of
 *   [class@Tea.Member] in no particular order
 */
GListModel *
tea_conversation_get_members (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return G_LIST_MODEL (self->members);
}

/**
 * tea_conversation_get_members_known:
 * @self: a conversation
 *
 * Tells whether [method@Tea.Conversation.get_members] is what the server told. Shortly after
 * a gap, and while the server does not answer, it is only what was heard of; so it always is
 * with servers of the classic protocol that cannot be asked.
 *
 * Returns: whether everybody who is in the room is known
 */
gboolean
tea_conversation_get_members_known (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);

  return self->members_told && self->is_open;
}

/**
 * tea_conversation_get_has_older:
 * @self: a conversation
 *
 * Tells whether there is more to load.
 *
 * Returns: whether older history than what is in the timeline can be had
 */
gboolean
tea_conversation_get_has_older (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);

  return self->room != NULL && tea_room_link_has_older (self->room);
}

/**
 * tea_conversation_get_n_unsent:
 * @self: a conversation
 *
 * Counts what its user has said and done that is not known to be delivered.
 *
 * Returns: how many messages, edits, reactions and the like wait or are on their way; those that
 *   failed do not count
 */
guint
tea_conversation_get_n_unsent (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return tea_outbox_get_n_unsent (self->outbox);
}

/**
 * tea_conversation_get_address:
 * @self: a conversation
 *
 * Tells which room it is.
 *
 * Returns: the room's address in its house; `""` for the hall
 */
const char *
tea_conversation_get_address (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return self->address;
}

/**
 * tea_conversation_get_title:
 * @self: a conversation
 *
 * Tells what the room is called.
 *
 * Returns: its title; `""` where its address is all. That of a private conversation is the other
 * one's name
 */
const char *
tea_conversation_get_title (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return self->title;
}

/**
 * tea_conversation_get_flags:
 * @self: a conversation
 *
 * Tells how the room is.
 *
 * Returns: its flags, as far as they are known
 */
TeaRoomFlags
tea_conversation_get_flags (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return self->flags;
}

/**
 * tea_conversation_get_role:
 * @self: a conversation
 *
 * Tells what the user may do in the room.
 *
 * Returns: their role
 */
TeaRoomRole
tea_conversation_get_role (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), TEA_ROOM_ROLE_NONE);

  return self->role;
}

/**
 * tea_conversation_get_is_open:
 * @self: a conversation
 *
 * Tells whether what happens in the room is told at once.
 *
 * Returns: whether there is a way to the room
 */
gboolean
tea_conversation_get_is_open (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);

  return self->is_open;
}

/**
 * tea_conversation_get_has_caught_up:
 * @self: a conversation
 *
 * Tells whether all was told that was in the log before this program came: that a timeline is
 * empty means something only then. What is told last comes with [signal@Tea.Conversation::event].
 *
 * Returns: whether it was; %FALSE before the room is open
 */
gboolean
tea_conversation_get_has_caught_up (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), FALSE);

  if (self->room == NULL)
    return self->classic != NULL;

  return self->was_open && tea_room_link_get_told (self->room) >= self->arrival;
}

/**
 * tea_conversation_get_read:
 * @self: a conversation
 *
 * Tells how far the user has read, on whatever device.
 *
 * Returns: the number of an event; 0 where nothing was read
 */
guint64
tea_conversation_get_read (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return tea_reading_get_read (self->reading);
}

/**
 * tea_conversation_get_arrival:
 * @self: a conversation
 *
 * Tells what was there already when this program came: what has a higher number, or none as
 * where the room has no log, is news.
 *
 * Returns: the number up to which the log went when the room was opened for the first time; 0
 *   before, and where the room has no log
 */
guint64
tea_conversation_get_arrival (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return self->arrival;
}

/**
 * tea_conversation_get_unread:
 * @self: a conversation
 *
 * Counts what the user has not read.
 *
 * Returns: how many messages of others come after what was read, up to 1000
 */
guint
tea_conversation_get_unread (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return tea_reading_get_unread (self->reading);
}

/**
 * tea_conversation_get_topic:
 * @self: a conversation
 *
 * Tells what the room is about.
 *
 * Returns: its topic; `""` where it has none
 */
const char *
tea_conversation_get_topic (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return self->topic;
}

/**
 * tea_conversation_get_pins:
 * @self: a conversation
 *
 * Tells what is pinned in the room.
 *
 * Returns: (transfer none): the pinned messages, a list of [class@Tea.PinnedMessage], in the order
 * in which they were pinned
 */
GListModel *
tea_conversation_get_pins (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), NULL);

  return tea_pins_get_list (self->pins);
}

/**
 * tea_conversation_get_slow_mode:
 * @self: a conversation
 *
 * Tells how long members wait between messages.
 *
 * Returns: how many seconds, as far as that is known
 */
guint
tea_conversation_get_slow_mode (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return self->slow_mode;
}
