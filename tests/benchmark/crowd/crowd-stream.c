/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd-stream.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/tcp.h>

#define READ_SIZE (64 * 1024)

void
stream_guest_open (StreamGuest *self)
{
  int yes = 1;

  /* As programs for talking do: what is said goes at once. */
  setsockopt (self->parent.socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
}

void
stream_guest_receive (StreamGuest *self, StreamReadFunc read)
{
  static char buffer[READ_SIZE];
  Crowd *crowd = self->parent.crowd;
  ssize_t size = recv (self->parent.socket, buffer, sizeof buffer, MSG_DONTWAIT);
  const char *data = buffer;
  gsize rest;
  gsize taken;

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (size <= 0)
    {
      crowd_failed (&self->parent, "is thrown out");
      shutdown (self->parent.socket, SHUT_RDWR);
      return;
    }
  crowd->count.n_datagrams++;
  crowd->count.n_bytes += (guint64) size;

  rest = (gsize) size;
  if (self->in->len > 0)
    {
      g_byte_array_append (self->in, (guint8 *) buffer, (guint) size);
      data = (const char *) self->in->data;
      rest = self->in->len;
    }
  while (rest > 0 && (taken = read (self, data, rest)) > 0)
    {
      data += taken;
      rest -= taken;
    }
  if (self->in->len > 0)
    g_byte_array_remove_range (self->in, 0, self->in->len - (guint) rest);
  else
    g_byte_array_append (self->in, (const guint8 *) data, (guint) rest);
}

void
stream_guest_write (StreamGuest *self, gconstpointer data, gsize size)
{
  g_byte_array_append (self->out, data, (guint) size);
}

void
stream_guest_print (StreamGuest *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  stream_guest_write (self, text, strlen (text));
}

/* What is under way is little enough for the kernel to take it at once; while it connects,
 * it takes nothing. */
void
stream_guest_flush (Guest *guest)
{
  StreamGuest *self = (StreamGuest *) guest;
  ssize_t size;

  if (self->out->len == 0)
    return;
  size = send (guest->socket, self->out->data, self->out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (size > 0)
    g_byte_array_remove_range (self->out, 0, (guint) size);
  crowd_set_due (guest,
                 self->out->len > 0 ? guest->crowd->now + G_TIME_SPAN_MILLISECOND : CROWD_NEVER);
}

void
stream_guest_close (Guest *guest)
{
  StreamGuest *self = (StreamGuest *) guest;

  g_byte_array_unref (self->in);
  g_byte_array_unref (self->out);
}
