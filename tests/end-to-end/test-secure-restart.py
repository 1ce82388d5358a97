#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that is killed and started again: its clients hear of it and are back."""

import shutil
import signal
import sys

import teahouse
from teahouse import expect, expect_equal

# What a client says once it is back (src/cli).
BACK = b"Connected again."

HINT = 0xC0
ROUTED = 0xC1


def enter(stage, server, address=None):
    """Two people, each of whom knows that both are there."""
    mei = stage.person(address or server, "Mei").wait_inside("Mei")
    noor = stage.person(address or server, "Noor").wait_inside("Noor")
    mei.wait_inside("Noor")
    return mei, noor


def wait_back(stage, people, n_times=1):
    for person in people:
        stage.wait(lambda person=person: person.err.count(BACK) >= n_times,
                   f"{person.nick} is back")


def expect_nothing_else(people, texts):
    """That all know the same, that nothing is lost, and that nobody came or went."""
    for person in people:
        person.wait_texts(texts)
    for person in people:
        expect_equal([entry[1:3] for entry in person.log() if entry[1] != "message"],
                     [("joined", "Mei"), ("joined", "Noor")], f"Comings and goings that {person.nick} was told")
    teahouse.check_one_order(people)


def test_killed(stage):
    """Both are back each time, and nothing is lost, whether they talk or only listen."""
    arguments = ("--classic", "off", "--grace", "60", "--data-dir", stage.path / "room")
    server = stage.server(*arguments)
    people = enter(stage, server)
    texts = []
    for number in range(3):
        server.kill()
        server = stage.server(*arguments, "--port", server.port)
        if number > 0:
            texts.append(f"Who is there {number}?")
            people[number % 2].say(texts[-1])
        wait_back(stage, people, number + 1)
        for person in people:
            texts.append(f"{person.nick} is back {number}")
            person.say(texts[-1])
        for person in people:
            person.wait_texts(texts)
    expect_nothing_else(people, texts)


def test_hinted(stage):
    """What brings them back is that the new server says that it does not know them: less
    than it was sent each time, and nothing of the kind before."""
    arguments = ("--classic", "off", "--grace", "60", "--data-dir", stage.path / "room")
    server = stage.server(*arguments)
    seen = {"up": [], "down": []}

    def spoil(way, data):
        seen[way].append(data)
        return [data]

    relay = teahouse.Relay(stage, server, spoil)
    people = enter(stage, server, relay.address())
    people[0].say("before")
    people[1].wait_texts(["before"])
    expect_equal([data for data in seen["down"] if data[0] == HINT], [], "Hints before")

    # Whoever asks for too long before the new server is there begins anew without a hint.
    for person in people:
        person.send_signal(signal.SIGSTOP)
    server.kill()
    seen["up"].clear()
    server = stage.server(*arguments, "--port", server.port)
    for person in people:
        person.send_signal(signal.SIGCONT)
    wait_back(stage, people)
    hints = [data for data in seen["down"] if data[0] == HINT]
    asked = [data for data in seen["up"] if data[0] == ROUTED]
    expect(hints, "There was no hint.")
    expect_equal({len(hint) for hint in hints}, {9}, "Sizes of hints")
    expect({hint[1:] for hint in hints} <= {data[1:9] for data in asked},
           "A hint about what nobody has asked for")
    expect(len(hints) <= len(asked), "More hints than were asked for")
    people[1].say("after")
    expect_nothing_else(people, ["before", "after"])


def test_forged(stage):
    """Somebody on the way who says again and again that the server does not know them does
    no harm."""
    server = stage.server("--classic", "off", "--grace", "60")
    forged = []

    def spoil(way, data):
        if way == "up" and data[0] == ROUTED:
            forged.append(bytes([HINT]) + data[1:9])
            for address in relay.branches:
                relay.socket.sendto(forged[-1], address)
        return [data]

    relay = teahouse.Relay(stage, server, spoil)
    people = enter(stage, server, relay.address())
    texts = []
    for number in range(20):
        for person in people:
            texts.append(f"{person.nick} says {number}")
            person.say(texts[-1])
            stage.pass_time(0.05)
    for person in people:
        person.wait_texts(texts)
        stage.wait(lambda person=person: len(person.delivered()) == len(person.said),
                   f"all of {person.nick} is delivered")
        stage.note(f"{person.nick} was away {person.err.count(BACK)} times")
    expect(len(forged) > len(texts), "Hardly anything was forged.")
    expect_nothing_else(people, texts)


def test_older_copy(stage):
    """A backup that is put back loses what came after it, but nobody takes what is said then
    for what they know: not even who is back when the log is as long again."""
    folder, copy = stage.path / "room", stage.path / "copy"
    arguments = ("--classic", "off", "--grace", "60", "--data-dir", folder)
    server = stage.server(*arguments)
    mei, noor = enter(stage, server)
    late = stage.person(server, "Lin").wait_inside("Lin")
    people = [mei, noor, late]

    def read(person, text):
        return [event.get("text") for event in person.events()].count(text)

    def say(words):
        for number in range(5):
            mei.say(f"{words} {number}")
        for person in people:
            stage.wait(lambda person=person: all(read(person, f"{words} {number}") for number in range(5)),
                       f"{person.nick} reads {words}")

    say("kept")
    server.stop()
    shutil.copytree(folder, copy)
    server = stage.server(*arguments, "--port", server.port)
    wait_back(stage, people)
    say("lost")

    late.send_signal(signal.SIGSTOP)
    server.stop()
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    server = stage.server(*arguments, "--port", server.port)
    wait_back(stage, [mei, noor], 2)
    people.remove(late)
    say("new")
    say("newer")

    late.send_signal(signal.SIGCONT)
    people.append(late)
    say("newest")
    for words in ("new", "newer", "newest"):
        for number in range(5):
            expect(read(late, f"{words} {number}") == 1, f"Lin has not read {words} {number}")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
