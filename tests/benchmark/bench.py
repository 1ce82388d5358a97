#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a delivery costs a server: ours, those of others that are installed, and the least that
any would need, in one run on loopback. "./dev bench" builds what this needs and runs it.

The server has one core and its guests another. Times are those of this machine and of this
minute: what can be compared are the ratios."""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

# Nothing is left behind in the source folder.
sys.dont_write_bytecode = True

SIZES = [10, 100, 1000]
LOSSES = [1, 5, 10]
LIGHT_GUESTS = 100
LIGHT_RATE = 50
SENDERS = 8
# So many deliveries are to be measured at least, and so many messages at most.
DELIVERIES = 1000000
MESSAGES = 16000

NGIRCD = """[Global]
Name = bench.invalid
Info = bench
Listen = 127.0.0.1
Ports = {port}
PidFile =
MotdPhrase = none
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
"""

INSPIRCD = """<server name="bench.invalid" description="bench" network="bench" id="1AA">
<admin name="bench" nick="bench" email="bench@bench.invalid">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" pingfreq="600" hardsendq="100000000" softsendq="100000000"
 recvq="1000000" localmax="100000" globalmax="100000" maxconnwarn="no" threshold="1000000"
 commandrate="100000000" fakelag="no" maxchans="10" resolvehostnames="no" useident="no">
<performance softlimit="100000" somaxconn="4096" netbuffersize="65535" quietbursts="yes">
<files motd="/dev/null">
<pid file="{folder}/pid">
<dns server="127.0.0.1" timeout="1">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="{folder}/log">
"""

MOSQUITTO = """listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
set_tcp_nodelay true
"""


class Failed(Exception):
    pass


class Server:
    """A program that serves, pinned to the first core."""

    name = None
    protocol = None
    # Of what ours does, what it does, too.
    properties = ""
    # Where its folder is; None for where temporary files are.
    place = None

    def __init__(self, build, core):
        self.build = build
        self.core = core

    def is_there(self):
        return True

    def arguments(self, folder, port):
        raise NotImplementedError

    @contextlib.contextmanager
    def run(self, extra=()):
        with tempfile.TemporaryDirectory(prefix="teahouse-bench-", dir=self.place) as folder:
            # Some give up root's rights, and still have to read their settings there.
            os.chmod(folder, 0o755)
            port = free_port()
            process = subprocess.Popen(
                self.arguments(folder, port) + list(extra), cwd=folder,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env=os.environ | {"GOMAXPROCS": "1", "LC_ALL": "C.UTF-8"},
                preexec_fn=lambda: os.sched_setaffinity(0, {self.core}))
            try:
                yield process, self.wait(process, port)
            finally:
                process.terminate()
                try:
                    process.communicate(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.communicate()

    def wait(self, process, port):
        """Until it takes connections."""
        drain(process.stdout)
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return port
            time.sleep(0.02)
        raise Failed(f"{self.name} did not start")


class Teahoused(Server):
    name = "Teahouse"
    protocol = "teahouse"
    properties = "encrypted, stored"

    def arguments(self, folder, port):
        return [self.build / "src/server/teahoused", "--address=127.0.0.1", "--port=0",
                f"--data-dir={folder}/data", "--messages-per-second=0",
                "--bytes-per-second=0", "--max-clients=20000", "--max-people=20000"]

    def wait(self, process, port):
        for line in process.stdout:
            match = re.match(rb"Listening on udp://127\.0\.0\.1:(\d+)", line)
            if match:
                drain(process.stdout)
                return int(match[1])
        raise Failed("teahoused did not start")


class InMemory(Teahoused):
    name = "Teahouse, log in memory"
    properties = "encrypted"
    place = "/dev/shm"

    def is_there(self):
        return os.path.isdir(self.place)


class Floor(Server):
    def __init__(self, build, core, kind):
        super().__init__(build, core)
        self.kind = kind
        self.protocol = f"floor-{kind}"
        self.name = {"plain": "floor: plain UDP, a datagram a delivery",
                     "sealed": "floor: UDP, coalesced, encrypted for each"}[kind]
        self.properties = {"plain": "", "sealed": "encrypted"}[kind]

    def arguments(self, folder, port):
        return [self.build / "tests/benchmark/benchmark-floor", self.kind]

    def wait(self, process, port):
        return int(process.stdout.readline())


class Ngircd(Server):
    name = "ngircd"
    protocol = "irc"

    def is_there(self):
        return find("ngircd")

    def arguments(self, folder, port):
        config = pathlib.Path(folder, "ngircd.conf")
        config.write_text(NGIRCD.format(port=port))
        return [find("ngircd"), "--nodaemon", "--config", config]


class Inspircd(Server):
    name = "inspircd"
    protocol = "irc"

    def is_there(self):
        return find("inspircd")

    def arguments(self, folder, port):
        config = pathlib.Path(folder, "inspircd.conf")
        config.write_text(INSPIRCD.format(port=port, folder=folder))
        return [find("inspircd"), "--nofork", "--runasroot", f"--config={config}"]


class Nats(Server):
    name = "nats-server"
    protocol = "nats"

    def is_there(self):
        return find("nats-server")

    def arguments(self, folder, port):
        return [find("nats-server"), "--addr=127.0.0.1", f"--port={port}"]


class Mosquitto(Server):
    name = "mosquitto"
    protocol = "mqtt"

    def is_there(self):
        return find("mosquitto")

    def arguments(self, folder, port):
        config = pathlib.Path(folder, "mosquitto.conf")
        config.write_text(MOSQUITTO.format(port=port))
        return [find("mosquitto"), "-c", config]


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def drain(stream):
    """Throws away what else is printed, so that nobody waits for us to read it."""
    subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.DEVNULL)


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = options.build.absolute()
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.guests_core = cores[0], cores[-1]
        self.failures = []
        self.results = {}

    def servers(self):
        candidates = [Teahoused(self.build, self.server_core),
                      InMemory(self.build, self.server_core),
                      Floor(self.build, self.server_core, "sealed"),
                      Floor(self.build, self.server_core, "plain")]
        candidates += [kind(self.build, self.server_core)
                       for kind in (Ngircd, Inspircd, Nats, Mosquitto)]
        return [server for server in candidates
                if server.is_there() and (not self.options.servers
                                          or server.name.split()[0].rstrip(":,").lower()
                                          in self.options.servers)]

    def crowd(self, protocol, port, pid, *arguments, limit=60):
        """Runs the guests. Returns: what they have counted."""
        result = subprocess.run(
            [self.build / "tests/benchmark/benchmark-crowd", f"--protocol={protocol}",
             f"--port={port}", f"--pid={pid}", f"--senders={SENDERS}", f"--limit={limit}",
             f"--settle={self.options.settle}", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=4 * limit + 60,
            preexec_fn=lambda: os.sched_setaffinity(0, {self.guests_core}))
        try:
            counted = json.loads(result.stdout)
        except json.JSONDecodeError:
            raise Failed(f"no guests: {result.stderr}") from None
        if not counted["whole"] or counted["failed"]:
            counted["trouble"] = result.stderr.strip() or "not all was heard"
        return counted

    def measure(self, server, title, *arguments, **limits):
        try:
            with server.run() as (process, port):
                counted = self.crowd(server.protocol, port, process.pid, *arguments, **limits)
        except Failed as failure:
            counted = {"trouble": str(failure)}
        if "trouble" in counted:
            self.failures.append(f"{server.name}, {title}: {counted['trouble']}")
            print(f"{server.name}, {title}: {counted['trouble']}", file=sys.stderr)
        return counted

    def repeat(self, title, servers, *arguments, **limits):
        """Each server in turn, and all of them again, so that what else the machine does hits
        them alike. Returns: what was counted, by the name of the server."""
        found = {server.name: [] for server in servers}
        for turn in range(self.options.rounds):
            for server in servers:
                print(f"{title}, {turn + 1} of {self.options.rounds}: {server.name}",
                      file=sys.stderr)
                found[server.name].append(self.measure(server, title, *arguments, **limits))
        return found

    def saturation(self):
        for size in self.options.sizes:
            messages = min(MESSAGES, DELIVERIES // size)
            messages -= messages % SENDERS
            if self.options.brief:
                messages = 10 * SENDERS
            found = self.repeat(f"saturation, {size} members", self.servers(),
                                f"--guests={size}", f"--messages={messages}")
            self.results[f"saturation-{size}"] = {
                name: talk(counted) for name, counted in found.items()}

    def light(self):
        guests = min(LIGHT_GUESTS, max(self.options.sizes))
        servers = [server for server in self.servers() if not isinstance(server, Floor)]
        found = self.repeat(f"light load, {guests} members", servers, f"--guests={guests}",
                            f"--rate={LIGHT_RATE}",
                            f"--messages={int(LIGHT_RATE * self.options.seconds)}")
        self.results["light"] = {name: talk(counted) for name, counted in found.items()}

    def many(self):
        """As many as a house is for, who say little."""
        servers = [server for server in self.servers() if type(server) is Teahoused]
        size = self.options.many
        found = self.repeat(f"{size} members, 5 messages a second", servers, f"--guests={size}",
                            "--rate=5", f"--messages={int(5 * self.options.seconds) // 8 * 8}",
                            limit=120)
        self.results[f"many-{size}"] = {name: talk(counted) for name, counted in found.items()}

    def loss(self):
        """Ours alone: what a network does to TCP is the kernel's, and needs the right to
        change it."""
        servers = [server for server in self.servers() if type(server) is Teahoused]
        for delay in self.options.delays:
            for loss in LOSSES:
                for server in servers:
                    title = f"loss of {loss} % with {delay} ms each way"
                    print(title, file=sys.stderr)
                    counted = [self.measure_lossy(server, title, loss, delay)
                               for turn in range(self.options.rounds)]
                    self.results.setdefault(f"loss-{loss}-{delay}", {})[server.name] \
                        = talk(counted)

    def measure_lossy(self, server, title, loss, delay):
        with server.run() as (process, port):
            relay = subprocess.Popen(
                [self.build / "tests/support/lossy-relay", f"--do=loss {loss / 100} {loss / 100}",
                 f"--do=delay {delay}", str(port)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                preexec_fn=lambda: os.sched_setaffinity(0, {self.guests_core}))
            try:
                counted = self.crowd(server.protocol, int(relay.stdout.readline()), process.pid,
                                     "--guests=20", "--rate=20",
                                     f"--messages={int(20 * self.options.seconds)}")
            finally:
                relay.stdin.close()
                relay.wait(10)
        if "trouble" in counted:
            self.failures.append(f"{server.name}, {title}: {counted['trouble']}")
        return counted

    def joins(self):
        size = max(self.options.sizes)
        servers = [server for server in self.servers() if not isinstance(server, Floor)]
        found = self.repeat(f"{size} join at once", servers, f"--guests={size}",
                            f"--at-once={size}",
                            f"--idle={self.options.seconds}")
        self.results["joins"] = {}
        for name, counted in found.items():
            counted = [one for one in counted if "idle" in one]
            if counted:
                self.results["joins"][name] = {
                    "seconds": middle(one["enter"]["seconds"] for one in counted),
                    "server_cpu": middle(one["enter"]["server_cpu"] for one in counted),
                    "idle_cpu_a_minute": middle(one["idle"]["server_cpu"] * 60
                                                / one["idle"]["seconds"] for one in counted),
                    "wakeups": middle(one["wakeups"] for one in counted),
                    "memory_before_kib": middle(one["memory_before"] for one in counted),
                    "memory_a_member_kib": middle((one["memory"] - one["memory_before"]) / size
                                                  for one in counted),
                    "rounds": len(counted)}

    def start_up(self):
        """How long until it is ready with much in its log, after a clean end and without one."""
        if not self.options.events:
            return
        self.results["start_up"] = {}
        for server in self.servers():
            if type(server) is Teahoused:
                self.results["start_up"][server.name] = self.measure_start(server)

    def measure_start(self, server):
        with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder:
            subprocess.run([self.build / "tests/benchmark/benchmark-fill", f"{folder}/data",
                            str(self.options.events)], check=True)
            taken = {"events": self.options.events}
            # Who is here has to be found in the whole log the first time.
            for name, end in [("replayed_ms", signal.SIGTERM), ("clean_ms", signal.SIGKILL),
                              ("killed_ms", signal.SIGTERM)]:
                start = time.monotonic()
                with subprocess.Popen(
                        server.arguments(folder, 0), stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        preexec_fn=lambda: os.sched_setaffinity(0, {self.server_core})) as process:
                    server.wait(process, 0)
                    taken[name] = (time.monotonic() - start) * 1000
                    process.send_signal(end)
            return taken

    def run(self):
        for part in self.options.parts:
            getattr(self, part)()
        return {"rounds": self.options.rounds, "versions": self.versions(),
                "results": self.results, "failures": self.failures}

    def versions(self):
        found = {"kernel": os.uname().release}
        for program in ("ngircd", "inspircd", "nats-server", "mosquitto"):
            package = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", program],
                                     capture_output=True, text=True, check=False)
            if find(program) and package.returncode == 0:
                found[program] = package.stdout
        return found


def middle(numbers):
    numbers = list(numbers)
    return statistics.median(numbers) if numbers else None


def talk(counted):
    """Returns: the medians of what was counted in some rounds."""
    talks = [one["talk"] for one in counted if one.get("talk", {}).get("deliveries")]
    if not talks:
        return None
    return {
        "us_a_delivery": middle(one["server_cpu"] * 1e6 / one["deliveries"] for one in talks),
        "cpu_percent": middle(100 * one["server_cpu"] / one["seconds"] for one in talks),
        "own_us_a_delivery": middle(one["own_cpu"] * 1e6 / one["deliveries"] for one in talks),
        "datagrams_a_delivery": middle(one["datagrams"] / one["deliveries"] for one in talks),
        "bytes_a_delivery": middle(one["bytes"] / one["deliveries"] for one in talks),
        "p50_ms": middle(one["p50"] for one in talks),
        "p99_ms": middle(one["p99"] for one in talks),
        "repeats_a_message": middle(one["repeats"] / one["messages"] for one in talks),
        "lost": sum(one["lost"] for one in talks),
        "disordered": sum(one["disordered"] for one in talks),
        "rounds": len(talks)}


def ratio(value, base):
    return f"{value / base:.2f}" if value is not None and base else "–"


def print_table(head, rows):
    widths = [max(len(str(row[i])) for row in [head] + rows) for i in range(len(head))]
    for row in [head] + rows:
        print("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
    print()


def number(value, digits=2):
    return "–" if value is None else f"{value:.{digits}f}"


def report(found):
    """What people read. Ours is 1 wherever others are compared with it."""
    results = found["results"]
    sizes = [part for part in results if part.startswith("saturation-")]
    if sizes:
        names = list(results[sizes[0]])
        print(f"Server CPU for a delivery, in µs and in ratio to {Teahoused.name}\n"
              f"({SENDERS} senders with 16 messages of 60 characters under way each; "
              "and at light load)")
        columns = sizes + (["light"] if "light" in results else [])
        rows = []
        for name in names:
            row = [name]
            for part in columns:
                one = results[part].get(name)
                ours = results[part].get(Teahoused.name)
                row += [number(one and one["us_a_delivery"]),
                        ratio(one and one["us_a_delivery"], ours and ours["us_a_delivery"])]
            rows.append(row)
        head = [""]
        for part in columns:
            head += [part.replace("saturation-", "N="), "ratio"]
        print_table(head, rows)

        print("Datagrams (or reads) and bytes a delivery; the guests' own CPU, µs")
        print_table([""] + [cell for part in columns for cell in
                            (part.replace("saturation-", "N="), "bytes", "guests")],
                    [[name] + [cell for part in columns for cell in (
                        (lambda one: (number(one and one["datagrams_a_delivery"], 3),
                                      number(one and one["bytes_a_delivery"], 0),
                                      number(one and one["own_us_a_delivery"])))
                        (results[part].get(name)))] for name in names])

    if "light" in results:
        print(f"Latency at light load ({LIGHT_RATE} messages a second), ms")
        print_table(["", "p50", "p99"],
                    [[name, number(one["p50_ms"], 1), number(one["p99_ms"], 1)]
                     for name, one in results["light"].items() if one])

    for part in results:
        if part.startswith("many-"):
            print(f"{part.removeprefix('many-')} members, 5 messages a second")
            print_table(["", "CPU %", "p50 ms", "p99 ms", "datagrams a delivery"],
                        [[name, number(one["cpu_percent"], 0), number(one["p50_ms"], 1),
                          number(one["p99_ms"], 1), number(one["datagrams_a_delivery"])]
                         for name, one in results[part].items() if one])

    losses = [part for part in results if part.startswith("loss-")]
    if losses:
        print("Latency with loss each way (20 members, 20 messages a second), ms")
        rows = []
        for part in losses:
            _, loss, delay = part.split("-")
            for name, one in results[part].items():
                if one:
                    rows.append([f"{name}, {loss} %, {delay} ms each way",
                                 number(one["p50_ms"], 1), number(one["p99_ms"], 1),
                                 number(one["datagrams_a_delivery"]), one["lost"],
                                 one["disordered"]])
        print_table(["", "p50", "p99", "datagrams", "lost", "disordered"], rows)

    if results.get("joins"):
        print("All join at once, then nobody says anything")
        print_table(["", "s", "CPU s", "idle CPU s/min", "wake-ups/s", "KiB a member", "KiB before"],
                    [[name, number(one["seconds"]), number(one["server_cpu"]),
                      number(one["idle_cpu_a_minute"]), number(one["wakeups"], 1),
                      number(one["memory_a_member_kib"], 1),
                      number(one["memory_before_kib"], 0)]
                     for name, one in results["joins"].items()])

    if results.get("start_up"):
        for name, one in results["start_up"].items():
            print(f"{name} starts with {one['events']} events: {one['clean_ms']:.0f} ms after a "
                  f"clean end, {one['killed_ms']:.0f} ms after none, {one['replayed_ms']:.0f} ms "
                  "where all has to be read again\n")
    for failure in found["failures"]:
        print(f"Did not work: {failure}")


PARTS = ["saturation", "light", "many", "loss", "joins", "start_up"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="where it was built")
    parser.add_argument("--json", action="store_true", help="print JSON and no table")
    parser.add_argument("--picture", type=pathlib.Path, metavar="FILE", help="draw an SVG")
    parser.add_argument("--brief", action="store_true",
                        help="a few members for a moment: whether it works at all")
    parser.add_argument("--rounds", type=int, default=3, help="medians of so many (3)")
    parser.add_argument("--seconds", type=float, default=10, help="of light load (10)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N",
                        help="how many members")
    parser.add_argument("--many", type=int, default=4000, metavar="N",
                        help="how many members say little (4000)")
    parser.add_argument("--delays", type=int, nargs="+", default=[0, 20], metavar="MS",
                        help="each way, with loss")
    parser.add_argument("--events", type=int, default=200000,
                        help="in the log with which it starts (200000)")
    parser.add_argument("--servers", nargs="+", metavar="NAME",
                        help="only these: teahouse, floor, ngircd, inspircd, nats-server, mosquitto")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, metavar="PART",
                        help="only these: " + ", ".join(PARTS))
    options = parser.parse_args()
    options.settle = 2
    if options.brief:
        options.rounds, options.seconds, options.sizes = 1, 1, [10]
        options.delays, options.events, options.settle = [5], 1000, 0.1
        options.many = 20
    return options


def main():
    options = parse()
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda *ignored: sys.exit(128 + signal.SIGTERM))
    found = Bench(options).run()
    if options.picture:
        import bench_picture
        options.picture.write_text(bench_picture.draw(found), encoding="utf-8")
    if options.json:
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        report(found)
    # Ours, and the floors, have to work; a server of somebody else's may be set up otherwise.
    ours = [failure for failure in found["failures"] if re.match("Teahouse|floor", failure)]
    lost = [part for part, servers in found["results"].items() for name, one in servers.items()
            if name.startswith("Teahouse") and one and (one.get("lost") or one.get("disordered"))]
    for part in lost:
        print(f"{part}: messages were lost, or came twice or in another order", file=sys.stderr)
    return 1 if ours or lost else 0


if __name__ == "__main__":
    sys.exit(main())
