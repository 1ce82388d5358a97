/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-tenant.h"

#include "tea-fingerprint.h"
#include "tea-room-ref.h"

/* How many it has open at most. */
#define MAX_ROOMS 12

/* How much it looks back at once. */
#define PAGE 20

/* The first key of a peer, with whom there may be a conversation. */
#define FIRST_PEER 50

/* A room that it has open. */
typedef struct
{
  SimTenant *tenant;
  char *address;
  SimView *view;
  TeaConversation *conversation; /* (owned) (nullable): once it is open */
  gboolean is_asked;
  guint n_said;
} Room;

static void
room_free (gpointer data)
{
  Room *self = data;

  if (self->conversation != NULL)
    g_signal_handlers_disconnect_by_data (self->conversation, self);
  g_clear_object (&self->conversation);
  sim_view_free (self->view);
  g_free (self->address);
  g_free (self);
}

SimTenant *
sim_tenant_new (SimClient *client, SimChecker *checker, GRand *dice, SimCrowd *crowd)
{
  SimTenant *self = g_new0 (SimTenant, 1);

  self->client = client;
  self->checker = checker;
  self->dice = dice;
  self->crowd = crowd;
  self->rooms = g_ptr_array_new_with_free_func (room_free);

  return self;
}

void
sim_tenant_free (SimTenant *self)
{
  g_ptr_array_unref (self->rooms);
  g_free (self);
}

static void
trace (SimTenant *self, const char *address, const char *text)
{
  sim_trace (self->checker->network, "%s/%u in '%s': %s", self->client->name, self->client->index,
             address, text);
}

static Room *
find (SimTenant *self, const char *address)
{
  for (guint i = 0; i < self->rooms->len; i++)
    if (g_str_equal (((Room *) self->rooms->pdata[i])->address, address))
      return self->rooms->pdata[i];

  return NULL;
}

static void
event_cb (Room *room, TeaEvent *event)
{
  if (tea_event_get_seq (event) > 0)
    sim_view_add (room->view, event);
}

static void
gap_cb (Room *room)
{
  sim_view_add_gap (room->view);
}

/* The room is closed, or its owner is not let in again. */
static void
closed_cb (Room *room, GError *error)
{
  trace (room->tenant, room->address, error != NULL ? error->message : "closed");
  g_ptr_array_remove (room->tenant->rooms, room);
}

/* What may outlive the program that has asked. */
typedef struct
{
  SimTenant *tenant;
  TeaClient *client; /* (owned) */
  char *address;
} Asked;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  SimTenant *self = asked->tenant;
  g_autoptr (GError) error = NULL;
  g_autoptr (TeaConversation) conversation
      = tea_client_open_room_finish (TEA_CLIENT (source), result, &error);
  Room *room = self->client->client == asked->client ? find (self, asked->address) : NULL;

  if (room != NULL && conversation == NULL)
    {
      trace (self, room->address, error->message);
      g_ptr_array_remove (self->rooms, room);
    }
  else if (room != NULL)
    {
      trace (self, room->address, "open");
      room->is_asked = FALSE;
      room->conversation = g_object_ref (conversation);
      g_signal_connect_swapped (conversation, "event", G_CALLBACK (event_cb), room);
      g_signal_connect_swapped (conversation, "gap", G_CALLBACK (gap_cb), room);
      g_signal_connect_swapped (conversation, "closed", G_CALLBACK (closed_cb), room);
    }
  g_object_unref (asked->client);
  g_free (asked->address);
  g_free (asked);
}

static void
open_room (SimTenant *self, const char *address)
{
  Room *room;
  Asked *asked;
  g_autofree char *who = NULL;

  if (self->rooms->len >= MAX_ROOMS || find (self, address) != NULL)
    return;

  trace (self, address, "is opened");
  who = g_strdup_printf ("%s/%u", self->client->name, self->client->index);
  room = g_new0 (Room, 1);
  room->tenant = self;
  room->address = g_strdup (address);
  room->view = sim_view_new (self->checker, who, self->client->key, address, FALSE);
  room->is_asked = TRUE;
  g_ptr_array_add (self->rooms, room);

  asked = g_new0 (Asked, 1);
  asked->tenant = self;
  asked->client = g_object_ref (self->client->client);
  asked->address = g_strdup (address);
  tea_client_open_room_async (self->client->client, address, NULL, NULL, opened_cb, asked);
}

static void
say (SimTenant *self, Room *room, gsize n_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_string_printf (text, "r%u.%u", self->client->index, ++self->client->n_said);
  while (text->len < n_bytes)
    g_string_append_printf (text, " 茶%" G_GSIZE_FORMAT, text->len);
  trace (self, room->address, text->len < 20 ? text->str : "says much");
  if (!tea_conversation_say (room->conversation, text->str, &error))
    trace (self, room->address, error->message);
}

/* One of the latest messages that are stored; (nullable) (transfer full). */
static TeaTimelineItem *
pick_message (SimTenant *self, Room *room)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (room->conversation));
  guint n_items = g_list_model_get_n_items (timeline);

  for (guint i = 0; i < 5 && n_items > 0; i++)
    {
      guint place
          = n_items - 1 - (guint) g_rand_int_range (self->dice, 0, (gint32) MIN (n_items, 12));
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, place);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && tea_timeline_item_get_seq (item) > 0)
        return g_steal_pointer (&item);
    }

  return NULL;
}

/* Does something about a message, or tries to. */
static void
amend (SimTenant *self, Room *room)
{
  static const char *const emojis[] = { "🍵", "👍", "❤", "❤️", "🎉" };
  g_autoptr (TeaTimelineItem) item = pick_message (self, room);
  double what = g_rand_double (self->dice);
  g_autofree char *text = NULL;
  guint64 seq;

  if (item == NULL)
    return;

  seq = tea_timeline_item_get_seq (item);
  text = g_strdup_printf ("r%u.%u", self->client->index, ++self->client->n_said);
  trace (self, room->address, what < 0.3 ? "edits" : "changes a message");
  if (what < 0.3 && tea_timeline_item_is_own (item))
    tea_conversation_edit (room->conversation, seq, text, NULL);
  else if (what < 0.4)
    tea_conversation_remove (room->conversation, seq, NULL);
  else if (what < 0.55)
    tea_conversation_reply (room->conversation, seq, text, NULL);
  else if (what < 0.6)
    tea_conversation_pin (room->conversation, seq, what < 0.58, NULL);
  else
    tea_conversation_react (room->conversation, seq,
                            emojis[g_rand_int_range (self->dice, 0, G_N_ELEMENTS (emojis))],
                            what < 0.9, NULL);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  tea_conversation_load_older_finish (TEA_CONVERSATION (source), result, NULL);
}

static guint64
find_first (Room *room)
{
  GListModel *timeline = G_LIST_MODEL (tea_conversation_get_timeline (room->conversation));
  guint64 first = 0;

  for (guint i = 0; i < g_list_model_get_n_items (timeline) && first == 0; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      first = tea_timeline_item_get_seq (item);
    }

  return first;
}

/* Looks at a page of what was there, while others change it. */
static void
look_back (SimTenant *self, Room *room)
{
  SimLedger *ledger = sim_view_get_ledger (room->view);
  guint64 first = find_first (room);

  if (!tea_conversation_get_has_older (room->conversation) || first <= 1 || ledger == NULL)
    return;

  trace (self, room->address, "looks back");
  sim_crowd_plan_race (self->crowd, &self->client->link, ledger, first - MIN (first - 1, PAGE),
                       first - 1);
  tea_conversation_load_older_async (room->conversation, PAGE, NULL, loaded_cb, NULL);
}

static guint64
get_latest (Room *room)
{
  GPtrArray *heard = room->view->heard;

  return heard->len > 0 ? tea_event_get_seq (heard->pdata[heard->len - 1]) : 0;
}

static void
look_away (SimTenant *self, Room *room)
{
  g_autoptr (TeaConversation) conversation = g_object_ref (room->conversation);

  trace (self, room->address, "looks away");
  g_ptr_array_remove (self->rooms, room);
  tea_client_close_room (self->client->client, conversation);
}

/* Whatever its owner may do with many rooms. */
static void
act (SimTenant *self)
{
  double what = g_rand_double (self->dice);
  Room *room = NULL;

  if (what < 0.3 || self->rooms->len == 0)
    {
      g_autofree char *address = NULL;

      if (g_rand_double (self->dice) < 0.2)
        {
          const guint8 digest[TEA_FINGERPRINT_SIZE]
              = { (guint8) (FIRST_PEER + g_rand_int_range (self->dice, 0, 2)) };
          g_autofree char *key = tea_fingerprint_from_bytes (digest);

          address = tea_room_ref_make_pair (key);
        }
      else
        {
          address = g_strdup (
              self->crowd->addresses
                  ->pdata[g_rand_int_range (self->dice, 0, (gint32) self->crowd->addresses->len)]);
        }
      open_room (self, address);
      return;
    }

  room = self->rooms->pdata[g_rand_int_range (self->dice, 0, (gint32) self->rooms->len)];
  if (room->conversation == NULL)
    return;
  if (what < 0.34)
    {
      look_away (self, room);
    }
  else if (what < 0.36)
    {
      tea_conversation_leave (room->conversation);
    }
  else if (what < 0.48)
    {
      if (get_latest (room) > 0)
        tea_conversation_mark_read (room->conversation, get_latest (room));
    }
  else if (what < 0.56)
    {
      tea_conversation_set_typing (room->conversation, what < 0.53);
    }
  else if (what < 0.8)
    {
      amend (self, room);
    }
  else if (what < 0.86)
    {
      look_back (self, room);
    }
  else
    {
      say (self, room, what < 0.88 ? 3000 : 0);
    }
}

void
sim_tenant_act (SimTenant *self)
{
  if (self->crowd->addresses->len == 0 || !sim_client_acts (self->client)
      || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  act (self);
  sim_program_leave (&self->client->program);
}

/* To be called before its client is killed. */
void
sim_tenant_bury (SimTenant *self)
{
  if (!self->client->runs)
    return;

  sim_program_enter (&self->client->program);
  g_ptr_array_set_size (self->rooms, 0);
  sim_program_leave (&self->client->program);
}

/* Its owner tries again what failed. */
void
sim_tenant_retry (SimTenant *self)
{
  if (!sim_client_acts (self->client) || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  for (guint i = 0; i < self->rooms->len; i++)
    {
      Room *room = self->rooms->pdata[i];
      GListModel *timeline;

      if (room->conversation == NULL)
        continue;
      timeline = G_LIST_MODEL (tea_conversation_get_timeline (room->conversation));
      for (guint j = 0; j < g_list_model_get_n_items (timeline); j++)
        {
          g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, j);

          if (tea_timeline_item_is_own (item)
              && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
            tea_conversation_discard (room->conversation, item);
        }
    }
  sim_program_leave (&self->client->program);
}

/* Its owner comes back to some rooms, and does not see at first all that was there. */
void
sim_tenant_look_anew (SimTenant *self)
{
  if (!sim_client_acts (self->client) || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  for (guint i = self->rooms->len; i > 0; i--)
    {
      Room *room = self->rooms->pdata[i - 1];
      g_autofree char *address = g_strdup (room->address);

      if (room->conversation == NULL || tea_conversation_get_n_unsent (room->conversation) > 0
          || g_rand_boolean (self->dice))
        continue;
      look_away (self, room);
      open_room (self, address);
    }
  sim_program_leave (&self->client->program);
}

/* Its owner looks at what was there. */
void
sim_tenant_look_back (SimTenant *self)
{
  if (!sim_client_acts (self->client) || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  for (guint i = 0; i < self->rooms->len; i++)
    {
      Room *room = self->rooms->pdata[i];

      if (room->conversation != NULL)
        look_back (self, room);
    }
  sim_program_leave (&self->client->program);
}

void
sim_tenant_say_last_words (SimTenant *self)
{
  if (!sim_client_acts (self->client) || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  for (guint i = 0; i < self->rooms->len; i++)
    {
      Room *room = self->rooms->pdata[i];

      if (room->conversation != NULL)
        say (self, room, 0);
    }
  sim_program_leave (&self->client->program);
}

void
sim_tenant_read_all (SimTenant *self)
{
  if (!sim_client_acts (self->client) || !sim_client_is_inside (self->client))
    return;

  sim_program_enter (&self->client->program);
  for (guint i = 0; i < self->rooms->len; i += 2)
    {
      Room *room = self->rooms->pdata[i];

      if (room->conversation != NULL && get_latest (room) > 0)
        tea_conversation_mark_read (room->conversation, get_latest (room));
    }
  sim_program_leave (&self->client->program);
}

static gboolean
is_done (Room *room)
{
  return room->conversation != NULL && tea_conversation_get_is_open (room->conversation)
         && tea_conversation_get_n_unsent (room->conversation) == 0
         && sim_view_is_complete (room->view);
}

gboolean
sim_tenant_is_at_rest (SimTenant *self)
{
  if (!self->client->runs || !sim_client_is_inside (self->client))
    return TRUE;

  for (guint i = 0; i < self->rooms->len; i++)
    if (!is_done (self->rooms->pdata[i]))
      return FALSE;

  return TRUE;
}

static void
check_room (SimTenant *self, Room *room)
{
  g_auto (GStrv) typing = tea_conversation_dup_typing (room->conversation);
  guint64 read = tea_conversation_get_read (room->conversation);
  guint n_unread = tea_conversation_get_unread (room->conversation);
  guint n_there = sim_view_count_unread (room->view, read);

  if (n_unread > n_there)
    sim_checker_fail (self->checker,
                      "%s/%u in '%s' takes %u for unread after %" G_GUINT64_FORMAT
                      ", but there are %u",
                      self->client->name, self->client->index, room->address, n_unread, read,
                      n_there);
  if (typing[0] != NULL)
    sim_checker_fail (self->checker, "%s/%u in '%s' takes %s for writing", self->client->name,
                      self->client->index, room->address, typing[0]);
}

void
sim_tenant_finish (SimTenant *self)
{
  if (!self->client->runs || !sim_client_is_inside (self->client))
    return;

  for (guint i = 0; i < self->rooms->len; i++)
    {
      Room *room = self->rooms->pdata[i];

      if (!is_done (room))
        sim_checker_fail (self->checker, "%s/%u in '%s' is stuck: %s, %u unsent, %scomplete",
                          self->client->name, self->client->index, room->address,
                          room->conversation == NULL                          ? "not opened"
                          : tea_conversation_get_is_open (room->conversation) ? "open"
                                                                              : "not open",
                          room->conversation != NULL
                              ? tea_conversation_get_n_unsent (room->conversation)
                              : 0,
                          sim_view_is_complete (room->view) ? "" : "not ");
      else
        {
          check_room (self, room);
          sim_checker_check_forms (self->checker, self->client,
                                   tea_conversation_get_timeline (room->conversation), 0,
                                   sim_view_get_ledger (room->view));
        }
    }
}
