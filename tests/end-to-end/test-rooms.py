#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A house with many rooms, by the terminal client."""

import re
import sys

import teahouse
from programs import ask, enter, find, opened, refused, say, texts, wait
from teahouse import expect, expect_equal

ROOMS = ("--rooms", "members", "--classic", "off")


def test_make_and_open(stage):
    """A room that is made is listed, and whoever opens it hears what is said there, and nobody
    else."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    made = opened(mei, make="Kitchen")
    expect_equal((made["room"], made["command"], made["asked"], made["role"], made["open"]),
                 ("Kitchen", "make", "Kitchen", "owner", True), "The answer")
    rooms = ask(bob, rooms=True)["rooms"]
    expect_equal([(room["room"], room["role"], room["open"]) for room in rooms],
                 [("Kitchen", "none", False)], "Rooms")
    # Names of rooms are as alike as those of people.
    answer = opened(bob, open="kitchen")
    expect_equal((answer["room"], answer["asked"], answer["role"]), ("Kitchen", "kitchen", "member"),
                 "The answer")
    wait(mei, "joined", author="Bob", room="Kitchen")
    say(bob, "tea?", "Kitchen")
    wait(mei, "message", author="Bob", text="tea?", room="Kitchen")
    say(mei, "in the hall")
    wait(bob, "message", text="in the hall", room="")
    wait(ann, "message", text="in the hall", room="")
    expect_equal(find(ann, "message", text="tea?"), [], "What Ann heard")
    who = ask(bob, who=True, room="Kitchen")
    expect_equal((who["room"], sorted(member["name"] for member in who["members"])),
                 ("Kitchen", ["Bob", "Mei"]), "Members")
    # The same again by its owner opens it; by another it is taken.
    expect_equal(opened(mei, make="Kitchen")["room"], "Kitchen", "The room")
    refused(ann, make="KITCHEN")


def test_each_event_has_its_room(stage):
    """The hall is the empty address."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    say(bob, "one", "Kitchen")
    say(bob, "two")
    wait(mei, "message", text="two")
    for event in mei.events():
        if event["kind"] not in ("rooms", "error"):
            expect(event["room"] in ("", "Kitchen"), f"{event}")
        if event["kind"] in ("message", "joined"):
            expect(set(event) >= {"kind", "room", "author", "text", "time", "seq", "id"}, f"{event}")
    # Numbers are a room's own.
    expect_equal(find(mei, "joined", author="Mei", room="Kitchen")[0]["seq"], 1, "The first number")


def test_refusals(stage):
    """A refusal names what it refuses."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    expect_equal(refused(mei, open="Nowhere")["asked"], "Nowhere", "What was asked")
    refused(mei, open="~aaaaaaaaaaaaaaaa")
    refused(mei, open="no name")
    refused(mei, make="no name")
    expect_equal(refused(mei, say="hi", room="Kitchen")["room"], "Kitchen", "The room")
    refused(mei, close="Kitchen")
    refused(mei, close="")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    expect_equal(refused(bob, rename="Cellar", room="Kitchen")["room"], "Kitchen", "The room")
    refused(bob, archive=True, room="Kitchen")
    refused(mei, invite="Nobody", room="Kitchen")
    say(mei, "still here", "Kitchen")


def test_rooms_are_for_operators(stage):
    """Without being told otherwise, not everybody makes rooms."""
    server = stage.server("--classic", "off")
    identity = ("--identity", stage.path / "mei")
    mei = stage.cli(server, *identity, name="Mei").wait_inside("Mei")
    refused(mei, make="Kitchen")
    expect_equal(ask(mei, rooms=True)["rooms"], [], "Rooms")

    # The log tells the key that makes Mei an operator.
    key = re.search(rb"Mei \(127\.0\.0\.1, (SHA256:\S+)\) entered", server.err).group(1).decode()
    server = stage.server("--classic", "off", "--operators", key)
    mei = stage.cli(server, *identity, name="Mei").wait_inside("Mei")
    opened(mei, make="Kitchen")


def test_close_and_news(stage):
    """A room that is closed tells that there is something new, and opens where it was read."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    say(mei, "one", "Kitchen")
    seq = wait(bob, "message", text="one", room="Kitchen")["seq"]
    bob.command(read=seq, room="Kitchen")
    answer = ask(bob, close="Kitchen")
    expect_equal((answer["kind"], answer["room"], answer["command"]), ("closed", "Kitchen", "close"),
                 "The answer")
    refused(bob, say="hi", room="Kitchen")
    for text in ("two", "three"):
        say(mei, text, "Kitchen")
    wait(bob, "news", room="Kitchen")
    expect_equal(texts(bob, "Kitchen"), ["one"], "What Bob heard")
    answer = opened(bob, open="Kitchen")
    expect_equal((answer["read"], answer["unread"]), (seq, 2), "Where Bob stands")
    wait(bob, "message", text="three", room="Kitchen")
    # What happened lately is told once more, and then what is new.
    expect_equal(texts(bob, "Kitchen"), ["one", "one", "two", "three"], "What Bob heard")
    # Who is no member, and whose room it is not, is told nothing.
    expect_equal(find(mei, "news"), [], "What Mei was told")


def test_leave(stage):
    """Who leaves a room is a member no longer, and the others see it."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    bob.command(leave=True, room="Kitchen")
    wait(mei, "left", author="Bob", room="Kitchen")
    wait(bob, "closed", room="Kitchen")
    refused(bob, say="hi", room="Kitchen")
    rooms = ask(bob, rooms=True)["rooms"]
    expect_equal([(room["room"], room["role"]) for room in rooms], [("Kitchen", "none")], "Rooms")
    # The house is another thing.
    say(bob, "still in the hall")
    bob.command(leave=True)
    bob.wait_exit(0)
    wait(mei, "left", author="Bob", room="")


def test_hidden(stage):
    """A hidden room is found by its address alone, and does not exist for others."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    made = opened(mei, make="", title="The cellar", hidden=True)
    expect(re.fullmatch("~[a-z2-7]{16}", made["room"]), f"Address: {made['room']}")
    expect_equal(made["title"], "The cellar", "Title")
    expect_equal(ask(bob, rooms=True)["rooms"], [], "Rooms")
    wrong = refused(bob, open="~" + made["room"][:0:-1])
    expect_equal(wrong["text"], refused(bob, open="Nowhere")["text"].replace("Nowhere", wrong["asked"]),
                 "What is said about what is not there")
    expect_equal(opened(bob, open=made["room"])["title"], "The cellar", "Title")
    say(bob, "found it", made["room"])
    wait(mei, "message", text="found it", room=made["room"])
    # Now it is Bob's, too.
    expect_equal([room["room"] for room in ask(bob, rooms=True)["rooms"]], [made["room"]], "Rooms")


def test_invited(stage):
    """Into a closed room comes who is invited."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    opened(mei, make="Board", closed=True)
    refused(bob, open="Board")
    mei.command(invite="Bob", room="Board")
    wait(mei, "invited", author="Mei", text="Bob", room="Board")
    wait(bob, "news", room="Board")
    opened(bob, open="Board")
    say(bob, "thanks", "Board")
    wait(mei, "message", text="thanks", room="Board")
    # Members may not invite others unless the room says so.
    refused(bob, invite="Ann", room="Board")
    refused(ann, open="Board")


def test_password(stage):
    """A room can have a password."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    opened(mei, make="Safe", password="oolong")
    expect_equal([room["password"] for room in ask(bob, rooms=True)["rooms"]], [True], "Rooms")
    refused(bob, open="Safe")
    refused(ann, open="Safe", password="green")
    opened(bob, open="Safe", password="oolong")
    say(bob, "in", "Safe")
    # Members need it no more.
    ask(bob, close="Safe")
    opened(bob, open="Safe")


def test_renamed(stage):
    """A room that is renamed is the same room, and its old name leads to it."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    say(mei, "one", "Kitchen")
    mei.command(rename="Cellar", room="Kitchen")
    stage.wait(lambda: find(bob, "settings", author="Mei"), "Bob hears of it")
    ask(bob, close="Cellar")
    expect_equal(opened(bob, open="Kitchen")["room"], "Cellar", "Where the old name leads")
    say(bob, "two", "Cellar")
    wait(mei, "message", text="two", room="Cellar")

    # It leads to what is open, and opens nothing besides.
    expect_equal(opened(bob, open="Kitchen")["room"], "Cellar", "Where the old name leads again")
    ask(bob, close="Cellar")
    refused(bob, make="Cellar")


def test_archived(stage):
    """In an archived room nobody says anything, and everybody reads."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    say(mei, "the last word", "Kitchen")
    mei.command(archive=True, room="Kitchen")
    wait(bob, "archived", author="Mei", archived=True, room="Kitchen")
    say(bob, "too late", "Kitchen", state="failed")
    ask(bob, close="Kitchen")
    expect_equal(opened(bob, open="Kitchen")["archived"], True, "Whether it is")
    wait(bob, "message", text="the last word", room="Kitchen")
    mei.command(archive=False, room="Kitchen")
    wait(bob, "archived", archived=False, room="Kitchen")
    say(bob, "again", "Kitchen")


def test_pair(stage):
    """Two keys speak alone; it is one room from either side, and the first message is news."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    answer = opened(mei, open="@Bob")
    expect(re.fullmatch("@[A-Za-z0-9_-]{43}", answer["room"]), f"Address: {answer['room']}")
    expect_equal(opened(mei, open=answer["room"])["room"], answer["room"], "The same by the key")
    expect_equal(find(bob, "news"), [], "News before anything is said")
    say(mei, "psst", answer["room"])
    news = wait(bob, "news")
    other = opened(bob, open=news["room"])
    wait(bob, "message", author="Mei", text="psst", room=other["room"])
    say(bob, "yes?", other["room"])
    wait(mei, "message", author="Bob", text="yes?", room=answer["room"])
    expect_equal(opened(bob, open="@Mei")["room"], other["room"], "The room of the two")
    expect_equal(find(ann, "message"), [], "What Ann heard")
    expect_equal(ask(ann, rooms=True)["rooms"], [], "Rooms of Ann")
    # Not with oneself, and not with nobody.
    refused(mei, open="@Nobody")


def test_positions(stage):
    """How far somebody has read is known on all their devices, and does not go back."""
    server = stage.server(*ROOMS)
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    bob = enter(stage, server, "Bob")
    other = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    for cli in (bob, other):
        opened(cli, open="Kitchen")
    for text in ("one", "two", "three"):
        say(mei, text, "Kitchen")
    wait(other, "message", text="three", room="Kitchen")
    seqs = {text: wait(bob, "message", text=text, room="Kitchen")["seq"]
            for text in ("one", "two", "three")}
    bob.command(read=seqs["two"], room="Kitchen")
    told = wait(other, "read", room="Kitchen", read=seqs["two"])
    expect_equal(told["unread"], 1, "What is unread")
    other.command(read=seqs["one"], room="Kitchen")
    other.command(read=seqs["three"], room="Kitchen")
    expect_equal(wait(bob, "read", room="Kitchen", read=seqs["three"])["unread"], 0, "Unread")
    expect_equal([event["read"] for event in find(bob, "read", room="Kitchen")][-1], seqs["three"],
                 "The last position")
    # What one says oneself is read up to there.
    say(mei, "four", "Kitchen")
    wait(bob, "message", text="four", room="Kitchen")
    say(bob, "five", "Kitchen")
    stage.wait(lambda: find(other, "read", room="Kitchen")
               and find(other, "read", room="Kitchen")[-1]["unread"] == 0, "nothing is unread")
    # And it lasts.
    server.stop()
    server = stage.server("--port", server.port, "--data-dir", server.data_dir, *ROOMS)
    late = stage.cli(server, "--identity", stage.path / "bob", name="Bob").wait_inside("Bob")
    expect_equal(opened(late, open="Kitchen")["unread"], 0, "Unread after a restart")


def test_typing(stage):
    """Who is typing is told, until they have said it or stop."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    opened(mei, make="Kitchen")
    opened(bob, open="Kitchen")
    opened(ann, open="Kitchen")
    bob.command(typing=True, room="Kitchen")
    wait(mei, "typing", room="Kitchen", names=["Bob"])
    say(bob, "done", "Kitchen")
    stage.wait(lambda: find(mei, "typing", room="Kitchen")[-1]["names"] == [], "nobody types")
    ann.command(typing=True, room="Kitchen")
    wait(mei, "typing", room="Kitchen", names=["Ann"])
    # It holds for six seconds.
    stage.wait(lambda: find(mei, "typing", room="Kitchen")[-1]["names"] == [], "it ends by itself")
    expect_equal(find(mei, "typing", room=""), [], "Typing in the hall")


def test_history(stage):
    """History is a room's own."""
    server = stage.server(*ROOMS)
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    for number in range(80):
        mei.command(say=f"line {number}", room="Kitchen")
    wait(mei, "message", text="line 79", state="delivered")
    say(mei, "in the hall")
    bob = enter(stage, server, "Bob")
    opened(bob, open="Kitchen")
    wait(bob, "message", text="line 79", room="Kitchen")
    before = len(find(bob, "message", room="Kitchen"))
    answer = ask(bob, history=1000, room="Kitchen")
    expect_equal((answer["kind"], answer["room"], answer["has_older"]), ("history", "Kitchen", False),
                 "The answer")
    expect_equal(sorted(texts(bob, "Kitchen"), key=lambda text: int(text.split()[1])),
                 [f"line {number}" for number in range(80)], "What Bob has")
    expect(before < 80, f"{before} came at once.")


def test_fifty_rooms(stage):
    """Fifty rooms are one connection; what is said in each arrives there, in order."""
    server = stage.server(*ROOMS)
    mei, bob, ann = (enter(stage, server, name) for name in ("Mei", "Bob", "Ann"))
    names = [f"Room{number}" for number in range(50)]
    # An owner has twenty.
    owners = {name: (mei, bob, ann)[number // 20] for number, name in enumerate(names)}
    for name, owner in owners.items():
        opened(owner, make=name)
    refused(mei, make="Another")
    lin = enter(stage, server, "Lin")
    for name in names:
        opened(lin, open=name)
    for number in range(3):
        for name, owner in owners.items():
            owner.command(say=f"{name} {number}", room=name)
    for name in names:
        wait(lin, "message", text=f"{name} 2", room=name)
        expect_equal(texts(lin, name), [f"{name} {number}" for number in range(3)], name)
    # All of them are there again after a crash, without being asked for.
    server.kill()
    server = stage.server("--port", server.port, "--data-dir", server.data_dir, *ROOMS)
    for name, owner in owners.items():
        owner.command(say=f"{name} again", room=name)
    for name in names:
        wait(lin, "message", text=f"{name} again", room=name)
    expect_equal(find(lin, "gap"), [], "Gaps")


def test_kill(stage):
    """After a crash all rooms are open again by themselves, and nothing is lost."""
    server = stage.server(*ROOMS)
    mei, bob = enter(stage, server, "Mei"), enter(stage, server, "Bob")
    names = ["Kitchen", "Cellar", "Attic"]
    for name in names:
        opened(mei, make=name)
        opened(bob, open=name)
        say(mei, f"before {name}", name)
    for name in names:
        mei.command(say=f"during {name}", room=name)
    server.kill()
    for name in names:
        mei.command(say=f"after {name}", room=name)
    server = stage.server("--port", server.port, "--data-dir", server.data_dir, *ROOMS)
    for name in names:
        wait(bob, "message", text=f"after {name}", room=name)
        wait(mei, "message", text=f"after {name}", room=name, state="delivered")
        expect_equal(texts(bob, name), [f"{when} {name}" for when in ("before", "during", "after")],
                     name)
    expect_equal(find(bob, "gap"), [], "Gaps")


def test_kill_at_once(stage):
    """A room that was made is there, whole, though nothing of it was told before the crash."""
    server = stage.server(*ROOMS)
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    server.kill()
    server = stage.server("--port", server.port, "--data-dir", server.data_dir, *ROOMS)
    say(mei, "hello", "Kitchen")
    expect_equal([event["seq"] for event in find(mei, "joined", room="Kitchen")], [1], "Numbers")
    expect_equal(find(mei, "gap"), [], "Gaps")


def test_classic(stage):
    """The classic protocol has the hall and nothing else; the rest is refused, and answered."""
    server = stage.server("--rooms", "members")
    mei = stage.cli(server, "--classic", name="Mei").wait_inside("Mei")
    commands = ({"open": "Kitchen"}, {"make": "Kitchen"}, {"rooms": True}, {"close": "Kitchen"},
                {"read": 1}, {"typing": True}, {"archive": True}, {"rename": "a"}, {"invite": "a"},
                {"leave": True, "room": "Kitchen"})
    for command in commands:
        refused(mei, **command)
    mei.command(leave=True)
    mei.wait_exit(0)


def test_loss(stage):
    """Where a fifth of all datagrams is lost, each room is whole all the same."""
    server = stage.server(*ROOMS)
    relay = stage.lossy_relay(server, "loss 0.2 0.2")
    mei, bob = enter(stage, relay, "Mei"), enter(stage, relay, "Bob")
    names = [f"Room{number}" for number in range(8)]
    for name in names:
        opened(mei, make=name)
        opened(bob, open=name)
    for number in range(10):
        for name in names:
            mei.command(say=f"{name} mei {number}", room=name)
            bob.command(say=f"{name} bob {number}", room=name)
    for name in names:
        for cli, other in ((bob, "mei"), (mei, "bob")):
            stage.wait(lambda: len(texts(cli, name)) == 10, f"all of {name} is there")
            expect_equal(texts(cli, name), [f"{name} {other} {number}" for number in range(10)], name)
    for cli in (mei, bob):
        ask(cli, close=names[0])
        opened(cli, open=names[0])
    say(mei, "the end", names[0])
    wait(bob, "message", text="the end", room=names[0])


def test_say_in_a_room(stage):
    """“say --room” says one thing there; “rooms” lists what there is."""
    server = stage.server(*ROOMS)
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    bob = stage.cli(server, "--identity", stage.path / "bob", name="Bob", plain=True)
    bob.wait_out("Bob entered the room")
    address = "127.0.0.1:%u" % server.port
    stage.program("teahouse-cli", "--nick", "Cron", "--identity", stage.path / "cron", "--room",
                  "Kitchen", "say", address, "done").wait_exit(0)
    wait(mei, "message", author="Cron", text="done", room="Kitchen")
    expect_equal(find(mei, "message", author="Cron", room=""), [], "What was said in the hall")
    stage.program("teahouse-cli", "--nick", "Cron", "--identity", stage.path / "cron", "--room",
                  "Nowhere", "say", address, "lost").wait_exit(3)
    listed = stage.program("teahouse-cli", "--nick", "Cron", "--identity", stage.path / "cron",
                           "rooms", address).wait_exit(0)
    expect_equal(listed.out.decode().splitlines()[-1].split("  ")[0], "Kitchen", "Rooms")


def test_terminal(stage):
    """On a terminal one goes from room to room, and sees where something happens."""
    server = stage.server(*ROOMS)
    bob = enter(stage, server, "Bob")
    mei = stage.cli(server, "--identity", stage.path / "mei", name="Mei", terminal=True)
    mei.wait_out("Ctrl+D leaves.")
    mei.write("/make Kitchen\n")
    mei.wait_out("Kitchen> ")
    opened(bob, open="Kitchen")
    mei.wait_out("Bob entered the room")
    mei.write("hello\n")
    wait(bob, "message", text="hello", room="Kitchen")
    say(bob, "in the hall")
    mei.wait_out("[hall] Bob ： in the hall")
    seq = say(bob, "in here", "Kitchen")["seq"]
    mei.wait_out("Bob ： in here")
    mei.write("/open\n")
    mei.wait_out("\n> ")
    say(bob, "over there", "Kitchen")
    mei.wait_out("[Kitchen] Bob ： over there")
    mei.write("//not a command\n")
    wait(bob, "message", text="/not a command", room="")
    mei.write("/nothing\n")
    mei.wait_out("/help")
    mei.write("/open Bob\n")
    mei.wait_out("@")
    mei.write("psst\n")
    pair = wait(bob, "news")["room"]
    opened(bob, open=pair)
    say(bob, "yes?", pair)
    mei.wait_out("Bob ： yes?")
    mei.write("/open\n/close Bob\n/who\n")
    mei.wait_out("Here: ")
    # What was shown where they were is read, on all their devices.
    other = stage.cli(server, "--identity", stage.path / "mei", name="Mei").wait_inside("Mei")
    if opened(other, open="Kitchen")["read"] < seq:
        wait(other, "read", room="Kitchen", read=seq)
    mei.write("/open Kitchen\n")
    wait(other, "read", room="Kitchen", read=seq + 1)
    mei.write("\x04")
    mei.wait_exit(0)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
