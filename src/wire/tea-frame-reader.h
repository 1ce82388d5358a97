/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

/**
 * TeaFrameReader:
 *
 * Where one is in a packet. The packet has to stay for as long.
 */
typedef struct
{
  /*< private >*/
  GBytes *packet;
  gsize offset;
  guint n_frames;
  guint16 channel;
} TeaFrameReader;

#define TEA_FRAME_READER_INIT(packet_) \
  {                                    \
    .packet = (packet_)                \
  }

gboolean tea_frame_reader_next (TeaFrameReader *self, TeaFrame *frame, GError **error);

G_END_DECLS
