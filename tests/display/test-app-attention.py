#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the desktop program does while nobody looks at it: notifications, the background.

TEAHOUSE and TEAHOUSED tell where the programs are.
"""

import re
import sys

import accessibility
from accessibility import enter, message, say, wait_for
from notifications import Desktop

tests = accessibility.Tests()


def look_elsewhere(things):
    """Gives the keyboard to another window, of another program."""
    other = things.app()
    other.find('Your name', 'text')
    other.focus_window('Join a Room')
    return other


@tests
def who_is_mentioned_is_notified(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    noor.say('@Mei, before you came')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    noor.say('@Mei while you look')
    app.find(message('Noor', '@Mei while you look'))

    look_elsewhere(things)
    noor.say('Not about you')
    noor.say('Tea, @Mei?')
    notification = desktop.find(app, f'Noor in {server.address}')
    assert notification.body == 'Tea, @Mei?', notification
    assert notification.priority == 'high', notification.priority
    assert len(desktop.list_titles(app)) == 1, desktop.history

    app.focus_window()
    desktop.wait_gone(app, notification.title)


@tests
def messages_are_bundled(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address,
                     env=things.settings(notify="'all'", notify_text=False))
    enter(app, 'Mei')
    look_elsewhere(things)
    noor.say('One')
    first = desktop.find(app, f'Noor in {server.address}')
    assert (first.body, first.priority) == (None, 'normal'), first
    for text in ('Two', 'Three', 'Four', 'Five'):
        noor.say(text)
    second = desktop.find(app, server.address)
    assert second.body == '5 new messages', second
    # The desktop may be told a little late of the first.
    assert second.time - first.time > 2.5, (first.time, second.time)
    assert len(desktop.list_titles(app)) == 2, desktop.history

    desktop.press(app, second, 'Mark as Read')
    desktop.wait_gone(app, server.address)


@tests
def nothing_is_notified_of_where_that_is_wanted(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address,
                     env=things.settings(notify="'nothing'"))
    enter(app, 'Mei')
    look_elsewhere(things)
    noor.say('Tea, @Mei?')
    app.find(message('Noor', 'Tea, @Mei?'))
    assert desktop.list_titles(app) == []


@tests
def private_messages_are_notified_from_the_first_on(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.speaker(server, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    look_elsewhere(things)
    room = noor.ask('opened', open='@Mei')['room']
    noor.say('Tea for two?', room=room)
    notification = desktop.find(app, 'Noor')
    assert notification.body == 'Tea for two?', notification
    assert notification.priority == 'high', notification.priority

    desktop.click(app, notification)
    app.focus_window()
    app.find('Message Noor', 'text')
    app.find(message('Noor', 'Tea for two?'))
    desktop.wait_gone(app, 'Noor')


@tests
def a_room_has_a_choice_of_its_own(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    settings = things.settings()
    app = things.app('--nick', 'Mei', server.address, env=settings)
    enter(app, 'Mei')
    app.focus_window()
    app.choose('Room Menu', 'Nothing')
    app.find(re.compile(f'^{server.address}(, .*)?, muted$'), 'list item')
    elsewhere = look_elsewhere(things)
    noor.say('Tea, @Mei?')
    app.find(message('Noor', 'Tea, @Mei?'))
    elsewhere.end()

    app.focus_window()
    app.choose('Room Menu', 'All Messages')
    wait_for(lambda: app.look_for(re.compile(', muted$'), 'list item') is None,
             'the room to be muted no more')
    look_elsewhere(things)
    noor.say('Cake is ready')
    notification = desktop.find(app, f'Noor in {server.address}')
    assert notification.body == 'Cake is ready', desktop.history
    assert len(desktop.list_titles(app)) == 1, desktop.history


@tests
def what_is_read_on_another_device_is_withdrawn(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    other = things.app('--nick', 'Mei', server.address)
    enter(other, 'Mei')
    elsewhere = look_elsewhere(things)
    noor.say('Tea, @Mei?')
    title = f'Noor in {server.address}'
    for device in (app, other):
        desktop.find(device, title)
    other.focus_window()
    for device in (app, other):
        desktop.wait_gone(device, title)
    assert not elsewhere.has_ended()


@tests
def who_closes_the_window_stays_in_the_room(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    say(app, 'I close the window')
    app.focus_window()
    app.press_keys('ctrl+w')
    desktop.find(app, 'Teahouse Keeps Listening')
    noor.say('Tea, @Mei?')
    notification = desktop.find(app, f'Noor in {server.address}')
    assert 'Mei left the room' not in noor.receive()

    # A click comes back, to what was not read.
    desktop.click(app, notification)
    app.focus_window()
    app.find('New messages', 'list item')
    app.find(message('Noor', 'Tea, @Mei?'))
    desktop.wait_gone(app, notification.title)
    desktop.wait_gone(app, 'Teahouse Keeps Listening')

    # That it listens is told once.
    app.press_keys('ctrl+w')
    noor.say('And cake, @Mei?')
    desktop.find(app, f'Noor in {server.address}')
    assert desktop.list_titles(app).count('Teahouse Keeps Listening') == 1

    # So does starting it once more.
    things.app(app_id=app.app_id).wait_for_end()
    app.focus_window()
    app.find(message('Noor', 'And cake, @Mei?'))
    app.press_keys('ctrl+w')
    noor.say('Cake is ready, @Mei!')
    desktop.find(app, f'Noor in {server.address}')
    desktop.press(app, desktop.history[0], 'Quit')
    noor.wait_for_line('Mei left the room')
    assert app.wait_for_end() == 0
    desktop.wait_gone(app, f'Noor in {server.address}')


@tests
def what_is_not_sent_is_asked_about_before_quitting_without_a_window(things):
    desktop = things.keep(Desktop())
    server = things.server()
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    server.stop()
    say(app, 'Not sent yet')
    app.find(re.compile('^Reconnecting'), 'label', timeout=60)
    app.focus_window()
    app.press_keys('ctrl+w')
    desktop.find(app, 'Teahouse Keeps Listening')
    desktop.press(app, desktop.history[0], 'Quit')
    app.find('1 Message Is Not Sent Yet', 'label')
    app.focus_window()
    app.press_keys('Return')
    app.wait_for_end()


@tests
def preferences_take_effect_at_once(things):
    desktop = things.keep(Desktop())
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.app('--nick', 'Mei', server.address)
    enter(app, 'Mei')
    app.focus_window()
    app.press_keys('ctrl+comma')
    app.focus_window('Preferences')
    for page, name in (('g', 'Keep Listening When the Window Is Closed'),
                       ('n', 'Show the Text of Messages')):
        # What is on another page does not move.
        app.press_keys(f'alt+{page}')
        app.press(name, 'switch')
        wait_for(lambda name=name: not app.find(name, 'switch').is_checked, 'the switch to be off')
    noor.say('Tea, @Mei?')
    notification = desktop.find(app, f'Noor in {server.address}')
    assert notification.body is None, notification
    app.press_keys('Escape')
    wait_for(lambda: app.look_for('Show the Text of Messages') is None,
             'the preferences to be closed')

    app.focus_window()
    app.press_keys('ctrl+w')
    noor.wait_for_line('Mei left the room')
    assert app.wait_for_end() == 0


if __name__ == '__main__':
    sys.exit(accessibility.main(tests))
