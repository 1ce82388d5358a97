/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-finder-row.h"

#include <glib/gi18n.h>

#define TILE_SIZE 32

/**
 * TeaFinderRow:
 *
 * A room that one can join, or somebody whom one can write to.
 */
struct _TeaFinderRow
{
  AdwActionRow parent_instance;

  TeaJoinedHouse *house; /* (owned) */
  char *address;         /* of a room; the name of a person */
  gboolean is_person;
};

G_DEFINE_FINAL_TYPE (TeaFinderRow, tea_finder_row, ADW_TYPE_ACTION_ROW)

static void
tea_finder_row_dispose (GObject *object)
{
  g_clear_object (&TEA_FINDER_ROW (object)->house);

  G_OBJECT_CLASS (tea_finder_row_parent_class)->dispose (object);
}

static void
tea_finder_row_finalize (GObject *object)
{
  g_free (TEA_FINDER_ROW (object)->address);

  G_OBJECT_CLASS (tea_finder_row_parent_class)->finalize (object);
}

static void
tea_finder_row_class_init (TeaFinderRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_finder_row_dispose;
  object_class->finalize = tea_finder_row_finalize;
}

static void
tea_finder_row_init (TeaFinderRow *self)
{
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  /* What people chose is no markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 1);
}

static TeaFinderRow *
new_row (TeaJoinedHouse *house, const char *address, const char *title, const char *subtitle)
{
  TeaFinderRow *self = g_object_new (TEA_TYPE_FINDER_ROW, NULL);

  self->house = g_object_ref (house);
  self->address = g_strdup (address);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);

  return self;
}

static GtkWidget *
make_tile (const char *title)
{
  g_autofree char *letter = g_utf8_strup (title, g_utf8_next_char (title) - title);
  GtkWidget *tile = adw_bin_new ();

  adw_bin_set_child (ADW_BIN (tile), gtk_label_new (letter));
  gtk_widget_set_size_request (tile, TILE_SIZE, TILE_SIZE);
  gtk_widget_set_valign (tile, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (tile, "tile");

  return tile;
}

/**
 * tea_finder_row_new_for_room:
 * @house: a house
 * @listing: what is known of a room in it
 *
 * Returns: (transfer full): the row of the room
 */
GtkWidget *
tea_finder_row_new_for_room (TeaJoinedHouse *house, TeaListing *listing)
{
  const char *address;
  const char *title;
  TeaPlace *hall;
  guint n_members;
  g_autofree char *members = NULL;
  g_autofree char *subtitle = NULL;
  TeaFinderRow *self;

  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (house), NULL);
  g_return_val_if_fail (TEA_IS_LISTING (listing), NULL);

  address = tea_listing_get_address (listing);
  title = *tea_listing_get_title (listing) != '\0' ? tea_listing_get_title (listing) : address;
  hall = tea_joined_house_get_hall (house);
  n_members = tea_listing_get_n_members (listing);
  members = g_strdup_printf (ngettext ("%u member", "%u members", n_members), n_members);
  subtitle = g_strdup_printf ("%s · %s", tea_place_get_name (hall), members);

  self = new_row (house, address, title, subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), make_tile (title));
  if ((tea_listing_get_flags (listing) & TEA_ROOM_HAS_PASSWORD) != 0)
    {
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-password-symbolic");

      gtk_widget_set_tooltip_text (icon, _ ("With a password"));
      adw_action_row_add_suffix (ADW_ACTION_ROW (self), icon);
    }

  return GTK_WIDGET (self);
}

/**
 * tea_finder_row_new_for_person:
 * @house: a house
 * @name: what somebody in it is called
 *
 * Returns: (transfer full): the row of the person
 */
GtkWidget *
tea_finder_row_new_for_person (TeaJoinedHouse *house, const char *name)
{
  TeaFinderRow *self;
  GtkWidget *avatar;

  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (house), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = new_row (house, name, name, tea_place_get_name (tea_joined_house_get_hall (house)));
  self->is_person = TRUE;
  avatar = adw_avatar_new (TILE_SIZE, name, TRUE);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), avatar);

  return GTK_WIDGET (self);
}

/**
 * tea_finder_row_get_house:
 * @self: a row
 *
 * Returns: (transfer none): in which house it is
 */
TeaJoinedHouse *
tea_finder_row_get_house (TeaFinderRow *self)
{
  g_return_val_if_fail (TEA_IS_FINDER_ROW (self), NULL);

  return self->house;
}

/**
 * tea_finder_row_get_address:
 * @self: a row
 *
 * Returns: the address of the room, or the name of the person
 */
const char *
tea_finder_row_get_address (TeaFinderRow *self)
{
  g_return_val_if_fail (TEA_IS_FINDER_ROW (self), NULL);

  return self->address;
}

/**
 * tea_finder_row_is_person:
 * @self: a row
 *
 * Returns: whether it is a person, and no room
 */
gboolean
tea_finder_row_is_person (TeaFinderRow *self)
{
  g_return_val_if_fail (TEA_IS_FINDER_ROW (self), FALSE);

  return self->is_person;
}

/**
 * tea_finder_row_matches:
 * @self: a row
 * @words: what somebody looks for
 *
 * Returns: whether its title has these words, whatever is before and behind them
 */
gboolean
tea_finder_row_matches (TeaFinderRow *self, const char *words)
{
  g_autofree char *title = NULL;
  g_autofree char *folded = NULL;

  g_return_val_if_fail (TEA_IS_FINDER_ROW (self), FALSE);
  g_return_val_if_fail (words != NULL, FALSE);

  title = g_utf8_casefold (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
  folded = g_utf8_casefold (words, -1);

  return strstr (title, folded) != NULL;
}

/**
 * tea_finder_row_compare:
 * @self: a row
 * @other: a row
 *
 * Rooms come before people.
 *
 * Returns: less than 0 if @self comes before @other, more than 0 if it comes after
 */
int
tea_finder_row_compare (TeaFinderRow *self, TeaFinderRow *other)
{
  g_return_val_if_fail (TEA_IS_FINDER_ROW (self), 0);
  g_return_val_if_fail (TEA_IS_FINDER_ROW (other), 0);

  if (self->is_person != other->is_person)
    return self->is_person ? 1 : -1;

  return g_utf8_collate (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)),
                         adw_preferences_row_get_title (ADW_PREFERENCES_ROW (other)));
}
