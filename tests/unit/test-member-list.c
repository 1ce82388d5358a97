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
test_nobody_is_twice (void)
{
  TeaMemberList *list = tea_member_list_new ();

  tea_member_list_add (list, "Mei");
  tea_member_list_add (list, "Noor");
  tea_member_list_add (list, "MEI");
  assert_members (list, "Mei Noor");

  tea_member_list_remove (list, "mei");
  tea_member_list_remove (list, "Sam");
  assert_members (list, "Noor");

  tea_member_list_add (list, "mei");
  assert_members (list, "Noor mei");

  g_assert_finalize_object (list);
}

static void
test_set_keeps_who_stays (void)
{
  static const char *const names[] = { "Sam", "Noor", "Aiko", "sam", NULL };
  g_autoptr (TeaMemberList) list = tea_member_list_new ();
  g_autoptr (TeaMember) before = NULL;
  g_autoptr (TeaMember) after = NULL;

  tea_member_list_add (list, "Mei");
  tea_member_list_add (list, "Noor");
  before = g_list_model_get_item (G_LIST_MODEL (list), 1);

  tea_member_list_set (list, names);
  assert_members (list, "Noor Sam Aiko");
  after = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (before == after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/member-list/nobody-is-twice", test_nobody_is_twice);
  g_test_add_func ("/member-list/set-keeps-who-stays", test_set_keeps_who_stays);

  return g_test_run ();
}
