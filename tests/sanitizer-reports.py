#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints what sanitizers have reported, but for what is no fault: sanitizer-reports.py FILES...

When a program has more than 2,048 quarks, GLib makes a larger table of them and leaves the
first one, on purpose, to those who still read it. GLib makes it before anything of ours runs,
and no name in the stack tells so: it is known by its size, and that nothing called g_malloc.
And when a thread ends while leaks are looked for, LeakSanitizer says just that.
"""

import pathlib
import re
import sys

QUARKS = re.compile(r"""
=+
==[^=\n]*==\d+==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 16384 byte\(s\) in 1 object\(s\) allocated from:
    #0 .* in __interceptor_malloc .*
    #1 .* in g_malloc .*

SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation\(s\)\.
""")
THREAD_ENDED = re.compile(
    r"^==[^=\n]*==\d+==Unable to get registers from thread \d+\.\n", re.MULTILINE)

for name in sys.argv[1:]:
    report = pathlib.Path(name).read_text(errors="replace")
    print(THREAD_ENDED.sub("", QUARKS.sub("", report)), end="")
