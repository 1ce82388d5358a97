/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaClassicRequestKind:
 * @TEA_CLASSIC_ENTER: `L name`, enter the room
 * @TEA_CLASSIC_SAY: `C name text`, say something to everyone else
 * @TEA_CLASSIC_LEAVE: `E name` or `Q name`, leave
 * @TEA_CLASSIC_WHO: `W name`, ask who is in the room
 * @TEA_CLASSIC_QUIT: `Q name` as it is written; it is read as %TEA_CLASSIC_LEAVE
 *
 * What a classic client can ask for.
 */
typedef enum
{
  TEA_CLASSIC_ENTER,
  TEA_CLASSIC_SAY,
  TEA_CLASSIC_LEAVE,
  TEA_CLASSIC_WHO,
  TEA_CLASSIC_QUIT,
} TeaClassicRequestKind;

/**
 * TeaClassicRequest:
 * @kind: what is asked for
 * @name: who says they ask, in valid UTF-8; whether the name is fit is not checked
 * @text: (nullable): what is said, in valid UTF-8; only for %TEA_CLASSIC_SAY
 *
 * A request of the classic protocol.
 */
typedef struct
{
  TeaClassicRequestKind kind;
  char *name;
  char *text;
} TeaClassicRequest;

TeaClassicRequest *tea_classic_request_parse (const guint8 *data, gsize size, GError **error);
void tea_classic_request_free (TeaClassicRequest *self);

GBytes *tea_classic_request_encode (TeaClassicRequestKind kind, const char *name, const char *text);

gboolean tea_classic_is_answer (const guint8 *data, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaClassicRequest, tea_classic_request_free)

G_END_DECLS
