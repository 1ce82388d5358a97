/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What somebody does to a server who wants to keep it from serving others. Each runs in a
 * process of its own, for a time, in a network of the benchmark's own (benchmark-attacks.c
 * makes it), and tells at the end what it has sent and got. */

/* Where the server is for the members, for newcomers, and for attackers. */
#define ATTACK_MEMBERS "198.51.100.1"
#define ATTACK_NEWCOMERS "203.0.113.1"
#define ATTACK_SERVER "10.255.255.1"
#define ATTACK_SERVER_IPV6 "2001:db8:ffff::1"

typedef struct
{
  const char *name;
  const char *title;
  guint rate; /* datagrams a second, unless it is told otherwise; 0: as many as it can */
  void (*run) (guint16 port, guint rate, gint64 time);
  const char *server_option; /* (nullable): what the server needs for it */
} Attack;

extern const Attack attacks[];
extern const guint n_attacks;

/* By keys, with sessions of their own (attack-sessions.c). */
void attack_pull (guint16 port, guint rate, gint64 time);
void attack_say (guint16 port, guint rate, gint64 time);

G_END_DECLS
