/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-message-form.h"

G_BEGIN_DECLS

/**
 * TeaStoredForm:
 *
 * What a log keeps of what has become of a message: more than anybody is told, as it knows all
 * who reacted, by their keys.
 */
typedef struct _TeaStoredForm TeaStoredForm;

TeaStoredForm *tea_stored_form_new (void);
TeaStoredForm *tea_stored_form_decode (GBytes *bytes);
void tea_stored_form_free (TeaStoredForm *self);

GBytes *tea_stored_form_encode (TeaStoredForm *self);
TeaMessageForm *tea_stored_form_tell (TeaStoredForm *self);

void tea_stored_form_edit (TeaStoredForm *self, gint64 time);
void tea_stored_form_remove (TeaStoredForm *self, const char *by);
gboolean tea_stored_form_react (
    TeaStoredForm *self, const char *emoji, const char *key, const char *name, gboolean set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaStoredForm, tea_stored_form_free)

G_END_DECLS
