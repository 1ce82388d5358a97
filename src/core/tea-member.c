/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-member.h"

#include "tea-name.h"

/**
 * TeaMember:
 *
 * Somebody who is in a room.
 */
struct _TeaMember
{
  GObject parent_instance;

  TeaName *name;
  guint64 since;
  char *fingerprint; /* (nullable) */
};

enum
{
  PROP_0,
  PROP_FINGERPRINT,
  PROP_NAME,
  PROP_SINCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaMember, tea_member, G_TYPE_OBJECT)

static void
tea_member_finalize (GObject *object)
{
  TeaMember *self = TEA_MEMBER (object);

  g_clear_pointer (&self->name, tea_name_unref);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (tea_member_parent_class)->finalize (object);
}

static void
tea_member_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaMember *self = TEA_MEMBER (object);

  switch (prop_id)
    {
    case PROP_FINGERPRINT:
      g_value_set_string (value, self->fingerprint);
      break;
    case PROP_NAME:
      g_value_set_string (value, tea_name_get_text (self->name));
      break;
    case PROP_SINCE:
      g_value_set_uint64 (value, self->since);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_member_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaMember *self = TEA_MEMBER (object);

  switch (prop_id)
    {
    case PROP_FINGERPRINT:
      self->fingerprint = g_value_dup_string (value);
      break;
    case PROP_NAME:
      self->name = tea_name_new_unchecked (g_value_get_string (value));
      break;
    case PROP_SINCE:
      self->since = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_member_class_init (TeaMemberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_member_finalize;
  object_class->get_property = tea_member_get_property;
  object_class->set_property = tea_member_set_property;

  /**
   * TeaMember:fingerprint:
   *
   * The fingerprint of the member's key, where it is known.
   */
  properties[PROP_FINGERPRINT]
      = g_param_spec_string ("fingerprint", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * TeaMember:name:
   *
   * What the member is called, as they wrote it.
   */
  properties[PROP_NAME]
      = g_param_spec_string ("name", NULL, NULL, NULL,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * TeaMember:since:
   *
   * The event by which the member entered; 0 where that is not known.
   */
  properties[PROP_SINCE]
      = g_param_spec_uint64 ("since", NULL, NULL, 0, G_MAXUINT64, 0,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_member_init (TeaMember *self)
{
}

/**
 * tea_member_new:
 * @name: a name in valid UTF-8
 *
 * Makes a member.
 *
 * Returns: (transfer full): a member of that name
 */
TeaMember *
tea_member_new (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (TEA_TYPE_MEMBER, "name", name, NULL);
}

/**
 * tea_member_new_entered:
 * @name: a name in valid UTF-8
 * @since: the number of the event by which they entered
 *
 * Makes a member who entered at a known time.
 *
 * Returns: (transfer full): a member of that name
 */
TeaMember *
tea_member_new_entered (const char *name, guint64 since)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (TEA_TYPE_MEMBER, "name", name, "since", since, NULL);
}

/**
 * tea_member_new_present: (skip)
 * @name: a name in valid UTF-8
 * @since: the number of the event by which they entered
 * @fingerprint: (nullable): the fingerprint of their key
 *
 * Returns: (transfer full): a member of that name, with that key
 */
TeaMember *
tea_member_new_present (const char *name, guint64 since, const char *fingerprint)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (TEA_TYPE_MEMBER, "name", name, "since", since, "fingerprint", fingerprint,
                       NULL);
}

/**
 * tea_member_get_name:
 * @self: a member
 *
 * Tells what the member is called.
 *
 * Returns: what the member is called, as they wrote it
 */
const char *
tea_member_get_name (TeaMember *self)
{
  g_return_val_if_fail (TEA_IS_MEMBER (self), NULL);

  return tea_name_get_text (self->name);
}

/**
 * tea_member_get_folded_name:
 * @self: a member
 *
 * Tells the member's name in the form to compare names by.
 *
 * Returns: the name in the form names are compared in; see [func@Tea.Name.fold]
 */
const char *
tea_member_get_folded_name (TeaMember *self)
{
  g_return_val_if_fail (TEA_IS_MEMBER (self), NULL);

  return tea_name_get_folded (self->name);
}

/**
 * tea_member_get_since:
 * @self: a member
 *
 * Tells since when the member is in the room.
 *
 * Returns: the number in the room's log of the event by which they entered; 0 where that is
 *   not known, as in rooms without a log
 */
guint64
tea_member_get_since (TeaMember *self)
{
  g_return_val_if_fail (TEA_IS_MEMBER (self), 0);

  return self->since;
}

/**
 * tea_member_get_fingerprint:
 * @self: a member
 *
 * Tells whose key the member has, by the server's word.
 *
 * Returns: (nullable): the fingerprint of their key; %NULL for classic members, and where the
 *   server was not asked since they came
 */
const char *
tea_member_get_fingerprint (TeaMember *self)
{
  g_return_val_if_fail (TEA_IS_MEMBER (self), NULL);

  return self->fingerprint;
}
