/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "crowd.h"

G_BEGIN_DECLS

/* A guest of a server that speaks TCP: what came and is not read yet, and what is to be sent. */

typedef struct
{
  Guest parent;

  GByteArray *in;
  GByteArray *out;
} StreamGuest;

/* Reads one thing from the beginning of what came. Returns: its size, 0 when it is not whole */
typedef gsize (*StreamReadFunc) (StreamGuest *self, const char *data, gsize size);

void stream_guest_open (StreamGuest *self);
void stream_guest_receive (StreamGuest *self, StreamReadFunc read);
void stream_guest_write (StreamGuest *self, gconstpointer data, gsize size);
void stream_guest_print (StreamGuest *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void stream_guest_flush (Guest *guest);
void stream_guest_close (Guest *guest);

G_END_DECLS
