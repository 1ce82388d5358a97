/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-place-row.h"

#include <glib/gi18n.h>

#include "tea-text.h"
#include "tea-today.h"

#define TILE_SIZE 32
/* More are not told apart. */
#define COUNT_MAX 99
/* Twice as often as what is shown can change. */
#define TICK_MS 500

/**
 * TeaPlaceRow:
 *
 * A place in the list: what it is, what was said there last, and what is new.
 *
 * The row stays where it is put until [method@TeaPlaceRow.settle] says that it may move.
 */
struct _TeaPlaceRow
{
  GtkListBoxRow parent_instance;

  TeaPlace *place; /* (owned) (nullable) */
  guint house;     /* the how manieth it is */
  gint64 rank;     /* when the row was put where it is, something had been said then */
  guint tick_source;

  GtkWidget *tile;
  GtkWidget *letter; /* (nullable): in the tile, of what has one */
  GtkWidget *avatar; /* (nullable): in its place, of a person */
  GtkWidget *name_label;
  GtkWidget *hosted_mark;
  GtkWidget *private_mark;
  GtkWidget *muted_mark;
  GtkWidget *unsent_mark;
  GtkWidget *time_label;
  GtkWidget *lost_mark;
  GtkWidget *last_label;
  GtkWidget *mention_mark;
  GtkWidget *count_label;
};

G_DEFINE_FINAL_TYPE (TeaPlaceRow, tea_place_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_css_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
make_tile (TeaPlaceRow *self)
{
  TeaPlaceKind kind = tea_place_get_kind (self->place);
  GtkWidget *child;

  if (kind == TEA_PLACE_PERSON)
    {
      self->avatar = adw_avatar_new (TILE_SIZE, tea_place_get_name (self->place), TRUE);
      adw_bin_set_child (ADW_BIN (self->tile), self->avatar);
      return;
    }

  if (kind == TEA_PLACE_ROOM)
    child = self->letter = gtk_label_new (NULL);
  else if (kind == TEA_PLACE_INVITATION)
    child = gtk_image_new_from_icon_name ("mail-unread-symbolic");
  else
    child = gtk_image_new_from_icon_name ("io.github.teahousechat.Teahouse-symbolic");
  gtk_widget_set_size_request (self->tile, TILE_SIZE, TILE_SIZE);
  gtk_widget_set_halign (child, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->tile, "tile");
  set_css_class (self->tile, "accent", kind == TEA_PLACE_HALL);
  adw_bin_set_child (ADW_BIN (self->tile), child);
}

static void
show_letter (TeaPlaceRow *self, const char *name)
{
  g_autofree char *upper = g_utf8_strup (name, g_utf8_next_char (name) - name);

  gtk_label_set_label (GTK_LABEL (self->letter), upper);
}

/* A line of a list has no breaks in it. */
static char *
make_line (const char *text)
{
  g_autofree char *safe = tea_text_make_safe (text);

  return g_strstrip (g_strdelimit (g_steal_pointer (&safe), "\n\r\t", ' '));
}

static char *
describe_last (TeaPlaceRow *self)
{
  TeaTimelineItem *last = tea_place_get_last (self->place);
  g_autofree char *line = NULL;

  if (last == NULL)
    return g_strdup ("");

  line = make_line (tea_timeline_item_get_text (last));
  if (tea_timeline_item_is_own (last))
    /* Translators: in the list of rooms; %s is what oneself said there last. */
    return tea_text_format (_ ("You: %s"), line);
  if (tea_place_get_kind (self->place) == TEA_PLACE_PERSON)
    return g_steal_pointer (&line);

  /* Translators: in the list of rooms: who said something there last, and what. */
  return tea_text_format (_ ("%s: %s"), tea_timeline_item_get_author (last), line);
}

static char *
describe_trouble (TeaPlaceRow *self)
{
  TeaClient *client = tea_place_get_client (self->place);
  gint64 left = tea_client_get_next_try (client) - g_get_monotonic_time ();
  int seconds = (int) ((left + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);

  if (tea_client_get_state (client) == TEA_CLIENT_LOST && left > 0)
    return g_strdup_printf (ngettext ("Trying again in %d second", "Trying again in %d seconds",
                                      seconds),
                            seconds);
  if (tea_client_get_state (client) == TEA_CLIENT_GIVEN_UP
      || tea_client_get_state (client) == TEA_CLIENT_ENDED)
    return g_strdup (_ ("Not connected"));

  return g_strdup (_ ("Reconnecting…"));
}

static void
show_draft (TeaPlaceRow *self, const char *text)
{
  g_autofree char *line = make_line (text);
  /* Translators: in the list of rooms; %s is what somebody has begun to write. */
  g_autofree char *markup = g_markup_printf_escaped (_ ("<b>Draft:</b> %s"), line);

  gtk_label_set_markup (GTK_LABEL (self->last_label), markup);
}

/* What comes first counts. Returns what a screen reader says of it. */
static char *
show_second_line (TeaPlaceRow *self)
{
  TeaDraft *draft = tea_place_get_draft (self->place);
  gboolean in_trouble
      = tea_place_get_is_lost (self->place) && tea_place_get_kind (self->place) == TEA_PLACE_HALL;
  gboolean typing = !in_trouble && tea_place_get_is_typing (self->place);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->lost_mark, in_trouble);
  set_css_class (self->last_label, "typing", typing);
  set_css_class (self->last_label, "soft", !typing);

  if (tea_place_get_kind (self->place) == TEA_PLACE_INVITATION)
    text = g_strdup (_ ("You are invited"));
  else if (in_trouble)
    text = describe_trouble (self);
  else if (typing)
    text = g_strdup (_ ("Typing…"));
  else if (draft != NULL && *tea_draft_get_text (draft) != '\0')
    {
      show_draft (self, tea_draft_get_text (draft));
      gtk_widget_set_visible (self->last_label, TRUE);
      return g_strdup (gtk_label_get_text (GTK_LABEL (self->last_label)));
    }
  else
    text = describe_last (self);

  gtk_label_set_text (GTK_LABEL (self->last_label), text);
  gtk_widget_set_visible (self->last_label, *text != '\0');

  return g_steal_pointer (&text);
}

static void
show_news (TeaPlaceRow *self)
{
  guint unread = tea_place_get_unread (self->place);
  gboolean is_person = tea_place_get_kind (self->place) == TEA_PLACE_PERSON;
  g_autofree char *count
      = unread > COUNT_MAX ? g_strdup_printf ("%u+", COUNT_MAX) : g_strdup_printf ("%u", unread);

  set_css_class (self->name_label, "news", unread > 0 && !tea_place_get_is_muted (self->place));
  gtk_widget_set_visible (self->count_label, unread > 0);
  gtk_label_set_label (GTK_LABEL (self->count_label), count);
  set_css_class (self->count_label, "accent",
                 is_person || tea_place_get_is_mentioned (self->place));
  gtk_widget_set_visible (self->mention_mark,
                          !is_person && tea_place_get_is_mentioned (self->place));
}

static void
add_part (GString *label, const char *part)
{
  if (part == NULL || *part == '\0')
    return;

  if (label->len > 0)
    /* Translators: between the parts of what a screen reader says of a room in the list. */
    g_string_append (label, _ (", "));
  g_string_append (label, part);
}

static void
set_accessible_label (TeaPlaceRow *self, const char *line, const char *time)
{
  guint unread = tea_place_get_unread (self->place);
  g_autoptr (GString) label = g_string_new (NULL);
  g_autofree char *news = g_strdup_printf (ngettext ("%u new", "%u new", unread), unread);

  add_part (label, tea_place_get_name (self->place));
  if (unread > 0)
    add_part (label, news);
  if (tea_place_get_is_mentioned (self->place))
    add_part (label, _ ("mentions you"));
  add_part (label, line);
  add_part (label, time);
  if (tea_place_get_is_muted (self->place))
    add_part (label, C_ ("room", "muted"));
  if (tea_place_get_is_lost (self->place))
    add_part (label, _ ("connection lost"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
                                  -1);
}

static void
show_lines (TeaPlaceRow *self)
{
  gint64 time = tea_place_get_time (self->place);
  g_autofree char *when
      = time > 0 ? tea_today_describe_short (tea_today_get_default (), time) : g_strdup ("");
  g_autofree char *line = show_second_line (self);

  gtk_label_set_label (GTK_LABEL (self->time_label), when);
  gtk_widget_set_visible (self->time_label, *when != '\0');
  set_accessible_label (self, line, when);
}

static gboolean
tick_cb (gpointer user_data)
{
  TeaPlaceRow *self = user_data;

  g_assert (TEA_IS_PLACE_ROW (self));

  show_lines (self);

  return G_SOURCE_CONTINUE;
}

/* The seconds until the next try are counted down. */
static void
update_ticking (TeaPlaceRow *self)
{
  gboolean ticks = tea_place_get_kind (self->place) == TEA_PLACE_HALL
                   && tea_client_get_state (tea_place_get_client (self->place)) == TEA_CLIENT_LOST;

  if (!ticks)
    g_clear_handle_id (&self->tick_source, g_source_remove);
  else if (self->tick_source == 0)
    self->tick_source = g_timeout_add (TICK_MS, tick_cb, self);
}

static gboolean
is_unsent (TeaTimelineItem *item)
{
  TeaDelivery delivery = tea_timeline_item_get_delivery (item);

  return tea_timeline_item_is_own (item)
         && (delivery == TEA_DELIVERY_WAITING || delivery == TEA_DELIVERY_FAILED);
}

static void
changed_cb (TeaPlaceRow *self)
{
  TeaTimelineItem *last = tea_place_get_last (self->place);
  const char *name = tea_place_get_name (self->place);
  gboolean lost = tea_place_get_is_lost (self->place);

  g_assert (TEA_IS_PLACE_ROW (self));

  gtk_label_set_label (GTK_LABEL (self->name_label), name);
  if (self->letter != NULL)
    show_letter (self, name);
  if (self->avatar != NULL)
    adw_avatar_set_text (ADW_AVATAR (self->avatar), name);
  gtk_widget_set_visible (self->hosted_mark,
                          tea_place_get_is_hosted (self->place)
                              && tea_place_get_kind (self->place) == TEA_PLACE_HALL);
  gtk_widget_set_visible (self->private_mark, tea_place_get_is_private (self->place));
  gtk_widget_set_visible (self->muted_mark, tea_place_get_is_muted (self->place));
  /* What waits is behind all that was said. */
  gtk_widget_set_visible (self->unsent_mark, last != NULL && is_unsent (last));
  set_css_class (GTK_WIDGET (self), "lost", lost);
  set_css_class (GTK_WIDGET (self), "muted", tea_place_get_is_muted (self->place));
  show_news (self);
  show_lines (self);
  update_ticking (self);
}

static void
today_changed_cb (TeaPlaceRow *self)
{
  g_assert (TEA_IS_PLACE_ROW (self));

  show_lines (self);
}

static void
tea_place_row_dispose (GObject *object)
{
  TeaPlaceRow *self = TEA_PLACE_ROW (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->place != NULL)
    g_signal_handlers_disconnect_by_data (self->place, self);
  g_clear_object (&self->place);

  G_OBJECT_CLASS (tea_place_row_parent_class)->dispose (object);
}

static void
tea_place_row_class_init (TeaPlaceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_place_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-place-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, tile);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, hosted_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, private_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, muted_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, unsent_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, lost_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, last_label);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, mention_mark);
  gtk_widget_class_bind_template_child (widget_class, TeaPlaceRow, count_label);
}

static void
tea_place_row_init (TeaPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_place_row_new:
 * @place: a place
 *
 * Returns: (transfer full): the row of @place
 */
GtkWidget *
tea_place_row_new (TeaPlace *place)
{
  TeaPlaceRow *self;

  g_return_val_if_fail (TEA_IS_PLACE (place), NULL);

  self = g_object_new (TEA_TYPE_PLACE_ROW, NULL);
  self->place = g_object_ref (place);
  self->rank = tea_place_get_time (place);
  make_tile (self);
  g_signal_connect_object (place, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_today_get_default (), "changed", G_CALLBACK (today_changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * tea_place_row_get_place:
 * @self: a row
 *
 * Returns: (transfer none): what the row shows
 */
TeaPlace *
tea_place_row_get_place (TeaPlaceRow *self)
{
  g_return_val_if_fail (TEA_IS_PLACE_ROW (self), NULL);

  return self->place;
}

/**
 * tea_place_row_set_house:
 * @self: a row
 * @house: the how manieth house its place is in
 */
void
tea_place_row_set_house (TeaPlaceRow *self, guint house)
{
  g_return_if_fail (TEA_IS_PLACE_ROW (self));

  self->house = house;
}

/**
 * tea_place_row_get_house:
 * @self: a row
 *
 * Returns: the how manieth house its place is in
 */
guint
tea_place_row_get_house (TeaPlaceRow *self)
{
  g_return_val_if_fail (TEA_IS_PLACE_ROW (self), 0);

  return self->house;
}

/**
 * tea_place_row_settle:
 * @self: a row
 *
 * From now on it is compared by what is known of its place now.
 *
 * Returns: whether it may have to move for that
 */
gboolean
tea_place_row_settle (TeaPlaceRow *self)
{
  gint64 time;

  g_return_val_if_fail (TEA_IS_PLACE_ROW (self), FALSE);

  time = tea_place_get_time (self->place);
  if (self->rank == time)
    return FALSE;

  self->rank = time;

  return TRUE;
}

static int
get_section (TeaPlaceRow *self)
{
  return tea_place_get_kind (self->place) == TEA_PLACE_INVITATION ? 0 : 1;
}

/**
 * tea_place_row_compare:
 * @self: a row
 * @other: a row
 *
 * Invitations come first; then house after house, each with its hall first, and then what was
 * said latest.
 *
 * Returns: less than 0 if @self comes before @other, more than 0 if it comes after
 */
int
tea_place_row_compare (TeaPlaceRow *self, TeaPlaceRow *other)
{
  int order;

  g_return_val_if_fail (TEA_IS_PLACE_ROW (self), 0);
  g_return_val_if_fail (TEA_IS_PLACE_ROW (other), 0);

  order = get_section (self) - get_section (other);
  if (order == 0 && get_section (self) > 0)
    order = (self->house > other->house) - (self->house < other->house);
  if (order == 0)
    order = (tea_place_get_kind (self->place) != TEA_PLACE_HALL)
            - (tea_place_get_kind (other->place) != TEA_PLACE_HALL);
  if (order == 0)
    order = (self->rank < other->rank) - (self->rank > other->rank);
  if (order == 0)
    order = g_utf8_collate (tea_place_get_name (self->place), tea_place_get_name (other->place));

  return order;
}
