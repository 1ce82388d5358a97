/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-client.h"

G_BEGIN_DECLS

/**
 * TeaJoinOutcome:
 * @TEA_JOIN_ENTERED: the client is in the room
 * @TEA_JOIN_CANCELLED: it was given up
 * @TEA_JOIN_NAME_MISSING: under which name to enter?
 * @TEA_JOIN_NAME_UNFIT: nobody can have this name here; under which one?
 * @TEA_JOIN_NAME_TAKEN: somebody else has this name here; under which one?
 * @TEA_JOIN_PASSWORD_MISSING: what is the room's password?
 * @TEA_JOIN_PASSWORD_WRONG: the room has another password; which one?
 * @TEA_JOIN_NOT_SECURE: the room speaks only the classic protocol; enter all the same?
 * @TEA_JOIN_KEY_CHANGED: the server has another key than before; forget that one?
 * @TEA_JOIN_KEY_UNEXPECTED: the server has another key than the link says
 * @TEA_JOIN_KEY_NOT_KEPT: this is the first visit, and the server's key cannot be
 *   remembered; enter all the same?
 * @TEA_JOIN_REFUSED: the server does not let this user in, whatever is answered
 * @TEA_JOIN_NO_ANSWER: nobody answers, or not as the link promises
 * @TEA_JOIN_FAILED: this computer cannot do it, because of a file of the user's
 *
 * How a try to enter a room ended. What ends in a question above can be answered, and
 * tried again.
 */
typedef enum
{
  TEA_JOIN_ENTERED,
  TEA_JOIN_CANCELLED,
  TEA_JOIN_NAME_MISSING,
  TEA_JOIN_NAME_UNFIT,
  TEA_JOIN_NAME_TAKEN,
  TEA_JOIN_PASSWORD_MISSING,
  TEA_JOIN_PASSWORD_WRONG,
  TEA_JOIN_NOT_SECURE,
  TEA_JOIN_KEY_CHANGED,
  TEA_JOIN_KEY_UNEXPECTED,
  TEA_JOIN_KEY_NOT_KEPT,
  TEA_JOIN_REFUSED,
  TEA_JOIN_NO_ANSWER,
  TEA_JOIN_FAILED,
} TeaJoinOutcome;

#define TEA_TYPE_JOIN (tea_join_get_type ())

G_DECLARE_FINAL_TYPE (TeaJoin, tea_join, TEA, JOIN, GObject)

TeaJoin *tea_join_new (TeaClient *client);

void tea_join_set_address (TeaJoin *self, GNetworkAddress *address);
void tea_join_set_name (TeaJoin *self, const char *name);
void tea_join_set_password (TeaJoin *self, const char *password);
void tea_join_set_falls_back (TeaJoin *self, gboolean falls_back);
void tea_join_accept_classic (TeaJoin *self);
void tea_join_trust_key (TeaJoin *self);
gboolean tea_join_forget_key (TeaJoin *self, GError **error);

void tea_join_try_async (TeaJoin *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
TeaJoinOutcome tea_join_try_finish (TeaJoin *self, GAsyncResult *result, GError **error);

TeaClient *tea_join_get_client (TeaJoin *self);

G_END_DECLS
