/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-connection.h"

#include <glib/gi18n-lib.h>

#include "tea-conversation-private.h"
#include "tea-dtls-connector.h"
#include "tea-error.h"
#include "tea-identity.h"
#include "tea-rejoiner.h"
#include "tea-room-address.h"
#include "tea-room-ref.h"
#include "tea-undertaking.h"
#include "tea-user-path.h"

/* Who is in the hall is asked for as soon as it is open; whoever joins waits so long for it. */
#define MEMBERS_PATIENCE (2 * G_TIME_SPAN_SECOND)

/* What is stored sooner need not be kept. */
#define KEEP_DELAY (1 * G_TIME_SPAN_SECOND)

/**
 * TeaConnection:
 *
 * A client's connection to a house: how it gets there, back there after it was lost, and
 * away, whatever protocol is spoken; and the conversations that it has there.
 */
struct _TeaConnection
{
  GObject parent_instance;

  TeaClock *clock;           /* (owned) */
  TeaConversation *hall;     /* (owned) */
  GListStore *conversations; /* (owned) (element-type TeaConversation): the hall, then the rooms
                                that are open */
  GPtrArray *opening;        /* (element-type TeaConversation): rooms that are asked for */

  TeaClientState state;
  GNetworkAddress *address; /* (owned) (nullable) */
  char *name;               /* (nullable) */
  char *password;           /* (nullable) */
  char *reason;             /* (nullable) */
  char *room_name;          /* (nullable) */
  char *server_key;         /* (nullable) */
  char *suggestion;         /* (nullable) */
  guint64 since;
  guint history;
  guint32 stream; /* what tells this program's messages from those of others */

  char *outbox_folder;        /* (nullable) */
  TeaOutboxFile *outbox_file; /* (owned) (nullable): of the house at @address */
  TeaTimer *keep_timer;       /* (owned) */

  TeaUndertaking joining;
  TeaTimer *members_timer;          /* (owned): who is in, and joins, does not wait for ever */
  TeaPacketConnector *connector;    /* (owned) (nullable) */
  TeaDtlsConnector *way;            /* (owned) (nullable): the real one of the latest try */
  char *trusted_key;                /* (nullable): of the server at @address */
  TeaKnownServers *known;           /* (owned) (nullable): until there is a connector */
  TeaLink *link;                    /* (owned) (nullable) */
  TeaRejoiner *rejoiner;            /* (owned) (nullable): with the link */
  GNetworkMonitor *network_monitor; /* (owned) (nullable) */
  GSignalGroup *link_signals;       /* (owned) */
  GSignalGroup *secure_signals;     /* (owned): of a secure link */
  GSignalGroup *rejoiner_signals;   /* (owned) */
  GSignalGroup *network_signals;    /* (owned) */
  gboolean is_in;                   /* and joins still, as it does not know who else is */
  guint n_said;                     /* how many messages waited for the room when it was opened */
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_EDIT_HOURS,
  PROP_NAME,
  PROP_REASON,
  PROP_ROOM_NAME,
  PROP_SERVER_KEY,
  PROP_STATE,
  PROP_SUGGESTION,
  N_PROPS
};

enum
{
  SIGNAL_NEWS,
  SIGNAL_REJOINED,
  N_SIGNALS
};

#define READABLE (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaConnection, tea_connection, G_TYPE_OBJECT)

/* What is not stored */

static void
keep_room (TeaConnection *self, TeaConversation *conversation)
{
  g_autofree char *room = tea_room_ref_fold (tea_conversation_get_address (conversation));

  tea_outbox_keep (tea_conversation_get_outbox (conversation), self->outbox_file,
                   room != NULL ? room : "");
}

static void
save_outboxes (TeaConnection *self)
{
  g_autoptr (GError) error = NULL;

  tea_timer_unset (self->keep_timer);
  if (self->outbox_file == NULL)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (TeaConversation) conversation
          = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      keep_room (self, conversation);
    }
  if (TEA_IS_SECURE_LINK (self->link))
    tea_outbox_file_set_stream (self->outbox_file,
                                tea_secure_link_get_stream (TEA_SECURE_LINK (self->link)));
  if (!tea_outbox_file_save (self->outbox_file, &error))
    g_warning ("What is not sent could not be kept: %s", error->message);
}

static void
keep_timer_cb (gpointer user_data)
{
  save_outboxes (TEA_CONNECTION (user_data));
}

static void
unsent_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  if (self->outbox_file != NULL && tea_timer_get_due (self->keep_timer) == 0)
    tea_timer_set (self->keep_timer, KEEP_DELAY);
}

/* What waited has numbers now: it must not get others from the next program. */
static void
numbered_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  if (self->outbox_file != NULL && !tea_outbox_file_get_is_empty (self->outbox_file))
    save_outboxes (self);
}

static void
restore_room (TeaConnection *self, TeaConversation *conversation)
{
  g_autofree char *room = tea_room_ref_fold (tea_conversation_get_address (conversation));

  g_object_connect (conversation, "swapped-object-signal::notify::n-unsent", unsent_cb, self,
                    "swapped-object-signal::opened", numbered_cb, self, NULL);
  if (self->outbox_file != NULL)
    tea_outbox_restore (tea_conversation_get_outbox (conversation), self->outbox_file,
                        room != NULL ? room : "");
}

/* What tells the house from all others: who serves it, as far as that is known before one is
 * there. */
static char *
dup_house (TeaConnection *self, TeaProtocol protocol)
{
  const char *expected = NULL;
  char *key = NULL;

  if (protocol == TEA_PROTOCOL_CLASSIC)
    return tea_room_address_to_string (self->address);

  if (TEA_IS_ROOM_ADDRESS (self->address))
    expected = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (self->address));
  if (expected != NULL)
    return g_strdup (expected);
  if (self->known == NULL || !tea_known_servers_lookup (self->known, self->address, &key, NULL))
    return NULL;

  return key;
}

static TeaOutboxFile *
open_outbox_file (TeaConnection *self, const char *house)
{
  g_autoptr (GError) error = NULL;
  TeaOutboxFile *file = tea_outbox_file_open (self->outbox_folder, house, &error);

  if (file == NULL)
    g_info ("What is not sent is not kept: %s", error->message);

  return file;
}

/* Takes up what an earlier program could not get rid of in the house that is joined now. */
static void
take_up_outbox (TeaConnection *self, TeaProtocol protocol)
{
  TeaOutbox *outbox = tea_conversation_get_outbox (self->hall);
  g_autofree char *house = NULL;

  if (self->outbox_folder == NULL)
    return;

  house = dup_house (self, protocol);
  if (self->outbox_file != NULL)
    {
      if (g_strcmp0 (house, tea_outbox_file_get_house (self->outbox_file)) == 0)
        return;

      save_outboxes (self);
      g_clear_object (&self->outbox_file);
      tea_outbox_give_up (outbox);
      self->stream = 0;
    }

  if (house == NULL || tea_outbox_get_n_unsent (outbox) > 0)
    return;

  self->outbox_file = open_outbox_file (self, house);
  if (self->outbox_file == NULL || tea_outbox_file_get_is_empty (self->outbox_file))
    return;

  self->stream = tea_outbox_file_get_stream (self->outbox_file);
  tea_outbox_restore (outbox, self->outbox_file, "");
}

/* On the first visit it is known only now whose house it is. */
static void
find_outbox_file (TeaConnection *self)
{
  if (self->outbox_folder == NULL || self->outbox_file != NULL || self->server_key == NULL)
    return;

  self->outbox_file = open_outbox_file (self, self->server_key);
  /* What is kept has numbers of another stream: it waits for the next program. */
  if (self->outbox_file != NULL && !tea_outbox_file_get_is_empty (self->outbox_file))
    g_clear_object (&self->outbox_file);
  unsent_cb (self);
}

/* One is in, and knows who else is, or will not soon. */
static void
finish_joining (TeaConnection *self)
{
  g_autoptr (GTask) task = NULL;

  if (!self->is_in)
    return;

  self->is_in = FALSE;
  tea_timer_unset (self->members_timer);
  task = tea_undertaking_end (&self->joining);
  g_task_return_boolean (task, TRUE);
}

static void
members_timer_cb (gpointer user_data)
{
  finish_joining (TEA_CONNECTION (user_data));
}

static void
members_known_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  if (tea_conversation_get_members_known (self->hall))
    finish_joining (self);
}

static void
set_state (TeaConnection *self, TeaClientState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (state != TEA_CLIENT_JOINING && state != TEA_CLIENT_INSIDE)
    finish_joining (self);
}

static void
set_string (TeaConnection *self, char **member, const char *value, guint property)
{
  if (g_strcmp0 (*member, value) == 0)
    return;

  g_free (*member);
  *member = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
clear_link (TeaConnection *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GPtrArray) opening = NULL;

  save_outboxes (self);
  finish_joining (self);
  task = tea_undertaking_end (&self->joining);
  g_signal_group_set_target (self->network_signals, NULL);
  g_clear_object (&self->network_monitor);
  g_signal_group_set_target (self->rejoiner_signals, NULL);
  if (self->rejoiner != NULL)
    tea_rejoiner_stop (self->rejoiner);
  g_clear_object (&self->rejoiner);

  g_signal_group_set_target (self->link_signals, NULL);
  g_signal_group_set_target (self->secure_signals, NULL);
  if (TEA_IS_SECURE_LINK (self->link))
    {
      self->stream = tea_secure_link_get_stream (TEA_SECURE_LINK (self->link));
      tea_secure_link_stop (TEA_SECURE_LINK (self->link));
    }

  opening = g_steal_pointer (&self->opening);
  self->opening = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < opening->len; i++)
    tea_conversation_unfollow (opening->pdata[i]);
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i-- > 1;)
    {
      g_autoptr (TeaConversation) conversation
          = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      tea_conversation_unfollow (conversation);
      g_list_store_remove (self->conversations, i);
    }
  tea_conversation_unfollow (self->hall);
  g_clear_object (&self->link);
  g_clear_object (&self->connector);
  g_clear_object (&self->known);

  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Left");
}

/* What becomes of the link */

static void
lost_cb (TeaConnection *self, gboolean soon)
{
  g_assert (TEA_IS_CONNECTION (self));

  tea_rejoiner_start (self->rejoiner, soon);
}

static void
ended_cb (TeaConnection *self, const char *reason)
{
  g_assert (TEA_IS_CONNECTION (self));

  set_string (self, &self->reason, reason, PROP_REASON);
  set_state (self, TEA_CLIENT_ENDED);
}

static void
rejoined_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  set_state (self, TEA_CLIENT_INSIDE);
  g_signal_emit (self, signals[SIGNAL_REJOINED], 0, self->n_said);
}

static void
opened_cb (TeaConnection *self, guint n_said)
{
  g_assert (TEA_IS_CONNECTION (self));

  self->n_said = n_said;
}

/* Whether there is a way into the Internet says nothing about whether there is one to the
 * server. */
static void
network_changed_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  if (self->state == TEA_CLIENT_LOST)
    tea_rejoiner_try_now (self->rejoiner);
  else if (self->link != NULL)
    tea_secure_link_note_network_changed (TEA_SECURE_LINK (self->link));
}

static void
limits_cb (TeaConnection *self)
{
  g_assert (TEA_IS_CONNECTION (self));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDIT_HOURS]);
}

static void
news_cb (TeaConnection *self, TeaListing *listing)
{
  g_assert (TEA_IS_CONNECTION (self));

  g_signal_emit (self, signals[SIGNAL_NEWS], 0, listing);
}

/* Rooms */

static gboolean
is_at (TeaConversation *conversation, const char *address)
{
  g_autofree char *one = tea_room_ref_fold (tea_conversation_get_address (conversation));
  g_autofree char *other = tea_room_ref_fold (address);

  return g_strcmp0 (one, other) == 0;
}

static TeaConversation *
find_conversation (TeaConnection *self, const char *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (TeaConversation) conversation
          = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      if (is_at (conversation, address))
        return conversation;
    }

  return NULL;
}

static void
forget_conversation (TeaConnection *self, TeaConversation *conversation)
{
  guint position;

  if (self->outbox_file != NULL)
    keep_room (self, conversation);
  unsent_cb (self);
  tea_conversation_unfollow (conversation);
  if (g_list_store_find (self->conversations, conversation, &position) && position > 0)
    g_list_store_remove (self->conversations, position);
}

static void
room_closed_cb (TeaConnection *self, GError *error, TeaConversation *conversation)
{
  g_assert (TEA_IS_CONNECTION (self));

  forget_conversation (self, conversation);
}

static void
room_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TeaConversation *conversation = TEA_CONVERSATION (source);
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConnection *self = TEA_CONNECTION (g_task_get_source_object (task));
  g_autoptr (TeaConversation) kept = g_object_ref (conversation);
  TeaConversation *other;
  g_autoptr (GError) error = NULL;

  g_ptr_array_remove (self->opening, conversation);
  if (!tea_conversation_open_finish (conversation, result, &error))
    {
      tea_conversation_unfollow (conversation);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* An old name has led to a room that is open under its own. */
  other = find_conversation (self, tea_conversation_get_address (conversation));
  if (other != NULL)
    {
      tea_conversation_unfollow (conversation);
      g_task_return_pointer (task, g_object_ref (other), g_object_unref);
      return;
    }

  g_signal_connect_object (conversation, "closed", G_CALLBACK (room_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_list_store_append (self->conversations, conversation);
  g_task_return_pointer (task, g_steal_pointer (&kept), g_object_unref);
}

static void
open_room (TeaConnection *self, const TeaRoomPlan *plan, GTask *task)
{
  g_autoptr (GTask) owned = task;
  TeaConversation *conversation = find_conversation (self, plan->address);

  if (conversation != NULL)
    {
      g_task_return_pointer (task, g_object_ref (conversation), g_object_unref);
      return;
    }
  for (guint i = 0; i < self->opening->len; i++)
    if (is_at (self->opening->pdata[i], plan->address))
      {
        g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "It is opened already");
        return;
      }
  if (!TEA_IS_SECURE_LINK (self->link))
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                               _ ("There are rooms only while one is connected, with encryption."));
      return;
    }

  if (g_list_model_get_n_items (G_LIST_MODEL (self->conversations)) + self->opening->len
      >= TEA_SECURE_LINK_ROOMS_MAX)
    {
      g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_REFUSED,
                               _ ("No more than %u rooms can be open at a time."),
                               TEA_SECURE_LINK_ROOMS_MAX);
      return;
    }

  conversation = tea_conversation_new (self->clock, plan->address);
  g_ptr_array_add (self->opening, conversation);
  tea_conversation_enter (conversation, self->name);
  restore_room (self, conversation);
  tea_conversation_open_async (conversation, TEA_SECURE_LINK (self->link), plan,
                               g_task_get_cancellable (task), room_opened_cb,
                               g_steal_pointer (&owned));
}

/* Joining */

static void
note_secure_server (TeaConnection *self, TeaSecureLink *link)
{
  const char *name = tea_secure_link_get_name (link);

  set_string (self, &self->server_key, tea_secure_link_get_server_key (link), PROP_SERVER_KEY);
  set_string (self, &self->room_name, tea_secure_link_get_title (link), PROP_ROOM_NAME);
  set_string (self, &self->suggestion, tea_secure_link_get_suggestion (link), PROP_SUGGESTION);

  /* The server may write it a little differently. */
  if (name != NULL)
    {
      set_string (self, &self->name, name, PROP_NAME);
      tea_conversation_set_own_name (self->hall, name);
    }
}

static void
join_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConnection) self = TEA_CONNECTION (user_data);
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_inside = tea_link_join_finish (TEA_LINK (source), result, &error);

  /* Somebody has left meanwhile. */
  if (self->link != TEA_LINK (source))
    return;

  if (TEA_IS_SECURE_LINK (source))
    note_secure_server (self, TEA_SECURE_LINK (source));

  if (!is_inside)
    {
      task = tea_undertaking_end (&self->joining);
      clear_link (self);
      set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->is_in = TRUE;
  find_outbox_file (self);
  set_state (self, TEA_CLIENT_INSIDE);
  if (TEA_IS_CLASSIC_LINK (source))
    {
      tea_conversation_tell_arrival (self->hall, tea_clock_get_real_time (self->clock));
      finish_joining (self);
      return;
    }

  tea_timer_set (self->members_timer, MEMBERS_PATIENCE);
  members_known_cb (self);
}

static void
join_through (TeaConnection *self, TeaLink *link)
{
  self->link = link;
  self->rejoiner = tea_rejoiner_new (link, self->clock, TEA_IS_SECURE_LINK (link));
  g_signal_group_set_target (self->link_signals, link);
  if (TEA_IS_SECURE_LINK (link))
    g_signal_group_set_target (self->secure_signals, link);
  g_signal_group_set_target (self->rejoiner_signals, self->rejoiner);
  tea_link_join_async (link, tea_undertaking_get_steps (&self->joining), join_cb,
                       g_object_ref (self));
}

static void
join_classic (TeaConnection *self)
{
  TeaClassicLink *link = tea_classic_link_new (self->clock, self->address, self->name);

  tea_conversation_follow_classic (self->hall, link);
  join_through (self, TEA_LINK (link));
}

static void
join_secure (TeaConnection *self)
{
  TeaSecureLink *link = tea_secure_link_new (self->clock, self->connector, self->name,
                                             self->password, self->stream);

  tea_conversation_follow_secure (self->hall, link,
                                  &(TeaRoomPlan){
                                      .address = "",
                                      .since = self->since,
                                      .history = self->history,
                                  });
  join_through (self, TEA_LINK (link));
}

static void
load_identity (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaIdentity) identity = tea_identity_load_or_create (data, &error);

  if (identity != NULL)
    g_task_return_pointer (task, g_steal_pointer (&identity), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
identity_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaConnection) self = TEA_CONNECTION (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaIdentity) identity = g_task_propagate_pointer (G_TASK (result), &error);
  const char *expected = NULL;

  /* Somebody has left meanwhile. */
  if (tea_undertaking_get_steps (&self->joining) != g_task_get_cancellable (G_TASK (result)))
    return;

  if (identity == NULL)
    {
      g_autoptr (GTask) task = tea_undertaking_end (&self->joining);

      set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (TEA_IS_ROOM_ADDRESS (self->address))
    expected = tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (self->address));
  g_clear_object (&self->way);
  self->way = tea_dtls_connector_new (self->address, identity, expected, self->known, self->clock);
  if (self->trusted_key != NULL)
    tea_dtls_connector_trust (self->way, self->trusted_key);
  g_set_object (&self->connector, TEA_PACKET_CONNECTOR (self->way));
  join_secure (self);

  g_set_object (&self->network_monitor, g_network_monitor_get_default ());
  g_signal_group_set_target (self->network_signals, self->network_monitor);
}

/* The thread is not to be the last that holds the connection: its task has no source. */
static void
find_connector (TeaConnection *self, const char *identity_file)
{
  g_autofree char *user_dir = tea_user_path_dup_data_dir ();
  g_autoptr (GTask) loading = g_task_new (NULL, tea_undertaking_get_steps (&self->joining),
                                          identity_cb, g_object_ref (self));

  g_task_set_source_tag (loading, find_connector);
  g_task_set_task_data (loading,
                        identity_file != NULL
                            ? g_strdup (identity_file)
                            : g_build_filename (user_dir, "teahouse", "identity.pem", NULL),
                        g_free);
  g_task_run_in_thread (loading, load_identity);
}

static gboolean
given_up_cb (GCancellable *cancellable, gpointer user_data)
{
  TeaConnection *self = TEA_CONNECTION (user_data);

  if (self->is_in)
    finish_joining (self);
  else
    tea_undertaking_cancel_steps (&self->joining);

  return G_SOURCE_REMOVE;
}

static void
leave_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  TeaConnection *self = TEA_CONNECTION (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;

  tea_link_leave_finish (TEA_LINK (source), result, &error);

  /* Whoever has not waited for this may be on the way in again. */
  if (self->link == TEA_LINK (source))
    {
      clear_link (self);
      set_state (self, TEA_CLIENT_OUTSIDE);
    }

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
tea_connection_dispose (GObject *object)
{
  TeaConnection *self = TEA_CONNECTION (object);

  if (self->hall != NULL)
    clear_link (self);
  g_clear_pointer (&self->members_timer, tea_timer_free);
  g_clear_pointer (&self->keep_timer, tea_timer_free);
  g_clear_object (&self->outbox_file);
  g_clear_pointer (&self->opening, g_ptr_array_unref);
  g_clear_object (&self->conversations);
  g_clear_object (&self->secure_signals);
  g_clear_object (&self->link_signals);
  g_clear_object (&self->rejoiner_signals);
  g_clear_object (&self->network_signals);
  g_clear_object (&self->way);
  g_clear_object (&self->address);
  g_clear_object (&self->hall);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (tea_connection_parent_class)->dispose (object);
}

static void
tea_connection_finalize (GObject *object)
{
  TeaConnection *self = TEA_CONNECTION (object);

  g_free (self->outbox_folder);
  g_free (self->name);
  g_free (self->password);
  g_free (self->reason);
  g_free (self->room_name);
  g_free (self->server_key);
  g_free (self->suggestion);
  g_free (self->trusted_key);

  G_OBJECT_CLASS (tea_connection_parent_class)->finalize (object);
}

static void
tea_connection_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  TeaConnection *self = TEA_CONNECTION (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_object (value, self->address);
      break;
    case PROP_EDIT_HOURS:
      g_value_set_uint (value, tea_connection_get_edit_hours (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_ROOM_NAME:
      g_value_set_string (value, self->room_name);
      break;
    case PROP_SERVER_KEY:
      g_value_set_string (value, self->server_key);
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) self->state);
      break;
    case PROP_SUGGESTION:
      g_value_set_string (value, self->suggestion);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tea_connection_class_init (TeaConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_connection_dispose;
  object_class->finalize = tea_connection_finalize;
  object_class->get_property = tea_connection_get_property;

  properties[PROP_ADDRESS]
      = g_param_spec_object ("address", NULL, NULL, G_TYPE_NETWORK_ADDRESS, READABLE);
  properties[PROP_EDIT_HOURS]
      = g_param_spec_uint ("edit-hours", NULL, NULL, 0, G_MAXUINT, 0, READABLE);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, READABLE);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, READABLE);
  properties[PROP_ROOM_NAME] = g_param_spec_string ("room-name", NULL, NULL, NULL, READABLE);
  properties[PROP_SERVER_KEY] = g_param_spec_string ("server-key", NULL, NULL, NULL, READABLE);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, TEA_TYPE_CLIENT_STATE,
                                              TEA_CLIENT_OUTSIDE, READABLE);
  properties[PROP_SUGGESTION] = g_param_spec_string ("suggestion", NULL, NULL, NULL, READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TeaConnection::news:
   * @self: the connection
   * @listing: a room
   *
   * A room that is not open has news, or is one to which one is invited.
   */
  signals[SIGNAL_NEWS] = g_signal_new ("news", TEA_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, TEA_TYPE_LISTING);
  /**
   * TeaConnection::rejoined:
   * @self: the connection
   * @n_said: how many waiting messages were said at once
   *
   * It is there again after it was lost.
   */
  signals[SIGNAL_REJOINED] = g_signal_new ("rejoined", TEA_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
tea_connection_init (TeaConnection *self)
{
  self->link_signals = g_signal_group_new (TEA_TYPE_LINK);
  g_signal_group_connect_swapped (self->link_signals, "lost", G_CALLBACK (lost_cb), self);
  g_signal_group_connect_swapped (self->link_signals, "ended", G_CALLBACK (ended_cb), self);

  self->secure_signals = g_signal_group_new (TEA_TYPE_SECURE_LINK);
  g_signal_group_connect_swapped (self->secure_signals, "news", G_CALLBACK (news_cb), self);
  g_signal_group_connect_swapped (self->secure_signals, "limits", G_CALLBACK (limits_cb), self);

  self->rejoiner_signals = g_signal_group_new (TEA_TYPE_REJOINER);
  g_signal_group_connect_swapped (self->rejoiner_signals, "changed", G_CALLBACK (set_state), self);
  g_signal_group_connect_swapped (self->rejoiner_signals, "rejoined", G_CALLBACK (rejoined_cb),
                                  self);
  g_signal_group_connect_swapped (self->rejoiner_signals, "refused", G_CALLBACK (ended_cb), self);

  self->network_signals = g_signal_group_new (G_TYPE_NETWORK_MONITOR);
  g_signal_group_connect_swapped (self->network_signals, "network-changed",
                                  G_CALLBACK (network_changed_cb), self);
}

/**
 * tea_connection_new:
 * @clock: by which clock
 *
 * Returns: (transfer full): a connection to nowhere
 */
TeaConnection *
tea_connection_new (TeaClock *clock)
{
  TeaConnection *self;

  g_return_val_if_fail (TEA_IS_CLOCK (clock), NULL);

  self = g_object_new (TEA_TYPE_CONNECTION, NULL);
  self->clock = g_object_ref (clock);
  self->members_timer = tea_timer_new (clock, members_timer_cb, self);
  self->hall = tea_conversation_new (clock, "");
  self->conversations = g_list_store_new (TEA_TYPE_CONVERSATION);
  g_list_store_append (self->conversations, self->hall);
  self->opening = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_connect (self->hall, "swapped-object-signal::opened", opened_cb, self,
                    "swapped-object-signal::notify::members-known", members_known_cb, self, NULL);
  self->keep_timer = tea_timer_new (clock, keep_timer_cb, self);
  restore_room (self, self->hall);

  return self;
}

/**
 * tea_connection_join_async:
 * @self: a connection that is %TEA_CLIENT_OUTSIDE
 * @plan: how to enter; it need not stay
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Asks to enter.
 */
void
tea_connection_join_async (TeaConnection *self,
                           const TeaConnectionPlan *plan,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CONNECTION (self));
  g_return_if_fail (plan != NULL);
  g_return_if_fail (self->state == TEA_CLIENT_OUTSIDE);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_connection_join_async);
  /* Who is in is told so, even if it was given up in the same moment. */
  g_task_set_check_cancellable (task, FALSE);
  tea_undertaking_begin (&self->joining, task, given_up_cb, self);

  set_string (self, &self->name, plan->name, PROP_NAME);
  set_string (self, &self->suggestion, NULL, PROP_SUGGESTION);
  set_string (self, &self->server_key, NULL, PROP_SERVER_KEY);
  set_string (self, &self->room_name, NULL, PROP_ROOM_NAME);
  if (g_set_object (&self->address, plan->address))
    {
      g_clear_pointer (&self->trusted_key, g_free);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESS]);
    }
  g_free (self->password);
  self->password = g_strdup (plan->password);
  self->since = plan->since;
  self->history = plan->history;
  g_set_object (&self->known, plan->known);
  g_set_object (&self->connector, plan->connector);
  g_free (self->outbox_folder);
  self->outbox_folder = g_strdup (plan->outbox_folder);
  tea_conversation_enter (self->hall, plan->name);
  take_up_outbox (self, plan->protocol);
  set_state (self, TEA_CLIENT_JOINING);

  if (plan->protocol == TEA_PROTOCOL_CLASSIC)
    join_classic (self);
  else if (self->connector != NULL)
    join_secure (self);
  else
    find_connector (self, plan->identity_file);
}

/**
 * tea_connection_join_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether one is in
 */
gboolean
tea_connection_join_finish (TeaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_connection_leave_async:
 * @self: a connection
 * @cancellable: (nullable): to give up with
 * @callback: called when one is out
 * @user_data: for @callback
 *
 * Says goodbye, where one is in, and does not try to get in any more.
 */
void
tea_connection_leave_async (TeaConnection *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_connection_leave_async);

  if (self->state != TEA_CLIENT_INSIDE)
    {
      clear_link (self);
      set_state (self, TEA_CLIENT_OUTSIDE);
      g_task_return_boolean (task, TRUE);
      return;
    }

  set_state (self, TEA_CLIENT_LEAVING);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (TeaConversation) conversation
          = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      tea_conversation_stop (conversation);
    }
  tea_link_leave_async (self->link, cancellable, leave_cb, g_steal_pointer (&task));
}

/**
 * tea_connection_leave_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: whether one is out; only cancelling prevents it
 */
gboolean
tea_connection_leave_finish (TeaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * tea_connection_trust_server_key:
 * @self: a connection whose latest try ended with %TEA_ERROR_KEY_NOT_KEPT
 *
 * Takes the key that the server has shown for the right one, at the same address.
 */
void
tea_connection_trust_server_key (TeaConnection *self)
{
  g_return_if_fail (TEA_IS_CONNECTION (self));
  g_return_if_fail (self->way != NULL);

  g_free (self->trusted_key);
  self->trusted_key = g_strdup (tea_dtls_connector_get_server_key (self->way));
}

/**
 * tea_connection_reconnect:
 * @self: a connection
 *
 * Tries to get back in now. Does nothing where one is in, or on the way.
 */
void
tea_connection_reconnect (TeaConnection *self)
{
  g_return_if_fail (TEA_IS_CONNECTION (self));

  if (self->state == TEA_CLIENT_LOST || self->state == TEA_CLIENT_GIVEN_UP
      || self->state == TEA_CLIENT_ENDED)
    tea_rejoiner_try_now (self->rejoiner);
}

/**
 * tea_connection_open_room_async:
 * @self: a connection
 * @address: the address of a room
 * @password: (nullable): its password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Opens a room.
 */
void
tea_connection_open_room_async (TeaConnection *self,
                                const char *address,
                                const char *password,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CONNECTION (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_connection_open_room_async);
  open_room (self,
             &(TeaRoomPlan){
                 .address = address,
                 .password = password,
                 .history = self->history,
             },
             task);
}

/**
 * tea_connection_make_room_async:
 * @self: a connection
 * @address: the address of a room
 * @title: (nullable): what it is to be called
 * @flags: how it is to be
 * @password: (nullable): its password
 * @cancellable: (nullable): to give up with
 * @callback: called when it is decided
 * @user_data: for @callback
 *
 * Makes a room, and opens it.
 */
void
tea_connection_make_room_async (TeaConnection *self,
                                const char *address,
                                const char *title,
                                TeaRoomFlags flags,
                                const char *password,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task;

  g_return_if_fail (TEA_IS_CONNECTION (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_connection_make_room_async);
  open_room (self,
             &(TeaRoomPlan){
                 .address = address,
                 .password = password,
                 .makes = TRUE,
                 .flags = flags,
                 .title = title,
                 .history = self->history,
             },
             task);
}

/**
 * tea_connection_open_room_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer full): the conversation in the room that was opened or made
 */
TeaConversation *
tea_connection_open_room_finish (TeaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_connection_close_room:
 * @self: a connection
 * @conversation: one of its conversations, but not the hall
 *
 * Closes a room.
 */
void
tea_connection_close_room (TeaConnection *self, TeaConversation *conversation)
{
  g_return_if_fail (TEA_IS_CONNECTION (self));
  g_return_if_fail (TEA_IS_CONVERSATION (conversation));
  g_return_if_fail (conversation != self->hall);

  forget_conversation (self, conversation);
}

/**
 * tea_connection_forget_room:
 * @self: a connection
 * @address: the address of a room that is not open
 *
 * Wants no more news of a room.
 */
void
tea_connection_forget_room (TeaConnection *self, const char *address)
{
  g_return_if_fail (TEA_IS_CONNECTION (self));

  if (TEA_IS_SECURE_LINK (self->link))
    tea_secure_link_forget_room (TEA_SECURE_LINK (self->link), address);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GPtrArray *rooms = tea_secure_link_list_rooms_finish (TEA_SECURE_LINK (source), result, &error);

  if (rooms != NULL)
    g_task_return_pointer (task, rooms, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * tea_connection_list_rooms_async:
 * @self: a connection
 * @which: which rooms
 * @cancellable: (nullable): to give up with
 * @callback: called when they are known
 * @user_data: for @callback
 *
 * Asks which rooms there are.
 */
void
tea_connection_list_rooms_async (TeaConnection *self,
                                 TeaRoomList which,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TEA_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_connection_list_rooms_async);
  if (TEA_IS_SECURE_LINK (self->link))
    tea_secure_link_list_rooms_async (TEA_SECURE_LINK (self->link), which, cancellable, listed_cb,
                                      g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_ptr_array_new_with_free_func (g_object_unref),
                           (GDestroyNotify) g_ptr_array_unref);
}

/**
 * tea_connection_list_rooms_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Returns: (transfer container) (element-type TeaListing): the rooms
 */
GPtrArray *
tea_connection_list_rooms_finish (TeaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * tea_connection_get_hall:
 * @self: a connection
 *
 * Returns: (transfer none): the conversation in the hall
 */
TeaConversation *
tea_connection_get_hall (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->hall;
}

/**
 * tea_connection_get_conversations:
 * @self: a connection
 *
 * Returns: (transfer none): a list of #TeaConversation: the hall, then the rooms that are open
 */
GListModel *
tea_connection_get_conversations (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return G_LIST_MODEL (self->conversations);
}

/**
 * tea_connection_may_make_rooms:
 * @self: a connection
 *
 * Returns: whether its user may make rooms
 */
gboolean
tea_connection_may_make_rooms (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), FALSE);

  return TEA_IS_SECURE_LINK (self->link)
         && (tea_secure_link_get_flags (TEA_SECURE_LINK (self->link)) & TEA_HOUSE_MAY_MAKE_ROOMS)
                != 0;
}

/**
 * tea_connection_get_edit_hours:
 * @self: a connection
 *
 * Returns: for how many hours one can edit a message; 0 for ever, and before that is known
 */
guint
tea_connection_get_edit_hours (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), 0);

  return TEA_IS_SECURE_LINK (self->link)
             ? tea_secure_link_get_edit_hours (TEA_SECURE_LINK (self->link))
             : 0;
}

/**
 * tea_connection_get_state:
 * @self: a connection
 *
 * Returns: where it stands
 */
TeaClientState
tea_connection_get_state (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), TEA_CLIENT_OUTSIDE);

  return self->state;
}

/**
 * tea_connection_get_next_try:
 * @self: a connection
 *
 * Returns: when it will try to get back in, on its clock, in µs; 0 when no try is planned
 */
gint64
tea_connection_get_next_try (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), 0);

  return self->rejoiner != NULL ? tea_rejoiner_get_next_try (self->rejoiner) : 0;
}

/**
 * tea_connection_get_address:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): where the server is
 */
GNetworkAddress *
tea_connection_get_address (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->address;
}

/**
 * tea_connection_get_name:
 * @self: a connection
 *
 * Returns: (nullable): what its user is, or wants to be, called
 */
const char *
tea_connection_get_name (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->name;
}

/**
 * tea_connection_get_reason:
 * @self: a connection
 *
 * Returns: (nullable): the server's words about why it ended it, where it gave any
 */
const char *
tea_connection_get_reason (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->reason;
}

/**
 * tea_connection_get_room_name:
 * @self: a connection
 *
 * Returns: (nullable): what the room is called, where it is called anything
 */
const char *
tea_connection_get_room_name (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->room_name;
}

/**
 * tea_connection_get_server_key:
 * @self: a connection
 *
 * Returns: (nullable): the fingerprint of the server's key, once it is known
 */
const char *
tea_connection_get_server_key (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->server_key;
}

/**
 * tea_connection_get_suggestion:
 * @self: a connection
 *
 * Returns: (nullable): a free name, after the wanted one was found to be taken
 */
const char *
tea_connection_get_suggestion (TeaConnection *self)
{
  g_return_val_if_fail (TEA_IS_CONNECTION (self), NULL);

  return self->suggestion;
}
