/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-kind.h"

#include "tea-limits.h"

#define NO_WIRE (-1)

typedef enum
{
  LOGGED = 1 << 0,
  NEEDS_TEXT = 1 << 1,
  MAY_HAVE_TARGET = 1 << 2,
  NEEDS_TARGET = 1 << 3,
  AMENDS = 1 << 4,
  UNREAD = 1 << 5,
} Traits;

/* All that is to be known of a kind stands here: its number, its traits, and how many bytes of
 * text there can be. */
static const struct
{
  int wire;
  Traits traits;
  gsize max_text;
} kinds[] = {
  [TEA_EVENT_JOINED] = { 0, LOGGED, 0 },
  [TEA_EVENT_LEFT] = { 1, LOGGED, 0 },
  [TEA_EVENT_MESSAGE] = { 2, LOGGED | NEEDS_TEXT | MAY_HAVE_TARGET | UNREAD, TEA_TEXT_MAX_BYTES },
  [TEA_EVENT_NOTICE] = { NO_WIRE, 0, TEA_TEXT_MAX_BYTES },
  [TEA_EVENT_REFUSED] = { NO_WIRE, 0, TEA_TEXT_MAX_BYTES },
  [TEA_EVENT_INVITED] = { 9, LOGGED, TEA_TEXT_MAX_BYTES },
  [TEA_EVENT_SETTINGS] = { 8, LOGGED, 0 },
  [TEA_EVENT_ARCHIVED] = { 13, LOGGED, 0 },
  [TEA_EVENT_EDITED]
  = { 3, LOGGED | NEEDS_TEXT | MAY_HAVE_TARGET | NEEDS_TARGET | AMENDS, TEA_TEXT_MAX_BYTES },
  [TEA_EVENT_REMOVED] = { 4, LOGGED | MAY_HAVE_TARGET | NEEDS_TARGET | AMENDS, 0 },
  [TEA_EVENT_REACTED]
  = { 5, LOGGED | NEEDS_TEXT | MAY_HAVE_TARGET | NEEDS_TARGET | AMENDS, TEA_EMOJI_MAX_BYTES },
  [TEA_EVENT_PINNED] = { 6, LOGGED | MAY_HAVE_TARGET | NEEDS_TARGET, 0 },
  [TEA_EVENT_TOPIC] = { 7, LOGGED, TEA_TOPIC_MAX_BYTES },
  [TEA_EVENT_ROLE] = { 10, LOGGED, TEA_WIRE_NAME_MAX_BYTES },
  [TEA_EVENT_SENT_OUT] = { 11, LOGGED, TEA_REASON_MAX_BYTES },
  [TEA_EVENT_MUTED] = { 12, LOGGED, TEA_REASON_MAX_BYTES },
  [TEA_EVENT_OTHER] = { NO_WIRE, LOGGED | MAY_HAVE_TARGET, TEA_TEXT_MAX_BYTES },
};

G_DEFINE_ENUM_TYPE (TeaEventKind,
                    tea_event_kind,
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_JOINED, "joined"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_LEFT, "left"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_MESSAGE, "message"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_INVITED, "invited"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_SETTINGS, "settings"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_ARCHIVED, "archived"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_EDITED, "edited"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_REMOVED, "removed"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_REACTED, "reacted"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_PINNED, "pinned"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_TOPIC, "topic"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_ROLE, "role"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_SENT_OUT, "sent-out"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_MUTED, "muted"),
                    G_DEFINE_ENUM_VALUE (TEA_EVENT_OTHER, "other"))

static gboolean
has_trait (TeaEventKind kind, Traits trait)
{
  return kind < G_N_ELEMENTS (kinds) && (kinds[kind].traits & trait) != 0;
}

/**
 * tea_event_kind_from_wire: (skip)
 * @wire: the number of a kind in frames and in logs
 *
 * Tells which kind has a number.
 *
 * Returns: the kind; %TEA_EVENT_OTHER where this program knows none
 */
TeaEventKind
tea_event_kind_from_wire (guint8 wire)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].wire == wire)
      return (TeaEventKind) i;

  return TEA_EVENT_OTHER;
}

/**
 * tea_event_kind_to_wire: (skip)
 * @kind: a kind of events
 *
 * Tells which number a kind has in frames and in logs.
 *
 * Returns: the number; -1 where the kind has none of its own
 */
int
tea_event_kind_to_wire (TeaEventKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (kinds), NO_WIRE);

  return kinds[kind].wire;
}

/**
 * tea_event_kind_is_logged:
 * @kind: a kind of events
 *
 * Tells whether such events are in a room's log, for everyone to see.
 *
 * Returns: whether they are
 */
gboolean
tea_event_kind_is_logged (TeaEventKind kind)
{
  return has_trait (kind, LOGGED);
}

/**
 * tea_event_kind_needs_text:
 * @kind: a kind of events
 *
 * Tells whether such an event is nothing without a text.
 *
 * Returns: whether it always has one
 */
gboolean
tea_event_kind_needs_text (TeaEventKind kind)
{
  return has_trait (kind, NEEDS_TEXT);
}

/**
 * tea_event_kind_may_have_text:
 * @kind: a kind of events
 *
 * Tells whether such an event can have a text.
 *
 * Returns: whether it can
 */
gboolean
tea_event_kind_may_have_text (TeaEventKind kind)
{
  return tea_event_kind_get_max_text (kind) > 0;
}

/**
 * tea_event_kind_get_max_text: (skip)
 * @kind: a kind of events
 *
 * Tells how long the text of such an event can be.
 *
 * Returns: how many bytes of UTF-8 at most; 0 where it never has one
 */
gsize
tea_event_kind_get_max_text (TeaEventKind kind)
{
  return kind < G_N_ELEMENTS (kinds) ? kinds[kind].max_text : 0;
}

/**
 * tea_event_kind_may_have_target:
 * @kind: a kind of events
 *
 * Tells whether such an event can refer to another one.
 *
 * Returns: whether it can
 */
gboolean
tea_event_kind_may_have_target (TeaEventKind kind)
{
  return has_trait (kind, MAY_HAVE_TARGET);
}

/**
 * tea_event_kind_needs_target:
 * @kind: a kind of events
 *
 * Tells whether such an event is nothing without another one that it refers to.
 *
 * Returns: whether it always has one
 */
gboolean
tea_event_kind_needs_target (TeaEventKind kind)
{
  return has_trait (kind, NEEDS_TARGET);
}

/**
 * tea_event_kind_amends:
 * @kind: a kind of events
 *
 * Tells whether such an event changes the message that it refers to.
 *
 * Returns: whether it does
 */
gboolean
tea_event_kind_amends (TeaEventKind kind)
{
  return has_trait (kind, AMENDS);
}

/**
 * tea_event_kind_counts_as_unread:
 * @kind: a kind of events
 *
 * Tells whether such an event is something to read, and is counted until it was read.
 *
 * Returns: whether it counts
 */
gboolean
tea_event_kind_counts_as_unread (TeaEventKind kind)
{
  return has_trait (kind, UNREAD);
}
