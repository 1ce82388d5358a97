/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-password.h"

#include <crypt.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "tea-error.h"
#include "tea-frame.h"
#include "tea-text-file.h"

#define TAG_SIZE 32

/**
 * TeaPassword:
 *
 * A room's password, of which only a hash is known. Whether a text is the password takes
 * a while to find out, on purpose, so that it is done in another thread.
 *
 * Once the right one has been told, this is known by a keyed digest that lives as long as
 * the process: a room full of people that come back is not to wait for each other.
 */
struct _TeaPassword
{
  GObject parent_instance;

  char *hash;
  guint8 secret[TAG_SIZE]; /* of the digest */
  guint8 known[TAG_SIZE];  /* what the right one was digested to */
  gboolean is_known;
};

G_DEFINE_FINAL_TYPE (TeaPassword, tea_password, G_TYPE_OBJECT)

/* What a thread works with. */
typedef struct
{
  char *hash;
  char *text; /* normalized */
  char *as_told;
} Trial;

static void
free_secret (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/* The same password however it is typed: "é" is one character or two, depending on the
 * keyboard, and an input method has a space of its own. This is what the OpaqueString
 * profile does (RFC 8265, section 4.2): NFC, as NFKC would make different passwords one. */
static char *
normalize (const char *text)
{
  g_autoptr (GString) spaced = g_string_new (NULL);
  char *normal;

  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup (text);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (spaced, g_unichar_type (c) == G_UNICODE_SPACE_SEPARATOR ? ' ' : c);
    }

  normal = g_utf8_normalize (spaced->str, -1, G_NORMALIZE_NFC);
  explicit_bzero (spaced->str, spaced->len);

  return normal;
}

static void
trial_free (Trial *trial)
{
  free_secret (trial->text);
  free_secret (trial->as_told);
  g_free (trial->hash);
  g_free (trial);
}

/* Returns: (nullable): what crypt(3) makes of it; the setting may be a hash */
static char *
digest (const char *text, const char *setting)
{
  g_autofree struct crypt_data *data = g_new0 (struct crypt_data, 1);
  char *result = g_strdup (crypt_rn (text, setting, data, sizeof *data));

  explicit_bzero (data, sizeof *data);

  return result;
}

static gboolean
is_equal (const char *one, const char *other)
{
  gsize length = strlen (one);

  return strlen (other) == length && gnutls_memcmp (one, other, length) == 0;
}

static void
make_tag (TeaPassword *self, const char *text, guint8 *tag)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, self->secret, sizeof self->secret);
  gsize size = TAG_SIZE;

  g_hmac_update (hmac, (const guchar *) text, -1);
  g_hmac_get_digest (hmac, tag, &size);
}

static gboolean
matches (const char *text, const char *hash)
{
  g_autofree char *result = digest (text, hash);

  return result != NULL && is_equal (result, hash);
}

/* A hash may be older than this normalization, or by another program. */
static void
verify_in_thread (GTask *task, gpointer object, gpointer task_data, GCancellable *cancellable)
{
  Trial *trial = task_data;

  g_task_return_boolean (task, matches (trial->text, trial->hash)
                                   || (!g_str_equal (trial->text, trial->as_told)
                                       && matches (trial->as_told, trial->hash)));
}

static void
tea_password_finalize (GObject *object)
{
  TeaPassword *self = TEA_PASSWORD (object);

  g_free (self->hash);
  explicit_bzero (self->secret, sizeof self->secret);

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

/**
 * tea_password_new:
 * @hash: what tea_password_hash() made of the password, or crypt(3) by a method of today
 * @error: return location for a #GError
 *
 * Takes a while: it tries whether the hash can be one.
 *
 * Returns: (transfer full): a password, or %NULL with @error of the %TEA_ERROR domain
 */
TeaPassword *
tea_password_new (const char *hash, GError **error)
{
  g_autoptr (TeaPassword) self = NULL;
  g_autofree char *result = NULL;

  g_return_val_if_fail (hash != NULL, NULL);

  if (crypt_checksalt (hash) == CRYPT_SALT_OK)
    result = digest ("", hash);

  /* The settings alone, or a hash that was cut, would let nobody in. */
  if (result == NULL || strlen (result) != strlen (hash))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                           _ ("This is not the hash of a password. Make one with “teahoused "
                              "--hash-password”."));
      return NULL;
    }

  self = g_object_new (TEA_TYPE_PASSWORD, NULL);
  self->hash = g_strdup (hash);
  if (gnutls_rnd (GNUTLS_RND_KEY, self->secret, sizeof self->secret) != 0)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_TRY_LATER,
                           _ ("The system has no random numbers."));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * tea_password_load:
 * @path: a file whose first line is the hash of a password
 * @error: return location for a #GError
 *
 * Reads a hash. A file that others may write is refused; that others may read it is
 * logged, as a hash can be guessed from.
 *
 * Returns: (transfer full): the password, or %NULL with @error, which names the file
 */
TeaPassword *
tea_password_load (const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  TeaPassword *self;
  struct stat status = { .st_mode = 0 };

  g_return_val_if_fail (path != NULL, NULL);

  if (!tea_text_file_load (path, &contents, NULL, error))
    return NULL;

  if (stat (path, &status) == 0 && (status.st_mode & S_IWOTH) != 0)
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("%s: Everybody may write this file. Take that away with “chmod o-w”."), path);
      return NULL;
    }

  contents[strcspn (contents, "\r\n")] = '\0';
  self = tea_password_new (g_strstrip (contents), error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  else if ((status.st_mode & S_IROTH) != 0)
    g_warning ("%s: Everybody may read the hash of the password, and guess from it", path);

  return self;
}

/**
 * tea_password_is_same:
 * @self: a password
 * @other: (nullable): a password
 *
 * Returns: whether both are of one hash
 */
gboolean
tea_password_is_same (TeaPassword *self, TeaPassword *other)
{
  g_return_val_if_fail (TEA_IS_PASSWORD (self), FALSE);

  return other != NULL && g_str_equal (self->hash, other->hash);
}

/**
 * tea_password_is_known:
 * @self: a password
 * @text: what may be it
 *
 * Returns: whether this has been found to be the password before
 */
gboolean
tea_password_is_known (TeaPassword *self, const char *text)
{
  guint8 tag[TAG_SIZE];
  char *normal;

  g_return_val_if_fail (TEA_IS_PASSWORD (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  normal = normalize (text);
  make_tag (self, normal, tag);
  free_secret (normal);

  return self->is_known && gnutls_memcmp (tag, self->known, TAG_SIZE) == 0;
}

/**
 * tea_password_verify_async:
 * @self: a password
 * @text: what may be it
 * @cancellable: (nullable): a cancellable, for the waiting alone
 * @callback: what to call with the answer
 * @user_data: for @callback
 *
 * Finds out whether a text is the password, in another thread. Texts that differ in their
 * Unicode normalization (NFC) alone, or in the kinds of their spaces, are the same.
 */
void
tea_password_verify_async (TeaPassword *self,
                           const char *text,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Trial *trial;

  g_return_if_fail (TEA_IS_PASSWORD (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_password_verify_async);

  trial = g_new0 (Trial, 1);
  trial->hash = g_strdup (self->hash);
  trial->text = normalize (text);
  trial->as_told = g_strdup (text);
  g_task_set_task_data (task, trial, (GDestroyNotify) trial_free);
  g_task_run_in_thread (task, verify_in_thread);
}

/**
 * tea_password_verify_finish:
 * @self: a password
 * @result: what the callback got
 * @error: return location for a #GError
 *
 * Returns: whether it is the password; if not, @error is %TEA_ERROR_PASSWORD_WRONG
 */
gboolean
tea_password_verify_finish (TeaPassword *self, GAsyncResult *result, GError **error)
{
  Trial *trial;
  GError *local_error = NULL;

  g_return_val_if_fail (TEA_IS_PASSWORD (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, local_error);
      else
        g_set_error_literal (error, TEA_ERROR, TEA_ERROR_PASSWORD_WRONG,
                             _ ("That is not the room’s password."));
      return FALSE;
    }

  trial = g_task_get_task_data (G_TASK (result));
  make_tag (self, trial->text, self->known);
  self->is_known = TRUE;

  return TRUE;
}

/**
 * tea_password_hash:
 * @text: a password
 * @error: return location for a #GError
 *
 * Makes the hash of a password, with a salt of its own, by the best method that the
 * system has. Takes a while.
 *
 * Returns: (transfer full): the hash, or %NULL with @error of the %TEA_ERROR domain
 */
char *
tea_password_hash (const char *text, GError **error)
{
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  char *normal;
  char *hash = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (*text == '\0' || strlen (text) > TEA_PASSWORD_MAX_BYTES || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("A password has 1 to %u bytes of UTF-8 text."), TEA_PASSWORD_MAX_BYTES);
      return NULL;
    }

  normal = normalize (text);
  if (crypt_gensalt_rn (NULL, 0, NULL, 0, setting, sizeof setting) != NULL)
    hash = digest (normal, setting);

  if (hash == NULL)
    g_set_error (error, TEA_ERROR, TEA_ERROR_TRY_LATER, _ ("Could not hash the password: %s"),
                 g_strerror (errno));
  free_secret (normal);

  return hash;
}
