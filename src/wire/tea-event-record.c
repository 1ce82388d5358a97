/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-record.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-classic-request.h"
#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-frame.h"

/* A record is a byte that tells its version, and what that version has: here a GVariant
 * in little-endian normal form of the time, the stream, the message's number, the kind,
 * the author, the text ("" for none) and the author's key (32 bytes, or none). Logs live
 * long: what one version wrote, all later ones read. */
#define VERSION 1
#define TYPE_VERSION_1 "(xuuyssay)"

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
 * @event: somebody joined, left or said something
 *
 * Writes an event as a log keeps it: all of it but its number in the log, which is the
 * log's to give.
 *
 * Returns: (transfer full): the record
 */
GBytes *
tea_event_record_encode (TeaEvent *event)
{
  g_autoptr (GVariant) body = NULL;
  const char *text;
  guint8 *record;
  gsize size;

  g_return_val_if_fail (event != NULL, NULL);
  g_return_val_if_fail (tea_event_get_kind (event) <= TEA_EVENT_MESSAGE, NULL);
  g_return_val_if_fail (tea_event_get_author (event) != NULL, NULL);

  text = tea_event_get_text (event);
  body = g_variant_ref_sink (
      g_variant_new ("(xuuyss@ay)", tea_event_get_time (event), tea_event_get_stream (event),
                     tea_event_get_number (event), (guint8) tea_event_get_kind (event),
                     tea_event_get_author (event), text != NULL ? text : "",
                     key_to_variant (tea_event_get_key (event))));

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
  {
    g_autoptr (GVariant) native = g_steal_pointer (&body);

    body = g_variant_byteswap (native);
  }
#endif

  size = g_variant_get_size (body);
  record = g_malloc (1 + size);
  record[0] = VERSION;
  memcpy (record + 1, g_variant_get_data (body), size);

  return g_bytes_new_take (record, 1 + size);
}

static GVariant *
read_body (GBytes *record)
{
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (record, 1, g_bytes_get_size (record) - 1);
  g_autoptr (GVariant) body = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (TYPE_VERSION_1), bytes, FALSE));

  if (!g_variant_is_normal_form (body))
    return NULL;

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  return g_steal_pointer (&body);
#else
  return g_variant_byteswap (body);
#endif
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
  g_autoptr (GVariant) key = NULL;
  g_autofree char *fingerprint = NULL;
  const guint8 *data;
  gsize size;
  gint64 time = 0;
  guint32 stream = 0;
  guint32 number = 0;
  guint8 kind = 0;
  const char *author = "";
  const char *text = "";
  gsize key_size = 0;

  g_return_val_if_fail (seq > 0, NULL);
  g_return_val_if_fail (record != NULL, NULL);

  data = g_bytes_get_data (record, &size);
  if (size > 0 && data[0] > VERSION)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event was stored by a later version of this program."));
      return NULL;
    }

  if (size > 0 && data[0] == VERSION)
    body = read_body (record);

  if (body != NULL)
    {
      g_variant_get (body, "(xuuy&s&s@ay)", &time, &stream, &number, &kind, &author, &text, &key);
      key_size = g_variant_get_size (key);
      if (key_size == TEA_FINGERPRINT_SIZE)
        fingerprint = tea_fingerprint_from_bytes (g_variant_get_data (key));
    }

  if (time < 0 || time > TEA_EVENT_MAX_TIME || kind > TEA_EVENT_MESSAGE
      || (number > 0 && stream == 0) || *author == '\0' || strlen (author) > TEA_WIRE_NAME_MAX_BYTES
      || strlen (text) > TEA_TEXT_MAX_BYTES || (kind == TEA_EVENT_MESSAGE) != (*text != '\0')
      || (key_size > 0 && fingerprint == NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_REQUEST_INVALID,
                           _ ("This event is damaged where it is stored."));
      return NULL;
    }

  return tea_event_new_logged (seq, (TeaEventKind) kind, time, author, *text != '\0' ? text : NULL,
                               fingerprint, stream, number);
}
