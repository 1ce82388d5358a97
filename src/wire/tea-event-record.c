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
 * the latest change and the data. Logs live long: what one version wrote, all later ones read,
 * and the kind is the 18th byte for ever. */
#define PLAIN 1
#define FULL 2

static const char *const types[] = { [PLAIN] = "(xuuyssay)", [FULL] = "(xuuyssayttay)" };

static GVariant *
key_to_variant (const char *key)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  if (key == NULL || !tea_fingerprint_to_bytes (key, digest))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, sizeof digest, 1);
}

/**
 * tea_event_record_encode:
 * @event: an event that belongs into a log
 *
 * Writes an event as a log keeps it: all of it but its number in the log, which is the
 * log's to give.
 *
 * Returns: (transfer full): the record
 */
GBytes *
tea_event_record_encode (TeaEvent *event)
{
  g_autoptr (GVariant) little = NULL;
  GVariant *body;
  const TeaEventFields *fields;
  const char *text;
  guint8 *record;
  gsize size;
  gboolean plain;

  g_return_val_if_fail (event != NULL, NULL);

  fields = tea_event_get_fields (event);
  g_return_val_if_fail (tea_event_rules_check (fields) == NULL, NULL);

  text = fields->text != NULL ? fields->text : "";
  plain = tea_event_rules_is_plain (fields);
  if (plain)
    body = g_variant_new ("(xuuyss@ay)", fields->time, fields->stream, fields->number,
                          fields->wire_kind, fields->author, text, key_to_variant (fields->key));
  else
    body = g_variant_new ("(xuuyss@aytt@ay)", fields->time, fields->stream, fields->number,
                          fields->wire_kind, fields->author, text, key_to_variant (fields->key),
                          fields->target, fields->version, tea_body_new_bytes (fields->data));
  little = tea_body_write (body);

  size = g_variant_get_size (little);
  record = g_malloc (1 + size);
  record[0] = plain ? PLAIN : FULL;
  memcpy (record + 1, g_variant_get_data (little), size);

  return g_bytes_new_take (record, 1 + size);
}

/* Reads what is in a body; @fields begin with nothing. */
static gboolean
read_fields (GVariant *body, TeaEventFields *fields, char **key, GBytes **data)
{
  gboolean full = g_variant_n_children (body) > 7;
  g_autoptr (GVariant) key_bytes = NULL;
  g_autoptr (GVariant) data_bytes = NULL;

  /* Version 1 has nothing for the last three. */
  g_variant_get (body, full ? "(xuuy&s&s@aytt@ay)" : "(xuuy&s&s@ay)", &fields->time,
                 &fields->stream, &fields->number, &fields->wire_kind, &fields->author,
                 &fields->text, &key_bytes, &fields->target, &fields->version, &data_bytes);
  fields->kind = tea_event_kind_from_wire (fields->wire_kind);

  if (g_variant_get_size (key_bytes) == TEA_FINGERPRINT_SIZE)
    *key = tea_fingerprint_from_bytes (g_variant_get_data (key_bytes));
  fields->key = *key;

  if (full)
    {
      *data = g_variant_get_data_as_bytes (data_bytes);
      fields->data = *data;
      if (tea_event_rules_is_plain (fields))
        return FALSE;
    }

  return *key != NULL || g_variant_get_size (key_bytes) == 0;
}

/**
 * tea_event_record_decode:
 * @seq: the number under which the log has it, above 0
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
tea_event_record_decode (guint64 seq, GBytes *record, GError **error)
{
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GBytes) inner = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *key = NULL;
  TeaEventFields fields = { .seq = seq };
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (seq > 0, NULL);
  g_return_val_if_fail (record != NULL, NULL);

  data = g_bytes_get_data (record, &size);
  if (size > 0 && data[0] > FULL)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event was stored by a later version of this program."));
      return NULL;
    }

  if (size > 0 && data[0] >= PLAIN)
    {
      inner = g_bytes_new_from_bytes (record, 1, size - 1);
      body = tea_body_read (types[data[0]], inner);
    }

  if (body == NULL || !read_fields (body, &fields, &key, &bytes)
      || tea_event_rules_check (&fields) != NULL)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event is damaged where it is stored."));
      return NULL;
    }

  if (*fields.text == '\0')
    fields.text = NULL;

  return tea_event_new_from_fields (&fields);
}
