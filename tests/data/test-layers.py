#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That each folder includes only what the table of layers in CONTRIBUTING.md allows, that no two
classes include each other, by whatever way, and that only the desktop program knows GTK."""

import graphlib
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `src/(\w+)/` +\| ([^|]+?) +\|$", re.MULTILINE)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
GTK = re.compile(r"^#include <(?:gtk|gdk|adwaita)", re.MULTILINE)


def read_layers():
    """What each folder may use, together with what that may use."""
    table = dict(ROW.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    named = {folder: [word for word in re.split(r"\W+", uses) if word in table]
             for folder, uses in table.items()}

    def reach(folder):
        return {folder}.union(*map(reach, named[folder]))

    return {folder: reach(folder) for folder in named}


def unit(path):
    """A header without a source file of its own belongs to the class whose name it goes on from."""
    words = path.stem.split("-")
    for n in range(len(words), 1, -1):
        name = "-".join(words[:n])
        if (path.parent / (name + ".c")).exists():
            return name
    return path.stem


class Layers(unittest.TestCase):
    def setUp(self):
        self.sources = {path.name: path for path in (ROOT / "src").rglob("*.[ch]")}
        self.texts = {path: path.read_text(encoding="utf-8") for path in self.sources.values()}
        self.includes = {path: [self.sources[name] for name in INCLUDE.findall(text)
                                if name in self.sources] for path, text in self.texts.items()}
        self.assertTrue(any(self.includes.values()))

    def folder(self, path):
        return path.relative_to(ROOT / "src").parts[0]

    def test_folders(self):
        layers = read_layers()
        self.assertEqual(set(layers), set(map(self.folder, self.texts)))
        self.assertEqual([f"{path.name} includes {other.name}"
                          for path, others in self.includes.items() for other in others
                          if self.folder(other) not in layers[self.folder(path)]], [])

    def test_classes(self):
        graph = {}
        for path, others in self.includes.items():
            graph.setdefault(unit(path), set()).update(map(unit, others))
        for name, others in graph.items():
            others.discard(name)
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            self.fail("These include each other: " + ", ".join(error.args[1]))

    def test_toolkit(self):
        self.assertEqual([path.name for path, text in self.texts.items()
                          if self.folder(path) != "app" and GTK.search(text)], [])


unittest.main()
