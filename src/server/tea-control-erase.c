/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-erase.h"

#include <glib/gi18n-lib.h>

#include "tea-control-lookup.h"
#include "tea-error.h"

#define TEA_TYPE_CONTROL_ERASE (tea_control_erase_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlErase, tea_control_erase, TEA, CONTROL_ERASE, GObject)

/* Takes out for good what a house keeps: of a person, or in a room. */
struct _TeaControlErase
{
  GObject parent_instance;

  TeaHouse *house;          /* (owned) */
  TeaSecureService *secure; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaControlErase, tea_control_erase, G_TYPE_OBJECT)

/* Somebody who is to be forgotten. */
typedef struct
{
  TeaControlErase *group; /* (owned) */
  char *key;              /* (owned) */
  guint64 n_events;
} Person;

static void
person_free (gpointer data)
{
  Person *person = data;

  g_object_unref (person->group);
  g_free (person->key);
  g_free (person);
}

static void
forgotten_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Person *person = g_task_get_task_data (task);
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  guint64 n_events = 0;
  GError *error = NULL;

  if (!tea_store_forget_finish (TEA_STORE (object), result, &n_events, &error))
    {
      tea_control_refuse (task, error);
      return;
    }

  g_message ("Somebody was forgotten, with %" G_GUINT64_FORMAT " events",
             person->n_events + n_events);
  g_variant_builder_add (&dict, "{sv}", "key", g_variant_new_string (person->key));
  g_variant_builder_add (&dict, "{sv}", "events",
                         g_variant_new_uint64 (person->n_events + n_events));
  tea_control_answer (task, g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}

/* Nothing in memory knows of them any more. Everybody comes back as after a restart, and begins
 * anew where anything of them was: what they see does not have it either. What was written of them
 * meanwhile goes with the second time. */
static void
begin_anew (GTask *task)
{
  const Person *person = g_task_get_task_data (task);
  TeaHouse *house = person->group->house;

  tea_room_reader_forget_person (tea_room_get_reader (tea_house_get_hall (house)), person->key);
  tea_house_drop_pairs (house, person->key);
  tea_secure_service_say_goodbye (person->group->secure, TEA_BYE_RESTART);
  tea_house_sleep_now (house);
  tea_store_forget_async (tea_house_get_store (house), person->key, forgotten_cb, task);
}

static void
renewed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (tea_log_renew_epoch_finish (TEA_LOG (object), result, &error))
    begin_anew (task);
  else
    tea_control_refuse (task, error);
}

static void
hall_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (TeaLog) log = NULL;
  GError *error = NULL;

  log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (log != NULL)
    tea_log_renew_epoch_async (log, NULL, renewed_cb, task);
  else
    tea_control_refuse (task, error);
}

static void
rules_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Person *person = g_task_get_task_data (task);
  GError *error = NULL;

  if (tea_rule_book_load_finish (TEA_RULE_BOOK (object), result, &error))
    tea_store_open_log_async (tea_house_get_store (person->group->house), TEA_ROOM_INFO_HALL, NULL,
                              hall_opened_cb, task);
  else
    tea_control_refuse (task, error);
}

static void
erased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Person *person = g_task_get_task_data (task);
  TeaHouse *house = person->group->house;
  GError *error = NULL;

  if (tea_store_forget_finish (TEA_STORE (object), result, &person->n_events, &error))
    tea_rule_book_load_async (tea_room_get_rule_book (tea_house_get_hall (house)), NULL,
                              rules_loaded_cb, task);
  else
    tea_control_refuse (task, error);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Person *person = g_task_get_task_data (task);
  TeaHouse *house = TEA_HOUSE (object);
  GError *error = NULL;

  person->key = tea_control_lookup_key_finish (house, result, &error);
  if (error == NULL && tea_policy_is_house (tea_house_get_policy (house), person->key))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                         _ ("The house itself cannot be forgotten."));
  else if (error == NULL && tea_house_is_here (house, person->key))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                         _ ("They are here. Send them out first."));
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  tea_house_drop_pairs (house, person->key);
  tea_house_save (house);
  tea_presence_save (tea_house_get_presence (house));
  tea_store_forget_async (tea_house_get_store (house), person->key, erased_cb, task);
}

static void
forget (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlErase *self = TEA_CONTROL_ERASE (group);
  Person *person = g_new0 (Person, 1);
  const char *who = NULL;

  g_variant_get (parameters, "(&s)", &who);
  person->group = g_object_ref (self);
  g_task_set_task_data (task, person, person_free);
  tea_control_lookup_key_async (self->house, NULL, who, key_found_cb, task);
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (!tea_store_remove_room_finish (TEA_STORE (object), result, &error))
    {
      tea_control_refuse (task, error);
      return;
    }

  g_message ("The room “%s” was erased", (const char *) g_task_get_task_data (task));
  tea_control_answer (task, g_variant_new ("()"));
}

static void
room_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  TeaHouse *house = TEA_HOUSE (object);
  g_autoptr (TeaRoom) room = NULL;
  GError *error = NULL;

  room = tea_control_lookup_room_finish (house, result, &error);
  if (room != NULL && tea_room_is_hall (room))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                         _ ("The hall cannot be erased."));
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  g_task_set_task_data (task, g_strdup (tea_room_get_info (room)->address), g_free);
  tea_house_drop (house, room);
  tea_store_remove_room_async (tea_house_get_store (house), tea_room_get_info (room)->number, NULL,
                               removed_cb, task);
}

static void
erase_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  const char *room = NULL;

  g_variant_get (parameters, "(&s)", &room);
  tea_control_lookup_room_async (TEA_CONTROL_ERASE (group)->house, room, room_found_cb, task);
}

static const TeaControlVerb verbs[] = {
  { "Forget", forget },
  { "EraseRoom", erase_room },
  { NULL, NULL },
};

static void
tea_control_erase_finalize (GObject *object)
{
  TeaControlErase *self = TEA_CONTROL_ERASE (object);

  g_clear_object (&self->house);
  g_clear_object (&self->secure);

  G_OBJECT_CLASS (tea_control_erase_parent_class)->finalize (object);
}

static void
tea_control_erase_class_init (TeaControlEraseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_erase_finalize;
}

static void
tea_control_erase_init (TeaControlErase *self)
{
}

/**
 * tea_control_erase_add:
 * @control: a control
 * @house: a house that is open
 * @secure: the sessions of those who are there
 *
 * Lets an operator take out for good what is kept of a person, or a room.
 */
void
tea_control_erase_add (TeaControl *control, TeaHouse *house, TeaSecureService *secure)
{
  TeaControlErase *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));
  g_return_if_fail (TEA_IS_SECURE_SERVICE (secure));

  self = g_object_new (TEA_TYPE_CONTROL_ERASE, NULL);
  self->house = g_object_ref (house);
  self->secure = g_object_ref (secure);
  tea_control_add (control, self, verbs);
}
