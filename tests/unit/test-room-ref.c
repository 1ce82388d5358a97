/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-room-ref.h"

#define KEY "SHA256:+/0123456789abcdefghijklmnopqrstuvwxyzABCDE"
#define PAIR "@-_0123456789abcdefghijklmnopqrstuvwxyzABCDE"

static const struct
{
  const char *address;
  TeaRoomKind kind;
  const char *folded; /* (nullable) */
} addresses[] = {
  { "", TEA_ROOM_KIND_HALL, "" },
  { "garden", TEA_ROOM_KIND_NAMED, "garden" },
  { "Garden", TEA_ROOM_KIND_NAMED, "garden" },
  { "ＧＡＲＤＥＮ", TEA_ROOM_KIND_NAMED, "garden" },
  { "茶室", TEA_ROOM_KIND_NAMED, "茶室" },
  { "a/b?c#d", TEA_ROOM_KIND_NAMED, "a/b?c#d" },
  { "a~@", TEA_ROOM_KIND_NAMED, "a~@" },
  { "12345678901234567890123456789012", TEA_ROOM_KIND_NAMED, "12345678901234567890123456789012" },
  { "123456789012345678901234567890123", TEA_ROOM_KIND_NONE, NULL },
  { "two words", TEA_ROOM_KIND_NONE, NULL },
  { "a:b", TEA_ROOM_KIND_NONE, NULL },
  { "line\n", TEA_ROOM_KIND_NONE, NULL },
  { "\377", TEA_ROOM_KIND_NONE, NULL },
  { "＠garden", TEA_ROOM_KIND_NONE, NULL },
  { "～garden", TEA_ROOM_KIND_NONE, NULL },
  { "~abcdefghijklmnop", TEA_ROOM_KIND_HIDDEN, "~abcdefghijklmnop" },
  { "~QRSTUVWXYZ234567", TEA_ROOM_KIND_HIDDEN, "~qrstuvwxyz234567" },
  { "~abcdefghijklmno", TEA_ROOM_KIND_NONE, NULL },
  { "~abcdefghijklmnopq", TEA_ROOM_KIND_NONE, NULL },
  { "~abcdefghijklmno1", TEA_ROOM_KIND_NONE, NULL },
  { "~", TEA_ROOM_KIND_NONE, NULL },
  { PAIR, TEA_ROOM_KIND_PAIR, PAIR },
  { PAIR "=", TEA_ROOM_KIND_NONE, NULL },
  { "@" KEY, TEA_ROOM_KIND_NONE, NULL },
  { "@+/0123456789abcdefghijklmnopqrstuvwxyzABCDE", TEA_ROOM_KIND_NONE, NULL },
  { "@-_0123456789abcdefghijklmnopqrstuvwxyzABCDF", TEA_ROOM_KIND_NONE, NULL },
  { "@Mei", TEA_ROOM_KIND_NONE, NULL },
  { "@", TEA_ROOM_KIND_NONE, NULL },
};

static void
test_addresses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *folded = tea_room_ref_fold (addresses[i].address);

      g_test_message ("vector %u", i);
      g_assert_cmpint (tea_room_kind_from_address (addresses[i].address), ==, addresses[i].kind);
      g_assert_cmpstr (folded, ==, addresses[i].folded);
      if (tea_room_ref_validate (addresses[i].address, &error))
        {
          g_autofree char *again = tea_room_ref_fold (folded);

          g_assert_no_error (error);
          g_assert_cmpint (addresses[i].kind, !=, TEA_ROOM_KIND_NONE);
          g_assert_cmpstr (again, ==, folded);
        }
      else
        {
          g_assert_nonnull (error);
          g_assert_true (error->domain == TEA_ERROR);
          g_assert_cmpint (addresses[i].kind, ==, TEA_ROOM_KIND_NONE);
        }
    }

  g_assert_cmpint (tea_room_kind_from_address (NULL), ==, TEA_ROOM_KIND_NONE);
}

/* As base32 writes them (RFC 4648). */
static void
test_hidden (void)
{
  static const struct
  {
    const guint8 secret[TEA_ROOM_SECRET_SIZE];
    const char *address;
  } rooms[] = {
    { { 0 }, "~aaaaaaaaaaaaaaaa" },
    { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, "~7777777777777777" },
    { { 'f', 'o', 'o', 'b', 'a', 'r', 'f', 'o', 'o', 'b' }, "~mzxw6ytbojtg633c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autofree char *address = tea_room_ref_make_hidden (rooms[i].secret);

      g_assert_cmpstr (address, ==, rooms[i].address);
      g_assert_cmpint (tea_room_kind_from_address (address), ==, TEA_ROOM_KIND_HIDDEN);
    }
}

static void
test_pair (void)
{
  g_autofree char *address = tea_room_ref_make_pair (KEY);
  g_autofree char *key = tea_room_ref_dup_pair_key (address);

  g_assert_cmpstr (address, ==, PAIR);
  g_assert_cmpstr (key, ==, KEY);
  g_assert_null (tea_room_ref_dup_pair_key ("garden"));
  g_assert_null (tea_room_ref_dup_pair_key ("@garden"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/room-ref/addresses", test_addresses);
  g_test_add_func ("/room-ref/hidden", test_hidden);
  g_test_add_func ("/room-ref/pair", test_pair);

  return g_test_run ();
}
