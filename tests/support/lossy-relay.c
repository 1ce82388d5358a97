/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A bad network on loopback: passes datagrams on between clients and the server at a port,
 * and spoils them as told on the command line, and later by lines of standard input:
 *
 *   loss UP DOWN   how much is lost each way, 0 to 1
 *   double P       how much comes twice
 *   delay MS       how long everything is on its way
 *   jitter MS      how much longer it may be, which reorders
 *   most BYTES     longer datagrams are lost
 *   move           all clients are at another address from now on
 *   cut, mend      nothing gets through; it does again
 *
 * It prints the port it listens on, and each line once it is done. */

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib-unix.h>

#define MAX_DATAGRAM 65536

typedef struct
{
  GMainLoop *loop;
  GRand *dice;
  struct sockaddr_in server;
  int listener;
  GPtrArray *branches;
  FILE *capture;

  double loss_up;
  double loss_down;
  double doubled;
  gint64 delay;
  gint64 jitter;
  gsize most; /* 0 where all get through */
  gboolean is_cut;
  GSequence *held; /* (element-type Held): by when it is due */
  GSource *source;
} Relay;

/* A client, and the socket that the server hears it from. */
typedef struct
{
  Relay *relay;
  struct sockaddr_in client;
  int socket;
  guint source_id;
} Branch;

typedef struct
{
  gint64 due;
  Branch *branch;
  gboolean up;
  gsize size;
  guint8 bytes[];
} Held;

static int
open_socket (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  int buffer = 4 << 20;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, length) < 0
      || getsockname (fd, (struct sockaddr *) &address, &length) < 0)
    g_error ("No socket: %s", g_strerror (errno));
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  if (port != NULL)
    *port = ntohs (address.sin_port);

  return fd;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Held *one = a;
  const Held *other = b;

  return (one->due > other->due) - (one->due < other->due);
}

/* What cannot be sent is lost, as on any network. */
static void
pass_on (Branch *branch, gboolean up, const void *bytes, gsize size)
{
  Relay *self = branch->relay;
  const struct sockaddr_in *to = up ? &self->server : &branch->client;

  if (sendto (up ? branch->socket : self->listener, bytes, size, 0, (const struct sockaddr *) to,
              sizeof *to)
          < 0
      && errno != ECONNREFUSED && errno != EAGAIN)
    g_warning ("Cannot send: %s", g_strerror (errno));
}

static void
update_source (Relay *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->held);

  g_source_set_ready_time (self->source, g_sequence_iter_is_end (first)
                                             ? -1
                                             : ((Held *) g_sequence_get (first))->due);
}

static gboolean
due_cb (gpointer user_data)
{
  Relay *self = user_data;
  gint64 now = g_get_monotonic_time ();

  for (;;)
    {
      GSequenceIter *first = g_sequence_get_begin_iter (self->held);
      Held *held;

      if (g_sequence_iter_is_end (first))
        break;
      held = g_sequence_get (first);
      if (held->due > now)
        break;
      pass_on (held->branch, held->up, held->bytes, held->size);
      g_sequence_remove (first);
    }
  update_source (self);

  return G_SOURCE_CONTINUE;
}

static void
spoil (Branch *branch, gboolean up, const guint8 *bytes, gsize size)
{
  Relay *self = branch->relay;
  guint n_copies = g_rand_double (self->dice) < self->doubled ? 2 : 1;

  if (self->capture != NULL)
    fwrite (bytes, 1, size, self->capture);

  for (guint i = 0; i < n_copies; i++)
    {
      Held *held;

      if (self->is_cut || (self->most > 0 && size > self->most)
          || g_rand_double (self->dice) < (up ? self->loss_up : self->loss_down))
        continue;
      if (self->delay == 0 && self->jitter == 0)
        {
          pass_on (branch, up, bytes, size);
          continue;
        }

      held = g_malloc (sizeof *held + size);
      held->due = g_get_monotonic_time () + self->delay
                  + (gint64) (g_rand_double (self->dice) * (double) self->jitter);
      held->branch = branch;
      held->up = up;
      held->size = size;
      memcpy (held->bytes, bytes, size);
      g_sequence_insert_sorted (self->held, held, compare_due, NULL);
    }
  update_source (self);
}

/* A port may have been somebody else's just before, whose server still sends there. */
static gboolean
down_cb (int fd, GIOCondition condition, gpointer user_data)
{
  static guint8 bytes[MAX_DATAGRAM];
  Branch *branch = user_data;
  struct sockaddr_in sender;
  socklen_t length = sizeof sender;
  gssize size;

  while ((size = recvfrom (fd, bytes, sizeof bytes, 0, (struct sockaddr *) &sender, &length)) >= 0
         || errno == ECONNREFUSED)
    if (size >= 0 && sender.sin_port == branch->relay->server.sin_port)
      spoil (branch, FALSE, bytes, (gsize) size);

  return G_SOURCE_CONTINUE;
}

static void
branch_open (Branch *self)
{
  self->socket = open_socket (NULL);
  self->source_id = g_unix_fd_add (self->socket, G_IO_IN | G_IO_ERR, down_cb, self);
}

static void
branch_close (Branch *self)
{
  g_source_remove (self->source_id);
  close (self->socket);
}

static void
branch_free (Branch *self)
{
  branch_close (self);
  g_free (self);
}

static Branch *
find_branch (Relay *self, const struct sockaddr_in *client)
{
  Branch *branch;

  for (guint i = 0; i < self->branches->len; i++)
    {
      branch = self->branches->pdata[i];
      if (branch->client.sin_port == client->sin_port)
        return branch;
    }

  branch = g_new0 (Branch, 1);
  branch->relay = self;
  branch->client = *client;
  branch_open (branch);
  g_ptr_array_add (self->branches, branch);

  return branch;
}

static gboolean
up_cb (int fd, GIOCondition condition, gpointer user_data)
{
  static guint8 bytes[MAX_DATAGRAM];
  Relay *self = user_data;
  struct sockaddr_in client;
  socklen_t length = sizeof client;
  gssize size;

  while ((size = recvfrom (fd, bytes, sizeof bytes, 0, (struct sockaddr *) &client, &length)) >= 0
         || errno == ECONNREFUSED)
    if (size >= 0)
      spoil (find_branch (self, &client), TRUE, bytes, (gsize) size);

  return G_SOURCE_CONTINUE;
}

static gboolean
obey (Relay *self, char **words)
{
  guint n_words = g_strv_length (words);
  double first = n_words > 1 ? g_ascii_strtod (words[1], NULL) : 0;

  if (g_str_equal (words[0], "loss") && n_words == 3)
    {
      self->loss_up = first;
      self->loss_down = g_ascii_strtod (words[2], NULL);
    }
  else if (g_str_equal (words[0], "double") && n_words == 2)
    self->doubled = first;
  else if (g_str_equal (words[0], "delay") && n_words == 2)
    self->delay = (gint64) (first * G_TIME_SPAN_MILLISECOND);
  else if (g_str_equal (words[0], "jitter") && n_words == 2)
    self->jitter = (gint64) (first * G_TIME_SPAN_MILLISECOND);
  else if (g_str_equal (words[0], "most") && n_words == 2)
    self->most = (gsize) first;
  else if (g_str_equal (words[0], "cut") || g_str_equal (words[0], "mend"))
    self->is_cut = words[0][0] == 'c';
  else if (g_str_equal (words[0], "move"))
    for (guint i = 0; i < self->branches->len; i++)
      {
        /* The new one first: else it might get the same port. */
        Branch old = *(Branch *) self->branches->pdata[i];

        branch_open (self->branches->pdata[i]);
        branch_close (&old);
      }
  else
    return FALSE;

  return TRUE;
}

static gboolean
line_cb (GIOChannel *channel, GIOCondition condition, gpointer user_data)
{
  Relay *self = user_data;
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (self->loop);
      return G_SOURCE_REMOVE;
    }

  g_strstrip (line);
  words = g_strsplit (line, " ", -1);
  if (words[0] == NULL || !obey (self, words))
    g_error ("What is '%s'?", line);
  if (self->capture != NULL)
    fflush (self->capture);
  g_print ("%s\n", line);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

int
main (int argc, char **argv)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  Relay self = { .server = { .sin_family = AF_INET } };
  g_autoptr (GOptionContext) context = g_option_context_new ("PORT");
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  g_autofree char *capture = NULL;
  g_auto (GStrv) commands = NULL;
  gint64 seed = 1;
  guint16 port;
  const GOptionEntry entries[]
      = { { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "What decides about everything", "N" },
          { "capture", 0, 0, G_OPTION_ARG_FILENAME, &capture, "Keep all that comes", "FILE" },
          { "do", 0, 0, G_OPTION_ARG_STRING_ARRAY, &commands, "As from standard input", "LINE" },
          { NULL } };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error != NULL ? error->message : "Of which port?");

  self.loop = g_main_loop_new (NULL, FALSE);
  self.dice = g_rand_new_with_seed ((guint32) seed);
  self.server.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self.server.sin_port = htons ((guint16) g_ascii_strtoull (argv[1], NULL, 10));
  self.branches = g_ptr_array_new_with_free_func ((GDestroyNotify) branch_free);
  self.held = g_sequence_new (g_free);
  self.source = g_source_new (&funcs, sizeof (GSource));
  g_source_set_callback (self.source, due_cb, &self, NULL);
  g_source_attach (self.source, NULL);
  if (capture != NULL && (self.capture = fopen (capture, "wb")) == NULL)
    g_error ("%s: %s", capture, g_strerror (errno));
  for (guint i = 0; commands != NULL && commands[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (commands[i], " ", -1);

      if (!obey (&self, words))
        g_error ("What is '%s'?", commands[i]);
    }

  self.listener = open_socket (&port);
  g_unix_fd_add (self.listener, G_IO_IN | G_IO_ERR, up_cb, &self);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, line_cb, &self);
  g_print ("%u\n", port);
  g_main_loop_run (self.loop);

  g_source_destroy (self.source);
  g_source_unref (self.source);
  g_sequence_free (self.held);
  g_ptr_array_unref (self.branches);
  g_rand_free (self.dice);
  g_main_loop_unref (self.loop);
  if (self.capture != NULL)
    fclose (self.capture);

  return EXIT_SUCCESS;
}
