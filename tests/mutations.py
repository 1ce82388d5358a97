#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Breaks the rules that matter most, one at a time: mutations.py [WORD...]

Each mutation is an edit of one place and the tests of which one has to fail with it. With words
only those whose titles have one of them are tried. It works on a copy of the tree below _build,
takes a minute for each, and exits with 1 where one is not noticed, or its place is not there
any more.
"""

import pathlib
import shutil
import subprocess
import sys
import typing

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPY = ROOT / '_build/mutations'
BUILD = COPY / '_build'


class Mutation(typing.NamedTuple):
    title: str
    file: str
    old: str
    new: str
    # NAME is a unit test, "simulation N" is N seeds.
    tests: list[str]


MUTATIONS = [
    Mutation('names: capitals make another name', 'src/core/tea-name.c',
             'folded = g_utf8_casefold (normal, -1);',
             'folded = g_strdup (normal);', ['name']),
    Mutation('names: compatible characters make another name', 'src/core/tea-name.c',
             'normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFKC);',
             'normal = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);', ['name']),
    Mutation('names: variation selectors make another name', 'src/core/tea-name.c',
             'if (!is_variation_selector (g_utf8_get_char (p)))',
             'if (TRUE)', ['name']),
    Mutation('names: a colon is allowed after folding', 'src/core/tea-name.c',
             'return check_characters (folded, error);',
             'return TRUE;', ['name']),
    Mutation('clock: names are free though it is in doubt', 'src/server/tea-calendar.c',
             '|| !tea_calendar_is_settled (self))',
             ')', ['name-registry']),
    Mutation('clock: events are removed though it is in doubt', 'src/server/tea-sqlite-engine.c',
             'tea_calendar_is_settled (self->calendar) ?',
             'TRUE ?', ['log']),
    Mutation('clock: events get the time of one that has jumped', 'src/core/tea-lived-days.c',
             'self->believed += elapsed;',
             'self->believed = real_time;', ['lived-days']),
    Mutation('clock: times of events go back', 'src/server/tea-room-writer.c',
             'MAX (self->last_time, tea_calendar_get_time (self->calendar))',
             'tea_calendar_get_time (self->calendar)', ['room']),
    Mutation('names: of who is not here they are free', 'src/server/tea-presence.c',
             'if (entry == NULL || entry->key == NULL)',
             'if (TRUE)', ['room']),
    Mutation('names: any number of new ones', 'src/server/tea-presence.c',
             '&& !tea_name_ration_take (self->ration, entering->address))',
             '&& FALSE)', ['room']),
    Mutation('cookies: any is good', 'src/net/tea-dtls-cookies.c',
             'bytes, size, prestate) >= 0)',
             'bytes, size, prestate) >= -10000)', ['dtls-cookies']),
    Mutation('cookies: good from elsewhere', 'src/net/tea-dtls-cookies.c',
             'g_inet_address_get_native_size (inet));',
             '0);', ['dtls-cookies']),
    Mutation('cookies: good for another request', 'src/net/tea-dtls-cookies.c',
             'tea_datagram_get_client_random (bytes, size), TEA_DATAGRAM_RANDOM_SIZE);',
             'tea_datagram_get_client_random (bytes, size), 0);', ['dtls-cookies']),
    Mutation('cookies: good for ever', 'src/net/tea-dtls-cookies.c',
             'if (age < KEY_LIFE)',
             'if (TRUE || age < KEY_LIFE)', ['dtls-cookies']),
    Mutation('hints: without a limit', 'src/net/tea-dtls-hints.c',
             'if (!tea_token_bucket_take (&self->bucket, tea_clock_get_time (self->clock), 1))',
             'if (FALSE)', ['dtls']),
    Mutation('moves: any number of bytes before the proof', 'src/net/tea-dtls-server-channel.c',
             'if (size > self->allowance)',
             'if (FALSE)', ['dtls']),
    Mutation('moves: bytes that were sent count for nothing', 'src/net/tea-dtls-server-channel.c',
             'self->allowance -= size;',
             ';', ['dtls']),
    Mutation('moves: an old packet moves, too', 'src/net/tea-dtls-server-channel.c',
             'moves = newest && !tea',
             'moves = !tea', ['dtls']),
    Mutation('sources: any number of handshakes', 'src/net/tea-dtls-sources.c',
             'if (source != NULL && source->n_sessions >= self->max_sessions)',
             'if (FALSE)', ['dtls-sources']),
    Mutation('quota: pulls cost nothing', 'src/server/tea-puller.c',
             'if (!tea_quota_may_pull (self->quota))',
             'if (FALSE)', ['secure-service']),
    Mutation('quota: messages cost nothing', 'src/server/tea-intake.c',
             'wait = tea_quota_say (self->quota, measure (said));',
             'wait = 0;', ['secure-service']),
    Mutation('quota: repeats cost nothing', 'src/server/tea-intake.c',
             'if (self->n_saying == 0 && tea_quota_say (self->quota, size) == 0)',
             'if (self->n_saying == 0)', ['secure-service']),
    Mutation('quota: who comes back has all of it again', 'src/server/tea-quota.c',
             '&& (quota->left + MEMORY <= now',
             '&& (TRUE', ['secure-service']),
    Mutation('messages: what follows one that is not stored is stored',
             'src/server/tea-room-writer.c',
             'after < append->number ? after : 0', '0', ['room', 'simulation 60']),
    Mutation('messages: what is told in between is overtaken', 'src/server/tea-intake.c',
             'self->waits = !tea_room_tell_async (self->room, &draft, said_cb, saying) || is_repeat;',
             'tea_room_tell_async (self->room, &draft, said_cb, saying);', ['secure-service']),
    Mutation('log: what is to follow something is stored without it',
             'src/server/tea-sqlite-records.c',
             'if (latest < after)', 'if (FALSE)', ['log']),
    Mutation('frames: what fills up numbers is anything', 'src/wire/tea-frame-rules.c',
             'CHECK (is_zero (body + end, size - end), ',
             'CHECK (TRUE, ', ['frame']),
    Mutation('messages: the order is as they come', 'src/server/tea-intake.c',
             'said = g_hash_table_lookup (self->kept, GUINT_TO_POINTER (self->told))',
             """said = ({
    GHashTableIter iter;
    gpointer number;
    gpointer any = NULL;
    g_hash_table_iter_init (&iter, self->kept);
    if (self->n_saying == 0 && g_hash_table_iter_next (&iter, &number, &any))
      self->told = GPOINTER_TO_UINT (number);
    any;
  })""", ['secure-service', 'simulation 60']),
    Mutation('events of a room: those of a run before are taken for repeats',
             'src/server/tea-room-writer.c',
             'memcpy (self->own_id + i, &random, sizeof random);',
             '(void) random;', ['room', 'simulation 60']),
    Mutation('events: the time goes back', 'src/server/tea-room-writer.c',
             'MAX (self->last_time, tea_calendar_get_time (self->calendar));',
             'tea_calendar_get_time (self->calendar);', ['room']),
    Mutation('log: what comes again is stored again', 'src/server/tea-sqlite-records.c',
             '*was_there = *seq != 0;\n  if (*was_there)',
             '*was_there = FALSE;\n  if (*was_there)', ['log']),
    Mutation('log: a number below the latest is stored', 'src/server/tea-sqlite-records.c',
             'if (number < latest)',
             'if (FALSE)', ['log']),
    Mutation('log: an amendment that comes again amends again', 'src/server/tea-sqlite-log.c',
             'if (!self->was_there)', 'if (TRUE)', ['log']),
    Mutation('log: the edit before an edit stays', 'src/server/tea-sqlite-records.c',
             'if (replaces && replaced_by != 0', 'if (FALSE && replaced_by != 0', ['log']),
    Mutation('log: a removed message counts as unread', 'src/server/tea-sqlite-readings.c',
             '  tea_sqlite_marks_note,\n', '', ['store']),
    Mutation('words: what was erased stays in the index', 'src/server/tea-sqlite-words.c',
             '(old == NULL || change (db, TAKE_OUT, row, old))', '(TRUE)', ['sqlite-words']),
    Mutation('words: what was erased stays in the file', 'src/server/tea-sqlite-upkeep.c',
             'do_step (self, tea_sqlite_words_merge_some, &self->is_clearing)',
             '!(self->is_clearing = FALSE)', ['sqlite-words']),
    Mutation('words: what was erased stays in the write-ahead log',
             'src/server/tea-sqlite-connection.c', 'SQLITE_CHECKPOINT_TRUNCATE',
             'SQLITE_CHECKPOINT_PASSIVE', ['sqlite-words']),
    Mutation('words: what is not indexed yet is taken out', 'src/server/tea-sqlite-words.c',
             'if (is_unindexed)', 'if (FALSE)', ['sqlite-words']),
    Mutation('forms: a change counts that was taken account of', 'src/wire/tea-event-form.c',
             '|| tea_event_get_seq (change) <= tea_event_get_version (message))',
             '|| tea_event_get_seq (change) == 0)', ['event-form']),
    Mutation('forms: who reacts twice counts twice', 'src/wire/tea-stored-form.c',
             'if (is_there == (set != FALSE))', 'if (!set && !is_there)', ['event-form']),
    Mutation('forms: variation selectors make another reaction', 'src/wire/tea-stored-form.c',
             'emoji->folded = tea_emoji_fold (text);',
             'emoji->folded = g_strdup (text);', ['event-form']),
    Mutation('forms: what was removed keeps its text', 'src/wire/tea-event-form.c',
             'tea_stored_form_remove (form, tea_event_get_author (change));\n      fields.text = NULL;',
             'tea_stored_form_remove (form, tea_event_get_author (change));', ['event-form']),
    Mutation('forms: what was just said is told as of before a change that is in doubt',
             'src/server/tea-room-reader.c', '  note_change (self, event);\n', '',
             ['moderation']),
    Mutation('forms: pieces of two forms are put together', 'src/wire/tea-piece-collector.c',
             'if (version == self->version)', 'if (version >= self->version)',
             ['piece-collector', 'secure-link']),
    Mutation('forms: with an erased message its edit is not erased',
             'src/server/tea-sqlite-records.c',
             '  if (replaced_by != 0 && !tea_sqlite_records_erase (db, room, replaced_by))',
             '  if (FALSE)', ['log']),
    Mutation('forms: an edit of what is gone is kept', 'src/server/tea-sqlite-log.c',
             'self->is_void = !is_kept && self->replaces;', 'self->is_void = FALSE;', ['log']),
    Mutation('forms: the simulation has no change that comes while a page is pulled',
             'src/client/tea-kept-changes.c', 'g_queue_push_tail (&self->changes, change);',
             'change_free (change);', ['simulation 100']),
    Mutation('forms: the log has one from before the latest change', 'src/server/tea-room-writer.c',
             'model.form = form;', 'model.form = before;', ['simulation 600']),
    Mutation('forms: an edit leaves the one before it', 'src/server/tea-room-writer.c',
             'model.replaces = draft->kind != TEA_EVENT_REACTED;', 'model.replaces = FALSE;',
             ['simulation 600']),
    Mutation('forms: a client drops a change that comes while a page is pulled',
             'src/client/tea-kept-changes.c', 'g_queue_push_tail (&self->changes, change);',
             'change_free (change);', ['conversation']),
    Mutation('cli: what was removed is told as if it were there', 'src/cli/tea-event-json.c',
             'if (message->removed_by != NULL)',
             'if (FALSE)', ['event-formatter']),
    Mutation('cli: what is taken back is done', 'src/cli/tea-command-json.c',
             '*(gboolean *) field = !is_set;',
             '*(gboolean *) field = TRUE;', ['command']),
    Mutation('cli: a number counts in all rooms', 'src/cli/tea-command-json.c',
             'if (command->before != 0 && command->room == NULL)',
             'if (FALSE)', ['command']),
    Mutation('forms: a client shows an older form again', 'src/client/tea-timeline.c',
             '|| tea_event_get_version (message) < tea_timeline_item_get_version (item))',
             '|| FALSE)', ['conversation']),
    Mutation('forms: a client counts what was removed as unread', 'src/client/tea-reading.c',
             'set (self, self->read, self->unread - 1);', '(void) was_told;', ['reading']),
    Mutation('forms: a client believes what stands before a gap', 'src/client/tea-timeline.c',
             '_tea_timeline_item_set_stale (l->data, TRUE);', '', ['conversation']),
    Mutation('forms: in another log numbers mean the same messages', 'src/client/tea-timeline.c',
             'g_hash_table_remove_all (self->messages);', '', ['timeline']),
    Mutation('forms: what was unpinned is pinned by what is told late', 'src/client/tea-pins.c',
             'if (latest != NULL && *latest >= event)', 'if (FALSE)', ['conversation']),
    Mutation('forms: a pin in a page of history counts', 'src/client/tea-standing-events.c',
             'if (!g_hash_table_remove (self->missing, &seq))', 'if (FALSE)', ['conversation']),
    Mutation('forms: a topic that got lost behind OPENED is not asked for again',
             'src/client/tea-room-link.c', 'else if (tea_timer_get_due (self->open_timer) == 0)',
             'else if (FALSE)', ['conversation', 'simulation']),
    Mutation('search: the question gets another number when it is repeated',
             'src/client/tea-word-query.c', 'tea_frame_encode_find (self->number,',
             'tea_frame_encode_find (self->number++,', ['conversation']),
    Mutation('search: what became another message is found', 'src/client/tea-room-search.c',
             '&& tea_search_text_matches (tea_event_get_text (event), words);', ';',
             ['conversation']),
    Mutation('search: an older message is told before all rooms have answered',
             'src/client/tea-search.c', 'if (ask_those_used_up (self))',
             'if (self->hits->len == 0 && ask_those_used_up (self))', ['search']),
    Mutation('order: what is held back does not go out', 'src/client/tea-outbox.c',
             'next = MIN (next, message->held_until);', '', ['conversation']),
    Mutation('order: what goes with who is sent out is told while it is erased',
             'src/server/tea-room-reader.c', '&& tea_sent_out_erases (&erasure->sent_out, event))',
             '&& FALSE)', ['moderation']),
    Mutation('order: a server that fell leaves what it was erasing', 'src/server/tea-room.c',
             'go_on_erasing (self, g_ptr_array_index (self->replayed, i));', 'continue;',
             ['moderation']),
    Mutation('rooms: somebody else comes before the owner', 'src/server/tea-admission.c',
             '&& tea_room_reader_get_head (tea_room_get_reader (room)) == 0)', '&& FALSE)',
             ['rooms']),
    Mutation('positions: what was saved only just before is forgotten',
             'src/server/tea-positions.c', 'self->before = g_steal_pointer (&self->saved);',
             'self->before = make_table ();\n      g_hash_table_unref (self->saved);',
             ['positions']),
    Mutation('order: moderators act upon owners', 'src/server/tea-room.c',
             'tea_room_get_role (self, key) > tea_room_get_role (self, other));',
             'tea_room_get_role (self, key) > TEA_ROOM_ROLE_MEMBER);', ['simulation 600']),
    Mutation('order: who is banned comes back', 'src/server/tea-room.c',
             'return tea_rule_book_is_banned (self->book, key, until)', 'return FALSE',
             ['simulation 600']),
    Mutation('order: who is sent out stays by another device', 'src/server/tea-members.c',
             '    remove_member (self, sent_out.key);', '    (void) self;', ['simulation 600']),
    Mutation('order: who is muted speaks', 'src/server/tea-rule-book.c',
             'restrict_subject (self, self->rules->mutes, key, until, tea_event_get_text (event));',
             '', ['simulation 600']),
    Mutation('log: told after it was answered', 'src/server/tea-sqlite-log.c',
             'if (self->next == 0 || job->seq < self->next)',
             'if (TRUE)', ['log']),
    Mutation('log: what may be stored is said not to be', 'src/server/tea-sqlite-writer.c',
             'surely_not ? TEA_LOG_ERROR_UNAVAILABLE : TEA_LOG_ERROR_UNKNOWN,',
             'TEA_LOG_ERROR_UNAVAILABLE,', ['sqlite-log']),
    Mutation('messages: the last number is forgotten', 'src/server/tea-room-writer.c',
             '*number = found != NULL ? (guint32) *found : 0;',
             '*number = 0;', ['secure-service']),
    Mutation('changes: of one message several at a time', 'src/server/tea-amender.c',
             'if (queue->length == 1)',
             'if (TRUE)', ['moderation']),
    Mutation('changes: anybody edits', 'src/server/tea-room.c',
             '      if (!is_own)\n        return make_not_yours ();',
             '', ['moderation']),
    Mutation('changes: one may edit for ever', 'src/server/tea-room.c',
             'if (hours > 0 && tea_event',
             'if (FALSE && tea_event', ['moderation']),
    Mutation('changes: who is removed can be edited', 'src/server/tea-room.c',
             '  if (is_removed)\n    return make_gone ();\n',
             '', ['moderation']),
    Mutation('changes: below the start they are told', 'src/server/tea-puller.c',
             'return tea_event_get_seq (event) < self->start\n',
             'return FALSE\n', ['moderation']),
    Mutation('changes: an old edit is told from memory', 'src/server/tea-room-reader.c',
             '      tea_room_reader_forget (self, edit);',
             '      tea_recent_events_remove (&self->recent, edit);', ['moderation']),
    Mutation('changes: an old text is pushed', 'src/server/tea-pusher.c',
             'replace (self, tea_event_get_seq (event), frame);',
             '(void) frame;', ['moderation']),
    Mutation('roles: a moderator acts on an owner', 'src/server/tea-room.c',
             'tea_room_get_role (self, key) > tea_room_get_role (self, other)',
             'TRUE', ['moderation']),
    Mutation('roles: a member moderates', 'src/server/tea-room.c',
             'return is_possible && role >= needed ? NULL',
             'return is_possible ? NULL', ['moderation']),
    Mutation('roles: those of the hall are forgotten', 'src/server/tea-rule-book.c',
             '  if (is_changed)\n    save (self);\n}\n\n/**\n * tea_rule_book_unpin',
             '}\n\n/**\n * tea_rule_book_unpin', ['moderation']),
    Mutation('bans: who comes again is let in', 'src/server/tea-admission.c',
             '  GError *error = make_kept_out (room, asking->key);',
             '  GError *error = NULL;', ['moderation']),
    Mutation('bans: who is on the way is let in', 'src/server/tea-admission.c',
             '  refusal = make_kept_out (admission->room, asking->key);',
             '', ['moderation']),
    Mutation('bans: one device stays in the room', 'src/server/tea-secure-service.c',
             'if (tea_secure_session_is_inside (session))\n        tea_secure_session_note_left',
             'if (i == 0)\n        tea_secure_session_note_left', ['moderation']),
    Mutation('bans: a second device stays in the house', 'src/server/tea-secure-service.c',
             'if (tea_secure_session_is_inside (session))\n        tea_secure_session_send_out',
             'if (i == 0)\n        tea_secure_session_send_out', ['moderation']),
    Mutation('bans: who is entering is let in', 'src/server/tea-secure-session.c',
             '|| !tea_door_check (',
             '|| FALSE && !tea_door_check (', ['moderation']),
    Mutation('bans: another name helps', 'src/server/tea-door.c',
             '|| !tea_rule_book_is_banned (self->book, key, &until))',
             '|| TRUE)', ['moderation']),
    Mutation('bans: a new key comes from the same network', 'src/server/tea-door.c',
             '(!is_known || tea_policy_was_new (self->policy, asking->key))',
             'FALSE', ['moderation']),
    Mutation('bans: a network is got round by another one', 'src/server/tea-door.c',
             '(!is_known || tea_policy_was_new (self->policy, asking->key))',
             '!is_known', ['moderation']),
    Mutation('bans: a network is out for ever', 'src/server/tea-house.c',
             'MIN (sent_out.until,',
             'MAX (sent_out.until,', ['moderation']),
    Mutation('mutes: nobody is', 'src/server/tea-room.c',
             'is_speech (draft->kind) ? check_mute_of_author (self, draft) : NULL',
             'NULL', ['moderation']),
    Mutation('mutes: what was stored is refused', 'src/server/tea-room.c',
             '|| !telling->draft->is_repeat)',
             '|| TRUE)', ['moderation']),
    Mutation('slow mode: another device is quicker', 'src/server/tea-room.c',
             '    tea_tempo_note (self->tempo, get_who (telling->draft), interval);',
             '    (void) interval;', ['moderation']),
    Mutation('slow mode: moderators wait', 'src/server/tea-room.c',
             '|| role >= TEA_ROOM_ROLE_MODERATOR)\n    return 0;',
             '|| FALSE)\n    return 0;', ['moderation']),
    Mutation('slow mode: a repeat is not told how long', 'src/server/tea-intake.c',
             '      self->held = 0;\n',
             '', ['moderation']),
    Mutation('pins: what is removed stays pinned', 'src/server/tea-rule-book.c',
             '      is_changed = remove_pin (self, tea_event_get_target (event));',
             '      is_changed = FALSE;', ['moderation']),
    Mutation('pins: any number', 'src/server/tea-room.c',
             'self->n_pinning >= TEA_RULE_BOOK_MAX_PINS',
             'self->n_pinning >= 1000', ['moderation']),
    Mutation('erasing: messages before that go, too', 'src/wire/tea-event-data.c',
             '&& tea_event_get_seq (event) >= self->erase',
             '', ['moderation']),
    Mutation('erasing: nothing goes', 'src/server/tea-eraser.c',
             'if (event != NULL && tea_sent_out_erases (&erasing->sent_out, event))',
             'if (FALSE)', ['moderation']),
    Mutation('searching: as often as one likes', 'src/server/tea-finder.c',
             '|| !tea_quota_find (self->quota)',
             '', ['moderation']),
    Mutation('newcomers: they speak like others', 'src/server/tea-policy.c',
             'return seen != NULL &&',
             'return FALSE && seen != NULL &&', ['moderation']),
    Mutation('standing: any check is right', 'src/server/tea-admission.c',
             'return tea_event_get_check (event) == asking->request->check;',
             'return TRUE;', ['secure-service']),
    Mutation('standing: another log is the same', 'src/server/tea-admission.c',
             'asking->request->epoch != tea_room_reader_get_epoch (reader)',
             'FALSE', ['secure-service']),
    Mutation('standing: beyond the head is right', 'src/server/tea-admission.c',
             '|| since > tea_room_reader_get_head (reader))',
             ')', ['secure-service']),
    Mutation('rooms: history from before joining is shown', 'src/server/tea-admission.c',
             '? MAX (membership->joined, 1)', '? 1', ['rooms']),
    Mutation('rooms: nobody needs an invitation', 'src/server/tea-admission.c',
             'gboolean is_closed = (flags',
             'gboolean is_closed = FALSE && (flags', ['rooms']),
    Mutation('rooms: the password is not asked for', 'src/server/tea-admission.c',
             'if (info->password == NULL)',
             'if (TRUE)', ['rooms']),
    Mutation('timeline: own messages are told twice', 'src/client/tea-outbox.c',
             '_tea_timeline_item_set_id (message->item, id);',
             ';', ['outbox', 'conversation']),
]


def copy_tree():
    """Copies all but what git ignores, as it is now."""
    command = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard']
    files = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split('\0')):
        source, target = ROOT / name, COPY / name
        if not source.exists():
            continue
        # What is as it was is not built again.
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def build(tests):
    programs = {'simulation/test-simulation' if test.startswith('simulation ')
                else f'unit/test-{test}' for test in tests}
    subprocess.run(['ninja', '-C', BUILD, *(f'tests/{name}' for name in sorted(programs))],
                   check=True, stdout=subprocess.DEVNULL)


def passes(test):
    name, _, seeds = test.partition(' ')
    if seeds:
        command = [BUILD / 'tests/simulation/test-simulation', '--seeds', seeds]
    else:
        command = ['meson', 'test', '-C', BUILD, '--no-rebuild', '--suite', 'unit', name]
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=300).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def try_mutation(mutation):
    """Says what becomes of a mutation."""
    path = COPY / mutation.file
    text = path.read_text(encoding='utf-8') if path.exists() else ''
    if text.count(mutation.old) != 1:
        return f'its place is {text.count(mutation.old)} times in {mutation.file}'

    path.write_text(text.replace(mutation.old, mutation.new), encoding='utf-8')
    try:
        build(mutation.tests)
        for test in mutation.tests:
            if not passes(test):
                return None
        return f'not noticed by {", ".join(mutation.tests)}'
    except subprocess.CalledProcessError:
        return 'it cannot be built'
    finally:
        path.write_text(text, encoding='utf-8')


def main():
    words = sys.argv[1:]
    chosen = [mutation for mutation in MUTATIONS
              if not words or any(word in mutation.title for word in words)]
    if not chosen:
        sys.exit('There is no such mutation.')

    copy_tree()
    if not (BUILD / 'build.ninja').exists():
        subprocess.run(['meson', 'setup', BUILD, COPY, '-Dapp=disabled', '-Dintrospection=disabled',
                        '-Doptimization=1'], check=True, stdout=subprocess.DEVNULL)
    tests = sorted({test for mutation in chosen for test in mutation.tests})
    build(tests)
    for test in tests:
        if not passes(test):
            sys.exit(f'{test} fails without any mutation.')

    n_missed = 0
    for mutation in chosen:
        missed = try_mutation(mutation)
        n_missed += missed is not None
        print(f'{"MISSED" if missed else "noticed":<8}{mutation.title}'
              f'{": " + missed if missed else ""}', flush=True)
    print(f'{len(chosen) - n_missed} noticed, {n_missed} missed')
    return 1 if n_missed else 0


if __name__ == '__main__':
    sys.exit(main())
