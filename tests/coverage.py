#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows how many lines of each folder were executed: coverage.py BUILD [--files]

BUILD is a build with -Db_coverage=true whose tests have run. A line counts once, however many
programs it is linked into. With --files each file gets a line, too.

The exit status is 1 where a folder has less than FLOORS says.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

# Percent. What handles the data of others is under test.
FLOORS = {'core': 90, 'wire': 90, 'net': 90, 'client': 90, 'server': 90}

ROOT = pathlib.Path(__file__).resolve().parents[1]


def read_counts(build, notes):
    """What gcov knows of some objects: (file, line, count)."""
    output = subprocess.run(['gcov', '--json-format', '--stdout', *notes], cwd=build, check=True,
                            capture_output=True, text=True).stdout
    counts = []
    for line in output.splitlines():
        for file in json.loads(line)['files']:
            path = pathlib.Path(os.path.normpath(build / file['file']))
            if ROOT / 'src' in path.parents:
                name = str(path.relative_to(ROOT / 'src'))
                counts += [(name, entry['line_number'], entry['count'])
                           for entry in file['lines']]
    return counts


def read_lines(build):
    """Maps the files of src/ to their lines, and those to whether they were executed."""
    notes = [str(path) for path in build.rglob('*.gcno')]
    if not notes:
        sys.exit(f'{build} was not built with -Db_coverage=true')

    files = collections.defaultdict(dict)
    some = 50
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for counts in pool.map(lambda i: read_counts(build, notes[i:i + some]),
                               range(0, len(notes), some)):
            for name, line, count in counts:
                files[name][line] = files[name].get(line, False) or count > 0
    return files


def print_row(name, lines):
    executed = sum(lines)
    print(f'{name:<40} {len(lines):>6} {executed:>6} {100 * executed / len(lines):>6.1f} %')


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    files = read_lines(build)

    folders = collections.defaultdict(list)
    print(f'{"":<40} {"lines":>6} {"run":>6}')
    for name, lines in sorted(files.items()):
        folders[name.partition('/')[0]] += lines.values()
        if '--files' in sys.argv:
            print_row(name, list(lines.values()))
    for folder, lines in folders.items():
        print_row(f'src/{folder}', lines)
    print_row('all', [line for lines in folders.values() for line in lines])

    too_few = [folder for folder, floor in FLOORS.items()
               if 100 * sum(folders[folder]) < floor * len(folders[folder])]
    for folder in too_few:
        print(f'src/{folder}: less than {FLOORS[folder]} %')
    return 1 if too_few else 0


if __name__ == '__main__':
    sys.exit(main())
