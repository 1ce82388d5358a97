/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-frame.h"

G_BEGIN_DECLS

typedef struct _TeaFrameField TeaFrameField;

/**
 * TeaFrameRules:
 * @name: what PROTOCOL.md calls it
 * @type: (nullable): of its body, as a GVariant; %NULL where the body is empty
 * @sender: who sends it
 * @of_channel: whether it belongs to the channel that it stands in, and not to the session
 * @cost: for how many frames it counts
 * @fields: (nullable): what its body has, in order; %NULL where @read and @write know
 * @check: (nullable): returns the rule that what was read, or is to be written, breaks
 * @read: (nullable): reads the body, if the fields alone do not do it
 * @write: (nullable): writes the body, if the fields alone do not do it
 *
 * All that is to be known of a kind of frames.
 */
typedef struct
{
  const char *name;
  const char *type;
  TeaFrameSender sender;
  gboolean of_channel;
  guint cost;
  const TeaFrameField *fields;
  const char *(*check) (const TeaFrame *frame);
  const char *(*read) (TeaFrame *frame);
  GVariant *(*write) (const TeaFrame *frame);
} TeaFrameRules;

/* The longest body of numbers alone. */
#define TEA_FRAME_NUMBERS_MAX_BYTES 24

const TeaFrameRules *tea_frame_rules_get (guint type);
const char *tea_frame_rules_check (const TeaFrame *frame);
gboolean tea_frame_rules_is_of_numbers (const TeaFrameRules *self);
const char *tea_frame_rules_read_numbers (TeaFrame *frame, const guint8 *body, gsize size);
gsize tea_frame_rules_write_numbers (const TeaFrame *frame,
                                     guint8 body[TEA_FRAME_NUMBERS_MAX_BYTES]);
const char *tea_frame_rules_read (TeaFrame *frame);
GVariant *tea_frame_rules_write (const TeaFrame *frame);
void tea_frame_rules_free (TeaFrame *frame);

const char *tea_frame_type_get_name (guint type);
gboolean tea_frame_type_is_sent_by (guint type, TeaFrameSender sender);
gboolean tea_frame_type_is_of_channel (guint type);
guint tea_frame_type_get_cost (guint type);

void tea_frame_clear (TeaFrame *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TeaFrame, tea_frame_clear)

G_END_DECLS
