/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-rooms.h"

#include <glib/gi18n-lib.h>

#include "tea-control-lookup.h"
#include "tea-error.h"
#include "tea-password.h"
#include "tea-room-flags.h"
#include "tea-room-ref.h"
#include "tea-text.h"
#include "tea-turns.h"

#define TEA_TYPE_CONTROL_ROOMS (tea_control_rooms_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlRooms, tea_control_rooms, TEA, CONTROL_ROOMS, GObject)

/* Makes rooms, and sets their passwords: what no event of a room tells of. */
struct _TeaControlRooms
{
  GObject parent_instance;

  TeaHouse *house; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaControlRooms, tea_control_rooms, G_TYPE_OBJECT)

/* A room that is to be. */
typedef struct
{
  TeaControlRooms *group; /* (owned) */
  TeaRoomInfo *info;      /* (owned) */
} NewRoom;

static void
new_room_free (gpointer data)
{
  NewRoom *self = data;

  g_object_unref (self->group);
  tea_room_info_free (self->info);
  g_free (self);
}

static void
made_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const NewRoom *room = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_made = tea_store_make_room_finish (TEA_STORE (object), result, NULL, &error);

  tea_turns_end (tea_turns_get (TEA_STORE (object)));
  if (!is_made)
    {
      tea_control_refuse (task, error);
      return;
    }

  g_message ("%s made the room “%s”", TEA_POLICY_HOUSE_NAME, room->info->address);
  tea_control_answer (task, g_variant_new ("()"));
}

/* No room is just getting the same address. */
static void
turn_cb (gpointer user_data)
{
  GTask *task = user_data;
  const NewRoom *room = g_task_get_task_data (task);

  tea_store_make_room_async (tea_house_get_store (room->group->house), room->info, NULL, made_cb,
                             task);
}

static void
make_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlRooms *self = TEA_CONTROL_ROOMS (group);
  TeaStore *store = tea_house_get_store (self->house);
  g_autofree char *folded = NULL;
  GError *error = NULL;
  const char *address = NULL;
  const char *title = NULL;
  gboolean is_closed = FALSE;
  NewRoom *room;

  g_variant_get (parameters, "(&s&sb)", &address, &title, &is_closed);
  folded = tea_room_ref_fold (address);
  if (folded == NULL)
    tea_room_ref_validate (address, &error);
  else if (tea_room_kind_from_address (address) != TEA_ROOM_KIND_NAMED)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                        _ ("“%s” is no name of a room."), address);
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  room = g_new0 (NewRoom, 1);
  room->group = g_object_ref (self);
  room->info = tea_room_info_new (address, folded);
  g_free (room->info->title);
  room->info->title = g_strdup (title);
  room->info->flags = TEA_ROOM_LISTED | (is_closed ? TEA_ROOM_BY_INVITATION : 0);
  room->info->made = tea_calendar_get_time (tea_store_get_calendar (store));
  g_task_set_task_data (task, room, new_room_free);
  tea_turns_take (tea_turns_get (store), turn_cb, task);
}

static void
room_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  TeaHouse *house = TEA_HOUSE (object);
  const char *hash = g_task_get_task_data (task);
  g_autoptr (TeaRoom) room = NULL;
  GError *error = NULL;

  room = tea_control_lookup_room_finish (house, result, &error);
  if (room != NULL && (tea_room_is_hall (room) || tea_room_is_pair (room)))
    g_set_error_literal (
        &error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
        _ ("Only a room can have a password here. That of the house is the setting "
           "“password-file”."));
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  tea_house_set_room_password (house, room, *hash != '\0' ? hash : NULL);
  g_message ("The room “%s” has %s password", tea_room_get_info (room)->address,
             *hash != '\0' ? "another" : "no");
  tea_control_answer (task, g_variant_new ("()"));
}

static void
set_password (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlRooms *self = TEA_CONTROL_ROOMS (group);
  g_autoptr (TeaPassword) password = NULL;
  GError *error = NULL;
  const char *room = NULL;
  const char *hash = NULL;

  g_variant_get (parameters, "(&s&s)", &room, &hash);
  if (*hash != '\0')
    password = tea_password_new (hash, &error);
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  g_task_set_task_data (task, g_strdup (hash), g_free);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static const TeaControlVerb verbs[] = {
  { "MakeRoom", make_room },
  { "SetPassword", set_password },
  { NULL, NULL },
};

static void
tea_control_rooms_finalize (GObject *object)
{
  g_clear_object (&TEA_CONTROL_ROOMS (object)->house);

  G_OBJECT_CLASS (tea_control_rooms_parent_class)->finalize (object);
}

static void
tea_control_rooms_class_init (TeaControlRoomsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_rooms_finalize;
}

static void
tea_control_rooms_init (TeaControlRooms *self)
{
}

/**
 * tea_control_rooms_add:
 * @control: a control
 * @house: a house that is open
 *
 * Lets an operator make rooms, and set their passwords.
 */
void
tea_control_rooms_add (TeaControl *control, TeaHouse *house)
{
  TeaControlRooms *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));

  self = g_object_new (TEA_TYPE_CONTROL_ROOMS, NULL);
  self->house = g_object_ref (house);
  tea_control_add (control, self, verbs);
}
