#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That libteahouse exports what its headers declare, neither more nor less, and what
libteahouse.map lists: a name that goes away breaks programs.

test-exports.py LIBRARY HEADER…"""

import pathlib
import re
import subprocess
import sys
import unittest

MAP = pathlib.Path(__file__).resolve().parents[2] / "src/libteahouse/libteahouse.map"
LIBRARY, *HEADERS = sys.argv[1:]
del sys.argv[1:]


def declared(path):
    text = re.sub(r"/\*.*?\*/|^#.*?$", "", pathlib.Path(path).read_text(encoding="utf-8"),
                  flags=re.DOTALL | re.MULTILINE)
    types = re.findall(r"^G_DECLARE_\w+ \(\w+, (tea_\w+),", text, re.MULTILINE)
    return set(re.findall(r"\b(tea_\w+) \(", text)) | {name + "_get_type" for name in types}


class Exports(unittest.TestCase):
    def test_exports(self):
        lines = subprocess.run(["nm", "--dynamic", "--defined-only", LIBRARY], check=True,
                               stdout=subprocess.PIPE, text=True).stdout.splitlines()
        exported = {line.split()[-1] for line in lines}
        self.assertEqual(exported, set().union(*map(declared, HEADERS)))
        listed = re.findall(r"^  (\w+);$", MAP.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(sorted(exported), listed)

    def test_umbrella(self):
        umbrella, = (path for path in HEADERS if path.endswith("/tea.h"))
        included = re.findall(r'^#include "(.*)"$', pathlib.Path(umbrella).read_text(encoding="utf-8"),
                              re.MULTILINE)
        self.assertEqual(sorted(included + ["tea.h"]),
                         sorted(pathlib.Path(path).name for path in HEADERS))


if __name__ == "__main__":
    unittest.main()
