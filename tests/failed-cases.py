#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says in a few lines what failed in a "meson test": failed-cases.py LOG-FOLDER

The whole of what a program printed is far up, or too long to be found again. Of each that failed
this shows the cases that did, and why.
"""

import json
import pathlib
import sys

PASSED = ("OK", "EXPECTEDFAIL", "SKIP")
MAX_LINES = 12
MAX_WIDTH = 300
TRACEBACK = "Traceback (most recent call last):"


def list_reasons(program):
    """Lists the lines that say what failed, and why."""
    said = program.get("stdout", "").splitlines()
    reasons = [line for line in said if line.startswith(("not ok", "Bail out!"))]

    before, in_traceback = "", False
    for line in program.get("stderr", "").splitlines():
        if line.endswith(TRACEBACK):
            reasons.append(line.removesuffix(TRACEBACK) or before)
            in_traceback = True
        elif in_traceback and line and not line[0].isspace():
            reasons.append(line)
            in_traceback = False
        elif "ERROR:" in line or "-CRITICAL **" in line or "-WARNING **" in line:
            reasons.append(line)
        before = line

    # What ended without a word, or did not end, was at what came after this.
    if not reasons:
        reasons = [f"after: {line}" for line in said if line.startswith("ok ")][-1:]
    return [line[:MAX_WIDTH] for line in dict.fromkeys(reasons) if line]


def main():
    log = pathlib.Path(sys.argv[1]) / "testlog.json"
    if not log.exists():
        sys.exit("No test ran.")

    for line in log.read_text(encoding="utf-8").splitlines():
        program = json.loads(line)
        if program["result"] in PASSED:
            continue
        print(f"{program['name']}: {program['result']}, exit status {program['returncode']}")
        reasons = list_reasons(program)
        for line in reasons[:MAX_LINES]:
            print(f"    {line}")
        if len(reasons) > MAX_LINES:
            print(f"    and {len(reasons) - MAX_LINES} lines more")


if __name__ == "__main__":
    main()
