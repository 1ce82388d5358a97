/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-remembered-houses.h"

#define KEY "houses"

/**
 * TeaRememberedHouses:
 *
 * The houses that the program's user is in, as the next program finds them: their addresses,
 * in the order in which they were joined, and what the user is called in each.
 */
struct _TeaRememberedHouses
{
  GObject parent_instance;

  GSettings *settings; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaRememberedHouses, tea_remembered_houses, G_TYPE_OBJECT)

static void
tea_remembered_houses_dispose (GObject *object)
{
  g_clear_object (&TEA_REMEMBERED_HOUSES (object)->settings);

  G_OBJECT_CLASS (tea_remembered_houses_parent_class)->dispose (object);
}

static void
tea_remembered_houses_class_init (TeaRememberedHousesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_remembered_houses_dispose;
}

static void
tea_remembered_houses_init (TeaRememberedHouses *self)
{
}

/**
 * tea_remembered_houses_new:
 * @settings: the program's settings
 *
 * Returns: (transfer full): what is remembered in @settings
 */
TeaRememberedHouses *
tea_remembered_houses_new (GSettings *settings)
{
  TeaRememberedHouses *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TEA_TYPE_REMEMBERED_HOUSES, NULL);
  self->settings = g_object_ref (settings);

  return self;
}

/* Everything but one house, and that with another name in its place if it gets one. */
static void
change (TeaRememberedHouses *self, const char *address, const char *name)
{
  g_autoptr (GVariant) houses = g_settings_get_value (self->settings, KEY);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *other;
  const char *other_name;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  g_variant_iter_init (&iter, houses);
  while (g_variant_iter_next (&iter, "(&s&s)", &other, &other_name))
    {
      if (!g_str_equal (other, address))
        {
          g_variant_builder_add (&builder, "(ss)", other, other_name);
        }
      else if (name != NULL)
        {
          g_variant_builder_add (&builder, "(ss)", address, name);
          name = NULL;
        }
    }
  if (name != NULL)
    g_variant_builder_add (&builder, "(ss)", address, name);

  g_settings_set_value (self->settings, KEY, g_variant_builder_end (&builder));
}

/**
 * tea_remembered_houses_add:
 * @self: the remembered houses
 * @address: the address of a house
 * @name: what the user is called there
 *
 * Remembers a house; one that is remembered already stays where it is.
 */
void
tea_remembered_houses_add (TeaRememberedHouses *self, const char *address, const char *name)
{
  g_return_if_fail (TEA_IS_REMEMBERED_HOUSES (self));
  g_return_if_fail (address != NULL && name != NULL);

  change (self, address, name);
}

/**
 * tea_remembered_houses_remove:
 * @self: the remembered houses
 * @address: the address of a house
 *
 * Forgets a house, if it is remembered.
 */
void
tea_remembered_houses_remove (TeaRememberedHouses *self, const char *address)
{
  g_return_if_fail (TEA_IS_REMEMBERED_HOUSES (self));
  g_return_if_fail (address != NULL);

  change (self, address, NULL);
}

/**
 * tea_remembered_houses_get_n:
 * @self: the remembered houses
 *
 * Returns: how many there are
 */
guint
tea_remembered_houses_get_n (TeaRememberedHouses *self)
{
  g_autoptr (GVariant) houses = NULL;

  g_return_val_if_fail (TEA_IS_REMEMBERED_HOUSES (self), 0);

  houses = g_settings_get_value (self->settings, KEY);

  return (guint) g_variant_n_children (houses);
}

/**
 * tea_remembered_houses_dup:
 * @self: the remembered houses
 * @position: the how manieth, from 0
 * @name: (out) (transfer full): what the user is called there
 *
 * Returns: (transfer full): the address of a house
 */
char *
tea_remembered_houses_dup (TeaRememberedHouses *self, guint position, char **name)
{
  g_autoptr (GVariant) houses = NULL;
  char *address;

  g_return_val_if_fail (TEA_IS_REMEMBERED_HOUSES (self), NULL);
  g_return_val_if_fail (position < tea_remembered_houses_get_n (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  houses = g_settings_get_value (self->settings, KEY);
  g_variant_get_child (houses, position, "(ss)", &address, name);

  return address;
}
