/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-draft.h"

#include <errno.h>
#include <glib/gstdio.h>

/* A text that stands for a while is worth the disk. */
#define SAVE_DELAY_MS 1000

/**
 * TeaDraft:
 *
 * What somebody has begun to write in a room, on the disk.
 */
struct _TeaDraft
{
  GObject parent_instance;

  char *path;
  char *text;
  guint save_id;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TeaDraft, tea_draft, G_TYPE_OBJECT)

static gboolean
write_text (TeaDraft *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (*self->text == '\0' && g_unlink (self->path) == 0)
    return TRUE;
  if (*self->text == '\0' && errno == ENOENT)
    return TRUE;

  g_mkdir_with_parents (folder, 0700);

  return g_file_set_contents_full (self->path, self->text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}

static void
save_cb (gpointer user_data)
{
  TeaDraft *self = user_data;

  g_assert (TEA_IS_DRAFT (self));

  self->save_id = 0;
  tea_draft_save (self);
}

static void
tea_draft_dispose (GObject *object)
{
  TeaDraft *self = TEA_DRAFT (object);

  if (self->save_id != 0)
    tea_draft_save (self);

  G_OBJECT_CLASS (tea_draft_parent_class)->dispose (object);
}

static void
tea_draft_finalize (GObject *object)
{
  TeaDraft *self = TEA_DRAFT (object);

  g_free (self->path);
  g_free (self->text);

  G_OBJECT_CLASS (tea_draft_parent_class)->finalize (object);
}

static void
tea_draft_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaDraft *self = TEA_DRAFT (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_draft_class_init (TeaDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_draft_dispose;
  object_class->finalize = tea_draft_finalize;
  object_class->get_property = tea_draft_get_property;

  /**
   * TeaDraft:text:
   *
   * What was written so far; empty for nothing.
   */
  properties[PROP_TEXT]
      = g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tea_draft_init (TeaDraft *self)
{
}

/**
 * tea_draft_new:
 * @folder: where drafts are; it is made when there is one
 * @house: what tells the house from all others
 * @room: the address of the room
 *
 * Returns: (transfer full): the draft for a room, as it was left
 */
TeaDraft *
tea_draft_new (const char *folder, const char *house, const char *room)
{
  TeaDraft *self;
  g_autofree char *place = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (folder != NULL && house != NULL && room != NULL, NULL);

  place = g_strconcat (house, "\n", room, NULL);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, place, -1);

  self = g_object_new (TEA_TYPE_DRAFT, NULL);
  self->path = g_build_filename (folder, name, NULL);
  if (!g_file_get_contents (self->path, &self->text, NULL, NULL)
      || !g_utf8_validate (self->text, -1, NULL))
    {
      g_free (self->text);
      self->text = g_strdup ("");
    }

  return self;
}

/**
 * tea_draft_get_text:
 * @self: a draft
 *
 * Returns: what was written so far; empty for nothing
 */
const char *
tea_draft_get_text (TeaDraft *self)
{
  g_return_val_if_fail (TEA_IS_DRAFT (self), NULL);

  return self->text;
}

/**
 * tea_draft_set_text:
 * @self: a draft
 * @text: what is written now
 *
 * Takes another text, and saves it soon.
 */
void
tea_draft_set_text (TeaDraft *self, const char *text)
{
  g_return_if_fail (TEA_IS_DRAFT (self));
  g_return_if_fail (text != NULL);

  if (g_str_equal (self->text, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  if (self->save_id == 0)
    self->save_id = g_timeout_add_once (SAVE_DELAY_MS, save_cb, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/**
 * tea_draft_save:
 * @self: a draft
 *
 * Saves the text now.
 */
void
tea_draft_save (TeaDraft *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (TEA_IS_DRAFT (self));

  g_clear_handle_id (&self->save_id, g_source_remove);
  if (!write_text (self, &error))
    g_info ("A draft could not be saved: %s", error->message);
}
