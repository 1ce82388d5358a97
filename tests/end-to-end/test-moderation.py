#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who keeps order in a house, and what its operator has set."""

import base64
import sys
import time

import openssl_dtls
import secure_frames
import teahouse
from second_client import SecondClient
from secure_frames import FOR_GOOD, SENT_OUT, name_of
from teahouse import expect, expect_equal


def sent_out(client, until, with_network=0, erase=0):
    values = (client.key.fingerprint, client.name, until, erase, with_network)
    return secure_frames.write_value(secure_frames.SENT_OUT_TYPE, values)


def do(room, *arguments, **keywords):
    message = room.tell(*arguments, **keywords)
    room.wait_said(message)
    expect(message.nack is None, f"Refused: {message.nack}")
    return message.seq


def house(stage):
    """A house with its operator in it."""
    key = openssl_dtls.Key()
    server = stage.server("--operators", openssl_dtls.write_fingerprint(key.fingerprint))
    return server, SecondClient(stage, server, "Boss", key=key).enter()


def restart(stage, server, boss):
    server.stop()
    return stage.server("--operators", openssl_dtls.write_fingerprint(boss.key.fingerprint),
                        "--data-dir", server.data_dir)


def wait_bye(client, code):
    client.wait(lambda: client.bye, "is sent out")
    expect_equal(client.bye.code, code, "Goodbye")
    client.hang_up()


def test_sent_out_of_the_house(stage):
    """By every device, under every name, and also after the server was started again."""
    server, boss = house(stage)
    olu = SecondClient(stage, server, "Olu").enter()
    laptop = SecondClient(stage, server, "Olu", key=olu.key).enter()
    other = SecondClient(stage, server, "Ada", key=olu.key).enter()
    classic = stage.member(server, "Pia")
    expect_equal(olu.hall.wait_told(SENT_OUT, data=sent_out(boss, 0)), 11, "By a member")
    expect_equal(boss.hall.wait_told(SENT_OUT, data=sent_out(boss, 0)), 11, "Oneself")

    do(boss.hall, SENT_OUT, text="spam", data=sent_out(olu, FOR_GOOD))
    for client in (olu, laptop, other):
        wait_bye(client, 1)
    for name in ("Ada", "Olu"):
        boss.hall.wait(lambda name=name: any((event.kind, event.author) == (1, name)
                                             for event in boss.hall.events.values()),
                       f"hears that {name} has left")
    lines = {classic.receive().decode(), classic.receive().decode()}
    expect_equal(lines, {"Ada left the room", "Olu left the room"}, "Lines")
    SecondClient(stage, server, "Olu", key=olu.key).expect_refusal(0)
    SecondClient(stage, server, "Lin", key=olu.key).expect_refusal(0)

    server = restart(stage, server, boss)
    SecondClient(stage, server, "Olu", key=olu.key).expect_refusal(0)
    boss = SecondClient(stage, server, "Boss", key=boss.key).enter()
    do(boss.hall, SENT_OUT, data=sent_out(olu, 0))
    SecondClient(stage, server, "Olu", key=olu.key).enter()


def test_for_a_while(stage):
    """Until the time that was told."""
    server, boss = house(stage)
    olu = SecondClient(stage, server, "Olu").enter()
    until = int((time.time() + 2) * 1e6)
    do(boss.hall, SENT_OUT, data=sent_out(olu, until))
    wait_bye(olu, 1)
    refused = SecondClient(stage, server, "Olu", key=olu.key).expect_refusal(12)
    expect("UTC" in refused.text, f"It does not tell until when: {refused.text!r}")
    stage.wait(lambda: time.time() * 1e6 > until, "the time is over")
    SecondClient(stage, server, "Olu", key=olu.key).enter()


def test_network(stage):
    """A network that is kept out lets those in who had a name, and is named in no log."""
    server, boss = house(stage)
    mei = SecondClient(stage, server, "Mei").enter()
    olu = SecondClient(stage, server, "Olu").enter()
    classic = stage.member(server, "Pia")
    expect_equal(mei.hall.wait_told(SENT_OUT, data=sent_out(olu, 0, 1)), 11, "By a member")

    do(boss.hall, SENT_OUT, data=sent_out(olu, FOR_GOOD, 1))
    wait_bye(olu, 1)
    stage.wait(lambda: b"EXIT" in classic.inbox, "Pia is out")
    stage.client(server).send("L Pia").expect_refusal()
    SecondClient(stage, server, "Lin").expect_refusal(12)
    SecondClient(stage, server, "Mei", key=mei.key).enter()
    event = max(boss.hall.events.values(), key=lambda event: event.seq)
    expect(b"127.0.0" not in repr(event).encode(), "The network is in the log")

    server = restart(stage, server, boss)
    SecondClient(stage, server, "Lin").expect_refusal(12)
    SecondClient(stage, server, "Mei", key=mei.key).enter()


def test_classic(stage):
    """What classic clients read of changes: an edit, and no more."""
    server = stage.server()
    mei = SecondClient(stage, server, "Mei").enter()
    classic = stage.member(server, "Pia")
    first, second = mei.hall.wait_said(*mei.hall.say("tea", "nonsense"))
    classic.expect("Mei ： tea", "Mei ： nonsense")
    mei.hall.reply(first, "green")
    classic.expect("Mei ： green")
    mei.hall.react(first, "🍵")
    mei.hall.edit(first, "black tea")
    mei.hall.remove(second)
    mei.hall.wait_said(*mei.hall.say("done"))
    classic.expect("Mei ： ✎ black tea", "Mei ： done")


def test_edit_hours(stage):
    """For how long one may edit is the operator's to say; one may remove at any time."""
    server = stage.server("--edit-hours", "1")
    mei = SecondClient(stage, server, "Mei").enter()
    expect_equal(mei.limits.edit_hours, 1, "What is told")
    seq, = mei.hall.wait_said(*mei.hall.say("tea"))
    expect(mei.hall.edit(seq, "green tea") > seq, "Edited")
    mei.hall.wait_form(seq, "green tea", True, "", [])
    expect(mei.hall.remove(seq) > seq, "Removed")


def test_newcomers(stage):
    """Whoever is new waits between messages, and is told for how long."""
    server = stage.server("--newcomers", "10")
    mei = SecondClient(stage, server, "Mei").enter()
    mei.hall.wait_said(*mei.hall.say("hello"))
    mei.hall.say("again")
    mei.wait(lambda: any(name_of(frame) == "HOLD" for frame in mei.frames), "is to wait")
    hold = next(frame for frame in mei.frames if name_of(frame) == "HOLD")
    expect(20_000 < hold.delay <= 30_001, f"For {hold.delay} ms")
    address = "@" + base64.urlsafe_b64encode(mei.key.fingerprint).decode().rstrip("=")
    noor = SecondClient(stage, server, "Olu").enter()
    noor.open(address).expect_refused(12)


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
