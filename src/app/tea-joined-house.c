/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-joined-house.h"

#include "tea-room-address.h"
#include "tea-room-ref.h"

/**
 * TeaJoinedHouse:
 *
 * A house that the program's user has joined, with the places in it: the hall, the rooms of
 * which they are a member, which it opens, and those to which they are invited.
 */
struct _TeaJoinedHouse
{
  GObject parent_instance;

  TeaClient *client;          /* (owned) */
  TeaHostedRoom *hosted_room; /* (owned) (nullable) */
  GListStore *places;         /* (owned): the hall first */
  GCancellable *cancellable;  /* (owned): for what is asked of the server */
  gboolean is_leaving;
};

enum
{
  SIGNAL_PLACE_ADDED,
  SIGNAL_PLACE_REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaJoinedHouse, tea_joined_house, G_TYPE_OBJECT)

static TeaPlace *
find_place (TeaJoinedHouse *self, const char *address)
{
  g_autofree char *folded = tea_room_ref_fold (address);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);
      g_autofree char *other = tea_room_ref_fold (tea_place_get_address (place));

      /* The store keeps it. */
      if (g_strcmp0 (folded, other) == 0)
        return place;
    }

  return NULL;
}

static TeaPlace *
find_place_of (TeaJoinedHouse *self, TeaConversation *conversation)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);

      if (tea_place_get_conversation (place) == conversation)
        return place;
    }

  return NULL;
}

static void
add_place (TeaJoinedHouse *self, TeaPlace *place)
{
  g_list_store_append (self->places, place);
  g_signal_emit (self, signals[SIGNAL_PLACE_ADDED], 0, place);
}

static void
remove_place (TeaJoinedHouse *self, TeaPlace *place)
{
  g_autoptr (TeaPlace) kept = g_object_ref (place);
  guint position;

  if (!g_list_store_find (self->places, place, &position))
    return;

  g_list_store_remove (self->places, position);
  g_signal_emit (self, signals[SIGNAL_PLACE_REMOVED], 0, kept);
}

static void
add_conversation (TeaJoinedHouse *self, TeaConversation *conversation)
{
  TeaPlace *invitation = find_place (self, tea_conversation_get_address (conversation));
  g_autoptr (TeaPlace) place = NULL;

  if (invitation != NULL && tea_place_get_kind (invitation) == TEA_PLACE_INVITATION)
    remove_place (self, invitation);

  place = tea_place_new (self->client, conversation, self->hosted_room != NULL);
  add_place (self, place);
}

/* The rooms that are open have their places, and no other has one but by invitation. */
static void
conversations_changed_cb (
    TeaJoinedHouse *self, guint position, guint removed, guint added, GListModel *conversations)
{
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);

  g_assert (TEA_IS_JOINED_HOUSE (self));

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (TeaConversation) conversation = g_list_model_get_item (conversations, i);

      g_hash_table_add (open, conversation);
      if (find_place_of (self, conversation) == NULL)
        add_conversation (self, conversation);
    }

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->places)); i-- > 0;)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);
      TeaConversation *conversation = tea_place_get_conversation (place);

      if (conversation != NULL && !g_hash_table_contains (open, conversation))
        remove_place (self, place);
    }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaConversation) conversation
      = tea_client_open_room_finish (TEA_CLIENT (source), result, &error);

  if (conversation == NULL)
    g_debug ("A room could not be opened: %s", error->message);
}

/* A room of which one is a member is opened; as is the conversation that somebody begins. */
static void
take_listing (TeaJoinedHouse *self, TeaListing *listing)
{
  const char *address = tea_listing_get_address (listing);
  TeaPlace *place = find_place (self, address);
  g_autoptr (TeaPlace) invitation = NULL;

  if (place != NULL && tea_place_get_conversation (place) != NULL)
    return;

  if (tea_listing_get_role (listing) != TEA_ROOM_ROLE_NONE
      || (tea_listing_get_flags (listing) & TEA_ROOM_PAIR) != 0)
    {
      tea_client_open_room_async (self->client, address, NULL, self->cancellable, opened_cb, NULL);
      return;
    }

  if (place != NULL)
    return;

  invitation = tea_place_new_invitation (self->client, listing, self->hosted_room != NULL);
  add_place (self, invitation);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaJoinedHouse) self = TEA_JOINED_HOUSE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = tea_client_list_rooms_finish (TEA_CLIENT (source), result, &error);

  if (rooms == NULL)
    {
      g_debug ("Could not ask for the rooms: %s", error->message);
      return;
    }

  for (guint i = 0; !self->is_leaving && i < rooms->len; i++)
    take_listing (self, g_ptr_array_index (rooms, i));
}

static void
ask_for_rooms (TeaJoinedHouse *self)
{
  g_assert (TEA_IS_JOINED_HOUSE (self));

  tea_client_list_rooms_async (self->client, TEA_ROOM_LIST_MINE, self->cancellable, listed_cb,
                               g_object_ref (self));
}

static void
rejoined_cb (TeaJoinedHouse *self)
{
  ask_for_rooms (self);
}

static void
news_cb (TeaJoinedHouse *self, TeaListing *listing)
{
  g_assert (TEA_IS_JOINED_HOUSE (self));

  take_listing (self, listing);
}

static void
tea_joined_house_dispose (GObject *object)
{
  TeaJoinedHouse *self = TEA_JOINED_HOUSE (object);

  g_cancellable_cancel (self->cancellable);
  g_list_store_remove_all (self->places);
  if (self->hosted_room != NULL)
    tea_hosted_room_stop (self->hosted_room);
  g_clear_object (&self->hosted_room);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (tea_joined_house_parent_class)->dispose (object);
}

static void
tea_joined_house_finalize (GObject *object)
{
  TeaJoinedHouse *self = TEA_JOINED_HOUSE (object);

  g_object_unref (self->places);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (tea_joined_house_parent_class)->finalize (object);
}

static void
tea_joined_house_class_init (TeaJoinedHouseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_joined_house_dispose;
  object_class->finalize = tea_joined_house_finalize;

  /**
   * TeaJoinedHouse::place-added:
   * @self: the house
   * @place: a place in it
   *
   * There is another place in the house.
   */
  signals[SIGNAL_PLACE_ADDED]
      = g_signal_new ("place-added", TEA_TYPE_JOINED_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 1, TEA_TYPE_PLACE);
  /**
   * TeaJoinedHouse::place-removed:
   * @self: the house
   * @place: a place that was in it
   *
   * A place was left, closed or declined, or is one's own room after an invitation to it.
   */
  signals[SIGNAL_PLACE_REMOVED]
      = g_signal_new ("place-removed", TEA_TYPE_JOINED_HOUSE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 1, TEA_TYPE_PLACE);
}

static void
tea_joined_house_init (TeaJoinedHouse *self)
{
  self->places = g_list_store_new (TEA_TYPE_PLACE);
  self->cancellable = g_cancellable_new ();
}

/**
 * tea_joined_house_new:
 * @client: who is in the house
 * @hosted_room: (nullable): the house, if it is on this computer
 *
 * Returns: (transfer full): the house, which opens the rooms of its client from now on
 */
TeaJoinedHouse *
tea_joined_house_new (TeaClient *client, TeaHostedRoom *hosted_room)
{
  TeaJoinedHouse *self;
  GListModel *conversations;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (hosted_room == NULL || TEA_IS_HOSTED_ROOM (hosted_room), NULL);

  self = g_object_new (TEA_TYPE_JOINED_HOUSE, NULL);
  self->client = g_object_ref (client);
  g_set_object (&self->hosted_room, hosted_room);

  conversations = tea_client_get_conversations (client);
  g_signal_connect_object (conversations, "items-changed", G_CALLBACK (conversations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_object_connect (client, "swapped-object-signal::rejoined", rejoined_cb, self,
                    "swapped-object-signal::room-news", news_cb, self, NULL);
  conversations_changed_cb (self, 0, 0, 0, conversations);
  ask_for_rooms (self);

  return self;
}

static void
place_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaJoinedHouse *self = TEA_JOINED_HOUSE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaConversation) conversation
      = tea_client_open_room_finish (TEA_CLIENT (source), result, &error);
  TeaPlace *place = NULL;

  if (conversation != NULL)
    place = find_place_of (self, conversation);

  if (place != NULL)
    g_task_return_pointer (task, g_object_ref (place), g_object_unref);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "It was closed meanwhile");
}

/**
 * tea_joined_house_open_async:
 * @self: a house
 * @address: the address of a room in it
 * @password: (nullable): the room's password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens a room, of which one may become a member by that.
 */
void
tea_joined_house_open_async (TeaJoinedHouse *self,
                             const char *address,
                             const char *password,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_JOINED_HOUSE (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_joined_house_open_async);
  tea_client_open_room_async (self->client, address, password, cancellable, place_opened_cb,
                              g_steal_pointer (&task));
}

/**
 * tea_joined_house_make_async:
 * @self: a house
 * @address: the address that a room is to have
 * @title: (nullable): what it is to be called
 * @flags: how it is to be
 * @password: (nullable): its password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Makes a room; [method@TeaJoinedHouse.open_finish] tells how that went.
 */
void
tea_joined_house_make_async (TeaJoinedHouse *self,
                             const char *address,
                             const char *title,
                             TeaRoomFlags flags,
                             const char *password,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_JOINED_HOUSE (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_joined_house_make_async);
  tea_client_make_room_async (self->client, address, title, flags, password, cancellable,
                              place_opened_cb, g_steal_pointer (&task));
}

/**
 * tea_joined_house_open_finish:
 * @self: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the place that was opened or made
 */
TeaPlace *
tea_joined_house_open_finish (TeaJoinedHouse *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_joined_house_leave_place:
 * @self: a house
 * @place: one of its places, but not the hall
 *
 * Is no member of a room any more; wants to hear no more of a private conversation until
 * something is said there; or declines an invitation.
 */
void
tea_joined_house_leave_place (TeaJoinedHouse *self, TeaPlace *place)
{
  g_autoptr (TeaPlace) kept = NULL;
  TeaConversation *conversation;

  g_return_if_fail (TEA_IS_JOINED_HOUSE (self));
  g_return_if_fail (TEA_IS_PLACE (place));
  g_return_if_fail (tea_place_get_kind (place) != TEA_PLACE_HALL);

  kept = g_object_ref (place);
  conversation = tea_place_get_conversation (place);
  if (conversation == NULL)
    {
      tea_client_forget_room (self->client, tea_place_get_address (place));
      remove_place (self, place);
    }
  else if (tea_place_get_kind (place) == TEA_PLACE_PERSON)
    {
      tea_client_close_room (self->client, conversation);
    }
  else
    {
      tea_conversation_leave (conversation);
    }
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaJoinedHouse *self = TEA_JOINED_HOUSE (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  /* The house may not have heard it; it is left all the same. */
  if (!tea_client_leave_finish (TEA_CLIENT (source), result, &error))
    g_debug ("Left without an answer: %s", error->message);
  if (self->hosted_room != NULL)
    tea_hosted_room_stop (self->hosted_room);

  g_task_return_boolean (task, TRUE);
}

/**
 * tea_joined_house_leave_async:
 * @self: a house that is not being left
 * @callback: called when it is left
 * @user_data: for @callback
 *
 * Says goodbye; a house on this computer is closed.
 */
void
tea_joined_house_leave_async (TeaJoinedHouse *self,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_JOINED_HOUSE (self));
  g_return_if_fail (!self->is_leaving);

  self->is_leaving = TRUE;
  g_cancellable_cancel (self->cancellable);
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, tea_joined_house_leave_async);
  tea_client_leave_async (self->client, NULL, left_cb, g_steal_pointer (&task));
}

/**
 * tea_joined_house_leave_finish:
 * @self: a house
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether it is left, which it always is
 */
gboolean
tea_joined_house_leave_finish (TeaJoinedHouse *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_joined_house_get_client:
 * @self: a house
 *
 * Returns: (transfer none): who is in it
 */
TeaClient *
tea_joined_house_get_client (TeaJoinedHouse *self)
{
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), NULL);

  return self->client;
}

/**
 * tea_joined_house_get_hosted_room:
 * @self: a house
 *
 * Returns: (transfer none) (nullable): the house itself, if it is on this computer
 */
TeaHostedRoom *
tea_joined_house_get_hosted_room (TeaJoinedHouse *self)
{
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), NULL);

  return self->hosted_room;
}

/**
 * tea_joined_house_get_hall:
 * @self: a house
 *
 * Returns: (transfer none): the place of its hall
 */
TeaPlace *
tea_joined_house_get_hall (TeaJoinedHouse *self)
{
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), NULL);

  return find_place_of (self, tea_client_get_hall (self->client));
}

/**
 * tea_joined_house_get_places:
 * @self: a house
 *
 * Returns: (transfer none): a list of [class@TeaPlace]: the hall, and the others as they came
 */
GListModel *
tea_joined_house_get_places (TeaJoinedHouse *self)
{
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), NULL);

  return G_LIST_MODEL (self->places);
}

/**
 * tea_joined_house_is_at:
 * @self: a house
 * @address: an address, which may tell a key
 *
 * Returns: whether @address leads to the house
 */
gboolean
tea_joined_house_is_at (TeaJoinedHouse *self, GNetworkAddress *address)
{
  GNetworkAddress *own;
  const char *fingerprint = NULL;

  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), FALSE);
  g_return_val_if_fail (G_IS_NETWORK_ADDRESS (address), FALSE);

  own = tea_client_get_address (self->client);
  if (g_network_address_get_port (own) != g_network_address_get_port (address)
      || g_ascii_strcasecmp (g_network_address_get_hostname (own),
                             g_network_address_get_hostname (address))
             != 0)
    return FALSE;

  if (TEA_IS_ROOM_ADDRESS (address))
    fingerprint = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (address));

  return fingerprint == NULL
         || g_strcmp0 (fingerprint, tea_client_get_server_key (self->client)) == 0;
}

/**
 * tea_joined_house_get_is_leaving:
 * @self: a house
 *
 * Returns: whether it is being left
 */
gboolean
tea_joined_house_get_is_leaving (TeaJoinedHouse *self)
{
  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), FALSE);

  return self->is_leaving;
}

/**
 * tea_joined_house_get_n_unsent:
 * @self: a house
 *
 * Returns: how many messages wait or are on their way, in all of its rooms
 */
guint
tea_joined_house_get_n_unsent (TeaJoinedHouse *self)
{
  guint n_unsent = 0;

  g_return_val_if_fail (TEA_IS_JOINED_HOUSE (self), 0);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++)
    {
      g_autoptr (TeaPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);
      TeaConversation *conversation = tea_place_get_conversation (place);

      if (conversation != NULL)
        n_unsent += tea_conversation_get_n_unsent (conversation);
    }

  return n_unsent;
}
