/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-packet-connector.h"

G_BEGIN_DECLS

/* A client's channel to a server that is the test. */

#define TEA_TYPE_TEST_SERVER (tea_test_server_get_type ())

G_DECLARE_FINAL_TYPE (TeaTestServer, tea_test_server, TEA, TEST_SERVER, GObject)

/**
 * TeaTestServer:
 * @sent: (owned) (element-type GBytes): the packets that the client has sent
 * @n_rebound: how often the client's network has changed
 * @is_closed: whether the client has closed the channel
 *
 * What a client sends through a channel is kept; what it receives, the test says.
 */
struct _TeaTestServer
{
  GObject parent_instance;

  GPtrArray *sent;
  guint n_rebound;
  gboolean is_closed;
};

void tea_test_server_send (TeaTestServer *self, guint16 channel, GBytes *frame);

#define TEA_TYPE_TEST_CONNECTOR (tea_test_connector_get_type ())

G_DECLARE_FINAL_TYPE (TeaTestConnector, tea_test_connector, TEA, TEST_CONNECTOR, GObject)

/**
 * TeaTestConnector:
 * @server: (owned) (nullable): the channel that was made last
 * @fails: (nullable): whether the next one cannot be made
 * @user_data: for @fails
 *
 * What makes such channels.
 */
struct _TeaTestConnector
{
  GObject parent_instance;

  TeaTestServer *server;
  gboolean (*fails) (gpointer user_data);
  gpointer user_data;
};

G_END_DECLS
