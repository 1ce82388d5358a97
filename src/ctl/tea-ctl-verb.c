/* SPDX-FileCopyrightText: 2026 The Teahouse authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tea-ctl-verb.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "tea-ctl-call.h"
#include "tea-ctl-copy.h"
#include "tea-ctl-end.h"
#include "tea-ctl-link.h"
#include "tea-ctl-printer.h"
#include "tea-password-prompt.h"
#include "tea-password.h"

/* What the server calls things. */
static const char *const kinds[] = { N_ ("hall"), N_ ("open"), N_ ("closed"), N_ ("hidden"), NULL };
static const char *const roles[]
    = { N_ ("invited"), N_ ("member"), N_ ("moderator"), N_ ("owner"), NULL };
static const char *const acts[]
    = { N_ ("topic"), N_ ("settings"), N_ ("archived"), N_ ("role"), N_ ("sent-out"), N_ ("muted"),
        NULL };
static const char *const protocols[] = { N_ ("secure"), N_ ("classic"), NULL };

static GVariant *
make_nothing (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("()");
}

static GVariant *
make_room (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(s)", words[0] != NULL ? words[0] : options->room);
}

static GVariant *
make_say (const TeaCtlOptions *options, char **words, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", words);

  return g_variant_new ("(ss)", options->room, text);
}

static guint64
get_seconds (const TeaCtlOptions *options)
{
  return options->has_duration ? options->seconds : G_MAXUINT64;
}

static GVariant *
make_send_out_for (const TeaCtlOptions *options, char **words, guint64 seconds)
{
  g_autofree char *reason = g_strjoinv (" ", words + 1);

  return g_variant_new ("(ssstbb)", options->room, words[0], reason, seconds, options->with_network,
                        options->erase);
}

static GVariant *
make_send_out (const TeaCtlOptions *options, char **words, GError **error)
{
  return make_send_out_for (options, words, 0);
}

static GVariant *
make_let_in (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(ss)", options->room, words[0]);
}

static GVariant *
make_ban (const TeaCtlOptions *options, char **words, GError **error)
{
  return make_send_out_for (options, words, get_seconds (options));
}

static GVariant *
make_mute (const TeaCtlOptions *options, char **words, GError **error)
{
  g_autofree char *reason = g_strjoinv (" ", words + 1);

  return g_variant_new ("(ssst)", options->room, words[0], reason, get_seconds (options));
}

static GVariant *
make_unmute (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(ssst)", options->room, words[0], "", (guint64) 0);
}

static GVariant *
make_slow (const TeaCtlOptions *options, char **words, GError **error)
{
  guint64 seconds = 0;

  if (!g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT32, &seconds, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no number of seconds."), words[0]);
      return NULL;
    }

  return g_variant_new ("(su)", options->room, (guint32) seconds);
}

static GVariant *
make_role (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(sss)", options->room, words[0], words[1]);
}

static GVariant *
make_new_room (const TeaCtlOptions *options, char **words, GError **error)
{
  g_autofree char *title = g_strjoinv (" ", words + 1);

  return g_variant_new ("(ssb)", words[0], title, options->closed);
}

static GVariant *
make_archive (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(sb)", words[0], TRUE);
}

static GVariant *
make_unarchive (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(sb)", words[0], FALSE);
}

/* The server is told no password, only what it is to keep of it. */
static GVariant *
make_password (const TeaCtlOptions *options, char **words, GError **error)
{
  g_autofree char *password = NULL;
  g_autofree char *hash = NULL;

  if (words[1] != NULL && g_str_equal (words[1], "off"))
    return g_variant_new ("(ss)", words[0], "");
  if (words[1] != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("The password is asked for, and is not said on the command line."));
      return NULL;
    }

  password = tea_password_prompt (error);
  hash = password != NULL ? tea_password_hash (password, error) : NULL;

  return hash != NULL ? g_variant_new ("(ss)", words[0], hash) : NULL;
}

static GVariant *
make_message (const TeaCtlOptions *options, char **words, GError **error)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXINT64, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no number of a message."), words[0]);
      return NULL;
    }

  return g_variant_new ("(st)", options->room, number);
}

static GVariant *
make_name (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(s)", words[0]);
}

static GVariant *
make_name_for (const TeaCtlOptions *options, char **words, GError **error)
{
  return g_variant_new ("(ss)", words[0], words[1] != NULL ? words[1] : "");
}

static GVariant *
make_house_name (const TeaCtlOptions *options, char **words, GError **error)
{
  g_autofree char *name = g_strjoinv (" ", words);

  return g_variant_new ("(ss)", "", name);
}

static char *
format_status (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "address", N_ ("Listens on") },
    { "fingerprint", N_ ("Key") },
    { "version", N_ ("Version") },
    { "since", N_ ("Running since") },
    { "people", N_ ("People here") },
    { "sessions", N_ ("Connections") },
    { "classic-sessions", N_ ("Classic clients") },
    { "rooms", N_ ("Rooms besides the hall") },
    { "events", N_ ("Events in the hall") },
    { "problem", N_ ("Problem") },
    { NULL },
  };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_list (dict, columns);
}

static char *
format_table (GVariant *answer, const TeaCtlColumn *columns)
{
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_table (rows, columns);
}

static char *
format_rooms (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "kind", N_ ("KIND"), kinds },
    { "members", N_ ("MEMBERS") },
    { "events", N_ ("EVENTS") },
    { "archived", N_ ("ARCHIVED") },
    { "room", N_ ("ROOM") },
    { "title", N_ ("TITLE") },
    { NULL },
  };

  return format_table (answer, columns);
}

static char *
format_members (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "name", N_ ("NAME") }, { "role", N_ ("ROLE"), roles },
    { "here", N_ ("HERE") }, { "muted-until", N_ ("MUTED UNTIL") },
    { "key", N_ ("KEY") },   { NULL },
  };

  return format_table (answer, columns);
}

static char *
format_sessions (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "name", N_ ("NAME") },
    { "network", N_ ("NETWORK") },
    { "since", N_ ("SINCE") },
    { "heard", N_ ("LAST HEARD") },
    { "missed", N_ ("MISSED") },
    { "rooms", N_ ("ROOMS") },
    { "protocol", N_ ("PROTOCOL"), protocols },
    { "key", N_ ("KEY") },
    { NULL },
  };

  return format_table (answer, columns);
}

/* Where all went well there is nothing to say. */
static char *
format_nothing (GVariant *answer)
{
  return g_strdup ("");
}

static char *
format_log (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "time", N_ ("TIME") },       { "room", N_ ("ROOM") }, { "author", N_ ("AUTHOR") },
    { "kind", N_ ("WHAT"), acts }, { "name", N_ ("WHOM") }, { "role", N_ ("ROLE"), roles },
    { "until", N_ ("UNTIL") },     { "text", N_ ("TEXT") }, { NULL },
  };

  return format_table (answer, columns);
}

static char *
format_settings (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "setting", N_ ("SETTING") },
    { "needs-restart", N_ ("NEEDS RESTART") },
    { "value", N_ ("VALUE") },
    { NULL },
  };

  return format_table (answer, columns);
}

static char *
format_limits (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "limit", N_ ("LIMIT") },
    { "value", N_ ("VALUE") },
    { "met", N_ ("MET") },
    { NULL },
  };

  return format_table (answer, columns);
}

static char *
format_revoked (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "key", N_ ("Revoked") },
    { "names", N_ ("Its names") },
    { NULL },
  };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_list (dict, columns);
}

static char *
format_forgotten (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "key", N_ ("Forgotten") },
    { "events", N_ ("Events that are gone") },
    { NULL },
  };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_list (dict, columns);
}

static char *
format_reload (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "changed", N_ ("Changed") },
    { "after-restart", N_ ("After a restart") },
    { NULL },
  };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);
  g_autofree char *text = tea_ctl_printer_format_list (dict, columns);

  return *text != '\0' ? g_steal_pointer (&text)
                       : g_strdup (_ ("Nothing is different from before.\n"));
}

static char *
format_copy (GVariant *answer)
{
  static const TeaCtlColumn columns[] = {
    { "file", N_ ("Copy") },
    { "rooms", N_ ("Rooms with the hall") },
    { "events", N_ ("Events") },
    { NULL },
  };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_list (dict, columns);
}

static char *
format_link (GVariant *answer)
{
  static const TeaCtlColumn columns[] = { { "link", N_ ("Link") }, { NULL } };
  g_autoptr (GVariant) dict = g_variant_get_child_value (answer, 0);

  return tea_ctl_printer_format_list (dict, columns);
}

static GVariant *
run_link (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_link_make (options->data_dir, words[0], options->room, error);
}

static GVariant *
run_backup (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_copy_make (options->data_dir, words[0], error);
}

static GVariant *
run_export_room (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_copy_export_room (options->data_dir, words[0], words[1], error);
}

static GVariant *
run_import_room (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_copy_import_room (options->data_dir, words[0], words[1], error);
}

static GVariant *
run_verify (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_copy_verify (words[0], error);
}

static GVariant *
run_restore (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_copy_restore (options->data_dir, words[0], error);
}

static GVariant *
run_stop (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_end_now (options->data_dir, error);
}

static GVariant *
run_drain (const TeaCtlOptions *options, char **words, GError **error)
{
  return tea_ctl_end_when_empty (options->data_dir, options->has_duration ? options->seconds : 0,
                                 error);
}

static const TeaCtlVerb verbs[] = {
  { "status", "", N_ ("Show how the server is"), 0, 0, "GetStatus", make_nothing, format_status },
  { "rooms", "", N_ ("List the rooms"), 0, 0, "ListRooms", make_nothing, format_rooms },
  { "members", "[ROOM]", N_ ("List who is in the hall, or belongs to a room"), 0, 1, "ListMembers",
    make_room, format_members },
  { "sessions", "", N_ ("List the connections of those who are here"), 0, 0, "ListSessions",
    make_nothing, format_sessions },
  { "say", "TEXT", N_ ("Say something in the name of the house"), 1, G_MAXUINT, "Say", make_say,
    format_nothing },
  { "send-out", "WHO [REASON]", N_ ("Send somebody out, who may come back"), 1, G_MAXUINT,
    "SendOut", make_send_out, format_nothing },
  { "ban", "WHO [REASON]", N_ ("Send somebody out, and keep them out"), 1, G_MAXUINT, "SendOut",
    make_ban, format_nothing },
  { "unban", "WHO", N_ ("Let somebody come back"), 1, 1, "LetIn", make_let_in, format_nothing },
  { "mute", "WHO [REASON]", N_ ("Let somebody say nothing"), 1, G_MAXUINT, "Mute", make_mute,
    format_nothing },
  { "unmute", "WHO", N_ ("Let somebody speak again"), 1, 1, "Mute", make_unmute, format_nothing },
  { "slow", "SECONDS", N_ ("Let everybody wait between messages; 0 ends that"), 1, 1, "SetSlowMode",
    make_slow, format_nothing },
  { "role", "WHO ROLE", N_ ("Make somebody a member, a moderator or an owner"), 2, 2, "SetRole",
    make_role, format_nothing },
  { "topic", "TEXT", N_ ("Set the topic"), 1, G_MAXUINT, "SetTopic", make_say, format_nothing },
  { "name-house", "NAME", N_ ("Give the house a name"), 1, G_MAXUINT, "RenameRoom", make_house_name,
    format_nothing },
  { "make-room", "ROOM [TITLE]", N_ ("Make a room that everybody finds"), 1, G_MAXUINT, "MakeRoom",
    make_new_room, format_nothing },
  { "rename-room", "ROOM NAME", N_ ("Give a room another name"), 2, 2, "RenameRoom", make_name_for,
    format_nothing },
  { "archive-room", "ROOM", N_ ("Let nobody say anything in a room any more"), 1, 1, "ArchiveRoom",
    make_archive, format_nothing },
  { "unarchive-room", "ROOM", N_ ("Let people speak in it again"), 1, 1, "ArchiveRoom",
    make_unarchive, format_nothing },
  { "room-password", "ROOM [off]", N_ ("Ask for the password that a room is to have"), 1, 2,
    "SetPassword", make_password, format_nothing },
  { "invite", "WHO", N_ ("Invite somebody to the room"), 1, 1, "Invite", make_let_in,
    format_nothing },
  { "link", "HOST", N_ ("Show the link by which one comes to the house or the room"), 1, 1, NULL,
    NULL, format_link, run_link },
  { "remove", "NUMBER", N_ ("Remove a message"), 1, 1, "Remove", make_message, format_nothing },
  { "erase-room", "ROOM", N_ ("Erase a room with all that was said in it"), 1, 1, "EraseRoom",
    make_name, format_nothing },
  { "forget", "WHO", N_ ("Erase all that is kept of somebody who is not here"), 1, 1, "Forget",
    make_name, format_forgotten },
  { "log", "", N_ ("List what was done to keep order, in all rooms"), 0, 0, "ListLog", make_nothing,
    format_log },
  { "backup", "FOLDER", N_ ("Copy all rooms and names while the server runs, and read the copy"), 1,
    1, NULL, NULL, format_copy, run_backup },
  { "verify", "FOLDER", N_ ("Read all of a copy"), 1, 1, NULL, NULL, format_copy, run_verify },
  { "restore", "FOLDER", N_ ("Put a copy back while the server is stopped"), 1, 1, NULL, NULL,
    format_copy, run_restore },
  { "export-room", "ROOM FILE", N_ ("Write what was said in a room into a file"), 2, 2, NULL, NULL,
    format_nothing, run_export_room },
  { "import-room", "ROOM FILE", N_ ("Take that over into a room that is empty"), 2, 2, NULL, NULL,
    format_nothing, run_import_room },
  { "reindex", "", N_ ("Make the index of words anew"), 0, 0, "Reindex", make_nothing,
    format_nothing },
  { "reserve", "NAME [WHO]", N_ ("Let nobody else have a name"), 1, 2, "ReserveName", make_name_for,
    format_nothing },
  { "free", "NAME", N_ ("Let anybody have a name"), 1, 1, "FreeName", make_name, format_nothing },
  { "transfer", "NAME WHO", N_ ("Give a name to somebody else"), 2, 2, "TransferName",
    make_name_for, format_nothing },
  { "revoke", "WHO [HEIR]", N_ ("Keep a lost key out, and give its names to another"), 1, 2,
    "Revoke", make_name_for, format_revoked },
  { "settings", "", N_ ("List the settings that hold now"), 0, 0, "ListSettings", make_nothing,
    format_settings },
  { "limits", "", N_ ("List the limits, and how often each was met"), 0, 0, "ListLimits",
    make_nothing, format_limits },
  { "reload", "", N_ ("Read the settings and the password again"), 0, 0, "Reload", make_nothing,
    format_reload },
  { "drain", "", N_ ("Let nobody new in, and end the server when everybody has gone"), 0, 0, NULL,
    NULL, format_nothing, run_drain },
  { "stop", "", N_ ("End the server"), 0, 0, NULL, NULL, format_nothing, run_stop },
};

/**
 * tea_ctl_verb_find: (skip)
 * @words: (array zero-terminated=1): a command and its words
 * @error: return location for a #GError
 *
 * Returns: (transfer none): what is to be done; %NULL with %G_OPTION_ERROR_BAD_VALUE where that
 *   makes no sense
 */
const TeaCtlVerb *
tea_ctl_verb_find (char **words, GError **error)
{
  guint n_words = g_strv_length (words) - 1;

  g_return_val_if_fail (words != NULL && words[0] != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      const TeaCtlVerb *verb = &verbs[i];

      if (!g_str_equal (verb->name, words[0]))
        continue;

      if (n_words >= verb->min_words && n_words <= verb->max_words)
        return verb;

      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Say it so: %s %s"),
                   verb->name, verb->arguments);
      return NULL;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("“%s” is no command."),
               words[0]);

  return NULL;
}

/**
 * tea_ctl_verb_describe_all: (skip)
 *
 * Returns: (transfer full): all commands, a line for each
 */
char *
tea_ctl_verb_describe_all (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *usage = g_strconcat (verbs[i].name, " ", verbs[i].arguments, NULL);

      g_string_append_printf (out, "\n  %-26s %s", usage, _ (verbs[i].summary));
    }

  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * tea_ctl_verb_run: (skip)
 * @self: what is to be done
 * @options: what was said besides
 * @words: (array zero-terminated=1): what it is about
 * @error: return location for a #GError
 *
 * Does it, and waits until it is done.
 *
 * Returns: (transfer full): the answer, a tuple; %NULL with @error, in words for an operator, where
 *   it is not done
 */
GVariant *
tea_ctl_verb_run (const TeaCtlVerb *self,
                  const TeaCtlOptions *options,
                  char **words,
                  GError **error)
{
  GVariant *parameters;

  g_return_val_if_fail (self != NULL && options != NULL && words != NULL, NULL);

  if (self->run != NULL)
    return self->run (options, words, error);

  parameters = self->make (options, words, error);

  return parameters != NULL
             ? tea_ctl_call (options->data_dir, self->method, parameters, NULL, error)
             : NULL;
}

/**
 * tea_ctl_verb_format: (skip)
 * @self: what was done
 * @answer: what the server has answered, a tuple
 * @is_json: whether a program reads it
 *
 * Returns: (transfer full): what is printed
 */
char *
tea_ctl_verb_format (const TeaCtlVerb *self, GVariant *answer, gboolean is_json)
{
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (self != NULL && answer != NULL, NULL);

  if (!is_json)
    return self->format (answer);

  if (g_variant_n_children (answer) == 0)
    return g_strdup ("{}\n");

  value = g_variant_get_child_value (answer, 0);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return tea_ctl_printer_format_json (value);

  return g_strdup_printf ("{\"event\":%" G_GUINT64_FORMAT "}\n", g_variant_get_uint64 (value));
}
