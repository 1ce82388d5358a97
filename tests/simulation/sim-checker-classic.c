/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-checker.h"

#include "tea-classic-line.h"
#include "tea-classic-request.h"
#include "tea-name.h"
#include "tea-timeline.h"

/* The classic protocol promises little, but what the server sends each member is the log, in
 * its order and without holes. What arrives of it is another matter. */

#define fail sim_checker_fail

/* How much of what is stored the room may not have told of yet. */
#define MAX_UNTOLD 200

/* Somebody who has asked to enter from an address. */
typedef struct
{
  guint address;
  char *name;   /* (nullable) */
  char *folded; /* (nullable) */
  gboolean inside;
  gboolean was_inside; /* of this server program */
  gboolean leaving;
  gint64 last_heard;
  guint n_before; /* how much was stored when they were surely outside */
  GArray *places; /* (element-type guint): which event may be the next that they are told */
} Visitor;

static void
visitor_free (gpointer data)
{
  Visitor *self = data;

  g_free (self->name);
  g_free (self->folded);
  g_array_unref (self->places);
  g_free (self);
}

void
sim_checker_init_classic (SimChecker *self)
{
  self->visitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, visitor_free);
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->excused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
sim_checker_clear_classic (SimChecker *self)
{
  g_clear_pointer (&self->visitors, g_hash_table_unref);
  g_clear_pointer (&self->arrived, g_hash_table_unref);
  g_clear_pointer (&self->excused, g_hash_table_unref);
}

/* The server does not know anybody any more. */
void
sim_checker_forget_visitors (SimChecker *self)
{
  g_hash_table_remove_all (self->visitors);
}

static Visitor *
find_visitor (SimChecker *self, const char *folded, gboolean inside)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Visitor *visitor = value;

      if ((inside ? visitor->inside : visitor->was_inside) && g_str_equal (visitor->folded, folded))
        return visitor;
    }

  return NULL;
}

/* Whether there is a reason for a member without a key to leave: one that was seen, or that
   they were there before the server was started, and did not come back. */
gboolean
sim_checker_may_leave (SimChecker *self, const char *folded, gint64 left)
{
  return g_hash_table_remove (self->excused, folded)
         || (find_visitor (self, folded, FALSE) == NULL
             && left - self->server_start >= self->grace - G_TIME_SPAN_MILLISECOND);
}

/* Whether the server has a client inside who is without a key: where that is now. */
gboolean
sim_checker_is_visiting (SimChecker *self, SimClient *client)
{
  g_autofree char *folded = tea_name_fold (client->name);
  Visitor *visitor = find_visitor (self, folded, TRUE);

  return visitor != NULL && visitor->address == client->link.address;
}

static void
watch_up (SimChecker *self, Visitor *visitor, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  g_autoptr (TeaClassicRequest) request = tea_classic_request_parse (data, size, NULL);

  visitor->last_heard = sim_network_get_time (self->network);
  g_assert_nonnull (request);
  switch (request->kind)
    {
    case TEA_CLASSIC_ENTER:
      if (visitor->name != NULL)
        break;
      visitor->name = g_strdup (request->name);
      visitor->folded = tea_name_fold (request->name);
      visitor->n_before = self->hall->events->len;
      break;

    case TEA_CLASSIC_SAY:
      g_hash_table_insert (self->arrived, g_strdup (request->text),
                           GUINT_TO_POINTER (
                               GPOINTER_TO_UINT (g_hash_table_lookup (self->arrived, request->text))
                               + 1));
      break;

    case TEA_CLASSIC_LEAVE:
    case TEA_CLASSIC_QUIT:
      visitor->leaving = TRUE;
      g_hash_table_add (self->excused, tea_name_fold (request->name));
      break;

    case TEA_CLASSIC_WHO:
    default:
      break;
    }
}

static void
let_in (SimChecker *self, Visitor *visitor)
{
  g_autofree char *owner = g_strdup_printf ("%s ", visitor->folded);
  guint from = visitor->n_before - MIN (visitor->n_before, MAX_UNTOLD);

  if (visitor->inside)
    return;
  if (!sim_checker_find_inside (self, owner, NULL))
    fail (self, "%s is let in, but that is not stored", visitor->name);

  visitor->inside = TRUE;
  visitor->was_inside = TRUE;
  g_array_set_size (visitor->places, 0);

  /* Whoever comes hears what comes after that; whoever comes back what was not told yet. */
  for (guint i = self->hall->events->len; i > visitor->n_before; i--)
    {
      TeaEvent *event = self->hall->events->pdata[i - 1];

      if (tea_event_get_kind (event) == TEA_EVENT_JOINED
          && g_str_equal (tea_event_get_author (event), visitor->name))
        {
          g_array_append_val (visitor->places, i);
          return;
        }
    }
  for (guint i = from; i <= self->hall->events->len; i++)
    g_array_append_val (visitor->places, i);
}

static gboolean
is_line_of (TeaClassicLine *line, TeaEvent *event)
{
  TeaClassicLineKind kind = TEA_CLASSIC_LINE_LEFT;

  if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    kind = TEA_CLASSIC_LINE_MESSAGE;
  else if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
    kind = TEA_CLASSIC_LINE_JOINED;

  return line->kind == kind && g_strcmp0 (line->author, tea_event_get_author (event)) == 0
         && (kind != TEA_CLASSIC_LINE_MESSAGE
             || g_strcmp0 (line->text, tea_event_get_text (event)) == 0);
}

/* Whether somebody may never be told of an event: it is their own, or was taken away, or there is
   no line for it. */
static gboolean
may_be_left_out (SimChecker *self, Visitor *visitor, TeaEvent *event)
{
  TeaEventKind kind = tea_event_get_kind (event);

  return (kind != TEA_EVENT_MESSAGE && kind != TEA_EVENT_JOINED && kind != TEA_EVENT_LEFT)
         || g_str_equal (tea_event_get_author (event), visitor->name)
         || !tea_fake_disk_holds (self->hall->disk, tea_event_get_seq (event));
}

/* What is told comes right after what was told before, but for what may be left out. */
static void
take_line (SimChecker *self, Visitor *visitor, TeaClassicLine *line)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));

  if (!visitor->inside)
    {
      fail (self, "%s is told something, but is not in",
            visitor->name != NULL ? visitor->name : "somebody");
      return;
    }

  for (guint i = 0; i < visitor->places->len; i++)
    {
      guint place = g_array_index (visitor->places, guint, i);

      while (place < self->hall->events->len)
        {
          TeaEvent *event = self->hall->events->pdata[place++];

          if (!g_str_equal (tea_event_get_author (event), visitor->name)
              && is_line_of (line, event))
            g_array_append_val (places, place);
          if (!may_be_left_out (self, visitor, event))
            break;
        }
    }
  if (places->len == 0)
    fail (self, "%s is told '%s %.12s', which does not come next", visitor->name,
          line->author != NULL ? line->author : "", line->text != NULL ? line->text : "");
  g_array_set_size (visitor->places, 0);
  g_array_append_vals (visitor->places, places->data, places->len);
}

static void
let_out (SimChecker *self, Visitor *visitor)
{
  visitor->inside = FALSE;
  visitor->leaving = FALSE;
  visitor->n_before = self->hall->events->len;
}

static void
watch_down (SimChecker *self, Visitor *visitor, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  g_autoptr (TeaClassicLine) line = tea_classic_line_parse (data, size);

  if (size == 1 && *data == 'Y')
    {
      if (visitor->name == NULL)
        fail (self, "Somebody is let in who did not ask");
      else
        let_in (self, visitor);
      return;
    }

  switch (line->kind)
    {
    case TEA_CLASSIC_LINE_EXIT:
      if (visitor->inside && !visitor->leaving && !self->is_stopping)
        {
          if (sim_network_get_time (self->network) - visitor->last_heard
              < self->idle_timeout - G_TIME_SPAN_MILLISECOND)
            fail (self, "%s is thrown out without a reason", visitor->name);
          g_hash_table_add (self->excused, g_strdup (visitor->folded));
        }
      let_out (self, visitor);
      break;
    case TEA_CLASSIC_LINE_REFUSED:
      if (!visitor->inside)
        let_out (self, visitor);
      break;
    case TEA_CLASSIC_LINE_MESSAGE:
    case TEA_CLASSIC_LINE_JOINED:
    case TEA_CLASSIC_LINE_LEFT:
      take_line (self, visitor, line);
      break;
    case TEA_CLASSIC_LINE_PRESENT:
      break;
    case TEA_CLASSIC_LINE_ACCEPTED:
    case TEA_CLASSIC_LINE_NOTICE:
    default:
      fail (self, "The server says '%.*s'", (int) MIN (size, 20), (const char *) data);
    }
}

/* To be called with all that the server hears and says outside of channels. */
void
sim_checker_watch_datagram (
    SimChecker *self, guint address, guint port, GBytes *datagram, gboolean up)
{
  g_autofree char *id = g_strdup_printf ("%u:%u", address, port);
  Visitor *visitor = g_hash_table_lookup (self->visitors, id);

  sim_trace (self->network, "%s %s: %.*s", up ? "from" : "to", id,
             datagram != NULL ? (int) MIN (g_bytes_get_size (datagram), 20) : 11,
             datagram != NULL ? (const char *) g_bytes_get_data (datagram, NULL) : "unreachable");
  if (visitor == NULL)
    {
      visitor = g_new0 (Visitor, 1);
      visitor->address = address;
      visitor->places = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (self->visitors, g_steal_pointer (&id), visitor);
    }

  if (datagram == NULL)
    {
      /* Who is on their way in or out is not to be seen as gone. */
      if (visitor->inside && !visitor->leaving)
        {
          g_hash_table_add (self->excused, g_strdup (visitor->folded));
          let_out (self, visitor);
        }
    }
  else if (up)
    watch_up (self, visitor, datagram);
  else
    watch_down (self, visitor, datagram);
}

/* Whoever is in was told everything to the end. */
void
sim_checker_finish_classic (SimChecker *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Visitor *visitor = value;
      gboolean has_all = !visitor->inside;

      for (guint i = 0; i < visitor->places->len && !has_all; i++)
        {
          guint place = g_array_index (visitor->places, guint, i);

          while (place < self->hall->events->len
                 && may_be_left_out (self, visitor, self->hall->events->pdata[place]))
            place++;
          has_all = place == self->hall->events->len;
        }
      if (!has_all)
        fail (self, "%s was not told everything", visitor->name);
    }
}
