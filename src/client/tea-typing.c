/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-typing.h"

/* How often the others are told, at most, and how long they show it. */
#define PACE (4 * G_TIME_SPAN_SECOND)
#define SHOWN (6 * G_TIME_SPAN_SECOND)
/* Nobody can show more of them. */
#define WRITERS_MAX 64

typedef struct
{
  TeaName *name; /* (owned) */
  gint64 until;
} Writer;

struct _TeaTyping
{
  TeaClock *clock; /* (owned) */
  void (*changed) (gpointer user_data);
  gpointer user_data;

  gint64 told_at;     /* when the others were last told; 0 while one does not write */
  GPtrArray *writers; /* (element-type Writer): as they began */
  TeaTimer *timer;    /* (owned): when the next one is not shown any more */
};

static void
writer_free (gpointer data)
{
  Writer *writer = data;

  tea_name_unref (writer->name);
  g_free (writer);
}

static void
plan_end (TeaTyping *self)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->writers->len; i++)
    next = MIN (next, ((Writer *) self->writers->pdata[i])->until);

  if (next == G_MAXINT64)
    tea_timer_unset (self->timer);
  else
    tea_timer_set_at (self->timer, next);
}

static void
end_cb (gpointer user_data)
{
  TeaTyping *self = user_data;
  gint64 now = tea_clock_get_time (self->clock);

  for (guint i = self->writers->len; i-- > 0;)
    if (((Writer *) self->writers->pdata[i])->until <= now)
      g_ptr_array_remove_index (self->writers, i);
  plan_end (self);
  self->changed (self->user_data);
}

static gboolean
find (TeaTyping *self, TeaName *name, guint *position)
{
  for (*position = 0; *position < self->writers->len; ++*position)
    if (tea_name_is_same (((Writer *) self->writers->pdata[*position])->name, name))
      return TRUE;

  return FALSE;
}

/**
 * tea_typing_new:
 * @clock: by which clock
 * @changed: called when others write than did
 * @user_data: for @changed
 *
 * Returns: (transfer full): a room in which nobody writes
 */
TeaTyping *
tea_typing_new (TeaClock *clock, void (*changed) (gpointer user_data), gpointer user_data)
{
  TeaTyping *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (changed != NULL, NULL);

  self = g_new0 (TeaTyping, 1);
  self->clock = g_object_ref (clock);
  self->changed = changed;
  self->user_data = user_data;
  self->writers = g_ptr_array_new_with_free_func (writer_free);
  self->timer = tea_timer_new (clock, end_cb, self);

  return self;
}

/**
 * tea_typing_free:
 * @self: (transfer full): who is writing
 *
 * Frees it.
 */
void
tea_typing_free (TeaTyping *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->writers);
  tea_timer_free (self->timer);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * tea_typing_note_own:
 * @self: who is writing
 * @is_writing: whether one has just changed what one writes, or does not write any more
 *
 * Returns: whether it is time to tell the others
 */
gboolean
tea_typing_note_own (TeaTyping *self, gboolean is_writing)
{
  gint64 now;

  g_return_val_if_fail (self != NULL, FALSE);

  now = tea_clock_get_time (self->clock);
  if (!is_writing)
    {
      self->told_at = 0;
      return FALSE;
    }
  if (self->told_at != 0 && now - self->told_at < PACE)
    return FALSE;

  self->told_at = now;

  return TRUE;
}

/**
 * tea_typing_take:
 * @self: who is writing
 * @name: somebody who is
 *
 * Somebody was heard to write.
 */
void
tea_typing_take (TeaTyping *self, const char *name)
{
  g_autoptr (TeaName) writer_name = NULL;
  Writer *writer;
  guint position;
  gboolean is_new;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  writer_name = tea_name_new_unchecked (name);
  is_new = !find (self, writer_name, &position);
  if (is_new && self->writers->len == WRITERS_MAX)
    return;

  if (is_new)
    {
      writer = g_new0 (Writer, 1);
      writer->name = g_steal_pointer (&writer_name);
      g_ptr_array_add (self->writers, writer);
    }
  writer = self->writers->pdata[position];
  writer->until = tea_clock_get_time (self->clock) + SHOWN;
  plan_end (self);
  if (is_new)
    self->changed (self->user_data);
}

/**
 * tea_typing_take_message:
 * @self: who is writing
 * @author: somebody who has said something
 *
 * What somebody wrote is there: they do not write it any more.
 */
void
tea_typing_take_message (TeaTyping *self, const char *author)
{
  g_autoptr (TeaName) name = NULL;
  guint position;

  g_return_if_fail (self != NULL);
  g_return_if_fail (author != NULL);

  if (self->writers->len == 0)
    return;

  name = tea_name_new_unchecked (author);
  if (!find (self, name, &position))
    return;

  g_ptr_array_remove_index (self->writers, position);
  plan_end (self);
  self->changed (self->user_data);
}

/**
 * tea_typing_clear:
 * @self: who is writing
 *
 * Nobody can be heard any more.
 */
void
tea_typing_clear (TeaTyping *self)
{
  g_return_if_fail (self != NULL);

  self->told_at = 0;
  if (self->writers->len == 0)
    return;

  g_ptr_array_set_size (self->writers, 0);
  tea_timer_unset (self->timer);
  self->changed (self->user_data);
}

/**
 * tea_typing_dup_names:
 * @self: who is writing
 *
 * Returns: (transfer full): the names of the others who write, those first who began first
 */
char **
tea_typing_dup_names (TeaTyping *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->writers->len; i++)
    g_strv_builder_add (builder, tea_name_get_text (((Writer *) self->writers->pdata[i])->name));

  return g_strv_builder_end (builder);
}
