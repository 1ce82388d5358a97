/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-standing-events.h"

#include "tea-frame-rules.h"
#include "tea-piece-collector.h"

struct _TeaStandingEvents
{
  GHashTable *missing; /* (element-type guint64): the numbers of those that are to come */
  GHashTable *told;    /* (element-type guint64): of those that came since the room was opened */

  /* Only a topic is too long for a packet. */
  guint64 long_seq;
  TeaPieceCollector *collector; /* (owned) (nullable) */
};

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/**
 * tea_standing_events_new:
 *
 * Returns: (transfer full): of a room that is not open
 */
TeaStandingEvents *
tea_standing_events_new (void)
{
  TeaStandingEvents *self = g_new0 (TeaStandingEvents, 1);

  self->missing = new_set ();
  self->told = new_set ();

  return self;
}

/**
 * tea_standing_events_free:
 * @self: (transfer full): the events of a room
 *
 * Frees them.
 */
void
tea_standing_events_free (TeaStandingEvents *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->missing);
  g_hash_table_unref (self->told);
  g_clear_pointer (&self->collector, tea_piece_collector_free);
  g_free (self);
}

/**
 * tea_standing_events_begin:
 * @self: the events of a room
 *
 * The room is opened once more: none of them is there.
 */
void
tea_standing_events_begin (TeaStandingEvents *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->missing);
  g_hash_table_remove_all (self->told);
  g_clear_pointer (&self->collector, tea_piece_collector_free);
}

/**
 * tea_standing_events_expect:
 * @self: the events of a room
 * @seqs: which there are now
 *
 * Takes what an OPENED names, be it the first or one that was asked for because some did not
 * come.
 */
void
tea_standing_events_expect (TeaStandingEvents *self, const TeaFrameNumbers *seqs)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (seqs != NULL);

  g_hash_table_remove_all (self->missing);
  for (gsize i = 0; i < seqs->n_items; i++)
    if (!g_hash_table_contains (self->told, &seqs->items[i]))
      g_hash_table_add (self->missing, g_memdup2 (&seqs->items[i], sizeof (guint64)));
}

/**
 * tea_standing_events_take_event:
 * @self: the events of a room
 * @event: an event that came
 *
 * Returns: whether it is one of them, and the first time that it comes
 */
gboolean
tea_standing_events_take_event (TeaStandingEvents *self, TeaEvent *event)
{
  guint64 seq;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (event != NULL, FALSE);

  seq = tea_event_get_seq (event);
  if (!g_hash_table_remove (self->missing, &seq))
    return FALSE;

  g_hash_table_add (self->told, g_memdup2 (&seq, sizeof seq));

  return TRUE;
}

/**
 * tea_standing_events_take_piece:
 * @self: the events of a room
 * @frame: a PIECE or a MORE_PIECE
 *
 * Takes a piece of an event.
 *
 * Returns: (transfer full) (nullable): the event, if it is one of them, is whole by that, and
 *   came for the first time
 */
TeaEvent *
tea_standing_events_take_piece (TeaStandingEvents *self, const TeaFrame *frame)
{
  g_auto (TeaFrame) whole = TEA_FRAME_INIT;
  guint64 seq;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (frame != NULL, NULL);

  seq = frame->piece.seq;
  if (!g_hash_table_contains (self->missing, &seq))
    return NULL;

  if (self->long_seq != seq)
    g_clear_pointer (&self->collector, tea_piece_collector_free);
  self->long_seq = seq;
  if (self->collector == NULL)
    self->collector = tea_piece_collector_new ();
  if (!tea_piece_collector_set_version (self->collector, frame->piece.version))
    return NULL;

  tea_piece_collector_add (self->collector, frame->piece.index, frame->piece.count,
                           frame->piece.bytes);
  if (!tea_piece_collector_is_complete (self->collector))
    return NULL;

  if (!tea_piece_collector_read_frame (self->collector,
                                       frame->type == TEA_FRAME_PIECE ? TEA_FRAME_EVENT
                                                                      : TEA_FRAME_MORE,
                                       seq, &whole, NULL)
      || !tea_standing_events_take_event (self, whole.event.event))
    {
      g_clear_pointer (&self->collector, tea_piece_collector_free);
      return NULL;
    }
  g_clear_pointer (&self->collector, tea_piece_collector_free);

  return tea_event_ref (whole.event.event);
}

/**
 * tea_standing_events_are_there:
 * @self: the events of a room
 *
 * Returns: whether all of them have come
 */
gboolean
tea_standing_events_are_there (TeaStandingEvents *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_hash_table_size (self->missing) == 0;
}
