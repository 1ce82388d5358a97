# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests with real processes need: a stage with servers and clients on it.

A test is a function test_SOMETHING(stage) whose docstring says what is true; main()
runs those of a file and tells their results by the Test Anything Protocol.

Everything on a stage is served by one loop, which runs only while a test waits for
something (Stage.wait). Nothing sleeps: every wait is for a condition and has a limit.
Where a test has to know that nothing came, it asks the server for something else, and
the answer to that has to be the next datagram.
"""

import collections
import ctypes
import fcntl
import json
import os
import pathlib
import pty
import re
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from ports import find_port  # noqa: E402

# How long anything may take, in seconds. Machines can be busy, and sanitizers slow.
LIMIT = 30

PROGRAMS = {
    "teahoused": os.environ.get("TEAHOUSED"),
    # The same, but with its translations in the build folder: see meson.build.
    "teahoused-in-tree": os.environ.get("TEAHOUSED_IN_TREE"),
    # The same, with a clock that can be set: see shifted-clock.c.
    "teahoused-with-shifted-clock": os.environ.get("TEAHOUSED_WITH_SHIFTED_CLOCK"),
    "teahousectl": os.environ.get("TEAHOUSECTL"),
    "teahouse-cli": os.environ.get("TEAHOUSE_CLI"),
    "teahouse-box-office": os.environ.get("TEAHOUSE_BOX_OFFICE"),
    "lossy-relay": os.environ.get("LOSSY_RELAY"),
    "python3": sys.executable,
}

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1

# What the programs may know about who runs the tests: nothing.
KEPT_VARIABLES = ("PATH", "LOCPATH", "G_DEBUG", "G_SLICE", "ASAN_OPTIONS", "LSAN_OPTIONS",
                  "UBSAN_OPTIONS", "LD_LIBRARY_PATH")


class Skipped(Exception):
    """The machine cannot do this; why is told."""


def expect(condition, message):
    if not condition:
        raise AssertionError(message)


def expect_equal(actual, expected, what="Got"):
    expect(actual == expected, f"{what}: {actual!r}, not {expected!r}")


def encode(data):
    return data.encode() if isinstance(data, str) else data


def resolve(host, port):
    """A socket address; for link-local IPv6 it needs more than the two."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4]


def unshare(flags):
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "no network of its own can be made")


def enter_own_network():
    """Puts this process, and all that it starts, into a network with nobody else."""
    user, group = os.getuid(), os.getgid()
    unshare(CLONE_NEWNET if user == 0 else CLONE_NEWUSER | CLONE_NEWNET)
    if user != 0:
        for file, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"),
                           ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as mapping:
                mapping.write(text)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))


class Stage:
    """Where one test plays: servers, clients, and the loop that serves them."""

    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        self.programs = []
        self.ticks = []
        self.notes = []
        self.folder = tempfile.TemporaryDirectory(prefix="teahouse-test-")
        self.path = pathlib.Path(self.folder.name)

    def wait(self, condition, what, limit=LIMIT):
        """Serves everything on the stage until the condition is true; returns it."""
        end = time.monotonic() + limit
        while not (result := condition()):
            left = end - time.monotonic()
            expect(left > 0, f"Not within {limit} s: {what}")
            # A program's end makes nothing readable in every case: look now and then.
            for key, _ in self.selector.select(min(left, 0.05)):
                key.data()
            for tick in self.ticks:
                tick()
        return result

    def pass_time(self, seconds):
        """Serves everything for so long, where time itself is what is tested."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end, "time passes", seconds + LIMIT)

    def watch(self, file, callback):
        self.selector.register(file, selectors.EVENT_READ, callback)

    def unwatch(self, file):
        self.selector.unregister(file)

    def note(self, text):
        """Says something about the test that is neither good nor bad."""
        self.notes.append(text)

    # What can be put on a stage.

    def server(self, *arguments, **keywords):
        return Server(self, *arguments, **keywords)

    def client(self, server, **keywords):
        return Client(self, server, **keywords)

    def member(self, server, name, **keywords):
        """A client that has entered, with nobody left who has not read of it."""
        return Client(self, server, **keywords).enter(name)

    def cli(self, *arguments, **keywords):
        return Cli(self, *arguments, **keywords)

    def person(self, server, name, *arguments, **keywords):
        return Person(self, server, name, *arguments, **keywords)

    def lossy_relay(self, server, *commands, **keywords):
        return LossyRelay(self, server, *commands, **keywords)

    def program(self, name, *arguments, **keywords):
        return Program(self, name, *arguments, **keywords)

    def finish(self):
        """Ends the programs of a test that went well; the servers have to end well, too."""
        for program in self.programs:
            if program.is_running():
                program.stop() if isinstance(program, Server) else program.kill()

    def close(self):
        for program in self.programs:
            program.close()
        for item in self.sockets:
            item.socket.close()
        self.selector.close()
        self.folder.cleanup()


class Program:
    """A process, and what it prints."""

    def __init__(self, stage, name, *arguments, environment=None, terminal=False,
                 reads_output=True, prepare=None):
        expect(PROGRAMS.get(name), f"The environment does not say where {name} is.")
        self.stage = stage
        self.name = name
        self.out = b""
        self.err = b""
        self.awaited = {"out": 0, "err": 0}
        self.terminal = None
        self.reads_output = reads_output

        variables = {key: os.environ[key] for key in KEPT_VARIABLES if key in os.environ}
        variables.update(HOME=stage.folder.name, LC_ALL="C.UTF-8", TERM="xterm",
                         XDG_RUNTIME_DIR=stage.folder.name)
        variables.update(environment or {})

        def begin():
            # Whoever runs the tests may do so by nohup.
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            if terminal:
                # Ctrl+C is for whoever's terminal it is.
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if prepare is not None:
                prepare()

        streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        if terminal:
            self.terminal, other_end = pty.openpty()
            streams = dict.fromkeys(("stdin", "stdout", "stderr"), other_end)
        self.process = subprocess.Popen([PROGRAMS[name], *map(str, arguments)], env=variables,
                                        bufsize=0, start_new_session=terminal,
                                        preexec_fn=begin, **streams)
        stage.programs.append(self)

        if terminal:
            os.close(other_end)
            os.set_blocking(self.terminal, False)
            stage.watch(self.terminal, lambda: self.read(self.terminal, "out"))
        else:
            for stream, where in ((self.process.stdout, "out"), (self.process.stderr, "err")):
                os.set_blocking(stream.fileno(), False)
                if reads_output or where == "err":
                    stage.watch(stream, lambda s=stream, w=where: self.read(s.fileno(), w))

    def read(self, descriptor, where):
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        except OSError:
            # What a terminal says when the last program on it has ended.
            data = b""
        if data:
            setattr(self, where, getattr(self, where) + data)
            return
        for key in list(self.stage.selector.get_map().values()):
            if key.fd == descriptor:
                self.stage.unwatch(key.fileobj)

    def is_open(self):
        """Whether there may be more to read."""
        descriptors = {key.fd for key in self.stage.selector.get_map().values()}
        if self.terminal is not None:
            return self.terminal in descriptors
        return bool(descriptors & {self.process.stdout.fileno(), self.process.stderr.fileno()})

    def is_running(self):
        return self.process.poll() is None

    def write(self, text):
        """Writes all of it, serving the stage while the program does not read."""
        descriptor = self.process.stdin.fileno() if self.terminal is None else self.terminal
        data = encode(text)
        os.set_blocking(descriptor, False)
        while data:
            try:
                data = data[os.write(descriptor, data):]
            except BlockingIOError:
                ready = selectors.DefaultSelector()
                ready.register(descriptor, selectors.EVENT_WRITE)
                self.stage.wait(lambda: ready.select(0), f"{self.name} reads its input")
                ready.close()

    def is_shown(self):
        """Whether its terminal shows what is typed."""
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def end_input(self):
        self.process.stdin.close()

    def send_signal(self, number):
        self.process.send_signal(number)

    def hang_up(self):
        """Closes its terminal."""
        self.stage.unwatch(self.terminal)
        os.close(self.terminal)
        self.terminal = None

    def kill(self):
        """As by SIGKILL: it has no time to do anything."""
        self.process.kill()
        self.process.wait()

    def wait_exit(self, status):
        self.stage.wait(lambda: not self.is_running(), f"{self.name} ends")
        self.stage.wait(lambda: not self.is_open(), f"{self.name} closes its output")
        expect_equal(self.process.returncode, status, f"Exit status of {self.name}")
        return self

    def wait_out(self, text):
        self.wait_for("out", encode(text), f"{self.name} prints {text!r}")

    def wait_err(self, text):
        self.wait_for("err", encode(text), f"{self.name} says {text!r}")

    def wait_for(self, where, data, what):
        """Waits for what comes behind that for which a test has waited before."""
        start = self.awaited[where]
        self.stage.wait(lambda: getattr(self, where).find(data, start) >= 0, what)
        self.awaited[where] = getattr(self, where).find(data, start) + len(data)

    def describe(self):
        text = f"{self.name} (pid {self.process.pid}, "
        text += "runs" if self.is_running() else f"ended with {self.process.returncode}"
        text += ")\n"
        for where in ("out", "err"):
            data = getattr(self, where)
            text += f"  {where}: " + data[-4000:].decode(errors="replace").replace("\n", "\n       ")
            text += "\n"
        return text

    def close(self):
        if self.is_running():
            self.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        if self.terminal is not None:
            os.close(self.terminal)


class Server(Program):
    """A teahoused that is ready, on a port of its own unless told otherwise."""

    def __init__(self, stage, *arguments, program="teahoused", **keywords):
        if "--port" not in arguments:
            arguments += ("--port", find_port())
        if "--data-dir" not in arguments:
            folder = stage.path / f"server-{len(stage.programs)}"
            arguments += ("--data-dir", folder)
        self.data_dir = pathlib.Path(arguments[arguments.index("--data-dir") + 1])
        super().__init__(stage, program, *arguments, **keywords)
        stage.wait(lambda: b"\n" in self.out or not self.is_running(), "the server is ready")
        expect(self.is_running(), "The server did not start.")

        self.line = self.out.decode().rstrip("\n")
        found = re.search(r":(\d+)(?: fingerprint (SHA256:\S+))?$", self.line)
        expect(found, f"Not a line that tells the port: {self.line!r}")
        self.port = int(found[1])
        self.fingerprint = found[2]

    def address(self, host="127.0.0.1"):
        return (host, self.port)

    def stop(self, number=signal.SIGTERM):
        self.send_signal(number)
        self.wait_exit(0)
        expect_equal(self.out.decode(), self.line + "\n", "Standard output of the server")


class Socket:
    """A UDP socket and the datagrams that came to it."""

    def __init__(self, stage, family=socket.AF_INET, address=None):
        self.stage = stage
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        if address is not None:
            self.socket.bind(address)
        stage.sockets.append(self)
        stage.watch(self.socket, self.ready)

    def ready(self):
        while True:
            try:
                data, address = self.socket.recvfrom(65536)
            except BlockingIOError:
                return
            except ConnectionRefusedError:
                continue
            self.take(data, address)

    def take(self, data, address):
        raise NotImplementedError

    def close(self):
        """As when the program ends in whatever way: nobody listens any more."""
        if self.socket.fileno() >= 0:
            self.stage.unwatch(self.socket)
            self.socket.close()


class Client(Socket):
    """The ten-line client of the lesson: a socket that sends, and what came to it."""

    def __init__(self, stage, server, host="127.0.0.1", source=None, port=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        source = source or ("::" if ":" in host else "0.0.0.0")
        super().__init__(stage, family, resolve(source, port or find_port()))
        self.server = resolve(*server.address(host))
        self.inbox = collections.deque()
        self.name = None

    def take(self, data, address):
        expect_equal(address[1], self.server[1], "Port that an answer comes from")
        self.inbox.append(data)

    def send(self, data):
        self.socket.sendto(encode(data), self.server)
        return self

    def receive(self):
        self.stage.wait(lambda: self.inbox, f"{self.name or 'a client'} hears something")
        return self.inbox.popleft()

    def expect(self, *datagrams):
        for datagram in datagrams:
            expect_equal(self.receive(), encode(datagram), f"{self.name or 'A client'} heard")
        return self

    def expect_refusal(self):
        data = self.receive()
        expect(data.startswith(b"N ") and len(data) > 4 and data.decode().isprintable(),
               f"Not a refusal with a reason: {data!r}")
        return data.decode()[2:]

    def enter(self, name, answer="Y"):
        self.name = name
        return self.send(f"L {name}").expect(answer)

    def say(self, text):
        return self.send(f"C {self.name} {text}")

    def expect_nothing(self):
        """That nothing has come, as far as the server has heard until now."""
        if self.name is not None:
            self.send(f"L {self.name}").expect("Y")
        else:
            self.send("C nobody anything")
            expect("not in the room" in self.expect_refusal(), "Something else came before.")
        return self


class Cli(Program):
    """A terminal client; with --json unless it is on a terminal, or is to be plain."""

    def __init__(self, stage, server, *arguments, name=None, terminal=False, plain=False,
                 **keywords):
        address = server if isinstance(server, str) else "%s:%u" % self.find_address(server)
        if name is not None:
            arguments = ("--nick", name, *arguments)
        self.is_json = not terminal and not plain
        if self.is_json:
            arguments = ("--json", *arguments)
        super().__init__(stage, "teahouse-cli", *arguments, address, terminal=terminal, **keywords)
        self.n_taken = 0
        self.known = []
        self.n_read = 0

    @staticmethod
    def find_address(server):
        return server if isinstance(server, tuple) else server.address()

    def events(self):
        end = self.out.rfind(b"\n") + 1
        self.known += [json.loads(line) for line in self.out[self.n_read:end].splitlines()]
        self.n_read = end
        return self.known

    def facts(self):
        """The events without their times."""
        return [(event["kind"], event.get("author"), event.get("text")) for event in self.events()]

    def wait_fact(self, kind, author=None, text=None):
        self.stage.wait(lambda: (kind, author, text) in self.facts(),
                        f"{self.name} tells {(kind, author, text)}")

    def take_fact(self):
        """The next event."""
        self.stage.wait(lambda: len(self.facts()) > self.n_taken, f"{self.name} tells something")
        self.n_taken += 1
        return self.facts()[self.n_taken - 1]

    def wait_inside(self, name):
        self.wait_fact("joined", name)
        return self

    def command(self, **members):
        self.write(json.dumps(members) + "\n")
        return self

    def say(self, *lines):
        if self.is_json:
            lines = [json.dumps({"say": line}) for line in lines]
        self.write("".join(line + "\n" for line in lines))
        return self


class Person(Cli):
    """A terminal client with a key of its owner's, which makes them who they are."""

    def __init__(self, stage, server, name, *arguments, key=None, **keywords):
        identity = stage.path / f"key-{key or name}"
        super().__init__(stage, server, "--identity", identity, *arguments, name=name, **keywords)
        self.nick = name
        self.said = []

    def log(self):
        """What is known here of the room's log: each number with what it holds. What one says
        oneself is known when it is acknowledged, which may be before what is stored before
        it is read; all else comes in order."""
        entries = [event for event in self.events() if event.get("seq")]
        others = [event["seq"] for event in entries if "state" not in event]
        expect_equal(others, sorted(set(others)), f"The order that {self.nick} is told")
        return sorted((event["seq"], event["kind"], event["author"], event["text"])
                      for event in entries)

    def texts(self):
        return [text for _, kind, _, text in self.log() if kind == "message"]

    def say(self, *lines):
        self.said += lines
        return super().say(*lines)

    def delivered(self):
        """What was said here and acknowledged, each once."""
        return list({event["id"]: event["text"] for event in self.events()
                     if event.get("state") == "delivered"}.values())

    def wait_texts(self, texts, limit=LIMIT):
        """Waits for all of these, in whatever order."""
        wanted = set(texts)
        self.stage.wait(lambda: wanted <= set(self.texts()), f"{self.nick} reads everything", limit)


def check_one_order(people):
    """That all are told the same in the end, in the same order, each thing once and nothing
    left out from where they came in."""
    def is_told_to_the_end():
        numbers = [[entry[0] for entry in person.log()] for person in people]
        return (all(known == list(range(known[0], known[-1] + 1)) for known in numbers)
                and len({known[-1] for known in numbers}) == 1)

    people[0].stage.wait(is_told_to_the_end, "all are told everything to the same end, once")
    entries = {}
    for person in people:
        log = person.log()
        for entry in log:
            expect_equal(entry, entries.setdefault(entry[0], entry), f"What {person.nick} was told")
        texts = person.texts()
        expect_equal(len(texts), len(set(texts)), f"Messages that {person.nick} was told")


def say_until(stage, client, text, condition, what):
    """Says something again and again, no faster than one may: UDP may lose it."""
    last = 0

    def tick():
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            client.say(text)
        return condition()

    stage.wait(tick, what)


class LossyRelay(Program):
    """A bad network: see tests/support/lossy-relay.c for what it can be told."""

    def __init__(self, stage, server, *commands, seed=None, capture=None):
        self.seed = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        stage.note(f"relay with seed {self.seed}")
        arguments = ["--seed", self.seed]
        for command in commands:
            arguments += ["--do", command]
        if capture is not None:
            arguments += ["--capture", capture]
        super().__init__(stage, "lossy-relay", *arguments,
                         server.port if isinstance(server, Server) else server)
        stage.wait(lambda: b"\n" in self.out, "the relay is ready")
        self.port = int(self.out)
        self.n_commands = 0

    def address(self):
        return ("127.0.0.1", self.port)

    def do(self, command):
        """Changes the network, and returns when it has changed."""
        self.n_commands += 1
        self.write(command + "\n")
        self.stage.wait(lambda: self.out.count(b"\n") > self.n_commands, f"{command} is done")


class ForeignServer(Socket):
    """A server somebody else wrote: answers each request as a function tells it, which
    is given the request and returns the datagrams to send back."""

    def __init__(self, stage, answer):
        super().__init__(stage, address=("127.0.0.1", 0))
        self.answer = answer
        self.requests = []
        self.clients = []

    def address(self):
        return self.socket.getsockname()

    def take(self, data, address):
        self.requests.append(data)
        if address not in self.clients:
            self.clients.append(address)
        for reply in self.answer(data):
            self.socket.sendto(encode(reply), address)

    def tell(self, data):
        for address in self.clients:
            self.socket.sendto(encode(data), address)


class Relay(Socket):
    """A network between clients and a server that a test can spoil: a function is given
    "up" or "down" and a datagram, and returns what goes on instead of it."""

    class Branch(Socket):
        def __init__(self, relay, client):
            super().__init__(relay.stage)
            self.relay = relay
            self.client = client

        def take(self, data, address):
            for passed in self.relay.spoil("down", data):
                self.relay.socket.sendto(passed, self.client)

    def __init__(self, stage, server, spoil):
        super().__init__(stage, address=("127.0.0.1", 0))
        self.server = server.address()
        self.spoil = spoil
        self.branches = {}

    def address(self):
        return self.socket.getsockname()

    def take(self, data, address):
        if address not in self.branches:
            self.branches[address] = Relay.Branch(self, address)
        for passed in self.spoil("up", data):
            self.branches[address].socket.sendto(passed, self.server)


def protect(stage, password):
    """Makes a password file for a server."""
    program = stage.program("teahoused", "--hash-password")
    program.write(password + "\n")
    program.end_input()
    path = stage.path / "password-hash"
    path.write_bytes(program.wait_exit(0).out)
    return path


def run_test(number, function):
    """Runs one test; returns whether it went well."""
    stage = Stage()
    result = f"{number} {function.__name__[len('test_'):]}"
    try:
        function(stage)
        stage.finish()
        result = f"ok {result}"
    except Skipped as reason:
        result = f"ok {result} # SKIP {reason}"
    except Exception:
        # To standard error, which whoever runs the tests is shown.
        sys.stderr.write(f"{result}: {function.__doc__}\n{traceback.format_exc()}")
        for program in stage.programs:
            sys.stderr.write(program.describe())
        result = f"not ok {result}"
    finally:
        stage.close()
    for note in stage.notes:
        print("#", note)
    print(result, flush=True)
    return result.startswith("ok")


def main(names):
    """Runs the tests of a module, or those named on the command line."""
    wanted = sys.argv[1:]
    tests = [function for name, function in names.items()
             if name.startswith("test_") and (not wanted or name[len("test_"):] in wanted)]
    print("TAP version 13")
    print(f"1..{len(tests)}", flush=True)
    results = [run_test(number, function) for number, function in enumerate(tests, 1)]
    return 0 if all(results) else 1
