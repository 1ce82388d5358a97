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
  guint own : 1;
  guint mentions_me : 1;
  guint first_of_group : 1;
};

enum
{
  PROP_0,
  PROP_DELIVERY,
  PROP_EVENTS,
  PROP_FIRST_OF_GROUP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

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
  g_clear_pointer (&self->events, g_ptr_array_unref);

  G_OBJECT_CLASS (tea_timeline_item_parent_class)->finalize (object);
}

static void
tea_timeline_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaTimelineItem *self = TEA_TIMELINE_ITEM (object);

  switch (prop_id)
    {
    case PROP_DELIVERY:
      g_value_set_int (value, (int) self->delivery);
      break;
    case PROP_EVENTS:
      g_value_set_boxed (value, self->events);
      break;
    case PROP_FIRST_OF_GROUP:
      g_value_set_boolean (value, self->first_of_group);
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
   * TeaTimelineItem:delivery:
   *
   * How far a message of one's own has come, a [enum@Tea.Delivery].
   */
  properties[PROP_DELIVERY]
      = g_param_spec_int ("delivery", NULL, NULL, TEA_DELIVERY_SENT, TEA_DELIVERY_FAILED,
                          TEA_DELIVERY_SENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * TeaTimelineItem:events:
   *
   * The arrivals and departures a line of presence stands for.
   */
  properties[PROP_EVENTS] = g_param_spec_boxed ("events", NULL, NULL, G_TYPE_PTR_ARRAY,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * TeaTimelineItem:first-of-group:
   *
   * Whether a message begins a run of messages of one author.
   */
  properties[PROP_FIRST_OF_GROUP]
      = g_param_spec_boolean ("first-of-group", NULL, NULL, FALSE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_timeline_item_init (TeaTimelineItem *self)
{
}

/**
 * tea_timeline_item_new_message:
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

/**
 * tea_timeline_item_new_presence:
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
 * tea_timeline_item_new_notice:
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
 * tea_timeline_item_new_line:
 * @kind: %TEA_TIMELINE_ITEM_DAY, %TEA_TIMELINE_ITEM_UNREAD or %TEA_TIMELINE_ITEM_WAITING
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
 * Returns: (nullable): the text of a message or notice, as it came; %NULL for
 *   other kinds
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
 * Tells why a message was not sent.
 *
 * Returns: (nullable): why a message could not be sent, where that is known
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

void
_tea_timeline_item_set_mentions_me (TeaTimelineItem *self, gboolean mentions_me)
{
  self->mentions_me = mentions_me;
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
  g_free (self->failure);
  self->failure = g_strdup (failure);

  if (self->delivery == delivery)
    return;

  self->delivery = delivery;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELIVERY]);
}

void
_tea_timeline_item_set_time (TeaTimelineItem *self, gint64 time)
{
  self->time = time;
}

void
_tea_timeline_item_fold (TeaTimelineItem *self, TeaEvent *event)
{
  g_ptr_array_add (self->events, tea_event_ref (event));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EVENTS]);
}
