#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal client, with our own server."""

import re
import signal
import sys
import time

import teahouse
from teahouse import expect, expect_equal

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")


def enter(stage, server, name, **keywords):
    return stage.cli(server, name=name, **keywords).wait_inside(name)


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
    expect_equal(mei.facts(), [("joined", "Mei", None), ("joined", "Bob", None),
                               ("message", "Bob", "  two  spaces  "), ("message", "Bob", "你好 🍵"),
                               ("left", "Bob", None)], "Mei's events")
    expect_equal(bob.facts(), [("joined", "Bob", None), ("message", "Mei", "hello")],
                 "Bob's events")


def test_json(stage):
    """An event is an object on a line of its own with kind, author, text and time."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei")
    bob.say('"quoted" \\ \n and a second line \u2028 \x07')
    mei.wait_fact("message", "Bob", '"quoted" \\ \n and a second line \u2028 \x07')
    expect_equal(mei.out.count(b"\n"), 2, "Lines")
    for event in mei.events():
        expect_equal(set(event), {"kind", "author", "text", "time"}, "Members")
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
    """The end of input, Ctrl+C and SIGTERM leave politely."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for leave in (lambda cli: cli.end_input(), lambda cli: cli.send_signal(signal.SIGINT),
                  lambda cli: cli.send_signal(signal.SIGTERM)):
        mei = enter(stage, server, "Mei")
        leave(mei)
        mei.wait_exit(0)
        bob.expect("Mei entered the room", "Mei left the room")
    bob.expect_nothing()


def test_pipe(stage):
    """All that comes through a pipe is said before the end of input leaves."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.cli(server, name="Mei")
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
    mei = enter(stage, server, "Mei")
    bob.expect("Mei entered the room")
    mei.write(b"\n\r\n\n")
    mei.write(b"caf\xe9\n")
    bob.expect("Mei ： caf\ufffd")
    mei.write(b"a" * 16385 + b"\n" + b"b" * 16384 + b"\n")
    bob.expect("Mei ： " + "b" * 16384)
    mei.wait_err("16384")
    mei.write("L Bob\nE Mei\n \n")
    bob.expect("Mei ： L Bob", "Mei ： E Mei", "Mei ：  ")


def test_usage(stage):
    """Wrong usage ends with 2 and a word about it."""
    for arguments in ((), ("127.0.0.1",), ("--nick", "Mei"), ("--nick",), ("--nonsense",),
                      ("--nick", "Mei", "127.0.0.1", "127.0.0.2"), ("--nick", "Mei", "a b"),
                      ("--nick", "Mei", "127.0.0.1:0"), ("--nick", "Mei", "127.0.0.1:65536"),
                      ("--nick", "Mei", ""), ("--nick", "Mei", "[::1")):
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
    closed = teahouse.ForeignServer(stage, lambda request: [])
    address = closed.address()
    closed.close()
    cli = stage.cli(address, name="Mei").wait_exit(4)
    expect("%s:%u" % address in cli.err.decode(), f"It says {cli.err!r}")
    cli = stage.cli("nowhere.invalid", name="Mei").wait_exit(4)
    expect(cli.err.strip(), "It says nothing about it.")


def test_server_says_goodbye(stage):
    """When the room is closed the client ends normally."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
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
    shown = cli.out[cli.out.index(b"Bob ") :].decode()
    for character in shown.replace("\r\n", ""):
        expect(character.isprintable() or character == "\ufffd", f"Shown: {character!r}")
    lines = shown.split("\r\n")
    expect(not any(line.startswith("Ann") for line in lines), f"Shown: {lines}")


def say_until(stage, client, text, condition, what):
    """Says something again and again: in a flood UDP may lose it."""
    last = 0

    def tick():
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            client.say(text)
        return condition()

    stage.wait(tick, what)


def test_flood_does_not_keep_from_hearing(stage):
    """While a flood of input is said, what others say is heard."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = enter(stage, server, "Mei")
    n_early = 0
    for number in range(10):
        mei.say(*(f"flood {number} {line}" for line in range(3000)))
        say_until(stage, bob, f"ping {number}", lambda: f"ping {number}" in mei.out.decode(),
                  "Mei hears Bob")
        n_early += f"Mei ： flood {number} 2999".encode() not in bob.inbox
    expect(n_early > 0, "Nothing was heard before all was said.")
    say_until(stage, mei, "the end", lambda: "Mei ： the end".encode() in bob.inbox, "the end")
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
        bob.say("x" * 4000)
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


def test_server_restarts(stage):
    """The client comes back by itself, and what was typed meanwhile arrives once each and
    in order."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    bob = stage.member(server, "Bob")
    bob.say("before")
    mei.wait_fact("message", "Bob", "before")
    server.kill()

    mei.say(*(f"line {number}" for number in range(10)))
    mei.wait_err("does not answer")
    mei.say(*(f"line {number}" for number in range(10, 20)))

    again = stage.server("--port", str(server.port))
    bob = stage.member(again, "Bob")
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
    mei = enter(stage, server, "Mei")
    # Until it knows what server it talks to.
    for text in ("hello", "is everything fine?"):
        bob.say(text)
        mei.wait_fact("message", "Bob", text)
    server.kill()
    again = stage.server("--port", str(server.port))
    bob = stage.member(again, "Bob")
    mei.say("one", "two", "three")
    bob.expect("Mei entered the room", "Mei ： one", "Mei ： two", "Mei ： three")
    bob.expect_nothing()


def test_name_taken_after_a_restart(stage):
    """If somebody else has the name by then, that is told, and it ends with 3."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    server.kill()
    mei.say("hello")
    mei.wait_err("does not answer")
    again = stage.server("--port", str(server.port))
    stage.member(again, "mei")
    mei.wait_exit(3)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
