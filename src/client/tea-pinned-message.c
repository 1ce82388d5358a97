/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-pinned-message.h"

/**
 * TeaPinnedMessage:
 *
 * A message that is pinned in a room.
 */
struct _TeaPinnedMessage
{
  GObject parent_instance;

  guint64 target;
  guint64 seq;
  gint64 time;
  char *author;
};

G_DEFINE_FINAL_TYPE (TeaPinnedMessage, tea_pinned_message, G_TYPE_OBJECT)

static void
tea_pinned_message_finalize (GObject *object)
{
  TeaPinnedMessage *self = TEA_PINNED_MESSAGE (object);

  g_free (self->author);

  G_OBJECT_CLASS (tea_pinned_message_parent_class)->finalize (object);
}

static void
tea_pinned_message_class_init (TeaPinnedMessageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tea_pinned_message_finalize;
}

static void
tea_pinned_message_init (TeaPinnedMessage *self)
{
}

/**
 * tea_pinned_message_new: (skip)
 * @target: the number of the message
 * @seq: the number of the event by which it was pinned
 * @time: when that was, in µs since the Unix epoch
 * @author: who pinned it
 *
 * Returns: (transfer full): a pinned message
 */
TeaPinnedMessage *
tea_pinned_message_new (guint64 target, guint64 seq, gint64 time, const char *author)
{
  TeaPinnedMessage *self = g_object_new (TEA_TYPE_PINNED_MESSAGE, NULL);

  self->target = target;
  self->seq = seq;
  self->time = time;
  self->author = g_strdup (author);

  return self;
}

/**
 * tea_pinned_message_get_target:
 * @self: a pinned message
 *
 * Tells which message it is. [method@Tea.Timeline.find_message] has it where it is shown, and
 * [method@Tea.Conversation.load_around_async] gets it where it is not.
 *
 * Returns: the number of the message in the room's log
 */
guint64
tea_pinned_message_get_target (TeaPinnedMessage *self)
{
  g_return_val_if_fail (TEA_IS_PINNED_MESSAGE (self), 0);

  return self->target;
}

/**
 * tea_pinned_message_get_seq:
 * @self: a pinned message
 *
 * Tells by which event it was pinned.
 *
 * Returns: the number of that event in the room's log
 */
guint64
tea_pinned_message_get_seq (TeaPinnedMessage *self)
{
  g_return_val_if_fail (TEA_IS_PINNED_MESSAGE (self), 0);

  return self->seq;
}

/**
 * tea_pinned_message_get_time:
 * @self: a pinned message
 *
 * Tells when it was pinned.
 *
 * Returns: when, in µs since the Unix epoch
 */
gint64
tea_pinned_message_get_time (TeaPinnedMessage *self)
{
  g_return_val_if_fail (TEA_IS_PINNED_MESSAGE (self), 0);

  return self->time;
}

/**
 * tea_pinned_message_get_author:
 * @self: a pinned message
 *
 * Tells who pinned it.
 *
 * Returns: their name
 */
const char *
tea_pinned_message_get_author (TeaPinnedMessage *self)
{
  g_return_val_if_fail (TEA_IS_PINNED_MESSAGE (self), NULL);

  return self->author;
}
