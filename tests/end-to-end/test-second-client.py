#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that was written from PROTOCOL.md, with another DTLS, and our programs.

What a test asks for is what PROTOCOL.md promises. Where one has to be changed, that text
has to be changed first, and see whether clients of before can still live with it."""

import ast
import os
import pathlib
import re
import sys
import time

import openssl_dtls
import secure_frames
import teahouse
from second_client import Repeat, SecondClient
from secure_frames import ARCHIVED, EDITED, INVITED, LEFT, LISTED, MESSAGE, MINE, MUTED, PINNED, \
    REACTED, REMOVED, ROLE, SENT_OUT, SETTINGS, TOPIC, name_of, write
from teahouse import expect, expect_equal

LONG_TEXT = "".join(f"{number:04} 茶" for number in range(2048))
VECTORS = pathlib.Path(os.environ["G_TEST_SRCDIR"]) / "vectors/secure-frames.txt"


def frames_of(client, name):
    return [frame for frame in client.frames if name_of(frame) == name]


def wait_frame(client, name, count=1):
    """Waits for so many of these frames in this session; returns the last."""
    client.wait(lambda: len(frames_of(client, name)) >= count, f"{count} times {name}")
    return frames_of(client, name)[-1]


def alone(stage, server, name, **keywords):
    """Somebody who says nothing but what the test tells them to say."""
    client = SecondClient(stage, server, name, is_alone=True, **keywords)
    return client.connect().wait_ready()


def enter_alone(stage, server, name, **keywords):
    client = alone(stage, server, name, **keywords)
    client.send(client.write_hello(), client.write_enter(), client.hall.write_open())
    client.wait(lambda: client.is_in_hall() or client.refused, "is let in or refused")
    expect(client.is_in_hall(), f"{name} is refused: {client.refused}")
    return client


def send_until(client, condition, what, *frames):
    """Repeats the frames until the condition is true: a server may pass over a repeat."""
    repeat = Repeat(0.1, 1)

    def check():
        if condition():
            return True
        if repeat.is_due(time.monotonic()):
            client.send(*frames)
        return False
    client.wait(check, what)


def ping(client):
    """Waits until the server has answered everything that was sent before."""
    count = len(frames_of(client, "PONG"))
    client.send(write("PING", count))
    expect_equal(wait_frame(client, "PONG", count + 1).token, count, "Token")


def read_vector(text):
    """The values that GVariant's text form tells."""
    parts = re.split(r"('(?:[^'\\]|\\.)*')", text)
    parts[::2] = [re.sub(r"@a\S+ |\b(?:byte|u?int\d+) ", "", part) for part in parts[::2]]
    return ast.literal_eval("".join(parts))


def test_vectors(stage):
    """The packets of the vectors mean what they say, and are written the same again."""
    packets = 0
    for block in VECTORS.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        packets += 1
        title, digits, *descriptions = lines
        frames = secure_frames.read_packet(bytes.fromhex(digits))
        expect_equal(len(frames), len(descriptions), f"Frames of {title}")
        for frame, description in zip(frames, descriptions):
            name, _, rest = description.partition(" ")
            if name == "UNKNOWN":
                number, _, body = rest.partition(" ")
                expect_equal(frame, (int(number), bytes.fromhex(body)), title)
                continue
            kind = secure_frames.BY_NAME[name]
            value = () if kind.kind is None else read_vector(rest.partition(" ")[2])
            expect_equal(name_of(frame), name, title)
            expect_equal(make_plain(frame[0] if kind.is_list else frame), make_plain(value), title)
    expect(packets > 20, f"Only {packets} packets")


def make_plain(value):
    """The same, without a difference between lists, tuples and bytes."""
    return [make_plain(item) for item in value] if isinstance(value, (list, tuple, bytes)) \
        else value


def test_conversation(stage):
    """It reads our programs, secure and classic, and they read it."""
    server = stage.server()
    mei = SecondClient(stage, server, "Mei").enter()
    expect_equal(openssl_dtls.write_fingerprint(mei.server_key), server.fingerprint, "The key")
    expect_equal((mei.entered.name, mei.opened.address, mei.welcome.version), ("Mei", "", 1),
                 "What it entered")
    person = stage.person(server, "Noor").wait_inside("Noor")
    classic = stage.member(server, "Olu")
    mei.wait_fact("joined", "Noor")
    mei.wait_fact("joined", "Olu")
    expect_equal(mei.ask_who()["Mei"], mei.key.fingerprint, "Its key")
    expect_equal([(name, bool(key)) for name, key in mei.people.items()],
                 [("Mei", True), ("Noor", True), ("Olu", False)], "Who is here")

    texts = ["Hello", "one", "two", "three 🍵", "line\nline", LONG_TEXT, "after it"]
    messages = mei.say(*texts)
    numbers = mei.wait_said(*messages)
    expect_equal(numbers, sorted(set(numbers)), "Numbers of what it said")
    person.wait_texts(texts)
    expect_equal(person.texts(), texts, "What our program reads")
    classic.expect(*[f"Mei ： {text}" for text in texts])
    mei.wait_texts(texts)
    for message, text in zip(messages, texts):
        event = mei.events[message.seq]
        expect_equal((event.stream, event.number, event.kind, event.author, event.text),
                     (mei.stream, message.number, MESSAGE, "Mei", text), "Its own event")

    person.say("from the terminal", LONG_TEXT[::-1])
    person.wait_texts([LONG_TEXT[::-1]])
    classic.say("from the lesson")
    mei.wait_fact("message", "Noor", "from the terminal")
    mei.wait_fact("message", "Noor", LONG_TEXT[::-1])
    mei.wait_fact("message", "Olu", "from the lesson")

    mei.leave()
    person.wait_fact("left", "Mei")


def test_strangers(stage):
    """Who has proved nothing gets no more bytes than they sent, and no session without a key."""
    server = stage.server()
    stranger = stage.client(server)
    hello = openssl_dtls.Dtls(openssl_dtls.Key()).outbox[0]
    answer = stranger.send(hello).receive()
    expect_equal((answer[0], answer[13]), (22, 3), "Not a HelloVerifyRequest")
    expect(len(answer) <= len(hello), f"{len(answer)} bytes for {len(hello)}")

    route, record = b"8 bytes.", b"\x17\xfe\xfd" + bytes(8) + b"\0\1x"
    stranger.send(b"\xc1" + route + record).expect(b"\xc0" + route)
    for datagram in (b"\xc1" + route, b"\xc1" + route + record[:-1], b"\xc0" + route,
                     record, hello[:-1], b"\x16"):
        stranger.send(datagram)
    stranger.expect_nothing()

    nobody = SecondClient(stage, server, "Nobody", key=openssl_dtls.Key(is_shown=False),
                          is_alone=True).connect()
    # Two ClientHellos, and all that is left for a client to say.
    nobody.wait(lambda: nobody.connection.n_sent > 2, "has sent everything")
    stranger.expect_nothing()
    expect(not nobody.connection.dtls.is_ready, "A session without a key")


def test_suites(stage):
    """Each suite and group of the table will do, with packets as long as they leave room for;
    nothing else will."""
    server = stage.server("--classic", "off")
    for suite, size in (("AES128-GCM-SHA256", 1154), ("CHACHA20-POLY1305", 1162)):
        for groups in ("X25519 P-256", "P-256"):
            key = openssl_dtls.Key(suites=suite, groups=groups)
            mei = enter_alone(stage, server, f"Mei-{suite}-{len(groups)}", key=key)
            packet = write("PING", size)
            fill = size - len(packet) - 3
            mei.send(packet + b"\xc8" + fill.to_bytes(2, "little") + bytes(fill))
            expect_equal(wait_frame(mei, "PONG").token, size, "Token")

    for keywords in ({"suites": "AES256-GCM-SHA384"}, {"groups": "P-384"}):
        other = SecondClient(stage, server, "Other", key=openssl_dtls.Key(**keywords),
                             is_alone=True).connect()
        other.wait(lambda other=other: other.connection.n_sent > 1, "has asked for what is not")
        ping(mei)
        expect(not other.connection.dtls.is_ready, f"A session with {keywords}")

    # That the session cannot be the server's is seen when it is used.
    key = openssl_dtls.Key(options=openssl_dtls.SSL_OP_NO_QUERY_MTU
                           | openssl_dtls.SSL_OP_NO_EXTENDED_MASTER_SECRET)
    other = SecondClient(stage, server, "Other", key=key, is_alone=True).connect()
    other.wait(lambda: other.connection.dtls.is_ready, "the handshake is over")
    send_until(other, lambda: other.connection.n_hints, "hears that it has no session",
               write("PING", 1))
    expect(not frames_of(other, "PONG"), "A session without extended master secret")


def test_heartbeats(stage):
    """Pings are answered; HEAD goes on after the last event and brings the latest along."""
    server = stage.server()
    mei = enter_alone(stage, server, "Mei")
    mei.send(write("PING", 1 << 63))
    expect_equal(wait_frame(mei, "PONG").token, 1 << 63, "Token")
    mei.send(write("SAY", 1, 1, "Hello"))
    seq = wait_frame(mei, "ACK").seq
    wait_frame(mei, "EVENT")
    # After 0.2, 1.2 and 6.2 seconds.
    mei.wait(lambda: [frame.head for frame in frames_of(mei, "HEAD")].count(seq) >= 3,
             "is told the end of the log again and again")


def test_history(stage):
    """Who enters gets as much of the past as they ask for, and pages back to its beginning."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    texts = [f"message {number}" for number in range(150)]
    mei.say(*texts[:100], LONG_TEXT, *texts[100:])
    mei.wait_said()

    noor = SecondClient(stage, server, "Noor", history=5).enter()
    noor.wait_complete()
    noor.wait_fact("joined", "Noor")
    expect_equal(noor.start, noor.opened.head - 4, "Where it begins")
    expect("message 149" in noor.texts() and "message 140" not in noor.texts(), "The latest")
    while (oldest := min(noor.events)) > noor.first:
        noor.pull_history(max(oldest - 50, noor.first), oldest - 1)
    mei.wait_complete()
    expect_equal(noor.facts(), [("joined", "Mei", None)]
                 + [("message", "Mei", text) for text in texts[:100] + [LONG_TEXT] + texts[100:]]
                 + [("joined", "Noor", None)], "The whole log")
    expect_equal(noor.events, mei.events, "Both logs")

    none = SecondClient(stage, server, "Olu", history=0).enter()
    none.wait_complete()
    expect_equal(none.start, none.opened.head + 1, "Where it begins who asks for nothing")
    expect_equal(none.facts(), [], "What it reads who asks for nothing")


def test_erased(stage):
    """What is not kept any more is below first, and empty when it is asked for."""
    server = stage.server("--classic", "off", "--retain-events", 10)
    mei = SecondClient(stage, server, "Mei").enter()
    mei.say(*map(str, range(40)))
    mei.wait_said()
    mei.hang_up()
    server.stop()

    server = stage.server("--classic", "off", "--retain-events", 10, "--data-dir", server.data_dir)
    noor = SecondClient(stage, server, "Noor", history=0).enter()
    noor.wait(lambda: noor.first > 20, "hears that the past is forgotten")
    noor.pull_history(1, noor.opened.head)
    expect(noor.empty >= set(range(1, 21)), f"What is empty: {noor.empty}")
    expect_equal((noor.texts()[-1], min(noor.events)), ("39", max(noor.empty) + 1), "What is not")

    olu = SecondClient(stage, server, "Olu", history=1000).enter()
    expect(olu.opened.first > 20, f"Too much is kept: {olu.opened}")
    expect_equal(olu.opened.start, olu.opened.first, "Where it begins")


def test_refusals(stage):
    """Refusals have the codes of the table, and those who are refused may try again."""
    server = stage.server("--classic", "off")
    SecondClient(stage, server, "Mei").enter()
    for name in ("Mei", "mei", "ＭＥＩ"):
        refused = SecondClient(stage, server, name).expect_refusal(4)
        expect(refused.text, "No reason")
        SecondClient(stage, server, refused.suggestion).enter()
    for name in ("", "two words", "co:lon", "\u202e", "n" * 33):
        SecondClient(stage, server, name).expect_refusal(3)
    SecondClient(stage, server, "Noor", minimum=2, maximum=255).expect_refusal(1)
    noor = SecondClient(stage, server, "Noor", maximum=255).enter()
    expect_equal(noor.welcome.version, 1, "Version that both speak")

    again = alone(stage, server, "Mei")
    again.send(again.write_hello(), again.write_enter())
    wait_frame(again, "REFUSED")
    again.name = "Another"
    again.send(again.write_enter())
    wait_frame(again, "ENTERED")


def test_password(stage):
    """A room with a password lets in who knows it."""
    hashing = stage.program("teahoused", "--hash-password")
    hashing.write("oolong\n")
    hashing.end_input()
    hashing.wait_exit(0)
    file = stage.path / "password"
    file.write_bytes(hashing.out)
    server = stage.server("--password-file", file)

    SecondClient(stage, server, "Mei").expect_refusal(6)
    wrong = SecondClient(stage, server, "Mei", password="assam")
    wrong.expect_refusal(7)
    # On a slow machine the first wait may be over by then; the next is longer.
    for _ in range(3):
        wrong.connect().wait(lambda: wrong.refused, "is refused")
        if wrong.refused.code != 7:
            break
    expect_equal(wrong.refused.code, 8, "Another guess at once")

    # A repeat is no guess; another password is, and comes too early.
    other = alone(stage, server, "Noor", password="assam")
    other.send(other.write_hello(), other.write_enter())
    expect_equal(wait_frame(other, "REFUSED").code, 7, "The first time")
    other.send(other.write_enter())
    expect_equal(wait_frame(other, "REFUSED", 2).code, 7, "The same again")
    other.password = "darjeeling"
    other.send(other.write_enter())
    expect_equal(wait_frame(other, "REFUSED", 3).code, 8, "Another at once")

    SecondClient(stage, server, "Mei", password="oolong").enter()


def test_coming_back(stage):
    """Who comes back with their key is themselves, goes on where they were, by a ticket, and
    what they said before is not said again."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    watcher = SecondClient(stage, server, "Watcher").enter()
    first, second = mei.wait_said(*mei.say("one", LONG_TEXT))
    mei.wait_complete()
    route = mei.connection.dtls.route
    expect(not mei.connection.dtls.is_resumed(), "Resumed what never was")

    def check_repeats():
        expect_equal((mei.opened.number, mei.opened.start), (2, max(mei.events) + 1),
                     "Where it was")
        pieces = secure_frames.split_pieces(LONG_TEXT.encode())
        for number, seq, frames in (
                (1, first, [write("SAY", 1, 1, "one")]),
                (2, second, [write("SAY_PIECE", 2, 1, index, len(pieces), piece)
                             for index, piece in enumerate(pieces)])):
            # What was repeated before may be acknowledged once more.
            def acknowledged(number=number):
                return [ack for ack in frames_of(mei, "ACK") if ack.number == number]
            mei.frames.clear()
            send_until(mei, acknowledged, "is acknowledged again", *frames)
            expect_equal(acknowledged()[-1], (seq, number), "Acknowledged again")

    mei.leave()
    watcher.wait_fact("left", "Mei")
    mei.enter()
    expect(mei.connection.dtls.is_resumed(), "Not resumed")
    expect(mei.connection.dtls.route != route, "The same route again")
    expect_equal(mei.connection.dtls.fingerprint, mei.server_key, "The key, known by the ticket")
    mei.wait_complete()

    # The server has not missed this session yet.
    mei.enter()
    check_repeats()

    mei.wait_said(*mei.say("two"))
    for client in (mei, watcher):
        client.wait_texts(["two"])
    expect_equal(watcher.facts(),
                 [("joined", "Mei", None), ("joined", "Watcher", None), ("message", "Mei", "one"),
                  ("message", "Mei", LONG_TEXT), ("left", "Mei", None), ("joined", "Mei", None),
                  ("message", "Mei", "two")], "What everybody read")
    expect_equal(mei.facts(), watcher.facts(), "What it knows itself")


def test_two_devices(stage):
    """The same key twice is one member, both sessions of whom receive everything."""
    server = stage.server("--classic", "off")
    phone = SecondClient(stage, server, "Mei").enter()
    laptop = SecondClient(stage, server, "Mei", key=phone.key).enter()
    phone.wait_said(*phone.say("from the phone"))
    laptop.wait_said(*laptop.say("from the laptop"))
    phone.wait_texts(["from the laptop"])
    phone.leave()
    laptop.wait_said(*laptop.say("still here"))
    laptop.wait_texts(["still here"])
    expect_equal(laptop.facts(), [("joined", "Mei", None), ("message", "Mei", "from the phone"),
                                  ("message", "Mei", "from the laptop"),
                                  ("message", "Mei", "still here")], "The room")
    laptop.leave()


def test_two_names(stage):
    """The same key under two names is two members."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    SecondClient(stage, server, "Meimei", key=mei.key).enter()
    mei.wait_fact("joined", "Meimei")
    expect_equal(mei.ask_who(), {"Mei": mei.key.fingerprint, "Meimei": mei.key.fingerprint},
                 "Who is here")


def test_who(stage):
    """As many as are here are told in as many answers as that takes."""
    server = stage.server()
    names = [f"guest-{number:02}-{'茶' * 20}" for number in range(50)]
    for name in names:
        stage.member(server, name)
    mei = SecondClient(stage, server, "Mei").enter()
    mei.frames.clear()
    expect_equal(list(mei.ask_who()), names + ["Mei"], "Who is here, in the order of joining")
    expect(len(frames_of(mei, "PRESENT")) > 2, "Too much for so few packets")


def test_being_lost(stage):
    """Who is lost and comes back within the grace time was never away, for everybody else."""
    for grace, events in ((600, ["joined"]), (0, ["joined", "left", "joined"])):
        server = stage.server("--classic", "off", "--grace", grace)
        watcher = SecondClient(stage, server, "Watcher").enter()
        mei = SecondClient(stage, server, "Mei").enter()
        mei.end_session()
        if "left" in events:
            watcher.wait_fact("left", "Mei")
        mei.enter()
        mei.wait_said(*mei.say("here I am"))
        watcher.wait_texts(["here I am"])
        expect_equal([kind for kind, name, text in watcher.facts() if name == "Mei" and not text],
                     events, f"With {grace} s")


def test_window(stage):
    """What comes too far ahead of what is stored is passed over, and said again later."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    mei.send(*[write("SAY", number, 1, f"message {number}") for number in range(2, 41)])
    ping(mei)
    expect(not frames_of(mei, "ACK"), "Acknowledged too early")
    mei.send(write("SAY", 1, 1, "message 1"))
    wait_frame(mei, "ACK", 32)
    mei.send(write("SAY", 40, 40, "message 40"))
    wait_frame(mei, "ACK", 33)
    expect_equal([ack.number for ack in frames_of(mei, "ACK")], [*range(1, 33), 40], "Stored")


def test_pulling(stage):
    """One answer has about 16 KiB; what exceeds it has to be asked for again."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    texts = [f"{number:3} " + "x" * 996 for number in range(40)]
    head = max(mei.wait_said(*mei.say(*texts)))
    noor = enter_alone(stage, server, "Noor", history=0)
    noor.wanted.update(range(1, head + 1))
    noor.send(write("PULL", [(head + 1000, head + 2000)]), write("PULL", [(5, 5), (1, head)]))
    noor.wait(lambda: len(noor.texts()) >= 14, "the first of them come")
    ping(noor)
    # The latest come by themselves.
    answer = [event for event in frames_of(noor, "EVENT") if event.seq < head]
    size = sum(len(event.text) for event in answer)
    expect(14_000 < size < 19_000, f"An answer of {size} bytes")
    expect_equal([event.seq for event in answer][:5], [5, 1, 2, 3, 4], "Order")
    noor.is_alone = False
    noor.wait_texts(texts)


def test_order(stage):
    """A stream is stored in the order of its numbers, and what is given up is not waited for."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    mei.send(write("SAY", 3, 1, "three"), write("SAY", 2, 1, "two"))
    ping(mei)
    expect(not frames_of(mei, "ACK"), "Acknowledged too early")
    mei.send(write("SAY", 1, 1, "one"))
    wait_frame(mei, "ACK", 3)

    # 4 is given up, and comes late.
    mei.send(write("SAY", 5, 4, "five"))
    ping(mei)
    expect_equal(len(frames_of(mei, "ACK")), 3, "Acknowledged too early")
    mei.send(write("SAY", 5, 5, "five"))
    five = wait_frame(mei, "ACK", 4)
    mei.send(write("SAY", 4, 4, "four"))
    ping(mei)
    expect_equal(len(frames_of(mei, "ACK") + frames_of(mei, "NACK")), 4, "Answers")
    mei.hang_up()

    again = enter_alone(stage, server, "Mei", key=mei.key, stream=mei.stream)
    expect_equal(again.opened.number, 5, "The latest that is stored")
    send_until(again, lambda: frames_of(again, "NACK"), "four is refused",
               write("SAY", 4, 1, "four"))
    nack = wait_frame(again, "NACK")
    expect_equal((nack.number, nack.code), (4, 0), "What was given up")
    send_until(again, lambda: frames_of(again, "ACK"), "five is acknowledged",
               write("SAY", 5, 1, "five"))
    expect_equal(wait_frame(again, "ACK"), five, "What is stored")

    # Not text: a piece may end within a character, the whole may not.
    again.send(write("SAY_PIECE", 6, 6, 0, 1, b"\xe8\x8c"))
    again.wait(lambda: (6, 10) in [nack[:2] for nack in frames_of(again, "NACK")],
               "what is not text is refused")
    again.send(write("SAY", 7, 7, "seven"))
    again.wait(lambda: 7 in [ack.number for ack in frames_of(again, "ACK")], "seven is stored")

    watcher = SecondClient(stage, server, "Watcher").enter()
    watcher.wait_complete()
    expect_equal(watcher.texts(), ["one", "two", "three", "five", "seven"], "What is stored")


def test_pieces(stage):
    """Pieces may come in any order, and twice; those that are missing can be asked for."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    pieces = secure_frames.split_pieces(LONG_TEXT.encode())
    frames = [write("SAY_PIECE", 1, 1, index, len(pieces), piece)
              for index, piece in enumerate(pieces)]
    mei.send(frames[4], frames[2], frames[2])
    mei.wait(lambda: (1, 0b10100) in frames_of(mei, "SAY_PIECES"), "hears what has come")
    mei.send(*frames[:2:-1], frames[0], frames[1])
    seq = wait_frame(mei, "ACK").seq
    mei.wait(lambda: seq in mei.events, "reads it")
    expect_equal(mei.events[seq].text, LONG_TEXT, "What is stored")

    whole = [frame for frame in frames_of(mei, "PIECE") if frame.seq == seq]
    count = len(frames_of(mei, "PIECE"))
    missing = 1 << 3 | 1 << (whole[0].count - 1)
    mei.send(write("PULL_PIECES", seq, missing | 1 << 31))
    wait_frame(mei, "PIECE", count + 2)
    ping(mei)
    again = frames_of(mei, "PIECE")[count:]
    expect_equal(again, [piece for piece in whole if missing >> piece.index & 1], "Pieces again")


def test_sessions(stage):
    """What a session that is not inside, or has left, may not do is answered as told."""
    server = stage.server("--classic", "off")
    client = alone(stage, server, "Mei")
    for number, frame in enumerate((write("SAY", 1, 1, "Hello"), write("WHO", 0),
                                    write("PULL", [(1, 1)])), 1):
        client.send(frame)
        expect_equal(wait_frame(client, "BYE", number).code, 3, "Not inside")
    # Without a HELLO nobody knows what it means; else it would be another one that comes next.
    client.send(client.write_enter())
    client.name = "Mei2"
    client.send(client.write_hello(), client.write_enter())
    entered = wait_frame(client, "ENTERED")
    expect_equal(entered.name, "Mei2", "Who is let in")
    client.send(client.write_enter())
    expect_equal(wait_frame(client, "ENTERED", 2), entered, "The same again")
    client.name = "Another"
    client.send(client.write_enter())
    ping(client)
    expect_equal(len(frames_of(client, "ENTERED")), 2, "Answers to another ENTER")

    for number, frame in enumerate((write("LEAVE"), write("LEAVE"), write("SAY", 1, 1, "Hello"),
                                    client.write_enter()), 4):
        client.send(frame)
        expect_equal(wait_frame(client, "BYE", number).code, 0, "After leaving")


def test_broken_rules(stage):
    """What breaks a rule takes the rest of its packet along, and is not answered; what is not
    known is passed over. Who does it all the time is sent away."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    good = write("SAY", 1, 1, "good")
    broken = [write("SAY", 1, 2, "x"), write("SAY", 0, 0, "x"), write("SAY", 1, 1, ""),
              write("SAY", 1, 1, "a\0b"), write("SAY", 1, 1, b"\xff"), good[:-1],
              b"\x17\x01\0\0", write("PULL", []), write("PULL", [(2, 1)]),
              write("PULL", [(1, 1)] * 17), write("PULL_PIECES", 1, 0),
              write("SAY_PIECE", 1, 1, 0, 2, b"short"), write("TELL", 1, 1, 0, LEFT, "", b"x"),
              write("TELL", 1, 1, 0, ARCHIVED, "", b"\2"), write("ROOMS", 2, "")]
    for number, frame in enumerate(broken):
        mei.send(write("PING", number) + frame + write("SAY", 1, 1, "bad"))
        expect_equal(wait_frame(mei, "PONG", number + 1).token, number, "What came before counts")
    expect(not frames_of(mei, "BYE"), "Sent away too early")
    mei.send(b"\xc8\x01\0x" + b"\x63\0\0" + write("HEAD", 1, 7) + good)
    seq = wait_frame(mei, "ACK").seq
    mei.wait(lambda: seq in mei.events, "reads it")
    expect_equal(mei.texts(), ["good"], "What is stored")

    # 128 frames are a packet, the 129th is not of it.
    count = len(frames_of(mei, "PONG"))
    mei.send(write("LEAVE")[:0] + b"\xc8\0\0" * 127 + write("PING", 1) + write("PING", 2))
    wait_frame(mei, "PONG", count + 1)
    ping(mei)
    expect_equal(len(frames_of(mei, "PONG")), count + 2, "Pings that are answered")

    def is_sent_away():
        if not frames_of(mei, "BYE"):
            mei.send(good[:-1])
        return frames_of(mei, "BYE")
    mei.wait(is_sent_away, "is sent away")
    expect_equal(mei.bye.code, 1, "How it is sent away")


def test_records(stage):
    """Several records in one datagram are as good as one in each."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    connection = mei.connection
    for number in range(1, 6):
        connection.dtls.write(write("SAY", number, 1, f"message {number}"))
    route = b"\xc1" + connection.dtls.route
    expect(all(datagram.startswith(route) for datagram in connection.dtls.outbox), "No route")
    connection.dtls.outbox[:] = [
        route + b"".join(datagram[len(route):] for datagram in connection.dtls.outbox)]
    connection.flush()
    wait_frame(mei, "ACK", 5)


def test_moving(stage):
    """A session goes on from another address, and nobody notices."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    person = stage.person(server, "Noor").wait_inside("Noor")
    for number in range(5):
        mei.connection.move()
        mei.wait_said(*mei.say(f"from place {number}"))
        mei.wait(lambda n=number: mei.connection.n_challenges > n, "is asked whether it is there")
        person.say(f"I hear you at {number}")
        mei.wait_texts([f"I hear you at {number}"])
    expect_equal(mei.n_sessions, 1, "Sessions")
    person.wait_texts(["from place 4"])
    expect_equal([entry[1] for entry in person.log() if entry[1] != "message"],
                 ["joined", "joined"], "Who came and went")


def test_late(stage):
    """What comes late, and from elsewhere, is taken, but moves nobody."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    dtls = mei.connection.dtls
    dtls.write(write("PING", 4711))
    kept = dtls.outbox.pop()
    ping(mei)
    elsewhere = stage.client(server)
    elsewhere.send(kept)
    mei.wait(lambda: 4711 in [pong.token for pong in frames_of(mei, "PONG")], "is answered")
    ping(mei)
    expect(not frames_of(mei, "CHALLENGE") and not elsewhere.inbox, "It moved")


def test_moving_unproved(stage):
    """Who does not prove the new address gets no more bytes than came from there."""
    server = stage.server("--classic", "off")
    mei = enter_alone(stage, server, "Mei")
    talker = SecondClient(stage, server, "Talker").enter()
    connection = mei.connection
    mei.take_CHALLENGE = lambda frame: None
    received, sent = [], []
    take, flush = connection.take, connection.flush
    connection.take = lambda data, address: (received.append(len(data)), take(data, address))
    connection.flush = lambda: (sent.extend(map(len, connection.dtls.outbox)), flush())

    connection.move()
    mei.send(write("PING", 1))
    wait_frame(mei, "CHALLENGE")
    talker.say(*[f"message {number} " + "x" * 500 for number in range(20)])
    talker.wait(lambda: len(talker.texts()) == 20, "everybody is told")
    # What was sent to the other one before that is there.
    talker.ask_who()
    expect(sum(received) <= sum(sent), f"{sum(received)} bytes came for {sum(sent)}")
    expect(not mei.texts(), "Came before the address was proved")

    token = frames_of(mei, "CHALLENGE")[-1].token
    mei.send(write("RESPONSE", token))
    send_until(mei, lambda: len(mei.texts()) == 20, "everything comes",
               write("PULL", [(1, max(talker.events))]))


def test_restart(stage):
    """A server that was started anew says so by a hint; who comes back misses nothing."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    texts = []
    for number in range(3):
        texts.append(f"message {number}")
        mei.wait_said(*mei.say(texts[-1]))
        n_sessions = mei.n_sessions
        server.kill()
        server = stage.server("--classic", "off", "--data-dir", server.data_dir,
                              "--port", server.port)
        mei.wait(lambda n=n_sessions: mei.n_sessions > n and mei.is_inside, "is back")
        expect(mei.connection.dtls.is_resumed(), "Not resumed")
    noor.wait_texts(texts)
    mei.wait_complete()
    noor.wait_complete()
    expect_equal(noor.texts(), texts, "What was read")
    expect_equal(noor.facts()[:2], [("joined", "Mei", None), ("joined", "Noor", None)], "Before")
    expect_equal(len(noor.facts()), 2 + len(texts), "Events")


def test_goodbye(stage):
    """A server that goes down says so, and whoever comes back to it finds the room as it was."""
    server = stage.server("--classic", "off")
    mei = SecondClient(stage, server, "Mei").enter()
    mei.wait_said(*mei.say("before"))
    mei.is_alone = True
    server.stop()
    mei.wait(lambda: mei.bye, "the server says goodbye")
    expect(mei.bye.code in (1, 2), f"Goodbye: {mei.bye}")


def rooms_server(stage, *arguments):
    return stage.server("--classic", "off", "--rooms", "members", *arguments)


def test_rooms(stage):
    """A room is made, found and opened; what is said there is said there alone."""
    server = stage.server("--rooms", "members")
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    classic = stage.member(server, "Olu")
    expect(mei.entered.flags & 1, "It may not make rooms")

    garden = mei.make("Garden", flags=1, title="Gartenhaus").wait_open()
    expect_equal((garden.opened.role, garden.opened.address, garden.opened.title,
                  garden.opened.flags & 0x1FF), (3, "Garden", "Gartenhaus", 1), "What is made")
    garden.wait_fact("joined", "Mei")
    listed = noor.list_rooms(LISTED)
    expect_equal([(room[2], room[4], address, room[6]) for address, room in listed.items()],
                 [(1, 0, "Garden", "Gartenhaus")], "What Noor finds")
    expect_equal(noor.list_rooms(MINE), {}, "Rooms of Noor's before")
    same = noor.open("ＧＡＲＤＥＮ").wait_open()
    expect_equal((same.opened.role, same.opened.address), (1, "Garden"), "What Noor opened")
    expect_equal(list(noor.list_rooms(MINE)), ["Garden"], "Rooms of Noor's")
    garden.wait_fact("joined", "Noor")

    texts = ["in the garden", LONG_TEXT, "after it"]
    numbers = garden.wait_said(*garden.say(*texts))
    expect_equal(numbers, sorted(set(numbers)), "Numbers of what was said")
    mei.wait_said(*mei.say("in the hall"))
    same.wait_texts(texts)
    noor.wait_texts(["in the hall"])
    same.wait_said(*same.say("here, too"))
    garden.wait_texts(["here, too"])
    expect_equal(garden.texts(), texts + ["here, too"], "What is read in the garden")
    expect_equal(noor.texts(), ["in the hall"], "What is read in the hall")
    classic.expect("Mei ： in the hall")
    classic.expect_nothing()
    expect_equal(garden.ask_who(), {"Mei": mei.key.fingerprint, "Noor": noor.key.fingerprint},
                 "Members of the garden")
    expect_equal(len(mei.ask_who()), 3, "Who is in the hall")
    for room in (garden, same):
        expect_equal(room.facts()[0], ("joined", "Mei", None), "The first event")

    # Closing is not leaving.
    same.close()
    garden.wait_said(*garden.say("while Noor reads elsewhere"))
    same.reopen().wait_texts(["while Noor reads elsewhere"])
    expect_equal(same.gaps, [], "Gaps")
    expect_equal([fact for fact in same.facts() if fact[0] != "message"],
                 [("joined", "Mei", None), ("joined", "Noor", None)], "Who became a member")

    # A channel in which nothing is open is said to be closed, once a second.
    noor.send(write("SAY", 1, 1, "lost"), channel=99)
    noor.wait(lambda: any(frame.code == 1 for frame in frames_of(noor, "CLOSE")), "hears it")

    # Made once; the same again by its owner opens it.
    noor.make("GARDEN").expect_refused(4)
    olu = SecondClient(stage, server, "Olu2").enter()
    once = olu.make("orchard").wait_open()
    once.close()
    expect_equal(olu.make("orchard").wait_open().opened.role, 3, "Whose it is")


def test_who_gets_in(stage):
    """A room lets in who may, and says to the others what they may know."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    for address in ("elsewhere", "~abcdefghijklmnop", "~a", "@Mei"):
        noor.open(address).expect_refused(2)
    for address in ("two words", "~abc", "@Mei", "＠mei", "co:lon"):
        noor.make(address).expect_refused(3)

    mei.make("secret", password="oolong").wait_open()
    noor.open("secret").expect_refused(6)
    noor.open("secret", password="assam").expect_refused(7)

    def opens_at_last():
        room = noor.open("secret", password="oolong")
        room.wait(lambda: room.is_open or room.refused, "is opened or refused")
        return room.is_open
    noor.wait(opens_at_last, "opens the room, when it may try again")

    closed = mei.make("closed", flags=3).wait_open()
    noor.open("closed").expect_refused(14)
    invited = closed.wait_told(INVITED, text="Noor", data=noor.key.fingerprint)
    expect_equal(closed.events[invited].data, noor.key.fingerprint, "Who is invited")
    noor.wait(lambda: "closed" in noor.news, "hears of it")
    expect_equal(noor.list_rooms(MINE)["closed"][4], 0, "Role of who is invited")
    noor.open("closed").wait_open().wait_fact("joined", "Noor")

    hidden = mei.make("~qrstuvwxyz234567", flags=4, title="Between us").wait_open()
    expect("~qrstuvwxyz234567" not in noor.list_rooms(LISTED), "It is listed")
    found = noor.open("~QRSTUVWXYZ234567").wait_open()
    expect_equal(found.opened.title, "Between us", "Title")
    hidden.wait_fact("joined", "Noor")
    mei.make("~abcdefghijklmnop", flags=0).wait_open()
    noor.open("~abcdefghijklmnop").expect_refused(2)


# How long events are kept, where that is not to be another.
AS_BEFORE = 2 ** 32 - 1, 2 ** 64 - 1, 2 ** 32 - 1


def test_telling(stage):
    """Settings, archiving and leaving are events; who may not gets code 11."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden").wait_open()
    other = noor.open("garden").wait_open()

    settings = secure_frames.write_value(secure_frames.SETTINGS_TYPE,
                                         ("Orchard", "Under the trees", 1, *AS_BEFORE))
    expect_equal(other.wait_told(SETTINGS, data=settings), 11, "Settings by a member")
    expect_equal(other.wait_told(200, text="?"), 11, "A kind that is not known")
    seq = room.wait_told(SETTINGS, data=settings)
    other.wait(lambda: seq in other.events, "reads it")
    expect_equal(other.events[seq].kind, SETTINGS, "Kind")
    other.close()
    other.reopen()
    expect_equal((other.opened.address, other.opened.title), ("Orchard", "Under the trees"),
                 "By the old name")

    first, = room.wait_said(*room.say("one"))
    other.wait_texts(["one"])
    reply = other.wait_told(MESSAGE, target=first, text="two")
    room.wait_texts(["two"])
    expect_equal(room.events[reply].target, first, "What it answers")
    long = other.wait_told(MESSAGE, target=first, text=LONG_TEXT)
    room.wait_texts([LONG_TEXT])
    expect_equal(room.events[long].target, first, "What the long one answers")

    room.wait_told(ARCHIVED, data=b"\1")
    message, = other.say("too late")
    other.wait_said(message)
    expect_equal(message.nack.code, 15, "Said in the archive")
    room.wait_told(ARCHIVED, data=b"\0")
    other.wait_said(*other.say("again"))

    laptop = SecondClient(stage, server, "Noor", key=noor.key).enter()
    elsewhere = laptop.open("orchard").wait_open()
    other.tell(LEFT)
    room.wait_fact("left", "Noor")
    for device in (other, elsewhere):
        device.wait(lambda device=device: device.closed, "is out")
        expect_equal(device.closed.code, 2, "How it is out")
    expect_equal((list(room.ask_who()), noor.list_rooms(MINE)), (["Mei"], {}), "Members")


def do(room, *arguments, **keywords):
    """Tells something that the server is to store."""
    message = room.tell(*arguments, **keywords)
    room.wait_said(message)
    expect(message.nack is None, f"Refused: {message.nack}")
    return message.seq


def test_forms(stage):
    """Whoever reads a message reads the same of it, whether they were there or came later."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden").wait_open()
    other = noor.open("garden").wait_open()

    tea, gone, plain = room.wait_said(*room.say("tea", "nonsense", "more tea"))
    answer = other.reply(tea, "which?")
    other.wait_complete()
    edit = room.edit(tea, "green tea")
    other.react(tea, "🍵")
    room.react(tea, "🍵")
    room.react(tea, "❤️")
    other.react(tea, "❤")
    room.react(tea, "❤️", False)
    last = room.edit(tea, "oolong")
    other.react(tea, "🍵")
    other.react(plain, "👍")
    other.react(plain, "👍", False)
    room.remove(gone)
    for one in (room, other):
        one.wait_form(tea, "oolong", True, "", [("🍵", 2, ["Noor", "Mei"]), ("❤️", 1, ["Noor"])])
        one.wait_form(gone, "", False, "Mei", [])
        one.wait_form(plain, "more tea", False, "", [])
    expect_equal(other.events[answer].target, tea, "What it answers")

    # Who may not, and what cannot be.
    for what, code in (((EDITED, tea, "mine"), 11), ((EDITED, gone, "again"), 13),
                       ((EDITED, edit, "an edit"), 13), ((EDITED, 0, "nothing"), 13)):
        expect_equal(other.wait_told(*what), code, f"{what}")
    expect_equal(other.react(tea, "x"), 10, "A letter for an emoji")
    expect_equal(other.remove(tea), 11, "A message of somebody else")
    expect_equal(room.remove(gone), 13, "Twice")
    do(room, REMOVED, answer)
    other.wait_form(answer, "", False, "Mei", [])

    # Late, and by another way: no change is seen twice, and the edit before the last is empty.
    olu = SecondClient(stage, server, "Olu").enter()
    late = olu.open("garden").wait_open()
    late.wait_complete()
    for seq in (tea, gone, plain, answer):
        expect_equal(late.forms[seq].facts(), other.forms[seq].facts(), f"{seq}")
        expect_equal(late.forms[seq].version, other.forms[seq].version, f"Version of {seq}")
    expect(edit in late.empty and last in late.events, "Which edits are there")
    other.close()
    other.reopen().wait_complete()
    expect_equal(other.forms[tea].facts(), late.forms[tea].facts(), "After coming back")


def test_pages(stage):
    """A page of history is messages in their form, and not their changes."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    room = mei.make("garden").wait_open()
    numbers = room.wait_said(*room.say(*[f"tea {number}" for number in range(20)]))
    for seq in numbers[:5]:
        room.edit(seq, f"edited {seq}")
        room.react(seq, "🍵")
    room.remove(numbers[5])
    room.wait_said(*room.say(*[f"later {number}" for number in range(10)]))
    room.wait_complete()

    noor = SecondClient(stage, server, "Noor").enter()
    late = noor.open("garden", history=5).wait_open()
    late.wait_complete()
    start = late.start
    late.pull_history(1, start - 1)
    for seq in numbers:
        expect_equal(late.forms[seq].facts(), room.forms[seq].facts(), f"{seq}")
    kinds = {event.kind for seq, event in late.events.items() if seq < start}
    expect(not kinds & {EDITED, REMOVED, REACTED}, f"Changes in the page: {kinds}")


def test_topic_and_pins(stage):
    """Both come again with every opening; who is a member only sets neither."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden").wait_open()
    other = noor.open("garden").wait_open()
    one, two, three = room.wait_said(*room.say("one", "two", "three"))
    expect_equal((other.wait_told(TOPIC, text="mine"), other.pin(one)), (11, 11), "By a member")
    do(room, TOPIC, text="Tea")
    do(room, TOPIC, text="Tea & talk")
    for seq in (one, two, three):
        do(room, PINNED, seq, data=b"\1")
    do(room, PINNED, one, data=b"\0")
    do(room, REMOVED, two)
    room.wait_said(*room.say(*"abcdef"))
    other.wait(lambda: other.pins == {three} and other.topic.text == "Tea & talk", "reads both")

    olu = SecondClient(stage, server, "Olu").enter()
    late = olu.open("garden", history=1).wait_open()
    late.wait(lambda: late.pins == {three} and late.topic and late.topic.text == "Tea & talk",
              "is told both")


def test_find(stage):
    """Words of whatever script are found, and what was removed is not."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden").wait_open()
    texts = ["Green tea, please", "我爱喝茶", "お茶をください", "차를 마시자", "Crème brûlée", "coffee"]
    numbers = dict(zip(texts, room.wait_said(*room.say(*texts))))
    changed, = room.wait_said(*room.say("chamomile"))
    room.edit(changed, "peppermint")
    secret, = room.wait_said(*room.say("raspberry"))
    room.remove(secret)
    other = noor.open("garden").wait_open()
    for words, found in (("tea", ["Green tea, please"]), ("gre", ["Green tea, please"]),
                         ("喝茶", ["我爱喝茶"]), ("茶", ["お茶をください", "我爱喝茶"]),
                         ("ください", ["お茶をください"]), ("마시", ["차를 마시자"]),
                         ("creme BRULEE", ["Crème brûlée"]), ('"tea green"', []),
                         ('"green tea"', ["Green tea, please"]), ("raspberry", []),
                         ("chamomile", [])):
        events, after = other.find(words)
        expect_equal((events, after), ([numbers[text] for text in found], 0), words)
    expect_equal(other.find("peppermint")[0], [changed], "What was edited")

    many = room.wait_said(*room.say(*[f"cup {number}" for number in range(60)]))
    events, after = other.find("cup")
    rest, end = other.find("cup", after)
    expect_equal((len(events), events + rest, end), (50, many[::-1], 0), "Two answers")


def test_order(stage):
    """Moderators mute, send out and keep out, by whatever device; owners are not theirs."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    olu = SecondClient(stage, server, "Olu").enter()
    room = mei.make("garden").wait_open()
    moderator = noor.open("garden").wait_open()
    member = olu.open("garden").wait_open()
    first, = member.wait_said(*member.say("hello"))

    def data(kind, *values):
        return secure_frames.write_value(kind, values)

    def muted(client, until):
        return data(secure_frames.MUTED_TYPE, client.key.fingerprint, "", until)

    def sent_out(client, until, erase=0):
        return data(secure_frames.SENT_OUT_TYPE, client.key.fingerprint, "", until, erase, 0)

    role = data(secure_frames.ROLE_TYPE, noor.key.fingerprint, 2)
    expect_equal(moderator.wait_told(ROLE, text="Noor", data=role), 11, "A role for oneself")
    expect_equal(moderator.wait_told(MUTED, data=muted(olu, 0)), 11, "Muted by a member")
    seq = do(room, ROLE, text="Noor", data=role)
    moderator.wait(lambda: seq in moderator.events, "is a moderator")

    for kind, values in ((MUTED, muted), (SENT_OUT, sent_out)):
        expect_equal(moderator.wait_told(kind, data=values(mei, 0)), 11, "Upon an owner")
    do(moderator, MUTED, text="quiet", data=muted(olu, secure_frames.FOR_GOOD))
    message, = member.say("shut up?")
    member.wait_said(message)
    expect(message.nack is not None and message.nack.code in (11, 12), "Muted")
    do(moderator, MUTED, data=muted(olu, 0))
    member.wait_said(*member.say("I speak"))

    # Slow mode: the second message waits.
    settings = data(secure_frames.SETTINGS_TYPE, "garden", "", 1, *AS_BEFORE[:2], 2)
    do(room, SETTINGS, data=settings)
    began = time.monotonic()
    member.wait_said(*member.say("slowly", "more slowly"))
    expect(time.monotonic() - began > 1.5, "It did not wait")
    expect(any(name_of(frame) == "HOLD" for frame in member.frames), "No HOLD")

    laptop = SecondClient(stage, server, "Olu", key=olu.key).enter()
    elsewhere = laptop.open("garden").wait_open()
    do(moderator, SENT_OUT, text="spam", data=sent_out(olu, secure_frames.FOR_GOOD, first))
    for device in (member, elsewhere):
        device.wait(lambda device=device: device.closed, "is out")
        expect_equal(device.closed.code, 2, "How it is out")
    for client in (olu, laptop, SecondClient(stage, server, "Olu", key=olu.key).enter()):
        client.open("garden").expect_refused(0)
    room.wait(lambda: room.forms[first].removed_by == "Noor", "what they said is removed")
    late = SecondClient(stage, server, "Pia").enter().open("garden").wait_open()
    late.wait_complete()
    expect_equal([text for text in late.texts() if text], [], "What is left")
    do(moderator, SENT_OUT, data=sent_out(olu, 0))
    laptop.open("garden").wait_open()


def test_pair(stage):
    """Two keys have one private conversation, of which nobody is told before the first word."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    olu = SecondClient(stage, server, "Olu").enter()

    def pair(client):
        return "@" + openssl_dtls.write_fingerprint(client.key.fingerprint).partition(":")[2] \
            .replace("+", "-").replace("/", "_")

    mine = mei.open(pair(noor)).wait_open()
    expect_equal((mine.opened.address, mine.opened.flags & 0x100, mine.opened.head),
                 (pair(noor), 0x100, 0), "A conversation that is new")
    ping(noor)
    expect_equal(noor.news, {}, "News before the first word")
    mine.wait_said(*mine.say("Tea?"))
    noor.wait(lambda: pair(mei) in noor.news, "hears of it")
    expect_equal(noor.news[pair(mei)][6], "Mei", "Title")
    theirs = noor.open(pair(mei)).wait_open()
    theirs.wait_texts(["Tea?"])
    theirs.wait_said(*theirs.say("Tea!"))
    mine.wait_texts(["Tea!"])
    expect_equal(mine.facts(), theirs.facts(), "Both logs")
    expect_equal(mine.facts(), [("message", "Mei", "Tea?"), ("message", "Noor", "Tea!")], "The log")
    expect_equal((list(mei.list_rooms(MINE)), olu.list_rooms(MINE), olu.list_rooms(LISTED)),
                 ([pair(noor)], {}, {}), "Who has it in a list")
    olu.open(pair(SecondClient(stage, server, "Nobody"))).expect_refused(2)

    # Who does not want to hear of it says so.
    theirs.close()
    mine.wait_said(*mine.say("More tea?"))
    noor.wait(lambda: pair(mei) in noor.news, "hears of it again")
    noor.decline(pair(mei))
    theirs.reopen().wait_texts(["More tea?"])


def test_positions(stage):
    """How far somebody has read is known to their other sessions, and when they come back."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    phone = SecondClient(stage, server, "Noor").enter()
    laptop = SecondClient(stage, server, "Noor", key=phone.key).enter()
    room = mei.make("garden").wait_open()
    small, large = phone.open("garden").wait_open(), laptop.open("garden").wait_open()
    room.wait_said(*room.say("one", "two", "three"))
    for client in (small, large):
        client.wait_texts(["three"])
    small.mark_read()
    large.wait(lambda: large.read == small.read, "hears what was read")
    expect_equal(large.unread, 0, "Unread")
    expect(not frames_of(room, "READ"), "Others hear what was read")
    small.close()
    large.close()
    room.wait_said(*room.say("four", "five"))
    read = small.read
    large.reopen()
    expect_equal((large.opened.read, large.opened.unread), (read, 2), "When it comes back")
    large.wait_said(*large.say("six"))
    large.wait_complete()
    large.close()
    large.reopen()
    expect_equal(large.opened.unread, 0, "What one says counts as read up to there")


def test_typing(stage):
    """Who writes is told to the others who have the room open, and to nobody else."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden").wait_open()
    other = noor.open("garden").wait_open()
    send_until(room, lambda: other.typing, "is told that Mei writes", write("TYPING", ""))
    expect_equal(other.typing[0], "Mei", "Who writes")
    expect_equal((room.typing, noor.hall.typing), ([], []), "Others who are told")


def test_proof(stage):
    """Who does not know the log that there is begins anew, and nobody else is bothered."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    mei.wait_said(*mei.say(*map(str, range(20))))
    noor.wait_texts(["19"])
    epoch, head = noor.epoch, noor.highest
    check = secure_frames.check_of(noor.events[head - 5])
    for name, of, since, proof, history, start, is_anew in (
            ("right", epoch, head - 5, check, 0, head - 4, False),
            ("less", epoch, head - 5, check, 3, head - 2, False),
            ("nothing", 0, 0, 0, 3, head - 2, False),
            ("wrong", epoch, head - 5, 4711, 6, head - 5, True),
            ("none", epoch, head - 5, 0, 3, head - 2, True),
            ("beyond", epoch, head + 5, 4711, 0, head + 1, True),
            ("another", epoch + 1, head - 5, check, 3, head - 2, True)):
        other = alone(stage, server, "Noor", key=noor.key)
        other.send(other.write_hello(), other.write_enter(),
                   write("OPEN", of, since, proof, history, "", ""))
        opened = wait_frame(other, "OPENED")
        expect_equal((opened.epoch, opened.head, opened.start,
                      bool(opened.flags & secure_frames.ANEW)), (epoch, head, start, is_anew), name)
        other.hang_up()
    mei.wait_said(*mei.say("after it"))
    noor.wait_texts(["after it"])
    expect_equal((noor.hall.gaps, noor.n_sessions), ([], 1), "Gaps of who was right")


def test_many_rooms(stage):
    """Fifty rooms are open at once; what is said in each arrives through a bad network, by one
    heartbeat, and after a restart of the server."""
    server = rooms_server(stage)
    relay = stage.lossy_relay(server, "loss 0.1 0.1", "jitter 5")
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, relay, "Noor").enter()
    # As many as one key may own.
    owners = [mei] + [SecondClient(stage, server, f"Owner{number}").enter() for number in range(2)]
    names = [f"room-{number:02}" for number in range(50)]
    mine = [owners[number // 20].make(name) for number, name in enumerate(names)]
    for room in mine:
        room.wait_open()
    theirs = [noor.open(name) for name in names]
    for room in theirs:
        room.wait_open()
    for turn in range(3):
        for room in mine:
            room.say(f"{room.address} {turn}")
        for room in mine:
            room.wait_said()
        for room in theirs:
            room.wait_texts([f"{room.address} {turn}"])
        if turn == 1:
            server.kill()
            server = rooms_server(stage, "--data-dir", server.data_dir, "--port", server.port)
            for client in [noor] + owners:
                client.wait(lambda client=client: client.n_sessions > 1 and client.is_in_hall(),
                            "is back")
    relay.do("loss 0 0")
    noor.wait(lambda: frames_of(noor, "TOTAL"), "gets the sum of all")
    for room, other in zip(mine, theirs):
        other.wait_complete()
        room.wait_complete()
        expect_equal(other.texts(), [f"{room.address} {turn}" for turn in range(3)], "What is read")
        expect_equal(other.facts(), room.facts(), "Both logs")
        expect_equal((room.gaps, other.gaps), ([], []), "Gaps")


def test_bad_network(stage):
    """Everything arrives, once and in one order, through a network that loses, doubles,
    reorders and moves."""
    server = stage.server("--classic", "off")
    relay = stage.lossy_relay(server, "loss 0.15 0.15", "double 0.1", "jitter 20")
    mei = SecondClient(stage, relay, "Mei").enter()
    noor = SecondClient(stage, relay, "Noor").enter()
    person = stage.person(server, "Olu").wait_inside("Olu")
    texts = []
    for number in range(10):
        for client in (mei, noor):
            texts += [f"{client.name} {number}", f"{client.name} again {number}"]
            client.say(*texts[-2:])
        person.say(f"Olu {number}")
        texts.append(f"Olu {number}")
        if number == 5:
            relay.do("move")
            mei.say(LONG_TEXT)
            person.say(LONG_TEXT[::-1])
            texts += [LONG_TEXT, LONG_TEXT[::-1]]
        mei.wait_said()
        noor.wait_said()
    for client in (mei, noor, person):
        client.wait_texts(texts)
    relay.do("loss 0 0")
    for client in (mei, noor):
        client.wait_complete()
    expect_equal(sorted(noor.texts()), sorted(texts), "What was said")
    start = max(min(mei.events), min(noor.events))
    logs = [[event for seq, event in sorted(client.events.items()) if seq >= start]
            for client in (mei, noor)]
    expect_equal(*logs, "One order")
    mine = [text for text in noor.texts() if text.startswith("Mei") or text == LONG_TEXT]
    expect_equal(mine, [message.data.decode() for message in mei.messages], "Order of a stream")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
