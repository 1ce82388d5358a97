/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-lookup.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-room-ref.h"
#include "tea-text.h"

#define KEY_PREFIX "SHA256:"

static void
room_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaRoom *room = NULL;
  GError *error = NULL;

  if (!tea_house_load_finish (TEA_HOUSE (object), result, &room, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (room == NULL)
    {
      tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                          _ ("There is no room “%s”."), (char *) g_task_get_task_data (task));
      g_task_return_error (task, error);
      return;
    }

  g_task_return_pointer (task, room, g_object_unref);
}

/**
 * tea_control_lookup_room_async: (skip)
 * @house: a house
 * @address: of a room, as an operator writes it; `""` for the hall
 * @callback: called with the room
 * @user_data: for @callback
 *
 * Finds a room, and wakes it where it sleeps.
 */
void
tea_control_lookup_room_async (TeaHouse *house,
                               const char *address,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *folded = NULL;
  GError *error = NULL;

  g_return_if_fail (TEA_IS_HOUSE (house));
  g_return_if_fail (address != NULL);

  task = g_task_new (house, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_control_lookup_room_async);
  g_task_set_task_data (task, g_strdup (address), g_free);

  folded = tea_room_ref_fold (address);
  if (folded == NULL)
    {
      tea_room_ref_validate (address, &error);
      g_task_return_error (task, error);
    }
  else if (*folded == '\0')
    g_task_return_pointer (task, g_object_ref (tea_house_get_hall (house)), g_object_unref);
  else
    tea_house_load_async (house, folded, room_loaded_cb, g_steal_pointer (&task));
}

/**
 * tea_control_lookup_room_finish: (skip)
 * @house: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the room, which is awake for a while; %NULL with @error, in words for
 *   an operator, where there is none
 */
TeaRoom *
tea_control_lookup_room_finish (TeaHouse *house, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, house), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
return_unknown (GTask *task)
{
  GError *error = NULL;

  tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NOT_A_MEMBER,
                      _ ("Nobody is known by the name “%s”. Give their key instead: SHA256:…"),
                      (char *) g_task_get_task_data (task));
  g_task_return_error (task, error);
}

static void
name_looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (TeaRegisteredName) entry = NULL;
  GError *error = NULL;
  guint n_names = 0;

  if (!tea_name_store_lookup_finish (TEA_NAME_STORE (object), result, &entry, &n_names, &error))
    g_task_return_error (task, error);
  else if (entry == NULL || entry->key == NULL)
    return_unknown (task);
  else
    g_task_return_pointer (task, g_strdup (entry->key), g_free);
}

/* The key of somebody of that name who is in the house, or belongs to the room. */
static const char *
find_key (TeaHouse *house, TeaRoom *room, TeaName *name)
{
  const TeaPerson *person = tea_presence_find (tea_house_get_presence (house), name);
  const TeaOwnedName *owned = tea_name_registry_find (tea_house_get_names (house), name);
  TeaMembers *members = room != NULL ? tea_room_get_members (room) : NULL;
  g_autoptr (GPtrArray) list = NULL;

  if (person != NULL)
    return person->key;
  if (owned != NULL)
    return owned->key;

  list = members != NULL ? tea_members_list_concerned (members) : NULL;
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const TeaMembership *membership = g_ptr_array_index (list, i);

      if (tea_name_matches (name, membership->name))
        return membership->key;
    }

  return NULL;
}

static void
look_up_name (TeaHouse *house, TeaRoom *room, const char *who, GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  g_autoptr (TeaName) name = NULL;
  GError *error = NULL;
  const char *key;

  name = tea_name_new (who, &error);
  if (name == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  key = find_key (house, room, name);
  if (key != NULL)
    g_task_return_pointer (task, g_strdup (key), g_free);
  else if (tea_presence_find (tea_house_get_presence (house), name) != NULL)
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_REFUSED, "%s",
                             _ ("They came by the classic protocol and have no key. They go when "
                                "their network is banned along with somebody else."));
  else
    tea_name_store_lookup_async (TEA_NAME_STORE (tea_house_get_store (house)),
                                 tea_name_get_folded (name), NULL, name_looked_up_cb,
                                 g_steal_pointer (&task));
}

/**
 * tea_control_lookup_key_async: (skip)
 * @house: a house
 * @room: (nullable): the room that it is about
 * @who: the fingerprint of a key, or a name
 * @callback: called with the key
 * @user_data: for @callback
 *
 * Finds out whom an operator means. Who is in the house goes before whoever only owns a name.
 */
void
tea_control_lookup_key_async (TeaHouse *house,
                              TeaRoom *room,
                              const char *who,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  char *key;

  g_return_if_fail (TEA_IS_HOUSE (house));
  g_return_if_fail (who != NULL);

  task = g_task_new (house, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_control_lookup_key_async);
  g_task_set_task_data (task, g_strdup (who), g_free);

  if (!g_str_has_prefix (who, KEY_PREFIX))
    {
      look_up_name (house, room, who, g_steal_pointer (&task));
      return;
    }

  key = tea_fingerprint_parse (who, &error);
  if (key != NULL)
    g_task_return_pointer (task, key, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * tea_control_lookup_key_finish: (skip)
 * @house: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the fingerprint of their key; %NULL with @error, in words for an
 *   operator, where nobody can be meant
 */
char *
tea_control_lookup_key_finish (TeaHouse *house, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, house), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
