/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-message-form.h"

#include <string.h>

#include "tea-limits.h"

struct _TeaReaction
{
  char *emoji;
  guint count;
  char **names;
};

G_DEFINE_BOXED_TYPE (TeaReaction, tea_reaction, tea_reaction_ref, tea_reaction_unref)

struct _TeaMessageForm
{
  gint64 edited;
  char *removed_by;     /* (nullable) */
  GPtrArray *reactions; /* (owned) (element-type TeaReaction) */
};

G_DEFINE_BOXED_TYPE (TeaMessageForm, tea_message_form, tea_message_form_ref, tea_message_form_unref)

static void
tea_reaction_clear (gpointer data)
{
  TeaReaction *self = data;

  g_free (self->emoji);
  g_strfreev (self->names);
}

static void
tea_message_form_clear (gpointer data)
{
  TeaMessageForm *self = data;

  g_free (self->removed_by);
  g_ptr_array_unref (self->reactions);
}

/* The first names that everybody is told. */
static char **
cut_names (const char *const *names)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize size = 0;

  for (guint i = 0; names != NULL && names[i] != NULL && i < TEA_REACTION_MAX_NAMES; i++)
    {
      size += strlen (names[i]);
      if (size > TEA_REACTION_NAMES_MAX_BYTES)
        break;
      g_strv_builder_add (builder, names[i]);
    }

  return g_strv_builder_end (builder);
}

static gboolean
tea_reaction_equal (gconstpointer a, gconstpointer b)
{
  const TeaReaction *one = a;
  const TeaReaction *other = b;

  return one->count == other->count && g_str_equal (one->emoji, other->emoji)
         && g_strv_equal ((const char *const *) one->names, (const char *const *) other->names);
}

/**
 * tea_reaction_new: (skip)
 * @emoji: the emoji
 * @count: how many people reacted with it
 * @names: (nullable) (array zero-terminated=1): who they are, the first of them in front; of
 *   these only those are kept that everybody is told, %TEA_REACTION_MAX_NAMES of
 *   %TEA_REACTION_NAMES_MAX_BYTES together at most
 *
 * Makes the reactions with one emoji.
 *
 * Returns: (transfer full): the reactions
 */
TeaReaction *
tea_reaction_new (const char *emoji, guint count, const char *const *names)
{
  TeaReaction *self;

  g_return_val_if_fail (emoji != NULL, NULL);

  self = g_atomic_rc_box_new0 (TeaReaction);
  self->emoji = g_strdup (emoji);
  self->count = count;
  self->names = cut_names (names);

  return self;
}

/**
 * tea_reaction_ref:
 * @self: reactions
 *
 * Adds an owner.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaReaction *
tea_reaction_ref (TeaReaction *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_reaction_unref:
 * @self: (transfer full): reactions
 *
 * Gives up one ownership; with the last they are freed.
 */
void
tea_reaction_unref (TeaReaction *self)
{
  g_atomic_rc_box_release_full (self, tea_reaction_clear);
}

/**
 * tea_reaction_get_emoji:
 * @self: reactions
 *
 * Tells with what people reacted.
 *
 * Returns: the emoji
 */
const char *
tea_reaction_get_emoji (TeaReaction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->emoji;
}

/**
 * tea_reaction_get_count:
 * @self: reactions
 *
 * Tells how many people reacted with that emoji.
 *
 * Returns: how many they are
 */
guint
tea_reaction_get_count (TeaReaction *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->count;
}

/**
 * tea_reaction_get_names:
 * @self: reactions
 *
 * Tells who reacted with that emoji, the first of them in front. These may be fewer than
 * reacted: at most eight are told.
 *
 * Returns: (transfer none) (array zero-terminated=1): their names
 */
const char *const *
tea_reaction_get_names (TeaReaction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->names;
}

/**
 * tea_message_form_new: (skip)
 * @edited: when it was edited last, in µs since the Unix epoch, UTC; 0 for never
 * @removed_by: (nullable): who removed it; %NULL or `""` where nobody did
 * @reactions: (nullable) (element-type TeaReaction): the reactions to it; never changed from
 *   then on
 *
 * Makes the form of a message.
 *
 * Returns: (transfer full): the form
 */
TeaMessageForm *
tea_message_form_new (gint64 edited, const char *removed_by, GPtrArray *reactions)
{
  TeaMessageForm *self = g_atomic_rc_box_new0 (TeaMessageForm);

  self->edited = edited;
  if (removed_by != NULL && *removed_by != '\0')
    self->removed_by = g_strdup (removed_by);
  self->reactions = reactions != NULL
                        ? g_ptr_array_ref (reactions)
                        : g_ptr_array_new_with_free_func ((GDestroyNotify) tea_reaction_unref);

  return self;
}

/**
 * tea_message_form_ref:
 * @self: a form
 *
 * Adds an owner to a form.
 *
 * Returns: (transfer full): @self, with one more owner
 */
TeaMessageForm *
tea_message_form_ref (TeaMessageForm *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * tea_message_form_unref:
 * @self: (transfer full): a form
 *
 * Gives up one ownership of the form; with the last it is freed.
 */
void
tea_message_form_unref (TeaMessageForm *self)
{
  g_atomic_rc_box_release_full (self, tea_message_form_clear);
}

/**
 * tea_message_form_get_edited:
 * @self: a form
 *
 * Tells when the message was edited last.
 *
 * Returns: when, in µs since the Unix epoch, UTC; 0 for never
 */
gint64
tea_message_form_get_edited (TeaMessageForm *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->edited;
}

/**
 * tea_message_form_get_removed_by:
 * @self: a form
 *
 * Tells who removed the message. Then nothing is left of what it said.
 *
 * Returns: (nullable): the name of who removed it; %NULL where nobody did
 */
const char *
tea_message_form_get_removed_by (TeaMessageForm *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->removed_by;
}

/**
 * tea_message_form_get_reactions:
 * @self: a form
 *
 * Gets the reactions to the message, in the order in which the emojis were first given.
 *
 * Returns: (transfer none) (element-type TeaReaction): the reactions; there may be none
 */
GPtrArray *
tea_message_form_get_reactions (TeaMessageForm *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reactions;
}

/**
 * tea_message_form_equal:
 * @self: a form
 * @other: another one
 *
 * Tells whether two forms are the same.
 *
 * Returns: whether they are
 */
gboolean
tea_message_form_equal (TeaMessageForm *self, TeaMessageForm *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (self->edited != other->edited || g_strcmp0 (self->removed_by, other->removed_by) != 0
      || self->reactions->len != other->reactions->len)
    return FALSE;

  for (guint i = 0; i < self->reactions->len; i++)
    if (!tea_reaction_equal (self->reactions->pdata[i], other->reactions->pdata[i]))
      return FALSE;

  return TRUE;
}
