#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs that watch a server are told of it, by HTTP and in its log."""

import json
import os
import pathlib
import re
import resource
import signal
import socket
import sys
import urllib.error
import urllib.request

import teahouse
from teahouse import expect, expect_equal

HAS_METRICS = "HAS_METRICS" in os.environ
SAMPLE = re.compile(r'^(teahouse_[a-z_]+)(?:\{([a-z]+)="([^"]*)"\})? ([0-9.e+-]+|\+Inf)$')


class Watched:
    """A server and where it tells how it is."""

    def __init__(self, stage, *arguments, **keywords):
        if not HAS_METRICS:
            raise teahouse.Skipped("it was built without metrics")
        self.stage = stage
        self.server = stage.server("--metrics", "0", *arguments, **keywords)
        self.server.wait_err("/metrics")
        self.port = int(re.search(rb"http://127\.0\.0\.1:(\d+)/metrics", self.server.err)[1])

    def ask(self, path, method="GET"):
        """Status, headers and text of an answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=teahouse.LIMIT) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def numbers(self):
        """Every number by its name and label."""
        found = {}
        for line in self.ask("/metrics")[2].splitlines():
            if not line.startswith("#"):
                name, _, label, value = SAMPLE.match(line).groups()
                expect((name, label) not in found, f"{name} is there twice")
                found[name.removeprefix("teahouse_"), label] = float(value)
        return found

    def wait(self, name, value, label=None):
        self.stage.wait(lambda: self.numbers()[name, label] == value, f"{name} is {value}")


def test_numbers(stage):
    """People, sessions, events and what was sent are counted."""
    watched = Watched(stage)
    expect_equal(watched.numbers()["people", None], 0, "People at first")
    mei = stage.person(watched.server, "Mei").wait_inside("Mei")
    noor = stage.person(watched.server, "Noor").wait_inside("Noor")
    bo = stage.member(watched.server, "Bo")
    for person in (mei, noor):
        person.wait_inside("Bo")
    mei.say("one", "two")
    noor.wait_texts(["one", "two"])
    bo.expect("Mei ： one", "Mei ： two")

    watched.wait("events_total", 2, "message")
    numbers = watched.numbers()
    for (name, label), value in {
        ("people", None): 3,
        ("sessions", "secure"): 2,
        ("sessions", "classic"): 1,
        ("rooms", None): 1,
        ("events_total", "joined"): 3,
        ("events_total", "left"): 0,
        ("handshakes_total", "full"): 2,
        ("handshakes_total", "resumed"): 0,
        ("handshakes_pending", None): 0,
        ("disk_works", None): 1,
        ("database_damaged", None): 0,
    }.items():
        expect_equal(numbers[name, label], value, f"{name} {label or ''}")
    # Each is told what the other says, and what they say themselves.
    expect(numbers["deliveries_total", None] >= 4, "Hardly anything was delivered.")
    for name in ("datagrams_received_total", "datagrams_sent_total", "packets_sent_total",
                 "commit_seconds_count", "commit_seconds_sum", "disk_free_bytes"):
        expect(numbers[name, None] > 0, f"{name} is nothing.")

    bo.send("E Bo").expect("EXIT")
    watched.wait("sessions", 0, "classic")
    watched.wait("people", 2)
    watched.wait("events_total", 1, "left")


def test_format(stage):
    """Each number has a type and words, and the buckets of the histogram rise."""
    watched = Watched(stage)
    stage.person(watched.server, "Mei").wait_inside("Mei")
    status, headers, text = watched.ask("/metrics")
    expect_equal((status, headers.get_content_type(), headers.get_param("version")),
                 (200, "text/plain", "0.0.4"), "The answer is")
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    expect_equal(set(families), set(re.findall(r"^# HELP (\S+) \S.*\.$", text, re.MULTILINE)),
                 "What has words")
    for line in text.splitlines():
        if not line.startswith("#"):
            name = SAMPLE.match(line)[1]
            family = re.sub("_(bucket|sum|count)$", "", name)
            kind = families.get(name) or families[family]
            expect((kind == "counter") == name.endswith("_total"), f"{name} is a {kind}")
    buckets = [float(n) for n in re.findall(r'_bucket\{le="[^"]+"\} (\d+)', text)]
    expect(buckets == sorted(buckets) and buckets[-1] > 0, f"Buckets: {buckets}")


def test_dashboard(stage):
    """The dashboard shows all that is served, and nothing else."""
    watched = Watched(stage)
    served = {f"teahouse_{name}" for name, _ in watched.numbers()}
    dashboard = json.loads(pathlib.Path(os.environ["DASHBOARD"]).read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    shown = {name for panel in panels for target in panel["targets"]
             for name in re.findall(r"teahouse_\w+", target["expr"])}
    expect_equal(shown ^ served, set(), "Shown or served alone")
    labels = {name: label for name, label in
              re.findall(r'^(teahouse_\w+)\{(\w+)=', watched.ask("/metrics")[2], re.MULTILINE)}
    for panel in panels:
        for target in panel["targets"]:
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                name = re.search(r"teahouse_\w+", target["expr"])[0]
                expect_equal(labels.get(name), label, f"Label of {name}")
    expect_equal(len({panel["id"] for panel in panels}), len(panels), "Numbers of panels")


def test_requests(stage):
    """Only two things can be asked for, and only from this machine's own address."""
    watched = Watched(stage)
    for method, path, wanted in (("GET", "/healthz", 200), ("HEAD", "/metrics", 200),
                                 ("GET", "/", 404), ("GET", "/metrics/", 404),
                                 ("POST", "/metrics", 405), ("DELETE", "/healthz", 405)):
        status, headers, text = watched.ask(path, method)
        expect_equal(status, wanted, f"{method} {path}")
        expect_equal(headers.get("Allow"), "GET, HEAD" if wanted == 405 else None, "Allowed")
        expect_equal(bool(text), method != "HEAD", f"Whether {method} has an answer's body")
    with socket.socket() as other:
        expect(other.connect_ex(("127.0.0.2", watched.port)) != 0, "It listens elsewhere, too.")

    # Who asks for nothing, and many at once, keep nobody from talking.
    idle = [socket.create_connection(("127.0.0.1", watched.port)) for _ in range(40)]
    stage.person(watched.server, "Mei").wait_inside("Mei")
    for connection in idle:
        connection.close()
    stage.wait(lambda: watched.ask("/healthz")[0] == 200, "it answers again")


def test_health(stage):
    """A disk that takes nothing is told, and that it does again."""
    watched = Watched(stage, prepare=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN))
    mei = stage.person(watched.server, "Mei").wait_inside("Mei")
    expect_equal(watched.ask("/healthz")[2], "ok\n", "In health")

    def limit_files(size):
        resource.prlimit(watched.server.process.pid, resource.RLIMIT_FSIZE,
                         (size, resource.RLIM_INFINITY))

    limit_files(1)
    mei.say("something")
    stage.wait(lambda: watched.ask("/healthz")[0] == 503, "it is not well")
    expect("database" in watched.ask("/healthz")[2], "It does not say why.")
    expect_equal(watched.numbers()["disk_works", None], 0, "The disk works")
    limit_files(resource.RLIM_INFINITY)
    stage.wait(lambda: watched.ask("/healthz")[0] == 200, "it is well again")
    expect_equal(watched.numbers()["disk_works", None], 1, "The disk works")


def test_limits(stage):
    """Who wants more than they may have is counted by what they want."""
    watched = Watched(stage, "--messages-per-second", "1", "--max-people", "1")
    mei = stage.person(watched.server, "Mei").wait_inside("Mei")
    mei.say(*(f"word {number}" for number in range(6)))
    stage.wait(lambda: watched.numbers()["limits_met_total", "messages"] > 0, "somebody has to wait")
    stage.person(watched.server, "Noor")
    stage.wait(lambda: watched.numbers()["limits_met_total", "people"] > 0, "somebody is too many")


def test_handshakes(stage):
    """Handshakes that come to nothing are counted by why."""
    watched = Watched(stage, "--max-clients", "1")
    stage.person(watched.server, "Mei").wait_inside("Mei")
    stage.person(watched.server, "Noor")
    stage.wait(lambda: watched.numbers()["handshakes_failed_total", "full"] > 0, "there is no place")
    expect_equal(watched.numbers()["sessions", "secure"], 1, "Sessions")


def test_flood(stage):
    """However much is thrown away, the log has a line for it: what, how much, from where."""
    watched = Watched(stage)
    flooder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sent = 0

    def said():
        return [line for line in watched.server.err.decode().splitlines() if "Dropped" in line]

    def flood():
        nonlocal sent
        for _ in range(50):
            flooder.sendto(bytes([0xC0]) * 9, watched.server.address())
        sent += 50
        return len(said()) >= 2

    stage.wait(flood, "it is told twice")
    flooder.close()
    for line in said():
        found = re.search(r"in (\d+) s: (\d+) datagrams of no protocol, (\d+) % of them from "
                          r"127\.0\.0\.0/24; (\d+) in all$", line)
        expect(found, f"Not what, how much and from where: {line!r}")
        expect(0 < int(found[2]) <= sent and int(found[3]) == 100, f"Wrong numbers: {line!r}")
    dropped = watched.numbers()["datagrams_dropped_total", "nonsense"]
    expect(0 < dropped <= sent, f"{dropped} of {sent} were dropped")
    # A quiet server tells nothing of it, and the line is not repeated.
    expect(len(said()) <= 3, f"It says {said()}")


def test_port_taken(stage):
    """Where the port is somebody else's, the server serves all the same, and says so."""
    watched = Watched(stage)
    other = stage.server("--metrics", watched.port)
    other.wait_err("There are no metrics")
    stage.member(other, "Mei")


def test_off(stage):
    """Nothing is told unless that is asked for; a server that was built without says so."""
    server = stage.server()
    stage.member(server, "Mei")
    expect("etrics" not in server.err.decode(), f"It says {server.err!r}")
    for word in ("on", "70000", "-1"):
        program = stage.program("teahoused", f"--metrics={word}").wait_exit(2)
        expect("metrics" in program.err.decode(), f"It says {program.err!r}")
    server = stage.server("--metrics", "0")
    server.wait_err("Metrics are at" if HAS_METRICS else "There are no metrics")
    stage.member(server, "Mei")


if __name__ == "__main__":
    sys.exit(teahouse.main(globals()))
