/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd-stream.h"

#include <string.h>
#include <sys/socket.h>

/* All are in one channel. */

static gboolean
begins (const char *text, const char *end, const char *prefix)
{
  gsize size = strlen (prefix);

  return (gsize) (end - text) >= size && memcmp (text, prefix, size) == 0;
}

static gsize
read_line (StreamGuest *self, const char *data, gsize size)
{
  const char *line_end = memchr (data, '\n', size);
  const char *end;
  const char *word;
  guint sender;
  guint32 number;
  gint64 time;

  if (line_end == NULL)
    return 0;
  end = line_end > data && line_end[-1] == '\r' ? line_end - 1 : line_end;

  if (begins (data, end, "PING "))
    stream_guest_print (self, "PONG %.*s\r\n", (int) (end - data - 5), data + 5);
  else if (data[0] == ':' && (word = memchr (data, ' ', (gsize) (end - data))) != NULL)
    {
      word++;
      if (begins (word, end, "PRIVMSG #crowd :"))
        {
          const char *text = word + strlen ("PRIVMSG #crowd :");

          if (crowd_read_text (text, (gsize) (end - text), &sender, &number, &time))
            crowd_heard (&self->parent, sender, number, time);
        }
      else if (begins (word, end, "001 "))
        stream_guest_print (self, "JOIN #crowd\r\n");
      else if (begins (word, end, "366 "))
        crowd_inside (&self->parent);
      else if (begins (word, end, "43") || begins (word, end, "46") || begins (word, end, "47"))
        crowd_failed (&self->parent, "is refused: %.*s", (int) (end - data), data);
    }
  else if (begins (data, end, "ERROR"))
    crowd_failed (&self->parent, "%.*s", (int) (end - data), data);

  return (gsize) (line_end + 1 - data);
}

static void
guest_open (Guest *guest)
{
  StreamGuest *self = (StreamGuest *) guest;

  stream_guest_open (self);
  stream_guest_print (self, "NICK guest%u\r\nUSER guest 0 * :guest\r\n", guest->index);
}

static void
guest_receive (Guest *guest)
{
  stream_guest_receive ((StreamGuest *) guest, read_line);
}

static void
guest_say (Guest *guest, guint32 number, gint64 time, const char *text)
{
  stream_guest_print ((StreamGuest *) guest, "PRIVMSG #crowd :%s\r\n", text);
}

const CrowdProtocol crowd_irc = {
  .name = "irc",
  .guest_size = sizeof (StreamGuest),
  .socket_type = SOCK_STREAM,
  .open = guest_open,
  .receive = guest_receive,
  .say = guest_say,
  .flush = stream_guest_flush,
  .expire = stream_guest_flush,
  .close = stream_guest_close,
};
