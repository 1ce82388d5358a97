/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-event-data.h"
#include "tea-event-fields.h"
#include "tea-fake-store.h"
#include "tea-fingerprint.h"
#include "tea-members.h"

/* The members of a room, by events that are made up. */
typedef struct
{
  TeaClock *clock;
  GRand *random;
  TeaFakeHouse *kept;
  TeaFakeFaults faults;
  TeaFakeStore *store;
  TeaRoomWriter *writer;
  TeaMembers *members;
  guint32 room;
  char *keys[4];
  guint64 seq;
} Fixture;

static void
run (Fixture *f)
{
  tea_clock_advance (f->clock, tea_clock_get_time (f->clock) + 10 * G_TIME_SPAN_SECOND);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
made_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_true (tea_store_make_room_finish (TEA_STORE (object), result, &f->room, NULL));
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  guint64 as_of = 0;

  g_assert_true (tea_members_load_finish (TEA_MEMBERS (object), result, &as_of, NULL));
  *(guint64 *) user_data = as_of;
}

static TeaMembers *
make_members (Fixture *f)
{
  return tea_members_new (TEA_STORE (f->store), f->room, f->writer, f->clock);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (TeaRoomInfo) info = tea_room_info_new ("Kitchen", "kitchen");
  g_autoptr (TeaLog) log = NULL;

  f->clock = tea_clock_new_manual (0);
  f->random = g_rand_new_with_seed (1);
  f->kept = tea_fake_house_new (1, f->random);
  f->store = tea_fake_store_new (f->kept, f->clock, f->random, &f->faults);
  tea_store_make_room_async (TEA_STORE (f->store), info, NULL, made_cb, f);
  run (f);
  g_assert_cmpuint (f->room, !=, 0);

  log = tea_fake_store_open_log (f->store, f->room);
  f->writer = tea_room_writer_new (log, tea_store_get_calendar (TEA_STORE (f->store)), f->clock);
  f->members = make_members (f);
  for (guint8 i = 0; i < G_N_ELEMENTS (f->keys); i++)
    {
      guint8 digest[TEA_FINGERPRINT_SIZE] = { i };

      f->keys[i] = tea_fingerprint_from_bytes (digest);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->members);
  g_object_unref (f->writer);
  tea_fake_store_crash (f->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (f->store);
  tea_fake_house_unref (f->kept);
  for (guint i = 0; i < G_N_ELEMENTS (f->keys); i++)
    g_free (f->keys[i]);
  g_rand_free (f->random);
  g_assert_finalize_object (f->clock);
}

static void
happen (Fixture *f, TeaEventKind kind, guint who, GBytes *data)
{
  g_autoptr (GBytes) owned = data;
  g_autoptr (TeaEvent) event = tea_event_new_from_fields (&(TeaEventFields){
      .seq = ++f->seq, .kind = kind, .author = "Somebody", .key = f->keys[who], .data = owned });

  tea_members_apply (f->members, event);
}

static void
promote (Fixture *f, guint who)
{
  g_autoptr (GPtrArray) changed
      = g_ptr_array_new_with_free_func ((GDestroyNotify) tea_membership_free);
  const char *const removed[] = { NULL };
  const TeaMembership *membership = tea_members_find (f->members, f->keys[who]);
  TeaMembership *promoted = tea_membership_new (membership->key, membership->name,
                                                TEA_ROOM_ROLE_MODERATOR, membership->joined);

  g_ptr_array_add (changed, promoted);
  tea_members_save (f->members);
  tea_store_save_members (TEA_STORE (f->store), f->room, changed, removed, f->seq);
  run (f);
}

static void
reload (Fixture *f)
{
  guint64 as_of = 0;

  g_assert_finalize_object (f->members);
  f->members = make_members (f);
  tea_members_load_async (f->members, f->seq, NULL, loaded_cb, &as_of);
  run (f);
  g_assert_cmpuint (as_of, ==, f->seq);
}

static void
test_roles (Fixture *f, gconstpointer data)
{
  tea_members_set_owner (f->members, f->keys[0]);
  happen (f, TEA_EVENT_JOINED, 0, NULL);
  happen (f, TEA_EVENT_JOINED, 1, NULL);
  happen (f, TEA_EVENT_INVITED, 0, tea_event_data_encode_key (f->keys[2]));
  happen (f, TEA_EVENT_INVITED, 0, tea_event_data_encode_key (f->keys[1]));
  g_assert_cmpint (tea_members_get_role (f->members, f->keys[0]), ==, TEA_ROOM_ROLE_OWNER);
  g_assert_cmpint (tea_members_get_role (f->members, f->keys[1]), ==, TEA_ROOM_ROLE_MEMBER);
  g_assert_true (tea_members_is_invited (f->members, f->keys[2]));
  g_assert_false (tea_members_is_invited (f->members, f->keys[1]));
  g_assert_cmpuint (tea_members_get_n_members (f->members), ==, 2);

  /* An invitation is used up by joining. */
  happen (f, TEA_EVENT_JOINED, 2, NULL);
  happen (f, TEA_EVENT_LEFT, 2, NULL);
  g_assert_false (tea_members_is_invited (f->members, f->keys[2]));
  g_assert_null (tea_members_find (f->members, f->keys[2]));
}

/* When the last owner leaves, whoever has been moderator for longest owns the room; where there
 * is none, nobody does, and so the operators. */
static void
test_last_owner (Fixture *f, gconstpointer data)
{
  tea_members_set_owner (f->members, f->keys[0]);
  for (guint i = 0; i < 4; i++)
    happen (f, TEA_EVENT_JOINED, i, NULL);
  promote (f, 3);
  promote (f, 2);
  reload (f);
  tea_members_set_owner (f->members, f->keys[0]);

  happen (f, TEA_EVENT_LEFT, 0, NULL);
  g_assert_cmpstr (tea_members_get_owner (f->members), ==, f->keys[2]);
  g_assert_cmpint (tea_members_get_role (f->members, f->keys[2]), ==, TEA_ROOM_ROLE_OWNER);
  happen (f, TEA_EVENT_LEFT, 2, NULL);
  g_assert_cmpstr (tea_members_get_owner (f->members), ==, f->keys[3]);
  happen (f, TEA_EVENT_LEFT, 3, NULL);
  g_assert_null (tea_members_get_owner (f->members));
  g_assert_cmpint (tea_members_get_role (f->members, f->keys[1]), ==, TEA_ROOM_ROLE_MEMBER);
}

/* What was saved comes back, and what is applied twice counts once. */
static void
test_saving (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  guint64 next = 0;

  for (guint i = 0; i < 3; i++)
    happen (f, TEA_EVENT_JOINED, i, NULL);
  happen (f, TEA_EVENT_LEFT, 1, NULL);
  run (f);
  reload (f);

  list = tea_members_list (f->members, 0, 1, &next);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpuint (next, ==, 1);
  g_clear_pointer (&list, g_ptr_array_unref);
  list = tea_members_list (f->members, next, 10, &next);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((TeaMembership *) list->pdata[0])->key, ==, f->keys[2]);
  g_assert_cmpuint (next, ==, 0);

  f->seq = 0;
  happen (f, TEA_EVENT_JOINED, 1, NULL);
  g_assert_null (tea_members_find (f->members, f->keys[1]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/members/roles", Fixture, NULL, set_up, test_roles, tear_down);
  g_test_add ("/members/last-owner", Fixture, NULL, set_up, test_last_owner, tear_down);
  g_test_add ("/members/saving", Fixture, NULL, set_up, test_saving, tear_down);

  return g_test_run ();
}
