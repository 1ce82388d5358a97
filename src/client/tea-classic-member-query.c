/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-member-query.h"

#define INTERVAL G_TIME_SPAN_MINUTE
#define WAIT (2 * G_TIME_SPAN_SECOND)
/* A server that has answered once and now misses so many questions is away; one that
 * has never answered does not know the question, and is asked once less. */
#define QUESTIONS_MAX 3

/**
 * TeaClassicMemberQuery:
 *
 * Asks a classic server from time to time who is in the room. That keeps the list of
 * people right where datagrams got lost, the server from taking a silent reader for a
 * dead one, and the reader from taking a dead server for a silent one.
 *
 * The question is our own extension (PROTOCOL.md, "Who is here"): servers of others do
 * not know it, and are left alone.
 */
struct _TeaClassicMemberQuery
{
  GObject parent_instance;

  TeaTimer *timer; /* (owned) */
  gboolean is_known;
  guint n_open;        /* questions without an answer */
  GPtrArray *parts;    /* (element-type GStrv): of the answer that is coming in */
  GPtrArray *refusals; /* (element-type utf8): of which the next answer shows the cause */
};

enum
{
  SIGNAL_ASK,
  SIGNAL_PRESENT,
  SIGNAL_ABSENT,
  SIGNAL_REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaClassicMemberQuery, tea_classic_member_query, G_TYPE_OBJECT)

static void
tell_absent (TeaClassicMemberQuery *self)
{
  tea_classic_member_query_stop (self);
  g_ptr_array_set_size (self->refusals, 0);
  g_signal_emit (self, signals[SIGNAL_ABSENT], 0);
}

static void
timer_cb (gpointer user_data)
{
  TeaClassicMemberQuery *self = TEA_CLASSIC_MEMBER_QUERY (user_data);

  if (self->n_open < (self->is_known ? QUESTIONS_MAX : QUESTIONS_MAX - 1))
    {
      self->n_open++;
      tea_timer_set (self->timer, WAIT);
      g_signal_emit (self, signals[SIGNAL_ASK], 0);
    }
  else if (self->is_known)
    {
      tell_absent (self);
    }
}

static void
tea_classic_member_query_dispose (GObject *object)
{
  g_clear_pointer (&TEA_CLASSIC_MEMBER_QUERY (object)->timer, tea_timer_free);

  G_OBJECT_CLASS (tea_classic_member_query_parent_class)->dispose (object);
}

static void
tea_classic_member_query_finalize (GObject *object)
{
  TeaClassicMemberQuery *self = TEA_CLASSIC_MEMBER_QUERY (object);

  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->refusals);

  G_OBJECT_CLASS (tea_classic_member_query_parent_class)->finalize (object);
}

static void
tea_classic_member_query_class_init (TeaClassicMemberQueryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_classic_member_query_dispose;
  object_class->finalize = tea_classic_member_query_finalize;

  /**
   * TeaClassicMemberQuery::ask:
   * @self: the query
   *
   * The question is to be asked.
   */
  signals[SIGNAL_ASK] = g_signal_new ("ask", TEA_TYPE_CLASSIC_MEMBER_QUERY, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaClassicMemberQuery::present:
   * @self: the query
   * @names: the names of all who are in the room
   *
   * An answer is complete.
   */
  signals[SIGNAL_PRESENT]
      = g_signal_new ("present", TEA_TYPE_CLASSIC_MEMBER_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  /**
   * TeaClassicMemberQuery::absent:
   * @self: the query
   *
   * The server used to answer, and does not any more, or has forgotten us.
   */
  signals[SIGNAL_ABSENT] = g_signal_new ("absent", TEA_TYPE_CLASSIC_MEMBER_QUERY, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * TeaClassicMemberQuery::refused:
   * @self: the query
   * @reason: what the server said
   *
   * The server knows us, and refused something all the same.
   */
  signals[SIGNAL_REFUSED]
      = g_signal_new ("refused", TEA_TYPE_CLASSIC_MEMBER_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tea_classic_member_query_init (TeaClassicMemberQuery *self)
{
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->refusals = g_ptr_array_new_with_free_func (g_free);
}

/**
 * tea_classic_member_query_new:
 * @clock: by which clock
 *
 * Returns: (transfer full): a query that does not ask yet
 */
TeaClassicMemberQuery *
tea_classic_member_query_new (TeaClock *clock)
{
  TeaClassicMemberQuery *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_CLASSIC_MEMBER_QUERY, NULL);
  self->timer = tea_timer_new (clock, timer_cb, self);

  return self;
}

/**
 * tea_classic_member_query_start:
 * @self: a query
 *
 * One is in the room: begins to ask.
 */
void
tea_classic_member_query_start (TeaClassicMemberQuery *self)
{
  g_return_if_fail (TEA_IS_CLASSIC_MEMBER_QUERY (self));

  self->n_open = 0;
  g_ptr_array_set_size (self->parts, 0);
  g_ptr_array_set_size (self->refusals, 0);
  tea_timer_set (self->timer, 0);
}

/**
 * tea_classic_member_query_stop:
 * @self: a query
 *
 * Asks no more.
 */
void
tea_classic_member_query_stop (TeaClassicMemberQuery *self)
{
  g_return_if_fail (TEA_IS_CLASSIC_MEMBER_QUERY (self));

  tea_timer_unset (self->timer);
}

/**
 * tea_classic_member_query_take_part:
 * @self: a query
 * @part: which part of an answer this is, from 1 to @n_parts
 * @n_parts: of how many parts the answer is made
 * @names: (transfer full): the names in it
 *
 * Takes in a part of an answer. With the last one, the answer is told.
 */
void
tea_classic_member_query_take_part (TeaClassicMemberQuery *self,
                                    guint part,
                                    guint n_parts,
                                    char **names)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) all = NULL;

  g_return_if_fail (TEA_IS_CLASSIC_MEMBER_QUERY (self));
  g_return_if_fail (part >= 1 && part <= n_parts);

  self->is_known = TRUE;
  self->n_open = 0;
  tea_timer_set (self->timer, INTERVAL);

  while (self->refusals->len > 0)
    {
      g_autofree char *reason = g_ptr_array_steal_index (self->refusals, 0);

      g_signal_emit (self, signals[SIGNAL_REFUSED], 0, reason);
    }

  if (self->parts->len != n_parts)
    {
      g_ptr_array_set_size (self->parts, 0);
      g_ptr_array_set_size (self->parts, (gint) n_parts);
    }

  g_strfreev (g_ptr_array_index (self->parts, part - 1));
  g_ptr_array_index (self->parts, part - 1) = names;

  builder = g_strv_builder_new ();
  for (guint i = 0; i < n_parts; i++)
    {
      if (g_ptr_array_index (self->parts, i) == NULL)
        return;

      g_strv_builder_addv (builder, g_ptr_array_index (self->parts, i));
    }

  g_ptr_array_set_size (self->parts, 0);
  all = g_strv_builder_end (builder);
  g_signal_emit (self, signals[SIGNAL_PRESENT], 0, all);
}

/**
 * tea_classic_member_query_take_refusal:
 * @self: a query
 * @reason: why the server refused something
 *
 * The server refused something. Where it knows the question, it is asked at once,
 * before anybody is told: if it refuses that too, it has forgotten us, and nothing was
 * wrong with what was said.
 *
 * Returns: whether the query looks after it, and tells in the end
 */
gboolean
tea_classic_member_query_take_refusal (TeaClassicMemberQuery *self, const char *reason)
{
  g_return_val_if_fail (TEA_IS_CLASSIC_MEMBER_QUERY (self), FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);

  if (!self->is_known)
    return FALSE;

  if (self->n_open > 0)
    {
      tell_absent (self);
      return TRUE;
    }

  g_ptr_array_add (self->refusals, g_strdup (reason));
  tea_timer_set (self->timer, 0);

  return TRUE;
}
