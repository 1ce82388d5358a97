/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "tea-error.h"
#include "tea-room-address.h"
#include "tea-text.h"

#define KEY "SHA256:+/0123456789abcdefghijklmnopqrstuvwxyzABCDE"
#define KEY_FOR_LINKS "-_0123456789abcdefghijklmnopqrstuvwxyzABCDE"

/* What is typed, what it means, and how it is written again. */
static const struct
{
  const char *text;
  const char *host;
  guint16 port;
  const char *written;
} addresses[] = {
  { "chat.example.org", "chat.example.org", 8888, "chat.example.org" },
  { "chat.example.org:8888", "chat.example.org", 8888, "chat.example.org" },
  { "chat.example.org:1", "chat.example.org", 1, "chat.example.org:1" },
  { "chat.example.org:65535", "chat.example.org", 65535, "chat.example.org:65535" },
  { "localhost", "localhost", 8888, "localhost" },
  { "tea-room", "tea-room", 8888, "tea-room" },
  { "茶馆.example", "茶馆.example", 8888, "茶馆.example" },
  { "茶馆.example:9000", "茶馆.example", 9000, "茶馆.example:9000" },
  { "192.168.1.20", "192.168.1.20", 8888, "192.168.1.20" },
  { "192.168.1.20:9000", "192.168.1.20", 9000, "192.168.1.20:9000" },
  { "::1", "::1", 8888, "::1" },
  { "[::1]", "::1", 8888, "::1" },
  { "[::1]:9000", "::1", 9000, "[::1]:9000" },
  { "2001:db8::7", "2001:db8::7", 8888, "2001:db8::7" },
  { "[2001:db8::7]:8888", "2001:db8::7", 8888, "2001:db8::7" },
  { "fe80::1%eth0", "fe80::1%eth0", 8888, "fe80::1%eth0" },
  { "[fe80::1%eth0]:9000", "fe80::1%eth0", 9000, "[fe80::1%eth0]:9000" },
  { "  localhost  ", "localhost", 8888, "localhost" },
  { "\tlocalhost:9000\n", "localhost", 9000, "localhost:9000" },
};

static const char *const no_addresses[] = {
  "",
  " ",
  ":",
  ":8888",
  "[]",
  "[]:8888",
  "[:]",
  "[fe80::1%eth0]]",
  "fe80::1%eth0]:7",
  "[[]",
  "[:]",
  "[1:2]",
  "::1%eth0[[]",
  "::1%eth 0",
  "a*b",
  "localhost:",
  "localhost:0",
  "localhost:65536",
  "localhost:-1",
  "localhost:99999999999999999999",
  "localhost:88 88",
  "localhost:8888:8888",
  "127.0.0.1:8888:8888",
  "two words",
  "chat.example.org/room",
  "udp://chat.example.org",
  "teahouse://",
  "teahouse:///tea",
  "teahouse://chat.example.org:0/",
  "teahouse://chat.example.org:8888/a/b",
  "teahouse://chat.example.org:8888/?tea",
  "teahouse://mei@chat.example.org:8888/",
  "teahouse://chat.example.org/%2f",
  "teahouse://chat.example.org/%ff",
  "teahouse://chat.example.org/%",
  "teahouse://chat%80.example.org/",
  "teahouse://chat.example.org/#",
  "teahouse://chat.example.org/#abc",
  "teahouse://chat.example.org/#" KEY_FOR_LINKS "#" KEY_FOR_LINKS,
  "mei@chat.example.org",
  "chat.example.org?room",
  "chat.example.org#room",
  "[::1",
  "[::1]9000",
  "[::1]:",
  "a\nb",
  "\xff\xfe",
  "chat\x80.example.org",
};

static const struct
{
  const char *host;
  guint16 port;
  const char *joined;
} joins[] = {
  { "localhost", 8888, "localhost:8888" },
  { "127.0.0.1", 1, "127.0.0.1:1" },
  { "::1", 65535, "[::1]:65535" },
  { "fe80::1%eth0", 8888, "[fe80::1%eth0]:8888" },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GNetworkAddress) address = NULL;
      g_autoptr (GNetworkAddress) again = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *written = NULL;

      g_test_message ("vector %zu: %s", i, addresses[i].text);
      address = tea_room_address_parse (addresses[i].text, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (g_network_address_get_hostname (address), ==, addresses[i].host);
      g_assert_cmpuint (g_network_address_get_port (address), ==, addresses[i].port);

      written = tea_room_address_to_string (address);
      g_assert_cmpstr (written, ==, addresses[i].written);

      again = tea_room_address_parse (written, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (g_network_address_get_hostname (again), ==, addresses[i].host);
      g_assert_cmpuint (g_network_address_get_port (again), ==, addresses[i].port);

      g_assert_finalize_object (g_steal_pointer (&address));
    }
}

static void
test_refuse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (no_addresses); i++)
    {
      g_autoptr (GNetworkAddress) address = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *shown = g_strescape (no_addresses[i], NULL);

      g_test_message ("vector %zu: %s", i, shown);
      address = tea_room_address_parse (no_addresses[i], &error);
      g_assert_null (address);
      g_assert_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* What is followed, what it means, and how it is written again. */
static const struct
{
  const char *link;
  const char *host;
  guint16 port;
  const char *room;
  const char *fingerprint;
  const char *written;
} links[] = {
  { "teahouse://chat.example.org:9000/tea#" KEY_FOR_LINKS, "chat.example.org", 9000, "tea", KEY,
    "teahouse://chat.example.org:9000/tea#" KEY_FOR_LINKS },
  { "teahouse://chat.example.org", "chat.example.org", 8888, NULL, NULL,
    "teahouse://chat.example.org:8888/" },
  { " TeaHouse://127.0.0.1/#" KEY "=\n", "127.0.0.1", 8888, NULL, KEY,
    "teahouse://127.0.0.1:8888/#" KEY_FOR_LINKS },
  { "teahouse://chat.example.org#" KEY_FOR_LINKS, "chat.example.org", 8888, NULL, KEY,
    "teahouse://chat.example.org:8888/#" KEY_FOR_LINKS },
  { "teahouse://[2001:db8::7]:9000/", "2001:db8::7", 9000, NULL, NULL,
    "teahouse://[2001:db8::7]:9000/" },
  { "teahouse://[fe80::1%25eth0]/", "fe80::1%eth0", 8888, NULL, NULL,
    "teahouse://[fe80::1%25eth0]:8888/" },
  { "teahouse://茶馆.example/茶 馆", "茶馆.example", 8888, "茶 馆", NULL,
    "teahouse://茶馆.example:8888/茶%20馆" },
  { "teahouse://chat.example.org/a%23b%3Fc", "chat.example.org", 8888, "a#b?c", NULL,
    "teahouse://chat.example.org:8888/a%23b%3Fc" },
};

static void
test_links (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autoptr (GNetworkAddress) address = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *written = NULL;

      g_test_message ("vector %zu: %s", i, links[i].link);
      address = tea_room_address_parse (links[i].link, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (g_network_address_get_hostname (address), ==, links[i].host);
      g_assert_cmpuint (g_network_address_get_port (address), ==, links[i].port);
      g_assert_cmpstr (tea_room_address_get_room (TEA_ROOM_ADDRESS (address)), ==, links[i].room);
      g_assert_cmpstr (tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (address)), ==,
                       links[i].fingerprint);

      written = tea_room_address_to_link (address, NULL);
      g_assert_cmpstr (written, ==, links[i].written);
    }
}

static void
test_link_of_server (void)
{
  g_autoptr (GNetworkAddress) address = tea_room_address_parse ("::1", NULL);
  g_autofree char *link = tea_room_address_to_link (address, KEY);

  g_assert_cmpstr (link, ==, "teahouse://[::1]:8888/#" KEY_FOR_LINKS);
}

static void
test_join (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (joins); i++)
    {
      g_autofree char *joined = tea_room_address_join_host_port (joins[i].host, joins[i].port);

      g_test_message ("vector %zu", i);
      g_assert_cmpstr (joined, ==, joins[i].joined);
    }
}

/* A sentence about what is refused keeps its direction. */
static void
test_right_to_left (void)
{
  static const char *const texts[] = { "שלום עולם", "teahouse://שלום עולם/" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *isolated = tea_text_isolate (texts[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (tea_room_address_parse (texts[i], &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID);
      g_assert_nonnull (strstr (error->message, isolated));
      g_assert_true (g_str_has_prefix (error->message, "\xe2\x80\x8e"));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/room-address/parse", test_parse);
  g_test_add_func ("/room-address/refuse", test_refuse);
  g_test_add_func ("/room-address/links", test_links);
  g_test_add_func ("/room-address/link-of-server", test_link_of_server);
  g_test_add_func ("/room-address/join", test_join);
  g_test_add_func ("/room-address/right-to-left", test_right_to_left);

  return g_test_run ();
}
