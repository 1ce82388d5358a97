/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-parts.h"

#include <string.h>

#define FENCE "```"

/* Behind the fence the language may be told, in one word. */
#define MAX_LANGUAGE 20

/* Each block of code is a widget: of more of them the rest is shown as text. */
#define MAX_BLOCKS 20

static void
part_free (gpointer data)
{
  TeaMessagePart *part = data;

  g_free (part->text);
  g_free (part);
}

static void
add (GPtrArray *parts, const char *start, const char *end, gboolean is_code)
{
  TeaMessagePart *part = g_new0 (TeaMessagePart, 1);

  part->text = g_strndup (start, (gsize) (end - start));
  part->is_code = is_code;
  g_ptr_array_add (parts, part);
}

/* The breaks of lines before and after code are those between the parts. */
static void
add_text (GPtrArray *parts, const char *start, const char *end)
{
  while (start < end && *start == '\n')
    start++;
  while (start < end && end[-1] == '\n')
    end--;
  if (start < end)
    add (parts, start, end, FALSE);
}

static const char *
skip_language (const char *code)
{
  const char *end = code;

  while (g_ascii_isalnum (*end) || (*end != '\0' && strchr ("+-#._", *end) != NULL))
    end++;
  while (*end == ' ')
    end++;

  return *end == '\n' && end - code <= MAX_LANGUAGE ? end + 1 : code;
}

/* Finds the code of a block that begins at the beginning of a line, and where what follows it
 * begins; %FALSE if there is none. */
static gboolean
read_block (const char *line, const char **code, const char **code_end, const char **next)
{
  const char *end;

  if (!g_str_has_prefix (line, FENCE))
    return FALSE;

  *code = skip_language (line + strlen (FENCE));
  end = strstr (*code, FENCE);
  if (end == NULL)
    return FALSE;

  *next = end + strlen (FENCE);
  *next += strspn (*next, " ");
  if (**next != '\n' && **next != '\0')
    return FALSE;

  *code_end = end > *code && end[-1] == '\n' ? end - 1 : end;

  return *code_end > *code;
}

/**
 * tea_message_parts_new:
 * @text: what somebody wrote
 *
 * Takes the blocks of code out of a message: what is between two lines that begin and end with
 * three backticks. Such code within a line is a part of the text.
 *
 * Returns: (transfer full) (element-type TeaMessagePart): the parts, at least one
 */
GPtrArray *
tea_message_parts_new (const char *text)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (part_free);
  const char *start = text;
  const char *line = text;
  guint n_blocks = 0;

  g_return_val_if_fail (text != NULL, parts);

  while (line != NULL && n_blocks < MAX_BLOCKS)
    {
      const char *code;
      const char *code_end;
      const char *next;

      if (read_block (line, &code, &code_end, &next))
        {
          add_text (parts, start, line);
          add (parts, code, code_end, TRUE);
          n_blocks++;
          start = line = next;
          continue;
        }

      line = strchr (line, '\n');
      if (line != NULL)
        line++;
    }

  if (n_blocks == 0)
    add (parts, text, text + strlen (text), FALSE);
  else
    add_text (parts, start, text + strlen (text));

  return parts;
}
