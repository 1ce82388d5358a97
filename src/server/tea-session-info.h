/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaSessionInfo:
 * @name: what its client is called
 * @key: (nullable): the fingerprint of its key; %NULL where it came by the classic protocol
 * @address: (nullable): from where it came
 * @since: when it came in, in µs since the Unix epoch, UTC
 * @heard: when anything was heard of it last, in µs since the Unix epoch, UTC
 * @n_rooms: how many rooms it has open, with the hall
 * @n_missed: how often something that it was sent did not arrive
 *
 * A session of somebody who is in the house, for whoever runs that.
 */
typedef struct
{
  char *name;
  char *key;
  char *address;
  gint64 since;
  gint64 heard;
  guint n_rooms;
  guint n_missed;
} TeaSessionInfo;

void tea_session_info_free (TeaSessionInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaSessionInfo, tea_session_info_free)

G_END_DECLS
