#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal client and our server with a network between them that loses, repeats
and reorders datagrams."""

import os
import random
import sys

import teahouse
from teahouse import expect


def count(datagrams, start):
    return sum(datagram.startswith(start) for datagram in datagrams)


class Spoiler:
    """Passes everything on but what a test says; remembers what it was given."""

    def __init__(self, spoil):
        self.spoil = spoil
        self.up = []
        self.down = []

    def __call__(self, direction, datagram):
        seen = self.up if direction == "up" else self.down
        seen.append(datagram)
        return self.spoil(direction, datagram, count(seen, datagram))


def test_lost_entry(stage):
    """A request to enter that is lost is repeated; the room hears of it once."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    relay = teahouse.Relay(stage, server, Spoiler(
        lambda direction, datagram, nth: [] if datagram == b"L Mei" and nth <= 2 else [datagram]))
    stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    bob.expect("Mei entered the room").expect_nothing()


def test_lost_answer(stage):
    """An answer that is lost is given again; the room hears of it once."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    relay = teahouse.Relay(stage, server, Spoiler(
        lambda direction, datagram, nth: [] if datagram == b"Y" and nth <= 2 else [datagram]))
    mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    bob.expect("Mei entered the room").expect_nothing()
    expect(count(relay.spoil.up, b"L Mei") >= 3, f"Sent: {relay.spoil.up}")
    bob.say("hello")
    mei.wait_fact("message", "Bob", "hello")


def test_lost_goodbye(stage):
    """A goodbye that is lost, or whose answer is, is repeated; the room hears of it once."""
    for lost in (b"E Mei", b"EXIT"):
        server = stage.server()
        bob = stage.member(server, "Bob")
        relay = teahouse.Relay(stage, server, Spoiler(
            lambda direction, datagram, nth, lost=lost:
            [] if datagram == lost and nth == 1 else [datagram]))
        mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
        mei.end_input()
        mei.wait_exit(0)
        bob.expect("Mei entered the room", "Mei left the room").expect_nothing()


def test_line_before_the_answer(stage):
    """What is said in the room may overtake the answer to the entry, and is no refusal."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    held = []

    def spoil(direction, datagram, nth):
        if datagram == b"Y" and nth == 1:
            bob.say("hello")
            held.append(datagram)
            return []
        if held and direction == "down":
            return [datagram, held.pop()]
        return [datagram]

    relay = teahouse.Relay(stage, server, Spoiler(spoil))
    mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    bob.say("and again")
    mei.wait_fact("message", "Bob", "and again")


def test_line_instead_of_the_answer(stage):
    """The same where the answer never comes: the next try brings one in."""
    server = stage.server()
    bob = stage.member(server, "Bob")

    def spoil(direction, datagram, nth):
        if datagram == b"Y" and nth == 1:
            bob.say("hello")
            return []
        return [datagram]

    relay = teahouse.Relay(stage, server, Spoiler(spoil))
    mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    bob.say("and again")
    mei.wait_fact("message", "Bob", "and again")


def test_doubled(stage):
    """Where everything comes twice, people come and go once, and the client lives on."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    relay = teahouse.Relay(stage, server,
                           Spoiler(lambda direction, datagram, nth: [datagram, datagram]))
    mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    ann = stage.member(server, "Ann")
    mei.wait_fact("joined", "Ann")
    ann.send("E Ann").expect("EXIT")
    mei.wait_fact("left", "Ann")
    mei.end_input()
    mei.wait_exit(0)
    bob.expect("Mei entered the room", "Ann entered the room", "Ann left the room",
               "Mei left the room").expect_nothing()


def test_bad_weather(stage):
    """With every fifth datagram lost each way, but no more than two in a row, everyone gets
    in, hears something, and gets out."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    seed = int.from_bytes(os.urandom(4), "big")
    dice = random.Random(seed)
    stage.note(f"seed {seed}")
    n_lost = {}

    def spoil(direction, datagram, nth):
        lost = dice.random() < 0.2 and n_lost.get(direction, 0) < 2
        n_lost[direction] = n_lost.get(direction, 0) + 1 if lost else 0
        return [] if lost else [datagram]

    relay = teahouse.Relay(stage, server, Spoiler(spoil))
    names = [f"Mei{number}" for number in range(6)]
    clients = [stage.cli(relay, "--classic", name=name).wait_inside(name) for name in names]
    stage.wait(lambda: all(f"{name} entered the room".encode() in bob.inbox for name in names),
               "all are announced")
    for client in clients:
        teahouse.say_until(stage, bob, "hello", lambda client=client: any(
            kind == "message" for kind, _, _ in client.facts()), "something is heard")
    for client in clients:
        client.end_input()
        client.wait_exit(0)


def test_network_away(stage):
    """Where the network is away for a while but the server is not, nothing is lost of
    what is said afterwards, and nobody is announced twice."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    away = []
    relay = teahouse.Relay(stage, server, Spoiler(
        lambda direction, datagram, nth: [] if away else [datagram]))
    mei = stage.cli(relay, "--classic", name="Mei").wait_inside("Mei")
    bob.expect("Mei entered the room")
    away.append(True)
    bob.say("lost").expect_nothing()
    away.clear()
    mei.say("back")
    bob.expect("Mei ： back").say("heard")
    mei.wait_fact("message", "Bob", "heard")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
