/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-event-sequence.h"
#include "tea-heartbeat.h"
#include "tea-packet-builder.h"
#include "tea-roster.h"
#include "tea-say-queue.h"
#include "tea-secure-link.h"

G_BEGIN_DECLS

typedef enum
{
  TEA_SECURE_LINK_OUTSIDE,
  TEA_SECURE_LINK_CONNECTING,
  TEA_SECURE_LINK_ENTERING,
  TEA_SECURE_LINK_INSIDE,
  TEA_SECURE_LINK_LEAVING,
} TeaSecureLinkPhase;

struct _TeaSecureLink
{
  GObject parent_instance;

  TeaClock *clock;               /* (owned) */
  TeaPacketConnector *connector; /* (owned) */
  char *wanted_room;
  char *wanted_name;
  char *password;
  guint64 wanted_since;
  guint32 wanted_history;

  /* the connection */
  TeaSecureLinkPhase phase;
  TeaPacketChannel *channel;  /* (owned) (nullable) */
  TeaPacketBuilder *outgoing; /* (owned) (nullable): with the channel */
  TeaTimer *flush_timer;      /* (owned): at the end of the turn */
  TeaRoundTrip round_trip;
  TeaHeartbeat *heartbeat; /* (owned) */

  /* entering and leaving */
  GTask *task;               /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of connecting */
  GSource *cancel_source;    /* (owned) (nullable): the caller gives up */
  TeaTimer *timer;           /* (owned): when to ask again */
  gint64 patience;
  gint64 began;
  guint n_tries;
  guint n_foreign; /* how many streams were those of others */

  /* the room */
  guint32 stream;
  guint64 epoch;            /* 0 before it is known */
  char *name;               /* (nullable) */
  char *room;               /* (nullable) */
  char *server_key;         /* (nullable) */
  char *suggestion;         /* (nullable) */
  TeaSayQueue *sayings;     /* (owned) */
  TeaEventSequence *events; /* (owned) */
  TeaRoster *roster;        /* (owned) */
  guint64 passed;           /* there is a gap before this number; 0 when there is none */

  /* older history */
  guint64 first;           /* the first number that is kept */
  guint64 oldest;          /* the first number that was told */
  gboolean is_cut;         /* what is before that was of another log */
  TeaEventSequence *older; /* (owned) */
  GPtrArray *older_events; /* (owned) (nullable) (element-type TeaEvent) */
  guint64 older_from;
  guint n_older;
  GTask *older_task;            /* (owned) (nullable) */
  GSource *older_cancel_source; /* (owned) (nullable) */
};

void _tea_secure_link_send (GBytes *frame, gpointer user_data);
void _tea_secure_link_flush (TeaSecureLink *self);
void _tea_secure_link_lose (TeaSecureLink *self, gboolean soon);
void _tea_secure_link_end (TeaSecureLink *self, const char *reason);
void _tea_secure_link_take_packet (TeaSecureLink *self, GBytes *packet);

/* tea-secure-link-entrance.c */
void _tea_secure_link_entrance_iface_init (TeaLinkInterface *iface);
void _tea_secure_link_entrance_init (TeaSecureLink *self);
void _tea_secure_link_entrance_dispose (TeaSecureLink *self);
void _tea_secure_link_take_entered (TeaSecureLink *self, const TeaFrame *frame);
void _tea_secure_link_take_refused (TeaSecureLink *self, const TeaFrame *frame);
void _tea_secure_link_take_bye (TeaSecureLink *self, const TeaFrame *frame);
void _tea_secure_link_take_closed (TeaSecureLink *self);
void _tea_secure_link_note_said (TeaSecureLink *self);

/* tea-secure-link-history.c */
void _tea_secure_link_history_iface_init (TeaLinkInterface *iface);
void _tea_secure_link_history_init (TeaSecureLink *self);
void _tea_secure_link_history_dispose (TeaSecureLink *self);
void _tea_secure_link_history_begin (TeaSecureLink *self, guint64 oldest, gboolean is_cut);
void _tea_secure_link_history_resume (TeaSecureLink *self);
void _tea_secure_link_history_take_first (TeaSecureLink *self, guint64 first);

G_END_DECLS
