/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-metrics-service.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <microhttpd.h>

/* There is one program that asks, now and then. */
#define MAX_CONNECTIONS 16
#define CONNECTION_TIMEOUT 10
#define CONNECTION_MEMORY (8 * 1024)

/**
 * TeaMetricsService:
 *
 * Tells programs on this machine, by HTTP, how a server is: `/metrics` has the numbers, and
 * `/healthz` whether all is well. It answers in the main context in which it was made; so an
 * answer says also that this still turns.
 */
struct _TeaMetricsService
{
  GObject parent_instance;

  TeaMetrics *metrics;       /* (owned) */
  struct MHD_Daemon *daemon; /* (owned) (nullable): NULL where it could not be started */
  GSource *source;           /* (owned) (nullable): runs the daemon */
};

typedef struct
{
  GSource parent;

  struct MHD_Daemon *daemon; /* (unowned) */
  gpointer tag;              /* of what it polls itself */
} DaemonSource;

G_DEFINE_FINAL_TYPE (TeaMetricsService, tea_metrics_service, G_TYPE_OBJECT)

static gboolean
prepare (GSource *source, int *timeout)
{
  MHD_UNSIGNED_LONG_LONG wait = 0;

  *timeout = -1;
  if (MHD_get_timeout (((DaemonSource *) source)->daemon, &wait) == MHD_YES)
    *timeout = (int) MIN (wait, G_MAXINT);

  return *timeout == 0;
}

static gboolean
check (GSource *source)
{
  DaemonSource *self = (DaemonSource *) source;
  int timeout;

  return g_source_query_unix_fd (source, self->tag) != 0 || prepare (source, &timeout);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  /* A place that became free is offered in the turn after, for which nothing wakes us. */
  MHD_run (((DaemonSource *) source)->daemon);
  MHD_run (((DaemonSource *) source)->daemon);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

static enum MHD_Result
answer (struct MHD_Connection *connection, guint status, const char *type, char *text)
{
  struct MHD_Response *response
      = MHD_create_response_from_buffer (strlen (text), text, MHD_RESPMEM_MUST_COPY);
  enum MHD_Result result;

  g_free (text);
  MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
  MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
    MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  result = MHD_queue_response (connection, status, response);
  MHD_destroy_response (response);

  return result;
}

static enum MHD_Result
answer_health (TeaMetricsService *self, struct MHD_Connection *connection)
{
  g_autofree char *problem = NULL;
  gboolean is_well = tea_metrics_is_well (self->metrics, &problem);

  return answer (connection, is_well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                 "text/plain; charset=utf-8",
                 g_strdup_printf ("%s\n", problem != NULL ? problem : "ok"));
}

static enum MHD_Result
request_cb (void *user_data,
            struct MHD_Connection *connection,
            const char *path,
            const char *method,
            const char *version,
            const char *body,
            size_t *body_size,
            void **request)
{
  TeaMetricsService *self = TEA_METRICS_SERVICE (user_data);

  /* First come the headers alone; a body is of no interest. */
  if (*request == NULL || *body_size > 0)
    {
      *request = self;
      *body_size = 0;
      return MHD_YES;
    }

  if (!g_str_equal (method, MHD_HTTP_METHOD_GET) && !g_str_equal (method, MHD_HTTP_METHOD_HEAD))
    return answer (connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain",
                   g_strdup ("Only GET and HEAD are understood.\n"));
  if (g_str_equal (path, "/metrics"))
    return answer (connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
                   tea_metrics_collect (self->metrics));
  if (g_str_equal (path, "/healthz"))
    return answer_health (self, connection);

  return answer (connection, MHD_HTTP_NOT_FOUND, "text/plain",
                 g_strdup ("There are /metrics and /healthz.\n"));
}

G_GNUC_PRINTF (2, 0)
static void
log_cb (void *user_data, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_debug ("HTTP: %s", g_strchomp (text));
}

static void
run_in_context (TeaMetricsService *self)
{
  DaemonSource *source;

  self->source = g_source_new (&source_funcs, sizeof (DaemonSource));
  source = (DaemonSource *) self->source;
  source->daemon = self->daemon;
  source->tag = g_source_add_unix_fd (
      self->source, MHD_get_daemon_info (self->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
      G_IO_IN);
  g_source_set_static_name (self->source, "TeaMetricsService");
  /* Whoever watches must not be in the way of those who speak. */
  g_source_set_priority (self->source, G_PRIORITY_DEFAULT_IDLE);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
tea_metrics_service_dispose (GObject *object)
{
  TeaMetricsService *self = TEA_METRICS_SERVICE (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->daemon, MHD_stop_daemon);
  g_clear_object (&self->metrics);

  G_OBJECT_CLASS (tea_metrics_service_parent_class)->dispose (object);
}

static void
tea_metrics_service_class_init (TeaMetricsServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tea_metrics_service_dispose;
}

static void
tea_metrics_service_init (TeaMetricsService *self)
{
}

/**
 * tea_metrics_service_new:
 * @metrics: what to tell
 * @port: at which TCP port of 127.0.0.1; 0 takes any free one
 * @error: return location for a #GError
 *
 * Answers in the thread-default main context from now on, until it is disposed of.
 *
 * Returns: (transfer full) (nullable): the service; %NULL where the port cannot be had
 */
TeaMetricsService *
tea_metrics_service_new (TeaMetrics *metrics, guint16 port, GError **error)
{
  g_autoptr (TeaMetricsService) self = NULL;
  const struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = g_htons (port),
                                       .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };

  g_return_val_if_fail (TEA_IS_METRICS (metrics), NULL);

  self = g_object_new (TEA_TYPE_METRICS_SERVICE, NULL);
  self->metrics = g_object_ref (metrics);
  errno = 0;
  self->daemon = MHD_start_daemon (MHD_USE_EPOLL | MHD_USE_ERROR_LOG, port, NULL, NULL, request_cb,
                                   self, MHD_OPTION_EXTERNAL_LOGGER, log_cb, NULL,
                                   MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT,
                                   (guint) MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                                   (guint) CONNECTION_TIMEOUT, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                   (gsize) CONNECTION_MEMORY, MHD_OPTION_END);
  if (self->daemon == NULL)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "Could not listen on http://127.0.0.1:%u: %s", port,
                   code != 0 ? g_strerror (code) : "No such port is free");
      return NULL;
    }

  run_in_context (self);

  return g_steal_pointer (&self);
}

/**
 * tea_metrics_service_get_port:
 * @self: a service
 *
 * Returns: at which port it answers
 */
guint16
tea_metrics_service_get_port (TeaMetricsService *self)
{
  g_return_val_if_fail (TEA_IS_METRICS_SERVICE (self), 0);

  return MHD_get_daemon_info (self->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}
