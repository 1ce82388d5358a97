#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the sample configuration and teahoused.conf(5) have every setting of the server;
tests/unit/test-server-config.c looks at whether the sample's values are the defaults."""

import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]


def find(pattern, path):
    return re.findall(pattern, (TOP / path).read_text(encoding="utf-8"), re.MULTILINE)


class Settings(unittest.TestCase):
    def setUp(self):
        self.keys = find(r'^  \{ (?:GROUP|LIMITS), "([a-z-]+)",', "src/server/tea-server-config.c")
        self.assertIn("port", self.keys)

    def test_sample(self):
        self.assertEqual(find(r"^#?([a-z-]+) =", "data/teahoused.conf"), self.keys)

    def test_manual_page(self):
        self.assertEqual(find(r"^\.It Cm (\S+)$", "data/man/teahoused.conf.5.in"), self.keys)

    def test_command_line(self):
        options = find(r'^    \{ "([a-z-]+)", 0, 0, G_OPTION_ARG_CALLBACK, setting_cb,$',
                       "src/server/teahoused.c")
        self.assertEqual(options, self.keys)


if __name__ == "__main__":
    unittest.main()
