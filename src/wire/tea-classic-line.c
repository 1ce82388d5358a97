/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-line.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-name.h"

/* A datagram that every network carries in one piece. */
#define PRESENT_MAX_BYTES 1200
#define PRESENT_MAX_PARTS 4096

/* How servers say that somebody came or went: our own in every language we speak
 * (a test holds this list against the translations), then what others say who wrote
 * theirs from the same lesson. */
#define N_OWN_ENDINGS 3

static const char *const joined_endings[] = {
  "entered the room",    "hat den Raum betreten",
  "进入了聊天室",        "joined the room",
  "进入聊天室",          "加入了聊天室",
  "加入聊天室",          "已加入聊天室",
  "已进入聊天室",        "進入聊天室",
  "進入了聊天室",        "joined the chat",
  "entered the chat",    "come in chat",
  "joined the chatroom",
};

static const char *const left_endings[] = {
  "left the room",     "hat den Raum verlassen", "退出了聊天室", "退出聊天室",    "离开了聊天室",
  "离开聊天室",        "已退出聊天室",           "已离开聊天室", "退出了聊天",    "退出聊天",
  "離開聊天室",        "離開了聊天室",           "退出了聊天室", "left the chat", "quit chat",
  "left the chatroom",
};

/* "欢迎 %s 进入聊天室" */
static const char *const greetings[] = { "欢迎", "歡迎", "welcome", "Welcome" };

/* What stands around a name in some of them. */
static const char *const quotes[][2]
    = { { "'", "'" }, { "\"", "\"" }, { "“", "”" }, { "‘", "’" }, { "【", "】" }, { "[", "]" } };

/* "您已进入聊天室" is about nobody who is called so. */
static const char *const pronouns[] = { "您", "你", "我", "You", "you", NULL };

/* "%s 说: %s" */
static const char *const verbs[] = { "说", "說", "said", "says" };

static char *
dup_part (const char *start, const char *end)
{
  return g_strstrip (g_strndup (start, (gsize) (end - start)));
}

/* Which of the endings a line has, the longest of them; -1 for none. */
static int
find_ending (const char *line, const char *const *endings, gsize n_endings)
{
  int found = -1;

  for (gsize i = 0; i < n_endings; i++)
    if (g_str_has_suffix (line, endings[i])
        && (found < 0 || strlen (endings[i]) > strlen (endings[found])))
      found = (int) i;

  return found;
}

static void
strip_quotes (char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      gsize before = strlen (quotes[i][0]);
      gsize behind = strlen (quotes[i][1]);

      if (strlen (name) <= before + behind || !g_str_has_prefix (name, quotes[i][0])
          || !g_str_has_suffix (name, quotes[i][1]))
        continue;

      name[strlen (name) - behind] = '\0';
      memmove (name, name + before, strlen (name + before) + 1);
      g_strstrip (name);
    }
}

/* Takes a greeting away, if one is there. */
static gboolean
strip_greeting (char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (greetings); i++)
    if (g_str_has_prefix (name, greetings[i]))
      {
        memmove (name, name + strlen (greetings[i]), strlen (name + strlen (greetings[i])) + 1);
        g_strstrip (name);
        return TRUE;
      }

  return FALSE;
}

/* The name before one of the endings; NULL when the line is something else. What our own
 * servers say is only that, so that people can be called like a greeting there. */
static char *
match_ending (const char *line, const char *const *endings, gsize n_endings)
{
  g_autofree char *plain = g_strdup (line);
  g_autofree char *name = NULL;
  int ending = find_ending (line, endings, n_endings);
  gboolean is_own = ending >= 0 && ending < N_OWN_ENDINGS;

  for (const char *end = plain + strlen (plain); ending < 0 && end > plain;)
    {
      end = g_utf8_find_prev_char (plain, end);
      if (g_utf8_strchr ("!！.。…~", -1, g_utf8_get_char (end)) == NULL)
        break;
      plain[end - plain] = '\0';
      ending = find_ending (plain, endings, n_endings);
    }
  if (ending < 0)
    return NULL;

  name = dup_part (plain, plain + strlen (plain) - strlen (endings[ending]));
  if (is_own && !g_strv_contains (pronouns, name) && tea_name_validate (name, NULL))
    return g_steal_pointer (&name);

  strip_greeting (name);
  strip_quotes (name);
  if (g_strv_contains (pronouns, name) || !tea_name_validate (name, NULL))
    return NULL;

  return g_steal_pointer (&name);
}

static const char *
find_colon (const char *line, const char **after)
{
  for (const char *p = line; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == ':' || c == 0xff1a)
        {
          *after = g_utf8_next_char (p);
          return p;
        }
    }

  return NULL;
}

static gboolean
has_space (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

/* Takes "said" away from "name said", or from "name说" where @is_close. Returns whether it is
 * sure then who the author is: "小说: text" may be said by 小 or by 小说. */
static gboolean
strip_verb (char *author, gboolean is_close)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      gsize size = strlen (author);
      gsize verb_size = strlen (verbs[i]);
      const char *before;

      if (size <= verb_size || !g_str_has_suffix (author, verbs[i]))
        continue;

      before = g_utf8_find_prev_char (author, author + size - verb_size);
      if (g_unichar_isspace (g_utf8_get_char (before)))
        {
          author[before - author] = '\0';
          g_strchomp (author);
          return TRUE;
        }

      /* Not behind letters that make one word with it: "Noorsaid". */
      if (g_ascii_isalpha (*verbs[i]))
        continue;

      author[size - verb_size] = '\0';
      return is_close;
    }

  return TRUE;
}

/* "name ： text", with either colon and any spacing. What our own server writes has
 * exactly one space after the colon: spaces beyond it belong to the text. */
static gboolean
match_message (TeaClassicLine *self, const char *line)
{
  const char *after = NULL;
  const char *colon = find_colon (line, &after);

  if (colon == NULL)
    return FALSE;

  self->author = dup_part (line, colon);
  if ((colon > line && !g_ascii_isspace (colon[-1]) && !strip_verb (self->author, *after != ' '))
      || *self->author == '\0' || has_space (self->author))
    {
      g_clear_pointer (&self->author, g_free);
      return FALSE;
    }

  self->kind = TEA_CLASSIC_LINE_MESSAGE;
  self->text = g_strdup (*after == ' ' ? after + 1 : after);

  return TRUE;
}

/* "W part/parts name name …" */
static gboolean
match_present (TeaClassicLine *self, const char *line)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GStrvBuilder) names = NULL;
  guint64 part = 0;
  guint64 n_parts = 0;
  char *slash;

  if (!g_str_has_prefix (line, "W "))
    return FALSE;

  words = g_strsplit (line + 2, " ", -1);
  slash = words[0] != NULL ? strchr (words[0], '/') : NULL;
  if (slash == NULL)
    return FALSE;

  *slash = '\0';
  if (!g_ascii_string_to_unsigned (slash + 1, 10, 1, PRESENT_MAX_PARTS, &n_parts, NULL)
      || !g_ascii_string_to_unsigned (words[0], 10, 1, n_parts, &part, NULL))
    return FALSE;

  names = g_strv_builder_new ();
  for (char **word = words + 1; *word != NULL; word++)
    if (tea_name_validate (*word, NULL))
      g_strv_builder_add (names, *word);

  self->kind = TEA_CLASSIC_LINE_PRESENT;
  self->part = (guint) part;
  self->n_parts = (guint) n_parts;
  self->names = g_strv_builder_end (names);

  return TRUE;
}

static gboolean
is_accepting (const char *line)
{
  return g_ascii_strcasecmp (line, "Y") == 0 || g_ascii_strcasecmp (line, "OK") == 0;
}

static void
set_refused (TeaClassicLine *self, const char *reason)
{
  self->kind = TEA_CLASSIC_LINE_REFUSED;
  self->text = g_strdup (*reason != '\0' ? reason : _ ("The server refused, and did not say why."));
}

static gboolean
match_refused (TeaClassicLine *self, const char *line)
{
  if (line[0] != 'N' || (line[1] != '\0' && line[1] != ' '))
    return FALSE;

  set_refused (self, line[1] == ' ' ? line + 2 : "");

  return TRUE;
}

/* What is left of C strings in buffers of zeros is dropped, and what is not UTF-8 is
 * made visible as such. */
static char *
dup_valid (const guint8 *data, gsize size)
{
  while (size > 0 && data[size - 1] == '\0')
    size--;

  return size > 0 ? g_utf8_make_valid ((const char *) data, (gssize) size) : g_strdup ("");
}

/**
 * tea_classic_line_parse:
 * @data: (array length=size): a datagram from the server of the room one is in
 * @size: its size in bytes
 *
 * Reads what a server says to somebody who is in its room. Every datagram is
 * something: what no rule fits is a notice.
 *
 * Returns: (transfer full): what is said
 */
TeaClassicLine *
tea_classic_line_parse (const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicLine) self = g_new0 (TeaClassicLine, 1);
  g_autofree char *line = NULL;
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  line = dup_valid (data, size);
  stripped = g_strstrip (g_strdup (line));

  if (is_accepting (stripped))
    {
      self->kind = TEA_CLASSIC_LINE_ACCEPTED;
      return g_steal_pointer (&self);
    }

  if (g_ascii_strcasecmp (stripped, "EXIT") == 0)
    {
      self->kind = TEA_CLASSIC_LINE_EXIT;
      return g_steal_pointer (&self);
    }

  if (match_message (self, line) || match_present (self, stripped))
    return g_steal_pointer (&self);

  self->author = match_ending (stripped, joined_endings, G_N_ELEMENTS (joined_endings));
  if (self->author != NULL)
    {
      self->kind = TEA_CLASSIC_LINE_JOINED;
      return g_steal_pointer (&self);
    }

  self->author = match_ending (stripped, left_endings, G_N_ELEMENTS (left_endings));
  if (self->author != NULL)
    {
      self->kind = TEA_CLASSIC_LINE_LEFT;
      return g_steal_pointer (&self);
    }

  if (match_refused (self, stripped))
    return g_steal_pointer (&self);

  self->kind = TEA_CLASSIC_LINE_NOTICE;
  self->text = g_steal_pointer (&stripped);

  return g_steal_pointer (&self);
}

/**
 * tea_classic_line_parse_answer:
 * @data: (array length=size): a datagram from the server of the room one wants to enter
 * @size: its size in bytes
 *
 * Reads what a server says to somebody who asked to enter: `Y` and `OK`, in any case,
 * grant it; any other text refuses it and is the reason.
 *
 * Returns: (transfer full): %TEA_CLASSIC_LINE_ACCEPTED or %TEA_CLASSIC_LINE_REFUSED
 */
TeaClassicLine *
tea_classic_line_parse_answer (const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicLine) self = g_new0 (TeaClassicLine, 1);
  g_autofree char *line = NULL;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  line = g_strstrip (dup_valid (data, size));

  if (is_accepting (line))
    {
      self->kind = TEA_CLASSIC_LINE_ACCEPTED;
    }
  else if (!match_refused (self, line))
    {
      set_refused (self, line);
    }

  return g_steal_pointer (&self);
}

/**
 * tea_classic_line_to_event:
 * @self: a line
 * @time: when it came, in µs since the Unix epoch
 *
 * Returns: (transfer full) (nullable): what the line tells about the room, to the
 *   person who is in it; %NULL where it tells nothing
 */
TeaEvent *
tea_classic_line_to_event (TeaClassicLine *self, gint64 time)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->kind)
    {
    case TEA_CLASSIC_LINE_MESSAGE:
      return tea_event_new (TEA_EVENT_MESSAGE, time, self->author, self->text);
    case TEA_CLASSIC_LINE_JOINED:
      return tea_event_new (TEA_EVENT_JOINED, time, self->author, NULL);
    case TEA_CLASSIC_LINE_LEFT:
      return tea_event_new (TEA_EVENT_LEFT, time, self->author, NULL);
    case TEA_CLASSIC_LINE_NOTICE:
      return tea_event_new (TEA_EVENT_NOTICE, time, NULL, self->text);
    case TEA_CLASSIC_LINE_REFUSED:
      return tea_event_new (TEA_EVENT_REFUSED, time, NULL, self->text);
    case TEA_CLASSIC_LINE_ACCEPTED:
    case TEA_CLASSIC_LINE_EXIT:
    case TEA_CLASSIC_LINE_PRESENT:
    default:
      return NULL;
    }
}

/**
 * tea_classic_line_is_from_room:
 * @data: (array length=size): a datagram from a server
 * @size: its size in bytes
 *
 * Tells whether a datagram can only be about what happens in a room, not an answer to
 * a request to enter: somebody came or went, or speaks, with the full-width colon and
 * a space on both sides as the seed has it.
 *
 * Returns: whether it is that
 */
gboolean
tea_classic_line_is_from_room (const guint8 *data, gsize size)
{
  g_autoptr (TeaClassicLine) line = tea_classic_line_parse (data, size);
  g_autofree char *start = NULL;

  if (line->kind == TEA_CLASSIC_LINE_JOINED || line->kind == TEA_CLASSIC_LINE_LEFT)
    return TRUE;

  if (line->kind != TEA_CLASSIC_LINE_MESSAGE)
    return FALSE;

  start = g_strconcat (line->author, " ： ", NULL);

  return size >= strlen (start) && memcmp (data, start, strlen (start)) == 0;
}

/**
 * tea_classic_line_free:
 * @self: (transfer full): a line
 *
 * Frees a line.
 */
void
tea_classic_line_free (TeaClassicLine *self)
{
  g_free (self->author);
  g_free (self->text);
  g_strfreev (self->names);
  g_free (self);
}

static GBytes *
take_line (char *line)
{
  return g_bytes_new_take (line, strlen (line));
}

/**
 * tea_classic_line_encode_refused:
 * @reason: why a request is refused, a sentence for a person
 *
 * Returns: (transfer full): the datagram `N reason`
 */
GBytes *
tea_classic_line_encode_refused (const char *reason)
{
  return take_line (g_strdup_printf ("N %s", reason));
}

static gboolean
steers_terminals (const char *p)
{
  gunichar c = g_utf8_get_char (p);

  return g_unichar_iscntrl (c) && c != '\n' && c != '\t' && !(c == '\r' && p[1] == '\n');
}

/* Many clients print what comes as it is. */
static char *
replace_controls (const char *text)
{
  g_autoptr (GString) safe = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (safe, steers_terminals (p) ? 0xfffd : g_utf8_get_char (p));

  return g_string_free (g_steal_pointer (&safe), FALSE);
}

/**
 * tea_classic_line_encode_message:
 * @author: who says it
 * @text: what is said, in valid UTF-8; of its control characters only line ends and tabs go
 *   over the wire
 *
 * Returns: (transfer full): the datagram `author ： text`, the same in every language
 */
GBytes *
tea_classic_line_encode_message (const char *author, const char *text)
{
  g_autofree char *safe = replace_controls (text);

  return take_line (g_strdup_printf ("%s ： %s", author, safe));
}

/**
 * tea_classic_line_encode_joined:
 * @name: who entered
 *
 * Returns: (transfer full): the datagram that says so, in the program's language
 */
GBytes *
tea_classic_line_encode_joined (const char *name)
{
  /* Translators: this goes over the wire to clients of all kinds, which know it by
   * how it ends: keep “%s” first. Tell joined_endings in tea-classic-line.c. */
  return take_line (g_strdup_printf (_ ("%s entered the room"), name));
}

/**
 * tea_classic_line_encode_left:
 * @name: who left, or was cut off
 *
 * Returns: (transfer full): the datagram that says so, in the program's language
 */
GBytes *
tea_classic_line_encode_left (const char *name)
{
  /* Translators: this goes over the wire to clients of all kinds, which know it by
   * how it ends: keep “%s” first. Tell left_endings in tea-classic-line.c. */
  return take_line (g_strdup_printf (_ ("%s left the room"), name));
}

/**
 * tea_classic_line_encode_present:
 * @names: (array zero-terminated=1): everyone in the room
 *
 * Writes the answer to "who is here" in as many datagrams as it needs, none over
 * 1,200 bytes.
 *
 * Returns: (transfer full) (element-type GBytes): the datagrams, at least one
 */
GPtrArray *
tea_classic_line_encode_present (const char *const *names)
{
  g_autoptr (GPtrArray) bodies = g_ptr_array_new ();
  GPtrArray *datagrams = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GString *body = g_string_new (NULL);
  /* "W 4096/4096" at the most */
  const gsize room = PRESENT_MAX_BYTES - 11;

  g_return_val_if_fail (names != NULL, NULL);

  for (; *names != NULL; names++)
    {
      if (body->len + 1 + strlen (*names) > room)
        {
          g_ptr_array_add (bodies, body);
          body = g_string_new (NULL);
        }

      g_string_append_printf (body, " %s", *names);
    }
  g_ptr_array_add (bodies, body);

  for (guint i = 0; i < bodies->len; i++)
    {
      GString *part = g_ptr_array_index (bodies, i);

      g_ptr_array_add (datagrams,
                       take_line (g_strdup_printf ("W %u/%u%s", i + 1, bodies->len, part->str)));
      g_string_free (part, TRUE);
    }

  return datagrams;
}
