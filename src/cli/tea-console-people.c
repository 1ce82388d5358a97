/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-console-people.h"

#include "tea-member.h"
#include "tea-name.h"

/* For so long it is waited for the server to tell whose key is which, in ms. */
#define WAIT_FOR_KEYS 5000

/**
 * TeaConsolePeople:
 *
 * Whose name is whose key: people say whom they mean by name, and rooms know keys. Of those
 * who came to the hall lately the server has told the name alone, and is asked.
 */
struct _TeaConsolePeople
{
  GObject parent_instance;

  TeaConversation *hall; /* (owned) */
  GTask *task;           /* (owned) (nullable): waits for the server */
  guint wait_source;
};

G_DEFINE_FINAL_TYPE (TeaConsolePeople, tea_console_people, G_TYPE_OBJECT)

static TeaMember *
dup_member (TeaConsolePeople *self, const char *name)
{
  GListModel *members = tea_conversation_get_members (self->hall);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (TeaMember) member = g_list_model_get_item (members, i);

      if (tea_name_equal (tea_member_get_name (member), name))
        return g_steal_pointer (&member);
    }

  return NULL;
}

static void
answer (TeaConsolePeople *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (TeaMember) member = dup_member (self, g_task_get_task_data (task));

  g_clear_handle_id (&self->wait_source, g_source_remove);
  g_task_return_pointer (task,
                         member != NULL ? g_strdup (tea_member_get_fingerprint (member)) : NULL,
                         g_free);
}

static void
members_known_cb (TeaConsolePeople *self)
{
  g_assert (TEA_IS_CONSOLE_PEOPLE (self));

  if (self->task != NULL && tea_conversation_get_members_known (self->hall))
    answer (self);
}

static void
waited_cb (gpointer user_data)
{
  TeaConsolePeople *self = user_data;

  self->wait_source = 0;
  answer (self);
}

static void
tea_console_people_dispose (GObject *object)
{
  TeaConsolePeople *self = TEA_CONSOLE_PEOPLE (object);

  g_clear_handle_id (&self->wait_source, g_source_remove);
  g_clear_object (&self->task);
  g_clear_object (&self->hall);

  G_OBJECT_CLASS (tea_console_people_parent_class)->dispose (object);
}

static void
tea_console_people_class_init (TeaConsolePeopleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_console_people_dispose;
}

static void
tea_console_people_init (TeaConsolePeople *self)
{
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
  g_signal_connect_object (hall, "notify::members-known", G_CALLBACK (members_known_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_console_people_find_key_async:
 * @self: people of whom nobody is looked for
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
  g_autoptr (TeaMember) member = NULL;

  g_return_if_fail (TEA_IS_CONSOLE_PEOPLE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tea_console_people_find_key_async);
  g_task_set_task_data (self->task, g_strdup (name), g_free);

  member = dup_member (self, name);
  if (member == NULL || tea_member_get_fingerprint (member) != NULL)
    {
      answer (self);
      return;
    }

  self->wait_source = g_timeout_add_once (WAIT_FOR_KEYS, waited_cb, self);
  tea_conversation_ask_members (self->hall);
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
