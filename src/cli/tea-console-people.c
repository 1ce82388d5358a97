/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-people.h"

#include "tea-event-details.h"
#include "tea-member.h"
#include "tea-name.h"

/**
 * TeaConsolePeople:
 *
 * Whose name is whose key: people say whom they mean by name, and rooms know keys. Who is not in
 * the hall is known by events that told the key.
 */
struct _TeaConsolePeople
{
  GObject parent_instance;

  TeaConversation *hall; /* (owned) */
  GHashTable *heard;     /* (element-type utf8 utf8): the keys of names that events told */
};

G_DEFINE_FINAL_TYPE (TeaConsolePeople, tea_console_people, G_TYPE_OBJECT)

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConsolePeople *self = TEA_CONSOLE_PEOPLE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaMember) member
      = tea_conversation_find_member_finish (TEA_CONVERSATION (source), result, &error);
  const char *key = NULL;

  if (member != NULL)
    key = tea_member_get_fingerprint (member);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  else
    {
      g_autofree char *folded = tea_name_fold (g_task_get_task_data (task));

      key = g_hash_table_lookup (self->heard, folded);
    }

  g_task_return_pointer (task, g_strdup (key), g_free);
}

static void
tea_console_people_dispose (GObject *object)
{
  TeaConsolePeople *self = TEA_CONSOLE_PEOPLE (object);

  g_clear_object (&self->hall);

  G_OBJECT_CLASS (tea_console_people_parent_class)->dispose (object);
}

static void
tea_console_people_finalize (GObject *object)
{
  g_hash_table_unref (TEA_CONSOLE_PEOPLE (object)->heard);

  G_OBJECT_CLASS (tea_console_people_parent_class)->finalize (object);
}

static void
tea_console_people_class_init (TeaConsolePeopleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_people_dispose;
  object_class->finalize = tea_console_people_finalize;
}

static void
tea_console_people_init (TeaConsolePeople *self)
{
  self->heard = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * tea_console_people_new:
 * @hall: the hall of a house
 *
 * Returns: (transfer full): the people in it
 */
TeaConsolePeople *
tea_console_people_new (TeaConversation *hall)
{
  TeaConsolePeople *self;

  g_return_val_if_fail (TEA_IS_CONVERSATION (hall), NULL);

  self = g_object_new (TEA_TYPE_CONSOLE_PEOPLE, NULL);
  self->hall = g_object_ref (hall);

  return self;
}

/**
 * tea_console_people_hear:
 * @self: people
 * @event: what happened in some room
 *
 * Takes note of whose key an event tells, if it tells one.
 */
void
tea_console_people_hear (TeaConsolePeople *self, TeaEvent *event)
{
  g_autoptr (TeaEventDetails) details = NULL;
  const char *name;
  const char *key;

  g_return_if_fail (TEA_IS_CONSOLE_PEOPLE (self));

  details = tea_event_details_new (event);
  if (details == NULL)
    return;

  name = tea_event_details_get_name (details);
  key = tea_event_details_get_fingerprint (details);
  if (name != NULL && *name != '\0' && key != NULL)
    g_hash_table_insert (self->heard, tea_name_fold (name), g_strdup (key));
}

/**
 * tea_console_people_find_key_async:
 * @self: people
 * @name: what somebody is called
 * @cancellable: (nullable): to give up with
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whose key it is.
 */
void
tea_console_people_find_key_async (TeaConsolePeople *self,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_PEOPLE (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_console_people_find_key_async);
  g_task_set_task_data (task, g_strdup (name), g_free);
  tea_conversation_find_member_async (self->hall, name, cancellable, found_cb,
                                      g_steal_pointer (&task));
}

/**
 * tea_console_people_find_key_finish:
 * @self: people
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key of whoever is called so;
 *   %NULL without @error if nobody is, or has none
 */
char *
tea_console_people_find_key_finish (TeaConsolePeople *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
