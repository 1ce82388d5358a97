/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-house.h"

#include "tea-name.h"

struct _TeaFakeHouse
{
  GHashTable *rooms;         /* (element-type guint32 TeaFakeRoom) */
  GHashTable *old_addresses; /* (element-type utf8 guint32) */
  GHashTable *names;         /* (element-type utf8 TeaRegisteredName): by folded name */
  guint32 latest_number;
  TeaCalendar *calendar; /* (weak) (nullable): of the store that has it open */
  char *lived;           /* (nullable): what that has saved */

  guint max_days;
  guint64 max_records;

  TeaFakeHouseFunc added; /* (nullable) */
  gpointer added_data;
};

static void
room_free (gpointer data)
{
  TeaFakeRoom *self = data;

  tea_room_info_free (self->info);
  tea_fake_disk_unref (self->disk);
  g_hash_table_unref (self->members);
  g_hash_table_unref (self->positions);
  tea_room_rules_free (self->rules);
  g_free (self);
}

static TeaFakeRoom *
room_new (const TeaRoomInfo *info, TeaFakeDisk *disk)
{
  TeaFakeRoom *self = g_new0 (TeaFakeRoom, 1);

  self->info = tea_room_info_copy (info);
  self->disk = tea_fake_disk_ref (disk);
  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) tea_membership_free);
  self->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rules = tea_room_rules_new ();

  return self;
}

static void
clear (gpointer data)
{
  TeaFakeHouse *self = data;

  g_hash_table_unref (self->rooms);
  g_hash_table_unref (self->old_addresses);
  g_hash_table_unref (self->names);
  g_clear_weak_pointer (&self->calendar);
  g_free (self->lived);
}

static void
init (TeaFakeHouse *self)
{
  self->rooms = g_hash_table_new_full (NULL, NULL, NULL, room_free);
  self->old_addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) tea_registered_name_free);
}

/**
 * tea_fake_house_new:
 * @first: the number that the first record of its hall will have
 * @random: where epochs come from
 *
 * Returns: (transfer full): a house with an empty hall
 */
TeaFakeHouse *
tea_fake_house_new (guint64 first, GRand *random)
{
  TeaFakeHouse *self = g_rc_box_new0 (TeaFakeHouse);
  g_autoptr (TeaRoomInfo) hall = tea_room_info_new ("", "");
  g_autoptr (TeaFakeDisk) disk = tea_fake_disk_new (first, random);

  init (self);
  tea_fake_house_add_room (self, hall, disk, NULL);

  return self;
}

TeaFakeHouse *
tea_fake_house_ref (TeaFakeHouse *self)
{
  return g_rc_box_acquire (self);
}

void
tea_fake_house_unref (TeaFakeHouse *self)
{
  g_rc_box_release_full (self, clear);
}

/* Takes over all that is in the other. Disks stay the same where there are any: somebody
 * may watch them. */
static void
take (TeaFakeHouse *self, TeaFakeHouse *other)
{
  GHashTable *old_rooms = g_steal_pointer (&self->rooms);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_unref (self->old_addresses);
  g_hash_table_unref (self->names);
  init (self);
  self->latest_number = MAX (self->latest_number, other->latest_number);
  if (other->lived != NULL)
    {
      g_free (self->lived);
      self->lived = g_strdup (other->lived);
    }

  g_hash_table_iter_init (&iter, other->rooms);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      TeaFakeRoom *old = old_rooms != NULL ? g_hash_table_lookup (old_rooms, key) : NULL;
      TeaFakeRoom *theirs = value;
      g_autoptr (TeaFakeDisk) disk
          = old != NULL ? tea_fake_disk_ref (old->disk) : tea_fake_disk_copy (theirs->disk);
      TeaFakeRoom *room = room_new (theirs->info, disk);
      GHashTableIter people;
      gpointer person;
      gpointer place;

      if (old != NULL)
        tea_fake_disk_take (disk, theirs->disk);
      g_hash_table_insert (self->rooms, key, room);
      g_hash_table_iter_init (&people, theirs->members);
      while (g_hash_table_iter_next (&people, &person, &place))
        g_hash_table_insert (room->members, g_strdup (person), tea_membership_copy (place));
      tea_room_rules_free (room->rules);
      room->rules = tea_room_rules_copy (theirs->rules);
      g_hash_table_iter_init (&people, theirs->positions);
      while (g_hash_table_iter_next (&people, &person, &place))
        g_hash_table_insert (room->positions, g_strdup (person),
                             g_memdup2 (place, sizeof (guint64)));
    }

  g_hash_table_iter_init (&iter, other->old_addresses);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (self->old_addresses, g_strdup (key), value);
  g_hash_table_iter_init (&iter, other->names);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (self->names, g_strdup (key), tea_registered_name_copy (value));

  g_clear_pointer (&old_rooms, g_hash_table_unref);
}

/**
 * tea_fake_house_copy:
 * @self: a house
 *
 * Returns: (transfer full): another with the same in it
 */
TeaFakeHouse *
tea_fake_house_copy (TeaFakeHouse *self)
{
  TeaFakeHouse *copy = g_rc_box_new0 (TeaFakeHouse);

  init (copy);
  take (copy, self);

  return copy;
}

/**
 * tea_fake_house_restore:
 * @self: a house that no store uses
 * @copy: what was in it once
 * @random: (nullable): where new epochs come from; %NULL to stay in the old ones
 *
 * Goes back to a copy: with new epochs as an operator does who puts back a backup, without
 * them as one does who copies files around.
 */
void
tea_fake_house_restore (TeaFakeHouse *self, TeaFakeHouse *copy, GRand *random)
{
  g_autoptr (GPtrArray) rooms = NULL;

  take (self, copy);
  if (random == NULL)
    return;

  rooms = tea_fake_house_list_rooms (self);
  for (guint i = 0; i < rooms->len; i++)
    tea_fake_disk_renew_epoch (((TeaFakeRoom *) g_ptr_array_index (rooms, i))->disk, random);
}

/**
 * tea_fake_house_get_room:
 * @self: a house
 * @room: the number of a room
 *
 * Returns: (transfer none) (nullable): the room, until it is removed
 */
TeaFakeRoom *
tea_fake_house_get_room (TeaFakeHouse *self, guint32 room)
{
  return g_hash_table_lookup (self->rooms, GUINT_TO_POINTER (room));
}

/**
 * tea_fake_house_get_disk:
 * @self: a house
 * @room: the number of a room
 *
 * Returns: (transfer none) (nullable): its log
 */
TeaFakeDisk *
tea_fake_house_get_disk (TeaFakeHouse *self, guint32 room)
{
  TeaFakeRoom *found = tea_fake_house_get_room (self, room);

  return found != NULL ? found->disk : NULL;
}

static TeaFakeRoom *
find_exactly (TeaFakeHouse *self, const char *folded)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_equal (((TeaFakeRoom *) value)->info->folded, folded))
      return value;

  return NULL;
}

/**
 * tea_fake_house_find_room:
 * @self: a house
 * @folded: a folded address, of now or of before
 *
 * Returns: (transfer none) (nullable): the room, until it is removed
 */
TeaFakeRoom *
tea_fake_house_find_room (TeaFakeHouse *self, const char *folded)
{
  TeaFakeRoom *room = find_exactly (self, folded);
  gpointer number = NULL;

  if (room == NULL && g_hash_table_lookup_extended (self->old_addresses, folded, NULL, &number))
    room = tea_fake_house_get_room (self, GPOINTER_TO_UINT (number));

  return room;
}

static int
compare_rooms (gconstpointer a, gconstpointer b)
{
  const TeaFakeRoom *one = *(const TeaFakeRoom *const *) a;
  const TeaFakeRoom *other = *(const TeaFakeRoom *const *) b;

  return strcmp (one->info->folded, other->info->folded);
}

/**
 * tea_fake_house_list_rooms:
 * @self: a house
 *
 * Returns: (transfer container) (element-type TeaFakeRoom): all rooms, by their addresses:
 *   the hall is the first
 */
GPtrArray *
tea_fake_house_list_rooms (TeaFakeHouse *self)
{
  GPtrArray *rooms = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (rooms, value);
  g_ptr_array_sort (rooms, compare_rooms);

  return rooms;
}

guint32
tea_fake_house_take_number (TeaFakeHouse *self)
{
  return ++self->latest_number;
}

/**
 * tea_fake_house_add_room:
 * @self: a house
 * @info: a room, with its number
 * @disk: its log
 * @members: (nullable) (element-type TeaMembership): its members
 *
 * Returns: whether it is added; if not, another one has its address
 */
gboolean
tea_fake_house_add_room (TeaFakeHouse *self,
                         const TeaRoomInfo *info,
                         TeaFakeDisk *disk,
                         GPtrArray *members)
{
  TeaFakeRoom *room = NULL;

  if (find_exactly (self, info->folded) != NULL)
    return FALSE;

  room = room_new (info, disk);
  for (guint i = 0; members != NULL && i < members->len; i++)
    {
      const TeaMembership *member = g_ptr_array_index (members, i);

      g_hash_table_insert (room->members, g_strdup (member->key), tea_membership_copy (member));
    }
  g_hash_table_remove (self->old_addresses, info->folded);
  g_hash_table_insert (self->rooms, GUINT_TO_POINTER (info->number), room);
  if (self->added != NULL)
    self->added (room, self->added_data);

  return TRUE;
}

/**
 * tea_fake_house_watch:
 * @self: a house
 * @func: (nullable): what to call
 * @user_data: for @func
 *
 * Tells of every room that is added from now on.
 */
void
tea_fake_house_watch (TeaFakeHouse *self, TeaFakeHouseFunc func, gpointer user_data)
{
  self->added = func;
  self->added_data = user_data;
}

/**
 * tea_fake_house_update_room:
 * @self: a house
 * @info: a room that is there
 *
 * Returns: whether it is changed; if not, another one has its address
 */
gboolean
tea_fake_house_update_room (TeaFakeHouse *self, const TeaRoomInfo *info)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self, info->number);
  TeaFakeRoom *other = find_exactly (self, info->folded);

  if (other != NULL && other != room)
    return FALSE;

  if (!g_str_equal (room->info->folded, info->folded) && room->info->folded[0] != '~')
    g_hash_table_insert (self->old_addresses, g_strdup (room->info->folded),
                         GUINT_TO_POINTER (info->number));
  g_hash_table_remove (self->old_addresses, info->folded);
  tea_room_info_free (room->info);
  room->info = tea_room_info_copy (info);

  return TRUE;
}

static gboolean
leads_to (gpointer key, gpointer value, gpointer user_data)
{
  return value == user_data;
}

void
tea_fake_house_remove_room (TeaFakeHouse *self, guint32 room)
{
  g_hash_table_remove (self->rooms, GUINT_TO_POINTER (room));
  g_hash_table_foreach_remove (self->old_addresses, leads_to, GUINT_TO_POINTER (room));
}

/**
 * tea_fake_house_get_names:
 * @self: a house
 *
 * Returns: (transfer none) (element-type utf8 TeaRegisteredName): the names, by their folded form
 */
GHashTable *
tea_fake_house_get_names (TeaFakeHouse *self)
{
  return self->names;
}

static void
calendar_changed_cb (TeaFakeHouse *self, TeaCalendar *calendar)
{
  g_free (self->lived);
  self->lived = tea_calendar_save (calendar);
}

/**
 * tea_fake_house_begin_life:
 * @self: a house
 * @clock: its clock
 *
 * Opens the house again: what was counted since the calendar was saved last is lost.
 *
 * Returns: (transfer full): its calendar
 */
TeaCalendar *
tea_fake_house_begin_life (TeaFakeHouse *self, TeaClock *clock)
{
  TeaCalendar *calendar = tea_calendar_new (clock, self->lived);

  if (self->calendar != NULL)
    g_signal_handlers_disconnect_by_data (self->calendar, self);
  g_set_weak_pointer (&self->calendar, calendar);
  g_signal_connect_swapped (calendar, "changed", G_CALLBACK (calendar_changed_cb), self);

  return calendar;
}

TeaCalendar *
tea_fake_house_get_calendar (TeaFakeHouse *self)
{
  return self->calendar;
}

void
tea_fake_house_set_retention (TeaFakeHouse *self, guint max_days, guint64 max_records)
{
  self->max_days = max_days;
  self->max_records = max_records;
}

/**
 * tea_fake_house_retain:
 * @self: a house
 * @room: the number of a room
 *
 * Removes from its log what is not kept.
 */
void
tea_fake_house_retain (TeaFakeHouse *self, guint32 room)
{
  TeaFakeRoom *found = tea_fake_house_get_room (self, room);

  if (found != NULL)
    tea_fake_disk_retain (found->disk,
                          tea_calendar_get_oldest (self->calendar, found->info->retain_days > 0
                                                                       ? found->info->retain_days
                                                                       : self->max_days),
                          found->info->retain_events > 0 ? found->info->retain_events
                                                         : self->max_records);
}

static gboolean
export_names (TeaFakeHouse *self, TeaLogArchiveWriter *writer, GError **error)
{
  gboolean ok = TRUE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->names);
  while (ok && g_hash_table_iter_next (&iter, NULL, &value))
    ok = tea_log_archive_writer_add_name (writer, value, error);

  return ok;
}

static gboolean
export_members (TeaFakeRoom *room, TeaLogArchiveWriter *writer, GError **error)
{
  gboolean ok = TRUE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, room->members);
  while (ok && g_hash_table_iter_next (&iter, NULL, &value))
    ok = tea_log_archive_writer_add_member (writer, value, error);

  return ok;
}

static gboolean
export_room (TeaFakeHouse *self, TeaFakeRoom *room, TeaLogArchiveWriter *writer, GError **error)
{
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  g_auto (TeaLogArchiveRoom) title = { 0 };
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->old_addresses);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (GPOINTER_TO_UINT (value) == room->info->number)
      g_strv_builder_add (addresses, key);

  title.info = tea_room_info_copy (room->info);
  title.old_addresses = g_strv_builder_end (addresses);
  title.first = tea_fake_disk_get_first (room->disk);
  title.head = tea_fake_disk_get_head (room->disk);
  title.as_of = tea_fake_disk_get_as_of (room->disk);

  return tea_log_archive_writer_begin_room (writer, &title, error)
         && tea_fake_disk_write_authors (room->disk, writer, error)
         && (room->info->number == TEA_ROOM_INFO_HALL ? export_names (self, writer, error)
                                                      : export_members (room, writer, error))
         && tea_log_archive_writer_add_rules (writer, room->rules, error)
         && tea_fake_disk_write_records (room->disk, writer, error);
}

/**
 * tea_fake_house_export:
 * @self: a house
 * @room: which room; -1 for all
 * @stream: where to
 * @error: return location for a #GError
 *
 * Returns: whether all was written
 */
gboolean
tea_fake_house_export (TeaFakeHouse *self, gint64 room, GOutputStream *stream, GError **error)
{
  g_autoptr (TeaLogArchiveWriter) writer = tea_log_archive_writer_new (stream, NULL);
  g_autoptr (GPtrArray) rooms = tea_fake_house_list_rooms (self);
  gboolean ok = tea_log_archive_writer_begin (writer, error);

  for (guint i = 0; ok && i < rooms->len; i++)
    {
      TeaFakeRoom *next = g_ptr_array_index (rooms, i);

      if (room < 0 || next->info->number == room)
        ok = export_room (self, next, writer, error);
    }

  return ok && tea_log_archive_writer_end (writer, error);
}

/* What is imported is put into a house of its own first, which has only that. */
typedef struct
{
  TeaFakeHouse *house;
  guint64 today;
  GRand *random;
  guint32 room;
  guint n_rooms;
} Import;

static gboolean
import_room (gpointer user_data, const TeaLogArchiveRoom *room, GError **error)
{
  Import *self = user_data;
  g_autoptr (TeaRoomInfo) info = tea_room_info_copy (room->info);
  g_autoptr (TeaFakeDisk) disk = tea_fake_disk_new (room->first, self->random);

  info->number = self->n_rooms++ == 0 ? 0 : tea_fake_house_take_number (self->house);
  self->room = info->number;
  tea_fake_disk_set_range (disk, room->first, room->head);
  tea_fake_disk_set_as_of (disk, room->as_of);
  tea_fake_house_add_room (self->house, info, disk, NULL);
  for (guint i = 0; room->old_addresses[i] != NULL; i++)
    g_hash_table_insert (self->house->old_addresses, g_strdup (room->old_addresses[i]),
                         GUINT_TO_POINTER (info->number));

  return TRUE;
}

static gboolean
import_author (gpointer user_data, GBytes *author, guint64 number, guint64 seq, GError **error)
{
  Import *self = user_data;

  tea_fake_disk_set_author (tea_fake_house_get_disk (self->house, self->room), author, number, seq);

  return TRUE;
}

static gboolean
import_name (gpointer user_data, const TeaRegisteredName *entry, GError **error)
{
  Import *self = user_data;

  g_hash_table_insert (self->house->names, tea_name_fold (entry->name),
                       tea_registered_name_new (entry->name, entry->key, entry->joined,
                                                entry->last_used, self->today));

  return TRUE;
}

static gboolean
import_member (gpointer user_data, const TeaMembership *member, GError **error)
{
  Import *self = user_data;

  g_hash_table_insert (tea_fake_house_get_room (self->house, self->room)->members,
                       g_strdup (member->key), tea_membership_copy (member));

  return TRUE;
}

static gboolean
import_record (
    gpointer user_data, guint64 seq, GBytes *author, guint64 number, GBytes *record, GError **error)
{
  Import *self = user_data;

  tea_fake_disk_add (tea_fake_house_get_disk (self->house, self->room), seq, author, number,
                     self->today, record);

  return TRUE;
}

static gboolean
import_rules (gpointer user_data, const TeaRoomRules *rules, GError **error)
{
  Import *self = user_data;
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, self->room);

  tea_room_rules_free (room->rules);
  room->rules = tea_room_rules_copy (rules);

  return TRUE;
}

static gboolean
import_amended (
    gpointer user_data, guint64 seq, guint64 version, guint64 replaced_by, GError **error)
{
  Import *self = user_data;

  tea_fake_disk_set_amended (tea_fake_house_get_disk (self->house, self->room), seq, version,
                             replaced_by);

  return TRUE;
}

static const TeaLogArchiveHandler handler = {
  .room = import_room,
  .author = import_author,
  .name = import_name,
  .member = import_member,
  .rules = import_rules,
  .record = import_record,
  .amended = import_amended,
};

static gboolean
check_empty (TeaFakeHouse *self, gint64 room, GError **error)
{
  TeaFakeRoom *into = tea_fake_house_get_room (self, (guint32) MAX (room, 0));

  if (tea_fake_disk_is_empty (into->disk) && g_hash_table_size (into->members) == 0
      && (room >= 0 || g_hash_table_size (self->rooms) == 1))
    return TRUE;

  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                       "A room can be imported only where there is nothing yet.");

  return FALSE;
}

/**
 * tea_fake_house_import:
 * @self: a house
 * @room: into which room; -1 for all of the house
 * @stream: what was exported
 * @random: where new epochs come from
 * @error: return location for a #GError
 *
 * Returns: whether all was taken over; otherwise nothing was
 */
gboolean
tea_fake_house_import (
    TeaFakeHouse *self, gint64 room, GInputStream *stream, GRand *random, GError **error)
{
  TeaFakeHouse *imported = NULL;
  Import import = { .random = random, .today = tea_calendar_get_today (self->calendar) };
  TeaFakeRoom *first = NULL;
  gboolean ok;

  if (!check_empty (self, room, error))
    return FALSE;

  imported = import.house = g_rc_box_new0 (TeaFakeHouse);
  init (imported);
  imported->latest_number = self->latest_number;
  ok = tea_log_archive_read (stream, &handler, &import, error);
  if (ok && room < 0)
    take (self, imported);
  else if (ok)
    {
      TeaFakeRoom *into = tea_fake_house_get_room (self, (guint32) room);

      first = tea_fake_house_get_room (imported, 0);
      tea_fake_disk_take (into->disk, first->disk);
      g_hash_table_unref (into->members);
      into->members = g_hash_table_ref (first->members);
      tea_room_rules_free (into->rules);
      into->rules = tea_room_rules_copy (first->rules);
      if (room == TEA_ROOM_INFO_HALL)
        {
          g_hash_table_unref (self->names);
          self->names = g_hash_table_ref (imported->names);
        }
    }
  tea_fake_house_unref (imported);

  return ok;
}
