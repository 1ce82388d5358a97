/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-history.h"

/* How many events to get at a time. */
#define PAGE 50

/**
 * TeaHistory:
 *
 * What was said in a room before the first line of its timeline: gets it, a page at a
 * time, and knows whether there is more.
 *
 * It is itself an item: the line that stands where the room began.
 */
struct _TeaHistory
{
  GObject parent_instance;

  TeaClient *client;             /* (owned) */
  TeaConversation *conversation; /* (owned) */
  GCancellable *cancellable;     /* (owned) (nullable): while something is on its way */
  gboolean stuck;                /* the last try failed: not again before something changes */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TeaHistory, tea_history, G_TYPE_OBJECT)

static void
changed (TeaHistory *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaHistory) self = TEA_HISTORY (user_data);
  g_autoptr (GError) error = NULL;

  self->stuck = !tea_conversation_load_older_finish (TEA_CONVERSATION (source), result, &error);
  if (self->stuck)
    g_debug ("Could not load what was said before: %s", error->message);

  g_clear_object (&self->cancellable);
  changed (self);
}

static void
changed_cb (TeaHistory *self)
{
  g_assert (TEA_IS_HISTORY (self));

  self->stuck = FALSE;
  changed (self);
}

static void
tea_history_dispose (GObject *object)
{
  TeaHistory *self = TEA_HISTORY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->conversation);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (tea_history_parent_class)->dispose (object);
}

static void
tea_history_finalize (GObject *object)
{
  TeaHistory *self = TEA_HISTORY (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (tea_history_parent_class)->finalize (object);
}

static void
tea_history_class_init (TeaHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_history_dispose;
  object_class->finalize = tea_history_finalize;

  /**
   * TeaHistory::changed:
   * @self: the history
   *
   * Its state is another, or more can be asked for again.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TEA_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
tea_history_init (TeaHistory *self)
{
}

/**
 * tea_history_new:
 * @client: who is in the house
 * @conversation: one of the client's conversations
 *
 * Returns: (transfer full): the history of the room
 */
TeaHistory *
tea_history_new (TeaClient *client, TeaConversation *conversation)
{
  TeaHistory *self;

  g_return_val_if_fail (TEA_IS_CLIENT (client), NULL);
  g_return_val_if_fail (TEA_IS_CONVERSATION (conversation), NULL);

  self = g_object_new (TEA_TYPE_HISTORY, NULL);
  self->client = g_object_ref (client);
  self->conversation = g_object_ref (conversation);
  g_signal_connect_object (conversation, "notify::has-older", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * tea_history_load:
 * @self: a history
 *
 * Asks for more, unless that is under way, there is none, or the last try failed and
 * nothing has changed since.
 */
void
tea_history_load (TeaHistory *self)
{
  g_return_if_fail (TEA_IS_HISTORY (self));

  if (self->stuck || tea_history_get_state (self) != TEA_HISTORY_MORE
      || tea_client_get_state (self->client) != TEA_CLIENT_INSIDE)
    return;

  self->cancellable = g_cancellable_new ();
  tea_conversation_load_older_async (self->conversation, PAGE, self->cancellable, loaded_cb,
                                     g_object_ref (self));
  changed (self);
}

/**
 * tea_history_insist:
 * @self: a history
 *
 * Asks for more as [method@Tea.History.load] does, also where the last try failed:
 * somebody scrolls.
 */
void
tea_history_insist (TeaHistory *self)
{
  g_return_if_fail (TEA_IS_HISTORY (self));

  self->stuck = FALSE;
  tea_history_load (self);
}

/**
 * tea_history_get_state:
 * @self: a history
 *
 * Returns: what is above the first line
 */
TeaHistoryState
tea_history_get_state (TeaHistory *self)
{
  g_return_val_if_fail (TEA_IS_HISTORY (self), TEA_HISTORY_BEGINNING);

  if (self->cancellable != NULL)
    return TEA_HISTORY_LOADING;

  return tea_conversation_get_has_older (self->conversation) ? TEA_HISTORY_MORE
                                                             : TEA_HISTORY_BEGINNING;
}
