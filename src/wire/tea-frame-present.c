/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-frame-present.h"

#include <string.h>

#include "tea-body.h"
#include "tea-fingerprint.h"

/* As it is in GVariant's serialisation of (tta(tsay)): the members begin after two numbers,
 * each at a multiple of 8, and behind them stands where each ends. */
#define MEMBERS_START 16
#define MEMBER_ALIGNMENT 8

static gsize
align (gsize position)
{
  return (position + MEMBER_ALIGNMENT - 1) & ~(gsize) (MEMBER_ALIGNMENT - 1);
}

/* A member is never so long that where its name ends takes more than one byte. */
static gsize
measure_member (const TeaPresentMember *member)
{
  return 8 + strlen (member->name) + 1 + (member->key != NULL ? TEA_FINGERPRINT_SIZE : 0) + 1;
}

static guint8 *
write_member (guint8 *data, const TeaPresentMember *member)
{
  gsize name_size = strlen (member->name) + 1;
  guint8 *end = tea_body_write_number (data, member->joined, 8);

  memcpy (end, member->name, name_size);
  end += name_size;
  if (member->key != NULL)
    {
      if (!tea_fingerprint_to_bytes (member->key, end))
        g_return_val_if_reached (end);
      end += TEA_FINGERPRINT_SIZE;
    }

  return tea_body_write_number (end, 8 + name_size, 1);
}

static gsize
get_offset_size (gsize members_size, guint n)
{
  return members_size + n <= G_MAXUINT8 ? 1 : 2;
}

/**
 * tea_frame_present_write:
 * @as_of: up to which event this takes account
 * @next: after which number to ask again where all of @members fit; 0 when these are all
 * @members: (array length=n_members) (nullable): in the order in which they joined, and
 *   within the limits of PROTOCOL.md
 * @n_members: how many
 * @max_size: how long the frame may be; one member fits always
 *
 * Writes a PRESENT with as many members as fit.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
tea_frame_present_write (
    guint64 as_of, guint64 next, const TeaPresentMember *members, guint n_members, gsize max_size)
{
  gsize members_size = 0;
  gsize offset_size, size;
  guint n;
  guint8 *bytes, *end, *start, *offsets;

  g_return_val_if_fail (members != NULL || n_members == 0, NULL);

  for (n = 0; n < n_members; n++)
    {
      gsize with = align (members_size) + measure_member (&members[n]);

      if (n > 0
          && TEA_FRAME_HEAD_SIZE + MEMBERS_START + with + (n + 1) * get_offset_size (with, n + 1)
                 > max_size)
        {
          next = members[n - 1].joined;
          break;
        }
      members_size = with;
    }

  offset_size = get_offset_size (members_size, n);
  size = MEMBERS_START + members_size + n * offset_size;
  bytes = g_malloc0 (TEA_FRAME_HEAD_SIZE + size);
  end = tea_body_write_number (bytes, TEA_FRAME_PRESENT, 1);
  end = tea_body_write_number (end, size, 2);
  end = tea_body_write_number (end, as_of, 8);
  start = end = tea_body_write_number (end, next, 8);
  offsets = start + members_size;
  for (guint i = 0; i < n; i++)
    {
      end = write_member (start + align ((gsize) (end - start)), &members[i]);
      offsets = tea_body_write_number (offsets, (guint64) (end - start), offset_size);
    }

  return g_bytes_new_take (bytes, TEA_FRAME_HEAD_SIZE + size);
}
