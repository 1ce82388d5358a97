/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control.h"

/**
 * TeaControl:
 *
 * What whoever runs a server can ask of it, by the methods of the control interface. It knows
 * nothing of the bus, and nothing of how things are done: that is in the groups of verbs that
 * are added to it.
 */
struct _TeaControl
{
  GObject parent_instance;

  GPtrArray *groups; /* (element-type GObject) */
  GHashTable *verbs; /* (element-type utf8 Entry): by method */
};

typedef struct
{
  gpointer group; /* (unowned) */
  TeaControlFunc call;
} Entry;

G_DEFINE_FINAL_TYPE (TeaControl, tea_control, G_TYPE_OBJECT)

static void
tea_control_finalize (GObject *object)
{
  TeaControl *self = TEA_CONTROL (object);

  g_hash_table_unref (self->verbs);
  g_ptr_array_unref (self->groups);

  G_OBJECT_CLASS (tea_control_parent_class)->finalize (object);
}

static void
tea_control_class_init (TeaControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_finalize;
}

static void
tea_control_init (TeaControl *self)
{
  self->groups = g_ptr_array_new_with_free_func (g_object_unref);
  self->verbs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

/**
 * tea_control_new:
 *
 * Returns: (transfer full): a control that can do nothing yet
 */
TeaControl *
tea_control_new (void)
{
  return g_object_new (TEA_TYPE_CONTROL, NULL);
}

/**
 * tea_control_add:
 * @self: a control
 * @group: (type GObject) (transfer full): what knows how these are done
 * @verbs: (array): what can be asked of it; the last has no method
 *
 * Adds what can be asked for.
 */
void
tea_control_add (TeaControl *self, gpointer group, const TeaControlVerb *verbs)
{
  g_return_if_fail (TEA_IS_CONTROL (self));
  g_return_if_fail (G_IS_OBJECT (group));

  g_ptr_array_add (self->groups, group);
  for (; verbs->method != NULL; verbs++)
    {
      Entry *entry = g_new (Entry, 1);

      entry->group = group;
      entry->call = verbs->call;
      g_hash_table_insert (self->verbs, (gpointer) verbs->method, entry);
    }
}

/**
 * tea_control_call_async:
 * @self: a control
 * @method: a method of the control interface
 * @parameters: of the types that this has there
 * @fds: (nullable): the files that go along
 * @callback: called when it is done, or cannot be
 * @user_data: for @callback
 *
 * Does what an operator asks for.
 */
void
tea_control_call_async (TeaControl *self,
                        const char *method,
                        GVariant *parameters,
                        GUnixFDList *fds,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task;
  const Entry *entry;

  g_return_if_fail (TEA_IS_CONTROL (self));
  g_return_if_fail (method != NULL && parameters != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_control_call_async);

  entry = g_hash_table_lookup (self->verbs, method);
  if (entry != NULL)
    entry->call (entry->group, parameters, fds, task);
  else
    tea_control_refuse (task, g_error_new (G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD,
                                           "There is no method “%s”", method));
}

/**
 * tea_control_call_finish:
 * @self: a control
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what the method gives back, a tuple; %NULL where it could not be
 *   done, with @error in words for an operator
 */
GVariant *
tea_control_call_finish (TeaControl *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_control_answer: (skip)
 * @task: (transfer full): what a verb was given
 * @answer: (transfer floating): a tuple
 *
 * Tells the operator that it is done.
 */
void
tea_control_answer (GTask *task, GVariant *answer)
{
  g_task_return_pointer (task, g_variant_ref_sink (answer), (GDestroyNotify) g_variant_unref);
  g_object_unref (task);
}

/**
 * tea_control_refuse: (skip)
 * @task: (transfer full): what a verb was given
 * @error: (transfer full): why it cannot be done, in words for an operator
 *
 * Tells the operator that it is not done.
 */
void
tea_control_refuse (GTask *task, GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}
