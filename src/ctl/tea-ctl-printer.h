/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TeaCtlColumn:
 * @key: what the server calls it
 * @header: what people read; translatable
 * @words: (nullable) (array zero-terminated=1): what the value can be, to be translated; %NULL
 *   where it can be anything
 *
 * A column of a table, or a line of a list.
 */
typedef struct
{
  const char *key;
  const char *header;
  const char *const *words;
} TeaCtlColumn;

char *tea_ctl_printer_format_table (GVariant *rows, const TeaCtlColumn *columns);
char *tea_ctl_printer_format_list (GVariant *dict, const TeaCtlColumn *columns);
char *tea_ctl_printer_format_json (GVariant *value);

G_END_DECLS
