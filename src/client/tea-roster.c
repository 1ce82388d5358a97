/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-roster.h"

#include "tea-name.h"

/* No room has as many. A server that says so must not fill our memory. */
#define MEMBERS_MAX 65536

struct _TeaRoster
{
  TeaClock *clock; /* (owned) */
  const TeaRoundTrip *round_trip;
  TeaRosterFuncs funcs;
  gpointer user_data;

  GHashTable *entries; /* (element-type utf8 TeaMember): who is there, by the folded name */
  guint64 as_of;       /* what happened up to here is in it, or will be */

  /* while it asks */
  gboolean is_asking;
  guint64 after;       /* which page is asked for */
  guint64 page_as_of;  /* the earliest of all pages */
  GHashTable *pages;   /* (element-type utf8 TeaMember): all pages so far */
  GHashTable *leavers; /* (element-type utf8 guint64): when who left meanwhile */
  TeaTimer *timer;     /* (owned): when to ask again */
  gint64 patience;
};

static GHashTable *
new_entries (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

static TeaMember *
put (GHashTable *entries, const char *name, guint64 joined)
{
  TeaMember *member = tea_member_new_entered (name, joined);

  g_hash_table_replace (entries, (char *) tea_member_get_key (member), member);

  return member;
}

static void
ask (TeaRoster *self)
{
  tea_timer_set (self->timer, self->patience);
  self->funcs.send (tea_frame_encode_who (self->after), self->user_data);
}

static void
ask_again_cb (gpointer user_data)
{
  TeaRoster *self = user_data;

  self->patience = tea_round_trip_get_next_patience (self->patience);
  ask (self);
}

static void
ask_for_page (TeaRoster *self, guint64 after)
{
  self->after = after;
  self->patience = tea_round_trip_get_patience (self->round_trip);
  ask (self);
}

static void
tell_all (TeaRoster *self)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (members, value);

  self->funcs.present (members, self->user_data);
}

/* All pages are there. They are older than what was heard since. */
static void
finish (TeaRoster *self)
{
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  tea_timer_unset (self->timer);
  self->is_asking = FALSE;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (tea_member_get_since (value) > self->page_as_of)
      g_hash_table_replace (self->pages, key, g_object_ref (value));

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint64 *left = g_hash_table_lookup (self->leavers, key);

      if (left != NULL && *left > tea_member_get_since (value))
        g_hash_table_iter_remove (&iter);
    }

  g_hash_table_unref (self->entries);
  self->entries = g_hash_table_ref (self->pages);
  self->as_of = self->page_as_of;
  g_hash_table_remove_all (self->leavers);
  tell_all (self);
}

/* Whether this is the page that is asked for, and not another that comes again. */
static gboolean
is_asked_for (TeaRoster *self, guint64 next, const TeaPresentMember *members, guint n_members)
{
  if (!self->is_asking || (next != 0 && next <= self->after))
    return FALSE;

  for (guint i = 0; i < n_members; i++)
    if (members[i].joined <= self->after)
      return FALSE;

  return TRUE;
}

/**
 * tea_roster_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a roster that knows of nobody
 */
TeaRoster *
tea_roster_new (TeaClock *clock,
                const TeaRoundTrip *round_trip,
                const TeaRosterFuncs *funcs,
                gpointer user_data)
{
  TeaRoster *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaRoster, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->funcs = *funcs;
  self->user_data = user_data;
  self->entries = new_entries ();
  self->leavers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->timer = tea_timer_new (clock, ask_again_cb, self);

  return self;
}

/**
 * tea_roster_free:
 * @self: (transfer full): a roster
 *
 * Frees a roster.
 */
void
tea_roster_free (TeaRoster *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->entries);
  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_hash_table_unref (self->leavers);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_roster_ask:
 * @self: a roster
 * @head: the latest number in the room's log
 *
 * Asks who is there. What happened up to @head is in the answer.
 */
void
tea_roster_ask (TeaRoster *self, guint64 head)
{
  g_return_if_fail (self != NULL);

  self->is_asking = TRUE;
  self->as_of = head;
  self->page_as_of = G_MAXUINT64;
  g_clear_pointer (&self->pages, g_hash_table_unref);
  self->pages = new_entries ();
  g_hash_table_remove_all (self->leavers);
  ask_for_page (self, 0);
}

/**
 * tea_roster_forget:
 * @self: a roster
 *
 * Forgets everybody: the numbers of their coming are those of another log.
 */
void
tea_roster_forget (TeaRoster *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->entries);
}

/**
 * tea_roster_pause:
 * @self: a roster
 *
 * Asks for nothing, for now.
 */
void
tea_roster_pause (TeaRoster *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
}

/**
 * tea_roster_is_known:
 * @self: a roster
 *
 * Returns: whether it was asked, and is answered
 */
gboolean
tea_roster_is_known (TeaRoster *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->pages != NULL && !self->is_asking;
}

/**
 * tea_roster_take_page:
 * @self: a roster
 * @as_of: what happened up to this number is taken account of
 * @next: where the next page begins; 0 when there is none
 * @members: (array length=n_members): who is there
 * @n_members: how many they are
 *
 * Takes a page of an answer.
 */
void
tea_roster_take_page (
    TeaRoster *self, guint64 as_of, guint64 next, const TeaPresentMember *members, guint n_members)
{
  g_return_if_fail (self != NULL);

  if (!is_asked_for (self, next, members, n_members) || as_of < self->as_of)
    return;

  for (guint i = 0; i < n_members; i++)
    put (self->pages, members[i].name, members[i].joined);
  self->page_as_of = MIN (self->page_as_of, as_of);

  if (next != 0 && g_hash_table_size (self->pages) < MEMBERS_MAX)
    ask_for_page (self, next);
  else
    finish (self);
}

/**
 * tea_roster_take_event:
 * @self: a roster
 * @event: the next of the room's events
 *
 * Takes note of who came or left.
 */
void
tea_roster_take_event (TeaRoster *self, TeaEvent *event)
{
  TeaEventKind kind;
  guint64 seq;
  const char *name;
  g_autofree char *key = NULL;
  TeaMember *known;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  kind = tea_event_get_kind (event);
  seq = tea_event_get_seq (event);
  if ((kind != TEA_EVENT_JOINED && kind != TEA_EVENT_LEFT) || seq <= self->as_of)
    return;

  name = tea_event_get_author (event);
  key = tea_name_fold (name);
  known = g_hash_table_lookup (self->entries, key);

  if (kind == TEA_EVENT_JOINED)
    {
      if (known == NULL && g_hash_table_size (self->entries) >= MEMBERS_MAX)
        return;
      if (known != NULL)
        seq = MAX (seq, tea_member_get_since (known));
      self->funcs.arrived (put (self->entries, name, seq), self->user_data);
      return;
    }

  if (self->is_asking && g_hash_table_size (self->leavers) < MEMBERS_MAX)
    {
      guint64 *left = g_new (guint64, 1);

      *left = seq;
      g_hash_table_replace (self->leavers, g_strdup (key), left);
    }
  if (known != NULL && tea_member_get_since (known) < seq)
    {
      g_hash_table_remove (self->entries, key);
      self->funcs.departed (name, self->user_data);
    }
}

/**
 * tea_roster_take_empty:
 * @self: a roster
 * @to: a number
 * @head: the latest number in the room's log
 *
 * Takes note that numbers up to @to hold nothing any more. Somebody may have come or left
 * by what was there, so that it has to be asked who is, unless the answer tells of it.
 */
void
tea_roster_take_empty (TeaRoster *self, guint64 to, guint64 head)
{
  g_return_if_fail (self != NULL);

  if (MIN (to, head) > self->as_of)
    tea_roster_ask (self, head);
}
