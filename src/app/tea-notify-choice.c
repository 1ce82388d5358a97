/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-notify-choice.h"

/**
 * TeaNotifyChoice:
 *
 * Of which messages of a room the user wants to be notified.
 *
 * A room has a choice of its own only where that differs from the one for all rooms; else it
 * changes with that.
 */
struct _TeaNotifyChoice
{
  GObject parent_instance;

  GSettings *settings; /* (owned) */
  char *key;           /* of the room, among those that have a choice of their own */
  TeaNotify notify;
};

enum
{
  PROP_0,
  PROP_CHOICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaNotifyChoice, tea_notify_choice, G_TYPE_OBJECT)

/* The values of the settings, in the order of the enum. */
static const char *const nicks[] = { "all", "mentions", "nothing" };

static gboolean
read_nick (const char *nick, TeaNotify *notify)
{
  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_str_equal (nicks[i], nick))
      {
        *notify = (TeaNotify) i;
        return TRUE;
      }

  return FALSE;
}

static void
update (TeaNotifyChoice *self)
{
  g_autoptr (GVariant) rooms = g_settings_get_value (self->settings, "notify-rooms");
  TeaNotify notify = (TeaNotify) g_settings_get_enum (self->settings, "notify");
  const char *nick;

  if (g_variant_lookup (rooms, self->key, "&s", &nick))
    read_nick (nick, &notify);
  if (notify == self->notify)
    return;

  self->notify = notify;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOICE]);
}

static void
settings_changed_cb (TeaNotifyChoice *self)
{
  g_assert (TEA_IS_NOTIFY_CHOICE (self));

  update (self);
}

static void
tea_notify_choice_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaNotifyChoice *self = TEA_NOTIFY_CHOICE (object);

  switch (prop_id)
    {
    case PROP_CHOICE:
      g_value_set_string (value, tea_notify_choice_get_choice (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_notify_choice_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  TeaNotifyChoice *self = TEA_NOTIFY_CHOICE (object);

  switch (prop_id)
    {
    case PROP_CHOICE:
      tea_notify_choice_set_choice (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_notify_choice_dispose (GObject *object)
{
  TeaNotifyChoice *self = TEA_NOTIFY_CHOICE (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_notify_choice_parent_class)->dispose (object);
}

static void
tea_notify_choice_finalize (GObject *object)
{
  TeaNotifyChoice *self = TEA_NOTIFY_CHOICE (object);

  g_free (self->key);

  G_OBJECT_CLASS (tea_notify_choice_parent_class)->finalize (object);
}

static void
tea_notify_choice_class_init (TeaNotifyChoiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_notify_choice_dispose;
  object_class->finalize = tea_notify_choice_finalize;
  object_class->get_property = tea_notify_choice_get_property;
  object_class->set_property = tea_notify_choice_set_property;

  /**
   * TeaNotifyChoice:choice:
   *
   * What is chosen: `all`, `mentions` or `nothing`. A menu can have it as an action.
   */
  properties[PROP_CHOICE]
      = g_param_spec_string ("choice", NULL, NULL, "mentions",
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_notify_choice_init (TeaNotifyChoice *self)
{
  self->settings = g_settings_new (APPLICATION_ID);
  g_signal_connect_object (self->settings, "changed::notify", G_CALLBACK (settings_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::notify-rooms",
                           G_CALLBACK (settings_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * tea_notify_choice_new:
 * @house: what tells the house from others: its server's key, or its address
 * @room: the address of the room there
 *
 * Returns: (transfer full): the choice for a room
 */
TeaNotifyChoice *
tea_notify_choice_new (const char *house, const char *room)
{
  TeaNotifyChoice *self;

  g_return_val_if_fail (house != NULL && room != NULL, NULL);

  self = g_object_new (TEA_TYPE_NOTIFY_CHOICE, NULL);
  self->key = g_strdup_printf ("%s/%s", house, room);
  update (self);

  return self;
}

/**
 * tea_notify_choice_get_notify:
 * @self: a choice
 *
 * Returns: of which messages the user wants to be notified
 */
TeaNotify
tea_notify_choice_get_notify (TeaNotifyChoice *self)
{
  g_return_val_if_fail (TEA_IS_NOTIFY_CHOICE (self), TEA_NOTIFY_NOTHING);

  return self->notify;
}

/**
 * tea_notify_choice_get_choice:
 * @self: a choice
 *
 * Returns: (transfer none): the same in a word: `all`, `mentions` or `nothing`
 */
const char *
tea_notify_choice_get_choice (TeaNotifyChoice *self)
{
  g_return_val_if_fail (TEA_IS_NOTIFY_CHOICE (self), NULL);

  return nicks[self->notify];
}

/**
 * tea_notify_choice_set_choice:
 * @self: a choice
 * @choice: `all`, `mentions` or `nothing`
 *
 * Chooses for this room; or, where that is what is chosen for all rooms, not any more.
 */
void
tea_notify_choice_set_choice (TeaNotifyChoice *self, const char *choice)
{
  g_autoptr (GVariant) rooms = NULL;
  GVariantBuilder changed;
  GVariantIter iter;
  const char *key;
  const char *nick;
  TeaNotify notify;

  g_return_if_fail (TEA_IS_NOTIFY_CHOICE (self));
  g_return_if_fail (choice != NULL);

  if (!read_nick (choice, &notify))
    return;

  rooms = g_settings_get_value (self->settings, "notify-rooms");
  g_variant_builder_init (&changed, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, rooms);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &nick))
    if (!g_str_equal (key, self->key))
      g_variant_builder_add (&changed, "{ss}", key, nick);
  if (notify != (TeaNotify) g_settings_get_enum (self->settings, "notify"))
    g_variant_builder_add (&changed, "{ss}", self->key, choice);

  g_settings_set_value (self->settings, "notify-rooms", g_variant_builder_end (&changed));
}
