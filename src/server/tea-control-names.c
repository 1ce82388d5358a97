/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-names.h"

#include <glib/gi18n-lib.h>

#include "tea-control-lookup.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-text.h"

#define TEA_TYPE_CONTROL_NAMES (tea_control_names_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlNames, tea_control_names, TEA, CONTROL_NAMES, GObject)

/* Decides whose names are. A name that nobody is to have is the house's own. */
struct _TeaControlNames
{
  GObject parent_instance;

  TeaHouse *house; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaControlNames, tea_control_names, G_TYPE_OBJECT)

/* What is to become of a name. */
typedef enum
{
  RESERVE,
  FREE,
  TRANSFER,
} Act;

typedef struct
{
  TeaControlNames *group; /* (owned) */
  Act act;
  TeaName *name; /* (owned) */
  char *key;     /* (owned) (nullable): whose it is to be, once that is known */
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->group);
  tea_name_unref (change->name);
  g_free (change->key);
  g_free (change);
}

/* Why it cannot be, if it cannot. */
static GError *
check (Change *change, const char *owner)
{
  TeaHouse *house = change->group->house;
  g_autoptr (TeaName) own = tea_name_new_unchecked (TEA_POLICY_HOUSE_NAME);
  GError *error = NULL;

  if (tea_name_is_same (change->name, own))
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                        _ ("“%s” is the name of the house itself."), TEA_POLICY_HOUSE_NAME);
  else if (change->act != RESERVE
           && tea_presence_find (tea_house_get_presence (house), change->name) != NULL)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_REFUSED,
                        _ ("Somebody is here as “%s”. Send them out first."),
                        tea_name_get_text (change->name));
  else if (change->act == RESERVE && owner != NULL && g_strcmp0 (owner, change->key) != 0)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_NAME_TAKEN,
                        _ ("“%s” belongs to %s. It can be transferred or freed."),
                        tea_name_get_text (change->name), owner);
  else if (change->act == FREE && owner == NULL)
    tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_REFUSED, _ ("“%s” belongs to nobody."),
                        tea_name_get_text (change->name));

  return error;
}

static void
decide (GTask *task, const char *owner)
{
  Change *change = g_task_get_task_data (task);
  TeaHouse *house = change->group->house;
  TeaPresence *presence = tea_house_get_presence (house);
  GError *error = check (change, owner);

  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  /* Whoever uses it has it already. */
  if (tea_presence_find (presence, change->name) == NULL)
    tea_name_registry_assign (tea_house_get_names (house), change->name, change->key, TRUE);
  tea_presence_save (presence);
  tea_control_answer (task, g_variant_new ("()"));
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  g_autoptr (TeaRegisteredName) entry = NULL;
  GError *error = NULL;
  guint n_names = 0;

  if (tea_name_store_lookup_finish (TEA_NAME_STORE (object), result, &entry, &n_names, &error))
    decide (task, entry != NULL ? entry->key : NULL);
  else
    tea_control_refuse (task, error);
}

/* What is kept is up to date, but for those who are here. */
static void
look_up (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  TeaHouse *house = change->group->house;

  tea_presence_save (tea_house_get_presence (house));
  tea_name_store_lookup_async (TEA_NAME_STORE (tea_house_get_store (house)),
                               tea_name_get_folded (change->name), NULL, looked_up_cb, task);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Change *change = g_task_get_task_data (task);
  GError *error = NULL;

  change->key = tea_control_lookup_key_finish (TEA_HOUSE (object), result, &error);
  if (change->key != NULL)
    look_up (task);
  else
    tea_control_refuse (task, error);
}

static void
begin (TeaControlNames *self, Act act, const char *text, const char *who, GTask *task)
{
  GError *error = NULL;
  TeaName *name = tea_name_new (text, &error);
  Change *change;

  if (name == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  change = g_new0 (Change, 1);
  change->group = g_object_ref (self);
  change->act = act;
  change->name = name;
  g_task_set_task_data (task, change, (GDestroyNotify) change_free);

  if (act == RESERVE && *who == '\0')
    change->key = g_strdup (tea_policy_get_house_key (tea_house_get_policy (self->house)));
  if (act != FREE && change->key == NULL)
    tea_control_lookup_key_async (self->house, NULL, who, key_found_cb, task);
  else
    look_up (task);
}

static void
reserve_name (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  const char *name = NULL;
  const char *who = NULL;

  g_variant_get (parameters, "(&s&s)", &name, &who);
  begin (TEA_CONTROL_NAMES (group), RESERVE, name, who, task);
}

static void
free_name (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  const char *name = NULL;

  g_variant_get (parameters, "(&s)", &name);
  begin (TEA_CONTROL_NAMES (group), FREE, name, "", task);
}

static void
transfer_name (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  const char *name = NULL;
  const char *who = NULL;

  g_variant_get (parameters, "(&s&s)", &name, &who);
  begin (TEA_CONTROL_NAMES (group), TRANSFER, name, who, task);
}

/* A key that is not to be used any more. */
typedef struct
{
  TeaControlNames *group; /* (owned) */
  char *to;               /* (owned): the name or key of whom its names are to be; `""`: nobody's */
  char *key;              /* (owned) (nullable) */
  char *heir;             /* (owned) (nullable): the key of that */
  guint64 event;          /* with which its owner was sent out */
} Revocation;

static void
revocation_free (gpointer data)
{
  Revocation *self = data;

  g_object_unref (self->group);
  g_free (self->to);
  g_free (self->key);
  g_free (self->heir);
  g_free (self);
}

static void
owned_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Revocation *revocation = g_task_get_task_data (task);
  TeaHouse *house = revocation->group->house;
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (GStrv) list = NULL;
  GError *error = NULL;

  entries = tea_name_store_list_owned_finish (TEA_NAME_STORE (object), result, &error);
  if (entries == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  for (guint i = 0; i < entries->len; i++)
    {
      const TeaRegisteredName *entry = g_ptr_array_index (entries, i);
      g_autoptr (TeaName) name = tea_name_new_unchecked (entry->name);

      tea_name_registry_assign (tea_house_get_names (house), name, revocation->heir, TRUE);
      g_strv_builder_add (names, entry->name);
    }
  tea_presence_save (tea_house_get_presence (house));

  list = g_strv_builder_end (names);
  g_variant_builder_add (&dict, "{sv}", "key", g_variant_new_string (revocation->key));
  g_variant_builder_add (&dict, "{sv}", "names",
                         g_variant_new_strv ((const char *const *) list, -1));
  g_variant_builder_add (&dict, "{sv}", "event", g_variant_new_uint64 (revocation->event));
  tea_control_answer (task, g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}

static void
sent_out_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Revocation *revocation = g_task_get_task_data (task);
  TeaHouse *house = revocation->group->house;
  GError *error = NULL;

  revocation->event = tea_room_tell_finish (TEA_ROOM (object), result, &error);
  if (revocation->event == 0)
    {
      tea_control_refuse (task, error);
      return;
    }

  tea_presence_save (tea_house_get_presence (house));
  tea_name_store_list_owned_async (TEA_NAME_STORE (tea_house_get_store (house)), revocation->key,
                                   NULL, owned_listed_cb, task);
}

/* First it is kept out, so that it takes no name any more. */
static void
keep_out (GTask *task)
{
  const Revocation *revocation = g_task_get_task_data (task);
  TeaHouse *house = revocation->group->house;
  g_autoptr (TeaName) author = tea_name_new_unchecked (TEA_POLICY_HOUSE_NAME);
  const TeaSentOut sent_out = { .key = revocation->key,
                                .name = (char *) tea_house_find_name (house, revocation->key),
                                .until = TEA_EVENT_MAX_TIME };
  g_autoptr (GBytes) data = tea_event_data_encode_sent_out (&sent_out);
  const TeaDraft draft = { .kind = TEA_EVENT_SENT_OUT,
                           .author = author,
                           .text = _ ("This key was revoked."),
                           .key = tea_policy_get_house_key (tea_house_get_policy (house)),
                           .data = data };

  tea_room_tell_async (tea_house_get_hall (house), &draft, sent_out_cb, task);
}

static void
heir_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Revocation *revocation = g_task_get_task_data (task);
  GError *error = NULL;

  revocation->heir = tea_control_lookup_key_finish (TEA_HOUSE (object), result, &error);
  if (error == NULL && g_str_equal (revocation->heir, revocation->key))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED, _ ("That is the same key."));

  if (error == NULL)
    keep_out (task);
  else
    tea_control_refuse (task, error);
}

static void
revoked_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Revocation *revocation = g_task_get_task_data (task);
  TeaHouse *house = TEA_HOUSE (object);
  GError *error = NULL;

  revocation->key = tea_control_lookup_key_finish (house, result, &error);
  if (error != NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  if (*revocation->to != '\0')
    {
      tea_control_lookup_key_async (house, NULL, revocation->to, heir_found_cb, task);
      return;
    }

  revocation->heir = g_strdup (tea_policy_get_house_key (tea_house_get_policy (house)));
  keep_out (task);
}

static void
revoke_key (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlNames *self = TEA_CONTROL_NAMES (group);
  Revocation *revocation = g_new0 (Revocation, 1);
  const char *who = NULL;

  g_variant_get (parameters, "(&ss)", &who, &revocation->to);
  revocation->group = g_object_ref (self);
  g_task_set_task_data (task, revocation, revocation_free);
  tea_control_lookup_key_async (self->house, NULL, who, revoked_found_cb, task);
}

static const TeaControlVerb verbs[] = {
  { "Revoke", revoke_key },
  { "ReserveName", reserve_name },
  { "FreeName", free_name },
  { "TransferName", transfer_name },
  { NULL, NULL },
};

static void
tea_control_names_finalize (GObject *object)
{
  g_object_unref (TEA_CONTROL_NAMES (object)->house);

  G_OBJECT_CLASS (tea_control_names_parent_class)->finalize (object);
}

static void
tea_control_names_class_init (TeaControlNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_names_finalize;
}

static void
tea_control_names_init (TeaControlNames *self)
{
}

/**
 * tea_control_names_add:
 * @control: a control
 * @house: a house that is open and has a key
 *
 * Lets an operator decide whose names are.
 */
void
tea_control_names_add (TeaControl *control, TeaHouse *house)
{
  TeaControlNames *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));

  self = g_object_new (TEA_TYPE_CONTROL_NAMES, NULL);
  self->house = g_object_ref (house);
  tea_control_add (control, self, verbs);
}
