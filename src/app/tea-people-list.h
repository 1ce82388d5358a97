/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TEA_TYPE_PEOPLE_LIST (tea_people_list_get_type ())

G_DECLARE_FINAL_TYPE (TeaPeopleList, tea_people_list, TEA, PEOPLE_LIST, AdwBin)

void tea_people_list_set_members (TeaPeopleList *self,
                                  GListModel *members,
                                  const char *own_name,
                                  gboolean hosting);
void tea_people_list_set_folded (TeaPeopleList *self, gboolean folded);
void tea_people_list_set_offline (TeaPeopleList *self, gboolean offline);

G_END_DECLS
