/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-view.h"

#include "tea-event-data.h"
#include "tea-event-form.h"

SimView *
sim_view_new (
    SimChecker *checker, const char *who, const char *key, const char *address, gboolean hears_own)
{
  SimView *self = g_new0 (SimView, 1);

  self->checker = checker;
  self->who = g_strdup (who);
  self->key = g_strdup (key);
  self->address = g_strdup (address);
  self->hears_own = hears_own;
  self->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->shown = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) tea_event_unref);
  self->awaited = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);

  self->pins = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                      (GDestroyNotify) tea_event_unref);

  return self;
}

void
sim_view_free (SimView *self)
{
  g_free (self->who);
  g_free (self->key);
  g_free (self->address);
  g_ptr_array_unref (self->heard);
  g_hash_table_unref (self->shown);
  g_hash_table_unref (self->awaited);
  g_hash_table_unref (self->pins);
  g_free (self);
}

SimLedger *
sim_view_get_ledger (SimView *self)
{
  return sim_checker_find_ledger (self->checker, self->key, self->address);
}

/* Whether anything is, or was, what a program was told. */
static gboolean
was_ever (SimView *self, TeaEvent *event)
{
  SimLedger *ledger = sim_view_get_ledger (self);

  if (ledger != NULL && sim_ledger_had (ledger, event))
    return TRUE;
  if (!self->checker->is_restored)
    return FALSE;

  /* Of rooms that were not there yet in a copy that was gone back to. */
  for (guint i = 0; i < self->checker->ledgers->len; i++)
    if (sim_ledger_had (self->checker->ledgers->pdata[i], event))
      return TRUE;

  return FALSE;
}

/* Of what came before its beginning a program is told no changes. Programs of which that is not
   known may begin anywhere. */
static gboolean
may_lack (SimView *self, TeaEvent *event)
{
  return tea_event_kind_amends (tea_event_get_kind (event))
         && (self->start == 0 || tea_event_get_seq (event) < self->start);
}

/* What is shown in a row is in a row. */
static void
check_order (SimView *self, TeaEvent *event)
{
  SimLedger *ledger = sim_view_get_ledger (self);
  guint64 seq = tea_event_get_seq (event);

  if (seq <= self->latest)
    {
      sim_checker_fail (self->checker,
                        "%s in '%s' is told %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT,
                        self->who, self->address, seq, self->latest);
      return;
    }
  if (ledger == NULL || self->latest == 0 || ledger != self->ledger
      || ledger->n_restored != self->n_restored)
    return;

  for (guint64 other = self->latest + 1; other < seq; other++)
    {
      TeaEvent *missing = sim_ledger_find (ledger, other);

      if (missing != NULL && sim_ledger_holds (ledger, other) && !may_lack (self, missing)
          && (self->hears_own || g_strcmp0 (tea_event_get_key (missing), self->key) != 0))
        sim_checker_fail (self->checker,
                          "%s in '%s' is told %" G_GUINT64_FORMAT " without %" G_GUINT64_FORMAT
                          ", and shows no gap",
                          self->who, self->address, seq, other);
    }
}

static void
show (SimView *self, TeaEvent *message)
{
  guint64 seq = tea_event_get_seq (message);

  g_hash_table_insert (self->shown, g_memdup2 (&seq, sizeof seq), tea_event_ref (message));
}

/* A change of what is shown is seen there, one of what is asked for is kept until it comes, and
   one of what is not there means nothing. */
static void
follow (SimView *self, TeaEvent *change)
{
  guint64 target = tea_event_get_target (change);
  TeaEvent *message = g_hash_table_lookup (self->shown, &target);
  GPtrArray *kept = g_hash_table_lookup (self->awaited, &target);

  if (message != NULL)
    {
      g_autoptr (TeaEvent) now = tea_event_form_follow (message, change);

      show (self, now);
    }
  else if (kept != NULL)
    {
      g_ptr_array_add (kept, tea_event_ref (change));
    }
}

/* All that somebody said is not shown any more. */
static void
take_sent_out (SimView *self, TeaEvent *event)
{
  g_auto (TeaSentOut) sent_out = TEA_SENT_OUT_INIT;
  GHashTableIter iter;
  gpointer value;

  if (!tea_event_data_decode_sent_out (tea_event_get_data (event), &sent_out)
      || sent_out.erase == 0)
    return;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (tea_event_get_seq (value) >= sent_out.erase
        && tea_event_get_seq (value) < tea_event_get_seq (event)
        && g_strcmp0 (tea_event_get_author (value), sent_out.name) == 0)
      g_hash_table_iter_remove (&iter);
}

/* What is asked for may be of those who are sent out meanwhile. */
static void
keep_for_all (SimView *self, TeaEvent *event)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->awaited);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (value, tea_event_ref (event));
}

/* It asks for a number of before its beginning. */
void
sim_view_await (SimView *self, guint64 seq)
{
  if (!g_hash_table_contains (self->shown, &seq))
    g_hash_table_insert (self->awaited, g_memdup2 (&seq, sizeof seq),
                         g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref));
}

/* It is told what is there; NULL for nothing. */
void
sim_view_answer (SimView *self, guint64 seq, TeaEvent *event)
{
  g_autoptr (GPtrArray) kept = NULL;
  gpointer awaited = NULL;

  if (!g_hash_table_steal_extended (self->awaited, &seq, &awaited, (gpointer *) &kept))
    return;
  g_free (awaited);
  if (event != NULL && !was_ever (self, event))
    sim_checker_fail (self->checker,
                      "%s in '%s' is told a %" G_GUINT64_FORMAT " that is not stored there",
                      self->who, self->address, seq);
  if (event != NULL && tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    {
      show (self, event);
      for (guint i = 0; i < kept->len; i++)
        {
          if (tea_event_get_seq (kept->pdata[i]) > tea_event_get_version (event))
            self->checker->n_raced++;
          if (tea_event_get_kind (kept->pdata[i]) == TEA_EVENT_SENT_OUT)
            take_sent_out (self, kept->pdata[i]);
          else
            follow (self, kept->pdata[i]);
        }
    }
}

/* It is told of the topic or of a pin, out of turn or in turn. */
void
sim_view_take_standing (SimView *self, TeaEvent *event)
{
  guint64 target = tea_event_get_target (event);
  TeaEvent *latest = g_hash_table_lookup (self->pins, &target);

  if (tea_event_get_kind (event) == TEA_EVENT_TOPIC)
    self->topic = MAX (self->topic, tea_event_get_seq (event));
  if (tea_event_get_kind (event) == TEA_EVENT_PINNED
      && (latest == NULL || tea_event_get_seq (latest) < tea_event_get_seq (event)))
    g_hash_table_insert (self->pins, g_memdup2 (&target, sizeof target), tea_event_ref (event));
}

static gboolean
is_pinned (GHashTable *pins, guint64 target)
{
  TeaEvent *event = g_hash_table_lookup (pins, &target);
  gboolean is_set = FALSE;

  return event != NULL && tea_event_data_decode_switch (tea_event_get_data (event), &is_set)
         && is_set;
}

/* It shows the topic of the log, and what is pinned there. */
static void
check_standing (SimView *self, SimLedger *ledger)
{
  g_autoptr (GHashTable) pins = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 topic = 0;
  GHashTableIter iter;
  gpointer key;

  for (guint i = 0; i < ledger->events->len; i++)
    {
      TeaEvent *event = ledger->events->pdata[i];
      guint64 target = tea_event_get_target (event);

      if (tea_event_get_kind (event) == TEA_EVENT_TOPIC)
        topic = tea_event_get_seq (event);
      if (tea_event_get_kind (event) == TEA_EVENT_PINNED)
        g_hash_table_insert (pins, g_memdup2 (&target, sizeof target), event);
    }

  if (topic != self->topic)
    sim_checker_fail (self->checker,
                      "%s in '%s' shows the topic of %" G_GUINT64_FORMAT
                      ", but there is that of %" G_GUINT64_FORMAT,
                      self->who, self->address, self->topic, topic);

  g_hash_table_iter_init (&iter, pins);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint64 target = *(guint64 *) key;
      TeaEvent *message = sim_ledger_get_form (ledger, target);
      TeaMessageForm *form = message != NULL ? tea_event_get_form (message) : NULL;

      if (sim_ledger_holds (ledger, target) && sim_ledger_get_removal (ledger, target) == 0
          && (form == NULL || tea_message_form_get_removed_by (form) == NULL)
          && is_pinned (pins, target) != is_pinned (self->pins, target))
        sim_checker_fail (self->checker,
                          "%s in '%s' shows whether %" G_GUINT64_FORMAT
                          " is pinned otherwise than it is",
                          self->who, self->address, target);
    }
}

/* What it shows is what is stored. To be called when it has been told everything. */
void
sim_view_check_forms (SimView *self)
{
  SimLedger *ledger = sim_view_get_ledger (self);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (ledger == NULL || ledger->n_restored > 0)
    return;

  check_standing (self, ledger);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      guint64 seq = *(guint64 *) key;
      TeaEvent *now = sim_ledger_get_form (ledger, seq);

      if (sim_ledger_get_removal (ledger, seq) != 0)
        sim_checker_fail (self->checker,
                          "%s in '%s' shows %" G_GUINT64_FORMAT
                          ", which is removed by %" G_GUINT64_FORMAT,
                          self->who, self->address, seq, sim_ledger_get_removal (ledger, seq));
      if (sim_ledger_holds (ledger, seq) && (now == NULL || !sim_form_is_same (now, value)))
        sim_checker_fail (self->checker,
                          "%s in '%s' shows %" G_GUINT64_FORMAT " as of %" G_GUINT64_FORMAT
                          ", which is another as of %" G_GUINT64_FORMAT,
                          self->who, self->address, seq, tea_event_get_version (value),
                          now != NULL ? tea_event_get_version (now) : 0);
    }
}

/* It is told of an event. */
void
sim_view_add (SimView *self, TeaEvent *event)
{
  SimLedger *ledger = sim_view_get_ledger (self);
  guint64 seq = tea_event_get_seq (event);

  sim_trace (self->checker->network, "%s in '%s': hears %" G_GUINT64_FORMAT " %s", self->who,
             self->address, seq, tea_event_get_author (event));
  if (!was_ever (self, event))
    sim_checker_fail (self->checker,
                      "%s in '%s' is told a %" G_GUINT64_FORMAT " that is not stored there",
                      self->who, self->address, seq);
  if (!self->is_gap)
    check_order (self, event);
  else if (self->gap_after != 0 && seq == self->gap_after + 1 && ledger != NULL
           && ledger == self->ledger && ledger->n_restored == self->n_restored)
    sim_checker_fail (self->checker,
                      "%s in '%s' shows a gap before %" G_GUINT64_FORMAT
                      ", where nothing is lacking",
                      self->who, self->address, seq);

  self->is_gap = FALSE;
  self->latest = seq;
  self->ledger = ledger;
  self->n_restored = ledger != NULL ? ledger->n_restored : 0;
  g_ptr_array_add (self->heard, tea_event_ref (event));
  sim_view_take_standing (self, event);
  if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
    show (self, event);
  else if (tea_event_kind_amends (tea_event_get_kind (event)))
    follow (self, event);
  else if (tea_event_get_kind (event) == TEA_EVENT_SENT_OUT)
    {
      take_sent_out (self, event);
      keep_for_all (self, event);
    }
}

/* It is told that something is missing. */
void
sim_view_add_gap (SimView *self)
{
  sim_trace (self->checker->network, "%s in '%s': has a gap", self->who, self->address);
  self->gap_after = self->latest;
  self->latest = 0;
  self->is_gap = TRUE;
  self->begin = self->heard->len;
  g_hash_table_remove_all (self->shown);
  g_hash_table_remove_all (self->awaited);
  g_hash_table_remove_all (self->pins);
  self->topic = 0;
}

/* It is to have everything from there on. */
void
sim_view_set_start (SimView *self, guint64 start)
{
  self->start = start;
  self->page = 0;
}

/* Whether it has all that is kept, from where it begins. */
gboolean
sim_view_is_complete (SimView *self)
{
  SimLedger *ledger = sim_view_get_ledger (self);
  guint n = self->begin;
  guint64 start;

  if (ledger == NULL)
    return self->begin == self->heard->len;
  if (n == self->heard->len && self->start == 0)
    return TRUE;

  start = self->start != 0 ? self->start : tea_event_get_seq (self->heard->pdata[self->begin]);
  for (guint place = sim_ledger_find_place (ledger, start); place < ledger->events->len; place++)
    {
      TeaEvent *event = ledger->events->pdata[place];

      if (n < self->heard->len && sim_event_is_same (self->heard->pdata[n], event))
        n++;
      else if (sim_ledger_holds (ledger, tea_event_get_seq (event)) && !may_lack (self, event)
               && (self->hears_own || g_strcmp0 (tea_event_get_key (event), self->key) != 0))
        return FALSE;
    }

  return n == self->heard->len;
}

/* How many messages came after a number. What is gone since the server counted, or told it, is
   still among what a program counts: it adds what comes in, and nobody tells it of what goes. */
guint
sim_view_count_unread (SimView *self, guint64 read)
{
  SimLedger *ledger = sim_view_get_ledger (self);

  return ledger != NULL ? sim_ledger_count_messages (ledger, read, G_MAXUINT64, FALSE) : 0;
}
