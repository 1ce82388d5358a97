#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others can see of a room, and what they can do to it."""

import collections
import os
import sys
import time

import teahouse
from teahouse import expect, expect_equal

PASSWORD = "open-sesame-芝麻开门"


def protect(stage, server_arguments=()):
    """A server whose room has a password, and a file with it."""
    hashed = stage.path / "password"
    clear = stage.path / "clear"
    clear.write_text(PASSWORD + "\n", encoding="utf-8")
    hashing = stage.program("teahoused", "--hash-password")
    hashing.write(PASSWORD + "\n")
    hashing.end_input()
    hashing.wait_exit(0)
    hashed.write_bytes(hashing.out)
    hashed.chmod(0o600)
    return stage.server("--classic", "off", "--password-file", hashed, *server_arguments), clear


def test_unreadable(stage):
    """With --classic off, neither names nor messages nor the password cross the wire
    readably, and nothing of a key's owner."""
    server, clear = protect(stage)
    capture = stage.path / "capture"
    relay = stage.lossy_relay(server, capture=capture)
    mei = stage.person(relay, "Melusine", "--password-file", clear).wait_inside("Melusine")
    noor = stage.person(relay, "Noor-的名字", "--password-file", clear).wait_inside("Noor-的名字")
    mei.say("a secret that nobody reads", "一个秘密")
    noor.wait_texts(["a secret that nobody reads", "一个秘密"])
    mei.end_input()
    mei.wait_exit(0)
    relay.do("mend")
    seen = capture.read_bytes()
    expect(len(seen) > 3000, f"Only {len(seen)} bytes were seen")
    for secret in ("Melusine", "Noor", "的名字", "secret", "nobody", "一个秘密", PASSWORD, "sesame",
                   "芝麻", "teahouse"):
        expect(secret.encode() not in seen, f"{secret!r} can be read on the wire")


def test_classic_is_off(stage):
    """With --classic off, classic requests are not answered, or only with a refusal that tells
    nothing of the room."""
    server = stage.server("--classic", "off")
    stage.person(server, "Mei").wait_inside("Mei")
    client = stage.client(server)
    for request in ("L Bob", "C Mei hello", "E Mei", "W Mei"):
        client.send(request)
    stage.pass_time(0.5)
    for datagram in client.inbox:
        expect(datagram.startswith(b"N ") and b"Mei" not in datagram, f"Answered: {datagram!r}")


class Counter(teahouse.Socket):
    """A socket that counts what comes to it."""

    def __init__(self, stage):
        super().__init__(stage)
        self.n_sent = 0
        self.n_received = 0
        self.received = []

    def take(self, data, address):
        self.n_received += len(data)
        self.received.append(data)

    def send(self, data, address):
        self.n_sent += len(data)
        self.socket.sendto(data, address)


def record_hello(stage, server):
    """The first datagram of a client, and one of those that follow once it has answered."""
    seen = collections.defaultdict(list)

    def spoil(direction, datagram):
        seen[direction].append(datagram)
        return [datagram] if direction == "up" or len(seen["down"]) <= 1 else []

    relay = teahouse.Relay(stage, server, spoil)
    stage.person(relay, "Recorder")
    stage.wait(lambda: len(seen["up"]) >= 2, "a client says hello twice")
    return seen["up"]


def count_memory(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def test_amplification(stage):
    """Whoever has not proved their address gets no more bytes than they have sent, whatever
    they send."""
    server = stage.server("--classic", "off")
    hello, answered = record_hello(stage, server)[:2]
    datagrams = [hello, answered, hello[:40], hello[:13], hello + hello, b"\x16", b"\xc1" * 60,
                 b"\x17\xfe\xfd" + os.urandom(80), b"\x16\xfe\xfd" + os.urandom(200),
                 os.urandom(500), b"L " + b"x" * 100]
    for datagram in datagrams:
        counter = Counter(stage)
        for _ in range(20):
            counter.send(datagram, server.address())
        stage.pass_time(0.1)
        expect(counter.n_received <= counter.n_sent,
               f"{counter.n_received} bytes for {counter.n_sent}: {datagram[:20]!r}")
        counter.close()


def test_hellos_leave_nothing(stage):
    """A thousand hellos from a thousand addresses leave no state, and do not keep others
    out."""
    # AddressSanitizer would keep for a while what was freed.
    options = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    server = stage.server("--classic", "off", environment={"ASAN_OPTIONS": options})
    stage.person(server, "Mei").wait_inside("Mei")
    hello = record_hello(stage, server)[0]

    def knock():
        for _ in range(20):
            counters = [Counter(stage) for _ in range(50)]
            for counter in counters:
                counter.send(hello, server.address())
            # What comes later might come to somebody else who has the port by then.
            stage.wait(lambda: all(counter.received for counter in counters), "all are answered")
            for counter in counters:
                counter.close()

    knock()
    stage.person(server, "Noor").wait_inside("Noor")
    before = count_memory(server)
    for _ in range(5):
        knock()
    stage.person(server, "Olu").wait_inside("Olu")
    after = count_memory(server)
    stage.note(f"{before} KiB before 5,000 hellos, {after} KiB after")
    # A session has 13 KiB at least: five thousand would have 65,000.
    expect(after - before < 5000, f"From {before} to {after} KiB")


def test_owned_name(stage):
    """A name is its owner's, who is there or not; others are told, and offered another."""
    server = stage.server("--classic", "off")
    mei = stage.person(server, "Mei").wait_inside("Mei")
    for name in ("Mei", "mei", "ＭＥＩ"):
        thief = stage.person(server, name, key=f"thief-{name}")
        thief.wait_exit(3)
        expect(thief.err, "The thief is not told why.")
    mei.end_input()
    mei.wait_exit(0)
    stage.person(server, "Mei", key="thief").wait_exit(3)
    stage.person(server, "Mei").wait_inside("Mei")


def test_password(stage):
    """Who does not know the password does not come in, and guessing takes longer and
    longer."""
    server, clear = protect(stage)
    mei = stage.person(server, "Mei", "--password-file", clear).wait_inside("Mei")
    stage.person(server, "Without").wait_exit(3)

    wrong = stage.path / "wrong"
    wrong.write_text("guess\n", encoding="utf-8")
    begin = time.monotonic()
    guesses = 0
    while guesses < 8 and time.monotonic() - begin < 20:
        stage.person(server, "Guesser", "--password-file", wrong).wait_exit(3)
        guesses += 1
    expect_equal([entry for entry in mei.log() if entry[2] == "Guesser"], [], "Lines")
    stage.note(f"{guesses} guesses in {time.monotonic() - begin:.1f} s")

    # Who is inside is not disturbed by it.
    mei.say("still here").wait_texts(["still here"])


def test_nothing_of_addresses(stage):
    """Where somebody came from is in no file of the server, and what they said is not in its log."""
    server = stage.server()
    mei = stage.person(server, "Mei").wait_inside("Mei")
    lan = stage.member(server, "Lan", source="127.0.0.77")
    mei.wait_inside("Lan")
    mei.say("a word that is nowhere else")
    lan.expect("Mei ： a word that is nowhere else")
    server.stop()
    files = [path for path in server.data_dir.rglob("*") if path.is_file()]
    expect(any(b"nowhere else" in path.read_bytes() for path in files), "It was not kept.")
    for path in files:
        expect(b"127.0.0." not in path.read_bytes(), f"An address is in {path.name}")
    expect(b"Mei (127.0.0.1, SHA256:" in server.err, f"The log says {server.err!r}")
    expect(b"nowhere else" not in server.err, f"The log says {server.err!r}")


def test_changed_key(stage):
    """A server with another key than before is not spoken to, until one says so."""
    first = stage.server("--classic", "off")
    mei = stage.person(first, "Mei").wait_inside("Mei")
    mei.end_input()
    mei.wait_exit(0)
    first.stop()
    second = stage.server("--classic", "off", "--port", first.port)
    mei = stage.person(second, "Mei")
    mei.wait_exit(6)
    for server in (first, second):
        expect(server.fingerprint.encode() in mei.err, f"{server.fingerprint} is not named")
    stage.program("teahouse-cli", "forget", "127.0.0.1:%u" % second.port).wait_exit(0)
    stage.person(second, "Mei").wait_inside("Mei")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
