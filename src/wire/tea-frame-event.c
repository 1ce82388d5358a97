/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-private.h"

#include <string.h>

#include "tea-event-fields.h"

/* The body of an EVENT is a GVariant of the type (txuuyss) as all others are, but events
 * come by the thousand, and GVariant takes ten times as long. As it happens, nothing in it
 * is padded: the number (8 bytes), the time (8), the stream (4), the message's number (4),
 * the kind (1), the author and a zero, the text and a zero, and where the author's zero
 * ends: a number of one byte, or of two where the whole would have more than 255. */
#define AUTHOR_START 25

static guint64
read_number (const guint8 *data, gsize size)
{
  guint64 number = 0;

  while (size-- > 0)
    number = number << 8 | data[size];

  return number;
}

static guint8 *
write_number (guint8 *data, guint64 number, gsize size)
{
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (number >> (8 * i));

  return data + size;
}

static gsize
get_offset_size (gsize strings_end)
{
  return strings_end + 1 <= G_MAXUINT8 ? 1 : 2;
}

/* Finds the strings of a body in normal form. */
static gboolean
find_strings (const guint8 *body, gsize size, const char **author, const char **text)
{
  gsize offset_size = size <= G_MAXUINT8 ? 1 : 2;
  gsize author_end;
  gsize text_end;

  if (size < AUTHOR_START + 3)
    return FALSE;

  text_end = size - offset_size;
  author_end = (gsize) read_number (body + text_end, offset_size);
  if (get_offset_size (text_end) != offset_size || author_end <= AUTHOR_START
      || author_end >= text_end || body[author_end - 1] != '\0' || body[text_end - 1] != '\0')
    return FALSE;

  *author = (const char *) body + AUTHOR_START;
  *text = (const char *) body + author_end;

  return g_utf8_validate_len (*author, author_end - AUTHOR_START - 1, NULL)
         && g_utf8_validate_len (*text, text_end - author_end - 1, NULL);
}

/* Reads the body of an EVENT; returns which rule it breaks. */
const char *
tea_frame_read_event (const guint8 *body, gsize size, TeaEvent **event)
{
  const char *author;
  const char *text;
  guint64 seq;
  gint64 time;
  guint32 stream;
  guint32 number;
  TeaEventKind kind;

  TEA_FRAME_CHECK (find_strings (body, size, &author, &text), "the body is in normal form");

  seq = read_number (body, 8);
  time = (gint64) read_number (body + 8, 8);
  stream = (guint32) read_number (body + 16, 4);
  number = (guint32) read_number (body + 20, 4);
  kind = tea_event_kind_from_wire (body[24]);

  TEA_FRAME_CHECK (seq > 0, "the event's number is not 0");
  TEA_FRAME_CHECK (time >= 0 && time <= TEA_EVENT_MAX_TIME, "the time is within 1970 and 9999");
  TEA_FRAME_CHECK (number == 0 || stream > 0, "what has a number has a stream");
  TEA_FRAME_CHECK (*author != '\0', "there is an author");
  TEA_FRAME_CHECK (strlen (author) <= TEA_WIRE_NAME_MAX_BYTES, "the author fits");
  TEA_FRAME_CHECK (strlen (text) <= TEA_TEXT_MAX_BYTES, "the text fits");
  TEA_FRAME_CHECK (*text != '\0' || !tea_event_kind_needs_text (kind), "a message has a text");
  TEA_FRAME_CHECK (*text == '\0' || tea_event_kind_may_have_text (kind),
                   "what has no text in its kind has none");

  *event = tea_event_new_from_fields (&(TeaEventFields){ .seq = seq,
                                                         .kind = kind,
                                                         .wire_kind = body[24],
                                                         .time = time,
                                                         .author = author,
                                                         .text = *text != '\0' ? text : NULL,
                                                         .stream = stream,
                                                         .number = number });

  return NULL;
}

/**
 * tea_frame_encode_event:
 * @event: an event of a log, with its number there
 *
 * Writes an event, without its author's key. The frame of a long message is too long for
 * a packet: see tea_frame_split_event().
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_encode_event (TeaEvent *event)
{
  const char *author;
  const char *text;
  gsize author_size, text_size, size, offset_size;
  guint8 *frame, *end;

  g_return_val_if_fail (event != NULL, NULL);
  g_return_val_if_fail (tea_event_get_seq (event) > 0, NULL);
  g_return_val_if_fail (tea_event_kind_is_logged (tea_event_get_kind (event)), NULL);
  g_return_val_if_fail (tea_event_get_author (event) != NULL, NULL);

  author = tea_event_get_author (event);
  text = tea_event_get_text (event) != NULL ? tea_event_get_text (event) : "";
  author_size = strlen (author) + 1;
  text_size = strlen (text) + 1;
  g_return_val_if_fail (author_size > 1 && author_size <= TEA_WIRE_NAME_MAX_BYTES + 1, NULL);
  g_return_val_if_fail (text_size <= TEA_TEXT_MAX_BYTES + 1, NULL);
  g_return_val_if_fail (g_utf8_validate_len (author, author_size - 1, NULL), NULL);
  g_return_val_if_fail (g_utf8_validate_len (text, text_size - 1, NULL), NULL);
  g_return_val_if_fail (text_size == 1 || tea_event_kind_may_have_text (tea_event_get_kind (event)),
                        NULL);
  g_return_val_if_fail (text_size > 1 || !tea_event_kind_needs_text (tea_event_get_kind (event)),
                        NULL);

  size = AUTHOR_START + author_size + text_size;
  offset_size = get_offset_size (size);
  size += offset_size;

  frame = g_malloc (TEA_FRAME_HEAD_SIZE + size);
  end = write_number (frame, TEA_FRAME_EVENT, 1);
  end = write_number (end, size, 2);
  end = write_number (end, tea_event_get_seq (event), 8);
  end = write_number (end, (guint64) tea_event_get_time (event), 8);
  end = write_number (end, tea_event_get_stream (event), 4);
  end = write_number (end, tea_event_get_number (event), 4);
  end = write_number (end, tea_event_get_wire_kind (event), 1);
  memcpy (end, author, author_size);
  memcpy (end + author_size, text, text_size);
  write_number (end + author_size + text_size, AUTHOR_START + author_size, offset_size);

  return g_bytes_new_take (frame, TEA_FRAME_HEAD_SIZE + size);
}
