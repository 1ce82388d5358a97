# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another client of the secure protocol, written from PROTOCOL.md.

It shares nothing with the programs: its frames are secure_frames.py, its DTLS is OpenSSL.
It is all that PROTOCOL.md asks of a client: it repeats what is not answered, pulls what is
missing, answers, moves, and comes back. Whoever changes the protocol changes that text
first, and this from the text alone.
"""

import random
import socket
import time

import openssl_dtls
import secure_frames
import teahouse
from secure_frames import JOINED, LEFT, MAX_PACKET, MESSAGE, write
from teahouse import expect

VERSION = 1
# After these a message has come to its end, and its number is used up.
USED_UP = set(range(256)) - {8, 9}


class Repeat:
    """When something is done again that has no answer yet."""

    def __init__(self, first, factor=1.5, limit=1.0):
        self.interval = first
        self.factor = factor
        self.limit = limit
        self.due = 0

    def is_due(self, now):
        if now < self.due:
            return False
        self.due = now + self.interval
        self.interval = min(self.interval * self.factor, self.limit)
        return True


class Message:
    def __init__(self, number, text, repeat):
        self.number = number
        self.data = text if isinstance(text, bytes) else text.encode()
        self.repeat = repeat
        self.received = 0
        self.seq = None
        self.nack = None
        self.is_settled = False

    def is_long(self):
        return len(write("SAY", self.number, self.number, self.data)) > MAX_PACKET


class Connection(teahouse.Socket):
    """A session's DTLS on a socket, which can be exchanged for one at another address."""

    def __init__(self, client, ticket):
        super().__init__(client.stage)
        self.client = client
        self.server = client.server.address()
        self.dtls = openssl_dtls.Dtls(client.key, ticket)
        self.n_challenges = 0
        self.n_sent = 0
        self.n_hints = 0
        self.flush()

    def flush(self):
        while self.dtls.outbox:
            self.socket.sendto(self.dtls.outbox.pop(0), self.server)
            self.n_sent += 1

    def take(self, data, address):
        if data[0] == 0xC0:
            if len(data) == 9 and data[1:] == self.dtls.route:
                self.n_hints += 1
                self.client.take_hint()
            return
        expect(20 <= data[0] <= 63, f"A datagram that begins with {data[0]}")
        expect(len(data) <= openssl_dtls.MAX_DATAGRAM, f"A datagram of {len(data)} bytes")
        if self.dtls.is_closed:
            return
        self.dtls.take(data)
        self.flush()
        expect(self.client.is_alone or not self.dtls.failure, f"DTLS: {self.dtls.failure}")
        while self.dtls.inbox:
            self.client.take_packet(secure_frames.read_packet(self.dtls.inbox.pop(0)))

    def send(self, packet):
        self.dtls.write(packet)
        self.flush()

    def move(self):
        """Goes on from another address."""
        self.close()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.stage.watch(self.socket, self.ready)


class SecondClient:
    """Somebody in the room."""

    def __init__(self, stage, server, name, key=None, password="", history=50, room="",
                 minimum=VERSION, maximum=VERSION, stream=None, is_alone=False):
        self.stage = stage
        self.server = server
        self.name = name
        self.key = key or openssl_dtls.Key()
        self.password = password
        self.history = history
        self.room = room
        self.versions = (minimum, maximum)
        self.stream = stream or random.randrange(1, 1 << 32)
        # Then it only does what it is told, but for the handshake.
        self.is_alone = is_alone

        # The copy of the room's log.
        self.epoch = 0
        self.events = {}
        self.empty = set()
        self.first = 1
        self.start = None
        self.highest = 0
        self.wanted = set()
        self.pieces = {}
        self.people = None
        self.people_parts = {}

        self.messages = []
        self.server_key = None
        self.n_sessions = 0
        self.ticket = None
        self.connection = None
        self.round_trip = 0.1
        self.is_over = False
        stage.ticks.append(self.tick)

    # The session.

    def connect(self):
        """Begins a session; what happens then comes by itself."""
        if self.connection is not None:
            self.connection.close()
        now = time.monotonic()
        self.is_over = False
        self.n_sessions += 1
        self.frames = []
        self.is_inside = False
        self.entered = self.refused = self.welcome = self.bye = None
        self.began = self.heard = now
        self.is_dead = False
        self.first_hint = None
        self.hint_ping = Repeat(0.1, 1)
        self.enter_repeat = Repeat(0.25, 2)
        self.heartbeat = Repeat(5, 1, 5)
        self.question = None
        self.question_repeat = None
        self.pulled = set()
        self.pull_repeat = None
        self.who_repeat = None
        self.leave_repeat = None
        self.pings = {}
        self.connection = Connection(self, self.ticket)
        return self

    def wait(self, condition, what):
        return self.stage.wait(condition, f"{self.name}: {what}")

    def wait_ready(self):
        """Waits for a session in which nothing has been said."""
        self.wait(lambda: self.connection.dtls.is_ready, "the handshake is over")
        self.check_server()
        return self

    def check_server(self):
        """The key that was shown first is the server's from then on."""
        expect(self.connection.dtls.has_extended_master_secret, "No extended master secret")
        shown = self.connection.dtls.fingerprint
        self.server_key = self.server_key or shown
        expect(shown == self.server_key, "The server has another key")

    def enter(self):
        self.connect()
        self.wait(lambda: self.is_inside or self.refused, "is let in or refused")
        expect(self.is_inside, f"{self.name} is refused: {self.refused}")
        return self

    def expect_refusal(self, code):
        self.connect()
        self.wait(lambda: self.is_inside or self.refused, "is let in or refused")
        expect(not self.is_inside, f"{self.name} is let in")
        expect(self.refused.code == code, f"Not code {code}: {self.refused}")
        return self.refused

    def send(self, *frames):
        """Sends frames, as few packets as they fit in."""
        packet = b""
        for frame in frames:
            if len(packet) + len(frame) > MAX_PACKET:
                self.connection.send(packet)
                packet = b""
            packet += frame
        self.connection.send(packet)

    def write_hello(self):
        return write("HELLO", *self.versions, "second client", self.room)

    def write_enter(self):
        return write("ENTER", self.epoch, self.known_to(), self.stream, self.history, self.name,
                     self.password)

    def hang_up(self):
        """Ends without a word, as programs do that crash."""
        self.is_over = True
        self.connection.close()
        return self

    def end_session(self):
        """Ends the session, but stays in the room."""
        self.connection.dtls.close()
        self.connection.flush()
        return self.hang_up()

    def leave(self):
        self.leave_repeat = Repeat(0.1, 1)
        self.wait(lambda: self.bye, "the server says goodbye")
        expect(self.bye.code == 0, f"Not the goodbye to one who leaves: {self.bye}")
        return self.end_session()

    # Everything that happens with time.

    def tick(self):
        if self.connection is None or self.is_over:
            return
        now = time.monotonic()
        connection = self.connection
        if not connection.dtls.is_closed:
            connection.dtls.tick()
            connection.flush()
        if self.is_alone:
            return

        if self.refused:
            return
        if not self.is_inside:
            if now - self.began > 11:
                self.connect()
            elif connection.dtls.is_ready and self.enter_repeat.is_due(now):
                self.check_server()
                self.ticket = connection.dtls.ticket()
                self.send(self.write_hello(), self.write_enter())
            return
        if self.leave_repeat is not None:
            if self.leave_repeat.is_due(now):
                self.send(write("LEAVE"))
            return

        if self.is_dead or connection.dtls.is_closed or (self.bye and self.bye.code in (2, 3)) \
                or (self.question and now - self.question > 3):
            self.connect()
            return
        if self.bye:
            return
        frames = self.write_due(now)
        if frames:
            self.send(*frames)

    def write_due(self, now):
        frames = []
        if self.question is None and now - self.heard > 2.5:
            self.question = now
            self.question_repeat = Repeat(max(0.25, 1.25 * self.round_trip), 1)
        if (self.question and self.question_repeat.is_due(now)) or self.heartbeat.is_due(now):
            frames.append(self.write_ping())
        frames += self.write_messages(now)
        frames += self.write_pulls(now)
        if self.who_repeat is not None and self.who_repeat.is_due(now):
            frames.append(write("WHO", self.who_after))
        return frames

    def repeat(self):
        return Repeat(min(max(1.25 * self.round_trip, 0.02), 1))

    def write_ping(self):
        token = random.getrandbits(64)
        self.pings[token] = time.monotonic()
        return write("PING", token)

    def take_hint(self):
        now = time.monotonic()
        if not self.is_inside or self.is_alone:
            return
        self.first_hint = self.first_hint or now
        if now - self.first_hint > max(0.3, 4 * self.round_trip):
            self.is_dead = True
        elif self.hint_ping.is_due(now):
            self.send(self.write_ping())

    # Saying.

    def say(self, *texts):
        """Says these, all at once, without waiting for anything."""
        said = [Message(len(self.messages) + number, text, self.repeat())
                for number, text in enumerate(texts, 1)]
        self.messages += said
        return said

    def wait_said(self, *messages):
        self.wait(lambda: all(message.is_settled for message in messages or self.messages),
                  "all is settled")
        return [message.seq for message in messages]

    def oldest(self):
        return next((message.number for message in self.messages if not message.is_settled),
                    len(self.messages) + 1)

    def write_messages(self, now):
        frames = []
        waiting = [message for message in self.messages if not message.is_settled]
        n_long = 0
        for message in waiting[:16]:
            n_long += message.is_long()
            if n_long > 2:
                break
            if message.repeat.is_due(now):
                frames += self.write_message(message)
        return frames

    def write_message(self, message):
        if not message.is_long():
            return [write("SAY", message.number, self.oldest(), message.data)]
        pieces = secure_frames.split_pieces(message.data)
        frames = [write("SAY_PIECE", message.number, self.oldest(), index, len(pieces), piece)
                  for index, piece in enumerate(pieces)]
        missing = [frame for index, frame in enumerate(frames)
                   if not message.received >> index & 1]
        # All of them have come, but the answer has not: it is given again for any of them.
        return missing or frames[:1]

    def settle(self, number, seq=None, nack=None):
        if not 0 < number <= len(self.messages):
            return
        message = self.messages[number - 1]
        expect(seq is None or message.seq in (None, seq), "A message has two numbers")
        message.seq = seq or message.seq
        message.nack = nack
        message.is_settled |= nack is None or nack.code in USED_UP

    # Receiving.

    def is_known(self, seq):
        return seq in self.events or seq in self.empty

    def known_to(self):
        """Everything up to here is known."""
        if self.start is None:
            return 0
        seq = self.start - 1
        while self.is_known(seq + 1):
            seq += 1
        return seq

    def missing(self):
        if self.start is None:
            return []
        missing = [seq for seq in range(self.start, self.highest + 1) if not self.is_known(seq)]
        return missing + sorted(seq for seq in self.wanted if not self.is_known(seq))

    def write_pulls(self, now):
        frames = []
        for seq, collected in list(self.pieces.items()):
            if self.is_known(seq):
                del self.pieces[seq]
            elif collected["repeat"].is_due(now):
                missing = sum(1 << index for index, data in enumerate(collected["data"])
                              if data is None)
                frames.append(write("PULL_PIECES", seq, missing))
        missing = [seq for seq in self.missing() if seq not in self.pieces][:32]
        if not missing:
            self.pull_repeat = None
        elif self.pull_repeat is None or not self.pulled.intersection(missing):
            self.pull_repeat = self.repeat()
        if missing and self.pull_repeat.is_due(now):
            self.pulled = set(missing)
            frames.append(write("PULL", make_ranges(missing)[:16]))
        return frames

    def pull_history(self, start, end):
        """Waits until everything from start to end is known."""
        self.wanted.update(range(start, end + 1))
        self.wait(lambda: not self.missing(), f"{start} to {end} come")

    def wait_complete(self):
        self.wait(lambda: self.is_inside and not self.missing(), "all is there")

    def texts(self):
        return [self.events[seq].text for seq in sorted(self.events)
                if self.events[seq].kind == MESSAGE]

    def wait_texts(self, texts):
        self.wait(lambda: set(texts) <= set(self.texts()) and not self.missing(), "all is read")

    def facts(self):
        names = {JOINED: "joined", LEFT: "left", MESSAGE: "message"}
        return [(names[event.kind], event.author, event.text or None)
                for _, event in sorted(self.events.items())]

    def wait_fact(self, kind, author, text=None):
        self.wait(lambda: (kind, author, text) in self.facts(), f"reads {(kind, author, text)}")

    # Who is here.

    def ask_who(self):
        """Waits for all who are here; returns their keys, by name."""
        self.people = None
        self.people_parts = {}
        self.who_after = 0
        self.who_repeat = self.repeat()
        return self.wait(lambda: self.people, "knows who is here")

    # Frames.

    def take_packet(self, frames):
        self.heard = time.monotonic()
        self.question = self.first_hint = None
        self.frames += frames
        for frame in frames:
            take = getattr(self, "take_" + type(frame).__name__, None)
            if take is not None:
                take(frame)

    def take_WELCOME(self, frame):
        expect(self.versions[0] <= frame.version <= self.versions[1], f"Version: {frame}")
        self.welcome = frame

    def take_ENTERED(self, frame):
        if self.is_inside:
            expect(frame == self.entered, "Another ENTERED")
            return
        self.entered = frame
        self.is_inside = True
        if frame.epoch != self.epoch:
            self.epoch = frame.epoch
            self.events.clear()
            self.empty.clear()
            self.start = None
        self.first = frame.first
        self.highest = frame.head
        if self.start is None or frame.start > self.known_to() + 1:
            self.start = frame.start
        expect(self.is_alone or frame.number <= len(self.messages), "The stream is not its own")
        for message in self.messages:
            message.received = 0
            message.repeat = self.repeat()
            if message.number <= frame.number and message.nack is None:
                message.is_settled = True
        if not self.is_alone:
            self.send(self.write_ping())

    def take_REFUSED(self, frame):
        self.refused = frame

    def take_EVENT(self, frame):
        if not self.is_inside or not (frame.seq >= self.start or frame.seq in self.wanted):
            return
        known = self.events.get(frame.seq)
        expect(known in (None, frame), f"Two events with one number: {known}, {frame}")
        expect(frame.seq not in self.empty, f"Something where nothing was: {frame}")
        self.events[frame.seq] = frame
        self.highest = max(self.highest, frame.seq)

    def take_PIECE(self, frame):
        if not self.is_inside or self.is_known(frame.seq):
            return
        self.highest = max(self.highest, frame.seq)
        collected = self.pieces.setdefault(
            frame.seq, {"data": [None] * frame.count, "repeat": self.repeat()})
        if not any(collected["data"]):
            # All of them are on their way.
            collected["repeat"].is_due(time.monotonic())
        expect(len(collected["data"]) == frame.count, "Pieces that do not agree")
        collected["data"][frame.index] = frame.bytes
        if None not in collected["data"]:
            event = secure_frames.read_frame(6, b"".join(collected["data"]))
            expect(event.seq == frame.seq, "Pieces of another event")
            self.take_EVENT(event)

    def take_EMPTY(self, frame):
        if self.is_inside:
            self.empty.update(range(frame.start, frame.end + 1))
            self.highest = max(self.highest, frame.end)

    def take_HEAD(self, frame):
        if self.is_inside:
            self.first = frame.first
            self.highest = max(self.highest, frame.head)

    def take_ACK(self, frame):
        self.settle(frame.number, seq=frame.seq)

    def take_NACK(self, frame):
        self.settle(frame.number, nack=frame)

    def take_SAY_PIECES(self, frame):
        if 0 < frame.number <= len(self.messages):
            self.messages[frame.number - 1].received = frame.received

    def take_PING(self, frame):
        self.send(write("PONG", frame.token))

    def take_PONG(self, frame):
        if frame.token in self.pings:
            self.round_trip = time.monotonic() - self.pings.pop(frame.token)

    def take_CHALLENGE(self, frame):
        self.connection.n_challenges += 1
        self.send(write("RESPONSE", frame.token))

    def take_PRESENT(self, frame):
        if self.who_repeat is None:
            return
        self.people_parts.update({joined: (name, key) for joined, name, key in frame.people})
        self.who_after = frame.next
        self.who_repeat = self.repeat() if frame.next else None
        if not frame.next:
            self.people = dict(person for _, person in sorted(self.people_parts.items()))

    def take_BYE(self, frame):
        self.bye = frame


def make_ranges(numbers):
    ranges = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
