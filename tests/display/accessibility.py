# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drives the desktop program as an assistive technology does, and runs such tests.

An App is a running program; what can be seen in it is found by role and name on the
accessibility bus, and used through its actions and editable texts. Where keys matter,
xdotool presses real ones. All waiting is for a condition, with an end.

It speaks the protocol of AT-SPI itself (at-spi2-core's xml/*.xml): libatspi keeps a cache
that does not survive programs that come and go as they do here.
"""

import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / 'support'))
from ports import find_port  # noqa: E402

try:
    from gi.repository import Gio, GLib
except ImportError:
    Gio = None

TIMEOUT = 20
APPLICATION_ID = 'io.github.teahousechat.Teahouse'

# The roles and states of atspi-constants.h that matter here.
ROLES = {
    # GTK 4.8 does not tell one from a check box.
    7: 'switch',
    # One of a choice, which GTK 4.8 does not tell from others.
    8: 'menu item',
    16: 'dialog',
    23: 'frame',
    27: 'image',
    29: 'label',
    31: 'list',
    32: 'list item',
    35: 'menu item',
    39: 'panel',
    # One for a password, which GTK 4.8 does not tell from others.
    40: 'text',
    43: 'button',
    # One of a choice again.
    44: 'switch',
    45: 'menu item',
    61: 'text',
    # A toggle button, which GTK 4.8 does not tell from a button.
    62: 'button',
    83: 'heading',
    130: 'switch',
}
LABELLED_BY = 2
CHECKED = 4
FOCUSED = 12
PRESSED = 20
SENSITIVE = 24


# Keys that newer keymaps have in more than one place, where xdotool finds the wrong one.
KEY_CODES = {'F1': '67', 'F2': '68', 'F6': '72', 'F9': '75'}

# What newer libraries say of themselves, whatever a program does.
KNOWN_WARNINGS = (
    # AdwMessageDialog of libadwaita 1.7, in GTK 4.18.
    'Trying to measure GtkLabel ',
    # GDK 4.24 on X11, when a popover closes.
    'gdk_frame_timings_submitted() called on submitted frame',
    # The spinner of GTK 4.24.
    'gtk_svg_advance: time went backward',
)


class Failure(Exception):
    pass


def wait_for(condition, what, timeout=TIMEOUT):
    """Waits until the condition returns something true, and returns that."""
    deadline = time.monotonic() + timeout
    context = GLib.MainContext.default()
    while True:
        while context.iteration(False):
            pass
        try:
            value = condition()
        except GLib.Error:
            # What was looked at went away meanwhile.
            value = None
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f'waited {timeout} s in vain for {what}')
        time.sleep(0.05)


def run_xdotool(*arguments):
    subprocess.run(['xdotool', *arguments], check=True, timeout=TIMEOUT,
                   stdout=subprocess.DEVNULL)


def has_window_manager():
    return subprocess.run(['xdotool', 'get_num_desktops'], timeout=TIMEOUT,
                          capture_output=True).returncode == 0


class Process:
    """A program that ends with its test."""

    def __init__(self, *command, name=None, env=None, prepare=None, **kwargs):
        self.name = name or os.path.basename(command[0])
        self.expected = 0
        self.log = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen(command, env=env, stderr=self.log, text=True,
                                        preexec_fn=prepare,
                                        stdin=kwargs.get('stdin', subprocess.DEVNULL),
                                        stdout=kwargs.get('stdout', self.log))

    def read_log(self):
        self.log.seek(0)
        return self.log.read()

    def has_ended(self):
        return self.process.poll() is not None

    def wait_for_end(self, timeout=TIMEOUT):
        return self.process.wait(timeout)

    def kill(self):
        self.expected = -signal.SIGKILL
        self.process.kill()
        self.process.wait()

    def end(self):
        if not self.has_ended():
            self.process.terminate()
            try:
                self.process.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class Server(Process):
    """A teahoused on loopback, with a key and a log of its own or of an earlier one."""

    @staticmethod
    def _prepare():
        # A full disk is an error, not a signal.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def __init__(self, program, *arguments, port=None, folder=None):
        self.folder = folder or tempfile.TemporaryDirectory()
        super().__init__(program, '--address', '127.0.0.1', '--port', str(port or find_port()),
                         '--data-dir', self.folder.name, *arguments, stdout=subprocess.PIPE,
                         prepare=self._prepare)
        line = self.process.stdout.readline()
        match = re.fullmatch(r'Listening on udp://127\.0\.0\.1:(\d+) fingerprint (\S+)\n', line)
        if match is None:
            self.end()
            raise Failure(f'teahoused said {line!r}, and {self.read_log()!r}')
        self.port = int(match[1])
        self.address = f'127.0.0.1:{self.port}'
        self.fingerprint = match[2]

    def fill_disk(self):
        """Lets files grow no more, as if the disk was full."""
        self._limit_files(1)

    def make_room(self):
        self._limit_files(resource.RLIM_INFINITY)

    def _limit_files(self, size):
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def count_events(self):
        """Counts what its log holds."""
        with contextlib.closing(sqlite3.connect(f'{self.folder.name}/room.db')) as log:
            return log.execute('SELECT count(*) FROM record').fetchone()[0]

    def stop(self):
        """Stops it as a computer that sleeps does."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        if not self.has_ended():
            self.go_on()
        super().end()


class ClassicServer(Process):
    """A server that knows the classic protocol only, as most from the lesson do."""

    PROGRAM = """
import socket, sys
room = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
room.bind(("127.0.0.1", int(sys.argv[1])))
print(room.getsockname()[1], flush=True)
while True:
    request, address = room.recvfrom(65536)
    room.sendto({b"L": b"Y", b"E": b"EXIT"}.get(request[:1], b"N Huh?"), address)
"""

    def __init__(self, port=None):
        super().__init__(sys.executable, '-c', self.PROGRAM, str(port or find_port()),
                         name='classic server', stdout=subprocess.PIPE)
        self.expected = -signal.SIGTERM
        self.port = int(self.process.stdout.readline())
        self.address = f'127.0.0.1:{self.port}'


class Member:
    """Somebody with ten lines of their own: the classic protocol on a bare socket."""

    def __init__(self, port, name):
        self.name = name
        self.lines = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(('127.0.0.1', port))
        self.socket.setblocking(False)
        self.send(f'L {name}')
        wait_for(lambda: 'Y' in self.receive(), f'the server to let {name} in')

    def send(self, request):
        self.socket.send(request.encode())

    def say(self, text):
        self.send(f'C {self.name} {text}')

    def receive(self):
        while True:
            try:
                self.lines.append(self.socket.recv(65536).decode())
            except BlockingIOError:
                return self.lines

    def wait_for_line(self, line):
        wait_for(lambda: line in self.receive(), f'{self.name} to read {line!r}')

    def close(self):
        self.socket.close()


class Speaker(Process):
    """Somebody with a terminal client, who is told, and does, what a program can."""

    def __init__(self, program, address, name, folder, identity=None):
        super().__init__(program, '--json', '--nick', name,
                         '--identity', identity or f'{folder}/key-{name}', address,
                         name=f'teahouse-cli of {name}', stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, env={
                             **os.environ,
                             'XDG_CONFIG_HOME': f'{folder}/{name}',
                             'XDG_DATA_HOME': f'{folder}/{name}',
                         })
        self.who = name
        self.known = []
        self.rest = b''
        os.set_blocking(self.process.stdout.fileno(), False)
        self.wait_for('joined', author=name)

    def do(self, **command):
        self.process.stdin.write(json.dumps(command) + '\n')
        self.process.stdin.flush()

    def _read(self):
        with contextlib.suppress(BlockingIOError):
            self.rest += os.read(self.process.stdout.fileno(), 1 << 20)
        *lines, self.rest = self.rest.split(b'\n')
        self.known += [json.loads(line) for line in lines]
        return self.known

    def wait_for(self, kind, **facts):
        """Waits to be told of something, and returns that."""
        def look():
            for event in self._read():
                if event['kind'] == kind and facts.items() <= event.items():
                    return event
            return None
        return wait_for(look, f'{self.who} to be told of {kind} with {facts}')

    def ask(self, answer, **command):
        """Does something, and returns the answer, which has to be of that kind."""
        n_known = len(self._read())
        self.do(**command)
        event = wait_for(lambda: next((event for event in self._read()[n_known:]
                                       if event['kind'] in (answer, 'error')), None),
                         f'{self.who} to be answered')
        if event['kind'] != answer:
            raise Failure(f'{self.who} was answered {event}')
        return event

    def say(self, text, **command):
        """Says something, and returns its number once everybody knows it."""
        self.do(say=text, **command)
        return self.wait_for('message', text=text, state='delivered')['seq']


class Bus:
    """The accessibility bus."""

    connection = None

    @classmethod
    def connect(cls):
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        reply = session.call_sync('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress',
                                  None, GLib.VariantType('(s)'), Gio.DBusCallFlags.NONE,
                                  TIMEOUT * 1000)
        cls.connection = Gio.DBusConnection.new_for_address_sync(
            reply.unpack()[0],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)

    @classmethod
    def call(cls, name, path, interface, method, arguments=None):
        return cls.connection.call_sync(name, path, interface, method, arguments, None,
                                        Gio.DBusCallFlags.NONE, TIMEOUT * 1000).unpack()


class Widget:
    """Something in a window, as an assistive technology sees it."""

    def __init__(self, bus_name, path):
        self.bus_name = bus_name
        self.path = path

    def _call(self, interface, method, arguments=None):
        return Bus.call(self.bus_name, self.path, f'org.a11y.atspi.{interface}', method, arguments)

    @property
    def children(self):
        return [Widget(*child) for child in self._call('Accessible', 'GetChildren')[0]]

    def _get(self, interface, property_name):
        return Bus.call(self.bus_name, self.path, 'org.freedesktop.DBus.Properties', 'Get',
                        GLib.Variant('(ss)', (f'org.a11y.atspi.{interface}', property_name)))[0]

    @property
    def name(self):
        return self._get('Accessible', 'Name')

    @property
    def label(self):
        """What it is called by something else, as an item of a menu is where GTK is newer."""
        for relation, targets in self._call('Accessible', 'GetRelationSet')[0]:
            if relation == LABELLED_BY:
                return Widget(*targets[0]).text
        return ''

    @property
    def role(self):
        role = self._call('Accessible', 'GetRole')[0]
        return ROLES.get(role, str(role))

    @property
    def text(self):
        # -1 for the end would do, were it not for the entries of GTK 4.8.
        length = self._get('Text', 'CharacterCount')
        return self._call('Text', 'GetText', GLib.Variant('(ii)', (0, length)))[0]

    def _is(self, state):
        low, high = self._call('Accessible', 'GetState')[0]
        return bool((low | high << 32) >> state & 1)

    @property
    def is_sensitive(self):
        return self._is(SENSITIVE)

    @property
    def is_pressed(self):
        return self._is(PRESSED)

    @property
    def is_checked(self):
        return self._is(CHECKED)

    @property
    def is_focused(self):
        return self._is(FOCUSED)

    @property
    def selection(self):
        start, end = self._call('Text', 'GetSelection', GLib.Variant('(i)', (0,)))
        return self.text[start:end] if end > start else ''

    def write(self, text):
        if not self._call('EditableText', 'SetTextContents', GLib.Variant('(s)', (text,)))[0]:
            raise Failure(f'could not write into “{self.name}”')

    def press(self):
        """Presses it, and tells whether that was possible."""
        return self._call('Action', 'DoAction', GLib.Variant('(i)', (0,)))[0]


class App(Process):
    """The desktop program. Its warnings fail the test."""

    n_started = 0

    def __init__(self, program, *arguments, env=None, app_id=None):
        # An identifier of its own makes it a program of its own; with the same one, a
        # window opens in the first.
        App.n_started += 1
        self.app_id = app_id or f'{APPLICATION_ID}.Test{App.n_started}'
        super().__init__(program, f'--gapplication-app-id={self.app_id}', *arguments, env={
            **os.environ,
            'G_DEBUG': 'fatal-criticals',
            'GTK_A11Y': 'atspi',
            **(env or {}),
        })

    def list_warnings(self):
        return [line for line in self.read_log().splitlines() if '-WARNING **:' in line
                and not any(known in line for known in KNOWN_WARNINGS)]

    def _walk(self, widget):
        yield widget
        for child in widget.children:
            yield from self._walk(child)

    def walk(self):
        registry = Widget('org.a11y.atspi.Registry', '/org/a11y/atspi/accessible/root')
        for application in registry.children:
            pid = Bus.call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus',
                           'GetConnectionUnixProcessID',
                           GLib.Variant('(s)', (application.bus_name,)))[0]
            if pid == self.process.pid:
                yield from self._walk(application)

    def dump(self):
        """Describes what is there, for the log of a test that failed."""
        try:
            return [f'{widget.role} “{widget.name}”'
                    + (f': “{widget.text}”' if widget.role == 'text' else '')
                    for widget in self.walk() if widget.name and widget.role in ROLES.values()]
        except GLib.Error as error:
            return [error.message]

    def _look_for(self, name, role):
        for widget in self.walk():
            actual = widget.name
            if not actual and role == widget.role == 'menu item':
                actual = widget.label
            fits = name.search(actual) if isinstance(name, re.Pattern) else name == actual
            if fits and role in (None, widget.role):
                return widget
        return None

    def look_for(self, name, role=None):
        """Finds what is called so, or like so if the name is a pattern; or nothing."""
        for _ in range(9):
            try:
                return self._look_for(name, role)
            except GLib.Error:
                # Something went away while it was looked at.
                pass
        return self._look_for(name, role)

    def find(self, name, role=None, timeout=TIMEOUT):
        def look():
            if self.has_ended():
                raise Failure('the program ended')
            return self.look_for(name, role)
        return wait_for(look, f'“{getattr(name, "pattern", name)}” to show', timeout)

    def wait_gone(self, name, role=None):
        wait_for(lambda: self.look_for(name, role) is None, f'“{name}” to go away')

    def press(self, name, role=None):
        def press():
            widget = self.find(name, role)
            # It may become insensitive, or go away, between the two.
            return widget.is_sensitive and widget.press()
        wait_for(press, f'“{name}” to become sensitive')

    def choose(self, menu, name):
        """Opens the menu of a button, and chooses what is called so in it."""
        def open_menu():
            # The button that it is made of is in it, and has its name.
            buttons = [widget for widget in self.walk() if widget.name == menu]
            return buttons and buttons[-1].press()
        wait_for(open_menu, f'the menu “{menu}”')
        self.press(name, 'menu item')

    def focus_window(self, title=None):
        """Gives the keyboard to the window of that title, or to the window or a dialog
        before it."""
        pid = str(self.process.pid)

        def is_active():
            active = subprocess.run(['xdotool', 'getactivewindow', 'getwindowpid'], timeout=TIMEOUT,
                                    capture_output=True, text=True)
            if active.stdout.strip() != pid:
                return False
            name = subprocess.run(['xdotool', 'getactivewindow', 'getwindowname'],
                                  timeout=TIMEOUT, capture_output=True, text=True)
            return title in (None, name.stdout.strip())

        def activate():
            if not is_active():
                # It fails as long as there is no window yet.
                subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', pid,
                                '--name', title or '.+', 'windowactivate', '%@'],
                               timeout=TIMEOUT, stdout=subprocess.DEVNULL)
            return is_active()

        wait_for(activate, 'the window to become active')

    def type_text(self, text):
        run_xdotool('type', '--delay', '5', '--clearmodifiers', text)

    def press_keys(self, *keys):
        def find_codes(combination):
            return '+'.join(KEY_CODES.get(key, key) for key in combination.split('+'))
        run_xdotool('key', '--delay', '5', '--clearmodifiers', *map(find_codes, keys))


class Tests:
    """Runs functions as tests and prints what they did in TAP."""

    def __init__(self):
        self.tests = []

    def __call__(self, function):
        self.tests.append(function)
        return function

    def run(self, arguments=()):
        """Runs the tests of these names, or all; "2/3" are those of the second of three parts."""
        chosen = self.tests
        if len(arguments) == 1 and '/' in arguments[0]:
            part, n_parts = map(int, arguments[0].split('/'))
            chosen = chosen[part - 1::n_parts]
        elif arguments:
            chosen = [test for test in chosen if test.__name__ in arguments]
        n_failed = 0
        print(f'1..{len(chosen)}', flush=True)
        for number, test in enumerate(chosen, 1):
            things = Things()
            started = time.monotonic()
            name = test.__name__.replace('_', ' ')
            try:
                test(things)
                things.end()
                things.check()
                print(f'# {time.monotonic() - started:.1f} s')
                print(f'ok {number} {name}', flush=True)
            except Exception:
                n_failed += 1
                # To standard error, which whoever runs the tests is shown.
                print(f'{number} {name}: {traceback.format_exc()}', *things.describe(), sep='\n',
                      file=sys.stderr, flush=True)
                print(f'not ok {number} {name}', flush=True)
            finally:
                things.end()
        return 1 if n_failed > 0 else 0


class Things:
    """What a test has started; all of it ends with the test."""

    def __init__(self):
        self.started = []
        self.members = []
        self.folder = tempfile.TemporaryDirectory()

    def add(self, process):
        self.started.append(process)
        return process

    def app(self, *arguments, env=None, **kwargs):
        """A program of somebody whose keys, rooms and settings are known to this test only."""
        return self.add(App(os.environ['TEAHOUSE'], *arguments, env={
            'XDG_CONFIG_HOME': f'{self.folder.name}/config',
            'XDG_DATA_HOME': f'{self.folder.name}/data',
            **(env or {}),
        }, **kwargs))

    def server(self, *arguments, **kwargs):
        return self.add(Server(os.environ['TEAHOUSED'], *arguments, **kwargs))

    def server_again(self, server, *arguments):
        """The room of a server that has ended, opened again."""
        return self.server(*arguments, port=server.port, folder=server.folder)

    def join_rooms(self, server, name, *rooms):
        """Makes whom the program is a member of rooms, before it is started."""
        identity = f'{self.folder.name}/data/teahouse/identity.pem'
        os.makedirs(os.path.dirname(identity), mode=0o700, exist_ok=True)
        speaker = self.add(Speaker(os.environ['TEAHOUSE_CLI'], server.address, name,
                                   self.folder.name, identity))
        for room in rooms:
            speaker.ask('opened', open=room)
        speaker.process.stdin.close()
        speaker.wait_for_end()

    def member(self, port, name):
        member = Member(port, name)
        self.members.append(member)
        return member

    def keep(self, thing):
        """Whatever is to be closed with the test."""
        self.members.append(thing)
        return thing

    def settings(self, **settings):
        """The environment of a program with these settings, as GVariant writes them."""
        folder = f'{self.folder.name}/config/glib-2.0/settings'
        os.makedirs(folder, exist_ok=True)
        with open(f'{folder}/keyfile', 'w') as file:
            file.write(f'[{APPLICATION_ID.replace(".", "/")}]\n')
            for key, value in settings.items():
                file.write(f'{key.replace("_", "-")}={str(value).lower()}\n')
        return {'GSETTINGS_BACKEND': 'keyfile'}

    def speaker(self, server, name):
        return self.add(Speaker(os.environ['TEAHOUSE_CLI'], server.address, name,
                                self.folder.name))

    def check(self):
        """Fails for whatever did not end as it should: also what found leaks at its end."""
        for process in self.started:
            if process.process.returncode != process.expected:
                raise Failure(f'{process.name} ended with {process.process.returncode}')
            if isinstance(process, App) and process.list_warnings():
                raise Failure(f'{process.name} warned: {process.list_warnings()}')

    def describe(self):
        for process in self.started:
            yield f'{process.name}: {process.process.poll()}'
            yield from process.read_log().splitlines()
            if isinstance(process, App) and not process.has_ended():
                yield from process.dump()

    def end(self):
        for member in self.members:
            member.close()
        for process in reversed(self.started):
            process.end()


def enter(app, name):
    """Waits until the program shows the room from inside."""
    app.find(f'You are {name}', 'label')


def leave_house(app, name):
    """Leaves the house whose hall is shown, the only one."""
    app.choose('Room Menu', 'Leave the House')
    app.find(f'Leave {name}?', 'label')
    app.press(re.compile('Leave$'), 'button')
    app.find('Welcome to the Teahouse', 'label')


def message(author, text):
    """How the line of a message is called, once it is in the room."""
    return re.compile(rf'^{author}, [\d:]+(, mentions you)?: {re.escape(text)}$')


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


def list_server_ports(pid):
    """Lists the UDP ports a process listens on: its sockets that are bound, not connected."""
    inodes = set()
    for entry in os.scandir(f'/proc/{pid}/fd'):
        try:
            inodes.add(os.readlink(entry.path))
        except FileNotFoundError:
            pass

    ports = set()
    for table in ('/proc/net/udp', '/proc/net/udp6'):
        with open(table) as lines:
            for line in list(lines)[1:]:
                fields = line.split()
                if fields[2].endswith(':0000') and f'socket:[{fields[9]}]' in inodes:
                    ports.add(int(fields[1].rpartition(':')[2], 16))
    return sorted(ports)


def find_server_port(pid):
    return wait_for(lambda: list_server_ports(pid), 'the program to listen')[0]


def open_uri(app, uri):
    """Opens a link with a program that runs, as the desktop does."""
    Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        app.app_id, '/' + app.app_id.replace('.', '/'), 'org.freedesktop.Application', 'Open',
        GLib.Variant('(asa{sv})', ([uri], {})), None, Gio.DBusCallFlags.NONE, TIMEOUT * 1000)


def activate_action(app, action, target=None):
    """Activates an action of a program that runs, as the desktop does."""
    parameter = [] if target is None else [GLib.Variant('s', target)]
    Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        app.app_id, '/' + app.app_id.replace('.', '/'), 'org.freedesktop.Application',
        'ActivateAction',
        GLib.Variant('(sava{sv})', (action.removeprefix('app.'), parameter, {})), None,
        Gio.DBusCallFlags.NONE, TIMEOUT * 1000)


def skip(reason):
    """Ends without having tested anything; where tests must not be left out, fails."""
    if os.environ.get('CI'):
        sys.exit(f'{reason}, and nothing may be left out here')
    print(f'1..0 # SKIP {reason}')
    sys.exit(0)


def main(tests):
    """Runs the tests on the display and session bus that are there."""
    if Gio is None:
        skip('PyGObject is not installed')
    for program in ('openbox', 'xdotool'):
        if shutil.which(program) is None:
            skip(f'{program} is not installed')

    window_manager = Process('openbox', '--sm-disable')
    try:
        # A window that is there before it may never be seen.
        wait_for(has_window_manager, 'the window manager')
        Bus.connect()
        return tests.run(sys.argv[1:])
    finally:
        window_manager.end()
