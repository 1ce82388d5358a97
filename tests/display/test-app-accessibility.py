#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real desktop program and real servers, used through the accessibility bus.

TEAHOUSE and TEAHOUSED tell where the programs are.
"""

import os
import re
import signal
import socket
import subprocess
import sys

import accessibility
from accessibility import wait_for

tests = accessibility.Tests()


def enter(app, name):
    """Waits until the program shows the room from inside."""
    app.find(f'You are {name}', 'label')


def message(author, text):
    """How the line of a message is called."""
    return re.compile(rf'^{author}, [\d:]+.*: {re.escape(text)}$')


def write_message(app, text):
    composer = app.find(re.compile('^Message '), 'text')
    composer.write(text)
    wait_for(lambda: composer.text == text, 'the text to be in the composer')
    return composer


def say(app, text):
    composer = write_message(app, text)
    app.press('Send', 'button')
    # A button that is not pressed by a hand takes its time.
    wait_for(lambda: composer.text == '', 'the text to be sent')


@tests
def a_wrong_name_is_explained_while_it_is_written(things):
    app = things.app()
    name = app.find('Your name', 'text')
    app.find('Address', 'text').write('127.0.0.1')
    join = app.find('Join', 'button')
    wait_for(lambda: not join.is_sensitive, 'Join to wait for a name')

    name.write('Mei Lin')
    app.find('A name cannot contain spaces.', 'label')
    assert not join.is_sensitive

    name.write('Mei')
    app.wait_gone('A name cannot contain spaces.', 'label')
    wait_for(lambda: join.is_sensitive, 'Join to be possible')

    app.find('Address', 'text').write('not an address')
    wait_for(lambda: not join.is_sensitive, 'Join to wait for an address')


@tests
def a_refused_name_comes_back_and_another_is_suggested(things):
    server = things.server()
    mei = things.member(server.port, 'Mei')
    app = things.app()

    app.find('Your name', 'text').write('Mei')
    app.find('Address', 'text').write(server.address)
    app.press('Join', 'button')

    app.find('“Mei” is taken.', 'label')
    name = app.find('Your name', 'text')
    assert name.text == 'Mei'
    wait_for(lambda: name.selection == 'Mei', 'the name to be ready for another')

    app.press('Mei2', 'button')
    enter(app, 'Mei2')
    mei.wait_for_line('Mei2 entered the room')


@tests
def a_refused_name_is_written_anew(things):
    server = things.server()
    things.member(server.port, 'Mei')
    app = things.app('--nick', 'Mei', server.address)

    app.find('“Mei” is taken.', 'label')
    name = app.find('Your name', 'text')
    wait_for(lambda: name.selection == 'Mei', 'the name to be ready for another')
    app.focus_window()
    app.type_text('Noor')
    app.wait_gone('“Mei” is taken.', 'label')
    app.press_keys('Return')
    enter(app, 'Noor')


@tests
def two_programs_talk(things):
    server = things.server()
    mei = things.app('--nick', 'Mei', server.address)
    enter(mei, 'Mei')
    noor = things.app('--nick', 'Noor', server.address)
    enter(noor, 'Noor')
    mei.find('Noor joined', 'label')
    for app in (mei, noor):
        app.find('People, 2', 'button')
    mei.find('Mei, you', 'list item')
    mei.find('Noor', 'list item')

    mei.focus_window()
    mei.type_text('Is the tea ready?')
    mei.press_keys('Return')
    mei.find(message('You', 'Is the tea ready?'))
    noor.find(message('Mei', 'Is the tea ready?'))

    noor.focus_window()
    noor.type_text('Nearly.')
    noor.press_keys('shift+Return')
    noor.type_text('Two minutes.')
    composer = noor.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.text == 'Nearly.\nTwo minutes.', 'two lines in the composer')
    noor.press_keys('Return')
    mei.find(message('Noor', 'Nearly.\nTwo minutes.'))

    say(noor, '茶好了 🍵')
    mei.find(message('Noor', '茶好了 🍵'))


@tests
def keys_of_the_composer(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find('People, 2', 'button')
    app.focus_window()
    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.is_focused, 'the composer to have the focus')
    send = app.find('Send', 'button')
    assert not send.is_sensitive

    app.type_text('@no')
    app.press_keys('Tab')
    wait_for(lambda: composer.text == '@Noor ', 'the name to be completed')
    app.type_text('tea?')
    app.press_keys('Return')
    noor.wait_for_line('Mei ： @Noor tea?')
    wait_for(lambda: composer.text == '', 'the composer to be empty')

    app.press_keys('Up')
    wait_for(lambda: composer.text == '@Noor tea?', 'the last text to be back')
    app.press_keys('ctrl+a', 'BackSpace')
    wait_for(lambda: composer.text == '', 'the composer to be empty')
    app.press_keys('Return')
    assert 'Mei ： ' not in noor.receive()

    people = app.find('People, 2', 'button')
    pressed = people.is_pressed
    app.press_keys('F9')
    wait_for(lambda: people.is_pressed != pressed, 'the people to come or go')


@tests
def somebody_is_mentioned_from_their_card(things):
    server = things.server()
    things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find('Noor', 'list item')
    app.focus_window()
    # From the composer on: Send cannot have the focus while there is nothing to send.
    app.press_keys('Tab', 'Down', 'Return')
    app.press('Mention', 'button')
    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.text == '@Noor ', 'the mention')
    wait_for(lambda: composer.is_focused, 'the composer to have the focus')


@tests
def a_hosted_room(things):
    app = things.app('--nick', 'Mei', '--host')
    enter(app, 'Mei')
    app.find('Mei’s Room', 'label')
    app.find('The Tea Is Ready', 'label')
    app.find('Mei, you, host', 'list item')
    port = accessibility.find_server_port(app.process.pid)

    guest = things.member(port, 'Guest')
    app.find('Guest joined', 'label')
    say(app, 'Welcome')
    guest.wait_for_line('Mei ： Welcome')
    guest.say('Thank you')
    app.find(message('Guest', 'Thank you'))

    app.press('Leave the Room', 'button')
    app.find('Close Mei’s Room?', 'label')
    app.press(re.compile('Close Room$'), 'button')
    guest.wait_for_line('EXIT')
    app.find('Your name', 'text')
    wait_for(lambda: accessibility.list_server_ports(app.process.pid) == [],
             'the server to end')


@tests
def a_room_is_hosted_from_the_dialog(things):
    app = things.app()
    app.find('Your name', 'text').write('Mei')
    wait_for(lambda: app.find('Host a Room on This Computer', 'list item').is_sensitive,
             'hosting to be possible')
    app.focus_window()
    app.press_keys('alt+h')
    enter(app, 'Mei')
    port = accessibility.find_server_port(app.process.pid)

    app.press('Invite', 'button')
    app.find('Mei’s Room · open on this computer', 'label')
    app.press_keys('Escape')
    wait_for(lambda: app.look_for('Mei’s Room · open on this computer') is None,
             'the invitation to close')
    assert port > 0


@tests
def no_answer_is_said_and_tried_again(things):
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(('127.0.0.1', 0))
    port = silent.getsockname()[1]
    app = things.app('--nick', 'Mei', f'127.0.0.1:{port}')
    app.find(re.compile('^Nobody answers'), 'label')
    assert app.find('Your name', 'text').text == 'Mei'
    assert app.find('Address', 'text').text == f'127.0.0.1:{port}'

    silent.close()
    things.server(port)
    app.press('Try Again', 'button')
    enter(app, 'Mei')


@tests
def joining_can_be_cancelled(things):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(('127.0.0.1', 0))
        app = things.app()
        app.find('Your name', 'text').write('Mei')
        app.find('Address', 'text').write(f'127.0.0.1:{silent.getsockname()[1]}')
        app.press('Join', 'button')
        join = app.find('Join', 'button')
        wait_for(lambda: not join.is_sensitive, 'the program to be busy')
        app.focus_window()
        app.press_keys('Escape')
        wait_for(lambda: join.is_sensitive, 'the program to have given up')
        assert app.look_for(re.compile('^Nobody answers')) is None

        app.press_keys('ctrl+w')
        app.wait_gone('Your name', 'text')
        app.press('Join a Room', 'button')
        app.find('Your name', 'text')


@tests
def a_lost_server_is_found_again(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'Before')
    server.kill()
    say(app, 'Meanwhile')
    app.find(re.compile('^Connection lost'), 'label')
    app.find('Reconnecting…', 'label')
    say(app, 'Still there?')
    app.find('Waiting to be sent')

    # While the server is away: once it is back, the program may find it before we ask.
    app.press('Try Now', 'button')
    app.find(re.compile('^Connection lost'), 'label')
    things.server(server.port)
    app.find('You are Mei', 'label', timeout=40)
    app.find(re.compile('^Connected again'))
    app.wait_gone('Waiting to be sent')
    app.wait_gone(re.compile('^Connection lost'), 'label')


@tests
def a_closed_room_is_entered_again(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'Last words')
    server.end()
    app.find('The room was closed.', 'label')
    app.find('Not connected', 'label')
    app.find(message('You', 'Last words'))

    server = things.server(server.port)
    app.press('Join Again', 'button')
    enter(app, 'Mei')


@tests
def closing_the_window_leaves_the_room(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    noor.wait_for_line('Mei entered the room')
    app.focus_window()
    app.press_keys('ctrl+w')
    noor.wait_for_line('Mei left the room')
    assert app.wait_for_end() == 0


@tests
def ending_the_program_leaves_the_room(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.process.send_signal(signal.SIGTERM)
    noor.wait_for_line('Mei left the room')
    assert app.wait_for_end() == 0


@tests
def leaving_brings_the_dialog_back(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    app.press_keys('alt+Left')
    noor.wait_for_line('Mei left the room')
    assert app.find('Your name', 'text').text == 'Mei'
    assert app.find('Address', 'text').text == server.address

    app.press('Join', 'button')
    enter(app, 'Mei')


@tests
def name_and_address_are_remembered(things):
    env = {'GSETTINGS_BACKEND': 'keyfile'}
    server = things.server()
    app = things.app(env=env)
    app.find('Your name', 'text').write('梅子')
    app.find('Address', 'text').write(server.address)
    app.press('Join', 'button')
    enter(app, '梅子')
    app.end()

    app = things.app(env=env)
    name = app.find('Your name', 'text')
    assert name.text == '梅子'
    assert app.find('Address', 'text').text == server.address
    app.press('Join', 'button')
    enter(app, '梅子')


@tests
def a_second_launch_opens_a_second_window(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    again = accessibility.App(os.environ['TEAHOUSE'], '--nick', 'Noor', server.address,
                              app_id=app.app_id)
    try:
        assert again.wait_for_end() == 0
    finally:
        again.end()
    enter(app, 'Noor')
    app.find('Noor joined', 'label')


@tests
def the_command_line_is_checked(things):
    program = os.environ['TEAHOUSE']

    def run(*arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True,
                              timeout=accessibility.TIMEOUT)

    assert run('--version').stdout.startswith('teahouse ')
    help_text = run('--help').stdout
    assert '--nick=NAME' in help_text and '--host' in help_text
    for wrong, words in [
            (('--nick', 'Mei Lin'), 'A name cannot contain spaces.'),
            (('a b',), 'is not an address'),
            (('one', 'two'), 'give one address'),
            (('--host', 'one'), 'give one of the two')]:
        result = run(*wrong)
        assert result.returncode == 2, wrong
        assert words in result.stderr, wrong


if __name__ == '__main__':
    sys.exit(accessibility.main(tests))
