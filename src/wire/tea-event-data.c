/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-data.h"

#include <string.h>

#include "tea-body.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"

/* What events have besides their text, in the form that MORE, TELL and logs have. */

#define SETTINGS_TYPE "(ssuut)"

static gboolean
is_one_of (GBytes *data, const char *bytes)
{
  gsize size;
  const char *byte = g_bytes_get_data (data, &size);

  return size == 1 && memchr (bytes, *byte, 2) != NULL;
}

/**
 * tea_room_settings_clear:
 * @self: settings
 *
 * Frees what settings hold.
 */
void
tea_room_settings_clear (TeaRoomSettings *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->title, g_free);
}

/**
 * tea_event_data_is_allowed:
 * @kind: a kind of events
 * @data: (nullable): the data of such an event; %NULL for none
 *
 * Tells whether data is what events of a kind have. What a later version gives messages, and
 * kinds that are not known, is its business.
 *
 * Returns: whether it is
 */
gboolean
tea_event_data_is_allowed (TeaEventKind kind, GBytes *data)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;
  gsize size = data != NULL ? g_bytes_get_size (data) : 0;

  if (size > TEA_DATA_MAX_BYTES)
    return FALSE;

  switch (kind)
    {
    case TEA_EVENT_MESSAGE:
    case TEA_EVENT_OTHER:
      return TRUE;
    case TEA_EVENT_INVITED:
      return size == TEA_FINGERPRINT_SIZE;
    case TEA_EVENT_SETTINGS:
      return size > 0 && tea_event_data_decode_settings (data, &settings);
    case TEA_EVENT_ARCHIVED:
      return size > 0 && is_one_of (data, "\000\001");
    case TEA_EVENT_JOINED:
    case TEA_EVENT_LEFT:
    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
    default:
      return size == 0;
    }
}

/**
 * tea_event_data_encode_settings:
 * @settings: the settings of a room
 *
 * Writes the data of an event of the kind %TEA_EVENT_SETTINGS.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_settings (const TeaRoomSettings *settings)
{
  g_autoptr (GVariant) body = NULL;

  g_return_val_if_fail (settings != NULL, NULL);
  g_return_val_if_fail (settings->address != NULL && settings->title != NULL, NULL);
  g_return_val_if_fail (strlen (settings->address) <= TEA_WIRE_LABEL_MAX_BYTES, NULL);
  g_return_val_if_fail (strlen (settings->title) <= TEA_WIRE_LABEL_MAX_BYTES, NULL);

  body = tea_body_write (g_variant_new (SETTINGS_TYPE, settings->address, settings->title,
                                        (guint32) settings->flags, settings->retain_days,
                                        settings->retain_events));

  return g_variant_get_data_as_bytes (body);
}

/**
 * tea_event_data_decode_settings:
 * @data: (nullable): the data of an event
 * @settings: (out caller-allocates): where to put the settings
 *
 * Reads the data of an event of the kind %TEA_EVENT_SETTINGS.
 *
 * Returns: whether it is such data; otherwise @settings is as it was
 */
gboolean
tea_event_data_decode_settings (GBytes *data, TeaRoomSettings *settings)
{
  g_autoptr (GVariant) body = NULL;
  const char *address, *title;
  guint32 flags, retain_days;
  guint64 retain_events;

  g_return_val_if_fail (settings != NULL, FALSE);

  body = data != NULL ? tea_body_read (SETTINGS_TYPE, data) : NULL;
  if (body == NULL)
    return FALSE;

  g_variant_get (body, "(&s&suut)", &address, &title, &flags, &retain_days, &retain_events);
  if (strlen (address) > TEA_WIRE_LABEL_MAX_BYTES || strlen (title) > TEA_WIRE_LABEL_MAX_BYTES)
    return FALSE;

  tea_room_settings_clear (settings);
  settings->address = g_strdup (address);
  settings->title = g_strdup (title);
  settings->flags = (TeaRoomFlags) flags;
  settings->retain_days = retain_days;
  settings->retain_events = retain_events;

  return TRUE;
}

/**
 * tea_event_data_encode_key:
 * @fingerprint: of the key that is invited
 *
 * Writes the data of an event of the kind %TEA_EVENT_INVITED.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_key (const char *fingerprint)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_return_val_if_fail (fingerprint != NULL, NULL);
  g_return_val_if_fail (tea_fingerprint_to_bytes (fingerprint, digest), NULL);

  return g_bytes_new (digest, sizeof digest);
}

/**
 * tea_event_data_decode_key:
 * @data: (nullable): the data of an event
 *
 * Reads the data of an event of the kind %TEA_EVENT_INVITED.
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key; %NULL if it is no such data
 */
char *
tea_event_data_decode_key (GBytes *data)
{
  if (data == NULL || g_bytes_get_size (data) != TEA_FINGERPRINT_SIZE)
    return NULL;

  return tea_fingerprint_from_bytes (g_bytes_get_data (data, NULL));
}

/**
 * tea_event_data_encode_archived:
 * @archived: whether the room is archived from then on
 *
 * Writes the data of an event of the kind %TEA_EVENT_ARCHIVED.
 *
 * Returns: (transfer full): the data
 */
GBytes *
tea_event_data_encode_archived (gboolean archived)
{
  return g_bytes_new_static (archived ? "\001" : "\000", 1);
}

/**
 * tea_event_data_decode_archived:
 * @data: (nullable): the data of an event
 * @archived: (out): where to put whether the room is archived from then on
 *
 * Reads the data of an event of the kind %TEA_EVENT_ARCHIVED.
 *
 * Returns: whether it is such data
 */
gboolean
tea_event_data_decode_archived (GBytes *data, gboolean *archived)
{
  g_return_val_if_fail (archived != NULL, FALSE);

  if (data == NULL || !is_one_of (data, "\000\001"))
    return FALSE;

  *archived = *(const guint8 *) g_bytes_get_data (data, NULL) != 0;

  return TRUE;
}
