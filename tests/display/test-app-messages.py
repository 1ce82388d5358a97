#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people do with messages in the real desktop program, through the accessibility bus:
others do it with the terminal client, on a real server.

TEAHOUSE, TEAHOUSED and TEAHOUSE_CLI tell where the programs are.
"""

import re
import sys

import accessibility
from accessibility import wait_for

tests = accessibility.Tests()


def enter(things, *arguments):
    """A server, somebody with a terminal client, and the desktop program of Mei."""
    server = things.server(*arguments)
    noor = things.speaker(server, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    app.find('You are Mei', 'label')
    return server, noor, app


def row(author, rest):
    """How the line of a message is called: what is known of it after its time."""
    return re.compile(rf'^{author}, [\d:]+{rest}$')


@tests
def what_others_do_to_messages_is_shown(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    app.find(row('Noor', r': Tea at four\?'), 'list item')
    answer = noor.say('Bring cups.', reply=tea)
    app.find(row('Noor', r', replies to Noor: Bring cups\.'), 'list item')
    app.find('In reply to Noor: Tea at four?', 'button')

    noor.do(edit=tea, text='Tea at five?')
    app.find(row('Noor', r': Tea at five\?, edited'), 'list item')
    app.find('In reply to Noor: Tea at five?', 'button')

    noor.do(remove=answer)
    app.find(row('Noor', ': Removed'), 'list item')
    noor.do(remove=tea)
    app.wait_gone('In reply to Noor: Tea at five?')


@tests
def reactions_are_shown_and_given(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    noor.do(react='🍵', to=tea)
    app.find(row('Noor', r': Tea at four\?, 1 reaction'), 'list item')
    app.press('🍵, 1', 'button')
    pressed = app.find('🍵, 2, you too', 'button')
    wait_for(lambda: pressed.is_pressed, 'one’s own reaction to be pressed')
    event = noor.wait_for('reacted', author='Mei', target=tea)
    assert (event['text'], event['off']) == ('🍵', False), event

    noor.do(react='👍', to=tea)
    app.find('👍, 1', 'button')
    app.find(row('Noor', r': Tea at four\?, 3 reactions'), 'list item')
    app.press('🍵, 2, you too', 'button')
    app.find('🍵, 1', 'button')
    noor.wait_for('reacted', author='Mei', target=tea, off=True)
    noor.do(react='🍵', to=tea, off=True)
    app.wait_gone('🍵, 1')
    app.find('👍, 1', 'button')


def write(app, text):
    """Writes anew what is in the composer, and sends it."""
    app.press_keys('ctrl+a')
    app.type_text(text)
    app.press_keys('Return')


@tests
def a_message_is_answered_edited_and_removed_by_keys(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    line = app.find(row('Noor', r': Tea at four\?'), 'list item')
    app.focus_window()

    # From the composer to the newest message, as F6 goes.
    app.press_keys('shift+F6')
    wait_for(lambda: line.is_focused, 'the message to have the focus')
    app.press_keys('ctrl+r')
    app.find('Do Not Reply', 'button')
    app.type_text('Yes')
    app.press_keys('Return')
    answer = noor.wait_for('message', author='Mei', text='Yes')
    assert answer['reply'] == tea, answer
    app.find(row('You', ', replies to Noor: Yes'), 'list item')
    app.wait_gone('Do Not Reply', 'button')

    # What is being written is kept aside while the last message is edited.
    composer = app.find(re.compile('^Message '), 'text')
    app.press_keys('Up')
    app.find('Do Not Edit', 'button')
    wait_for(lambda: composer.text == 'Yes', 'the message in the composer')
    write(app, 'Yes, at four')
    noor.wait_for('edited', author='Mei', target=answer['seq'], text='Yes, at four')
    app.find(row('You', ', replies to Noor: Yes, at four, edited'), 'list item')
    app.type_text('and cups')
    own = app.find(row('You', '.*edited'), 'list item')
    app.press_keys('shift+F6')
    wait_for(lambda: own.is_focused, 'the message to have the focus')
    app.press_keys('F2')
    wait_for(lambda: composer.text == 'Yes, at four', 'the message in the composer again')
    app.press_keys('Escape')
    wait_for(lambda: composer.text == 'and cups', 'the draft to be there again')

    app.press_keys('shift+F6')
    wait_for(lambda: own.is_focused, 'the message to have the focus')
    app.press_keys('Delete')
    app.find('Remove This Message?')
    app.press(re.compile('^Cancel'), 'button')
    app.wait_gone('Remove This Message?')
    wait_for(lambda: own.is_focused, 'the message to have the focus')
    app.press_keys('Delete')
    app.press(re.compile('^Remove( Remove)?$'), 'button')
    noor.wait_for('removed', author='Mei', target=answer['seq'])
    app.find(row('You', ': Removed'), 'list item')


@tests
def a_menu_has_what_is_allowed(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    line = app.find(row('Noor', r': Tea at four\?'), 'list item')
    app.focus_window()
    app.press_keys('shift+F6')
    wait_for(lambda: line.is_focused, 'the message to have the focus')

    app.press_keys('Menu')
    app.find('Other Emoji', 'button')
    for absent in ('Edit', 'Pin', 'Remove…'):
        assert app.look_for(absent) is None, absent
    app.press('React with 🎉', 'button')
    noor.wait_for('reacted', author='Mei', target=tea, text='🎉')
    app.find('🎉, 1, you too', 'button')

    # What was used last comes first.
    app.press_keys('Menu')
    first = app.find(re.compile('^React with '), 'button')
    assert first.name == 'React with 🎉', first.name
    app.press_keys('Escape')
    app.wait_gone('Other Emoji')


@tests
def several_messages_are_selected_and_copied(things):
    server, noor, app = enter(things)
    noor.say('Tea at four?')
    noor.say('Bring cups.')
    last = app.find(row('Noor', ': Bring cups\\.'), 'list item')
    app.focus_window()
    app.press_keys('shift+F6')
    wait_for(lambda: last.is_focused, 'the message to have the focus')

    app.press_keys('Menu')
    app.press('Select', 'menu item')
    app.find('1 Selected', 'label')
    wait_for(lambda: last.is_focused, 'the message to have the focus again')
    app.press_keys('space')
    app.find('0 Selected', 'label')
    app.press_keys('Escape')
    app.wait_gone('0 Selected')

    app.press_keys('Menu')
    app.press('Select', 'menu item')
    app.find('1 Selected', 'label')
    app.press('Select All', 'button')
    app.find('2 Selected', 'label')
    assert not app.find(re.compile('^Remove… ?'), 'button').is_sensitive
    app.press(re.compile('^Copy( Copy)?$'), 'button')
    app.find('2 messages copied', 'label')
    app.wait_gone('2 Selected')

    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.is_focused, 'the composer to have the focus')
    app.press_keys('ctrl+v')
    wait_for(lambda: re.fullmatch('Noor, [0-9:]+: Tea at four\\?\nNoor, [0-9:]+: Bring cups\\.',
                                  composer.text), 'both messages in the composer')


@tests
def several_messages_are_removed(things):
    server, noor, app = enter(things)
    app.focus_window()
    for number in range(2):
        app.type_text(f'mine {number}')
        app.press_keys('Return')
    last = app.find(row('You', ': mine 1'), 'list item')
    noor.wait_for('message', text='mine 1')
    app.press_keys('shift+F6')
    wait_for(lambda: last.is_focused, 'the message to have the focus')
    app.press_keys('Menu')
    app.press('Select', 'menu item')
    app.press('Select All', 'button')
    app.find('2 Selected', 'label')
    app.press(re.compile('^Remove… ?'), 'button')
    app.find('Remove 2 Messages?')
    app.press(re.compile('^Remove( Remove)?$'), 'button')
    for _ in range(2):
        noor.wait_for('removed', author='Mei')
    wait_for(lambda: app.look_for(row('You', ': mine'), 'list item') is None, 'both to be removed')


def enter_lounge(things):
    """A room that Noor owns, which the desktop program of Mei shows."""
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    noor.ask('opened', make='Lounge')
    things.join_rooms(server, 'Mei', 'Lounge')
    app = things.app('--nick', 'Mei', server.address)
    app.find('You are Mei', 'label')
    key = server.fingerprint.partition(':')[2].replace('+', '-').replace('/', '_')
    accessibility.open_uri(app, f'teahouse://{server.address}/lounge#{key}')
    app.find('Message Lounge', 'text')
    return server, noor, app


@tests
def topic_and_pins_are_beside_the_talk(things):
    server, noor, app = enter_lounge(things)
    tea = noor.say('Tea at four?', room='Lounge')
    cups = noor.say('Bring cups.', room='Lounge')
    app.find(row('Noor', ': Bring cups\\.'), 'list item')
    assert app.look_for('Bring a cup', 'label') is None
    noor.do(topic='Saturday at four', room='Lounge')
    app.find('Saturday at four', 'label')
    app.find('Noor set the topic: Saturday at four')

    noor.do(pin=tea, room='Lounge')
    app.find('Noor pinned a message')
    app.find('Pinned', 'heading')
    app.press('Noor: Tea at four?', 'button')
    noor.do(edit=tea, text='Tea at five?', room='Lounge')
    app.find('Noor: Tea at five?', 'button')
    noor.do(pin=tea, off=True, room='Lounge')
    app.wait_gone('Noor: Tea at five?', 'button')
    noor.do(remove=cups, room='Lounge')
    app.find(row('Noor', ': Removed'), 'list item')


@tests
def a_message_that_is_held_back_says_for_how_long(things):
    server, noor, app = enter_lounge(things)
    noor.do(slow=8, room='Lounge')
    noor.wait_for('settings', room='Lounge')
    app.focus_window()
    for text in ('first', 'second'):
        app.type_text(text)
        app.press_keys('Return')
    app.find(re.compile('^Sending in [1-8] s$'), 'label')
    noor.wait_for('message', text='second', author='Mei')
    app.find(row('You', ': second'), 'list item')
    app.wait_gone(re.compile('^Sending in '), 'label')


@tests
def a_reply_leads_to_what_it_answers(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    for number in range(60):
        noor.do(say=f'line {number}')
    noor.wait_for('message', text='line 59', state='delivered')
    noor.say('Yes!', reply=tea)

    # A program that comes later has not got so far back.
    late = things.app('--nick', 'Sam', server.address)
    late.find('You are Sam', 'label')
    for program in (app, late):
        program.find(row('Noor', ', replies to Noor: Yes!'), 'list item')
        program.focus_window()
        program.press('In reply to Noor: Tea at four?', 'button')
        program.find('Go to the newest message', 'button')
        program.find(row('Noor', r': Tea at four\?'), 'list item')


if __name__ == '__main__':
    sys.exit(accessibility.main(tests))
