/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-link.h"

#include <gio/gio.h>
#include <string.h>

#include "tea-room-address.h"

/* Links in running text. What a link can hold is what the URL Standard (WHATWG) calls a
 * valid URL string; where it ends is a matter of the sentence around it, which may go on
 * without a space. */

#define HTTP "http://"
#define HTTPS "https://"
#define TEAHOUSE "teahouse://"
#define WWW "www."

/* A link to a room is tried by reading it: no longer one than anybody makes. */
#define MAX_ROOM_LINK 2048

#define MAX_HOST 253

typedef struct
{
  const char *start;
  const char *end;
  const char *last_label;
  guint n_labels;
} Host;

static gboolean
has_prefix (const char *text, const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

static gboolean
is_joiner (gunichar c)
{
  return c == 0x200c || c == 0x200d;
}

/* What a sentence goes on with after a link, also without a space: the punctuation of
 * Chinese and its neighbours, quotation marks and brackets, dashes and dots of omission. */
static gboolean
ends_link (gunichar c)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
      return TRUE;
    case G_UNICODE_OTHER_PUNCTUATION:
      /* The dot that parts names in Japanese belongs to them. */
      return (g_unichar_iswide (c) && c != 0x30fb) || c == 0x2026;
    case G_UNICODE_DASH_PUNCTUATION:
      return c == 0x2014 || c == 0x2015;
    default:
      return c >= 0xff01 && c <= 0xff5e && !g_unichar_isalnum (c);
    }
}

/* The URL code points, the percent sign, and what browsers take as well in a path. */
static gboolean
is_in_link (gunichar c)
{
  if (c < 0x80)
    return c > 0x20 && c != 0x7f && strchr ("<>\"`\\", (int) c) == NULL;

  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
      return FALSE;
    case G_UNICODE_FORMAT:
      return is_joiner (c);
    default:
      return !ends_link (c);
    }
}

static gboolean
is_in_host (gunichar c)
{
  if (c < 0x80)
    return g_ascii_isalnum ((char) c) || c == '-' || c == '_';

  return g_unichar_isalnum (c) || g_unichar_ismark (c)
         || g_unichar_type (c) == G_UNICODE_OTHER_SYMBOL;
}

static gboolean
is_punctuation (gunichar c)
{
  if (c < 0x80)
    return strchr (".,;:!?'*_~|", (int) c) != NULL;

  return g_unichar_ispunct (c) && g_unichar_type (c) != G_UNICODE_OTHER_SYMBOL
         && g_unichar_type (c) != G_UNICODE_CURRENCY_SYMBOL
         && g_unichar_type (c) != G_UNICODE_MATH_SYMBOL
         && g_unichar_type (c) != G_UNICODE_MODIFIER_SYMBOL;
}

/* Where a link ends is where the sentence around it goes on: "(see http://a/b)." */
static const char *
trim (const char *start, const char *end)
{
  static const char brackets[] = "()[]{}";
  int open[3] = { 0 };

  for (const char *p = start; p < end; p++)
    {
      const char *bracket = *p != '\0' ? strchr (brackets, *p) : NULL;

      if (bracket != NULL)
        open[(bracket - brackets) / 2] += (bracket - brackets) % 2 == 0 ? 1 : -1;
    }

  while (end > start)
    {
      const char *last = g_utf8_find_prev_char (start, end);
      gunichar c = g_utf8_get_char (last);
      const char *bracket = c < 0x80 ? strchr (brackets, (int) c) : NULL;
      gsize place = bracket != NULL ? (gsize) (bracket - brackets) : 0;

      if (bracket != NULL && place % 2 == 0)
        open[place / 2]--;
      else if (bracket != NULL && open[place / 2] < 0)
        open[place / 2]++;
      else if (bracket != NULL || (!is_punctuation (c) && !is_joiner (c)))
        break;
      end = last;
    }

  return end;
}

static gboolean
can_begin_label (gunichar c)
{
  return is_in_host (c) && c != '-' && c != '_' && !g_unichar_ismark (c);
}

/* Reads the name of a host. No top-level domain mixes ASCII with other letters, and
 * Chinese and its neighbours go on without a space: "http://tea.example" can end there. */
static gboolean
read_host (const char *start, Host *host)
{
  const char *end = start;

  host->start = host->last_label = start;
  host->n_labels = 0;

  while (can_begin_label (g_utf8_get_char (end)))
    {
      host->last_label = end;
      host->n_labels++;
      while (is_in_host (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
      if (*end != '.' || !can_begin_label (g_utf8_get_char (end + 1)))
        break;
      end++;
    }

  if (host->n_labels > 0 && (guchar) *host->last_label < 0x80)
    {
      const char *other = host->last_label;

      while (other < end && (guchar) *other < 0x80)
        other++;
      if (other < end && !g_unichar_iswide (g_utf8_get_char (other)))
        return FALSE;
      end = other;
    }

  while (end > start && (end[-1] == '-' || end[-1] == '_'))
    end--;
  host->end = end;

  return end > start && end - start <= MAX_HOST;
}

/* What ends in a number is an address, or nothing. */
static gboolean
is_wrong_address (const Host *host)
{
  g_autofree char *text = g_strndup (host->start, (gsize) (host->end - host->start));
  const char *label = text + (host->last_label - host->start);

  return strspn (label, "0123456789") == strlen (label) && !g_hostname_is_ip_address (text);
}

/* Whether the last part of a name can be a top-level domain. */
static gboolean
has_domain (const Host *host)
{
  gsize length = (gsize) (host->end - host->last_label);

  if (host->n_labels < 2 || length < 2)
    return FALSE;
  if ((guchar) *host->last_label >= 0x80)
    return TRUE;
  if (length > 4 && has_prefix (host->last_label, "xn--"))
    return TRUE;

  for (const char *p = host->last_label; p < host->end; p++)
    if (!g_ascii_isalpha (*p))
      return FALSE;

  return TRUE;
}

/* GLib knows the names of 2003. These letters are others since then. */
static gboolean
is_the_same_everywhere (const char *host)
{
  for (const char *p = host; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == 0xdf || c == 0x1e9e || c == 0x3c2 || is_joiner (c))
        return FALSE;
    }

  return TRUE;
}

/* Tells whether it is one. */
static gboolean
append_host (GString *uri, const Host *host)
{
  g_autofree char *name = g_strndup (host->start, (gsize) (host->end - host->start));
  g_autofree char *ascii = g_hostname_to_ascii (name);

  if (ascii == NULL || *ascii == '\0')
    return FALSE;

  g_string_append (uri, g_str_is_ascii (name) || !is_the_same_everywhere (name) ? name : ascii);

  return TRUE;
}

static void
append_path (GString *uri, const char *start, const char *end)
{
  for (const char *p = start; p < end; p++)
    if ((guchar) *p >= 0x80 || strchr ("{}|^", *p) != NULL
        || (*p == '%' && !(g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))))
      g_string_append_printf (uri, "%%%02X", (guint) (guchar) *p);
    else
      g_string_append_c (uri, *p);
}

/* Whether somebody's name stands before the host: what is written first is not where such
 * a link leads. */
static gboolean
has_user (const char *authority)
{
  const char *p = authority;

  while (*p != '\0' && strchr ("/?#", *p) == NULL && is_in_link (g_utf8_get_char (p)))
    {
      if (*p == '@')
        return TRUE;
      p = g_utf8_next_char (p);
    }

  return FALSE;
}

static const char *
read_bracketed (const char *start)
{
  const char *end = start + 1 + strspn (start + 1, "0123456789abcdefABCDEF:.");
  g_autofree char *address = g_strndup (start + 1, (gsize) (end - start - 1));

  return *end == ']' && strchr (address, ':') != NULL && g_hostname_is_ip_address (address)
             ? end + 1
             : NULL;
}

/* Reads ":8888"; answers @start if there is none, and %NULL if it cannot be a port. */
static const char *
read_port (const char *start)
{
  const char *end;
  guint64 port;

  if (*start != ':' || !g_ascii_isdigit (start[1]))
    return start;

  port = g_ascii_strtoull (start + 1, (char **) &end, 10);

  return port <= G_MAXUINT16 ? end : NULL;
}

/* Reads what follows the scheme; @prefix is what to begin with in its place. */
static char *
read_rest (const char *at, const char *authority, const char *prefix, const char **end)
{
  g_autoptr (GString) uri = g_string_new (prefix);
  const char *path;
  const char *p;
  Host host;

  if (has_user (authority))
    return NULL;

  if (*authority == '[')
    {
      p = read_bracketed (authority);
      if (p == NULL)
        return NULL;
      g_string_append_len (uri, authority, p - authority);
    }
  else
    {
      if (!read_host (authority, &host))
        return NULL;
      if (has_prefix (at, WWW) && (host.n_labels < 3 || !has_domain (&host)))
        return NULL;
      if (is_wrong_address (&host) || !append_host (uri, &host))
        return NULL;
      p = host.end;
    }

  path = read_port (p);
  if (path == NULL)
    return NULL;
  g_string_append_len (uri, p, path - p);

  p = path;
  if (*p != '\0' && strchr ("/?#", *p) != NULL)
    while (*p != '\0' && is_in_link (g_utf8_get_char (p)))
      p = g_utf8_next_char (p);
  *end = trim (path, p);
  append_path (uri, path, *end);

  return g_string_free (g_steal_pointer (&uri), FALSE);
}

static char *
read_room (const char *at, const char **end)
{
  g_autoptr (GNetworkAddress) address = NULL;
  g_autofree char *uri = NULL;

  if (strcspn (at, " \t\n") <= MAX_ROOM_LINK)
    uri = read_rest (at, at + strlen (TEAHOUSE), TEAHOUSE, end);
  if (uri != NULL)
    address = tea_room_address_parse (uri, NULL);

  return address != NULL ? g_steal_pointer (&uri) : NULL;
}

/* Reads a mail address. "git@tea.example:tea" is none, nor is "@mei@tea.example". */
static char *
read_mail (const char *at, const char **end)
{
  const char *p = at;
  g_autoptr (GString) uri = NULL;
  Host host;

  while (g_ascii_isalnum (*p) || (*p != '\0' && strchr (".+_-", *p) != NULL))
    {
      if (*p == '.' && p[1] == '.')
        return NULL;
      p++;
    }
  if (*p != '@' || p[-1] == '.' || p - at > 64)
    return NULL;

  if (!read_host (p + 1, &host) || !has_domain (&host))
    return NULL;
  if (*host.end == '@' || *host.end == '/' || *host.end == '\\' || *host.end == '_'
      || *host.end == '-')
    return NULL;
  if ((*host.end == ':' || *host.end == '.')
      && (g_ascii_isalnum (host.end[1]) || host.end[1] == '/' || host.end[1] == '@'))
    return NULL;

  uri = g_string_new ("mailto:");
  g_string_append_len (uri, at, p + 1 - at);
  if (!append_host (uri, &host))
    return NULL;
  *end = host.end;

  return g_string_free (g_steal_pointer (&uri), FALSE);
}

/* Whether something can begin behind @at: Chinese and its neighbours do without a space. */
static gboolean
can_begin (const char *text, const char *at)
{
  gunichar c;

  if (at == text)
    return TRUE;
  c = g_utf8_get_char (g_utf8_find_prev_char (text, at));

  return g_unichar_iswide (c) || !(g_unichar_isalnum (c) || g_unichar_ismark (c));
}

/* Whether the colon before @at parts a name and its password: "http://mei:". */
static gboolean
is_password (const char *text, const char *at)
{
  const char *p = at - 1;

  while (p > text && (g_ascii_isalnum (p[-1]) || strchr ("._-~%+", p[-1]) != NULL))
    p--;

  return p > text && p[-1] == '/';
}

/**
 * tea_message_link_read:
 * @text: what somebody wrote, in valid UTF-8
 * @at: a place in @text
 * @end: (out): where the link ends; only set if there is one
 *
 * Reads the link that begins at a place, if there is one: `http://`, `https://`, also when
 * `www.` stands for it, `teahouse://`, and addresses for mail. Where it leads is in ASCII:
 * letters of other scripts are written as RFC 3492 wants it in the name of a host, and as
 * percent signs with UTF-8 elsewhere.
 *
 * It takes no longer than what it reads.
 *
 * Returns: (transfer full) (nullable): where the link leads
 */
char *
tea_message_link_read (const char *text, const char *at, const char **end)
{
  char before;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (at != NULL && at >= text, NULL);
  g_return_val_if_fail (end != NULL, NULL);

  if (!g_ascii_isalnum (*at) || !can_begin (text, at))
    return NULL;

  before = at > text ? at[-1] : '\0';
  if (before == '+')
    return NULL;
  if (has_prefix (at, HTTPS))
    return read_rest (at, at + strlen (HTTPS), HTTPS, end);
  if (has_prefix (at, HTTP))
    return read_rest (at, at + strlen (HTTP), HTTP, end);
  if (has_prefix (at, TEAHOUSE))
    return read_room (at, end);

  if (before != '\0' && strchr ("@./\\-_~+%#=&$", before) != NULL)
    return NULL;
  if (before == ':' && is_password (text, at))
    return NULL;
  if (has_prefix (at, WWW))
    return read_rest (at, at, HTTP, end);

  return read_mail (at, end);
}
