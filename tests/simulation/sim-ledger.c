/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-ledger.h"

#include <string.h>

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-event-record.h"
#include "tea-room-ref.h"

/* The server tries again after 5 s at most. */
#define WAITING_TIME (6 * G_TIME_SPAN_SECOND)

static void stored_cb (guint64 seq, GBytes *record, gpointer user_data);
static void take_record (SimLedger *self, guint64 seq, GBytes *record);

SimLedger *
sim_ledger_new (TeaFakeHouse *house,
                TeaFakeRoom *room,
                SimLedgerFunc committed,
                SimLedgerErrorFunc wrong,
                gpointer user_data)
{
  SimLedger *self = g_new0 (SimLedger, 1);
  guint64 seq = 0;
  GBytes *record;

  self->room = room->info->number;
  self->house = house;
  self->disk = tea_fake_disk_ref (room->disk);
  self->committed = committed;
  self->wrong = wrong;
  self->user_data = user_data;
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->overwritten = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->latest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->erased = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->joined = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->invited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->uninvited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->forms = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref);
  self->removed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->spoken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->banned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->muted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while ((record = tea_fake_disk_peek_next (self->disk, seq + 1, &seq, NULL)) != NULL)
    take_record (self, seq, record);
  tea_fake_disk_watch (self->disk, stored_cb, self);

  return self;
}

void
sim_ledger_free (SimLedger *self)
{
  tea_fake_disk_watch (self->disk, NULL, NULL);
  tea_fake_disk_unref (self->disk);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->overwritten);
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->latest);
  g_hash_table_unref (self->lost);
  g_hash_table_unref (self->erased);
  g_hash_table_unref (self->joined);
  g_hash_table_unref (self->invited);
  g_hash_table_unref (self->uninvited);
  g_hash_table_unref (self->left);
  g_hash_table_unref (self->forms);
  g_hash_table_unref (self->removed);
  g_hash_table_unref (self->spoken);
  g_hash_table_unref (self->banned);
  g_hash_table_unref (self->muted);
  g_hash_table_unref (self->roles);
  g_hash_table_unref (self->ids);
  g_free (self);
}

static void G_GNUC_PRINTF (2, 3) fail (SimLedger *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  whole = g_strdup_printf ("room %u: %s", self->room, text);
  self->wrong (whole, self->user_data);
}

/* NULL once a copy was gone back to in which it was not there yet. */
const TeaRoomInfo *
sim_ledger_get_info (SimLedger *self)
{
  TeaFakeRoom *room = tea_fake_house_get_room (self->house, self->room);

  return room != NULL ? room->info : NULL;
}

guint64
sim_ledger_get_head (SimLedger *self)
{
  return self->events->len > 0 ? tea_event_get_seq (self->events->pdata[self->events->len - 1]) : 0;
}

/* Where the event of a number is, or the one after it. */
guint
sim_ledger_find_place (SimLedger *self, guint64 seq)
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

TeaEvent *
sim_ledger_find (SimLedger *self, guint64 seq)
{
  guint place = sim_ledger_find_place (self, seq);

  if (place == self->events->len || tea_event_get_seq (self->events->pdata[place]) != seq)
    return NULL;

  return self->events->pdata[place];
}

static gboolean
is_same_data (GBytes *one, GBytes *other)
{
  if (one == NULL || other == NULL)
    return one == other;

  return g_bytes_equal (one, other);
}

/* Whether a message is the same, and everything that has become of it. */
gboolean
sim_form_is_same (TeaEvent *one, TeaEvent *other)
{
  TeaMessageForm *form = tea_event_get_form (one);
  TeaMessageForm *other_form = tea_event_get_form (other);

  return tea_event_get_version (one) == tea_event_get_version (other)
         && g_strcmp0 (tea_event_get_text (one), tea_event_get_text (other)) == 0
         && (form == NULL || other_form == NULL ? form == other_form
                                                : tea_message_form_equal (form, other_form));
}

/* Whether it is the same event; what has become of a message does not matter. */
gboolean
sim_event_is_same (TeaEvent *one, TeaEvent *other)
{
  gboolean is_message = tea_event_get_kind (one) == TEA_EVENT_MESSAGE;

  return tea_event_get_seq (one) == tea_event_get_seq (other)
         && tea_event_get_kind (one) == tea_event_get_kind (other)
         && tea_event_get_wire_kind (one) == tea_event_get_wire_kind (other)
         && tea_event_get_time (one) == tea_event_get_time (other)
         && tea_event_get_target (one) == tea_event_get_target (other)
         && (is_message || tea_event_get_version (one) == tea_event_get_version (other))
         && g_strcmp0 (tea_event_get_author (one), tea_event_get_author (other)) == 0
         && (is_message || g_strcmp0 (tea_event_get_text (one), tea_event_get_text (other)) == 0)
         && is_same_data (tea_event_get_data (one), tea_event_get_data (other));
}

/* Whether this is what is committed under its number. */
gboolean
sim_ledger_has (SimLedger *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);
  TeaEvent *stored = sim_ledger_find (self, seq);
  GPtrArray *forms;

  if (stored == NULL || !sim_event_is_same (stored, event))
    return FALSE;

  forms = g_hash_table_lookup (self->forms, &seq);
  for (guint i = 0; forms != NULL && i < forms->len; i++)
    if (sim_form_is_same (forms->pdata[i], event))
      return TRUE;

  return forms == NULL;
}

/* A message as it is now; NULL for what is none. */
TeaEvent *
sim_ledger_get_form (SimLedger *self, guint64 seq)
{
  GPtrArray *forms = g_hash_table_lookup (self->forms, &seq);

  return forms != NULL ? forms->pdata[forms->len - 1] : NULL;
}

/* The same, or it was so before a copy was gone back to. */
gboolean
sim_ledger_had (SimLedger *self, TeaEvent *event)
{
  if (sim_ledger_has (self, event))
    return TRUE;
  for (guint i = 0; i < self->overwritten->len; i++)
    if (sim_event_is_same (self->overwritten->pdata[i], event))
      return TRUE;

  return FALSE;
}

/* Whether the disk still has it, and it is not about to be erased. */
gboolean
sim_ledger_holds (SimLedger *self, guint64 seq)
{
  return tea_fake_disk_holds (self->disk, seq) && !g_hash_table_contains (self->removed, &seq);
}

/* With which event something went because its author was sent out; 0 for none. */
guint64
sim_ledger_get_removal (SimLedger *self, guint64 seq)
{
  const guint64 *removal = g_hash_table_lookup (self->removed, &seq);

  return removal != NULL ? *removal : 0;
}

/* Whether nothing is there for somebody to whom changes of before @start are nothing. */
gboolean
sim_ledger_is_empty (SimLedger *self, guint64 from, guint64 to, guint64 start)
{
  for (guint place = sim_ledger_find_place (self, from); place < self->events->len; place++)
    {
      guint64 seq = tea_event_get_seq (self->events->pdata[place]);

      if (seq > to)
        break;
      if (sim_ledger_holds (self, seq)
          && (seq >= start
              || !tea_event_kind_amends (tea_event_get_kind (self->events->pdata[place]))))
        return FALSE;
    }

  return to <= sim_ledger_get_head (self);
}

/* How many messages there are in a range; with those that are erased, if wanted. */
guint
sim_ledger_count_messages (SimLedger *self, guint64 after, guint64 to, gboolean held)
{
  guint n = 0;

  for (guint place = sim_ledger_find_place (self, after + 1); place < self->events->len; place++)
    {
      TeaEvent *event = self->events->pdata[place];

      if (tea_event_get_seq (event) > to)
        break;
      n += tea_event_get_kind (event) == TEA_EVENT_MESSAGE
           && (!held || sim_ledger_holds (self, tea_event_get_seq (event)));
    }

  return n;
}

static gboolean
is_pair (const TeaRoomInfo *info)
{
  return info->folded[0] == '@';
}

/* Whether somebody is a member of the room now. */
gboolean
sim_ledger_is_member (SimLedger *self, const char *key)
{
  const TeaRoomInfo *info = sim_ledger_get_info (self);

  if (self->room == TEA_ROOM_INFO_HALL)
    return TRUE;
  if (info == NULL)
    return FALSE;
  if (is_pair (info))
    {
      g_autofree char *other = tea_room_info_dup_other (info, key);

      return other != NULL;
    }

  return g_hash_table_contains (self->joined, key) && !g_hash_table_contains (self->banned, key);
}

/* Whether somebody may see what is said in the room now. */
gboolean
sim_ledger_is_open_to (SimLedger *self, const char *key)
{
  const TeaRoomInfo *info = sim_ledger_get_info (self);
  gboolean is_hidden;

  if (sim_ledger_is_member (self, key))
    return TRUE;
  if (info == NULL || is_pair (info))
    return FALSE;

  /* Of what is archived nobody becomes a member any more, but who might have reads, and goes on
     when it is open again. */
  is_hidden = tea_room_kind_from_address (info->address) == TEA_ROOM_KIND_HIDDEN;

  return self->was_archived
         && (g_hash_table_contains (self->invited, key)
             || (info->flags & TEA_ROOM_LINK_SUFFICES) != 0
             || (!is_hidden && (info->flags & TEA_ROOM_BY_INVITATION) == 0));
}

/* The same of what was said before. */
gboolean
sim_ledger_may_see (SimLedger *self, const char *key, guint64 seq)
{
  const guint64 *left = g_hash_table_lookup (self->left, key);

  return (left != NULL && seq <= *left) || sim_ledger_is_open_to (self, key);
}

static guint
count (GHashTable *table, const char *text)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, text));
}

static void
check_message (SimLedger *self, TeaEvent *event)
{
  const char *text = tea_event_get_text (event);
  guint n = count (self->texts, text) + 1;

  g_hash_table_insert (self->texts, g_strdup (text), GUINT_TO_POINTER (n));
  g_hash_table_remove (self->lost, text);
  if (tea_event_get_key (event) != NULL && n > 1)
    fail (self, "%" G_GUINT64_FORMAT ": '%.12s' is stored twice", tea_event_get_seq (event), text);
}

/* What somebody says on one device while they leave by another may come after that. */
static gboolean
has_just_left (SimLedger *self, const char *key, guint64 seq)
{
  const guint64 *left = g_hash_table_lookup (self->left, key);

  return left != NULL && seq - *left < 20;
}

/* What was said just before is stored just after. */
static gboolean
is_just_after (guint64 seq, const guint64 *since)
{
  return seq - *since < 20;
}

static guint
get_role (SimLedger *self, const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->roles, key));
}

static void
take_sent_out (SimLedger *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  guint64 seq = tea_event_get_seq (event);

  if (!tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out))
    {
      fail (self, "%" G_GUINT64_FORMAT " sends nobody out", seq);
      return;
    }
  if (get_role (self, sent_out.key) == TEA_ROOM_ROLE_OWNER && !self->is_abandoned
      && get_role (self, tea_event_get_key (event)) != TEA_ROOM_ROLE_OWNER)
    fail (self, "%" G_GUINT64_FORMAT ": an owner is sent out", seq);
  for (guint place = sim_ledger_find_place (self, sent_out.erase); place < self->events->len;
       place++)
    {
      guint64 other = tea_event_get_seq (self->events->pdata[place]);

      if (tea_sent_out_erases (&sent_out, self->events->pdata[place])
          && !g_hash_table_contains (self->removed, &other))
        g_hash_table_insert (self->removed, g_memdup2 (&other, sizeof other),
                             g_memdup2 (&seq, sizeof seq));
    }
  if (g_hash_table_remove (self->joined, sent_out.key))
    g_hash_table_insert (self->left, g_strdup (sent_out.key), g_memdup2 (&seq, sizeof seq));
  if (g_hash_table_remove (self->invited, sent_out.key))
    g_hash_table_add (self->uninvited, g_strdup (sent_out.key));
  g_hash_table_remove (self->roles, sent_out.key);
  if (sent_out.until > 0)
    g_hash_table_insert (self->banned, g_strdup (sent_out.key), g_memdup2 (&seq, sizeof seq));
  else
    g_hash_table_remove (self->banned, sent_out.key);
}

/* Whether a message may have waited until it was known that it was not stored at first, and the
   next of its author may have come meanwhile. */
static gboolean
may_have_waited (SimLedger *self, TeaEvent *event)
{
  GBytes *record = tea_fake_disk_get_doubtful (self->disk);
  g_autoptr (TeaEvent) doubtful = NULL;

  if (record == NULL)
    return FALSE;

  doubtful = tea_event_record_decode (1, 0, record, NULL);

  return tea_event_get_time (event) - tea_event_get_time (doubtful) < WAITING_TIME;
}

/* Who may speak when: what was under way when the pace changed does not count. */
static void
check_pace (SimLedger *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  gint64 time = tea_event_get_time (event);
  const gint64 *spoken = g_hash_table_lookup (self->spoken, key);

  if (self->slow_mode == 0 || self->is_abandoned || get_role (self, key) >= TEA_ROOM_ROLE_MODERATOR
      || is_just_after (tea_event_get_seq (event), &self->slowed))
    return;

  if (spoken != NULL && !self->clock_jumps && !may_have_waited (self, event)
      && time - *spoken < self->slow_mode * G_TIME_SPAN_SECOND - G_TIME_SPAN_MILLISECOND)
    fail (self, "%" G_GUINT64_FORMAT ": %.12s speaks again after %.3f s", tea_event_get_seq (event),
          key, (double) (time - *spoken) / G_USEC_PER_SEC);
  g_hash_table_insert (self->spoken, g_strdup (key), g_memdup2 (&time, sizeof time));
}

static void
take_settings (SimLedger *self, TeaEvent *event)
{
  g_auto (TeaRoomSettings) settings = TEA_ROOM_SETTINGS_INIT;

  if (!tea_event_data_decode_settings (tea_event_get_data (event), &settings)
      || settings.slow_mode == TEA_SLOW_UNCHANGED)
    return;

  self->slow_mode = settings.slow_mode;
  self->slowed = tea_event_get_seq (event);
  g_hash_table_remove_all (self->spoken);
}

/* Who may do what is judged by what was committed before. */
static void
check_order (SimLedger *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  guint64 seq = tea_event_get_seq (event);
  g_autofree char *other = NULL;
  const guint64 *banned;
  const guint64 *muted;
  TeaRoomRole role;
  gint64 until;

  switch ((int) tea_event_get_kind (event))
    {
    case TEA_EVENT_JOINED:
      banned = g_hash_table_lookup (self->banned, key);
      if (banned != NULL && !is_just_after (seq, banned))
        fail (self, "%" G_GUINT64_FORMAT ": %.12s comes, but is banned", seq, key);
      if (self->events->len == 1)
        g_hash_table_insert (self->roles, g_strdup (key), GUINT_TO_POINTER (TEA_ROOM_ROLE_OWNER));
      break;

    case TEA_EVENT_LEFT:
      self->is_abandoned |= get_role (self, key) == TEA_ROOM_ROLE_OWNER;
      g_hash_table_remove (self->roles, key);
      break;

    case TEA_EVENT_MESSAGE:
      muted = g_hash_table_lookup (self->muted, key);
      if (muted != NULL && !is_just_after (seq, muted))
        fail (self, "%" G_GUINT64_FORMAT ": %.12s speaks, but is muted", seq, key);
      check_pace (self, event);
      break;

    case TEA_EVENT_SETTINGS:
      take_settings (self, event);
      break;

    case TEA_EVENT_MUTED:
      if (!tea_event_data_decode_muted (tea_event_get_data (event), &other, NULL, &until))
        fail (self, "%" G_GUINT64_FORMAT " mutes nobody", seq);
      else if (until > 0 && get_role (self, other) == TEA_ROOM_ROLE_OWNER && !self->is_abandoned
               && get_role (self, key) != TEA_ROOM_ROLE_OWNER)
        fail (self, "%" G_GUINT64_FORMAT ": an owner is muted", seq);
      else if (until == 0)
        g_hash_table_remove (self->muted, other);
      else if (!g_hash_table_contains (self->muted, other))
        g_hash_table_insert (self->muted, g_strdup (other), g_memdup2 (&seq, sizeof seq));
      break;

    case TEA_EVENT_ROLE:
      if (!tea_event_data_decode_role (tea_event_get_data (event), &other, &role))
        fail (self, "%" G_GUINT64_FORMAT " gives nobody a role", seq);
      else
        g_hash_table_insert (self->roles, g_strdup (other), GUINT_TO_POINTER (role));
      if (other != NULL)
        g_hash_table_remove (self->spoken, other);
      break;

    case TEA_EVENT_SENT_OUT:
      take_sent_out (self, event);
      break;

    default:
      break;
    }
}

/* What becomes of messages, by what everybody is told. */
static void
take_form (SimLedger *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);
  guint64 target = tea_event_get_target (event);

  if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    {
      GPtrArray *forms = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);

      g_ptr_array_add (forms, tea_event_ref (event));
      g_hash_table_insert (self->forms, g_memdup2 (&seq, sizeof seq), forms);
    }
  else if (tea_event_kind_amends (tea_event_get_kind (event)))
    {
      GPtrArray *forms = g_hash_table_lookup (self->forms, &target);

      if (forms == NULL)
        {
          fail (self, "%" G_GUINT64_FORMAT " changes %" G_GUINT64_FORMAT ", which is no message",
                seq, target);
          return;
        }
      g_ptr_array_add (forms, tea_event_form_follow (forms->pdata[forms->len - 1], event));
      if (!g_hash_table_contains (self->removed, &target)
          && tea_event_get_version (forms->pdata[forms->len - 1]) != seq)
        fail (self, "%" G_GUINT64_FORMAT " changes %" G_GUINT64_FORMAT ", which is removed", seq,
              target);
    }
}

/* Whoever speaks, and whoever comes and goes, is a member by what was committed before. */
static void
check_member (SimLedger *self, TeaEvent *event)
{
  const char *key = tea_event_get_key (event);
  const TeaRoomInfo *info = sim_ledger_get_info (self);
  guint64 seq = tea_event_get_seq (event);

  if (key == NULL)
    {
      fail (self, "%" G_GUINT64_FORMAT " is by somebody without a key", seq);
      return;
    }
  if (info != NULL && is_pair (info))
    {
      if (!sim_ledger_is_open_to (self, key))
        fail (self, "%" G_GUINT64_FORMAT ": %.12s speaks in a conversation of others", seq, key);
      return;
    }

  if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
    {
      if (g_hash_table_contains (self->joined, key))
        fail (self, "%" G_GUINT64_FORMAT ": %.12s comes, but is a member", seq, key);
      g_hash_table_insert (self->joined, g_strdup (key), g_memdup2 (&seq, sizeof seq));
      g_hash_table_remove (self->invited, key);
    }
  else if (!g_hash_table_contains (self->joined, key) && !has_just_left (self, key, seq))
    {
      fail (self, "%" G_GUINT64_FORMAT " is by %.12s, who is no member", seq, key);
    }

  if (tea_event_get_kind (event) == TEA_EVENT_ARCHIVED)
    self->was_archived = TRUE;
  if (tea_event_get_kind (event) == TEA_EVENT_LEFT)
    {
      g_hash_table_remove (self->joined, key);
      g_hash_table_insert (self->left, g_strdup (key), g_memdup2 (&seq, sizeof seq));
    }
  else if (tea_event_get_kind (event) == TEA_EVENT_INVITED)
    g_hash_table_add (self->invited, tea_event_data_decode_key (tea_event_get_data (event)));
}

static gboolean
is_line (TeaEvent *event)
{
  TeaEventKind kind = tea_event_get_kind (event);

  return kind != TEA_EVENT_OTHER && !tea_event_kind_amends (kind);
}

/* Lines do not go back in time: not behind the latest of those that are still there. A change has
   the time of what it makes of a message, and what a newer server has written that server's. */
static void
check_time (SimLedger *self, TeaEvent *event)
{
  if (!is_line (event))
    return;

  for (guint i = self->events->len - 1; i-- > 0;)
    {
      TeaEvent *before = self->events->pdata[i];
      gint64 back = tea_event_get_time (before) - tea_event_get_time (event);

      if (!is_line (before) || !tea_fake_disk_holds (self->disk, tea_event_get_seq (before)))
        continue;
      if (back > 0)
        fail (self, "%" G_GUINT64_FORMAT " goes back in time by %.3f s", tea_event_get_seq (event),
              (double) back / G_USEC_PER_SEC);
      return;
    }
}

static void
take_event (SimLedger *self, TeaEvent *event)
{
  guint64 seq = tea_event_get_seq (event);

  check_time (self, event);
  if (tea_event_get_number (event) > 0)
    {
      char *stream
          = g_strdup_printf ("%s %u", tea_event_get_key (event), tea_event_get_stream (event));
      char *id = g_strdup_printf ("%s %u", stream, tea_event_get_number (event));

      if (tea_event_get_number (event) <= count (self->latest, stream))
        fail (self, "%" G_GUINT64_FORMAT ": number %u of %s comes too late", seq,
              tea_event_get_number (event), stream);
      g_hash_table_insert (self->latest, stream, GUINT_TO_POINTER (tea_event_get_number (event)));
      if (!g_hash_table_add (self->ids, id))
        fail (self, "%" G_GUINT64_FORMAT ": number %u is stored twice", seq,
              tea_event_get_number (event));
    }
  if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    check_message (self, event);
  take_form (self, event);
  if (self->room != TEA_ROOM_INFO_HALL && tea_event_get_kind (event) != TEA_EVENT_OTHER)
    {
      check_member (self, event);
      if (tea_event_get_key (event) != NULL)
        check_order (self, event);
    }
  self->committed (self, event, self->user_data);
}

static void
take_record (SimLedger *self, guint64 seq, GBytes *record)
{
  g_autoptr (GError) error = NULL;
  TeaEvent *event = tea_event_record_decode (seq, 0, record, &error);

  g_assert_no_error (error);
  if (seq <= sim_ledger_get_head (self))
    fail (self, "%" G_GUINT64_FORMAT " is stored after %" G_GUINT64_FORMAT, seq,
          sim_ledger_get_head (self));
  g_ptr_array_add (self->events, event);
  take_event (self, event);
}

static void
stored_cb (guint64 seq, GBytes *record, gpointer user_data)
{
  take_record (user_data, seq, record);
}

static gboolean
is_there_again (gpointer key, gpointer value, gpointer user_data)
{
  SimLedger *self = user_data;
  guint64 seq = *(guint64 *) key;

  return seq > tea_fake_disk_get_head (self->disk) || sim_ledger_holds (self, seq);
}

/* To be called when the server begins anew: who spoke when it does not know. */
void
sim_ledger_note_start (SimLedger *self)
{
  g_hash_table_remove_all (self->spoken);
}

/* To be called after the house was set back to a copy: this is another log now, which goes on
   from there. What was acknowledged since the copy was made is lost, and known to be. */
void
sim_ledger_note_restored (SimLedger *self)
{
  g_autoptr (GPtrArray) events = g_steal_pointer (&self->events);
  guint64 head = sim_ledger_get_info (self) != NULL ? tea_fake_disk_get_head (self->disk) : 0;

  self->n_restored++;
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  g_hash_table_remove_all (self->ids);
  g_hash_table_remove_all (self->latest);
  g_hash_table_remove_all (self->texts);
  g_hash_table_remove_all (self->joined);
  g_hash_table_remove_all (self->left);
  g_hash_table_remove_all (self->invited);
  g_hash_table_remove_all (self->uninvited);
  g_hash_table_remove_all (self->forms);
  g_hash_table_remove_all (self->removed);
  g_hash_table_remove_all (self->spoken);
  self->slow_mode = 0;
  g_hash_table_remove_all (self->banned);
  g_hash_table_remove_all (self->muted);
  g_hash_table_remove_all (self->roles);

  for (guint i = 0; i < events->len; i++)
    {
      TeaEvent *event = events->pdata[i];

      if (tea_event_get_seq (event) <= head)
        {
          g_ptr_array_add (self->events, tea_event_ref (event));
          take_event (self, event);
        }
      else
        {
          g_ptr_array_add (self->overwritten, tea_event_ref (event));
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

/* Whether a text is anywhere in what is stored. */
static gboolean
is_anywhere (SimLedger *self, const char *text)
{
  gsize size = strlen (text) + 2;
  g_autofree char *wanted = g_malloc0 (size);
  guint64 seq = 0;
  GBytes *record;

  memcpy (wanted + 1, text, size - 2);
  while ((record = tea_fake_disk_peek_next (self->disk, seq + 1, &seq, NULL)) != NULL)
    if (memmem (g_bytes_get_data (record, NULL), g_bytes_get_size (record), wanted, size) != NULL)
      return TRUE;

  return FALSE;
}

/* What is stored of each message is what all who followed its changes have, and of what was
   removed nothing is left. What went with its author may be left in a room that nobody has had open
   since the server fell over it; and the last edit of what is too old stays until it is too old
   itself. */
void
sim_ledger_check_forms (SimLedger *self, gboolean is_open)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (self->n_restored > 0)
    return;

  g_hash_table_iter_init (&iter, self->forms);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint64 seq = *(guint64 *) key;
      GPtrArray *forms = value;
      TeaEvent *now = forms->pdata[forms->len - 1];
      guint64 version = 0;
      GBytes *record = tea_fake_disk_peek (self->disk, seq, &version);
      g_autoptr (TeaEvent) stored
          = record != NULL ? tea_event_record_decode (seq, version, record, NULL) : NULL;

      if (sim_ledger_get_removal (self, seq) != 0)
        {
          if (is_open && record != NULL)
            fail (self, "%" G_GUINT64_FORMAT " is still there", seq);
          for (guint i = 0; is_open && i < forms->len; i++)
            if (tea_event_get_text (forms->pdata[i]) != NULL
                && is_anywhere (self, tea_event_get_text (forms->pdata[i])))
              fail (self, "%" G_GUINT64_FORMAT ": '%s' is still there", seq,
                    tea_event_get_text (forms->pdata[i]));
          continue;
        }
      if (record != NULL && (stored == NULL || !sim_form_is_same (stored, now)))
        fail (self,
              "%" G_GUINT64_FORMAT " is stored as of %" G_GUINT64_FORMAT
              ", and is another as of %" G_GUINT64_FORMAT,
              seq, version, tea_event_get_version (now));
      for (guint i = 0; record != NULL && i + 1 < forms->len; i++)
        if (g_strcmp0 (tea_event_get_text (forms->pdata[i]), tea_event_get_text (now)) != 0
            && tea_event_get_key (now) != NULL
            && is_anywhere (self, tea_event_get_text (forms->pdata[i])))
          fail (self, "%" G_GUINT64_FORMAT ": '%s' is still there", seq,
                tea_event_get_text (forms->pdata[i]));
    }
}
