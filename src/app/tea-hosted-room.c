/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tea-hosted-room.h"

#include <glib/gi18n.h>

#include "tea-log.h"
#include "tea-server.h"
#include "tea-user-path.h"

/**
 * TeaHostedRoom:
 *
 * A room on this computer: a [class@Tea.Server] in a thread of its own.
 *
 * The thread has its own main context and shares nothing with the window but this
 * object; who hosts enters the room through loopback like everybody else. Dropping
 * the last reference stops the room.
 */
struct _TeaHostedRoom
{
  GObject parent_instance;

  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned), runs in the thread */
  GThread *thread;       /* (owned) (nullable) */
  guint16 port;
  char *fingerprint; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (TeaHostedRoom, tea_hosted_room, G_TYPE_OBJECT)

/* What the thread works with; it never touches the object. */
typedef struct
{
  GMainContext *context; /* (owned) */
  GMainLoop *loop;       /* (owned) */
  GTask *task;           /* (owned) (nullable), until the server has started or failed */
} ThreadData;

static void
thread_data_free (ThreadData *data)
{
  g_clear_object (&data->task);
  g_main_loop_unref (data->loop);
  g_main_context_unref (data->context);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThreadData, thread_data_free)

/* Where the room is, and whose key it has. */
typedef struct
{
  guint16 port;
  char *fingerprint;
} Opened;

static void
opened_free (gpointer user_data)
{
  Opened *opened = user_data;

  g_free (opened->fingerprint);
  g_free (opened);
}

/* How the start went, on its way back to who asked. */
typedef struct
{
  GTask *task;    /* (owned) */
  GError *error;  /* (owned) (nullable) */
  Opened *opened; /* (owned) (nullable) */
} Report;

static void
report_free (gpointer user_data)
{
  Report *report = user_data;

  g_clear_error (&report->error);
  g_clear_pointer (&report->opened, opened_free);
  g_object_unref (report->task);
  g_free (report);
}

static gboolean
report_cb (gpointer user_data)
{
  Report *report = user_data;

  if (report->error != NULL)
    g_task_return_error (report->task, g_steal_pointer (&report->error));
  else
    g_task_return_pointer (report->task, g_steal_pointer (&report->opened), opened_free);

  return G_SOURCE_REMOVE;
}

/* The task keeps the room alive, so its last reference must not be dropped in the
 * room's own thread: that would wait for itself. */
static void
send_report (GTask *task, Opened *opened, GError *error)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Report *report = g_new0 (Report, 1);

  report->task = task;
  report->opened = opened;
  report->error = error;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, report_cb, report, report_free);
  g_source_attach (source, g_task_get_context (task));
}

/* The room is the same whenever it is opened: its key and what was said in it are kept.
 * It has the usual port, so that guests need not type one; any other if that is taken. */
static TeaServer *
start_server (GError **error)
{
  static const guint16 ports[] = { TEA_DEFAULT_PORT, 0 };
  g_autofree char *user_dir = tea_user_path_dup_data_dir ();

  for (size_t i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      g_autoptr (TeaServerConfig) config = tea_server_config_new ();
      g_autoptr (TeaServer) server = NULL;
      g_autoptr (GError) local_error = NULL;

      config->port = ports[i];
      config->rooms = TEA_ROOM_MAKERS_MEMBERS;
      config->data_dir = g_build_filename (user_dir, "teahouse", "room", NULL);
      server = tea_server_new (g_steal_pointer (&config));
      if (tea_server_start (server, &local_error))
        return g_steal_pointer (&server);

      if (g_error_matches (local_error, TEA_LOG_ERROR, TEA_LOG_ERROR_IN_USE))
        {
          g_set_error_literal (error, TEA_LOG_ERROR, TEA_LOG_ERROR_IN_USE,
                               _ ("Your room is open already, in another window. Join it with the "
                                  "address in its invitation, or close it first."));
          return NULL;
        }

      if (ports[i] == 0)
        g_propagate_error (error, g_steal_pointer (&local_error));
    }

  return NULL;
}

static gpointer
run_server (gpointer user_data)
{
  g_autoptr (ThreadData) data = user_data;
  g_autoptr (TeaServer) server = NULL;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (data->context);

  server = start_server (&error);
  if (server != NULL)
    {
      Opened *opened = g_new0 (Opened, 1);

      opened->port = g_inet_socket_address_get_port (tea_server_get_address (server));
      opened->fingerprint = g_strdup (tea_server_get_fingerprint (server));
      send_report (g_steal_pointer (&data->task), opened, NULL);
      g_main_loop_run (data->loop);
      tea_server_close (server);
      /* What was under way ends now: nobody else would let go of it, nor it of the room. */
      while (g_main_context_iteration (data->context, FALSE))
        ;
    }
  else
    {
      send_report (g_steal_pointer (&data->task), NULL, g_steal_pointer (&error));
    }

  g_clear_object (&server);
  g_main_context_pop_thread_default (data->context);

  return NULL;
}

static gboolean
quit_loop_cb (gpointer user_data)
{
  GMainLoop *loop = user_data;

  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static void
tea_hosted_room_dispose (GObject *object)
{
  TeaHostedRoom *self = TEA_HOSTED_ROOM (object);

  tea_hosted_room_stop (self);

  G_OBJECT_CLASS (tea_hosted_room_parent_class)->dispose (object);
}

static void
tea_hosted_room_finalize (GObject *object)
{
  TeaHostedRoom *self = TEA_HOSTED_ROOM (object);

  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (tea_hosted_room_parent_class)->finalize (object);
}

static void
tea_hosted_room_class_init (TeaHostedRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tea_hosted_room_dispose;
  object_class->finalize = tea_hosted_room_finalize;
}

static void
tea_hosted_room_init (TeaHostedRoom *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
}

/**
 * tea_hosted_room_new:
 *
 * Returns: (transfer full): a room that is not open yet
 */
TeaHostedRoom *
tea_hosted_room_new (void)
{
  return g_object_new (TEA_TYPE_HOSTED_ROOM, NULL);
}

/**
 * tea_hosted_room_start_async:
 * @self: a room that was not started before
 * @cancellable: (nullable): a cancellable, for the waiting alone
 * @callback: what to call when the room is open, or cannot be
 * @user_data: for @callback
 *
 * Opens the room at every address of this computer, at %TEA_DEFAULT_PORT or, if
 * that is taken, at any free port.
 */
void
tea_hosted_room_start_async (TeaHostedRoom *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ThreadData *data;

  g_return_if_fail (TEA_IS_HOSTED_ROOM (self));
  g_return_if_fail (self->thread == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tea_hosted_room_start_async);

  data = g_new0 (ThreadData, 1);
  data->context = g_main_context_ref (self->context);
  data->loop = g_main_loop_ref (self->loop);
  data->task = g_steal_pointer (&task);

  self->thread = g_thread_new ("hosted-room", run_server, data);
}

/**
 * tea_hosted_room_start_finish:
 * @self: a room
 * @result: what the callback got
 * @error: return location for a #GError
 *
 * Returns: whether the room is open
 */
gboolean
tea_hosted_room_start_finish (TeaHostedRoom *self, GAsyncResult *result, GError **error)
{
  Opened *opened;

  g_return_val_if_fail (TEA_IS_HOSTED_ROOM (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  opened = g_task_propagate_pointer (G_TASK (result), error);
  if (opened == NULL)
    return FALSE;

  self->port = opened->port;
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&opened->fingerprint);
  opened_free (opened);

  return TRUE;
}

/**
 * tea_hosted_room_stop:
 * @self: a room
 *
 * Closes the room: everyone in it is told, what was said is kept for the next time, and
 * its thread has ended when this returns.
 */
void
tea_hosted_room_stop (TeaHostedRoom *self)
{
  g_autoptr (GSource) source = NULL;

  g_return_if_fail (TEA_IS_HOSTED_ROOM (self));

  if (self->thread == NULL)
    return;

  /* By a source, not by a plain call: the loop may not be running yet. */
  source = g_idle_source_new ();
  g_source_set_callback (source, quit_loop_cb, g_main_loop_ref (self->loop),
                         (GDestroyNotify) g_main_loop_unref);
  g_source_attach (source, self->context);

  g_thread_join (g_steal_pointer (&self->thread));
  /* No loop ever ran if the room could not be opened, and it would keep what keeps it. */
  g_source_destroy (source);
  self->port = 0;
}

/**
 * tea_hosted_room_get_port:
 * @self: a room
 *
 * Returns: the port the room is at; 0 while it is not open
 */
guint16
tea_hosted_room_get_port (TeaHostedRoom *self)
{
  g_return_val_if_fail (TEA_IS_HOSTED_ROOM (self), 0);

  return self->port;
}

/**
 * tea_hosted_room_get_fingerprint:
 * @self: a room
 *
 * Returns: (nullable): the fingerprint of the room's key, once it is open
 */
const char *
tea_hosted_room_get_fingerprint (TeaHostedRoom *self)
{
  g_return_val_if_fail (TEA_IS_HOSTED_ROOM (self), NULL);

  return self->fingerprint;
}
