/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-membership.h"

G_BEGIN_DECLS

/**
 * TeaRestriction:
 * @subject: the fingerprint of a key; for a network its prefix, as "192.0.2.0/24"
 * @until: until when, in µs since 1970 UTC
 * @reason: what was said of it
 *
 * What somebody must not do for a time.
 */
typedef struct
{
  char *subject;
  gint64 until;
  char *reason;
} TeaRestriction;

TeaRestriction *tea_restriction_new (const char *subject, gint64 until, const char *reason);
TeaRestriction *tea_restriction_copy (const TeaRestriction *self);
void tea_restriction_free (TeaRestriction *self);

/**
 * TeaPin:
 * @target: the number of the message
 * @seq: the number of the event that pinned it
 * @record: (owned): that event, as the log has it
 *
 * A message that is pinned.
 */
typedef struct
{
  guint64 target;
  guint64 seq;
  GBytes *record;
} TeaPin;

TeaPin *tea_pin_new (guint64 target, guint64 seq, GBytes *record);
TeaPin *tea_pin_copy (const TeaPin *self);
void tea_pin_free (TeaPin *self);

/**
 * TeaRoomRules:
 * @roles: (owned) (element-type TeaMembership): of the hall, who is more than a member there:
 *   in other rooms members have their role themselves
 * @bans: (owned) (element-type TeaRestriction): who must not come in
 * @mutes: (owned) (element-type TeaRestriction): who must not say anything
 * @networks: (owned) (element-type TeaRestriction): of the hall, from where nobody comes in
 * @pins: (owned) (element-type TeaPin): what is pinned
 * @topic_seq: the number of the event that set the topic; 0 for none
 * @topic: (owned) (nullable): that event, as the log has it
 * @slow_mode: seconds between two messages of one member; 0 for none
 *
 * What holds in a room, as far as events have set it, and what is kept of it beside the log.
 */
typedef struct
{
  GPtrArray *roles;
  GPtrArray *bans;
  GPtrArray *mutes;
  GPtrArray *networks;
  GPtrArray *pins;
  guint64 topic_seq;
  GBytes *topic;
  guint32 slow_mode;
} TeaRoomRules;

TeaRoomRules *tea_room_rules_new (void);
TeaRoomRules *tea_room_rules_copy (const TeaRoomRules *self);
void tea_room_rules_free (TeaRoomRules *self);

gboolean tea_room_rules_is_empty (const TeaRoomRules *self);
void tea_room_rules_set_topic (TeaRoomRules *self, guint64 seq, GBytes *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRestriction, tea_restriction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaPin, tea_pin_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaRoomRules, tea_room_rules_free)

G_END_DECLS
