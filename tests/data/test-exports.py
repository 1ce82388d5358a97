#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That programs which were built with libteahouse go on working: it exports what its headers
declare, neither more nor less, and what libteahouse.map lists; enumerations keep the numbers
that libteahouse.enums lists; no program can know how large anything is.

test-exports.py LIBRARY HEADER…"""

import pathlib
import re
import subprocess
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src/libteahouse"
MAP = FOLDER / "libteahouse.map"
ENUMS = FOLDER / "libteahouse.enums"
LIBRARY, *HEADERS = sys.argv[1:]
del sys.argv[1:]


def code(path):
    return re.sub(r"/\*.*?\*/|^#.*?$", "", pathlib.Path(path).read_text(encoding="utf-8"),
                  flags=re.DOTALL | re.MULTILINE)


def declared(path):
    text = code(path)
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

    def test_name(self):
        dynamic = subprocess.run(["readelf", "--dynamic", "--wide", LIBRARY], check=True,
                                 stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.*)\]", dynamic), ["libteahouse-1.so.0"])

    def test_enums(self):
        numbers = []
        for path in HEADERS:
            for body in re.findall(r"\benum\s*\{(.*?)\}", code(path), re.DOTALL):
                for number, item in enumerate(body.strip().rstrip(",").split(",")):
                    name, shift = re.fullmatch(r"(\w+)(?: = 1 << (\d+))?", item.strip()).groups()
                    numbers.append(f"{name} {number if shift is None else 1 << int(shift)}")
        self.assertEqual(sorted(numbers), ENUMS.read_text(encoding="utf-8").splitlines())

    def test_opaque(self):
        for path in HEADERS:
            rest = re.sub(r"\benum\s*\{.*?\}", "", code(path), flags=re.DOTALL)
            self.assertNotIn("{", rest, path)
            self.assertNotIn("G_DECLARE_DERIVABLE_TYPE", rest, path)

    def test_umbrella(self):
        umbrella, = (path for path in HEADERS if path.endswith("/tea.h"))
        included = re.findall(r'^#include "(.*)"$', pathlib.Path(umbrella).read_text(encoding="utf-8"),
                              re.MULTILINE)
        self.assertEqual(sorted(included + ["tea.h"]),
                         sorted(pathlib.Path(path).name for path in HEADERS))


if __name__ == "__main__":
    unittest.main()
