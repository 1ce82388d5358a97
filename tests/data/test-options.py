#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the manual page of a program, and the completions of every shell, know exactly the
options that it has: test-options.py PROGRAM"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

DATA = pathlib.Path(__file__).resolve().parents[2] / "data"
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"

# Of GApplication and GOption; to be mentioned, but not everywhere.
OF_THE_TOOLKIT = {"--help-all", "--help-gapplication", "--gapplication-service"}

PROGRAM = sys.argv.pop()
NAME = os.path.basename(PROGRAM)


def run(*command, **keywords):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          **keywords).stdout


def read(path):
    return (DATA / path).read_text(encoding="utf-8")


class Options(unittest.TestCase):
    def setUp(self):
        found = re.findall(r"^  (?:(-\w), )?(--[\w-]+)", run(PROGRAM, "--help"), re.MULTILINE)
        self.short = {short for short, _ in found if short}
        self.long = {option for _, option in found} - OF_THE_TOOLKIT
        self.assertLessEqual({"--help", "--version"}, self.long)

    def check(self, offered, what):
        """What is offered has to be what is there, in long form and, if at all, in short."""
        self.assertEqual({option for option in offered if option.startswith("--")}
                         - OF_THE_TOOLKIT, self.long, what)
        self.assertLessEqual({option for option in offered if not option.startswith("--")},
                             self.short, what)

    def test_commands(self):
        """What the first word can be is mentioned everywhere, too."""
        commands = re.findall(r"^  ([a-z][a-z-]+) (?:\[?[A-Z][^a-z]*)? +[A-Z][a-z]",
                              run(PROGRAM, "--help"), re.MULTILINE)
        self.assertEqual(bool(commands), NAME in ("teahouse-cli", "teahousectl"))
        page, = DATA.glob(f"man/{NAME}.[0-9].in")
        for path in (page, f"completions/{NAME}.bash", f"completions/_{NAME}",
                     f"completions/{NAME}.fish"):
            for command in commands:
                self.assertRegex(read(path),
                                 rf"(?m)(^\.It Cm |'|-a |-W .*\b){command}(?![\w-])", path)

    def test_manual_page(self):
        path, = DATA.glob(f"man/{NAME}.[0-9].in")
        items = re.findall(r"^\.It Fl (.*)", read(path), re.MULTILINE)
        offered = {"-" + word for item in items
                   for word in re.findall(r"(?<!\S)-?[a-z][a-z-]*(?!\S)", item.split(" Ns ")[0])}
        self.check(offered, path)
        self.assertLessEqual(self.short, offered, path)

    def test_bash(self):
        if not shutil.which("bash") or not os.path.exists(BASH_COMPLETION):
            self.skipTest("there is no bash-completion")
        script = f"""
            . {BASH_COMPLETION}
            . {DATA}/completions/{NAME}.bash
            compopt() {{ :; }}
            COMP_WORDS=({NAME} -) COMP_CWORD=1 COMP_LINE='{NAME} -' COMP_POINT=${{#COMP_LINE}}
            function=$(complete -p {NAME})
            function=${{function#*-F }}
            "${{function%% *}}" {NAME} - {NAME}
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        self.check({option.rstrip("=") for option in run("bash", "-c", script).split()}, "bash")

    def test_zsh(self):
        text = read(f"completions/_{NAME}")
        self.assertTrue(text.startswith(f"#compdef {NAME}\n"))
        words = re.findall(r"(?<![\w(-])(--?[a-z][a-z-]*)[=+]*(?=[\[,}])", text)
        self.check(set(words), "zsh")
        if shutil.which("zsh"):
            run("zsh", "-n", DATA / f"completions/_{NAME}")

    def test_fish(self):
        text = read(f"completions/{NAME}.fish")
        words = {"--" + word for word in re.findall(r" -l (\S+)", text)}
        words |= {"-" + word for word in re.findall(r" -s (\S+)", text)}
        self.check(words, "fish")
        if shutil.which("fish"):
            run("fish", "--no-execute", DATA / f"completions/{NAME}.fish")


if __name__ == "__main__":
    unittest.main()
