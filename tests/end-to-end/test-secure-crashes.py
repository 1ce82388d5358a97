#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are killed at any moment: nothing that was acknowledged is lost.

With ROUNDS=100 in the environment, the server is killed that often."""

import os
import random
import sys

import teahouse
from teahouse import expect, expect_equal

ROUNDS = int(os.environ.get("ROUNDS", 5))
NAMES = ("Mei", "Noor", "李雷", "Olu")


def test_killed_server(stage):
    """A server that is killed again and again while everybody talks loses nothing that was
    acknowledged, and stores nothing twice; everything that was said arrives in the end."""
    seed = int.from_bytes(os.urandom(4), "big")
    dice = random.Random(seed)
    stage.note(f"seed {seed}")
    data_dir = stage.path / "room"
    arguments = ("--classic", "off", "--grace", "60", "--data-dir", data_dir)
    server = stage.server(*arguments)
    people = [stage.person(server, name) for name in NAMES]
    for person in people:
        for name in NAMES:
            person.wait_inside(name)

    texts = []
    for number in range(ROUNDS):
        for again in range(10):
            for person in people:
                text = f"{person.nick} says {number}.{again}"
                person.say(text)
                texts.append(text)
        # At a moment while this is under way: sometimes at once, sometimes after some of it.
        wanted = dice.randrange(len(people) * 10)
        before = len(people[0].texts())
        stage.wait(lambda wanted=wanted, before=before:
                   len(people[0].texts()) - before >= wanted
                   or len(people[0].texts()) >= len(texts), "some of it has arrived")
        server.kill()
        acknowledged = {text for person in people for text in person.delivered()}
        server = stage.server(*arguments, "--port", server.port)
        late = stage.person(server, "Late", "--since", 1, key=f"late-{number}") \
            if number == ROUNDS - 1 else None

    for person in people:
        person.wait_texts(texts, 120)
    for person in people:
        stage.wait(lambda person=person: len(person.delivered()) == len(person.said),
                   f"all of {person.nick} is delivered", 120)
    late.wait_texts(texts, 120)
    expect(acknowledged <= set(late.texts()), "Something acknowledged is lost.")
    teahouse.check_one_order([*people, late])
    for name in NAMES:
        lines = [entry for entry in people[0].log() if entry[1:3] == ("left", name)]
        expect_equal(lines, [], f"Times that {name} left")
    stage.note(f"{ROUNDS} times killed, {len(texts)} messages")


def test_killed_client(stage):
    """Who is killed has left after the grace time, not before, and their name stays theirs."""
    server = stage.server("--classic", "off", "--grace", "2")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei = stage.person(server, "Mei").wait_inside("Mei")
    mei.say("I am here")
    noor.wait_texts(["I am here"])
    mei.kill()
    noor.say("Mei?")
    noor.wait_texts(["Mei?"])
    noor.wait_fact("left", "Mei")
    facts = [entry[1:] for entry in noor.log()]
    expect(facts.index(("message", "Noor", "Mei?")) < facts.index(("left", "Mei", None)),
           "Mei has left before the grace time.")
    stage.person(server, "Mei", key="Somebody").wait_exit(3)
    stage.person(server, "Mei").wait_inside("Mei")


def test_returned_client(stage):
    """Who is killed and comes back within the grace time has not been away."""
    server = stage.server("--classic", "off", "--grace", "60")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei = stage.person(server, "Mei").wait_inside("Mei")
    for number in range(5):
        mei.kill()
        mei = stage.person(server, "Mei").wait_inside("Mei")
        mei.say(f"back {number}")
        noor.wait_texts([f"back {number}"])
    expect_equal([entry[1] for entry in noor.log() if entry[2] == "Mei" and entry[1] != "message"],
                 ["joined"], "Comings and goings of Mei")


def test_restarted_server(stage):
    """A server that is stopped and started again has not been away either."""
    data_dir = stage.path / "room"
    arguments = ("--classic", "off", "--grace", "60", "--data-dir", data_dir)
    server = stage.server(*arguments)
    fingerprint = server.fingerprint
    mei = stage.person(server, "Mei").wait_inside("Mei")
    noor = stage.person(server, "Noor").wait_inside("Noor")
    mei.wait_fact("joined", "Noor")
    for number in range(3):
        server.stop()
        mei.say(f"while it is down {number}")
        server = stage.server(*arguments, "--port", server.port)
        expect_equal(server.fingerprint, fingerprint, "Fingerprint")
        noor.wait_texts([f"while it is down {number}"], 60)
    teahouse.check_one_order([mei, noor])
    expect_equal([entry for entry in noor.log() if entry[1] == "left"], [], "Who left")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
