/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-secure-link-private.h"

#include <glib/gi18n-lib.h>

#include "tea-error.h"

/* What happened before what a link has told: pages of it, when somebody asks. */

static gboolean
has_older (TeaLink *link)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);

  return self->epoch != 0 && !self->is_cut && self->oldest > MAX (self->first, 1);
}

static GTask *
stop_loading (TeaSecureLink *self)
{
  tea_event_sequence_pause (self->older);
  g_clear_pointer (&self->older_events, g_ptr_array_unref);
  if (self->older_cancel_source != NULL)
    g_source_destroy (self->older_cancel_source);
  g_clear_pointer (&self->older_cancel_source, g_source_unref);

  return g_steal_pointer (&self->older_task);
}

static void
load_page (TeaSecureLink *self)
{
  guint64 last = self->oldest - 1;
  guint64 from = last > self->n_older ? last - self->n_older + 1 : 1;

  self->older_from = MAX (from, self->first);
  tea_event_sequence_start (self->older, self->older_from - 1, last);
  tea_event_sequence_take_bounds (self->older, self->first, last);
}

static void
older_event_cb (TeaEvent *event, gpointer user_data)
{
  TeaSecureLink *self = user_data;

  g_ptr_array_add (self->older_events, tea_event_ref (event));
}

static void
older_advanced_cb (gpointer user_data)
{
  TeaSecureLink *self = user_data;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GTask) task = NULL;

  if (tea_event_sequence_get_settled (self->older) < self->oldest - 1)
    return;

  /* There may be nothing at all in a page; then the one before it is wanted. */
  self->oldest = self->older_from;
  if (self->older_events->len == 0 && has_older (TEA_LINK (self)))
    {
      load_page (self);
      return;
    }

  events = g_steal_pointer (&self->older_events);
  task = stop_loading (self);
  g_task_return_pointer (task, g_steal_pointer (&events), (GDestroyNotify) g_ptr_array_unref);
  tea_link_emit_history (TEA_LINK (self));
}

static void
fail (TeaSecureLink *self)
{
  g_autoptr (GTask) task = stop_loading (self);

  if (task != NULL)
    g_task_return_new_error (task, TEA_ERROR, TEA_ERROR_NO_ANSWER,
                             _ ("The older messages could not be fetched."));
}

static gboolean
cancel_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = stop_loading (TEA_SECURE_LINK (user_data));

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
load_older_async (TeaLink *link,
                  guint n_events,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  TeaSecureLink *self = TEA_SECURE_LINK (link);

  g_return_if_fail (self->older_task == NULL);

  self->older_task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->older_task, load_older_async);
  self->older_events = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_event_unref);
  self->n_older = MIN (n_events, 1000);

  if (cancellable != NULL)
    {
      self->older_cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->older_cancel_source, G_SOURCE_FUNC (cancel_cb), self, NULL);
      g_source_attach (self->older_cancel_source, g_main_context_get_thread_default ());
    }

  if (self->phase == TEA_SECURE_LINK_INSIDE && has_older (link))
    load_page (self);
  else
    fail (self);
}

static GPtrArray *
load_older_finish (TeaLink *link, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
_tea_secure_link_history_iface_init (TeaLinkInterface *iface)
{
  iface->has_older = has_older;
  iface->load_older_async = load_older_async;
  iface->load_older_finish = load_older_finish;
}

void
_tea_secure_link_history_init (TeaSecureLink *self)
{
  static const TeaEventSequenceFuncs funcs = {
    .event = older_event_cb,
    .advanced = older_advanced_cb,
    .send = _tea_secure_link_send,
  };

  self->older = tea_event_sequence_new (self->clock, &self->round_trip, &funcs, self);
}

void
_tea_secure_link_history_dispose (TeaSecureLink *self)
{
  if (self->older != NULL)
    fail (self);
  g_clear_pointer (&self->older, tea_event_sequence_free);
}

/* The room is entered for the first time, or its log is another. */
void
_tea_secure_link_history_begin (TeaSecureLink *self, guint64 oldest, gboolean is_cut)
{
  fail (self);
  self->oldest = oldest;
  self->is_cut = is_cut;
}

/* The connection was lost, and is there again. */
void
_tea_secure_link_history_resume (TeaSecureLink *self)
{
  if (self->older_task == NULL)
    return;

  tea_event_sequence_start (self->older, tea_event_sequence_get_settled (self->older),
                            self->oldest - 1);
  tea_event_sequence_take_bounds (self->older, self->first, self->oldest - 1);
}

void
_tea_secure_link_history_take_first (TeaSecureLink *self, guint64 first)
{
  gboolean before = has_older (TEA_LINK (self));

  self->first = MAX (self->first, first);
  if (self->older_task != NULL)
    tea_event_sequence_take_bounds (self->older, self->first, self->oldest - 1);
  if (has_older (TEA_LINK (self)) != before)
    tea_link_emit_history (TEA_LINK (self));
}
