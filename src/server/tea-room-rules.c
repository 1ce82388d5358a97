/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-room-rules.h"

/**
 * tea_restriction_new:
 * @subject: the fingerprint of a key, or the prefix of a network
 * @until: until when, in µs since 1970 UTC
 * @reason: what was said of it
 *
 * Returns: (transfer full): a restriction
 */
TeaRestriction *
tea_restriction_new (const char *subject, gint64 until, const char *reason)
{
  TeaRestriction *self = NULL;

  g_return_val_if_fail (subject != NULL, NULL);
  g_return_val_if_fail (reason != NULL, NULL);

  self = g_new (TeaRestriction, 1);
  self->subject = g_strdup (subject);
  self->until = until;
  self->reason = g_strdup (reason);

  return self;
}

/**
 * tea_restriction_copy:
 * @self: a restriction
 *
 * Returns: (transfer full): a copy
 */
TeaRestriction *
tea_restriction_copy (const TeaRestriction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tea_restriction_new (self->subject, self->until, self->reason);
}

/**
 * tea_restriction_free:
 * @self: (transfer full): a restriction
 *
 * Frees a restriction.
 */
void
tea_restriction_free (TeaRestriction *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->subject);
  g_free (self->reason);
  g_free (self);
}

/**
 * tea_pin_new:
 * @target: the number of the message
 * @seq: the number of the event that pinned it
 * @record: that event, as the log has it
 *
 * Returns: (transfer full): a pin
 */
TeaPin *
tea_pin_new (guint64 target, guint64 seq, GBytes *record)
{
  TeaPin *self = NULL;

  g_return_val_if_fail (record != NULL, NULL);

  self = g_new (TeaPin, 1);
  self->target = target;
  self->seq = seq;
  self->record = g_bytes_ref (record);

  return self;
}

/**
 * tea_pin_copy:
 * @self: a pin
 *
 * Returns: (transfer full): a copy
 */
TeaPin *
tea_pin_copy (const TeaPin *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tea_pin_new (self->target, self->seq, self->record);
}

/**
 * tea_pin_free:
 * @self: (transfer full): a pin
 *
 * Frees a pin.
 */
void
tea_pin_free (TeaPin *self)
{
  g_return_if_fail (self != NULL);

  g_bytes_unref (self->record);
  g_free (self);
}

/**
 * tea_room_rules_new:
 *
 * Returns: (transfer full): rules that say nothing
 */
TeaRoomRules *
tea_room_rules_new (void)
{
  TeaRoomRules *self = g_new0 (TeaRoomRules, 1);

  self->roles = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  self->bans = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_restriction_free);
  self->mutes = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_restriction_free);
  self->networks = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_restriction_free);
  self->pins = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_pin_free);

  return self;
}

static void
copy_restrictions (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, tea_restriction_copy (g_ptr_array_index (from, i)));
}

/**
 * tea_room_rules_copy:
 * @self: rules
 *
 * Returns: (transfer full): a copy
 */
TeaRoomRules *
tea_room_rules_copy (const TeaRoomRules *self)
{
  TeaRoomRules *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = tea_room_rules_new ();
  for (guint i = 0; i < self->roles->len; i++)
    g_ptr_array_add (copy->roles, tea_membership_copy (g_ptr_array_index (self->roles, i)));
  copy_restrictions (copy->bans, self->bans);
  copy_restrictions (copy->mutes, self->mutes);
  copy_restrictions (copy->networks, self->networks);
  for (guint i = 0; i < self->pins->len; i++)
    g_ptr_array_add (copy->pins, tea_pin_copy (g_ptr_array_index (self->pins, i)));
  tea_room_rules_set_topic (copy, self->topic_seq, self->topic);
  copy->slow_mode = self->slow_mode;

  return copy;
}

/**
 * tea_room_rules_free:
 * @self: (transfer full): rules
 *
 * Frees rules.
 */
void
tea_room_rules_free (TeaRoomRules *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->roles);
  g_ptr_array_unref (self->bans);
  g_ptr_array_unref (self->mutes);
  g_ptr_array_unref (self->networks);
  g_ptr_array_unref (self->pins);
  g_clear_pointer (&self->topic, g_bytes_unref);
  g_free (self);
}

/**
 * tea_room_rules_is_empty:
 * @self: rules
 *
 * Returns: whether they say nothing
 */
gboolean
tea_room_rules_is_empty (const TeaRoomRules *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->roles->len + self->bans->len + self->mutes->len + self->networks->len
                 + self->pins->len
             == 0
         && self->topic_seq == 0 && self->slow_mode == 0;
}

/**
 * tea_room_rules_set_topic:
 * @self: rules
 * @seq: the number of the event that sets the topic; 0 for none
 * @record: (nullable): that event, as the log has it
 *
 * Changes the topic.
 */
void
tea_room_rules_set_topic (TeaRoomRules *self, guint64 seq, GBytes *record)
{
  GBytes *topic = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail ((seq == 0) == (record == NULL));

  topic = record != NULL ? g_bytes_ref (record) : NULL;
  g_clear_pointer (&self->topic, g_bytes_unref);
  self->topic = topic;
  self->topic_seq = seq;
}
