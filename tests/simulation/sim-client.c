/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-client.h"

#include "tea-client-test.h"
#include "tea-error.h"

#include "sim-classic.h"

#define SERVER_KEY "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

SimClient *
sim_client_new (SimNetwork *network, guint index, const char *name, const char *key)
{
  SimClient *self = g_new0 (SimClient, 1);

  self->index = index;
  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->network = network;
  self->link.address = 1000 * (index + 1);
  self->heard = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->epochs = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->history = 50;
  self->is_classic = key == NULL;
  self->refusal = -1;

  return self;
}

void
sim_client_free (SimClient *self)
{
  if (self->runs)
    sim_client_crash (self);
  g_ptr_array_unref (self->heard);
  g_array_unref (self->epochs);
  g_free (self->name);
  g_free (self->key);
  g_free (self);
}

static void
event_cb (SimClient *self, TeaEvent *event)
{
  guint64 epoch = sim_client_get_epoch (self);

  if (tea_event_get_seq (event) == 0)
    return;

  sim_trace (self->network, "%s/%u: hears %" G_GUINT64_FORMAT " %s", self->name, self->index,
             tea_event_get_seq (event), tea_event_get_author (event));
  g_ptr_array_add (self->heard, tea_event_ref (event));
  g_array_append_val (self->epochs, epoch);
}

static void
gap_cb (SimClient *self)
{
  sim_trace (self->network, "%s/%u: has a gap", self->name, self->index);
  self->latest_gap = self->heard->len;
}

static void
state_cb (SimClient *self)
{
  sim_trace (self->network, "%s/%u: state %d", self->name, self->index,
             tea_client_get_state (self->client));
}

static void
joined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SimClient *self = user_data;
  g_autoptr (GError) error = NULL;

  /* Its program may have died before it came to know. */
  if (!tea_client_join_finish (TEA_CLIENT (source), result, &error)
      && self->client == TEA_CLIENT (source))
    {
      sim_trace (self->network, "%s/%u: not let in: %s", self->name, self->index, error->message);
      self->asked = FALSE;
      self->refusal = error->domain == TEA_ERROR ? error->code : -1;
    }
}

/* Starts the program, which asks to come in; or asks again where it runs. */
void
sim_client_start (SimClient *self)
{
  g_autoptr (GSocketConnectable) address
      = g_network_address_new (self->is_classic ? SIM_CLASSIC_SERVER : "server", 8888);

  if (!self->runs)
    {
      g_autoptr (TeaPacketConnector) connector = NULL;

      self->runs = TRUE;
      sim_program_init (&self->program, sim_network_get_time (self->network));
      sim_program_enter (&self->program);
      connector
          = sim_connector_new (self->network, &self->link, &self->program, self->key, SERVER_KEY);
      self->client = tea_client_new_for_test (self->program.clock, connector);
      if (self->is_classic)
        {
          sim_classic_plug (self->network, &self->link, &self->program);
          tea_client_set_protocol (self->client, TEA_PROTOCOL_CLASSIC);
        }
      tea_client_set_history (self->client, self->history);
      g_signal_connect_swapped (self->client, "event", G_CALLBACK (event_cb), self);
      g_signal_connect_swapped (self->client, "gap", G_CALLBACK (gap_cb), self);
      g_signal_connect_swapped (self->client, "notify::state", G_CALLBACK (state_cb), self);
      g_ptr_array_set_size (self->heard, 0);
      g_array_set_size (self->epochs, 0);
      self->latest_gap = 0;
      self->epoch = 0;
      sim_program_leave (&self->program);
    }

  sim_trace (self->network, "%s/%u: starts", self->name, self->index);
  self->wants_in = TRUE;
  self->asked = TRUE;
  sim_program_enter (&self->program);
  tea_client_set_password (self->client, self->password);
  tea_client_join_async (self->client, G_NETWORK_ADDRESS (address), self->name, NULL, joined_cb,
                         self);
  sim_program_leave (&self->program);
}

/* Ends the program as by SIGKILL: nothing that it does from now on has any effect. */
void
sim_client_crash (SimClient *self)
{
  g_autoptr (TeaClient) client = g_steal_pointer (&self->client);

  sim_trace (self->network, "%s/%u: dies", self->name, self->index);
  self->runs = FALSE;
  self->asked = FALSE;
  self->is_loading = FALSE;
  g_signal_handlers_disconnect_by_data (client, self);
  sim_network_kill_client (self->network, &self->program);

  sim_program_enter (&self->program);
  g_clear_object (&client);
  sim_program_leave (&self->program);
  sim_program_settle (&self->program);
  sim_classic_unplug (&self->program);
  sim_program_clear (&self->program);
}

/* Says something nobody else says, of so many bytes about. */
void
sim_client_say (SimClient *self, gsize n_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!sim_client_acts (self) || !self->asked
      || tea_client_get_state (self->client) == TEA_CLIENT_JOINING
      || tea_client_get_state (self->client) == TEA_CLIENT_OUTSIDE)
    return;

  g_string_printf (text, "%u.%u", self->index, ++self->n_said);
  while (text->len < n_bytes)
    g_string_append_printf (text, " 茶%" G_GSIZE_FORMAT, text->len);

  sim_trace (self->network, "%s/%u: says %u.%u (%" G_GSIZE_FORMAT " bytes)", self->name,
             self->index, self->index, self->n_said, text->len);
  sim_program_enter (&self->program);
  if (!tea_client_say (self->client, text->str, &error))
    sim_trace (self->network, "%s/%u: cannot: %s", self->name, self->index, error->message);
  sim_program_leave (&self->program);
}

/* One of the latest messages in the hall, from the end; 0 where that is none. */
static guint64
find_message (SimClient *self, guint place)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (self->client));
  guint n_items = g_list_model_get_n_items (timeline);
  g_autoptr (TeaTimelineItem) item
      = place < n_items ? g_list_model_get_item (timeline, n_items - 1 - place) : NULL;

  return item != NULL && tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
             ? tea_timeline_item_get_seq (item)
             : 0;
}

static gboolean
may_change (SimClient *self)
{
  return sim_client_acts (self) && sim_client_is_inside (self) && !self->is_classic;
}

void
sim_client_react (SimClient *self, guint place, const char *emoji, gboolean set)
{
  guint64 seq = may_change (self) ? find_message (self, place) : 0;

  if (seq == 0)
    return;

  sim_trace (self->network, "%s/%u: reacts to %" G_GUINT64_FORMAT, self->name, self->index, seq);
  sim_program_enter (&self->program);
  tea_conversation_react (tea_client_get_hall (self->client), seq, emoji, set, NULL);
  sim_program_leave (&self->program);
}

void
sim_client_reply (SimClient *self, guint place)
{
  guint64 seq = may_change (self) ? find_message (self, place) : 0;
  g_autofree char *text = NULL;

  if (seq == 0)
    return;

  text = g_strdup_printf ("%u.%u", self->index, ++self->n_said);
  sim_trace (self->network, "%s/%u: replies to %" G_GUINT64_FORMAT, self->name, self->index, seq);
  sim_program_enter (&self->program);
  tea_conversation_reply (tea_client_get_hall (self->client), seq, text, NULL);
  sim_program_leave (&self->program);
}

/* Its owner tries again what failed. */
void
sim_client_retry (SimClient *self)
{
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (self->client));
  guint n_items = g_list_model_get_n_items (timeline);

  sim_program_enter (&self->program);
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_is_own (item)
          && tea_timeline_item_get_delivery (item) == TEA_DELIVERY_FAILED)
        tea_client_retry (self->client, item);
    }
  sim_program_leave (&self->program);
}

static void
left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  tea_client_leave_finish (TEA_CLIENT (source), result, &error);
}

void
sim_client_leave (SimClient *self)
{
  if (!sim_client_acts (self) || !self->wants_in)
    return;

  sim_trace (self->network, "%s/%u: leaves", self->name, self->index);
  self->wants_in = FALSE;
  self->asked = FALSE;
  sim_client_get_epoch (self);
  sim_program_enter (&self->program);
  tea_client_leave_async (self->client, NULL, left_cb, NULL);
  sim_program_leave (&self->program);
}

/* Its owner does not want to wait, or to be outside. */
void
sim_client_come_back (SimClient *self)
{
  TeaClientState state = tea_client_get_state (self->client);

  if (state != TEA_CLIENT_GIVEN_UP && state != TEA_CLIENT_ENDED)
    return;

  sim_trace (self->network, "%s/%u: wants to come back", self->name, self->index);
  sim_program_enter (&self->program);
  tea_client_reconnect (self->client);
  sim_program_leave (&self->program);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SimClient *self = user_data;
  g_autoptr (GError) error = NULL;

  tea_client_load_older_finish (TEA_CLIENT (source), result, &error);
  if (self->client == TEA_CLIENT (source))
    self->is_loading = FALSE;
}

void
sim_client_load_older (SimClient *self)
{
  if (!sim_client_acts (self) || !sim_client_is_inside (self) || self->is_loading
      || !tea_client_get_has_older (self->client))
    return;

  sim_trace (self->network, "%s/%u: looks back", self->name, self->index);
  self->is_loading = TRUE;
  sim_program_enter (&self->program);
  tea_client_load_older_async (self->client, 20, NULL, loaded_cb, self);
  sim_program_leave (&self->program);
}

/* Whether its program runs, and is given the processor. */
gboolean
sim_client_acts (SimClient *self)
{
  return self->runs && !self->program.stopped;
}

/* Which epoch of the log it knows of; 0 for none. */
guint64
sim_client_get_epoch (SimClient *self)
{
  guint64 epoch = tea_client_get_epoch (self->client);

  if (epoch != 0)
    self->epoch = epoch;

  return self->epoch;
}

gboolean
sim_client_is_inside (SimClient *self)
{
  return self->runs && tea_client_get_state (self->client) == TEA_CLIENT_INSIDE;
}

/* What was said through the running program and has come so far: (transfer container)
   (element-type utf8). */
GPtrArray *
sim_client_list_own (SimClient *self, TeaDelivery delivery)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  GListModel *timeline = G_LIST_MODEL (tea_client_get_timeline (self->client));
  guint n_items = g_list_model_get_n_items (timeline);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (TeaTimelineItem) item = g_list_model_get_item (timeline, i);

      if (tea_timeline_item_get_kind (item) == TEA_TIMELINE_ITEM_MESSAGE
          && tea_timeline_item_is_own (item) && tea_timeline_item_get_delivery (item) == delivery)
        g_ptr_array_add (texts, g_strdup (tea_timeline_item_get_text (item)));
    }

  return texts;
}
