/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaCtlOptions:
 * @data_dir: (owned): the folder of the server
 * @room: (owned): the room that it is about; `""` for the hall
 * @has_duration: whether it is for a while
 * @seconds: for how long it is then
 * @with_network: whether it is about the network of somebody, too
 * @erase: whether what they said is removed
 * @closed: whether a room is made that one enters by invitation
 * @is_json: whether a program reads the answer
 *
 * What an operator says besides the command.
 */
typedef struct
{
  char *data_dir;
  char *room;
  gboolean has_duration;
  guint64 seconds;
  gboolean with_network;
  gboolean erase;
  gboolean closed;
  gboolean is_json;
} TeaCtlOptions;

G_END_DECLS
