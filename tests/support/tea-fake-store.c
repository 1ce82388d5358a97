/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-fake-store.h"

#include "tea-name.h"

#define RETENTION_INTERVAL (30 * G_TIME_SPAN_SECOND)

typedef struct _Step Step;

typedef void (*StepFunc) (TeaFakeStore *self, Step *step);

/* Something that is being done: it is done at one moment, and answered at a later one. */
struct _Step
{
  TeaFakeStore *store; /* (unowned) */
  GTask *task;         /* (owned) (nullable) */
  TeaTimer *timer;
  StepFunc func;
  gboolean is_done;
  gboolean is_stored; /* it is not always, when an error is the answer */

  guint32 room;
  TeaRoomInfo *info;
  TeaStoreList which;
  char *text;
  char *other;
  guint64 seq;
  guint64 before;
  guint n;
  guint n_owned;
  guint64 day;
  gboolean only_here;
  GPtrArray *changed;
  GStrv removed;
  GObject *stream;

  GError *error;
  GPtrArray *found;
  GArray *numbers;
  TeaRoomRules *rules;
  TeaRegisteredName *entry;
};

/**
 * TeaFakeStore:
 *
 * A store in memory that does all that a store may do, and more often than any other: it
 * answers late, and does not know what it has done. See also #TeaFakeLog.
 */
struct _TeaFakeStore
{
  GObject parent_instance;

  TeaFakeHouse *house;
  TeaClock *clock;
  TeaCalendar *calendar;
  GRand *random;
  const TeaFakeFaults *faults; /* (unowned) */

  GHashTable *logs; /* (element-type guint32 TeaFakeLog) (unowned): those that are held */
  GPtrArray *steps; /* (element-type Step) */
  gint64 latest_commit;
  gint64 latest_save;
  TeaLogState state;
  TeaTimer *retention_timer;
};

static void tea_fake_store_store_init (TeaStoreInterface *iface);
static void tea_fake_store_name_store_init (TeaNameStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaFakeStore,
                               tea_fake_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_NAME_STORE,
                                                      tea_fake_store_name_store_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_STORE,
                                                          tea_fake_store_store_init))

static void
step_free (gpointer data)
{
  Step *self = data;

  g_clear_object (&self->task);
  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_pointer (&self->info, tea_room_info_free);
  g_free (self->text);
  g_free (self->other);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->removed, g_strfreev);
  g_clear_object (&self->stream);
  g_clear_error (&self->error);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->rules, tea_room_rules_free);
  g_clear_pointer (&self->entry, tea_registered_name_free);
  g_free (self);
}

static gint64
random_delay (TeaFakeStore *self, gint64 max)
{
  return max > 0 ? (gint64) (g_rand_double (self->random) * (double) max) : 0;
}

static void
answer (Step *step)
{
  g_autoptr (GTask) task = g_steal_pointer (&step->task);

  if (step->error != NULL)
    g_task_return_error (task, g_steal_pointer (&step->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&step), step_free);
  g_clear_pointer (&step, step_free);
}

static void
step_cb (gpointer user_data)
{
  Step *step = user_data;
  g_autoptr (TeaFakeStore) self = g_object_ref (step->store);
  guint index = 0;

  if (!step->is_done)
    {
      step->is_done = TRUE;
      if (step->error == NULL || step->is_stored)
        step->func (self, step);
      if (step->task != NULL)
        {
          tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
          return;
        }
    }

  g_assert_true (g_ptr_array_find (self->steps, step, &index));
  g_ptr_array_steal_index (self->steps, index);
  if (step->task != NULL)
    answer (step);
  else
    step_free (step);
}

static Step *
add_step (TeaFakeStore *self, StepFunc func, GTask *task)
{
  Step *step = g_new0 (Step, 1);

  step->store = self;
  step->func = func;
  step->task = task;
  step->timer = tea_timer_new (self->clock, step_cb, step);
  g_ptr_array_add (self->steps, step);

  return step;
}

static Step *
new_step (TeaFakeStore *self,
          StepFunc func,
          gpointer source_tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  if (!g_task_return_error_if_cancelled (task))
    {
      if (self->state != TEA_LOG_OFFLINE)
        return add_step (self, func, task);
      g_task_return_new_error (task, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                               "The room has been closed.");
    }

  g_object_unref (task);

  return NULL;
}

/* What it found out; it stays until the result is gone. */
static Step *
finish_step (gpointer self, GAsyncResult *result, gpointer source_tag, GError **error)
{
  Step *step = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), NULL);

  step = g_task_propagate_pointer (G_TASK (result), error);
  if (step != NULL)
    g_task_set_task_data (G_TASK (result), step, step_free);

  return step;
}

/* What reads sees what was saved before. */
static void
set_read (TeaFakeStore *self, Step *step)
{
  gint64 time = tea_clock_get_time (self->clock) + random_delay (self, self->faults->max_delay);

  tea_timer_set_at (step->timer, MAX (time, self->latest_save));
}

/* What writes is done in order, and fails as a log does. */
static void
set_commit (TeaFakeStore *self, Step *step)
{
  gint64 time = tea_clock_get_time (self->clock) + random_delay (self, self->faults->max_delay);

  step->error = tea_fake_faults_draw (self->faults, self->random, &step->is_stored);
  if (g_error_matches (step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_BUSY))
    step->error->code = TEA_LOG_ERROR_UNAVAILABLE;
  self->latest_commit = MAX (self->latest_commit, time);
  tea_timer_set_at (step->timer, self->latest_commit);
}

/* What reads names sees what was saved before, also where that is not on the disk yet. */
static void
set_read_names (TeaFakeStore *self, Step *step)
{
  tea_timer_set (step->timer, random_delay (self, self->faults->max_delay));
}

static TeaFakeLog *
find_log (TeaFakeStore *self, guint32 room)
{
  return g_hash_table_lookup (self->logs, GUINT_TO_POINTER (room));
}

/* What nobody is answered for is on the disk some time after what was appended before. */
static void
set_save (TeaFakeStore *self, Step *step)
{
  TeaFakeLog *log = find_log (self, step->room);
  gint64 time = tea_clock_get_time (self->clock);

  if (log != NULL)
    time = MAX (time, tea_fake_log_get_latest_commit (log));
  time += random_delay (self, self->faults->save_lag);
  self->latest_save = MAX (self->latest_save, time);
  tea_timer_set_at (step->timer, self->latest_save);
}

static Step *
new_save (TeaFakeStore *self, StepFunc func, guint32 room)
{
  Step *step = NULL;

  if (self->state == TEA_LOG_OFFLINE)
    return NULL;

  step = add_step (self, func, NULL);
  step->room = room;

  return step;
}

static void
log_gone_cb (gpointer user_data, GObject *object)
{
  TeaFakeStore *self = user_data;
  GHashTableIter iter;
  gpointer log = NULL;

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    if (log == object)
      {
        g_hash_table_iter_remove (&iter);
        return;
      }
}

static TeaLog *
add_log (TeaFakeStore *self, TeaFakeLog *log)
{
  g_hash_table_insert (self->logs, GUINT_TO_POINTER (tea_fake_log_get_room (log)), log);
  g_object_weak_ref (G_OBJECT (log), log_gone_cb, self);

  return TEA_LOG (log);
}

static void
set_no_room (Step *step)
{
  g_clear_error (&step->error);
  g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_NO_ROOM,
                       "This room does not exist any more.");
}

static void
set_taken (Step *step)
{
  g_clear_error (&step->error);
  g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN,
                       "There is a room with that address already.");
}

static gpointer
copy_member (gconstpointer data, gpointer user_data)
{
  return tea_membership_copy (data);
}

static gpointer
copy_position (gconstpointer data, gpointer user_data)
{
  const TeaPosition *position = data;

  return tea_position_new (position->key, position->room, position->read);
}

static gpointer
copy_entry (gconstpointer data, gpointer user_data)
{
  return tea_registered_name_copy (data);
}

static GPtrArray *
copy_all (GPtrArray *array, GCopyFunc copy, GDestroyNotify destroy)
{
  GPtrArray *copied = NULL;

  if (array == NULL)
    return NULL;

  copied = g_ptr_array_copy (array, copy, NULL);
  g_ptr_array_set_free_func (copied, destroy);

  return copied;
}

static void
do_open_log (TeaFakeStore *self, Step *step)
{
  if (find_log (self, step->room) == NULL
      && tea_fake_house_get_room (self->house, step->room) == NULL)
    set_no_room (step);
}

static void
do_make_room (TeaFakeStore *self, Step *step)
{
  g_autoptr (TeaFakeDisk) disk = tea_fake_disk_new (1, self->random);

  if (!tea_fake_house_add_room (self->house, step->info, disk, NULL))
    set_taken (step);
}

static void
do_find_room (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_find_room (self->house, step->text);

  step->info = room != NULL ? tea_room_info_copy (room->info) : NULL;
}

static void
do_get_room (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);

  step->info = room != NULL ? tea_room_info_copy (room->info) : NULL;
}

static void
do_update_room (TeaFakeStore *self, Step *step)
{
  if (tea_fake_house_get_room (self->house, step->room) == NULL)
    set_no_room (step);
  else if (!tea_fake_house_update_room (self->house, step->info))
    set_taken (step);
}

static void
do_remove_room (TeaFakeStore *self, Step *step)
{
  tea_fake_house_remove_room (self->house, step->room);
}

static void
do_count_rooms (TeaFakeStore *self, Step *step)
{
  g_autoptr (GPtrArray) rooms = tea_fake_house_list_rooms (self->house);

  for (guint i = 0; i < rooms->len; i++)
    {
      const TeaRoomInfo *info = ((TeaFakeRoom *) g_ptr_array_index (rooms, i))->info;

      step->n += info->number != TEA_ROOM_INFO_HALL && info->folded[0] != '@';
      step->n_owned += step->text != NULL && g_strcmp0 (info->owner, step->text) == 0;
    }
}

static TeaStoreListing *
list_room (TeaFakeRoom *room, const char *key)
{
  TeaStoreListing *listing = g_new0 (TeaStoreListing, 1);
  const TeaMembership *own = g_hash_table_lookup (room->members, key);
  const guint64 *position = g_hash_table_lookup (room->positions, key);
  GHashTableIter iter;
  gpointer member;

  listing->info = tea_room_info_copy (room->info);
  listing->head = tea_fake_disk_get_head (room->disk);
  listing->role = own != NULL ? own->role : 0;
  listing->is_invited = own != NULL && own->role == 0;
  listing->read = MAX (own != NULL ? own->joined : 0, position != NULL ? *position : 0);
  listing->n_unread
      = tea_fake_disk_count_messages (room->disk, listing->read, TEA_STORE_MAX_UNREAD);
  g_hash_table_iter_init (&iter, room->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    {
      const TeaMembership *membership = member;

      listing->n_members += membership->role > 0;
      if (room->info->folded[0] == '@' && !g_str_equal (membership->key, key))
        {
          g_free (listing->other_name);
          listing->other_name = g_strdup (membership->name);
        }
    }

  return listing;
}

static gboolean
is_member (TeaFakeRoom *room, const char *key)
{
  const TeaMembership *membership = g_hash_table_lookup (room->members, key);

  return membership != NULL && membership->role > 0;
}

static void
do_find_common (TeaFakeStore *self, Step *step)
{
  g_autoptr (GPtrArray) rooms = tea_fake_house_list_rooms (self->house);

  for (guint i = 0; i < rooms->len; i++)
    if (is_member (g_ptr_array_index (rooms, i), step->text)
        && is_member (g_ptr_array_index (rooms, i), step->other))
      step->n = 1;
}

static void
do_list_rooms (TeaFakeStore *self, Step *step)
{
  g_autoptr (GPtrArray) rooms = tea_fake_house_list_rooms (self->house);

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_store_listing_free);
  for (guint i = 1; i < rooms->len && step->found->len < step->n; i++)
    {
      TeaFakeRoom *room = g_ptr_array_index (rooms, i);
      gboolean is_wanted
          = step->which == TEA_STORE_ALL
            || (step->which == TEA_STORE_MINE ? g_hash_table_contains (room->members, step->text)
                                              : (room->info->flags & 1) != 0);

      if (is_wanted && (step->other == NULL || strcmp (room->info->folded, step->other) > 0))
        g_ptr_array_add (step->found, list_room (room, step->text));
    }
}

static int
compare_members (gconstpointer a, gconstpointer b)
{
  const TeaMembership *one = *(const TeaMembership *const *) a;
  const TeaMembership *other = *(const TeaMembership *const *) b;

  if (one->joined != other->joined)
    return one->joined < other->joined ? -1 : 1;

  return strcmp (one->key, other->key);
}

static void
do_load_members (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);
  GHashTableIter iter;
  gpointer member;

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  if (room == NULL)
    return;

  step->seq = tea_fake_disk_get_as_of (room->disk);
  g_hash_table_iter_init (&iter, room->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    g_ptr_array_add (step->found, tea_membership_copy (member));
  g_ptr_array_sort (step->found, compare_members);
}

static void
do_save_members (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);

  if (room == NULL)
    return;

  for (guint i = 0; step->removed != NULL && step->removed[i] != NULL; i++)
    g_hash_table_remove (room->members, step->removed[i]);
  for (guint i = 0; step->changed != NULL && i < step->changed->len; i++)
    {
      const TeaMembership *member = g_ptr_array_index (step->changed, i);

      g_hash_table_insert (room->members, g_strdup (member->key), tea_membership_copy (member));
    }
  tea_fake_disk_set_as_of (room->disk, step->seq);
}

static void
do_load_rules (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);

  step->rules = room != NULL ? tea_room_rules_copy (room->rules) : tea_room_rules_new ();
}

static void
do_save_rules (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);

  if (room == NULL)
    return;

  tea_room_rules_free (room->rules);
  room->rules = g_steal_pointer (&step->rules);
}

static void
do_find_words (TeaFakeStore *self, Step *step)
{
  TeaFakeDisk *disk = tea_fake_house_get_disk (self->house, step->room);
  guint64 next = 0;

  step->numbers = disk != NULL ? tea_fake_disk_find_words (disk, step->seq, step->before,
                                                           step->text, step->n, &next)
                               : g_array_new (FALSE, FALSE, sizeof (guint64));
  step->before = next;
}

static void
do_load_position (TeaFakeStore *self, Step *step)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, step->room);
  const guint64 *read = room != NULL ? g_hash_table_lookup (room->positions, step->text) : NULL;

  step->seq = read != NULL ? *read : 0;
}

static void
do_save_positions (TeaFakeStore *self, Step *step)
{
  for (guint i = 0; i < step->changed->len; i++)
    {
      const TeaPosition *position = g_ptr_array_index (step->changed, i);
      TeaFakeRoom *room = tea_fake_house_get_room (self->house, position->room);
      const guint64 *read
          = room != NULL ? g_hash_table_lookup (room->positions, position->key) : NULL;

      if (room != NULL && (read == NULL || *read < position->read))
        g_hash_table_insert (room->positions, g_strdup (position->key),
                             g_memdup2 (&position->read, sizeof position->read));
    }
}

static void
do_count_unread (TeaFakeStore *self, Step *step)
{
  TeaFakeDisk *disk = tea_fake_house_get_disk (self->house, step->room);

  step->n = disk != NULL ? tea_fake_disk_count_messages (disk, step->seq, step->n) : 0;
}

static void
do_backup (TeaFakeStore *self, Step *step)
{
  g_set_error_literal (&step->error, TEA_LOG_ERROR, TEA_LOG_ERROR_UNAVAILABLE,
                       "There are no files here.");
}

static void
do_export (TeaFakeStore *self, Step *step)
{
  tea_fake_house_export (self->house, -1, G_OUTPUT_STREAM (step->stream), &step->error);
}

static void
do_import (TeaFakeStore *self, Step *step)
{
  tea_fake_house_import (self->house, -1, G_INPUT_STREAM (step->stream), self->random,
                         &step->error);
}

static void do_forget_names (TeaFakeStore *self, Step *step);
static void do_save_names (TeaFakeStore *self, Step *step);

static gboolean
is_unused (gpointer folded, gpointer entry, gpointer day)
{
  const TeaRegisteredName *unused = entry;

  return unused->joined == 0 && unused->last_day < *(const guint64 *) day;
}

/* The names as they are once all is on the disk that was saved so far: all, or one. */
static GHashTable *
view_roll (TeaFakeStore *self, const char *only)
{
  GHashTable *view = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer folded;
  gpointer entry;

  g_hash_table_iter_init (&iter, tea_fake_house_get_names (self->house));
  while (only == NULL && g_hash_table_iter_next (&iter, &folded, &entry))
    g_hash_table_insert (view, g_strdup (folded), entry);
  entry = only != NULL ? g_hash_table_lookup (tea_fake_house_get_names (self->house), only) : NULL;
  if (entry != NULL)
    g_hash_table_insert (view, g_strdup (only), entry);

  for (guint i = 0; i < self->steps->len; i++)
    {
      Step *step = g_ptr_array_index (self->steps, i);

      if (step->func == do_forget_names)
        g_hash_table_foreach_remove (view, is_unused, &step->day);
      if (step->func != do_save_names)
        continue;

      for (guint n = 0; step->removed != NULL && step->removed[n] != NULL; n++)
        g_hash_table_remove (view, step->removed[n]);
      for (guint n = 0; step->changed != NULL && n < step->changed->len; n++)
        {
          TeaRegisteredName *changed = g_ptr_array_index (step->changed, n);
          g_autofree char *name = tea_name_fold (changed->name);

          if (only == NULL || g_str_equal (name, only))
            g_hash_table_insert (view, g_steal_pointer (&name), changed);
        }
    }

  return view;
}

/* Whether somebody is here under one of the names of a key, or under a name without one. */
static gboolean
is_of_who_is_here (GHashTable *names, const TeaRegisteredName *entry)
{
  GHashTableIter iter;
  gpointer value;

  if (entry->joined > 0 || entry->key == NULL)
    return entry->joined > 0;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((TeaRegisteredName *) value)->joined > 0
        && g_strcmp0 (((TeaRegisteredName *) value)->key, entry->key) == 0)
      return TRUE;

  return FALSE;
}

static void
do_load_names (TeaFakeStore *self, Step *step)
{
  GHashTable *names = tea_fake_house_get_names (self->house);
  GHashTableIter iter;
  gpointer value;

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  step->seq = tea_fake_disk_get_as_of (tea_fake_house_get_disk (self->house, TEA_ROOM_INFO_HALL));
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!step->only_here || is_of_who_is_here (names, value))
      g_ptr_array_add (step->found, copy_entry (value, NULL));
}

static void
do_look_up_name (TeaFakeStore *self, Step *step)
{
  g_autoptr (GHashTable) names = view_roll (self, step->text);
  const TeaRegisteredName *entry = g_hash_table_lookup (names, step->text);

  step->entry = entry != NULL ? copy_entry (entry, NULL) : NULL;
  step->n = g_hash_table_size (tea_fake_house_get_names (self->house));
}

static void
do_list_owned_names (TeaFakeStore *self, Step *step)
{
  g_autoptr (GHashTable) names = view_roll (self, NULL);
  GHashTableIter iter;
  gpointer value;

  step->found = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_strcmp0 (((TeaRegisteredName *) value)->key, step->text) == 0)
      g_ptr_array_add (step->found, copy_entry (value, NULL));
}

static void
do_forget_names (TeaFakeStore *self, Step *step)
{
  g_hash_table_foreach_remove (tea_fake_house_get_names (self->house), is_unused, &step->day);
}

static void
do_save_names (TeaFakeStore *self, Step *step)
{
  GHashTable *names = tea_fake_house_get_names (self->house);

  for (guint i = 0; step->removed != NULL && step->removed[i] != NULL; i++)
    g_hash_table_remove (names, step->removed[i]);
  for (guint i = 0; step->changed != NULL && i < step->changed->len; i++)
    {
      const TeaRegisteredName *entry = g_ptr_array_index (step->changed, i);

      g_hash_table_insert (names, tea_name_fold (entry->name), copy_entry (entry, NULL));
    }
  tea_fake_disk_set_as_of (tea_fake_house_get_disk (self->house, TEA_ROOM_INFO_HALL), step->seq);
}

static TeaLog *
tea_fake_store_draft_room (TeaStore *store, TeaRoomInfo *info, GPtrArray *members)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  g_autoptr (GPtrArray) copied
      = copy_all (members, copy_member, (GDestroyNotify) tea_membership_free);

  info->number = tea_fake_house_take_number (self->house);

  return add_log (self, tea_fake_log_new_draft (self->house, info, copied, self->clock,
                                                self->random, self->faults));
}

static TeaLog *
open_log (TeaFakeStore *self, guint32 room)
{
  TeaFakeLog *log = find_log (self, room);

  if (log != NULL)
    return TEA_LOG (g_object_ref (log));

  return add_log (self,
                  tea_fake_log_new (self->house, room, self->clock, self->random, self->faults));
}

static void
tea_fake_store_open_log_async (TeaStore *store,
                               guint32 room,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_open_log, tea_fake_store_open_log_async, cancellable, callback,
                         user_data);

  if (step == NULL)
    return;

  step->room = room;
  set_read (self, step);
}

static TeaLog *
tea_fake_store_open_log_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_open_log_async, error);

  return step != NULL ? open_log (TEA_FAKE_STORE (store), step->room) : NULL;
}

static void
tea_fake_store_make_room_async (TeaStore *store,
                                const TeaRoomInfo *info,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_make_room, tea_fake_store_make_room_async, cancellable, callback,
                         user_data);

  if (step == NULL)
    return;

  step->info = tea_room_info_copy (info);
  step->info->number = tea_fake_house_take_number (self->house);
  set_commit (self, step);
}

static gboolean
tea_fake_store_make_room_finish (TeaStore *store,
                                 GAsyncResult *result,
                                 guint32 *number,
                                 GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_make_room_async, error);

  if (number != NULL)
    *number = step != NULL ? step->info->number : 0;

  return step != NULL;
}

static void
tea_fake_store_find_room_async (TeaStore *store,
                                const char *folded,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_find_room, tea_fake_store_find_room_async, cancellable, callback,
                         user_data);

  if (step == NULL)
    return;

  step->text = g_strdup (folded);
  set_read (self, step);
}

static gboolean
tea_fake_store_find_room_finish (TeaStore *store,
                                 GAsyncResult *result,
                                 TeaRoomInfo **info,
                                 GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_find_room_async, error);

  *info = step != NULL ? g_steal_pointer (&step->info) : NULL;

  return step != NULL;
}

static void
tea_fake_store_get_room_async (TeaStore *store,
                               guint32 room,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_get_room, tea_fake_store_get_room_async, cancellable, callback,
                         user_data);

  if (step == NULL)
    return;

  step->room = room;
  set_read (self, step);
}

static gboolean
tea_fake_store_get_room_finish (TeaStore *store,
                                GAsyncResult *result,
                                TeaRoomInfo **info,
                                GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_get_room_async, error);

  *info = step != NULL ? g_steal_pointer (&step->info) : NULL;

  return step != NULL;
}

static void
tea_fake_store_update_room_async (TeaStore *store,
                                  const TeaRoomInfo *info,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_update_room, tea_fake_store_update_room_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = info->number;
  step->info = tea_room_info_copy (info);
  set_commit (self, step);
}

static gboolean
tea_fake_store_update_room_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_update_room_async, error);

  return step != NULL;
}

static void
close_log (TeaFakeStore *self, guint32 room)
{
  TeaFakeLog *log = find_log (self, room);

  if (log != NULL)
    tea_fake_log_crash (log);
}

static void
tea_fake_store_remove_room_async (TeaStore *store,
                                  guint32 room,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_remove_room, tea_fake_store_remove_room_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  close_log (self, room);
  set_commit (self, step);
}

static gboolean
tea_fake_store_remove_room_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_remove_room_async, error);

  return step != NULL;
}

static void
tea_fake_store_count_rooms_async (TeaStore *store,
                                  const char *owner,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_count_rooms, tea_fake_store_count_rooms_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->text = g_strdup (owner);
  set_read (self, step);
}

static gboolean
tea_fake_store_count_rooms_finish (
    TeaStore *store, GAsyncResult *result, guint *n_rooms, guint *n_owned, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_count_rooms_async, error);

  if (n_rooms != NULL)
    *n_rooms = step != NULL ? step->n : 0;
  if (n_owned != NULL)
    *n_owned = step != NULL ? step->n_owned : 0;

  return step != NULL;
}

static void
tea_fake_store_find_common_async (TeaStore *store,
                                  const char *one,
                                  const char *other,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_find_common, tea_fake_store_find_common_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->text = g_strdup (one);
  step->other = g_strdup (other);
  set_read (self, step);
}

static gboolean
tea_fake_store_find_common_finish (TeaStore *store,
                                   GAsyncResult *result,
                                   gboolean *is_there,
                                   GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_find_common_async, error);

  *is_there = step != NULL && step->n > 0;

  return step != NULL;
}

static void
tea_fake_store_list_rooms_async (TeaStore *store,
                                 TeaStoreList which,
                                 const char *key,
                                 const char *after,
                                 guint max,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_list_rooms, tea_fake_store_list_rooms_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->which = which;
  step->text = g_strdup (key);
  step->other = g_strdup (after);
  step->n = max;
  set_read (self, step);
}

static GPtrArray *
tea_fake_store_list_rooms_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_list_rooms_async, error);

  return step != NULL ? g_steal_pointer (&step->found) : NULL;
}

static void
tea_fake_store_load_members_async (TeaStore *store,
                                   guint32 room,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_load_members, tea_fake_store_load_members_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  set_read (self, step);
}

static GPtrArray *
tea_fake_store_load_members_finish (TeaStore *store,
                                    GAsyncResult *result,
                                    guint64 *as_of,
                                    GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_load_members_async, error);

  if (as_of != NULL)
    *as_of = step != NULL ? step->seq : 0;

  return step != NULL ? g_steal_pointer (&step->found) : NULL;
}

static void
tea_fake_store_load_rules_async (TeaStore *store,
                                 guint32 room,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_load_rules, tea_fake_store_load_rules_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  set_read (self, step);
}

static TeaRoomRules *
tea_fake_store_load_rules_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_load_rules_async, error);

  return step != NULL ? g_steal_pointer (&step->rules) : NULL;
}

static void
tea_fake_store_save_rules (TeaStore *store, guint32 room, const TeaRoomRules *rules)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_save (self, do_save_rules, room);

  if (step == NULL)
    return;

  step->rules = tea_room_rules_copy (rules);
  set_save (self, step);
}

static void
tea_fake_store_find_words_async (TeaStore *store,
                                 guint32 room,
                                 guint64 from,
                                 guint64 before,
                                 const char *words,
                                 guint max,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_find_words, tea_fake_store_find_words_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  step->seq = from;
  step->before = before != 0 ? before : G_MAXUINT64;
  step->text = g_strdup (words);
  step->n = max;
  set_read (self, step);
}

static GArray *
tea_fake_store_find_words_finish (TeaStore *store,
                                  GAsyncResult *result,
                                  guint64 *next,
                                  GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_find_words_async, error);

  if (next != NULL)
    *next = step != NULL ? step->before : 0;

  return step != NULL ? g_steal_pointer (&step->numbers) : NULL;
}

static void
tea_fake_store_load_position_async (TeaStore *store,
                                    guint32 room,
                                    const char *key,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_load_position, tea_fake_store_load_position_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  step->text = g_strdup (key);
  set_read (self, step);
}

static gboolean
tea_fake_store_load_position_finish (TeaStore *store,
                                     GAsyncResult *result,
                                     guint64 *read,
                                     GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_load_position_async, error);

  if (read != NULL)
    *read = step != NULL ? step->seq : 0;

  return step != NULL;
}

static void
tea_fake_store_count_unread_async (TeaStore *store,
                                   guint32 room,
                                   guint64 after,
                                   guint max,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_count_unread, tea_fake_store_count_unread_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->room = room;
  step->seq = after;
  step->n = max;
  set_read (self, step);
}

static gboolean
tea_fake_store_count_unread_finish (TeaStore *store,
                                    GAsyncResult *result,
                                    guint *n_unread,
                                    GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_count_unread_async, error);

  if (n_unread != NULL)
    *n_unread = step != NULL ? step->n : 0;

  return step != NULL;
}

static void
tea_fake_store_backup_async (TeaStore *store,
                             const char *path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step
      = new_step (self, do_backup, tea_fake_store_backup_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  set_read (self, step);
}

static gboolean
tea_fake_store_backup_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_backup_async, error);

  return step != NULL;
}

/* It looks for words in what is kept. */
static void
tea_fake_store_reindex_async (TeaStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, callback, user_data);

  g_task_set_source_tag (task, tea_fake_store_reindex_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
tea_fake_store_reindex_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tea_fake_store_export_async (TeaStore *store,
                             GOutputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step
      = new_step (self, do_export, tea_fake_store_export_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_read (self, step);
}

static gboolean
tea_fake_store_export_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_export_async, error);

  return step != NULL;
}

static void
tea_fake_store_import_async (TeaStore *store,
                             GInputStream *stream,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step
      = new_step (self, do_import, tea_fake_store_import_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->stream = g_object_ref (G_OBJECT (stream));
  set_read (self, step);
}

static gboolean
tea_fake_store_import_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_import_async, error);

  return step != NULL;
}

static void
tea_fake_store_load_async (TeaNameStore *store,
                           gboolean only_here,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step
      = new_step (self, do_load_names, tea_fake_store_load_async, cancellable, callback, user_data);

  if (step == NULL)
    return;

  step->only_here = only_here;
  set_read (self, step);
}

static GPtrArray *
tea_fake_store_load_finish (TeaNameStore *store,
                            GAsyncResult *result,
                            guint64 *as_of,
                            GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_load_async, error);

  if (as_of != NULL)
    *as_of = step != NULL ? step->seq : 0;

  return step != NULL ? g_steal_pointer (&step->found) : NULL;
}

static void
tea_fake_store_lookup_async (TeaNameStore *store,
                             const char *folded,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_look_up_name, tea_fake_store_lookup_async, cancellable, callback,
                         user_data);

  if (step == NULL)
    return;

  step->text = g_strdup (folded);
  set_read_names (self, step);
}

static gboolean
tea_fake_store_lookup_finish (TeaNameStore *store,
                              GAsyncResult *result,
                              TeaRegisteredName **entry,
                              guint *n_names,
                              GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_lookup_async, error);

  *entry = step != NULL ? g_steal_pointer (&step->entry) : NULL;
  *n_names = step != NULL ? step->n : 0;

  return step != NULL;
}

static void
tea_fake_store_list_owned_async (TeaNameStore *store,
                                 const char *key,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_step (self, do_list_owned_names, tea_fake_store_list_owned_async, cancellable,
                         callback, user_data);

  if (step == NULL)
    return;

  step->text = g_strdup (key);
  set_read_names (self, step);
}

static GPtrArray *
tea_fake_store_list_owned_finish (TeaNameStore *store, GAsyncResult *result, GError **error)
{
  Step *step = finish_step (store, result, tea_fake_store_list_owned_async, error);

  return step != NULL ? g_steal_pointer (&step->found) : NULL;
}

static void
tea_fake_store_save_members (
    TeaStore *store, guint32 room, GPtrArray *changed, const char *const *removed, guint64 as_of)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_save (self, do_save_members, room);

  if (step == NULL)
    return;

  step->changed = copy_all (changed, copy_member, (GDestroyNotify) tea_membership_free);
  step->removed = g_strdupv ((char **) removed);
  step->seq = as_of;
  set_save (self, step);
}

static void
tea_fake_store_save_positions (TeaStore *store, GPtrArray *positions)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_save (self, do_save_positions, TEA_ROOM_INFO_HALL);

  if (step == NULL)
    return;

  step->changed = copy_all (positions, copy_position, (GDestroyNotify) tea_position_free);
  set_save (self, step);
}

static void
tea_fake_store_save (TeaNameStore *store,
                     GPtrArray *changed,
                     const char *const *removed,
                     guint64 as_of)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_save (self, do_save_names, TEA_ROOM_INFO_HALL);

  if (step == NULL)
    return;

  step->changed = copy_all (changed, copy_entry, (GDestroyNotify) tea_registered_name_free);
  step->removed = g_strdupv ((char **) removed);
  step->seq = as_of;
  set_save (self, step);
}

static void
tea_fake_store_forget_unused (TeaNameStore *store, guint64 day)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);
  Step *step = new_save (self, do_forget_names, TEA_ROOM_INFO_HALL);

  if (step == NULL)
    return;

  step->day = day;
  set_save (self, step);
}

static void
retention_cb (gpointer user_data)
{
  TeaFakeStore *self = user_data;
  g_autoptr (GPtrArray) rooms = tea_fake_house_list_rooms (self->house);

  for (guint i = 0; i < rooms->len; i++)
    tea_fake_house_retain (self->house,
                           ((TeaFakeRoom *) g_ptr_array_index (rooms, i))->info->number);
  tea_timer_set (self->retention_timer, RETENTION_INTERVAL);
}

static void
tea_fake_store_set_retention (TeaStore *store, guint max_days, guint64 max_records)
{
  TeaFakeStore *self = TEA_FAKE_STORE (store);

  tea_fake_house_set_retention (self->house, max_days, max_records);
  tea_timer_set (self->retention_timer, 0);
}

static TeaCalendar *
tea_fake_store_get_calendar (TeaStore *store)
{
  return TEA_FAKE_STORE (store)->calendar;
}

static TeaLogState
tea_fake_store_get_state (TeaStore *store)
{
  return TEA_FAKE_STORE (store)->state;
}

static TeaStoreLoad
tea_fake_store_get_load (TeaStore *store)
{
  return (TeaStoreLoad){ 0 };
}

static char *
tea_fake_store_dup_problem (TeaStore *store)
{
  return NULL;
}

static void
tea_fake_store_store_init (TeaStoreInterface *iface)
{
  iface->open_log_async = tea_fake_store_open_log_async;
  iface->open_log_finish = tea_fake_store_open_log_finish;
  iface->make_room_async = tea_fake_store_make_room_async;
  iface->make_room_finish = tea_fake_store_make_room_finish;
  iface->find_room_async = tea_fake_store_find_room_async;
  iface->find_room_finish = tea_fake_store_find_room_finish;
  iface->get_room_async = tea_fake_store_get_room_async;
  iface->get_room_finish = tea_fake_store_get_room_finish;
  iface->update_room_async = tea_fake_store_update_room_async;
  iface->update_room_finish = tea_fake_store_update_room_finish;
  iface->remove_room_async = tea_fake_store_remove_room_async;
  iface->remove_room_finish = tea_fake_store_remove_room_finish;
  iface->count_rooms_async = tea_fake_store_count_rooms_async;
  iface->count_rooms_finish = tea_fake_store_count_rooms_finish;
  iface->find_common_async = tea_fake_store_find_common_async;
  iface->find_common_finish = tea_fake_store_find_common_finish;
  iface->list_rooms_async = tea_fake_store_list_rooms_async;
  iface->list_rooms_finish = tea_fake_store_list_rooms_finish;
  iface->load_members_async = tea_fake_store_load_members_async;
  iface->load_members_finish = tea_fake_store_load_members_finish;
  iface->load_rules_async = tea_fake_store_load_rules_async;
  iface->load_rules_finish = tea_fake_store_load_rules_finish;
  iface->save_rules = tea_fake_store_save_rules;
  iface->find_words_async = tea_fake_store_find_words_async;
  iface->find_words_finish = tea_fake_store_find_words_finish;
  iface->load_position_async = tea_fake_store_load_position_async;
  iface->load_position_finish = tea_fake_store_load_position_finish;
  iface->count_unread_async = tea_fake_store_count_unread_async;
  iface->count_unread_finish = tea_fake_store_count_unread_finish;
  iface->backup_async = tea_fake_store_backup_async;
  iface->backup_finish = tea_fake_store_backup_finish;
  iface->reindex_async = tea_fake_store_reindex_async;
  iface->reindex_finish = tea_fake_store_reindex_finish;
  iface->export_async = tea_fake_store_export_async;
  iface->export_finish = tea_fake_store_export_finish;
  iface->import_async = tea_fake_store_import_async;
  iface->import_finish = tea_fake_store_import_finish;
  iface->draft_room = tea_fake_store_draft_room;
  iface->save_members = tea_fake_store_save_members;
  iface->save_positions = tea_fake_store_save_positions;
  iface->set_retention = tea_fake_store_set_retention;
  iface->get_calendar = tea_fake_store_get_calendar;
  iface->get_state = tea_fake_store_get_state;
  iface->get_load = tea_fake_store_get_load;
  iface->dup_problem = tea_fake_store_dup_problem;
}

static void
tea_fake_store_name_store_init (TeaNameStoreInterface *iface)
{
  iface->load_async = tea_fake_store_load_async;
  iface->load_finish = tea_fake_store_load_finish;
  iface->lookup_async = tea_fake_store_lookup_async;
  iface->lookup_finish = tea_fake_store_lookup_finish;
  iface->list_owned_async = tea_fake_store_list_owned_async;
  iface->list_owned_finish = tea_fake_store_list_owned_finish;
  iface->forget_unused = tea_fake_store_forget_unused;
  iface->save = tea_fake_store_save;
}

static void
tea_fake_store_dispose (GObject *object)
{
  TeaFakeStore *self = TEA_FAKE_STORE (object);
  GHashTableIter iter;
  gpointer log = NULL;

  if (self->clock != NULL)
    tea_fake_store_crash (self);
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    g_object_weak_unref (log, log_gone_cb, self);
  g_hash_table_remove_all (self->logs);
  g_clear_pointer (&self->retention_timer, tea_timer_free);
  g_clear_object (&self->calendar);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_fake_store_parent_class)->dispose (object);
}

static void
tea_fake_store_finalize (GObject *object)
{
  TeaFakeStore *self = TEA_FAKE_STORE (object);

  g_hash_table_unref (self->logs);
  g_ptr_array_unref (self->steps);
  tea_fake_house_unref (self->house);
  g_rand_free (self->random);

  G_OBJECT_CLASS (tea_fake_store_parent_class)->finalize (object);
}

static void
tea_fake_store_class_init (TeaFakeStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_fake_store_dispose;
  object_class->finalize = tea_fake_store_finalize;
}

static void
tea_fake_store_init (TeaFakeStore *self)
{
  self->logs = g_hash_table_new (NULL, NULL);
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

/**
 * tea_fake_store_new:
 * @house: what the store before it has left
 * @clock: when it does what it does
 * @random: where the seed of its own chance comes from
 * @faults: what it does to who uses it; lives as long as the store, and may be changed
 *
 * Returns: (transfer full): a store of that house
 */
TeaFakeStore *
tea_fake_store_new (TeaFakeHouse *house,
                    TeaClock *clock,
                    GRand *random,
                    const TeaFakeFaults *faults)
{
  TeaFakeStore *self = g_object_new (TEA_TYPE_FAKE_STORE, NULL);

  self->house = tea_fake_house_ref (house);
  self->clock = g_object_ref (clock);
  self->calendar = tea_fake_house_begin_life (house, clock);
  self->random = g_rand_new_with_seed (g_rand_int (random));
  self->faults = faults;
  self->retention_timer = tea_timer_new (clock, retention_cb, self);
  tea_fake_house_set_retention (house, 0, 0);

  return self;
}

/**
 * tea_fake_store_open_log:
 * @self: a store
 * @room: a room that is there
 *
 * Does what tea_store_open_log_async() does, at once.
 *
 * Returns: (transfer full): its log
 */
TeaLog *
tea_fake_store_open_log (TeaFakeStore *self, guint32 room)
{
  return open_log (self, room);
}

/**
 * tea_fake_store_crash:
 * @self: a store
 *
 * Ends a store and its logs as a power cut does: what is not on the disk is lost. Who waits
 * for an answer is told that it is not known, and nothing further can be asked.
 */
void
tea_fake_store_crash (TeaFakeStore *self)
{
  g_autoptr (GPtrArray) steps = g_steal_pointer (&self->steps);
  g_autoptr (GPtrArray) logs = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer log = NULL;

  /* Whoever is answered may let go of any of them. */
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &log))
    g_ptr_array_add (logs, g_object_ref (log));

  self->steps = g_ptr_array_new_with_free_func (step_free);
  tea_timer_unset (self->retention_timer);
  self->state = TEA_LOG_OFFLINE;

  for (guint i = 0; i < steps->len; i++)
    {
      Step *step = g_ptr_array_index (steps, i);

      tea_timer_unset (step->timer);
      if (step->task != NULL)
        g_task_return_new_error (step->task, TEA_LOG_ERROR, TEA_LOG_ERROR_UNKNOWN,
                                 "The power is off.");
    }
  for (guint i = 0; i < logs->len; i++)
    tea_fake_log_crash (g_ptr_array_index (logs, i));
}
