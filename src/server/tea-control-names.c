/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-names.h"

#include <glib/gi18n-lib.h>

#include "tea-control-lookup.h"
#include "tea-error.h"
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

static const TeaControlVerb verbs[] = {
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
