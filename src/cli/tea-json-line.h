/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonBuilder *tea_json_line_begin (const char *kind, const char *room);
char *tea_json_line_end (JsonBuilder *builder);

void tea_json_line_add_string (JsonBuilder *builder, const char *name, const char *value);
void tea_json_line_add_boolean (JsonBuilder *builder, const char *name, gboolean value);
void tea_json_line_add_count (JsonBuilder *builder, const char *name, guint64 value);
void tea_json_line_add_seq (JsonBuilder *builder, const char *name, guint64 seq);
void tea_json_line_add_time (JsonBuilder *builder, const char *name, gint64 time);
void tea_json_line_add_strings (JsonBuilder *builder, const char *name, const char *const *values);

G_END_DECLS
