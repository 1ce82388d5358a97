/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-clock.h"
#include "tea-drop-counter.h"
#include "tea-token-bucket.h"

G_BEGIN_DECLS

/**
 * TEA_QUOTA_MESSAGES_PER_SECOND:
 *
 * How many messages somebody may say, where nothing else is set: more than anybody writes, also a
 * program, and less than what would keep others from being heard or fill the disk in an hour.
 */
#define TEA_QUOTA_MESSAGES_PER_SECOND 50

/**
 * TEA_QUOTA_BYTES_PER_SECOND:
 *
 * How many bytes these may have, where nothing else is set.
 */
#define TEA_QUOTA_BYTES_PER_SECOND (64 * 1024)

/**
 * TeaQuota:
 *
 * What somebody may do yet, by however many sessions. Keys are free: so their address, the
 * network around it and all together have a ration as well, of some times as much.
 */
typedef struct _TeaQuota TeaQuota;

/**
 * TeaQuotas:
 *
 * The quotas of everybody who is here, or was until lately.
 */
typedef struct _TeaQuotas TeaQuotas;

TeaQuotas *tea_quotas_new (TeaClock *clock);
void tea_quotas_set_ration (TeaQuotas *self, guint messages_per_second, guint bytes_per_second);
void tea_quotas_set_drops (TeaQuotas *self, TeaDropCounter *drops);
void tea_quotas_free (TeaQuotas *self);

TeaQuota *tea_quotas_take (TeaQuotas *self, const char *id, const char *address);
void tea_quotas_give_back (TeaQuotas *self, TeaQuota *quota);

guint tea_quota_get_n_sessions (TeaQuota *self);
void tea_quota_note (TeaQuota *self, TeaDrop limit);
gboolean tea_quota_enter (TeaQuota *self);
gint64 tea_quota_say (TeaQuota *self, gsize size);
gboolean tea_quota_ask (TeaQuota *self, guint cost);
gboolean tea_quota_find (TeaQuota *self);
gboolean tea_quota_may_pull (TeaQuota *self);
void tea_quota_pull (TeaQuota *self, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaQuotas, tea_quotas_free)

G_END_DECLS
