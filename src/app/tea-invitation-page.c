/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-invitation-page.h"

#include <glib/gi18n.h>

#include "tea-text.h"

/**
 * TeaInvitationPage:
 *
 * What one should know of a room before one joins it.
 */
struct _TeaInvitationPage
{
  AdwBin parent_instance;

  TeaPlace *place; /* (owned) (nullable) */
  gboolean folded;

  GtkWidget *header;
  GtkWidget *title;
  GtkWidget *back_button;
  GtkWidget *letter;
  GtkWidget *heading;
  GtkWidget *who_row;
  GtkWidget *history_row;
  GtkWidget *join_button;
};

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaInvitationPage, tea_invitation_page, ADW_TYPE_BIN)

static void
show_listing (TeaInvitationPage *self, TeaListing *listing)
{
  TeaRoomFlags flags = tea_listing_get_flags (listing);
  guint n_members = tea_listing_get_n_members (listing);
  g_autofree char *members
      = g_strdup_printf (ngettext ("%u member", "%u members", n_members), n_members);
  const char *who;

  if ((flags & TEA_ROOM_LINK_SUFFICES) != 0)
    who = _ ("Whoever has the link");
  else if ((flags & TEA_ROOM_BY_INVITATION) != 0)
    who = _ ("Invited people only");
  else
    who = _ ("Everybody in the house");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->who_row), who);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->who_row), members);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->history_row),
                                 (flags & TEA_ROOM_HISTORY_FROM_JOINING) != 0
                                     ? _ ("You will see what is said from now on")
                                     : _ ("You will see what was said before"));
}

static gboolean
tea_invitation_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TEA_INVITATION_PAGE (widget)->join_button);
}

/* GTK would grab the focus as above once Tab has passed the last child, and never let go. */
static gboolean
tea_invitation_page_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static void
tea_invitation_page_dispose (GObject *object)
{
  g_clear_object (&TEA_INVITATION_PAGE (object)->place);

  G_OBJECT_CLASS (tea_invitation_page_parent_class)->dispose (object);
}

static void
tea_invitation_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, TEA_INVITATION_PAGE (object)->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_invitation_page_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  TeaInvitationPage *self = TEA_INVITATION_PAGE (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      gtk_widget_set_visible (self->back_button, self->folded);
      adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (self->header), self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_invitation_page_class_init (TeaInvitationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_invitation_page_dispose;
  object_class->get_property = tea_invitation_page_get_property;
  object_class->set_property = tea_invitation_page_set_property;
  widget_class->focus = tea_invitation_page_focus;
  widget_class->grab_focus = tea_invitation_page_grab_focus;

  /**
   * TeaInvitationPage:folded:
   *
   * Whether there is no list of places beside it.
   */
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/teahousechat/Teahouse/tea-invitation-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, header);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, title);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, letter);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, heading);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, who_row);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, history_row);
  gtk_widget_class_bind_template_child (widget_class, TeaInvitationPage, join_button);
}

static void
tea_invitation_page_init (TeaInvitationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_invitation_page_new:
 * @place: an invitation
 *
 * Returns: (transfer full): the invitation, with what can be answered to it
 */
GtkWidget *
tea_invitation_page_new (TeaPlace *place)
{
  TeaInvitationPage *self;
  const char *name;
  g_autofree char *heading = NULL;
  g_autofree char *letter = NULL;

  g_return_val_if_fail (TEA_IS_PLACE (place), NULL);
  g_return_val_if_fail (tea_place_get_listing (place) != NULL, NULL);

  self = g_object_new (TEA_TYPE_INVITATION_PAGE, NULL);
  self->place = g_object_ref (place);
  name = tea_place_get_name (place);

  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), name);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), tea_place_get_house_name (place));
  /* Translators: %s is the name of a room. */
  heading = tea_text_format (_ ("You Are Invited to %s"), name);
  gtk_label_set_label (GTK_LABEL (self->heading), heading);
  letter = g_utf8_strup (name, g_utf8_next_char (name) - name);
  gtk_label_set_label (GTK_LABEL (self->letter), letter);
  show_listing (self, tea_place_get_listing (place));

  return GTK_WIDGET (self);
}

/**
 * tea_invitation_page_get_place:
 * @self: a page
 *
 * Returns: (transfer none): the invitation
 */
TeaPlace *
tea_invitation_page_get_place (TeaInvitationPage *self)
{
  g_return_val_if_fail (TEA_IS_INVITATION_PAGE (self), NULL);

  return self->place;
}
