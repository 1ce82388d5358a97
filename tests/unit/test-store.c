/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-fields.h"
#include "tea-event-form.h"
#include "tea-event-record.h"
#include "tea-event-record.h"
#include "tea-log-fixture.h"

#include <string.h>

/* What every kind of store promises of rooms. Each test runs with each kind; what is of
 * logs is in test-log.c. */

/* As on the wire. */
enum
{
  LISTED = 1,
  BY_INVITATION = 2,
  PAIR = 256,
};

enum
{
  NONE,
  MEMBER,
  MODERATOR,
  OWNER,
};

#define MEI "SHA256:mei"
#define NOOR "SHA256:noor"
#define LIN "SHA256:lin"

static TeaRoomInfo *
new_info (const char *address, guint32 flags)
{
  g_autofree char *folded = g_utf8_strdown (address, -1);
  TeaRoomInfo *info = tea_room_info_new (address, folded);

  g_free (info->title);
  info->title = g_strdup_printf ("The %s", address);
  info->flags = flags;
  info->made = 4711;

  return info;
}

static guint32
make_info (TeaLogFixture *f, const TeaRoomInfo *info, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint32 number = 0;

  tea_store_make_room_async (f->store, info, NULL, tea_log_fixture_result_cb, &result);
  tea_store_make_room_finish (f->store, tea_log_fixture_wait (f, &result), &number, error);

  return number;
}

static guint32
make (TeaLogFixture *f, const char *address, guint32 flags)
{
  g_autoptr (TeaRoomInfo) info = new_info (address, flags);
  g_autoptr (GError) error = NULL;
  guint32 number = make_info (f, info, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (number, >, 0);

  return number;
}

static TeaRoomInfo *
find (TeaLogFixture *f, const char *folded)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TeaRoomInfo *info = NULL;

  tea_store_find_room_async (f->store, folded, NULL, tea_log_fixture_result_cb, &result);
  g_assert_true (
      tea_store_find_room_finish (f->store, tea_log_fixture_wait (f, &result), &info, &error));
  g_assert_no_error (error);

  return info;
}

static void
assert_found (TeaLogFixture *f, const char *folded, guint32 number)
{
  g_autoptr (TeaRoomInfo) info = find (f, folded);

  g_assert_nonnull (info);
  g_assert_cmpuint (info->number, ==, number);
}

static void
assert_not_found (TeaLogFixture *f, const char *folded)
{
  g_autoptr (TeaRoomInfo) info = find (f, folded);

  g_assert_null (info);
}

static void
update (TeaLogFixture *f, const TeaRoomInfo *info, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_update_room_async (f->store, info, NULL, tea_log_fixture_result_cb, &result);
  tea_store_update_room_finish (f->store, tea_log_fixture_wait (f, &result), error);
}

static void
rename_room (TeaLogFixture *f, guint32 number, const char *address, GError **error)
{
  g_autoptr (TeaRoomInfo) info = new_info (address, 0);

  info->number = number;
  update (f, info, error);
}

static void
remove_room (TeaLogFixture *f, guint32 number)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_store_remove_room_async (f->store, number, NULL, tea_log_fixture_result_cb, &result);
  tea_store_remove_room_finish (f->store, tea_log_fixture_wait (f, &result), &error);
  g_assert_no_error (error);
}

static guint64
append_to (TeaLogFixture *f, TeaLog *log, guint64 number, GBytes *record, GError **error)
{
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_append_async (log, author, number, 0, record, NULL, tea_log_fixture_result_cb, &result);

  return tea_log_append_finish (log, tea_log_fixture_wait (f, &result), NULL, error);
}

/* An event as the server writes it. */
static GBytes *
new_record (TeaEventKind kind)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_logged (0, kind, G_TIME_SPAN_DAY, "Mei",
                              kind == TEA_EVENT_MESSAGE ? "Hello" : NULL, NULL, 0, 0);

  return tea_event_record_encode (event);
}

static guint64
add_event (TeaLogFixture *f, TeaLog *log, guint64 number, TeaEventKind kind)
{
  g_autoptr (GBytes) record = new_record (kind);
  g_autoptr (GError) error = NULL;
  guint64 seq = append_to (f, log, number, record, &error);

  g_assert_no_error (error);

  return seq;
}

static guint
count_unread (TeaLogFixture *f, guint32 room, guint64 after, guint max)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  tea_store_count_unread_async (f->store, room, after, max, NULL, tea_log_fixture_result_cb,
                                &result);
  tea_store_count_unread_finish (f->store, tea_log_fixture_wait (f, &result), &n, &error);
  g_assert_no_error (error);

  return n;
}

static void
save_member (
    TeaLogFixture *f, guint32 room, const char *key, guint8 role, guint64 joined, guint64 as_of)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);

  g_ptr_array_add (changed, tea_membership_new (key, "Name", role, joined));
  tea_store_save_members (f->store, room, changed, NULL, as_of);
}

static void
assert_members (TeaLogFixture *f, guint32 room, const char *expected, guint64 as_of)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint64 got_as_of = 0;

  tea_store_load_members_async (f->store, room, NULL, tea_log_fixture_result_cb, &result);
  members = tea_store_load_members_finish (f->store, tea_log_fixture_wait (f, &result), &got_as_of,
                                           &error);
  g_assert_no_error (error);
  for (guint i = 0; i < members->len; i++)
    {
      const TeaMembership *member = g_ptr_array_index (members, i);

      g_string_append_printf (list, "%s/%s/%u/%" G_GUINT64_FORMAT " ", member->key, member->name,
                              member->role, member->joined);
    }
  g_assert_cmpstr (list->str, ==, expected);
  g_assert_cmpuint (got_as_of, ==, as_of);
}

static void
save_position (TeaLogFixture *f, guint32 room, const char *key, guint64 read)
{
  g_autoptr (GPtrArray) positions
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_position_free);

  g_ptr_array_add (positions, tea_position_new (key, room, read));
  tea_store_save_positions (f->store, positions);
}

static guint64
load_position (TeaLogFixture *f, guint32 room, const char *key)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint64 read = 0;

  tea_store_load_position_async (f->store, room, key, NULL, tea_log_fixture_result_cb, &result);
  tea_store_load_position_finish (f->store, tea_log_fixture_wait (f, &result), &read, &error);
  g_assert_no_error (error);

  return read;
}

static GPtrArray *
list_rooms (TeaLogFixture *f, TeaStoreList which, const char *key, const char *after, guint max)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *list = NULL;

  tea_store_list_rooms_async (f->store, which, key, after, max, NULL, tea_log_fixture_result_cb,
                              &result);
  list = tea_store_list_rooms_finish (f->store, tea_log_fixture_wait (f, &result), &error);
  g_assert_no_error (error);

  return list;
}

static void
assert_list (TeaLogFixture *f,
             TeaStoreList which,
             const char *key,
             const char *after,
             guint max,
             const char *expected)
{
  g_autoptr (GPtrArray) list = list_rooms (f, which, key, after, max);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const TeaStoreListing *listing = g_ptr_array_index (list, i);

      g_string_append_printf (text, "%s ", listing->info->address);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_rooms (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) info = new_info ("Chess", LISTED | BY_INVITATION);
  g_autoptr (TeaRoomInfo) found = NULL;
  g_autoptr (GError) error = NULL;
  guint32 number;

  info->retain_days = 7;
  info->retain_events = 900;
  info->password = g_strdup ("hash");
  info->owner = g_strdup (MEI);
  number = make_info (f, info, &error);
  g_assert_no_error (error);

  assert_not_found (f, "Chess");
  assert_found (f, "", TEA_ROOM_INFO_HALL);
  for (guint round = 0; round < 2; round++)
    {
      found = find (f, "chess");
      g_assert_cmpuint (found->number, ==, number);
      g_assert_cmpstr (found->address, ==, "Chess");
      g_assert_cmpstr (found->folded, ==, "chess");
      g_assert_cmpstr (found->title, ==, "The Chess");
      g_assert_cmpuint (found->flags, ==, LISTED | BY_INVITATION);
      g_assert_cmpuint (found->retain_days, ==, 7);
      g_assert_cmpuint (found->retain_events, ==, 900);
      g_assert_cmpstr (found->password, ==, "hash");
      g_assert_cmpstr (found->owner, ==, MEI);
      g_assert_cmpint (found->made, ==, 4711);
      g_clear_pointer (&found, tea_room_info_free);
      tea_log_fixture_reopen (f);
    }

  g_assert_cmpuint (make_info (f, info, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN);
}

static void
test_renaming (TeaLogFixture *f)
{
  g_autoptr (GError) error = NULL;
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);
  guint32 hidden = make (f, "~abc", 0);
  guint32 other;

  /* The old name leads to the room until somebody takes it. */
  rename_room (f, chess, "draughts", &error);
  g_assert_no_error (error);
  assert_found (f, "chess", chess);
  assert_found (f, "draughts", chess);

  rename_room (f, go, "draughts", &error);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_TAKEN);
  g_clear_error (&error);
  assert_found (f, "go", go);

  other = make (f, "chess", 0);
  assert_found (f, "chess", other);
  assert_found (f, "draughts", chess);

  rename_room (f, go, "weiqi", &error);
  rename_room (f, other, "go", &error);
  g_assert_no_error (error);
  assert_found (f, "go", other);
  assert_found (f, "weiqi", go);

  /* It may come back. */
  rename_room (f, other, "chess", &error);
  g_assert_no_error (error);
  assert_found (f, "chess", other);
  assert_found (f, "go", other);

  /* A link to a hidden room that is given up leads nowhere. */
  rename_room (f, hidden, "~def", &error);
  g_assert_no_error (error);
  assert_not_found (f, "~abc");
  assert_found (f, "~def", hidden);

  rename_room (f, 4711, "nowhere", &error);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_NO_ROOM);
}

/* Each room counts for itself; whoever holds a log holds the same one. */
static void
test_logs (TeaLogFixture *f)
{
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);
  g_autoptr (TeaLog) log = tea_log_fixture_open_log (f, chess);
  g_autoptr (TeaLog) other = tea_log_fixture_open_log (f, go);
  g_autoptr (TeaLog) same = tea_log_fixture_open_log (f, chess);
  guint64 in_hall = tea_log_fixture_add (f, 1, 1);
  guint64 epoch = tea_log_get_epoch (log);

  g_assert_true (same == log);
  g_assert_cmpuint (epoch, !=, tea_log_get_epoch (other));
  g_assert_cmpuint (epoch, !=, tea_log_get_epoch (f->log));
  g_assert_cmpuint (tea_log_get_head (log), ==, 0);
  g_assert_cmpuint (tea_log_get_first (log), ==, 1);

  for (guint i = 1; i <= 3; i++)
    {
      guint64 seq = add_event (f, log, i, TEA_EVENT_MESSAGE);

      g_assert_cmpuint (seq, >=, i);
      g_assert_cmpuint (add_event (f, other, i, TEA_EVENT_MESSAGE), >=, i);
      g_assert_cmpuint (tea_log_get_head (log), ==, seq);
    }
  g_assert_cmpuint (tea_log_get_head (f->log), ==, in_hall);
  g_assert_cmpuint (tea_log_fixture_find (f, 1, NULL), ==, 1);
  g_assert_cmpuint (count_unread (f, chess, 0, 1000), ==, 3);
  g_assert_cmpuint (count_unread (f, TEA_ROOM_INFO_HALL, 0, 1000), ==, 0);

  g_clear_object (&log);
  g_clear_object (&same);
  log = tea_log_fixture_open_log (f, chess);
  g_assert_cmpuint (tea_log_get_epoch (log), ==, epoch);
  g_assert_cmpuint (tea_log_get_head (log), >=, 3);
}

static void
test_no_such_room (TeaLogFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_store_open_log_async (f->store, 4711, NULL, tea_log_fixture_result_cb, &result);
  g_assert_null (tea_store_open_log_finish (f->store, tea_log_fixture_wait (f, &result), &error));
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_NO_ROOM);
}

static void
test_removing (TeaLogFixture *f)
{
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);
  g_autoptr (TeaLog) log = tea_log_fixture_open_log (f, chess);
  g_autoptr (TeaLog) other = tea_log_fixture_open_log (f, go);
  g_autoptr (GBytes) record = new_record (TEA_EVENT_MESSAGE);
  g_autoptr (GError) error = NULL;
  guint32 again;

  for (guint i = 1; i <= 5; i++)
    {
      add_event (f, log, i, TEA_EVENT_MESSAGE);
      add_event (f, other, i, TEA_EVENT_MESSAGE);
    }
  save_member (f, chess, MEI, OWNER, 1, 1);
  save_position (f, chess, MEI, 2);
  rename_room (f, chess, "draughts", &error);
  g_assert_no_error (error);

  remove_room (f, chess);
  assert_not_found (f, "chess");
  assert_not_found (f, "draughts");
  assert_members (f, chess, "", 0);
  assert_list (f, TEA_STORE_MINE, MEI, NULL, 10, "");
  g_assert_cmpuint (append_to (f, log, 6, record, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);

  /* What is saved late makes no room anew, and its number does not come again. */
  save_member (f, chess, NOOR, MEMBER, 1, 1);
  save_position (f, chess, NOOR, 2);
  assert_members (f, chess, "", 0);
  g_assert_cmpuint (load_position (f, chess, NOOR), ==, 0);
  tea_log_fixture_until (f, count_unread (f, chess, 0, 1000) == 0);
  g_assert_cmpuint (count_unread (f, go, 0, 1000), ==, 5);
  g_clear_object (&log);
  g_clear_object (&other);
  tea_log_fixture_reopen (f);
  again = make (f, "chess", 0);
  g_assert_cmpuint (again, >, go);
  log = tea_log_fixture_open_log (f, again);
  g_assert_cmpuint (tea_log_get_head (log), ==, 0);
  g_clear_object (&log);
}

static void
test_pair (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) info = tea_room_info_new_pair (NOOR, MEI);
  g_autoptr (TeaRoomInfo) again = tea_room_info_new_pair (MEI, NOOR);
  g_autoptr (GPtrArray) members
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  g_autofree char *folded = tea_room_info_fold_pair (MEI, NOOR);
  g_autofree char *other = tea_room_info_dup_other (info, MEI);
  g_autofree char *one = tea_room_info_dup_other (info, NOOR);
  g_autofree char *nobody = tea_room_info_dup_other (info, LIN);
  g_autoptr (TeaLog) log = NULL;
  g_autoptr (TeaLog) same = NULL;
  g_autoptr (GBytes) record = new_record (TEA_EVENT_MESSAGE);
  g_autoptr (GError) error = NULL;
  guint64 epoch;

  g_assert_cmpstr (info->folded, ==, again->folded);
  g_assert_cmpstr (info->folded, ==, folded);
  g_assert_cmpstr (other, ==, NOOR);
  g_assert_cmpstr (one, ==, MEI);
  g_assert_null (nobody);

  /* Looking at somebody leaves no trace. */
  g_ptr_array_add (members, tea_membership_new (MEI, "Mei", MEMBER, 0));
  g_ptr_array_add (members, tea_membership_new (NOOR, "Noor", MEMBER, 0));
  log = tea_store_draft_room (f->store, info, members);
  g_ptr_array_set_size (members, 0);
  g_assert_cmpuint (info->number, >, 0);
  g_assert_cmpuint (tea_log_get_head (log), ==, 0);
  epoch = tea_log_get_epoch (log);
  assert_not_found (f, folded);
  save_position (f, info->number, MEI, 1);
  assert_list (f, TEA_STORE_MINE, MEI, NULL, 10, "");
  same = tea_log_fixture_open_log (f, info->number);
  g_assert_true (same == log);

  add_event (f, log, 1, TEA_EVENT_MESSAGE);
  add_event (f, log, 2, TEA_EVENT_MESSAGE);
  assert_found (f, folded, info->number);
  assert_members (f, info->number, MEI "/Mei/1/0 " NOOR "/Noor/1/0 ", 0);
  g_assert_cmpuint (count_unread (f, info->number, 0, 10), ==, 2);
  g_assert_cmpuint (load_position (f, info->number, MEI), ==, 0);

  /* There is no second one. */
  g_clear_object (&same);
  same = tea_store_draft_room (f->store, again, members);
  g_assert_cmpuint (append_to (f, same, 1, record, &error), ==, 0);
  g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);

  g_clear_object (&log);
  g_clear_object (&same);
  tea_log_fixture_reopen (f);
  assert_found (f, folded, info->number);
  log = tea_log_fixture_open_log (f, info->number);
  g_assert_cmpuint (tea_log_get_epoch (log), ==, epoch);
  g_assert_cmpuint (tea_log_get_head (log), >=, 2);
  g_clear_object (&log);
}

static void
test_draft_that_comes_to_nothing (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) info = tea_room_info_new_pair (MEI, NOOR);
  g_autoptr (TeaLog) log = tea_store_draft_room (f->store, info, NULL);

  g_clear_object (&log);
  assert_not_found (f, info->folded);
  assert_found (f, "chess", make (f, "chess", 0));
  tea_log_fixture_reopen (f);
  assert_not_found (f, info->folded);
}

static void
test_members (TeaLogFixture *f)
{
  static const char *const removed[] = { MEI, NULL };
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);

  assert_members (f, chess, "", 0);
  save_member (f, chess, MEI, OWNER, 5, 5);
  save_member (f, chess, NOOR, MEMBER, 3, 6);
  save_member (f, go, LIN, MEMBER, 1, 1);
  assert_members (f, chess, NOOR "/Name/1/3 " MEI "/Name/3/5 ", 6);

  save_member (f, chess, NOOR, MODERATOR, 3, 7);
  tea_store_save_members (f->store, chess, NULL, removed, 8);
  tea_log_fixture_reopen (f);
  assert_members (f, chess, f->is_fake ? NOOR "/Name/1/3 " MEI "/Name/3/5 " : NOOR "/Name/2/3 ",
                  f->is_fake ? 6 : 8);
  assert_members (f, go, LIN "/Name/1/1 ", 1);
}

static void
test_positions (TeaLogFixture *f)
{
  guint32 chess = make (f, "chess", 0);

  g_assert_cmpuint (load_position (f, chess, MEI), ==, 0);
  save_position (f, chess, MEI, 7);
  save_position (f, chess, NOOR, 1);
  g_assert_cmpuint (load_position (f, chess, MEI), ==, 7);
  save_position (f, chess, MEI, 6);
  g_assert_cmpuint (load_position (f, chess, MEI), ==, 7);
  save_position (f, chess, MEI, 8);
  save_position (f, TEA_ROOM_INFO_HALL, MEI, 100);
  g_assert_cmpuint (load_position (f, chess, MEI), ==, 8);
  g_assert_cmpuint (load_position (f, chess, NOOR), ==, 1);
  g_assert_cmpuint (load_position (f, TEA_ROOM_INFO_HALL, MEI), ==, 100);
}

static void
erase_from (TeaLogFixture *f, TeaLog *log, guint64 seq)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_log_erase_async (log, seq, NULL, tea_log_fixture_result_cb, &result);
  tea_log_erase_finish (log, tea_log_fixture_wait (f, &result), &error);
  g_assert_no_error (error);
}

/* Messages count, and nothing else, as long as they are there. */
static void
test_unread (TeaLogFixture *f)
{
  static const TeaEventKind kinds[] = { TEA_EVENT_JOINED, TEA_EVENT_MESSAGE, TEA_EVENT_MESSAGE,
                                        TEA_EVENT_LEFT, TEA_EVENT_MESSAGE };
  g_autoptr (TeaLog) log = NULL;
  guint64 seqs[G_N_ELEMENTS (kinds)] = { 0 };
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);

  log = tea_log_fixture_open_log (f, chess);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    seqs[i] = add_event (f, log, i + 1, kinds[i]);

  g_assert_cmpuint (count_unread (f, chess, 0, 1000), ==, 3);
  g_assert_cmpuint (count_unread (f, chess, 0, 2), ==, 2);
  g_assert_cmpuint (count_unread (f, chess, seqs[0], 1000), ==, 3);
  g_assert_cmpuint (count_unread (f, chess, seqs[1], 1000), ==, 2);
  g_assert_cmpuint (count_unread (f, chess, seqs[4], 1000), ==, 0);
  g_assert_cmpuint (count_unread (f, chess, G_MAXUINT64 / 2, 1000), ==, 0);
  g_assert_cmpuint (count_unread (f, go, 0, 1000), ==, 0);

  erase_from (f, log, seqs[2]);
  g_assert_cmpuint (count_unread (f, chess, 0, 1000), ==, 2);
  g_clear_object (&log);
}

static void
test_lists (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) pair = tea_room_info_new_pair (MEI, NOOR);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GPtrArray) page = NULL;
  g_autoptr (TeaLog) log = NULL;
  const TeaStoreListing *listing = NULL;
  guint32 go = make (f, "go", LISTED);
  guint32 chess = make (f, "Chess", LISTED);
  guint32 hidden = make (f, "~hidden", 0);
  guint64 second;

  make (f, "weiqi", LISTED);
  make (f, "private", 0);
  pair->flags = PAIR;
  g_assert_cmpuint (make_info (f, pair, NULL), >, 0);

  assert_list (f, TEA_STORE_LISTED, MEI, NULL, 10, "Chess go weiqi ");
  assert_list (f, TEA_STORE_LISTED, MEI, NULL, 2, "Chess go ");
  assert_list (f, TEA_STORE_LISTED, MEI, "go", 2, "weiqi ");
  assert_list (f, TEA_STORE_MINE, MEI, NULL, 10, "");

  save_member (f, chess, MEI, OWNER, 1, 1);
  save_member (f, chess, NOOR, MEMBER, 2, 2);
  save_member (f, chess, LIN, NONE, 2, 2);
  save_member (f, hidden, MEI, NONE, 3, 3);
  save_member (f, go, NOOR, MEMBER, 3, 3);
  assert_list (f, TEA_STORE_MINE, MEI, NULL, 10, "Chess ~hidden ");
  assert_list (f, TEA_STORE_MINE, NOOR, NULL, 10, "Chess go ");
  assert_list (f, TEA_STORE_MINE, NOOR, "chess", 10, "go ");

  log = tea_log_fixture_open_log (f, chess);
  add_event (f, log, 1, TEA_EVENT_JOINED);
  add_event (f, log, 2, TEA_EVENT_MESSAGE);
  second = add_event (f, log, 3, TEA_EVENT_MESSAGE);
  add_event (f, log, 4, TEA_EVENT_MESSAGE);
  save_position (f, chess, MEI, second);

  list = list_rooms (f, TEA_STORE_MINE, MEI, NULL, 10);
  listing = g_ptr_array_index (list, 0);
  g_assert_cmpuint (listing->info->number, ==, chess);
  g_assert_cmpuint (listing->head, ==, tea_log_get_head (log));
  g_assert_cmpuint (listing->read, ==, second);
  g_assert_cmpuint (listing->n_unread, ==, 1);
  g_assert_cmpuint (listing->n_members, ==, 2);
  g_assert_cmpuint (listing->role, ==, OWNER);
  g_assert_false (listing->is_invited);
  listing = g_ptr_array_index (list, 1);
  g_assert_cmpuint (listing->head, ==, 0);
  g_assert_cmpuint (listing->n_members, ==, 0);
  g_assert_cmpuint (listing->role, ==, NONE);
  g_assert_true (listing->is_invited);

  /* To somebody else the same room is another row. */
  page = list_rooms (f, TEA_STORE_LISTED, LIN, NULL, 1);
  listing = g_ptr_array_index (page, 0);
  g_assert_true (listing->is_invited);
  g_assert_cmpuint (listing->role, ==, NONE);
  g_clear_object (&log);
}

static void
test_counting_rooms (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) pair = tea_room_info_new_pair (MEI, NOOR);
  g_autoptr (TeaRoomInfo) owned = new_info ("go", 0);
  g_autoptr (GAsyncResult) result = NULL;
  guint n_rooms = 9;
  guint n_owned = 9;

  make (f, "chess", 0);
  owned->owner = g_strdup (MEI);
  make_info (f, owned, NULL);
  make_info (f, pair, NULL);

  tea_store_count_rooms_async (f->store, MEI, NULL, tea_log_fixture_result_cb, &result);
  g_assert_true (tea_store_count_rooms_finish (f->store, tea_log_fixture_wait (f, &result),
                                               &n_rooms, &n_owned, NULL));
  g_assert_cmpuint (n_rooms, ==, 2);
  g_assert_cmpuint (n_owned, ==, 1);
}

static gboolean
have_common (TeaLogFixture *f, const char *one, const char *other)
{
  g_autoptr (GAsyncResult) result = NULL;
  gboolean is_there = FALSE;

  tea_store_find_common_async (f->store, one, other, NULL, tea_log_fixture_result_cb, &result);
  g_assert_true (
      tea_store_find_common_finish (f->store, tea_log_fixture_wait (f, &result), &is_there, NULL));

  return is_there;
}

/* Who is invited is no member yet. */
static void
test_common_rooms (TeaLogFixture *f)
{
  guint32 chess = make (f, "chess", 0);
  guint32 go = make (f, "go", 0);

  save_member (f, chess, MEI, OWNER, 1, 1);
  save_member (f, chess, LIN, NONE, 2, 2);
  save_member (f, go, NOOR, MEMBER, 1, 1);
  g_assert_false (have_common (f, MEI, LIN));
  g_assert_false (have_common (f, MEI, NOOR));
  save_member (f, chess, NOOR, MEMBER, 3, 3);
  g_assert_true (have_common (f, MEI, NOOR));
  g_assert_true (have_common (f, NOOR, MEI));
}

static void
test_names (TeaLogFixture *f)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_registered_name_free);
  TeaNameStore *names = TEA_NAME_STORE (f->store);
  g_autoptr (TeaRegisteredName) entry = NULL;
  g_autoptr (TeaRegisteredName) nobody = NULL;
  g_autoptr (GPtrArray) here = NULL;
  g_autoptr (GPtrArray) owned = NULL;
  g_autoptr (GPtrArray) left = NULL;
  GAsyncResult *results[7] = { NULL };
  const char *const removed[] = { "mei", "lin", NULL };
  guint n_names = 0;

  g_ptr_array_add (changed, tea_registered_name_new ("Mei", MEI, 7, 100, 10));
  g_ptr_array_add (changed, tea_registered_name_new ("May", MEI, 0, 50, 5));
  g_ptr_array_add (changed, tea_registered_name_new ("Noor", NOOR, 0, 60, 6));
  tea_name_store_save (names, changed, NULL, 7);

  tea_name_store_lookup_async (names, "mei", NULL, tea_log_fixture_result_cb, &results[0]);
  tea_name_store_lookup_async (names, "lin", NULL, tea_log_fixture_result_cb, &results[1]);
  tea_name_store_list_owned_async (names, MEI, NULL, tea_log_fixture_result_cb, &results[2]);
  tea_name_store_load_async (names, TRUE, NULL, tea_log_fixture_result_cb, &results[3]);
  g_assert_true (tea_name_store_lookup_finish (names, tea_log_fixture_wait (f, &results[0]), &entry,
                                               &n_names, NULL));
  g_assert_cmpstr (entry->name, ==, "Mei");
  g_assert_cmpuint (entry->joined, ==, 7);
  g_assert_cmpuint (entry->last_day, ==, 10);
  g_assert_true (tea_name_store_lookup_finish (names, tea_log_fixture_wait (f, &results[1]),
                                               &nobody, &n_names, NULL));
  g_assert_null (nobody);
  owned = tea_name_store_list_owned_finish (names, tea_log_fixture_wait (f, &results[2]), NULL);
  g_assert_cmpuint (owned->len, ==, 2);
  here = tea_name_store_load_finish (names, tea_log_fixture_wait (f, &results[3]), NULL, NULL);
  /* With the other names of who is here. */
  g_assert_cmpuint (here->len, ==, 2);

  /* Who is here keeps their name, however long that is. */
  tea_name_store_forget_unused (names, 6);
  tea_name_store_load_async (names, FALSE, NULL, tea_log_fixture_result_cb, &results[4]);
  left = tea_name_store_load_finish (names, tea_log_fixture_wait (f, &results[4]), NULL, NULL);
  g_assert_cmpuint (left->len, ==, 2);

  /* What is saved over something, or removed, is counted right. */
  tea_name_store_save (names, changed, removed, 8);
  tea_name_store_load_async (names, FALSE, NULL, tea_log_fixture_result_cb, &results[5]);
  tea_log_fixture_wait (f, &results[5]);
  tea_name_store_lookup_async (names, "lin", NULL, tea_log_fixture_result_cb, &results[6]);
  g_assert_true (tea_name_store_lookup_finish (names, tea_log_fixture_wait (f, &results[6]),
                                               &nobody, &n_names, NULL));
  g_assert_cmpuint (n_names, ==, 3);

  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (results[i]);
}

/* A room may keep less than the house, or more; nobody has to hold its log for that. */
static void
test_retention (TeaLogFixture *f)
{
  g_autoptr (TeaRoomInfo) short_lived = new_info ("short", 0);
  g_autoptr (TeaRoomInfo) long_lived = new_info ("long", 0);
  guint32 rooms[3] = { 0 };

  short_lived->retain_events = 2;
  long_lived->retain_events = 100;
  rooms[0] = make_info (f, short_lived, NULL);
  rooms[1] = make_info (f, long_lived, NULL);
  rooms[2] = make (f, "usual", 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autoptr (TeaLog) log = tea_log_fixture_open_log (f, rooms[i]);

      for (guint64 number = 1; number <= 20; number++)
        add_event (f, log, number, TEA_EVENT_MESSAGE);
      tea_store_save_members (f->store, rooms[i], NULL, NULL, tea_log_get_head (log));
    }
  /* After what was saved. */
  g_assert_cmpuint (load_position (f, rooms[2], MEI), ==, 0);

  tea_store_set_retention (f->store, 0, 10);
  tea_log_fixture_until (f, count_unread (f, rooms[2], 0, 1000) == 10);
  g_assert_cmpuint (count_unread (f, rooms[0], 0, 1000), ==, 2);
  g_assert_cmpuint (count_unread (f, rooms[1], 0, 1000), ==, 20);
}

static GBytes *
export_house (TeaLogFixture *f)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  tea_store_export_async (f->store, stream, NULL, tea_log_fixture_result_cb, &result);
  tea_store_export_finish (f->store, tea_log_fixture_wait (f, &result), &error);
  g_assert_no_error (error);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static gboolean
import_house (TeaLogFixture *f, GBytes *bytes, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GAsyncResult) result = NULL;

  tea_store_import_async (f->store, stream, NULL, tea_log_fixture_result_cb, &result);

  return tea_store_import_finish (f->store, tea_log_fixture_wait (f, &result), error);
}

static void
test_export_of_a_house (TeaLogFixture *f)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  guint32 chess = make (f, "Chess", LISTED);
  guint64 in_hall = tea_log_fixture_add (f, 1, 1);
  guint64 epoch;
  guint64 head;

  {
    g_autoptr (TeaLog) log = tea_log_fixture_open_log (f, chess);

    add_event (f, log, 1, TEA_EVENT_JOINED);
    head = add_event (f, log, 2, TEA_EVENT_MESSAGE);
    epoch = tea_log_get_epoch (log);
  }
  save_member (f, chess, MEI, OWNER, 1, head);
  assert_members (f, chess, MEI "/Name/3/1 ", head);
  rename_room (f, chess, "Draughts", &error);
  g_assert_no_error (error);
  bytes = export_house (f);

  /* Into either kind. */
  for (guint kind = 0; kind < 2; kind++)
    {
      TeaLogFixture other;
      g_autoptr (TeaRoomInfo) info = NULL;
      g_autoptr (TeaLog) log = NULL;

      tea_log_fixture_init (&other, kind);
      import_house (&other, bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (tea_log_fixture_find (&other, 1, NULL), ==, 1);
      g_assert_cmpuint (in_hall, >, 0);
      info = find (&other, "chess");
      g_assert_nonnull (info);
      g_assert_cmpstr (info->address, ==, "Draughts");
      assert_members (&other, info->number, MEI "/Name/3/1 ", head);
      log = tea_log_fixture_open_log (&other, info->number);
      g_assert_cmpuint (tea_log_get_head (log), ==, head);
      g_assert_cmpuint (tea_log_get_epoch (log), !=, epoch);
      g_assert_cmpuint (count_unread (&other, info->number, 0, 10), ==, 1);
      g_assert_cmpuint (make (&other, "chess", 0), >, info->number);

      g_assert_false (import_house (&other, bytes, &error));
      g_assert_error (error, TEA_LOG_ERROR, TEA_LOG_ERROR_REJECTED);
      g_clear_error (&error);
      g_clear_object (&log);
      tea_log_fixture_clear (&other);
    }
}

typedef void (*TestFunc) (TeaLogFixture *f);

static TeaRoomRules *
load_rules (TeaLogFixture *f, guint32 room)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TeaRoomRules *rules = NULL;

  tea_store_load_rules_async (f->store, room, NULL, tea_log_fixture_result_cb, &result);
  rules = tea_store_load_rules_finish (f->store, tea_log_fixture_wait (f, &result), &error);
  g_assert_no_error (error);

  return rules;
}

static void
test_rules (TeaLogFixture *f)
{
  g_autoptr (TeaRoomRules) rules = load_rules (f, TEA_ROOM_INFO_HALL);
  g_autoptr (TeaRoomRules) others = NULL;
  g_autoptr (TeaRoomRules) hall = NULL;
  g_autoptr (TeaRoomRules) again = NULL;
  g_autoptr (GBytes) pin = g_bytes_new_static ("pin", 3);
  g_autoptr (GBytes) topic = g_bytes_new_static ("topic", 5);
  guint32 chess = make (f, "chess", 0);

  g_assert_true (tea_room_rules_is_empty (rules));
  g_ptr_array_add (rules->roles, tea_membership_new ("mei", "Mei", 2, 7));
  g_ptr_array_add (rules->bans, tea_restriction_new ("ada", 99, "noise"));
  g_ptr_array_add (rules->mutes, tea_restriction_new ("ada", 98, ""));
  g_ptr_array_add (rules->networks, tea_restriction_new ("192.0.2.0/24", 97, "more noise"));
  g_ptr_array_add (rules->pins, tea_pin_new (3, 4, pin));
  tea_room_rules_set_topic (rules, 5, topic);
  rules->slow_mode = 30;
  tea_store_save_rules (f->store, TEA_ROOM_INFO_HALL, rules);
  g_ptr_array_set_size (rules->roles, 0);
  tea_store_save_rules (f->store, 9999, rules);

  for (guint round = 0; round < 2; round++)
    {
      g_clear_pointer (&hall, tea_room_rules_free);
      g_clear_pointer (&others, tea_room_rules_free);
      hall = load_rules (f, TEA_ROOM_INFO_HALL);
      others = load_rules (f, chess);
      g_assert_true (tea_room_rules_is_empty (others));
      g_assert_cmpuint (hall->roles->len, ==, 1);
      g_assert_cmpstr (((TeaMembership *) hall->roles->pdata[0])->key, ==, "mei");
      g_assert_cmpuint (((TeaMembership *) hall->roles->pdata[0])->role, ==, 2);
      g_assert_cmpuint (hall->bans->len, ==, 1);
      g_assert_cmpstr (((TeaRestriction *) hall->bans->pdata[0])->reason, ==, "noise");
      g_assert_cmpint (((TeaRestriction *) hall->bans->pdata[0])->until, ==, 99);
      g_assert_cmpint (((TeaRestriction *) hall->mutes->pdata[0])->until, ==, 98);
      g_assert_cmpint (((TeaRestriction *) hall->networks->pdata[0])->until, ==, 97);
      g_assert_cmpuint (((TeaPin *) hall->pins->pdata[0])->target, ==, 3);
      g_assert_cmpuint (((TeaPin *) hall->pins->pdata[0])->seq, ==, 4);
      g_assert_true (g_bytes_equal (((TeaPin *) hall->pins->pdata[0])->record, pin));
      g_assert_cmpuint (hall->topic_seq, ==, 5);
      g_assert_true (g_bytes_equal (hall->topic, topic));
      g_assert_cmpuint (hall->slow_mode, ==, 30);
      tea_log_fixture_reopen (f);
    }

  /* What is saved takes the place of all that was. */
  tea_room_rules_set_topic (hall, 0, NULL);
  g_ptr_array_set_size (hall->bans, 0);
  tea_store_save_rules (f->store, TEA_ROOM_INFO_HALL, hall);
  again = load_rules (f, TEA_ROOM_INFO_HALL);
  g_assert_cmpuint (again->bans->len, ==, 0);
  g_assert_cmpuint (again->mutes->len, ==, 1);
  g_assert_cmpuint (again->topic_seq, ==, 0);
}

static guint64
say (TeaLogFixture *f, guint64 number, const char *text)
{
  g_autoptr (TeaEvent) event = tea_event_new (TEA_EVENT_MESSAGE, 1, "Mei", text);
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) result = NULL;

  tea_log_append_async (f->log, author, number, 0, record, NULL, tea_log_fixture_result_cb,
                        &result);

  return tea_log_append_finish (f->log, tea_log_fixture_wait (f, &result), NULL, NULL);
}

/* What is found, as its places among what was said, the newest first, and "…" where there is
 * more. */
static char *
find_words (TeaLogFixture *f, const char *words, guint64 from, guint64 before, guint max)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) found = NULL;
  g_autoptr (GError) error = NULL;
  GString *list = g_string_new (NULL);
  guint64 next = 0;

  tea_store_find_words_async (f->store, TEA_ROOM_INFO_HALL, from, before, words, max, NULL,
                              tea_log_fixture_result_cb, &result);
  found = tea_store_find_words_finish (f->store, tea_log_fixture_wait (f, &result), &next, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GPtrArray) entries
          = tea_log_fixture_read (f, g_array_index (found, guint64, i), 1, 0, NULL, NULL, NULL);
      const TeaLogEntry *entry = g_ptr_array_index (entries, 0);
      g_autoptr (TeaEvent) event
          = tea_event_record_decode (entry->seq, entry->version, entry->record, NULL);

      g_assert_cmpuint (entry->seq, ==, g_array_index (found, guint64, i));
      g_string_append_printf (list, "%.1s ", tea_event_get_text (event));
    }

  return g_string_free (list, FALSE);
}

static guint
count_messages (TeaLogFixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  guint n = 0;

  tea_store_count_unread_async (f->store, TEA_ROOM_INFO_HALL, 0, 100, NULL,
                                tea_log_fixture_result_cb, &result);
  tea_store_count_unread_finish (f->store, tea_log_fixture_wait (f, &result), &n, NULL);

  return n;
}

static void
change (TeaLogFixture *f, guint64 number, guint64 target, TeaEventKind kind, const char *text)
{
  g_autoptr (TeaEvent) event
      = tea_event_new_from_fields (&(TeaEventFields){ .seq = tea_log_get_head (f->log) + 1,
                                                      .kind = kind,
                                                      .time = 2,
                                                      .author = "Mei",
                                                      .text = text,
                                                      .target = target });
  g_autoptr (GPtrArray) entries = tea_log_fixture_read (f, target, 1, 0, NULL, NULL, NULL);
  g_autoptr (GBytes) record = tea_event_record_encode (event);
  g_autoptr (GBytes) author = tea_log_fixture_author (1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) form
      = tea_event_form_apply (((TeaLogEntry *) entries->pdata[0])->record, event, &error);

  g_assert_no_error (error);
  tea_log_amend_async (f->log, author, number, record, target, form, TRUE, NULL,
                       tea_log_fixture_result_cb, &result);
  tea_log_amend_finish (f->log, tea_log_fixture_wait (f, &result), NULL, &error);
  g_assert_no_error (error);
}

/* Edits and removals as a room makes them. */
static void
test_changes (TeaLogFixture *f)
{
  guint64 first = say (f, 1, "1 green tea");
  g_autofree char *green = NULL;
  g_autofree char *black = NULL;
  g_autofree char *left = NULL;

  say (f, 2, "2 tea");
  g_assert_cmpuint (count_messages (f), ==, 2);
  change (f, 3, first, TEA_EVENT_EDITED, "3 black tea");
  green = find_words (f, "green", 1, 0, 50);
  g_assert_cmpstr (green, ==, "");
  black = find_words (f, "black", 1, 0, 50);
  g_assert_cmpstr (black, ==, "3 ");
  g_assert_cmpuint (count_messages (f), ==, 2);

  change (f, 4, first, TEA_EVENT_REMOVED, NULL);
  left = find_words (f, "tea", 1, 0, 50);
  g_assert_cmpstr (left, ==, "2 ");
  g_assert_cmpuint (count_messages (f), ==, 1);
}

static void
test_words (TeaLogFixture *f)
{
  static const char *const said[] = {
    "1 Tea at noon? I don't mind.", "2 我们在茶馆见面",       "3 京都で会いましょう",
    "4 Ein Kännchen Tee für Käthe", "5 teapots and more tea", "6 차 한 잔 마시자",
  };
  static const struct
  {
    const char *words;
    const char *found;
  } vectors[] = {
    { "tea", "5 1 " }, { "TEA noon", "1 " },
    { "teap", "5 " },  { "pots", "" },
    { "茶馆", "2 " },  { "馆", "2 " },
    { "茶", "2 " },    { "馆茶", "" },
    { "京都", "3 " },  { "会いましょう", "3 " },
    { "마시", "6 " },  { "kannchen", "4 " },
    { "don't", "1 " }, { "noon tea", "1 " },
    { "", "" },        { "?!", "" },
    { "coffee", "" },  { "\"*", "" },
  };
  guint64 seqs[G_N_ELEMENTS (said)] = { 0 };
  g_autofree char *before = NULL;
  g_autofree char *since = NULL;
  g_autofree char *first = NULL;
  g_autofree char *rest = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    seqs[i] = say (f, i + 1, said[i]);
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *found = find_words (f, vectors[i].words, 1, 0, 50);

      g_test_message ("vector %u: %s", i, vectors[i].words);
      g_assert_cmpstr (found, ==, vectors[i].found);
    }

  before = find_words (f, "tea", 1, seqs[4], 50);
  g_assert_cmpstr (before, ==, "1 ");
  since = find_words (f, "tea", seqs[1], 0, 50);
  g_assert_cmpstr (since, ==, "5 ");
  first = find_words (f, "tea", 1, 0, 1);
  g_assert_cmpstr (first, ==, "5 ");

  tea_log_fixture_erase (f, seqs[4]);
  rest = find_words (f, "tea", 1, 0, 50);
  g_assert_cmpstr (rest, ==, "1 ");
}

static const struct
{
  const char *name;
  TestFunc func;
} tests[] = {
  { "rooms", test_rooms },
  { "rooms/renaming", test_renaming },
  { "rooms/removing", test_removing },
  { "rooms/counting", test_counting_rooms },
  { "rooms/common", test_common_rooms },
  { "rooms/none", test_no_such_room },
  { "logs", test_logs },
  { "pair", test_pair },
  { "pair/draft-that-comes-to-nothing", test_draft_that_comes_to_nothing },
  { "members", test_members },
  { "rules", test_rules },
  { "words", test_words },
  { "changes", test_changes },
  { "positions", test_positions },
  { "unread", test_unread },
  { "lists", test_lists },
  { "names", test_names },
  { "retention", test_retention },
  { "export-of-a-house", test_export_of_a_house },
};

static void
run (gconstpointer data, gboolean is_fake)
{
  TeaLogFixture fixture;

  tea_log_fixture_init (&fixture, is_fake);
  tests[GPOINTER_TO_SIZE (data)].func (&fixture);
  tea_log_fixture_clear (&fixture);
}

static void
run_with_sqlite (gconstpointer data)
{
  run (data, FALSE);
}

static void
run_with_fake (gconstpointer data)
{
  run (data, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *sqlite = g_strconcat ("/store/sqlite/", tests[i].name, NULL);
      g_autofree char *fake = g_strconcat ("/store/fake/", tests[i].name, NULL);

      g_test_add_data_func (sqlite, GSIZE_TO_POINTER (i), run_with_sqlite);
      g_test_add_data_func (fake, GSIZE_TO_POINTER (i), run_with_fake);
    }

  return g_test_run ();
}
