/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-name-completion.h"

#include "tea-member.h"
#include "tea-name.h"

/**
 * TeaNameCompletion:
 *
 * Completes the names of the people present in a text that is being written.
 *
 * Asked again without anything written in between, it goes on to the next name that
 * begins the same way.
 */
struct _TeaNameCompletion
{
  GObject parent_instance;

  GtkTextBuffer *buffer; /* (owned) */
  GListModel *members;   /* (owned) (nullable) */

  /* In progress */
  char *prefix; /* (owned) (nullable), folded; %NULL when not completing */
  int start;    /* where in the buffer the name begins */
  guint next;
  gboolean inserting;
};

G_DEFINE_FINAL_TYPE (TeaNameCompletion, tea_name_completion, G_TYPE_OBJECT)

/* What was written of a name before the cursor: the word there, without an @. */
static gboolean
begin (TeaNameCompletion *self)
{
  GtkTextIter cursor, start;
  g_autofree char *word = NULL;
  const char *name;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                    gtk_text_buffer_get_insert (self->buffer));
  start = cursor;
  while (gtk_text_iter_backward_char (&start))
    if (g_unichar_isspace (gtk_text_iter_get_char (&start)))
      {
        gtk_text_iter_forward_char (&start);
        break;
      }

  word = gtk_text_buffer_get_text (self->buffer, &start, &cursor, FALSE);
  name = *word == '@' ? word + 1 : word;
  if (*word == '\0')
    return FALSE;

  self->prefix = tea_name_fold (name);
  self->start = gtk_text_iter_get_offset (&start) + (name != word ? 1 : 0);
  self->next = 0;

  return TRUE;
}

static TeaMember *
find_next (TeaNameCompletion *self)
{
  guint n_members = self->members != NULL ? g_list_model_get_n_items (self->members) : 0;

  for (guint i = 0; i < n_members; i++)
    {
      guint position = (self->next + i) % n_members;
      g_autoptr (TeaMember) member = g_list_model_get_item (self->members, position);

      if (g_str_has_prefix (tea_member_get_folded_name (member), self->prefix))
        {
          self->next = position + 1;
          return g_steal_pointer (&member);
        }
    }

  return NULL;
}

static void
insert (TeaNameCompletion *self, const char *name)
{
  g_autofree char *text = g_strconcat (name, " ", NULL);
  GtkTextIter start, cursor;

  self->inserting = TRUE;
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_get_iter_at_mark (self->buffer, &cursor,
                                    gtk_text_buffer_get_insert (self->buffer));
  gtk_text_buffer_get_iter_at_offset (self->buffer, &start, self->start);
  gtk_text_buffer_delete (self->buffer, &start, &cursor);
  gtk_text_buffer_insert (self->buffer, &start, text, -1);
  gtk_text_buffer_end_user_action (self->buffer);
  self->inserting = FALSE;
}

static void
changed_cb (TeaNameCompletion *self)
{
  g_assert (TEA_IS_NAME_COMPLETION (self));

  if (!self->inserting)
    g_clear_pointer (&self->prefix, g_free);
}

static void
tea_name_completion_finalize (GObject *object)
{
  TeaNameCompletion *self = TEA_NAME_COMPLETION (object);

  g_clear_object (&self->buffer);
  g_clear_object (&self->members);
  g_free (self->prefix);

  G_OBJECT_CLASS (tea_name_completion_parent_class)->finalize (object);
}

static void
tea_name_completion_class_init (TeaNameCompletionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_name_completion_finalize;
}

static void
tea_name_completion_init (TeaNameCompletion *self)
{
}

/**
 * tea_name_completion_new:
 * @buffer: the text that is being written
 *
 * Returns: (transfer full): a completion of names in @buffer
 */
TeaNameCompletion *
tea_name_completion_new (GtkTextBuffer *buffer)
{
  TeaNameCompletion *self;

  g_return_val_if_fail (GTK_IS_TEXT_BUFFER (buffer), NULL);

  self = g_object_new (TEA_TYPE_NAME_COMPLETION, NULL);
  self->buffer = g_object_ref (buffer);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_name_completion_set_members:
 * @self: a completion
 * @members: (nullable): the people whose names can be completed
 */
void
tea_name_completion_set_members (TeaNameCompletion *self, GListModel *members)
{
  g_return_if_fail (TEA_IS_NAME_COMPLETION (self));
  g_return_if_fail (members == NULL || G_IS_LIST_MODEL (members));

  g_set_object (&self->members, members);
}

/**
 * tea_name_completion_next:
 * @self: a completion
 *
 * Completes the name before the cursor, or puts the next one that fits in its place.
 *
 * Returns: whether there was anything to complete
 */
gboolean
tea_name_completion_next (TeaNameCompletion *self)
{
  g_autoptr (TeaMember) member = NULL;

  g_return_val_if_fail (TEA_IS_NAME_COMPLETION (self), FALSE);

  if (self->prefix == NULL && !begin (self))
    return FALSE;

  member = find_next (self);
  if (member == NULL)
    {
      g_clear_pointer (&self->prefix, g_free);
      return FALSE;
    }

  insert (self, tea_member_get_name (member));

  return TRUE;
}
