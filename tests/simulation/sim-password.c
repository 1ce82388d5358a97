/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A room's password as in src/server/, but for the thread and the slow hash: who links this
 * file does not get the real one. */

#include "tea-password.h"

#include "tea-error.h"

struct _TeaPassword
{
  GObject parent_instance;

  char *text;
  gboolean is_known;
};

G_DEFINE_FINAL_TYPE (TeaPassword, tea_password, G_TYPE_OBJECT)

static void
tea_password_finalize (GObject *object)
{
  g_free (TEA_PASSWORD (object)->text);

  G_OBJECT_CLASS (tea_password_parent_class)->finalize (object);
}

static void
tea_password_class_init (TeaPasswordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_password_finalize;
}

static void
tea_password_init (TeaPassword *self)
{
}

/* Here the hash is the password itself. */
TeaPassword *
tea_password_new (const char *hash, GError **error)
{
  TeaPassword *self = g_object_new (TEA_TYPE_PASSWORD, NULL);

  self->text = g_strdup (hash);

  return self;
}

/* There are no files here. */
TeaPassword *
tea_password_load (const char *path, GError **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, path);

  return NULL;
}

gboolean
tea_password_is_known (TeaPassword *self, const char *text)
{
  return self->is_known && g_str_equal (text, self->text);
}

void
tea_password_verify_async (TeaPassword *self,
                           const char *text,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tea_password_verify_async);
  g_task_return_boolean (task, g_str_equal (text, self->text));
}

gboolean
tea_password_verify_finish (TeaPassword *self, GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG, "That is not it.");
      return FALSE;
    }
  self->is_known = TRUE;

  return TRUE;
}

char *
tea_password_hash (const char *text, GError **error)
{
  return g_strdup (text);
}
