/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-replica.h"

#include "tea-name.h"
#include "tea-timeline-private.h"

/**
 * TeaReplica:
 *
 * What a client knows of a room: what happened there, who is in it, and what it says
 * itself.
 */
struct _TeaReplica
{
  GObject parent_instance;

  TeaLink *link;          /* (owned) (nullable): which it follows */
  char *own_name;         /* (nullable) */
  TeaTimeline *timeline;  /* (owned) */
  TeaMemberList *members; /* (owned) */
  TeaOutbox *outbox;      /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaReplica, tea_replica, G_TYPE_OBJECT)

static void
tea_replica_dispose (GObject *object)
{
  TeaReplica *self = TEA_REPLICA (object);

  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);
  g_clear_object (&self->link);
  g_clear_object (&self->timeline);
  g_clear_object (&self->members);
  g_clear_object (&self->outbox);

  G_OBJECT_CLASS (tea_replica_parent_class)->dispose (object);
}

static void
tea_replica_finalize (GObject *object)
{
  TeaReplica *self = TEA_REPLICA (object);

  g_free (self->own_name);

  G_OBJECT_CLASS (tea_replica_parent_class)->finalize (object);
}

static void
tea_replica_class_init (TeaReplicaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_replica_dispose;
  object_class->finalize = tea_replica_finalize;
}

static void
tea_replica_init (TeaReplica *self)
{
  self->timeline = tea_timeline_new ();
  self->members = tea_member_list_new ();
}

/**
 * tea_replica_new:
 * @clock: what time it is
 *
 * Returns: (transfer full): a replica of a room that is not known yet
 */
TeaReplica *
tea_replica_new (TeaClock *clock)
{
  TeaReplica *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_REPLICA, NULL);
  self->outbox = tea_outbox_new (self->timeline, clock);

  return self;
}

/* Somebody of whom no more is known than that they are there. */
static void
add_name (TeaReplica *self, const char *name)
{
  g_autoptr (TeaMember) member = tea_member_new (name);

  tea_member_list_add (self->members, member);
}

static void
present_cb (TeaReplica *self, GPtrArray *members)
{
  g_assert (TEA_IS_REPLICA (self));

  tea_replica_take_present (self, members);
}

static void
arrived_cb (TeaReplica *self, TeaMember *member)
{
  g_assert (TEA_IS_REPLICA (self));

  tea_member_list_add (self->members, member);
}

static void
departed_cb (TeaReplica *self, const char *name)
{
  g_assert (TEA_IS_REPLICA (self));

  if (!tea_name_equal (name, self->own_name))
    tea_member_list_remove (self->members, name);
}

static void
gap_cb (TeaReplica *self)
{
  g_assert (TEA_IS_REPLICA (self));

  tea_timeline_append_gap (self->timeline);
}

/**
 * tea_replica_follow:
 * @self: a replica
 * @link: how the room is reached
 *
 * Takes in what a link tells, but for its events: those have to be given to
 * [method@Tea.Replica.take_event].
 */
void
tea_replica_follow (TeaReplica *self, TeaLink *link)
{
  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (TEA_IS_LINK (link));

  if (self->link != NULL)
    g_signal_handlers_disconnect_by_data (self->link, self);
  g_set_object (&self->link, link);

  g_object_connect (link, "swapped-object-signal::present", present_cb, self,
                    "swapped-object-signal::arrived", arrived_cb, self,
                    "swapped-object-signal::departed", departed_cb, self,
                    "swapped-object-signal::gap", gap_cb, self, NULL);
  g_object_connect (link, "swapped-object-signal::delivered", tea_outbox_take_delivered,
                    self->outbox, "swapped-object-signal::refused", tea_outbox_take_refused,
                    self->outbox, "swapped-object-signal::passed", tea_outbox_take_passed,
                    self->outbox, NULL);
}

/**
 * tea_replica_enter:
 * @self: a replica
 * @own_name: the name this client has entered under
 *
 * The client is in the room, alone as far as it knows.
 */
void
tea_replica_enter (TeaReplica *self, const char *own_name)
{
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();

  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (own_name != NULL);

  g_free (self->own_name);
  self->own_name = g_strdup (own_name);
  tea_timeline_set_own_name (self->timeline, own_name);
  tea_member_list_set (self->members, nobody);
  add_name (self, own_name);
}

/* What happened according to the room's log. Who is in the room, the link tells. */
static gboolean
take_logged (TeaReplica *self, TeaEvent *event, gboolean own)
{
  TeaEventKind kind = tea_event_get_kind (event);

  tea_outbox_take_next (self->outbox, tea_event_get_seq (event));
  if (kind == TEA_EVENT_MESSAGE && own && self->link != NULL
      && tea_event_get_stream (event) == tea_link_get_stream (self->link)
      && tea_outbox_take_logged (self->outbox, event))
    return FALSE;

  if (!own || (kind != TEA_EVENT_JOINED && kind != TEA_EVENT_LEFT))
    tea_timeline_append_event (self->timeline, event);

  return TRUE;
}

/* What a server without a log tells. */
static gboolean
take_classic (TeaReplica *self, TeaEvent *event, gboolean own)
{
  const char *author = tea_event_get_author (event);
  const char *text = tea_event_get_text (event);
  gboolean shown = FALSE;

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      if (own)
        return FALSE;
      add_name (self, author);
      break;

    case TEA_EVENT_LEFT:
      if (own)
        return FALSE;
      tea_member_list_remove (self->members, author);
      break;

    case TEA_EVENT_MESSAGE:
      if (own && tea_outbox_take_echo (self->outbox, text))
        return FALSE;
      add_name (self, author);
      break;

    case TEA_EVENT_REFUSED:
      /* Shown with the message that it concerns. */
      shown = tea_outbox_take_refusal (self->outbox, text);
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_INVITED:
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
    case TEA_EVENT_OTHER:
    default:
      break;
    }

  if (!shown)
    tea_timeline_append_event (self->timeline, event);

  return TRUE;
}

/**
 * tea_replica_set_own_name:
 * @self: a replica that was entered
 * @own_name: how the server writes the name this client has entered under
 *
 * Writes one's own name as everybody sees it.
 */
void
tea_replica_set_own_name (TeaReplica *self, const char *own_name)
{
  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (self->own_name != NULL);

  tea_member_list_remove (self->members, self->own_name);
  g_free (self->own_name);
  self->own_name = g_strdup (own_name);
  tea_timeline_set_own_name (self->timeline, own_name);
  add_name (self, own_name);
}

/**
 * tea_replica_take_event:
 * @self: a replica
 * @event: what the server tells
 *
 * Takes in what happened in the room.
 *
 * Returns: whether it is news; some servers tell one of one's own doings
 */
gboolean
tea_replica_take_event (TeaReplica *self, TeaEvent *event)
{
  const char *author;
  gboolean own;

  g_return_val_if_fail (TEA_IS_REPLICA (self), FALSE);
  g_return_val_if_fail (self->own_name != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  author = tea_event_get_author (event);
  own = author != NULL && tea_name_equal (author, self->own_name);

  if (tea_event_get_seq (event) > 0)
    return take_logged (self, event, own);

  tea_outbox_note_heard (self->outbox);

  return take_classic (self, event, own);
}

/**
 * tea_replica_take_older:
 * @self: a replica
 * @events: (element-type TeaEvent): what happened before all that is known, oldest first
 *
 * Takes in older history.
 */
void
tea_replica_take_older (TeaReplica *self, GPtrArray *events)
{
  g_autoptr (GPtrArray) shown = NULL;

  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (events != NULL);

  shown = g_ptr_array_new ();
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = g_ptr_array_index (events, i);
      TeaEventKind kind = tea_event_get_kind (event);
      const char *author = tea_event_get_author (event);

      if ((kind != TEA_EVENT_JOINED && kind != TEA_EVENT_LEFT)
          || !tea_name_equal (author, self->own_name))
        g_ptr_array_add (shown, event);
    }

  tea_timeline_prepend_events (self->timeline, shown);
}

/**
 * tea_replica_take_present:
 * @self: a replica
 * @members: (element-type TeaMember): everyone who is in the room
 *
 * Takes in who is in the room; this client is, whatever @members say.
 */
void
tea_replica_take_present (TeaReplica *self, GPtrArray *members)
{
  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (self->own_name != NULL);

  tea_outbox_note_heard (self->outbox);
  tea_member_list_set (self->members, members);
  add_name (self, self->own_name);
}

/**
 * tea_replica_get_timeline:
 * @self: a replica
 *
 * Returns: (transfer none): what happened in the room
 */
TeaTimeline *
tea_replica_get_timeline (TeaReplica *self)
{
  g_return_val_if_fail (TEA_IS_REPLICA (self), NULL);

  return self->timeline;
}

/**
 * tea_replica_get_members:
 * @self: a replica
 *
 * Returns: (transfer none): who is in the room
 */
TeaMemberList *
tea_replica_get_members (TeaReplica *self)
{
  g_return_val_if_fail (TEA_IS_REPLICA (self), NULL);

  return self->members;
}

/**
 * tea_replica_get_outbox:
 * @self: a replica
 *
 * Returns: (transfer none): what this client says
 */
TeaOutbox *
tea_replica_get_outbox (TeaReplica *self)
{
  g_return_val_if_fail (TEA_IS_REPLICA (self), NULL);

  return self->outbox;
}
