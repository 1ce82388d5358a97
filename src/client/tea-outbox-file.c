/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-outbox-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* The stream, and of each room its address, its next number and its messages. */
#define MESSAGES_FORMAT "a(yttuxsay)"
#define FORMAT "(ua(su" MESSAGES_FORMAT "))"

/* How many numbers may have been given since the file was written, in a program that has
 * ended without a word. */
#define NUMBERS_UNKNOWN 4096

/**
 * TeaOutboxFile:
 *
 * What one says in the rooms of a house, on the disk, for as long as it is not stored there.
 *
 * It knows the numbers under which messages were said, and the stream of these: so a program
 * that is started again goes on saying what an earlier one has begun to, and the server takes
 * it once. Two programs that run at the same time cannot have the same stream: only one of them
 * can have the file open.
 */
struct _TeaOutboxFile
{
  GObject parent_instance;

  char *house;
  char *path;
  int lock;
  guint32 stream;
  GHashTable *rooms; /* (element-type utf8 Room) */
};

typedef struct
{
  GPtrArray *messages; /* (element-type TeaKeptMessage) */
  guint32 next;
} Room;

G_DEFINE_FINAL_TYPE (TeaOutboxFile, tea_outbox_file, G_TYPE_OBJECT)

static void
room_free (gpointer data)
{
  Room *room = data;

  g_ptr_array_unref (room->messages);
  g_free (room);
}

static void
take_messages (TeaOutboxFile *self, const char *address, GPtrArray *messages, guint32 next)
{
  Room *room = g_new0 (Room, 1);

  room->messages = g_ptr_array_ref (messages);
  room->next = next;
  g_hash_table_replace (self->rooms, g_strdup (address), room);
}

static GBytes *
read_bytes (GVariant *variant)
{
  gsize size;
  const void *data = g_variant_get_fixed_array (variant, &size, 1);

  return size > 0 ? g_bytes_new (data, size) : NULL;
}

static GPtrArray *
read_messages (GVariant *variant)
{
  g_autoptr (GPtrArray) messages
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_kept_message_free);

  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      guint8 kind;
      guint64 target;
      guint64 epoch;
      guint32 number;
      gint64 time;
      const char *text;
      g_autoptr (GVariant) data = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_variant_get_child (variant, i, "(yttux&s@ay)", &kind, &target, &epoch, &number, &time,
                           &text, &data);
      bytes = read_bytes (data);
      g_ptr_array_add (messages, tea_kept_message_new (tea_event_kind_from_wire (kind), target,
                                                       epoch, number, time, text, bytes));
    }

  return g_steal_pointer (&messages);
}

static void
read_rooms (TeaOutboxFile *self, GVariant *variant)
{
  for (gsize i = 0; i < g_variant_n_children (variant); i++)
    {
      const char *address;
      guint32 next;
      g_autoptr (GVariant) list = NULL;
      g_autoptr (GPtrArray) messages = NULL;

      g_variant_get_child (variant, i, "(&su@" MESSAGES_FORMAT ")", &address, &next, &list);
      messages = read_messages (list);
      take_messages (self, address, messages, next + NUMBERS_UNKNOWN);
    }
}

static gboolean
load (TeaOutboxFile *self, GError **error)
{
  g_autofree char *contents = NULL;
  gsize size;
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) rooms = NULL;

  if (!g_file_get_contents (self->path, &contents, &size, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  bytes = g_bytes_new_take (g_steal_pointer (&contents), size);
  variant = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FORMAT), bytes, FALSE));
  if (!g_variant_is_normal_form (variant))
    {
      g_autofree char *shown = g_filename_display_name (self->path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("“%s” is damaged."), shown);
      return FALSE;
    }

  g_variant_get (variant, "(u@a(su" MESSAGES_FORMAT "))", &self->stream, &rooms);
  read_rooms (self, rooms);

  return TRUE;
}

static gboolean
take_lock (TeaOutboxFile *self, GError **error)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);

  self->lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock >= 0 && flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s", g_strerror (errno));

  return FALSE;
}

static GVariant *
write_messages (GPtrArray *messages)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (MESSAGES_FORMAT));

  for (guint i = 0; i < messages->len; i++)
    {
      TeaKeptMessage *message = messages->pdata[i];
      gsize size = 0;
      const void *data = message->data != NULL ? g_bytes_get_data (message->data, &size) : NULL;

      g_variant_builder_add (&builder, "(yttuxs@ay)",
                             (guint8) tea_event_kind_to_wire (message->kind), message->target,
                             message->epoch, message->number, message->time, message->text,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1));
    }

  return g_variant_builder_end (&builder);
}

static void
tea_outbox_file_finalize (GObject *object)
{
  TeaOutboxFile *self = TEA_OUTBOX_FILE (object);

  if (self->lock >= 0)
    close (self->lock);
  g_hash_table_unref (self->rooms);
  g_free (self->path);
  g_free (self->house);

  G_OBJECT_CLASS (tea_outbox_file_parent_class)->finalize (object);
}

static void
tea_outbox_file_class_init (TeaOutboxFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_outbox_file_finalize;
}

static void
tea_outbox_file_init (TeaOutboxFile *self)
{
  self->lock = -1;
  self->rooms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, room_free);
}

/**
 * tea_kept_message_new:
 * @kind: a message, or what else is to be done
 * @target: what it answers, or is about; 0 for nothing
 * @epoch: the epoch of the log in which that is
 * @number: its number in the stream; 0 where it has none yet
 * @time: when it was written, in µs since 1970 UTC
 * @text: (nullable): its text
 * @data: (nullable): its data
 *
 * Returns: (transfer full): a message to keep
 */
TeaKeptMessage *
tea_kept_message_new (TeaEventKind kind,
                      guint64 target,
                      guint64 epoch,
                      guint32 number,
                      gint64 time,
                      const char *text,
                      GBytes *data)
{
  TeaKeptMessage *self = g_new0 (TeaKeptMessage, 1);

  self->kind = kind;
  self->target = target;
  self->epoch = epoch;
  self->number = number;
  self->time = time;
  self->text = g_strdup (text != NULL ? text : "");
  self->data = data != NULL ? g_bytes_ref (data) : NULL;

  return self;
}

/**
 * tea_kept_message_free:
 * @self: (transfer full): a kept message
 */
void
tea_kept_message_free (TeaKeptMessage *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self->text);
  g_free (self);
}

/**
 * tea_outbox_file_open:
 * @folder: where such files are; it is made
 * @house: what tells the house from all others
 * @error: return location for a #GError
 *
 * Opens what is kept for a house. Whoever has it open is the only one, until it is freed.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL with @error set:
 *   %G_IO_ERROR_WOULD_BLOCK where another program has it open
 */
TeaOutboxFile *
tea_outbox_file_open (const char *folder, const char *house, GError **error)
{
  g_autoptr (TeaOutboxFile) self = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (folder != NULL && house != NULL, NULL);

  self = g_object_new (TEA_TYPE_OUTBOX_FILE, NULL);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, house, -1);
  self->house = g_strdup (house);
  self->path = g_build_filename (folder, name, NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s",
                   g_strerror (errno));
      return NULL;
    }
  if (!take_lock (self, error) || !load (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tea_outbox_file_get_house:
 * @self: a file
 *
 * Returns: what tells its house from all others
 */
const char *
tea_outbox_file_get_house (TeaOutboxFile *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX_FILE (self), NULL);

  return self->house;
}

/**
 * tea_outbox_file_get_is_empty:
 * @self: a file
 *
 * Returns: whether there is no message in it
 */
gboolean
tea_outbox_file_get_is_empty (TeaOutboxFile *self)
{
  GHashTableIter iter;
  gpointer room;

  g_return_val_if_fail (TEA_IS_OUTBOX_FILE (self), TRUE);

  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, NULL, &room))
    if (((Room *) room)->messages->len > 0)
      return FALSE;

  return TRUE;
}

/**
 * tea_outbox_file_get_stream:
 * @self: a file
 *
 * Returns: the stream of the numbers of its messages; 0 where there are none
 */
guint32
tea_outbox_file_get_stream (TeaOutboxFile *self)
{
  g_return_val_if_fail (TEA_IS_OUTBOX_FILE (self), 0);

  return self->stream;
}

/**
 * tea_outbox_file_get_messages:
 * @self: a file
 * @room: the address of a room
 * @next: (out): the number that its next message gets
 *
 * Returns: (transfer none) (nullable) (element-type TeaKeptMessage): what is kept for the room,
 *   in its order; %NULL where no number was given in it
 */
GPtrArray *
tea_outbox_file_get_messages (TeaOutboxFile *self, const char *room, guint32 *next)
{
  Room *found;

  g_return_val_if_fail (TEA_IS_OUTBOX_FILE (self), NULL);
  g_return_val_if_fail (room != NULL && next != NULL, NULL);

  found = g_hash_table_lookup (self->rooms, room);
  *next = found != NULL ? found->next : 1;

  return found != NULL ? found->messages : NULL;
}

/**
 * tea_outbox_file_set_stream:
 * @self: a file
 * @stream: a stream, above 0
 *
 * Tells of what stream the numbers of messages are.
 */
void
tea_outbox_file_set_stream (TeaOutboxFile *self, guint32 stream)
{
  g_return_if_fail (TEA_IS_OUTBOX_FILE (self));

  self->stream = stream;
}

/**
 * tea_outbox_file_set_messages:
 * @self: a file
 * @room: the address of a room
 * @messages: (element-type TeaKeptMessage): all that is to be kept for it, in its order
 * @next: the number that its next message gets
 *
 * Keeps something for a room, once it is saved, in place of what was kept.
 */
void
tea_outbox_file_set_messages (TeaOutboxFile *self,
                              const char *room,
                              GPtrArray *messages,
                              guint32 next)
{
  g_return_if_fail (TEA_IS_OUTBOX_FILE (self));
  g_return_if_fail (room != NULL && messages != NULL);

  /* Of the same stream are the numbers of a room for which nothing is kept. */
  if (messages->len > 0 || next > 1)
    take_messages (self, room, messages, next);
  else
    g_hash_table_remove (self->rooms, room);
}

/**
 * tea_outbox_file_save:
 * @self: a file
 * @error: return location for a #GError
 *
 * Writes it to the disk, or removes it where there is nothing to keep.
 *
 * Returns: whether that went well
 */
gboolean
tea_outbox_file_save (TeaOutboxFile *self, GError **error)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer address;
  gpointer value;
  g_autoptr (GVariant) variant = NULL;

  g_return_val_if_fail (TEA_IS_OUTBOX_FILE (self), FALSE);

  if (tea_outbox_file_get_is_empty (self))
    {
      if (g_unlink (self->path) == 0 || errno == ENOENT)
        return TRUE;
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s",
                   g_strerror (errno));
      return FALSE;
    }

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(su" MESSAGES_FORMAT ")"));
  g_hash_table_iter_init (&iter, self->rooms);
  while (g_hash_table_iter_next (&iter, &address, &value))
    {
      Room *room = value;

      g_variant_builder_add (&builder, "(su@" MESSAGES_FORMAT ")", address, room->next,
                             write_messages (room->messages));
    }
  variant
      = g_variant_ref_sink (g_variant_new ("(ua(su" MESSAGES_FORMAT "))", self->stream, &builder));

  return g_file_set_contents_full (self->path, g_variant_get_data (variant),
                                   (gssize) g_variant_get_size (variant),
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
