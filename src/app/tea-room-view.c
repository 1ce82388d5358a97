/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-room-view.h"

#include <glib/gi18n.h>

#include "tea-composer.h"
#include "tea-message-actions.h"
#include "tea-message-rights.h"
#include "tea-people-list.h"
#include "tea-room-about.h"
#include "tea-selection-actions.h"
#include "tea-selection-bar.h"
#include "tea-selection-header.h"
#include "tea-span.h"
#include "tea-state-bar.h"
#include "tea-text.h"
#include "tea-timeline-view.h"
#include "tea-toast.h"
#include "tea-tooltip.h"

/* Parts of it, round which F6 goes. */
#define N_AREAS 4

/**
 * TeaRoomView:
 *
 * A room from inside: the conversation, the people, and where one writes.
 */
struct _TeaRoomView
{
  AdwBin parent_instance;

  TeaPlace *place;                        /* (owned) */
  TeaClient *client;                      /* (owned): that of the place */
  TeaConversation *conversation;          /* (owned): that of the place */
  TeaMessageActions *actions;             /* (owned) */
  TeaSelectionActions *selection_actions; /* (owned) */
  TeaHistory *history;                    /* (owned) (nullable) */
  GSettings *settings;                    /* (owned) */
  TeaClientState state;                   /* the one that is shown */
  guint fold_source;
  gboolean told_of_trouble; /* before the state that is shown */
  gboolean has_draft;       /* what was begun here is shown */
  gboolean folded;
  guint news;

  GtkWidget *header;
  GtkWidget *back_button;
  GtkWidget *news_label;
  GtkWidget *menu_button;
  GMenuModel *hall_menu;
  GMenuModel *room_menu;
  GtkWidget *invite_button;
  GtkWidget *title_label;
  GtkWidget *state_dot;
  GtkWidget *state_spinner;
  GtkWidget *state_label;
  GtkWidget *lock;
  GtkWidget *people_button;
  GtkWidget *count_label;
  TeaStateBar *state_bar;
  GtkWidget *flap;
  GtkWidget *toasts;
  GtkWidget *stack;
  GtkWidget *empty_page;
  TeaTimelineView *timeline_view;
  TeaSelectionHeader *selection_header;
  GtkWidget *selection_bar;
  GtkWidget *composer_clamp;
  TeaComposer *composer;
  TeaRoomAbout *about;
  TeaPeopleList *people_list;
};

enum
{
  PROP_0,
  PROP_FOLDED,
  PROP_NEWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaRoomView, tea_room_view, ADW_TYPE_BIN)

static void
toast (TeaRoomView *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static gboolean
is_folded (TeaRoomView *self)
{
  return adw_flap_get_folded (ADW_FLAP (self->flap));
}

static gboolean
is_hall (TeaRoomView *self)
{
  return tea_place_get_kind (self->place) == TEA_PLACE_HALL;
}

static gboolean
has_happened (GListModel *timeline)
{
  guint n_items = g_list_model_get_n_items (timeline);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_get_kind (item) != TEA_TIMELINE_ITEM_DAY)
        return TRUE;
    }

  return FALSE;
}

/* Where there is little room for it, the house goes first. */
static char *
describe_place (TeaRoomView *self)
{
  const char *name = tea_client_get_name (self->client);

  if (tea_place_get_kind (self->place) == TEA_PLACE_PERSON)
    return g_strdup (tea_place_get_house_name (self->place));
  if (is_hall (self) || self->folded)
    return tea_text_format (_ ("You are %s"), name);

  /* Translators: below the name of a room; its house, and one's own name. */
  return tea_text_format (_ ("%s · You are %s"), tea_place_get_house_name (self->place), name);
}

static void
update_title (TeaRoomView *self)
{
  g_autofree char *text = NULL;
  gboolean connected = FALSE;
  gboolean busy = FALSE;

  switch (self->state)
    {
    case TEA_CLIENT_INSIDE:
      text = describe_place (self);
      connected = TRUE;
      break;
    case TEA_CLIENT_LOST:
    case TEA_CLIENT_REJOINING:
      text = g_strdup (_ ("Reconnecting…"));
      busy = TRUE;
      break;
    case TEA_CLIENT_JOINING:
      text = g_strdup (_ ("Connecting…"));
      busy = TRUE;
      break;
    case TEA_CLIENT_LEAVING:
      text = g_strdup (_ ("Leaving…"));
      busy = TRUE;
      break;
    case TEA_CLIENT_OUTSIDE:
    case TEA_CLIENT_GIVEN_UP:
    case TEA_CLIENT_ENDED:
    default:
      text = g_strdup (_ ("Not connected"));
      break;
    }

  gtk_label_set_label (GTK_LABEL (self->state_label), text);
  gtk_widget_set_tooltip_text (self->state_label, connected ? _ ("Connected") : NULL);
  gtk_widget_set_visible (self->state_dot, connected);
  gtk_widget_set_visible (self->state_spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->state_spinner), busy);
  tea_people_list_set_offline (self->people_list, !connected);
}

static void
state_changed_cb (TeaRoomView *self)
{
  TeaClientState state = tea_client_get_state (self->client);

  g_assert (TEA_IS_ROOM_VIEW (self));

  if (state == self->state)
    return;

  self->told_of_trouble = tea_state_bar_is_shown (self->state_bar);
  self->state = state;
  update_title (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "room.reconnect",
                                 state == TEA_CLIENT_LOST || state == TEA_CLIENT_GIVEN_UP
                                     || state == TEA_CLIENT_ENDED);
}

static void
rejoined_cb (TeaRoomView *self, guint n_sent)
{
  g_autofree char *text = NULL;

  g_assert (TEA_IS_ROOM_VIEW (self));

  if (n_sent > 0)
    text = g_strdup_printf (ngettext ("Connected again. %u message sent",
                                      "Connected again. %u messages sent", n_sent),
                            n_sent);
  else if (self->told_of_trouble)
    text = g_strdup (_ ("Connected again"));

  /* Once, where somebody sees it. */
  if (text != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    toast (self, text);
}

/* What there was before is asked for by the timeline, as soon as that is shown. */
static void
timeline_changed_cb (TeaRoomView *self)
{
  gboolean empty
      = tea_conversation_get_has_caught_up (self->conversation)
        && !has_happened (G_LIST_MODEL (tea_conversation_get_timeline (self->conversation)))
        && (self->history == NULL
            || tea_history_get_state (self->history) == TEA_HISTORY_BEGINNING);

  g_assert (TEA_IS_ROOM_VIEW (self));

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), empty ? "empty" : "timeline");
  /* GTK 4.8 tells assistive technologies of every page. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->empty_page), GTK_ACCESSIBLE_STATE_HIDDEN,
                               !empty, -1);
}

static void
update_empty_page (TeaRoomView *self, guint n_members)
{
  const char *text;

  if (tea_place_get_kind (self->place) == TEA_PLACE_PERSON)
    {
      g_autofree char *sentence
          /* Translators: %s is the name of a house. */
          = tea_text_format (_ ("Only the two of you, and whoever runs %s, can read this."),
                             tea_place_get_house_name (self->place));

      adw_status_page_set_description (ADW_STATUS_PAGE (self->empty_page), sentence);
      return;
    }

  if (n_members < 2)
    text = _ ("Nobody else is here yet. Invite someone, or write the first message.");
  else if (self->history == NULL)
    text = _ ("Nothing has been said since you came in. Write the first message.");
  else
    text = _ ("Nobody has said anything yet. Write the first message.");

  adw_status_page_set_description (ADW_STATUS_PAGE (self->empty_page), text);
}

static void
members_changed_cb (TeaRoomView *self)
{
  guint n_members = g_list_model_get_n_items (tea_conversation_get_members (self->conversation));
  g_autofree char *count = g_strdup_printf ("%u", n_members);
  g_autofree char *label = NULL;

  g_assert (TEA_IS_ROOM_VIEW (self));

  gtk_label_set_label (GTK_LABEL (self->count_label), count);
  /* Translators: a button that shows the people present, as a screen reader says it. */
  label = g_strdup_printf (_ ("People, %u"), n_members);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->people_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  update_empty_page (self, n_members);
}

/* Where there is no room for it, and where one may not, it is not there. */
static void
update_invite_button (TeaRoomView *self)
{
  gtk_widget_set_visible (self->invite_button,
                          !is_folded (self) && tea_place_may_invite (self->place));
}

static void
update_folded (TeaRoomView *self)
{
  gboolean folded = is_folded (self);

  update_invite_button (self);
  tea_people_list_set_folded (self->people_list, folded);

  /* Over the conversation only when asked for; beside it as it was last. */
  adw_flap_set_reveal_flap (ADW_FLAP (self->flap),
                            !folded && g_settings_get_boolean (self->settings, "show-people"));
}

static void
fold_later_cb (gpointer user_data)
{
  TeaRoomView *self = user_data;

  g_assert (TEA_IS_ROOM_VIEW (self));

  self->fold_source = 0;
  update_folded (self);
}

/* It folds in the midst of an allocation, when nothing else may change its size. */
static void
folded_cb (TeaRoomView *self)
{
  if (self->fold_source == 0)
    self->fold_source = g_idle_add_once (fold_later_cb, self);
}

static void
people_clicked_cb (TeaRoomView *self)
{
  if (!is_folded (self))
    g_settings_set_boolean (self->settings, "show-people",
                            adw_flap_get_reveal_flap (ADW_FLAP (self->flap)));
}

static void
retry_cb (TeaRoomView *self, TeaTimelineItem *item)
{
  tea_conversation_retry (self->conversation, item);
}

static void
discard_cb (TeaRoomView *self, TeaTimelineItem *item)
{
  tea_conversation_discard (self->conversation, item);
}

/* The people's other devices learn of it, and this one when it comes back. */
static void
read_cb (TeaRoomView *self)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (self->conversation));
  guint64 seq = 0;

  g_assert (TEA_IS_ROOM_VIEW (self));

  for (guint i = g_list_model_get_n_items (timeline); seq == 0 && i-- > 0;)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE)
        seq = tea_timeline_item_get_seq (item);
    }

  if (seq > 0)
    tea_conversation_mark_read (self->conversation, seq);
}

static void
mention_cb (TeaRoomView *self, const char *name)
{
  if (is_folded (self))
    adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);
  tea_composer_mention (self->composer, name);
}

static gboolean
say (TeaRoomView *self, const char *text, GError **error)
{
  TeaTimelineItem *edited = tea_composer_get_edited (self->composer);
  TeaTimelineItem *answered = tea_composer_get_answered (self->composer);

  if (edited != NULL)
    return g_str_equal (text, tea_timeline_item_get_text (edited))
           || tea_conversation_edit (self->conversation, tea_timeline_item_get_seq (edited), text,
                                     error);
  if (answered != NULL)
    return tea_conversation_reply (self->conversation, tea_timeline_item_get_seq (answered), text,
                                   error);

  return tea_conversation_say (self->conversation, text, error);
}

static gboolean
send_cb (TeaComposer *composer, const char *text, gpointer user_data)
{
  TeaRoomView *self = user_data;
  gboolean is_edit = tea_composer_get_edited (composer) != NULL;
  g_autoptr (GError) error = NULL;

  g_assert (TEA_IS_ROOM_VIEW (self));

  if (!say (self, text, &error))
    {
      toast (self, error->message);
      return FALSE;
    }

  if (!is_edit)
    tea_timeline_view_scroll_to_end (self->timeline_view);

  return TRUE;
}

static void
reply_cb (TeaRoomView *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_ROOM_VIEW (self));

  tea_composer_reply (self->composer, item);
}

static void
edit_cb (TeaRoomView *self, TeaTimelineItem *item)
{
  g_assert (TEA_IS_ROOM_VIEW (self));

  tea_composer_edit (self->composer, item);
}

/* What one selects has the place of what one writes. */
static void
selection_changed_cb (TeaRoomView *self, TeaSelection *selection)
{
  gboolean selecting = tea_selection_is_active (selection);

  g_assert (TEA_IS_ROOM_VIEW (self));

  gtk_widget_set_visible (self->header, !selecting);
  gtk_widget_set_visible (self->composer_clamp, !selecting);
  gtk_widget_set_visible (self->selection_bar, selecting);
}

static gboolean
edit_last_cb (TeaRoomView *self)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (self->conversation));

  g_assert (TEA_IS_ROOM_VIEW (self));

  for (guint i = g_list_model_get_n_items (timeline); i-- > 0;)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if ((tea_message_rights_get (item, self->conversation) & TEA_MESSAGE_EDIT) != 0)
        {
          tea_composer_edit (self->composer, item);
          return TRUE;
        }
    }

  return FALSE;
}

static void
written_cb (TeaRoomView *self)
{
  g_autofree char *text = NULL;

  g_assert (TEA_IS_ROOM_VIEW (self));

  if (!self->has_draft)
    return;

  text = tea_composer_dup_draft (self->composer);
  tea_draft_set_text (tea_place_get_draft (self->place), text);
}

static void
scroll_cb (TeaRoomView *self, GtkScrollType scroll)
{
  if (scroll == GTK_SCROLL_PAGE_BACKWARD)
    tea_timeline_view_scroll_pages (self->timeline_view, -1);
  else if (scroll == GTK_SCROLL_PAGE_FORWARD)
    tea_timeline_view_scroll_pages (self->timeline_view, 1);
  else
    tea_timeline_view_scroll_to_end (self->timeline_view);
}

/* Whatever can be written and nobody else wanted goes into the message. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                gpointer user_data)
{
  TeaRoomView *self = user_data;

  g_assert (TEA_IS_ROOM_VIEW (self));

  if (!gtk_widget_get_visible (self->composer_clamp)
      || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0
      || !g_unichar_isgraph (gdk_keyval_to_unicode (keyval)))
    return GDK_EVENT_PROPAGATE;

  return tea_composer_take_key (self->composer, controller);
}

/* From beside the timeline. */
static void
show_message_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  if (is_folded (self))
    adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);
  tea_timeline_view_show_message (self->timeline_view, g_variant_get_uint64 (parameter));
}

static void
escape_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);
  TeaSelection *selection = tea_timeline_view_get_selection (self->timeline_view);

  /* One step each: the selection, what is being answered or edited, the drawer, the way to the
   * composer. */
  if (tea_selection_is_active (selection))
    {
      tea_selection_end (selection);
      return;
    }
  if (tea_composer_give_up (self->composer))
    return;
  if (is_folded (self) && adw_flap_get_reveal_flap (ADW_FLAP (self->flap)))
    adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);

  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static void
newest_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  tea_timeline_view_scroll_to_end (self->timeline_view);
}

/* Moves the focus on to the first part of the room after @current that can have it. */
static gboolean
move_to_area (TeaRoomView *self, int current, int step)
{
  GtkWidget *areas[N_AREAS] = { self->header, GTK_WIDGET (self->timeline_view),
                                GTK_WIDGET (self->composer), GTK_WIDGET (self->people_list) };

  for (int i = current + step; i >= 0 && i < N_AREAS; i += step)
    {
      if (!gtk_widget_get_mapped (areas[i]) || !gtk_widget_get_child_visible (areas[i]))
        continue;
      /* In the composer, to where one writes. */
      if (areas[i] == GTK_WIDGET (self->composer)
              ? gtk_widget_grab_focus (areas[i])
              : gtk_widget_child_focus (areas[i], GTK_DIR_TAB_FORWARD))
        return TRUE;
    }

  return FALSE;
}

/* Goes round what is in the room, past what is not shown or has nothing to do, and round the
 * list of places where that is beside it. */
static void
leave_area (TeaRoomView *self, int step)
{
  GtkWidget *areas[N_AREAS] = { self->header, GTK_WIDGET (self->timeline_view),
                                GTK_WIDGET (self->composer), GTK_WIDGET (self->people_list) };
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  int current = -1;

  for (int i = 0; i < N_AREAS; i++)
    if (focus != NULL && gtk_widget_is_ancestor (focus, areas[i]))
      current = i;

  if (current < 0)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  else if (move_to_area (self, current, step))
    return;
  else if (self->folded || !gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-list", NULL))
    tea_room_view_enter (self, step);
}

static void
next_area_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  leave_area (TEA_ROOM_VIEW (widget), 1);
}

static void
previous_area_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  leave_area (TEA_ROOM_VIEW (widget), -1);
}

static void
people_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  adw_flap_set_reveal_flap (ADW_FLAP (self->flap),
                            !adw_flap_get_reveal_flap (ADW_FLAP (self->flap)));
  people_clicked_cb (self);
}

/* Above the composer, and not over it. */
static void
toast_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts),
                               tea_toast_new (g_variant_get_string (parameter, NULL)));
}

static void
reconnect_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  tea_client_reconnect (self->client);
}

/* GTK would grab the focus as below once Tab has passed the last child, and never let go. */
static gboolean
tea_room_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static gboolean
tea_room_view_grab_focus (GtkWidget *widget)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static void
tea_room_view_map (GtkWidget *widget)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  GTK_WIDGET_CLASS (tea_room_view_parent_class)->map (widget);

  tea_timeline_view_set_in_view (self->timeline_view, TRUE);
}

static void
tea_room_view_unmap (GtkWidget *widget)
{
  TeaRoomView *self = TEA_ROOM_VIEW (widget);

  GTK_WIDGET_CLASS (tea_room_view_parent_class)->unmap (widget);

  tea_timeline_view_set_in_view (self->timeline_view, FALSE);
  /* The program may end now. */
  if (self->place != NULL)
    tea_draft_save (tea_place_get_draft (self->place));
}

static void
set_folded (TeaRoomView *self, gboolean folded)
{
  self->folded = folded;
  gtk_widget_set_visible (self->back_button, folded);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (self->header), folded);
  if (self->place != NULL)
    update_title (self);
}

static void
set_news (TeaRoomView *self, guint news)
{
  g_autofree char *count = g_strdup_printf ("%u", news);
  g_autofree char *label = NULL;

  self->news = news;
  gtk_label_set_label (GTK_LABEL (self->news_label), count);
  gtk_widget_set_visible (self->news_label, news > 0);
  if (news > 0)
    label = g_strdup_printf (
        /* Translators: a button, as a screen reader says it. */
        ngettext ("Back to the list, news in %u room", "Back to the list, news in %u rooms", news),
        news);
  else
    label = g_strdup (_ ("Back to the list"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->back_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
tea_room_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaRoomView *self = TEA_ROOM_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    case PROP_NEWS:
      g_value_set_uint (value, self->news);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_room_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaRoomView *self = TEA_ROOM_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      set_folded (self, g_value_get_boolean (value));
      break;
    case PROP_NEWS:
      set_news (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_room_view_dispose (GObject *object)
{
  TeaRoomView *self = TEA_ROOM_VIEW (object);

  g_clear_handle_id (&self->fold_source, g_source_remove);
  if (self->client != NULL)
    {
      GObject *timeline = G_OBJECT (tea_conversation_get_timeline (self->conversation));
      GObject *members = G_OBJECT (tea_conversation_get_members (self->conversation));

      g_signal_handlers_disconnect_by_data (self->place, self);
      g_signal_handlers_disconnect_by_data (self->client, self);
      g_signal_handlers_disconnect_by_data (self->conversation, self);
      g_signal_handlers_disconnect_by_data (timeline, self);
      g_signal_handlers_disconnect_by_data (members, self);
    }
  g_clear_object (&self->actions);
  g_clear_object (&self->selection_actions);
  g_clear_object (&self->history);
  g_clear_object (&self->conversation);
  g_clear_object (&self->client);
  g_clear_object (&self->place);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_room_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-room-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, header);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, back_button);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, news_label);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, hall_menu);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, room_menu);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, invite_button);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, title_label);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, state_dot);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, state_spinner);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, state_label);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, lock);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, people_button);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, count_label);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, state_bar);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, flap);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, toasts);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, stack);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, empty_page);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, timeline_view);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, selection_header);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, composer_clamp);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, composer);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, about);
  gtk_widget_class_bind_template_child (widget_class, TeaRoomView, people_list);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, people_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, read_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_bind_template_callback (widget_class, mention_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_last_cb);
  gtk_widget_class_bind_template_callback (widget_class, written_cb);
  gtk_widget_class_bind_template_callback (widget_class, scroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
tea_room_view_class_init (TeaRoomViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tea_room_view_dispose;
  object_class->get_property = tea_room_view_get_property;
  object_class->set_property = tea_room_view_set_property;
  widget_class->focus = tea_room_view_focus;
  widget_class->grab_focus = tea_room_view_grab_focus;
  widget_class->map = tea_room_view_map;
  widget_class->unmap = tea_room_view_unmap;

  /**
   * TeaRoomView:folded:
   *
   * Whether there is no list of places beside it.
   */
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  /**
   * TeaRoomView:news:
   *
   * In how many other places there is something new.
   */
  properties[PROP_NEWS] = g_param_spec_uint ("news", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "message.show", "t", show_message_action);
  gtk_widget_class_install_action (widget_class, "room.escape", NULL, escape_action);
  gtk_widget_class_install_action (widget_class, "room.newest", NULL, newest_action);
  gtk_widget_class_install_action (widget_class, "room.next-area", NULL, next_area_action);
  gtk_widget_class_install_action (widget_class, "room.people", NULL, people_action);
  gtk_widget_class_install_action (widget_class, "room.previous-area", NULL, previous_area_action);
  gtk_widget_class_install_action (widget_class, "room.reconnect", NULL, reconnect_action);
  gtk_widget_class_install_action (widget_class, "win.toast", "s", toast_action);

  g_type_ensure (TEA_TYPE_COMPOSER);
  g_type_ensure (TEA_TYPE_PEOPLE_LIST);
  g_type_ensure (TEA_TYPE_ROOM_ABOUT);
  g_type_ensure (TEA_TYPE_SELECTION_BAR);
  g_type_ensure (TEA_TYPE_SELECTION_HEADER);
  g_type_ensure (TEA_TYPE_SPAN);
  g_type_ensure (TEA_TYPE_STATE_BAR);
  g_type_ensure (TEA_TYPE_TIMELINE_VIEW);
  bind_template (widget_class);
}

static void
tea_room_view_init (TeaRoomView *self)
{
  self->settings = g_settings_new (APPLICATION_ID);

  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Only what is not encrypted is marked; it keeps nothing that could be asked for. */
static void
show_protocol (TeaRoomView *self)
{
  gboolean secure = tea_client_get_protocol (self->client) == TEA_PROTOCOL_SECURE;

  gtk_widget_set_visible (self->lock, !secure);
  if (!secure)
    return;

  self->history = tea_history_new (self->client, self->conversation);
  tea_timeline_view_set_history (self->timeline_view, self->history);
}

static void
place_changed_cb (TeaRoomView *self)
{
  const char *name = tea_place_get_name (self->place);
  g_autofree char *hint = NULL;

  g_assert (TEA_IS_ROOM_VIEW (self));

  gtk_label_set_label (GTK_LABEL (self->title_label), name);
  tea_tooltip_set (self->title_label, name);
  /* Translators: %s is the name of the room. */
  hint = tea_text_format (_ ("Message %s"), name);
  tea_composer_set_hint (self->composer, hint);
  update_invite_button (self);
}

/* The menu has the choice as radio items. */
static void
add_notify_actions (TeaRoomView *self)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) choice
      = g_property_action_new ("choice", tea_place_get_notify_choice (self->place), "choice");

  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (choice));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "notify", G_ACTION_GROUP (actions));
}

static void
set_selection (TeaRoomView *self, TeaSelection *selection)
{
  self->selection_actions
      = tea_selection_actions_new (selection, self->conversation, GTK_WIDGET (self));
  tea_selection_header_set_selection (self->selection_header, selection);
  g_signal_connect_object (selection, "changed", G_CALLBACK (selection_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
show_kind (TeaRoomView *self)
{
  gboolean hall = is_hall (self);

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button),
                                  hall ? self->hall_menu : self->room_menu);
  add_notify_actions (self);
  if (!hall)
    adw_status_page_set_title (ADW_STATUS_PAGE (self->empty_page),
                               _ ("Nobody Has Said Anything Yet"));
  /* Who is in the house is known from the beginning. */
  if (!hall)
    tea_conversation_ask_members (self->conversation);
}

static void
set_place (TeaRoomView *self, TeaPlace *place)
{
  TeaClient *client = tea_place_get_client (place);
  TeaConversation *conversation = tea_place_get_conversation (place);
  TeaTimeline *timeline = tea_conversation_get_timeline (conversation);
  GListModel *members = tea_conversation_get_members (conversation);
  const char *name = tea_client_get_name (client);

  self->place = g_object_ref (place);
  self->client = g_object_ref (client);
  self->conversation = g_object_ref (conversation);
  self->actions = tea_message_actions_new (conversation, GTK_WIDGET (self));
  g_signal_connect_object (self->actions, "reply", G_CALLBACK (reply_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  self->state = TEA_CLIENT_OUTSIDE;

  show_protocol (self);
  tea_timeline_view_set_own_name (self->timeline_view, name);
  tea_timeline_view_set_conversation (self->timeline_view, conversation);
  tea_timeline_view_set_model (self->timeline_view, timeline);
  set_selection (self, tea_timeline_view_get_selection (self->timeline_view));
  tea_room_about_set_conversation (self->about, conversation,
                                   tea_timeline_view_get_quotes (self->timeline_view));
  tea_people_list_set_members (self->people_list, members, name, tea_place_get_is_hosted (place));
  tea_composer_set_members (self->composer, members);

  g_signal_connect_object (place, "changed", G_CALLBACK (place_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* This before the state bar forgets the trouble that is over. */
  g_signal_connect_object (client, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "rejoined", G_CALLBACK (rejoined_cb), self, G_CONNECT_SWAPPED);
  tea_state_bar_set_client (self->state_bar, client);
  g_signal_connect_object (timeline, "items-changed", G_CALLBACK (timeline_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "event", G_CALLBACK (timeline_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::is-open", G_CALLBACK (timeline_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (self->history != NULL)
    g_signal_connect_object (self->history, "changed", G_CALLBACK (timeline_changed_cb), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (members, "items-changed", G_CALLBACK (members_changed_cb), self,
                           G_CONNECT_SWAPPED);

  show_kind (self);
  place_changed_cb (self);
  state_changed_cb (self);
  timeline_changed_cb (self);
  members_changed_cb (self);
  tea_composer_set_text (self->composer, tea_draft_get_text (tea_place_get_draft (place)));
  self->has_draft = TRUE;
}

/**
 * tea_room_view_new:
 * @place: a place that is no invitation
 *
 * Returns: (transfer full): the place from inside
 */
GtkWidget *
tea_room_view_new (TeaPlace *place)
{
  TeaRoomView *self;

  g_return_val_if_fail (TEA_IS_PLACE (place), NULL);
  g_return_val_if_fail (tea_place_get_conversation (place) != NULL, NULL);

  self = g_object_new (TEA_TYPE_ROOM_VIEW, NULL);
  set_place (self, place);
  update_folded (self);

  return GTK_WIDGET (self);
}

/**
 * tea_room_view_show_unread:
 * @self: a room
 *
 * Goes to the first message that was not read, or to the end.
 */
void
tea_room_view_show_unread (TeaRoomView *self)
{
  g_return_if_fail (TEA_IS_ROOM_VIEW (self));

  tea_timeline_view_scroll_to_unread (self->timeline_view);
}

/**
 * tea_room_view_get_place:
 * @self: a view
 *
 * Returns: (transfer none): the place that it shows
 */
TeaPlace *
tea_room_view_get_place (TeaRoomView *self)
{
  g_return_val_if_fail (TEA_IS_ROOM_VIEW (self), NULL);

  return self->place;
}

/**
 * tea_room_view_enter:
 * @self: a view
 * @step: 1 to enter at the beginning, -1 at the end
 *
 * Moves the focus into the first or the last part of the room.
 */
void
tea_room_view_enter (TeaRoomView *self, int step)
{
  g_return_if_fail (TEA_IS_ROOM_VIEW (self));

  move_to_area (self, step > 0 ? -1 : N_AREAS, step);
}
