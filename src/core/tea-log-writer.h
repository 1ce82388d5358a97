/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void tea_log_writer_install (void);
GLogWriterOutput tea_log_writer_write (GLogLevelFlags level,
                                       const GLogField *fields,
                                       gsize n_fields,
                                       gpointer user_data);

G_END_DECLS
