/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-present-answers.h"

#include "tea-frame-present.h"

/* More than a packet takes, however short the names. */
#define MEMBERS_MAX 64
/* Clients choose from which number on they ask: without a limit they could fill the memory. */
#define ANSWERS_MAX 256

struct _TeaPresentAnswers
{
  TeaRoom *room;       /* (unowned): which owns it */
  guint64 as_of;       /* the event up to which the answers are right */
  GHashTable *answers; /* (owned) (element-type Answer) */
};

typedef struct
{
  guint64 after;
  gsize max_size;
  GBytes *frame; /* (owned) */
} Answer;

static guint
answer_hash (gconstpointer data)
{
  const Answer *answer = data;

  return (guint) (answer->after * 31 + answer->max_size);
}

static gboolean
answer_equal (gconstpointer one, gconstpointer other)
{
  const Answer *a = one;
  const Answer *b = other;

  return a->after == b->after && a->max_size == b->max_size;
}

static void
answer_free (Answer *answer)
{
  g_bytes_unref (answer->frame);
  g_free (answer);
}

static void
answers_free (TeaPresentAnswers *self)
{
  g_hash_table_unref (self->answers);
  g_free (self);
}

static GBytes *
make (TeaPresentAnswers *self, guint64 after, gsize max_size)
{
  TeaRoom *room = self->room;
  g_autoptr (GPtrArray) list = NULL;
  TeaPresentMember members[MEMBERS_MAX];
  guint64 next = 0;

  if (tea_room_is_hall (room))
    {
      list = tea_presence_list (tea_room_get_presence (room), after, MEMBERS_MAX, &next);
      for (guint i = 0; i < list->len; i++)
        {
          const TeaPerson *person = g_ptr_array_index (list, i);

          members[i]
              = (TeaPresentMember){ person->joined, tea_name_get_text (person->name), person->key };
        }
    }
  else if (!tea_room_is_pair (room))
    {
      list = tea_members_list (tea_room_get_members (room), after, MEMBERS_MAX, &next);
      for (guint i = 0; i < list->len; i++)
        {
          const TeaMembership *membership = g_ptr_array_index (list, i);

          members[i] = (TeaPresentMember){ membership->joined, membership->name, membership->key };
        }
    }

  return tea_frame_present_write (self->as_of, next, members, list != NULL ? list->len : 0,
                                  max_size);
}

/**
 * tea_present_answers_get:
 * @room: a room
 *
 * Returns: (transfer none): its answers, which are there as long as the room
 */
TeaPresentAnswers *
tea_present_answers_get (TeaRoom *room)
{
  static const char key[] = "tea-present-answers";
  TeaPresentAnswers *self;

  g_return_val_if_fail (TEA_IS_ROOM (room), NULL);

  self = g_object_get_data (G_OBJECT (room), key);
  if (self != NULL)
    return self;

  self = g_new0 (TeaPresentAnswers, 1);
  self->room = room;
  self->answers
      = g_hash_table_new_full (answer_hash, answer_equal, (GDestroyNotify) answer_free, NULL);
  g_object_set_data_full (G_OBJECT (room), key, self, (GDestroyNotify) answers_free);

  return self;
}

/**
 * tea_present_answers_make:
 * @self: the answers of a room
 * @after: the event after which those have joined who are asked for
 * @max_size: how long the frame may be
 *
 * Returns: (transfer full): a PRESENT with as many as fit; whoever wants more asks again from
 *   there
 */
GBytes *
tea_present_answers_make (TeaPresentAnswers *self, guint64 after, gsize max_size)
{
  const Answer wanted = { after, max_size, NULL };
  guint64 head;
  Answer *answer;

  g_return_val_if_fail (self != NULL, NULL);

  /* Who is in the room changes by events alone. */
  head = tea_room_reader_get_head (tea_room_get_reader (self->room));
  if (head != self->as_of)
    g_hash_table_remove_all (self->answers);
  self->as_of = head;

  answer = g_hash_table_lookup (self->answers, &wanted);
  if (answer == NULL)
    {
      if (g_hash_table_size (self->answers) >= ANSWERS_MAX)
        g_hash_table_remove_all (self->answers);
      answer = g_memdup2 (&wanted, sizeof wanted);
      answer->frame = make (self, after, max_size);
      g_hash_table_add (self->answers, answer);
    }

  return g_bytes_ref (answer->frame);
}
