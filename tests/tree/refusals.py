#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The tests of the tree can fail: each fault, put into a copy of the tree, is found by the claim that is about it.

    refusals.py SOURCE
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import Tap


def append(path, text):
    def change(copy):
        with open(os.path.join(copy, path), 'a', encoding='utf-8') as file:
            file.write(text)
    return change


def write(path, text):
    def change(copy):
        with open(os.path.join(copy, path), 'w', encoding='utf-8') as file:
            file.write(text)
    return change


def replace(path, old, new):
    def change(copy):
        with open(os.path.join(copy, path), encoding='utf-8') as file:
            text = file.read()
        with open(os.path.join(copy, path), 'w', encoding='utf-8') as file:
            file.write(re.sub(old, new, text, count=1, flags=re.M))
    return change


def remove(path):
    return lambda copy: os.remove(os.path.join(copy, path))


LICENCE = '/* SPDX-License-Identifier: EUPL-1.2 */\n'
# The test, the claim that must fail, the fault.
FAULTS = [
    ('layers', 'src/cli includes only', append('src/cli/check.c', '#include "mpc/bits.h"\n')),
    ('layers', 'src/cli includes only', append('src/cli/check.c', '#include <libsoup/soup.h>\n')),
    ('layers', 'src/net includes only', write('src/net/fault.c', LICENCE + '#include "mpc/bits.h"\n')),
    ('layers', 'src/query includes only', write('src/query/fault.h', LICENCE + '#include "../common/day.h"\n')),
    ('layers', 'src/cli names only', append('src/cli/meson.build', 'more = [koh_mpc_dep]\n')),
    ('layers', 'every room has its place', lambda copy: (os.mkdir(os.path.join(copy, 'src/attic')), write('src/attic/meson.build', '')(copy))),
    ('style', 'no file of code is longer', append('src/cli/check.c', '\n' * 700)),
    ('style', 'every source file opens', write('src/cli/fault.c', 'int x;\n')),
    ('style', 'every source file opens', write('tests/tree/fault.py', 'x = 1\n')),
    ('style', 'no file names a path', append('src/cli/README.md', '/work/' + 'main/src\n')),
    ('style', 'src/ keeps no promises', append('src/cli/check.c', '/* ' + 'TO' + 'DO: later */\n')),
    ('style', 'lines of C fit', append("src/cli/check.c", "/* %s */\n" % ("wide " * 30))),
    ('style', 'every room has a page', remove('src/cli/README.md')),
    ('style', 'the house has a page, a licence', remove('COPYING')),
    ('style', 'programs are short', replace('src/cli/main.c', r'setlocale', 'set_locale')),
    ('translations', 'every file with messages', write('src/cli/fault.c', LICENCE + 'const char *x (void) { return _("Not listed"); }\n')),
    ('translations', 'da: every message', append('src/cli/check.c', 'const char *x (void) { return _("Nobody has translated this"); }\n')),
    ('translations', 'da: formats fit', append('po/da.po', '\n#, fuzzy\nmsgid "A message"\nmsgstr "En besked"\n')),
    ('mutants', 'every check of src/', append('src/cli/check.c', 'int x = koh_check ("nobody-tests-this", 1);\n')),
    ('mutants', 'every check has its name', append('src/cli/check.c', 'int x = koh_check (name, 1);\n')),
    ('mutants', 'every line of tests/mutants.tsv has', append('tests/mutants.tsv', 'no-such-check\tmpc/bits\n')),
    ('mutants', 'every line of tests/mutants.tsv is', append('tests/mutants.tsv', 'half a line\n')),
]


def failing(source, test, copy):
    words = [sys.executable, os.path.join(source, 'tests', 'tree', test + '.py')] + (['table'] if test == 'mutants' else []) + [copy]
    out = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return {re.sub(r'^not ok \d+ - ', '', line) for line in out.splitlines() if line.startswith('not ok')}


def main():
    source, tap = sys.argv[1], Tap()
    with tempfile.TemporaryDirectory() as folder:
        pristine = os.path.join(folder, 'pristine')
        skipped = shutil.ignore_patterns('build*', '.git', 'demo-federation', '__pycache__')
        shutil.copytree(source, pristine, ignore=skipped)
        before = {test: failing(source, test, pristine) for test in {fault[0] for fault in FAULTS}}
        for number, (test, claim, change) in enumerate(FAULTS):
            copy = os.path.join(folder, str(number))
            shutil.copytree(pristine, copy)
            change(copy)
            found = [name for name in failing(source, test, copy) if name.startswith(claim)]
            already = [name for name in before[test] if name.startswith(claim)]
            name = '%s: “%s …” notices fault %d' % (test, claim, number)
            if already:
                tap.skip(name, 'this claim fails without the fault as well')
            else:
                tap.claim(name, [] if found else ['the fault was not found'])
            shutil.rmtree(copy)
    tap.end()


main()
