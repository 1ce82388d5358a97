/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tea-command.h"
#include "tea-event-formatter.h"
#include "tea-terminal.h"
#include "tea-timeline-item.h"

G_BEGIN_DECLS

#define TEA_TYPE_CONSOLE_OUTPUT (tea_console_output_get_type ())

G_DECLARE_FINAL_TYPE (TeaConsoleOutput, tea_console_output, TEA, CONSOLE_OUTPUT, GObject)

TeaConsoleOutput *tea_console_output_new (gboolean json, TeaTerminal *terminal);

void tea_console_output_set_quiet (TeaConsoleOutput *self, gboolean quiet);

void tea_console_output_write_event (TeaConsoleOutput *self,
                                     const char *room,
                                     const char *label,
                                     TeaEvent *event,
                                     const TeaMessageFacts *target);
void tea_console_output_write_gap (TeaConsoleOutput *self, const char *room, const char *label);
void tea_console_output_write_own (TeaConsoleOutput *self, const char *room, TeaTimelineItem *item);
void tea_console_output_write_error (TeaConsoleOutput *self,
                                     const TeaCommand *command,
                                     const char *room,
                                     const char *text);
void tea_console_output_write_closed (TeaConsoleOutput *self,
                                      const TeaCommand *command,
                                      const char *room,
                                      const char *label,
                                      const char *text);
void tea_console_output_write_history (TeaConsoleOutput *self,
                                       const char *room,
                                       guint n_events,
                                       gboolean has_older);
void tea_console_output_write_members (TeaConsoleOutput *self,
                                       const char *room,
                                       GListModel *members,
                                       gboolean known);
void tea_console_output_write_room (TeaConsoleOutput *self,
                                    const char *kind,
                                    const TeaCommand *command,
                                    const TeaRoomFacts *facts);
void tea_console_output_write_rooms (TeaConsoleOutput *self, GArray *rooms);
void tea_console_output_write_found (TeaConsoleOutput *self,
                                     const TeaCommand *command,
                                     const char *room,
                                     GArray *found,
                                     guint64 next);
void tea_console_output_write_shown (TeaConsoleOutput *self,
                                     const TeaCommand *command,
                                     const char *room,
                                     GArray *found);
void tea_console_output_write_message (TeaConsoleOutput *self,
                                       const TeaMessageFacts *message,
                                       const TeaMessageFacts *target);
void tea_console_output_write_topic (TeaConsoleOutput *self, const char *topic, GListModel *pins);
void tea_console_output_write_about (TeaConsoleOutput *self,
                                     const char *room,
                                     const char *label,
                                     const char *topic,
                                     GListModel *pins,
                                     gboolean is_news);
void tea_console_output_write_position (TeaConsoleOutput *self,
                                        const char *room,
                                        guint64 read,
                                        guint unread);
void tea_console_output_write_typing (TeaConsoleOutput *self,
                                      const char *room,
                                      const char *const *names);

gboolean tea_console_output_is_settled (TeaConsoleOutput *self);
gboolean tea_console_output_is_idle (TeaConsoleOutput *self);

G_END_DECLS
