#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody should send: a refusal or silence, nothing to the room, and life goes on."""

import os
import random
import sys
import time

import teahouse
from teahouse import expect, expect_equal


# A datagram of each kind that is no request.
MALFORMED = (
    b"X Mei", b"l Mei", b"hello", b"\xe8\x8c\xb6", b"LMei", b"L", b"L ", b"C", b"C ", b"C Mei",
    b"C Mei ", b"C  text", b"E", b"E ", b"Q ", b"W", b"W ", b"L\tMei", b"L\0Mei", b"L\nMei",
    b"L \xff", b"L M\xc3", b"L \xc0\xaf", b"L \xed\xa0\x80", b"L \xf4\x90\x80\x80",
    b"C Mei \xff", b"C Mei a\0b", b"L M\0ei", b"L \0Mei", b"C M\0ei hello", b"E M\0ei",
    b"\n", b"\xffL Mei", b"L " + b"a" * 1000,
)

# What looks like an answer, like nothing, or like another protocol is never answered.
UNANSWERED = (
    b"", b"\0", b"\0" * 100, b"Y", b"N", b"N reason", b"OK", b"ok", b"y", b"no", b"O",
    b" L Mei", b"1", b"\x16\xfe\xfd\0\0", b"?", b"!" * 1000,
)


def test_malformed_from_a_stranger(stage):
    """A stranger is refused with a reason; the room hears nothing."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stranger = stage.client(server)
    for datagram in MALFORMED:
        stranger.send(datagram).expect_refusal()
    stranger.expect_nothing()
    bob.expect_nothing()


def test_malformed_from_a_member(stage):
    """A member is refused with a reason and stays a member."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    bob.expect("Mei entered the room")
    for datagram in MALFORMED:
        mei.send(datagram).expect_refusal()
    mei.expect_nothing()
    bob.expect_nothing()


def test_never_answered(stage):
    """Empty datagrams and answers are not answered, or two servers would never stop."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stranger = stage.client(server)
    for datagram in UNANSWERED:
        stranger.send(datagram).expect_nothing()
        bob.send(datagram).expect_nothing()


def test_largest_datagrams(stage):
    """The largest datagrams UDP can carry do no harm."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    bob.expect("Mei entered the room")
    for start in (b"C Mei ", b"C ", b"L ", b"E ", b"W ", b"X", "茶".encode()):
        for fill in (b"a", b" ", b"\0", b"\xff"):
            datagram = start + fill * (65507 - len(start))
            mei.send(datagram).expect_refusal()
    mei.expect_nothing()
    mei.say("a" * 16385).expect_refusal()
    bob.expect_nothing()


def test_somebody_elses_name(stage):
    """Nobody can speak, leave or ask in somebody else's name."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    bob.expect("Mei entered the room")
    stranger = stage.client(server)
    for request in ("C Bob I am Bob", "E Bob", "Q Bob", "W Bob", "L Bob", "L ＢＯＢ", "C bob hi",
                    "E ｂｏｂ"):
        stranger.send(request).expect_refusal()
        mei.send(request).expect_refusal()
    stranger.expect_nothing()
    mei.expect_nothing()
    bob.expect_nothing()
    bob.say("I am")
    mei.expect("Bob ： I am")


def test_outside(stage):
    """Who is not in the room cannot speak there, nor once they have left."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stage.client(server).send("C Mei hello").expect_refusal()
    mei = stage.member(server, "Mei")
    mei.send("E Mei").expect("EXIT")
    mei.send("C Mei hello").expect_refusal()
    bob.expect("Mei entered the room", "Mei left the room").expect_nothing()


def test_noise(stage):
    """Thousands of random datagrams change nothing."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    stranger = stage.client(server)
    seed = int.from_bytes(os.urandom(4), "big")
    dice = random.Random(seed)
    stage.note(f"seed {seed}")
    for number in range(3000):
        datagram = dice.randbytes(dice.choice((1, 2, 5, 20, 100, 1500)))
        if dice.random() < 0.5:
            datagram = dice.choice((b"L ", b"C ", b"E ", b"Q ", b"W ")) + b"\xff" + datagram
        stranger.send(datagram)
        # Strangers are not answered without end: only what the room says counts.
        if number % 50 == 0:
            bob.expect_nothing()
    bob.expect_nothing()
    stage.member(server, "Mei")
    bob.expect("Mei entered the room")


def test_flood_of_strangers(stage):
    """Strangers are refused only so often, and members do not notice."""
    server = stage.server()
    bob = stage.member(server, "Bob")
    mei = stage.member(server, "Mei")
    bob.expect("Mei entered the room")
    stranger = stage.client(server)
    begun = time.monotonic()
    for number in range(5000):
        stranger.send("X")
        if number % 100 == 0:
            bob.expect_nothing()
    most = 1000 + 500 * (time.monotonic() - begun)
    stage.note(f"{len(stranger.inbox)} of 5000 were answered; {most:.0f} might have been")
    expect(len(stranger.inbox) <= most, f"{len(stranger.inbox)} of 5000 were answered")
    mei.say("hello")
    bob.expect("Mei ： hello")
    expect_equal(mei.send("X").expect_refusal()[:7], "Unknown", "Refusal to a member")


def test_flood_of_a_member(stage):
    """A program that says the same without end is told to wait, and others are still heard."""
    server = stage.server()
    noor = stage.member(server, "Noor")
    mei = stage.member(server, "Mei")
    noor.expect("Mei entered the room")
    for _ in range(20):
        for number in range(100):
            mei.say("again")
        mei.send("L Mei")
        stage.wait(lambda: b"Y" in mei.inbox, "Mei is answered")
        mei.inbox.remove(b"Y")
        if mei.inbox:
            break
    expect("too much at once" in mei.expect_refusal(), "Not told to wait.")
    noor.inbox.clear()
    noor.say("Is anybody here?")
    stage.wait(lambda: "Noor ： Is anybody here?".encode() in mei.inbox, "Noor is heard")


def test_coming_and_going_without_end(stage):
    """A program that enters and leaves in a loop is made to wait."""
    server = stage.server()
    noor = stage.member(server, "Noor")
    mei = stage.client(server)
    refusal = None
    begun = time.monotonic()
    for _ in range(300):
        mei.send("L Mei")
        answer = mei.receive()
        if answer != b"Y":
            refusal = answer.decode()
            break
        mei.send("E Mei").expect("EXIT")
    expect(refusal is not None and "too often" in refusal, f"Not made to wait: {refusal!r}")
    most = 100 + (time.monotonic() - begun)
    expect(len(noor.inbox) <= 2 * most, f"Noor was told of it {len(noor.inbox)} times.")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
