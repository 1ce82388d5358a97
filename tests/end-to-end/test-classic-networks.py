#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may come from where, in a network of the test's own that has all kinds of
addresses."""

import fcntl
import socket
import struct
import sys
import time

import teahouse
from teahouse import expect, expect_equal

SIOCGIFINDEX, SIOCSIFADDR, SIOCSIFNETMASK = 0x8933, 0x8916, 0x891C

PUBLIC = ("203.0.113.1", "203.0.113.2", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.64.0.1",
          "11.0.0.1", "169.253.0.1", "2001:db8::1", "2001:db8::2", "fe00::1")
LOCAL = ("127.0.0.1", "127.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.7.8",
         "169.254.9.9", "::1", "fd00::7", "fc00::7", "fe80::7%lo")

# Why there is no such network, if there is none.
no_network = None


def add_address(number, address):
    """Gives the loopback interface one more address."""
    if ":" in address:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            request = struct.pack("16sI", b"lo", 0)
            index = struct.unpack("16sI", fcntl.ioctl(sock, SIOCGIFINDEX, request))[1]
            packed = socket.inet_pton(socket.AF_INET6, address.partition("%")[0])
            fcntl.ioctl(sock, SIOCSIFADDR, struct.pack("16sIi", packed, 128, index))
        return

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        label = f"lo:{number}".encode()
        for request, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, "255.255.255.255")):
            fcntl.ioctl(sock, request, struct.pack("16sHH4s8s", label, socket.AF_INET, 0,
                                                   socket.inet_aton(value), bytes(8)))


def enter_network():
    """A network of the test's own, with all the addresses."""
    teahouse.enter_own_network()
    for number, address in enumerate(PUBLIC + LOCAL):
        if address not in ("127.0.0.1", "127.1.2.3", "::1"):
            add_address(number, address)


def need_network():
    if no_network is not None:
        raise teahouse.Skipped(no_network)


def visit(stage, server, address):
    """A client that comes from an address."""
    return stage.client(server, host=address, source=address)


def count_datagrams():
    """How many datagrams have been sent in this network."""
    total = 0
    with open("/proc/self/net/snmp", encoding="ascii") as file:
        lines = [line.split() for line in file if line.startswith("Udp:")]
        total += int(dict(zip(*lines))["OutDatagrams"])
    with open("/proc/self/net/snmp6", encoding="ascii") as file:
        total += sum(int(line.split()[1]) for line in file if line.startswith("Udp6OutDatagrams"))
    return total


def pass_over(client, ending):
    """How many lines with that ending have come, and nothing else."""
    client.send(f"L {client.name}")
    count = 0
    while (data := client.receive()) != b"Y":
        expect(data.decode().endswith(ending), f"Something else came: {data!r}")
        count += 1
    return count


def forge(raw, source, destination, payload):
    """Sends a datagram with a sender that is not its own."""
    udp = struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, socket.IPPROTO_UDP,
                         0, socket.inet_aton(source[0]), socket.inet_aton(destination[0]))
    raw.sendto(header + udp, (destination[0], 0))


def test_public_addresses_are_refused(stage):
    """From outside the local networks classic is refused, with no more bytes than came."""
    need_network()
    server = stage.server()
    bob = stage.member(server, "Bob")
    for address in PUBLIC:
        client = visit(stage, server, address)
        for request in ("L Mei", "X", "C Mei hello", "E Bob", "C Bob hello", b"\xff", "L " * 1000):
            expect_equal(client.send(request).receive()[:1], b"N", f"Answer to {address}")
            expect_equal(len(client.inbox), 0, "More answers")
        client.send("L").expect("N")
    bob.expect_nothing()


def test_local_addresses_are_welcome(stage):
    """Loopback, link-local and private networks are local, in IPv4 and IPv6."""
    need_network()
    server = stage.server()
    members = []
    for number, address in enumerate(LOCAL):
        client = visit(stage, server, address)
        client.enter(f"Mei{number}")
        members.append(client)
    for number, client in enumerate(members):
        client.expect(*(f"Mei{later} entered the room"
                        for later in range(number + 1, len(members))))
        client.expect_nothing()


def test_anyone(stage):
    """--classic=anyone lets in who comes from outside."""
    need_network()
    server = stage.server("--classic=anyone")
    mei = visit(stage, server, "203.0.113.2").enter("Mei")
    bob = visit(stage, server, "2001:db8::2").enter("Bob")
    mei.expect("Bob entered the room")
    bob.say("hello")
    mei.expect("Bob ： hello").send("E Mei").expect("EXIT")
    bob.expect("Mei left the room")


def test_off(stage):
    """--classic=off lets nobody in."""
    need_network()
    server = stage.server("--classic=off")
    for address in LOCAL:
        client = visit(stage, server, address)
        for request in ("L Mei", "C Mei hello", "E Mei", "X"):
            client.send(request).expect_refusal()
    for address in PUBLIC:
        visit(stage, server, address).send("L Mei").expect("N")


def test_one_address_is_not_another(stage):
    """The same port at another address is somebody else."""
    need_network()
    server = stage.server()
    mei = visit(stage, server, "10.1.2.3").enter("Mei")
    bob = visit(stage, server, "::1").enter("Bob")
    mei.expect("Bob entered the room")

    for address in ("172.16.0.1", "192.168.7.8", "127.0.0.1"):
        other = stage.client(server, host=address, source=address,
                             port=mei.socket.getsockname()[1])
        other.send("C Mei it is me").expect_refusal()
        other.send("E Mei").expect_refusal()
    bob.expect_nothing()


def test_killed_far_away(stage):
    """A program that died is announced whatever address it had."""
    need_network()
    server = stage.server("--classic=anyone")
    bob = visit(stage, server, "127.0.0.1").enter("Bob")
    for address in ("203.0.113.2", "10.1.2.3", "2001:db8::2", "fd00::7", "fe80::7%lo"):
        mei = visit(stage, server, address).enter("Mei")
        bob.expect("Mei entered the room")
        mei.close()
        bob.say("are you there?").expect("Mei left the room")


def test_one_host(stage):
    """One host takes its share of the places, by however many ports; nobody else has to wait."""
    need_network()
    server = stage.server()
    bob = stage.member(server, "Bob")
    clients = [visit(stage, server, "10.1.2.3") for _ in range(100)]
    for number, client in enumerate(clients):
        client.send(f"L p{number}")
        if number % 10 == 9:
            pass_over(bob, "entered the room")
    answers = [client.receive().decode() for client in clients]
    n_inside = answers.count("Y")
    refusals = [answer for answer in answers if answer != "Y"]
    expect(40 <= n_inside <= 64, f"{n_inside} of one host are inside.")
    expect(all("Try again in" in answer for answer in refusals), f"Refused: {refusals}")

    visit(stage, server, "192.168.7.8").enter("Mei")
    stage.person(server, "Noor").wait_inside("Noor")


def test_forged_senders(stage):
    """However many forged senders ask to enter: they get a few places at a time, which are not
    those of others."""
    need_network()
    server = stage.server("--classic-joins", "5")
    bob = stage.member(server, "Bob")
    n_told = 0
    begun = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for number in range(500):
            source = (f"10.{number % 250}.{number // 250}.9", 4444)
            forge(raw, source, server.address(), f"L x{number}".encode())
            if number % 50 == 49:
                n_told += pass_over(bob, "entered the room")
    most = 12 * 5 + 5 * (time.monotonic() - begun)
    expect(1 <= n_told <= most + 1, f"{n_told} have entered, and {most:.0f} at most may have.")
    bob.say("hello")
    stage.person(server, "Noor").wait_inside("Noor")


def test_unproved_bytes(stage):
    """Who only has entered is sent a little at a time: it may be a forged sender."""
    need_network()
    server = stage.server("--classic-bytes", "100")
    bob = stage.member(server, "Bob")
    mei = visit(stage, server, "10.1.2.3").enter("Mei")
    for number in range(100):
        bob.say(f"{number:03}" + "x" * 97)
        if number % 10 == 9:
            bob.send("L Bob").expect(*(["Mei entered the room"] if number == 9 else []), "Y")
    stage.wait(lambda: mei.inbox, "something comes")
    bob.expect_nothing()
    n_bytes = sum(len(data) for data in mei.inbox)
    expect(n_bytes < 100 * 100 / 2, f"{n_bytes} bytes have come.")


def test_two_servers(stage):
    """Forged senders cannot make two servers answer each other for ever."""
    need_network()
    one, other = (stage.server("--address", "127.0.0.1") for _ in range(2))
    bob = stage.member(one, "Bob")
    ann = stage.member(other, "Ann")

    requests = ["", "\0", "X", "Y", "N", "N no", "OK", "EXIT", "E Mei", "Q Mei", "W Mei", "W 1/1 a",
                "C Mei hello", "C ： hello", "L L", "L C", "L E", "L W", "L Y", "L Mei", "L Mei",
                "E L", "W Mei", "C Mei C Mei hello", "C Mei L Lin", "L entered", "W Mei"]
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for request in requests:
            forge(raw, one.address(), other.address(), request.encode())
            forge(raw, other.address(), one.address(), request.encode())

    asking = [stage.client(server) for server in (one, other)]

    def ask(times):
        for _ in range(times):
            for client in asking:
                client.expect_nothing()

    def settle():
        # Who enters is let in once everything before that is stored and told.
        for server in (one, other) * 3:
            sam = stage.member(server, "Sam").send("E Sam")
            stage.wait(lambda: b"EXIT" in sam.inbox, "EXIT")

    # When both have had time for all that, the only datagrams are ours and their answers.
    settle()
    ask(50)
    before = count_datagrams()
    ask(50)
    expect_equal(count_datagrams() - before, 200, "Datagrams for 100 questions")

    # Each is in the other's room by now. What is said there makes no echo either.
    for member in (bob, ann):
        for text in ("hello", "L Lin", "C Mei hello"):
            member.say(text)
    settle()
    ask(50)
    before = count_datagrams()
    ask(50)
    expect_equal(count_datagrams() - before, 200, "Datagrams for 100 questions")
    for member, name in ((bob, "L"), (ann, "L")):
        member.expect(f"{name} entered the room")


if __name__ == "__main__":
    try:
        enter_network()
    except OSError as error:
        no_network = error.strerror
    sys.exit(teahouse.main(globals()))
