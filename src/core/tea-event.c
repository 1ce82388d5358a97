/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event.h"

struct _TeaEvent
{
  TeaEventKind kind;
  gint64 time;
  char *author; /* (nullable) */
  char *text;   /* (nullable) */

  guint64 seq;
  char *key; /* (nullable) */
  guint32 stream;
  guint32 number;
};

G_DEFINE_ENUM_TYPE (TeaEventKind,
                    tea_event_kind,
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_JOINED, "joined"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_LEFT, "left"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_MESSAGE, "message"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_REFUSED, "refused"))

G_DEFINE_BOXED_TYPE (TeaEvent, tea_event, tea_event_ref, tea_event_unref)

static void
tea_event_clear (gpointer data)
{
  TeaEvent *self = data;

  g_free (self->author);
  g_free (self->text);
  g_free (self->key);
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
  TeaEvent *self = g_atomic_rc_box_new0 (TeaEvent);

  self->kind = kind;
  self->time = time;
  self->author = g_strdup (author);
  self->text = g_strdup (text);

  return self;
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
  TeaEvent *self = tea_event_new (kind, time, author, text);

  self->seq = seq;
  self->key = g_strdup (key);
  self->stream = stream;
  self->number = number;

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

  return self->kind;
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

  return self->time;
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

  return self->author;
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

  return self->text;
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

  return self->seq;
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

  return self->key;
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

  return self->stream;
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

  return self->number;
}
