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


@tests
def a_reply_leads_to_what_it_answers(things):
    server, noor, app = enter(things)
    tea = noor.say('Tea at four?')
    for number in range(120):
        noor.do(say=f'line {number}')
    noor.wait_for('message', text='line 119', state='delivered')
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
