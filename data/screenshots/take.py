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

SIZES = {
    'room': (1100, 720),
    'room-dark': (1100, 720),
    'welcome': (1100, 720),
    'narrow': (360, 720),
}

TALK = [
    ('Noor', 'Good evening, everyone. The kettle in the big room works again. '
             'Who is in favour of moving the tasting there?'),
    ('Noor', 'Seating plan: https://wiki.example/seating'),
    ('Aiko', 'I am! Does the printer still need `lpadmin -d` after the update?'),
    ('Mei', 'Only once. After that a plain `lp` does it.'),
    ('Tomás', '🎉🍵'),
    ('小明', '我带了龙井，大家尝尝。'),
    ('Aiko', '@Mei could you bring the cups from the shelf? The ones with the blue rim.'),
    ('Mei', 'On my way, two minutes.'),
]


def take(name):
    things = accessibility.Things()
    window_manager = accessibility.Process('metacity', '--sm-disable', '--compositor=xrender')
    try:
        # A window that was there before it would do without.
        time.sleep(1)
        accessibility.Bus.connect()
        arguments = [] if name == 'welcome' else ['--nick', 'Mei', '--host']
        app = things.app(*arguments)

        if name == 'welcome':
            app.find('Your name', 'text').write('Mei')
        else:
            app.find('Mei’s Room', 'label')
            port = accessibility.find_server_port(app.process.pid)
            members = {person: things.member(port, person)
                       for person in ('Noor', 'Aiko', 'Sam', 'Tomás', '小明')}
            for person, text in TALK:
                if person == 'Mei':
                    app.find(re.compile('^Message '), 'text').write(text)
                    app.press('Send', 'button')
                    members['Noor'].wait_for_line(f'Mei ： {text}')
                else:
                    members[person].say(text)
                    app.find(re.compile(f': {re.escape(text)}$'))
            members['Sam'].send('E Sam')
            app.find(re.compile('Sam left'))
        if name == 'narrow':
            app.focus_window()
            app.press_keys('F9')

        # The cursor stays out of it, and what moves comes to its end.
        accessibility.run_xdotool('mousemove', *map(str, SIZES[name]))
        time.sleep(2)
        subprocess.run(['import', '-window', 'root', '-strip', FOLDER / f'{name}.png'], check=True)
    finally:
        things.end()
        window_manager.end()


def main():
    if len(sys.argv) > 1:
        take(sys.argv[1])
        return

    for name, (width, height) in SIZES.items():
        with tempfile.TemporaryDirectory() as home:
            settings = pathlib.Path(home) / 'glib-2.0/settings/keyfile'
            settings.parent.mkdir(parents=True)
            settings.write_text('[io/github/teahousechat/Teahouse]\nwindow-maximized=true\n')
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
                'XDG_CONFIG_HOME': home,
                'XDG_RUNTIME_DIR': home,
            }
            subprocess.run(['xvfb-run', '--auto-servernum', '--server-args',
                            f'-screen 0 {width}x{height}x24', 'dbus-run-session', '--',
                            sys.executable, __file__, name], check=True, env=env)


if __name__ == '__main__':
    main()
