/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-control-log.h"

#include "tea-event-data.h"
#include "tea-event-record.h"

/* So many rooms are listed, and events read, before others have their turn. */
#define PAGE 500
#define BATCH 500
#define BATCH_BYTES (1024 * 1024)

#define TEA_TYPE_CONTROL_LOG (tea_control_log_get_type ())

G_DECLARE_FINAL_TYPE (TeaControlLog, tea_control_log, TEA, CONTROL_LOG, GObject)

/* Tells what was done to keep order, in the hall and all rooms that are listed: a reading of their
 * logs. */
struct _TeaControlLog
{
  GObject parent_instance;

  TeaStore *store; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaControlLog, tea_control_log, G_TYPE_OBJECT)

typedef struct
{
  gint64 time;
  GVariant *dict; /* (owned) */
} Row;

/* How far reading has come. */
typedef struct
{
  TeaControlLog *group; /* (owned) */
  GPtrArray *rooms;     /* (element-type TeaRoomInfo) */
  guint n_read;         /* how many of them are read */
  TeaLog *log;          /* (owned) (nullable): of the next */
  GArray *rows;         /* (element-type Row) */
} Reading;

static void
clear_row (gpointer row)
{
  g_variant_unref (((Row *) row)->dict);
}

static void
reading_free (Reading *reading)
{
  g_clear_object (&reading->log);
  g_array_unref (reading->rows);
  g_ptr_array_unref (reading->rooms);
  g_object_unref (reading->group);
  g_free (reading);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return (((const Row *) a)->time > ((const Row *) b)->time)
         - (((const Row *) a)->time < ((const Row *) b)->time);
}

#define add(dict, key, type, value) \
  g_variant_builder_add (dict, "{sv}", key, g_variant_new (type, value))

static void
add_person (GVariantBuilder *dict, const char *name, const char *key)
{
  add (dict, "name", "s", name != NULL ? name : "");
  add (dict, "key", "s", key);
}

/* What belongs to a kind. Returns whether it is of one that keeps order. */
static gboolean
add_details (GVariantBuilder *dict, TeaEvent *event)
{
  GBytes *data = tea_event_get_data (event);
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;
  TeaRoomRole role = TEA_ROOM_ROLE_NONE;
  gboolean is_set = FALSE;
  gint64 until = 0;

  switch ((guint) tea_event_get_kind (event))
    {
    case TEA_EVENT_TOPIC:
      return TRUE;
    case TEA_EVENT_SETTINGS:
      if (tea_event_data_decode_settings (data, &settings)
          && settings.slow_mode != TEA_SLOW_UNCHANGED)
        add (dict, "slow", "u", settings.slow_mode);
      return TRUE;
    case TEA_EVENT_ARCHIVED:
      if (tea_event_data_decode_switch (data, &is_set))
        add (dict, "archived", "b", is_set);
      return TRUE;
    case TEA_EVENT_ROLE:
      if (tea_event_data_decode_role (data, &key, &role))
        {
          g_autoptr (GEnumClass) roles = g_type_class_ref (TEA_TYPE_ROOM_ROLE);

          add_person (dict, tea_event_get_text (event), key);
          add (dict, "role", "s", g_enum_get_value (roles, (int) role)->value_nick);
        }
      return TRUE;
    case TEA_EVENT_SENT_OUT:
      if (tea_event_data_decode_sent_out (data, &sent_out))
        {
          add_person (dict, sent_out.name, sent_out.key);
          add (dict, "until", "x", sent_out.until);
          add (dict, "erase", "t", sent_out.erase);
          add (dict, "network", "b", sent_out.with_network);
        }
      return TRUE;
    case TEA_EVENT_MUTED:
      if (tea_event_data_decode_muted (data, &key, &name, &until))
        {
          add_person (dict, name, key);
          add (dict, "until", "x", until);
        }
      return TRUE;
    default:
      return FALSE;
    }
}

static void
add_event (Reading *reading, TeaEvent *event)
{
  const TeaRoomInfo *room = g_ptr_array_index (reading->rooms, reading->n_read);
  g_autoptr (GEnumClass) kinds = g_type_class_ref (TEA_TYPE_EVENT_KIND);
  int kind = (int) tea_event_get_kind (event);
  const char *text = tea_event_get_text (event);
  g_auto (GVariantBuilder) dict = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  Row row;

  add (&dict, "time", "x", tea_event_get_time (event));
  add (&dict, "room", "s", room->address);
  add (&dict, "event", "t", tea_event_get_seq (event));
  add (&dict, "kind", "s", g_enum_get_value (kinds, kind)->value_nick);
  add (&dict, "author", "s", tea_event_get_author (event));
  add (&dict, "text", "s", text != NULL && kind != TEA_EVENT_ROLE ? text : "");
  if (!add_details (&dict, event))
    return;

  row.time = tea_event_get_time (event);
  row.dict = g_variant_ref_sink (g_variant_builder_end (&dict));
  g_array_append_val (reading->rows, row);
}

static void
answer (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  g_array_sort (reading->rows, compare_rows);
  for (guint i = 0; i < reading->rows->len; i++)
    g_variant_builder_add_value (&builder, g_array_index (reading->rows, Row, i).dict);
  tea_control_answer (task, g_variant_new ("(@aa{sv})", g_variant_builder_end (&builder)));
}

static void read_next_room (GTask *task);

static void
batch_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) entries = NULL;
  gboolean reached_head = FALSE;
  guint64 next = 0;
  g_autoptr (GError) error = NULL;

  entries = tea_log_read_finish (TEA_LOG (object), result, &next, &reached_head, &error);

  /* What was there when reading began may be too old to be kept by now. */
  if (g_error_matches (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TRUNCATED))
    {
      tea_log_read_async (reading->log, tea_log_get_first (reading->log), BATCH, BATCH_BYTES, NULL,
                          batch_read_cb, task);
      return;
    }

  if (entries == NULL)
    {
      tea_control_refuse (task, g_steal_pointer (&error));
      return;
    }

  for (guint i = 0; i < entries->len; i++)
    {
      const TeaLogEntry *entry = g_ptr_array_index (entries, i);
      g_autoptr (TeaEvent) event
          = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);

      if (event != NULL)
        add_event (reading, event);
    }

  if (!reached_head)
    {
      tea_log_read_async (reading->log, next, BATCH, BATCH_BYTES, NULL, batch_read_cb, task);
      return;
    }

  reading->n_read++;
  read_next_room (task);
}

static void
log_opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;

  reading->log = tea_store_open_log_finish (TEA_STORE (object), result, &error);
  if (reading->log != NULL)
    tea_log_read_async (reading->log, tea_log_get_first (reading->log), BATCH, BATCH_BYTES, NULL,
                        batch_read_cb, task);
  else
    tea_control_refuse (task, error);
}

/* Takes over the reference to the task. */
static void
read_next_room (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  const TeaRoomInfo *room = NULL;

  g_clear_object (&reading->log);
  if (reading->n_read == reading->rooms->len)
    {
      answer (task);
      return;
    }

  room = g_ptr_array_index (reading->rooms, reading->n_read);
  tea_store_open_log_async (reading->group->store, room->number, NULL, log_opened_cb, task);
}

static void list_page (GTask *task, const char *after);

static void
page_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) page = NULL;
  GError *error = NULL;

  page = tea_store_list_rooms_finish (TEA_STORE (object), result, &error);
  if (page == NULL)
    {
      tea_control_refuse (task, error);
      return;
    }

  for (guint i = 0; i < page->len; i++)
    g_ptr_array_add (reading->rooms,
                     tea_room_info_copy (((TeaStoreListing *) g_ptr_array_index (page, i))->info));
  if (page->len > 0)
    list_page (task, ((TeaStoreListing *) g_ptr_array_index (page, page->len - 1))->info->folded);
  else
    read_next_room (task);
}

static void
list_page (GTask *task, const char *after)
{
  Reading *reading = g_task_get_task_data (task);

  tea_store_list_rooms_async (reading->group->store, TEA_STORE_LISTED, "", after, PAGE, NULL,
                              page_listed_cb, task);
}

static void
list_log (gpointer group, GVariant *parameters, GUnixFDList *fds, GTask *task)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->group = g_object_ref (TEA_CONTROL_LOG (group));
  reading->rooms = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_room_info_free);
  reading->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (reading->rows, clear_row);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_ptr_array_add (reading->rooms, tea_room_info_new ("", ""));
  list_page (task, "");
}

static const TeaControlVerb verbs[] = {
  { "ListLog", list_log },
  { NULL, NULL },
};

static void
tea_control_log_finalize (GObject *object)
{
  g_object_unref (TEA_CONTROL_LOG (object)->store);

  G_OBJECT_CLASS (tea_control_log_parent_class)->finalize (object);
}

static void
tea_control_log_class_init (TeaControlLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_control_log_finalize;
}

static void
tea_control_log_init (TeaControlLog *self)
{
}

/**
 * tea_control_log_add:
 * @control: a control
 * @store: what a house keeps
 *
 * Lets an operator read what was done to keep order.
 */
void
tea_control_log_add (TeaControl *control, TeaStore *store)
{
  TeaControlLog *self;

  g_return_if_fail (TEA_IS_CONTROL (control));
  g_return_if_fail (TEA_IS_STORE (store));

  self = g_object_new (TEA_TYPE_CONTROL_LOG, NULL);
  self->store = g_object_ref (store);
  tea_control_add (control, self, verbs);
}
