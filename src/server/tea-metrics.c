/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-metrics.h"

#include "config.h"

#include <sys/statvfs.h>

/**
 * TeaMetrics:
 *
 * How a server is, in numbers, for programs that watch it: in the text format of Prometheus.
 */
struct _TeaMetrics
{
  GObject parent_instance;

  TeaHouse *house;            /* (owned) */
  TeaEndpoint *endpoint;      /* (owned) */
  TeaDtlsListener *listener;  /* (owned) */
  TeaSecureService *secure;   /* (owned) */
  TeaClassicService *classic; /* (owned) */
  char *data_dir;             /* (owned) (type filename) */
  gint64 started;             /* in µs since the Unix epoch, UTC */

  guint64 n_events[TEA_EVENT_OTHER + 1]; /* by kind */
  guint n_rooms;                         /* when they were counted last */
};

G_DEFINE_FINAL_TYPE (TeaMetrics, tea_metrics, G_TYPE_OBJECT)

static void
add_family (GString *text, const char *name, const char *type, const char *help)
{
  g_string_append_printf (text, "# HELP teahouse_%s %s\n# TYPE teahouse_%s %s\n", name, help, name,
                          type);
}

/* @label: (nullable): without a value there is none */
static void
add_count (GString *text, const char *name, const char *label, const char *value, guint64 n)
{
  if (value != NULL)
    g_string_append_printf (text, "teahouse_%s{%s=\"%s\"} %" G_GUINT64_FORMAT "\n", name, label,
                            value, n);
  else
    g_string_append_printf (text, "teahouse_%s %" G_GUINT64_FORMAT "\n", name, n);
}

static void
add_one (GString *text, const char *name, const char *type, const char *help, guint64 n)
{
  add_family (text, name, type, help);
  add_count (text, name, NULL, NULL, n);
}

static void
add_drops (TeaMetrics *self,
           GString *text,
           TeaDropClass class,
           const char *name,
           const char *label,
           const char *help)
{
  TeaDropCounter *drops = tea_endpoint_get_drops (self->endpoint);

  add_family (text, name, "counter", help);
  for (TeaDrop drop = 0; drop < TEA_N_DROPS; drop++)
    if (tea_drop_get_class (drop) == class)
      add_count (text, name, label, tea_drop_get_name (drop), tea_drop_counter_get_n (drops, drop));
}

static void
add_people (TeaMetrics *self, GString *text)
{
  add_family (text, "info", "gauge", "Which server this is.");
  add_count (text, "info", "version", PACKAGE_VERSION, 1);
  add_one (text, "start_time_seconds", "gauge", "When the server was started.",
           (guint64) (self->started / G_TIME_SPAN_SECOND));
  add_one (text, "people", "gauge", "People in the house.",
           tea_presence_get_n_people (tea_house_get_presence (self->house)));
  add_family (text, "sessions", "gauge", "Connections of clients.");
  add_count (text, "sessions", "protocol", "secure",
             tea_secure_service_get_n_sessions (self->secure));
  add_count (text, "sessions", "protocol", "classic",
             tea_classic_service_get_n_sessions (self->classic));
  add_one (text, "rooms", "gauge", "Rooms, with the hall, as of the previous look.",
           self->n_rooms + 1);
}

static void
add_events (TeaMetrics *self, GString *text)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (TEA_TYPE_EVENT_KIND);
  TeaSecureCounts sent = tea_secure_service_get_counts (self->secure);

  add_family (text, "events_total", "counter", "What happened in all rooms.");
  for (guint i = 0; i < G_N_ELEMENTS (self->n_events); i++)
    if (tea_event_kind_is_logged (i))
      add_count (text, "events_total", "kind", g_enum_get_value (kinds, (int) i)->value_nick,
                 self->n_events[i]);

  add_one (text, "deliveries_total", "counter",
           "Events sent to secure clients for whom they were new.", sent.n_deliveries);
  add_one (text, "repairs_total", "counter", "Events sent because a client asked for them.",
           sent.n_repairs);
  add_one (text, "repeats_total", "counter",
           "How often a client said something again that was here already.", sent.n_repeats);
  add_one (text, "losses_total", "counter",
           "How often a client had not got something that it was sent.", sent.n_losses);
  add_one (text, "packets_sent_total", "counter", "Packets sent to secure clients.",
           sent.n_packets);
}

static void
add_network (TeaMetrics *self, GString *text)
{
  TeaEndpointCounts counts = tea_endpoint_get_counts (self->endpoint);
  guint64 n_accepted = tea_dtls_listener_get_n_accepted (self->listener);
  guint64 n_resumed = tea_dtls_listener_get_n_resumed (self->listener);

  add_one (text, "datagrams_received_total", "counter", "Datagrams that came in.",
           counts.n_received);
  add_one (text, "datagrams_sent_total", "counter", "Datagrams that went out.", counts.n_sent);
  add_drops (self, text, TEA_DROP_OF_DATAGRAMS, "datagrams_dropped_total", "reason",
             "Datagrams that were not taken, or not sent.");

  add_one (text, "handshakes_pending", "gauge", "Handshakes that are not finished.",
           tea_dtls_listener_get_n_handshakes (self->listener));
  add_family (text, "handshakes_total", "counter", "Handshakes that went well.");
  add_count (text, "handshakes_total", "kind", "full", n_accepted - n_resumed);
  add_count (text, "handshakes_total", "kind", "resumed", n_resumed);
  add_drops (self, text, TEA_DROP_OF_HANDSHAKES, "handshakes_failed_total", "reason",
             "Handshakes that came to nothing.");
  add_drops (self, text, TEA_DROP_BY_LIMITS, "limits_met_total", "limit",
             "How often somebody wanted more than they may have.");
}

static void
add_queues (TeaMetrics *self, GString *text, const TeaStoreLoad *load)
{
  TeaEndpointCounts counts = tea_endpoint_get_counts (self->endpoint);

  add_family (text, "queue_length", "gauge", "What waits: for a turn, the network or the disk.");
  add_count (text, "queue_length", "queue", "strangers", counts.n_strangers);
  add_count (text, "queue_length", "queue", "network", counts.n_waiting);
  add_count (text, "queue_length", "queue", "disk", load->n_waiting);
}

/* Each bucket has what is in those before it, too. */
static void
add_commits (GString *text, const TeaStoreLoad *load)
{
  const gint64 *bounds = tea_store_load_get_bounds ();
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  guint64 n = 0;

  add_family (text, "commit_seconds", "histogram", "How long the disk took to keep something.");
  for (guint i = 0; i < TEA_STORE_LOAD_N_BOUNDS; i++)
    {
      n += load->n_within[i];
      add_count (text, "commit_seconds_bucket", "le",
                 g_ascii_formatd (number, sizeof number, "%g", (double) bounds[i] / 1e6), n);
    }
  add_count (text, "commit_seconds_bucket", "le", "+Inf", load->n_commits);
  g_string_append_printf (text, "teahouse_commit_seconds_sum %s\n",
                          g_ascii_formatd (number, sizeof number, "%.6f",
                                           (double) load->commit_time / 1e6));
  add_count (text, "commit_seconds_count", NULL, NULL, load->n_commits);
}

static void
add_disk (TeaMetrics *self, GString *text)
{
  TeaStore *store = tea_house_get_store (self->house);
  g_autofree char *problem = tea_store_dup_problem (store);
  gboolean works = tea_store_get_state (store) == TEA_LOG_READY;
  struct statvfs disk;

  add_one (text, "disk_works", "gauge", "Whether what is said can be kept.", works ? 1 : 0);
  add_one (text, "database_damaged", "gauge", "Whether damage was found in the database.",
           works && problem != NULL ? 1 : 0);
  if (statvfs (self->data_dir, &disk) == 0)
    add_one (text, "disk_free_bytes", "gauge", "Room on the disk, for whoever runs the server.",
             (guint64) disk.f_bavail * disk.f_frsize);
}

static void
counted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TeaMetrics) self = TEA_METRICS (user_data);
  guint n_rooms = 0;
  guint n_owned = 0;

  if (tea_store_count_rooms_finish (TEA_STORE (object), result, &n_rooms, &n_owned, NULL))
    self->n_rooms = n_rooms;
}

static void
count_rooms (TeaMetrics *self)
{
  tea_store_count_rooms_async (tea_house_get_store (self->house), "", NULL, counted_cb,
                               g_object_ref (self));
}

static void
event_cb (TeaMetrics *self, TeaEvent *event)
{
  TeaEventKind kind = tea_event_get_kind (event);

  g_assert (TEA_IS_METRICS (self));

  self->n_events[MIN (kind, TEA_EVENT_OTHER)]++;
}

static void
room_event_cb (TeaMetrics *self, TeaRoom *room, TeaEvent *event)
{
  event_cb (self, event);
}

static void
tea_metrics_finalize (GObject *object)
{
  TeaMetrics *self = TEA_METRICS (object);

  g_object_unref (self->house);
  g_object_unref (self->endpoint);
  g_object_unref (self->listener);
  g_object_unref (self->secure);
  g_object_unref (self->classic);
  g_free (self->data_dir);

  G_OBJECT_CLASS (tea_metrics_parent_class)->finalize (object);
}

static void
tea_metrics_class_init (TeaMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_metrics_finalize;
}

static void
tea_metrics_init (TeaMetrics *self)
{
}

/**
 * tea_metrics_new:
 * @sources: what is to be measured
 *
 * Begins to count what happens.
 *
 * Returns: (transfer full): the metrics of a server
 */
TeaMetrics *
tea_metrics_new (const TeaMetricsSources *sources)
{
  TeaMetrics *self;

  g_return_val_if_fail (sources != NULL, NULL);

  self = g_object_new (TEA_TYPE_METRICS, NULL);
  self->house = g_object_ref (sources->house);
  self->endpoint = g_object_ref (sources->endpoint);
  self->listener = g_object_ref (sources->listener);
  self->secure = g_object_ref (sources->secure);
  self->classic = g_object_ref (sources->classic);
  self->data_dir = g_strdup (sources->data_dir);
  self->started = tea_clock_get_real_time (sources->clock);
  g_signal_connect_object (self->house, "event", G_CALLBACK (room_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tea_house_get_hall (self->house), "event", G_CALLBACK (event_cb), self,
                           G_CONNECT_SWAPPED);
  count_rooms (self);

  return self;
}

/**
 * tea_metrics_collect:
 * @self: metrics
 *
 * Tells how the server is now. It waits for nothing: rooms are counted for the next time.
 *
 * Returns: (transfer full): all metrics in the text format of Prometheus, version 0.0.4
 */
char *
tea_metrics_collect (TeaMetrics *self)
{
  GString *text;
  TeaStoreLoad load;

  g_return_val_if_fail (TEA_IS_METRICS (self), NULL);

  text = g_string_new (NULL);
  load = tea_store_get_load (tea_house_get_store (self->house));
  add_people (self, text);
  add_events (self, text);
  add_network (self, text);
  add_queues (self, text, &load);
  add_commits (text, &load);
  add_disk (self, text);
  count_rooms (self);

  return g_string_free (text, FALSE);
}

/**
 * tea_metrics_is_well:
 * @self: metrics
 * @problem: (out) (transfer full) (nullable): what is wrong, as a sentence for whoever runs the
 *   server; there may be something even where the server does all it should
 *
 * Returns: whether the server can keep what is said
 */
gboolean
tea_metrics_is_well (TeaMetrics *self, char **problem)
{
  TeaStore *store;

  g_return_val_if_fail (TEA_IS_METRICS (self), FALSE);
  g_return_val_if_fail (problem != NULL, FALSE);

  store = tea_house_get_store (self->house);
  *problem = tea_store_dup_problem (store);

  return tea_store_get_state (store) == TEA_LOG_READY;
}
