/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-ref.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "tea-error.h"
#include "tea-fingerprint.h"
#include "tea-name.h"

/* The address of a room within its house: what follows the slash of a link. */

#define HIDDEN_SIGN '~'
#define PAIR_SIGN '@'

/* The base32 of RFC 4648, in small letters: 5 bits a digit. */
static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

#define N_DIGITS (8 * TEA_ROOM_SECRET_SIZE / 5)

G_DEFINE_ENUM_TYPE (TeaRoomKind,
                    tea_room_kind,
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_KIND_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_KIND_HALL, "hall"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_KIND_NAMED, "named"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_KIND_HIDDEN, "hidden"),
                    G_DEFINE_ENUM_VALUE (TEA_ROOM_KIND_PAIR, "pair"))

static gboolean
is_hidden (const char *address)
{
  const char *digit = address + 1;

  if (strlen (digit) != N_DIGITS)
    return FALSE;

  while (*digit != '\0' && strchr (digits, g_ascii_tolower (*digit)) != NULL)
    digit++;

  return *digit == '\0';
}

/* Written in the one way that there is. */
static gboolean
is_pair (const char *address)
{
  g_autofree char *key = tea_fingerprint_parse (address + 1, NULL);
  g_autofree char *again = key != NULL ? tea_room_ref_make_pair (key) : NULL;

  return g_strcmp0 (address, again) == 0;
}

/* What looks like one of the other kinds in the form that names are compared in is no name. */
static gboolean
validate_name (const char *address, GError **error)
{
  g_autoptr (TeaName) name = tea_name_new (address, error);
  char first;

  if (name == NULL)
    return FALSE;

  first = *tea_name_get_folded (name);
  if (first == HIDDEN_SIGN || first == PAIR_SIGN)
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_NAME_INVALID,
                           _ ("The name of a room cannot begin with “~” or “@”."));
      return FALSE;
    }

  return TRUE;
}

/**
 * tea_room_kind_from_address:
 * @address: (nullable): what follows the slash of a link, any bytes
 *
 * Tells what kind of room an address is of.
 *
 * Returns: the kind; %TEA_ROOM_KIND_NONE if it is no address
 */
TeaRoomKind
tea_room_kind_from_address (const char *address)
{
  if (address == NULL)
    return TEA_ROOM_KIND_NONE;
  if (*address == '\0')
    return TEA_ROOM_KIND_HALL;
  if (*address == HIDDEN_SIGN)
    return is_hidden (address) ? TEA_ROOM_KIND_HIDDEN : TEA_ROOM_KIND_NONE;
  if (*address == PAIR_SIGN)
    return is_pair (address) ? TEA_ROOM_KIND_PAIR : TEA_ROOM_KIND_NONE;

  return validate_name (address, NULL) ? TEA_ROOM_KIND_NAMED : TEA_ROOM_KIND_NONE;
}

/**
 * tea_room_ref_validate:
 * @address: (nullable): what follows the slash of a link, any bytes
 * @error: return location for a #GError
 *
 * Tells whether something can be the address of a room. The names of rooms keep to the rules
 * of [func@Tea.Name.validate] and do not begin with `~` or `@`.
 *
 * Returns: whether it can; if not, @error is of the %TEA_ERROR domain and says why
 */
gboolean
tea_room_ref_validate (const char *address, GError **error)
{
  if (tea_room_kind_from_address (address) != TEA_ROOM_KIND_NONE)
    return TRUE;

  if (address != NULL && (*address == HIDDEN_SIGN || *address == PAIR_SIGN))
    {
      g_set_error_literal (error, TEA_ERROR, TEA_ERROR_ADDRESS_INVALID,
                           _ ("This is not the address of a room. Is it complete?"));
      return FALSE;
    }

  return validate_name (address, error);
}

/**
 * tea_room_ref_fold:
 * @address: the address of a room
 *
 * Brings an address into the form in which addresses are compared: two are of the same room
 * of a house when these are the same bytes. Which room that is of a pair, depends on who asks.
 *
 * Returns: (transfer full) (nullable): the folded address; %NULL if it is no address
 */
char *
tea_room_ref_fold (const char *address)
{
  switch (tea_room_kind_from_address (address))
    {
    case TEA_ROOM_KIND_HALL:
    case TEA_ROOM_KIND_PAIR:
      return g_strdup (address);
    case TEA_ROOM_KIND_HIDDEN:
      return g_ascii_strdown (address, -1);
    case TEA_ROOM_KIND_NAMED:
      return tea_name_fold (address);
    case TEA_ROOM_KIND_NONE:
    default:
      return NULL;
    }
}

/**
 * tea_room_ref_make_hidden:
 * @secret: (array fixed-size=10): %TEA_ROOM_SECRET_SIZE random bytes that nobody can guess
 *
 * Makes the address of a hidden room.
 *
 * Returns: (transfer full): the address
 */
char *
tea_room_ref_make_hidden (const guint8 *secret)
{
  char address[1 + N_DIGITS + 1] = { HIDDEN_SIGN };

  g_return_val_if_fail (secret != NULL, NULL);

  for (guint i = 0; i < N_DIGITS; i++)
    {
      guint bit = 5 * i;
      guint two = (guint) secret[bit / 8] << 8;

      if (bit / 8 + 1 < TEA_ROOM_SECRET_SIZE)
        two |= secret[bit / 8 + 1];
      address[1 + i] = digits[(two >> (11 - bit % 8)) & 0x1f];
    }

  return g_strdup (address);
}

/**
 * tea_room_ref_make_pair:
 * @fingerprint: of somebody's key
 *
 * Makes the address of one's private conversation with somebody.
 *
 * Returns: (transfer full): the address
 */
char *
tea_room_ref_make_pair (const char *fingerprint)
{
  const char *base64;
  char *address;

  g_return_val_if_fail (fingerprint != NULL && strchr (fingerprint, ':') != NULL, NULL);

  base64 = strchr (fingerprint, ':') + 1;
  address = g_strdup_printf ("%c%s", PAIR_SIGN, base64);
  g_strdelimit (address, "+", '-');
  g_strdelimit (address, "/", '_');

  return address;
}

/**
 * tea_room_ref_dup_pair_key:
 * @address: the address of a private conversation
 *
 * Tells with whom a private conversation is.
 *
 * Returns: (transfer full) (nullable): the fingerprint of their key; %NULL if @address is of
 *   another kind
 */
char *
tea_room_ref_dup_pair_key (const char *address)
{
  if (tea_room_kind_from_address (address) != TEA_ROOM_KIND_PAIR)
    return NULL;

  return tea_fingerprint_parse (address + 1, NULL);
}
