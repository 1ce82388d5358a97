/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-member-query.h"

#include "tea-event-data.h"
#include "tea-frame-encode.h"
#include "tea-name.h"

/* No room has as many. A server that says so must not fill our memory. */
#define MEMBERS_MAX 65536

struct _TeaMemberQuery
{
  TeaClock *clock; /* (owned) */
  const TeaRoundTrip *round_trip;
  TeaMemberList *list; /* (owned) */
  TeaMemberQueryFuncs funcs;
  gpointer user_data;

  guint64 as_of;         /* what happened up to here is in the list, or will be */
  gboolean is_other_log; /* the list is that of another log */
  gboolean is_answered;

  /* while it asks */
  gboolean is_asking;
  guint64 after;        /* which page is asked for */
  guint64 page_as_of;   /* the earliest of all pages */
  GHashTable *pages;    /* (element-type utf8 TeaMember): all pages so far */
  GHashTable *arrivals; /* (element-type utf8 TeaMember): who came meanwhile */
  GHashTable *leavers;  /* (element-type utf8 guint64): when who left meanwhile */
  TeaTimer *timer;      /* (owned): when to ask again */
  gint64 patience;
};

static GHashTable *
new_members (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

/* Takes the member. */
static void
put (GHashTable *members, TeaMember *member)
{
  g_hash_table_replace (members, (char *) tea_member_get_folded_name (member), member);
}

static void
ask (TeaMemberQuery *self)
{
  tea_timer_set (self->timer, self->patience);
  self->funcs.send (tea_frame_encode_who (self->after), self->user_data);
}

static void
ask_again_cb (gpointer user_data)
{
  TeaMemberQuery *self = user_data;

  self->patience = tea_round_trip_get_next_patience (self->patience);
  ask (self);
}

static void
ask_for_page (TeaMemberQuery *self, guint64 after)
{
  self->after = after;
  self->patience = tea_round_trip_get_patience (self->round_trip);
  ask (self);
}

static void
forget_answer (TeaMemberQuery *self)
{
  g_hash_table_remove_all (self->pages);
  g_hash_table_remove_all (self->arrivals);
  g_hash_table_remove_all (self->leavers);
}

/* All pages are there. They are older than what was heard since. */
static void
finish (TeaMemberQuery *self)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  tea_timer_unset (self->timer);
  self->is_asking = FALSE;
  self->is_answered = TRUE;
  self->is_other_log = FALSE;
  self->as_of = self->page_as_of;

  g_hash_table_iter_init (&iter, self->arrivals);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (tea_member_get_since (value) > self->page_as_of)
      put (self->pages, g_object_ref (value));

  g_hash_table_iter_init (&iter, self->pages);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint64 *left = g_hash_table_lookup (self->leavers, key);

      if (left == NULL || *left <= tea_member_get_since (value))
        g_ptr_array_add (members, g_object_ref (value));
    }

  forget_answer (self);
  tea_member_list_set (self->list, members);
  self->funcs.answered (self->user_data);
}

/* Whether this is the page that is asked for, and not another that comes again. */
static gboolean
is_asked_for (TeaMemberQuery *self, guint64 next, const TeaPresentMember *members, guint n_members)
{
  if (!self->is_asking || (next != 0 && next <= self->after))
    return FALSE;

  for (guint i = 0; i < n_members; i++)
    if (members[i].joined <= self->after)
      return FALSE;

  return TRUE;
}

/**
 * tea_member_query_new:
 * @clock: by which clock
 * @round_trip: how long answers take; it has to stay
 * @list: the list of the room's members
 * @funcs: what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a query that does not ask yet
 */
TeaMemberQuery *
tea_member_query_new (TeaClock *clock,
                      const TeaRoundTrip *round_trip,
                      TeaMemberList *list,
                      const TeaMemberQueryFuncs *funcs,
                      gpointer user_data)
{
  TeaMemberQuery *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (round_trip != NULL, NULL);
  g_return_val_if_fail (TEA_IS_MEMBER_LIST (list), NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  self = g_new0 (TeaMemberQuery, 1);
  self->clock = g_object_ref (clock);
  self->round_trip = round_trip;
  self->list = g_object_ref (list);
  self->funcs = *funcs;
  self->user_data = user_data;
  self->pages = new_members ();
  self->arrivals = new_members ();
  self->leavers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->timer = tea_timer_new (clock, ask_again_cb, self);

  return self;
}

/**
 * tea_member_query_free:
 * @self: (transfer full): a query
 *
 * Frees a query.
 */
void
tea_member_query_free (TeaMemberQuery *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->pages);
  g_hash_table_unref (self->arrivals);
  g_hash_table_unref (self->leavers);
  tea_timer_free (self->timer);
  g_object_unref (self->list);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_member_query_ask:
 * @self: a query
 * @head: the latest number in the room's log
 *
 * Asks who is there. What happened up to @head is in the answer.
 */
void
tea_member_query_ask (TeaMemberQuery *self, guint64 head)
{
  g_return_if_fail (self != NULL);

  self->is_asking = TRUE;
  self->is_answered = FALSE;
  self->as_of = head;
  self->page_as_of = G_MAXUINT64;
  forget_answer (self);
  ask_for_page (self, 0);
}

/**
 * tea_member_query_forget:
 * @self: a query
 *
 * The numbers in the list are those of another log: until the next answer they say nothing.
 */
void
tea_member_query_forget (TeaMemberQuery *self)
{
  g_return_if_fail (self != NULL);

  self->is_other_log = TRUE;
}

/**
 * tea_member_query_pause:
 * @self: a query
 *
 * Asks for nothing, for now.
 */
void
tea_member_query_pause (TeaMemberQuery *self)
{
  g_return_if_fail (self != NULL);

  tea_timer_unset (self->timer);
}

/**
 * tea_member_query_is_answered:
 * @self: a query
 *
 * Returns: whether it was asked, and is answered
 */
gboolean
tea_member_query_is_answered (TeaMemberQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_answered;
}

/**
 * tea_member_query_take_page:
 * @self: a query
 * @as_of: what happened up to this number is taken account of
 * @next: where the next page begins; 0 when there is none
 * @members: (array length=n_members): who is there
 * @n_members: how many they are
 *
 * Takes a page of an answer.
 */
void
tea_member_query_take_page (TeaMemberQuery *self,
                            guint64 as_of,
                            guint64 next,
                            const TeaPresentMember *members,
                            guint n_members)
{
  g_return_if_fail (self != NULL);

  if (!is_asked_for (self, next, members, n_members) || as_of < self->as_of)
    return;

  for (guint i = 0; i < n_members; i++)
    put (self->pages, tea_member_new_present (members[i].name, members[i].joined, members[i].key));
  self->page_as_of = MIN (self->page_as_of, as_of);

  if (next != 0 && g_hash_table_size (self->pages) < MEMBERS_MAX)
    ask_for_page (self, next);
  else
    finish (self);
}

static void
take_arrival (TeaMemberQuery *self, const char *name, guint64 seq)
{
  TeaMember *known = tea_member_list_lookup (self->list, name);
  g_autoptr (TeaMember) member = NULL;

  if (known == NULL && g_list_model_get_n_items (G_LIST_MODEL (self->list)) >= MEMBERS_MAX)
    return;

  /* Pages may have been ahead of the log. */
  if (known != NULL && !self->is_other_log)
    seq = MAX (seq, tea_member_get_since (known));
  member = tea_member_new_entered (name, seq);
  if (self->is_asking && g_hash_table_size (self->arrivals) < MEMBERS_MAX)
    put (self->arrivals, g_object_ref (member));
  tea_member_list_add (self->list, member);
}

static void
take_departure (TeaMemberQuery *self, const char *name, guint64 seq)
{
  TeaMember *known = tea_member_list_lookup (self->list, name);

  if (self->is_asking && g_hash_table_size (self->leavers) < MEMBERS_MAX)
    {
      guint64 *left = g_new (guint64, 1);

      *left = seq;
      g_hash_table_replace (self->leavers, tea_name_fold (name), left);
    }
  if (known != NULL && !self->is_other_log && tea_member_get_since (known) < seq)
    tea_member_list_remove (self->list, name);
}

/* Who is sent out of a room does not leave it as well. */
static void
take_sent_out (TeaMemberQuery *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;

  if (tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out)
      && *sent_out.name != '\0')
    take_departure (self, sent_out.name, tea_event_get_seq (event));
}

/**
 * tea_member_query_take_event:
 * @self: a query
 * @event: the next of the room's events
 *
 * Takes note of who came or left.
 */
void
tea_member_query_take_event (TeaMemberQuery *self, TeaEvent *event)
{
  guint64 seq;

  g_return_if_fail (self != NULL);
  g_return_if_fail (event != NULL);

  seq = tea_event_get_seq (event);
  if (seq <= self->as_of)
    return;

  if (tea_event_get_kind (event) == TEA_EVENT_JOINED)
    take_arrival (self, tea_event_get_author (event), seq);
  else if (tea_event_get_kind (event) == TEA_EVENT_LEFT)
    take_departure (self, tea_event_get_author (event), seq);
  else if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT)
    take_sent_out (self, event);
}

/**
 * tea_member_query_take_empty:
 * @self: a query
 * @to: a number
 * @head: the latest number in the room's log
 *
 * Takes note that numbers up to @to hold nothing any more. Somebody may have come or left
 * by what was there, so that it has to be asked who is, unless the answer tells of it.
 */
void
tea_member_query_take_empty (TeaMemberQuery *self, guint64 to, guint64 head)
{
  g_return_if_fail (self != NULL);

  if (MIN (to, head) > self->as_of)
    tea_member_query_ask (self, head);
}
