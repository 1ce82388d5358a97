/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event.h"

#include <string.h>

#include "tea-event-fields.h"

/* What these point to is the event's. */
struct _TeaEvent
{
  TeaEventFields fields;
};

G_DEFINE_BOXED_TYPE (TeaEvent, tea_event, tea_event_ref, tea_event_unref)

static void
tea_event_clear (gpointer data)
{
  TeaEvent *self = data;

  g_free ((char *) self->fields.author);
  g_free ((char *) self->fields.text);
  g_free ((char *) self->fields.key);
  g_clear_pointer (&self->fields.data, g_bytes_unref);
  g_clear_pointer (&self->fields.form, tea_message_form_unref);
}

/**
 * tea_event_new:
 * @kind: what happened
 * @time: when, in µs since the Unix epoch, UTC
 * @author: (nullable): who did it; %NULL where nobody did
 * @text: (nullable): what was said; %NULL where nothing was
 *
 * Makes an event.
 *
 * Returns: (transfer full): the event
 */
TeaEvent *
tea_event_new (TeaEventKind kind, gint64 time, const char *author, const char *text)
{
  return tea_event_new_from_fields (
      &(TeaEventFields){ .kind = kind, .time = time, .author = author, .text = text });
}

/**
 * tea_event_new_logged: (skip)
 * @seq: its number in the room's log, above 0
 * @kind: what happened
 * @time: when, in µs since the Unix epoch, UTC
 * @author: (nullable): who did it; %NULL where nobody did
 * @text: (nullable): what was said; %NULL where nothing was
 * @key: (nullable): the fingerprint of the author's key, where it is known
 * @stream: which of the programs of that key said it; 0 when none is known
 * @number: which of that program's messages it is, from 1 on; 0 when none is known
 *
 * Makes an event that has its place in a room's log.
 *
 * Returns: (transfer full): the event
 */
TeaEvent *
tea_event_new_logged (guint64 seq,
                      TeaEventKind kind,
                      gint64 time,
                      const char *author,
                      const char *text,
                      const char *key,
                      guint32 stream,
                      guint32 number)
{
  return tea_event_new_from_fields (&(TeaEventFields){ .seq = seq,
                                                       .kind = kind,
                                                       .time = time,
                                                       .author = author,
                                                       .text = text,
                                                       .key = key,
                                                       .stream = stream,
                                                       .number = number });
}

/**
 * tea_event_new_from_fields: (skip)
 * @fields: all that it has
 *
 * Makes an event, of whatever kind.
 *
 * Returns: (transfer full): the event
 */
TeaEvent *
tea_event_new_from_fields (const TeaEventFields *fields)
{
  TeaEvent *self;
  int wire;

  g_return_val_if_fail (fields != NULL, NULL);

  wire = tea_event_kind_to_wire (fields->kind);

  self = g_atomic_rc_box_new0 (TeaEvent);
  self->fields = *fields;
  self->fields.wire_kind = wire >= 0 ? (guint8) wire : fields->wire_kind;
  self->fields.author = g_strdup (fields->author);
  self->fields.text = g_strdup (fields->text);
  self->fields.key = g_strdup (fields->key);
  self->fields.data = NULL;
  if (fields->data != NULL && g_bytes_get_size (fields->data) > 0)
    self->fields.data = g_bytes_ref (fields->data);
  if (fields->form != NULL)
    tea_message_form_ref (fields->form);

  return self;
}

/**
 * tea_event_ref:
 * @self: an event
 *
 * Adds an owner to an event.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaEvent *
tea_event_ref (TeaEvent *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_event_unref:
 * @self: (transfer full): an event
 *
 * Gives up one ownership of the event; with the last it is freed.
 */
void
tea_event_unref (TeaEvent *self)
{
  g_atomic_rc_box_release_full (self, tea_event_clear);
}

/**
 * tea_event_get_kind:
 * @self: an event
 *
 * Tells what kind of event it is.
 *
 * Returns: what happened
 */
TeaEventKind
tea_event_get_kind (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, TEA_EVENT_NOTICE);

  return self->fields.kind;
}

/**
 * tea_event_get_time:
 * @self: an event
 *
 * Tells when it happened.
 *
 * Returns: when it happened, in µs since the Unix epoch, UTC
 */
gint64
tea_event_get_time (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.time;
}

/**
 * tea_event_get_author:
 * @self: an event
 *
 * Tells who did it.
 *
 * Returns: (nullable): who did it
 */
const char *
tea_event_get_author (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.author;
}

/**
 * tea_event_get_text:
 * @self: an event
 *
 * Tells what was said.
 *
 * Returns: (nullable): what was said
 */
const char *
tea_event_get_text (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.text;
}

/**
 * tea_event_get_seq:
 * @self: an event
 *
 * Tells its place among all that happened in the room. Numbers rise, but some may be
 * empty.
 *
 * Returns: the number in the room's log; 0 where there is none, as in classic rooms
 */
guint64
tea_event_get_seq (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.seq;
}

/**
 * tea_event_get_key:
 * @self: an event
 *
 * Tells whose key vouches for the author. Servers know that, clients need not.
 *
 * Returns: (nullable): the fingerprint of the author's key
 */
const char *
tea_event_get_key (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.key;
}

/**
 * tea_event_get_stream:
 * @self: an event
 *
 * Tells which of the author's programs said it, so that a program knows its own.
 *
 * Returns: the program's number; 0 where it is not known
 */
guint32
tea_event_get_stream (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.stream;
}

/**
 * tea_event_get_number:
 * @self: an event
 *
 * Tells which of its program's messages it is.
 *
 * Returns: the message's number, from 1 on; 0 where it is not known
 */
guint32
tea_event_get_number (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.number;
}

/**
 * tea_event_get_wire_kind: (skip)
 * @self: an event of a log
 *
 * Tells the number of its kind in frames and in logs, also of one that this program does
 * not know.
 *
 * Returns: the number
 */
guint8
tea_event_get_wire_kind (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.wire_kind;
}

/**
 * tea_event_get_target:
 * @self: an event
 *
 * Tells which event it refers to: a reply to the message that it answers.
 *
 * Returns: the number of that event in the room's log; 0 where there is none
 */
guint64
tea_event_get_target (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.target;
}

/**
 * tea_event_get_version:
 * @self: an event
 *
 * Tells up to which change of it this takes account.
 *
 * Returns: the number of that change in the room's log; 0 where it never changed
 */
guint64
tea_event_get_version (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fields.version;
}

/**
 * tea_event_get_data:
 * @self: an event
 *
 * Gets what it has besides its text. The kind of the event decides what that is.
 *
 * Returns: (nullable) (transfer none): the data
 */
GBytes *
tea_event_get_data (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.data;
}

/**
 * tea_event_get_form:
 * @self: an event
 *
 * Tells what has become of a message besides its text, up to the change that
 * tea_event_get_version() tells.
 *
 * Returns: (nullable) (transfer none): its form; %NULL where nothing has changed, and for other
 *   kinds of events
 */
TeaMessageForm *
tea_event_get_form (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->fields.form;
}

/**
 * tea_event_get_check: (skip)
 * @self: an event of a log
 *
 * Calculates what a client shows to prove that it has this event, and not another of the same
 * number: the first 8 bytes of the SHA-256 digest of number, time, stream and number of the
 * message.
 *
 * Returns: the check, not 0
 */
guint64
tea_event_get_check (TeaEvent *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint64 seq, time, check;
  guint32 stream, number;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_return_val_if_fail (self != NULL, 1);

  seq = GUINT64_TO_LE (self->fields.seq);
  time = GUINT64_TO_LE ((guint64) self->fields.time);
  stream = GUINT32_TO_LE (self->fields.stream);
  number = GUINT32_TO_LE (self->fields.number);
  g_checksum_update (checksum, (const guchar *) &seq, sizeof seq);
  g_checksum_update (checksum, (const guchar *) &time, sizeof time);
  g_checksum_update (checksum, (const guchar *) &stream, sizeof stream);
  g_checksum_update (checksum, (const guchar *) &number, sizeof number);
  g_checksum_get_digest (checksum, digest, &size);

  memcpy (&check, digest, sizeof check);
  check = GUINT64_FROM_LE (check);

  return check != 0 ? check : 1;
}

/**
 * tea_event_get_fields: (skip)
 * @self: an event
 *
 * Gets all that an event has.
 *
 * Returns: (transfer none): the fields
 */
const TeaEventFields *
tea_event_get_fields (TeaEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->fields;
}
