#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal client, with our own server."""

import errno
import fcntl
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import time

import teahouse
from second_client import SecondClient
from teahouse import expect, expect_equal, protect

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")


def enter(stage, server, name, *arguments, classic=False, **keywords):
    if classic:
        arguments += ("--classic",)
    return stage.cli(server, *arguments, name=name, **keywords).wait_inside(name)


def told(cli):
    """What was told of others; what one says oneself has a state."""
    return [(event["kind"], event["author"], event["text"]) for event in cli.events()
            if "state" not in event]


def states(cli):
    """What became of what was said here."""
    return [(event["text"], event["state"], event["seq"]) for event in cli.events()
            if "state" in event]


def test_conversation(stage):
    """Two clients talk, and see each other come and go."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    bob = enter(stage, server, "Bob")
    mei.wait_fact("joined", "Bob")
    mei.say("hello")
    bob.wait_fact("message", "Mei", "hello")
    bob.say("  two  spaces  ", "你好 🍵")
    mei.wait_fact("message", "Bob", "你好 🍵")
    bob.end_input()
    bob.wait_exit(0)
    mei.wait_fact("left", "Bob")
    expect_equal(told(mei), [("joined", "Mei", None), ("joined", "Bob", None),
                               ("message", "Bob", "  two  spaces  "), ("message", "Bob", "你好 🍵"),
                               ("left", "Bob", None)], "Mei's events")
    expect_equal([fact for fact in told(bob) if fact[1] != "Bob"],
                 [("joined", "Mei", None), ("message", "Mei", "hello")], "Bob's events")


def test_json(stage):
    """An event is an object on a line of its own with all its members."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei")
    bob.say('"quoted" \\ \n and a second line \u2028 \x07')
    mei.wait_fact("message", "Bob", '"quoted" \\ \n and a second line \u2028 \x07')
    expect_equal([event["seq"] for event in mei.events()], [1, 2, 3], "Numbers")
    for event in mei.events():
        expect_equal(set(event), {"kind", "room", "author", "text", "time", "seq", "id"}, "Members")
        expect(TIME.fullmatch(event["time"]), f"Time: {event['time']}")


def test_lines_for_people(stage):
    """Without --json it prints what the room would say."""
    server = stage.server()
    mei = stage.program("teahouse-cli", "--nick", "Mei", "--classic", "127.0.0.1:%u" % server.port)
    mei.wait_out("Mei entered the room\n")
    bob = stage.member(server, "Bob").say("hello")
    mei.wait_out("Bob entered the room\nBob ： hello\n")
    bob.send("E Bob").expect("EXIT")
    mei.wait_out("Bob left the room\n")


def test_ways_to_leave(stage):
    """The end of input, Ctrl+C, SIGTERM and a terminal that is closed leave politely."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for leave in (lambda cli: cli.end_input(), lambda cli: cli.send_signal(signal.SIGHUP),
                  lambda cli: cli.send_signal(signal.SIGINT),
                  lambda cli: cli.send_signal(signal.SIGTERM)):
        mei = enter(stage, server, "Mei")
        leave(mei)
        mei.wait_exit(0)
        bob.expect("Mei entered the room", "Mei left the room")
    bob.expect_nothing()


def test_nohup(stage):
    """What it was started to ignore, it ignores."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei",
                prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    mei.send_signal(signal.SIGHUP)
    mei.say("still here")
    bob.expect("Mei entered the room", "Mei ： still here")


def test_streams_that_are_closed(stage):
    """Where input is closed it has ended; what is printed goes nowhere, least of all into a
    socket that got the number of what is closed."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for closed in ((0,), (1,), (2,), (0, 1, 2)):
        mei = stage.cli(server, name="Mei", plain=True,
                        prepare=lambda closed=closed: [os.close(number) for number in closed])
        if 0 not in closed:
            mei.write("hello\n")
            mei.end_input()
        mei.wait_exit(0)
        said = ["Mei ： hello"] if 0 not in closed else []
        bob.expect("Mei entered the room", *said, "Mei left the room")
    bob.expect_nothing()


def test_output_that_nobody_can_read(stage):
    """When whoever read what is printed has gone it leaves, though its input goes on; what
    cannot be written is told."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.cli(server, name="Mei", reads_output=False)
    bob.expect("Mei entered the room")
    mei.process.stdout.close()
    bob.say("hello")
    bob.expect("Mei left the room")
    stage.wait(lambda: not mei.is_running(), "it ends")
    expect_equal(mei.process.returncode, 0, "Exit status")

    with open("/dev/full", "wb") as full:
        mei = stage.cli(server, name="Mei", prepare=lambda: os.dup2(full.fileno(), 1))
        mei.wait_exit(2)
        expect(os.strerror(errno.ENOSPC).encode() in mei.err, f"It says {mei.err!r}")
        bob.expect("Mei entered the room", "Mei left the room")
        servers = stage.program("teahouse-cli", "servers",
                                prepare=lambda: os.dup2(full.fileno(), 1)).wait_exit(2)
        expect(servers.err, "It says nothing about it.")


def test_any_locale(stage):
    """A name and a text are UTF-8, though the locale is none for that, as with cron."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for locale in ("C", "POSIX", "nowhere"):
        say(stage, server, "-n", "李雷", text="Grün 茶", environment={"LC_ALL": locale}).wait_exit(0)
        bob.expect("李雷 entered the room", "李雷 ： Grün 茶", "李雷 left the room")
    say(stage, server, "-n", "M\udce9i", text="hello").wait_exit(2)
    say(stage, server, "-n", "Mei", text="caf\udce9").wait_exit(2)


def test_pipe(stage):
    """All that comes through a pipe is said before the end of input leaves."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.cli(server, name="Mei", plain=True)
    mei.say(*(f"line {number}" for number in range(100)))
    mei.write("without a line break")
    mei.end_input()
    mei.wait_exit(0)
    bob.expect("Mei entered the room", *(f"Mei ： line {number}" for number in range(100)),
               "Mei ： without a line break", "Mei left the room")


def test_input_nobody_should_give(stage):
    """Empty lines are not said, bytes that are no text become visible, and a line that is
    too long is told."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.cli(server, name="Mei", plain=True)
    bob.expect("Mei entered the room")
    mei.write(b"\n\r\n\n")
    mei.write(b"caf\xe9\n")
    bob.expect("Mei ： caf\ufffd")
    mei.write(b"a" * 16385 + b"\n" + b"b" * 16384 + b"\n")
    bob.expect("Mei ： " + "b" * 16384)
    mei.wait_err("16384")
    mei.write("L Bob\nE Mei\n \n")
    bob.expect("Mei ： L Bob", "Mei ： E Mei", "Mei ：  ")
    mei.write("one\rtwo\r")
    bob.expect("Mei ： one", "Mei ： two")
    mei.write("\nthree\r\n")
    bob.expect("Mei ： three")
    # More than is kept of a line.
    mei.write("c" * 300000 + "\nfour\n")
    bob.expect("Mei ： four")
    mei.write("d" * 300000)
    mei.end_input()
    mei.wait_exit(5)
    expect_equal(mei.err.count(b"131072"), 2, "Lines that were too long")


def test_usage(stage):
    """Wrong usage ends with 2 and a word about it."""
    for arguments in ((), ("127.0.0.1",), ("--nick", "Mei"), ("--nick",), ("--nonsense",),
                      ("--nick", "Mei", "127.0.0.1", "127.0.0.2"), ("--nick", "Mei", "a b"),
                      ("--nick", "Mei", "127.0.0.1:0"), ("--nick", "Mei", "127.0.0.1:65536"),
                      ("--nick", "Mei", ""), ("--nick", "Mei", "[::1"), ("say",),
                      ("say", "127.0.0.1", "not", "in", "quotes"), ("say", "127.0.0.1", ""),
                      ("say", "127.0.0.1"), ("say", "127.0.0.1", "-"), ("say", "a b", "hello"),
                      ("say", "--json", "127.0.0.1", "hello"),
                      ("say", "--since", "1", "127.0.0.1", "hello"), ("servers", "127.0.0.1"),
                      ("forget",), ("forget", "127.0.0.1", "127.0.0.2"), ("forget", "a b"),
                      ("--nick", "Mei", "--forget-key", "127.0.0.1")):
        program = stage.program("teahouse-cli", *arguments)
        program.end_input()
        program.wait_exit(2)
        expect_equal(program.out, b"", "Standard output")
        expect(program.err and b"CRITICAL" not in program.err, f"{arguments}: {program.err!r}")
    for option in ("--version", "--help"):
        expect(b"teahouse-cli" in stage.program("teahouse-cli", option).wait_exit(0).out, option)


def test_name_refused(stage):
    """A refused name ends with 3, be it unfit or taken."""
    server = stage.server()
    stage.member(server, "Mei")
    for name in ("mei", "two words", "", "a" * 33, "a:b"):
        cli = stage.cli(server, name=name).wait_exit(3)
        expect_equal(cli.out, b"", "Standard output")
        expect(cli.err.strip(), "It says nothing about it.")


def test_no_answer(stage):
    """Where nobody answers it ends with 4."""
    address = ("127.0.0.1", teahouse.find_port())
    cli = stage.cli(address, name="Mei").wait_exit(4)
    expect("%s:%u" % address in cli.err.decode(), f"It says {cli.err!r}")
    # Where there is no way to those who know all names, that does not take for ever.
    cli = stage.cli("nowhere.invalid", name="Mei",
                    environment={"RES_OPTIONS": "timeout:1 attempts:1"}).wait_exit(4)
    expect(cli.err.strip(), "It says nothing about it.")


def test_server_says_goodbye(stage):
    """When the room is closed the client ends normally."""
    server = stage.server()
    mei = enter(stage, server, "Mei", classic=True)
    server.stop()
    mei.wait_exit(0)
    expect(mei.err.strip(), "It says nothing about it.")


def test_asks_for_a_name(stage):
    """On a terminal it asks for a name, and asks again when it is refused."""
    server = stage.server()
    bob = stage.member(server, "Mei")
    cli = stage.cli(server, terminal=True)
    cli.wait_out("Your name:")
    for name in ("two words", "mei", "Lin"):
        n_asked = cli.out.count(b"Your name:")
        cli.write(name + "\n")
        if name != "Lin":
            stage.wait(lambda n=n_asked: cli.out.count(b"Your name:") > n, "it asks again")
    bob.expect("Lin entered the room")
    cli.wait_out("Lin entered the room")
    cli.write("hello\n")
    bob.expect("Lin ： hello")
    cli.write("\x04")
    cli.wait_exit(0)
    bob.expect("Lin left the room")


def test_asks_after_a_wrong_option(stage):
    """A name from the command line that is refused can be corrected on a terminal."""
    server = stage.server()
    bob = stage.member(server, "Mei")
    for name in ("two words", "Mei"):
        cli = stage.cli(server, name=name, terminal=True)
        cli.wait_out("Your name:")
        cli.write("Lin\n")
        bob.expect("Lin entered the room")
        cli.wait_out("Lin entered the room")
        cli.write("\x03")
        cli.wait_exit(0)
        bob.expect("Lin left the room")


def test_end_of_input_instead_of_a_name(stage):
    """Ctrl+D and Ctrl+C where a name is asked for end it."""
    server = stage.server()
    for key in ("\x04", "\x03"):
        cli = stage.cli(server, terminal=True)
        cli.wait_out("Your name:")
        cli.write(key)
        cli.wait_exit(0)


def test_terminal_is_safe(stage):
    """What others write cannot steer the terminal, or look like somebody else's line."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    cli = stage.cli(server, name="Mei", terminal=True)
    cli.wait_out("Mei entered the room")
    bob.expect("Mei entered the room")
    bob.say("\x1b[2J\x1b]0;title\x07 \x9b31m \x08\x08 \r overwritten \x7f \u202e desrever")
    bob.say("one\nAnn ： forged\r\nAnn ： again")
    bob.say("the end")
    cli.wait_out("the end")
    # Besides there is what the line editor sends to take its own line away, and to go on.
    shown = re.sub("> \r\x1b\\[K\r?", "", cli.out[cli.out.index(b"Bob ") :].decode())
    for character in shown.replace("\r\n", ""):
        expect(character.isprintable() or character == "\ufffd", f"Shown: {character!r} in {shown!r}")
    lines = shown.split("\r\n")
    expect(not any(line.startswith("Ann") for line in lines), f"Shown: {lines}")

    # Nor by way of tee or a pager.
    noor = enter(stage, server, "Noor", "--identity", stage.path / "noor")
    lin = stage.cli(server, name="Lin", plain=True)
    lin.wait_out("the end")
    for printed in (lin.out, noor.out):
        for character in printed.decode().replace("\n", ""):
            expect(character.isprintable() or character == "\ufffd", f"Printed: {character!r}")
    expect(not any(line.startswith(b"Ann") for line in lin.out.splitlines()), f"{lin.out!r}")
    expect(any(event["text"] == "one\nAnn ： forged\r\nAnn ： again" for event in noor.events()),
           "A program is told something else than what was said.")


def test_flood_does_not_keep_from_hearing(stage):
    """While a flood of input is said, what others say is heard."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei", classic=True)
    n_early = 0
    for number in range(10):
        mei.say(*(f"flood {number} {line}" for line in range(3000)))
        teahouse.say_until(stage, bob, f"ping {number}",
                           lambda: f"ping {number}" in mei.out.decode(), "Mei hears Bob")
        n_early += f"Mei ： flood {number} 2999".encode() not in bob.inbox
    expect(n_early > 0, "Nothing was heard before all was said.")
    teahouse.say_until(stage, mei, "the end", lambda: "Mei ： the end".encode() in bob.inbox,
                       "the end")
    stage.note(f"{n_early} of 10 were heard early; "
               f"{sum(b'flood' in line for line in bob.inbox)} of 30000 lines arrived")


def test_output_that_nobody_reads(stage):
    """Who does not read what is printed can still say something, and leave."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.program("teahouse-cli", "--nick", "Mei", "127.0.0.1:%u" % server.port,
                        reads_output=False)
    mei.wait_err("Mei")
    # More than a pipe holds, said no faster than Mei can take it in.
    for number in range(100):
        bob.inbox.clear()
        bob.say("x" * 4000).send("L Bob")
        stage.wait(lambda: b"Y" in bob.inbox, "it is stored")
        mei.write(f"still here {number}\n")
        bob_heard = f"Mei ： still here {number}".encode()
        stage.wait(lambda: bob_heard in bob.inbox, "Bob hears Mei")
    mei.end_input()
    stage.wait(lambda: "Mei left the room".encode() in bob.inbox, "Mei leaves")
    # It ends when somebody has read all of it.
    expect(mei.is_running(), "Something of the output was lost.")
    mei.reads_output = True
    stage.watch(mei.process.stdout, lambda: mei.read(mei.process.stdout.fileno(), "out"))
    mei.wait_exit(0)
    expect_equal(mei.out.count(b"x" * 4000), 100, "Lines")


def replace_classic(stage, server, mei, name):
    """Starts another server at the same port, and has somebody enter there before Mei, who
    might be back first."""
    mei.send_signal(signal.SIGSTOP)
    again = stage.server("--port", str(server.port))
    member = stage.member(again, name)
    mei.send_signal(signal.SIGCONT)
    return member


def test_server_restarts(stage):
    """In a classic room the client comes back by itself, and what was typed meanwhile arrives once each and
    in order."""
    server = stage.server()
    mei = enter(stage, server, "Mei", classic=True)
    bob = stage.member(server, "Bob")
    bob.say("before")
    mei.wait_fact("message", "Bob", "before")
    server.kill()

    mei.say(*(f"line {number}" for number in range(10)))
    mei.wait_err("does not answer")
    mei.say(*(f"line {number}" for number in range(10, 20)))

    bob = replace_classic(stage, server, mei, "Bob")
    mei.wait_err("Connected again")
    mei.say("after")
    stage.wait(lambda: "Mei ： after".encode() in bob.inbox, "the line after")
    expect_equal([line.decode() for line in bob.inbox],
                 ["Mei entered the room", *(f"Mei ： line {number}" for number in range(20)),
                  "Mei ： after"], "Bob heard")
    mei.end_input()
    mei.wait_exit(0)


def test_server_restarts_unnoticed(stage):
    """What is said first to a server that was started anew meanwhile is not lost."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei", classic=True)
    # Until it knows what server it talks to.
    for text in ("hello", "is everything fine?"):
        bob.say(text)
        mei.wait_fact("message", "Bob", text)
    # Nor does it ask meanwhile who is there, and notice.
    mei.send_signal(signal.SIGSTOP)
    server.kill()
    bob = replace_classic(stage, server, mei, "Bob")
    mei.say("one", "two", "three")
    bob.expect("Mei entered the room", "Mei ： one", "Mei ： two", "Mei ： three")
    bob.expect_nothing()


def test_name_taken_after_a_restart(stage):
    """If somebody else has the name by then, that is told, and it ends with 3."""
    server = stage.server()
    mei = enter(stage, server, "Mei", classic=True)
    server.kill()
    mei.say("hello")
    mei.wait_err("does not answer")
    replace_classic(stage, server, mei, "mei")
    mei.wait_exit(3)


def test_states(stage):
    """What one says is told when it is sent and when it is stored, under one identifier."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    bob = enter(stage, server, "Bob")
    mei.say("one", "two")
    stage.wait(lambda: [state for _, state, _ in states(mei)].count("delivered") == 2,
               "both are delivered")
    bob.wait_fact("message", "Mei", "two")
    for text in ("one", "two"):
        mine = [event for event in mei.events() if event["text"] == text]
        theirs, = [event for event in bob.events() if event["text"] == text]
        expect_equal([(event["state"], event["seq"]) for event in mine],
                     [("sending", None), ("delivered", theirs["seq"])], text)
        expect_equal({event["id"] for event in mine}, {theirs["id"]}, "Identifiers")
    expect_equal(len({event["id"] for event in bob.events() if event["kind"] == "message"}), 2,
                 "Identifiers")


def test_since(stage):
    """What happened after a number comes first, and nothing that was before it."""
    server = stage.server()
    mei = stage.cli(server, name="Mei")
    mei.say(*(f"line {number}" for number in range(100)))
    mei.end_input()
    mei.wait_exit(0)
    bob = stage.cli(server, "--since", "60", name="Bob").wait_inside("Bob")
    numbers = [event["seq"] for event in bob.events()]
    expect_equal(numbers, list(range(61, 61 + len(numbers))), "Numbers")
    bob.wait_fact("left", "Mei")

    # Without it, the latest.
    ann = enter(stage, server, "Ann")
    expect_equal(len(ann.events()), 50, "Events")


def test_gap(stage):
    """What is not kept any more when somebody comes back is told as a gap."""
    server = stage.server()
    cut = False
    relay = teahouse.Relay(stage, server, lambda way, data: [] if cut else [data])
    mei = enter(stage, relay, "Mei", "--identity", stage.path / "mei")
    ann = stage.cli(relay, "--identity", stage.path / "ann", name="Ann", plain=True)
    ann.wait_out("Ann entered the room")
    cut = True
    bob = enter(stage, server, "Bob")
    bob.say(*map(str, range(50)))
    bob.end_input()
    bob.wait_exit(0)
    server.send_signal(signal.SIGTERM)
    server.wait_exit(0)
    server = stage.server("--port", server.port, "--data-dir", server.data_dir,
                          "--retain-events", 10)
    noor = SecondClient(stage, server, "Noor", history=0).enter()
    noor.wait(lambda: noor.first > 20, "hears that the past is forgotten")
    cut = False
    mei.wait_fact("message", "Bob", "49")
    events = mei.events()
    gap = [event["kind"] for event in events].index("gap")
    expect(events[gap - 1]["seq"] < 5 and events[gap + 1]["seq"] > 20, f"Events: {events}")
    ann.wait_out("Bob ： 49\n")
    said = ann.out.decode().splitlines()
    gap = said.index("Some of what happened in the meantime is not shown here.")
    expect("Ann entered the room" in said[:gap] and "Bob ： 49" in said[gap:], f"Said: {said}")

    # From a number on, it may begin later.
    lin = stage.cli(server, "--since", "5", "--identity", stage.path / "lin", name="Lin")
    lin.wait_inside("Lin")
    expect_equal(lin.events()[0]["kind"], "gap", "What comes first")


def test_timeout(stage):
    """When the server does not say that all is stored, it ends with 5."""
    server = stage.server()
    mei = enter(stage, server, "Mei", "--timeout", "2")
    server.send_signal(signal.SIGSTOP)
    mei.say("hello")
    mei.end_input()
    mei.wait_exit(5)
    server.send_signal(signal.SIGCONT)
    expect(b"not known to have arrived" in mei.err, f"It says {mei.err!r}")
    expect_equal(states(mei), [("hello", "sending", None)], "States")


def test_nothing_is_lost_meanwhile(stage):
    """What is said while the server is away arrives once it is back."""
    server = stage.server()
    bob = enter(stage, server, "Bob")
    mei = enter(stage, server, "Mei")
    mei.say("before")
    bob.wait_fact("message", "Mei", "before")
    server.kill()
    mei.say("meanwhile")
    mei.end_input()
    again = stage.server("--port", str(server.port), "--data-dir", server.data_dir)
    mei.wait_exit(0)
    bob.wait_fact("message", "Mei", "meanwhile")
    expect_equal([state for text, state, _ in states(mei) if text == "meanwhile"],
                 ["sending", "delivered"], "States")
    expect_equal([fact for fact in told(bob) if fact[0] == "message"],
                 [("message", "Mei", "before"), ("message", "Mei", "meanwhile")], "Messages")
    expect(again.fingerprint == server.fingerprint, "The server has another key.")


def test_changed_key(stage):
    """A server with another key is not entered, unless that is wanted."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    mei.wait_err(server.fingerprint)
    mei.end_input()
    mei.wait_exit(0)
    mei = enter(stage, server, "Mei")
    mei.end_input()
    mei.wait_exit(0)
    expect(server.fingerprint not in mei.err.decode(), "A key is shown again.")
    server.stop()

    other = stage.server("--port", str(server.port))
    mei = stage.cli(other, name="Mei")
    mei.wait_exit(6)
    expect_equal(mei.out, b"", "Standard output")
    forget = "forget 127.0.0.1:%u" % other.port
    for words in (server.fingerprint, other.fingerprint, forget):
        expect(words in mei.err.decode(), f"{words} is not in {mei.err.decode()}")

    stage.program("teahouse-cli", *forget.split()).wait_exit(0)
    mei = enter(stage, other, "Mei")
    mei.wait_err(other.fingerprint)


def test_key_not_kept(stage):
    """Where the key of a first visit cannot be remembered, that has to be known first."""
    server = stage.server()
    folder = stage.path / ".config" / "teahouse"
    folder.mkdir(parents=True)
    (folder / "known-servers").symlink_to("/proc/self/nothing/known-servers")

    mei = stage.cli(server, name="Mei")
    mei.wait_exit(2)
    expect_equal(mei.out, b"", "Standard output")
    for words in (server.fingerprint, "known-servers", "#KEY"):
        expect(words in mei.err.decode(), f"{words} is not in {mei.err.decode()}")
    expect("now known" not in mei.err.decode(), f"It says {mei.err!r}")

    # On a terminal it is asked; who has a link knows the key.
    mei = stage.cli(server, name="Mei", terminal=True)
    mei.wait_out("[y/N]")
    mei.write("\n")
    mei.wait_exit(2)
    mei = stage.cli(server, name="Mei", terminal=True)
    mei.wait_out("[y/N]")
    mei.write("y\n")
    mei.wait_out("Mei entered the room")
    bob = enter(stage, make_link(server.address(), server.fingerprint), "Bob")
    bob.wait_err("is not remembered")
    for member in (mei.out, bob.err):
        expect("now known" not in member.decode(), f"It says {member!r}")

    # What is pinned for a while is pinned.
    server.kill()
    stage.server("--port", str(server.port))
    mei.wait_out("has another key than before")


def test_stuck_lock(stage):
    """A lock that another program does not give keeps nobody from entering, or from leaving."""
    server = stage.server()
    folder = stage.path / ".config" / "teahouse"
    folder.mkdir(parents=True)
    with open(folder / "known-servers.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mei = enter(stage, server, "Mei")
        mei.wait_err("is now known")
        mei.send_signal(signal.SIGTERM)
        mei.wait_exit(0)
        again = enter(stage, server, "Mei")
        again.end_input()
        again.wait_exit(0)
        expect(b"first visit" not in again.err, f"It says {again.err!r}")


def make_link(address, fingerprint):
    key = fingerprint.removeprefix("SHA256:").replace("+", "-").replace("/", "_")
    return f"teahouse://{address[0]}:{address[1]}/#{key}"


def test_links(stage):
    """A link names the key that the server must have."""
    server = stage.server()
    other = stage.server()
    enter(stage, make_link(server.address(), server.fingerprint), "Mei")
    wrong = stage.cli(make_link(server.address(), other.fingerprint), name="Bob")
    wrong.wait_exit(6)
    expect_equal(wrong.out, b"", "Standard output")
    expect(b"forget" not in wrong.err, "What a link tells cannot be forgotten.")

    # Anybody can make one: it is nothing against what is known.
    port = server.port
    server.stop()
    other = stage.server("--port", str(port))
    link = make_link(other.address(), other.fingerprint)
    tom = stage.cli(link, name="Tom")
    tom.wait_exit(6)
    forget = "forget 127.0.0.1:%u" % port
    for words in (server.fingerprint, other.fingerprint, forget):
        expect(words in tom.err.decode(), f"{words} is not in {tom.err.decode()}")
    stage.program("teahouse-cli", *forget.split()).wait_exit(0)
    enter(stage, link, "Tom")


def test_password(stage):
    """A password is read from a file; without the right one, it ends with 3."""
    server = stage.server("--password-file", protect(stage, "oolong"))
    right = stage.path / "right"
    right.write_text("oolong\nand more\n")
    wrong = stage.path / "wrong"
    wrong.write_text("lapsang\n")
    enter(stage, server, "Mei", "--password-file", right)
    for arguments, words in (((), b"--password-file"), (("--password-file", wrong), b"password")):
        bob = stage.cli(server, *arguments, name="Bob").wait_exit(3)
        expect(words in bob.err, f"It says {bob.err!r}")
    missing = stage.cli(server, "--password-file", stage.path / "missing", name="Bob")
    missing.wait_exit(2)


def test_files_that_are_no_good(stage):
    """A key that cannot be had, or used, is told, and is not a server that does not answer."""
    server = stage.server()
    others_read = stage.path / "others-read"
    enter(stage, server, "Ann", "--identity", others_read).end_input()
    others_read.chmod(0o644)
    junk = stage.path / "junk"
    junk.write_text("junk")
    junk.chmod(0o600)
    for path in (others_read, junk, stage.path, junk / "key"):
        mei = stage.cli(server, "--identity", path, name="Mei").wait_exit(2)
        expect(str(path) in mei.err.decode() or "key" in mei.err.decode(), f"It says {mei.err!r}")

    known = stage.path / ".config/teahouse/known-servers"
    known.write_text("no key file")
    mei = stage.cli(server, name="Mei").wait_exit(2)
    expect(str(known) in mei.err.decode(), f"It says {mei.err!r}")


def test_asks_for_a_password(stage):
    """On a terminal a password is asked for, and not shown."""
    server = stage.server("--password-file", protect(stage, "oolong"))
    cli = stage.cli(server, name="Mei", terminal=True)
    cli.wait_out("Password:")
    cli.write("oolong\n")
    cli.wait_out("Mei entered the room")
    expect(b"oolong" not in cli.out, "The password is shown.")
    cli.write("hello there\n")
    cli.wait_out("hello there")
    cli.write("\x04")
    cli.wait_exit(0)


def test_password_is_not_typed(stage):
    """Whoever ends it instead of typing a password sees again what they type after it."""
    server = stage.server("--password-file", protect(stage, "oolong"))
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        cli = stage.cli(server, name="Mei", terminal=True)
        cli.wait_out("Password:")
        expect(not cli.is_shown(), "It would show the password.")
        cli.send_signal(number)
        stage.wait(lambda cli=cli: not cli.is_running(), "it ends")
        expect(cli.is_shown(), "Nothing is shown any more.")


def classic_server(stage):
    """One that speaks nothing else."""
    def answer(request):
        return {b"L": ["Y"], b"E": ["EXIT"]}.get(request[:1], ["N Huh?"])
    return teahouse.ForeignServer(stage, answer)


def test_classic_server(stage):
    """A room without encryption is entered only when that is wanted."""
    server = classic_server(stage)
    cli = stage.cli(server.address(), name="Mei").wait_exit(4)
    expect(b"--classic" in cli.err, f"It says {cli.err!r}")
    expect_equal([request for request in server.requests if request[:1] == b"L"], [], "Requests")
    enter(stage, server.address(), "Mei", classic=True)


def test_asks_about_a_classic_server(stage):
    """On a terminal it is asked whether a room without encryption is to be entered."""
    server = classic_server(stage)
    cli = stage.cli(server.address(), name="Mei", terminal=True)
    cli.wait_out("[y/N]")
    cli.write("\n")
    cli.wait_exit(4)
    cli = stage.cli(server.address(), name="Mei", terminal=True)
    cli.wait_out("[y/N]")
    cli.write("y\n")
    cli.wait_out("Mei entered the room")


def answers(cli):
    """What commands are answered."""
    return [event for event in cli.events() if event["kind"] in ("error", "history", "who")]


def test_commands(stage):
    """With --json what comes in is commands; what is none changes nothing."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei")
    bob.expect("Mei entered the room")
    nonsense = ["hello", "{", "[]", "{}", '{"say":7}', '{"say":"a","leave":true}', '{"shout":"a"}',
                '{"leave":false}', '{"history":0}', "[" * 100000, '{"say":"\\u0000"}']
    mei.write("".join(line + "\n\n" for line in nonsense))
    mei.write(b'{"say":"caf\xe9 \\u8336"}\r\n')
    bob.expect("Mei ： caf\ufffd 茶")
    stage.wait(lambda: len(answers(mei)) >= len(nonsense), "all is answered")
    expect_equal([set(answer) for answer in answers(mei)], [{"kind", "text"}] * len(nonsense),
                 "Answers")
    expect(all(answer["text"].strip() for answer in answers(mei)), "An answer does not say why.")
    mei.command(say="a\nb 🍵")
    bob.expect("Mei ： a\nb 🍵")
    # What comes after it is not for anybody. At once: it reads nothing any more once it has left.
    mei.write('{"leave":true}\n{"say":"too late"}\n')
    mei.wait_exit(0)
    bob.expect("Mei left the room").expect_nothing()
    expect_equal(len(answers(mei)), len(nonsense), "Answers")


def test_unsayable(stage):
    """What cannot be said is answered, and counts as not having arrived."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for text in ("", "a" * 16385):
        mei = enter(stage, server, "Mei")
        mei.command(say=text).command(say="b" * 16384)
        bob.expect("Mei entered the room", "Mei ： " + "b" * 16384)
        mei.end_input()
        mei.wait_exit(5)
        bob.expect("Mei left the room")
        expect_equal([answer["kind"] for answer in answers(mei)], ["error"], "Answers")
    # As long as a line can be.
    mei = enter(stage, server, "Mei")
    mei.write('{"say":"' + "\\u0061" * 16384 + '"}\n')
    bob.expect("Mei entered the room", "Mei ： " + "a" * 16384)


def test_history(stage):
    """Programs can ask for what was before, until there is no more."""
    server = stage.server()
    bob = enter(stage, server, "Bob")
    bob.say(*(f"line {number}" for number in range(150)))
    bob.end_input()
    bob.wait_exit(0)
    mei = enter(stage, server, "Mei")
    first = mei.events()[0]["seq"]
    expect(first > 100, f"It begins with {first}.")
    n_known = len(mei.events())
    mei.command(history=30).command(history=1000).command(history=5).command(say="done")
    stage.wait(lambda: "done" in [text for text, _, _ in states(mei)], "all commands are done")
    older = [event for event in mei.events()[n_known:] if "state" not in event]
    expect_equal([(answer["count"], answer["has_older"]) for answer in answers(mei)],
                 [(30, True), (first - 31, False), (0, False)], "Answers")
    ends = [index for index, event in enumerate(older) if event["kind"] == "history"]
    expect_equal([event["seq"] for event in older[:ends[0]]], list(range(first - 30, first)),
                 "Numbers")
    expect_equal([event["seq"] for event in older[ends[0] + 1:ends[1]]],
                 list(range(1, first - 30)), "Numbers")
    expect_equal([event["text"] for event in older if event["kind"] == "message"],
                 [f"line {number}" for number in (*range(first - 32, first - 2),
                                                  *range(first - 32))], "Messages")
    for event in older:
        if event["kind"] != "history":
            expect_equal(set(event), {"kind", "room", "author", "text", "time", "seq", "id"}, "Members")

    # Where there is no log, there is nothing.
    ann = enter(stage, server, "Ann", classic=True).command(history=5)
    stage.wait(lambda: answers(ann), "an answer")
    expect_equal(answers(ann), [{"kind": "history", "room": "", "count": 0, "has_older": False}], "Answers")


def who(stage, cli):
    """Asks who is in the room: each with when they came, and whether these are all."""
    n_answers = len(answers(cli))
    cli.command(who=True)
    stage.wait(lambda: len(answers(cli)) > n_answers, "an answer")
    answer = answers(cli)[-1]
    expect_equal(set(answer), {"kind", "room", "members", "complete"}, "Members of the answer")
    for member in answer["members"]:
        expect_equal(set(member), {"name", "since"}, "Members of a member")
    return [(member["name"], member["since"]) for member in answer["members"]], answer["complete"]


def test_who(stage):
    """Programs can ask who is in the room, and since which event."""
    server = stage.server()
    ann = enter(stage, server, "Ann")
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei")
    joined = [(event["author"], event["seq"]) for event in mei.events()]
    expect_equal([name for name, _ in joined], ["Ann", "Bob", "Mei"], "Arrivals")
    expect_equal(who(stage, mei), (joined, True), "Who is there")
    ann.wait_fact("joined", "Mei")
    expect_equal(who(stage, ann), (joined, True), "Who is there")

    # Who comes anew is there since then.
    bob.send("E Bob")
    mei.wait_fact("left", "Bob")
    expect_equal(who(stage, mei), ([joined[0], joined[2]], True), "Who is there")
    stage.member(server, "Bob")
    stage.wait(lambda: mei.facts().count(("joined", "Bob", None)) == 2, "Bob is back")
    again = max(event["seq"] for event in mei.events() if event.get("author") == "Bob")
    expect_equal(who(stage, mei), ([joined[0], joined[2], ("Bob", again)], True), "Who is there")


def test_who_in_a_pipe(stage):
    """The input may end before the server has told who is there."""
    server = stage.server()
    stage.member(server, "Bob")
    for name, classic in (("Mei", ()), ("Ann", ("--classic",))):
        cli = stage.cli(server, *classic, name=name).command(who=True)
        cli.end_input()
        cli.wait_exit(0)
        answer, = answers(cli)
        expect_equal({member["name"] for member in answer["members"]}, {"Bob", name}, "Members")
        expect(answer["complete"], "Somebody is missing.")


def test_who_in_classic_rooms(stage):
    """In a classic room nobody knows since when. A server that cannot be asked tells no more
    than what is heard."""
    server = stage.server()
    stage.member(server, "Bob")
    mei = enter(stage, server, "Mei", classic=True)
    expect_equal(who(stage, mei), ([("Mei", None), ("Bob", None)], True), "Who is there")

    server = classic_server(stage)
    mei = enter(stage, server.address(), "Mei", classic=True)
    expect_equal(who(stage, mei), ([("Mei", None)], False), "Who is there")
    server.tell("Bob entered the room")
    mei.wait_fact("joined", "Bob")
    expect_equal(who(stage, mei), ([("Mei", None), ("Bob", None)], False), "Who is there")


def test_who_while_the_server_is_away(stage):
    """What is told then is what was known, and that it may be wrong."""
    server = stage.server()
    stage.member(server, "Bob")
    mei = enter(stage, server, "Mei", "--identity", stage.path / "key")
    names = {name for name, _ in who(stage, mei)[0]}
    expect_equal(names, {"Bob", "Mei"}, "Who is there")
    server.kill()
    mei.say("hello")
    mei.wait_err("does not answer")
    members, complete = who(stage, mei)
    expect_equal({name for name, _ in members}, {"Bob", "Mei"}, "Who is there")
    expect(not complete, "It knows what it cannot know.")

    stage.server("--port", str(server.port), "--data-dir", server.data_dir, "--grace", "600")
    mei.wait_err("Connected again")
    expect(who(stage, mei)[1], "It does not know who is there.")


def test_history_in_a_pipe(stage):
    """The input may end before the history that was asked for is there."""
    server = stage.server()
    bob = stage.cli(server, name="Bob")
    bob.say(*(f"line {number}" for number in range(100)))
    bob.end_input()
    bob.wait_exit(0)
    mei = stage.cli(server, name="Mei").command(history=1000)
    mei.end_input()
    mei.wait_exit(0)
    expect_equal({event["seq"] for event in mei.events() if "seq" in event},
                 set(range(1, 104)), "Numbers")


def test_time(stage):
    """What is delivered has the time that everybody reads, whatever clock its sender has."""
    server = stage.server()
    bob = enter(stage, server, "Bob")
    mei = enter(stage, server, "Mei")
    mei.say(*(f"line {number}" for number in range(20)))
    mei.end_input()
    mei.wait_exit(0)
    bob.wait_fact("message", "Mei", "line 19")
    read = {event["id"]: event for event in bob.events() if event["kind"] == "message"}
    told = [event for event in mei.events() if event.get("state") == "delivered"]
    expect_equal(len(told), 20, "Messages")
    for event in told:
        expect_equal((event["time"], event["seq"], event["text"]),
                     tuple(read[event["id"]][name] for name in ("time", "seq", "text")), "Told")


def test_leaves_after_a_crash(stage):
    """Who has nothing more to say leaves as soon as all is stored, though the server is
    killed at any moment meanwhile."""
    data_dir = stage.path / "room"
    server = stage.server("--data-dir", data_dir)
    for number in range(8):
        # Longer than the test waits: who waits for what has arrived does not leave in time.
        mei = enter(stage, server, f"Mei{number}", "--timeout", "600", "--identity",
                    stage.path / f"key-{number}")
        mei.say(*(f"line {number}.{line}" for line in range(20)))
        mei.end_input()
        # While it is said, when the last is delivered, or when it leaves.
        wanted = (0, 1, 10, 19, 20, 20, 20, 20)[number]
        stage.wait(lambda mei=mei, wanted=wanted: not mei.is_running() or wanted <=
                   len([state for _, state, _ in states(mei) if state == "delivered"]),
                   f"{wanted} are delivered")
        server.kill()
        server = stage.server("--data-dir", data_dir, "--port", server.port)
        begin = time.monotonic()
        mei.wait_exit(0)
        stage.note(f"{time.monotonic() - begin:.1f} s after the {wanted}th")
        expect(b"not known" not in mei.err, f"It says {mei.err!r}")
        expect_equal(sorted(text for text, state, _ in states(mei) if state == "delivered"),
                     sorted(f"line {number}.{line}" for line in range(20)), "Delivered")


def say(stage, server, *arguments, text=None, **keywords):
    """Says one thing."""
    address = server if isinstance(server, str) else "127.0.0.1:%u" % server.port
    words = ("say", *arguments, address) + (() if text is None else (text,))
    return stage.program("teahouse-cli", *words, **keywords)


def test_say(stage):
    """One message is said, and nothing printed; on the first visit the key is."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    program = say(stage, server, "-n", "Mei", text="hello there").wait_exit(0)
    expect_equal(program.out, b"", "Standard output")
    expect(server.fingerprint.encode() in program.err, "A new key is not shown.")
    bob.expect("Mei entered the room", "Mei ： hello there", "Mei left the room")

    # Whatever happened before, and whatever there is to read.
    for text, arguments in (("two words", ("--timeout", "30")), ("-5 °C", ("--",)), ("茶 🍵", ()),
                            ("a" * 16384, ())):
        program = say(stage, server, "-n", "Mei", *arguments, text=text).wait_exit(0)
        expect_equal((program.out, program.err), (b"", b""), "Printed")
        bob.expect("Mei entered the room", f"Mei ： {text}", "Mei left the room")

    # All of standard input is one message.
    for text, words in (("one\ntwo\n", None), ("one\r\n", "-"), ("one\n\n", None)):
        program = say(stage, server, "-n", "Mei", text=words)
        program.write(text)
        program.end_input()
        program.wait_exit(0)
        expect_equal((program.out, program.err), (b"", b""), "Printed")
        said = text.removesuffix("\n").removesuffix("\r")
        bob.expect("Mei entered the room", f"Mei ： {said}", "Mei left the room")
    bob.expect_nothing()


def test_say_as_user(stage):
    """Who gives no name is called like the user; to somebody without a fit name it is told."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    say(stage, server, text="hello", environment={"LOGNAME": "lin", "USER": "lin"}).wait_exit(0)
    name = bob.receive().decode().removesuffix(" entered the room")
    bob.expect(f"{name} ： hello", f"{name} left the room")
    stage.note(f"called {name}")


def test_say_fails(stage):
    """Who could not say it ends with what tells why."""
    server = stage.server()
    stage.member(server, "Bob")
    for name, status in (("bob", 3), ("two words", 3)):
        program = say(stage, server, "-n", name, text="hello").wait_exit(status)
        expect(program.err.strip(), "It says nothing about it.")
    locked = stage.server("--password-file", protect(stage, "oolong"))
    expect(b"password" in say(stage, locked, "-n", "Mei", text="hello").wait_exit(3).err, "Why")
    right = stage.path / "right"
    right.write_text("oolong\n")
    say(stage, locked, "-n", "Mei", "--password-file", right, text="hello").wait_exit(0)

    other = stage.server()
    wrong = make_link(server.address(), other.fingerprint)
    say(stage, wrong, "-n", "Mei", text="hello").wait_exit(6)
    classic = classic_server(stage)
    say(stage, "%s:%u" % classic.address(), "-n", "Mei", text="hello").wait_exit(4)
    say(stage, f"127.0.0.1:{teahouse.find_port()}", "-n", "Mei", text="hello").wait_exit(4)
    program = say(stage, server, "-n", "Mei", text="a" * 16385).wait_exit(5)
    expect(b"16384" in program.err, f"It says {program.err!r}")
    program = say(stage, server, "-n", "Mei")
    program.write("b" * 131072)
    program.end_input()
    program.wait_exit(2)


def test_say_without_an_answer(stage):
    """Without an acknowledgement in time it ends with 5."""
    server = stage.server()
    inside = False

    def spoil(way, data):
        """Once somebody has entered, nothing that is said arrives."""
        return [] if inside and way == "up" else [data]

    bob = stage.member(server, "Bob")
    relay = teahouse.Relay(stage, server, spoil)
    program = say(stage, "%s:%u" % relay.address(), "-n", "Mei", "--timeout", "2", text="hello")
    bob.expect("Mei entered the room")
    inside = True
    program.wait_exit(5)
    expect(b"not known to have arrived" in program.err, f"It says {program.err!r}")


def test_say_interrupted(stage):
    """Who is told to end before the message is stored does not end as if it were."""
    server = stage.server()
    say(stage, server, "-n", "Mei", text="so that its key is known").wait_exit(0)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        silent = teahouse.ForeignServer(stage, lambda request: [])
        program = say(stage, "%s:%u" % silent.address(), "-n", "Mei", text="hello")
        stage.wait(lambda silent=silent: silent.requests, "it asks to enter")
        program.send_signal(number)
        program.wait_exit(5)

    # Inside, where what is said does not arrive.
    inside = False
    relay = teahouse.Relay(stage, server,
                           lambda way, data: [] if inside and way == "up" else [data])
    bob = stage.member(server, "Bob")
    mei = enter(stage, relay.address(), "Mei")
    bob.expect("Mei entered the room")
    inside = True
    mei.say("hello")
    stage.wait(lambda: states(mei), "it is said")
    mei.send_signal(signal.SIGINT)
    mei.wait_exit(5)
    expect(b"not known to have arrived" in mei.err, f"It says {mei.err!r}")


def test_say_reads_no_history(stage):
    """Who says one thing is not told what was before."""
    server = stage.server()
    bob = stage.cli(server, name="Bob")
    bob.say(*(f"{number} " + "x" * 900 for number in range(60)))
    bob.end_input()
    bob.wait_exit(0)
    sizes = []
    relay = teahouse.Relay(stage, server, lambda way, data: sizes.append((way, len(data))) or [data])
    say(stage, "%s:%u" % relay.address(), "-n", "Mei", text="hello").wait_exit(0)
    down = sum(size for way, size in sizes if way == "down")
    stage.note(f"{down} bytes came from the server")
    expect(down < 20000, f"{down} bytes came from the server")


def test_servers(stage):
    """The servers whose keys are known are listed, and can be forgotten."""
    def servers(*arguments):
        return stage.program("teahouse-cli", "servers", *arguments).wait_exit(0)

    expect_equal(servers().out, b"", "Servers")
    known = {}
    for _ in range(2):
        server = stage.server()
        say(stage, server, "-n", "Mei", text="hello").wait_exit(0)
        known["127.0.0.1:%u" % server.port] = server.fingerprint
    say(stage, "[::1]:%u" % server.port, "-n", "Mei", text="hello").wait_exit(0)
    known["[::1]:%u" % server.port] = server.fingerprint
    expect_equal(servers().out.decode(), "".join(f"{address} {key}\n"
                                                 for address, key in known.items()), "Servers")
    expect_equal([json.loads(line) for line in servers("--json").out.splitlines()],
                 [{"address": address, "fingerprint": key} for address, key in known.items()],
                 "Servers")
    expect_equal(servers().err, b"", "Standard error")

    for address in known:
        forget = stage.program("teahouse-cli", "forget", address).wait_exit(0)
        expect_equal((forget.out, forget.err), (b"", b""), "Printed")
        expect(address not in servers().out.decode(), f"{address} is not forgotten.")
        forget = stage.program("teahouse-cli", "forget", address).wait_exit(0)
        expect(address.encode() in forget.err, f"It says {forget.err!r}")
    expect_equal(servers().out, b"", "Servers")

    (stage.path / ".config/teahouse/known-servers").write_text("no key file")
    broken = stage.program("teahouse-cli", "servers").wait_exit(2)
    expect(b"known-servers" in broken.err, f"It says {broken.err!r}")


def examples():
    """The programs in the manual page, each by its first word."""
    page = pathlib.Path(__file__).resolve().parents[2] / "data/man/teahouse-cli.1.in"
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", page.read_text(encoding="utf-8"),
                        re.MULTILINE | re.DOTALL)
    return {block.split()[0]: block.replace("\\-", "-").replace("\\e", "\\") for block in blocks}


def run_example(stage, interpreter, word):
    server = stage.server()
    early = enter(stage, server, "Early", "--identity", stage.path / "early")
    script = stage.path / "example"
    script.write_text(examples()[word], encoding="utf-8")
    teahouse.PROGRAMS["interpreter"] = interpreter
    folder = os.path.dirname(teahouse.PROGRAMS["teahouse-cli"])
    greeter = stage.program("interpreter", script, "127.0.0.1:%u" % server.port,
                            environment={"PATH": folder + ":" + os.environ["PATH"]})
    early.wait_fact("joined", "Greeter")
    for name in ("Mei", "李雷"):
        guest = enter(stage, server, name, "--identity", stage.path / name)
        for person in (guest, early):
            person.wait_fact("message", "Greeter", f"Welcome, {name}!")
    said = [event["text"] for event in early.events() if event["author"] == "Greeter"
            and event["kind"] == "message"]
    expect_equal(said, ["Welcome, Mei!", "Welcome, 李雷!"], "Greetings")
    greeter.send_signal(signal.SIGTERM)
    early.wait_fact("left", "Greeter")


def test_example_for_python(stage):
    """The example of the manual page greets everybody who enters."""
    run_example(stage, sys.executable, "import")


def test_example_for_node(stage):
    """The example of the manual page does so, too, where there is Node to run it."""
    expect("spawn" in examples()["const"], "There is no example.")
    if not shutil.which("node"):
        raise teahouse.Skipped("There is no node here.")
    run_example(stage, shutil.which("node"), "const")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
