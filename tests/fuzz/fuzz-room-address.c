/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-name.h"
#include "tea-room-address.h"
#include "tea-room-ref.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
assert_same_host (GNetworkAddress *one, GNetworkAddress *other)
{
  g_assert_cmpstr (g_network_address_get_hostname (one), ==,
                   g_network_address_get_hostname (other));
  g_assert_cmpuint (g_network_address_get_port (one), ==, g_network_address_get_port (other));
}

/* What was read and is written is read as the same. */
static void
check_address (const char *text)
{
  g_autoptr (GNetworkAddress) address = NULL;
  g_autoptr (GNetworkAddress) typed = NULL;
  g_autoptr (GNetworkAddress) linked = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;

  address = tea_room_address_parse (text, &error);
  if (address == NULL)
    {
      g_assert_error (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpuint (g_network_address_get_port (address), !=, 0);

  shown = tea_room_address_to_string (address);
  typed = tea_room_address_parse (shown, &error);
  g_assert_no_error (error);
  assert_same_host (address, typed);

  link = tea_room_address_to_link (address, NULL);
  linked = tea_room_address_parse (link, &error);
  g_assert_no_error (error);
  assert_same_host (address, linked);
  g_assert_cmpstr (tea_room_address_get_room (TEA_ROOM_ADDRESS (address)), ==,
                   tea_room_address_get_room (TEA_ROOM_ADDRESS (linked)));
  g_assert_cmpstr (tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (address)), ==,
                   tea_room_address_get_fingerprint (TEA_ROOM_ADDRESS (linked)));
}

/* What is compared stays as it is when it is folded once more. */
static void
check_room (const char *text)
{
  TeaRoomKind kind = tea_room_kind_from_address (text);
  g_autofree char *folded = tea_room_ref_fold (text);
  g_autofree char *again = NULL;
  g_autofree char *key = tea_room_ref_dup_pair_key (text);
  g_autofree char *pair = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tea_room_ref_validate (text, &error), ==, kind != TEA_ROOM_KIND_NONE);
  g_assert_cmpint (error == NULL, ==, kind != TEA_ROOM_KIND_NONE);
  g_assert_cmpint (folded == NULL, ==, kind == TEA_ROOM_KIND_NONE);
  g_assert_cmpint (key != NULL, ==, kind == TEA_ROOM_KIND_PAIR);
  if (kind == TEA_ROOM_KIND_NONE)
    return;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  /* The form that is compared may be longer than an address may. */
  again = kind == TEA_ROOM_KIND_NAMED ? tea_name_fold (folded) : tea_room_ref_fold (folded);
  g_assert_cmpstr (folded, ==, again);

  if (key != NULL)
    {
      pair = tea_room_ref_make_pair (key);
      g_assert_cmpstr (pair, ==, text);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_address (text);
  check_room (text);

  return 0;
}
