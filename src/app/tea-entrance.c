/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-entrance.h"

#include "tea-passwords.h"
#include "tea-room-address.h"

/* So many rooms without encryption are remembered as agreed to. */
#define MAX_UNPROTECTED 50

/**
 * TeaEntrance:
 *
 * The window's way into a room: somewhere else, or one that is opened on this computer
 * first.
 *
 * That somebody agreed to enter a room without encryption is remembered for its address; a
 * room that has learnt to encrypt since is not entered without any more. What worked is
 * what is suggested the next time; a password that did is not asked for again.
 */
struct _TeaEntrance
{
  GObject parent_instance;

  GSettings *settings;        /* (owned) */
  TeaJoin *join;              /* (owned) */
  TeaHostedRoom *hosted_room; /* (owned) (nullable) */
  char *password;             /* (nullable): as it was told, or is known */
};

G_DEFINE_FINAL_TYPE (TeaEntrance, tea_entrance, G_TYPE_OBJECT)

static char *
write_address (GNetworkAddress *address)
{
  if (TEA_IS_ROOM_ADDRESS (address)
      && tea_room_address_get_room (TEA_ROOM_ADDRESS (address)) != NULL)
    return tea_room_address_to_link (address, NULL);

  return tea_room_address_to_string (address);
}

static gboolean
is_agreed_to (TeaEntrance *self, GNetworkAddress *address)
{
  g_auto (GStrv) agreed = g_settings_get_strv (self->settings, "unprotected-addresses");
  g_autofree char *text = write_address (address);

  return g_strv_contains ((const char *const *) agreed, text);
}

/* Keeps the latest of them, with the address last or not at all. */
static void
set_agreed_to (TeaEntrance *self, GNetworkAddress *address, gboolean agree)
{
  g_auto (GStrv) agreed = g_settings_get_strv (self->settings, "unprotected-addresses");
  g_autofree char *text = write_address (address);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) changed = NULL;
  guint n = g_strv_length (agreed);

  for (guint i = n >= MAX_UNPROTECTED ? n - MAX_UNPROTECTED + 1 : 0; i < n; i++)
    if (!g_str_equal (agreed[i], text))
      g_strv_builder_add (builder, agreed[i]);
  if (agree)
    g_strv_builder_add (builder, text);

  changed = g_strv_builder_end (builder);
  g_settings_set_strv (self->settings, "unprotected-addresses", (const char *const *) changed);
}

static void
finish (GTask *task, TeaJoinOutcome outcome, GError *error)
{
  if (error != NULL)
    g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  g_task_return_int (task, outcome);
}

static void
remember (TeaEntrance *self)
{
  TeaClient *client = tea_join_get_client (self->join);
  GNetworkAddress *address = tea_client_get_address (client);
  gboolean classic = tea_client_get_protocol (client) == TEA_PROTOCOL_CLASSIC;

  g_settings_set_string (self->settings, "last-name", tea_client_get_name (client));
  if (self->hosted_room == NULL)
    {
      g_autofree char *text = write_address (address);

      g_settings_set_string (self->settings, "last-address", text);
    }

  if (is_agreed_to (self, address) != classic)
    set_agreed_to (self, address, classic);

  if (self->password != NULL && tea_client_get_server_key (client) != NULL)
    tea_passwords_set (tea_passwords_get_default (), tea_client_get_server_key (client),
                       self->password);
}

/* Whoever has been let in is not asked again. */
static gboolean
recall_password (TeaEntrance *self)
{
  const char *key = tea_client_get_server_key (tea_join_get_client (self->join));
  const char *password = key != NULL ? tea_passwords_get (tea_passwords_get_default (), key) : NULL;

  if (self->password != NULL || password == NULL)
    return FALSE;

  tea_entrance_set_password (self, password);

  return TRUE;
}

static void tried_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  TeaJoinOutcome outcome = tea_join_try_finish (TEA_JOIN (source), result, &error);

  if (outcome == TEA_JOIN_PASSWORD_MISSING && recall_password (self))
    {
      tea_join_try_async (self->join, g_task_get_cancellable (task), tried_cb, g_object_ref (task));
      return;
    }

  if (outcome == TEA_JOIN_ENTERED)
    remember (self);
  else
    g_clear_object (&self->hosted_room);

  finish (task, outcome, g_steal_pointer (&error));
}

static void
join (GTask *task, GNetworkAddress *address)
{
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));

  tea_join_set_address (self->join, address);
  tea_join_set_falls_back (self->join, is_agreed_to (self, address));
  tea_join_try_async (self->join, g_task_get_cancellable (task), tried_cb, g_object_ref (task));
}

static void
room_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));
  g_autoptr (GNetworkAddress) plain = NULL;
  g_autoptr (GNetworkAddress) address = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;

  if (!tea_hosted_room_start_finish (TEA_HOSTED_ROOM (source), result, &error))
    {
      g_clear_object (&self->hosted_room);
      finish (task,
              g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? TEA_JOIN_CANCELLED
                                                                        : TEA_JOIN_FAILED,
              g_steal_pointer (&error));
      return;
    }

  /* Whose key it has need not be found out. */
  plain = G_NETWORK_ADDRESS (
      g_network_address_new ("127.0.0.1", tea_hosted_room_get_port (self->hosted_room)));
  link = tea_room_address_to_link (plain, tea_hosted_room_get_fingerprint (self->hosted_room));
  address = tea_room_address_parse (link, &error);
  if (address != NULL)
    join (task, address);
  else
    finish (task, TEA_JOIN_FAILED, g_steal_pointer (&error));
}

static GTask *
new_task (TeaEntrance *self,
          const char *name,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  tea_join_set_name (self->join, name);
  g_clear_object (&self->hosted_room);

  return task;
}

static void
tea_entrance_dispose (GObject *object)
{
  TeaEntrance *self = TEA_ENTRANCE (object);

  g_clear_object (&self->join);
  g_clear_object (&self->hosted_room);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->password, g_free);

  G_OBJECT_CLASS (tea_entrance_parent_class)->dispose (object);
}

static void
tea_entrance_class_init (TeaEntranceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_entrance_dispose;
}

static void
tea_entrance_init (TeaEntrance *self)
{
  g_autoptr (TeaClient) client = tea_client_new ();
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "teahouse", "outbox", NULL);

  tea_client_set_outbox_folder (client, folder);
  self->join = tea_join_new (client);
}

/**
 * tea_entrance_new:
 * @settings: the program's settings
 *
 * Returns: (transfer full): a way into a room
 */
TeaEntrance *
tea_entrance_new (GSettings *settings)
{
  TeaEntrance *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (TEA_TYPE_ENTRANCE, NULL);
  self->settings = g_object_ref (settings);

  return self;
}

/**
 * tea_entrance_join_async:
 * @self: an entrance
 * @address: where the room is
 * @name: a fit name
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Enters a room.
 */
void
tea_entrance_join_async (TeaEntrance *self,
                         GNetworkAddress *address,
                         const char *name,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_ENTRANCE (self));
  g_return_if_fail (G_IS_NETWORK_ADDRESS (address));
  g_return_if_fail (name != NULL);

  task = new_task (self, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_entrance_join_async);
  join (task, address);
}

/**
 * tea_entrance_host_async:
 * @self: an entrance
 * @name: a fit name
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens a room on this computer and enters it.
 */
void
tea_entrance_host_async (TeaEntrance *self,
                         const char *name,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_ENTRANCE (self));
  g_return_if_fail (name != NULL);

  task = new_task (self, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_entrance_host_async);

  self->hosted_room = tea_hosted_room_new ();
  tea_hosted_room_start_async (self->hosted_room, cancellable, room_started_cb,
                               g_steal_pointer (&task));
}

/**
 * tea_entrance_set_password:
 * @self: an entrance
 * @password: (nullable): the password of the room
 *
 * Answers %TEA_JOIN_PASSWORD_MISSING and %TEA_JOIN_PASSWORD_WRONG.
 */
void
tea_entrance_set_password (TeaEntrance *self, const char *password)
{
  g_return_if_fail (TEA_IS_ENTRANCE (self));

  g_free (self->password);
  self->password = g_strdup (password);
  tea_join_set_password (self->join, password);
}

/**
 * tea_entrance_finish:
 * @self: an entrance
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: how it ended, as [method@Tea.Join.try_finish] tells; %TEA_JOIN_FAILED also where
 *   no room could be opened on this computer
 */
TeaJoinOutcome
tea_entrance_finish (TeaEntrance *self, GAsyncResult *result, GError **error)
{
  const GError *reason;

  g_return_val_if_fail (g_task_is_valid (result, self), TEA_JOIN_FAILED);

  reason = g_task_get_task_data (G_TASK (result));
  if (reason != NULL && error != NULL)
    *error = g_error_copy (reason);

  return (TeaJoinOutcome) g_task_propagate_int (G_TASK (result), NULL);
}

/**
 * tea_entrance_get_join:
 * @self: an entrance
 *
 * Returns: (transfer none): what takes the answers to its questions
 */
TeaJoin *
tea_entrance_get_join (TeaEntrance *self)
{
  g_return_val_if_fail (TEA_IS_ENTRANCE (self), NULL);

  return self->join;
}

/**
 * tea_entrance_get_hosted_room:
 * @self: an entrance
 *
 * Returns: (nullable) (transfer none): the room on this computer that was entered, if it
 *   is one
 */
TeaHostedRoom *
tea_entrance_get_hosted_room (TeaEntrance *self)
{
  g_return_val_if_fail (TEA_IS_ENTRANCE (self), NULL);

  return self->hosted_room;
}
