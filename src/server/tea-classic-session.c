/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-classic-session.h"

#include "tea-classic-request.h"

static void
tea_classic_session_deliver (TeaSession *session, TeaEvent *event)
{
  TeaClassicSession *self = TEA_CLASSIC_SESSION (session);

  /* One's own lines do not come back. */
  if (self->service == NULL || g_str_equal (tea_event_get_author (event), self->name))
    return;

  tea_classic_service_deliver (self->service, self->address, event);
}

static void
tea_classic_session_session_init (TeaSessionInterface *iface)
{
  iface->deliver = tea_classic_session_deliver;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TeaClassicSession,
                               tea_classic_session,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_SESSION,
                                                      tea_classic_session_session_init))

static void
tea_classic_session_finalize (GObject *object)
{
  TeaClassicSession *self = TEA_CLASSIC_SESSION (object);

  g_queue_clear_full (&self->waiting, (GDestroyNotify) tea_classic_request_free);
  g_object_unref (self->address);
  g_free (self->name);

  G_OBJECT_CLASS (tea_classic_session_parent_class)->finalize (object);
}

static void
tea_classic_session_class_init (TeaClassicSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tea_classic_session_finalize;
}

static void
tea_classic_session_init (TeaClassicSession *self)
{
  self->link.data = self;
  g_queue_init (&self->waiting);
}

/**
 * tea_classic_session_new:
 * @service: what the session belongs to
 * @address: where its client is
 * @name: what its client wants to be called
 *
 * Returns: (transfer full): a session that is not in the room yet
 */
TeaClassicSession *
tea_classic_session_new (TeaClassicService *service, GInetSocketAddress *address, const char *name)
{
  TeaClassicSession *self = g_object_new (TEA_TYPE_CLASSIC_SESSION, NULL);

  self->service = service;
  self->address = g_object_ref (address);
  self->name = g_strdup (name);

  return self;
}
