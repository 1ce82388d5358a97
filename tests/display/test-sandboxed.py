#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The installed Flatpak, used through the accessibility bus from outside.

TEAHOUSED tells where a server is that is not in the sandbox. TEAHOUSE_SCREENSHOTS may name
a folder for pictures of what was seen.
"""

import os
import re
import signal
import subprocess
import sys
import time

import accessibility

APPLICATION_ID = os.environ.get('TEAHOUSE_FLATPAK', accessibility.APPLICATION_ID)

tests = accessibility.Tests()


class Sandboxed(accessibility.App):
    """The Flatpak. What speaks on the bus for it is the proxy of its sandbox."""

    def __init__(self, *arguments):
        # Pictures are of the end of what moves.
        settings = os.path.expanduser(f'~/.var/app/{APPLICATION_ID}/config/gtk-4.0/settings.ini')
        os.makedirs(os.path.dirname(settings), exist_ok=True)
        with open(settings, 'w') as file:
            file.write('[Settings]\ngtk-enable-animations=false\n')

        accessibility.Process.__init__(
            self, 'flatpak', 'run', '--user', '--env=G_DEBUG=fatal-criticals',
            '--env=GTK_A11Y=atspi', APPLICATION_ID, *arguments, name='teahouse')

    def end(self):
        # The sandbox does not pass signals on.
        pid = self.find_program()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            self.wait_for_end()
        super().end()

    def find_program(self):
        """The process of the program itself, inside the sandbox."""
        if self.has_ended():
            return None
        for pid in self._list_processes(self.process.pid):
            if self._read(pid, 'comm') == 'teahouse\n':
                return pid
        return None

    def _list_processes(self, pid):
        yield pid
        for child in self._read(pid, f'task/{pid}/children').split():
            yield from self._list_processes(int(child))

    @staticmethod
    def _read(pid, name):
        try:
            with open(f'/proc/{pid}/{name}') as file:
                return file.read()
        except (FileNotFoundError, ProcessLookupError):
            # It ended meanwhile.
            return ''

    def walk(self):
        registry = accessibility.Widget('org.a11y.atspi.Registry',
                                        '/org/a11y/atspi/accessible/root')
        for application in registry.children:
            yield from self._walk(application)

    def take_picture(self, name):
        """Takes a picture of the display, and fails if there is hardly anything on it."""
        folder = os.environ.get('TEAHOUSE_SCREENSHOTS')
        if folder is None:
            return
        time.sleep(0.5)
        path = os.path.join(folder, f'{name}.png')
        subprocess.run(['import', '-window', 'root', path], check=True)
        colours = int(subprocess.run(['identify', '-format', '%k', path], check=True,
                                     capture_output=True, text=True).stdout)
        if colours < 50:
            raise accessibility.Failure(f'{path} has {colours} colours')


def message(author, text):
    return re.compile(rf'^{author}, [\d:]+: {re.escape(text)}$')


@tests
def a_room_on_this_computer_is_joined(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    app = things.add(Sandboxed())
    app.find('Your name', 'text').write('Mei')
    app.find('Address', 'text').write(server.address)
    app.take_picture('welcome')
    app.press('Join', 'button')
    noor.wait_for_line('Mei entered the room')
    app.find('You are Mei', 'label')

    composer = app.find(re.compile('^Message '), 'text')
    composer.write('Is the tea ready?')
    app.press('Send', 'button')
    noor.wait_for_line('Mei ： Is the tea ready?')
    noor.say('Nearly. 茶快好了 🍵')
    app.find(message('Noor', 'Nearly. 茶快好了 🍵'))
    app.take_picture('room')

    accessibility.leave_house(app, server.address)
    noor.wait_for_line('Mei left the room')


@tests
def a_room_is_hosted(things):
    app = things.add(Sandboxed('--nick', 'Mei', '--host'))
    app.find('Mei’s Room', 'label')
    guest = things.member(accessibility.find_server_port(app.find_program()), 'Guest')
    app.find('Guest joined', 'label')
    guest.say('Thank you')
    app.find(message('Guest', 'Thank you'))
    app.take_picture('hosted')


@tests
def the_other_programs_are_there(things):
    server = things.server()
    noor = things.member(server.port, 'Noor')
    inside = subprocess.run(
        ['flatpak', 'run', '--user', '--command=teahouse-cli', APPLICATION_ID, '--nick', 'Mei',
         server.address], input='Hello\n', capture_output=True, text=True,
        timeout=accessibility.TIMEOUT)
    assert inside.returncode == 0, inside.stderr
    noor.wait_for_line('Mei ： Hello')
    noor.wait_for_line('Mei left the room')

    version = subprocess.run(['flatpak', 'run', '--user', '--command=teahoused', APPLICATION_ID,
                              '--version'], check=True, capture_output=True, text=True).stdout
    assert version.startswith('teahoused '), version


if __name__ == '__main__':
    sys.exit(accessibility.main(tests))
