#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What the whole tree keeps to: short files, a licence line, a page about every room, no path of one machine,
programs that speak the user's language.

    style.py SOURCE
"""
import os
import re
import sys

from tap import Tap

MOST_LINES = 700
MOST_COLUMNS = 135     # 110 is the rule; a few more where a break would hurt
SKIPPED = re.compile(r'^(build.*|demo-federation|\.git|__pycache__|subprojects|\.flatpak-builder)$')
TEXT = ('.c', '.h', '.py', '.build', '.md', '.ui', '.xml', '.in', '.css', '.json', '.tsv', '.po', '.txt', '.sh', '.js')
# A path that only exists where somebody happened to work. Split, so that this file does not find itself.
MACHINE = re.compile('|'.join('/' + name + '/' for name in ('work/main', 'work/shared', 'home/[a-z]+', 'root', 'tmp/' + 'plan', 'tmp/' + 'build-')))


def files(source):
    for at, folders, names in os.walk(source):
        folders[:] = sorted(f for f in folders if not SKIPPED.match(f))
        for name in sorted(names):
            yield os.path.relpath(os.path.join(at, name), source)


def read(source, path):
    with open(os.path.join(source, path), encoding='utf-8', errors='replace') as file:
        return file.read()


def is_script(text):
    return text.startswith('#!')


def main():
    source, tap = sys.argv[1], Tap()
    long, licence, machine, promises, wide = [], [], [], [], []
    for path in files(source):
        ending = os.path.splitext(path)[1]
        if ending not in TEXT and ('.' in os.path.basename(path) or os.path.getsize(os.path.join(source, path)) > 1 << 18):
            continue
        text = read(source, path)
        lines = text.split('\n')
        code = ending in ('.c', '.h', '.py', '.ui', '.build') or is_script(text)
        if code and len(lines) - 1 > MOST_LINES:
            long.append('%s has %d lines' % (path, len(lines) - 1))
        if ending in ('.c', '.h') and not text.startswith('/* SPDX-License-Identifier: EUPL-1.2'):
            licence.append(path)
        if (ending == '.py' or is_script(text)) and not any(line == '# SPDX-License-Identifier: EUPL-1.2' for line in lines[:2]):
            licence.append(path)
        machine += ['%s:%d' % (path, n + 1) for n, line in enumerate(lines) if MACHINE.search(line)]
        if path.startswith('src' + os.sep):
            promises += ['%s:%d' % (path, n + 1) for n, line in enumerate(lines) if re.search(r'\b(TODO|FIXME|XXX|HACK)\b', line)]
        if ending == '.c':
            wide += ['%s:%d has %d columns' % (path, n + 1, len(line)) for n, line in enumerate(lines) if len(line) > MOST_COLUMNS]
    tap.claim('no file of code is longer than %d lines' % MOST_LINES, long)
    tap.claim('every source file opens with its licence', licence)
    tap.claim('no file names a path of one machine', machine)
    tap.claim('src/ keeps no promises for later', promises)
    tap.claim('lines of C fit on a screen', wide)

    src = os.path.join(source, 'src')
    rooms = sorted(name for name in os.listdir(src) if os.path.isdir(os.path.join(src, name)))
    tap.claim('every room has a page about itself',
              ['src/%s/README.md is missing' % room for room in rooms if not os.path.isfile(os.path.join(src, room, 'README.md'))])
    tap.claim('the house has a page, a licence and a page about its tests',
              [name for name in ('README.md', 'COPYING', 'tests/README.md') if not os.path.isfile(os.path.join(source, name))])

    mains = [path for path in files(source) if path.startswith('src' + os.sep) and os.path.basename(path) == 'main.c']
    problems = ['src/%s/main.c is missing' % room for room in ('cli', 'peer', 'app') if os.path.join('src', room, 'main.c') not in mains]
    for path in mains:
        text = read(source, path)
        if len(text.split('\n')) > 200:
            problems.append('%s: main() shows the plan; the rest belongs in files of its own' % path)
        if 'setlocale' not in text:
            problems.append('%s does not call setlocale()' % path)
        if os.path.dirname(path) != os.path.join('src', 'peer') and 'bindtextdomain' not in text:
            problems.append('%s does not call bindtextdomain()' % path)
    tap.claim('programs are short and speak the language of their user', problems)
    tap.end()


main()
