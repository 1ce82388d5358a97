/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/socket.h>

#include "dtls-fixture.h"
#include "tea-inet-address.h"
#include "tea-strangers.h"

#define FLOODER 1
#define NEWCOMER 2

static gboolean
push (TeaStrangers *self, guint64 network, const char *text)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("192.0.2.1", 8888);
  g_autoptr (GBytes) datagram = g_bytes_new (text, strlen (text));

  if (!tea_strangers_may_wait (self, network, strlen (text)))
    return FALSE;

  tea_strangers_push (self, network, G_INET_SOCKET_ADDRESS (address), datagram);

  return TRUE;
}

static guint
push_all (TeaStrangers *self, guint64 network)
{
  guint n = 0;

  while (push (self, network, "x"))
    n++;

  return n;
}

static char *
pop (TeaStrangers *self)
{
  g_autoptr (GInetSocketAddress) address = NULL;
  g_autoptr (GBytes) datagram = NULL;

  if (!tea_strangers_pop (self, &address, &datagram))
    return NULL;

  return g_strndup (g_bytes_get_data (datagram, NULL), g_bytes_get_size (datagram));
}

static void
test_order (void)
{
  static const char *const texts[] = { "one", "two", "three" };
  g_autoptr (TeaStrangers) self = tea_strangers_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (push (self, i, texts[i]));
  g_assert_cmpuint (tea_strangers_get_n (self), ==, G_N_ELEMENTS (texts));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = pop (self);

      g_assert_cmpstr (text, ==, texts[i]);
    }
  g_assert_null (pop (self));
}

/* Who sends without end does not keep out others, who wait behind some of it. */
static void
test_flood (void)
{
  g_autoptr (TeaStrangers) self = tea_strangers_new ();
  guint n = push_all (self, FLOODER);

  g_assert_cmpuint (n, >=, 2048);
  g_assert_true (push (self, NEWCOMER, "newcomer"));
  g_assert_false (push (self, FLOODER, "x"));
  for (guint i = 0; i < n; i++)
    g_free (pop (self));
  g_assert_cmpuint (tea_strangers_get_n (self), ==, 1);
  g_assert_true (push (self, FLOODER, "x"));
}

/* However many networks they come from, so many wait and no more. */
static void
test_full (void)
{
  g_autoptr (TeaStrangers) self = tea_strangers_new ();
  g_autofree char *long_text = g_strnfill (60000, 'x');
  guint64 n = 0;

  while (push (self, n, "x"))
    n++;
  g_assert_cmpuint (tea_strangers_get_n (self), ==, n);
  g_assert_cmpuint (n, >=, 2048);
  g_assert_cmpuint (n, <=, 4096);

  for (guint i = 0; i < n; i++)
    g_free (pop (self));
  n = 0;
  while (push (self, n, long_text))
    n++;
  g_assert_cmpuint (n, <, 100);
}

/* What the kernel says is the same network that the object says. */
static void
test_networks (void)
{
  static const struct
  {
    const char *one;
    const char *other;
    gboolean is_same[TEA_N_NETWORK_WIDTHS];
  } vectors[] = {
    { "192.0.2.1", "192.0.2.1", { TRUE, TRUE } },
    { "192.0.2.1", "192.0.2.254", { FALSE, TRUE } },
    { "192.0.2.1", "192.0.3.1", { FALSE, FALSE } },
    { "192.0.2.1", "::ffff:192.0.2.1", { TRUE, TRUE } },
    { "2001:db8:0:1::1", "2001:db8:0:1:2:3:4:5", { TRUE, TRUE } },
    { "2001:db8:0:1::1", "2001:db8:0:2::1", { FALSE, TRUE } },
    { "2001:db8:0:1::1", "2001:db8:1:1::1", { FALSE, FALSE } },
    { "::1", "0.0.0.1", { FALSE, FALSE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    for (guint width = 0; width < TEA_N_NETWORK_WIDTHS; width++)
      {
        g_autoptr (GInetAddress) one = g_inet_address_new_from_string (vectors[i].one);
        g_autoptr (GSocketAddress) other
            = g_inet_socket_address_new_from_string (vectors[i].other, 8888);
        struct sockaddr_storage native;

        g_test_message ("vector %u", i);
        g_assert_true (g_socket_address_to_native (other, &native, sizeof native, NULL));
        g_assert_cmpint (
            tea_inet_address_get_network (one, width)
                == tea_inet_address_get_native_network ((const struct sockaddr *) &native, width),
            ==, vectors[i].is_same[width]);
      }
}

static TeaEndpoint *
endpoint_new (void)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  TeaEndpoint *self = tea_endpoint_new (G_INET_SOCKET_ADDRESS (address), NULL);

  g_assert_nonnull (self);

  return self;
}

static TeaEndpointSort
sort (const guint8 *data, gsize size, gpointer user_data)
{
  return data[0] == 'k'   ? TEA_ENDPOINT_KNOWN
         : data[0] == 's' ? TEA_ENDPOINT_STRANGER
                          : TEA_ENDPOINT_NOBODY;
}

static void
received_cb (GString *heard, GInetSocketAddress *address, GBytes *datagram)
{
  g_string_append_len (heard, g_bytes_get_data (datagram, NULL),
                       (gssize) g_bytes_get_size (datagram));
}

/* What those have sent who are known is heard first, whatever came before it; what is nobody's
 * is not heard of; and what is left of strangers is done later. */
static void
test_known_first (void)
{
  g_autoptr (TeaEndpoint) one = endpoint_new ();
  g_autoptr (TeaEndpoint) other = endpoint_new ();
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autofree char *strangers = g_strnfill (200, 's');

  tea_endpoint_set_sort_func (other, sort, NULL);
  g_signal_connect_swapped (other, "received", G_CALLBACK (received_cb), heard);
  for (guint i = 0; i < 201; i++)
    {
      g_autoptr (GBytes) datagram = g_bytes_new_static (i == 200      ? "k"
                                                        : i % 10 == 5 ? "n"
                                                                      : "s",
                                                        1);

      tea_endpoint_send (one, tea_endpoint_get_local_address (other), datagram);
    }
  tea_endpoint_flush (one);
  ITERATE_WHILE (heard->len < 181);
  iterate_pending ();
  g_assert_cmpuint (heard->len, ==, 181);
  g_assert_cmpint (heard->str[0], ==, 'k');
  g_assert_true (g_str_has_prefix (strangers, heard->str + 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/strangers/order", test_order);
  g_test_add_func ("/strangers/flood", test_flood);
  g_test_add_func ("/strangers/full", test_full);
  g_test_add_func ("/strangers/networks", test_networks);
  g_test_add_func ("/strangers/known-first", test_known_first);

  return g_test_run ();
}
