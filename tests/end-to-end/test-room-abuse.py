#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients do to rooms that mean no good, or do two things at once: the server stays, and
keeps what PROTOCOL.md promises."""

import sys

import openssl_dtls
import teahouse
from second_client import SecondClient
from secure_frames import ARCHIVED, INVITED, JOINED, LEFT, LISTED, MESSAGE, SETTINGS, \
    SETTINGS_TYPE, name_of, write, write_value
from teahouse import expect, expect_equal


def rooms_server(stage):
    return stage.server("--classic", "off", "--rooms", "members")


def frames_of(client, name):
    return [frame for frame in client.frames if name_of(frame) == name]


def wait_frames(client, name, count):
    client.wait(lambda: len(frames_of(client, name)) >= count, f"{count} times {name}")
    return frames_of(client, name)


def enter_alone(stage, server, name, opens_hall=True, **keywords):
    """Somebody who says nothing but what the test tells them to say."""
    client = SecondClient(stage, server, name, is_alone=True, **keywords).connect().wait_ready()
    hall = [client.hall.write_open()] if opens_hall else []
    client.send(client.write_hello(), client.write_enter(), *hall)
    wait_frames(client, "OPENED" if opens_hall else "ENTERED", 1)
    return client


def ping(client):
    """Waits until the server has answered everything that was sent before."""
    count = len(frames_of(client, "PONG"))
    client.send(write("PING", count))
    wait_frames(client, "PONG", count + 1)


def settings(address, title="", flags=1, days=0, events=0):
    return write_value(SETTINGS_TYPE, (address, title, flags, days, events, 0xFFFFFFFF))


def pair(client):
    return "@" + openssl_dtls.write_fingerprint(client.key.fingerprint).partition(":")[2] \
        .replace("+", "-").replace("/", "_")


def answer(room):
    """The code of a refusal, or that the room is open."""
    room.wait(lambda: room.is_open or room.refused, "is opened or refused")
    return "open" if room.is_open else room.refused.code


def test_telling(stage):
    """What no event can be is refused, and the room goes on."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    room = mei.make("garden").wait_open()
    key = b"\2" * 32
    for target, kind, text, data, code in (
            (1, INVITED, "Noor", key, 13), (1, ARCHIVED, "", b"\0", 13),
            (1, SETTINGS, "", settings("garden"), 13), (1, LEFT, "", b"", 13),
            (1 << 63, MESSAGE, "?", b"", 13), (2, MESSAGE, "?", b"", 13),
            (1, 200, "?", b"?", 11), (1, JOINED, "", b"", 11),
            (0, INVITED, "n" * 16384, key, 3), (0, INVITED, "two\nlines", key, 3)):
        expect_equal(room.wait_told(kind, target=target, text=text, data=data), code,
                     f"Kind {kind}, referring to {target}")
    for days, events in ((0xFFFFFFFF, 0), (0, (1 << 64) - 1)):
        expect(room.wait_told(SETTINGS, data=settings("garden", "t" * 256, 1, days, events)) > 1,
               "Settings are refused")
    room.wait_said(*room.say("still here"))


def test_pair_from_both_sides(stage):
    """Two who begin their private conversation at the same moment have the same one."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    mine, theirs = mei.open(pair(noor)), noor.open(pair(mei))
    mine.wait_open()
    theirs.wait_open()
    expect_equal(mine.epoch, theirs.epoch, "Epochs")
    messages = mine.say("Tea?") + theirs.say("Coffee?")
    mine.wait_said()
    theirs.wait_said()
    expect_equal([message.nack for message in messages], [None, None], "Refusals")
    for room in (mine, theirs):
        room.wait_texts(["Tea?", "Coffee?"])


def test_making_at_once(stage):
    """However many rooms are asked for at once, an owner gets 20; and one asked for twice at
    once is made once, and opened by both."""
    server = rooms_server(stage)
    mei = enter_alone(stage, server, "Mei")
    other = enter_alone(stage, server, "Mei", key=mei.key)
    mei.send(write("MAKE", 1, "once", "", ""), channel=1)
    other.send(write("MAKE", 1, "once", "", ""), channel=1)
    wait_frames(mei, "OPENED", 2)
    wait_frames(other, "OPENED", 2)
    mei.send_all([(number, write("MAKE", 1, f"room-{number}", "", ""))
                  for number in range(2, 62)])
    mei.wait(lambda: len(frames_of(mei, "OPENED") + frames_of(mei, "REFUSED")) >= 62,
             "all are answered")
    expect_equal(len(frames_of(mei, "OPENED")) - 1, 20, "Rooms")


def test_names(stage):
    """Two rooms never get the same name, however quick one is; the name that a room had is free
    to others, and leads to it until then."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    one, other = mei.make("one").wait_open(), noor.make("other").wait_open()
    first = one.tell(SETTINGS, data=settings("same"))
    second = other.tell(SETTINGS, data=settings("same"))
    third = noor.make("same")
    stage.wait(lambda: first.is_settled and second.is_settled, "both are answered")
    results = [first.nack is None, second.nack is None, answer(third) == "open"]
    expect_equal(sum(results), 1, f"Who has the name now: {results}")
    expect_equal(sum(name == "same" for name in noor.list_rooms(LISTED)), 1, "Rooms of that name")

    server.kill()
    server = stage.server("--classic", "off", "--rooms", "members", "--data-dir", server.data_dir)
    olu = SecondClient(stage, server, "Olu").enter()
    addresses = set(olu.list_rooms(LISTED))
    expect("same" in addresses, f"After a restart: {addresses}")

    room = olu.make("kitchen").wait_open()
    expect(room.wait_told(SETTINGS, data=settings("pantry")) > 1, "It is not renamed")
    ada = SecondClient(stage, server, "Ada").enter()
    expect_equal(ada.open("kitchen").wait_open().opened.address, "pantry", "By its old name")
    taken = ada.make("kitchen").wait_open()
    expect_equal((taken.opened.address, taken.opened.role), ("kitchen", 3), "Who takes the name")
    expect_equal(ada.open("pantry").wait_open().opened.address, "pantry", "The other one")


def test_unread_elsewhere(stage):
    """News tells what is unread: not what was said before one joined, by oneself, or was read by
    another program of one's own."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    phone = SecondClient(stage, server, "Noor").enter()
    laptop = SecondClient(stage, server, "Noor", key=phone.key).enter()

    def wait_news(unread):
        laptop.news.clear()
        laptop.wait(lambda: "garden" in laptop.news and laptop.news["garden"][1] == unread,
                    f"hears that {unread} are unread")

    room = mei.make("garden").wait_open()
    room.wait_said(*room.say(*map(str, range(20))))
    other = phone.open("garden").wait_open()
    expect_equal(other.opened.unread, 0, "What was said before")
    room.wait_said(*room.say("one"))
    wait_news(1)
    other.wait_said(*other.say("by oneself"))
    wait_news(0)
    room.wait_said(*room.say("two"))
    wait_news(1)
    other.wait_texts(["two"])
    other.mark_read()
    wait_news(0)


def test_archived_past(stage):
    """Who never was a member of an archived room sees nothing where members only see what came
    after they joined, and is not heard of there."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    noor = SecondClient(stage, server, "Noor").enter()
    room = mei.make("garden", flags=1 | 8).wait_open()
    room.wait_said(*room.say("for those who are here"))
    room.wait_told(ARCHIVED, data=b"\1")
    other = noor.open("garden").wait_open()
    other.pull_history(1, other.opened.head)
    expect_equal((other.events, other.opened.unread), ({}, 0), "What there is for others")
    noor.send(write("TYPING", ""), channel=other.channel)
    ping(noor)
    ping(mei)
    expect_equal(room.typing, [], "Who writes")


def test_channels(stage):
    """Rooms that were refused take no place from others; what is too much is refused."""
    server = rooms_server(stage)
    SecondClient(stage, server, "Mei").enter().make("garden").wait_open()
    noor = enter_alone(stage, server, "Noor")
    # Joining is rationed.
    SecondClient(stage, server, "Noor", key=noor.key).enter().open("garden").wait_open()
    noor.send_all([(channel, write("OPEN", 0, 0, 0, 1, f"none-{channel}", ""))
                   for channel in range(1, 256)])
    wait_frames(noor, "REFUSED", 255)
    # All at once: it closes what it does not know itself.
    noor.send_all([(channel, write("OPEN", 0, 0, 0, 1, "garden", ""))
                   for channel in range(300, 556)])
    expect_equal(wait_frames(noor, "REFUSED", 256)[-1].code, 5, "One too many")
    wait_frames(noor, "OPENED", 256)


def test_left_again(stage):
    """Who has left, comes again and repeats that they leave is not put out."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    room = mei.make("garden").wait_open()
    noor = enter_alone(stage, server, "Noor")
    leave = write("TELL", 1, 1, 0, LEFT, "", b"")
    noor.send(write("OPEN", 0, 0, 0, 5, "garden", ""), channel=1)
    wait_frames(noor, "OPENED", 2)
    noor.send(leave, channel=1)
    wait_frames(noor, "CLOSE", 1)
    again = enter_alone(stage, server, "Noor", key=noor.key, stream=noor.stream)
    again.send(write("OPEN", 0, 0, 0, 5, "garden", ""), channel=1)
    wait_frames(again, "OPENED", 2)
    again.send(leave, channel=1)
    wait_frames(again, "ACK", 1)
    ping(again)
    expect_equal(frames_of(again, "CLOSE"), [], "Closed")
    expect_equal(list(room.ask_who()), ["Mei", "Noor"], "Members")


def test_look_alike(stage):
    """Nobody new gets a name that looks like that of somebody who is here; who has it keeps it."""
    server = stage.server()
    alike = "Ме\u0456"
    watcher = SecondClient(stage, server, "Kai").enter()
    noor = SecondClient(stage, server, alike).enter()
    noor.leave()
    watcher.wait_fact("left", alike)
    mei = SecondClient(stage, server, "Mei").enter()
    SecondClient(stage, server, alike).expect_refusal(4)
    stage.client(server).send(f"L {alike}").expect_refusal()
    SecondClient(stage, server, "rnei", key=mei.key).enter()
    SecondClient(stage, server, alike, key=noor.key).enter()


def test_list_of_operators(stage):
    """A title cannot look like another room in what an operator reads."""
    server = rooms_server(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    mei.make("garden", title="a\n9\t9\tbank\x1b[2J").wait_open()
    server.stop()
    listing = stage.program("teahoused", "--data-dir", server.data_dir, "room", "list")
    listing.wait_exit(0)
    expect_equal(listing.out.count(b"\n"), 1, f"Lines of {listing.out}")
    expect(b"\x1b" not in listing.out, f"A terminal's commands in {listing.out}")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
