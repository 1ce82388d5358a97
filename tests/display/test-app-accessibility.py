#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real desktop program and real servers, used through the accessibility bus.

TEAHOUSE and TEAHOUSED tell where the programs are.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import types

import accessibility
from accessibility import enter, leave_house, message, say, wait_for, write_message
from notifications import Desktop

tests = accessibility.Tests()

# Without this, a program forgets its settings when it ends.
KEEP_SETTINGS = {'GSETTINGS_BACKEND': 'keyfile'}

# Where libraries leak, which nothing can tell from us: GTK 4.8, when one program on a
# display ends while another asks for what it has selected, and GIO 2.74, when it looks for
# a program to open a page with. All else is looked for here, too.
LIBRARIES_LEAK = {'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'}


def get_width():
    """The width of the window that has the keyboard."""
    geometry = subprocess.run(['xdotool', 'getactivewindow', 'getwindowgeometry', '--shell'],
                              capture_output=True, text=True, timeout=accessibility.TIMEOUT)
    return int(re.search(r'^WIDTH=(\d+)$', geometry.stdout, re.MULTILINE)[1])


def place(name, *parts):
    """How the row of a room is called in the list: what it tells, in this order."""
    return re.compile('^' + ', '.join([re.escape(name), *parts]) + '($|, )')


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
    app.find('Mei_Lin', 'button')
    app.press('MeiLin', 'button')
    wait_for(lambda: name.text == 'MeiLin', 'the name in one word')
    wait_for(lambda: join.is_sensitive, 'Join to be possible')
    app.wait_gone('A name cannot contain spaces.', 'label')

    name.write('Mei Lin')
    app.find('A name cannot contain spaces.', 'label')
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

    app.find(re.compile('^“Mei” is taken here'), 'label')
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

    app.find(re.compile('^“Mei” is taken here'), 'label')
    name = app.find('Your name', 'text')
    wait_for(lambda: name.selection == 'Mei', 'the name to be ready for another')
    app.focus_window('Join a Room')
    app.type_text('Noor')
    app.wait_gone(re.compile('^“Mei” is taken here'), 'label')
    app.press_keys('Return')
    enter(app, 'Noor')


@tests
def a_long_name_fits_a_narrow_window(things):
    server = things.server()
    things.member(server.port, 'W' * 32)
    app = things.app('--nick', 'W' * 32, server.address)
    app.find(re.compile('is taken here'), 'label')
    app.focus_window('Join a Room')
    accessibility.run_xdotool('getactivewindow', 'windowsize', '360', '600')

    wait_for(lambda: get_width() < 400, 'the dialog to be narrow')


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

    # A window that comes up late would take the keyboard away.
    noor.focus_window()
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
def tab_comes_to_everything(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    others = [things.member(server.port, f'Guest{i}').name for i in range(8)]
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    noor.say('Tea?')
    app.find(message('Noor', 'Tea?'))
    app.focus_window()

    # A row and what is in it may have the same name.
    def find_focused():
        focused = [(widget.name, widget.path) for widget in app.walk() if widget.is_focused]
        return focused[0] if focused else None

    wanted = {'New', 'Main Menu', 'Invite', 'People, 10', 'Room Menu', 'Insert Emoji'}
    for key in ('Tab', 'shift+Tab'):
        focused = wait_for(find_focused, 'the focus to be somewhere')
        visited = []
        missing = {re.compile(f'^{name}$') for name in wanted}
        # However many people there are, they are one stop.
        people = re.compile(f'^(Mei, you|Noor|{"|".join(others)})$')
        missing |= {message('Noor', 'Tea?'), re.compile('^Message '), people,
                    place(server.address, 'Noor: Tea\\?')}
        while missing:
            app.press_keys(key)

            def focus_moves():
                widget = find_focused()
                return widget != focused and widget
            focused = wait_for(focus_moves, f'the focus to move from “{focused[0]}”')
            missing = {name for name in missing if not name.search(focused[0])}
            visited.append(focused[0])
            assert len(visited) < 30, missing
        assert len([name for name in visited if people.search(name)]) == 1, visited


@tests
def f6_goes_round_the_window(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    noor.say('Tea?')
    app.find(message('Noor', 'Tea?'))
    app.focus_window()

    def is_focused(name):
        widget = app.look_for(name)
        return widget is not None and widget.is_focused
    composer = re.compile('^Message ')
    wait_for(lambda: is_focused(composer), 'the composer to have the focus')
    row = place(server.address, 'Noor: Tea\\?')
    parts = ['Mei, you', row, 'Invite', message('Noor', 'Tea?'), composer]
    for name in (*parts, parts[0]):
        app.press_keys('F6')
        wait_for(lambda name=name: is_focused(name), f'F6 to lead to {name}')
    for name in (*reversed(parts[1:]), parts[0]):
        app.press_keys('shift+F6')
        wait_for(lambda name=name: is_focused(name), f'Shift+F6 to lead to {name}')


@tests
def people_are_not_left_over_a_window_that_gets_narrow(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    people = app.find('People, 1', 'button')
    for opened in (False, True, False):
        accessibility.run_xdotool('getactivewindow', 'windowsize', '1100', '700')
        # In the header bar, where there is room for it.
        app.find('Invite', 'button')
        wait_for(lambda: people.is_pressed, 'the people to be beside the room')
        accessibility.run_xdotool('getactivewindow', 'windowsize', '360', '600')
        app.wait_gone('Invite', 'button')
        wait_for(lambda: not people.is_pressed, 'the people to be gone')
        if opened:
            app.press_keys('F9')
            wait_for(lambda: people.is_pressed, 'the people to be over the room')
    app.press_keys('F9')
    wait_for(lambda: people.is_pressed, 'the people to be over the room')
    app.press_keys('Escape')
    wait_for(lambda: not people.is_pressed, 'Escape to close them')


@tests
def page_up_leads_on_from_a_notice(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    for number in range(60):
        noor.say(f'line {number}')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(message('Noor', 'line 59'))
    for name in ('Aiko', 'Sam'):
        things.member(server.port, name)
    app.find('Aiko and Sam joined', 'button')
    app.focus_window()
    app.press_keys('F6', 'F6', 'F6', 'F6')

    def find_focused(role):
        return [widget.name for widget in app.walk() if widget.is_focused and widget.role == role]
    for key, role in ((None, 'list item'), ('Tab', 'button')):
        if key is not None:
            app.press_keys(key)
        wait_for(lambda role=role: find_focused(role) == ['Aiko and Sam joined'],
                 'the notice to have the focus')
        app.press_keys('Prior')
        wait_for(lambda: re.search(r': line [34]\d$', ' '.join(find_focused('list item'))),
                 'a message a page above to have the focus')
        app.press_keys('End')


@tests
def somebody_is_mentioned_from_their_card(things):
    server = things.server()
    things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find('Noor', 'list item')
    app.focus_window()
    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.is_focused, 'the composer to have the focus')
    # From the composer on: Send cannot have the focus while there is nothing to send.
    app.press_keys('Tab', 'Down', 'Return')
    first = app.find('Message', 'button')
    wait_for(lambda: first.is_focused, 'the card to have the focus')
    app.press_keys('Escape')
    wait_for(lambda: app.find('Noor', 'list item').is_focused, 'the focus to come back')
    app.press_keys('Return')
    app.press('Mention', 'button')
    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.text == '@Noor ', 'the mention')
    wait_for(lambda: composer.is_focused, 'the composer to have the focus')


@tests
def arrivals_are_folded(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    for name in ('Aiko', 'Noor', 'Sam'):
        things.member(server.port, name)
        app.find(name, 'list item')
    app.press('Aiko, Noor and Sam joined', 'button')
    app.find('Aiko joined\nNoor joined\nSam joined', 'label')
    app.press('Aiko, Noor and Sam joined', 'button')
    app.wait_gone('Aiko joined\nNoor joined\nSam joined', 'label')


@tests
def what_was_said_is_behind_many_arrivals(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    for i in range(5):
        noor.say(f'Tea {i}')
    # More of them than a window asks for at first, and all of them in one line.
    for i in range(60):
        guest = things.member(server.port, f'Guest{i % 3}')
        guest.send(f'E Guest{i % 3}')
        guest.wait_for_line('EXIT')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    for i in range(5):
        app.find(message('Noor', f'Tea {i}'))
    app.find('There is nothing older', 'list item')
    assert app.look_for('The Tea Is Ready', 'label') is None


@tests
def what_is_not_sent_goes_out_next_time(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'First')
    app.find(message('You', 'First'))
    wait_for(lambda: server.count_events() == 2, 'the message to be stored')

    # It stores what is said then, but nobody hears of it.
    server.stop()
    say(app, 'Second')
    app.find(re.compile('^You, .*: Second'))
    app.find(re.compile('^Reconnecting'), 'label', timeout=60)
    say(app, 'Third')
    write_message(app, 'And a draft')
    app.focus_window()
    app.press_keys('ctrl+q')
    app.find('2 Messages Are Not Sent Yet', 'label')
    # The dialog's own, which is the default.
    app.focus_window()
    app.press_keys('Return')
    app.wait_for_end()

    server.go_on()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(message('You', 'Third'))
    composer = app.find(re.compile('^Message '), 'text')
    wait_for(lambda: composer.text == 'And a draft', 'the draft')
    noor = things.app('--nick', 'Noor', server.address)
    enter(noor, 'Noor')
    for text in ('First', 'Second', 'Third'):
        noor.find(message('Mei', text))
        found = [w for w in noor.walk() if message('Mei', text).search(w.name)]
        assert len(found) == 1, [w.name for w in found]


@tests
def a_program_that_dies_says_nothing_twice(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    server.stop()
    say(app, 'First')
    outbox = f'{things.folder.name}/data/teahouse/outbox'

    def is_kept():
        return any(re.fullmatch('[0-9a-f]{64}', name) for name in os.listdir(outbox))
    wait_for(is_kept, 'the message to be kept')
    # What it has sent is taken in before the program is started again.
    app.kill()
    server.go_on()
    wait_for(lambda: server.count_events() >= 2, 'the message to be stored')

    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(message('You', 'First'))
    say(app, 'Second')
    wait_for(lambda: not is_kept(), 'nothing to be kept any more')
    noor = things.app('--nick', 'Noor', server.address)
    enter(noor, 'Noor')
    noor.find(message('Mei', 'Second'))
    found = [w.name for w in noor.walk() if re.search(': First$', w.name)]
    assert len(found) == 1, found


@tests
def quitting_closes_what_is_shown_before_windows(things):
    # From the dialog that handles the key; and with the window that is in a room behind it.
    app = things.app()
    app.find('Your name', 'text')
    app.focus_window('Join a Room')
    app.press_keys('ctrl+q')
    app.wait_for_end()

    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    app.press_keys('ctrl+l')
    app.find('Your name', 'text')
    app.focus_window('Join a Room')
    app.press_keys('ctrl+q')
    app.wait_for_end()


@tests
def the_unread_line_is_there_for_who_comes_back(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    noor.say('One')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(message('Noor', 'One'))
    noor.say('Two')
    app.focus_window()
    app.find(message('Noor', 'Two'))
    assert app.look_for('New messages', 'list item') is None
    app.press_keys('ctrl+q')
    app.wait_for_end()

    noor.say('Three')
    noor.say('Four')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(message('Noor', 'Four'))
    app.find('New messages', 'list item')
    names = [widget.name for widget in app.walk() if widget.role == 'list item']
    shown = [name.rpartition(': ')[2] for name in names]
    first = shown.index('New messages')
    assert shown[first - 1:first + 3] == ['Two', 'New messages', 'Three', 'Four'], names


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

    app.choose('Room Menu', 'Leave the House')
    app.find('Close Mei’s Room?', 'label')
    app.press(re.compile('Close Room$'), 'button')
    guest.wait_for_line('EXIT')
    app.find('Welcome to the Teahouse', 'label')
    wait_for(lambda: accessibility.list_server_ports(app.process.pid) == [],
             'the server to end')


@tests
def a_folder_that_cannot_be_written_is_said(things):
    path = f'{things.folder.name}/taken'
    with open(path, 'w'):
        pass
    server = things.server()
    app = things.app('--nick', 'Mei', server.address, env={'XDG_DATA_HOME': path})
    app.find(re.compile(f'^“{path}/teahouse/identity.pem” could not be read'), 'label')
    app.end()

    app = things.app('--nick', 'Mei', '--host', env={'XDG_DATA_HOME': path})
    problem = re.compile(f'^Could not make the folder {path}/teahouse/room')
    app.find(problem, 'label')
    other = re.compile(f'^Cannot open “{path}/teahouse/room/room.db”')
    n_files = len(os.listdir(f'/proc/{app.process.pid}/fd'))
    for _ in range(3):
        # Another problem, and back: so it shows that it was tried, to the end.
        os.remove(path)
        os.makedirs(f'{path}/teahouse/room/room.db')
        app.press('Try Again', 'button')
        app.find(other, 'label')
        shutil.rmtree(path)
        with open(path, 'w'):
            pass
        app.press('Try Again', 'button')
        app.find(problem, 'label')
    wait_for(lambda: len(os.listdir(f'/proc/{app.process.pid}/fd')) <= n_files + 1,
             'the files of what was tried to be closed')

    # Once there is a place for it, the room opens.
    os.remove(path)
    app.press('Try Again', 'button')
    enter(app, 'Mei')


@tests
def nothing_is_left_of_a_hosted_room(things):
    app = things.app('--nick', 'Mei', '--host')
    enter(app, 'Mei')
    n_files = len(os.listdir(f'/proc/{app.process.pid}/fd'))
    for _ in range(6):
        app.choose('Room Menu', 'Leave the House')
        app.find('Welcome to the Teahouse', 'label')
        app.press('Host a Room…', 'button')
        enter(app, 'Mei')
    wait_for(lambda: len(os.listdir(f'/proc/{app.process.pid}/fd')) <= n_files + 1,
             'the files of the rooms to be closed')


@tests
def a_room_is_hosted_from_the_dialog(things):
    app = things.app()
    app.find('Your name', 'text').write('Mei')
    wait_for(lambda: app.find('Host a Room on This Computer', 'list item').is_sensitive,
             'hosting to be possible')
    app.focus_window('Join a Room')
    app.press_keys('alt+h')
    enter(app, 'Mei')
    port = accessibility.find_server_port(app.process.pid)

    app.press('Invite', 'button')
    app.find('Mei’s Room · open on this computer', 'label')
    app.focus_window('Invite People')
    app.press_keys('Escape')
    wait_for(lambda: app.look_for('Mei’s Room · open on this computer') is None,
             'the invitation to close')
    assert port > 0


@tests
def no_answer_is_said_and_tried_again(things):
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port = accessibility.find_port()
    silent.bind(('127.0.0.1', port))
    app = things.app('--nick', 'Mei', f'127.0.0.1:{port}')
    app.find(re.compile('^Nobody answers'), 'label')
    assert app.find('Your name', 'text').text == 'Mei'
    assert app.find('Address', 'text').text == f'127.0.0.1:{port}'

    silent.close()
    things.server(port=port)
    app.press('Try Again', 'button')
    enter(app, 'Mei')


@tests
def joining_can_be_cancelled(things):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(('127.0.0.1', 0))
        app = things.app()
        app.find('Your name', 'text').write('Mei')
        app.find('Address', 'text').write(f'127.0.0.1:{silent.getsockname()[1]}')
        # Whoever takes long for this is told that nobody answers.
        join = app.find('Join', 'button')
        app.focus_window('Join a Room')
        app.press('Join', 'button')
        wait_for(lambda: not join.is_sensitive, 'the program to be busy')
        app.press_keys('Escape')
        wait_for(lambda: join.is_sensitive, 'the program to have given up')
        assert app.look_for(re.compile('^Nobody answers')) is None

        app.press_keys('ctrl+w')
        app.wait_gone('Your name', 'text')
        # The focus is where one goes on.
        join = app.find('Join by Address…', 'list item')
        wait_for(lambda: join.is_focused, 'the first step to have the focus')
        app.focus_window()
        app.press_keys('Return')
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
    things.server_again(server)
    # First what goes away by itself.
    app.find(re.compile('^Connected again'), timeout=40)
    enter(app, 'Mei')
    app.wait_gone('Waiting to be sent')
    app.wait_gone(re.compile('^Connection lost'), 'label')


@tests
def a_server_that_starts_anew_is_waited_for(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'Last words')
    app.find(message('You', 'Last words'))
    server.end()
    app.find('Reconnecting…', 'label')
    app.find(message('You', 'Last words'))
    assert app.look_for('The room was closed.', 'label') is None

    things.server_again(server)
    enter(app, 'Mei')
    app.find(message('You', 'Last words'))


@tests
def a_closed_room_is_entered_again(things):
    host = things.app('--nick', 'Mei', '--host')
    enter(host, 'Mei')
    port = accessibility.find_server_port(host.process.pid)
    app = things.app('--nick', 'Noor', f'127.0.0.1:{port}')
    enter(app, 'Noor')
    say(app, 'Last words')
    app.find(message('You', 'Last words'))
    host.find(message('Noor', 'Last words'))
    host.end()
    app.find('The room was closed.', 'label')
    app.find('Not connected', 'label')
    app.find(message('You', 'Last words'))

    # What was hosted is a room like any other.
    folder = types.SimpleNamespace(name=f'{things.folder.name}/data/teahouse/room')
    things.server(port=port, folder=folder)
    app.press('Join Again', 'button')
    enter(app, 'Noor')


@tests
def closing_the_window_leaves_the_room_where_that_is_wanted(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address, env=things.settings(keep_listening=False))
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
def a_house_is_left_and_joined_again(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    leave_house(app, server.address)
    noor.wait_for_line('Mei left the room')

    app.focus_window()
    app.press_keys('ctrl+l')
    assert app.find('Your name', 'text').text == 'Mei'
    assert app.find('Address', 'text').text == server.address
    app.press('Join', 'button')
    enter(app, 'Mei')


@tests
def houses_are_remembered(things):
    servers = [things.server('--rooms', 'members') for _ in range(2)]
    noor = things.speaker(servers[1], 'Noor')
    noor.ask('opened', make='Tasting')
    things.join_rooms(servers[1], '梅子', 'Tasting')
    app = things.app(env=KEEP_SETTINGS)
    for server in servers:
        app.find('Your name', 'text').write('梅子')
        app.find('Address', 'text').write(server.address)
        app.press('Join', 'button')
        app.find(f'Message {server.address}', 'text')
        app.focus_window()
        app.press_keys('ctrl+l')
    app.find('Your name', 'text')
    app.focus_window('Join a Room')
    app.press_keys('ctrl+w')
    app.wait_gone('Your name', 'text')
    app.find(place('Tasting'), 'list item')
    app.focus_window()
    app.press_keys('ctrl+Next')
    app.find('Message Tasting', 'text')
    app.end()

    # All of them, in their order, and the room that was looked at last.
    app = things.app(env=KEEP_SETTINGS)
    app.find('Message Tasting', 'text')
    names = [widget.name for widget in app.walk() if widget.role == 'list item']
    rows = [name.partition(',')[0] for name in names
            if name.partition(',')[0] in (servers[0].address, servers[1].address, 'Tasting')]
    assert rows == [servers[0].address, servers[1].address, 'Tasting'], names
    assert app.look_for('Your name', 'text') is None

    # What was left is not come back to; of what does not answer that is said.
    app.focus_window()
    app.press_keys('ctrl+Next')
    app.find(f'Message {servers[0].address}', 'text')
    app.choose('Room Menu', 'Leave the House')
    app.press(re.compile('Leave$'), 'button')
    app.wait_gone(place(servers[0].address), 'list item')
    app.end()
    servers[1].kill()
    app = things.app(env=KEEP_SETTINGS)
    app.find(re.compile('^Nobody answers'), 'label')
    assert app.find('Address', 'text').text == servers[1].address
    things.server_again(servers[1])
    app.press('Try Again', 'button')
    app.find(place('Tasting'), 'list item')
    assert app.look_for(place(servers[0].address), 'list item') is None


@tests
def a_room_keeps_its_history_and_its_people(things):
    server = things.server()
    guest = things.member(server.port, 'Guest')
    # One's own lines do not come back: who listens tells that they have arrived.
    listener = things.member(server.port, 'Listener')
    for number in range(150):
        guest.say(f'line {number}')
        listener.wait_for_line(f'Guest ： line {number}')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    assert app.look_for('Not encrypted', 'image') is None
    app.find(message('Guest', 'line 149'))
    app.focus_window()

    # Rows are there or not as the list sees fit while it gets longer at its beginning. To look at
    # all of them takes longer than to go up a few pages.
    def scroll_up():
        app.press_keys(*['Prior'] * 8)
        return (app.look_for('There is nothing older')
                and app.look_for(message('Guest', 'line 0')))
    wait_for(scroll_up, 'the beginning of the room', 200)

    app.press_keys('ctrl+End')
    server.kill()
    say(app, 'Meanwhile')
    app.find('Waiting to be sent')
    things.server_again(server)
    app.wait_gone('Waiting to be sent')
    enter(app, 'Mei')
    app.find(message('You', 'Meanwhile'))
    assert app.look_for(re.compile('^Mei (joined|left)$'), 'label') is None


@tests
def another_key_stops_who_knew_the_first(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.end()
    server.end()

    other = things.server(port=server.port)
    app = things.app('--nick', 'Mei', other.address)
    app.find('This May Be Another Room', 'label')
    text = app.find(re.compile(re.escape(server.fingerprint)), 'label').name
    assert other.fingerprint in text, text
    app.press('Forget the Old Key…', 'button')
    app.press(re.compile('Forget and Join$'), 'button')
    enter(app, 'Mei')


def write_link(server, fingerprint):
    """The invitation to the room of a server that should have this key."""
    key = fingerprint.partition(':')[2].replace('+', '-').replace('/', '_')
    return f'teahouse://{server.address}/#{key}'


@tests
def a_link_tells_the_key(things):
    server = things.server()
    app = things.app('--nick', 'Mei', write_link(server, server.fingerprint),
                     env=LIBRARIES_LEAK)
    enter(app, 'Mei')
    app.end()

    # Never seen before, but not the one of the link: there is no way in.
    other = things.server()
    app = things.app('--nick', 'Mei', write_link(other, server.fingerprint),
                     env=LIBRARIES_LEAK)
    app.find('This Is Not the Room of the Link', 'label')
    text = app.find(re.compile(re.escape(server.fingerprint)), 'label').name
    assert other.fingerprint in text, text
    assert app.look_for(re.compile('^(Join Anyway|Forget the Old Key…)$')) is None

    # Nor is there one where nobody has a key at all.
    room = things.add(accessibility.ClassicServer())
    app = things.app('--nick', 'Mei', write_link(room, server.fingerprint),
                     env=LIBRARIES_LEAK)
    app.find('Try Again', 'button')
    assert app.look_for('Join Anyway') is None
    assert app.look_for('You are Mei') is None


@tests
def a_link_that_is_opened_only_suggests(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app()
    app.find('Your name', 'text')
    link = write_link(server, server.fingerprint)
    accessibility.open_uri(app, link)
    app.find('Address', 'text')

    def find_suggestion():
        return [widget for widget in app.walk() if widget.role == 'text'
                and widget.name == 'Address' and widget.text == link]
    wait_for(find_suggestion, 'the link to be suggested')
    assert 'entered the room' not in ' '.join(noor.receive())


@tests
def a_link_to_where_one_is_leads_there(things):
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    noor.ask('opened', make='Lounge')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    link = write_link(server, server.fingerprint)
    accessibility.open_uri(app, link)
    # To a room of the same house, and to one that it has not.
    accessibility.open_uri(app, link.replace('/#', '/lounge#'))
    app.find('Message Lounge', 'text')
    accessibility.open_uri(app, link.replace('/#', '/cellar#'))
    app.find('The server has no room of that name.', 'label')
    assert app.look_for('Your name', 'text') is None

    # Another key is another house.
    accessibility.open_uri(app, write_link(server, 'SHA256:' + 'A' * 43))
    app.find('Your name', 'text')


@tests
def rooms_are_in_the_list(things):
    things.keep(Desktop())
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    for room in ('Tasting', 'Garden'):
        noor.ask('opened', make=room)
    things.join_rooms(server, 'Mei', 'Tasting', 'Garden')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    for room in (server.address, 'Garden', 'Tasting'):
        app.find(place(room), 'list item')

    # What is new shows, and where it is is gone to by a key.
    noor.say('Cups?', room='Garden')
    app.find(place('Garden', '1 new', r'Noor: Cups\?'), 'list item')
    noor.say('@Mei tea?', room='Tasting')
    app.find(place('Tasting', '1 new', 'mentions you', r'Noor: @Mei tea\?'), 'list item')
    app.focus_window()
    app.press_keys('alt+Down')
    app.find('Message Tasting', 'text')
    app.find(f'{server.address} · You are Mei', 'label')
    app.find(place('Tasting', r'Noor: @Mei tea\?'), 'list item')
    say(app, 'Yes')
    noor.wait_for('message', text='Yes', author='Mei', room='Tasting')
    app.find(place('Tasting', 'You: Yes'), 'list item')
    app.find(place('Garden', '1 new'), 'list item')

    # What is begun stays with its room, also for the next program.
    write_message(app, 'With milk')
    app.press_keys('ctrl+Next')
    app.find('Message Garden', 'text')
    app.find(place('Garden', r'Noor: Cups\?'), 'list item')
    app.find(place('Tasting', 'Draft: With milk'), 'list item')
    app.press_keys('ctrl+Prior')
    composer = app.find('Message Tasting', 'text')
    wait_for(lambda: composer.text == 'With milk', 'what was begun')
    app.press_keys('ctrl+q')
    app.wait_for_end()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(place('Tasting', 'Draft: With milk'), 'list item')

    # Who leaves an open room is not asked.
    app.focus_window()
    app.press_keys('ctrl+Next')
    app.find('Message Tasting', 'text')
    app.choose('Room Menu', 'Leave the Room')
    noor.wait_for('left', author='Mei', room='Tasting')
    app.wait_gone(place('Tasting'), 'list item')
    app.find(f'Message {server.address}', 'text')


@tests
def a_room_is_made_and_somebody_invited(things):
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    app.press_keys('ctrl+shift+n')
    name = app.find('Name', 'text')
    create = app.find('Create', 'button')
    app.focus_window('New Room')
    name.write('no name')
    wait_for(lambda: not create.is_sensitive, 'a name to be refused')
    name.write('Kitchen')
    app.find('Topic', 'text').write('Who cooks')
    app.press_keys('alt+i')
    wait_for(lambda: app.find('Invited People', 'switch').is_checked, 'who is invited to come in')
    app.press('Create', 'button')
    app.find('Message Kitchen', 'text')
    app.find(place('Kitchen'), 'list item')

    app.focus_window()
    app.press_keys('ctrl+i')
    app.focus_window('Invite People')
    app.type_text('noo')
    app.press_keys('Return')
    app.find('Noor is invited', 'label')
    noor.wait_for('news', room='Kitchen')
    noor.ask('opened', open='Kitchen')
    say(app, 'Welcome')
    noor.wait_for('message', text='Welcome', room='Kitchen')

    # Who made it and leaves it is asked.
    app.choose('Room Menu', 'Leave the Room')
    app.find('Leave Kitchen?', 'label')
    app.press(re.compile('Leave$'), 'button')
    noor.wait_for('left', author='Mei', room='Kitchen')
    app.wait_gone(place('Kitchen'), 'list item')


@tests
def an_invitation_waits_for_an_answer(things):
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    for room in ('Kitchen', 'Cellar'):
        noor.ask('opened', make=room, closed=True)
        noor.do(invite='Mei', room=room)
        app.find(place(room, 'You are invited'), 'list item')
    app.find('Waiting for You', 'label')
    app.focus_window()
    for room, answer in (('Kitchen', 'Join'), ('Cellar', 'Decline')):
        app.press_keys('alt+Up')
        app.find(f'You Are Invited to {room}', 'heading')
        app.find('Invited people only', 'label')
        assert not [event for event in noor.known if event['kind'] == 'joined'
                    and event['author'] == 'Mei' and event['room'] == room]
        app.press(answer, 'button')
        app.wait_gone(f'You Are Invited to {room}', 'heading')
    noor.wait_for('joined', author='Mei', room='Kitchen')
    app.find(place('Kitchen'), 'list item')
    app.wait_gone(place('Cellar'), 'list item')
    app.find(f'Message {server.address}', 'text')
    app.wait_gone('Waiting for You', 'label')


@tests
def somebody_is_written_to_alone(things):
    things.keep(Desktop())
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find('Noor', 'list item')
    app.focus_window()
    app.press_keys('ctrl+n')
    app.focus_window('New Conversation')
    app.press_keys('Return')
    app.find('Message Noor', 'text')
    app.find(re.compile('^Only the two of you, and whoever runs'), 'label')
    say(app, 'Are you there?')
    pair = noor.wait_for('news')['room']
    noor.ask('opened', open=pair)
    app.press_keys('ctrl+Prior')
    app.find(f'Message {server.address}', 'text')
    noor.say('Yes', room=pair)
    app.find(place('Noor', '1 new', 'Yes'), 'list item')


@tests
def a_room_with_a_password_is_found(things):
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    noor.ask('opened', make='Cellar', password='oolong')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    app.press_keys('ctrl+k')
    app.find('Cellar', 'list item')
    app.focus_window('Find a Room or Person')
    app.type_text('cel')
    app.press_keys('Return')
    app.find('Password', 'text').write('lapsang')
    app.press(re.compile('Join$'), 'button')
    # Another dialog asks again.
    app.find('That is not the room’s password.', 'label')

    # Who guesses has to wait a little.
    def enter_again():
        password = app.look_for('Password', 'text')
        if password is not None and password.text == '':
            password.write('oolong')
            app.press(re.compile('Join$'), 'button')
        return app.look_for('Message Cellar', 'text')
    wait_for(enter_again, 'the room to be entered')
    noor.wait_for('joined', author='Mei', room='Cellar')


@tests
def a_narrow_window_shows_the_list_or_a_room(things):
    server = things.server('--rooms', 'members')
    noor = things.speaker(server, 'Noor')
    noor.ask('opened', make='Tasting')
    things.join_rooms(server, 'Mei', 'Tasting')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.find(place('Tasting'), 'list item')
    app.focus_window()
    accessibility.run_xdotool('getactivewindow', 'windowsize', '360', '600')
    app.find('Back to the list', 'button')
    noor.say('Tea?', room='Tasting')
    app.find('Back to the list, news in 1 room', 'button')
    app.press_keys('alt+Left')
    row = app.find(place(server.address), 'list item')
    wait_for(lambda: row.is_focused, 'the list to have the focus')
    app.press_keys('Down', 'Return')
    app.find('Message Tasting', 'text')
    app.find(message('Noor', 'Tea?'), 'list item')
    app.find('Back to the list', 'button')
    app.press_keys('alt+Left')
    app.find(place('Tasting', r'Noor: Tea\?'), 'list item')


@tests
def a_room_without_encryption_needs_a_word(things):
    room = things.add(accessibility.ClassicServer())
    app = things.app('--nick', 'Mei', room.address, env=KEEP_SETTINGS)
    app.find('This Room Is Not Private', 'label')
    app.focus_window('Join a Room')
    app.press('Join Anyway', 'button')
    enter(app, 'Mei')
    app.find('Not encrypted', 'image')
    app.end()

    # It was said for this room, and is remembered; not for another.
    app = things.app('--nick', 'Mei', room.address, env=KEEP_SETTINGS)
    enter(app, 'Mei')
    app.find('Not encrypted', 'image')
    app.end()
    other = things.add(accessibility.ClassicServer())
    app = things.app('--nick', 'Mei', other.address, env=KEEP_SETTINGS)
    app.find('This Room Is Not Private', 'label')
    app.end()

    # Once the room has learnt to encrypt, it is not entered without any more.
    room.end()
    server = things.server(port=room.port)
    app = things.app('--nick', 'Mei', server.address, env=KEEP_SETTINGS)
    enter(app, 'Mei')
    assert app.look_for('Not encrypted', 'image') is None
    app.end()
    server.end()
    things.add(accessibility.ClassicServer(room.port))
    app = things.app('--nick', 'Mei', room.address, env=KEEP_SETTINGS)
    app.find(re.compile('^(This Room Is Not Private|This May Be Another Room)$'), 'label')
    assert app.look_for('You are Mei', 'label') is None


@tests
def a_password_is_asked_for_in_place(things):
    hashed = subprocess.run([os.environ['TEAHOUSED'], '--hash-password'], input='oolong\n',
                            capture_output=True, text=True, check=True).stdout
    path = f'{things.folder.name}/hash'
    with open(path, 'w', opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(hashed)
    server = things.server('--password-file', path)
    app = things.app('--nick', 'Mei', server.address)
    app.find('Password', 'text')
    app.focus_window('Join a Room')
    app.type_text('lapsang')
    app.press_keys('Return')
    app.find('That is not the room’s password.', 'label')
    wait_for(lambda: app.find('Join', 'button').is_sensitive, 'the refusal')
    app.press_keys('ctrl+a')
    app.type_text('oolong')

    # Who guesses has to wait a little.
    def enter_again():
        app.press_keys('Return')
        return app.look_for('You are Mei', 'label')
    wait_for(enter_again, 'the room to be entered')

    # Who was let in is not asked again.
    leave_house(app, server.address)
    app.focus_window()
    app.press_keys('ctrl+l')
    app.press('Join', 'button')
    enter(app, 'Mei')


@tests
def a_server_that_sleeps_keeps_messages_waiting(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'Before')
    app.find(message('You', 'Before'))
    server.stop()
    say(app, 'Meanwhile')

    # At the same time: in a moment it will be waiting.
    def is_sending():
        seen = [(widget.role, widget.name) for widget in app.walk()]
        return ('label', 'Sending…') in seen and any(
            re.search('^You, .*, sending: Meanwhile$', name) for _, name in seen)
    wait_for(is_sending, 'the message to be sent')
    app.find('Waiting to be sent')
    app.find('Waiting', 'label')
    app.find(re.compile('^You, .*, waiting: Meanwhile$'))
    assert app.look_for('Sending…', 'label') is None
    server.go_on()
    app.wait_gone('Waiting to be sent')
    app.find(re.compile('^You, [^,]*: Meanwhile$'))


@tests
def a_message_that_cannot_be_kept_waits_and_goes_out_by_itself(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    server.fill_disk()
    say(app, 'One')
    app.find('Waiting', 'label')
    app.find(re.compile('^You, .*, waiting: One$'))
    server.make_room()
    noor.wait_for_line('Mei ： One')
    app.find(re.compile('^You, [^,]*: One$'))
    app.wait_gone('Waiting', 'label')


@tests
def a_gap_is_shown(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'Before')
    app.find(message('You', 'Before'))
    server.kill()

    # Where we do not hear it, more is said than is kept.
    elsewhere = things.server(folder=server.folder)
    guest = things.member(elsewhere.port, 'Guest')
    listener = things.member(elsewhere.port, 'Listener')
    for number in range(200):
        guest.say(f'line {number}')
        listener.wait_for_line(f'Guest ： line {number}')
    elsewhere.end()
    elsewhere = things.server('--retain-events', '100', folder=server.folder)
    wait_for(lambda: elsewhere.count_events() <= 100, 'what is old to be removed')
    elsewhere.end()
    things.server_again(server)
    # The longer the server was away, the longer it is until the next try.
    app.find(message('Guest', 'line 199'), timeout=90)
    app.focus_window()

    def scroll_up():
        app.press_keys('Prior')
        return app.look_for('Some messages may be missing here', 'label')
    wait_for(scroll_up, 'the gap', 200)


@tests
def one_room_is_hosted_at_a_time(things):
    app = things.app('--nick', 'Mei', '--host', env=LIBRARIES_LEAK)
    enter(app, 'Mei')
    say(app, 'Kept')
    app.find(message('You', 'Kept'))
    second = things.app('--nick', 'Noor', '--host', env=LIBRARIES_LEAK)
    second.find(re.compile('^Your room is open already, in another window'), 'label')

    app.end()
    second.press('Try Again', 'button')
    enter(second, 'Noor')
    second.find(message('Mei', 'Kept'))


@tests
def the_course_is_opened(things):
    folder = things.folder.name
    path = f'{folder}/share/teahouse/help/course.html'
    opened = f'{folder}/opened'
    os.makedirs(os.path.dirname(path))
    shutil.copy(os.path.join(os.environ['COURSE'], 'course.html'), path)
    # The desktop of somebody who has nothing to read pages with, and then has.
    app = things.app(env={
        **LIBRARIES_LEAK,
        'XDG_DATA_DIRS': f'{folder}/share:/usr/local/share:/usr/share',
        'XDG_CURRENT_DESKTOP': 'Test',
    })
    app.find('Your name', 'text')
    app.focus_window('Join a Room')
    accessibility.activate_action(app, 'app.help')
    app.find(f'No program can show this page: {path}', 'label')

    with open(f'{folder}/reader', 'w', opener=lambda *args: os.open(*args, 0o700)) as file:
        file.write(f'#!/bin/sh\necho "$1" >{opened}.$$\nmv {opened}.$$ {opened}\n')
    applications = f'{folder}/data/applications'
    os.makedirs(applications)
    with open(f'{applications}/reader.desktop', 'w') as file:
        file.write('[Desktop Entry]\nType=Application\nName=Reader\nMimeType=text/html;\n'
                   f'Exec={folder}/reader %f\n')
    with open(f'{applications}/mimeapps.list', 'w') as file:
        file.write('[Default Applications]\ntext/html=reader.desktop\n')

    # Until the program has noticed that there is one.
    def open_page():
        accessibility.activate_action(app, 'app.help')
        return os.path.exists(opened)
    wait_for(open_page, 'the page to be opened')
    with open(opened) as file:
        assert file.read() == f'{path}\n'


@tests
def f1_shows_the_keys(things):
    app = things.app()
    app.find('Your name', 'text')
    app.focus_window('Join a Room')
    app.press_keys('F1')
    app.focus_window('Keyboard Shortcuts')
    app.find('Go to the next part of the window', 'list item')
    # In a window of 360 pixels, too.
    accessibility.run_xdotool('getactivewindow', 'windowsize', '360', '600')
    wait_for(lambda: get_width() < 400, 'the window to be narrow')
    app.press_keys('Escape')
    wait_for(lambda: app.look_for('Go to the next part of the window') is None,
             'the window to be closed')


@tests
def what_gets_too_long_is_said_before_it_is_sent(things):
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    write_message(app, 'x' * 15000)
    send = app.find('Send', 'button')
    wait_for(lambda: send.is_sensitive, 'Send to be possible')
    assert app.look_for(re.compile('more character')) is None
    write_message(app, 'x' * 16380)
    app.find('4 more characters', 'label')
    assert send.is_sensitive
    write_message(app, '茶' * 5500)
    app.find('38 characters too long', 'label')
    wait_for(lambda: not send.is_sensitive, 'Send to be impossible')
    app.focus_window()
    app.press_keys('Return')
    write_message(app, 'Tea?')
    app.wait_gone(re.compile('characters too long'))
    app.press('Send', 'button')
    app.find(message('You', 'Tea?'))


@tests
def a_second_launch_comes_to_the_window(things):
    server = things.server()
    other = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')

    def launch(*arguments):
        again = accessibility.App(os.environ['TEAHOUSE'], *arguments, app_id=app.app_id)
        try:
            assert again.wait_for_end() == 0
        finally:
            again.end()
    # To another house, and back to where one is already.
    launch('--nick', 'Mei', other.address)
    app.find(f'Message {other.address}', 'text')
    launch('--nick', 'Mei', server.address)
    app.find(f'Message {server.address}', 'text')
    launch()
    assert app.look_for('Your name', 'text') is None
    frames = [widget.name for widget in app.walk() if widget.role == 'frame']
    assert frames == [server.address], frames
    for house in (server, other):
        app.find(place(house.address), 'list item')


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
            (('one', 'two'), 'Only one address'),
            (('--host', 'one'), 'give one of the two')]:
        result = run(*wrong)
        assert result.returncode == 2, wrong
        assert words in result.stderr, wrong


if __name__ == '__main__':
    sys.exit(accessibility.main(tests))
