#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a program: what it takes, what it prints, how it ends."""

import os
import re
import signal
import socket
import sys

import teahouse
from teahouse import expect, expect_equal

VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def refuse_to_start(stage, status, *arguments, **keywords):
    """Runs a server that does not start; returns what it says about it."""
    program = stage.program("teahoused", *arguments, **keywords).wait_exit(status)
    expect_equal(program.out, b"", "Standard output")
    text = program.err.decode()
    expect(text.strip() and "CRITICAL" not in text and "GLib" not in text, f"It says {text!r}")
    return text


def test_ready_line(stage):
    """When it is ready it prints exactly one line that says where it listens, and by which
    key it can be known, which is the same as long as its folder lasts."""
    for arguments, pattern in (
        ((), r"Listening on udp://(\[::\]|0\.0\.0\.0):[0-9]+"),
        (("--address", "127.0.0.1"), r"Listening on udp://127\.0\.0\.1:[0-9]+"),
        (("--address=::1",), r"Listening on udp://\[::1\]:[0-9]+"),
        (("--address", "::"), r"Listening on udp://\[::\]:[0-9]+"),
        (("--address", "0.0.0.0"), r"Listening on udp://0\.0\.0\.0:[0-9]+"),
    ):
        server = stage.server(*arguments)
        expect(re.fullmatch(pattern + r" fingerprint SHA256:[\w+/]{43}", server.line),
               f"It prints {server.line!r}")
        expect(server.port > 0, "No port")
        server.stop()

    again = stage.server("--data-dir", server.data_dir)
    expect_equal(again.fingerprint, server.fingerprint, "Fingerprint")
    expect(stage.server().fingerprint != server.fingerprint, "Two servers have the same key.")


def test_addresses(stage):
    """It serves IPv4 and IPv6, or the one address it is told."""
    for arguments, hosts in (
        ((), ("127.0.0.1", "::1")),
        (("--address", "::1"), ("::1",)),
        (("--address", "127.0.0.2"), ("127.0.0.2",)),
    ):
        server = stage.server(*arguments)
        members = [stage.client(server, host=host) for host in hosts]
        for host, member in zip(hosts, members):
            member.enter(f"Mei{hosts.index(host)}").say("hello")
        if len(members) == 2:
            members[0].expect("Mei1 entered the room", "Mei1 ： hello")


def test_answers_come_from_where_was_asked(stage):
    """A machine with several addresses answers from the one that was asked."""
    for arguments in ((), ("--address", "0.0.0.0")):
        server = stage.server(*arguments)
        for number, host in enumerate(("127.0.0.1", "127.0.0.2", "127.1.2.3")):
            # Connected, as our own client is: it hears nobody but whom it asked.
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
                asker.connect(server.address(host))
                asker.settimeout(10)
                asker.send(b"L Mei%d" % number)
                expect_equal(asker.recv(100), b"Y", f"Answer from {host}")


def test_output_is_only_the_line(stage):
    """Whatever happens later goes to standard error, one line an event."""
    server = stage.server()
    mei = stage.member(server, "Mei").say("hello")
    mei.send("X").expect_refusal()
    mei.send("E Mei").expect("EXIT")
    server.stop()
    lines = server.err.decode().splitlines()
    expect(any("Mei" in line and "entered" in line for line in lines), f"Log: {lines}")
    expect(any("Mei" in line and "left" in line for line in lines), f"Log: {lines}")
    expect("hello" not in server.err.decode(), "The log tells what is said.")


def test_details_in_the_log(stage):
    """G_MESSAGES_DEBUG opens the details, on standard error."""
    server = stage.server(environment={"G_MESSAGES_DEBUG": "all"})
    stage.client(server).send("X").expect_refusal()
    server.wait_err("is refused")


def test_port_in_use(stage):
    """A port that is in use is told."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        for arguments in (("--address", "127.0.0.1"), ()):
            text = refuse_to_start(stage, 1, "--port", port, *arguments)
            expect(port in text and "in use" in text, f"It says {text!r}")

    server = stage.server()
    text = refuse_to_start(stage, 1, "--port", str(server.port))
    expect("in use" in text, f"It says {text!r}")


def test_foreign_address(stage):
    """An address that is not this machine's is told."""
    text = refuse_to_start(stage, 1, "--address", "203.0.113.77", "--port", "0")
    expect("203.0.113.77" in text, f"It says {text!r}")


def test_port(stage):
    """--port takes the port, or any that is free."""
    port = teahouse.find_port()
    server = stage.server("--port", port)
    expect_equal(server.port, port, "Port")
    stage.member(server, "Mei")

    server = stage.server("--port", "0")
    expect(server.port > 0, "The port is not told.")
    stage.member(server, "Mei")


def test_usage(stage):
    """What makes no sense on the command line ends with 2 and a word about it."""
    for arguments, word in (
        (("--port", "65536"), "port"),
        (("--port", "-1"), "port"),
        (("--port", "abc"), "abc"),
        (("--port", ""), "port"),
        (("--port", "80 "), "port"),
        (("--port",), "port"),
        (("--grace", "86401"), "grace"),
        (("--retain-days", "-1"), "retain-days"),
        (("--retain-events", "many"), "many"),
        (("--name-lifetime", "36501"), "name-lifetime"),
        (("--data-dir", ""), "data-dir"),
        (("--password-file", ""), "password-file"),
        (("--idle-timeout", "0"), "idle-timeout"),
        (("--idle-timeout", "1.5"), "idle-timeout"),
        (("--idle-timeout", "99999999999999999999"), "idle-timeout"),
        (("--classic", "maybe"), "maybe"),
        (("--classic-accept", "YES"), "YES"),
        (("--address", "localhost"), "localhost"),
        (("--address", "300.1.1.1"), "300.1.1.1"),
        (("--address", "127.0.0.1:8888"), "127.0.0.1:8888"),
        (("--address", "[::1]"), "[::1]"),
        (("--address", ""), "address"),
        (("--address", "fe80::1%nowhere"), "fe80::1%nowhere"),
        (("--rooms", "everybody"), "everybody"),
        (("--pairs", "no"), "no"),
        (("--edit-hours", "-1"), "-1"),
        (("--newcomers", "x"), "x"),
        (("--operators", "Mei"), "Mei"),
        (("room",), "room"),
        (("room", "list", "Kitchen"), "Kitchen"),
        (("room", "make"), "make"),
        (("--nonsense",), "nonsense"),
        (("8888",), "8888"),
        (("--port", "0", "here"), "here"),
        (("--config",), "config"),
        (("--config", "/nowhere/teahoused.conf"), "/nowhere/teahoused.conf"),
    ):
        text = refuse_to_start(stage, 2, *arguments)
        expect(word in text, f"{arguments}: {text!r}")


def write_config(stage, text):
    path = stage.path / "teahoused.conf"
    path.write_bytes(teahouse.encode(text))
    return str(path)


def test_config(stage):
    """A file can set everything; the command line goes before it."""
    path = write_config(stage, "# A comment\n[server]\naddress = ::1\nport = 1\nclassic=anyone\n"
                               "idle-timeout = 5\nclassic-accept = OK \n\n")
    server = stage.server("--config", path)
    expect(server.line.startswith("Listening on udp://[::1]:"), f"It prints {server.line!r}")
    stage.client(server, host="::1").enter("Mei", answer="OK")

    server = stage.server("--config", path, "--address=127.0.0.1", "--classic-accept=Y")
    stage.client(server).enter("Mei", answer="Y")

    stage.server("--config", write_config(stage, ""))
    stage.server("--config", write_config(stage, "[server]\n"))


def test_check_config(stage):
    """What is not fit is told with its file and line, and nothing is begun."""
    path = write_config(stage, "[server]\nport = 1\n[limits]\nmax-clients = 7\n")
    program = stage.program("teahoused", "--config", path, "--check-config").wait_exit(0)
    expect(b"fit" in program.out, f"Said {program.out!r}")
    for text, line, word in (("# none\n[server]\nport = 1\nprot = 2\n", 4, "prot"),
                             ("[server]\nport=1\n\nport = many\n", 4, "65535"),
                             ("[server]\nport = 1\nnonsense\n", 3, "nonsense"),
                             ("[server]\n[ limits]\n", 2, "limits"),
                             ("[limits]\nmax-clients = 0\n[server]\n", 2, "1000000")):
        path = write_config(stage, text)
        said = refuse_to_start(stage, 2, "--config", path, "--check-config")
        expect(f"{path}:{line}: " in said and word in said, f"{text!r}: {said}")
    path = write_config(stage, "[server]\nclassic = anyone\npassword-file = /nowhere\n")
    said = refuse_to_start(stage, 2, "--config", path, "--check-config")
    expect("classic" in said, said)


def test_bad_config(stage):
    """What is wrong in a file is told with its name, and ends with 2."""
    for text, word in (
        ("[server]\ncolour = red\n", "colour"),
        ("[server]\nport = red\n", "red"),
        ("[server]\nport =\n", "port"),
        ("[server]\nclassic = maybe\n", "maybe"),
        ("[server]\naddress = nowhere\n", "nowhere"),
        ("[sever]\nport = 1\n", "sever"),
        ("port = 1\n", ""),
        ("[server\nport = 1\n", ""),
        ("just words\n", ""),
        (b"[server]\naddress = \xff\xfe\n", ""),
    ):
        path = write_config(stage, text)
        said = refuse_to_start(stage, 2, "--config", path, "--port", "0")
        expect("teahoused.conf" in said and word in said, f"{text!r}: {said!r}")
    refuse_to_start(stage, 2, "--config", stage.folder.name, "--port", "0")


def test_data_dir(stage):
    """--data-dir makes the folder, for nobody else, or tells why not."""
    path = stage.path / "one" / "two"
    server = stage.server("--data-dir", str(path))
    expect_equal(path.stat().st_mode & 0o777, 0o700, "Mode of the folder")
    server.stop()
    stage.server("--data-dir", str(path)).stop()

    (stage.path / "file").write_text("")
    text = refuse_to_start(stage, 1, "--data-dir", str(stage.path / "file" / "below"), "--port", "0")
    expect("file" in text, f"It says {text!r}")


def test_state_directory(stage):
    """Under systemd it keeps the room where that says, otherwise among the user's data."""
    given = stage.path / "given"
    data = stage.path / "data"
    for environment, folder in (({"STATE_DIRECTORY": f"{given}:/nowhere"}, given),
                                ({"XDG_DATA_HOME": data}, data / "teahoused")):
        program = stage.program("teahoused", "--port", "0", environment=environment)
        program.wait_out("Listening")
        expect_equal(sorted(path.name for path in folder.iterdir() if path.suffix != ".lock"
                            and not path.name.startswith("room.db-")),
                     ["control", "identity.pem", "room.db", "ticket.key"], f"In {folder}")
        program.send_signal(signal.SIGTERM)
        program.wait_exit(0)


def test_folder_in_use(stage):
    """Two servers cannot have one folder, and a key that others can read is not taken."""
    server = stage.server()
    text = refuse_to_start(stage, 1, "--data-dir", server.data_dir, "--port", "0")
    expect(str(server.data_dir) in text or "use" in text, f"It says {text!r}")
    server.stop()

    (server.data_dir / "identity.pem").chmod(0o644)
    text = refuse_to_start(stage, 1, "--data-dir", server.data_dir, "--port", "0")
    expect("identity.pem" in text, f"It says {text!r}")


def test_damaged_database(stage):
    """A damaged database is refused, and left as it is."""
    server = stage.server()
    stage.member(server, "Mei")
    server.stop()
    path = server.data_dir / "room.db"
    path.write_bytes(b"x" * path.stat().st_size)
    text = refuse_to_start(stage, 1, "--data-dir", server.data_dir, "--port", "0")
    expect("room.db" in text, f"It says {text!r}")
    expect_equal(set(path.read_bytes()), {ord("x")}, "What is in the file")


def hash_password(stage, text, status=0):
    program = stage.program("teahoused", "--hash-password")
    program.write(text)
    program.end_input()
    return program.wait_exit(status)


def test_password(stage):
    """With a password file classic clients, which cannot tell a password, are not served."""
    path = stage.path / "password"
    line = hash_password(stage, "tea\n").out
    expect(re.fullmatch(rb"\$\S{40,}\n", line), f"It prints {line!r}")
    path.write_bytes(line)
    path.chmod(0o600)

    server = stage.server("--password-file", path)
    expect("classic" in stage.client(server).send("L Mei").expect_refusal(), "No reason")
    server.stop()

    text = refuse_to_start(stage, 2, "--password-file", path, "--classic", "anyone", "--port", "0")
    expect("classic" in text, f"It says {text!r}")
    path.write_text("tea\n")
    text = refuse_to_start(stage, 2, "--password-file", path, "--port", "0")
    expect(str(path) in text and "--hash-password" in text, f"It says {text!r}")
    text = refuse_to_start(stage, 1, "--password-file", "/nowhere", "--port", "0")
    expect("/nowhere" in text, f"It says {text!r}")

    for text in ("", "\n", "x" * 300 + "\n"):
        expect(hash_password(stage, text, 1).err, "No reason")


def test_hash_that_cannot_be_written(stage):
    """Where the disk is full, nobody is to believe that there is a password."""
    with open("/dev/full", "wb") as full:
        program = stage.program("teahoused", "--hash-password",
                                prepare=lambda: os.dup2(full.fileno(), 1))
        program.write("tea\n")
        program.end_input()
        expect(program.wait_exit(1).err, "No reason")


def test_ways_to_end(stage):
    """Ctrl+C, SIGTERM and a terminal that is closed end it well, unless it ignores that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        server = stage.server()
        mei = stage.member(server, "Mei")
        server.stop(number)
        mei.expect("EXIT")
    program = stage.program("teahoused", "--port", "0", "--data-dir", stage.path / "terminal",
                            terminal=True)
    program.wait_out("Listening on")
    program.hang_up()
    stage.wait(lambda: not program.is_running(), "it ends")
    expect_equal(program.process.returncode, 0, "How it ended")
    server = stage.server(prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    server.send_signal(signal.SIGHUP)
    stage.member(server, "Mei")
    server.stop()


def test_streams_that_are_closed(stage):
    """What it logs goes into nothing that got the number of what is closed."""
    server = stage.server(prepare=lambda: [os.close(number) for number in (0, 2)])
    for number in (0, 2):
        expect_equal(os.readlink(f"/proc/{server.process.pid}/fd/{number}"), "/dev/null", "What is open")
    server.stop()


def test_password_at_a_terminal(stage):
    """At a terminal a password is asked for twice, and not shown."""
    program = stage.program("teahoused", "--hash-password", terminal=True)
    program.wait_out("Password of the room:")
    program.write("green tea\n")
    program.wait_out("again:")
    program.write("green tea\n")
    program.wait_exit(0)
    expect(b"$" in program.out and b"green" not in program.out, f"It shows {program.out!r}")

    program = stage.program("teahoused", "--hash-password", terminal=True)
    program.wait_out("Password of the room:")
    program.write("green tea\n")
    program.wait_out("again:")
    program.write("black tea\n")
    program.wait_exit(1)
    expect(b"two different" in program.out, f"It shows {program.out!r}")


def test_password_is_not_typed(stage):
    """Whoever ends it instead of typing a password sees again what they type after it."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        program = stage.program("teahoused", "--hash-password", terminal=True)
        program.wait_out("Password of the room:")
        expect(not program.is_shown(), "It would show the password.")
        program.send_signal(number)
        stage.wait(lambda program=program: not program.is_running(), "it ends")
        expect_equal(program.process.returncode, -number, "What it ended by")
        expect(program.is_shown(), "Nothing is shown any more.")


def test_room_lasts(stage):
    """Who was in the room is there after a restart, for as long as they may stay away."""
    server = stage.server("--grace", "300")
    stage.member(server, "Mei").say("hello")
    server.stop()
    again = stage.server("--grace", "300", "--data-dir", server.data_dir)
    stage.member(again, "Bo").send("W Bo").expect("W 1/1 Mei Bo")


def test_rooms(stage):
    """The commands of an operator work on the rooms while the server is stopped."""
    def run(*words, code=0):
        program = stage.program("teahoused", "--data-dir", str(data), *words).wait_exit(code)
        return program.out.decode() if code == 0 else program.err.decode()

    data = stage.path / "nowhere"
    expect("nowhere" in run("room", "list", code=1), "It does not tell what is not there.")
    expect(not data.exists(), "A folder was made.")

    server = stage.server()
    data = server.data_dir
    stage.member(server, "Mei").say("hello")
    expect("use" in run("room", "list", code=1), "It works on what a server uses.")
    server.stop()

    expect_equal(run("room", "list"), "", "Rooms")
    run("room", "make", "Kitchen")
    run("room", "make", "Attic")
    run("room", "make", "KITCHEN", code=1)
    run("room", "make", "two words", code=1)
    run("room", "make", "~aaaaaaaaaaaaaaaa", code=1)
    run("room", "rename", "Attic", "kitchen", code=1)
    run("room", "rename", "Attic", "Pantry")
    run("room", "archive", "pantry")
    lines = [line.split("\t")[2] for line in run("room", "list").splitlines()]
    expect_equal(lines, ["Kitchen", "Pantry"], "Rooms")

    archive = stage.path / "kitchen.tea"
    run("room", "export", "Kitchen", str(archive))
    run("room", "export", "Kitchen", str(archive), code=1)
    run("room", "erase", "Kitchen")
    run("room", "make", "Kitchen")
    run("room", "import", "Kitchen", str(archive))
    run("room", "import", "Kitchen", str(stage.path / "nothing"), code=1)

    run("room", "erase", "Kitchen")
    run("room", "erase", "Kitchen", code=1)
    run("room", "erase", "", code=1)
    expect_equal(len(run("room", "list").splitlines()), 1, "Rooms that are left")

    # The hall is as it was.
    again = stage.server("--data-dir", server.data_dir)
    stage.member(again, "Bo").send("W Bo").expect("W 1/1 Mei Bo")


def test_version_and_help(stage):
    """--version and --help print and end."""
    program = stage.program("teahoused", "--version").wait_exit(0)
    name, _, version = program.out.decode().strip().partition(" ")
    expect_equal(name, "teahoused", "Name")
    expect(VERSION.fullmatch(version), f"Version: {version!r}")

    program = stage.program("teahoused", "--help").wait_exit(0)
    for option in ("--address", "--port", "--data-dir", "--password-file", "--grace",
                   "--retain-days", "--retain-events", "--messages-per-second", "--bytes-per-second",
                   "--max-clients", "--max-people", "--handshakes-per-second", "--name-lifetime", "--idle-timeout",
                   "--classic", "--classic-accept", "--classic-places", "--classic-joins",
                   "--classic-bytes", "--rooms", "--pairs", "--edit-hours",
                   "--newcomers", "--operators",
                   "--config", "--hash-password", "--version", "room list"):
        expect(option in program.out.decode(), f"The help does not tell of {option}")


def test_signals_before_anything_happened(stage):
    """It ends well right after it is ready."""
    for _ in range(10):
        stage.server().stop()


def test_no_standard_input_or_output_needed(stage):
    """Whoever started it may close the pipe after the first line."""
    server = stage.server()
    server.end_input()
    stage.unwatch(server.process.stdout)
    server.process.stdout.close()
    mei = stage.member(server, "Mei")
    mei.send("E Mei").expect("EXIT")
    server.kill()


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
