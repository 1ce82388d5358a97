/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-state-bar.h"

#include <glib/gi18n.h>

#include "tea-reveal.h"

/* A connection that is back sooner was not worth a word. */
#define PATIENCE_MS 2000
/* Twice as often as what is shown can change. */
#define TICK_MS 500

/**
 * TeaStateBar:
 *
 * Says under the header bar that the connection is lost or the room closed, and what
 * can be done; it is not there while all is well.
 */
struct _TeaStateBar
{
  AdwBin parent_instance;

  TeaClient *client; /* (owned) (nullable) */
  guint patience_source;
  guint tick_source;

  GtkWidget *revealer;
  GtkWidget *message;
  GtkWidget *again_label;
  GtkWidget *leave_button;
};

G_DEFINE_FINAL_TYPE (TeaStateBar, tea_state_bar, ADW_TYPE_BIN)

static void
show_text (TeaStateBar *self, const char *text, const char *again)
{
  if (g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->message)), text) != 0)
    gtk_label_set_label (GTK_LABEL (self->message), text);
  gtk_label_set_label (GTK_LABEL (self->again_label), again);
}

static void
show_countdown (TeaStateBar *self)
{
  gint64 left = tea_client_get_next_try (self->client) - g_get_monotonic_time ();
  g_autofree char *text = NULL;
  int seconds;

  if (left <= 0)
    {
      show_text (self, _ ("Connection lost. Reconnecting…"), _ ("_Try Now"));
      return;
    }

  seconds = (int) ((left + G_TIME_SPAN_SECOND - 1) / G_TIME_SPAN_SECOND);
  text = g_strdup_printf (ngettext ("Connection lost. Trying again in %d second.",
                                    "Connection lost. Trying again in %d seconds.", seconds),
                          seconds);
  show_text (self, text, _ ("_Try Now"));
}

static gboolean
tick_cb (gpointer user_data)
{
  TeaStateBar *self = user_data;

  g_assert (TEA_IS_STATE_BAR (self));

  show_countdown (self);

  return G_SOURCE_CONTINUE;
}

static void
reveal (TeaStateBar *self)
{
  g_clear_handle_id (&self->patience_source, g_source_remove);
  tea_reveal (self->revealer, TRUE);
}

static void
patience_over_cb (gpointer user_data)
{
  TeaStateBar *self = user_data;

  g_assert (TEA_IS_STATE_BAR (self));

  self->patience_source = 0;
  reveal (self);
}

static void
reveal_later (TeaStateBar *self)
{
  if (self->patience_source == 0 && !tea_state_bar_is_shown (self))
    self->patience_source = g_timeout_add_once (PATIENCE_MS, patience_over_cb, self);
}

static void
conceal (TeaStateBar *self)
{
  g_clear_handle_id (&self->patience_source, g_source_remove);
  tea_reveal (self->revealer, FALSE);
}

static void
state_changed_cb (TeaStateBar *self)
{
  const char *reason;

  g_assert (TEA_IS_STATE_BAR (self));

  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_set_visible (self->leave_button,
                          tea_client_get_state (self->client) == TEA_CLIENT_ENDED);

  switch (tea_client_get_state (self->client))
    {
    case TEA_CLIENT_LOST:
      show_countdown (self);
      self->tick_source = g_timeout_add (TICK_MS, tick_cb, self);
      reveal_later (self);
      break;

    case TEA_CLIENT_REJOINING:
      show_text (self, _ ("Connection lost. Reconnecting…"), _ ("_Try Now"));
      reveal_later (self);
      break;

    case TEA_CLIENT_GIVEN_UP:
      show_text (self, _ ("The room does not answer."), _ ("_Try Now"));
      reveal (self);
      break;

    case TEA_CLIENT_ENDED:
      reason = tea_client_get_reason (self->client);
      show_text (self, reason != NULL ? reason : _ ("The room was closed."), _ ("_Join Again"));
      reveal (self);
      break;

    case TEA_CLIENT_OUTSIDE:
    case TEA_CLIENT_JOINING:
    case TEA_CLIENT_INSIDE:
    case TEA_CLIENT_LEAVING:
    default:
      conceal (self);
      break;
    }
}

static void
tea_state_bar_dispose (GObject *object)
{
  TeaStateBar *self = TEA_STATE_BAR (object);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (tea_state_bar_parent_class)->dispose (object);
}

static void
tea_state_bar_class_init (TeaStateBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tea_state_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/teahousechat/Teahouse/tea-state-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TeaStateBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, TeaStateBar, message);
  gtk_widget_class_bind_template_child (widget_class, TeaStateBar, again_label);
  gtk_widget_class_bind_template_child (widget_class, TeaStateBar, leave_button);
}

static void
tea_state_bar_init (TeaStateBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tea_state_bar_set_client:
 * @self: a state bar
 * @client: whose state to tell
 *
 * Sets whose state to tell; to be called once.
 */
void
tea_state_bar_set_client (TeaStateBar *self, TeaClient *client)
{
  g_return_if_fail (TEA_IS_STATE_BAR (self));
  g_return_if_fail (TEA_IS_CLIENT (client));
  g_return_if_fail (self->client == NULL);

  self->client = g_object_ref (client);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  state_changed_cb (self);
}

/**
 * tea_state_bar_is_shown:
 * @self: a state bar
 *
 * Returns: whether there is something to tell, for longer than a moment
 */
gboolean
tea_state_bar_is_shown (TeaStateBar *self)
{
  g_return_val_if_fail (TEA_IS_STATE_BAR (self), FALSE);

  return gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer));
}
