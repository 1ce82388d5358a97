/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-appender.h"
#include "tea-recent-events.h"
#include "tea-roll.h"
#include "tea-room.h"

G_BEGIN_DECLS

/*
 * How the room is divided:
 *
 * tea-room.c           what is said, and how everyone hears of everything
 * tea-room-presence.c  who is in it: entering, leaving, being lost and coming back
 * tea-room-seats.c     how a session hears of events
 * tea-room-history.c   what is kept of it: opening it again, the roll, reading
 * tea-room-queries.c   what can be known of it at once
 */

struct _TeaRoom
{
  GObject parent_instance;

  TeaLog *log;              /* (owned) */
  TeaRollStore *roll_store; /* (owned) */
  TeaClock *clock;          /* (owned) */
  GTimeSpan grace;

  TeaAppender *appender; /* (owned) */
  TeaRoll *roll;         /* (owned) */
  TeaRecentEvents recent;
  guint64 head;          /* the latest event that everyone was told of */
  gint64 last_time;      /* when the latest event happened */
  gboolean is_open;      /* between open and close */
  gboolean is_epoch_new; /* it was renewed since the room was opened */

  GHashTable *places; /* (element-type utf8 TeaPlace): by the folded name */
  GHashTable *seats;  /* (element-type TeaSession TeaSeat) */
  GQueue listening;   /* (element-type TeaSeat): who is told of events */
  GList *next_told;   /* (nullable): who is told next, while they are being told */
  guint n_joining;    /* how many are on their way in */

  guint64 saved;          /* the event that the saved roll takes account of */
  TeaTimer *save_timer;   /* (owned) */
  TeaTimer *expiry_timer; /* (owned) */
};

/*
 * TeaPlace: what goes on about one name. There is one for everybody who is in the room or
 * on their way in or out, and one thing at a time is done about a name: who asks for it
 * meanwhile is decided upon later.
 */
typedef struct
{
  TeaRoom *room;
  char *folded;      /* (owned) */
  TeaMember *member; /* (owned) (nullable): who is in the room */
  GQueue seats;      /* (element-type TeaSeat): by what they take part; maybe none */

  GTask *joining;      /* (owned) (nullable): whose entering is being stored */
  GQueue waiting;      /* (element-type GTask): who else wants to enter */
  gboolean is_leaving; /* the member is to be out */
  gboolean is_left;    /* that is being stored */
  gboolean is_busy;    /* answers are being given */
  guint n_saying;      /* how many of the member's messages are on their way */

  TeaTimer *timer; /* (owned): when a member without a seat is to leave */
  gint64 retry;    /* how long to wait when leaving could not be stored */
} TeaPlace;

/* TeaSeat: a session that takes part in the room. */
typedef struct
{
  TeaSession *session; /* (owned) */
  TeaPlace *place;
  guint64 since;        /* what happened up to here is not for it */
  gboolean is_answered; /* whether it knows that it is in */
  GQueue early;         /* (element-type TeaEvent): what happened before it knew */
  GSource *source;      /* (owned) (nullable): delivers @early */
  GTask *leaving;       /* (owned) (nullable): until it is out */
  GList link;           /* in the room's listening */
  GList place_link;     /* in the place's seats */
} TeaSeat;

/* In tea-room.c */
gint64 tea_room_get_event_time (TeaRoom *self);
void tea_room_append_presence (TeaRoom *self,
                               TeaEventKind kind,
                               const char *name,
                               const char *key,
                               TeaAppenderFunc callback,
                               gpointer user_data);
void tea_room_catch_up (TeaRoom *self);
GError *tea_room_explain (const GError *error);
GBytes *tea_room_make_author (const char *key, guint32 stream);

/* In tea-room-seats.c */
void tea_place_add_seat (TeaPlace *place, TeaSession *session);
void tea_seat_free (TeaSeat *seat);
void tea_seat_tell (TeaSeat *seat, TeaEvent *event);
void tea_seat_mark_answered (TeaSeat *seat);

/* In tea-room-presence.c */
void tea_place_free (TeaPlace *place);
TeaPlace *tea_room_begin_presence (TeaRoom *self, TeaEvent *event);
TeaPlace *tea_room_end_presence (TeaRoom *self, TeaEvent *event);
void tea_place_settle (TeaPlace *place);
void tea_place_go_on (TeaPlace *place);
void tea_room_restore_presence (TeaRoom *self);

/* In tea-room-history.c */
void tea_room_note_change (TeaRoom *self);
void tea_room_save (TeaRoom *self);
void tea_room_expire (TeaRoom *self);

G_END_DECLS
