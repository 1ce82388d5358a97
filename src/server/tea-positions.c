/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-positions.h"

/* They are written so often: what is lost of them is found again. */
#define SAVE_INTERVAL (30 * G_TIME_SPAN_SECOND)

/**
 * TeaPositions:
 *
 * How far everybody has read in each room. A position only rises.
 */
struct _TeaPositions
{
  GObject parent_instance;

  TeaStore *store;     /* (owned) */
  TeaClock *clock;     /* (owned) */
  GHashTable *unsaved; /* (owned) (element-type TeaPosition) */
  GHashTable *saved;   /* (owned) (element-type TeaPosition): what was saved lately, and may
                          not be read from the store yet */
  GHashTable *before;  /* (owned) (element-type TeaPosition): what was saved before these */
  gint64 forgotten;    /* when those of before were forgotten the last time */
  TeaTimer *save_timer;
};

typedef struct
{
  guint32 room;
  char *key; /* (owned) */
} Asked;

G_DEFINE_FINAL_TYPE (TeaPositions, tea_positions, G_TYPE_OBJECT)

static void
asked_free (Asked *asked)
{
  g_free (asked->key);
  g_free (asked);
}

static guint
position_hash (gconstpointer data)
{
  const TeaPosition *position = data;

  return g_str_hash (position->key) ^ position->room;
}

static gboolean
position_equal (gconstpointer a, gconstpointer b)
{
  const TeaPosition *one = a;
  const TeaPosition *other = b;

  return one->room == other->room && g_str_equal (one->key, other->key);
}

static GHashTable *
make_table (void)
{
  return g_hash_table_new_full (position_hash, position_equal, (GDestroyNotify) tea_position_free,
                                NULL);
}

/* How far somebody has read, as far as that is remembered; 0 where it is not. */
static guint64
find (TeaPositions *self, guint32 room, const char *key)
{
  const TeaPosition wanted = { .key = (char *) key, .room = room };
  const TeaPosition *position = g_hash_table_lookup (self->unsaved, &wanted);

  if (position == NULL)
    position = g_hash_table_lookup (self->saved, &wanted);
  if (position == NULL)
    position = g_hash_table_lookup (self->before, &wanted);

  return position != NULL ? position->read : 0;
}

static void
save_cb (gpointer user_data)
{
  tea_positions_save (TEA_POSITIONS (user_data));
}

static void
tea_positions_dispose (GObject *object)
{
  g_clear_pointer (&TEA_POSITIONS (object)->save_timer, tea_timer_free);

  G_OBJECT_CLASS (tea_positions_parent_class)->dispose (object);
}

static void
tea_positions_finalize (GObject *object)
{
  TeaPositions *self = TEA_POSITIONS (object);

  g_hash_table_unref (self->unsaved);
  g_hash_table_unref (self->saved);
  g_hash_table_unref (self->before);
  g_object_unref (self->store);
  g_object_unref (self->clock);

  G_OBJECT_CLASS (tea_positions_parent_class)->finalize (object);
}

static void
tea_positions_class_init (TeaPositionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_positions_dispose;
  object_class->finalize = tea_positions_finalize;
}

static void
tea_positions_init (TeaPositions *self)
{
  self->unsaved = make_table ();
  self->saved = make_table ();
  self->before = make_table ();
}

/**
 * tea_positions_new:
 * @store: where they are kept
 * @clock: by which clock
 *
 * Returns: (transfer full): the positions
 */
TeaPositions *
tea_positions_new (TeaStore *store, TeaClock *clock)
{
  TeaPositions *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_POSITIONS, NULL);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->save_timer = tea_timer_new (clock, save_cb, self);

  return self;
}

/**
 * tea_positions_raise:
 * @self: the positions
 * @room: a room's number
 * @key: the fingerprint of a key
 * @read: the latest event that its owner has read
 *
 * Takes note of how far somebody has read.
 *
 * Returns: whether that is further than is remembered
 */
gboolean
tea_positions_raise (TeaPositions *self, guint32 room, const char *key, guint64 read)
{
  g_return_val_if_fail (TEA_IS_POSITIONS (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  if (find (self, room, key) >= read)
    return FALSE;

  g_hash_table_add (self->unsaved, tea_position_new (key, room, read));
  if (tea_timer_get_due (self->save_timer) == 0)
    tea_timer_set (self->save_timer, SAVE_INTERVAL);

  return TRUE;
}

/**
 * tea_positions_get_read:
 * @self: the positions
 * @room: a room's number
 * @key: the fingerprint of a key
 *
 * Returns: how far its owner has read, as far as that is remembered; 0 where it is not
 */
guint64
tea_positions_get_read (TeaPositions *self, guint32 room, const char *key)
{
  g_return_val_if_fail (TEA_IS_POSITIONS (self), 0);
  g_return_val_if_fail (key != NULL, 0);

  return find (self, room, key);
}

/**
 * tea_positions_save:
 * @self: the positions
 *
 * Keeps what has changed.
 */
void
tea_positions_save (TeaPositions *self)
{
  g_autoptr (GPtrArray) changed = NULL;
  GHashTableIter iter;
  TeaPosition *position;
  gint64 now;

  g_return_if_fail (TEA_IS_POSITIONS (self));

  now = tea_clock_get_time (self->clock);
  tea_timer_unset (self->save_timer);
  if (g_hash_table_size (self->unsaved) == 0)
    return;

  changed = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_position_free);
  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, (gpointer *) &position, NULL))
    g_ptr_array_add (changed, tea_position_new (position->key, position->room, position->read));

  tea_store_save_positions (self->store, changed);

  /* However often it is saved, what was saved lately stays known. */
  if (now - self->forgotten >= SAVE_INTERVAL)
    {
      g_hash_table_unref (self->before);
      self->before = g_steal_pointer (&self->saved);
      self->saved = make_table ();
      self->forgotten = now;
    }
  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, (gpointer *) &position, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_add (self->saved, position);
    }
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  TeaPositions *self = g_task_get_source_object (task);
  const Asked *asked = g_task_get_task_data (task);
  GError *error = NULL;
  guint64 read = 0;

  if (!tea_store_load_position_finish (TEA_STORE (object), result, &read, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  read = MAX (read, find (self, asked->room, asked->key));
  g_task_return_pointer (task, g_memdup2 (&read, sizeof read), g_free);
}

/**
 * tea_positions_find_async:
 * @self: the positions
 * @room: a room's number
 * @key: the fingerprint of a key
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Finds out how far somebody has read.
 */
void
tea_positions_find_async (TeaPositions *self,
                          guint32 room,
                          const char *key,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task;
  Asked *asked;

  g_return_if_fail (TEA_IS_POSITIONS (self));
  g_return_if_fail (key != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_positions_find_async);
  asked = g_new0 (Asked, 1);
  asked->room = room;
  asked->key = g_strdup (key);
  g_task_set_task_data (task, asked, (GDestroyNotify) asked_free);
  tea_store_load_position_async (self->store, room, key, NULL, loaded_cb, task);
}

/**
 * tea_positions_find_finish:
 * @self: the positions
 * @result: what the callback was given
 * @read: (out): the latest event that they have read; 0 for none
 * @error: return location for a #GError
 *
 * Returns: whether there is an answer; if not, @error is one of %TEA_LOG_ERROR
 */
gboolean
tea_positions_find_finish (TeaPositions *self, GAsyncResult *result, guint64 *read, GError **error)
{
  g_autofree guint64 *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found != NULL)
    *read = *found;

  return found != NULL;
}
