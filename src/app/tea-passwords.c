/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-passwords.h"

/**
 * TeaPasswords:
 *
 * The passwords that opened something, until the program ends: nobody is asked twice.
 *
 * A password belongs to the key of a server, and so is told to no other.
 */
struct _TeaPasswords
{
  GObject parent_instance;

  GHashTable *passwords; /* (element-type utf8 utf8): of each server's key */
};

G_DEFINE_FINAL_TYPE (TeaPasswords, tea_passwords, G_TYPE_OBJECT)

static void
tea_passwords_finalize (GObject *object)
{
  TeaPasswords *self = TEA_PASSWORDS (object);

  g_hash_table_unref (self->passwords);

  G_OBJECT_CLASS (tea_passwords_parent_class)->finalize (object);
}

static void
tea_passwords_class_init (TeaPasswordsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_passwords_finalize;
}

static void
tea_passwords_init (TeaPasswords *self)
{
  self->passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * tea_passwords_get_default:
 *
 * Returns: (transfer none): the passwords of this program
 */
TeaPasswords *
tea_passwords_get_default (void)
{
  static TeaPasswords *passwords;

  if (passwords == NULL)
    passwords = g_object_new (TEA_TYPE_PASSWORDS, NULL);

  return passwords;
}

/**
 * tea_passwords_set:
 * @self: passwords
 * @server_key: the fingerprint of a server's key
 * @password: (nullable): what the server took, or %NULL to forget it
 *
 * Keeps a password.
 */
void
tea_passwords_set (TeaPasswords *self, const char *server_key, const char *password)
{
  g_return_if_fail (TEA_IS_PASSWORDS (self));
  g_return_if_fail (server_key != NULL);

  if (password != NULL)
    g_hash_table_replace (self->passwords, g_strdup (server_key), g_strdup (password));
  else
    g_hash_table_remove (self->passwords, server_key);
}

/**
 * tea_passwords_get:
 * @self: passwords
 * @server_key: the fingerprint of a server's key
 *
 * Returns: (transfer none) (nullable): what that server took last, if anything
 */
const char *
tea_passwords_get (TeaPasswords *self, const char *server_key)
{
  g_return_val_if_fail (TEA_IS_PASSWORDS (self), NULL);
  g_return_val_if_fail (server_key != NULL, NULL);

  return g_hash_table_lookup (self->passwords, server_key);
}
