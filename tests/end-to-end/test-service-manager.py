#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server under a service manager: what it tells it, and the socket it is given."""

import os
import resource
import select
import signal
import socket
import sys

import teahouse
from teahouse import PROGRAMS, expect, expect_equal

PROGRAMS["python3"] = sys.executable

# Becomes a server that is handed what is in an expression, as systemd does it; who
# listens at "handover" in the home folder gets the first of it, too.
HAND_OVER = """
import os, socket, sys


def kept():
    with socket.socket(socket.AF_UNIX) as keeper:
        keeper.connect(os.environ["HOME"] + "/keeper")
        return socket.socket(fileno=socket.recv_fds(keeper, 1, 1)[1][0])


things = eval(sys.argv[1])
path = os.environ["HOME"] + "/handover"
if os.path.exists(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as parent:
        parent.connect(path)
        socket.send_fds(parent, [b"-"], [things[0].fileno()])
copies = [os.dup2(os.dup(thing.fileno()), 100 + number) for number, thing in enumerate(things)]
for number, copy in enumerate(copies):
    os.dup2(copy, 3 + number)
    os.close(copy)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(things)),
                  LISTEN_FDNAMES=os.environ.get("FD_NAMES", "x"))
os.execv(sys.argv[2], sys.argv[2:])
"""

UDP = "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
MAKE_BOUND = "(lambda s, a: s.bind(a) or s)"
BOUND = f"{MAKE_BOUND}({UDP}, ('127.0.0.1', 0))"


class Manager:
    """A service manager, as far as it listens."""

    def __init__(self, stage, abstract=False):
        self.stage = stage
        self.name = str(stage.path / "notify")
        self.heard = []
        self.kept = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind("\0" + self.name if abstract else self.name)
        self.environment = {"NOTIFY_SOCKET": ("@" if abstract else "") + self.name}
        stage.sockets.append(self)
        stage.watch(self.socket, self.ready)

    def ready(self):
        data, descriptors, _, _ = socket.recv_fds(self.socket, 4096, 4)
        heard = data.decode().split("\n")
        if descriptors:
            self.kept.append((heard, descriptors[0]))
        else:
            self.heard += heard

    def wait(self, word):
        self.stage.wait(lambda: word in self.heard, f"The service manager hears {word}")


def command(things, *arguments):
    return ("-c", HAND_OVER, things, PROGRAMS["teahoused"], *arguments)


def test_life(stage):
    """It tells when it is ready and where, that it lives, and that it goes."""
    for abstract in (False, True):
        manager = Manager(stage, abstract)
        server = stage.server(environment={**manager.environment, "WATCHDOG_USEC": "100000"})
        manager.wait("READY=1")
        expect_equal(manager.heard[:2], ["READY=1", "STATUS=" + server.line], "First words")
        stage.wait(lambda: manager.heard.count("WATCHDOG=1") >= 5, "Signs of life")
        server.stop()
        manager.wait("STOPPING=1")
        expect_equal(manager.heard[-1], "STOPPING=1", "Last word")
        if not abstract:
            os.unlink(manager.name)


def test_full_disk(stage):
    """The status line says what is wrong, and no longer when it is right again."""
    manager = Manager(stage)
    server = stage.server("--classic", "off", environment=manager.environment,
                          prepare=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
    mei = stage.person(server, "Mei").wait_inside("Mei")

    def limit_files(size):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    limit_files(1)
    mei.say("something")
    stage.wait(lambda: "database" in manager.heard[-1], "The status line says what is wrong")
    expect("STATUS=" in manager.heard[-1], "It is no status line.")
    expect_equal(manager.heard.count("STATUS=" + server.line), 1, "Status lines before")

    limit_files(resource.RLIM_INFINITY)
    stage.wait(lambda: manager.heard[-1] == "STATUS=" + server.line, "The status line is right")
    server.stop()
    expect_equal(server.process.returncode, 0, "Exit status")


def test_somebody_elses_watchdog(stage):
    """It does not bark for another process, or where nobody asked."""
    for variables in ({"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "x"}, {}):
        manager = Manager(stage)
        server = stage.server(environment={**manager.environment, **variables})
        stage.member(server, "Mei").say("hello")
        server.stop()
        manager.wait("STOPPING=1")
        expect_equal(manager.heard, ["READY=1", "STATUS=" + server.line, "STOPPING=1"], "It told")
        os.unlink(manager.name)


def test_nobody_there(stage):
    """A service manager that is not there keeps nobody from talking."""
    server = stage.server(environment={"NOTIFY_SOCKET": str(stage.path / "nowhere"),
                                       "WATCHDOG_USEC": "1000"})
    stage.member(server, "Mei")
    server.wait_err("service manager")
    stage.member(stage.server(environment={"NOTIFY_SOCKET": "nonsense"}), "Mei")


def test_socket(stage):
    """It serves the socket that it is handed, whatever address and port it is told."""
    for things, line, host in (
        (BOUND, "Listening on udp://127.0.0.1:", "127.0.0.1"),
        (f"{MAKE_BOUND}(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM), ('::', 0))",
         "Listening on udp://[::]:", "127.0.0.1"),
    ):
        server = stage.server(*command(f"[{things}]", "--address", "127.0.0.7", "--port", "9"),
                              program="python3")
        expect(server.line.startswith(line) and server.port != 9, f"It prints {server.line!r}")
        server.wait_err("“address” and “port” do not count")
        mei = stage.member(server, "Mei", host=host)
        bo = stage.member(server, "Bo", host=host)
        mei.expect("Bo entered the room")
        bo.say("hello")
        mei.expect("Bo ： hello")
        server.stop()
        mei.expect("EXIT")


def test_socket_afterwards(stage):
    """The socket stays in order for the service manager, which goes on listening there."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(str(stage.path / "handover"))
    server = stage.server(*command(f"[{BOUND}]"), program="python3")
    _, (descriptor,), _, _ = socket.recv_fds(receiver, 1, 1)
    receiver.close()

    # Nobody is there to hear the goodbye, and the network says so.
    for name in ("Mei", "Bo"):
        stage.member(server, name).close()
    server.stop()

    with socket.socket(fileno=descriptor) as kept:
        poll = select.poll()
        poll.register(kept, select.POLLIN)
        expect_equal(poll.poll(100), [], "What the service manager sees")
        stage.client(server).send("L Lan")
        expect_equal(poll.poll(10000), [(descriptor, select.POLLIN)], "After a request")
        expect_equal(kept.recv(100), b"L Lan", "Request")


def test_socket_buffers(stage):
    """The buffers of the socket, for which systemd may give more than others, stay."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(str(stage.path / "handover"))
    small = f"(lambda s: s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 9000) or s)({BOUND})"
    server = stage.server(*command(f"[{small}]"), program="python3")
    _, (descriptor,), _, _ = socket.recv_fds(receiver, 1, 1)
    receiver.close()
    stage.member(server, "Mei")
    with socket.socket(fileno=descriptor) as kept:
        # Linux doubles what it is told.
        expect_equal(kept.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF), 18000, "Buffer")


class Keeper(teahouse.Socket):
    """Hands a socket over to whoever comes."""

    def __init__(self, stage, descriptor):
        self.stage = stage
        self.descriptor = descriptor
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(stage.path / "keeper"))
        self.socket.listen()
        stage.sockets.append(self)
        stage.watch(self.socket, self.ready)

    def ready(self):
        connection, _ = self.socket.accept()
        with connection:
            socket.send_fds(connection, [b"-"], [self.descriptor])


def test_kept_socket(stage):
    """The service manager keeps its socket over a restart: nobody notices more than a wait, and
    who asks meanwhile is answered; whoever changes the settings gets another socket."""
    manager = Manager(stage)
    arguments = ("--data-dir", stage.path / "room", "--grace", "60")
    server = stage.server(*arguments, environment=manager.environment)
    manager.wait("READY=1")
    (words, descriptor), = manager.kept
    expect_equal(words, ["FDSTORE=1", "FDNAME=kept", "FDPOLL=0"], "What it says of the socket")
    Keeper(stage, descriptor)
    mei = stage.person(server, "Mei").wait_inside("Mei")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei.say("before")
    noor.wait_texts(["before"])
    server.stop()
    lan = stage.client(server).send("L Lan")
    mei.say("meanwhile")

    environment = {**manager.environment, "FD_NAMES": "kept"}
    again = stage.server(*command("[kept()]"), *arguments, "--port", server.port,
                         program="python3", environment=environment)
    expect_equal(again.line, server.line, "Where it listens")
    lan.expect("Y")
    noor.wait_texts(["before", "meanwhile"])
    noor.say("after")
    mei.wait_texts(["before", "meanwhile", "after"])
    for person in (mei, noor):
        person.wait_inside("Lan")
        expect_equal([fact for fact in person.facts() if fact[0] == "left"], [], "Who left")
        expect_equal(len([fact for fact in person.facts() if fact[0] == "joined"]),
                     3, "Who came")
    expect("FDSTOREREMOVE=1" not in manager.heard and len(manager.kept) == 1, "It is let go")
    again.stop()

    # The port that is set now is another.
    other = stage.server(*command("[kept()]"), *arguments, program="python3",
                         environment=environment)
    manager.wait("FDSTOREREMOVE=1")
    expect(other.port != server.port, "It listens where it did.")
    stage.wait(lambda: len(manager.kept) == 2, "it has another socket kept")
    stage.member(other, "Bo")
    for _, descriptor in manager.kept:
        os.close(descriptor)


def test_kept_beside_opened(stage):
    """A socket that the service manager opened goes before one that it kept."""
    for names in ("kept:teahoused.socket", "teahoused.socket:kept"):
        things = [f"{MAKE_BOUND}({UDP}, ('127.0.0.1', 0))",
                  f"{MAKE_BOUND}({UDP}, ('127.0.0.2', 0))"]
        server = stage.server(*command(f"[{', '.join(things)}]"), program="python3",
                              environment={"FD_NAMES": names})
        host = "127.0.0.2" if names.startswith("kept") else "127.0.0.1"
        expect(f"//{host}:" in server.line, f"It prints {server.line!r}")
        stage.member(server, "Mei", host=host)


def test_unfit_sockets(stage):
    """What it cannot serve is told, and ends with 1."""
    for things, word in (
        (f"[{BOUND}, {BOUND}]", "2 sockets"),
        (f"[{UDP}]", "not for UDP"),
        (f"[{MAKE_BOUND}(socket.socket(), ('127.0.0.1', 0))]", "not for UDP"),
        ("socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[:1]", "not for UDP"),
        ("[open('/dev/null')]", "Could not listen"),
    ):
        program = stage.program("python3", *command(things)).wait_exit(1)
        expect_equal(program.out, b"", "Standard output")
        expect(word in program.err.decode(), f"{things}: {program.err!r}")


def test_somebody_elses_socket(stage):
    """Sockets for another process are not touched."""
    server = stage.server(environment={"LISTEN_PID": "1", "LISTEN_FDS": "1"})
    stage.member(server, "Mei")
    expect("service manager" not in server.err.decode(), f"It says {server.err!r}")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
