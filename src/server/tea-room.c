/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-name.h"

/**
 * TeaRoom:
 *
 * The room: who is in it, and what happens there. Everything that happens is an
 * event, and everyone is told of the events in the same order.
 */
struct _TeaRoom
{
  GObject parent_instance;

  GHashTable *members; /* (element-type utf8 Occupant): by the folded name */
  GQueue order;        /* (element-type Occupant): as they came */
};

typedef struct
{
  TeaMember *member;   /* (owned) */
  TeaSession *session; /* (owned) */
  GList link;
} Occupant;

G_DEFINE_FINAL_TYPE (TeaRoom, tea_room, G_TYPE_OBJECT)

static void
occupant_free (Occupant *occupant)
{
  g_object_unref (occupant->member);
  g_object_unref (occupant->session);
  g_free (occupant);
}

static void
announce (TeaRoom *self, TeaEventKind kind, TeaMember *author, const char *text)
{
  g_autoptr (TeaEvent) event
      = tea_event_new (kind, g_get_real_time (), tea_member_get_name (author), text);

  for (GList *l = self->order.head; l != NULL; l = l->next)
    {
      Occupant *occupant = l->data;

      tea_session_deliver (occupant->session, author, event);
    }
}

static void
tea_room_finalize (GObject *object)
{
  TeaRoom *self = TEA_ROOM (object);

  g_hash_table_unref (self->members);

  G_OBJECT_CLASS (tea_room_parent_class)->finalize (object);
}

static void
tea_room_class_init (TeaRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_room_finalize;
}

static void
tea_room_init (TeaRoom *self)
{
  self->members
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) occupant_free);
  g_queue_init (&self->order);
}

/**
 * tea_room_new:
 *
 * Returns: (transfer full): an empty room
 */
TeaRoom *
tea_room_new (void)
{
  return g_object_new (TEA_TYPE_ROOM, NULL);
}

/**
 * tea_room_join:
 * @self: a room
 * @session: how to reach who wants to enter
 * @name: what they want to be called
 * @error: return location for a #GError
 *
 * Lets somebody in, and tells everyone, the newcomer included. The name must be fit
 * ([func@Tea.name_validate]) and nobody else's in the room, by its folded form.
 *
 * Returns: (transfer none): the new member, or %NULL with @error of the %TEA_ERROR
 *   domain
 */
TeaMember *
tea_room_join (TeaRoom *self, TeaSession *session, const char *name, GError **error)
{
  g_autoptr (TeaMember) member = NULL;
  Occupant *occupant;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);
  g_return_val_if_fail (TEA_IS_SESSION (session), NULL);

  if (!tea_name_validate (name, error))
    return NULL;

  member = tea_member_new (name);
  if (g_hash_table_contains (self->members, tea_member_get_key (member)))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_NAME_TAKEN, _ ("“%s” is taken."), name);
      return NULL;
    }

  if (g_hash_table_size (self->members) >= TEA_ROOM_MAX_MEMBERS)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_ROOM_FULL,
                           _ ("The room is full. Try again later."));
      return NULL;
    }

  occupant = g_new0 (Occupant, 1);
  occupant->member = g_object_ref (member);
  occupant->session = g_object_ref (session);
  occupant->link.data = occupant;
  g_hash_table_insert (self->members, (char *) tea_member_get_key (member), occupant);
  g_queue_push_tail_link (&self->order, &occupant->link);

  announce (self, TEA_EVENT_JOINED, member, NULL);

  return member;
}

/**
 * tea_room_say:
 * @self: a room
 * @member: somebody in it
 * @text: what they say, in valid UTF-8
 *
 * Tells everyone, who says it included, what somebody says.
 */
void
tea_room_say (TeaRoom *self, TeaMember *member, const char *text)
{
  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (TEA_IS_MEMBER (member));
  g_return_if_fail (text != NULL);

  announce (self, TEA_EVENT_MESSAGE, member, text);
}

/**
 * tea_room_leave:
 * @self: a room
 * @member: somebody in it
 *
 * Takes somebody out, whether they said goodbye or were cut off, and tells those
 * who stay.
 */
void
tea_room_leave (TeaRoom *self, TeaMember *member)
{
  g_autoptr (TeaMember) kept = NULL;
  Occupant *occupant;

  g_return_if_fail (TEA_IS_ROOM (self));
  g_return_if_fail (TEA_IS_MEMBER (member));

  occupant = g_hash_table_lookup (self->members, tea_member_get_key (member));
  g_return_if_fail (occupant != NULL && occupant->member == member);

  kept = g_object_ref (member);
  g_queue_unlink (&self->order, &occupant->link);
  g_hash_table_remove (self->members, tea_member_get_key (member));

  announce (self, TEA_EVENT_LEFT, member, NULL);
}

/**
 * tea_room_find:
 * @self: a room
 * @name: a name in valid UTF-8
 *
 * Returns: (transfer none) (nullable): who is called that in the room
 */
TeaMember *
tea_room_find (TeaRoom *self, const char *name)
{
  g_autofree char *key = NULL;
  Occupant *occupant;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  key = tea_name_fold (name);
  occupant = g_hash_table_lookup (self->members, key);

  return occupant != NULL ? occupant->member : NULL;
}

/**
 * tea_room_get_n_members:
 * @self: a room
 *
 * Returns: how many people are in it
 */
guint
tea_room_get_n_members (TeaRoom *self)
{
  g_return_val_if_fail (TEA_IS_ROOM (self), 0);

  return g_hash_table_size (self->members);
}

/**
 * tea_room_dup_names:
 * @self: a room
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of all who are in
 *   it, in the order in which they came
 */
char **
tea_room_dup_names (TeaRoom *self)
{
  g_autoptr (GStrvBuilder) names = NULL;

  g_return_val_if_fail (TEA_IS_ROOM (self), NULL);

  names = g_strv_builder_new ();
  for (GList *l = self->order.head; l != NULL; l = l->next)
    {
      Occupant *occupant = l->data;

      g_strv_builder_add (names, tea_member_get_name (occupant->member));
    }

  return g_strv_builder_end (names);
}
