/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"
#include "tea-quota.h"
#include "tea-room.h"
#include "tea-secure-sender.h"

G_BEGIN_DECLS

/**
 * TeaIntakeOwner:
 * @name: what they are called
 * @key: the fingerprint of their key
 * @stream: which of the programs of that key it is
 * @number: the latest number of that stream that is stored
 *
 * Whose messages an intake takes.
 */
typedef struct
{
  TeaName *name;
  const char *key;
  guint32 stream;
  guint32 number;
} TeaIntakeOwner;

#define TEA_TYPE_INTAKE (tea_intake_get_type ())

G_DECLARE_FINAL_TYPE (TeaIntake, tea_intake, TEA, INTAKE, GObject)

TeaIntake *tea_intake_new (TeaRoom *room,
                           TeaClock *clock,
                           TeaSecureSender *sender,
                           guint16 channel,
                           TeaQuota *quota,
                           const TeaIntakeOwner *owner);
void tea_intake_close (TeaIntake *self);

void tea_intake_say (TeaIntake *self, guint32 number, guint32 oldest, const char *text);
void tea_intake_say_piece (TeaIntake *self, const TeaFrame *frame);
void tea_intake_tell (TeaIntake *self, const TeaFrame *frame);
gboolean tea_intake_is_leaving (TeaIntake *self);

G_END_DECLS
