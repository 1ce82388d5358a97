/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd-stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* All publish and subscribe to one subject. */

static gsize
read_operation (StreamGuest *self, const char *data, gsize size)
{
  const char *end = memchr (data, '\n', size);
  gsize line;
  guint sender;
  guint32 number;
  gint64 time;

  if (end == NULL)
    return 0;
  line = (gsize) (end + 1 - data);
  if (line > 4 && memcmp (data, "MSG ", 4) == 0)
    {
      const char *last = memrchr (data, ' ', line);
      gsize text = (gsize) strtoul (last, NULL, 10);

      if (size < line + text + 2)
        return 0;
      if (crowd_read_text (data + line, text, &sender, &number, &time))
        crowd_heard (&self->parent, sender, number, time);
      return line + text + 2;
    }

  if (memcmp (data, "PONG", MIN (line, 4)) == 0)
    crowd_inside (&self->parent);
  else if (memcmp (data, "PING", MIN (line, 4)) == 0)
    stream_guest_print (self, "PONG\r\n");
  else if (data[0] == '-')
    crowd_failed (&self->parent, "%.*s", (int) line - 1, data);

  return line;
}

static void
guest_open (Guest *guest)
{
  StreamGuest *self = (StreamGuest *) guest;

  stream_guest_open (self);
  stream_guest_print (self,
                      "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB crowd 1\r\nPING\r\n");
}

static void
guest_receive (Guest *guest)
{
  stream_guest_receive ((StreamGuest *) guest, read_operation);
}

static void
guest_say (Guest *guest, guint32 number, gint64 time, const char *text)
{
  stream_guest_print ((StreamGuest *) guest, "PUB crowd %d\r\n%s\r\n", CROWD_TEXT_SIZE, text);
}

const CrowdProtocol crowd_nats = {
  .name = "nats",
  .guest_size = sizeof (StreamGuest),
  .socket_type = SOCK_STREAM,
  .open = guest_open,
  .receive = guest_receive,
  .say = guest_say,
  .flush = stream_guest_flush,
  .expire = stream_guest_flush,
  .close = stream_guest_close,
};
