/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-place.h"

#include <glib/gi18n.h>

#include "tea-room-address.h"
#include "tea-room-ref.h"
#include "tea-text.h"

/* Further back nobody looks for what was said last. */
#define LOOK_BACK 1000

/**
 * TeaPlace:
 *
 * Where one can be: the hall of a house, a room, the conversation with somebody; or an
 * invitation to a room. It knows what a list of places says of it.
 */
struct _TeaPlace
{
  GObject parent_instance;

  TeaClient *client;             /* (owned) */
  TeaConversation *conversation; /* (owned) (nullable): there is none before one joins */
  TeaListing *listing;           /* (owned) (nullable): what one is invited to */
  TeaDraft *draft;               /* (owned) (nullable) */
  TeaNotifyChoice *notify;       /* (owned) (nullable) */
  TeaPlaceKind kind;
  gboolean is_hosted;

  char *name;
  char *house_name;
  TeaTimelineItem *last; /* (owned) (nullable) */
  GSignalGroup *last_signals;
  gint64 invited; /* when an invitation came */
  gboolean is_mentioned;
  guint update_source;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaPlace, tea_place, G_TYPE_OBJECT)

static char *
make_house_name (TeaPlace *self)
{
  const char *name = tea_client_get_room_name (self->client);

  if (self->is_hosted)
    /* Translators: %s is the name of a person, who hosts the room. */
    return tea_text_format (_ ("%s’s Room"), tea_client_get_name (self->client));
  if (name != NULL && *name != '\0')
    return g_strdup (name);

  return tea_room_address_to_string (tea_client_get_address (self->client));
}

static char *
make_name (TeaPlace *self)
{
  const char *title = NULL;
  const char *address = NULL;

  if (self->kind == TEA_PLACE_HALL)
    return g_strdup (self->house_name);

  if (self->conversation != NULL)
    {
      title = tea_conversation_get_title (self->conversation);
      address = tea_conversation_get_address (self->conversation);
    }
  else
    {
      title = tea_listing_get_title (self->listing);
      address = tea_listing_get_address (self->listing);
    }

  return g_strdup (*title != '\0' ? title : address);
}

static TeaTimelineItem *
find_last (TeaPlace *self)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (self->conversation));
  guint n_items = g_list_model_get_n_items (timeline);
  guint end = n_items > LOOK_BACK ? n_items - LOOK_BACK : 0;

  for (guint i = n_items; i-- > end;)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && !tea_timeline_item_is_removed (item))
        return g_steal_pointer (&item);
    }

  return NULL;
}

/* Among what is known here: who was told of more has more to read anyhow. */
static gboolean
find_mention (TeaPlace *self)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (self->conversation));
  guint64 read = tea_conversation_get_read (self->conversation);
  guint n_items = g_list_model_get_n_items (timeline);
  guint end = n_items > LOOK_BACK ? n_items - LOOK_BACK : 0;

  if (tea_conversation_get_unread (self->conversation) == 0)
    return FALSE;

  for (guint i = n_items; i-- > end;)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);
      guint64 seq = tea_timeline_item_get_seq (item);

      if (seq != 0 && seq <= read)
        return FALSE;
      if (seq != 0 && tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && tea_timeline_item_mentions_me (item) && !tea_timeline_item_is_own (item)
          && !tea_timeline_item_is_removed (item))
        return TRUE;
    }

  return FALSE;
}

static void
update (TeaPlace *self)
{
  g_free (self->house_name);
  self->house_name = make_house_name (self);
  g_free (self->name);
  self->name = make_name (self);

  if (self->conversation != NULL)
    {
      g_autoptr (TeaTimelineItem) last = find_last (self);

      if (g_set_object (&self->last, last))
        g_signal_group_set_target (self->last_signals, last);
      self->is_mentioned = find_mention (self);
    }
}

static void
update_cb (gpointer user_data)
{
  TeaPlace *self = user_data;

  g_assert (TEA_IS_PLACE (self));

  self->update_source = 0;
  update (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Much may happen at a time, and is looked at once. */
static void
queue_update (TeaPlace *self)
{
  g_assert (TEA_IS_PLACE (self));

  if (self->update_source == 0)
    self->update_source = g_idle_add_once (update_cb, self);
}

static void
tea_place_dispose (GObject *object)
{
  TeaPlace *self = TEA_PLACE (object);

  g_clear_handle_id (&self->update_source, g_source_remove);
  g_signal_group_set_target (self->last_signals, NULL);
  g_clear_object (&self->last);
  g_clear_object (&self->draft);
  g_clear_object (&self->notify);
  g_clear_object (&self->listing);
  g_clear_object (&self->conversation);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (tea_place_parent_class)->dispose (object);
}

static void
tea_place_finalize (GObject *object)
{
  TeaPlace *self = TEA_PLACE (object);

  g_object_unref (self->last_signals);
  g_free (self->name);
  g_free (self->house_name);

  G_OBJECT_CLASS (tea_place_parent_class)->finalize (object);
}

static void
tea_place_class_init (TeaPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_place_dispose;
  object_class->finalize = tea_place_finalize;

  /**
   * TeaPlace::changed:
   * @self: the place
   *
   * Something that a list says of it is another.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_PLACE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_place_init (TeaPlace *self)
{
  self->last_signals = g_signal_group_new (TEA_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->last_signals, "notify", G_CALLBACK (queue_update), self);
}

static TeaPlace *
new_place (TeaClient *client, gboolean is_hosted)
{
  TeaPlace *self = g_object_new (TEA_TYPE_PLACE, NULL);

  self->client = g_object_ref (client);
  self->is_hosted = is_hosted;
  g_object_connect (client, "swapped-object-signal::notify::name", queue_update, self,
                    "swapped-object-signal::notify::room-name", queue_update, self,
                    "swapped-object-signal::notify::state", queue_update, self, NULL);

  return self;
}

/* What was begun here is there again: the house is told from others by its server's key, or
 * where there is none by its address. */
static void
open_kept (TeaPlace *self)
{
  const char *key = tea_client_get_server_key (self->client);
  g_autofree char *address = tea_room_address_to_string (tea_client_get_address (self->client));
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "teahouse", "drafts", NULL);
  const char *house = key != NULL ? key : address;

  self->draft = tea_draft_new (folder, house, tea_place_get_address (self));
  self->notify = tea_notify_choice_new (house, tea_place_get_address (self));
}

/**
 * tea_place_new:
 * @client: who is in the house
 * @conversation: one of the client's conversations
 * @is_hosted: whether the house is on this computer
 *
 * Returns: (transfer full): the place of the conversation
 */
TeaPlace *
tea_place_new (TeaClient *client, TeaConversation *conversation, gboolean is_hosted)
{
  TeaPlace *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);

  self = new_place (client, is_hosted);
  self->conversation = g_object_ref (conversation);
  if (conversation == tea_client_get_hall (client))
    self->kind = TEA_PLACE_HALL;
  else if (tea_room_kind_from_address (tea_conversation_get_address (conversation))
           == TEA_ROOM_KIND_PAIR)
    self->kind = TEA_PLACE_PERSON;
  else
    self->kind = TEA_PLACE_ROOM;
  open_kept (self);

  g_signal_connect_object (conversation, "notify", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_conversation_get_timeline (conversation), "items-changed",
                           G_CALLBACK (queue_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->draft, "notify::text", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->notify, "notify::choice", G_CALLBACK (queue_update), self,
                           G_CONNECT_SWAPPED);
  update (self);

  return self;
}

/**
 * tea_place_new_invitation:
 * @client: who is in the house
 * @listing: what is known of a room to which the client is invited
 * @is_hosted: whether the house is on this computer
 *
 * Returns: (transfer full): the invitation
 */
TeaPlace *
tea_place_new_invitation (TeaClient *client, TeaListing *listing, gboolean is_hosted)
{
  TeaPlace *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_LISTING (listing), NULL);

  self = new_place (client, is_hosted);
  self->kind = TEA_PLACE_INVITATION;
  self->listing = g_object_ref (listing);
  self->invited = g_get_real_time ();
  update (self);

  return self;
}

/**
 * tea_place_get_kind:
 * @self: a place
 *
 * Returns: what it is
 */
TeaPlaceKind
tea_place_get_kind (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), TEA_PLACE_HALL);

  return self->kind;
}

/**
 * tea_place_get_client:
 * @self: a place
 *
 * Returns: (transfer none): who is in its house
 */
TeaClient *
tea_place_get_client (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->client;
}

/**
 * tea_place_get_conversation:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): what is said there; %NULL for an invitation
 */
TeaConversation *
tea_place_get_conversation (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->conversation;
}

/**
 * tea_place_get_listing:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): what is known of a room to which one is invited; %NULL
 *   for all other places
 */
TeaListing *
tea_place_get_listing (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->listing;
}

/**
 * tea_place_get_draft:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): what somebody has begun to write; %NULL for an
 *   invitation
 */
TeaDraft *
tea_place_get_draft (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->draft;
}

/**
 * tea_place_get_address:
 * @self: a place
 *
 * Returns: its address in its house; empty for the hall
 */
const char *
tea_place_get_address (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->conversation != NULL ? tea_conversation_get_address (self->conversation)
                                    : tea_listing_get_address (self->listing);
}

/**
 * tea_place_get_name:
 * @self: a place
 *
 * Returns: what it is called
 */
const char *
tea_place_get_name (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->name;
}

/**
 * tea_place_get_house_name:
 * @self: a place
 *
 * Returns: what its house is called
 */
const char *
tea_place_get_house_name (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->house_name;
}

/**
 * tea_place_get_last:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): the message that was said last, as far as is known
 */
TeaTimelineItem *
tea_place_get_last (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->last;
}

/**
 * tea_place_get_time:
 * @self: a place
 *
 * Returns: when something was said last, or the invitation came, in µs since 1970; 0 for never
 */
gint64
tea_place_get_time (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), 0);

  return self->last != NULL ? tea_timeline_item_get_time (self->last) : self->invited;
}

/**
 * tea_place_get_unread:
 * @self: a place
 *
 * Returns: how many messages have not been read, up to 1000
 */
guint
tea_place_get_unread (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), 0);

  return self->conversation != NULL ? tea_conversation_get_unread (self->conversation) : 0;
}

/**
 * tea_place_get_is_mentioned:
 * @self: a place
 *
 * Returns: whether one of the unread messages mentions this program's user
 */
gboolean
tea_place_get_is_mentioned (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  return self->is_mentioned;
}

/**
 * tea_place_get_is_typing:
 * @self: a place
 *
 * Returns: whether somebody else is writing there
 */
gboolean
tea_place_get_is_typing (TeaPlace *self)
{
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  if (self->conversation != NULL)
    names = tea_conversation_dup_typing (self->conversation);

  return names != NULL && names[0] != NULL;
}

/**
 * tea_place_get_is_hosted:
 * @self: a place
 *
 * Returns: whether its house is on this computer
 */
gboolean
tea_place_get_is_hosted (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  return self->is_hosted;
}

/**
 * tea_place_get_is_private:
 * @self: a place
 *
 * Returns: whether it is a room that is not open to everybody in the house
 */
gboolean
tea_place_get_is_private (TeaPlace *self)
{
  TeaRoomFlags flags;

  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  if (self->kind != TEA_PLACE_ROOM)
    return FALSE;

  flags = tea_conversation_get_flags (self->conversation);

  return (flags & TEA_ROOM_LISTED) == 0 || (flags & TEA_ROOM_BY_INVITATION) != 0;
}

/**
 * tea_place_get_is_lost:
 * @self: a place
 *
 * Returns: whether its house cannot be reached now
 */
gboolean
tea_place_get_is_lost (TeaPlace *self)
{
  TeaClientState state;

  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  state = tea_client_get_state (self->client);

  return state != TEA_CLIENT_INSIDE && state != TEA_CLIENT_LEAVING;
}

/**
 * tea_place_get_is_muted:
 * @self: a place
 *
 * Returns: whether the user does not want to hear of anything there
 */
gboolean
tea_place_get_is_muted (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  return self->notify != NULL && tea_notify_choice_get_notify (self->notify) == TEA_NOTIFY_NOTHING;
}

/**
 * tea_place_get_notify_choice:
 * @self: a place
 *
 * Returns: (transfer none) (nullable): of what there to notify; %NULL for an invitation
 */
TeaNotifyChoice *
tea_place_get_notify_choice (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), NULL);

  return self->notify;
}

/**
 * tea_place_may_invite:
 * @self: a place
 *
 * Returns: whether its user may invite others to it
 */
gboolean
tea_place_may_invite (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  if (self->kind == TEA_PLACE_HALL)
    return TRUE;

  return self->kind == TEA_PLACE_ROOM
         && (tea_conversation_get_role (self->conversation) >= TEA_ROOM_ROLE_MODERATOR
             || (tea_conversation_get_flags (self->conversation) & TEA_ROOM_MEMBERS_MAY_INVITE)
                    != 0);
}

/**
 * tea_place_has_news:
 * @self: a place
 *
 * Returns: whether there is something to see for this program's user, who may not want to hear
 *   of it
 */
gboolean
tea_place_has_news (TeaPlace *self)
{
  g_return_val_if_fail (TEA_IS_PLACE (self), FALSE);

  return self->kind == TEA_PLACE_INVITATION
         || (tea_place_get_unread (self) > 0 && !tea_place_get_is_muted (self));
}
