# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets and frames of the secure protocol, from what PROTOCOL.md says about them and
from nothing else."""

import collections
import hashlib
import struct

MAX_PACKET = 1154
MAX_FRAMES = 128
MAX_NAME = 128
MAX_TEXT = 16384
MAX_DATA = 8192
PIECE = 900

(JOINED, LEFT, MESSAGE, EDITED, REMOVED, REACTED, PINNED, TOPIC, SETTINGS, INVITED, ROLE, SENT_OUT,
 MUTED, ARCHIVED) = range(14)
FOR_GOOD = 253_402_300_799_999_999  # The last microsecond of the year 9999.
MINE, LISTED, NEWS = range(3)
ANEW = 65536


class BrokenFrame(Exception):
    """A frame that is not as PROTOCOL.md has it."""


def need(condition, what):
    if not condition:
        raise BrokenFrame(what)


# Bodies.

NUMBERS = {"y": (1, "<B"), "q": (2, "<H"), "u": (4, "<I"), "t": (8, "<Q"), "x": (8, "<q")}


def split_tuple(kind):
    """The types of a tuple's members."""
    members = []
    kind = kind[1:-1]
    while kind:
        size = 1
        if kind[0] == "a":
            size = kind.index(")") + 1 if kind[1] == "(" else 2
        members.append(kind[:size])
        kind = kind[size:]
    return members


def alignment(kind):
    if kind in NUMBERS:
        return NUMBERS[kind][0]
    if kind in ("s", "ay"):
        return 1
    return max(map(alignment, [kind[1:]] if kind[0] == "a" else split_tuple(kind)))


def is_fixed(kind):
    return kind in NUMBERS or (kind[0] == "(" and all(map(is_fixed, split_tuple(kind))))


def pad(data, multiple):
    return data + bytes(-len(data) % multiple)


def end_size(length, count):
    """How many bytes each of the count ends takes that follow so many bytes."""
    for size in (1, 2, 4):
        if length + count * size < 1 << 8 * size:
            return size


def write_ends(data, ends):
    if not ends:
        return data
    size = end_size(len(data), len(ends))
    return data + b"".join(end.to_bytes(size, "little") for end in ends)


def write_value(kind, value):
    if kind in NUMBERS:
        return struct.pack(NUMBERS[kind][1], value)
    if kind == "s":
        return (value if isinstance(value, bytes) else value.encode()) + b"\0"
    if kind == "ay":
        return bytes(value)
    data, ends = b"", []
    if kind[0] == "a":
        for item in value:
            data = pad(data, alignment(kind)) + write_value(kind[1:], item)
            ends.append(len(data))
        return data if is_fixed(kind[1:]) else write_ends(data, ends)

    members = split_tuple(kind)
    for member, item in zip(members, value, strict=True):
        data = pad(data, alignment(member)) + write_value(member, item)
        if not is_fixed(member):
            ends.append(len(data))
    if is_fixed(kind):
        return pad(data, alignment(kind))
    if not is_fixed(members[-1]):
        ends.pop()
    return write_ends(data, ends[::-1])


def read_value(kind, data):
    """What the bytes mean; only good if it is written the same way."""
    if kind in NUMBERS:
        need(len(data) == NUMBERS[kind][0], "A number of another size")
        return struct.unpack(NUMBERS[kind][1], data)[0]
    if kind == "s":
        need(data.endswith(b"\0") and data.count(b"\0") == 1, "Not one zero in text")
        return data[:-1].decode()
    if kind == "ay":
        return data
    if kind[0] == "a":
        return read_array(kind[1:], data)
    return read_tuple(kind, data)


def read_end(data, size, index):
    """The index-th number of so many bytes, counted from the end."""
    start = len(data) - size * (index + 1)
    need(start >= 0, "No room for its ends")
    return int.from_bytes(data[start:start + size], "little")


def size_of(kind):
    return len(write_value(kind, (0,) * len(split_tuple(kind)) if kind[0] == "(" else 0))


def read_array(kind, data):
    if is_fixed(kind):
        size = size_of(kind)
        need(len(data) % size == 0, "A part of an item")
        return [read_value(kind, data[at:at + size]) for at in range(0, len(data), size)]
    if not data:
        return []
    size = end_size(len(data), 0)
    last = read_end(data, size, 0)
    need(last <= len(data) and (len(data) - last) % size == 0, "Ends that do not fit")
    items, start = [], 0
    count = (len(data) - last) // size
    for index in reversed(range(count)):
        end = read_end(data, size, index)
        start += -start % alignment(kind)
        need(start <= end <= last, "Ends that do not rise")
        items.append(read_value(kind, data[start:end]))
        start = end
    return items


def read_tuple(kind, data):
    members = split_tuple(kind)
    size = end_size(len(data), 0)
    n_ends = sum(not is_fixed(member) for member in members[:-1])
    values, start, index = [], 0, 0
    for number, member in enumerate(members):
        start += -start % alignment(member)
        if is_fixed(member):
            end = start + size_of(member)
        elif number == len(members) - 1:
            end = len(data) - n_ends * size
        else:
            end = read_end(data, size, index)
            index += 1
        need(start <= end <= len(data), "Ends that do not fit")
        values.append(read_value(member, data[start:end]))
        start = end
    return tuple(values)


def read_body(kind, data):
    if kind is None:
        need(not data, "A body where none belongs")
        return ()
    try:
        value = read_value(kind, data)
    except UnicodeDecodeError as error:
        raise BrokenFrame("Not UTF-8") from error
    need(write_value(kind, value) == data, "Not in normal form")
    return value


# Frames.

class Frame:
    """A kind of frame: its number, its type, and the names of its fields."""

    def __init__(self, number, name, kind, *fields):
        self.number = number
        self.name = name
        self.kind = kind
        self.holder = collections.namedtuple(name, fields)
        # A list is not a tuple of one.
        self.is_list = kind is not None and kind[0] == "a"

    def write(self, *values):
        if self.kind is None:
            body = b""
        else:
            body = write_value(self.kind, values[0] if self.is_list else values)
        return bytes([self.number]) + len(body).to_bytes(2, "little") + body

    def read(self, body):
        value = read_body(self.kind, body)
        return self.holder(value) if self.is_list else self.holder(*value)


FRAMES = [Frame(*description) for description in (
    (1, "HELLO", "(yys)", "minimum", "maximum", "software"),
    (2, "WELCOME", "(ys)", "version", "software"),
    (3, "ENTER", "(uss)", "stream", "name", "password"),
    (4, "ENTERED", "(uss)", "flags", "name", "title"),
    (5, "REFUSED", "(yss)", "code", "text", "suggestion"),
    (6, "EVENT", "(txuuyss)", "seq", "time", "stream", "number", "kind", "author", "text"),
    (7, "PIECE", "(tqqay)", "seq", "index", "count", "bytes"),
    (8, "EMPTY", "(tt)", "start", "end"),
    (9, "HEAD", "(tt)", "first", "head"),
    (10, "PULL", "a(tt)", "ranges"),
    (11, "PULL_PIECES", "(tu)", "seq", "missing"),
    (12, "SAY", "(uus)", "number", "oldest", "text"),
    (13, "SAY_PIECE", "(uuqqay)", "number", "oldest", "index", "count", "bytes"),
    (14, "SAY_PIECES", "(uu)", "number", "received"),
    (15, "ACK", "(tu)", "seq", "number"),
    (16, "NACK", "(uys)", "number", "code", "text"),
    (17, "PING", "(t)", "token"),
    (18, "PONG", "(t)", "token"),
    (19, "WHO", "(t)", "after"),
    (20, "PRESENT", "(tta(tsay))", "as_of", "next", "people"),
    (21, "CHALLENGE", "(t)", "token"),
    (22, "RESPONSE", "(t)", "token"),
    (23, "LEAVE", None),
    (24, "BYE", "(ys)", "code", "text"),
    (25, "IN", "(q)", "channel"),
    (26, "OPEN", "(tttuss)", "epoch", "since", "check", "history", "room", "password"),
    (27, "OPENED", "(tttttuuuuyssat)", "epoch", "first", "start", "head", "read", "number", "unread",
     "flags", "slow", "role", "address", "title", "standing"),
    (28, "CLOSE", "(ys)", "code", "text"),
    (29, "MAKE", "(usss)", "flags", "address", "title", "password"),
    (30, "ROOMS", "(ys)", "which", "after"),
    (31, "ROOM_LIST", "(yssa(tuuuyss))", "which", "after", "next", "rooms"),
    (32, "TOTAL", "(t)", "sum"),
    (33, "HEADS", None),
    (34, "TELL", "(uutysay)", "number", "oldest", "target", "kind", "text", "data"),
    (35, "TELL_PIECE", "(uuqqay)", "number", "oldest", "index", "count", "bytes"),
    (36, "MORE", "(tttxuuyssay)", "seq", "target", "version", "time", "stream", "number", "kind",
     "author", "text", "data"),
    (37, "MORE_PIECE", "(ttqqay)", "seq", "version", "index", "count", "bytes"),
    (38, "HOLD", "(uu)", "number", "delay"),
    (39, "TYPING", "(s)", "name"),
    (40, "READ", "(tu)", "read", "unread"),
    (41, "FIND", "(uts)", "number", "before", "words"),
    (42, "FOUND", "(utat)", "number", "next", "events"),
    (43, "LIMITS", "(ttuq)", "max_file", "space", "edit_hours", "port"),
)]
BY_NUMBER = {frame.number: frame for frame in FRAMES}
BY_NAME = {frame.name: frame for frame in FRAMES}
# All others are of the channel that they stand in.
OF_SESSION = {"HELLO", "WELCOME", "ENTER", "ENTERED", "PING", "PONG", "CHALLENGE", "RESPONSE",
              "LEAVE", "BYE", "IN", "ROOMS", "ROOM_LIST", "TOTAL", "HEADS", "LIMITS"}
SETTINGS_TYPE = "(ssuutu)"
FORM_TYPE = "(xsa(suas))"
REACTED_TYPE = "(yuas)"
ROLE_TYPE = "(ayy)"
SENT_OUT_TYPE = "(aysxty)"
MUTED_TYPE = "(aysx)"


def write(name, *values):
    return BY_NAME[name].write(*values)


# The rules of the table that go beyond the types.

def is_size(text, smallest, largest):
    return smallest <= len(text.encode()) <= largest


def check_hello(frame):
    need(1 <= frame.minimum <= frame.maximum, "Versions")
    need(is_size(frame.software, 0, 256), "Size")


def check_enter(frame):
    need(frame.stream > 0, "No stream")
    need(is_size(frame.name, 0, 128) and is_size(frame.password, 0, 256), "Sizes")


def check_opened(frame):
    need(frame.epoch > 0 and frame.first > 0, "Numbers above 0")
    need(frame.first <= frame.start <= frame.head + 1, "first, start and head")
    need(frame.role <= 3, "Role")
    need(is_size(frame.address, 0, 256) and is_size(frame.title, 0, 256), "Sizes")
    need(len(frame.standing) <= 51 and all(frame.standing), "What comes again")


def check_room_list(frame):
    need(frame.which <= NEWS and is_size(frame.after, 0, 256) and is_size(frame.next, 0, 256),
         "Which, sizes")
    for _, _, _, _, role, address, title in frame.rooms:
        need(role <= 3 and is_size(address, 0, 256) and is_size(title, 0, 256), "A room")


def check_names(count, names):
    need(len(names) <= min(count, 8) and all(is_size(name, 1, 128) for name in names)
         and sum(len(name.encode()) for name in names) <= 256, "Names of a reaction")


def read_form(data):
    """When it was edited, who removed it, and each emoji with how many reacted, and the first."""
    edited, removed_by, reactions = read_body(FORM_TYPE, data)
    need(0 <= edited <= FOR_GOOD and is_size(removed_by, 0, 128) and len(reactions) <= 20, "A form")
    for emoji, count, names in reactions:
        need(is_size(emoji, 1, 32) and count > 0, "A reaction")
        check_names(count, names)
    need(not removed_by or (not edited and not reactions), "More is left than who removed it")
    return edited, removed_by, reactions


def read_reacted(data):
    is_set, count, names = read_body(REACTED_TYPE, data)
    need(is_set <= 1, "Set or not")
    check_names(count, names)
    return is_set, count, names


def read_role(data):
    key, role = read_body(ROLE_TYPE, data)
    need(len(key) == 32 and 1 <= role <= 3, "A role")
    return key, role


def read_sent_out(data):
    key, name, until, erase, network = read_body(SENT_OUT_TYPE, data)
    need(len(key) == 32 and is_size(name, 0, 128) and 0 <= until <= FOR_GOOD and network <= 1,
         "Sent out")
    return key, name, until, erase, network


def read_muted(data):
    key, name, until = read_body(MUTED_TYPE, data)
    need(len(key) == 32 and is_size(name, 0, 128) and 0 <= until <= FOR_GOOD, "Muted")
    return key, name, until


def read_settings(data):
    address, title, *rest = read_body(SETTINGS_TYPE, data)
    need(is_size(address, 0, 256) and is_size(title, 0, 256), "Settings")
    return address, title, *rest


def check_key(data):
    need(len(data) == 32, "No key")


def check_switch(data):
    need(data in (b"\0", b"\1"), "Set or not")


def check_nothing(data):
    need(not data, "Data")


# Of each kind: whether it has a target (None where it may), the sizes of its text, its data.
KINDS = {
    JOINED: (False, 0, 0, check_nothing),
    LEFT: (False, 0, 0, check_nothing),
    MESSAGE: (None, 1, MAX_TEXT, check_nothing),
    EDITED: (True, 1, MAX_TEXT, check_nothing),
    REMOVED: (True, 0, 0, check_nothing),
    REACTED: (True, 1, 32, read_reacted),
    PINNED: (True, 0, 0, check_switch),
    TOPIC: (False, 0, 1024, check_nothing),
    SETTINGS: (False, 0, 0, read_settings),
    INVITED: (False, 0, MAX_TEXT, check_key),
    ROLE: (False, 0, MAX_NAME, read_role),
    SENT_OUT: (False, 0, 512, read_sent_out),
    MUTED: (False, 0, 512, read_muted),
    ARCHIVED: (False, 0, 0, check_switch),
}


def check_target(kind, target):
    if kind in KINDS:
        has_target = KINDS[kind][0]
        need(has_target is None or has_target == bool(target), "It refers to something, or not")


def check_said(kind, text, data):
    """What an event of a kind has; there are kinds that are not known."""
    need(is_size(text, 0, MAX_TEXT) and len(data) <= MAX_DATA, "Sizes")
    if kind in KINDS:
        _, smallest, largest, check_data = KINDS[kind]
        need(is_size(text, smallest, largest), "Size of the text")
        check_data(data)


def check_event(frame):
    need(frame.seq > 0, "Numbers")
    need(0 <= frame.time <= FOR_GOOD, "Time")
    need(frame.stream > 0 or frame.number == 0, "A number without a stream")
    need(is_size(frame.author, 1, 128), "Size of the author")
    data = getattr(frame, "data", b"")
    check_target(frame.kind, getattr(frame, "target", 0))
    if frame.kind == MESSAGE and data:
        need(len(data) <= MAX_DATA, "Size of the form")
        _, removed_by, _ = read_form(data)
        if removed_by:
            need(not frame.text, "A text that was removed")
            return
        data = b""
    check_said(frame.kind, frame.text, data)


def check_more(frame):
    check_event(frame)
    need(frame.target or frame.version or frame.data, "It could be an EVENT")


def check_tell(frame):
    need(1 <= frame.oldest <= frame.number, "Numbers above 0")
    check_said(frame.kind, frame.text, frame.data)


def check_found(frame):
    need(frame.number > 0 and len(frame.events) <= 50, "Numbers")
    last = 1 << 64
    for event in frame.events:
        need(0 < event < last, "An order that does not fall")
        last = event
    need(frame.next <= last, "The next above the last")


def check_pieces(frame):
    need(1 <= frame.count <= 32 and frame.index < frame.count, "Counts")
    need(len(frame.bytes) == PIECE if frame.index < frame.count - 1
         else 1 <= len(frame.bytes) <= PIECE, "Size of a piece")


def check_piece(frame):
    need(frame.seq > 0, "Numbers above 0")
    check_pieces(frame)


def check_say_piece(frame):
    need(1 <= frame.oldest <= frame.number, "Numbers above 0")
    check_pieces(frame)


def check_range(start, end):
    need(0 < start <= end, "A range backwards")


def check_pull(frame):
    need(1 <= len(frame.ranges) <= 16, "Ranges")
    for item in frame.ranges:
        check_range(*item)


def check_present(frame):
    last = 0
    for joined, name, key in frame.people:
        need(joined > last, "An order that does not rise")
        need(is_size(name, 1, 128) and len(key) in (0, 32), "Sizes")
        last = joined
    need(frame.next == 0 or frame.next >= last, "The next below the last")


def check_head(frame):
    need(0 < frame.first <= frame.head + 1, "first and head")


CHECKS = {
    "HELLO": check_hello,
    "WELCOME": lambda f: need(f.version > 0 and is_size(f.software, 0, 256), "Version, size"),
    "ENTER": check_enter,
    "ENTERED": lambda f: need(is_size(f.name, 1, 128) and is_size(f.title, 0, 256), "Sizes"),
    "REFUSED": lambda f: need(is_size(f.text, 0, 512) and is_size(f.suggestion, 0, 128), "Sizes"),
    "EVENT": check_event,
    "PIECE": check_piece,
    "EMPTY": lambda f: check_range(f.start, f.end),
    "HEAD": check_head,
    "PULL": check_pull,
    "PULL_PIECES": lambda f: need(f.seq > 0 and f.missing > 0, "Numbers above 0"),
    "SAY": lambda f: need(1 <= f.oldest <= f.number and is_size(f.text, 1, MAX_TEXT), "Sizes"),
    "SAY_PIECE": check_say_piece,
    "SAY_PIECES": lambda f: need(f.number > 0, "Numbers above 0"),
    "ACK": lambda f: need(f.seq > 0 and f.number > 0, "Numbers above 0"),
    "NACK": lambda f: need(f.number > 0 and is_size(f.text, 0, 512), "Number, size"),
    "PRESENT": check_present,
    "BYE": lambda f: need(is_size(f.text, 0, 512), "Size"),
    "OPEN": lambda f: need(is_size(f.room, 0, 256) and is_size(f.password, 0, 256), "Sizes"),
    "OPENED": check_opened,
    "CLOSE": lambda f: need(is_size(f.text, 0, 512), "Size"),
    "MAKE": lambda f: need(all(is_size(text, 0, 256)
                               for text in (f.address, f.title, f.password)), "Sizes"),
    "ROOMS": lambda f: need(f.which <= LISTED and is_size(f.after, 0, 256), "Which, size"),
    "ROOM_LIST": check_room_list,
    "TELL": check_tell,
    "TELL_PIECE": check_say_piece,
    "MORE": check_more,
    "MORE_PIECE": check_piece,
    "HOLD": lambda f: need(f.number > 0, "Numbers above 0"),
    "FIND": lambda f: need(f.number > 0 and is_size(f.words, 1, 256), "Number, size"),
    "FOUND": check_found,
    "TYPING": lambda f: need(is_size(f.name, 0, 128), "Size"),
}


def read_frame(number, body):
    """One frame; one that is not known is its number and its body."""
    if number not in BY_NUMBER:
        return (number, body)
    kind = BY_NUMBER[number]
    frame = kind.read(body)
    if kind.name in CHECKS:
        CHECKS[kind.name](frame)
    return frame


def read_packet(data):
    """All frames of a packet. A server that keeps to the rules breaks none of them, so that
    here everything counts as an error that a client would only drop."""
    frames = []
    need(data, "A packet that is empty")
    while data:
        need(len(data) >= 3, "A frame that does not end")
        size = int.from_bytes(data[1:3], "little")
        need(len(data) >= 3 + size, "A frame that does not end")
        frames.append(read_frame(data[0], data[3:3 + size]))
        data = data[3 + size:]
    need(len(frames) <= MAX_FRAMES, "Too many frames")
    return frames


def name_of(frame):
    return type(frame).__name__


def with_channels(frames):
    """The frames of a packet, each with the channel that it stands in."""
    channel = 0
    for frame in frames:
        if name_of(frame) == "IN":
            channel = frame.channel
        else:
            yield channel, frame


def write_packets(frames):
    """Puts frames that were written, each with its channel, into as few packets as they fit."""
    packet, current = b"", 0
    for channel, frame in frames:
        of_session = BY_NUMBER[frame[0]].name in OF_SESSION if frame[0] in BY_NUMBER else True
        if of_session:
            channel = current
        change = write("IN", channel) if channel != current else b""
        if len(packet) + len(change) + len(frame) > MAX_PACKET:
            yield packet
            packet, current = b"", 0
            change = write("IN", channel) if channel and not of_session else b""
        packet += change + frame
        current = channel if change else current
    if packet:
        yield packet


def check_of(event):
    """What proves that somebody has an event."""
    digest = hashlib.sha256(struct.pack("<QqII", event.seq, event.time, event.stream,
                                        event.number)).digest()
    return int.from_bytes(digest[:8], "little") or 1


def split_pieces(data):
    return [data[at:at + PIECE] for at in range(0, len(data), PIECE)]
