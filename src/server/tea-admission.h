/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tea-house.h"
#include "tea-quota.h"

G_BEGIN_DECLS

/**
 * TeaAdmissionRequest:
 * @address: the address of the room
 * @password: the password of the room; empty where none is given
 * @is_make: whether it is to be made where it is not there
 * @flags: how it is to be made
 * @title: what it is to be called, where it is made
 * @epoch: of the log that @since counts in; 0 where none is known
 * @since: up to which event of that log everything is known; 0 for nothing
 * @check: what proves that; 0 where nothing does
 * @history: how many of the latest events are wanted at most; 0 for all after @since
 *
 * What somebody asks for who wants to open a room.
 */
typedef struct
{
  char *address;
  char *password;
  gboolean is_make;
  guint32 flags;
  char *title;
  guint64 epoch;
  guint64 since;
  guint64 check;
  guint32 history;
} TeaAdmissionRequest;

/**
 * TeaAdmission:
 * @house: (owned): the house
 * @room: (owned): the room, which is awake as long as the admission is there
 * @next: what follows what its owner knows of the log; 0 where that is nothing
 * @history: how many of the latest events they want at most; 0 for all from @next on
 * @floor: the first event that its owner may see
 * @is_anew: whether what they know is of another log
 * @read: up to where they have read
 * @n_unread: how many messages come after that
 * @number: the latest number stored of their stream
 *
 * What somebody gets who may open a room.
 */
typedef struct
{
  TeaHouse *house;
  TeaRoom *room;
  guint64 next;
  guint32 history;
  guint64 floor;
  gboolean is_anew;
  guint64 read;
  guint n_unread;
  guint32 number;
} TeaAdmission;

/**
 * TeaVisitor:
 * @name: what they are called
 * @key: the fingerprint of their key
 * @stream: which of the programs of that key it is
 * @address: (nullable): from where they come
 * @quota: what their key may do, until what they ask for is cancelled
 *
 * Who wants to open a room.
 */
typedef struct
{
  TeaName *name;
  const char *key;
  guint32 stream;
  const char *address;
  TeaQuota *quota;
} TeaVisitor;

TeaAdmissionRequest *tea_admission_request_copy (const TeaAdmissionRequest *self);
gboolean tea_admission_request_equal (const TeaAdmissionRequest *self,
                                      const TeaAdmissionRequest *other);
void tea_admission_request_free (TeaAdmissionRequest *self);

void tea_admission_ask_async (TeaHouse *house,
                              const TeaAdmissionRequest *request,
                              const TeaVisitor *visitor,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
TeaAdmission *tea_admission_ask_finish (TeaHouse *house, GAsyncResult *result, GError **error);
guint64 tea_admission_get_start (const TeaAdmission *self);
void tea_admission_free (TeaAdmission *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaAdmissionRequest, tea_admission_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TeaAdmission, tea_admission_free)

G_END_DECLS
