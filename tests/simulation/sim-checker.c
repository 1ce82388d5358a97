/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-checker.h"

#include "tea-client-test.h"
#include "tea-event-record.h"
#include "tea-frame-reader.h"
#include "tea-frame-rules.h"
#include "tea-frame.h"
#include "tea-member.h"
#include "tea-name.h"
#include "tea-timeline.h"

#define REAL_TIME G_GINT64_CONSTANT (1767225600000000)
#define MAX_HISTORY 1000

/* What the server was told through a channel, and told itself. */
typedef struct
{
  char *owner; /* as in @inside */
  guint32 stream;
  guint32 n_before; /* how much of the stream was stored when it asked to enter */
  guint64 epoch;
  guint64 since;
  guint64 check;
  guint32 history;
  gboolean asked;
  gboolean asked_hall; /* whether it wants to have the hall open */
  gboolean has_password;
  gboolean entered;
  gboolean left;
} Channel;

#define fail sim_checker_fail

static void
channel_free (gpointer data)
{
  Channel *channel = data;

  g_free (channel->owner);
  g_free (channel);
}

void
sim_checker_fail (SimChecker *self, const char *format, ...)
{
  va_list arguments;

  if (self->failure != NULL)
    return;

  va_start (arguments, format);
  self->failure = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  sim_trace (self->network, "WRONG: %s", self->failure);
}

static void stored_cb (guint64 seq, GBytes *record, gpointer user_data);

void
sim_checker_init (
    SimChecker *self, SimNetwork *network, TeaFakeDisk *disk, GPtrArray *clients, GTimeSpan grace)
{
  *self = (SimChecker){ .network = network, .disk = disk, .clients = clients, .grace = grace };
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->acked = g_ptr_array_new_with_free_func (g_free);
  self->inside = g_ptr_array_new_with_free_func (g_free);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->latest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->erased = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->goodbyes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->channels = g_hash_table_new_full (NULL, NULL, g_object_unref, channel_free);
  self->heard_of
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  sim_checker_init_classic (self);
  tea_fake_disk_watch (disk, stored_cb, self);
}

void
sim_checker_clear (SimChecker *self)
{
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->acked, g_ptr_array_unref);
  g_clear_pointer (&self->inside, g_ptr_array_unref);
  g_clear_pointer (&self->owners, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->latest, g_hash_table_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_clear_pointer (&self->lost, g_hash_table_unref);
  g_clear_pointer (&self->erased, g_hash_table_unref);
  g_clear_pointer (&self->goodbyes, g_hash_table_unref);
  g_clear_pointer (&self->channels, g_hash_table_unref);
  g_clear_pointer (&self->heard_of, g_hash_table_unref);
  sim_checker_clear_classic (self);
  tea_fake_disk_watch (self->disk, NULL, NULL);
}

/* The server begins anew: what was said to an earlier one means nothing to it. */
void
sim_checker_note_start (SimChecker *self)
{
  self->server_start = sim_network_get_time (self->network);
  self->incarnation++;
  sim_checker_forget_visitors (self);
}

/* A running server may remember what it has told. */
void
sim_checker_note_erased (SimChecker *self, guint64 seq, gboolean live)
{
  g_hash_table_insert (self->erased, g_memdup2 (&seq, sizeof seq),
                       GUINT_TO_POINTER (live ? self->incarnation : 0));
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

gboolean
sim_checker_find_inside (SimChecker *self, const char *owner, guint *place)
{
  return g_ptr_array_find_with_equal_func (self->inside, owner, g_str_equal, place);
}

static char *
make_owner (const char *name, const char *key)
{
  g_autofree char *folded = tea_name_fold (name);

  return g_strdup_printf ("%s %s", folded, key != NULL ? key : "");
}

static guint
count (GHashTable *table, const char *text)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, text));
}

/* Who is in the room under a name: the key, or nothing; NULL where nobody is. */
static const char *
find_key_inside (SimChecker *self, const char *folded)
{
  gsize length = strlen (folded);

  for (guint i = 0; i < self->inside->len; i++)
    {
      const char *owner = self->inside->pdata[i];

      if (g_str_has_prefix (owner, folded) && owner[length] == ' ')
        return owner + length + 1;
    }

  return NULL;
}

/* Whether somebody was away long enough, or went by themselves. */
static void
check_absence (SimChecker *self, TeaEvent *event, const char *folded, const char *owner)
{
  GArray *times = g_hash_table_lookup (self->heard_of, owner);
  gint64 now = sim_network_get_time (self->network);
  gint64 left = tea_event_get_time (event) - REAL_TIME + 1;
  gint64 last = self->server_start < left ? self->server_start : 0;

  if (self->clock_jumps || self->is_restored)
    return;
  if (tea_event_get_key (event) == NULL)
    {
      if (!sim_checker_may_leave (self, folded, left))
        fail (self, "%s left at %.3f without a reason", folded, (double) left / G_USEC_PER_SEC);
      return;
    }
  if (g_hash_table_remove (self->goodbyes, owner))
    return;

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
check_join (SimChecker *self, TeaEvent *event, const char *folded)
{
  const char *key = tea_event_get_key (event);
  const char *owner = g_hash_table_lookup (self->owners, folded);
  guint64 seq = tea_event_get_seq (event);

  if (find_key_inside (self, folded) != NULL)
    fail (self, "%" G_GUINT64_FORMAT ": %s comes, but is there", seq, folded);
  if (owner != NULL && g_strcmp0 (owner, key) != 0)
    fail (self, "%" G_GUINT64_FORMAT ": %s comes by another key", seq, folded);
  if (key == NULL && self->password != NULL)
    fail (self, "%" G_GUINT64_FORMAT ": %s comes without a password", seq, folded);
  if (key != NULL && owner == NULL)
    g_hash_table_insert (self->owners, g_strdup (folded), g_strdup (key));
}

static void
check_message (SimChecker *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  const char *text = tea_event_get_text (event);
  guint64 seq = tea_event_get_seq (event);
  guint n = count (self->texts, text) + 1;

  g_hash_table_insert (self->texts, g_strdup (text), GUINT_TO_POINTER (n));
  g_hash_table_remove (self->lost, text);
  if (key != NULL)
    {
      char *stream = g_strdup_printf ("%s %u", key, tea_event_get_stream (event));
      char *id = g_strdup_printf ("%s %u", stream, tea_event_get_number (event));

      if (tea_event_get_number (event) <= count (self->latest, stream))
        fail (self, "%" G_GUINT64_FORMAT ": number %u of %s comes too late", seq,
              tea_event_get_number (event), stream);
      g_hash_table_insert (self->latest, stream, GUINT_TO_POINTER (tea_event_get_number (event)));
      if (!g_hash_table_add (self->ids, id))
        fail (self, "%" G_GUINT64_FORMAT ": number %u is stored twice", seq,
              tea_event_get_number (event));
      if (n > 1)
        fail (self, "%" G_GUINT64_FORMAT ": '%.12s' is stored twice", seq, text);
    }
  else if (n > count (self->arrived, text))
    {
      fail (self, "%" G_GUINT64_FORMAT ": '%.12s' is stored %u times, but came %u times", seq, text,
            n, count (self->arrived, text));
    }
}

static void
check_committed (SimChecker *self, TeaEvent *event)
{
  g_autofree char *folded = tea_name_fold (tea_event_get_author (event));
  g_autofree char *owner = make_owner (folded, tea_event_get_key (event));
  const char *text = tea_event_get_text (event);
  guint64 seq = tea_event_get_seq (event);
  gboolean is_inside;
  guint place = 0;

  is_inside = sim_checker_find_inside (self, owner, &place);
  sim_trace (self->network, "disk: %" G_GUINT64_FORMAT " %d %s %.12s", seq,
             tea_event_get_kind (event), tea_event_get_author (event), text != NULL ? text : "");

  switch (tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      check_join (self, event, folded);
      g_ptr_array_add (self->inside, g_steal_pointer (&owner));
      break;

    case TEA_EVENT_LEFT:
      if (is_inside)
        g_ptr_array_remove_index (self->inside, place);
      else
        fail (self, "%" G_GUINT64_FORMAT ": %s leaves, but is not there", seq, folded);
      check_absence (self, event, folded, owner);
      break;

    case TEA_EVENT_MESSAGE:
      if (!is_inside)
        fail (self, "%" G_GUINT64_FORMAT ": %s speaks, but is not there", seq, folded);
      check_message (self, event);
      break;

    case TEA_EVENT_INVITED:
    case TEA_EVENT_SETTINGS:
    case TEA_EVENT_ARCHIVED:
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
    case TEA_EVENT_OTHER:
    default:
      fail (self, "%" G_GUINT64_FORMAT ": nothing to be stored", seq);
      break;
    }
}

static void
stored_cb (guint64 seq, GBytes *record, gpointer user_data)
{
  SimChecker *self = user_data;
  g_autoptr (GError) error = NULL;
  TeaEvent *event = tea_event_record_decode (seq, record, &error);

  g_assert_no_error (error);
  if (seq <= get_head (self))
    fail (self, "%" G_GUINT64_FORMAT " is stored after %" G_GUINT64_FORMAT, seq, get_head (self));
  g_ptr_array_add (self->events, event);
  check_committed (self, event);
}

static gboolean
is_there_again (gpointer key, gpointer value, gpointer user_data)
{
  SimChecker *self = user_data;
  guint64 seq = *(guint64 *) key;

  return seq > tea_fake_disk_get_head (self->disk) || tea_fake_disk_holds (self->disk, seq);
}

/* To be called after the disk was set back to a copy: its log is another one now, which goes
   on from there. What was acknowledged since the copy was made is lost, and known to be. */
void
sim_checker_note_restored (SimChecker *self)
{
  g_autoptr (GPtrArray) events = g_steal_pointer (&self->events);
  guint64 head = tea_fake_disk_get_head (self->disk);

  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  g_ptr_array_set_size (self->inside, 0);
  g_hash_table_remove_all (self->owners);
  g_hash_table_remove_all (self->ids);
  g_hash_table_remove_all (self->latest);
  g_hash_table_remove_all (self->texts);
  g_hash_table_remove_all (self->channels);

  self->is_restored = TRUE;
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = events->pdata[i];

      if (tea_event_get_seq (event) <= head)
        {
          g_ptr_array_add (self->events, tea_event_ref (event));
          check_committed (self, event);
        }
    }
  g_hash_table_foreach_remove (self->erased, is_there_again, self);
  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = events->pdata[i];

      if (tea_event_get_seq (event) > head && tea_event_get_kind (event) == TEA_EVENT_MESSAGE
          && count (self->texts, tea_event_get_text (event)) == 0)
        g_hash_table_add (self->lost, g_strdup (tea_event_get_text (event)));
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

static gboolean
is_kept (SimChecker *self, TeaEvent *event)
{
  return tea_fake_disk_holds (self->disk, tea_event_get_seq (event));
}

/* Whether a number may still be told: what is erased is not, but for what a server that was
   running then may remember. */
static gboolean
may_be_told (SimChecker *self, guint64 seq)
{
  gpointer incarnation;

  return tea_fake_disk_holds (self->disk, seq)
         || !g_hash_table_lookup_extended (self->erased, &seq, NULL, &incarnation)
         || GPOINTER_TO_UINT (incarnation) == self->incarnation;
}

static gboolean
is_empty (SimChecker *self, guint64 from, guint64 to)
{
  guint place = find_place (self, from);

  for (; place < self->events->len && tea_event_get_seq (self->events->pdata[place]) <= to; place++)
    if (is_kept (self, self->events->pdata[place]))
      return FALSE;

  return to <= get_head (self);
}

static void
check_entered (SimChecker *self, Channel *channel)
{
  if (!sim_checker_find_inside (self, channel->owner, NULL))
    fail (self, "ENTERED is told before %s is in", channel->owner);
  if (self->password != NULL && !channel->has_password)
    fail (self, "ENTERED without the password");
}

/* Whether what a program says to know is of the log that is there; what is erased is believed. */
static gboolean
is_believed (SimChecker *self, Channel *channel, guint64 epoch, guint64 head)
{
  TeaEvent *event;

  if (channel->epoch != epoch || channel->since > head)
    return FALSE;
  if (channel->since == 0)
    return TRUE;

  event = find_event (self, channel->since);

  return event == NULL || !is_kept (self, event) || tea_event_get_check (event) == channel->check;
}

/* The start that a program is to be told. */
static guint64
find_start (SimChecker *self, Channel *channel, const TeaFrame *frame, gboolean believed)
{
  guint64 head = frame->opened.head;
  guint64 start = believed ? channel->since + 1 : 0;

  if (channel->history != 0)
    start = MAX (start, head + 1 - MIN (head, MIN (channel->history, MAX_HISTORY)));
  if (start == 0)
    start = head + 1;

  return MAX (start, frame->opened.first);
}

static void
check_opened (SimChecker *self, Channel *channel, const TeaFrame *frame)
{
  guint64 head = frame->opened.head;
  gboolean believed = is_believed (self, channel, frame->opened.epoch, head);
  guint64 start = find_start (self, channel, frame, believed);
  gboolean anew = (frame->opened.flags & TEA_OPENED_ANEW) != 0;
  g_autofree char *stream
      = g_strdup_printf ("%s %u", strchr (channel->owner, ' ') + 1, channel->stream);

  if (!channel->entered)
    fail (self, "OPENED before ENTERED");
  if (head > get_head (self))
    fail (self, "OPENED tells of %" G_GUINT64_FORMAT ", which is not committed", head);
  if (frame->opened.epoch != tea_fake_disk_get_epoch (self->disk))
    fail (self, "OPENED tells of another epoch");
  if (frame->opened.first > MIN (tea_fake_disk_get_first (self->disk), head + 1))
    fail (self, "OPENED begins at %" G_GUINT64_FORMAT, frame->opened.first);
  if (frame->opened.start != start)
    fail (self, "OPENED lets go on from %" G_GUINT64_FORMAT ", not from %" G_GUINT64_FORMAT,
          frame->opened.start, start);
  if (anew != (channel->epoch != 0 && !believed))
    fail (self, "OPENED says that %" G_GUINT64_FORMAT " is %s", channel->since,
          anew ? "not so" : "so");
  if (frame->opened.number < channel->n_before
      || frame->opened.number > count (self->latest, stream))
    fail (self, "OPENED tells of message %u of %u", frame->opened.number,
          count (self->latest, stream));
}

static void
watch_down (SimChecker *self, const char *key, Channel *channel, const TeaFrame *frame)
{
  TeaEvent *event;

  switch ((int) frame->type)
    {
    case TEA_FRAME_ENTERED:
      if (!channel->asked)
        fail (self, "ENTERED without ENTER");
      else
        check_entered (self, channel);
      channel->entered = TRUE;
      break;

    case TEA_FRAME_OPENED:
      if (!channel->asked_hall)
        fail (self, "OPENED without OPEN");
      else
        check_opened (self, channel, frame);
      break;

    case TEA_FRAME_HEAD:
      if (frame->head.head > get_head (self))
        fail (self, "HEAD tells of %" G_GUINT64_FORMAT ", which is not committed",
              frame->head.head);
      if (frame->head.first > MIN (tea_fake_disk_get_first (self->disk), frame->head.head + 1))
        fail (self, "HEAD begins at %" G_GUINT64_FORMAT, frame->head.first);
      break;

    case TEA_FRAME_EVENT:
      event = find_event (self, tea_event_get_seq (frame->event.event));
      if (event == NULL || !is_same (event, frame->event.event))
        fail (self, "EVENT %" G_GUINT64_FORMAT " is not what is committed",
              tea_event_get_seq (frame->event.event));
      if (!may_be_told (self, tea_event_get_seq (frame->event.event)))
        fail (self, "EVENT %" G_GUINT64_FORMAT " is erased",
              tea_event_get_seq (frame->event.event));
      break;

    case TEA_FRAME_PIECE:
      if (find_event (self, frame->piece.seq) == NULL)
        fail (self, "PIECE of %" G_GUINT64_FORMAT ", which is not committed", frame->piece.seq);
      if (!may_be_told (self, frame->piece.seq))
        fail (self, "PIECE of %" G_GUINT64_FORMAT ", which is erased", frame->piece.seq);
      break;

    case TEA_FRAME_EMPTY:
      if (!is_empty (self, frame->empty.from, frame->empty.to))
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

static void
watch_up (SimChecker *self, const char *key, Channel *channel, const TeaFrame *frame)
{
  if (frame->type == TEA_FRAME_LEAVE && channel->owner != NULL && !channel->left)
    {
      channel->left = TRUE;
      g_hash_table_add (self->goodbyes, g_strdup (channel->owner));
    }
  else if (frame->type == TEA_FRAME_ENTER)
    {
      if (g_strcmp0 (self->password, frame->enter.password) == 0)
        channel->has_password = TRUE;
      if (!channel->asked)
        {
          g_autofree char *stream = g_strdup_printf ("%s %u", key, frame->enter.stream);

          channel->asked = TRUE;
          channel->owner = make_owner (frame->enter.name, key);
          channel->stream = frame->enter.stream;
          channel->n_before = count (self->latest, stream);
        }
    }
  else if (frame->type == TEA_FRAME_OPEN && !channel->asked_hall)
    {
      channel->asked_hall = TRUE;
      channel->epoch = frame->open.epoch;
      channel->since = frame->open.since;
      channel->check = frame->open.check;
      channel->history = frame->open.history;
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

  if (channel == NULL)
    {
      channel = g_new0 (Channel, 1);
      g_hash_table_insert (self->channels, g_object_ref (packet_channel), channel);
    }
  if (up && channel->entered)
    {
      GArray *times = g_hash_table_lookup (self->heard_of, channel->owner);
      gint64 now = sim_network_get_time (self->network);

      if (times == NULL)
        {
          times = g_array_new (FALSE, FALSE, sizeof (gint64));
          g_hash_table_insert (self->heard_of, g_strdup (channel->owner), times);
        }
      g_array_append_val (times, now);
    }

  while (tea_frame_reader_next (&reader, &frame, &error))
    {
      sim_trace (self->network, "%s %.12s: frame %d (%u)", up ? "from" : "to", key, frame.type,
                 frame.type == TEA_FRAME_SAY ? frame.say.number : 0);
      /* Of the other rooms nothing is known here. */
      if (frame.channel != 0)
        continue;

      if (up)
        watch_up (self, key, channel, &frame);
      else
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

/* From where on in what it was told a program's log is the one that is there now. */
static guint
find_epoch (SimChecker *self, SimClient *client)
{
  guint64 epoch = tea_fake_disk_get_epoch (self->disk);
  guint i = client->heard->len;

  while (i > 0 && g_array_index (client->epochs, guint64, i - 1) == epoch)
    i--;

  return i;
}

/* From where on a timeline is of the log that is there now. */
static guint
find_first_item (SimChecker *self, SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);

  if (!self->is_restored || (client->heard->len > 0 && find_epoch (self, client) == 0))
    return 0;
  if (sim_client_get_epoch (client) != tea_fake_disk_get_epoch (self->disk))
    return n_items;

  for (guint i = n_items; i > 0; i--)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i - 1);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_GAP)
        return i;
    }

  return 0;
}

static gboolean
has_heard (SimClient *client, guint begin, guint64 seq)
{
  for (guint i = client->heard->len; i > begin; i--)
    if (tea_event_get_seq (client->heard->pdata[i - 1]) == seq)
      return TRUE;

  return FALSE;
}

/* The numbers of all that a program knows from its beginning on: what it was told, and what
   it said itself, of which its timeline tells. */
static GArray *
list_known (SimChecker *self, SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);
  GArray *known = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint begin = find_epoch (self, client);
  guint64 first = client->heard->len > begin ? tea_event_get_seq (client->heard->pdata[begin]) : 0;

  for (guint i = begin; i < client->heard->len; i++)
    {
      guint64 seq = tea_event_get_seq (client->heard->pdata[i]);

      g_array_append_val (known, seq);
    }
  for (guint i = find_first_item (self, client); i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (seq > first && tea_timeline_item_is_own (item)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_DELIVERED
          && count (self->texts, tea_timeline_item_get_text (item)) > 0
          && !has_heard (client, begin, seq))
        g_array_append_val (known, seq);
    }
  g_array_sort (known, compare_seq);

  return known;
}

/* Whether a program knows all that is kept, from where it began, in order; how much it does
   not know yet. */
static void
check_heard (SimChecker *self, SimClient *client, guint *n_left)
{
  g_autoptr (GArray) known = list_known (self, client);
  guint begin = find_epoch (self, client);
  guint n_known = 0;

  *n_left = 0;
  for (guint i = begin; i < client->heard->len; i++)
    {
      TeaEvent *event = client->heard->pdata[i];
      TeaEvent *stored = find_event (self, tea_event_get_seq (event));

      if (stored == NULL || !is_same (stored, event))
        fail (self, "%s/%u was told a %" G_GUINT64_FORMAT " that is not stored", client->name,
              client->index, tea_event_get_seq (event));
      if (i > begin && tea_event_get_seq (event) <= tea_event_get_seq (client->heard->pdata[i - 1]))
        fail (self, "%s/%u was told %" G_GUINT64_FORMAT " too late", client->name, client->index,
              tea_event_get_seq (event));
    }
  if (known->len == 0)
    return;

  /* What it said itself may be known to be stored before what comes before that. */
  for (guint place = find_place (self, g_array_index (known, guint64, 0));
       place < self->events->len; place++)
    {
      TeaEvent *event = self->events->pdata[place];

      if (n_known < known->len
          && g_array_index (known, guint64, n_known) == tea_event_get_seq (event))
        n_known++;
      else if (is_kept (self, event))
        {
          if (client->heard->len > begin
              && tea_event_get_seq (event)
                     < tea_event_get_seq (client->heard->pdata[client->heard->len - 1]))
            fail (self, "%s/%u does not know %" G_GUINT64_FORMAT ", but what comes after it",
                  client->name, client->index, tea_event_get_seq (event));
          ++*n_left;
        }
    }
}

/* How many of the events that a program knows are to be seen: not that it came itself. */
static guint
count_lines (SimChecker *self, SimClient *client)
{
  g_autoptr (GArray) known = list_known (self, client);
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

/* A gap is shown only where something is missing that is not kept any more. */
static void
check_gap (SimChecker *self, SimClient *client, guint64 before, guint64 after)
{
  guint64 first = tea_fake_disk_get_first (self->disk);

  if (before + 1 >= MIN (after, first))
    fail (self, "%s/%u shows a gap between %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
          client->name, client->index, before, after);
}

/* Whether the lines are in order, each once; how many there are. */
static guint
check_timeline (SimChecker *self, SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);
  guint n_events = 0;
  guint64 latest = 0;
  guint64 latest_told = 0; /* of what is not their own: that may be known to be in a gap */
  gboolean is_gap = FALSE;

  for (guint i = find_first_item (self, client); i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      TeaTimelineItemKind kind = tea_timeline_item_get_kind (item);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (kind == TEA_TIMELINE_ITEM_PRESENCE)
        {
          GPtrArray *events = tea_timeline_item_get_events (item);

          if (is_gap)
            check_gap (self, client, latest_told, tea_event_get_seq (events->pdata[0]));
          is_gap = FALSE;
          for (guint j = 0; j < events->len; j++)
            check_line (self, client, events->pdata[j], &latest);
          latest_told = latest;
          n_events += events->len;
        }
      else if (kind == TEA_TIMELINE_ITEM_MESSAGE && seq > 0)
        {
          TeaEvent *stored = find_event (self, seq);

          if (g_hash_table_contains (self->lost, tea_timeline_item_get_text (item)))
            continue;
          if (tea_timeline_item_is_own (item) && stored != NULL && !is_kept (self, stored))
            {
              /* That it is stored may be heard after all that came later. */
              n_events++;
              continue;
            }
          if (is_gap && !tea_timeline_item_is_own (item))
            {
              check_gap (self, client, latest_told, seq);
              is_gap = FALSE;
            }
          if (stored == NULL || seq <= latest
              || g_strcmp0 (tea_event_get_text (stored), tea_timeline_item_get_text (item)) != 0
              || g_strcmp0 (tea_event_get_author (stored), tea_timeline_item_get_author (item))
                     != 0)
            fail (self, "%s/%u shows %" G_GUINT64_FORMAT " '%.12s' after %" G_GUINT64_FORMAT,
                  client->name, client->index, seq, tea_timeline_item_get_text (item), latest);
          latest = MAX (latest, seq);
          if (!tea_timeline_item_is_own (item))
            latest_told = latest;
          n_events++;
        }
      else if (kind == TEA_TIMELINE_ITEM_GAP)
        {
          is_gap = TRUE;
        }
    }

  return n_events;
}

static void
check_delivered (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) texts = sim_client_list_own (client, TEA_DELIVERY_DELIVERED);

  for (guint i = 0; i < texts->len; i++)
    if (!g_hash_table_contains (self->texts, texts->pdata[i])
        && !g_hash_table_contains (self->lost, texts->pdata[i]))
      fail (self, "%s/%u shows '%.12s' as delivered, but it is not stored", client->name,
            client->index, (char *) texts->pdata[i]);
}

/* What must be true of a running program at any time. */
void
sim_checker_look_at_client (SimChecker *self, SimClient *client)
{
  guint n_left;

  if (client->is_classic)
    return;
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

/* Whether somebody else has the name that a client wants, so that it may be refused. */
static gboolean
is_taken (SimChecker *self, SimClient *client)
{
  g_autofree char *folded = tea_name_fold (client->name);
  const char *owner = g_hash_table_lookup (self->owners, folded);
  const char *key = find_key_inside (self, folded);

  if (client->is_classic)
    return owner != NULL || self->password != NULL || key != NULL;

  return (owner != NULL && !g_str_equal (owner, client->key))
         || (key != NULL && !g_str_equal (key, client->key));
}

static gboolean
has_all (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) failed = NULL;
  guint64 seq;
  guint n_left;

  if (!sim_client_is_inside (client) || tea_client_get_n_unsent (client->client) > 0)
    return FALSE;
  failed = sim_client_list_own (client, TEA_DELIVERY_FAILED);
  if (client->is_classic)
    return failed->len == 0 && sim_checker_is_visiting (self, client);

  check_heard (self, client, &n_left);

  /* Where retention has left nothing there is nothing to hear of. */
  return failed->len == 0 && n_left == 0
         && (client->heard->len > 0 || tea_fake_disk_peek_next (self->disk, 1, &seq) == NULL)
         && sim_client_get_epoch (client) == tea_fake_disk_get_epoch (self->disk);
}

/* Whether everybody who wants to be in the room is there and has everything. */
gboolean
sim_checker_is_at_rest (SimChecker *self)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];

      if (client->runs && client->wants_in && !has_all (self, client)
          && (sim_client_is_inside (client) || !is_taken (self, client)))
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

/* Nobody is in the room who is not there. Of a classic member whose program died nobody may
   know before it was silent for long. */
static void
check_nobody_lingers (SimChecker *self)
{
  for (guint i = 0; i < self->inside->len; i++)
    {
      const char *owner = self->inside->pdata[i];
      gboolean is_there = g_str_has_suffix (owner, " ");

      for (guint j = 0; j < self->clients->len && !is_there; j++)
        {
          SimClient *client = self->clients->pdata[j];
          g_autofree char *own = make_owner (client->name, client->key);

          is_there = g_str_equal (own, owner) && sim_client_is_inside (client);
        }
      if (!is_there)
        fail (self, "%s is in the room without being there", owner);
    }
}

/* Whoever comes last and looks back sees all that is kept, and nothing else but what was
   kept when they came. */
void
sim_checker_check_latecomer (SimChecker *self, SimClient *client, guint64 first)
{
  guint n_kept = 0;
  guint n_remembered = 0;
  guint n_shown;

  sim_checker_look_at_client (self, client);
  if (tea_client_get_has_older (client->client))
    fail (self, "%s does not get to the beginning", client->name);

  for (guint i = 0; i < self->events->len; i++)
    {
      TeaEvent *event = self->events->pdata[i];
      guint64 seq = tea_event_get_seq (event);

      if (is_kept (self, event))
        n_kept += tea_event_get_kind (event) == TEA_EVENT_MESSAGE
                  || !tea_name_equal (tea_event_get_author (event), client->name);
      else if (seq >= first && may_be_told (self, seq))
        n_remembered++;
    }
  n_shown = check_timeline (self, client);
  if (n_shown < n_kept || n_shown > n_kept + n_remembered)
    fail (self, "%s sees %u lines, but %u are kept, and %u remembered", client->name, n_shown,
          n_kept, n_remembered);
}

/* What must be true once everything is well again, and time has passed. */
void
sim_checker_finish (SimChecker *self)
{
  for (guint i = 0; i < self->acked->len; i++)
    if (!g_hash_table_contains (self->texts, self->acked->pdata[i])
        && !g_hash_table_contains (self->lost, self->acked->pdata[i]))
      fail (self, "'%.12s' was delivered, but is not stored", (char *) self->acked->pdata[i]);

  for (guint i = 0; i < self->clients->len; i++)
    {
      SimClient *client = self->clients->pdata[i];
      g_autoptr (GPtrArray) failed = NULL;
      guint n_lines;

      if (!client->runs)
        continue;
      sim_checker_look_at_client (self, client);
      if (!client->wants_in || (!sim_client_is_inside (client) && is_taken (self, client)))
        continue;

      if (!has_all (self, client))
        fail (self, "%s/%u is stuck: state %d, refused %d, %u heard, %u unsent", client->name,
              client->index, tea_client_get_state (client->client), client->refusal,
              client->heard->len, tea_client_get_n_unsent (client->client));
      failed = sim_client_list_own (client, TEA_DELIVERY_FAILED);
      if (failed->len > 0)
        fail (self, "%s/%u could not say '%.12s'", client->name, client->index,
              (char *) failed->pdata[0]);
      if (client->is_classic)
        {
          /* A client whose questions all got lost takes it that nobody can answer them. */
          if (tea_client_get_members_known (client->client))
            check_members (self, client);
          continue;
        }
      check_members (self, client);
      n_lines = check_timeline (self, client);
      /* Of a timeline with lines of a log of before, only what is after its last gap counts. */
      if (n_lines < count_lines (self, client) && !self->is_restored)
        fail (self, "%s/%u shows %u lines of %u", client->name, client->index, n_lines,
              count_lines (self, client));
      if (client->is_loading)
        fail (self, "%s/%u still waits for older history", client->name, client->index);
    }
  check_nobody_lingers (self);
  sim_checker_finish_classic (self);
}
