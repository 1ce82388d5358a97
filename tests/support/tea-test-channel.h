/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-server-channel.h"

G_BEGIN_DECLS

#define TEA_TYPE_TEST_CHANNEL (tea_test_channel_get_type ())

G_DECLARE_FINAL_TYPE (TeaTestChannel, tea_test_channel, TEA, TEST_CHANNEL, GObject)

/**
 * TeaTestChannel:
 * @key: (owned): the fingerprint of the client's key
 * @address: (owned): where the client is
 * @sent: (element-type GBytes): the packets that the server has sent
 * @n_proved: how often the client was found to be where it is
 * @is_closed: whether the server has closed it
 *
 * A server's channel to a client that is the test.
 */
struct _TeaTestChannel
{
  GObject parent_instance;

  char *key;
  char *address;
  GPtrArray *sent;
  guint n_proved;
  gboolean is_closed;
};

TeaTestChannel *tea_test_channel_new (guint8 person);

void tea_test_channel_receive (TeaTestChannel *self, GBytes *frame, ...) G_GNUC_NULL_TERMINATED;
char *tea_test_channel_take_sent (TeaTestChannel *self);

G_END_DECLS
