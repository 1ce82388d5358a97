/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-checker.h"

#include "tea-client-test.h"
#include "tea-event-fields.h"
#include "tea-member.h"
#include "tea-name.h"
#include "tea-room-ref.h"
#include "tea-timeline.h"

/* So long after all is well everybody has found out what log there is. */
#define MISLED_TIME (20 * G_TIME_SPAN_SECOND)

#define REAL_TIME G_GINT64_CONSTANT (1767225600000000)

#define fail sim_checker_fail

static void committed_cb (SimLedger *ledger, TeaEvent *event, gpointer user_data);

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

static void
wrong_cb (const char *text, gpointer user_data)
{
  SimChecker *self = user_data;

  fail (self, "%s", text);
}

static void
room_added_cb (TeaFakeRoom *room, gpointer user_data)
{
  SimChecker *self = user_data;
  SimLedger *ledger = sim_ledger_new (self->house, room, committed_cb, wrong_cb, self);

  ledger->clock_jumps = self->clock_jumps;
  g_ptr_array_add (self->ledgers, ledger);
}

void
sim_checker_init (
    SimChecker *self, SimNetwork *network, TeaFakeHouse *house, GPtrArray *clients, GTimeSpan grace)
{
  *self = (SimChecker){ .network = network, .house = house, .clients = clients, .grace = grace };
  self->ledgers = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_ledger_free);
  self->acked = g_ptr_array_new_with_free_func (g_free);
  self->guests = g_ptr_array_new_with_free_func (g_free);
  self->inside = g_ptr_array_new_with_free_func (g_free);
  self->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->goodbyes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->heard_of
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  sim_checker_init_wire (self);
  sim_checker_init_classic (self);
  room_added_cb (tea_fake_house_get_room (house, TEA_ROOM_INFO_HALL), self);
  self->hall = self->ledgers->pdata[0];
  tea_fake_house_watch (house, room_added_cb, self);
}

void
sim_checker_clear (SimChecker *self)
{
  tea_fake_house_watch (self->house, NULL, NULL);
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->ledgers, g_ptr_array_unref);
  g_clear_pointer (&self->acked, g_ptr_array_unref);
  g_clear_pointer (&self->guests, g_ptr_array_unref);
  g_clear_pointer (&self->inside, g_ptr_array_unref);
  g_clear_pointer (&self->owners, g_hash_table_unref);
  g_clear_pointer (&self->goodbyes, g_hash_table_unref);
  g_clear_pointer (&self->heard_of, g_hash_table_unref);
  sim_checker_clear_wire (self);
  sim_checker_clear_classic (self);
}

/* The server begins anew: what was said to an earlier one means nothing to it. */
void
sim_checker_note_start (SimChecker *self)
{
  self->server_start = sim_network_get_time (self->network);
  self->incarnation++;
  for (guint i = 0; i < self->ledgers->len; i++)
    {
      SimLedger *ledger = self->ledgers->pdata[i];

      ledger->told = sim_ledger_get_head (ledger);
      sim_ledger_note_start (ledger);
    }
  sim_checker_forget_positions (self);
  sim_checker_forget_visitors (self);
}

/* A running server may remember what it has told. */
void
sim_checker_note_erased (SimChecker *self, SimLedger *ledger, guint64 seq, gboolean live)
{
  g_hash_table_insert (ledger->erased, g_memdup2 (&seq, sizeof seq),
                       GUINT_TO_POINTER (live ? self->incarnation : 0));
}

/* The room of an address as somebody calls it; NULL where there is none (yet). */
SimLedger *
sim_checker_find_ledger (SimChecker *self, const char *key, const char *address)
{
  g_autofree char *folded = tea_room_ref_fold (address);
  TeaFakeRoom *room;

  if (folded == NULL)
    return NULL;
  if (tea_room_kind_from_address (address) == TEA_ROOM_KIND_PAIR)
    {
      g_autofree char *other = tea_room_ref_dup_pair_key (address);
      char *pair = tea_room_info_fold_pair (key, other);

      g_free (folded);
      folded = pair;
    }
  room = tea_fake_house_find_room (self->house, folded);
  for (guint i = self->ledgers->len; room != NULL && i > 0; i--)
    {
      SimLedger *ledger = self->ledgers->pdata[i - 1];

      if (ledger->room == room->info->number && ledger->disk == room->disk)
        return ledger;
    }

  return NULL;
}

/* Whether a number may still be told: what is erased is not, but for what a server that was
   running then may remember. */
gboolean
sim_checker_may_be_told (SimChecker *self, SimLedger *ledger, guint64 seq)
{
  gpointer incarnation;

  return sim_ledger_holds (ledger, seq)
         || !g_hash_table_lookup_extended (ledger->erased, &seq, NULL, &incarnation)
         || GPOINTER_TO_UINT (incarnation) == self->incarnation;
}

/* What is on the disk. */

gboolean
sim_checker_find_inside (SimChecker *self, const char *owner, guint *place)
{
  return g_ptr_array_find_with_equal_func (self->inside, owner, g_str_equal, place);
}

char *
sim_checker_make_owner (const char *name, const char *key)
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

/* One of somebody's sessions ends because they said so. */
void
sim_checker_note_goodbye (SimChecker *self, const char *owner)
{
  g_hash_table_insert (self->goodbyes, g_strdup (owner),
                       GUINT_TO_POINTER (count (self->goodbyes, owner) + 1));
}

/* The leaving of a session may be stored after another one has said goodbye. */
static gboolean
take_goodbye (SimChecker *self, const char *owner)
{
  guint n = count (self->goodbyes, owner);

  if (n == 0)
    return FALSE;

  g_hash_table_insert (self->goodbyes, g_strdup (owner), GUINT_TO_POINTER (n - 1));

  return TRUE;
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
  if (take_goodbye (self, owner))
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
  const char *text = tea_event_get_text (event);
  guint n = count (self->hall->texts, text);

  if (tea_event_get_key (event) == NULL && n > count (self->arrived, text))
    fail (self, "%" G_GUINT64_FORMAT ": '%.12s' is stored %u times, but came %u times",
          tea_event_get_seq (event), text, n, count (self->arrived, text));
}

static void
check_committed (SimChecker *self, TeaEvent *event)
{
  g_autofree char *folded = tea_name_fold (tea_event_get_author (event));
  g_autofree char *owner = sim_checker_make_owner (folded, tea_event_get_key (event));
  guint64 seq = tea_event_get_seq (event);
  gboolean is_inside;
  guint place = 0;

  is_inside = sim_checker_find_inside (self, owner, &place);

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
    case TEA_EVENT_EDITED:
    case TEA_EVENT_REMOVED:
    case TEA_EVENT_REACTED:
    case TEA_EVENT_PINNED:
    case TEA_EVENT_TOPIC:
    case TEA_EVENT_ROLE:
    case TEA_EVENT_SENT_OUT:
    case TEA_EVENT_MUTED:
    case TEA_EVENT_OTHER:
      break;

    case TEA_EVENT_NOTICE:
    case TEA_EVENT_REFUSED:
    default:
      fail (self, "%" G_GUINT64_FORMAT ": nothing to be stored", seq);
      break;
    }
}

static void
committed_cb (SimLedger *ledger, TeaEvent *event, gpointer user_data)
{
  SimChecker *self = user_data;
  const char *text = tea_event_get_text (event);

  sim_trace (self->network, "disk %u: %" G_GUINT64_FORMAT " %d %s %.12s", ledger->room,
             tea_event_get_seq (event), tea_event_get_wire_kind (event),
             tea_event_get_author (event), text != NULL ? text : "");
  if (ledger->room == TEA_ROOM_INFO_HALL)
    {
      self->hall = ledger;
      check_committed (self, event);
    }
}

/* To be called after the house was set back to a copy, with new epochs or in the old ones. */
void
sim_checker_note_restored (SimChecker *self, gboolean in_place)
{
  g_ptr_array_set_size (self->inside, 0);
  g_hash_table_remove_all (self->owners);
  self->is_restored = TRUE;
  self->in_place |= in_place;
  self->restored = sim_network_get_time (self->network);
  sim_checker_forget_sessions (self);
  for (guint i = 0; i < self->ledgers->len; i++)
    sim_ledger_note_restored (self->ledgers->pdata[i]);
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
  guint64 epoch = tea_fake_disk_get_epoch (self->hall->disk);
  guint begin = self->in_place ? client->latest_gap : 0;
  guint i = client->heard->len;

  while (i > begin && g_array_index (client->epochs, guint64, i - 1) == epoch)
    i--;

  return i;
}

/* A copy was put back in the place of the log, and a program may not have noticed it yet. */
static gboolean
may_be_misled (SimChecker *self, SimClient *client)
{
  return self->in_place
         && (self->healed == 0 || !sim_client_is_inside (client)
             || sim_network_get_time (self->network) < self->healed + MISLED_TIME);
}

/* From where on a timeline is of the log that is there now. */
static guint
find_first_item (SimChecker *self, SimClient *client)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));
  guint n_items = g_list_model_get_n_items (timeline);

  if (!self->is_restored || (client->heard->len > 0 && find_epoch (self, client) == 0))
    return 0;
  if (sim_client_get_epoch (client) != tea_fake_disk_get_epoch (self->hall->disk))
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
          && count (self->hall->texts, tea_timeline_item_get_text (item)) > 0
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
      TeaEvent *stored = sim_ledger_find (self->hall, tea_event_get_seq (event));

      if (stored == NULL || !sim_event_is_same (stored, event))
        fail (self, "%s/%u was told a %" G_GUINT64_FORMAT " that is not stored", client->name,
              client->index, tea_event_get_seq (event));
      if (i > begin && tea_event_get_seq (event) <= tea_event_get_seq (client->heard->pdata[i - 1]))
        fail (self, "%s/%u was told %" G_GUINT64_FORMAT " too late", client->name, client->index,
              tea_event_get_seq (event));
    }
  if (known->len == 0)
    return;

  /* What it said itself may be known to be stored before what comes before that. Changes from
     before a beginning are in what they change. */
  for (guint place = sim_ledger_find_place (self->hall, g_array_index (known, guint64, 0));
       place < self->hall->events->len; place++)
    {
      TeaEvent *event = self->hall->events->pdata[place];

      if (n_known < known->len
          && g_array_index (known, guint64, n_known) == tea_event_get_seq (event))
        n_known++;
      else if (sim_ledger_holds (self->hall, tea_event_get_seq (event))
               && !tea_event_kind_amends (tea_event_get_kind (event)))
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

/* Whether an event is to be seen: not that somebody came themselves, and nothing that is not
   known here. */
static gboolean
is_shown (SimClient *client, TeaEvent *event)
{
  TeaEventKind kind = tea_event_get_kind (event);

  return kind == TEA_EVENT_MESSAGE
         || ((kind == TEA_EVENT_JOINED || kind == TEA_EVENT_LEFT)
             && !tea_name_equal (tea_event_get_author (event), client->name));
}

/* How many of the events that a program knows are to be seen: not that it came itself. */
static guint
count_lines (SimChecker *self, SimClient *client)
{
  g_autoptr (GArray) known = list_known (self, client);
  guint n_lines = 0;

  for (guint i = 0; i < known->len; i++)
    {
      TeaEvent *event = sim_ledger_find (self->hall, g_array_index (known, guint64, i));

      n_lines += is_shown (client, event);
    }

  return n_lines;
}

static void
check_line (SimChecker *self, SimClient *client, TeaEvent *event, guint64 *latest)
{
  TeaEvent *stored = sim_ledger_find (self->hall, tea_event_get_seq (event));

  if (tea_event_get_seq (event) <= *latest || stored == NULL || !sim_event_is_same (stored, event))
    fail (self, "%s/%u shows %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, client->name,
          client->index, tea_event_get_seq (event), *latest);
  *latest = MAX (*latest, tea_event_get_seq (event));
}

/* A gap is shown only where something is missing that is not kept any more. */
static void
check_gap (SimChecker *self, SimClient *client, guint64 before, guint64 after)
{
  guint64 first = tea_fake_disk_get_first (self->hall->disk);

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
          TeaEvent *stored = sim_ledger_find (self->hall, seq);

          if (g_hash_table_contains (self->hall->lost, tea_timeline_item_get_text (item)))
            continue;
          if (tea_timeline_item_is_own (item) && stored != NULL
              && !sim_ledger_holds (self->hall, tea_event_get_seq (stored)))
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

/* Whether a line shows a message as it is. */
static gboolean
is_shown_right (TeaTimelineItem *item, TeaEvent *now)
{
  const char *removed_by = tea_timeline_item_get_removed_by (item);
  const char *text = tea_event_get_text (now);
  TeaMessageForm *form = tea_event_get_form (now);
  g_autoptr (TeaMessageForm) shown = tea_message_form_new (tea_timeline_item_get_edited (item),
                                                           removed_by != NULL ? removed_by : "",
                                                           tea_timeline_item_get_reactions (item));
  g_autoptr (TeaMessageForm) nothing = tea_message_form_new (0, "", NULL);

  return tea_timeline_item_get_version (item) == tea_event_get_version (now)
         && g_strcmp0 (tea_timeline_item_get_text (item), text != NULL ? text : "") == 0
         && tea_timeline_item_get_reply_to (item) == tea_event_get_target (now)
         && tea_message_form_equal (shown, form != NULL ? form : nothing);
}

/* Whether a program shows what is stored in a room, but for what was there before something is
   missing. */
void
sim_checker_check_forms (
    SimChecker *self, SimClient *client, TeaTimeline *timeline, guint begin, SimLedger *ledger)
{
  GListModel *model = G_LIST_MODEL (timeline);

  if (ledger == NULL || ledger->n_restored > 0)
    return;

  for (guint i = begin; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (model, i);
      guint64 seq = tea_timeline_item_get_seq (item);
      guint64 removal = sim_ledger_get_removal (ledger, seq);
      TeaEvent *now = sim_ledger_get_form (ledger, seq);

      if (tea_timeline_item_get_kind (item) != TEA_TIMELINE_ITEM_MESSAGE || seq == 0
          || tea_timeline_item_is_stale (item))
        continue;
      if (removal != 0 && !tea_timeline_item_is_removed (item))
        fail (self,
              "%s/%u shows %" G_GUINT64_FORMAT
              " of room %u, which is removed by %" G_GUINT64_FORMAT,
              client->name, client->index, seq, ledger->room, removal);
      if (removal == 0 && sim_ledger_holds (ledger, seq)
          && (now == NULL || !is_shown_right (item, now)))
        fail (self,
              "%s/%u shows %" G_GUINT64_FORMAT " of room %u as of %" G_GUINT64_FORMAT
              ", which is another as of %" G_GUINT64_FORMAT,
              client->name, client->index, seq, ledger->room, tea_timeline_item_get_version (item),
              now != NULL ? tea_event_get_version (now) : 0);
    }
}

static void
check_delivered (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) texts = sim_client_list_own (client, TEA_DELIVERY_DELIVERED);

  for (guint i = 0; i < texts->len; i++)
    if (!g_hash_table_contains (self->hall->texts, texts->pdata[i])
        && !g_hash_table_contains (self->hall->lost, texts->pdata[i]))
      fail (self, "%s/%u shows '%.12s' as delivered, but it is not stored", client->name,
            client->index, (char *) texts->pdata[i]);
}

/* What must be true of a running program at any time. */
void
sim_checker_look_at_client (SimChecker *self, SimClient *client)
{
  guint n_left;

  if (client->is_classic || may_be_misled (self, client))
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

/* Whether there is no message of that number, or not any more. */
static gboolean
is_gone (SimChecker *self, guint64 seq)
{
  TeaEvent *now = sim_ledger_get_form (self->hall, seq);
  TeaMessageForm *form = now != NULL ? tea_event_get_form (now) : NULL;

  return now == NULL || !sim_ledger_holds (self->hall, seq)
         || (form != NULL && tea_message_form_get_removed_by (form) != NULL);
}

/* What could not be said, and should have been: an answer to what is gone is refused for good
   (code 13), however often it is tried. */
static GPtrArray *
list_failed (SimChecker *self, SimClient *client)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (client->client));

  for (guint i = 0; i < g_list_model_get_n_items (timeline); i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      guint64 target = tea_timeline_item_get_reply_to (item);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && tea_timeline_item_is_own (item)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED
          && (target == 0 || !is_gone (self, target)))
        g_ptr_array_add (texts, g_strdup (tea_timeline_item_get_text (item)));
    }

  return texts;
}

static gboolean
has_all (SimChecker *self, SimClient *client)
{
  g_autoptr (GPtrArray) failed = NULL;
  g_autoptr (GArray) known = NULL;
  guint64 seq;
  guint n_left;

  if (!sim_client_is_inside (client) || tea_client_get_n_unsent (client->client) > 0
      || may_be_misled (self, client))
    return FALSE;
  failed = list_failed (self, client);
  if (client->is_classic)
    return failed->len == 0 && sim_checker_is_visiting (self, client);

  check_heard (self, client, &n_left);

  /* Where retention has left nothing, or nothing of others, there is nothing to hear of. */
  known = list_known (self, client);

  return failed->len == 0 && n_left == 0
         && (known->len > 0 || tea_fake_disk_peek_next (self->hall->disk, 1, &seq, NULL) == NULL)
         && sim_client_get_epoch (client) == tea_fake_disk_get_epoch (self->hall->disk);
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
      gboolean is_there
          = g_str_has_suffix (owner, " ")
            || g_ptr_array_find_with_equal_func (self->guests, owner, g_str_equal, NULL);

      for (guint j = 0; j < self->clients->len && !is_there; j++)
        {
          SimClient *client = self->clients->pdata[j];
          g_autofree char *own = sim_checker_make_owner (client->name, client->key);

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

  for (guint i = 0; i < self->hall->events->len; i++)
    {
      TeaEvent *event = self->hall->events->pdata[i];
      guint64 seq = tea_event_get_seq (event);

      if (sim_ledger_holds (self->hall, tea_event_get_seq (event)))
        n_kept += is_shown (client, event);
      else if (seq >= first && sim_checker_may_be_told (self, self->hall, seq))
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
    if (!g_hash_table_contains (self->hall->texts, self->acked->pdata[i])
        && !g_hash_table_contains (self->hall->lost, self->acked->pdata[i]))
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
      failed = list_failed (self, client);
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
      sim_checker_check_forms (self, client, tea_client_get_timeline (client->client),
                               find_first_item (self, client), self->hall);
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
