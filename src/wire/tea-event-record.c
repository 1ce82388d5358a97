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
 * little-endian normal form. In version 1 that is the time, the stream, the message's number,
 * the kind's number, the author, the text ("" for none) and the author's key (32 bytes, or
 * none). Version 2 is for what has more than that, and has behind it the event that is meant,
 * the latest change and the data. Version 3 is for messages that were changed: it has what version
 * 2 has, but the data is a form as logs keep it, and which change was the latest the log knows.
 * Logs live long: what one version wrote, all later ones read, and the kind is the 18th byte for
 * ever. */
#define PLAIN 1
#define FULL 2
#define FORM 3

static const char *const types[]
    = { [PLAIN] = "(xuuyssay)", [FULL] = "(xuuyssayttay)", [FORM] = "(xuuyssayttay)" };

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

  if (version == PLAIN)
    body = g_variant_new ("(xuuyss@ay)", fields->time, fields->stream, fields->number,
                          fields->wire_kind, fields->author, text, key_to_variant (fields->key));
  else
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

static GVariant *
read_body (GBytes *record)
{
  g_autoptr (GBytes) inner = NULL;
  const guint8 *data;
  gsize size;

  data = g_bytes_get_data (record, &size);
  if (size == 0 || data[0] < PLAIN || data[0] > FORM)
    return NULL;

  inner = g_bytes_new_from_bytes (record, 1, size - 1);

  return tea_body_read (types[data[0]], inner);
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

  return write_record (tea_event_rules_is_plain (fields) ? PLAIN : FULL, fields, fields->data);
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

  /* Version 1 has nothing for the last three. */
  g_variant_get (body, version != PLAIN ? "(xuuy&s&s@aytt@ay)" : "(xuuy&s&s@ay)", &fields->time,
                 &fields->stream, &fields->number, &fields->wire_kind, &fields->author,
                 &fields->text, &key_bytes, &fields->target, &fields->version, &data_bytes);
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
  if (body == NULL || !read_fields (data[0], body, &fields, &key, &bytes, &form)
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
