/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "crowd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_POLLED 256

static void
heap_put (Crowd *self, guint place, Guest *guest)
{
  self->heap[place] = guest;
  guest->place = place;
}

/* The one who is due first is at the top. */
static void
heap_sift (Crowd *self, guint place)
{
  Guest *guest = self->heap[place];

  while (place > 0 && self->heap[(place - 1) / 2]->due > guest->due)
    {
      heap_put (self, place, self->heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
  for (guint child = 2 * place + 1; child < self->n_heap; child = 2 * place + 1)
    {
      if (child + 1 < self->n_heap && self->heap[child + 1]->due < self->heap[child]->due)
        child++;
      if (self->heap[child]->due >= guest->due)
        break;
      heap_put (self, place, self->heap[child]);
      place = child;
    }
  heap_put (self, place, guest);
}

void
crowd_set_due (Guest *guest, gint64 due)
{
  if (due == guest->due)
    return;
  guest->due = due;
  heap_sift (guest->crowd, guest->place);
}

static void
write_hex (char *text, guint digits, guint64 number)
{
  for (guint i = digits; i-- > 0; number >>= 4)
    text[i] = "0123456789abcdef"[number & 15];
}

static gboolean
read_hex (const char *text, guint digits, guint64 *number)
{
  *number = 0;
  for (guint i = 0; i < digits; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return FALSE;
      *number = *number << 4 | (guint64) digit;
    }

  return TRUE;
}

/* Says the next message: who, which, and when, and then some words. */
static void
say (Crowd *self, Guest *guest)
{
  char text[CROWD_TEXT_SIZE + 1] = "ssss nnnnnnnn tttttttttttttttt and what people say in a line";

  guest->said++;
  guest->n_in_flight++;
  self->count.n_messages++;
  write_hex (text, 4, guest->index);
  write_hex (text + 5, 8, guest->said);
  write_hex (text + 14, 16, (guint64) self->now);
  self->protocol->say (guest, guest->said, self->now, text);
}

gboolean
crowd_read_text (const char *text, gsize size, guint *sender, guint32 *number, gint64 *time)
{
  guint64 parts[3];

  if (size != CROWD_TEXT_SIZE || !read_hex (text, 4, &parts[0])
      || !read_hex (text + 5, 8, &parts[1]) || !read_hex (text + 14, 16, &parts[2]))
    return FALSE;
  *sender = (guint) parts[0];
  *number = (guint32) parts[1];
  *time = (gint64) parts[2];

  return TRUE;
}

void
crowd_settled (Guest *guest)
{
  Crowd *self = guest->crowd;

  guest->n_in_flight--;
  while (guest->n_in_flight < self->in_flight && guest->said < self->most)
    say (self, guest);
}

void
crowd_heard (Guest *guest, guint sender, guint32 number, gint64 time)
{
  Crowd *self = guest->crowd;
  gint64 latency = self->now - time;
  guint32 counted = (guint32) CLAMP (latency, 0, G_MAXUINT32);

  if (sender >= self->n_senders)
    return;
  if (number <= guest->heard[sender])
    {
      self->count.n_disordered++;
      return;
    }
  self->count.n_lost += number - guest->heard[sender] - 1;
  guest->heard[sender] = number;
  self->count.n_deliveries++;
  g_array_append_val (self->count.latencies, counted);

  if (!self->protocol->tells_settled && guest->index == (sender + 1) % self->n_senders)
    {
      Guest *speaker = self->guests[sender];

      crowd_settled (speaker);
      self->protocol->flush (speaker);
    }
}

void
crowd_inside (Guest *guest)
{
  if (guest->is_inside)
    return;
  guest->is_inside = TRUE;
  guest->crowd->n_inside++;
}

void
crowd_told (Guest *guest)
{
  if (guest->was_told)
    return;
  guest->was_told = TRUE;
  guest->crowd->n_told++;
}

void
crowd_failed (Guest *guest, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  guest->crowd->n_failed++;
  if (guest->crowd->n_failed <= 3)
    g_printerr ("Guest %u: %s\n", guest->index, reason);
}

static void
open_guest (Crowd *self, Guest *guest)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = guest };

  guest->is_open = TRUE;
  guest->socket = socket (AF_INET, self->protocol->socket_type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (guest->socket < 0
      || (connect (guest->socket, (struct sockaddr *) &self->server, sizeof self->server) < 0
          && errno != EINPROGRESS)
      || epoll_ctl (self->poll, EPOLL_CTL_ADD, guest->socket, &event) < 0)
    g_error ("A guest gets no socket: %s", g_strerror (errno));
  self->protocol->open (guest);
  self->protocol->flush (guest);
}

/* Who has as much under way as may be waits, and all behind it. */
static void
talk_by_the_clock (Crowd *self)
{
  while (self->pause > 0 && self->next_say <= self->now)
    {
      Guest *guest = self->guests[self->next_sender % self->n_senders];

      if (guest->said == self->most)
        self->next_say = CROWD_NEVER;
      else if (guest->n_in_flight == CROWD_MAX_IN_FLIGHT)
        self->next_say = self->now + G_TIME_SPAN_MILLISECOND;
      else
        {
          self->next_sender++;
          self->next_say += self->pause;
          say (self, guest);
          self->protocol->flush (guest);
        }
    }
}

/* Waits for what comes first, but not longer than until then. */
static void
iterate (Crowd *self, gint64 until)
{
  struct epoll_event events[MAX_POLLED];
  gint64 next = MIN (until, self->heap[0]->due);
  int n_events;

  if (self->pause > 0)
    next = MIN (next, self->next_say);
  next = CLAMP (next - g_get_monotonic_time (), 0, G_TIME_SPAN_SECOND);
  n_events = epoll_wait (self->poll, events, MAX_POLLED, (int) ((next + 999) / 1000));
  self->now = g_get_monotonic_time ();

  for (int i = 0; i < n_events; i++)
    {
      Guest *guest = events[i].data.ptr;

      self->now = g_get_monotonic_time ();
      self->protocol->receive (guest);
      self->protocol->flush (guest);
    }

  talk_by_the_clock (self);
  while (self->heap[0]->due <= self->now)
    {
      Guest *guest = self->heap[0];

      self->protocol->expire (guest);
      self->protocol->flush (guest);
      g_assert (guest->due > self->now);
    }
}

/* Everybody comes in, so many at a time, and is told who is here if the protocol can ask.
 * Returns: whether all are in. */
gboolean
crowd_enter (Crowd *self, guint at_once, gint64 limit)
{
  gint64 until = g_get_monotonic_time () + limit;
  guint n_open = 0;

  self->now = g_get_monotonic_time ();
  while (self->n_inside < self->n_guests
         || (self->protocol->tells_told && self->n_told < self->n_guests))
    {
      while (n_open < self->n_guests && n_open < self->n_inside + at_once)
        open_guest (self, self->guests[n_open++]);
      if (self->now >= until || self->n_failed > 0)
        return FALSE;
      iterate (self, until);
    }

  return TRUE;
}

void
crowd_wait (Crowd *self, gint64 time)
{
  gint64 until = g_get_monotonic_time () + time;

  do
    iterate (self, until);
  while (self->now < until);
}

void
crowd_begin (Crowd *self)
{
  g_clear_pointer (&self->count.latencies, g_array_unref);
  self->count = (CrowdCount){ .latencies = g_array_new (FALSE, FALSE, sizeof (guint32)) };
}

static gboolean
all_is_heard (Crowd *self)
{
  for (guint i = 0; i < self->n_senders; i++)
    if (self->guests[i]->said < self->most || self->guests[i]->n_in_flight > 0)
      return FALSE;

  for (guint i = 0; i < self->n_guests; i++)
    for (guint j = 0; j < self->n_senders; j++)
      if (self->guests[i]->heard[j] < self->most && (i != j || self->protocol->tells_settled))
        return FALSE;

  return TRUE;
}

/* The senders say what they have to say. Returns: whether everybody has heard everything. */
gboolean
crowd_talk (Crowd *self, gint64 limit)
{
  gint64 until;

  self->now = g_get_monotonic_time ();
  until = self->now + limit;
  self->next_say = self->now;
  for (guint i = 0; i < self->n_senders && self->in_flight > 0; i++)
    {
      while (self->guests[i]->n_in_flight < self->in_flight && self->guests[i]->said < self->most)
        say (self, self->guests[i]);
      self->protocol->flush (self->guests[i]);
    }

  /* To look at all of them is for when there is a pause. */
  while (!all_is_heard (self) && self->now < until)
    {
      gint64 look = MIN (until, self->now + 5 * G_TIME_SPAN_MILLISECOND);

      do
        iterate (self, look);
      while (self->now < look);
    }

  return all_is_heard (self);
}

Crowd *
crowd_new (const CrowdProtocol *protocol, guint16 port, guint n_guests, guint n_senders)
{
  Crowd *self = g_new0 (Crowd, 1);

  self->protocol = protocol;
  self->server.sin_family = AF_INET;
  self->server.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->server.sin_port = htons (port);
  self->poll = epoll_create1 (EPOLL_CLOEXEC);
  self->n_guests = self->n_heap = n_guests;
  self->n_senders = n_senders;
  self->guests = g_new (Guest *, n_guests);
  self->heap = g_new (Guest *, n_guests);
  for (guint i = 0; i < n_guests; i++)
    {
      Guest *guest = g_malloc0 (protocol->guest_size);

      guest->crowd = self;
      guest->index = i;
      guest->due = CROWD_NEVER;
      guest->heard = g_new0 (guint32, n_senders);
      self->guests[i] = guest;
      heap_put (self, i, guest);
    }
  crowd_begin (self);

  return self;
}

void
crowd_free (Crowd *self)
{
  for (guint i = 0; i < self->n_guests; i++)
    {
      Guest *guest = self->guests[i];

      if (guest->is_open)
        {
          self->protocol->close (guest);
          close (guest->socket);
        }
      g_free (guest->heard);
      g_free (guest);
    }
  g_array_unref (self->count.latencies);
  g_free (self->guests);
  g_free (self->heap);
  close (self->poll);
  g_free (self);
}
