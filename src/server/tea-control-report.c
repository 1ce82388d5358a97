/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-report.h"

#include "config.h"

#include "tea-control-lookup.h"
#include "tea-room-ref.h"
#include "tea-session-info.h"

/* So many rooms are read at once. */
#define PAGE 500

#define TEA_TYPE_CONTROL_REPORT (tea_control_report_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlReport, tea_control_report, TEA, CONTROL_REPORT, GObject)

/* Tells an operator how the server is, which rooms there are, who belongs to them, and who is
 * connected. */
struct _TeaControlReport
{
  GObject parent_instance;

  TeaControlSources sources;
  gint64 started; /* in µs since the Unix epoch, UTC */
};

G_DEFINE_FINAL_TYPE (TeaControlReport, tea_control_report, G_TYPE_OBJECT)

static void
add_string (GVariantBuilder *dict, const char *key, const char *value)
{
  g_variant_builder_add (dict, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

#define add_value(dict, key, type, value) \
  g_variant_builder_add (dict, "{sv}", key, g_variant_new (type, value))

static const char *
describe_role (TeaRoomRole role)
{
  switch (role)
    {
    case TEA_ROOM_ROLE_MEMBER:
      return "member";
    case TEA_ROOM_ROLE_MODERATOR:
      return "moderator";
    case TEA_ROOM_ROLE_OWNER:
      return "owner";
    case TEA_ROOM_ROLE_NONE:
    default:
      return "";
    }
}

static void
add_list (GPtrArray *list, GVariantBuilder *dict)
{
  g_ptr_array_add (list, g_variant_ref_sink (g_variant_builder_end (dict)));
}

static GPtrArray *
list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

static void
answer_list (GTask *task, GPtrArray *list)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < list->len; i++)
    g_variant_builder_add_value (&builder, g_ptr_array_index (list, i));
  tea_control_answer (task, g_variant_new ("(@aa{sv})", g_variant_builder_end (&builder)));
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  TeaControlReport *self = g_task_get_task_data (task);
  TeaHouse *house = self->sources.house;
  TeaStore *store = tea_house_get_store (house);
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *problem = tea_store_dup_problem (store);
  TeaRoomReader *reader = tea_room_get_reader (tea_house_get_hall (house));
  g_autoptr (GPtrArray) classic = NULL;
  guint n_rooms = 0;
  guint n_owned = 0;
  GError *error = NULL;

  if (!tea_store_count_rooms_finish (TEA_STORE (object), result, &n_rooms, &n_owned, &error))
    {
      tea_control_refuse (task, error);
      return;
    }

  add_string (&dict, "version", PACKAGE_VERSION);
  add_string (&dict, "address", self->sources.address);
  add_string (&dict, "fingerprint", tea_policy_get_house_key (tea_house_get_policy (house)));
  add_value (&dict, "since", "x", self->started);
  add_value (&dict, "people", "u", tea_presence_get_n_people (tea_house_get_presence (house)));
  add_value (&dict, "sessions", "u", tea_secure_service_get_n_sessions (self->sources.secure));
  if (self->sources.classic != NULL)
    classic = tea_classic_service_list_sessions (self->sources.classic);
  add_value (&dict, "classic-sessions", "u", classic != NULL ? classic->len : 0);
  add_value (&dict, "rooms", "u", n_rooms);
  add_value (&dict, "events", "t", tea_room_reader_get_head (reader));
  add_string (&dict, "problem", problem);
  tea_control_answer (task, g_variant_new ("(@a{sv})", g_variant_builder_end (&dict)));
}

static void
get_status (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlReport *self = TEA_CONTROL_REPORT (group);

  g_task_set_task_data (task, g_object_ref (self), g_object_unref);
  tea_store_count_rooms_async (tea_house_get_store (self->sources.house), "", NULL, counted_cb,
                               task);
}

/* Rooms that were read so far. */
typedef struct
{
  TeaControlReport *report; /* (owned) */
  GPtrArray *list;          /* (element-type GVariant) */
} Listing;

static void
listing_free (Listing *listing)
{
  g_object_unref (listing->report);
  g_ptr_array_unref (listing->list);
  g_free (listing);
}

static const char *
describe_kind (const TeaRoomInfo *info)
{
  if (info->number == TEA_ROOM_INFO_HALL)
    return "hall";
  if (tea_room_kind_from_address (info->address) == TEA_ROOM_KIND_HIDDEN)
    return "hidden";

  return (info->flags & TEA_ROOM_BY_INVITATION) != 0 ? "closed" : "open";
}

static void
add_room (GPtrArray *list, const TeaRoomInfo *info, guint n_members, guint64 head)
{
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_string (&dict, "room", info->address);
  add_string (&dict, "title", info->title);
  add_value (&dict, "members", "u", n_members);
  add_value (&dict, "events", "t", head);
  add_string (&dict, "kind", describe_kind (info));
  add_value (&dict, "password", "b", info->password != NULL);
  add_value (&dict, "archived", "b", (info->flags & TEA_ROOM_ARCHIVED) != 0);
  add_string (&dict, "owner", info->owner);
  add_value (&dict, "made", "x", info->made);
  add_list (list, &dict);
}

static void read_page (GTask *task, const char *after);

static void
page_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GPtrArray) page = NULL;
  GError *error = NULL;

  page = tea_store_list_rooms_finish (TEA_STORE (object), result, &error);
  if (page == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  for (guint i = 0; i < page->len; i++)
    {
      const TeaStoreListing *room = g_ptr_array_index (page, i);

      if (tea_room_kind_from_address (room->info->address) != TEA_ROOM_KIND_PAIR)
        add_room (listing->list, room->info, room->n_members, room->head);
    }

  if (page->len > 0)
    read_page (task, ((TeaStoreListing *) g_ptr_array_index (page, page->len - 1))->info->folded);
  else
    answer_list (task, listing->list);
}

static void
read_page (GTask *task, const char *after)
{
  Listing *listing = g_task_get_task_data (task);
  TeaStore *store = tea_house_get_store (listing->report->sources.house);

  tea_store_list_rooms_async (store, TEA_STORE_ALL, "", after, PAGE, NULL, page_read_cb, task);
}

static void
list_rooms (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlReport *self = TEA_CONTROL_REPORT (group);
  TeaHouse *house = self->sources.house;
  TeaRoom *hall = tea_house_get_hall (house);
  Listing *listing = g_new (Listing, 1);

  listing->report = g_object_ref (self);
  listing->list = list_new ();
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);

  add_room (listing->list, tea_room_get_info (hall),
            tea_presence_get_n_people (tea_house_get_presence (house)),
            tea_room_reader_get_head (tea_room_get_reader (hall)));
  tea_house_save (house);
  read_page (task, "");
}

/* Until when somebody may not speak or come back; for good is shown as a time far away. */
static void
add_restrictions (GVariantBuilder *dict, TeaRoom *room, const char *key)
{
  gint64 until = 0;

  if (key != NULL && tea_rule_book_is_muted (tea_room_get_rule_book (room), key, &until))
    add_value (dict, "muted-until", "x", until);
}

static void
add_person (GPtrArray *list, TeaRoom *room, const char *name, const char *key, gboolean is_here)
{
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  TeaRoomRole role = key != NULL ? tea_room_get_role (room, key) : TEA_ROOM_ROLE_MEMBER;

  if (role == TEA_ROOM_ROLE_NONE && tea_room_is_hall (room))
    role = TEA_ROOM_ROLE_MEMBER;
  add_string (&dict, "name", name);
  add_string (&dict, "key", key);
  add_string (&dict, "role", role != TEA_ROOM_ROLE_NONE ? describe_role (role) : "invited");
  add_value (&dict, "here", "b", is_here);
  add_restrictions (&dict, room, key);
  add_list (list, &dict);
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const TeaMembership *one = *(const TeaMembership *const *) a;
  const TeaMembership *other = *(const TeaMembership *const *) b;

  return (one->joined > other->joined) - (one->joined < other->joined);
}

static void
room_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  TeaHouse *house = TEA_HOUSE (object);
  g_autoptr (GPtrArray) list = list_new ();
  g_autoptr (GPtrArray) people = NULL;
  g_autoptr (TeaRoom) room = NULL;
  GError *error = NULL;

  room = tea_control_lookup_room_finish (house, result, &error);
  if (room == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  if (tea_room_is_hall (room))
    {
      people = tea_presence_list (tea_room_get_presence (room), 0, G_MAXUINT, NULL);
      for (guint i = 0; i < people->len; i++)
        {
          const TeaPerson *person = g_ptr_array_index (people, i);

          add_person (list, room, tea_name_get_text (person->name), person->key, TRUE);
        }
    }
  else
    {
      people = tea_members_list_concerned (tea_room_get_members (room));
      g_ptr_array_sort (people, compare_members);
      for (guint i = 0; i < people->len; i++)
        {
          const TeaMembership *member = g_ptr_array_index (people, i);
          const TeaOwnedName *name
              = tea_name_registry_find_latest (tea_house_get_names (house), member->key);

          add_person (list, room, member->name, member->key, name != NULL && name->is_in_use);
        }
    }

  answer_list (task, list);
}

static void
list_members (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlReport *self = TEA_CONTROL_REPORT (group);
  const char *room = NULL;

  g_variant_get (parameters, "(&s)", &room);
  tea_control_lookup_room_async (self->sources.house, room, room_found_cb, task);
}

static void
add_session (gpointer item, gpointer user_data)
{
  const TeaSessionInfo *info = item;
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_string (&dict, "name", info->name);
  add_string (&dict, "key", info->key);
  add_string (&dict, "protocol", info->key != NULL ? "secure" : "classic");
  add_string (&dict, "network", info->address);
  add_value (&dict, "since", "x", info->since);
  add_value (&dict, "heard", "x", info->heard);
  add_value (&dict, "rooms", "u", info->n_rooms);
  add_value (&dict, "missed", "u", info->n_missed);
  add_list (user_data, &dict);
}

static int
compare_sessions (gconstpointer a, gconstpointer b)
{
  const TeaSessionInfo *one = *(const TeaSessionInfo *const *) a;
  const TeaSessionInfo *other = *(const TeaSessionInfo *const *) b;

  return (one->since > other->since) - (one->since < other->since);
}

static void
list_sessions (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  TeaControlReport *self = TEA_CONTROL_REPORT (group);
  g_autoptr (GPtrArray) sessions = tea_secure_service_list_sessions (self->sources.secure);
  g_autoptr (GPtrArray) list = list_new ();

  if (self->sources.classic != NULL)
    g_ptr_array_extend_and_steal (sessions,
                                  tea_classic_service_list_sessions (self->sources.classic));
  g_ptr_array_sort (sessions, compare_sessions);
  g_ptr_array_foreach (sessions, add_session, list);
  answer_list (task, list);
}

static const TeaControlVerb verbs[] = {
  { "GetStatus", get_status },
  { "ListRooms", list_rooms },
  { "ListMembers", list_members },
  { "ListSessions", list_sessions },
  { NULL, NULL },
};

static void
tea_control_report_finalize (GObject *object)
{
  TeaControlSources *sources = &TEA_CONTROL_REPORT (object)->sources;

  g_clear_object (&sources->house);
  g_clear_object (&sources->secure);
  g_clear_object (&sources->classic);
  g_clear_object (&sources->clock);
  g_free (sources->address);

  G_OBJECT_CLASS (tea_control_report_parent_class)->finalize (object);
}

static void
tea_control_report_class_init (TeaControlReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_report_finalize;
}

static void
tea_control_report_init (TeaControlReport *self)
{
}

/**
 * tea_control_report_add:
 * @control: a control
 * @sources: what is told about
 *
 * Lets an operator ask how the server is, which rooms there are, and who is there.
 */
void
tea_control_report_add (TeaControl *control, const TeaControlSources *sources)
{
  TeaControlReport *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (sources != NULL && sources->address != NULL);

  self = g_object_new (TEA_TYPE_CONTROL_REPORT, NULL);
  self->sources.house = g_object_ref (sources->house);
  self->sources.secure = g_object_ref (sources->secure);
  if (sources->classic != NULL)
    self->sources.classic = g_object_ref (sources->classic);
  self->sources.clock = g_object_ref (sources->clock);
  self->sources.address = g_strdup (sources->address);
  self->started = tea_clock_get_real_time (sources->clock);
  tea_control_add (control, self, verbs);
}
