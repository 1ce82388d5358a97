/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-ctl-options.h"

G_BEGIN_DECLS

/**
 * TeaCtlVerb:
 * @name: what an operator says
 * @arguments: what comes behind it, as the help shows it
 * @summary: what it does; translatable
 * @min_words: how many words come behind it at least
 * @max_words: and at most
 * @method: the method of the server that does it
 * @make: (transfer floating): makes what this is given; %NULL with an error in words where that
 *   makes no sense
 * @run: (nullable) (transfer full): does it otherwise than by that method alone, and returns
 *   an answer of the same kind
 * @format: (transfer full): puts the answer into words for people
 *
 * Something that teahousectl can do.
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  guint min_words;
  guint max_words;
  const char *method;
  GVariant *(*make) (const TeaCtlOptions *options, char **words, GError **error);
  char *(*format) (GVariant *answer);
  GVariant *(*run) (const TeaCtlOptions *options, char **words, GError **error);
} TeaCtlVerb;

const TeaCtlVerb *tea_ctl_verb_find (char **words, GError **error);
char *tea_ctl_verb_describe_all (void);
GVariant *tea_ctl_verb_run (const TeaCtlVerb *self,
                            const TeaCtlOptions *options,
                            char **words,
                            GError **error);
char *tea_ctl_verb_format (const TeaCtlVerb *self, GVariant *answer, gboolean is_json);

G_END_DECLS
