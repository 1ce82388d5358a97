/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-join.h"

#include "tea-error.h"
#include "tea-room-address.h"

/**
 * TeaJoin:
 *
 * The way of a client into a room, with all that may have to be asked for it: a name, a
 * password, whether it may be without encryption, whether the server may have another key.
 *
 * Each try ends in a [enum@Tea.JoinOutcome]. Whoever tries asks the user where that is a
 * question, gives the answer by one of the setters, and tries again.
 */
struct _TeaJoin
{
  GObject parent_instance;

  TeaClient *client;    /* (owned) */
  TeaProtocol protocol; /* to begin with */

  /* the answers so far */
  GNetworkAddress *address; /* (owned) (nullable) */
  char *name;               /* (nullable) */
  gboolean falls_back;      /* the classic protocol is taken without asking */
  gboolean classic;         /* was accepted for this address */
};

G_DEFINE_FINAL_TYPE (TeaJoin, tea_join, G_TYPE_OBJECT)

static void enter (GTask *task, TeaProtocol protocol);

static gboolean
has_linked_key (TeaJoin *self)
{
  return TEA_IS_ROOM_ADDRESS (self->address)
         && tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (self->address)) != NULL;
}

static TeaJoinOutcome
explain_own_error (TeaJoin *self, TeaError code)
{
  switch (code)
    {
    case TEA_ERROR_NAME_EMPTY:
    case TEA_ERROR_NAME_TOO_LONG:
    case TEA_ERROR_NAME_INVALID:
    /* Classic servers say no more than that. */
    case TEA_ERROR_REFUSED:
      return TEA_JOIN_NAME_UNFIT;

    case TEA_ERROR_NAME_TAKEN:
      return TEA_JOIN_NAME_TAKEN;

    case TEA_ERROR_PASSWORD_NEEDED:
      return TEA_JOIN_PASSWORD_MISSING;

    case TEA_ERROR_PASSWORD_WRONG:
      return TEA_JOIN_PASSWORD_WRONG;

    /* Whoever has a link with a key wants encryption. */
    case TEA_ERROR_NOT_SECURE:
      return has_linked_key (self) ? TEA_JOIN_NO_ANSWER : TEA_JOIN_NOT_SECURE;

    case TEA_ERROR_KEY_CHANGED:
      return TEA_JOIN_KEY_CHANGED;

    case TEA_ERROR_KEY_UNEXPECTED:
      return TEA_JOIN_KEY_UNEXPECTED;

    case TEA_ERROR_KEY_NOT_KEPT:
      return TEA_JOIN_KEY_NOT_KEPT;

    case TEA_ERROR_ALREADY_A_MEMBER:
    case TEA_ERROR_ROOM_FULL:
    case TEA_ERROR_NOT_ALLOWED:
    case TEA_ERROR_TRY_LATER:
      return TEA_JOIN_REFUSED;

    case TEA_ERROR_CONFIG_INVALID:
    case TEA_ERROR_KEY_INVALID:
      return TEA_JOIN_FAILED;

    case TEA_ERROR_NO_ANSWER:
    case TEA_ERROR_ADDRESS_INVALID:
    case TEA_ERROR_TEXT_INVALID:
    case TEA_ERROR_REQUEST_INVALID:
    case TEA_ERROR_NOT_A_MEMBER:
    default:
      return TEA_JOIN_NO_ANSWER;
    }
}

static TeaJoinOutcome
explain (TeaJoin *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TEA_JOIN_CANCELLED;
  if (error->domain == TEA_ERROR)
    return explain_own_error (self, (TeaError) error->code);

  return error->domain == G_FILE_ERROR ? TEA_JOIN_FAILED : TEA_JOIN_NO_ANSWER;
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaJoin *self = TEA_JOIN (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  TeaJoinOutcome outcome = TEA_JOIN_ENTERED;

  if (!tea_client_join_finish (TEA_CLIENT (source), result, &error))
    outcome = explain (self, error);

  if (outcome == TEA_JOIN_NOT_SECURE && self->falls_back)
    {
      enter (task, TEA_PROTOCOL_CLASSIC);
      return;
    }

  if (error != NULL)
    g_task_set_task_data (task, g_steal_pointer (&error), (GDestroyNotify) g_error_free);
  g_task_return_int (task, outcome);
}

static void
enter (GTask *task, TeaProtocol protocol)
{
  TeaJoin *self = TEA_JOIN (g_task_get_source_object (task));

  tea_client_set_protocol (self->client, protocol);
  tea_client_join_async (self->client, self->address, self->name, g_task_get_cancellable (task),
                         joined_cb, g_object_ref (task));
}

static void
tea_join_dispose (GObject *object)
{
  TeaJoin *self = TEA_JOIN (object);

  g_clear_object (&self->client);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (tea_join_parent_class)->dispose (object);
}

static void
tea_join_finalize (GObject *object)
{
  TeaJoin *self = TEA_JOIN (object);

  g_free (self->name);

  G_OBJECT_CLASS (tea_join_parent_class)->finalize (object);
}

static void
tea_join_class_init (TeaJoinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_join_dispose;
  object_class->finalize = tea_join_finalize;
}

static void
tea_join_init (TeaJoin *self)
{
}

/**
 * tea_join_new:
 * @client: a client that is in no room; the protocol it is set to is the one to begin with
 *
 * Returns: (transfer full): the client's way into a room
 */
TeaJoin *
tea_join_new (TeaClient *client)
{
  TeaJoin *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);

  self = g_object_new (TEA_TYPE_JOIN, NULL);
  self->client = g_object_ref (client);
  self->protocol = tea_client_get_protocol (client);

  return self;
}

/**
 * tea_join_set_address:
 * @self: a way into a room
 * @address: where the room is
 *
 * Sets where to. What was accepted of another room does not hold for this one.
 */
void
tea_join_set_address (TeaJoin *self, GNetworkAddress *address)
{
  g_return_if_fail (TEA_IS_JOIN (self));
  g_return_if_fail (G_IS_NETWORK_ADDRESS (address));

  if (g_set_object (&self->address, address))
    self->classic = FALSE;
}

/**
 * tea_join_set_name:
 * @self: a way into a room
 * @name: (nullable): the name to enter under; %NULL if none is chosen
 *
 * Answers %TEA_JOIN_NAME_MISSING, %TEA_JOIN_NAME_UNFIT and %TEA_JOIN_NAME_TAKEN.
 */
void
tea_join_set_name (TeaJoin *self, const char *name)
{
  char *copy = g_strdup (name);

  g_return_if_fail (TEA_IS_JOIN (self));

  g_free (self->name);
  self->name = copy;
}

/**
 * tea_join_set_password:
 * @self: a way into a room
 * @password: (nullable): the room's password
 *
 * Answers %TEA_JOIN_PASSWORD_MISSING and %TEA_JOIN_PASSWORD_WRONG.
 */
void
tea_join_set_password (TeaJoin *self, const char *password)
{
  g_return_if_fail (TEA_IS_JOIN (self));

  tea_client_set_password (self->client, password);
}

/**
 * tea_join_set_falls_back:
 * @self: a way into a room
 * @falls_back: whether the user has agreed to it before
 *
 * Answers %TEA_JOIN_NOT_SECURE before it is asked: encryption is tried first, and where
 * there is none, the room is entered without.
 */
void
tea_join_set_falls_back (TeaJoin *self, gboolean falls_back)
{
  g_return_if_fail (TEA_IS_JOIN (self));

  self->falls_back = falls_back;
}

/**
 * tea_join_accept_classic:
 * @self: a way into a room, whose last try ended with %TEA_JOIN_NOT_SECURE
 *
 * Answers that the room at this address is to be entered without encryption.
 */
void
tea_join_accept_classic (TeaJoin *self)
{
  g_return_if_fail (TEA_IS_JOIN (self));

  self->classic = TRUE;
}

/**
 * tea_join_trust_key:
 * @self: a way into a room, whose last try ended with %TEA_JOIN_KEY_NOT_KEPT
 *
 * Answers that the room at this address is to be entered though the server's key cannot be
 * remembered.
 */
void
tea_join_trust_key (TeaJoin *self)
{
  g_return_if_fail (TEA_IS_JOIN (self));

  tea_client_trust_server_key (self->client);
}

/**
 * tea_join_forget_key:
 * @self: a way into a room, whose last try ended with %TEA_JOIN_KEY_CHANGED
 * @error: return location for a #GError
 *
 * Answers that the key that is known of the server is to be forgotten: the next try takes
 * whatever key it shows.
 *
 * Returns: whether it is forgotten; if not, @error is one of GIO's
 */
gboolean
tea_join_forget_key (TeaJoin *self, GError **error)
{
  g_return_val_if_fail (TEA_IS_JOIN (self), FALSE);

  return tea_client_forget_server_key (self->client, error);
}

/**
 * tea_join_try_async:
 * @self: a way into a room that has an address
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Tries to enter the room with the answers there are.
 */
void
tea_join_try_async (TeaJoin *self,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_JOIN (self));
  g_return_if_fail (self->address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_join_try_async);
  /* Being inside counts, even if it was given up in the same moment. */
  g_task_set_check_cancellable (task, FALSE);

  if (self->name == NULL)
    g_task_return_int (task, TEA_JOIN_NAME_MISSING);
  else
    enter (task, self->classic ? TEA_PROTOCOL_CLASSIC : self->protocol);
}

/**
 * tea_join_try_finish:
 * @self: a way into a room
 * @result: what the callback was given
 * @error: return location for a #GError, which says in words what stands in the way; there
 *   is none with %TEA_JOIN_ENTERED and %TEA_JOIN_NAME_MISSING
 *
 * Tells how [method@Tea.Join.try_async] went.
 *
 * Returns: how it ended
 */
TeaJoinOutcome
tea_join_try_finish (TeaJoin *self, GAsyncResult *result, GError **error)
{
  const GError *reason;

  g_return_val_if_fail (g_task_is_valid (result, self), TEA_JOIN_FAILED);

  reason = g_task_get_task_data (G_TASK (result));
  if (reason != NULL && error != NULL)
    *error = g_error_copy (reason);

  return (TeaJoinOutcome) g_task_propagate_int (G_TASK (result), NULL);
}

/**
 * tea_join_get_client:
 * @self: a way into a room
 *
 * Returns: (transfer none): who enters
 */
TeaClient *
tea_join_get_client (TeaJoin *self)
{
  g_return_val_if_fail (TEA_IS_JOIN (self), NULL);

  return self->client;
}
