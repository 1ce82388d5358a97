/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-room-pages.h"

#include "tea-invitation-page.h"
#include "tea-room-view.h"

/* So many rooms stay as they are left. */
#define N_KEPT 4

/**
 * TeaRoomPages:
 *
 * The rooms that were looked at last, one of which is seen: who comes back to one is where
 * they were in it.
 */
struct _TeaRoomPages
{
  AdwBin parent_instance;

  GtkWidget *stack;
  GQueue views; /* (element-type GtkWidget): the latest first */

  gboolean folded;
  guint news;
};

enum
{
  PROP_0,
  PROP_FOLDED,
  PROP_NEWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaRoomPages, tea_room_pages, ADW_TYPE_BIN)

static TeaPlace *
get_place (GtkWidget *view)
{
  return TEA_IS_ROOM_VIEW (view) ? tea_room_view_get_place (TEA_ROOM_VIEW (view))
                                 : tea_invitation_page_get_place (TEA_INVITATION_PAGE (view));
}

static GtkWidget *
find_view (TeaRoomPages *self, TeaPlace *place)
{
  for (GList *l = self->views.head; l != NULL; l = l->next)
    if (get_place (l->data) == place)
      return l->data;

  return NULL;
}

static GtkWidget *
make_view (TeaRoomPages *self, TeaPlace *place)
{
  gboolean is_inside = tea_place_get_conversation (place) != NULL;
  GtkWidget *view = is_inside ? tea_room_view_new (place) : tea_invitation_page_new (place);

  g_object_bind_property (self, "folded", view, "folded", G_BINDING_SYNC_CREATE);
  if (is_inside)
    g_object_bind_property (self, "news", view, "news", G_BINDING_SYNC_CREATE);
  gtk_stack_add_child (GTK_STACK (self->stack), view);

  return view;
}

/* GTK 4.8 tells assistive technologies of every page. */
static void
update_hidden (TeaRoomPages *self)
{
  for (GList *l = self->views.head; l != NULL; l = l->next)
    gtk_accessible_update_state (l->data, GTK_ACCESSIBLE_STATE_HIDDEN, l != self->views.head, -1);
}

static void
remove_view (TeaRoomPages *self, GtkWidget *view)
{
  g_queue_remove (&self->views, view);
  gtk_stack_remove (GTK_STACK (self->stack), view);
}

static void
tea_room_pages_dispose (GObject *object)
{
  g_queue_clear (&TEA_ROOM_PAGES (object)->views);

  G_OBJECT_CLASS (tea_room_pages_parent_class)->dispose (object);
}

static void
tea_room_pages_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaRoomPages *self = TEA_ROOM_PAGES (object);

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
tea_room_pages_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  TeaRoomPages *self = TEA_ROOM_PAGES (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      break;
    case PROP_NEWS:
      self->news = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_room_pages_class_init (TeaRoomPagesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = tea_room_pages_dispose;
  object_class->get_property = tea_room_pages_get_property;
  object_class->set_property = tea_room_pages_set_property;

  /**
   * TeaRoomPages:folded:
   *
   * Whether there is no list of places beside them.
   */
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE, flags);
  /**
   * TeaRoomPages:news:
   *
   * In how many other places there is something new.
   */
  properties[PROP_NEWS] = g_param_spec_uint ("news", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_room_pages_init (TeaRoomPages *self)
{
  g_queue_init (&self->views);
  self->stack = gtk_stack_new ();
  /* What is not seen has not folded, and would not fit. */
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

/**
 * tea_room_pages_new:
 *
 * Returns: (transfer full): pages that show nothing
 */
GtkWidget *
tea_room_pages_new (void)
{
  return g_object_new (TEA_TYPE_ROOM_PAGES, NULL);
}

/**
 * tea_room_pages_show:
 * @self: pages
 * @place: a place
 *
 * Shows a place.
 *
 * Returns: (transfer none): the view of it
 */
GtkWidget *
tea_room_pages_show (TeaRoomPages *self, TeaPlace *place)
{
  GtkWidget *view;

  g_return_val_if_fail (TEA_IS_ROOM_PAGES (self), NULL);
  g_return_val_if_fail (TEA_IS_PLACE (place), NULL);

  view = find_view (self, place);
  if (view == NULL)
    view = make_view (self, place);
  g_queue_remove (&self->views, view);
  g_queue_push_head (&self->views, view);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), view);
  update_hidden (self);

  while (self->views.length > N_KEPT)
    remove_view (self, g_queue_peek_tail (&self->views));

  return view;
}

/**
 * tea_room_pages_forget:
 * @self: pages
 * @place: a place that is no more
 *
 * Keeps a place no longer.
 */
void
tea_room_pages_forget (TeaRoomPages *self, TeaPlace *place)
{
  GtkWidget *view;

  g_return_if_fail (TEA_IS_ROOM_PAGES (self));
  g_return_if_fail (TEA_IS_PLACE (place));

  view = find_view (self, place);
  if (view != NULL)
    remove_view (self, view);
}
