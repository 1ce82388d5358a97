#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts single test cases after "meson test": count-results.py LOG-FOLDER STATUS

STATUS is what meson exited with. The last line printed is "N passed, N failed", with
", N skipped" if there are any; the exit status is 0 only if something passed and
nothing failed.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

RESULTS = {"OK": "passed", "EXPECTEDFAIL": "passed", "SKIP": "skipped"}


def read_programs(logs):
    """Lists (name, result) of the programs that ran."""
    try:
        lines = (logs / "testlog.json").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []

    programs = [json.loads(line) for line in lines]
    return [(program["name"], RESULTS.get(program["result"], "failed")) for program in programs]


def read_cases(logs):
    """Maps the name of each program that told its cases one by one to their results."""
    try:
        root = ElementTree.parse(logs / "testlog.junit.xml").getroot()
    except (OSError, ElementTree.ParseError):
        return {}

    cases = {}
    for suite in root.iter("testsuite"):
        # "PROJECT.PROGRAM"; the suite "PROJECT" holds the programs that told nothing.
        _, _, name = suite.get("name").partition(".")
        if name:
            cases[name] = [read_case(case) for case in suite.iter("testcase")]
    return cases


def read_case(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def main():
    logs, status = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    cases = read_cases(logs)

    results = []
    for name, result in read_programs(logs):
        results += cases.get(name, [result])
        # One that crashed or ran out of time may have told of nothing but success.
        if result == "failed" and "failed" not in cases.get(name, [result]):
            results.append("failed")

    passed, failed, skipped = (results.count(r) for r in ("passed", "failed", "skipped"))
    if failed == 0 and (status != 0 or not results):
        print(f"No test ran, or meson itself failed (status {status}).")
        failed = 1

    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
