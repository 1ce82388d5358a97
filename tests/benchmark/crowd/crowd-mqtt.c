/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd-stream.h"

#include <string.h>
#include <sys/socket.h>

/* MQTT 3.1.1: all publish and subscribe to one topic, at most once each. */

#define CONNACK 2
#define PUBLISH 3
#define SUBACK 9

static gsize
read_packet (StreamGuest *self, const char *data, gsize size)
{
  const guint8 *bytes = (const guint8 *) data;
  gsize body = 0;
  gsize head = 1;
  gsize topic;
  guint sender;
  guint32 number;
  gint64 time;

  do
    {
      if (head == size || head > 4)
        return 0;
      body |= (gsize) (bytes[head] & 127) << 7 * (head - 1);
    }
  while ((bytes[head++] & 128) != 0);
  if (size < head + body)
    return 0;

  switch (bytes[0] >> 4)
    {
    case CONNACK:
      stream_guest_write (self,
                          "\x82\x0a\x00\x01\x00\x05"
                          "crowd\x00",
                          12);
      break;
    case SUBACK:
      crowd_inside (&self->parent);
      break;
    case PUBLISH:
      topic = (gsize) (bytes[head] << 8 | bytes[head + 1]);
      if (crowd_read_text (data + head + 2 + topic, body - 2 - topic, &sender, &number, &time))
        crowd_heard (&self->parent, sender, number, time);
      break;
    default:
      break;
    }

  return head + body;
}

static void
guest_open (Guest *guest)
{
  StreamGuest *self = (StreamGuest *) guest;
  guint8 packet[] = "\x10\x10\x00\x04MQTT\x04\x02\x00\x00\x00\x04gggg";
  g_autofree char *name = g_strdup_printf ("%04x", guest->index & 0xffff);

  stream_guest_open (self);
  memcpy (packet + 14, name, 4);
  stream_guest_write (self, packet, sizeof packet - 1);
}

static void
guest_receive (Guest *guest)
{
  stream_guest_receive ((StreamGuest *) guest, read_packet);
}

static void
guest_say (Guest *guest, guint32 number, gint64 time, const char *text)
{
  static const guint8 head[]
      = { PUBLISH << 4, 2 + 5 + CROWD_TEXT_SIZE, 0, 5, 'c', 'r', 'o', 'w', 'd' };

  stream_guest_write ((StreamGuest *) guest, head, sizeof head);
  stream_guest_write ((StreamGuest *) guest, text, CROWD_TEXT_SIZE);
}

const CrowdProtocol crowd_mqtt = {
  .name = "mqtt",
  .guest_size = sizeof (StreamGuest),
  .socket_type = SOCK_STREAM,
  .open = guest_open,
  .receive = guest_receive,
  .say = guest_say,
  .flush = stream_guest_flush,
  .expire = stream_guest_flush,
  .close = stream_guest_close,
};
