/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-log-archive.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tea-log.h"
#include "tea-name.h"

/* Exported logs are a row of chunks: a letter that tells the kind, the length of what follows
 * (4 bytes, the lowest first), and a GVariant in little-endian normal form:
 *
 *   T  s             what it is
 *   I  ROOM_TYPE     a room
 *   A  a(aytt)       authors: latest number, and where it is stored
 *   N  a(smstx)      names: key, joined, last used
 *   M  a(ssyt)       members: key, name, role, joined
 *   P  a(yssxttmay)  rules: what, whom or where, what was said of it, until when, two
 *                    numbers, and the event's record
 *   R  a(taytmay)    records: number, author and the author's number, what it is
 *   V  a(ttt)        of those that were amended: number, by which at last, and by which that
 *                    took the place of one before it
 *   E  (tay)         the end: how many records there were, and the SHA-256 digest of all
 *                    the bytes before this chunk
 *
 * T is the first and E the last. Between them comes I for each room, and then what is of that
 * room, in the order above: any number of chunks, or none. */
#define MAGIC "Teahouse rooms 1"

/* First and latest number, what the members take account of; address, folded address, title,
 * flags, days and events to keep, password, owner, when it was made; old addresses. */
#define ROOM_TYPE "(tttsssuuumsmsxas)"

enum
{
  TITLE,
  ROOM,
  AUTHORS,
  NAMES,
  MEMBERS,
  RULES,
  RECORDS,
  AMENDED,
  END,
  N_KINDS
};

static const struct
{
  char letter;
  const char *type;
} kinds[N_KINDS] = {
  [TITLE] = { 'T', "s" },
  [ROOM] = { 'I', ROOM_TYPE },
  [AUTHORS] = { 'A', "a(aytt)" },
  [NAMES] = { 'N', "a(smstx)" },
  [MEMBERS] = { 'M', "a(ssyt)" },
  [RULES] = { 'P', "a(yssxttmay)" },
  [RECORDS] = { 'R', "a(taytmay)" },
  [AMENDED] = { 'V', "a(ttt)" },
  [END] = { 'E', "(tay)" },
};

/* What a rule is about. */
enum
{
  BAN = 1,
  MUTE,
  NETWORK,
  ROLE,
  PIN,
  TOPIC,
  SLOW_MODE,
};

#define HEAD_SIZE 5

/* A chunk ends soon after it has grown to this; what is read may be twice as long. */
#define CHUNK_SIZE (256 * 1024)
#define MAX_CHUNK_SIZE (2 * CHUNK_SIZE)

struct _TeaLogArchiveWriter
{
  GOutputStream *stream;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  GChecksum *checksum;
  guint64 n_records;

  GVariantBuilder *builder; /* (owned) (nullable): the chunk that is being filled */
  int kind;
  gsize size;
};

static gboolean
write_bytes (TeaLogArchiveWriter *self, gconstpointer data, gsize size, GError **error)
{
  g_checksum_update (self->checksum, data, (gssize) size);

  return g_output_stream_write_all (self->stream, data, size, NULL, self->cancellable, error);
}

static gboolean
write_chunk (TeaLogArchiveWriter *self, int kind, GVariant *chunk, GError **error)
{
  g_autoptr (GVariant) body = g_variant_ref_sink (chunk);
  guint8 head[HEAD_SIZE] = { (guint8) kinds[kind].letter };
  guint32 size = GUINT32_TO_LE ((guint32) g_variant_get_size (body));

  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    {
      GVariant *swapped = g_variant_byteswap (body);

      g_variant_unref (body);
      body = swapped;
    }
  memcpy (head + 1, &size, sizeof size);

  return write_bytes (self, head, sizeof head, error)
         && write_bytes (self, g_variant_get_data (body), g_variant_get_size (body), error);
}

static gboolean
flush (TeaLogArchiveWriter *self, GError **error)
{
  g_autoptr (GVariantBuilder) builder = g_steal_pointer (&self->builder);

  return builder == NULL || write_chunk (self, self->kind, g_variant_builder_end (builder), error);
}

static gboolean
add (TeaLogArchiveWriter *self, int kind, GVariant *item, GError **error)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (item);
  gsize size = g_variant_get_size (owned) + 2 * sizeof (guint64);

  if (self->builder != NULL && (self->kind != kind || self->size + size > CHUNK_SIZE)
      && !flush (self, error))
    return FALSE;

  if (self->builder == NULL)
    {
      self->builder = g_variant_builder_new (G_VARIANT_TYPE (kinds[kind].type));
      self->kind = kind;
      self->size = 0;
    }
  g_variant_builder_add_value (self->builder, owned);
  self->size += size;

  return TRUE;
}

static GVariant *
bytes_variant (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

/**
 * tea_log_archive_room_clear:
 * @self: a room of an archive
 *
 * Frees what it holds.
 */
void
tea_log_archive_room_clear (TeaLogArchiveRoom *self)
{
  g_clear_pointer (&self->info, tea_room_info_free);
  g_clear_pointer (&self->old_addresses, g_strfreev);
}

/**
 * tea_log_archive_writer_new:
 * @stream: where to
 * @cancellable: (nullable): to give up with
 *
 * Returns: (transfer full): what writes an exported log, in the order of its functions
 */
TeaLogArchiveWriter *
tea_log_archive_writer_new (GOutputStream *stream, GCancellable *cancellable)
{
  TeaLogArchiveWriter *self = g_new0 (TeaLogArchiveWriter, 1);

  self->stream = g_object_ref (stream);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);

  return self;
}

/**
 * tea_log_archive_writer_free:
 * @self: (transfer full): a writer
 *
 * Frees a writer.
 */
void
tea_log_archive_writer_free (TeaLogArchiveWriter *self)
{
  g_clear_pointer (&self->builder, g_variant_builder_unref);
  g_checksum_free (self->checksum);
  g_clear_object (&self->cancellable);
  g_object_unref (self->stream);
  g_free (self);
}

/**
 * tea_log_archive_writer_begin:
 * @self: a writer
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
tea_log_archive_writer_begin (TeaLogArchiveWriter *self, GError **error)
{
  return write_chunk (self, TITLE, g_variant_new_string (MAGIC), error);
}

/**
 * tea_log_archive_writer_begin_room:
 * @self: a writer
 * @room: the room to which belongs what comes next
 * @error: return location for a #GError
 *
 * Returns: whether it was written
 */
gboolean
tea_log_archive_writer_begin_room (TeaLogArchiveWriter *self,
                                   const TeaLogArchiveRoom *room,
                                   GError **error)
{
  const TeaRoomInfo *info = room->info;

  return flush (self, error)
         && write_chunk (self, ROOM,
                         g_variant_new ("(tttsssuuumsmsx^as)", room->first, room->head, room->as_of,
                                        info->address, info->folded, info->title, info->flags,
                                        info->retain_days, info->retain_events, info->password,
                                        info->owner, info->made, room->old_addresses),
                         error);
}

/**
 * tea_log_archive_writer_add_author:
 * @self: a writer
 * @author: an author
 * @number: their latest number
 * @seq: where it is stored, or was
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_author (
    TeaLogArchiveWriter *self, GBytes *author, guint64 number, guint64 seq, GError **error)
{
  return add (self, AUTHORS, g_variant_new ("(@aytt)", bytes_variant (author), number, seq), error);
}

/**
 * tea_log_archive_writer_add_name:
 * @self: a writer
 * @entry: a name
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_name (TeaLogArchiveWriter *self,
                                 const TeaRegisteredName *entry,
                                 GError **error)
{
  return add (self, NAMES,
              g_variant_new ("(smstx)", entry->name, entry->key, entry->joined, entry->last_used),
              error);
}

/**
 * tea_log_archive_writer_add_member:
 * @self: a writer
 * @member: a member of the room
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_member (TeaLogArchiveWriter *self,
                                   const TeaMembership *member,
                                   GError **error)
{
  return add (self, MEMBERS,
              g_variant_new ("(ssyt)", member->key, member->name, member->role, member->joined),
              error);
}

static gboolean
add_rule (TeaLogArchiveWriter *self,
          guint8 what,
          const char *subject,
          const char *text,
          gint64 until,
          guint64 number,
          guint64 target,
          GBytes *record,
          GError **error)
{
  GVariant *content = record != NULL ? bytes_variant (record) : NULL;

  return add (self, RULES,
              g_variant_new ("(yssxtt@may)", what, subject, text, until, number, target,
                             g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, content)),
              error);
}

static gboolean
add_restrictions (TeaLogArchiveWriter *self, guint8 what, GPtrArray *list, GError **error)
{
  for (guint i = 0; i < list->len; i++)
    {
      const TeaRestriction *item = g_ptr_array_index (list, i);

      if (!add_rule (self, what, item->subject, item->reason, item->until, 0, 0, NULL, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * tea_log_archive_writer_add_rules:
 * @self: a writer
 * @rules: what holds in the room
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_rules (TeaLogArchiveWriter *self,
                                  const TeaRoomRules *rules,
                                  GError **error)
{
  if (!add_restrictions (self, BAN, rules->bans, error)
      || !add_restrictions (self, MUTE, rules->mutes, error)
      || !add_restrictions (self, NETWORK, rules->networks, error))
    return FALSE;

  for (guint i = 0; i < rules->roles->len; i++)
    {
      const TeaMembership *role = g_ptr_array_index (rules->roles, i);

      if (!add_rule (self, ROLE, role->key, role->name, 0, role->role, role->joined, NULL, error))
        return FALSE;
    }
  for (guint i = 0; i < rules->pins->len; i++)
    {
      const TeaPin *pin = g_ptr_array_index (rules->pins, i);

      if (!add_rule (self, PIN, "", "", 0, pin->seq, pin->target, pin->record, error))
        return FALSE;
    }

  return (rules->topic_seq == 0
          || add_rule (self, TOPIC, "", "", 0, rules->topic_seq, 0, rules->topic, error))
         && (rules->slow_mode == 0
             || add_rule (self, SLOW_MODE, "", "", 0, rules->slow_mode, 0, NULL, error));
}

/**
 * tea_log_archive_writer_add_amended:
 * @self: a writer
 * @seq: the number of a record that was amended; all records were written
 * @version: by which number at last
 * @replaced_by: by which that took the place of one before it; 0 for none
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_amended (
    TeaLogArchiveWriter *self, guint64 seq, guint64 version, guint64 replaced_by, GError **error)
{
  return add (self, AMENDED, g_variant_new ("(ttt)", seq, version, replaced_by), error);
}

/**
 * tea_log_archive_writer_add_record:
 * @self: a writer
 * @seq: the record's number
 * @author: whose it is
 * @number: the author's number for it
 * @record: (nullable): what it is; %NULL where it was erased
 * @error: return location for a #GError
 *
 * Returns: whether nothing has failed
 */
gboolean
tea_log_archive_writer_add_record (TeaLogArchiveWriter *self,
                                   guint64 seq,
                                   GBytes *author,
                                   guint64 number,
                                   GBytes *record,
                                   GError **error)
{
  GVariant *content = record != NULL ? bytes_variant (record) : NULL;

  self->n_records++;

  return add (self, RECORDS,
              g_variant_new ("(t@ayt@may)", seq, bytes_variant (author), number,
                             g_variant_new_maybe (G_VARIANT_TYPE_BYTESTRING, content)),
              error);
}

/**
 * tea_log_archive_writer_end:
 * @self: a writer
 * @error: return location for a #GError
 *
 * Returns: whether all was written
 */
gboolean
tea_log_archive_writer_end (TeaLogArchiveWriter *self, GError **error)
{
  g_autoptr (GBytes) digest = NULL;
  guint8 buffer[32];
  gsize size = sizeof buffer;

  if (!flush (self, error))
    return FALSE;

  g_checksum_get_digest (self->checksum, buffer, &size);
  digest = g_bytes_new (buffer, size);
  g_checksum_reset (self->checksum);

  return write_chunk (self, END, g_variant_new ("(t@ay)", self->n_records, bytes_variant (digest)),
                      error)
         && g_output_stream_flush (self->stream, self->cancellable, error);
}

/* What is being read. */
typedef struct
{
  const TeaLogArchiveHandler *handler;
  gpointer user_data;
  GChecksum *checksum;

  int latest_kind;
  guint64 first;
  guint64 head;
  guint64 latest_seq;
  guint64 latest_amended;
  guint64 n_records;
  guint64 n_rooms;
  TeaRoomRules *rules; /* (owned) (nullable): those of the room, as far as they were read */
} Reading;

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED,
                       _ ("What is to be imported is damaged. Nothing was imported."));

  return FALSE;
}

static gboolean
is_number (guint64 number)
{
  return number > 0 && number <= G_MAXINT64;
}

static GBytes *
take_bytes (GVariant *variant)
{
  g_autoptr (GVariant) owned = variant;

  return g_variant_get_data_as_bytes (owned);
}

static gboolean
is_author (GBytes *author)
{
  return g_bytes_get_size (author) > 0 && g_bytes_get_size (author) <= TEA_LOG_MAX_AUTHOR;
}

/* Of a log that has any number, at least the latest is there. */
static gboolean
check_room_is_whole (Reading *self, GError **error)
{
  return self->latest_seq == self->head || fail (error);
}

static gboolean
read_room (Reading *self, GVariant *chunk, GError **error)
{
  g_auto (TeaLogArchiveRoom) room = { 0 };
  const char *address = NULL;
  const char *folded = NULL;

  if (!check_room_is_whole (self, error))
    return FALSE;

  g_variant_get_child (chunk, 3, "&s", &address);
  g_variant_get_child (chunk, 4, "&s", &folded);
  room.info = tea_room_info_new (address, folded);
  g_free (room.info->title);
  g_variant_get (chunk, "(ttt&s&ssuuumsmsx^as)", &room.first, &room.head, &room.as_of, NULL, NULL,
                 &room.info->title, &room.info->flags, &room.info->retain_days,
                 &room.info->retain_events, &room.info->password, &room.info->owner,
                 &room.info->made, &room.old_addresses);
  if (!is_number (room.first) || room.head > TEA_LOG_MAX_SEQ || room.as_of > room.head)
    return fail (error);

  self->n_rooms++;
  self->first = room.first;
  self->head = room.head;
  self->latest_seq = 0;
  self->latest_amended = 0;

  return self->handler->room (self->user_data, &room, error);
}

static gboolean
read_author (Reading *self, GVariant *item, GError **error)
{
  g_autoptr (GBytes) author = NULL;
  GVariant *name = NULL;
  guint64 number = 0;
  guint64 seq = 0;

  g_variant_get (item, "(@aytt)", &name, &number, &seq);
  author = take_bytes (name);
  if (!is_author (author) || !is_number (number) || !is_number (seq) || seq > self->head)
    return fail (error);

  return self->handler->author (self->user_data, author, number, seq, error);
}

static gboolean
read_name (Reading *self, GVariant *item, GError **error)
{
  g_autoptr (TeaRegisteredName) entry = NULL;
  const char *name = NULL;
  const char *key = NULL;
  guint64 joined = 0;
  gint64 last_used = 0;

  g_variant_get (item, "(&sm&stx)", &name, &key, &joined, &last_used);
  if (!tea_name_validate (name, NULL) || joined > self->head)
    return fail (error);

  entry = tea_registered_name_new (name, key, joined, last_used, 0);

  return self->handler->name (self->user_data, entry, error);
}

static gboolean
read_member (Reading *self, GVariant *item, GError **error)
{
  g_autoptr (TeaMembership) member = NULL;
  const char *key = NULL;
  const char *name = NULL;
  guint64 joined = 0;
  guint8 role = 0;

  g_variant_get (item, "(&s&syt)", &key, &name, &role, &joined);
  if (joined > self->head)
    return fail (error);

  member = tea_membership_new (key, name, role, joined);

  return self->handler->member (self->user_data, member, error);
}

static gboolean
read_rule (Reading *self, GVariant *item, GError **error)
{
  g_autoptr (GBytes) record = NULL;
  GVariant *content = NULL;
  const char *subject = NULL;
  const char *text = NULL;
  guint64 number = 0;
  guint64 target = 0;
  gint64 until = 0;
  guint8 what = 0;

  g_variant_get (item, "(y&s&sxttm@ay)", &what, &subject, &text, &until, &number, &target,
                 &content);
  record = content != NULL ? take_bytes (content) : NULL;
  if ((what == PIN || what == TOPIC) != (record != NULL) || what < BAN || what > SLOW_MODE)
    return fail (error);
  if (record != NULL && (!is_number (number) || number > self->head))
    return fail (error);

  if (self->rules == NULL)
    self->rules = tea_room_rules_new ();
  if (what == BAN)
    g_ptr_array_add (self->rules->bans, tea_restriction_new (subject, until, text));
  else if (what == MUTE)
    g_ptr_array_add (self->rules->mutes, tea_restriction_new (subject, until, text));
  else if (what == NETWORK)
    g_ptr_array_add (self->rules->networks, tea_restriction_new (subject, until, text));
  else if (what == ROLE)
    g_ptr_array_add (self->rules->roles,
                     tea_membership_new (subject, text, (guint8) number, target));
  else if (what == PIN)
    g_ptr_array_add (self->rules->pins, tea_pin_new (target, number, record));
  else if (what == TOPIC)
    tea_room_rules_set_topic (self->rules, number, record);
  else
    self->rules->slow_mode = (guint32) MIN (number, G_MAXUINT32);

  return TRUE;
}

/* They are whole when something else comes. */
static gboolean
end_rules (Reading *self, GError **error)
{
  g_autoptr (TeaRoomRules) rules = g_steal_pointer (&self->rules);

  return rules == NULL || self->handler->rules (self->user_data, rules, error);
}

static gboolean
read_amended (Reading *self, GVariant *item, GError **error)
{
  guint64 seq = 0;
  guint64 version = 0;
  guint64 replaced_by = 0;

  g_variant_get (item, "(ttt)", &seq, &version, &replaced_by);
  if (seq < self->first || seq <= self->latest_amended || version <= seq || version > self->head
      || (replaced_by != 0 && (replaced_by <= seq || replaced_by > version)))
    return fail (error);
  self->latest_amended = seq;

  return self->handler->amended (self->user_data, seq, version, replaced_by, error);
}

static gboolean
read_record (Reading *self, GVariant *item, GError **error)
{
  g_autoptr (GBytes) author = NULL;
  g_autoptr (GBytes) record = NULL;
  GVariant *name = NULL;
  GVariant *content = NULL;
  guint64 seq = 0;
  guint64 number = 0;

  g_variant_get (item, "(t@aytm@ay)", &seq, &name, &number, &content);
  author = take_bytes (name);
  record = content != NULL ? take_bytes (content) : NULL;
  if (seq < self->first || seq <= self->latest_seq || seq > self->head || !is_author (author)
      || !is_number (number) || (record != NULL && g_bytes_get_size (record) > TEA_LOG_MAX_RECORD))
    return fail (error);

  self->latest_seq = seq;
  self->n_records++;

  return self->handler->record (self->user_data, seq, author, number, record, error);
}

static gboolean
read_end (Reading *self, GVariant *chunk, GError **error)
{
  guint8 buffer[32];
  gsize size = sizeof buffer;
  guint64 n_records = 0;
  g_autoptr (GVariant) digest = NULL;

  g_variant_get (chunk, "(t@ay)", &n_records, &digest);
  g_checksum_get_digest (self->checksum, buffer, &size);

  if (n_records != self->n_records || self->n_rooms == 0 || g_variant_get_size (digest) != size
      || memcmp (g_variant_get_data (digest), buffer, size) != 0)
    return fail (error);

  return check_room_is_whole (self, error);
}

static gboolean
read_items (Reading *self,
            GVariant *chunk,
            gboolean (*read_item) (Reading *self, GVariant *item, GError **error),
            GError **error)
{
  GVariantIter iter;
  GVariant *next = NULL;

  g_variant_iter_init (&iter, chunk);
  while ((next = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr (GVariant) item = next;

      if (!read_item (self, item, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_chunk (Reading *self, int kind, GVariant *chunk, GError **error)
{
  switch (kind)
    {
    case TITLE:
      return TRUE;
    case ROOM:
      return read_room (self, chunk, error);
    case AUTHORS:
      return read_items (self, chunk, read_author, error);
    case NAMES:
      return read_items (self, chunk, read_name, error);
    case MEMBERS:
      return read_items (self, chunk, read_member, error);
    case RULES:
      return read_items (self, chunk, read_rule, error);
    case RECORDS:
      return read_items (self, chunk, read_record, error);
    case AMENDED:
      return read_items (self, chunk, read_amended, error);
    default:
      return read_end (self, chunk, error);
    }
}

/* Whether the stream begins as an exported log does, whatever may be wrong later. */
static gboolean
check_title (int kind, GVariant *chunk, GError **error)
{
  if (kind == TITLE && g_str_equal (g_variant_get_string (chunk, NULL), MAGIC))
    return TRUE;

  g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_FOREIGN,
                       _ ("What is to be imported is not an exported room of this version."));

  return FALSE;
}

static GVariant *
read_body (Reading *self, GInputStream *stream, int *kind, GError **error)
{
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GBytes) bytes = NULL;
  guint8 head[HEAD_SIZE] = { 0 };
  guint8 *body = NULL;
  gsize n_read = 0;
  guint32 size;

  if (!g_input_stream_read_all (stream, head, sizeof head, &n_read, NULL, error))
    return NULL;
  memcpy (&size, head + 1, sizeof size);
  size = GUINT32_FROM_LE (size);
  for (*kind = 0; *kind < N_KINDS && kinds[*kind].letter != (char) head[0]; (*kind)++)
    ;
  if (n_read < sizeof head || size > MAX_CHUNK_SIZE || *kind == N_KINDS)
    {
      *kind = N_KINDS;
      fail (error);
      return NULL;
    }

  body = g_malloc (MAX (size, 1));
  bytes = g_bytes_new_take (body, size);
  if (!g_input_stream_read_all (stream, body, size, &n_read, NULL, error))
    return NULL;

  variant = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (kinds[*kind].type), bytes, FALSE));
  if (n_read < size || !g_variant_is_normal_form (variant))
    {
      fail (error);
      return NULL;
    }

  if (*kind != END)
    {
      g_checksum_update (self->checksum, head, sizeof head);
      g_checksum_update (self->checksum, body, size);
    }

  return G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap (variant) : g_steal_pointer (&variant);
}

/* A room may come at any time, and everything else but the end is of a room. */
static gboolean
may_follow (Reading *self, int kind)
{
  if (kind == ROOM)
    return TRUE;

  return kind >= self->latest_kind && kind != TITLE && self->n_rooms > 0;
}

static gboolean
read_all (Reading *self, GInputStream *stream, GError **error)
{
  int kind = TITLE;

  for (self->latest_kind = -1; self->latest_kind != END; self->latest_kind = kind)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GVariant) chunk = read_body (self, stream, &kind, &local_error);

      if (self->latest_kind == -1
          && (chunk != NULL || g_error_matches (local_error, TEA_LOG_ERROR, TEA_LOG_ERROR_DAMAGED)))
        {
          if (!check_title (chunk != NULL ? kind : END, chunk, error))
            return FALSE;
        }
      else if (chunk == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      else if (!may_follow (self, kind))
        return fail (error);

      if (kind != RULES && !end_rules (self, error))
        return FALSE;
      if (!read_chunk (self, kind, chunk, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * tea_log_archive_read:
 * @stream: an exported log; anything else is found out
 * @handler: what to do with its parts
 * @user_data: for @handler
 * @error: return location for a #GError
 *
 * Reads an exported log. Only at the end it is certain that all of it is there and right:
 * what was done with its parts is to be undone otherwise.
 *
 * Returns: whether it is a whole one; if not, @error is %TEA_LOG_ERROR_FOREIGN,
 *   %TEA_LOG_ERROR_DAMAGED, or one of the stream or of @handler
 */
gboolean
tea_log_archive_read (GInputStream *stream,
                      const TeaLogArchiveHandler *handler,
                      gpointer user_data,
                      GError **error)
{
  Reading reading = { .handler = handler, .user_data = user_data };
  gboolean ok;

  reading.checksum = g_checksum_new (G_CHECKSUM_SHA256);
  ok = read_all (&reading, stream, error);
  g_checksum_free (reading.checksum);
  g_clear_pointer (&reading.rules, tea_room_rules_free);

  return ok;
}
