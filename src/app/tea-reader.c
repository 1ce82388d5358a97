/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-reader.h"

#include "tea-mention.h"
#include "tea-name.h"

/**
 * TeaReader:
 *
 * Whoever reads a timeline, as far as all of its rows have to know: what they are called, the
 * messages that others answer, and those that are selected.
 */
struct _TeaReader
{
  GObject parent_instance;

  TeaName *name;           /* (owned) (nullable) */
  GRegex *mention;         /* (owned) (nullable) */
  TeaQuotes *quotes;       /* (owned) */
  TeaSelection *selection; /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaReader, tea_reader, G_TYPE_OBJECT)

static void
tea_reader_finalize (GObject *object)
{
  TeaReader *self = TEA_READER (object);

  g_clear_pointer (&self->name, tea_name_unref);
  g_clear_pointer (&self->mention, g_regex_unref);
  g_clear_object (&self->quotes);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (tea_reader_parent_class)->finalize (object);
}

static void
tea_reader_class_init (TeaReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_reader_finalize;
}

static void
tea_reader_init (TeaReader *self)
{
}

/**
 * tea_reader_new:
 * @name: (nullable): what they are called
 * @timeline: what they read
 * @conversation: (nullable): where messages can be had that @timeline lacks
 *
 * Returns: (transfer full): whoever reads @timeline
 */
TeaReader *
tea_reader_new (const char *name, TeaTimeline *timeline, TeaConversation *conversation)
{
  TeaReader *self;

  g_return_val_if_fail (TEA_IS_TIMELINE (timeline), NULL);

  self = g_object_new (TEA_TYPE_READER, NULL);
  self->quotes = tea_quotes_new (timeline, conversation);
  self->selection = tea_selection_new (timeline);
  if (name != NULL && *name != '\0')
    {
      self->name = tea_name_new_unchecked (name);
      self->mention = tea_mention_regex_new (name);
    }

  return self;
}

/**
 * tea_reader_is_called:
 * @self: a reader
 * @name: a name
 *
 * Returns: whether it is theirs
 */
gboolean
tea_reader_is_called (TeaReader *self, const char *name)
{
  g_return_val_if_fail (TEA_IS_READER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return self->name != NULL && tea_name_matches (self->name, name);
}

/**
 * tea_reader_get_mention:
 * @self: a reader
 *
 * Returns: (transfer none) (nullable): what to show bold in messages that mention them
 */
GRegex *
tea_reader_get_mention (TeaReader *self)
{
  g_return_val_if_fail (TEA_IS_READER (self), NULL);

  return self->mention;
}

/**
 * tea_reader_get_quotes:
 * @self: a reader
 *
 * Returns: (transfer none): the messages that others answer
 */
TeaQuotes *
tea_reader_get_quotes (TeaReader *self)
{
  g_return_val_if_fail (TEA_IS_READER (self), NULL);

  return self->quotes;
}

/**
 * tea_reader_get_selection:
 * @self: a reader
 *
 * Returns: (transfer none): the messages that are selected
 */
TeaSelection *
tea_reader_get_selection (TeaReader *self)
{
  g_return_val_if_fail (TEA_IS_READER (self), NULL);

  return self->selection;
}
