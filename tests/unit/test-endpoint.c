/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dtls-fixture.h"

static TeaEndpoint *
endpoint_new (void)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;
  TeaEndpoint *self = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), &error);

  g_assert_no_error (error);

  return self;
}

static void
say (TeaEndpoint *self, TeaEndpoint *other, const char *text)
{
  g_autoptr (GBytes) datagram = g_bytes_new (text, strlen (text));

  tea_endpoint_send (self, tea_endpoint_get_local_address (other), datagram);
}

static void
count_cb (guint *n, GInetSocketAddress *address, GBytes *datagram)
{
  (*n)++;
}

/* Who is still there when it is closed may still say something. */
static void
test_closed (void)
{
  g_autoptr (TeaEndpoint) one = endpoint_new ();
  g_autoptr (TeaEndpoint) other = endpoint_new ();
  guint n = 0;

  g_signal_connect_swapped (other, "received", G_CALLBACK (count_cb), &n);
  say (one, other, "hello");
  ITERATE_WHILE (n == 0);

  say (one, other, "goodbye");
  tea_endpoint_close (one);
  say (one, other, "nobody hears this");
  tea_endpoint_flush (one);
  iterate_pending ();
  g_assert_cmpuint (n, ==, 1);

  tea_endpoint_close (one);
  g_assert_finalize_object (g_steal_pointer (&one));
}

static void
close_cb (TeaEndpoint *self, GInetSocketAddress *address, GBytes *datagram, guint *n)
{
  (*n)++;
  tea_endpoint_send (self, address, datagram);
  tea_endpoint_close (self);
}

/* Closed by what came, in the midst of much more. */
static void
test_closed_by_receiver (void)
{
  g_autoptr (TeaEndpoint) one = endpoint_new ();
  g_autoptr (TeaEndpoint) other = endpoint_new ();
  guint n = 0;

  g_signal_connect (other, "received", G_CALLBACK (close_cb), &n);
  for (guint i = 0; i < 100; i++)
    say (one, other, "close it");
  tea_endpoint_flush (one);
  ITERATE_WHILE (n == 0);
  iterate_pending ();
  g_assert_cmpuint (n, ==, 1);
  g_assert_finalize_object (g_steal_pointer (&other));
}

static void
collect_cb (GString *sizes, GInetSocketAddress *address, GBytes *datagram)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);

  for (gsize i = 1; i < size; i++)
    g_assert_cmpuint (data[i], ==, data[0]);
  g_string_append_printf (sizes, "%u:%zu ", size > 0 ? data[0] : 0, size);
}

/* What goes to one peer in a block comes in as what it was, and in its order. */
static void
test_blocks (void)
{
  static const struct
  {
    guint sizes[40];
    guint n;
  } rows[] = {
    { { 100, 100, 60, 100, 100, 100 }, 6 },
    { { 60, 100, 60, 60, 60, 100 }, 6 },
    { { 0, 100, 0, 0, 100, 100, 1 }, 7 },
    { { 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200,
        1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 1200, 700 },
      24 },
  };

  for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      g_autoptr (TeaEndpoint) one = endpoint_new ();
      g_autoptr (TeaEndpoint) other = endpoint_new ();
      g_autoptr (TeaEndpoint) third = endpoint_new ();
      g_autoptr (GString) wanted = g_string_new (NULL);
      g_autoptr (GString) sizes = g_string_new (NULL);
      g_autoptr (GString) others = g_string_new (NULL);

      g_signal_connect_swapped (other, "received", G_CALLBACK (collect_cb), sizes);
      g_signal_connect_swapped (third, "received", G_CALLBACK (collect_cb), others);
      for (guint i = 0; i < rows[row].n; i++)
        {
          guint size = rows[row].sizes[i];
          g_autofree char *bytes = g_strnfill (size, (char) (i + 1));
          g_autoptr (GBytes) datagram = g_bytes_new (bytes, size);

          tea_endpoint_send (one, tea_endpoint_get_local_address (other), datagram);
          g_string_append_printf (wanted, "%u:%u ", size > 0 ? i + 1 : 0, size);
        }
      say (one, third, "a");
      ITERATE_WHILE (others->len == 0 || sizes->len < wanted->len);

      g_assert_cmpstr (sizes->str, ==, wanted->str);
      g_assert_cmpstr (others->str, ==, "97:1 ");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint/closed", test_closed);
  g_test_add_func ("/endpoint/closed-by-receiver", test_closed_by_receiver);
  g_test_add_func ("/endpoint/blocks", test_blocks);

  return g_test_run ();
}
