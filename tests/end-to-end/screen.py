# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody sees who sits at a terminal."""

import re
import unicodedata

TOKEN = re.compile(r"\x1b\[(?P<parameters>[?0-9;]*)(?P<command>[@-~])|\x1b.|(?P<character>.)",
                   re.DOTALL)


def width(character):
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """A terminal as xterm is one, as far as a line editor needs it. A wide character has two
    cells, of which the second is empty."""

    def __init__(self, columns=80):
        self.columns = columns
        self.rows = [[" "] * columns]
        self.row = 0
        self.column = 0
        self.rest = b""

    def feed(self, data):
        text = self.rest + data
        # A character may come in two parts.
        for cut in range(0, 4):
            try:
                whole = text[:len(text) - cut].decode()
                self.rest = text[len(text) - cut:]
                break
            except UnicodeDecodeError:
                continue
        else:
            raise AssertionError(f"The terminal got what is no UTF-8: {text!r}")
        for token in TOKEN.finditer(whole):
            if token["command"] is not None:
                self.obey(token["command"], token["parameters"])
            elif token["character"] is not None:
                self.take(token["character"])

    def take(self, character):
        if character == "\n":
            self.down()
        elif character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(0, self.column - 1)
        elif character >= " ":
            self.put(character)

    def down(self):
        self.row += 1
        while self.row >= len(self.rows):
            self.rows.append([" "] * self.columns)

    def put(self, character):
        cells = width(character)
        if cells == 0:
            row, column = self.row, self.column - 1
            while column > 0 and self.rows[row][column] == "":
                column -= 1
            if column >= 0:
                self.rows[row][column] += character
            return
        # The cursor waits behind the last column until something more comes.
        if self.column + cells > self.columns:
            self.down()
            self.column = 0
        self.clear(self.column, self.column + cells)
        self.rows[self.row][self.column] = character
        if cells == 2:
            self.rows[self.row][self.column + 1] = ""
        self.column += cells

    def clear(self, start, end):
        """Half of a wide character is none."""
        row = self.rows[self.row]
        if start < self.columns and row[start] == "":
            row[start - 1] = " "
        if end < self.columns and row[end] == "":
            row[end] = " "
        row[start:end] = [" "] * (min(end, self.columns) - start)

    def obey(self, command, parameters):
        number = int(parameters) if parameters.isdigit() else None
        row = self.rows[self.row]
        count = number or 1
        if command == "A":
            self.row = max(0, self.row - count)
        elif command == "B":
            self.row = min(len(self.rows) - 1, self.row + count)
        elif command == "C":
            self.column = min(self.columns - 1, self.column + count)
        elif command == "D":
            self.column = max(0, self.column - count)
        elif command == "G":
            self.column = count - 1
        elif command == "K" and not number:
            self.clear(self.column, self.columns)
        elif command == "J" and not number:
            self.clear(self.column, self.columns)
            del self.rows[self.row + 1:]
        elif command == "P":
            del row[self.column:self.column + count]
            row.extend([" "] * (self.columns - len(row)))
        elif command == "@":
            row[self.column:self.column] = [" "] * count
            del row[self.columns:]
        elif command not in "mhl":
            raise AssertionError(f"What does CSI {parameters}{command} do?")

    def resize(self, columns):
        """As xterm does it: what is there stays where it is."""
        self.columns = columns
        for row in self.rows:
            del row[columns:]
            row.extend([" "] * (columns - len(row)))
        self.column = min(self.column, columns - 1)

    def lines(self):
        return ["".join(row).rstrip() for row in self.rows]

    def cursor(self):
        """The line and the column that it is in."""
        return self.row, self.column
