/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-event.h"

#include <string.h>

#include "tea-body.h"
#include "tea-event-fields.h"
#include "tea-frame-rules.h"

/* The body of an EVENT is a GVariant of the type (txuuyss) as all others are, but events
 * come by the thousand, and GVariant takes ten times as long. As it happens, nothing in it
 * is padded: the number (8 bytes), the time (8), the stream (4), the message's number (4),
 * the kind (1), the author and a zero, the text and a zero, and where the author's zero
 * ends: a number of one byte, or of two where the whole would have more than 255. */
#define AUTHOR_START 25

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
  author_end = (gsize) tea_body_read_number (body + text_end, offset_size);
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
tea_frame_event_read (TeaFrame *frame, const guint8 *body, gsize size)
{
  TeaEventFields fields = { 0 };
  const char *author;
  const char *text;

  if (!find_strings (body, size, &author, &text))
    return "the body is in normal form";

  fields.seq = tea_body_read_number (body, 8);
  fields.time = (gint64) tea_body_read_number (body + 8, 8);
  fields.stream = (guint32) tea_body_read_number (body + 16, 4);
  fields.number = (guint32) tea_body_read_number (body + 20, 4);
  fields.wire_kind = body[24];
  fields.kind = tea_event_kind_from_wire (fields.wire_kind);
  fields.author = author;
  fields.text = *text != '\0' ? text : NULL;
  frame->event.event = tea_event_new_from_fields (&fields);

  return tea_frame_rules_check (frame);
}

/* Writes an EVENT that keeps to the rules. */
GBytes *
tea_frame_event_write (const TeaFrame *frame)
{
  const TeaEventFields *fields = tea_event_get_fields (frame->event.event);
  const char *text = fields->text != NULL ? fields->text : "";
  gsize author_size = strlen (fields->author) + 1;
  gsize text_size = strlen (text) + 1;
  gsize size, offset_size;
  guint8 *bytes, *end;

  g_return_val_if_fail (g_utf8_validate_len (fields->author, author_size - 1, NULL), NULL);
  g_return_val_if_fail (g_utf8_validate_len (text, text_size - 1, NULL), NULL);

  size = AUTHOR_START + author_size + text_size;
  offset_size = get_offset_size (size);
  size += offset_size;

  bytes = g_malloc (TEA_FRAME_HEAD_SIZE + size);
  end = tea_body_write_number (bytes, TEA_FRAME_EVENT, 1);
  end = tea_body_write_number (end, size, 2);
  end = tea_body_write_number (end, fields->seq, 8);
  end = tea_body_write_number (end, (guint64) fields->time, 8);
  end = tea_body_write_number (end, fields->stream, 4);
  end = tea_body_write_number (end, fields->number, 4);
  end = tea_body_write_number (end, fields->wire_kind, 1);
  memcpy (end, fields->author, author_size);
  memcpy (end + author_size, text, text_size);
  tea_body_write_number (end + author_size + text_size, AUTHOR_START + author_size, offset_size);

  return g_bytes_new_take (bytes, TEA_FRAME_HEAD_SIZE + size);
}
