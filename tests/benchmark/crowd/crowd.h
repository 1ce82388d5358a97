/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <netinet/in.h>

#include <glib.h>

G_BEGIN_DECLS

/* Many guests of a server in one process and on one thread, cheap enough that the server is
 * what is measured. What a guest says, what it hears and how long that took is the same for all
 * protocols; how it is said and heard is for a CrowdProtocol. */

#define CROWD_TEXT_SIZE 60
#define CROWD_MAX_IN_FLIGHT 16
#define CROWD_NEVER G_MAXINT64

typedef struct _Crowd Crowd;
typedef struct _Guest Guest;

typedef struct
{
  const char *name;
  gsize guest_size;
  int socket_type;
  gboolean tells_settled; /* by crowd_settled(); else what another sender heard is settled */
  gboolean tells_told;    /* by crowd_told(); else nobody can ask who is here */

  void (*open) (Guest *guest); /* its socket is connected, or will be */
  void (*receive) (Guest *guest);
  void (*say) (Guest *guest, guint32 number, gint64 time, const char *text);
  void (*flush) (Guest *guest);         /* sends what receive and say have left */
  void (*expire) (Guest *guest);        /* guest->due has come */
  gboolean (*is_behind) (Guest *guest); /* (nullable): knows of something it has not heard */
  void (*close) (Guest *guest);
} CrowdProtocol;

struct _Guest
{
  Crowd *crowd;
  guint index;
  int socket;
  gint64 due;  /* set by crowd_set_due() */
  guint place; /* in the heap of those that are due */

  gboolean is_open; /* its socket */
  gboolean is_inside;
  gboolean was_told; /* who is here */
  guint32 said;      /* the number of its latest message */
  guint n_in_flight; /* of its messages */
  guint32 *heard;    /* of each sender, the number of the latest message */
};

/* What was counted since crowd_begin(). */
typedef struct
{
  guint64 n_messages;
  guint64 n_deliveries;
  guint64 n_lost;       /* numbers that were passed over */
  guint64 n_disordered; /* numbers that came again or too late */
  guint64 n_datagrams;  /* received; reads, of a stream */
  guint64 n_bytes;
  guint64 n_repeats; /* messages said again */
  guint64 n_pulls;
  guint64 n_again;   /* events that came although they were known */
  GArray *latencies; /* (element-type guint32): in µs, of all deliveries */
} CrowdCount;

struct _Crowd
{
  const CrowdProtocol *protocol;
  struct sockaddr_in server;
  int poll;
  guint n_guests;
  Guest **guests;
  Guest **heap;
  guint n_heap;
  gint64 now;

  guint n_senders;
  guint in_flight; /* of each sender; 0 where a rate says when */
  gint64 pause;    /* µs between two messages of any sender; 0 where answers say when */
  guint32 most;    /* messages of each sender */
  gint64 next_say;
  guint next_sender;

  guint n_inside;
  guint n_told;
  guint n_failed; /* guests that were refused or thrown out */
  CrowdCount count;
};

extern const CrowdProtocol crowd_teahouse;
extern const CrowdProtocol crowd_irc;
extern const CrowdProtocol crowd_nats;
extern const CrowdProtocol crowd_mqtt;
extern const CrowdProtocol crowd_floor_plain;
extern const CrowdProtocol crowd_floor_sealed;

Crowd *crowd_new (const CrowdProtocol *protocol, guint16 port, guint n_guests, guint n_senders);
void crowd_free (Crowd *self);

gboolean crowd_enter (Crowd *self, guint at_once, gint64 limit);
void crowd_wait (Crowd *self, gint64 time);
void crowd_begin (Crowd *self);
gboolean crowd_talk (Crowd *self, gint64 limit);

/* For protocols. */
void crowd_set_due (Guest *guest, gint64 due);
void crowd_inside (Guest *guest);
void crowd_told (Guest *guest);
void crowd_failed (Guest *guest, const char *format, ...) G_GNUC_PRINTF (2, 3);
gboolean
crowd_read_text (const char *text, gsize size, guint *sender, guint32 *number, gint64 *time);
void crowd_heard (Guest *guest, guint sender, guint32 number, gint64 time);
void crowd_settled (Guest *guest);

G_END_DECLS
