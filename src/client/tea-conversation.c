/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-conversation.h"

#include "tea-member-list.h"
#include "tea-name.h"
#include "tea-outbox.h"
#include "tea-timeline-private.h"

/**
 * TeaConversation:
 *
 * What a client knows of a room, and does there: what happened, who is in it, and what its
 * user says.
 */
struct _TeaConversation
{
  GObject parent_instance;

  char *own_name;         /* (nullable) */
  TeaTimeline *timeline;  /* (owned) */
  TeaMemberList *members; /* (owned) */
  TeaOutbox *outbox;      /* (owned) */

  /* the way to the room: one of these, or none */
  TeaRoomLink *room;       /* (owned) (nullable) */
  TeaClassicLink *classic; /* (owned) (nullable) */
  GSignalGroup *signals;   /* (owned): of @classic */

  gboolean is_open;
  gboolean members_told; /* the list of members was told by the server */
  gboolean is_loading;   /* older history */
};

enum
{
  PROP_0,
  PROP_HAS_OLDER,
  PROP_MEMBERS,
  PROP_MEMBERS_KNOWN,
  PROP_N_UNSENT,
  PROP_TIMELINE,
  N_PROPS
};

enum
{
  SIGNAL_DELIVERY,
  SIGNAL_EVENT,
  SIGNAL_GAP,
  SIGNAL_OLDER_EVENT,
  SIGNAL_OPENED,
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

  self->is_open = is_open;
  self->members_told = members_told;
  if (tea_conversation_get_members_known (self) != were_known)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MEMBERS_KNOWN]);
}

static void
opened_cb (guint n_said, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  set_standing (self, TRUE, self->members_told);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_OLDER]);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, n_said);
}

static void
closed_cb (gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  set_standing (self, FALSE, self->members_told);
}

static gboolean
is_own (TeaConversation *self, TeaEvent *event)
{
  const char *author = tea_event_get_author (event);

  return author != NULL && tea_name_equal (author, self->own_name);
}

static gboolean
is_presence (TeaEvent *event)
{
  return tea_event_get_kind (event) == TEA_EVENT_JOINED
         || tea_event_get_kind (event) == TEA_EVENT_LEFT;
}

static void
event_cb (TeaEvent *event, gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);
  gboolean own = is_own (self, event);

  tea_outbox_take_next (self->outbox, tea_event_get_seq (event));
  if (own && tea_event_get_kind (event) == TEA_EVENT_MESSAGE
      && tea_outbox_take_logged (self->outbox, event))
    return;

  if (!own || !is_presence (event))
    tea_timeline_append_event (self->timeline, event);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, event);
}

static void
gap_cb (gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  /* Who came and left meanwhile is not known. The link asks. */
  set_standing (self, self->is_open, FALSE);
  tea_timeline_append_gap (self->timeline);
  g_signal_emit (self, signals[SIGNAL_GAP], 0);
}

static void
members_told_cb (gpointer user_data)
{
  TeaConversation *self = TEA_CONVERSATION (user_data);

  set_standing (self, self->is_open, TRUE);
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

  opened_cb (tea_outbox_open_classic (self->outbox, classic_say_cb, self), self);
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
  g_clear_object (&self->outbox);
  g_clear_object (&self->timeline);
  g_clear_object (&self->members);

  G_OBJECT_CLASS (tea_conversation_parent_class)->dispose (object);
}

static void
tea_conversation_finalize (GObject *object)
{
  g_free (TEA_CONVERSATION (object)->own_name);

  G_OBJECT_CLASS (tea_conversation_parent_class)->finalize (object);
}

static void
tea_conversation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaConversation *self = TEA_CONVERSATION (object);

  switch (prop_id)
    {
    case PROP_HAS_OLDER:
      g_value_set_boolean (value, tea_conversation_get_has_older (self));
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
    case PROP_TIMELINE:
      g_value_set_object (value, self->timeline);
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
   * TeaConversation:has-older:
   *
   * Whether older history than what is in the timeline can be had.
   */
  properties[PROP_HAS_OLDER] = g_param_spec_boolean ("has-older", NULL, NULL, FALSE, READABLE);
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
   * How many of one's own messages wait or are on their way. What failed does not count.
   */
  properties[PROP_N_UNSENT] = g_param_spec_uint ("n-unsent", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
  /**
   * TeaConversation:timeline:
   *
   * What happened in the room.
   */
  properties[PROP_TIMELINE]
      = g_param_spec_object ("timeline", NULL, NULL, TEA_TYPE_TIMELINE, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

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
   * Something happened in the room; what this program said itself is not told. Where the room
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
}

static void
tea_conversation_init (TeaConversation *self)
{
  self->timeline = tea_timeline_new ();
  self->members = tea_member_list_new ();
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
 *
 * Returns: (transfer full): a conversation in a room that is not known yet
 */
TeaConversation *
tea_conversation_new (TeaClock *clock)
{
  TeaConversation *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_CONVERSATION, NULL);
  self->outbox = tea_outbox_new (self->timeline, clock);
  g_object_connect (self->outbox, "swapped-object-signal::delivery", delivery_cb, self,
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

  if (g_strcmp0 (self->own_name, own_name) == 0)
    return;

  g_free (self->own_name);
  self->own_name = g_strdup (own_name);
  tea_timeline_set_own_name (self->timeline, own_name);
  tea_member_list_set_own (self->members, own_name);
}

/**
 * tea_conversation_follow_secure: (skip)
 * @self: a conversation without a link
 * @link: a link to the server that the room is on
 * @since: an event after which everything is wanted; 0 for the latest history
 * @history: how many of the latest events are wanted
 *
 * Reaches the room through a link.
 */
void
tea_conversation_follow_secure (TeaConversation *self,
                                TeaSecureLink *link,
                                guint64 since,
                                guint history)
{
  static const TeaRoomLinkFuncs funcs = {
    .opened = opened_cb,
    .closed = closed_cb,
    .event = event_cb,
    .gap = gap_cb,
    .members_told = members_told_cb,
    .older = older_cb,
  };

  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (self->room == NULL && self->classic == NULL);

  self->room
      = g_object_ref (tea_secure_link_add_room (link, self->outbox, self->members, &funcs, self));
  tea_room_link_set_start (self->room, since, history);
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

  event = tea_event_new (TEA_EVENT_JOINED, time, self->own_name, NULL);
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
  g_return_if_fail (TEA_IS_CONVERSATION (self));

  if (self->room != NULL)
    {
      tea_room_link_detach (self->room);
      tea_room_link_pause (self->room);
    }
  else if (self->classic != NULL)
    {
      g_signal_group_set_target (self->signals, NULL);
      tea_outbox_close (self->outbox);
    }
  g_clear_object (&self->room);
  g_clear_object (&self->classic);
  set_standing (self, FALSE, self->members_told);
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

/**
 * tea_conversation_say:
 * @self: a conversation
 * @text: what to say, in valid UTF-8
 *
 * Says something, or, while there is no connection, keeps it until there is again. Either
 * way it is in the timeline at once.
 */
void
tea_conversation_say (TeaConversation *self, const char *text)
{
  g_return_if_fail (TEA_IS_CONVERSATION (self));
  g_return_if_fail (text != NULL);

  tea_outbox_say (self->outbox, text);
}

/**
 * tea_conversation_retry:
 * @self: a conversation
 * @item: a message of one's own that failed
 *
 * Tries to send a message again.
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
 * Counts what its user has said that is not known to be delivered.
 *
 * Returns: how many messages wait or are on their way; those that failed do not count
 */
guint
tea_conversation_get_n_unsent (TeaConversation *self)
{
  g_return_val_if_fail (TEA_IS_CONVERSATION (self), 0);

  return tea_outbox_get_n_unsent (self->outbox);
}
