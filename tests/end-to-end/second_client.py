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
from secure_frames import ARCHIVED, EDITED, INVITED, JOINED, LEFT, MAX_PACKET, MESSAGE, NEWS, \
    PINNED, REACTED, REMOVED, SENT_OUT, SETTINGS, TOPIC, name_of, write
from teahouse import expect

VERSION = 1
# After these a message has come to its end, and its number is used up.
USED_UP = set(range(256)) - {8, 9, 12}


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


def fold_emoji(emoji):
    return emoji.replace("\ufe0e", "").replace("\ufe0f", "")


class Form:
    """What a message is now."""

    def __init__(self, event):
        self.version = getattr(event, "version", 0)
        self.author = event.author
        self.text = event.text
        data = getattr(event, "data", b"")
        self.edited, self.removed_by, self.reactions = \
            secure_frames.read_form(data) if data else (0, "", [])

    def facts(self):
        return self.text, bool(self.edited), self.removed_by, \
            [(emoji, count, list(names)) for emoji, count, names in self.reactions]

    def follow(self, change):
        """Takes account of a change that comes after all that it has."""
        if change.seq <= self.version or self.removed_by:
            return
        self.version = change.seq
        if change.kind == EDITED:
            self.text, self.edited = change.text, change.time
        elif change.kind == REACTED:
            _, count, names = secure_frames.read_reacted(change.data)
            self.react(change.text, count, names)
        else:
            self.text, self.edited, self.removed_by, self.reactions = "", 0, change.author, []

    def react(self, emoji, count, names):
        for index, (known, _, _) in enumerate(self.reactions):
            if fold_emoji(known) == fold_emoji(emoji):
                self.reactions[index:index + 1] = [(known, count, names)] if count else []
                return
        if count:
            self.reactions.append((emoji, count, names))


class Message:
    """Something said, or told."""

    def __init__(self, number, text, repeat):
        self.number = number
        self.data = text if isinstance(text, bytes) else text.encode()
        self.repeat = repeat
        self.received = 0
        self.seq = None
        self.nack = None
        self.is_settled = False

    def write(self, oldest):
        return write("SAY", self.number, oldest, self.data)

    def write_pieces(self, oldest):
        pieces = secure_frames.split_pieces(self.data)
        return [write("SAY_PIECE", self.number, oldest, index, len(pieces), piece)
                for index, piece in enumerate(pieces)]

    def is_long(self):
        # In front of it comes an IN.
        return len(self.write(self.number)) > MAX_PACKET - 5


class Told(Message):
    def __init__(self, number, kind, repeat, target, text, data):
        super().__init__(number, text, repeat)
        self.values = (target, kind, text, data)

    def write(self, oldest):
        return write("TELL", self.number, oldest, *self.values)

    def write_pieces(self, oldest):
        pieces = secure_frames.split_pieces(self.write(oldest)[3:])
        return [write("TELL_PIECE", self.number, oldest, index, len(pieces), piece)
                for index, piece in enumerate(pieces)]


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


class Room:
    """A room that is open in a channel: a copy of its log, and what is said there."""

    def __init__(self, client, channel, address, password="", history=50, flags=0, title="",
                 is_made=False):
        self.client = client
        self.channel = channel
        self.address = address
        self.password = password
        self.history = history
        # What it is to be like, if it has to be made.
        self.flags = flags
        self.title = title
        self.is_made = is_made
        self.is_wanted = True

        # The copy of the room's log.
        self.epoch = 0
        self.events = {}
        self.empty = set()
        # What the messages are now, and changes to those that are under way.
        self.forms = {}
        self.kept = {}
        self.topic = None
        self.pins = set()
        # Those of the events of both that OPENED told of and that are not there yet.
        self.standing = set()
        self.first = 1
        self.start = None
        self.highest = 0
        self.wanted = set()
        self.pieces = {}
        self.people = None
        self.people_parts = {}
        # Before these something is missing for good.
        self.gaps = []

        self.messages = []
        self.read = 0
        self.unread = 0
        self.typing = []
        self.n_questions = 0
        self.begin()

    def begin(self):
        """A session begins."""
        self.frames = []
        self.is_open = False
        self.opened = self.refused = self.closed = None
        self.opening = self.open_repeat = self.close_repeat = None
        self.pulled = set()
        self.pull_repeat = None
        self.who_repeat = None
        self.question_repeat = None

    def wait(self, condition, what):
        return self.client.wait(condition, f"“{self.address}”: {what}")

    def send(self, *frames):
        self.client.send(*frames, channel=self.channel)

    def repeat(self):
        return Repeat(min(max(1.25 * self.client.round_trip, 0.02), 1))

    # Opening.

    def known_check(self):
        """The number up to which everything is known, and what proves it."""
        since = self.known_to()
        return since, secure_frames.check_of(self.events[since]) if since in self.events else 0

    def write_opening(self, now):
        self.open_repeat = self.open_repeat or self.repeat()
        return [self.write_open()] if self.open_repeat.is_due(now) else []

    def write_open(self):
        """The same each time, whatever has come meanwhile."""
        if self.opening is None and self.is_made:
            self.opening = write("MAKE", self.flags, self.address, self.title, self.password)
        elif self.opening is None:
            self.opening = write("OPEN", self.epoch, *self.known_check(), self.history,
                                 self.address, self.password)
        return self.opening

    def wait_open(self):
        self.wait(lambda: self.is_open or self.refused, "is opened or refused")
        expect(self.is_open, f"“{self.address}” is refused: {self.refused}")
        return self

    def expect_refused(self, code):
        self.wait(lambda: self.is_open or self.refused, "is opened or refused")
        expect(not self.is_open, f"“{self.address}” is open")
        expect(self.refused.code == code, f"Not code {code}: {self.refused}")
        return self.refused

    def close(self):
        """Closes the channel, and stays a member."""
        self.is_wanted = False
        self.closed = None
        self.close_repeat = self.repeat()
        self.wait(lambda: self.closed, "is closed")
        expect(self.closed.code == 0, f"Closed with another code: {self.closed}")

    def reopen(self):
        """Opens the room again that was closed, by another channel."""
        self.client.rooms.pop(self.channel)
        self.is_made = False
        self.is_wanted = True
        self.begin()
        self.client.take_channel(self)
        return self.wait_open()

    def is_busy(self):
        """Whether an OPEN or a CLOSE has no answer yet."""
        return self.close_repeat is not None or (self.is_wanted and not self.is_open
                                                 and not self.refused and not self.closed)

    def write_due(self, now):
        if self.close_repeat is not None:
            return [write("CLOSE", 0, "")] if self.close_repeat.is_due(now) else []
        if not self.is_open:
            if not self.is_busy():
                return []
            return self.write_opening(now)
        frames = self.write_messages(now) + self.write_pulls(now)
        if self.standing:
            frames += self.write_opening(now)
        if self.who_repeat is not None and self.who_repeat.is_due(now):
            frames.append(write("WHO", self.who_after))
        if self.question_repeat is not None and self.question_repeat.is_due(now):
            frames.append(write("FIND", *self.question))
        return frames

    # Saying.

    def say(self, *texts):
        """Says these, all at once, without waiting for anything."""
        said = [Message(len(self.messages) + number, text, self.repeat())
                for number, text in enumerate(texts, 1)]
        self.messages += said
        return said

    def tell(self, kind, target=0, text="", data=b""):
        """Says what a message cannot say."""
        self.messages.append(Told(len(self.messages) + 1, kind, self.repeat(), target, text, data))
        return self.messages[-1]

    def wait_told(self, *arguments, **keywords):
        message = self.tell(*arguments, **keywords)
        self.wait_said(message)
        return message.nack.code if message.nack else message.seq

    def reply(self, target, text):
        return self.wait_told(MESSAGE, target, text)

    def edit(self, target, text):
        return self.wait_told(EDITED, target, text)

    def remove(self, target):
        return self.wait_told(REMOVED, target)

    def react(self, target, emoji, is_set=True):
        data = secure_frames.write_value(secure_frames.REACTED_TYPE, (int(is_set), 0, []))
        return self.wait_told(REACTED, target, emoji, data)

    def pin(self, target, is_set=True):
        return self.wait_told(PINNED, target, data=bytes([is_set]))

    def wait_form(self, seq, *facts):
        """Waits until a message is this: its text, whether it was edited, who removed it, and
        the reactions."""
        self.wait(lambda: seq in self.forms and self.forms[seq].facts() == facts,
                  f"{seq} is {facts}")

    # Looking for words.

    def find(self, words, before=0):
        """Waits for one answer: the numbers, and where to go on."""
        self.n_questions += 1
        self.question = (self.n_questions, before, words)
        self.question_repeat = Repeat(1, 1, 1)
        self.found = None
        return self.wait(lambda: self.found, f"finds {words}")

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
            return [message.write(self.oldest())]
        frames = message.write_pieces(self.oldest())
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
        self.wait(lambda: self.is_open and not self.missing(), "all is there")

    def texts(self):
        return [self.forms[seq].text for seq in sorted(self.forms)]

    def wait_texts(self, texts):
        self.wait(lambda: set(texts) <= set(self.texts()) and not self.missing(), "all is read")

    def facts(self):
        names = {JOINED: "joined", LEFT: "left", MESSAGE: "message", SETTINGS: "settings",
                 INVITED: "invited", ARCHIVED: "archived"}
        return [(names[event.kind], event.author,
                 (self.forms[seq].text if event.kind == MESSAGE else event.text) or None)
                for seq, event in sorted(self.events.items()) if event.kind in names]

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

    # Where one has read, and who writes.

    def mark_read(self):
        self.read = max(self.known_to(), self.read)
        self.send(write("READ", self.read, 0))

    # Frames.

    def take(self, frame):
        self.frames.append(frame)
        take = getattr(self, "take_" + name_of(frame), None)
        if take is not None:
            take(frame)

    def take_OPENED(self, frame):
        self.standing = set(frame.standing)
        if self.is_open:
            expect(frame.start == self.opened.start, "Another start")
            return
        self.open_repeat = self.repeat()
        self.open_repeat.is_due(time.monotonic())
        since = self.known_to()
        is_anew = bool(frame.flags & secure_frames.ANEW)
        if is_anew or (since and frame.start > since + 1):
            self.gaps.append(frame.start)
        self.opened = frame
        self.is_open = True
        self.refused = self.closed = None
        expect(is_anew or frame.epoch == self.epoch or not since, "Another epoch is another log")
        if is_anew:
            self.events.clear()
            self.empty.clear()
            self.forms.clear()
            self.start = None
        self.epoch = frame.epoch
        self.first = frame.first
        self.highest = frame.head
        self.read = max(self.read, frame.read)
        self.unread = frame.unread
        if self.start is None or frame.start > since + 1:
            self.start = frame.start
        expect(self.client.is_alone or frame.number <= len(self.messages),
               "The stream is not its own")
        for message in self.messages:
            message.received = 0
            message.repeat = self.repeat()
            if message.number <= frame.number and message.nack is None:
                message.is_settled = True

    def take_REFUSED(self, frame):
        if not self.is_open:
            self.refused = frame

    def take_CLOSE(self, frame):
        if self.is_wanted and frame.code == 0:
            return
        self.is_open = False
        self.opening = self.close_repeat = None
        # Nothing is open in this channel: so it is opened again.
        self.closed = None if frame.code == 1 and self.is_wanted else frame

    def take_EVENT(self, frame):
        if not self.is_open:
            return
        self.take_rules(frame)
        if not (frame.seq >= self.start or frame.seq in self.wanted):
            return
        known = self.events.get(frame.seq)
        if frame.kind == MESSAGE:
            self.take_message(frame, known)
        else:
            expect(known in (None, frame), f"Two events with one number: {known}, {frame}")
            self.take_change(frame)
        expect(frame.seq not in self.empty, f"Something where nothing was: {frame}")
        self.events[frame.seq] = frame
        self.highest = max(self.highest, frame.seq)

    def take_rules(self, frame):
        """The latest topic and what is pinned come again, whatever their number is."""
        self.standing.discard(frame.seq)
        if frame.kind == TOPIC and (self.topic is None or frame.seq >= self.topic.seq):
            self.topic = frame
        elif frame.kind == PINNED:
            (self.pins.add if frame.data == b"\1" else self.pins.discard)(frame.target)
        elif frame.kind == REMOVED:
            self.pins.discard(frame.target)

    def take_message(self, frame, known):
        expect(known is None or known[:1] + (known.author, known.time, known.stream, known.number)
               == frame[:1] + (frame.author, frame.time, frame.stream, frame.number),
               f"Two messages with one number: {known}, {frame}")
        form = Form(frame)
        if frame.seq not in self.forms or form.version >= self.forms[frame.seq].version:
            self.forms[frame.seq] = form
        for change in self.kept.pop(frame.seq, []):
            self.forms[frame.seq].follow(change)

    def take_change(self, frame):
        if frame.kind == SENT_OUT:
            _, name, _, erase, _ = secure_frames.read_sent_out(frame.data)
            for seq, form in self.forms.items():
                if 0 < erase <= seq < frame.seq and form.author == name:
                    form.follow(frame)
        elif frame.kind in (EDITED, REMOVED, REACTED):
            if frame.target in self.forms:
                self.forms[frame.target].follow(frame)
            elif frame.target in self.pulled:
                self.kept.setdefault(frame.target, []).append(frame)

    take_MORE = take_EVENT

    def take_PIECE(self, frame, whole=6, version=0):
        if not self.is_open or self.is_known(frame.seq):
            return
        self.highest = max(self.highest, frame.seq)
        if frame.seq in self.pieces and self.pieces[frame.seq]["version"] < version:
            del self.pieces[frame.seq]
        collected = self.pieces.setdefault(
            frame.seq, {"version": version, "data": [None] * frame.count, "repeat": self.repeat()})
        if version < collected["version"]:
            return
        if not any(collected["data"]):
            # All of them are on their way.
            collected["repeat"].is_due(time.monotonic())
        expect(len(collected["data"]) == frame.count, "Pieces that do not agree")
        collected["data"][frame.index] = frame.bytes
        if None not in collected["data"]:
            event = secure_frames.read_frame(whole, b"".join(collected["data"]))
            expect(event.seq == frame.seq, "Pieces of another event")
            self.take_EVENT(event)

    def take_MORE_PIECE(self, frame):
        self.take_PIECE(frame, 36, frame.version)

    def take_EMPTY(self, frame):
        if self.is_open:
            self.empty.update(range(frame.start, frame.end + 1))
            self.highest = max(self.highest, frame.end)

    def take_HEAD(self, frame):
        if self.is_open:
            self.first = frame.first
            self.highest = max(self.highest, frame.head)

    def take_ACK(self, frame):
        self.settle(frame.number, seq=frame.seq)

    def take_NACK(self, frame):
        self.settle(frame.number, nack=frame)

    def take_HOLD(self, frame):
        if 0 < frame.number <= len(self.messages):
            self.messages[frame.number - 1].repeat.due = time.monotonic() + frame.delay / 1000

    def take_SAY_PIECES(self, frame):
        if 0 < frame.number <= len(self.messages):
            self.messages[frame.number - 1].received = frame.received

    def take_PRESENT(self, frame):
        if self.who_repeat is None:
            return
        self.people_parts.update({joined: (name, key) for joined, name, key in frame.people})
        self.who_after = frame.next
        self.who_repeat = self.repeat() if frame.next else None
        if not frame.next:
            self.people = dict(person for _, person in sorted(self.people_parts.items()))

    def take_FOUND(self, frame):
        if self.question_repeat is not None and frame.number == self.question[0]:
            self.question_repeat = None
            self.found = (frame.events, frame.next)

    def take_READ(self, frame):
        if frame.read >= self.read:
            self.read, self.unread = frame.read, frame.unread

    def take_TYPING(self, frame):
        self.typing.append(frame.name)


class SecondClient:
    """Somebody in the house. What is asked of it and is a room's is asked of the hall."""

    def __init__(self, stage, server, name, key=None, password="", history=50,
                 minimum=VERSION, maximum=VERSION, stream=None, is_alone=False):
        self.stage = stage
        self.server = server
        self.name = name
        self.key = key or openssl_dtls.Key()
        self.password = password
        self.versions = (minimum, maximum)
        self.stream = stream or random.randrange(1, 1 << 32)
        # Then it only does what it is told, but for the handshake.
        self.is_alone = is_alone

        self.hall = Room(self, 0, "", history=history)
        self.rooms = {0: self.hall}
        self.n_channels = 0
        self.news = {}
        self.declined = set()
        self.round_trip = 0.1
        self.server_key = None
        self.n_sessions = 0
        self.ticket = None
        self.connection = None
        self.is_over = False
        stage.ticks.append(self.tick)

    def __getattr__(self, name):
        return getattr(self.__dict__["hall"], name)

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
        self.entered = self.refused = self.welcome = self.bye = self.limits = None
        self.began = self.heard = now
        self.is_dead = False
        self.first_hint = None
        self.hint_ping = Repeat(0.1, 1)
        self.enter_repeat = Repeat(0.25, 2)
        self.heartbeat = Repeat(5, 1, 5)
        self.question = None
        self.question_repeat = None
        self.leave_repeat = None
        self.list_repeat = None
        self.pings = {}
        for room in self.rooms.values():
            room.begin()
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

    def is_in_hall(self):
        return self.is_inside and self.hall.is_open

    def enter(self):
        self.connect()
        self.wait(lambda: self.is_in_hall() or self.refused, "is let in or refused")
        expect(self.is_in_hall(), f"{self.name} is refused: {self.refused}")
        return self

    def expect_refusal(self, code):
        self.connect()
        self.wait(lambda: self.is_in_hall() or self.refused, "is let in or refused")
        expect(not self.is_inside, f"{self.name} is let in")
        expect(self.refused.code == code, f"Not code {code}: {self.refused}")
        return self.refused

    def send(self, *frames, channel=0):
        self.send_all([(channel, frame) for frame in frames])

    def send_all(self, frames):
        for packet in secure_frames.write_packets(frames):
            self.connection.send(packet)

    def write_hello(self):
        return write("HELLO", *self.versions, "second client")

    def write_enter(self):
        return write("ENTER", self.stream, self.name, self.password)

    def hang_up(self):
        """Ends without a word, as programs do that crash."""
        self.is_over = True
        self.connection.close()
        return self

    def end_session(self):
        """Ends the session, but stays in the house."""
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
                self.send(self.write_hello(), self.write_enter(), self.hall.write_open())
            return
        if self.leave_repeat is not None:
            if self.leave_repeat.is_due(now):
                self.send(write("LEAVE"))
            return

        if self.bye and self.bye.code not in (2, 3):
            return
        if self.is_dead or connection.dtls.is_closed or self.bye \
                or (self.question and now - self.question > 3):
            self.connect()
            return
        self.send_all(self.write_all_due(now))

    def write_all_due(self, now):
        frames = []
        if self.question is None and now - self.heard > 2.5:
            self.question = now
            self.question_repeat = Repeat(max(0.25, 1.25 * self.round_trip), 1)
        if (self.question and self.question_repeat.is_due(now)) or self.heartbeat.is_due(now):
            frames.append((0, self.write_ping()))
        if self.list_repeat is not None and self.list_repeat.is_due(now):
            frames.append((0, write("ROOMS", *self.list_question)))
        for room in list(self.rooms.values()):
            frames += [(room.channel, frame) for frame in room.write_due(now)]
        return frames

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

    # Rooms.

    def open(self, address, **keywords):
        """Begins to open a room; by another channel than any before."""
        self.news.pop(address, None)
        room = Room(self, 0, address, **keywords)
        self.take_channel(room)
        return room

    def take_channel(self, room):
        self.n_channels += 1
        room.channel = self.n_channels
        self.rooms[room.channel] = room

    def make(self, address, flags=1, title="", **keywords):
        return self.open(address, flags=flags, title=title, is_made=True, **keywords)

    def list_rooms(self, which):
        """Waits for all rooms of a list; returns them by address."""
        self.listed = {}
        self.list_question = (which, "")
        self.list_repeat = self.hall.repeat()
        self.wait(lambda: self.list_repeat is None, "knows which rooms there are")
        return self.listed

    def decline(self, address):
        """Wants no news of a room."""
        self.news.pop(address, None)
        self.declined.add(address)
        self.send(write("CLOSE", 4, address))

    # Frames.

    def take_packet(self, frames):
        self.heard = time.monotonic()
        self.question = self.first_hint = None
        for channel, frame in secure_frames.with_channels(frames):
            self.frames.append(frame)
            name = name_of(frame)
            if name in secure_frames.BY_NAME and name not in secure_frames.OF_SESSION:
                self.take_in_channel(channel, frame)
            elif hasattr(self, "take_" + name):
                getattr(self, "take_" + name)(frame)

    def take_in_channel(self, channel, frame):
        name = name_of(frame)
        if name == "REFUSED" and channel == 0 and not self.is_inside:
            self.refused = frame
        elif channel in self.rooms:
            if name == "HEAD" and not self.rooms[channel].is_wanted:
                self.send(write("CLOSE", 1, ""), channel=channel)
            self.rooms[channel].take(frame)
        elif name == "HEAD":
            self.send(write("CLOSE", 1, ""), channel=channel)

    def take_WELCOME(self, frame):
        expect(self.versions[0] <= frame.version <= self.versions[1], f"Version: {frame}")
        self.welcome = frame

    def take_ENTERED(self, frame):
        if self.is_inside:
            expect(frame == self.entered, "Another ENTERED")
            return
        self.entered = frame
        self.is_inside = True
        if not self.is_alone:
            self.send(self.write_ping())

    def take_ROOM_LIST(self, frame):
        rooms = {room[5]: room for room in frame.rooms}
        if frame.which == NEWS:
            expect(len(rooms) == 1 and not frame.next, f"News of many rooms: {frame}")
            for address, room in rooms.items():
                if address in self.declined:
                    self.decline(address)
                else:
                    self.news[address] = room
        elif self.list_repeat is not None and (frame.which, frame.after) == self.list_question:
            self.listed.update(rooms)
            self.list_question = (frame.which, frame.next)
            self.list_repeat = self.hall.repeat() if frame.next else None

    def take_TOTAL(self, frame):
        if self.is_alone or any(room.is_busy() for room in self.rooms.values()):
            return
        if sum(room.highest for room in self.rooms.values() if room.is_open) != frame.sum:
            self.send(write("HEADS"))

    def take_PING(self, frame):
        self.send(write("PONG", frame.token))

    def take_PONG(self, frame):
        if frame.token in self.pings:
            self.round_trip = time.monotonic() - self.pings.pop(frame.token)

    def take_CHALLENGE(self, frame):
        self.connection.n_challenges += 1
        self.send(write("RESPONSE", frame.token))

    def take_LIMITS(self, frame):
        self.limits = frame

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
