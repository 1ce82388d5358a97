#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes the pictures of the metainfo and the README from the real program.

    data/screenshots/take.py     after ./dev build

It needs Xvfb, metacity (which knows of shadows), xdotool and ImageMagick.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
PREFIX = ROOT / '_build/install'

sys.path.insert(0, str(ROOT / 'tests/display'))
import accessibility  # noqa: E402
from accessibility import wait_for  # noqa: E402

SIZES = {
    'room': (1100, 720),
    'room-dark': (1100, 720),
    'welcome': (1100, 720),
    'narrow': (360, 720),
}

PEOPLE = ('Noor', 'Aiko', 'LinWei', 'Tomás', '小明')

TALK = [
    ('Noor', 'Afternoon, everyone. The kettle in the big room works again. '
             'Who is in favour of moving the tasting there?'),
    ('Noor', 'Seating plan: https://wiki.example/seating'),
    ('Aiko', 'I am! Does the printer still need `lpadmin -d` after the update?'),
    ('LinWei', 'I bring this year’s Longjing and a little Silver Needle.'),
    ('Tomás', '🎉🍵'),
    ('小明', '我带了龙井，大家尝尝。'),
    ('Aiko', '@Mei could you bring the cups from the shelf? The ones with the blue rim.'),
]


def furnish(server, people):
    """Lets people make rooms, come and talk."""
    subprocess.run([os.environ['TEAHOUSECTL'], '--data-dir', server.folder.name, 'name-house',
                    'Jasmine', 'House'], check=True)
    for room in ('Tasting', 'Garden'):
        people['Noor'].ask('opened', make=room)
        for name in PEOPLE[1:]:
            people[name].ask('opened', open=room)
    people['LinWei'].say('The lilies need water', room='Garden')


def talk(app, people):
    for name, text in TALK:
        seq = people[name].say(text, room='Tasting')
        app.find(re.compile(re.escape(text)), 'list item')
        if name == 'LinWei':
            longjing = seq
    people['Noor'].ask('reacted', react='👍', to=seq, room='Tasting')
    people['LinWei'].ask('reacted', react='👍', to=seq, room='Tasting')
    people['Aiko'].do(say='Lovely. I look after the cups then.', reply=longjing, room='Tasting')
    people['Noor'].say('The kettle works again')
    people['Tomás'].say('@Mei is the gate open?', room='Garden')


def take(name):
    things = accessibility.Things()
    window_manager = accessibility.Process('metacity', '--sm-disable', '--compositor=xrender')
    try:
        # A window that was there before it would do without.
        time.sleep(1)
        accessibility.Bus.connect()
        maximized = things.settings(window_maximized=True)
        if name == 'welcome':
            app = things.app(env=maximized)
            app.find('Your name', 'text').write('Mei')
        else:
            server = things.server('--rooms', 'members')
            people = {person: things.speaker(server, person) for person in PEOPLE}
            furnish(server, people)
            things.join_rooms(server, 'Mei', 'Tasting', 'Garden')
            app = things.app('--nick', 'Mei', server.address, env=maximized)
            app.find('Jasmine House', 'label')
            app.focus_window()
            wait_for(lambda: go_to(app, 'Tasting'), 'the room')
            talk(app, people)
            composer = accessibility.write_message(app, 'On my way, two minutes.')
            app.press('Send', 'button')
            people['Noor'].wait_for('message', author='Mei', room='Tasting')
            wait_for(lambda: composer.text == '', 'the composer to be empty')
            pair = people['Aiko'].ask('opened', open='@Mei')['room']
            people['Aiko'].say('Did you find the blue ones?', room=pair)

        # The cursor stays out of it, and what moves comes to its end.
        accessibility.run_xdotool('mousemove', *map(str, SIZES[name]))
        time.sleep(2)
        subprocess.run(['import', '-window', 'root', '-strip', FOLDER / f'{name}.png'], check=True)
    finally:
        things.end()
        window_manager.end()


def go_to(app, room):
    if app.look_for(f'Message {room}', 'text') is not None:
        return True
    app.press_keys('ctrl+Next')
    time.sleep(0.3)
    return False


def main():
    if len(sys.argv) > 1:
        take(sys.argv[1])
        return

    for name, (width, height) in SIZES.items():
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            # As GNOME has it.
            gtk = pathlib.Path(home) / 'gtk-4.0/settings.ini'
            gtk.parent.mkdir()
            gtk.write_text('[Settings]\n'
                           'gtk-font-name=Cantarell 11\n'
                           'gtk-decoration-layout=appmenu:close\n')
            env = {
                **os.environ,
                'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark' if name == 'room-dark' else 'default',
                'GSETTINGS_BACKEND': 'keyfile',
                'GSETTINGS_SCHEMA_DIR': str(PREFIX / 'share/glib-2.0/schemas'),
                'GSK_RENDERER': 'cairo',
                'HOME': home,
                'LC_ALL': 'C.UTF-8',
                'TEAHOUSE': str(PREFIX / 'bin/teahouse'),
                'TEAHOUSED': str(PREFIX / 'bin/teahoused'),
                'TEAHOUSECTL': str(PREFIX / 'bin/teahousectl'),
                'TEAHOUSE_CLI': str(PREFIX / 'bin/teahouse-cli'),
                'XDG_CONFIG_DIRS': home,
                'XDG_RUNTIME_DIR': home,
            }
            subprocess.run(['xvfb-run', '--auto-servernum', '--server-args',
                            f'-screen 0 {width}x{height}x24', 'dbus-run-session', '--',
                            sys.executable, __file__, name], check=True, env=env)


if __name__ == '__main__':
    main()
