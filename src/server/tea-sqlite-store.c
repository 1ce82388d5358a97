/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-store.h"

#include <glib/gi18n-lib.h>

#include "tea-sqlite-backup.h"
#include "tea-sqlite-engine.h"
#include "tea-sqlite-forget.h"
#include "tea-sqlite-log.h"
#include "tea-sqlite-members.h"
#include "tea-sqlite-names.h"
#include "tea-sqlite-rooms.h"
#include "tea-sqlite-rules.h"
#include "tea-sqlite-transfer.h"
#include "tea-sqlite-words.h"

/**
 * TeaSqliteStore:
 *
 * A house in an SQLite database. One thread writes, another reads; what is answered is on
 * the disk.
 */
struct _TeaSqliteStore
{
  GObject parent_instance;

  TeaSqliteEngine *engine; /* (owned) */
  GHashTable *logs;        /* (element-type guint32 HeldLog): those that somebody holds */
  GPtrArray *clearing;     /* (element-type TeaSqliteJob): to be answered when files are clear */
};

static void tea_sqlite_store_store_init (TeaStoreInterface *iface);
static void tea_sqlite_store_name_store_init (TeaNameStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaSqliteStore,
                               tea_sqlite_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_NAME_STORE,
                                                      tea_sqlite_store_name_store_init)
                                   G_IMPLEMENT_INTERFACE (TEA_TYPE_STORE,
                                                          tea_sqlite_store_store_init))

/* A log, which tells when nobody holds it any more. */
typedef struct
{
  TeaSqliteStore *store; /* (unowned) */
  TeaSqliteLog *log;     /* (unowned) */
  guint32 room;
} HeldLog;

/* What is asked about a room, or to be done with it. */
typedef struct
{
  TeaSqliteJob parent;

  TeaRoomInfo *info; /* (owned) (nullable) */
  guint64 epoch;
  char *text;  /* (owned) (nullable): a folded address, or a key */
  char *other; /* (owned) (nullable): another key */
  guint64 seq;
  guint n;
  guint n_owned;
  TeaSqliteLogState state;
} RoomJob;

typedef struct
{
  TeaSqliteJob parent;

  TeaStoreList which;
  char *key;
  char *after; /* (nullable) */
  guint max;
  GPtrArray *list;
} ListJob;

/* What concerns people: members, names and positions. */
typedef struct
{
  TeaSqliteJob parent;

  GPtrArray *people; /* (nullable): what is to be kept, or what was found */
  GStrv removed;     /* (nullable) */
  guint64 as_of;
  guint64 day;
  gboolean only_here;
  char *text; /* (nullable): a key, or a folded name */
  TeaRegisteredName *entry;
  guint n_names;
} PeopleJob;

typedef struct
{
  TeaSqliteJob parent;

  TeaRoomRules *rules; /* (nullable) */
} RulesJob;

typedef struct
{
  TeaSqliteJob parent;

  guint64 from;
  guint64 before;
  char *words;
  guint max;
  GArray *found; /* (element-type guint64) */
  guint64 next;
} WordsJob;

typedef struct
{
  TeaSqliteJob parent;

  GInputStream *stream;
  guint32 first_number;
  guint64 today;
  guint32 n_rooms;
  TeaSqliteLogState hall;
} ImportJob;

typedef struct
{
  TeaSqliteJob parent;

  TeaSqliteForget *forget;
} ForgetJob;

typedef struct
{
  char *path;
  char *copy;            /* (nullable) */
  GOutputStream *stream; /* (nullable) */
} Copying;

static void
log_gone_cb (gpointer user_data, GObject *object)
{
  HeldLog *held = user_data;

  g_hash_table_remove (held->store->logs, GUINT_TO_POINTER (held->room));
}

static TeaLog *
add_log (TeaSqliteStore *self, TeaSqliteLog *log)
{
  HeldLog *held = g_new (HeldLog, 1);

  held->store = self;
  held->log = log;
  held->room = tea_sqlite_log_get_room (log);
  g_hash_table_insert (self->logs, GUINT_TO_POINTER (held->room), held);
  g_object_weak_ref (G_OBJECT (log), log_gone_cb, held);

  return TEA_LOG (log);
}

static TeaSqliteLog *
find_log (TeaSqliteStore *self, guint32 room)
{
  HeldLog *held = g_hash_table_lookup (self->logs, GUINT_TO_POINTER (room));

  return held != NULL ? held->log : NULL;
}

static void
trimmed_cb (TeaSqliteStore *self, guint room, guint64 first)
{
  TeaSqliteLog *log = find_log (self, room);

  g_assert (TEA_IS_SQLITE_STORE (self));

  if (log != NULL)
    tea_sqlite_log_note_first (log, first);
}

static gpointer
new_job (TeaSqliteStore *self,
         const TeaSqliteJobClass *klass,
         guint32 room,
         gpointer source_tag,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  GTask *task = tea_sqlite_engine_new_task (self->engine, self, source_tag, cancellable, callback,
                                            user_data);
  TeaSqliteJob *job = NULL;

  if (task == NULL)
    return NULL;

  job = tea_sqlite_job_new (klass, task);
  job->room = room;

  return job;
}

static void
clear_room_job (TeaSqliteJob *job)
{
  RoomJob *self = (RoomJob *) job;

  g_clear_pointer (&self->info, tea_room_info_free);
  g_free (self->text);
  g_free (self->other);
}

static gboolean
run_open_log (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_records_load_state (db, job->room, &self->state, &job->error);
}

static const TeaSqliteJobClass open_log_class = {
  .size = sizeof (RoomJob),
  .run = run_open_log,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_open_log_async (TeaStore *store,
                                 guint32 room,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &open_log_class, room, tea_sqlite_store_open_log_async,
                               cancellable, callback, user_data);

  if (job != NULL)
    tea_sqlite_engine_read (self->engine, job);
}

/* Somebody else may have opened it meanwhile, or drafted it before. */
static TeaLog *
tea_sqlite_store_open_log_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  g_autoptr (GError) local_error = NULL;
  RoomJob *job = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_open_log_async,
                                                &local_error);
  RoomJob *asked = g_task_get_task_data (G_TASK (result));
  TeaSqliteLog *log = asked != NULL ? find_log (self, asked->parent.room) : NULL;

  if (log != NULL)
    return TEA_LOG (g_object_ref (log));

  if (job == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return add_log (self, tea_sqlite_log_new (self->engine, job->parent.room, &job->state));
}

static gpointer
copy_member (gconstpointer data, gpointer user_data)
{
  return tea_membership_copy (data);
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

static TeaLog *
tea_sqlite_store_draft_room (TeaStore *store, TeaRoomInfo *info, GPtrArray *members)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  g_autoptr (GPtrArray) copied
      = copy_all (members, copy_member, (GDestroyNotify) tea_membership_free);

  info->number = tea_sqlite_engine_take_number (self->engine);
  if (info->number == 0)
    return NULL;

  return add_log (self, tea_sqlite_log_new_draft (self->engine, info, copied));
}

static gboolean
run_make_room (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_rooms_add (db, self->info, self->epoch, &job->error);
}

static void
finish_make_room (TeaSqliteJob *job)
{
  TeaSqliteStore *store = g_task_get_source_object (job->task);

  if (g_error_matches (job->error, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN))
    tea_sqlite_engine_give_number_back (store->engine, job->room);
  tea_sqlite_job_answer (job);
}

static const TeaSqliteJobClass make_room_class = {
  .size = sizeof (RoomJob),
  .run = run_make_room,
  .finish = finish_make_room,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_make_room_async (TeaStore *store,
                                  const TeaRoomInfo *info,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  guint32 number = tea_sqlite_engine_take_number (self->engine);
  RoomJob *job = new_job (self, &make_room_class, number, tea_sqlite_store_make_room_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  if (number == 0)
    {
      job->parent.error = g_error_new_literal (TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED,
                                               _ ("There cannot be more rooms."));
      tea_sqlite_job_answer (&job->parent);
      return;
    }

  job->info = tea_room_info_copy (info);
  job->info->number = number;
  job->epoch = tea_sqlite_records_random_epoch ();
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_make_room_finish (TeaStore *store,
                                   GAsyncResult *result,
                                   guint32 *number,
                                   GError **error)
{
  RoomJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_make_room_async, error);

  if (number != NULL)
    *number = job != NULL ? job->parent.room : 0;

  return job != NULL;
}

static gboolean
run_find_room (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_rooms_find (db, self->text, &self->info);
}

static const TeaSqliteJobClass find_room_class = {
  .size = sizeof (RoomJob),
  .run = run_find_room,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_find_room_async (TeaStore *store,
                                  const char *folded,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &find_room_class, 0, tea_sqlite_store_find_room_async, cancellable,
                          callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (folded);
  tea_sqlite_engine_read (self->engine, &job->parent);
}

static gboolean
finish_info (
    TeaStore *store, GAsyncResult *result, gpointer source_tag, TeaRoomInfo **info, GError **error)
{
  RoomJob *job = tea_sqlite_engine_finish_task (store, result, source_tag, error);

  *info = job != NULL ? g_steal_pointer (&job->info) : NULL;

  return job != NULL;
}

static gboolean
tea_sqlite_store_find_room_finish (TeaStore *store,
                                   GAsyncResult *result,
                                   TeaRoomInfo **info,
                                   GError **error)
{
  return finish_info (store, result, tea_sqlite_store_find_room_async, info, error);
}

static gboolean
run_get_room (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_rooms_get (db, job->room, &((RoomJob *) job)->info);
}

static const TeaSqliteJobClass get_room_class = {
  .size = sizeof (RoomJob),
  .run = run_get_room,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_get_room_async (TeaStore *store,
                                 guint32 room,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &get_room_class, room, tea_sqlite_store_get_room_async,
                               cancellable, callback, user_data);

  if (job != NULL)
    tea_sqlite_engine_read (self->engine, job);
}

static gboolean
tea_sqlite_store_get_room_finish (TeaStore *store,
                                  GAsyncResult *result,
                                  TeaRoomInfo **info,
                                  GError **error)
{
  return finish_info (store, result, tea_sqlite_store_get_room_async, info, error);
}

static gboolean
run_update_room (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_rooms_update (db, ((RoomJob *) job)->info, &job->error);
}

static const TeaSqliteJobClass update_room_class = {
  .size = sizeof (RoomJob),
  .run = run_update_room,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_update_room_async (TeaStore *store,
                                    const TeaRoomInfo *info,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &update_room_class, info->number,
                          tea_sqlite_store_update_room_async, cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->info = tea_room_info_copy (info);
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_update_room_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_update_room_async, error)
         != NULL;
}

static gboolean
run_remove_room (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_rooms_remove (db, job->room);
}

static void
finish_remove_room (TeaSqliteJob *job)
{
  TeaSqliteStore *store = g_task_get_source_object (job->task);

  if (job->error == NULL)
    tea_sqlite_engine_retain_now (store->engine);
  tea_sqlite_job_answer (job);
}

static const TeaSqliteJobClass remove_room_class = {
  .size = sizeof (RoomJob),
  .run = run_remove_room,
  .finish = finish_remove_room,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_remove_room_async (TeaStore *store,
                                    guint32 room,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &remove_room_class, room, tea_sqlite_store_remove_room_async,
                               cancellable, callback, user_data);
  TeaSqliteLog *log = find_log (self, room);

  if (job == NULL)
    return;

  if (log != NULL)
    tea_sqlite_log_close (log);
  tea_sqlite_engine_write (self->engine, job);
}

static gboolean
tea_sqlite_store_remove_room_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_remove_room_async, error)
         != NULL;
}

static gboolean
run_count_rooms (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_rooms_count (db, self->text, &self->n, &self->n_owned);
}

static const TeaSqliteJobClass count_rooms_class = {
  .size = sizeof (RoomJob),
  .run = run_count_rooms,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_count_rooms_async (TeaStore *store,
                                    const char *owner,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &count_rooms_class, 0, tea_sqlite_store_count_rooms_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (owner);
  tea_sqlite_engine_read (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_count_rooms_finish (
    TeaStore *store, GAsyncResult *result, guint *n_rooms, guint *n_owned, GError **error)
{
  RoomJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_count_rooms_async, error);

  if (n_rooms != NULL)
    *n_rooms = job != NULL ? job->n : 0;
  if (n_owned != NULL)
    *n_owned = job != NULL ? job->n_owned : 0;

  return job != NULL;
}

static gboolean
run_find_common (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;
  gboolean is_there = FALSE;

  if (!tea_sqlite_members_find_common (db, self->text, self->other, &is_there))
    return FALSE;

  self->n = is_there;

  return TRUE;
}

static const TeaSqliteJobClass find_common_class = {
  .size = sizeof (RoomJob),
  .run = run_find_common,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_find_common_async (TeaStore *store,
                                    const char *one,
                                    const char *other,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &find_common_class, 0, tea_sqlite_store_find_common_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (one);
  job->other = g_strdup (other);
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_find_common_finish (TeaStore *store,
                                     GAsyncResult *result,
                                     gboolean *is_there,
                                     GError **error)
{
  RoomJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_find_common_async, error);

  *is_there = job != NULL && job->n > 0;

  return job != NULL;
}

static gboolean
run_list_rooms (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  ListJob *self = (ListJob *) job;

  self->list = tea_sqlite_rooms_list (db, self->which, self->key, self->after, self->max);

  return self->list != NULL;
}

static void
clear_list_job (TeaSqliteJob *job)
{
  ListJob *self = (ListJob *) job;

  g_free (self->key);
  g_free (self->after);
  g_clear_pointer (&self->list, g_ptr_array_unref);
}

static const TeaSqliteJobClass list_rooms_class = {
  .size = sizeof (ListJob),
  .run = run_list_rooms,
  .clear = clear_list_job,
};

static void
tea_sqlite_store_list_rooms_async (TeaStore *store,
                                   TeaStoreList which,
                                   const char *key,
                                   const char *after,
                                   guint max,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  ListJob *job = new_job (self, &list_rooms_class, 0, tea_sqlite_store_list_rooms_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->which = which;
  job->key = g_strdup (key);
  job->after = g_strdup (after);
  job->max = max;
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static GPtrArray *
tea_sqlite_store_list_rooms_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  ListJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_list_rooms_async, error);

  return job != NULL ? g_steal_pointer (&job->list) : NULL;
}

static void
clear_people_job (TeaSqliteJob *job)
{
  PeopleJob *self = (PeopleJob *) job;

  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->removed, g_strfreev);
  g_clear_pointer (&self->entry, tea_registered_name_free);
  g_free (self->text);
}

static gboolean
run_load_members (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  self->people = tea_sqlite_members_load (db, job->room, &self->as_of);

  return self->people != NULL;
}

static const TeaSqliteJobClass load_members_class = {
  .size = sizeof (PeopleJob),
  .run = run_load_members,
  .clear = clear_people_job,
};

static void
tea_sqlite_store_load_members_async (TeaStore *store,
                                     guint32 room,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &load_members_class, room, tea_sqlite_store_load_members_async,
                               cancellable, callback, user_data);

  if (job != NULL)
    tea_sqlite_engine_read_after_saves (self->engine, job);
}

static GPtrArray *
finish_people (
    gpointer store, GAsyncResult *result, gpointer source_tag, guint64 *as_of, GError **error)
{
  PeopleJob *job = tea_sqlite_engine_finish_task (store, result, source_tag, error);

  if (as_of != NULL)
    *as_of = job != NULL ? job->as_of : 0;

  return job != NULL ? g_steal_pointer (&job->people) : NULL;
}

static GPtrArray *
tea_sqlite_store_load_members_finish (TeaStore *store,
                                      GAsyncResult *result,
                                      guint64 *as_of,
                                      GError **error)
{
  return finish_people (store, result, tea_sqlite_store_load_members_async, as_of, error);
}

static gboolean
run_save_members (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  return tea_sqlite_members_save (db, job->room, self->people, (const char *const *) self->removed,
                                  self->as_of);
}

static const TeaSqliteJobClass save_members_class = {
  .size = sizeof (PeopleJob),
  .run = run_save_members,
  .clear = clear_people_job,
  .is_kept = TRUE,
};

static gpointer
new_save (TeaSqliteStore *self, const TeaSqliteJobClass *klass, guint32 room)
{
  TeaSqliteJob *job = NULL;

  if (tea_sqlite_engine_get_state (self->engine) == TEA_LOG_OFFLINE)
    return NULL;

  job = tea_sqlite_job_new (klass, NULL);
  job->room = room;

  return job;
}

static void
tea_sqlite_store_save_members (
    TeaStore *store, guint32 room, GPtrArray *changed, const char *const *removed, guint64 as_of)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_save (self, &save_members_class, room);

  if (job == NULL)
    return;

  job->people = copy_all (changed, copy_member, (GDestroyNotify) tea_membership_free);
  job->removed = g_strdupv ((char **) removed);
  job->as_of = as_of;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
run_load_position (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_members_load_position (db, job->room, self->text, &self->seq);
}

static const TeaSqliteJobClass load_position_class = {
  .size = sizeof (RoomJob),
  .run = run_load_position,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_load_position_async (TeaStore *store,
                                      guint32 room,
                                      const char *key,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &load_position_class, room, tea_sqlite_store_load_position_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (key);
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_load_position_finish (TeaStore *store,
                                       GAsyncResult *result,
                                       guint64 *read,
                                       GError **error)
{
  RoomJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_load_position_async, error);

  if (read != NULL)
    *read = job != NULL ? job->seq : 0;

  return job != NULL;
}

static gpointer
copy_position (gconstpointer data, gpointer user_data)
{
  const TeaPosition *position = data;

  return tea_position_new (position->key, position->room, position->read);
}

static gboolean
run_save_positions (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_members_save_positions (db, ((PeopleJob *) job)->people);
}

static const TeaSqliteJobClass save_positions_class = {
  .size = sizeof (PeopleJob),
  .run = run_save_positions,
  .clear = clear_people_job,
  .is_kept = TRUE,
};

static void
tea_sqlite_store_save_positions (TeaStore *store, GPtrArray *positions)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_save (self, &save_positions_class, 0);

  if (job == NULL)
    return;

  job->people = copy_all (positions, copy_position, (GDestroyNotify) tea_position_free);
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
run_load_rules (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RulesJob *self = (RulesJob *) job;

  self->rules = tea_sqlite_rules_load (db, job->room);

  return self->rules != NULL;
}

static void
clear_rules_job (TeaSqliteJob *job)
{
  g_clear_pointer (&((RulesJob *) job)->rules, tea_room_rules_free);
}

static const TeaSqliteJobClass load_rules_class = {
  .size = sizeof (RulesJob),
  .run = run_load_rules,
  .clear = clear_rules_job,
};

static void
tea_sqlite_store_load_rules_async (TeaStore *store,
                                   guint32 room,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &load_rules_class, room, tea_sqlite_store_load_rules_async,
                               cancellable, callback, user_data);

  if (job != NULL)
    tea_sqlite_engine_read_after_saves (self->engine, job);
}

static TeaRoomRules *
tea_sqlite_store_load_rules_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  RulesJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_load_rules_async, error);

  return job != NULL ? g_steal_pointer (&job->rules) : NULL;
}

static gboolean
run_save_rules (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_rules_save (db, job->room, ((RulesJob *) job)->rules);
}

static const TeaSqliteJobClass save_rules_class = {
  .size = sizeof (RulesJob),
  .run = run_save_rules,
  .clear = clear_rules_job,
  .is_kept = TRUE,
};

static void
tea_sqlite_store_save_rules (TeaStore *store, guint32 room, const TeaRoomRules *rules)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RulesJob *job = new_save (self, &save_rules_class, room);

  if (job == NULL)
    return;

  job->rules = tea_room_rules_copy (rules);
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
run_find_words (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  WordsJob *self = (WordsJob *) job;

  self->found = g_array_new (FALSE, FALSE, sizeof (guint64));

  return tea_sqlite_words_find (db, job->room, self->from, self->before, self->words, self->max,
                                self->found, &self->next);
}

static void
clear_words_job (TeaSqliteJob *job)
{
  WordsJob *self = (WordsJob *) job;

  g_free (self->words);
  g_clear_pointer (&self->found, g_array_unref);
}

static const TeaSqliteJobClass find_words_class = {
  .size = sizeof (WordsJob),
  .run = run_find_words,
  .clear = clear_words_job,
};

static void
tea_sqlite_store_find_words_async (TeaStore *store,
                                   guint32 room,
                                   guint64 from,
                                   guint64 before,
                                   const char *words,
                                   guint max,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  WordsJob *job = new_job (self, &find_words_class, room, tea_sqlite_store_find_words_async,
                           cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->from = from;
  job->before = before != 0 ? before : G_MAXUINT64;
  job->words = g_strdup (words);
  job->max = max;
  tea_sqlite_engine_find (self->engine, &job->parent);
}

static GArray *
tea_sqlite_store_find_words_finish (TeaStore *store,
                                    GAsyncResult *result,
                                    guint64 *next,
                                    GError **error)
{
  WordsJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_find_words_async, error);

  if (next != NULL)
    *next = job != NULL ? job->next : 0;

  return job != NULL ? g_steal_pointer (&job->found) : NULL;
}

static gboolean
run_count_unread (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  RoomJob *self = (RoomJob *) job;

  return tea_sqlite_records_count_unread (db, job->room, self->seq, self->n, &self->n);
}

static const TeaSqliteJobClass count_unread_class = {
  .size = sizeof (RoomJob),
  .run = run_count_unread,
  .clear = clear_room_job,
};

static void
tea_sqlite_store_count_unread_async (TeaStore *store,
                                     guint32 room,
                                     guint64 after,
                                     guint max,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  RoomJob *job = new_job (self, &count_unread_class, room, tea_sqlite_store_count_unread_async,
                          cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->seq = after;
  job->n = max;
  tea_sqlite_engine_read (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_count_unread_finish (TeaStore *store,
                                      GAsyncResult *result,
                                      guint *n_unread,
                                      GError **error)
{
  RoomJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_count_unread_async, error);

  if (n_unread != NULL)
    *n_unread = job != NULL ? job->n : 0;

  return job != NULL;
}

static void
tea_sqlite_store_set_retention (TeaStore *store, guint max_days, guint64 max_records)
{
  tea_sqlite_engine_set_retention (TEA_SQLITE_STORE (store)->engine, max_days, max_records);
}

static void
copying_free (gpointer data)
{
  Copying *self = data;

  g_free (self->path);
  g_free (self->copy);
  g_clear_object (&self->stream);
  g_free (self);
}

static void
copy_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copying *self = data;
  GError *error = NULL;
  gboolean ok = self->copy != NULL
                    ? tea_sqlite_backup_write (self->path, self->copy, cancellable, &error)
                    : tea_sqlite_export_house (self->path, self->stream, cancellable, &error);

  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
begin_copying (TeaSqliteStore *self, GTask *task, const char *copy, GOutputStream *stream)
{
  Copying *copying = g_new0 (Copying, 1);

  copying->path = g_strdup (tea_sqlite_engine_get_path (self->engine));
  copying->copy = g_strdup (copy);
  copying->stream = stream != NULL ? g_object_ref (stream) : NULL;
  g_task_set_task_data (task, copying, copying_free);
  tea_sqlite_engine_run_in_thread (task, copy_in_thread);
}

static void
tea_sqlite_store_backup_async (TeaStore *store,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  GTask *task = tea_sqlite_engine_new_task (self->engine, self, tea_sqlite_store_backup_async,
                                            cancellable, callback, user_data);

  if (task != NULL)
    begin_copying (self, task, path, NULL);
}

static gboolean
tea_sqlite_store_backup_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_backup_async, error)
         != NULL;
}

static void
tea_sqlite_store_export_async (TeaStore *store,
                               GOutputStream *stream,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  GTask *task = tea_sqlite_engine_new_task (self->engine, self, tea_sqlite_store_export_async,
                                            cancellable, callback, user_data);

  if (task != NULL)
    begin_copying (self, task, NULL, stream);
}

static gboolean
tea_sqlite_store_export_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_export_async, error)
         != NULL;
}

static gboolean
run_import (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  ImportJob *self = (ImportJob *) job;

  return tea_sqlite_import_house (db, self->first_number, self->today, self->stream, &self->n_rooms,
                                  &job->error)
         && tea_sqlite_records_load_state (db, TEA_ROOM_INFO_HALL, &self->hall, &job->error);
}

static void
finish_import (TeaSqliteJob *job)
{
  ImportJob *self = (ImportJob *) job;
  TeaSqliteStore *store = g_task_get_source_object (job->task);
  TeaSqliteLog *hall = find_log (store, TEA_ROOM_INFO_HALL);

  if (job->error == NULL)
    tea_sqlite_engine_note_number (store->engine, self->first_number + self->n_rooms - 1);
  if (job->error == NULL && hall != NULL)
    tea_sqlite_log_set_state (hall, &self->hall);
  tea_sqlite_job_answer (job);
}

static void
clear_import (TeaSqliteJob *job)
{
  g_object_unref (((ImportJob *) job)->stream);
}

static const TeaSqliteJobClass import_class = {
  .size = sizeof (ImportJob),
  .run = run_import,
  .finish = finish_import,
  .clear = clear_import,
  .is_alone = TRUE,
};

static void
tea_sqlite_store_import_async (TeaStore *store,
                               GInputStream *stream,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  ImportJob *job = new_job (self, &import_class, 0, tea_sqlite_store_import_async, cancellable,
                            callback, user_data);

  if (job == NULL)
    return;

  job->stream = g_object_ref (stream);
  job->today = tea_calendar_get_today (tea_sqlite_engine_get_calendar (self->engine));
  job->first_number = tea_sqlite_engine_get_latest_number (self->engine) + 1;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_import_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_import_async, error)
         != NULL;
}

static TeaCalendar *
tea_sqlite_store_get_calendar (TeaStore *store)
{
  return tea_sqlite_engine_get_calendar (TEA_SQLITE_STORE (store)->engine);
}

static gboolean
run_reindex (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_words_rebuild (db);
}

/* The writer looks for what is to be indexed after what is done alone. */
static const TeaSqliteJobClass reindex_class = {
  .size = sizeof (TeaSqliteJob),
  .run = run_reindex,
  .is_alone = TRUE,
};

static void
tea_sqlite_store_reindex_async (TeaStore *store, GAsyncReadyCallback callback, gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  TeaSqliteJob *job = new_job (self, &reindex_class, 0, tea_sqlite_store_reindex_async, NULL,
                               callback, user_data);

  if (job != NULL)
    tea_sqlite_engine_write (self->engine, job);
}

static gboolean
tea_sqlite_store_reindex_finish (TeaStore *store, GAsyncResult *result, GError **error)
{
  return tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_reindex_async, error)
         != NULL;
}

static gboolean
run_forget (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_forget_some (((ForgetJob *) job)->forget, db);
}

static void
finish_forget (TeaSqliteJob *job)
{
  TeaSqliteStore *store = g_task_get_source_object (job->task);

  if (job->error == NULL && tea_sqlite_engine_get_state (store->engine) != TEA_LOG_OFFLINE)
    {
      if (tea_sqlite_forget_go_on (((ForgetJob *) job)->forget))
        {
          tea_sqlite_engine_write (store->engine, job);
          return;
        }
      if (tea_sqlite_engine_clear_now (store->engine))
        {
          g_ptr_array_add (store->clearing, job);
          return;
        }
    }

  tea_sqlite_job_answer (job);
}

static void
clear_forget (TeaSqliteJob *job)
{
  g_clear_pointer (&((ForgetJob *) job)->forget, tea_sqlite_forget_free);
}

static const TeaSqliteJobClass forget_class = {
  .size = sizeof (ForgetJob),
  .run = run_forget,
  .finish = finish_forget,
  .clear = clear_forget,
};

static void
tea_sqlite_store_forget_async (TeaStore *store,
                               const char *key,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  ForgetJob *job
      = new_job (self, &forget_class, 0, tea_sqlite_store_forget_async, NULL, callback, user_data);

  if (job == NULL)
    return;

  job->forget = tea_sqlite_forget_new (key);
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_forget_finish (TeaStore *store,
                                GAsyncResult *result,
                                guint64 *n_events,
                                GError **error)
{
  ForgetJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_forget_async, error);

  *n_events = job != NULL ? tea_sqlite_forget_get_n_events (job->forget) : 0;

  return job != NULL;
}

static void
answer_clearing (TeaSqliteStore *self)
{
  g_autoptr (GPtrArray) jobs = g_steal_pointer (&self->clearing);

  self->clearing = g_ptr_array_new ();
  for (guint i = 0; i < jobs->len; i++)
    tea_sqlite_job_answer (g_ptr_array_index (jobs, i));
}

static void
cleared_cb (TeaSqliteStore *self)
{
  g_assert (TEA_IS_SQLITE_STORE (self));

  answer_clearing (self);
}

static TeaLogState
tea_sqlite_store_get_state (TeaStore *store)
{
  return tea_sqlite_engine_get_state (TEA_SQLITE_STORE (store)->engine);
}

static TeaStoreLoad
tea_sqlite_store_get_load (TeaStore *store)
{
  return tea_sqlite_engine_get_load (TEA_SQLITE_STORE (store)->engine);
}

static char *
tea_sqlite_store_dup_problem (TeaStore *store)
{
  return tea_sqlite_engine_dup_problem (TEA_SQLITE_STORE (store)->engine);
}

static void
tea_sqlite_store_store_init (TeaStoreInterface *iface)
{
  iface->open_log_async = tea_sqlite_store_open_log_async;
  iface->open_log_finish = tea_sqlite_store_open_log_finish;
  iface->draft_room = tea_sqlite_store_draft_room;
  iface->make_room_async = tea_sqlite_store_make_room_async;
  iface->make_room_finish = tea_sqlite_store_make_room_finish;
  iface->find_room_async = tea_sqlite_store_find_room_async;
  iface->find_room_finish = tea_sqlite_store_find_room_finish;
  iface->get_room_async = tea_sqlite_store_get_room_async;
  iface->get_room_finish = tea_sqlite_store_get_room_finish;
  iface->update_room_async = tea_sqlite_store_update_room_async;
  iface->update_room_finish = tea_sqlite_store_update_room_finish;
  iface->remove_room_async = tea_sqlite_store_remove_room_async;
  iface->remove_room_finish = tea_sqlite_store_remove_room_finish;
  iface->count_rooms_async = tea_sqlite_store_count_rooms_async;
  iface->count_rooms_finish = tea_sqlite_store_count_rooms_finish;
  iface->find_common_async = tea_sqlite_store_find_common_async;
  iface->find_common_finish = tea_sqlite_store_find_common_finish;
  iface->list_rooms_async = tea_sqlite_store_list_rooms_async;
  iface->list_rooms_finish = tea_sqlite_store_list_rooms_finish;
  iface->load_members_async = tea_sqlite_store_load_members_async;
  iface->load_members_finish = tea_sqlite_store_load_members_finish;
  iface->save_members = tea_sqlite_store_save_members;
  iface->load_rules_async = tea_sqlite_store_load_rules_async;
  iface->load_rules_finish = tea_sqlite_store_load_rules_finish;
  iface->save_rules = tea_sqlite_store_save_rules;
  iface->find_words_async = tea_sqlite_store_find_words_async;
  iface->find_words_finish = tea_sqlite_store_find_words_finish;
  iface->load_position_async = tea_sqlite_store_load_position_async;
  iface->load_position_finish = tea_sqlite_store_load_position_finish;
  iface->save_positions = tea_sqlite_store_save_positions;
  iface->count_unread_async = tea_sqlite_store_count_unread_async;
  iface->count_unread_finish = tea_sqlite_store_count_unread_finish;
  iface->set_retention = tea_sqlite_store_set_retention;
  iface->backup_async = tea_sqlite_store_backup_async;
  iface->backup_finish = tea_sqlite_store_backup_finish;
  iface->export_async = tea_sqlite_store_export_async;
  iface->export_finish = tea_sqlite_store_export_finish;
  iface->import_async = tea_sqlite_store_import_async;
  iface->import_finish = tea_sqlite_store_import_finish;
  iface->forget_async = tea_sqlite_store_forget_async;
  iface->forget_finish = tea_sqlite_store_forget_finish;
  iface->reindex_async = tea_sqlite_store_reindex_async;
  iface->reindex_finish = tea_sqlite_store_reindex_finish;
  iface->get_calendar = tea_sqlite_store_get_calendar;
  iface->get_state = tea_sqlite_store_get_state;
  iface->get_load = tea_sqlite_store_get_load;
  iface->dup_problem = tea_sqlite_store_dup_problem;
}

static gboolean
run_load_names (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  self->people = tea_sqlite_names_load (db, self->only_here);

  return self->people != NULL
         && tea_sqlite_members_load_as_of (db, TEA_ROOM_INFO_HALL, &self->as_of);
}

static const TeaSqliteJobClass load_names_class = {
  .size = sizeof (PeopleJob),
  .run = run_load_names,
  .clear = clear_people_job,
};

static void
tea_sqlite_store_load_async (TeaNameStore *store,
                             gboolean only_here,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_job (self, &load_names_class, TEA_ROOM_INFO_HALL,
                            tea_sqlite_store_load_async, cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->only_here = only_here;
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static GPtrArray *
tea_sqlite_store_load_finish (TeaNameStore *store,
                              GAsyncResult *result,
                              guint64 *as_of,
                              GError **error)
{
  return finish_people (store, result, tea_sqlite_store_load_async, as_of, error);
}

static gboolean
run_look_up_name (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  return tea_sqlite_names_look_up (db, self->text, &self->entry, &self->n_names);
}

static const TeaSqliteJobClass look_up_name_class = {
  .size = sizeof (PeopleJob),
  .run = run_look_up_name,
  .clear = clear_people_job,
};

static void
tea_sqlite_store_lookup_async (TeaNameStore *store,
                               const char *folded,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_job (self, &look_up_name_class, TEA_ROOM_INFO_HALL,
                            tea_sqlite_store_lookup_async, cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (folded);
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static gboolean
tea_sqlite_store_lookup_finish (TeaNameStore *store,
                                GAsyncResult *result,
                                TeaRegisteredName **entry,
                                guint *n_names,
                                GError **error)
{
  PeopleJob *job
      = tea_sqlite_engine_finish_task (store, result, tea_sqlite_store_lookup_async, error);

  *entry = job != NULL ? g_steal_pointer (&job->entry) : NULL;
  *n_names = job != NULL ? job->n_names : 0;

  return job != NULL;
}

static gboolean
run_list_owned_names (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  self->people = tea_sqlite_names_list_owned (db, self->text);

  return self->people != NULL;
}

static const TeaSqliteJobClass list_owned_names_class = {
  .size = sizeof (PeopleJob),
  .run = run_list_owned_names,
  .clear = clear_people_job,
};

static void
tea_sqlite_store_list_owned_async (TeaNameStore *store,
                                   const char *key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_job (self, &list_owned_names_class, TEA_ROOM_INFO_HALL,
                            tea_sqlite_store_list_owned_async, cancellable, callback, user_data);

  if (job == NULL)
    return;

  job->text = g_strdup (key);
  tea_sqlite_engine_read_after_saves (self->engine, &job->parent);
}

static GPtrArray *
tea_sqlite_store_list_owned_finish (TeaNameStore *store, GAsyncResult *result, GError **error)
{
  return finish_people (store, result, tea_sqlite_store_list_owned_async, NULL, error);
}

static gboolean
run_forget_names (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  return tea_sqlite_names_forget_unused (db, ((PeopleJob *) job)->day);
}

static const TeaSqliteJobClass forget_names_class = {
  .size = sizeof (PeopleJob),
  .run = run_forget_names,
  .clear = clear_people_job,
  .is_kept = TRUE,
};

static void
tea_sqlite_store_forget_unused (TeaNameStore *store, guint64 day)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_save (self, &forget_names_class, TEA_ROOM_INFO_HALL);

  if (job == NULL)
    return;

  job->day = day;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static gpointer
copy_entry (gconstpointer data, gpointer user_data)
{
  return tea_registered_name_copy (data);
}

static gboolean
run_save_names (TeaSqliteJob *job, TeaSqliteConnection *db)
{
  PeopleJob *self = (PeopleJob *) job;

  return tea_sqlite_names_save (db, self->people, (const char *const *) self->removed)
         && tea_sqlite_members_save_as_of (db, TEA_ROOM_INFO_HALL, self->as_of);
}

static const TeaSqliteJobClass save_names_class = {
  .size = sizeof (PeopleJob),
  .run = run_save_names,
  .clear = clear_people_job,
  .is_kept = TRUE,
};

static void
tea_sqlite_store_save (TeaNameStore *store,
                       GPtrArray *changed,
                       const char *const *removed,
                       guint64 as_of)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (store);
  PeopleJob *job = new_save (self, &save_names_class, TEA_ROOM_INFO_HALL);

  if (job == NULL)
    return;

  job->people = copy_all (changed, copy_entry, (GDestroyNotify) tea_registered_name_free);
  job->removed = g_strdupv ((char **) removed);
  job->as_of = as_of;
  tea_sqlite_engine_write (self->engine, &job->parent);
}

static void
tea_sqlite_store_name_store_init (TeaNameStoreInterface *iface)
{
  iface->load_async = tea_sqlite_store_load_async;
  iface->load_finish = tea_sqlite_store_load_finish;
  iface->lookup_async = tea_sqlite_store_lookup_async;
  iface->lookup_finish = tea_sqlite_store_lookup_finish;
  iface->list_owned_async = tea_sqlite_store_list_owned_async;
  iface->list_owned_finish = tea_sqlite_store_list_owned_finish;
  iface->forget_unused = tea_sqlite_store_forget_unused;
  iface->save = tea_sqlite_store_save;
}

static void
tea_sqlite_store_dispose (GObject *object)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (object);
  GHashTableIter iter;
  gpointer held = NULL;

  if (self->engine != NULL)
    tea_sqlite_store_close (self);
  g_clear_object (&self->engine);

  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &held))
    g_object_weak_unref (G_OBJECT (((HeldLog *) held)->log), log_gone_cb, held);
  g_hash_table_remove_all (self->logs);

  G_OBJECT_CLASS (tea_sqlite_store_parent_class)->dispose (object);
}

static void
tea_sqlite_store_finalize (GObject *object)
{
  TeaSqliteStore *self = TEA_SQLITE_STORE (object);

  g_hash_table_unref (self->logs);
  g_ptr_array_unref (self->clearing);

  G_OBJECT_CLASS (tea_sqlite_store_parent_class)->finalize (object);
}

static void
tea_sqlite_store_class_init (TeaSqliteStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_sqlite_store_dispose;
  object_class->finalize = tea_sqlite_store_finalize;
}

static void
tea_sqlite_store_init (TeaSqliteStore *self)
{
  self->logs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->clearing = g_ptr_array_new ();
}

/**
 * tea_sqlite_store_open:
 * @directory: the folder of the database, made if need be
 * @clock: the clock of the house
 * @error: return location for a #GError
 *
 * Opens the house of a folder. This blocks, but not longer for a large one than for a small
 * one, unless an older version of the program has written it: all of it is checked later,
 * while it is in use.
 *
 * Returns: (transfer full): the store, or %NULL, and @error is %TEA_LOG_ERROR_IN_USE,
 *   %TEA_LOG_ERROR_DAMAGED, %TEA_LOG_ERROR_FOREIGN or %TEA_LOG_ERROR_UNAVAILABLE
 */
TeaSqliteStore *
tea_sqlite_store_open (const char *directory, TeaClock *clock, GError **error)
{
  g_autoptr (TeaSqliteEngine) engine = NULL;
  TeaSqliteStore *self = NULL;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  engine = tea_sqlite_engine_open (directory, clock, error);
  if (engine == NULL)
    return NULL;

  self = g_object_new (TEA_TYPE_SQLITE_STORE, NULL);
  self->engine = g_steal_pointer (&engine);
  g_signal_connect_object (self->engine, "trimmed", G_CALLBACK (trimmed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "cleared", G_CALLBACK (cleared_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->engine, "state-changed", G_CALLBACK (tea_store_emit_state_changed),
                           self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_sqlite_store_close:
 * @self: a store
 *
 * Closes a store and all its logs: what was asked before is still done and answered, what
 * comes later is refused. This blocks until all is on the disk.
 */
void
tea_sqlite_store_close (TeaSqliteStore *self)
{
  g_autoptr (GPtrArray) logs = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer held = NULL;

  g_return_if_fail (TEA_IS_SQLITE_STORE (self));

  tea_sqlite_engine_close (self->engine);
  /* Who closes properly leaves nothing in the files. */
  answer_clearing (self);

  /* Whoever is answered may let go of any of them. */
  g_hash_table_iter_init (&iter, self->logs);
  while (g_hash_table_iter_next (&iter, NULL, &held))
    g_ptr_array_add (logs, g_object_ref (((HeldLog *) held)->log));
  for (guint i = 0; i < logs->len; i++)
    tea_sqlite_log_close (g_ptr_array_index (logs, i));
}
