/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-turns.h"

/**
 * TeaTurns:
 *
 * Lets those who make and rename rooms do so one after the other: what one of them finds out,
 * that an address is free or how many rooms there are, stays true until it is done.
 */
struct _TeaTurns
{
  GObject parent_instance;

  gboolean is_taken;
  GQueue waiting; /* (element-type Turn) */
};

typedef struct
{
  TeaTurnFunc func;
  gpointer user_data;
} Turn;

G_DEFINE_FINAL_TYPE (TeaTurns, tea_turns, G_TYPE_OBJECT)

static void
tea_turns_finalize (GObject *object)
{
  g_queue_clear_full (&TEA_TURNS (object)->waiting, g_free);

  G_OBJECT_CLASS (tea_turns_parent_class)->finalize (object);
}

static void
tea_turns_class_init (TeaTurnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_turns_finalize;
}

static void
tea_turns_init (TeaTurns *self)
{
  g_queue_init (&self->waiting);
}

/**
 * tea_turns_get:
 * @store: where rooms are kept
 *
 * Returns: (transfer none): the turns of those who change which rooms there are, which are
 *   there as long as the store
 */
TeaTurns *
tea_turns_get (TeaStore *store)
{
  static const char key[] = "tea-turns";
  TeaTurns *self;

  g_return_val_if_fail (TEA_IS_STORE (store), NULL);

  self = g_object_get_data (G_OBJECT (store), key);
  if (self == NULL)
    {
      self = g_object_new (TEA_TYPE_TURNS, NULL);
      g_object_set_data_full (G_OBJECT (store), key, self, g_object_unref);
    }

  return self;
}

/**
 * tea_turns_take:
 * @self: turns
 * @func: called when it is its turn: at once, where nobody else has it
 * @user_data: for @func
 *
 * Waits for a turn.
 */
void
tea_turns_take (TeaTurns *self, TeaTurnFunc func, gpointer user_data)
{
  Turn *turn;

  g_return_if_fail (TEA_IS_TURNS (self));
  g_return_if_fail (func != NULL);

  if (!self->is_taken)
    {
      self->is_taken = TRUE;
      func (user_data);
      return;
    }

  turn = g_new (Turn, 1);
  *turn = (Turn){ func, user_data };
  g_queue_push_tail (&self->waiting, turn);
}

/**
 * tea_turns_end:
 * @self: turns of which one is taken
 *
 * Ends a turn; the next one begins.
 */
void
tea_turns_end (TeaTurns *self)
{
  g_autofree Turn *turn = NULL;

  g_return_if_fail (TEA_IS_TURNS (self));
  g_return_if_fail (self->is_taken);

  turn = g_queue_pop_head (&self->waiting);
  self->is_taken = turn != NULL;
  if (turn != NULL)
    turn->func (turn->user_data);
}
