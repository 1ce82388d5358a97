/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-calendar.h"
#include "tea-name.h"

G_BEGIN_DECLS

/**
 * TEA_NAME_REGISTRY_MAX_NAMES:
 *
 * How many names a key can own.
 */
#define TEA_NAME_REGISTRY_MAX_NAMES 16

/**
 * TeaOwnedName:
 * @name: the name, as its owner writes it
 * @key: the fingerprint of the key that owns it
 * @last_used: when its owner last came or went, in µs since the Unix epoch, UTC
 * @last_day: on which day of the house's life that was
 * @is_in_use: whether its owner is in the house under it
 *
 * A name that belongs to a key.
 */
typedef struct
{
  TeaName *name;
  const char *key;
  gint64 last_used;
  guint64 last_day;
  gboolean is_in_use;
} TeaOwnedName;

#define TEA_TYPE_NAME_REGISTRY (tea_name_registry_get_type ())

G_DECLARE_FINAL_TYPE (TeaNameRegistry, tea_name_registry, TEA, NAME_REGISTRY, GObject)

TeaNameRegistry *tea_name_registry_new (TeaCalendar *calendar);

void tea_name_registry_set_lifetime (TeaNameRegistry *self, guint n_days);
guint64 tea_name_registry_get_oldest (TeaNameRegistry *self);

void tea_name_registry_add (TeaNameRegistry *self, const TeaOwnedName *name);
void tea_name_registry_take (TeaNameRegistry *self, TeaName *name, const char *key, gint64 time);
void tea_name_registry_release (TeaNameRegistry *self, TeaName *name, gint64 time);
void
tea_name_registry_assign (TeaNameRegistry *self, TeaName *name, const char *key, gboolean for_good);
void tea_name_registry_expire (TeaNameRegistry *self);

void tea_name_registry_hold (TeaNameRegistry *self, const char *key);
void tea_name_registry_let_go (TeaNameRegistry *self, const char *key);
void tea_name_registry_set_known (TeaNameRegistry *self, const char *key);
gboolean tea_name_registry_is_known (TeaNameRegistry *self, const char *key);
void tea_name_registry_forget_absent (TeaNameRegistry *self);

const TeaOwnedName *tea_name_registry_find (TeaNameRegistry *self, TeaName *name);
const TeaOwnedName *tea_name_registry_find_latest (TeaNameRegistry *self, const char *key);
gboolean
tea_name_registry_is_free (TeaNameRegistry *self, const TeaOwnedName *name, const char *key);
guint tea_name_registry_count_in_use (TeaNameRegistry *self, const char *key);
guint tea_name_registry_get_n_names (TeaNameRegistry *self);

G_END_DECLS
