/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* All of libteahouse. */

#include "tea-client-state.h"
#include "tea-client.h"
#include "tea-conversation.h"
#include "tea-error.h"
#include "tea-event-details.h"
#include "tea-event-kind.h"
#include "tea-event.h"
#include "tea-listing.h"
#include "tea-member.h"
#include "tea-message-form.h"
#include "tea-name.h"
#include "tea-pinned-message.h"
#include "tea-room-address.h"
#include "tea-room-flags.h"
#include "tea-room-ref.h"
#include "tea-search.h"
#include "tea-timeline-item.h"
#include "tea-timeline.h"
