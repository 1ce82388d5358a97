/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-seat.h"

#include "tea-puller.h"
#include "tea-pusher.h"

/* So many members at most go into one packet. */
#define PRESENT_MAX 24

struct _TeaSeat
{
  TeaRoom *room;           /* (owned) */
  TeaSecureSender *sender; /* (unowned) */
  TeaCursor *cursor;       /* (owned) */
  TeaIntake *intake;       /* (owned) */
  TeaPuller *puller;       /* (owned) */
};

/* As many as fit; whoever wants more asks again from there. */
static void
tell_who_is_here (TeaSeat *self, guint64 after)
{
  gsize packet_size = tea_secure_sender_get_packet_size (self->sender);
  guint64 as_of = tea_room_reader_get_head (tea_room_get_reader (self->room));
  TeaPresentMember members[PRESENT_MAX];
  guint64 next = 0;
  g_autoptr (GPtrArray) people
      = tea_presence_list (tea_room_get_presence (self->room), after, PRESENT_MAX, &next);
  guint n = MIN (people->len, PRESENT_MAX);
  GBytes *frame;

  for (guint i = 0; i < n; i++)
    {
      const TeaPerson *person = g_ptr_array_index (people, i);

      members[i]
          = (TeaPresentMember){ person->joined, tea_name_get_text (person->name), person->key };
    }

  while (g_bytes_get_size (frame = tea_frame_encode_present (as_of, next, members, n)) > packet_size
         && n > 1)
    {
      g_bytes_unref (frame);
      n /= 2;
      next = members[n - 1].joined;
    }

  tea_secure_sender_send (self->sender, frame);
}

/**
 * tea_seat_new: (skip)
 * @room: the room
 * @clock: by which clock
 * @sender: what goes to the client, as long as the seat is there
 * @quota: how much its key may do
 * @owner: (transfer none): whose seat it is
 *
 * Takes a seat in a room: everything that happens there from now on is for the client.
 *
 * Returns: (transfer full): the seat
 */
TeaSeat *
tea_seat_new (TeaRoom *room,
              TeaClock *clock,
              TeaSecureSender *sender,
              TeaQuota *quota,
              const TeaIntakeOwner *owner)
{
  TeaSeat *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);
  g_return_val_if_fail (sender != NULL && quota != NULL && owner != NULL, NULL);

  self = g_new0 (TeaSeat, 1);
  self->room = g_object_ref (room);
  self->sender = sender;
  self->cursor = tea_pusher_add (tea_pusher_get (room, clock), sender);
  self->intake = tea_intake_new (room, clock, sender, quota, owner);
  self->puller = tea_puller_new (tea_room_get_reader (room), sender, quota);

  return self;
}

/**
 * tea_seat_free: (skip)
 * @self: (transfer full): a seat
 *
 * Gives up a seat. What was said and is on its way is still stored.
 */
void
tea_seat_free (TeaSeat *self)
{
  g_return_if_fail (self != NULL);

  tea_cursor_free (self->cursor);
  tea_intake_close (self->intake);
  g_object_unref (self->intake);
  tea_puller_close (self->puller);
  g_object_unref (self->puller);
  g_object_unref (self->room);
  g_free (self);
}

/**
 * tea_seat_handle: (skip)
 * @self: a seat
 * @frame: a frame from its client that is for a room
 *
 * Does what a client asks for in the room.
 */
void
tea_seat_handle (TeaSeat *self, const TeaFrame *frame)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (frame != NULL);

  switch ((guint) frame->type)
    {
    case TEA_FRAME_SAY:
      tea_intake_say (self->intake, frame->say.number, frame->say.oldest, frame->say.text);
      break;
    case TEA_FRAME_SAY_PIECE:
      tea_intake_say_piece (self->intake, frame->say_piece.number, frame->say_piece.oldest,
                            frame->say_piece.index, frame->say_piece.count, frame->say_piece.bytes);
      break;
    case TEA_FRAME_PULL:
      tea_puller_pull (self->puller, frame->pull.ranges, frame->pull.n_ranges);
      break;
    case TEA_FRAME_PULL_PIECES:
      tea_puller_pull_pieces (self->puller, frame->pull_pieces.seq, frame->pull_pieces.missing);
      break;
    case TEA_FRAME_WHO:
      tell_who_is_here (self, frame->who.after);
      break;
    default:
      g_assert_not_reached ();
    }
}
