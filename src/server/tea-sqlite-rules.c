/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-sqlite-rules.h"

#include "tea-room-info.h"

/* Kinds of restrictions, as the table has them. */
enum
{
  BAN = 1,
  MUTE = 2,
  NETWORK = 3,
};

#define LOAD_ROOM "SELECT slow_mode, topic_seq, topic FROM room WHERE number = ?1"
#define LOAD_RESTRICTIONS \
  "SELECT kind, subject, until, reason FROM restriction WHERE room = ?1 ORDER BY kind, subject"
#define LOAD_PINS "SELECT target, seq, record FROM pin WHERE room = ?1 ORDER BY seq"
#define LOAD_ROLES "SELECT key, name, role, since FROM hall_role ORDER BY since, key"

#define SAVE_ROOM "UPDATE room SET slow_mode = ?2, topic_seq = ?3, topic = ?4 WHERE number = ?1"
#define CLEAR_RESTRICTIONS "DELETE FROM restriction WHERE room = ?1"
#define CLEAR_PINS "DELETE FROM pin WHERE room = ?1"
#define CLEAR_ROLES "DELETE FROM hall_role WHERE ?1 = 0"
#define ADD_RESTRICTION                                                     \
  "INSERT OR REPLACE INTO restriction (room, kind, subject, until, reason)" \
  " VALUES (?1, ?2, ?3, ?4, ?5)"
#define ADD_PIN "INSERT OR REPLACE INTO pin (room, target, seq, record) VALUES (?1, ?2, ?3, ?4)"
#define ADD_ROLE "INSERT OR REPLACE INTO hall_role (key, name, role, since) VALUES (?1, ?2, ?3, ?4)"

static gboolean
load_room (TeaSqliteConnection *db, guint32 room, TeaRoomRules *rules)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_ROOM);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    {
      guint64 topic_seq = (guint64) sqlite3_column_int64 (statement, 1);
      g_autoptr (GBytes) topic = topic_seq != 0 ? tea_sqlite_column_bytes (statement, 2) : NULL;

      rules->slow_mode = (guint32) sqlite3_column_int64 (statement, 0);
      tea_room_rules_set_topic (rules, topic_seq, topic);
      sqlite3_reset (statement);
    }

  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
load_restrictions (TeaSqliteConnection *db, guint32 room, TeaRoomRules *rules)
{
  GPtrArray *const lists[]
      = { [BAN] = rules->bans, [MUTE] = rules->mutes, [NETWORK] = rules->networks };
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_RESTRICTIONS);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 kind = sqlite3_column_int64 (statement, 0);

      if (kind >= BAN && kind <= NETWORK)
        g_ptr_array_add (lists[kind], tea_restriction_new (tea_sqlite_column_text (statement, 1),
                                                           sqlite3_column_int64 (statement, 2),
                                                           tea_sqlite_column_text (statement, 3)));
    }

  return code == SQLITE_DONE;
}

static gboolean
load_pins (TeaSqliteConnection *db, guint32 room, TeaRoomRules *rules)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_PINS);
  int code;

  sqlite3_bind_int64 (statement, 1, room);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autoptr (GBytes) record = tea_sqlite_column_bytes (statement, 2);

      g_ptr_array_add (rules->pins,
                       tea_pin_new ((guint64) sqlite3_column_int64 (statement, 0),
                                    (guint64) sqlite3_column_int64 (statement, 1), record));
    }

  return code == SQLITE_DONE;
}

static gboolean
load_roles (TeaSqliteConnection *db, TeaRoomRules *rules)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, LOAD_ROLES);
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rules->roles,
                     tea_membership_new (tea_sqlite_column_text (statement, 0),
                                         tea_sqlite_column_text (statement, 1),
                                         (guint8) sqlite3_column_int64 (statement, 2),
                                         (guint64) sqlite3_column_int64 (statement, 3)));

  return code == SQLITE_DONE;
}

/**
 * tea_sqlite_rules_load:
 * @db: a connection that sees one state of the database
 * @room: which room
 *
 * Returns: (transfer full) (nullable): what holds in it; %NULL where the connection does not
 *   work
 */
TeaRoomRules *
tea_sqlite_rules_load (TeaSqliteConnection *db, guint32 room)
{
  g_autoptr (TeaRoomRules) rules = tea_room_rules_new ();

  if (!load_room (db, room, rules) || !load_restrictions (db, room, rules)
      || !load_pins (db, room, rules) || (room == TEA_ROOM_INFO_HALL && !load_roles (db, rules)))
    return NULL;

  return g_steal_pointer (&rules);
}

/* Whether there is such a room. */
static gboolean
save_room (TeaSqliteConnection *db, guint32 room, const TeaRoomRules *rules, gboolean *is_there)
{
  sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, SAVE_ROOM);

  sqlite3_bind_int64 (statement, 1, room);
  sqlite3_bind_int64 (statement, 2, rules->slow_mode);
  sqlite3_bind_int64 (statement, 3, (gint64) rules->topic_seq);
  if (rules->topic != NULL)
    tea_sqlite_bind_bytes (statement, 4, rules->topic);
  if (!tea_sqlite_run (statement))
    return FALSE;

  *is_there = sqlite3_changes (tea_sqlite_connection_get_handle (db)) > 0;

  return TRUE;
}

static gboolean
clear (TeaSqliteConnection *db, guint32 room)
{
  static const char *const steps[] = { CLEAR_RESTRICTIONS, CLEAR_PINS, CLEAR_ROLES };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, steps[i]);

      sqlite3_bind_int64 (statement, 1, room);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_restrictions (TeaSqliteConnection *db, guint32 room, int kind, GPtrArray *list)
{
  for (guint i = 0; i < list->len; i++)
    {
      const TeaRestriction *restriction = g_ptr_array_index (list, i);
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, ADD_RESTRICTION);

      sqlite3_bind_int64 (statement, 1, room);
      sqlite3_bind_int64 (statement, 2, kind);
      tea_sqlite_bind_text (statement, 3, restriction->subject);
      sqlite3_bind_int64 (statement, 4, restriction->until);
      tea_sqlite_bind_text (statement, 5, restriction->reason);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_pins (TeaSqliteConnection *db, guint32 room, GPtrArray *pins)
{
  for (guint i = 0; i < pins->len; i++)
    {
      const TeaPin *pin = g_ptr_array_index (pins, i);
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, ADD_PIN);

      sqlite3_bind_int64 (statement, 1, room);
      sqlite3_bind_int64 (statement, 2, (gint64) pin->target);
      sqlite3_bind_int64 (statement, 3, (gint64) pin->seq);
      tea_sqlite_bind_bytes (statement, 4, pin->record);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_roles (TeaSqliteConnection *db, GPtrArray *roles)
{
  for (guint i = 0; i < roles->len; i++)
    {
      const TeaMembership *role = g_ptr_array_index (roles, i);
      sqlite3_stmt *statement = tea_sqlite_connection_prepare (db, ADD_ROLE);

      tea_sqlite_bind_text (statement, 1, role->key);
      tea_sqlite_bind_text (statement, 2, role->name);
      sqlite3_bind_int64 (statement, 3, role->role);
      sqlite3_bind_int64 (statement, 4, (gint64) role->joined);
      if (!tea_sqlite_run (statement))
        return FALSE;
    }

  return TRUE;
}

/**
 * tea_sqlite_rules_save:
 * @db: a connection in a transaction
 * @room: which room
 * @rules: what holds in it, in place of all that was kept
 *
 * Keeps the rules of a room. Where it is not there any more, nothing is kept.
 *
 * Returns: whether the connection works
 */
gboolean
tea_sqlite_rules_save (TeaSqliteConnection *db, guint32 room, const TeaRoomRules *rules)
{
  gboolean is_there = FALSE;

  if (!save_room (db, room, rules, &is_there))
    return FALSE;
  if (!is_there)
    return TRUE;

  return clear (db, room) && add_restrictions (db, room, BAN, rules->bans)
         && add_restrictions (db, room, MUTE, rules->mutes)
         && add_restrictions (db, room, NETWORK, rules->networks)
         && add_pins (db, room, rules->pins)
         && (room != TEA_ROOM_INFO_HALL || add_roles (db, rules->roles));
}
