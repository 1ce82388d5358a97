/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-order.h"

#include <glib/gi18n-lib.h>

#include "tea-control-lookup.h"
#include "tea-error.h"
#include "tea-event-data.h"
#include "tea-limits.h"
#include "tea-text.h"

#define TEA_TYPE_CONTROL_ORDER (tea_control_order_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlOrder, tea_control_order, TEA, CONTROL_ORDER, GObject)

/* What an operator says and does in rooms: each is an event there, whose author is the house. */
struct _TeaControlOrder
{
  GObject parent_instance;

  TeaHouse *house; /* (owned) */
  TeaName *name;   /* (owned): as whom the house speaks */
};

G_DEFINE_FINAL_TYPE (TeaControlOrder, tea_control_order, G_TYPE_OBJECT)

typedef struct _Order Order;

/* Something that is to happen in a room. */
struct _Order
{
  TeaControlOrder *group; /* (owned) */
  TeaEventKind kind;
  char *text;                         /* (owned) (nullable) */
  char *who;                          /* (owned) (nullable): to whom it happens */
  GBytes *(*make_data) (Order *self); /* (nullable) */
  guint64 seconds;
  gboolean with_network;
  gboolean erase;
  gboolean is_lifting; /* whether it only ends a ban */
  TeaRoomRole role;
  guint64 target; /* the event that it is about, if it is about one */
  char *address;  /* (owned) (nullable): what the room is to be called */
  gboolean set;   /* whether it is archived, or not any more */

  TeaRoom *room; /* (owned) (nullable): once it is found, and awake until it is done */
  char *key;     /* (owned) (nullable): of whom it happens to */
};

static void
order_free (Order *order)
{
  if (order->room != NULL)
    tea_house_release (order->group->house, order->room);
  g_clear_object (&order->room);
  g_object_unref (order->group);
  g_free (order->text);
  g_free (order->who);
  g_free (order->address);
  g_free (order->key);
  g_free (order);
}

static Order *
order_new (TeaControlOrder *self, TeaEventKind kind, GTask *task)
{
  Order *order = g_new0 (Order, 1);

  order->group = g_object_ref (self);
  order->kind = kind;
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);

  return order;
}

static void
told_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  guint64 seq = tea_room_tell_finish (TEA_ROOM (object), result, &error);

  if (seq != 0)
    tea_control_answer (task, g_variant_new ("(t)", seq));
  else
    tea_control_refuse (task, error);
}

static void
tell (GTask *task)
{
  Order *order = g_task_get_task_data (task);
  TeaPolicy *policy = tea_house_get_policy (order->group->house);
  g_autoptr (GBytes) data = order->make_data != NULL ? order->make_data (order) : NULL;
  const TeaDraft draft = { .kind = order->kind,
                           .author = order->group->name,
                           .text = order->text,
                           .key = tea_policy_get_house_key (policy),
                           .target = order->target,
                           .data = data };

  tea_room_tell_async (order->room, &draft, told_cb, task);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Order *order = g_task_get_task_data (task);
  GError *error = NULL;

  order->key = tea_control_lookup_key_finish (TEA_HOUSE (object), result, &error);
  if (order->key != NULL && order->is_lifting
      && !tea_rule_book_is_banned (tea_room_get_rule_book (order->room), order->key, NULL))
    g_set_error_literal (&error, TEA_ERROR, TEA_ERROR_REFUSED, _ ("They are not banned there."));

  if (error == NULL)
    tell (task);
  else
    tea_control_refuse (task, error);
}

static void
room_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Order *order = g_task_get_task_data (task);
  TeaHouse *house = order->group->house;
  GError *error = NULL;

  order->room = tea_control_lookup_room_finish (TEA_HOUSE (object), result, &error);
  if (order->room == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  tea_house_hold (house, order->room);
  if (order->who != NULL)
    tea_control_lookup_key_async (house, order->room, order->who, key_found_cb, task);
  else
    tell (task);
}

/* Something far away is for good. */
static gint64
get_until (Order *self)
{
  TeaStore *store = tea_house_get_store (self->group->house);
  gint64 now = tea_calendar_get_time (tea_store_get_calendar (store));
  guint64 left = (guint64) (TEA_EVENT_MAX_TIME - now) / G_TIME_SPAN_SECOND;

  if (self->seconds == 0)
    return 0;

  return self->seconds < left ? now + (gint64) self->seconds * G_TIME_SPAN_SECOND
                              : TEA_EVENT_MAX_TIME;
}

/* A name, where an operator has given one, or what they are called now. */
static const char *
get_name (Order *self)
{
  return tea_name_validate (self->who, NULL) ? self->who
                                             : tea_house_find_name (self->group->house, self->key);
}

static GBytes *
make_sent_out (Order *self)
{
  const TeaSentOut sent_out = { .key = self->key,
                                .name = (char *) get_name (self),
                                .until = get_until (self),
                                .erase = self->erase ? 1 : 0,
                                .with_network = self->with_network };

  return tea_event_data_encode_sent_out (&sent_out);
}

static GBytes *
make_muted (Order *self)
{
  return tea_event_data_encode_muted (self->key, get_name (self), get_until (self));
}

static GBytes *
make_role (Order *self)
{
  self->text = g_strdup (get_name (self));

  return tea_event_data_encode_role (self->key, self->role);
}

static GBytes *
make_invitation (Order *self)
{
  self->text = g_strdup (get_name (self));

  return tea_event_data_encode_key (self->key);
}

static GBytes *
make_archived (Order *self)
{
  return tea_event_data_encode_switch (self->set);
}

/* The settings as they are, but for what is to change. */
static GBytes *
make_settings (Order *self, char *address, char *title, guint32 slow_mode)
{
  const TeaRoomInfo *info = tea_room_get_info (self->room);
  const TeaRoomSettings settings = { .address = address,
                                     .title = title,
                                     .flags = info->flags & TEA_ROOM_SETTABLE_FLAGS,
                                     .retain_days = TEA_RETAIN_DAYS_UNCHANGED,
                                     .retain_events = TEA_RETAIN_EVENTS_UNCHANGED,
                                     .slow_mode = slow_mode };

  return tea_event_data_encode_settings (&settings);
}

static GBytes *
make_slow_mode (Order *self)
{
  const TeaRoomInfo *info = tea_room_get_info (self->room);

  return make_settings (self, info->address, info->title, (guint32) self->seconds);
}

/* The hall has no name of its own: it bears that of the house. */
static GBytes *
make_rename (Order *self)
{
  const TeaRoomInfo *info = tea_room_get_info (self->room);

  if (tea_room_is_hall (self->room))
    return make_settings (self, info->address, self->address, TEA_SLOW_UNCHANGED);

  return make_settings (self, self->address, info->title, TEA_SLOW_UNCHANGED);
}

static void
say (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_MESSAGE, task);
  const char *room = NULL;

  g_variant_get (parameters, "(&ss)", &room, &order->text);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
send_out (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_SENT_OUT, task);
  const char *room = NULL;

  order->make_data = make_sent_out;
  g_variant_get (parameters, "(&ssstbb)", &room, &order->who, &order->text, &order->seconds,
                 &order->with_network, &order->erase);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
let_in (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_SENT_OUT, task);
  const char *room = NULL;

  order->make_data = make_sent_out;
  order->is_lifting = TRUE;
  g_variant_get (parameters, "(&ss)", &room, &order->who);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
mute (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_MUTED, task);
  const char *room = NULL;

  order->make_data = make_muted;
  g_variant_get (parameters, "(&ssst)", &room, &order->who, &order->text, &order->seconds);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
set_slow_mode (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_SETTINGS, task);
  const char *room = NULL;
  guint32 seconds = 0;

  order->make_data = make_slow_mode;
  g_variant_get (parameters, "(&su)", &room, &seconds);
  order->seconds = MIN (seconds, TEA_SLOW_UNCHANGED - 1);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static gboolean
parse_role (const char *text, TeaRoomRole *role)
{
  static const char *const roles[] = { "none", "member", "moderator", "owner" };

  for (guint i = TEA_ROOM_ROLE_MEMBER; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (text, roles[i]))
      {
        *role = (TeaRoomRole) i;
        return TRUE;
      }

  return FALSE;
}

static void
set_role (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_ROLE, task);
  const char *room = NULL;
  const char *role = NULL;
  GError *error = NULL;

  order->make_data = make_role;
  g_variant_get (parameters, "(&ss&s)", &room, &order->who, &role);
  if (parse_role (role, &order->role))
    {
      tea_control_lookup_room_async (self->house, room, room_found_cb, task);
      return;
    }

  tea_text_set_error (&error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                      _ ("“%s” is no role. There are “member”, “moderator” and “owner”."), role);
  tea_control_refuse (task, error);
}

static void
remove_message (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_REMOVED, task);
  const char *room = NULL;

  g_variant_get (parameters, "(&st)", &room, &order->target);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
set_topic (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_TOPIC, task);
  const char *room = NULL;

  g_variant_get (parameters, "(&ss)", &room, &order->text);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
rename_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_SETTINGS, task);
  const char *room = NULL;

  order->make_data = make_rename;
  g_variant_get (parameters, "(&ss)", &room, &order->address);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
archive_room (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_ARCHIVED, task);
  const char *room = NULL;

  order->make_data = make_archived;
  g_variant_get (parameters, "(&sb)", &room, &order->set);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static void
invite (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (group);
  Order *order = order_new (self, TEA_EVENT_INVITED, task);
  const char *room = NULL;

  order->make_data = make_invitation;
  g_variant_get (parameters, "(&ss)", &room, &order->who);
  tea_control_lookup_room_async (self->house, room, room_found_cb, task);
}

static const TeaControlVerb verbs[] = {
  { "SetTopic", set_topic },
  { "RenameRoom", rename_room },
  { "ArchiveRoom", archive_room },
  { "Invite", invite },
  { "Remove", remove_message },
  { "Say", say },
  { "SendOut", send_out },
  { "LetIn", let_in },
  { "Mute", mute },
  { "SetSlowMode", set_slow_mode },
  { "SetRole", set_role },
  { NULL, NULL },
};

static void
tea_control_order_finalize (GObject *object)
{
  TeaControlOrder *self = TEA_CONTROL_ORDER (object);

  g_clear_object (&self->house);
  g_clear_pointer (&self->name, tea_name_unref);

  G_OBJECT_CLASS (tea_control_order_parent_class)->finalize (object);
}

static void
tea_control_order_class_init (TeaControlOrderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_order_finalize;
}

static void
tea_control_order_init (TeaControlOrder *self)
{
  self->name = tea_name_new_unchecked (TEA_POLICY_HOUSE_NAME);
}

/**
 * tea_control_order_add:
 * @control: a control
 * @house: a house that is open and has a key
 *
 * Lets an operator speak and keep order in rooms.
 */
void
tea_control_order_add (TeaControl *control, TeaHouse *house)
{
  TeaControlOrder *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_HOUSE (house));

  self = g_object_new (TEA_TYPE_CONTROL_ORDER, NULL);
  self->house = g_object_ref (house);
  tea_control_add (control, self, verbs);
}
