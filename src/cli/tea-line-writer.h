/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEA_TYPE_LINE_WRITER (tea_line_writer_get_type ())

G_DECLARE_FINAL_TYPE (TeaLineWriter, tea_line_writer, TEA, LINE_WRITER, GObject)

TeaLineWriter *tea_line_writer_new (int fd);

void tea_line_writer_write (TeaLineWriter *self, const char *line);
void tea_line_writer_write_bytes (TeaLineWriter *self, const char *bytes, gsize size);
void tea_line_writer_flush (TeaLineWriter *self, gint timeout);
gboolean tea_line_writer_is_idle (TeaLineWriter *self);

G_END_DECLS
