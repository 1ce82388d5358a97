/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-checker.h"

#include "tea-event-record.h"
#include "tea-frame.h"
#include "tea-member.h"
#include "tea-name.h"
#include "tea-timeline.h"

/* What the server was told through a channel, and told itself. */
typedef struct
{
  guint32 stream;
  gboolean entered;
} Channel;

G_GNUC_PRINTF (2, 3)
static void
fail (SimChecker *self, const char *format, ...)
{
  va_list arguments;

  if (self->failure != NULL)
    return;

  va_start (arguments, format);
  self->failure = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sim_trace (self->network, "WRONG: %s", self->failure);
}

void
sim_checker_init (
    SimChecker *self, SimNetwork *network, TeaFakeDisk *disk, GPtrArray *clients, GTimeSpan grace)
{
  *self = (SimChecker){ .network = network, .disk = disk, .clients = clients, .grace = grace };
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->acked = g_ptr_array_new_with_free_func (g_free);
  self->inside = g_ptr_array_new_with_free_func (g_free);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->channels = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  self->heard_of
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

void
sim_checker_clear (SimChecker *self)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->acked, g_ptr_array_unref);
  g_clear_pointer (&self->inside, g_ptr_array_unref);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_clear_pointer (&self->channels, g_hash_table_unref);
  g_clear_pointer (&self->heard_of, g_hash_table_unref);
}

/* What is on the disk. */

static guint64
get_head (SimChecker *self)
{
  return self->events->len > 0 ? tea_event_get_seq (self->events->pdata[self->events->len - 1]) : 0;
}

/* Where the event of a number is, or the one after it. */
static guint
find_place (SimChecker *self, guint64 seq)
{
  guint low = 0;
  guint high = self->events->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (tea_event_get_seq (self->events->pdata[middle]) < seq)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static TeaEvent *
find_event (SimChecker *self, guint64 seq)
{
  guint place = find_place (self, seq);

  if (place == self->events->len || tea_event_get_seq (self->events->pdata[place]) != seq)
    return NULL;

  return self->events->pdata[place];
}

static gboolean
find_inside (SimChecker *self, const char *name, guint *place)
{
  return g_ptr_array_find_with_equal_func (self->inside, name, g_str_equal, place);
}

/* Whether somebody was away long enough, or went by themselves. */
static void
check_absence (SimChecker *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  GArray *times = key != NULL ? g_hash_table_lookup (self->heard_of, key) : NULL;
  gint64 now = sim_network_get_time (self->network);
  gint64 left = tea_event_get_time (event) - G_GINT64_CONSTANT (1767225600000000) + 1;
  gint64 last = self->server_start < left ? self->server_start : 0;

  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (g_strcmp0 (client->key, key) == 0 && client->said_goodbye > 0)
        return;
    }
  for (guint i = times != NULL ? times->len : 0; i > 0; i--)
    if (g_array_index (times, gint64, i - 1) <= left)
      {
        last = MAX (last, g_array_index (times, gint64, i - 1));
        break;
      }

  if (left - last < self->grace - G_TIME_SPAN_MILLISECOND)
    fail (self, "%s left at %.3f (told at %.3f), last heard of at %.3f", //
          tea_event_get_author (event), (double) left / G_USEC_PER_SEC,
          (double) now / G_USEC_PER_SEC, (double) last / G_USEC_PER_SEC);
}

static void
check_committed (SimChecker *self, TeaEvent *event)
{
  g_autofree char *name = tea_name_fold (tea_event_get_author (event));
  g_autofree char *owner = g_strdup_printf ("%s %s", name, tea_event_get_key (event));
  g_autofree char *id = NULL;
  const char *text = tea_event_get_text (event);
  guint64 seq = tea_event_get_seq (event);
  gboolean is_inside;
  guint place = 0;

  is_inside = find_inside (self, owner, &place);
  sim_trace (self->network, "disk: %" G_GUINT64_FORMAT " %d %s %.12s", seq,
             tea_event_get_kind (event), tea_event_get_author (event), text != NULL ? text : "");

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      for (guint i = 0; i < self->inside->len; i++)
        if (g_str_has_prefix (self->inside->pdata[i], name)
            && ((char *) self->inside->pdata[i])[strlen (name)] == ' ')
          fail (self, "%" G_GUINT64_FORMAT ": %s comes, but is there", seq, name);
      g_ptr_array_add (self->inside, g_steal_pointer (&owner));
      break;

    case TEA_EVENT_LEFT:
      if (is_inside)
        g_ptr_array_remove_index (self->inside, place);
      else
        fail (self, "%" G_GUINT64_FORMAT ": %s leaves, but is not there", seq, name);
      check_absence (self, event);
      break;

    case TEA_EVENT_MESSAGE:
      if (!is_inside)
        fail (self, "%" G_GUINT64_FORMAT ": %s speaks, but is not there", seq, name);
      id = g_strdup_printf ("%s %u %u", tea_event_get_key (event), tea_event_get_stream (event),
                            tea_event_get_number (event));
      if (!g_hash_table_add (self->ids, g_steal_pointer (&id)))
        fail (self, "%" G_GUINT64_FORMAT ": number %u of %s is stored twice", seq,
              tea_event_get_number (event), name);
      if (!g_hash_table_add (self->texts, g_strdup (text)))
        fail (self, "%" G_GUINT64_FORMAT ": '%.12s' of %s is stored twice", seq, text, name);
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
      fail (self, "%" G_GUINT64_FORMAT ": nothing to be stored", seq);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* To be called whenever something may have been committed. */
void
sim_checker_look_at_disk (SimChecker *self)
{
  GBytes *record;
  guint64 seq;

  while ((record = tea_fake_disk_peek_next (self->disk, get_head (self) + 1, &seq)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      TeaEvent *event = tea_event_record_decode (seq, record, &error);

      g_assert_no_error (error);
      g_ptr_array_add (self->events, event);
      check_committed (self, event);
    }
}

/* What is on the wire. */

static gboolean
is_same (TeaEvent *one, TeaEvent *other)
{
  return tea_event_get_seq (one) == tea_event_get_seq (other)
         && tea_event_get_kind (one) == tea_event_get_kind (other)
         && tea_event_get_time (one) == tea_event_get_time (other)
         && g_strcmp0 (tea_event_get_author (one), tea_event_get_author (other)) == 0
         && g_strcmp0 (tea_event_get_text (one), tea_event_get_text (other)) == 0;
}

static void
watch_down (SimChecker *self, const char *key, Channel *channel, const TeaFrame *frame)
{
  TeaEvent *event;
  guint place;

  switch ((int) frame->type)
    {
    case TEA_FRAME_ENTERED:
      channel->entered = TRUE;
      if (frame->entered.head > get_head (self))
        fail (self, "ENTERED tells of %" G_GUINT64_FORMAT ", which is not committed",
              frame->entered.head);
      break;

    case TEA_FRAME_HEAD:
      if (frame->head.head > get_head (self))
        fail (self, "HEAD tells of %" G_GUINT64_FORMAT ", which is not committed",
              frame->head.head);
      break;

    case TEA_FRAME_EVENT:
      event = find_event (self, tea_event_get_seq (frame->event.event));
      if (event == NULL || !is_same (event, frame->event.event))
        fail (self, "EVENT %" G_GUINT64_FORMAT " is not what is committed",
              tea_event_get_seq (frame->event.event));
      break;

    case TEA_FRAME_PIECE:
      if (find_event (self, frame->piece.seq) == NULL)
        fail (self, "PIECE of %" G_GUINT64_FORMAT ", which is not committed", frame->piece.seq);
      break;

    case TEA_FRAME_EMPTY:
      place = find_place (self, frame->empty.from);
      if (frame->empty.to > get_head (self)
          || (place < self->events->len
              && tea_event_get_seq (self->events->pdata[place]) <= frame->empty.to))
        fail (self, "EMPTY %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", but there is something",
              frame->empty.from, frame->empty.to);
      break;

    case TEA_FRAME_ACK:
      event = find_event (self, frame->ack.seq);
      if (event == NULL || tea_event_get_kind (event) != TEA_EVENT_MESSAGE
          || g_strcmp0 (tea_event_get_key (event), key) != 0
          || tea_event_get_stream (event) != channel->stream
          || tea_event_get_number (event) != frame->ack.number)
        fail (self, "ACK of %u as %" G_GUINT64_FORMAT ", which is not committed", frame->ack.number,
              frame->ack.seq);
      break;

    default:
      break;
    }
}

void
sim_checker_watch (SimChecker *self, TeaPacketChannel *packet_channel, GBytes *packet, gboolean up)
{
  TeaFrameReader reader = TEA_FRAME_READER_INIT (packet);
  const char *key = tea_packet_channel_get_peer_key (packet_channel);
  Channel *channel = g_hash_table_lookup (self->channels, packet_channel);
  g_auto (TeaFrame) frame = TEA_FRAME_INIT;
  g_autoptr (GError) error = NULL;

  sim_checker_look_at_disk (self);
  if (channel == NULL)
    {
      channel = g_new0 (Channel, 1);
      g_hash_table_insert (self->channels, g_object_ref (packet_channel), channel);
    }
  if (up && channel->entered)
    {
      GArray *times = g_hash_table_lookup (self->heard_of, key);
      gint64 now = sim_network_get_time (self->network);

      if (times == NULL)
        {
          times = g_array_new (FALSE, FALSE, sizeof (gint64));
          g_hash_table_insert (self->heard_of, g_strdup (key), times);
        }
      g_array_append_val (times, now);
    }

  while (tea_frame_reader_next (&reader, &frame, &error))
    {
      sim_trace (self->network, "%s %.12s: frame %d (%u)", up ? "from" : "to", key, frame.type,
                 frame.type == TEA_FRAME_SAY ? frame.say.number : 0);
      if (up && frame.type == TEA_FRAME_ENTER)
        channel->stream = frame.enter.stream;
      else if (!up)
        watch_down (self, key, channel, &frame);
    }
  g_assert_no_error (error);
}

/* What clients show. */

static int
compare_seq (gconstpointer a, gconstpointer b)
{
  guint64 one = *(const guint64 *) a;
  guint64 other = *(const guint64 *) b;

  return (one > other) - (one < other);
}

/* The numbers of all that a program knows from its beginning on: what it was told, and what
   it said itself, of which its timeline tells. */
static GArray *
list_known (SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);
  GArray *known = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 first = client->heard->len > 0 ? tea_event_get_seq (client->heard->pdata[0]) : 0;

  for (guint i = 0; i < client->heard->len; i++)
    {
      guint64 seq = tea_event_get_seq (client->heard->pdata[i]);

      g_array_append_val (known, seq);
    }
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (seq > first && tea_timeline_item_is_own (item)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_DELIVERED
          && !sim_client_has_heard (client, seq))
        g_array_append_val (known, seq);
    }
  g_array_sort (known, compare_seq);

  return known;
}

/* Whether a program knows all that is stored, from where it began, in order; how much it
   does not know yet. */
static void
check_heard (SimChecker *self, SimClient *client, guint *n_left)
{
  g_autoptr (GArray) known = list_known (client);
  guint n_known = 0;
  guint place;

  *n_left = 0;
  for (guint i = 0; i < client->heard->len; i++)
    {
      TeaEvent *event = client->heard->pdata[i];
      TeaEvent *stored = find_event (self, tea_event_get_seq (event));

      if (stored == NULL || !is_same (stored, event))
        fail (self, "%s/%u was told a %" G_GUINT64_FORMAT " that is not stored", client->name,
              client->index, tea_event_get_seq (event));
      if (i > 0 && tea_event_get_seq (event) <= tea_event_get_seq (client->heard->pdata[i - 1]))
        fail (self, "%s/%u was told %" G_GUINT64_FORMAT " too late", client->name, client->index,
              tea_event_get_seq (event));
    }
  if (known->len == 0)
    return;

  /* What it said itself may be known to be stored before what comes before that. */
  place = find_place (self, g_array_index (known, guint64, 0));
  for (; n_known < known->len; n_known++)
    {
      guint64 seq = g_array_index (known, guint64, n_known);

      if (place + n_known < self->events->len
          && tea_event_get_seq (self->events->pdata[place + n_known]) == seq)
        continue;
      if (client->heard->len > 0
          && seq <= tea_event_get_seq (client->heard->pdata[client->heard->len - 1]))
        fail (self, "%s/%u knows %" G_GUINT64_FORMAT ", but not what comes before it", client->name,
              client->index, seq);
      break;
    }
  *n_left = self->events->len - place - n_known;
}

/* How many of the events that a program knows are to be seen: not that it came itself. */
static guint
count_lines (SimChecker *self, SimClient *client)
{
  g_autoptr (GArray) known = list_known (client);
  guint n_lines = 0;

  for (guint i = 0; i < known->len; i++)
    {
      TeaEvent *event = find_event (self, g_array_index (known, guint64, i));

      n_lines += tea_event_get_kind (event) == TEA_EVENT_MESSAGE
                 || !tea_name_equal (tea_event_get_author (event), client->name);
    }

  return n_lines;
}

static void
check_line (SimChecker *self, SimClient *client, TeaEvent *event, guint64 *latest)
{
  TeaEvent *stored = find_event (self, tea_event_get_seq (event));

  if (tea_event_get_seq (event) <= *latest || stored == NULL || !is_same (stored, event))
    fail (self, "%s/%u shows %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, client->name,
          client->index, tea_event_get_seq (event), *latest);
  *latest = MAX (*latest, tea_event_get_seq (event));
}

/* Whether the lines are in order, each once; how many there are. */
static guint
check_timeline (SimChecker *self, SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);
  guint n_events = 0;
  guint64 latest = 0;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      TeaTimelineItemKind kind = tea_timeline_item_get_kind (item);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (kind == TEA_TIMELINE_ITEM_PRESENCE)
        {
          GPtrArray *events = tea_timeline_item_get_events (item);

          for (guint j = 0; j < events->len; j++)
            check_line (self, client, events->pdata[j], &latest);
          n_events += events->len;
        }
      else if (kind == TEA_TIMELINE_ITEM_MESSAGE && seq > 0)
        {
          TeaEvent *stored = find_event (self, seq);

          if (stored == NULL || seq <= latest
              || g_strcmp0 (tea_event_get_text (stored), tea_timeline_item_get_text (item)) != 0
              || g_strcmp0 (tea_event_get_author (stored), tea_timeline_item_get_author (item))
                     != 0)
            fail (self, "%s/%u shows %" G_GUINT64_FORMAT " '%.12s' after %" G_GUINT64_FORMAT,
                  client->name, client->index, seq, tea_timeline_item_get_text (item), latest);
          latest = MAX (latest, seq);
          n_events++;
        }
      else if (kind == TEA_TIMELINE_ITEM_GAP)
        {
          fail (self, "%s/%u shows a gap", client->name, client->index);
        }
    }

  return n_events;
}

static void
check_delivered (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) texts = sim_client_list_own (client, TEA_DELIVERY_DELIVERED);

  for (guint i = 0; i < texts->len; i++)
    if (!g_hash_table_contains (self->texts, texts->pdata[i]))
      fail (self, "%s/%u shows '%.12s' as delivered, but it is not stored", client->name,
            client->index, (char *) texts->pdata[i]);
}

/* What must be true of a running program at any time. */
void
sim_checker_look_at_client (SimChecker *self, SimClient *client)
{
  guint n_left;

  sim_checker_look_at_disk (self);
  check_heard (self, client, &n_left);
  check_timeline (self, client);
  check_delivered (self, client);
}

/* To be called before a program is killed: what it was told is to be true for ever. */
void
sim_checker_bury_client (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) texts = sim_client_list_own (client, TEA_DELIVERY_DELIVERED);

  sim_checker_look_at_client (self, client);
  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (self->acked, g_strdup (texts->pdata[i]));
}

static gboolean
has_all (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) failed = sim_client_list_own (client, TEA_DELIVERY_FAILED);
  guint n_left;

  check_heard (self, client, &n_left);

  return sim_client_is_inside (client) && failed->len == 0 && n_left == 0 && client->heard->len > 0
         && tea_client_get_n_unsent (client->client) == 0;
}

/* Whether everybody who wants to be in the room is there and has everything. */
gboolean
sim_checker_is_at_rest (SimChecker *self)
{
  sim_checker_look_at_disk (self);
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (client->runs && client->asked && !has_all (self, client))
        return FALSE;
    }

  return TRUE;
}

static void
check_members (SimChecker *self, SimClient *client)
{
  GListModel *members = tea_client_get_members (client->client);
  guint n_members = g_list_model_get_n_items (members);

  if (n_members != self->inside->len)
    fail (self, "%s/%u sees %u members, not %u", client->name, client->index, n_members,
          self->inside->len);
}

/* What must be true once everything is well again, and time has passed. */
void
sim_checker_finish (SimChecker *self)
{
  sim_checker_look_at_disk (self);
  for (guint i = 0; i < self->acked->len; i++)
    if (!g_hash_table_contains (self->texts, self->acked->pdata[i]))
      fail (self, "'%.12s' was delivered, but is not stored", (char *) self->acked->pdata[i]);

  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];
      g_autoptr (GPtrArray) failed = NULL;
      guint n_lines;

      if (!client->runs)
        continue;
      sim_checker_look_at_client (self, client);
      if (!client->asked)
        continue;

      if (!has_all (self, client))
        fail (self, "%s/%u is stuck: state %d, %u heard, %u unsent", client->name, client->index,
              tea_client_get_state (client->client), client->heard->len,
              tea_client_get_n_unsent (client->client));
      failed = sim_client_list_own (client, TEA_DELIVERY_FAILED);
      if (failed->len > 0)
        fail (self, "%s/%u could not say '%.12s'", client->name, client->index,
              (char *) failed->pdata[0]);
      n_lines = check_timeline (self, client);
      if (n_lines < count_lines (self, client))
        fail (self, "%s/%u shows %u lines of %u", client->name, client->index, n_lines,
              count_lines (self, client));
      check_members (self, client);
      if (client->is_loading)
        fail (self, "%s/%u still waits for older history", client->name, client->index);
    }
}
