/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-replica.h"

#include "tea-name.h"

/**
 * TeaReplica:
 *
 * What a client knows of a room: what happened there, who is in it, and what it says
 * itself.
 */
struct _TeaReplica
{
  GObject parent_instance;

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
  self->outbox = tea_outbox_new (self->timeline);
}

/**
 * tea_replica_new:
 *
 * Returns: (transfer full): a replica of a room that is not known yet
 */
TeaReplica *
tea_replica_new (void)
{
  return g_object_new (TEA_TYPE_REPLICA, NULL);
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
  const char *const names[] = { own_name, NULL };

  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (own_name != NULL);

  g_free (self->own_name);
  self->own_name = g_strdup (own_name);
  tea_timeline_set_own_name (self->timeline, own_name);
  tea_member_list_set (self->members, names);
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
  const char *text;
  gboolean own;
  gboolean shown = FALSE;

  g_return_val_if_fail (TEA_IS_REPLICA (self), FALSE);
  g_return_val_if_fail (self->own_name != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  author = tea_event_get_author (event);
  text = tea_event_get_text (event);
  own = author != NULL && tea_name_equal (author, self->own_name);

  tea_outbox_note_heard (self->outbox);

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      if (own)
        return FALSE;
      tea_member_list_add (self->members, author);
      break;

    case TEA_EVENT_LEFT:
      if (own)
        return FALSE;
      tea_member_list_remove (self->members, author);
      break;

    case TEA_EVENT_MESSAGE:
      if (own && tea_outbox_take_echo (self->outbox, text))
        return FALSE;
      tea_member_list_add (self->members, author);
      break;

    case TEA_EVENT_REFUSED:
      /* Shown with the message that it concerns. */
      shown = tea_outbox_take_refusal (self->outbox, text);
      break;

    case TEA_EVENT_NOTICE:
    default:
      break;
    }

  if (!shown)
    tea_timeline_append_event (self->timeline, event);

  return TRUE;
}

/**
 * tea_replica_take_present:
 * @self: a replica
 * @names: (array zero-terminated=1): everyone who is in the room
 *
 * Takes in who is in the room; this client is, whatever @names say.
 */
void
tea_replica_take_present (TeaReplica *self, const char *const *names)
{
  g_return_if_fail (TEA_IS_REPLICA (self));
  g_return_if_fail (self->own_name != NULL);

  tea_outbox_note_heard (self->outbox);
  tea_member_list_set (self->members, names);
  tea_member_list_add (self->members, self->own_name);
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
