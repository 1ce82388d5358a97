/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-drop-reporter.h"

#include "tea-inet-address.h"
#include "tea-session-log.h"

/* What was logged: each line with its fields. */
static GPtrArray *lines;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  GHashTable *line = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < n_fields; i++)
    g_hash_table_insert (line, g_strdup (fields[i].key),
                         fields[i].length < 0
                             ? g_strdup (fields[i].value)
                             : g_strndup (fields[i].value, (gsize) fields[i].length));
  g_ptr_array_add (lines, line);

  return G_LOG_WRITER_HANDLED;
}

static void
assert_field (guint line, const char *key, const char *value)
{
  g_assert_cmpuint (line, <, lines->len);
  g_assert_cmpstr (g_hash_table_lookup (g_ptr_array_index (lines, line), key), ==, value);
}

typedef struct
{
  TeaClock *clock;
  TeaDropCounter *drops;
  TeaDropReporter *reporter;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_ptr_array_set_size (lines, 0);
  f->clock = tea_clock_new_manual (0);
  f->drops = tea_drop_counter_new ();
  f->reporter = tea_drop_reporter_new (f->drops, f->clock);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->reporter);
  g_assert_finalize_object (f->drops);
  g_assert_finalize_object (f->clock);
}

static void
drop (Fixture *f, TeaDrop drop, const char *from, guint n)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (from);

  for (guint i = 0; i < n; i++)
    tea_drop_counter_note_from (f->drops, drop, address);
}

static void
pass (Fixture *f, guint seconds)
{
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + seconds * G_TIME_SPAN_SECOND);
}

/* The line has what, how much, and from where. */
static void
test_line (Fixture *f, gconstpointer data)
{
  drop (f, TEA_DROP_NONSENSE, "198.51.100.7", 750);
  drop (f, TEA_DROP_NONSENSE, "192.0.2.1", 250);
  drop (f, TEA_DROP_HISTORY, "203.0.113.1", 100);
  g_assert_cmpuint (lines->len, ==, 0);
  pass (f, 2);
  g_assert_cmpuint (lines->len, ==, 1);
  assert_field (0, "MESSAGE",
                "Dropped or refused in 2 s: 1000 datagrams of no protocol, 75 % of them from "
                "198.51.100.0/24; 1100 in all");
  assert_field (0, "TEAHOUSE_EVENT", "dropped");
  assert_field (0, "TEAHOUSE_REASON", "nonsense");
  assert_field (0, "TEAHOUSE_COUNT", "1000");
  assert_field (0, "TEAHOUSE_NETWORK", "198.51.100.0/24");
}

/* An hour of it is few lines, and quiet makes the next one quick again. */
static void
test_long (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 3600; i++)
    {
      drop (f, TEA_DROP_CROWDED, "2001:db8::1", 1000);
      pass (f, 1);
    }
  g_assert_cmpuint (lines->len, >, 8);
  g_assert_cmpuint (lines->len, <, 20);

  pass (f, 3600);
  g_ptr_array_set_size (lines, 0);
  drop (f, TEA_DROP_CROWDED, "2001:db8::1", 1);
  pass (f, 3600);
  g_assert_cmpuint (lines->len, ==, 0);
  drop (f, TEA_DROP_CROWDED, "2001:db8::1", 1000);
  pass (f, 2);
  g_assert_cmpuint (lines->len, ==, 1);
}

/* What happens to everybody now and then is no attack. */
static void
test_little (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 600; i++)
    {
      drop (f, TEA_DROP_MESSAGES, "192.0.2.1", 10);
      pass (f, 1);
    }
  g_assert_cmpuint (lines->len, ==, 0);
}

/* Where nothing is known of where it came from, nothing is said of that. */
static void
test_nowhere (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    tea_drop_counter_note (f->drops, TEA_DROP_BLOCKED, 0);
  pass (f, 2);
  assert_field (
      0, "MESSAGE",
      "Dropped or refused in 2 s: 100 datagrams that the network did not take; 100 in all");
  assert_field (0, "TEAHOUSE_NETWORK", "");
}

/* Sessions are logged with fields, and with the network unless the address is asked for. */
static void
test_sessions (Fixture *f, gconstpointer data)
{
  static const struct
  {
    gboolean is_full;
    const char *address;
    const char *shown;
  } vectors[] = {
    { FALSE, "192.0.2.77", "192.0.2.0/24" },
    { TRUE, "192.0.2.77", "192.0.2.77" },
    { FALSE, "2001:db8:1:2::3", "2001:db8:1::/48" },
    { FALSE, "127.0.0.1", "127.0.0.1" },
    { FALSE, NULL, "of no address" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *message
          = g_strdup_printf ("Mei (%s, SHA256:x) entered; 3 in the house", vectors[i].shown);

      tea_session_log_set_full_addresses (vectors[i].is_full);
      tea_session_log_write (TEA_SESSION_ENTERED, "Mei", "SHA256:x", vectors[i].address,
                             "entered; %u in the house", 3);
      assert_field (i, "MESSAGE", message);
      assert_field (i, "TEAHOUSE_EVENT", "entered");
      assert_field (i, "TEAHOUSE_NAME", "Mei");
      assert_field (i, "TEAHOUSE_KEY", "SHA256:x");
      assert_field (i, "TEAHOUSE_NETWORK", vectors[i].shown);
    }

  tea_session_log_write (TEA_SESSION_LOST, "Bo", NULL, "127.0.0.1", "is gone");
  assert_field (lines->len - 1, "MESSAGE", "Bo (127.0.0.1) is gone");
  assert_field (lines->len - 1, "TEAHOUSE_KEY", "");
}

#define add(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_log_set_writer_func (write_log, NULL, NULL);

  add ("/drop-reporter/line", test_line);
  add ("/drop-reporter/long", test_long);
  add ("/drop-reporter/little", test_little);
  add ("/drop-reporter/nowhere", test_nowhere);
  add ("/session-log/fields", test_sessions);

  result = g_test_run ();
  g_ptr_array_unref (lines);

  return result;
}
