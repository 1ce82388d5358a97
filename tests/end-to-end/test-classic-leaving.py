#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How people get out of the room who did not say goodbye, and how the server goes."""

import signal
import sys
import time

import teahouse
from teahouse import expect, expect_equal

FAMILIES = (("127.0.0.1", "127.0.0.1:%u"), ("::1", "[::1]:%u"))


def test_killed_program(stage):
    """A program killed by SIGKILL is announced as soon as anything is sent to it, and its
    name is free."""
    server = stage.server("--idle-timeout", "600")
    for host, address in FAMILIES:
        bob = stage.member(server, "Bob", host=host)
        mei = stage.cli(address % server.port, "--classic", name="Mei").wait_inside("Mei")
        bob.expect("Mei entered the room")
        mei.kill()

        begin = time.monotonic()
        bob.say("are you there?").expect("Mei left the room")
        stage.note(f"announced after {(time.monotonic() - begin) * 1000:.1f} ms at {host}")

        stage.member(server, "Mei", host=host).send("E Mei").expect("EXIT")
        bob.expect("Mei entered the room", "Mei left the room").send("E Bob").expect("EXIT")


def test_closed_socket(stage):
    """The same for a raw client, whoever's line, arrival or departure finds it out."""
    server = stage.server()
    for host, _ in FAMILIES:
        bob = stage.member(server, "Bob", host=host)
        ann = stage.member(server, "Ann", host=host)
        bob.expect("Ann entered the room")

        stage.member(server, "Mei", host=host).close()
        ann.say("hello")
        bob.expect("Mei entered the room", "Ann ： hello", "Mei left the room")

        stage.member(server, "Mei", host=host).close()
        ann.send("E Ann").expect("Mei entered the room", "Mei left the room",
                                 "Mei entered the room", "EXIT")
        bob.expect("Mei entered the room", "Ann left the room", "Mei left the room")

        stage.member(server, "Mei", host=host).close()
        bob.expect("Mei entered the room")
        lin = stage.member(server, "Lin", host=host)
        bob.expect("Lin entered the room", "Mei left the room")
        lin.expect("Mei left the room").expect_nothing().send("E Lin").expect("EXIT")
        bob.expect("Lin left the room").send("E Bob").expect("EXIT")


def test_many_killed_at_once(stage):
    """Of a hundred that die at once each is announced, once, and nobody else."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    ann = stage.member(server, "Ann", host="::1")
    names = {f"Mei{number}" for number in range(100)}
    dying = [stage.member(server, name, host=FAMILIES[len(name) % 2][0]) for name in names]
    for client in dying:
        client.close()

    bob.expect("Ann entered the room").say("is anybody there?")
    for client in (bob, ann):
        entered = [client.receive().decode() for _ in names]
        expect_equal(set(entered), {f"{name} entered the room" for name in names}, "Entered")
    expect_equal(ann.receive().decode(), "Bob ： is anybody there?", "Heard")
    for client in (bob, ann):
        gone = [client.receive().decode() for _ in names]
        expect_equal(sorted(gone), sorted(f"{name} left the room" for name in names), "Left")
        client.expect_nothing()
    ann.send("W Ann").expect("W 1/1 Bob Ann")


def test_other_errors_are_forgiven(stage):
    """A server that hears of one dead client still serves all others in the same turn."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    ann = stage.member(server, "Ann")
    bob.expect("Ann entered the room")
    for number in range(50):
        stage.member(server, "Mei").close()
        for text in ("one", "two", "three"):
            ann.say(f"{text} {number}")
        heard = [bob.receive().decode() for _ in range(5)]
        expect_equal([line for line in heard if "：" in line],
                     [f"Ann ： {text} {number}" for text in ("one", "two", "three")], "Lines")
        expect_equal([line for line in heard if "：" not in line],
                     ["Mei entered the room", "Mei left the room"], "Notices")


def keep_alive(stage, members, condition, what):
    """Lets members send something again and again until a condition is true."""
    last = time.monotonic()

    def tick():
        nonlocal last
        if time.monotonic() - last > 0.2:
            last = time.monotonic()
            for member in members:
                member.send(f"L {member.name}")
        return condition()

    stage.wait(tick, what)


def test_idle_limit(stage):
    """Who says nothing for too long is announced as gone, told so, and the name is free."""
    server = stage.server("--idle-timeout", "4")
    begin = time.monotonic()
    mei = stage.member(server, "Mei")
    bob = stage.member(server, "Bob")
    mei.expect("Bob entered the room")

    keep_alive(stage, [bob], lambda: b"Mei left the room" in bob.inbox, "Mei is taken out")
    elapsed = time.monotonic() - begin
    expect(elapsed >= 4, f"After {elapsed} s already")
    stage.note(f"taken out after {elapsed:.2f} s")

    mei.expect("EXIT")
    mei.send("C Mei hello").expect_refusal()
    stage.member(server, "Mei").send("C Mei I am Mei now")
    keep_alive(stage, [bob], lambda: "Mei ： I am Mei now".encode() in bob.inbox, "the new Mei")


def test_idle_limit_counts_everything(stage):
    """Whatever somebody sends shows that they live."""
    server = stage.server("--idle-timeout", "4")
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    bob.expect("Mei entered the room")

    end = time.monotonic() + 6
    keep_alive(stage, [bob, mei], lambda: time.monotonic() > end, "the time is over")
    expect_equal(set(bob.inbox) | set(mei.inbox), {b"Y"}, "Heard")


def test_goodbye_of_the_server(stage):
    """A server that is told to end says goodbye to everyone and ends well."""
    for number in (signal.SIGTERM, signal.SIGINT):
        server = stage.server()
        clients = [stage.client(server, host=host) for host, _ in FAMILIES for _ in range(5)]
        for position, client in enumerate(clients):
            client.enter(f"Mei{position}")
        server.stop(number)
        for client in clients:
            stage.wait(lambda: client.inbox and client.inbox[-1] == b"EXIT", "EXIT")
            expect_equal(list(client.inbox).count(b"EXIT"), 1, "Goodbyes")


def test_goodbye_to_a_dead_client(stage):
    """Dead clients do not keep the goodbye from the living."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    dying = [stage.member(server, f"Mei{number}") for number in range(20)]
    ann = stage.member(server, "Ann")
    for client in dying:
        client.close()
    server.stop()
    for client in (ann, bob):
        stage.wait(lambda: client.inbox and client.inbox[-1] == b"EXIT", "EXIT")


def test_stranger_left_again(stage):
    """Answers to strangers who are gone already do no harm."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for _ in range(100):
        stage.client(server).send("X").close()
    bob.expect_nothing()


def test_killed_while_entering(stage):
    """Who dies while the answer is on its way is out as well."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    for _ in range(20):
        # The answer comes before the end or after it: then the next line finds it out.
        stage.client(server).send("L Mei").close()
        bob.expect("Mei entered the room").say("hello?").expect("Mei left the room")
        bob.expect_nothing()


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
