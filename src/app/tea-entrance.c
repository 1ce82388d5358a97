/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-entrance.h"

#include "tea-error.h"
#include "tea-room-address.h"

/* So many rooms without encryption are remembered as agreed to. */
#define MAX_UNPROTECTED 50

/**
 * TeaEntrance:
 *
 * The way into a room: somewhere else, or one that is opened on this computer first.
 *
 * A room is always asked for encryption first. Where none is to be had, that is an
 * error, unless somebody has agreed to that for this address; a room that has learnt to
 * encrypt since is not entered without any more.
 *
 * What worked is what is suggested the next time.
 */
struct _TeaEntrance
{
  GObject parent_instance;

  GSettings *settings;        /* (owned) */
  char *password;             /* (nullable) */
  gboolean just_allowed;      /* there is no encryption here, as was found out just now */
  TeaClient *client;          /* (owned) (nullable) */
  TeaHostedRoom *hosted_room; /* (owned) (nullable) */
};

/* One try to enter. */
typedef struct
{
  GNetworkAddress *address; /* (owned) (nullable) */
  char *name;               /* (owned) */
} Try;

G_DEFINE_FINAL_TYPE (TeaEntrance, tea_entrance, G_TYPE_OBJECT)

static void join (GTask *task, TeaClient *client);
static void join_unprotected (GTask *task);

static void
try_free (gpointer user_data)
{
  Try *data = user_data;

  g_clear_object (&data->address);
  g_free (data->name);
  g_free (data);
}

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
remember (TeaEntrance *self, const Try *data)
{
  g_settings_set_string (self->settings, "last-name", data->name);
  if (self->hosted_room == NULL)
    {
      g_autofree char *address = write_address (data->address);

      g_settings_set_string (self->settings, "last-address", address);
    }

  if (tea_client_get_protocol (self->client) == TEA_PROTOCOL_SECURE
      && is_agreed_to (self, data->address))
    set_agreed_to (self, data->address, FALSE);
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));
  Try *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (tea_client_join_finish (TEA_CLIENT (source), result, &error))
    {
      remember (self, data);
      g_task_return_boolean (task, TRUE);
    }
  else if (g_error_matches (error, TEA_ERROR, TEA_ERROR_NOT_SECURE)
           && is_agreed_to (self, data->address))
    {
      join_unprotected (task);
    }
  else
    {
      g_clear_object (&self->hosted_room);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static void
join (GTask *task, TeaClient *client)
{
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));
  Try *data = g_task_get_task_data (task);

  g_set_object (&self->client, client);
  tea_client_set_password (client, self->password);
  tea_client_join_async (client, data->address, data->name, g_task_get_cancellable (task),
                         joined_cb, g_object_ref (task));
}

static void
join_protected (GTask *task)
{
  g_autoptr (TeaClient) client = tea_client_new ();

  join (task, client);
}

static void
join_unprotected (GTask *task)
{
  g_autoptr (TeaClient) client = tea_client_new ();

  tea_client_set_protocol (client, TEA_PROTOCOL_CLASSIC);
  join (task, client);
}

static void
room_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaEntrance *self = TEA_ENTRANCE (g_task_get_source_object (task));
  Try *data = g_task_get_task_data (task);
  g_autoptr (GNetworkAddress) plain = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;

  if (!tea_hosted_room_start_finish (TEA_HOSTED_ROOM (source), result, &error))
    {
      g_clear_object (&self->hosted_room);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Whose key it has need not be found out. */
  plain = G_NETWORK_ADDRESS (
      g_network_address_new ("127.0.0.1", tea_hosted_room_get_port (self->hosted_room)));
  link = tea_room_address_to_link (plain, tea_hosted_room_get_fingerprint (self->hosted_room));
  data->address = tea_room_address_parse (link, &error);
  if (data->address == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  join_protected (task);
}

static GTask *
new_task (TeaEntrance *self,
          GNetworkAddress *address,
          const char *name,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Try *data = g_new0 (Try, 1);

  data->address = address != NULL ? g_object_ref (address) : NULL;
  data->name = g_strdup (name);
  g_task_set_task_data (task, data, try_free);

  g_clear_object (&self->client);
  g_clear_object (&self->hosted_room);

  return task;
}

static void
tea_entrance_dispose (GObject *object)
{
  TeaEntrance *self = TEA_ENTRANCE (object);

  g_clear_object (&self->client);
  g_clear_object (&self->hosted_room);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (tea_entrance_parent_class)->dispose (object);
}

static void
tea_entrance_finalize (GObject *object)
{
  TeaEntrance *self = TEA_ENTRANCE (object);

  g_free (self->password);

  G_OBJECT_CLASS (tea_entrance_parent_class)->finalize (object);
}

static void
tea_entrance_class_init (TeaEntranceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_entrance_dispose;
  object_class->finalize = tea_entrance_finalize;
}

static void
tea_entrance_init (TeaEntrance *self)
{
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
 * tea_entrance_set_password:
 * @self: an entrance
 * @password: (nullable): the password of the room, if one is known
 *
 * Sets what to say when the room asks for a password. It is kept nowhere else.
 */
void
tea_entrance_set_password (TeaEntrance *self, const char *password)
{
  g_return_if_fail (TEA_IS_ENTRANCE (self));

  g_free (self->password);
  self->password = g_strdup (password);
}

/**
 * tea_entrance_allow_unprotected:
 * @self: an entrance
 * @address: the address of a room
 *
 * Remembers that somebody wants to enter this room though it is not encrypted.
 */
void
tea_entrance_allow_unprotected (TeaEntrance *self, GNetworkAddress *address)
{
  g_return_if_fail (TEA_IS_ENTRANCE (self));
  g_return_if_fail (G_IS_NETWORK_ADDRESS (address));

  set_agreed_to (self, address, TRUE);
  self->just_allowed = TRUE;
}

/**
 * tea_entrance_forget_key:
 * @self: an entrance whose last try ended with %TEA_ERROR_KEY_CHANGED
 * @error: return location for a #GError
 *
 * Forgets the key that is known of the room, so that it may have another.
 *
 * Returns: whether it is forgotten
 */
gboolean
tea_entrance_forget_key (TeaEntrance *self, GError **error)
{
  g_return_val_if_fail (TEA_IS_ENTRANCE (self), FALSE);
  g_return_val_if_fail (self->client != NULL, FALSE);

  return tea_client_forget_server_key (self->client, error);
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

  task = new_task (self, address, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_entrance_join_async);
  if (self->just_allowed)
    join_unprotected (task);
  else
    join_protected (task);
  self->just_allowed = FALSE;
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

  task = new_task (self, NULL, name, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_entrance_host_async);

  self->hosted_room = tea_hosted_room_new ();
  tea_hosted_room_start_async (self->hosted_room, cancellable, room_started_cb,
                               g_steal_pointer (&task));
}

/**
 * tea_entrance_finish:
 * @self: an entrance
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether [method@Tea.Entrance.get_client] is in the room
 */
gboolean
tea_entrance_finish (TeaEntrance *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_entrance_get_client:
 * @self: an entrance
 *
 * Returns: (nullable) (transfer none): who entered, or tried to, last
 */
TeaClient *
tea_entrance_get_client (TeaEntrance *self)
{
  g_return_val_if_fail (TEA_IS_ENTRANCE (self), NULL);

  return self->client;
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
