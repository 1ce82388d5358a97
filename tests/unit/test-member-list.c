/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-member-list.h"

static char *
describe (TeaMemberList *list)
{
  GListModel *model = G_LIST_MODEL (list);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (TeaMember) member = g_list_model_get_item (model, i);

      g_strv_builder_add (names, tea_member_get_name (member));
    }
  all = g_strv_builder_end (names);

  return g_strjoinv (" ", all);
}

static void
assert_members (TeaMemberList *list, const char *expected)
{
  g_autofree char *described = describe (list);

  g_assert_cmpstr (described, ==, expected);
}

static void
add (TeaMemberList *list, const char *name, guint64 since)
{
  g_autoptr (TeaMember) member = tea_member_new_entered (name, since);

  tea_member_list_add (list, member);
}

static void
test_nobody_is_twice (void)
{
  TeaMemberList *list = tea_member_list_new ();

  add (list, "Mei", 0);
  add (list, "Noor", 0);
  add (list, "MEI", 0);
  assert_members (list, "Mei Noor");

  tea_member_list_remove (list, "mei");
  tea_member_list_remove (list, "Sam");
  assert_members (list, "Noor");

  add (list, "mei", 0);
  assert_members (list, "Noor mei");

  g_assert_finalize_object (list);
}

static void
test_set_keeps_who_stays (void)
{
  static const char *const names[] = { "Sam", "Noor", "Aiko", "sam" };
  g_autoptr (TeaMemberList) list = tea_member_list_new ();
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TeaMember) before = NULL;
  g_autoptr (TeaMember) after = NULL;

  add (list, "Mei", 0);
  add (list, "Noor", 0);
  before = g_list_model_get_item (G_LIST_MODEL (list), 1);

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (members, tea_member_new (names[i]));
  tea_member_list_set (list, members);
  assert_members (list, "Noor Sam Aiko");
  after = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (before == after);
}

static guint64
get_since (TeaMemberList *list, guint position)
{
  g_autoptr (TeaMember) member = g_list_model_get_item (G_LIST_MODEL (list), position);

  return tea_member_get_since (member);
}

/* Who has entered anew is somebody else in the list; what is older changes nothing. */
static void
test_entered_anew (void)
{
  g_autoptr (TeaMemberList) list = tea_member_list_new ();
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);

  add (list, "Mei", 3);
  add (list, "Noor", 4);
  add (list, "mei", 2);
  add (list, "Mei", 0);
  assert_members (list, "Mei Noor");
  g_assert_cmpuint (get_since (list, 0), ==, 3);

  add (list, "MEI", 7);
  assert_members (list, "Noor MEI");
  g_assert_cmpuint (get_since (list, 1), ==, 7);

  g_ptr_array_add (members, tea_member_new_entered ("Noor", 9));
  g_ptr_array_add (members, tea_member_new_entered ("Mei", 7));
  tea_member_list_set (list, members);
  assert_members (list, "MEI Noor");
  g_assert_cmpuint (get_since (list, 1), ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/member-list/nobody-is-twice", test_nobody_is_twice);
  g_test_add_func ("/member-list/set-keeps-who-stays", test_set_keeps_who_stays);
  g_test_add_func ("/member-list/entered-anew", test_entered_anew);

  return g_test_run ();
}
