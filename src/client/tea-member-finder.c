/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-member-finder.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

struct _TeaMemberFinder
{
  TeaMemberList *members; /* (owned) */
  GPtrArray *waiting;     /* (element-type GTask): those whose key is asked for */
};

static gboolean
answer (TeaMemberFinder *self, GTask *task)
{
  TeaMember *member = tea_member_list_lookup (self->members, g_task_get_task_data (task));

  if (member == NULL || tea_member_get_fingerprint (member) == NULL)
    return FALSE;

  g_task_return_pointer (task, g_object_ref (member), g_object_unref);

  return TRUE;
}

/**
 * tea_member_finder_new:
 * @members: who is in the room
 *
 * Returns: (transfer full): a finder
 */
TeaMemberFinder *
tea_member_finder_new (TeaMemberList *members)
{
  TeaMemberFinder *self;

  g_return_val_if_fail (TEA_IS_MEMBER_LIST (members), NULL);

  self = g_new0 (TeaMemberFinder, 1);
  self->members = g_object_ref (members);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

/**
 * tea_member_finder_free:
 * @self: (transfer full): a finder that nobody waits for
 *
 * Frees it.
 */
void
tea_member_finder_free (TeaMemberFinder *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->waiting);
  g_object_unref (self->members);
  g_free (self);
}

/**
 * tea_member_finder_find:
 * @self: a finder
 * @name: what somebody is called
 * @task: (transfer full): given a #TeaMember whose key is known
 *
 * Finds somebody, at once or when tea_member_finder_finish() is called.
 *
 * Returns: whether it is known at once; if not, the server is to be asked who is there
 */
gboolean
tea_member_finder_find (TeaMemberFinder *self, const char *name, GTask *task)
{
  g_autoptr (GTask) owned = task;

  g_return_val_if_fail (self != NULL, TRUE);
  g_return_val_if_fail (name != NULL, TRUE);

  g_task_set_task_data (owned, g_strdup (name), g_free);
  if (answer (self, owned))
    return TRUE;

  g_ptr_array_add (self->waiting, g_steal_pointer (&owned));

  return FALSE;
}

/**
 * tea_member_finder_finish:
 * @self: a finder
 *
 * The list is what the server has told, or it will not be told.
 */
void
tea_member_finder_finish (TeaMemberFinder *self)
{
  g_return_if_fail (self != NULL);

  while (self->waiting->len > 0)
    {
      g_autoptr (GTask) task = g_ptr_array_steal_index (self->waiting, self->waiting->len - 1);

      if (!g_task_return_error_if_cancelled (task) && !answer (self, task))
        g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NOT_A_MEMBER,
                                 _ ("Nobody of that name is here, or they have no key."));
    }
}
