/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-stored-form.h"

#include <string.h>

#include "tea-body.h"
#include "tea-emoji.h"
#include "tea-fingerprint.h"
#include "tea-limits.h"

/* When it was edited last, who removed it, and for each emoji who reacted with it: the bytes of
 * the key, or none, and the name. */
#define FORM_TYPE "(xsa(sa(ays)))"

typedef struct
{
  char *key; /* (nullable) */
  char *name;
} Person;

typedef struct
{
  char *emoji;
  char *folded;
  GPtrArray *people; /* (owned) (element-type Person) */
} Emoji;

struct _TeaStoredForm
{
  gint64 edited;
  char *removed_by;
  GPtrArray *emojis; /* (owned) (element-type Emoji) */
};

static void
person_free (gpointer data)
{
  Person *person = data;

  g_free (person->key);
  g_free (person->name);
  g_free (person);
}

static void
emoji_free (gpointer data)
{
  Emoji *emoji = data;

  g_free (emoji->emoji);
  g_free (emoji->folded);
  g_ptr_array_unref (emoji->people);
  g_free (emoji);
}

static void
add_person (Emoji *emoji, const char *key, const char *name)
{
  Person *person = g_new0 (Person, 1);

  person->key = g_strdup (key);
  person->name = g_strdup (name);
  g_ptr_array_add (emoji->people, person);
}

static Emoji *
add_emoji (TeaStoredForm *self, const char *text)
{
  Emoji *emoji = g_new0 (Emoji, 1);

  emoji->emoji = g_strdup (text);
  emoji->folded = tea_emoji_fold (text);
  emoji->people = g_ptr_array_new_with_free_func (person_free);
  g_ptr_array_add (self->emojis, emoji);

  return emoji;
}

/* A person is a key; who has none is a name. */
static gboolean
is_person (const Person *person, const char *key, const char *name)
{
  if (person->key != NULL || key != NULL)
    return g_strcmp0 (person->key, key) == 0;

  return g_str_equal (person->name, name);
}

static Emoji *
find_emoji (TeaStoredForm *self, const char *text)
{
  g_autofree char *folded = tea_emoji_fold (text);

  for (guint i = 0; i < self->emojis->len; i++)
    {
      Emoji *emoji = self->emojis->pdata[i];

      if (g_str_equal (emoji->folded, folded))
        return emoji;
    }

  return NULL;
}

static gboolean
find_person (Emoji *emoji, const char *key, const char *name, guint *index)
{
  for (guint i = 0; i < emoji->people->len; i++)
    if (is_person (emoji->people->pdata[i], key, name))
      {
        *index = i;
        return TRUE;
      }

  return FALSE;
}

static guint
count_people (TeaStoredForm *self)
{
  guint count = 0;

  for (guint i = 0; i < self->emojis->len; i++)
    count += ((Emoji *) self->emojis->pdata[i])->people->len;

  return count;
}

static GVariant *
key_to_variant (const char *key)
{
  guint8 digest[TEA_FINGERPRINT_SIZE];

  if (key == NULL || !tea_fingerprint_to_bytes (key, digest))
    return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, NULL, 0, 1);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, digest, sizeof digest, 1);
}

static gboolean
read_person (Emoji *emoji, GVariant *child)
{
  g_autoptr (GVariant) bytes = NULL;
  g_autofree char *key = NULL;
  const char *name;
  guint index;
  gsize size;

  g_variant_get (child, "(@ay&s)", &bytes, &name);
  size = g_variant_get_size (bytes);
  if (size == TEA_FINGERPRINT_SIZE)
    key = tea_fingerprint_from_bytes (g_variant_get_data (bytes));
  else if (size > 0)
    return FALSE;

  if (*name == '\0' || strlen (name) > TEA_WIRE_NAME_MAX_BYTES
      || find_person (emoji, key, name, &index))
    return FALSE;

  add_person (emoji, key, name);

  return TRUE;
}

static gboolean
read_emoji (TeaStoredForm *self, GVariant *child)
{
  g_autoptr (GVariant) people = NULL;
  const char *text;
  Emoji *emoji;

  g_variant_get (child, "(&s@a(ays))", &text, &people);
  if (*text == '\0' || strlen (text) > TEA_EMOJI_MAX_BYTES || find_emoji (self, text) != NULL
      || g_variant_n_children (people) == 0
      || g_variant_n_children (people) > TEA_MESSAGE_MAX_REACTIONS)
    return FALSE;

  emoji = add_emoji (self, text);
  for (gsize i = 0; i < g_variant_n_children (people); i++)
    {
      g_autoptr (GVariant) person = g_variant_get_child_value (people, i);

      if (!read_person (emoji, person))
        return FALSE;
    }

  return TRUE;
}

/* The form of a message to which nothing has happened. */
TeaStoredForm *
tea_stored_form_new (void)
{
  TeaStoredForm *self = g_new0 (TeaStoredForm, 1);

  self->removed_by = g_strdup ("");
  self->emojis = g_ptr_array_new_with_free_func (emoji_free);

  return self;
}

/**
 * tea_stored_form_decode:
 * @bytes: what tea_stored_form_encode() wrote, or anything
 *
 * Reads a form as a log keeps it.
 *
 * Returns: (transfer full) (nullable): the form; %NULL if it is none
 */
TeaStoredForm *
tea_stored_form_decode (GBytes *bytes)
{
  g_autoptr (TeaStoredForm) self = tea_stored_form_new ();
  g_autoptr (GVariant) body = NULL;
  g_autoptr (GVariant) emojis = NULL;
  const char *removed_by;

  g_return_val_if_fail (bytes != NULL, NULL);

  body = tea_body_read (FORM_TYPE, bytes);
  if (body == NULL)
    return NULL;

  g_variant_get (body, "(x&s@a(sa(ays)))", &self->edited, &removed_by, &emojis);
  if (self->edited < 0 || self->edited > TEA_EVENT_MAX_TIME
      || strlen (removed_by) > TEA_WIRE_NAME_MAX_BYTES
      || g_variant_n_children (emojis) > TEA_MESSAGE_MAX_EMOJIS)
    return NULL;
  if (*removed_by != '\0' && (self->edited != 0 || g_variant_n_children (emojis) > 0))
    return NULL;

  g_free (self->removed_by);
  self->removed_by = g_strdup (removed_by);
  for (gsize i = 0; i < g_variant_n_children (emojis); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (emojis, i);

      if (!read_emoji (self, child))
        return NULL;
    }
  if (count_people (self) > TEA_MESSAGE_MAX_REACTIONS)
    return NULL;

  return g_steal_pointer (&self);
}

void
tea_stored_form_free (TeaStoredForm *self)
{
  g_free (self->removed_by);
  g_ptr_array_unref (self->emojis);
  g_free (self);
}

/* Writes a form as a log keeps it. */
GBytes *
tea_stored_form_encode (TeaStoredForm *self)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (FORM_TYPE));
  g_autoptr (GVariant) body = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_add (&builder, "x", self->edited);
  g_variant_builder_add (&builder, "s", self->removed_by);
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(sa(ays))"));
  for (guint i = 0; i < self->emojis->len; i++)
    {
      const Emoji *emoji = self->emojis->pdata[i];

      g_variant_builder_open (&builder, G_VARIANT_TYPE ("(sa(ays))"));
      g_variant_builder_add (&builder, "s", emoji->emoji);
      g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(ays)"));
      for (guint j = 0; j < emoji->people->len; j++)
        {
          const Person *person = emoji->people->pdata[j];

          g_variant_builder_add (&builder, "(@ays)", key_to_variant (person->key), person->name);
        }
      g_variant_builder_close (&builder);
      g_variant_builder_close (&builder);
    }
  g_variant_builder_close (&builder);
  body = tea_body_write (g_variant_builder_end (&builder));

  return g_variant_get_data_as_bytes (body);
}

/* What everybody is told of a form. */
TeaMessageForm *
tea_stored_form_tell (TeaStoredForm *self)
{
  g_autoptr (GPtrArray) reactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_reaction_unref);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->emojis->len; i++)
    {
      const Emoji *emoji = self->emojis->pdata[i];
      const char *names[TEA_REACTION_MAX_NAMES + 1] = { NULL };

      for (guint j = 0; j < MIN (emoji->people->len, TEA_REACTION_MAX_NAMES); j++)
        names[j] = ((const Person *) emoji->people->pdata[j])->name;
      g_ptr_array_add (reactions, tea_reaction_new (emoji->emoji, emoji->people->len, names));
    }

  return tea_message_form_new (self->edited, self->removed_by, reactions);
}

/* The message was edited at @time. */
void
tea_stored_form_edit (TeaStoredForm *self, gint64 time)
{
  g_return_if_fail (self != NULL);

  self->edited = time;
}

/* The message was removed: nothing stays but who did it. */
void
tea_stored_form_remove (TeaStoredForm *self, const char *by)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (by != NULL && *by != '\0');

  g_free (self->removed_by);
  self->removed_by = g_strdup (by);
  self->edited = 0;
  g_ptr_array_set_size (self->emojis, 0);
}

/**
 * tea_stored_form_react:
 * @self: a form
 * @emoji: an emoji
 * @key: (nullable): the fingerprint of who reacts
 * @name: what they are called
 * @set: whether they react with it; %FALSE where they take that back
 *
 * Somebody reacts, or takes that back. It does not matter how often they do.
 *
 * Returns: whether that could be; %FALSE where there are too many reactions
 */
gboolean
tea_stored_form_react (
    TeaStoredForm *self, const char *emoji, const char *key, const char *name, gboolean set)
{
  Emoji *known;
  guint index = 0;
  gboolean is_there;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (emoji != NULL && *emoji != '\0', FALSE);
  g_return_val_if_fail (name != NULL && *name != '\0', FALSE);

  known = find_emoji (self, emoji);
  is_there = known != NULL && find_person (known, key, name, &index);
  if (is_there == (set != FALSE))
    return TRUE;

  if (!set)
    {
      g_ptr_array_remove_index (known->people, index);
      if (known->people->len == 0)
        g_ptr_array_remove (self->emojis, known);
      return TRUE;
    }

  if (count_people (self) >= TEA_MESSAGE_MAX_REACTIONS
      || (known == NULL && self->emojis->len >= TEA_MESSAGE_MAX_EMOJIS))
    return FALSE;

  add_person (known != NULL ? known : add_emoji (self, emoji), key, name);

  return TRUE;
}
