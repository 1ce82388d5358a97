/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-timeline-item-private.h"

/**
 * TeaTimelineItem:
 *
 * One line of a [class@Tea.Timeline].
 *
 * An item stays the same object for as long as its line is in the timeline; what
 * can change about it is announced through its properties.
 */
struct _TeaTimelineItem
{
  GObject parent_instance;

  TeaTimelineItemKind kind;
  gint64 time;
  char *author;      /* (nullable) */
  char *text;        /* (nullable) */
  char *failure;     /* (nullable) */
  GPtrArray *events; /* (owned) (nullable) (element-type TeaEvent) */
  TeaDelivery delivery;
  guint64 seq;
  char *id; /* (nullable) */
  gint64 hold_until;
  guint64 reply_to;
  TeaEvent *message; /* (owned) (nullable): a message as it was told last */
  guint own : 1;
  guint mentions_me : 1;
  guint first_of_group : 1;
  guint pinned : 1;
  guint stale : 1;
};

enum
{
  PROP_0,
  PROP_AUTHOR,
  PROP_DELIVERY,
  PROP_EDITED,
  PROP_EVENTS,
  PROP_FAILURE,
  PROP_FIRST_OF_GROUP,
  PROP_HOLD_UNTIL,
  PROP_ID,
  PROP_KIND,
  PROP_MENTION,
  PROP_OWN,
  PROP_PINNED,
  PROP_REACTIONS,
  PROP_REMOVED_BY,
  PROP_REPLY_TO,
  PROP_SEQ,
  PROP_STALE,
  PROP_TEXT,
  PROP_TIME,
  PROP_VERSION,
  N_PROPS
};

#define READABLE (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (TeaTimelineItemKind,
                    tea_timeline_item_kind,
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_MESSAGE, "message"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_PRESENCE, "presence"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_DAY, "day"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_UNREAD, "unread"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (TEA_TIMELINE_ITEM_GAP, "gap"))

G_DEFINE_ENUM_TYPE (TeaDelivery,
                    tea_delivery,
                    G_DEFINE_ENUM_VALUE (TEA_DELIVERY_SENT, "sent"),
                    G_DEFINE_ENUM_VALUE (TEA_DELIVERY_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (TEA_DELIVERY_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (TEA_DELIVERY_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (TEA_DELIVERY_DELIVERED, "delivered"))

G_DEFINE_FINAL_TYPE (TeaTimelineItem, tea_timeline_item, G_TYPE_OBJECT)

static TeaTimelineItem *
new_item (TeaTimelineItemKind kind, gint64 time)
{
  TeaTimelineItem *self = g_object_new (TEA_TYPE_TIMELINE_ITEM, NULL);

  self->kind = kind;
  self->time = time;

  return self;
}

static void
tea_timeline_item_finalize (GObject *object)
{
  TeaTimelineItem *self = TEA_TIMELINE_ITEM (object);

  g_free (self->author);
  g_free (self->text);
  g_free (self->failure);
  g_free (self->id);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->message, tea_event_unref);

  G_OBJECT_CLASS (tea_timeline_item_parent_class)->finalize (object);
}

static void
tea_timeline_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaTimelineItem *self = TEA_TIMELINE_ITEM (object);

  switch (prop_id)
    {
    case PROP_AUTHOR:
      g_value_set_string (value, self->author);
      break;
    case PROP_DELIVERY:
      g_value_set_enum (value, (int) self->delivery);
      break;
    case PROP_EDITED:
      g_value_set_int64 (value, tea_timeline_item_get_edited (self));
      break;
    case PROP_EVENTS:
      g_value_set_boxed (value, self->events);
      break;
    case PROP_FAILURE:
      g_value_set_string (value, self->failure);
      break;
    case PROP_FIRST_OF_GROUP:
      g_value_set_boolean (value, self->first_of_group);
      break;
    case PROP_HOLD_UNTIL:
      g_value_set_int64 (value, self->hold_until);
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_KIND:
      g_value_set_enum (value, (int) self->kind);
      break;
    case PROP_MENTION:
      g_value_set_boolean (value, self->mentions_me);
      break;
    case PROP_OWN:
      g_value_set_boolean (value, self->own);
      break;
    case PROP_PINNED:
      g_value_set_boolean (value, self->pinned);
      break;
    case PROP_REACTIONS:
      g_value_set_boxed (value, tea_timeline_item_get_reactions (self));
      break;
    case PROP_REMOVED_BY:
      g_value_set_string (value, tea_timeline_item_get_removed_by (self));
      break;
    case PROP_REPLY_TO:
      g_value_set_uint64 (value, self->reply_to);
      break;
    case PROP_SEQ:
      g_value_set_uint64 (value, self->seq);
      break;
    case PROP_STALE:
      g_value_set_boolean (value, self->stale);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_VERSION:
      g_value_set_uint64 (value, tea_timeline_item_get_version (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_timeline_item_class_init (TeaTimelineItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_timeline_item_finalize;
  object_class->get_property = tea_timeline_item_get_property;

  /**
   * TeaTimelineItem:author:
   *
   * Who said a message.
   */
  properties[PROP_AUTHOR] = g_param_spec_string ("author", NULL, NULL, NULL, READABLE);
  /**
   * TeaTimelineItem:delivery:
   *
   * How far a message of one's own has come.
   */
  properties[PROP_DELIVERY]
      = g_param_spec_enum ("delivery", NULL, NULL, TEA_TYPE_DELIVERY, TEA_DELIVERY_SENT, READABLE);
  /**
   * TeaTimelineItem:edited:
   *
   * When a message was edited last, in µs since the Unix epoch; 0 for never.
   */
  properties[PROP_EDITED] = g_param_spec_int64 ("edited", NULL, NULL, 0, G_MAXINT64, 0, READABLE);
  /**
   * TeaTimelineItem:events: (type GLib.PtrArray(Tea.Event))
   *
   * The arrivals and departures a line of presence stands for.
   */
  properties[PROP_EVENTS] = g_param_spec_boxed ("events", NULL, NULL, G_TYPE_PTR_ARRAY, READABLE);
  /**
   * TeaTimelineItem:failure:
   *
   * Why a message could not be sent, or why the server cannot store it for now.
   */
  properties[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, READABLE);
  /**
   * TeaTimelineItem:first-of-group: (getter is_first_of_group)
   *
   * Whether a message begins a run of messages of one author.
   */
  properties[PROP_FIRST_OF_GROUP]
      = g_param_spec_boolean ("first-of-group", NULL, NULL, FALSE, READABLE);
  /**
   * TeaTimelineItem:hold-until:
   *
   * When a message that the server holds back is said again by itself, in µs since the Unix
   * epoch; 0 where it does not.
   */
  properties[PROP_HOLD_UNTIL]
      = g_param_spec_int64 ("hold-until", NULL, NULL, 0, G_MAXINT64, 0, READABLE);
  /**
   * TeaTimelineItem:id:
   *
   * What a message is called, by whoever knows it.
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, READABLE);
  /**
   * TeaTimelineItem:kind:
   *
   * What this line is.
   */
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, TEA_TYPE_TIMELINE_ITEM_KIND,
                                             TEA_TIMELINE_ITEM_MESSAGE, READABLE);
  /**
   * TeaTimelineItem:mention: (getter mentions_me)
   *
   * Whether somebody else's message names this program's user.
   */
  properties[PROP_MENTION] = g_param_spec_boolean ("mention", NULL, NULL, FALSE, READABLE);
  /**
   * TeaTimelineItem:own: (getter is_own)
   *
   * Whether this program's user said it.
   */
  properties[PROP_OWN] = g_param_spec_boolean ("own", NULL, NULL, FALSE, READABLE);
  /**
   * TeaTimelineItem:pinned: (getter is_pinned)
   *
   * Whether a message is pinned in the room.
   */
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, READABLE);
  /**
   * TeaTimelineItem:reactions: (type GLib.PtrArray(Tea.Reaction))
   *
   * The reactions to a message.
   */
  properties[PROP_REACTIONS]
      = g_param_spec_boxed ("reactions", NULL, NULL, G_TYPE_PTR_ARRAY, READABLE);
  /**
   * TeaTimelineItem:removed-by:
   *
   * Who removed a message; %NULL where nobody did, or where it is not known who.
   */
  properties[PROP_REMOVED_BY] = g_param_spec_string ("removed-by", NULL, NULL, NULL, READABLE);
  /**
   * TeaTimelineItem:reply-to:
   *
   * The number of the message that this one answers; 0 for none.
   */
  properties[PROP_REPLY_TO]
      = g_param_spec_uint64 ("reply-to", NULL, NULL, 0, G_MAXUINT64, 0, READABLE);
  /**
   * TeaTimelineItem:seq:
   *
   * The number in the room's log; 0 where there is none.
   */
  properties[PROP_SEQ] = g_param_spec_uint64 ("seq", NULL, NULL, 0, G_MAXUINT64, 0, READABLE);
  /**
   * TeaTimelineItem:stale: (getter is_stale)
   *
   * Whether a message may have been changed since it was told.
   */
  properties[PROP_STALE] = g_param_spec_boolean ("stale", NULL, NULL, FALSE, READABLE);
  /**
   * TeaTimelineItem:text:
   *
   * The text of a message or notice, as it is now.
   */
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, READABLE);
  /**
   * TeaTimelineItem:time:
   *
   * When it happened, in µs since the Unix epoch.
   */
  properties[PROP_TIME]
      = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, READABLE);
  /**
   * TeaTimelineItem:version:
   *
   * The number of the latest change that a message takes account of; 0 for none.
   */
  properties[PROP_VERSION]
      = g_param_spec_uint64 ("version", NULL, NULL, 0, G_MAXUINT64, 0, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_timeline_item_init (TeaTimelineItem *self)
{
}

/**
 * tea_timeline_item_new_message: (skip)
 * @author: who says it
 * @text: what is said
 * @time: when, in µs since the Unix epoch
 * @own: whether this program's user says it
 *
 * Makes the line of a message.
 *
 * Returns: (transfer full): the line of a message
 */
TeaTimelineItem *
tea_timeline_item_new_message (const char *author, const char *text, gint64 time, gboolean own)
{
  TeaTimelineItem *self = new_item (TEA_TIMELINE_ITEM_MESSAGE, time);

  self->author = g_strdup (author);
  self->text = g_strdup (text);
  self->own = own;

  return self;
}

/* Nothing is left of what was removed. */
static const char *
get_shown_text (TeaEvent *message)
{
  const char *text = tea_event_get_text (message);

  return text != NULL ? text : "";
}

/**
 * tea_timeline_item_new_told: (skip)
 * @message: a message, as it was told
 * @own: whether this program's user says it
 *
 * Makes the line of a message.
 *
 * Returns: (transfer full): the line of a message
 */
TeaTimelineItem *
tea_timeline_item_new_told (TeaEvent *message, gboolean own)
{
  TeaTimelineItem *self
      = tea_timeline_item_new_message (tea_event_get_author (message), get_shown_text (message),
                                       tea_event_get_time (message), own);

  self->message = tea_event_ref (message);
  self->reply_to = tea_event_get_target (message);

  return self;
}

/**
 * tea_timeline_item_new_presence: (skip)
 * @event: somebody joined or left
 *
 * Makes the line of an arrival or a departure.
 *
 * Returns: (transfer full): the line that tells it
 */
TeaTimelineItem *
tea_timeline_item_new_presence (TeaEvent *event)
{
  TeaTimelineItem *self = new_item (TEA_TIMELINE_ITEM_PRESENCE, tea_event_get_time (event));

  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  g_ptr_array_add (self->events, tea_event_ref (event));

  return self;
}

/**
 * tea_timeline_item_new_notice: (skip)
 * @text: what the server, or the program, has to say
 * @time: when, in µs since the Unix epoch
 *
 * Makes the line of a notice.
 *
 * Returns: (transfer full): the line of a notice
 */
TeaTimelineItem *
tea_timeline_item_new_notice (const char *text, gint64 time)
{
  TeaTimelineItem *self = new_item (TEA_TIMELINE_ITEM_NOTICE, time);

  self->text = g_strdup (text);

  return self;
}

/**
 * tea_timeline_item_new_line: (skip)
 * @kind: %TEA_TIMELINE_ITEM_DAY, %TEA_TIMELINE_ITEM_UNREAD, %TEA_TIMELINE_ITEM_WAITING
 *   or %TEA_TIMELINE_ITEM_GAP
 * @time: when, in µs since the Unix epoch
 *
 * Makes a line that divides the timeline.
 *
 * Returns: (transfer full): a line that divides the timeline
 */
TeaTimelineItem *
tea_timeline_item_new_line (TeaTimelineItemKind kind, gint64 time)
{
  return new_item (kind, time);
}

/**
 * tea_timeline_item_get_kind:
 * @self: an item
 *
 * Tells what kind of line it is.
 *
 * Returns: what this line is
 */
TeaTimelineItemKind
tea_timeline_item_get_kind (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), TEA_TIMELINE_ITEM_NOTICE);

  return self->kind;
}

/**
 * tea_timeline_item_get_time:
 * @self: an item
 *
 * Tells when it happened.
 *
 * Returns: when it happened, in µs since the Unix epoch
 */
gint64
tea_timeline_item_get_time (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return self->time;
}

/**
 * tea_timeline_item_get_author:
 * @self: an item
 *
 * Tells who said a message.
 *
 * Returns: (nullable): who said a message; %NULL for other kinds
 */
const char *
tea_timeline_item_get_author (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return self->author;
}

/**
 * tea_timeline_item_get_text:
 * @self: an item
 *
 * Tells what was said.
 *
 * Returns: (nullable): the text of a message or notice, as it is now, `""` where it was removed;
 *   %NULL for other kinds
 */
const char *
tea_timeline_item_get_text (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return self->text;
}

/**
 * tea_timeline_item_is_own:
 * @self: an item
 *
 * Tells whether a message is one's own.
 *
 * Returns: whether this program's user said it
 */
gboolean
tea_timeline_item_is_own (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->own;
}

/**
 * tea_timeline_item_mentions_me:
 * @self: an item
 *
 * Tells whether a message is about, or to, this program's user.
 *
 * Returns: whether somebody else's message names this program's user
 */
gboolean
tea_timeline_item_mentions_me (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->mentions_me;
}

/**
 * tea_timeline_item_is_first_of_group:
 * @self: an item
 *
 * Tells whether to show the author with a message.
 *
 * Returns: whether a message begins a run of messages of one author
 */
gboolean
tea_timeline_item_is_first_of_group (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->first_of_group;
}

/**
 * tea_timeline_item_get_delivery:
 * @self: an item
 *
 * Tells how far a message of one's own has come.
 *
 * Returns: how far a message of one's own has come
 */
TeaDelivery
tea_timeline_item_get_delivery (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), TEA_DELIVERY_SENT);

  return self->delivery;
}

/**
 * tea_timeline_item_get_failure:
 * @self: an item
 *
 * Tells why a message was not sent, or why the server cannot store one that waits.
 *
 * Returns: (nullable): why, where that is known
 */
const char *
tea_timeline_item_get_failure (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return self->failure;
}

/**
 * tea_timeline_item_get_events:
 * @self: an item
 *
 * Tells who came and went.
 *
 * Returns: (nullable) (transfer none) (element-type TeaEvent): the arrivals and
 *   departures a line of presence stands for, oldest first; %NULL for other kinds
 */
GPtrArray *
tea_timeline_item_get_events (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return self->events;
}

/**
 * tea_timeline_item_get_seq:
 * @self: an item
 *
 * Tells its place among all that happened in the room.
 *
 * Returns: the number in the room's log, of the first where the line stands for several;
 *   0 where there is none: in classic rooms, for lines that only divide, and for what is
 *   not delivered yet
 */
guint64
tea_timeline_item_get_seq (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return self->seq;
}

/**
 * tea_timeline_item_get_id:
 * @self: an item
 *
 * Tells what a message is called, by whoever knows it.
 *
 * Returns: (nullable): the number of the program that said it, in eight hexadecimal
 *   digits, a hyphen, and which of its messages it is; %NULL where it has none: in classic
 *   rooms, and before it was first sent
 */
const char *
tea_timeline_item_get_id (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return self->id;
}

/**
 * tea_timeline_item_get_hold_until:
 * @self: an item
 *
 * Tells until when the server holds a message of one's own back. It is said again by itself then.
 *
 * Returns: when, in µs since the Unix epoch; 0 where it is not held back
 */
gint64
tea_timeline_item_get_hold_until (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return self->hold_until;
}

/**
 * tea_timeline_item_get_reply_to:
 * @self: an item
 *
 * Tells what a message answers.
 *
 * Returns: the number of that message in the room's log; 0 where it answers none
 */
guint64
tea_timeline_item_get_reply_to (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return self->reply_to;
}

/**
 * tea_timeline_item_get_version:
 * @self: an item
 *
 * Tells how new a message is as it is shown.
 *
 * Returns: the number of the latest change that it takes account of; 0 where it was not changed
 */
guint64
tea_timeline_item_get_version (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return self->message != NULL ? tea_event_get_version (self->message) : 0;
}

static TeaMessageForm *
get_form (TeaTimelineItem *self)
{
  return self->message != NULL ? tea_event_get_form (self->message) : NULL;
}

/**
 * tea_timeline_item_get_edited:
 * @self: an item
 *
 * Tells when a message was edited last.
 *
 * Returns: when, in µs since the Unix epoch; 0 where it never was
 */
gint64
tea_timeline_item_get_edited (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), 0);

  return get_form (self) != NULL ? tea_message_form_get_edited (get_form (self)) : 0;
}

/**
 * tea_timeline_item_get_removed_by:
 * @self: an item
 *
 * Tells who removed a message.
 *
 * Returns: (nullable): the name of who removed it; %NULL where nobody did, or where it is not
 *   known who
 */
const char *
tea_timeline_item_get_removed_by (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  return get_form (self) != NULL ? tea_message_form_get_removed_by (get_form (self)) : NULL;
}

/**
 * tea_timeline_item_get_reactions:
 * @self: an item
 *
 * Gets the reactions to a message, in the order in which the emojis were first given.
 *
 * Returns: (nullable) (transfer none) (element-type TeaReaction): the reactions; %NULL where
 *   there are none
 */
GPtrArray *
tea_timeline_item_get_reactions (TeaTimelineItem *self)
{
  GPtrArray *reactions;

  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), NULL);

  if (get_form (self) == NULL)
    return NULL;

  reactions = tea_message_form_get_reactions (get_form (self));

  return reactions->len > 0 ? reactions : NULL;
}

/**
 * tea_timeline_item_is_removed:
 * @self: an item
 *
 * Tells whether a message was removed. Its line stays, without a text.
 *
 * Returns: whether it was
 */
gboolean
tea_timeline_item_is_removed (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->kind == TEA_TIMELINE_ITEM_MESSAGE && *self->text == '\0';
}

/**
 * tea_timeline_item_is_pinned:
 * @self: an item
 *
 * Tells whether a message is pinned in the room.
 *
 * Returns: whether it is
 */
gboolean
tea_timeline_item_is_pinned (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->pinned;
}

/**
 * tea_timeline_item_is_stale:
 * @self: an item
 *
 * Tells whether a message may have been changed since it was told: it stands before a gap, and
 * what happened there is not known. [method@Tea.Conversation.look_at] has it told anew.
 *
 * Returns: whether it may
 */
gboolean
tea_timeline_item_is_stale (TeaTimelineItem *self)
{
  g_return_val_if_fail (TEA_IS_TIMELINE_ITEM (self), FALSE);

  return self->stale;
}

void
_tea_timeline_item_set_mentions_me (TeaTimelineItem *self, gboolean mentions_me)
{
  if (self->mentions_me == mentions_me)
    return;

  self->mentions_me = mentions_me;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MENTION]);
}

void
_tea_timeline_item_set_first_of_group (TeaTimelineItem *self, gboolean first_of_group)
{
  if (self->first_of_group == first_of_group)
    return;

  self->first_of_group = first_of_group;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FIRST_OF_GROUP]);
}

void
_tea_timeline_item_set_delivery (TeaTimelineItem *self, TeaDelivery delivery, const char *failure)
{
  if (g_strcmp0 (self->failure, failure) != 0)
    {
      g_free (self->failure);
      self->failure = g_strdup (failure);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILURE]);
    }

  if (self->delivery == delivery)
    return;

  self->delivery = delivery;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELIVERY]);
}

void
_tea_timeline_item_set_time (TeaTimelineItem *self, gint64 time)
{
  if (self->time == time)
    return;

  self->time = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIME]);
}

void
_tea_timeline_item_fold (TeaTimelineItem *self, TeaEvent *event)
{
  g_ptr_array_add (self->events, tea_event_ref (event));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVENTS]);
}

void
_tea_timeline_item_fold_before (TeaTimelineItem *self, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    g_ptr_array_insert (self->events, (gint) i, tea_event_ref (g_ptr_array_index (events, i)));

  _tea_timeline_item_set_seq (self, tea_event_get_seq (g_ptr_array_index (self->events, 0)));
  _tea_timeline_item_set_time (self, tea_event_get_time (g_ptr_array_index (self->events, 0)));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVENTS]);
}

void
_tea_timeline_item_set_seq (TeaTimelineItem *self, guint64 seq)
{
  if (self->seq == seq)
    return;

  self->seq = seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEQ]);
}

void
_tea_timeline_item_set_id (TeaTimelineItem *self, const char *id)
{
  if (g_strcmp0 (self->id, id) == 0)
    return;

  g_free (self->id);
  self->id = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ID]);
}

void
_tea_timeline_item_set_hold_until (TeaTimelineItem *self, gint64 time)
{
  if (self->hold_until == time)
    return;

  self->hold_until = time;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOLD_UNTIL]);
}

void
_tea_timeline_item_set_reply_to (TeaTimelineItem *self, guint64 seq)
{
  if (self->reply_to == seq)
    return;

  self->reply_to = seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REPLY_TO]);
}

static gboolean
are_same_reactions (GPtrArray *one, GPtrArray *other)
{
  g_autoptr (TeaMessageForm) form = tea_message_form_new (0, NULL, one);
  g_autoptr (TeaMessageForm) other_form = tea_message_form_new (0, NULL, other);

  return tea_message_form_equal (form, other_form);
}

/* Shows a message as it was told, for the first time or again. */
void
_tea_timeline_item_set_message (TeaTimelineItem *self, TeaEvent *message)
{
  g_autoptr (TeaEvent) before = g_steal_pointer (&self->message);
  TeaMessageForm *form = before != NULL ? tea_event_get_form (before) : NULL;
  GPtrArray *reactions = form != NULL ? tea_message_form_get_reactions (form) : NULL;
  const char *removed_by = form != NULL ? tea_message_form_get_removed_by (form) : NULL;
  gint64 edited = form != NULL ? tea_message_form_get_edited (form) : 0;
  guint64 version = before != NULL ? tea_event_get_version (before) : 0;

  g_object_freeze_notify (G_OBJECT (self));
  self->message = tea_event_ref (message);
  _tea_timeline_item_set_reply_to (self, tea_event_get_target (message));
  if (!g_str_equal (self->text, get_shown_text (message)))
    {
      g_free (self->text);
      self->text = g_strdup (get_shown_text (message));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
    }
  if (tea_timeline_item_get_version (self) != version)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSION]);
  if (tea_timeline_item_get_edited (self) != edited)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITED]);
  if (g_strcmp0 (tea_timeline_item_get_removed_by (self), removed_by) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REMOVED_BY]);
  if (!are_same_reactions (tea_timeline_item_get_reactions (self), reactions))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REACTIONS]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
_tea_timeline_item_set_pinned (TeaTimelineItem *self, gboolean pinned)
{
  if (self->pinned == pinned)
    return;

  self->pinned = pinned;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PINNED]);
}

void
_tea_timeline_item_set_stale (TeaTimelineItem *self, gboolean stale)
{
  if (self->stale == stale)
    return;

  self->stale = stale;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STALE]);
}

TeaEvent *
_tea_timeline_item_get_message (TeaTimelineItem *self)
{
  return self->message;
}
