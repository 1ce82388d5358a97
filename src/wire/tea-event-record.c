/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-record.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-body.h"
#include "tea-error.h"
#include "tea-event-rules.h"
#include "tea-fingerprint.h"

/* A record is a byte that tells its version, and what that version has: a GVariant in
 * little-endian normal form. In version 1, "(xuuyssay)", that is the time, the stream, the
 * message's number, the kind's number, the author, the text ("" for none) and the author's key (32
 * bytes, or none). Version 2 is for what has more than that, and has behind it the event that is
 * meant, the latest change and the data. Version 3 is for messages that were changed: it has what
 * version 2 has, but the data is a form as logs keep it, and which change was the latest the log
 * knows. Logs live long: what one version wrote, all later ones read, and the kind is the 18th byte
 * for ever. */
#define PLAIN 1
#define FULL 2
#define FORM 3

#define FULL_TYPE "(xuuyssayttay)"

/* In all versions. */
#define TIME_OFFSET 1

static GVariant *
key_to_variant (const char *key)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  if (key == NULL || !tea_fingerprint_to_bytes (key, digest))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, sizeof digest, 1);
}

static GBytes *
write_record (guint8 version, const TeaEventFields *fields, GBytes *data)
{
  const char *text = fields->text != NULL ? fields->text : "";
  g_autoptr (GVariant) little = NULL;
  GVariant *body;
  guint8 *record;
  gsize size;

  body = g_variant_new ("(xuuyss@aytt@ay)", fields->time, fields->stream, fields->number,
                        fields->wire_kind, fields->author, text, key_to_variant (fields->key),
                        fields->target, version == FULL ? fields->version : 0,
                        tea_body_new_bytes (data));
  little = tea_body_write (body);

  size = g_variant_get_size (little);
  record = g_malloc (1 + size);
  record[0] = version;
  memcpy (record + 1, g_variant_get_data (little), size);

  return g_bytes_new_take (record, 1 + size);
}

/* Nearly all records are of version 1, so that these are written and read without GVariant: the
 * members as they come, and behind them, from the back, where the author and the text end. */
#define AUTHOR_OFFSET 17

static gsize
measure_offset (gsize size)
{
  return size <= G_MAXUINT8 ? 1 : size <= G_MAXUINT16 ? 2 : 4;
}

static GBytes *
write_plain (const TeaEventFields *fields)
{
  const char *text = fields->text != NULL ? fields->text : "";
  guint8 digest[TEA_FINGERPRINT_SIZE];
  gboolean has_key = fields->key != NULL && tea_fingerprint_to_bytes (fields->key, digest);
  gsize text_offset = AUTHOR_OFFSET + strlen (fields->author) + 1;
  gsize key_offset = text_offset + strlen (text) + 1;
  gsize end = key_offset + (has_key ? sizeof digest : 0);
  gsize offset_size = 1;
  guint8 *record;
  guint8 *body;

  while (measure_offset (end + 2 * offset_size) > offset_size)
    offset_size *= 2;
  record = g_malloc (1 + end + 2 * offset_size);
  body = record + 1;

  record[0] = PLAIN;
  tea_body_write_number (body, (guint64) fields->time, 8);
  tea_body_write_number (body + 8, fields->stream, 4);
  tea_body_write_number (body + 12, fields->number, 4);
  body[16] = fields->wire_kind;
  memcpy (body + AUTHOR_OFFSET, fields->author, text_offset - AUTHOR_OFFSET);
  memcpy (body + text_offset, text, key_offset - text_offset);
  if (has_key)
    memcpy (body + key_offset, digest, sizeof digest);
  tea_body_write_number (body + end, key_offset, offset_size);
  tea_body_write_number (body + end + offset_size, text_offset, offset_size);

  return g_bytes_new_take (record, 1 + end + 2 * offset_size);
}

/* Returns the text between both places; NULL where that is none in normal form. */
static const char *
read_text (const guint8 *body, gsize begin, gsize end)
{
  const char *text = (const char *) body + begin;

  if (end <= begin || body[end - 1] != '\0' || !g_utf8_validate_len (text, end - 1 - begin, NULL))
    return NULL;

  return text;
}

static gboolean
read_plain (const guint8 *body, gsize size, TeaEventFields *fields, char **key)
{
  gsize offset_size = measure_offset (size);
  gsize text_offset;
  gsize key_offset;
  gsize end;

  if (size < AUTHOR_OFFSET + 2 * offset_size)
    return FALSE;

  end = size - 2 * offset_size;
  key_offset = tea_body_read_number (body + end, offset_size);
  text_offset = tea_body_read_number (body + end + offset_size, offset_size);
  if (key_offset > end || text_offset > key_offset)
    return FALSE;

  fields->time = (gint64) tea_body_read_number (body, 8);
  fields->stream = (guint32) tea_body_read_number (body + 8, 4);
  fields->number = (guint32) tea_body_read_number (body + 12, 4);
  fields->wire_kind = body[16];
  fields->kind = tea_event_kind_from_wire (fields->wire_kind);
  fields->author = read_text (body, AUTHOR_OFFSET, text_offset);
  fields->text = read_text (body, text_offset, key_offset);
  if (end - key_offset == TEA_FINGERPRINT_SIZE)
    *key = tea_fingerprint_from_bytes (body + key_offset);
  fields->key = *key;

  return fields->author != NULL && fields->text != NULL && (*key != NULL || key_offset == end);
}

static GVariant *
read_body (GBytes *record)
{
  g_autoptr (GBytes) inner = NULL;
  const guint8 *data;
  gsize size;

  data = g_bytes_get_data (record, &size);
  if (size == 0 || data[0] <= PLAIN || data[0] > FORM)
    return NULL;

  inner = g_bytes_new_from_bytes (record, 1, size - 1);

  return tea_body_read (FULL_TYPE, inner);
}

static TeaStoredForm *
read_form (GVariant *body)
{
  g_autoptr (GVariant) bytes = g_variant_get_child_value (body, 9);
  g_autoptr (GBytes) data = g_variant_get_data_as_bytes (bytes);

  return tea_stored_form_decode (data);
}

/**
 * tea_event_record_encode:
 * @event: an event that belongs into a log, without a form
 *
 * Writes an event as a log keeps it: all of it but its number in the log, which is the
 * log's to give.
 *
 * Returns: (transfer full): the record
 */
GBytes *
tea_event_record_encode (TeaEvent *event)
{
  const TeaEventFields *fields;

  g_return_val_if_fail (event != NULL, NULL);

  fields = tea_event_get_fields (event);
  g_return_val_if_fail (fields->form == NULL, NULL);
  g_return_val_if_fail (tea_event_rules_check (fields) == NULL, NULL);

  return tea_event_rules_is_plain (fields) ? write_plain (fields)
                                           : write_record (FULL, fields, fields->data);
}

/**
 * tea_event_record_dup_later:
 * @record: a record
 * @time: when the event happened, in µs since the Unix epoch, UTC
 *
 * Makes a copy of a record for an event that has waited.
 *
 * Returns: (transfer full): @record with another time
 */
GBytes *
tea_event_record_dup_later (GBytes *record, gint64 time)
{
  gsize size;
  const guint8 *bytes;
  guint8 *copy;

  g_return_val_if_fail (record != NULL, NULL);

  bytes = g_bytes_get_data (record, &size);
  g_return_val_if_fail (size > TIME_OFFSET + 8, NULL);

  copy = g_memdup2 (bytes, size);
  tea_body_write_number (copy + TIME_OFFSET, (guint64) time, 8);

  return g_bytes_new_take (copy, size);
}

/**
 * tea_event_record_encode_form:
 * @event: a message, of which the text is as it is now
 * @form: what else has become of it
 *
 * Writes a message that was changed as a log keeps it.
 *
 * Returns: (transfer full): the record
 */
GBytes *
tea_event_record_encode_form (TeaEvent *event, TeaStoredForm *form)
{
  g_autoptr (GBytes) data = NULL;

  g_return_val_if_fail (event != NULL, NULL);
  g_return_val_if_fail (tea_event_get_kind (event) == TEA_EVENT_MESSAGE, NULL);
  g_return_val_if_fail (form != NULL, NULL);

  data = tea_stored_form_encode (form);

  return write_record (FORM, tea_event_get_fields (event), data);
}

/**
 * tea_event_record_get_form:
 * @record: a record
 *
 * Reads what a log keeps of what has become of a message.
 *
 * Returns: (transfer full) (nullable): the form; %NULL where the message is as it was said, and
 *   for other events
 */
TeaStoredForm *
tea_event_record_get_form (GBytes *record)
{
  g_autoptr (GVariant) body = NULL;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (record != NULL, NULL);

  data = g_bytes_get_data (record, &size);
  if (size == 0 || data[0] != FORM)
    return NULL;

  body = read_body (record);

  return body != NULL ? read_form (body) : NULL;
}

/* Reads what is in a body; @fields begin with nothing. */
static gboolean
read_fields (guint8 version,
             GVariant *body,
             TeaEventFields *fields,
             char **key,
             GBytes **data,
             TeaMessageForm **form)
{
  g_autoptr (GVariant) key_bytes = NULL;
  g_autoptr (GVariant) data_bytes = NULL;

  g_variant_get (body, "(xuuy&s&s@aytt@ay)", &fields->time, &fields->stream, &fields->number,
                 &fields->wire_kind, &fields->author, &fields->text, &key_bytes, &fields->target,
                 &fields->version, &data_bytes);
  fields->kind = tea_event_kind_from_wire (fields->wire_kind);

  if (g_variant_get_size (key_bytes) == TEA_FINGERPRINT_SIZE)
    *key = tea_fingerprint_from_bytes (g_variant_get_data (key_bytes));
  else if (g_variant_get_size (key_bytes) > 0)
    return FALSE;
  fields->key = *key;

  if (version == FULL)
    {
      *data = g_variant_get_data_as_bytes (data_bytes);
      fields->data = *data;

      return !tea_event_rules_is_plain (fields);
    }
  if (version == FORM)
    {
      g_autoptr (TeaStoredForm) stored = read_form (body);

      if (stored == NULL || fields->version != 0)
        return FALSE;

      *form = tea_stored_form_tell (stored);
      fields->form = *form;
    }

  return TRUE;
}

/**
 * tea_event_record_decode:
 * @seq: the number under which the log has it, above 0
 * @version: the number of the latest change to it that the log tells; 0 for none
 * @record: a record
 * @error: return location for a #GError
 *
 * Reads an event as a log keeps it. What comes out keeps to every rule that events on
 * the wire keep to.
 *
 * Returns: (transfer full): the event, or %NULL with @error set to
 *   %TEA_ERROR_REQUEST_INVALID
 */
TeaEvent *
tea_event_record_decode (guint64 seq, guint64 version, GBytes *record, GError **error)
{
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TeaMessageForm) form = NULL;
  g_autofree char *key = NULL;
  TeaEventFields fields = { .seq = seq };
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (seq > 0, NULL);
  g_return_val_if_fail (record != NULL, NULL);

  data = g_bytes_get_data (record, &size);
  if (size > 0 && data[0] > FORM)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event was stored by a later version of this program."));
      return NULL;
    }

  body = read_body (record);
  if (!(body != NULL                   ? read_fields (data[0], body, &fields, &key, &bytes, &form)
        : size > 0 && data[0] == PLAIN ? read_plain (data + 1, size - 1, &fields, &key)
                                       : FALSE)
      || tea_event_rules_check (&fields) != NULL)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event is damaged where it is stored."));
      return NULL;
    }

  if (*fields.text == '\0')
    fields.text = NULL;
  if (version > 0)
    fields.version = version;

  return tea_event_new_from_fields (&fields);
}
