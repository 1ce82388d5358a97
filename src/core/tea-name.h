/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TEA_NAME_MAX_CHARACTERS:
 *
 * The most characters (Unicode code points) a member's name can have.
 */
#define TEA_NAME_MAX_CHARACTERS 32

/**
 * TeaName:
 *
 * What somebody is called, or a room, as they wrote it, with the form that names are compared
 * in. It is made once, where a name comes in, and never changes.
 */
typedef struct _TeaName TeaName;

#define TEA_TYPE_NAME (tea_name_get_type ())

GType tea_name_get_type (void);

TeaName *tea_name_new (const char *text, GError **error);
TeaName *tea_name_new_unchecked (const char *text);
TeaName *tea_name_ref (TeaName *self);
void tea_name_unref (TeaName *self);

const char *tea_name_get_text (TeaName *self);
const char *tea_name_get_folded (TeaName *self);
guint tea_name_hash (gconstpointer name);
gboolean tea_name_is_same (gconstpointer one, gconstpointer other);
gboolean tea_name_matches (TeaName *self, const char *text);

gboolean tea_name_validate (const char *name, GError **error);
char *tea_name_fold (const char *name);
gboolean tea_name_equal (const char *one, const char *other);
char *tea_name_suggest (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaName, tea_name_unref)

G_END_DECLS
