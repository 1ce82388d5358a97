#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted conversations over a network that loses, doubles, reorders and moves."""

import signal
import sys

import teahouse
from teahouse import expect, expect_equal

NAMES = ("Mei", "Noor", "李雷", "Olu")


def gather(stage, address, names=NAMES):
    """People who are all in the room, and know it of each other."""
    people = [stage.person(address, name) for name in names]
    for person in people:
        for name in names:
            person.wait_inside(name)
    return people


def converse(people, n_rounds, start=0):
    """Everybody says something in turn; returns all that was said."""
    texts = []
    for number in range(start, start + n_rounds):
        for person in people:
            text = f"{person.nick} says {number}"
            person.say(text)
            texts.append(text)
    return texts


def check_conversation(stage, people, texts, limit=120):
    for person in people:
        person.wait_texts(texts, limit)
    for person in people:
        stage.wait(lambda person=person: len(person.delivered()) == len(person.said),
                   f"all of {person.nick} is delivered", limit)
        expect_equal(sorted(person.delivered()), sorted(person.said), "Delivered")
    teahouse.check_one_order(people)
    for person in people:
        own = [text for text in people[0].texts() if text in person.said]
        expect_equal(own, person.said, f"The order of what {person.nick} said")


def count_lines(person, kind, name):
    return sum(entry[1:3] == (kind, name) for entry in person.log())


def check_weather(stage, *commands):
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, *commands)
    people = gather(stage, relay)
    texts = converse(people, 25)
    check_conversation(stage, people, texts)
    for name in NAMES:
        expect_equal(count_lines(people[0], "left", name), 0, f"Times that {name} left")


def test_good_weather(stage):
    """Without any loss, everything comes once, in one order."""
    check_weather(stage)


def test_loss_10(stage):
    """With every tenth datagram lost each way, nothing is lost."""
    check_weather(stage, "loss 0.1 0.1")


def test_loss_30(stage):
    """With three of ten lost each way, nothing is lost."""
    check_weather(stage, "loss 0.3 0.3")


def test_doubled_and_reordered(stage):
    """With a third doubled and everything out of order, nothing comes twice."""
    check_weather(stage, "double 0.3", "jitter 40", "loss 0.05 0.05")


def test_long_messages(stage):
    """Messages of 16,000 bytes come whole, over a bad network as well."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "loss 0.1 0.1")
    people = gather(stage, relay, NAMES[:2])
    texts = [f"{number} " + "茶" * 5300 for number in range(5)]
    for number, text in enumerate(texts):
        people[number % 2].say(text)
    check_conversation(stage, people, texts)


def test_small_datagrams(stage):
    """Where packets of IP have 1,100 bytes at most, everything goes; where they have less, that
    is told."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "most 1072", "loss 0.05 0.05")
    people = gather(stage, relay, NAMES[:2])
    texts = converse(people, 5) + [f"{n} " + "茶" * (300 + 500 * n) for n in range(10)]
    for number, text in enumerate(texts[10:]):
        people[number % 2].say(text)
    check_conversation(stage, people, texts)

    relay = stage.lossy_relay(server, "most 572")
    alone = stage.cli(relay, name="Alone").wait_exit(4)
    expect(b"only small packets" in alone.err, f"It says {alone.err!r}")


def test_roaming(stage):
    """Whose address changes in the middle of a conversation neither leaves nor misses
    anything."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "loss 0.05 0.05")
    people = gather(stage, relay, NAMES[:3])
    texts = []
    for number in range(10):
        texts += converse(people, 2, 2 * number)
        relay.do("move")
        texts += converse(people, 1, 100 + number)
    check_conversation(stage, people, texts)
    for name in NAMES[:3]:
        expect_equal(count_lines(people[0], "left", name), 0, f"Times that {name} left")
        expect(count_lines(people[0], "joined", name) <= 1, f"{name} joined again")


def test_network_away(stage):
    """What is said while the network is away is delivered when it is back."""
    server = stage.server("--classic", "off", "--grace", "60")
    relay = stage.lossy_relay(server)
    mei, noor = gather(stage, relay, NAMES[:2])
    relay.do("cut")
    texts = converse([mei, noor], 5)
    stage.wait(lambda: any(event.get("state") for event in mei.events()), "Mei waits")
    relay.do("mend")
    check_conversation(stage, [mei, noor], texts)
    expect_equal(count_lines(mei, "left", "Noor"), 0, "Times that Noor left")


def test_stopped_server(stage):
    """A server that stands still for eight seconds loses nothing and nobody."""
    server = stage.server("--classic", "off", "--grace", "60")
    relay = stage.lossy_relay(server)
    people = gather(stage, relay, NAMES[:3])
    texts = converse(people, 3)
    server.send_signal(signal.SIGSTOP)
    texts += converse(people, 3, 3)
    stage.pass_time(8)
    server.send_signal(signal.SIGCONT)
    texts += converse(people, 3, 6)
    check_conversation(stage, people, texts)
    for name in NAMES[:3]:
        expect_equal(count_lines(people[0], "left", name), 0, f"Times that {name} left")


def test_two_devices(stage):
    """One person on two devices is one member, and both get everything."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "loss 0.1 0.1")
    mei, noor = gather(stage, relay, NAMES[:2])
    other = stage.person(relay, "Mei").wait_inside("Mei")
    texts = converse([mei, noor], 3)
    other.say("from the telephone")
    texts.append("from the telephone")
    for person in (mei, noor, other):
        person.wait_texts(texts)
    teahouse.check_one_order([mei, noor, other])
    expect_equal(count_lines(noor, "joined", "Mei"), 1, "Times that Mei joined")
    mei.end_input()
    mei.wait_exit(0)
    other.say("still here")
    noor.wait_texts(["still here"])
    expect_equal(count_lines(noor, "left", "Mei"), 0, "Times that Mei left")


def test_history(stage):
    """Who comes later reads what was said before; who knows a number, what came after it."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "loss 0.1 0.1")
    mei, noor = gather(stage, relay, NAMES[:2])
    texts = converse([mei, noor], 10)
    check_conversation(stage, [mei, noor], texts)
    late = stage.person(relay, "李雷")
    late.wait_texts(texts)
    middle = mei.log()[10][0]
    later = stage.person(relay, "Olu", "--since", middle)
    later.wait_inside("Olu")
    expect_equal(later.log()[0][0], middle + 1, "The first number that Olu was told")
    teahouse.check_one_order([mei, noor, late, later])


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
