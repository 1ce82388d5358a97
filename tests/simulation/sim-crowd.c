/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-crowd.h"

#include "tea-event-data.h"
#include "tea-room-ref.h"

/* The first key of a peer. Clients have lower ones. */
#define FIRST_KEY 50

/* A key may own so many rooms. */
#define MAX_OWNED 20

/* Somebody has asked for a page of history. */
typedef struct
{
  SimLink *link;
  SimLedger *ledger;
  guint64 from;
  guint64 to;
} Race;

static gboolean
happens (SimCrowd *self, double chance)
{
  return g_rand_double (self->dice) < chance;
}

static guint
pick (SimCrowd *self, guint n)
{
  return (guint) g_rand_int_range (self->dice, 0, (gint32) n);
}

static char *
make_key (guint number)
{
  const guint8 digest[TEA_FINGERPRINT_SIZE] = { (guint8) number };

  return tea_fingerprint_from_bytes (digest);
}

/* Rooms of all kinds: open ones, closed ones and hidden ones, with what may be set. */
static void
plan_rooms (SimCrowd *self)
{
  for (guint i = 0; i < self->n_rooms; i++)
    {
      guint8 secret[TEA_ROOM_SECRET_SIZE];
      TeaRoomFlags flags = 0;
      char *address;

      for (gsize j = 0; j < sizeof secret; j++)
        secret[j] = (guint8) g_rand_int_range (self->dice, 0, 256);
      if (i % 3 == 1)
        flags = TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION;
      else if (i % 3 == 2)
        flags = happens (self, 0.5) ? TEA_ROOM_LINK_SUFFICES : 0;
      else
        flags = TEA_ROOM_LISTED;
      if (happens (self, 0.2))
        flags |= TEA_ROOM_HISTORY_FROM_JOINING;
      if (happens (self, 0.3))
        flags |= TEA_ROOM_MEMBERS_MAY_INVITE;
      address = i % 3 == 2 ? tea_room_ref_make_hidden (secret) : g_strdup_printf ("Room%u", i);
      g_ptr_array_add (self->addresses, address);
      g_array_append_val (self->flags, flags);
    }
}

/* Some people with several programs, each of which wants more or less of what was. */
static void
invite_peers (SimCrowd *self)
{
  static const guint32 histories[] = { 0, 3, 10, 50, 1000 };
  guint n_keys = 2 + pick (self, 2) + self->n_rooms / 25;

  for (guint i = 0; i < n_keys; i++)
    {
      g_autofree char *key = make_key (FIRST_KEY + i);
      g_autofree char *name = g_strdup_printf ("Peer%u", i);
      guint n_devices = happens (self, 0.4) ? 2 : 1;

      for (guint j = 0; j < n_devices; j++)
        {
          SimPeer *peer = sim_peer_new (self->checker, self->peers->len, name, key);

          peer->history = histories[pick (self, G_N_ELEMENTS (histories))];
          g_ptr_array_add (self->peers, peer);
        }
    }

  /* One who claims what it likes. */
  if (happens (self, 0.4))
    {
      g_autofree char *key = make_key (FIRST_KEY + n_keys);
      SimPeer *peer = sim_peer_new (self->checker, self->peers->len, "Liar", key);

      peer->lies = TRUE;
      peer->history = 50;
      g_ptr_array_add (self->peers, peer);
    }
}

SimCrowd *
sim_crowd_new (GRand *dice, SimChecker *checker, guint n_rooms)
{
  SimCrowd *self = g_new0 (SimCrowd, 1);

  self->dice = dice;
  self->checker = checker;
  self->n_rooms = n_rooms;
  self->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_peer_free);
  self->addresses = g_ptr_array_new_with_free_func (g_free);
  self->flags = g_array_new (FALSE, FALSE, sizeof (TeaRoomFlags));
  self->races = g_array_new (FALSE, FALSE, sizeof (Race));
  if (n_rooms > 0)
    {
      plan_rooms (self);
      invite_peers (self);
    }

  return self;
}

void
sim_crowd_free (SimCrowd *self)
{
  g_ptr_array_unref (self->peers);
  g_ptr_array_unref (self->addresses);
  g_array_unref (self->flags);
  g_array_unref (self->races);
  g_free (self);
}

/* Those who are inside ask for rooms that are not there yet, a few at a time. */
void
sim_crowd_make_rooms (SimCrowd *self)
{
  for (guint i = 0; i < 10 && self->n_made < self->n_rooms; i++)
    {
      SimPeer *peer = self->peers->pdata[pick (self, self->peers->len)];
      guint which = self->n_made;

      if (!sim_peer_is_inside (peer))
        continue;
      sim_peer_make (peer, self->addresses->pdata[which],
                     g_array_index (self->flags, TeaRoomFlags, which));
      self->n_made++;
    }
}

static SimPeerRoom *
pick_open (SimCrowd *self, SimPeer *peer)
{
  for (guint i = 0; i < 5; i++)
    {
      SimPeerRoom *room = peer->rooms->pdata[pick (self, peer->rooms->len)];

      if (room->is_open)
        return room;
    }

  return NULL;
}

static const char *
pick_key (SimCrowd *self)
{
  return ((SimPeer *) self->peers->pdata[pick (self, self->peers->len)])->key;
}

static void
open_something (SimCrowd *self, SimPeer *peer)
{
  if (happens (self, 0.2))
    {
      const char *other = pick_key (self);
      g_autofree char *address = tea_room_ref_make_pair (other);

      if (!g_str_equal (other, peer->key))
        sim_peer_open (peer, address);
    }
  else
    {
      sim_peer_open (peer, self->addresses->pdata[pick (self, self->addresses->len)]);
    }
}

/* What somebody said goes with them; whether they stay out. */
static void
send_out (SimCrowd *self, SimPeer *peer, SimPeerRoom *room, const char *key, guint64 erase)
{
  const TeaSentOut sent_out = { .key = (char *) key,
                                .name = (char *) "",
                                .until = happens (self, 0.3) ? TEA_EVENT_MAX_TIME : 0,
                                .erase = erase };
  g_autoptr (GBytes) data = tea_event_data_encode_sent_out (&sent_out);

  sim_peer_tell (peer, room, TEA_EVENT_SENT_OUT, 11, 0, "spam", data);
}

static void
edit (SimPeer *peer, SimPeerRoom *room, guint64 seq)
{
  g_autofree char *text = g_strdup_printf ("p%u.%u", peer->index, ++peer->n_texts);

  sim_peer_tell (peer, room, TEA_EVENT_EDITED, 3, seq, text, NULL);
}

static void
react (SimCrowd *self, SimPeer *peer, SimPeerRoom *room, guint64 seq)
{
  static const char *const emojis[] = { "🍵", "👍", "❤", "❤️", "🎉" };
  g_autoptr (GBytes) data = tea_event_data_encode_reacted (happens (self, 0.7), 0, NULL);

  sim_peer_tell (peer, room, TEA_EVENT_REACTED, 5, seq, emojis[pick (self, G_N_ELEMENTS (emojis))],
                 data);
}

/* Changes what was said, or tries to: by whoever, and often the same by several at once. */
static void
amend (SimCrowd *self, SimPeer *peer, SimPeerRoom *room)
{
  double what = g_rand_double (self->dice);
  GPtrArray *heard = room->view->heard;
  TeaEvent *target = NULL;
  guint64 seq;

  /* The latest ones more often. */
  for (guint i = 0; i < 10 && heard->len > 0 && target == NULL; i++)
    {
      guint n = happens (self, 0.7) ? MIN (heard->len, 8) : heard->len;
      TeaEvent *event = heard->pdata[heard->len - 1 - pick (self, n)];

      if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE
          && (what >= 0.4 || g_strcmp0 (tea_event_get_author (event), peer->name) == 0
              || happens (self, 0.05)))
        target = event;
    }
  if (target == NULL)
    return;

  seq = tea_event_get_seq (target);
  if (what < 0.4)
    {
      edit (peer, room, seq);
    }
  else if (what < 0.5)
    {
      sim_peer_tell (peer, room, TEA_EVENT_REMOVED, 4, seq, "", NULL);
    }
  else if (what < 0.93)
    {
      react (self, peer, room, seq);
    }
  else if (what < 0.97)
    {
      g_autoptr (GBytes) data = tea_event_data_encode_switch (happens (self, 0.7));

      sim_peer_tell (peer, room, TEA_EVENT_PINNED, 6, seq, "", data);
    }
  else
    {
      g_autofree char *topic = g_strnfill (pick (self, 900), 't');

      sim_peer_tell (peer, room, TEA_EVENT_TOPIC, 7, 0, topic, NULL);
    }
}

/* The answer to somebody who asks for a page of history is made, and comes only after what
   others then change there. */
void
sim_crowd_plan_race (SimCrowd *self, SimLink *link, SimLedger *ledger, guint64 from, guint64 to)
{
  const Race race = { link, ledger, from, to };
  gint64 most = happens (self, 0.5) ? 100 : 500;

  g_array_append_val (self->races, race);
  sim_network_hold (self->checker->network, link, from, to,
                    g_rand_int_range (self->dice, 5, (gint32) most) * G_TIME_SPAN_MILLISECOND);
}

static void
look_back (SimCrowd *self, SimPeer *peer, SimPeerRoom *room)
{
  SimLedger *ledger = sim_view_get_ledger (room->view);
  guint64 end = room->view->page != 0 ? room->view->page : room->view->start;

  if (sim_peer_look_back (peer, room) && ledger != NULL && happens (self, 0.9))
    sim_crowd_plan_race (self, &peer->link, ledger, room->view->page, end - 1);
}

static SimPeerRoom *
find_open (SimPeer *peer, SimLedger *ledger)
{
  for (guint i = 0; i < peer->rooms->len; i++)
    {
      SimPeerRoom *room = peer->rooms->pdata[i];

      if (room->is_open && sim_view_get_ledger (room->view) == ledger)
        return room;
    }

  return NULL;
}

/* Everybody who can changes a message of a page, its author more than others. */
static void
change_page (SimCrowd *self, const Race *race)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();
  TeaEvent *target;

  for (guint place = sim_ledger_find_place (race->ledger, race->from);
       place < race->ledger->events->len; place++)
    {
      TeaEvent *event = race->ledger->events->pdata[place];

      if (tea_event_get_seq (event) > race->to)
        break;
      if (tea_event_get_kind (event) == TEA_EVENT_MESSAGE)
        g_ptr_array_add (messages, event);
    }
  if (messages->len == 0)
    return;

  target = messages->pdata[pick (self, messages->len)];
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];
      SimPeerRoom *room = sim_peer_acts (peer) ? find_open (peer, race->ledger) : NULL;
      double what = g_rand_double (self->dice);

      if (room == NULL)
        continue;
      if (g_strcmp0 (tea_event_get_key (target), peer->key) == 0 && what < 0.5)
        edit (peer, room, tea_event_get_seq (target));
      else if (what < 0.05)
        sim_peer_tell (peer, room, TEA_EVENT_REMOVED, 4, tea_event_get_seq (target), "", NULL);
      else if (what < 0.15 && room->role >= TEA_ROOM_ROLE_MODERATOR
               && tea_event_get_key (target) != NULL)
        send_out (self, peer, room, tea_event_get_key (target), tea_event_get_seq (target));
      else if (what < 0.8)
        react (self, peer, room, tea_event_get_seq (target));
    }
}

/* Whether anything is changed of what was just sent to somebody. */
gboolean
sim_crowd_race (SimCrowd *self)
{
  gboolean is_changed = FALSE;

  for (guint i = self->races->len; i > 0; i--)
    {
      Race race = g_array_index (self->races, Race, i - 1);
      const SimHold *hold = &race.link->hold;

      if (hold->until == 0 && sim_network_get_time (self->checker->network) <= hold->end)
        continue;
      g_array_remove_index_fast (self->races, i - 1);
      if (hold->until == 0)
        continue;
      is_changed = TRUE;
      change_page (self, &race);
    }

  return is_changed;
}

/* Somebody is made a moderator, muted, or sent out, or is to be. */
static void
keep_order (SimCrowd *self, SimPeer *peer, SimPeerRoom *room)
{
  double what = g_rand_double (self->dice);
  const char *key = pick_key (self);
  gint64 until = happens (self, 0.4) ? TEA_EVENT_MAX_TIME : 0;

  if (what < 0.3)
    {
      g_autoptr (GBytes) data
          = tea_event_data_encode_role (key, happens (self, 0.7) ? TEA_ROOM_ROLE_MODERATOR
                                                                 : TEA_ROOM_ROLE_MEMBER);

      sim_peer_tell (peer, room, TEA_EVENT_ROLE, 10, 0, "", data);
    }
  else if (what < 0.6)
    {
      g_autoptr (GBytes) data = tea_event_data_encode_muted (key, "", until);

      sim_peer_tell (peer, room, TEA_EVENT_MUTED, 12, 0, "noise", data);
    }
  else
    {
      send_out (self, peer, room, key,
                happens (self, 0.5) ? 1 + pick (self, (guint) room->head + 1) : 0);
    }
}

/* What only owners and moderators may do, by everybody. */
static void
govern (SimCrowd *self, SimPeer *peer, SimPeerRoom *room)
{
  double what = g_rand_double (self->dice);

  if (what < 0.6)
    {
      const char *key = pick_key (self);
      g_autoptr (GBytes) data = tea_event_data_encode_key (key);

      sim_peer_tell (peer, room, TEA_EVENT_INVITED, 9, 0, "", data);
    }
  else if (what < 0.8)
    {
      g_autofree char *title = g_strdup_printf ("Title %u", pick (self, 100));
      const TeaRoomSettings settings
          = { room->address,
              title,
              room->flags
                  & (TEA_ROOM_LISTED | TEA_ROOM_BY_INVITATION | TEA_ROOM_LINK_SUFFICES
                     | TEA_ROOM_HISTORY_FROM_JOINING | TEA_ROOM_MEMBERS_MAY_INVITE),
              0,
              0,
              happens (self, 0.5) ? 1 + pick (self, 3) : 0 };
      g_autoptr (GBytes) data = tea_event_data_encode_settings (&settings);

      if (*room->address != '\0' && *room->address != '@')
        sim_peer_tell (peer, room, TEA_EVENT_SETTINGS, 8, 0, "", data);
    }
  else
    {
      g_autoptr (GBytes) data = tea_event_data_encode_switch (what < 0.88);

      sim_peer_tell (peer, room, TEA_EVENT_ARCHIVED, 13, 0, "", data);
    }
}

/* Whatever somebody may do who has many rooms. */
void
sim_crowd_act (SimCrowd *self, SimPeer *peer)
{
  double what = g_rand_double (self->dice);
  SimPeerRoom *room;

  if (!sim_peer_acts (peer))
    return;
  self->n_done++;
  if (what < 0.2)
    {
      open_something (self, peer);
      return;
    }
  if (what < 0.23)
    {
      sim_peer_list (peer, happens (self, 0.5) ? TEA_ROOMS_MINE : TEA_ROOMS_LISTED);
      return;
    }
  if (what < 0.26)
    {
      sim_peer_babble (peer, self->dice);
      return;
    }

  room = pick_open (self, peer);
  if (room == NULL)
    return;
  if (*room->address != '\0' && happens (self, 0.4))
    {
      /* In the hall there are clients that know nothing of this. */
      double which = g_rand_double (self->dice);

      if (which < 0.6
          || (which >= 0.9 && room->role < TEA_ROOM_ROLE_MODERATOR && happens (self, 0.7)))
        amend (self, peer, room);
      else if (which < 0.7)
        sim_peer_look_anew (peer, room, pick (self, 4));
      else if (which < 0.9)
        look_back (self, peer, room);
      else if (*room->address != '@')
        keep_order (self, peer, room);
      return;
    }
  if (what < 0.32)
    {
      sim_peer_close (peer, room);
    }
  else if (what < 0.34)
    {
      if (*room->address != '\0' && *room->address != '@')
        sim_peer_tell (peer, room, TEA_EVENT_LEFT, 1, 0, "", NULL);
    }
  else if (what < 0.42)
    {
      sim_peer_read (peer, room);
    }
  else if (what < 0.5)
    {
      sim_peer_type (peer, room);
    }
  else if (what < 0.58)
    {
      govern (self, peer, room);
    }
  else if (what < 0.62)
    {
      g_autoptr (GBytes) data = g_bytes_new_static ("later", 5);

      /* Of a kind that is not known here. */
      sim_peer_tell (peer, room, TEA_EVENT_OTHER, (guint8) (100 + pick (self, 100)), 0, "?", data);
    }
  else if (what < 0.68)
    {
      g_autofree char *text = g_strdup_printf ("p%u.%u", peer->index, ++peer->n_texts);
      guint64 target
          = room->view->heard->len > 0
                ? tea_event_get_seq (room->view->heard->pdata[pick (self, room->view->heard->len)])
                : 0;

      sim_peer_tell (peer, room, TEA_EVENT_MESSAGE, 2, target, text, NULL);
    }
  else
    {
      for (guint i = happens (self, 0.1) ? 6 : 1; i > 0; i--)
        sim_peer_say (peer, room);
    }
}

/* All who are there look at all that concerns them. */
void
sim_crowd_open_all (SimCrowd *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      for (guint j = 0; j < peer->rooms->len; j++)
        {
          SimPeerRoom *room = peer->rooms->pdata[j];

          if (!room->is_refused && happens (self, 0.7))
            room->wanted = TRUE;
        }
      sim_peer_open (peer, "");
    }
}

/* Many come anew into a room, and do not see at first what was there. */
void
sim_crowd_look_anew (SimCrowd *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      for (guint j = 0; j < peer->rooms->len; j++)
        if (happens (self, 0.5))
          sim_peer_look_anew (peer, peer->rooms->pdata[j], pick (self, 4));
    }
}

/* Some look at what was there, and others change it. */
void
sim_crowd_look_back (SimCrowd *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];
      SimPeerRoom *room = pick_open (self, peer);

      if (room != NULL && *room->address != '\0')
        look_back (self, peer, room);
    }
}

void
sim_crowd_say_last_words (SimCrowd *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      for (guint j = 0; j < peer->rooms->len; j++)
        if (happens (self, 0.5))
          sim_peer_say (peer, peer->rooms->pdata[j]);
    }
}

/* The first program of each key has read everything. */
void
sim_crowd_read_all (SimCrowd *self)
{
  const char *latest = NULL;

  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      for (guint j = 0; j < peer->rooms->len && g_strcmp0 (latest, peer->key) != 0; j++)
        sim_peer_read (peer, peer->rooms->pdata[j]);
      latest = peer->key;
    }
}

static SimPeerRoom *
find_any_open (SimCrowd *self, SimLedger *ledger)
{
  SimPeerRoom *room = NULL;

  for (guint i = 0; i < self->peers->len && room == NULL; i++)
    room = find_open (self->peers->pdata[i], ledger);

  return room;
}

static gboolean
is_done (SimPeer *peer, SimPeerRoom *room)
{
  if (!room->wanted || room->is_refused)
    return TRUE;
  if (!room->is_open || !g_queue_is_empty (&room->says) || g_hash_table_size (room->standing) > 0)
    return FALSE;
  if (peer->lies)
    return TRUE;

  return room->next == room->head + 1 && g_hash_table_size (room->view->awaited) == 0
         && sim_view_is_complete (room->view);
}

gboolean
sim_crowd_is_at_rest (SimCrowd *self)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      if (!peer->runs)
        continue;
      if (!sim_peer_is_inside (peer))
        return FALSE;
      for (guint j = 0; j < peer->rooms->len; j++)
        if (!is_done (peer, peer->rooms->pdata[j]))
          return FALSE;
    }

  return TRUE;
}

/* What several programs of a key know of what they have read is the same. */
static void
check_read (SimCrowd *self, SimPeer *peer, SimPeerRoom *room)
{
  SimLedger *ledger = sim_view_get_ledger (room->view);
  guint n_unread;

  /* The positions of members are kept, and not of who only reads what is archived. What was told
     while all was not well may have got lost. */
  if (ledger == NULL || !sim_ledger_is_member (ledger, peer->key)
      || room->read_sent < self->checker->healed || room->read <= ledger->healed)
    return;

  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *other = self->peers->pdata[i];
      SimPeerRoom *same;

      if (!sim_peer_is_inside (other) || !g_str_equal (other->key, peer->key))
        continue;
      same = sim_peer_get_room (other, room->address);
      if (same != NULL && same->is_open && same->read < room->read)
        sim_checker_fail (self->checker,
                          "%s/%u in '%s' takes %" G_GUINT64_FORMAT
                          " for read, but it is %" G_GUINT64_FORMAT,
                          other->name, other->index, room->address, same->read, room->read);
    }
  n_unread = sim_ledger_count_messages (ledger, room->read, G_MAXUINT64, TRUE);
  if (room->read + 1 == room->next && n_unread != 0)
    sim_checker_fail (self->checker, "%s/%u in '%s' has read all, but %u", peer->name, peer->index,
                      room->address, n_unread);
}

void
sim_crowd_finish (SimCrowd *self)
{
  for (guint i = 0; i < self->checker->ledgers->len; i++)
    sim_ledger_check_forms (self->checker->ledgers->pdata[i],
                            find_any_open (self, self->checker->ledgers->pdata[i]) != NULL);

  for (guint i = 0; i < self->peers->len; i++)
    {
      SimPeer *peer = self->peers->pdata[i];

      if (!peer->runs)
        continue;
      if (!sim_peer_is_inside (peer))
        sim_checker_fail (self->checker, "%s/%u is not inside", peer->name, peer->index);
      for (guint j = 0; j < peer->rooms->len; j++)
        {
          SimPeerRoom *room = peer->rooms->pdata[j];

          if (!is_done (peer, room))
            sim_checker_fail (self->checker,
                              "%s/%u in '%s' is stuck: %s, next %" G_GUINT64_FORMAT
                              ", head %" G_GUINT64_FORMAT ", %u unsaid, %scomplete",
                              peer->name, peer->index, room->address,
                              room->is_open ? "open" : "not open", room->next, room->head,
                              g_queue_get_length (&room->says),
                              sim_view_is_complete (room->view) ? "" : "not ");
          else if (room->is_open)
            {
              check_read (self, peer, room);
              if (!peer->lies)
                sim_view_check_forms (room->view);
            }
        }
    }
}
