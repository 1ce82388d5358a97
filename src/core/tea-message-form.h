/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TeaReaction:
 *
 * How often people reacted to a message with one emoji, and who, never changed once made.
 */
typedef struct _TeaReaction TeaReaction;

#define TEA_TYPE_REACTION (tea_reaction_get_type ())

GType tea_reaction_get_type (void);

TeaReaction *tea_reaction_new (const char *emoji, guint count, const char *const *names);
TeaReaction *tea_reaction_ref (TeaReaction *self);
void tea_reaction_unref (TeaReaction *self);

const char *tea_reaction_get_emoji (TeaReaction *self);
guint tea_reaction_get_count (TeaReaction *self);
const char *const *tea_reaction_get_names (TeaReaction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaReaction, tea_reaction_unref)

/**
 * TeaMessageForm:
 *
 * What has become of a message since it was said, but for its text: when it was edited, who
 * removed it, and who reacted. Never changed once made.
 */
typedef struct _TeaMessageForm TeaMessageForm;

#define TEA_TYPE_MESSAGE_FORM (tea_message_form_get_type ())

GType tea_message_form_get_type (void);

TeaMessageForm *tea_message_form_new (gint64 edited, const char *removed_by, GPtrArray *reactions);
TeaMessageForm *tea_message_form_ref (TeaMessageForm *self);
void tea_message_form_unref (TeaMessageForm *self);

gint64 tea_message_form_get_edited (TeaMessageForm *self);
const char *tea_message_form_get_removed_by (TeaMessageForm *self);
GPtrArray *tea_message_form_get_reactions (TeaMessageForm *self);
gboolean tea_message_form_equal (TeaMessageForm *self, TeaMessageForm *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaMessageForm, tea_message_form_unref)

G_END_DECLS
