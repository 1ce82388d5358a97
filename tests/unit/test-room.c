/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-error.h"
#include "tea-room.h"

/* A session that writes down what it is told. */

#define TEST_TYPE_SESSION (test_session_get_type ())
G_DECLARE_FINAL_TYPE (TestSession, test_session, TEST, SESSION, GObject)

struct _TestSession
{
  GObject parent_instance;

  GString *heard;
  gboolean deaf;
};

static void
test_session_deliver (TeaSession *session, TeaMember *author, TeaEvent *event)
{
  static const char kinds[]
      = { [TEA_EVENT_JOINED] = '+', [TEA_EVENT_LEFT] = '-', [TEA_EVENT_MESSAGE] = ':' };
  TestSession *self = TEST_SESSION (session);
  const char *text = tea_event_get_text (event);

  if (self->deaf)
    return;

  g_assert_cmpstr (tea_member_get_name (author), ==, tea_event_get_author (event));
  g_assert_cmpint (ABS (g_get_real_time () - tea_event_get_time (event)), <, G_TIME_SPAN_MINUTE);

  g_string_append_printf (self->heard, "%s%c%s ", tea_event_get_author (event),
                          kinds[tea_event_get_kind (event)], text != NULL ? text : "");
}

static void
test_session_session_init (TeaSessionInterface *iface)
{
  iface->deliver = test_session_deliver;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSession,
                               test_session,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TEA_TYPE_SESSION, test_session_session_init))

static void
test_session_finalize (GObject *object)
{
  TestSession *self = TEST_SESSION (object);

  g_string_free (self->heard, TRUE);

  G_OBJECT_CLASS (test_session_parent_class)->finalize (object);
}

static void
test_session_class_init (TestSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_session_finalize;
}

static void
test_session_init (TestSession *self)
{
  self->heard = g_string_new (NULL);
}

static TeaMember *
join (TeaRoom *room, TestSession *session, const char *name)
{
  g_autoptr (GError) error = NULL;
  TeaMember *member = tea_room_join (room, TEA_SESSION (session), name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (tea_member_get_name (member), ==, name);

  return member;
}

static void
test_everyone_hears_everything (void)
{
  TeaRoom *room = tea_room_new ();
  TestSession *mei = g_object_new (TEST_TYPE_SESSION, NULL);
  TestSession *noor = g_object_new (TEST_TYPE_SESSION, NULL);
  TeaMember *mei_member = join (room, mei, "Mei");
  TeaMember *noor_member = join (room, noor, "Noor");

  tea_room_say (room, mei_member, "hello");
  tea_room_say (room, noor_member, "hi");
  tea_room_leave (room, mei_member);
  tea_room_say (room, noor_member, "gone");

  g_assert_cmpstr (mei->heard->str, ==, "Mei+ Noor+ Mei:hello Noor:hi ");
  g_assert_cmpstr (noor->heard->str, ==, "Noor+ Mei:hello Noor:hi Mei- Noor:gone ");

  g_assert_finalize_object (room);
  g_assert_finalize_object (mei);
  g_assert_finalize_object (noor);
}

static void
test_names_are_unique (void)
{
  static const char *const same[] = { "Mei", "mei", "MEI", "Ｍｅｉ" };
  g_autoptr (TeaRoom) room = tea_room_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  TeaMember *mei = join (room, session, "Mei");

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (tea_room_join (room, TEA_SESSION (session), same[i], &error));
      g_assert_error (error, TEA_ERROR, TEA_ERROR_NAME_TAKEN);
      g_assert_true (tea_room_find (room, same[i]) == mei);
    }

  /* Nothing of that was heard. */
  g_assert_cmpstr (session->heard->str, ==, "Mei+ ");

  tea_room_leave (room, mei);
  g_assert_null (tea_room_find (room, "Mei"));
  g_assert_nonnull (join (room, session, "mei"));
}

static void
test_unfit_names_stay_outside (void)
{
  g_autoptr (TeaRoom) room = tea_room_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (tea_room_join (room, TEA_SESSION (session), "Lin Wei", &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_NAME_INVALID);
  g_assert_cmpuint (tea_room_get_n_members (room), ==, 0);
}

static void
test_names_in_order (void)
{
  g_autoptr (TeaRoom) room = tea_room_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;
  TeaMember *sam;

  join (room, session, "Tomás");
  sam = join (room, session, "Sam");
  join (room, session, "Aiko");
  tea_room_leave (room, sam);

  names = tea_room_dup_names (room);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "Tomás Aiko");
}

static void
test_full (void)
{
  g_autoptr (TeaRoom) room = tea_room_new ();
  g_autoptr (TestSession) session = g_object_new (TEST_TYPE_SESSION, NULL);
  g_autoptr (GError) error = NULL;

  session->deaf = TRUE;
  for (guint i = 0; i < TEA_ROOM_MAX_MEMBERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      join (room, session, name);
    }

  g_assert_null (tea_room_join (room, TEA_SESSION (session), "Mei", &error));
  g_assert_error (error, TEA_ERROR, TEA_ERROR_ROOM_FULL);

  tea_room_leave (room, tea_room_find (room, "guest7"));
  g_assert_nonnull (join (room, session, "Mei"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/room/everyone-hears-everything", test_everyone_hears_everything);
  g_test_add_func ("/room/names-are-unique", test_names_are_unique);
  g_test_add_func ("/room/unfit-names-stay-outside", test_unfit_names_stay_outside);
  g_test_add_func ("/room/names-in-order", test_names_in_order);
  g_test_add_func ("/room/full", test_full);

  return g_test_run ();
}
