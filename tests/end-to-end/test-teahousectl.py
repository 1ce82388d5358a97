#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What whoever runs a server does with teahousectl."""

import base64
import json
import os
import shutil
import signal
import sys
import unittest.mock

import openssl_dtls
import programs
import teahouse
from programs import enter, opened
from secure_frames import TOPIC
from second_client import SecondClient
from teahouse import Skipped, expect, expect_equal


def run(stage, server, *words, code=0, **keywords):
    """What it prints: to people who wanted it, or to those who may not or cannot have it."""
    program = stage.program("teahousectl", "--data-dir", server.data_dir, *words, **keywords)
    program.wait_exit(code)
    expect_equal((program.err if code == 0 else program.out).decode(), "", "The other output")
    return (program.out if code == 0 else program.err).decode()


def ask(stage, server, *words):
    return json.loads(run(stage, server, "--json", *words))


def fingerprint_in_links(key):
    return base64.urlsafe_b64encode(key.fingerprint).decode().rstrip("=")


def names(rows):
    return [row["name"] for row in rows]


def test_status(stage):
    """How the server is, for people and for programs."""
    server = stage.server()
    stage.member(server, "Pia")
    mei = enter(stage, server, "Mei")
    status = ask(stage, server, "status")
    expect_equal(status["fingerprint"], server.fingerprint, "Key")
    expect(status["address"].endswith(f":{server.port}"), f"Address: {status}")
    counts = {key: status[key] for key in ("people", "sessions", "classic-sessions", "rooms")}
    expect_equal(counts, {"people": 2, "sessions": 1, "classic-sessions": 1, "rooms": 0}, "Counts")
    expect_equal(status["problem"], "", "Problem")
    words = run(stage, server, "status")
    expect(server.fingerprint in words and "since" in words, words)
    expect("problem" not in words.lower(), words)
    mei.kill()


def test_nobody_answers(stage):
    """Why, and what can be done."""
    server = stage.server()
    server.stop()
    text = run(stage, server, "status", code=3)
    expect(str(server.data_dir) in text and "--data-dir" in text, text)


def test_nonsense(stage):
    """What makes no sense is explained, and nothing is done."""
    server = stage.server()
    for words in (("nonsense",), (), ("status", "again"), ("say",), ("mute",), ("slow", "soon"),
                  ("role", "Mei"), ("--for", "long", "ban", "Mei"), ("--for", "0s", "ban", "Mei"),
                  ("--unknown", "status")):
        text = run(stage, server, *words, code=2)
        expect("--help" in text, f"{words}: {text}")
    for words, named in ((("members", "Attic"), "Attic"), (("members", "two words"), ""),
                         (("mute", "Nobody"), "Nobody"), (("mute", "SHA256:x"), "SHA256:x"),
                         (("mute", "two words"), ""), (("role", "Nobody", "king"), "king")):
        text = run(stage, server, *words, code=1)
        expect(named in text and text.count("\n") == 1, f"{words}: {text}")
    expect_equal(ask(stage, server, "status")["events"], 0, "Events")


def test_somebody_else(stage):
    """Another user of the machine is not let in, even where they get at the socket."""
    if os.getuid() != 0:
        raise Skipped("only root can be two users")
    server = stage.server()
    for path in (stage.path, server.data_dir):
        path.chmod(0o777)
    (server.data_dir / "control").chmod(0o777)
    # Where it was built, others may not come.
    program = shutil.copy(teahouse.PROGRAMS["teahousectl"], stage.path)
    with unittest.mock.patch.dict(teahouse.PROGRAMS, teahousectl=program):
        text = run(stage, server, "status", code=3, prepare=lambda: os.setuid(65534))
    expect("somebody else" in text, text)
    expect_equal(ask(stage, server, "status")["people"], 0, "The server goes on")


def test_people(stage):
    """Who is here, by which connections, and who belongs to a room."""
    server = stage.server("--rooms", "members")
    mei = SecondClient(stage, server, "Mei").enter()
    SecondClient(stage, server, "Mei", key=mei.key).enter()
    stage.member(server, "Pia")
    olu = enter(stage, server, "Olu")
    opened(olu, make="Kitchen")

    members = ask(stage, server, "members")
    expect_equal(names(members), ["Mei", "Pia", "Olu"], "In the hall")
    expect_equal([bool(member["key"]) for member in members], [True, False, True], "Keys")
    sessions = ask(stage, server, "sessions")
    expect_equal(names(sessions), ["Mei", "Mei", "Pia", "Olu"], "Sessions")
    expect_equal([session["protocol"] for session in sessions],
                 ["secure", "secure", "classic", "secure"], "Protocols")
    expect_equal({session["network"] for session in sessions}, {"127.0.0.1"}, "Networks")
    expect(all(session["since"] <= session["heard"] for session in sessions), f"{sessions}")
    expect_equal([session["rooms"] for session in sessions], [1, 1, 1, 2], "Rooms that are open")

    rooms = ask(stage, server, "rooms")
    expect_equal([(room["room"], room["kind"], room["members"]) for room in rooms],
                 [("", "hall", 3), ("Kitchen", "open", 1)], "Rooms")
    members = ask(stage, server, "members", "kitchen")
    expect_equal([(member["name"], member["role"], member["here"]) for member in members],
                 [("Olu", "owner", True)], "Members")
    for words in (("rooms",), ("members",), ("sessions",), ("members", "Kitchen")):
        lines = run(stage, server, *words).splitlines()
        expect(lines[0].isupper() and len(lines) > 1, f"{words}: {lines}")


def test_say(stage):
    """The house speaks under a name that nobody else can have, wherever everybody may come."""
    server = stage.server("--rooms", "members")
    olu = enter(stage, server, "Olu")
    opened(olu, make="Kitchen")
    classic = stage.member(server, "Pia")
    seq = ask(stage, server, "say", "We close", "at ten.")["event"]
    message = programs.wait(olu, "message", text="We close at ten.", room="")
    expect_equal((message["author"], message["seq"]), ("Teahouse", seq), "Message")
    classic.expect("Teahouse ： We close at ten.")
    run(stage, server, "--room", "Kitchen", "say", "No fire.")
    programs.wait(olu, "message", text="No fire.", room="Kitchen", author="Teahouse")
    SecondClient(stage, server, "TEAHOUSE").expect_refusal(4)
    stage.client(server).send("L teahouse").expect_refusal()
    server.stop()
    server = stage.server("--data-dir", server.data_dir)
    SecondClient(stage, server, "Teahouse").expect_refusal(4)


def test_keeping_order(stage):
    """Sent out, banned, muted, slowed down, promoted: each is an event of the room."""
    server = stage.server("--rooms", "members")
    boss = enter(stage, server, "Boss")
    opened(boss, make="Kitchen")
    mei = SecondClient(stage, server, "Mei").enter()
    mei.open("Kitchen")
    where = ("--room", "Kitchen")

    seq = ask(stage, server, *where, "mute", "Mei", "too", "loud", "--for", "10m")["event"]
    event = programs.wait(boss, "muted", room="Kitchen", name="Mei")
    expect_equal((event["author"], event["text"], event["seq"]), ("Teahouse", "too loud", seq),
                 "Muted")
    muted = ask(stage, server, "members", "Kitchen")[1]
    expect(muted["name"] == "Mei" and muted["muted-until"] > event["time"], f"{muted}")
    run(stage, server, *where, "unmute", "Mei")
    expect("muted-until" not in ask(stage, server, "members", "Kitchen")[1], "Still muted")

    run(stage, server, *where, "slow", "30")
    programs.wait(boss, "settings", room="Kitchen", author="Teahouse")
    run(stage, server, *where, "role", "Mei", "moderator")
    programs.wait(boss, "role", room="Kitchen", name="Mei", role="moderator")
    expect_equal(ask(stage, server, "members", "Kitchen")[1]["role"], "moderator", "Role")

    run(stage, server, *where, "ban", "Mei", "--for", "1h")
    programs.wait(boss, "sent-out", room="Kitchen", name="Mei")
    expect_equal(names(ask(stage, server, "members", "Kitchen")), ["Boss"], "Members")
    run(stage, server, *where, "unban", "Mei")
    expect("not banned" in run(stage, server, *where, "unban", "Mei", code=1), "Unbanned twice")
    mei.hang_up()


def test_out_of_the_house(stage):
    """By name, by key, for good or for a while, with all that they said, and their network."""
    server = stage.server()
    boss = enter(stage, server, "Boss")
    mei = SecondClient(stage, server, "Mei").enter()
    mei.hall.wait_said(*mei.hall.say("spam"))
    run(stage, server, "ban", "Mei", "--erase", "--network")
    mei.wait(lambda: mei.bye, "is sent out")
    mei.hang_up()
    programs.wait(boss, "sent-out", room="", name="Mei")
    SecondClient(stage, server, "Mei", key=mei.key).expect_refusal(0)
    SecondClient(stage, server, "Lin").expect_refusal(12)
    run(stage, server, "unban", "Mei")
    mei = SecondClient(stage, server, "Mei", key=mei.key).enter()
    expect(not any(event.text == "spam" for event in mei.hall.events.values()), "It is there yet")
    run(stage, server, "send-out", openssl_dtls.write_fingerprint(mei.key.fingerprint))
    mei.wait(lambda: mei.bye, "is sent out again")
    mei.hang_up()


def test_log(stage):
    """What was done to keep order, by whomever, is told of all rooms at once."""
    server = stage.server("--rooms", "members")
    boss = enter(stage, server, "Boss")
    opened(boss, make="Kitchen")
    mei = SecondClient(stage, server, "Mei").enter()
    mei.open("Kitchen")
    programs.say(boss, "tea", room="Kitchen")
    run(stage, server, "--room", "Kitchen", "mute", "Mei", "loud", "--for", "1h")
    boss.command(topic="green tea", room="Kitchen")
    programs.wait(boss, "topic", room="Kitchen")
    run(stage, server, "send-out", "Mei")
    mei.wait(lambda: mei.bye, "is sent out")
    mei.hang_up()
    server.stop()
    server = stage.server("--data-dir", server.data_dir)
    rows = ask(stage, server, "log")
    expect_equal([(row["room"], row["author"], row["kind"], row.get("name"), row["text"])
                  for row in rows],
                 [("Kitchen", "Teahouse", "muted", "Mei", "loud"),
                  ("Kitchen", "Boss", "topic", None, "green tea"),
                  ("", "Teahouse", "sent-out", "Mei", "")], "Log")
    expect_equal(len(run(stage, server, "log").splitlines()), 4, "Lines")


def test_backup(stage):
    """What a server keeps is copied while it runs, read, and put back when it is stopped."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    programs.say(mei, "before")
    copy = stage.path / "copies" / "monday"
    report = ask(stage, server, "backup", copy)
    expect_equal(report, {"file": str(copy / "room.db"), "rooms": 1, "events": 2}, "Copy")
    expect_equal([path.name for path in copy.iterdir()], ["room.db"], "Files of the copy")
    expect_equal((copy / "room.db").stat().st_mode & 0o777, 0o600, "Who can read it")
    expect("room.db" in run(stage, server, "backup", copy, code=1), "A copy is written over.")
    expect_equal(ask(stage, server, "verify", copy), report, "What is read of it")
    programs.say(mei, "after")
    expect("Stop it" in run(stage, server, "restore", copy, code=1), "It is put under a server.")
    mei.kill()
    server.stop()
    expect("No server" in run(stage, server, "backup", stage.path / "x", code=3), "Nobody copies.")
    expect(not (stage.path / "x" / "room.db").exists(), "An empty copy is left.")

    report = ask(stage, server, "restore", copy)
    expect_equal(report["file"], str(server.data_dir / "room.db"), "What was put back")
    expect_equal(report["events"], 2, "Events")
    again = stage.server("--data-dir", server.data_dir)
    olu = enter(stage, again, "Olu")
    programs.wait(olu, "message", text="before")
    expect(not programs.find(olu, "message", text="after"), "It was not put back.")
    expect((server.data_dir / "room.db.replaced").exists(), "What was there is gone.")

    other = stage.server("--data-dir", stage.path / "other")
    other.stop()
    for path in (stage.path / "other").glob("room.db*"):
        path.unlink()
    run(stage, other, "restore", copy)
    expect((other.data_dir / "room.db").exists(), "It is not put where there was nothing.")


def test_bad_copies(stage):
    """What is no copy, or not whole, is not put back."""
    server = stage.server()
    copy = stage.path / "copy"
    run(stage, server, "backup", copy)
    server.stop()
    before = (server.data_dir / "room.db").read_bytes()
    data = (copy / "room.db").read_bytes()
    half = len(data) // 8192 * 4096
    for what, bad in (("damaged", data[:4096] + bytes(half) + data[4096 + half:]),
                      ("another program", b"nothing of the kind")):
        (copy / "room.db").write_bytes(bad)
        run(stage, server, "verify", copy, code=1)
        run(stage, server, "restore", copy, code=1)
        expect_equal((server.data_dir / "room.db").read_bytes(), before, f"After {what}")
    expect("nowhere" in run(stage, server, "verify", stage.path / "nowhere", code=1), "Why")
    expect_equal([path.name for path in server.data_dir.glob("room.db.*")], [], "What is left")


def test_names(stage):
    """Reserved, freed, given to somebody else; also after the server was started again."""
    server = stage.server()
    mei = SecondClient(stage, server, "Mei").enter()
    run(stage, server, "reserve", "Admin")
    SecondClient(stage, server, "admin").expect_refusal(4)
    stage.client(server).send("L Admin").expect_refusal()
    run(stage, server, "transfer", "Admin", "Mei")
    SecondClient(stage, server, "Admin", key=mei.key).enter().hang_up()
    run(stage, server, "reserve", "Root")
    server.stop()
    mei.hang_up()

    server = stage.server("--data-dir", server.data_dir, "--grace", "0")
    SecondClient(stage, server, "Root").expect_refusal(4)
    run(stage, server, "free", "Root")
    SecondClient(stage, server, "Root").enter()
    expect("here" in run(stage, server, "free", "Root", code=1), "A name is freed under somebody")
    expect("nobody" in run(stage, server, "free", "Nobody", code=1), "What is nobody's is freed")


def test_reload(stage):
    """What can change while people are here does; the rest is named; nonsense changes nothing."""
    path = stage.path / "teahoused.conf"
    path.write_text("[server]\nedit-hours = 2\n")
    server = stage.server("--config", path)
    mei = SecondClient(stage, server, "Mei").enter()
    pia = stage.member(server, "Pia")
    expect_equal(ask(stage, server, "reload"), {"changed": [], "after-restart": []}, "Nothing")
    expect("different" in run(stage, server, "reload"), "It does not say that nothing is.")

    for text, named in (("[server]\nedit-hours = 3\ncolour = green\n", "teahoused.conf:3: "),
                        ("[server]\nedit-hours = 3\npassword-file = /nowhere\n", "/nowhere")):
        path.write_text(text)
        expect(named in run(stage, server, "reload", code=1), f"{named} is not named.")
        rows = {row["setting"]: row for row in ask(stage, server, "settings")}
        expect_equal(rows["edit-hours"]["value"], "2", "What holds")

    path.write_text("[server]\nedit-hours = 3\nclassic = off\naddress = 127.0.0.1\n"
                    "[limits]\nmax-people = 1\n")
    expect_equal(ask(stage, server, "reload"),
                 {"changed": ["classic", "edit-hours", "max-people"],
                  "after-restart": ["address"]}, "Reload")
    expect_equal(ask(stage, server, "reload"), {"changed": [], "after-restart": ["address"]}, "Again")
    rows = {row["limit"]: (row["value"], row["met"]) for row in ask(stage, server, "limits")}
    expect_equal(rows["max-people"], ("1", 0), "A limit that was not met")
    pia.expect("EXIT")
    mei.wait(lambda: mei.limits.edit_hours == 3, "is told of it")
    SecondClient(stage, server, "Lin").expect_refusal(5)
    rows = {row["limit"]: (row["value"], row["met"]) for row in ask(stage, server, "limits")}
    expect_equal(rows["max-people"], ("1", 1), "A limit that was met")
    expect_equal(rows["searches"], ("", 0), "A limit that is fixed")

    hashed = stage.program("teahoused", "--hash-password")
    hashed.write("green tea\n")
    hashed.end_input()
    hashed.wait_exit(0)
    secret = stage.path / "password"
    secret.write_bytes(hashed.out)
    secret.chmod(0o600)
    path.write_text(f"[server]\npassword-file = {secret}\n")
    server.send_signal(signal.SIGHUP)
    server.wait_err("changed: password-file")
    SecondClient(stage, server, "Lin").expect_refusal(6)
    SecondClient(stage, server, "Lin", password="green tea").enter()
    stage.client(server).send("L Pia").expect_refusal()
    mei.hall.wait_said(*mei.hall.say("still here"))
    path.write_text("[kitchen]\n")
    server.send_signal(signal.SIGHUP)
    server.wait_err("stay as they are")
    SecondClient(stage, server, "Olu").expect_refusal(6)


def test_rooms(stage):
    """Made, invited to, named, archived and given a password while people are there."""
    server = stage.server()
    mei = enter(stage, server, "Mei")
    lin = SecondClient(stage, server, "Lin").enter()
    run(stage, server, "make-room", "Kitchen", "Tea", "and", "cake")
    run(stage, server, "--closed", "make-room", "Attic")
    expect("already" in run(stage, server, "make-room", "kitchen", code=1), "Made twice")
    for name in ("two words", "~hidden", "@pair", ""):
        run(stage, server, "make-room", name, code=1)
    rooms = [(room["room"], room["title"], room["kind"]) for room in ask(stage, server, "rooms")]
    expect_equal(rooms, [("", "", "hall"), ("Attic", "", "closed"),
                         ("Kitchen", "Tea and cake", "open")], "Rooms")

    expect_equal(opened(mei, open="Kitchen")["title"], "Tea and cake", "Title")
    run(stage, server, "--room", "Kitchen", "topic", "no", "fire")
    programs.wait(mei, "topic", room="Kitchen", text="no fire", author="Teahouse")
    programs.refused(mei, open="Attic")
    run(stage, server, "--room", "Attic", "invite", "Mei")
    programs.wait(mei, "news", room="Attic")
    opened(mei, open="Attic")
    expect_equal(names(ask(stage, server, "members", "Attic")), ["Mei"], "Who came")

    run(stage, server, "rename-room", "Kitchen", "Hearth")
    programs.wait(mei, "settings", room="Hearth")
    expect("Another" in run(stage, server, "rename-room", "Hearth", "attic", code=1), "Taken")
    programs.say(mei, "lychee", room="Hearth")
    expect_equal(names(ask(stage, server, "members", "Hearth")), ["Mei"], "By the new name")

    run(stage, server, "archive-room", "Hearth")
    programs.wait(mei, "archived", room="Hearth")
    expect("archived" in run(stage, server, "--room", "Hearth", "say", "x", code=1), "Speech")
    run(stage, server, "unarchive-room", "Hearth")
    programs.say(mei, "guava", room="Hearth")
    expect_equal([row["kind"] for row in ask(stage, server, "log")],
                 ["topic", "settings", "archived", "archived"], "Log")
    run(stage, server, "name-house", "Jasmine", "House")
    programs.wait(mei, "settings", room="", title="Jasmine House")
    expect_equal(ask(stage, server, "rooms")[0]["title"], "Jasmine House", "Name of the house")
    run(stage, server, "archive-room", "", code=1)

    def set_password(text, *words, code=0):
        program = stage.program("teahousectl", "--data-dir", server.data_dir, "room-password",
                                *words)
        program.write(text)
        program.end_input()
        program.wait_exit(code)

    set_password("papaya\n", "Hearth")
    expect([room["password"] for room in ask(stage, server, "rooms")] == [False, False, True],
           "Which room has a password")
    lin.open("Hearth").expect_refused(6)
    lin.open("Hearth", password="mango").expect_refused(7)
    set_password("mango\n", "Hearth")
    lin.open("Hearth", password="mango").wait_open()
    programs.say(mei, "still here", room="Hearth")
    set_password("", "Hearth", "off")
    expect(not any(room["password"] for room in ask(stage, server, "rooms")), "One has it yet")
    set_password("x\n", "", code=1)
    set_password("", "Hearth", "mango", code=2)

    olu = enter(stage, server, "Olu")
    server.stop()
    server = stage.server("--data-dir", server.data_dir, "--port", server.port)
    programs.opened(olu, open="Hearth")


def test_link(stage):
    """By which one comes to the house and to a room."""
    server = stage.server("--rooms", "members")
    mei = enter(stage, server, "Mei")
    opened(mei, make="茶室")
    for name, words, start in (("Lin", (), "teahouse://127.0.0.1:{}/#"),
                               ("Olu", ("--room", "茶室"), "teahouse://127.0.0.1:{}/茶室#")):
        link = ask(stage, server, *words, "link", "127.0.0.1")["link"]
        expect(link.startswith(start.format(server.port)), link)
        expect(link in run(stage, server, *words, "link", "127.0.0.1"), "For people")
        guest = stage.cli(link, "--identity", stage.path / name, name=name).wait_inside(name)
        if words:
            programs.wait(guest, "opened", room="茶室")
    expect(":9999/" in ask(stage, server, "link", "tea.example:9999")["link"], "A port")
    expect("[::1]:" in ask(stage, server, "link", "::1")["link"], "IPv6")
    expect("Attic" in run(stage, server, "--room", "Attic", "link", "tea.example", code=1), "Room")
    run(stage, server, "link", "no host", code=1)


def test_export_and_import(stage):
    """A room goes from one house to another while people are in both, and its words are found."""
    server = stage.server("--rooms", "members")
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    for text in ("papaya", "guava"):
        programs.say(mei, text, room="Kitchen")
    path = stage.path / "kitchen.tea"
    run(stage, server, "export-room", "Kitchen", path)
    expect_equal(path.stat().st_mode & 0o777, 0o600, "Who can read it")
    expect("kitchen.tea" in run(stage, server, "export-room", "Kitchen", path, code=1), "Twice")
    run(stage, server, "export-room", "Attic", stage.path / "attic.tea", code=1)
    expect(not (stage.path / "attic.tea").exists(), "A file without a room is left.")
    run(stage, server, "import-room", "", path, code=1)
    expect("already" in run(stage, server, "import-room", "Kitchen", path, code=1), "Over it")

    other = stage.server()
    lin = SecondClient(stage, other, "Lin").enter()
    run(stage, other, "make-room", "Hearth")
    run(stage, other, "import-room", "Hearth", stage.path / "nothing", code=1)
    (stage.path / "bad.tea").write_text("tea")
    run(stage, other, "import-room", "Hearth", stage.path / "bad.tea", code=1)
    run(stage, other, "import-room", "Hearth", path)
    room = lin.open("Hearth")
    room.wait_texts(["papaya", "guava"])
    programs.wait(enter(stage, other, "Olu"), "joined", author="Olu")
    stage.wait(lambda: room.find("guava")[0], "it is found")
    run(stage, other, "reindex")
    stage.wait(lambda: room.find("guava")[0], "it is found again")
    lychee, = room.wait_said(*room.say("lychee"))
    expect_equal(list(room.find("lychee")[0]), [lychee], "What is found")


def test_revoke(stage):
    """Whoever has a lost key does not come in any more, and its names are another's."""
    server = stage.server()
    mei = SecondClient(stage, server, "Mei").enter()
    SecondClient(stage, server, "Mimi", key=mei.key).enter().hang_up()
    new = SecondClient(stage, server, "Mei2").enter()
    boss = enter(stage, server, "Boss")
    fingerprint = openssl_dtls.write_fingerprint(mei.key.fingerprint)
    expect("same" in run(stage, server, "revoke", "Mei", fingerprint, code=1), "To itself")
    report = ask(stage, server, "revoke", "Mei", "Mei2")
    mei.wait(lambda: mei.bye, "is sent out")
    mei.hang_up()
    out = programs.wait(boss, "sent-out", room="", key=fingerprint)
    expect_equal((report["key"], sorted(report["names"]), report["event"]),
                 (fingerprint, ["Mei", "Mimi"], out["seq"]), "Report")
    for name in ("Mei", "Mimi", "Other"):
        SecondClient(stage, server, name, key=mei.key).expect_refusal(0)
    SecondClient(stage, server, "Mei").expect_refusal(4)
    SecondClient(stage, server, "Mei", key=new.key).enter()

    # Of nobody else's they are until somebody is given them.
    run(stage, server, "revoke", openssl_dtls.write_fingerprint(new.key.fingerprint))
    server.stop()
    server = stage.server("--data-dir", server.data_dir, "--grace", "0")
    for name in ("Mei", "Mimi", "Mei2"):
        SecondClient(stage, server, name).expect_refusal(4)
        SecondClient(stage, server, name, key=new.key).expect_refusal(0)
    olu = SecondClient(stage, server, "Olu").enter()
    run(stage, server, "transfer", "Mei", "Olu")
    SecondClient(stage, server, "Mei", key=olu.key).enter()
    expect_equal([row["text"] for row in ask(stage, server, "log")],
                 ["This key was revoked."] * 2, "Log")


def find_in_files(folder, *wanted):
    """What of it is in which file."""
    return [(path.name, data) for path in folder.rglob("*") if path.is_file()
            for data in wanted if data in path.read_bytes()]


def test_forget(stage):
    """Nothing of somebody who is forgotten is in a file, and nobody is shown it any more; what
    others said stays."""
    server = stage.server("--rooms", "members", "--grace", "0")
    olu = SecondClient(stage, server, "Oluwaseun").enter()
    watcher = enter(stage, server, "Watcher")
    mei = SecondClient(stage, server, "Meilinchen").enter()
    fingerprint = openssl_dtls.write_fingerprint(mei.key.fingerprint)
    said, = olu.hall.wait_said(*olu.hall.say("papaya"))
    mango, = mei.hall.wait_said(*mei.hall.say("mangoes"))
    mei.hall.wait_texts(["papaya", "mangoes"])
    mei.hall.edit(mango, "mangosteen")
    mei.hall.react(said, "🥭")
    olu.hall.react(said, "🥭")
    olu.hall.react(mango, "🥭")
    attic = mei.make("Attic", title="Mangrove")
    attic.wait_open()
    attic.tell(TOPIC, text="mangrove swamp")
    attic.wait_said(*attic.say("mangrove"))
    there = olu.open("Attic")
    there.wait_open()
    kept, = there.wait_said(*there.say("guava"))
    attic.wait_texts(["mangrove", "guava"])
    attic.pin(kept)
    attic.mark_read()
    pair = mei.open("@" + fingerprint_in_links(olu.key))
    pair.wait_open()
    pair.wait_said(*pair.say("mangold"))
    run(stage, server, "role", "Meilinchen", "moderator")
    run(stage, server, "mute", "Meilinchen", "mangling", "--for", "1h")
    run(stage, server, "reserve", "Meimei", "Meilinchen")
    programs.wait(watcher, "muted", room="")
    expect("out first" in run(stage, server, "forget", "Meilinchen", code=1), "They are here")
    mei.leave()
    programs.wait(watcher, "left", author="Meilinchen")
    wanted = [mei.key.fingerprint, fingerprint.encode(), fingerprint[7:].encode(), b"Meilinchen",
              b"Meimei", b"mango", b"mangrove", b"mangold", b"mangling"]
    expect(len(find_in_files(server.data_dir, *wanted)) >= len(wanted) - 2, "It is not there now.")

    report = ask(stage, server, "forget", "Meilinchen")
    expect_equal(report["key"], fingerprint, "Who is forgotten")
    expect(report["events"] > 10, f"{report}")
    expect_equal(find_in_files(server.data_dir, *wanted), [], "What is left")
    expect("Nobody is known" in run(stage, server, "forget", "Meilinchen", code=1), "Once more")
    expect_equal(ask(stage, server, "forget", fingerprint)["events"], 0, "Once more by the key")
    expect_equal(ask(stage, server, "log"), [], "Log")
    expect_equal([(room["room"], room["owner"]) for room in ask(stage, server, "rooms")],
                 [("", ""), ("Attic", "")], "Rooms")

    # Whoever is there goes on, with what others said.
    olu.hall.wait_said(*olu.hall.say("lychee"))
    programs.wait(watcher, "message", text="lychee", room="")
    lin = SecondClient(stage, server, "Lin").enter()
    lin.hall.wait_texts(["papaya", "lychee"])
    lin.hall.wait_form(said, "papaya", False, "", [("🥭", 1, ["Oluwaseun"])])
    lin.open("Attic").wait_texts(["guava"])
    olu.wait(lambda: olu.hall.texts() == ["papaya", "lychee"], "begins anew")
    server.stop()
    expect_equal(find_in_files(server.data_dir, *wanted), [], "What is left at the end")


def test_erase(stage):
    """A message is taken back by the house, and a room is no more, also for those who are there."""
    server = stage.server("--rooms", "members")
    mei = enter(stage, server, "Mei")
    opened(mei, make="Kitchen")
    message = programs.say(mei, "papaya", room="Kitchen")
    run(stage, server, "--room", "Kitchen", "remove", message["seq"])
    removed = programs.wait(mei, "removed", room="Kitchen")
    expect_equal(removed["author"], "Teahouse", "Who has removed it")
    expect("not there" in run(stage, server, "--room", "Kitchen", "remove", 4711, code=1), "Why not")

    programs.say(mei, "guava", room="Kitchen")
    run(stage, server, "erase-room", "kitchen")
    programs.wait(mei, "closed", room="Kitchen")
    programs.refused(mei, open="Kitchen")
    expect_equal([room["room"] for room in ask(stage, server, "rooms")], [""], "Rooms")
    expect("Kitchen" in run(stage, server, "erase-room", "Kitchen", code=1), "Once more")
    run(stage, server, "erase-room", "", code=1)
    opened(mei, make="Kitchen")
    programs.say(mei, "lychee", room="Kitchen")


def test_stop(stage):
    """When the command has ended, so has the server, with nothing gone wrong."""
    server = stage.server()
    classic = stage.member(server, "Pia")
    run(stage, server, "stop")
    server.wait_exit(0)
    classic.expect("EXIT")
    run(stage, server, "status", code=3)
    expect(not (server.data_dir / "control").exists(), "The socket is left.")


def test_drain(stage):
    """Nobody new comes in, and when the last has gone the server ends."""
    server = stage.server()
    classic = stage.member(server, "Pia")
    drain = stage.program("teahousectl", "--data-dir", server.data_dir, "drain")
    server.wait_err("Drain")
    SecondClient(stage, server, "Mei").expect_refusal(8)
    expect(server.is_running() and drain.is_running(), "It does not wait.")
    classic.send("E Pia")
    drain.wait_exit(0)
    server.wait_exit(0)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
