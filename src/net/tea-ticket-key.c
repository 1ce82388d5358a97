/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ticket-key.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <gnutls/gnutls.h>

#include "tea-error.h"
#include "tea-private-file.h"

/* What gnutls_session_ticket_key_generate() makes. */
#define KEY_SIZE 64

G_STATIC_ASSERT (KEY_SIZE == TEA_IDENTITY_SECRET_SIZE);

/* Longer than tickets are good for, so that hardly anybody notices. */
#define LIFE G_TIME_SPAN_DAY

/**
 * TeaTicketKey:
 *
 * What a server seals its guests' tickets with. As long as it is the same, guests come back
 * quickly, after a restart too.
 *
 * A ticket holds the keys of its session and goes over the wire for all to see, so whoever
 * steals this key can read what was recorded since it was made. Therefore it is made anew
 * every day. (GnuTLS changes what it derives from it more often, but can always do so
 * again.)
 *
 * What is in the file is only half of it: the key is derived from that and from the
 * server's own key. So a server that has got another key knows no ticket of the former
 * one, and the file alone opens none.
 */
struct _TeaTicketKey
{
  GObject parent_instance;

  char *path;            /* (nullable) */
  TeaIdentity *identity; /* (owned) */
  TeaClock *clock;       /* (owned) */
  GBytes *bytes;         /* (owned) */
  TeaTimer *timer;       /* (owned) */
};

G_DEFINE_FINAL_TYPE (TeaTicketKey, tea_ticket_key, G_TYPE_OBJECT)

static GBytes *
make_bytes (void)
{
  gnutls_datum_t key = { NULL };
  GBytes *bytes;

  if (gnutls_session_ticket_key_generate (&key) < 0)
    g_error ("Could not make a ticket key");

  bytes = g_bytes_new (key.data, key.size);
  gnutls_memset (key.data, 0, key.size);
  gnutls_free (key.data);

  return bytes;
}

static void
free_secret (gpointer secret)
{
  gnutls_memset (secret, 0, KEY_SIZE);
  g_free (secret);
}

static void
set_stored (TeaTicketKey *self, GBytes *stored)
{
  guint8 *key = g_malloc (KEY_SIZE);

  if (!tea_identity_derive_secret (self->identity, stored, key))
    g_error ("Could not derive a ticket key");

  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = g_bytes_new_with_free_func (key, KEY_SIZE, free_secret, key);
}

/* Where it cannot be written, the old one is used no more all the same. */
static void
renew (TeaTicketKey *self)
{
  g_autoptr (GBytes) stored = make_bytes ();
  g_autoptr (GError) error = NULL;

  set_stored (self, stored);
  tea_timer_set (self->timer, LIFE);

  if (self->path != NULL && !tea_private_file_replace (self->path, stored, &error))
    g_warning ("The new ticket key is not kept: guests will come back a little more slowly after a "
               "restart. %s",
               error->message);
}

static void
timer_cb (gpointer user_data)
{
  renew (TEA_TICKET_KEY (user_data));
}

/* A file from the future says nothing. */
static void
renew_in_time (TeaTicketKey *self)
{
  GStatBuf info;
  gint64 age;

  if (g_stat (self->path, &info) != 0)
    return;

  age = tea_clock_get_real_time (self->clock) - (gint64) info.st_mtime * G_TIME_SPAN_SECOND;
  if (age < -G_TIME_SPAN_MINUTE || age >= LIFE)
    renew (self);
  else
    tea_timer_set (self->timer, LIFE - age);
}

static GBytes *
load_or_create (const char *path, GError **error)
{
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *shown = NULL;

  key = tea_private_file_load (path, &local_error);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_autoptr (GBytes) made = make_bytes ();

      g_clear_error (&local_error);
      if (!tea_private_file_create (path, made, error))
        return NULL;

      key = tea_private_file_load (path, &local_error);
    }

  if (key == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (g_bytes_get_size (key) != KEY_SIZE)
    {
      shown = g_filename_display_name (path);
      g_set_error (error, TEA_ERROR, TEA_ERROR_KEY_INVALID,
                   _ ("“%s” does not hold a ticket key. Delete it: a new one is made, and guests "
                      "come back a little more slowly once."),
                   shown);
      return NULL;
    }

  return g_steal_pointer (&key);
}

static TeaTicketKey *
new_from_stored (GBytes *stored, const char *path, TeaIdentity *identity, TeaClock *clock)
{
  TeaTicketKey *self = g_object_new (TEA_TYPE_TICKET_KEY, NULL);

  self->path = g_strdup (path);
  self->identity = g_object_ref (identity);
  self->clock = g_object_ref (clock);
  self->timer = tea_timer_new (clock, timer_cb, self);
  set_stored (self, stored);

  return self;
}

static void
tea_ticket_key_finalize (GObject *object)
{
  TeaTicketKey *self = TEA_TICKET_KEY (object);

  g_clear_pointer (&self->timer, tea_timer_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->identity);
  g_clear_object (&self->clock);
  g_free (self->path);

  G_OBJECT_CLASS (tea_ticket_key_parent_class)->finalize (object);
}

static void
tea_ticket_key_class_init (TeaTicketKeyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_ticket_key_finalize;
}

static void
tea_ticket_key_init (TeaTicketKey *self)
{
}

/**
 * tea_ticket_key_new:
 * @identity: whose tickets they are
 * @clock: by which it is made anew
 *
 * Returns: (transfer full): a new key, known to no file
 */
TeaTicketKey *
tea_ticket_key_new (TeaIdentity *identity, TeaClock *clock)
{
  g_autoptr (GBytes) stored = NULL;
  TeaTicketKey *self;

  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  stored = make_bytes ();
  self = new_from_stored (stored, NULL, identity, clock);
  tea_timer_set (self->timer, LIFE);

  return self;
}

/**
 * tea_ticket_key_load_or_create:
 * @path: a file
 * @identity: whose tickets they are
 * @clock: by which it is made anew
 * @error: return location for a #GError
 *
 * Reads the key that a server seals its guests' tickets with; the first time, and when it is
 * a day old, makes it.
 *
 * Returns: (transfer full): the key, or %NULL with @error set: %TEA_ERROR_KEY_INVALID if
 *   the file is no such key, or others can read it
 */
TeaTicketKey *
tea_ticket_key_load_or_create (const char *path,
                               TeaIdentity *identity,
                               TeaClock *clock,
                               GError **error)
{
  g_autoptr (GBytes) stored = NULL;
  TeaTicketKey *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (TEA_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  stored = load_or_create (path, error);
  if (stored == NULL)
    return NULL;

  self = new_from_stored (stored, path, identity, clock);
  renew_in_time (self);

  return self;
}

/**
 * tea_ticket_key_get_bytes:
 * @self: a ticket key
 *
 * Returns: (transfer none): what GnuTLS needs, for a session that begins now
 */
GBytes *
tea_ticket_key_get_bytes (TeaTicketKey *self)
{
  g_return_val_if_fail (TEA_IS_TICKET_KEY (self), NULL);

  return self->bytes;
}
