#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""libteahouse from another language, as somebody's bot would use it."""

import os
import pathlib
import re
import signal
import sys

import gi

import teahouse
from teahouse import PROGRAMS, expect, expect_equal

gi.require_version("Tea", "1.0")
from gi.repository import Gio, GLib, Tea  # noqa: E402

PROGRAMS["python3"] = sys.executable
DOCS = pathlib.Path(__file__).resolve().parents[2] / "src/libteahouse/docs"
OVERVIEW = DOCS / "overview.md"
TUTORIAL = DOCS / "tutorial.md"


class Bot:
    """A client of the library, and what it heard."""

    def __init__(self, stage):
        self.stage = stage
        self.client = Tea.Client.new()
        folder = stage.path / f"bot-{id(self)}"
        self.client.set_identity_file(str(folder / "identity.pem"))
        self.client.set_known_servers_file(str(folder / "known-servers"))
        self.heard = []
        self.result = None
        self.client.connect("event", lambda _, event: self.heard.append(
            (event.get_kind(), event.get_author(), event.get_text())))

    def wait(self, condition, what):
        def turn():
            while GLib.MainContext.default().iteration(False):
                pass
            return condition()
        self.stage.wait(turn, what)

    def keep(self, _, result):
        self.result = result

    def enter(self, server, name):
        address = Tea.RoomAddress.parse("127.0.0.1:%u" % server.port)
        self.client.join_async(address, name, None, self.keep)
        self.wait(lambda: self.result is not None, "The bot is in, or not")
        return self.client.join_finish(self.result)

    def leave(self):
        self.result = None
        self.client.leave_async(None, self.keep)
        self.wait(lambda: self.result is not None, "The bot is out")
        return self.client.leave_finish(self.result)


def test_talk(stage):
    """It enters, hears, says, sees who is there and what happened, and leaves."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    bot = Bot(stage)
    expect(bot.enter(server, "Clock"), "It may not enter.")
    expect_equal(bot.client.get_state(), Tea.ClientState.INSIDE, "State")
    mei.expect("Clock entered the room")

    mei.say("Clock, what time is it?")
    said = (Tea.EventKind.MESSAGE, "Mei", "Clock, what time is it?")
    bot.wait(lambda: said in bot.heard, "The bot hears")
    expect_equal(bot.heard[:2], [(Tea.EventKind.JOINED, "Mei", None),
                                 (Tea.EventKind.JOINED, "Clock", None)], "First")

    expect(bot.client.say("Tea time"), "It cannot say that.")
    bot.wait(lambda: bot.client.get_n_unsent() == 0, "It is delivered")
    mei.expect("Clock ： Tea time")

    timeline = bot.client.get_timeline()
    messages = [(item.get_author(), item.get_text(), item.is_own(), item.mentions_me())
                for item in timeline if item.get_kind() == Tea.TimelineItemKind.MESSAGE]
    expect_equal(messages, [("Mei", "Clock, what time is it?", False, True),
                            ("Clock", "Tea time", True, False)], "Timeline")
    expect_equal(timeline[len(timeline) - 1].get_delivery(), Tea.Delivery.DELIVERED, "Delivery")
    members = bot.client.get_members()
    expect(isinstance(members, Gio.ListModel), f"Members: {members}")
    bot.wait(bot.client.get_members_known, "The bot is told who is there")
    expect_equal({member.get_name(): member.get_since() for member in members},
                 {"Mei": 1, "Clock": 2}, "Members")
    folds = [[event.get_kind() for event in item.get_events()] for item in timeline
             if item.get_kind() == Tea.TimelineItemKind.PRESENCE]
    expect(all(folds), f"Comings and goings: {folds}")

    expect(bot.leave(), "It does not leave.")
    mei.expect("Clock left the room")


def test_refusal(stage):
    """What the server, or the library, does not allow is an exception of Tea's domain."""
    server = stage.server()
    stage.member(server, "Mei")
    for name, code in (("Mei", Tea.Error.NAME_TAKEN), ("", Tea.Error.NAME_EMPTY)):
        try:
            Bot(stage).enter(server, name)
            expect(False, f"It entered as {name!r}.")
        except GLib.Error as error:
            expect(error.matches(Tea.error_quark(), code), f"{error.domain} {error.code}")
            expect(error.message, "It does not tell why.")

    expect_equal(Tea.name_fold("ＭＥＩ"), Tea.name_fold("mei"), "Folded names")
    try:
        Tea.RoomAddress.parse("no address")
        expect(False, "That is no address.")
    except GLib.Error as error:
        expect(error.matches(Tea.error_quark(), Tea.Error.ADDRESS_INVALID), str(error))


def test_properties(stage):
    """What a client is can be set as it is made, and bound; enumerations have names."""
    server = stage.server()
    client = Tea.Client(history=0, identity_file=str(stage.path / "identity.pem"),
                        known_servers_file=str(stage.path / "known-servers"), since=0,
                        protocol=Tea.Protocol.SECURE)
    told = []
    # When it is told who is there is another matter.
    client.connect("notify", lambda client, spec: spec.name == "members-known" or told.append(
        (spec.name, getattr(client.get_property(spec.name), "value_nick", None))))
    address = Tea.RoomAddress.parse("127.0.0.1:%u" % server.port)
    expect(client.join(address, "Clock"), "It does not enter.")
    expect_equal(client.props.name, "Clock", "Name")
    expect_equal(client.props.address, address, "Address")
    expect_equal(client.props.server_key, server.fingerprint, "Key")
    expect_equal(client.props.timeline, client.get_timeline(), "Timeline")
    expect_equal([told[:3], told[-1]],
                 [[("name", None), ("address", None), ("state", "joining")],
                  ("state", "inside")], "Told")
    expect(("has-older", None) in told, f"Told: {told}")

    items = client.props.timeline
    client.say("Tea time")
    item = items[len(items) - 1].props
    while item.delivery != Tea.Delivery.DELIVERED:
        GLib.MainContext.default().iteration(True)
    expect_equal((item.kind.value_nick, item.author, item.text, item.own, item.mention, item.seq,
                  item.delivery.value_nick),
                 ("message", "Clock", "Tea time", True, False, 2, "delivered"), "Line")

    expect(client.leave(), "It does not leave.")
    expect_equal(told[-1], ("state", "outside"), "Told in the end")
    expect_equal(Tea.Error.NAME_TAKEN.value_nick, "name-taken", "Nick of an error")


def test_second_thoughts(stage):
    """Whoever leaves before being in is not in; and whoever leaves and comes back at once is."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    silent = teahouse.ForeignServer(stage, lambda request: [])
    bot = Bot(stage)
    nowhere = Tea.RoomAddress.parse("127.0.0.1:%u" % silent.address()[1])
    bot.client.join_async(nowhere, "Clock", None, bot.keep)
    bot.wait(lambda: silent.requests, "The bot asks")
    expect(bot.client.leave(), "It does not leave.")
    bot.wait(lambda: bot.result is not None, "The bot is told")
    try:
        bot.client.join_finish(bot.result)
        expect(False, "It is in.")
    except GLib.Error as error:
        expect(error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED), str(error))

    bot.result = None
    expect(bot.enter(server, "Clock"), "It may not enter.")
    mei.expect("Clock entered the room")
    left = []
    for _ in range(2):
        bot.client.leave_async(None, lambda _, result: left.append(result))
    bot.wait(lambda: left, "It is out")
    bot.result = None
    expect(bot.enter(server, "Clock"), "It may not enter again.")
    bot.wait(lambda: len(left) == 2, "It was out")
    expect_equal(bot.client.get_state(), Tea.ClientState.INSIDE, "State")
    expect(bot.client.say("Tea time"), "It cannot say that.")
    bot.wait(lambda: bot.client.get_n_unsent() == 0, "It is delivered")


def test_giving_up(stage):
    """Giving up ends what goes on, and does not undo what is done."""
    server = stage.server()
    mei = stage.person(server, "Mei").wait_inside("Mei")
    for number in range(100):
        mei.say(f"line {number}")
    mei.wait_texts(["line 99"])

    bot = Bot(stage)
    giving_up = Gio.Cancellable()
    address = Tea.RoomAddress.parse("127.0.0.1:%u" % server.port)
    bot.client.join_async(address, "Clock", giving_up, bot.keep)
    bot.wait(lambda: bot.result is not None, "The bot is in")
    giving_up.cancel()
    expect(bot.client.join_finish(bot.result), "It is not in.")

    bot.wait(bot.client.get_has_older, "There is more")
    server.send_signal(signal.SIGSTOP)
    told = []

    def keep(client, result):
        try:
            told.append(client.load_older_finish(result))
        except GLib.Error as error:
            told.append(error.code)

    def load(cancellable=None):
        bot.client.load_older_async(10, cancellable, keep)

    giving_up = Gio.Cancellable()
    load(giving_up)
    load()
    bot.wait(lambda: told, "It is told that this is one too many")
    giving_up.cancel()
    bot.wait(lambda: len(told) == 2, "It has given up")
    load()
    bot.client.leave_async(None, lambda client, result: told.append(client.leave_finish(result)))
    bot.wait(lambda: len(told) == 4, "It has left")
    server.send_signal(signal.SIGCONT)
    expect_equal(sorted(told, key=str),
                 sorted([Gio.IOErrorEnum.PENDING, Gio.IOErrorEnum.CANCELLED,
                         Gio.IOErrorEnum.CANCELLED, True], key=str), "Told")


def test_rooms(stage):
    """The bot for many rooms of the pages comes into a room to which it is invited, and answers
    there; positions, lists of rooms and private conversations."""
    server = stage.server("--rooms=members", "--classic=off")
    code = re.search(r"```python\n(\"\"\"Tells who asks.*?)```", TUTORIAL.read_text(encoding="utf-8"),
                     re.DOTALL)[1]
    bot = Bot(stage)
    bot.enter(server, "Mei")
    stage.program("python3", "-c", code, f"127.0.0.1:{server.port}",
                  environment={"GI_TYPELIB_PATH": os.environ["GI_TYPELIB_PATH"]})

    def find_counter():
        return [member for member in bot.client.get_members() if member.get_name() == "Counter"]

    bot.wait(find_counter, "The counter comes")
    hall = bot.client.get_hall()
    hall.ask_members()
    bot.wait(lambda: hall.get_members_known() and find_counter()[0].get_fingerprint(), "Its key")
    key = find_counter()[0].get_fingerprint()

    rooms = []
    bot.client.make_room_async("Kitchen", "The kitchen", Tea.RoomFlags.BY_INVITATION, None, None,
                               lambda client, result: rooms.append(client.make_room_finish(result)))
    bot.wait(lambda: rooms, "The kitchen is made")
    kitchen, = rooms
    expect_equal([kitchen.get_address(), kitchen.get_title(), kitchen.get_role()],
                 ["Kitchen", "The kitchen", Tea.RoomRole.OWNER], "Kitchen")
    heard = []
    kitchen.connect("event", lambda _, event: heard.append((event.get_author(), event.get_text())))
    kitchen.invite(key, "Counter")
    bot.wait(lambda: ("Counter", None) in heard, "The counter is a member")
    kitchen.say("!count")
    bot.wait(lambda: ("Counter", "2 people.") in heard, f"It counts: {heard}")
    expect_equal([room.get_address() for room in bot.client.get_conversations()],
                 ["", "Kitchen"], "Open")
    expect_equal(kitchen.get_unread(), 1, "Unread")
    kitchen.mark_read(1000)
    expect_equal(kitchen.get_unread(), 0, "Unread")

    listed = []
    bot.client.list_rooms_async(Tea.RoomList.MINE, None, lambda client, result: listed.extend(
        client.list_rooms_finish(result)))
    bot.wait(lambda: listed, "The rooms are listed")
    expect_equal([(room.get_address(), room.get_n_members()) for room in listed], [("Kitchen", 2)],
                 "Rooms")

    pair = bot.client.open_room("@" + key[7:].replace("+", "-").replace("/", "_"), None, None)
    expect_equal([pair.get_title(), pair.get_flags()], ["Counter", Tea.RoomFlags.PAIR], "Pair")
    pair.say("hello")
    bot.wait(lambda: pair.get_n_unsent() == 0, "It is delivered")
    bot.client.close_room(kitchen)
    expect_equal(bot.client.get_conversations().get_n_items(), 2, "Open")
    bot.leave()


def test_example_of_the_pages(stage):
    """The example that the API pages begin with does what they say."""
    server = stage.server()
    mei = stage.member(server, "Mei")
    code = re.search(r"```python\n(.*?)```", OVERVIEW.read_text(encoding="utf-8"), re.DOTALL)[1]
    expect("192.168.1.20" in code, "It is at another address.")
    stage.program("python3", "-c", code.replace("192.168.1.20", f"127.0.0.1:{server.port}"),
                  environment={"GI_TYPELIB_PATH": os.environ["GI_TYPELIB_PATH"]})
    mei.expect("Clock entered the room")
    mei.say("What time is it?")
    expect(re.fullmatch(r"Clock ： It is [0-9]{2}:[0-9]{2}\.", mei.receive().decode()), "Answer")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
