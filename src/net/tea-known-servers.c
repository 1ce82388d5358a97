/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-known-servers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-private-file.h"
#include "tea-text-file.h"
#include "tea-user-path.h"

#define GROUP "Servers"

/* Others have the lock for as long as it takes to write a file. */
#define LOCK_LIMIT G_TIME_SPAN_SECOND

/**
 * TeaKnownServers:
 *
 * The keys that servers had when they were met first, in a file: `host:port`, and the
 * key's fingerprint. Several programs may use the file at once. It may be a symbolic link
 * to where it is.
 */
struct _TeaKnownServers
{
  GObject parent_instance;

  char *path;
  GKeyFile *servers; /* (owned) */
  struct stat read;  /* the file when it was read; all zero when there was none */
};

G_DEFINE_FINAL_TYPE (TeaKnownServers, tea_known_servers, G_TYPE_OBJECT)

static void
tea_known_servers_finalize (GObject *object)
{
  TeaKnownServers *self = TEA_KNOWN_SERVERS (object);

  g_free (self->path);
  g_key_file_unref (self->servers);

  G_OBJECT_CLASS (tea_known_servers_parent_class)->finalize (object);
}

static void
tea_known_servers_class_init (TeaKnownServersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_known_servers_finalize;
}

static void
tea_known_servers_init (TeaKnownServers *self)
{
  self->servers = g_key_file_new ();
}

/* Without the brackets of IPv6, which a key file cannot have there: the port is what is
 * behind the last colon. */
static char *
make_name (GNetworkAddress *address)
{
  const char *host = g_network_address_get_hostname (address);
  g_autofree char *ascii = g_hostname_is_ip_address (host) ? NULL : g_hostname_to_ascii (host);
  g_autofree char *folded = g_ascii_strdown (ascii != NULL ? ascii : host, -1);
  g_autofree char *escaped = g_uri_escape_string (folded, ":", FALSE);

  return g_strdup_printf ("%s:%u", escaped, g_network_address_get_port (address));
}

/* The reverse; %NULL for what nobody has written here. */
static GNetworkAddress *
parse_name (const char *name)
{
  const char *colon = strrchr (name, ':');
  g_autofree char *host = NULL;
  guint64 port;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;

  host = g_uri_unescape_segment (name, colon, NULL);

  return host != NULL && *host != '\0' && g_utf8_validate (host, -1, NULL)
             ? G_NETWORK_ADDRESS (g_network_address_new (host, (guint16) port))
             : NULL;
}

static gboolean
is_same_file (const struct stat *one, const struct stat *other)
{
  return one->st_dev == other->st_dev && one->st_ino == other->st_ino
         && one->st_size == other->st_size && one->st_mtim.tv_sec == other->st_mtim.tv_sec
         && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

static gboolean
read_file (TeaKnownServers *self, GError **error)
{
  g_autoptr (GKeyFile) servers = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;
  gsize size = 0;
  struct stat info = { 0 };

  if (g_stat (self->path, &info) != 0)
    info = (struct stat){ 0 };
  else if (is_same_file (&info, &self->read))
    return TRUE;

  if ((!tea_text_file_load (self->path, &text, &size, &local_error)
       || !g_key_file_load_from_data (servers, text, size, G_KEY_FILE_KEEP_COMMENTS, &local_error))
      && !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      /* What GLib cites of the file may be no text. */
      g_autofree char *reason = g_utf8_make_valid (local_error->message, -1);

      shown = g_filename_display_name (self->path);
      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("The keys of the servers you know could not be read from “%s”: %s. Put the "
                      "file in order, or move it away to meet them all anew."),
                   shown, reason);
      return FALSE;
    }

  g_key_file_unref (self->servers);
  self->servers = g_steal_pointer (&servers);
  self->read = info;

  return TRUE;
}

/* A thread that waits for a lock. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  int fd; /* (owned) */
  gboolean is_over;
  gboolean is_abandoned; /* the thread is the last to know of it */
} LockWait;

static void
lock_wait_free (LockWait *wait)
{
  if (wait->fd >= 0)
    close (wait->fd);
  g_mutex_clear (&wait->mutex);
  g_cond_clear (&wait->cond);
  g_free (wait);
}

static gpointer
wait_for_lock (gpointer data)
{
  LockWait *wait = data;
  gboolean is_abandoned;

  if (TEMP_FAILURE_RETRY (flock (wait->fd, LOCK_EX)) != 0)
    g_debug ("No lock is to be had: %s", g_strerror (errno));

  g_mutex_lock (&wait->mutex);
  wait->is_over = TRUE;
  is_abandoned = wait->is_abandoned;
  g_cond_signal (&wait->cond);
  g_mutex_unlock (&wait->mutex);

  if (is_abandoned)
    lock_wait_free (wait);

  return NULL;
}

/* Returns: (transfer full): the file, locked or not; -1 if it may be locked later */
static int
lock_in_time (int fd)
{
  LockWait *wait;
  gint64 until = g_get_monotonic_time () + LOCK_LIMIT;
  gboolean in_time = TRUE;
  gboolean is_over;

  if (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return fd;

  wait = g_new0 (LockWait, 1);
  g_mutex_init (&wait->mutex);
  g_cond_init (&wait->cond);
  wait->fd = fd;
  g_thread_unref (g_thread_new ("known-servers", wait_for_lock, wait));

  g_mutex_lock (&wait->mutex);
  while (!wait->is_over && in_time)
    in_time = g_cond_wait_until (&wait->cond, &wait->mutex, until);
  is_over = wait->is_over;
  wait->is_abandoned = !is_over;
  g_mutex_unlock (&wait->mutex);

  if (!is_over)
    return -1;

  wait->fd = -1;
  lock_wait_free (wait);

  return fd;
}

/* Locks out other programs until the result is closed. The lock is not on the file
 * itself: each change makes a new one. Where a program or a network does not give the lock,
 * there is none: that two change the file in the same moment is less likely than that this
 * one waits for ever. */
static int
lock_file (const char *file)
{
  g_autofree char *lock = g_strconcat (file, ".lock", NULL);
  int fd = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    fd = lock_in_time (fd);
  if (fd < 0)
    g_debug ("%s: No lock", lock);

  return fd;
}

static void
set_write_error (GError **error, const char *path, const char *reason)
{
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *text = g_utf8_make_valid (reason, -1);

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _ ("“%s” could not be written: %s"), shown,
               text);
}

static gboolean
write_file (TeaKnownServers *self, const char *file, GError **error)
{
  gsize size;
  g_autofree char *text = g_key_file_to_data (self->servers, &size, NULL);
  g_autoptr (GError) local_error = NULL;

  if (g_file_set_contents_full (file, text, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &local_error))
    return TRUE;

  set_write_error (error, self->path, local_error->message);

  return FALSE;
}

/* GLib takes away only the last of the lines of one name, and the one before counts when the file
 * is read again. */
static void
remove_lines (TeaKnownServers *self, const char *name)
{
  while (g_key_file_remove_key (self->servers, GROUP, name, NULL))
    {
      gsize size;
      g_autofree char *text = g_key_file_to_data (self->servers, &size, NULL);

      g_key_file_load_from_data (self->servers, text, size, G_KEY_FILE_KEEP_COMMENTS, NULL);
    }
}

static gboolean
change (TeaKnownServers *self, const char *name, const char *fingerprint, GError **error)
{
  g_autofree char *file = tea_private_file_resolve (self->path);
  g_autofree char *folder = g_path_get_dirname (file);
  gboolean done = FALSE;
  int lock;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      set_write_error (error, self->path, g_strerror (errno));
      return FALSE;
    }

  lock = lock_file (file);
  if (read_file (self, error))
    {
      if (fingerprint != NULL)
        g_key_file_set_string (self->servers, GROUP, name, fingerprint);
      else
        remove_lines (self, name);

      done = write_file (self, file, error);
      /* What could not be written is not known either. */
      self->read = (struct stat){ 0 };
    }

  if (lock >= 0)
    close (lock);

  return done;
}

/**
 * tea_known_servers_new:
 * @path: (nullable): the file, which need not be there yet; %NULL for
 *   `teahouse/known-servers` in the user's configuration directory
 *
 * Returns: (transfer full): the keys of servers
 */
TeaKnownServers *
tea_known_servers_new (const char *path)
{
  TeaKnownServers *self = g_object_new (TEA_TYPE_KNOWN_SERVERS, NULL);

  if (path != NULL)
    {
      self->path = g_strdup (path);
    }
  else
    {
      g_autofree char *dir = tea_user_path_dup_config_dir ();

      self->path = g_build_filename (dir, "teahouse", "known-servers", NULL);
    }

  return self;
}

/**
 * tea_known_servers_lookup:
 * @self: the keys of servers
 * @address: where a server is
 * @fingerprint: (out) (transfer full) (nullable): the fingerprint of its key, %NULL if it
 *   has not been met yet
 * @error: return location for a #GError
 *
 * Looks up the key of a server.
 *
 * Returns: whether that could be read; if not, nobody knows whether the server has been
 *   met
 */
gboolean
tea_known_servers_lookup (TeaKnownServers *self,
                          GNetworkAddress *address,
                          char **fingerprint,
                          GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *known = NULL;
  guint8 digest[TEA_FINGERPRINT_SIZE];

  g_return_val_if_fail (TEA_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);

  *fingerprint = NULL;
  if (!read_file (self, error))
    return FALSE;

  name = make_name (address);
  known = g_key_file_get_string (self->servers, GROUP, name, NULL);
  if (known != NULL && !tea_fingerprint_to_bytes (known, digest))
    {
      g_autofree char *shown = g_filename_display_name (self->path);

      g_set_error (error, TEA_ERROR, TEA_ERROR_CONFIG_INVALID,
                   _ ("What “%s” says of %s is not the fingerprint of a key. Remove that line to "
                      "meet the server anew."),
                   shown, name);
      return FALSE;
    }

  *fingerprint = g_steal_pointer (&known);

  return TRUE;
}

/**
 * tea_known_servers_list:
 * @self: the keys of servers
 * @error: return location for a #GError
 *
 * Lists the servers that have been met, in the order in which they were.
 *
 * Returns: (transfer full) (element-type GNetworkAddress) (nullable): where they are;
 *   %NULL if that could not be read
 */
GPtrArray *
tea_known_servers_list (TeaKnownServers *self, GError **error)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (TEA_IS_KNOWN_SERVERS (self), NULL);

  if (!read_file (self, error))
    return NULL;

  names = g_key_file_get_keys (self->servers, GROUP, NULL, NULL);
  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    {
      GNetworkAddress *address = g_hash_table_add (listed, names[i]) ? parse_name (names[i]) : NULL;

      if (address != NULL)
        g_ptr_array_add (addresses, address);
    }

  return g_steal_pointer (&addresses);
}

/**
 * tea_known_servers_remember:
 * @self: the keys of servers
 * @address: where a server is
 * @fingerprint: the fingerprint of its key
 * @error: return location for a #GError
 *
 * Remembers the key of a server, in place of any other.
 *
 * Returns: whether it is written
 */
gboolean
tea_known_servers_remember (TeaKnownServers *self,
                            GNetworkAddress *address,
                            const char *fingerprint,
                            GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (TEA_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);
  g_return_val_if_fail (fingerprint != NULL, FALSE);

  name = make_name (address);

  return change (self, name, fingerprint, error);
}

/**
 * tea_known_servers_forget:
 * @self: the keys of servers
 * @address: where a server is
 * @error: return location for a #GError
 *
 * Forgets the key of a server: the next one it shows is taken for its own.
 *
 * Returns: whether it is forgotten
 */
gboolean
tea_known_servers_forget (TeaKnownServers *self, GNetworkAddress *address, GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (TEA_IS_KNOWN_SERVERS (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);

  name = make_name (address);

  return change (self, name, NULL, error);
}
